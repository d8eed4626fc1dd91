"""The checker of certificates on quotes, statements, agreements and rates: what it accepts and refuses."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.cli import verify
from repaylib.schedule import Certificate
from tests.arrears.test_output import statements
from tests.cli.test_verify import altered, canonical, hashed, held, refusal
from tests.schedule.test_certificate import SCHEMA, schedules
from tests.strategies.loans import examples

BASE = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
PAID = [rp.Receipt(row.date, row.payment) for row in BASE[:3]]
EVENTS = [
    *PAID,
    rp.Receipt("2024-05-20", "300"),
    rp.arrears.Charge("2024-05-21", "20", name="letter"),
    rp.arrears.Waiver("2024-05-22", "penalty", share="50%"),
]
FLOWS = [("2024-01-12", "-1000"), ("2024-03-15", "500"), ("2024-06-15", "550")]
PENALTY = rp.PenaltyTerms("1.5")


def stated(*events: Any, as_of: str = "2024-06-20", **words: Any) -> Certificate:
    words = {"penalty": PENALTY, **words}
    return rp.statement(BASE, [*EVENTS, *events], as_of=as_of, **words).certificate()


SETTLED = rp.Receipt("2024-06-20", "9000")
STATEMENTS = [
    stated(),
    stated(interest="balance"),
    stated(allocation=rp.Allocation(ahead="payment")),
    stated(SETTLED, rp.arrears.Refund("2024-06-20", "10")),
    stated(rp.arrears.Acceleration("2024-06-01"), penalty=rp.PenaltyTerms(rate="24%")),
]
QUOTES = [
    rp.settle(BASE, on="2024-07-20", fee="1%").certificate(),
    rp.settle(BASE, with_payment=6, method="flat_charged").certificate(),
    rp.settle(BASE, on="2024-07-20", amount="1000", fee="1%", arrears="50").certificate(),
]
AGREEMENTS = [
    rp.agreement(rp.defer(BASE, payment=4), before=BASE).certificate(),
    rp.agreement(rp.prepay(BASE, "500", with_payment=3), before=BASE).certificate(),
    rp.agreement(BASE).certificate(),
]
RATES = [
    *(rp.apr(FLOWS, rule=rule).certificate() for rule in ("eu", "uk", "reg_z", "cn_simple")),
    rp.apr(BASE, rule="cn_irr").certificate(),
    rp.apr(rp.Loan("10000", "0%", 12, "2024-01-10"), rule="eu").certificate(),
]
ALL = [*STATEMENTS, *QUOTES, *AGREEMENTS, *RATES]


def in_order(certificate: Certificate) -> Counter[str]:
    done: Counter[str] = Counter()
    assert verify.check(certificate.text.encode(), done) == certificate.sha256
    return done


@pytest.mark.parametrize("certificate", ALL, ids=lambda each: each.to_dict()["of"])
def test_it_accepts_results_of_every_kind(certificate: Certificate) -> None:
    assert in_order(certificate)["figures"] > 1


def test_certificates_of_every_kind_fit_the_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for certificate in ALL:
        plain = certificate.to_dict()
        part = {"$ref": f"#/$defs/certificate_of_{plain['of']}", "$defs": schema["$defs"]}
        assert list(jsonschema.Draft202012Validator(part).iter_errors(plain)) == []
        assert not jsonschema.Draft202012Validator(schema).is_valid(plain | {"colour": "red"})


# -- figures ---------------------------------------------------------------------------------


def test_the_figures_of_a_statement() -> None:
    """812.38 x 18 % x 5/186 of a year, the first of two segments of `Statement.explain`."""
    plain = STATEMENTS[0].to_dict()
    fourth = plain["dues"][3]
    assert fourth["row"] == "4"
    assert Fraction(81238) * Fraction(18, 100) * Fraction(5, 186) == Fraction("121857/310")
    assert fourth["figures"][0]["segments"][0]["interest"] == "121857/310"
    assert plain["receipts"][3]["parts"] == [
        {"amount": "21996", "due": "4", "of": "principal"},
        {"amount": "7611", "due": "4", "of": "interest"},
        {"amount": "393", "due": "4", "of": "penalty"},
    ]
    owed = rp.statement(BASE, EVENTS, as_of="2024-06-20", penalty=PENALTY)
    assert int(plain["payoff"]) == owed.payoff * 100
    assert (
        in_order(STATEMENTS[0])["stated"] == 7
    )  # four receipts, the charge, the waiver, the balance


def test_the_figures_of_a_quote() -> None:
    """5,149.20 x 12 % x 1/12 x 10/31 = 16.61, and 1 % of 5,149.20 = 51.49."""
    amounts = QUOTES[0].to_dict()["amounts"]
    assert (amounts["principal"], amounts["interest"], amounts["fee"]) == ("514920", "1661", "5149")
    assert (amounts["total"], amounts["rebate"]) == ("521730", "16511")
    assert in_order(QUOTES[0])["stated"] == 1
    part = QUOTES[2].to_dict()
    assert part["apart"] == {"fee": "1000"}
    assert in_order(QUOTES[2])["stated"] == 4  # the part repaid, its plan, its fee, and the arrears


def test_an_agreement_names_the_certificate_of_its_schedule() -> None:
    plan = rp.defer(BASE, payment=4)
    plain = AGREEMENTS[0].to_dict()
    assert plain["certificates"]["after"] == plan.certificate().sha256
    assert plain["certificates"]["before"] == BASE.certificate().sha256
    assert plain["text"] == rp.agreement(plan, before=BASE).to_text()
    dates = [(each["date"], each["amount"]) for each in plain["payments"]]
    found = rp.agreement(plan, before=BASE)
    assert dates == [(str(row.date), str(int(row.payment * 100))) for row in found.rows]


def test_the_flows_of_a_rate_have_exact_times() -> None:
    """Directive 2008/48/EC: months counted back from the flow, then days over those of the year."""
    plain = RATES[0].to_dict()
    times = [Fraction(2, 12) + Fraction(3, 365), Fraction(5, 12) + Fraction(3, 365)]
    assert [Fraction(each["time"]) for each in plain["flows"]] == [0, *times]
    assert (plain["apr"], plain["shown"]["value"]) == ("0.173726404274", "174")
    assert RATES[2].to_dict()["flows"][1]["part"] == "9/11"


def test_a_rate_that_is_one_unit_off_is_refused() -> None:
    for certificate in RATES:
        plain = certificate.to_dict()
        for more in (-1, 1):
            digits = len(plain["apr"].partition(".")[2])
            number = int(plain["apr"].replace(".", "")) + more
            near = f"{number / 10**digits:.{digits}f}" if number >= 0 else None
            if near is None or near == plain["apr"]:
                continue
            reason = refusal(hashed(plain | {"apr": near})) or ""
            assert reason == "apr: is not a rate at which the flows come to 0"


# -- certificates of all kinds ---------------------------------------------------------------


def certified(make: Callable[[], Certificate]) -> None:
    try:
        certificate = make()
    except rp.RepayError:
        return
    in_order(certificate)


@settings(max_examples=examples(40))
@given(statements())
def test_every_certificate_of_a_statement_is_accepted(owed: rp.arrears.Statement) -> None:
    if owed.terms.interest == "daily_simple":
        with pytest.raises(rp.errors.TermsError) as error:
            owed.certificate()
        assert error.value.parameter == "interest"
        return
    certificate = owed.certificate()
    in_order(certificate)
    assert int(certificate.to_dict()["payoff"]) == owed.payoff * 10**owed.schedule.loan.decimals


@settings(max_examples=examples(30))
@given(schedules, st.data())
def test_every_certificate_of_a_quote_is_accepted(plan: rp.Schedule, data: st.DataObject) -> None:
    days = (plan.maturity - plan.loan.start).days
    on = plan.loan.start + timedelta(days=data.draw(st.integers(0, days)))
    words: dict[str, Any] = {
        "on": data.draw(st.sampled_from([on, *(row.date for row in plan)])),
        "method": data.draw(st.sampled_from(verify.METHODS)),
        "fee": data.draw(st.sampled_from([None, "1%", "5", "3 months"])),
    }
    if words["method"] == "actuarial" and data.draw(st.booleans()):
        words["amount"] = "10"
    certified(lambda: rp.settle(plan, **words).certificate())


@settings(max_examples=examples(30))
@given(schedules, st.sampled_from(["eu", "uk", "reg_z", "cn_irr", "au_comparison", "mx_cat"]))
def test_every_certificate_of_a_rate_is_accepted(plan: rp.Schedule, rule: Any) -> None:
    certified(lambda: rp.apr(plan, rule=rule).certificate())


@settings(max_examples=examples(20))
@given(schedules, st.data())
def test_every_certificate_of_an_agreement_is_accepted(
    plan: rp.Schedule, data: st.DataObject
) -> None:
    before = rp.amortise(plan.loan)
    for change in plan.changes[: data.draw(st.integers(0, len(plan.changes)))]:
        before = before.then(change)
    days = st.none() | st.sampled_from([row.date for row in plan])
    certified(lambda: rp.agreement(plan, before=before, on=data.draw(days)).certificate())


# -- alterations and bad input ---------------------------------------------------------------

#: What a hash without a signature cannot show: text, times, and what is only stated to begin with.
FREE = {"terms", "text", "rule", "charged", "time", "part", "requested", "method", "name"}
FREE |= {"apart", "waived", "balance_after", "held", "on", "set_apart", "shown", "per_year"}
EMBEDDED = ("before", "after", "schedule")


def test_alterations_are_refused_even_with_their_own_hash() -> None:
    """With the old hash all are refused. With a new one, all but those of `FREE` are."""
    chance, counts = random.Random(20240510), Counter[str]()
    for _ in range(400):
        plain = chance.choice(ALL[:-1]).to_dict()  # at 0 % a share has no meaning
        place = "dues" if plain["of"] == "statement" else "payments"
        place = "flows" if plain["of"] == "apr" else place
        rows = plain.pop(place, None)
        embedded = rows is None or chance.random() < 0.3
        if embedded:
            plain |= {} if rows is None else {place: rows}
            key = chance.choice([key for key in EMBEDDED if key in plain] or [place])
            if key == place:
                continue
            kind, path, inside = altered(plain[key], chance)
            forged = plain | {key: inside}
        else:
            kind, path, forged = altered(plain | {"rows": rows}, chance)
            if "rows" in forged:
                forged[place] = forged.pop("rows")
        if canonical(forged) == canonical(plain | ({} if rows is None else {place: rows})):
            continue  # two equal parts were swapped
        assert refusal(forged) is not None, (kind, path)
        counts["refused"] += 1
        named = {key for key in path if isinstance(key, str)}
        if refusal(hashed(forged)) is None and path != ("sha256",):
            order = (plain["of"], kind) == ("statement", "swap rows")  # which has no meaning
            assert named & FREE or order, (plain["of"], kind, path)
            counts["free"] += 1
    assert counts["refused"] > 350
    assert counts["free"] < 80


@pytest.mark.parametrize(
    ("certificate", "path", "value", "said"),
    [
        (QUOTES[0], ["version"], "2", "format and version: states"),
        (QUOTES[0], ["of"], "quotes", "of: states quotes"),
        (QUOTES[0], ["colour"], "red", "certificate.colour: is not known"),
        (QUOTES[0], ["amounts", "total"], "521731", "amounts.total: states 521731, but 521730"),
        (QUOTES[0], ["amounts", "interest"], "1662", "amounts.interest: states 1662, but 1661"),
        (QUOTES[0], ["method"], "by_hand", "method: is not known"),
        (
            QUOTES[0],
            ["after", "rows", 3, "accrued_to"],
            "2024-13-01",
            "after.rows[3].accrued_to: is",
        ),
        (QUOTES[0], ["before", "terms", "loan", "last"], "lower", "after.terms.loan: states"),
        (STATEMENTS[0], ["dues", 3, "colour"], "red", "dues[3].colour: is not known"),
        (STATEMENTS[0], ["dues", 3, "row"], "3", "dues[3].date: states"),
        (STATEMENTS[0], ["dues", 3, "row"], "99", "dues[3].row: is not one of the rows"),
        (STATEMENTS[0], ["dues", 3, "open", "principal"], "1", "dues[3].open.principal: states 1,"),
        (STATEMENTS[0], ["receipts", 3, "amount"], "1", "receipts[3].amount: states 1, but 30000"),
        (
            STATEMENTS[0],
            ["receipts", 3, "parts", 0, "due"],
            "9",
            "receipts[3].parts[0].due: is not",
        ),
        (STATEMENTS[0], ["receipts", 3, "date"], "2024-02-01", "receipts[3].date: is out of order"),
        (
            STATEMENTS[0],
            ["dues", 3, "figures", 0, "segments", 0, "share"],
            "5/0",
            "dues[3].figures[0].segments[0].share: is not a fraction",
        ),
        (
            STATEMENTS[0],
            ["dues", 3, "figures", 0, "segments", 0, "base"],
            "81239",
            "dues[3].figures[0].segments[0].interest: states",
        ),
        (STATEMENTS[0], ["payoff"], "1", "payoff: states 1, but"),
        (AGREEMENTS[0], ["payments", 2, "date"], "2024-05-11", "payments[2].date: states"),
        (AGREEMENTS[0], ["certificates", "after"], "0" * 64, "certificates.after: states 000"),
        (AGREEMENTS[0], ["total"], "1", "total: states 1"),
        (RATES[0], ["flows", 1, "amount"], "50001/1", "apr: is not a rate at which"),
        (RATES[0], ["flows", 1, "time"], "1/0", "flows[1].time: is not a fraction"),
        (RATES[0], ["apr"], "0.1737", "apr: has less than ten digits"),
        (RATES[0], ["apr"], "17.4%", "apr: is not a decimal"),
        (RATES[0], ["per_year"], "0/1", "after row 0: not understood"),
        (RATES[0], ["shown", "value"], "175", "shown.value: states 175, but 174 follows"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(
    certificate: Certificate, path: list[Any], value: object, said: str
) -> None:
    plain = certificate.to_dict()
    held(plain, tuple(path[:-1]))[path[-1]] = value
    assert (refusal(hashed(plain)) or "").startswith(said)


def test_what_is_repeated_or_left_out_is_refused() -> None:
    plain = STATEMENTS[0].to_dict()
    paid = next(k for k, due in enumerate(plain["dues"]) if due.get("row") == "5")
    plain["dues"].append(copy.deepcopy(plain["dues"][paid]))
    assert refusal(hashed(plain)) == "before.rows[4]: is not once among what fell due"
    left_out = AGREEMENTS[0].to_dict()
    del left_out["payments"][3]
    assert "payments" in (refusal(hashed(left_out)) or "")
    flows = RATES[4].to_dict()
    del flows["flows"][3]
    assert (refusal(hashed(flows)) or "").startswith("flows: sum: states")
    assert refusal(b" " * 100_000_000) == "file: is larger than 50,000,000 bytes"


def test_rules_without_a_certificate_say_what_to_do() -> None:
    for rule in ("us_rule", "jp_real", "ca_cost"):
        with pytest.raises(rp.errors.TermsError, match="explain") as error:
            rp.apr(BASE, rule=rule).certificate()
        assert error.value.parameter == "rule"
    owed = rp.statement(BASE, PAID, as_of="2024-05-20", interest="daily_simple")
    with pytest.raises(rp.errors.TermsError, match='interest="balance"'):
        owed.certificate()
