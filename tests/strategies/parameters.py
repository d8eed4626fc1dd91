"""Two values for every parameter of every public name, and a call in which it should matter.

A call that is varied is a :class:`Call`: what stays, and for each parameter two values of which at most
one may be refused. What is said of a value class is tried in the function that uses the value.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

import repaylib as rp
from repaylib.portfolio.summary import ColumnTable

__all__ = ["CALLS", "Call", "Two", "figures", "signature_of"]

START = "2024-01-10"
LOAN = rp.Loan("10000", "12%", 12, START, currency="USD")
OTHER = rp.Loan("5000", "8%", 24, START, currency="USD")
PLAN, SECOND = rp.amortise(LOAN), rp.amortise(OTHER)
WITH_FEE = rp.amortise(
    rp.Loan("10000", "12%", 12, START, fees=[rp.Fee("1%", name="set-up")], currency="USD")
)
FEE_PLAN = rp.amortise(rp.Loan("10000", "12%", 12, START, fees=[rp.Fee("1%", when="prepayment")]))
DEFERRED = rp.defer(PLAN, payment=4, periods=2, repay="last")
BOOK = rp.Portfolio(principal=["10000", "5000"], rate=["12%", "8%"], payments=[12, 24], start=START)
PAID = [rp.Receipt(row.date, row.payment, id=str(row.number)) for row in PLAN[:3]]
LATE = rp.PenaltyTerms("1.5", late_fee="5")
OWED = rp.statement(PLAN, PAID, as_of="2024-06-24", penalty=LATE)
LATER_OWED = rp.statement(PLAN, PAID, as_of="2024-07-24", penalty=LATE)
BOOK_PAID = {"loan": [0, 1], "on": ["2024-02-10", "2024-02-12"], "amount": ["888.49", "100"]}
BOOK_OWED = rp.statement(BOOK, BOOK_PAID, as_of="2024-06-24")
AGREED = rp.renegotiate(OWED, 18, arrears={"penalty": "forgive"}, breach=rp.arrears.Breach(days=30))
CALENDAR, HOLIDAYS = (
    np.busdaycalendar(),
    np.busdaycalendar(holidays=np.array(["2024-05-01", "2024-10-01"], "datetime64[D]")),
)
RETAIL = [("2024-01-10", "-10000"), ("2024-07-10", "6000"), ("2025-01-10", "5000")]
TWICE = [("2024-01-10", "-100"), ("2025-01-09", "230"), ("2026-01-09", "-132")]
CARD = rp.Debt("3000", rate="18%", minimum=("3%", "100"), lender="card")
CAR = rp.Debt(rp.Loan("10000", "12%", 12, START), lender="bank", name="car")
FOUND = rp.negotiate(PLAN, affordable="700", payment=4, by="term", limits=rp.Limits(months=15))
CAP = rp.measures.Cap("house", "18%", measure="effective")
FIXINGS = {"2023-12-01": "3%", "2024-04-01": "4%", "2024-07-01": "6%"}


class Two(NamedTuple):
    """Two values of a parameter, and what else the call then has."""

    one: Any
    other: Any
    words: Mapping[str, Any] = {}
    #: What a refusal of one of them names, if it is another parameter.
    named: str | None = None


@dataclass(frozen=True)
class Call:
    """A call that is varied: what is called, what stays, and the two values of each parameter."""

    call: Callable[..., Any]
    words: Mapping[str, Any] = field(default_factory=dict)
    two: Mapping[str, Two] = field(default_factory=dict)
    of: Callable[..., Any] | None = None

    @property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """What can be given."""
        return signature_of(self.of or self.call)

    def made(self, words: Mapping[str, Any]) -> Any:
        """Return the result of the call with other words."""
        given = {**self.words, **words}
        args: list[Any] = []
        named = {name: each for name, each in given.items() if name not in self.parameters}
        for name, parameter in self.parameters.items():
            if name not in given:
                continue
            if parameter.kind is parameter.VAR_POSITIONAL:  # what is no list stands for itself
                args += given[name] if isinstance(given[name], (list, tuple)) else [given[name]]
            elif parameter.kind is parameter.VAR_KEYWORD:
                named |= given[name] if _are_names(given[name]) else {name: given[name]}
            elif parameter.kind is parameter.POSITIONAL_ONLY or _before_star(self, name):
                args.append(given[name])
            else:
                named[name] = given[name]
        return self.call(*args, **named)


def _are_names(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(name, str) for name in value)


def _before_star(call: Call, name: str) -> bool:
    kinds = [each.kind for each in call.parameters.values()]
    names = list(call.parameters)
    if inspect.Parameter.VAR_POSITIONAL not in kinds:
        return False
    return names.index(name) < kinds.index(inspect.Parameter.VAR_POSITIONAL)


def signature_of(called: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    """Return the parameters of a function, a class or a bound method."""
    return {
        name: each
        for name, each in inspect.signature(called).parameters.items()
        if name not in ("self", "cls")
    }


def figures(value: Any) -> Any:
    """Return all that a result says, in what can be compared."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, rp.Schedule):
        return [str(value), *map(str, value.rows)]
    if isinstance(value, rp.portfolio.PortfolioSchedule):
        return [str(value), *(value[name].tolist() for name in ("payment", "closing", "date"))]
    if isinstance(value, rp.measures.Yields):
        return [
            *(np.nan_to_num(each, nan=-9).tolist() for each in (value.rate, value.low, value.high)),
            value.per,
        ]
    if isinstance(value, rp.portfolio.PortfolioSettlement):
        return [figures(dict(value)), figures(value.schedule)]
    if isinstance(value, (Mapping, ColumnTable)):
        return {str(name): figures(each) for name, each in value.items()}
    if isinstance(value, (str, bytes)):
        return value
    if isinstance(
        value,
        (
            rp.arrears.Statement,
            rp.documents.Agreement,
            rp.documents.CombinedAgreement,
            rp.documents.Letter,
            rp.measures.Comparison,
            rp.negotiation.BudgetPlan,
        ),
    ):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__] + [
            figures(getattr(value, each.name))
            for each in fields(value)
            if not each.name.startswith("_")
        ]
    if isinstance(
        value,
        (
            Sequence,
            rp.measures.CapReport,
            rp.measures.CostSheet,
            rp.measures.Journal,
            rp.measures.SharedCost,
            rp.negotiation.Negotiation,
            rp.portfolio.Rejects,
        ),
    ):
        return [
            *([str(value)] if not isinstance(value, (list, tuple)) else []),
            *map(figures, value),
        ]
    if isinstance(value, rp.Portfolio):
        return [value.principal.tolist(), value.kept.tolist(), value.errors]
    if isinstance(value, rp.portfolio.PortfolioChange):
        return [str(value), *(str(each.at(0)) for each in value.options.values())]
    return repr(value)


def told(call: Callable[..., Any], **words: Any) -> Any:
    """Return a result, and how often the function that is given as `progress` was called."""
    calls: list[tuple[int, int]] = []
    if words.get("progress") is True or callable(words.get("progress")):
        words["progress"] = lambda done, total: calls.append((done, total))
    return figures(call(**words)), calls


# -- verbs --------------------------------------------------------------------------------

PLACE = {
    "payment": Two(4, 5, {"on": None}),
    "on": Two("2024-04-20", "2024-05-20", {"payment": None}),
}
DEFERRAL = {
    "payment": Two(4, 5),
    "periods": Two(1, 2),
    "on": Two("2024-04-20", "2024-05-20", {"payment": None}),
    "scope": Two("schedule", "instalment"),
    "base": Two("instalment", "principal", {"scope": "instalment"}),
    "pause": Two("all", "principal"),
    "interest": Two("accrue", "waive"),
    "repay": Two("next", "spread"),
    "hold": Two("count", "maturity"),
    "capitalise_every": Two(1, None, {"repay": "capitalise", "periods": 3}),
    "rate": Two(None, "18%", {"scope": "instalment"}),
}
WITH = {
    "with_payment": Two(3, 4, {"on": None}),
    "on": Two("2024-04-20", "2024-05-20", {"with_payment": None}),
}
RATE_CHANGE = {
    "rate": Two("8%", "9%"),
    **PLACE,
    "until": Two(None, "2024-09-10"),
    "hold": Two("maturity", "last"),
    "recast": Two("on_change", "at_end", {"until": "2024-09-10"}),
}
RESCHEDULING = {
    "payments": Two(12, 18),
    "instalment": Two("500", "600", {"payments": None}),
    **PLACE,
    "every": Two(None, "quarter"),
    "rate": Two(None, "8%"),
    "method": Two(None, "equal_principal"),
    "repay": Two("next", "now", {"payment": None, "on": "2024-04-20"}),
}
HOLD = {"hold": Two("maturity", "last")}
PREPAYMENT = {"amount": Two("1000", "2000"), **WITH, "hold": Two("payment", "maturity")}
WITH_INTEREST = {
    "interest": Two("none", "part", {"with_payment": None, "on": "2024-04-20"}),
    "every": Two(1, 2),
    "until": Two(4, 5, {"every": 1}),
    "in_hand": Two(False, True, {"schedule": FEE_PLAN}),
}
FORGIVENESS = {
    "amount": Two("500", "600"),
    "share": Two("10%", "20%", {"amount": None}),
    "of": Two(
        "principal", "deferred_interest", {"schedule": DEFERRED, "with_payment": 6, "amount": "50"}
    ),
    **WITH,
    **HOLD,
}
FORBEARANCE = {"amount": FORGIVENESS["amount"], "share": FORGIVENESS["share"], **PLACE, **HOLD}
SETTLEMENT = {
    "with_payment": Two(6, 7, {"on": None}),
    "on": Two("2024-07-15", "2024-08-15"),
    "method": Two("actuarial", "rule_of_78"),
    "fee": Two(None, "1%"),
    "notice": Two(None, 10),
    "deferral": Two(None, "month"),
}
VERBS: dict[str, tuple[Callable[..., Any], type, dict[str, Any], dict[str, Two]]] = {
    "defer": (rp.defer, rp.changes.Deferral, {"payment": 4}, DEFERRAL),
    "change_rate": (
        rp.change_rate,
        rp.changes.RateChange,
        {"rate": "8%", "payment": 4},
        RATE_CHANGE,
    ),
    "reschedule": (
        rp.reschedule,
        rp.changes.Rescheduling,
        {"payments": 12, "payment": 4},
        RESCHEDULING,
    ),
    "prepay": (
        rp.prepay,
        rp.changes.Prepayment,
        {"amount": "1000", "with_payment": 3},
        PREPAYMENT | WITH_INTEREST,
    ),
    "advance": (
        rp.advance,
        rp.changes.Advance,
        {"amount": "1000", "with_payment": 3},
        PREPAYMENT | HOLD,
    ),
    "forgive": (
        rp.forgive,
        rp.changes.Forgiveness,
        {"amount": "500", "with_payment": 3},
        FORGIVENESS,
    ),
    "forbear": (rp.forbear, rp.changes.Forbearance, {"amount": "500", "payment": 4}, FORBEARANCE),
}


