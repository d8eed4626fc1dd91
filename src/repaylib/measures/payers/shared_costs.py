"""The payments of a loan, divided between the borrower and others who pay part of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from repaylib.arrears.statements import Statement
from repaylib.errors import AmountError, ChoiceError, Phrase, RateError, TermsError, parse_list
from repaylib.measures.cash_flows import HasSchedule, plan_of
from repaylib.measures.payers.payer import Payer
from repaylib.money.amounts import add, subtract
from repaylib.money.rounding import round_fraction
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table, TableOf, heads
from repaylib.portfolio.statements import PortfolioStatement
from repaylib.rates.rate import percent
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.typing import PaidPart
from repaylib.wording.sentence import Sentence, lines_of, word_or_text

__all__ = ["SharedCost", "SharedRow", "shared_cost"]

#: The parts of a payment, in the order in which a payer of the payment pays them.
ORDER: tuple[PaidPart, ...] = ("fees", "interest", "principal", "prepayment")
_ALL_OF_IT = Phrase("write {}", 'cap_share="100%"')


class SharedRow(NamedTuple):
    """One row of a schedule, and who pays it. Amounts are in major units.

    ``payment = borrower + sum(shares)`` in every row.

    Attributes
    ----------
    number
        Number of the due date; 0 on a day between due dates.
    date
        The day on which it is paid.
    payment
        All that the lender receives on the day.
    borrower
        What the borrower pays of it.
    shares
        What each payer pays of it, in the order of :attr:`SharedCost.names`.
    """

    number: int
    date: date
    payment: Decimal
    borrower: Decimal
    shares: tuple[Decimal, ...]


class SharedCost(Tabular, TableOf[SharedRow]):
    """The payments of a loan, row by row, divided between the borrower and the payers.

    It prints as a table, and shows as HTML in notebooks.

    Attributes
    ----------
    rows
        The rows, :class:`~repaylib.measures.SharedRow` values.
    plan
        The schedule whose payments they are.
    payers
        The payers.
    """

    rows: tuple[SharedRow, ...]
    plan: Schedule
    payers: tuple[Payer, ...]

    def __init__(self, plan: Schedule, payers: Sequence[Payer], rows: Sequence[SharedRow]) -> None:
        self._store(plan=plan, payers=tuple(payers), rows=tuple(rows))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the payers, each once."""
        return tuple(dict.fromkeys(payer.name for payer in self.payers))

    @property
    def borrower(self) -> Decimal:
        """What the borrower pays in all."""
        return self._sum(row.borrower for row in self.rows)

    @property
    def totals(self) -> dict[str, Decimal]:
        """What each payer pays in all, by name."""
        return {
            name: self._sum(row.shares[place] for row in self.rows)
            for place, name in enumerate(self.names)
        }

    @property
    def receipts(self) -> tuple[tuple[date, Decimal], ...]:
        """What the lender receives, from whomever, as pairs of a day and an amount."""
        return self._by_day(row.payment for row in self.rows)

    @property
    def flows(self) -> tuple[tuple[date, Decimal], ...]:
        """The cash flows of the borrower, from whose rate follows what the loan costs the borrower.

        Amounts lent are negative, what the borrower pays is positive, as :func:`~repaylib.apr` and
        :func:`~repaylib.xirr` take them.
        """
        money, received = self.plan.loan.money, self.plan.columns["received"].tolist()
        sums = {self.plan.loan.start: money(-self.plan.opening_balance)}
        for row, minor in zip(self.rows, received, strict=True):
            flow = subtract(row.borrower, money(minor))
            sums[row.date] = add(sums.get(row.date, money(0)), flow)
        return tuple((day, amount) for day, amount in sorted(sums.items()) if amount)

    def bill(self, name: str | None = None) -> tuple[tuple[date, Decimal], ...]:
        """Return what a payer pays to the lender, as pairs of a day and an amount.

        Parameters
        ----------
        name
            The payer; it may be left out if there is one.

        Raises
        ------
        ChoiceError
            If no payer has the name, or there are several and none is named.
        """
        if name is None and len(self.names) == 1:
            (name,) = self.names
        if not isinstance(name, str) or name not in self.names:
            known = ", ".join(f'"{payer}"' for payer in self.names)
            expected = Phrase(
                "the name of a payer: {}", known or Phrase("none, as nobody else pays")
            )
            hint = "write one of them" if known else "give payers to shared_cost"
            raise ChoiceError("name", name, expected, hint)
        place = self.names.index(name)
        return self._by_day(row.shares[place] for row in self.rows)

    def _sum(self, amounts: Iterable[Decimal]) -> Decimal:
        return add(self.plan.loan.money(0), *amounts)

    def _by_day(self, amounts: Iterable[Decimal]) -> tuple[tuple[date, Decimal], ...]:
        sums: dict[date, Decimal] = {}
        for row, amount in zip(self.rows, amounts, strict=True):
            sums[row.date] = add(sums.get(row.date, self.plan.loan.money(0)), amount)
        return tuple((day, amount) for day, amount in sums.items() if amount)

    def _table(self) -> Table:
        currency = self.plan.loan.currency
        called = [word_or_text("payer_name", name) for name in self.names]
        said = [self.plan.agreed_terms, *(payer.sentence(currency) for payer in self.payers)]
        width = max(2, len(str(max(row.number for row in self.rows))))
        rows = [
            [
                str(row.number or "").rjust(width),
                str(row.date),
                *(f"{amount:,f}" for amount in (row.payment, row.borrower, *row.shares)),
            ]
            for row in self.rows
        ]
        paid = self._sum(row.payment for row in self.rows)
        sums = [f"{amount:,f}" for amount in (paid, self.borrower, *self.totals.values())]
        return Table(
            [*heads(["no", "date", "payment", "borrower"]), *called],
            rows,
            ["", Sentence("column.total"), *sums],
            2,
            lines_of(*said),
            above=[*said, ""],
            cut=True,
        )

    def __repr__(self) -> str:
        paid = "".join(f", {name} {amount:,f}" for name, amount in self.totals.items())
        return f"<SharedCost: {len(self)} rows, borrower {self.borrower:,f}{paid}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SharedCost):
            return NotImplemented
        return (self.plan, self.payers, self.rows) == (other.plan, other.payers, other.rows)

    def __hash__(self) -> int:
        return hash((self.plan, self.payers))

    def _data(self) -> dict[str, list[Any]]:
        names = ("number", "date", "payment", "borrower")
        data: dict[str, list[Any]] = {
            name: [getattr(row, name) for row in self.rows] for name in names
        }
        for place, name in enumerate(self.names):
            data[name] = [row.shares[place] for row in self.rows]
        return data


