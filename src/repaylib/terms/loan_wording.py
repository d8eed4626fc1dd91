"""The terms of a loan in plain words."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from repaylib.dates.frequency import paced
from repaylib.money.amounts import decimals_of
from repaylib.money.counts import MOST_PAYMENTS
from repaylib.rates.index_rate import Indexed
from repaylib.rates.rate import Rate, percent
from repaylib.rates.step_schedule import Steps
from repaylib.terms.instalments import Graduated
from repaylib.terms.methods import WITHOUT_INSTALMENT
from repaylib.typing import LastPayment, Rounding, StepHold

if TYPE_CHECKING:
    from repaylib.terms.loan import Loan

__all__ = ["loan_in_words", "odd_days_in_words", "roundings_in_words", "solved_in_words"]


#: Writes an amount of money as text.
Money = Callable[[Decimal], str]


def loan_in_words(loan: Loan, money: Money | None = None) -> str:
    """Say what was agreed: what must be known to compute the amounts, and differs from the usual.

    `money` writes an amount; by default it stands as it was given, and the principal alone has its
    currency.

    Examples
    --------
    >>> import repaylib as rp
    >>> print(rp.Loan("10000", "12%", 12, "2024-01-10", method="bullet"))
    10,000.00 at 12% a year from 2024-01-10, all paid after 12 monthly periods, on 2025-01-10
    """
    unit = "" if loan.currency == "XXX" else f" {loan.currency}"
    lent = f"{loan.principal:,f}{unit}" if money is None else money(loan.principal)
    shown: Money = "{:,f}".format if money is None else money
    return (
        f"{lent} at {loan.first_rate.per_year} from {loan.start}, "
        f"{_payments(loan, shown)}{_days(loan)}{_stepping(loan)}{_more(loan, shown)}"
    )


def _payments(loan: Loan, money: Money) -> str:
    pace, ends = paced(loan.every), loan.timetable.last
    until = "" if ends is None else f" to {ends}"
    if loan.method == "bullet":
        periods = "period" if loan.payments == 1 else "periods"
        day = loan.timetable.paid(loan.payments)
        return f"all paid after {loan.payments} {pace} {periods}, on {day}"
    paid = "payment" if loan.payments == 1 else "payments"
    kind = {
        "level": "level " + paid.replace("payment", "instalment"),
        "equal_principal": f"{paid} of equal principal",
        "interest_only": f"{paid} of interest, the principal with the last",
        "flat": f"equal {paid}, interest on what was lent",
    }[loan.method]
    fixed = ""
    if isinstance(loan.instalment, Graduated):
        kind, fixed = kind.replace("level ", ""), f" that step {loan.instalment.in_words(money)}"
    elif isinstance(loan.instalment, Steps):
        kind = kind.replace("level ", "")
        stepped: Steps[Any] = loan.instalment
        shown = stepped.read(lambda value, _: _much(value, money), "instalment")
        fixed = f" of {shown}"
    elif isinstance(loan.instalment, tuple):
        kind = kind.replace("level ", "")
        first, last = map(money, (loan.instalment[0], loan.instalment[-1]))
        fixed = f" of {first} to {last}, as listed"
    elif loan.instalment is not None:
        fixed = f" of {money(loan.instalment)}"
    count = f"{loan.payments} "
    if loan.payments == MOST_PAYMENTS:
        count, fixed = "", f"{fixed}, as many as it takes,"
    return f"{count}{pace} {kind}{fixed} from {loan.first_payment}{until}"


def _much(value: Decimal | Fraction, money: Money) -> str:
    return percent(value) if isinstance(value, Fraction) else money(value)


def _days(loan: Loan) -> str:
    """Return what is agreed on business days and the counting of days."""
    moved = ""
    if loan.roll != "none":
        interest = ", with interest to that day" if loan.interest_to == "adjusted" else ""
        moved = f", paid on business days ({loan.roll.replace('_', ' ')}){interest}"
    counted = "" if loan.day_count == "periodic" else f", {loan.day_count}"
    if loan.counted == "last_day":
        counted += ", the last day counted and not the first"
    return moved + counted


def _stepping(loan: Loan) -> str:
    """Return how the rate changes."""
    rate = loan.rate
    if isinstance(rate, Rate) or not (isinstance(rate, Indexed) or rate.changes):
        return ""
    words = str(rate) if isinstance(rate, Indexed) else rate.in_words
    if loan.method in WITHOUT_INSTALMENT:
        return f"; the rate is {words}"
    held = _STEPPED[loan.rate_hold]
    if loan.rate_recast == "always":
        held = f"{held.replace('changes', 'is recalculated')}, even if the rate stays the same"
    return f"; the rate is {words}; {held}"


_STEPPED: dict[StepHold, str] = {
    "maturity": "at each step the final date stays, and the instalment changes",
    "payment": "at each step the instalment stays, and the term changes",
    "last": "instalment and final date stay, and the last payment takes the difference",
    "level": "one level instalment over all steps",
}


def _more(loan: Loan, money: Money) -> str:
    """Return the terms that most loans do not have."""
    words = []
    if loan.balloon is not None:
        words.append(f"a balloon of {_much(loan.balloon, money)} with the last")
    if loan.amortise_over is not None:
        words.append(f"solved for {loan.amortise_over} payments")
    if loan.interest_base == "original" and loan.method != "flat":
        words.append("interest on what was lent")
    elif isinstance(loan.interest_base, tuple):
        words.append(f"interest on the balance of {', '.join(map(str, loan.interest_base))}")
    words += [f"{money(amount)} more drawn on {day}" for day, amount in loan.draws]
    words += [fee.in_words(money) for fee in loan.fees]
    if loan.interest_tax:
        into = ", in the instalment" if loan.tax_included else ""
        words.append(f"tax of {percent(loan.interest_tax)} on interest{into}")
    if loan.fee_tax:
        words.append(f"tax of {percent(loan.fee_tax)} on fees")
    words += odd_days_in_words(loan)
    negative = loan.negative_amortisation
    words += solved_in_words(loan.instalment_multiple, loan.last, negative=negative, money=money)
    own = None if loan.decimals == decimals_of(loan.currency) else loan.decimals
    words += roundings_in_words(loan.rounding, loan.instalment_rounding, loan.fee_rounding, own)
    return "".join(f"; {each}" for each in words)


def odd_days_in_words(loan: Loan) -> list[str]:
    """Return the rule for odd days, where there are any or it is not the usual one."""
    if loan.day_count != "periodic":
        return []
    table = loan.timetable
    odd = []
    if not loan.in_advance and next(table.cells(loan.start, table.due(1)))[0] != loan.start:
        odd.append("first")
    if table.last is not None and loan.payments > 1:
        opening, end = table.due(loan.payments - 1), table.due(loan.payments)
        if list(table.cells(opening, end))[-1][1] != end:
            odd.append("last")
    rule = loan.odd_days.replace("_", " ")
    if odd:
        return [f"the odd days of the {' and '.join(odd)} period count {rule}"]
    return [] if loan.odd_days == "pro_rata" else [f"odd days count {rule}"]


def solved_in_words(
    multiple: Decimal | None,
    last: LastPayment,
    *,
    negative: bool | Literal["without_interest"],
    money: Money = "{:,f}".format,
) -> list[str]:
    """Return the rules for the instalment, where they are not the usual ones."""
    words = []
    if multiple is not None:
        words.append(f"the instalment a multiple of {money(multiple)}")
    if last == "lower":
        words.append("the last payment not above the others")
    elif last == "closest":
        words.append("the last payment as close to the others as can be")
    if negative == "without_interest":
        words.append("interest above the instalment is paid by the next ones, without interest")
    elif negative:
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
