"""Loans and changes drawn at random, for every property test."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import numpy as np
from hypothesis import reject, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.arrears.allocation import AGES, COMPONENTS
from repaylib.dates.business_days import ACCRUAL_DATES, ROLLS
from repaylib.dates.day_count import BY_BUSINESS_DAY, BY_PERIOD, COUNTED_DAYS, DAY_COUNTS, ODD_DAYS
from repaylib.dates.months import month_of
from repaylib.dates.recurrence import MonthSteps
from repaylib.dates.stubs import STUBS
from repaylib.money.rounding import ROUNDINGS
from repaylib.rates.index_rate import HOLDS
from repaylib.rates.step_schedule import STEP_HOLDS
from repaylib.schedule.placement import amount_place
from repaylib.terms.methods import METHODS
from repaylib.typing import Collected, FeeTime, RateKind, Recast, Repay

RATE_KINDS: tuple[RateKind, ...] = get_args(RateKind)
RECASTS: tuple[Recast, ...] = get_args(Recast)


def examples(moderate: int) -> int:
    """Return how many examples a costly law takes: `moderate` under the profile of that name.

    Under other profiles the number is in proportion, and at least 5.
    """
    return max(5, moderate * settings().max_examples // 200)


CURRENCIES = {"CNY": 2, "JPY": 0, "KWD": 3}

#: Day counts that need no calendar.
PLAIN_DAY_COUNTS = tuple(each for each in DAY_COUNTS if each not in BY_BUSINESS_DAY)

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


#: Shares below and above zero, as an index may be.
signed_shares = st.one_of(
    st.integers(-2_000, 2_000).map(lambda n: Fraction(n, 10_000)),
    st.fractions(Fraction(-9, 10), Fraction(1, 2), max_denominator=10**6),
)

#: Ordinary rates, and others that may be below zero.
signed_rates = st.one_of(ordinary_rates, signed_shares.map(rp.Rate))


@st.composite
def quoted_rates(draw: st.DrawFn) -> rp.Rate:
    """A rate of any kind, which may be below zero, awkward ones among them."""
    value = draw(st.one_of(signed_shares, st.sampled_from([Fraction(1, 2**3000), Fraction(-1, 3)])))
    kind = draw(st.sampled_from(RATE_KINDS))
    return rp.Rate(value, kind, draw(st.integers(1, 366)) if kind == "compounded" else 1)


@st.composite
def indices(draw: st.DrawFn) -> rp.rates.Indexed:
    """A rate that follows an index, which may be below zero."""
    first = date(2022, 1, 1)
    day = st.dates(first, date(2028, 12, 31))
    limit = st.one_of(st.none(), st.fractions(0, Fraction(1, 20), max_denominator=1000))
    resets = st.lists(st.dates(date(2027, 1, 1), date(2030, 1, 1)), min_size=1, unique=True)
    pace = st.tuples(day, st.sampled_from(["year", "quarter", "3 days"]))
    to = draw(limit.filter(lambda each: each != 0))
    hold = draw(st.sampled_from(HOLDS))
    return rp.indexed(
        {first: draw(signed_shares), **draw(st.dictionaries(day, signed_shares, max_size=4))},
        margin=draw(signed_shares),
        multiplier=draw(st.fractions(-2, 2, max_denominator=10**15)),
        resets=draw(st.one_of(resets, pace)),
        initial=draw(st.one_of(st.none(), st.just(rp.Rate(Fraction(1, 100))))),
        cap=draw(st.sampled_from([None, "9%"])),
        floor=draw(st.sampled_from(["0%", "-0.5%", "-1/3%", "-100%"])),
        periodic_cap=draw(limit),
        periodic_floor=draw(limit),
        fixing_lag=draw(st.integers(0, 300)),
        to=to,
        rounding=None if to is None else draw(st.sampled_from(ROUNDINGS)),
        hold=hold,
        recast=draw(st.sampled_from(RECASTS)) if hold == "maturity" else "on_change",
    )


@st.composite
def rate_steps(draw: st.DrawFn) -> rp.rates.Steps[rp.Rate]:
    """A rate that steps on days and with instalments, above and below zero."""
    places = st.one_of(st.integers(2, 40), st.dates(date(2027, 1, 1), date(2030, 1, 1)))
    hold = draw(st.sampled_from(STEP_HOLDS))
    return rp.steps(
        draw(quoted_rates()),
        draw(st.dictionaries(places, quoted_rates(), max_size=3)),
        hold,
        recast=draw(st.sampled_from([None, *RECASTS])) if hold == "maturity" else None,
    )


#: What the rate of a loan can be: one rate, one that steps, or one that follows an index.
loan_rates = st.one_of(quoted_rates(), rate_steps(), indices())


@st.composite
def amounts(draw: st.DrawFn, decimals: int, most: int = 10**12, least: int = 0) -> Decimal:
    """An amount from `least` major units, or one minor unit, to `most` major units."""
    low, top = max(1, least * 10**decimals), most * 10**decimals
    minor = draw(st.one_of(st.integers(low, 10**7), st.integers(low, top)))
    return Decimal(f"{minor}E-{decimals}")


def loans(**limits: Any) -> st.SearchStrategy[rp.Loan]:
    """Any loan: amounts, rates, terms, days, day counts, methods, currencies, roundings."""
    return loan_words(**limits).map(lambda words: rp.Loan(**words))


@st.composite
def loan_words(
    draw: st.DrawFn,
    *,
    rates: st.SearchStrategy[Any] = rates,
    most_payments: int = 600,
    methods: tuple[str, ...] = METHODS,
    day_counts: tuple[str, ...] = PLAIN_DAY_COUNTS,
    least: int = 1,
    extras: bool = True,
) -> dict[str, Any]:
    """The parameters of any loan."""
    currency = draw(st.sampled_from(list(CURRENCIES)))
    start = draw(starts)
    later = draw(st.one_of(st.none(), st.integers(1, 80)))
    principal = draw(amounts(CURRENCIES[currency], least=least))
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
        "negative_amortisation": draw(st.sampled_from([False, True, "waive"])),
    }
    ends = [each for each in COUNTED_DAYS if each != "both" or words["day_count"] not in BY_PERIOD]
    words["counted_days"] = draw(st.sampled_from(ends))
    payments = draw(st.one_of(st.integers(1, 24), st.integers(1, most_payments)))
    if extras:
        decimals = CURRENCIES[currency]
        words |= draw(instalment_words(words["method"], principal, payments, decimals))
        words |= draw(fee_words(start, decimals))
        if words["method"] != "level":
            words["tax_included"] = False
        words["interest_remainder"] = draw(st.sampled_from(remainders_of(words)))
        if words["method"] == "flat" and not words["in_advance"] and draw(st.booleans()):
            words["interest_split"] = "rule_of_78"
        if words["in_advance"]:
            words["first_payment"] = None
        if words["in_advance"] or words["first_payment"] or words["every"] != "month":
            words.pop("drawdowns", None)  # a payment may come before it, and end the loan
        if words.get("interest_split") == "rule_of_78":
            words.pop("drawdowns", None)
    return {
        "principal": principal,
        "rate": draw(rates),
        "payments": payments,
        "start": start,
        **words,
    }


@st.composite
def loans_at_any_rate(draw: st.DrawFn, most_payments: int) -> rp.Loan:
    """Any loan at a rate below or above zero, one that steps, or one on an index."""
    try:
        loan = rp.Loan(**draw(loan_words(rates=loan_rates, most_payments=most_payments)))
        rp.amortise(loan)
    except rp.RepayError:  # the instalment does not cover a step, or has no room for hold="level"
        reject()
    return loan


def remainders_of(words: dict[str, Any]) -> list[str | None]:
    """What can become of the remainders of roundings of interest, mostly what the method says."""
    found = [None, None, None, None, "dropped", "carried", "total"]
    limits = ("amortise_over", "instalment_cap", "instalment_resets")
    plain = words.get("last", "any") == "any" and not words.get("tax_included")
    solved = not (words.get("instalment") or words.get("instalment_multiple"))
    if plain and words["method"] == "level" and not any(words.get(name) for name in limits):
        found.append("last")
    if plain and solved and words["method"] != "flat":
        found += ["balance"] if words.get("interest_base", "balance") == "balance" else []
    return found


WORDS = (
    *("day", "3 days", "week", "2 weeks", "half_month", "month", "2 months", "quarter"),
    *("half_year", "year", "2 years", "1 month 15 days"),
)


@st.composite
def calendars(draw: st.DrawFn) -> rp.Calendar:
    """A bank's calendar: weekends of two days, one or none, and holidays of some years."""
    holidays = draw(st.lists(st.dates(date(2023, 1, 1), date(2029, 12, 31)), max_size=40))
    return rp.Calendar(draw(st.sampled_from(["1111100", "1111110", "1111111"])), holidays)


