"""All the ways to read one change, as schedules by name.

Every combination of words that does not contradict itself is a reading; those that give the same
rows are one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, overload

from repaylib.arrears.statements import Statement
from repaylib.changes.base import Change
from repaylib.changes.deferral import Deferral
from repaylib.errors import Hint, Phrase, RepayError, TermsError, as_python, parse_flag, parse_list
from repaylib.measures.break_even import Divergence
from repaylib.measures.deferral_readings import TYPICAL
from repaylib.measures.reading.change_words import (
    defaults_of,
    group_of,
    name_parts,
    options_of,
    variants,
    written_as,
)
from repaylib.measures.reading.late_readings import LateReadings, late_readings
from repaylib.measures.reading.named_readings import Reading, Readings
from repaylib.money.counts import parse_count
from repaylib.money.rounding import as_integer
from repaylib.schedule.rows import NAMES
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.verbs import as_schedule
from repaylib.terms.loan import Loan
from repaylib.typing import DateLike
from repaylib.wording.sentence import Listed, Sentence, parse_language

__all__ = ["readings"]

#: What makes two readings different: every column but interest that is only recorded.
COMPARED = tuple(name for name in NAMES if name not in ("accrued", "waived"))
_CHANGE = "write rp.changes.Prepayment(...), or payment=4 for a deferral"
_TYPICAL = "reading.group.typical"


@overload
def readings(
    schedule: Schedule | Loan,
    change: Change | Sequence[Change] | int | None = ...,
    periods: int = ...,
    *,
    payment: int | None = ...,
    on: DateLike | None = ...,
    all: bool = ...,
) -> Readings: ...
@overload
def readings(schedule: Statement, *, all: bool = ...) -> LateReadings: ...
def readings(
    schedule: Schedule | Loan | Statement,
    change: Change | Sequence[Change] | int | None = None,
    periods: int = 1,
    *,
    payment: int | None = None,
    on: DateLike | None = None,
    all: bool = False,  # noqa: A002 - the word users know
) -> Readings | LateReadings:
    """Return a schedule for each way to read a change, such as "defer by one month", by name.

    Parameters
    ----------
    schedule
        The schedule that is changed; or a :class:`~repaylib.arrears.Statement`, whose rules for late
        payments are read; it takes no further parameter than `all`.
    change
        A change that says when and how much, as ``rp.changes.Prepayment("2000", with_payment=3)``;
        its words are read in every way. Several, in a list, are read one after another. A number
        is that of the first payment of a deferral, as `payment` is.
    periods
        By how many periods a payment is deferred.
    payment, on
        From when a payment is deferred, in place of `change`; exactly one.
    all
        Every reading that the options of a :class:`~repaylib.changes.Deferral` allow, one for those
        that give the same rows; by default ten typical ones. Of a statement, every combination of
        rules; by default those that differ from the given ones in one rule. Of other changes, every
        reading is always shown.

    Returns
    -------
    Readings
        A mapping from the reading to its schedule: typical ones first, cheapest kind first. Of a
        statement, :class:`~repaylib.measures.LateReadings`, a mapping to statements.

    Raises
    ------
    RepayError
        If the change has no place in the schedule, or no reading is possible.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> print(rp.readings(plan, payment=4))
    reading                                   left         end     total  extra   largest
    ----------------------------------------  ----  ----------  --------  -----  --------
    interest-free                                9  2025-02-10  7,996.39   0.00    888.49
    one payment moved, interest on principal     8  2025-01-10  8,004.51   8.12  1,785.10
    one payment moved, interest on all           8  2025-01-10  8,005.27   8.88  1,785.86
    capitalised, same end                        8  2025-01-10  8,036.85  40.46  1,004.65
    interest paid on the skipped date           10  2025-02-10  8,072.50  76.11    888.49
    interest paid with the next instalment       9  2025-02-10  8,072.50  76.11    964.60
    interest spread evenly                       9  2025-02-10  8,072.50  76.11    896.95
    interest paid with the last payment          9  2025-02-10  8,072.50  76.11    964.58
    capitalised, payment recalculated            9  2025-02-10  8,076.36  79.97    897.40
    capitalised, same payment                   10  2025-03-10  8,080.46  84.07    888.49
    >>> len(rp.readings(plan, payment=4, all=True))
    36
    >>> print(rp.readings(plan, rp.changes.Prepayment("2000", on="2024-04-20")))
    reading                                  left         end     total    extra   largest
    ---------------------------------------  ----  ----------  --------  -------  --------
    shorter term                                8  2024-11-10  7,832.88  -163.51  2,000.00
    shorter term, with interest on it           8  2024-11-10  7,832.48  -163.91  2,006.67
    shorter term, with all interest             8  2024-11-10  7,831.33  -165.06  2,025.37
    lower payment                              10  2025-01-10  7,902.00   -94.39  2,000.00
    next payments paid                          8  2025-01-10  7,965.72   -30.67  2,000.00
    lower payment, with interest on it         10  2025-01-10  7,901.72   -94.67  2,006.67
    lower payment, with all interest           10  2025-01-10  7,900.96   -95.43  2,025.37
    next payments paid, with interest on it     8  2025-01-10  7,965.32   -31.07  2,006.67
    next payments paid, with all interest       8  2025-01-10  7,964.16   -32.23  2,025.37
    "last payments lowered" has the rows of "shorter term"
    """
    every = parse_flag(all, "all")
    if isinstance(schedule, Statement):
        given = {"change": change, "payment": payment, "on": on}
        _refuse_others("nothing, as the rules of a statement are read", given, periods)
        return late_readings(schedule, every=every)
    before = as_schedule(schedule)
    changes = _asked(change, payment, periods, on)
    day = min(before.effective_date(each) for each in changes)
    search = _Search(before)
    for each in changes:
        prefix = each.label if len(changes) > 1 else None
        if isinstance(each, Deferral):
            for key, options in TYPICAL.items():
                reading = written_as(each, {**defaults_of(type(each)), **options})
                if reading is not None:
                    search.add(reading, [Sentence(key)], _TYPICAL, prefix, merge=every)
            if not every:
                continue
        for reading in variants(each):
            search.add(reading, name_parts(reading), group_of(reading), prefix)
    return search.result(Divergence(day, before))


def _refuse_others(expected: str, given: Mapping[str, object], periods: object) -> None:
    """Refuse parameters beside one that says it all."""
    for name, value in given.items():
        if value is not None:
            raise TermsError(name, value, expected, Phrase("leave {} out", name))
    if parse_count(periods, "periods", least=0, example=1) != 1:
        raise TermsError("periods", periods, expected, Phrase("leave {} out", "periods"))


def _asked(
    change: object, payment: int | None, periods: int, on: DateLike | None
) -> tuple[Change, ...]:
    """Read what is to be read: a change or several, or the place of a deferral."""
    if change is None and payment is None and on is None:
        expected = "a change, or payment or on for a deferral"
        raise TermsError("change", change, expected, Hint("write {}", payment=4))
    if change is None or as_integer(change) is not None:
        if change is not None and payment is not None:
            raise TermsError(
                "change", change, "it alone, without payment", Phrase("leave {} out", "payment")
            )
        number = payment if change is None else parse_count(change, "change", example=4)
        return (Deferral(number, periods, on=on),)
    given = {"payment": payment, "on": on}
    _refuse_others("the place and periods that the change itself says", given, periods)
    kind: Any = Change
    changes: tuple[Change, ...] = parse_list(change, "change", kind, _CHANGE)
    if not changes:
        raise TermsError("change", change, "a change or more", _CHANGE)
    return changes


class _Search:
    """The readings found so far, by their rows, and those refused."""

    def __init__(self, before: Schedule) -> None:
        self.before = before
        self.found: list[Reading] = []
        self.by_rows: dict[object, int] = {}
        self.tried: set[Change] = set()
        self.refused: dict[str, RepayError] = {}
        self.same: dict[str, str] = {}
        self.labels: dict[str, object] = {}

    def add(
        self,
        change: Change,
        parts: Sequence[object],
        group: str,
        prefix: Sentence | None,
        *,
        merge: bool = True,
    ) -> None:
        """Compute a reading; with `merge` it is left out if its rows are there already."""
        if change in self.tried:
            return
        self.tried.add(change)
        label: object = Listed(parts)
        if prefix is not None and prefix not in parts:
            label = Listed([prefix, label], "reading")
        name = parse_language("en").render(label)
        self.labels.setdefault(name, label)
        try:
            plan = self.before.then(change)
        except RepayError as error:
            self.refused.setdefault(name, error)
            return
        rows = _rows_of(plan) if merge else len(self.found)
        if rows in self.by_rows:
            place = self.by_rows[rows]
            known = self.found[place]
            self.found[place] = replace(known, same=(*known.same, change))
            in_words = not any(isinstance(part, str) for part in parts)
            plain = not isinstance(change, Deferral) and options_of(change).keys() <= {"hold"}
            if in_words and (plain or group == _TYPICAL):
                self.same.setdefault(name, known.name)
            return
        if any(known.name == name for known in self.found):
            written = [as_python(*option) for option in options_of(change).items()]
            label = Sentence("reading.written", name=label, options=Listed(written))
            name = parse_language("en").render(label)
            self.labels[name] = label
        self.by_rows[rows] = len(self.found)
        self.found.append(Reading(name, change, plan, group=group))

    def result(self, divergence: Divergence) -> Readings:
        """Return what was found."""
        if not self.found:
            raise next(iter(self.refused.values()))
        names = {reading.name for reading in self.found}
        same = {name: known for name, known in self.same.items() if name not in names}
        names |= same.keys()
        refused = {name: error for name, error in self.refused.items() if name not in names}
        return Readings(self.before, self.found, refused, same, self.labels, divergence)


def _rows_of(plan: Schedule) -> object:
    """Return what two readings share if they are one."""
    return tuple(tuple(plan.columns[name].tolist()) for name in COMPARED)
