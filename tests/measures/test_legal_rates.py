"""The annual percentage rates that laws ask for: a figure of each, with its source, and its proof."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.dates.days import add_days
from repaylib.dates.months import add_months
from repaylib.measures.annual_rates.known_rules import ABOLISHED, RULES
from repaylib.typing import AprRule, DisclosureSheet, Lang
from tests.strategies.loans import examples, ordinary_rates, starts

Flows = list[tuple[date, Any]]

START = date(2024, 1, 10)
PLAIN = rp.Loan("10000", "12%", 12, "2024-01-10")


def monthly(advance: str, count: int, amount: object, months: int = 1) -> Flows:
    flows: Flows = [(START, f"-{advance}")]
    flows += [(add_months(START, months * number), amount) for number in range(1, count + 1)]
    return flows


def weekly(advance: str, count: int, amount: str) -> Flows:
    flows: Flows = [(START, f"-{advance}")]
    return flows + [(add_days(START, 7 * number), amount) for number in range(1, count + 1)]


# -- the figure of each law -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "lent", "payable"),
    [
        ({"drawdowns": [("2024-03-20", "500")]}, "1500.00", "1592.41"),
        ({"fees": [rp.Fee("10%", collected="financed")]}, "1100.00", "1172.80"),
        ({"fees": [rp.Fee("10%", collected="deducted")]}, "1000.00", "1166.19"),
    ],
)
def test_a_sheet_counts_all_that_is_lent(words: Any, lent: str, payable: str) -> None:
    plan = rp.amortise(rp.Loan("1000", "12%", 12, "2024-01-10", **words))
    values = rp.measures.disclosure(plan, "eu_secci").values
    assert (str(values["loan_amount"]), str(values["total_payable"])) == (lent, payable)
    assert str(rp.measures.disclosure(plan, "us_trid").values["principal_in_5_years"]) == lent


def test_the_first_five_years_are_sixty_months() -> None:
    weekly = rp.amortise(rp.Loan("1000", "12%", 300, "2024-01-10", every="week"))
    stated = rp.measures.disclosure(weekly, "us_trid").values["paid_in_5_years"]
    assert stated == sum(row.payment for row in weekly if str(row.date) < "2029-01-17")
    ahead = rp.amortise(rp.Loan("1000", "12%", 12, "2024-01-10", in_advance=True))
    assert rp.measures.disclosure(ahead, "us_trid").values["principal_in_5_years"] == 1000


def test_canada_divides_the_cost_by_the_average_principal() -> None:
    """SOR/2021-181 s. 47: 861.86 of cost over a year and 5,515.445 on average; 15.626 %, to an eighth."""
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", fees=[rp.Fee("200", collected="deducted")])
    found = rp.apr(loan, rule="ca_cost")
    assert round(found * 100, 3) == Decimal("15.626")
    assert found.percent == Decimal("15.625")
    assert Fraction(found) == Fraction(Decimal("0.156263003257"))
    assert abs(Fraction("861.86") / Fraction("5515.445") - Fraction(found)) < Fraction(1, 10**12)
    assert rp.apr(PLAIN, rule="ca_cost").percent == 12, "without other cost it is the interest rate"


def test_canada_needs_balances() -> None:
    with pytest.raises(rp.errors.TermsError, match="give the loan or its schedule"):
        rp.apr(monthly("9800", 12, "888.49"), rule="ca_cost")
    with pytest.raises(rp.errors.TermsError, match="period"):
        rp.apr(PLAIN, rule="ca_cost", period="week")
    listed = rp.Loan("1000", "12%", 2, "2024-01-10", every=["2024-02-11", "2024-05-09"])
    assert abs(rp.apr(listed, rule="ca_cost") - Decimal("0.12")) < Decimal("0.0005")


def test_the_criminal_rate_of_canada_was_effective_and_is_nominal() -> None:
    """47.6 % by the month is 59.49 % effective: kept until 2024, and above 35 % since."""
    loan = rp.Loan("10000", "47.6%", 12, "2024-12-31")
    assert rp.apr(loan, rule="ca_criminal_2024").percent == Decimal("59.49")
    assert rp.apr(loan, rule="ca_criminal").percent == Decimal("47.60")
    before, after = (rp.measures.known_caps("CA", on=on) for on in ("2024-12-31", "2025-01-01"))
    assert rp.measures.cap_report(loan, before).ok
    report = rp.measures.cap_report(rp.Loan("10000", "47.6%", 12, "2025-01-01"), after)
    assert [test.ok for test in report] == [False, True, True]


def test_the_comparison_rate_of_australia() -> None:
    """NCCP Regulations 2010, reg 100: a week is 1/52.18 of a year."""
    found = rp.apr(weekly("30000", 260, "140"), rule="au_comparison")
    assert round(found * 100, 4) == Decimal("8.0021")
    assert (found.percent, found.period) == (Decimal("8.00"), "week")
    fortnights = [(START, "-1000"), (add_days(START, 14), "505"), (add_days(START, 28), "505")]
    by_month = rp.apr(fortnights, rule="reg_z")
    assert Fraction(rp.apr(fortnights, rule="au_comparison")) == pytest.approx(
        Fraction(by_month) * Fraction("26.09") / 26, rel=1e-11
    )
    late: Flows = [(START, "-1000"), *monthly("1000", 3, "345")[1:3], (date(2024, 4, 20), "345")]
    assert rp.apr(late, rule="au_comparison").period == "month", "a part of a period counts"


def test_the_cet_of_brazil() -> None:
    """Banco Central do Brasil's own example: 43.93 % a year or 3.08 % a month, by even months."""
    flows = monthly("940", 5, "205.73")
    even = rp.apr(flows, rule="br_cet", period="month")
    assert (even.percent, round(even.monthly * 100, 2)) == (Decimal("43.93"), Decimal("3.08"))
    by_days = rp.apr(flows, rule="br_cet")
    assert by_days.percent == Decimal("44.08"), "art. 4 counts days over 365"
    assert by_days == rp.xirr(flows, day_count="actual/365")


