"""When an agreement counts as broken, and what then follows, as agreed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from repaylib.errors import TermsError, check_word
from repaylib.money.amounts import parse_positive_amount
from repaylib.money.counts import to_count
from repaylib.typing import Amount, PenaltyFrom, Reinstates
from repaylib.wording.sentence import Listed, Money, Sentence

__all__ = ["Breach"]


@dataclass(frozen=True, slots=True, init=False)
class Breach:
    """When an agreement counts as broken, and what then follows.

    It is broken on the first day on which one of the conditions holds; at least one is stated.

    Parameters
    ----------
    days
        A payment is so many days late: with ``days=30``, one due on 10 March breaks it on 9 April.
    instalments
        So many instalments are missing, from the day after the last of them was due.
    amount
        So much is overdue, in major units, from the day after it was due.
    comes_back
        What becomes of what was given up:

        ``"nothing"``
            it stays forgiven; what is overdue is overdue under the new schedule.
        ``"forgiven"``
            what was forgiven is owed again: 120.00 of penalties given up are 120.00 due on the day.
            The same holds for what the new schedule has forgiven or waived by then: 152.22 of
            interest, after two interest-free months on 7,610.80 at 12 %.
        ``"old_terms"``
            the agreement falls away: what is owed is what would be owed without it, after all that
            was paid under it, with penalties from the old due dates.
    penalty_from
        With ``"forgiven"``, from which day penalties run on what comes back: that of the
        ``"breach"``, or that of the ``"agreement"``; on what the new schedule forgives or waives
        later, from the day on which it does.
    accelerate
        Whether the whole balance falls due.

    Examples
    --------
    >>> print(Breach(days=30, comes_back="forgiven"))
    This agreement is broken if a payment is 30 days late. What was forgiven is then owed again,
    and penalties run on it from the day of the breach.
    """

    days: int | None
    instalments: int | None
    amount: Decimal | None
    comes_back: Reinstates
    penalty_from: PenaltyFrom
    accelerate: bool

    def __init__(
        self,
        *,
        days: int | None = None,
        instalments: int | None = None,
        amount: Amount | None = None,
        comes_back: Reinstates = "nothing",
        penalty_from: PenaltyFrom = "breach",
        accelerate: bool = False,
    ) -> None:
        if days is None and instalments is None and amount is None:
            mend = "write Breach(days=30)"
            raise TermsError("days", None, "at least one of days, instalments and amount", mend)
        if not isinstance(accelerate, bool):
            raise TermsError("accelerate", accelerate, "True or False", "write accelerate=True")
        fields = {
            "days": None if days is None else to_count(days, "days", such=30),
            "instalments": None
            if instalments is None
            else to_count(instalments, "instalments", such=2),
            "amount": None if amount is None else parse_positive_amount(amount, "amount"),
            "comes_back": check_word("comes_back", comes_back, get_args(Reinstates)),
            "penalty_from": check_word("penalty_from", penalty_from, get_args(PenaltyFrom)),
            "accelerate": accelerate,
        }
        if accelerate and comes_back == "old_terms":
            raise TermsError(
                "accelerate",
                accelerate,
                'another word than comes_back="old_terms", by which there is nothing to accelerate',
                'write comes_back="forgiven"',
            )
        if penalty_from != "breach" and comes_back != "forgiven":
            raise TermsError(
                "penalty_from",
                penalty_from,
                f'comes_back="forgiven" with it; with "{comes_back}" nothing that was forgiven comes '
                "back on which penalties could run",
                'write comes_back="forgiven", or leave penalty_from out',
            )
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def holds(self, days: int, instalments: int, overdue: Decimal) -> bool:
        """Whether an agreement is broken with a payment so late, so many missing, so much overdue."""
        return (
            (self.days is not None and days >= self.days)
            or (self.instalments is not None and instalments >= self.instalments)
            or (self.amount is not None and overdue >= self.amount)
        )

    def sentence(self, money: Callable[[Decimal], Money] = Money) -> Sentence:
        """Return when it is broken, and what follows; `money` writes an amount."""
        when = []
        if self.days is not None:
            when.append(Sentence("breach_when.days", days=self.days))
        if self.instalments is not None:
            key = "breach_when.instalment" if self.instalments == 1 else "breach_when.instalments"
            when.append(Sentence(key, count=self.instalments))
        if self.amount is not None:
            when.append(Sentence("breach_when.amount", amount=money(self.amount)))
        since = Sentence(f"breach_when.since.{self.penalty_from}")
        follows = [Sentence(f"breach_when.{self.comes_back}", since=since)]
        if self.accelerate:
            follows.append(Sentence("breach_when.accelerate"))
        return Sentence("breach_when", when=Listed(when, "or"), follows=Listed(follows, "sentence"))

    def __str__(self) -> str:
        return str(self.sentence())
