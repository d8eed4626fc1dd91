"""A deferral: instalments are put off, with a word for each of the three questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from repaylib.changes.base import TermsChange
from repaylib.changes.day_order import Turn
from repaylib.errors import Hint, TermsError, check_word, write
from repaylib.money.counts import to_count
from repaylib.rates.rate import Rate, RateLike, parse_rate
from repaylib.typing import (
    DateLike,
    DeferralBase,
    DeferralInterest,
    Hold,
    Method,
    Pause,
    Repay,
    Scope,
)

__all__ = ["Deferral"]


@dataclass(frozen=True, slots=True, init=False)
class Deferral(TermsChange):
    """Instalments are put off.

    Parameters
    ----------
    payment, on
        From when; exactly one. `payment` is the first instalment put off; `on` a day, from
        which the next due dates are passed over.
    periods
        How many due dates are passed over (``scope="schedule"``), or by how many periods the
        instalment is moved (``scope="instalment"``). 0 changes nothing.
    scope
        ``"schedule"``
            the due dates are passed over and every later instalment waits.
        ``"instalment"``
            this one instalment is moved, the rest stays as it was.
    base
        What a moved instalment bears interest on (``scope="instalment"`` only).

        ``"instalment"``
            all of it: 888.49 at 1 % a month gives 8.88.
        ``"principal"``
            its principal: 812.38 gives 8.12.
    pause
        What stops: ``"all"`` (the whole instalment), ``"principal"`` (the interest goes on
        being paid on the due dates passed over) or ``"interest"`` (the principal does; of
        888.49 in instalment 4, 812.38 is paid and 76.11 is put off).
    interest
        ``"accrue"``, or ``"waive"``: no interest from the day of the change to the last due
        date passed over; it is recorded as waived. Waived from an instalment on, nothing is left
        for `repay` to place, so that `repay`, ``pause="principal"`` and `capitalise_every` change
        nothing. Waived `on` a day, they hold for what accrued before it.
    repay
        Where the interest of the due dates passed over goes.

        ``"next"``
            paid with the next instalment, also one of interest alone: 888.49 + 76.11.
        ``"now"``
            paid on the due dates passed over, the same as ``pause="principal"``.
        ``"spread"``
            equal parts on the instalments left, no interest on it: 888.49 + 8.46.
        ``"last"``
            with the last payment: 888.47 + 76.11.
        ``"capitalise"``
            added to the principal, which bears interest.
    hold
        What is held fixed.

        ``"count"``
            the number of instalments left; the end moves. A solved instalment stays as it is
            where regular periods are left; where an odd first or last period, or due dates
            that are listed, leave periods of other lengths, it is solved again: 880.26, solved
            for a first period of 2 days that is passed over, becomes 888.49.
        ``"maturity"``
            the end; the instalments left grow.
        ``"payment"``
            the instalment; the term floats.
        ``"last"``
            instalment and end; the last payment takes the difference.

        With ``pause="interest"`` no due date is passed over, so that ``"count"`` keeps the end, too.
        A moved instalment (``scope="instalment"``) leaves all four as they are, unless it
        moves past the end, which ``"maturity"`` and ``"last"`` then refuse.
    capitalise_every
        With ``repay="capitalise"``: at every n-th due date passed over, and at the end of the
        deferral; ``None`` is at the end only.
    rate
        With ``scope="instalment"``: the rate that the moved instalment bears, if not the
        loan's. 1.5 times 12 % on 812.38 is 12.19 a month.

    Raises
    ------
    RepayError
        For words that are unknown (:class:`~repaylib.ChoiceError`) or contradict each other
        (:class:`~repaylib.TermsError`).

    Examples
    --------
    >>> print(Deferral(payment=4))
    from instalment 4 on, 1 due date is passed over; its interest accrues and is paid with
    the next instalment; the number of instalments left is kept, so the end moves
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
            periods=to_count(periods, "periods", least=0, such=1),
            scope=check_word("scope", scope, get_args(Scope)),
            base=check_word("base", base, get_args(DeferralBase)),
            pause=check_word("pause", pause, get_args(Pause)),
            interest=check_word("interest", interest, get_args(DeferralInterest)),
            repay=check_word("repay", repay, get_args(Repay)),
            hold=check_word("hold", hold, get_args(Hold)),
            capitalise_every=None
            if capitalise_every is None
            else to_count(capitalise_every, "capitalise_every"),
            rate=None if rate is None else parse_rate(rate),
        )
        self._check_words()

    def _check_words(self) -> None:
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
                "write change_rate(schedule, rate, payment=..., until=...)",
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
                f'repay="capitalise"; repay="{self.repay}" capitalises nothing',
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
                'interest that is put off, as pause="interest" says',
                Hint("write {}, or {}", repay="next", pause="principal"),
            )
        if self.interest == "waive":
            raise TermsError(
                "interest",
                self.interest,
                'interest that is put off, as pause="interest" says; waived interest is not',
                'write change_rate(schedule, "0%", payment=..., until=..., hold="last")',
            )

    @property
    def interest_paid_now(self) -> bool:
        """Whether the interest of a due date passed over is paid on it."""
        return self.pause == "principal" or self.repay == "now"

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
    def name(self) -> str:
        """The change in a word or two."""
        kind = "interest-free deferral" if self.interest == "waive" else "deferral"
        words = {"schedule": "", "instalment": "one instalment only"}[self.scope]
        paid = {
            "now": "interest paid",
            "next": "",
            "spread": "spread",
            "last": "to the last payment",
            "capitalise": "capitalised",
        }["now" if self.interest_paid_now else self.repay]
        held = {
            "count": "",
            "maturity": "same end",
            "payment": "instalment kept",
            "last": "to the last",
        }[self.hold]
        more = [each for each in (words, paid, held) if each]
        return f"{kind} ({', '.join(more)})" if more else kind

    def in_words(self, method: Method = "level") -> str:
        """Say what the change does to a loan repaid by `method`."""
        if self.periods == 0:
            return f"{self.when}, nothing is put off"
        if self.scope == "instalment":
            return self._moved_in_words()
        return self._passed_in_words(method)

    def _passed_in_words(self, method: Method) -> str:
        its = "its" if self.periods == 1 else "their"
        over = "1 due date is" if self.periods == 1 else f"{self.periods} due dates are"
        what = {
            "all": "passed over",
            "principal": "without principal",
            "interest": "without interest",
        }[self.stops]
        if self.interest == "waive":
            gap = f"{its} interest is waived"
            if self.on is not None:
                gap += f" from that day; what accrued before it is {self._gap()}"
        else:
            gap = f"{its} interest accrues and is {self._gap()}"
        held = {
            "count": "the number of instalments left is kept, so the end moves",
            "maturity": "the end is kept, so the instalments left change",
            "payment": "the instalment is kept, so the number of instalments may change",
            "last": "instalment and end are kept, so the last payment takes the difference",
        }[self.hold]
        if self.pause == "interest" and self.hold in ("count", "maturity"):
            held = "the end is kept"
            if self.repay == "capitalise":
                held += ", so the instalments left change"
        if self.hold != "count":
            held = self._held(held, method)
        return f"{self.when}, {over} {what}; {gap}; {held}"

    def _gap(self) -> str:
        if self.interest_paid_now:
            return "paid on the due date itself"
        often = {1: " at each of them", None: " at the end of the deferral"}.get(
            self.capitalise_every, f" at each {self.capitalise_every} of them and at the end"
        )
        return {
            "next": "paid with the next instalment",
            "spread": "spread evenly over the instalments left, without interest on it",
            "last": "paid with the last payment",
            "capitalise": f"added to the principal{often if self.periods > 1 else ''}",
        }[self.repay]

    def _moved_in_words(self) -> str:
        which = f"instalment {self.payment}" if self.on is None else f"the first after {self.on}"
        what = "the principal of " if self.interest_paid_now else ""
        part = "all of it" if self.base == "instalment" else "its principal"
        at = "the loan's rate" if self.rate is None else str(self.rate)
        cost = (
            "it bears no interest meanwhile"
            if self.interest == "waive"
            else f"{part} bears interest meanwhile at {at}"
        )
        to = {
            "next": f"put off by {self.periods} period{'s' * (self.periods != 1)}",
            "now": f"put off by {self.periods} period{'s' * (self.periods != 1)}",
            "spread": "spread evenly over the instalments after it",
            "last": "put off to the last payment",
        }[self.repay]
        return f"{what}{which} alone is {to}; {cost}; the other instalments stay as they are"
