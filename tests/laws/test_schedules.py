"""Laws that hold for every loan and every sequence of changes."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.dates.day_count import BY_DAY, BY_PERIOD
from repaylib.engine.execution import run
from repaylib.engine.program import compile_loan, rounded_off
from repaylib.money.rounding import round_fraction
from repaylib.rates.annuity import grown_payments
from repaylib.schedule.placement import amount_place
from tests.strategies.loans import (
    amount_places,
    amounts,
    changed,
    changes_for,
    deferrals,
    examples,
    loans,
    loans_at_any_rate,
    ordinary_rates,
    places_in,
    plain_loans,
    quoted_rates,
    rich_loans,
    signed_shares,
    starts,
)


def conserves(schedule: rp.Schedule, *, signed: bool = False) -> None:
    """Conservation, from the rows alone and not by way of the library's own check.

    `signed` is for rates below zero: interest then goes to the borrower, and nothing else does.
    """
    with localcontext() as context:
        context.prec = 3000  # extreme terms grow to extreme amounts
        _conserves(schedule, signed)
    schedule.check()


def _conserves(schedule: rp.Schedule, signed: bool) -> None:
    zero = Decimal(0)
    owed = schedule.loan.principal
    put_off = zero
    day = schedule.loan.start
    for row in schedule:
        assert row.date >= day
        assert row.opening == owed
        assert (
            row.payment
            == (row.interest + row.deferred_interest + row.principal + row.fee + row.penalty)
            + row.tax
            - row.refund
        )
        assert (
            row.closing
            == row.opening - row.principal + row.capitalised - row.forgiven + row.advanced
        )
        put_off += row.accrued - row.interest - row.deferred_interest
        put_off -= row.waived + row.capitalised + row.forgiven_interest
        assert row.deferred == put_off
        assert put_off >= 0 or signed
        assert row.closing >= 0
        assert row.principal >= 0
        back = min(zero, row.interest + row.deferred_interest) if signed else zero
        assert row.payment >= back - row.refund - abs(row.tax)
        owed, day = row.closing, row.date
    assert owed == put_off == 0

    def total(name: str) -> Decimal:
        return sum((getattr(row, name) for row in schedule), zero)

    lent = schedule.loan.principal + total("advanced")
    assert lent + total("capitalised") == total("principal") + total("forgiven")
    assert total("accrued") == sum(
        (total(n) for n in ("interest", "deferred_interest", "waived", "capitalised")), zero
    ) + total("forgiven_interest")
    assert schedule.total_paid == lent + schedule.total_interest - total("forgiven") + (
        total("fee") + total("tax") - total("refund")
    )


@given(loans())
def test_a_loan_conserves(loan: rp.Loan) -> None:
    conserves(rp.amortise(loan))


@given(changed(loans(rates=ordinary_rates, most_payments=120)))
def test_a_changed_loan_conserves(schedule: rp.Schedule) -> None:
    event(f"{len(schedule.changes)} changes")
    conserves(schedule)


def test_a_refund_of_interest_repays_no_more_than_is_owed() -> None:
    """Instalments below zero use nothing of what was paid ahead: the last one is cut."""
    loan = rp.Loan("5.47", rp.Rate(Fraction(-1, 3)), 13, "2023-01-01", every="quarter",
                   method="flat", in_advance=True, rounding="up")  # fmt: skip
    plan = rp.prepay(loan, "0.05", on="2023-01-01", hold="next")
    conserves(plan, signed=True)
    assert [(row.payment, row.closing) for row in plan[-2:]] == [
        (Decimal("0.00"), Decimal("0.44")),
        (Decimal("-0.01"), Decimal("0.00")),
    ]


@given(changed(loans_at_any_rate(60), most=4, rates=quoted_rates()), st.data())
def test_a_loan_at_any_rate_conserves(schedule: rp.Schedule, data: st.DataObject) -> None:
    """Rates below zero, rates that turn below zero, rates on an index; and so does settling it."""
    conserves(schedule, signed=True)
    settled: Any = data.draw(st.sampled_from(["actuarial", "rule_of_78", "flat_waived"]))
    try:
        quote = rp.settle(schedule, method=settled, **data.draw(amount_places(schedule)))
    except rp.RepayError:
        return
    conserves(quote.schedule, signed=True)
    back = min(Decimal(0), quote.interest + quote.deferred_interest)
    assert quote.total >= back - quote.refund - abs(quote.tax)


@given(changed(loans(), most=3))
def test_an_extreme_loan_conserves_when_changed(schedule: rp.Schedule) -> None:
    conserves(schedule)


@given(changed(plain_loans(), most=4), st.data())
def test_a_settlement_conserves_and_ends_the_loan(
    schedule: rp.Schedule, data: st.DataObject
) -> None:
    quote = rp.settle(schedule, fee="1%", **data.draw(amount_places(schedule)))
    renewed = zip(schedule.changes, schedule.change_days, strict=True)
    # New instalments of that day, before which the loan ends, would have taken its interest.
    assume(not any(day == quote.on and hasattr(each, "repay") for each, day in renewed))
    conserves(quote.schedule)
    assert quote.schedule.maturity == quote.on
    before = [row for row in schedule if row.date <= quote.on]
    assert quote.schedule.total_paid == quote.total + sum((r.payment for r in before), Decimal(0))
    assert quote.interest_saved == without_fees(schedule) - without_fees(quote.schedule)


def without_fees(schedule: rp.Schedule) -> Decimal:
    """All payments but fees, refunds of them, and taxes."""
    fees = schedule.total_fees + schedule.total_tax - schedule.total_refunded
    return schedule.total_paid - fees


# -- one engine ---------------------------------------------------------------------------


@given(changed(loans(), most=3))
def test_the_short_way_is_the_long_way(schedule: rp.Schedule) -> None:
    """A plain stretch and the general step give the same amounts."""
    program = schedule.program
    short, long = run(program), run(program, trace=True)
    assert len(short) == len(long)
    for name, column in schedule.columns.items():
        traced = type(schedule.columns)(long, program.principal)[name]
        assert (column == traced).all(), name


@given(
    loans(
        rates=ordinary_rates,
        most_payments=120,
        extras=False,
        methods=("level", "equal_principal", "interest_only"),  # the others have tests of their own
    )
)
def test_a_plain_schedule_is_the_textbook_loop(loan: rp.Loan) -> None:
    """The rows follow from the instalment by a loop that anyone can read."""
    regular = rp.Loan("1", "0%", 1, loan.start, every=loan.every).first_payment
    loan = replace(loan, first_payment=regular)  # without odd days
    schedule = rp.amortise(loan)
    scale = 10**loan.decimals
    balance = int(loan.principal * scale)
    amount = int(schedule.instalment * scale)
    # A year of interest each period may outgrow an instalment: interest alone is paid then.
    assume((loan.method, loan.day_count) != ("level", "1/1"))
    months = {"month": 1, "quarter": 3, "2 months": 2}[str(loan.every)]
    opened = loan.start
    for row in schedule:
        share = Fraction(months, 12)
        if loan.day_count not in BY_PERIOD:
            counted = loan.counted_days
            if counted == "both" and opened > loan.start:
                counted = "last"  # the day of disbursement is in the first period
            share = rp.rates.year_fraction(opened, row.date, loan.day_count, counted_days=counted)
        interest = round_fraction(balance * loan.first_rate.value * share, loan.rounding)
        wanted = {
            "level": max(amount, interest) if loan.negative_amortisation is False else amount,
            "equal_principal": amount + interest,
            "interest_only": interest,
        }[loan.method]
        last = row.number == loan.payments or wanted >= balance + interest
        payment = balance + interest if last else wanted
        assert (row.payment, row.accrued) == (
            loan.money(payment),
            loan.money(interest),
        )
        balance += interest - payment
        opened = row.date
    assert balance == 0


# -- identities ---------------------------------------------------------------------------


def amounts_of(schedule: rp.Schedule) -> list[rp.Row]:
    return list(schedule)


@given(changed(plain_loans(extras=False), most=2), st.data())
def test_a_deferral_of_no_periods_changes_nothing(
    schedule: rp.Schedule, data: st.DataObject
) -> None:
    words = data.draw(deferrals(data.draw(places_in(schedule))))
    nothing = rp.changes.Deferral(words.payment, 0, on=words.on, repay="next", hold=words.hold)
    assert amounts_of(schedule.then(nothing)) == amounts_of(schedule)


@given(changed(plain_loans(extras=False), most=2), st.data())
def test_the_same_rate_changes_nothing(schedule: rp.Schedule, data: st.DataObject) -> None:
    place = data.draw(places_in(schedule))
    assume(
        not any(
            isinstance(each, rp.changes.RateChange | rp.changes.Rescheduling)
            for each in schedule.changes
        )
    )
    same = rp.change_rate(schedule, schedule.loan.first_rate, **place)
    assert amounts_of(same) == amounts_of(schedule)


@given(plain_loans(extras=False), st.data())
@settings(max_examples=examples(100))
def test_splitting_a_period_changes_nothing(loan: rp.Loan, data: st.DataObject) -> None:
    """What leaves balance and rate alone leaves the interest alone, whatever odd days cost."""
    schedule = rp.amortise(loan)
    days = (schedule.maturity - loan.start).days
    day = loan.start + timedelta(days=data.draw(st.integers(0, days - 1)))
    left = sum(row.date > day for row in schedule)
    unit = Decimal(f"1E-{loan.decimals}")
    nothing: dict[str, tuple[rp.changes.Change, ...]] = {
        "forgive": (rp.changes.Forgiveness(share="0%", on=day, hold="last"),),
        "rate": (rp.changes.RateChange(loan.first_rate, on=day, hold="last"),),
        "defer": (rp.changes.Deferral(on=day),),
        "arrears": (rp.changes.Arrears("1", on=day),),
        "there and back": (
            rp.changes.RateChange("41%", on=day, hold="last"),
            rp.changes.RateChange(loan.first_rate, on=day, hold="last"),
        ),
    }
    if loan.method != "flat" or day < schedule[0].date:  # later, what is owed is its new base
        nothing["reschedule"] = (rp.changes.Rescheduling(left, on=day),)
    if loan.method != "flat":  # what it is on falls by a share, which is rounded
        nothing["paid and lent"] = (
            rp.changes.Advance(unit, on=day, hold="last"),
            rp.changes.Prepayment(unit, on=day, hold="last"),
        )
    kind = data.draw(st.sampled_from(list(nothing)))
    try:
        split = rp.amortise(loan, *nothing[kind])
    except rp.RepayError:
        assume(False)
    ends = next(row for row in schedule if row.date > day)
    later = next(row for row in split if row.number and row.date > day)
    if later.date == ends.date:  # a bullet that is deferred, or begins anew, ends on another day
        assert later.accrued == ends.accrued, kind
    else:
        assert loan.method == "bullet"


@pytest.mark.parametrize(
    ("rate", "agreed", "after"), [("12%", "9.00", "4.50"), ("0.01%", "0.01", "0.00")]
)
def test_a_flat_loan_that_is_rescheduled_pays_interest_on_what_is_then_owed(
    rate: str, agreed: str, after: str
) -> None:
    loan = rp.Loan("900", rate, 2, "2023-01-01", method="flat", currency="CNY")
    schedule = rp.amortise(loan)
    rescheduled = rp.reschedule(schedule, 1, on="2023-02-01")
    assert schedule[1].interest == Decimal(agreed)
    assert rescheduled[1].opening == Decimal("450.00")
    assert rescheduled[1].interest == Decimal(after)


@given(
    rates=st.integers(0, 2_000).map(lambda n: Fraction(n, 10_000)),
    payments=st.integers(2, 360),
    principal=st.integers(10**5, 10**8),
    data=st.data(),
)
@settings(max_examples=examples(80))
def test_an_interest_free_deferral_that_holds_the_payment_moves_the_end_alone(
    rates: Fraction, payments: int, principal: int, data: st.DataObject
) -> None:
    """The last payment takes what roundings left, with a payment held as with the count held."""
    words: dict[str, Any] = {
        "method": data.draw(st.sampled_from(["level", "equal_principal"])),
        "instalment_rounding": data.draw(st.sampled_from(["half_up", "down", "half_even"])),
        "instalment_multiple": data.draw(st.sampled_from([None, "0.05", "1"])),
        "balloon": data.draw(st.sampled_from([None, "30%"])),
    }
    loan = rp.Loan(Decimal(f"{principal}E-2"), rates, payments, "2024-01-10", **words)
    plan = rp.amortise(loan)
    each = rounded_off(compile_loan(loan))
    left = each * grown_payments(rates / 12, payments)
    assume(2 * left < int(plan.instalment * 100))  # roundings do not make up an instalment
    balloon = compile_loan(loan).balloon
    least = (1 if loan.method == "level" else 0) * plan[-1].interest * 100 + balloon
    assume(plan.final_payment * 100 - least > left)  # nor is the last payment one of them
    k = data.draw(st.integers(1, payments - 1))
    free: dict[str, Any] = {
        "payment": k,
        "periods": data.draw(st.integers(1, 3)),
        "interest": "waive",
    }
    held = rp.defer(plan, **free, hold="payment")
    assert amounts_of(held) == amounts_of(rp.defer(plan, **free, hold="count"))


@given(plain_loans(extras=False, methods=("level", "equal_principal")), st.data())
@settings(max_examples=examples(50))
def test_a_payment_held_leaves_no_last_payment_of_mere_roundings(
    loan: rp.Loan, data: st.DataObject
) -> None:
    """The rule of the last payment is one for every change that lets the term float."""
    unit = data.draw(st.sampled_from([1, 1, 50]))
    balloon = data.draw(st.sampled_from([None, Fraction(1, 5)]))
    money = Decimal(f"{unit}E-{loan.decimals}")
    loan = replace(loan, instalment_multiple=money, balloon=balloon, negative_amortisation=True)
    try:
        plan = rp.amortise(loan)
        k = data.draw(st.integers(1, max(1, len(plan) - 1)))
        part = loan.money(max(1, loan.minor(plan[k - 1].opening, "x", least=0) // 7))
        place = amount_place({"payment": k}, plan.ledger)
        change = data.draw(
            st.sampled_from(
                [
                    rp.changes.Deferral(k, repay="capitalise", hold="payment"),
                    rp.changes.RateChange(data.draw(ordinary_rates), payment=k, hold="payment"),
                    rp.changes.Prepayment(part, **place),
                    rp.changes.Advance(part, **place, hold="payment"),
                    rp.changes.Forgiveness(
                        share=data.draw(st.fractions(0, Fraction(9, 10))), **place, hold="payment"
                    ),
                    rp.changes.Rescheduling(instalment=plan[k - 1].payment or "1", payment=k),
                ]
            )
        )
        changed = plan.then(change)
    except rp.RepayError:
        assume(False)
    before, last = changed[-2:] if len(changed) > 1 else (changed[-1], changed[-1])
    assume(before.number > k + 1)  # the payment before it is one of the new plan
    program = compile_loan(loan)
    rest = int(last.opening.scaleb(loan.decimals)) - program.balloon
    if balloon and (rest < 0 or last.number - loan.payments in (0, 1)):
        return  # the agreed end stays beside a balloon, or a payment rounded up has repaid part of it
    if rest < int(changed.instalment.scaleb(loan.decimals)):
        assert rest > rounded_off(program) * before.number


# -- days ---------------------------------------------------------------------------------


@given(
    starts.filter(lambda day: day.day <= 27),
    st.sampled_from(["actual/365", "actual/360", "actual/actual ISDA", "30E/360", "actual/365L"]),
    st.sampled_from(["level", "equal_principal", "interest_only"]),
    st.data(),
)
@settings(max_examples=examples(60))
def test_the_last_day_counted_is_the_same_loan_a_day_later(
    start: date, day_count: Any, method: Any, data: st.DataObject
) -> None:
    """Money moves a day later; a rate holds from its own day either way."""
    words: dict[str, Any] = {"day_count": day_count, "method": method}
    life = st.integers(1, 300)
    dues = {row.date for row in rp.amortise(rp.Loan("10000", "7%", 12, start, **words))}
    day = start + timedelta(days=data.draw(life))
    assume(day not in dues)
    rate = data.draw(ordinary_rates)
    hold: Any = data.draw(st.sampled_from(["maturity", "last"]))
    paid = start + timedelta(days=data.draw(life))
    assume(hold == "last" or paid != day)  # a day later, it is paid after the rate has changed
    free = data.draw(st.booleans())

    def lived(counted: Any, later: timedelta) -> list[tuple[Decimal, ...]]:
        loan = rp.Loan("10000", "7%", 12, start + later, counted_days=counted, **words)
        changes: list[rp.changes.Change] = [
            rp.changes.RateChange(rate, on=day, hold=hold),
            rp.changes.Prepayment("500", on=paid + later, hold="last"),
        ]
        if free:
            changes.append(rp.changes.Deferral(on=day, interest="waive", hold="count"))
        plan = rp.amortise(loan, *changes)
        return [(row.payment, row.accrued, row.waived, row.closing) for row in plan]

    assert lived("last", timedelta(0)) == lived("first", timedelta(days=1))


@given(plain_loans(extras=False), st.data())
@settings(max_examples=examples(50))
def test_changes_of_one_day_come_in_any_order(loan: rp.Loan, data: st.DataObject) -> None:
    """Each kind has its turn of the day, whichever was agreed first."""
    schedule = rp.amortise(loan)
    rows = [row for row in schedule if row.date < schedule.maturity and row.closing > 0]
    assume(rows)
    row = data.draw(st.sampled_from(rows))
    share = data.draw(st.sampled_from([Fraction(1), Fraction(1), Fraction(1, 2)]))
    much = loan.money(max(1, int(int(row.closing.scaleb(loan.decimals)) * share)))
    changes: list[rp.changes.Change] = [
        rp.changes.Prepayment(
            much, on=row.date, hold=data.draw(st.sampled_from(["payment", "last"]))
        ),
        rp.changes.Advance(
            data.draw(amounts(loan.decimals, 100)),
            on=row.date,
            hold=data.draw(st.sampled_from(["maturity", "payment", "last"])),
        ),
    ]
    if data.draw(st.booleans()):
        changes.append(rp.changes.RateChange("3%", on=row.date, hold="last"))
    found = []
    for order in permutations(changes):
        try:
            plan = rp.amortise(loan, *order)
        except rp.RepayError:  # nothing is changed after the end, but what adds to the debt
            continue
        conserves(plan)
        found.append(amounts_of(plan))
    assert all(each == found[0] for each in found)
    lent = sum((each.advanced for each in found[0]), Decimal(0)) if found else Decimal(0)
    assert not found or lent == changes[1].amount  # type: ignore[attr-defined]  # the second is the advance


@given(changed(loans(rates=ordinary_rates, most_payments=60)))
def test_a_schedule_survives_storage(schedule: rp.Schedule) -> None:
    back = rp.Schedule.from_dict(schedule.to_dict())
    assert back == schedule
    assert hash(back) == hash(schedule)
    assert amounts_of(back) == amounts_of(schedule)


@given(changed(plain_loans(), most=3), st.data())
def test_verbs_and_amortise_agree(schedule: rp.Schedule, data: st.DataObject) -> None:
    assert amounts_of(rp.amortise(schedule.loan, *schedule.changes)) == amounts_of(schedule)
    change = data.draw(changes_for(schedule))
    try:
        step = schedule.then(change)
    except rp.RepayError:
        return
    assert amounts_of(step) == amounts_of(rp.amortise(schedule.loan, *schedule.changes, change))


@given(plain_loans(), st.data())
def test_changes_of_different_days_commute(loan: rp.Loan, data: st.DataObject) -> None:
    """A then B is B then A, where each names its own day."""
    schedule = rp.amortise(loan)
    days = (schedule.maturity - loan.start).days
    assume(days > 2)
    first = data.draw(st.integers(0, days - 2))
    second = data.draw(st.integers(first + 1, days - 1))
    one = data.draw(changes_for(schedule))
    two = data.draw(changes_for(schedule))
    a = _moved(one, loan.start + timedelta(days=first))
    b = _moved(two, loan.start + timedelta(days=second))
    try:
        forward, backward = schedule.then(a, b), schedule.then(b, a)
    except rp.RepayError:
        return
    assert amounts_of(forward) == amounts_of(backward)


def _moved(change: rp.changes.Change, day: date) -> rp.changes.Change:
    """Return a change as it would be on another day, a change of rate for good."""
    words = {field.name: getattr(change, field.name) for field in fields(change)}
    words |= {change.placed_by: None, "on": day}
    if "until" in words:
        words["until"] = None
    if isinstance(words.get("every"), int):  # a number of payments, of an extra payment
        words["every"] = "quarter"
    return type(change)(**words)


@given(plain_loans(extras=False), st.data())
def test_payment_k_is_the_due_date_before_it(loan: rp.Loan, data: st.DataObject) -> None:
    schedule = rp.amortise(loan)
    k = data.draw(st.integers(1, min(40, len(schedule))))
    day = loan.start if k == 1 else schedule[k - 2].date
    for by_number, by_day in (
        (rp.changes.Deferral(k), rp.changes.Deferral(on=day)),
        (rp.changes.RateChange("7%", payment=k), rp.changes.RateChange("7%", on=day)),
        (rp.changes.Rescheduling(9, payment=k), rp.changes.Rescheduling(9, on=day)),
    ):
        assert amounts_of(schedule.then(by_number)) == amounts_of(schedule.then(by_day))


# -- more and less ------------------------------------------------------------------------


@given(loans(extras=False, methods=("equal_principal", "interest_only")), ordinary_rates)
def test_a_higher_rate_never_costs_less(loan: rp.Loan, more: Fraction) -> None:
    assert _at(loan, more).total_interest >= rp.amortise(loan).total_interest


@given(
    loans(extras=False, rates=ordinary_rates, methods=("level",), most_payments=60),
    ordinary_rates,
    st.data(),
)
def test_a_higher_rate_never_costs_less_for_one_instalment(
    loan: rp.Loan, more: Fraction, data: st.DataObject
) -> None:
    """With the instalment given, each cent of interest more is a cent paid more."""
    scale = loan.minor(loan.principal, "principal")
    instalment = loan.money(data.draw(st.integers(1, 2 * scale)))
    cheap = _at(loan, Fraction(0), instalment)
    dear = _at(loan, more, instalment)
    assert dear.total_interest >= cheap.total_interest


@given(
    loans(extras=False, rates=ordinary_rates, methods=("level",), most_payments=60, least=100),
    ordinary_rates,
)
def test_a_higher_rate_never_costs_less_but_for_the_rounding_of_the_instalment(
    loan: rp.Loan, more: Fraction
) -> None:
    """A solved instalment is rounded: at most a minor unit a payment, grown to the end."""
    cheap, dear = rp.amortise(loan), _at(loan, more)
    months = {"month": 1, "quarter": 3, "2 months": 2}[str(loan.every)]
    share = 1 if loan.day_count == "1/1" else Fraction(months * 31, 360)
    grow = 1 + (loan.first_rate.value + more) * share
    drift = sum(grow**k for k in range(loan.payments + 3))
    unit = Fraction(1, 10**loan.decimals)
    assert Fraction(dear.total_interest) >= Fraction(cheap.total_interest) - 2 * drift * unit


def _at(loan: rp.Loan, more: Fraction, instalment: Decimal | None = None) -> rp.Schedule:
    terms = replace(
        loan,
        rate=rp.Rate(loan.first_rate.value + more, loan.first_rate.kind, loan.first_rate.times),
        instalment=instalment,
        negative_amortisation=True,
    )
    return rp.amortise(terms)


@given(changed(plain_loans(), most=2), st.data())
def test_an_interest_free_deferral_costs_nothing(
    schedule: rp.Schedule, data: st.DataObject
) -> None:
    """On periodic loans, all due dates skipped from an instalment on, nothing is dearer."""
    loan = rp.Loan(
        schedule.loan.principal,
        schedule.loan.first_rate,
        12,
        "2024-01-10",
        method=schedule.loan.method,
        currency=schedule.loan.currency,
    )
    before = rp.amortise(loan)
    k = data.draw(st.integers(1, len(before)))
    periods = data.draw(st.integers(1, 6))
    after = rp.defer(before, k, periods, interest="waive")
    assert after.total_paid == before.total_paid
    assert [row.payment for row in after if row.payment] == [
        row.payment for row in before if row.payment
    ]


@given(starts, amounts(2, 10**6), ordinary_rates | signed_shares, st.integers(2, 60), st.data())
def test_deferred_interest_that_bears_none_is_the_interest_of_the_months(
    start: date, principal: Decimal, rate: Fraction, payments: int, data: st.DataObject
) -> None:
    """Paid now, next, spread or last: the same sum, the posted interest of the skipped months."""
    loan = rp.Loan(principal, rp.Rate(rate), payments, start)
    before = rp.amortise(loan)
    k = data.draw(st.integers(1, len(before)))
    periods = data.draw(st.integers(1, 4))
    plans = {
        repay: rp.defer(before, k, periods, repay=repay)
        for repay in ("now", "next", "spread", "last")
    }
    totals = {repay: plan.total_paid for repay, plan in plans.items()}
    assert len(set(totals.values())) == 1
    opening = int(before[k - 1].opening * 100)
    month = round_fraction(opening * rate / 12, "half_up")
    assert totals["now"] - before.total_paid == Decimal(f"{month * periods}E-2")
    shares = [row.deferred_interest for row in plans["spread"][k - 1 + periods :]]
    even = abs(Decimal(f"{month * periods}E-2")) / len(shares)
    assert all(abs(share) <= even + Decimal("0.005") for share in shares[:-1])


@given(
    starts,
    st.integers(10**5, 10**8),
    st.integers(0, 300),
    st.integers(1, 24),
    st.data(),
)
def test_a_deferral_leaves_level_instalments(
    start: date, cents: int, points: int, payments: int, data: st.DataObject
) -> None:
    """Whatever the first and last period: the last payment differs by what is rounded."""
    rate = Fraction(points, 1000)
    dates: dict[str, Any] = {"first_payment": start + timedelta(days=data.draw(st.integers(1, 90)))}
    if data.draw(st.booleans()):
        end = start + timedelta(days=data.draw(st.integers(100, 700)))
        dates = {"maturity": end, "stub": data.draw(st.sampled_from(["short_final", "long_final"]))}
        payments = rp.Loan("1", "0%", start=start, **dates).payments
    else:
        dates["payments"] = payments
    loan = rp.Loan(Decimal(cents) / 100, rate, start=start, **dates)
    k, periods = data.draw(st.integers(1, payments)), data.draw(st.integers(1, 4))
    free: Any = data.draw(st.sampled_from(["accrue", "waive"]))
    repays: list[Any] = ["now", "next", "spread", "last", "capitalise"]
    plans = {each: rp.defer(loan, k, periods, repay=each, interest=free) for each in repays}
    for repay, plan in plans.items():
        plan.check()
        gap = abs(plan[-1].principal + plan[-1].interest - plan.instalment)
        assert gap * 100 <= 2 * (payments + 1) * (1 + rate / 12) ** (payments + 3), repay
    assert len({plans[each].instalment for each in repays[:4]}) == 1


@given(plain_loans(extras=False), st.sampled_from(["next", "spread", "last"]), st.data())
def test_a_moved_instalment_that_bears_nothing_comes_back_whole(
    loan: rp.Loan, repay: Any, data: st.DataObject
) -> None:
    """It is paid with the next payment or the last, or in equal parts; no other payment changes."""
    plan = rp.amortise(loan)
    assume(len(plan) > 1)
    k = data.draw(st.integers(1, len(plan) - 1))
    moved = rp.defer(plan, k, scope="instalment", repay=repay, interest="waive")
    asked = [row.payment for row in plan]
    left = loan.payments - k  # as agreed: that roundings end the loan before is not known yet
    back = dict.fromkeys(range(k, len(plan)), Decimal(0))
    if repay == "spread":
        for part in (plan[k - 1].principal, plan[k - 1].interest):
            minor = loan.minor(part, "part", least=0)
            each = round_fraction(Fraction(minor, left), loan.rounding)
            for place in back:
                paid = minor if place == len(plan) - 1 else min(each, minor)
                back[place] += loan.money(paid)
                minor -= paid
    else:
        back[len(plan) - 1 if repay == "last" else k] = asked[k - 1]
    expected = [*asked[: k - 1], Decimal(0), *(asked[place] + back[place] for place in back)]
    assert [row.payment for row in moved] == expected


@given(
    plain_loans(extras=False, methods=("level", "equal_principal")),
    st.sampled_from(["any", "lower", "closest"]),
    st.integers(1, 99),
)
def test_forborne_principal_leaves_the_loan_of_the_rest(
    loan: rp.Loan, last: Any, percent: int
) -> None:
    """Put aside at the start, it comes on top of the last payment, and changes nothing before."""
    lent = loan.minor(loan.principal, "principal")
    aside = lent * percent // 100
    assume(0 < aside < lent)
    words = {each.name: getattr(loan, each.name) for each in fields(loan)}
    if loan.method == "level":
        words["last"] = last
    rest = rp.amortise(rp.Loan(**words | {"principal": loan.money(lent - aside)}))
    forborne = rp.forbear(rp.Loan(**words), loan.money(aside), payment=1, hold="maturity")
    expected = [row.payment for row in rest]
    expected[-1] += loan.money(aside)
    assert [row.payment for row in forborne] == expected
    assert forborne.instalment == rest.instalment


# -- derivations --------------------------------------------------------------------------


@given(changed(loans(rates=ordinary_rates, most_payments=40), most=4), st.data())
def test_every_number_can_be_derived(schedule: rp.Schedule, data: st.DataObject) -> None:
    derives(schedule, data.draw(st.sampled_from(schedule.rows)))


@given(changed(rich_loans(), most=4), st.data())
def test_every_number_of_a_loan_with_fees_and_taxes_can_be_derived(
    schedule: rp.Schedule, data: st.DataObject
) -> None:
    schedule.check()
    derives(schedule, data.draw(st.sampled_from(schedule.rows)))


def derives(schedule: rp.Schedule, row: rp.Row) -> None:
    """Base, rate, days and rounding as stated give each number again, in fractions."""
    derived = schedule.explain(row)
    loan = schedule.loan
    scale = 10**loan.decimals
    accrued = Decimal(0)
    for figure in derived.figures:
        assert figure.recomputed() == figure.value
        if not figure.segments:
            assert (
                figure.rounding is None
                or figure.base
                or figure.value == 0
                or (loan.method == "equal_principal")
            )
            continue
        exact = Fraction(0)
        for segment in figure.segments:
            if loan.day_count in BY_DAY and loan.interest_split == "equal":
                begun = loan.counted_days == "both" and segment.start == loan.start
                assert segment.share == rp.rates.year_fraction(
                    segment.start,
                    segment.end,
                    loan.day_count,
                    counted_days="both" if begun and segment.days else "first",
                )
            exact += Fraction(segment.base) * segment.rate * segment.share
        exact += figure.before  # of interest that is rounded as a whole
        exact *= figure.share or 1  # of interest taken with a prepayment
        assert figure.exact == exact
        rounded = loan.money(round_fraction(exact * scale, loan.rounding))
        assert figure.value == rounded - figure.charged
        accrued += figure.value
    completed = (figure for figure in derived.figures if figure.name == "interest completed")
    assert accrued + sum((figure.value for figure in completed), Decimal(0)) == row.accrued
    names = {figure.name for figure in derived.figures}
    columns = ["deferred interest", "principal", "fee", "tax", "refund", "prepaid", "advanced"]
    columns += ["capitalised", "forgiven", "forgiven interest"]
    for column in columns:
        value = getattr(row, column.replace(" ", "_"))
        assert (column in names) == bool(value)
        assert not value or derived[column].value == value
    for column in ("payment", "closing"):
        assert derived[column].value == getattr(row, column)
    if "interest" in names:
        assert derived["interest"].value == row.interest
    else:
        charged = [figure.value for figure in derived.figures if figure.name == "interest accrued"]
        assert row.interest == sum(charged, Decimal(0))
    if row.deferred:
        assert derived["deferred"].value == row.deferred
    for figure in derived.figures:
        if figure.terms:
            assert all(amount for _, amount in figure.terms)
        elif figure.value:
            agreed = "agreed" in figure.formula or "so that the last payment" in figure.formula
            assert figure.exact is not None or agreed or "step" in figure.formula
    passed = row.number in schedule.ledger.skipped
    assert ("skipped by change" in derived.mark) == passed
    assert str(derived)
