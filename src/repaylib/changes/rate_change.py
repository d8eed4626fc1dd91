"""A change of the interest rate, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import get_args

from repaylib.changes.base import TermsChange
from repaylib.changes.day_order import Turn
from repaylib.dates.due_dates import to_date
from repaylib.errors import DateError, TermsError, check_word
from repaylib.money.counts import to_count
from repaylib.money.rounding import as_whole
from repaylib.rates.rate import Rate, RateLike, parse_rate
from repaylib.rates.step_schedule import to_recast
from repaylib.typing import DateLike, Hold, Method, Recast

__all__ = ["RateChange"]


@dataclass(frozen=True, slots=True, init=False)
class RateChange(TermsChange):
    """The rate of interest changes.

    Parameters
    ----------
    rate
        The new rate per year, in any form a :class:`~repaylib.Loan` takes.
    payment, on
        From when; exactly one. Interest accrued before keeps the old rate.
    until
        The day, or the number of the instalment, from which the rate is again what it would
        be without this change; ``None`` is for good.
    hold
        ``"maturity"`` (or ``"count"``)
            the end; the instalment changes: 12 % to 8 % from instalment 4 gives 9 x 874.08.
        ``"payment"``
            the instalment; the term floats: 12 % to 11 % from instalment 4 gives 8 x 888.49, then
            854.73. The last payment absorbs a rest that is only the roundings of the others.
        ``"last"``
            instalment and end; the last payment takes the difference.
    recast
        With ``hold="maturity"`` (or ``"count"``), whether the instalment is solved again if the
        rate is in force already: ``"on_change"``, no, the change then does nothing; or
        ``"always"``, yes, as :class:`Rescheduling` to the same number would do.

    Examples
    --------
    >>> print(RateChange("8%", payment=4))
    from instalment 4 on, the rate is 8% a year; the end is kept, so the instalment changes
    """

    kind = "rate_change"
    turn = Turn.RENEW
    required = (("rate",),)

    rate: Rate
    until: date | int | None
    hold: Hold
    recast: Recast

    def __init__(
        self,
        rate: RateLike,
        *,
        payment: int | None = None,
        on: DateLike | None = None,
        until: DateLike | int | None = None,
        hold: Hold = "maturity",
        recast: Recast = "on_change",
    ) -> None:
        self._place(payment, on)
        end: date | int | None = None
        if until is not None:
            end = _until(until)
        self._store(
            rate=parse_rate(rate),
            until=end,
            hold=check_word("hold", hold, get_args(Hold)),
            recast=to_recast(recast, hold),
        )
        if isinstance(end, date):
            later = self.on is None or end > self.on
        else:
            later = end is None or self.payment is None or end > self.payment
        if not later:
            expected = f"later than {self.on or self.payment}, when the rate begins"
            raise TermsError("until", until, expected, "write a later until")

    @property
    def name(self) -> str:
        """The change in a word or two."""
        return f"rate {self.rate}"

    @property
    def begins(self) -> str:
        """From when to when which rate holds, in words."""
        end = ""
        if self.until is not None:
            until = f"instalment {self.until}" if isinstance(self.until, int) else str(self.until)
            end = f" until {until}"
        return f"{self.when}{end}, the rate is {self.rate.per_year}"

    def in_words(self, method: Method = "level") -> str:
        """Say what the change does to a loan repaid by `method`."""
        held = _HELD[self.hold]
        if self.until is not None and self.hold in ("maturity", "count"):
            held = held.replace("changes", "changes then and again at the end of it")
        if self.recast == "always":
            held = f"{held.replace('changes', 'is recalculated')}, even if the rate stays the same"
        held = self._held(held, method)
        return f"{self.begins}; {held}"


_HELD: dict[Hold, str] = {
    "count": "the end is kept, so the instalment changes",
    "maturity": "the end is kept, so the instalment changes",
    "payment": "the instalment is kept, so the term changes",
    "last": "instalment and end are kept, so the last payment takes the difference",
}


def _until(until: object) -> date | int:
    if as_whole(until) is not None:
        return to_count(until, "until")
    try:
        return to_date(until, "until")
    except DateError as error:
        expected = "a day, or the number of an instalment"
        raise DateError("until", until, expected, 'write until="2024-11-10" or until=10') from error
