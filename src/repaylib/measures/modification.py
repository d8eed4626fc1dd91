"""Modification of a loan: what it is worth at the original effective rate, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from repaylib.dates.days import parse_date
from repaylib.errors import DateError, Phrase, RootError, TermsError
from repaylib.measures.accounting.effective_interest import (
    EFFECTIVE_RATE_DIGITS,
    WIDE,
    carrying_amounts,
    effective_rate,
    times_of,
)
from repaylib.measures.annual_rates.periods import to_effective
from repaylib.measures.break_even import divergence_of
from repaylib.measures.cash_flows import schedule_of
from repaylib.money.amounts import show, subtract, to_decimal
from repaylib.money.rounding import round_fraction, round_significant
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table
from repaylib.rates.rate import percent, rounded_percent
from repaylib.schedule.figures import (
    Derivation,
    Figure,
    ValuedFlow,
    quotient,
    short,
    sum_figure,
    worth_figure,
    worth_of,
)
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.settlement import Settlement
from repaylib.terms.loan import Loan
from repaylib.typing import DateLike
from repaylib.wording.sentence import Sentence

__all__ = ["AmortisedCost", "Modification", "Valuation", "modification_test", "worth_figures"]

EBA_MARK = Fraction(1, 100)
IFRS_MARK = Fraction(1, 10)


class AmortisedCost(NamedTuple):
    """One line of an amortised-cost table, by the effective interest method.

    Amounts are in major units; ``closing = opening + interest - received``.

    Attributes
    ----------
    date
        The day.
    opening
        Gross carrying amount before.
    interest
        Interest income at the original effective rate.
    received
        What is paid, fees too, less amounts disbursed; without taxes.
    closing
        Gross carrying amount after.
    """

    date: date
    opening: Decimal
    interest: Decimal
    received: Decimal
    closing: Decimal


@dataclass(frozen=True, slots=True)
class Modification(Tabular):
    """What a change of a loan does to its present value; amounts are in major units.

    Attributes
    ----------
    as_of
        The day of the change.
    period_rate
        The original effective rate of one period of the loan; with fees, so that it is above
        the contract's own where there are any.
    effective
        The same per year, with interest on interest.
    worth_before
        What was to be paid from then on, discounted at that rate.
    worth_after
        What is to be paid with the change, discounted at the same rate.
    before
        Amortised cost without the change, by the effective interest method, to the end.
    after
        Amortised cost with it.
    exact_change
        The change of the present value as a share of it, to far below a minor unit.
    """

    as_of: date
    period_rate: Decimal
    effective: Decimal
    worth_before: Decimal
    worth_after: Decimal
    before: tuple[AmortisedCost, ...]
    after: tuple[AmortisedCost, ...]
    exact_change: Fraction
    _plans: tuple[Schedule, Schedule] = field(repr=False, compare=False)

    @property
    def gain_or_loss(self) -> Decimal:
        """The lender's modification gain; below zero, its loss (IFRS 9, 5.4.3)."""
        return subtract(self.worth_after, self.worth_before)

    @property
    def change(self) -> Decimal:
        """The change of the present value as a share of it, to 8 decimals.

        -0.0099 is a loss of 0.99 %.
        """
        return Decimal(f"{round_fraction(self.exact_change * 10**8, 'half_up')}E-8")

    @property
    def within_eba(self) -> bool:
        """Whether the diminished obligation is at most 1 % (EBA/GL/2016/07, paragraph 51)."""
        return -self.exact_change <= EBA_MARK

    @property
    def substantial(self) -> bool:
        """Whether the present value differs by 10 % or more (IFRS 9, B3.3.6)."""
        return abs(self.exact_change) >= IFRS_MARK

    def explain(self) -> Derivation:
        """Derive both present values, each payment with its discount factor, the gain or loss, and the change.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
        >>> test = rp.measures.modification_test(plan, rp.change_rate(plan, "8%", payment=4))
        >>> print(test.explain()["gain or loss"])
        gain or loss: -123.40
            = worth after 7,487.40 - worth before 7,610.80
        """
        valuation = Valuation(self._plans[0], self.as_of)
        return Derivation(
            Sentence(
                "derived.worth",
                what=Sentence("modification", day=self.as_of),
                rate=short(percent(Fraction(valuation.rate))),
                unit=Sentence(f"derived.{'periods' if valuation.by_period else 'years'}"),
                day=self.as_of,
            ),
            worth_figures(
                valuation, self._plans, (self.worth_before, self.worth_after), self.change
            ),
        )

    def _table(self) -> Table:
        hundredths = round_fraction(self.exact_change * 10**5, "half_up")
        eba = "within" if self.within_eba else "beyond"
        ifrs = "substantial" if self.substantial else "below"
        cells: dict[str, object] = {
            "effective": rounded_percent(self.effective, 4),
            "worth_before": f"{self.worth_before:,f}",
            "worth_after": f"{self.worth_after:,f}",
            "gain_or_loss": f"{self.gain_or_loss:+,f}" if self.gain_or_loss else "0.00",
            "change": f"{show(hundredths, 3)} %",
            "eba": Sentence(f"modification.eba.{eba}"),
            "ifrs": Sentence(f"modification.ifrs.{ifrs}"),
        }
        header = [Sentence("modification", day=self.as_of), Sentence("modification.at_rate")]
        return Table(
            header, [[Sentence(f"modification.{name}"), cell] for name, cell in cells.items()]
        )

    def _in_full(self) -> list[Table]:
        tables = [
            Table(
                [Sentence(f"amortised.{name}") for name in AmortisedCost._fields],
                [[str(row.date), *(f"{amount:,f}" for amount in row[1:])] for row in rows],
                caption=Sentence(f"modification.{when}"),
            )
            for when, rows in (("without", self.before), ("with", self.after))
        ]
        return [self._table(), *tables]

    def _data(self) -> dict[str, list[Any]]:
        """Return both amortised-cost tables, with a column that says which."""
        rows = [*self.before, *self.after]
        columns = {name: [getattr(row, name) for row in rows] for name in AmortisedCost._fields}
        plans = ["before"] * len(self.before) + ["after"] * len(self.after)
        return {"plan": plans, **columns}


