"""Reading the terms of a loan: a reader for each field, in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, Literal, get_args

from repaylib.dates.business_days import Calendar, parse_business_days
from repaylib.dates.day_count import BY_BUSINESS_DAY, parse_day_count
from repaylib.dates.due_dates import parse_date
from repaylib.dates.frequency import is_monthly, parse_due_days, parse_every
from repaylib.errors import (
    AmountError,
    DateError,
    Hint,
    Phrase,
    RateError,
    TermsError,
    check_kind,
    check_word,
    parse_flag,
    parse_items,
    parse_list,
    parse_pairs,
    write,
)
from repaylib.money.amounts import decimals_of
from repaylib.money.counts import MOST_PAYMENTS, parse_count, parse_decimals
from repaylib.money.rounding import as_integer
from repaylib.rates.index_fixings import Resets, parse_resets
from repaylib.rates.index_rate import parse_loan_rate
from repaylib.rates.rate import parse_share
from repaylib.rates.step_schedule import Steps
from repaylib.terms.cost_caps import CostCap
from repaylib.terms.derived import LoanTerms
from repaylib.terms.fees import Fee, parse_fee
from repaylib.terms.instalments import Graduated, Instalment, Lumps, parse_steps
from repaylib.terms.methods import SPELLINGS
from repaylib.terms.seasons import Seasonal
from repaylib.typing import (
    AccrualDates,
    BusinessDayConvention,
    CountedDays,
    DateLike,
    DayCount,
    InterestRemainder,
    InterestSplit,
    LastPayment,
    Method,
    MissingDay,
    OddDays,
    Rounding,
    Stub,
)

__all__ = ["FOLLOWING", "MOST_FEES", "READERS"]

#: Each may be charged on every due date.
MOST_FEES = 100

#: Reads a value of a field by its name. The loan has all fields that stand before it in the table.
Reader = Callable[[Any, str, LoanTerms], object]

#: Reads an amount in the loan's currency, under the name of a parameter.
ReadAmount = Callable[[object, str], Decimal]


def parse_negative_amortisation(
    value: object, parameter: str
) -> bool | Literal["without_interest", "waive"]:
    """Read how unpaid interest is treated: refused, made principal, owed without interest, or waived."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value == "without_interest":
        return "without_interest"
    if isinstance(value, str) and value == "waive":
        return "waive"
    expected = Hint('{}, {}, "without_interest" or "waive"', True, False)
    raise TermsError(parameter, value, expected, write(**{parameter: True}))


def parse_instalment(value: object, read: ReadAmount) -> Instalment:
    """Read an instalment that is given: an amount, a list of them, or a rule of growth."""
    if isinstance(value, Graduated):
        if isinstance(value.by, Decimal) and value.by:
            read(value.by.copy_abs(), "instalment")
        return value
    if isinstance(value, Seasonal):
        return value
    if isinstance(value, Lumps):
        for amount in value.sums:
            read(amount, "instalment")
        return value
    if isinstance(value, Steps):
        return parse_steps(value, read)
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        amounts = parse_items(value, "instalment", "amounts", "write a list", MOST_PAYMENTS)
        return tuple(read(amount, f"instalment[{row}]") for row, amount in enumerate(amounts))
    return read(value, "instalment")


def parse_cap(value: object, parameter: str) -> Fraction:
    """Read by how much an instalment may rise: a share of at most 100 %."""
    try:
        return parse_share(value, parameter, 1, "share")
    except RateError as error:
        hint = Hint("write such as {} where it may rise to 125%", instalment_cap="25%")
        raise RateError(parameter, value, 'a rise of 0% to 100%, such as "7.5%"', hint) from error


def parse_instalment_resets(value: object, parameter: str) -> str | Resets:
    """Read when an instalment is recalculated: a time, counted from the start, or days."""
    if not isinstance(value, str):
        return parse_resets(value, parameter)
    every = parse_every(value, parameter)
    return every if isinstance(every, str) else parse_resets(value, parameter)