def shared_cost(
    schedule: Schedule | Loan | HasSchedule, payers: Payer | Iterable[Payer] = ()
) -> SharedCost:
    """Divide the payments of a loan between the borrower and others who pay part of them.

    Parameters
    ----------
    schedule
        A schedule, a loan, or a settlement. With a :class:`~repaylib.arrears.Statement`, the
        payments are those of its schedule, and the receipts decide which are made on time; those
        not yet due count as made on time.
    payers
        :class:`~repaylib.measures.Payer` values, in their order: each pays of what those before
        leave. By default none, so that the borrower pays all.

    Returns
    -------
    SharedCost
        What each pays in every row, with totals, bills, and the borrower's own cash flows.

    Raises
    ------
    RepayError
        If a payer asks for more than there is, as for 5 points of a rate of 3.45%; if a statement
        computes interest on the balance, so that its schedule is not what is paid.

    Notes
    -----
    A share, and what points come to, is rounded in each row as the loan rounds amounts. Interest
    that is deferred takes the points of its own days along; interest that joins the principal is
    paid as principal.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan("1000", "12%", 3, "2024-01-10")
    >>> state = rp.measures.Payer("state", points="1%", cap_share="50%")
    >>> shop = rp.measures.Payer("shop", amount="5", to_payment=2)
    >>> print(rp.measures.shared_cost(loan, [state, shop]))
    1,000.00 at 12% a year from 2024-01-10, 3 monthly level instalments from 2024-02-10
    state pays what 1% a year comes to of the interest, at most 50% of it
    shop pays 5 of the interest each time, up to payment 2
    <BLANKLINE>
    no  date         payment  borrower  state   shop
    --  ----------  --------  --------  -----  -----
     1  2024-02-10    340.02    334.19   0.83   5.00
     2  2024-03-10    340.02    334.46   0.56   5.00
     3  2024-04-10    340.03    339.75   0.28   0.00
    --  ----------  --------  --------  -----  -----
        total       1,020.07  1,008.40   1.67  10.00
    """
    if isinstance(schedule, PortfolioStatement):
        hint = Phrase("write {}", "owed.row(0)")
        raise TermsError("schedule", schedule, "a Schedule, a Loan or a Statement", hint)
    plan = plan_of(schedule)
    hint = Phrase("write {}", 'rp.measures.Payer("state", share="50%")')
    known = parse_list(payers, "payers", Payer, hint)
    late = _late_payments(schedule) if isinstance(schedule, Statement) else {}
    left = _parts(plan)
    counted = _counted_numbers(plan)
    days: list[date] = plan.columns["date"].tolist()
    shares = [_Share(plan, payer) for payer in known]
    names = tuple(dict.fromkeys(payer.name for payer in known))
    paid = [dict.fromkeys(names, 0) for _ in days]
    before = [dict(parts) for parts in left]
    for place, share in enumerate(shares):
        payer = share.payer
        for row, (number, day) in enumerate(zip(counted, days, strict=True)):
            if not payer.pays(number, day):
                continue
            if payer.on_time and late.get(number, 0) > payer.grace_days:
                continue
            amount = share.of_row(row, day, before[row], left[row], place)
            paid[row][payer.name] += amount
    money, numbers = plan.loan.money, plan.columns["number"].tolist()
    rows = [
        SharedRow(
            numbers[row],
            day,
            money(payment),
            money(payment - sum(paid[row].values())),
            tuple(money(paid[row][name]) for name in names),
        )
        for row, (day, payment) in enumerate(
            zip(days, plan.columns["out_of_pocket"].tolist(), strict=True)
        )
    ]
    return SharedCost(plan, known, rows)


