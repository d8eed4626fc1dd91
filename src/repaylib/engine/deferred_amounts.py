"""Amounts set aside: what a deferral has put off, with the word for when it is paid."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from repaylib.changes.deferral import Deferral
from repaylib.money.rounding import ZERO, round_fraction, round_ratio
from repaylib.typing import Rounding

__all__ = ["Aside", "Bears", "Pass", "Share", "Terms", "kind_of_arrears"]

#: ``"due"``: with the first payment on or after due date `due`; ``"spread"``: evenly over the
#: payments left; ``"last"``: with the last payment; ``"capitalise"``: joins the principal;
#: ``"instalment"``: out of the next instalment, not on top of it.
Terms = Literal["due", "spread", "last", "capitalise", "instalment"]

#: What of it bears interest.
Bears = Literal["nothing", "principal", "all"]


class Share(NamedTuple):
    """What one payment of a spread takes.

    Attributes
    ----------
    principal, interest
        Minor units of one payment.
    payments
        Over how many payments it is spread.
    of_principal, of_interest
        What is spread.
    """

    principal: int
    interest: int
    payments: int
    of_principal: int
    of_interest: int


@dataclass(slots=True)
class Aside:
    """An amount set aside, in minor units.

    Deferred interest is an `Aside` without principal that bears nothing. An instalment moved
    by itself has principal and interest and may go on bearing interest.

    Attributes
    ----------
    terms, due
        When it is paid; `due` is the number of a due date.
    principal, interest
        What was set aside and is still owed.
    bears
        What of it bears interest; never the interest it has borne itself.
    borne
        Interest it has borne, posted and still owed.
    rate
        The rate it bears, if not the loan's.
    waived
        Whether the interest it bears is waived as it is posted.
    accrued
        Interest borne since the last posting, exact.
    part
        One payment of a spread, once it is fixed.
    left
        Over how many payments the rest of a spread goes, if the end stays where it is.
    ready
        Whether it joins the principal at the end of this day.
    account
        For the derivation: the interest of each moved instalment is rounded by itself.
    words
        For the derivation: which interest was set aside, and when; or which instalment.
    change
        Number of the change that moved an instalment.
    column
        In which column its interest is paid; what was carried over may be a penalty or a fee.
    arrears
        Whether it is arrears that were taken in, and so was owed before.
    """

    terms: Terms
    due: int
    principal: int
    interest: int
    bears: Bears = "nothing"
    borne: int = 0
    rate: Fraction | None = None
    waived: bool = False
    accrued: Fraction = ZERO
    part: Share | None = None
    left: int = 0
    ready: bool = False
    account: int = 0
    words: str = ""
    change: int = 0
    column: str = "deferred_interest"
    arrears: bool = False

    @property
    def base(self) -> int:
        """What bears interest."""
        if self.bears == "nothing":
            return 0
        return self.principal + (self.interest if self.bears == "all" else 0)

    @property
    def forborne(self) -> int:
        """Principal that bears nothing and is due with the last payment; not a moved instalment."""
        return self.principal if self.terms == "last" and not self.account else 0

    @property
    def source(self) -> str:
        """Which interest is paid with it, in words."""
        return f"the interest of and on {self.words}" if self.account else self.words

    @property
    def due_interest(self) -> int:
        """The interest that the borrower owes of it."""
        return max(0, self.interest + self.borne)

    @property
    def empty(self) -> bool:
        """Whether nothing of it is left; parts that make up for one another are left."""
        return not (self.principal or self.interest or self.borne or self.accrued)

    def post(self, rounding: Rounding) -> int:
        """Round the interest borne since the last posting; add it, if not waived; return it."""
        posted = round_fraction(self.accrued, rounding)
        self.accrued = ZERO
        if not self.waived:
            self.borne += posted
        return posted

    def take(self, number: int, payments: int, ending: bool, rounding: Rounding) -> tuple[int, int]:
        """Take what is payable on due date `number`, with `payments` payments left, this included.

        Returns
        -------
        tuple of int
            Principal and interest to be paid now.
        """
        if self.terms == "due" and number < self.due:
            return 0, 0
        if ending or self.terms == "due":
            return self.take_all()
        if self.terms != "spread":
            return 0, 0
        if self.part is None or payments != self.left:
            self.part = Share(
                round_ratio(self.principal, payments, rounding),
                round_ratio(self.interest, payments, rounding),
                payments,
                self.principal,
                self.interest,
            )
        self.left = payments - 1
        principal = min(self.part.principal, self.principal)
        interest = self.part.interest
        if abs(interest) > abs(self.interest):
            interest = self.interest
        paid = interest + self.borne
        self.principal -= principal
        self.interest -= interest
        self.borne = 0
        return principal, paid

    def take_all(self) -> tuple[int, int]:
        """Take all that is owed: principal and interest."""
        taken = self.principal, self.interest + self.borne
        self.principal = self.interest = self.borne = 0
        return taken

    def lower_interest(self, amount: int) -> int:
        """Lower the interest owed by at most `amount`; return by how much.

        Interest below zero is owed to the borrower, and stays.
        """
        lowered = min(amount, self.due_interest)
        rest = lowered - min(lowered, self.borne)
        self.borne -= lowered - rest
        self.interest -= rest
        if lowered:
            self.part = None
        return lowered

    def lower_principal(self, amount: int) -> int:
        """Lower the principal owed by at most `amount`; return by how much."""
        lowered = min(amount, self.principal)
        self.principal -= lowered
        if lowered:
            self.part = None
        return lowered


@dataclass(frozen=True, slots=True)
class Pass:
    """A due date to be passed over: the deferral, and its first and last due date.

    If it `moves`, only the instalment of that due date is put off. `change` is the number of
    the deferral among the changes.
    """

    words: Deferral
    first: int
    last: int
    moves: bool = False
    change: int = 0

    @property
    def waives(self) -> bool:
        """Whether the interest of the period is waived."""
        return self.words.interest == "waive" and not self.moves

    def capitalises(self, number: int) -> bool:
        """Whether interest put off joins the principal on this due date."""
        every = self.words.capitalise_every
        turn = every is not None and (number - self.first + 1) % every == 0
        return turn or number == self.last


def kind_of_arrears(column: str) -> Literal["interest", "charges"]:
    """Return whether arrears paid in a column are overdue interest, or charges."""
    return "interest" if column == "deferred_interest" else "charges"