def _applied(kind: type) -> Callable[..., Any]:
    def made(*args: Any, **words: Any) -> Any:
        return words.pop("schedule", PLAN).then(kind(*args, **words))

    return made


CALLS: dict[str, Call] = {}
for _name, (_verb, _kind, _words, _two) in VERBS.items():
    CALLS[_name] = Call(
        _verb,
        {"schedule": PLAN, **_words},
        {"schedule": Two(PLAN, SECOND), "where": Two(True, False), **_two},
    )
    CALLS[_kind.__name__] = Call(_applied(_kind), _words, _two, of=_kind)
CALLS["settle"] = Call(
    rp.settle,
    {"schedule": PLAN, "on": "2024-07-15"},
    {
        "schedule": Two(PLAN, SECOND),
        **SETTLEMENT,
        "amount": Two(None, "1000"),
        "hold": Two("payment", "maturity", {"amount": "1000"}),
        "arrears": Two("0", "50"),
        "where": Two(True, False),
    },
)
CALLS["EarlySettlement"] = Call(
    _applied(rp.changes.EarlySettlement),
    {"on": "2024-07-15"},
    SETTLEMENT,
    of=rp.changes.EarlySettlement,
)
CALLS["Arrears"] = Call(
    _applied(rp.changes.Arrears),
    {"amount": "90", "payment": 4},
    {
        "amount": Two("90", "91"),
        "of": Two("interest", "fee"),
        "repay": Two("spread", "next"),
        **PLACE,
    },
    of=rp.changes.Arrears,
)
CALLS["amortise"] = Call(
    lambda loan, *changes, progress=None: told(
        lambda progress: rp.amortise(loan, *changes, progress=progress), progress=progress
    ),
    {"loan": BOOK},
    {
        "loan": Two(BOOK, LOAN),
        "changes": Two((), (rp.changes.Deferral(4),)),
        "progress": Two(None, True),
    },
    of=rp.amortise,
)
CALLS["amortize"] = CALLS["amortise"]

# -- the loan -----------------------------------------------------------------------------

FRI = rp.Calendar()
LOAN_WORDS: dict[str, Any] = {"principal": "10000", "rate": "12%", "payments": 12, "start": START}
#: By dates, and without a number of payments.
BY_DATES: dict[str, Any] = {"payments": None, "maturity": "2024-09-10", "every": "quarter"}
LOAN_TWO: dict[str, Two] = {
    "principal": Two("10000", "5000"),
    "rate": Two("12%", "8%"),
    "payments": Two(12, 24),
    "start": Two(START, "2024-02-10"),
    "first_payment": Two(None, "2024-02-25"),
    "every": Two("month", "quarter"),
    "due_days": Two((15, 31), (10, 25), {"every": "half_month", "start": "2024-01-01"}),
    "maturity": Two("2024-09-10", "2024-10-10", {"payments": None}),
    "last_regular": Two(
        "2024-06-10",
        "2024-03-10",
        BY_DATES | {"first_payment": "2024-03-10", "maturity": "2024-08-20"},
    ),
    "stub": Two("short_initial", "long_final", BY_DATES),
    "month_end": Two(False, True, {"start": "2024-04-30"}),
    "missing_day": Two("last", "next", {"start": "2024-01-31"}),
    "calendar": Two(FRI, rp.Calendar(holidays=["2024-05-10"]), {"roll": "following"}),
    "roll": Two("following", "preceding", {"calendar": FRI, "start": "2024-01-31"}),
    "accrual_dates": Two(
        "unadjusted",
        "adjusted",
        {"calendar": FRI, "roll": "following", "day_count": "actual/360"},
    ),
    "method": Two("level", "equal_principal"),
    "instalment": Two("900", "1000"),
    "instalment_multiple": Two(None, "10"),
    "instalment_cap": Two("1%", "2%", {"rate": rp.steps("12%", {4: "20%"})}),
    "instalment_resets": Two("2 months", "5 months", {"rate": rp.steps("12%", {4: "20%"})}),
    "last": Two("any", "lower", {"payments": 6}),
    "balloon": Two(None, "5000"),
    "amortise_over": Two(None, 24),
    "instalment_day_count": Two(None, "actual/360"),
    "in_advance": Two(False, True),
    "interest_base": Two("balance", "original", {"method": "equal_principal"}),
    "interest_split": Two("equal", "rule_of_78", {"method": "flat"}),
    "drawdowns": Two((), [("2024-03-10", "1000")]),
    "fees": Two((), [rp.Fee("1%", when="instalment")]),
    "cost_cap": Two(None, rp.terms.CostCap("5%")),
    "interest_tax": Two("0%", "16%"),
    "fee_tax": Two("8%", "16%", {"fees": [rp.Fee("1%", when="instalment")]}),
    "tax_included": Two(False, True, {"interest_tax": "16%"}),
    "day_count": Two(None, "actual/360"),
    "odd_days": Two("pro_rata", "actual/360", {"first_payment": "2024-02-25"}),
    "counted_days": Two(
        "first", "last", {"start": "2023-12-31", "day_count": "actual/actual ISDA"}
    ),
    "currency": Two("USD", "JPY"),
    "rounding": Two("half_up", "down"),
    "instalment_rounding": Two(None, "down"),
    "fee_rounding": Two(None, "up", {"fees": [rp.Fee("0.033%", when="instalment")]}),
    "interest_remainder": Two("dropped", "last"),
    "decimals": Two(None, 4),
    "negative_amortisation": Two(True, "without_interest", {"instalment": "50", "payments": 12}),
}
CALLS["Loan"] = Call(
    lambda *args, **words: rp.amortise(rp.Loan(*args, **words)), LOAN_WORDS, LOAN_TWO, of=rp.Loan
)
CALLS["CostCap"] = Call(
    lambda *args, **words: rp.statement(
        rp.Loan(**LOAN_WORDS, cost_cap=rp.terms.CostCap(*args, **words)),
        as_of="2024-07-24",
        penalty=rp.PenaltyTerms("1.5", late_fee="25"),
    ).explain(),
    {"total": "50%"},
    {
        "total": Two("6%", "5%"),
        "daily": Two("1%", "0.03%"),
        "late": Two("100", "40"),
    },
    of=rp.terms.CostCap,
)
CALLS["Portfolio"] = Call(
    lambda *args, **words: rp.amortise(rp.Portfolio(*args, **words)),
    {"options": {**LOAN_WORDS, "rate": ["12%", "8%"]}},
    {
        "table": Two(
            {"principal": ["1", "2"]},
            {"principal": ["3", "2"]},
            {"options": {"rate": "12%", "payments": 3, "start": START}},
        ),
        "columns": Two(
            {"principal": "a"},
            {"principal": "b"},
            {
                "table": {"a": ["10", "20"], "b": ["30", "40"]},
                "options": {"rate": "12%", "payments": 3, "start": START},
            },
        ),
        "formats": Two(
            {"rate": "bp"}, None, {"options": {**LOAN_WORDS, "rate": np.array([1200, 800])}}, "rate"
        ),
        "errors": Two(
            "raise", "collect", {"options": {**LOAN_WORDS, "payments": [12, 0]}}, "payments"
        ),
        "options": Two(LOAN_WORDS | {"rate": ["12%", "8%"]}, LOAN_WORDS | {"rate": ["12%", "9%"]}),
    },
    of=rp.Portfolio,
)
CALLS["Calendar.of"] = Call(
    rp.Calendar.of,
    {"country": "DE", "years": [2024]},
    {
        "country": Two("DE", "FR"),
        "years": Two([2024], [2025]),
        "subdivision": Two(None, "BY"),
    },
)
CALLS["Calendar"] = Call(
    lambda *args, **words: rp.amortise(
        rp.Loan(**LOAN_WORDS, calendar=rp.Calendar(*args, **words), roll="following")
    ),
    {},
    {
        "weekmask": Two("1111100", "1111110"),
        "holidays": Two((), ["2024-05-10"]),
        "years": Two(None, [2023], named="2023"),
    },
    of=rp.Calendar,
)


