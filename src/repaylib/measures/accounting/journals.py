"""The journal of a loan: what accrues, falls due, is paid and waived, as entries of two accounts each."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple, cast, get_args, overload

import numpy as np

from repaylib.arrears.statements import Statement
from repaylib.dates.days import ONE_DAY, parse_date
from repaylib.errors import RepayError, TermsError, check_name, check_word, parse_pairs, write
from repaylib.measures.accounting.fee_deferral import unamortised_on
from repaylib.measures.accounting.plan_postings import facts_by_day, last_day, plan_postings
from repaylib.measures.accounting.postings import (
    AMORTISED,
    COST_PAID,
    POSTINGS,
    DatedPosting,
    LedgerAccount,
    Posting,
)
from repaylib.measures.accounting.statement_postings import statement_postings
from repaylib.measures.cash_flows import HasSchedule, plan_of
from repaylib.money.amounts import add, minor_of, parse_positive_amount, subtract, to_decimal
from repaylib.output.formats import Tabular
from repaylib.output.progress import refuse_progress, reporter
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
            spread with the effective interest method: 19.04 by 31 January of a fee of 100.00 on
            10,000 at 12 % over 12 months.
        ``"straight_line"``
            spread evenly by days: 5.74.
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
    spreads what is left at a new rate; what it waives or forgives is a loss when that happens.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> booked = rp.measures.journal(plan)
    >>> [str(amount) for amount in booked.amounts("accrued").values()][:4]
    >>> sum(booked.amounts("accrued").values()) == plan.total_interest
    True
    """
    check_word("by", by, get_args(JournalBy))
    check_word("fees", fees, get_args(FeeRecognition))
    names = _parse_accounts(accounts)
    if costs is not None and fees == "charged":
        expected = "none with fees that are not spread"
        raise TermsError("costs", costs, expected, write(fees="effective"))
    costs = None if costs is None else parse_positive_amount(costs, "costs")
    terms = _Terms(by, fees, costs)
    if isinstance(schedule, (Portfolio, PortfolioSchedule, PortfolioStatement)):
        sums, decimals = _sums_of_book(schedule, terms, progress)
    else:
        refuse_progress(progress)
        source = schedule if isinstance(schedule, Statement) else plan_of(schedule)
        sums, decimals = _sums(source, terms), _loan_of(source).decimals
    order = {kind: place for place, kind in enumerate(POSTINGS)}
    entries = []
    for day, kind in sorted(sums, key=lambda key: (key[0], order[key[1]])):
        amount, debit, credit = sums[day, kind], names[kind.debit], names[kind.credit]
        if amount and debit != credit:
            what = kind.what.replace("_", " ")
            entries.append(JournalEntry(day, what, debit, credit, to_decimal(amount, decimals)))
    return Journal(_merged(entries), decimals)


#: Sums of minor units by day and kind.
Sums = dict[tuple[date, Posting], int]


class _Terms(NamedTuple):
    """How a journal is made."""

    by: JournalBy
    fees: FeeRecognition
    costs: Decimal | None


def _loan_of(source: Schedule | Statement) -> Loan:
    return source.loan if isinstance(source, Schedule) else source.schedule.loan


def _sums(source: Schedule | Statement, terms: _Terms) -> Sums:
    """Return the sums of the entries of a loan."""
    start = _loan_of(source).start
    if isinstance(source, Statement):
        end, plan = source.as_of, source.terms.schedule
        ends = _ends(start, end, terms.by)
        entries = statement_postings(source.servicing, ends, defers=terms.fees != "charged")
    else:
        end, plan = last_day(source), source
        ends = _ends(start, end, terms.by)
        entries = plan_postings(source, ends, defers=terms.fees != "charged")
    sums: Sums = defaultdict(int)
    last = end if isinstance(source, Statement) else date.max
    for day, kind, amount in chain(entries, _spread(source, plan, ends, terms)):
        sums[day if terms.by == "day" else min(last, _month_end(day)), kind] += amount
    return sums


def _spread(
    source: Schedule | Statement, plan: Schedule, ends: Sequence[date], terms: _Terms
) -> Iterator[DatedPosting]:
    """Yield what of the deferred fees and costs becomes income from one day to the next."""
    if terms.fees == "charged":
        return
    loan = plan.loan
    costs = 0 if terms.costs is None else loan.minor(terms.costs, "costs")
    yield loan.start, COST_PAID, costs
    left = sum(facts.start_fees for facts in facts_by_day(plan).values()) - costs
    ended = None
    if isinstance(source, Statement):
        written_off = source.servicing.write_off
        known = [source.ended, None if written_off is None else written_off.on]
        ended = min((day for day in known if day is not None), default=None)
    for day, after in zip(ends, unamortised_on(plan, left, ends, terms.fees), strict=True):
        now = 0 if ended is not None and day >= ended else after
        yield day, AMORTISED, left - now
        left = now


def _ends(start: date, end: date, by: JournalBy) -> list[date]:
    """Return the days on which accruals are booked: all, or the last of each month, and the end."""
    if by == "day":
        return [start + timedelta(days) for days in range((end - start).days + 1)]
    ends = [_month_end(start)]
    while ends[-1] < end:
        ends.append(_month_end(ends[-1] + ONE_DAY))
    return [*ends[:-1], min(end, ends[-1])]


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _merged(entries: Sequence[JournalEntry]) -> list[JournalEntry]:
    """Return entries without two of one day, kind and pair of accounts; their amounts are added."""
    found: dict[tuple[object, ...], Decimal] = {}
    for entry in entries:
        key = entry[:-1]
        found[key] = add(found[key], entry.amount) if key in found else entry.amount
    return [JournalEntry(*key, amount) for key, amount in found.items() if amount]  # type: ignore[arg-type]


def _sums_of_book(
    book: Portfolio | PortfolioSchedule | PortfolioStatement, terms: _Terms, progress: Progress
) -> tuple[Sums, int]:
    """Return the sums of the entries of all loans, and the decimals of their currency."""
    if isinstance(book, Portfolio):
        book = book.amortised()
    plan = book.plan if isinstance(book, PortfolioStatement) else book
    currencies = plan.book.currencies()
    if len(currencies) > 1:
        raise TermsError(
            "schedule",
            " and ".join(name for name, _ in currencies),
            "loans of one currency, as entries are added",
            "write book.where(mask) for each mask of book.currencies().values()",
        )
    rejected = {reject.row for reject in book.rejects if reject.change is None}
    tell, sums = reporter(progress), cast(Sums, defaultdict(int))
    tell(0, len(plan))
    for row in range(len(plan)):
        if row not in rejected:
            try:
                own = _sums(book.row(row), terms)
            except RepayError as error:
                raise (error if error.row is not None else error.in_row(row)) from error
            for key, amount in own.items():
                sums[key] += amount
        tell(row + 1, len(plan))
    return sums, next(iter(currencies), ("", 0))[1]


def _parse_accounts(accounts: object) -> dict[LedgerAccount, str]:
    """Read names of accounts; those not given are the library's own, in English."""
    names = {account: account.replace("_", " ") for account in ACCOUNTS}
    for account, name in parse_pairs(accounts, "accounts", "an account and its name"):
        known = check_word("accounts", account, ACCOUNTS)
        names[known] = check_name(name, f"accounts[{known}]")
    return names
