"""A refinancing: what pays off the old loans, and what staying and switching cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from repaylib.dates.months import add_months, months_elapsed
from repaylib.measures.break_even import BreakEven, break_even
from repaylib.money.amounts import add, subtract
from repaylib.money.counts import place_of
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table
from repaylib.output.widths import cut
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.settlement import Settlement

__all__ = ["Refinancing", "RefinancingMonth", "owed_on", "paid_out_by"]

#: The longest name of a loan in a table.
NAME_WIDTH = 24
#: Payments less receipts of the borrower by day, in minor units.
Flows = dict[date, int]


class RefinancingMonth(NamedTuple):
    """One month of a refinancing. Amounts are in major units, less what is received.

    Attributes
    ----------
    number
        Of the month, from 1; 0 is the day of the refinancing itself.
    until
        Its last day; it begins the day after the month before it ends.
    stay
        What is paid on the old loans.
    switch
        What is paid on the new one; on the day itself also what is paid in cash.
    saved
        How much less the switch has cost up to then; below zero, how much more.
    """

    number: int
    until: date
    stay: Decimal
    switch: Decimal
    saved: Decimal


@dataclass(frozen=True, slots=True)
class Refinancing(Tabular):
    """What a new loan in the place of others costs and saves; it prints as two tables.

    Amounts are in major units, added up without discounting. What falls due on the day by the old
    loans is paid before, and is no part of either side.

    Attributes
    ----------
    on
        The day on which the old loans are paid off and the new one is paid out.
    names
        The names of the old loans.
    quotes
        What pays each of them off.
    new
        The schedule of the new loan.
    """

    on: date
    names: tuple[str, ...]
    quotes: tuple[Settlement, ...]
    new: Schedule

    def quote(self, which: str | int) -> Settlement:
        """Return what pays off the loan `which`: its name, or its place from 0.

        Raises
        ------
        ChoiceError
            If there is none; the message lists the names.
        """
        return self.quotes[place_of(which, "which", self.names)]

    # -- the day ------------------------------------------------------------------------

    @property
    def payoff(self) -> Decimal:
        """What pays off all old loans on the day."""
        return self._money(owed_on(self.quotes))

    @property
    def cash(self) -> Decimal:
        """What of it the borrower pays in cash, as the new loan pays out less."""
        return self._money(max(0, owed_on(self.quotes) - paid_out_by(self.new)))

    @property
    def paid_out(self) -> Decimal:
        """What the borrower receives, as the new loan pays out more."""
        return self._money(max(0, paid_out_by(self.new) - owed_on(self.quotes)))

    @property
    def start_fees(self) -> Decimal:
        """What the new loan charges in money at the start, with tax."""
        charged = [
            charge.amount + charge.tax
            for charge in self.new.fee_charges
            if charge.fee.when == "start" and charge.fee.collected == "paid"
        ]
        return self._money(sum(charged))

    # -- stay against switch --------------------------------------------------------------

    @property
    def total_stay(self) -> Decimal:
        """What is left to pay on the old loans after the day, with arrears on it."""
        return self._money(sum(self._stay().values()))

    @property
    def total_switch(self) -> Decimal:
        """What is to be paid with the new loan from the day on, with what is paid in cash.

        What the borrower receives is taken off.
        """
        return self._money(sum(self._switch().values()))

    @property
    def saving(self) -> Decimal:
        """How much less the switch costs in all; below zero, how much more."""
        return subtract(self.total_stay, self.total_switch)

    @property
    def break_even_fee(self) -> Decimal:
        """The largest `start_fees` with which the switch costs no more than staying.

        At zero or below, the switch does not pay even without such fees.
        """
        return add(self.saving, self.start_fees)

    @property
    def break_even(self) -> BreakEven | None:
        """When the one of both that has cost less becomes the one that has cost more, for good.

        ``None`` if one is never behind the other.
        """
        found = break_even(list(self._stay().items()), list(self._switch().items()))
        if found is None:
            return None
        day, before, after = found
        months = months_elapsed(self.on, day)
        months += add_months(self.on, months) < day
        less = {1: "switch", -1: "stay", 0: ""}
        return BreakEven(day, months, less[before], less[after])

    @property
    def cash_flows(self) -> tuple[tuple[date, Decimal], ...]:
        """What the switch saves on each day; below zero, what it costs more.

        :func:`~repaylib.npv` discounts them.
        """
        flows = self._stay()
        for day, amount in self._switch().items():
            flows[day] = flows.get(day, 0) - amount
        return tuple((day, self._money(flows[day])) for day in sorted(flows) if flows[day])

    @property
    def months(self) -> tuple[RefinancingMonth, ...]:
        """What is paid month by month; the first line is the day itself."""
        stay, switch = _by_month(self._stay(), self.on), _by_month(self._switch(), self.on)
        last = max(*stay, *switch)
        paid = [(stay.get(number, 0), switch.get(number, 0)) for number in range(last + 1)]
        saved = accumulate(old - new for old, new in paid)
        return tuple(
            RefinancingMonth(number, add_months(self.on, number), *map(self._money, (*two, ahead)))
            for number, (two, ahead) in enumerate(zip(paid, saved, strict=True))
        )

    @property
    def monthly_before(self) -> Decimal:
        """What the old loans take in the first month after the day."""
        return self._money(_by_month(self._stay(), self.on).get(1, 0))

    @property
    def monthly_after(self) -> Decimal:
        """What the new loan takes in the first month after the day."""
        return self._money(_by_month(self._switch(), self.on).get(1, 0))

    @property
    def largest_before(self) -> Decimal:
        """What the old loans take in their largest month after the day."""
        return self._largest(self._stay())

    @property
    def largest_after(self) -> Decimal:
        """What the new loan takes in its largest month after the day."""
        return self._largest(self._switch())

    @property
    def maturity_before(self) -> date:
        """The day of the last payment on the old loans."""
        return max(quote.before.maturity for quote in self.quotes)

    @property
    def maturity_after(self) -> date:
        """The day of the last payment on the new loan."""
        return self.new.maturity

    # -- text -----------------------------------------------------------------------------

    @property
    def verdict(self) -> str:
        """What the switch saves or costs, when it ends, the fee and the month of break-even."""
        saving, even = self.saving, self.break_even_fee
        instead = f"{self.total_switch:,f} to pay instead of {self.total_stay:,f}"
        amount = f"{saving.copy_abs():,f}"
        if not saving:
            parts = [f"Switching costs as much as staying, {self.total_stay:,f}."]
        elif saving > 0:
            parts = [f"Switching saves {amount}: {instead}."]
        else:
            parts = [f"Switching costs {amount} more: {instead}."]
        if self.cash:
            parts.append(f"{self.cash:,f} of it is paid in cash on the day.")
        if self.paid_out:
            parts.append(
                f"The borrower receives {self.paid_out:,f} on the day, which is taken off."
            )
        if self.maturity_after > self.maturity_before:
            parts.append(
                f"The new loan ends {self._later}, on {self.maturity_after} instead of "
                f"{self.maturity_before}; the first month takes {self.monthly_after:,f} instead "
                f"of {self.monthly_before:,f}."
            )
        if even > 0:
            parts.append(f"Break-even fee at the start: {even:,f}.")
        elif saving < 0:
            parts.append("Even without a fee paid at the start, switching costs more.")
        if turn := self.break_even:
            ahead = "ahead" if turn.before == "switch" else "behind"
            then = {"switch": "ahead", "stay": "behind", "": "level"}[turn.after]
            parts.append(
                f"The switch is {ahead} until {turn.day}, in month {turn.months}, and {then} "
                "from then on."
            )
        return " ".join(parts)

    def explain(self) -> str:
        """Return how each sum is made up, a line or two a sum."""
        kept = self._money(self.new.opening_balance - paid_out_by(self.new))
        lines = [f"paid off on {self.on}: {self.payoff:,f}"]
        for name, quote in zip(self.names, self.quotes, strict=True):
            parts = " + ".join(f"{part} {sum_:,f}" for part, sum_ in _parts(quote) if sum_)
            lines.append(f"    {name}: {quote.total:,f} = {parts or 'nothing owed'}")
        less = f" - kept back {kept:,f}" if kept else ""
        paid_out = self._money(paid_out_by(self.new))
        opening = self._money(self.new.opening_balance)
        lines.append(f"paid out by the new loan: {paid_out:,f} = lent {opening:,f}{less}")
        if self.cash or self.paid_out:
            word, rest = ("in cash", self.cash) if self.cash else ("to the borrower", self.paid_out)
            lines.append(f"    the rest, {rest:,f}, is paid {word}")
        lines.append(f"stay: {self.total_stay:,f}")
        for name, quote in zip(self.names, self.quotes, strict=True):
            lines.append(f"    {name}: {self._paid(_left(quote))}")
        lines.append(f"switch: {self.total_switch:,f}")
        lines.append(f"    new loan: {self._paid(self._switch())}")
        sums = f"stay {self.total_stay:,f} - switch {self.total_switch:,f}"
        lines.append(f"saving: {self.saving:,f} = {sums}")
        fees = f"saving {self.saving:,f} + fees at the start {self.start_fees:,f}"
        lines.append(f"break-even fee: {self.break_even_fee:,f} = {fees}")
        return "\n".join(lines)

    def _tables(self) -> list[Table]:
        return [self._payoffs(), self._sides()]

    def __repr__(self) -> str:
        return f"<Refinancing of {', '.join(self.names)}: {self.saving:,f} saved>"

    def _data(self) -> dict[str, list[Any]]:
        """Return the months, a row a month."""
        columns = zip(*self.months, strict=True)
        return dict(zip(RefinancingMonth._fields, map(list, columns), strict=True))

    def _payoffs(self) -> Table:
        names = [name for name, _ in _parts(self.quotes[0])]
        columns = list(zip(*(_parts(quote) for quote in self.quotes), strict=True))
        shown = [
            place
            for place, column in enumerate(columns)
            if names[place] in ("principal", "interest") or any(amount for _, amount in column)
        ]
        rows = [
            [
                cut(name, NAME_WIDTH),
                *(f"{_parts(quote)[place][1]:,f}" for place in shown),
                f"{quote.total:,f}",
            ]
            for name, quote in zip(self.names, self.quotes, strict=True)
        ]
        sums = [f"{add(*(amount for _, amount in columns[place])):,f}" for place in shown]
        header = [f"paid off on {self.on}", *(names[place] for place in shown), "total"]
        footer = ["in all", *sums, f"{self.payoff:,f}"]
        return Table(header, rows, footer, caption=f"paid off on {self.on}")

    def _sides(self) -> Table:
        stay, switch = self._stay(), self._switch()
        at_once = [self._money(side.get(self.on, 0)) for side in (stay, switch)]
        amounts: dict[str, Sequence[Decimal]] = {
            "on the day": at_once,
            "in the first month": (self.monthly_before, self.monthly_after),
            "in the largest month": (self.largest_before, self.largest_after),
            "in all": (self.total_stay, self.total_switch),
        }
        rows = [
            [name, f"{old:,f}", f"{new:,f}", _signed(subtract(new, old))]
            for name, (old, new) in amounts.items()
            if name != "on the day" or old or new
        ]
        ends = ["last payment", str(self.maturity_before), str(self.maturity_after)]
        rows.insert(-1, [*ends, self._later or self._sooner])
        header = ["to pay", "stay", "switch", "difference"]
        return Table(header, rows, caption=self.verdict, below=["", self.verdict])

    @property
    def _later(self) -> str:
        """How much later the new loan ends, in words; empty if it does not."""
        return _span(self.maturity_before, self.maturity_after, "later")

    @property
    def _sooner(self) -> str:
        return _span(self.maturity_after, self.maturity_before, "sooner")

    def _paid(self, flows: Flows) -> str:
        """Return payments in words: how many, and the first and the last of them."""
        paid = [(day, self._money(amount)) for day, amount in sorted(flows.items()) if amount]
        if not paid:
            return "nothing"
        (first, one), (last, other) = paid[0], paid[-1]
        count = f"{len(paid)} payment{'s' * (len(paid) != 1)}"
        ends = f"{one:,f} on {first}" + (f" to {other:,f} on {last}" if len(paid) > 1 else "")
        return f"{self._money(sum(flows.values())):,f}, {count}, {ends}"

    # -- sums -----------------------------------------------------------------------------

    def _money(self, minor: int) -> Decimal:
        return self.new.loan.money(minor)

    def _stay(self) -> Flows:
        """Return what is paid on the old loans if they stay."""
        sums: Flows = {}
        for quote in self.quotes:
            for day, amount in _left(quote).items():
                sums[day] = sums.get(day, 0) + amount
        return sums

    def _switch(self) -> Flows:
        """Return what is paid on the new loan and, on the day, in cash."""
        rest = owed_on(self.quotes) - paid_out_by(self.new)
        received = self.new.opening_balance - paid_out_by(self.new)
        sums = _net(self.new)
        sums[self.on] = sums.get(self.on, 0) - received + rest
        return sums

    def _largest(self, flows: Flows) -> Decimal:
        months = _by_month(flows, self.on)
        return self._money(max((paid for number, paid in months.items() if number), default=0))


def owed_on(quotes: Iterable[Settlement]) -> int:
    """Return what pays off the loans, in minor units."""
    return sum(quote.before.loan.signed(quote.total) for quote in quotes)


def paid_out_by(plan: Schedule) -> int:
    """Return what a loan pays out at the start, in minor units: the principal less fees kept back."""
    at_start = plan.accrual_dates == np.datetime64(plan.loan.start, "D")
    received: list[int] = plan.columns["received"][at_start].tolist()
    return plan.opening_balance + sum(received)


def _net(plan: Schedule, after: date | None = None) -> Flows:
    """Return what is paid less what is received after the principal is lent, by day."""
    days, columns = plan.accrual_dates, plan.columns
    kept = days >= days.min() if after is None else days > np.datetime64(after, "D")
    sums: Flows = {}
    amounts = columns["net"][kept].tolist()
    for day, amount in zip(columns["date"][kept].tolist(), amounts, strict=True):
        sums[day] = sums.get(day, 0) + amount
    return sums


def _left(quote: Settlement) -> Flows:
    """Return what is paid on an old loan if it stays: arrears on the day, and all later payments."""
    sums = _net(quote.before, quote.on)
    if arrears := quote.before.loan.signed(quote.arrears):
        sums[quote.on] = sums.get(quote.on, 0) + arrears
    return sums


def _by_month(flows: Flows, start: date) -> dict[int, int]:
    """Return the sums by month from a day on; 0 is the day itself."""
    sums = {0: 0}
    for day, amount in flows.items():
        months = max(0, months_elapsed(start, day))
        number = months + (add_months(start, months) < day)
        sums[number] = sums.get(number, 0) + amount
    return sums


def _parts(quote: Settlement) -> list[tuple[str, Decimal]]:
    """Return the parts of what pays a loan off, which add up to the total."""
    other = subtract(add(quote.penalty, quote.later_fees, quote.tax), quote.refund)
    return [
        ("principal", quote.principal),
        ("interest", add(quote.interest, quote.deferred_interest)),
        ("arrears", quote.arrears),
        ("fee", quote.fee),
        ("other", other),
    ]


def _signed(amount: Decimal) -> str:
    return f"{amount:+,f}" if amount else f"{amount:,f}"


def _span(start: date, end: date, word: str) -> str:
    """Return how much later one day is than another, in words; empty if it is not."""
    if end <= start:
        return ""
    count, unit = months_elapsed(start, end), "month"
    if not count:
        count, unit = (end - start).days, "day"
    return f"{count} {unit}{'s' * (count != 1)} {word}"
