"""Statements: what is owed on a day, and why, given the payments received."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, get_args, overload

from repaylib.arrears.ageing_buckets import bucket_of
from repaylib.arrears.allocation import Allocation
from repaylib.arrears.balances import (
    Balances,
    InstalmentStatus,
    StatusOfInstalments,
    balances_of,
    derivation,
)
from repaylib.arrears.daily_simple import Applied, applied_receipts, put_interest_first
from repaylib.arrears.events import AccountEvent, parse_events
from repaylib.arrears.output.account import Account, account_of
from repaylib.arrears.output.tables import StatementOutput
from repaylib.arrears.penalty_terms import PenaltyLike
from repaylib.arrears.servicing import serviced
from repaylib.arrears.servicing_state import ServicingState
from repaylib.arrears.statement_terms import StatementTerms, named_events, options_of, terms_of
from repaylib.dates.days import LATEST_DAY, parse_date
from repaylib.errors import ConservationError, DateError, Phrase, check_word
from repaylib.money.amounts import add, subtract
from repaylib.output.progress import refuse_progress
from repaylib.schedule.book import Book
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.verbs import as_schedule
from repaylib.terms.loan import Loan
from repaylib.typing import Bucket, DateLike, InterestOn, Lang, Rest
from repaylib.wording.sentence import parse_language

if TYPE_CHECKING:
    from repaylib.arrears.arrangement import ArrangementRound
    from repaylib.portfolio.book.portfolio import Portfolio
    from repaylib.portfolio.schedule import PortfolioSchedule
    from repaylib.portfolio.statements import PortfolioStatement
    from repaylib.typing import Progress


class Continuation(Protocol):
    """What continues a statement: the :class:`~repaylib.arrears.Arrangement` under which it was made."""

    @property
    def rounds(self) -> tuple[ArrangementRound, ...]:
        """The agreements."""
        ...

    @property
    def known(self) -> list[AccountEvent]:
        """The events before the latest agreement."""
        ...

    def statement(self, receipts: Iterable[AccountEvent] = (), *, as_of: DateLike) -> Statement:
        """Return the statement of a day."""
        ...


@dataclass(frozen=True, slots=True)
class Statement(StatusOfInstalments, StatementOutput):
    """What is owed on a day. Amounts are in major units.

    Its tables have a row for each instalment: :meth:`to_csv`, :meth:`to_pandas`, :meth:`to_arrow`.
    :attr:`account` has a line for each thing that happened.

    Attributes
    ----------
    as_of
        The day.
    schedule
        The schedule as it runs, with prepayments since; unless ``interest="schedule"``, the schedule
        as agreed: how it really runs is in `instalments`.
    events
        The events up to the day, in order, without reversed receipts. Under an agreement, the events
        since.
    arrears
        What was due before the day and is not paid, by kind, with penalties.
    due
        The same with what falls due on the day.
    undue
        What is not yet due: principal, and the interest on it, accrued so far or, with a rest, owed
        to the next due date.
    credit
        Unallocated money: paid ahead, or too much. With ``interest="daily_simple"``, money paid ahead
        is not kept, but reduces interest and principal at once.
    days_past_due
        Days since the oldest due date on which something of the schedule is missing.
    received
        All money received.
    refunded
        All money given back.
    written_off
        The amount written off.
    recovered
        Money received since the write-off.
    arrangement
        The agreement under which it was made, if there is one.
    unplanned_deviation
        Unless ``interest="schedule"``: overdue principal, or below zero unallocated money, on which
        interest runs as planned, as later planned changes such as prepayments would be impossible if
        the balance included it. Nearly always 0.
    ended
        The day on which the schedule ended early: the balance fell due, or all was settled.
    terms
        The schedule and the options of the statement.
    servicing
        The state of the loan on the day, from which the figures follow.
    """

    as_of: date
    schedule: Schedule
    events: tuple[AccountEvent, ...]
    arrears: Balances
    due: Balances
    undue: Balances
    credit: Decimal
    days_past_due: int
    received: Decimal
    refunded: Decimal
    written_off: Decimal
    recovered: Decimal
    unplanned_deviation: Decimal
    ended: date | None
    terms: StatementTerms = field(repr=False)
    servicing: ServicingState = field(repr=False, compare=False, hash=False)
    arrangement: Continuation | None = field(default=None, repr=False, compare=False)

    # -- figures ----------------------------------------------------------------------

    @property
    def balances(self) -> Balances:
        """All that is owed, due or not, by kind; unallocated money is not deducted."""
        return self.due + self.undue

    @property
    def payoff(self) -> Decimal:
        """The payoff amount, which closes the loan if paid on the day; below zero, money goes back.

        A receipt of this amount settles the loan. On a day with a :class:`~repaylib.arrears.Waiver`, or on
        which the balance falls due, pay it on the next day, as receipts of a day come first.
        """
        return self.payoff_on()

    @property
    def prepayments(self) -> tuple[tuple[date, Decimal], ...]:
        """What lowered the principal ahead of the schedule, as pairs of a day and an amount."""
        return tuple(
            (on, self.schedule.loan.money(amount)) for on, amount in self.servicing.prepayments
        )

    @property
    def applied(self) -> tuple[Applied, ...]:
        """What the money of every day has paid; empty unless interest is ``"daily_simple"``.

        Examples
        --------
        >>> import repaylib as rp
        >>> loan = rp.Loan("10000", "12%", 12, "2024-01-10", day_count="actual/365")
        >>> paid = [rp.Receipt("2024-01-31", "888.52"), rp.Receipt("2024-03-10", "888.52")]
        >>> owed = rp.statement(loan, paid, as_of="2024-03-10", interest="daily_simple")
        >>> for payment in owed.applied:
        ...     print(payment.on, payment.interest, payment.principal, payment.principal_left)
        2024-01-31 69.04 819.48 9180.52
        2024-03-10 117.71 770.81 8409.71
        """
        return applied_receipts(self.servicing)

    @property
    def account(self) -> Account:
        """The running account, with what was charged and paid day by day, and the balance.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
        >>> owed = rp.statement(plan, [rp.Receipt("2024-02-10", "888.49")], as_of="2024-02-10")
        >>> [(line.event, line.amount, line.balance) for line in owed.account[1:]]
        [('instalment 1 due', Decimal('100.00'), Decimal('10100.00')),
         ('received', Decimal('-888.49'), Decimal('9211.51'))]
        """
        return account_of(self.servicing)

    def payoff_on(self, day: DateLike | None = None, *, rest: Rest | None = None) -> Decimal:
        """Return the payoff amount of a later day, if nothing happens before.

        Parameters
        ----------
        day
            The day; by default that of the statement.
        rest
            By default the `rest` of the statement.

            ``"day"``
                interest runs to the day: 83.81 of 100 at 7 %, two weeks after the first of 6.
            ``"due_date"``
                it runs to the next due date: 84.06.

        Raises
        ------
        DateError
            If the day is before that of the statement.
        """
        day = self.as_of if day is None else parse_date(day, "day")
        if day < self.as_of:
            hint = Phrase("write {}", f'statement(..., as_of="{day}")')
            raise DateError("day", day.isoformat(), Phrase("a day from {}", self.as_of), hint)
        if rest is not None:
            check_word("rest", rest, get_args(Rest))
        state = self.servicing if day == self.as_of else self._serviced_to(day)
        undue = state.payoff(day, rest=rest)
        return state.loan.money(state.owed(day) + sum(undue.values()) - state.unallocated)

    @property
    def per_diem(self) -> Decimal:
        """By how much the payoff amount grows until tomorrow."""
        return subtract(self.payoff_on(self.as_of + timedelta(days=1)), self.payoff)

    @property
    def next_due(self) -> InstalmentStatus | None:
        """The next instalment that is not yet due and not paid; ``None`` if there is none."""
        coming = (
            instalment
            for instalment in self.instalments
            if instalment.due > self.as_of and instalment.outstanding
        )
        return next(coming, None)

    @property
    def bucket(self) -> Bucket:
        """The ageing bucket, ``"current"``, ``"1-30"``, ``"31-60"``, ``"61-90"`` or ``"90+"``."""
        return bucket_of(self.days_past_due)

    def later(self, as_of: DateLike, *events: AccountEvent) -> Statement:
        """Return the statement of the later day `as_of`, with the `events` since."""
        if self.arrangement is not None:
            happened = [*self.arrangement.known, *self.events, *events]
            return self.arrangement.statement(happened, as_of=as_of)
        happened = [*self.events, *events]
        return statement(self.terms.schedule, happened, as_of=as_of, **self.terms.options)

    def _serviced_to(self, day: date) -> ServicingState:
        if self.arrangement is not None:  # which may be breached by then
            return self.later(day).servicing
        return serviced(self.terms, self.events, day)

    # -- text -------------------------------------------------------------------------

    def explain(self, *, lang: Lang = "en") -> str:
        """Derive line by line how much is owed today.

        Parameters
        ----------
        lang
            The language: ``"en"``, or ``"zh"`` for Chinese.

        Raises
        ------
        ChoiceError
            If there is no such language.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
        >>> paid = [rp.Receipt(row.date, row.payment) for row in plan[:3]]
        >>> print(rp.statement(plan, paid, as_of="2024-05-20", penalty=rp.PenaltyTerms("1.5")).explain())
        owed on 2024-05-20: 7,712.77
        instalment 4, due on 2024-05-10, 10 days late: 892.42
            principal 812.38
            interest 76.11
            penalty 3.93
                812.38 x 18% x 5/186 of a year (2024-05-10 to 2024-05-20, 10 days)
                = 3.93087096... unrounded, half_up
        not yet due: 6,820.35
            = principal 6,798.42 + interest 21.93
        """
        return parse_language(lang).render(derivation(self.servicing, self.as_of))

    def check(self) -> None:
        """Prove that no money has appeared or vanished.

        Money received is the sum of payments on instalments, prepayments of principal, unallocated
        money and refunds.

        Raises
        ------
        ConservationError
            If it is not.
        """
        money = self.schedule.loan.money
        paid = [
            instalment.paid.total for instalment in self.instalments if instalment.due <= self.as_of
        ]
        ahead = self.servicing.prepaid + self.servicing.unallocated
        found = add(money(ahead), *paid, self.refunded)
        if found != self.received:
            raise ConservationError(
                "statement",
                f"{found:,f}",
                Phrase("{:,f}, the money received, as what is paid and held", self.received),
                "report this statement, with its schedule and events",
            )


@overload
def statement(
    schedule: Schedule | Loan,
    receipts: Iterable[AccountEvent] = ...,
    *,
    as_of: DateLike,
    penalty: PenaltyLike | None = ...,
    allocation: Allocation | None = ...,
    interest: InterestOn = ...,
    rest: Rest = ...,
) -> Statement: ...
@overload
def statement(
    schedule: Portfolio | PortfolioSchedule,
    receipts: Any = ...,
    *,
    as_of: DateLike,
    penalty: PenaltyLike | None = ...,
    allocation: Allocation | None = ...,
    interest: InterestOn = ...,
    rest: Rest = ...,
    progress: Progress = ...,
) -> PortfolioStatement: ...
def statement(
    schedule: Schedule | Loan | Portfolio | PortfolioSchedule,
    receipts: Any = (),
    *,
    as_of: DateLike,
    penalty: PenaltyLike | None = None,
    allocation: Allocation | None = None,
    interest: InterestOn = "schedule",
    rest: Rest = "day",
    progress: Progress = None,
) -> Statement | PortfolioStatement:
    """Return a statement of a day from the payments received; for one loan or a portfolio.

    Parameters
    ----------
    schedule
        The agreed schedule, or a loan. Its planned amounts fall due, prepayments too. For a portfolio
        the result is a :class:`~repaylib.portfolio.PortfolioStatement`.
    receipts
        The events, in any order: :class:`~repaylib.Receipt`, :class:`~repaylib.arrears.Reversal`,
        :class:`~repaylib.arrears.Refund`, :class:`~repaylib.arrears.Charge`, :class:`~repaylib.arrears.Waiver`,
        :class:`~repaylib.arrears.Acceleration`, :class:`~repaylib.arrears.WriteOff`. Events after the day of the
        statement do not count yet. For a portfolio :class:`~repaylib.portfolio.Receipts`, or a table of
        such columns.
    as_of
        The day. All its events have happened.
    penalty
        The penalty terms; terms that change on known days as
        ``rp.steps(old, {"2025-01-01": new})``. By default nothing.
    allocation
        The order in which money received pays; by default costs, fees, penalties, interest,
        principal, the oldest instalment first, and money paid ahead pays the next instalments.
    interest
        The balance on which interest runs:

        ``"schedule"``
            the balance of the schedule. A borrower who pays late owes the penalty, if any was
            agreed, and no other interest; paying ahead saves none, if ``ahead="next"``.
        ``"balance"``
            the balance really owed, day by day. 862.00 of 5,000 at 12 % paid on 5 December and not
            on the 1st make the interest of December 43.74, and not 42.68. An instalment includes
            the interest up to its due date; money paid ahead is kept, saves interest from its day
            on, and pays the next instalments. The penalty is then charged beyond the ordinary rate:
            1.5 times makes another half.
        ``"daily_simple"``
            the same, but a receipt first pays the interest accrued to its own day, then principal,
            whether or not an instalment is due; interest is rounded when money comes in, and unpaid
            interest accrues none. An early payment pays less interest, a late one more.
            Of 10,000 at 12 % actual/365, 888.52 paid after 21 days pays 69.04 of interest; ten
            days later 9,210.70 is owed, and 9,210.48 by ``"balance"``.
    rest
        With ``"balance"``, from when a payment counts: from its ``"day"``, or from the next
        ``"due_date"``: then paying everything costs interest up to that date.
    progress
        Of a book: ``True`` shows a bar, a function is called with the loans done and all of them.

    Raises
    ------
    RepayError
        If something happened before the start, is in another currency, names a receipt or an
        instalment that is not there, or gives back more than is held; if the grace exceeds a period.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> paid = [rp.Receipt(row.date, row.payment) for row in plan[:3]]
    >>> owed = rp.statement(plan, paid, as_of="2024-06-10", penalty=rp.PenaltyTerms("1.5"))
    >>> owed.arrears.principal, owed.arrears.penalty, owed.days_past_due
    (Decimal('812.38'), Decimal('12.19'), 31)
    """
    if isinstance(schedule, Book):
        options = options_of(penalty, allocation, interest, rest)
        return schedule.stated(receipts, as_of, options, progress)
    refuse_progress(progress)
    before = as_schedule(schedule)
    day = parse_date(as_of, "as_of", LATEST_DAY)
    if day < before.loan.start:
        hint = Phrase("write {} or later", f'as_of="{before.loan.start}"')
        raise DateError(
            "as_of", day.isoformat(), Phrase("a day from the start, {}", before.loan.start), hint
        )
    terms = terms_of(before, penalty, allocation, interest, rest)
    events = named_events(terms, parse_events(before.loan, receipts, day))
    return _statement(serviced(terms, events, day), terms, events, day)


def _statement(
    state: ServicingState, terms: StatementTerms, events: tuple[AccountEvent, ...], day: date
) -> Statement:
    money = state.loan.money
    if state.daily_simple:  # what is overdue is shown as money of the day would pay it
        put_interest_first(state, day)
    made = Statement(
        as_of=day,
        schedule=terms.schedule if state.on_balance else state.plan,
        events=events,
        arrears=balances_of(state.open_by_kind(day, overdue=True), money),
        due=balances_of(state.open_by_kind(day), money),
        undue=balances_of(state.after_receipts(state.payoff(day)), money),
        credit=money(state.credit),
        days_past_due=state.dues.days_past_due(day),
        received=money(state.received),
        refunded=money(state.refunded),
        written_off=money(state.written_off),
        recovered=money(state.recovered),
        unplanned_deviation=money(state.unplanned_deviation),
        ended=state.ended,
        terms=terms,
        servicing=state,
    )
    if state.on_balance:  # what is still to come may be refused
        _ = made.instalments
    return made
