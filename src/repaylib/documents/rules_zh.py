"""What is agreed around a schedule, in Chinese: fees, penalties, the order of payment, breach."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from repaylib.arrears.allocation import AGES, Allocation, Cell
from repaylib.arrears.breach import Breach
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.documents import chinese
from repaylib.documents.facts import LateRate, in_currency, share
from repaylib.rates.rate import percent
from repaylib.rates.step_schedule import Place
from repaylib.terms.fees import Fee
from repaylib.terms.settlement_fees import Months, SettlementFee
from repaylib.typing import Age, Component, FeeTime

__all__ = [
    "COMPONENTS",
    "agreed",
    "allocation",
    "breach",
    "fee",
    "fee_collected",
    "fee_name",
    "fee_standard",
    "payee",
    "penalty",
    "penalty_standard",
    "place",
    "settlement_fee",
    "settlement_fee_paid",
]

_TIMES: dict[FeeTime, str] = {
    "start": "发放贷款时",
    "instalment": "每期还款时",
    "due_date": "每个还款日",
    "end": "最后一期还款时",
    "deferral": "延期时",
    "rate_change": "调整利率时",
    "prepayment": "部分提前还款时",
    "rescheduling": "重新分期时",
    "forgiveness": "减免时",
    "advance": "追加发放贷款时",
    "settlement": "提前结清时",
    "late": "逾期时",
}

_FEE_NAMES: dict[FeeTime, str] = {
    "start": "贷款手续费",
    "instalment": "分期手续费",
    "due_date": "账户管理费",
    "end": "到期手续费",
    "deferral": "延期手续费",
    "rate_change": "利率调整手续费",
    "prepayment": "部分提前还款违约金",
    "rescheduling": "重新分期手续费",
    "forgiveness": "减免手续费",
    "advance": "追加发放贷款手续费",
    "settlement": "提前还款违约金",
    "late": "逾期违约金",
}

COMPONENTS: dict[Component, str] = {
    "costs": "实现债权的有关费用",
    "fee": "手续费等其他费用",
    "penalty": "罚息",
    "interest": "利息",
    "principal": "本金",
}

_AGES: dict[Age, str] = {"past due": "逾期部分", "due": "当日到期部分", "in advance": "未到期部分"}


def place(value: Place) -> str:
    """Return from when a step holds."""
    return f"自第{value}期起" if isinstance(value, int) else f"自{chinese.day(value)}起"


# -- fees -------------------------------------------------------------------------------------


def fee_name(value: Fee) -> str:
    """Return what a fee is called: its own name, or what its kind is usually called."""
    usual = value.name == f"{value.when.replace('_', ' ')} fee"
    return _FEE_NAMES[value.when] if usual else value.name


def fee_collected(value: Fee) -> str:
    """Return when and how a fee is collected.

    Examples
    --------
    >>> fee_collected(Fee("1%")), fee_collected(Fee("1%", collected="deducted"))
    ('发放贷款时一次收取', '发放贷款时从贷款金额中扣收')
    """
    once = "一次" if value.when in ("start", "end") else ""
    how = {"paid": f"{once}收取", "deducted": "从贷款金额中扣收", "financed": "计入本金"}
    return _TIMES[value.when] + how[value.collected]


def payee(value: str) -> str:
    """Return who gets a fee."""
    return {"lender": "贷款人", "guarantor": "保证人"}.get(value, value)


def fee_standard(value: Fee, currency: str) -> str:
    """Return how much a fee is."""
    if isinstance(value.amount, Decimal):
        return agreed(value.amount, currency)
    of = {
        "principal": "贷款本金",
        "balance": "本金余额",
        "instalment": "当期还款额",
        "change": "本次变动金额",
    }[value.of]
    if value.of == "change" and value.when in ("settlement", "prepayment"):
        of = "提前偿还的本金"
    return f"{of}的{percent(value.amount)}"


def fee(value: Fee, currency: str) -> str:
    """Return a fee in a line.

    Examples
    --------
    >>> fee(Fee("1%", collected="financed"), "CNY")
    '贷款手续费：贷款本金的1%，发放贷款时计入本金，收取主体为贷款人'
    """
    back = "，提前结清时按剩余天数比例退还" if value.refund == "pro_rata" else ""
    return (
        f"{fee_name(value)}：{fee_standard(value, currency)}，{fee_collected(value)}，"
        f"收取主体为{payee(value.payee)}{back}"
    )


def settlement_fee(value: Decimal | Fraction | SettlementFee, currency: str) -> str:
    """Return a fee for settling early.

    Examples
    --------
    >>> settlement_fee(SettlementFee({0: "3 months", 12: "1%"}, cap="eu"), "CNY")
    '3个月利息，自第12个月起为提前偿还本金的1%，不超过欧盟法定上限'
    """
    if not isinstance(value, SettlementFee):
        return _cell(value, currency)
    words = []
    for month, cell in value.steps:
        since = f"自第{month}个月起为" if month else ""
        words.append(since + _cell(cell, currency, less=value.less_elapsed))
    if value.at_least is not None:
        words.append(f"最低不低于{agreed(value.at_least, currency)}")
    if value.at_most is not None:
        words.append(f"最高不超过{_cell(value.at_most, currency)}")
    if value.cap == "eu":
        words.append("不超过欧盟法定上限")
    return "，".join(words)


def _cell(value: Decimal | Fraction | Months, currency: str, *, less: bool = False) -> str:
    match value:
        case Months(count=count):
            return f"{count}个月利息" + ("（减去已经过的月数）" if less else "")
        case Fraction():
            return f"提前偿还本金的{percent(value)}"
    return agreed(value, currency)


def settlement_fee_paid(value: Decimal | Fraction | SettlementFee, currency: str) -> str:
    """Return that a fee for settling early is paid.

    Examples
    --------
    >>> settlement_fee_paid(Fraction(1, 100), "CNY"), settlement_fee_paid(Decimal(50), "CNY")
    ('按提前偿还本金的1%支付违约金', '支付违约金50.00元')
    """
    if isinstance(value, Decimal):
        return f"支付违约金{agreed(value, currency)}"
    if isinstance(value, SettlementFee):
        return f"支付违约金，标准为{settlement_fee(value, currency)}"
    return f"按{settlement_fee(value, currency)}支付违约金"


def agreed(value: Decimal, currency: str) -> str:
    """Return an amount of a rule with its currency."""
    return chinese.money(in_currency(value, currency), currency)


# -- being late -------------------------------------------------------------------------------

_BASES = {"principal": "逾期本金", "instalment": "逾期的当期全部款项", "balance": "全部未还本金"}


def penalty(value: PenaltyTerms, currency: str, rates: Sequence[LateRate] = ()) -> str:
    """Return what being late costs.

    Examples
    --------
    >>> print(penalty(PenaltyTerms("1.5"), "CNY", [LateRate(Fraction(9, 50), None)]))
    对逾期本金按贷款利率的1.5倍（年利率18%）计收罚息，自逾期之日起至清偿之日止，不再另计正常利息。
    """
    if value.free:
        return "逾期不计收罚息。"
    words = []
    if value.rate is None or value.rate.value:
        since = "逾期之日"
        if value.grace_days and value.grace == "end":
            since = "宽限期届满次日"
        first = "自首次逾期之日起全部本金提前到期，" if value.base == "balance" else ""
        words.append(
            f"{first}对{_BASES[value.base]}按{_penalty_rate(value, rates)}计收罚息，"
            f"自{since}起至清偿之日止，不再另计正常利息"
        )
    if value.on_interest:
        words.append("对不能按时支付的利息，按罚息利率计收复利")
    if value.day_count is not None:
        words.append(f"罚息{chinese.DAY_COUNTS[value.day_count]}")
    if value.grace_days:
        late = "违约金" if value.late_fee is not None else ""
        words.append(
            f"宽限期为{value.grace_days}日：宽限期内还清的，不计罚息"
            f"{f'，也不收取{late}' if late else ''}；超过宽限期仍未还清的，"
            f"自{'逾期之日' if value.grace == 'due_date' else '宽限期届满次日'}起计收罚息"
        )
    if value.late_fee is not None:
        words.append(_late_fee(value.late_fee, currency))
    if value.cap is not None:
        words.append(f"罚息和逾期违约金合计最高不超过{agreed(value.cap, currency)}")
    if value.cap_rate is not None:
        words.append(f"罚息利率最高不超过{chinese.rate(value.cap_rate)}")
    if value.cap_share is not None:
        words.append(f"每期罚息最高不超过该期逾期本金的{percent(value.cap_share)}")
    return "。".join(words) + "。"


def penalty_standard(value: PenaltyTerms, currency: str, rates: Sequence[LateRate] = ()) -> str:
    """Return the rate of the penalty and the late fee, as a cell of a table."""
    if value.free:
        return "不计收"
    words = []
    if value.rate is None or value.rate.value:
        words.append(f"{_BASES[value.base]}按{_penalty_rate(value, rates)}")
    if value.late_fee is not None:
        words.append(_late_fee(value.late_fee, currency))
    return "；".join(words)


def _late_fee(much: Decimal | Fraction, currency: str) -> str:
    if isinstance(much, Fraction):
        return f"每期另按逾期款项的{percent(much)}收取逾期违约金"
    return f"每期另收取逾期违约金{agreed(much, currency)}"


def _penalty_rate(value: PenaltyTerms, rates: Sequence[LateRate]) -> str:
    if value.rate is not None:
        return chinese.rate(value.rate)
    if value.addition is not None:
        text = f"贷款利率加{percent(value.addition).removesuffix('%')}个百分点"
    else:
        times = percent((value.multiplier or Fraction(1)) / 100).removesuffix("%")
        text = f"贷款利率的{times}倍"
    shown = [
        ("" if each.since is None else f"自{chinese.day(each.since)}起")
        + f"年利率{share(each.rate)}"
        for each in rates
    ]
    return f"{text}（{'，'.join(shown)}）" if shown else text


def breach(value: Breach, currency: str) -> str:
    """Return when an agreement is broken, and what follows.

    Examples
    --------
    >>> breach(Breach(days=30, reinstates="forgiven"), "CNY")
    '任一期还款逾期满30日的，构成违约。违约的，此前的减免不再适用，借款人应当补付已减免的款项，并自违约之日起就该款项支付罚息。'
    """
    when = []
    if value.days is not None:
        when.append(f"任一期还款逾期满{value.days}日")
    if value.instalments is not None:
        when.append(f"累计有{value.instalments}期未按期足额还款且尚未补足")
    if value.amount is not None:
        when.append(f"逾期金额达到{agreed(value.amount, currency)}")
    since = {"breach": "违约之日", "agreement": "本协议生效之日"}[value.penalty_from]
    follows = {
        "nothing": "违约的，已减免的款项不再补付。",
        "forgiven": "违约的，此前的减免不再适用，借款人应当补付已减免的款项，"
        f"并自{since}起就该款项支付罚息。",
        "old_terms": "违约的，贷款人有权解除本协议，双方按原借款合同履行，已支付的款项相应扣除。",
    }[value.reinstates]
    more = "贷款人有权宣布全部剩余欠款提前到期。" if value.accelerate else ""
    return f"{'，或者'.join(when)}的，构成违约。{follows}{more}"


# -- the order of payment -----------------------------------------------------------------------


def allocation(value: Allocation) -> str:
    """Return in which order money received pays.

    Examples
    --------
    >>> allocation(Allocation())
    '借款人的还款依次冲抵实现债权的有关费用、手续费等其他费用、罚息、利息、本金，先冲抵最早到期的一期；提前支付的款项用于冲抵其后各期应还款项。'
    """
    how = "先冲抵最早到期的一期"
    if value.across == "component":
        how = "各期同类款项全部冲抵后再冲抵下一类"
    if value.among == "pro_rata":
        how += "，同类款项按比例冲抵"
    later = "".join(f"；逾期满{days}日起，{_order(order)}" for days, order in value.switch)
    ahead = {
        "next": "提前支付的款项用于冲抵其后各期应还款项",
        "last": "提前支付的款项冲抵本金，从最后一期起依次抵减",
        "payment": "提前支付的款项冲抵本金，每期还款额不变，期限相应缩短",
        "maturity": "提前支付的款项冲抵本金，到期日不变，各期还款额重新计算",
    }[value.ahead]
    return f"借款人的还款{_order(value.order)}，{how}{later}；{ahead}。"


def _order(order: tuple[Cell, ...]) -> str:
    names = [component for age, component in order if age == "past due"]
    if order == tuple((age, name) for age in AGES for name in names):
        return f"依次冲抵{'、'.join(COMPONENTS[name] for name in names)}"
    runs: list[tuple[Age, list[str]]] = []
    for age, name in order:
        if not runs or runs[-1][0] != age:
            runs.append((age, []))
        runs[-1][1].append(COMPONENTS[name])
    return "依次冲抵" + "，".join(f"{_AGES[age]}的{'、'.join(each)}" for age, each in runs)
