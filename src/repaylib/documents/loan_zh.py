"""The terms of a loan, and of what was changed, in Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from repaylib.documents import chinese
from repaylib.documents.facts import length_of
from repaylib.documents.rules_zh import agreed, fee, place
from repaylib.money.amounts import decimals_of
from repaylib.money.counts import MOST_PAYMENTS
from repaylib.rates.index_rate import Indexed
from repaylib.rates.rate import Rate, percent
from repaylib.rates.step_schedule import Steps
from repaylib.terms.instalments import Graduated
from repaylib.terms.loan_wording import odd_days_in_words
from repaylib.terms.methods import WITHOUT_INSTALMENT
from repaylib.typing import OddDays, Rounding, StepHold

if TYPE_CHECKING:
    from repaylib.terms.loan import Loan

__all__ = ["loan", "rate_of"]

_ROLLS = {
    "following": "顺延至下一工作日",
    "modified_following": "顺延至下一工作日，跨月的提前至上一工作日",
    "modified_following_bi_monthly": "顺延至下一工作日，跨月或跨半月的提前至上一工作日",
    "preceding": "提前至上一工作日",
    "modified_preceding": "提前至上一工作日，跨月的顺延至下一工作日",
    "nearest": "移至最近的工作日",
}

_ODD: dict[OddDays, str] = {
    "pro_rata": "按实际天数占该期天数的比例计息",
    "actual/360": "按实际天数计息，一年按360天计算",
    "actual/365": "按实际天数计息，一年按365天计算",
}

_STEPPED: dict[StepHold, str] = {
    "maturity": "利率调整时到期日不变，每期还款额重新计算",
    "payment": "利率调整时每期还款额不变，期限相应变化",
    "last": "利率调整时每期还款额和到期日不变，差额并入最后一期还款额",
    "level": "每期还款额按各阶段利率统一计算，利率调整时不变",
}


def loan(value: Loan) -> str:
    """Return what was agreed: what must be known to compute the amounts.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan(rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY"))
    '本金10,000.00元，自2024年1月10日起计息，年利率12%；等额本息，每月一期，共12期，首期还款日为2024年2月10日'
    """
    lent = chinese.money(value.principal, value.currency)
    return (
        f"本金{lent}，自{chinese.day(value.start)}起计息，{chinese.rate(value.first_rate)}；"
        f"{_payments(value)}{_days(value)}{_stepping(value)}{_more(value)}"
    )


def rate_of(value: Loan) -> str:
    """Return the rate of a loan, as agreed: one, or steps, or on an index."""
    rate = value.rate
    if isinstance(rate, Rate):
        return chinese.rate(rate)
    if isinstance(rate, Indexed):
        return _indexed(rate)
    return "，".join([chinese.rate(rate.initial), *_steps(rate)])


def _steps(value: Steps[Rate]) -> Sequence[str]:
    return [f"{place(since)}{chinese.rate(each)}" for since, each in value.changes]


def _payments(value: Loan) -> str:
    often = chinese.paced(value.every)
    if value.method == "bullet":
        day = chinese.day(value.timetable.paid(value.payments))
        term = length_of(value.every, value.payments)
        runs = "" if term is None else f"，贷款期限{chinese.length(term)}"
        return f"{chinese.METHODS['bullet']}{runs}，于{day}一次性归还全部本金和利息"
    instalment, fixed = value.instalment, ""
    if isinstance(instalment, Graduated):
        step = instalment.by
        much = (
            percent(abs(step))
            if isinstance(step, Fraction)
            else agreed(step.copy_abs(), value.currency)
        )
        fixed = f"，每{instalment.every}期{'递减' if step < 0 else '递增'}{much}"
    elif isinstance(instalment, Steps):
        stepped: Steps[Any] = instalment
        shown = [
            _much(stepped.initial, value),
            *(place(p) + _much(v, value) for p, v in stepped.changes),
        ]
        fixed = f"，每期{'，'.join(shown)}"
    elif isinstance(instalment, tuple):
        first, last = (agreed(each, value.currency) for each in (instalment[0], instalment[-1]))
        fixed = f"，各期还款额见还款计划表（{first}至{last}）"
    elif instalment is not None:
        part = "本金" if value.method == "equal_principal" else ""
        fixed = f"，每期{part}{agreed(instalment, value.currency)}"
    count = "，直至还清" if value.payments == MOST_PAYMENTS else f"，共{value.payments}期"
    first_day = f"，首期还款日为{chinese.day(value.first_payment)}"
    ends = value.timetable.last
    until = "" if ends is None else f"，最后一期还款日为{chinese.day(ends)}"
    return f"{chinese.METHODS[value.method]}，{often}{count}{fixed}{first_day}{until}"


def _much(given: Decimal | Fraction, value: Loan) -> str:
    return percent(given) if isinstance(given, Fraction) else agreed(given, value.currency)


def _days(value: Loan) -> str:
    words = ""
    if value.roll != "none":
        words += f"；还款日非工作日的，{_ROLLS[value.roll]}"
        if value.accrual_dates == "adjusted":
            words += "，利息计算至调整后的还款日"
    if value.day_count != "periodic":
        words += f"；{chinese.DAY_COUNTS[value.day_count]}"
    if value.counted_days == "last":
        words += "；算尾不算头"
    return words


def _stepping(value: Loan) -> str:
    rate = value.rate
    if isinstance(rate, Rate) or not (isinstance(rate, Indexed) or rate.changes):
        return ""
    words = _indexed(rate) if isinstance(rate, Indexed) else "，".join(_steps(rate))
    held = "" if value.method in WITHOUT_INSTALMENT else f"；{_STEPPED[value.rate_hold]}"
    if held and value.rate_recast == "always":
        held += "；利率没有变动的，也重新计算"
    return f"；{words}{held}"


def _indexed(value: Indexed) -> str:
    """Return a rate on an index, with the words of the rate itself for what is technical."""
    words = "年利率为定价基准"
    if value.multiplier != 1:
        words += f"的{percent(value.multiplier / 100).removesuffix('%')}倍"
    if value.margin:
        points = percent(abs(value.margin)).removesuffix("%")
        basis = percent(abs(value.margin) * 100).removesuffix("%")
        words += f"{'减' if value.margin < 0 else '加'}{basis}个基点（{points}个百分点）"
    days = [each for each in value.resets if isinstance(each, date)]
    paces = [each for each in value.resets if isinstance(each, str)]
    if paces:
        words += f"，自{chinese.day(days[0])}起{chinese.every(paces[0])}重定价一次"
    else:
        shown = "、".join(map(chinese.day, days[:3])) + ("等" if len(days) > 3 else "")
        words += f"，重定价日：{shown}"
    if value.fixing_lag:
        words += f"，以重定价日前第{value.fixing_lag}日的定价基准为准"
    limits = [(value.cap, "最高不超过"), (value.floor, "最低不低于")]
    shown = "，".join(f"{said}{percent(limit)}" for limit, said in limits if limit is not None)
    if shown:
        words += f"，执行利率{shown}"
    for limit, said in (
        (value.periodic_cap, "每次重定价上调不超过"),
        (value.periodic_floor, "每次重定价下调不超过"),
    ):
        if limit is not None:
            words += f"，{said}{percent(limit).removesuffix('%')}个百分点"
    if value.to is not None:
        words += f"，执行利率取{percent(value.to)}的整数倍"
    return words


def _more(value: Loan) -> str:
    """Return the terms that most loans do not have."""
    words, code = [], value.currency
    if value.balloon is not None:
        words.append(f"最后一期另还尾款{_much(value.balloon, value)}")
    if value.amortise_over is not None:
        words.append(f"每期还款额按分{value.amortise_over}期还清计算")
    if value.in_advance:
        words.append("每期于期初还款")
    if value.interest_base == "original" and value.method != "flat":
        words.append("利息按贷款发放时的本金计算")
    elif isinstance(value.interest_base, tuple):
        days = "、".join(map(chinese.day, value.interest_base))
        words.append(f"利息按{days}的本金余额计算")
    if value.drawdowns:
        later = [f"{chinese.day(day)}发放{agreed(much, code)}" for day, much in value.drawdowns]
        words.append(f"贷款分次发放，{'，'.join(later)}")
    words += [fee(each, code) for each in value.fees]
    if value.interest_tax:
        into = "，税款包含在每期还款额中" if value.tax_included else ""
        words.append(f"利息另计税款，税率{percent(value.interest_tax)}{into}")
    if value.fee_tax:
        words.append(f"费用另计税款，税率{percent(value.fee_tax)}")
    words += _odd_days(value)
    if value.instalment_multiple is not None:
        words.append(f"每期还款额取{agreed(value.instalment_multiple, code)}的整数倍")
    if value.last == "lower":
        words.append("最后一期还款额不高于其他各期")
    elif value.last == "closest":
        words.append("最后一期还款额尽量接近其他各期")
    if value.negative_amortisation == "without_interest":
        words.append("当期还款额不足以支付利息的，不足部分由以后各期先行清偿，不另计利息")
    elif value.negative_amortisation:
        words.append("当期还款额不足以支付利息的，不足部分计入本金")
    words += _rounded(value)
    return "".join(f"；{each}" for each in words)


def _odd_days(value: Loan) -> list[str]:
    """Return the rule for odd days, where there are any or it is not the usual one."""
    if not odd_days_in_words(value):
        return []
    return [f"不足一期的，{_ODD[value.odd_days]}"]


def _rounded(value: Loan) -> list[str]:
    """Return how amounts are rounded, where it is not the usual way."""
    own = value.decimals != decimals_of(value.currency)
    words = []
    if own or value.rounding != "half_up":
        to = f"，保留至小数点后{value.decimals}位" if own else ""
        words.append(f"金额按{chinese.ROUNDED[value.rounding]}处理{to}")
    rules: tuple[tuple[str, Rounding | None], ...] = (
        ("每期还款额", value.instalment_rounding),
        ("费用", value.fee_rounding),
    )
    words += [f"{what}按{chinese.ROUNDED[rule]}处理" for what, rule in rules if rule is not None]
    return words
