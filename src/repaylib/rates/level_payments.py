r"""Equal payments over equal periods, without dates and without cents.

Amounts are seen from the loan: positive is what the lender pays out, what the borrower pays for
it, and what is still owed at the end. With the rate ``i`` of a period, ``n`` payments of ``A``,
of which the first ``m`` are made at the start, a present value ``P`` and a future value ``F``,

.. math:: P = A \Big(m + \frac{1 - (1+i)^{m-n}}{i}\Big) + F (1+i)^{-n}

and ``P = A n + F`` without interest. A negative amount flows the other way. Spreadsheets give
payments the opposite sign of receipts: there, ``A`` and ``F`` are negated.

Values are exact fractions until the end, where they are rounded to `digits` significant digits.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from inspect import cleandoc, signature
from textwrap import indent
from typing import Any, TypeVar

from repaylib.errors import InstalmentError, Phrase, TermsError
from repaylib.money.amounts import parse_value
from repaylib.money.counts import MOST_PAYMENTS, parse_count, parse_digits
from repaylib.money.rounding import round_significant
from repaylib.rates.annuity import EqualPayments, EqualPeriods
from repaylib.rates.payment_equation import HIGHEST_RATE, Payments, exponent, rates_of
from repaylib.rates.rate import parse_period_rate, parse_share
from repaylib.rates.root_finding import nearest, only_rate
from repaylib.typing import PeriodRate, Value

__all__ = [
    "cumulative_interest",
    "cumulative_principal",
    "future_value",
    "interest_part",
    "level_payment",
    "payments_needed",
    "periodic_rate",
    "present_value",
    "principal_part",
]

DEFAULT_DIGITS = 28
#: Every parameter of the nine functions, described once.
PARAMETERS = {
    "present_value": "The amount that the borrower receives at the start.",
    "rate": """
        The rate of one period: ``"1%"``, ``Decimal("0.01")``, ``Fraction(1, 100)``, or
        ``"8/12%"`` for a month of 8 % a year. Above -100 %; 0 is no interest.""",
    "payment": "The payment of each period.",
    "payments": "The number of payments, 1 to 10,000.",
    "number": "The number of the payment, 1 to `payments`.",
    "first": "The number of the first payment that counts.",
    "last": "The number of the last payment that counts; by default the last of all.",
    "future_value": """
        The amount that is still owed after the last period, a balloon: 10,000 at 1 % over 12
        periods take payments of 888.49, and of 730.79 if 2,000 are left.""",
    "in_advance": """
        The number of payments made at the start. ``False`` or 0: every payment is made at the
        end of its period [888.49]. ``True`` or 1: at the beginning [879.69]. 3: three at the
        start and the others at the ends of the periods that follow [864.60].""",
    "near": """
        Where two rates fit, the one nearest to this is returned, as for :func:`~repaylib.irr`. By default
        it is the only one that is not negative or, if there is none, the only negative one.""",
    "digits": "Significant digits of the result, 1 to 1,000; a tie goes to the even neighbour.",
}
RAISES = """Raises
------
AmountError, RateError, CountError
    If a parameter cannot be read; the error names it.

