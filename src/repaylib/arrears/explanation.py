"""How much is owed, and why: the derivation of a statement, line by line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from repaylib.arrears.instalment_due import KINDS, Bill, Kind
from repaylib.arrears.servicing import Servicing
from repaylib.schedule.figures import Stretch, to_eight

__all__ = ["derivation", "open_of"]

NAMES: dict[Kind, str] = {
    "costs": "costs",
    "fee": "fees",
    "penalty_interest": "penalty on interest",
    "penalty": "penalty",
    "deferred_interest": "deferred interest",
    "interest": "interest",
    "principal": "principal",
}


def derivation(life: Servicing, day: date) -> str:
    """Say line by line how much is owed on a day, and why."""
    show = life.loan.show
    undue = life.after_receipts(life.payoff(day))
    owed = life.owed(day)
    lines = [f"owed on {day}: {show(owed + sum(undue.values()) - life.credit)}"]
    for bill in life.live:
        if bill.owes(day, life.rounding):
            lines += _bill(life, bill, day)
    if undue:
        parts = [f"{NAMES[kind]} {show(undue[kind])}" for kind in KINDS[::-1] if undue.get(kind)]
        lines.append(f"not yet due: {show(sum(undue.values()))}")
        lines.append(f"    = {' + '.join(parts) or 'nothing'}")
    if life.credit:
        lines.append(f"money held, paid ahead: -{show(life.credit)}")
        lines += [f"    {show(each.amount)} received on {each.on}" for each in life.held]
    elif life.pool:
        lines.append(f"paid ahead, and taken off already: {show(life.pool)}")
        lines += [
            f"    {show(each.amount)} received on {each.on} (interest {show(each.interest)}, "
            f"principal {show(each.amount - each.interest)})"
            for each in life.held
        ]
    if life.beside:
        lines.append(f"of it {show(life.beside)} beside the plan: interest on it runs as planned")
    return "\n".join(lines)


def _bill(life: Servicing, bill: Bill, day: date) -> list[str]:
    show, rounding = life.loan.show, life.rounding
    name = f"instalment {bill.number}" if bill.number else bill.name or "due"
    late = bill.days_late(day)
    since = f", {late} day{'s' * (late != 1)} late" if late else ""
    lines = [f"{name}, due on {bill.due}{since}: {show(bill.owes(day, rounding))}"]
    for kind in KINDS[::-1]:
        charged = bill.charged(kind, day, rounding)
        asked = bill.asked.get(kind, 0)
        if charged:
            lines.append(f"    {NAMES[kind]} {show(charged)}")
        if charged and kind in bill.stretches:
            lines += [f"        {each}" for each in _stretches(life, bill, kind)]
            exact = bill.exact.get(kind, Fraction(0)) / 10**life.loan.decimals
            limited = ", limited" if bill.capped else ""
            lines.append(f"        = {to_eight(exact)} unrounded, {rounding}{limited}")
            if asked:
                lines.append(f"        and {show(asked)} asked for before")
        if kind == "fee" and bill.late_fee:
            lines.append(f"        of it {show(bill.late_fee)} late fee")
    for paid in bill.payments:
        parts = ", ".join(f"{NAMES[kind]} {show(amount)}" for kind, amount in paid.parts.items())
        lines.append(f"    paid on {paid.on}: -{show(paid.amount)} ({parts})")
    for kind, amount in bill.waived.items():
        lines.append(f"    waived of the {NAMES[kind]}: -{show(amount)}")
    return lines


def _stretches(life: Servicing, bill: Bill, kind: Kind) -> list[Stretch]:
    """Return what bore a penalty; stretches that follow on one another at one rate are one."""
    money = life.loan.money
    merged: list[Stretch] = []
    ends: dict[tuple[Decimal, Fraction, date], int] = {}
    for each in bill.stretches[kind]:
        stretch = Stretch(money(each.base), each.rate, each.start, each.end, each.share)
        place = ends.pop((stretch.base, stretch.rate, stretch.start), len(merged))
        if place < len(merged):
            last = merged[place]
            share = last.share + stretch.share
            merged[place] = Stretch(last.base, last.rate, last.start, stretch.end, share)
        else:
            merged.append(stretch)
        ends.setdefault((stretch.base, stretch.rate, stretch.end), place)
    return merged


def open_of(life: Servicing, day: date, *, before: bool) -> dict[Kind, int]:
    """Return what has fallen due by a day and is open, by kind; or `before` the day, without what is apart."""
    found: dict[Kind, int] = {}
    for bill in life.live:
        if (bill.due < day and not bill.apart) or not before:
            for kind in bill.kinds:
                found[kind] = found.get(kind, 0) + bill.open(kind, day, life.rounding)
    return found
