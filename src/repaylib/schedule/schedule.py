"""A schedule: what follows from a loan and its changes, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from repaylib.changes.base import Change, list_of
from repaylib.changes.rate_change import RateChange
from repaylib.engine.execution import go_on, run
from repaylib.engine.instructions import Offset
from repaylib.engine.ledger import FeeCharge, Ledger, RatePeriod
from repaylib.engine.opening import Folded
from repaylib.engine.program import Program, compile_loan
from repaylib.errors import Phrase, RepayError, TermsError
from repaylib.output.certificates import Certificate
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table, TableOf
from repaylib.schedule import export
from repaylib.schedule.change_log import terms_of
from repaylib.schedule.conservation import check_columns
from repaylib.schedule.explanation import explain_row, index_of
from repaylib.schedule.figures import Explanation
from repaylib.schedule.placement import effective_date, rate_end_date, requested_date
from repaylib.schedule.rows import Columns, Row, days_of, rows_of
from repaylib.schedule.serialization import Stored, from_plain, located, to_plain
from repaylib.schedule.totals import Totals
from repaylib.terms.loan import Loan
from repaylib.typing import Lang
from repaylib.wording.sentence import Listed, parse_language

if TYPE_CHECKING:
    import pandas
    import pyarrow

__all__ = ["Schedule"]


class Schedule(Totals, Stored, Tabular, TableOf[Row]):
    """The rows that follow from a loan and its changes. A frozen value.

    Iterating yields :class:`~repaylib.Row`, ``schedule[0]`` is the first. Two schedules are equal
    if their loans and changes are. ``print(schedule)`` is an aligned table; notebooks show
    HTML.

    Parameters
    ----------
    loan
        The terms.
    changes
        The changes, each on the schedule that the former ones left.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("1000", "12%", 3, "2024-01-31"))
    >>> print(plan)
    1,000.00 at 12% a year from 2024-01-31, 3 monthly level instalments from 2024-02-29
    <BLANKLINE>
    no  date         opening   payment  interest  principal  closing
    --  ----------  --------  --------  --------  ---------  -------
     1  2024-02-29  1,000.00    340.02     10.00     330.02   669.98
     2  2024-03-31    669.98    340.02      6.70     333.32   336.66
     3  2024-04-30    336.66    340.03      3.37     336.66     0.00
    --  ----------  --------  --------  --------  ---------  -------
        total                 1,020.07     20.07   1,000.00
    """

    __slots__ = ("_cache", "changes", "folded", "loan")

    loan: Loan
    changes: tuple[Change, ...]
    folded: Folded
    _cache: dict[str, Any]

    def __init__(self, loan: Loan, changes: Sequence[Change] = ()) -> None:
        if not isinstance(loan, Loan):
            raise TermsError("loan", loan, "a Loan", "write rp.Loan(principal=..., rate=..., ...)")
        changes = list_of(changes)
        self._set(loan, (), go_on(compile_loan(loan)))
        if changes:
            last = self.then(*changes)
            self._set(loan, last.changes, last.folded)

    def _set(self, loan: Loan, changes: tuple[Change, ...], folded: Folded) -> None:
        loan.check_holidays(folded.ledger.adjusted, folded.ledger.last_number)
        self._store(loan=loan, changes=changes, folded=folded, _cache={})

    def __reduce__(self) -> tuple[object, ...]:
        grows = self.program.negative_amortisation != self.loan.negative_amortisation
        if grows or any(isinstance(event.instruction, Offset) for event in self.program.events):
            return _as_folded, (self.loan, self.changes, self.program.events, grows)
        return type(self), (self.loan, self.changes)

    def then(self, *changes: Change) -> Schedule:
        """Return the schedule with further `changes`, each applied to what the one before left."""
        schedule = self
        for number, change in enumerate(changes, len(self.changes) + 1):
            try:
                schedule = schedule._then(change)
            except RepayError as error:
                error.change = number
                if len(changes) > 1:
                    error.add_note(Phrase("change {}: {}", number, change))
                raise
        return schedule

    def _then(self, change: Change) -> Schedule:
        if not isinstance(change, Change):
            raise TermsError(
                "changes",
                change,
                "changes such as Deferral(payment=4)",
                Phrase("write {}", "rp.changes.Deferral(...)"),
            )
        on, until = self.effective_date(change), None
        if isinstance(change, RateChange) and change.until is not None:
            until = rate_end_date(change, on, self.ledger)
        program = self.program.with_change(self.loan, change, on, until)
        try:
            return self.with_program((*self.changes, change), program)
        except RepayError as error:
            if not error.change or error.change > len(self.changes):
                raise
            earlier = self.changes[error.change - 1]
            raise TermsError(
                "changes",
                Phrase("{}", change),
                Phrase(
                    "a change that leaves the earlier ones possible; number {}, {}, then fails: {}",
                    error.change,
                    earlier,
                    error,
                ),
                "agree on it before that one, or make it smaller",
            ) from error

    # -- behind the rows, for the rest of the library ---------------------------------

    @classmethod
    def of_fold(cls, loan: Loan, changes: tuple[Change, ...], folded: Folded) -> Schedule:
        """Build the schedule of a loan that is folded already."""
        return cls._made(loan, changes, folded)

    def with_program(self, changes: tuple[Change, ...], program: Program) -> Schedule:
        """Fold another program for the loan, from where the programs diverge."""
        return self.of_fold(self.loan, changes, go_on(program, self.folded))

    @property
    def program(self) -> Program:
        """The loan and its changes as instructions of the engine."""
        return self.folded.program

    @property
    def ledger(self) -> Ledger:
        """The days of the loan as the engine writes them, in minor units."""
        return self.folded.ledger

    @property
    def traced(self) -> Ledger:
        """The days once more, with the segments behind all interest."""
        if "traced" not in self._cache:
            self._cache["traced"] = run(self.program, trace=True)
        ledger: Ledger = self._cache["traced"]
        return ledger

    @property
    def accrual_dates(self) -> npt.NDArray[np.datetime64]:
        """The day to which the interest of each row runs. Changes compare their days with it."""
        if "accrual_dates" not in self._cache:
            self._cache["accrual_dates"] = days_of(self.ledger, paid=False)
        dates: npt.NDArray[np.datetime64] = self._cache["accrual_dates"]
        return dates

    @property
    def opening_balance(self) -> int:
        """The principal at the start, with the arrears taken over then, in minor units."""
        return self.program.principal + sum(self.ledger.at_start.values())

    @property
    def rate_periods(self) -> list[RatePeriod]:
        """The nominal rates a year, each with its first day, also of days after the end."""
        return self.ledger.rate_periods

    @property
    def fee_charges(self) -> list[FeeCharge]:
        """The fees charged, each with its row, its amount and the tax on it."""
        return self.ledger.fee_charges

    # -- places in time ---------------------------------------------------------------

    def effective_date(self, change: Change) -> date:
        """Return the day from which `change` would apply to this schedule.

        Raises
        ------
        CountError
            If it names an instalment that the schedule has not.
        DateError
            If its day is before the start, or not before the end.
        """
        return effective_date(change, self.loan.start, self.ledger.last.day, self.ledger)

    def requested_date(self, change: Change) -> date:
        """Return the day on which `change` is placed; a settlement is paid when its notice is over."""
        return requested_date(change, self.loan.start, self.ledger.last.day, self.ledger)

    @property
    def change_days(self) -> tuple[date, ...]:
        """The day from which each change holds."""
        days = {event.change: event.day for event in reversed(self.program.events)}
        return tuple(days[number] for number in range(1, len(self.changes) + 1))

    @property
    def maturity(self) -> date:
        """The day of the last payment."""
        if not self.ledger.moved:
            return self.ledger.last.day
        last: date = self.columns["date"][-1].item()
        return last

    # -- rows and columns -------------------------------------------------------------

    @property
    def columns(self) -> Columns:
        """The rows as read-only numpy arrays of minor units and days; see :class:`~repaylib.schedule.Columns`."""
        if "columns" not in self._cache:
            self._cache["columns"] = Columns(self.ledger, self.program.principal)
        columns: Columns = self._cache["columns"]
        return columns

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows, with ``Decimal`` amounts."""
        if "rows" not in self._cache:
            self._cache["rows"] = rows_of(self.columns, self.loan.decimals)
        rows: tuple[Row, ...] = self._cache["rows"]
        return rows

    def __len__(self) -> int:
        return len(self.ledger)

    # -- text -------------------------------------------------------------------------

    def explain(self, row: int | Row) -> Explanation:
        """Derive every number of a row.

        Parameters
        ----------
        row
            The number of a due date, from 1, or a row of this schedule.

        Returns
        -------
        Explanation
            Base, rate, days, unrounded value and rounding of each number; it prints well.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
        >>> print(plan.explain(4))
        2024-05-10, instalment 4
        interest accrued: 76.11
            7,610.80 x 12% x 1/12 of a year (2024-04-10 to 2024-05-10, 30 days)
            = 76.10800000 unrounded, half_up
        instalment: 888.49
            10,100.00000000 owed on due date 1, its interest included, repaid in 12 equal payments from then on, at 1% a period
            = 888.48788678... unrounded, half_up
        principal: 812.38
            = instalment 888.49 - interest 76.11
        payment: 888.49
            = interest 76.11 + principal 812.38
        closing: 6,798.42
            = opening 7,610.80 - principal 812.38
        """
        index = index_of(row, self.rows)
        before = self.rows[index - 1].deferred if index else self.loan.money(0)
        return explain_row(self.loan, self.traced, index, self.rows[index], before)

    def certificate(self) -> Certificate:
        """Return every figure with its derivation, as JSON that can be checked without repaylib.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
        >>> fourth = plan.certificate().to_dict()["rows"][3]["figures"][0]
        >>> fourth["unrounded"], fourth["rounding"], fourth["value"]
        ('38054/5', 'half_up', '7611')
        """
        from repaylib.schedule.certificate import certify  # seldom needed

        return certify(self)

    def terms(self, *, lang: Lang = "en") -> str:
        """Return in plain words what was agreed, a line for the loan and one for each change.

        A line also says what overrules a change, and where an instalment no longer covers interest.

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
        >>> print(rp.change_rate(plan, "8%", payment=4).terms())
        10,000.00 at 12% a year from 2024-01-10, 12 monthly level instalments from 2024-02-10
        1. (2024-04-10) from instalment 4 on, the rate is 8% a year; the final date stays, and
        the instalments are recalculated
        """
        return parse_language(lang).render(self.agreed_terms)

    @property
    def agreed_terms(self) -> Listed:
        """What :meth:`terms` says, as sentences."""
        return terms_of(self.loan, self.changes, self.change_days, self.ledger)

    def check(self) -> None:
        """Prove that the schedule balances.

        In every row the equations of a :class:`~repaylib.Row` hold, and in the end nothing is owed.

        Raises
        ------
        ConservationError
            With the row that breaks a rule.
        """
        check_columns(self.columns, self.program.principal, self.loan.decimals)

    # -- tables -----------------------------------------------------------------------

    def _table(self) -> Table:
        terms = self.agreed_terms
        table = export.table_of(self.columns, self.loan.decimals)
        return table._replace(caption=terms, above=[terms, ""])

    def __repr__(self) -> str:
        count = len(self.changes)
        changed = f", {count} change{'s' * (count != 1)}" if count else ""
        return (
            f"<Schedule: {self.loan}{changed}; {len(self)} rows to {self.maturity}, "
            f"{self.out_of_pocket:,f} paid>"
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Schedule):
            return NotImplemented
        return self.loan == other.loan and self.changes == other.changes

    def __hash__(self) -> int:
        return hash((self.loan, self.changes))

    # -- out and in -------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return the loan and its changes as a dictionary that JSON takes, without loss.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
        >>> rp.Schedule.from_dict(plan.to_dict()) == plan
        True
        """
        return to_plain(self.loan, self.changes)

    @classmethod
    def _read(cls, plain: object) -> Schedule:
        loan, changes = from_plain(plain, lambda *terms: cls(*terms).ledger)
        try:
            return cls(loan, changes)
        except RepayError as error:
            raise located(error) from error

    def _data(self) -> dict[str, list[Any]]:
        """Return the columns of the rows, amounts in major units."""
        return {name: [getattr(row, name) for row in self.rows] for name in self.columns}

    def to_pandas(self) -> pandas.DataFrame:
        """Return the rows as a DataFrame: days as ``datetime64``, amounts as ``Decimal``.

        Needs the extra ``pandas``.
        """
        return export.pandas_frame(self.columns, self.rows)

    def to_arrow(self) -> pyarrow.Table:
        """Return the rows as an Arrow table: days as ``date32``, amounts as ``decimal128``.

        Needs the extra ``arrow``.
        """
        return export.arrow_table(self.columns, self.rows, self.loan.decimals)


def _as_folded(loan: Loan, changes: tuple[Change, ...], events: Any, grows: bool) -> Schedule:
    """Build a schedule of which some instructions come from no change, but from a statement."""
    program = compile_loan(loan)._replace(events=events)
    return Schedule.of_fold(loan, changes, go_on(program.growing() if grows else program))