@st.composite
def date_words(draw: st.DrawFn, most_payments: int = 60) -> dict[str, Any]:
    """What can be agreed about due dates; it may contradict itself."""
    start = draw(starts)
    every = draw(st.sampled_from(WORDS))
    words: dict[str, Any] = {
        "start": start,
        "every": every,
        "month_end": draw(st.booleans()),
        "missing_day": draw(st.sampled_from(["last", "last", "next"])),
    }
    if every == "half_month" and draw(st.booleans()):
        low = draw(st.integers(2, 27))
        words["due_days"] = (low, draw(st.integers(low + 1, 31)))
    if draw(st.booleans()):
        words["calendar"] = draw(calendars())
        words["roll"] = draw(st.sampled_from(ROLLS[1:]))
        words["accrual_dates"] = draw(st.sampled_from(ACCRUAL_DATES))
    kind = draw(st.sampled_from(["payments", "maturity", "both", "list", "rule"]))
    if kind == "list":
        gaps = draw(st.lists(st.integers(1, 200), min_size=1, max_size=30))
        words["every"] = [start + timedelta(days=sum(gaps[: k + 1])) for k in range(len(gaps))]
        return words
    if kind == "rule":
        words["every"] = draw(
            st.sampled_from(["FREQ=MONTHLY;BYDAY=-1FR", "FREQ=WEEKLY", "FREQ=YEARLY;COUNT=9"])
        )
        words["payments"] = draw(st.integers(1, 8))
        return words
    if kind == "payments":
        words["payments"] = draw(st.integers(1, most_payments))
        if draw(st.booleans()):
            words["first_payment"] = start + timedelta(days=draw(st.integers(1, 100)))
        return words
    days = draw(st.integers(1, 1_500))
    words["maturity"] = start + timedelta(days=days)
    words["stub"] = draw(st.sampled_from([None, *STUBS[1:-1]]))
    if kind == "both":
        words["stub"] = draw(st.sampled_from([None, "both"]))
        words["first_payment"] = start + timedelta(days=draw(st.integers(1, days)))
        table = MonthSteps(month_of(words["first_payment"]), 1, words["first_payment"].day)
        words["every"] = "month"
        words.pop("due_days", None)
        last = draw(st.integers(0, max(0, table.after(words["maturity"]) - 1)))
        words["last_regular"] = table.date_at(last)
    return words


