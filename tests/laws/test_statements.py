"""Laws of what was really paid, each held against a reckoning of its own."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.arrears.allocation import COMPONENTS
from repaylib.arrears.due_amounts import KINDS, DueAmounts, balance_on
from repaylib.arrears.events import AccountEvent
from repaylib.arrears.penalties import ArrearsRates
from repaylib.arrears.servicing import begin_servicing, process_events, serviced
from repaylib.arrears.statement_terms import terms_of
from repaylib.money.rounding import round_fraction
from tests.strategies.loans import (
    PLAIN_DAY_COUNTS,
    allocations,
    changed,
    dated_loans,
    examples,
    loans,
    ordinary_rates,
    penalties,
    penalty_terms,
    plain_loans,
    ready_made,
    rich_loans,
)

D = Decimal
INTEREST: Any = st.sampled_from(["schedule", "balance", "daily_simple"])


def after(loan: rp.Loan, days: int) -> date:
    return loan.start + timedelta(days=days)


@st.composite
def receipts_for(draw: st.DrawFn, plan: rp.Schedule, most: int = 6) -> list[AccountEvent]:
    """Receipts in the life of a loan: instalments on their days, early or late, and odd amounts."""
    life = (plan.maturity - plan.loan.start).days
    rows = [row for row in plan if row.payment > 0]
    found: list[AccountEvent] = []
    for _ in range(draw(st.integers(0, most))):
        row = draw(st.sampled_from(rows))
        if draw(st.booleans()):
            day = max(plan.loan.start, row.date + timedelta(days=draw(st.integers(-20, 60))))
            amount = row.payment
        else:
            day = after(plan.loan, draw(st.integers(0, life + 60)))
            minor = plan.loan.minor(row.payment, "payment")
            amount = plan.loan.money(draw(st.integers(1, 3 * minor)))
        last = min(6, plan.ledger.last_number)
        number = draw(st.none() | st.none() | st.integers(1, last))
        part = draw(st.none() | st.none() | st.sampled_from(COMPONENTS))
        found.append(rp.Receipt(day, amount, instalment=number, component=part))
    return found


@st.composite
def lives(draw: st.DrawFn, loans: st.SearchStrategy[rp.Loan]) -> tuple[Any, ...]:
    """A schedule, what was paid on it, and a day."""
    plan = rp.amortise(draw(loans))
    life = (plan.maturity - plan.loan.start).days
    return plan, draw(receipts_for(plan)), after(plan.loan, draw(st.integers(0, life + 200)))


plain = plain_loans(extras=False)
#: Loans whose days are all alike, so that a few lines of fractions know their interest.
by_the_day = st.builds(
    lambda principal, rate, payments, start: rp.Loan(
        principal, rate, payments, start, day_count="actual/365"
    ),
    st.integers(500, 10**6),
    ordinary_rates,
    st.integers(1, 24),
    st.dates(date(2023, 1, 1), date(2026, 12, 31)),
)


# -- penalties ----------------------------------------------------------------------------


@given(lives(plain), st.integers(0, 30), st.integers(0, 30), INTEREST, ready_made, st.data())
def test_a_higher_multiplier_is_never_cheaper(
    life: Any, low: int, more: int, interest: Any, order: rp.Allocation, data: st.DataObject
) -> None:
    plan, paid, day = life
    assume(not order.switch)  # another order from a day past due may be the better one
    if plan.loan.method == "flat":
        interest = "schedule"
    grace = data.draw(st.integers(0, 10))
    base: Any = data.draw(st.sampled_from(["principal", "instalment"]))
    owed = [
        rp.statement(
            plan,
            paid,
            as_of=day,
            allocation=order,
            interest=interest,
            penalty=rp.PenaltyTerms(Fraction(times, 10), base=base, grace_days=grace),
        ).payoff
        for times in (low, low + more)
    ]
    assert owed[0] <= owed[1]


@given(lives(plain), penalties(), allocations(), INTEREST, st.floats(0, 1))
def test_penalties_do_not_depend_on_the_days_looked_on(
    life: Any, penalty: Any, order: rp.Allocation, interest: Any, share: float
) -> None:
    """A day on which something happens that is no arrears and is paid last is a day like others."""
    plan, paid, day = life
    if plan.loan.method == "flat":
        interest = "schedule"
    words: dict[str, Any] = {"penalty": penalty, "allocation": order, "interest": interest}
    now = rp.statement(plan, paid, as_of=day, **words)
    before = after(plan.loan, int((day - plan.loan.start).days * share))
    earlier = rp.statement(plan, paid, as_of=before, **words)
    since = [each for each in paid if each.on > before]
    assert earlier.later(day, *since) == now
    assume(now.ended is None and not now.credit)
    cost = rp.arrears.Charge(before, "1", "costs", name="apart", apart=True)
    other = rp.statement(plan, [*paid, cost], as_of=day, **words)
    assume(other.ended is None and not other.credit)
    rest = tuple(each for each in other.instalments if each.name != "apart")
    if interest == "schedule":
        assert rest == now.instalments
        assert other.arrears == now.arrears
    assert other.due.total == now.due.total + 1


@settings(max_examples=examples(60))
@given(
    lives(plain | plain_loans(methods=("level",), extras=True)),
    penalties(),
    allocations(),
    INTEREST,
)
def test_counted_when_it_is_looked_at_is_as_counted_each_day(
    life: Any, penalty: Any, order: rp.Allocation, interest: Any
) -> None:
    """The slow way: every instalment is counted at the end of every day."""
    plan, paid, day = life
    if plan.loan.method == "flat" or plan.loan.interest_base != "balance":
        interest = "schedule"
    try:
        terms = terms_of(plan, penalty, order, interest)
    except rp.errors.TermsError:  # a grace that is longer than a period
        reject()
    quick, slow = serviced(terms, paid, day), begin_servicing(terms)
    today = plan.loan.start
    while today <= day:
        process_events(slow, [each for each in paid if each.on == today], today)
        for item in slow.open_items:
            item.accrue_penalty()
        today += timedelta(days=1)
    assert len(quick.all_items) == len(slow.all_items)
    for one, other in zip(quick.all_items, slow.all_items, strict=True):
        assert one.kinds == other.kinds
        assert [one.charged(kind, day, quick.rounding) for kind in KINDS] == [
            other.charged(kind, day, slow.rounding) for kind in KINDS
        ]
        assert (one.accrued, one.paid, one.met_on) == (other.accrued, other.paid, other.met_on)
    assert [bill.due for bill in quick.open_items] == [bill.due for bill in slow.open_items]
    missed = [b.due for b in slow.open_items if b.planned and b.contractual and b.due < day]
    assert quick.dues.days_past_due(day) == ((day - min(missed)).days if missed else 0)
    overdue = [bill.unpaid("principal") for bill in slow.open_items if bill.planned]
    assert quick.dues.principal == sum(overdue)


NAMES = (
    *("number", "fee", "tax", "refund", "non_cash", "penalty"),
    *("deferred_interest", "interest", "principal", "capitalised"),
)


@settings(max_examples=examples(100))
@given(
    changed(dated_loans() | rich_loans() | loans(), most=2),
    st.integers(0, 1000),
    st.none() | st.integers(0, 1000),
)
def test_what_a_plan_asks_for_from_a_day_on_is_what_its_columns_say(
    plan: rp.Schedule, days: int, row: int | None
) -> None:
    columns, since = plan.columns, after(plan.loan, days)
    asked, dates = [], columns.date.tolist()
    if row is not None:
        since = dates[row % len(dates)]
    for index, day in enumerate(dates):
        of = {name: int(columns[name][index]) for name in NAMES}
        paid = of["fee"] + of["tax"] - of["refund"] - of["non_cash"] + of["penalty"]
        paid += of["deferred_interest"] + of["interest"] + of["principal"]
        if day >= since:
            asked.append((day, of["number"], paid, of["capitalised"]))
        assert balance_on(plan, day) == int(columns.closing[bisect_right(dates, day) - 1])
    found = DueAmounts(plan, since)
    rows = {(row.day, row.number): row for row in found.all()}
    assert len(rows) == len(found.all())
    for day, number, paid, capitalised in asked:
        due = rows.pop((day, number), None)
        assert paid == (sum(due.parts.values()) if due else 0)
        assert due is None or due.capitalised == capitalised
    assert not rows
    anew = DueAmounts(plan, since)
    days_of = sorted({row.day for row in found.all()})
    for day in days_of:
        assert anew.on(day) == [row for row in found.all() if row.day == day]
        later = [each for each in days_of if each > day]
        assert (anew.after(day) is None) == (not later)


@pytest.mark.parametrize(
    "words", [{}, {"calendar": rp.Calendar(holidays=["2024-05-10"]), "roll": "following"}]
)
def test_what_is_asked_for_from_a_due_date_on_begins_with_it(words: dict[str, Any]) -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", **words))
    days = plan.columns.date.tolist()
    for k, day in enumerate(days):
        assert [row.day for row in DueAmounts(plan, day).all()] == days[k:]


@given(
    plain_loans() | dated_loans(),
    *(st.integers(0, most) for most in (900, 900, 5000)),
    st.data(),
)
def test_no_stretch_is_more_of_a_year_than_is_taken_for_sure(
    loan: rp.Loan, opening: int, start: int, days: int, data: st.DataObject
) -> None:
    late = ArrearsRates(rp.amortise(loan))
    own: Any = data.draw(st.sampled_from([None, *PLAIN_DAY_COUNTS]))
    first, low = after(loan, opening), after(loan, opening + start)
    high = low + timedelta(days=days)
    most = late.most_share(low, high, own)
    assert most is None or late.share(first, low, high, own) <= most


@pytest.mark.parametrize("day", ["2024-06-30", "2024-07-09", "2024-07-10", "2024-08-31"])
def test_a_limit_is_shared_out_on_the_day_on_which_it_is_reached(day: str) -> None:
    """Two instalments are late, and 20.00 in all is the most: whoever looks later sees no more."""
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    paid = [rp.Receipt(row.date, row.payment) for row in plan[:3]]
    terms = rp.PenaltyTerms("1.5", cap="20", day_count="actual/360")
    owed = rp.statement(plan, paid, as_of=day, penalty=terms)
    found = [each.asked.penalty for each in owed.instalments[3:5]]
    # by 19 June 812.38 at 18 % for 40 days are 16.25, and 820.51 for 9 days 3.69, together 19.94;
    # what is left, 0.06, is used up on the next day, by the older first
    assert found == [D("16.31"), D("3.69")]


# -- interest on the balance, and the sum that clears ----------------------------------------


@dataclass
class Reckoning:
    """A loan with interest on what is really owed, in a few lines: actual/365, interest first."""

    loan: rp.Loan
    instalment: int
    bills: list[list[int]] = field(default_factory=list)  #: interest and principal still open
    dues: list[date] = field(default_factory=list)
    held: int = 0
    left: int = 0  #: principal that has not fallen due
    asked: int = 0  #: interest that has fallen due
    accrued: Fraction = Fraction(0)
    free: bool = False

    def bears(self) -> int:
        return self.left + sum(principal for _, principal in self.bills) - self.held

    def day(self, today: date, received: int, due: bool, last: bool) -> None:
        """Interest to the day; what falls due; what is received."""
        self.accrued += self.bears() * self.loan.first_rate.value / 365
        if due:
            interest = round_fraction(self.accrued, self.loan.rounding)
            principal = self.left if last else min(self.left, self.instalment - interest)
            assume(principal >= 0)
            self.bills.append([interest, principal])
            self.dues.append(today)
            self.asked, self.left, self.accrued = (
                self.asked + interest,
                self.left - principal,
                Fraction(0),
            )
        self.held += received
        for bill in self.bills:
            for kind in (0, 1):
                part = min(self.held, bill[kind])
                bill[kind] -= part
                self.held -= part
        assume(self.bears() > 0 or self.held == 0)

    def payoff_on(self) -> int:
        undue = self.left + round_fraction(self.accrued, self.loan.rounding)
        return sum(map(sum, self.bills)) + undue - self.held


@given(lives(by_the_day), st.integers(1, 3))
def test_interest_on_the_balance_is_what_fractions_say(life: Any, more: int) -> None:
    """Day by day, what is owed bears a 365th of the rate: the sum is that of the statement."""
    plan, paid, day = life
    paid = [rp.Receipt(each.on, each.amount) for each in paid]  # for the oldest instalment
    loan: rp.Loan = plan.loan
    day = min(day, plan.maturity - timedelta(days=1))
    assume(day >= loan.start)
    own = Reckoning(loan, loan.minor(plan.instalment, "x"), left=loan.minor(loan.principal, "x"))
    dues = {row.date for row in plan}
    today, states = loan.start, []
    while today <= day:
        come = sum(loan.minor(each.amount, "x") for each in paid if each.on == today)
        if today == loan.start:
            own.held += come
        else:
            own.day(today, come, today in dues, today == plan.maturity)
        assume(own.payoff_on() > 0)  # else all is settled
        states.append((own.asked, own.payoff_on()))
        today += timedelta(days=1)
    now = rp.statement(plan, paid, as_of=day, interest="balance")
    due = [each for each in now.instalments if each.due <= day]
    assert sum((each.asked.interest for each in due), D(0)) == loan.money(own.asked)
    assert now.payoff == loan.money(own.payoff_on())
    for back, (_, clears) in enumerate(reversed(states[-more:])):
        then = rp.statement(plan, paid, as_of=day - timedelta(days=back), interest="balance")
        assert then.payoff == loan.money(clears)
        if back:
            assert then.per_diem == then.payoff_on(then.as_of + timedelta(days=1)) - then.payoff


@given(lives(by_the_day), INTEREST)
def test_principal_is_asked_for_once(life: Any, interest: Any) -> None:
    plan, paid, day = life
    owed = rp.statement(plan, paid, as_of=day, interest=interest)
    asked = [each.asked.principal for each in owed.instalments]
    assert min(asked) >= 0
    assert sum(asked, D(0)) == plan.loan.principal


@given(lives(plain), st.none() | penalty_terms(), INTEREST, st.integers(0, 60))
def test_what_clears_tomorrow_is_what_is_said_tomorrow(
    life: Any, penalty: Any, interest: Any, more: int
) -> None:
    plan, paid, day = life
    if plan.loan.method == "flat":
        interest = "schedule"
    known = [each for each in paid if each.on <= day]
    words: dict[str, Any] = {"penalty": penalty, "interest": interest}
    now = rp.statement(plan, paid, as_of=day, **words)
    later = day + timedelta(days=more)
    then = rp.statement(plan, known, as_of=later, **words)
    assert now.payoff_on(later) == then.payoff
    assert now.per_diem == now.payoff_on(day + timedelta(days=1)) - now.payoff_on()
    assert then.arrears.total >= now.arrears.total


@given(lives(plain))
def test_days_past_due_from_sums_alone(life: Any) -> None:
    """The oldest due date by which more had fallen due than was ever received."""
    plan, paid, day = life
    paid = [rp.Receipt(each.on, each.amount) for each in paid]  # for the oldest instalment
    now = rp.statement(plan, paid, as_of=day)
    assume(now.ended is None)
    received = sum((each.amount for each in paid if each.on <= day), D(0))
    asked, oldest = D(0), None
    for row in plan:
        asked += row.payment
        if row.date < day and asked > received and row.payment:
            oldest = row.date
            break
    assert now.days_past_due == (0 if oldest is None else (day - oldest).days)


# -- dated back, and renegotiated --------------------------------------------------------------


@settings(max_examples=examples(50))
@given(
    lives(plain_loans()),
    st.none() | penalties(),
    allocations(),
    st.integers(0, 400),
    st.integers(1, 10**6),
)
def test_dated_back_is_as_if_always_there(
    life: Any, penalty: Any, order: rp.Allocation, days: int, minor: int
) -> None:
    plan, paid, day = life
    found = rp.Receipt(after(plan.loan, days), plan.loan.money(minor), id="found")
    words: dict[str, Any] = {"as_of": day, "penalty": penalty, "allocation": order}
    known = rp.statement(plan, paid, **words)
    told = known.later(day, found)
    always = rp.statement(plan, [found, *paid], **words)
    assert told == always
    assert told.explain() == always.explain()
    bounced = rp.arrears.Reversal(max(day, found.on), of="found")
    last = max(day, found.on)
    undone = rp.statement(plan, [*paid, found, bounced], **{**words, "as_of": last})
    assert undone == rp.statement(plan, paid, **{**words, "as_of": last})


@given(lives(by_the_day), st.none() | penalty_terms(), st.integers(1, 40), INTEREST)
def test_capitalised_and_nothing_waived_is_neutral_at_the_contract_rate(
    life: Any, penalty: Any, payments: int, interest: Any
) -> None:
    """What is agreed anew is worth what was owed, at the rate of the contract, odd days and all."""
    plan, paid, day = life
    owed = rp.statement(plan, paid, as_of=day, penalty=penalty, interest=interest)
    assume(owed.payoff > 1)
    new = rp.renegotiate(owed, payments)
    rate, grown, start, worth = plan.loan.first_rate.value, Fraction(1), day, Fraction(0)
    for row in new.schedule:
        grown *= 1 + rate * Fraction((row.date - start).days, 365)
        start = row.date
        worth += Fraction(row.payment) / grown
    assert new.latest.forgiven.total == new.latest.apart.total == 0
    assert abs(worth - Fraction(owed.payoff)) <= Fraction(payments + 1, 100)


class TestWhatTheLawsFound:
    PLAN = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    PAID: Sequence[AccountEvent] = [rp.Receipt(row.date, row.payment) for row in PLAN[:3]]

    @pytest.mark.parametrize("grace", [0, 5])
    def test_the_last_instalment_missed_leaves_no_balance_to_fall_due(self, grace: int) -> None:
        """It went on for ever: the balance was to fall due, and there was none."""
        paid = [rp.Receipt(row.date, row.payment) for row in self.PLAN[:11]]
        terms = rp.PenaltyTerms("1.5", base="balance", grace_days=grace)
        owed = rp.statement(self.PLAN, paid, as_of="2025-02-10", penalty=terms)
        assert (owed.arrears.principal, owed.arrears.penalty) == (D("879.67"), D("13.20"))

    def test_the_whole_principal_held(self) -> None:
        """The plan ended with it, and 10,000.00 were held and owed by nobody."""
        plan = rp.amortise(rp.Loan("10000", "0%", 12, "2024-01-10"))
        events = [
            rp.arrears.Charge("2024-02-01", "0.01", "costs", apart=True),
            rp.Receipt("2024-02-01", "10000"),
        ]
        for day in ("2024-02-01", "2024-02-10", "2025-01-10"):
            owed = rp.statement(plan, events, as_of=day, interest="balance")
            assert (owed.payoff, owed.credit, owed.balances.costs) == (D("0.01"), D(0), D("0.01"))
            owed.check()

    def test_interest_above_the_instalment_is_not_refused(self) -> None:
        """On 10,000.00 at 60 % over 20 years most instalments are hardly more than the interest."""
        loan = rp.Loan("10000", "60%", 240, "2024-01-10", day_count="actual/365")
        owed = rp.statement(loan, as_of="2024-04-10", interest="balance")
        assert owed.unplanned_deviation == 0
        month = [round(10000 * 0.6 * days / 365, 2) for days in (31, 29, 31)]
        assert month == [509.59, 476.71, 509.59]
        # the first instalment, 500.17, leaves 9.42 that join the principal; the second pays all its
        # interest, and 23.01 that are not paid; the third again leaves the rest
        interest = [each.asked.interest for each in owed.instalments[:3]]
        assert interest == [D("500.17"), D("477.16"), D("500.17")]
        assert owed.balances.principal == D("10000") + D("9.42") + D("9.90")

    def test_money_that_clears_after_a_prepayment_clears(self) -> None:
        """Of a flat loan less is asked for once a part is prepaid: the rest was held, and went on."""
        loan = rp.Loan("10000", "12%", 12, "2024-01-10", method="flat")
        first = rp.Receipt("2024-02-20", "5000", ahead="last")
        owed = rp.statement(loan, [first], as_of="2024-02-20").payoff
        second = rp.Receipt("2024-02-20", owed)
        for day in ("2024-02-20", "2025-03-01"):
            done = rp.statement(loan, [first, second], as_of=day)
            assert (done.payoff, str(done.ended)) == (D(0), "2024-02-20")
            done.check()

    def test_what_is_late_is_not_asked_for_again(self) -> None:
        """Instalments listed far above the loan asked for 46,928.06 of 28,063.13."""
        listed = "3393.09 4974.83 5229.95 6097.35 7168.85 7475.00 5816.72 5918.77 4821.76 4337.03"
        loan = rp.Loan(
            "28063.13",
            "19.73%",
            11,
            "2024-08-04",
            every="2 months",
            instalment=listed.split(),
            negative_amortisation=True,
        )
        for day in ("2025-06-20", "2025-12-20", "2026-03-27", "2026-08-14"):
            owed = rp.statement(loan, as_of=day, interest="balance")
            assert owed.balances.principal == loan.principal
            assert owed.due.principal <= loan.principal

    @pytest.mark.parametrize("amount", ["6000", "6797.42"])
    def test_a_planned_prepayment_gives_way_to_money_held(self, amount: str) -> None:
        """5,000.00 held in March save interest, so that in June less may be left than is planned."""
        plan = rp.amortise(self.PLAN.loan, rp.changes.Prepayment(amount, on="2024-06-01"))
        paid = [*self.PAID[:2], rp.Receipt("2024-03-20", "5000")]
        owed = rp.statement(plan, paid, as_of="2024-04-01", interest="balance")
        month = Fraction(10, 31) * 8415 + Fraction(12, 31) * 3415  # of 8,415.14, a hundredth
        assert owed.unplanned_deviation == 0
        assert abs(owed.undue.interest - D(round(month)) / 100) < D("0.02")
        later = rp.statement(plan, paid, as_of="2024-06-20", interest="balance")
        assert later.balances.principal >= 0
        later.check()

    def test_what_the_plan_cannot_take_is_told(self) -> None:
        """All but 1.00 is to be forborne in May; 5,000.00 held save interest, and leave less than that."""
        forborne = self.PLAN[3].closing - 1
        plan = rp.amortise(self.PLAN.loan, rp.changes.Forbearance(forborne, on=self.PLAN[3].date))
        paid = [*self.PAID[:2], rp.Receipt("2024-03-20", "5000")]
        owed = rp.statement(plan, paid, as_of="2024-04-01", interest="balance")
        assert owed.unplanned_deviation == D("-5000.00")
        assert "-5,000.00 beside the plan" in owed.explain()
        assert rp.statement(plan, paid, as_of="2024-04-01").unplanned_deviation == 0

    def test_a_limit_reached_does_not_stop_ordinary_interest(self) -> None:
        """Written off, with accrual to go on: the penalty is at its limit, the interest is not."""
        events = [*self.PAID, rp.arrears.WriteOff("2024-06-10", "continue")]
        terms = rp.PenaltyTerms("1.5", cap="1")
        words: dict[str, Any] = {"penalty": terms, "interest": "balance"}
        owed = [
            rp.statement(self.PLAN, events, as_of=day, **words)
            for day in ("2024-06-10", "2024-07-10")
        ]
        assert [each.balances.penalty for each in owed] == [1, 1]
        assert owed[1].payoff - owed[0].payoff == D("76.11")  # 1 % of 7,610.80, as without it

    def test_two_write_offs_of_a_day_in_any_order(self) -> None:
        offs = [
            rp.arrears.WriteOff("2024-06-10", "stop"),
            rp.arrears.WriteOff("2024-06-10", "continue"),
        ]
        one, other = (
            rp.statement(self.PLAN, [*self.PAID, *each], as_of="2024-07-10")
            for each in (offs, offs[::-1])
        )
        assert one == other

    def test_money_held_at_the_end_pays_what_was_kept_apart(self) -> None:
        """5.00 too much were held for ever, and 5.00 of the costs stayed open."""
        owed = rp.statement(self.PLAN, self.PAID, as_of="2024-06-24").payoff
        events = [
            *self.PAID,
            rp.Receipt("2024-06-24", owed + 5),
            rp.arrears.Charge("2024-07-01", "20", "costs", apart=True),
            rp.Receipt("2024-07-02", "15"),
        ]
        done = rp.statement(self.PLAN, events, as_of="2024-07-02")
        assert (done.payoff, done.credit, done.due.total) == (D(0), D(0), D(0))
        done.check()

    def test_a_statement_under_an_agreement_goes_on_under_it(self) -> None:
        """What clears on a later day knows that the agreement is broken by then."""
        owed = rp.statement(
            self.PLAN, self.PAID, as_of="2024-06-24", penalty=rp.PenaltyTerms("1.5")
        )
        rule = rp.arrears.Breach(days=30, reinstates="forgiven")
        new = rp.renegotiate(
            owed,
            18,
            arrears={"penalty": "forgive", "fee": "apart"},
            breach=rule,
            agreed="2024-06-24",
        )
        now, then = (new.statement(as_of=day) for day in ("2024-07-20", "2024-08-20"))
        assert new.broken_on(as_of="2024-08-20") == date(2024, 8, 9)
        assert now.later("2024-08-20") == then
        assert now.payoff_on("2024-08-20") == then.payoff
        assert now.later("2024-08-20").arrangement == new
        assert then.later("2024-08-21").balances.penalty >= new.latest.forgiven.penalty

    def test_all_that_happened_may_be_told_to_every_round(self) -> None:
        owed = rp.statement(self.PLAN, self.PAID, as_of="2024-06-24")
        first = rp.renegotiate(owed, 18, agreed="2024-06-24")
        since = [rp.Receipt(row.date, row.payment) for row in first.schedule if row.payment][:2]
        stands = first.statement([*self.PAID, *since], as_of="2024-09-01")
        second = rp.renegotiate(stands, 12, agreed="2024-09-01")
        told = second.statement([*self.PAID, *since], as_of="2024-09-20")
        assert told == second.statement(as_of="2024-09-20")


# -- bad input ---------------------------------------------------------------------------------


class TestRefusedAndNothingHasChanged:
    PLAN = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY"))
    PAID: Sequence[AccountEvent] = [rp.Receipt(row.date, row.payment) for row in PLAN[:3]]

    @pytest.mark.parametrize(
        ("event", "words"),
        [
            (rp.Receipt("2024-01-09", "1"), "from the start of the loan"),
            (rp.Receipt("2024-02-10", "1", currency="USD"), "that of the loan, CNY"),
            (rp.Receipt("2024-02-10", "0.001"), "amount"),
            (rp.arrears.Reversal("2024-05-01", of="nobody"), "a receipt among those given"),
            (
                rp.arrears.Reversal("2024-05-01", of=rp.Receipt("2024-02-11", "5")),
                "a receipt among those",
            ),
            (rp.arrears.Refund("2024-05-01", "0.01"), "what is held"),
            (rp.arrears.Waiver("2024-05-20", "penalty", "0.01"), "at most the penalty owed"),
        ],
    )
    def test_what_cannot_have_happened(self, event: AccountEvent, words: str) -> None:
        owed = rp.statement(self.PLAN, self.PAID, as_of="2024-06-24")
        said = str(owed)
        with pytest.raises(rp.RepayError, match=words):
            owed.later("2024-06-24", event)
        assert str(owed) == said
        assert rp.statement(self.PLAN, self.PAID, as_of="2024-06-24") == owed

    def test_a_receipt_of_nothing_is_none(self) -> None:
        for amount in ("0", "-1"):
            with pytest.raises(rp.errors.AmountError, match="above zero"):
                rp.Receipt("2024-02-10", amount)

    def test_a_receipt_that_bounces_twice(self) -> None:
        bounced = [rp.arrears.Reversal("2024-05-01", of=self.PAID[0])] * 2  # type: ignore[arg-type]  # is refused
        with pytest.raises(rp.errors.TermsError, match="each reversed once"):
            rp.statement(self.PLAN, [*self.PAID, *bounced], as_of="2024-06-24")

    @pytest.mark.parametrize(
        ("order", "words"),
        [
            (("costs", "fee", "penalty", "interest"), "no principal"),
            (("costs", "fee", "fee", "penalty", "interest", "principal"), "fee, 2 times"),
            ((("past due", "fee"),), "no past due costs"),
        ],
    )
    def test_waterfalls_that_contradict_themselves(self, order: Any, words: str) -> None:
        with pytest.raises(rp.errors.TermsError, match=words):
            rp.Allocation(order)
        with pytest.raises(rp.errors.TermsError, match=words):
            rp.Allocation(switch={91: order})

    def test_grace_longer_than_a_period(self) -> None:
        for terms in (
            rp.PenaltyTerms("1.5", grace_days=29),
            rp.steps(rp.PenaltyTerms("1.5"), {"2030-01-01": rp.PenaltyTerms("1.5", grace_days=29)}),
        ):
            with pytest.raises(rp.errors.TermsError, match="fewer days than a period has, 28"):
                rp.statement(self.PLAN, as_of="2024-06-24", penalty=terms)

    def test_an_agreement_dated_before_the_last_one(self) -> None:
        owed = rp.statement(self.PLAN, self.PAID, as_of="2024-06-24")
        chain = rp.renegotiate(owed, payments=18, agreed="2024-06-24")
        stands = chain.statement(as_of="2024-07-01")
        said = str(chain), str(stands)
        with pytest.raises(rp.errors.DateError, match="that of the agreement"):
            chain.statement(as_of="2024-06-23")
        with pytest.raises(
            rp.errors.DateError, match="from that of the last agreement, 2024-06-24"
        ):
            rp.renegotiate(replace(stands, as_of=date(2024, 6, 23)), payments=12)
        assert (str(chain), str(chain.statement(as_of="2024-07-01"))) == said
