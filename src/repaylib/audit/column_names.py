"""The names that lenders, and this library, give the columns of a schedule."""

from __future__ import annotations

from unicodedata import normalize

from repaylib.schedule.rows import NAMES

__all__ = ["LISTED", "column_of"]

#: The columns that an error lists.
LISTED = ("number", "date", "payment", "interest", "principal", "fee", "balance")

_OTHERS = {
    "number": "no nr # month period instalment_no instalment_number payment_no payment_number pmt_no"
    " 期次 期数 期 期号 序号",
    "date": "day due due_date due_on payment_date 还款日 还款日期 还款时间 应还款日 应还日期 到期日 日期",
    "payment": "instalment installment total emi amount payment_amount monthly_payment total_payment"
    " scheduled_payment total_due amount_due pmt 月供 月供金额 还款额 还款金额 月还款额 每月还款额 每期还款额"
    " 当期还款额 本期应还 应还总额 应还金额 应还本息 本息合计 合计",
    "interest": "interest_paid interest_amount 利息 应还利息 偿还利息 还款利息",
    "principal": "principal_paid principal_amount 本金 应还本金 偿还本金 还款本金",
    "fee": "fees charges 费用 手续费 服务费",
    "penalty": "penalties late_fee 罚息 违约金",
    "tax": "taxes 税款 税费 税",
    "refund": "refunds 退费",
    "deferred_interest": "deferred_interest_paid 延付利息 本期支付的递延利息 递延利息",
    "advanced": "lent 追加放款 追加贷款 追加发放贷款",
    "capitalised": "capitalized 计入本金",
    "forgiven": "减免 减免本金",
    "waived": "免收利息",
    "deferred": "put_off still_deferred 待付利息 未付递延利息 未付递延利息余额",
    "prepaid": "提前偿还 其中提前偿还",
    "forgiven_interest": "减免递延利息",
    "opening": "opening_balance beginning_balance starting_balance 期初余额 期初本金",
    "closing": "balance closing_balance remaining_balance outstanding outstanding_balance"
    " ending_balance loan_balance principal_balance outstanding_principal remaining_principal"
    " 贷款余额 剩余贷款 剩余欠款 剩余应还本金 期末本金 本金余额 剩余本金 剩余本金余额 期末余额",
}
_COLUMNS = {head: name for name, heads in _OTHERS.items() for head in heads.split()}
_COLUMNS |= {name: name for name in (*NAMES, "currency")}


def column_of(head: object) -> str | None:
    """Return the column of a schedule that a head names, in English or Chinese; nothing for others.

    Examples
    --------
    >>> column_of("Remaining balance"), column_of("本金余额"), column_of("rent")
    ('closing', 'closing', None)
    """
    if not isinstance(head, str):
        return None
    plain = normalize("NFKC", head).strip().lower().partition("(")[0].rstrip(" .:")
    return _COLUMNS.get("_".join(plain.split()))
