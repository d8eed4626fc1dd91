"""Statements of a book: what every loan owes on a day, as columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.arrears.statements import Statement, statement
from repaylib.dates.days import LATEST_DAY, parse_date
from repaylib.errors import DateError, Phrase, TermsError, check_word
from repaylib.output.tables import Table
from repaylib.portfolio.ageing import NAMES, Ageing, RollRates, ageing_of, buckets_of, roll_of
from repaylib.portfolio.balances import NAMED, TABLES, BookOwed, owed_by_book
from repaylib.portfolio.book.portfolio import row_of
from repaylib.portfolio.book.receipts import BookReceipts, Receipts, parse_receipts
from repaylib.portfolio.book.rejects import Rejects, reasons_of
from repaylib.portfolio.schedule import PortfolioSchedule
from repaylib.portfolio.summary import ColumnTable, sum_of, to_int64
from repaylib.typing import DateLike, Ints, Progress

__all__ = ["PortfolioStatement", "statement_book"]

MONEY = (
    *("due", "arrears", "paid", "principal", "interest", "deferred_interest", "fees"),
    *("penalty", "penalty_interest", "costs", "balance", "credit", "payoff", "received"),
    "next_amount",
)
SUMMED = ("balance", "due", "arrears", "credit", "payoff", "received")


class StatementRequest(NamedTuple):
    """The arguments that a statement of a book was computed from."""

    plan: PortfolioSchedule
    receipts: BookReceipts
    as_of: date
    terms: Mapping[str, Any]

    def one(self, row: int) -> Statement:
        """Return the statement of one loan."""
        events = self.receipts.events(row, int(self.plan.book.decimals[row]))
        return statement(self.plan.row(row), events, as_of=self.as_of, **self.terms)


class PortfolioStatement(ColumnTable):
    """What the loans of a book owe on a day, one line a loan. A frozen value.

    In minor units: ``due``, what has fallen due and is open, late or not, with what being late has cost;
    ``arrears``, what of it was due before the day; ``paid``, what was paid of what has fallen due;
    ``principal``, ``interest``, ``deferred_interest``, ``fees``, ``penalty``,
    ``penalty_interest`` and ``costs``, all that is owed by kind, due or not; ``balance``, all of
    it; ``credit``, money held; ``payoff``, the sum that clears everything if paid on the day;
    ``received``; ``next_amount``, the amount due on ``next_due``. Also ``loan`` (its row),
    ``days_past_due``, ``bucket``, and ``reason``: why a loan has no statement, or why a change could
    not be made for it. They are those of a :class:`~repaylib.arrears.Statement`.

    Attributes
    ----------
    plan
        The schedules.
    as_of
        The day.
    rejects
        Loans without a statement, and changes that could not be made for a loan; a table.
    fallback_loans
        Number of loans processed one by one, to the same cents, but more slowly.
    """

    __slots__ = ("_owed", "_request", "fallback_loans", "rejects")
    UNSUMMED = ("next_amount",)

    _owed: BookOwed
    _request: StatementRequest
    rejects: Rejects
    fallback_loans: int

    def __reduce__(self) -> tuple[object, ...]:
        return _made, (self._owed, self._request)

    @property
    def plan(self) -> PortfolioSchedule:
        """The schedules."""
        return self._request.plan

    @property
    def as_of(self) -> date:
        """The day."""
        return self._request.as_of

    @property
    def receipts(self) -> Receipts:
        """The receipts, also those after the day."""
        return self._request.receipts.given

    def row(self, row: int) -> Statement:
        """Return the statement of the loan of `row`; the id of a receipt is its row.

        Raises
        ------
        RepayError
            The one for which the loan has no statement.
        """
        number = row_of(row, self.lines)
        for reject in self.rejects:
            if reject.row == number and reject.change is None:
                raise reject.error
        return self._request.one(number)

    def later(self, as_of: DateLike, receipts: object = None) -> PortfolioStatement:
        """Return the statement of another day, with the same receipts or with others.

        Parameters
        ----------
        as_of
            The day; a day before works as well.
        receipts
            All receipts; by default those of this statement, which counts none after its day.
        """
        request = self._request
        given = request.receipts.given if receipts is None else receipts
        return statement_book(request.plan, given, as_of, request.terms)

    def by_kind(self, table: Literal["due", "arrears", "undue", "paid", "balances"]) -> ColumnTable:
        """Return one line for each loan and one column for each kind, and a total.

        Parameters
        ----------
        table
            ``"due"``
                what has fallen due and is open.
            ``"arrears"``
                what of it was due before the day.
            ``"undue"``
                what is owed and not yet due: principal, and the interest accrued on it.
            ``"paid"``
                what was paid of what has fallen due.
            ``"balances"``
                all that is owed.
        """
        check_word("table", table, (*TABLES, "balances"))
        columns = {"loan": np.arange(self.lines)} | _by_kind(self._owed, table)
        columns["total"] = _total(self._owed, table)
        decimals, money = self.plan.book.decimals, (*NAMED.values(), "total")
        return ColumnTable(columns, money, decimals, single=self._single)

    def ageing(self) -> Ageing:
        """Return how many loans are how late, and what they owe, by currency.

        Examples
        --------
        >>> import repaylib as rp
        >>> book = rp.Portfolio(principal=["1000", "2000"], rate="12%", payments=12,
        ...                     start="2024-01-10")
        >>> paid = {"loan": [0], "on": ["2024-02-10"], "amount": ["88.85"]}
        >>> print(rp.statement(book, paid, as_of="2024-03-01").ageing())
        bucket   loans   balance  arrears
        -------  -----  --------  -------
        current      1    927.50     0.00
        1-30         1  2,032.71   177.70
        31-60        0      0.00     0.00
        61-90        0      0.00     0.00
        90+          0      0.00     0.00
        -------  -----  --------  -------
        total        2  2,960.21   177.70
        """
        return ageing_of(
            self._buckets, self["balance"], self["arrears"], self.plan.book.currencies()
        )

    def roll_rates(self, later: PortfolioStatement | DateLike) -> RollRates:
        """Return how loans have moved between the buckets up to a later day.

        Parameters
        ----------
        later
            The statement of the later day, of the same loans; or the day, if the receipts up to
            it are among those given.

        Raises
        ------
        RepayError
            If the day is before this one, the loans are others, or of several currencies.
        """
        other = later if isinstance(later, PortfolioStatement) else self.later(later)
        if other.as_of < self.as_of:
            expected = Phrase("a day from {}", self.as_of)
            raise DateError(
                "later",
                other.as_of.isoformat(),
                expected,
                Phrase("write {}", "later.roll_rates(earlier)"),
            )
        if other.lines != self.lines:
            expected = Phrase("a statement of the same loans, {}", self.lines)
            raise TermsError(
                "later",
                Phrase("{} loans", other.lines),
                expected,
                Phrase("write {}", "statement.later(day)"),
            )
        currencies = self.plan.book.currencies()
        if len(currencies) > 1:
            names = ", ".join(f"{name} with {decimals} decimals" for name, decimals in currencies)
            hint = "write rp.statement(book.where(mask), ...) for each of book.currencies()"
            raise TermsError("later", names, "loans of one currency", hint)
        kept = self._owed.kept & other._owed.kept
        return roll_of(
            (self.as_of, other.as_of),
            (self._buckets, other._buckets),
            (self["balance"], other["balance"]),
            kept,
            next((decimals for _, decimals in currencies), 2),
        )

    def summary(self) -> ColumnTable:
        """Return one line for each currency: loans, how many are closed and past due, and sums.

        ``currency``, ``loans``, ``closed`` (nothing is owed), ``past_due``, and in minor units
        ``balance``, ``due``, ``arrears``, ``credit``, ``payoff`` and ``received``.
        """
        found = self.plan.book.currencies()
        columns: dict[str, npt.NDArray[Any]] = {
            "currency": np.array([name for name, _ in found], dtype=object)
        }
        masks = [mask & self._owed.kept for mask in found.values()]
        late, owing = self["days_past_due"] > 0, self["balance"] > 0
        for name, of in (("loans", owing | True), ("closed", ~owing), ("past_due", late)):
            columns[name] = np.array([int((mask & of).sum()) for mask in masks], dtype=np.int64)
        for name in SUMMED:
            sums = [sum_of(self[name][mask]) for mask in masks]
            columns[name] = to_int64(np.array(sums, dtype=object), name)
        decimals = np.array([count for _, count in found], dtype=np.int64)
        return ColumnTable(columns, SUMMED, decimals, single=len(found) == 1)

    @property
    def _buckets(self) -> Ints:
        """Which bucket each loan is in."""
        return buckets_of(self["days_past_due"])

    def _in_full(self) -> list[Table]:
        return [*self._tables(), *self.ageing()._tables()]


def statement_book(
    plan: PortfolioSchedule,
    receipts: object,
    as_of: DateLike,
    terms: Mapping[str, Any],
    progress: Progress = None,
) -> PortfolioStatement:
    """Say what the loans of a book owe on a day; see :func:`~repaylib.statement`.

    `terms` are what else a statement goes by, as it was read.
    """
    if len(plan) != len(plan.book):
        raise TermsError(
            "schedule",
            Phrase("a block of {} loans", len(plan)),
            "a whole book",
            Phrase("write {}", "rp.statement(plan)"),
        )
    day = parse_date(as_of, "as_of", LATEST_DAY)
    request = StatementRequest(
        plan, BookReceipts.of(parse_receipts(receipts), plan.book), day, terms
    )
    owed = owed_by_book(
        plan,
        request.receipts,
        day,
        terms["penalty"],
        terms["allocation"],
        terms["interest"] == "schedule",
        request.one,
        progress,
    )
    return _made(owed, request)


def _made(owed: BookOwed, request: StatementRequest) -> PortfolioStatement:
    count = len(owed.kept)
    due, balance = owed.total("due"), _total(owed, "balances")
    reason = np.full(count, "", dtype=object)
    for row, text in reasons_of(owed.rejects).items():
        reason[row] = text
    columns: dict[str, npt.NDArray[Any]] = {
        "loan": np.arange(count),
        "days_past_due": owed.days_past_due,
        "bucket": np.array(NAMES, dtype=object)[buckets_of(owed.days_past_due)],
        "due": due,
        "arrears": owed.total("arrears"),
        "paid": owed.total("paid"),
        **_by_kind(owed, "balances"),
        "balance": balance,
        "credit": owed.credit,
        "payoff": balance - owed.credit,
        "received": owed.received,
        "next_due": owed.next_due,
        "next_amount": owed.next_amount,
        "reason": reason,
    }
    book = request.plan.book
    return PortfolioStatement(
        columns,
        MONEY,
        book.decimals,
        single=len(book.currencies()) == 1,
        rejects=Rejects(owed.rejects),
        fallback_loans=owed.fallback_loans,
        _owed=owed,
        _request=request,
    )


def _by_kind(owed: BookOwed, table: str) -> dict[str, Ints]:
    if table == "balances":
        return {name: owed.due[kind] + owed.undue[kind] for kind, name in NAMED.items()}
    found = getattr(owed, table)
    return {name: found[kind] for kind, name in NAMED.items()}


def _total(owed: BookOwed, table: str) -> Ints:
    return owed.total("due") + owed.total("undue") if table == "balances" else owed.total(table)
