"""Chinese for what is small: amounts, days, rates, places in time, frequencies, methods."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from repaylib.exact import Rounding
from repaylib.frequency import Every, is_rule
from repaylib.rates import Rate, percent
from repaylib.terms import Method

__all__ = [
    "CURRENCIES",
    "METHODS",
    "ROUNDED",
    "amount",
    "capitals",
    "day",
    "every",
    "how_much",
    "money",
    "rate",
]

#: What a currency is called after an amount.
CURRENCIES = {
    "CNY": "元",
    "HKD": "港元",
    "MOP": "澳门元",
    "TWD": "新台币元",
    "USD": "美元",
    "EUR": "欧元",
    "GBP": "英镑",
    "JPY": "日元",
}

METHODS: dict[Method, str] = {
    "level": "等额本息",
    "equal_principal": "等额本金",
    "interest_only": "按期付息、到期还本",
    "bullet": "到期一次还本付息",
    "flat": "等本等息",
}

ROUNDED: dict[Rounding, str] = {
    "half_up": "四舍五入",
    "half_even": "四舍六入五成双",
    "half_down": "五舍六入",
    "up": "向上取整",
    "down": "舍去尾数",
    "ceiling": "向正方向取整",
    "floor": "向负方向取整",
}

_EVERY = {
    "day": "每日",
    "week": "每周",
    "half_month": "每半月",
    "month": "每月",
    "quarter": "每季",
    "half_year": "每半年",
    "year": "每年",
}
_UNITS = {"day": "日", "week": "周", "month": "个月", "year": "年"}


def amount(value: Decimal) -> str:
    """Return an amount as figures.

    Examples
    --------
    >>> amount(Decimal("10000.00"))
    '10,000.00'
    """
    return f"{value:,f}"


def money(value: Decimal, currency: str) -> str:
    """Return an amount with its currency.

    Examples
    --------
    >>> money(Decimal("888.49"), "CNY"), money(Decimal("5"), "KWD"), money(Decimal("5"), "XXX")
    ('888.49元', '5 KWD', '5')
    """
    if currency == "XXX":
        return amount(value)
    return amount(value) + CURRENCIES.get(currency, f" {currency}")


def how_much(value: Decimal | Fraction, currency: str) -> str:
    """Return an amount or a share."""
    return percent(value) if isinstance(value, Fraction) else money(value, currency)


def day(value: date) -> str:
    """Return a day.

    Examples
    --------
    >>> day(date(2024, 4, 10))
    '2024年4月10日'
    """
    return f"{value.year}年{value.month}月{value.day}日"


def rate(value: Rate) -> str:
    """Return a rate of interest per year.

    Examples
    --------
    >>> from repaylib.rates import effective
    >>> rate(Rate(Fraction(3, 25))), rate(effective("12%"))
    ('年利率12%', '年利率12%（实际利率）')
    """
    text = f"年利率{percent(value.value)}"
    if value.kind == "nominal":
        return text
    kinds = {"effective": "实际利率", "continuous": "连续复利"}
    return f"{text}（{kinds.get(value.kind, f'每年复利{value.times}次')}）"


def every(value: Every) -> str:
    """Return a frequency as it stands before "one period".

    Examples
    --------
    >>> every("month"), every("2 weeks"), every("1 month 15 days")
    ('每月', '每2周', '每1个月15日')
    """
    if not isinstance(value, str):
        return "按列明日期"
    if is_rule(value):
        return "按约定规则"
    if value in _EVERY:
        return _EVERY[value]
    words = value.split(" ")
    pairs = zip(words[::2], words[1::2], strict=True)
    return "每" + "".join(f"{count}{_UNITS[unit.removesuffix('s')]}" for count, unit in pairs)


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def capitals(value: Decimal) -> str | None:
    """Return an amount of yuan in the numerals that cannot be altered; ``None`` if it is too large.

    Examples
    --------
    >>> capitals(Decimal("7610.80")), capitals(Decimal("10000.00")), capitals(Decimal("100200.05"))
    ('柒仟陆佰壹拾元捌角整', '壹万元整', '壹拾万零贰佰元零伍分')
    """
    fen = int(value.scaleb(2).to_integral_value())
    if fen < 0 or fen >= 10**14:
        return None
    yuan, rest = divmod(fen, 100)
    jiao, fen = divmod(rest, 10)
    words = f"{_whole(yuan)}元" if yuan or not rest else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif fen and yuan:
        words += "零"
    return words + (f"{_DIGITS[fen]}分" if fen else "整")


def _whole(number: int) -> str:
    """Return a whole number, four digits at a time."""
    if not number:
        return "零"
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = True
            continue
        if words and (gap or group < 1000):
            words += "零"
        words += _four(group) + _GROUPS[place]
        gap = False
    return words


def _four(group: int) -> str:
    """Return up to four digits; zeros between others are one."""
    words, gap = "", False
    for place, digit in zip((3, 2, 1, 0), f"{group:04}", strict=True):
        if digit == "0":
            gap = bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[int(digit)] + _PLACES[place]
        gap = False
    return words
