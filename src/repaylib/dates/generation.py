"""The due dates of an agreement, generated from all its terms about dates."""

from __future__ import annotations

from datetime import date

from repaylib.dates.due_dates import PLAIN, Conventions, Timetable, given_days
from repaylib.dates.frequency import Every, step_of
from repaylib.dates.recurrence import ByRule, Grid, ListedDates
from repaylib.dates.stubs import Frequency, Layout, place
from repaylib.errors import Hint, Phrase, TermsError
from repaylib.typing import Stub

__all__ = ["lay_out"]


def lay_out(
    start: date,
    every: Every = "month",
    *,
    payments: int | None = None,
    first: date | None = None,
    last_regular: date | None = None,
    maturity: date | None = None,
    stub: Stub | None = None,
    due_days: tuple[int, int] | None = None,
    in_advance: bool = False,
    conventions: Conventions = PLAIN,
) -> tuple[Timetable, int]:
    """Lay out the due dates that were agreed; return them and the number of payments.

    Raises
    ------
    TermsError
        If two statements contradict each other; see :func:`~repaylib.dates.stubs.place`.

    Examples
    --------
    >>> table, payments = lay_out(date(2024, 1, 31), maturity=date(2024, 4, 30))
    >>> payments, *map(str, table.accrual_dates(0, payments))
    (3, '2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30')
    """
    if in_advance:
        if first not in (None, start):
            raise TermsError(
                "in_advance",
                True,
                Phrase(
                    "the first payment on start={}, and first_payment={} is later", start, first
                ),
                "leave one of the two out",
            )
        if not isinstance(every, str):
            if every[0] != start:
                raise TermsError(
                    "in_advance",
                    True,
                    Phrase(
                        "start={} as the first due date, and every={} begins with {}",
                        start,
                        _short(every),
                        every[0],
                    ),
                    Phrase(
                        'write every=["{}", "{}", ...], or leave in_advance out', start, every[0]
                    ),
                )
            found = _listed(
                ListedDates(every), every, start, payments, first, maturity, stub, last_regular
            )
            return Timetable(start, found.grid, conventions=conventions), found.payments
        table, count = lay_out(
            start,
            every,
            payments=payments,
            last_regular=last_regular,
            maturity=maturity,
            stub=stub,
            due_days=due_days,
            conventions=conventions,
        )
        return table.in_advance(), count
    if first == start:
        raise TermsError(
            "first_payment",
            start.isoformat(),
            Phrase("a day after the start, {}", start),
            "write a later first due date, or in_advance=True",
        )
    if (listed := given_days(every, start)) is not None:
        found = _listed(listed, every, start, payments, first, maturity, stub, last_regular)
        return Timetable(start, found.grid, conventions=conventions), found.payments
    assert isinstance(every, str), "days that are listed are given"
    frequency = Frequency(step_of(every), conventions.month_end, conventions.spill, due_days)
    found = place(
        frequency,
        start,
        payments=payments,
        first=first,
        last_regular=last_regular,
        maturity=maturity,
        stub=stub,
    )
    if found.last is None:
        return Timetable(start, found.grid, conventions=conventions), found.payments
    return Timetable(
        start,
        found.grid,
        end=found.payments,
        last=found.last,
        tail=_tail(frequency, found),
        conventions=conventions,
    ), found.payments


def _tail(frequency: Frequency, found: Layout) -> Grid:
    """Return the frequency from a last due date that is off the grid."""
    assert found.last is not None, "only a stub has something after it"
    grid = frequency.up_to(found.last)
    return found.grid.shift(found.grid.after(found.last)) if grid is None else grid.shift(1)


def _listed(
    grid: Grid,
    every: Every,
    start: date,
    payments: int | None,
    first: date | None,
    maturity: date | None,
    stub: Stub | None,
    last_regular: date | None,
) -> Layout:
    """Take due dates as they are listed."""
    for name, value in (("stub", stub), ("last_regular", last_regular)):
        if value is not None:
            raise TermsError(
                name,
                str(value),
                Phrase("none with every={}, which names each due date", _short(every)),
                Phrase("leave {} out", name),
            )
    if first is not None and first != grid.date_at(0):
        raise TermsError(
            "first_payment",
            first.isoformat(),
            Phrase(
                "{}, the first of every={} after start={}", grid.date_at(0), _short(every), start
            ),
            Phrase("leave {} out", "first_payment"),
        )
    if maturity is not None:
        step = grid.after(maturity) - 1
        if step < 0 or grid.date_at(step) != maturity:
            raise TermsError(
                "maturity",
                maturity.isoformat(),
                Phrase("one of the due dates of every={}", _short(every)),
                "leave maturity out, or list it",
            )
        if payments is not None and payments != step + 1:
            raise TermsError(
                "payments",
                payments,
                Phrase("{}, as there are due dates to maturity={}", step + 1, maturity),
                "write only one of payments and maturity",
            )
        return Layout(grid, step + 1)
    if payments is None:
        payments = _count(grid, every)
    grid.date_at(payments - 1)
    return Layout(grid, payments)


def _count(grid: Grid, every: Every) -> int:
    if isinstance(grid, ListedDates):
        return len(grid.dates)
    assert isinstance(grid, ByRule), "days are listed or ruled"
    if "COUNT=" in grid.rule or "UNTIL=" in grid.rule:
        return len(grid.upto(1 << 14).dates)
    raise TermsError(
        "payments",
        None,
        Phrase("payments or maturity, as every={} never ends", _short(every)),
        Hint("write {}, or a rule with COUNT", payments=12),
    )


def _short(every: Every) -> str:
    text = repr(every) if isinstance(every, str) else "[...]"
    return text if len(text) <= 60 else f"{text[:57]}..."
