"""The certificate of a statement: what fell due, how every receipt was allocated, and what is owed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from repaylib.arrears.balances import NAMES, merged_segments
from repaylib.arrears.due_amounts import KINDS, Kind
from repaylib.arrears.events import Receipt
from repaylib.arrears.instalment_due import InstalmentDue
from repaylib.arrears.penalties import rounded_penalty
from repaylib.arrears.servicing_state import ServicingState
from repaylib.changes.early_settlement import EarlySettlement
from repaylib.errors import TermsError, write
from repaylib.money.amounts import minor_of
from repaylib.output.certificates import Certificate, digits, ratio
from repaylib.schedule.certificate import CHANGES, apart, change_to, content_of, texts
from repaylib.schedule.figures import AccrualSegment
from repaylib.schedule.schedule import Schedule

if TYPE_CHECKING:
    from repaylib.arrears.statements import Statement

__all__ = ["certify"]

Plain = dict[str, Any]
#: What the base of a penalty may be: the open part of these amounts.
BASES: dict[str, list[Kind]] = {
    "principal": ["principal"],
    "interest": ["interest", "deferred_interest"],
    "instalment": ["principal", "interest", "deferred_interest", "fee"],
}


def certify(of: Statement) -> Certificate:
    """Return the certificate of a statement.

    Raises
    ------
    TermsError
        If interest is ``"daily_simple"``, which carries parts of a minor unit from receipt to receipt.
    """
    state, day = of.servicing, of.as_of
    if state.daily_simple:
        raise TermsError(
            "interest",
            "daily_simple",
            "a statement on the balance of due dates, for a certificate",
            write(interest="balance"),
        )
    plan, end = state.plan, of.ended or day
    after = _settled(state, plan, end)
    change = _kinds(change_to(plan, after or plan, end))
    undue = state.after_receipts(state.payoff(day))
    owed, late = state.open_by_kind(day), state.open_by_kind(day, overdue=True)
    dues = [_due(state, item, change, day) for item in state.all_items]
    plain = of.to_dict()
    content: Plain = {
        "as_of": str(day),
        "ended": None if of.ended is None else str(of.ended),
        "terms": {name: plain[name] for name in ("events", "options", "arrangement")},
        "before": content_of(plan),
        "after": None if after is None else content_of(after),
        "dues": [*dues, *_not_in_money(state, dues, end)],
        "receipts": _receipts(of),
        "undue": _named(undue),
        "apart": {} if of.ended else apart(_amounts(undue), change),
        "due": _named(owed),
        "arrears": _named(late),
        "refunded": digits(state.refunded),
        "held": digits(state.credit),
        "payoff": digits(sum(owed.values()) + sum(undue.values()) - state.credit),
    }
    return Certificate(
        "statement", {key: each for key, each in content.items() if each is not None}
    )


def _settled(state: ServicingState, plan: Schedule, end: date) -> Schedule | None:
    """Return the schedule that ends on a day: of the statement, or on which it ended early."""
    if state.ended is None:
        return state.quote(end)
    if plan.maturity <= end:
        return None
    return plan.then(EarlySettlement(on=end, fee=None if state.settled else "0"))


def _kinds(columns: Mapping[str, int]) -> dict[str, int]:
    """Return what columns of a row let fall due, by kind."""
    fees = columns["fee"] + columns["tax"] - columns["refund"]
    same = ("principal", "interest", "deferred_interest", "penalty")
    return {"fees": fees, **{name: columns[name] for name in same}}


def _amounts(amounts: Mapping[Kind, int]) -> dict[str, int]:
    return {NAMES[kind]: amounts[kind] for kind in KINDS[::-1] if amounts.get(kind)}


def _named(amounts: Mapping[Kind, int]) -> Plain:
    return texts(_amounts(amounts))


def _due(state: ServicingState, item: InstalmentDue, change: dict[str, int], day: date) -> Plain:
    """Return what fell due: from a row, from the end of the schedule, or as it was charged."""
    asked, columns = _amounts(item.due_parts), state.plan.columns
    plain: Plain = {"date": str(item.due)}
    if not item.planned:
        plain["charged"], plain["apart"] = item.name, texts(asked)
    elif item.name:
        plain["ended"], plain["apart"] = item.name, apart(asked, change)
    else:
        rows = enumerate(zip(columns.number.tolist(), columns.date.tolist(), strict=True))
        row = next(row for row, found in rows if found == (item.number, item.due))
        plain["row"], plain["apart"] = str(row + 1), apart(asked, _of_row(state.plan, row))
    figures = []
    for kind in KINDS[::-1]:
        more = item.charged(kind, day, state.rounding) - item.due_parts.get(kind, 0)
        if kind in item.accrued and (more or item.capped):
            figures.append(_accrued(state, item, kind, more))
    left = {kind: item.open(kind, day, state.rounding) for kind in item.kinds}
    plain |= {"waived": _named(item.waived), "set_apart": "yes" if item.set_apart else ""}
    plain = {key: each for key, each in plain.items() if each}
    return {**plain, "figures": figures, "open": _named(left)}


def _of_row(plan: Schedule, row: int) -> dict[str, int]:
    return _kinds({name: int(plan.columns[name][row]) for name in CHANGES})


def _not_in_money(state: ServicingState, dues: Sequence[Plain], end: date) -> list[Plain]:
    """Return the rows of which nothing fell due in money, such as a fee that is financed."""
    known = {due.get("row") for due in dues}
    prepaid = {on for on, _ in state.prepayments}
    columns, found = state.plan.columns, []
    for row, day in enumerate(columns.date.tolist()):
        payment = columns.payment[row]
        if day <= end and day not in prepaid and payment and str(row + 1) not in known:
            less = apart({}, _of_row(state.plan, row))
            plain = {"date": str(day), "row": str(row + 1), "apart": less}
            found.append({**plain, "figures": [], "open": {}})
    return found


def _accrued(state: ServicingState, item: InstalmentDue, kind: Kind, charged: int) -> Plain:
    """Return what accrued of a kind on an instalment, less what a cap takes off."""
    exact = item.accrued[kind]
    value = rounded_penalty(exact, state.rounding)
    plain = {
        "figure": NAMES[kind],
        "segments": [
            _segment(state, item, segment) for segment in merged_segments(state, item, kind)
        ],
        "unrounded": ratio(exact),
        "rounding": state.rounding,
        "value": digits(charged),
    }
    return plain | ({"charged": digits(value - charged)} if value != charged else {})


def _segment(state: ServicingState, item: InstalmentDue, segment: AccrualSegment) -> Plain:
    base = minor_of(segment.base, state.loan.decimals)
    plain = {
        "base": digits(base),
        "rate": ratio(segment.rate),
        "start": str(segment.start),
        "end": str(segment.end),
        "days": str(segment.days),
        "share": ratio(segment.share),
        "interest": ratio(base * segment.rate * segment.share),
    }
    left = Counter(item.due_parts)
    for paid in item.payments:
        if paid.on <= segment.start:
            left.subtract(paid.parts)
    for name, kinds in BASES.items():
        if base == sum(max(0, left[kind]) for kind in kinds):
            return {**plain, "on": name}
    return plain


def _receipts(of: Statement) -> list[Plain]:
    """Return the money of every day, and what it paid, or is held for."""
    state = of.servicing
    parts: dict[date, list[Plain]] = {}
    for place, item in enumerate(state.all_items, 1):
        for paid in item.payments:
            parts.setdefault(paid.on, []).extend(
                {"due": str(place), "of": name, "amount": amount}
                for name, amount in _named(paid.parts).items()
            )
    others = [("prepaid", on, amount) for on, amount in state.prepayments]
    others += [("held", receipt.on, receipt.amount) for receipt in state.unallocated_receipts]
    for name, on, amount in others:
        parts.setdefault(on, []).append({"of": name, "amount": digits(amount)})
    received: Counter[date] = Counter()
    for event in of.events:
        if isinstance(event, Receipt):
            received[event.on] += state.loan.minor(event.amount, "amount")
    written = []
    for on in sorted({*parts, *received}):
        dealt = parts.get(on, [])
        left = received[on] - sum(int(part["amount"]) for part in dealt)
        dealt += [{"of": "refunded", "amount": digits(left)}] if left else []
        written.append({"date": str(on), "amount": digits(received[on]), "parts": dealt})
    return written
