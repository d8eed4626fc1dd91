"""The figures of an agreement: what is owed before it, what is paid under it, what each turn costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from repaylib.arrears.allocation import Allocation
from repaylib.arrears.arrangement import Arrangement
from repaylib.arrears.balances import Balances
from repaylib.arrears.breach import Breach, BreachOutcome, consequences_of, first_breach, outcome_of
from repaylib.arrears.events import AccountEvent, Receipt
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.arrears.statements import Statement, statement
from repaylib.changes.early_settlement import EarlySettlement
from repaylib.changes.prepayment import Prepayment
from repaylib.errors import Hint, Phrase, RepayError
from repaylib.money.amounts import add, minor_of, subtract
from repaylib.output.certificates import Certificate, digits
from repaylib.rates.step_schedule import Steps
from repaylib.schedule.certificate import certify, content_of, total_of
from repaylib.schedule.placement import paid_day
from repaylib.schedule.rows import Row, rows_in_money
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.settlement import Settlement, settle
from repaylib.terms.settlement_fees import SettlementFee

__all__ = ["AgreedFigures", "begins_on", "certified", "price_of_breach", "rows_from"]

COLUMNS = (
    *("payment", "interest", "deferred_interest", "principal", "fee", "penalty", "tax", "refund"),
    *("advanced", "capitalised", "forgiven", "waived", "forgiven_interest"),
)


@dataclass(frozen=True, slots=True)
class AgreedFigures:
    """What is agreed, as far as it is figures.

    Attributes
    ----------
    schedule
        What is paid.
    before
        What was to be paid without the agreement.
    on
        The day from which it holds.
    rows
        The rows of the schedule that are still to come under it. The payment of each is what leaves
        the borrower's pocket: a fee that is financed or deducted is in its column, and no payment.
    statement
        What is owed before it, if a statement says so.
    arrangement
        The chain of agreements that it is part of, if there is one.
    """

    schedule: Schedule
    before: Schedule
    on: date
    rows: tuple[Row, ...]
    statement: Statement | None
    arrangement: Arrangement | None

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        return self.schedule.loan.currency

    @property
    def paid(self) -> tuple[Row, ...]:
        """The rows on which something is paid."""
        return tuple(row for row in self.rows if row.payment)

    def total(self, *names: str) -> Decimal:
        """Return the sum of columns over the rows."""
        values = (getattr(row, name) for row in self.rows for name in names)
        return add(self.schedule.loan.money(0), *values)

    @property
    def totals(self) -> dict[str, Decimal]:
        """The sum of each column."""
        return {name: self.total(name) for name in COLUMNS}

    @property
    def owed(self) -> Balances:
        """What is owed before the agreement, by kind."""
        if self.statement is not None:
            return self.statement.balances
        begun = begins_on(self.schedule, self.before)
        return owed_on(self.before if self.on <= begun else self.schedule, self.on)

    @property
    def forgiven(self) -> Balances | None:
        """What is given up of it, by kind; ``None`` if the schedule says so itself."""
        return None if self.arrangement is None else self.arrangement.latest.forgiven

    @property
    def given_up(self) -> Balances:
        """What the schedule forgives, by kind."""
        zero = self.schedule.loan.money(0)
        principal, interest = self.total("forgiven"), self.total("forgiven_interest")
        return Balances(principal, zero, interest, zero, zero, zero, zero)

    @property
    def fees(self) -> Decimal:
        """What fees come to under it, with the tax on them.

        Fees in arrears were charged before, and tax on interest is no fee.
        """
        if self.on <= self.schedule.loan.start:
            return _charged(self.schedule, self.schedule.loan.start)
        begun = self.on == begins_on(self.schedule, self.before)
        past = self.before if begun else self.schedule
        later = _charged(self.schedule, self.on)
        return subtract(later, _charged(past, self.on, self.on))

    @property
    def is_voluntary(self) -> bool:
        """Whether the borrower pays early and nothing else is agreed, with nothing overdue."""
        new = self.schedule.changes[len(self.before.changes) :]
        overdue = self.statement is not None and self.statement.days_past_due
        early = all(isinstance(change, (EarlySettlement, Prepayment)) for change in new)
        return bool(new) and early and not overdue and self.arrangement is None

    @property
    def is_settled(self) -> bool:
        """Whether the loan ends with an early settlement that is agreed."""
        return any(isinstance(change, EarlySettlement) for change in self.schedule.changes)

    @property
    def finances_fees(self) -> bool:
        """Whether a fee of a change joins the principal."""
        fees = self.schedule.loan.fees
        return any(fee.collected == "financed" and fee.on_change for fee in fees)

    @property
    def apart(self) -> Decimal:
        """What stays owed beside the instalments."""
        if self.arrangement is None:
            return self.schedule.loan.money(0)
        return self.arrangement.latest.apart.total

    @property
    def rates(self) -> tuple[tuple[date, Fraction], ...]:
        """The nominal rates a year by which interest accrues, each with its first day."""
        dates = [self.schedule.loan.start, *self.schedule.accrual_dates.tolist()]
        opened = max((day for day in dates if day <= self.on), default=dates[0])
        periods = self.schedule.rate_periods
        found: list[tuple[date, Fraction]] = []
        for period, after in zip_longest(periods, periods[1:]):
            start, end = (
                max(period.start, opened),
                min(after.start if after else date.max, dates[-1]),
            )
            if end <= max(start, self.on) or period.waived:
                continue
            if not found or found[-1][1] != period.rate:
                found.append((start, period.rate))
        return tuple(found)

    def early(self, fee: Decimal | Fraction | SettlementFee | None) -> tuple[Settlement, ...]:
        """Return quotes for settling after the first payment, and half-way."""
        falls = self.schedule.accrual_dates.tolist()
        dues = [
            day
            for row, day in zip(self.schedule, falls, strict=True)
            if row.number and row.payment and day > self.on and row.closing
        ]
        found = []
        for day in dict.fromkeys((*dues[:1], *dues[len(dues) // 2 :][:1])):
            try:
                found.append(settle(self.schedule, on=day, fee=fee))
            except RepayError:  # such as a settlement that the schedule has already
                continue
        return tuple(found)

    def prices(
        self,
        breach: Breach,
        penalty: Steps[PenaltyTerms] | None,
        allocation: Allocation | None,
    ) -> tuple[BreachOutcome, ...]:
        """Return what a breach costs after no payment, and half-way; nothing if none can be."""
        count = len(self.paid)
        found = []
        for after in dict.fromkeys((0, count // 2)):
            if after >= count:
                continue
            try:
                if self.arrangement is not None:
                    found.append(self.arrangement.if_breached(after))
                else:
                    found.append(price_of_breach(self, breach, penalty, allocation, after))
            except RepayError:  # such as a rule that missing all instalments does not break
                return ()
        return tuple(found)


def _charged(plan: Schedule, first: date, last: date = date.max) -> Decimal:
    """Return what the fees of some days come to, with the tax on them."""
    falls = plan.accrual_dates.tolist()
    within = (charge for charge in plan.fee_charges if first <= falls[charge.row] <= last)
    return plan.loan.money(sum(fee.amount + fee.tax for fee in within))


def begins_on(schedule: Schedule, before: Schedule) -> date:
    """Return the day from which what was agreed differs: that of the earliest new change."""
    if schedule.loan != before.loan:
        return schedule.loan.start
    new = schedule.change_days[len(before.changes) :]
    return min(new, default=schedule.loan.start)


def rows_from(schedule: Schedule, before: Schedule, on: date) -> tuple[Row, ...]:
    """Return the rows that fall under an agreement.

    What falls due on its day is paid before it, as on any day of a change. What the agreement
    itself brings on that day, such as a prepayment, is a row of its own, by what it adds.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> row = rows_from(rp.prepay(plan, "2000", with_payment=3), plan, plan[2].date)[0]
    >>> row.number, row.opening, row.payment, row.closing
    (0, Decimal('7610.80'), Decimal('2000.00'), Decimal('5610.80'))
    """
    if on <= schedule.loan.start:
        return tuple(row for row, _ in rows_in_money(schedule))
    later = [row for row, falls in rows_in_money(schedule) if falls > on]
    if on == begins_on(schedule, before) and (added := _added(schedule, before, on)) is not None:
        return (added, *later)
    return tuple(later)


def _added(schedule: Schedule, before: Schedule, on: date) -> Row | None:
    """Return what an agreement brings on its day, besides what falls due on it anyway."""
    new, old = (
        [row for row, falls in rows_in_money(plan) if falls == on] for plan in (schedule, before)
    )
    if not new or new == old:
        return None
    zero = schedule.loan.money(0)
    flows: dict[str, Any] = {
        name: subtract(
            add(zero, *(getattr(row, name) for row in new)), *(getattr(row, name) for row in old)
        )
        for name in (*COLUMNS, "prepaid", "accrued")
    }
    opening = old[-1].closing if old else new[0].opening
    return new[-1]._replace(number=0, opening=opening, **flows) if any(flows.values()) else None


def owed_on(plan: Schedule, on: date) -> Balances:
    """Return what is owed on a day of a schedule that was kept, by kind."""
    money, zero = plan.loan.money, plan.loan.money(0)
    principal, deferred = plan.loan.principal, zero
    on_due_date = on <= plan.loan.start
    for row, falls in zip(plan, plan.accrual_dates.tolist(), strict=True):
        if falls > on or (falls == on == plan.loan.start):
            break
        principal, deferred = row.closing, row.deferred
        on_due_date = falls == on
    interest = fees = penalty = zero
    arrears = plan.columns["arrears"].any()
    if (arrears or not on_due_date) and plan.loan.start < on < plan.accrual_dates.tolist()[-1]:
        quote = settle(plan, on=paid_day(on, plan.ledger), fee="0")
        interest, fees, penalty = quote.interest, quote.fee, quote.penalty
    return Balances(
        money(plan.loan.signed(principal)), interest, deferred, fees, penalty, zero, zero
    )


def price_of_breach(
    agreed: AgreedFigures,
    breach: Breach,
    penalty: Steps[PenaltyTerms] | None,
    allocation: Allocation | None,
    after: int,
) -> BreachOutcome:
    """Price a breach of a schedule that was kept so far: some payments are made, then none.

    Raises
    ------
    RepayError
        If missing all of them breaks nothing, or no statement can be made.
    """
    terms: dict[str, Any] = {"penalty": penalty, "allocation": allocation}
    if agreed.statement is not None:
        options = agreed.statement.terms.options
        terms |= {name: options[name] for name in ("interest", "rest")}
    begun = agreed.on <= begins_on(agreed.schedule, agreed.before)
    so_far = agreed.before if begun else agreed.schedule
    receipts: list[AccountEvent] = [
        Receipt(row.date, row.payment)
        for row, falls in rows_in_money(so_far)
        if row.payment > 0 and falls <= agreed.on and agreed.on > so_far.loan.start
    ]
    made = [Receipt(row.date, row.payment) for row in agreed.paid[:after] if row.payment > 0]
    given = [*receipts, *made]
    far = agreed.schedule.maturity + timedelta(days=(breach.days or 0) + 1)
    on = first_breach(agreed.schedule, breach, given, far, terms)
    if on is None:
        raise RepayError(
            "breach",
            Phrase("{}", breach),
            "a rule that missing all breaks",
            Hint("write such as {}", days=30),
        )
    kept = statement(agreed.schedule, given, as_of=on, **terms)
    without = statement(agreed.before, given, as_of=on, **terms)
    owed = without
    if breach.reinstates != "old_terms":
        events = [*given, *consequences_of(breach, on, agreed.on, agreed.rows)]
        owed = statement(agreed.schedule, events, as_of=on, **terms)
    return outcome_of(after, on, made, owed=owed, kept=kept, without=without)


def certified(text: str, agreed: AgreedFigures) -> Certificate:
    """Return the certificate of an agreement with this text and these figures."""
    before, after, on = agreed.before, agreed.schedule, agreed.on
    at_once = on <= after.loan.start
    if at_once or before.loan != after.loan or on != begins_on(after, before):
        before = after  # which has nothing to compare
    plans = {"after": after} if before is after else {"before": before, "after": after}
    days, columns = after.accrual_dates.tolist(), after.columns
    due = [
        (str(row), int(payment))
        for row, day, payment in zip(
            columns.date.tolist(), days, columns.payment.tolist(), strict=True
        )
        if day > on or at_once
    ]
    if len(agreed.rows) > len(due):
        more = total_of(after, "payment", first=on, last=on)
        due.insert(0, (str(on), more - total_of(before, "payment", first=on, last=on)))
    payments = []
    for row, (day, follows) in zip(agreed.rows, due, strict=True):
        amount = minor_of(row.payment, after.loan.decimals)
        plain: dict[str, Any] = {"date": day, "amount": digits(amount)}
        payments.append(plain | ({"apart": digits(amount - follows)} if amount != follows else {}))
    content: dict[str, Any] = {
        "on": str(on),
        "text": text,
        "payments": payments,
        "total": digits(minor_of(agreed.total("payment"), after.loan.decimals)),
        "certificates": {name: certify(plan).sha256 for name, plan in plans.items()},
        **{name: content_of(plan) for name, plan in plans.items()},
    }
    return Certificate("agreement", content)
