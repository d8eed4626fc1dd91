"""The texts of a credit record, and of an account rebuilt at a legal rate, in Chinese, by key."""

from __future__ import annotations

__all__ = ["CLAIMS"]

CLAIMS: dict[str, str] = {
    # -- a credit record
    "column.report": "报送日",
    "column.overdue": "逾期金额",
    "column.days_past_due": "逾期天数",
    "credit_record": "信用记录",
    "credit_record.text": "近{months}个月还款状态：{text}",
    "credit_record.clear": "{day}前还清{amount}，当日报送即显示正常",
    # -- an account rebuilt at a legal rate
    "rebuilt": "按{rate}重新计算的账户",
    "rebuilt.contract": "按合同，{day}尚欠{amount}",
    "rebuilt.legal": "按{rate}计算，尚欠{amount}",
    "rebuilt.overpaid": "按{rate}计算，已多付{amount}",
    "rebuilt.claim": "可主张{amount}",
    "rebuilt.none": "无可主张：合同约定不高于{rate}",
    # -- what keeps an agreement
    "breach_warning": "须在{day}（含当日）以前支付{amount}，否则{breaks}构成违约",
    # -- a claim for it
    "claim": "重新核算欠款请求书",
    "claim_facts": "借款和还款情况",
    "claim_count": "按{rate}重新计算",
    "claim_asked": "请求事项",
    "claim_opening": "就{start}发放的贷款，请求重新核算欠款。",
    "claim_opening_name": "本人{name}，就{start}发放的贷款，请求重新核算欠款。",
    "claim_terms": "合同约定：{terms}。",
    "claim_lent": "实际发放合计{amount}。",
    "claim_paid": "截至{day}，已还款合计{amount}。",
    "claim_rule": "每笔还款先冲抵截至当日按{rate}计算的利息，余额冲抵本金；未付利息不计复利。",
    "claim_cap": "依据：{name}（{source}）。",
    "claim_result": "按合同，{day}尚欠{contract}；按{rate}计算，尚欠{legal}。",
    "claim_result_overpaid": "按合同，{day}尚欠{contract}；按{rate}计算，欠款已经还清，多付{refund}。",
    "claim_correct": "请将欠款调减{claim}。",
    "claim_refund": "请结清账户，并退还多付的{refund}。",
    "claim_written": "请以书面形式确认重新核算的结果。",
    "miss_basis": "利率上限的依据",
}
