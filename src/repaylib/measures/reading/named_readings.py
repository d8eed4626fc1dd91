"""The readings of a change as schedules by name: which fit, what to write for each, the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from repaylib.changes.base import Change, choices_of
from repaylib.dates.due_dates import parse_date
from repaylib.errors import ChoiceError, Phrase, RepayError, check_word, parse_pairs
from repaylib.measures.break_even import Divergence
from repaylib.measures.reading.change_words import options_of, words_of
from repaylib.money.amounts import show
from repaylib.money.counts import parse_count
from repaylib.money.rounding import as_integer
from repaylib.output.formats import Tabular
from repaylib.output.frozen import Frozen
from repaylib.output.tables import Table, heads
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.typing import Amount, DateLike
from repaylib.wording.sentence import Listed, Sentence

__all__ = ["Reading", "Readings"]

#: Below any amount of money, in minor units.
LOWEST = -(10**30)
_ROW = Phrase("write {}", 'row=(5, "964.60")')


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a change.

    Attributes
    ----------
    name
        What it is called.
    change
        The change that says so.
    schedule
        The schedule that follows.
    same
        Other words for it: changes that give the same rows.
    group
        The key of its group in the printed table; empty for none.
    """

    name: str
    change: Change
    schedule: Schedule
    same: tuple[Change, ...] = ()
    group: str = ""


