"""Where regular periods begin and end, and what is left over at either end: the stubs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar, get_args

from repaylib.dates.days import ONE_DAY
from repaylib.dates.frequency import Step
from repaylib.dates.months import is_month_end, month_of
from repaylib.dates.recurrence import DaySteps, Grid, HalfMonths, MixedUnits, MonthSteps
from repaylib.errors import DateError, Hint, Phrase, TermsError, write
from repaylib.typing import Stub

__all__ = ["SHORTEST_STUB", "STUBS", "Layout", "Frequency", "place"]

STUBS: tuple[Stub, ...] = get_args(Stub)

_AnyGrid = TypeVar("_AnyGrid", HalfMonths, MixedUnits, MonthSteps)


#: A smart stub of fewer days than this is made long.
SHORTEST_STUB = 7


@dataclass(frozen=True, slots=True)
class Frequency:
    """A step from due date to due date, and what is agreed about days that a month has not.

    Attributes
    ----------
    step
        The step.
    month_end
        Whether due dates are month ends if one of them is.
    spill
        Whether a day that a month has not becomes the first of the next month.
    due_days
        The two days of ``"half_month"``, if they are given.
    """

    step: Step
    month_end: bool = False
    spill: bool = False
    due_days: tuple[int, int] | None = None

    def through(self, anchor: date, day: date) -> Grid | None:
        """Return the grid with `day` as edge 0 on the day of the month of `anchor`, if there is one."""
        step = self.step
        if step.halves:
            low, high = self.days_of_month(anchor)
            halves = HalfMonths(2 * month_of(day), low, high, self.spill)
            return _at(halves, day)
        if not step.months:
            return DaySteps(day, step.days, step.share)
        if step.days:
            return _at(MixedUnits(anchor, step.months, step.days), day)
        ends = self.month_end and is_month_end(anchor)
        wanted = 31 if ends else anchor.day
        spill = self.spill and not ends  # every month has an end
        monthly = _at(MonthSteps(month_of(anchor), 1, wanted, spill), day)
        return None if monthly is None else MonthSteps(monthly.month, step.months, wanted, spill)

    def from_start(self, start: date) -> Grid:
        """Return the grid whose edge 0 is one step after `start`, or on the next of its due days."""
        grid = self.through(start, start)
        if grid is not None:
            return grid.shift(1)
        low, high = self.days_of_month(start)
        halves = HalfMonths(2 * month_of(start), low, high, self.spill)
        return halves.shift(halves.after(start))

    def up_to(self, day: date) -> Grid | None:
        """Return the grid on the day of the month of `day`, which is edge 0."""
        return self.through(day, day)

    def days_of_month(self, day: date) -> tuple[int, int]:
        """Return the two days of ``"half_month"``, by default those of `day` and 15 days apart."""
        if self.due_days is not None:
            return self.due_days
        if self.month_end and is_month_end(day):
            return 15, 31
        other = day.day + 15 if day.day <= 15 else day.day - 15
        return min(day.day, other), max(day.day, other)


def _at(grid: _AnyGrid, day: date) -> _AnyGrid | None:
    """Return a grid with `day` as edge 0, if it is one of its edges."""
    try:
        if grid.date_at(0) == day:
            return grid
        step = grid.after(day - ONE_DAY) if day > date.min else grid.after(day) - 1
        return grid.shift(step) if grid.date_at(step) == day else None
    except DateError:  # the next one would be beyond the calendar
        return None


class Layout(NamedTuple):
    """Due dates laid out: `grid` from the first one; the last of `payments` may be off it."""

    grid: Grid
    payments: int
    last: date | None = None

    @property
    def first(self) -> date:
        """The first due date."""
        return self.last if self.last is not None and self.payments == 1 else self.grid.date_at(0)


def place(
    frequency: Frequency,
    start: date,
    *,
    payments: int | None,
    first: date | None,
    last_regular: date | None,
    maturity: date | None,
    stub: Stub | None,
) -> Layout:
    """Lay out due dates between a start and an end.

    Parameters
    ----------
    stub
        Where the periods that are not whole ones are. 8 months from 10 January 2024, by quarter:

        ``"none"``
            there is none; 8 months are refused.
        ``"short_initial"``
            a short first period: 10 March, 10 June, 10 September.
        ``"long_initial"``
            a long first period: 10 June, 10 September.
        ``"short_final"``
            a short last period: 10 April, 10 July, 10 September.
        ``"long_final"``
            a long last period: 10 April, 10 September.
        ``"smart_initial"``, ``"smart_final"``
            short, but long where a short one would have fewer than 7 days.
        ``"both"``
            both, from `start` to `first` and from `last_regular` to `maturity`.
        ``None``
            what the dates say: the first period is from `start` to `first`; if there is only
            `maturity`, ``"smart_initial"``; with both, ``"smart_final"``.

    Raises
    ------
    TermsError
        If two of them contradict each other.

    References
    ----------
    OpenGamma Strata, ``StubConvention``.
    """
    if first is not None and first <= start:
        raise TermsError(
            "first_payment",
            first.isoformat(),
            Phrase("a day after the start, {}", start.isoformat()),
            "write a later first due date, or an earlier start",
        )
    _refuse_missing(first, last_regular, maturity, stub)
    if maturity is None:
        grid = _from_first(frequency, start, first, stub)
        if payments is None:
            raise TermsError(
                "payments",
                None,
                "a number of payments, as no maturity ends the loan",
                Hint("write {}, or maturity", payments=12),
            )
        return Layout(grid, payments)
    if maturity <= start or (first is not None and first > maturity):
        than = f"start={start}" if maturity <= start else f"first_payment={first}"
        raise TermsError(
            "maturity",
            maturity.isoformat(),
            Phrase("a day from {} on", than),
            "write a later maturity",
        )
    if last_regular is None:
        return _agreeing(_between(frequency, start, first, maturity, stub), payments, maturity)
    if not (first or start) <= last_regular <= maturity:
        raise TermsError(
            "last_regular",
            last_regular.isoformat(),
            Phrase(
                "a day from {}, the first due date or the start, to maturity={}",
                first or start,
                maturity,
            ),
            "write another last_regular",
        )
    if last_regular < maturity and stub is not None and stub.endswith("initial"):
        raise _against("stub", stub, f"last_regular={last_regular}, a stub at the end", "both")
    if last_regular == start:
        return _agreeing(Layout(frequency.from_start(start), 1, maturity), payments, maturity)
    word = None if stub == "both" else stub
    found = _between(frequency, start, first, last_regular, word, regular="last_regular")
    if last_regular < maturity:
        found = Layout(found.grid, found.payments + 1, maturity)
    return _agreeing(found, payments, maturity)


def _between(
    frequency: Frequency,
    start: date,
    first: date | None,
    end: date,
    stub: Stub | None,
    *,
    regular: str | None = None,
) -> Layout:
    """Lay out due dates up to `end`; one that only `first` tells apart is taken as it stands.

    If `end` is the last regular due date, `regular` is the name for it.
    """
    implied = _implied(frequency, start, end, stub, regular)
    if isinstance(implied, Layout) and first in (None, implied.first):
        return implied
    if first is None:
        assert isinstance(implied, TermsError), "without a layout there is a reason"
        raise implied
    if stub == "none":
        raise _against("stub", stub, f"first_payment={first}, not a step from start={start}", None)
    grids = [
        grid
        for anchor in (start, first, end)
        if (grid := frequency.through(anchor, first)) is not None
    ]
    for grid in grids:
        step = grid.after(end) - 1
        if grid.date_at(step) == end:
            _check_initial(grid, start, first, stub)
            return Layout(grid, step + 1)
    if not grids:
        raise _off_days(frequency, "first_payment", first)
    if regular is not None or (stub is not None and stub.endswith("initial")):
        other = f"first_payment={first}, from which whole steps miss it"
        raise _against(regular or "maturity", end.isoformat(), other, "smart_final")
    _check_initial(grids[0], start, first, stub)
    return _final(grids[0], start, end, stub or "smart_final", least=1)


def _implied(
    frequency: Frequency, start: date, end: date, stub: Stub | None, regular: str | None
) -> Layout | TermsError:
    """Lay out due dates from a start and an end alone."""
    forward = frequency.from_start(start)
    step = forward.after(end) - 1
    whole = forward.date_at(-1) == start
    if whole and forward.date_at(step) == end:
        return Layout(forward, step + 1)
    if stub == "none":
        other = f"start={start}, from which whole steps miss {end if whole else 'the due days'}"
        return _against("stub", stub, other, "smart_initial")
    backward = frequency.up_to(end)
    if stub is not None and stub.endswith("final"):
        if regular is not None:
            other = f"start={start}, from which whole steps miss last_regular={end}"
            return _against("stub", stub, other, "both")
        _check_initial(forward, start, forward.date_at(0), stub)
        return _final(forward, start, end, stub)
    if backward is None:
        if stub is not None or regular is not None:
            return _off_days(frequency, regular or "maturity", end)
        return _final(forward, start, end, "smart_final", least=1)
    return _initial(backward, start, stub or "smart_initial")


def _initial(grid: Grid, start: date, stub: Stub) -> Layout:
    """Lay out due dates backward from edge 0."""
    step = grid.after(start)
    first = grid.date_at(step)
    short = grid.date_at(step - 1) != start
    if short and step < 0 and _is_long(stub, (first - start).days):
        step += 1
    return Layout(grid.shift(step), 1 - step)


def _final(grid: Grid, start: date, end: date, stub: Stub, least: int = 0) -> Layout:
    """Lay out due dates forward from edge 0, with a stub at the end after at least `least`."""
    regular = grid.after(end - ONE_DAY)
    opened = grid.date_at(regular - 1) if regular else start
    if regular > least and _is_long(stub, (end - opened).days):
        regular -= 1
    return Layout(grid, regular + 1, end)


def _is_long(stub: Stub, days: int) -> bool:
    return stub.startswith("long") or (stub.startswith("smart") and days < SHORTEST_STUB)


def _from_first(frequency: Frequency, start: date, first: date | None, stub: Stub | None) -> Grid:
    grid = frequency.from_start(start)
    if first is None or grid.date_at(0) == first:
        if stub == "none" and grid.date_at(-1) != start:
            raise _against("stub", stub, f"start={start}, which is no due day", "short_initial")
        return grid
    for anchor in (start, first):
        found = frequency.through(anchor, first)
        if found is not None:
            if stub == "none":
                other = f"first_payment={first}, not a step from start={start}"
                raise _against("stub", stub, other, None)
            _check_initial(found, start, first, stub)
            return found
    raise _off_days(frequency, "first_payment", first)


def _check_initial(grid: Grid, start: date, first: date, stub: Stub | None) -> None:
    """Refuse a word that says something else than the first due date."""
    opened = grid.date_at(-1)
    if opened == start or stub is None or stub in ("both", "smart_initial"):
        return
    kind = "short_initial" if opened < start else "long_initial"
    if stub != kind:
        length = "short" if opened < start else "long"
        other = f"first_payment={first}, a {length} period from start={start}"
        raise _against("stub", stub, other, kind)


def _refuse_missing(
    first: date | None, last_regular: date | None, maturity: date | None, stub: Stub | None
) -> None:
    if last_regular is not None and maturity is None:
        raise TermsError(
            "last_regular",
            last_regular.isoformat(),
            "maturity with it, as the stub runs from the one to the other",
            "write maturity as well",
        )
    if stub == "both" and None in (first, last_regular):
        missing = "first_payment" if first is None else "last_regular"
        raise TermsError(
            "stub",
            stub,
            Phrase("first_payment, last_regular and maturity with it; {}=None", missing),
            Phrase("write {} as well", missing),
        )


def _agreeing(found: Layout, payments: int | None, maturity: date) -> Layout:
    if payments is not None and payments != found.payments:
        raise TermsError(
            "payments",
            payments,
            Phrase("{}, as there are due dates to maturity={}", found.payments, maturity),
            "write only one of payments and maturity",
        )
    return found


def _against(parameter: str, value: object, other: str, instead: str | None) -> TermsError:
    hint = Phrase("leave {} out", parameter) if instead is None else write(stub=instead)
    return TermsError(parameter, value, Phrase("what agrees with {}", other), hint)


def _off_days(frequency: Frequency, parameter: str, day: date) -> TermsError:
    low, high = frequency.days_of_month(day)
    return TermsError(
        parameter,
        day.isoformat(),
        Phrase("one of due_days=({}, {}) of a month", low, high),
        Phrase("write a {} on day {} or {}", parameter, low, high),
    )
