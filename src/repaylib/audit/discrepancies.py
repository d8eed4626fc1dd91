"""The figures of an offer that differ from a schedule: as a whole, or row by row from the lender's balance."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from repaylib.audit.date_hypotheses import completed, shares_of
from repaylib.audit.offer import Offer
from repaylib.audit.rate_inference import CompletedRow, usual
from repaylib.money.rounding import round_fraction
from repaylib.rates.rate import Rate
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.terms.methods import BY_PARTS, WHOLE

__all__ = [
    "Discrepancy",
    "aligned",
    "anchored",
    "discrepancies_of",
    "fewest_discrepancies",
    "matching",
    "weight",
]


class Discrepancy(NamedTuple):
    """A figure of an offer that differs from the schedule.

    Attributes
    ----------
    row
        Index in the offer, from 0; of a row that is not in the offer, the index of the next one.
    day
        Its day, if it is known.
    column
        ``"row"`` for a row that is missing in one of the two.
    theirs, ours
        Minor units; ``None`` where there is no figure.
    """

    row: int
    day: date | None
    column: str
    theirs: int | None
    ours: int | None

    @property
    def apart(self) -> int:
        """The difference of the two."""
        return abs((self.theirs or 0) - (self.ours or 0))


def weight(offer: Offer, missed: Iterable[Discrepancy]) -> int:
    """Return how many figures differ; all figures of a row that is not in the schedule do."""
    return sum(
        len(offer.rows[discrepancy.row].figures) if discrepancy.column == "row" else 1
        for discrepancy in missed
    )


def matching(offer: Offer, schedule: Schedule) -> tuple[list[int | None], list[int]]:
    """Return the row of the schedule for each row of the offer, and those left out between them.

    Rows are matched by day; without days by the numbers that stand in them, or one after another.
    An offer may be part of a schedule: rows that it leaves out are not wrong, and rows before its
    first and after its last are not reported.
    """
    columns = schedule.columns
    numbers: list[int] = columns["number"].tolist()
    if not offer.dated:
        every = list(range(len(numbers)))
        if offer.numbers:
            place_of = {number: place for place, number in enumerate(numbers) if number}
            between = iter([place for place in every if not numbers[place]])
            found = [
                next(between, None) if row.number == 0 else place_of.get(row.number or 0)
                for row in offer.rows
            ]
            return found, _between(found, numbers)
        fallen = [place for place in every if numbers[place] != 0]
        ours = every if len(every) == len(offer.rows) else fallen
        count = len(offer.rows)
        return [*ours[:count], *[None] * (count - len(ours))], []
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
    matched: list[int | None] = []
    for day in theirs:
        of_day = free.get(day, [])
        if of_day and len(of_day) > counts[day]:  # one line of theirs is two of ours
            of_day.sort(key=lambda place: numbers[place])
        counts[day] -= 1
        matched.append(of_day.pop(0) if of_day else None)
    return matched, _between(matched, numbers)


def _between(matched: Sequence[int | None], numbers: Sequence[int]) -> list[int]:
    """Return the rows that fall due between the first and the last matched, and are not matched."""
    known = {place for place in matched if place is not None}
    if not known:
        return []
    inner = range(min(known), max(known))
    return [place for place in inner if place not in known and numbers[place] != 0]


def aligned(offer: Offer, schedule: Schedule) -> Offer | None:
    """Return rows without dates and numbers, numbered as the rows of a schedule they are like most.

    They keep their order. The fewest figures then differ, and those by the least. Nothing for rows
    that say themselves which they are, or that are as many as those of the schedule.
    """
    numbers: list[int] = [number for number in schedule.columns["number"].tolist() if number]
    count = len(offer.rows)
    told = offer.dated or any(row.number is not None for row in offer.rows)
    if told or not count < len(numbers) == len(schedule):
        return None
    ours = {name: schedule.columns[name].astype(np.float64) for name in offer.columns}
    cheapest, came_from = np.zeros(len(numbers)), []
    for row in offer.rows:
        cost = np.zeros(len(numbers))
        for name, theirs in row.figures.items():
            apart = np.abs(ours[name] - theirs)
            cost += np.where(2 * apart > offer.unit, 1e6 + apart / (1 + apart + abs(theirs)), 0.0)
        total = cheapest + cost
        low = np.minimum.accumulate(total)
        first = np.maximum.accumulate(
            np.where(total == low, np.arange(len(total)), 0)
            * np.concatenate([[True], low[1:] < low[:-1]])
        )
        came_from.append(first)
        cheapest = np.concatenate([[np.inf], low[:-1]])
    place = len(numbers) - 1
    found: list[int] = []
    for first in reversed(came_from):
        place = int(first[place])
        found.insert(0, numbers[place])
        place -= 1
    rows = tuple(row._replace(number=number) for row, number in zip(offer.rows, found, strict=True))
    return replace(offer, rows=rows)


def discrepancies_of(offer: Offer, schedule: Schedule) -> list[Discrepancy]:
    """Return every figure of an offer that differs from a schedule, in order."""
    matched, _ = matching(offer, schedule)
    columns: dict[str, Sequence[int]] = {
        name: schedule.columns[name].tolist() for name in offer.columns
    }
    if schedule.loan.negative_amortisation == "without_interest" and "interest" in columns:
        both = schedule.columns["interest"] + schedule.columns["deferred_interest"]
        columns["interest"] = both.tolist()  # what a payment pays of it, whenever it accrued
    unit = offer.unit
    found: list[Discrepancy] = []
    for place, (row, ours) in enumerate(zip(offer.rows, matched, strict=True)):
        if ours is None:
            found.append(Discrepancy(place, row.day, "row", None, None))
            continue
        for name, theirs in row.figures.items():
            own = columns[name][ours]
            if own != theirs and 2 * abs(own - theirs) > unit:
                found.append(Discrepancy(place, row.day, name, theirs, own))
    return found


def anchored(
    offer: Offer,
    rows: Sequence[CompletedRow],
    loan: Loan,
    instalments: Mapping[int, int],
    shares: Mapping[int, Fraction],
    gaps: Collection[int],
    final: int | None,
) -> tuple[list[Discrepancy], set[int]] | None:
    """Return the figures that do not follow from the row itself and the balance before it.

    A row starts from the lender's own balance, so that one error is reported once and not in all
    rows after it: interest on that balance, principal as the instalment less the
    lender's interest, the rest as sums of the lender's own figures.

    Parameters
    ----------
    rows
        The offer, completed.
    instalments
        Minor units, by row: of the whole payment, or of its principal, as the method has it.
    shares
        Of a year, by row.
    gaps
        The rows that do not follow directly on the one before them.
    final
        The row of the last payment, if it is there.

    Returns
    -------
    tuple of list of Miss and set of int, or None
        With the rows of which nothing can be said by themselves; nothing for a loan that is no
        plain one.
    """
    if not isinstance(loan.rate, Rate) or loan.method == "bullet" or loan.tax_included:
        return None
    if not isinstance(loan.interest_base, str) or offer.unit > 1:
        return None
    rate = loan.rate.nominal(loan.timetable.period_length)
    original = loan.method == "flat" or loan.interest_base == "original"
    found: list[Discrepancy] = []
    unknown, accrued = set(), Fraction(0)
    apart, unpaid = loan.negative_amortisation == "without_interest", 0
    for place, row in enumerate(rows):
        share, given = shares.get(place), offer.rows[place].figures
        if share is None or row.opening is None:
            unknown.add(place)
            continue
        before = rows[place - 1].closing if place else offer.principal
        base = offer.principal if original else row.opening
        expected: dict[str, Any] = {"opening": None if place in gaps else before}
        if base is not None:
            past = accrued if loan.method == "flat" else Fraction(0)  # rounded as a whole
            accrued = past + base * rate * share
            charged = round_fraction(past, loan.rounding)
            expected["interest"] = round_fraction(accrued, loan.rounding) - charged
        instalment = instalments.get(place)
        if apart and "interest" in expected:
            owing = unpaid + expected["interest"]
            expected["interest"] = owing if instalment is None else min(owing, instalment)
            unpaid = max(0, owing - given.get("interest", expected["interest"]))
        interest = given.get("interest", expected.get("interest"))
        if place == final:
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
                found.append(Discrepancy(place, offer.rows[place].day, name, theirs, ours))
    return found, unknown


def fewest_discrepancies(offer: Offer, plan: Schedule) -> list[Discrepancy]:
    """Return the discrepancies with a schedule, as a whole or from line to line, whichever are fewer."""
    whole = discrepancies_of(offer, plan)
    if len(whole) < 2 or plan.changes:
        return whole
    loan = plan.loan
    rows, due, gaps = completed(offer, loan)
    every = shares_of(loan)
    shares = {place: every[k - 1] for place, k in due.items()}
    matched, _ = matching(offer, plan)
    end = len(plan) - 1
    final = next((row for row, place in enumerate(matched) if place == end), None)
    known = _instalments(plan, matched)
    by_line = anchored(offer, rows, loan, known, shares, gaps, final)
    if by_line is None:
        return whole
    found, unknown = by_line
    rest = [
        discrepancy
        for discrepancy in whole
        if discrepancy.row in unknown or discrepancy.column == "row"
    ]
    every_miss = sorted(dict.fromkeys([*found, *rest]), key=lambda discrepancy: discrepancy.row)
    return every_miss if every_miss and len(every_miss) < len(whole) else whole


def _instalments(plan: Schedule, matched: list[int | None]) -> dict[int, int]:
    """Return the instalment of each row of an offer in minor units, as the method has it."""
    column = "principal" if plan.loan.method in BY_PARTS else "payment"
    amounts = plan.columns[column].tolist()
    if column == "payment":
        fees, taxes = plan.columns["fee"].tolist(), plan.columns["tax"].tolist()
        amounts = [paid - fee - tax for paid, fee, tax in zip(amounts, fees, taxes, strict=True)]
    if isinstance(plan.loan.instalment, tuple):
        return {row: amounts[place] for row, place in enumerate(matched) if place is not None}
    common = usual(amounts[:-1] or amounts)
    return {} if common is None else dict.fromkeys(range(len(matched)), common)
