"""New plans: the instalment and the number of payments, with one of them held.

A plan is made at once, as the schedule stands on that day. Where that needs the future, a
copy of the state looks ahead: through the due dates still to be passed over (for a new
instalment), or to the end (for a new number of payments).
"""

from __future__ import annotations

from fractions import Fraction

from repaylib.annuity import rounded_instalment
from repaylib.change import ForgivenessHold, Hold, PrepaymentHold
from repaylib.engine import Fold
from repaylib.errors import DateError, InstalmentError
from repaylib.exact import round_ratio
from repaylib.ledger import Plan
from repaylib.loan import MOST_PAYMENTS
from repaylib.money import show
from repaylib.path import coming, factors, first_factor, meet, peak, step
from repaylib.steps import StepHold

__all__ = ["agree", "keep", "lighten", "project", "relevel", "solve"]


def solve(fold: Fold) -> None:
    """Set the instalment that repays the balance with payment number `last`."""
    low, high = fold.k, max(fold.k, fold.last)
    balance = fold.planned
    if fold.program.method == "interest_only" or balance == 0:
        return
    payments = high - low + 1
    rounding = fold.program.instalment_rounding
    later: tuple[list[int], int] = ([], 1)
    if fold.program.method == "equal_principal":
        owed = Fraction(balance)
        fold.amount = round_ratio(balance, payments, rounding)
    else:
        owed = balance * (1 + first_factor(fold)) + fold.accrued
        later = factors(fold, low + 1, high)
        fold.amount = rounded_instalment(owed, *later, rounding)
    top = peak(int(owed), fold.amount, later) if coming(fold) else 0
    fold.ceiling = max(balance, top) + fold.amount
    fold.out.plans.append(Plan(low, fold.amount, payments, owed, later))


def keep(fold: Fold, held: Hold | StepHold) -> None:
    """Make the plan that keeps what `held` names."""
    if held == "level":
        return
    if held in ("count", "maturity"):
        relevel(fold)
        return
    fold.ceiling = None  # it is no longer the instalment that was solved for this debt
    if held == "payment":
        project(fold)


def agree(fold: Fold, amount: int) -> None:
    """Set the instalment that was agreed."""
    fold.amount, fold.ceiling = amount, None
    fold.out.plans.append(Plan.agreed(fold.k, amount))


def lighten(fold: Fold, hold: PrepaymentHold | ForgivenessHold) -> None:
    """Make the plan after the debt became smaller."""
    if hold == "maturity":
        relevel(fold)
    elif hold == "payment":
        ahead = look(fold)
        while ahead.balance and ahead.k <= ahead.last:
            step(ahead, ahead.last)
        fold.last = ahead.last


def relevel(fold: Fold, *, keep_if_same_balance: bool = False) -> None:
    """Solve a new instalment for the payments left, after the due dates to be passed over."""
    ahead = look(fold)
    while ahead.balance and ahead.k in ahead.passes and not ahead.passes[ahead.k].moves:
        meet(ahead)
        ahead.fall_due()
        ahead.close_day()
    if keep_if_same_balance and ahead.balance == fold.balance:
        return
    solve(ahead)
    fold.amount, fold.ceiling = ahead.amount, ahead.ceiling
    fold.out.plans.extend(ahead.out.plans)


def project(fold: Fold) -> None:
    """Find the number of the last payment if the instalment stays as it is.

    A last payment that is only the roundings of the others, at most one minor unit for each
    of them, is paid with the one before it.
    """
    if fold.program.method == "interest_only" or not fold.balance:
        return
    ahead = look(fold)
    ahead.last = limit = fold.k + MOST_PAYMENTS
    try:
        while ahead.balance and ahead.k < limit:
            if _hopeless(ahead):
                ahead.k = limit
            else:
                step(ahead, ahead.last)
    except DateError:
        ahead.k = limit
    if ahead.k >= limit:
        raise InstalmentError(
            "instalment",
            show(fold.amount, fold.program.decimals),
            f"one that repays the loan within {MOST_PAYMENTS} payments",
            'write a larger instalment, or hold="maturity"',
        )
    ahead.close_day()
    stub = ahead.out.last.principal + ahead.out.last.interest
    payments = len(ahead.out)
    fold.last = ahead.last - (1 if payments > 1 and stub < payments else 0)


def _hopeless(fold: Fold) -> bool:
    """Whether the instalment is below the interest of the shortest period that can come."""
    program = fold.program
    if not program.negative_amortisation or program.method != "level" or fold.ahead:
        return False
    if max(fold.passes, default=0) >= fold.k or coming(fold):
        return False
    shortest = 28 * fold.accrual.timetable.months
    return fold.amount < fold.balance * fold.rate * Fraction(shortest, 372) - 1


def look(fold: Fold) -> Fold:
    """Return a copy of the state to look ahead with, after the end of this day."""
    ahead = fold.copy()
    ahead.capitalise()
    ahead.entry = None
    return ahead
