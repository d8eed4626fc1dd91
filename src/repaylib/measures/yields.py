"""The rate and the present value of flows of money, certified."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from repaylib.dates.day_count import BY_BUSINESS_DAY, check_only
from repaylib.errors import Phrase, RateError, RootError
from repaylib.measures.cash_flows import Dated, FlowsLike, Undated, check_day_count, dated, undated
from repaylib.measures.flow_lines import Shares, flow_lines, shares_by_line
from repaylib.measures.yield_arrays import Yields, rates_of_lines
from repaylib.money.counts import parse_digits
from repaylib.money.rounding import round_significant
from repaylib.output.frozen import Frozen
from repaylib.output.plain import Plain
from repaylib.rates.cash_flow_equation import Equation
from repaylib.rates.rate import parse_share
from repaylib.rates.root_finding import nearest_to_zero
from repaylib.schedule.book import Book, ColumnLike
from repaylib.typing import DayCount

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

__all__ = ["Yield", "irr", "single_rate", "xirr"]

YIELD_DIGITS = 12


class Yield(Frozen, Plain, Decimal):
    """A rate of return, as a share: a ``Decimal`` that also says how it is meant and proved.

    Attributes
    ----------
    per
        ``"period"`` (of equal ones) or ``"year"`` (effective, with interest on interest).
    day_count
        How days become years; ``None`` with equal periods.
    changes
        How often the flows change their sign. With one change there is no other rate.
    digits
        To how many significant digits it is rounded.

    Examples
    --------
    >>> import repaylib as rp
    >>> found = rp.irr(["-10000", *["888.49"] * 11, "888.47"])
    >>> found, found.per, found.changes
    (Yield('0.0100000955236'), 'period', 1)
    >>> found.bracket
    (Decimal('0.01000009552355'), Decimal('0.01000009552365'))
    """

    __slots__ = ("changes", "day_count", "digits", "per")

    per: Literal["period", "year"]
    day_count: DayCount | None
    changes: int
    digits: int

    def __new__(cls, value: Decimal | str, *_: object, **__: object) -> Yield:
        """Make the number; its other parts are stored by the constructor."""
        return super().__new__(cls, value)

    def __init__(
        self,
        value: Decimal | str,
        per: Literal["period", "year"] = "period",
        day_count: DayCount | None = None,
        changes: int = 1,
        digits: int = YIELD_DIGITS,
    ) -> None:
        self._store(per=per, day_count=day_count, changes=changes, digits=digits)

    @property
    def bracket(self) -> tuple[Decimal, Decimal]:
        """Two rates between which the rate lies, half a unit of the last digit to either side.

        The present value of the flows has opposite signs there. A rate that needs fewer digits than were
        asked for, such as 0.1, is exact, and both are that rate.
        """
        sign, digits, exponent = self.as_tuple()
        assert isinstance(exponent, int), "a rate is finite"
        if len(digits) < self.digits:
            return Decimal(self), Decimal(self)
        whole = int(Decimal((sign, digits, 0)))
        return Decimal(f"{10 * whole - 5}E{exponent - 1}"), Decimal(
            f"{10 * whole + 5}E{exponent - 1}"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.per, self.day_count, self.changes, self.digits)

    def __copy__(self) -> Yield:
        return self

    def __deepcopy__(self, memo: object) -> Yield:
        return self

    def __repr__(self) -> str:
        return f"Yield('{self}')"


@overload
def irr(flows: Ints, *, near: ColumnLike = None, digits: int = YIELD_DIGITS) -> Yields: ...
@overload
def irr(
    flows: FlowsLike, *, near: str | Decimal | Fraction | None = None, digits: int = YIELD_DIGITS
) -> Yield: ...
def irr(
    flows: FlowsLike | Ints,
    *,
    near: ColumnLike = None,
    digits: int = YIELD_DIGITS,
) -> Yield | Yields:
    r"""Return the rate of one period at which flows have a present value of zero.

    Parameters
    ----------
    flows
        Amounts at equal periods, the first at once: amounts lent are negative, what is paid for it
        positive (or the reverse). Or a schedule, a loan, a settlement, in the periods of the loan:
        part of a period counts as its share of that period's days. Or ``int64`` minor units,
        ``[loans, periods]``, for :class:`~repaylib.measures.Yields` of them all.
    near
        Of several rates that fit, the one nearest to this is meant. With many lines, one for all or
        one for each.
    digits
        Significant digits of the answer, 1 to 1,000; 12 are found fast. Of many lines, up to 15: each
        bracket reaches to a unit of the last of so many digits of 1 + \|rate\|, or less far.

    Returns
    -------
    Yield
        As a share: 0.01 is 1 % a period.

    Raises
    ------
    RootError
        If no rate above -100 % fits the flows, or several do and `near` does not choose.
    RepayError
        If an amount cannot be read, or flows have days (then :func:`~repaylib.xirr` is meant).

    Notes
    -----
    .. math:: \sum_k c_k (1 + i)^{-k} = 0

    Every rate that fits is found: with one change of sign there is one (Descartes' rule), with more
    the line is searched in intervals that are proved to hold none, or one. A rate is given when
    the present value of the flows, with a bound on its error, has opposite signs on either side of its
    last digit.

    Examples
    --------
    >>> import repaylib as rp
    >>> rp.irr(["-100", "110"])
    Yield('0.1')
    >>> flat = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", method="flat"))
    >>> rp.irr(flat)
    Yield('0.0178809322526')
    >>> rp.irr(["-100", "230", "-132"], near="12%")
    Yield('0.1')
    """
    if (many := flow_lines(flows)) is not None:
        return rates_of_lines(many, "period", None, digits, _near(near, len(many.amounts)))
    found = undated(flows)
    return single_rate(found, found.equation(), near, digits, "period", None)


@overload
def xirr(
    flows: Ints,
    dates: object,
    *,
    day_count: DayCount = "actual/365",
    calendar: np.busdaycalendar | None = None,
    near: ColumnLike = None,
    digits: int = YIELD_DIGITS,
) -> Yields: ...
@overload
def xirr(
    flows: Book,
    dates: None = None,
    *,
    day_count: DayCount = "actual/365",
    calendar: np.busdaycalendar | None = None,
    near: ColumnLike = None,
    digits: int = YIELD_DIGITS,
) -> Yields: ...
@overload
def xirr(
    flows: FlowsLike,
    dates: object = None,
    *,
    day_count: DayCount = "actual/365",
    calendar: np.busdaycalendar | None = None,
    near: str | Decimal | Fraction | None = None,
    digits: int = YIELD_DIGITS,
) -> Yield: ...
def xirr(
    flows: FlowsLike | Ints | Book,
    dates: object = None,
    *,
    day_count: DayCount = "actual/365",
    calendar: np.busdaycalendar | None = None,
    near: ColumnLike = None,
    digits: int = YIELD_DIGITS,
) -> Yield | Yields:
    r"""Return the effective rate per year at which flows on days have a present value of zero.

    Parameters
    ----------
    flows
        Pairs of a day and an amount, or a mapping from one to the other: amounts lent are negative,
        what is paid for it positive (or the reverse). Their order does not matter; amounts of one
        day are added. Or amounts alone, beside `dates`. Or a schedule, a loan, a settlement. Or a
        book of loans, for :class:`~repaylib.measures.Yields` of them all.
    dates
        The days of the amounts, one to each.
    day_count
        How days become years: ``"actual/365"``, as spreadsheets have it, or any other day count
        of a :class:`~repaylib.Loan` but those of regular periods.
    calendar
        For ``"business/252"``: a ``numpy.busdaycalendar``.
    near, digits
        As for :func:`~repaylib.irr`.

    Returns
    -------
    Yield
        As a share: 0.12 is 12 % a year, with interest on interest.

    Raises
    ------
    RootError
        If no rate above -100 % fits the flows, or several do and `near` does not choose.
    RepayError
        If a day or an amount cannot be read, or there are more of the ones than of the others.

    Notes
    -----
    .. math:: \sum_k c_k (1 + x)^{-d_k / 365} = 0

    with :math:`d_k` days after the first flow. Excel: ``XIRR``, which gives one of several rates.

    Examples
    --------
    >>> import repaylib as rp
    >>> rp.xirr([("2024-01-10", "-10000"), ("2025-01-09", "11200")])
    Yield('0.12')
    >>> rp.xirr(["-10000", "2500", "2000", "3000", "4000"],
    ...         ["2007-01-12", "2008-02-14", "2008-03-03", "2008-06-14", "2008-12-01"])
    Yield('0.100643783427')
    """
    day_count = check_day_count(day_count)
    check_only("calendar", calendar, None, day_count, BY_BUSINESS_DAY)
    if (many := flow_lines(flows, dates, day_count, calendar)) is not None:
        return rates_of_lines(many, "year", day_count, digits, _near(near, len(many.amounts)))
    found = dated(flows, dates)
    return single_rate(found, found.equation(day_count, calendar), near, digits, "year", day_count)


def _near(near: ColumnLike, lines: int) -> Shares | None:
    """Read the rates that are meant, one for all lines or one for each."""
    if near is None:
        return None
    found = shares_by_line(near, "near", lines, _to_near)
    if np.isnan(found.floats).any():
        raise RateError(
            "near", float("nan"), "a rate for each line", Phrase("write such as {}", '"12%"')
        )
    return found


def _to_near(near: object) -> Fraction:
    return parse_share(near, "near", least=-1)


def single_rate(
    flows: Dated | Undated,
    equation: Equation,
    near: object,
    digits: int,
    per: Literal["period", "year"],
    day_count: DayCount | None,
) -> Yield:
    """Return the rate that flows have, if they have one or `near` chooses one."""
    digits = parse_digits(digits)
    wanted = None if near is None else _to_near(near)
    zeros = equation.zeros()
    try:
        log_growth = zeros.only if wanted is None else zeros.closest_to(wanted)
        if log_growth is not None:
            found = equation.rate(log_growth, digits)
            return Yield(found, per, day_count, equation.changes, digits)
    except ArithmeticError as error:
        raise RootError(
            "flows",
            flows.in_words(),
            Phrase("flows whose rates can be told apart; {}", error),
            "change an amount by a cent, or put a rate into rp.npv",
        ) from None
    raise _unclear(flows, equation, equation.rates(digits, zeros))


def _unclear(flows: Dated | Undated, equation: Equation, found: list[Decimal]) -> RootError:
    if found:
        listed = ", ".join(_short(rate) for rate in found)
        return RootError(
            "flows",
            flows.in_words(),
            Phrase("flows that one rate fits, not {}: {}", len(found), listed),
            Phrase(
                'write near="{}" for the one that is meant, or put a rate into rp.npv',
                _short(nearest_to_zero(found) or Decimal(0)),
            ),
            tuple(found),
        )
    if not equation.amounts:
        expected, hint = (
            "some amount that is not zero",
            "write the amounts lent and the amounts paid",
        )
    elif equation.changes == 0:
        side = Phrase("paid") if equation.amounts[0] > 0 else Phrase("lent")
        expected = Phrase(
            "the amounts lent and the amounts paid, of opposite signs; all of these are {}", side
        )
        hint = "write the amounts lent with a minus; rp.npv gives the present value of one side"
    else:
        expected = "flows that some rate above -100% makes worth nothing; none does"
        hint = "put a rate into rp.npv"
    return RootError("flows", flows.in_words(), expected, hint)


def _short(rate: Decimal) -> str:
    return f"{round_significant(Fraction(rate) * 100, 6):f}%"
