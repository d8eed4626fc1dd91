"""The derivation of every number of a row: base, rate, days, unrounded value, rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from repaylib.annuity import Annuity, level_instalment
from repaylib.columns import Row
from repaylib.daycount import share_text
from repaylib.exact import Rounding, round_fraction
from repaylib.instalments import Grown
from repaylib.ledger import Ledger, Origin, Plan, Segment
from repaylib.loan import Loan
from repaylib.rates import percent
from repaylib.terms import BY_PARTS

__all__ = ["Explanation", "Figure", "Stretch", "explain_row"]

WANTED = {"lower": "not above it", "closest": "as close to it as can be", "any": "as it comes"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of days on which one base bore interest at one rate.

    Attributes
    ----------
    base
        What bore interest, in major units.
    rate
        Nominal rate per year.
    start
        First day, which is counted (not if the loan counts the last day).
    end
        Last day, which is not counted (but is, if the loan counts the last day).
    share
        The stretch as a share of a year, by the day count.
    """

    base: Decimal
    rate: Fraction
    start: date
    end: date
    share: Fraction

    @property
    def days(self) -> int:
        """Calendar days of the stretch."""
        return (self.end - self.start).days

    @property
    def interest(self) -> Fraction:
        """Interest of the stretch in major units, unrounded, which is ``base * rate * share``."""
        return Fraction(self.base) * self.rate * self.share

    def __str__(self) -> str:
        return (
            f"{self.base:,f} x {_short(percent(self.rate))} x {share_text(self.share)} "
            f"({self.start} to {self.end}, {self.days} days)"
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a row and where it comes from.

    Attributes
    ----------
    name
        What it is: ``"interest accrued"``, ``"instalment"``, ``"principal"`` ...
    value
        The number, in major units.
    formula
        The formula in words and numbers.
    stretches
        For interest: the stretches it accrued over.
    exact
        The value before rounding, in major units; ``None`` for sums and differences.
    rounding
        The rounding that gave `value` from `exact`.
    base
        For a solved instalment: what is owed on its first due date, with the interest of the
        period. For a share: of what.
    factors
        For a solved instalment: the interest factor of each period after its first due date.
    share
        For a share: which.
    balloon, shares, additions
        For a solved instalment: what is paid on top of the last, which multiple of the first
        each payment is, and by how much it is more than the first.
    unit
        For a solved instalment: it is a whole multiple of this.
    """

    name: str
    value: Decimal
    formula: str
    stretches: tuple[Stretch, ...] = ()
    exact: Fraction | None = None
    rounding: Rounding | None = None
    base: Fraction = Fraction(0)
    factors: tuple[Fraction, ...] = ()
    share: Fraction | None = None
    balloon: Fraction = Fraction(0)
    shares: tuple[Fraction, ...] = ()
    additions: tuple[Fraction, ...] = ()
    unit: Fraction = Fraction(0)

    def recomputed(self) -> Decimal:
        """Compute the value again from what the figure itself states, in fractions."""
        if self.exact is None or self.rounding is None:
            return self.value
        exact = self.exact
        if self.stretches:
            exact = sum((each.interest for each in self.stretches), Fraction(0))
        elif self.unit:
            exact = self._level()
        elif self.share is not None:
            exact = self.base * self.share
        exponent = self.value.as_tuple().exponent
        scale = 10**-exponent if isinstance(exponent, int) else 1
        unit = int(self.unit * scale) or 1
        rounded = max(0, unit * round_fraction(exact * scale / unit, self.rounding))
        if not self.unit:
            rounded = round_fraction(exact * scale, self.rounding)
        return Decimal(f"{rounded}E{exponent}")

    def _level(self) -> Fraction:
        """Solve the instalment: what is owed, over the worth of a payment of 1 on each due date."""
        worth = Fraction(1)  # of 1 on a due date, on the first of them
        owed, paid = self.base, Fraction(0)
        for number in range(len(self.factors) + 1):
            worth /= 1 + self.factors[number - 1] if number else 1
            owed -= worth * (self.additions[number] if self.additions else 0)
            paid += worth * (self.shares[number] if self.shares else 1)
        return (owed - worth * self.balloon) / paid

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.value:,f}", *(f"    {each}" for each in self.stretches)]
        if self.formula:
            lines.append(f"    {self.formula}")
        if self.exact is not None:
            lines.append(f"    = {_decimals(self.exact)} unrounded, {self.rounding}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The derivation of one row; ``print`` it, or read its figures.

    ``explanation["interest accrued"]`` is the :class:`Figure` of that name.

    Attributes
    ----------
    row
        The row.
    figures
        All figures, in the order in which they print.
    """

    row: Row
    figures: tuple[Figure, ...]

    def __getitem__(self, name: str) -> Figure:
        for figure in self.figures:
            if figure.name == name:
                return figure
        raise KeyError(f"{name}; there are {', '.join(each.name for each in self.figures)}")

    def __str__(self) -> str:
        title = f"instalment {self.row.number}" if self.row.number else "between due dates"
        return "\n".join([f"{self.row.date}, {title}", *map(str, self.figures)])


def explain_row(loan: Loan, ledger: Ledger, index: int, row: Row) -> Explanation:
    """Derive row `index` of a traced ledger."""
    entry = ledger.traced(index)
    figures = [*_interest_figures(loan, entry.segments)]
    if row.number and row.payment and row.number not in ledger.passed:
        figures += _instalment_figure(loan, ledger, row.number)
    figures += _origin_figures(loan, entry.origins)
    figures += _sums(row)
    return Explanation(row, tuple(figures))


def _origin_figures(loan: Loan, origins: Sequence[Origin]) -> list[Figure]:
    figures: list[Figure] = []
    groups: dict[str, list[Origin]] = {}
    for origin in origins:
        groups.setdefault(origin.column, []).append(origin)
    for column, group in groups.items():
        name = column.replace("_", " ")
        if len(group) == 1:
            figures.append(_origin_figure(loan, name, group[0]))
            continue
        parts = " + ".join(f"{loan.show(each.amount)} {_words(each)}" for each in group)
        figures += [
            _origin_figure(loan, f"{name} ({number})", each)
            for number, each in enumerate(group, 1)
            if each.share is not None
        ]
        figures.append(Figure(name, loan.money(sum(each.amount for each in group)), f"= {parts}"))
    return figures


def _origin_figure(loan: Loan, name: str, origin: Origin) -> Figure:
    value = loan.money(origin.amount)
    if origin.share is None:
        return Figure(name, value, f"= {value:,f} {_words(origin)}")
    base = loan.money(origin.base)
    return Figure(
        name,
        value,
        f"{percent(origin.share)} x {base:,f}",
        exact=Fraction(base) * origin.share,
        rounding=(loan.fee_rounding if name == "fee" else None) or loan.rounding,
        base=Fraction(base),
        share=origin.share,
    )


def _words(origin: Origin) -> str:
    return origin.words if origin.words == "as agreed" else f"of {origin.words}"


def _interest_figures(loan: Loan, segments: Sequence[Segment]) -> list[Figure]:
    figures: list[Figure] = []
    groups: dict[tuple[str, int], list[Segment]] = {}
    for segment in segments:
        groups.setdefault((segment.kind, segment.account), []).append(segment)
    names = {
        "interest": "interest accrued",
        "waived": "interest waived",
        "set aside": "interest on the moved instalment",
    }
    for (kind, account), group in groups.items():
        exact = sum((each.interest for each in group), Fraction(0))
        figures.append(
            Figure(
                names[kind] + (f" {account}" if account > 1 else ""),
                loan.money(round_fraction(exact, loan.rounding)),
                "the last day counted and not the first" if loan.counted == "last_day" else "",
                tuple(
                    Stretch(loan.money(each.base), each.rate, each.start, each.end, each.share)
                    for each in group
                ),
                exact / 10**loan.decimals,
                loan.rounding,
            )
        )
    return figures


def _instalment_figure(loan: Loan, ledger: Ledger, number: int) -> list[Figure]:
    plans = [plan for plan in ledger.plans if plan.number <= number]
    if not plans:
        return []
    plan = plans[-1]
    method = ledger.method_of(number) or loan.method
    name = "part of principal" if method in BY_PARTS else "instalment"
    value = loan.money(plan.amount)
    if plan.annuity is None:
        if plan.shape is not None:
            value = loan.money(plan.shape.of(number, plan.amount))
        return [Figure(name, value, f"as agreed, from due date {plan.number} on")]
    figure = _solved_figure(loan, plan, plan.annuity, name)
    figures = [figure]
    if plan.amount != plan.solved:
        moved = plan.amount - plan.solved
        sign = "+" if moved > 0 else "-"
        words = f"so that the last payment is {WANTED[loan.last]}"
        formula = f"= {figure.value:,f} {sign} {loan.show(abs(moved))} {words}"
        figures = [replace(figure, name=f"{name}, solved"), Figure(name, value, formula)]
    if isinstance(plan.shape, Grown):
        value = loan.money(plan.shape.of(number, plan.amount))
        figures[-1] = replace(figures[-1], name=f"{name} at first")
        steps = (number - plan.shape.first) // plan.shape.every
        formula = f"= {figures[-1].value:,f}, stepped {steps} times ({loan.instalment})"
        figures.append(Figure(name, value, formula))
    return figures


def _solved_figure(loan: Loan, plan: Plan, annuity: Annuity, name: str) -> Figure:
    scale = 10**loan.decimals
    owed = Fraction(*annuity.owed) / scale
    factors = tuple(Fraction(each, annuity.den) for each in annuity.factors)
    if not any(factors):
        count = "1 part" if annuity.payments == 1 else f"{annuity.payments} parts"
        formula = f"{_decimals(owed)}, less any balloon, in {count}"
        if not annuity.balloon:
            formula = f"{_decimals(owed)} in {count.replace('parts', 'equal parts')}"
    else:
        count = "1 payment" if annuity.payments == 1 else f"{annuity.payments} payments"
        kind = count.replace(" ", " equal ") if annuity.level and annuity.payments > 1 else count
        formula = (
            f"{_decimals(owed)} owed on due date {plan.number}, its interest included, "
            f"repaid in {kind} from then on, at {_spread(factors)} a period"
        )
    if annuity.balloon:
        formula += f", and {loan.show(annuity.balloon)} with the last"
    return Figure(
        name,
        loan.money(plan.solved),
        formula,
        exact=Fraction(*level_instalment(annuity)) / scale,
        rounding=loan.instalment_rounding or loan.rounding,
        base=owed,
        factors=factors,
        balloon=Fraction(annuity.balloon, scale),
        shares=tuple(Fraction(each, annuity.parts) for each in annuity.shares),
        additions=tuple(Fraction(each, scale) for each in annuity.additions),
        unit=Fraction(plan.unit, scale),
    )


def _spread(factors: Sequence[Fraction]) -> str:
    """Return interest factors as text: the one, or the least and the largest."""
    low, high = min(factors), max(factors)
    return (
        _short(percent(low))
        if low == high
        else f"{_short(percent(low))} to {_short(percent(high))}"
    )


def _sums(row: Row) -> list[Figure]:
    parts = {
        "interest": row.interest,
        "deferred interest": row.deferred_interest,
        "principal": row.principal,
        "fee": row.fee,
        "penalty": row.penalty,
        "tax": row.tax,
    }
    paid = " + ".join(f"{name} {value:,f}" for name, value in parts.items() if value)
    if row.refund:
        paid += f" - refund {row.refund:,f}"
    moved = {
        "- principal": row.principal,
        "+ capitalised": row.capitalised,
        "- forgiven": row.forgiven,
        "+ advanced": row.advanced,
    }
    change = "".join(f" {sign_name} {value:,f}" for sign_name, value in moved.items() if value)
    return [
        Figure("payment", row.payment, f"= {paid or 'nothing'}"),
        Figure("closing", row.closing, f"= opening {row.opening:,f}{change}"),
    ]


def _short(rate: str) -> str:
    """Return a rate as text, cut where it has no end or a far one."""
    return rate if len(rate) <= 16 else f"{rate[:14]}...%"


def _decimals(value: Fraction) -> str:
    """Return a fraction to eight decimals, cut, with an ellipsis if that is not all of it."""
    scaled = value * 10**8
    whole = scaled.numerator // scaled.denominator
    text = f"{Decimal(f'{whole}E-8'):,f}"
    return text if scaled.denominator == 1 else f"{text}..."
