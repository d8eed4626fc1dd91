"""What a credit bureau is told of a loan: a status for each month, and what is overdue then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, get_args

from repaylib.arrears.statements import Statement, statement
from repaylib.dates.months import day_in, month_of
from repaylib.errors import Phrase, check_kind, check_word
from repaylib.money.counts import parse_count
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table, TableOf, heads
from repaylib.typing import CreditCodes
from repaylib.wording.sentence import Money, Sentence

__all__ = ["CreditMonth", "CreditRecord", "credit_record"]

MOST_MONTHS = 120


class Codes(NamedTuple):
    """The letters of a scheme: before the loan, paid as agreed, closed, written off, overdue from days on."""

    before: str
    current: str
    closed: str
    written_off: str
    overdue: tuple[tuple[int, str], ...]


CODES: dict[CreditCodes, Codes] = {
    "CN": Codes(
        "*", "N", "C", "B", tuple(zip((1, 31, 61, 91, 121, 151, 181), "1234567", strict=True))
    ),
    "US": Codes("B", "0", "0", "L", tuple(zip((30, 60, 90, 120, 150, 180), "123456", strict=True))),
}


@dataclass(frozen=True, slots=True)
class CreditMonth:
    """One month of a credit record.

    Attributes
    ----------
    date
        The day of the report.
    status
        The letter of the month.
    overdue
        All that was due before the day and not paid, with penalties, in major units.
    days_past_due
        Days since the oldest due date on which something is missing.
    """

    date: date
    status: str
    overdue: Decimal
    days_past_due: int


class CreditRecord(Tabular, TableOf[CreditMonth]):
    """The credit record of a loan, the oldest month first; :func:`~repaylib.arrears.credit_record` makes one.

    It prints as a table, and shows as HTML in notebooks.

    Attributes
    ----------
    rows
        The months.
    statement
        The statement up to whose day it goes.
    codes
        The scheme of the letters.
    clears_on
        The first report that shows the loan as paid, if `to_clear` is paid by then.
    to_clear
        What must be paid so that nothing is overdue on `clears_on`: the arrears with the penalties up to
        then, and what falls due before. In major units; 0 if nothing is overdue.
    """

    __slots__ = ("clears_on", "codes", "rows", "statement", "to_clear")

    rows: tuple[CreditMonth, ...]
    statement: Statement
    codes: CreditCodes
    clears_on: date
    to_clear: Decimal

    def __init__(
        self,
        months: Sequence[CreditMonth],
        statement: Statement,
        codes: CreditCodes,
        clears_on: date,
        to_clear: Decimal,
    ) -> None:
        self._store(
            rows=tuple(months),
            statement=statement,
            codes=codes,
            clears_on=clears_on,
            to_clear=to_clear,
        )

    @property
    def text(self) -> str:
        """The letters of all months as one text, the oldest first."""
        return "".join(month.status for month in self)

    @property
    def largest(self) -> Decimal:
        """The largest amount that was overdue in a month, in major units."""
        return max(month.overdue for month in self)

    def __repr__(self) -> str:
        return f"<CreditRecord ({self.codes}): {self.text}>"

    def _data(self) -> dict[str, list[Any]]:
        names = CreditMonth.__slots__
        return {name: [getattr(month, name) for month in self] for name in names}

    def _table(self) -> Table:
        rows = [
            [str(month.date), month.status, f"{month.overdue:,f}", str(month.days_past_due)]
            for month in self
            if month.status != CODES[self.codes].before
        ]
        below: list[object] = [Sentence("credit_record.text", months=len(self), text=self.text)]
        if self.to_clear:
            loan = self.statement.schedule.loan
            amount = Money(self.to_clear, loan.currency)
            below.append(Sentence("credit_record.clear", amount=amount, day=self.clears_on))
        header = heads(["report", "status", "overdue", "days_past_due"])
        return Table(header, rows, left=2, below=below, caption=Sentence("credit_record"))


def credit_record(
    owed: Statement, *, codes: CreditCodes, months: int = 24, report_day: int = 31
) -> CreditRecord:
    """Return the credit record of a loan, as of the day of a statement.

    The statement of every report day is made anew from its events; under an agreement, by the
    agreement that was in force then. A receipt that was reversed later counts as not received.

    Parameters
    ----------
    owed
        The statement; of a loan that is paid off, of a day after it.
    codes
        The letters.

        ``"CN"``
            as the credit reports of the People's Bank of China (二代征信报告) have them: ``N`` paid as
            agreed, ``1`` overdue by 1 to 30 days, ``2`` by 31 to 60, ... ``6`` by 151 to 180, ``7`` by
            more, ``C`` paid off, ``B`` written off, ``*`` before the loan.
        ``"US"``
            as the payment history profile of Metro 2 (Consumer Data Industry Association) has them:
            ``0`` up to 29 days, ``1`` from 30 days on, ``2`` from 60, ... ``6`` from 180 on, ``L``
            written off, ``B`` before the loan.
    months
        How many months, at most 120. 24 by default.
    report_day
        The day of the month on which it is reported; 31, the default, is the last of each month.

    Raises
    ------
    RepayError
        If a word or a number is not accepted.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("60000", "0%", 12, "2024-12-15", currency="CNY"))
    >>> paid = [rp.Receipt(row.date, row.payment) for row in plan[:10]]
    >>> owed = rp.statement(plan, paid, as_of="2025-12-31")
    >>> record = rp.arrears.credit_record(owed, codes="CN")
    >>> record.text, record[-2].overdue, record[-1].overdue
    ('***********NNNNNNNNNNN12', Decimal('5000.00'), Decimal('10000.00'))
    """
    check_kind(
        owed, "owed", Statement, Phrase("write {}", "rp.statement(plan, receipts, as_of=...)")
    )
    check_word("codes", codes, get_args(CreditCodes))
    count = parse_count(months, "months", most=MOST_MONTHS, example=24)
    day = parse_count(report_day, "report_day", most=31, example=31)
    latest = month_of(owed.as_of) - (day_in(month_of(owed.as_of), day) > owed.as_of)
    if not owed.balances.total:
        latest = min(latest, _closing_month(owed, latest, day))
    reports = [day_in(month, day) for month in range(latest - count + 1, latest + 1)]
    next_month = month_of(owed.as_of) + (day_in(month_of(owed.as_of), day) < owed.as_of)
    clears_on = day_in(next_month, day)
    overdue = owed.later(clears_on).arrears.total if owed.arrears.total else owed.arrears.total
    return CreditRecord(
        [_month(owed, report, CODES[codes]) for report in reports], owed, codes, clears_on, overdue
    )


def _closing_month(owed: Statement, latest: int, day: int) -> int:
    """Return the first month whose report shows that nothing is owed any more."""
    last = max((event.on for event in owed.events), default=owed.schedule.loan.start)
    for month in range(month_of(last), latest):
        report = day_in(month, day)
        then = _at(owed, report) if report >= last else None
        if then is not None and not then.balances.total:
            return month
    return latest


def _month(owed: Statement, report: date, codes: Codes) -> CreditMonth:
    then = _at(owed, report)
    if then is None:
        return CreditMonth(report, codes.before, owed.schedule.loan.money(0), 0)
    days, status = then.days_past_due, codes.current
    if then.written_off:
        status = codes.written_off
    elif not then.balances.total:
        status = codes.closed
    else:
        status = next((each for least, each in reversed(codes.overdue) if days >= least), status)
    return CreditMonth(report, status, then.arrears.total, days)


def _at(owed: Statement, day: date) -> Statement | None:
    """Return the statement of a day up to its own, by the agreement in force then; none before the loan."""
    agreed = owed.arrangement
    if agreed is None:
        terms = owed.terms
        if day < terms.schedule.loan.start:
            return None
        return statement(terms.schedule, owed.events, as_of=day, **terms.options)
    if day < agreed.rounds[-1].on:
        return _at(agreed.rounds[-1].before, day)
    return agreed.statement([*agreed.known, *owed.events], as_of=day)
