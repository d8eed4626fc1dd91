"""What people read and sign: agreements and letters, in English and in Chinese.

A document is built from facts; their sentences stand in the catalogues of :mod:`repaylib.wording`.
Start reading in `agreements` and `letters`.
"""

from repaylib.documents.agreement_inputs import agreement
from repaylib.documents.agreements import Agreement
from repaylib.documents.claims import Claim, claim
from repaylib.documents.clause import Clause, Missing
from repaylib.documents.combined_agreements import CombinedAgreement
from repaylib.documents.letters import Letter, letter
from repaylib.documents.parties import Party

__all__ = [
    "Agreement",
    "Claim",
    "Clause",
    "CombinedAgreement",
    "Letter",
    "Missing",
    "Party",
    "agreement",
    "claim",
    "letter",
]
