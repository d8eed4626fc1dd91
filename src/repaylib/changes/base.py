"""What all changes share: a place in time, and what the rest of the library asks of a kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import wraps
from inspect import signature
from typing import Any, ClassVar, ParamSpec, TypeVar

from repaylib.changes.change_wording import UNKNOWN, Effect
from repaylib.changes.day_order import Turn
from repaylib.dates.due_dates import parse_date
from repaylib.errors import CountError, Hint, Phrase, TermsError, as_text, parse_items, write
from repaylib.money.counts import parse_count
from repaylib.money.rounding import as_integer
from repaylib.typing import DateLike
from repaylib.wording.sentence import Sentence, Worded

__all__ = [
    "list_of",
    "KINDS",
    "AmountChange",
    "Change",
    "TermsChange",
    "check_place",
    "choices_of",
    "misplaced_amount",
    "usual_count_of",
    "with_payment_only",
]

_P = ParamSpec("_P")
_T = TypeVar("_T")

#: Every kind of change by its word.
KINDS: dict[str, type[Change]] = {}


@dataclass(frozen=True, slots=True, init=False)
class Change(Worded, ABC):
    """What every change has: a place in time, which is a day or the number of a payment.

    Attributes
    ----------
    on
        The day, which may be inside a period. What falls due on that day is paid before.
    """

    on: date | None

    #: The option that places the change by the number of a payment, in place of `on`.
    placed_by: ClassVar[str]
    #: The name of the kind, in a stored schedule and in ``Fee(when=...)``.
    kind: ClassVar[str]
    #: When it takes effect within its day.
    turn: ClassVar[Turn]
    #: Groups of options besides the place. One option of each group must be given; a loan of a
    #: portfolio for which none is given stays as it is.
    required: ClassVar[tuple[tuple[str, ...], ...]] = ()
    #: The option that is a number of due dates or payments.
    count_option: ClassVar[str | None] = None
    #: The option that is an amount of money.
    amount_option: ClassVar[str | None] = None
    #: Options for which ``None`` is a value.
    none_is_value: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        if "kind" in vars(cls):
            KINDS[cls.kind] = cls

    def effective_day(self, placed: date, start: date, maturity: date) -> date:
        """Return the day on which the change takes effect, from the day on which it is placed."""
        return placed

    def _place(self, number: int | None, on: DateLike | None) -> None:
        name = self.placed_by
        if (number is None) == (on is None):
            given = (
                Phrase("neither")
                if number is None
                else Phrase("{} and {}", f"{name}={as_text(number)}", f"on={as_text(on)}")
            )
            raise TermsError(
                name,
                given,
                Phrase("exactly one of {} and on", name),
                Hint("write {} or {}", **{name: 4}, on="..."),
            )
        self._store(
            **{name: None if number is None else parse_count(number, name, example=1)},
            on=None if on is None else parse_date(on, "on"),
        )

    def _store(self, **fields: object) -> None:
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @property
    def number(self) -> int | None:
        """The number of a payment that places the change; ``None`` if a day does."""
        number: int | None = getattr(self, self.placed_by)
        return number

    @property
    @abstractmethod
    def when(self) -> Sentence:
        """When the change takes effect."""

    @property
    @abstractmethod
    def label(self) -> Sentence:
        """The change in a word or two, as a sentence."""

    @property
    def name(self) -> str:
        """The change in a word or two."""
        return str(self.label)

    @abstractmethod
    def sentence(self, effect: Effect = UNKNOWN) -> Sentence:
        """Return a sentence that describes the change, with its known effect in a schedule."""

    def _worded(self) -> object:
        return self.sentence()


@dataclass(frozen=True, slots=True, init=False)
class TermsChange(Change):
    """A change of terms: it holds from a payment on, or from a day on. Exactly one is given.

    Attributes
    ----------
    payment
        Number of the first payment that changes, counted in the rows of the schedule that is
        being changed. ``payment=4`` is the same as ``on`` the due date of payment 3, after that
        payment was made.
    """

    placed_by = "payment"

    payment: int | None

    @property
    def when(self) -> Sentence:
        """From when the change holds."""
        if self.on is not None:
            return Sentence("from.day", day=self.on)
        return Sentence("from.instalment", number=self.payment)


@dataclass(frozen=True, slots=True, init=False)
class AmountChange(Change):
    """An amount that is paid, lent or forgiven: with a payment, or on a day. Exactly one is given.

    Attributes
    ----------
    with_payment
        Number of the payment on whose due date the amount is due, together with it, counted in
        the rows of the schedule that is being changed. Payment `with_payment` + 1 is the first
        that the amount changes.
    """

    placed_by = "with_payment"

    with_payment: int | None

    def _place(self, number: int | None, on: DateLike | None) -> None:
        if as_integer(number) == 0:
            raise CountError("with_payment", number, "the number of a payment, from 1", _START)
        super(AmountChange, self)._place(number, on)

    @property
    def when(self) -> Sentence:
        """The day of the change."""
        if self.on is not None:
            return Sentence("at.day", day=self.on)
        return Sentence("at.instalment", number=self.with_payment)


def choices_of(kind: type[Change]) -> tuple[str, ...]:
    """Return the options that decide what is done; the others are times, amounts and rates."""
    places = {kind.placed_by, "on", "until"}
    numbers = places | {"rate", kind.count_option, kind.amount_option}
    return tuple(field.name for field in fields(kind) if field.name not in numbers)


def usual_count_of(kind: type[Change]) -> int:
    """Return the number of due dates or payments where the option is left out."""
    default = kind.count_option and signature(kind).parameters[kind.count_option].default
    return default or 0


def check_place(kind: type[Change], options: Mapping[str, object]) -> None:
    """Refuse ``payment=`` for an amount, and say what to write."""
    if kind.placed_by != "payment" and "payment" in options:
        raise misplaced_amount(options["payment"])


_START = Hint("write {}, the day on which the loan starts", on="...")


def misplaced_amount(payment: object) -> TermsError:
    """Return the refusal of ``payment=`` for an amount; it names what means the same day.

    Examples
    --------
    >>> print(misplaced_amount(37).hint)
    write with_payment=36
    """
    number = as_integer(payment)
    hint = write(with_payment=number - 1 if number is not None and number > 1 else 3)
    expected = "with_payment, the payment that falls due on the same day as the amount"
    return TermsError("payment", payment, expected, _START if number == 1 else hint)


def with_payment_only(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Let a function of an amount refuse ``payment=``, and say what to write."""

    @wraps(function)
    def checked(*args: _P.args, **options: _P.kwargs) -> _T:
        if "payment" in options:
            raise misplaced_amount(options["payment"])
        return function(*args, **options)

    return checked


def list_of(changes: object) -> tuple[Any, ...]:
    """Read a list; the schedule that applies it refuses what is no change."""
    expected = "changes such as Deferral(payment=4)"
    return parse_items(
        changes, "changes", expected, Phrase("write {}", "[rp.changes.Deferral(...)]")
    )
