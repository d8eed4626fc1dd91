"""A phrase of an error: its English, what fills its slots, and what to write instead as values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple

from repaylib.phrases.values import as_python, in_brief, in_python

if TYPE_CHECKING:
    from repaylib.wording.sentence import Language

__all__ = ["Given", "Hint", "InPython", "Phrase", "WriteArgument", "enumerated", "write"]

#: Writes an argument, by its name and its value; the name is ``None`` for a value by itself.
WriteArgument = Callable[[str | None, object], str]


class Phrase(str):
    r"""What an error says: English as a string, and the parts from which other languages say it.

    The catalogue of a language has its text by the English one: see ``wording/zh_errors``.

    Parameters
    ----------
    template
        The English text, with ``{}`` in the place of each value. Without values, it is the text.
    values
        What fills the slots: code, numbers, days, and phrases and sentences, which are
        translated as well.

    Examples
    --------
    >>> phrase = Phrase("a day from {} on", "2024-01-10")
    >>> print(phrase, phrase.template, sep="\n")
    a day from 2024-01-10 on
    a day from {} on
    """

    template: str
    values: tuple[object, ...]

    def __new__(cls, template: str, /, *values: object) -> Phrase:
        """Make the text from the parts, and keep both."""
        phrase = super().__new__(cls, template.format(*values) if values else template)
        phrase.template, phrase.values = template, values
        return phrase

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.template, *self.values)


def enumerated(template: str, parts: Iterable[object]) -> Phrase:
    """Return values as a list, with the template for two of them.

    Examples
    --------
    >>> print(enumerated("{} or {}", ["3%", "50.00", "100.00"]))
    3% or 50.00 or 100.00
    """
    first, *others = parts
    return reduce(lambda before, part: Phrase(template, before, part), others, Phrase("{}", first))


class InPython(Phrase):
    """A part of a hint that says something of Python alone: a file or a command line leaves it out."""


class Hint(Phrase):
    """What to write instead: a phrase of which the values are arguments.

    As a string it is the sentence with its arguments in Python. The command line writes
    them as options, with :meth:`written`.

    Parameters
    ----------
    template
        The sentence, with ``{}`` in the place of each argument.
    values
        Values to write for the parameter that was wrong. A phrase stands as it is.
    arguments
        Further arguments, by name; their places follow those of the values.

    Examples
    --------
    >>> hint = Hint("write {} or more", payments=1)
    >>> print(hint)
    write payments=1 or more
    >>> hint.written(lambda name, value: f"--{name} {value}")
    'write --payments 1 or more'
    """

    parts: tuple[tuple[str | None, object], ...]

    def __new__(cls, template: str, /, *values: object, **arguments: object) -> Hint:
        """Make the text from the parts, and keep both."""
        parts = (*((None, value) for value in values), *arguments.items())
        hint: Any = super().__new__(cls, template, *(_written(part, as_python) for part in parts))
        hint.parts = parts
        made: Hint = hint
        return made

    def written(self, write: WriteArgument) -> Phrase:
        """Return the sentence with its arguments written another way."""
        return Phrase(self.template, *(_written(part, write) for part in self.parts))

    def __reduce__(self) -> tuple[Any, ...]:
        return _hint, (self.template, self.parts)


def _written(part: tuple[str | None, object], write: WriteArgument) -> str:
    if isinstance(part[1], InPython) and write is not as_python:
        return ""
    return part[1] if isinstance(part[1], Phrase) else write(*part)


def _hint(template: str, parts: tuple[tuple[str | None, object], ...]) -> Hint:
    values = [value for name, value in parts if name is None]
    return Hint(template, *values, **{name: value for name, value in parts if name is not None})


def write(*values: object, **arguments: object) -> Hint:
    """Return the hint to write these values or arguments.

    Examples
    --------
    >>> write(payment=4)
    'write payment=4'
    """
    count = len(values) + len(arguments)
    return Hint("write " + ", ".join(["{}"] * count), *values, **arguments)


class Given(NamedTuple):
    """The value that an error is about, as its message shows it: in brief, with its type where that helps.

    Examples
    --------
    >>> print(Given("12%"), Given(0.12), Given(None))
    '12%' 0.12 (float) None
    """

    value: object

    def __str__(self) -> str:
        return f"{in_python(self.value)}{self._kind(' ({})')}"

    def rendered(self, language: Language) -> str:
        """Return it as text; what the library says of a value is translated."""
        if isinstance(self.value, Phrase):
            return in_brief(language.render(self.value))
        return f"{language.render(Phrase(in_python(self.value)))}{self._kind('（{}）')}"

    def _kind(self, brackets: str) -> str:
        kind = type(self.value)
        plain = kind in (str, int) or self.value is None or isinstance(self.value, Phrase)
        return "" if plain else brackets.format(kind.__name__)