def _with_fee(*args: Any, when: Any = "instalment", **words: Any) -> Any:
    plan = rp.amortise(rp.Loan(**LOAN_WORDS, fees=[rp.Fee(*args, when=when, **words)]))
    return (
        plan,
        plan.terms(),
        rp.measures.cost_sheet(plan, rule="eu"),
        rp.settle(plan, on="2024-07-15"),
    )


CALLS["Fee"] = Call(
    _with_fee,
    {"amount": "1%"},
    {
        "amount": Two("1%", "2%"),
        "when": Two("instalment", "end"),
        "of": Two("principal", "balance"),
        "collected": Two("paid", "financed", {"when": "start"}),
        "payee": Two("lender", "broker"),
        "name": Two(None, "service"),
        "refund": Two("none", "pro_rata", {"when": "start"}),
        "every": Two("month", "quarter", {"when": "calendar"}),
        "first": Two(None, "2024-03-01", {"when": "calendar", "every": "month"}),
        "until": Two(None, "2024-05-01", {"when": "calendar", "every": "month"}),
        "above": Two(None, "5000", {"when": "calendar", "every": "month"}),
        "max_days": Two(None, 90, {"amount": "0.01%", "when": "start", "of": "balance_days"}),
    },
    of=rp.Fee,
)


def _settled_with(*args: Any, **words: Any) -> Any:
    return rp.settle(PLAN, on="2024-07-15", fee=rp.terms.SettlementFee(*args, **words))


CALLS["SettlementFee"] = Call(
    _settled_with,
    {"amount": "3%"},
    {
        "amount": Two("3%", "2%"),
        "less_elapsed": Two(False, True, {"amount": "12 months"}),
        "at_least": Two(None, "500"),
        "at_most": Two(None, "10"),
        "cap": Two(None, "eu"),
    },
    of=rp.terms.SettlementFee,
)


def _with_rate(rate: Any) -> Any:
    return rp.amortise(rp.Loan(**LOAN_WORDS | {"rate": rate}))


INDEX: dict[str, Any] = {"fixings": FIXINGS, "resets": ("2024-05-10", "quarter"), "initial": "5%"}
CALLS["indexed"] = Call(
    lambda *args, **words: _with_rate(rp.indexed(*args, **words)),
    INDEX,
    {
        "fixings": Two(FIXINGS, FIXINGS | {"2024-04-01": "4.5%"}),
        "margin": Two("0%", "2%"),
        "multiplier": Two(1, "1.5"),
        "resets": Two(("2024-05-10", "quarter"), ("2024-06-10", "quarter")),
        "initial": Two("5%", "6%"),
        "cap": Two(None, "5.5%"),
        "floor": Two(None, "4.5%"),
        "periodic_cap": Two(None, "0.5%"),
        "periodic_floor": Two(None, "0.5%"),
        "fixing_lag": Two(0, 60),
        "to": Two(None, "3%"),
        "rounding": Two("half_up", "down", {"to": "3%", "margin": "1.9%"}),
        "hold": Two("maturity", "last"),
        "recast": Two("on_change", "at_end", {"hold": "last"}),
    },
    of=rp.indexed,
)
CALLS["steps"] = Call(
    lambda *args, **words: _with_rate(rp.steps(*args, **words)),
    {"initial": "12%", "changes": {5: "8%"}},
    {
        "initial": Two("12%", "11%"),
        "changes": Two({5: "8%"}, {6: "8%"}),
        "hold": Two(None, "last"),
        "recast": Two(None, "by_due_dates"),
    },
    of=rp.steps,
)
CALLS["graduated"] = Call(
    lambda *args, **words: rp.amortise(
        rp.Loan(**LOAN_WORDS | {"payments": 24}, instalment=rp.terms.graduated(*args, **words))
    ),
    {"by": "5%"},
    {"by": Two("5%", "6%"), "every": Two(12, 6)},
    of=rp.terms.graduated,
)
CALLS["lumps"] = Call(
    lambda *args, **words: rp.amortise(
        rp.Loan(**LOAN_WORDS | {"payments": 24}, instalment=rp.terms.lumps(*args, **words))
    ),
    {"amounts": "500", "every": 6},
    {"amounts": Two("500", "600"), "every": Two(6, 12)},
    of=rp.terms.lumps,
)
CALLS["seasonal"] = Call(
    lambda *args, **words: rp.amortise(
        rp.Loan(**LOAN_WORDS | {"payments": 24}, instalment=rp.terms.seasonal(*args, **words))
    ),
    {"interest_only": [5, 6]},
    {"interest_only": Two([5, 6], [7])},
    of=rp.terms.seasonal,
)
for _name, _make, _more in (
    ("daily", rp.daily, {"basis": Two(360, 365)}),
    ("monthly", rp.monthly, {}),
    ("effective", rp.effective, {}),
    ("compounded", rp.compounded, {"times": Two(12, 4)}),
    ("continuous", rp.rates.continuous, {}),
):
    _words = {"rate": "1%"} | ({"times": 12} if "times" in _more else {})
    CALLS[_name] = Call(_make, _words, {"rate": Two("1%", "2%"), **_more})
CALLS["Rate"] = Call(
    lambda *args, **words: _with_rate(rp.Rate(*args, **words)),
    {"value": Fraction(3, 25)},
    {
        "value": Two(Fraction(3, 25), Fraction(2, 25)),
        "kind": Two("nominal", "effective"),
        "times": Two(12, 4, {"kind": "compounded"}),
    },
    of=rp.Rate,
)
CALLS["year_fraction"] = Call(
    rp.rates.year_fraction,
    {"start": "2023-12-31", "end": "2024-03-31"},
    {
        "start": Two("2023-12-31", "2024-01-01"),
        "end": Two("2024-03-31", "2024-03-30"),
        "day_count": Two("actual/365", "actual/360"),
        "every": Two("month", "week", {"day_count": "periodic", "end": "2024-03-20"}),
        "odd_days": Two("pro_rata", "actual/360", {"day_count": "periodic", "end": "2024-03-20"}),
        "counted_days": Two("first", "last", {"day_count": "actual/actual ISDA"}),
        "calendar": Two(CALENDAR, HOLIDAYS, {"day_count": "business/252", "end": "2024-06-30"}),
    },
)

# -- the time value of money, and rates of return --------------------------------------------

EQUAL: dict[str, Two] = {
    "present_value": Two("10000", "5000"),
    "payment": Two("888.49", "900"),
    "rate": Two("1%", "2%"),
    "payments": Two(12, 24),
    "future_value": Two(0, "2000"),
    "in_advance": Two(False, True),
    "digits": Two(28, 6),
    "number": Two(4, 5),
    "first": Two(1, 4),
    "last": Two(None, 6),
    "near": Two(
        "10%",
        "20%",
        {"present_value": "100", "payments": 2, "payment": "230", "future_value": "-362"},
    ),
}
for _name, _more in (
    ("level_payment", {}),
    ("present_value", {}),
    ("future_value", {}),
    ("payments_needed", {}),
    ("periodic_rate", {}),
    ("interest_part", {}),
    ("principal_part", {}),
    ("cumulative_interest", {}),
    ("cumulative_principal", {}),
):
    _call = getattr(rp.rates, _name)
    _known = {each: EQUAL[each] for each in signature_of(_call)}
    _needed = {
        each: EQUAL[each].one
        for each, parameter in signature_of(_call).items()
        if parameter.default is parameter.empty
    }
    _needed |= {"last": 6} if "last" in _known else {}
    _needed |= {"payment": "200"} if _name == "future_value" else {}
    CALLS[_name] = Call(_call, _needed, _known)
ANY_RATE = {"near": Two("10%", "20%"), "digits": Two(12, 6)}
CALLS["irr"] = Call(
    rp.irr,
    {"flows": ["-100", "60", "60"]},
    {
        "flows": Two(["-100", "60", "60"], ["-100", "61", "60"]),
        "near": Two("10%", "20%", {"flows": ["-100", "230", "-132"]}),
        "digits": Two(12, 6),
    },
)
CALLS["xirr"] = Call(
    rp.xirr,
    {"flows": RETAIL},
    {
        "flows": Two(RETAIL, [*RETAIL[:2], ("2025-02-10", "5000")]),
        "dates": Two(
            ["2024-01-10", "2025-01-10"], ["2024-01-10", "2025-02-10"], {"flows": ["-100", "110"]}
        ),
        "day_count": Two("actual/365", "actual/360"),
        "calendar": Two(CALENDAR, HOLIDAYS, {"day_count": "business/252"}),
        "near": Two("10%", "20%", {"flows": TWICE}),
        "digits": Two(12, 6),
    },
)
CALLS["npv"] = Call(
    rp.npv,
    {"flows": RETAIL, "rate": "8%"},
    {
        "flows": Two(RETAIL, RETAIL[:2]),
        "rate": Two("8%", "9%"),
        "dates": Two(
            ["2024-01-10", "2025-01-10"], ["2024-01-10", "2025-02-10"], {"flows": ["-100", "110"]}
        ),
        "on": Two(None, "2024-07-10"),
        "day_count": Two(None, "actual/360"),
        "calendar": Two(CALENDAR, HOLIDAYS, {"day_count": "business/252"}),
        "places": Two(None, 2),
    },
)
for _name in ("flat_to_effective", "effective_to_flat"):
    _first = "flat" if _name.startswith("flat") else "rate"
    CALLS[_name] = Call(
        getattr(rp.measures, _name),
        {_first: "12%", "payments": 12},
        {
            _first: Two("12%", "6%"),
            "payments": Two(12, 24),
            "per": Two("year", "period"),
            "per_year": Two(12, 4),
            "measure": Two("effective", "nominal"),
        },
    )
