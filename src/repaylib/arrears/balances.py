"""What is owed, by kind, and how each instalment stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from repaylib.arrears.instalment_due import Bill, Kind
from repaylib.money.amounts import add
from repaylib.typing import Bucket, Rounding, Status

__all__ = ["BUCKETS", "Owed", "Standing", "bucket_of", "owed_of", "standing", "sum_of"]


#: Ageing buckets: the most days past due of each, and its name.
BUCKETS: tuple[tuple[int, Bucket], ...] = (
    (0, "current"),
    (30, "1-30"),
    (60, "31-60"),
    (90, "61-90"),
)


def bucket_of(days_past_due: int) -> Bucket:
    """Return the ageing bucket of a number of days past due.

    Examples
    --------
    >>> [bucket_of(days) for days in (0, 1, 30, 31, 90, 91)]
    ['current', '1-30', '1-30', '31-60', '61-90', '90+']
    """
    return next((name for most, name in BUCKETS if days_past_due <= most), "90+")


@dataclass(frozen=True, slots=True)
class Owed:
    """Amounts by kind, in major units.

    Attributes
    ----------
    principal
        Principal.
    interest
        Interest.
    deferred_interest
        Interest that was put off.
    fees
        Fees, late fees and taxes.
    penalty
        The penalty on what is overdue.
    penalty_interest
        Interest on overdue interest.
    costs
        Costs of enforcement.
    """

    principal: Decimal
    interest: Decimal
    deferred_interest: Decimal
    fees: Decimal
    penalty: Decimal
    penalty_interest: Decimal
    costs: Decimal

    @property
    def total(self) -> Decimal:
        """All of it."""
        return add(*self.parts.values())

    @property
    def parts(self) -> dict[str, Decimal]:
        """The amounts by name."""
        return {
            "principal": self.principal,
            "interest": self.interest,
            "deferred interest": self.deferred_interest,
            "fees": self.fees,
            "penalty": self.penalty,
            "penalty on interest": self.penalty_interest,
            "costs": self.costs,
        }

    def __str__(self) -> str:
        found = [f"{name} {amount:,f}" for name, amount in self.parts.items() if amount]
        return f"{self.total:,f}" + (f" ({', '.join(found)})" if found else "")


def owed_of(parts: Mapping[Kind, int], money: Callable[[int], Decimal]) -> Owed:
    """Return minor units by kind as amounts."""

    def of(kind: Kind) -> Decimal:
        return money(parts.get(kind, 0))

    return Owed(
        principal=of("principal"),
        interest=of("interest"),
        deferred_interest=of("deferred_interest"),
        fees=of("fee"),
        penalty=of("penalty"),
        penalty_interest=of("penalty_interest"),
        costs=of("costs"),
    )


def sum_of(one: Owed, other: Owed) -> Owed:
    """Return amounts by kind, added."""
    names = list(Owed.__slots__)
    return Owed(**{name: add(getattr(one, name), getattr(other, name)) for name in names})


@dataclass(frozen=True, slots=True)
class Standing:
    """How one instalment stands. Amounts are in major units.

    Attributes
    ----------
    number
        Number of the due date; 0 for what is no instalment.
    due
        The day on which it falls due.
    name
        What it is, if no instalment: ``"balance"``, ``"settlement"``, or what a charge was for.
    status
        ``"paid"``, ``"paid in advance"``, ``"paid late"``, ``"part paid"``, ``"missed"``,
        ``"due"`` (today), ``"not yet due"``, ``"overpaid"`` (the last, if more was paid than
        owed), ``"owed to borrower"`` (it has fallen due and is below zero, as at a negative rate)
        or ``"waived"``.
    asked
        What is asked for, by kind, with what being late has cost so far.
    paid
        What was paid of it, by kind.
    waived
        What was given up.
    open
        What is still owed of it, by kind.
    paid_in_advance
        How much was paid before the due date.
    paid_late
        How much was paid after it.
    paid_on
        When the last of it was paid; ``None`` if something is open.
    days_late
        Days from the due date to the day on which all that the schedule asks for was paid or
        waived or, if some of it is open, to the day of the statement. A penalty or a late fee that
        is open makes no instalment late: due on 5 May and paid on 20 May without the penalty, it
        is 15 days late on any later day. A charge is late until all of it is paid.
    """

    number: int
    due: date
    name: str
    status: Status
    asked: Owed
    paid: Owed
    waived: Decimal
    open: Owed
    paid_in_advance: Decimal
    paid_late: Decimal
    paid_on: date | None
    days_late: int

    @property
    def amount(self) -> Decimal:
        """All that is asked for."""
        return self.asked.total

    @property
    def outstanding(self) -> Decimal:
        """All that is open."""
        return self.open.total

    def cells(self) -> list[str]:
        """Return what a table shows of it."""
        return [
            str(self.number) if self.number else "",
            str(self.due),
            f"{self.amount:,f}",
            f"{self.paid.total:,f}",
            "" if self.paid_on is None else str(self.paid_on),
            str(self.days_late) if self.days_late else "",
            f"{self.outstanding:,f}",
            self.status + (f" ({self.name})" if self.name else ""),
        ]


def standing(
    bill: Bill,
    as_of: date,
    rounding: Rounding,
    money: Callable[[int], Decimal],
    *,
    overpaid: bool = False,
) -> Standing:
    """Return how a bill stands on a day."""
    kinds = bill.kinds
    asked = {kind: bill.charged(kind, as_of, rounding) for kind in kinds}
    open_ = {kind: bill.open(kind, as_of, rounding) for kind in kinds}
    left = sum(open_.values())
    last = max((each.on for each in bill.payments), default=None)
    before = sum(each.amount for each in bill.payments if each.on < bill.due)
    after = sum(each.amount for each in bill.payments if each.on > bill.due)
    waived = sum(bill.waived.values())
    status: Status
    if left:
        paid = any(bill.paid.values())
        status = "not yet due" if bill.due > as_of else "due" if bill.due == as_of else "missed"
        status = "part paid" if paid else status
        if left < 0 and bill.due <= as_of:
            status = "owed to borrower"
    elif last is None:
        status = "waived" if waived else "paid"
    elif after:
        status = "paid late"
    else:
        status = "paid in advance" if before == sum(bill.paid.values()) else "paid"
    return Standing(
        number=bill.number,
        due=bill.due,
        name=bill.name,
        status="overpaid" if overpaid else status,
        asked=owed_of(asked, money),
        paid=owed_of(bill.paid, money),
        waived=money(waived),
        open=owed_of(open_, money),
        paid_in_advance=money(before),
        paid_late=money(after),
        paid_on=None if left else last,
        days_late=bill.days_late(as_of),
    )
