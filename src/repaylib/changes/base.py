"""What all changes share: from when they hold, and the words they are made of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date

from repaylib.changes.effect import UNKNOWN, Effect
from repaylib.dates.due_dates import to_date
from repaylib.errors import TermsError
from repaylib.money.counts import to_count
from repaylib.typing import DateLike
from repaylib.wording.sentence import Sentence

__all__ = ["Change"]


@dataclass(frozen=True, slots=True, init=False)
class Change(ABC):
    """What every change has: from when it holds. Exactly one of the two is given.

    Attributes
    ----------
    payment
        Number of the first instalment that is touched, counted in the rows of the schedule
        that is being changed. ``payment=4`` is the same as ``on`` the due date of
        instalment 3, after that instalment was paid.
    on
        The day, also inside a period; what falls due on that day is paid before.
    """

    payment: int | None
    on: date | None

    def _place(self, payment: int | None, on: DateLike | None) -> None:
        if (payment is None) == (on is None):
            given = "neither" if payment is None else f"payment={payment!r} and on={on!r}"
            raise TermsError(
                "payment", given, "exactly one of payment and on", 'write payment=4 or on="..."'
            )
        self._store(
            payment=None if payment is None else to_count(payment, "payment", such=1),
            on=None if on is None else to_date(on, "on"),
        )

    def _store(self, **fields: object) -> None:
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @property
    def when(self) -> Sentence:
        """From when the change holds."""
        if self.on is not None:
            return Sentence("from.day", day=self.on)
        return Sentence("from.instalment", number=self.payment)

    @property
    def at(self) -> Sentence:
        """The day of the change."""
        if self.on is not None:
            return Sentence("at.day", day=self.on)
        if self.payment == 1:
            return Sentence("at.start")
        return Sentence("at.instalment", number=self.payment_before)

    @property
    @abstractmethod
    def name(self) -> str:
        """The change in a word or two."""

    @abstractmethod
    def sentence(self, effect: Effect = UNKNOWN) -> Sentence:
        """Return what the change does, with what is known of its effect in a schedule."""

    def __str__(self) -> str:
        return str(self.sentence())

    @property
    def payment_before(self) -> int:
        """Number of the last instalment that is not touched."""
        return (self.payment or 1) - 1
