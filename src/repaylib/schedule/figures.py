"""A number of a row and its derivation, as values that print well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from repaylib.money.amounts import add, minor_of, to_decimal
from repaylib.money.rounding import round_fraction, round_significant
from repaylib.output.plain import Plain
from repaylib.rates.rate import percent
from repaylib.schedule.rows import Row
from repaylib.typing import Rounding
from repaylib.wording.sentence import (
    Listed,
    Sentence,
    Worded,
    indented,
    lines_of,
    parse_language,
)

__all__ = [
    "WORTH_DIGITS",
    *("AccrualSegment", "Derivation", "Explanation", "Figure", "ValuedFlow"),
    *("amount_text", "quotient", "runs_of", "short", "sum_figure", "to_eight"),
    *("worth_figure", "worth_of"),
]

#: Digits of a present value that are kept.
WORTH_DIGITS = 50


@dataclass(frozen=True, slots=True)
class AccrualSegment(Worded):
    """A segment of days on which one base accrued interest at one rate.

    Attributes
    ----------
    base
        What bore interest, in major units.
    rate
        Nominal rate per year.
    start
        First day counted.
    end
        First day not counted.
    share
        The segment as a share of a year, by the day count, or by the rule of 78 if the loan says so.
    """

    base: Decimal
    rate: Fraction
    start: date
    end: date
    share: Fraction

    @property
    def days(self) -> int:
        """Calendar days of the segment."""
        return (self.end - self.start).days

    @property
    def interest(self) -> Fraction:
        """Interest of the segment in major units, unrounded, which is ``base * rate * share``."""
        return Fraction(self.base) * self.rate * self.share

    def _worded(self) -> object:
        whole = self.share == 1
        return Sentence(
            "segment",
            base=f"{self.base:,f}",
            rate=short(percent(self.rate)),
            share=Sentence("segment.year")
            if whole
            else Sentence("segment.share", share=str(self.share)),
            start=self.start,
            end=self.end,
            days=self.days,
        )


@dataclass(frozen=True, slots=True)
class ValuedFlow(Worded):
    """A payment, or several equal ones, and what they add to a sum.

    Attributes
    ----------
    on
        The day of the first.
    until
        The day of the last.
    amount
        Each of them, in major units.
    count
        How many they are.
    time
        When it flows, as it is counted for a present value: ``"1 + 19/30"``; empty without one.
    factor
        What a unit paid then is worth: 1, or a discount factor.
    """

    on: date
    until: date
    amount: Decimal
    count: int = 1
    time: str = ""
    factor: Fraction = Fraction(1)

    @property
    def worth(self) -> Fraction:
        """What it adds, in major units, unrounded, which is ``count * amount * factor``."""
        return self.count * Fraction(self.amount) * self.factor

    def _worded(self) -> object:
        amount, worth = f"{self.amount:,f}", to_eight(self.worth)
        if self.time:
            slots = {"day": self.on, "time": self.time, "factor": to_eight(self.factor)}
            return Sentence("flow.worth", amount=amount, worth=worth, **slots)
        if self.count == 1:
            return Sentence("flow", day=self.on, amount=amount)
        total = f"{add(*[self.amount] * self.count):,f}"
        days = {"start": self.on, "end": self.until}
        return Sentence("flow.run", count=self.count, amount=amount, total=total, **days)


@dataclass(frozen=True, slots=True)
class Figure(Worded, Plain):
    """One number of a row and where it comes from.

    Attributes
    ----------
    label
        What it is, as a sentence; `name` in English.
    value
        The number, in major units.
    derived
        The formula in words and numbers, as a sentence; empty for interest. `formula` in English.
    segments
        For interest: the segments it accrued over.
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
        For a share: which. For interest paid with a prepayment: which share of what has accrued.
    balloon
        For a solved instalment: what is paid on top of the last.
    shares
        For a solved instalment: which multiple of the first each payment is.
    additions
        For a solved instalment: by how much each payment is more than the first.
    unit
        For an instalment that is solved or capped: it is a whole multiple of this.
    parts
        For a sum: its terms, each with a sentence and major units; negative ones are deducted.
        `terms` in English.
    before
        For interest that is rounded as a whole, of an agreed charge or of a period in which some
        was paid: what had accrued besides the segments, unrounded, less what is not counted.
        `exact` is what has accrued in all.
    charged
        For such interest: what was charged of it before. `value` is `exact`, rounded, less this.
    flows
        For a sum of payments, or a present value: each payment, and what it adds.
    divisor
        For a share of an amount: by what `base` is divided.
    in_percent
        Whether `value` is a share, printed in per cent.
    """

    label: Sentence
    value: Decimal
    derived: Sentence | Listed | str
    segments: tuple[AccrualSegment, ...] = ()
    exact: Fraction | None = None
    rounding: Rounding | None = None
    base: Fraction = Fraction(0)
    factors: tuple[Fraction, ...] = ()
    share: Fraction | None = None
    balloon: Fraction = Fraction(0)
    shares: tuple[Fraction, ...] = ()
    additions: tuple[Fraction, ...] = ()
    unit: Fraction = Fraction(0)
    parts: tuple[tuple[Sentence, Decimal], ...] = ()
    before: Fraction = Fraction(0)
    charged: Decimal = Decimal(0)
    flows: tuple[ValuedFlow, ...] = ()
    divisor: Fraction | None = None
    in_percent: bool = False

    @property
    def name(self) -> str:
        """What it is: ``"interest accrued"``, ``"instalment"``, ``"principal"`` ..."""
        return str(self.label)

    @property
    def formula(self) -> str:
        """The formula in words and numbers."""
        return parse_language("en").render(self.derived)

    @property
    def terms(self) -> tuple[tuple[str, Decimal], ...]:
        """The terms of a sum, each with a phrase and major units; negative ones are deducted."""
        return tuple((str(said), amount) for said, amount in self.parts)

    def recomputed(self) -> Decimal:
        """Compute the value again from what the figure itself states, in fractions."""
        if self.parts:
            return add(*(amount for _, amount in self.parts))
        if self.exact is None or self.rounding is None:
            return self.value
        exact = self.exact
        if self.segments:
            exact = sum((segment.interest for segment in self.segments), self.before)
            exact *= 1 if self.share is None else self.share
        elif self.flows:
            exact = worth_of(self.flows)
        elif self.divisor:
            exact = self.base / self.divisor
        elif self.share is not None:
            exact = self.base * self.share
        elif self.unit:
            exact = self._level()
        exponent = self.value.as_tuple().exponent
        places = -exponent if isinstance(exponent, int) else 0
        scale = 10**places
        unit = int(self.unit * scale) or 1
        rounded = max(0, unit * round_fraction(exact * scale / unit, self.rounding))
        if not self.unit:
            rounded = round_fraction(exact * scale, self.rounding) - minor_of(self.charged, places)
        return to_decimal(rounded, places)

    def _level(self) -> Fraction:
        """Solve the instalment: the debt, over the present value of a payment of 1 on each due date."""
        discount = Fraction(1)  # of 1 on a due date, on the first of them
        owed, paid = self.base, Fraction(0)
        for number in range(len(self.factors) + 1):
            discount /= 1 + self.factors[number - 1] if number else 1
            owed -= discount * (self.additions[number] if self.additions else 0)
            paid += discount * (self.shares[number] if self.shares else 1)
        return (owed - discount * self.balloon) / paid

    def _worded(self) -> object:
        value = percent(Fraction(self.value)) if self.in_percent else f"{self.value:,f}"
        lines: list[object] = [Sentence("figure", name=self.label, value=value)]
        lines += [indented(part) for part in (*self.segments, *self.flows)]
        if self.derived:
            lines.append(indented(self.derived))
        by = self.rounding and Sentence(f"rounded_by.{self.rounding}")
        if self.charged:
            key = "unrounded.before" if self.before else "unrounded.less"
            exact, charged = to_eight(self.exact or self.before), f"{self.charged:,f}"
            lines.append(indented(Sentence(key, exact=exact, by=by, charged=charged)))
        elif self.exact is not None and not (
            (self.flows or self.divisor) and self.exact == Fraction(self.value)
        ):
            lines.append(indented(Sentence("unrounded", exact=to_eight(self.exact), by=by)))
        return lines_of(*lines)


@dataclass(frozen=True, slots=True)
class Derivation(Worded, Plain):
    """The derivation of a result; ``print`` it, or read its figures.

    ``derivation["total"]`` is the :class:`~repaylib.schedule.Figure` of that name.

    Attributes
    ----------
    title
        What is derived, as a sentence.
    figures
        All figures, in the order in which they print.
    """

    title: object
    figures: tuple[Figure, ...]

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures)

    def __getitem__(self, name: str) -> Figure:
        for figure in self.figures:
            if figure.name == name:
                return figure
        raise KeyError(f"{name}; there are {', '.join(known.name for known in self.figures)}")

    def _worded(self) -> object:
        return lines_of(self.title, *self.figures)


@dataclass(frozen=True, slots=True)
class Explanation(Derivation):
    """The derivation of one row; ``print`` it, or read its figures.

    ``explanation["interest accrued"]`` is the :class:`~repaylib.schedule.Figure` of that name.

    Attributes
    ----------
    title
        The day, and the number of the due date, as a sentence.
    figures
        All figures, in the order in which they print.
    row
        The row.
    remark
        What became of the instalment, if it was not paid as any other, as a sentence.
    """

    row: Row
    remark: Sentence | None = None

    @property
    def mark(self) -> str:
        """What became of the instalment, if it was not paid as any other.

        ``"skipped by change 1"``, ``"moved by change 1"``, ``"the last, which pays the remainder"``.
        """
        return "" if self.remark is None else str(self.remark)


def sum_figure(
    label: Sentence, value: Decimal, terms: Sequence[tuple[Sentence, Decimal]]
) -> Figure:
    """Return a figure that is a sum, without its zero terms."""
    kept = [(text, amount) for text, amount in terms if amount]
    shown: list[object] = []
    for place, (text, amount) in enumerate(kept):
        if place:
            shown.append(" - " if amount < 0 else " + ")
        size = amount.copy_abs() if place else amount
        shown.append(Sentence("amount_of", name=text, amount=f"{size:,f}"))
    what = Listed(shown, "nothing") if shown else Sentence("nothing")
    return Figure(label, value, Sentence("equals", what=what), parts=tuple(kept))


def worth_of(flows: Sequence[ValuedFlow]) -> Fraction:
    """Return what payments add up to, to 50 digits: a discount factor has 60."""
    return Fraction(
        round_significant(sum((flow.worth for flow in flows), Fraction(0)), WORTH_DIGITS)
    )


def worth_figure(
    label: Sentence, value: Decimal, flows: Sequence[ValuedFlow], rounding: Rounding = "half_up"
) -> Figure:
    """Return a figure that is a sum of payments, or of their present values."""
    exact = worth_of(flows)
    return Figure(label, value, "", exact=exact, rounding=rounding, flows=tuple(flows))


def quotient(
    label: Sentence,
    value: Decimal,
    parts: tuple[Fraction, Fraction],
    of: tuple[object, object],
    rounding: Rounding = "half_up",
) -> Figure:
    """Return a figure that is a share of an amount: both of them, and what each is called."""
    base, divisor = parts
    slots = {"base": amount_text(base), "divisor": amount_text(divisor), "of": of[0], "over": of[1]}
    return Figure(
        label,
        value,
        Sentence("quotient", **slots),
        exact=base / divisor,
        rounding=rounding,
        base=base,
        divisor=divisor,
        in_percent=True,
    )


def runs_of(paid: Sequence[tuple[date, int]], decimals: int) -> list[ValuedFlow]:
    """Return payments in minor units, those that are equal and follow each other as one."""
    runs = []
    for amount, group in groupby(paid, key=lambda pair: pair[1]):
        days = [day for day, _ in group]
        runs.append(ValuedFlow(days[0], days[-1], to_decimal(amount, decimals), len(days)))
    return runs


def short(rate: str) -> str:
    """Return a rate as text, cut where it has no end or a far one."""
    return rate if len(rate) <= 16 else f"{rate[:14]}...%"


def to_eight(value: Fraction) -> str:
    """Return a fraction to eight decimals, cut, with an ellipsis if that is not all of it."""
    scaled = value * 10**8
    whole = scaled.numerator // scaled.denominator
    text = f"{Decimal(f'{whole}E-8'):,f}"
    return text if scaled.denominator == 1 else f"{text}..."


def amount_text(value: Fraction) -> str:
    """Return an amount to eight decimals at most, without zeros after the second."""
    text = to_eight(value)
    return text if text.endswith("...") else text[:-6] + text[-6:].rstrip("0")
