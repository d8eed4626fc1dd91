"""An offer held against a schedule: figure by figure, and row by row from the lender's own balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from repaylib.audit.fit import Completed
from repaylib.audit.rows import Offer
from repaylib.exact import round_fraction
from repaylib.loan import Loan
from repaylib.rates import Rate
from repaylib.schedule import Schedule
from repaylib.terms import WHOLE

__all__ = ["Miss", "anchored", "matching", "misses"]


class Miss(NamedTuple):
    """A figure that is not the one that follows.

    Attributes
    ----------
    row
        Place in the offer, from 0; for a row that the offer has not, that before which it stands.
    day
        Its day, if it is known.
    column
        ``"row"`` for a row that one of the two has not.
    theirs, ours
        Minor units; nothing where there is no figure.
    """

    row: int
    day: date | None
    column: str
    theirs: int | None
    ours: int | None

    @property
    def apart(self) -> int:
        """How far the two are apart."""
        return abs((self.theirs or 0) - (self.ours or 0))


def matching(offer: Offer, schedule: Schedule) -> tuple[list[int | None], list[int]]:
    """Return the row of the schedule for each row of the offer, and those the offer has not.

    Rows are matched by day, or one after another where there are no dates. An offer may be a part
    of a schedule: rows of ours before its first and after its last are not missed.
    """
    columns = schedule.columns
    numbers: list[int] = columns["number"].tolist()
    if not offer.dated:
        every = list(range(len(numbers)))
        fallen = [place for place in every if numbers[place] != 0]
        ours = every if len(every) == len(offer.rows) else fallen
        count = len(offer.rows)
        return [*ours[:count], *[None] * (count - len(ours))], ours[count:]
    days: list[date] = columns["date"].tolist()
    theirs = offer.days
    if days == theirs:
        return list(range(len(days))), []
    free: dict[date, list[int]] = {}
    for place, day in enumerate(days):
        free.setdefault(day, []).append(place)
    counts: dict[date, int] = {}
    for day in theirs:
        counts[day] = counts.get(day, 0) + 1
    found: list[int | None] = []
    for day in theirs:
        of_day = free.get(day, [])
        if of_day and len(of_day) > counts[day]:  # one line of theirs is two of ours
            of_day.sort(key=lambda place: numbers[place])
        counts[day] -= 1
        found.append(of_day.pop(0) if of_day else None)
    first, last = theirs[0], theirs[-1]
    lacking = [
        place
        for places in free.values()
        for place in places
        if first < days[place] < last and numbers[place] != 0
    ]
    return found, sorted(lacking)


def misses(offer: Offer, schedule: Schedule, most: int | None = None) -> list[Miss]:
    """Return every figure of an offer that a schedule has not, in order; up to `most`."""
    matched, lacking = matching(offer, schedule)
    columns: Mapping[str, Sequence[int]] = {
        name: schedule.columns[name].tolist() for name in offer.columns
    }
    found: list[Miss] = []
    for place, (row, ours) in enumerate(zip(offer.rows, matched, strict=True)):
        if ours is None:
            found.append(Miss(place, row.day, "row", None, None))
            continue
        for name, theirs in row.figures.items():
            own = columns[name][ours]
            if own != theirs:
                found.append(Miss(place, row.day, name, theirs, own))
        if most is not None and len(found) > most:
            return found
    if lacking:
        days: list[date] = schedule.columns["date"].tolist()
        for ours in lacking:
            after = sum(row.day is not None and row.day < days[ours] for row in offer.rows)
            found.append(
                Miss(after if offer.dated else len(offer.rows), days[ours], "row", None, None)
            )
        found.sort(key=lambda miss: miss.row)
    return found


def anchored(
    offer: Offer,
    rows: Sequence[Completed],
    loan: Loan,
    instalment: int | None,
    shares: Mapping[int, Fraction],
) -> list[Miss] | None:
    """Return the figures that do not follow from the row itself and the balance before it.

    Each row is taken from the lender's own balance, so that one slip shows once and does not
    smear over the rows after it: interest on that balance, principal as the instalment less the
    lender's interest, the rest as sums of the lender's own figures.

    Parameters
    ----------
    rows
        The offer, completed.
    instalment
        Minor units: of the whole payment, or of its principal, as the method has it.
    shares
        Of a year, by row.

    Returns
    -------
    list of Miss, or None
        Nothing for a loan that is no plain one.
    """
    if not isinstance(loan.rate, Rate) or loan.method == "bullet" or loan.tax_included:
        return None
    if isinstance(loan.interest_base, tuple) or isinstance(loan.instalment, tuple):
        return None
    rate = loan.rate.nominal(loan.timetable.pace)
    original = loan.method == "flat" or loan.interest_base == "original"
    found: list[Miss] = []
    last, accrued = len(rows) - 1, Fraction(0)
    for place, row in enumerate(rows):
        share, given = shares.get(place), offer.rows[place].figures
        if share is None or row.opening is None:
            continue
        before = rows[place - 1].closing if place else offer.principal
        base = offer.principal if original else row.opening
        expected: dict[str, Any] = {"opening": before}
        if base is not None:
            past = accrued if loan.method == "flat" else Fraction(0)  # rounded as a whole
            accrued = past + base * rate * share
            charged = round_fraction(past, loan.rounding)
            expected["interest"] = round_fraction(accrued, loan.rounding) - charged
        interest = row.interest if row.interest is not None else expected.get("interest")
        if place == last:
            expected["principal"] = row.opening
        elif loan.method == "interest_only":
            expected["principal"] = 0
        elif instalment is not None and interest is not None:
            part = instalment - interest if loan.method in WHOLE else instalment
            expected["principal"] = min(max(part, 0), row.opening)
        principal = given.get("principal", expected.get("principal"))
        if principal is not None:
            expected["closing"] = row.opening - principal
            if interest is not None:
                expected["payment"] = principal + interest + (row.fee or 0)
        for name, theirs in given.items():
            ours = expected.get(name)
            if ours is not None and ours != theirs:
                found.append(Miss(place, offer.rows[place].day, name, theirs, ours))
    return found
