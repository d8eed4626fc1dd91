"""Early settlement: what pays a loan off on a day, or a part of it, and what that saves."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, overload

from repaylib.changes.base import with_payment_only
from repaylib.changes.early_settlement import EarlySettlement
from repaylib.changes.prepayment import Prepayment
from repaylib.dates.months import months_elapsed
from repaylib.errors import AmountError, Hint, Phrase, TermsError, write
from repaylib.money.amounts import add, show, subtract
from repaylib.money.rounding import round_fraction
from repaylib.output.certificates import Certificate
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table
from repaylib.schedule.book import Book
from repaylib.schedule.explanation import quote_sums, settlement_figures
from repaylib.schedule.figures import Derivation
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.verbs import as_schedule, concerns
from repaylib.terms.loan import Loan
from repaylib.terms.settlement_fees import Basis, SettlementFee, SettlementFeeLike, fee_on
from repaylib.typing import Amount, DateLike, PrepaymentHold, SettlementDeferral, SettlementMethod
from repaylib.wording.sentence import Sentence

if TYPE_CHECKING:
    from repaylib.portfolio.book.portfolio import Portfolio
    from repaylib.portfolio.schedule import PortfolioSchedule
    from repaylib.portfolio.settlement import PortfolioSettlement
    from repaylib.schedule.book import ColumnLike

__all__ = ["Settlement", "quote", "settle"]


@dataclass(frozen=True, slots=True)
class Settlement(Tabular):
    """A quote for early settlement; it changes nothing. Amounts are in major units.

    Attributes
    ----------
    on
        The day on which it is paid. What falls due on it is paid besides, before.
    requested
        The day on which it is asked for; another one only if there is notice to give.
    method
        How it was computed.
    principal
        Principal owed, or the part of it that is repaid.
    interest
        Interest owed by the method, to the day; below zero where more was paid before than the
        method has earned.
    deferred_interest
        Interest that deferrals have deferred and that is not yet paid.
    arrears
        What was overdue, as stated: a schedule is kept by definition.
    fee
        The fee for settling. For a part, it is the one stated, which is not in `schedule`, or what
        the loan charges for a prepayment, which is.
    penalty
        Penalties added with arrears and not yet paid.
    later_fees
        Fees of the instalments left that are charged all the same.
    tax
        Tax on the interest and the fees.
    refund
        What comes back of fees paid at the start.
    rebate
        By how much the sum without fees is below the payments, also without fees, that it
        replaces; with ``"uk_2004"`` both are with the fees of the instalments.
    schedule
        The schedule as it would end or, if a part is settled, as it would go on.
    before
        The schedule that is settled, as it goes on without that.
    """

    on: date
    requested: date
    method: SettlementMethod
    principal: Decimal
    interest: Decimal
    deferred_interest: Decimal
    arrears: Decimal
    fee: Decimal
    penalty: Decimal
    later_fees: Decimal
    tax: Decimal
    refund: Decimal
    rebate: Decimal
    schedule: Schedule
    before: Schedule

    @property
    def total(self) -> Decimal:
        """What is to be paid on the day, besides what falls due on it."""
        owed = add(self.principal, self.interest, self.deferred_interest, self.arrears)
        return subtract(add(owed, self.fee, self.penalty, self.later_fees, self.tax), self.refund)

    @property
    def interest_saved(self) -> Decimal:
        """Interest that is not paid because the loan ends, or is smaller."""
        return self.rebate

    @property
    def saving_after_fee(self) -> Decimal:
        """Interest saved, less the fee, with what comes back of earlier fees."""
        return subtract(add(self.interest_saved, self.refund), self.fee)

    @property
    def break_even_fee(self) -> Decimal:
        """The fee that eats up the saving, as a share of the principal, to 6 decimals.

        0.035291 is 3.5291 % of the principal repaid.
        """
        if not self.principal:
            return Decimal("0.000000")
        share = Fraction(self.interest_saved) / Fraction(self.principal)
        return Decimal(f"{round_fraction(share * 10**6, 'half_up')}E-6")

    def certificate(self) -> Certificate:
        """Return every figure with its derivation, to be checked without repaylib."""
        from repaylib.schedule.certificate import certify_quote  # seldom needed

        return certify_quote(self)

    def explain(self) -> Derivation:
        """Derive every figure: the interest to the day, the fees, the sums, the interest saved."""
        loan, part = self.before.loan, not isinstance(self.schedule.changes[-1], EarlySettlement)
        left = _left(self.before, self.on, besides=self.method != "uk_2004")
        rest = _left(self.schedule, self.on) if part else loan.money(0)
        figures = [] if part else settlement_figures(loan, self.schedule.traced, self.interest)
        names = [field.name for field in fields(self) if field.type == "Decimal"]
        names += ["total", "interest_saved", "saving_after_fee", "break_even_fee"]
        sums = quote_sums({name: getattr(self, name) for name in names}, (left, rest))
        return Derivation(self._title, (*figures, *sums))

    @property
    def _title(self) -> Sentence:
        key = "quote" if self.requested == self.on else "quote.asked"
        return Sentence(key, on=self.on, requested=self.requested)

    def _table(self) -> Table:
        amounts = {
            name: getattr(self, name)
            for name in ("principal", "interest", "deferred_interest", "arrears", "fee")
        }
        amounts |= {
            name: amount
            for name in ("penalty", "later_fees", "tax", "refund")
            if (amount := getattr(self, name))
        }
        names = ("total", "interest_saved", "saving_after_fee")
        amounts |= {name: getattr(self, name) for name in names}
        rows = [[Sentence(f"quote.{name}"), f"{amount:,f}"] for name, amount in amounts.items()]
        even = round_fraction(Fraction(self.break_even_fee) * 10**6, "half_up")
        rows.append([Sentence("quote.break_even_fee"), f"{show(even, 4)} %"])
        return Table([self._title, Sentence(f"quote.by.{self.method}")], rows)

    def _data(self) -> dict[str, list[Any]]:
        """Return one line of all figures."""
        names = [field.name for field in fields(self) if field.name != "schedule"]
        names += ["total", "interest_saved", "saving_after_fee", "break_even_fee"]
        return {name: [getattr(self, name)] for name in names}


@overload
def settle(
    schedule: Schedule | Loan,
    *,
    with_payment: int | None = None,
    on: DateLike | None = None,
    method: SettlementMethod = "actuarial",
    fee: SettlementFeeLike | None = None,
    notice: int | None = None,
    deferral: SettlementDeferral | None = None,
    amount: Amount | None = None,
    hold: PrepaymentHold = "payment",
    arrears: Amount | None = 0,
    where: Literal[True] = True,
) -> Settlement: ...
@overload
def settle(
    schedule: Portfolio | PortfolioSchedule,
    *,
    with_payment: ColumnLike = ...,
    on: ColumnLike = ...,
    method: ColumnLike = ...,
    fee: ColumnLike = ...,
    notice: ColumnLike = ...,
    deferral: ColumnLike = ...,
    amount: ColumnLike = ...,
    hold: ColumnLike = ...,
    arrears: ColumnLike = ...,
    where: ColumnLike = ...,
) -> PortfolioSettlement: ...
@with_payment_only
def settle(
    schedule: Schedule | Loan | Portfolio | PortfolioSchedule,
    *,
    with_payment: Any = None,
    on: Any = None,
    method: Any = "actuarial",
    fee: Any = None,
    notice: Any = None,
    deferral: Any = None,
    amount: Any = None,
    hold: Any = "payment",
    arrears: Any = 0,
    where: Any = True,
) -> Settlement | PortfolioSettlement:
    """Quote what pays a loan off on a day, or what a part of it saves.

    Parameters
    ----------
    schedule
        The schedule, or a loan; or a book of loans, of which each word may be a column.
    with_payment, on
        When it is asked for; exactly one. ``with_payment=6`` is on the due date of payment 6,
        together with it.
    method
        What is owed of the interest: ``"actuarial"``, ``"rule_of_78"``, ``"uk_2004"``,
        ``"flat_waived"`` or ``"flat_charged"``; :class:`~repaylib.changes.EarlySettlement` has each in
        numbers.
    fee
        An amount in major units (``"50"``), a share of the principal repaid (``"1%"``), months of
        interest on it (``"3 months"``), a table by months elapsed (``{0: "3%", 12: "0"}``), or a
        :class:`~repaylib.terms.SettlementFee`; by default what the loan's own fees say for
        ``when="settlement"``.
    notice, deferral
        Days from the request to the payment, and by how much the lender puts it off: 28 days and
        for a loan of more than a year a month with ``"uk_2004"``, by default, else none.
    amount
        Settles a part only: so much of the principal is repaid, 1,000.00 of 5,149.20.
    hold
        What a part keeps, with `amount` alone: ``"payment"``, ``"maturity"``, ``"last"`` or
        ``"next"``, as for :class:`~repaylib.changes.Prepayment`.
    arrears
        What is overdue on the day, to be paid as well; the schedule says what is owed if all
        was paid as it fell due. ``None`` is not known: that is refused.
    where
        Of a book, which loans to quote: see :class:`~repaylib.portfolio.PortfolioChange`. One loan is always quoted.

    Raises
    ------
    RepayError
        If the day is before the start or not before the end, a word is unknown, or arrears are not
        known.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> print(rp.settle(plan, on="2024-07-10", fee="1%"))
    settlement on 2024-07-10  actuarial
    ------------------------  ---------
    principal                  5,149.20
    interest                       0.00
    deferred interest              0.00
    arrears                        0.00
    fee                           51.49
    total                      5,200.69
    interest saved               181.72
    saving after fee             130.23
    break-even fee             3.5291 %
    """
    if isinstance(schedule, Book):
        options = {"with_payment": with_payment, "on": on, "method": method, "arrears": arrears}
        options |= {"notice": notice, "deferral": deferral, "amount": amount, "hold": hold}
        return schedule.settled({**options, "fee": fee, "where": where})
    if not concerns(where):
        raise TermsError(
            "where", where, "True, as a quote is for a loan", Phrase("leave {} out", "where")
        )
    change = EarlySettlement(
        with_payment=with_payment, on=on, method=method, fee=fee, notice=notice, deferral=deferral
    )
    return quote(as_schedule(schedule), change, amount, hold, arrears)


def quote(
    before: Schedule,
    change: EarlySettlement,
    amount: Amount | None = None,
    hold: PrepaymentHold = "payment",
    arrears: Amount | None = 0,
) -> Settlement:
    """Return the quote of one loan, for all of it or a part."""
    overdue = _arrears(before, change, arrears)
    if amount is not None:
        return _part(before, change, amount, hold, overdue)
    if hold != "payment":
        raise TermsError(
            "hold",
            hold,
            "amount with it, as nothing is kept where all is settled",
            Hint("write {}, or leave hold out", amount="1000"),
        )
    return _quoted(before, change, overdue)


def _quoted(before: Schedule, change: EarlySettlement, overdue: Decimal) -> Settlement:
    """Return the quote of a settlement of all that is owed."""
    day = before.effective_date(change)
    after = before.then(change)
    money = before.loan.money
    paid = after.ledger.settled
    besides = change.method != "uk_2004"
    return Settlement(
        on=day,
        requested=before.requested_date(change),
        method=change.method,
        principal=money(paid.principal),
        interest=money(paid.interest),
        deferred_interest=money(paid.deferred_interest),
        arrears=overdue,
        fee=money(paid.fee),
        penalty=money(paid.penalty),
        later_fees=money(paid.later_fees),
        tax=money(paid.tax),
        refund=money(paid.refund),
        rebate=subtract(
            _left(before, day, besides=besides),
            money(paid.principal + paid.interest + paid.deferred_interest),
        ),
        schedule=after,
        before=before,
    )


def _part(
    before: Schedule,
    change: EarlySettlement,
    amount: Amount,
    hold: PrepaymentHold,
    overdue: Decimal,
) -> Settlement:
    """Quote a part: so much of the principal is repaid, and the rest goes on by contract."""
    if change.method not in ("actuarial", "uk_2004"):
        raise TermsError(
            "amount",
            amount,
            Phrase(
                'a part of a debt that bears interest; method="{}" gives a rebate only on all of it',
                change.method,
            ),
            Hint('write {} or "uk_2004", or leave amount out', method="actuarial"),
        )
    day = before.effective_date(change)
    after = before.then(Prepayment(amount, on=day, hold=hold))
    money = before.loan.money
    repaid = before.loan.amount(amount, "amount")
    rebate = subtract(_left(before, day), _left(after, day), repaid)
    own, tax = (paid - known for paid, known in zip(_own(after), _own(before), strict=True))
    if own and change.fee is not None:
        raise TermsError(
            "fee",
            Phrase("{}", _rule(change.fee)),
            Phrase(
                "none, as the loan charges {} for the prepayment", show(own, before.loan.decimals)
            ),
            Phrase("leave {} out", "fee"),
        )
    fee = add(money(own), _fee_on_part(before, change.fee, day, repaid, rebate))
    return Settlement(
        on=day,
        requested=before.requested_date(change),
        method=change.method,
        principal=repaid,
        interest=money(0),
        deferred_interest=money(0),
        arrears=overdue,
        fee=fee,
        penalty=money(0),
        later_fees=money(0),
        tax=money(tax),
        refund=money(0),
        rebate=rebate,
        schedule=after,
        before=before,
    )


def _own(plan: Schedule) -> tuple[int, int]:
    """Return the fees for prepayments that are paid in money, and the tax on them."""
    charged = [
        (charge.amount, charge.tax)
        for charge in plan.fee_charges
        if charge.fee.when == "prepayment" and charge.fee.collected == "paid"
    ]
    return sum(fee for fee, _ in charged), sum(tax for _, tax in charged)


def _rule(fee: Decimal | Fraction | SettlementFee | None) -> SettlementFee:
    return fee if isinstance(fee, SettlementFee) else SettlementFee(fee or Decimal(0))


def _fee_on_part(
    before: Schedule,
    fee: Decimal | Fraction | SettlementFee | None,
    day: date,
    repaid: Decimal,
    rebate: Decimal,
) -> Decimal:
    """Return the fee for repaying a part early."""
    loan = before.loan
    rule = _rule(fee)
    if rule.asks_for_interest and any(
        getattr(change, "rate", None) is not None for change in before.changes
    ):
        raise TermsError(
            "fee",
            Phrase("{}", rule),
            "an amount or a share with amount=, where a change has set another rate",
            write(fee="1%"),
        )
    basis = Basis(
        principal=loan.minor(repaid, "amount"),
        rate=loan.rate_on(day).nominal(loan.timetable.period_length),
        elapsed=months_elapsed(loan.start, day),
        day=day,
        end=before.maturity,
        saved=loan.minor(max(rebate, loan.money(0)), "rebate", least=0),
    )
    return loan.money(fee_on(rule, basis, loan.decimals, loan.fee_rounding or loan.rounding))


def _left(plan: Schedule, day: date, *, besides: bool = True) -> Decimal:
    """Return the payments after a day, without fees and taxes or, if not `besides`, with fees."""
    days = plan.accrual_dates.tolist()
    later = [row for row, due in zip(plan, days, strict=True) if due > day]
    apart = [add(row.fee if besides else plan.loan.money(0), row.tax, row.penalty) for row in later]
    return subtract(add(plan.loan.money(0), *(row.payment for row in later)), *apart)


def _arrears(before: Schedule, change: EarlySettlement, arrears: Amount | None) -> Decimal:
    """Read what is overdue; if that is not known, say what can be said without."""
    if arrears is None:
        total = _quoted(before, change, before.loan.money(0)).total
        raise AmountError(
            "arrears",
            arrears,
            Phrase("what is overdue on the day; without arrears, {:,f} settles the loan", total),
            'write arrears="0" if all was paid as it fell due, or the sum overdue',
        )
    return before.loan.money(before.loan.minor(arrears, "arrears", least=0))
