"""Chinese: what errors of ``money`` say, by the English text."""

__all__ = ["MONEY"]

MONEY: dict[str, str] = {
    "an ISO 4217 code such as CNY, EUR or JPY": "应为 ISO 4217 币种代码，如 CNY、EUR、JPY",
    "an amount{}": "应为金额{}",
    " as str, int or Decimal": "，类型为 str、int 或 Decimal",
    "a finite amount": "应为有限的金额",
    "an amount above zero": "金额应大于零",
    "an amount of zero or more": "金额不能小于零",
    "an amount below 10**{}": "金额应小于 10**{}",
    "an amount below 10**{}, of fewer than 2,000 digits": "金额应小于 10**{}，且少于 2,000 位",
    "at most {} decimals, as the loan has": "不能超过 {} 位小数，与贷款相同",
    "at most {} decimals, as {} has": "{1} 的金额不能超过 {0} 位小数",
    "whole {}": "{} 的金额应为整数",
    "a whole number from {} to {}": "应为 {} 到 {} 的整数",
    "one of {}, or a place from 0 to {}": "应为下列之一：{}，或序号 0 到 {}",
}
