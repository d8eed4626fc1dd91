r"""The cost of a credit in money: in total, by part, and of a deferral."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, get_args, overload

import numpy as np

from repaylib.changes.deferral import Deferral
from repaylib.errors import Phrase, RateError, check_kind, check_word
from repaylib.measures.annual_rates.periods import to_effective
from repaylib.measures.cash_flows import HasSchedule, plan_of
from repaylib.money.amounts import subtract
from repaylib.money.counts import parse_count
from repaylib.money.rounding import round_fraction, round_significant
from repaylib.output.formats import Tabular
from repaylib.output.progress import refuse_progress
from repaylib.output.tables import Table
from repaylib.portfolio.book.rejects import reasons_of
from repaylib.portfolio.summary import LoanTable
from repaylib.rates.annuity import annuity_factor
from repaylib.rates.level_payments import DEFAULT_DIGITS, periodic_rate
from repaylib.rates.rate import parse_share
from repaylib.rates.root_finding import certified_root
from repaylib.schedule.book import Book
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.typing import FlatMeasure, FlatPer, Progress
from repaylib.wording.sentence import Sentence

if TYPE_CHECKING:
    from repaylib.portfolio.schedule import PortfolioSchedule

__all__ = [
    "Costs",
    "PortfolioCosts",
    "costs",
    "delay_cost",
    "effective_to_flat",
    "flat_to_effective",
]


#: The lines of the table; of taxes and forgiven amounts, if there are any.
SHOWN = (
    *("received", "interest", "fees", "tax", "forgiven", "total_payable", "total_cost"),
    "interest_on_interest",
)


@dataclass(frozen=True, slots=True)
class Costs(Tabular):
    """What a credit costs, in major units.

    Attributes
    ----------
    received
        What the borrower gets: all disbursements, less fees that are deducted or financed; and arrears
        that are taken in, which were in use before.
    total_payable
        What the borrower pays out of pocket, fees of the start included.
    interest
        Interest paid, that which joined the principal included; without arrears.
    fees
        Fees and penalties, less those given back; without arrears.
    tax
        Tax on interest and fees.
    forgiven
        Principal forgiven, interest that had joined it, and arrears: it is owed, and never paid.
    interest_on_interest
        How much of `interest` is interest on interest that joined the principal. What is paid of
        the principal repays that interest first.
    """

    received: Decimal
    total_payable: Decimal
    interest: Decimal
    fees: Decimal
    tax: Decimal
    forgiven: Decimal
    interest_on_interest: Decimal

    @property
    def total_cost(self) -> Decimal:
        """What is paid more than received, the total cost of the credit."""
        return subtract(self.total_payable, self.received)

    def _table(self) -> Table:
        amounts = {name: getattr(self, name) for name in SHOWN}
        rows = [
            [Sentence(f"costs.{name}"), f"{amount:,f}"]
            for name, amount in amounts.items()
            if amount or name not in ("tax", "forgiven")
        ]
        return Table([Sentence("costs.title"), ""], rows)

    def _data(self) -> dict[str, list[Any]]:
        """Return one line of all amounts."""
        names = [*(field.name for field in fields(self)), "total_cost"]
        return {name: [getattr(self, name)] for name in names}


class PortfolioCosts(LoanTable):
    """What the loans of a book cost, one line a loan. A frozen value.

    ``loan`` (its row), and in minor units what :class:`Costs` says: ``received``, ``total_payable``,
    ``interest``, ``fees``, ``tax``, ``forgiven``, ``interest_on_interest`` and ``total_cost``; also ``reason``: why a
    loan was rejected, or why a change could not be made for it. All amounts of a loan that is rejected are zero.

    Attributes
    ----------
    schedule
        The schedules.
    """

    __slots__ = ()
    HEADS = "costs"


@overload
def costs(schedule: Book, *, progress: Progress = None) -> PortfolioCosts: ...
@overload
def costs(schedule: Schedule | Loan | HasSchedule) -> Costs: ...
def costs(
    schedule: Schedule | Loan | HasSchedule | Book, *, progress: Progress = None
) -> Costs | PortfolioCosts:
    r"""Return the cost of a credit in money.

    Parameters
    ----------
    schedule
        A schedule, a loan, or a settlement (the credit as it really ran). Or a book of loans, for
        :class:`~repaylib.measures.PortfolioCosts` of them all.
    progress
        Of a book: as for :func:`~repaylib.amortise`.

    Notes
    -----
    Total cost is what is paid more than received; with nothing forgiven it is the sum of
    interest, fees and tax. With :math:`C_k` the interest that joined the principal and is still
    owed, of a balance :math:`B_k`, interest on interest is :math:`\sum_k I_k C_k / B_k`.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan("10000", "12%", 12, "2024-01-10", fees=[rp.Fee("1%", collected="deducted")])
    >>> print(rp.measures.costs(rp.defer(loan, payment=4, periods=2, repay="capitalise")))
    costs
    --------------------------  ---------
    received                     9,900.00
    interest                       822.60
    fees                           100.00
    total payable               10,822.60
    total cost                     922.60
    of it interest on interest       2.29
    """
    if isinstance(schedule, Book):
        return _costs_of_book(schedule.schedules(), progress)
    refuse_progress(progress)
    plan = plan_of(schedule)
    sums = {name: sum(plan.columns[name].tolist()) for name in _SUMMED}
    amounts = _amounts(sums, plan.ledger.at_start, plan.opening_balance)
    amounts["interest_on_interest"] = _on_interest(plan)
    return Costs(**{name: plan.loan.money(amount) for name, amount in amounts.items()})


def _amounts(sums: Mapping[str, Any], before: Mapping[str, Any], opening: Any) -> dict[str, Any]:
    """Return the parts of the cost in minor units, of one loan or of many.

    Parameters
    ----------
    sums
        Of the columns of the rows.
    before
        What was owed at the start beside the principal.
    opening
        What is owed at the start in all.
    """
    paid_interest = sums["accrued"] - sums["waived"] - sums["forgiven_interest"]
    overdue = before.get("start_interest", 0) + sums["arrears_interest"] - sums["arrears_forgiven"]
    charges = before.get("start_charges", 0) + sums["arrears_charges"]
    return {
        "received": opening + sums["received"],
        "total_payable": sums["out_of_pocket"],
        "interest": paid_interest - overdue,
        "fees": sums["fee"] + sums["penalty"] - sums["refund"] - charges,
        "tax": sums["tax"],
        "forgiven": sums["forgiven"] + sums["arrears_forgiven"],
    }


def _costs_of_book(plan: PortfolioSchedule, progress: Progress) -> PortfolioCosts:
    """Return the cost of each loan of a book."""
    names = ["loan", *(field.name for field in fields(Costs)), "total_cost", "reason"]
    columns: dict[str, Any] = {name: [] for name in names}
    reason = np.full(len(plan), "", dtype=object)
    for block in plan.folded_blocks(progress):
        rows = block.row_arrays
        for row, text in reasons_of(rows.rejects).items():
            reason[row - plan.first] = text
        sums = {name: rows.column(name).sum(axis=0) for name in _SUMMED}
        before = {
            name: rows.column(name).sum(axis=0) for name in ("start_interest", "start_charges")
        }
        opening = np.where(rows.counts > 0, rows.principal + sum(before.values()), 0)
        found = _amounts(sums, before, opening)
        joined = np.zeros_like(opening)
        if not rows.is_zero("capitalised"):
            for row in np.flatnonzero(rows.column("capitalised").any(axis=0)).tolist():
                joined[row] = _on_interest(block.row(row))
        found["interest_on_interest"] = joined
        found["total_cost"] = found["total_payable"] - found["received"]
        for name, column in found.items():
            columns[name].append(column)
    made = {name: np.concatenate(pieces) for name, pieces in columns.items() if pieces}
    part = slice(plan.first, plan.first + len(plan))
    return PortfolioCosts(
        {"loan": np.arange(len(plan)), **made, "reason": reason},
        tuple(names[1:-1]),
        plan.book.decimals[part],
        single=len(plan.book.currencies()) == 1,
        schedule=plan,
        _of_one=costs,
    )


_SUMMED = (
    "out_of_pocket",
    "received",
    "arrears_interest",
    "arrears_charges",
    "arrears_forgiven",
    "accrued",
    "waived",
    "forgiven",
    "forgiven_interest",
    "fee",
    "penalty",
    "tax",
    "refund",
)


def _on_interest(plan: Schedule) -> int:
    """Return the interest on interest that joined the principal, in minor units."""
    columns = plan.columns
    if not columns["capitalised"].any():
        return 0
    names = ("opening", "accrued", "waived", "principal", "forgiven", "capitalised")
    joined, found = 0, Fraction(0)
    for opening, accrued, waived, principal, forgiven, capitalised in zip(
        *(columns[name].tolist() for name in names), strict=True
    ):
        if joined and opening:
            found += Fraction((accrued - waived) * min(joined, opening), opening)
        joined = max(0, joined - principal - forgiven) + capitalised
    return round_fraction(found, plan.loan.rounding)


def delay_cost(schedule: Schedule | Loan, deferral: Deferral) -> Decimal:
    """Return the cost of a month of delay, in major units.

    Parameters
    ----------
    schedule
        The plan as it stands.
    deferral
        A :class:`~repaylib.changes.Deferral`: from which payment on, for how many due dates, and on
        which terms.

    Returns
    -------
    Decimal
        The cost that the deferral adds, over the number of skipped due dates, rounded to the
        minor unit.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> rp.measures.delay_cost(plan, rp.changes.Deferral(payment=4))
    Decimal('76.11')
    >>> rp.measures.delay_cost(plan, rp.changes.Deferral(payment=4, interest="waive"))
    Decimal('0.00')
    """
    before = plan_of(schedule)
    check_kind(deferral, "deferral", Deferral, Phrase("write {}", "rp.changes.Deferral(payment=4)"))
    after = before.then(deferral)
    more = Fraction(costs(after).total_cost) - Fraction(costs(before).total_cost)
    loan = before.loan
    share = more * 10**loan.decimals / max(deferral.periods, 1)
    return loan.money(round_fraction(share, loan.rounding))


def flat_to_effective(
    flat: str | Decimal | Fraction,
    payments: int,
    *,
    per: FlatPer = "year",
    per_year: int = 12,
    measure: FlatMeasure = "effective",
) -> Decimal:
    r"""Return the rate of a credit in equal parts with a flat charge in each.

    Parameters
    ----------
    flat
        The charge as a share of the amount lent, for the time that `per` says: ``"3.8%"``.
    payments
        How many equal parts.
    per
        ``"year"``
            the charge of a year, as flat rates are quoted: 3.8 % over 60 months is 19 % in all.
        ``"period"``
            the charge of each payment: 1 % on 12 months is 12 % in all.
    per_year
        Payments of a year: 12, or 52 weeks.
    measure
        ``"effective"``
            per year, with interest on interest: 12 % a year on 12 months is 23.70 %.
        ``"nominal"``
            the rate of a period times the periods of a year: 21.46 %.
        ``"period"``
            the rate of a period: 1.788 %.

    Returns
    -------
    Decimal
        As a share, to 12 significant digits.

    Notes
    -----
    The rate of the period is that of equal payments of :math:`1/n + f` for 1, without cents.

    Examples
    --------
    >>> import repaylib as rp
    >>> for measure in ("effective", "nominal", "period"):
    ...     print(rp.measures.flat_to_effective("6%", 12, measure=measure))
    0.114573796529
    0.108963825185
    0.00908031876542
    >>> rp.measures.flat_to_effective("0.5%", 12, per="period")
    Decimal('0.114573796529')
    """
    span = check_word("per", per, get_args(FlatPer))
    word = check_word("measure", measure, get_args(FlatMeasure))
    share, count = parse_share(flat, "flat"), parse_count(payments, "payments")
    times = parse_count(per_year, "per_year", most=366)
    if span == "year":
        share /= times
    rate = periodic_rate(1, count, Fraction(1, count) + share, digits=30)
    if word == "period":
        return round_significant(Fraction(rate), 12)
    nominal = round_significant(Fraction(rate) * times, DEFAULT_DIGITS)
    if word == "nominal":
        return round_significant(Fraction(nominal), 12)
    return to_effective(nominal, Fraction(times))


def effective_to_flat(
    rate: str | Decimal | Fraction,
    payments: int,
    *,
    per: FlatPer = "year",
    per_year: int = 12,
    measure: FlatMeasure = "effective",
) -> Decimal:
    """Return the flat charge that gives a rate; the reverse of :func:`~repaylib.measures.flat_to_effective`.

    Parameters
    ----------
    rate
        Per year (or of a period, with ``measure="period"``).
    payments, per, per_year, measure
        As for :func:`~repaylib.measures.flat_to_effective`: the charge is that of a year, or with ``per="period"``
        of each payment.

    Returns
    -------
    Decimal
        As a share of the amount lent, to 12 significant digits.

    Examples
    --------
    A cap of 24 % on 12 months allows 1.123 % a month if it is nominal, but 1.012 % if it is
    effective.

    >>> import repaylib as rp
    >>> for measure in ("nominal", "effective"):
    ...     print(round(rp.measures.effective_to_flat("24%", 12, per="period", measure=measure), 5))
    0.01123
    0.01012
    """
    span = check_word("per", per, get_args(FlatPer))
    word = check_word("measure", measure, get_args(FlatMeasure))
    share, count = parse_share(rate, "rate"), parse_count(payments, "payments")
    times = parse_count(per_year, "per_year", most=366)
    if word == "nominal":
        share /= times
    elif word == "effective" and share:
        estimate = float(1 + share) ** (1 / times) - 1
        share = Fraction(
            certified_root(estimate, lambda i: _sign((1 + i) ** times - 1 - share), 25)
        )
    if share > 1000:
        raise RateError(
            "rate", rate, "a rate of up to 100,000 % a period", Phrase("write such as {}", '"24%"')
        )
    charge = 1 / annuity_factor(share, count) - Fraction(1, count)
    return round_significant(charge * times if span == "year" else charge, 12)


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)
