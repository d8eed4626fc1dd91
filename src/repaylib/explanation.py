"""The derivation of every number of a row: base, rate, days, unrounded value, rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from repaylib.columns import Row
from repaylib.daycount import share_text
from repaylib.exact import Rounding, round_fraction
from repaylib.ledger import Ledger, Segment
from repaylib.loan import Loan
from repaylib.rates import percent

__all__ = ["Explanation", "Figure", "Stretch", "explain_row"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of days on which one base bore interest at one rate.

    Attributes
    ----------
    base
        What bore interest, in major units.
    rate
        Nominal rate per year.
    start, end
        First day counted, and first day not counted.
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
        """Interest of the stretch in major units, unrounded: ``base * rate * share``."""
        return Fraction(self.base) * self.rate * self.share

    def __str__(self) -> str:
        return (
            f"{self.base:,f} x {percent(self.rate)} x {share_text(self.share)} "
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
    """

    name: str
    value: Decimal
    formula: str
    stretches: tuple[Stretch, ...] = ()
    exact: Fraction | None = None
    rounding: Rounding | None = None

    def recomputed(self) -> Decimal:
        """Compute the value again from what the figure itself states, in fractions."""
        if self.exact is None or self.rounding is None:
            return self.value
        exact = sum((each.interest for each in self.stretches), Fraction(0))
        exponent = self.value.as_tuple().exponent
        scale = 10**-exponent if isinstance(exponent, int) else 1
        minor = round_fraction((exact if self.stretches else self.exact) * scale, self.rounding)
        return Decimal(f"{minor}E{exponent}")

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.value:,f}", *(f"    {each}" for each in self.stretches)]
        if self.formula:
            lines.append(f"    {self.formula}")
        if self.exact is not None:
            lines.append(f"    = {_decimals(self.exact)} unrounded, {self.rounding}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The derivation of one row; ``print`` it, or read its `figures`."""

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
    figures = [*_interest_figures(loan, ledger.segments(index))]
    if row.number and row.payment:
        figures += _instalment_figure(loan, ledger, row.number)
    figures += _sums(row)
    return Explanation(row, tuple(figures))


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
                "",
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
        if loan.instalment is None:
            return []
        return [Figure("instalment", loan.instalment, "as the contract states it")]
    plan = plans[-1]
    scale = 10**loan.decimals
    name = "instalment" if loan.method == "level" else "part of principal"
    kind = "equal payments" if loan.method == "level" else "equal parts"
    formula = (
        f"{_decimals(plan.owed / scale)} owed on due date {plan.number}, "
        f"repaid in {plan.payments} {kind} from then on"
    )
    return [Figure(name, loan.money(plan.amount), formula, (), plan.exact / scale, loan.rounding)]


def _sums(row: Row) -> list[Figure]:
    parts = {
        "interest": row.interest,
        "deferred interest": row.deferred_interest,
        "principal": row.principal,
        "fee": row.fee,
        "penalty": row.penalty,
    }
    paid = " + ".join(f"{name} {value:,f}" for name, value in parts.items() if value)
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


def _decimals(value: Fraction) -> str:
    """Return a fraction to eight decimals, cut, with an ellipsis if that is not all of it."""
    scaled = value * 10**8
    whole = scaled.numerator // scaled.denominator
    text = f"{Decimal(f'{whole}E-8'):,f}"
    return text if scaled.denominator == 1 else f"{text}..."
