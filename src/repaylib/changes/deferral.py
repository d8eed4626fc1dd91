"""The deferral of payments, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from repaylib.changes.base import TermsChange
from repaylib.changes.change_wording import UNKNOWN, Effect, numbered_dates
from repaylib.changes.day_order import Turn
from repaylib.dates.frequency_wording import length_sentence
from repaylib.errors import Hint, Phrase, TermsError, check_word, write
from repaylib.money.counts import parse_count
from repaylib.rates.rate import Rate, RateLike, parse_rate
from repaylib.terms.methods import WITHOUT_INSTALMENT
from repaylib.typing import (
    DateLike,
    DeferralBase,
    DeferralInterest,
    Hold,
    Pause,
    Repay,
    Scope,
)
from repaylib.wording.sentence import Listed, Sentence

__all__ = ["Deferral"]


@dataclass(frozen=True, slots=True, init=False)
class Deferral(TermsChange):
    """Payments are deferred.

    Parameters
    ----------
    payment, on
        From when; exactly one. `payment` is the first payment that is deferred. `on` is a day, after
        which the next due dates are skipped.
    periods
        The number of due dates that are skipped (``scope="schedule"``), or by how many periods
        the payment moves (``scope="instalment"``). 0 changes nothing.
    scope
        ``"schedule"``
            the due dates are skipped, and every later payment moves.
        ``"instalment"``
            this one payment moves, and the others stay as they are.
    base
        What a moved payment accrues interest on (``scope="instalment"`` only).

        ``"instalment"``
            all of it: 888.49 at 1 % a month gives 8.88.
        ``"principal"``
            its principal: 812.38 gives 8.12.
    pause
        What stops: ``"all"`` (the whole payment), ``"principal"`` (the interest is still paid on
        the skipped due dates) or ``"interest"`` (the principal is still paid; of payment 4 of
        888.49, 812.38 is paid and 76.11 is deferred).
    interest
        ``"accrue"``, or ``"waive"``: no interest accrues from the day of the change to the last
        skipped due date. It is recorded as waived. If it is waived from a payment on, no interest is
        left to repay, so `repay`, ``pause="principal"`` and `capitalise_every` change nothing. If it
        is waived `on` a day, they apply to the interest that accrued before that day.
    repay
        When the interest of the skipped due dates is paid.

        ``"next"``
            with the next payment, even one of interest alone: 888.49 + 76.11.
        ``"now"``
            on the skipped due dates, the same as ``pause="principal"``.
        ``"spread"``
            in equal parts with the remaining payments, without interest: 888.49 + 8.46.
        ``"last"``
            with the last payment: 888.47 + 76.11.
        ``"capitalise"``
            never as interest: it is added to the principal, which accrues interest.
    hold
        What stays fixed.

        ``"count"``
            the number of remaining payments; the final date moves. A solved instalment stays the
            same if the remaining periods are regular. If an odd first or last period, or listed due
            dates, leave periods of other lengths, it is solved again: 880.26, solved for a first
            period of 2 days that is skipped, becomes 888.49.
        ``"maturity"``
            the final date; the remaining payments grow.
        ``"payment"``
            the instalment; the term follows from it.
        ``"last"``
            instalment and final date; the last payment takes the difference.

        With ``pause="interest"`` no due date is skipped, so ``"count"`` keeps the final date, too.
        A moved payment (``scope="instalment"``) leaves all four as they are, unless it moves past
        the final date, which ``"maturity"`` and ``"last"`` refuse.
    capitalise_every
        With ``repay="capitalise"``: interest is capitalised at every n-th skipped due date and at the
        end of the deferral. ``None`` is at the end only.
    rate
        With ``scope="instalment"``: the rate at which the moved payment accrues interest, if not the
        loan's. 1.5 times 12 % on 812.38 is 12.19 a month.

    Raises
    ------
    RepayError
        For an option that is unknown (:class:`~repaylib.errors.ChoiceError`), or options that contradict
        each other (:class:`~repaylib.errors.TermsError`).

    Examples
    --------
    >>> print(Deferral(payment=4))
    from instalment 4 on, no payment is made on 1 due date; its interest accrues and is paid
    with the next instalment; the number of payments left stays, and each later due date moves
    """

    kind = "deferral"
    turn = Turn.RENEW
    count_option = "periods"
    none_is_value = frozenset({"capitalise_every"})

    periods: int
    scope: Scope
    base: DeferralBase
    pause: Pause
    interest: DeferralInterest
    repay: Repay
    hold: Hold
    capitalise_every: int | None
    rate: Rate | None

    def __init__(
        self,
        payment: int | None = None,
        periods: int = 1,
        *,
        on: DateLike | None = None,
        scope: Scope = "schedule",
        base: DeferralBase = "instalment",
        pause: Pause = "all",
        interest: DeferralInterest = "accrue",
        repay: Repay = "next",
        hold: Hold = "count",
        capitalise_every: int | None = 1,
        rate: RateLike | None = None,
    ) -> None:
        self._place(payment, on)
        self._store(
            periods=parse_count(periods, "periods", least=0, example=1),
            scope=check_word("scope", scope, get_args(Scope)),
            base=check_word("base", base, get_args(DeferralBase)),
            pause=check_word("pause", pause, get_args(Pause)),
            interest=check_word("interest", interest, get_args(DeferralInterest)),
            repay=check_word("repay", repay, get_args(Repay)),
            hold=check_word("hold", hold, get_args(Hold)),
            capitalise_every=None
            if capitalise_every is None
            else parse_count(capitalise_every, "capitalise_every"),
            rate=None if rate is None else parse_rate(rate),
        )
        self._check_options()

    def _check_options(self) -> None:
        moved = self.scope == "instalment"
        if self.pause == "interest":
            self._check_interest_alone()
        if moved and self.repay == "capitalise":
            raise TermsError(
                "repay",
                self.repay,
                'the rest of the schedule left as it is, as scope="instalment" says',
                write(scope="schedule", repay="capitalise", hold="maturity"),
            )
        if not moved and self.base != "instalment":
            raise TermsError(
                "base",
                self.base,
                'scope="instalment"; with scope="schedule" the whole balance bears interest',
                Hint("write {} or leave base out", scope="instalment"),
            )
        if not moved and self.rate is not None:
            raise TermsError(
                "rate",
                self.rate,
                'scope="instalment"; with scope="schedule" the rate is the loan\'s',
                Phrase("write {}", "change_rate(schedule, rate, payment=..., until=...)"),
            )
        if self.pause == "principal" and self.repay not in ("next", "now"):
            raise TermsError(
                "repay",
                self.repay,
                'no deferred interest, as pause="principal" has it paid on the due dates',
                Hint("write {} or leave repay out", pause="all"),
            )
        if self.capitalise_every != 1 and self.repay != "capitalise":
            raise TermsError(
                "capitalise_every",
                self.capitalise_every,
                Phrase('repay="capitalise"; repay="{}" capitalises nothing', self.repay),
                Hint("write {} or leave capitalise_every out", repay="capitalise"),
            )

    def _check_interest_alone(self) -> None:
        if self.scope == "instalment":
            raise TermsError(
                "scope",
                self.scope,
                'pause="principal" or "all", as pause="interest" leaves the instalment on its date',
                write(scope="schedule"),
            )
        if self.repay == "now":
            raise TermsError(
                "repay",
                self.repay,
                'interest that is deferred, as pause="interest" says',
                Hint("write {}, or {}", repay="next", pause="principal"),
            )
        if self.interest == "waive":
            raise TermsError(
                "interest",
                self.interest,
                'interest that is deferred, as pause="interest" says; waived interest is not',
                Phrase(
                    "write {}", 'change_rate(schedule, "0%", payment=..., until=..., hold="last")'
                ),
            )

    @property
    def interest_paid_now(self) -> bool:
        """Whether the interest of a skipped due date is paid on it."""
        return self.pause == "principal" or self.repay == "now"

    @property
    def _capitalises(self) -> bool:
        """Whether interest of the due dates joins the principal."""
        accrues = self.interest == "accrue" or self.on is not None
        return accrues and self.repay == "capitalise" and not self.interest_paid_now

    @property
    def stops(self) -> Pause:
        """What is not paid on the due dates.

        It is the principal alone if, as `repay` or `pause` says, their interest is paid on them.
        """
        if self.pause == "interest":
            return "interest"
        paid = self.interest_paid_now and (self.interest == "accrue" or self.on is not None)
        return "principal" if paid else "all"

    @property
    def label(self) -> Sentence:
        """The change in a word or two, as a sentence."""
        paid = "now" if self.interest_paid_now else self.repay
        options = [
            *(["instalment"] if self.scope == "instalment" else []),
            *([f"repay.{paid}"] if paid != "next" else []),
            *([f"hold.{self.hold}"] if self.hold != "count" else []),
        ]
        kind = Sentence(f"change.deferral.{self.interest}")
        if not options:
            return kind
        said = [Sentence(f"change.deferral.{option}") for option in options]
        return Sentence("change.with", change=kind, options=Listed(said, "names"))

    def sentence(self, effect: Effect = UNKNOWN) -> Sentence:
        """Return a sentence that describes the change, with its known effect in a schedule."""
        if self.periods == 0:
            return Sentence("deferral.nothing", when=self.when)
        return self._moved(effect) if self.scope == "instalment" else self._deferred(effect)

    def _deferred(self, effect: Effect) -> Sentence:
        """Return which due dates are deferred, what is paid on them, and what moves."""
        key, count = f"deferral.stops.{self.stops}", len(effect.dates) or self.periods
        if effect.dates:
            stops = Sentence(key, dates=numbered_dates(effect.dates, "due_dates"))
        else:
            what = Sentence(key, dates=Sentence("due_dates.count", count=self.periods))
            stops = Sentence("since", when=self.when, what=what)
        gap = Sentence("deferral.accrues", count=count, gap=self._gap())
        if self.interest == "waive":
            gap = Sentence("deferral.waived", count=count)
            if self.on is not None:
                gap = Sentence("deferral.waived_from", count=count, day=self.on, gap=self._gap())
        return Sentence("clauses_three", first=stops, second=gap, third=self._held(effect, count))

    def _gap(self) -> Sentence:
        """Return where the interest of the due dates goes."""
        if self.interest_paid_now:
            return Sentence("gap.now")
        if self.repay != "capitalise" or self.periods == 1:
            return Sentence(f"gap.{self.repay}")
        often = {1: "each", None: "end"}.get(self.capitalise_every, "every")
        return Sentence(f"gap.capitalise_{often}", every=self.capitalise_every)

    def _held(self, effect: Effect, count: int) -> Sentence:
        """Return the sentence about the term held fixed."""
        if self.pause == "interest" and self.hold in ("count", "maturity"):
            solved = self.repay == "capitalise"
            key = "deferral.maturity" if solved else "deferral.end_stays"
            return Sentence(key) if self.hold == "count" else effect.held(key)
        if self.hold != "count":
            return effect.held(f"deferral.{self.hold}")
        later = Sentence("later.dates")
        if effect.dates:
            later = Sentence("later.dates_from", number=effect.dates[0][0])
        length = None if effect.every is None else length_sentence(effect.every, count)
        key = "deferral.count" if length is None else "deferral.count_by"
        moves = Sentence(key, dates=later, length=length)
        solved = effect.method not in WITHOUT_INSTALMENT and not (effect.noted or effect.resets)
        if self._capitalises and solved:
            return Sentence("deferral.recalculated", moves=moves)
        return moves

    def _moved(self, effect: Effect) -> Sentence:
        """Return where one instalment is moved to, and at what cost."""
        which: object = Sentence("instalment", number=self.payment)
        if effect.dates:
            which = numbered_dates(effect.dates, "instalments")
        elif self.on is not None:
            which = Sentence("moved.after", day=self.on)
        if self.repay in ("spread", "last"):
            to = Sentence(f"moved.{self.repay}")
        elif effect.moved_to is not None:
            number, day = effect.moved_to
            to = Sentence("moved.to", number=number, day=day)
        else:
            to = Sentence("moved.by", count=self.periods)
        rate = Sentence("rate.of_loan") if self.rate is None else self.rate.sentence()
        cost = Sentence(f"moved.on_{self.base}", rate=rate)
        if self.interest == "waive":
            cost = Sentence("moved.waive")
        part = "principal" if self.interest_paid_now else "instalment"
        return Sentence("moved", moved=Sentence(f"moved.{part}", which=which, to=to), cost=cost)
