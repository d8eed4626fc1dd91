"""Costs in money, the cost sheet, and legal caps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.changes import Deferral
from repaylib.errors import TermsError
from repaylib.measures.caps.known_caps import CAPS
from repaylib.schedule.placement import amount_place
from repaylib.typing import CapMeasure, FlatMeasure
from tests.strategies.loans import changed, examples, rich_loans

PLAIN = rp.Loan("10000", "12%", 12, "2024-01-10")


def fee(amount: str, **words: Any) -> rp.Fee:
    return rp.Fee(amount, **words)


def test_the_total_cost_of_the_first_example_of_the_commission() -> None:
    loan = rp.Loan("200000", "6%", 240, "2014-01-01", fees=[fee("2%")])
    found = rp.measures.costs(loan)
    assert found.received == 200000
    assert abs(found.total_cost - Decimal("147886.40")) < Decimal("1"), "but for the last payment"
    assert found.total_payable == found.received + found.total_cost


@given(changed(rich_loans()))
@settings(max_examples=examples(40))
def test_what_is_paid_more_than_received_is_its_parts(plan: rp.Schedule) -> None:
    found = rp.measures.costs(plan)
    assert found.total_cost == found.interest + found.fees + found.tax - found.forgiven
    assert 0 <= found.interest_on_interest <= found.interest


@pytest.mark.parametrize("collected", ["paid", "deducted", "financed"])
def test_a_fee_of_the_start_is_a_cost_however_it_is_collected(collected: Any) -> None:
    loan = rp.Loan("10000", "0%", 10, "2024-01-10", fees=[fee("1%", collected=collected)])
    found = rp.measures.costs(loan)
    assert found.total_cost == found.fees == 100
    assert found.received == {"paid": 10000, "deducted": 9900, "financed": 10000}[collected]


def test_interest_on_interest_is_what_capitalising_adds() -> None:
    """Against the same deferral whose interest waits for the last payment and bears none."""
    plan = rp.amortise(PLAIN)
    assert rp.measures.costs(plan).interest_on_interest == 0
    joined = rp.defer(plan, payment=4, periods=3, repay="capitalise")
    assert rp.measures.costs(joined).interest_on_interest > 0
    once = rp.defer(plan, payment=4, periods=2, repay="capitalise", capitalise_every=None)
    twice = rp.defer(plan, payment=4, periods=2, repay="capitalise")
    assert (
        rp.measures.costs(once).interest_on_interest < rp.measures.costs(twice).interest_on_interest
    )


def test_a_month_of_delay() -> None:
    plan = rp.amortise(PLAIN)
    assert rp.measures.delay_cost(plan, Deferral(4)) == Decimal("76.11")
    assert rp.measures.delay_cost(plan, Deferral(4, 2)) == Decimal("76.11")
    assert rp.measures.delay_cost(plan, Deferral(4, 0)) == 0
    joined = Deferral(4, repay="capitalise", hold="maturity")
    assert rp.measures.delay_cost(plan, joined) == Decimal("40.46")
    with_fee = rp.Loan("10000", "12%", 12, "2024-01-10", fees=[fee("30", when="deferral")])
    assert rp.measures.delay_cost(with_fee, Deferral(4)) == Decimal("106.11")
    with pytest.raises(TermsError, match=r"write rp\.changes\.Deferral"):
        rp.measures.delay_cost(plan, 4)  # type: ignore[arg-type]  # is refused


@pytest.mark.parametrize(
    ("flat", "nominal", "effective"),
    [
        ("0.5%", "10.90", "11.46"),
        ("0.6%", "13.03", "13.84"),
        ("1%", "21.46", "23.70"),
    ],
)
def test_flat_rates_and_back(flat: str, nominal: str, effective: str) -> None:
    expected: dict[FlatMeasure, str] = {"nominal": nominal, "effective": effective}
    for measure, printed in expected.items():
        found = rp.measures.flat_to_effective(flat, 12, per="period", measure=measure)
        assert round(found * 100, 2) == Decimal(printed)
        back = rp.measures.effective_to_flat(found, 12, per="period", measure=measure)
        assert abs(back - Decimal(flat.removesuffix("%")) / 100) < Decimal("1e-11")


def test_flat_rates_are_quoted_per_year() -> None:
    """3.8 % a year over 60 and 24 months (math.stackexchange.com/questions/3106216)."""
    assert round(rp.measures.flat_to_effective("3.8%", 60) * 100, 4) == Decimal("7.3016")
    nominal = [rp.measures.flat_to_effective("3.8%", n, measure="nominal") for n in (60, 24)]
    assert [round(each, 4) for each in nominal] == [Decimal("0.0707"), Decimal("0.0713")]
    assert rp.measures.flat_to_effective("5.2%", 52, per_year=52) == rp.measures.flat_to_effective(
        "0.1%", 52, per="period", per_year=52
    )
    back = rp.measures.effective_to_flat(rp.measures.flat_to_effective("3.8%", 60), 60)
    assert abs(back - Decimal("0.038")) < Decimal("1e-11")
    with pytest.raises(rp.errors.ChoiceError, match="per"):
        rp.measures.flat_to_effective("3.8%", 60, per=WORD)


FLAT: list[FlatMeasure] = ["nominal", "effective"]


def test_flat_rates_at_a_cap_of_24_percent() -> None:
    month = {
        measure: rp.measures.effective_to_flat("24%", 12, per="period", measure=measure)
        for measure in FLAT
    }
    assert round(month["nominal"] * 100, 3) == Decimal("1.123")
    assert round(month["effective"] * 100, 3) == Decimal("1.012")
    assert rp.measures.flat_to_effective("0%", 12) == rp.measures.effective_to_flat("0%", 12) == 0


# -- the cost sheet -------------------------------------------------------------------------

RICH = rp.Loan(
    "10000",
    "12%",
    12,
    "2024-01-10",
    fee_tax="10%",
    interest_tax="5%",
    fees=[
        fee("1%", name="arrangement", collected="deducted"),
        fee("50", name="arrangement"),
        fee("5", when="instalment", name="guarantee", payee="guarantor"),
        fee("2%", when="settlement", name="break fee"),
    ],
)


@pytest.mark.parametrize("rule", ["cn_simple", "cn_irr", "eu", "reg_z"])
def test_the_items_add_up(rule: Any) -> None:
    for source in (RICH, rp.settle(RICH, on="2024-07-10")):
        sheet = rp.measures.cost_sheet(source, rule=rule)
        assert sheet.rate == rp.apr(source, rule=rule)
        assert sum(each.annualised or 0 for each in sheet) == sheet.rate
        assert (
            sheet.total
            == sum(each.amount for each in sheet)
            == rp.measures.costs(source).total_cost
        )
        assert [each.normal for each in sheet] == [True, True, True, False]
        assert [each.payee for each in sheet] == ["lender", "lender", "guarantor", "lender"]


def test_the_sheet_as_text_html_and_frame() -> None:
    sheet = rp.measures.cost_sheet(RICH, rule="cn_simple")
    assert "综合融资成本明示表" in str(sheet)
    assert "1% of the principal lent and 50" in sheet.to_markdown()
    assert "<table" in sheet._repr_html_()
    frame = sheet.to_pandas()
    assert list(frame.columns) == [
        "item", "collected", "standard", "annualised", "amount", "payee", "normal",
    ]  # fmt: skip
    assert len(frame) == len(sheet) == 4
    assert sheet[3].annualised is None
    assert sheet == rp.measures.cost_sheet(RICH, rule="cn_simple")


# -- caps -----------------------------------------------------------------------------------


def test_every_known_cap_has_a_source_and_days() -> None:
    for cap in CAPS:
        assert cap.source, cap.name
        assert cap.since is not None, cap.name
        assert cap.whom, cap.name
        assert cap.limit_on(cap.since) > 0


@pytest.mark.parametrize(
    ("day", "limit"),
    [("2024-07-21", "13.8"), ("2024-07-22", "13.4"), ("2024-10-21", "12.4"), ("2025-12-31", "12")],
)
def test_four_times_the_prime_rate(day: str, limit: str) -> None:
    cap = next(cap for cap in CAPS if cap.name == "private lending, 4 x LPR")
    assert cap.limit_on(date.fromisoformat(day)) * 100 == Fraction(limit)


def test_a_cap_holds_from_its_first_limit() -> None:
    cap = rp.measures.Cap("24%", [("2021-01-01", "24%")], since="2020-01-01")
    assert cap.limit_on(date(2021, 1, 1)) == Fraction(24, 100)
    assert not cap.holds(date(2020, 6, 1))
    with pytest.raises(rp.errors.DateError, match="2021-01-01 to now"):
        cap.limit_on(date(2020, 6, 1))


def test_caps_of_the_day_and_the_currency() -> None:
    def names(currency: str, day: str) -> set[str]:
        loan = rp.Loan("10000", "12%", 12, day, currency=currency)
        return {test.cap.name for test in rp.measures.cap_report(loan)}

    assert names("CNY", "2019-01-10") == {
        "private lending, enforced to 24%",
        "private lending, void above 36%",
        "licensed lenders, 24%",
    }
    assert "micro-loan companies, 4 x LPR" in names("CNY", "2028-01-10")
    assert names("USD", "2024-01-10") == {"service members, 36% MAPR"}
    assert len(names("GBP", "2024-01-10")) == 2
    for currency in ("EUR", "JPY", "XXX"):
        with pytest.raises(rp.errors.TermsError, match="known_caps"):
            names(currency, "2024-01-10")


def test_a_plan_goes_over_24_percent_by_settling_with_all_charges() -> None:
    flows = [("2024-01-10", "-10000")]
    flows += [(f"2024-{month:02}-10", "933.33") for month in range(2, 8)]
    limit = rp.measures.Cap("24%", "24%")
    waived = rp.measures.cap_report([*flows, ("2024-07-10", "5000.02")], limit)
    charged = rp.measures.cap_report([*flows, ("2024-07-10", "5600.02")], limit)
    assert (waived.ok, charged.ok) == (True, False)
    assert round(charged[0].value * 100, 2) == Decimal("29.20")
    over = charged[0].excess
    mended = [("2024-01-10", f"{-10000 - over}"), *flows[1:], ("2024-07-10", "5600.02")]
    assert rp.measures.cap_report(mended, limit).ok, (
        "the excess is what should not have been charged"
    )


def test_the_measure_decides() -> None:
    flat = rp.Loan("10000", "13.2%", 12, "2026-01-10", method="flat")
    cap = rp.measures.Cap("24%", "24%")
    words: tuple[CapMeasure, ...] = ("nominal", "effective", "simple")
    results = {word: rp.measures.cap_report(flat, cap, measure=word)[0] for word in words}
    assert [result.ok for result in results.values()] == [True, False, False]
    assert round(results["simple"].value * 100, 2) == Decimal("24.37"), "1,320 on 5,416.67"
    assert results["simple"].excess == Decimal("20.00")


def test_cents_break_no_cap() -> None:
    assert rp.apr(PLAIN, rule="reg_z") > Decimal("0.12")
    report = rp.measures.cap_report(PLAIN, rp.measures.Cap("twelve", "12%"))
    assert report.ok
    assert report[0].excess == 0
    assert not rp.measures.cap_report(PLAIN, rp.measures.Cap("less", "11.99%")).ok


def test_caps_on_interest_alone_and_on_all() -> None:
    caps = [rp.measures.Cap("all", "13%"), rp.measures.Cap("interest", "13%", includes="interest")]
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", fees=[fee("2%")])
    report = rp.measures.cap_report(loan, caps)
    assert [test.ok for test in report] == [False, True]
    assert [test.cap.name for test in report.broken] == ["all"]


def test_high_cost_credit_in_britain() -> None:
    """300 for 30 days may cost 72 at 0.8 % a day; and no more than was lent in all."""

    def payday(charge: str, days: int) -> rp.measures.CapReport:
        end = date(2024, 3, 1).toordinal() + days
        loan = rp.Loan("300", "0%", start="2024-03-01", every=[date.fromordinal(end)], payments=1,
                       currency="GBP", fees=[fee(charge, when="end")])  # fmt: skip
        return rp.measures.cap_report(loan)

    assert payday("72", 30).ok
    assert [test.excess for test in payday("82", 30)] == [Decimal("10.00"), Decimal("0.00")]
    assert [test.excess for test in payday("310", 365)] == [Decimal("0.00"), Decimal("10.00")]


def test_the_report_as_text_html_and_frame() -> None:
    report = rp.measures.cap_report(
        PLAIN, rp.measures.known_caps("CN", on="2024-08-01"), on="2024-08-01"
    )
    assert "4 x LPR" in str(report)
    assert "<table" in report._repr_html_()
    frame = report.to_pandas()
    assert frame["ok"].all()
    assert frame["source"].str.len().min() > 5
    assert "0 broken" in repr(report)


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda: rp.measures.Cap("", "24%"), rp.errors.TermsError),
        (lambda: rp.measures.Cap("x", WRONG), rp.errors.RateError),
        (lambda: rp.measures.Cap("x", []), rp.errors.TermsError),
        (lambda: rp.measures.Cap("x", "24%", measure=WORD), rp.errors.ChoiceError),
        (lambda: rp.measures.Cap("x", "24%", since="2024-01-10", until="2023-01-10"), rp.errors.DateError),
        (lambda: rp.measures.cap_report(PLAIN, [WRONG]), rp.errors.TermsError),
        (lambda: rp.measures.cap_report(PLAIN, WRONG), rp.errors.TermsError),
        (lambda: rp.measures.cap_report(PLAIN, rp.measures.Cap("x", "24%", since="2025-01-01")), rp.errors.DateError),
        (lambda: rp.measures.cap_report(FLOWS, rp.measures.Cap("x", "24%", measure="total")), rp.errors.TermsError),
        (lambda: rp.measures.cap_report(FLOWS, rp.measures.Cap("x", "24%", includes="interest")), rp.errors.TermsError),
        (lambda: rp.measures.known_caps("XX"), rp.errors.ChoiceError),
        (lambda: rp.measures.costs(WORD), rp.errors.TermsError),
        (lambda: rp.measures.flat_to_effective("1%", 0), rp.errors.CountError),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_is_refused(call: Any, kind: type[rp.RepayError]) -> None:
    with pytest.raises(kind):
        call()


WRONG: Any = 24
WORD: Any = "yearly"
FLOWS: list[tuple[str, str]] = [("2024-01-10", "-100"), ("2024-02-10", "101")]


@given(
    st.sampled_from(["0%", "12%", "36%"]),
    st.sampled_from(["month", "week", "quarter"]),
    st.integers(1, 12),
    st.integers(1, 99),
)
def test_what_is_forgiven_never_lowers_what_a_cap_measures(
    rate: str, every: Any, payment: int, share: int
) -> None:
    """A part of the principal is given up: the rate stays that of what is charged, as on the sheet."""
    loan = rp.Loan("10000", rate, 12, "2024-01-31", every=every, currency="CNY")
    given_up = rp.forgive(
        loan, share=f"{share}%", **amount_place({"payment": payment}, rp.amortise(loan).ledger)
    )
    measures: list[Any] = ["nominal", "simple", "daily"]
    for measure in measures:
        cap = rp.measures.Cap("limit", "0.08%" if measure == "daily" else "24%", measure=measure)
        before, after = (rp.measures.cap_report(each, cap)[0] for each in (loan, given_up))
        assert abs(before.value - after.value) < Decimal("0.0005")
        assert before.ok == after.ok == (rate != "36%")
    assert rp.measures.cap_report(given_up, rp.measures.Cap("limit", "24%"), measure="nominal")[
        0
    ].value == (rp.measures.cost_sheet(given_up).rate.nominal)
    total = rp.measures.cap_report(given_up, rp.measures.Cap("limit", "24%", measure="total"))[0]
    assert abs(total.value * 10_000 - rp.measures.cost_sheet(given_up).total) < Decimal("0.0001")