CALLS["apr"] = Call(
    lambda *args, progress=None, **words: told(
        lambda progress: rp.apr(*args, progress=progress, **words), progress=progress
    ),
    {"flows": WITH_FEE, "rule": "eu"},
    {
        "flows": Two(WITH_FEE, PLAN),
        "rule": Two("eu", "reg_z"),
        "advances": Two(
            [("2024-01-10", "100")],
            [("2024-01-10", "101")],
            {"flows": None, "payments": [("2025-01-10", "110")]},
        ),
        "payments": Two(
            [("2025-01-10", "110")],
            [("2025-01-10", "111")],
            {"flows": None, "advances": [("2024-01-10", "100")]},
        ),
        "period": Two("month", "week"),
        "year_days": Two(None, "360", {"period": "day"}),
        "without": Two((), ["set-up"]),
        "progress": Two(None, True, {"flows": BOOK}),
    },
    of=rp.apr,
)
CALLS["apr_rules"] = Call(rp.measures.apr_rules, {}, {"country": Two("CA", "AU")})
CALLS["disclosure"] = Call(
    rp.measures.disclosure,
    {"schedule": WITH_FEE, "form": "in_kfs"},
    {"schedule": Two(WITH_FEE, PLAN), "form": Two("eu_secci", "us_trid")},
)
CALLS["cost_sheet"] = Call(
    rp.measures.cost_sheet,
    {"schedule": WITH_FEE},
    {"schedule": Two(WITH_FEE, PLAN), "rule": Two("eu", "reg_z")},
)
CALLS["costs"] = Call(
    lambda schedule, *, progress=None: told(
        lambda progress: rp.measures.costs(schedule, progress=progress), progress=progress
    ),
    {},
    {"schedule": Two(PLAN, WITH_FEE), "progress": Two(None, True, {"schedule": BOOK})},
    of=rp.measures.costs,
)
CALLS["delay_cost"] = Call(
    rp.measures.delay_cost,
    {"schedule": PLAN, "deferral": rp.changes.Deferral(4)},
    {
        "schedule": Two(PLAN, SECOND),
        "deferral": Two(rp.changes.Deferral(4), rp.changes.Deferral(4, interest="waive")),
    },
)
CALLS["solve"] = Call(
    rp.measures.solve,
    {
        "make": lambda amount: rp.Loan(amount, "12%", 12, START),
        "unknown": "amount",
        "at_most": "800",
    },
    {
        "make": Two(
            lambda amount: rp.Loan(amount, "12%", 12, START),
            lambda amount: rp.Loan(amount, "12%", 24, START),
        ),
        "unknown": Two(
            "amount", "count", {"make": lambda term: rp.Loan("9000", "12%", int(term), START)}
        ),
        "figure": Two("instalment", "total_interest"),
        "at_most": Two("800", "900"),
        "at_least": Two("800", "900", {"at_most": None}),
        "between": Two(
            ("2024-01-10", "2025-01-09"),
            ("2024-01-11", "2025-01-09"),
            {
                "make": lambda day: rp.prepay(PLAN, "2000", on=day),
                "unknown": "day",
                "figure": "total_interest",
                "at_most": "500",
                "step": 7,
            },
        ),
        "step": Two("0.01", "100"),
    },
)
CALLS["cap_report"] = Call(
    rp.measures.cap_report,
    {"flows": WITH_FEE, "caps": CAP},
    {
        "flows": Two(WITH_FEE, PLAN),
        "caps": Two(CAP, rp.measures.Cap("house", "9%")),
        "on": Two(None, "2024-02-10"),
        "measure": Two(None, "nominal"),
    },
)
CALLS["known_caps"] = Call(
    rp.measures.known_caps, {}, {"country": Two("CN", "GB"), "on": Two("2024-08-01", "2016-08-01")}
)


CALLS["rebuild"] = Call(
    rp.measures.rebuild,
    {"owed": OWED, "rate": "9%"},
    {"owed": Two(OWED, LATER_OWED), "rate": Two("9%", CAP)},
)
CALLS["credit_record"] = Call(
    rp.arrears.credit_record,
    {"owed": OWED, "codes": "CN"},
    {
        "owed": Two(OWED, LATER_OWED),
        "codes": Two("CN", "US"),
        "months": Two(24, 12),
        "report_day": Two(31, 15),
    },
)


def _capped(*args: Any, **words: Any) -> Any:
    return rp.measures.cap_report(WITH_FEE, rp.measures.Cap(*args, **words))


CALLS["Cap"] = Call(
    _capped,
    {"name": "house", "limit": "18%"},
    {
        "name": Two("house", "home"),
        "limit": Two("18%", "9%"),
        "measure": Two("nominal", "effective"),
        "includes": Two("all-in", "interest"),
        "since": Two(None, "2024-06-01", named="2024-06-01"),
        "until": Two(None, "2023-06-01", named="2023-06-01"),
        "country": Two("", "CN"),
        "whom": Two("", "banks"),
        "source": Two("", "policy 7"),
        "name_zh": Two("", "上限"),
    },
    of=rp.measures.Cap,
)


def _shared(*args: Any, **words: Any) -> Any:
    return rp.measures.shared_cost(OWED, rp.measures.Payer(*args, **words))


CALLS["Payer"] = Call(
    _shared,
    {"name": "state", "share": "50%"},
    {
        "name": Two("state", "employer"),
        "of": Two("interest", "principal"),
        "share": Two("50%", "25%"),
        "amount": Two("5", "4", {"share": None}),
        "points": Two("1%", "2%", {"share": None}),
        "cap_share": Two("50%", "5%"),
        "cap_payment": Two("20", "10"),
        "cap_year": Two("100", "50"),
        "cap": Two("100", "50"),
        "from_payment": Two(1, 3),
        "to_payment": Two(12, 3),
        "since": Two("2024-02-01", "2024-04-01"),
        "until": Two("2024-12-01", "2024-04-01"),
        "on_time": Two(False, True),
        "grace_days": Two(0, 20, {"on_time": True}),
    },
    of=rp.measures.Payer,
)
HALF = rp.measures.Payer("state", share="50%")
SHARED = rp.measures.shared_cost(PLAN, [HALF, rp.measures.Payer("shop", amount="5", to_payment=2)])
CALLS["shared_cost"] = Call(
    rp.measures.shared_cost,
    {"schedule": PLAN, "payers": HALF},
    {
        "schedule": Two(PLAN, WITH_FEE),
        "payers": Two(HALF, rp.measures.Payer("employer", of="payment", amount="100")),
    },
)
CALLS["modification_test"] = Call(
    rp.measures.modification_test,
    {"before": PLAN, "after": rp.change_rate(PLAN, "8%", payment=4)},
    {
        "before": Two(PLAN, WITH_FEE),
        "after": Two(rp.change_rate(PLAN, "8%", payment=4), rp.change_rate(PLAN, "9%", payment=4)),
        "as_of": Two("2024-04-10", "2024-03-10"),
    },
)
NAMED = {"loans": "1310", "cash": "1010"}
CALLS["journal"] = Call(
    lambda schedule, *, progress=None, **words: told(
        lambda progress: rp.measures.journal(schedule, progress=progress, **words),
        progress=progress,
    ),
    {"schedule": WITH_FEE},
    {
        "schedule": Two(WITH_FEE, OWED),
        "by": Two("month", "day"),
        "fees": Two("effective", "straight_line"),
        "costs": Two(None, "40", {"fees": "effective"}),
        "accounts": Two(NAMED, {"loans": "1320"}),
        "progress": Two(None, True, {"schedule": BOOK}),
    },
    of=rp.measures.journal,
)
BOOKED = rp.measures.journal(WITH_FEE)

# -- choices ------------------------------------------------------------------------------

