"""The texts of a refinancing in English, by key."""

from __future__ import annotations

__all__ = ["REFINANCING"]

REFINANCING: dict[str, str] = {
    # -- its tables
    "refinance.paid_off": "paid off on {on}",
    "refinance.other": "other",
    "refinance.in_all": "in all",
    "refinance.to_pay": "to pay",
    "refinance.stay": "stay",
    "refinance.switch": "switch",
    "refinance.difference": "difference",
    "refinance.on_the_day": "on the day",
    "refinance.first_month": "in the first month",
    "refinance.largest_month": "in the largest month",
    "refinance.last_payment": "last payment",
    "refinance.later.months": "{count} {count:month|months} later",
    "refinance.later.days": "{count} {count:day|days} later",
    "refinance.sooner.months": "{count} {count:month|months} sooner",
    "refinance.sooner.days": "{count} {count:day|days} sooner",
    # -- its verdict
    "refinance.same": "Switching costs as much as staying, {stay}.",
    "refinance.saves": "Switching saves {amount}: {switch} instead of {stay}.",
    "refinance.costs": "Switching costs {amount} more: {switch} instead of {stay}.",
    "refinance.in_cash": "{amount} of it is paid in cash on the day.",
    "refinance.received": "The borrower receives {amount} on the day, which is taken off.",
    "refinance.ends": "The new loan ends on {after} instead of {before}, {later}.",
    "refinance.month": "The first month takes {after} instead of {before}.",
    "refinance.even": "Break-even fee at the start: {fee}.",
    "refinance.never": "Even without a fee paid at the start, switching costs more.",
    "refinance.turn.stay.switch": "The switch is behind until {day}, in month {month}, and ahead from then on.",
    "refinance.turn.stay.": "The switch is behind until {day}, in month {month}, and level from then on.",
    "refinance.turn.switch.stay": "The switch is ahead until {day}, in month {month}, and behind from then on.",
    "refinance.turn.switch.": "The switch is ahead until {day}, in month {month}, and level from then on.",
    # -- how its sums are made up
    "refinance.sum.paid_off": "paid off on {on}: {amount}",
    "refinance.sum.quote": "{name}: {amount} = {parts}",
    "refinance.sum.lent": "paid out by the new loan: {amount} = lent {lent}",
    "refinance.sum.kept": "paid out by the new loan: {amount} = lent {lent} - kept back {kept}",
    "refinance.sum.cash": "the rest, {amount}, is paid in cash",
    "refinance.sum.received": "the rest, {amount}, is paid to the borrower",
    "refinance.sum.stay": "stay: {amount}",
    "refinance.sum.switch": "switch: {amount}",
    "refinance.sum.new": "new loan",
    "refinance.sum.flows": "{name}: {amount}, {count} {count:payment|payments}, {first} on {start} to "
    "{last} on {end}",
    "refinance.sum.none": "{name}: nothing",
    "refinance.sum.saving": "saving: {amount} = stay {stay} - switch {switch}",
    "refinance.sum.even": "break-even fee: {amount} = saving {saving} + fees at the start {fees}",
}
