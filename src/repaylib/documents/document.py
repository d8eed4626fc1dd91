"""What every document can do: become text, Markdown, HTML and JSON."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import Any

from repaylib.documents.clause import Clause, Missing
from repaylib.documents.html import html_fragment, html_page
from repaylib.documents.layout import WIDTH, Paper
from repaylib.typing import Lang

__all__ = ["Document"]


class Document(ABC):
    """A document made of items, some of which may still be empty."""

    __slots__ = ()

    lang: Lang
    items: tuple[Clause, ...]

    @property
    @abstractmethod
    def paper(self) -> Paper:
        """The document as blocks."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return it as a dictionary that JSON takes."""

    def __getitem__(self, key: str) -> Clause:
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(f"{key}; there are {', '.join(item.key for item in self.items)}")

    def missing(self) -> tuple[Missing, ...]:
        """Return what is still empty, each with what to write for it."""
        return tuple(need for item in self.items for need in item.needs)

    @property
    def complete(self) -> bool:
        """Whether nothing is empty."""
        return not self.missing()

    def to_text(self, width: int = WIDTH) -> str:
        """Return it as plain text; sentences are broken at a width, tables are not."""
        return self.paper.to_text(width)

    def to_markdown(self) -> str:
        """Return it as Markdown."""
        return self.paper.to_markdown()

    def to_html(self) -> str:
        """Return it as a page of HTML that needs nothing beside it, and prints on A4."""
        return html_page(self.paper)

    def to_json(self) -> str:
        """Return :meth:`to_dict` as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def __str__(self) -> str:
        return self.to_text().rstrip("\n")

    def _repr_html_(self) -> str:
        return f'<div lang="{self.lang}">{html_fragment(self.paper)}</div>'
