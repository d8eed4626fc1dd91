"""A sentence as a value: its key in the catalogues, and what fills its slots."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, get_args, runtime_checkable

from repaylib.errors import Phrase, check_word
from repaylib.typing import Lang

__all__ = [
    *("NOTHING", "Language", "Listed", "Money", "Name", "Sentence", "Worded"),
    *("indented", "lines_of", "parse_language", "word_or_text"),
]


class Money(NamedTuple):
    """An amount in major units, and its currency, an ISO 4217 code; empty if it goes without saying."""

    amount: Decimal
    currency: str = ""


class Sentence:
    """A sentence, or a part of one; as text it is English.

    Parameters
    ----------
    key
        Its key in the catalogues.
    slots
        Their values by name: text, numbers, days, :class:`Money`, sentences and lists of these.

    Examples
    --------
    >>> print(Sentence("from.instalment", number=4))
    from instalment 4 on
    >>> parse_language("zh").render(Sentence("from.instalment", number=4))
    '自第4期起'
    """

    __slots__ = ("key", "slots")

    def __init__(self, key: str, /, **slots: object) -> None:
        self.key = key
        self.slots = slots

    def __str__(self) -> str:
        return parse_language("en").render(self)

    def __repr__(self) -> str:
        return f"Sentence({self.key!r}, {self.slots})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sentence):
            return False
        return (self.key, self.slots) == (other.key, other.slots)

    def __hash__(self) -> int:
        return hash(self.key)


class Listed(NamedTuple):
    """Parts of a sentence one after another; `by` is the key of what stands between them.

    ``"join.{by}"`` stands between two parts, ``"last.{by}"`` before the last of them.
    """

    parts: Sequence[object]
    by: str = "comma"


class Name(NamedTuple):
    """What something is called: its own name, and the one it has in other languages by their code."""

    own: str
    others: Mapping[str, str] = {}


#: A part of a sentence that is left out.
NOTHING = ""


class _Count(int):
    """A whole number, which chooses between one and many: ``{days} {days:day|days}``."""

    def __format__(self, forms: str) -> str:
        one, choice, many = forms.partition("|")
        return (one if self == 1 else many) if choice else super().__format__(forms)


class Language(NamedTuple):
    """A language.

    Attributes
    ----------
    code
        Its name in ``lang=``, and as a module of this package.
    texts
        Its catalogue: the text of each sentence by key.
    day
        Writes a day.
    money
        Writes an amount in major units with its currency.
    in_full
        Writes an amount as a contract does, in words as well where that is usual.
    ordinal
        Writes the number of a clause or of an item.
    currencies
        What currencies are called, where not by their code.
    phrases
        What errors say, by their English; none in English.
    """

    code: Lang
    texts: Mapping[str, str]
    day: Callable[[date], str]
    money: Callable[[Decimal, str], str]
    in_full: Callable[[Decimal, str], str]
    ordinal: Callable[[int], str]
    currencies: Mapping[str, str]
    phrases: Mapping[str, str] = {}

    def say(self, key: str, /, **slots: object) -> str:
        """Return the text of a sentence by its key."""
        return self.render(Sentence(key, **slots))

    def currency(self, code: str) -> str:
        """Return what a currency is called."""
        return self.currencies.get(code, code) if code != "XXX" else self.texts["currency_XXX"]

    def render(self, value: object) -> str:
        """Return a sentence, or what fills a slot, as text."""
        shown: Any = self._shown(value)
        return shown if isinstance(shown, str) else f"{shown}"

    def _shown(self, value: object) -> object:
        match value:
            case Phrase():
                return self._phrase(value)
            case str() | bool():
                return value
            case Sentence():
                slots = {name: self._shown(slot) for name, slot in value.slots.items()}
                return self.texts[value.key].format(**slots)
            case Listed():
                return self.listed(value.parts, value.by)
            case Money():
                return self.money(*value)
            case Name(own=own, others=others):
                return others.get(self.code) or own
            case date():
                return self.day(value)
            case int():
                return _Count(value)
            case Renders():
                return value.rendered(self)
        return value

    def _phrase(self, phrase: Phrase) -> str:
        text = self.phrases.get(phrase.template)
        if text is None:
            return str(phrase)
        slots = [
            # days, amounts and numbers stay as Python has them
            self.render(value) if isinstance(value, (Phrase, Sentence, Renders)) else value
            for value in phrase.values
        ]
        return text.format(*slots) if slots else text

    def listed(self, parts: Iterable[object], by: str = "and") -> str:
        """Return parts as a list; those left out are empty."""
        shown = [text for part in parts if (text := self.render(part))]
        between = self.texts[f"join.{by}"]
        last = self.texts.get(f"last.{by}", between)
        return last.join([between.join(shown[:-1]), *shown[-1:]]) if shown[1:] else "".join(shown)


@runtime_checkable
class Renders(Protocol):
    """What becomes text in a language by itself: a table, a loan, a result."""

    def rendered(self, language: Language) -> str:
        """Return it as text."""
        ...


class Worded:
    """What becomes text in a language; ``str`` is English. A subclass has :meth:`_worded`."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _worded(self) -> object:
            """Return what it says: text, sentences, tables, and lists of these."""

    def to_text(self, *, lang: Lang = "en") -> str:
        """Return it as text.

        Parameters
        ----------
        lang
            The language: ``"en"``, as ``print`` writes it, or ``"zh"`` for Chinese.

        Raises
        ------
        ChoiceError
            If there is no such language.
        """
        return self.rendered(parse_language(lang))

    def rendered(self, language: Language) -> str:
        """Return it as text in a language, also as a part of a sentence or of a table."""
        return language.render(self._worded())

    def __str__(self) -> str:
        return self.to_text()


def lines_of(*parts: object) -> Listed:
    """Return texts, sentences and tables one under another; those that are empty are left out."""
    return Listed(parts, "line")


def indented(part: object, depth: int = 1) -> Listed:
    """Return a line that stands further right."""
    return Listed(["    " * depth, part], "nothing")


@cache
def _language(code: str) -> Language:
    found: Language = import_module(f"repaylib.wording.{code}").LANGUAGE
    return found


def word_or_text(family: str, word: str) -> Sentence | str:
    """Return the sentence of a word of the library, or a text as it was given.

    Examples
    --------
    >>> print(word_or_text("plan", "as agreed"), word_or_text("plan", "plan B"))
    as agreed plan B
    """
    key = f"{family}.{word}"
    return Sentence(key) if key in parse_language("en").texts else word


def parse_language(lang: object) -> Language:
    """Read a language.

    Raises
    ------
    ChoiceError
        If there is no such language.
    """
    if isinstance(lang, str) and lang in get_args(Lang):
        return _language(lang)
    return _language(check_word("lang", lang, get_args(Lang), _SPELLINGS))


_SPELLINGS = {
    **dict.fromkeys(("english", "en-gb", "en-us", "en_gb", "en_us"), "en"),
    **dict.fromkeys(("chinese", "zh-cn", "zh_cn", "cn", "中文"), "zh"),
}
