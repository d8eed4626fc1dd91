"""Seasons in which only interest is paid, around which a level instalment is solved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from repaylib.errors import Phrase, TermsError, parse_items
from repaylib.money.counts import parse_count
from repaylib.wording.sentence import Listed, Sentence, Worded

__all__ = ["Seasonal", "Seasons", "rests", "seasonal"]

MONTHS = 12


@dataclass(frozen=True, slots=True, init=False)
class Seasonal(Worded):
    """Level instalments, but in some months of each year only the interest.

    Attributes
    ----------
    interest_only
        The months, 1 for January to 12 for December, in order.
    """

    interest_only: tuple[int, ...]

    def __init__(self, interest_only: Iterable[int]) -> None:
        hint = Phrase("write such as {}", "interest_only=[12, 1, 2]")
        given = parse_items(interest_only, "interest_only", "months, 1 to 12", hint, MONTHS)
        months = {
            parse_count(month, f"interest_only[{place}]", most=MONTHS)
            for place, month in enumerate(given)
        }
        if not 0 < len(months) < MONTHS:
            expected = "one or more months of the year, and not all of them"
            raise TermsError("interest_only", Phrase("{} months", len(months)), expected, hint)
        object.__setattr__(self, "interest_only", tuple(sorted(months)))

    def sentence(self) -> Sentence:
        """Return the rule in words; months over the turn of the year are named in their order."""
        months = self.interest_only
        if (1 in months) and (MONTHS in months):
            later = next(place for place, month in enumerate(months) if month > place + 1)
            months = months[later:] + months[:later]
        names = [Sentence(f"month_name.{month}") for month in months]
        return Sentence("seasonal", months=Listed(names, "and"))

    def _worded(self) -> object:
        return self.sentence()


def seasonal(interest_only: Iterable[int]) -> Seasonal:
    """Let only interest be paid in some months of each year; the other payments are level.

    Parameters
    ----------
    interest_only
        The months, 1 for January to 12 for December. A payment counts to the month of its due date,
        before business days move it.

    Raises
    ------
    RepayError
        If a month cannot be read, or all months are named.

    Examples
    --------
    10,000 at 12% over 24 months from October, with interest alone from December to February:

    >>> import repaylib as rp
    >>> winters = rp.terms.seasonal(interest_only=[12, 1, 2])
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 24, "2024-10-10", instalment=winters))
    >>> [str(plan[k].payment) for k in (0, 1, 3, 4, 12, 13, 23)]
    ['609.82', '94.90', '94.90', '609.82', '609.82', '46.66', '609.83']
    """
    return Seasonal(interest_only)


class Seasons(NamedTuple):
    """Due dates on which only interest is paid, by their month."""

    months: tuple[int, ...]

    def of(self, number: int, solved: int) -> int:
        """Return the instalment of a due date on which more than interest is paid."""
        return solved


def rests(shape: object, day: date) -> bool:
    """Whether only interest is paid on a due date, if instalments differ as `shape` says."""
    return isinstance(shape, Seasons) and day.month in shape.months
