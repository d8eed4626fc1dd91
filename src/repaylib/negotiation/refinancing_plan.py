"""A refinancing: what pays off the old loans, and what staying and switching cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any, NamedTuple

from repaylib.dates.months import add_months, months_elapsed
from repaylib.measures.break_even import BreakEven, break_even
from repaylib.money.amounts import add, subtract
from repaylib.money.counts import place_of
from repaylib.negotiation.refinancing_flows import (
    Flows,
    by_month,
    left_after,
    net_flows,
    owed_on,
    paid_out_by,
)
from repaylib.output.formats import Tabular
from repaylib.output.tables import Cut, Printed, Table
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.settlement import Settlement
from repaylib.typing import Lang
from repaylib.wording.sentence import (
    NOTHING,
    Listed,
    Money,
    Sentence,
    WordedText,
    indented,
    lines_of,
    parse_language,
)

__all__ = ["Refinancing", "RefinancingMonth"]

#: The longest name of a loan in a table.
NAME_WIDTH = 24


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
class Refinancing(Tabular, Printed):
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
        names = {
            1: WordedText(Sentence("refinance.switch")),
            -1: WordedText(Sentence("refinance.stay")),
        }
        less: dict[int, str] = {**names, 0: ""}
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
        stay, switch = by_month(self._stay(), self.on), by_month(self._switch(), self.on)
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
        return self._money(by_month(self._stay(), self.on).get(1, 0))

    @property
    def monthly_after(self) -> Decimal:
        """What the new loan takes in the first month after the day."""
        return self._money(by_month(self._switch(), self.on).get(1, 0))

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
        return parse_language("en").listed(self._verdict(), "sentence")

    def _verdict(self) -> list[Sentence]:
        saving, even, turn = self.saving, self.break_even_fee, self.break_even
        key = "same" if not saving else "saves" if saving > 0 else "costs"
        sides = {"stay": self._amount(self.total_stay), "switch": self._amount(self.total_switch)}
        amount = self._amount(saving.copy_abs())
        found = [Sentence(f"refinance.{key}", amount=amount, **sides)]
        if self.cash:
            found.append(Sentence("refinance.in_cash", amount=self._amount(self.cash)))
        if self.paid_out:
            found.append(Sentence("refinance.received", amount=self._amount(self.paid_out)))
        if self.maturity_after > self.maturity_before:
            ends = {"before": self.maturity_before, "after": self.maturity_after}
            found.append(Sentence("refinance.ends", **ends, later=self._span))
            months = self._amount(self.monthly_before), self._amount(self.monthly_after)
            found.append(Sentence("refinance.month", before=months[0], after=months[1]))
        if even > 0:
            found.append(Sentence("refinance.even", fee=self._amount(even)))
        elif saving < 0:
            found.append(Sentence("refinance.never"))
        if turn:
            key = f"refinance.turn.{turn.before}.{turn.after}"
            found.append(Sentence(key, day=turn.day, month=turn.months))
        return found

    def explain(self, *, lang: Lang = "en") -> str:
        """Return how each sum is made up, a line or two a sum.

        Parameters
        ----------
        lang
            The language: ``"en"``, or ``"zh"`` for Chinese.
        """
        return parse_language(lang).render(lines_of(*self._sums()))

    def _sums(self) -> Iterator[object]:
        paid_out, opening = paid_out_by(self.new), self.new.opening_balance
        yield _sum("paid_off", on=self.on, amount=self.payoff)
        for name, quote in zip(self.names, self.quotes, strict=True):
            parts = [
                Sentence("amount_of", name=part, amount=f"{amount:,f}")
                for part, amount in _parts(quote).items()
                if amount
            ]
            plus = Listed(parts, "plus") if parts else Sentence("nothing")
            yield indented(_sum("quote", name=name, amount=quote.total, parts=plus))
        key = "kept" if opening > paid_out else "lent"
        lent = {"lent": self._money(opening), "kept": self._money(opening - paid_out)}
        yield _sum(key, amount=self._money(paid_out), **lent)
        if self.cash or self.paid_out:
            key = "cash" if self.cash else "received"
            yield indented(_sum(key, amount=self.cash or self.paid_out))
        yield _sum("stay", amount=self.total_stay)
        for name, quote in zip(self.names, self.quotes, strict=True):
            yield indented(self._paid(name, left_after(quote)))
        yield _sum("switch", amount=self.total_switch)
        yield indented(self._paid(Sentence("refinance.sum.new"), self._switch()))
        sides = {"stay": self.total_stay, "switch": self.total_switch}
        yield _sum("saving", amount=self.saving, **sides)
        yield _sum("even", amount=self.break_even_fee, saving=self.saving, fees=self.start_fees)

    def _tables(self) -> list[Table]:
        return [self._payoffs(), self._sides()]

    def __repr__(self) -> str:
        return f"<Refinancing of {', '.join(self.names)}: {self.saving:,f} saved>"

    def _data(self) -> dict[str, list[Any]]:
        """Return the months, a row a month."""
        columns = zip(*self.months, strict=True)
        return dict(zip(RefinancingMonth._fields, map(list, columns), strict=True))

    def _payoffs(self) -> Table:
        every = [_parts(quote) for quote in self.quotes]
        shown = [
            part
            for place, part in enumerate(every[0])
            if place < 2 or any(parts[part] for parts in every)
        ]
        rows = [
            [Cut(name, NAME_WIDTH), *(f"{parts[part]:,f}" for part in shown), f"{quote.total:,f}"]
            for name, parts, quote in zip(self.names, every, self.quotes, strict=True)
        ]
        title, total = Sentence("refinance.paid_off", on=self.on), Sentence("quote.total")
        sums = [f"{add(*(parts[part] for parts in every)):,f}" for part in shown]
        footer = [Sentence("refinance.in_all"), *sums, f"{self.payoff:,f}"]
        return Table([title, *shown, total], rows, footer, caption=title)

    def _sides(self) -> Table:
        stay, switch = self._stay(), self._switch()
        at_once = [self._money(side.get(self.on, 0)) for side in (stay, switch)]
        amounts: dict[str, Sequence[Decimal]] = {
            "on_the_day": at_once,
            "first_month": (self.monthly_before, self.monthly_after),
            "largest_month": (self.largest_before, self.largest_after),
            "in_all": (self.total_stay, self.total_switch),
        }
        rows: list[list[object]] = [
            [Sentence(f"refinance.{name}"), f"{old:,f}", f"{new:,f}", _signed(subtract(new, old))]
            for name, (old, new) in amounts.items()
            if name != "on_the_day" or old or new
        ]
        ends = [str(self.maturity_before), str(self.maturity_after)]
        rows.insert(-1, [Sentence("refinance.last_payment"), *ends, self._span])
        names = ("to_pay", "stay", "switch", "difference")
        header = [Sentence(f"refinance.{name}") for name in names]
        verdict = self._verdict()
        return Table(header, rows, caption=Listed(verdict, "line"), below=["", *verdict])

    @property
    def _span(self) -> Sentence | str:
        """How much later or sooner the new loan ends; empty if it does not."""
        first, last = sorted((self.maturity_before, self.maturity_after))
        if first == last:
            return NOTHING
        word = "later" if last == self.maturity_after else "sooner"
        if months := months_elapsed(first, last):
            return Sentence(f"refinance.{word}.months", count=months)
        return Sentence(f"refinance.{word}.days", count=(last - first).days)

    def _paid(self, name: object, flows: Flows) -> Sentence:
        """Return payments in words: how many, and the first and the last of them."""
        paid = [(day, self._money(amount)) for day, amount in sorted(flows.items()) if amount]
        if not paid:
            return _sum("none", name=name)
        (start, first), (end, last) = paid[0], paid[-1]
        ends = {"start": start, "first": first, "end": end, "last": last}
        total = self._money(sum(flows.values()))
        return _sum("flows", name=name, amount=total, count=len(paid), **ends)

    # -- sums -----------------------------------------------------------------------------

    def _money(self, minor: int) -> Decimal:
        return self.new.loan.money(minor)

    def _amount(self, amount: Decimal) -> Money:
        return Money(amount, self.new.loan.currency)

    def _stay(self) -> Flows:
        """Return what is paid on the old loans if they stay."""
        sums: Flows = {}
        for quote in self.quotes:
            for day, amount in left_after(quote).items():
                sums[day] = sums.get(day, 0) + amount
        return sums

    def _switch(self) -> Flows:
        """Return what is paid on the new loan and, on the day, in cash."""
        rest = owed_on(self.quotes) - paid_out_by(self.new)
        received = self.new.opening_balance - paid_out_by(self.new)
        sums = net_flows(self.new)
        sums[self.on] = sums.get(self.on, 0) - received + rest
        return sums

    def _largest(self, flows: Flows) -> Decimal:
        months = by_month(flows, self.on)
        return self._money(max((paid for number, paid in months.items() if number), default=0))


def _parts(quote: Settlement) -> dict[Sentence, Decimal]:
    """Return the parts of what pays a loan off, which add up to the total."""
    other = subtract(add(quote.penalty, quote.later_fees, quote.tax), quote.refund)
    return {
        Sentence("quote.principal"): quote.principal,
        Sentence("quote.interest"): add(quote.interest, quote.deferred_interest),
        Sentence("quote.arrears"): quote.arrears,
        Sentence("quote.fee"): quote.fee,
        Sentence("refinance.other"): other,
    }


def _sum(key: str, **slots: object) -> Sentence:
    """Return a line of the derivation; amounts are written with their thousands."""
    shown = {
        name: f"{slot:,f}" if isinstance(slot, Decimal) else slot for name, slot in slots.items()
    }
    return Sentence(f"refinance.sum.{key}", **shown)


def _signed(amount: Decimal) -> str:
    return f"{amount:+,f}" if amount else f"{amount:,f}"
