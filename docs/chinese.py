"""The Chinese pages: lines are joined without blanks, and each page knows the other language's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.search.zh import SearchChinese

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

__all__ = ["join_lines", "setup"]

#: A line break of the source beside a wide character or mark, where Chinese has no blank.
WIDE = "\u2018-\u201d\u2e80-\u9fff\uff00-\uffef"
MARKS = "\u2018-\u201d\u3001-\u303f\uff00-\uffef"
NO_BLANK = re.compile(
    rf"(?<=[{WIDE}])\n *(?=[{WIDE}])|(?<=[{MARKS}])\n *(?=[\w`:])|\n *(?=[{MARKS}])"
)
DOCS = Path(__file__).parent
CHINESE = {
    page.relative_to(DOCS / "zh").with_suffix("").as_posix() for page in DOCS.glob("zh/**/*.rst")
}
PARTS = {
    "en": {
        "tutorials/index": "Tutorials",
        "howto/index": "How-to",
        "explanation/index": "Explanation",
        "reference/index": "Reference",
        "reference/glossary": "Glossary",
    },
    "zh_CN": {
        "tutorials/index": "教程",
        "howto/index": "操作指南",
        "explanation/index": "原理",
        "reference/glossary": "术语表",
    },
}


def join_lines(app: Sphinx, name: str, source: list[str]) -> None:
    """Join the lines of Chinese sentences, where a page would show a blank; examples stay."""
    if app.config.language == "zh_CN":
        blocks = source[0].split("\n\n")
        source[0] = "\n\n".join(
            each if each.startswith((">>>", "..")) else NO_BLANK.sub("", each) for each in blocks
        )


def header(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Write the line at the top: the parts, and the same page in the other language."""
    to = context["pathto"]
    parts = "".join(
        f'<a href="{to(name)}">{text}</a>'
        for name, text in PARTS[app.config.language].items()
        if name in app.env.found_docs
    )
    if app.config.language == "zh_CN":
        up = "../" * (page.count("/") + 1)
        known = page in app.env.found_docs
        other = f'<a lang="en" href="{up}{page if known else "index"}.html">English</a>'
    else:
        up = "../" * page.count("/")
        target = page if page in CHINESE else "index"
        other = f'<a lang="zh-CN" href="{up}zh/{target}.html">中文</a>'
    context["theme_announcement"] = f'<nav class="parts">{parts}{other}</nav>'


def in_english(app: Sphinx, env: BuildEnvironment, node: pending_xref, text: Element) -> None:
    """Let a link to a page that is not there in Chinese go to the English one."""
    if node["reftype"] == "doc":
        node["reftarget"] = node["reftarget"].lstrip("/")


class Chinese(SearchChinese):
    """Words of Chinese, cut by jieba; what is English in them is stemmed by the English stemmer."""

    language_name = "English"  # the script asks for a stemmer of this name


def setup(app: Sphinx) -> None:
    """Connect all three."""
    app.add_search_language(Chinese)
    app.connect("source-read", join_lines)
    app.connect("missing-reference", in_english, priority=1)
    app.connect("html-page-context", header)
