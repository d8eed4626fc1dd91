"""Plans that can be agreed: exact constraints, dominance, what stands in the way, bad input."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from tests.strategies.loans import examples

BY = ("term", "rate", "haircut", "deferral", "interest_only", "interest_free", "start")
#: How two weeks between due dates are written.
WEEKS = str(rp.Loan("1", "1%", 1, "2024-01-01", every="2 weeks").every)

Measures = tuple[int, int, int, Fraction]


def beats(one: Measures, other: Measures) -> bool:
    """Whether one plan is nowhere worse than another, and somewhere better."""
    pairs: list[tuple[Any, Any]] = list(zip(one, other, strict=True))
    return one != other and all(a <= b for a, b in pairs)


def measured(before: rp.Schedule, after: rp.Schedule, day: date) -> Measures:
    """The four measures, from the rows alone."""
    paid = [(row.date, after.loan.minor(row.payment, "payment", least=0)) for row in after]
    left = [(when, amount) for when, amount in paid if when > day]
    sums: dict[str, int] = {}
    for when, amount in left:
        month = f"{when:%Y-%m}" if str(after.loan.every) == WEEKS else str(when)
        sums[month] = sums.get(month, 0) + amount
    loss = -rp.measures.modification_test(before, after, as_of=day).exact_change
    rounded = Fraction(round(loss * 10**30), 10**30)
    return sum(sums.values()), max(sums.values()), after.maturity.toordinal(), rounded


def of(option: rp.negotiation.Option) -> Measures:
    """The four measures that an option says it has."""
    minor = option.schedule.loan.minor
    rounded = Fraction(round(option.exact_loss * 10**30), 10**30)
    total, payment = (minor(each, "payment", least=0) for each in (option.total, option.payment))
    return total, payment, option.end.toordinal(), rounded


# -- the loan of the documentation --------------------------------------------------------


def test_more_instalments(plan: rp.Schedule) -> None:
    """9 left to 12 at 12 %: 676.23, +118.15."""
    found = rp.negotiate(plan, affordable="700", payment=4, by="term")
    first = found[0]
    assert first.schedule == rp.reschedule(plan, 12, payment=4)
    assert first.payment == Decimal("676.23")
    assert first.total == Decimal("7996.39") + Decimal("118.15")
    assert first.binding == ("payment",)
    assert found.cheapest == first
    assert found.soonest == first
    assert found.lightest is not None
    assert found.lightest.payment < first.payment


def test_a_rate_cut_alone_does_not_do(plan: rp.Schedule) -> None:
    found = rp.negotiate(plan, affordable="700", payment=4, by="rate")
    assert not found.feasible
    assert found.nearest is not None
    assert found.nearest.schedule == rp.change_rate(plan, "0%", payment=4)
    assert found.binding == ("payment", "rate")
    needed = {relief.what: relief.needed for relief in found.reliefs}
    assert needed["payment"] == "845.68"
    assert needed["term"] == "11 payments"
    assert "no plan can be agreed" in str(found)


def test_a_haircut_is_the_least_that_does(plan: rp.Schedule) -> None:
    found = rp.negotiate(plan, affordable="700", payment=4, by="haircut")
    mildest = found.mildest
    assert mildest is not None
    (change,) = mildest.changes
    assert isinstance(change, rp.changes.Forgiveness)
    assert change.amount is not None
    assert change.amount % 1 == 0
    less = rp.forgive(plan, change.amount - 1, with_payment=3)
    assert max(row.payment for row in less if row.number > 3) > Decimal("700")


def test_months_are_told_apart(plan: rp.Schedule) -> None:
    """Nothing for three months, from the month of instalment 4 on, then 700."""
    found = rp.negotiate(plan, affordable=["0", "0", "0", "700"], payment=4)
    for option in found:
        assert all(row.payment == 0 for row in option.schedule if 4 <= row.number <= 6)
        assert max(row.payment for row in option.schedule if row.number > 6) <= 700


def test_a_later_start(plan: rp.Schedule) -> None:
    """All can be paid until August, 500 from then on."""
    enough = ["900", "900", "900", "500"]
    found = rp.negotiate(plan, affordable=enough, payment=4, by=("term", "start"))
    first = found.cheapest
    assert first is not None
    assert first.changes[0].number == 7
    assert [row.payment for row in first.schedule][:6] == [Decimal("888.49")] * 6


def test_two_payments_in_a_month_count_together() -> None:
    plan = rp.amortise(rp.Loan("1000", "12%", 20, "2024-01-05", every="week"))
    found = rp.negotiate(plan, affordable="150", payment=1, by="term")
    for option in found:
        sums: dict[tuple[int, int], Decimal] = {}
        for row in option.schedule:
            month = row.date.year, row.date.month
            sums[month] = sums.get(month, Decimal(0)) + row.payment
        assert max(sums.values()) <= 150
        assert max(sums.values()) == option.payment


def test_nothing_is_needed(plan: rp.Schedule) -> None:
    found = rp.negotiate(plan, affordable="888.49", payment=4, by="rate")
    assert found[-1].schedule == plan
    assert found[-1].description == "as it is"
    assert found[-1].loss == 0


def test_today_and_a_day_inside_a_period(plan: rp.Schedule) -> None:
    assert rp.negotiate(plan, affordable="700", today="2024-04-10").day == date(2024, 4, 10)
    assert rp.negotiate(plan, affordable="700", today="2024-04-09").day == date(2024, 3, 10)
    inside = rp.negotiate(plan, affordable="700", on="2024-04-20", by=("term", "start"))
    assert inside.day == date(2024, 4, 20)
    assert inside.feasible


def test_a_statement_begins_on_its_day_and_arrears_need_a_place(plan: rp.Schedule) -> None:
    """What was paid by then is no part of the plans; arrears are not left out in silence."""
    words: dict[str, Any] = {"affordable": "800", "by": "term"}
    paid = [rp.Receipt(row.date, row.payment) for row in plan[:5]]
    stands = rp.statement(plan, paid, as_of="2024-06-24")
    found = rp.negotiate(stands, **words)
    assert found == rp.negotiate(plan, today="2024-06-24", **words)
    assert found.options[0].schedule[4] == plan[4]
    behind = rp.statement(plan, paid[:3], as_of="2024-06-24")
    with pytest.raises(rp.errors.TermsError, match="renegotiate"):
        rp.negotiate(behind, **words)
    chain = rp.renegotiate(behind, payments=10)
    assert rp.negotiate(chain, **words) == rp.negotiate(chain.schedule, **words)
    with pytest.raises(rp.errors.TermsError, match=r"schedule\[1\]"):
        rp.negotiate([plan, behind], **words)


def test_words_tables_and_frames(plan: rp.Schedule) -> None:
    found = rp.negotiate(plan, affordable="700", payment=4)
    assert "12 are shown" in str(found)
    assert "<table" in found._repr_html_()
    frame = found.to_pandas()
    assert len(frame) == len(found)
    assert "what is owed is repaid" in str(found[0]) or "the rate is" in str(found[0])
    assert len(found[:2]) == 2


# -- what every plan keeps ----------------------------------------------------------------


@st.composite
def cases(draw: st.DrawFn) -> tuple[rp.Schedule, dict[str, Any]]:
    """A schedule, and what is asked of it."""
    loan = rp.Loan(
        draw(st.integers(500, 100_000)),
        Fraction(draw(st.integers(0, 144)), 400),
        draw(st.integers(2, 30)),
        date(2024, 1, 1) + timedelta(days=draw(st.integers(0, 700))),
        method=draw(st.sampled_from(["level", "level", "equal_principal", "flat"])),
        every=draw(st.sampled_from(["month", "month", "2 weeks", "quarter"])),
        day_count=draw(st.sampled_from([None, "actual/365"])),
    )
    plan = rp.amortise(loan)
    part = Fraction(draw(st.integers(30, 130)), 100)
    much = loan.money(int(max(plan.columns["payment"].tolist()) * part))
    days = (plan.maturity - loan.start).days
    later = plan.maturity + timedelta(days=draw(st.integers(-days // 3, days)))
    words: dict[str, Any] = {
        "affordable": draw(st.sampled_from([much, [much, much * 2, much]])),
        "payment": draw(st.integers(1, loan.payments - 1)),
        "by": draw(st.lists(st.sampled_from(BY), min_size=1, max_size=3, unique=True)),
        "end": draw(st.sampled_from([None, None, later])),
        "total": draw(st.sampled_from([None, None, loan.money(2 * loan.minor("500", "x"))])),
        "last_payment": draw(st.sampled_from([None, None, much])),
        "limits": rp.Limits(
            rate=draw(st.sampled_from(["0%", "3%"])),
            rate_step=draw(st.sampled_from(["0.01%", "0.125%", "1%"])),
            months=draw(st.sampled_from([None, 24, 60])),
            haircut=draw(st.sampled_from(["0%", "20%", "100%"])),
            deferral=draw(st.integers(0, 4)),
            start=draw(st.integers(0, 3)),
            npv_loss=draw(st.sampled_from([None, None, "1%", "10%"])),
            extension=draw(st.sampled_from([None, None, "general_rules", "personal"])),
        ),
    }
    return plan, words


@given(case=cases())
@settings(max_examples=examples(100))
def test_every_plan_keeps_its_constraints(case: tuple[rp.Schedule, dict[str, Any]]) -> None:
    """Recomputed from its contract terms, by rows and by the test of modifications."""
    plan, words = case
    found = rp.negotiate(plan, **words)
    limits = words["limits"]
    assert found.feasible == (found.nearest is None)
    assert found.feasible or found.binding
    for option in found[:20]:
        again = rp.Schedule.from_dict(option.schedule.to_dict())
        again.check()
        assert plan.then(*option.changes) == again
        assert measured(plan, again, found.day) == of(option)
        rows = [row for row in again if row.date > found.day]
        most = words["affordable"]
        if isinstance(most, list):
            assert max(row.payment for row in rows) <= max(most)
        elif str(plan.loan.every) != WEEKS:
            assert max(row.payment for row in rows) <= most
        paid = [row.payment for row in rows if row.payment]
        assert words["last_payment"] is None or paid[-1] <= words["last_payment"]
        assert words["total"] is None or sum(paid) <= words["total"]
        assert words["end"] is None or again.maturity <= words["end"]
        if limits.npv_loss is not None:
            assert option.exact_loss <= limits.npv_loss
        if limits.extension is not None:
            assert again.maturity <= rp.negotiation.extension_limit(plan, limits.extension).latest
        for change in option.changes:
            rate = getattr(change, "rate", None)
            if rate is not None:
                assert rate.value >= limits.rate.value
                assert rate.value % limits.rate_step == 0
    for one, other in product(found[:20], found[:20]):
        assert not beats(of(one), of(other))
    for relief in found.reliefs:
        assert relief.description
        relief.schedule.check()


def every_plan(plan: rp.Schedule, payment: int) -> Iterator[rp.Schedule]:
    """Every plan of the small grid, each made by the verbs."""
    for term, rate, periods in product(range(8), range(7), range(3)):
        try:
            made = plan
            if term:
                new = None if rate == 0 else f"{12 - 2 * rate}%"
                made = rp.reschedule(made, term, payment=payment, rate=new)
            elif rate:
                made = rp.change_rate(made, f"{12 - 2 * rate}%", payment=payment)
            if periods:
                made = rp.defer(made, payment, periods, repay="capitalise")
        except rp.RepayError:
            continue
        yield made


@pytest.mark.parametrize(
    ("affordable", "loss", "end"),
    [
        ("700", None, None),
        ("700", "2%", None),
        ("640", None, "2025-06-10"),
        ("640", "1%", "2025-06-10"),
        ("2700", None, None),
    ],
)
def test_no_plan_of_a_brute_force_grid_is_better(
    plan: rp.Schedule, affordable: str, loss: str | None, end: str | None
) -> None:
    """3 instalments left to at most 7, seven rates, up to two due dates deferred."""
    limits = rp.Limits(months=7, rate_step="2%", deferral=2, npv_loss=loss)
    found = rp.negotiate(
        plan,
        affordable=affordable,
        payment=10,
        by=("term", "rate", "deferral"),
        limits=limits,
        end=end,
    )
    day, latest = found.day, date(2025, 5, 10) if end is None else date.fromisoformat(end)
    good: list[Measures] = []
    for made in every_plan(plan, 10):
        each = measured(plan, made, day)
        if each[1] > 100 * int(affordable) or made.maturity > min(latest, date(2025, 5, 10)):
            continue
        if loss is None or each[3] <= Fraction(int(loss[:-1]), 100):
            good.append(each)
    options = [of(option) for option in found]
    assert bool(good) == bool(options)
    for each in good:
        assert not any(beats(each, option) for option in options)
        assert each in options or any(beats(option, each) for option in options)


# -- what stands in the way ---------------------------------------------------------------


def test_what_would_have_to_give_is_enough(plan: rp.Schedule) -> None:
    """Asked again with what was needed, each relief leads to a plan."""
    limits = rp.Limits(months=15)
    words: dict[str, Any] = {"payment": 4, "by": "term"}
    found = rp.negotiate(plan, affordable="500", limits=limits, **words)
    assert found.binding == ("payment", "months")
    needed = {relief.what: relief.needed for relief in found.reliefs}
    assert rp.negotiate(plan, affordable=needed["payment"], limits=limits, **words).feasible
    assert needed["term"] == "17 payments"
    assert rp.negotiate(plan, affordable="500", limits=rp.Limits(months=17), **words).feasible
    assert not rp.negotiate(plan, affordable="500", limits=rp.Limits(months=16), **words).feasible


@pytest.mark.parametrize(
    ("words", "binding"),
    [
        ({"affordable": "0"}, {"payment"}),
        ({"affordable": "700", "end": "2020-01-01"}, {"payment", "end"}),
        ({"affordable": "900", "total": "100"}, {"total"}),
        ({"affordable": "900", "end": "2024-05-10"}, {"end"}),
        ({"affordable": "10", "limits": rp.Limits(npv_loss="1%")}, {"payment"}),
        ({"affordable": "500", "by": "rate", "limits": rp.Limits(rate="20%")}, {"payment", "rate"}),
        ({"affordable": "500", "by": "haircut", "limits": rp.Limits(haircut="5%")}, {"haircut"}),
        (
            {
                "affordable": "200",
                "by": "term",
                "limits": rp.Limits.preset("general_rules"),
            },
            {"payment", "extension"},
        ),
        ({"affordable": "700", "last_payment": "0"}, {"last"}),
    ],
)
def test_contradictions_are_answered(
    plan: rp.Schedule, words: dict[str, Any], binding: set[str]
) -> None:
    found = rp.negotiate(plan, payment=4, **words)
    assert not found.feasible
    assert found.nearest is not None
    assert binding <= set(found.binding)
    assert found.reliefs or found.nearest.broken
    assert str(found)
    assert found.cheapest is None


def test_a_cap_binds(plan: rp.Schedule) -> None:
    cap = rp.measures.Cap("house", "10%", measure="nominal")
    found = rp.negotiate(plan, affordable="900", payment=2, by="rate", limits=rp.Limits(caps=cap))
    assert found.feasible
    for option in found:
        assert rp.measures.cap_report(option.schedule, cap).ok


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ({}, rp.errors.TermsError),
        ({"affordable": 700.0}, rp.errors.AmountError),
        ({"affordable": "-1"}, rp.errors.AmountError),
        ({"affordable": []}, rp.errors.TermsError),
        ({"affordable": "700", "by": "hope"}, rp.errors.ChoiceError),
        ({"affordable": "700", "by": ()}, rp.errors.TermsError),
        ({"affordable": "700", "payment": 4, "on": "2024-05-01"}, rp.errors.TermsError),
        ({"affordable": "700", "today": "2030-01-01"}, rp.errors.DateError),
        ({"affordable": "700", "payment": 40}, rp.errors.CountError),
        ({"affordable": "700", "limits": 60}, rp.errors.TermsError),
        ({"affordable": "700", "progress": True}, rp.errors.TermsError),
        ({"end": "soon"}, rp.errors.DateError),
    ],
)
def test_bad_input(plan: rp.Schedule, words: dict[str, Any], kind: type[rp.RepayError]) -> None:
    with pytest.raises(kind):
        rp.negotiate(plan, **words)


# -- limits -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payments", "rule", "months"),
    [
        (6, "general_rules", 6),
        (12, "general_rules", 12),
        (13, "general_rules", 6),
        (36, "general_rules", 18),
        (60, "general_rules", 30),
        (61, "general_rules", 36),
        (120, "general_rules", 36),
        (12, "personal", 12),
        (36, "personal", 24),
        (60, "personal", 0),
        (72, "personal", 0),
    ],
)
def test_extension_limits(payments: int, rule: Any, months: int) -> None:
    found = rp.negotiation.extension_limit(rp.Loan("10000", "12%", payments, "2024-01-10"), rule)
    assert found.months == months
    assert found.term == payments


@pytest.mark.parametrize("start", ["2024-01-10", "2024-01-29", "2024-01-30", "2024-01-31"])
def test_months_of_a_limit_are_those_of_the_due_dates(start: str) -> None:
    """30 April stands for the 31st: 18 payments from then on end within 18 months."""
    plan = rp.amortise(rp.Loan("10000", "12%", 12, start))
    for payment in range(1, 9):
        found = rp.negotiate(
            plan, affordable="10000", payment=payment, by="term", limits=rp.Limits(months=18)
        )
        ends = {option.end for option in found}
        assert max(ends) == rp.reschedule(plan, payments=18, payment=payment).maturity
        for option in found:
            assert rp.agreement(option, limits=rp.Limits(months=18)).objections() == ()
    short = rp.amortise(rp.Loan("10000", "12%", 3, "2024-01-31"))
    assert rp.negotiation.extension_limit(short, "general_rules").latest == date(2024, 7, 31)


def test_an_extension_so_far_counts(plan: rp.Schedule) -> None:
    longer = rp.reschedule(plan, 15, payment=4)
    limits = [
        rp.negotiation.extension_limit(each, "general_rules").latest for each in (longer, plan)
    ]
    assert limits == [date(2026, 1, 10)] * 2
    with pytest.raises(rp.errors.ChoiceError, match="general_rules"):
        rp.negotiation.extension_limit(plan)
    unknown: Any = "house"
    with pytest.raises(rp.errors.ChoiceError):
        rp.negotiation.extension_limit(plan, unknown)


def test_presets() -> None:
    limits = rp.Limits.preset("art_70", "eba", "general_rules", rate="3%")
    assert (limits.months, limits.npv_loss) == (60, Fraction(1, 100))
    assert limits.extension == "general_rules"
    assert "60 months" in str(limits)
    wrong: list[dict[str, Any]]
    wrong = [{"rate_step": "0%"}, {"haircut": "101%"}, {"months": 0}, {"caps": "24%"}]
    for words in wrong:
        with pytest.raises(rp.RepayError):
            rp.Limits(**words)


# -- many loans, and time -----------------------------------------------------------------


def test_many_loans() -> None:
    loans = [rp.Loan(f"{1000 * k}", "12%", 12, "2024-01-10") for k in range(1, 4)]
    seen: list[tuple[int, int]] = []
    found = rp.negotiate(
        loans,
        affordable=["70", "130", "10"],
        by="term",
        limits=rp.Limits(months=24),
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert found.feasible == (True, True, False)
    assert "nearest" in str(found)
    assert "2 of 3" in found._repr_html_()
    one = rp.negotiate(loans[0], affordable="70", by="term", limits=rp.Limits(months=24))
    assert found[0] == one
    with pytest.raises(rp.errors.AmountError) as caught:
        rp.negotiate(loans, affordable=["70", "-1", "10"])
    assert caught.value.row == 1
    with pytest.raises(rp.errors.TermsError):
        rp.negotiate(loans, affordable=["70", "10"])


def test_the_search_is_bounded(plan: rp.Schedule) -> None:
    """A few hundred plans, whatever the length; benchmarks/negotiation.py says how long they take."""
    assert rp.negotiate(plan, affordable="700", payment=4).tried <= 400
    mortgage = rp.Loan("300000", "5%", 360, "2024-01-01")
    found = rp.negotiate(mortgage, affordable="1200", payment=13)
    assert found.feasible
    assert found.tried <= 400
