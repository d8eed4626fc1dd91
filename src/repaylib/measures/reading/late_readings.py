"""All the ways to read what a late payment costs, as statements by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, get_args

from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.arrears.statements import Statement, statement
from repaylib.errors import Phrase, RepayError, TermsError, check_word
from repaylib.money.amounts import show, subtract
from repaylib.output.formats import Tabular
from repaylib.output.frozen import Frozen
from repaylib.output.tables import Table, heads
from repaylib.rates.step_schedule import Steps
from repaylib.typing import Amount, Grace, InterestOn, PenaltyBase, Rest
from repaylib.wording.sentence import Listed, Sentence, parse_language

__all__ = ["LateReadings", "late_readings"]

#: The words of a statement, and those of its penalty terms.
STATEMENT: dict[str, tuple[Any, ...]] = {"interest": get_args(InterestOn), "rest": get_args(Rest)}
PENALTY: dict[str, tuple[Any, ...]] = {
    "base": get_args(PenaltyBase),
    "on_interest": (False, True),
    "grace": get_args(Grace),
}
LOWEST = -(10**30)


@dataclass(frozen=True, slots=True)
class LateReading:
    """One way to read what is owed: its words, and the statement that follows.

    Attributes
    ----------
    label
        The name as a sentence.
    words
        The rules by option.
    owed
        The statement.
    """

    label: object
    words: Mapping[str, Any]
    owed: Statement


class LateReadings(Frozen, Tabular, Mapping[str, Statement]):
    """What is owed under each rule for late payments: statements by name; prints as a table.

    Attributes
    ----------
    before
        The statement whose rules are read in every way.
    free
        The same without penalty and with the interest of the schedule, under which being late is free.
    """

    before: Statement
    free: Statement
    _found: Mapping[str, LateReading]

    def __init__(
        self, before: Statement, free: Statement, found: Mapping[str, LateReading]
    ) -> None:
        self._store(before=before, free=free, _found=dict(found))

    def __getitem__(self, name: str) -> Statement:
        if name not in self._found:
            raise KeyError(f"{name}; there are {', '.join(self._found)}")
        return self._found[name].owed

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def options(self, name: str) -> dict[str, Any]:
        """Return the options of :func:`~repaylib.statement` to write for a reading.

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
        >>> paid = [rp.Receipt(row.date, row.payment) for row in plan[:3]]
        >>> owed = rp.statement(plan, paid, as_of="2024-06-10", penalty=rp.PenaltyTerms("1.5"))
        >>> rp.readings(owed).options("on the balance, penalty on principal")["interest"]
        'balance'
        """
        return self._found[check_word("name", name, list(self._found))].owed.terms.options

    def where(
        self,
        *,
        payoff: Amount | None = None,
        penalty: Amount | None = None,
        extra: Amount | None = None,
    ) -> LateReadings:
        """Return the readings that fit what a lender asks for.

        Parameters
        ----------
        payoff, penalty, extra
            The figures of the printed table: what closes the loan on the day, the penalties charged,
            and what being late costs in all.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
        >>> paid = [rp.Receipt(row.date, row.payment) for row in plan[:3]]
        >>> owed = rp.statement(plan, paid, as_of="2024-06-10", penalty=rp.PenaltyTerms("1.5"))
        >>> list(rp.readings(owed).where(payoff="7801.08"))
        ['as scheduled, penalty on balance']
        """
        loan, known = self.before.schedule.loan, {}
        for name, amount in (("payoff", payoff), ("penalty", penalty), ("extra", extra)):
            if amount is not None:
                known[name] = loan.minor(amount, name, least=LOWEST)
        kept = {
            name: reading
            for name, reading in self._found.items()
            if all(self._figures(reading.owed)[key] == value for key, value in known.items())
        }
        return LateReadings(self.before, self.free, kept)

    def _figures(self, owed: Statement) -> dict[str, int]:
        """Return the figures of the table, in minor units."""
        signed, balances = owed.schedule.loan.signed, owed.balances
        return {
            "interest": signed(balances.interest) + signed(balances.deferred_interest),
            "penalty": signed(balances.penalty) + signed(balances.penalty_interest),
            "payoff": signed(owed.payoff),
            "extra": signed(subtract(owed.payoff, self.free.payoff)),
        }

    def _table(self) -> Table:
        decimals = self.before.schedule.loan.decimals
        names = ["payoff", "extra", "penalty", "interest"]
        rows: list[list[object]] = []
        for reading in self._found.values():
            figures = self._figures(reading.owed)
            rows.append([reading.label, *(show(figures[name], decimals) for name in names)])
        below = [] if rows else [Sentence("reading.none")]
        caption = Sentence("reading.late.caption", day=self.before.as_of)
        header = heads(["reading", *names])
        return Table(header, rows, caption=caption, below=below, cut=True)

    def _data(self) -> dict[str, list[Any]]:
        """Return a line a reading: its name, its rules, and its figures."""
        found, money = list(self._found.values()), self.before.schedule.loan.money
        names = dict.fromkeys(name for reading in found for name in reading.words)
        data: dict[str, list[Any]] = {"reading": list(self._found)}
        for name in names:
            key = "interest_on" if name == "interest" else name
            data[key] = [reading.words[name] for reading in found]
        figures = [self._figures(reading.owed) for reading in found]
        for name in ("payoff", "extra", "penalty", "interest"):
            data[name] = [money(each[name]) for each in figures]
        return data

    def __repr__(self) -> str:
        return f"<LateReadings: {', '.join(self._found)}>"


def late_readings(before: Statement, *, every: bool) -> LateReadings:
    """Return a statement for each rule that differs from those given or, with `every`, for each combination."""
    if before.arrangement is not None:
        raise TermsError(
            "schedule",
            before,
            "a statement of a schedule, not of an arrangement, which says its rules",
            Phrase("write {}", "rp.readings(rp.statement(schedule, receipts, as_of=...))"),
        )
    terms = before.terms
    first: dict[str, Any] = {"interest": terms.interest, "rest": terms.rest}
    choices = dict(STATEMENT)
    if terms.penalty is not None:
        initial = terms.penalty.initial
        first |= {name: getattr(initial, name) for name in PENALTY}
        choices |= PENALTY
    for name, value in first.items():
        choices[name] = tuple(dict.fromkeys([value, *choices[name]]))
    combinations = [
        dict(zip(choices, values, strict=True)) for values in product(*choices.values())
    ]
    combinations.sort(key=lambda words: _differences(words, first))
    found: dict[str, LateReading] = {}
    known: set[object] = set()
    for words in combinations:
        if _differences(words, first) > 1 and not every:
            break
        try:
            owed = _stated(before, words)
        except RepayError:
            continue  # the rules contradict each other
        key = owed.balances, owed.due, owed.arrears, owed.credit, owed.payoff
        if key in known:
            continue
        known.add(key)
        label = Listed(_name_parts(words))
        found[parse_language("en").render(label)] = LateReading(label, words, owed)
    free = statement(terms.schedule, before.events, as_of=before.as_of, allocation=terms.allocation)
    return LateReadings(before, free, found)


def _differences(words: Mapping[str, Any], others: Mapping[str, Any]) -> int:
    return sum(words[name] != others[name] for name in words)


def _stated(before: Statement, words: Mapping[str, Any]) -> Statement:
    """Return the statement under other rules."""
    terms = before.terms
    rules = {name: words[name] for name in PENALTY if name in words}

    def changed(penalty: PenaltyTerms, _: str) -> PenaltyTerms:
        return replace(penalty, **rules)

    penalty: Steps[PenaltyTerms] | None = terms.penalty
    if penalty is not None:
        penalty = penalty.read(changed, "penalty")
    options = terms.options | {name: words[name] for name in STATEMENT} | {"penalty": penalty}
    return statement(terms.schedule, before.events, as_of=before.as_of, **options)


def _name_parts(words: Mapping[str, Any]) -> Sequence[object]:
    """Return what a reading is called."""
    parts: list[object] = [Sentence(f"reading.late.interest.{words['interest']}")]
    if words["rest"] != "day":
        parts.append(Sentence(f"reading.late.rest.{words['rest']}"))
    if "base" in words:
        base = f"{words['base']}_and_interest" if words["on_interest"] else words["base"]
        parts.append(Sentence(f"reading.late.base.{base}"))
        if words["grace"] != "due_date":
            parts.append(Sentence(f"reading.late.grace.{words['grace']}"))
    return parts
