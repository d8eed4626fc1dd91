"""What every document can do: become text, Markdown, HTML and JSON, and be translated."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar, Self

from repaylib.documents.clause import Clause, Missing, plain
from repaylib.documents.html import html_fragment, html_page
from repaylib.documents.layout import WIDTH, Paper
from repaylib.documents.parties import Party
from repaylib.errors import Phrase, TermsError, check_text, parse_items, write
from repaylib.money.counts import parse_count
from repaylib.output.plain import Plain
from repaylib.schedule.schedule import Schedule
from repaylib.typing import Lang
from repaylib.wording.sentence import parse_language

__all__ = ["Document", "parse_text", "parse_texts"]

#: The most sentences of one kind in a document.
MOST_SENTENCES = 100


class Document(Plain, ABC):
    """A document built from items, some of which may still be empty."""

    __slots__ = ()

    #: Under which name and in which version it is stored.
    FORMAT: ClassVar[str]
    VERSION: ClassVar[int] = 1

    lang: Lang
    items: tuple[Clause, ...]

    @property
    @abstractmethod
    def schedule(self) -> Schedule | None:
        """The schedule that it is about; ``None`` if there is none."""

    @property
    @abstractmethod
    def parties(self) -> tuple[Party, ...]:
        """From whom, and to whom, it is."""

    @property
    @abstractmethod
    def paper(self) -> Paper:
        """The document as blocks."""

    @abstractmethod
    def _rewritten(self, lang: Lang) -> Self:
        """Return the same document in another language."""

    @abstractmethod
    def _facts(self) -> dict[str, Any]:
        """Return what it has besides its parties and items: days, currency, figures."""

    def translated(self, lang: Lang) -> Self:
        """Return the same document in another language; what users wrote stays as it is."""
        return self._rewritten(parse_language(lang).code)

    def to_dict(self) -> dict[str, Any]:
        """Return it as a dictionary that JSON takes: amounts and days as text, exactly.

        The schedule is written so that :meth:`Schedule.from_dict <repaylib.Schedule.from_dict>` reads it back.
        """
        items = [
            {
                "key": item.key,
                "title": item.title,
                "rule": item.rule,
                "text": item.text,
                "figures": plain(item.figures),
                "missing": item.missing,
            }
            for item in self.items
        ]
        return {
            "format": self.FORMAT,
            "version": self.VERSION,
            "lang": self.lang,
            "title": self.paper.title,
            "parties": [
                {name: getattr(party, name) for name in Party.__slots__} for party in self.parties
            ],
            **plain(self._facts()),
            "items": items,
            "missing": [need.to_plain() for need in self.missing()],
            "schedule": None if self.schedule is None else self.schedule.to_dict(),
        }

    def __getitem__(self, key: str) -> Clause:
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(f"{key}; there are {', '.join(item.key for item in self.items)}")

    def __iter__(self) -> Iterator[Clause]:
        return iter(self.items)

    def missing(self) -> tuple[Missing, ...]:
        """Return what is still empty, each with what to write for it."""
        return tuple(need for item in self.items for need in item.needs)

    @property
    def complete(self) -> bool:
        """Whether nothing is empty."""
        return not self.missing()

    def to_text(self, width: int = WIDTH) -> str:
        """Return it as plain text; sentences are broken at a width, tables are not."""
        return self.paper.to_text(parse_count(width, "width", example=WIDTH))

    def to_markdown(self) -> str:
        """Return it as Markdown."""
        return self.paper.to_markdown()

    def to_html(self) -> str:
        """Return it as a page of HTML that needs nothing beside it, and prints on A4."""
        return html_page(self.paper)

    def __str__(self) -> str:
        return self.to_text().rstrip("\n")

    def _repr_html_(self) -> str:
        return f'<div lang="{self.lang}">{html_fragment(self.paper)}</div>'


def parse_text(given: object, parameter: str) -> str:
    """Read a text that a user writes."""
    return check_text(given, parameter).strip()


def parse_texts(given: object, parameter: str) -> tuple[str, ...]:
    """Read sentences that a user writes: one, or several."""
    if isinstance(given, str):
        return (text,) if (text := parse_text(given, parameter)) else ()
    texts = parse_items(given, parameter, "sentences", write(**{parameter: ["..."]}))
    if len(texts) > MOST_SENTENCES:
        raise TermsError(
            parameter,
            Phrase("{} sentences", len(texts)),
            Phrase("at most {}", MOST_SENTENCES),
            "write fewer",
        )
    return tuple(parse_text(text, f"{parameter}[{row}]") for row, text in enumerate(texts))
