"""What is owed by kind, the status of every instalment, and the ageing bucket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from repaylib.arrears.due_amounts import Kind
from repaylib.arrears.instalment_due import InstalmentDue
from repaylib.money.amounts import add
from repaylib.typing import Bucket, Rounding, Status

#: Ageing buckets: the most days past due of a bucket, and its name.
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
class Balances:
    """Amounts by kind, in major units.

    Attributes
    ----------
    principal
        Principal.
    interest
        Interest.
    deferred_interest
        Deferred interest.
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

    def __add__(self, other: Balances) -> Balances:
        names = Balances.__slots__
        return Balances(**{name: add(getattr(self, name), getattr(other, name)) for name in names})

    def __str__(self) -> str:
        found = [f"{name} {amount:,f}" for name, amount in self.parts.items() if amount]
        return f"{self.total:,f}" + (f" ({', '.join(found)})" if found else "")


def balances_of(parts: Mapping[Kind, int], money: Callable[[int], Decimal]) -> Balances:
    """Return minor units by kind as amounts."""

    def of(kind: Kind) -> Decimal:
        return money(parts.get(kind, 0))

    return Balances(
        principal=of("principal"),
        interest=of("interest"),
        deferred_interest=of("deferred_interest"),
        fees=of("fee"),
        penalty=of("penalty"),
        penalty_interest=of("penalty_interest"),
        costs=of("costs"),
    )


@dataclass(frozen=True, slots=True)
class InstalmentStatus:
    """The status of an instalment. Amounts are in major units.

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
        The amounts due, by kind, with the penalties accrued so far.
    paid
        The amounts paid, by kind.
    waived
        The amount waived.
    open
        The amounts still owed, by kind.
    paid_in_advance
        How much was paid before the due date.
    paid_late
        How much was paid after it.
    paid_on
        When the last of it was paid; ``None`` if something is open.
    days_late
        Days from the due date to the day on which the amount in the schedule was paid or waived
        in full or, if some of it is open, to the day of the statement. A penalty or a late fee that
        is open makes no instalment late: due on 5 May and paid on 20 May without the penalty, it
        is 15 days late on any later day. A charge is late until all of it is paid.
    """

    number: int
    due: date
    name: str
    status: Status
    asked: Balances
    paid: Balances
    waived: Decimal
    open: Balances
    paid_in_advance: Decimal
    paid_late: Decimal
    paid_on: date | None
    days_late: int

    @property
    def amount(self) -> Decimal:
        """The total amount due."""
        return self.asked.total

    @property
    def outstanding(self) -> Decimal:
        """The total amount still owed."""
        return self.open.total

    def cells(self) -> list[str]:
        """Return its cells in a table."""
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


def status_of(
    item: InstalmentDue,
    as_of: date,
    rounding: Rounding,
    money: Callable[[int], Decimal],
    *,
    overpaid: bool = False,
) -> InstalmentStatus:
    """Return the status of an instalment on a day."""
    kinds = item.kinds
    asked = {kind: item.charged(kind, as_of, rounding) for kind in kinds}
    open_ = {kind: item.open(kind, as_of, rounding) for kind in kinds}
    left = sum(open_.values())
    last = max((paid.on for paid in item.payments), default=None)
    before = sum(paid.amount for paid in item.payments if paid.on < item.due)
    after = sum(paid.amount for paid in item.payments if paid.on > item.due)
    waived = sum(item.waived.values())
    status: Status
    if left:
        status = "not yet due" if item.due > as_of else "due" if item.due == as_of else "missed"
        status = "part paid" if any(item.paid.values()) else status
        if left < 0 and item.due <= as_of:
            status = "owed to borrower"
    elif last is None:
        status = "waived" if waived else "paid"
    elif after:
        status = "paid late"
    else:
        status = "paid in advance" if before == sum(item.paid.values()) else "paid"
    return InstalmentStatus(
        number=item.number,
        due=item.due,
        name=item.name,
        status="overpaid" if overpaid else status,
        asked=balances_of(asked, money),
        paid=balances_of(item.paid, money),
        waived=money(waived),
        open=balances_of(open_, money),
        paid_in_advance=money(before),
        paid_late=money(after),
        paid_on=None if left else last,
        days_late=item.days_late(as_of),
    )
