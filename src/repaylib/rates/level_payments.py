r"""The time value of equal payments, without dates and without cents.

All amounts are seen from the loan: positive is what is lent, what is paid for it, and what is
still owed at the end. With the rate ``i`` of a period, ``n`` payments of ``A``, of which the
first ``m`` are made at the start, a present value ``P`` and a future value ``F``,

.. math:: P = A \Big(m + \frac{1 - (1+i)^{m-n}}{i}\Big) + F (1+i)^{-n}

and ``P = A n + F`` without interest. A negative amount flows the other way. Spreadsheets give
what is paid the opposite sign of what is received: there, ``A`` and ``F`` are negated.

Values are exact fractions until the end, where they are rounded to `digits` significant digits.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from repaylib.errors import InstalmentError, TermsError
from repaylib.money.counts import to_count
from repaylib.money.rounding import significant
from repaylib.rates.periods import DIGITS, Periods, to_advance, to_digits, to_period_rate, to_value
from repaylib.rates.rate import parse_share
from repaylib.rates.rate_choice import nearest, only_rate
from repaylib.rates.root_finding import HIGHEST, Payments, exponent, rates_of
from repaylib.typing import PeriodRate, Value

__all__ = ["future_value", "level_payment", "payments_needed", "periodic_rate", "present_value"]


def level_payment(
    present_value: Value,
    rate: PeriodRate,
    payments: int,
    *,
    future_value: Value = 0,
    in_advance: bool | int = False,
    digits: int = DIGITS,
) -> Decimal:
    r"""Return the equal payment that repays a sum.

    Parameters
    ----------
    present_value
        What is lent at the start.
    rate
        Interest of one period: ``"1%"``, ``Decimal("0.01")``, ``Fraction(1, 100)``, or
        ``"8/12%"`` for a month of 8 % a year. Above -100 %; 0 is no interest.
    payments
        How many, 1 to 10,000.
    future_value
        What is still owed after the last period, a balloon: 10,000 at 1 % over 12 periods take
        888.49, and 730.79 if 2,000 are left.
    in_advance
        How many of the payments are made at the start: ``False`` or 0, each is at the end of
        its period [888.49]; ``True`` or 1, each is at the beginning [879.69]; 3, three at
        once and the others at the ends of the periods that follow [864.60].
    digits
        Significant digits of the answer, 1 to 1,000; a tie goes to the even neighbour.

    Raises
    ------
    RepayError
        A kind of it names the parameter: :class:`~repaylib.AmountError`,
        :class:`~repaylib.RateError`, :class:`~repaylib.CountError`.

    Notes
    -----
    .. math:: A = \big(P - F (1+i)^{-n}\big) \Big/ \Big(m + \frac{1 - (1+i)^{m-n}}{i}\Big)

    Excel: ``-PMT(rate, payments, present_value, -future_value, in_advance)``.

    Examples
    --------
    >>> import repaylib as rp
    >>> rp.level_payment("10000", "1%", 12)
    Decimal('888.4878867834170733998783123')
    >>> rp.level_payment("15000", "8/12%", 60, digits=9)
    Decimal('304.145914')
    """
    places = to_digits(digits)
    periods = Periods.read(rate, payments, in_advance)
    lent, left = to_value(present_value, "present_value"), to_value(future_value, "future_value")
    return significant(periods.payment(lent, left), places)


def present_value(
    payment: Value,
    rate: PeriodRate,
    payments: int,
    *,
    future_value: Value = 0,
    in_advance: bool | int = False,
    digits: int = DIGITS,
) -> Decimal:
    r"""Return what equal payments, and what is owed after them, are worth at the start.

    Parameters
    ----------
    payment
        Each payment.
    rate, payments, future_value, in_advance, digits
        As for :func:`level_payment`.

    Raises
    ------
    RepayError
        As for :func:`level_payment`.

    Notes
    -----
    The formula is that of :func:`level_payment`, for ``P``.
    Excel: ``PV(rate, payments, -payment, -future_value, in_advance)``.

    Examples
    --------
    >>> import repaylib as rp
    >>> rp.present_value("888.49", "1%", 12)
    Decimal('10000.02378441635909134202907')
    """
    places = to_digits(digits)
    periods = Periods.read(rate, payments, in_advance)
    paid, left = to_value(payment, "payment"), to_value(future_value, "future_value")
    return significant(paid * periods.worth + left / periods.growth, places)


def future_value(
    present_value: Value,
    rate: PeriodRate,
    payments: int,
    *,
    payment: Value = 0,
    in_advance: bool | int = False,
    digits: int = DIGITS,
) -> Decimal:
    r"""Return what is owed after the last period.

    Parameters
    ----------
    present_value
        What is lent at the start.
    payment
        Each payment, by default nothing: then it is what `present_value` grows to.
    rate, payments, in_advance, digits
        As for :func:`level_payment`.

    Raises
    ------
    RepayError
        As for :func:`level_payment`.

    Notes
    -----
    .. math:: F = P (1+i)^n - A \Big(m (1+i)^n + \frac{(1+i)^n - (1+i)^m}{i}\Big)

    Excel: ``-FV(rate, payments, -payment, present_value, in_advance)``. Saving is a debt of the
    other side: 2,000 paid in at the beginning of 20 years at 7.5 % are a debt of -93,105.06.

    Examples
    --------
    >>> import repaylib as rp
    >>> rp.future_value("10000", "1%", 6, payment="888.49", digits=8)
    Decimal('5149.1976')
    >>> rp.future_value(0, "7.5%", 20, payment="2000", in_advance=True, digits=12)
    Decimal('-93105.0648735')
    """
    places = to_digits(digits)
    periods = Periods.read(rate, payments, in_advance)
    lent, paid = to_value(present_value, "present_value"), to_value(payment, "payment")
    return significant((lent - paid * periods.worth) * periods.growth, places)


def payments_needed(
    present_value: Value,
    rate: PeriodRate,
    payment: Value,
    *,
    future_value: Value = 0,
    in_advance: bool | int = False,
    digits: int = DIGITS,
) -> Decimal:
    r"""Return how many equal payments repay a sum, as a number with decimals.

    Parameters
    ----------
    present_value
        What is lent at the start.
    payment
        Each payment.
    rate, future_value, in_advance, digits
        As for :func:`level_payment`.

    Returns
    -------
    Decimal
        The number for which the formula of :func:`level_payment` holds: 15.49 are 15 payments
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
    >>> rp.payments_needed("10000", "1%", "700", digits=8)
    Decimal('15.492016')
    >>> rp.payments_needed("10000", "1%", "100")
    Traceback (most recent call last):
    repaylib.errors.InstalmentError: payment: got '100'; expected more than the interest of a period, 100; write a larger payment
    """
    places, i, advance = to_digits(digits), to_period_rate(rate), to_advance(in_advance)
    paid, left = to_value(payment, "payment"), to_value(future_value, "future_value")
    lent = to_value(present_value, "present_value") - advance * paid
    if i == 0:
        number = advance + (lent - left) / paid if paid else None
        if number is not None and number >= advance:
            return significant(number, places)
    elif paid != lent * i:
        grown = (paid * (1 + i) ** advance - left * i) / (paid - lent * i)
        if grown > 0 and (grown - (1 + i) ** advance) * i >= 0:
            return exponent(grown, 1 + i, places)
    if i > 0 and 0 <= paid <= lent * i:
        interest = significant(lent * i, 12)
        expected = f"more than the interest of a period, {interest:f}"
        raise InstalmentError("payment", payment, expected, "write a larger payment")
    after = f" after the {advance} in advance" if advance else ""
    raise TermsError(
        "payment",
        payment,
        f"one that brings present_value={present_value} to future_value={future_value}{after}",
        "change one of the three",
    )


def periodic_rate(
    present_value: Value,
    payments: int,
    payment: Value,
    *,
    future_value: Value = 0,
    in_advance: bool | int = False,
    near: str | Decimal | Fraction | None = None,
    digits: int = DIGITS,
) -> Decimal:
    """Return the rate of a period at which equal payments repay a sum.

    Parameters
    ----------
    present_value
        What is lent at the start.
    payment
        Each payment.
    payments, future_value, in_advance, digits
        As for :func:`level_payment`.
    near
        Of two rates that fit, the one nearest to this is meant, as for :func:`irr`. By default it is
        the only one that is not negative or, if there is none, the only negative one.

    Returns
    -------
    Decimal
        As a share: 0.01 is 1 % a period. It is negative if less is paid than was lent.

    Raises
    ------
    TermsError
        If no rate fits, two do and `near` does not choose (the message gives both), or all.

    Notes
    -----
    The equation of :func:`level_payment`, solved for ``i`` above -100 % and up to 100,000 %.
    The rate is bisected, and given when the exact sign of what is left over differs on either
    side of its last digit. Excel: ``RATE(payments, -payment, present_value, -future_value,
    in_advance)``, which takes a guess and gives one of two rates.

    Examples
    --------
    >>> import repaylib as rp
    >>> rp.periodic_rate("10000", 12, "888.49", digits=10)
    Decimal('0.01000037644')
    >>> rp.periodic_rate("100", 2, "230", future_value="-362", near="10%")
    Decimal('0.1')
    >>> rp.periodic_rate("100", 2, "230", future_value="-362")
    Traceback (most recent call last):
    repaylib.errors.TermsError: payment: got '230'; expected amounts that one rate fits, not two, 0.1 and 0.2; write near="10%" or near="20%" for the one that is meant
    """
    wanted = None if near is None else parse_share(near, "near", least=-1)
    places, count = to_digits(digits), to_count(payments, "payments")
    flows = Payments(
        to_value(present_value, "present_value"),
        to_value(payment, "payment"),
        to_value(future_value, "future_value"),
        count,
        to_advance(in_advance, count),
    )
    found = rates_of(flows, places)
    meant = nearest(found, wanted) if found and wanted is not None else only_rate(found)
    if meant is not None:
        return meant
    if found:
        one, two = (significant(Fraction(rate) * 100, 6) for rate in found)
        expected = f"amounts that one rate fits, not two, {found[0]} and {found[1]}"
        mend = f'write near="{one:f}%" or near="{two:f}%" for the one that is meant'
    else:
        expected = (
            f"amounts that a rate fits; none from -100% to {100 * HIGHEST}% makes "
            f"present_value={present_value} of {count} payments and future_value={future_value}"
        )
        mend = "change one of them"
        if not flows.turns():
            expected, mend = "some amount that is not zero; now every rate fits", "write one"
    raise TermsError("payment", payment, expected, mend)
