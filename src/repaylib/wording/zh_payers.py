"""The texts of who pays in Chinese, by key."""

from __future__ import annotations

__all__ = ["PAYERS"]

PAYERS: dict[str, str] = {
    # -- 由谁承担
    "payer_name.payer": "承担方",
    "payer.share": "{name}承担{part}的{share}",
    "payer.amount": "{name}每期承担{part}{amount}",
    "payer.points": "{name}按年利率{points:points}个百分点承担利息",
    "payer.of.interest": "利息",
    "payer.of.principal": "本金",
    "payer.of.prepayment": "提前还款",
    "payer.of.fees": "费用、罚息和税款",
    "payer.of.payment": "每期还款额",
    "payer.cap_share": "最高不超过其{share}",
    "payer.cap_payment": "每次最高不超过{amount}",
    "payer.cap_year": "每个日历年最高不超过{amount}",
    "payer.cap": "累计最高不超过{amount}",
    "payer.to_payment": "至第{number}期止",
    "payer.until": "至{day}止",
    "payer.on_time": "仅限按期归还的款项",
    "payer.grace": "仅限按期归还或者逾期不超过{days}日的款项",
}
