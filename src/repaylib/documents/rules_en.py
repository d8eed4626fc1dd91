"""What is agreed around a schedule, in English: fees, penalties, the order of payment, breach."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from repaylib.arrears.allocation import AGES, Allocation, Cell
from repaylib.arrears.breach import Breach
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.documents.changes_en import money, settlement_fee
from repaylib.documents.facts import LateRate, in_currency, share
from repaylib.measures.cost_sheets import collected_in_words
from repaylib.rates.rate import percent
from repaylib.terms.fees import Fee
from repaylib.terms.settlement_fees import SettlementFee
from repaylib.typing import Age, Component

__all__ = [
    "agreed",
    "allocation",
    "breach",
    "fee",
    "penalty",
    "penalty_standard",
    "settlement_fee_of",
]


def agreed(value: Decimal, currency: str) -> str:
    """Return an amount of a rule with its currency."""
    return money(in_currency(value, currency), currency)


def settlement_fee_of(value: Decimal | Fraction | SettlementFee, currency: str) -> str:
    """Return a fee for settling early; an amount has the decimals of its currency."""
    if isinstance(value, Decimal):
        return agreed(value, currency)
    return settlement_fee(value, currency)


# -- fees -------------------------------------------------------------------------------------


def fee(value: Fee, currency: str) -> tuple[str, str, str, str]:
    """Return the name of a fee, when it is collected, its standard, and its payee."""
    if isinstance(value.amount, Decimal):
        much = agreed(value.amount, currency)
    else:
        of = {
            "principal": "principal lent",
            "balance": "balance",
            "instalment": "instalment",
            "change": "amount of the change",
        }[value.of]
        if value.of == "change" and value.when in ("settlement", "prepayment"):
            of = "principal repaid"
        much = f"{percent(value.amount)} of the {of}"
    return value.name, collected_in_words(value), much, value.payee


# -- being late -------------------------------------------------------------------------------

_BASES = {
    "principal": "overdue principal",
    "instalment": "overdue instalments, with their interest and fees,",
    "balance": "the whole principal",
}


def penalty(value: PenaltyTerms, currency: str, rates: Sequence[LateRate] = ()) -> str:
    """Return what being late costs.

    Examples
    --------
    >>> print(penalty(PenaltyTerms("1.5"), "CNY", [LateRate(Fraction(9, 50), None)]))
    On overdue principal a penalty accrues at 1.5 times the loan's rate (18% a year), in place of it, from the day after the due date until payment.
    """
    if value.free:
        return "No penalty is charged for late payment."
    words = []
    if value.rate is None or value.rate.value:
        since = "the day after the due date"
        if value.grace_days and value.grace == "end":
            since = "the day after the end of the days of grace"
        first = ""
        if value.base == "balance":
            first = "With the first missed instalment the whole principal falls due. "
        words.append(
            f"{first}On {_BASES[value.base]} a penalty accrues at {_rate(value, rates)}, "
            f"in place of {'it' if value.rate is None else 'the rate of the loan'}, "
            f"from {since} until payment."
        )
    if value.on_interest:
        words.append("Overdue interest bears the penalty rate too.")
    if value.day_count is not None:
        words.append(f"Days are counted by {value.day_count}.")
    if value.grace_days:
        days = (
            "the day of grace" if value.grace_days == 1 else f"the {value.grace_days} days of grace"
        )
        words.append(
            f"Whoever pays within {days} after the due date pays no penalty"
            f"{'' if value.late_fee is None else ' and no late fee'}."
        )
    if value.late_fee is not None:
        words.append(
            f"For each late instalment a late fee is charged: {_late_fee(value, currency)}."
        )
    if value.cap is not None:
        words.append(
            f"Penalties and late fees come to at most {agreed(value.cap, currency)} in all."
        )
    if value.cap_rate is not None:
        words.append(f"The penalty rate is at most {value.cap_rate.per_year}.")
    if value.cap_share is not None:
        words.append(
            f"The penalty on an instalment is at most {percent(value.cap_share)} of its overdue "
            "principal."
        )
    return " ".join(words)


def penalty_standard(value: PenaltyTerms, currency: str, rates: Sequence[LateRate] = ()) -> str:
    """Return the rate of the penalty and the late fee, as a cell of a table."""
    if value.free:
        return "none"
    words = []
    if value.rate is None or value.rate.value:
        words.append(f"{_rate(value, rates)} on {_BASES[value.base].split(',')[0]}")
    if value.late_fee is not None:
        words.append(f"late fee: {_late_fee(value, currency)}")
    return "; ".join(words)


def _rate(value: PenaltyTerms, rates: Sequence[LateRate]) -> str:
    if value.rate is not None:
        return value.rate.per_year
    if value.addition is not None:
        points = percent(value.addition).removesuffix("%")
        text = f"the loan's rate plus {points} percentage points"
    else:
        times = percent((value.multiplier or Fraction(1)) / 100).removesuffix("%")
        text = f"{times} times the loan's rate"
    shown = [
        f"{share(each.rate)} a year" + ("" if each.since is None else f" from {each.since} on")
        for each in rates
    ]
    return f"{text} ({', '.join(shown)})" if shown else text


def _late_fee(value: PenaltyTerms, currency: str) -> str:
    much = value.late_fee
    assert much is not None, "there is a late fee"
    if isinstance(much, Fraction):
        return f"{percent(much)} of the overdue amount"
    return agreed(much, currency)


def breach(value: Breach, currency: str) -> str:
    """Return when an agreement is broken, and what follows.

    Examples
    --------
    >>> print(breach(Breach(days=30, reinstates="forgiven"), "CNY"))
    This agreement is broken if a payment is 30 days late. What was forgiven is then owed again, and penalties run on it from the day of the breach.
    """
    when = []
    if value.days is not None:
        when.append(f"a payment is {value.days} day{'s' * (value.days != 1)} late")
    if value.instalments is not None:
        one = value.instalments == 1
        when.append(
            "an instalment is unpaid"
            if one
            else f"{value.instalments} instalments are unpaid at the same time"
        )
    if value.amount is not None:
        when.append(f"{agreed(value.amount, currency)} is overdue")
    since = {
        "breach": "the day of the breach",
        "agreement": "the day from which this agreement holds",
    }[value.penalty_from]
    follows = {
        "nothing": "What was forgiven stays forgiven.",
        "forgiven": f"What was forgiven is then owed again, and penalties run on it from {since}.",
        "old_terms": "The lender may then end this agreement: the terms before it apply again, and "
        "all that was paid counts.",
    }[value.reinstates]
    more = " The lender may declare the whole balance due." if value.accelerate else ""
    return f"This agreement is broken if {', or if '.join(when)}. {follows}{more}"


# -- the order of payment -----------------------------------------------------------------------

_COMPONENTS: dict[Component, str] = {
    "costs": "enforcement costs",
    "fee": "fees",
    "penalty": "penalties",
    "interest": "interest",
    "principal": "principal",
}
_AGES: dict[Age, str] = {
    "past due": "what is past due",
    "due": "what falls due that day",
    "in advance": "what is not yet due",
}


def allocation(value: Allocation) -> str:
    """Return in which order money received pays.

    Examples
    --------
    >>> print(allocation(Allocation()))
    Money received pays enforcement costs first, then fees, penalties, interest and principal, the oldest instalment first. Money paid ahead pays the next instalments as they fall due.
    """
    how = "the oldest instalment first"
    if value.across == "component":
        how = "each for all instalments before the next"
    if value.among == "pro_rata":
        how += ", in proportion"
    words = [f"Money received pays {_order(value.order)}, {how}."]
    words += [
        f"From {days} days past due on it pays {_order(order)}." for days, order in value.switch
    ]
    ahead = {
        "next": "pays the next instalments as they fall due",
        "last": "lowers the principal, and the last instalments fall away",
        "payment": "lowers the principal, and the term becomes shorter",
        "maturity": "lowers the principal, and the instalments become lower",
    }[value.ahead]
    return " ".join([*words, f"Money paid ahead {ahead}."])


def _order(order: tuple[Cell, ...]) -> str:
    names = [component for age, component in order if age == "past due"]
    if order == tuple((age, name) for age in AGES for name in names):
        first, *rest = [_COMPONENTS[name] for name in names]
        return f"{first} first, then {', '.join(rest[:-1])} and {rest[-1]}"
    runs: list[tuple[Age, list[str]]] = []
    for age, name in order:
        if not runs or runs[-1][0] != age:
            runs.append((age, []))
        runs[-1][1].append(_COMPONENTS[name])
    return ", then ".join(f"of {_AGES[age]} {', '.join(each)}" for age, each in runs)
