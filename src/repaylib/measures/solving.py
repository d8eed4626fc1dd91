"""The value of one unknown term at which a figure of the schedule reaches a limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Any, Literal, NamedTuple, get_args, overload

from repaylib.dates.days import parse_date
from repaylib.errors import Phrase, RateError, RepayError, TermsError, check_word, parse_items
from repaylib.money.amounts import minor_of, parse_amount, parse_positive_amount, to_decimal
from repaylib.money.counts import parse_count
from repaylib.output.plain import Plain
from repaylib.rates.rate import parse_share, percent
from repaylib.rates.root_finding import first_true
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.verbs import as_schedule
from repaylib.terms.loan import Loan
from repaylib.typing import Amount, DateLike, SolvedFigure, Unknown
from repaylib.wording.sentence import Bare, Sentence, Worded

__all__ = ["Solution", "solve"]

Planned = Schedule | Loan
PlanOf = Callable[[Any], Schedule | RepayError]

#: Where a value is looked for, unless the user says it.
RANGES: dict[Unknown, tuple[Any, Any]] = {
    "amount": ("1", "1000000000"),
    "rate": ("0%", "1000%"),
    "count": (1, 1_200),
}


#: Other names of figures, for hints.
SPELLINGS = {
    "payment": "instalment",
    "emi": "instalment",
    "interest": "total_interest",
    "total": "total_paid",
    "end": "maturity",
}


@dataclass(frozen=True, slots=True)
class Solution(Worded, Plain):
    """A value of the unknown, the schedule with it, and the next value, at which the limit breaks.

    Attributes
    ----------
    value
        The value: a ``Decimal`` for an amount, a ``Fraction`` for a rate, an ``int``, or a ``date``.
    schedule
        The schedule with it.
    figure
        The figure of that schedule.
    limit
        What the figure may reach.
    next_value
        The value one step further.
    next_figure
        The figure with that value, beyond the limit.
    """

    value: Any
    schedule: Schedule
    figure: Any
    limit: Any
    next_value: Any
    next_figure: Any
    _names: tuple[str, str] = field(repr=False)

    def _worded(self) -> Sentence:
        unknown, figure = self._names
        figures = [self.figure, self.next_figure]
        if isinstance(self.limit, Fraction):
            figures = [Fraction(each) for each in figures]
        return Sentence(
            "solution",
            unknown=Sentence(f"solution.{unknown}"),
            value=self._said(self.value),
            figure=Sentence(figure),
            reached=self._said(figures[0]),
            limit=self._said(self.limit),
            next_value=self._said(self.next_value),
            further=self._said(figures[1]),
        )

    def _said(self, value: Any) -> object:
        """Return a value as a part of a sentence."""
        if isinstance(value, Decimal):
            return Bare(value, self.schedule.loan.currency)
        return value if isinstance(value, date) else _shown(value)


class _Grid(NamedTuple):
    """The values that can be written, as whole numbers of steps from `low` to `high`."""

    low: int
    high: int
    value: Callable[[int], Any]

    def some(self, plan_of: PlanOf) -> int:
        """Return the number of a value of which a schedule can be made; it halves the range."""
        width = self.high - self.low
        halves = (self.low + (width >> shift) for shift in range(width.bit_length()))
        refused = plan_of(self.value(self.low))
        for number in [self.low, *halves]:
            if isinstance(plan_of(self.value(number)), Schedule):
                return number
        low, high = (_shown(self.value(end)) for end in (self.low, self.high))
        assert isinstance(refused, RepayError), "none could be made"
        expected = Phrase(
            "a range with a value of which a schedule can be made; with {} {} should be {}",
            low,
            refused.parameter,
            refused.expected,
        )
        raise TermsError(
            "between",
            Phrase("{} to {}", low, high),
            expected,
            Phrase("write {}", "between=(lowest, highest)"),
        )

    def ends(self, plan_of: PlanOf) -> tuple[int, int]:
        """Return the lowest and the highest number, next to each other, of which schedules can be made."""
        some = self.some(plan_of)

        def made(number: int) -> bool:
            return isinstance(plan_of(self.value(number)), Schedule)

        low = first_true(made, self.low, some)
        beyond = first_true(lambda number: not made(number), some, self.high)
        assert low is not None, "a schedule can be made of one of them"
        return low, self.high if beyond is None else beyond - 1


@overload
def solve(
    make: Callable[[Decimal], Planned],
    unknown: Literal["amount"],
    figure: SolvedFigure | Callable[[Schedule], Any] = ...,
    *,
    at_most: Any = ...,
    at_least: Any = ...,
    between: tuple[Amount, Amount] | None = ...,
    step: Amount | None = ...,
) -> Solution: ...
@overload
def solve(
    make: Callable[[Fraction], Planned],
    unknown: Literal["rate"],
    figure: SolvedFigure | Callable[[Schedule], Any] = ...,
    *,
    at_most: Any = ...,
    at_least: Any = ...,
    between: tuple[Any, Any] | None = ...,
    step: str | Decimal | Fraction | None = ...,
) -> Solution: ...
@overload
def solve(
    make: Callable[[int], Planned],
    unknown: Literal["count"],
    figure: SolvedFigure | Callable[[Schedule], Any] = ...,
    *,
    at_most: Any = ...,
    at_least: Any = ...,
    between: tuple[int, int] | None = ...,
    step: int | None = ...,
) -> Solution: ...
@overload
def solve(
    make: Callable[[date], Planned],
    unknown: Literal["day"],
    figure: SolvedFigure | Callable[[Schedule], Any] = ...,
    *,
    at_most: Any = ...,
    at_least: Any = ...,
    between: tuple[DateLike, DateLike],
    step: int | None = ...,
) -> Solution: ...
def solve(
    make: Callable[[Any], Planned],
    unknown: Unknown,
    figure: SolvedFigure | Callable[[Schedule], Any] = "instalment",
    *,
    at_most: Any = None,
    at_least: Any = None,
    between: tuple[Any, Any] | None = None,
    step: Any = None,
) -> Solution:
    """Find the value of one unknown at which a figure of the schedule just keeps a limit.

    Parameters
    ----------
    make
        A function of the unknown that returns a loan or a schedule, such as
        ``lambda amount: rp.Loan(amount, "12%", 12, "2024-01-10")``. The unknown can be any term of
        the loan or of a change. A value for which it raises a
        :class:`~repaylib.RepayError` can't be the answer.
    unknown
        What the function takes:

        ``"amount"``
            a ``Decimal``: a principal, a deposit, an instalment, a balloon, a prepayment. An
            instalment of at most 800 allows a principal of 9,004.11.
        ``"rate"``
            a ``Fraction``, for ``"12%"`` 3/25. Interest of at most 500 allows 9.1%.
        ``"count"``
            an ``int``. An instalment of at most 500 takes 23 payments.
        ``"day"``
            a ``date``.
    figure
        What is limited: ``"instalment"`` (default), ``"first_payment"``, ``"final_payment"``,
        ``"largest_payment"``, ``"total_paid"``, ``"out_of_pocket"``, ``"total_interest"``,
        ``"payments"`` or ``"maturity"``, the attribute of :class:`~repaylib.Schedule`; or a function of
        the schedule that returns a number or a day, such as
        ``lambda plan: rp.apr(plan, "eu")``.
    at_most, at_least
        The limit; exactly one. An amount in major units, a number, a day, or for a function that returns
        a share also ``"10%"``.
    between
        The lowest and the highest value that is tried. By default amounts from 1 to 1,000,000,000,
        rates from 0% to 1,000%, and counts from 1 to 1,200. Needed for a day.
    step
        The answer is a multiple of it: by default of one minor unit of the loan, 0.01%, or 1. Days
        are counted from the first: 7 tries each week.

    Returns
    -------
    Solution
        The last value that keeps the limit, next to the first that breaks it. The search halves the
        range. If the figure goes up and down as the unknown grows, other values may keep the limit
        as well.

    Raises
    ------
    RepayError
        If all values keep the limit or none does; if no schedule can be made.

    Examples
    --------
    What can be borrowed for 800 a month, and how many payments keep it below 500?

    >>> import repaylib as rp
    >>> found = rp.measures.solve(
    ...     lambda amount: rp.Loan(amount, "12%", 12, "2024-01-10"), "amount", at_most="800")
    >>> print(found)
    amount 9,004.11: instalment 800.00, 800 allowed; 9,004.12 gives 800.01
    >>> rp.measures.solve(
    ...     lambda count: rp.Loan("10000", "12%", count, "2024-01-10"), "count", at_most="500").value
    23
    """
    if not callable(make):
        hint = Phrase("write {}", 'lambda amount: rp.Loan(amount, "12%", 12, "2024-01-10")')
        raise TermsError("make", make, "a function of the unknown", hint)
    word = check_word("unknown", unknown, get_args(Unknown))
    measured = _measure(figure)
    kept, limit = ("at_most", at_most) if at_least is None else ("at_least", at_least)
    if (at_most is None) == (at_least is None):
        given = Phrase("neither") if at_most is None else Phrase("both")
        raise TermsError(
            "at_most",
            given,
            "exactly one of at_most and at_least",
            Phrase("write {}", 'at_most="800"'),
        )
    plans: dict[Any, Schedule | RepayError] = {}

    def plan_of(value: Any) -> Schedule | RepayError:
        if value not in plans:
            try:
                plans[value] = as_schedule(make(value), "make")
            except RepayError as error:
                plans[value] = error
        return plans[value]

    grid = _grid(word, between, step, plan_of)
    low, high = grid.ends(plan_of)

    def figure_at(number: int) -> Any:
        plan = plan_of(grid.value(number))
        if isinstance(plan, RepayError):
            raise plan
        return measured(plan)

    read = _read_limit(limit, kept, figure_at(low))

    def keeps(number: int) -> bool:
        reached, allowed = _comparable(figure_at(number)), _comparable(read)
        return bool(reached <= allowed if kept == "at_most" else reached >= allowed)

    first = keeps(low)
    if first == keeps(high):
        least, most = (
            Phrase("{} gives {}", _shown(grid.value(end)), _shown(figure_at(end)))
            for end in (low, high)
        )
        raise TermsError(
            kept,
            limit,
            Phrase(
                "a limit that not every {} keeps; {}, {}"
                if first
                else "a limit that some {} keeps; {}, {}",
                word,
                least,
                most,
            ),
            "write another limit, or between=(lowest, highest)",
        )
    turn = first_true(lambda number: keeps(number) != first, low, high)
    assert turn is not None, "the ends differ"
    last, further = (turn - 1, turn) if first else (turn, turn - 1)
    plan = plan_of(grid.value(last))
    assert isinstance(plan, Schedule), "it keeps the limit"
    name = f"solution.figure.{figure}" if isinstance(figure, str) else "solution.figure"
    return Solution(
        value=grid.value(last),
        schedule=plan,
        figure=figure_at(last),
        limit=read,
        next_value=grid.value(further),
        next_figure=figure_at(further),
        _names=(word, name),
    )


def _grid(word: Unknown, between: Any, step: Any, plan_of: PlanOf) -> _Grid:
    """Return the values that are tried."""
    ends = RANGES.get(word) if between is None else between
    expected = Phrase("the lowest and the highest {}", word)
    hint = (
        Phrase("write {}", 'between=("2024-01-10", "2025-01-10")')
        if word == "day"
        else Phrase("write {}", "between=(low, high)")
    )
    if ends is None:
        raise TermsError("between", None, expected, hint)
    pair = parse_items(ends, "between", expected, hint)
    if len(pair) != 2:
        raise TermsError("between", between, expected, hint)
    if word == "amount":
        grid = _amounts(pair, step, plan_of)
    elif word == "rate":
        low, high = (parse_share(each, "between") for each in pair)
        width = parse_share("0.01%" if step is None else step, "step")
        if width <= 0:
            raise RateError("step", step, "a step above 0%", Phrase("write {}", '"0.01%"'))
        grid = _Grid(-(-low // width), high // width, lambda number: number * width)
    elif word == "count":
        first, last = (parse_count(each, "between") for each in pair)
        by = 1 if step is None else parse_count(step, "step", example=1)
        grid = _Grid(-(-first // by), last // by, lambda number: number * by)
    else:
        begin, end = (parse_date(each, "between").toordinal() for each in pair)
        by = 1 if step is None else parse_count(step, "step", example=1)
        grid = _Grid(0, (end - begin) // by, lambda number: date.fromordinal(begin + number * by))
    if grid.low >= grid.high:
        raise TermsError("between", between, Phrase("{}, a step apart or more", expected), hint)
    return grid


def _amounts(pair: tuple[Any, ...], step: Any, plan_of: PlanOf) -> _Grid:
    """Return amounts, by default as fine as the loan that is made of one of them."""
    low, high = (parse_amount(each, "between") for each in pair)
    width = None if step is None else parse_positive_amount(step, "step")

    def grid(decimals: int) -> _Grid:
        first, last = (minor_of(each, decimals) for each in (low, high))
        by = 1 if width is None else minor_of(width, decimals)
        return _Grid(-(-first // by), last // by, lambda number: to_decimal(number * by, decimals))

    places = max(_places(each) for each in (low, high, width) if each is not None)
    if width is not None:
        return grid(places)
    coarse = grid(places)
    plan = plan_of(coarse.value(coarse.some(plan_of)))
    assert isinstance(plan, Schedule), "a schedule is made of it"
    return grid(max(places, plan.loan.decimals))


def _places(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _measure(figure: Any) -> Callable[[Schedule], Any]:
    """Return the function of a figure; what it returns is checked."""
    if callable(figure):
        return lambda plan: _checked(figure(plan))
    return attrgetter(check_word("figure", figure, get_args(SolvedFigure), SPELLINGS))


def _checked(value: object) -> Any:
    if isinstance(value, (Decimal, Fraction, date)) or type(value) is int:
        return value
    expected = "a function that returns a Decimal, a Fraction, an int or a day"
    raise TermsError(
        "figure", value, expected, Phrase("write {}", "lambda plan: plan.total_interest")
    )


def _read_limit(limit: Any, name: str, like: Any) -> Any:
    """Read a limit as the figures are that it is compared with."""
    if isinstance(like, date):
        return parse_date(limit, name)
    if isinstance(limit, Fraction) or (isinstance(limit, str) and "%" in limit):
        return parse_share(limit, name)
    return parse_amount(limit, name)


def _comparable(value: Any) -> Any:
    return value.toordinal() if isinstance(value, date) else Fraction(value)


def _shown(value: Any) -> str:
    if isinstance(value, Fraction):
        return percent(value)
    return (
        f"{value}"
        if isinstance(value, date)
        else f"{value:,f}"
        if isinstance(value, Decimal)
        else f"{value:,}"
    )
