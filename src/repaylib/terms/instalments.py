"""Instalments that are not all alike: listed, growing by a rule, or with lump sums on top."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any, NamedTuple

from repaylib.errors import Phrase, RateError, TermsError, parse_pairs
from repaylib.money.amounts import minor_of, parse_amount, parse_positive_amount
from repaylib.money.counts import MOST_PAYMENTS, parse_count
from repaylib.money.rounding import round_fraction
from repaylib.rates.rate import Share, parse_share
from repaylib.rates.step_schedule import Steps, in_force
from repaylib.terms.seasons import Seasonal, Seasons
from repaylib.typing import Amount, Rounding
from repaylib.wording.sentence import Listed, Money, Sentence, Worded

if TYPE_CHECKING:
    from repaylib.terms.loan import Loan

__all__ = [
    "Graduated",
    "Grown",
    "Instalment",
    "ListedAmounts",
    "Lumped",
    "Lumps",
    "Shape",
    "Stepped",
    "given_by",
    "graduated",
    "is_solved",
    "lumps",
    "parse_steps",
]

LARGEST_SHARE = 10


@dataclass(frozen=True, slots=True, init=False)
class Graduated(Worded):
    """Instalments that grow, or fall, by the same step every so many payments.

    Attributes
    ----------
    by
        The step: a ``Fraction`` is a share of the instalment before it (5 %: each is 1.05
        times the one before), a ``Decimal`` an amount in major units.
    every
        After how many payments the next step comes.
    """

    by: Fraction | Decimal
    every: int

    def __init__(self, by: str | int | Decimal | Fraction, every: int = 12) -> None:
        step: Fraction | Decimal
        text = by.strip() if isinstance(by, str) else ""
        if isinstance(by, Fraction) or text.endswith("%"):
            decreases = text.startswith("-") or (isinstance(by, Fraction) and by < 0)
            size = abs(by) if isinstance(by, Fraction) else text.removeprefix("-")
            share = parse_share(size, "by", LARGEST_SHARE, "share")
            if decreases and share >= 1:
                raise RateError(
                    "by", by, "a share above -100%", Phrase("write such as {}", 'by="-10%"')
                )
            step = -share if decreases else share
        else:
            step = parse_amount(by, "by")
        object.__setattr__(self, "by", step)
        object.__setattr__(self, "every", parse_count(every, "every"))

    def sentence(self, money: Callable[[Decimal], Money] = Money) -> Sentence:
        """Return the rule in words; `money` writes an amount."""
        step: object = (
            Share(abs(self.by)) if isinstance(self.by, Fraction) else money(self.by.copy_abs())
        )
        key = "graduated.fall" if self.by < 0 else "graduated.rise"
        return Sentence(key, step=step, every=self.every)

    def _worded(self) -> object:
        return self.sentence()


def graduated(by: str | int | Decimal | Fraction, *, every: int = 12) -> Graduated:
    """Let instalments step up or down; the first is solved so that the loan is repaid.

    Parameters
    ----------
    by
        ``"5%"``
            each step is 5 % of the instalment before it: 317.30, 333.17, 349.82 below.
        ``"50"``
            each step is 50.00: 286.11, 336.11, 386.11. Below zero (``"-50"``, ``"-5%"``) the instalments fall.
    every
        Payments between two steps: 12 is once a year for a monthly loan.

    Raises
    ------
    RepayError
        If the step cannot be read, or is -100 % or less.

    Examples
    --------
    >>> import repaylib as rp
    >>> rule = rp.terms.graduated("5%", every=12)
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 36, "2024-01-10", instalment=rule))
    >>> [str(plan[k].payment) for k in (0, 11, 12, 24, 35)]
    ['317.30', '317.30', '333.17', '349.82', '349.99']
    """
    return Graduated(by, every)


@dataclass(frozen=True, slots=True, init=False)
class Lumps(Worded):
    """Lump sums that are agreed from the start, on top of level instalments.

    Attributes
    ----------
    amounts
        The number of each payment with which one is paid, and the amount in major units; or, with
        `every`, the one amount.
    every
        After how many payments it comes each time; ``None`` if they are listed.
    """

    amounts: Decimal | tuple[tuple[int, Decimal], ...]
    every: int | None

    def __init__(
        self,
        amounts: Amount | Mapping[int, Amount] | Iterable[tuple[int, Amount]],
        every: int | None = None,
    ) -> None:
        found: Decimal | tuple[tuple[int, Decimal], ...]
        if every is not None:
            found = parse_positive_amount(amounts, "amounts")
            every = parse_count(every, "every", example=6)
        elif isinstance(amounts, (str, int, Decimal)):
            raise TermsError(
                "every",
                every,
                "a number of payments, with one amount",
                'write every=6, or amounts by payment such as {6: "20000"}',
            )
        else:
            hint = 'write {6: "20000"}, or every=6 with one amount'
            given = amounts.items() if isinstance(amounts, Mapping) else amounts
            expected = "the number of a payment and an amount"
            pairs = parse_pairs(given, "amounts", expected, hint, MOST_PAYMENTS)
            read = {
                parse_count(number, f"amounts[{place}]", example=6): parse_positive_amount(
                    amount, f"amounts[{place}]"
                )
                for place, (number, amount) in enumerate(pairs)
            }
            if not read or len(read) < len(pairs):
                shown = Phrase("{} lump sums", len(pairs))
                raise TermsError("amounts", shown, "one or more, each with its own payment", hint)
            found = tuple(sorted(read.items()))
        object.__setattr__(self, "amounts", found)
        object.__setattr__(self, "every", every)

    @property
    def sums(self) -> tuple[Decimal, ...]:
        """The amounts alone."""
        if isinstance(self.amounts, Decimal):
            return (self.amounts,)
        return tuple(amount for _, amount in self.amounts)

    @property
    def least_payments(self) -> int:
        """How many payments a loan must have to pay each of them, at least once."""
        if isinstance(self.amounts, Decimal):
            return self.every or 1
        return self.amounts[-1][0]

    def sentence(self, money: Callable[[Decimal], Money] = Money) -> Sentence | Listed:
        """Return the lump sums in words; `money` writes an amount."""
        if isinstance(self.amounts, Decimal):
            return Sentence("lumps.every", amount=money(self.amounts), every=self.every)
        alike: dict[Decimal, list[int]] = {}
        for number, amount in self.amounts:
            alike.setdefault(amount, []).append(number)
        return Listed(
            [
                Sentence(
                    "lumps.listed",
                    amount=money(amount),
                    numbers=Listed(numbers, "and"),
                    count=len(numbers),
                )
                for amount, numbers in alike.items()
            ],
            "and",
        )

    def _worded(self) -> object:
        return self.sentence()


def lumps(
    amounts: Amount | Mapping[int, Amount] | Iterable[tuple[int, Amount]],
    *,
    every: int | None = None,
) -> Lumps:
    """Let lump sums be paid on top of level instalments, which are solved around them.

    Parameters
    ----------
    amounts
        One amount in major units, with `every`; or the amounts by the number of the payment with
        which they are paid, ``{6: "20000", 18: "50000"}``.
    every
        With one amount: ``6`` is with payments 6, 12, 18, ... of the loan.

    Raises
    ------
    RepayError
        If an amount or a number cannot be read.

    Examples
    --------
    1,250,000 at 1.25% a month over 36 months, and 20,000 more with every sixth payment:

    >>> import repaylib as rp
    >>> rule = rp.terms.lumps("20000", every=6)
    >>> plan = rp.amortise(rp.Loan("1250000", rp.monthly("1.25%"), 36, "2024-01-10", instalment=rule))
    >>> plan.instalment, plan[5].payment, plan.final_payment
    (Decimal('40100.98'), Decimal('60100.98'), Decimal('60101.20'))
    """
    return Lumps(amounts, every)


class ListedAmounts(NamedTuple):
    """Instalments agreed one by one, in minor units; the last of them goes on."""

    first: int
    amounts: tuple[int, ...]

    def of(self, number: int, solved: int) -> int:
        """Return the instalment of due date `number`."""
        return self.amounts[min(max(number - self.first, 0), len(self.amounts) - 1)]


class Grown(NamedTuple):
    """Instalments that grow from due date `first` on; amounts in minor units."""

    first: int
    by: Fraction | int
    every: int
    rounding: Rounding

    def of(self, number: int, solved: int) -> int:
        """Return the instalment of due date `number`, where that of `first` is `solved`."""
        steps = (number - self.first) // self.every
        if isinstance(self.by, int):
            return max(0, solved + self.by * steps)
        return round_fraction(solved * (1 + self.by) ** steps, self.rounding)

    def shares(self, low: int, high: int) -> tuple[Sequence[int], int]:
        """Return the payments of due dates `low` to `high` as multiples of the first, over one number."""
        if isinstance(self.by, int):
            return (), 1
        steps = [(number - self.first) // self.every for number in range(low, high + 1)]
        most, grow = max(steps), 1 + self.by
        top, bottom = grow.numerator, grow.denominator
        return [top**step * bottom ** (most - step) for step in steps], bottom**most

    def additions(self, low: int, high: int) -> Sequence[int]:
        """Return the excess of the payments of due dates `low` to `high` over the first."""
        if not isinstance(self.by, int):
            return ()
        return [self.by * ((number - self.first) // self.every) for number in range(low, high + 1)]


class Stepped(NamedTuple):
    """Instalments that are given shares of the one that is solved, from due date `first` on.

    Attributes
    ----------
    first, each
        The shares of due date `first` and of those after it, of which the last goes on.
    rounding, unit
        Each instalment is rounded to a whole multiple of `unit`.
    exact, rounded
        What was solved, and that rounded: a share of `rounded` is one of `exact`, so that it is
        rounded once. A share of any other amount is a share of that amount.
    """

    first: int
    values: tuple[Fraction, ...]
    rounding: Rounding
    unit: int = 1
    exact: Fraction = Fraction(0)
    rounded: int = 0

    def of(self, number: int, solved: int) -> int:
        """Return the instalment of due date `number`."""
        base = self.exact if solved == self.rounded else solved
        return self.unit * round_fraction(base * self._share(number) / self.unit, self.rounding)

    def _share(self, number: int) -> Fraction:
        return self.values[min(max(number - self.first, 0), len(self.values) - 1)]

    def shares(self, low: int, high: int) -> tuple[Sequence[int], int]:
        """Return the shares of due dates `low` to `high`, over one number."""
        found = [self._share(number) for number in range(low, high + 1)]
        common = lcm(*(share.denominator for share in found))
        return [share.numerator * (common // share.denominator) for share in found], common

    def additions(self, low: int, high: int) -> Sequence[int]:
        """Return nothing: shares are all there is."""
        return ()


class Lumped(NamedTuple):
    """Lump sums on top of the instalment that is solved, in minor units.

    Attributes
    ----------
    numbers, amounts
        The due dates with one, in order, and the lump sum of each.
    every
        After how many due dates the one amount comes; 0 if they are listed.
    """

    numbers: tuple[int, ...]
    amounts: tuple[int, ...]
    every: int = 0

    def lump(self, number: int) -> int:
        """Return the lump sum of due date `number`."""
        if self.every:
            return 0 if number % self.every else self.amounts[0]
        place = bisect_left(self.numbers, number)
        held = place < len(self.numbers) and self.numbers[place] == number
        return self.amounts[place] if held else 0

    def of(self, number: int, solved: int) -> int:
        """Return the instalment of due date `number`, with its lump sum."""
        return solved + self.lump(number)

    def shares(self, low: int, high: int) -> tuple[Sequence[int], int]:
        """Return nothing: every due date has the whole instalment."""
        return (), 1

    def additions(self, low: int, high: int) -> Sequence[int]:
        """Return the lump sums of due dates `low` to `high`."""
        return [self.lump(number) for number in range(low, high + 1)]


Shape = ListedAmounts | Grown | Stepped | Lumped | Seasons

#: An instalment that is given: one amount, a list, a rule, or steps of amounts or shares.
Rule = Graduated | Lumps | Seasonal
Instalment = Decimal | tuple[Decimal, ...] | Rule | Steps[Decimal] | Steps[Fraction]


def is_solved(instalment: object) -> bool:
    """Whether an instalment is solved, in whatever shape, and not given as amounts."""
    if isinstance(instalment, Steps):
        return isinstance(instalment.initial, Fraction) or _is_share(instalment.initial)
    return instalment is None or isinstance(instalment, Rule)


def parse_steps(
    value: Steps[Any], read: Callable[[object, str], Decimal]
) -> Steps[Decimal] | Steps[Fraction]:
    """Read steps of amounts, or of shares of the instalment that is solved.

    Raises
    ------
    TermsError
        For a word on what a step holds, which only rates have, or shares of nothing.
    """
    for word in ("hold", "recast"):
        if (held := getattr(value, word)) is not None:
            expected = Phrase("steps without {}, which says what a new rate does", word)
            raise TermsError(
                "instalment", f"{word}={held!r}", expected, Phrase("leave {} out", word)
            )
    if not is_solved(value):
        return value.read(read, "instalment")
    shares = value.read(
        lambda share, name: parse_share(share, name, LARGEST_SHARE, "share"), "instalment"
    )
    if not shares.initial:
        raise TermsError(
            "instalment",
            str(value),
            "a first share above zero; for due dates without an instalment there is Deferral",
            Phrase("write {}", 'steps("100%", {13: "110%"})'),
        )
    return shares


def _is_share(value: object) -> bool:
    return isinstance(value, Fraction) or (isinstance(value, str) and value.strip().endswith("%"))


def given_by(loan: Loan) -> tuple[int | None, Shape | None]:
    """Return the instalment that is given, in minor units, and how instalments differ."""
    given, decimals = loan.instalment, loan.decimals
    if isinstance(given, Graduated):
        by = given.by
        step = by if isinstance(by, Fraction) else minor_of(by, decimals)
        return None, Grown(1, step, given.every, loan.instalment_rounding or loan.rounding)
    if isinstance(given, Lumps):
        if isinstance(given.amounts, Decimal):
            return None, Lumped((), (minor_of(given.amounts, decimals),), given.every or 0)
        numbers, sums = zip(*given.amounts, strict=True)
        return None, Lumped(numbers, tuple(minor_of(amount, decimals) for amount in sums))
    if isinstance(given, Seasonal):
        return None, Seasons(given.interest_only)
    if isinstance(given, Steps):
        return _stepped(loan, given)
    if isinstance(given, tuple):
        amounts = tuple(minor_of(amount, decimals) for amount in given)
        return amounts[0], ListedAmounts(1, amounts)
    return (None if given is None else minor_of(given, decimals)), None


def _stepped(loan: Loan, given: Steps[Any]) -> tuple[int | None, Shape | None]:
    """Return the steps of an instalment, due date by due date, up to the last of them.

    A step by number holds from that instalment on, one by day from the first due date that is
    not before it.
    """
    table = loan.timetable
    placed = given.placed(loan.start, table.accrual_date, "instalment")
    found = []
    for number in range(1, loan.payments + 1):
        day = table.accrual_date(number)
        found.append(in_force(given.initial, placed, day))
        if not placed or day >= placed[-1][0]:
            break
    if isinstance(given.initial, Fraction):
        base = found[0]
        shares = tuple(amount / base for amount in found)
        multiple = loan.instalment_multiple
        unit = 1 if multiple is None else minor_of(multiple, loan.decimals)
        return None, Stepped(1, shares, loan.instalment_rounding or loan.rounding, unit)
    amounts = tuple(minor_of(amount, loan.decimals) for amount in found)
    return amounts[0], ListedAmounts(1, amounts)
