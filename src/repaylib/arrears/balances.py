"""What is owed by kind, the derivation of its total, and the status of every instalment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from repaylib.arrears.due_amounts import KINDS, Kind
from repaylib.arrears.instalment_due import InstalmentDue
from repaylib.arrears.servicing import forecast
from repaylib.arrears.servicing_state import ServicingState
from repaylib.money.amounts import add
from repaylib.schedule.figures import AccrualSegment, to_eight
from repaylib.typing import Rounding, Status
from repaylib.wording.sentence import (
    Listed,
    Sentence,
    Worded,
    indented,
    lines_of,
    word_or_text,
)


@dataclass(frozen=True, slots=True)
class Balances(Worded):
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

    def _worded(self) -> object:
        found = [
            Sentence("amount_of", name=Sentence(f"balance.{name}"), amount=f"{amount:,f}")
            for name in Balances.__slots__
            if (amount := getattr(self, name))
        ]
        total = f"{self.total:,f}"
        return Sentence("balances", total=total, parts=Listed(found, "names")) if found else total


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

    @property
    def what(self) -> Sentence | str:
        """What it is, if no instalment; empty for an instalment."""
        return word_or_text("item", self.name)

    def cells(self) -> list[object]:
        """Return its cells in a table."""
        status: object = Sentence(f"status.{self.status}")
        if self.name:
            status = Sentence("status.named", status=status, name=self.what)
        return [
            str(self.number) if self.number else "",
            str(self.due),
            f"{self.amount:,f}",
            f"{self.paid.total:,f}",
            "" if self.paid_on is None else str(self.paid_on),
            str(self.days_late) if self.days_late else "",
            f"{self.outstanding:,f}",
            status,
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


class StatusOfInstalments:
    """The status of every instalment of a statement, which is made when it is first asked for."""

    __slots__ = ("_instalments",)

    as_of: date
    servicing: ServicingState
    _instalments: tuple[InstalmentStatus, ...]

    @property
    def instalments(self) -> tuple[InstalmentStatus, ...]:
        """The status of every instalment.

        Future instalments are as they will fall due if all that is due is paid on the day.
        """
        try:
            return self._instalments
        except AttributeError:  # asked for the first time
            object.__setattr__(self, "_instalments", _statuses(self.servicing, self.as_of))
            return self._instalments


def _statuses(state: ServicingState, day: date) -> tuple[InstalmentStatus, ...]:
    items = [*state.all_items, *forecast(state)]
    overpaid = state.unallocated > 0 and state.next_row() is None
    money, last = state.loan.money, len(items) - 1
    return tuple(
        status_of(item, day, state.rounding, money, overpaid=overpaid and index == last)
        for index, item in enumerate(items)
    )


# -- the derivation of a statement ---------------------------------------------------------------

#: What the kinds of amount are called: the names of :class:`Balances`.
NAMES: dict[Kind, str] = {kind: "fees" if kind == "fee" else kind for kind in KINDS}


def _named(kind: Kind, amount: str) -> Sentence:
    """Return an amount with the name of its kind."""
    return Sentence("amount_of", name=Sentence(f"balance.{NAMES[kind]}"), amount=amount)


def derivation(state: ServicingState, day: date) -> Listed:
    """Derive line by line how much is owed on a day."""
    show = state.loan.show
    undue = state.after_receipts(state.payoff(day))
    owed = state.owed(day)
    total = show(owed + sum(undue.values()) - state.credit)
    lines: list[object] = [Sentence("owed", day=day, amount=total)]
    for item in state.open_items:
        if item.owes(day, state.rounding):
            lines += _item_lines(state, item, day)
    if undue:
        parts = [_named(kind, show(undue[kind])) for kind in KINDS[::-1] if undue.get(kind)]
        lines.append(Sentence("owed.undue", amount=show(sum(undue.values()))))
        all_parts = Listed(parts, "plus") if parts else Sentence("nothing")
        lines.append(indented(Sentence("equals", what=all_parts)))
    if state.credit:
        lines.append(Sentence("owed.held", amount=show(state.credit)))
        lines += [
            indented(Sentence("owed.received", amount=show(held.amount), day=held.on))
            for held in state.unallocated_receipts
        ]
    elif state.unallocated:
        lines.append(Sentence("owed.ahead", amount=show(state.unallocated)))
        for held in state.unallocated_receipts:
            slots = {"amount": show(held.amount), "interest": show(held.interest)}
            principal = show(held.amount - held.interest)
            said = Sentence("owed.received_parts", day=held.on, principal=principal, **slots)
            lines.append(indented(said))
    if state.unplanned_deviation:
        lines.append(Sentence("owed.beside", amount=show(state.unplanned_deviation)))
    return lines_of(*lines)


def _item_lines(state: ServicingState, item: InstalmentDue, day: date) -> list[object]:
    show, rounding = state.loan.show, state.rounding
    name: object = word_or_text("item", item.name) if item.name else Sentence("item.due")
    if item.number:
        name = Sentence("instalment", number=item.number)
    late = item.days_late(day)
    lines: list[object] = [
        Sentence(
            "owed.late" if late else "owed.item",
            name=name,
            day=item.due,
            days=late,
            amount=show(item.owes(day, rounding)),
        )
    ]
    for kind in KINDS[::-1]:
        charged = item.charged(kind, day, rounding)
        asked = item.due_parts.get(kind, 0)
        if charged:
            lines.append(indented(_named(kind, show(charged))))
        if charged and kind in item.penalty_segments:
            lines += [indented(segment, 2) for segment in merged_segments(state, item, kind)]
            exact = item.accrued.get(kind, Fraction(0)) / 10**state.loan.decimals
            key = "unrounded.limited" if item.capped else "unrounded"
            by = Sentence(f"rounded_by.{rounding}")
            lines.append(indented(Sentence(key, exact=to_eight(exact), by=by), 2))
            if asked:
                lines.append(indented(Sentence("owed.asked", amount=show(asked)), 2))
        if kind == "fee" and item.late_fee:
            lines.append(indented(Sentence("owed.late_fee", amount=show(item.late_fee)), 2))
    for paid in item.payments:
        parts = [_named(kind, show(amount)) for kind, amount in paid.parts.items()]
        slots = {"day": paid.on, "amount": show(paid.amount)}
        lines.append(indented(Sentence("owed.paid", **slots, parts=Listed(parts, "names"))))
    for kind, amount in item.waived.items():
        name = Sentence(f"balance.{NAMES[kind]}")
        lines.append(indented(Sentence("owed.waived", name=name, amount=show(amount))))
    return lines


def merged_segments(state: ServicingState, item: InstalmentDue, kind: Kind) -> list[AccrualSegment]:
    """Return the segments with a penalty; consecutive ones of one base and rate are one."""
    money = state.loan.money
    merged: list[AccrualSegment] = []
    ends: dict[tuple[Decimal, Fraction, date], int] = {}
    for part in item.penalty_segments[kind]:
        segment = AccrualSegment(money(part.base), part.rate, part.start, part.end, part.share)
        place = ends.pop((segment.base, segment.rate, segment.start), len(merged))
        if place < len(merged):
            last = merged[place]
            share = last.share + segment.share
            merged[place] = AccrualSegment(last.base, last.rate, last.start, segment.end, share)
        else:
            merged.append(segment)
        ends.setdefault((segment.base, segment.rate, segment.end), place)
    return merged