def _late_payments(owed: Statement) -> Mapping[int, int]:
    """Return how many days late the payments of a statement were made, by their numbers."""
    if owed.terms.interest != "schedule":
        raise TermsError(
            "schedule",
            Phrase('a statement with interest="{}"', owed.terms.interest),
            "one whose schedule is what is paid",
            Phrase("write {}", 'statement(..., interest="schedule")'),
        )
    return {item.number: item.days_late for item in owed.instalments if item.number}


def _parts(plan: Schedule) -> list[dict[PaidPart, int]]:
    """Return the parts of each payment in money, in minor units."""
    columns = plan.columns
    interest = (columns["interest"] + columns["deferred_interest"]).tolist()
    prepaid = columns["prepaid"].tolist()
    principal = columns["principal"].tolist()
    paid = columns["out_of_pocket"].tolist()
    return [
        {
            "fees": paid[row] - interest[row] - principal[row],
            "interest": interest[row],
            "principal": principal[row] - prepaid[row],
            "prepayment": prepaid[row],
        }
        for row in range(len(plan))
    ]


def _counted_numbers(plan: Schedule) -> list[int]:
    """Return the payment with which each row counts: between due dates, the one after it."""
    numbers: list[int] = plan.columns["number"].tolist()
    counted, following = [0] * len(numbers), max(numbers) + 1
    for row in range(len(numbers) - 1, -1, -1):
        following = numbers[row] or following
        counted[row] = following
    return counted


