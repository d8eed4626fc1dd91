"""A cap on all that a loan costs: interest, fees, penalties and late fees together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

from repaylib.errors import TermsError, write
from repaylib.money.amounts import parse_positive_amount
from repaylib.rates.rate import Share, parse_share
from repaylib.typing import Amount, ShareLike
from repaylib.wording.sentence import Listed, Money, Sentence, Worded

__all__ = ["CostCap", "CostRoom", "room_of"]


@dataclass(frozen=True, slots=True, init=False)
class CostCap(Worded):
    """A cap on all that a loan costs. What goes above it is not charged.

    Interest is cut when it is posted, and recorded as waived. A fee is cut when it is charged;
    ``columns["waived_fees"]`` has what was cut.
    Penalties and late fees of a statement are limited to what the schedule leaves of the cap. Taxes
    do not count, nor do arrears that a loan takes over, nor costs of enforcement. At least one is given.

    Parameters
    ----------
    total
        The most in all, as a share of the amounts lent: with ``"100%"``, 300.00 on 300.00.
    daily
        The most up to any day, as a share of the principal owed on each day before it: with
        ``"0.8%"``, 72.00 on 300.00 after 30 days. A penalty accrues at most this much a day on
        what it is charged on.
    late
        The most of all late fees of the loan together, in major units.

    Raises
    ------
    TermsError
        If none is given.

    Examples
    --------
    >>> import repaylib as rp
    >>> cap = rp.terms.CostCap(total="100%", daily="0.8%", late="15")
    >>> print(cap)
    all costs come to at most 100% of the amount lent; up to any day, costs come to at most 0.8% of the
    principal a day; late fees come to at most 15 in all
    >>> loan = rp.Loan("300", rp.daily("0.8%", basis=365), 1, "2024-03-01", first_payment="2024-09-01",
    ...                day_count="actual/365", method="bullet", cost_cap=cap)
    >>> rp.amortise(loan)[0].interest, rp.amortise(loan).total_waived
    (Decimal('300.00'), Decimal('141.60'))
    """

    total: Fraction | None
    daily: Fraction | None
    late: Decimal | None

    def __init__(
        self,
        total: ShareLike | None = None,
        *,
        daily: ShareLike | None = None,
        late: Amount | None = None,
    ) -> None:
        if total is None and daily is None and late is None:
            raise TermsError("total", None, "one of total, daily and late", write(total="100%"))
        store = object.__setattr__
        store(self, "total", None if total is None else parse_share(total, "total", 100))
        store(self, "daily", None if daily is None else parse_share(daily, "daily", 1))
        store(self, "late", None if late is None else parse_positive_amount(late, "late"))

    def sentences(self, money: Callable[[Decimal], Money] = Money) -> list[Sentence]:
        """Return the limits as parts of a sentence; `money` writes an amount."""
        parts = []
        if self.total is not None:
            parts.append(Sentence("cost_cap.total", share=Share(self.total)))
        if self.daily is not None:
            parts.append(Sentence("cost_cap.daily", share=Share(self.daily)))
        if self.late is not None:
            parts.append(Sentence("cost_cap.late", amount=money(self.late)))
        return parts

    def _worded(self) -> Listed:
        return Listed(self.sentences(), "clause")


class CostRoom:
    """What a cap on costs leaves to be charged, in minor units, as the days of a loan pass.

    Attributes
    ----------
    charged
        Interest and fees charged so far.
    lent
        The amounts lent so far, of which the total is a share.
    """

    __slots__ = ("_allowed", "_allowed_to", "_cap", "charged", "lent")

    def __init__(self, cap: CostCap, lent: int, start: date) -> None:
        self._cap = cap
        self._allowed, self._allowed_to = Fraction(0), start
        self.lent = lent
        self.charged = 0

    def lend(self, amount: int) -> None:
        """Note that more is lent."""
        self.lent += amount

    def allow(self, day: date, owed: int) -> None:
        """Let the days up to one allow more, on each of which so much principal was owed."""
        if self._cap.daily is not None and day > self._allowed_to:
            self._allowed += owed * self._cap.daily * (day - self._allowed_to).days
            self._allowed_to = day

    def take(self, charge: int) -> int:
        """Return how much of a charge is charged; one below zero makes room again."""
        if self._cap.total is not None:
            charge = min(charge, max(0, floor(self.lent * self._cap.total) - self.charged))
        if self._cap.daily is not None:
            charge = min(charge, max(0, floor(self._allowed) - self.charged))
        self.charged += charge
        return charge


def room_of(cap: CostCap | None, lent: int, start: date) -> CostRoom | None:
    """Return what a cap leaves at the start of a loan; ``None`` without one."""
    return None if cap is None else CostRoom(cap, lent, start)
