"""Lives of loans as another platform wrote them down, told in the public names of repaylib.

A life is a script: steps that are done, and tables that are expected after them. :func:`figures`
gives every figure of those tables beside ours (which :mod:`tests.published.serviced_loans_tables` reads off statements).
The words of a product's name are that platform's conventions; :class:`Product` is what they mean
here. A step that is not known is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import repaylib as rp
from repaylib.arrears import Statement
from tests.published.serviced_loans_tables import (
    NIL,
    Event,
    Line,
    lines,
    receipt_parts,
    total,
    transactions,
)

Table = list[dict[str, str]]

#: How many due dates a list of them has beyond the last.
SPARE = 36

#: What a rescheduling says.
RESCHEDULED = {
    *("rescheduleFromDate", "submittedOnDate", "adjustedDueDate"),
    *("graceOnPrincipal", "extraTerms", "newInterestRate"),
}

#: Steps of the platform's own housekeeping.
HOUSEKEEPING = ("puts ", "removes ", "runs inline COB")


@dataclass(frozen=True)
class Product:
    """What a product of the platform agrees, by the words of its name."""

    name: str

    @property
    def multiple(self) -> str | None:
        """Its instalments are whole units, but for those of the newer engine ("EMI")."""
        return None if "EMI" in self.name else "1"

    @property
    def older(self) -> bool:
        return self.name.startswith("LP1")

    @property
    def recalculates(self) -> bool:
        return "RECALCULATION" in self.name

    @property
    def down(self) -> Decimal:
        return Decimal("0.25") if "DOWNPAYMENT" in self.name else NIL

    @property
    def words(self) -> dict[str, Any]:
        """The words of a statement."""
        rests = ("RECALCULATION_SAME_AS_REPAYMENT", "SARP", "TILL_REST_FREQUENCY")
        rest = self.recalculates and any(word in self.name for word in rests)
        return {
            "interest": "balance" if self.recalculates else "schedule",
            "rest": "due_date" if rest else "day",
        }

    def day_count(self, period: str) -> str:
        if "COMPOUNDING" in self.name and "COMPOUNDING_NONE" not in self.name:
            raise NotImplementedError(f"interest on interest, {self.name}")
        for word, day_count in (
            ("360_30", "periodic"),
            ("365_ACTUAL", "actual/365"),
            ("ACTUAL_ACTUAL", "actual/actual ISDA"),
        ):
            if word in self.name:
                return day_count
        return "periodic" if period == "SAME_AS_REPAYMENT_PERIOD" else "actual/365"

    def whole(self, amount: Decimal) -> Decimal:
        unit = Decimal(self.multiple or "0.01")
        return (amount / unit).quantize(Decimal(1), rounding=ROUND_HALF_EVEN) * unit


def allocation(words: str) -> rp.Allocation:
    """Read a payment strategy: components in order, and apart from them those in advance."""
    due, _, ahead = words.removeprefix("DUE_").removesuffix("_ORDER").partition("_IN_ADVANCE_")
    if words == "ADVANCED_PAYMENT_ALLOCATION":
        due, ahead = "PENALTY_FEE_INTEREST_PRINCIPAL", ""
    short = {"FEES": "FEE", "PENALTIES": "PENALTY"}

    def order(text: str) -> list[str]:
        return ["costs", *(short.get(each, each).lower() for each in text.split("_"))]

    ages = ("past due", "due", "in advance")
    found = {age: order(ahead if ahead and age == "in advance" else due) for age in ages}
    return rp.Allocation([(age, each) for age in ages for each in found[age]])


@dataclass
class Life:
    """What was agreed and has happened, up to a day."""

    product: Product
    terms: dict[str, Any] = field(default_factory=dict)
    approved: Decimal = NIL
    words: dict[str, Any] = field(default_factory=dict)
    changes: list[Any] = field(default_factory=list)
    lent: list[tuple[date, Decimal]] = field(default_factory=list)
    happened: list[Event] = field(default_factory=list)
    agreed: list[tuple[date, rp.arrears.Arrangement, bool]] = field(default_factory=list)
    today: date = date.min

    # -- as agreed --------------------------------------------------------------------

    @property
    def loan(self) -> rp.Loan:
        return rp.Loan(**self.terms)

    @property
    def plan(self) -> rp.Schedule:
        return rp.amortise(self.loan, *self.changes)

    def create(self, row: Mapping[str, str]) -> None:
        unit = {"MONTHS": "month", "DAYS": "day", "WEEKS": "week", "YEARS": "year"}
        step, every = row["repaymentEvery"], unit[row["repaymentFrequencyType"]]
        flat = row["interest type"] == "FLAT"
        level = row["amortization type"] == "EQUAL_INSTALLMENTS"
        payments = int(row["numberOfRepayments"])
        self.approved = Decimal(row["with Principal"])
        self.today = date.fromisoformat(row["submitted on date"])
        self.terms = {
            "principal": self.approved,
            "rate": f"{row['ANNUAL interest rate %']}%",
            "payments": payments,
            "start": self.today,
            "every": every if step == "1" else f"{step} {every}s",
            "method": "flat" if flat else "level" if level else "equal_principal",
            "day_count": self.product.day_count(row["interest calculation period"]),
            "instalment_multiple": self.product.multiple,
            "rounding": "half_even",
        }
        self.words = self.product.words | {"allocation": allocation(row["Payment strategy"])}
        grace = int(row["graceOnPrincipalPayment"])
        free = max(int(row["graceOnInterestPayment"]), int(row["interest free period"]))
        if self.terms["method"] == "level" and self.product.older and not grace and not free:
            self._equal_periods()
        self._grace(grace, free)
        if self.product.down:
            down = self.product.whole(self.approved * self.product.down)
            self.changes.append(rp.changes.Prepayment(down, on=self.today, hold="maturity"))

    def _equal_periods(self) -> None:
        """The older engine solves the instalment as if all months had 30 days."""
        days = {"periodic": None, "actual/365": Decimal(30) / 365}[self.terms["day_count"]]
        share = Decimal(1) / 12 if days is None else days
        if self.terms["every"] == "month" and self.terms["rate"] != "0%":
            rate = Decimal(self.terms["rate"][:-1]) / 100 * share
            level = rp.rates.level_payment(self.approved, rate, self.terms["payments"])
            self.terms["instalment"] = self.product.whole(level)

    def _grace(self, principal: int, interest: int) -> None:
        if principal:
            self.changes.append(
                rp.changes.Deferral(1, principal, pause="principal", hold="maturity")
            )
        if interest:
            assert interest <= principal, "principal while its interest is deferred"
            self.changes.append(rp.changes.Deferral(1, interest, repay="next", hold="maturity"))

    # -- what happens -----------------------------------------------------------------

    def disburse(self, on: date, amount: Decimal) -> None:
        if self.lent:
            self.changes.append(rp.changes.Advance(amount, on=on, hold="last"))
        else:
            self.terms |= {"principal": amount, "start": on}
            if "DOWNPAYMENT_AUTO" in self.product.name:
                self.receive(on, self.product.whole(amount * self.product.down))
        self.lent.append((on, amount))

    def receive(self, on: date, amount: Decimal) -> None:
        """The older engine lowers the instalments by an excess on a due date."""
        lowers = self.product.older and self.product.recalculates
        due = any(row.date == on for row in self.plan)
        self.happened.append(rp.Receipt(on, amount, ahead="maturity" if lowers and due else None))

    def reschedule(self, row: Mapping[str, str]) -> None:
        if unknown := set(row) - RESCHEDULED:
            raise NotImplementedError(f"rescheduling by {sorted(unknown)}")
        first = date.fromisoformat(row["rescheduleFromDate"])
        rows = [each for each in self.plan if each.number and each.date > self.loan.start]
        number = next(each.number for each in rows if each.date >= first)
        if "adjustedDueDate" in row:
            self._move(number, [each.date for each in rows], row["adjustedDueDate"])
        if "graceOnPrincipal" in row:
            periods = int(row["graceOnPrincipal"])
            self.changes.append(rp.changes.Deferral(number, periods, pause="principal"))
        if "extraTerms" in row:
            left = self.plan[-1].number - number + 1
            more = rp.changes.Rescheduling(left + int(row["extraTerms"]), payment=number)
            self.changes.append(more)
        if "newInterestRate" in row:
            self.new_rate(first, f"{row['newInterestRate']}%")

    def new_rate(self, day: date, rate: str) -> None:
        """There a day owns the night before it: what holds from a day is from the day before."""
        self.changes.append(
            rp.changes.RateChange(rate, on=day - timedelta(days=1), hold="maturity")
        )

    def pause(self, first: date, last: date) -> None:
        """No interest for the nights of these days, both of them included."""
        on = first - timedelta(days=1)
        self.changes.append(rp.changes.RateChange("0%", on=on, until=last, hold="last"))

    def _move(self, number: int, days: Sequence[date], to: str) -> None:
        """The due date `number` is another day, and those after it follow on that.

        The list of due dates goes on beyond the last, for terms that are added later.
        """
        count = len(days) - number + 1 + SPARE
        every, start = self.terms["every"], self.terms["start"]
        rest = rp.Loan(count, "0%", count, start, first_payment=to, every=every)
        self.terms["every"] = [*days[: number - 1], *(row.date for row in rp.amortise(rest))]
        if self.terms["day_count"] == "periodic":  # listed due dates are no regular periods
            self.terms["day_count"] = "30/360 ISDA"

    def re_age(self, row: Mapping[str, str]) -> None:
        unit = {"MONTHS": "month", "DAYS": "day", "WEEKS": "week"}[row["frequencyType"]]
        number = row["frequencyNumber"]
        new = rp.renegotiate(
            self.statement(self.today),
            payments=int(row["numberOfInstallments"]),
            every=unit if number == "1" else f"{number} {unit}s",
            first_payment=row["startDate"],
            agreed=self.today,
        )
        self.agreed.append((self.today, new, True))

    def re_amortise(self) -> None:
        """What is overdue is spread over the instalments that are left."""
        new = rp.renegotiate(self.statement(self.today), agreed=self.today)
        self.agreed.append((self.today, new, True))

    def undo(self) -> None:
        on, new, _ = self.agreed[-1]
        self.agreed[-1] = (on, new, False)

    # -- how it stands ----------------------------------------------------------------

    @property
    def arrangement(self) -> rp.arrears.Arrangement | None:
        return next((new for _, new, stands in reversed(self.agreed) if stands), None)

    def before(self, day: date, happened: Sequence[Event] | None = None) -> Statement:
        events = self.happened if happened is None else happened
        return rp.statement(self.plan, events, as_of=day, **self.words)

    def statement(self, day: date) -> Statement:
        new = self.arrangement
        owed = self.before(day) if new is None else new.statement(self.happened, as_of=day)
        owed.check()
        return owed


# -- scripts ------------------------------------------------------------------------------


STEPS: tuple[tuple[str, Callable[[Life, Mapping[str, str], re.Match[str]], object]], ...] = (
    (r'business date to "(.*)"', lambda life, _, m: setattr(life, "today", _day(m[1]))),
    (r"creates a fully customized loan", lambda life, row, _: life.create(row)),
    (
        r'disburse the loan on "(.*)" with "(.*)" EUR',
        lambda life, _, m: life.disburse(_day(m[1]), Decimal(m[2])),
    ),
    (
        r'makes ".*" repayment on "(.*)" with (.*) EUR',
        lambda life, _, m: life.receive(_day(m[1]), Decimal(m[2])),
    ),
    (
        r'Pay-off is made on "(.*)"',
        lambda life, _, m: life.receive(_day(m[1]), life.statement(_day(m[1])).payoff),
    ),
    (
        r'adds "(.*)" due date charge with "(.*)" due date and (.*) EUR',
        lambda life, _, m: life.happened.append(
            rp.arrears.Charge(m[2], m[3], "penalty" if "NSF" in m[1] else "fee", name=m[1])
        ),
    ),
    (r"creates and approves Loan reschedule", lambda life, row, _: life.reschedule(row)),
    (r"creates a Loan re-aging", lambda life, row, _: life.re_age(row)),
    (r"creates a Loan re-amortization", lambda life, row, _: life.re_amortise()),
    (r"undo Loan re-(aging|amortization)", lambda life, row, _: life.undo()),
)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def do(life: Life, text: str, rows: Table) -> None:
    """Do one step of a script."""
    for pattern, step in STEPS:
        if found := re.search(pattern, text):
            step(life, rows[0] if rows else {}, found)
            return
    if not any(word in text for word in HOUSEKEEPING):
        raise NotImplementedError(text)


Figure = tuple[str, str]


def beside(where: str, theirs: Table, ours: Sequence[Line]) -> Iterator[tuple[str, Figure]]:
    """Yield each figure of a table of theirs beside ours, both as text."""
    yield f"{where} lines", (str(len(theirs)), str(len(ours)))
    for number, (row, line) in enumerate(zip(theirs, ours, strict=False)):
        for column, figure in row.items():
            mine = line.get(column)
            try:
                shown = f"{Decimal(figure):.2f}"
                mine = f"{mine:.2f}"
            except ArithmeticError:
                shown = figure
            yield f"{where} {number} {column}", (shown, "" if mine is None else str(mine))


def figures(case: Mapping[str, Any]) -> dict[str, Figure]:
    """Return every figure of a life by its place: theirs, and ours."""
    if "script" not in case["expected"]:
        return dict(_plain(case))
    life = Life(Product(case["inputs"]["product"]))
    found: dict[str, Figure] = {}
    for number, step in enumerate(case["expected"]["script"], 1):
        rows = step.get("rows", [])
        if "do" in step:
            do(life, step["do"], rows)
            continue
        text, where = step["expect"], f"step {number}"
        if "Total row" in text:
            found |= dict(beside(f"{where} total", rows, [total(life)]))
        elif "Transactions tab" in text:
            found |= dict(beside(f"{where} transaction", rows, transactions(life)))
        elif "for periods" in text:
            found |= dict(beside(f"{where} row", rows, lines(life)))
        else:
            do(life, text, rows)
    return found


# -- lives without a script ---------------------------------------------------------------

DAYS = {"30/360": "periodic", "360/30": "periodic", "ACTUAL/ACTUAL": "actual/actual ISDA"}
MISSING = {"first day of next month": "next", "last day of month": "last"}
COLUMNS = {
    "nr": "Nr",
    "days": "Days",
    "due": "Date",
    "balance": "Balance of loan",
    "principal": "Principal due",
    "interest": "Interest",
    "due_total": "Due",
}


def _plain(case: Mapping[str, Any]) -> Iterator[tuple[str, Figure]]:
    given, expected = case["inputs"]["loan"], case["expected"]
    life = Life(Product("EMI RECALCULATION"))
    life.today = _day(given["disbursed"])
    days = given.get("days") or f"{given['days_in_year']}/{given['days_in_month']}"
    life.terms = {
        "principal": given["amount"],
        "rate": f"{given['annual_rate_percent']}%",
        "payments": given["installments"],
        "start": life.today,
        "every": {"1 MONTHS": "month"}[given["repay_every"]],
        "day_count": DAYS[days],
        "missing_day": MISSING[given.get("missing_day", "last day of month")],
        "rounding": "half_even",
    }
    life.words = life.product.words
    life.disburse(life.today, Decimal(given["amount"]))
    before = lines(life)
    for action in case["inputs"]["actions"]:
        if action["do"] == "repayment":
            life.today = _day(action["date"])
            life.receive(life.today, Decimal(action["amount"]))
        elif action["do"] == "interest pause":
            life.pause(_day(action["from"]), _day(action["to"]))
        elif action["do"] == "new rate":
            life.today = _day(action["entered_on"])
            life.new_rate(_day(action["reschedule_from"]), f"{action['annual_rate_percent']}%")
        else:
            raise NotImplementedError(action["do"])
    after, sums = lines(life), total(life)
    known = {"total_interest": "Interest", "total_due": "Due", "outstanding": "Outstanding"}
    for name, theirs in expected.items():
        if name in ("schedule_before", "schedule_after"):
            ours = (before if name == "schedule_before" else after)[1:]
            table = [{COLUMNS[key]: figure for key, figure in row.items()} for row in theirs]
            yield from beside(name, table, ours)
        elif name in known:
            yield from beside(name, [{known[name]: theirs}], [sums])
        elif name.startswith("paid_in_advance_on_"):
            line = after[int(name.rpartition("_")[2])]
            yield from beside(name, [{"In advance": theirs}], [line])
        elif name.startswith("replayed_payment_"):
            on = _day(name.rpartition("_")[2])
            index = next(n for n, each in enumerate(life.happened) if each.on == on)
            yield from beside(name, [theirs], [receipt_parts(life, index)])
        else:
            raise NotImplementedError(name)
