"""The certificate of an agreement: its text, its payments, and the schedules that it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from repaylib.documents.agreed_figures import AgreedFigures, begins_on
from repaylib.money.amounts import minor_of
from repaylib.output.certificates import Certificate, digits
from repaylib.schedule.certificate import certify as certify_schedule
from repaylib.schedule.certificate import content_of, total_of

if TYPE_CHECKING:
    from repaylib.documents.agreements import Agreement

__all__ = ["certify"]

Plain = dict[str, Any]


def certify(agreement: Agreement, agreed: AgreedFigures) -> Certificate:
    """Return the certificate of an agreement with these figures."""
    before, after, on = agreed.before, agreed.schedule, agreed.on
    at_once = on <= after.loan.start
    if at_once or before.loan != after.loan or on != begins_on(after, before):
        before = after  # which has nothing to compare
    plans = {"after": after} if before is after else {"before": before, "after": after}
    days, columns = after.accrual_dates.tolist(), after.columns
    due = [
        (str(row), int(payment))
        for row, day, payment in zip(
            columns.date.tolist(), days, columns.payment.tolist(), strict=True
        )
        if day > on or at_once
    ]
    if len(agreed.rows) > len(due):
        more = total_of(after, "payment", first=on, last=on)
        due.insert(0, (str(on), more - total_of(before, "payment", first=on, last=on)))
    payments = []
    for row, (day, follows) in zip(agreed.rows, due, strict=True):
        amount = minor_of(row.payment, after.loan.decimals)
        plain: Plain = {"date": day, "amount": digits(amount)}
        payments.append(plain | ({"apart": digits(amount - follows)} if amount != follows else {}))
    content: Plain = {
        "on": str(on),
        "text": agreement.to_text(),
        "payments": payments,
        "total": digits(minor_of(agreement.total, after.loan.decimals)),
        "certificates": {name: certify_schedule(plan).sha256 for name, plan in plans.items()},
        **{name: content_of(plan) for name, plan in plans.items()},
    }
    return Certificate("agreement", content)