def parse_balloon(value: object, read: ReadAmount) -> Decimal | Fraction:
    """Read a balloon: an amount, or a share of the principal as a ``Fraction``."""
    balloon = parse_fee(value, "balloon")
    if isinstance(balloon, Decimal):
        return read(balloon, "balloon")
    if not balloon:
        raise AmountError("balloon", value, "a share above zero", Phrase("leave {} out", "balloon"))
    return balloon


def parse_interest_base(
    value: object, read: ReadAmount, start: date
) -> str | Decimal | tuple[date, ...]:
    """Read what bears interest: a word, an amount, or the days from which it is the balance then."""
    if isinstance(value, str) and value in ("balance", "original"):
        return value
    expected, hint = (
        'one of "balance", "original", an amount, or a list of days',
        write(interest_base="balance"),
    )
    number = isinstance(value, Decimal) or (as_integer(value) is not None)
    if number or (isinstance(value, str) and value[:1].isdigit() and "-" not in value):
        return read(value, "interest_base")
    given = parse_items(value, "interest_base", expected, hint, MOST_PAYMENTS)
    days = tuple(parse_date(day, f"interest_base[{row}]") for row, day in enumerate(given))
    if not days:
        raise TermsError("interest_base", value, expected, hint)
    if list(days) == sorted(set(days)) and days[0] > start:
        return days
    raise DateError(
        "interest_base",
        [day.isoformat() for day in days],
        Phrase("days after start={}, each later than the one before", start),
        "sort them",
    )


def parse_drawdowns(
    value: Iterable[tuple[DateLike, object]], read: ReadAmount, start: date
) -> tuple[tuple[date, Decimal], ...]:
    """Read further amounts lent, as pairs of a day after the start and an amount."""
    draws = []
    hint = write(drawdowns=[["2024-06-10", "5000"]])
    pairs = parse_pairs(value, "drawdowns", "a day and an amount", hint, MOST_PAYMENTS)
    for place, (given, amount) in enumerate(pairs):
        name = f"drawdowns[{place}]"
        day = parse_date(given, name)
        if day <= start:
            raise DateError(
                name,
                day.isoformat(),
                Phrase("a day after start={}; an amount lent then is principal", start),
                "add it to principal, or write a later day",
            )
        draws.append((day, read(amount, name)))
    return tuple(sorted(draws))


def parse_fees(value: Iterable[Fee], read: ReadAmount) -> tuple[Fee, ...]:
    """Read fees; each amount must be one of the loan's currency."""
    fees = parse_list(value, "fees", Fee, Phrase("write {}", 'fees=[rp.Fee("1%")]'))
    if len(fees) > MOST_FEES:
        raise TermsError(
            "fees",
            Phrase("{:,} fees", len(fees)),
            Phrase("at most {}", MOST_FEES),
            "add some of them up",
        )
    for row, fee in enumerate(fees):
        if isinstance(fee.amount, Decimal) and fee.amount:
            read(fee.amount, f"fees[{row}].amount")
        if fee.above is not None:
            read(fee.above, f"fees[{row}].above")
    return fees


def _plain(read: Callable[[Any, str], object]) -> Reader:
    """Return the reader of a field that needs no other field."""
    return lambda value, name, loan: read(value, name)


def _optional(read: Reader) -> Reader:
    """Return a reader that leaves ``None`` as it is."""
    return lambda value, name, loan: None if value is None else read(value, name, loan)


def _word(choices: object, spellings: dict[str, str] | None = None) -> Reader:
    """Return the reader of a field that is one of the choices of a ``Literal``."""
    allowed: tuple[str, ...] = get_args(choices)
    return lambda value, name, loan: check_word(name, value, allowed, spellings)


def _amount(value: object, name: str, loan: LoanTerms) -> Decimal:
    return loan.amount(value, name)


def _currency(value: str, name: str, loan: LoanTerms) -> str:
    decimals_of(value)  # refuses one that is unknown
    return value


