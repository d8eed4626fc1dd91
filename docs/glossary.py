"""The glossary, from ``glossary.toml``: its page, the lines "Also called", and the words of a search.

Each word that a page is also called by becomes an entry of its index, which a search asks first.
"""

from __future__ import annotations

import re
import tomllib
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["SECTIONS", "chinese_words", "setup"]

FILE = Path(__file__).parent / "glossary.toml"
SECTIONS: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["section"]
ENTRIES: dict[str, dict[str, Any]] = {
    entry["term"]: entry for section in SECTIONS for entry in section["entry"]
}
MARK = re.compile(r"(.+?)(?: \(([^()]*)\))?$")


def chinese_words() -> list[str]:
    """Return the Chinese terms, which a search must not cut."""
    return sorted({word for entry in ENTRIES.values() for word in entry["zh"]})


def bare(name: str) -> str:
    """Return a name without the mark of where it is used: "payoff" of "payoff (US)"."""
    found = MARK.match(name)
    assert found is not None, "the pattern takes any name"
    return found[1]


def named(names: list[str]) -> str:
    """Join names with commas, the mark of neighbours written once: "unpaid balance, UPB (US)"."""
    marked = [found.groups() for name in names if (found := MARK.match(name))]
    groups = [
        ", ".join(word for word, _ in group) + (f" ({mark})" if mark else "")
        for mark, group in groupby(marked, key=lambda pair: pair[1])
    ]
    return ", ".join(groups)


def index_of(words: list[str], target: str, main: str) -> addnodes.index:
    """Return entries of the index that lead to `target`."""
    entries = [("single", word.replace(";", ","), target, main, None) for word in words]
    return addnodes.index(entries=entries)


class AlsoCalled(SphinxDirective):
    """``.. also-called:: term, term`` writes what others call the subject of a page.

    The terms are those of the glossary, if there are any; ``:and:`` adds words that are in none.
    """

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"and": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return the line and its entries of the index."""
        given = " ".join(self.arguments).replace("\n", " ")
        terms = [each.strip() for each in given.split(",") if each.strip()]
        if unknown := [term for term in terms if term not in ENTRIES]:
            raise self.error(f"not in the glossary: {', '.join(unknown)}")
        more = [each.strip() for each in self.options.get("and", "").split(",") if each.strip()]
        also = [name for term in terms for name in ENTRIES[term]["also"]]
        chinese = [word for term in terms for word in ENTRIES[term]["zh"]]
        is_chinese = str(self.config.language).startswith("zh")
        shown = chinese + more if is_chinese else also + more + chinese
        shown = list(dict.fromkeys(shown))
        title, text = (
            ("又称：", "、".join(shown)) if is_chinese else ("Also called:", f" {named(shown)}")
        )
        target = f"also-{self.env.new_serialno('also')}"
        line = nodes.paragraph(classes=["also-called"], ids=[target])
        line += [nodes.emphasis(text=title), nodes.Text(f"{text}{'。' if is_chinese else '.'}")]
        words = list(dict.fromkeys([*terms, *map(bare, also), *map(bare, more), *chinese]))
        return [index_of(words, target, "main"), line]


class Glossary(SphinxDirective):
    """``.. glossary-page::`` writes the whole glossary, in the language of the build."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each part, and note the synonyms for ``:term:`` and the search."""
        is_chinese = str(self.config.language).startswith("zh")
        text, others = [], {}
        for section in SECTIONS:
            title = section["title_zh" if is_chinese else "title"]
            text += [title, "-" * 2 * len(title), "", ".. glossary::", ""]
            for entry in section["entry"]:
                term, *lines = self.chinese(entry) if is_chinese else self.english(entry)
                text.append(f"   {term}")
                text += [f"      {line}\n" for line in lines if line]
                words = [entry["term"], *map(bare, entry["also"]), *entry["zh"]]
                others[term] = [word for word in dict.fromkeys(words) if word != term]
        found = self.parse_text_to_nodes("\n".join(text), allow_section_headings=True)
        domain = self.env.domains.standard_domain
        for term in [term for part in found for term in part.findall(nodes.term)]:
            words = [word for word in others[term.astext()] if ("term", word) not in domain.objects]
            for word in words:
                domain.note_object("term", word, term["ids"][0], location=term)
            term += index_of(others[term.astext()], term["ids"][0], "")
        return found

    def english(self, entry: dict[str, Any]) -> list[str]:
        """Return the lines of an entry."""
        also = f"*Also called:* {named(entry['also'])}." if entry["also"] else ""
        return [
            entry["term"],
            entry["meaning"],
            also,
            f"{', '.join(entry['zh'])} · {entry['code']}",
        ]

    def chinese(self, entry: dict[str, Any]) -> list[str]:
        """Return the lines of an entry, in Chinese."""
        term, *more = entry["zh"]
        also = f"又称：{'、'.join(more)}。" if more else ""
        english = f"英文：{', '.join([entry['term'], *map(bare, entry['also'])])}"
        return [term, entry["meaning_zh"], also, f"{english} · {entry['code']}"]


def setup(app: Sphinx) -> None:
    """Add the two directives; a change of the file makes the pages that use it anew."""
    app.add_directive("also-called", AlsoCalled)
    app.add_directive("glossary-page", Glossary)
