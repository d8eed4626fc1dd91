"""Chinese: what errors of ``negotiation`` say, by the English text."""

__all__ = ["NEGOTIATION"]

NEGOTIATION: dict[str, str] = {
    # -- 贴息和还款额涨幅上限
    "points above 0%": "应大于 0%",
    "no change of payments made before": "不得改变此前的还款",
    "write a higher cap": "请写更高的上限",
    # -- budgets
    "an amount a month": "应为每月的金额",
    "a month or more": "至少要有一个月",
    "an income in some month; out of none, no debt can be paid": (
        "应有某月的收入；没有收入就无法偿还债务"
    ),
    "write {1}, or ask the lenders for a deferral{0}": "请写 {1}，或向贷款人申请延期还款{0}",
    ": rp.defer(...)": "：rp.defer(...)",
    "amounts without names": "没有月份名称的金额",
    "months by name, as {} has them, or lists for both": (
        "应与 {} 一样按月份名称填写，或两项都写成列表"
    ),
    "write {} with the names of {}, or as one amount": "{0} 请按 {1} 的月份名称填写，或只写一个金额",
    "the months of {}, in its order: {}": "应与 {} 的月份和顺序相同：{}",
    "name the same months": "请写相同的月份",
    "as many months as {} has, {}": "应与 {} 的月数相同，为 {}",
    "write one amount a month, or one for all": "请每月写一个金额，或只写一个金额",
    "one debt or more": "至少要有一笔债务",
    "more than nothing for debts in every month": "每月可还款额应大于零",
    "more than nothing for debts in every month; {}": "每月可还款额应大于零；{}",
    "lower essentials or reserve, or ask for a deferral{}": (
        "请降低 essentials 或 reserve，或申请延期还款{}"
    ),
    "a rate above zero": "汇率应大于零",
    "a budget in {}": "{} 的收支预算",
    "a budget without a currency": "没有币种的收支预算",
    "debts whose currency is said, beside a budget in {}; that of {} is not": (
        "收支预算的币种为 {}，各笔债务也应写明币种；{} 没有写明"
    ),
    'write Debt(..., currency="{}") or the loan in it': '请写 Debt(..., currency="{}")，或在贷款中写明币种',
    "the rate of {} beside {}: amounts of several currencies do not add up": (
        "{1}之外另有币种，须写 {0} 的汇率：不同币种的金额不能相加"
    ),
    "{} and of {}": "{} 和 {}",
    "write {}, what one is in the currency of the budget": "请写 {}，即折合预算币种的汇率",
    'write Budget(..., currency="{}"), and {}, what one is in the currency of the budget': (
        '请写 Budget(..., currency="{}") 和 {}，后者为折合预算币种的汇率'
    ),
    # -- debts
    "a debt that goes on": "应为尚未结清的债务",
    "an amount or a share": "应为金额或比例",
    "{}, {} or text": "应为 {}、{} 或文字",
    "the rate and the minimum of a bare balance, or a Loan or a Schedule": (
        "只有余额时须写利率和最低还款额；也可以写 Loan（贷款）或 Schedule（还款计划）"
    ),
    "more than the interest of a month, {}, or the {} is never repaid; {:,f} repays it in 60 "
    "months": "应多于一个月的利息 {}，否则{}永远还不清；每月还 {:,f}，60 个月可还清",
    "write {} or more, or agree on another rate": "请写 {} 或更大的值，或约定其他利率",
    "that of the loan, {} with {} decimals": "应与贷款相同，即 {}（{} 位小数）",
    "none beside the loan, which says it: {}": "不能与贷款同时写，贷款中已有：{}",
    "leave {} out, or change the terms of the loan": "请不写 {}，或更改贷款条款",
    "none beside the statement, which says {}": "不能与对账单同时写，其中已有 {}",
    "a day on or after {}, when {} begins": "不能早于{1}开始的 {0}",
    "False for {}, whose loan charges a fee for each prepayment": (
        "{}应为 False，因为此贷款每次提前还款都收费"
    ),
    "write Debt(loan, extra=False), which is then paid as agreed": (
        "请写 Debt(loan, extra=False)，按约定还款"
    ),
    "False for {}, as what is paid ahead leaves a change impossible that is agreed for later, {}: "
    "{}": "{}应为 False，因为提前还款后，此后约定的变更无法执行：{}：{}",
    "write Debt(schedule, extra=False), which is then paid as agreed": (
        "请写 Debt(schedule, extra=False)，按约定还款"
    ),
    # -- concessions
    "one Concession or more": "至少要有一项 Concession（让步）",
    'none with kind="{}"': '不能与 kind="{}" 同时写',
    'the most payments with kind="term"': 'kind="term" 时，须写明最多期数',
    "a share above 0%, at most 100%": "比例应大于 0%，不超过 100%",
    "exactly one of payment, share and reduction": (
        "payment、share、reduction 须写一项，且只能写一项"
    ),
    "share with {}, not {}": "写 {} 时应写 share，不能写 {}",
    "a payment above nothing": "每期还款额应大于零",
    "{}, which is {}": "{}，即 {}",
    "write a larger payment or income, or smaller other costs; rp.defer(...) puts payments off, "
    "rp.forgive(...) lets them go": (
        "请提高还款额或收入，或降低其他支出；rp.defer(...) 可延期还款，rp.forgive(...) 可减免"
    ),
    "the gross income of which it is a share": "须写明税前收入，以计算比例",
    'a step that takes them, rp.negotiation.Concession("capitalise"), in the waterfall {}': (
        '让步顺序 {} 中应有处理欠款的一步：rp.negotiation.Concession("capitalise")'
    ),
    "put it first": "请放在最前",
    "one, as the waterfall {} has none": "让步顺序 {} 没有目标，须写明",
    "a target that is a share of it, not {}": "目标应为收入的比例，不是{}",
    # -- negotiations
    "a share from 0% to 100%": "比例应在 0% 至 100% 之间",
    "a step of at least {}": "步长不能小于 {}",
    "at least one of affordable, end, last_payment and total": (
        "affordable、end、last_payment、total 至少写一项"
    ),
    "a Statement with {:,f} in arrears": "逾期 {:,f} 的对账单",
    "a schedule in which they have their place": "应为已列入逾期款项的还款计划",
    "write negotiate(rp.renegotiate(statement), payment=1, ...)": (
        "请写 negotiate(rp.renegotiate(statement), payment=1, ...)"
    ),
    "an amount for each month": "应为每月的金额",
    "write another": "请改写此项",
    "one for all, or one for each of {} loans": "应只写一个，或为 {} 笔贷款各写一个",
    "write {}=[...] with {} of them": "请写 {}=[...]，共 {} 个",
    "no {} with {}": "写 {1} 时不能写 {0}",
    "instalments left to negotiate": "应有可协商的剩余期数",
    "instalments left": "应有剩余期数",
    "nothing falls due after {}": "{} 之后没有到期款项",
    "write an earlier payment or on": "请写更早的 payment 或 on",
    # -- refinancing
    "a Schedule or a list": "应为 Schedule（还款计划）或列表",
    "a Schedule, a Loan, a Debt or a Settlement": (
        "应为 Schedule（还款计划）、Loan（贷款）、Debt（债务）或 Settlement（结清）"
    ),
    "one loan or more": "至少要有一笔贷款",
    "each loan once": "每笔贷款只能写一次",
    "leave it out; of two loans with the same terms, write rp.Debt(loan, name="
    '"first") and rp.Debt(loan, name="second")': (
        "请去掉此项；两笔贷款条款相同的，"
        '请写 rp.Debt(loan, name="first") 和 rp.Debt(loan, name="second")'
    ),
    "the day on which the old loans are paid off": "须写明结清原贷款的日期",
    "a day from {} to before {}, while {} runs": "{2}存续期间为 {0} 至 {1}（不含）",
    "a quote of {} for {}, when all are paid off": "{}的结清金额应为 {} 的金额，各笔贷款均在当日结清",
    "write {}, or quote it for that day": "请写 {}，或计算当日的结清金额",
    "write {}, or quote the old loans for another day": "请写 {}，或计算原贷款另一日期的结清金额",
    "a part of {}": "{}的一部分",
    "a quote of all that is owed": "应为全部欠款的结清金额",
    "leave amount out of settle()": "settle() 中请不写 amount",
    "{} with {} decimals, as the first loan": "应与首笔贷款的币种相同：{}（{} 位小数）",
    "refinance the loans of one currency at a time": "请按币种分别再融资",
    "a rest to borrow, and {} is owed on {}": "应有需要借入的余额；{1} 的欠款为 {0}",
    "{}, and pay all of it in cash": "{}，全部以现金支付",
    "a loan that starts on {}, when the old loans are paid off": (
        "新贷款应于 {} 发放，即结清原贷款之日"
    ),
    "{} paid out, to pay off the old loans on {}; {} is missing": (
        "应发放 {}，以在 {} 结清原贷款；还差 {}"
    ),
    "lend more, or write {} if the rest is paid in cash": "请增加贷款金额；余额以现金支付的，写 {}",
    "none beside new, which says it": "不能与 new 同时写，其中已有此项",
    "leave {} or new out": "{} 与 new 请只写一项",
    "a loan, or the rate of one": "须写新贷款，或其利率",
    "a term of rp.Loan": "应为 rp.Loan 的参数",
    "fees, amounts or shares": "应为费用、金额或比例",
    "fees that leave most of the principal to be paid out": "扣除费用后，本金的大部分应能发放",
}
