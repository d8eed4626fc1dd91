"""Chinese numerals: amounts in the capitals that cannot be altered, and the numbers of clauses."""

from __future__ import annotations

from decimal import Decimal

__all__ = ["capitals", "ordinal"]

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def capitals(value: Decimal) -> str | None:
    """Return an amount of yuan in the numerals that cannot be altered; ``None`` if they cannot say it.

    Examples
    --------
    >>> capitals(Decimal("7610.80")), capitals(Decimal("10000.00")), capitals(Decimal("100200.05"))
    ('柒仟陆佰壹拾元捌角整', '壹万元整', '壹拾万零贰佰元零伍分')
    """
    num, den = value.as_integer_ratio()
    fen, rest = divmod(num * 100, den)
    if rest or fen < 0 or fen >= 10**14:
        return None
    yuan, rest = divmod(fen, 100)
    jiao, fen = divmod(rest, 10)
    text = f"{_whole(yuan)}元" if yuan or not rest else ""
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif fen and yuan:
        text += "零"
    return text + (f"{_DIGITS[fen]}分" if fen else "整")


def _whole(number: int) -> str:
    """Return a whole number, four digits at a time."""
    if not number:
        return "零"
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = True
            continue
        if text and (gap or group < 1000):
            text += "零"
        text += _four(group) + _GROUPS[place]
        gap = False
    return text


def _four(group: int) -> str:
    """Return up to four digits; zeros between others are one."""
    text, gap = "", False
    for place, digit in zip((3, 2, 1, 0), f"{group:04}", strict=True):
        if digit == "0":
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[int(digit)] + _PLACES[place]
        gap = False
    return text


_NUMERALS = "零一二三四五六七八九十"


def ordinal(number: int) -> str:
    """Return the number of a clause, up to 99.

    Examples
    --------
    >>> ordinal(4), ordinal(10), ordinal(17), ordinal(20)
    ('四', '十', '十七', '二十')
    """
    tens, ones = divmod(number, 10)
    if number <= 10:
        return _NUMERALS[number]
    return f"{'' if tens == 1 else _NUMERALS[tens]}十{_NUMERALS[ones] if ones else ''}"
