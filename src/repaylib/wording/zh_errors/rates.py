"""Chinese: what errors of ``rates`` say, by the English text."""

__all__ = ["RATES"]

RATES: dict[str, str] = {
    # -- rates
    "rate": "利率",
    "share": "比例",
    "a {} such as {}{}": "应为{}，如 {}{}",
    ", {} or {}": "、{} 或 {}",
    " or {}": " 或 {}",
    "a {} from {}% to {}%": "{}应在 {}% 至 {}% 之间",
    "a {} of at most {} digits": "{}不能超过 {} 位数字",
    "round it, to 20 digits say": "请四舍五入，例如保留 20 位数字",
    "a rate from 0% to {}%": "利率应在 0% 至 {}% 之间",
    "write {} for a negative one": "负利率请写 {}",
    "a rate above 0%": "利率应高于 0%",
    "a bare {} is ambiguous: write {}{}": "只写 {} 有歧义：请写 {}{}",
    "write {} if it is per cent, {} if it is a share": "百分数请写 {}，比例请写 {}",
    "write {} if it is a share, {} if it is per cent": "比例请写 {}，百分数请写 {}",
    "a share of a year, up to {}": "应为一年的比例，不超过 {}",
    "write such as Fraction(1, 12) for a month": "例如一个月写 Fraction(1, 12)",
    'a whole number from 1 to {}, with kind="compounded"': (
        '应为 1 到 {} 的整数，只用于 kind="compounded"'
    ),
    "the rate of one period, not of a year": "应为一期的利率，不是年利率",
    "write rate.nominal(1) / 12 for a month": "一个月的利率请写 rate.nominal(1) / 12",
    'for a month write "{}"': '一个月的利率请写 "{}"',
    "the days of a year: 360, 364, 365 or 366": "应为一年的天数：360、364、365 或 366",
    # -- index rates
    "a day and a rate": "日期和利率",
    "a fixing at least": "至少要有一个定价基准值",
    "days, or the first of them and a frequency": "应为各个日期，或首个日期和周期",
    "a day at least": "至少要有一个日期",
    "every day once": "同一日期只能写一次",
    "take the other one out": "请去掉另一个",
    "a day, or a frequency such as a year": "应为日期，或周期，如一年",
    "a day, or a frequency: {}": "应为日期或周期；周期{}",
    'a number such as "1.5" or Fraction(3, 2)': '应为数，如 "1.5" 或 Fraction(3, 2)',
    "days before a reset, 0 to {}": "应为重定价日之前的天数，0 到 {}",
    "none on or before {}": "{} 及之前没有",
    "the fixing for {}; there are those of {}": "须有 {} 的定价基准值；现有的日期为 {}",
    "add the fixing of {}, or of a day before it": "请补充 {} 或之前的定价基准值",
    "one fixing for {}, where {} stands already": "{} 只能有一个定价基准值，已有 {}",
    "{} for {}": "{1} 的 {0}",
    "one that gives a rate of 0% or more; with the margin it is {}": (
        "得出的利率不能低于 0%；加点后为 {}"
    ),
    'write floor="0%", or such as floor="-1%" if it may be below': (
        '请写 floor="0%"；允许负利率的，可写 floor="-1%"'
    ),
    "what is rounded to as well": "须同时写明舍入的单位",
    "at least floor={}": "不能低于 floor={}",
    "write a higher cap or a lower floor": "请提高 cap，或降低 floor",
    "a nominal rate, as fixing and margin give one": "应为名义利率，与定价基准加点得出的利率一致",
    "a rate within {}={}": "利率不能超出 {}={}",
    "write another initial, or another {}": "请改写 initial 或 {}",
    # -- values that step
    "{} {}": "{1}{0}",
    "new values by day or instalment": "日期或期次和新的值",
    "the number of an instalment, 2 to {}": "应为期次，2 到 {}",
    "write the value from instalment 1 on as the initial one": "第 1 期起的值请写作初始值",
    "{}, or the number of an instalment": "{}，也可以写期次",
    "one value {}, where there are {}": "{}只能有一个值，现有 {}",
    "steps after start={}, on which {} holds": "调整日应晚于 start={}，当日适用 {}",
    "write it as the initial value, steps({!r}, ...)": "请写作初始值：steps({!r}, ...)",
    "one value for {}, where {} {} stands already": "{0} 只能有一个值，{2}已为 {1}",
    'hold="maturity", as hold="{}" does not solve the instalment again': (
        '应为 hold="maturity"；hold="{}" 不会重新计算每期还款额'
    ),
    "write {}, or leave recast out": "请写 {}，或不写 recast",
    # -- level payments
    "more than the interest of a period, {:f}": "应多于一期的利息 {:f}",
    "write a larger payment": "请提高每期还款额",
    "one that brings {} to {}": "应能使 {} 变为 {}",
    "change one of the three": "请更改三者之一",
    "change one of them": "请更改其中之一",
    "amounts that one rate fits, not two, {} and {}": (
        "各项金额应只对应一个利率，现对应 {} 和 {} 两个"
    ),
    'write near="{:f}%" or near="{:f}%" for the one that is meant': (
        '请以 near="{:f}%" 或 near="{:f}%" 写明所指的利率'
    ),
    "amounts that a rate from -100% to {}% fits, not {} and {} of {} payments": (
        "应有 -100% 至 {0}% 的利率与各项金额相符；{3} 期的 {1} 和 {2} 没有"
    ),
    "some amount that is not zero; now every rate fits": "应有不为零的金额；现任何利率都相符",
    "write one": "请写一项",
}
