"""What can go wrong, in words that say the mend.

Every error that repaylib raises on purpose is a :class:`RepayError`. It carries
four parts, also as attributes: the *parameter* that was wrong, the *value* given,
what was *expected*, and the *mend*, which is what to write instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypeVar

__all__ = [
    "AmountError",
    "ChoiceError",
    "ConservationError",
    "CountError",
    "DateError",
    "ExtraError",
    "InstalmentError",
    "RateError",
    "RepayError",
    "RootError",
    "StorageError",
    "TermsError",
    "check_word",
]

Word = TypeVar("Word", bound=str)


class RepayError(ValueError):
    """Base of every error of the library.

    Parameters
    ----------
    parameter
        Name of the parameter that was wrong, as the caller wrote it.
    value
        What was given.
    expected
        What would have been right, in words.
    mend
        What to write instead.

    Examples
    --------
    >>> import repaylib as rp
    >>> try:
    ...     rp.Loan(principal=10000.0, rate="12%", payments=12, start="2024-01-10")
    ... except rp.RepayError as error:
    ...     print(error)
    principal: got 10000.0 (float); expected an amount as str, int or Decimal; write "10000.00"
    """

    #: Number of the change that could not be carried out, from 1, if it was one. Where several
    #: were given at once, a note says which.
    change: int | None = None

    #: Row of the loan in a book of loans, from 0, and the column, if the error is about one.
    row: int | None = None
    column: str | None = None

    def __init__(self, parameter: str, value: object, expected: str, mend: str) -> None:
        self.parameter = parameter
        self.value = value
        self.expected = expected
        self.mend = mend
        super().__init__(f"{parameter}: got {_shown(value)}; expected {expected}; {mend}")

    def in_row(self, row: int) -> RepayError:
        """Return the same error about a row of a book of loans: ``rate`` becomes ``rate[17]``.

        Examples
        --------
        >>> error = CountError("payments", 0, "a whole number", "write payments=1").in_row(17)
        >>> error.parameter, error.row, error.column
        ('payments[17]', 17, 'payments')
        """
        name, found, inner = self.parameter.partition("[")
        there = f"{name}[{row}]{found}{inner}"
        error = type(self)(there, self.value, self.expected, self.mend)
        error.__dict__.update(self.__dict__, parameter=there, row=row, column=name)
        return error

    def within(self, where: str) -> RepayError:
        """Return the same error about a part of something larger: ``rate`` becomes ``debts[0].rate``.

        Examples
        --------
        >>> CountError("payments", 0, "a whole number", "write 1").within("debts[0]").parameter
        'debts[0].payments'
        """
        there = f"{where}.{self.parameter}"
        error = type(self)(there, self.value, self.expected, self.mend)
        error.__dict__.update(self.__dict__, parameter=there)
        return error

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.parameter, self.value, self.expected, self.mend), self.__dict__


class AmountError(RepayError):
    """An amount of money that cannot be taken: a float, NaN, too fine, too large, out of range."""


class RateError(RepayError):
    """A rate that cannot be read, or that is ambiguous, as a bare ``12`` is."""


class DateError(RepayError):
    """A date that cannot be read, or that lies outside the loan."""


class CountError(RepayError):
    """A number of payments or periods that is not a whole number in range."""


class ChoiceError(RepayError):
    """A word that is not one of the words a parameter takes; the message lists those."""


class TermsError(RepayError):
    """Two statements that contradict each other; the message names both."""


class InstalmentError(RepayError):
    """An instalment below the interest of its period, or one that never repays the loan."""


class RootError(RepayError):
    """Flows at whose rate nothing is certain: none fits them, or several do, or two too close to tell.

    Attributes
    ----------
    roots
        All rates found, from the lowest on, as shares.
    """

    def __init__(
        self,
        parameter: str,
        value: object,
        expected: str,
        mend: str,
        roots: tuple[Decimal, ...] = (),
    ) -> None:
        super().__init__(parameter, value, expected, mend)
        self.roots = roots


class StorageError(RepayError):
    """A stored schedule of another version, with unknown keys, or with missing ones."""


class ExtraError(RepayError):
    """An optional package that a call needs is not installed."""


class ConservationError(RepayError):
    """A schedule whose rows do not balance; raised by ``Schedule.check`` with the row."""


def check_word(
    parameter: str, value: object, words: Iterable[Word], spellings: Mapping[str, str] | None = None
) -> Word:
    """Return `value` if it is one of `words`, else raise :class:`ChoiceError` with the list.

    `spellings` are other names by which the words are known, in small letters and without
    spaces; the error then says which word to write.
    """
    allowed = tuple(words)
    if isinstance(value, str) and value in allowed:
        return allowed[allowed.index(value)]
    listed = ", ".join(f'"{word}"' for word in allowed)
    from difflib import get_close_matches  # seldom needed, and slow to import

    text = value if isinstance(value, str) else ""
    known = (spellings or {}).get("".join(text.split()).casefold())
    near = [known] if known else get_close_matches(text, allowed, n=1, cutoff=0.75)
    mend = f'write {parameter}="{near[0]}"' if near else "write one of them"
    raise ChoiceError(parameter, value, f"one of {listed}", mend)


def _shown(value: object) -> str:
    try:
        # The context of the caller may write an exponent in a small letter.
        text = repr(value)
        if type(value) is Decimal:
            text = text.replace("e+", "E+").replace("e-", "E-")
    except ValueError:  # Python does not write out numbers of thousands of digits
        text = "a number of thousands of digits"
    except RecursionError:
        text = "lists without end"
    if len(text) > 80:
        text = text[:77] + "..."
    if (isinstance(value, (str, int)) and not isinstance(value, bool)) or value is None:
        return text
    return f"{text} ({type(value).__name__})"
