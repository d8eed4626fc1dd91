"""Agreements over agreements: what is kept, what is given up, what a breach brings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from tests.strategies.loans import examples

D = Decimal
PLAN = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
PAID = [rp.Receipt(row.date, row.payment) for row in PLAN[:3]]
LATE = rp.PenaltyTerms("1.5")
OWED = rp.statement(PLAN, PAID, as_of="2024-06-24", penalty=LATE)


def kept(arrangement: rp.arrears.Arrangement, count: int) -> list[rp.Receipt]:
    rows = [row for row in arrangement.schedule if row.payment]
    return [rp.Receipt(row.date, row.payment) for row in rows[:count]]


def test_each_part_by_its_own_word() -> None:
    assert OWED.balances.total == D("7806.40")
    new = rp.renegotiate(
        OWED, payments=18, arrears={"penalty": "forgive", "interest": "spread"}, agreed="2024-06-24"
    )
    loan = new.schedule.loan
    assert (loan.principal, loan.start, loan.first_payment) == (
        D("7610.80"),
        date(2024, 6, 24),
        date(2024, 7, 10),
    )
    assert new.latest.carried == D("171.99")
    assert sum(row.deferred_interest for row in new.schedule) == D("171.99")
    assert new.latest.forgiven.penalty == D("23.61")
    new.schedule.check()
    assert loan.principal + new.latest.carried + new.latest.forgiven.total == D("7806.40")


@pytest.mark.parametrize("word", ["capitalise", "next", "spread", "last", "forgive", "apart"])
def test_nothing_is_lost_by_any_word(word: str) -> None:
    new = rp.renegotiate(OWED, payments=18, arrears={"interest": word, "penalty": word})  # type: ignore[dict-item]  # word is any of the words
    latest = new.latest
    asked = new.schedule.loan.principal + latest.carried
    assert asked + latest.forgiven.total + latest.apart.total == OWED.payoff
    stands = new.statement(as_of="2024-06-24")
    assert stands.payoff == OWED.payoff - latest.forgiven.total
    cleared = new.statement([rp.Receipt("2024-06-24", stands.payoff)], as_of="2026-06-24")
    assert cleared.payoff == 0


def test_an_agreement_that_asks_for_nothing() -> None:
    """All principal is forgiven, and a penalty kept apart: it is performing from its first day."""
    gone = rp.changes.Forgiveness(share="100%", on="2024-06-24")
    new = rp.renegotiate(
        OWED, payments=6, arrears={"penalty": "apart"}, changes=[gone], agreed="2024-06-24"
    )
    assert new.state(as_of="2024-07-20") == "performing"


def test_what_is_kept_apart_bears_nothing_and_is_paid_last() -> None:
    new = rp.renegotiate(OWED, payments=6, arrears={"penalty": "apart"}, agreed="2024-06-24")
    stands = new.statement(kept(new, 5), as_of="2024-11-20")
    assert stands.balances.penalty == D("23.61")
    assert (stands.days_past_due, stands.arrears.total) == (0, D("0.00"))
    last = kept(new, 6)
    stands = new.statement([*last, rp.Receipt("2025-01-05", "23.61")], as_of="2025-01-05")
    assert stands.payoff == 0
    assert new.state([*last, rp.Receipt("2025-01-05", "23.61")], as_of="2025-01-05") == "completed"
    assert new.state(last, as_of="2025-01-05") == "performing"


def test_states_of_a_chain() -> None:
    rule = rp.arrears.Breach(days=30)
    new = rp.renegotiate(OWED, payments=18, breach=rule)
    assert new.state(as_of="2024-06-24") == "proposed"
    new = new.agree()
    assert new.state(as_of="2024-06-30") == "agreed"
    assert new.state(as_of="2024-07-20") == "performing"
    three = kept(new, 3)
    assert new.state(three, as_of="2024-11-08") == "performing"
    assert new.state(three, as_of="2024-11-09") == "broken"
    assert new.broken_on(three, as_of="2025-06-01") == date(2024, 11, 9)
    due = new.statement(three, as_of="2024-11-20").due.total
    cured = [*three, rp.Receipt("2024-11-20", due)]
    assert new.state(cured, as_of="2024-11-20") == "cured"
    again = rp.renegotiate(
        new.statement(three, as_of="2024-11-20"), payments=24, rate="8%", agreed="2024-11-20"
    )
    assert again.states(as_of="2024-12-20") == ("renegotiated", "performing")
    assert again.rounds[0] == new.latest
    assert len(str(again).splitlines()) > 4
    assert again._repr_html_().startswith("<table")


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        (rp.arrears.Breach(days=30), date(2024, 11, 9)),
        (rp.arrears.Breach(days=1), date(2024, 10, 11)),
        (rp.arrears.Breach(instalments=1), date(2024, 10, 11)),
        (rp.arrears.Breach(instalments=2), date(2024, 11, 11)),
        (rp.arrears.Breach(amount="900"), date(2024, 11, 11)),
        (rp.arrears.Breach(days=60, instalments=2), date(2024, 11, 11)),
    ],
)
def test_when_it_is_broken(rule: rp.arrears.Breach, day: date) -> None:
    new = rp.renegotiate(OWED, payments=18, breach=rule, agreed="2024-06-24")
    assert new.broken_on(kept(new, 3), as_of="2025-06-01") == day
    assert new.broken_on(kept(new, 3), as_of=day - timedelta(days=1)) is None
    assert new.broken_on(kept(new, 18), as_of="2026-06-01") is None


def test_what_comes_back() -> None:
    prices = {}
    for word in ("nothing", "forgiven", "old_terms"):
        rule = rp.arrears.Breach(days=30, reinstates=word)
        new = rp.renegotiate(
            OWED, payments=18, arrears={"penalty": "forgive"}, breach=rule, agreed="2024-06-24"
        )
        prices[word] = new.if_breached(after=3)
    assert {price.on for price in prices.values()} == {date(2024, 11, 9)}
    assert prices["nothing"].reinstated == 0
    assert prices["forgiven"].reinstated == D("23.61")
    assert prices["old_terms"].owed == prices["old_terms"].without
    assert "owed then" in str(prices["nothing"])


def test_penalty_on_what_comes_back_from_the_agreement_or_the_breach() -> None:
    def owed(since: str) -> Decimal:
        rule = rp.arrears.Breach(days=30, reinstates="forgiven", penalty_from=since)  # type: ignore[arg-type]  # since is either word
        new = rp.renegotiate(
            OWED, payments=18, arrears={"principal": "forgive"}, breach=rule, agreed="2024-06-24"
        )
        assert new.latest.forgiven.principal == D("1632.89")
        return new.statement(as_of="2024-12-31").payoff

    assert owed("agreement") > owed("breach")


def test_acceleration_on_breach() -> None:
    rule = rp.arrears.Breach(instalments=1, accelerate=True)
    new = rp.renegotiate(OWED, payments=18, breach=rule, agreed="2024-06-24")
    stands = new.statement(as_of="2024-07-12")
    assert stands.ended == date(2024, 7, 11)
    assert stands.undue.total == 0
    assert stands.due.principal == new.schedule.loan.principal


def test_interest_waived_under_an_agreement_comes_back() -> None:
    """Two interest-free months on 7,610.80 at 12 % are 152.22."""
    owed = rp.statement(PLAN, PAID, as_of="2024-04-10")
    rule = rp.arrears.Breach(days=30, reinstates="forgiven")
    free = rp.changes.Deferral(payment=1, periods=2, interest="waive")
    new = rp.renegotiate(owed, changes=[free], breach=rule, agreed="2024-04-10")
    assert new.if_breached(0).reinstated == D("152.22")
    broken = new.statement(as_of="2024-08-09")
    assert broken.due.interest == new.schedule[2].interest + D("152.22")
    assert new.statement(as_of="2024-08-08").due.interest == new.schedule[2].interest


@settings(max_examples=examples(25))
@given(
    st.sampled_from(
        [
            rp.changes.Deferral(payment=4, periods=2, interest="waive"),
            rp.changes.Deferral(payment=5, interest="waive", pause="principal"),
            rp.changes.Forgiveness(share="10%", with_payment=3),
            rp.changes.Forgiveness("500", with_payment=5, hold="last"),
            rp.changes.RateChange("6%", payment=4),
        ]
    ),
    st.sampled_from(["nothing", "forgiven", "old_terms"]),
    st.sampled_from(["breach", "agreement"]),
    st.booleans(),
    st.sampled_from([None, LATE, rp.PenaltyTerms("1.5", on_interest=True)]),
    st.sampled_from([rp.arrears.Breach(days=30), rp.arrears.Breach(instalments=2)]),
)
def test_a_breach_has_one_price_from_every_view(
    change: Any, word: Any, since: Any, accelerate: bool, late: Any, when: rp.arrears.Breach
) -> None:
    """The plan changed, and a new loan of what is owed with the same change, are one agreement."""
    rule = rp.arrears.Breach(
        days=when.days,
        instalments=when.instalments,
        reinstates=word,
        penalty_from=since if word == "forgiven" else "breach",
        accelerate=accelerate and word != "old_terms",
    )
    changed = rp.amortise(PLAN.loan, change)
    paper = rp.agreement(changed, on="2024-04-10", breach=rule, penalty=late)
    owed = rp.statement(PLAN, PAID, as_of="2024-04-10", penalty=late)
    place = {change.placed_by: change.number - 3 or None}
    if not change.number - 3:  # with the last payment before the agreement
        place["on"] = date(2024, 4, 10)
    moved = replace(change)
    for name, value in place.items():
        object.__setattr__(moved, name, value)
    new = rp.renegotiate(owed, changes=[moved], breach=rule)
    prices = paper["breach"].figures["prices"]
    assert len(prices) == 2
    for price in prices:
        told = new.if_breached(price["after"])
        assert price == {name: getattr(told, name) for name in price}


@given(
    missed=st.integers(1, 4),
    payments=st.integers(1, 60),
    late=st.booleans(),
    rate=st.sampled_from(["0%", "7.3%", "12%", "24%"]),
)
def test_capitalised_and_nothing_waived_is_neutral_at_the_contract_rate(
    missed: int, payments: int, late: bool, rate: str
) -> None:
    """What the new payments are worth, at the rate of the contract, is what was owed."""
    plan = rp.amortise(rp.Loan("10000", rate, 12, "2024-01-10"))
    day = plan[2 + missed].date
    owed = rp.statement(plan, PAID, as_of=day, penalty=LATE if late else None)
    new = rp.renegotiate(owed, payments=payments)
    monthly = 1 + rp.amortise(plan.loan).loan.first_rate.value / 12
    worth = sum((Fraction(row.payment) / monthly**row.number for row in new.schedule), Fraction(0))
    held = Fraction(owed.credit)
    owed_then = Fraction(owed.payoff) + held
    assert abs(worth - owed_then) <= Fraction(payments + 1, 100)
    new.schedule.check()


def test_a_chain_of_receipts_counts_each_once() -> None:
    new = rp.renegotiate(OWED, payments=18, agreed="2024-06-24")
    since = kept(new, 2)
    assert new.statement([*PAID, *since], as_of="2024-09-01").payoff == (
        new.statement(since, as_of="2024-09-01").payoff
    )


class TestRefusals:
    def test_an_agreement_before_the_last_one(self) -> None:
        new = rp.renegotiate(OWED, payments=18, agreed="2024-06-24")
        with pytest.raises(rp.errors.DateError, match=r"as_of.*2024-06-24"):
            new.statement(as_of="2024-06-01")
        assert new.statement(as_of="2024-06-24").payoff == OWED.payoff

    def test_a_receipt_it_does_not_know(self) -> None:
        new = rp.renegotiate(OWED, payments=18, agreed="2024-06-24")
        with pytest.raises(rp.errors.DateError, match="renegotiate with all that was received"):
            new.statement([rp.Receipt("2024-06-01", "100")], as_of="2024-07-01")

    def test_the_reversal_of_a_receipt_it_counts_on(self) -> None:
        new = rp.renegotiate(OWED, payments=18, agreed="2024-06-24")
        with pytest.raises(rp.errors.TermsError, match="the agreement counts on it"):
            new.statement(
                [*PAID, rp.arrears.Reversal("2024-07-01", of=PAID[0])], as_of="2024-07-01"
            )

    def test_nothing_left_to_repay(self) -> None:
        done = rp.statement(
            PLAN, [rp.Receipt(row.date, row.payment) for row in PLAN], as_of="2025-02-01"
        )
        with pytest.raises(
            rp.errors.AmountError, match="a debt of which something is to be repaid"
        ):
            rp.renegotiate(done, payments=3)

    def test_signed_after_it_holds(self) -> None:
        with pytest.raises(rp.errors.DateError, match="from which the agreement holds"):
            rp.renegotiate(OWED, payments=18).agree("2024-07-01")

    def test_words(self) -> None:
        with pytest.raises(rp.errors.ChoiceError, match="capitalise"):
            rp.renegotiate(OWED, arrears={"interest": "later"})  # type: ignore[dict-item]  # is refused
        with pytest.raises(rp.errors.ChoiceError, match="principal"):
            rp.renegotiate(OWED, arrears={"principal": "spread"})
        with pytest.raises(rp.errors.TermsError, match="at least one of days"):
            rp.arrears.Breach()
        with pytest.raises(rp.errors.TermsError, match="balloon"):
            rp.renegotiate(OWED, balloon="100")
        with pytest.raises(rp.errors.TermsError, match="a Statement"):
            rp.renegotiate(PLAN)  # type: ignore[arg-type]  # is refused
        new = rp.renegotiate(OWED)
        with pytest.raises(rp.errors.TermsError, match="a rule for when it is broken"):
            new.if_breached()
        with pytest.raises(rp.errors.CountError, match="after"):
            rp.renegotiate(OWED, breach=rp.arrears.Breach(days=3)).if_breached(after=99)


@settings(max_examples=examples(25))
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 900)), max_size=8),
    st.sampled_from(
        [
            rp.arrears.Breach(days=30),
            rp.arrears.Breach(instalments=2),
            rp.arrears.Breach(days=45, instalments=3),
        ]
    ),
    st.sampled_from(["schedule", "balance"]),
)
def test_the_day_of_a_breach_is_the_first_on_which_a_statement_says_so(
    money: list[tuple[int, int]], breach: rp.arrears.Breach, interest: Any
) -> None:
    new = rp.renegotiate(
        OWED, payments=9, breach=breach, agreed="2024-06-24", penalty=None, interest=interest
    )
    begun = date(2024, 6, 24)
    paid = [rp.Receipt(begun + timedelta(days=after), amount) for after, amount in money]
    for after in range(1, 400):
        day = begun + timedelta(days=after)
        stands = rp.statement(new.schedule, paid, as_of=day, interest=interest)
        missing = [each for each in stands.instalments if each.due < day and each.outstanding]
        late = breach.days is not None and stands.days_past_due >= breach.days
        if late or (breach.instalments is not None and len(missing) >= breach.instalments):
            assert new.broken_on(paid, as_of="2026-01-01") == day
            return
    assert new.broken_on(paid, as_of=begun + timedelta(days=399)) is None


def test_penalties_may_carry_arrears_over_the_amount_of_a_breach() -> None:
    late = rp.PenaltyTerms(rate="73%", base="instalment")
    owed = rp.statement(rp.Loan("10000", "12%", 12, "2024-01-10"), as_of="2024-01-20", penalty=late)
    new = rp.renegotiate(
        owed, payments=12, breach=rp.arrears.Breach(amount="900"), agreed=owed.as_of
    )
    day = new.broken_on(as_of="2024-03-01")
    assert day is not None
    assert new.broken_on([rp.Receipt("2024-02-25", "0.01")], as_of="2024-03-01") == day
    before = new.latest.schedule
    options = dict(new.latest.options)
    for each, over in ((day - timedelta(days=1), False), (day, True)):
        stands = rp.statement(before, as_of=each, **options)
        assert (stands.arrears.total >= 900) == over


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 900)), max_size=6),
    st.sampled_from(
        [
            rp.arrears.Breach(days=30),
            rp.arrears.Breach(instalments=2),
            rp.arrears.Breach(amount="700"),
            rp.arrears.Breach(days=45, instalments=3, amount="1500"),
        ]
    ),
    st.sampled_from([None, rp.PenaltyTerms("1.5", late_fee="5")]),
    st.integers(0, 300),
)
def test_a_breach_is_prevented_by_the_amount_and_by_no_cent_less(
    money: list[tuple[int, int]], breach: rp.arrears.Breach, penalty: Any, asked: int
) -> None:
    new = rp.renegotiate(OWED, payments=9, breach=breach, agreed="2024-06-24", penalty=penalty)
    begun = date(2024, 6, 24)
    day = begun + timedelta(days=asked)
    paid = [rp.Receipt(begun + timedelta(days=after), amount) for after, amount in money]
    paid = [receipt for receipt in paid if receipt.on <= day]
    if (broken := new.broken_on(paid, as_of=day)) is not None:
        with pytest.raises(rp.errors.TermsError, match=str(broken)):
            new.breach_warning(paid, as_of=day)
        return
    warning = new.breach_warning(paid, as_of=day)
    if warning is None:
        assert new.broken_on(paid, as_of="2029-01-01") is None
        return
    assert day <= warning.pay_by == warning.breaks_on - timedelta(days=1)
    assert new.broken_on(paid, as_of="2029-01-01") == warning.breaks_on
    enough = [*paid, rp.Receipt(warning.pay_by, warning.amount)]
    assert new.broken_on(enough, as_of=warning.breaks_on) is None
    if warning.amount > D("0.01"):
        short = [*paid, rp.Receipt(warning.pay_by, warning.amount - D("0.01"))]
        assert new.broken_on(short, as_of=warning.breaks_on) == warning.breaks_on


@pytest.mark.parametrize(
    ("options", "first", "last", "count", "interest"),
    [
        # 7,782.79 of principal and interest due, with the interest accrued to the day.
        ({}, ("2024-07-10", "1151.40"), ("2025-01-10", "1151.39"), 7, "277.00"),
        (
            {"every": "week", "payments": 20},
            ("2024-07-01", "398.61"),
            ("2024-11-11", "398.64"),
            20,
            "189.44",
        ),
        (
            {"method": "equal_principal", "payments": 6},
            ("2024-07-10", "1338.64"),
            ("2024-12-10", "1310.11"),
            6,
            "236.08",
        ),
        ({"instalment": "1000"}, ("2024-07-10", "1000.00"), ("2025-03-10", "104.06"), 9, "321.27"),
        (
            {"terms": {"rounding": "down"}, "payments": 6},
            ("2024-07-10", "1336.70"),
            ("2024-12-10", "1336.68"),
            6,
            "237.39",
        ),
        (
            {"first_payment": "2024-08-01", "rate": "0%", "payments": 4},
            ("2024-08-01", "1945.70"),
            ("2024-11-01", "1945.69"),
            4,
            "0.00",
        ),
    ],
)
def test_the_new_loan_has_the_terms_that_are_given(
    options: dict[str, Any],
    first: tuple[str, str],
    last: tuple[str, str],
    count: int,
    interest: str,
) -> None:
    """What is not given stays as it was: the days, and the number of payments still to come."""
    plan = rp.renegotiate(rp.statement(PLAN, PAID, as_of="2024-06-24"), **options).schedule
    rows = [(row.date.isoformat(), str(row.payment)) for row in (plan[0], plan[-1])]
    assert rows == [first, last]
    assert (len(plan), plan.total_interest) == (count, D(interest))
    assert plan.loan.principal == D("7782.79")
