"""Chinese: what errors of ``engine`` say, by the English text."""

__all__ = ["ENGINE"]

ENGINE: dict[str, str] = {
    # -- what a loan with seasons, or with divided interest, does not take
    "a last payment on {}": "最后一期在 {}",
    "a change that ends the loan in a month in which more than interest is paid": (
        "变更后的最后一期须在不只付息的月份"
    ),
    "write other payments or periods, or keep the final date": "请改写期数，或保持到期日不变",
    "no change of what is lent or of the rate, as the rule of 78 divides a charge agreed at the start": (
        "不能变更贷款金额或利率，因为78法则分摊的是发放时约定的利息总额"
    ),
    "write {}, or settle the loan and make a new one": "请写 {}，或结清后另立新贷款",
    # -- when the loan ends
    "an end by 9999-12-31, when the calendar ends": "到期日不能晚于日历的最后一天 9999-12-31",
    "write an earlier day": "请写更早的日期",
    "write fewer periods": "请减少期数",
    "write fewer payments": "请减少期数",
    "write a shorter time": "请缩短时间",
    "write an earlier day, or more payments": "请写更早的日期，或增加期数",
    "days before the loan ends, on {}": "各日期应早于贷款结束的 {}",
    "a later instalment to pay the deferred amount, as {} keeps the end on {}": (
        "须有更晚的一期偿还递延款项，因为 {} 时到期日仍为 {}"
    ),
    "write fewer periods, or {} with {}": "请减少期数，或写 {} 和 {}",
    'an instalment; with method="bullet" nothing falls due before the end': (
        '应有分期还款；method="bullet" 时到期日之前无需还款'
    ),
    # -- an instalment that does not repay the loan
    "at least the interest due on {}, {}": "不能少于 {} 到期的利息 {}",
    "at least the interest and tax due on {}, {}": "不能少于 {} 到期的利息和税款 {}",
    "write a larger instalment": "请提高每期还款额",
    "write a larger instalment, {2}, or {0}{3}{1}": "请提高每期还款额，或写 {2}，或写 {0}{3}{1}",
    "write {1} or {0}": "请写 {1} 或 {0}",
    "Loan(..., ": "Loan(..., ",
    ")": ")",
    "one that repays the loan {}": "应能还清贷款：{}",
    "an instalment that repays the loan {}; {} does not": "每期还款额应能还清贷款：{}；{} 不够",
    "within {} payments": "不超过 {} 期",
    "by 9999-12-31, when the calendar ends": "不晚于日历的最后一天 9999-12-31",
    "lump sums that repay more than the loan": "大额还款合计超过贷款",
    "lump sums that leave an instalment to solve; without one, they repay all and {} more with "
    "each payment": "大额还款之外应有每期还款额；现在仅大额还款已全部还清，每期还多出 {}",
    "write smaller lump sums, or fewer": "请减少大额还款的金额或次数",
    "a multiple near the instalment, which rounded to a whole {} is nothing": (
        "倍数应与每期还款额相近；每期还款额取 {} 的整数倍后为零"
    ),
    'write a smaller one, or instalment_rounding="up"': (
        '请写较小的倍数，或写 instalment_rounding="up"'
    ),
    "at least {}, the amount owed with payment {} of payments={}": (
        "不能少于 {0}，即 payments={2} 的第 {1} 期所欠金额"
    ),
    "write larger instalments, or leave the last one out, which then pays the remainder": (
        "请提高各期还款额，或不写最后一期，由其偿还余额"
    ),
    # -- prepayments and reductions
    "at most the principal owed on {}, {}": "不能超过 {} 所欠本金 {}",
    "at most the deferred interest owed on {}, {}": "不能超过 {} 的递延利息 {}",
    'write settle(schedule, on="{}") to pay all': '要全部还清，请写 settle(schedule, on="{}")',
    'fees that are amounts, or shares of the principal or the change, not of="{}"': (
        '费用应为金额，或按本金或变更金额的比例收取，不能为 of="{}"'
    ),
    "write the amount that is prepaid, without in_hand": "请不写 in_hand，直接写提前偿还的本金",
    "write a larger amount": "请写较大的金额",
    "more in hand than the fees and the interest on {}; {} at least": (
        "应多于 {} 的费用和利息，至少为 {}"
    ),
    "at most {}, which repays all that is owed on {}, with its fees and interest": (
        "不能超过 {}，此金额可还清 {} 的全部欠款，包括费用和利息"
    ),
    "more than {:,} times": "超过 {:,} 次",
    "at most {:,} until the loan ends": "到贷款结束为止不能超过 {:,} 次",
    "write until=..., or a longer every": "请写 until=...，或更长的 every",
    "deferred interest owed on {}; none is deferred then": "{} 应有递延利息；当日没有",
    "write {}, or a day on which some is owed": "请写 {}，或写有欠款的日期",
    "write a smaller amount, or a share such as {}": "请写较小的金额，或写比例，如 {}",
    "less than the principal that bears interest on {}, {}": "应少于 {} 计息的本金 {}",
    # -- changes
    "a change, such as a Deferral or a RateChange": "应为变更，如 Deferral 或 RateChange",
    'payments=n with method="{}", which has no instalment to fix': (
        'method="{}" 没有固定的每期还款额，应写 payments=n'
    ),
    "payments that repay the principal at some rate; no rate certainly does": (
        "各期还款应按某一利率还清本金；现无法确定这样的利率"
    ),
    "write {}, which charges the interest accrued by contract": ("请写 {}，按合同收取已计提的利息"),
    "financed fees that come to an end; each of them is due on all of them, and together they are "
    "above {} times the amount lent": (
        "计入本金的费用应能算出；费用按含费用的本金计收，现在合计超过贷款金额的 {} 倍"
    ),
    "write smaller shares, or {}": "请写更小的比例，或 {}",
}