def _decimals(value: object, name: str, loan: LoanTerms) -> int:
    if value is None:
        return decimals_of(loan.currency)
    return parse_decimals(value, name)


def _due_days(value: object, name: str, loan: LoanTerms) -> tuple[int, int] | None:
    return parse_due_days(value, loan.every, spill=loan.missing_day == "next")


def _day_count(value: object, name: str, loan: LoanTerms) -> DayCount:
    if value is None:
        return "periodic" if is_monthly(loan.every) else "actual/365"
    return parse_day_count(value, name)


def _roll(value: BusinessDayConvention, name: str, loan: LoanTerms) -> BusinessDayConvention:
    counting = loan.day_count in BY_BUSINESS_DAY
    business = parse_business_days(loan.calendar, value, loan.accrual_dates, counting=counting)
    return "none" if business is None else business.roll


def _instalment(value: object, name: str, loan: LoanTerms) -> Instalment:
    small = loan.negative_amortisation or loan.method == "equal_principal"
    return parse_instalment(value, partial(loan.amount, least=0 if small else 1))


def _cost_cap(value: object, name: str, loan: LoanTerms) -> CostCap:
    cap = check_kind(value, name, CostCap, Phrase("write {}", 'rp.terms.CostCap(total="100%")'))
    if cap.late is not None:
        loan.amount(cap.late, "late")
    return cap


_count, _day, _flag = _plain(parse_count), _plain(parse_date), _plain(parse_flag)
_share = _plain(lambda value, name: parse_share(value, name, 1, "share"))

#: The fields of a loan, each with its reader, in the order in which they are read: an amount needs
#: the currency, days of the month need the frequency, an instalment the method.
READERS: dict[str, Reader] = {
    "currency": _currency,
    "decimals": _decimals,
    "principal": _amount,
    "start": _day,
    "every": _plain(parse_every),
    "first_payment": _optional(_day),
    "maturity": _optional(_day),
    "last_regular": _optional(_day),
    "stub": _optional(_word(Stub)),
    "month_end": _flag,
    "negative_amortisation": _plain(parse_negative_amortisation),
    "missing_day": _word(MissingDay),
    "due_days": _due_days,
    "day_count": _day_count,
    "calendar": _optional(lambda value, name, loan: Calendar.parse(value)),
    "accrual_dates": _word(AccrualDates),
    "roll": _roll,
    "in_advance": _flag,
    "payments": _optional(_count),
    "rate": _plain(parse_loan_rate),
    "method": _word(Method, SPELLINGS),
    "instalment": _optional(_instalment),
    "instalment_multiple": _optional(_amount),
    "instalment_cap": _optional(_plain(parse_cap)),
    "instalment_resets": _optional(_plain(parse_instalment_resets)),
    "last": _word(LastPayment),
    "balloon": _optional(lambda value, name, loan: parse_balloon(value, loan.amount)),
    "amortise_over": _optional(_count),
    "instalment_day_count": _optional(_plain(parse_day_count)),
    "interest_base": lambda value, name, loan: parse_interest_base(value, loan.amount, loan.start),
    "interest_split": _word(InterestSplit),
    "drawdowns": lambda value, name, loan: parse_drawdowns(value, loan.amount, loan.start),
    "fees": lambda value, name, loan: parse_fees(value, loan.amount),
    "cost_cap": _optional(_cost_cap),
    "interest_tax": _share,
    "fee_tax": _share,
    "tax_included": _flag,
    "odd_days": _word(OddDays),
    "counted_days": _word(CountedDays),
    "rounding": _word(Rounding),
    "instalment_rounding": _optional(_word(Rounding)),
    "fee_rounding": _optional(_word(Rounding)),
    "interest_remainder": _optional(_word(InterestRemainder)),
}

#: The fields that follow from others where nothing is said. Every other default is what is read from it.
FOLLOWING = frozenset(("decimals", "day_count", "roll"))