class _Share:
    """What one payer pays, row after row."""

    __slots__ = ("_in_all", "_of_year", "_plan", "_points", "payer")

    def __init__(self, plan: Schedule, payer: Payer) -> None:
        self.payer = payer
        self._plan = plan
        self._points = [] if payer.points is None else [*_cost_of_points(plan, payer.points)]
        self._in_all = 0
        self._of_year: dict[int, int] = defaultdict(int)

    def of_row(
        self,
        row: int,
        day: date,
        before: Mapping[PaidPart, int],
        left: dict[PaidPart, int],
        place: int,
    ) -> int:
        """Take the share of a row from what is `left` of its parts, in minor units; return it."""
        payer = self.payer
        parts = ORDER[:-1] if payer.of == "payment" else (payer.of,)
        there = min(sum(max(0, left[part]) for part in parts), max(0, sum(left.values())))
        whole = sum(max(0, before[part]) for part in parts)
        if there <= 0 or (payer.amount is not None and not self._is_due(row)):
            return 0
        wanted, slack = self._wanted(row, there)
        if payer.cap_share is not None:
            wanted = min(wanted, payer.cap_share * whole, Fraction(there))
        elif wanted > there + slack:
            raise self._too_much(day, place, there, whole)
        amount = min(round_fraction(wanted, self._plan.loan.rounding), there)
        amount = self._capped(amount, day.year)
        self._in_all += amount
        self._of_year[day.year] += amount
        rest = amount
        for part in parts:
            taken = min(rest, max(0, left[part]))
            left[part] -= taken
            rest -= taken
        return amount

    def _is_due(self, row: int) -> bool:
        return self.payer.of == "prepayment" or bool(self._plan.columns["number"][row])

    def _wanted(self, row: int, there: int) -> tuple[Fraction, int]:
        """Return what the payer pays without caps, and by how much rounding may exceed what is there."""
        payer = self.payer
        if payer.share is not None:
            return there * payer.share, 0
        if payer.amount is not None:
            return Fraction(self._plan.loan.minor(payer.amount, "amount")), 0
        return self._points[row]

    def _capped(self, amount: int, year: int) -> int:
        payer, minor = self.payer, self._plan.loan.minor
        for name, limit, used in (
            ("cap_payment", payer.cap_payment, 0),
            ("cap_year", payer.cap_year, self._of_year[year]),
            ("cap", payer.cap, self._in_all),
        ):
            if limit is not None:
                amount = min(amount, minor(limit, name) - used)
        return amount

    def _too_much(self, day: date, place: int, there: int, whole: int) -> AmountError | RateError:
        payer, show = self.payer, self._plan.loan.show
        most = "at most the {} of {}, {}"
        if there != whole:
            most = "at most the {} of {} that the payers before leave, {}"
        expected = Phrase(most, payer.of, day, show(there))
        if payer.points is None:
            amount = str(payer.amount)
            return AmountError(f"payers[{place}].amount", amount, expected, _ALL_OF_IT)
        points = percent(payer.points)
        return RateError(f"payers[{place}].points", points, expected, _ALL_OF_IT)


def _cost_of_points(plan: Schedule, points: Fraction) -> Iterator[tuple[Fraction, int]]:
    """Yield what `points` of the rate cost of the interest paid in each row, in minor units.

    The second number is by how much the interest of as many rows may be less for its rounding.
    Interest that is deferred is owed together with what the points cost of it, and each payment of
    interest pays the same part of both.
    """
    names = (
        "accrued",
        "waived",
        "interest",
        "deferred_interest",
        "capitalised",
        "forgiven_interest",
    )
    columns = (plan.columns[name].tolist() for name in names)
    owed, cost, rows = 0, Fraction(0), 0
    for row, (accrued, waived, interest, deferred, joined, forgiven) in enumerate(
        zip(*columns, strict=True)
    ):
        owed += accrued - waived
        segments = plan.traced.traced(row).segments
        cost += sum(points * part.base * part.share for part in segments if part.kind != "waived")
        rows += 1
        paid = interest + deferred
        taken = _same_part(cost, paid, owed)
        yield taken, rows
        cost -= taken
        owed -= paid
        cost -= _same_part(cost, joined + forgiven, owed)
        owed -= joined + forgiven
        if not owed:
            cost, rows = Fraction(0), 0


def _same_part(cost: Fraction, paid: int, owed: int) -> Fraction:
    """Return the part of a cost that is paid with a part of the interest owed."""
    if paid <= 0 or owed <= 0:
        return Fraction(0)
    return cost if paid >= owed else cost * paid / owed
