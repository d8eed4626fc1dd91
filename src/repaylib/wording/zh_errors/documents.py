"""Chinese: what errors of ``documents`` say, by the English text."""

__all__ = ["DOCUMENTS"]

DOCUMENTS: dict[str, str] = {
    # -- agreements
    "Limits, or the name of a preset": "应为 Limits，或预设方案的名称",
    "one schedule": "应为单个还款计划",
    "breach with it, which says when the agreement is broken": (
        "须同时写 breach，写明何种情形构成违约"
    ),
    "the schedule that was changed into this one, whose first changes it has": (
        "应为变更前的还款计划；其变更应是本计划最先的几项变更"
    ),
    "write before=plan, where schedule=rp.defer(plan, ...)": (
        "例如 schedule=rp.defer(plan, ...)，则写 before=plan"
    ),
    "none over several debts, of which each has its own": "多笔债务各有此项，不能合并写一项",
    "write rp.agreement(combined.part(0), {}=...) for each": (
        "请为每笔债务分别写 rp.agreement(combined.part(0), {}=...)"
    ),
    "a combination of the same debts: {}": "应为相同债务的合并：{}",
    "take the statement of the same debt": "请使用同一债务的对账单",
    "none beside the arrangement, which says it from {} on": (
        "不能与还款安排同时写，还款安排自 {} 起已有约定"
    ),
    "leave {} out, or write agreement(arrangement.schedule, {}=...)": (
        "请不写 {}，或写 agreement(arrangement.schedule, {}=...)"
    ),
    "one in the currency of the schedule, {} with {} decimals": (
        "应与还款计划的币种相同：{}（{} 位小数）"
    ),
    "of {}": "（关于 {}）",
    "sentences": "应为句子的列表",
    "{} sentences": "{} 个句子",
    "a {}, as it is named": "应为 {}，因为已写明其名称",
    # -- stored agreements
    "{!r}, as the terms say": "按条款应为 {!r}",
    "store the agreement again": "请重新保存协议",
    "nothing beside the arrangement, which says it": "已有还款安排约定，不能再写",
    "write null": "请写 null",
    "that of the terms": "应为条款所述的还款计划",
    "2, as version 1 has no terms": "应为 2；版本 1 没有保存条款",
    # -- claims
    "an account that owes less at {} a year than by contract": "按年利率 {} 计算的欠款，应少于按合同计算的欠款",
    "send no claim": "请不要提出请求",
    "a claim of {:,f}": "{:,f} 的请求",
    # -- letters
    "a Schedule or an Arrangement": "应为 Schedule（还款计划）或 Arrangement（还款安排）",
    "a plan with it, whose worth is held against what would be recovered": (
        "须同时写方案，以其现值与可收回的金额相比较"
    ),
    "write proposal=... or option=..., or leave recovery out": (
        "请写 proposal=... 或 option=...，或不写 recovery"
    ),
    "one debt; each lender gets a letter": "应为一笔债务；每个贷款人各用一份申请书",
    "write one call each": "请分别调用",
    "option or proposal, not both": "option 与 proposal 只能写一项",
    "an Option of a negotiation": "应为协商得出的 Option（方案）",
    "renegotiate the statement of this debt": "请以此债务的对账单协商",
    "the schedule that is owed, {}, with further changes": "应为现有的还款计划（{}）加上新的变更",
    "the schedule that is owed": "现有的还款计划",
    "write proposal=rp.defer(plan, payment=4), with the same plan": (
        "请用同一个 plan，写 proposal=rp.defer(plan, payment=4)"
    ),
    "{:,f} {} from {}": "{:,f} {}，自 {} 起",
    "a schedule of the balance, {:,f} {} from {}": "应为该余额的还款计划：{:,f} {}，自 {} 起",
    "the day of the statement, {}": "应为对账单的日期 {}",
    "leave on out, or take a statement of that day": "请不写 on，或出具当日的对账单",
    "the day of the letter, for a bare balance": "只有余额时，须写明申请书的日期",
    "one in {}, that of the debt": "应与债务的币种相同，即 {}",
    "{}, the currency of the debt": "应与债务的币种相同，即 {}",
}
