"""Every parameter acts or is refused, and a book says of each loan what the loan says by itself."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.dates.day_count import BY_BUSINESS_DAY, BY_PERIOD, DAY_COUNTS
from repaylib.portfolio.settlement import COLUMNS as QUOTED
from repaylib.schedule.rows import NAMES
from tests.strategies.loans import examples
from tests.strategies.parameters import (
    BOOK,
    BOOK_PLAN,
    CALLS,
    DEFERRED,
    FEE_PLAN,
    HOLIDAYS,
    LOAN,
    LOAN_WORDS,
    PLAN,
    SECOND,
    SIGNED,
    VERBS,
    Call,
    figures,
    signature_of,
)
from tests.strategies.public import PUBLIC, REFERENCE, left_out

#: What all results have from one base: ``test_results`` and ``test_languages`` walk it for each.
SHARED = {
    "Worded.rendered",
    "Worded.to_text",
    "Printed.to_html",
    "Printed.to_markdown",
    "Tabular.to_csv",
}


def made_by_users(name: str) -> bool:
    """Whether the reference shows how a class is made; of a result it does not."""
    return re.search(rf"autoclass:: {name}$", REFERENCE, re.MULTILINE) is not None


def public() -> Iterator[tuple[str, Any]]:
    """Go through what can be called with parameters: functions, classes, their methods."""
    for name, of in PUBLIC.items():
        if inspect.isfunction(of):
            yield name, of
        if not inspect.isclass(of) or issubclass(of, Exception) or of is rp.changes.Change:
            continue
        if made_by_users(name):
            yield name, of
        for method, found in inspect.getmembers(of, inspect.isroutine):
            if (
                method.startswith("_")
                or method in left_out(name)
                or not inspect.isfunction(inspect.unwrap(getattr(found, "__func__", found)))
            ):
                continue
            if inspect.unwrap(getattr(found, "__func__", found)).__qualname__ in SHARED:
                continue
            if found.__module__.startswith("repaylib") and signature_of(found):
                yield f"{name}.{method}", found


PARAMETERS = [(name, each) for name, of in public() for each in signature_of(of)]


def outcome(call: Call, words: dict[str, Any]) -> tuple[str, Any]:
    """Return what a call says, or what it refuses."""
    try:
        return "says", figures(call.made(words))
    except rp.RepayError as error:
        return "refuses", str(error)


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_every_parameter_acts_or_is_refused(name: str, parameter: str) -> None:
    call = CALLS.get(name)
    if call is None or parameter not in call.two:
        pytest.fail(f"no two values given for parameter {parameter} of {name}")
    one, other, beside, named = call.two[parameter]
    first, second = (outcome(call, {**beside, parameter: each}) for each in (one, other))
    if "says" not in (first[0], second[0]):  # of a parameter that only names what is refused
        assert one in first[1], f"both: {first[1]}; {second[1]}"
        assert other in second[1], f"both: {first[1]}; {second[1]}"
        return
    assert first != second, f"{parameter} of {name}: {one!r} and {other!r} give the same"
    for kind, text in (first, second):
        assert kind == "says" or (named or parameter) in text, f"refused in other words: {text}"


#: What a parameter says where it has nothing to decide, and why that is no mistake.
ALONE = {
    "Loan.stub": "whole periods fit",
    "Loan.month_end": "the day counted from is no month end",
    "Loan.missing_day": "every month has the day",
    "Portfolio.formats": "the rates are text with a per cent sign",
    "Receipts.formats": "the amounts are text",
    "Portfolio.errors": "every loan can be taken",
    "year_fraction.counted_days": "both ends count alike under actual/365",
    "periodic_rate.near": "one rate fits",
    "irr.near": "one rate fits",
    "xirr.near": "one rate fits",
    "apr.year_days": "no days are left over",
    "extension_limit.longest": "the limit is below it",
    "solve.between": "the answer is inside",
    "statement.allocation": "no money is short of what is due",
    "PenaltyTerms.grace": "no days of grace end on the due date",
    "Allocation.ahead": "nothing is paid ahead",
    "Breach.instalments": "the days hold first",
    "Breach.amount": "the days hold first",
    "allocate_budget.rates": "no debt is in another currency",
    "compare_policies.rates": "no debt is in another currency",
    **{
        f"Limits.{name}": "no plan goes so far"
        for name in (
            "rate",
            "rate_step",
            "haircut",
            "amount_step",
            "deferral",
            "start",
            "subsidy",
            "payer",
            "lump",
            "instalment_cap",
        )
    },
    "Limits.npv_loss": "no plan goes so far",
    "check_offer.date_order": "ISO dates need none",
}
#: Parameters that only act beside others.
BESIDE = [
    (name, each)
    for name, each in PARAMETERS
    if name in CALLS and each in CALLS[name].two and CALLS[name].two[each].words
]


@pytest.mark.parametrize(("name", "parameter"), BESIDE)
def test_a_parameter_without_what_it_acts_on_is_refused_or_has_nothing_to_decide(
    name: str, parameter: str
) -> None:
    call = CALLS[name]
    given = call.words.get(parameter)
    usual = call.parameters[parameter].default
    try:
        plain = outcome(call, {})
    except TypeError:
        return  # the call needs more
    if plain[0] == "refuses":
        return
    for value in call.two[parameter][:2]:
        if value is usual or value is given or repr(value) in (repr(usual), repr(given)):
            continue
        if outcome(call, {parameter: value}) == plain:
            assert f"{name}.{parameter}" in ALONE, f"{name}({parameter}={value!r}) says nothing"


# -- a book and each of its loans -----------------------------------------------------------

LOANS = (PLAN, SECOND)
FEE_BOOK = rp.Portfolio(
    principal=["10000", "5000"],
    rate=["12%", "8%"],
    payments=[12, 24],
    start="2024-01-10",
    fees=[rp.Fee("1%", when="prepayment")],
)
BOOKS = {
    id(PLAN): BOOK_PLAN,
    id(DEFERRED): rp.defer(BOOK_PLAN, payment=4, periods=2, repay="last"),
    id(FEE_PLAN): rp.amortise(FEE_BOOK),
}
SINGLES = {
    id(PLAN): LOANS,
    id(DEFERRED): tuple(rp.defer(each, payment=4, periods=2, repay="last") for each in LOANS),
    id(FEE_PLAN): tuple(rp.amortise(FEE_BOOK.loan(row)) for row in range(2)),
}
OWED = ("due", "arrears", "principal", "interest", "fees", "penalty", "balance", "payoff", "credit")
FORMS = [*VERBS, "settle", "statement"]
SKIPPED = ("schedule", "receipts", "progress")
TOLD = {"loan": [0, 1, 0], "on": ["2024-02-10", "2024-02-12", "2024-03-12"]} | {
    "amount": ["888.49", "100", "1500"]
}
EVENTS = (
    [rp.Receipt("2024-02-10", "888.49"), rp.Receipt("2024-03-12", "1500")],
    [rp.Receipt("2024-02-12", "100")],
)


def said(result: Any) -> Any:
    """Return what one loan says, in minor units."""
    if isinstance(result, rp.Schedule):
        return {name: result.columns[name].tolist() for name in NAMES}
    if isinstance(result, rp.Settlement):
        amounts = {name: int(getattr(result, name) * 100) for name in QUOTED}
        return result.on, amounts, said(result.schedule)
    owed = result.balances
    amounts = {name: getattr(owed, name) for name in ("principal", "interest", "fees", "penalty")}
    amounts |= {"due": result.due.total, "arrears": result.arrears.total, "balance": owed.total}
    amounts |= {"payoff": result.payoff, "credit": result.credit}
    return result.days_past_due, {name: int(amounts[name] * 100) for name in OWED}


def said_of(result: Any, row: int) -> Any:
    """Return what a book says of one loan."""
    if isinstance(result, rp.portfolio.PortfolioSchedule):
        count = int(result.counts[row])
        return {name: result[name][row][:count].tolist() for name in NAMES}
    if isinstance(result, rp.portfolio.PortfolioSettlement):
        amounts = {name: int(result[name][row]) for name in QUOTED}
        return result.on[row].item(), amounts, said_of(result.schedule, row)
    return int(result.days_past_due[row]), {name: int(result[name][row]) for name in OWED}


def tried(call: Any, *args: Any, **words: Any) -> Any:
    """Return what a call gives, or the parameter that it refuses."""
    try:
        return call(*args, **words)
    except rp.RepayError as error:
        return f"refuses {error.parameter.partition('[')[0]}"


def hold_alike(many: Any, ones: Sequence[Any]) -> None:
    """Hold what a book says against what its loans say, or refuse."""
    refused = [each for each in ones if isinstance(each, str)]
    if refused:
        assert many in refused
        return
    assert not isinstance(many, str), many
    for row, one in enumerate(ones):
        assert said_of(many, row) == said(one), row


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        (name, each)
        for name, each in PARAMETERS
        if name in FORMS and each not in SKIPPED and (name, each) != ("settle", "where")
    ],  # a book leaves a quote out, which one loan is always asked for
)
def test_a_book_says_of_each_loan_what_the_loan_says(name: str, parameter: str) -> None:
    call, verb = CALLS[name], getattr(rp, name)
    one, other, beside, *_ = call.two[parameter]
    words = {**call.words, **beside}
    plan = words.pop("schedule")
    book, loans = BOOKS[id(plan)], SINGLES[id(plan)]
    events = words.pop("receipts", None)
    paid = () if events is None else (TOLD,)
    singly = [() if events is None else (each,) for each in EVENTS]
    for value in (one, other):
        given = words | {parameter: value}
        many = tried(verb, book, *paid, **given)
        ones = [tried(verb, loan, *singly[row], **given) for row, loan in enumerate(loans)]
        hold_alike(many, ones)
    if name == "statement":
        return  # whose words are those of all loans
    many = tried(verb, book, **words | {parameter: [one, other]})
    ones = [
        tried(verb, loan, **words | {parameter: value})
        for loan, value in zip(loans, (one, other), strict=True)
    ]
    hold_alike(many, ones)


def test_a_rest_ends_with_the_interest_it_belongs_to() -> None:
    owed = rp.statement(PLAN, as_of="2024-03-20", interest="balance", rest="due_date")
    kept = rp.renegotiate(owed).statement(as_of="2024-03-25")
    other = rp.renegotiate(owed, interest="schedule").statement(as_of="2024-03-25")
    assert (kept.terms.interest, kept.terms.rest) == ("balance", "due_date")
    assert (other.terms.interest, other.terms.rest) == ("schedule", "day")


@pytest.mark.parametrize("parameter", list(signature_of(rp.Loan)))
def test_a_parameter_of_a_loan_is_a_column(parameter: str) -> None:
    one, other, beside, *_ = CALLS["Loan"].two[parameter]
    words = {**CALLS["Loan"].words, **beside}

    def book(**given: Any) -> rp.portfolio.PortfolioSchedule:
        return rp.amortise(rp.Portfolio(**words | {"principal": ["10000"] * 2} | given))

    def loan(value: Any) -> rp.Schedule:
        return rp.amortise(rp.Loan(**words | {parameter: value}))

    ones = [tried(loan, value) for value in (one, other)]
    hold_alike(tried(book, **{parameter: [one, other]}), ones)
    if parameter == "principal":
        return
    for value, alone in zip((one, other), ones, strict=True):
        hold_alike(tried(book, **{parameter: value}), [alone, alone])


# -- flows of many lines, and each of them --------------------------------------------------

LINES = np.array([[-10000, 230, 6000, 5000], [-100, 230, 0, -132], [0, -500, 300, 300]])
DAYS = np.array(["2023-12-31", "2024-02-29", "2024-07-31", "2025-03-15"], "datetime64[D]")
RATES = ["8%", rp.effective("9.5%"), Decimal("-0.02")]
ON = ["2024-05-31", None, "2022-02-28"]
NEAR = [None, "20%", "-10%"]


@pytest.mark.parametrize(
    "day_count", [None, *(each for each in DAY_COUNTS if each not in BY_PERIOD)]
)
@pytest.mark.parametrize("on", [None, "2024-05-31", ON])
@pytest.mark.parametrize("places", [None, 0, 2, 7, 20])
@pytest.mark.parametrize("rate", ["8%", RATES])
def test_many_lines_are_worth_what_each_is(
    day_count: Any, on: Any, places: int | None, rate: Any
) -> None:
    calendar = HOLIDAYS if day_count in BY_BUSINESS_DAY else None
    words = {"day_count": day_count, "calendar": calendar, "places": places}
    found = rp.npv(LINES, rate, DAYS, on=on, **words)
    for row, line in enumerate(LINES.tolist()):
        own = rate[row] if isinstance(rate, list) else rate
        day = on[row] if isinstance(on, list) else on
        alone = rp.npv(line, own, DAYS, on=day, **words)
        if places is None:
            assert found[row] == pytest.approx(float(alone), rel=1e-11, abs=1e-8)
        else:
            assert found[row] == float(alone)


@given(
    st.lists(
        st.lists(st.integers(-20_000, 20_000), min_size=3, max_size=3), min_size=1, max_size=5
    ),
    st.integers(-90, 900),
    st.integers(0, 12),
)
@settings(max_examples=examples(60))
def test_the_worth_of_lines_is_rounded_as_that_of_each(
    lines: list[list[int]], percents: int, places: int
) -> None:
    rate = Fraction(percents, 100)
    found = rp.npv(np.array(lines), rate, places=places)
    assert found.tolist() == [float(rp.npv(line, rate, places=places)) for line in lines]


@pytest.mark.parametrize("places", [None, 0, 2, 6])
@pytest.mark.parametrize("on", [None, "2024-05-31", ["2024-05-31", "2025-01-01"]])
def test_a_book_is_worth_what_each_loan_is(on: Any, places: int | None) -> None:
    found = rp.npv(BOOK, "8%", day_count="actual/360", on=on, places=places)
    for row, plan in enumerate(LOANS):
        day = on[row] if isinstance(on, list) else on
        alone = rp.npv(plan, "8%", day_count="actual/360", on=day, places=places)
        if places is None:
            assert found[row] == pytest.approx(float(alone * 100), abs=1e-6)
        else:
            assert found[row] == float(alone * 100)


@pytest.mark.parametrize("digits", [4, 12, 15])
@pytest.mark.parametrize("near", [None, "12%", "30%", ["5%", "20%", "-10%"]])
def test_many_lines_have_the_rate_that_is_meant_of_each(near: Any, digits: int) -> None:
    for many, one in (
        (rp.irr(LINES, near=near, digits=digits), rp.irr),
        (rp.xirr(LINES, DAYS, near=near, digits=digits), rp.xirr),
    ):
        for row, line in enumerate(LINES.tolist()):
            meant = near[row] if isinstance(near, list) else near
            args = (line,) if one is rp.irr else (line, DAYS)
            alone = tried(one, *args, near=meant, digits=20)
            if isinstance(alone, str):
                assert row in many.unclear
                continue
            bracket = (Fraction(float(many.low[row])), Fraction(float(many.high[row])))
            assert bracket[0] <= Fraction(alone) <= bracket[1]
            reach = float(many.high[row] - many.low[row])
            assert reach <= 2.001 * 10.0 ** (1 - digits) * 10 ** math.floor(
                math.log10(1 + abs(float(alone)))
            )


@pytest.mark.parametrize(
    "dates",
    [
        ["20231231", "20240229", "20240731", "20250315"],
        DAYS.tolist(),
        DAYS.astype("datetime64[ns]"),
        [DAYS.tolist()] * 3,
        np.array([DAYS] * 3),
    ],
)
def test_days_of_many_lines_are_read_as_those_of_one(dates: Any) -> None:
    found = rp.npv(LINES, "8%", dates, places=4)
    alone = dates if np.ndim(dates) == 1 else dates[0]
    for row, line in enumerate(LINES.tolist()):
        assert found[row] == float(rp.npv(line, "8%", alone, places=4))


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.dates(date(1900, 1, 1), date(2200, 1, 1)))
@settings(max_examples=examples(30))
def test_a_book_of_any_time_is_worth_what_each_loan_is(start: date, on: date) -> None:
    terms: dict[str, Any] = {"rate": "12%", "payments": 5, "start": start}
    book = rp.Portfolio(principal=["1000", "x", "50"], errors="collect", **terms)
    words: dict[str, Any] = {"day_count": "actual/actual ISDA", "on": on, "places": 2}
    found = rp.npv(book, "8%", **words)
    for row, principal in ((0, "1000"), (2, "50")):
        plan = rp.amortise(rp.Loan(principal, **terms))
        assert found[row] == float(rp.npv(plan, "8%", **words) * 100)
        assert rp.xirr(book).rate[row] == pytest.approx(float(rp.xirr(plan)))


@pytest.mark.parametrize("year", [2, 1900, 1969, 1970, 2025])
@pytest.mark.parametrize("day_count", ["periodic", "actual/365", "actual/actual ISDA"])
@pytest.mark.parametrize(
    "change",
    [
        lambda plan, on: rp.prepay(plan, "10", on=on),
        lambda plan, on: rp.change_rate(plan, "4%", on=on),
        lambda plan, on: rp.change_rate(rp.prepay(plan, "10", on=on), "4%", on=on),
        lambda plan, on: rp.advance(plan, "10", on=on),
        lambda plan, on: rp.forgive(plan, "10", on=on),
        lambda plan, on: rp.reschedule(plan, 8, on=on),
        lambda plan, on: rp.defer(plan, on=on, periods=1),
    ],
)
def test_a_book_of_any_time_is_changed_as_each_loan_is(
    year: int, day_count: Any, change: Any
) -> None:
    """Days are counted from 1970, and those before it are days as well."""
    start = [date(year, 5, 2), date(year, 5, 3)]
    words: dict[str, Any] = {"rate": "9.3%", "payments": 4, "day_count": day_count}
    book = rp.amortise(rp.Portfolio(principal=["2000.55", "99"], start=start, **words))
    found, on = change(book, date(year, 7, 17)), date(year, 9, 1)
    quotes, owed = rp.settle(found, on=on), rp.statement(found, as_of=on)
    for row, (day, principal) in enumerate(zip(start, ("2000.55", "99"), strict=True)):
        alone = change(rp.amortise(rp.Loan(principal, start=day, **words)), date(year, 7, 17))
        count = len(alone.rows)
        for name in ("interest", "principal", "closing", "payment"):
            cents = [int(getattr(each, name) * 100) for each in alone.rows]
            assert found[name][row, :count].tolist() == cents, name
        assert quotes["total"][row] == rp.settle(alone, on=on).total * 100
        single = rp.statement(alone, as_of=on)
        assert owed["arrears"][row] == single.arrears.total * 100
        assert owed["days_past_due"][row] == single.days_past_due


SENT, BACK = [("2024-01-10", "100")], [("2025-01-10", "110")]
#: The same without its types, which refuse some of this by themselves.
face: Any = rp


@pytest.mark.parametrize(
    ("parameter", "call"),
    [
        ("digits", lambda: face.irr(LINES, digits=16)),
        ("on", lambda: face.npv(LINES, "8%", on="2024-05-31")),
        ("on", lambda: face.npv(LINES, "8%", DAYS, on=["2024-05-31"])),
        ("on", lambda: face.npv(LINES, "8%", DAYS, on=["2024-05-31", "soon", None])),
        ("dates", lambda: face.npv(LINES, "8%", day_count="actual/365")),
        ("dates", lambda: face.npv(["-1", "2"], rp.irr(["-1", "2"]), DAYS[:2])),
        ("dates", lambda: face.npv(LINES, rp.irr(LINES), DAYS)),
        ("dates", lambda: face.npv(LINES, rp.xirr(LINES, DAYS))),
        ("dates", lambda: face.npv(PLAN, "8%", DAYS)),
        ("dates", lambda: face.xirr(LINES, ["x", *DAYS[1:]])),
        ("dates", lambda: face.xirr(LINES, [1, 2, 3, 4])),
        ("dates", lambda: face.xirr(LINES, DAYS.astype("datetime64[h]") + np.timedelta64(15, "h"))),
        (
            "dates",
            lambda: face.xirr(LINES[0], DAYS.astype("datetime64[h]") + np.timedelta64(15, "h")),
        ),
        ("dates", lambda: face.xirr(LINES, [None, *DAYS[1:]])),
        ("dates", lambda: face.xirr(LINES, [[*DAYS], [*DAYS], [*DAYS[1:]]])),
        ("dates", lambda: face.xirr(LINES, "2024-01-10")),
        ("dates", lambda: face.xirr(LINES, {"day": 1})),
        ("flows", lambda: face.xirr(np.array([[-(2**62)] + [2**62] * 5]), [*DAYS, *DAYS[:2]])),
        ("flows", lambda: face.irr(np.array([[-1, 2], [-(2**62), 2**62]]))),
        ("flows", lambda: face.npv(np.array([[2**63 + 5, 1]], dtype=np.uint64), "1%")),
        ("advances", lambda: face.apr(BOOK, rule="eu", advances=SENT)),
        ("flows", lambda: face.measures.cap_report(rp.amortise(BOOK))),
        ("near", lambda: face.irr(LINES, near=["5%"])),
        ("near", lambda: face.irr(LINES, near=np.array([0.1, np.nan, 0.1]))),
        ("near", lambda: face.irr(LINES, near=np.array([0.1, np.inf, 0.1]))),
        ("rate", lambda: face.npv(LINES, np.array([0.1, np.inf, 0.1]), places=2)),
        ("rate", lambda: face.npv(LINES, ["5%", None, "5%"], DAYS)),
        ("rate", lambda: face.npv(LINES, ["5%", "high", "5%"], DAYS)),
        ("calendar", lambda: face.xirr(LINES, DAYS, calendar=HOLIDAYS)),
        ("calendar", lambda: face.xirr(PLAN, calendar=HOLIDAYS)),
        ("calendar", lambda: face.npv(PLAN, "8%", calendar=HOLIDAYS)),
        ("calendar", lambda: face.npv(BOOK, "8%", day_count="1/1", calendar=HOLIDAYS)),
        (
            "calendar",
            lambda: face.rates.year_fraction("2024-01-10", "2024-02-10", calendar=HOLIDAYS),
        ),
        ("every", lambda: face.rates.year_fraction("2024-01-10", "2024-02-10", every="week")),
        (
            "odd_days",
            lambda: face.rates.year_fraction("2024-01-10", "2024-02-10", odd_days="actual/360"),
        ),
        ("hold", lambda: face.settle(PLAN, on="2024-07-15", hold="maturity")),
        ("hold", lambda: face.settle(BOOK, on="2024-07-15", hold="maturity")),
        ("arrears", lambda: face.settle(BOOK, on="2024-07-15", arrears=None)),
        ("rest", lambda: face.statement(PLAN, as_of="2024-07-15", rest="due_date")),
        ("rest", lambda: face.statement(BOOK, as_of="2024-07-15", rest="due_date")),
        ("without", lambda: face.apr(advances=SENT, payments=BACK, rule="eu", without=["x"])),
        ("penalty_from", lambda: face.arrears.Breach(days=30, penalty_from="agreement")),
        ("recovery", lambda: face.letter(PLAN, recovery="40%")),
        ("if_breached", lambda: face.agreement(PLAN, if_breached=SIGNED.if_breached(3))),
        ("columns", lambda: face.check_offer(PLAN.rows, columns=("date", "payment"))),
        ("columns", lambda: face.check_offer(instalment="9", payments=3, columns=("date",))),
        ("accrual_dates", lambda: face.Loan(**LOAN_WORDS, accrual_dates="adjusted")),
        ("progress", lambda: face.statement(PLAN, as_of="2024-07-15", progress=True)),
        ("progress", lambda: face.amortise(LOAN, progress=True)),
        ("progress", lambda: face.negotiate(PLAN, affordable="700", progress=True)),
    ],
)
def test_what_nothing_asks_for_is_refused(parameter: str, call: Any) -> None:
    with pytest.raises(rp.RepayError) as refused:
        call()
    assert refused.value.parameter.partition("[")[0] == parameter