RISE = rp.changes.RateChange("16%", payment=4)
CALLS["readings"] = Call(
    rp.readings,
    {"schedule": PLAN, "payment": 4},
    {
        "schedule": Two(PLAN, SECOND),
        "change": Two(RISE, rp.changes.Prepayment("2000", with_payment=3), {"payment": None}),
        "payment": Two(4, 5),
        "periods": Two(1, 2),
        "on": Two("2024-04-20", "2024-05-20", {"payment": None}),
        "all": Two(False, True),
    },
)
LONGER = rp.reschedule(PLAN, 18, payment=4)
CALLS["compare"] = Call(
    lambda *plans, **words: (
        found := rp.compare(*plans, **words),
        str(found),
        found.sheet(),
        found.to_pandas().to_dict(),
    ),
    {"plans": (PLAN, LONGER)},
    {
        "plans": Two((PLAN, LONGER), (PLAN, SECOND)),
        "affordable": Two("500", "700"),
        "names": Two(None, ("a", "b")),
        "settled_after": Two(3, 6),
    },
    of=rp.compare,
)
CALLS["combine"] = Call(
    lambda *args, **words: str(rp.schedule.combine(*args, **words)),
    {"plans": [PLAN, SECOND]},
    {"plans": Two([PLAN, SECOND], [PLAN, LONGER]), "names": Two(None, ["a", "b"])},
    of=rp.schedule.combine,
)
ON = "2024-04-10"
CALLS["refinance"] = Call(
    lambda *args, **words: (
        found := rp.refinance(*args, **words),
        str(found),
        found.explain(),
        list(found.months),
    ),
    {"plans": PLAN, "on": ON, "terms": {"rate": "8%", "payments": 9}},
    {
        "plans": Two([PLAN, SECOND], [PLAN, CAR]),
        "new": Two(
            rp.Loan("8000", "8%", 9, ON, currency="USD"),
            rp.Loan("8000", "9%", 12, ON, currency="USD"),
            {"terms": {}},
        ),
        "on": Two(ON, "2024-05-20"),
        "fees": Two((), "200"),
        "cash": Two("0", "500"),
        "terms": Two({"rate": "8%", "payments": 9}, {"rate": "9%", "payments": 12}),
    },
    of=rp.refinance,
)
CALLS["extension_limit"] = Call(
    rp.negotiation.extension_limit,
    {"schedule": PLAN, "rule": "general_rules"},
    {
        "schedule": Two(PLAN, SECOND),
        "rule": Two("general_rules", "personal", {"schedule": SECOND}),
        "longest": Two(60, 120, {"rule": "personal", "schedule": SECOND}),
    },
)

# -- what was really paid -----------------------------------------------------------------

CALLS["statement"] = Call(
    lambda schedule, receipts=(), *, progress=None, **words: told(
        lambda **more: rp.statement(schedule, receipts, **words, **more), progress=progress
    ),
    {"schedule": PLAN, "receipts": PAID, "as_of": "2024-06-24"},
    {
        "schedule": Two(PLAN, SECOND, {"receipts": ()}),
        "receipts": Two(PAID, PAID[:2]),
        "as_of": Two("2024-06-24", "2024-06-25", {"penalty": LATE}),
        "penalty": Two(None, LATE),
        "allocation": Two(
            None,
            rp.Allocation(across="component"),
            {"receipts": [*PAID, rp.Receipt("2024-06-20", "500")]},
        ),
        "interest": Two("schedule", "balance"),
        "rest": Two("day", "due_date", {"interest": "balance"}),
        "progress": Two(None, True, {"schedule": BOOK, "receipts": BOOK_PAID}),
    },
    of=rp.statement,
)
PARTLY = [*PAID, rp.Receipt("2024-06-20", "500")]


def _penalised(*args: Any, **words: Any) -> Any:
    terms = rp.PenaltyTerms(*args, **words)
    return rp.statement(PLAN, PAID, as_of="2024-07-24", penalty=terms)


HALF_MORE = {"multiplier": "1.5"}
CALLS["PenaltyTerms"] = Call(
    _penalised,
    {},
    {
        "multiplier": Two("1.5", "2"),
        "addition": Two("4%", "5%"),
        "rate": Two("18.25%", "19%"),
        "base": Two("principal", "instalment", HALF_MORE),
        "on_interest": Two(False, True, HALF_MORE),
        "day_count": Two(None, "actual/360", HALF_MORE),
        "grace_days": Two(0, 20, HALF_MORE),
        "grace": Two("due_date", "end", HALF_MORE | {"grace_days": 5}),
        "late_fee": Two(None, "25", HALF_MORE),
        "cap": Two(None, "5", HALF_MORE),
        "cap_rate": Two(None, "13%", HALF_MORE),
        "cap_share": Two(None, "0.1%", HALF_MORE),
    },
    of=rp.PenaltyTerms,
)


def _allocated(*args: Any, receipts: Any = PARTLY, **words: Any) -> Any:
    return rp.statement(
        PLAN, receipts, as_of="2024-06-24", penalty=LATE, allocation=rp.Allocation(*args, **words)
    )


INTEREST_LAST = ("costs", "fee", "penalty", "principal", "interest")
CALLS["Allocation"] = Call(
    _allocated,
    {},
    {
        "order": Two(("costs", "fee", "penalty", "interest", "principal"), INTEREST_LAST),
        "across": Two("instalment", "component"),
        "among": Two("age", "pro_rata", {"across": "component"}),
        "switch": Two((), {31: INTEREST_LAST}),
        "ahead": Two("next", "maturity", {"receipts": [*PAID, rp.Receipt("2024-04-20", "5000")]}),
    },
    of=rp.Allocation,
)


def _happened(*events: Any) -> Any:
    return rp.statement(PLAN, [*PAID, *events], as_of="2024-07-24", penalty=LATE)


CALLS["Receipt"] = Call(
    lambda on, amount, **words: (
        _happened(receipt := rp.Receipt(on, amount, **words)),
        receipt,
    ),
    {"on": "2024-05-20", "amount": "300"},
    {
        "on": Two("2024-05-20", "2024-06-20"),
        "amount": Two("300", "400"),
        "id": Two(None, "x"),
        "currency": Two(None, "EUR"),
        "ahead": Two("next", "maturity", {"amount": "3000"}),
        "instalment": Two(4, 5, {"on": "2024-06-20"}),
        "component": Two("interest", "principal"),
    },
    of=rp.Receipt,
)
CALLS["Refund"] = Call(
    lambda *args, **words: _happened(
        rp.Receipt("2024-04-20", "5000"), rp.arrears.Refund(*args, **words)
    ),
    {"on": "2024-04-25", "amount": "300"},
    {"on": Two("2024-04-25", "2024-08-25"), "amount": Two("300", "400")},
    of=rp.arrears.Refund,
)
CALLS["Reversal"] = Call(
    lambda *args, **words: _happened(rp.arrears.Reversal(*args, **words)),
    {"on": "2024-05-25", "of": "3"},
    {"on": Two("2024-05-25", "2024-08-25"), "of": Two("3", "2")},
    of=rp.arrears.Reversal,
)
CALLS["Charge"] = Call(
    lambda *args, **words: (_happened(charge := rp.arrears.Charge(*args, **words)), str(charge)),
    {"on": "2024-05-25", "amount": "20"},
    {
        "on": Two("2024-05-25", "2024-08-25"),
        "amount": Two("20", "30"),
        "kind": Two("fee", "penalty"),
        "name": Two("", "reminder"),
        "apart": Two(False, True),
    },
    of=rp.arrears.Charge,
)
CALLS["Waiver"] = Call(
    lambda *args, **words: _happened(rp.arrears.Waiver(*args, **words)),
    {"on": "2024-07-20", "of": "penalty"},
    {
        "on": Two("2024-07-20", "2024-05-20"),
        "of": Two("penalty", "interest"),
        "amount": Two("1", "2"),
        "share": Two("10%", "20%"),
    },
    of=rp.arrears.Waiver,
)
CALLS["Acceleration"] = Call(
    lambda *args, **words: _happened(rp.arrears.Acceleration(*args, **words)),
    {"on": "2024-06-20"},
    {"on": Two("2024-06-20", "2024-06-25")},
    of=rp.arrears.Acceleration,
)
CALLS["WriteOff"] = Call(
    lambda *args, **words: _happened(rp.arrears.WriteOff(*args, **words)),
    {"on": "2024-06-20"},
    {"on": Two("2024-06-20", "2024-06-25"), "accrual": Two("stop", "continue")},
    of=rp.arrears.WriteOff,
)
CALLS["Receipts"] = Call(
    lambda *args, **words: rp.statement(
        BOOK, rp.portfolio.Receipts(*args, **words), as_of="2024-06-24"
    ),
    dict(BOOK_PAID),
    {
        "loan": Two([0, 1], [1, 1]),
        "on": Two(["2024-02-10", "2024-02-12"], ["2024-02-10", "2024-07-12"]),
        "amount": Two(["888.49", "100"], ["888.49", "200"]),
        "reversed_on": Two(None, ["2024-03-01", None]),
        "formats": Two(None, {"amount": "major"}, {"amount": np.array([500, 700])}),
    },
    of=rp.portfolio.Receipts,
)
CALLS["renegotiate"] = Call(
    lambda owed, payments=None, **words: (
        made := rp.renegotiate(owed, payments, **words),
        made.statement(as_of="2024-12-24"),
        made.rounds[-1].schedule,
        made.rounds[-1].agreed,
    ),
    {"owed": OWED},
    {
        "owed": Two(OWED, LATER_OWED),
        "payments": Two(12, 18),
        "instalment": Two("700", "800"),
        "rate": Two(None, "8%"),
        "every": Two(None, "quarter", {"first_payment": "2024-10-10", "payments": 4}),
        "method": Two(None, "equal_principal"),
        "first_payment": Two(None, "2024-08-10"),
        "arrears": Two("capitalise", "spread"),
        "changes": Two((), (rp.changes.Deferral(4),)),
        "breach": Two(None, rp.arrears.Breach(days=30, accelerate=True)),
        "agreed": Two(None, "2024-06-20"),
        "terms": Two(None, {"rounding": "down"}),
        "options": Two({}, {"penalty": rp.PenaltyTerms("2")}),
    },
    of=rp.renegotiate,
)


def _broken(**words: Any) -> Any:
    made = rp.renegotiate(
        OWED, 18, arrears={"penalty": "forgive"}, breach=rp.arrears.Breach(**words)
    )
    return made.statement(as_of="2024-12-24"), made.broken_on(as_of="2024-12-24")


