"""The readings of a change: against a brute-force enumeration, by their laws, by what is known."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.measures.deferral_readings import READINGS
from repaylib.measures.reading.change_words import words_of
from repaylib.typing import (
    DeferralBase,
    DeferralInterest,
    Hold,
    Pause,
    PrepaymentHold,
    Repay,
    Scope,
)
from tests.strategies.loans import changes_for, examples, plain_loans, rich_loans

PLAN = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
#: All columns but two that record interest which is never paid.
MOVES = [name for name in rp.Row._fields if name not in ("accrued", "waived")]


def moves(plan: rp.Schedule) -> tuple[Any, ...]:
    """The rows, without what accrues and is waived."""
    return tuple(tuple(getattr(row, name) for name in MOVES) for row in plan)


def brute_force(plan: rp.Schedule, **place: Any) -> Iterator[tuple[dict[str, Any], rp.Schedule]]:
    """Every combination of the words of a deferral that is not refused."""
    words = {
        "scope": get_args(Scope),
        "base": get_args(DeferralBase),
        "pause": get_args(Pause),
        "interest": get_args(DeferralInterest),
        "repay": get_args(Repay),
        "hold": get_args(Hold),
    }
    for values in product(*words.values()):
        options = dict(zip(words, values, strict=True))
        try:
            yield options, rp.defer(plan, **place, **options)
        except rp.RepayError:
            continue


# -- the number of readings -----------------------------------------------------------------


def test_one_month_has_36_readings() -> None:
    """480 combinations, 312 refused; 39 differ in a column, 36 in what is paid or owed."""
    plans = [plan for _, plan in brute_force(PLAN, payment=4)]
    assert len(plans) == 168
    assert len({tuple(plan) for plan in plans}) == 39
    assert len({tuple((row.date, row.payment) for row in plan) for plan in plans}) == 36
    found = rp.readings(PLAN, payment=4, all=True)
    assert len(found) == 36
    assert {moves(plan) for plan in found.values()} == {moves(plan) for plan in plans}


@pytest.mark.parametrize(
    ("place", "count"),
    [
        ({"payment": 1}, 36), ({"payment": 11}, 19), ({"payment": 12}, None),
        ({"on": "2024-04-20"}, None), ({"payment": 4, "periods": 2}, None),
        ({"payment": 4, "periods": 0}, 1),
    ],
)  # fmt: skip
def test_the_enumeration_is_the_brute_force_one(place: dict[str, Any], count: int | None) -> None:
    """With several periods, capitalising once at the end is a further word."""
    plans = {moves(plan) for _, plan in brute_force(PLAN, **place)}
    if place.get("periods", 1) > 1:
        for options, _ in brute_force(PLAN, **place):
            if options["repay"] == "capitalise":
                once = rp.defer(PLAN, **place, **options, capitalise_every=None)
                plans.add(moves(once))
    found = rp.readings(PLAN, **place, all=True)
    assert {moves(plan) for plan in found.values()} == plans
    assert len(found) == len(plans)
    if count is not None:
        assert len(found) == count


@pytest.mark.parametrize("method", ["level", "equal_principal", "interest_only", "flat"])
def test_the_enumeration_is_the_brute_force_one_of_every_method(method: Any) -> None:
    fees = [rp.Fee("3%", when="deferral"), rp.Fee("1", when="instalment")]
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", method=method, fees=fees))
    plans = {moves(each) for _, each in brute_force(plan, payment=4)}
    found = rp.readings(plan, payment=4, all=True)
    assert {moves(each) for each in found.values()} == plans
    assert len(found) == len(plans)


@pytest.mark.parametrize(
    ("name", "left", "largest", "extra"),
    [
        ("one payment moved, interest-free", 8, "1776.98", "0.00"),
        ("principal skipped, same end", 9, "994.66", "36.99"),
        ("interest-free, same end", 8, "994.66", "-39.12"),
        ("only interest, paid next", 9, "964.60", "0.00"),
    ],
)
def test_readings_beyond_the_ten(name: str, left: int, largest: str, extra: str) -> None:
    """Figures of the origin of the project, which names the first as its own reading."""
    found = rp.readings(PLAN, payment=4, all=True)
    assert name not in READINGS
    fits = found.where(payments=left, largest=largest, extra=extra)
    assert name in fits
    table = found.to_pandas().set_index("reading").loc[name]
    assert (table.payments, table.largest, table.extra) == (left, Decimal(largest), Decimal(extra))


def test_the_ten_come_first_and_are_the_same() -> None:
    some, every = rp.readings(PLAN, payment=4), rp.readings(PLAN, payment=4, all=True)
    assert list(some) == list(READINGS) == list(every)[:10]
    assert [list(plan) for plan in some.values()] == [list(every[name]) for name in some]


# -- laws -------------------------------------------------------------------------------------


@settings(max_examples=examples(60))
@given(st.data())
def test_laws_of_readings(data: st.DataObject) -> None:
    """Readings differ, balance, are made by their options, and hold what their words say."""
    plan = rp.amortise(data.draw(st.one_of(plain_loans(), rich_loans())))
    change = data.draw(changes_for(plan))
    try:
        found = rp.readings(plan, change, all=True)
    except rp.RepayError:
        with pytest.raises(rp.RepayError):  # the words as given are not possible either
            plan.then(change)
        return
    assert len({moves(each) for each in found.values()}) == len(found)
    for name, each in found.items():
        each.check()
        assert each.changes == (*plan.changes, found.change(name))
    # the change as given is one of them, if it is possible
    try:
        as_given = plan.then(change)
    except rp.RepayError:
        return
    assert moves(as_given) in {moves(each) for each in found.values()}
    # what is said of a reading finds it, and all that is found fits
    name = data.draw(st.sampled_from(list(found)))
    wanted, last = found[name], found[name][-1]
    words = {option: getattr(found.change(name), option) for option in words_of(type(change))}
    fits = found.where(maturity=wanted.maturity, row=(last.date, last.payment), **words)
    paid = sum(row.payment for row in wanted if row.date == last.date)
    if paid == last.payment:
        assert name in fits
    for each in fits.values():
        assert each.maturity == wanted.maturity
        assert sum(row.payment for row in each if row.date == last.date) == last.payment


@pytest.mark.parametrize("periods", [1, 3])
def test_options_make_the_reading(periods: int) -> None:
    found = rp.readings(PLAN, payment=4, periods=periods, all=True)
    for name, plan in found.items():
        again = rp.defer(PLAN, payment=4, periods=periods, **found.options(name))
        assert again == plan


def test_names_are_words_and_fit_a_page() -> None:
    for periods in (1, 3):
        found = rp.readings(PLAN, payment=4, periods=periods, all=True)
        assert not any("=" in name for name in found)
        assert max(map(len, str(found).split("\n"))) <= 88


def test_readings_print_in_chinese() -> None:
    shown = rp.readings(PLAN, payment=4).to_text(lang="zh")
    assert "利息平均分摊" in shown
    assert "interest" not in shown


# -- the inverse question ----------------------------------------------------------------------


def test_which_reading_did_the_lender_use() -> None:
    found = rp.readings(PLAN, payment=4, all=True)
    assert list(found.where(row=(5, "1785.86"))) == ["one payment moved, interest on all"]
    assert list(found.where(row=("2024-06-10", "1785.86"))) == list(
        found.where(row={5: "1785.86", 6: "888.49"})
    )
    assert list(found.where(total="8080.46")) == ["capitalised, same payment"]
    assert list(found.where(extra="-39.12")) == ["interest-free, same end"]
    assert len(found.where(row=(40, "1"))) == 0
    assert "no reading fits" in str(found.where(row=(40, "1")))
    assert list(found.where(total="1").where(total="1")) == []


def test_other_words_for_the_same_rows_are_found() -> None:
    """``pause="principal"`` is ``repay="now"``; both find the reading."""
    found = rp.readings(PLAN, payment=4, all=True)
    one = found.where(pause="principal", hold="maturity", scope="schedule")
    assert "principal skipped, same end" in one
    assert "principal skipped, same end" in found.where(repay="now", hold="maturity")


@pytest.mark.parametrize(
    ("known", "message"),
    [
        ({"hold": "end"}, 'hold: got .end.; expected one of "count"'),
        ({"holds": "count"}, "options: got 'holds'; expected one of scope"),
        ({"total": 1.5}, "total: got 1.5"),
        ({"row": (5,)}, "row.0.: got 5"),
        ({"row": "964.60"}, "row: got '964.60'"),
        ({"maturity": "soon"}, "maturity: got 'soon'"),
        ({"payments": -1}, "payments: got -1"),
    ],
)
def test_what_is_known_is_read_at_the_door(known: dict[str, Any], message: str) -> None:
    with pytest.raises(rp.RepayError, match=message):
        rp.readings(PLAN, payment=4).where(**known)


# -- other changes -----------------------------------------------------------------------------


def test_readings_of_a_prepayment() -> None:
    change = rp.changes.Prepayment("2000", with_payment=3)
    found = rp.readings(PLAN, change)
    named: list[tuple[str, PrepaymentHold]] = [
        ("shorter term", "payment"),
        ("lower payment", "maturity"),
        ("next payments paid", "next"),
        ("last payments lowered", "last"),
    ]
    for name, hold in named:
        assert moves(found[name]) == moves(rp.prepay(PLAN, "2000", with_payment=3, hold=hold))
    assert found.same["last payments lowered"] == "shorter term"
    inside = rp.readings(PLAN, rp.changes.Prepayment("2000", on="2024-04-20"))
    assert len(inside) == 9
    taken = rp.prepay(PLAN, "2000", on="2024-04-20", interest="all")
    assert moves(inside["shorter term, with all interest"]) == moves(taken)
    assert len(inside.where(interest="part")) == 3
    assert found.options("lower payment") == {"hold": "maturity"}
    balloon = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", balloon="5000"))
    assert len(rp.readings(balloon, change)) == 4


def test_readings_of_an_indian_rate_reset() -> None:
    """3,000,000 at 8.5 %, at 9.5 % from payment 25 on: RBI/2023-24/55 asks for both."""
    home = rp.amortise(rp.Loan("3000000", "8.5%", 240, "2022-01-10"))
    found = rp.readings(home, rp.changes.RateChange("9.5%", payment=25))
    up, longer = found["payment recalculated, same end"], found["same payment, term recalculated"]
    assert (str(up.instalment), up.payments) == ("27830.44", 240)
    assert (longer.instalment, longer.payments) == (home.instalment, 288)


def test_several_changes_are_read_one_after_another() -> None:
    both = [rp.changes.RateChange(rate, payment=4) for rate in ("15%", "16%")]
    found = rp.readings(PLAN, both)
    assert len(found) == 6
    assert "rate 16%: same payment, term recalculated" in found


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"change": "month"}, "change: got 'month'; expected a list of Change values"),
        ({"change": []}, "change: got .. .list.; expected a change or more"),
        ({"change": 4, "payment": 4}, "change: got 4; expected it alone"),
        ({"change": rp.changes.Deferral(4), "payment": 4}, "payment: got 4; expected the place"),
        ({"change": rp.changes.Deferral(4), "on": "2024-05-01"}, "on: got '2024-05-01'"),
        ({"change": rp.changes.Deferral(4), "periods": 2}, "periods: got 2; expected the place"),
        ({"payment": 4, "all": "yes"}, "all: got 'yes'; expected True or False"),
        ({"change": rp.changes.Prepayment("9000", with_payment=3)}, "amount: got '9,000.00'"),
    ],
)
def test_what_is_read_is_checked(given: dict[str, Any], message: str) -> None:
    with pytest.raises(rp.RepayError, match=message):
        rp.readings(PLAN, **given)


def test_a_book_is_refused_with_the_way_out() -> None:
    book = rp.Portfolio(principal=["1000"], rate="12%", payments=12, start="2024-01-10")
    with pytest.raises(rp.RepayError, match=r"book\.loan\(0\)"):
        rp.readings(book, payment=4)  # type: ignore[call-overload]  # is refused


def test_a_combination_of_longer_and_higher_is_a_rescheduling() -> None:
    between = rp.changes.Rescheduling(instalment="27000", payment=25, rate="9.5%")
    home = rp.amortise(rp.Loan("3000000", "8.5%", 240, "2022-01-10"))
    found = rp.readings(home, [rp.changes.RateChange("9.5%", payment=25), between])
    assert found["instalments of 27,000"].payments == 259
    assert found.options("instalments of 27,000") == {}


def test_a_rate_change_fixes_a_floating_rate() -> None:
    index = {"2024-01-01": "3%", "2024-07-01": "6%"}
    floating = rp.amortise(
        rp.Loan(
            "10000",
            rp.indexed(index, margin="9%", resets=("2024-02-10", "month")),
            12,
            "2024-01-10",
        )
    )
    assert {each.rate for each in floating.rate_periods} != {floating.rate_periods[0].rate}
    for fixed in rp.readings(floating, rp.changes.RateChange("10%", payment=4)).values():
        assert [str(each.rate) for each in fixed.rate_periods[1:]] == ["1/10"]


@pytest.mark.parametrize(
    ("repay", "day", "first", "last"),
    [
        ("next", None, "464.12", "464.19"),
        ("now", "25.37", "462.59", "462.58"),
        ("spread", "0.00", "464.00", "463.98"),
        ("last", "0.00", "462.59", "487.95"),
        ("capitalise", "0.00", "464.13", "464.19"),
    ],
)
def test_what_becomes_of_accrued_interest(
    repay: Repay, day: str | None, first: str, last: str
) -> None:
    """7,610.80 x 12 % x 10/360 is 25.37; 25.37 / 18 is 1.41 a payment."""
    plan = rp.reschedule(PLAN, 18, on="2024-04-20", repay=repay)
    plan.check()
    on = [str(row.payment) for row in plan if row.number == 0]
    assert on == ([] if day is None else [day])
    paid = [str(row.payment) for row in plan if row.number >= 4]
    assert (paid[0], paid[-1]) == (first, last)
    assert rp.Schedule.from_dict(plan.to_dict()) == plan
    assert plan.total_interest == sum(row.accrued for row in plan)


def test_readings_of_a_rescheduling() -> None:
    inside = rp.readings(PLAN, rp.changes.Rescheduling(18, on="2024-04-20"))
    assert len(inside) == 5
    assert inside.options("18 instalments, accrued interest spread") == {"repay": "spread"}
    assert list(rp.readings(PLAN, rp.changes.Rescheduling(18, payment=4))) == ["18 instalments"]


def test_a_book_reschedules_as_a_loan_does() -> None:
    """A word that arrays do not know is computed loan by loan."""
    book = rp.Portfolio(principal=["10000", "10000"], rate="12%", payments=12, start="2024-01-10")
    ways: list[Repay] = ["now", "next"]
    many = rp.reschedule(book, 18, on="2024-04-20", repay=ways)
    for row, repay in enumerate(ways):
        alone = rp.reschedule(PLAN, 18, on="2024-04-20", repay=repay)
        assert [each.payment for each in many.row(row)] == [each.payment for each in alone]


# -- late payments -----------------------------------------------------------------------------


PAID = [rp.Receipt(row.date, row.payment) for row in PLAN[:3]]
OWED = rp.statement(PLAN, PAID, as_of="2024-06-10", penalty=rp.PenaltyTerms("1.5"))


def test_a_late_payment_under_each_rule() -> None:
    """812.38 a month late at 18 % instead of 12 %: 12.19; at the ordinary rate 8.13."""
    found = rp.readings(OWED)
    assert list(found) == [
        "as scheduled, penalty on principal",
        "as scheduled, penalty on principal and interest",
        "as scheduled, penalty on instalment",
        "as scheduled, penalty on balance",
        "on the balance, penalty on principal",
        "daily simple, penalty on principal",
    ]
    extra = found.to_pandas().set_index("reading").extra
    assert extra.iloc[0] == Decimal("12.19")
    assert found["on the balance, penalty on principal"] == rp.statement(
        PLAN, PAID, as_of="2024-06-10", penalty=rp.PenaltyTerms("1.5"), interest="balance"
    )
    free = rp.readings(rp.statement(PLAN, PAID, as_of="2024-06-10"))
    assert list(free.to_pandas().extra) == [Decimal("0.00"), Decimal("8.13"), Decimal("8.13")]


def test_which_rule_did_the_lender_use() -> None:
    every = rp.readings(OWED, all=True)
    assert len(every) > len(rp.readings(OWED))
    for name, owed in every.items():
        assert name in every.where(payoff=owed.payoff)
        again = rp.statement(PLAN, PAID, as_of="2024-06-10", **every.options(name))
        assert again == owed
    assert len({(each.balances, each.due, each.arrears) for each in every.values()}) == len(every)
    assert "no reading fits" in str(every.where(payoff="1"))
    assert max(len(line) for line in str(every).split("\n")) <= 88


def test_terms_that_step_are_read_step_by_step() -> None:
    terms = rp.steps(rp.PenaltyTerms("1.5"), {"2024-06-01": rp.PenaltyTerms("1.3")})
    found = rp.readings(rp.statement(PLAN, PAID, as_of="2024-06-09", penalty=terms))
    penalty = found.options("as scheduled, penalty on instalment")["penalty"]
    assert [each.base for _, each in penalty.changes] == ["instalment"]
    assert penalty.initial.base == "instalment"


@pytest.mark.parametrize(
    "given", [{"payment": 4}, {"change": 4}, {"on": "2024-06-01"}, {"periods": 2}]
)
def test_a_statement_takes_no_place(given: dict[str, Any]) -> None:
    with pytest.raises(rp.RepayError, match="nothing, as the rules of a statement are read"):
        rp.readings(OWED, **given)


# -- fees, taxes and waivers -------------------------------------------------------------------


def test_fees_taxes_and_waivers_are_in_the_totals() -> None:
    """3 % of 7,610.80 is 228.32, with 13 % of tax on it 29.68."""
    fee = rp.Fee("3%", when="deferral")
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", fees=[fee], fee_tax="13%"))
    data = rp.readings(plan, payment=4, all=True).to_pandas().set_index("reading")
    free = data.loc["interest-free"]
    assert (free.fees, free.tax, free.waived) == tuple(map(Decimal, ("228.32", "29.68", "76.11")))
    assert free.extra == Decimal("258.00")
    assert data.loc["interest spread evenly"].extra == Decimal("334.11")


def test_readings_leave_as_tables() -> None:
    found = rp.readings(PLAN, payment=4)
    assert found.to_csv().startswith("reading,scope,base,pause,interest,repay,hold,")
    assert found.to_arrow().num_rows == 10
    assert found["interest-free"].maturity == found.to_pandas().maturity[0].date()
