"""An account rebuilt at a legal rate: every payment pays interest at that rate, and the rest principal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from repaylib.arrears.events import Receipt, Refund
from repaylib.arrears.output.account import Account
from repaylib.arrears.statements import Statement, statement
from repaylib.errors import Phrase, TermsError, check_kind, write
from repaylib.measures.caps.cap import Cap
from repaylib.money.amounts import subtract
from repaylib.output.formats import Tabular
from repaylib.output.frozen import Frozen
from repaylib.output.tables import Table
from repaylib.rates.rate import Rate, parse_rate
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.verbs import as_schedule
from repaylib.terms.loan import Loan
from repaylib.typing import RateLike
from repaylib.wording.sentence import Money, Sentence

__all__ = ["RebuiltAccount", "rebuild"]

#: The terms of a loan that say when interest runs, and how it is counted; all others are left out.
KEPT = (
    *(
        "start",
        "payments",
        "first_payment",
        "maturity",
        "every",
        "due_days",
        "last_regular",
        "stub",
    ),
    *("month_end", "missing_day", "calendar", "roll", "accrual_dates", "currency", "decimals"),
    *("day_count", "odd_days", "counted_days", "rounding"),
)


class RebuiltAccount(Tabular, Frozen):
    """An account by contract, and at a legal rate; :func:`~repaylib.measures.rebuild` makes one.

    It prints as the running account at the legal rate with the claim below, and shows as HTML in
    notebooks. ``to_csv`` and the like have the lines of :attr:`account`.

    Attributes
    ----------
    contract
        The statement by contract.
    legal
        The statement of the same payments at the legal rate.
    rate
        The legal rate.
    cap
        The cap that it is from; ``None`` if a rate was given.
    """

    __slots__ = ("cap", "contract", "legal", "rate")

    contract: Statement
    legal: Statement
    rate: Rate
    cap: Cap | None

    def __init__(self, contract: Statement, legal: Statement, rate: Rate, cap: Cap | None) -> None:
        self._store(contract=contract, legal=legal, rate=rate, cap=cap)

    @property
    def agreed(self) -> Schedule:
        """The schedule by contract, as it was first agreed."""
        return _first(self.contract).terms.schedule

    @property
    def account(self) -> Account:
        """The running account at the legal rate."""
        return self.legal.account

    @property
    def by_contract(self) -> Decimal:
        """What is owed by contract on the day, in major units."""
        return self.contract.payoff

    @property
    def owed(self) -> Decimal:
        """What is owed at the legal rate on the day, in major units; below zero, it was paid too much."""
        return self.legal.payoff

    @property
    def claim(self) -> Decimal:
        """By how much less is owed at the legal rate; 0 where the contract asks for no more."""
        more = subtract(self.by_contract, self.owed)
        return more if more > 0 else self.contract.schedule.loan.money(0)

    @property
    def refund(self) -> Decimal:
        """What was paid beyond all that is owed at the legal rate, in major units."""
        return self.contract.schedule.loan.money(0) if self.owed >= 0 else self.owed.copy_negate()

    def __repr__(self) -> str:
        return f"<RebuiltAccount at {self.rate} on {self.legal.as_of}: {self.owed:,f} owed>"

    def _data(self) -> dict[str, list[Any]]:
        return self.account._data()

    def _facts(self) -> list[Sentence]:
        """Return what it comes to, as sentences."""
        code = self.contract.schedule.loan.currency

        def line(key: str, amount: Decimal) -> Sentence:
            money = Money(amount, code)
            return Sentence(f"rebuilt.{key}", amount=money, rate=self.rate, day=self.legal.as_of)

        lines = [line("contract", self.by_contract), line("legal", self.owed)]
        if self.refund:
            lines[1] = line("overpaid", self.refund)
        return [*lines, line("claim", self.claim) if self.claim else line("none", self.claim)]

    def _table(self) -> Table:
        return self.account._table()._replace(
            below=self._facts(), caption=Sentence("rebuilt", rate=self.rate)
        )


def rebuild(owed: Statement, rate: RateLike | Cap) -> RebuiltAccount:
    """Rebuild an account at a legal rate from the payments received.

    What was really lent bears interest at the legal rate. Every payment pays the interest accrued to
    its day, and with all that is left principal, whatever the contract says of it: interest, fees,
    penalties. Unpaid interest bears none. So a court in China counts what was paid above the limit
    towards principal (最高人民法院关于审理民间借贷案件适用法律若干问题的规定).

    Fees deducted from a disbursement were never lent. Due dates, day count and the rounding are those
    of the loan; its changes and waivers play no part, but further advances do.

    Parameters
    ----------
    owed
        The statement by contract, with all that was received.
    rate
        The legal rate: ``"24%"`` a year, or whatever :class:`~repaylib.Loan` takes as one rate; or a
        :class:`~repaylib.measures.Cap` with a nominal or effective limit, of the day of the contract.

    Raises
    ------
    TermsError
        If the statement is no single one, or the cap limits no yearly rate.
    RateError
        If the rate cannot be read.
    DateError
        If the cap holds for no contract of the day of the loan.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "36%", 12, "2024-01-10", currency="CNY"))
    >>> paid = [rp.Receipt(row.date, row.payment) for row in plan[:8]]
    >>> owed = rp.statement(plan, paid, as_of="2024-09-10")
    >>> rebuilt = rp.measures.rebuild(owed, "24%")
    >>> rebuilt.by_contract, rebuilt.owed, rebuilt.claim
    (Decimal('3734.28'), Decimal('3093.96'), Decimal('640.32'))
    """
    check_kind(
        owed, "owed", Statement, Phrase("write {}", "rp.statement(plan, receipts, as_of=...)")
    )
    agreed = _first(owed).terms.schedule
    known = () if owed.arrangement is None else owed.arrangement.known
    events = [*known, *owed.events]
    cap = rate if isinstance(rate, Cap) else None
    legal = parse_rate(rate, "rate") if cap is None else _rate_of(cap, agreed.loan.start)
    receipts = [Receipt(event.on, event.amount) for event in events if isinstance(event, Receipt)]
    given_back = [(event.on, event.amount) for event in events if isinstance(event, Refund)]
    plan = as_schedule(_lent(agreed, legal, given_back))
    legal_statement = statement(plan, receipts, as_of=owed.as_of, interest="daily_simple")
    return RebuiltAccount(owed, legal_statement, legal, cap)


def _first(owed: Statement) -> Statement:
    """Return the statement before the first agreement, if there is one."""
    return owed if owed.arrangement is None else owed.arrangement.rounds[0].before


def _rate_of(cap: Cap, day: date) -> Rate:
    limit = cap.limit_on(day)
    if cap.measure == "nominal":
        return Rate(limit)
    if cap.measure == "effective":
        return Rate(limit, "effective")
    expected = "a cap on the nominal or the effective rate of a year"
    raise TermsError("rate", str(cap), expected, write(rate="24%"))


def _lent(agreed: Schedule, rate: Rate, given_back: Sequence[tuple[date, Decimal]]) -> Loan:
    """Return a plain loan of what was really lent, at a rate; money given back is lent again."""
    loan = agreed.loan
    received: Sequence[int] = agreed.columns["received"].tolist()
    lent = [
        (day, loan.money(amount))
        for day, amount in zip(agreed.accrual_dates.tolist(), received, strict=True)
        if amount > 0
    ]
    principal = loan.money(loan.minor(loan.principal, "principal") + min(received[0], 0))
    kept = {name: getattr(loan, name) for name in KEPT}
    if loan.in_advance:  # the first due date is that of the second payment
        kept |= {"payments": max(1, loan.payments - 1), "first_payment": None, "maturity": None}
    return Loan(principal, rate, drawdowns=sorted([*lent, *given_back]), **kept)
