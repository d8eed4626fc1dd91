"""Chinese for what is small: amounts, days, rates, places in time, frequencies, methods."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from repaylib.dates.frequency import Every, is_rule
from repaylib.documents.facts import Length
from repaylib.rates.rate import Rate, percent
from repaylib.typing import DayCount, Method, Rounding

__all__ = [
    "CURRENCIES",
    "DAY_COUNTS",
    "METHODS",
    "ROUNDED",
    "amount",
    "capitals",
    "day",
    "every",
    "how_much",
    "length",
    "money",
    "paced",
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
    "interest_only": "先息后本",
    "bullet": "到期一次还本付息",
    "flat": "等本等息",
}

ROUNDED: dict[Rounding, str] = {
    "half_up": "四舍五入",
    "half_even": "四舍六入五成双",
    "half_down": "五舍六入",
    "up": "进一法",
    "down": "去尾法",
    "ceiling": "向上进位（含负数）",
    "floor": "向下舍位（含负数）",
}

#: How days are counted, as a clause.
DAY_COUNTS: dict[DayCount, str] = {
    "periodic": "按期计息",
    "actual/360": "按实际天数计息，一年按360天计算",
    "actual/365": "按实际天数计息，一年按365天计算",
    "actual/364": "按实际天数计息，一年按364天计算",
    "actual/365.25": "按实际天数计息，一年按365.25天计算",
    "actual/365 leap": "按实际天数计息，一年按365天计算，计息期含2月29日的按366天计算",
    "actual/365L": "按实际天数计息，一年按365天计算，闰年按366天计算",
    "no-leap/365": "按实际天数（不计2月29日）计息，一年按365天计算",
    "no-leap/360": "按实际天数（不计2月29日）计息，一年按360天计算",
    "actual/actual ISDA": "按实际天数分段计息，平年按365天、闰年按366天计算",
    "actual/actual ICMA": "按实际天数占当期实际天数的比例计息",
    "actual/actual AFB": "按实际天数计息，整年自期末倒推，不足一年的按365天计算，含2月29日的按366天计算",
    "actual/actual year": "按实际天数计息，一年按自起息日起的实际年度天数计算",
    "30/360 ISDA": "每月按30天、一年按360天计息（30日及31日视同30日）",
    "30/360 US": "每月按30天、一年按360天计息（2月末日视同30日）",
    "30/360 PSA": "每月按30天、一年按360天计息（起息日为2月末日的视同30日）",
    "30E/360": "每月按30天、一年按360天计息（31日一律视同30日）",
    "30E/360 ISDA": "每月按30天、一年按360天计息（月末日一律视同30日）",
    "30E+/360": "每月按30天、一年按360天计息（止息日为31日的视同次月1日）",
    "30E/365": "每月按30天、一年按365天计息（31日一律视同30日）",
    "months and days/360": "整月按30天、余下按实际天数计息，一年按360天计算",
    "business/252": "按工作日天数计息，一年按252个工作日计算",
    "1/1": "每期按一整年计息",
}

_EVERY = {
    "day": "每日",
    "week": "每周",
    "half_month": "每半月",
    "month": "每月",
    "quarter": "每季度",
    "half_year": "每半年",
    "year": "每年",
}
_UNITS = {"day": "天", "week": "周", "month": "个月", "year": "年"}


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
    >>> from repaylib.rates.rate import effective
    >>> rate(Rate(Fraction(3, 25))), rate(effective("12%"))
    ('年利率12%', '年利率12%（按复利折算的有效年利率）')
    """
    text = f"年利率{percent(value.value)}"
    if value.kind == "nominal":
        return text
    kinds = {"effective": "按复利折算的有效年利率", "continuous": "按连续复利计算"}
    return f"{text}（{kinds.get(value.kind, f'每年复利{value.times}次')}）"


def every(value: Every) -> str:
    """Return a frequency as it stands before "one period".

    Examples
    --------
    >>> every("month"), every("2 weeks"), every("1 month 15 days")
    ('每月', '每2周', '每1个月零15天')
    """
    assert isinstance(value, str), "days that are listed have no pace"
    if value in _EVERY:
        return _EVERY[value]
    words = value.split(" ")
    pairs = zip(words[::2], words[1::2], strict=True)
    return "每" + "零".join(f"{count}{_UNITS[unit.removesuffix('s')]}" for count, unit in pairs)


def paced(value: Every) -> str:
    """Return how often a payment falls due; of days by list or rule, that they are in the table.

    Examples
    --------
    >>> paced("month"), paced((date(2024, 2, 10),))
    ('每月一期', '还款日见下表')
    """
    if not isinstance(value, str) or is_rule(value):
        return "还款日见下表"
    return f"{every(value)}一期"


def length(value: Length) -> str:
    """Return a stretch of time.

    Examples
    --------
    >>> length(Length(1, 1, 0)), length(Length(0, 0, 14)), length(Length(1, 0, 15))
    ('1个半月', '14天', '1个月零15天')
    """
    if value.halves:
        return f"{value.months}个半月" if value.months else "半个月"
    words = [f"{value.months}个月"] if value.months else []
    words += [f"{value.days}天"] if value.days else []
    return "零".join(words)


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
