"""A value that steps: what holds at first, and what from which day or instalment on.

One idea for all that can change on known days: rates, instalments, fees. Whoever takes the steps
reads their values, as text or numbers, in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar, cast, get_args

from repaylib.dates.due_dates import parse_date
from repaylib.errors import (
    CountError,
    DateError,
    Hint,
    Phrase,
    TermsError,
    as_text,
    check_word,
    enumerated,
    parse_pairs,
)
from repaylib.money.counts import MOST_PAYMENTS
from repaylib.money.rounding import as_integer
from repaylib.typing import Recast, StepHold
from repaylib.wording.sentence import Listed, Sentence, Worded

__all__ = ["STEP_HOLDS", "Place", "Steps", "from_place", "in_force", "steps", "parse_recast"]

STEP_HOLDS: tuple[StepHold, ...] = get_args(StepHold)


#: From when a step holds: a day, or the number of the first instalment that feels it.
Place = date | int

LATEST_PAYMENT = 10_000

V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)
W = TypeVar("W")


@dataclass(frozen=True, slots=True)
class Steps(Worded, Generic[V_co]):
    """A value that steps; :func:`~repaylib.steps` makes one.

    Attributes
    ----------
    initial
        The value of the first day.
    changes
        Pairs of a day, or the number of an instalment, and the value from then on; days first,
        each in order.
    hold
        For rates, what is held at a step; see :func:`~repaylib.steps`.
    recast
        For rates, whether a step to the same rate solves the instalment again.

    Examples
    --------
    >>> print(Steps("3%", {25: "6%", "2026-01-10": "5%"}))
    3%, 5% from 2026-01-10 on, 6% from instalment 25 on
    """

    initial: V_co
    changes: tuple[tuple[Place, V_co], ...] = ()
    hold: StepHold | None = None
    recast: Recast | None = None

    def __post_init__(self) -> None:
        found: dict[Place, V_co] = {}
        hint = Phrase("write such as {}", '{"2026-01-10": "5%", 25: "6%"}')
        expected = "new values by day or instalment"
        pairs = parse_pairs(self.changes, "changes", expected, hint, MOST_PAYMENTS)
        for given, value in pairs:
            place = _place(given)
            if place in found:
                both = enumerated("{} and {}", map(as_text, (found[place], value)))
                raise TermsError(
                    "changes",
                    _plain(place),
                    Phrase("one value {}, where there are {}", from_place(place), both),
                    "take one of them out",
                )
            found[place] = value
        ordered = sorted(found.items(), key=lambda pair: _order(pair[0]))
        object.__setattr__(self, "changes", tuple(ordered))
        if self.hold is not None:
            check_word("hold", self.hold, STEP_HOLDS)
        if self.recast is not None:
            parse_recast(self.recast, self.hold or "maturity")

    def read(self, reader: Callable[[V_co, str], W], parameter: str) -> Steps[W]:
        """Return the steps with their values read by `reader`, which takes a value and a name."""
        return Steps(
            reader(self.initial, parameter),
            tuple((place, reader(value, parameter)) for place, value in self.changes),
            self.hold,
            self.recast,
        )

    def holding(self, hold: StepHold) -> Steps[V_co]:
        """Return the steps with this word for what is held, if they have none."""
        return self if self.hold is not None else replace(self, hold=hold)

    def placed(
        self, start: date, opens: Callable[[int], date], parameter: str
    ) -> tuple[tuple[date, V_co], ...]:
        """Return the day and the value of each step, in order.

        Parameters
        ----------
        start
            The first day, on which `initial` holds.
        opens
            Gives the day from which the instalment of a number stands.
        parameter
            The name to use in an error.

        Raises
        ------
        TermsError
            If a step is not after the start, or two fall on one day.
        """
        found: dict[date, tuple[Place, V_co]] = {}
        for place, value in self.changes:
            day = opens(place) if isinstance(place, int) else place
            if day <= start:
                raise TermsError(
                    parameter,
                    Phrase("{} {}", value, from_place(place)),
                    Phrase("steps after start={}, on which {} holds", start, self.initial),
                    Phrase("write it as the initial value, steps({!r}, ...)", str(value)),
                )
            if day in found:
                other, there = found[day]
                raise TermsError(
                    parameter,
                    Phrase("{} {}", value, from_place(place)),
                    Phrase(
                        "one value for {}, where {} {} stands already",
                        day,
                        there,
                        from_place(other),
                    ),
                    "take one of them out",
                )
            found[day] = place, value
        return tuple((day, found[day][1]) for day in sorted(found))

    def to_plain(self, write: Callable[[V_co], object]) -> dict[str, object]:
        """Return the steps as a dictionary of text, whole numbers and lists."""
        return {
            "initial": write(self.initial),
            "changes": [[_plain(place), write(value)] for place, value in self.changes],
            "hold": self.hold,
            "recast": self.recast,
        }

    def sentences(self, write: Callable[[V_co], object]) -> list[object]:
        """Return the first value and each step as parts of a sentence; `write` writes a value."""
        later = [
            Sentence("step", value=write(value), place=from_place(place))
            for place, value in self.changes
        ]
        return [write(self.initial), *later]

    def _worded(self) -> object:
        return Listed(self.sentences(_shown))


def _shown(value: object) -> object:
    return value if isinstance(value, Worded) else str(value)


def from_place(place: Place) -> Sentence:
    """Return from when a step holds."""
    if isinstance(place, int):
        return Sentence("from.instalment", number=place)
    return Sentence("from.day", day=place)


def steps(
    initial: V,
    changes: Mapping[Any, V] | Iterable[tuple[Any, V]],
    hold: StepHold | None = None,
    *,
    recast: Recast | None = None,
) -> Steps[V]:
    """Return a value that steps: a rate, an instalment, a fee.

    Parameters
    ----------
    initial
        The value of the first day. What takes the steps, such as ``Loan(rate=...)``, reads it and
        the new values, and refuses what it cannot take.
    changes
        The new values, by the day or by the number of the instalment from which each holds:
        ``{"2026-01-10": "5%", 25: "6%"}``. Instalment 25 feels 6 % from due date 24 on. The
        order does not matter.
    hold
        For rates, what a step keeps; 10,000 over 12 months from 10 January 2024, at 3 % and
        from instalment 7 on at 6 %:

        ``"maturity"`` (default)
            the end; the instalment is solved again at each step: 6 x 846.94, then 854.33.
        ``"payment"``
            the instalment; the term floats: 12 x 846.94, then 45.11.
        ``"last"``
            instalment and end; the last payment takes the difference: 11 x 846.94, then 891.83.
        ``"level"``
            instalment and end, as the steps were known from the start: one instalment repays
            the loan over all of them, solved with the rate of each period: 12 x 850.59.
    recast
        For rates with ``hold="maturity"``, which steps solve the instalment again:
        ``"on_change"`` (default), those to another rate; or ``"always"``, also one to the rate
        that is in force, which moves the instalment by what was rounded since it was solved.

    Raises
    ------
    RepayError
        If a day or a number cannot be read, stands twice, or the word is none of these.

    Examples
    --------
    >>> import repaylib as rp
    >>> for hold in ("maturity", "payment", "last", "level"):
    ...     rate = rp.steps("3%", {7: "6%"}, hold)
    ...     plan = rp.amortise(rp.Loan("10000", rate, 12, "2024-01-10"))
    ...     print(f"{hold:8}", plan[0].payment, plan[6].payment, plan.final_payment, len(plan))
    maturity 846.94 854.33 854.32 12
    payment  846.94 846.94 45.11 13
    last     846.94 846.94 891.83 12
    level    850.59 850.59 850.58 12
    """
    return Steps(initial, cast("tuple[tuple[Place, V], ...]", changes), hold, recast)


def parse_recast(recast: object, hold: str) -> Recast:
    """Read when a reset solves the instalment again, which one that holds the end can do."""
    word: Recast = check_word("recast", recast, get_args(Recast))
    if word == "always" and hold not in ("maturity", "count"):
        raise TermsError(
            "recast",
            word,
            Phrase('hold="maturity", as hold="{}" does not solve the instalment again', hold),
            Hint("write {}, or leave recast out", hold="maturity"),
        )
    return word


def in_force(initial: V, placed: Iterable[tuple[date, V]], day: date) -> V:
    """Return the value that holds on a day, of steps that :meth:`Steps.placed <repaylib.rates.Steps.placed>` gave.

    Examples
    --------
    >>> placed = Steps("3%", {"2026-01-10": "5%"}).placed(date(2024, 1, 10), date, "rate")
    >>> in_force("3%", placed, date(2026, 1, 9)), in_force("3%", placed, date(2026, 1, 10))
    ('3%', '5%')
    """
    value = initial
    for begun, step in placed:
        if begun <= day:
            value = step
    return value


def _place(given: object) -> Place:
    number = as_integer(given)
    if number is not None:
        if 2 <= number <= LATEST_PAYMENT:
            return number
        raise CountError(
            "changes",
            given,
            Phrase("the number of an instalment, 2 to {}", LATEST_PAYMENT),
            "write the value from instalment 1 on as the initial one",
        )
    try:
        return parse_date(given, "changes")
    except DateError as error:
        expected = Phrase("{}, or the number of an instalment", error.expected)
        hint = error.hint
        if isinstance(hint, Hint):  # a key has no name
            hint = Hint(hint.template, *(value for _, value in hint.parts))
        raise DateError("changes", given, expected, hint) from error


def _order(place: Place) -> tuple[bool, int]:
    number = isinstance(place, int)
    return number, place if isinstance(place, int) else place.toordinal()


def _plain(place: Place) -> str | int:
    return place if isinstance(place, int) else place.isoformat()