class Readings(Frozen, Tabular, Mapping[str, Schedule]):
    """The readings of one change: schedules by name; prints as a table.

    Attributes
    ----------
    before
        The schedule that is changed.
    refused
        Readings that this schedule does not allow, with the reason.
    same
        Other names of readings, with the name of the one that has the same rows. ``[]`` takes
        them, too.
    """

    before: Schedule
    refused: Mapping[str, RepayError]
    same: Mapping[str, str]
    _found: Mapping[str, Reading]
    _labels: Mapping[str, object]
    _divergence: Divergence

    def __init__(
        self,
        before: Schedule,
        found: Sequence[Reading],
        refused: Mapping[str, RepayError],
        same: Mapping[str, str],
        labels: Mapping[str, object],
        divergence: Divergence,
    ) -> None:
        self._store(
            before=before,
            refused=dict(refused),
            same=dict(same),
            _labels=dict(labels),
            _found={reading.name: reading for reading in found},
            _divergence=divergence,
        )

    def __getitem__(self, name: str) -> Schedule:
        known = self.same.get(name, name)
        if known not in self._found:
            raise KeyError(f"{name}; there are {', '.join(self._found)}")
        return self._found[known].schedule

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def change(self, name: str) -> Change:
        """Return the change of a reading, which also says it in words.

        Parameters
        ----------
        name
            The name of the reading.

        Raises
        ------
        ChoiceError
            If there is none of that name.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
        >>> print(rp.readings(plan, payment=4).change("interest spread evenly"))
        from instalment 4 on, no payment is made on 1 due date; its interest accrues and is spread
        evenly over the instalments left, without interest on it; the number of payments left stays,
        and each later due date moves
        """
        known = check_word("name", name, [*self._found, *self.same])
        return self._found[self.same.get(known, known)].change

    def options(self, name: str) -> dict[str, Any]:
        """Return the options to write for a reading, those left out that are the default.

        Parameters
        ----------
        name
            The name of the reading.

        Raises
        ------
        ChoiceError
            If there is none of that name.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
        >>> options = rp.readings(plan, payment=4).options("capitalised, same end")
        >>> options
        {'repay': 'capitalise', 'hold': 'maturity'}
        >>> rp.defer(plan, payment=4, **options).largest_payment
        Decimal('1004.65')
        """
        return options_of(self.change(name))

    def where(
        self,
        *,
        maturity: DateLike | None = None,
        total: Amount | None = None,
        extra: Amount | None = None,
        largest: Amount | None = None,
        payments: int | None = None,
        row: object = None,
        **options: object,
    ) -> Readings:
        """Return the readings that fit what is known of the new schedule.

        Parameters
        ----------
        maturity
            The day of the last payment.
        total, extra, largest, payments
            The figures of the printed table: what is paid from then on, how much more that is than
            before, the largest sum of one day, and the number of days with a payment.
        row
            The payment of one row: the number of the due date, or a day, and the amount, as
            ``(5, "964.60")``; or several, as ``{5: "964.60", 6: "888.49"}``.
        **options
            Options of the change, as ``scope="instalment"``.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
        >>> print(rp.readings(plan, payment=4, all=True).where(row=(5, "964.60")))
        reading                                   left         end     total  extra   largest
        ----------------------------------------  ----  ----------  --------  -----  --------
        typical readings
          interest paid with the next instalment     9  2025-02-10  8,072.50  76.11    964.60
        the whole payment is skipped
          interest paid next, last differs           8  2025-01-10  8,063.70  67.31  1,768.16
        only its interest is deferred
          only interest, paid next                   9  2025-01-10  7,996.39   0.00    964.60
        """
        loan = self.before.loan
        day = None if maturity is None else parse_date(maturity, "maturity")
        rows = [] if row is None else _rows_asked(row, loan)
        known: dict[str, int] = {}
        for name, amount in (("total", total), ("extra", extra), ("largest", largest)):
            if amount is not None:
                known[name] = loan.minor(amount, name, least=LOWEST)
        if payments is not None:
            known["payments"] = parse_count(payments, "payments", least=0)
        for name, value in options.items():
            self._check_option(name, value)

        def fits(reading: Reading) -> bool:
            plan = reading.schedule
            figures = self._figures(plan)
            return (
                (day is None or plan.maturity == day)
                and all(figures[name] == value for name, value in known.items())
                and all(_paid(plan, place) == amount for place, amount in rows)
                and any(
                    all(getattr(change, name, None) == value for name, value in options.items())
                    for change in (reading.change, *reading.same)
                )
            )

        kept = [reading for reading in self._found.values() if fits(reading)]
        names = {reading.name for reading in kept}
        same = {name: known for name, known in self.same.items() if known in names}
        return Readings(self.before, kept, {}, same, self._labels, self._divergence)

    def _check_option(self, name: str, value: object) -> None:
        """Refuse an option that the changes do not have, and a word that it does not take."""
        kinds = dict.fromkeys(type(reading.change) for reading in self._found.values())
        names = dict.fromkeys(name for kind in kinds for name in choices_of(kind))
        if not kinds:
            return
        if name not in names:
            listed = ", ".join(names)
            raise ChoiceError("options", name, Phrase("one of {}", listed), "write one of them")
        words = [word for kind in kinds for word in words_of(kind).get(name, ())]
        if words:
            check_word(name, value, dict.fromkeys(words))

    def _figures(self, plan: Schedule) -> dict[str, int]:
        """Return the figures of the table, in minor units."""
        paid = [amount for _, amount in self._divergence.paid(plan)]
        extra = self._divergence.cost(plan) - self._divergence.cost(self.before)
        largest = max(paid, default=0)
        return {"payments": len(paid), "total": sum(paid), "extra": extra, "largest": largest}

    def _table(self) -> Table:
        decimals = self.before.loan.decimals
        header = heads(["reading", "left", "end", "total", "extra", "largest"])
        groups: dict[str, list[Reading]] = {}
        for reading in self._found.values():
            groups.setdefault(reading.group, []).append(reading)
        rows: list[list[object]] = []
        for group, found in groups.items():
            if titled := len(groups) > 1:
                rows.append([Sentence(group), *[""] * (len(header) - 1)])
            for reading in found:
                figures, end = self._figures(reading.schedule), str(reading.schedule.maturity)
                amounts = [show(figures[name], decimals) for name in ("total", "extra", "largest")]
                name = Listed(["  " * titled, self._labels[reading.name]], "nothing")
                rows.append([name, str(figures["payments"]), end, *amounts])
        return Table(header, rows, caption=Sentence("reading.caption"), below=self._notes())

    def _notes(self) -> list[object]:
        """Return the lines below the table: equal readings, and those that are not possible."""
        notes: list[object] = [
            Sentence("reading.same", name=self._labels[name], known=self._labels[known])
            for name, known in self.same.items()
        ]
        reasons: dict[str, list[object]] = {}
        for name, error in self.refused.items():
            reasons.setdefault(str(error), []).append(self._labels[name])
        for reason, names in reasons.items():
            listed = Listed(names, "clause")
            notes.append(Sentence("reading.refused", names=listed, reason=reason))
        return notes if self._found else [Sentence("reading.none"), *notes]

    def _data(self) -> dict[str, list[Any]]:
        """Return a line a reading: its name, the options of its change, and its figures."""
        found, money = list(self._found.values()), self.before.loan.money
        kinds = dict.fromkeys(type(reading.change) for reading in found)
        options = dict.fromkeys(name for kind in kinds for name in choices_of(kind))
        data: dict[str, list[Any]] = {"reading": [reading.name for reading in found]}
        for name in options:
            data[name] = [getattr(reading.change, name, None) for reading in found]
        figures = [self._figures(reading.schedule) for reading in found]
        data["payments"] = [each["payments"] for each in figures]
        data["maturity"] = [reading.schedule.maturity for reading in found]
        for name in ("total", "extra", "largest"):
            data[name] = [money(each[name]) for each in figures]
        for name, columns in _PARTS.items():
            data[name] = [
                money(self._divergence.total(reading.schedule, *columns)) for reading in found
            ]
        return data

    def __repr__(self) -> str:
        return f"<Readings: {', '.join(self._found)}>"


#: Parts of the totals in a table of data, each with its columns.
_PARTS = {
    "fees": ("fee", "penalty"),
    "tax": ("tax",),
    "waived": ("waived",),
    "forgiven": ("forgiven", "forgiven_interest"),
}


# -- what is known of a schedule ------------------------------------------------------------


def _rows_asked(row: object, loan: Loan) -> list[tuple[int | date, int]]:
    """Read the payments of rows, by the number of a due date or by a day."""
    alone = isinstance(row, tuple) and len(row) == 2 and not isinstance(row[0], (tuple, list))
    pairs = parse_pairs([row] if alone else row, "row", "a number or a day, and an amount", _ROW)
    found: list[tuple[int | date, int]] = []
    for place, amount in pairs:
        number = as_integer(place)
        where = parse_date(place, "row") if number is None else parse_count(number, "row")
        found.append((where, loan.minor(amount, "row", least=0)))
    return found


def _paid(plan: Schedule, place: int | date) -> int | None:
    """Return the payment of a due date by its number, or of a day; ``None`` if there is no row."""
    columns = plan.columns
    if isinstance(place, int):
        there = columns["number"] == place
    else:
        there = columns["date"] == np.datetime64(place, "D")
    return sum(columns["payment"][there].tolist()) if there.any() else None
