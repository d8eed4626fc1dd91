"""Names for annotations: the choices and the values that a parameter takes, and arrays.

A parameter that takes one of several choices is annotated with its ``Literal``, such as
``Hold``. A parameter that takes several types is annotated with an alias, such as
``Amount`` or ``DateLike``. Use the same names in your own code::

    from repaylib.typing import Amount, DateLike, Hold, RateLike

This module imports nothing of the library. An alias that names one of its classes, such as
``RateLike``, is defined beside that class and found here when you ask for it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, TypedDict

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from repaylib.arrears.penalty_terms import PenaltyLike
    from repaylib.documents.parties import PartiesLike
    from repaylib.measures.cash_flows import FlowsLike
    from repaylib.negotiation.negotiations import Affordable, Negotiable
    from repaylib.rates.index_rate import LoanRateLike
    from repaylib.rates.rate import RateLike
    from repaylib.terms.settlement_fees import SettlementFeeLike

__all__ = [
    "AccrualDates",
    "Across",
    "Affordable",
    "Age",
    "Among",
    "Amount",
    "AmountUnit",
    "AnyInts",
    "AprRule",
    "ArrangementState",
    "ArrearsPart",
    "ArrearsRepay",
    "BatchOutput",
    "Bools",
    "Bucket",
    "BudgetPolicy",
    "BusinessDayConvention",
    "CapIncludes",
    "CapMeasure",
    "Codes",
    "Collected",
    "Component",
    "ConcessionKind",
    "CountedDays",
    "CountedIn",
    "CreditCodes",
    "DateLike",
    "DateOrder",
    "DayCount",
    "Days",
    "DeferralBase",
    "DeferralInterest",
    "DisclosureSheet",
    "Errors",
    "ExtensionRule",
    "FeeBase",
    "FeeCap",
    "FeeRecognition",
    "FeeRefund",
    "FeeTime",
    "FilePath",
    "FlatMeasure",
    "FlatPer",
    "Floats",
    "FlowsLike",
    "ForgivenPart",
    "ForgivenessHold",
    "Formats",
    "Grace",
    "Hold",
    "InterestOn",
    "InterestRemainder",
    "InterestSplit",
    "Ints",
    "JournalBy",
    "Lang",
    "LastPayment",
    "LimitsPreset",
    "LoanRateLike",
    "Method",
    "MissingDay",
    "MoneyUnit",
    "MonthlyAmounts",
    "Negotiable",
    "NegotiateBy",
    "NumberFormat",
    "OddDays",
    "PaidPart",
    "PartiesLike",
    "Pause",
    "PenaltyBase",
    "PenaltyFrom",
    "PenaltyLike",
    "PeriodRate",
    "PrepaymentHold",
    "PrepaymentInterest",
    "Progress",
    "RateKind",
    "RateLike",
    "RateMeasure",
    "RateUnit",
    "Recast",
    "Reinstates",
    "Repay",
    "Rest",
    "Role",
    "Rounding",
    "Scope",
    "SettlementDeferral",
    "SettlementFeeLike",
    "SettlementMethod",
    "ShareLike",
    "SolvedFigure",
    "Status",
    "StepHold",
    "Stub",
    "Treatment",
    "Unknown",
    "Value",
]

# -- choices: loans ----------------------------------------------------------------------------

Method = Literal["level", "equal_principal", "interest_only", "bullet", "flat"]
InterestSplit = Literal["equal", "rule_of_78"]
LastPayment = Literal["any", "lower", "closest"]
InterestRemainder = Literal["dropped", "carried", "total", "last", "balance"]
Rounding = Literal["half_up", "half_even", "half_down", "up", "down", "ceiling", "floor"]
MissingDay = Literal["last", "next"]
DayCount = Literal[
    "periodic",
    "actual/365",
    "actual/360",
    "actual/364",
    "actual/365.25",
    "actual/365 leap",
    "actual/365L",
    "no-leap/365",
    "no-leap/360",
    "actual/actual ISDA",
    "actual/actual ICMA",
    "actual/actual AFB",
    "actual/actual year",
    "30/360 ISDA",
    "30/360 US",
    "30/360 PSA",
    "30E/360",
    "30E/360 ISDA",
    "30E+/360",
    "30E/365",
    "months and days/360",
    "business/252",
    "1/1",
]
CountedDays = Literal["first", "last", "both"]
OddDays = Literal["pro_rata", "actual/360", "actual/365"]
Stub = Literal[
    "none",
    "short_initial",
    "long_initial",
    "smart_initial",
    "short_final",
    "long_final",
    "smart_final",
    "both",
]
BusinessDayConvention = Literal[
    "none",
    "following",
    "modified_following",
    "modified_following_bi_monthly",
    "preceding",
    "modified_preceding",
    "nearest",
]
AccrualDates = Literal["unadjusted", "adjusted"]
RateKind = Literal["nominal", "effective", "compounded", "continuous"]
StepHold = Literal["maturity", "payment", "last", "level"]
#: When a reset of the rate that holds the end solves the instalment again.
Recast = Literal["on_change", "always"]
FeeTime = Literal[
    "start",
    "instalment",
    "due_date",
    "end",
    "calendar",
    "deferral",
    "rate_change",
    "prepayment",
    "rescheduling",
    "forgiveness",
    "advance",
    "settlement",
    "late",
]
FeeBase = Literal["principal", "balance", "balance_days", "instalment", "change", "interest_saved"]
Collected = Literal["paid", "deducted", "financed"]
FeeRefund = Literal["none", "pro_rata"]
#: Caps by law, of Directive 2008/48/EC art. 16 and Directive (EU) 2023/2225 art. 29.
FeeCap = Literal["eu"]

# -- choices: changes --------------------------------------------------------------------------

Scope = Literal["schedule", "instalment"]
DeferralBase = Literal["instalment", "principal"]
Pause = Literal["all", "principal", "interest"]
DeferralInterest = Literal["accrue", "waive"]
Repay = Literal["next", "now", "spread", "last", "capitalise"]
Hold = Literal["count", "maturity", "payment", "last"]
PrepaymentHold = Literal["payment", "maturity", "last", "next"]
PrepaymentInterest = Literal["none", "part", "all"]
ForgivenessHold = Literal["maturity", "payment", "last"]
ForgivenPart = Literal["principal", "deferred_interest"]
SettlementMethod = Literal["actuarial", "rule_of_78", "uk_2004", "flat_waived", "flat_charged"]
SettlementDeferral = Literal["none", "month", "30 days"]
ArrearsPart = Literal["interest", "penalty", "fee"]
ArrearsRepay = Literal["next", "spread", "last"]

# -- choices: payments received and arrears ----------------------------------------------------

#: The components of a debt, as a waterfall names them.
CreditCodes = Literal["CN", "US"]
Component = Literal["costs", "fee", "penalty", "interest", "principal"]
Age = Literal["past due", "due", "in advance"]
Across = Literal["instalment", "component", "pro_rata"]
Among = Literal["age", "pro_rata"]
PenaltyBase = Literal["principal", "instalment", "balance"]
Grace = Literal["due_date", "end"]
InterestOn = Literal["schedule", "balance", "daily_simple"]
Rest = Literal["day", "due_date"]
#: ``"capitalise"``: it joins the principal; ``"next"``, ``"spread"``, ``"last"``: it is paid with
#: the first new instalment, evenly with all, with the last, and bears nothing; ``"forgive"``;
#: ``"apart"``: it stays owed beside the new schedule, and bears nothing.
Treatment = Literal["capitalise", "next", "spread", "last", "forgive", "apart"]
Reinstates = Literal["nothing", "forgiven", "old_terms"]
PenaltyFrom = Literal["breach", "agreement"]
ArrangementState = Literal[
    "proposed", "agreed", "performing", "broken", "cured", "completed", "renegotiated"
]
Status = Literal[
    "paid",
    "paid in advance",
    "paid late",
    "part paid",
    "missed",
    "due",
    "not yet due",
    "overpaid",
    "owed to borrower",
    "waived",
]
Bucket = Literal["current", "1-30", "31-60", "61-90", "90+"]

# -- choices: portfolios -----------------------------------------------------------------------

#: How a loan is treated that cannot be read, an error or a line in a table of rejects.
Errors = Literal["raise", "collect"]
#: Money as ``int64`` minor units, or as decimals in major units.
MoneyUnit = Literal["minor", "decimal"]
#: A line for each row of each schedule, or for each loan.
BatchOutput = Literal["rows", "summary"]
#: What a bare number in a column of rates is, 0.07, 7 or 700 for 7 %.
RateUnit = Literal["share", "percent", "bp"]
#: What a whole number in a column of amounts is. 1_000_000 of a table is 10,000.00, or 1,000,000.00.
AmountUnit = Literal["minor", "major"]
#: How the text of a table writes one thousand two hundred and thirty-four, and 56 hundredths.
NumberFormat = Literal["1,234.56", "1.234,56", "1 234,56", "1'234.56"]


class Formats(TypedDict, total=False):
    """How a table writes its values, for ``formats=``; what is left out is read as for one loan.

    Attributes
    ----------
    rate
        What a bare number is in a column of rates: ``"percent"`` (12.5 is 12.5 %), ``"share"`` (0.125)
        or ``"bp"`` (1250). Text with a per cent sign is per cent. Floats count as they print.
    amount
        What a whole number is in a column of amounts: ``"minor"`` (the default: 1_000_000 is 10,000.00)
        or ``"major"`` (it is 1,000,000.00). With ``"major"`` floats count as they print.
    number
        How numbers are written as text: ``"1,234.56"``, ``"1.234,56"``, ``"1 234,56"`` or
        ``"1'234.56"``. Thousands may be ungrouped; anything else is refused.
    date
        How days are written as text: ``YYYY``, ``MM`` (``M`` without a zero, ``MMM`` for Jan), ``DD``
        (``D``) and what stands between them: ``"DD/MM/YYYY"``, ``"YYYYMMDD"``.
    """

    rate: RateUnit
    amount: AmountUnit
    number: NumberFormat
    date: str


# -- choices: measures -------------------------------------------------------------------------

AprRule = Literal[
    "reg_z",
    "trid",
    "us_rule",
    "eu",
    "uk",
    "uk_land",
    "uk_mortgage",
    "cn_irr",
    "cn_simple",
    "au_comparison",
    "br_cet",
    "ca_cost",
    "ca_criminal",
    "ca_criminal_2024",
    "hk_npv",
    "in_kfs",
    "jp_real",
    "mx_cat",
    "ru_psk",
    "sg_moneylender",
]
DisclosureSheet = Literal["us_reg_z", "us_trid", "eu_secci", "in_kfs"]
RateMeasure = Literal["nominal", "effective", "simple"]
CountedIn = Literal["month", "week", "year", "day"]
CapMeasure = Literal["nominal", "effective", "simple", "daily", "total"]
CapIncludes = Literal["all-in", "interest"]
FlatMeasure = Literal["effective", "nominal", "period"]
FlatPer = Literal["year", "period"]
PaidPart = Literal["interest", "principal", "prepayment", "fees", "payment"]
JournalBy = Literal["day", "month"]
FeeRecognition = Literal["charged", "effective", "straight_line"]
Unknown = Literal["amount", "rate", "count", "day"]
SolvedFigure = Literal[
    "instalment",
    "first_payment",
    "final_payment",
    "largest_payment",
    "total_paid",
    "out_of_pocket",
    "total_interest",
    "payments",
    "maturity",
]

# -- choices: negotiation, offers, documents ---------------------------------------------------

BudgetPolicy = Literal["pro_rata", "avalanche", "snowball", "minimum_first", "equal"]
NegotiateBy = Literal[
    "term",
    "rate",
    "haircut",
    "subsidy",
    "lump",
    "instalment_cap",
    "deferral",
    "interest_only",
    "interest_free",
    "start",
]
ConcessionKind = Literal[
    "capitalise",
    "rate",
    "term",
    "waive_penalty",
    "waive_fees",
    "waive_interest",
    "forbear",
    "forgive",
]
LimitsPreset = Literal["art_70", "general_rules", "personal", "eba"]
ExtensionRule = Literal["general_rules", "personal"]
#: In which order day, month and year stand in a date of three numbers.
DateOrder = Literal["dmy", "mdy", "ymd"]
Lang = Literal["en", "zh"]
Role = Literal["lender", "borrower", "guarantor", "agent"]

# -- values -----------------------------------------------------------------------------------

#: An amount of money, as ``"10000"``, ``10000`` or ``Decimal("10000")``.
Amount = str | int | Decimal
#: An amount of no currency, as ``"10000"``, ``10000``, ``Fraction(1, 3)``.
Value = Amount | Fraction
#: A date, as a ``date``, a ``numpy.datetime64`` or ISO text ``"2024-01-10"``.
DateLike = date | np.datetime64 | str
#: A rate of one period, as ``"1%"``, ``"8/12%"``, ``Decimal("0.01")``, ``Fraction(1, 100)``.
PeriodRate = str | Decimal | Fraction
#: A share of something, as ``"40%"``, ``Decimal("0.4")``, ``Fraction(2, 5)``.
ShareLike = str | Decimal | Fraction
#: One amount for every month, or uneven ones, as a list of months, or a mapping from their names.
MonthlyAmounts = Amount | Sequence[Amount] | Mapping[str, Amount]
#: A path in the file system.
FilePath = str | os.PathLike[str]
#: ``None``; ``True`` for a bar; or a function of the number of loans done and of all loans.
Progress = bool | Callable[[int, int], object] | None

#: Where the aliases are that name classes of the library.
_BESIDE_THEIR_CLASS = {
    "Affordable": "negotiation.negotiations",
    "FlowsLike": "measures.cash_flows",
    "LoanRateLike": "rates.index_rate",
    "Negotiable": "negotiation.negotiations",
    "PartiesLike": "documents.parties",
    "PenaltyLike": "arrears.penalty_terms",
    "RateLike": "rates.rate",
    "SettlementFeeLike": "terms.settlement_fees",
}


def __getattr__(name: str) -> Any:
    """Find an alias that names a class of the library, when it is asked for."""
    if name not in _BESIDE_THEIR_CLASS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"repaylib.{_BESIDE_THEIR_CLASS[name]}"), name)


# -- arrays -----------------------------------------------------------------------------------

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
#: Dates as ``datetime64[D]``.
Days = npt.NDArray[np.datetime64]
#: Codes into a list of distinct values.
Codes = npt.NDArray[np.int32]
#: Integers of any width, or Python's own where ``int64`` is too narrow.
AnyInts = npt.NDArray[Any]
