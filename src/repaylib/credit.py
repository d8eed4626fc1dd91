"""A credit as the laws on its price see it: what is lent and what is paid for it, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import exp, log1p
from typing import NamedTuple

from repaylib.charges import left_out
from repaylib.discounting import Exact
from repaylib.errors import AmountError, RootError, TermsError
from repaylib.flows import Dated, add_exact, dated, schedule_of
from repaylib.schedule import Schedule

__all__ = ["Credit", "chosen", "read_credit"]


class Credit(NamedTuple):
    """What is lent and paid, netted day by day.

    Attributes
    ----------
    start
        The day of the first advance.
    days
        Days on which something flows, in order.
    amounts
        What is paid on each of them less what is lent on it.
    decimals
        Amounts are major units times ``10 ** decimals``.
    schedule
        From which it was read, if it was.
    """

    start: date
    days: Sequence[date]
    amounts: Sequence[Exact]
    decimals: int = 0
    schedule: Schedule | None = None

    def from_the_advance(self, rule: str) -> Credit:
        """Return the credit if it begins with an advance, as some rules want it.

        Raises
        ------
        TermsError
            If something is paid before, or on the day of the first advance as much as is lent.
        """
        if self.days[0] < self.start:
            raise TermsError(
                "payments",
                self.days[0].isoformat(),
                f"none before the first advance on {self.start}, from which rule={rule!r} counts",
                "give charges paid before the day of the first advance, from which they are taken "
                'off; rule="eu" counts the time before it',
            )
        if self.amounts[0] > 0:
            raise TermsError(
                "payments",
                f"{self.start}",
                "less paid on the day of the first advance than is lent, or nothing is financed",
                "leave out what is no charge for this credit; rp.xirr takes flows of any kind",
            )
        return self

    @property
    def single(self) -> bool:
        """Whether there is one advance and one payment."""
        return len(self.days) == 2

    def __str__(self) -> str:
        return f"{len(self.days)} flows from {self.days[0]} to {self.days[-1]}"


def read_credit(
    flows: object, advances: object = None, payments: object = None, without: Sequence[str] = ()
) -> Credit:
    """Read a credit: from a schedule, a loan, a settlement, signed flows, or both sides apart.

    Parameters
    ----------
    without
        Names or payees of fees that are no charge for the credit.

    Raises
    ------
    RepayError
        If there is no advance or no payment, or an amount or a day cannot be read.
    """
    if flows is None:
        return _two_sides(advances, payments)
    for name, value in (("advances", advances), ("payments", payments)):
        if value is not None:
            raise TermsError(name, "some", "none beside flows, which have both", "leave one out")
    schedule = schedule_of(flows)
    if schedule is not None:
        return _of_schedule(schedule, without)
    if without:
        raise TermsError(
            "without", without, "a schedule, whose fees have names", "leave the flows of it out"
        )
    found = dated(flows)
    if not found.days:
        raise _one_sided("flows", "an advance, and payments for it")
    sign = -1 if found.amounts[0] > 0 else 1
    return _credit(found, sign, date.fromordinal(found.days[0]))


def _two_sides(advances: object, payments: object) -> Credit:
    sides = []
    for name, value in (("advances", advances), ("payments", payments)):
        if value is None:
            raise _one_sided(name, "pairs of a day and an amount")
        side = dated(value)
        if any(amount < 0 for amount in side.amounts):
            raise AmountError(
                name, value, "amounts of zero or more", "write a negative one on the other side"
            )
        sides.append(side)
    lent, paid = sides
    if not lent.days:
        raise _one_sided("advances", "an advance")
    sums: dict[int, Exact] = dict(zip(paid.days, paid.amounts, strict=True))
    for day, amount in zip(lent.days, lent.amounts, strict=True):
        sums[day] = add_exact(sums.get(day, 0), -amount)
    kept = sorted((day, amount) for day, amount in sums.items() if amount)
    net = Dated([day for day, _ in kept], [amount for _, amount in kept])
    return _credit(net, 1, date.fromordinal(lent.days[0]))


def _one_sided(parameter: str, expected: str) -> TermsError:
    return TermsError(
        parameter, None, expected, 'write advances=[("2024-01-10", "10000")], payments=[...]'
    )


def _credit(flows: Dated, sign: int, start: date) -> Credit:
    days = [date.fromordinal(day) for day in flows.days]
    amounts = [amount if sign > 0 else -amount for amount in flows.amounts]
    return Credit(start, days, amounts, flows.decimals)


def _of_schedule(schedule: Schedule, without: Sequence[str]) -> Credit:
    loan = schedule.loan
    sums: dict[date, int] = {loan.start: -schedule._lent}
    apart = left_out(schedule, without) if without else {}
    net = schedule.columns["net"].tolist()
    for row, (day, amount) in enumerate(zip(schedule._falls.tolist(), net, strict=True)):
        sums[day] = sums.get(day, 0) + amount - apart.get(row, 0)
    kept = sorted((day, amount) for day, amount in sums.items() if amount)
    return Credit(
        loan.start,
        [day for day, _ in kept],
        [amount for _, amount in kept],
        loan.decimals,
        schedule,
    )


def chosen(rates: Sequence[Decimal], credit: Credit, per_year: Fraction | None = None) -> Decimal:
    """Return the rate of a credit among all that fit its flows.

    It is the only one that is not negative or, if there is none, the only negative one. Of
    several, it is the only one at which the borrower owes something from the first advance to
    the last payment: at others the lender borrows for a time.

    Parameters
    ----------
    per_year
        How often a year nominal rates are compounded; ``None`` for effective ones.

    Raises
    ------
    RootError
        If there is none, or several.
    """
    price = [rate for rate in rates if rate >= 0] or list(rates)
    if len(price) > 1:
        times = float(per_year) if per_year else 1.0
        price = [rate for rate in price if _owes(credit, float(rate) / times, times)] or price
    if len(price) == 1:
        return price[0]
    if price:
        listed = ", ".join(f"{rate * 100:.6g}%" for rate in price)
        raise RootError(
            "flows",
            str(credit),
            f"a credit that one rate fits, not {len(price)}: {listed}",
            "put the rate that is meant into rp.npv; the borrower lends to the lender for a time",
            tuple(rates),
        )
    paid = [amount for amount in credit.amounts if amount > 0]
    raise RootError(
        "flows",
        str(credit),
        "a credit that some rate above -100% fits" if paid else "some payment; nothing is paid",
        "write what is paid for it" if not paid else "put a rate into rp.npv",
    )


def _owes(credit: Credit, rate: float, times: float) -> bool:
    """Whether the borrower owes something all the time, but for the last day."""
    owed, before = 0.0, credit.days[0]
    lent = sum(-float(amount) for amount in credit.amounts if amount < 0)
    for day, amount in zip(credit.days[:-1], credit.amounts[:-1], strict=True):
        years = (day - before).days / 365.25
        if owed:
            power = times * years * log1p(rate)
            if power > 600:
                return owed > 0
            owed *= exp(power)
        owed -= float(amount)
        if day >= credit.start and owed < -1e-6 * lent:
            return False
        before = day
    return True
