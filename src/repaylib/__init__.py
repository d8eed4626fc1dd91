"""Loan repayments, exact to the cent, for every way a contract can be read.

Start with :class:`~repaylib.Loan` and :func:`~repaylib.amortise`. What is not here is in the packages:
:mod:`repaylib.changes`, :mod:`repaylib.measures` and so on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from repaylib.dates import Calendar
from repaylib.errors import RepayError
from repaylib.rates import Rate, compounded, daily, effective, indexed, monthly, steps
from repaylib.schedule import (
    Row,
    Schedule,
    Settlement,
    advance,
    amortise,
    amortize,
    change_rate,
    defer,
    forbear,
    forgive,
    prepay,
    reschedule,
    settle,
)
from repaylib.terms import Fee, Loan

if TYPE_CHECKING:
    from repaylib import arrears as arrears
    from repaylib import audit as audit
    from repaylib import changes as changes
    from repaylib import dates as dates
    from repaylib import documents as documents
    from repaylib import errors as errors
    from repaylib import interop as interop
    from repaylib import measures as measures
    from repaylib import negotiation as negotiation
    from repaylib import plots as plots
    from repaylib import portfolio as portfolio
    from repaylib import rates as rates
    from repaylib import schedule as schedule
    from repaylib import terms as terms
    from repaylib import typing as typing
    from repaylib.arrears import Allocation, PenaltyTerms, Receipt, renegotiate, statement
    from repaylib.audit import check_offer
    from repaylib.documents import Party, agreement, letter
    from repaylib.measures import apr, compare, irr, npv, readings, xirr
    from repaylib.negotiation import Budget, Debt, Limits, allocate_budget, negotiate, refinance
    from repaylib.portfolio import Portfolio

__version__ = "0.1.0"

#: Loaded when one of them is first asked for, by package.
_LATER = {
    "arrears": ("Allocation", "PenaltyTerms", "Receipt", "renegotiate", "statement"),
    "audit": ("check_offer",),
    "documents": ("Party", "agreement", "letter"),
    "measures": ("apr", "compare", "irr", "npv", "readings", "xirr"),
    "negotiation": ("Budget", "Debt", "Limits", "allocate_budget", "negotiate", "refinance"),
    "portfolio": ("Portfolio",),
}
#: Packages, loaded when first asked for.
_PACKAGES = (
    "arrears",
    "audit",
    "changes",
    "dates",
    "documents",
    "errors",
    "interop",
    "measures",
    "negotiation",
    "plots",
    "portfolio",
    "rates",
    "schedule",
    "terms",
    "typing",
)

__all__ = [
    "Allocation",
    "Budget",
    "Calendar",
    "Debt",
    "Fee",
    "Limits",
    "Loan",
    "Party",
    "PenaltyTerms",
    "Portfolio",
    "Rate",
    "Receipt",
    "RepayError",
    "Row",
    "Schedule",
    "Settlement",
    "__version__",
    "advance",
    "agreement",
    "allocate_budget",
    "amortise",
    "amortize",
    "apr",
    "change_rate",
    "check_offer",
    "compare",
    "compounded",
    "daily",
    "defer",
    "effective",
    "forbear",
    "forgive",
    "indexed",
    "irr",
    "letter",
    "monthly",
    "negotiate",
    "npv",
    "prepay",
    "readings",
    "refinance",
    "renegotiate",
    "reschedule",
    "settle",
    "statement",
    "steps",
    "xirr",
]


if not TYPE_CHECKING:  # a type checker knows the names from above

    def __getattr__(name):
        """Load a package, or a name of one, when it is first asked for."""
        from importlib import import_module

        if name in _PACKAGES:
            return import_module(f"{__name__}.{name}")
        for package, names in _LATER.items():
            if name in names:
                value = getattr(import_module(f"{__name__}.{package}"), name)
                globals()[name] = value
                return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{_hint(name)}")

    def _hint(name):
        """Return what to write for a name that is on the face of a package."""
        from contextlib import suppress
        from importlib import import_module

        for package in () if name.startswith("_") else _PACKAGES:
            with suppress(RepayError):  # the package needs an extra that is not there
                if name in import_module(f"{__name__}.{package}").__all__:
                    return f"; write {__name__}.{package}.{name}"
        return ""


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_PACKAGES})
