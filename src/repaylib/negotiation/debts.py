"""A debt as its borrower sees it: the amount, the lender, and the monthly minimum."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from repaylib.dates.days import parse_date
from repaylib.errors import (
    Hint,
    InstalmentError,
    Phrase,
    TermsError,
    check_text,
    enumerated,
    parse_flag,
    write,
)
from repaylib.money.amounts import decimals_of, parse_amount, show, to_decimal, to_minor
from repaylib.money.counts import parse_count
from repaylib.money.rounding import round_fraction
from repaylib.rates.rate import Rate, RateLike, parse_rate, parse_share, percent
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.settlement import Settlement
from repaylib.terms.loan import Loan
from repaylib.typing import Amount, DateLike

__all__ = ["Debt"]

#: A balance repaid by shares of itself is folded as interest with its principal prepaid, this long.
LONGEST = 600
MONTH = Fraction(1, 12)


@dataclass(frozen=True, slots=True, init=False)
class Debt:
    """A debt: what is owed, to whom, and the monthly minimum payment.

    Parameters
    ----------
    of
        A :class:`~repaylib.Loan` or a :class:`~repaylib.Schedule`, whose payments are the required
        minimum; an arrears statement, that is anything with a `schedule` and `arrears`; or the
        balance of a card or an overdraft, in major units, with its `rate` and `minimum`.
    rate
        Of a bare balance: interest per year, in any form a Loan takes.
    minimum
        Of a bare balance, the monthly payment; for 3,000 at 18 %, with 45.00 interest in month 1:

        ``"120"``
            an amount: 120.00 a month.
        ``"3%"``
            a share of the balance with its interest: 91.35 of 3,045.00, then less each month.
        ``("3%", "100")``
            the larger of the two: 100.00.
    lender
        The lender.
    currency
        ISO 4217 code of a bare balance, or of a loan that names none.
    secured
        Whether the debt is secured; or the security, as text.
    consequences
        What happens if it is not paid, as text.
    name
        Its name in tables; by default the lender. If several are alike, the second is
        ``"card (2)"``.
    arrears
        The amount overdue already, in major units, beside the schedule. It accrues no further
        interest here.
    arrears_over
        The number of monthly parts in which arrears are due: 1 is all in the first month.
    extra
        Whether more than the minimum may be paid on it. If not, it is paid as agreed.

    Raises
    ------
    InstalmentError
        If the minimum of a bare balance is not above the interest, so that it would never be repaid.
    TermsError
        If an option of a bare balance is given for a loan, or the other way round.

    Examples
    --------
    >>> print(Debt("3000", rate="18%", minimum=("3%", "100"), lender="card"))
    card: 3,000.00 at 18% a year, at least 3% of it or 100.00 a month
    """

    of: Schedule | Decimal
    rate: Rate | None
    minimum: tuple[Decimal | Fraction, ...]
    lender: str
    currency: str
    secured: bool | str
    consequences: str
    name: str
    arrears: Decimal
    arrears_over: int
    extra: bool

    def __init__(
        self,
        of: object,
        *,
        rate: RateLike | None = None,
        minimum: Amount | Fraction | tuple[Amount | Fraction, ...] | None = None,
        lender: str = "",
        currency: str | None = None,
        secured: bool | str = False,
        consequences: str = "",
        name: str | None = None,
        arrears: Amount = 0,
        arrears_over: int = 1,
        extra: bool = True,
    ) -> None:
        store = object.__setattr__
        schedule, stated = _schedule_of(of)
        if stated is not None:
            if parse_amount(arrears, "arrears"):
                raise TermsError(
                    "arrears", arrears, Phrase("none beside the statement, which says {}", stated),
                    Phrase("leave {} out", "arrears"),
                )  # fmt: skip
            arrears = stated
        store(self, "currency", _currency(schedule, currency))
        if not isinstance(secured, (bool, str)):
            raise TermsError(
                "secured", secured, Hint("{}, {} or text", True, False), write(secured="car")
            )
        store(self, "lender", check_text(lender, "lender"))
        text = secured if isinstance(secured, bool) else check_text(secured, "secured")
        store(self, "secured", text)
        store(self, "consequences", check_text(consequences, "consequences"))
        own = "" if name is None else check_text(name, "name")
        store(self, "name", own or self.lender or "debt")
        decimals = self.decimals
        overdue = to_minor(arrears, "arrears", self.currency, least=0, decimals=decimals)
        store(self, "arrears", to_decimal(overdue, decimals))
        store(self, "arrears_over", parse_count(arrears_over, "arrears_over"))
        store(self, "extra", parse_flag(extra, "extra"))
        if schedule is not None:
            _refuse_beside(schedule, rate=rate, minimum=minimum)
            store(self, "of", schedule)
            store(self, "rate", None)
            store(self, "minimum", ())
            return
        balance = to_minor(of, "of", self.currency)
        store(self, "of", to_decimal(balance, decimals))
        if rate is None or minimum is None:
            word = "rate" if rate is None else "minimum"
            raise TermsError(
                word,
                None,
                "the rate and the minimum of a bare balance, or a Loan or a Schedule",
                write(rate="18%", minimum="3%"),
            )
        store(self, "rate", parse_rate(rate))
        store(self, "minimum", _rule(minimum, self.currency))
        self._refuse_without_end(balance)

    @property
    def decimals(self) -> int:
        """Decimals that its amounts are counted with."""
        of = getattr(self, "of", None)
        return of.loan.decimals if isinstance(of, Schedule) else decimals_of(self.currency)

    @property
    def by_share(self) -> bool:
        """Whether the minimum depends on the balance of the day."""
        return any(isinstance(part, Fraction) for part in self.minimum)

    @property
    def minimum_due(self) -> Decimal | None:
        """What must be paid this month on a bare balance, its interest of a month included.

        ``None`` for a loan, whose schedule says it.

        Examples
        --------
        >>> Debt("3000", rate="18%", minimum=("4%", "50")).minimum_due
        Decimal('121.80')
        """
        if isinstance(self.of, Schedule):
            return None
        balance = to_minor(self.of, "of", self.currency, decimals=self.decimals)
        return to_decimal(self.minimum_of(balance, self._interest_of(balance)), self.decimals)

    def _interest_of(self, balance: int) -> int:
        """Return the interest of a month on a bare balance, in minor units."""
        assert self.rate is not None, "a bare balance has a rate"
        return round_fraction(balance * self.rate.nominal(MONTH) * MONTH, "half_up")

    def minimum_of(self, balance: int, interest: int) -> int:
        """Return the minimum payment on a bare balance and the interest of a month, in minor units.

        It is at least the interest and one minor unit, so that it ends, and at most all of it.
        """
        asked = [self._asked(part, balance + interest) for part in self.minimum]
        return min(balance + interest, max(*asked, interest + 1))

    def schedule(self, on: DateLike) -> Schedule:
        """Return the debt as a schedule; a bare balance is one from day `on` on.

        With a `minimum` that is an amount it is level; with a share, interest is due, and
        what the minimum is above it is prepaid.
        """
        if isinstance(self.of, Schedule):
            return self.of
        assert self.rate is not None, "a bare balance has a rate"
        code, start = self.currency, parse_date(on, "on")
        if self.by_share:
            loan = Loan(self.of, self.rate, LONGEST, start, method="interest_only", currency=code)
        else:
            amount = max(part for part in self.minimum if isinstance(part, Decimal))
            loan = Loan(self.of, self.rate, start=start, instalment=amount, currency=code)
        return Schedule(loan)

    def named(self, name: str) -> Debt:
        """Return the same debt under another name."""
        other = copy(self)
        object.__setattr__(other, "name", name)
        return other

    def _asked(self, rule: Decimal | Fraction, statement: int) -> int:
        if isinstance(rule, Fraction):
            return round_fraction(statement * rule, "half_up")
        return to_minor(rule, "minimum", self.currency)

    def _refuse_without_end(self, balance: int) -> None:
        """Refuse a minimum that leaves part of the interest, or all of the principal, unpaid."""
        assert self.rate is not None, "a bare balance has a rate"
        interest = self._interest_of(balance)
        asked = max(self._asked(part, balance + interest) for part in self.minimum)
        if (asked > interest or not interest) and self._ends():
            return
        first = date(2024, 1, 1)
        code = self.currency
        level = Schedule(
            Loan(to_decimal(balance, self.decimals), self.rate, 60, first, currency=code)
        )
        enough = to_decimal(interest + 1, self.decimals) if asked <= interest else level.instalment
        raise InstalmentError(
            "minimum",
            enumerated("{} or {}", map(_shown, self.minimum)),
            Phrase(
                "more than the interest of a month, {}, or the {} is never repaid; {:,f} repays it in 60 months",
                show(interest, self.decimals),
                self.name,
                level.instalment,
            ),
            Hint("write {} or more, or agree on another rate", minimum=str(enough)),
        )

    def _ends(self) -> bool:
        """Whether it is repaid within as many payments as a loan can have."""
        try:
            self.schedule(date(2024, 1, 1))
        except InstalmentError:
            return False
        return True

    def __str__(self) -> str:
        if isinstance(self.of, Schedule):
            terms = str(self.of.loan)
        else:
            least = " or ".join(
                f"{_shown(rule)} of it" if isinstance(rule, Fraction) else _shown(rule)
                for rule in self.minimum
            )
            assert self.rate is not None, "a bare balance has a rate"
            terms = f"{self.of:,f} at {self.rate.per_year}, at least {least} a month"
        secured = "" if not self.secured else ", secured"
        if isinstance(self.secured, str) and self.secured:
            secured += f" by {self.secured}"
        overdue = f", {self.arrears:,f} overdue" if self.arrears else ""
        return f"{self.name}: {terms}{secured}{overdue}"


def _shown(rule: Decimal | Fraction) -> str:
    return percent(rule) if isinstance(rule, Fraction) else f"{rule:,f}"


def _schedule_of(of: object) -> tuple[Schedule | None, Amount | None]:
    """Return the schedule that a debt is of, and the arrears that a statement says."""
    if isinstance(of, Loan):
        return Schedule(of), None
    if isinstance(of, Schedule):
        return of, None
    inner = getattr(of, "schedule", None)
    if isinstance(of, Settlement):
        raise TermsError(
            "of",
            of,
            "a debt that goes on",
            Phrase("write {} or {}", "Debt(loan)", "Debt(schedule)"),
        )
    if isinstance(inner, Schedule):
        arrears = getattr(of, "arrears", 0)
        total: Amount = getattr(arrears, "total", arrears)
        return inner, total
    return None, None


def _currency(schedule: Schedule | None, currency: str | None) -> str:
    if schedule is None or currency is None:
        given = "XXX" if currency is None else currency
        decimals_of(given)
        return given if schedule is None else schedule.loan.currency
    loan, usual = schedule.loan, decimals_of(currency)
    plain = loan.currency == "XXX" and loan.decimals == usual
    if not plain and loan.currency != currency:
        raise TermsError(
            "currency",
            currency,
            Phrase("that of the loan, {} with {} decimals", loan.currency, loan.decimals),
            Phrase("leave {} out", "currency"),
        )
    return currency


def _refuse_beside(schedule: Schedule, **options: object) -> None:
    for word, value in options.items():
        if value is not None:
            raise TermsError(
                word, value, Phrase("none beside the loan, which says it: {}", schedule.loan),
                Phrase("leave {} out, or change the terms of the loan", word),
            )  # fmt: skip


def _rule(
    minimum: Amount | Fraction | tuple[Amount | Fraction, ...], currency: str
) -> tuple[Decimal | Fraction, ...]:
    """Read the rule of a minimum: amounts and shares, of which the largest counts."""
    rules: list[Decimal | Fraction] = []
    for rule in minimum if isinstance(minimum, (tuple, list)) else (minimum,):
        if isinstance(rule, Fraction) or (isinstance(rule, str) and rule.strip().endswith("%")):
            rules.append(parse_share(rule, "minimum", 1, "share"))
        else:
            minor = to_minor(rule, "minimum", currency)
            rules.append(to_decimal(minor, decimals_of(currency)))
    if not rules:
        raise TermsError("minimum", minimum, "an amount or a share", write(minimum="3%"))
    return tuple(rules)
