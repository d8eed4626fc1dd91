"""An entry of the ledger: one day, its amounts in whole minor units, and the segments behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple, TypeVar

from repaylib.dates.accrual import Accrual
from repaylib.engine.deferred_amounts import DeferredAmount
from repaylib.terms.fees import Fee
from repaylib.typing import Rounding
from repaylib.wording.sentence import Sentence

__all__ = [
    *("BESIDE", "SPARSE", "DeferredBase", "Entry", "Origin", "Segment", "Split", "TakenInterest"),
    "apart",
]

#: Columns that are zero on most days, kept only where they are not.
SPARSE = (
    "deferred_interest",
    "fee",
    "penalty",
    "tax",
    "refund",
    "prepaid",
    "advanced",
    "capitalised",
    "waived",
    "forgiven",
    "forgiven_interest",
)

#: Columns that no row shows, kept only where they are not zero. They hold the part of a row that is
#: not paid in money: fees, and the tax on them, that are deducted or financed; arrears added to the
#: loan, by kind (those of the start are in the first row, which may be later); arrears paid; arrears
#: forgiven; and fees that a cap on costs has cut.
BESIDE = (
    "non_cash",
    "start_interest",
    "start_charges",
    "arrears_interest",
    "arrears_charges",
    "cleared_interest",
    "cleared_charges",
    "arrears_forgiven",
    "waived_fees",
)


class Segment(NamedTuple):
    """Days on which one base accrued interest at one rate.

    Attributes
    ----------
    base
        Minor units that bear interest.
    rate
        Nominal rate per year.
    start, end
        First day counted, and the first day not counted.
    share
        The days as a share of a year.
    kind
        ``"interest"``, ``"waived"``, or ``"moved"`` (on an instalment that was moved).
    account
        Number of the account, whose interest is rounded separately: 0 is the balance, others
        are moved instalments.
    """

    base: int
    rate: Fraction
    start: date
    end: date
    share: Fraction
    kind: str
    account: int = 0

    @property
    def interest(self) -> Fraction:
        """The interest of the segment, in minor units, unrounded."""
        return self.base * self.rate * self.share


class Origin(NamedTuple):
    """Where an amount in one of the rarer columns comes from, in a traced fold.

    Attributes
    ----------
    column
        Its name.
    amount
        Minor units.
    text
        A phrase that describes it and follows the amount.
    base, share, rounding
        If it is a share: the base (minor units) and the share, and how it is rounded, if not as the
        loan is.
    terms
        If it is a sum: its terms, each with a phrase and minor units; negative ones are deducted.
    each_day
        Whether the base is a sum over days.
    """

    column: str
    amount: int
    text: Sentence
    base: int = 0
    share: Fraction | None = None
    terms: tuple[tuple[Sentence, int], ...] = ()
    rounding: Rounding | None = None
    each_day: bool = False


class TakenInterest(NamedTuple):
    """Interest paid between due dates, of what had accrued since the one before.

    Attributes
    ----------
    segments
        The segments it accrued over.
    share
        How much of it is paid.
    before, charged
        What had accrued besides the segments, and how much of it all was charged, as for
        :attr:`Entry.before`.
    """

    segments: tuple[Segment, ...]
    share: Fraction
    before: Fraction
    charged: int


_MUTABLE = {list, dict, set}


_S = TypeVar("_S")


def apart(one: _S, slots: tuple[str, ...]) -> _S:
    """Return a copy of an object whose lists, dictionaries and sets are copied; their items are shared."""
    other: _S = object.__new__(type(one))
    for name in slots:
        value = getattr(one, name)
        setattr(other, name, value.copy() if type(value) in _MUTABLE else value)
    return other


class Entry:
    """One day. Amounts are minor units and start at zero.

    Attributes
    ----------
    day, number
        The day, and the number of its due date; 0 if it is none.
    accrued
        Interest rounded and posted.
    interest, principal, payment
        Paid: interest posted the same day, principal, and the total.
    closing
        Principal owed at the end of the day.
    sparse
        Columns that are zero on most days (:data:`SPARSE` and :data:`BESIDE`), where they are not.
    fees
        The fees charged, each with its amount and the tax on it.
    segments
        The segments of interest posted; only in a traced fold.
    origins
        Where amounts in the rarer columns come from; only in a traced fold.
    instalment
        If an instalment was due: the place in :attr:`~repaylib.engine.ledger.Ledger.plans` of how it
        was set, and the amount; only in a traced fold.
    before
        Of interest that is rounded as a whole: the amount accrued besides the segments, unrounded,
        and the part posted; only in a traced fold.
    taken
        The interest paid with prepayments, before the day on which it is posted; only in a traced
        fold.
    """

    __slots__ = (
        "accrued",
        "before",
        "closing",
        "day",
        "fees",
        "instalment",
        "interest",
        "number",
        "origins",
        "payment",
        "principal",
        "segments",
        "sparse",
        "taken",
    )

    def __init__(self, day: date, number: int) -> None:
        self.day = day
        self.number = number
        self.accrued = 0
        self.interest = 0
        self.principal = 0
        self.payment = 0
        self.closing = 0
        self.sparse: dict[str, int] = {}
        self.fees: tuple[tuple[Fee, int, int], ...] = ()
        self.segments: list[Segment] = []
        self.origins: list[Origin] = []
        self.instalment: tuple[int, int] | None = None
        self.before: tuple[Fraction, int] | None = None
        self.taken: list[TakenInterest] = []

    def add(self, column: str, amount: int) -> None:
        """Add to one of the sparse columns."""
        if amount:
            self.sparse[column] = self.sparse.get(column, 0) + amount

    def pay(self, column: str, amount: int) -> None:
        """Add a payment to one of the sparse columns."""
        self.payment += amount
        self.add(column, amount)

    def duplicate(self) -> Entry:
        """Return an independent copy of the day."""
        return apart(self, Entry.__slots__)

    @property
    def out_of_pocket(self) -> int:
        """The amount paid in money on the day; see :mod:`repaylib.schedule.row_equations`."""
        return self.payment - self.sparse.get("non_cash", 0)

    def __len__(self) -> int:
        return 1


#: A deferred amount, its base, its own rate, and what it had accrued before.
DeferredBase = tuple[DeferredAmount, int, Fraction | None, Fraction]


class Split(NamedTuple):
    """Where a period was split: the segment that then ended, and the state at its beginning.

    Attributes
    ----------
    accrued_to, accrued, waived, notes
        The state before the interest of the segment: the day, the two sums, and how many notes.
    accrual
        The day count and due dates of the segment.
    terms
        The base of interest, the rate, and whether the interest was waived.
    deferred_amounts
        The deferred amounts that accrue interest: base, rate, and what had accrued before.
    """

    accrued_to: date
    accrued: Fraction
    waived: Fraction
    notes: int
    accrual: Accrual
    terms: tuple[int, Fraction, bool]
    deferred_amounts: tuple[DeferredBase, ...]

    def holds(
        self,
        accrual: Accrual,
        terms: tuple[int, Fraction, bool],
        deferred_amounts: Sequence[DeferredAmount],
    ) -> bool:
        """Whether nothing that interest depends on has changed since the segment began."""
        if self.accrual is not accrual or self.terms != terms:
            return False
        bearing = [deferred for deferred in deferred_amounts if deferred.base]
        return len(bearing) == len(self.deferred_amounts) and all(
            deferred is before and (deferred.base, deferred.rate) == (base, rate)
            for deferred, (before, base, rate, _) in zip(
                bearing, self.deferred_amounts, strict=True
            )
        )

    def segments(self, start: date, day: date, share: Fraction) -> list[Segment]:
        """Return its segments of interest from one day to another, for the derivation."""
        bearing, nominal, waiving = self.terms
        found = [Segment(bearing, nominal, start, day, share, "waived" if waiving else "interest")]
        for deferred, base, own, _ in self.deferred_amounts:
            rate = nominal if own is None else own
            kind = "waived" if deferred.waived or waiving else "moved"
            account = 0 if waiving else deferred.account
            found.append(Segment(base, rate, start, day, share, kind, account))
        return found

    def among(self, own: Mapping[int, DeferredAmount]) -> Split:
        """Return the same split for a copy of the state, which has deferred amounts of its own."""
        if not self.deferred_amounts:
            return self
        return self._replace(
            deferred_amounts=tuple(
                (own.get(id(deferred), deferred), base, rate, accrued)
                for deferred, base, rate, accrued in self.deferred_amounts
            )
        )