class Valuation:
    """The present value of the rest of plans of one loan after a day, at the effective rate of the first."""

    def __init__(self, before: Schedule, as_of: date) -> None:
        self.first = before
        self.as_of = as_of
        self.by_period = before.loan.timetable.share is not None
        days, amounts = _flows(before)
        rate, others, zeros = effective_rate(
            [-before.opening_balance, *amounts],
            [Fraction(0), *times_of(before, days, by_period=self.by_period)],
        )
        if rate is None:
            count = len(zeros.given.sure)
            raise RootError(
                "before",
                Phrase("{}", before.loan),
                Phrase("payments that repay the principal at one effective rate; {} do", count)
                if count
                else "payments that repay the principal at one effective rate; none does",
                "compare the plans with rp.npv(plan, rate) at a rate of your choice",
                tuple(others),
            )
        self.rate = rate

    @property
    def effective(self) -> Decimal:
        """The rate per year, with interest on interest, to 12 digits."""
        if not self.by_period:
            return round_significant(Fraction(self.rate), 12)
        periods = 1 / self.first.loan.timetable.period_length
        nominal = Fraction(self.rate) * periods
        return to_effective(round_significant(nominal, EFFECTIVE_RATE_DIGITS), periods)

    def left(self, plan: Schedule) -> tuple[list[date], list[int]]:
        """Return the receipts after the day, and those on it beyond the payment of the first plan."""
        days, amounts = _flows(plan)
        sums: dict[date, int] = {}
        for day, amount in zip(days, amounts, strict=True):
            if day >= self.as_of:
                sums[day] = sums.get(day, 0) + amount
        for day, amount in zip(*_flows(self.first), strict=True):
            if day == self.as_of:
                sums[day] = sums.get(day, 0) - amount
        if self.as_of == plan.loan.start and (
            more := plan.opening_balance - self.first.opening_balance
        ):
            sums[self.as_of] = sums.get(self.as_of, 0) - more
        kept = sorted((day, amount) for day, amount in sums.items() if amount)
        return [day for day, _ in kept], [amount for _, amount in kept]

    def flows(self, plan: Schedule) -> list[ValuedFlow]:
        """Return each of those receipts with its time since the day, and its discount factor."""
        days, amounts = self.left(plan)
        begun, *times = times_of(plan, [self.as_of, *days], by_period=self.by_period)
        log_growth, found = WIDE.ln(WIDE.add(1, self.rate)), []
        for day, amount, time in zip(days, amounts, times, strict=True):
            span = time - begun
            power = WIDE.divide(WIDE.multiply(log_growth, -span.numerator), span.denominator)
            factor, money = Fraction(WIDE.exp(power)), to_decimal(amount, plan.loan.decimals)
            found.append(ValuedFlow(day, day, money, time=str(span), factor=factor))
        return found

    def of(self, plan: Schedule) -> Fraction:
        """Return the present value in minor units, to far below one."""
        days, amounts = self.left(plan)
        return Fraction(self._worths(plan, days, amounts)[0])

    def table(self, plan: Schedule) -> tuple[AmortisedCost, ...]:
        """Return the amortised cost of a plan from the day to the end."""
        days, amounts = self.left(plan)
        decimals, rounding = plan.loan.decimals, plan.loan.rounding
        worths = self._worths(plan, days, amounts)
        carried = [round_fraction(Fraction(value), rounding) for value in worths]
        rows = []
        for day, amount, opening, closing in zip(days, amounts, carried, carried[1:], strict=False):
            minors = (opening, closing - opening + amount, amount, closing)
            rows.append(AmortisedCost(day, *(to_decimal(amount, decimals) for amount in minors)))
        return tuple(rows)

    def _worths(
        self, plan: Schedule, days: Sequence[date], amounts: Sequence[int]
    ) -> list[Decimal]:
        """Return the amortised cost on the day itself, and after each payment."""
        times = times_of(plan, [self.as_of, *days], by_period=self.by_period)
        return carrying_amounts(self.rate, amounts, times)


