"""The methods of repayment: their names, and what they have in common."""

from __future__ import annotations

from typing import get_args

from repaylib.typing import Method

__all__ = ["BY_PARTS", "METHODS", "SPELLINGS", "WHOLE", "WITHOUT_INSTALMENT"]

METHODS: tuple[Method, ...] = get_args(Method)

#: Other names of the methods.
SPELLINGS = {
    "annuity": "level",
    "amortising": "level",
    "french": "level",
    "linear": "equal_principal",
    "decliningbalance": "equal_principal",
    "german": "equal_principal",
    "american": "interest_only",
    "interestonly": "interest_only",
    "add-on": "flat",
    "addon": "flat",
    "等额本息": "level",
    "等额本金": "equal_principal",
    "先息后本": "interest_only",
    "按期付息、到期还本": "interest_only",
    "按期付息到期还本": "interest_only",
    "到期一次还本付息": "bullet",
    "利随本清": "bullet",
    "等本等息": "flat",
}

#: Methods with nothing before the end that could be fixed.
WITHOUT_INSTALMENT = ("interest_only", "bullet")

#: Methods whose instalment is a part of the principal, with the interest on top.
BY_PARTS = ("equal_principal",)

#: Methods whose instalment is the whole payment, interest and principal.
WHOLE = ("level", "flat")
