"""Terms of a loan that contradict each other."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from repaylib.dates.accrual import check_counted_days, check_periodic
from repaylib.dates.day_count import BY_BUSINESS_DAY, check_calendar
from repaylib.errors import DateError, Hint, Phrase, TermsError, as_text, write
from repaylib.money.counts import MOST_PAYMENTS
from repaylib.rates.rate import Rate, percent
from repaylib.terms.derived import LoanTerms
from repaylib.terms.instalments import Lumps, is_solved
from repaylib.terms.methods import WITHOUT_INSTALMENT
from repaylib.terms.seasons import Seasonal

__all__ = ["check_terms"]

#: Terms that say how the instalment is solved, and what they are where nothing is said.
_OF_INSTALMENT = {
    "instalment": None,
    "instalment_multiple": None,
    "balloon": None,
    "amortise_over": None,
    "instalment_day_count": None,
    "last": "any",
}


#: What other terms must be for the remainder of a rounding to be kept in the last payment or the balance.
_OF_REMAINDERS: dict[str, dict[str, tuple[object, ...]]] = {
    "last": {
        "method": ("level",),
        "last": ("any",),
        "amortise_over": (None,),
        "tax_included": (False,),
        "instalment_cap": (None,),
        "instalment_resets": (None,),
        "cost_cap": (None,),
    },
    "total": {"cost_cap": (None,)},
    "balance": {
        "method": ("level", "equal_principal", "interest_only", "bullet"),
        "last": ("any",),
        "instalment": (None,),
        "instalment_multiple": (None,),
        "interest_base": ("balance",),
        "tax_included": (False,),
        "cost_cap": (None,),
    },
}


def check_terms(loan: LoanTerms) -> None:
    """Refuse terms that contradict each other.

    Raises
    ------
    TermsError
        The message names both.
    """
    check_instalment(loan)
    check_tax(loan)
    check_interest_base(loan)
    check_interest_split(loan)
    check_amortise_over(loan)
    check_instalment_day_count(loan)
    check_fee_days(loan)
    check_dates(loan)
    check_rate_steps(loan)
    check_instalment_limits(loan)
    check_interest_remainder(loan)
    check_cost_cap(loan)


def check_cost_cap(loan: LoanTerms) -> None:
    """Refuse fees that a cap on costs would take away, or whose refund it would change."""
    cap = loan.cost_cap
    for fee in loan.fees if cap is not None else ():
        if cap is not None and cap.daily is not None and fee.when == "start":
            raise TermsError(
                "cost_cap",
                Phrase("{}", cap),
                "no fee at the start with a daily cap, as no day has passed by then",
                'write Fee(..., when="instalment") or when="end", or leave daily out',
            )
        if fee.refund != "none":
            raise TermsError(
                "cost_cap",
                Phrase("{}", cap),
                Phrase('fees that are not given back, as the cap may cut them; "{}" is', fee.label),
                Phrase("write {}", 'refund="none"'),
            )


def _stated(loan: LoanTerms) -> dict[str, object]:
    """Return the terms that say how the instalment is solved, where something is said."""
    return {
        name: getattr(loan, name)
        for name, usual in _OF_INSTALMENT.items()
        if getattr(loan, name) != usual
    }


def check_instalment(loan: LoanTerms) -> None:
    """Refuse what contradicts the method, or an instalment that is given."""
    method, instalment = loan.method, loan.instalment
    if isinstance(instalment, Lumps) and instalment.least_payments > loan.payments:
        raise TermsError(
            "instalment",
            Phrase("a lump sum with payment {}", instalment.least_payments),
            Phrase("payments from 1 to {}", loan.payments),
            "leave it out, or write the number of an earlier payment",
        )
    if isinstance(instalment, Seasonal) and loan.payments < MOST_PAYMENTS:
        last = loan.timetable.accrual_date(loan.payments)
        if last.month in instalment.interest_only:
            raise TermsError(
                "instalment",
                str(instalment),
                Phrase("a last payment in another month than {}, as it repays what is left", last),
                "write other payments, or another first payment",
            )
    if isinstance(instalment, tuple) and len(instalment) not in (loan.payments, loan.payments - 1):
        raise TermsError(
            "instalment",
            Phrase("{} amounts", len(instalment)),
            Phrase(
                "as many as payments={}, or one less for the last to be what is left", loan.payments
            ),
            "write one amount for each payment",
        )
    if method in WITHOUT_INSTALMENT:
        for name, value in _stated(loan).items():
            raise TermsError(
                name,
                value,
                Phrase('none with method="{}", which pays the principal in the end', method),
                Phrase("leave {} out", name),
            )
    if is_solved(instalment):
        if instalment is not None and method != "level":
            raise TermsError(
                "instalment",
                Phrase("{}", instalment),
                'method="level"',
                Phrase('leave it out with method="{}"', method),
            )
        return
    shown = f"{len(instalment)} amounts" if isinstance(instalment, tuple) else str(instalment)
    for name, value in _stated(loan).items():
        if name == "instalment" or (
            name in ("instalment_multiple", "instalment_day_count")
            and isinstance(instalment, Decimal)
        ):  # an instalment that is given is solved again after a change
            continue
        raise TermsError(
            name,
            value,
            Phrase("an instalment that is solved, and instalment={} is given", shown),
            Phrase("leave {} or instalment out", name),
        )


def check_tax(loan: LoanTerms) -> None:
    """Refuse an instalment that includes a tax where there is none, or no level instalment."""
    if loan.tax_included and not (loan.method == "level" and loan.interest_tax):
        raise TermsError(
            "tax_included",
            True,
            Hint("{} with a tax on interest, which its instalment can include", method="level"),
            Hint("write {1}, or leave {0} out", Phrase("{}", "tax_included"), interest_tax="16%"),
        )


def check_interest_base(loan: LoanTerms) -> None:
    """Refuse a base of interest that the method does not have."""
    base = loan.interest_base
    if loan.method == "flat" and base != "balance" and not isinstance(base, Decimal):
        raise TermsError(
            "interest_base",
            base,
            'an amount, if any, with method="flat", whose interest is on the original principal',
            Phrase("leave {} out", "interest_base"),
        )
    if loan.method == "level" and isinstance(base, tuple) and is_solved(loan.instalment):
        raise TermsError(
            "interest_base",
            [str(day) for day in base],
            "a level instalment that is given, as the base of later periods depends on it",
            Hint("write {} or another method", instalment="..."),
        )


def check_amortise_over(loan: LoanTerms) -> None:
    """Refuse contradictions about what the last payment takes."""
    over, balloon = loan.amortise_over, loan.balloon
    if over is not None and over < loan.payments:
        raise TermsError(
            "amortise_over",
            over,
            Phrase("at least payments={}", loan.payments),
            Phrase("write amortise_over={} or more, or fewer payments", loan.payments),
        )
    if over is not None and balloon is not None:
        raise TermsError(
            "amortise_over",
            over,
            Phrase("no balloon={}: what is left in the end follows from either", balloon),
            "leave one of the two out",
        )
    if over is not None and loan.last != "any":
        raise TermsError(
            "last",
            loan.last,
            Phrase(
                "no amortise_over={}, which leaves the last payment more than an instalment", over
            ),
            "leave one of the two out",
        )
    if isinstance(balloon, Decimal) and balloon > loan.principal:
        raise TermsError(
            "balloon",
            str(balloon),
            Phrase("at most principal={}", loan.principal),
            "write a smaller balloon",
        )


def check_instalment_day_count(loan: LoanTerms) -> None:
    """Refuse another day count for an instalment in which no interest is solved."""
    other = loan.instalment_day_count
    if other is None:
        return
    if loan.method != "level":
        raise TermsError(
            "instalment_day_count",
            other,
            Phrase('method="level", not "{}", whose instalment holds no interest', loan.method),
            Phrase("leave {} out", "instalment_day_count"),
        )
    check_periodic(loan.timetable, other, "instalment_day_count")
    if other in BY_BUSINESS_DAY and loan.business_days is None:
        raise TermsError(
            "instalment_day_count",
            other,
            "a day count that counts no business days, as that of the interest counts none",
            write(instalment_day_count="30/360 US"),
        )


def check_fee_days(loan: LoanTerms) -> None:
    """Refuse a fee on a day before the loan begins."""
    for row, fee in enumerate(loan.fees):
        if fee.first is not None and fee.first < loan.start:
            raise DateError(
                f"fees[{row}].first",
                fee.first.isoformat(),
                Phrase("a day from start={} on", loan.start),
                "write a later first, or leave it out",
            )


def check_dates(loan: LoanTerms) -> None:
    """Refuse due dates on one business day, and a day count that cannot count them."""
    check_periodic(loan.timetable, loan.day_count)
    check_counted_days(loan.day_count, loan.counted_days)
    loan.timetable.refuse_ties(1 if loan.payments == MOST_PAYMENTS else loan.payments)
    check_calendar(loan.day_count, loan.business_days)


def check_rate_steps(loan: LoanTerms) -> None:
    """Refuse steps of the rate before the start, missing fixings, and an instalment beside ``"level"``."""
    if isinstance(loan.rate, Rate):
        return
    _ = loan.first_rate, loan.rate_steps  # every fixing there, every day after the start
    if loan.instalment is not None and loan.rate_hold == "level":
        raise TermsError(
            "instalment",
            Phrase("{}", loan.instalment),
            'none with hold="level", which solves one instalment over all rates',
            Hint("leave instalment out, or write {}", hold="last"),
        )


def check_instalment_limits(loan: LoanTerms) -> None:
    """Refuse a cap on the instalment, or resets of it, where no new rate recalculates one."""
    for name in ("instalment_cap", "instalment_resets"):
        value = getattr(loan, name)
        if value is None:
            continue
        shown = percent(value) if isinstance(value, Fraction) else as_text(value)
        if loan.method != "level":
            expected, hint = 'none without method="level"', Phrase("leave {} out", name)
            raise TermsError(name, shown, expected, hint)
        if not (loan.instalment is None or isinstance(loan.instalment, Decimal)):
            raise TermsError(
                name,
                shown,
                "one instalment, solved or given, and not several that differ",
                Phrase("leave {} or instalment out", name),
            )
        if loan.last != "any":
            expected = Phrase(
                'last="any", as the last payment takes what is left, and not {!r}', loan.last
            )
            raise TermsError(name, shown, expected, Phrase("leave {} out", "last"))
        if loan.rate_hold != "maturity":
            expected = Phrase(
                'a rate with hold="maturity", as {!r} keeps the instalment', loan.rate_hold
            )
            raise TermsError(name, shown, expected, Hint("write {} in the rate", hold="maturity"))
    resets = loan.instalment_resets
    if resets is None:
        return
    if loan.rate_recast == "always":
        raise TermsError(
            "instalment_resets",
            as_text(resets),
            'a rate without recast="always", which recalculates the instalment on other days',
            "leave one of the two out",
        )
    if not isinstance(resets, str) and not isinstance(resets[-1], str) and resets[0] <= loan.start:
        raise TermsError(
            "instalment_resets",
            str(resets[0]),
            Phrase("days after start={}", loan.start),
            "take it out, or write an earlier start",
        )


def _written(name: str, value: object) -> Phrase:
    if isinstance(value, Phrase):
        return Phrase("{} {}", name, value)
    return Phrase("{}", f'{name}="{value}"' if isinstance(value, str) else f"{name}={value}")


def check_interest_split(loan: LoanTerms) -> None:
    """Refuse the sum of digits where no charge is agreed for a number of periods."""
    if loan.interest_split == "equal":
        return
    contradictions = {
        "method": (loan.method != "flat", loan.method),
        "rate": (not isinstance(loan.rate, Rate), Phrase("that changes")),
        "payments": (loan.payments == MOST_PAYMENTS, Phrase("as many as it takes")),
        "in_advance": (loan.in_advance, True),
        "drawdowns": (bool(loan.drawdowns), Phrase("after the start")),
    }
    for name, (wrong, value) in contradictions.items():
        if wrong:
            raise TermsError(
                "interest_split",
                loan.interest_split,
                Phrase(
                    'method="flat", whose charge is agreed for a number of periods, and not {}',
                    _written(name, value),
                ),
                Phrase("write {}", 'interest_split="equal"'),
            )


def check_interest_remainder(loan: LoanTerms) -> None:
    """Refuse a remainder that moves to where the other terms leave no room for it."""
    if loan.interest_remainder not in _OF_REMAINDERS:
        return
    for name, allowed in _OF_REMAINDERS[loan.interest_remainder].items():
        value = getattr(loan, name)
        if value not in allowed:
            raise TermsError(
                "interest_remainder",
                loan.interest_remainder,
                Phrase("terms with which it can be, and not {}={!r}", name, as_text(value)),
                Phrase("leave interest_remainder or {} out", name),
            )
