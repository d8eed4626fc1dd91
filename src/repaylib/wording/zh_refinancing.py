"""The texts of a refinancing in Chinese, by key."""

from __future__ import annotations

__all__ = ["REFINANCING"]

REFINANCING: dict[str, str] = {
    # -- its tables
    "refinance.paid_off": "{on}结清",
    "refinance.other": "其他",
    "refinance.in_all": "合计",
    "refinance.to_pay": "还需支付",
    "refinance.stay": "不转贷",
    "refinance.switch": "转贷",
    "refinance.difference": "相差",
    "refinance.on_the_day": "当天",
    "refinance.first_month": "第1个月",
    "refinance.largest_month": "最多的一个月",
    "refinance.last_payment": "最后还款日",
    "refinance.later.months": "晚{count}个月",
    "refinance.later.days": "晚{count}天",
    "refinance.sooner.months": "早{count}个月",
    "refinance.sooner.days": "早{count}天",
    # -- its verdict
    "refinance.same": "转贷和不转贷付得一样多，都是{stay}。",
    "refinance.saves": "转贷少付{amount}：转贷共付{switch}，不转贷共付{stay}。",
    "refinance.costs": "转贷多付{amount}：转贷共付{switch}，不转贷共付{stay}。",
    "refinance.in_cash": "其中{amount}由借款人当天自付。",
    "refinance.received": "借款人当天另得{amount}，已从转贷的付款中减去。",
    "refinance.ends": "新贷款于{after}还清，原贷款于{before}还清，{later}。",
    "refinance.month": "第1个月付{after}，不转贷付{before}。",
    "refinance.even": "开始时的费用为{fee}时，转贷和不转贷付得一样多。",
    "refinance.never": "开始时即使不收费用，转贷也付得更多。",
    "refinance.turn.stay.switch": "{day}（第{month}个月）以前转贷付得多，此后转贷付得少。",
    "refinance.turn.stay.": "{day}（第{month}个月）以前转贷付得多，此后一样多。",
    "refinance.turn.switch.stay": "{day}（第{month}个月）以前转贷付得少，此后转贷付得多。",
    "refinance.turn.switch.": "{day}（第{month}个月）以前转贷付得少，此后一样多。",
    # -- how its sums are made up
    "refinance.sum.paid_off": "{on}结清：{amount}",
    "refinance.sum.quote": "{name}：{amount} = {parts}",
    "refinance.sum.lent": "新贷款发放：{amount} = 本金 {lent}",
    "refinance.sum.kept": "新贷款发放：{amount} = 本金 {lent} - 扣收 {kept}",
    "refinance.sum.cash": "其余 {amount} 由借款人自付",
    "refinance.sum.received": "其余 {amount} 付给借款人",
    "refinance.sum.stay": "不转贷：{amount}",
    "refinance.sum.switch": "转贷：{amount}",
    "refinance.sum.new": "新贷款",
    "refinance.sum.flows": "{name}：{amount}，共{count}次，自{start}付{first}至{end}付{last}",
    "refinance.sum.none": "{name}：无",
    "refinance.sum.saving": "少付：{amount} = 不转贷 {stay} - 转贷 {switch}",
    "refinance.sum.even": "两者相等的费用：{amount} = 少付 {saving} + 开始时的费用 {fees}",
}
