"""Chinese: what errors of ``measures`` say, by the English text."""

__all__ = ["MEASURES"]

MEASURES: dict[str, str] = {
    "a loan that is owed for a time, as its cost is divided by it": "应为有占用时间的贷款，因为总成本须除以时间",
    "give a loan with later payments": "请给出以后才还款的贷款",
    # -- annual percentage rates and caps
    "the rule of a country, {}; none follows from amounts of {}": (
        "应为某一国家或地区的规则：{}；无法从 {} 的金额得出"
    ),
    "the rule of a country, {}; none follows from amounts without a currency": (
        "应为某一国家或地区的规则：{}；无法从没有币种的金额得出"
    ),
    'write such as rule="eu", or give a loan with its currency, Loan(..., currency="EUR")': (
        '例如写 rule="eu"，或写明贷款的币种：Loan(..., currency="EUR")'
    ),
    "a rule in force; {} is abolished since {} by the {}": "应为有效的规则；{} 已自 {} 起由 {} 废止",
    "write the rule of another country, or rp.irr(...) for the rate of the reducing balance": (
        "请写其他国家或地区的规则；按余额递减计算的利率请用 rp.irr(...)"
    ),
    "a rule that sets a tolerance, as Regulation Z does": "应为规定了允许误差的规则，如 Regulation Z",
    "compare with .percent, the rate as it is shown": "请与 .percent 比较，即公示的利率",
    "a credit that is owed for a time, for a certificate": "应为占用一段时间的贷款，才能出具计算凭证",
    "a rate with decimals, for a certificate": "应为带小数的利率，才能出具计算凭证",
    "a rule that discounts each flow, for a certificate": "应为把每笔收支折现的规则，才能出具计算凭证",
    "a rate that rp.apr returned": "应为 rp.apr 得出的利率",
    'the schedule alone, whose balances rule="{}" averages': (
        '只能写还款计划；rule="{}" 按其余额平均计算'
    ),
    "give the loan or its schedule, and no period": "请写贷款或其还款计划，不写期间",
    "a cap on the nominal or the effective rate of a year": "应为针对名义年利率或有效年利率的上限",
    "from 360 to 366 days": "应为 360 到 366 天",
    'none with rule="{}", which counts unit-periods': '不能与 rule="{}" 同时写，该规则按单位期间计算',
    "the caps of a country; none follows from amounts of {}": (
        "应为某一国家或地区的利率上限；无法从 {} 的金额得出"
    ),
    "the caps of a country; none follows from amounts without a currency": (
        "应为某一国家或地区的利率上限；无法从没有币种的金额得出"
    ),
    'write such as caps=rp.measures.known_caps("NL", on="2024-01-10"), or rp.measures.Cap("...", '
    '"24%")': (
        '例如写 caps=rp.measures.known_caps("NL", on="2024-01-10")，'
        '或 rp.measures.Cap("...", "24%")'
    ),
    "write rp.measures.Cap(...) for another": "其他国家或地区请写 rp.measures.Cap(...)",
    "one on all costs with flows alone, which do not tell interest from fees": (
        "只有现金流时无法区分利息和费用，应为针对全部费用的上限"
    ),
    "a schedule, whose balances a {} cap needs": "须有还款计划；{} 上限以余额计算",
    "give the schedule": "请写还款计划",
    "give the schedule, or another measure": "请写还款计划，或改用其他 measure",
    'a share such as "24%"': '应为比例，如 "24%"',
    "a day and a share": "日期和比例",
    "days in order, none twice": "日期应由早到晚，不能重复",
    "swap": "请对调两者",
    "a day from since={} on": "不能早于 since={}",
    "a day of this cap, {}": "应在此上限的适用期间内：{}",
    "now": "今",
    "write another on": "请改写 on",
    # -- flows
    "flows, a schedule or a loan": "应为现金流、还款计划或贷款",
    "amounts alone, one for each period from the first on": "应只写金额，自首期起每期一个",
    "flows of one loan": "应为一笔贷款的现金流",
    "flows of one loan, or of arrays; those of a book lie on days": (
        "应为一笔贷款或数组的现金流；贷款组合的现金流按日期排列"
    ),
    "equal periods, which due dates that are listed are not": "各期应等长；逐一列出的还款日不等长",
    "write rp.xirr(...), which counts days": "请写 rp.xirr(...)，按天数计算",
    "one that counts days, as flows on days have no periods": (
        "应按天数计算；按日期排列的现金流没有期间"
    ),
    "none with a schedule, which has its own": "不能与还款计划同时写，其中已有日期",
    "none beside a book, whose loans have both": "不能与贷款组合同时写，其中各笔贷款两者都有",
    "one for the book, whose currencies mean {}": "整个贷款组合只用一种规则；其币种对应的规则有：{}",
    'write such as rule="eu", or take a part, book.where(mask)': (
        '请写例如 rule="eu"，或用 book.where(mask) 取其中一部分'
    ),
    "none, as a book has its own": "不能写，贷款组合中已有日期",
    "none with equal periods, which have no days": "不能用于等长期间，其中没有日期",
    "none with a rate of one period": "不能与一期的利率同时写",
    "leave dates out, or give day_count": "请不写 dates，或写 day_count",
    "give one day to each amount": "请为每笔金额写一个日期",
    "{} dates": "{} 个日期",
    "as many as there are amounts, {}": "应与金额的个数相同，为 {}",
    "pairs of a day and an amount": "应为成对的日期和金额",
    'write [("2024-01-10", "-10000"), ...], or dates=[...] beside the amounts; for amounts at equal '
    "periods rp.irr(flows)": (
        '请写 [("2024-01-10", "-10000"), ...]，或在金额之外写 dates=[...]；'
        "期间等长的，请用 rp.irr(flows)"
    ),
    "a day for each of the flows": "每笔现金流应有一个日期",
    "a day for each of {} columns, or for each of the amounts": (
        "应为 {} 列各写一个日期，或为每笔金额各写一个日期"
    ),
    "write dates=[...], one to a column": "请写 dates=[...]，每列一个日期",
    "dates of shape {}": "形状为 {} 的日期",
    "none": "没有日期",
    "write {}, what the borrower pays": "请写 {}，即借款人支付的金额",
    "write {}, the schedule that it divides": "请写 {}，即所分摊的还款计划",
    "some days": "若干日期",
    "days in order along each line": "每行的日期应由早到晚",
    "as many days in each line": "各行的日期个数应相同",
    "write as many in each": "请使各行个数相同",
    "whole minor units, int64": "应为以分等辅币单位计的整数，类型为 int64",
    "an array of {}": "{} 类型的数组",
    "lines whose amounts sum to less than 2**62 minor units": (
        "每行金额合计应少于 2**62 个辅币单位"
    ),
    "amounts up to {:,}": "最大金额 {:,}",
    "write rp.irr(line.tolist()), rp.xirr or rp.npv for such a line by itself": (
        "此类行请单独用 rp.irr(line.tolist())、rp.xirr 或 rp.npv"
    ),
    "lines without a flow": "没有现金流的行",
    "leave them out": "请去掉这些行",
    "rates above -100%": "各利率应高于 -100%",
    "finite rates": "利率应为有限的数",
    "a rate for each line": "每行应有一个利率",
    "at most {} for many lines, whose rates are float64": (
        "多行计算时不能超过 {}，因为利率为 float64"
    ),
    "write rp.irr(line, digits=...) or rp.xirr(line, ...) for one of them": (
        "单独一行请写 rp.irr(line, digits=...) 或 rp.xirr(line, ...)"
    ),
    "one, or one for each line": "应只有一个，或每行一个",
    "no flows": "没有现金流",
    "{} flows from {} to {}": "{} 笔现金流，自 {} 至 {}",
    "{} flows over {} periods": "{1} 期内的 {0} 笔现金流",
    "{} {}s": "{} 个 {}",
    # -- yields and present values
    "some amount that is not zero": "应有不为零的金额",
    "write the amounts lent and the amounts paid": "请写贷出的金额和还款的金额",
    "the amounts lent and the amounts paid, of opposite signs; all of these are {}": (
        "贷出的金额与还款的金额，符号应相反；现全部为{}"
    ),
    "paid": "还款",
    "lent": "贷出",
    "write the amounts lent with a minus; rp.npv gives the present value of one side": (
        "贷出的金额请写负号；只有一方的金额，可用 rp.npv 计算现值"
    ),
    "flows that some rate above -100% makes worth nothing; none does": (
        "应有高于 -100% 的利率使现值为零；现没有这样的利率"
    ),
    "flows that one rate fits, not {}: {}": "现金流应只对应一个利率，现对应 {} 个：{}",
    'write near="{}" for the one that is meant, or put a rate into rp.npv': (
        '请以 near="{}" 写明所指的利率，或在 rp.npv 中写利率'
    ),
    "flows whose rates can be told apart; {}": "现金流的各个利率应能区分；{}",
    "change an amount by a cent, or put a rate into rp.npv": (
        "请把某一金额改动一分，或在 rp.npv 中写利率"
    ),
    'a rate such as "12%"': '应为利率，如 "12%"',
    "how often a nominal rate is compounded": "须写明名义利率多久复利一次",
    'write rp.compounded("{}", times=12), or rp.effective("{}")': (
        '请写 rp.compounded("{}", times=12) 或 rp.effective("{}")'
    ),
    "a rate of up to 100,000 % a period": "每期利率不能超过 100,000%",
    # -- the costs of a credit
    "an advance": "须有发放的贷款",
    "an advance, and payments for it": "须有发放的贷款，以及相应的还款",
    "a credit that some rate above -100% fits": "应有高于 -100% 的利率与此贷款相符",
    "a credit whose rates can be told apart; {}": "此贷款的各个利率应能区分；{}",
    "some payment; nothing is paid": "须有还款；现没有任何还款",
    "put a rate into rp.npv": "请在 rp.npv 中写利率",
    "write what is paid for it": "请写明相应的还款",
    "a schedule, whose fees have names": "须有还款计划，其中的费用有名称",
    "leave the flows of it out": "请从现金流中去掉此项费用",
    "none before the first advance on {}, from which rule={!r} counts": (
        "不能早于首次发放贷款的 {}；rule={!r} 自该日起计算"
    ),
    "give charges paid before the day of the first advance, from which they are taken off; "
    'rule="eu" counts the time before it': (
        '此前支付的费用，请写在首次发放贷款当日，从贷款金额中扣减；rule="eu" 会计入此前的时间'
    ),
    "less paid on the day of the first advance than is disbursed, or nothing is financed": (
        "首次发放贷款当日支付的金额，应少于发放的金额，否则没有融资"
    ),
    "leave out what is no charge for this credit; rp.xirr takes flows of any kind": (
        "请去掉不属于此贷款的费用；rp.xirr 可用于任何现金流"
    ),
    "none beside flows, which have both": "不能与 flows 同时写，其中两者都有",
    "some": "有值",
    "amounts of zero or more": "金额不能小于零",
    "write a negative one on the other side": "负数请写到另一方",
    # -- accounting
    "payments with one effective rate, net of fees and costs": (
        "扣除费用和成本后，各期还款应有唯一的实际利率"
    ),
    "one whose arrears of fees and penalties were forgiven or joined the principal": (
        "欠付的费用和罚息应已减免或计入本金"
    ),
    'write renegotiate(..., arrears={"penalty": "capitalise", "fee": "capitalise"})': (
        '请写 renegotiate(..., arrears={"penalty": "capitalise", "fee": "capitalise"})'
    ),
    "an account and its name": "科目及其名称",
    "none with fees that are not spread": "费用不分摊时不能写",
    "loans of one currency, as entries are added": "各笔贷款应为同一币种，因为分录需要相加",
    "a statement of a loan that takes over fees or penalties in arrears": (
        "承接了欠付费用或罚息的贷款的对账单"
    ),
    # -- comparisons
    "compare plans that repay the same amount from the same day on": (
        "请比较自同一日起偿还同一金额的方案"
    ),
    "plans of one debt, {}": "应为同一债务的方案：{}",
    "nothing owed on {}": "{} 没有欠款",
    "{} lent on {}": "{1} 发放 {0}",
    "{} to settle on {}": "{1} 结清金额 {0}",
    "{}: {}": "{}：{}",
    "compare plans of one currency": "请比较同一币种的方案",
    "plans in {} with {} decimals, as the first": "币种应与首个方案相同：{}（{} 位小数）",
    "a Schedule, a Loan or a Settlement": (
        "应为 Schedule（还款计划）、Loan（贷款）或 Settlement（结清）"
    ),
    "the same loan as before: {}": "应为变更前的同一笔贷款：{}",
    "make it of the first: rp.reschedule(before, ...), rp.change_rate(before, ...)": (
        "请由变更前的计划得出：rp.reschedule(before, ...)、rp.change_rate(before, ...)"
    ),
    "a day from the start, {}, to before the end, {}": "不能早于贷款发放日 {}，并应早于到期日 {}",
    "payments that repay the principal at one effective rate; none does": (
        "各期还款应按唯一的实际利率还清本金；现没有这样的利率"
    ),
    "payments that repay the principal at one effective rate; {} do": (
        "各期还款应按唯一的实际利率还清本金；现有 {} 个这样的利率"
    ),
    "compare the plans with rp.npv(plan, rate) at a rate of your choice": (
        "请选定利率，用 rp.npv(plan, rate) 比较各方案"
    ),
    # -- payers
    "a Schedule, a Loan or a Statement": (
        "应为 Schedule（还款计划）、Loan（贷款）或 Statement（对账单）"
    ),
    "another name than {}, which are columns of the table": "不能与表格的列名相同：{}",
    "exactly one of share, amount and points": "share、amount、points 须写一项，且只能写一项",
    "neither share, amount nor points": "share、amount、points 都没有",
    'of="interest" with points, which are points of the rate': (
        'points 是利率的百分点，应写 of="interest"'
    ),
    "leave of out, or write a share or an amount": "请不写 of，或写 share 或 amount",
    "on_time=True with it, as it says up to when a payment is on time": (
        "须同时写 on_time=True；此项说明何时还款算按期"
    ),
    "a payment from from_payment={} on": "不能早于 from_payment={}",
    "the name of a payer: {}": "应为承担方的名称：{}",
    "none, as nobody else pays": "没有，因为没有其他承担方",
    "give payers to shared_cost": "请在 shared_cost 中写承担方",
    "one whose schedule is what is paid": "应为按还款计划还款的对账单",
    'a statement with interest="{}"': 'interest="{}" 的对账单',
    "at most the {} of {}, {}": "不能超过 {1} 的 {0}：{2}",
    "at most the {} of {} that the payers before leave, {}": (
        "不能超过 {1} 的 {0} 减去前面各方承担后的余额：{2}"
    ),
    # -- readings
    "the place and periods that the change itself says": "变更本身已写明时间和期数",
    "write rp.changes.Prepayment(...), or payment=4 for a deferral": (
        "请写 rp.changes.Prepayment(...)；延期还款请写 payment=4"
    ),
    "nothing, as the rules of a statement are read": "不能写，此处解释的是对账单的规则",
    "a change, or payment or on for a deferral": "应为变更；延期还款可写 payment 或 on",
    "a change or more": "至少要有一项变更",
    "it alone, without payment": "应单独使用，不能同时写 payment",
    "a statement of a schedule, not of an arrangement, which says its rules": (
        "应为还款计划的对账单；还款安排已写明规则"
    ),
    "a number or a day, and an amount": "期次或日期和金额",
    # -- solving
    "the lowest and the highest {}": "应为 {} 的最低值和最高值",
    "{}, a step apart or more": "{}，且至少相差一个步长",
    "a function that returns a Decimal, a Fraction, an int or a day": (
        "应为返回 Decimal、Fraction、int 或日期的函数"
    ),
    "a function of the unknown": "应为以未知数为参数的函数",
    "a range with a value of which a schedule can be made; with {} {} should be {}": (
        "范围内应有可得出还款计划的值；取 {} 时，{}{}"
    ),
    "exactly one of at_most and at_least": "at_most 与 at_least 须写一项，且只能写一项",
    "write another limit, or between=(lowest, highest)": (
        "请改写限额，或写 between=(最低值, 最高值)"
    ),
    "{} to {}": "{} 至 {}",
    "{} gives {}": "{} 时为 {}",
    "a limit that not every {} keeps; {}, {}": "不能所有 {} 的取值都满足限额；{}，{}",
    "a limit that some {} keeps; {}, {}": "应有 {} 的取值满足限额；{}，{}",
}