CALLS["Breach"] = Call(
    _broken,
    {"days": 30},
    {
        "days": Two(30, 60),
        "instalments": Two(2, 3, {"days": None}),
        "amount": Two("600", "1200", {"days": None}),
        "reinstates": Two("nothing", "forgiven"),
        "penalty_from": Two("breach", "agreement", {"reinstates": "forgiven"}),
        "accelerate": Two(False, True),
    },
    of=rp.arrears.Breach,
)

# -- budgets and negotiation --------------------------------------------------------------

BUDGET: dict[str, Any] = {"debts": [CARD, CAR], "budget": "1500", "on": "2024-03-01"}
BUDGET_TWO = {
    "debts": Two([CARD, CAR], [CARD]),
    "budget": Two("1500", "1600"),
    "on": Two("2024-03-01", "2024-05-01"),
    "rates": Two(
        {"USD": "1", "EUR": "2"},
        {"USD": "1", "EUR": "3"},
        {
            "debts": [
                rp.Debt("3000", rate="18%", minimum="100", name="a", currency="USD"),
                rp.Debt("3000", rate="18%", minimum="100", name="b", currency="EUR"),
            ],
            "budget": rp.Budget("2500", "1000", currency="USD"),
        },
    ),
}
CALLS["allocate_budget"] = Call(
    rp.allocate_budget, BUDGET, {**BUDGET_TWO, "policy": Two("pro_rata", "avalanche")}
)
CALLS["compare_policies"] = Call(
    lambda *args, **words: str(rp.negotiation.compare_policies(*args, **words)),
    BUDGET,
    {**BUDGET_TWO, "policies": Two(("pro_rata",), ("avalanche", "equal"))},
    of=rp.negotiation.compare_policies,
)
CALLS["Budget"] = Call(
    lambda *args, **words: rp.allocate_budget([CARD], rp.Budget(*args, **words), on="2024-03-01"),
    {"income": "2500", "essentials": "1000"},
    {
        "income": Two("2500", "1200"),
        "essentials": Two("1000", "2000"),
        "reserve": Two(0, "1200"),
        "currency": Two("XXX", "JPY"),
    },
    of=rp.Budget,
)


def _debt(*args: Any, **words: Any) -> Any:
    debt = rp.Debt(*args, **words)
    plan = rp.allocate_budget([debt, CAR], "1500", on="2024-03-01")
    return debt, str(debt), plan, str(rp.letter(debt, on="2024-03-01").to_text())


CALLS["Debt"] = Call(
    _debt,
    {"of": "3000", "rate": "18%", "minimum": "100"},
    {
        "of": Two("3000", "4000"),
        "rate": Two("18%", "19%"),
        "minimum": Two("100", "120"),
        "lender": Two("", "card"),
        "currency": Two(None, "USD"),
        "secured": Two(False, "the car"),
        "consequences": Two("", "it is sold"),
        "name": Two(None, "mine"),
        "arrears": Two(0, "200"),
        "arrears_over": Two(1, 4, {"arrears": "200"}),
        "extra": Two(True, False),
    },
    of=rp.Debt,
)
NEGOTIATION: dict[str, Two] = {
    "affordable": Two("700", "600"),
    "payment": Two(4, 5),
    "on": Two("2024-04-20", "2024-05-20", {"payment": None}),
    "today": Two("2024-04-20", "2024-05-20", {"payment": None}),
    "by": Two("term", "deferral"),
    "limits": Two(None, rp.Limits(months=15)),
    "end": Two(None, "2025-06-30"),
    "last_payment": Two(None, "300"),
    "total": Two(None, "8150"),
}
CALLS["negotiate"] = Call(
    lambda schedule, *, progress=None, **words: told(
        lambda **more: rp.negotiate(schedule, **words, **more), progress=progress
    ),
    {"schedule": PLAN, "affordable": "700", "payment": 4, "by": "term"},
    {
        "schedule": Two(PLAN, SECOND, {"affordable": "150"}),
        **NEGOTIATION,
        "progress": Two(None, True, {"schedule": [PLAN]}),
    },
    of=rp.negotiate,
)


def _within(by: Any = "term", affordable: Any = "700", floating: bool = False, **words: Any) -> Any:
    limits = rp.Limits(**words)
    if floating:
        loan = rp.Loan("10000", rp.steps("12%", {7: "20%"}), 12, "2024-01-10")
        return rp.negotiate(loan, affordable="1000", payment=4, by=by, limits=limits)
    return rp.negotiate(PLAN, affordable=affordable, payment=4, by=by, limits=limits)


CALLS["Limits"] = Call(
    _within,
    {},
    {
        "rate": Two("0%", "8%", {"by": "rate", "affordable": "850"}),
        "rate_step": Two("0.01%", "1%", {"by": "rate", "affordable": "870"}),
        "months": Two(None, 15),
        "extension": Two(None, "general_rules"),
        "latest": Two(None, "2025-06-30"),
        "haircut": Two("50%", "5%", {"by": "haircut"}),
        "amount_step": Two(None, "500", {"by": "haircut"}),
        "subsidy": Two(None, "1%", {"by": "subsidy", "affordable": "880"}),
        "payer": Two("payer", "state", {"by": "subsidy", "affordable": "880"}),
        "lump": Two(None, "1700", {"by": "lump"}),
        "instalment_cap": Two("0%", "7%", {"by": "instalment_cap", "floating": True}),
        "deferral": Two(6, 1, {"by": ("term", "deferral")}),
        "start": Two(6, 1, {"by": ("term", "start"), "affordable": "1000"}),
        "npv_loss": Two(None, "1%", {"by": "haircut"}),
        "caps": Two((), rp.measures.Cap("house", "5%"), {"by": ("term", "rate")}),
    },
    of=rp.Limits,
)
RATE_FIRST = rp.negotiation.Waterfall(
    "own",
    rp.negotiation.Concession("rate", limit="2%"),
    rp.negotiation.Concession("term", limit=24),
)
CALLS["concede"] = Call(
    rp.negotiation.concede,
    {"schedule": PLAN, "waterfall": RATE_FIRST, "target": "800"},
    {
        "schedule": Two(PLAN, SECOND, {"target": "200"}),
        "waterfall": Two(
            RATE_FIRST,
            rp.negotiation.Waterfall("term", rp.negotiation.Concession("term", limit=24)),
        ),
        "target": Two("800", "700"),
        "income": Two(
            "2600", "2700", {"waterfall": rp.negotiation.Waterfall.hamp(), "target": None}
        ),
        "other": Two(
            0,
            "100",
            {"waterfall": rp.negotiation.Waterfall.hamp(), "target": None, "income": "2600"},
        ),
        "payment": Two(4, 5),
        "on": Two("2024-04-20", "2024-05-20"),
        "arrears": Two(
            None,
            "100",
            {
                "waterfall": rp.negotiation.Waterfall(
                    "own",
                    rp.negotiation.Concession("capitalise"),
                    rp.negotiation.Concession("term", limit=24),
                )
            },
        ),
    },
)
CALLS["Concession"] = Call(
    lambda *args, **words: rp.negotiation.concede(
        PLAN,
        rp.negotiation.Waterfall("own", rp.negotiation.Concession(*args, **words)),
        target="800",
        payment=4,
    ),
    {"kind": "term", "limit": 24},
    {
        "kind": Two("term", "rate", {"limit": None}),
        "step": Two(None, 5),
        "limit": Two(24, 10),
    },
    of=rp.negotiation.Concession,
)
CALLS["Target"] = Call(
    lambda *args, **words: rp.negotiation.concede(
        PLAN, RATE_FIRST, target=rp.negotiation.Target(*args, **words)
    ),
    {"payment": "800"},
    {
        "payment": Two("800", "700"),
        "share": Two("31%", "28%", {"payment": None, "income": "2600"}),
        "reduction": Two("10%", "20%", {"payment": None}),
        "income": Two("2600", "2500", {"payment": None, "share": "31%"}),
        "other": Two(0, "100", {"payment": None, "share": "31%", "income": "2600"}),
    },
    of=rp.negotiation.Target,
)
CALLS["Waterfall"] = Call(
    lambda name, *steps, target=None: rp.negotiation.concede(
        PLAN, rp.negotiation.Waterfall(name, *steps, target=target)
    ),
    {"name": "own", "steps": RATE_FIRST.steps, "target": rp.negotiation.Target("800")},
    {
        "name": Two("own", "mine"),
        "steps": Two(RATE_FIRST.steps, RATE_FIRST.steps[1:]),
        "target": Two(rp.negotiation.Target("800"), rp.negotiation.Target("700")),
    },
    of=rp.negotiation.Waterfall,
)

# -- papers and offers --------------------------------------------------------------------

