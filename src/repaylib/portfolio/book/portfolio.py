"""A book of loans: many loans as columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from repaylib.errors import CountError, Phrase, TermsError, check_mapping, check_word
from repaylib.money.amounts import show, to_decimal
from repaylib.money.counts import parse_count
from repaylib.money.rounding import as_integer
from repaylib.money.rounding_arrays import read_only, with_arrays
from repaylib.output.frozen import Frozen
from repaylib.output.tables import Printed, Table
from repaylib.portfolio.book.column_sources import read_mask, read_table
from repaylib.portfolio.book.columns import Index
from repaylib.portfolio.book.formats import parse_formats
from repaylib.portfolio.book.loan_columns import NAMES, LoanColumns, read_loans
from repaylib.portfolio.book.rejects import Rejects
from repaylib.rates.index_rate import LoanRate
from repaylib.schedule.book import Book
from repaylib.terms.loan import Loan
from repaylib.typing import Bools, Codes, Days, Errors, Formats, Ints

if TYPE_CHECKING:
    from repaylib.changes.base import Change
    from repaylib.portfolio.book.changes import PortfolioChange
    from repaylib.portfolio.schedule import PortfolioSchedule
    from repaylib.typing import Progress

__all__ = ["Portfolio", "row_of"]

SHOWN = 5


class Portfolio(Frozen, Book, Printed):
    """Many loans, each parameter of a :class:`~repaylib.Loan` a column. A frozen value.

    A parameter is a column, one value for each loan, or one value for all of them. A column is a
    list, a numpy array, or a column of pandas, Polars or pyarrow.

    Parameters
    ----------
    table
        A mapping of columns; a table of pandas, Polars, pyarrow or DuckDB; anything else that
        hands out an Arrow stream. Further parameters may stand beside it.
    columns
        What a parameter is called in the table, ``{"rate": "annual_rate"}``; other columns of
        the table are then left out. Without it, a column that is no parameter is refused.
    principal
        **Whole numbers in a column are minor units**: 1_000_000 is 10,000.00 (an ``int`` is major
        units for a single loan, so a whole number for all loans is refused here). Text,
        ``Decimal`` and Arrow decimals are major units, ``"10000"``. Floats are refused. So with
        every amount of a loan: `instalment`, `balloon`, `instalment_multiple`.
    rate
        Anything a loan takes.
    formats
        How the table writes its values, where it is not as for a single loan, such as
        ``{"rate": "percent", "amount": "major", "number": "1.234,56", "date": "DD/MM/YYYY"}``; see
        :class:`~repaylib.typing.Formats`. Nothing is guessed: a loan with a value that is written
        in another way is refused.
    payments, start, first_payment
        Whole numbers; days as ``datetime64``, ``date``, ISO text, Arrow or pandas days.
    errors
        ``"raise"``
            a loan that is refused is an error with its row, such as ``rate[17]``.
        ``"collect"``
            it keeps its row, pays nothing, and stands in `rejects` with its reason. A loan for
            which a change cannot be made stays as it was before that change, and stands in the
            ``rejects`` of the plan with the number of the change and the reason.
    **options
        Every other parameter of a :class:`~repaylib.Loan`. A list is one value for all loans
        where a loan takes a list (`fees`, `drawdowns`, `due_days`, days of `every` and
        `interest_base`); elsewhere it is a column.

    Attributes
    ----------
    principal
        ``int64``, minor units.
    payments
        ``int64``.
    start
        ``datetime64[D]``.
    first_payment
        ``datetime64[D]``; NaT is the default of a loan.
    rate_codes
        The rate of loan i is ``rates[rate_codes[i]]``; -1 if it is rejected.
    rates
        The distinct rates.
    option_codes
        All other parameters of loan i are ``options[option_codes[i]]``; -1 if it is rejected.
    options
        The distinct combinations of them.
    decimals
        With how many decimals each loan counts.
    kept
        Which loans are not rejected.
    rejects
        The others; a table.

    Raises
    ------
    RepayError
        With `row` and `column` as attributes, if it is about one loan.

    Notes
    -----
    A null in a column leaves the parameter out for that loan. Where terms can be checked without
    their loan, a million loans take less than a second; each loan is built individually where its
    `rate` has steps, `payments` is left out, or there is a `maturity`, `last_regular`, `stub`,
    `instalment`, `balloon`, `amortise_over`, `drawdowns` or `due_days`.

    Examples
    --------
    >>> import numpy as np
    >>> import repaylib as rp
    >>> book = rp.Portfolio(principal=np.array([1_000_000, 250_000]), rate=["12%", "8%"],
    ...                     payments=12, start="2024-01-10")
    >>> print(book.loan(0))
    10,000.00 at 12% a year from 2024-01-10, 12 monthly level instalments from 2024-02-10
    >>> rp.amortise(book).interest[:, 0]
    array([10000,  1667])

    A table as a bank sends it:

    >>> tape = {"principal": ["10.000,00", "2.500,00", "5,000.00"], "rate": [12.5, 8, 7.25],
    ...         "payments": [12, 24, 12], "start": ["10/01/2024", "13/01/2024", "10/01/2024"]}
    >>> written = {"rate": "percent", "number": "1.234,56", "date": "DD/MM/YYYY"}
    >>> book = rp.Portfolio(tape, formats=written, errors="collect")
    >>> print(book.loan(1))
    2,500.00 at 8% a year from 2024-01-13, 24 monthly level instalments from 2024-02-13
    >>> print(book.rejects)
    row  column     value     reason
    ---  ---------  --------  ---------------------------------------------------------
    2    principal  5,000.00  expected a number written 1.234,56; correct the value, or
                              change formats={"number": "1.234,56"}
    """

    __slots__ = ("_loan_columns", "errors", "rejects")

    _loan_columns: LoanColumns
    errors: Errors
    rejects: Rejects

    def __init__(
        self,
        table: Any = None,
        *,
        columns: Mapping[str, str] | None = None,
        formats: Formats | None = None,
        errors: Errors = "raise",
        **options: Any,
    ) -> None:
        check_word("errors", errors, ("raise", "collect"))
        given = {} if table is None else _chosen(read_table(table), columns)
        if table is None and columns is not None:
            raise TermsError(
                "columns",
                columns,
                "a table with it",
                Phrase("write {}", "rp.Portfolio(table, ...)"),
            )
        for name in given.keys() & options.keys():
            raise TermsError(
                name,
                options[name],
                "either a column of the table or a parameter",
                "write one of them",
            )
        given |= options
        for name in given:
            if name not in NAMES:
                raise TermsError(
                    name,
                    Phrase("a column"),
                    Phrase("a parameter of a loan: {}", ", ".join(NAMES)),
                    Phrase('write columns={{"rate": "{}"}} with the parameter that it is', name),
                )
        self._set(read_loans(given, parse_formats(formats), errors), errors)

    def _set(self, loan_columns: LoanColumns, errors: Errors) -> None:
        kept = with_arrays(loan_columns, read_only)
        self._store(_loan_columns=kept, errors=errors, rejects=Rejects(loan_columns.rejects))

    def __reduce__(self) -> tuple[object, ...]:
        return self._made, (self._loan_columns, self.errors)

    def amortised(
        self, changes: Iterable[Change | PortfolioChange] = (), progress: Progress = None
    ) -> PortfolioSchedule:
        """Return the schedules of the loans with changes; see :func:`~repaylib.amortise`."""
        from repaylib.portfolio.schedule import PortfolioSchedule

        plan = PortfolioSchedule(self, changes)
        if progress is not None:
            plan.fold(progress)
        return plan

    # -- columns ----------------------------------------------------------------------

    @property
    def principal(self) -> Ints:
        """The amounts lent, in minor units."""
        return self._loan_columns.principal

    @property
    def payments(self) -> Ints:
        """The numbers of payments."""
        return self._loan_columns.payments

    @property
    def start(self) -> Days:
        """The days of disbursement."""
        return self._loan_columns.start

    @property
    def first_payment(self) -> Days:
        """The first due dates that were given."""
        return self._loan_columns.first_payment

    @property
    def rate_codes(self) -> Codes:
        """Which of `rates` each loan has; -1 if it is rejected."""
        return self._loan_columns.rate_codes

    @property
    def rates(self) -> tuple[LoanRate, ...]:
        """The distinct rates."""
        return self._loan_columns.rates

    @property
    def option_codes(self) -> Codes:
        """Which of `options` each loan has; -1 if it is rejected."""
        return self._loan_columns.option_codes

    @property
    def options(self) -> tuple[dict[str, Any], ...]:
        """The distinct combinations of all other parameters that were given."""
        return self._loan_columns.options

    @property
    def decimals(self) -> Ints:
        """With how many decimals each loan counts."""
        return self._loan_columns.decimals

    @property
    def kept(self) -> Bools:
        """Which loans are not rejected."""
        return self._loan_columns.option_codes >= 0

    def currencies(self) -> dict[tuple[str, int], Bools]:
        """Return which loans are in which currency and count with which decimals.

        Examples
        --------
        >>> import repaylib as rp
        >>> book = rp.Portfolio(principal=["1000", "2000"], rate="5%", payments=12,
        ...                     start="2024-01-10", currency=["JPY", "EUR"])
        >>> [(name, book.where(mask).principal) for (name, _), mask in book.currencies().items()]
        [('EUR', array([200000])), ('JPY', array([1000]))]
        """
        names = np.array([str(given.get("currency", "XXX")) for given in self.options] or ["XXX"])
        own = names[self.option_codes]
        found: dict[tuple[str, int], Bools] = {}
        for name in sorted(set(own[self.kept].tolist())):
            rows = (own == name) & self.kept
            for count in np.unique(self.decimals[rows]).tolist():
                found[name, count] = rows & (self.decimals == count)
        return found

    # -- loans ------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._loan_columns.principal)

    def loan(self, row: int) -> Loan:
        """Return the loan of `row`, counted from 0.

        Raises
        ------
        RepayError
            The one for which it was rejected, if it was.
        """
        loan_columns = self._loan_columns
        row = row_of(row, len(self))
        if loan_columns.option_codes[row] < 0:
            raise next(reject.error for reject in self.rejects if reject.row == row)
        options: dict[str, Any] = dict(loan_columns.options[loan_columns.option_codes[row]])
        if loan_columns.counted[row]:
            options["payments"] = int(loan_columns.payments[row])
        if not np.isnat(loan_columns.first_payment[row]):
            options["first_payment"] = loan_columns.first_payment[row].item()
        return Loan(
            to_decimal(int(loan_columns.principal[row]), int(loan_columns.decimals[row])),
            loan_columns.rates[loan_columns.rate_codes[row]],
            start=loan_columns.start[row].item(),
            **options,
        )

    def part(self, low: int, high: int) -> Portfolio:
        """Return the loans from row `low` to before `high`, as a book of their own."""
        count = len(self)
        first = parse_count(low, "low", least=0, most=count, example=0)
        end = parse_count(high, "high", least=0, most=count, example=count)
        return self._chosen(slice(first, end), np.arange(first, end))

    def where(self, mask: npt.ArrayLike) -> Portfolio:
        """Return the loans for which `mask` is true, as a book of their own.

        Examples
        --------
        >>> import repaylib as rp
        >>> book = rp.Portfolio(principal=["1000", "2000"], rate="5%", payments=12,
        ...                     start="2024-01-10")
        >>> len(book.where(book.principal > 100_000))
        1
        """
        chosen = read_mask(mask, "mask")
        if isinstance(chosen, bool) or len(chosen) != len(self):
            expected = Phrase("True or False for each of {} loans", len(self))
            raise TermsError("mask", mask, expected, Phrase("write {}", "book.principal > 0"))
        return self._chosen(chosen, np.flatnonzero(chosen))

    def collecting(self, rows: Ints) -> Portfolio:
        """Return the loans of some rows, as a book that collects those that are refused."""
        part = self._chosen(rows, rows)
        part._set(part._loan_columns, "collect")
        return part

    def _chosen(self, rows: Index, numbers: npt.NDArray[np.int64]) -> Portfolio:
        loan_columns = self._loan_columns
        place = {int(row): number for number, row in enumerate(numbers)} if self.rejects else {}
        rejects = [reject for reject in self.rejects if reject.row in place]
        return self._made(
            LoanColumns(
                loan_columns.principal[rows],
                loan_columns.payments[rows],
                loan_columns.start[rows],
                loan_columns.first_payment[rows],
                loan_columns.rate_codes[rows],
                loan_columns.rates,
                loan_columns.option_codes[rows],
                loan_columns.options,
                loan_columns.decimals[rows],
                loan_columns.counted[rows],
                tuple(replace(reject, row=place[reject.row]) for reject in rejects),
            ),
            self.errors,
        )

    # -- text ---------------------------------------------------------------------------

    def _table(self) -> Table:
        rows = list(range(len(self)))
        if len(rows) > 2 * SHOWN:
            rows = [*rows[:SHOWN], -1, *rows[-SHOWN:]]
        header = ["loan", "start", "rate", "principal", "payments"]
        lines = [self._line(row) for row in rows]
        return Table(header, lines, left=3, caption=repr(self), above=[repr(self), ""])

    def _line(self, row: int) -> list[str]:
        if row < 0:
            return ["..."] + [""] * 4
        if not self.kept[row]:
            return [str(row), "rejected", "", "", ""]
        rate = str(self.rates[self.rate_codes[row]])
        amount = show(int(self.principal[row]), int(self.decimals[row]))
        return [str(row), str(self.start[row]), rate, amount, str(self.payments[row])]

    def __repr__(self) -> str:
        gone = f", {len(self.rejects):,} of them rejected" if self.rejects else ""
        return f"<Portfolio: {len(self):,} loan{'s' * (len(self) != 1)}{gone}>"


def row_of(row: int, length: int) -> int:
    """Return the row of a loan; from the end, if it is negative."""
    number = as_integer(row)
    if number is None or not -length <= number < length:
        raise CountError(
            "row",
            row,
            Phrase("the row of a loan, 0 to {}", length - 1),
            Phrase("write such as {}", "row=0"),
        )
    return number % length


def _chosen(table: dict[str, Any], columns: Mapping[str, str] | None) -> dict[str, Any]:
    if columns is None:
        return table
    check_mapping(columns, "columns", Phrase("write {}", 'columns={"principal": "amount"}'))
    return {
        check_word("columns", name, NAMES): table[check_word("columns", theirs, table)]
        for name, theirs in columns.items()
    }
