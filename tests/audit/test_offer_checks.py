"""A lender's own figures: the conventions found from rows alone, and an altered cent pinpointed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.audit import trials
from repaylib.audit.column_names import column_of
from repaylib.audit.rate_inference import (
    InterestRow,
    plainest_rates,
    rate_interval,
    shared_interval,
)
from repaylib.documents.agreed_figures import COLUMNS
from repaylib.schedule.rows import MONEY
from repaylib.typing import Lang
from repaylib.wording import en_documents, zh_documents
from repaylib.wording.sentence import parse_language
from tests.published.cases import Case, asked, case_of, cases_of
from tests.strategies.loans import examples, plain_loans

LOAN = rp.Loan("10000", "12%", 12, "2024-01-10")
NAMES = ("date", "payment", "interest", "principal", "fee", "closing")
FEW = settings(max_examples=examples(25))
#: A search within bounds finds most loans, not every one: its examples stay the same.
SEARCHES = settings(FEW, derandomize=True)


def lines(plan: rp.Schedule, *names: str) -> list[dict[str, Any]]:
    """The rows of a schedule, as a lender would send them."""
    return [{name: getattr(row, name) for name in names or NAMES} for row in plan]


def assert_reproduces(check: rp.audit.OfferCheck, plan: rp.Schedule) -> None:
    """Every convention found has every figure of the rows."""
    assert check.agrees
    for convention in check.conventions:
        for row, ours in zip(plan, convention.schedule, strict=True):
            assert [getattr(row, name) for name in NAMES] == [getattr(ours, name) for name in NAMES]


# -- Apache Fineract's test suite ------------------------------------------------------------


def words_of(case: Case) -> dict[str, Any]:
    assert case.loan is not None
    return {name: case.loan[name] for name in ("principal", "rate", "payments", "start", "every")}


WITH_ROWS = [case for case in cases_of("fineract") if case.rows]


@pytest.mark.parametrize("case", WITH_ROWS, ids=lambda case: case.name)
def test_fineract_conventions_are_found(case: Case) -> None:
    """What is stated counts days and rounds another way, and says nothing of what was changed."""
    wrong = rp.Loan(**words_of(case), day_count="1/1", rounding="up")
    check = rp.check_offer(list(case.rows), wrong)
    assert check.agrees, str(check)
    counts = {
        each
        for convention in check.conventions
        for each in (convention.loan.day_count, *convention.equivalents.get("day_count", ()))
    }
    assert case.loan is not None
    assert case.loan["day_count"] in counts


@pytest.mark.parametrize("case", WITH_ROWS, ids=lambda case: case.name)
def test_fineract_from_rows_alone(case: Case) -> None:
    """The rate is found, too."""
    inputs = case.loan
    assert inputs is not None
    known = {name: inputs[name] for name in ("principal", "start", "every")}
    check = rp.check_offer(list(case.rows), **known)
    assert check.agrees, str(check)
    if not check.schedule.changes and inputs["day_count"] == check.loan.day_count:
        assert check.rates is not None
        low, high = check.rates
        assert low <= Fraction(inputs["rate"].rstrip("%")) / 100 <= high


def test_fineract_pays_off_inside_a_period() -> None:
    """One line of a payoff quote; the borrower thought of another share of the month."""
    case = case_of("fineract", "what pays the loan off on 15 February")
    day = asked(case)["on"]
    offer = [{"date": day, **case.expected}]
    assert rp.check_offer(offer, rp.settle(rp.Loan(**words_of(case)), on=day).schedule).as_stated
    wrong = rp.Loan(**words_of(case), day_count="actual/360")
    found = rp.check_offer(offer, rp.settle(wrong, on=day).schedule)
    assert "periodic" in {each.loan.day_count for each in found.conventions}


@pytest.mark.parametrize("name", list(rp.readings(LOAN, payment=4)))
def test_a_reading_is_found_from_its_rows(name: str) -> None:
    plan = rp.readings(LOAN, payment=4)[name]
    check = rp.check_offer(lines(plan, "date", "payment", "closing"), LOAN)
    assert check.conventions[0].schedule == plan
    assert check.conventions[0].differs


# -- loans drawn at random -------------------------------------------------------------------


@SEARCHES
@given(plain_loans(extras=False))
def test_conventions_are_found_from_rows_alone(loan: rp.Loan) -> None:
    plan = rp.amortise(loan)
    known: dict[str, Any] = {"start": loan.start, "currency": loan.currency}
    check = rp.check_offer(lines(plan), **known)
    assert_reproduces(check, plan)
    low, high = check.rates or (Fraction(0), Fraction(0))
    if check.rates and isinstance(check.rate, rp.Rate) and check.rate.kind == "nominal":
        assert low <= check.rate.value <= high


@FEW
@given(plain_loans(extras=False))
def test_what_is_found_has_every_figure_and_what_is_not_is_named(loan: rp.Loan) -> None:
    plan = rp.amortise(loan)
    check = rp.check_offer(lines(plan), start=loan.start, currency=loan.currency)
    if check.agrees:
        assert_reproduces(check, plan)
    assert check.agrees == (not check.departures)
    for departure in check.departures:
        assert departure.theirs != departure.ours
        if departure.column != "row":
            assert departure.theirs == getattr(plan[departure.row - 1], departure.column)


@SEARCHES
@given(plain_loans(extras=False))
def test_the_true_terms_are_among_those_found(loan: rp.Loan) -> None:
    """What is stated is right but for the day count and the rounding; those are found."""
    plan = rp.amortise(loan)
    wrong = replace(loan, day_count="1/1", counted_days="first", rounding="ceiling")
    try:
        check = rp.check_offer(lines(plan), wrong)
    except rp.errors.InstalmentError:
        return  # a year of interest each period is more than such an instalment
    assert_reproduces(check, plan)
    day_counts = {
        each
        for convention in check.conventions
        for each in (convention.loan.day_count, *convention.equivalents.get("day_count", ()))
    }
    if len(check.conventions) <= 6:  # all of which show what comes to the same
        assert loan.day_count in day_counts


@FEW
@given(plain_loans(extras=False).filter(lambda loan: loan.payments > 4), st.data())
def test_an_altered_cent_is_pinpointed(loan: rp.Loan, data: st.DataObject) -> None:
    plan = rp.amortise(loan)
    rows = lines(plan)
    if len(rows) < 5:
        return
    place = data.draw(st.integers(1, len(rows) - 2))
    column = data.draw(st.sampled_from(["payment", "interest", "principal", "closing"]))
    cent = Decimal(1).scaleb(-loan.decimals)
    true = rows[place][column]
    rows[place][column] += cent
    check = rp.check_offer(rows, loan)
    assert not check.agrees
    (departure,) = check.departures
    assert (departure.row, departure.column) == (place + 1, column)
    assert (departure.theirs, departure.ours) == (true + cent, true)
    assert departure.difference == cent
    assert check.cost == (cent if column == "payment" else 0)


@pytest.mark.parametrize("column", ["payment", "interest", "principal", "closing"])
@pytest.mark.parametrize("row", [1, 5, 12])
def test_an_altered_cent_is_pinpointed_from_rows_alone(row: int, column: str) -> None:
    rows = lines(rp.amortise(LOAN))
    rows[row - 1][column] -= Decimal("0.01")
    check = rp.check_offer(rows)
    assert [(each.row, each.column) for each in check.departures] == [(row, column)]
    assert str(check.rate) == "12%"


def test_a_first_line_without_interest_is_no_disbursement() -> None:
    """Nothing is paid in line 1 of an interest-only loan at 0 %; it is a line all the same."""
    plan = rp.amortise(rp.Loan("10000", "0%", 9, "2024-09-03", method="interest_only"))
    rows = lines(plan)
    rows[1]["payment"] += Decimal("0.01")
    for words in ({"loan": plan.loan}, {"start": plan.loan.start}, {}):
        check = rp.check_offer(rows, **words)
        assert [(each.row, each.column) for each in check.departures] == [(2, "payment")]


def test_an_opening_that_is_not_the_closing_above_does_not_add_up() -> None:
    rows = lines(rp.amortise(LOAN), "date", "payment", "opening", "interest", "closing")[:3]
    rows[1]["opening"] -= Decimal("0.01")
    check = rp.check_offer(rows, LOAN)
    assert [(each.row, each.column) for each in check.departures] == [(2, "opening")]
    said = "does not add up: line 2, opening 9,211.50: the line above closes with 9,211.51"
    assert said in str(check)
    assert repr(check) == "<OfferCheck: 3 lines, 12 figures; 1 departure>"


def test_lines_that_begin_later_are_of_the_balance_then() -> None:
    """From line 3 on of 12: the loan that its closing, principal and 10 payments are of."""
    rows = lines(rp.amortise(LOAN), "number", "payment", "interest", "principal", "closing")[2:]
    check = rp.check_offer(rows)
    assert check.agrees
    assert (check.loan.principal, check.loan.payments) == (Decimal("8415.14"), 10)
    assert "the loan begins with line number 3" in str(check)


def test_lines_are_counted_with_that_of_the_disbursement() -> None:
    rows = [{"date": LOAN.start, "payment": 0, "closing": "10000"}]
    rows += lines(rp.amortise(LOAN), "date", "payment", "closing")
    rows[3]["payment"] = "888.50"
    check = rp.check_offer(rows, LOAN)
    assert [(each.row, each.column) for each in check.departures] == [(4, "payment")]


@pytest.mark.parametrize("column", ["payment", "interest", "principal", "closing"])
@pytest.mark.parametrize("row", [1, 3])
def test_a_slip_does_not_change_what_was_lent(row: int, column: str) -> None:
    """4,776,856.49 less a cent of principal is no rounder amount."""
    loan = rp.Loan(
        "4776856.49", "23.88%", 7, "2023-12-20", every="2 months", method="interest_only"
    )
    rows = lines(rp.amortise(loan))
    rows[row - 1][column] += Decimal("0.01")
    check = rp.check_offer(rows, start=loan.start)
    assert [(each.row, each.column) for each in check.departures] == [(row, column)]


# -- what borrowers have ---------------------------------------------------------------------


def test_a_wrong_charge_shows_once_and_not_in_the_lines_after_it() -> None:
    """25.00 too much interest in line 4; the lender counts on from its own balance."""
    rows: list[dict[str, Any]] = []
    owed = Decimal(10000)
    for row in rp.amortise(LOAN):
        interest = (owed / 100).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        interest += 25 * (row.number == 4)
        principal = owed if row.number == 12 else Decimal("888.49") - interest
        owed -= principal
        rows.append(
            {
                "date": row.date,
                "payment": interest + principal,
                "interest": interest,
                "principal": principal,
                "balance": owed,
            }
        )
    check = rp.check_offer(rows, LOAN)
    (departure,) = check.departures
    assert (departure.row, departure.column) == (4, "interest")
    assert departure.difference == Decimal("25.00")
    paid = sum((row["payment"] for row in rows), Decimal(0))
    assert check.cost == paid - rp.amortise(LOAN).total_paid == Decimal("27.06")
    assert check.cost_today == Decimal("24.01")  # 27.06 / 1.01**12


@pytest.mark.parametrize("day_count", ["actual/360", "actual/365", "30E/360"])
def test_the_cost_of_another_day_count(day_count: Any) -> None:
    theirs = rp.amortise(replace(LOAN, day_count=day_count))
    check = rp.check_offer(lines(theirs), LOAN)
    assert check.cost == theirs.total_paid - rp.amortise(LOAN).total_paid
    assert (
        day_count in check.conventions[0].equivalents["day_count"]
        or day_count == check.loan.day_count
    )


def test_an_instalment_and_a_count() -> None:
    check = rp.check_offer(instalment="888.49", payments=12, principal="10000")
    assert str(check.rate) == "12%"
    assert check.loan.method == "level"
    same = rp.check_offer({"instalment": "888.49", "payments": 12}, LOAN)
    assert same.as_stated
    dearer = rp.check_offer(instalment="895.00", payments=12, loan=LOAN)
    assert not dearer.as_stated
    rate = dearer.rate
    assert rate is not None
    assert rp.amortise(replace(LOAN, rate=rate)).instalment == Decimal("895.00")


@pytest.mark.parametrize(
    "fee",
    [
        rp.Fee("5", when="instalment"),
        rp.Fee("20", when="end"),
        rp.Fee("0.5%", when="instalment", of="balance"),
    ],
)
def test_fees_are_found(fee: rp.Fee) -> None:
    plan = rp.amortise(replace(LOAN, fees=(fee,)))
    check = rp.check_offer(lines(plan))
    (found,) = check.loan.fees
    assert (found.amount, found.when) == (fee.amount, fee.when)
    assert_reproduces(check, plan)


@pytest.mark.parametrize(
    ("method", "fees", "taxes"),
    [
        ("level", [rp.Fee("5", when="instalment"), rp.Fee("20", when="end")], {}),
        ("equal_principal", [rp.Fee("1%", when="instalment", of="instalment")], {}),
        ("level", [rp.Fee("5", when="instalment")], {"interest_tax": "6%", "fee_tax": "6%"}),
        ("level", [], {"interest_tax": "6%"}),
        (
            "equal_principal",
            [rp.Fee("5", when="instalment"), rp.Fee("20", when="end")],
            {"interest_tax": "6%", "fee_tax": "6%"},
        ),
    ],
)
def test_fees_and_taxes_of_every_kind_are_found(
    method: Any, fees: list[rp.Fee], taxes: dict[str, Any]
) -> None:
    plan = rp.amortise(replace(LOAN, method=method, fees=tuple(fees), **taxes))
    check = rp.check_offer(lines(plan, *NAMES, "tax") if taxes else lines(plan))
    found = check.loan
    assert [(fee.amount, fee.when) for fee in found.fees] == [
        (fee.amount, fee.when) for fee in fees
    ]
    assert (found.interest_tax, found.fee_tax) == (plan.loan.interest_tax, plan.loan.fee_tax)
    assert_reproduces(check, plan)


@pytest.mark.parametrize("most", [None, 365])
def test_a_fee_on_the_balance_of_each_day_is_found(most: int | None) -> None:
    fee = rp.Fee("0.0082%", of="balance_days", max_days=most)
    plan = rp.amortise(replace(LOAN, payments=24, fees=(fee,)))
    check = rp.check_offer(lines(plan, "number", *NAMES))
    assert check.loan.fees == (fee,)
    assert_reproduces(check, plan)


def test_a_fee_that_no_column_names() -> None:
    plan = rp.amortise(replace(LOAN, fees=(rp.Fee("5", when="instalment"),)))
    check = rp.check_offer(lines(plan, "date", "payment", "interest", "principal"))
    assert [str(fee.amount) for fee in check.loan.fees] == ["5.00"]


@pytest.mark.parametrize(
    "words",
    [
        {"instalment": "900"},
        {"instalment": ["1500", "2000", "1000", "1700", "1800"]},
        {"balloon": "5000"},
        {"balloon": "30%"},
        {"interest_base": "original", "method": "equal_principal"},
        {"instalment_multiple": "10"},
        {"last": "lower"},
        {"instalment_rounding": "up"},
        {"method": "flat"},
        {"method": "bullet"},
        {"in_advance": True},
        {"every": "2 weeks"},
        {"every": "half_month"},
        {"rate": rp.effective("12.5%")},
        {"rate": rp.daily("0.05%", basis=365), "day_count": "actual/365"},
    ],
    ids=str,
)
def test_terms_are_found_from_rows_alone(words: dict[str, Any]) -> None:
    loan = rp.Loan(
        **{"principal": "10000", "rate": "12%", "payments": 6, "start": LOAN.start, **words}
    )
    plan = rp.amortise(loan)
    check = rp.check_offer(lines(plan), start=loan.start)
    assert_reproduces(check, plan)


START_FEES = [
    (rp.Fee("100"),),
    (rp.Fee("1%"), rp.Fee("5", when="instalment")),
    (rp.Fee("150", collected="financed"), rp.Fee("20", when="end")),
]
SEEN = [("number", *NAMES), NAMES, ("date", "payment", "closing"), ("date", "payment")]


@pytest.mark.parametrize("names", SEEN, ids=str)
@pytest.mark.parametrize("fees", START_FEES, ids=str)
@pytest.mark.parametrize("stated", [True, False])
def test_a_fee_at_the_start_is_found_whatever_the_columns(
    fees: tuple[rp.Fee, ...], names: tuple[str, ...], stated: bool
) -> None:
    """A line of the day of disbursement that pays neither interest nor principal is a fee."""
    plan = rp.amortise(replace(LOAN, fees=fees if "fee" in names else fees[:1]))
    known: dict[str, Any] = (
        {"loan": LOAN} if stated else {"principal": "10000", "start": LOAN.start}
    )
    check = rp.check_offer(lines(plan, *names), **known)
    assert check.agrees, str(check)
    first = check.loan.fees[0]
    assert (first.when, rp.amortise(check.loan)[0].fee) == ("start", plan[0].fee)
    if "closing" in names:  # nothing but the balance tells whether it joins the principal
        assert first.collected == fees[0].collected


@pytest.mark.parametrize(
    "words",
    [{"method": "equal_principal"}, {"method": "flat"}, {"method": "interest_only"}]
    + [{"interest_remainder": word} for word in ("last", "balance", "carried")]
    + [{"balloon": "3000"}, {"instalment": rp.terms.lumps("500", every=6)}],
    ids=str,
)
def test_a_fee_at_the_start_of_every_kind_of_loan(words: dict[str, Any]) -> None:
    plan = rp.amortise(replace(LOAN, fees=(rp.Fee("1%"),), **words))
    for given_rows in (str(plan), plan.to_markdown(), plan.rows):
        assert_reproduces(rp.check_offer(given_rows), plan)
        assert_reproduces(rp.check_offer(given_rows, LOAN), plan)


EXTRAS: list[dict[str, Any]] = [
    {"with_payment": 3, "every": 3},
    {"with_payment": 2, "every": 4, "until": 14},
    {"with_payment": 11, "every": 12},
]


@pytest.mark.parametrize("hold", ["payment", "maturity"])
@pytest.mark.parametrize("words", EXTRAS, ids=str)
@pytest.mark.parametrize("stated", [True, False])
def test_extra_payments_that_come_again_are_one_change(
    words: dict[str, Any], hold: Any, stated: bool
) -> None:
    loan = replace(LOAN, payments=24)
    plan = rp.prepay(loan, "200", hold=hold, **words)
    known: dict[str, Any] = {"loan": loan} if stated else {"start": loan.start}
    names = NAMES if words["every"] < 12 else (*NAMES, "prepaid")
    check = rp.check_offer(lines(plan, *names), **known)
    assert check.agrees, str(check)
    (change,) = check.schedule.changes
    assert isinstance(change, rp.changes.Prepayment)
    assert (change.amount, change.with_payment, change.every) == (
        Decimal("200.00"),
        words["with_payment"],
        words["every"],
    )
    assert check.schedule.rows == plan.rows


def test_extra_payments_on_days_of_their_own_are_one_change() -> None:
    loan = replace(LOAN, payments=24)
    plan = rp.prepay(loan, "200", on="2024-03-20", every="quarter")
    check = rp.check_offer(str(plan), loan)
    assert check.schedule == plan
    assert check.agrees


def test_two_extra_payments_that_stop_are_two_changes() -> None:
    """Too few to be a rule with an end."""
    loan = replace(LOAN, payments=24)
    plan = rp.prepay(rp.prepay(loan, "200", with_payment=6), "200", with_payment=12)
    check = rp.check_offer(lines(plan), loan)
    assert check.agrees
    assert [type(change) for change in check.schedule.changes] == [rp.changes.Prepayment] * 2


def test_lump_sums_that_come_again_are_one_rule() -> None:
    rule = rp.terms.lumps("500", every=6)
    check = rp.check_offer(lines(rp.amortise(replace(LOAN, instalment=rule))))
    assert check.loan.instalment == rule


HOUSE = rp.measures.Cap("house limit", "15%")


def test_a_cap_is_measured_on_what_is_offered_whether_terms_are_found_or_not() -> None:
    plan = rp.amortise(replace(LOAN, rate=rp.Rate(Fraction("0.18"))))
    assert rp.check_offer(plan, plan, caps=HOUSE).objections() == (
        "The cap house limit is broken: 18.00% is above 15%.",
        "The effective annual rate of what is offered is 19.56%.",
    )
    rows = lines(plan)
    for place, row in enumerate(rows):  # no terms have such figures
        row["payment"] += 3 * place + 40 * (place % 5 == 2)
        row["interest"] += 7 * place
    check = rp.check_offer(rows, principal="10000", start=LOAN.start, caps=HOUSE)
    assert not check.agrees
    offered = [(LOAN.start, Decimal(-10000)), *((row["date"], row["payment"]) for row in rows)]
    rate = rp.apr(offered, rule="cn_irr")
    first, second = check.objections()
    assert first == f"The cap house limit is broken: {100 * rate.nominal:.2f}% is above 15%."
    assert second == f"The effective annual rate of what is offered is {100 * rate.effective:.2f}%."
    assert f"objection: {first}" in " ".join(str(check).split())
    zh = check.objections("zh")
    assert zh[1] == f"所列还款的有效年利率（按复利折算）为{100 * rate.effective:.2f}%。"
    assert "不符之处：超过“house limit”" in check.to_text(lang="zh")


def test_no_cap_is_taken_unless_it_is_given_or_kept() -> None:
    plan = rp.amortise(replace(LOAN, rate=rp.Rate(Fraction("0.90")), currency="CNY"))
    assert rp.check_offer(plan, plan).objections() == ()
    high = rp.measures.Cap("high", "95%")
    assert rp.check_offer(plan, plan, caps=[high]).objections() == ()
    later = rp.measures.Cap("later", "15%", since="2025-01-01")
    check = rp.check_offer(plan, plan, caps=later)
    assert check.objections() == ()
    assert "later is not checked" in check.assumed[-1]


def test_what_is_deducted_in_advance_is_no_principal_in_china() -> None:
    """Civil Code of China, art. 670: the loan is what was received, 9,500."""
    fees = (rp.Fee("500", collected="deducted"),)
    plan = rp.amortise(replace(LOAN, fees=fees, currency="CNY"))
    (said,) = rp.check_offer(plan, plan).objections()
    assert said.startswith("500.00 CNY of fees is deducted from what is paid out.")
    assert "the 9,500.00 CNY that was received (Civil Code of China, art. 670)" in said
    (said,) = rp.check_offer(plan, plan).objections("zh")
    assert "本金按实际收到的9,500.00元认定（《民法典》第六百七十条）" in said
    (said,) = rp.check_offer(str(plan), currency="CNY").objections()
    assert said.startswith("A fee of 500.00 CNY is charged when the loan is paid out. If it is")
    cap = rp.measures.known_caps("CN", on=LOAN.start)
    assert any("art. 670" in each for each in rp.check_offer(str(plan), caps=cap).objections())
    elsewhere = rp.amortise(replace(LOAN, fees=fees))
    assert rp.check_offer(elsewhere, elsewhere).objections() == ()
    assert rp.check_offer(str(plan)).objections() == ()
    paid = rp.amortise(replace(LOAN, fees=(rp.Fee("500"),), currency="CNY"))
    assert rp.check_offer(paid, paid).objections() == ()


def test_what_is_given_may_have_any_form() -> None:
    plan = rp.amortise(LOAN)
    rows = lines(plan, "date", "payment", "closing")
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    tuples = [tuple(row.values()) for row in rows]
    opened = [{"date": LOAN.start, "balance": "10000"}, *rows]
    names = ("date", "payment", "balance")
    for given_rows in (plan, plan.rows, rows, columns, opened):
        assert rp.check_offer(given_rows, LOAN).as_stated
    assert rp.check_offer(tuples, LOAN, columns=names).as_stated
    assert rp.check_offer(opened).loan.start == LOAN.start
    pytest.importorskip("pandas")
    assert rp.check_offer(plan.to_pandas(), LOAN).as_stated
    pytest.importorskip("pyarrow")
    assert rp.check_offer(plan.to_arrow(), LOAN).as_stated


def test_an_offer_checks_a_part() -> None:
    plan = rp.amortise(LOAN)
    assert rp.check_offer(lines(plan)[3:6], LOAN).as_stated


def test_a_line_that_is_left_out_is_told_and_is_no_departure() -> None:
    rows = lines(rp.amortise(LOAN))
    del rows[5]
    check = rp.check_offer(rows, LOAN)
    assert check.as_stated
    assert check.cost == 0
    assert "1 line is left out between the first and the last" in str(check)


# -- parts of a schedule ---------------------------------------------------------------------

MORTGAGE = rp.Loan("1249000", "5.88%", 360, "2020-01-01")
#: The first and the last line of the page, with what is off in no line.
FIRST_AND_LAST: list[dict[str, Any]] = [
    {"payment": "7392.30", "principal": "1272.20", "interest": "6120.10"},
    {"payment": "7390.72", "principal": "7354.68", "interest": "36.04"},
]


@pytest.mark.parametrize("known", ["date", "number", "neither"])
def test_the_first_and_the_last_of_360_lines(known: str) -> None:
    """No loan of two payments 359 months apart is made of them, and no rate of 0.0001 %."""
    marks: dict[str, list[Any]] = {"date": ["2020-02-01", "2050-01-01"], "number": [1, 360]}
    rows = [dict(row) for row in FIRST_AND_LAST]
    for row, mark in zip(rows, marks.get(known, [None, None]), strict=True):
        row[known if known != "neither" else "number"] = mark
    check = rp.check_offer(rows, MORTGAGE)
    assert check.as_stated
    assert check.cost == 0
    rows[1]["principal"] = "7354.69"
    off = rp.check_offer(rows, MORTGAGE)
    assert [(each.row, each.column) for each in off.departures] == [(2, "principal")]
    assert off.loan.every == rp.Loan("1", "1%", 1, "2020-01-01").every
    rows[1]["principal"] = "7354.68"
    if known != "neither":
        alone = rp.check_offer(rows, principal="1249000", start="2020-01-01")
        assert alone.agrees
        assert (str(alone.rate), alone.loan.payments) == ("5.88%", 360)


def test_the_first_lines_without_a_loan() -> None:
    """Six of twelve: the loan goes on, and the instalment says for how long."""
    check = rp.check_offer(lines(rp.amortise(LOAN))[:6], start=LOAN.start)
    assert check.agrees
    assert (str(check.rate), check.loan.payments) == ("12%", 12)


MARKS = st.sampled_from(["date", "number", "neither"])


@FEW
@given(plain_loans(extras=False), MARKS, st.data())
def test_any_lines_of_a_true_schedule_follow(loan: rp.Loan, mark: str, data: st.DataObject) -> None:
    """As many and as few as one likes, found by day, by number, or by what stands in them."""
    plan = rp.amortise(loan)
    names = [*NAMES[1:], *([mark] if mark != "neither" else [])]
    kept = data.draw(
        st.lists(st.booleans(), min_size=len(plan), max_size=len(plan)).filter(any), "kept"
    )
    rows = [row for row, keep in zip(lines(plan, *names), kept, strict=True) if keep]
    check = rp.check_offer(rows, loan)
    assert check.as_stated, str(check)
    assert check.cost == 0


@FEW
@given(
    plain_loans(extras=False),
    st.sets(st.sampled_from(["payment", "interest", "principal", "closing"]), min_size=1),
)
def test_columns_that_are_left_out_make_nothing_wrong(loan: rp.Loan, names: set[str]) -> None:
    plan = rp.amortise(loan)
    assert rp.check_offer(lines(plan, "date", *sorted(names)), loan).as_stated


# -- dates and payments only -----------------------------------------------------------------


def test_a_given_instalment_is_found_from_dates_and_payments() -> None:
    """A commercial mortgage of 2011: 59 payments of 4,370.15, the last of 462,357.50."""
    loan = rp.Loan("575000", "5.5%", 60, "2011-10-24", day_count="actual/360", instalment="4370.15")
    rows = lines(rp.amortise(loan), "date", "payment")
    assert str(rows[-1]["payment"]) == "462357.50"
    for check in (
        rp.check_offer(rows, loan),
        rp.check_offer(rows, replace(loan, day_count="periodic", instalment=None)),
        rp.check_offer(rows, principal="575000", start="2011-10-24"),
    ):
        assert check.agrees
        assert (str(check.rate), check.loan.day_count) == ("5.5%", "actual/360")


@pytest.mark.parametrize("day_count", ["actual/360", "actual/actual ISDA", "actual/365"])
@pytest.mark.parametrize(
    "words", [{"balloon": "30%"}, {"balloon": "4000"}, {"instalment": "850"}], ids=str
)
def test_payments_alone_say_the_rate(day_count: Any, words: dict[str, Any]) -> None:
    plan = rp.amortise(rp.Loan("10000", "7.3%", 14, "2023-11-30", day_count=day_count, **words))
    check = rp.check_offer(lines(plan, "date", "payment"), principal="10000", start=plan.loan.start)
    assert check.agrees, str(check)
    assert "7.3%" in {str(each.loan.rate) for each in check.conventions}


# -- payments as they were made --------------------------------------------------------------

HISTORY = [
    {"date": "2024-02-13", "payment": "888.49", "interest": "111.78"},
    {"date": "2024-03-08", "payment": "888.49", "interest": "72.78"},
    {"date": "2024-04-15", "payment": "888.49", "interest": "105.04"},
    {"date": "2024-05-10", "payment": "888.49", "interest": "62.66", "balance": "6798.30"},
]


def test_a_payment_history_is_not_the_whole_loan() -> None:
    loan = replace(LOAN, day_count="actual/365")
    check = rp.check_offer(HISTORY, loan)
    assert check.as_stated
    assert check.conventions[0].as_paid
    assert not check.departures
    said = "from the terms stated, with interest to the day of each payment"
    assert said in " ".join(str(check).split())
    other = rp.check_offer(HISTORY, LOAN)
    assert other.conventions[0].differs == ("day count actual/365, not periodic",)
    alone = rp.check_offer(HISTORY, principal="10000", start="2024-01-10")
    assert (str(alone.rate), alone.loan.day_count) == ("12%", "actual/365")


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("column", ["interest", "balance"])
def test_a_wrong_cent_in_a_payment_history(place: int, column: str) -> None:
    rows: list[dict[str, Any]] = [dict(row) for row in HISTORY]
    owed = Decimal(10000)
    for row in rows:
        owed -= Decimal(row["payment"]) - Decimal(row["interest"])
        row["balance"] = owed
    rows[place][column] = Decimal(rows[place][column]) + Decimal("0.01")
    check = rp.check_offer(rows, replace(LOAN, day_count="actual/365"))
    named = column.replace("balance", "closing")
    assert [(each.row, each.column) for each in check.departures] == [(place + 1, named)]


@FEW
@given(
    st.integers(1000, 10**6),
    st.integers(1, 3600),
    st.sampled_from(["actual/365", "actual/360"]),
    st.lists(st.integers(20, 45), min_size=2, max_size=8),
)
def test_every_true_payment_history_follows(
    principal: int, basis_points: int, day_count: Any, gaps: list[int]
) -> None:
    """Interest to the day of each payment, computed here by hand."""
    loan = rp.Loan(principal, Fraction(basis_points, 10**4), 24, "2024-01-10", day_count=day_count)
    paid, day, owed = rp.amortise(loan).instalment, loan.start, loan.principal
    rows = []
    for gap in gaps:
        day += timedelta(days=gap)
        exact = Fraction(owed) * Fraction(basis_points, 10**4) * gap / int(day_count[-3:])
        interest = Decimal(int(exact * 100 + Fraction(1, 2))) / 100
        owed -= paid - interest
        rows.append({"date": day, "payment": paid, "interest": interest, "balance": owed})
    check = rp.check_offer(rows, loan)
    assert check.as_stated, str(check)


def daily_simple(
    loan: rp.Loan, payments: list[tuple[date, Decimal]], year: int
) -> list[dict[str, Any]]:
    """A history by hand: each payment pays the interest accrued to its day first."""
    rate, owed, interest, since = loan.first_rate.value, loan.principal, Fraction(0), loan.start
    rows: list[dict[str, Any]] = []
    for day, paid in payments:
        interest += Fraction(owed) * rate * (day - since).days / year
        accrued = Decimal(int(interest * 100 + Fraction(1, 2))) / 100
        first = min(paid, accrued)
        owed, interest, since = owed - (paid - first), Fraction(accrued - first), day
        rows.append(
            {
                **{"date": day, "payment": paid, "interest": first},
                **{"principal": paid - first, "balance": owed},
            }
        )
    return rows


GAPS = ((888.49, 30), (50, 31), (40, 20), (888.49, 45), (600, 33), (30, 25), (888.49, 20))


def partly_paid() -> tuple[rp.Loan, list[dict[str, Any]]]:
    loan, payments = replace(LOAN, day_count="actual/365"), []
    day = loan.start
    for paid, gap in GAPS:
        day += timedelta(days=gap)
        payments.append((day, Decimal(str(paid))))
    return loan, daily_simple(loan, payments, 365)


def test_unpaid_interest_of_a_history_bears_none() -> None:
    loan, rows = partly_paid()
    assert [str(row["interest"]) for row in rows[1:4]] == ["50", "40", "200.69"]
    check = rp.check_offer(rows, loan)
    assert check.as_stated
    assert check.conventions[0].as_paid
    paid = [rp.Receipt(row["date"], row["payment"]) for row in rows]
    owed = rp.statement(loan, paid, as_of=rows[-1]["date"], interest="daily_simple")
    assert [each.interest for each in owed.applied] == [row["interest"] for row in rows]
    assert [each.principal_left for each in owed.applied] == [row["balance"] for row in rows]


@pytest.mark.parametrize("place", range(len(GAPS)))
@pytest.mark.parametrize("column", ["interest", "principal", "balance"])
def test_a_wrong_cent_beside_unpaid_interest(place: int, column: str) -> None:
    loan, rows = partly_paid()
    rows[place][column] += Decimal("0.01")
    check = rp.check_offer(rows, loan)
    named = column.replace("balance", "closing")
    assert [(each.row, each.column) for each in check.departures] == [(place + 1, named)]


def test_unpaid_interest_on_due_dates() -> None:
    loan = replace(LOAN, day_count="actual/365")
    days = [row.date for row in rp.amortise(loan)[:3]]
    amounts = [Decimal("888.49"), Decimal("50"), Decimal("888.49")]
    check = rp.check_offer(daily_simple(loan, list(zip(days, amounts, strict=True)), 365), loan)
    assert check.as_stated


@FEW
@given(
    st.integers(1000, 50_000),
    st.integers(50, 3600),
    st.sampled_from([365, 360]),
    st.lists(
        st.tuples(
            st.integers(3, 45), st.sampled_from([1, 1, 2]) | st.fractions(Fraction(1, 20), 1)
        ),
        min_size=4,
        max_size=8,
    ),
    st.booleans(),
)
def test_every_history_of_daily_simple_interest_follows(
    principal: int, basis_points: int, year: int, paid: list[tuple[int, Fraction]], whole: bool
) -> None:
    """Also below the interest accrued, and to the last payment; of a cent the rows do not tell."""
    day_count: Any = f"actual/{year}"
    loan = rp.Loan(principal, Fraction(basis_points, 10**4), 24, "2024-01-10", day_count=day_count)
    usual, day, payments = int(rp.amortise(loan).instalment * 100), loan.start, []
    for gap, share in paid:
        day += timedelta(days=gap)
        payments.append((day, loan.money(max(1, int(usual * share)))))
    if whole:
        day += timedelta(days=37)
        last = daily_simple(loan, [*payments, (day, 3 * loan.principal)], year)[-1]
        payments.append((day, last["payment"] + last["balance"]))  # all of the balance
    check = rp.check_offer(daily_simple(loan, payments, year), loan)
    assert check.as_stated, str(check)


def test_heads_and_dates_of_american_tables() -> None:
    lines = [
        f'{row.number},"{row.date:%b %d, %Y}","${row.payment:,}","${row.interest:,}","${row.closing:,}"'
        for row in rp.amortise(LOAN)
    ]
    text = "\n".join(["Payment No,Due Date,Amount Due,Interest,Ending Balance", *lines])
    assert rp.check_offer(text, LOAN).as_stated
    rows = [(f"{row.date:%d-%b-%y}", row.payment) for row in rp.amortise(LOAN)]
    assert rp.check_offer(rows, LOAN, columns=("date", "payment")).as_stated


def test_two_signs_of_currencies_are_refused() -> None:
    rows = [("2024-02-10", "¥888.49"), ("2024-03-10", "$888.49")]
    with pytest.raises(rp.errors.TermsError, match=r"¥ and \$'; expected one currency"):
        rp.check_offer(rows, LOAN, columns=("date", "payment"))


def test_the_last_day_of_the_calendar_is_no_error_of_a_trial() -> None:
    check = rp.check_offer([("9999-12-31", "888.49")], LOAN, columns=("date", "payment"))
    assert [each.column for each in check.departures] == ["row"]


# -- the work of the search ------------------------------------------------------------------


def folded(monkeypatch: pytest.MonkeyPatch, *given: Any, **words: Any) -> tuple[Any, int]:
    """A check, and how many rows were folded for it, those of words that come to the same apart."""
    rows = 0

    def count(*terms: Any) -> rp.Schedule:
        nonlocal rows
        plan = rp.Schedule(*terms)
        rows += len(plan)
        return plan

    monkeypatch.setattr(trials, "Schedule", count)
    return rp.check_offer(*given, **words), rows


@pytest.mark.parametrize("payments", [12, 24, 360])
def test_a_loan_of_as_many_payments_as_it_takes(
    monkeypatch: pytest.MonkeyPatch, payments: int
) -> None:
    plan = rp.amortise(replace(LOAN, payments=payments))
    rows = lines(plan)
    rows[4]["interest"] += Decimal("0.01")
    loan = rp.Loan("10000", "12%", start="2024-01-10", instalment=plan.instalment)
    check, work = folded(monkeypatch, rows, loan)
    assert [(each.row, each.column) for each in check.departures] == [(5, "interest")]
    assert work <= trials.MOST_WORK + 2 * payments


@pytest.mark.parametrize("stated", [True, False])
def test_360_lines_take_some_schedules(monkeypatch: pytest.MonkeyPatch, stated: bool) -> None:
    words: dict[str, Any] = {"loan": MORTGAGE} if stated else {"principal": "1249000"}
    plan = rp.amortise(MORTGAGE)
    rows = lines(plan)
    for place in (100, 200, 300):
        rows[place]["interest"] += Decimal("0.01")
    check, work = folded(monkeypatch, rows, **words)
    assert [each.row for each in check.departures] == [101, 201, 301]
    assert work <= trials.MOST_WORK + 360
    check, work = folded(monkeypatch, lines(plan, "date", "payment"), **words)
    assert check.agrees
    assert work <= trials.MOST_WORK + 360


def test_a_search_stays_within_the_rates_that_can_be_written() -> None:
    """What grows a hundredfold in a month has an effective rate that no loan may have."""
    rows = [
        {"date": "2024-02-09", "payment": "1.40", "balance": "4.20"},
        {"date": "2024-03-10", "payment": "2.95", "balance": "8.85"},
    ]
    assert not rp.check_offer(rows, LOAN).as_stated


@settings(max_examples=5)
@given(st.lists(st.integers(100, 10**6), min_size=2, max_size=40))
def test_work_is_bounded_whatever_the_figures(amounts: list[int]) -> None:
    rows = [
        {
            "date": LOAN.start + timedelta(days=30 * k),
            "payment": Decimal(each) / 100,
            "balance": Decimal(3 * each) / 100,
        }
        for k, each in enumerate(amounts, 1)
    ]
    with pytest.MonkeyPatch.context() as patch:
        _, work = folded(patch, rows, LOAN)
    assert work <= 2 * trials.MOST_WORK


# -- whole units -----------------------------------------------------------------------------


def test_figures_rounded_to_whole_units_for_show() -> None:
    loan = replace(LOAN, principal=Decimal(100000))
    rows = [
        {name: value if name == "date" else round(value) for name, value in row.items()}
        for row in lines(rp.amortise(loan))
    ]
    assert rows[0]["payment"] == 8885  # 8,884.88
    check = rp.check_offer(rows, loan)
    assert check.as_stated
    assert str(check).count("rounded to whole units for show") == 1
    assert rp.check_offer(instalment="8885", payments=12, loan=loan).as_stated
    rows[3]["interest"] += 2
    off = rp.check_offer(rows, loan)
    assert not off.agrees
    assert [(each.row, each.column) for each in off.departures] == [(4, "interest")]


def test_amounts_kept_in_whole_units_beside_a_loan_with_decimals() -> None:
    kept = rp.Loan("500000", "8.45%", 60, "2024-01-10", decimals=0, currency="INR")
    stated = rp.Loan("500000", "8.45%", 60, "2024-01-10", currency="INR")
    check = rp.check_offer(lines(rp.amortise(kept)), stated)
    assert check.agrees
    assert str(check.rate) == "8.45%"
    assert check.conventions[0].differs == ("decimals of amounts 0, not 2",)


# -- what people have ------------------------------------------------------------------------


def test_pasted_text() -> None:
    plan = rp.amortise(LOAN)
    assert rp.check_offer(str(plan), LOAN).as_stated
    assert rp.check_offer(plan.to_csv(), LOAN).as_stated
    cells = [[f"{row.date:%d/%m/%Y}", f"{row.payment:,}", f"{row.closing:,}"] for row in plan]
    for between in ("\t", " | ", "; "):
        text = "\n".join(between.join(line) for line in [["Due date", "EMI", "Balance"], *cells])
        assert rp.check_offer(text, LOAN, date_order="dmy").as_stated
    bare = "\n".join("  ".join(line) for line in cells)
    names = ("date", "payment", "balance")
    assert rp.check_offer(bare, LOAN, columns=names, date_order="dmy").as_stated


@pytest.mark.parametrize("written", ["{:,}", "¥{:,}", "{:,}元", "USD {:,}", "€{:,}"])
def test_amounts_as_they_are_written(written: str) -> None:
    rows = [
        {"date": row.date, "payment": written.format(row.payment), "fee": "-"}
        for row in rp.amortise(LOAN)
    ]
    assert rp.check_offer(rows, LOAN).as_stated


def test_a_decimal_comma() -> None:
    swap = str.maketrans(",.", ".,")
    rows = [
        {"date": row.date, "balance": f"{row.closing:,}".translate(swap)}
        for row in rp.amortise(replace(LOAN, principal=Decimal(1000000)))
    ]
    assert rp.check_offer(rows, replace(LOAN, principal=Decimal(1000000))).as_stated


@pytest.mark.parametrize(
    ("order", "form"),
    [("dmy", "%d/%m/%Y"), ("mdy", "%m/%d/%Y"), ("ymd", "%y/%m/%d"), (None, "%d.%m.%Y")],
)
def test_dates_in_a_stated_order(order: Any, form: str) -> None:
    rows = [{"date": row.date.strftime(form), "payment": row.payment} for row in rp.amortise(LOAN)]
    check = rp.check_offer(rows, LOAN, date_order=order)
    assert check.as_stated
    for other in ("%Y年%m月%d日", "%Y/%m/%d", "%d %b %Y", "%B %d, %Y"):
        rows = [
            {"date": row.date.strftime(other), "payment": row.payment} for row in rp.amortise(LOAN)
        ]
        assert rp.check_offer(rows, LOAN).as_stated


def test_a_date_that_can_be_read_in_two_ways_is_refused() -> None:
    with pytest.raises(rp.RepayError, match="dmy") as caught:
        rp.check_offer([{"Due Date": "10/02/2024", "payment": "888.49"}], LOAN)
    assert caught.value.parameter == "rows[0].Due Date"


def test_errors_name_the_column_as_it_was_named() -> None:
    for name, value in (("Remaining balance", 9211.51), ("本金余额", "about 9,000")):
        with pytest.raises(rp.RepayError) as caught:
            rp.check_offer([{"date": "2024-02-10", name: value}], LOAN)
        assert caught.value.parameter == f"rows[0].{name}"


def test_a_polars_table() -> None:
    polars = pytest.importorskip("polars")
    rows = lines(rp.amortise(LOAN), "date", "payment", "closing")
    assert rp.check_offer(polars.DataFrame(rows), LOAN).as_stated


def test_every_head_that_the_library_prints_is_read() -> None:
    """Of its own tables, and of the papers in either language."""
    asked = "期次 还款额 本金余额 费用 罚息 应还本金 应还利息 应还总额 手续费".split()
    assert all(column_of(head) for head in asked)
    plan = rp.advance(LOAN, "500", on="2024-04-20")
    for lang in get_args(Lang):
        language = parse_language(lang)
        heads = [language.render(head) for head in plan._table().header]
        assert [column_of(head) for head in heads[:2]] == ["number", "date"]
        said = {name: language.texts[f"column.{name}"] for name in MONEY if name != "accrued"}
        assert {column_of(head) for head in heads[2:]} <= said.keys()
        assert {name: column_of(head) for name, head in said.items()} == {n: n for n in said}
    columns = (*MONEY, "number", "date")
    assert all(column_of(name.replace("_", " ")) == name for name in columns)
    for clauses in (en_documents, zh_documents):
        every = [value for value in vars(clauses).values() if isinstance(value, dict)]
        table = next(value for value in every if "forgiven_column" in value)
        for name in ("date", *COLUMNS, "deferred", "closing"):
            head = str(table[f"{name}_column" if f"{name}_column" in table else name])
            assert "{" in head or column_of(head) == name, head
        assert column_of(table["no"]) == "number"


ROW = {"date": "2024-02-10", "payment": "888.49", "balance": "9211.51"}


@pytest.mark.parametrize(
    ("rows", "words", "parameter"),
    [
        ([], {}, "rows"),
        ([{"date": "2024-02-10"}], {}, "rows"),
        ([{**ROW, "payment": 888.49}], {}, "rows[0].payment"),
        ([{**ROW, "date": "2024-03-10"}, ROW], {}, "rows[1].date"),
        ([{**ROW, "currency": "CNY"}, {**ROW, "currency": "EUR"}], {}, "rows"),
        ([{**ROW, "rent": "1"}], {}, "rows[0]"),
        ([{**ROW, "payment": "888.495"}], {"loan": LOAN}, "rows[0].payment"),
        ([{"payment": "888.49"}], {}, "principal"),
        ([ROW], {"loan": LOAN, "rate": "12%"}, "rate"),
        ([ROW], {"start": "2024-03-01", "principal": "10000"}, "start"),
        ([ROW], {"instalment": "888.49"}, "instalment"),
        (None, {"payments": 12}, "instalment"),
        ([("2024-02-10", "888.49", "1")], {}, "rows[0]"),
        ("rows", {}, "rows"),
        ([ROW], {"loan": "12%"}, "loan"),
        ([ROW] * 1201, {"loan": LOAN}, "rows"),
        ([{**ROW, "due_date": "2024-02-10"}], {"loan": LOAN}, "rows[0]"),
        ([ROW, {"payment": "888.49"}], {"loan": LOAN}, "rows[1].date"),
        ([{"payment": "888.49"}, ROW], {"loan": LOAN}, "rows[0].date"),
        ([{**ROW, "date": "2024-02-30"}], {"loan": LOAN}, "rows[0].date"),
        ("date,payment\n2024-02-10,888.49\n2024-03-10,888.49,7\n", {"loan": LOAN}, "rows[1]"),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_refused_by_name(
    rows: Any, words: dict[str, Any], parameter: str
) -> None:
    with pytest.raises(rp.RepayError) as caught:
        rp.check_offer(rows, **words)
    assert caught.value.parameter == parameter


def test_the_report() -> None:
    rows = lines(rp.amortise(LOAN))
    rows[4]["payment"] += Decimal("0.01")
    check = rp.check_offer(rows, LOAN)
    text = str(check)
    assert "1 figure does not follow" in text
    assert "line 5, payment 888.50: its parts come to 888.49" in text
    assert "0.01 more is paid" in text
    assert "888.50" in check._repr_html_()
    assert set(MONEY) >= {each.column for each in check.departures}


# -- the arithmetic --------------------------------------------------------------------------


@given(
    st.integers(1, 10**8),
    st.fractions(0, 2, max_denominator=10**5),
    st.integers(1, 366),
    st.sampled_from(["half_up", "up", "down"]),
)
def test_the_true_rate_is_in_the_interval_of_its_interest(
    base: int, rate: Fraction, days: int, bias: Any
) -> None:
    share = Fraction(days, 365)
    exact = base * rate * share
    rounded = {
        "half_up": (exact + Fraction(1, 2)) // 1,
        "up": -(-exact // 1),
        "down": exact // 1,
    }[bias]
    span = rate_interval(InterestRow(0, base, int(rounded)), share, bias)
    assert span is not None
    assert span[0] <= rate <= span[1]


@given(
    st.lists(
        st.tuples(st.fractions(0, 1), st.fractions(0, 1)).map(lambda pair: tuple(sorted(pair))),
        min_size=1,
        max_size=12,
    )
)
def test_what_most_intervals_share(spans: list[Any]) -> None:
    depth, found = shared_interval(spans)
    assert found is not None
    assert sum(low <= found[0] and found[1] <= high for low, high in spans) == depth
    ends = [end for span in spans for end in span]
    assert depth == max(sum(low <= end <= high for low, high in spans) for end in ends)


@given(st.fractions(0, 1), st.fractions(Fraction(1, 10**9), Fraction(1, 100)))
def test_the_plainest_rate_lies_between(low: Fraction, width: Fraction) -> None:
    rates = list(plainest_rates(low, low + width, Fraction(1, 12)))
    assert all(low <= rate.value <= low + width for rate in rates if rate.kind == "nominal")
    assert rates


def test_lump_sums_are_found_in_the_rows() -> None:
    rule = rp.terms.lumps("20000", every=6)
    loan = rp.Loan("1250000", rp.monthly("1.25%"), 36, "2024-01-10", instalment=rule)
    rows = [
        {"date": row.date, "payment": row.payment, "interest": row.interest}
        for row in rp.amortise(loan)
    ]
    report = rp.check_offer(rows, principal="1250000", start="2024-01-10")
    found = report.loan
    assert isinstance(found.instalment, rp.terms.Lumps)
    assert rp.amortise(found).rows == rp.amortise(loan).rows
