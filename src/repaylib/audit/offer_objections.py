"""What stands against an offer: caps that its figures break, charges that are deducted in advance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from repaylib.audit.offer import Offer
from repaylib.audit.offer_costs import offered_flows
from repaylib.audit.report import OfferCheck
from repaylib.errors import RepayError
from repaylib.measures.caps.cap import Cap
from repaylib.measures.caps.cost_objections import (
    broken_caps,
    deducted_in_advance,
    effective_rate,
    in_currency,
)
from repaylib.wording.sentence import Sentence

__all__ = ["held_against"]


def held_against(found: OfferCheck, offer: Offer, caps: Sequence[Cap]) -> OfferCheck:
    """Hold what is offered against caps, and against the law of China in its currency or by its caps."""
    best, against = found.schedule, list[Sentence]()
    flows = offered_flows(offer, best)
    assumed, rate = [], list[Sentence]()
    for cap in caps:
        try:
            broken = list(broken_caps(flows, cap))
        except RepayError as error:
            assumed.append(f"{cap.name} is not checked, as it takes {error.expected}")
            continue
        against += broken
        rate = rate or (list(effective_rate(flows, cap)) if broken else [])
    against += rate
    if best.loan.currency == "CNY" or any(cap.country == "CN" for cap in caps):
        own = () if found.stated is None else found.stated.loan.fees
        if deducted := list(deducted_in_advance(best if found.stated is None else found.stated)):
            against += deducted
        elif offer.upfront and not any(fee.when == "start" for fee in own):
            money, currency = best.loan.money, best.loan.currency
            fee, rest = money(offer.upfront), money((offer.principal or 0) - offer.upfront)
            if best.loan.fees and best.loan.fees[0].collected == "paid":
                sums = {
                    "amount": in_currency(fee, currency),
                    "received": in_currency(rest, currency),
                }
                against.append(Sentence("object_upfront", **sums))
    return replace(found, against=tuple(against), assumed=(*found.assumed, *assumed))