@st.composite
def dated_loans(draw: st.DrawFn) -> rp.Loan:
    """An ordinary loan with any due dates that do not contradict each other."""
    principal = draw(amounts(2, least=501))
    words = {"method": draw(st.sampled_from(METHODS)), **draw(date_words())}
    try:
        return rp.Loan(principal, "7.3%", **words)
    except rp.errors.TermsError:
        reject()


@st.composite
def instalment_words(
    draw: st.DrawFn, method: str, principal: Decimal, payments: int, decimals: int
) -> dict[str, Any]:
    """How the instalments are set, in words that do not contradict the method."""
    words: dict[str, Any] = {"in_advance": payments > 1 and draw(st.integers(0, 4)) == 0}
    if method in ("interest_only", "bullet"):
        return words
    unit = Decimal(f"1E-{decimals}")
    kinds = ["", "", "balloon", "over", "list", "graduated", "lumps", "multiple", "limited"]
    kind = draw(st.sampled_from(kinds))
    match kind:
        case "balloon":
            words["balloon"] = Fraction(draw(st.integers(1, 100)), 100)
        case "over":
            words["amortise_over"] = payments + draw(st.integers(0, 120))
        case "list":
            share = principal / payments
            size = max(1, payments - 1)
            amounts = draw(st.lists(st.integers(50, 300), min_size=size, max_size=size))
            if payments > 1:
                words["negative_amortisation"] = True
                words["instalment"] = [
                    max(unit, (share * each / 100).quantize(unit)) for each in amounts
                ]
        case "graduated" if method == "level":
            by = draw(
                st.one_of(
                    st.fractions(Fraction(-1, 10), Fraction(1, 5), max_denominator=100),
                    st.integers(-20, 50).map(lambda n: n * unit),
                )
            )
            words["instalment"] = rp.terms.graduated(by, every=draw(st.integers(1, 24)))
        case "lumps" if method == "level":
            share = max(
                unit, (principal / payments * draw(st.integers(1, 90)) / 100).quantize(unit)
            )
            every = draw(st.integers(1, payments))
            numbers = draw(st.sets(st.integers(1, payments), min_size=1, max_size=5))
            listed = rp.terms.lumps(dict.fromkeys(numbers, share))
            words["instalment"] = draw(
                st.sampled_from([rp.terms.lumps(share, every=every), listed])
            )
        case "limited" if method == "level":
            words["negative_amortisation"] = True
            words["instalment_cap"] = draw(
                st.one_of(st.none(), st.fractions(0, 1, max_denominator=200))
            )
            words["instalment_resets"] = draw(st.sampled_from([None, "5 months", "year"]))
        case "multiple":  # above an instalment it is refused
            sizes = [size for size in (1, 5, 10) if size * unit <= principal / payments] or [0]
            if size := draw(st.sampled_from(sizes)):
                words["instalment_multiple"] = size * unit
    if kind in ("", "balloon", "multiple"):
        words["last"] = draw(st.sampled_from(["any", "any", "lower", "closest"]))
    if method != "flat":
        words["interest_base"] = draw(st.sampled_from(["balance", "balance", "original"]))
    return words