def modification_test(
    before: Schedule | Loan,
    after: Schedule | Settlement,
    *,
    as_of: DateLike | None = None,
) -> Modification:
    r"""Compare what is left of a loan before and after a change, at the original effective rate.

    Parameters
    ----------
    before
        The loan as it was.
    after
        The loan as changed; a settlement means the schedule as it ends.
    as_of
        The day of the change, by default the first one that not both share.

    Returns
    -------
    Modification
        Both present values, the lender's gain or loss, the marks of 1 % and 10 %, and the amortised cost
        before and after.

    Raises
    ------
    RepayError
        If the plans are of different loans, the day is outside the loan, or no one rate fits.

    Notes
    -----
    With payments :math:`c_k` (fees, too; taxes not) :math:`t_k` periods after the day, and the
    effective rate :math:`j` of the loan as it was, over its whole life,

    .. math:: \mathrm{NPV} = \sum_k c_k (1 + j)^{-t_k}, \qquad
              \text{change} = \frac{\mathrm{NPV}_1 - \mathrm{NPV}_0}{\mathrm{NPV}_0}

    A loss of more than 1 % marks a distressed restructuring as a default (EBA/GL/2016/07, paragraphs
    51 and 52). A change of 10 % or more is substantial (IFRS 9, B3.3.6); below it the asset stays,
    and the difference is the gain or loss of 5.4.3.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> print(rp.measures.modification_test(plan, rp.defer(plan, payment=4, interest="waive")))
    modification on 2024-04-10  at the original effective rate
    --------------------------  ------------------------------
    effective rate a year                             12.6826%
    worth before                                      7,610.80
    worth after                                       7,535.44
    gain or loss                                        -75.36
    change                                            -0.990 %
    EBA, 1 %                                  at most 1 % lost
    IFRS 9, 10 %                    below 10 %: the same asset
    """
    first, second = _meant(before, "before"), _meant(after, "after")
    if first.loan != second.loan:
        raise TermsError(
            "after",
            Phrase("{}", second.loan),
            Phrase("the same loan as before: {}", first.loan),
            "make it of the first: rp.reschedule(before, ...), rp.change_rate(before, ...)",
        )
    day = divergence_of([first, second]).day if as_of is None else parse_date(as_of, "as_of")
    if not first.loan.start <= day < first.maturity:
        raise DateError(
            "as_of",
            day.isoformat(),
            Phrase(
                "a day from the start, {}, to before the end, {}", first.loan.start, first.maturity
            ),
            Phrase("write {} or later", f'as_of="{first.loan.start}"'),
        )
    valuation = Valuation(first, day)
    old, new = valuation.of(first), valuation.of(second)
    money, rounding = first.loan.money, first.loan.rounding
    return Modification(
        as_of=day,
        period_rate=round_significant(Fraction(valuation.rate), 12),
        effective=valuation.effective,
        worth_before=money(round_fraction(old, rounding)),
        worth_after=money(round_fraction(new, rounding)),
        before=valuation.table(first),
        after=valuation.table(second),
        exact_change=(new - old) / old if old else Fraction(0),
        _plans=(first, second),
    )


def worth_figures(
    valuation: Valuation,
    plans: tuple[Schedule, Schedule],
    worths: tuple[Decimal, Decimal],
    change: Decimal,
) -> tuple[Figure, ...]:
    """Derive the present values of the rest of two plans, and the change."""
    said = {
        name: Sentence(f"modification.{name}")
        for name in ("worth_before", "worth_after", "gain_or_loss", "change")
    }
    before, after = (valuation.flows(plan) for plan in plans)
    rounding = plans[0].loan.rounding
    old, new = worth_of(before), worth_of(after)
    parts = [
        (said["worth_after"], worths[1]),
        (said["worth_before"], worths[0].copy_negate()),
    ]
    figures = [
        worth_figure(said["worth_before"], worths[0], before, rounding),
        worth_figure(said["worth_after"], worths[1], after, rounding),
        sum_figure(said["gain_or_loss"], subtract(worths[1], worths[0]), parts),
    ]
    if old:
        of = said["gain_or_loss"], said["worth_before"]
        figures.append(quotient(said["change"], change, (new - old, old), of))
    return tuple(figures)


def _meant(plan: object, parameter: str) -> Schedule:
    if (schedule := schedule_of(plan)) is not None:
        return schedule
    raise TermsError(
        parameter,
        plan,
        "a Schedule, a Loan or a Settlement",
        Phrase("write {}", "rp.amortise(loan)"),
    )


def _flows(plan: Schedule) -> tuple[list[date], list[int]]:
    """Return the receipts of the lender, in minor units, by due date."""
    columns = plan.columns
    net = columns["net"] - columns["tax"]
    return plan.accrual_dates.tolist(), net.tolist()
