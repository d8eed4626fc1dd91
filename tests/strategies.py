"""Loans and changes drawn at random, for every property test."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

import repaylib as rp
from repaylib.daycount import DAY_COUNTS, ODD_DAYS
from repaylib.exact import ROUNDINGS
from repaylib.fees import Collected, FeeTime
from repaylib.terms import METHODS

CURRENCIES = {"CNY": 2, "JPY": 0, "KWD": 3}

#: Every day of four years, 29 February among them.
starts = st.dates(date(2023, 1, 1), date(2026, 12, 31))

#: Nominal rates from 0 to 1000 % a year, plain and awkward.
rates = st.one_of(
    st.sampled_from([Fraction(0), Fraction(3, 25), Fraction(9, 50), Fraction(10)]),
    st.integers(0, 100_000).map(lambda n: Fraction(n, 10_000)),
    st.fractions(0, 10, max_denominator=10**6),
)

#: Rates and terms as loans to people have them.
ordinary_rates = st.integers(0, 4_000).map(lambda n: Fraction(n, 10_000))


@st.composite
def amounts(draw: st.DrawFn, decimals: int, most: int = 10**12) -> Decimal:
    """An amount from one minor unit to `most` major units."""
    top = most * 10**decimals
    minor = draw(st.one_of(st.integers(1, 10**7), st.integers(1, top)))
    return Decimal(f"{minor}E-{decimals}")


@st.composite
def loans(
    draw: st.DrawFn,
    *,
    rates: st.SearchStrategy[Fraction] = rates,
    most_payments: int = 600,
    methods: tuple[str, ...] = METHODS,
    day_counts: tuple[str, ...] = DAY_COUNTS,
    least: int = 1,
) -> rp.Loan:
    """Any loan: amounts, rates, terms, days, day counts, methods, currencies, roundings."""
    currency = draw(st.sampled_from(list(CURRENCIES)))
    start = draw(starts)
    later = draw(st.one_of(st.none(), st.integers(1, 80)))
    principal = draw(amounts(CURRENCIES[currency]).filter(lambda amount: amount >= least))
    words: dict[str, Any] = {
        "first_payment": None if later is None else start + timedelta(days=later),
        "every": draw(st.sampled_from(["month", "month", "quarter", "2 months"])),
        "method": draw(st.sampled_from(methods)),
        "day_count": draw(st.sampled_from(day_counts)),
        "odd_days": draw(st.sampled_from(ODD_DAYS)),
        "currency": currency,
        "rounding": draw(st.sampled_from(ROUNDINGS)),
        "instalment_rounding": draw(st.one_of(st.none(), st.sampled_from(ROUNDINGS))),
        "fee_rounding": draw(st.one_of(st.none(), st.sampled_from(ROUNDINGS))),
        "negative_amortisation": draw(st.booleans()),
    }
    payments = draw(st.one_of(st.integers(1, 24), st.integers(1, most_payments)))
    return rp.Loan(principal, draw(rates), payments, start, **words)


@st.composite
def plain_loans(draw: st.DrawFn) -> rp.Loan:
    """Ordinary loans: some hundred units or more, up to 40 %, up to 10 years."""
    return draw(loans(rates=ordinary_rates, most_payments=60, least=500))


@st.composite
def rich_loans(draw: st.DrawFn) -> rp.Loan:
    """Loans with what most have not: fees, taxes, balloons, draws, steps, payment in advance."""
    start = draw(starts)
    shares = st.sampled_from(["0%", "10%", "16%"])
    words: dict[str, Any] = {
        "method": draw(st.sampled_from(METHODS)),
        "fees": draw(st.lists(_fees(), max_size=3)),
        "interest_tax": draw(shares),
        "fee_tax": draw(shares),
        "tax_included": draw(st.booleans()),
        "in_advance": draw(st.booleans()),
    }
    more: dict[str, Any] = {
        "balloon": "20%",
        "draws": [(start + timedelta(days=50), "500")],
        "instalment": rp.graduated("5%", every=3),
        "interest_base": "original",
        "last": draw(st.sampled_from(["lower", "closest"])),
        "amortise_over": 40,
    }
    chosen = draw(st.lists(st.sampled_from(list(more)), max_size=2, unique=True))
    payments = draw(st.integers(3, 24))
    rate = draw(ordinary_rates)
    try:
        loan = rp.Loan("10000", rate, payments, start, **words, **{k: more[k] for k in chosen})
        rp.amortise(loan)
    except rp.RepayError:  # words that contradict each other
        return rp.Loan("10000", rate, payments, start, fees=words["fees"])
    return loan


@st.composite
def _fees(draw: st.DrawFn) -> rp.Fee:
    times: list[FeeTime] = ["start", "instalment", "due_date", "end", "deferral", "rescheduling"]
    when = draw(st.sampled_from(times))
    amount = draw(st.sampled_from(["1%", "0.35%", "12.50"]))
    if when == "start":
        ways: list[Collected] = ["paid", "deducted", "financed"]
        collected = draw(st.sampled_from(ways))
        return rp.Fee(amount, when=when, collected=collected, refund="pro_rata")
    return rp.Fee(amount, when=when)


@st.composite
def changes_for(draw: st.DrawFn, schedule: rp.Schedule) -> rp.Change:
    """A change of any kind, from an instalment or on a day, that may or may not be possible."""
    place: dict[str, Any] = draw(places_in(schedule))
    kind = draw(
        st.sampled_from(["deferral", "deferral", "rate", "prepay", "reschedule", "forgive"])
    )
    match kind:
        case "deferral":
            return draw(deferrals(place))
        case "rate":
            until = draw(st.one_of(st.none(), st.integers(1, 400)))
            begun = place.get("on") or schedule.loan.start
            return rp.RateChange(
                draw(ordinary_rates),
                until=None if until is None else begun + timedelta(days=until),
                hold=draw(st.sampled_from(["maturity", "payment", "last", "count"])),
                **place,
            )
        case "prepay":
            share = draw(st.integers(1, 60))
            return rp.Prepayment(
                part_of(schedule, share),
                hold=draw(st.sampled_from(["payment", "maturity", "last", "next"])),
                **place,
            )
        case "reschedule":
            every = draw(st.sampled_from([None, None, "month", "quarter"]))
            rate = draw(st.one_of(st.none(), ordinary_rates))
            if draw(st.booleans()):
                count = draw(st.integers(1, 60))
                return rp.Rescheduling(count, every=every, rate=rate, **place)
            instalment = part_of(schedule, draw(st.integers(3, 100)))
            return rp.Rescheduling(instalment=instalment, every=every, rate=rate, **place)
    return rp.Forgiveness(
        share=Fraction(draw(st.integers(0, 100)), 100),
        of=draw(st.sampled_from(["principal", "principal", "deferred_interest"])),
        hold=draw(st.sampled_from(["payment", "maturity", "last"])),
        **place,
    )


@st.composite
def places_in(draw: st.DrawFn, schedule: rp.Schedule) -> dict[str, Any]:
    """``payment=`` or ``on=`` inside a schedule."""
    if draw(st.booleans()):
        last = max(1, *schedule.columns["number"].tolist())
        return {"payment": draw(st.integers(1, min(last, draw(st.sampled_from([3, 40, 600])))))}
    days = (schedule.maturity - schedule.loan.start).days
    return {"on": schedule.loan.start + timedelta(days=draw(st.integers(0, max(0, days - 1))))}


@st.composite
def deferrals(draw: st.DrawFn, place: dict[str, Any]) -> rp.Deferral:
    """A deferral in words that do not contradict each other."""
    words: dict[str, Any] = {
        "periods": draw(st.integers(0, 5)),
        "interest": draw(st.sampled_from(["accrue", "waive"])),
        "hold": draw(st.sampled_from(["count", "maturity", "payment", "last"])),
    }
    if draw(st.integers(0, 2)) == 0:
        words["scope"] = "instalment"
        words["base"] = draw(st.sampled_from(["instalment", "principal"]))
        words["repay"] = draw(st.sampled_from(["next", "now", "spread", "last"]))
        words["rate"] = draw(st.one_of(st.none(), ordinary_rates))
    elif draw(st.booleans()):
        words["pause"] = "principal"
    else:
        words["repay"] = draw(st.sampled_from(["next", "now", "spread", "last", "capitalise"]))
        if words["repay"] == "capitalise":
            words["capitalise_every"] = draw(st.sampled_from([1, 2, 3, None]))
    return rp.Deferral(**place, **words)


def part_of(schedule: rp.Schedule, percent: int) -> Decimal:
    """A share of the principal, at least one minor unit."""
    loan = schedule.loan
    minor = loan.minor(loan.principal, "principal")
    return loan.money(max(1, minor * percent // 100))


@st.composite
def changed(
    draw: st.DrawFn, loan_strategy: st.SearchStrategy[rp.Loan], most: int = 6
) -> rp.Schedule:
    """A schedule with up to `most` changes; changes that are refused are left out."""
    schedule = rp.amortise(draw(loan_strategy))
    for _ in range(draw(st.integers(0, most))):
        change = draw(changes_for(schedule))
        try:
            after = schedule.then(change)
        except rp.RepayError:
            continue
        if after.maturity > schedule.loan.start:  # else all was forgiven on the first day
            schedule = after
    return schedule
