"""A rate that follows an index: fixing plus margin, reset on known days, within limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import count
from typing import Any

from repaylib.dates.days import parse_date
from repaylib.dates.frequency_wording import every_sentence
from repaylib.dates.generation import lay_out
from repaylib.errors import DateError, Phrase, RateError, TermsError, check_word
from repaylib.money.rounding import ROUNDINGS, round_fraction
from repaylib.rates.index_fixings import (
    Resets,
    fixing_for,
    next_reset,
    parse_fixings,
    parse_lag,
    parse_multiplier,
    parse_resets,
)
from repaylib.rates.rate import Rate, RateLike, Share, parse_rate, parse_share, percent
from repaylib.rates.step_schedule import Steps, parse_recast
from repaylib.typing import DateLike, Recast, Rounding, StepHold
from repaylib.wording.sentence import Listed, Sentence, Worded

__all__ = ["Indexed", "LoanRate", "LoanRateLike", "ResetsLike", "indexed", "parse_loan_rate"]

HOLDS: tuple[StepHold, ...] = ("maturity", "payment", "last")
MOST_RESETS = 10_000


@dataclass(frozen=True, slots=True)
class Indexed(Worded):
    """A rate that follows an index; :func:`~repaylib.indexed` makes one, and says what is what.

    Examples
    --------
    >>> print(Indexed((("2024-01-01", "3%"),), margin="2%", resets=("2025-01-10",), cap="9%"))
    index + 2%, reset on 2025-01-10, at most 9%
    """

    fixings: tuple[tuple[date, Fraction], ...]
    margin: Fraction = Fraction(0)
    multiplier: Fraction = Fraction(1)
    resets: Resets = ()
    initial: Rate | None = None
    cap: Fraction | None = None
    floor: Fraction | None = None
    periodic_cap: Fraction | None = None
    periodic_floor: Fraction | None = None
    fixing_lag: int = 0
    to: Fraction | None = None
    rounding: Rounding | None = None
    hold: StepHold = "maturity"
    recast: Recast = "on_change"

    def __post_init__(self) -> None:
        read: dict[str, object] = {
            "fixings": parse_fixings(self.fixings),
            "margin": parse_share(self.margin, "margin", least=-1),
            "multiplier": parse_multiplier(self.multiplier),
            "resets": parse_resets(self.resets),
            "initial": None if self.initial is None else _read_initial(self.initial),
            "fixing_lag": parse_lag(self.fixing_lag),
            "hold": check_word("hold", self.hold, HOLDS),
            "recast": parse_recast(self.recast, self.hold),
        }
        for name in ("cap", "floor", "periodic_cap", "periodic_floor", "to"):
            value, least = getattr(self, name), -1 if name in ("cap", "floor") else 0
            read[name] = None if value is None else parse_share(value, name, least=least)
        if read["to"] == 0:
            raise RateError(
                "to", self.to, "a rate above 0%", Phrase("write such as {}", 'to="0.125%"')
            )
        if self.rounding is not None:
            check_word("rounding", self.rounding, ROUNDINGS)
            if read["to"] is None:
                raise TermsError(
                    "rounding",
                    self.rounding,
                    "what is rounded to as well",
                    Phrase("write {}", 'to="0.125%"'),
                )
        elif read["to"] is not None:
            read["rounding"] = "half_up"
        for name, value in read.items():
            object.__setattr__(self, name, value)
        self._check_limits()

    def _check_limits(self) -> None:
        if self.cap is not None and self.floor is not None and self.cap < self.floor:
            raise TermsError(
                "cap",
                percent(self.cap),
                Phrase("at least floor={}", percent(self.floor)),
                "write a higher cap or a lower floor",
            )
        if self.initial is None:
            return
        if self.initial.kind != "nominal":
            raise TermsError(
                "initial",
                Phrase("{}", self.initial),
                "a nominal rate, as fixing and margin give one",
                Phrase("write {}", f'initial="{percent(self.initial.value)}"'),
            )
        for name, limit, broken in (
            ("cap", self.cap, self.cap is not None and self.initial.value > self.cap),
            ("floor", self.floor, self.floor is not None and self.initial.value < self.floor),
        ):
            if limit is not None and broken:
                raise TermsError(
                    "initial",
                    Phrase("{}", self.initial),
                    Phrase("a rate within {}={}", name, percent(limit)),
                    Phrase("write another initial, or another {}", name),
                )

    def fixing(self, day: date) -> Fraction:
        """Return the fixing that counts for a reset on a day: the last one, the lag before it.

        Raises
        ------
        TermsError
            If there is none yet.
        """
        return fixing_for(self.fixings, day, self.fixing_lag)

    def rate(self, day: date, old: Fraction | None = None) -> Fraction:
        """Return the rate from a reset on a day; `old` is the rate before it, if there was one.

        Raises
        ------
        RateError
            If it is below 0 %, and no floor says what then.
        """
        rate = self.multiplier * self.fixing(day) + self.margin
        if self.to is not None and self.rounding is not None:
            rate = self.to * round_fraction(rate / self.to, self.rounding)
        if old is not None and self.periodic_floor is not None:
            rate = max(rate, old - self.periodic_floor)
        if old is not None and self.periodic_cap is not None:
            rate = min(rate, old + self.periodic_cap)
        if self.floor is not None:
            rate = max(rate, self.floor)
        if self.cap is not None:
            rate = min(rate, self.cap)
        if rate < 0 and self.floor is None:
            raise RateError(
                "fixings",
                Phrase("{} for {}", percent(self.fixing(day)), day),
                Phrase(
                    "one that gives a rate of 0% or more; with the margin it is {}", percent(rate)
                ),
                'write floor="0%", or such as floor="-1%" if it may be below',
            )
        return rate

    def resolve(self, start: DateLike) -> Steps[Rate]:
        """Return the steps of a loan that starts on the day `start`.

        Resets at a frequency go on for as long as they change anything, after the last fixing too;
        those that only solve the instalment again come from ``next_reset``.

        Raises
        ------
        RepayError
            If a fixing is missing, or a rate below 0 %.
        """
        start = parse_date(start, "start")
        rate = self.rate(start) if self.initial is None else self.initial.value
        first = Rate(rate)
        changes: list[tuple[date, Rate]] = []
        last_fixing = self.fixings[-1][0] + timedelta(days=self.fixing_lag)
        for day in self.days(start):
            old, rate = rate, self.rate(day, rate)
            settled = rate == old and day >= last_fixing and bool(self._frequency)
            if not settled or self.recast == "always":
                changes.append((day, Rate(rate)))
            if settled:
                break
        return Steps(first, tuple(changes), self.hold, self.recast)

    def next_reset(self, day: date) -> date | None:
        """Return the first reset after a day; ``None`` if the resets do not go on at a frequency."""
        return next_reset(self.resets, day) if self._frequency else None

    def days(self, start: date) -> Iterator[date]:
        """Yield the days of the resets; at a frequency, those after the start and without end."""
        if not self._frequency:
            days = [reset for reset in self.resets if isinstance(reset, date)]
            if days[0] <= start:
                raise TermsError(
                    "resets",
                    days[0].isoformat(),
                    Phrase("days after start={}", start),
                    "take it out, or write an earlier start",
                )
            yield from days
            return
        first, every = self.resets[0], self._frequency
        assert isinstance(first, date), "a frequency begins with a day"
        table, _ = lay_out(first, every, payments=1)
        for number in count():
            try:
                day = table.unadjusted(number)
            except DateError:
                return
            if number > MOST_RESETS:
                return
            if day > start:
                yield day

    @property
    def _frequency(self) -> str:
        last = self.resets[-1]
        return last if isinstance(last, str) else ""

    def to_plain(self) -> dict[str, Any]:
        """Return the terms as a dictionary of text, whole numbers and lists."""
        plain: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, value in plain.items():
            if isinstance(value, Fraction):
                plain[name] = str(value) if name == "multiplier" else percent(value)
        plain["fixings"] = [[day.isoformat(), percent(rate)] for day, rate in self.fixings]
        plain["resets"] = [str(reset) for reset in self.resets]
        plain["initial"] = None if self.initial is None else str(self.initial)
        return plain

    @property
    def sentence(self) -> Listed:
        """The index with its margin, when it is reset, and its limits, as parts of a sentence."""
        index = Sentence("index")
        if self.multiplier != 1:
            index = Sentence("index.times", times=Share(self.multiplier / 100))
        if self.margin:
            key = "index.minus" if self.margin < 0 else "index.plus"
            index = Sentence(key, index=index, margin=Share(abs(self.margin)))
        parts = [Sentence("index.rate", index=index)]
        days = [day for day in self.resets if isinstance(day, date)]
        if self._frequency:
            every = every_sentence(self._frequency)
            parts.append(Sentence("index.reset_every", every=every, day=days[0]))
        else:
            key = "index.resets_more" if len(days) > 3 else "index.resets"
            parts.append(Sentence(key, days=Listed(days[:3], "names")))
        if self.fixing_lag:
            parts.append(Sentence("index.lag", days=self.fixing_lag))
        limits = {"rounded": self.to, "up": self.periodic_cap, "down": self.periodic_floor}
        if self.cap is not None and self.floor is not None:
            bounds = {"cap": Share(self.cap), "floor": Share(self.floor)}
            last = [Sentence("index.floor_cap", **bounds)]
        else:
            limits |= {"floor": self.floor, "cap": self.cap}
            last = []
        for key, limit in limits.items():
            if limit is not None:
                parts.append(Sentence(f"index.{key}", rate=Share(limit)))
        return Listed([*parts, *last])

    def _worded(self) -> object:
        return self.sentence


def _read_initial(given: RateLike) -> Rate:
    """Read the first rate, which may be below zero as an index may."""
    return given if isinstance(given, Rate) else Rate(parse_share(given, "initial", least=-1))


#: What the rate of a loan is: one for all of its life, one that steps, or one on an index.
LoanRate = Rate | Steps[Rate] | Indexed
LoanRateLike = RateLike | Steps[RateLike] | Indexed
#: Days of resets, or the first of them and the time between two.
ResetsLike = Iterable[DateLike] | tuple[DateLike, Any]


def indexed(
    fixings: Mapping[Any, Any] | Iterable[tuple[Any, Any]],
    *,
    margin: str | Decimal | Fraction = "0%",
    multiplier: int | str | Decimal | Fraction = 1,
    resets: ResetsLike,
    initial: RateLike | None = None,
    cap: str | Decimal | Fraction | None = None,
    floor: str | Decimal | Fraction | None = None,
    periodic_cap: str | Decimal | Fraction | None = None,
    periodic_floor: str | Decimal | Fraction | None = None,
    fixing_lag: int = 0,
    to: str | Decimal | Fraction | None = None,
    rounding: Rounding | None = None,
    hold: StepHold = "maturity",
    recast: Recast = "on_change",
) -> Indexed:
    r"""Return a rate that follows an index: fixing times multiplier, plus margin, within limits.

    Parameters
    ----------
    fixings
        The index by day: ``{"2024-01-01": "3%", "2025-01-01": "4.5%"}``, or pairs. Each holds
        until the next, the last one for good. They may be negative.
    margin
        What is added to the index, ``"2%"``; it may be negative.
    multiplier
        What the index is multiplied with before that: 3 % x ``"1.5"`` + 2 % is 6.5 %.
    resets
        The days on which the rate is set again, all after the start; or the first of them and
        the time between two, ``("2025-01-10", "year")``, of which those up to the start are
        left out.
    initial
        The rate up to the first reset; by default that of the fixing on the first day.
    cap, floor
        The most and the least that the rate can be after a reset: 6.5 % with ``cap="6%"`` is 6 %.
        A rate below zero is refused unless a floor allows it: -0.8 % is 0 % with ``floor="0%"``,
        and -0.5 % with ``floor="-0.5%"``.
    periodic_cap, periodic_floor
        By how much it can rise and fall at one reset: from 4 % to 6.5 % with
        ``periodic_cap="2%"`` is 6 %.
    fixing_lag
        Days before the reset whose fixing counts, 0 to 366: with 45 that of 26 November for a
        reset on 10 January.
    to
        What index and margin together are rounded to, before the limits: 6.57 % with
        ``to="0.125%"`` is 6.625 %.
    rounding
        How, ``"half_up"`` by default; any that a :class:`~repaylib.Loan` takes.
    hold
        What a reset keeps: ``"maturity"``, ``"payment"`` or ``"last"``, as in
        :func:`~repaylib.steps`. (Nobody knows an index from the start, so not ``"level"``.)
    recast
        With ``hold="maturity"``, which resets solve the instalment again: ``"on_change"``, those
        that change the rate; or ``"always"``, every one of them to the end of the loan. Adjustable
        mortgages in the United States do the latter: of 10,000 over 360 months at 17.41 %, then
        15.41, 15.17, 13.17 and for good 12.41 %, 8,700.37 are owed after payment 180 (Regulation
        Z, Appendix H, sample H-14), and 8,699.85 with ``"on_change"``.

    Raises
    ------
    RepayError
        If a cap is below a floor, a value cannot be read or, when a loan takes it, a fixing is
        missing or gives a rate below 0 % without a floor.

    Notes
    -----
    With the old rate :math:`r`, fixing :math:`x`, multiplier :math:`m` and margin :math:`s`, the
    new rate is

    .. math:: \min(\max(\min(\max(m x + s, r - \text{periodic floor}),
              r + \text{periodic cap}), \text{floor}), \text{cap})

    Examples
    --------
    >>> import repaylib as rp
    >>> fixings = {"2024-01-01": "3%", "2025-01-01": "6%"}
    >>> rate = rp.indexed(fixings, margin="1%", resets=("2025-01-10", "year"), periodic_cap="2%")
    >>> loan = rp.Loan("10000", rate, 60, "2024-01-10")
    >>> print(loan.first_rate, *(f"{rate} from {day}" for day, rate in loan.rate_steps))
    4% 6% from 2025-01-10 7% from 2026-01-10
    """
    given: Any = (fixings, margin, multiplier, resets, initial, cap, floor)
    limits: Any = (periodic_cap, periodic_floor, fixing_lag, to, rounding, hold, recast)
    return Indexed(*given, *limits)


#: Many loans are at one rate.
_of_text = lru_cache(maxsize=512)(parse_rate)


def parse_loan_rate(value: object, parameter: str = "rate") -> LoanRate:
    """Read the rate of a loan: what :func:`~repaylib.rates.rate.parse_rate` reads, steps, or an index."""
    if type(value) is str:
        return _of_text(value, parameter)
    if isinstance(value, Indexed):
        return value
    if isinstance(value, Steps):
        rates = value.read(parse_rate, parameter).holding("maturity")
        return rates if rates.recast is not None else replace(rates, recast="on_change")
    return parse_rate(value, parameter)
