"""A life as tables: instalments, totals and transactions in the columns of another platform."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import repaylib as rp
from repaylib.arrears import Statement

if TYPE_CHECKING:
    from tests.published.serviced_loans import Life

Event = rp.Receipt | rp.arrears.Charge
Line = dict[str, Any]
NIL = Decimal("0.00")

#: Columns of amounts in a table of instalments.
SUMS = (
    *("Principal due", "Interest", "Fees", "Penalties", "Due"),
    *("Paid", "In advance", "Late", "Outstanding"),
)


# -- tables of instalments ----------------------------------------------------------------


def lines(life: Life) -> list[Line]:
    """Return the instalments as the platform lists them, and the principal."""
    owed, new, found = life.statement(life.today), life.arrangement, {}
    if new is not None:  # of what was due before it, no more than was paid
        on = new.latest.on
        for each in _instalments(new.latest.before):
            if each["Date"] <= on:
                closed = each["Paid date"] or on
                parts = {"Principal due": each["Paid"], "Due": each["Paid"]}
                found[each["Date"]] = each | parts | {"Outstanding": NIL, "Paid date": closed}
    charges = [each for each in life.happened if isinstance(each, rp.arrears.Charge)]
    for each in _instalments(owed, [each for each in charges if each.on > life.today]):
        found[each["Date"]] = each
    table: list[Line] = []
    balance, last, number = NIL, life.loan.start, 0
    lent = dict(life.lent or [(life.loan.start, life.approved)])
    for day in sorted({*found, *lent}):
        if day in lent:
            balance += lent[day]
            table.append({"Date": day, "Balance of loan": lent[day], "lent": True})
            table[-1] |= dict.fromkeys(("Fees", "Due", "Paid", "Outstanding"), NIL)
        if day in found:
            number += 1
            balance -= found[day]["Principal due"]
            own = {"Nr": number, "Days": (day - last).days, "Balance of loan": balance}
            table.append(found[day] | own)
            last = day
    return table


def _instalments(owed: Statement, charges: Sequence[rp.arrears.Charge] = ()) -> list[Line]:
    """One line a due date; a charge is in that of its period, a prepayment in that of its day."""
    coming = [row for row in owed.schedule if row.number or row.payment]
    found = {row.date: _line(row.date) for row in coming}
    announced: list[Any] = []
    if charges:  # that fall due later, as they will stand then
        then = owed.later(max(each.on for each in charges), *charges)
        names = [each.name for each in charges]
        announced = [each for each in then.instalments if each.name in names]
        announced = [each for each in announced if each.due > owed.as_of]
    settled = [each for each in owed.instalments if each.name == "settlement"]
    if settled:  # it is laid over the instalments that were to come
        for line in _laid_over(settled[0], [row for row in coming if row.date > settled[0].due]):
            found[line["Date"]] = line
    for each in [*owed.instalments, *announced]:
        if each in settled:
            continue
        later = [day for day in found if day >= each.due]
        day = min(later) if each.name and later else each.due
        line = found.setdefault(day, _line(day))
        for name, amount in _amounts(each).items():
            line[name] += amount
        line["Paid date"] = each.paid_on
    for on, amount in owed.prepayments:
        for name in ("Principal due", "Due", "Paid"):
            found[on][name] += amount
    return [found[day] for day in sorted(found)]


def _line(day: date) -> Line:
    return {"Date": day, "Paid date": None, **dict.fromkeys(SUMS, NIL)}


def _amounts(each: Any) -> dict[str, Decimal]:
    return {
        "Principal due": each.asked.principal,
        "Interest": each.asked.interest + each.asked.deferred_interest,
        "Fees": each.asked.fees,
        "Penalties": each.asked.penalty,
        "Due": each.amount,
        "Paid": each.paid.total,
        "In advance": each.paid_in_advance,
        "Late": each.paid_late,
        "Outstanding": each.outstanding,
    }


def _laid_over(settled: Any, coming: Sequence[Any]) -> Iterator[Line]:
    left, interest = settled.amount, settled.asked.interest
    for row in coming:
        due = min(left, row.payment)
        parts = {"Principal due": due - interest, "Interest": interest, "Due": due}
        parts |= {"Paid": due, "In advance": due, "Paid date": settled.paid_on}
        yield _line(row.date) | parts
        left, interest = left - due, NIL


def total(life: Life) -> Line:
    table = [line for line in lines(life) if "lent" not in line]
    return {name: sum((line[name] for line in table), NIL) for name in SUMS}


# -- tables of transactions ---------------------------------------------------------------


def receipt_parts(life: Life, index: int) -> Line:
    """Return what one receipt paid; money held lowers the balance, so it counts as principal."""
    on, earlier = life.happened[index].on, life.happened[:index]
    states = [life.before(on, each) for each in (earlier, [*earlier, life.happened[index]])]

    def paid(owed: Statement, name: str) -> Decimal:
        held = owed.credit + sum((amount for _, amount in owed.prepayments), NIL)
        start = held if name == "principal" else NIL
        fallen_due = [each for each in owed.instalments if each.due <= on]
        return sum((getattr(each.paid, name) for each in fallen_due), start)

    names = ("principal", "interest", "fees", "penalty")
    parts = {name: paid(states[1], name) - paid(states[0], name) for name in names}
    lent = sum((amount for day, amount in life.lent if day <= on), NIL)
    return parts | {"balance": lent - paid(states[1], "principal")}


def transactions(life: Life) -> list[Line]:
    found: list[Line] = []

    def add(on: date, what: str, amount: Decimal, parts: Line, reverted: bool = False) -> None:
        found.append(
            {
                "Transaction date": on,
                "Transaction Type": what,
                "Amount": amount,
                "Principal": parts.get("principal", NIL),
                "Interest": parts.get("interest", NIL),
                "Fees": parts.get("fees", NIL),
                "Penalties": parts.get("penalty", NIL),
                "Loan Balance": parts["balance"],
                "Reverted": str(reverted).lower(),
            }
        )

    lent = NIL
    for on, amount in life.lent:
        lent += amount
        add(on, "Disbursement", amount, {"balance": lent})
    for index, event in enumerate(life.happened):
        if isinstance(event, rp.Receipt):
            down = life.product.down and event.on == life.loan.start
            what = "Down Payment" if down else "Repayment"
            add(event.on, what, event.amount, receipt_parts(life, index))
    for on, new, stands in life.agreed:
        principal = new.schedule.loan.principal
        parts = {"principal": principal, "balance": NIL}
        add(on, "Re-age", principal, parts, reverted=not stands)
    return sorted(found, key=lambda line: line["Transaction date"])
