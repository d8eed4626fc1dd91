"""What each change does, in English, with the days and amounts that follow from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from repaylib.changes.advance import Advance
from repaylib.changes.base import Change
from repaylib.changes.capitalised_arrears import Arrears
from repaylib.changes.deferral import Deferral
from repaylib.changes.early_settlement import EarlySettlement
from repaylib.changes.forgiveness import Forbearance, Forgiveness
from repaylib.changes.prepayment import Prepayment
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.dates.frequency import paced
from repaylib.documents.facts import (
    Length,
    OnDates,
    amount_of,
    length_of,
    rate_again,
    runs_of,
    share,
)
from repaylib.rates.rate import Rate, percent
from repaylib.schedule.change_log import Told, note_in_words
from repaylib.terms.methods import WITHOUT_INSTALMENT, manner
from repaylib.terms.settlement_fees import Months, SettlementFee
from repaylib.typing import Method

__all__ = ["SENTENCES", "change", "length", "money", "settlement_fee"]


def change(value: Told) -> str:
    """Return what a change does, and what became of it.

    Examples
    --------
    >>> import repaylib as rp
    >>> from repaylib.documents.facts import told_of
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY"))
    >>> print(change(told_of(rp.change_rate(plan, "8%", payment=5, until=9))[1][0]))
    instalments 5 to 8 bear 8% a year, and from instalment 9 on the rate is 12% a year again; the final date stays, and the instalments are recalculated then and again afterwards
    """
    said = SENTENCES[type(value.change)](value.change, value)
    return "; ".join([said, *map(note_in_words, value.notes)])


def money(value: Decimal, currency: str) -> str:
    """Return an amount with its currency."""
    return f"{value:,f}" + ("" if currency == "XXX" else f" {currency}")


def _much(value: Told, amount: Decimal | Fraction | None) -> str:
    if isinstance(amount, Fraction):
        return percent(amount)
    assert amount is not None, "an amount or a share is given"
    return money(amount_of(value.loan, amount), value.loan.currency)


def length(value: Length) -> str:
    """Return a stretch of time.

    Examples
    --------
    >>> length(Length(1, 1, 0)), length(Length(0, 0, 14)), length(Length(1, 0, 15))
    ('1 month and a half', '14 days', '1 month and 15 days')
    """
    words = []
    if value.months:
        words.append(f"{value.months} month{'s' * (value.months != 1)}")
    if value.days:
        words.append(f"{value.days} day{'s' * (value.days != 1)}")
    if value.halves:
        words.append("a half" if words else "half a month")
    return " and ".join(words)


# -- places in time -------------------------------------------------------------------------


def _dates(runs: tuple[OnDates, ...], one: str, many: str) -> str:
    """Return due dates with their days."""
    words = []
    for run in runs:
        (first, begins), (last, ends) = run
        if first == last:
            words.append(f"{one} {first} ({begins})")
        else:
            words.append(f"{many} {first} to {last} ({begins} to {ends})")
    return " and ".join(words)


def _held(words: str, method: Method) -> str:
    """Return what is held: where all is repaid at the end there is no instalment that could be."""
    if method in WITHOUT_INSTALMENT:
        return "the final date stays, and what is owed is repaid with the last payment"
    return words


# -- deferral ---------------------------------------------------------------------------------


def _deferral(given: Deferral, value: Told) -> str:
    if given.periods == 0:
        return f"{given.when}, nothing is deferred"
    return _moved(given, value) if given.scope == "instalment" else _passed(given, value)


def _passed(given: Deferral, value: Told) -> str:
    what = {
        "all": "no payment is made",
        "principal": "only interest is paid, and no principal,",
        "interest": "only principal is paid, and no interest,",
    }[given.stops]
    runs = runs_of(value.dates)
    count = len(value.dates)
    its = "its" if count == 1 or (not count and given.periods == 1) else "their"
    if runs:
        head = f"{what} on {_dates(runs, 'due date', 'due dates')}"
    else:
        dates = f"{given.periods} due date{'s' * (given.periods != 1)}"
        head = f"{given.when}, {what} on {dates}"
    if given.interest == "waive":
        gap = f"{its} interest is waived"
        if given.on is not None:
            gap += f" from {given.on} on; what accrued before it is {_gap(given)}"
    else:
        gap = f"{its} interest accrues and is {_gap(given)}"
    return f"{head}; {gap}; {_passed_held(given, value)}"


def _passed_held(given: Deferral, value: Told) -> str:
    if given.pause == "interest" and given.hold in ("count", "maturity"):
        held = "the final date stays"
        if given.repay == "capitalise":
            held += ", and the remaining instalments are recalculated"
        return held if given.hold == "count" else _held(held, value.method)
    if given.hold == "count":
        later = length_of(value.every, len(value.dates) or given.periods)
        by = "" if later is None else f" by {length(later)}"
        return f"the number of payments left stays, and each later due date moves{by}"
    return _held(
        {
            "maturity": "the final date stays, and the remaining instalments are recalculated",
            "payment": "the instalment stays, and the number of payments follows from it, as listed",
            "last": "instalment and final date stay, and the last payment takes the difference",
        }[given.hold],
        value.method,
    )


def _gap(given: Deferral) -> str:
    if given.interest_paid_now:
        return "paid on the due date itself"
    often = {1: " at each of them", None: " at the end of the deferral"}.get(
        given.capitalise_every, f" at each {given.capitalise_every} of them and at the end"
    )
    return {
        "next": "paid with the next instalment",
        "spread": "spread evenly over the instalments left, without interest on it",
        "last": "paid with the last payment",
        "capitalise": f"added to the principal{often if given.periods > 1 else ''}",
    }[given.repay]


def _moved(given: Deferral, value: Told) -> str:
    which = f"instalment {given.payment}" if given.on is None else f"the first after {given.on}"
    if value.dates:
        which = _dates(runs_of(value.dates), "instalment", "instalments")
    what = "the principal of " if given.interest_paid_now else ""
    part = "all of it" if given.base == "instalment" else "its principal"
    at = "the loan's rate" if given.rate is None else given.rate.per_year
    cost = (
        "it bears no interest until then"
        if given.interest == "waive"
        else f"{part} bears interest until then at {at}"
    )
    later = f"put off by {given.periods} period{'s' * (given.periods != 1)}"
    if value.moved_to is not None:
        number, day = value.moved_to
        later = f"paid with instalment {number}, on {day}"
    to = {
        "next": later,
        "now": later,
        "spread": "spread evenly over the instalments after it",
        "last": "paid with the last payment",
    }[given.repay]
    return f"{what}{which} alone is {to}; {cost}; the other instalments stay as they are"


# -- the other changes ------------------------------------------------------------------------


def _rate_change(given: RateChange, value: Told) -> str:
    rate = given.rate.per_year
    if value.same:
        return f"{_rate_place(given)} {rate}, as it is already"
    again = ""
    if value.resumed is not None:
        rated = rate_again(value)
        old = rated.per_year if isinstance(rated, Rate) else f"{share(rated)} a year"
        since = (
            f"instalment {given.until}" if isinstance(given.until, int) else str(value.resumed[0])
        )
        again = f", and from {since} on the rate is {old} again"
    held = {
        "count": "the final date stays, and the instalments are recalculated",
        "maturity": "the final date stays, and the instalments are recalculated",
        "payment": "the instalment stays, and the term changes",
        "last": "instalment and final date stay, and the last payment takes the difference",
    }[given.hold]
    if given.hold in ("count", "maturity"):
        held += " then and again afterwards" * (given.until is not None)
        held += ", even if the rate stays the same" * (given.recast == "always")
    return f"{_rate_place(given)} {rate}{again}; {_held(held, value.method)}"


def _rate_place(given: RateChange) -> str:
    """Return from when to when a rate holds."""
    if given.until is None:
        return f"{given.when}, the rate is"
    if isinstance(given.until, int) and given.payment is not None:
        last = given.until - 1
        if last == given.payment:
            return f"instalment {last} bears"
        return f"instalments {given.payment} to {last} bear"
    begins = str(given.on) if given.on is not None else f"instalment {given.payment}"
    if isinstance(given.until, date):
        return f"from {begins} to {given.until - timedelta(days=1)}, the rate is"
    return f"from {begins} to instalment {given.until - 1}, the rate is"


_LIGHTER = {
    "maturity": "the final date stays, and the instalments are recalculated",
    "payment": "the instalment stays, and the term becomes shorter",
    "last": "the instalments stay, and the last ones become lower or fall away",
    "next": "it pays the next instalments as they fall due",
}


def _prepayment(given: Prepayment, value: Told) -> str:
    held = _LIGHTER[given.hold]
    if given.hold != "next":
        held = _held(held, value.method)
    return f"{given.when}, {_much(value, given.amount)} is prepaid; {held}"


def _rescheduling(given: Rescheduling, value: Told) -> str:
    method = given.method or value.method
    often, listed = "", ""
    if given.every is not None:
        regular = length_of(given.every, 1) is not None
        often = f"{paced(given.every)} " if regular else ""
        listed = "" if regular else ", on the days listed"
    if given.payments is not None:
        number = f"{given.payments} new {often}instalment{'s' * (given.payments != 1)}"
    else:
        number = f"{often}instalments of {_much(value, given.instalment)}"
        if method == "equal_principal":
            number += " of principal, with the interest on top"
    at = "" if given.rate is None else f" at {given.rate.per_year}"
    new = "" if given.method is None else f", {manner(given.method)}"
    return f"{given.when}, what is owed is repaid in {number}{at}{listed}{new}"


def _forgiveness(given: Forgiveness, value: Told) -> str:
    part = "the principal" if given.of == "principal" else "the deferred interest"
    much = _much(value, given.amount if given.share is None else given.share)
    return (
        f"{given.when}, {much} of {part} is forgiven; {_held(_LIGHTER[given.hold], value.method)}"
    )


def _forbearance(given: Forbearance, value: Told) -> str:
    much = _much(value, given.amount if given.share is None else given.share)
    held = _held(_LIGHTER[given.hold], value.method)
    return (
        f"{given.when}, {much} of the principal is deferred without interest, due with the last "
        f"payment; {held}"
    )


def _advance(given: Advance, value: Told) -> str:
    held = {
        "count": "the final date stays, and the instalments are recalculated",
        "maturity": "the final date stays, and the instalments are recalculated",
        "payment": "the instalment stays, and the term becomes longer",
        "last": "instalment and final date stay, and the last payment takes it",
    }[given.hold]
    return f"{given.when}, {_much(value, given.amount)} more is lent; {_held(held, value.method)}"


def _arrears(given: Arrears, value: Told) -> str:
    part = {"interest": "interest", "penalty": "penalties", "fee": "fees"}[given.of]
    paid = {
        "next": "paid with the next instalment",
        "spread": "spread evenly over the payments left",
        "last": "paid with the last payment",
    }[given.repay]
    are = "is" if given.of == "interest" else "are"
    return (
        f"{given.when}, {part} in arrears of {_much(value, given.amount)} {are} {paid}, "
        "without interest"
    )


def _settlement(given: EarlySettlement, value: Told) -> str:
    if isinstance(given.fee, Decimal):
        fee = f", for a fee of {_much(value, given.fee)}" if given.fee else ""
    elif given.fee is None:
        fee = ""
    else:
        fee = f", for a fee: {settlement_fee(given.fee, value.loan.currency)}"
    return f"{given.settles}{fee}"


def settlement_fee(value: Decimal | Fraction | SettlementFee, currency: str) -> str:
    """Return a fee for settling early.

    Examples
    --------
    >>> settlement_fee(SettlementFee({0: "3 months", 12: "1%"}, cap="eu"), "CNY")
    "3 months' interest, from month 12 on 1% of the principal repaid, capped by EU law"
    """
    if not isinstance(value, SettlementFee):
        return _cell(value, currency)
    words = []
    for month, cell in value.steps:
        since = f"from month {month} on " if month else ""
        words.append(since + _cell(cell, currency, less=value.less_elapsed))
    if value.at_least is not None:
        words.append(f"at least {money(value.at_least, currency)}")
    if value.at_most is not None:
        words.append(f"at most {_cell(value.at_most, currency)}")
    if value.cap == "eu":
        words.append("capped by EU law")
    return ", ".join(words)


def _cell(value: Decimal | Fraction | Months, currency: str, *, less: bool = False) -> str:
    match value:
        case Months(count=count):
            text = f"{value}'{'s' * (count == 1)} interest"
            return f"{text} less the months elapsed" if less else text
        case Fraction():
            return f"{percent(value)} of the principal repaid"
    return money(value, currency)


#: The sentence of each kind of change.
SENTENCES: dict[type[Change], Callable[[Any, Told], str]] = {
    Advance: _advance,
    Arrears: _arrears,
    Deferral: _deferral,
    EarlySettlement: _settlement,
    Forbearance: _forbearance,
    Forgiveness: _forgiveness,
    Prepayment: _prepayment,
    RateChange: _rate_change,
    Rescheduling: _rescheduling,
}
