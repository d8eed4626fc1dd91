"""Books of loans and changes to them, drawn at random."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import strategies as st

import repaylib as rp
from repaylib.changes.base import Change
from repaylib.money.rounding import ROUNDINGS
from repaylib.schedule.rows import MONEY
from repaylib.terms.methods import METHODS
from tests.strategies.loans import PLAIN_DAY_COUNTS, signed_rates, starts

#: Columns of which a sum says nothing.
BALANCES = ("opening", "closing", "deferred")

#: Words of a book that say how an instalment is solved.
SOLVED_ONLY = ("amortise_over", "balloon", "instalment_day_count")

#: Words that a change may have, by its kind; one of each is drawn for a whole book.
WORDS: dict[type[Change], dict[str, list[Any]]] = {
    rp.changes.Deferral: {
        "interest": ["accrue", "accrue", "waive"],
        "hold": ["count", "count", "maturity", "payment", "last"],
    },
    rp.changes.RateChange: {"hold": ["maturity", "payment", "last", "count"]},
    rp.changes.Prepayment: {
        "hold": ["payment", "maturity", "last", "next"],
        "interest": ["none", "none", "none", "part", "all"],
    },
    rp.changes.Advance: {"hold": ["maturity", "payment", "last", "count"]},
    rp.changes.Forbearance: {"hold": ["maturity", "payment", "last"]},
    rp.changes.Forgiveness: {
        "hold": ["maturity", "payment", "last"],
        "share": [None, "10%", Fraction(1, 3)],
        "of": ["principal", "principal", "principal", "deferred_interest"],
    },
    rp.changes.Rescheduling: {"method": [None, None, None, "level"]},
}


@st.composite
def words_of_a_deferral(draw: st.DrawFn) -> dict[str, Any]:
    """Words of a deferral that do not contradict each other."""
    words = {name: draw(st.sampled_from(each)) for name, each in WORDS[rp.changes.Deferral].items()}
    kind = draw(st.sampled_from(["all", "all", "moved", "principal", "interest"]))
    if kind == "moved":
        words["scope"] = "instalment"
        words["base"] = draw(st.sampled_from(["instalment", "principal"]))
        words["repay"] = draw(st.sampled_from(["next", "now", "spread", "last"]))
        words["rate"] = draw(st.sampled_from([None, "18%"]))
    elif kind == "principal":
        words["pause"] = "principal"
    else:
        words["repay"] = draw(st.sampled_from(["next", "now", "spread", "last", "capitalise"]))
        if kind == "interest":
            words |= {"pause": "interest", "interest": "accrue"}
            words["repay"] = words["repay"].replace("now", "next")
        if words["repay"] == "capitalise":
            words["capitalise_every"] = draw(st.sampled_from([1, 2, 3, None]))
    return words


@st.composite
def books(draw: st.DrawFn, *, loans: int = 12) -> rp.Portfolio:
    """Loans of ordinary and odd amounts, in a few kinds of words."""
    count = draw(st.integers(1, loans))
    amounts = st.one_of(
        st.integers(50_000, 3_000_000),
        st.integers(1, 10**9),
        st.integers(1, 10**5).map(lambda n: 100 * n + 50),
        st.integers(2**49, 2**53),
    )
    begun = draw(st.lists(starts, min_size=count, max_size=count))
    gaps = st.one_of(st.none(), st.none(), st.integers(1, 70))
    first = [
        None if gap is None else start + timedelta(days=gap)
        for start, gap in zip(
            begun, draw(st.lists(gaps, min_size=count, max_size=count)), strict=True
        )
    ]
    rates = st.one_of(
        st.sampled_from(["12%", "0%", "6%", "5.25%"]),
        signed_rates,
        st.sampled_from([rp.effective("9.38%"), rp.daily("0.05%", basis=360)]),
    )
    payments = st.one_of(st.integers(1, 3), st.sampled_from([12, 24, 36]), st.integers(1, 90))
    principal = np.array(draw(st.lists(amounts, min_size=count, max_size=count)))
    words = draw(book_words(count))
    if draw(st.integers(0, 3)) == 0:  # agreed, about what repays early, in time, or not at all
        parts = draw(st.lists(st.integers(1, 60), min_size=count, max_size=count))
        words["instalment"] = np.maximum(1, principal // np.array(parts))
        words = {name: each for name, each in words.items() if name not in SOLVED_ONLY}
    return rp.Portfolio(
        principal=principal,
        rate=draw(st.lists(rates, min_size=count, max_size=count)),
        payments=np.array(draw(st.lists(payments, min_size=count, max_size=count))),
        start=begun,
        first_payment=first,
        errors="collect",
        **words,
    )


@st.composite
def deferred_books(draw: st.DrawFn) -> rp.portfolio.PortfolioSchedule:
    """Short loans of plain words, of every length, deferred from every payment on by one way."""
    cases = [
        (payments, first, periods)
        for payments in range(1, 8)
        for first in range(1, payments + 1)
        for periods in (1, 2, 4)
    ]
    payments, first, periods = zip(*cases, strict=True)
    principal = 100_000 + 12_347 * np.arange(len(cases))
    words: dict[str, Any] = {}
    if draw(st.integers(0, 2)) == 0:
        words["instalment"] = principal // draw(st.integers(2, 5))
    book = rp.Portfolio(
        principal=principal,
        rate=draw(st.sampled_from(["12%", "6%", "0%"])),
        payments=np.array(payments),
        start="2024-01-10",
        errors="collect",
        **words,
    )
    deferral = draw(words_of_a_deferral())
    return rp.defer(book, payment=list(first), periods=list(periods), **deferral)


@st.composite
def book_words(draw: st.DrawFn, count: int) -> dict[str, Any]:
    """Words of a whole book, some of them a column."""
    choices: dict[str, list[Any]] = {
        "method": ["level", "level", "level", *METHODS],
        "day_count": ["periodic", "periodic", *PLAIN_DAY_COUNTS],
        "rounding": ["half_up", "half_up", *ROUNDINGS],
        "instalment_rounding": [None, None, *ROUNDINGS],
        "odd_days": ["pro_rata", "actual/360"],
        "counted_days": ["first", "first", "last"],
        "every": ["month", "month", "quarter"],
        "negative_amortisation": [False, True],
        "instalment_multiple": [None, None, None, "0.10", "5"],
        "amortise_over": [None, None, None, 100],
        "instalment_day_count": [None] * 7 + ["30/360 US"],
        "balloon": [None, None, None, "10%"],
        "interest_base": ["balance", "balance", "balance", "original"],
    }
    words: dict[str, Any] = {}
    for name, each in choices.items():
        one = st.sampled_from(each)
        if draw(st.integers(0, 5)) == 0:
            words[name] = draw(st.lists(one, min_size=count, max_size=count))
        elif (word := draw(one)) is not None:
            words[name] = word
    if draw(st.integers(0, 8)) == 0:
        words["fees"] = [rp.Fee("1%", when="start")]
    return words


@st.composite
def book_changes(
    draw: st.DrawFn, book: rp.Portfolio, *, most: int = 40
) -> rp.portfolio.PortfolioChange:
    """A change of any kind, its places and amounts columns, its words those of all loans.

    It is on one of the first due dates, at most of this number, or on a day up to about then.
    """
    kinds: list[type[Change]] = [rp.changes.Deferral, rp.changes.Deferral, *WORDS]
    kind = draw(st.sampled_from(kinds))
    count = len(book)
    if kind is rp.changes.Deferral:
        words = draw(words_of_a_deferral())
        words["periods"] = draw(st.lists(st.integers(0, 4), min_size=count, max_size=count))
    else:
        words = {name: draw(st.sampled_from(each)) for name, each in WORDS[kind].items()}
    words |= draw(places(book, kind.placed_by, most))
    percents = draw(st.lists(st.integers(1, 60), min_size=count, max_size=count))
    part = np.maximum(1, book.principal // 100 * np.array(percents))
    match kind:
        case rp.changes.RateChange:
            words["rate"] = draw(st.lists(signed_rates, min_size=count, max_size=count))
            if draw(st.integers(0, 2)) == 0:
                later = draw(st.lists(st.integers(1, 900), min_size=count, max_size=count))
                words["until"] = [
                    start + timedelta(days=each)
                    for start, each in zip(starts_of(book), later, strict=True)
                ]
        case rp.changes.Prepayment | rp.changes.Advance | rp.changes.Forbearance:
            words["amount"] = part
            if kind is rp.changes.Prepayment and draw(st.integers(0, 3)) == 0:
                words["every"] = "quarter" if "on" in words else 3
        case rp.changes.Forgiveness if words["share"] is None:
            words["amount"] = part
        case rp.changes.Rescheduling if draw(st.booleans()):
            words["instalment"] = part
        case rp.changes.Rescheduling:
            words["payments"] = draw(st.lists(st.integers(1, 60), min_size=count, max_size=count))
            words["rate"] = draw(st.sampled_from([None, "3%"]))
    given = {name: each for name, each in words.items() if each is not None}
    return rp.portfolio.PortfolioChange(kind, where=draw(masks(count)), **given)


def starts_of(book: rp.Portfolio) -> list[date]:
    """The days of disbursement; any day for a loan that is rejected."""
    return [date(2024, 1, 1) if each is None else each for each in book.start.tolist()]


@st.composite
def places(draw: st.DrawFn, book: rp.Portfolio, name: str, most: int) -> dict[str, Any]:
    """The number of a payment or ``on=``, for all loans or for each; null for some."""
    count = len(book)
    match draw(st.sampled_from(["payment", "payments", "on", "days"])):
        case "payment":
            return {name: draw(st.integers(1, 5))}
        case "payments":
            one = st.one_of(st.none(), st.integers(1, most))
            return {name: draw(st.lists(one, min_size=count, max_size=count))}
        case "on":
            return {"on": max(starts_of(book)) + timedelta(days=draw(st.integers(0, 200)))}
    days = draw(st.lists(st.integers(0, 25 * most), min_size=count, max_size=count))
    return {
        "on": [
            start + timedelta(days=each) for start, each in zip(starts_of(book), days, strict=True)
        ]
    }


def one_by_one(
    plan: rp.portfolio.PortfolioSchedule,
) -> tuple[list[rp.Schedule | None], set[tuple[int, int]]]:
    """Return the schedule of each loan, made by the verbs for one loan, and what is refused.

    A loan that is refused has none, and is refused as by change 0. A change that is refused leaves
    its schedule as it is. Amounts that no array holds are refused too.
    """
    schedules: list[rp.Schedule | None] = []
    refused: set[tuple[int, int]] = set()
    for row in range(len(plan)):
        schedule: rp.Schedule | None = None
        try:
            schedule = held(rp.amortise(plan.book.loan(row)))
        except rp.RepayError:
            refused.add((row, 0))
        for number, change in enumerate(plan.changes, 1):
            if schedule is None:
                break
            try:
                made = change.of(row)
                schedule = schedule if made is None else held(schedule.then(made))
            except rp.RepayError:
                refused.add((row, number))
        schedules.append(schedule)
    return schedules, refused


def held(schedule: rp.Schedule) -> rp.Schedule:
    """Return a schedule whose amounts fit the arrays of a book."""
    columns = [schedule.columns[name] for name in MONEY if name not in BALANCES]
    columns = [each for each in columns if len(each)]
    most = max(abs(sum(each.tolist())) for each in columns)
    if most >= 2**62 or any(schedule.columns[name].dtype == object for name in MONEY):
        raise rp.errors.AmountError("principal", schedule.loan.principal, "less", "write less")
    return schedule


@st.composite
def masks(draw: st.DrawFn, count: int) -> Any:
    """Which loans a change concerns: all, none, or some, in any form of a mask."""
    some = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    return draw(st.sampled_from([True, True, False, some, np.array(some)]))


#: Amounts about what floats, ``int64`` and a book hold, in minor units.
EDGES = [1, 7, 2**49, 2**50 - 1, 2**50, 2**52 + 1, 2**53, 2**53 + 1, 2**58, 2**60 - 1]
STEEP = ["12%", "0%", "9999%", "100000%", "0.0000001%", "-1%", "33.333333333333333333%"]
LONG_SHARE = "33.33333333333333333333333333%"


@st.composite
def extreme_columns(draw: st.DrawFn) -> dict[str, Any]:
    """Loans at the edge of what can be counted, beside ordinary ones; some are refused."""
    count = draw(st.integers(1, 4))

    def column(one: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(one, min_size=count, max_size=count))

    amounts = st.one_of(st.sampled_from(EDGES), st.integers(1, 10**9))
    counts = st.sampled_from([0, 1, 2, 12, 24, 60, 360, 1200])
    words: dict[str, Any] = {
        "method": draw(st.sampled_from(["level", "level", *METHODS])),
        "day_count": draw(st.sampled_from(["periodic", "actual/360"])),
        "negative_amortisation": draw(
            st.sampled_from([False, False, True, "without_interest", "waive"])
        ),
    }
    if draw(st.integers(0, 3)) == 0:
        words["instalment"] = column(st.sampled_from([None, "0.01", "100", "9999999999"]))
    return words | {
        "principal": np.array(column(amounts)),
        "rate": column(st.sampled_from([*STEEP, rp.effective("9999%")])),
        "payments": column(counts),
        "start": column(st.sampled_from(["2015-04-02", "2017-03-31", "2024-01-10"])),
    }


@st.composite
def extreme_changes(draw: st.DrawFn, count: int) -> rp.portfolio.PortfolioChange:
    """A change by amounts, rates and numbers at the edge of what can be counted."""

    def column(values: list[Any]) -> list[Any]:
        one = st.sampled_from(values)
        return draw(st.lists(one, min_size=count, max_size=count))

    def hold(*words: str) -> str:
        return draw(st.sampled_from(words))

    days = ["2017-05-05", "2024-03-10", "2030-01-01"]
    amounts = np.array(column([*EDGES, 100, 2**62]))
    kinds: list[type[Change]] = [rp.changes.Deferral, rp.changes.RateChange, *WORDS]
    kind = draw(st.sampled_from(kinds))
    place: dict[str, Any] = {kind.placed_by: column([None, 1, 2, 13, 400])}
    if draw(st.booleans()):
        place = {"on": draw(st.sampled_from(days))}
    words: dict[str, Any] = {"hold": hold("maturity", "payment", "last")}
    match kind:
        case rp.changes.Deferral:
            words |= {"periods": column([0, 1, 12, 400]), "interest": hold("accrue", "waive")}
            words["repay"] = hold("next", "spread", "last", "capitalise")
        case rp.changes.RateChange:
            words["rate"] = draw(st.sampled_from(["9999%", "100000%", "0%", "3%"]))
        case rp.changes.Prepayment | rp.changes.Advance:
            words["amount"] = amounts
        case rp.changes.Rescheduling if draw(st.booleans()):
            words = {"instalment": amounts}
        case rp.changes.Rescheduling:
            words = {"payments": column([1, 60, 1200])}
        case _:
            words["share"] = draw(st.sampled_from(["10%", LONG_SHARE]))
    return rp.portfolio.PortfolioChange(kind, **words, **place)
