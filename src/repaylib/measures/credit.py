"""A credit as the laws on its price see it: advances and payments for it, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from repaylib.errors import AmountError, Phrase, RootError, TermsError
from repaylib.measures.cash_flows import Dated, add_exact, dated, schedule_of
from repaylib.money.rounding import negated
from repaylib.rates.cash_flow_equation import Exact
from repaylib.rates.root_finding import Roots
from repaylib.schedule.fee_charges import left_out, parse_fees
from repaylib.schedule.schedule import Schedule
from repaylib.terms.fees import Fee

__all__ = ["Credit", "as_repaid", "chosen", "parse_credit", "told_apart"]


class Credit(NamedTuple):
    """Advances and payments, netted day by day.

    Attributes
    ----------
    start
        The day of the first advance.
    days
        Days on which something flows, in order.
    amounts
        What is paid on each of them less the amounts disbursed on it.
    decimals
        Amounts are major units times ``10 ** decimals``.
    schedule
        From which it was read, if it was.
    taxes
        The taxes among the payments, by day, which some laws leave out.
    """

    start: date
    days: Sequence[date]
    amounts: Sequence[Exact]
    decimals: int = 0
    schedule: Schedule | None = None
    taxes: Sequence[tuple[date, int]] = ()

    def untaxed(self) -> Credit:
        """Return the credit without the taxes on its interest and fees."""
        return _changed(self, [(day, -tax) for day, tax in self.taxes])

    def from_the_advance(self, rule: str) -> Credit:
        """Return the credit if it begins with an advance, as some rules want it.

        Raises
        ------
        TermsError
            If something is paid before, or on the day of the first advance as much as is disbursed.
        """
        if self.days[0] < self.start:
            raise TermsError(
                "payments",
                self.days[0].isoformat(),
                Phrase(
                    "none before the first advance on {}, from which rule={!r} counts",
                    self.start,
                    rule,
                ),
                "give charges paid before the day of the first advance, from which they are taken "
                'off; rule="eu" counts the time before it',
            )
        if self.amounts[0] > 0:
            raise TermsError(
                "payments",
                f"{self.start}",
                "less paid on the day of the first advance than is disbursed, or nothing is financed",
                "leave out what is no charge for this credit; rp.xirr takes flows of any kind",
            )
        return self

    @property
    def single(self) -> bool:
        """Whether there is one advance and one payment."""
        return len(self.days) == 2

    def in_words(self) -> Phrase:
        """Return how many flows there are, and when."""
        return Phrase("{} flows from {} to {}", len(self.days), self.days[0], self.days[-1])

    def __str__(self) -> str:
        return str(self.in_words())


def parse_credit(
    flows: object,
    advances: object = None,
    payments: object = None,
    without: object = (),
) -> Credit:
    """Read a credit: from a schedule, a loan, a settlement, signed flows, or both sides apart.

    Parameters
    ----------
    without
        Fees that are no charge for the credit, or names or payees of such.

    Raises
    ------
    RepayError
        If there is no advance or no payment, or an amount or a day cannot be read.
    """
    schedule = None if flows is None else schedule_of(flows)
    apart = parse_fees(without)
    if apart and schedule is None:
        raise TermsError(
            "without", without, "a schedule, whose fees have names", "leave the flows of it out"
        )
    if flows is None:
        return _two_sides(advances, payments)
    for name, value in (("advances", advances), ("payments", payments)):
        if value is not None:
            raise TermsError(
                name, Phrase("some"), "none beside flows, which have both", "leave one out"
            )
    if schedule is not None:
        return _of_schedule(schedule, apart)
    found = dated(flows)
    if not found.days:
        raise _one_sided("flows", "an advance, and payments for it")
    sign = -1 if found.amounts[0] > 0 else 1
    return _credit(found, sign, date.fromordinal(found.days[0]))


def as_repaid(credit: Credit) -> Credit:
    """Return a credit in which what is forgiven of it counts as repaid on its day.

    A debt that is waived is not a negative charge: so the rate and the cost
    are of what is charged alone.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.forgive(rp.Loan("10000", "12%", 2, "2024-01-10"), "3000", with_payment=1)
    >>> parse_credit(plan).amounts, as_repaid(parse_credit(plan)).amounts
    ([-1000000, 507512, 204513], [-1000000, 807512, 204513])
    """
    plan = credit.schedule
    if plan is None:
        return credit
    given = plan.columns["forgiven"] + plan.columns["arrears_forgiven"]
    if not given.any():
        return credit
    return _changed(credit, list(zip(plan.accrual_dates.tolist(), given.tolist(), strict=True)))


def _changed(credit: Credit, more: Sequence[tuple[date, int]]) -> Credit:
    """Return a credit with more paid on some days, or less."""
    sums = dict(zip(credit.days, credit.amounts, strict=True))
    for day, amount in more:
        sums[day] = add_exact(sums.get(day, 0), amount)
    kept = sorted((day, amount) for day, amount in sums.items() if amount)
    return credit._replace(days=[day for day, _ in kept], amounts=[amount for _, amount in kept])


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
    advanced, paid = sides
    if not advanced.days:
        raise _one_sided("advances", "an advance")
    sums: dict[int, Exact] = dict(zip(paid.days, paid.amounts, strict=True))
    for day, amount in zip(advanced.days, advanced.amounts, strict=True):
        sums[day] = add_exact(sums.get(day, 0), negated(amount))
    kept = sorted((day, amount) for day, amount in sums.items() if amount)
    net = Dated([day for day, _ in kept], [amount for _, amount in kept])
    return _credit(net, 1, date.fromordinal(advanced.days[0]))


def _one_sided(parameter: str, expected: str) -> TermsError:
    return TermsError(
        parameter,
        None,
        expected,
        Phrase("write {}", 'advances=[("2024-01-10", "10000")], payments=[...]'),
    )


def _credit(flows: Dated, sign: int, start: date) -> Credit:
    days = [date.fromordinal(day) for day in flows.days]
    amounts = [amount if sign > 0 else negated(amount) for amount in flows.amounts]
    return Credit(start, days, amounts, flows.decimals)


def _of_schedule(schedule: Schedule, without: Sequence[str | Fee]) -> Credit:
    loan = schedule.loan
    sums: dict[date, int] = {loan.start: -schedule.opening_balance}
    apart = left_out(schedule, without) if without else {}
    net, taxes = (schedule.columns[name].tolist() for name in ("net", "tax"))
    untaxed = left_out(schedule, without, taxes_alone=True) if without and any(taxes) else {}
    for row, (day, amount) in enumerate(zip(schedule.accrual_dates.tolist(), net, strict=True)):
        sums[day] = sums.get(day, 0) + amount - apart.get(row, 0)
    kept = sorted((day, amount) for day, amount in sums.items() if amount)
    return Credit(
        loan.start,
        [day for day, _ in kept],
        [amount for _, amount in kept],
        loan.decimals,
        schedule,
        [
            (day, tax - untaxed.get(row, 0))
            for row, (day, tax) in enumerate(
                zip(schedule.accrual_dates.tolist(), taxes, strict=True)
            )
            if tax
        ],
    )


def chosen(zeros: Roots, credit: Credit) -> float:
    """Return the rate of a credit among all that fit its flows, as :class:`Roots` has them.

    It is the positive one nearest to 0 or, if there is none, the negative one nearest to 0; 0
    itself is nearest.

    Raises
    ------
    RootError
        If there is none, or two are too close to tell from none.
    """
    with told_apart(credit):
        found = zeros.nearest
    if found is not None:
        return found
    paid = any(amount > 0 for amount in credit.amounts)
    raise RootError(
        "flows",
        credit.in_words(),
        "a credit that some rate above -100% fits" if paid else "some payment; nothing is paid",
        "put a rate into rp.npv" if paid else "write what is paid for it",
    )


@contextmanager
def told_apart(credit: Credit) -> Iterator[None]:
    """Say of which credit no rate is certain, where none can be proved."""
    try:
        yield
    except ArithmeticError as error:
        raise RootError(
            "flows",
            credit.in_words(),
            Phrase("a credit whose rates can be told apart; {}", error),
            "change an amount by a cent, or put a rate into rp.npv",
        ) from None