@st.composite
def fee_words(draw: st.DrawFn, start: date, decimals: int) -> dict[str, Any]:
    """Fees, taxes and further draws."""
    words: dict[str, Any] = {}
    if draw(st.integers(0, 2)) == 0:
        words["fees"] = draw(st.lists(fees(decimals), max_size=3))
        words["fee_tax"] = Fraction(draw(st.integers(0, 25)), 100)
    if draw(st.integers(0, 3)) == 0:
        words["interest_tax"] = Fraction(draw(st.integers(0, 25)), 100)
        words["tax_included"] = words["interest_tax"] > 0 and draw(st.booleans())
    if draw(st.integers(0, 4)) == 0:
        words["drawdowns"] = [
            (start + timedelta(days=draw(st.integers(1, 20))), draw(amounts(decimals, 1000)))
        ]
    return words


@st.composite
def fees(draw: st.DrawFn, decimals: int) -> rp.Fee:
    """A fee of any kind."""
    when: Any = draw(
        st.sampled_from(
            "start instalment due_date end calendar deferral rate_change prepayment rescheduling "
            "forgiveness advance settlement late".split()
        )
    )
    much: Any = Fraction(draw(st.integers(0, 500)), 10_000)
    if draw(st.booleans()):
        much = draw(amounts(decimals, 100))
    collected = ["paid"]
    if when == "start":
        collected += ["deducted", "financed"]
    elif when in ("deferral", "rate_change", "prepayment", "rescheduling", "forgiveness"):
        collected.append("financed")
    days: dict[str, Any] = {}
    if when == "calendar":
        days["every"] = draw(st.sampled_from(["month", "quarter", "year", "10 days"]))
        days["above"] = draw(st.none() | amounts(decimals, 100))
    of: Any = draw(st.sampled_from([None, "principal", "balance"]))
    if when == "start" and isinstance(much, Fraction) and draw(st.booleans()):
        of, much = "balance_days", much / 1000
        days["max_days"] = draw(st.none() | st.integers(1, 800))
    return rp.Fee(
        much,
        when=when,
        **days,
        of=of,
        collected=draw(st.sampled_from(collected)),
        refund=draw(st.sampled_from(["none", "pro_rata"])) if when == "start" else "none",
    )


