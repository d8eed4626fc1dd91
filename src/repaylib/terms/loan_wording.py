"""Which sentences the terms of a loan are."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from repaylib.dates.frequency_wording import (
    every_sentence,
    frequency_sentence,
    length_sentence,
)
from repaylib.money.amounts import decimals_of
from repaylib.money.counts import MOST_PAYMENTS
from repaylib.rates.index_fixings import Resets, next_reset
from repaylib.rates.index_rate import Indexed
from repaylib.rates.rate import Rate, Share
from repaylib.rates.step_schedule import Steps
from repaylib.terms.instalments import Graduated, Lumps
from repaylib.terms.methods import WITHOUT_INSTALMENT
from repaylib.terms.seasons import Seasonal
from repaylib.wording.sentence import NOTHING, Listed, Money, Sentence

if TYPE_CHECKING:
    from repaylib.terms.loan import Loan

__all__ = ["loan_sentence", "rate_sentence"]

#: Writes an amount.
Amounts = Callable[[Decimal], Money]


def loan_sentence(loan: Loan, money: Amounts = Money) -> Sentence:
    """Return the terms needed to compute the amounts, and those that differ from the defaults.

    `money` writes an amount; by default it stands as it was given, and the principal alone has its
    currency.

    Examples
    --------
    >>> import repaylib as rp
    >>> print(rp.Loan("10000", "12%", 12, "2024-01-10", method="bullet"))
    10,000.00 at 12% a year from 2024-01-10, all paid after 12 months, on 2025-01-10
    """
    more = [Sentence("loan.more", what=what) for what in _more(loan, money)]
    return Sentence(
        "loan",
        principal=Money(loan.principal, loan.currency),
        rate=loan.first_rate.sentence(),
        start=loan.start,
        payments=_payments(loan, money),
        days=Listed(_days(loan), "nothing"),
        rates=_rates(loan),
        more=Listed(more, "nothing"),
    )


def rate_sentence(loan: Loan) -> object:
    """Return the rate of a loan as agreed: one, or steps, or on an index."""
    rate = loan.rate
    if isinstance(rate, Rate):
        return rate.sentence()
    if isinstance(rate, Indexed):
        return rate.sentence
    return Listed([rate.initial.sentence(), *_steps(rate)])


def _steps(rates: Steps[Rate]) -> list[object]:
    return rates.sentences(lambda rate: rate.sentence("short"))[1:]


def _payments(loan: Loan, money: Amounts) -> Sentence:
    """Return the number, kind and days of the payments."""
    if loan.method == "bullet":
        day, length = (
            loan.timetable.adjusted(loan.payments),
            length_sentence(loan.every, loan.payments),
        )
        key = "loan.bullet_listed" if length is None else "loan.bullet"
        return Sentence(key, length=length, day=day)
    fixed, varied = _fixed(loan, money)
    count, ends = loan.payments, loan.timetable.last
    kind = "varied" if varied and loan.method == "level" else loan.method
    return Sentence(
        "loan.payments_open" if count == MOST_PAYMENTS else "loan.payments",
        count=count,
        frequency=frequency_sentence(loan.every),
        kind=Sentence(f"kind.{kind}", count=count),
        fixed=fixed,
        first=loan.first_payment,
        until=NOTHING if ends is None else Sentence("loan.until", day=ends),
    )


def _fixed(loan: Loan, money: Amounts) -> tuple[Sentence | str, bool]:
    """Return the instalment that was agreed, and whether it varies."""
    given = loan.instalment
    if given is None:
        return NOTHING, False
    if isinstance(given, Graduated):
        return Sentence("fixed.graduated", steps=given.sentence(money)), True
    if isinstance(given, Seasonal):
        return Sentence("fixed.seasonal", seasons=given.sentence()), False
    if isinstance(given, Lumps):
        return Sentence("fixed.lumps", lumps=given.sentence(money)), False
    if isinstance(given, Steps):
        stepped: Steps[Any] = given
        shown = Listed(stepped.sentences(lambda value: _amount(value, money)))
        return Sentence("fixed.steps", steps=shown), True
    if isinstance(given, tuple):
        return Sentence("fixed.listed", first=money(given[0]), last=money(given[-1])), True
    principal = loan.method == "equal_principal"
    key = "fixed.principal" if principal else "fixed.amount"
    return Sentence(key, amount=money(given)), False


def _amount(value: Decimal | Fraction, money: Amounts) -> object:
    return Share(value) if isinstance(value, Fraction) else money(value)


def _days(loan: Loan) -> list[Sentence]:
    """Return the terms on business days and the counting of days."""
    found = []
    if loan.roll != "none":
        found.append(Sentence("loan.roll", roll=Sentence(f"roll.{loan.roll}")))
        if loan.accrual_dates == "adjusted":
            found.append(Sentence("loan.interest_adjusted"))
    if loan.day_count != "periodic":
        found.append(Sentence("loan.day_count", day_count=Sentence(f"day_count.{loan.day_count}")))
    if loan.counted_days != "first":
        found.append(Sentence(f"loan.counted.{loan.counted_days}"))
    return found


def _rates(loan: Loan) -> Sentence | str:
    """Return the changes of the rate."""
    rate = loan.rate
    if isinstance(rate, Rate) or not (isinstance(rate, Indexed) or rate.changes):
        return NOTHING
    rates = rate.sentence if isinstance(rate, Indexed) else Listed(_steps(rate))
    if loan.method in WITHOUT_INSTALMENT:
        return Sentence("loan.rates", rates=rates)
    held: str = "always" if loan.rate_recast == "always" else loan.rate_hold
    held = "resets" if loan.instalment_resets is not None else held
    return Sentence("loan.rates_held", rates=rates, held=Sentence(f"stepped.{held}"))


def _more(loan: Loan, money: Amounts) -> list[Sentence]:
    """Return the terms that most loans do not have."""
    more: list[Sentence] = []
    if loan.balloon is not None:
        more.append(Sentence("loan.balloon", amount=_amount(loan.balloon, money)))
    if loan.amortise_over is not None:
        more.append(Sentence("loan.amortise_over", count=loan.amortise_over))
    if loan.instalment_day_count is not None:
        rule = Sentence(f"day_count.{loan.instalment_day_count}")
        more.append(Sentence("loan.instalment_day_count", day_count=rule))
    if loan.in_advance:
        more.append(Sentence("loan.in_advance"))
    if loan.interest_split != "equal":
        more.append(Sentence(f"loan.interest_split.{loan.interest_split}"))
    if loan.interest_base == "original" and loan.method != "flat":
        more.append(Sentence("loan.interest_original"))
    elif isinstance(loan.interest_base, Decimal):
        more.append(Sentence("loan.interest_amount", amount=money(loan.interest_base)))
    elif isinstance(loan.interest_base, tuple):
        more.append(Sentence("loan.interest_days", days=Listed(loan.interest_base, "names")))
    if loan.drawdowns:
        parts = [
            Sentence("loan.drawdown", amount=money(much), day=day) for day, much in loan.drawdowns
        ]
        more.append(Sentence("loan.drawdowns", parts=Listed(parts)))
    more += [fee.sentence(money) for fee in loan.fees]
    if loan.cost_cap is not None:
        more += loan.cost_cap.sentences(money)
    if loan.interest_tax:
        key = "loan.interest_tax_included" if loan.tax_included else "loan.interest_tax"
        more.append(Sentence(key, rate=Share(loan.interest_tax)))
    if loan.fee_tax:
        more.append(Sentence("loan.fee_tax", rate=Share(loan.fee_tax)))
    return [*more, *_odd_days(loan), *_instalment_rules(loan, money), *_roundings(loan)]


def _odd_days(loan: Loan) -> list[Sentence]:
    """Return the rule for odd days, where there are any or it is not the usual one."""
    if loan.day_count != "periodic":
        return []
    table = loan.timetable
    first = (
        not loan.in_advance
        and next(table.regular_periods(loan.start, table.accrual_date(1)))[0] != loan.start
    )
    last = False
    if table.last is not None and loan.payments > 1:
        opening, end = table.accrual_date(loan.payments - 1), table.accrual_date(loan.payments)
        last = list(table.regular_periods(opening, end))[-1][1] != end
    if not (first or last) and loan.odd_days == "pro_rata":
        return []
    where = {(True, False): ".first", (False, True): ".last", (True, True): ".both"}
    key = f"loan.odd_days{where.get((first, last), '')}"
    return [Sentence(key, rule=Sentence(f"odd.{loan.odd_days}"))]


def _instalment_rules(loan: Loan, money: Amounts) -> list[Sentence]:
    """Return the rules for the instalment, where they are not the usual ones."""
    rules = []
    if loan.instalment_multiple is not None:
        rules.append(Sentence("loan.multiple", amount=money(loan.instalment_multiple)))
    if loan.instalment_cap is not None:
        rules.append(Sentence("loan.cap", rise=Share(loan.instalment_cap)))
    if loan.instalment_resets is not None:
        rules.append(_resets(loan, loan.instalment_resets))
    if loan.last != "any":
        rules.append(Sentence(f"loan.last.{loan.last}"))
    if isinstance(loan.negative_amortisation, str):
        rules.append(Sentence(f"loan.negative.{loan.negative_amortisation}"))
    elif loan.negative_amortisation:
        rules.append(Sentence("loan.negative"))
    return rules


def _resets(loan: Loan, resets: str | Resets) -> Sentence:
    """Return when the instalment is recalculated."""
    every = resets if isinstance(resets, str) else resets[-1]
    if not isinstance(every, str):
        return Sentence("loan.resets", days=Listed(resets, "names"))
    first = next_reset((loan.start, resets) if isinstance(resets, str) else resets, loan.start)
    return Sentence("loan.resets_every", every=every_sentence(every), day=first)


def _roundings(loan: Loan) -> list[Sentence]:
    """Return the rounding of amounts, where it is not the default."""
    usual, rule = loan.rounding == "half_up", Sentence(f"rounding.{loan.rounding}")
    rules = []
    if loan.decimals != decimals_of(loan.currency):
        key = "rounded.usual_decimals" if usual else "rounded.decimals"
        rules.append(Sentence(key, rule=rule, decimals=loan.decimals))
    elif not usual:
        rules.append(Sentence("rounded", rule=rule))
    for what, own in (("instalment", loan.instalment_rounding), ("fees", loan.fee_rounding)):
        if own is not None:
            rules.append(Sentence(f"rounded.{what}", rule=Sentence(f"rounding.{own}")))
    if loan.interest_remainder is not None:
        rules.append(Sentence(f"loan.remainder.{loan.interest_remainder}"))
    return rules
