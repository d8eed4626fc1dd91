"""What each change does, in Chinese: the same sentences as the changes say in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from repaylib.advances import Advance
from repaylib.carried import Arrears
from repaylib.change import Change
from repaylib.changes import Forgiveness, Prepayment, RateChange, Rescheduling
from repaylib.deferral import Deferral
from repaylib.early import EarlySettlement
from repaylib.forbearance import Forbearance
from repaylib.papers import chinese
from repaylib.papers.rules_zh import settlement_fee
from repaylib.terms import WITHOUT_INSTALMENT, Method

__all__ = ["SENTENCES", "begins", "change", "note"]

_KEPT_END = "到期日不变，所欠款项于最后一期一并偿还"


def change(value: Change, method: Method = "level", currency: str = "XXX") -> str:
    """Return what a change does to a loan repaid by a method.

    Examples
    --------
    >>> change(Deferral(payment=4))
    '自第4期起，顺延1个还款日（当日不还款）；期间利息照常计收，与下一期还款一并支付；剩余期数不变，到期日相应顺延'
    """
    return SENTENCES[type(value)](value, method, currency)


def note(words: str) -> str:
    """Return what became of a change because of another, in Chinese.

    Examples
    --------
    >>> note("superseded by 2 from due date 5 on"), note("due dates 4 to 6 were put off already")
    ('自第5个还款日起由第2项取代', '第4至6个还款日此前已顺延')
    """
    for pattern, said in _NOTES:
        if found := re.fullmatch(pattern, words):
            return said(found)
    raise AssertionError(f"no Chinese for: {words}")


# -- places in time -------------------------------------------------------------------------


def _when(value: Change) -> str:
    return f"自第{value.payment}期起" if value.on is None else f"自{chinese.day(value.on)}起"


def _at(value: Change) -> str:
    if value.on is not None:
        return f"于{chinese.day(value.on)}"
    return "于放款日" if value.payment == 1 else f"于第{value.payment_before}期还款日"


def _held(words: str, method: Method) -> str:
    return _KEPT_END if method in WITHOUT_INSTALMENT else words


# -- deferral ---------------------------------------------------------------------------------


def _deferral(value: Deferral, method: Method, currency: str) -> str:
    if value.periods == 0:
        return f"{_when(value)}，不顺延任何还款"
    if value.scope == "instalment":
        return _moved(value)
    return _passed(value, method)


def _passed(value: Deferral, method: Method) -> str:
    count = value.periods
    what = {
        "all": f"顺延{count}个还款日（当日不还款）",
        "principal": f"{count}个还款日只付利息、暂不还本金",
        "interest": f"{count}个还款日只还本金、暂不付利息",
    }["principal" if value.pause == "all" and _pays_interest(value) else value.pause]
    if value.interest == "waive":
        gap = "期间利息免收"
        if value.on is not None:
            gap += f"（自该日起）；该日之前已产生的利息{_gap(value)}"
    else:
        gap = f"期间利息照常计收，{_gap(value)}"
    held = {
        "count": "剩余期数不变，到期日相应顺延",
        "maturity": "到期日不变，剩余各期还款额相应调整",
        "payment": "每期还款额不变，剩余期数可能变化",
        "last": "每期还款额和到期日不变，差额由最后一期承担",
    }[value.hold]
    if value.pause == "interest" and value.hold in ("count", "maturity"):
        held = "到期日不变"
        if value.repay == "capitalise":
            held += "，剩余各期还款额相应调整"
    if value.hold != "count":
        held = _held(held, method)
    return f"{_when(value)}，{what}；{gap}；{held}"


def _pays_interest(value: Deferral) -> bool:
    """Whether something is paid on the due dates passed over."""
    return value.interest_paid_now and value.interest == "accrue"


def _gap(value: Deferral) -> str:
    if value.interest_paid_now:
        return "于该还款日当日支付"
    often = {1: "（于各该还款日计入）", None: "（于延期结束时计入）"}.get(
        value.capitalise_every, f"（每{value.capitalise_every}个还款日及延期结束时计入）"
    )
    return {
        "next": "与下一期还款一并支付",
        "spread": "平均分摊到剩余各期支付，分摊部分不再计息",
        "last": "与最后一期还款一并支付",
        "capitalise": f"计入本金并继续计息{often if value.periods > 1 else ''}",
    }[value.repay]


def _moved(value: Deferral) -> str:
    which = f"第{value.payment}期" if value.on is None else f"{chinese.day(value.on)}之后的第一期"
    what = "的本金" if value.interest_paid_now else "还款"
    to = {
        "next": f"顺延{value.periods}期",
        "now": f"顺延{value.periods}期",
        "spread": "平均分摊到其后各期",
        "last": "推迟到最后一期",
    }[value.repay]
    if value.interest == "waive":
        cost = "推迟期间不计息"
    else:
        part = "该期全部款项" if value.base == "instalment" else "该期本金"
        at = "贷款利率" if value.rate is None else chinese.rate(value.rate)
        cost = f"推迟期间{part}按{at}计息"
    return f"仅{which}{what}{to}；{cost}；其余各期不变"


# -- the other changes ------------------------------------------------------------------------


def begins(value: RateChange) -> str:
    """Return from when to when which rate holds."""
    until = ""
    if isinstance(value.until, date):
        until = f"至{chinese.day(value.until)}前"
    elif value.until is not None:
        until = f"至第{value.until}期前"
    return f"{_when(value)}{until}，{chinese.rate(value.rate)}"


def _rate_change(value: RateChange, method: Method, currency: str) -> str:
    fixed = "到期日不变，每期还款额相应调整"
    if value.until is not None:
        fixed += "，期满时再次调整"
    if value.recast == "always":
        fixed += "，利率未变时亦重新计算"
    held = {
        "count": fixed,
        "maturity": fixed,
        "payment": "每期还款额不变，期限相应变化",
        "last": "每期还款额和到期日不变，差额由最后一期承担",
    }[value.hold]
    return f"{begins(value)}；{_held(held, method)}"


_LIGHTER = {
    "maturity": "到期日不变，重新计算各期还款额",
    "payment": "每期还款额不变，期限相应缩短",
    "last": "各期还款额不变，末尾各期相应减少或取消",
}


def _prepayment(value: Prepayment, method: Method, currency: str) -> str:
    held = "视为支付其后各期还款"
    if value.hold != "next":
        held = _held(_LIGHTER[value.hold], method)
    return f"{_at(value)}，提前偿还{chinese.money(value.amount, currency)}；{held}"


def _rescheduling(value: Rescheduling, method: Method, currency: str) -> str:
    method = value.method or method
    if value.payments is not None:
        number = f"分{value.payments}期重新偿还"
    else:
        assert value.instalment is not None, "one of the two is given"
        much = chinese.money(value.instalment, currency)
        number = f"按每期{much}重新偿还"
        if method == "equal_principal":
            number = f"按每期本金{much}、利息另付重新偿还"
    often = "" if value.every is None else f"（{chinese.every(value.every)}一期）"
    at = "" if value.rate is None else f"，{chinese.rate(value.rate)}"
    new = "" if value.method is None else f"，还款方式改为{chinese.METHODS[value.method]}"
    return f"{_when(value)}，所欠款项{number}{often}{at}{new}"


def _forgiveness(value: Forgiveness, method: Method, currency: str) -> str:
    given = value.amount if value.share is None else value.share
    assert given is not None, "one of the two is given"
    part = "本金" if value.of == "principal" else "已延付的利息"
    held = _held(_LIGHTER[value.hold], method)
    return f"{_at(value)}，减免{part}{chinese.how_much(given, currency)}；{held}"


def _forbearance(value: Forbearance, method: Method, currency: str) -> str:
    given = value.amount if value.share is None else value.share
    assert given is not None, "one of the two is given"
    held = _held(_LIGHTER[value.hold], method)
    much = chinese.how_much(given, currency)
    return f"{_at(value)}，将本金中的{much}搁置，不计利息，与最后一期还款一并偿还；{held}"


def _advance(value: Advance, method: Method, currency: str) -> str:
    fixed = "到期日不变，重新计算各期还款额"
    held = {
        "count": fixed,
        "maturity": fixed,
        "payment": "每期还款额不变，期限相应延长",
        "last": "每期还款额和到期日不变，由最后一期承担",
    }[value.hold]
    return f"{_at(value)}，再借出{chinese.money(value.amount, currency)}；{_held(held, method)}"


def _arrears(value: Arrears, method: Method, currency: str) -> str:
    part = {"interest": "利息", "penalty": "罚息", "fee": "费用"}[value.of]
    paid = {
        "next": "与下一期还款一并支付",
        "spread": "平均分摊到剩余各期支付",
        "last": "与最后一期还款一并支付",
    }[value.repay]
    return f"{_when(value)}，逾期{part}{chinese.money(value.amount, currency)}{paid}，不再计息"


def _settlement(value: EarlySettlement, method: Method, currency: str) -> str:
    later = f"提出，{value.days_of_notice}日后" if value.days_of_notice else ""
    if value.method == "uk_2004" and value.deferral != "none":
        put_off = {None: "（贷款期限超过一年的再推后一个月）", "month": "再推后一个月"}
        later += put_off.get(value.deferral, "再推后30日")
    how = {
        "actuarial": "",
        "rule_of_78": "，利息按78法则计算",
        "uk_2004": "，并扣除英国2004年条例规定的退减额",
        "flat_waived": "，尚未到期的费用免收",
        "flat_charged": "，尚未到期的费用全额收取",
    }[value.method]
    fee = "" if value.fee is None else f"，另收手续费{settlement_fee(value.fee, currency)}"
    return f"{_at(value)}{later}，提前结清全部欠款{how}{fee}"


#: The sentence of each kind of change.
SENTENCES: dict[type[Change], Callable[[Any, Method, str], str]] = {
    Advance: _advance,
    Arrears: _arrears,
    Deferral: _deferral,
    EarlySettlement: _settlement,
    Forbearance: _forbearance,
    Forgiveness: _forgiveness,
    Prepayment: _prepayment,
    RateChange: _rate_change,
    Rescheduling: _rescheduling,
}


# -- notes ------------------------------------------------------------------------------------


def _dates(words: str) -> str:
    """Return "due dates 4 to 6" in Chinese."""
    numbers = words.removeprefix("due dates ").removeprefix("due date ")
    return f"第{numbers.replace(' to ', '至').replace(', ', '、').replace(' and ', '和')}个还款日"


_DATES = r"due dates? [\d, toand]*\d"
_NOTES: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"superseded by (\d+)", lambda m: f"由第{m[1]}项取代"),
    (r"superseded by (\d+) before its end", lambda m: f"期满之前由第{m[1]}项取代"),
    (rf"superseded by (\d+) on ({_DATES})", lambda m: f"{_dates(m[2])}由第{m[1]}项取代"),
    (
        r"superseded by (\d+) from due date (\d+) on",
        lambda m: f"自第{m[2]}个还款日起由第{m[1]}项取代",
    ),
    (rf"({_DATES}) (?:was|were) put off already", lambda m: f"{_dates(m[1])}此前已顺延"),
    (
        rf"it is instalment (\d+) that is moved, as ({_DATES}) (?:is|are) put off by ([\d and]+)",
        lambda m: f"顺延的是第{m[1]}期，因{_dates(m[2])}已由第{m[3].replace(' and ', '、')}项顺延",
    ),
    (r"ended by (\d+)", lambda m: f"由第{m[1]}项终止"),
    (r"ended by (\d+) from due date (\d+) on", lambda m: f"自第{m[2]}个还款日起由第{m[1]}项终止"),
    (r"its instalments are superseded by (\d+)", lambda m: f"其分期由第{m[1]}项取代"),
    (
        r"the instalment is solved again, as the periods left differ in length",
        lambda m: "因剩余各期的期间长短不同，每期还款额重新计算",
    ),
    (r"without effect, as the loan had ended before", lambda m: "贷款此前已结清，本项不生效"),
)
