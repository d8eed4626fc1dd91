"""Chinese: what errors of ``schedule`` say, by the English text."""

__all__ = ["SCHEDULE"]

SCHEDULE: dict[str, str] = {
    # -- what is given
    "a Loan": "应为 Loan（贷款）",
    "schedules or loans": "应为还款计划或贷款",
    "a change such as Deferral(payment=4)": "应为变更，如 Deferral(payment=4)",
    "write rp.Loan(principal=..., rate=..., ...)": "请写 rp.Loan(principal=..., rate=..., ...)",
    '"due", "balance" or names': '应为 "due"、"balance" 或名称',
    "names of fees": "应为费用名称",
    "a Fee, or a name or payee of one": "应为 Fee（费用），或费用的名称或收取主体",
    "a name or payee of a fee: {}": "应为费用的名称或收取主体：{}",
    # -- where a change begins
    "the number of a due date of this schedule, 1 to {}": "应为此还款计划的期次，1 到 {}",
    "a row of this schedule, or the number of a due date, 1 to {}": (
        "应为此还款计划的行，或期次 1 到 {}"
    ),
    "the number of a payment before the last of this schedule, 1 to {}": (
        "应为此还款计划最后一期之前的期次，1 到 {}"
    ),
    "a payment before the last; this schedule has one payment": (
        "应在最后一期之前；此还款计划只有一期"
    ),
    "write {}, a day before the end": "请写 {}，即到期日之前的日期",
    "a loan that goes on; this one ended on {}": "应为尚未结束的贷款；此贷款已于 {} 结束",
    "change the schedule before that": "请在此之前变更还款计划",
    "an instalment that can be deferred; this one is paid on {} itself, in advance": (
        "应为可延期的一期；此期为期初还款，在 {} 当日支付"
    ),
    "an instalment; due date {} is skipped": "应为有还款的一期；第 {} 期暂停还款",
    "write the number of the instalment that is to be moved": "请写需要推迟的期次",
    "a day that is not between due date {} as agreed, {}, and its business day, {}": (
        "不能在第 {} 期的约定还款日 {} 与顺延后的工作日 {} 之间"
    ),
    "a day after {}, when the rate begins": "应晚于利率生效的 {}",
    "a change that leaves the earlier ones possible; number {}, {}, then fails: {}": (
        "变更不能使此前的变更无法执行；第 {} 项变更（{}）将无法执行：{}"
    ),
    "agree on it before that one, or make it smaller": "请约定在该项变更之前，或减少金额",
    "change {}: {}": "（第 {} 项变更：{}）",
    # -- several schedules
    "a list of schedules": "应为还款计划的列表",
    "one schedule or more": "至少要有一个还款计划",
    "{} names, one a schedule": "应有 {} 个名称，每个还款计划一个",
    "names that differ": "名称不能重复",
    "each schedule once": "每个还款计划只能写一次",
    "leave it out, or write {} for two with the same terms": "请去掉此项；两者条款相同的，写 {}",
    "{} with {} decimals, as the first": "应与首个还款计划的币种相同：{}（{} 位小数）",
    "combine the schedules of each currency": "请按币种分别合并",
    "at most {}, which is owed on {}": "不能超过 {1} 的欠款 {0}",
    # -- settlements
    "True, as a quote is for a loan": "应为 True，因为结清金额是一笔贷款的",
    "True or False for one loan": "一笔贷款应为 True 或 False",
    "write {}, or take a book of loans": "请写 {}，或使用贷款组合",
    "amount with it, as nothing is kept where all is settled": (
        "须同时写 amount；全部结清时没有需要保持不变的项目"
    ),
    "write {}, or leave hold out": "请写 {}，或不写 hold",
    'a part of a debt that bears interest; method="{}" gives a rebate only on all of it': (
        '应为计息债务的一部分；method="{}" 只在全部结清时退息'
    ),
    'write {} or "uk_2004", or leave amount out': '请写 {} 或 "uk_2004"，或不写 amount',
    "none, as the loan charges {} for the prepayment": "不能写，此贷款对提前还款收费 {}",
    "an amount or a share with amount=, where a change has set another rate": (
        "变更已调整利率，写 amount= 时应为金额或比例"
    ),
    "what is overdue on the day; without arrears, {:,f} settles the loan": (
        "须写明当日的逾期金额；没有逾期的，结清金额为 {:,f}"
    ),
    'write arrears="0" if all was paid as it fell due, or the sum overdue': (
        '已按期还款的，请写 arrears="0"；否则写逾期金额'
    ),
    # -- storage
    "a value": "须有值",
    'write "{}": ...': '请写 "{}": ...',
    'write "{}": [...]': '请写 "{}": [...]',
    'write "changes": []': '请写 "changes": []',
    'write such as {"kind": "deferral", ...}': '例如写 {"kind": "deferral", ...}',
    "a list of pairs": "应为成对的值的列表",
    "what to_json() writes": "应为 to_json() 写出的内容",
    "write what {}.to_json() gives": "请写 {}.to_json() 的结果",
    "write what {}.to_dict() gives": "请写 {}.to_dict() 的结果",
    '"{}"': '应为 "{}"',
    "{}, the version this repaylib reads": "应为 {}，即此版本的 repaylib 可读的版本",
    "read it with the repaylib that wrote it": "请用写出它的 repaylib 版本读取",
    "JSON; {}": "应为 JSON；{}",
    "only {}": "只能有 {}",
    "take it out": "请去掉此项",
    "every key once": "每个键只能写一次",
    "two values": "两个值",
    "{:,} changes": "{:,} 项变更",
    "at most {:,} changes": "不能超过 {:,} 项变更",
    "store a new loan of what is left": "请以剩余欠款另存为新贷款",
    "{} digits": "{} 位数字",
    "at most 76 digits, as Arrow has": "不能超过 Arrow 的 76 位数字",
    # -- the check of the rows
    "{}, by {}": "按 {1} 应为 {0}",
    "report this schedule, with schedule.to_dict()": "请报告此还款计划，并附上 schedule.to_dict()",
    "report plan.row({}), with to_dict()": "请报告 plan.row({})，并附上 to_dict()",
}
