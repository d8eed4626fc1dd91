"""Several schedules as one: their sums by day, and one payment dealt out among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from repaylib.dates.days import parse_date
from repaylib.errors import (
    AmountError,
    CountError,
    DateError,
    Hint,
    Phrase,
    RepayError,
    StorageError,
    TermsError,
    check_name,
    check_word,
    parse_items,
    write,
)
from repaylib.money.amounts import add
from repaylib.money.counts import place_of
from repaylib.output.formats import Tabular
from repaylib.output.tables import Cut, Table, TableOf
from repaylib.schedule import export
from repaylib.schedule.book import ONE_OF_A_BOOK, Book
from repaylib.schedule.conservation import check_columns
from repaylib.schedule.payment_shares import dealt_out, owed_after, paid_on
from repaylib.schedule.rows import Columns, Row, rows_of
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.serialization import Stored, check_format, mapping_of
from repaylib.schedule.summed_columns import SummedColumns
from repaylib.schedule.verbs import as_schedule
from repaylib.terms.loan import Loan
from repaylib.typing import Amount, DateLike, Lang
from repaylib.wording.sentence import Listed, Sentence, lines_of, parse_language

if TYPE_CHECKING:
    import pandas
    import pyarrow

__all__ = ["CombinedSchedule", "combine"]

FORMAT = "repaylib.combination"
VERSION = 1
#: The most schedules of one combination.
MOST = 1_000
#: The longest name of a schedule in a table.
NAME_WIDTH = 16


class CombinedSchedule(Stored, Tabular, TableOf[Row]):
    """Several schedules as one. A frozen value; :func:`~repaylib.schedule.combine` makes one.

    Iterating yields a :class:`~repaylib.Row` a day, with the sums of all schedules; the equations of a row
    hold for them too. The principal of a loan that starts after the first one is `advanced` on its
    day. ``print()`` shows the rows with what each schedule takes.

    Attributes
    ----------
    names
        The names of the schedules.
    schedules
        The schedules.
    """

    __slots__ = ("_cache", "names", "schedules")

    names: tuple[str, ...]
    schedules: tuple[Schedule, ...]
    _cache: dict[str, Any]

    def __init__(self, schedules: Sequence[Schedule], names: Sequence[str]) -> None:
        self._store(schedules=tuple(schedules), names=tuple(names), _cache={})

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.schedules, self.names)

    def part(self, which: str | int) -> Schedule:
        """Return the schedule `which`: its name, or its place from 0.

        Raises
        ------
        ChoiceError
            If there is none; the message lists the names.
        """
        return self.schedules[place_of(which, "which", self.names)]

    # -- rows and columns -----------------------------------------------------------------

    @property
    def columns(self) -> Columns:
        """The rows as read-only numpy arrays of minor units and days; see :class:`~repaylib.schedule.Columns`."""
        return self._summed

    @property
    def _summed(self) -> SummedColumns:
        if "columns" not in self._cache:
            self._cache["columns"] = SummedColumns(self.schedules)
        columns: SummedColumns = self._cache["columns"]
        return columns

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows, with ``Decimal`` amounts."""
        if "rows" not in self._cache:
            self._cache["rows"] = rows_of(self.columns, self.decimals)
        rows: tuple[Row, ...] = self._cache["rows"]
        return rows

    @property
    def payment_by_part(self) -> dict[str, tuple[Decimal, ...]]:
        """What each schedule takes of the payment of each row."""
        return {
            name: tuple(map(plan.loan.money, self._summed.payments(plan)))
            for name, plan in zip(self.names, self.schedules, strict=True)
        }

    @property
    def decimals(self) -> int:
        """The decimals of all amounts."""
        return self.schedules[0].loan.decimals

    @property
    def currency(self) -> str:
        """The currency of all amounts, an ISO 4217 code."""
        return self.schedules[0].loan.currency

    # -- totals ---------------------------------------------------------------------------

    @property
    def instalment(self) -> Decimal:
        """The sum of the instalments in force at the end of each schedule."""
        return self._sum("instalment")

    @property
    def total_paid(self) -> Decimal:
        """All payments, with fees that are deducted or financed."""
        return self._sum("total_paid")

    @property
    def out_of_pocket(self) -> Decimal:
        """All that the borrower pays in money."""
        return self._sum("out_of_pocket")

    @property
    def total_interest(self) -> Decimal:
        """All interest charged, which is what accrued less what was waived or forgiven."""
        return self._sum("total_interest")

    @property
    def total_principal(self) -> Decimal:
        """All principal repaid."""
        return self._sum("total_principal")

    @property
    def payments(self) -> int:
        """On how many days something is paid in money."""
        return int((self.columns["out_of_pocket"] != 0).sum())

    @property
    def largest_payment(self) -> Decimal:
        """The largest sum paid in money on one day."""
        return self.schedules[0].loan.money(max(self.columns["out_of_pocket"].tolist()))

    @property
    def maturity(self) -> date:
        """The day of the last payment."""
        return max(plan.maturity for plan in self.schedules)

    def _sum(self, name: str) -> Decimal:
        return add(*(getattr(plan, name) for plan in self.schedules))

    # -- one payment ----------------------------------------------------------------------

    def allocate(
        self, amount: Amount, *, on: DateLike, by: str | Sequence[str] = "due"
    ) -> dict[str, Decimal]:
        """Deal out one payment among the schedules; the parts add up to it exactly.

        Parameters
        ----------
        amount
            What is paid, in major units, at most what is owed on the day.
        on
            The day. The schedules are taken to be kept before it.
        by
            ``"due"``
                what falls due on the day comes first: if it is not all paid, in proportion to what is
                due, so that 2,000.00 of 4,163.46 are 1,230.76 and 769.24. What is paid beyond
                it repays the schedules in proportion to what they then owe.
            ``"balance"``
                in proportion to what each schedule owes on the day, whatever falls due.
            names
                in the order of these names, ``["bank", "fund"]``: first what falls due, then what
                is owed beyond. Schedules that are not named come last.

        Returns
        -------
        dict
            The part of each schedule, by name.

        Raises
        ------
        RepayError
            If the amount is more than is owed, the day is not within the schedules, or a name is
            unknown.

        Examples
        --------
        >>> import repaylib as rp
        >>> both = rp.schedule.combine(
        ...     [rp.Loan("600000", "3.1%", 360, "2024-01-10"), rp.Loan("400000", "2.6%", 360, "2024-01-10")],
        ...     names=["bank", "fund"],
        ... )
        >>> both.allocate("2000", on="2024-02-10")
        {'bank': Decimal('1230.76'), 'fund': Decimal('769.24')}
        >>> both.allocate("5000", on="2024-02-10", by=["bank"])
        {'bank': Decimal('3398.64'), 'fund': Decimal('1601.36')}
        """
        loan = self.schedules[0].loan
        paid, day = loan.minor(amount, "amount"), parse_date(on, "on")
        first, last = min(plan.loan.start for plan in self.schedules), self.maturity
        if not first <= day <= last:
            expected = Phrase("a day from the start, {}, to the end, {}", first, last)
            raise DateError("on", day.isoformat(), expected, write(on=str(self.rows[0].date)))
        due = [paid_on(plan, day) for plan in self.schedules]
        left = [owed_after(plan, day) for plan in self.schedules]
        if paid > (owed := sum(due) + sum(left)):
            expected = Phrase("at most {}, which is owed on {}", loan.show(owed), day)
            raise AmountError("amount", amount, expected, write(amount=str(loan.money(owed))))
        word = by if isinstance(by, str) else ""
        order = None if word in ("due", "balance") else self._order(by)
        parts = dealt_out(paid, due, left, order, by_balance=word == "balance")
        return dict(zip(self.names, map(loan.money, parts), strict=True))

    def _order(self, by: object) -> list[int]:
        """Read an order of names; the others follow."""
        if isinstance(by, str):
            check_word("by", by, ("due", "balance"))
        named = parse_items(by, "by", '"due", "balance" or names', Phrase("write {}", 'by="due"'))
        order = list(dict.fromkeys(place_of(name, "by", self.names) for name in named))
        return [*order, *(place for place in range(len(self.names)) if place not in order)]

    # -- text and export ------------------------------------------------------------------

    def terms(self, *, lang: Lang = "en") -> str:
        """Return in plain words what was agreed, for each schedule under its name.

        Parameters
        ----------
        lang
            The language: ``"en"``, or ``"zh"`` for Chinese.
        """
        return parse_language(lang).render(self._agreed_terms)

    @property
    def _agreed_terms(self) -> Listed:
        return lines_of(
            *(
                Sentence("combined.terms", name=name, terms=plan.agreed_terms)
                for name, plan in zip(self.names, self.schedules, strict=True)
            )
        )

    def check(self) -> None:
        """Prove that each schedule balances, and that their sums do.

        Raises
        ------
        ConservationError
            With the row that breaks a rule.
        """
        for plan in self.schedules:
            plan.check()
        check_columns(self.columns, self._summed.principal, self.decimals)

    def _table(self) -> Table:
        table = export.table_of(self.columns, self.decimals)
        assert table.footer is not None, "a schedule has totals"
        parts = list(self.payment_by_part.values())
        lines: list[Sequence[object]] = [table.header, *table.rows, table.footer]
        more: list[Sequence[object]] = [
            [Cut(name, NAME_WIDTH) for name in self.names],
            *([f"{amount:,f}" for amount in row] for row in zip(*parts, strict=True)),
            [f"{plan.total_paid:,f}" for plan in self.schedules],
        ]
        places = {name: place for place, name in enumerate(export.shown_of(self.columns), 2)}
        first = [0, 1, places.pop("payment")]
        _, last = places.pop("opening"), places.pop("closing")
        rest = places.values()
        header, *rows, footer = (
            [*(line[place] for place in first), *own, line[last], *(line[place] for place in rest)]
            for line, own in zip(lines, more, strict=True)
        )
        terms = self._agreed_terms
        return Table(header, rows, footer, 2, caption=terms, above=[terms, ""], cut=True)

    def __repr__(self) -> str:
        return (
            f"<CombinedSchedule of {', '.join(self.names)}: {len(self)} rows to {self.maturity}, "
            f"{self.out_of_pocket:,f} paid>"
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CombinedSchedule):
            return NotImplemented
        return (self.names, self.schedules) == (other.names, other.schedules)

    def __hash__(self) -> int:
        return hash((self.names, self.schedules))

    def to_dict(self) -> dict[str, Any]:
        """Return the names and the schedules as a dictionary that JSON takes, without loss."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "names": list(self.names),
            "schedules": [plan.to_dict() for plan in self.schedules],
        }

    @classmethod
    def _read(cls, plain: object) -> CombinedSchedule:
        whole = mapping_of(plain, "", {"format", "version", "names", "schedules"})
        check_format(whole, FORMAT, VERSION, "CombinedSchedule")
        for name in ("names", "schedules"):
            if not isinstance(whole[name], (list, tuple)):
                raise StorageError(name, whole[name], "a list", Phrase('write "{}": [...]', name))
        plans = []
        for place, stored in enumerate(whole["schedules"][: MOST + 1]):
            try:
                plans.append(Schedule.from_dict(stored))
            except RepayError as error:
                raise error.within(f"schedules[{place}]") from error
        return combine(plans, names=whole["names"])

    def _data(self) -> dict[str, list[Any]]:
        """Return the columns of the rows, amounts in major units."""
        return {name: [getattr(row, name) for row in self.rows] for name in self.columns}

    def to_pandas(self) -> pandas.DataFrame:
        """Return the rows as a DataFrame: days as ``datetime64``, amounts as ``Decimal``.

        Needs the extra ``pandas``.
        """
        return export.pandas_frame(self.columns, self.rows)

    def to_arrow(self) -> pyarrow.Table:
        """Return the rows as an Arrow table: days as ``date32``, amounts as ``decimal128``.

        Needs the extra ``arrow``.
        """
        return export.arrow_table(self.columns, self.rows, self.decimals)


def combine(
    plans: Iterable[Schedule | Loan], *, names: Sequence[str] | None = None
) -> CombinedSchedule:
    """Put several schedules together: a split loan, or all debts to one lender.

    Parameters
    ----------
    plans
        Schedules, or loans, in one currency.
    names
        Their names; by default "loan 1", "loan 2" and so on.

    Returns
    -------
    CombinedSchedule
        Sums by day, what each schedule takes, and one payment dealt out among them.

    Raises
    ------
    RepayError
        If there is none, one is given twice without names, currencies differ, or the names do not
        match.

    Examples
    --------
    >>> import repaylib as rp
    >>> bank = rp.Loan("600000", "3.1%", 360, "2024-01-10")
    >>> fund = rp.Loan("400000", "2.6%", 360, "2024-01-10")
    >>> both = rp.schedule.combine([bank, fund], names=["bank", "fund"])
    >>> both.part("bank").instalment, both.part("fund").instalment, both.instalment
    (Decimal('2562.10'), Decimal('1601.36'), Decimal('4163.46'))
    """
    hint = Phrase("write {}", "rp.schedule.combine([plan, other])")
    if isinstance(plans, (Schedule, Loan)):
        raise TermsError("plans", plans, "a list of schedules", hint)
    if isinstance(plans, Book):
        raise TermsError("plans", plans, "a list of schedules", ONE_OF_A_BOOK)
    listed = parse_items(plans, "plans", "schedules or loans", hint, MOST)
    if not listed:
        raise CountError("plans", 0, "one schedule or more", hint)
    schedules = [as_schedule(plan, f"plans[{place}]") for place, plan in enumerate(listed)]
    first = schedules[0].loan
    for place, plan in enumerate(schedules):
        if (plan.loan.currency, plan.loan.decimals) != (first.currency, first.decimals):
            raise TermsError(
                f"plans[{place}]",
                Phrase("{} with {} decimals", plan.loan.currency, plan.loan.decimals),
                Phrase("{} with {} decimals, as the first", first.currency, first.decimals),
                "combine the schedules of each currency",
            )
        if names is None and plan in schedules[:place]:
            raise TermsError(
                f"plans[{place}]",
                Phrase("{}", plan.loan),
                "each schedule once",
                Hint(
                    "leave it out, or write {} for two with the same terms", names=["one", "other"]
                ),
            )
    if names is None:
        return CombinedSchedule(schedules, [f"loan {k}" for k in range(1, len(schedules) + 1)])
    return CombinedSchedule(schedules, _names(names, len(schedules)))


def _names(given: object, count: int) -> list[str]:
    hint = Phrase("write {}", 'names=["bank", "fund"]')
    listed = parse_items(given, "names", "a list of names", hint, MOST)
    names = [check_name(name, f"names[{place}]") for place, name in enumerate(listed)]
    if len(names) != count:
        raise CountError("names", len(names), Phrase("{} names, one a schedule", count), hint)
    if len(set(names)) < len(names):
        raise TermsError("names", ", ".join(names), "names that differ", hint)
    return names
