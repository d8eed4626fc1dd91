"""The derivation of a statement: how much is owed and why, line by line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from repaylib.arrears.due_amounts import KINDS, Kind
from repaylib.arrears.instalment_due import InstalmentDue
from repaylib.arrears.servicing_state import ServicingState
from repaylib.schedule.figures import AccrualSegment, to_eight

NAMES: dict[Kind, str] = {
    "costs": "costs",
    "fee": "fees",
    "penalty_interest": "penalty on interest",
    "penalty": "penalty",
    "deferred_interest": "deferred interest",
    "interest": "interest",
    "principal": "principal",
}


def derivation(state: ServicingState, day: date) -> str:
    """Derive line by line how much is owed on a day."""
    show = state.loan.show
    undue = state.after_receipts(state.payoff(day))
    owed = state.owed(day)
    lines = [f"owed on {day}: {show(owed + sum(undue.values()) - state.credit)}"]
    for item in state.open_items:
        if item.owes(day, state.rounding):
            lines += _item_lines(state, item, day)
    if undue:
        parts = [f"{NAMES[kind]} {show(undue[kind])}" for kind in KINDS[::-1] if undue.get(kind)]
        lines.append(f"not yet due: {show(sum(undue.values()))}")
        lines.append(f"    = {' + '.join(parts) or 'nothing'}")
    if state.credit:
        lines.append(f"money held, paid ahead: -{show(state.credit)}")
        lines += [
            f"    {show(held.amount)} received on {held.on}" for held in state.unallocated_receipts
        ]
    elif state.unallocated:
        lines.append(f"paid ahead, and taken off already: {show(state.unallocated)}")
        lines += [
            f"    {show(held.amount)} received on {held.on} (interest {show(held.interest)}, "
            f"principal {show(held.amount - held.interest)})"
            for held in state.unallocated_receipts
        ]
    if state.unplanned_deviation:
        lines.append(
            f"of it {show(state.unplanned_deviation)} beside the plan: interest on it runs as planned"
        )
    return "\n".join(lines)


def _item_lines(state: ServicingState, item: InstalmentDue, day: date) -> list[str]:
    show, rounding = state.loan.show, state.rounding
    name = f"instalment {item.number}" if item.number else item.name or "due"
    late = item.days_late(day)
    since = f", {late} day{'s' * (late != 1)} late" if late else ""
    lines = [f"{name}, due on {item.due}{since}: {show(item.owes(day, rounding))}"]
    for kind in KINDS[::-1]:
        charged = item.charged(kind, day, rounding)
        asked = item.due_parts.get(kind, 0)
        if charged:
            lines.append(f"    {NAMES[kind]} {show(charged)}")
        if charged and kind in item.penalty_segments:
            lines += [f"        {segment}" for segment in _merged_segments(state, item, kind)]
            exact = item.accrued.get(kind, Fraction(0)) / 10**state.loan.decimals
            limited = ", limited" if item.capped else ""
            lines.append(f"        = {to_eight(exact)} unrounded, {rounding}{limited}")
            if asked:
                lines.append(f"        and {show(asked)} asked for before")
        if kind == "fee" and item.late_fee:
            lines.append(f"        of it {show(item.late_fee)} late fee")
    for paid in item.payments:
        parts = ", ".join(f"{NAMES[kind]} {show(amount)}" for kind, amount in paid.parts.items())
        lines.append(f"    paid on {paid.on}: -{show(paid.amount)} ({parts})")
    for kind, amount in item.waived.items():
        lines.append(f"    waived of the {NAMES[kind]}: -{show(amount)}")
    return lines


def _merged_segments(
    state: ServicingState, item: InstalmentDue, kind: Kind
) -> list[AccrualSegment]:
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
