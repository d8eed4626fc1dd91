"""Days and year fractions, as exact pairs of integers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Literal, get_args

__all__ = ["DAY_COUNTS", "ODD_DAYS", "DayCount", "OddDays", "year_share"]

DayCount = Literal["periodic", "actual/365", "actual/360"]
OddDays = Literal["pro_rata", "actual/360", "actual/365"]

DAY_COUNTS: tuple[DayCount, ...] = get_args(DayCount)
ODD_DAYS: tuple[OddDays, ...] = get_args(OddDays)

#: Days of the year, for the conventions that divide the actual days by a fixed number.
YEARS: dict[str, int] = {"actual/365": 365, "actual/360": 360}


def year_share(
    start: date,
    end: date,
    day_count: DayCount,
    odd_days: OddDays,
    cells: Iterable[tuple[date, date]],
    months: int,
) -> tuple[int, int]:
    """Return the share of a year from `start` (counted) to `end` (not counted).

    Parameters
    ----------
    start, end
        First day in, last day out: 10 January to 13 January is 3 days.
    day_count
        ``"periodic"``
            each whole period is exactly its months over 12, whatever its days: a month at
            12 % on 10,000 costs 100.00, February as well as March.
        ``"actual/365"``
            days over 365: 31 days at 12 % on 10,000 cost 101.92.
        ``"actual/360"``
            days over 360: 31 days at 12 % on 10,000 cost 103.33.
    odd_days
        What a part of a period costs under ``"periodic"``.

        ``"pro_rata"``
            its share of the actual days of that period: 14 days of a February of 29 cost
            14/29 of a month.
        ``"actual/360"``, ``"actual/365"``
            its days over 360 or 365, as a rate per day.
    cells
        For ``"periodic"``: the regular periods that the span touches, in order.
    months
        Months in a regular period.

    Returns
    -------
    tuple of int
        Numerator and denominator, not reduced.

    Examples
    --------
    >>> month = [(date(2024, 2, 1), date(2024, 3, 1))]
    >>> year_share(date(2024, 2, 1), date(2024, 3, 1), "periodic", "pro_rata", month, 1)
    (1, 12)
    >>> year_share(date(2024, 2, 1), date(2024, 2, 15), "periodic", "pro_rata", month, 1)
    (14, 348)
    >>> year_share(date(2024, 2, 1), date(2024, 2, 15), "actual/365", "pro_rata", [], 1)
    (14, 365)
    """
    if day_count != "periodic":
        return (end - start).days, YEARS[day_count]
    parts: list[tuple[int, int]] = []
    for low, high in cells:
        length = (high - low).days
        days = (min(end, high) - max(start, low)).days
        if days == length:
            parts.append((months, 12))
        elif odd_days == "pro_rata":
            parts.append((days * months, length * 12))
        else:
            parts.append((days, YEARS[odd_days]))
    if len(parts) == 1:
        return parts[0]
    common = lcm(*(den for _, den in parts))
    return sum(num * (common // den) for num, den in parts), common


def share_text(share: Fraction) -> str:
    """Return a share of a year as text for people.

    Examples
    --------
    >>> share_text(Fraction(1, 12)), share_text(Fraction(1))
    ('1/12 of a year', '1 year')
    """
    return "1 year" if share == 1 else f"{share} of a year"
