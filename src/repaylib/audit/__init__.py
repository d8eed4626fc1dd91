"""A lender's own figures, held against the conventions that could have produced them.

`offer` reads the rows of an offer, `convention_search` finds the day counts, rates and roundings
that explain them, and `report` lists what departs from the plan.
Start reading in `offer_checks`.
"""

from repaylib.audit.offer_checks import check_offer
from repaylib.audit.report import Convention, Departure, OfferCheck

__all__ = ["Convention", "Departure", "OfferCheck", "check_offer"]