"""

Function = TypeVar("Function", bound=Callable[..., Any])


def _explained(function: Function) -> Function:
    """Write the sections on parameters and errors into a docstring, after its summary."""
    summary, _, rest = cleandoc(function.__doc__ or "").partition("\n\n")
    names = signature(function).parameters
    texts = "\n".join(f"{name}\n{indent(cleandoc(PARAMETERS[name]), '    ')}" for name in names)
    raises = "" if "\nRaises\n" in rest else RAISES
    function.__doc__ = f"{summary}\n\nParameters\n----------\n{texts}\n\n{raises}{rest}"
    return function


@_explained
def level_payment(
    present_value: Value,
    rate: PeriodRate,
    payments: int,
    *,
    future_value: Value = 0,
    in_advance: bool | int = False,
    digits: int = DEFAULT_DIGITS,
) -> Decimal:
    r"""Return the equal payment that repays a sum.

    Notes
    -----
    .. math:: A = \big(P - F (1+i)^{-n}\big) \Big/ \Big(m + \frac{1 - (1+i)^{m-n}}{i}\Big)

    Excel: ``-PMT(rate, payments, present_value, -future_value, in_advance)``.

    Examples
    --------
    >>> import repaylib as rp
    >>> rp.rates.level_payment("10000", "1%", 12)
    Decimal('888.4878867834170733998783123')
    >>> rp.rates.level_payment("15000", "8/12%", 60, digits=9)
    Decimal('304.145914')
    """
    plan = _read_plan(present_value, rate, payments, future_value, in_advance)
    return round_significant(plan.payment, parse_digits(digits))


@_explained
def present_value(
    payment: Value,
    rate: PeriodRate,
    payments: int,
    *,
    future_value: Value = 0,
    in_advance: bool | int = False,
    digits: int = DEFAULT_DIGITS,
) -> Decimal:
    r"""Return the present value of equal payments and of what is owed after them.

    Notes
    -----
    The formula is that of :func:`~repaylib.rates.level_payment`, solved for ``P``.
    Excel: ``PV(rate, payments, -payment, -future_value, in_advance)``.

    Examples
    --------
    >>> import repaylib as rp
    >>> rp.rates.present_value("888.49", "1%", 12)
    Decimal('10000.02378441635909134202907')
    """
    periods = _read_periods(rate, payments, in_advance)
    paid, left = parse_value(payment, "payment"), parse_value(future_value, "future_value")
    return round_significant(paid * periods.factor + left / periods.growth, parse_digits(digits))


@_explained
def future_value(
    present_value: Value,
    rate: PeriodRate,
    payments: int,
    *,
    payment: Value = 0,
    in_advance: bool | int = False,
    digits: int = DEFAULT_DIGITS,
) -> Decimal:
    r"""Return the amount owed after the last period; without payments, what a sum grows to.

    Notes
    -----
    .. math:: F = P (1+i)^n - A \Big(m (1+i)^n + \frac{(1+i)^n - (1+i)^m}{i}\Big)

    Excel: ``-FV(rate, payments, -payment, present_value, in_advance)``. Saving is a debt of the
    other side: 2,000 paid in at the beginning of 20 years at 7.5 % are a debt of -93,105.06.

    Examples
    --------
    >>> import repaylib as rp
    >>> rp.rates.future_value("10000", "1%", 6, payment="888.49", digits=8)
    Decimal('5149.1976')
    >>> rp.rates.future_value(0, "7.5%", 20, payment="2000", in_advance=True, digits=12)
    Decimal('-93105.0648735')
    """
    periods = _read_periods(rate, payments, in_advance)
    owed, paid = parse_value(present_value, "present_value"), parse_value(payment, "payment")
    return round_significant((owed - paid * periods.factor) * periods.growth, parse_digits(digits))


@_explained
def payments_needed(
    present_value: Value,
    rate: PeriodRate,
    payment: Value,
    *,
    future_value: Value = 0,
    in_advance: bool | int = False,
    digits: int = DEFAULT_DIGITS,
) -> Decimal:
    r"""Return the number of equal payments that repay a sum, with decimals.

    Returns
    -------
    Decimal
        The number for which the formula of :func:`~repaylib.rates.level_payment` holds: 15.49 are 15 payments
        and a smaller one, which is not 0.49 of a payment but what is owed by then.

    Raises
    ------
    InstalmentError
        If the payment does not exceed the interest.
    TermsError
        If the amounts contradict each other in another way.

    Notes
    -----
    .. math:: n = \ln \frac{A (1+i)^m - F i}{A - (P - A m) i} \Big/ \ln (1+i)

    Excel: ``NPER(rate, -payment, present_value, -future_value, in_advance)``.

    Examples
    --------
    >>> import repaylib as rp
    >>> rp.rates.payments_needed("10000", "1%", "700", digits=8)
    Decimal('15.492016')
    >>> rp.rates.payments_needed("10000", "1%", "100")
    Traceback (most recent call last):
    repaylib.errors.InstalmentError: payment: got '100'; expected more than the interest of a period, 100; write a larger payment
    """
    places, i, advance = parse_digits(digits), parse_period_rate(rate), _to_advance(in_advance)
    paid, left = parse_value(payment, "payment"), parse_value(future_value, "future_value")
    principal = parse_value(present_value, "present_value") - advance * paid
    if i == 0:
        number = advance + (principal - left) / paid if paid else None
        if number is not None and number >= advance:
            return round_significant(number, places)
    elif paid != principal * i:
        grown = (paid * (1 + i) ** advance - left * i) / (paid - principal * i)
        if grown > 0 and (grown - (1 + i) ** advance) * i >= 0:
            return exponent(grown, 1 + i, places)
    if i > 0 and 0 <= paid <= principal * i:
        interest = round_significant(principal * i, 12)
        expected = Phrase("more than the interest of a period, {:f}", interest)
        raise InstalmentError("payment", payment, expected, "write a larger payment")
    raise TermsError(
        "payment",
        payment,
        Phrase("one that brings {} to {}", f"{present_value=!s}", f"{future_value=!s}"),
        "change one of the three",
    )


@_explained
def periodic_rate(
    present_value: Value,
    payments: int,
    payment: Value,
    *,
    future_value: Value = 0,
    in_advance: bool | int = False,
    near: str | Decimal | Fraction | None = None,
    digits: int = DEFAULT_DIGITS,
) -> Decimal:
    """Return the rate of a period at which equal payments repay a sum.

    Returns
    -------
    Decimal
        As a share: 0.01 is 1 % a period. It is negative if less is paid than the principal.

    Raises
    ------
    TermsError
        If no rate fits, two do and `near` does not choose (the message gives both), or all.

    Notes
    -----
    The equation of :func:`~repaylib.rates.level_payment`, solved for ``i`` above -100 % and up to 100,000 %.
    The rate is found by bisection, and returned when the exact sign of the remainder differs on
    either side of its last digit. Excel: ``RATE(payments, -payment, present_value,
    -future_value, in_advance)``, which takes a guess and gives one of two rates.

    Examples
    --------
    >>> import repaylib as rp
    >>> rp.rates.periodic_rate("10000", 12, "888.49", digits=10)
    Decimal('0.01000037644')
    >>> rp.rates.periodic_rate("100", 2, "230", future_value="-362", near="10%")
    Decimal('0.1')
    >>> rp.rates.periodic_rate("100", 2, "230", future_value="-362")
    Traceback (most recent call last):
    repaylib.errors.TermsError: payment: got '230'; expected amounts that one rate fits, not two, 0.1 and 0.2; write near="10%" or near="20%" for the one that is meant
    """
    wanted = None if near is None else parse_share(near, "near", least=-1)
    places, count = parse_digits(digits), parse_count(payments, "payments")
    flows = Payments(
        parse_value(present_value, "present_value"),
        parse_value(payment, "payment"),
        parse_value(future_value, "future_value"),
        count,
        _to_advance(in_advance, count),
    )
    found = rates_of(flows, places)
    meant = nearest(found, wanted) if found and wanted is not None else only_rate(found)
    if meant is not None:
        return meant
    if found:
        one, two = (round_significant(Fraction(rate) * 100, 6) for rate in found)
        expected = Phrase("amounts that one rate fits, not two, {} and {}", found[0], found[1])
        hint = Phrase('write near="{:f}%" or near="{:f}%" for the one that is meant', one, two)
    else:
        expected = Phrase(
            "amounts that a rate from -100% to {}% fits, not {} and {} of {} payments",
            *(100 * HIGHEST_RATE, f"{present_value=!s}", f"{future_value=!s}", count),
        )
        hint = Phrase("change one of them")
        if not flows.turns():
            expected = Phrase("some amount that is not zero; now every rate fits")
            hint = Phrase("write one")
    raise TermsError("payment", payment, expected, hint)


@_explained
def interest_part(
    present_value: Value,
    rate: PeriodRate,
    payments: int,
    number: int,
    *,
    future_value: Value = 0,
    in_advance: bool | int = False,
    digits: int = DEFAULT_DIGITS,
) -> Decimal:
    """Return the interest in one of the payments of :func:`~repaylib.rates.level_payment`.

    Notes
    -----
    The interest of the period before the payment on what was owed after the payment before that;
    zero for payments at the start. Excel:
    ``-IPMT(rate, number, payments, present_value, -future_value, in_advance)``.

    Examples
    --------
    >>> import repaylib as rp
    >>> [rp.rates.interest_part("10000", "1%", 12, number, digits=6) for number in (1, 2)]
    [Decimal('100'), Decimal('92.1151')]
    """
    plan = _read_plan(present_value, rate, payments, future_value, in_advance)
    which = parse_count(number, "number", most=plan.periods.payments)
    return round_significant(plan.interest(which, which), parse_digits(digits))


@_explained
def principal_part(
    present_value: Value,
    rate: PeriodRate,
    payments: int,
    number: int,
    *,
    future_value: Value = 0,
    in_advance: bool | int = False,
    digits: int = DEFAULT_DIGITS,
) -> Decimal:
    """Return the principal in one of the payments of :func:`~repaylib.rates.level_payment`.

    Notes
    -----
    Excel: ``-PPMT(rate, number, payments, present_value, -future_value, in_advance)``.

    Examples
    --------
    >>> import repaylib as rp
    >>> [rp.rates.principal_part("10000", "1%", 12, number, digits=6) for number in (1, 2)]
    [Decimal('788.488'), Decimal('796.373')]
    """
    plan = _read_plan(present_value, rate, payments, future_value, in_advance)
    which = parse_count(number, "number", most=plan.periods.payments)
    return round_significant(plan.principal(which, which), parse_digits(digits))


@_explained
def cumulative_interest(
    present_value: Value,
    rate: PeriodRate,
    payments: int,
    first: int = 1,
    last: int | None = None,
    *,
    future_value: Value = 0,
    in_advance: bool | int = False,
    digits: int = DEFAULT_DIGITS,
) -> Decimal:
    """Return the interest in several of the payments of :func:`~repaylib.rates.level_payment`.

    Notes
    -----
    Excel: ``-CUMIPMT(rate, payments, present_value, first, last, in_advance)``.

    Examples
    --------
    >>> import repaylib as rp
    >>> rp.rates.cumulative_interest("125000", "9/12%", 360, 13, 24, digits=10)
    Decimal('11135.23213')
    """
    plan = _read_plan(present_value, rate, payments, future_value, in_advance)
    return round_significant(plan.interest(*_to_span(plan, first, last)), parse_digits(digits))


@_explained
def cumulative_principal(
    present_value: Value,
    rate: PeriodRate,
    payments: int,
    first: int = 1,
    last: int | None = None,
    *,
    future_value: Value = 0,
    in_advance: bool | int = False,
    digits: int = DEFAULT_DIGITS,
) -> Decimal:
    """Return the principal in several of the payments of :func:`~repaylib.rates.level_payment`.

    Notes
    -----
    Excel: ``-CUMPRINC(rate, payments, present_value, first, last, in_advance)``.

    Examples
    --------
    >>> import repaylib as rp
    >>> rp.rates.cumulative_principal("125000", "9/12%", 360, 13, 24, digits=9)
    Decimal('934.107123')
    """
    plan = _read_plan(present_value, rate, payments, future_value, in_advance)
    return round_significant(plan.principal(*_to_span(plan, first, last)), parse_digits(digits))


def _read_periods(rate: object, payments: object, in_advance: object) -> EqualPeriods:
    count = parse_count(payments, "payments")
    return EqualPeriods(parse_period_rate(rate), count, _to_advance(in_advance, count))


def _read_plan(
    present: object, rate: object, payments: object, future: object, in_advance: object
) -> EqualPayments:
    periods = _read_periods(rate, payments, in_advance)
    principal, left = parse_value(present, "present_value"), parse_value(future, "future_value")
    return EqualPayments(periods, principal, periods.payment(principal, left))


def _to_advance(in_advance: object, most: int = MOST_PAYMENTS) -> int:
    if isinstance(in_advance, bool):
        return int(in_advance)
    return parse_count(in_advance, "in_advance", least=0, most=most)


def _to_span(plan: EqualPayments, first: object, last: object) -> tuple[int, int]:
    count = plan.periods.payments
    low = parse_count(first, "first", most=count)
    return low, count if last is None else parse_count(last, "last", least=low, most=count)