def test_the_cat_of_mexico_is_without_value_added_tax() -> None:
    loan = rp.Loan(
        "10000", "24%", 12, "2024-01-10", fees=[rp.Fee("3%", collected="deducted")],
        interest_tax="16%", fee_tax="16%",
    )  # fmt: skip
    found = rp.apr(loan, rule="mx_cat")
    assert round(found * 100, 2) == Decimal("34.48")
    assert found.percent == Decimal("34.5")
    bare = rp.Loan("10000", "24%", 12, "2024-01-10", fees=loan.fees)
    assert found == rp.apr(bare, rule="mx_cat") < rp.apr(loan, rule="eu")
    without = rp.apr(loan, rule="mx_cat", without=loan.fees)
    assert without == rp.apr(rp.Loan("10000", "24%", 12, "2024-01-10"), rule="mx_cat")


def test_the_key_facts_statement_of_india() -> None:
    """RBI/2024-25/18, Annex B: 20,000 at 15 % over 24 months, 400 deducted."""
    loan = rp.Loan("20000", "15%", 24, "2024-01-10", fees=[rp.Fee("400", collected="deducted")])
    assert rp.apr(loan, rule="in_kfs").percent == Decimal("17.07")


@pytest.mark.parametrize(
    ("count", "amount", "percent"),
    [(1, "1200", "20.0"), (2, "600", "27.8"), (4, "300", "34.6"), (6, "200", "37.7"), (12, "100", "41.3")],
)  # fmt: skip
def test_the_effective_rate_of_moneylenders_in_singapore(
    count: int, amount: str, percent: str
) -> None:
    """1,000 and 200 of interest over a year: the guide of the Registry of Moneylenders."""
    flows = monthly("1000", count, amount, 12 // count)
    assert rp.apr(flows, rule="sg_moneylender").percent == Decimal(percent)
    assert RULES["sg_moneylender"].until == date(2015, 9, 30)


def test_the_real_annual_rate_of_japan() -> None:
    """貸金業法施行規則 別表: R = interest / sum(U_i T_i), cut off below a tenth of a per cent."""
    once = rp.apr([("2024-01-10", "-100000"), ("2024-02-09", "101479")], rule="jp_real")
    assert Fraction(once) == Fraction(1479 * 365, 100000 * 30)
    assert once.percent == Decimal("17.9")
    loan = rp.Loan("100000", "18%", 12, "2024-01-10", day_count="actual/365", decimals=0)
    plan = rp.amortise(loan)
    found = rp.apr(plan, rule="jp_real")
    used = sum(
        Fraction(row.opening) * (row.date - before).days / 365
        for row, before in zip(plan, [START, *[row.date for row in plan]], strict=False)
    )
    assert abs(Fraction(plan.total_interest) / used - Fraction(found)) < Fraction(1, 10**5)


def test_interest_that_is_not_covered_joins_the_balance_in_japan() -> None:
    """U_2 = U_1 - (P_1 - R U_1 T_1): 1,000 at 10 % for a year and a year; 50 is paid between."""
    flows = [("2025-01-01", "-1000"), ("2026-01-01", "50"), ("2027-01-01", "1155")]
    assert rp.apr(flows, rule="jp_real") == Decimal("0.1")
    assert rp.apr(flows, rule="us_rule", period="day") > Decimal("0.1")


def test_the_full_cost_of_a_russian_credit() -> None:
    """353-FZ art. 6: three decimals, base periods counted on from the day of the credit, 365/7 weeks."""
    fee = rp.Loan("100000", "12%", 12, "2024-01-10", fees=[rp.Fee("1%")])
    assert rp.apr(fee, rule="ru_psk").percent == Decimal("13.913")
    flows = weekly("1000", 10, "105")
    found = rp.apr(flows, rule="ru_psk")
    assert Fraction(found) == pytest.approx(
        Fraction(rp.apr(flows, rule="reg_z")) * Fraction(365, 7 * 52), rel=1e-11
    )
    odd = [("2024-01-31", "-1000"), ("2024-03-10", "510"), ("2024-04-10", "515")]
    assert [row.time for row in rp.apr(odd, rule="ru_psk", period="month").explain()] == [
        "0", "1 + 10/30", "2 + 10/30"
    ]  # fmt: skip


def test_trid_has_three_decimals_without_zeros_at_the_end() -> None:
    """Comment 37(o)(4)(ii)-1: 2.4999 % is "2.5%", 7.005 % is "7.005%", 7.000 % is "7%"."""
    law = RULES["trid"]
    for rate, shown in (("0.024999", "0.025"), ("0.07005", "0.07005"), ("0.07", "0.07")):
        assert str(law.shown(Decimal(rate))) == shown
    assert str(rp.apr(rp.Loan("10000", "7%", 12, "2024-01-10"), rule="trid").percent) == "7"


def test_the_tolerance_of_regulation_z() -> None:
    """12 CFR 1026.22(a)(2), (3): an eighth of a point, and a quarter for irregular credits."""
    regular = rp.apr(PLAIN, rule="reg_z")
    assert regular.tolerance == Decimal("0.00125")
    assert regular.tolerates("12.125%")
    assert not regular.tolerates("12.13%")
    odd_ends = [
        (date(2023, 12, 28), "-10000"),
        *monthly("1", 11, "888.49")[1:],
        (date(2025, 1, 10), "700"),
    ]
    assert rp.apr(odd_ends, rule="trid").tolerance == Decimal("0.00125")
    uneven = rp.apr(
        rp.Loan("10000", "12%", 12, "2024-01-10", method="equal_principal"), rule="reg_z"
    )
    assert uneven.tolerance == Decimal("0.0025")
    twice = rp.apr(
        [(START, "-500"), *[(add_days(day, 1), a) for day, a in monthly("500", 3, "350")]],
        rule="reg_z",
    )
    assert twice.tolerance == Decimal("0.0025")
    gap = [row for number, row in enumerate(monthly("10000", 12, "950")) if number != 5]
    assert rp.apr(gap, rule="reg_z").tolerance == Decimal("0.0025")
    assert rp.apr(PLAIN, rule="eu").tolerance is None
    with pytest.raises(rp.errors.TermsError, match="a rule that sets a tolerance"):
        rp.apr(PLAIN, rule="eu").tolerates("12%")


def test_mortgages_and_credit_secured_on_land_in_the_united_kingdom() -> None:
    """MCOB 10A.2.3R(3)(b) counts back, as the EU; CONC App 1.1 has the equation of CONC App 1.2."""
    flows: Flows = [
        (date(2013, 1, 12), "-196000"),
        *[(add_months(date(2013, 2, 15), k), "1433.56") for k in range(240)],
    ]
    assert rp.apr(flows, rule="uk_mortgage") == rp.apr(flows, rule="eu")
    assert rp.apr(flows, rule="uk_land") == rp.apr(flows, rule="uk")


def test_a_bank_in_hong_kong_shows_two_decimals() -> None:
    assert rp.apr(PLAIN, rule="hk_npv").percent == Decimal("12.68")


# -- the table of rules -----------------------------------------------------------------------


def test_the_table_has_every_rule_and_its_source() -> None:
    table = rp.measures.apr_rules()
    assert {row.rule for row in table} == set(get_args(AprRule)) == set(RULES)
    for row in table:
        assert all((row.source, row.label, row.time))
        assert len(row.country) == 2
        assert row.rule in str(table)
    assert {row.country for row in rp.measures.apr_rules("CA")} == {"CA"}
    with pytest.raises(rp.errors.ChoiceError, match='"AU"'):
        rp.measures.apr_rules("FR")
    names = [name for law in RULES.values() for name in law.spellings]
    assert len(names) == len(set(names))
    assert all(name == "".join(name.split()).casefold() for name in names)


@pytest.mark.parametrize(
    ("word", "rule"), [("CET", "br_cet"), ("ПСК", "ru_psk"), ("実質年率", "jp_real")]
)
def test_a_rule_is_found_by_the_name_that_its_law_uses(word: Any, rule: str) -> None:
    with pytest.raises(rp.errors.ChoiceError, match=f'write rule="{rule}"'):
        rp.apr(PLAIN, rule=word)


@pytest.mark.parametrize("word", ABOLISHED)
def test_a_rule_that_a_country_abolished_is_told_by_name(word: Any) -> None:
    with pytest.raises(rp.errors.TermsError, match="in Malaysia is abolished since 2026-06-01"):
        rp.apr(PLAIN, rule=word)


# -- proofs -----------------------------------------------------------------------------------


def test_a_proof_writes_times_as_the_law_counts_them() -> None:
    flows = [("2013-01-12", "-1000"), ("2013-02-15", "500"), ("2013-04-15", "520")]
    times = {
        "eu": ["0", "1/12 + 3/366", "3/12 + 3/366"],
        "uk": ["0", "1/12 + 3/365", "3/12 + 3/365"],
        "br_cet": ["0", "34/365", "93/365"],
        "reg_z": ["0", "1 + 3/30", "3 + 3/30"],
        "jp_real": ["0", "34", "59"],
        "cn_irr": ["0", "34", "93"],
        "au_comparison": ["0", "1 + 3/30", "3 + 3/30"],
    }
    rules: list[AprRule] = ["eu", "uk", "br_cet", "reg_z", "jp_real", "cn_irr", "au_comparison"]
    for rule in rules:
        words = {"period": "month"} if rule in ("reg_z", "au_comparison") else {}
        assert [row.time for row in rp.apr(flows, rule=rule, **words).explain()] == times[rule]
    early = rp.apr(
        advances=[("2024-02-10", "1000")], payments=[("2024-01-07", "20"), ("2025-02-10", "1100")],
        rule="eu",
    )  # fmt: skip
    assert early.explain()[0].time.startswith("-1/12 - 3/36")


@given(ordinary_rates, st.integers(1, 40), starts, st.sampled_from(tuple(RULES)), st.booleans())
@settings(max_examples=examples(60))
def test_a_proof_comes_to_nothing(
    rate: Fraction, payments: int, start: date, rule: AprRule, odd: bool
) -> None:
    fees = [rp.Fee("50"), rp.Fee("2", when="instalment")]
    first = add_days(add_months(start, 1), 9) if odd else None
    loan = rp.Loan("10000", rate, payments, start, first_payment=first, fees=fees)
    found = rp.apr(loan, rule=rule)
    proof = found.explain()
    if RULES[rule].proves == "principal":
        values = [row.value for row in proof]
        assert min(values) <= proof.total <= max(values)
        return
    assert abs(proof.total) < Decimal("0.01")
    assert sum((row.amount for row in proof), Decimal(0)) > 0
    if RULES[rule].proves == "present_value":
        assert abs(sum((row.value for row in proof), Decimal(0))) <= Decimal("0.01") * len(proof)
        assert all(abs(row.value) <= abs(row.amount) for row in proof)
    again = pickle.loads(pickle.dumps(found))
    assert again.explain().rows == proof.rows


PROVED = [rule for rule, law in RULES.items() if law.proves == "present_value"]


@pytest.mark.parametrize("rule", PROVED)
@pytest.mark.parametrize("first", [None, "2024-02-15", "2024-03-31"])
def test_each_present_value_follows_from_the_time_as_it_is_written(
    rule: AprRule, first: str | None
) -> None:
    """A pocket calculator, the rate and the text of the time are enough."""
    fees = [rp.Fee("2%", collected="deducted")]
    loan = rp.Loan("10000", "12%", 12, "2024-01-10", first_payment=first, fees=fees)
    found = rp.apr(loan, rule=rule)
    periods = {"month": 12, "day": 365}[found.period]
    for row in found.explain():
        terms = [Fraction(term) for term in row.time.split(" + ")]
        if RULES[rule].in_years:
            growth = float(1 + found.effective) ** float(sum(terms))
        elif rule in ("reg_z", "trid", "ru_psk"):  # a part of a period at simple interest
            each = float(found.nominal) / periods
            whole = sum(term for term in terms if term.denominator == 1)
            growth = (1 + each) ** float(whole) * (1 + each * float(sum(terms) - whole))
        else:
            growth = (1 + float(found.nominal) / periods) ** float(sum(terms))
        assert abs(float(row.amount) / growth - float(row.value)) < 0.00501
    assert found.explain().total == 0


@given(ordinary_rates, st.integers(2, 40), starts, st.sampled_from(tuple(RULES)))
@settings(max_examples=examples(40))
def test_what_is_shown_is_within_a_unit_of_the_last_decimal(
    rate: Fraction, payments: int, start: date, rule: AprRule
) -> None:
    found, law = rp.apr(rp.Loan("10000", rate, payments, start), rule=rule), RULES[rule]
    unit = Fraction(law.step, 10 ** (law.decimals + 2))
    away = Fraction(found) - Fraction(found.disclosed)
    if law.rounding == "down":
        assert 0 <= away < unit
    else:
        assert abs(away) <= unit / 2
    assert (Fraction(found.disclosed) / unit).denominator == 1
    assert abs((1 + found.monthly) ** 12 - 1 - found.effective) < Decimal("1e-9")


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("lang", get_args(Lang))
def test_every_rule_and_its_proof_are_said_in_each_language(rule: AprRule, lang: Lang) -> None:
    found = rp.apr(PLAIN, rule=rule)
    assert f"{found.percent:f}%" in found.explain().to_text(lang=lang)
    assert found.explain().to_html(lang=lang)
    assert "sentence" not in repr(found.explain())
    assert found.explain().to_csv().startswith("date,amount,time,value")


def test_a_rate_made_by_hand_has_no_proof() -> None:
    made = rp.measures.Apr("0.12", "eu", Decimal("0.12"), Decimal("0.12"), "month")
    with pytest.raises(rp.errors.TermsError, match=r"rp\.apr\(\.\.\.\)\.explain"):
        made.explain()
    day = [("2024-01-10", "500")]
    assert len(rp.apr(advances=day, payments=day, rule="eu").explain()) == 0


# -- the sheets of a country ------------------------------------------------------------------


def test_the_comparisons_of_the_sample_loan_estimate() -> None:
    """Form H-24(B) of Appendix H: 162,000 at 3.875 % over 30 years, 5,672 of loan costs, 82.35 a month of
    mortgage insurance. In 5 years 56,582, with 262 of prepaid interest, and 15,773 of principal.
    """
    fees = [rp.Fee("5672"), rp.Fee("82.35", when="instalment", name="mortgage insurance")]
    sheet = rp.measures.disclosure(
        rp.Loan("162000", "3.875%", 360, "2013-05-01", fees=fees), "us_trid"
    )
    assert round(sheet.values["principal_in_5_years"]) == 15773
    assert round(sheet.values["paid_in_5_years"] + 262) == 56582
    share = Fraction(sheet.values["total_interest_percentage"])
    assert abs(share - (360 * Fraction("761.78") - 162000) / 162000) < Fraction(1, 10**4)
    assert sheet[-1].shown == "69.286%"
    deducted = rp.Loan(
        "162000", "3.875%", 360, "2013-05-01", fees=[rp.Fee("5672", collected="deducted")]
    )
    paid = rp.Loan("162000", "3.875%", 360, "2013-05-01", fees=[rp.Fee("5672")])
    assert (
        rp.measures.disclosure(deducted, "us_trid")[:8]
        == rp.measures.disclosure(paid, "us_trid")[:8]
    )


def test_the_figures_of_a_key_facts_statement() -> None:
    loan = rp.Loan("20000", "15%", 24, "2024-01-10", fees=[rp.Fee("400", collected="deducted")])
    figures = rp.measures.disclosure(loan, "in_kfs").values
    assert figures["net_disbursed"] == 19600
    assert figures["total_interest"] == Decimal("3273.58")
    assert figures["total_of_payments"] == Decimal("23273.58")
    assert figures["apr"] == rp.apr(loan, rule="in_kfs")


@given(ordinary_rates, st.integers(1, 90), starts, st.sampled_from(["paid", "deducted"]))
@settings(max_examples=examples(30))
def test_the_figures_of_a_sheet_agree(
    rate: Fraction, payments: int, start: date, collected: Any
) -> None:
    fees = [rp.Fee("50", collected=collected), rp.Fee("2", when="instalment")]
    loan = rp.Loan("10000", rate, payments, start, fees=fees)
    sheets = {word: rp.measures.disclosure(loan, word).values for word in get_args(DisclosureSheet)}
    boxes, trid, secci, kfs = (sheets[word] for word in get_args(DisclosureSheet))
    assert boxes["amount_financed"] + boxes["finance_charge"] == boxes["total_of_payments"]
    assert (
        boxes["finance_charge"] == secci["total_cost"] == kfs["total_interest"] + kfs["total_fees"]
    )
    assert secci["total_payable"] == 10000 + secci["total_cost"]
    assert 0 < trid["principal_in_5_years"] <= 10000
    if payments <= 60:
        assert trid["principal_in_5_years"] == 10000
        assert trid["paid_in_5_years"] == secci["total_payable"]


@pytest.mark.parametrize("word", get_args(DisclosureSheet))
def test_a_sheet_is_text_html_and_data_in_each_language(word: DisclosureSheet) -> None:
    sheet = rp.measures.disclosure(PLAIN, word)
    assert word in repr(sheet)
    for lang in get_args(Lang):
        assert "12" in sheet.to_text(lang=lang)
        assert sheet.to_html(lang=lang)
    assert [row["name"] for row in sheet.to_dicts()] == list(sheet.values)
    with pytest.raises(rp.errors.ChoiceError, match='"in_kfs"'):
        rp.measures.disclosure(PLAIN, "kfs")  # type: ignore[arg-type]  # is refused


@pytest.mark.parametrize(
    ("every", "rule", "english", "chinese"),
    [
        ("month", "reg_z", "time in parts of a month", "时间以月计"),
        ("2 weeks", "reg_z", "time in parts of 2 weeks", "时间以2周计"),
        ("half_month", "reg_z", "time in parts of half a month", "时间以半月计"),
        ("1 month 15 days", "reg_z", "time in parts of 46 days", "时间以46天计"),
        ("week", "reg_z", "time in parts of a week", "时间以周计"),
        ("month", "eu", "time in parts of a year", "时间以年计"),
        ("month", "us_rule", "in parts of a month", "时间自上一笔起算，以月计"),
        ("month", "ca_cost", "in parts of a year", "时间以年计"),
    ],
)
def test_a_proof_names_the_unit_of_its_time(
    every: str, rule: AprRule, english: str, chinese: str
) -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-15", every=every))
    proof = rp.apr(plan, rule=rule).explain()
    assert proof.caption.endswith(english)
    assert chinese in proof.to_text(lang="zh").replace("\n  ", "")
