"""Penalty terms: the rate on overdue amounts, days of grace, late fees, caps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, get_args

from repaylib.dates.day_count import parse_day_count
from repaylib.dates.days import add_days
from repaylib.errors import Hint, Phrase, RateError, TermsError, as_text, check_word, parse_flag
from repaylib.money.amounts import parse_positive_amount
from repaylib.money.counts import in_ascii, parse_count
from repaylib.rates.index_fixings import parse_multiplier
from repaylib.rates.rate import (
    Rate,
    RateLike,
    Share,
    parse_rate,
    parse_share,
    percent,
    short_percent,
)
from repaylib.rates.step_schedule import Steps
from repaylib.typing import Amount, DayCount, Grace, PenaltyBase
from repaylib.wording.sentence import NOTHING, Listed, Money, Sentence, Worded

#: The largest multiple of a loan's rate: more is a percentage that was meant as a rate.
MOST_TIMES = 10


class LateRate(NamedTuple):
    """A penalty rate a year, and the day from which it holds; ``None`` is from the first day on."""

    rate: Fraction
    since: date | None


@dataclass(frozen=True, slots=True, init=False)
class PenaltyTerms(Worded):
    """The terms of penalties on overdue amounts.

    Penalties depend on due dates and receipts alone, and never on the day of a statement.
    On 888.49 = 812.38 + 76.11, due with instalment 4 of 10,000 at 12 %:

    Parameters
    ----------
    multiplier
        The penalty rate as a multiple of the loan's, a number up to 10: ``"1.5"`` of 12 % is 18 % on
        overdue amounts, in place of the 12 %. 812.38 a month late costs 12.19. A percentage is refused,
        as ``"8%"`` can be 0.08 times the rate or 8 % a year: write ``"0.08"`` or ``rate="8%"``.
    addition
        Percentage points on top of the loan's rate: ``"4%"`` makes 16 %.
    rate
        A separate rate, ``"18.25%"`` or ``rp.daily("0.05%", basis=365)``. Exactly one of the three is
        given, or none of them beside a `late_fee`: then only the fee is charged. No rate is a default.
    base
        ``"principal"``
            overdue principal, 812.38.
        ``"instalment"``
            all of the overdue instalment, 888.49, with interest and fees.
        ``"balance"``
            the whole balance, which falls due with the first instalment missed: 45 days late, at
            18 % actual/360, 7,610.80 cost 171.24.
    on_interest
        Whether overdue interest accrues at the penalty rate too, which is separate from the penalty:
        45 days late it is 18.28 and 1.71, together 19.99. There is no penalty on a penalty.
    day_count
        The day count, any that a :class:`~repaylib.Loan` takes; by default that of the loan.
    grace_days
        Days after a due date without penalty. A receipt on the last of them is in time. They are
        fewer than the days of a period: up to 27 of a month, as February has 28, up
        to 6 of a week, and up to 28 of due dates listed 29 days apart or more.
    grace
        From when the penalty accrues if the grace is exceeded; due on 15 June, 5 days of grace, paid
        on 21 June:

        ``"due_date"``
            from the due date: 16 June is the first of 6 days.
        ``"end"``
            from the end of grace: 21 June is the only one.
    late_fee
        Charged once for an instalment, on the first day after its grace, as ``"25"`` or as a share of
        its overdue amount, ``"5%"``. A penalty rate is charged besides it only if you give one.
    cap
        The cap on all penalties and late fees of a loan, in major units.
    cap_rate
        The cap on the penalty rate, ``"24%"``.
    cap_share
        The cap on the penalty of an instalment, as a share of its overdue principal:
        ``"100%"`` of 812.38.

    Raises
    ------
    TermsError
        If more than one of multiplier, addition and rate is given, or none of them without a late
        fee, or if terms contradict each other.
    RateError
        For a multiplier with a percent sign or above 10.

    Examples
    --------
    >>> print(PenaltyTerms("1.5", on_interest=True, day_count="actual/360", grace_days=3))
    On overdue principal a penalty accrues at 1.5 times the loan's rate, in place of it, from
    the day after the due date until payment. Overdue interest bears the penalty rate too. Days
    are counted by actual/360. A payment within the 3 days of grace after the due date bears
    no penalty; a later payment bears it from the day after the due date on.
    """

    multiplier: Fraction | None
    addition: Fraction | None
    rate: Rate | None
    base: PenaltyBase
    on_interest: bool
    day_count: DayCount | None
    grace_days: int
    grace: Grace
    late_fee: Decimal | Fraction | None
    cap: Decimal | None
    cap_rate: Rate | None
    cap_share: Fraction | None

    def __init__(
        self,
        multiplier: str | int | Decimal | Fraction | None = None,
        *,
        addition: str | Decimal | Fraction | None = None,
        rate: RateLike | None = None,
        base: PenaltyBase = "principal",
        on_interest: bool = False,
        day_count: DayCount | None = None,
        grace_days: int = 0,
        grace: Grace = "due_date",
        late_fee: Amount | Fraction | None = None,
        cap: Amount | None = None,
        cap_rate: RateLike | None = None,
        cap_share: str | Decimal | Fraction | None = None,
    ) -> None:
        given = {"multiplier": multiplier, "addition": addition, "rate": rate}
        named = [name for name, value in given.items() if value is not None]
        if len(named) > 1:
            raise TermsError(
                named[0],
                given[named[0]],
                Phrase("it alone, without {}", named[1]),
                Phrase("leave {} out", named[1]),
            )
        base = check_word("base", base, get_args(PenaltyBase))
        if not named:
            if late_fee is None:
                hint = Hint("write {}, {} or {}", multiplier="1.5", rate="18%", late_fee="25")
                expected = "a multiplier, an addition, a rate or a late_fee"
                raise TermsError("multiplier", None, expected, hint)
            of_the_rate = {
                "base": base if base != "principal" else None,
                "on_interest": on_interest or None,
                "day_count": day_count,
                "cap_rate": cap_rate,
                "cap_share": cap_share,
            }
            for name, value in of_the_rate.items():
                if value is not None:
                    hint = Hint(
                        "write {1} or {2}, or leave {0} out",
                        Phrase("{}", name),
                        multiplier="1.5",
                        rate="18%",
                    )
                    raise TermsError(name, value, "a penalty rate beside it", hint)
            rate = "0%"
        if parse_flag(on_interest, "on_interest") and base == "instalment":
            raise TermsError(
                "on_interest", True, 'base="principal"; base="instalment" has the interest in it',
                Phrase("leave {} out", "on_interest"),
            )  # fmt: skip
        fields: dict[str, Any] = {
            "multiplier": None if multiplier is None else _multiplier(multiplier),
            "addition": None if addition is None else parse_share(addition, "addition"),
            "rate": None if rate is None else parse_rate(rate, "rate"),
            "base": base,
            "on_interest": on_interest,
            "day_count": None if day_count is None else parse_day_count(day_count),
            "grace_days": parse_count(grace_days, "grace_days", least=0, most=366, example=3),
            "grace": check_word("grace", grace, get_args(Grace)),
            "late_fee": _late_fee(late_fee),
            "cap": None if cap is None else parse_positive_amount(cap, "cap"),
            "cap_rate": None if cap_rate is None else parse_rate(cap_rate, "cap_rate"),
            "cap_share": None if cap_share is None else parse_share(cap_share, "cap_share", 100),
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def rate_over(self, ordinary: Fraction, pace: Fraction) -> Fraction:
        """Return the penalty rate a year, where the loan's is `ordinary`.

        `pace` is the share of a year over which effective rates are read as nominal ones.
        """
        if self.rate is not None:
            own = self.rate.nominal(pace)
        elif self.addition is not None:
            own = ordinary + self.addition
        else:
            own = ordinary * (Fraction(1) if self.multiplier is None else self.multiplier)
        if self.cap_rate is not None:
            own = min(own, self.cap_rate.nominal(pace))
        return max(own, Fraction(0))  # being late is never rewarded

    def grace_of(self, due: date) -> tuple[date, date]:
        """Return the last day on which a payment is in time, and from when a later one is late.

        Examples
        --------
        >>> grace_end, late_from = PenaltyTerms("1.5", grace_days=5).grace_of(date(2024, 6, 15))
        >>> str(grace_end), str(late_from)
        ('2024-06-20', '2024-06-15')
        """
        grace_end = add_days(due, self.grace_days)
        return grace_end, grace_end if self.grace == "end" else due

    @property
    def free(self) -> bool:
        """Whether a penalty is never charged."""
        return self.late_fee is None and not self._accrues

    @property
    def _accrues(self) -> bool:
        """Whether a penalty can accrue by the day."""
        nothing = self.rate is not None and not self.rate.value
        return not nothing and self.multiplier != 0

    def sentence(
        self, money: Callable[[Decimal], Money] = Money, rates: Iterable[LateRate] = ()
    ) -> Listed:
        """Return the sentence for the price of late payment; `money` writes an amount, `rates` are those that follow."""
        if self.free:
            return Listed([Sentence("penalty.none")], "sentence")
        since = Sentence("penalty.due_date")
        if self.grace_days and self.grace == "end":
            since = Sentence("penalty.end")
        parts = []
        if self._accrues:
            whole = self.base == "balance"
            parts.append(
                Sentence(
                    "penalty.runs" if self.rate is None else "penalty.runs_own",
                    first=Sentence("penalty.accelerates") if whole else NOTHING,
                    base=Sentence(f"penalty.base.{self.base}"),
                    rate=self._rate_sentence(rates),
                    since=since,
                )
            )
        if self.on_interest:
            parts.append(Sentence("penalty.on_interest"))
        if self.day_count is not None:
            day_count = Sentence(f"day_count.{self.day_count}")
            parts.append(Sentence("penalty.day_count", day_count=day_count))
        if self.grace_days:
            key = "penalty.grace" if self.late_fee is None else "penalty.grace_fee"
            parts.append(Sentence(key, days=self.grace_days, since=since))
        if self.late_fee is not None:
            parts.append(self._fee_sentence(self.late_fee, money))
        if self.cap is not None:
            parts.append(Sentence("penalty.cap", amount=money(self.cap)))
        if self.cap_rate is not None:
            parts.append(Sentence("penalty.cap_rate", rate=self.cap_rate.sentence()))
        if self.cap_share is not None:
            parts.append(Sentence("penalty.cap_share", share=Share(self.cap_share)))
        return Listed(parts, "sentence")

    def standard_sentence(
        self, money: Callable[[Decimal], Money] = Money, rates: Iterable[LateRate] = ()
    ) -> Listed:
        """Return the rate of the penalty and the late fee, as in a cell of a table."""
        if self.free:
            return Listed([Sentence("penalty.none_short")], "clause")
        parts = []
        if self._accrues:
            rate = self._rate_sentence(rates)
            parts.append(Sentence(f"penalty.on.{self.base}", rate=rate))
        if self.late_fee is not None:
            parts.append(self._fee_sentence(self.late_fee, money, "_short"))
        return Listed(parts, "clause")

    def _rate_sentence(self, rates: Iterable[LateRate]) -> Sentence:
        if self.rate is not None:
            return self.rate.sentence()
        if self.addition is not None:
            found = Sentence("penalty.plus", addition=Share(self.addition))
        else:
            found = Sentence("penalty.times", times=Share((self.multiplier or Fraction(0)) / 100))
        shown = [
            Sentence(
                "penalty.shown_rate" if late.since is None else "penalty.shown_since",
                rate=short_percent(late.rate),
                day=late.since,
            )
            for late in rates
        ]
        return Sentence("penalty.shown", rate=found, shown=Listed(shown)) if shown else found

    @staticmethod
    def _fee_sentence(
        fee: Decimal | Fraction, money: Callable[[Decimal], Money], form: str = ""
    ) -> Sentence:
        if isinstance(fee, Fraction):
            return Sentence(f"penalty.fee_share{form}", share=Share(fee))
        return Sentence(f"penalty.fee_amount{form}", amount=money(fee))

    def late_rates(
        self, rates: Sequence[tuple[date, Fraction]], pace: Fraction
    ) -> tuple[LateRate, ...]:
        """Return the penalty rates that follow from the rates of a loan; none for a rate of its own.

        Examples
        --------
        >>> PenaltyTerms("1.5").late_rates([(date(2024, 1, 10), Fraction(3, 25))], Fraction(1, 12))
        (LateRate(rate=Fraction(9, 50), since=None),)
        """
        if self.rate is not None:
            return ()
        found: list[LateRate] = []
        for index, (day, rate) in enumerate(rates):
            late = self.rate_over(rate, pace)
            if not found or found[-1].rate != late:
                found.append(LateRate(late, day if index else None))
        return tuple(found)

    def _worded(self) -> object:
        return self.sentence()


#: Terms, or terms that step on known days: ``rp.steps(old, {"2025-01-01": new})``.
PenaltyLike = PenaltyTerms | Steps[PenaltyTerms]


def parse_penalty(given: object, parameter: str = "penalty") -> Steps[PenaltyTerms] | None:
    """Read penalty terms, which may step on known days; ``None`` charges nothing."""
    if given is None:
        return None
    found: Steps[Any] = given if isinstance(given, Steps) else Steps(given)
    for value in (found.initial, *(rate for _, rate in found.changes)):
        if not isinstance(value, PenaltyTerms):
            hint = Phrase(
                "write {}, or {}", 'rp.PenaltyTerms("1.5")', 'rp.steps(old, {"2025-01-01": new})'
            )
            raise TermsError(parameter, value, "PenaltyTerms", hint)
    if any(isinstance(place, int) for place, _ in found.changes):
        hint = Phrase("write {}", 'rp.steps(old, {"2025-01-01": new})')
        raise TermsError(parameter, str(found.changes), "terms that step on days", hint)
    return found


def _multiplier(given: object) -> Fraction:
    expected = Phrase("a multiple of the loan's rate, a plain number up to {}", MOST_TIMES)
    try:
        number = parse_multiplier(given)
    except RateError as error:
        raise RateError("multiplier", given, expected, _both_ways(given)) from error
    if not 0 <= number <= MOST_TIMES:
        raise RateError("multiplier", given, expected, _both_ways(given))
    return number


def _both_ways(given: object) -> Hint:
    """Return the hint for what is no multiple: write it as one, or as a rate a year."""
    times, rate = "1.5", "18%"
    text = (
        in_ascii(as_text(given, str)).strip()
        if isinstance(given, (str, int, float, Decimal))
        else ""
    )
    with suppress(RateError):
        if text.endswith("%"):
            share = parse_share(text, "multiplier", MOST_TIMES)
            times, rate = percent(share / 100).removesuffix("%"), text
        elif parse_share(f"{text}%", "multiplier") * 100 > MOST_TIMES:
            rate = f"{text}%"
        else:
            times = text
    return Hint(
        "write {} for a multiple of the loan's rate, {} for a rate a year",
        multiplier=times,
        rate=rate,
    )


def _late_fee(given: object) -> Decimal | Fraction | None:
    if given is None:
        return None
    if isinstance(given, Fraction) or (isinstance(given, str) and given.strip().endswith("%")):
        return parse_share(given, "late_fee", 1, "share")
    return parse_positive_amount(given, "late_fee")
