"""What a sentence about a change needs to know of the schedule, and the phrases that follow from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from repaylib.dates.frequency import Every
from repaylib.rates.rate import Rate, percent
from repaylib.terms.methods import WITHOUT_INSTALMENT
from repaylib.typing import Method
from repaylib.wording.sentence import Listed, Money, Sentence

__all__ = ["Effect", "numbered_dates"]


class Effect(NamedTuple):
    """What a change does in a schedule; without one, only what the change itself says is known.

    Attributes
    ----------
    method, every
        How the loan is repaid, and how often a payment falls due, on the day of the change.
    money
        Writes an amount with its decimals and its currency.
    same
        Whether it is a rate that was in force already.
    dates
        Of a deferral: the due dates that it touches, each with its number.
    moved_to
        Of a deferral of one instalment: the due date with which it is then paid.
    noted
        Whether a note says already that the instalment is solved again.
    resumed
        Of a rate for a time: the day from which another holds again, and that rate.
    resets, capped
        Whether the loan says when its instalment is recalculated, and how far it may then rise.
    """

    method: Method = "level"
    every: Every | None = None
    money: Callable[[Decimal], Money] = Money
    same: bool = False
    dates: tuple[tuple[int, date], ...] = ()
    moved_to: tuple[int, date] | None = None
    resumed: tuple[date, Rate] | None = None
    noted: bool = False
    resets: bool = False
    capped: bool = False

    def amount(self, amount: Decimal | None, share: Fraction | None = None) -> Money | str:
        """Return an amount, or a share, as it stands in a sentence."""
        if share is not None:
            return percent(share)
        assert amount is not None, "an amount or a share is given"
        return self.money(amount)

    def held(self, key: str) -> Sentence:
        """Return the term held fixed; a bullet loan has no instalment to hold."""
        return Sentence("held.end" if self.method in WITHOUT_INSTALMENT else key)


#: What the effect of a change is if nothing is known of the schedule.
UNKNOWN = Effect()


def numbered_dates(dates: tuple[tuple[int, date], ...], kind: str) -> Listed:
    """Return due dates with their days; those that follow one another as a run.

    Examples
    --------
    >>> days = tuple((k, date(2024, k + 1, 10)) for k in (4, 5, 8))
    >>> Sentence("since", when=numbered_dates(days, "due_dates"), what="nothing is paid")
    ... # doctest: +ELLIPSIS
    Sentence('since', ...)
    """
    runs: list[list[tuple[int, date]]] = []
    for number, day in sorted(dates):
        if runs and number == runs[-1][-1][0] + 1:
            runs[-1].append((number, day))
        else:
            runs.append([(number, day)])
    parts = []
    for run in runs:
        (first, begins), (last, ends) = run[0], run[-1]
        if first == last:
            parts.append(Sentence(f"{kind}.one", number=first, day=begins))
        else:
            days = {"begins": begins, "ends": ends}
            parts.append(Sentence(f"{kind}.run", first=first, last=last, **days))
    return Listed(parts, "items")
