"""Chinese: what errors of ``changes`` say, by the English text."""

__all__ = ["CHANGES"]

CHANGES: dict[str, str] = {
    # -- the place of a change
    "exactly one of {} and on": "{} 与 on 须写一项，且只能写一项",
    "write {}, the day on which the loan starts": "请写 {}，即贷款发放日",
    "with_payment, the payment that falls due on the same day as the amount": (
        "应写 with_payment，即与该金额同日到期的一期"
    ),
    "the number of a payment, from 1": "应为期次，从 1 起",
    "a day, or the number of an instalment": "应为日期或期次",
    "later than {}, when the rate begins": "应晚于利率生效的 {}",
    # -- a deferral
    'the rest of the schedule left as it is, as scope="instalment" says': (
        'scope="instalment" 时，还款计划的其余部分不变'
    ),
    'scope="instalment"; with scope="schedule" the whole balance bears interest': (
        '只用于 scope="instalment"；scope="schedule" 时全部余额计息'
    ),
    'scope="instalment"; with scope="schedule" the rate is the loan\'s': (
        '只用于 scope="instalment"；scope="schedule" 时按贷款利率计息'
    ),
    'no deferred interest, as pause="principal" has it paid on the due dates': (
        'pause="principal" 时利息在还款日支付，没有递延利息'
    ),
    'pause="principal" or "all", as pause="interest" leaves the instalment on its date': (
        '应为 pause="principal" 或 "all"；pause="interest" 时还款日不变'
    ),
    'interest that is deferred, as pause="interest" says': 'pause="interest" 时，利息应为递延',
    'interest that is deferred, as pause="interest" says; waived interest is not': (
        'pause="interest" 时，利息应为递延；免收的利息无从递延'
    ),
    "write {} or leave base out": "请写 {}，或不写 base",
    "write {} or leave repay out": "请写 {}，或不写 repay",
    "write {} or leave capitalise_every out": "请写 {}，或不写 capitalise_every",
    'repay="capitalise"; repay="{}" capitalises nothing': (
        '只用于 repay="capitalise"；repay="{}" 时不计入本金'
    ),
    # -- a settlement
    'method="uk_2004", whose regulations know it, not method="{}"': (
        '只用于 method="uk_2004"，由该法规规定；不能用于 method="{}"'
    ),
    "a request that is settled before the end, {}; {} days of notice lead to {}": (
        "应在到期日 {} 之前结清；提前 {} 天通知，结清日为 {}"
    ),
    "a request that is settled before the end, {}; {} days of notice and a deferral of {} "
    "lead to {}": ("应在到期日 {} 之前结清；提前 {} 天通知，再推后 {}，结清日为 {}"),
    'write notice=0 and deferral="none", or leave it to end by itself; the latest day is {}': (
        '请写 notice=0 和 deferral="none"，或按计划还完；最晚日期为 {}'
    ),
    # -- amounts and shares
    "a share above 0% and below 100%": "比例应大于 0%、小于 100%",
    "exactly one of amount and share": "amount 与 share 须写一项，且只能写一项",
    "an amount in major units": "应为以元等主币单位计的金额",
    "exactly one of payments and instalment": "payments 与 instalment 须写一项，且只能写一项",
    # -- prepayments that repeat
    "{} or later, when the first is paid": "不能早于首次提前还款：{}",
    "a number of payments, as with_payment is one": "with_payment 为期次，此处应写期数",
    'a time such as "month", as on is a day': 'on 为日期，此处应写周期，如 "month"',
    'a time such as "month" or "2 weeks", not days or a rule': (
        '应为周期，如 "month" 或 "2 weeks"，不能是日期列表或规则'
    ),
    "every with it, as a single prepayment has no end": "须同时写 every；单次提前还款没有终止日",
    "write {}, or on=... in place of with_payment": "请写 {}，或把 with_payment 改为 on=...",
    "leave it out, or write every as well": "请不写此项，或同时写 every",
}