CALLS["agreement"] = Call(
    lambda *args, **words: (
        (made := rp.agreement(*args, **words)).to_text(),
        made.objections(),
    ),
    {"schedule": LONGER},
    {
        "schedule": Two(LONGER, PLAN),
        "parties": Two((), {"lender": "Bank"}),
        "lang": Two("en", "zh"),
        "before": Two(None, SECOND, {"schedule": PLAN}),
        "on": Two(None, "2024-04-12"),
        "statement": Two(None, rp.statement(PLAN, PAID[:2], as_of="2024-04-12")),
        "dated": Two(None, "2024-04-11"),
        "circumstances": Two("", "illness"),
        "penalty": Two(None, LATE),
        "allocation": Two(None, rp.Allocation.us()),
        "breach": Two(None, rp.arrears.Breach(days=30)),
        "if_breached": Two((), AGREED.if_breached(3), {"schedule": AGREED}),
        "settlement_fee": Two(None, "1%"),
        "no_new_credit": Two(None, True),
        "pay_to": Two("", "account 1"),
        "reporting": Two("", "as restructured"),
        "other": Two((), "more"),
        "card": Two(
            False,
            True,
            {
                "schedule": rp.reschedule(
                    rp.Loan("10000", "12%", 12, START, currency="CNY"), 18, payment=4
                )
            },
        ),
        "limits": Two(None, rp.Limits(months=3)),
        "rule": Two("eu", "reg_z"),
    },
    of=rp.agreement,
)
HIGH = rp.amortise(rp.Loan("10000", "36%", 12, START, currency="USD"))
OVERPAID = rp.statement(
    HIGH, [rp.Receipt(row.date, row.payment) for row in HIGH[:8]], as_of="2024-09-10"
)
REBUILT = rp.measures.rebuild(OVERPAID, "24%")
CALLS["claim"] = Call(
    lambda *args, **words: rp.documents.claim(*args, **words).to_text(),
    {"rebuilt": REBUILT},
    {
        "rebuilt": Two(REBUILT, rp.measures.rebuild(OVERPAID, CAP)),
        "parties": Two((), {"lender": "Bank"}),
        "lang": Two("en", "zh"),
    },
)
CALLS["letter"] = Call(
    lambda *args, **words: rp.letter(*args, **words).to_text(),
    {"debt": PLAN},
    {
        "debt": Two(PLAN, SECOND),
        "option": Two(None, FOUND.options[0]),
        "proposal": Two(None, LONGER),
        "budget": Two(None, "700"),
        "parties": Two((), {"lender": "Bank"}),
        "lang": Two("en", "zh"),
        "on": Two(None, "2024-03-12"),
        "circumstances": Two("", "illness"),
        "documents": Two(None, ["pay slip"]),
        "recovery": Two(None, "40%", {"proposal": LONGER}),
    },
    of=rp.letter,
)
CALLS["Party"] = Call(
    lambda *args, **words: rp.agreement(LONGER, parties=[rp.Party(*args, **words)]).to_text(),
    {"name": "Bank", "role": "lender"},
    {
        "name": Two("Bank", "Bank 2"),
        "role": Two("lender", "borrower"),
        "id_number": Two("", "77"),
        "address": Two("", "High Street"),
        "contact": Two("", "a@b.example"),
    },
    of=rp.Party,
)
OFFERED = [("2024-02-10", "888.49"), ("2024-03-10", "888.49")]
CALLS["check_offer"] = Call(
    lambda *args, **words: str(rp.check_offer(*args, **words)),
    {"rows": rp.amortise(LOAN).rows, "loan": LOAN},
    {
        "rows": Two(PLAN.rows, rp.change_rate(PLAN, "8%", payment=4).rows),
        "loan": Two(
            LOAN, rp.Loan("10000", "12%", 12, START, day_count="actual/360", currency="USD")
        ),
        "instalment": Two("888.49", "890", {"rows": None, "payments": 12}),
        "payments": Two(12, 11, {"rows": None, "instalment": "888.49"}),
        "columns": Two(("date", "payment"), ("date", "interest"), {"rows": OFFERED}),
        "principal": Two(
            None, "9000", {"loan": None, "start": START, "rate": "12%", "currency": "USD"}
        ),
        "start": Two(START, "2024-01-05", {"loan": None, "rate": "12%"}),
        "rate": Two("12%", "11%", {"loan": None, "start": START}),
        "every": Two("month", "quarter", {"loan": None, "start": START, "rate": "12%"}),
        "currency": Two("USD", "KWD", {"loan": None, "start": START, "rate": "12%"}),
        "date_order": Two(
            "dmy",
            "mdy",
            {
                "loan": None,
                "start": START,
                "principal": "10000",
                "rows": [{"date": "10/02/2024", "payment": "888.49"}],
            },
        ),
        "caps": Two((), rp.measures.Cap("house", "9%")),
    },
    of=rp.check_offer,
)
CALLS["PortfolioChange"] = Call(
    lambda kind, **options: rp.amortise(BOOK, rp.portfolio.PortfolioChange(kind, **options)),
    {"kind": rp.changes.Deferral, "options": {"payment": [4, None]}},
    {
        "kind": Two(
            rp.changes.Deferral,
            rp.changes.Forbearance,
            {"options": {"payment": [4, None], "hold": "maturity"}},
            "amount",
        ),
        "options": Two({"payment": [4, None]}, {"payment": [5, None]}),
        "where": Two(True, [False, True]),
    },
    of=rp.portfolio.PortfolioChange,
)
CALLS["Schedule"] = Call(
    rp.Schedule,
    {"loan": LOAN},
    {"loan": Two(LOAN, OTHER), "changes": Two((), (rp.changes.Deferral(4),))},
)
CALLS["PortfolioSchedule"] = Call(
    rp.portfolio.PortfolioSchedule,
    {"book": BOOK},
    {
        "book": Two(BOOK, BOOK.where(np.array([True, False]))),
        "changes": Two((), (rp.changes.Deferral(4),)),
    },
)

# -- methods ------------------------------------------------------------------------------

GRACE = rp.measures.Cap("house", [("2020-01-01", "18%"), ("2024-01-01", "15%")], until="2024-06-30")


def _method(of: Any, name: str, words: Mapping[str, Any] | None = None, /, **two: Two) -> None:
    bound = getattr(of, name)
    kind = of if isinstance(of, type) else type(of)
    CALLS[f"{kind.__name__}.{name}"] = Call(bound, words or {}, two)


def _told_method(of: Any, name: str, words: Mapping[str, Any] | None = None, /, **two: Two) -> None:
    bound = getattr(of, name)

    def call(*args: Any, progress: Any = None, **more: Any) -> Any:
        def run(progress: Any) -> Any:
            found = bound(*args, progress=progress, **more)
            return list(found) if inspect.isgenerator(found) else found

        return told(run, progress=progress)

    CALLS[f"{type(of).__name__}.{name}"] = Call(call, words or {}, two, of=bound)


PROGRESS = Two(None, True)
BOOK_PLAN = rp.amortise(BOOK)
CHANGE = rp.portfolio.PortfolioChange(rp.changes.Deferral, payment=[4, None])
_method(rp.Allocation(switch={31: INTEREST_LAST}), "order_at", {}, days_past_due=Two(0, 40))
_method(rp.Allocation(), "with_ahead", ahead=Two("next", "last"))
_method(SHARED, "bill", name=Two("state", "shop"))
_method(AGREED, "agree", on=Two("2024-06-20", "2024-06-21"))
HAPPENED = {"as_of": "2024-08-12"}
KEPT = [rp.Receipt(AGREED.schedule[0].date, AGREED.schedule[0].payment)]
_method(AGREED, "if_breached", after=Two(0, 3))
SIGNED = AGREED.agree()
_method(
    *(SIGNED, "breach_warning", {"as_of": "2024-08-01"}),
    receipts=Two((), KEPT),
    as_of=Two("2024-08-01", "2024-12-01"),
)
for _name in ("broken_on", "state", "statement", "states"):
    _method(SIGNED, _name, HAPPENED, receipts=Two((), KEPT), as_of=Two("2024-08-12", "2024-06-25"))
CALLS["Breach.holds"] = Call(
    lambda days, instalments, overdue: rp.arrears.Breach(days=30, instalments=2, amount="50").holds(
        days, instalments, overdue
    ),
    {"days": 1, "instalments": 1, "overdue": Decimal(5)},
    {"days": Two(1, 30), "instalments": Two(1, 2), "overdue": Two(Decimal(5), Decimal(50))},
)
BOTH, ALONE = rp.schedule.combine([PLAN, SECOND]), rp.schedule.combine([PLAN])
for _of in (BOTH, rp.refinance([PLAN, SECOND], on=ON, rate="8%", payments=9)):
    for _name in ("to_text", "to_html", "to_markdown"):
        _method(_of, _name, lang=Two("en", "zh"))
_method(BOTH, "terms", lang=Two("en", "zh"))
_method(
    rp.check_offer(PLAN.rows, LOAN, caps=rp.measures.Cap("house", "9%")),
    "objections",
    lang=Two("en", "zh"),
)
_method(BOTH, "part", which=Two(0, "loan 2"))
_method(
    BOTH,
    "allocate",
    {"amount": "500", "on": "2024-02-10"},
    amount=Two("500", "600"),
    on=Two("2024-02-10", "2024-02-11"),
    by=Two("due", ["loan 2"]),
)
_method(rp.schedule.CombinedSchedule, "from_dict", plain=Two(BOTH.to_dict(), ALONE.to_dict()))
_method(rp.schedule.CombinedSchedule, "from_json", text=Two(BOTH.to_json(), ALONE.to_json()))
_method(rp.refinance([PLAN, SECOND], on=ON, rate="8%", payments=9), "explain", lang=Two("en", "zh"))
_method(rp.refinance([PLAN, SECOND], on=ON, rate="8%", payments=9), "quote", which=Two(0, "loan 2"))
_method(
    rp.negotiation.compare_policies([CARD, CAR], "1500", on="2024-03-01"),
    "plan",
    which=Two("pro_rata", "equal"),
)
_shared_budget = rp.allocate_budget([CARD, CAR], "1500", on="2024-03-01")
_method(_shared_budget, "debt", which=Two(0, "car"))
_method(_shared_budget, "sheet", lang=Two("en", "zh"))
_method(FRI, "is_business_day", day=Two("2024-05-10", "2024-05-11"))
_method(rp.apr(PLAN, rule="reg_z"), "tolerates", stated=Two("12%", "13%"))
_method(GRACE, "limit_on", day=Two(date(2023, 1, 1), date(2024, 1, 1)))
_method(GRACE, "holds", day=Two(date(2023, 1, 1), date(2024, 7, 1)))
_compared = rp.compare(PLAN, LONGER, names=("a", "b"))
_method(
    _compared,
    "break_even",
    {"one": "a", "other": "b"},
    one=Two("a", "b"),
    other=Two("b", "a", {"one": "a"}),
)
_method(_compared, "plan", which=Two("a", "b"))
_read = rp.readings(PLAN, payment=4, all=True)
for _name in ("options", "change"):
    _method(_read, _name, name=Two("interest-free", "interest spread evenly"))
