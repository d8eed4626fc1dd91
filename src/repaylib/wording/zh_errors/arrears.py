"""Chinese: what errors of ``arrears`` say, by the English text."""

__all__ = ["ARREARS"]

ARREARS: dict[str, str] = {
    # -- the order of payment
    "days past due and an order": "逾期天数和冲抵顺序",
    "each number of days once": "同一天数只能写一次",
    "components, in order": "应为按顺序排列的款项",
    "components, or pairs of age and component": "应为款项，或成对的账龄和款项",
    "every component once": "每种款项应写一次，且只能写一次",
    "{}, {} times": "{}，共 {} 次",
    "an Allocation": "应为 Allocation（冲抵顺序）",
    # -- certificates
    "a statement on the balance of due dates, for a certificate": (
        "应为按到期日余额计息的对账单，才能出具计算凭证"
    ),
    # -- events
    "a list of events": "应为事件的列表",
    "events such as a Receipt": "应为事件，如 Receipt（还款记录）",
    "a day from the start of the loan, {}": "不能早于贷款发放日 {}",
    "that of the loan, {}": "应与贷款相同，即 {}",
    "convert it at an agreed rate, and write the amount in the loan's currency": (
        "请按约定汇率折算，以贷款的币种填写金额"
    ),
    "a Receipt, or its id": "应为 Receipt（还款记录）或其编号 id",
    "a day from {}, that of the receipt": "不能早于该笔还款的日期 {}",
    "a receipt among those given, each reversed once": "应为已列出的还款记录，每笔只能冲正一次",
    'write of="A17" for rp.Receipt(..., id="A17")': '例如对 rp.Receipt(..., id="A17")，请写 of="A17"',
    "one of amount and share, or neither": "amount 与 share 最多写一项",
    "drop one": "请去掉其中一项",
    "each id once": "编号不能重复",
    "give each receipt its own id": "请为每笔还款写不同的 id",
    'write "{}": []': '请写 "{}": []',
    "write a Reversal for a receipt that bounced": "还款被退回的，请写 Reversal",
    "at most {}, what is held that was paid ahead or too much": (
        "不能超过待入账的预付或多付款项 {}"
    ),
    "at most the {} owed and due on {}, {}": "不能超过 {1} 已到期未付的 {0}：{2}",
    'write a smaller amount, share="100%", or rp.forgive(...) for what is not yet due': (
        '请写较小的金额，或 share="100%"；未到期的部分请用 rp.forgive(...)'
    ),
    # -- statements
    "report this statement, with its schedule and events": (
        "请报告此对账单，并附上还款计划和各项事件"
    ),
    "{:,f}, the money received, as what is paid and held": (
        "已付款项与待入账款项之和应等于收到的款项 {:,f}"
    ),
    "a loan whose interest is on its balance; interest of this loan is on the original principal": (
        "应为按余额计息的贷款；此贷款按原始本金计息"
    ),
    "a loan without cost_cap, which counts the interest of the schedule": (
        "贷款不能有 cost_cap，它按还款计划的利息计算"
    ),
    'rest="day", as {}': '应为 rest="day"，因为{}',
    "the interest of the schedule does not ask when money came": "还款计划的利息与到账日期无关",
    "daily simple interest counts a receipt from its own day": "按日计算的单利从还款当日起计算",
    'leave rest out, or write interest="balance"': '请不写 rest，或写 interest="balance"',
    "fewer days than a period has, {}": "天数应少于一期的天数 {}",
    "the number of an instalment, 1 to {}": "应为期次，1 到 {}",
    "write {} or less, or leave it out": "请写 {} 或更小的期次，或不写此项",
    # -- penalties
    "terms that step on days": "应为按日期调整的条款",
    "a multiple of the loan's rate, a plain number up to {}": (
        "应为贷款利率的倍数，写成不超过 {} 的数字"
    ),
    "write {} for a multiple of the loan's rate, {} for a rate a year": (
        "倍数请写 {}，年利率请写 {}"
    ),
    "a multiplier, an addition, a rate or a late_fee": (
        "multiplier、addition、rate、late_fee 须写明其一"
    ),
    "write {1} or {2}, or leave {0} out": "请写 {1} 或 {2}，或不写 {0}",
    "a penalty rate beside it": "须同时写明罚息利率",
    'base="principal"; base="instalment" has the interest in it': (
        '应为 base="principal"；base="instalment" 已包含利息'
    ),
    "PenaltyTerms": "应为 PenaltyTerms（罚息条款）",
    "it alone, without {}": "应单独使用，不能同时写 {}",
    # -- breach and arrangements
    "at least one of days, instalments and amount": "days、instalments、amount 至少写一项",
    'another word than reinstates="old_terms", by which there is nothing to accelerate': (
        'reinstates 不能为 "old_terms"，否则没有可提前到期的款项'
    ),
    'reinstates="forgiven" with it; with "{}" nothing that was forgiven comes back on which '
    "penalties could run": (
        '须同时写 reinstates="forgiven"；写 "{}" 时没有需要补付的减免款项，也就没有罚息'
    ),
    "a word, or a word by part": "应为一个词，或按款项分别写词",
    "a rule for when it is broken": "须写明何种情形构成违约",
    "a rule that missing all instalments breaks": "各期均未还款时，应构成违约",
    "a rule that missing all breaks": "各期均未还款时，应构成违约",
    "renegotiate from a later day": "请从更晚的日期起重新协商",
    "a day up to {}, from which the agreement holds": "不能晚于还款安排的生效日 {}",
    "a day from {}, that of the agreement": "不能早于还款安排的日期 {}",
    'write statement(..., as_of="{}") for the debt before it': (
        '此前的债务，请写 statement(..., as_of="{}")'
    ),
    "take the statement before the agreement anew, and renegotiate": (
        "请重新出具还款安排之前的对账单，再行协商"
    ),
    "reversals of what was received since {}; the agreement counts on it": (
        "只能冲正自 {} 起收到的款项；此前的款项已计入还款安排"
    ),
    "renegotiate with all that was received before it": "请计入此前收到的全部款项，再行协商",
    "events from {} on, that of the agreement, or ones that it knows": (
        "应为自还款安排的日期 {} 起的事件，或其中已有的事件"
    ),
    "a debt of which something is to be repaid in instalments": "应有需要分期偿还的欠款",
    'leave something to capitalise, arrears={"principal": "capitalise"}': (
        '请留下可计入本金的部分：arrears={"principal": "capitalise"}'
    ),
    "the cost_cap of the new loan, as the old loan has one": (
        "原贷款有 cost_cap，须写明新贷款的 cost_cap"
    ),
    'write terms={"cost_cap": rp.terms.CostCap(...)}, or None for none': (
        '请写 terms={"cost_cap": rp.terms.CostCap(...)}；没有的写 None'
    ),
    "take a statement of a later day": "请出具更晚日期的对账单",
    "how many new instalments, as none are left": "已无剩余期数，须写明新的期数",
    "one of payments, instalment, rate, every, method, first_payment, arrears, changes, breach, "
    "agreed, terms, penalty, allocation, interest, rest": (
        "应为下列之一：payments、instalment、rate、every、method、first_payment、arrears、changes、"
        "breach、agreed、terms、penalty、allocation、interest、rest"
    ),
    "a day from that of the last agreement, {}": "不能早于上一次还款安排的日期 {}",
    "write terms={{{!r}: ...}} for a term of the new loan": (
        "新贷款的条款，请写 terms={{{!r}: ...}}"
    ),
    "a day before {}, on which the agreement is broken": "须早于 {}，协议自该日起构成违约",
    "pay what is overdue, or renegotiate": "请先还清逾期款项，或重新协商",
    "an agreement or more": "至少要有一份协议",
    "an event": "应为一项事件",
    'write such as {"receipt": {...}}': '例如写 {"receipt": {...}}',
}
