"""Text broken into lines of a width, in English and in Chinese."""

from __future__ import annotations

import re

from repaylib.output.widths import width_of

__all__ = ["UNBROKEN", "WIDE", "wrapped"]


def wrapped(text: str, width: int, indent: str = "", first: str | None = None) -> str:
    """Break a text into lines: between words, and between any two wide characters.

    Examples
    --------
    >>> print(wrapped("paid with the next instalment", 16, "  ", "- "))
    - paid with the
      next
      instalment
    >>> print(wrapped("与下一期还款一并支付。", 12))
    与下一期还款
    一并支付。
    """
    lines: list[str] = []
    line = indent if first is None else first
    bare = True
    for piece in _PIECES.findall(text):
        if not bare and width_of(line) + width_of(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line, bare = indent, True
        line += piece.lstrip() if bare else piece
        bare = False
    return "\n".join([*lines, line.rstrip()])


WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_HAN = "\u3400-\u9fff\uf900-\ufaff"
_OPENING, _CLOSING = "（(《〈「『【〔“", "，。；：、！？）)》〉」』】〕”"
_UNITS = (
    "港元|澳门元|新台币元|美元|日元|英镑|欧元|元|角|分|个半月|个月|个基点|个百分点|个工作日"
    "|工作日|日|天|月|年|期|次|倍|项|号|位|页|周"
)
#: Figures with their units in Chinese, ordinals and days: what is not broken over lines.
UNBROKEN = re.compile(
    rf"\d+年\d+月\d+日|第?\d[\d,.]*(?:[^\S\n]?[A-Z]{{3}}|%|{_UNITS})|第\d+(?:、\d+)*(?:{_UNITS})?",
    re.UNICODE,
)
#: What is not broken: such a figure, a word, the word of two characters after an opening mark or
#: before a closing one, or a wide character; with the marks that may not begin a line.
_PIECES = re.compile(
    rf" *(?:[{_OPENING}]*(?:{UNBROKEN.pattern})[{_CLOSING}]*"
    rf"|[{_OPENING}]+[{_HAN}]{{1,2}}[{_CLOSING}]*|[{_OPENING}]+[^\s{WIDE}]+[{_CLOSING}]*"
    rf"|[{_HAN}]{{1,2}}[{_CLOSING}]+|[{WIDE}][{_CLOSING}]*"
    rf"|[^\s{WIDE}]+[{_CLOSING}]*)",
    re.UNICODE,
)
