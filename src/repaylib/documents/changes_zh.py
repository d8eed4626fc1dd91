"""What each change does, in Chinese, with the days and amounts that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from repaylib.changes.advance import Advance
from repaylib.changes.base import Change
from repaylib.changes.capitalised_arrears import Arrears
from repaylib.changes.deferral import Deferral
from repaylib.changes.early_settlement import EarlySettlement
from repaylib.changes.forgiveness import Forbearance, Forgiveness
from repaylib.changes.prepayment import Prepayment
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.documents import chinese
from repaylib.documents.facts import amount_of, length_of, rate_again, runs_of, share
from repaylib.documents.rules_zh import settlement_fee_paid
from repaylib.engine.ledger import Note
from repaylib.rates.rate import Rate, percent
from repaylib.schedule.change_log import Told
from repaylib.terms.methods import WITHOUT_INSTALMENT
from repaylib.typing import Method

__all__ = ["SENTENCES", "change", "note"]

_KEPT_END = "到期日不变，所欠款项于最后一期一并偿还"
_LAST_TAKES = "每期还款额和到期日不变，差额并入最后一期还款额"


def change(value: Told) -> str:
    """Return what a change does, and what became of it.

    Examples
    --------
    >>> import repaylib as rp
    >>> from repaylib.documents.facts import told_of
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY"))
    >>> print(change(told_of(rp.change_rate(plan, "8%", payment=5, until=9))[1][0]))
    第5期至第8期，年利率调整为8%；自第9期起恢复为12%；到期日不变，每期还款额重新计算；上述期限届满后再次重新计算
    """
    said = SENTENCES[type(value.change)](value.change, value)
    return "；".join([said, *map(note, value.notes)])


def _much(value: Told, amount: Decimal | Fraction | None) -> str:
    if isinstance(amount, Fraction):
        return percent(amount)
    assert amount is not None, "an amount or a share is given"
    return chinese.money(amount_of(value.loan, amount), value.loan.currency)


# -- places in time -------------------------------------------------------------------------


def _when(given: Change) -> str:
    return f"自第{given.number}期起" if given.on is None else f"自{chinese.day(given.on)}起"


def _at(given: Change) -> str:
    if given.on is not None:
        return f"{chinese.day(given.on)}"
    return f"第{given.number}期还款日"


def _which(value: Told) -> str:
    """Return the instalments that a deferral touches, with their days."""
    words = []
    for run in runs_of(value.dates):
        (first, begins), (last, ends) = run
        if first == last:
            words.append(f"第{first}期（{chinese.day(begins)}）")
        else:
            words.append(f"第{first}至第{last}期（{chinese.day(begins)}至{chinese.day(ends)}）")
    return "、".join(words)


def _held(words: str, method: Method) -> str:
    return _KEPT_END if method in WITHOUT_INSTALMENT else words


# -- deferral ---------------------------------------------------------------------------------


def _deferral(given: Deferral, value: Told) -> str:
    if given.periods == 0:
        return f"{_when(given)}，各期还款均不延期"
    return _moved(given, value) if given.scope == "instalment" else _passed(given, value)


def _passed(given: Deferral, value: Told) -> str:
    which = _which(value) or f"{_when(given)}，{given.periods}期"
    what = {
        "all": "暂停还款",
        "principal": "只付利息，暂不偿还本金",
        "interest": "只还本金，暂不支付利息",
    }[given.stops]
    if given.interest == "waive":
        gap = "期间利息免收"
        if given.on is not None:
            gap += f"（自{chinese.day(given.on)}起）；此前已产生的利息{_gap(given)}"
    else:
        gap = f"期间利息照常计收，{_gap(given)}"
    return f"{which}{what}；{gap}；{_passed_held(given, value)}"


def _passed_held(given: Deferral, value: Told) -> str:
    if given.pause == "interest" and given.hold in ("count", "maturity"):
        held = "到期日不变"
        if given.repay == "capitalise":
            held += "，剩余各期还款额重新计算"
        return held if given.hold == "count" else _held(held, value.method)
    if given.hold == "count":
        later = length_of(value.every, len(value.dates) or given.periods)
        by = "" if later is None else chinese.length(later)
        first = f"自第{value.dates[0][0]}期起的各期还款日" if value.dates else "其后各期还款日"
        return f"剩余期数不变，{first}依次推后{by}，到期日相应推后"
    return _held(
        {
            "maturity": "到期日不变，剩余各期还款额重新计算",
            "payment": "每期还款额不变，剩余期数相应变化，以还款计划表为准",
            "last": _LAST_TAKES,
        }[given.hold],
        value.method,
    )


def _gap(given: Deferral) -> str:
    if given.interest_paid_now:
        return "于当期还款日支付"
    often = {1: "（逐期于还款日计入）", None: "（于延期结束时计入）"}.get(
        given.capitalise_every, f"（每{given.capitalise_every}期及延期结束时计入）"
    )
    return {
        "next": "与下一期还款一并支付",
        "spread": "平均分摊到剩余各期支付，分摊部分不再计息",
        "last": "与最后一期还款一并支付",
        "capitalise": f"计入本金并继续计息{often if given.periods > 1 else ''}",
    }[given.repay]


def _moved(given: Deferral, value: Told) -> str:
    which = f"第{given.payment}期" if given.on is None else f"{chinese.day(given.on)}之后的第一期"
    which = _which(value) or which
    what = "本金" if given.interest_paid_now else "应还款项"
    later = f"推迟{given.periods}期支付"
    if value.moved_to is not None:
        number, day = value.moved_to
        later = f"推迟至第{number}期还款日（{chinese.day(day)}）一并支付"
    to = {
        "next": later,
        "now": later,
        "spread": "平均分摊到其后各期支付",
        "last": "推迟至最后一期一并支付",
    }[given.repay]
    if given.interest == "waive":
        cost = "推迟期间不计息"
    else:
        part = "" if given.base == "instalment" else "该期本金"
        at = "贷款利率" if given.rate is None else chinese.rate(given.rate)
        cost = f"推迟期间{part}按{at}计息"
    return f"{which}{what}{to}，{cost}；其余各期不变"


# -- the other changes ------------------------------------------------------------------------


def _rate_change(given: RateChange, value: Told) -> str:
    rate = chinese.rate(given.rate).removeprefix("年利率")
    if value.same:
        return f"{_rate_place(given)}，年利率为{rate}（与原利率相同）"
    again = ""
    if value.resumed is not None:
        since = chinese.day(value.resumed[0])
        since = f"第{given.until}期" if isinstance(given.until, int) else since
        rated = rate_again(value)
        old = (
            chinese.rate(rated).removeprefix("年利率") if isinstance(rated, Rate) else share(rated)
        )
        again = f"；自{since}起恢复为{old}"
    fixed = "到期日不变，每期还款额重新计算"
    if given.until is not None:
        fixed += "；上述期限届满后再次重新计算"
    if given.recast == "always":
        fixed += "；利率没有变动的，也重新计算"
    held = {
        "count": fixed,
        "maturity": fixed,
        "payment": "每期还款额不变，期限相应变化",
        "last": _LAST_TAKES,
    }[given.hold]
    return f"{_rate_place(given)}，年利率调整为{rate}{again}；{_held(held, value.method)}"


def _rate_place(given: RateChange) -> str:
    """Return from when to when a rate holds."""
    if given.until is None:
        return _when(given)
    if isinstance(given.until, int) and given.payment is not None:
        last = given.until - 1
        return f"第{last}期" if last == given.payment else f"第{given.payment}期至第{last}期"
    begins = f"第{given.payment}期" if given.on is None else chinese.day(given.on)
    if isinstance(given.until, date):
        return f"自{begins}至{chinese.day(given.until - timedelta(days=1))}"
    return f"自{begins}至第{given.until - 1}期"


_LIGHTER = {
    "maturity": "到期日不变，各期还款额重新计算",
    "payment": "每期还款额不变，期限相应缩短",
    "last": "各期还款额不变，从最后一期起依次抵减",
    "next": "用于冲抵其后各期应还款项",
}


def _prepayment(given: Prepayment, value: Told) -> str:
    held = _LIGHTER[given.hold]
    much = _much(value, given.amount)
    if given.hold == "next":
        return f"{_at(given)}提前偿还{much}，{held}"
    return f"{_at(given)}提前偿还{much}；{_held(held, value.method)}"


def _rescheduling(given: Rescheduling, value: Told) -> str:
    method = given.method or value.method
    often = "" if given.every is None else f"（{chinese.paced(given.every)}）"
    if given.payments is not None:
        number = f"所欠款项重新分为{given.payments}期偿还{often}"
    else:
        much = _much(value, given.instalment)
        part = f"本金{much}、利息另付" if method == "equal_principal" else much
        number = f"所欠款项改为每期偿还{part}{often}，直至还清"
    at = "" if given.rate is None else f"，{chinese.rate(given.rate)}"
    new = "" if given.method is None else f"，还款方式改为{chinese.METHODS[given.method]}"
    return f"{_when(given)}，{number}{at}{new}"


def _forgiveness(given: Forgiveness, value: Told) -> str:
    part = "本金" if given.of == "principal" else "递延利息"
    much = _much(value, given.amount if given.share is None else given.share)
    share_of = "的" if given.share is not None else ""
    return f"{_at(given)}减免{part}{share_of}{much}；{_held(_LIGHTER[given.hold], value.method)}"


def _forbearance(given: Forbearance, value: Told) -> str:
    held = _held(_LIGHTER[given.hold], value.method)
    much = _much(value, given.amount if given.share is None else given.share)
    return f"{_when(given)}，将本金中的{much}暂缓偿还，不计利息，与最后一期还款一并偿还；{held}"


def _advance(given: Advance, value: Told) -> str:
    fixed = "到期日不变，各期还款额重新计算"
    held = {
        "count": fixed,
        "maturity": fixed,
        "payment": "每期还款额不变，期限相应延长",
        "last": "每期还款额和到期日不变，追加部分并入最后一期还款额",
    }[given.hold]
    return f"{_at(given)}追加发放贷款{_much(value, given.amount)}；{_held(held, value.method)}"


def _arrears(given: Arrears, value: Told) -> str:
    part = {"interest": "利息", "penalty": "罚息", "fee": "费用"}[given.of]
    paid = {
        "next": "与下一期还款一并支付",
        "spread": "平均分摊到剩余各期支付",
        "last": "与最后一期还款一并支付",
    }[given.repay]
    return f"{_when(given)}，欠付{part}{_much(value, given.amount)}{paid}，不再计息"


def _settlement(given: EarlySettlement, value: Told) -> str:
    later = f"提出，{given.days_of_notice}日后" if given.days_of_notice else ""
    if given.method == "uk_2004" and given.deferral != "none":
        put_off = {None: "（贷款期限超过一年的再推后一个月）", "month": "再推后一个月"}
        later += put_off.get(given.deferral, "再推后30日")
    how = {
        "actuarial": "",
        "rule_of_78": "，利息按78法则计算",
        "uk_2004": "，并扣除英国2004年条例规定的退费",
        "flat_waived": "，尚未到期的费用免收",
        "flat_charged": "，尚未到期的费用全额收取",
    }[given.method]
    fee = given.fee
    if isinstance(fee, Decimal):
        fee = amount_of(value.loan, fee)
    paid = "" if fee is None or not fee else f"，另{settlement_fee_paid(fee, value.loan.currency)}"
    return f"{_at(given)}{later}提前结清全部欠款{how}{paid}"


#: The sentence of each kind of change.
SENTENCES: dict[type[Change], Callable[[Any, Told], str]] = {
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


def note(value: Note) -> str:
    """Return what became of a change because of another.

    Examples
    --------
    >>> note(Note("superseded", by=(2,), since=5))
    '自第5期起被第2项取代'
    >>> note(Note("deferred_already", dates=(4, 5, 6)))
    '第4至第6期此前已延期'
    """
    others = f"第{'、'.join(map(str, value.by))}项"
    dates = _numbers(value.dates)
    since = "" if value.since is None else f"自第{value.since}期起"
    match value.kind:
        case "superseded":
            return f"{dates or since}被{others}取代"
        case "superseded_early":
            return f"期满之前被{others}取代"
        case "instalments_superseded":
            return f"其分期安排被{others}取代"
        case "deferred_already":
            return f"{dates}此前已延期"
        case "moved_instead":
            return f"因{dates}已按{others}延期，本项延期的是第{value.instalment}期"
        case "ended":
            return f"{since}因{others}而终止"
        case "solved_again":
            return "因剩余各期的期间长短不同，每期还款额重新计算"
        case "interest_instead":
            return f"自第{value.since}期起，每期还款额不足以支付利息，改为足额支付当期利息"
        case "lapsed":
            return "贷款此前已结清，本项不生效"


def _numbers(numbers: Sequence[int]) -> str:
    """Return the numbers of instalments."""
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"第{numbers[0]}至第{numbers[-1]}期"
    return "第" + "、".join(map(str, numbers)) + "期" if numbers else ""
