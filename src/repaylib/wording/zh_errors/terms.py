"""Chinese: what errors of ``terms`` say, by the English text."""

__all__ = ["TERMS"]

TERMS: dict[str, str] = {
    # -- the terms of a loan
    '{}, {}, "without_interest" or "waive"': '应为 {}、{}、"without_interest" 或 "waive"',
    'one of "balance", "original", an amount, or a list of days': (
        '应为 "balance"、"original"、金额或日期的列表'
    ),
    "a day and an amount": "日期和金额",
    "a day after start={}; an amount lent then is principal": (
        "应晚于 start={}；当日发放的金额属于本金"
    ),
    "add it to principal, or write a later day": "请计入本金，或写更晚的日期",
    "days after start={}, each later than the one before": "各日期应晚于 start={}，并由早到晚",
    "a share above zero": "比例应大于零",
    'a rise of 0% to 100%, such as "7.5%"': '涨幅应在 0% 至 100% 之间，如 "7.5%"',
    "write such as {} where it may rise to 125%": "最多升至 125% 的，例如写 {}",
    "{:,} fees": "{:,} 项费用",
    "add some of them up": "请合并其中几项",
    "terms with which it can be, and not {}={!r}": "应为可适用的条款，不能与 {}={!r} 同时写",
    "leave interest_remainder or {} out": "interest_remainder 与 {} 请只写一项",
    # -- instalments
    "as many as payments={}, or one less for the last to be what is left": (
        "个数应等于 payments={}；也可少一个，由最后一期偿还余额"
    ),
    "{} amounts": "{} 个金额",
    "write one amount for each payment": "请为每期写一个金额",
    "{} lump sums": "{} 笔大额还款",
    "a lump sum with payment {}": "第 {} 期的大额还款",
    "payments from 1 to {}": "期次应为 1 到 {}",
    "leave it out, or write the number of an earlier payment": "请去掉此项，或写更早的期次",
    'method="level"': '应为 method="level"',
    'none without method="level"': '只用于 method="level"',
    'leave it out with method="{}"': 'method="{}" 时请不写此项',
    'none with method="{}", which pays the principal in the end': (
        '不能与 method="{}" 同时写，该方式到期归还本金'
    ),
    "an instalment that is solved, and instalment={} is given": (
        "只用于计算得出的每期还款额；现已写 instalment={}"
    ),
    "leave {} or instalment out": "{} 与 instalment 请只写一项",
    "one instalment, solved or given, and not several that differ": (
        "每期还款额应为一个，由计算得出或直接写明，不能有多个"
    ),
    "{} with a tax on interest, which its instalment can include": (
        "应为 {} 并有利息的税，每期还款额才能含税"
    ),
    "write {1}, or leave {0} out": "请写 {1}，或不写 {0}",
    'an amount, if any, with method="flat", whose interest is on the original principal': (
        'method="flat" 按原始本金计息，此处只能写金额'
    ),
    "a level instalment that is given, as the base of later periods depends on it": (
        "须写明每期还款额，以后各期的计息本金取决于它"
    ),
    "write {} or another method": "请写 {}，或改用其他还款方式",
    "at least payments={}": "不能少于 payments={}",
    "write amortise_over={} or more, or fewer payments": (
        "请写 amortise_over={} 或更大的值，或减少期数"
    ),
    "no balloon={}: what is left in the end follows from either": (
        "不能同时写 balloon={}：两者都决定到期时的余额"
    ),
    "no amortise_over={}, which leaves the last payment more than an instalment": (
        "不能同时写 amortise_over={}：最后一期会多于每期还款额"
    ),
    "at most principal={}": "不能超过 principal={}",
    "write a smaller balloon": "请减少尾款",
    'method="level", not "{}", whose instalment holds no interest': (
        '应为 method="level"；"{}" 的每期还款额不含利息'
    ),
    "a day count that counts no business days, as that of the interest counts none": (
        "计息基础不能按工作日计算，因为利息不按工作日计算"
    ),
    'last="any", as the last payment takes what is left, and not {!r}': (
        '最后一期偿还余额，应为 last="any"，不能为 {!r}'
    ),
    "a first share above zero; for due dates without an instalment there is Deferral": (
        "首个比例应大于零；某期不还款的，请用 Deferral"
    ),
    "steps without {}, which says what a new rate does": "不能写 {}，它说明利率调整后如何计算",
    "a share above -100%": "比例应大于 -100%",
    "amounts": "应为金额的列表",
    "a number of payments, with one amount": "只写一个金额时，应为期数",
    'write every=6, or amounts by payment such as {6: "20000"}': (
        '请写 every=6，或按期次写金额，如 {6: "20000"}'
    ),
    'write {6: "20000"}, or every=6 with one amount': (
        '请写 {6: "20000"}，或写 every=6 和一个金额'
    ),
    "the number of a payment and an amount": "期次和金额",
    "one or more, each with its own payment": "至少写一项，期次不能重复",
    # -- rates that change
    'none with hold="level", which solves one instalment over all rates': (
        '不能与 hold="level" 同时写，它对全部利率计算同一每期还款额'
    ),
    "leave instalment out, or write {}": "请不写 instalment，或写 {}",
    'a rate with hold="maturity", as {!r} keeps the instalment': (
        '利率应为 hold="maturity"；{!r} 保持每期还款额不变'
    ),
    "write {} in the rate": "请在利率中写 {}",
    'a rate without recast="always", which recalculates the instalment on other days': (
        '利率不能有 recast="always"，它在其他日期重新计算每期还款额'
    ),
    # -- fees
    "a fee of zero or more": "费用不能小于零",
    "an amount or a share, as text": "应为文字形式的金额或比例",
    'write "{:.2f}" for an amount or "{:g}%" for a share': ('金额请写 "{:.2f}"，比例请写 "{:g}%"'),
    'when="calendar", not "{}", which says on what days it comes': (
        '应为 when="calendar"；"{}" 已说明何时收取'
    ),
    'every or first with when="calendar", which say on what days it comes': (
        'when="calendar" 须写 every 或 first，说明何时收取'
    ),
    'a time such as "month" or "year", not days or a rule': (
        '应为周期，如 "month" 或 "year"，不能是日期列表或规则'
    ),
    "{} or later, when it first comes": "不能早于首次收取的 {}",
    "write a later first, or leave it out": "请写更晚的 first，或不写此项",
    'money that is paid out, which there is not with when="{}"': (
        '应有发放的款项；when="{}" 时没有'
    ),
    'at most 100% with collected="deducted", which keeps it back from what is paid out': (
        'collected="deducted" 从发放的款项中扣收，不能超过 100%'
    ),
    'when="start" or a change; with when="{}" it would never be paid': (
        '应为 when="start" 或变更；when="{}" 时此费用永远不会支付'
    ),
    "a loan that goes on": "应为继续存续的贷款",
    'a fee of the start; one with when="{}" is earned as it falls due': (
        '应为发放贷款时的费用；when="{}" 的费用到期即已赚取'
    ),
    'a change with an amount of its own, which when="{}" has not': (
        '应为有金额的变更；when="{}" 没有金额'
    ),
    'a prepayment or a settlement, which saves interest, and collected="paid"': (
        '应为可少付利息的提前还款或结清，并写 collected="paid"'
    ),
    'an instalment, which when="{}" has not': '应有每期还款额；when="{}" 没有',
    "one of total, daily and late": "total、daily、late 至少写一项",
    "no fee at the start with a daily cap, as no day has passed by then": (
        "有每日上限时，不能有发放贷款时的费用，因为当时尚未满一天"
    ),
    'write Fee(..., when="instalment") or when="end", or leave daily out': (
        '请写 Fee(..., when="instalment") 或 when="end"，或不写 daily'
    ),
    'fees that are not given back, as the cap may cut them; "{}" is': (
        "费用不能有退费，因为上限可能削减费用；“{}”有退费"
    ),
    # -- fees for early settlement
    "a month and a fee": "月份和费用",
    "a month and a fee at least": "至少要有一个月份和费用",
    "each month once": "每个月份只能写一次",
    "a number of months of interest": "应为若干个月的利息",
    "a fee of months of interest, which alone become fewer as they elapse": (
        "应为若干个月利息的违约金，只有它会随时间减少"
    ),
    'of="balance_days", not "{}", which counts no days': (
        '应为 of="balance_days"；"{}" 不按天数计收'
    ),
    'when="start", not "{}", as it is charged on the days of the whole schedule': (
        '应为 when="start"，不能是 "{}"，因为费用按整个还款计划的天数计收'
    ),
    'a share of each day with of="balance_days"': 'of="balance_days" 时应为每日的比例',
    'method="flat", whose charge is agreed for a number of periods, and not {}': (
        '应为 method="flat"，其利息总额按约定期数确定，不能有 {}'
    ),
    "that changes": "会变动",
    "as many as it takes": "不限期数",
    "after the start": "在发放之后",
    "a last payment in another month than {}, as it repays what is left": (
        "最后一期不能在 {} 所在的月份，因为最后一期须还清余额"
    ),
    "write other payments, or another first payment": "请写其他期数，或其他首期还款日",
    "months, 1 to 12": "应为月份，1 到 12",
    "one or more months of the year, and not all of them": "应为一年中的一个或几个月，不能是全部月份",
    "{} months": "{} 个月",
}
