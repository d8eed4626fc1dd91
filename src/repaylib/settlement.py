"""Early settlement: what pays a loan off on a day, and what that saves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, overload

from repaylib.book import Book
from repaylib.change import SettlementMethod
from repaylib.changes import EarlySettlement
from repaylib.exact import round_fraction
from repaylib.loan import Loan
from repaylib.money import Amount, add, show, subtract
from repaylib.schedule import Schedule
from repaylib.text import html_table, text_table
from repaylib.timetable import DateLike
from repaylib.verbs import as_schedule

if TYPE_CHECKING:
    from repaylib.book import Given
    from repaylib.bookplan import PortfolioSchedule
    from repaylib.booksettlement import PortfolioSettlement
    from repaylib.portfolio import Portfolio

__all__ = ["Settlement", "settle"]


@dataclass(frozen=True, slots=True)
class Settlement:
    """A quote for early settlement; it changes nothing. Amounts are in major units.

    Attributes
    ----------
    on
        The day. What falls due on it is paid besides, before.
    method
        How it was computed.
    principal
        Principal owed.
    interest
        Interest accrued since the last due date, to the day.
    deferred_interest
        Interest put off by deferrals and not yet paid.
    arrears
        What is overdue; nil, as a schedule is kept by definition.
    fee
        The fee for settling.
    tax
        Tax on the interest and the fee.
    refund
        What comes back of fees paid at the start.
    rebate
        By how much the sum without fee is below the payments, also without fees, that it
        replaces.
    schedule
        The schedule as it would end.
    """

    on: date
    method: SettlementMethod
    principal: Decimal
    interest: Decimal
    deferred_interest: Decimal
    arrears: Decimal
    fee: Decimal
    tax: Decimal
    refund: Decimal
    rebate: Decimal
    schedule: Schedule

    @property
    def total(self) -> Decimal:
        """What is to be paid on the day, besides what falls due on it."""
        owed = add(self.principal, self.interest, self.deferred_interest, self.arrears)
        return subtract(add(owed, self.fee, self.tax), self.refund)

    @property
    def interest_saved(self) -> Decimal:
        """Interest that is not paid because the loan ends."""
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

    def _table(self) -> list[list[str]]:
        amounts = {
            "principal": self.principal,
            "interest": self.interest,
            "deferred interest": self.deferred_interest,
            "arrears": self.arrears,
            "fee": self.fee,
            **({"tax": self.tax} if self.tax else {}),
            **({"refund": self.refund} if self.refund else {}),
            "total": self.total,
            "interest saved": self.interest_saved,
            "saving after fee": self.saving_after_fee,
        }
        rows = [[name, f"{amount:,f}"] for name, amount in amounts.items()]
        even = round_fraction(Fraction(self.break_even_fee) * 10**6, "half_up")
        return [*rows, ["break-even fee", f"{show(even, 4)} %"]]

    def __str__(self) -> str:
        return text_table([f"settlement on {self.on}", self.method], self._table())

    def _repr_html_(self) -> str:
        return html_table(["", self.method], self._table(), caption=f"settlement on {self.on}")


@overload
def settle(
    schedule: Schedule | Loan,
    *,
    payment: int | None = None,
    on: DateLike | None = None,
    method: SettlementMethod = "actuarial",
    fee: Amount | Fraction | None = None,
) -> Settlement: ...
@overload
def settle(
    schedule: Portfolio | PortfolioSchedule,
    *,
    payment: Given = ...,
    on: Given = ...,
    method: Given = ...,
    fee: Given = ...,
) -> PortfolioSettlement: ...
def settle(
    schedule: Schedule | Loan | Portfolio | PortfolioSchedule,
    *,
    payment: Any = None,
    on: Any = None,
    method: Any = "actuarial",
    fee: Any = None,
) -> Settlement | PortfolioSettlement:
    """Quote what pays a loan off on a day.

    Parameters
    ----------
    schedule
        The schedule, or a loan; or a book of loans, of which each word may be a column.
    on, payment
        When; exactly one. ``payment=7`` is on the due date of instalment 6, after it is paid.
    method
        ``"actuarial"``
            principal, interest accrued to the day at the contract's own rate and day count,
            and what was put off. Interest for days not used is not owed.
    fee
        An amount in major units (``"50"``), or a share of the principal repaid (``"1%"``); by
        default what the loan's own fees say for ``when="settlement"``.

    Raises
    ------
    RepayError
        If the day is before the start or not before the end, or a word is unknown.

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
        from repaylib.bookplan import as_plan
        from repaylib.booksettlement import settle_book

        words = {"payment": payment, "on": on, "method": method, "fee": fee}
        return settle_book(as_plan(schedule), words)
    before = as_schedule(schedule)
    change = EarlySettlement(payment=payment, on=on, method=method, fee=fee)
    day = before.day_of(change)
    after = before.then(change)
    money = before.loan.money
    days = before._falls.tolist()
    later = [row for row, falls in zip(before, days, strict=True) if falls > day]
    besides = [add(row.fee, row.tax) for row in later]
    left = subtract(add(money(0), *(row.payment for row in later)), *besides)
    paid = after._settled
    return Settlement(
        on=day,
        method=change.method,
        principal=money(paid.principal),
        interest=money(paid.interest),
        deferred_interest=money(paid.deferred_interest),
        arrears=money(0),
        fee=money(paid.fee),
        tax=money(paid.tax),
        refund=money(paid.refund),
        rebate=subtract(left, money(paid.principal + paid.interest + paid.deferred_interest)),
        schedule=after,
    )
