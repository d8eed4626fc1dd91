"""A budget dealt out among debts, month by month, by a policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, get_args

from repaylib.dates.days import add_months
from repaylib.dates.due_dates import to_date
from repaylib.errors import AmountError, CountError, TermsError, check_word
from repaylib.money.amounts import decimals_of, minor_of, parse_amount, to_decimal, to_minor
from repaylib.money.rounding import round_fraction
from repaylib.negotiation.budget import Budget
from repaylib.negotiation.budget_plan import BudgetMonth, BudgetPlan, DebtMonth, DebtPlan, Shortfall
from repaylib.negotiation.debt_course import Course, interest_alone, month_number, sums_after
from repaylib.negotiation.debts import Debt
from repaylib.negotiation.shares import dealt, in_turn
from repaylib.schedule.schedule import Schedule
from repaylib.typing import Amount, BudgetPolicy, DateLike

__all__ = ["POLICIES", "allocate_budget"]

POLICIES: tuple[BudgetPolicy, ...] = get_args(BudgetPolicy)


def allocate_budget(
    debts: Sequence[Debt],
    budget: Budget | Amount,
    *,
    on: DateLike,
    policy: BudgetPolicy = "pro_rata",
    rates: Mapping[str, Amount | Fraction] | None = None,
) -> BudgetPlan:
    """Deal out a budget among debts, month by month until all are free.

    Every debt gets its required minimum first; no policy takes from another's. What is left is dealt
    out by the policy, as prepayments on the last due date of the debt in the month. What a debt no
    longer needs when it is free goes to the others, in the same month.

    Parameters
    ----------
    debts
        The debts. A loan or a schedule is taken to be kept up to day `on`.
    budget
        A :class:`~repaylib.Budget`, of which the weak month counts, or an amount a month.
    on
        The day from which on: what falls due on it is paid. Month 1 ends a month later.
    policy
        Three debts of 5,000 at 9 %, 3,000 at 24 % and 2,000 at 15 % have 600 a month and minimums of
        200, 120 and 80; of the 200 above them

        ``"pro_rata"``
            each debt gets its share of the whole 600 by balance, interest included, but no less than
            its minimum: 298.59, 181.38 and 120.03. The usual debt-management plan.
        ``"avalanche"``
            the dearest debt gets all 200: 320 for the one at 24 %.
        ``"snowball"``
            the smallest debt gets all 200: 280 for the 2,000.
        ``"equal"``
            each gets as much as the others, but no less than its minimum: 200 each.
        ``"minimum_first"``
            only the minimums are paid, and 200 saved, until the savings clear the smallest debt at
            once.
    rates
        With debts of several currencies: what one unit of each is in the budget's currency,
        ``{"USD": "7.10"}``.

    Returns
    -------
    BudgetPlan
        The months, and the schedule of each debt. Where the minimums are more than there is, the
        plan stops, and says for each month and debt what is lacking, with an offer by balance.

    Raises
    ------
    RepayError
        If there is no debt, nothing is affordable, or there are several currencies without rates.

    Notes
    -----
    A debt takes more than its minimum only on its own due dates; what no debt takes in a month is
    saved for the next. Where a later month asks for more than the budget (a quarterly instalment,
    the last payment of a loan repaid at maturity), what it will lack is kept back in time, and is
    prepaid on that very debt where this lowers its last payment.

    Examples
    --------
    >>> import repaylib as rp
    >>> bank = rp.Debt(rp.Loan("2000", "9%", 12, "2024-04-10"), lender="bank")
    >>> card = rp.Debt("900", rate="24%", minimum="45", lender="card")
    >>> print(rp.allocate_budget([bank, card], "500", on="2024-04-10", policy="avalanche"))
    avalanche: 500.00 a month from 2024-04-10; all free on 2024-10-10, after 6 months; 2,999.04 in all, 99.04 of it interest
    <BLANKLINE>
    no  until           bank      left    card    left  saved
    --  ----------  --------  --------  ------  ------  -----
     1  2024-05-10    174.90  1,840.10  325.10  592.90   0.00
     2  2024-06-10    174.90  1,679.00  325.10  279.66   0.00
     3  2024-07-10    214.75  1,476.84  285.25    0.00   0.00
     4  2024-08-10    500.00    987.92    0.00    0.00   0.00
     5  2024-09-10    500.00    495.33    0.00    0.00   0.00
     6  2024-10-10    499.04      0.00    0.00    0.00   0.96
    --  ----------  --------  --------  ------  ------  -----
        total       2,063.59            935.45
    """
    return plan_of(read(debts, budget, on, rates), check_word("policy", policy, POLICIES))


class Task(NamedTuple):
    """What is to be dealt out, read and checked: amounts in minor units of the budget's currency.

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
        """Return what an amount of a debt costs the budget, rounded up."""
        return -(-amount * self.rates[place].numerator // self.rates[place].denominator)

    def buys(self, place: int, cost: int) -> int:
        """Return the largest amount of a debt that costs no more."""
        return cost * self.rates[place].denominator // self.rates[place].numerator


def read(
    debts: Sequence[Debt],
    budget: Budget | Amount,
    on: DateLike,
    rates: Mapping[str, Amount | Fraction] | None,
) -> Task:
    """Read what is to be dealt out.

    Raises
    ------
    RepayError
        If there is no debt, nothing is affordable, or there are several currencies without rates.
    """
    given = (debts,) if isinstance(debts, Debt) else tuple(debts)
    if not given:
        raise CountError("debts", 0, "one debt or more", "write [rp.Debt(loan)]")
    for each in given:
        if not isinstance(each, Debt):
            raise TermsError("debts", each, "debts", "write [rp.Debt(loan), rp.Debt(schedule)]")
    codes = [each.currency for each in given]
    home = budget.currency if isinstance(budget, Budget) else "XXX"
    if home == "XXX" and len(set(codes)) == 1:
        home = codes[0]
    asked = budget.affordable if isinstance(budget, Budget) else parse_amount(budget, "budget")
    if asked <= 0:
        least = f"; {budget.verdict}" if isinstance(budget, Budget) else ""
        raise AmountError(
            "budget",
            f"{asked:,f}",
            f"more than nothing for debts in every month{least}",
            "lower essentials or reserve, or ask for a deferral: rp.defer(...)",
        )
    affordable = to_minor(asked, "budget", home)
    converted = tuple(_converted(each, home, codes, rates or {}) for each in given)
    day, named = to_date(on, "on"), _distinct(given)
    alone = tuple(interest_alone(each, day) for each in named)
    return Task(named, affordable, home, day, converted, alone)


def plan_of(task: Task, policy: BudgetPolicy) -> BudgetPlan:
    """Deal out the budget by a policy."""
    courses = [Course(debt, task.on) for debt in task.debts]
    owed = [course.owed - course.overdue for course in courses]
    tight = max(_coming(task, courses, 0).values(), default=0) > task.affordable
    months: list[BudgetMonth] = []
    lacking: list[Shortfall] = []
    freed = {place: 0 for place, course in enumerate(courses) if course.ended}
    saved, needed, number = 0, task.affordable, 0
    while len(freed) < len(courses):
        number += 1
        for course in courses:
            course.live(number)
        required = sum(task.cost(place, course.due) for place, course in enumerate(courses))
        funds = task.affordable + saved
        if required > funds:
            lacking += _short(task, courses, funds, number)
            needed = max(needed, required)
        elif not lacking:
            _deal(task, courses, policy, funds, number, tight=tight)
            spent = sum(task.cost(place, course.paid) for place, course in enumerate(courses))
            saved = funds - spent
            months.append(_month(task, courses, number, required, spent, saved))
        saved = 0 if lacking else saved
        for place, course in enumerate(courses):
            if course.ended:
                freed.setdefault(place, number)
    done = [
        _result(
            course, task.on, owed[place], task.alone[place], freed[place], stopped=bool(lacking)
        )
        for place, course in enumerate(courses)
    ]
    minors = [
        (minor_of(each.paid, d), minor_of(each.interest, d))
        for each in done
        for d in [each.debt.decimals]
    ]
    interest = sum(
        round_fraction(task.rates[place] * each, "half_up")
        for place, (_, each) in enumerate(minors)
    )
    paid = sum(task.cost(place, each) for place, (each, _) in enumerate(minors))
    if not lacking:
        paid = sum(minor_of(month.paid, task.decimals) for month in months)
    return BudgetPlan(
        policy=policy,
        on=task.on,
        affordable=task.money(task.affordable),
        currency=task.currency,
        months=tuple(months),
        debts=tuple(done),
        shortfalls=tuple(lacking),
        total_paid=task.money(paid),
        total_interest=task.money(interest),
        needed=task.money(needed),
    )


# -- one month --------------------------------------------------------------------------


def _deal(
    task: Task,
    courses: Sequence[Course],
    policy: BudgetPolicy,
    funds: int,
    number: int,
    *,
    tight: bool,
) -> None:
    """Pay on top of what falls due in a month, by the policy."""
    floors = [task.cost(place, course.due) for place, course in enumerate(courses)]
    caps = [task.cost(place, each.due + each.takes) for place, each in enumerate(courses)]
    if tight:
        funds -= _keep_back(task, courses, funds, number, floors, caps)
    sizes = [max(1, task.cost(place, each.owed + each.due)) for place, each in enumerate(courses)]
    places = range(len(courses))
    if policy == "pro_rata":
        shares = dealt(funds, sizes, floors, caps)
    elif policy == "equal":
        shares = dealt(funds, [1] * len(courses), floors, caps)
    elif policy == "avalanche":
        order = sorted(places, key=lambda place: (-courses[place].rate, sizes[place]))
        shares = in_turn(funds, order, floors, caps)
    elif policy == "snowball":
        shares = in_turn(funds, sorted(places, key=lambda place: sizes[place]), floors, caps)
    else:
        shares, left = list(floors), funds - sum(floors)
        for place in sorted(places, key=lambda place: caps[place] - floors[place]):
            more = caps[place] - floors[place]
            if courses[place].takes == courses[place].owed and more <= left:
                shares[place] += more
                left -= more
    for place, course in enumerate(courses):
        amount = min(task.buys(place, shares[place]), course.due + course.takes) - course.due
        if amount > 0:
            course.pay(amount)


def _keep_back(
    task: Task,
    courses: Sequence[Course],
    funds: int,
    number: int,
    floors: list[int],
    caps: Sequence[int],
) -> int:
    """Return what must be kept of a month so that later ones do not fall short.

    A debt whose last payment is lowered by what is prepaid takes of it what no month before needs:
    its floor rises.
    """
    coming = _coming(task, courses, number)
    left = [funds - sum(floors)]  # at the end of this month and of each later one, if all is kept
    for month in range(number + 1, max(coming, default=number) + 1):
        left.append(left[-1] + task.affordable - coming.get(month, 0))
    spare = max(0, min(left))
    left = [each - spare for each in left]
    ends = {
        place: max(course.coming(number), default=number)
        for place, course in enumerate(courses)
        if course.ends_at_once and course.takes
    }
    for place in sorted(ends, key=lambda each: ends[each]):
        until = ends[place] - number
        part = min([caps[place] - floors[place], *left[:until]])
        if part > 0:
            floors[place] += part
            left[:until] = [each - part for each in left[:until]]
    return left[0]


def _coming(task: Task, courses: Sequence[Course], number: int) -> dict[int, int]:
    """Return what all debts ask for after a month, in each month, as things stand."""
    sums: dict[int, int] = {}
    for place, course in enumerate(courses):
        if not course.debt.by_share:
            for month, amount in course.coming(number).items():
                sums[month] = sums.get(month, 0) + task.cost(place, amount)
    for place, course in enumerate(courses):
        if course.debt.by_share and not course.ended:
            least = task.cost(place, course.least)
            for month in range(number + 1, max(sums, default=number + 1) + 1):
                sums[month] = sums.get(month, 0) + least
    return sums


def _short(task: Task, courses: Sequence[Course], funds: int, number: int) -> list[Shortfall]:
    """Return what each debt lacks in a month that asks for more than there is."""
    costs = [task.cost(place, course.due) for place, course in enumerate(courses)]
    sizes = [max(1, task.cost(place, each.owed + each.due)) for place, each in enumerate(courses)]
    offers = dealt(funds, sizes, [0] * len(courses), costs)
    found = []
    for place, course in enumerate(courses):
        offer = min(task.buys(place, offers[place]), course.due)
        money = course.agreed.loan.money
        amounts = money(course.due), money(offer), money(course.due - offer)
        found.append(Shortfall(number, add_months(task.on, number), course.debt.name, *amounts))
    return found


def _month(
    task: Task, courses: Sequence[Course], number: int, required: int, spent: int, saved: int
) -> BudgetMonth:
    parts = []
    for course in courses:
        amounts = (course.due, course.paid - course.due, course.paid, course.owed)
        parts.append(DebtMonth(course.debt.name, *map(course.agreed.loan.money, amounts)))
    until = add_months(task.on, number)
    return BudgetMonth(
        number, until, task.money(required), task.money(spent), task.money(saved), tuple(parts)
    )


def _result(
    course: Course, on: date, owed: int, alone: int, freed: int, *, stopped: bool
) -> DebtPlan:
    """Read what became of a debt from its schedule."""
    schedule, debt = course.schedule, course.debt
    money = schedule.loan.money
    sums = sums_after(schedule, on)
    interest = sums["interest"]
    arrears = minor_of(debt.arrears, debt.decimals)
    free = None
    if not stopped:
        free = _last_day(schedule, on)
        if not freed:
            free = on
        elif month_number(on, free) != freed:
            free = add_months(on, freed)
    return DebtPlan(
        debt=debt,
        schedule=schedule,
        owed=money(owed),
        arrears=debt.arrears,
        paid=money(sums["out_of_pocket"] + arrears),
        principal=money(sums["principal"]),
        interest=money(interest),
        fees=money(sums["out_of_pocket"] - sums["principal"] - interest),
        agreed_interest=money(alone),
        free=free,
    )


def _last_day(schedule: Schedule, on: date) -> date:
    paid: list[date] = schedule.accrual_dates[schedule.columns["out_of_pocket"] > 0].tolist()
    return max([on, *paid[-1:]])


# -- reading ----------------------------------------------------------------------------


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
            f"debts whose currency is said, beside a budget in {home}; that of {debt.name} is not",
            f'write Debt(..., currency="{home}") or the loan in it',
        )
    if debt.currency not in rates:
        lacking = sorted({code for code in codes if code not in (home, *rates)})
        budget, mend = f"a budget in {home}", f'write rates={{"{debt.currency}": "7.10"}}'
        if home == "XXX":
            budget = "a budget without a currency"
            mend = (
                f'write Budget(..., currency="{codes[0]}"), and rates={{"{lacking[-1]}": "7.10"}}'
            )
        raise TermsError(
            "rates",
            ", ".join(lacking),
            f"the rate of {' and of '.join(lacking)} beside {budget}: amounts of several currencies "
            "do not add up",
            f"{mend}, what one is in the currency of the budget",
        )
    given = rates[debt.currency]
    rate = given if isinstance(given, Fraction) else Fraction(parse_amount(given, "rates"))
    if rate <= 0:
        raise AmountError("rates", given, "a rate above zero", 'write rates={"USD": "7.10"}')
    return rate * scale


def _distinct(debts: Sequence[Debt]) -> tuple[Debt, ...]:
    """Return debts of names that differ: the second card is ``card (2)``."""
    taken = {each.name for each in debts}
    seen: set[str] = set()
    found = []
    for each in debts:
        name, count = each.name, 1
        while name in seen or (count > 1 and name in taken):
            count += 1
            name = f"{each.name} ({count})"
        seen.add(name)
        found.append(each if name == each.name else each.named(name))
    return tuple(found)
