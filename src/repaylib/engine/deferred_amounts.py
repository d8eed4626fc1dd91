"""Deferred amounts: interest and instalments that a deferral has postponed, and when they are paid."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from repaylib.changes.deferral import Deferral
from repaylib.money.rounding import ZERO, round_fraction, round_ratio
from repaylib.typing import Repay, Rounding
from repaylib.wording.sentence import Listed, Sentence

__all__ = [
    "REPAYMENTS",
    "DeferredAmount",
    "AccruesOn",
    "PaymentHoliday",
    "SpreadPayment",
    "DeferredRepayment",
    "kind_of_arrears",
]

#: ``"due"``: with the first payment on or after due date `due`; ``"spread"``: evenly over the
#: payments left; ``"last"``: with the last payment; ``"capitalise"``: joins the principal;
#: ``"instalment"``: out of the next instalment, not on top of it.
DeferredRepayment = Literal["due", "spread", "last", "capitalise", "instalment"]

#: The part of a deferred amount that accrues interest.
AccruesOn = Literal["nothing", "principal", "all"]


#: The repayment of a deferred amount, by the `repay` of its deferral.
REPAYMENTS: dict[Repay, DeferredRepayment] = {
    "next": "due",
    "now": "due",
    "spread": "spread",
    "last": "last",
    "capitalise": "capitalise",
}


class SpreadPayment(NamedTuple):
    """One payment of a deferred amount that is spread over several payments.

    Attributes
    ----------
    principal, interest
        Minor units of one payment.
    payments
        Over how many payments it is spread.
    of_principal, of_interest
        The amounts that are spread.
    """

    principal: int
    interest: int
    payments: int
    of_principal: int
    of_interest: int


@dataclass(slots=True)
class DeferredAmount:
    """A deferred amount, in minor units.

    Deferred interest has no principal and accrues nothing. A moved instalment has principal and
    interest and may accrue interest.

    Attributes
    ----------
    repayment, due
        When it is paid; `due` is the number of a due date.
    principal, interest
        The deferred principal and interest still owed.
    accrues_on
        The part that accrues interest; never the interest it has accrued itself.
    accrued_interest
        Interest it has accrued, posted and still owed.
    rate
        Its rate, if not the loan's.
    waived
        Whether the interest it accrues is waived as it is posted.
    accrued
        Interest accrued since the last posting, exact.
    spread_payment
        One payment of a spread, once it is fixed.
    left
        Over how many payments the rest of a spread goes, if the end stays where it is.
    ready
        Whether it joins the principal at the end of this day.
    account
        For the derivation: the interest of each moved instalment is rounded separately.
    text
        For the derivation: which interest was deferred, and when; or which instalment.
    change
        Number of the change that moved an instalment.
    column
        The column of its interest; arrears may be a penalty or a fee.
    arrears
        Whether it is arrears added to the loan, which were owed before.
    """

    repayment: DeferredRepayment
    due: int
    principal: int
    interest: int
    accrues_on: AccruesOn = "nothing"
    accrued_interest: int = 0
    rate: Fraction | None = None
    waived: bool = False
    accrued: Fraction = ZERO
    spread_payment: SpreadPayment | None = None
    left: int = 0
    ready: bool = False
    account: int = 0
    text: Sentence | Listed | None = None
    change: int = 0
    column: str = "deferred_interest"
    arrears: bool = False

    @property
    def base(self) -> int:
        """The amount that accrues interest."""
        if self.accrues_on == "nothing":
            return 0
        return self.principal + (self.interest if self.accrues_on == "all" else 0)

    @property
    def forborne_principal(self) -> int:
        """Principal that accrues nothing and is due with the last payment; not a moved instalment."""
        return self.principal if self.repayment == "last" and not self.account else 0

    @property
    def source(self) -> Sentence:
        """A phrase for the interest paid with it."""
        return Sentence("origin.both" if self.account else "origin.of", what=self.text)

    @property
    def due_interest(self) -> int:
        """The interest of it that the borrower owes."""
        return max(0, self.interest + self.accrued_interest)

    @property
    def empty(self) -> bool:
        """Whether nothing of it is left; parts that offset each other are left."""
        return not (self.principal or self.interest or self.accrued_interest or self.accrued)

    def post(self, rounding: Rounding) -> int:
        """Round the interest accrued since the last posting; add it, if not waived; return it."""
        posted = round_fraction(self.accrued, rounding)
        self.accrued = ZERO
        if not self.waived:
            self.accrued_interest += posted
        return posted

    def pay_due(
        self, number: int, payments: int, ending: bool, rounding: Rounding
    ) -> tuple[int, int]:
        """Pay the part due on due date `number`, with `payments` payments left, this one included.

        Returns
        -------
        tuple of int
            Principal and interest to be paid now.
        """
        if self.repayment == "due" and number < self.due:
            return 0, 0
        if ending or self.repayment == "due":
            return self.pay_off()
        if self.repayment != "spread":
            return 0, 0
        if self.spread_payment is None or payments != self.left:
            self.spread_payment = SpreadPayment(
                round_ratio(self.principal, payments, rounding),
                round_ratio(self.interest, payments, rounding),
                payments,
                self.principal,
                self.interest,
            )
        self.left = payments - 1
        principal = min(self.spread_payment.principal, self.principal)
        interest = self.spread_payment.interest
        if abs(interest) > abs(self.interest):
            interest = self.interest
        paid = interest + self.accrued_interest
        self.principal -= principal
        self.interest -= interest
        self.accrued_interest = 0
        return principal, paid

    def pay_off(self) -> tuple[int, int]:
        """Pay all that is owed: principal and interest."""
        paid = self.principal, self.interest + self.accrued_interest
        self.principal = self.interest = self.accrued_interest = 0
        return paid

    def lower_interest(self, amount: int) -> int:
        """Lower the interest owed by at most `amount`; return by how much.

        Interest below zero is owed to the borrower, and stays.
        """
        lowered = min(amount, self.due_interest)
        rest = lowered - min(lowered, self.accrued_interest)
        self.accrued_interest -= lowered - rest
        self.interest -= rest
        if lowered:
            self.spread_payment = None
        return lowered

    def lower_principal(self, amount: int) -> int:
        """Lower the principal owed by at most `amount`; return by how much."""
        lowered = min(amount, self.principal)
        self.principal -= lowered
        if lowered:
            self.spread_payment = None
        return lowered


@dataclass(frozen=True, slots=True)
class PaymentHoliday:
    """A due date without an instalment: its deferral, and the first and last due date of that.

    If it `moves`, only the instalment of that due date is deferred. `change` is the number of
    the deferral among the changes.
    """

    deferral: Deferral
    first: int
    last: int
    moves: bool = False
    change: int = 0

    @property
    def waives(self) -> bool:
        """Whether the interest of the period is waived."""
        return self.deferral.interest == "waive" and not self.moves

    @property
    def skips(self) -> bool:
        """Whether no part of an instalment is paid: it moves away otherwise, or pays principal alone."""
        return not self.moves and self.deferral.pause != "interest"

    def capitalises(self, number: int) -> bool:
        """Whether deferred interest joins the principal on this due date."""
        every = self.deferral.capitalise_every
        turn = every is not None and (number - self.first + 1) % every == 0
        return turn or number == self.last


def kind_of_arrears(column: str) -> Literal["interest", "charges"]:
    """Return the kind of arrears paid in a column: overdue interest, or charges."""
    return "interest" if column == "deferred_interest" else "charges"