@st.composite
def plain_loans(
    draw: st.DrawFn, *, methods: tuple[str, ...] = METHODS, extras: bool = True
) -> rp.Loan:
    """Ordinary loans: some hundred units or more, up to 40 %, up to 10 years."""
    return draw(
        loans(rates=ordinary_rates, most_payments=60, least=500, methods=methods, extras=extras)
    )


@st.composite
def stepped(
    draw: st.DrawFn, *, methods: tuple[str, ...] = METHODS
) -> tuple[rp.Loan, list[tuple[date, Fraction]]]:
    """An ordinary loan, and one to three days in its life with a new rate each."""
    loan = draw(plain_loans(methods=methods, extras=False))
    life = (loan.timetable.accrual_date(loan.payments) - loan.start).days
    chosen = sorted(draw(st.sets(st.integers(1, max(1, life - 1)), min_size=1, max_size=3)))
    return loan, [(loan.start + timedelta(days=each), draw(ordinary_rates)) for each in chosen]


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
        "in_advance": draw(st.booleans()),
    }
    if words["method"] == "level" and words["interest_tax"] != "0%":
        words["tax_included"] = draw(st.booleans())
    more: dict[str, Any] = {
        "balloon": "20%",
        "drawdowns": [(start + timedelta(days=50), "500")],
        "instalment": draw(
            st.sampled_from([rp.terms.graduated("5%", every=3), rp.terms.seasonal([12, 1, 2])])
        ),
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
def changes_for(
    draw: st.DrawFn, schedule: rp.Schedule, rates: st.SearchStrategy[Any] = ordinary_rates
) -> rp.changes.Change:
    """A change of any kind, from an instalment or on a day, that may or may not be possible."""
    place: dict[str, Any] = draw(places_in(schedule))
    kind = draw(
        st.sampled_from(
            [
                "deferral",
                "deferral",
                "rate",
                "prepay",
                "reschedule",
                "forgive",
                "advance",
                "forbear",
            ]
        )
    )
    match kind:
        case "deferral":
            return draw(deferrals(place, rates))
        case "rate":
            until = draw(st.one_of(st.none(), st.integers(1, 400)))
            begun = place.get("on") or schedule.loan.start
            return rp.changes.RateChange(
                draw(rates),
                until=None if until is None else begun + timedelta(days=until),
                hold=draw(st.sampled_from(["maturity", "payment", "last", "count"])),
                **place,
            )
        case "prepay":
            share = draw(st.integers(1, 60))
            place = amount_place(place, schedule.ledger)
            again: list[Any] = ["quarter", "40 days"] if place.get("on") else [1, 6]
            return rp.changes.Prepayment(
                part_of(schedule, share),
                hold=draw(st.sampled_from(["payment", "maturity", "last", "next"])),
                interest=draw(st.sampled_from(["none", "none", "part", "all"])),
                every=draw(st.sampled_from([None, None, *again])),
                **place,
            )
        case "advance":
            share = draw(st.integers(1, 60))
            return rp.changes.Advance(
                part_of(schedule, share),
                hold=draw(st.sampled_from(["maturity", "payment", "last", "count"])),
                **amount_place(place, schedule.ledger),
            )
        case "forbear":
            return rp.changes.Forbearance(
                share=Fraction(draw(st.integers(1, 99)), 100),
                hold=draw(st.sampled_from(["payment", "maturity", "last"])),
                **place,
            )
        case "reschedule":
            every = draw(st.sampled_from([None, None, "month", "quarter"]))
            rate = draw(st.one_of(st.none(), rates))
            method = draw(st.one_of(st.none(), st.none(), st.sampled_from(METHODS)))
            place["repay"] = draw(st.sampled_from(["next", "next", *get_args(Repay)]))
            if draw(st.booleans()):
                count = draw(st.integers(1, 60))
                return rp.changes.Rescheduling(
                    count, every=every, rate=rate, method=method, **place
                )
            instalment = part_of(schedule, draw(st.integers(3, 100)))
            return rp.changes.Rescheduling(instalment=instalment, every=every, rate=rate, **place)
    return rp.changes.Forgiveness(
        share=Fraction(draw(st.integers(0, 100)), 100),
        of=draw(st.sampled_from(["principal", "principal", "deferred_interest"])),
        hold=draw(st.sampled_from(["payment", "maturity", "last"])),
        **amount_place(place, schedule.ledger),
    )


@st.composite
def amount_places(draw: st.DrawFn, schedule: rp.Schedule) -> dict[str, Any]:
    """``with_payment=`` or ``on=`` inside a schedule."""
    return amount_place(draw(places_in(schedule)), schedule.ledger)


@st.composite
def places_in(draw: st.DrawFn, schedule: rp.Schedule) -> dict[str, Any]:
    """``payment=`` or ``on=`` inside a schedule."""
    if draw(st.booleans()):
        last = max(1, *schedule.columns["number"].tolist())
        return {"payment": draw(st.integers(1, min(last, draw(st.sampled_from([3, 40, 600])))))}
    days = (schedule.maturity - schedule.loan.start).days
    return {"on": schedule.loan.start + timedelta(days=draw(st.integers(0, max(0, days - 1))))}


@st.composite
def deferrals(
    draw: st.DrawFn, place: dict[str, Any], rates: st.SearchStrategy[Any] = ordinary_rates
) -> rp.changes.Deferral:
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
        words["rate"] = draw(st.one_of(st.none(), rates))
    elif draw(st.booleans()):
        words["pause"] = draw(st.sampled_from(["principal", "interest"]))
        if words["pause"] == "interest":
            words["interest"] = "accrue"
            words["repay"] = draw(st.sampled_from(["next", "spread", "last", "capitalise"]))
    else:
        words["repay"] = draw(st.sampled_from(["next", "now", "spread", "last", "capitalise"]))
        if words["repay"] == "capitalise":
            words["capitalise_every"] = draw(st.sampled_from([1, 2, 3, None]))
    return rp.changes.Deferral(**place, **words)


def part_of(schedule: rp.Schedule, percent: int) -> Decimal:
    """A share of the principal, at least one minor unit."""
    loan = schedule.loan
    minor = loan.minor(loan.principal, "principal")
    return loan.money(max(1, minor * percent // 100))


@st.composite
def books(draw: st.DrawFn, most: int = 5) -> list[dict[str, Any]]:
    """The parameters of a few ordinary loans, which differ in every way."""
    words = loan_words(rates=signed_rates, most_payments=30, least=500)
    return draw(st.lists(words, min_size=1, max_size=most))


def columns_of(loans: list[dict[str, Any]]) -> dict[str, Any]:
    """The parameters of loans as columns; null where a loan leaves one out."""
    columns: dict[str, Any] = {}
    for name in dict.fromkeys(name for each in loans for name in each):
        columns[name] = np.empty(len(loans), dtype=object)
        for row, each in enumerate(loans):
            columns[name][row] = each.get(name)
    return columns


@st.composite
def book_changes(
    draw: st.DrawFn, schedules: list[rp.Schedule | None]
) -> rp.portfolio.PortfolioChange:
    """A change to a book, with columns; loans for which another kind is drawn are left alone."""
    drawn = [None if each is None else draw(changes_for(each, signed_rates)) for each in schedules]
    kind = type(next(each for each in drawn if each is not None))
    words: dict[str, Any] = {}
    for name in [each.name for each in fields(kind)]:
        column = np.empty(len(drawn), dtype=object)
        column[:] = [getattr(each, name) if isinstance(each, kind) else None for each in drawn]
        words[name] = column
    return rp.portfolio.PortfolioChange(kind, **words)


@st.composite
def changed(
    draw: st.DrawFn,
    loan_strategy: st.SearchStrategy[rp.Loan],
    most: int = 6,
    rates: st.SearchStrategy[Any] = ordinary_rates,
) -> rp.Schedule:
    """A schedule with up to `most` changes; changes that are refused are left out."""
    schedule = rp.amortise(draw(loan_strategy))
    for _ in range(draw(st.integers(0, most))):
        change = draw(changes_for(schedule, rates))
        try:
            after = schedule.then(change)
        except rp.RepayError:
            continue
        if after.maturity > schedule.loan.start:  # else all was forgiven on the first day
            schedule = after
    return schedule


ready_made = st.sampled_from(
    [
        rp.Allocation(),
        rp.Allocation.civil_code(),
        rp.Allocation.chinese_card(),
        rp.Allocation.us(),
        rp.Allocation.uk(),
        rp.Allocation.oldest_first(),
        rp.Allocation.component_first(),
    ]
)


@st.composite
def allocations(draw: st.DrawFn) -> rp.Allocation:
    """A waterfall: one that is ready made, or any order at all."""
    if draw(st.booleans()):
        return draw(ready_made)
    steps = st.permutations(list(COMPONENTS)) | st.permutations(
        [(age, name) for age in AGES for name in COMPONENTS]
    )
    return rp.Allocation(
        draw(steps),
        across=draw(st.sampled_from(["instalment", "component", "pro_rata"])),
        among=draw(st.sampled_from(["age", "pro_rata"])),
        switch=draw(st.dictionaries(st.integers(1, 120), steps, max_size=2)),
        ahead=draw(st.sampled_from(["next", "last", "payment", "maturity"])),
    )


LATE_FEES = st.sampled_from([Decimal(10), Fraction(1, 20)])
CAPS = st.integers(1, 500).map(Decimal)


@st.composite
def penalty_terms(draw: st.DrawFn, most_grace: int = 10) -> rp.PenaltyTerms:
    """What being late costs, on any base, with grace, late fees and limits."""
    words: dict[str, Any] = {}
    match draw(st.sampled_from(["", "addition", "rate", "late_fee"])):
        case "late_fee":
            words = {"late_fee": draw(LATE_FEES), "grace_days": draw(st.integers(0, most_grace))}
            return rp.PenaltyTerms(**words, cap=draw(st.none() | CAPS))
        case "addition":
            words["addition"] = Fraction(draw(st.integers(0, 50)), 100)
        case "rate":
            words["rate"] = draw(ordinary_rates)
        case _:
            words["multiplier"] = Fraction(draw(st.integers(0, 30)), 10)
    words["base"] = draw(st.sampled_from(["principal", "instalment", "balance"]))
    words["on_interest"] = words["base"] != "instalment" and draw(st.booleans())
    words["day_count"] = draw(st.sampled_from([None, None, "actual/360", "30E/360"]))
    words["grace_days"] = draw(st.sampled_from([0, 0, draw(st.integers(0, most_grace))]))
    words["grace"] = draw(st.sampled_from(["due_date", "end"]))
    if draw(st.booleans()):
        words["late_fee"] = draw(LATE_FEES)
    limit = draw(st.sampled_from(["", "", "cap", "cap_rate", "cap_share"]))
    if limit == "cap":
        words["cap"] = draw(CAPS)
    elif limit:
        words[limit] = Fraction(draw(st.integers(1, 40)), 100)
    return rp.PenaltyTerms(**words)


@st.composite
def penalties(draw: st.DrawFn) -> Any:
    """Penalty terms, which may step on some days."""
    first = draw(penalty_terms())
    steps = draw(st.dictionaries(starts, penalty_terms(), max_size=2))
    return rp.steps(first, steps) if steps else first


#: What a settlement says in money.
fields_of_settlement = (
    *("principal", "interest", "deferred_interest", "arrears", "fee", "tax", "refund"),
    *("total", "rebate", "interest_saved", "saving_after_fee"),
)
