"""The texts of who pays in English, by key."""

from __future__ import annotations

__all__ = ["PAYERS"]

PAYERS: dict[str, str] = {
    # -- who pays
    "payer_name.payer": "payer",
    "payer.share": "{name} pays {share} of {part}",
    "payer.amount": "{name} pays {amount} of {part} each time",
    "payer.points": "{name} pays what {points} a year comes to of the interest",
    "payer.of.interest": "the interest",
    "payer.of.principal": "the principal",
    "payer.of.prepayment": "prepayments",
    "payer.of.fees": "fees, penalties and taxes",
    "payer.of.payment": "the payment",
    "payer.cap_share": "at most {share} of it",
    "payer.cap_payment": "at most {amount} on one day",
    "payer.cap_year": "at most {amount} in a calendar year",
    "payer.cap": "at most {amount} in all",
    "payer.to_payment": "up to payment {number}",
    "payer.until": "up to {day}",
    "payer.on_time": "if it is paid on time",
    "payer.grace": "if it is paid at most {days} {days:day|days} late",
}
