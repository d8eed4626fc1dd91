"""The errors of the library, and the hints they give.

Every error that repaylib raises on purpose is a :class:`~repaylib.RepayError`. It has
four parts, also as attributes: the *parameter* that was wrong, the *value* given,
what was *expected*, and the *hint*, which is what to write instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from repaylib.phrases.phrase import Given, Hint, Phrase, WriteArgument, enumerated, write
from repaylib.phrases.values import as_python, as_text
from repaylib.typing import Lang

if TYPE_CHECKING:
    from repaylib.wording.sentence import Language

__all__ = [
    *("AmountError", "ChoiceError", "ConservationError", "CountError", "DateError", "ExtraError"),
    "Hint",
    "InstalmentError",
    "Phrase",
    "RateError",
    "RepayError",
    "RootError",
    "StorageError",
    "TermsError",
    "as_python",
    "as_text",
    "check_kind",
    "check_mapping",
    "check_name",
    "check_text",
    "check_word",
    "enumerated",
    "parse_flag",
    "parse_items",
    "parse_list",
    "parse_pairs",
    "parse_words",
    "write",
]

#: The most values of a list, as a book is read as columns; the most characters of a text, some ten pages.
MOST_ITEMS, MOST_TEXT = 1_000_000, 20_000

Word = TypeVar("Word", bound=str)
Kind = TypeVar("Kind")


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
    hint
        What to write instead: text, or a :class:`~repaylib.errors.Hint`, which keeps the arguments it suggests.

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

    def __init__(self, parameter: str, value: object, expected: str, hint: str) -> None:
        self.parameter = parameter
        self.value = value
        self.expected = _phrase(expected)
        self.hint = _phrase(hint)
        super().__init__(str(self.message(parameter)))

    def message(self, parameter: str, write: WriteArgument = as_python) -> Phrase:
        """Return the message, with `parameter` and the arguments of the hint as `write` writes them.

        Examples
        --------
        >>> from repaylib.errors import Phrase, CountError, write
        >>> error = CountError("payments", 0, "a whole number", write(payments=1))
        >>> error.message("--payments", lambda name, value: f"--{name} {value}")
        '--payments: got 0; expected a whole number; write --payments 1'
        """
        expected, advice = (
            said.written(write) if isinstance(said, Hint) else said
            for said in (self.expected, self.hint)
        )
        return Phrase("{}: got {}; expected {}; {}", parameter, Given(self.value), expected, advice)

    def to_text(self, *, lang: Lang = "en") -> str:
        """Return the message and its notes as text, a line each.

        Parameters
        ----------
        lang
            The language: ``"en"``, as ``print`` writes the message, or ``"zh"`` for Chinese.

        Raises
        ------
        ChoiceError
            If there is no such language.

        Examples
        --------
        >>> import repaylib as rp
        >>> try:
        ...     rp.Loan("10000", "12%", payments=0, start="2024-01-10")
        ... except rp.RepayError as error:
        ...     print(error.to_text(lang="zh"))
        payments：收到 0；应为 1 到 10000 的整数；请写 payments=1 或更大的值
        """
        # the languages are read last: their sentences are of terms, which come after errors
        language: Language = import_module("repaylib.wording.sentence").parse_language(lang)
        return self.rendered(language)

    def rendered(self, language: Language) -> str:
        """Return it as text in a language, also as a part of a sentence."""
        notes: list[str] = getattr(self, "__notes__", [])
        lines = self.message(self.parameter), *(_phrase(note) for note in notes)
        return "\n".join(language.render(each) for each in lines)

    def in_row(self, row: int) -> RepayError:
        """Return the same error about a `row` of a portfolio: ``rate`` becomes ``rate[17]``.

        Examples
        --------
        >>> error = CountError("payments", 0, "a whole number", "write payments=1").in_row(17)
        >>> error.parameter, error.row, error.column
        ('payments[17]', 17, 'payments')
        """
        name, found, inner = self.parameter.partition("[")
        error = self.about(f"{name}[{row}]{found}{inner}")
        error.row, error.column = row, name
        return error

    def within(self, where: str) -> RepayError:
        """Return the same error about a part of `where`: ``rate`` becomes ``debts[0].rate``.

        Examples
        --------
        >>> CountError("payments", 0, "a whole number", "write 1").within("debts[0]").parameter
        'debts[0].payments'
        """
        return self.about(f"{where}.{self.parameter}")

    def about(self, parameter: str, expected: str | None = None) -> RepayError:
        """Return the same error about another `parameter`, or with another `expected`."""
        known = self.__dict__ | {"parameter": parameter}
        if expected is not None:
            known["expected"] = _phrase(expected)
        error = type(self)(*(known[name] for name in ("parameter", "value", "expected", "hint")))
        error.__dict__.update(known)
        return error

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.parameter, self.value, self.expected, self.hint), self.__dict__


def _phrase(said: str) -> Phrase:
    return said if isinstance(said, Phrase) else Phrase(said)


class AmountError(RepayError):
    """An amount of money that is not accepted: a float, NaN, too fine, too large, out of range."""


class RateError(RepayError):
    """A rate that cannot be read, or that is ambiguous, as a bare ``12`` is."""


class DateError(RepayError):
    """A date that cannot be read, or that lies outside the loan."""


class CountError(RepayError):
    """A number of payments or periods that is not a whole number in range."""


class ChoiceError(RepayError):
    """A word that a parameter does not take; the message lists those that it takes."""


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
        hint: str,
        roots: tuple[Decimal, ...] = (),
    ) -> None:
        super().__init__(parameter, value, expected, hint)
        self.roots = roots


class StorageError(RepayError):
    """A stored schedule of another version, with unknown keys, or with missing ones."""


class ExtraError(RepayError):
    """An optional package that a call needs is not installed."""


class ConservationError(RepayError):
    """A schedule whose rows do not balance; raised by ``Schedule.check`` with the row."""


def check_word(
    parameter: str,
    value: object,
    choices: Iterable[Word],
    spellings: Mapping[str, str] | None = None,
) -> Word:
    """Return `value` if it is one of `choices`, else raise :class:`~repaylib.errors.ChoiceError` with the list.

    `spellings` are other names by which the choices are known, in small letters and without
    spaces; the error then says which word to write.
    """
    allowed = tuple(choices)
    if isinstance(value, str) and value in allowed:
        return allowed[allowed.index(value)]
    from difflib import get_close_matches  # seldom needed, and slow to import

    text = value if isinstance(value, str) else ""
    alike = {**{word.casefold(): word for word in allowed}, **(spellings or {})}
    known = alike.get("".join(text.split()).casefold())
    near = [known] if known else get_close_matches(text, allowed, n=1, cutoff=0.75)
    hint = write(**{parameter: near[0]}) if near else "write one of them"
    listed = ", ".join(map('"{}"'.format, allowed))
    raise ChoiceError(parameter, value, Phrase("one of {}", listed), hint)


def check_kind(value: object, parameter: str, kind: type[Kind], hint: str) -> Kind:
    """Return `value` if it is of a kind, else raise :class:`~repaylib.errors.TermsError`."""
    if isinstance(value, kind):
        return value
    article = "an {}" if kind.__name__[0] in "AEIO" else "a {}"
    raise TermsError(parameter, value, Phrase(article, kind.__name__), hint)


def check_mapping(value: object, parameter: str, hint: str) -> Mapping[Any, Any]:
    """Return `value` if it is a mapping, else raise :class:`~repaylib.errors.TermsError`."""
    if isinstance(value, Mapping):
        return value
    raise TermsError(parameter, value, "a dictionary", hint)


def check_text(value: object, parameter: str) -> str:
    """Return `value` as a plain ``str`` if it is text that can be written, else raise :class:`~repaylib.errors.TermsError`."""
    if not isinstance(value, str):
        raise TermsError(parameter, value, "a text", write(**{parameter: "..."}))
    text = str.__str__(value)  # without what a class of it does otherwise
    if len(text) > MOST_TEXT:
        raise TermsError(
            parameter, value, Phrase("at most {:,} characters", MOST_TEXT), "write less"
        )
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a pair of codes
        hint = Phrase("write {}", f'{parameter}.encode("utf-16", "surrogatepass").decode("utf-16")')
        raise TermsError(parameter, value, "a text of whole characters", hint) from None
    return text


def check_name(value: object, parameter: str) -> str:
    """Return `value` if it is text that is not blank, else raise :class:`~repaylib.errors.TermsError`."""
    if (text := check_text(value, parameter)).strip():
        return text
    raise TermsError(parameter, value, "a text", write(**{parameter: "..."}))


def parse_items(
    value: object, parameter: str, expected: str, hint: str, most: int = MOST_ITEMS
) -> tuple[Any, ...]:
    """Read a list of values, not text and no mapping, whatever the values are.

    What the list itself raises while it is gone through, as a reader that loses its line, is
    left to the caller.

    Examples
    --------
    >>> parse_items(["term"], "by", "concessions", "write by='term'")
    ('term',)
    """
    items: tuple[Any, ...]
    if isinstance(value, (tuple, list)):  # asked first: it takes no time
        items = tuple(value)
    else:
        try:
            if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
                raise TypeError
            through = iter(value)
        except TypeError:  # so an array of no dimension, which has the method
            raise TermsError(parameter, value, expected, hint) from None
        items = tuple(islice(through, most + 1))
    if len(items) > most:
        raise TermsError(parameter, value, Phrase("at most {:,} values", most), "write fewer")
    return items


def parse_pairs(
    value: object, parameter: str, expected: str, hint: str | None = None, most: int = MOST_ITEMS
) -> list[tuple[Any, Any]]:
    """Read pairs of `expected`, from a list or a mapping.

    Examples
    --------
    >>> parse_pairs({"2024-01-01": "3%"}, "fixings", "a day and a rate")
    [('2024-01-01', '3%')]
    """
    expected = _phrase(expected)
    hint = hint or Phrase("write pairs of {}", expected)
    items = value.items() if isinstance(value, Mapping) else value
    pairs = parse_items(items, parameter, Phrase("pairs of {}", expected), hint, most)
    for row, pair in enumerate(pairs):
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            single = Phrase("{}, as a pair", expected)
            raise TermsError(f"{parameter}[{row}]", pair, single, hint)
    return [(first, second) for first, second in pairs]


def parse_list(value: object, parameter: str, kind: type[Kind], hint: str) -> tuple[Kind, ...]:
    """Read a list of values of a kind; one by itself is a list of one.

    Examples
    --------
    >>> parse_list(1, "days", int, "write [1]"), parse_list([1, 2], "days", int, "write [1]")
    ((1,), (1, 2))
    """
    if isinstance(value, kind):
        return (value,)
    values = parse_items(value, parameter, Phrase("a list of {} values", kind.__name__), hint)
    for row, item in enumerate(values):
        check_kind(item, f"{parameter}[{row}]", kind, hint)
    return values


def parse_words(
    value: object, parameter: str, choices: Iterable[Word], hint: str
) -> tuple[Word, ...]:
    """Read one or more of the choices that a parameter takes, as text or as a list."""
    allowed = tuple(choices)
    listed = ", ".join(f'"{word}"' for word in allowed)
    given = (
        (value,)
        if isinstance(value, str)
        else parse_items(value, parameter, Phrase("a list of {}", listed), hint)
    )
    if not given:
        raise TermsError(parameter, value, Phrase("at least one of {}", listed), hint)
    return tuple(check_word(parameter, word, allowed) for word in given)


def parse_flag(value: object, parameter: str) -> bool:
    """Read ``True`` or ``False``."""
    if isinstance(value, bool):
        return value
    raise TermsError(parameter, value, Hint("{0} or {1}", True, False), write(**{parameter: True}))