_method(
    _read,
    "where",
    maturity=Two(None, "2025-01-10"),
    total=Two(None, "8072.50"),
    extra=Two(None, "-39.12"),
    largest=Two(None, "964.60"),
    payments=Two(None, 9),
    row=Two((5, "964.60"), {5: "1785.10", 6: "888.49"}),
    options=Two({}, {"scope": "instalment"}),
)
_late = rp.readings(OWED, all=True)
_as_given, _other, *_ = _late
_method(_late, "options", name=Two(_as_given, _other))
_method(
    _late,
    "where",
    payoff=Two(None, _late[_other].payoff),
    penalty=Two(None, "1.00"),
    extra=Two(None, "0.01"),
)
_method(CARD, "schedule", on=Two(date(2024, 3, 1), date(2024, 4, 1)))
_indexed = rp.indexed(**INDEX, periodic_cap="0.5%")
_method(_indexed, "resolve", start=Two(date(2024, 1, 10), date(2024, 8, 1)))
_method(rp.Limits, "preset", names=Two(("art_70",), ("eba",)), options=Two({}, {"rate": "3%"}))
_method(
    rp.Loan(**LOAN_WORDS | {"rate": rp.steps("12%", {"2024-05-10": "8%"})}),
    "rate_on",
    day=Two(date(2024, 3, 1), date(2024, 8, 1)),
)
_method(BOOK, "loan", row=Two(0, 1))
_method(BOOK, "part", {"low": 0, "high": 2}, low=Two(0, 1), high=Two(1, 2))
_method(BOOK, "where", mask=Two(np.array([True, False]), np.array([False, True])))
_told_method(BOOK_PLAN, "blocks", rows=Two(1, 2), progress=PROGRESS)
for _name in ("check", "fold", "summary"):
    _told_method(BOOK_PLAN, _name, progress=PROGRESS)
_told_method(BOOK_PLAN, "totals", by=Two("month", "number"), progress=PROGRESS)
_method(BOOK_PLAN, "row", row=Two(0, 1))
_method(BOOK_PLAN, "terms", lang=Two("en", "zh"))
_method(BOOK_PLAN, "then", changes=Two((), (CHANGE,)))
for _name in ("to_pandas", "to_arrow"):
    _method(BOOK_PLAN, _name, columns=Two(None, ["payment"]), money=Two("minor", "decimal"))
_method(BOOK_OWED, "by_kind", table=Two("due", "paid"))
_method(
    BOOK_OWED,
    "later",
    {"as_of": "2024-07-24"},
    as_of=Two("2024-07-24", "2024-08-24"),
    receipts=Two(None, BOOK_PAID | {"amount": ["800", "100"]}),
)
_method(BOOK_OWED, "roll_rates", later=Two("2024-07-24", "2024-08-24"))
_method(BOOK_OWED, "row", row=Two(0, 1))
_method(rp.effective("12%"), "nominal", share=Two(Fraction(1, 12), Fraction(1, 4)))
_settled = rp.changes.EarlySettlement(on="2024-07-15", method="uk_2004")
_later = rp.changes.EarlySettlement(on="2024-06-15", method="uk_2004")
for _name in ("requested_date", "effective_date"):
    _method(PLAN, _name, change=Two(_settled, _later))
_method(PLAN, "explain", row=Two(1, 2))
_method(rp.compare(PLAN, LONGER), "explain", which=Two(0, 1))
_method(rp.measures.cap_report(WITH_FEE, [CAP, GRACE]), "explain", which=Two(0, 1))
_method(BOOKED, "amounts", what=Two("accrued", "posted"))
_method(rp.apr(BOOK, rule="eu"), "row", row=Two(0, 1))
_method(rp.measures.costs(BOOK), "row", row=Two(0, 1))
_method(BOOKED, "balances", on=Two(None, "2024-03-31"))
EMPLOYER = rp.measures.Payer("employer", of="payment", amount="100")
_method(rp.measures.Payer, "from_dict", plain=Two(HALF.to_dict(), EMPLOYER.to_dict()))
_method(rp.measures.Payer, "from_json", text=Two(HALF.to_json(), EMPLOYER.to_json()))
for _was, _is in (
    (AGREED, AGREED.agree()),
    (rp.agreement(AGREED), rp.agreement(AGREED, dated="2024-06-21")),
):
    _method(type(_was), "from_dict", plain=Two(_was.to_dict(), _is.to_dict()))
    _method(type(_was), "from_json", text=Two(_was.to_json(), _is.to_json()))
_method(rp.Schedule, "from_dict", plain=Two(PLAN.to_dict(), SECOND.to_dict()))
_method(rp.Schedule, "from_json", text=Two(PLAN.to_json(), SECOND.to_json()))
_method(
    rp.arrears.Statement, "from_dict", plain=Two(OWED.to_dict(), OWED.later("2024-08-01").to_dict())
)
_method(
    rp.arrears.Statement, "from_json", text=Two(OWED.to_json(), OWED.later("2024-08-01").to_json())
)
_method(PLAN, "then", changes=Two((), (rp.changes.Deferral(4),)))


def written(table: Any, file: Any = None) -> Any:
    """Write a table to a file, and return what it says and what stands there."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = f"{folder}/{file}" if isinstance(file, str) and file else file
        text = table.to_csv(path)
        return text, None if path is None else Path(path).read_text(encoding="utf-8")


_BAD = rp.Portfolio(principal=["1"], rate=["?"], payments=1, start=START, errors="collect")
#: One value of each class that leaves Python as a table.
TABLES: tuple[Any, ...] = (
    PLAN,
    BOTH,
    OWED,
    OWED.account,
    rp.check_offer(PLAN.rows, LOAN),
    rp.measures.cap_report(WITH_FEE, CAP),
    rp.compare(PLAN, LONGER),
    _read,
    _late,
    rp.measures.cost_sheet(WITH_FEE),
    rp.measures.modification_test(PLAN, DEFERRED),
    SHARED,
    BOOKED,
    rp.negotiation.compare_policies([CARD, CAR], "1500", on="2024-03-01"),
    rp.refinance([PLAN, SECOND], on=ON, rate="8%", payments=9),
    FOUND,
    BOOK_OWED,
    BOOK_OWED.ageing(),
    BOOK_OWED.roll_rates("2024-07-24"),
    rp.settle(BOOK, on="2024-06-24"),
    rp.apr(BOOK, rule="eu"),
    rp.measures.costs(BOOK),
    BOOK_PLAN.summary(),
    BOOK_PLAN.totals(),
    _BAD.rejects,
)
for _table in TABLES:
    CALLS[f"{type(_table).__name__}.to_csv"] = Call(
        functools.partial(written, _table), {}, {"file": Two(None, "rows.csv")}
    )
_method(rp.terms.SettlementFee({0: "3%", 12: "2%"}), "after", elapsed=Two(11, 12))
_running = rp.statement(PLAN, PAID, as_of="2024-04-15")
_method(_running, "payoff_on", day=Two(None, "2024-05-01"), rest=Two(None, "due_date"))
_method(PLAN.columns, "whole", name=Two("interest", "principal"))
_method(PLAN.columns, "total", name=Two("interest", "principal"))
_method(
    OWED,
    "later",
    {"as_of": "2024-07-24"},
    as_of=Two("2024-07-24", "2024-08-24"),
    events=Two((), (rp.Receipt("2024-07-01", "50"),)),
)
CALLS["Waterfall.chinese_bank"] = Call(
    rp.negotiation.Waterfall.chinese_bank,
    {},
    {"floor": Two("3%", "2%"), "step": Two("0.05%", "0.1%")},
)
CALLS["Waterfall.flex"] = Call(rp.negotiation.Waterfall.flex, {}, {"rate": Two(None, "3%")})
_paper = rp.agreement(LONGER)
_asks = rp.letter(PLAN)
_joint = rp.agreement(BOTH)
_method(_joint, "part", which=Two(0, "loan 2"))
for _each in (_paper, _asks, _joint, rp.documents.claim(REBUILT)):
    _method(_each, "to_text", width=Two(96, 60))
    _method(_each, "translated", lang=Two("en", "zh"))
_method(DEFERRED, "terms", lang=Two("en", "zh"))
_method(OWED, "explain", lang=Two("en", "zh"))
_method(rp.compare(PLAN, LONGER), "sheet", lang=Two("en", "zh"))
