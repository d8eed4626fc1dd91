"""A budget and its debts, read and checked: in the currency of the budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from repaylib.dates.due_dates import parse_date
from repaylib.errors import (
    AmountError,
    CountError,
    Hint,
    Phrase,
    TermsError,
    check_mapping,
    enumerated,
    parse_list,
)
from repaylib.measures.break_even import distinct
from repaylib.money.amounts import decimals_of, parse_amount, to_decimal, to_minor
from repaylib.negotiation.budget import Budget
from repaylib.negotiation.debt_course import interest_alone
from repaylib.negotiation.debts import Debt
from repaylib.phrases.phrase import InPython
from repaylib.typing import Amount, DateLike

__all__ = ["BudgetProblem", "read_problem"]


class BudgetProblem(NamedTuple):
    """A budget and its debts, read and checked: amounts in minor units of the budget's currency.

    `rates` are minor units of the budget for one of each debt; `alone` is the interest of each, in its
    own minor units, if no more than the minimum is paid.
    """

    debts: tuple[Debt, ...]
    affordable: int
    currency: str
    on: date
    rates: tuple[Fraction, ...]
    alone: tuple[int, ...]

    @property
    def decimals(self) -> int:
        """Decimals of the budget's currency."""
        return decimals_of(self.currency)

    def money(self, minor: int) -> Decimal:
        """Return minor units of the budget's currency as an amount."""
        return to_decimal(minor, self.decimals)

    def cost(self, place: int, amount: int) -> int:
        """Return the cost of an amount of a debt to the budget, rounded up."""
        return -(-amount * self.rates[place].numerator // self.rates[place].denominator)

    def buys(self, place: int, cost: int) -> int:
        """Return the largest amount of a debt that costs no more."""
        return cost * self.rates[place].denominator // self.rates[place].numerator


def read_problem(
    debts: Sequence[Debt],
    budget: Budget | Amount,
    on: DateLike,
    rates: Mapping[str, Amount | Fraction] | None,
) -> BudgetProblem:
    """Read a budget and its debts.

    Raises
    ------
    RepayError
        If there is no debt, nothing is affordable, or there are several currencies without rates.
    """
    given = parse_list(
        debts, "debts", Debt, Phrase("write {}", "[rp.Debt(loan), rp.Debt(schedule)]")
    )
    if not given:
        raise CountError("debts", 0, "one debt or more", Phrase("write {}", "[rp.Debt(loan)]"))
    if rates is not None:
        check_mapping(rates, "rates", Phrase("write {}", 'rates={"USD": "7.10"}'))
    codes = [debt.currency for debt in given]
    home = budget.currency if isinstance(budget, Budget) else "XXX"
    if home == "XXX" and len(set(codes)) == 1:
        home = codes[0]
    asked = budget.affordable if isinstance(budget, Budget) else parse_amount(budget, "budget")
    if asked <= 0:
        raise AmountError(
            "budget",
            f"{asked:,f}",
            Phrase("more than nothing for debts in every month; {}", budget.verdict)
            if isinstance(budget, Budget)
            else "more than nothing for debts in every month",
            Hint(
                "lower essentials or reserve, or ask for a deferral{}", InPython(": rp.defer(...)")
            ),
        )
    affordable = to_minor(asked, "budget", home)
    converted = tuple(_converted(debt, home, codes, rates or {}) for debt in given)
    day, names = parse_date(on, "on"), distinct([debt.name for debt in given])
    named = tuple(debt.named(name) for debt, name in zip(given, names, strict=True))
    alone = tuple(interest_alone(debt, day) for debt in named)
    return BudgetProblem(named, affordable, home, day, converted, alone)


def _converted(
    debt: Debt, home: str, codes: Sequence[str], rates: Mapping[str, Amount | Fraction]
) -> Fraction:
    """Return how many minor units of the budget one of the debt is."""
    scale = Fraction(10 ** decimals_of(home), 10**debt.decimals)
    if debt.currency == home:
        return scale
    if debt.currency == "XXX" and debt.currency not in rates:
        raise TermsError(
            "debts",
            debt.name,
            Phrase(
                "debts whose currency is said, beside a budget in {}; that of {} is not",
                home,
                debt.name,
            ),
            Phrase('write Debt(..., currency="{}") or the loan in it', home),
        )
    if debt.currency not in rates:
        lacking = sorted({code for code in codes if code not in (home, *rates)})
        budget = Phrase("a budget in {}", home)
        right = f'rates={{"{debt.currency}": "7.10"}}'
        hint = Phrase("write {}, what one is in the currency of the budget", right)
        if home == "XXX":
            budget = Phrase("a budget without a currency")
            right = f'rates={{"{lacking[-1]}": "7.10"}}'
            hint = Phrase(
                'write Budget(..., currency="{}"), and {}, what one is in the currency of the budget',
                codes[0],
                right,
            )
        raise TermsError(
            "rates",
            ", ".join(lacking),
            Phrase(
                "the rate of {} beside {}: amounts of several currencies do not add up",
                enumerated("{} and of {}", lacking),
                budget,
            ),
            hint,
        )
    given = rates[debt.currency]
    rate = given if isinstance(given, Fraction) else Fraction(parse_amount(given, "rates"))
    if rate <= 0:
        raise AmountError(
            "rates", given, "a rate above zero", Phrase("write {}", 'rates={"USD": "7.10"}')
        )
    return rate * scale
