"""The allocation of a budget to debts, month by month, by a policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from repaylib.dates.months import add_months
from repaylib.errors import check_word
from repaylib.money.amounts import minor_of
from repaylib.money.rounding import round_fraction
from repaylib.money.shares import prorated
from repaylib.negotiation.budget import Budget
from repaylib.negotiation.budget_plan import BudgetMonth, BudgetPlan, DebtMonth, DebtPlan, Shortfall
from repaylib.negotiation.budget_problem import BudgetProblem, read_problem
from repaylib.negotiation.debt_course import DebtCourse, month_number, sums_after
from repaylib.negotiation.debts import Debt
from repaylib.negotiation.policies import POLICIES, shares_by
from repaylib.schedule.schedule import Schedule
from repaylib.typing import Amount, BudgetPolicy, DateLike

__all__ = ["allocate_budget", "plan_by"]


def allocate_budget(
    debts: Sequence[Debt],
    budget: Budget | Amount,
    *,
    on: DateLike,
    policy: BudgetPolicy = "pro_rata",
    rates: Mapping[str, Amount | Fraction] | None = None,
) -> BudgetPlan:
    """Allocate a budget to debts, month by month until all are repaid.

    Every debt gets its required minimum first, under any policy. The policy allocates the remainder,
    as prepayments on the last due date of a debt in the month. When a debt is repaid, the others get
    its share in the same month.

    Parameters
    ----------
    debts
        The debts. All payments of a loan or a schedule up to day `on` count as made.
    budget
        A :class:`~repaylib.Budget`, whose weakest month counts, or an amount a month.
    on
        The first day: amounts that fall due on it are paid already. Month 1 ends a month later.
    policy
        Three debts of 5,000 at 9 %, 3,000 at 24 % and 2,000 at 15 % have 600 a month and minimums of
        200, 120 and 80; of the 200 above them

        ``"pro_rata"``
            every debt gets its share of the whole 600 by balance, interest included, but no less
            than its minimum: 298.59, 181.38 and 120.03. The usual debt-management plan.
        ``"avalanche"``
            the debt with the highest rate gets all 200: 320 for the one at 24 %.
        ``"snowball"``
            the smallest debt gets all 200: 280 for the 2,000.
        ``"equal"``
            all debts get the same, but no less than their minimums: 200 a debt.
        ``"minimum_first"``
            only the minimums are paid, and 200 saved, until the savings clear the smallest debt at
            once.
    rates
        With debts in several currencies: the price of one unit in the budget's currency,
        ``{"USD": "7.10"}``.

    Returns
    -------
    BudgetPlan
        The months, and the schedules of the debts. Where the budget does not cover the minimums, the
        plan stops, and lists the shortfall of every month and debt, with an offer by balance.

    Raises
    ------
    RepayError
        If there is no debt, nothing is affordable, or there are several currencies without rates.

    Notes
    -----
    A debt takes more than its minimum only on its own due dates; what no debt takes in a month is
    saved for the next. Where more than the budget falls due in a later month (a quarterly instalment,
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
    return plan_by(read_problem(debts, budget, on, rates), check_word("policy", policy, POLICIES))


def plan_by(problem: BudgetProblem, policy: BudgetPolicy) -> BudgetPlan:
    """Deal out the budget by a policy."""
    courses = [DebtCourse(debt, problem.on) for debt in problem.debts]
    owed = [course.owed - course.overdue for course in courses]
    tight = max(_coming(problem, courses, 0).values(), default=0) > problem.affordable
    months: list[BudgetMonth] = []
    lacking: list[Shortfall] = []
    freed = {place: 0 for place, course in enumerate(courses) if course.ended}
    saved, needed, number = 0, problem.affordable, 0
    while len(freed) < len(courses):
        number += 1
        for course in courses:
            course.process_month(number)
        required = sum(problem.cost(place, course.due) for place, course in enumerate(courses))
        funds = problem.affordable + saved
        if required > funds:
            lacking += _short(problem, courses, funds, number)
            needed = max(needed, required)
        elif not lacking:
            _allocate(problem, courses, policy, funds, number, tight=tight)
            spent = sum(problem.cost(place, course.paid) for place, course in enumerate(courses))
            saved = funds - spent
            months.append(_month(problem, courses, number, required, spent, saved))
        saved = 0 if lacking else saved
        for place, course in enumerate(courses):
            if course.ended:
                freed.setdefault(place, number)
    done = [
        _result(
            course,
            problem.on,
            owed[place],
            problem.alone[place],
            freed[place],
            stopped=bool(lacking),
        )
        for place, course in enumerate(courses)
    ]
    minors = [
        (minor_of(payment.paid, d), minor_of(payment.interest, d))
        for payment in done
        for d in [payment.debt.decimals]
    ]
    interest = sum(
        round_fraction(problem.rates[place] * minor, "half_up")
        for place, (_, minor) in enumerate(minors)
    )
    paid = sum(problem.cost(place, minor) for place, (minor, _) in enumerate(minors))
    if not lacking:
        paid = sum(minor_of(month.paid, problem.decimals) for month in months)
    return BudgetPlan(
        policy=policy,
        on=problem.on,
        affordable=problem.money(problem.affordable),
        currency=problem.currency,
        months=tuple(months),
        debts=tuple(done),
        shortfalls=tuple(lacking),
        total_paid=problem.money(paid),
        total_interest=problem.money(interest),
        needed=problem.money(needed),
    )


# -- one month --------------------------------------------------------------------------


def _allocate(
    problem: BudgetProblem,
    courses: Sequence[DebtCourse],
    policy: BudgetPolicy,
    funds: int,
    number: int,
    *,
    tight: bool,
) -> None:
    """Pay on top of what falls due in a month, by the policy."""
    floors = [problem.cost(place, course.due) for place, course in enumerate(courses)]
    caps = [problem.cost(place, course.due + course.takes) for place, course in enumerate(courses)]
    if tight:
        funds -= _reserve(problem, courses, funds, number, floors, caps)
    sizes = [
        max(1, problem.cost(place, course.owed + course.due))
        for place, course in enumerate(courses)
    ]
    shares = shares_by(
        policy,
        funds,
        floors,
        caps,
        sizes=sizes,
        rates=[course.rate for course in courses],
        settles=[course.takes == course.owed for course in courses],
    )
    for place, course in enumerate(courses):
        amount = min(problem.buys(place, shares[place]), course.due + course.takes) - course.due
        if amount > 0:
            course.pay(amount)


def _reserve(
    problem: BudgetProblem,
    courses: Sequence[DebtCourse],
    funds: int,
    number: int,
    floors: list[int],
    caps: Sequence[int],
) -> int:
    """Return the money to keep of a month so that later ones do not fall short.

    A debt whose prepayments lower its last payment takes what no month before needs:
    its floor rises.
    """
    coming = _coming(problem, courses, number)
    left = [funds - sum(floors)]  # at the end of this month and of each later one, if all is kept
    for month in range(number + 1, max(coming, default=number) + 1):
        left.append(left[-1] + problem.affordable - coming.get(month, 0))
    spare = max(0, min(left))
    left = [amount - spare for amount in left]
    ends = {
        place: max(course.coming(number), default=number)
        for place, course in enumerate(courses)
        if course.ends_at_once and course.takes
    }
    for place in sorted(ends, key=lambda number: ends[number]):
        until = ends[place] - number
        part = min([caps[place] - floors[place], *left[:until]])
        if part > 0:
            floors[place] += part
            left[:until] = [amount - part for amount in left[:until]]
    return left[0]


def _coming(problem: BudgetProblem, courses: Sequence[DebtCourse], number: int) -> dict[int, int]:
    """Return the amounts due on all debts in the months after a month, as of now."""
    sums: dict[int, int] = {}
    for place, course in enumerate(courses):
        if not course.debt.by_share:
            for month, amount in course.coming(number).items():
                sums[month] = sums.get(month, 0) + problem.cost(place, amount)
    for place, course in enumerate(courses):
        if course.debt.by_share and not course.ended:
            least = problem.cost(place, course.least)
            for month in range(number + 1, max(sums, default=number + 1) + 1):
                sums[month] = sums.get(month, 0) + least
    return sums


def _short(
    problem: BudgetProblem, courses: Sequence[DebtCourse], funds: int, number: int
) -> list[Shortfall]:
    """Return the shortfalls of the debts in a month whose minimums exceed the budget."""
    costs = [problem.cost(place, course.due) for place, course in enumerate(courses)]
    sizes = [
        max(1, problem.cost(place, course.owed + course.due))
        for place, course in enumerate(courses)
    ]
    offers = prorated(funds, sizes, [0] * len(courses), costs)
    found = []
    for place, course in enumerate(courses):
        offer = min(problem.buys(place, offers[place]), course.due)
        money = course.agreed.loan.money
        amounts = money(course.due), money(offer), money(course.due - offer)
        found.append(Shortfall(number, add_months(problem.on, number), course.debt.name, *amounts))
    return found


def _month(
    problem: BudgetProblem,
    courses: Sequence[DebtCourse],
    number: int,
    required: int,
    spent: int,
    saved: int,
) -> BudgetMonth:
    parts = []
    for course in courses:
        amounts = (course.due, course.paid - course.due, course.paid, course.owed)
        parts.append(DebtMonth(course.debt.name, *map(course.agreed.loan.money, amounts)))
    until = add_months(problem.on, number)
    return BudgetMonth(
        number,
        until,
        problem.money(required),
        problem.money(spent),
        problem.money(saved),
        tuple(parts),
    )


def _result(
    course: DebtCourse, on: date, owed: int, alone: int, freed: int, *, stopped: bool
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
