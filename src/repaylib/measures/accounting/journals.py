"""The journal of a loan: what accrues, falls due, is paid and waived, as entries of two accounts each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, get_args, overload

import numpy as np

from repaylib.arrears.statements import Statement
from repaylib.dates.days import parse_date
from repaylib.errors import TermsError, check_name, check_word, parse_pairs, write
from repaylib.measures.accounting.posting_sums import (
    JournalTerms,
    loan_of,
    sums_of,
    sums_of_book,
)
from repaylib.measures.accounting.postings import POSTINGS, LedgerAccount
from repaylib.measures.cash_flows import HasSchedule, plan_of
from repaylib.money.amounts import add, minor_of, parse_positive_amount, subtract, to_decimal
from repaylib.output.formats import Tabular
from repaylib.output.progress import refuse_progress
from repaylib.output.tables import Table, TableOf, heads
from repaylib.portfolio.book.portfolio import Portfolio
from repaylib.portfolio.schedule import PortfolioSchedule
from repaylib.portfolio.statements import PortfolioStatement
from repaylib.portfolio.summary import ColumnTable, to_int64
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.typing import Amount, DateLike, FeeRecognition, JournalBy, Progress
from repaylib.wording.sentence import Sentence, word_or_text

__all__ = ["Journal", "JournalEntry", "journal"]

ACCOUNTS: tuple[LedgerAccount, ...] = get_args(LedgerAccount)


class JournalEntry(NamedTuple):
    """One entry of a journal. The amount is in major units.

    Attributes
    ----------
    date
        The day; by month, the last day of the month.
    what
        What is booked: ``"accrued"``, ``"posted"``, ``"interest paid"`` ...
    debit
        Name of the account that is debited.
    credit
        Name of the account that is credited.
    amount
        The amount; below zero, the entry takes back what was booked, or runs the other way, as interest
        at a negative rate does.
    """

    date: date
    what: str
    debit: str
    credit: str
    amount: Decimal


class Journal(Tabular, TableOf[JournalEntry]):
    """The entries of a loan in double entry, in order. It prints as a table.

    Attributes
    ----------
    rows
        The entries, :class:`~repaylib.measures.JournalEntry` values.
    decimals
        The decimals of the currency.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("1000", "12%", 2, "2024-01-10"))
    >>> print(rp.measures.journal(plan))
    date        what            debit                credit                 amount
    ----------  --------------  -------------------  -------------------  --------
    2024-01-31  disbursed       loans                cash                 1,000.00
    2024-01-31  accrued         accrued interest     interest income          6.77
    2024-02-29  accrued         accrued interest     interest income          6.52
    2024-02-29  posted          interest receivable  accrued interest        10.00
    2024-02-29  interest paid   cash                 interest receivable     10.00
    2024-02-29  principal paid  cash                 loans                  497.51
    2024-03-31  accrued         accrued interest     interest income          1.73
    2024-03-31  posted          interest receivable  accrued interest         5.02
    2024-03-31  interest paid   cash                 interest receivable      5.02
    2024-03-31  principal paid  cash                 loans                  502.49
    """

    __slots__ = ("decimals", "rows")

    rows: tuple[JournalEntry, ...]
    decimals: int

    def __init__(self, entries: Iterable[JournalEntry] = (), decimals: int = 2) -> None:
        self._store(rows=tuple(entries), decimals=decimals)

    def amounts(self, what: str) -> dict[date, Decimal]:
        """Return the amounts of one kind of entry by day, added where a day has several.

        Parameters
        ----------
        what
            The kind, as the entries name it, such as ``"accrued"``.

        Raises
        ------
        ChoiceError
            If there is no such kind of entry.

        Examples
        --------
        >>> import repaylib as rp
        >>> book = rp.measures.journal(rp.Loan("10000", "12%", 12, "2024-01-10"))
        >>> list(book.amounts("accrued").values())[:4]
        [Decimal('67.74'), Decimal('92.61'), Decimal('88.78'), Decimal('77.88')]
        """
        check_word("what", what, dict.fromkeys(kind.what.replace("_", " ") for kind in POSTINGS))
        found: dict[date, Decimal] = {}
        for entry in self.rows:
            if entry.what == what:
                found[entry.date] = add(found.get(entry.date, Decimal(0)), entry.amount)
        return found

    def by_kind(self) -> ColumnTable:
        """Return one line for each day and one column for each kind of entry, in minor units.

        Columns are named as the entries are, with ``_`` for a space; a kind of which there is none has no
        column.

        Examples
        --------
        >>> import repaylib as rp
        >>> print(rp.measures.journal(rp.Loan("1000", "12%", 2, "2024-01-10")).by_kind())
        date        disbursed  accrued  posted  interest paid  principal paid
        ----------  ---------  -------  ------  -------------  --------------
        2024-01-31   1,000.00     6.77    0.00           0.00            0.00
        2024-02-29       0.00     6.52   10.00          10.00          497.51
        2024-03-31       0.00     1.73    5.02           5.02          502.49
        ----------  ---------  -------  ------  -------------  --------------
        total        1,000.00    15.02   15.02          15.02        1,000.00
        """
        days = list(dict.fromkeys(entry.date for entry in self.rows))
        place = {day: row for row, day in enumerate(days)}
        money: dict[str, list[int]] = {}
        for entry in self.rows:
            column = money.setdefault(entry.what.replace(" ", "_"), [0] * len(days))
            column[place[entry.date]] += minor_of(entry.amount, self.decimals)
        columns = {name: to_int64(np.array(each, object), name) for name, each in money.items()}
        return ColumnTable(
            {"date": np.array(days, "datetime64[D]"), **columns},
            tuple(money),
            np.full(len(days), self.decimals, dtype=np.int64),
            single=True,
        )

    def balances(self, on: DateLike | None = None) -> dict[str, Decimal]:
        """Return the balance of each account at the end of a day, debits less credits.

        Parameters
        ----------
        on
            The day; by default the last. By month, entries stand on the last day of their month.

        Returns
        -------
        dict
            Balances by the name of the account; those of zero are left out.

        Raises
        ------
        DateError
            If the day cannot be read.

        Examples
        --------
        >>> import repaylib as rp
        >>> book = rp.measures.journal(rp.Loan("10000", "12%", 12, "2024-01-10"))
        >>> for account, balance in book.balances("2024-03-31").items():
        ...     print(account, balance)
        loans 8415.14
        cash -8223.02
        accrued interest 57.01
        interest income -249.13
        """
        day = date.max if on is None else parse_date(on, "on")
        found: dict[str, Decimal] = {}
        for entry in self.rows:
            if entry.date <= day:
                debited = found.get(entry.debit, Decimal(0))
                found[entry.debit] = add(debited, entry.amount)
                credited = found.get(entry.credit, Decimal(0))
                found[entry.credit] = subtract(credited, entry.amount)
        return {name: balance for name, balance in found.items() if balance}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Journal):
            return NotImplemented
        return self.rows == other.rows

    def __hash__(self) -> int:
        return hash(self.rows)

    def __repr__(self) -> str:
        if not self.rows:
            return "<Journal: no entries>"
        return f"<Journal: {len(self)} entries, {self[0].date} to {self[-1].date}>"

    def _data(self) -> dict[str, list[Any]]:
        return {
            name: [getattr(entry, name) for entry in self.rows] for name in JournalEntry._fields
        }

    def _table(self) -> Table:
        rows = [
            [
                str(entry.date),
                word_or_text("journal", entry.what),
                word_or_text("ledger", entry.debit),
                word_or_text("ledger", entry.credit),
                f"{entry.amount:,f}",
            ]
            for entry in self.rows
        ]
        header = heads(["date", "what", "debit", "credit", "amount"])
        return Table(header, rows, left=4, caption=Sentence("journal"))


@overload
def journal(
    schedule: Schedule | Loan | Statement | HasSchedule,
    *,
    by: JournalBy = ...,
    fees: FeeRecognition = ...,
    costs: Amount | None = ...,
    accounts: Mapping[str, str] | Iterable[tuple[str, str]] = ...,
) -> Journal: ...
@overload
def journal(
    schedule: Portfolio | PortfolioSchedule | PortfolioStatement,
    *,
    by: JournalBy = ...,
    fees: FeeRecognition = ...,
    costs: Amount | None = ...,
    accounts: Mapping[str, str] | Iterable[tuple[str, str]] = ...,
    progress: Progress = ...,
) -> Journal: ...
def journal(
    schedule: Any,
    *,
    by: JournalBy = "month",
    fees: FeeRecognition = "charged",
    costs: Amount | None = None,
    accounts: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    progress: Progress = None,
) -> Journal:
    """Return the lender's entries for a loan: what accrues, falls due, is paid, waived, capitalised.

    Parameters
    ----------
    schedule
        A schedule, a loan, or a settlement, which are paid as planned; or a
        :class:`~repaylib.arrears.Statement`, for what was really paid up to its day. For a portfolio,
        or a statement of one, each entry is the sum over its loans.
    by
        ``"month"``
            one entry for each kind and month, on its last day.
        ``"day"``
            entries for each day.
    fees
        When fees charged at the start become income:

        ``"charged"``
            on the day: a fee of 100.00 is income of January.
        ``"effective"``
            spread with the effective interest method: 10.01 of a fee of 100.00 on 10,000 at 12 % over 12
            months in the first 21 days.
        ``"straight_line"``
            spread evenly by days: 5.74 of it.
    costs
        Costs of the lender for making the loan, which are spread with the fees; by default none.
    accounts
        Names of accounts, by the names of the library: ``"loans"``, ``"accrued_interest"``,
        ``"interest_receivable"``, ``"charges_receivable"``, ``"cash"``, ``"deferred_fees"``,
        ``"unallocated"``, ``"tax_payable"``, ``"arrears_taken_over"``, ``"interest_income"``,
        ``"waived_interest"``, ``"fee_income"``, ``"penalty_income"``, ``"cost_recoveries"``,
        ``"waived_charges"``, ``"loan_losses"``, ``"recoveries"``. What moves between accounts of one
        name is left out.
    progress
        Of a book: ``True`` shows a bar, a function is called with the loans done and all of them.

    Returns
    -------
    Journal
        The entries.

    Raises
    ------
    RepayError
        If an account is not known; if costs are given, and not spread; if no one effective rate fits;
        if a statement takes over fees or penalties in arrears.

    Notes
    -----
    Interest accrues to the end of a day as an early settlement of that day would charge it: rounded once
    for what has accrued since the last due date. An entry is the difference of two such sums, so the
    entries of a period add up to the interest posted at its end.

    With fees and costs :math:`d` deferred at the start, the effective rate :math:`j` is that at which
    the payments repay the principal less :math:`d`. What is left of :math:`d` after a payment is the
    contract's claim less the present value, at :math:`j`, of the payments to come (IFRS 9, 5.4.1;
    ASC 310-20-35); it falls evenly by days between payments, and is 0 at the end. A change of the schedule
    spreads what is left at a new rate, and alters no entry before its day. What it waives or forgives is
    a loss when that happens. A modification gain or loss (IFRS 9, 5.4.3) is not booked.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> booked = rp.measures.journal(plan)
    >>> [str(amount) for amount in booked.amounts("accrued").values()][:4]
    ['67.74', '92.61', '88.78', '77.88']
    >>> booked.balances()["interest income"], plan.total_interest
    (Decimal('-661.86'), Decimal('661.86'))
    """
    check_word("by", by, get_args(JournalBy))
    check_word("fees", fees, get_args(FeeRecognition))
    names = _parse_accounts(accounts)
    if costs is not None and fees == "charged":
        expected = "none with fees that are not spread"
        raise TermsError("costs", costs, expected, write(fees="effective"))
    costs = None if costs is None else parse_positive_amount(costs, "costs")
    terms = JournalTerms(by, fees, costs)
    if isinstance(schedule, (Portfolio, PortfolioSchedule, PortfolioStatement)):
        sums, decimals = sums_of_book(schedule, terms, progress)
    else:
        refuse_progress(progress)
        source = schedule if isinstance(schedule, Statement) else plan_of(schedule)
        sums, decimals = sums_of(source, terms), loan_of(source).decimals
    order = {kind: place for place, kind in enumerate(POSTINGS)}
    entries = []
    for day, kind in sorted(sums, key=lambda key: (key[0], order[key[1]])):
        amount, debit, credit = sums[day, kind], names[kind.debit], names[kind.credit]
        if amount and debit != credit:
            what = kind.what.replace("_", " ")
            entries.append(JournalEntry(day, what, debit, credit, to_decimal(amount, decimals)))
    return Journal(_merged(entries), decimals)


def _merged(entries: Sequence[JournalEntry]) -> list[JournalEntry]:
    """Return entries without two of one day, kind and pair of accounts; their amounts are added."""
    found: dict[JournalEntry, JournalEntry] = {}
    for entry in entries:
        key = entry._replace(amount=Decimal(0))
        before = found.get(key, key).amount
        found[key] = entry._replace(amount=add(before, entry.amount))
    return [entry for entry in found.values() if entry.amount]


def _parse_accounts(accounts: object) -> dict[LedgerAccount, str]:
    """Read names of accounts; those not given are the library's own, in English."""
    names = {account: account.replace("_", " ") for account in ACCOUNTS}
    for account, name in parse_pairs(accounts, "accounts", "an account and its name"):
        known = check_word("accounts", account, ACCOUNTS)
        names[known] = check_name(name, f"accounts[{known}]")
    return names
