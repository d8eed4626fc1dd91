"""What all changes share: from when they hold, and the words they are made of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from datetime import date
from inspect import signature
from typing import ClassVar

from repaylib.changes.day_order import Turn
from repaylib.changes.effect import UNKNOWN, Effect
from repaylib.dates.due_dates import parse_date
from repaylib.errors import Hint, TermsError
from repaylib.money.counts import parse_count
from repaylib.typing import DateLike
from repaylib.wording.sentence import Sentence

__all__ = ["KINDS", "Change"]

#: Every kind of change by its word.
KINDS: dict[str, type[Change]] = {}


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

    #: The word for the change, in a stored schedule and in ``Fee(when=...)``.
    kind: ClassVar[str]
    #: When within its day it takes effect.
    turn: ClassVar[Turn]
    #: Besides its place: groups of options, of which one each must be given. A loan of a portfolio
    #: that has none is left alone.
    required: ClassVar[tuple[tuple[str, ...], ...]] = ()
    #: The option that is a number of due dates or payments.
    count_option: ClassVar[str | None] = None
    #: The option that is an amount of money.
    amount_option: ClassVar[str | None] = None
    #: Options of which ``None`` is a value.
    none_is_value: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        if "kind" in vars(cls):
            KINDS[cls.kind] = cls

    @classmethod
    def choices(cls) -> tuple[str, ...]:
        """Return the options that decide what is done; the others are times, amounts and rates."""
        places = {"payment", "with_payment", "on", "until"}
        numbers = places | {"rate", cls.count_option, cls.amount_option}
        return tuple(field.name for field in fields(cls) if field.name not in numbers)

    @classmethod
    def usual_count(cls) -> int:
        """Return the number of due dates or payments where the option is left out."""
        default = cls.count_option and signature(cls).parameters[cls.count_option].default
        return default or 0

    def effective_day(self, placed: date, start: date, maturity: date) -> date:
        """Return the day on which the change takes effect, from the day on which it is placed."""
        return placed

    def _place(self, payment: int | None, on: DateLike | None) -> None:
        if (payment is None) == (on is None):
            given = "neither" if payment is None else f"payment={payment!r} and on={on!r}"
            raise TermsError(
                "payment",
                given,
                "exactly one of payment and on",
                Hint("write {} or {}", payment=4, on="..."),
            )
        self._store(
            payment=None if payment is None else parse_count(payment, "payment", such=1),
            on=None if on is None else parse_date(on, "on"),
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
