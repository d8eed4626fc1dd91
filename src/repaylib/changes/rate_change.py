"""A change of the interest rate, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

from repaylib.changes.base import TermsChange
from repaylib.changes.change_wording import UNKNOWN, Effect
from repaylib.changes.day_order import Turn
from repaylib.dates.due_dates import parse_date
from repaylib.errors import DateError, Phrase, TermsError, check_word
from repaylib.money.counts import parse_count
from repaylib.money.rounding import as_integer
from repaylib.rates.rate import Rate, RateLike, parse_rate
from repaylib.rates.step_schedule import parse_recast
from repaylib.terms.methods import WITHOUT_INSTALMENT
from repaylib.typing import DateLike, Hold, Recast
from repaylib.wording.sentence import Sentence

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
        The day, or the number of the payment, from which the rate is again what it would be
        without this change; ``None`` is for good.
    hold
        ``"maturity"`` (or ``"count"``)
            the final date; the instalment changes: 12 % to 8 % from payment 4 gives 9 x 874.08.
        ``"payment"``
            the instalment; the term follows from it: 12 % to 11 % from payment 4 gives 8 x 888.49,
            then 854.73. The last payment absorbs a remainder that is only the roundings of the others.
        ``"last"``
            instalment and final date; the last payment takes the difference.
    recast
        With ``hold="maturity"`` (or ``"count"``), whether the instalment is solved again if the
        rate is already in force: ``"on_change"`` (no; the change does nothing) or ``"always"`` (yes, as
        :class:`~repaylib.changes.Rescheduling` to the same number of payments does).

    Examples
    --------
    >>> print(RateChange("8%", payment=4))
    from instalment 4 on, the rate is 8% a year; the final date stays, and the instalments are
    recalculated
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
            recast=parse_recast(recast, hold),
        )
        if isinstance(end, date):
            later = end > (self.on or date.min)
        else:
            later = end is None or self.payment is None or end > self.payment
        if not later:
            expected = Phrase("later than {}, when the rate begins", self.on or self.payment)
            raise TermsError("until", until, expected, "write a later until")

    @property
    def label(self) -> Sentence:
        """The change in a word or two, as a sentence."""
        return Sentence("change.rate_change", rate=self.rate)

    def sentence(self, effect: Effect = UNKNOWN) -> Sentence:
        """Return a sentence that describes the change, with its known effect in a schedule."""
        change = self._rate_in_force(same=effect.same)
        if effect.same:
            return change
        if effect.resumed is not None:
            day, rate = effect.resumed
            since = self._instalment(self.until) if isinstance(self.until, int) else day
            change = Sentence(
                "rate_change.again", change=change, since=since, rate=rate.sentence("bare")
            )
        return Sentence("clauses", first=change, second=self._held(effect))

    def _held(self, effect: Effect) -> Sentence:
        """Return the sentence about the term held fixed."""
        if self.hold not in ("maturity", "count"):
            return effect.held(f"rate_change.{self.hold}")
        if effect.resets and effect.method == "level":
            return Sentence("rate_change.resets")
        held = effect.held("rate_change.maturity" if self.until is None else "rate_change.twice")
        if effect.capped and effect.method == "level":
            held = Sentence("rate_change.capped", held=held)
        if self.recast == "always" and effect.method not in WITHOUT_INSTALMENT:
            return Sentence("rate_change.always", held=held)
        return held

    def _rate_in_force(self, *, same: bool) -> Sentence:
        """Return which rate holds from when to when."""
        key, rate = "rate_change.same" if same else "rate_change", self.rate.sentence("bare")
        if self.until is None:
            return Sentence(f"{key}.since", when=self.when, rate=rate)
        if isinstance(self.until, int) and self.payment is not None:
            last = self.until - 1
            if last == self.payment:
                return Sentence(f"{key}.one", number=last, rate=rate)
            return Sentence(f"{key}.run", first=self.payment, last=last, rate=rate)
        begins = self._instalment(self.payment) if self.on is None else self.on
        if isinstance(self.until, int):
            ends: object = self._instalment(self.until - 1)
        else:
            ends = self.until - timedelta(days=1)
        return Sentence(f"{key}.between", begins=begins, ends=ends, rate=rate)

    @staticmethod
    def _instalment(number: int | None) -> Sentence:
        return Sentence("instalment", number=number)


def _until(until: object) -> date | int:
    if as_integer(until) is not None:
        return parse_count(until, "until")
    try:
        return parse_date(until, "until")
    except DateError as error:
        expected = "a day, or the number of an instalment"
        raise DateError(
            "until", until, expected, Phrase("write {} or {}", 'until="2024-11-10"', "until=10")
        ) from error
