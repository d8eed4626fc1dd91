"""Sums over the rows of a schedule."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from repaylib.engine.ledger import Ledger
    from repaylib.schedule.rows import Columns
    from repaylib.terms.loan import Loan

__all__ = ["Totals"]


class Totals:
    """What a schedule says in one number, in major units."""

    __slots__ = ()

    if TYPE_CHECKING:
        loan: Loan

        @property
        def ledger(self) -> Ledger:
            """The rows as the engine made them."""

        @property
        def columns(self) -> Columns:
            """The columns, in minor units."""

    def _sum(self, *names: str, less: Sequence[str] = ()) -> Decimal:
        plus = sum(map(self.columns.total, names))
        minus = sum(map(self.columns.total, less))
        return self.loan.money(plus - minus)

    @property
    def instalment(self) -> Decimal:
        """The instalment in force at the end.

        The level payment; the part of principal for ``"equal_principal"``; 0 for
        ``"interest_only"``.
        """
        return self.loan.money(self.ledger.instalment)

    @property
    def payments(self) -> int:
        """On how many days something is paid in money."""
        return sum(map(bool, self.columns.whole("out_of_pocket")))

    @property
    def total_paid(self) -> Decimal:
        """All payments, with fees that are deducted or financed; see `out_of_pocket`."""
        return self._sum("payment")

    @property
    def out_of_pocket(self) -> Decimal:
        """All that the borrower pays in money, which is `total_paid` less fees deducted or financed.

        Examples
        --------
        >>> import repaylib as rp
        >>> fee = rp.Fee("1%", collected="financed")
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", fees=[fee]))
        >>> plan.total_paid, plan.out_of_pocket
        (Decimal('10868.48'), Decimal('10768.48'))
        """
        return self._sum("out_of_pocket")

    @property
    def total_interest(self) -> Decimal:
        """All interest charged, which is what accrued less what was waived or forgiven."""
        return self._sum("accrued", less=("waived", "forgiven_interest"))

    @property
    def total_principal(self) -> Decimal:
        """All principal repaid, capitalised interest included."""
        return self._sum("principal")

    @property
    def total_fees(self) -> Decimal:
        """All fees paid."""
        return self._sum("fee")

    @property
    def total_tax(self) -> Decimal:
        """All tax paid on interest and fees."""
        return self._sum("tax")

    @property
    def total_refunded(self) -> Decimal:
        """All fees given back."""
        return self._sum("refund")

    @property
    def total_advanced(self) -> Decimal:
        """The amounts lent after the start, financed fees included."""
        return self._sum("advanced")

    @property
    def total_waived(self) -> Decimal:
        """All interest waived."""
        return self._sum("waived")

    @property
    def total_forgiven(self) -> Decimal:
        """All principal and deferred interest forgiven."""
        return self._sum("forgiven", "forgiven_interest")

    @property
    def total_capitalised(self) -> Decimal:
        """All interest that joined the principal."""
        return self._sum("capitalised")

    @property
    def first_payment(self) -> Decimal:
        """The first payment in money that is not zero."""
        paid = self.columns.whole("out_of_pocket")
        return self.loan.money(next((amount for amount in paid if amount), 0))

    @property
    def final_payment(self) -> Decimal:
        """The last payment."""
        return self.loan.money(self.ledger.last.out_of_pocket)

    @property
    def largest_payment(self) -> Decimal:
        """The largest sum paid in money on one day."""
        return self.loan.money(max(self.columns.whole("out_of_pocket")))
