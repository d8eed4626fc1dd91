"""The words of a loan: how it is repaid, and the rules that change its cents."""

from __future__ import annotations

from decimal import Decimal

from repaylib.exact import Rounding
from repaylib.instalments import Graduated
from repaylib.terms import Instalment, LastPayment, Method
from repaylib.timetable import months_of

__all__ = ["instalments_in_words", "paced", "roundings_in_words", "solved_in_words"]


def paced(every: str) -> str:
    """Return the time between due dates as an adjective.

    Examples
    --------
    >>> paced("month"), paced("2 months")
    ('monthly', '2-monthly')
    """
    named = {"month": "monthly", "quarter": "quarterly", "half_year": "half-yearly"}
    return named.get(every, "yearly" if every == "year" else f"{months_of(every)}-monthly")


def instalments_in_words(method: Method, payments: int, instalment: Instalment | None) -> str:
    """Return what is paid, after the number and the pace of it.

    Examples
    --------
    >>> instalments_in_words("level", 12, Decimal("900"))
    'level instalments of 900'
    """
    paid = "payment" if payments == 1 else "payments"
    kind = {
        "level": f"level {paid.replace('payment', 'instalment')}",
        "equal_principal": f"{paid} of equal principal",
        "interest_only": f"{paid} of interest, the principal with the last",
        "bullet": f"{paid.replace('payment', 'period')}, all paid at the end",
        "flat": f"{paid} of equal principal, interest on what was lent",
    }[method]
    if isinstance(instalment, Graduated):
        return f"{kind.replace('level ', '')} that step {instalment}"
    if isinstance(instalment, tuple):
        kind = kind.replace("level ", "")
        return f"{kind} of {instalment[0]:,f} to {instalment[-1]:,f}, as listed"
    return kind if instalment is None else f"{kind} of {instalment:,f}"


def solved_in_words(multiple: Decimal | None, last: LastPayment, *, negative: bool) -> list[str]:
    """Return the rules for the instalment, where they are not the usual ones."""
    words = []
    if multiple is not None:
        words.append(f"the instalment a multiple of {multiple:,f}")
    if last == "lower":
        words.append("the last payment not above the others")
    elif last == "closest":
        words.append("the last payment as close to the others as can be")
    if negative:
        words.append("interest above the instalment joins the principal")
    return words


def roundings_in_words(
    rounding: Rounding,
    instalment: Rounding | None,
    fee: Rounding | None,
    decimals: int | None,
) -> list[str]:
    """Return how amounts are rounded; `decimals` if they are not those of the currency.

    Examples
    --------
    >>> roundings_in_words("half_up", "up", None, 4)
    ['rounded to 4 decimals', 'the instalment up']
    """
    how = [] if rounding == "half_up" else [rounding.replace("_", " ")]
    if decimals is not None:
        how.append(f"to {decimals} decimal{'s' * (decimals != 1)}")
    words = [f"rounded {' '.join(how)}"] if how else []
    for what, own in (("the instalment", instalment), ("fees", fee)):
        if own is not None:
            words.append(f"{what} {'' if words else 'rounded '}{own.replace('_', ' ')}")
    return words
