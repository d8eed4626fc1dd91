"""New plans: the instalment and the number of payments, with one of them held.

A plan is computed at once, from the state on that day. Where it depends on the future, a copy of
the state looks ahead: through the due dates still to be skipped (for a new instalment), or to the
end (for a new number of payments).
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Literal

from repaylib.engine.fast_path import RegularPeriods
from repaylib.engine.fold import Fold
from repaylib.engine.ledger import InstalmentPlan, Ledger, Note
from repaylib.engine.program import Program
from repaylib.engine.rate_path import (
    advance,
    apply_due_rates,
    factors,
    first_factor,
    scheduled_rates,
)
from repaylib.errors import DateError, InstalmentError, Phrase, TermsError, write
from repaylib.money.amounts import show
from repaylib.money.counts import MOST_PAYMENTS
from repaylib.money.rounding import ZERO
from repaylib.rates.annuity import Annuity, level_instalment, rounded_instalment
from repaylib.rates.root_finding import bisect
from repaylib.terms.instalments import Grown, ListedAmounts, Lumped, Shape, Stepped
from repaylib.terms.methods import BY_PARTS, WHOLE, WITHOUT_INSTALMENT
from repaylib.terms.seasons import Seasons, rests
from repaylib.typing import ForgivenessHold, Hold, PrepaymentHold, StepHold

__all__ = [
    "fix_instalment",
    "check_listed",
    "hold_until_reset",
    "replan",
    "replan_after_reduction",
    "meets_others",
    "find_last_payment",
    "resolve_instalment",
    "solve",
    "solve_for_others",
]

#: How far a new instalment may be above the one before.
Rises = Literal["within_cap", "freely", "never"]


def solve(fold: Fold) -> None:
    """Set the instalment that repays the balance with payment number `last`."""
    program = fold.program
    if fold.method in WITHOUT_INSTALMENT or fold.scheduled_balance == 0:
        return
    if isinstance(fold.shape, ListedAmounts):
        fold.shape = None  # the listed amounts no longer repay the debt
    if fold.ledger.plans or fold.looking:
        _check_season(fold)
    annuity = _annuity(fold)
    if annuity.shares and not any(annuity.shares):
        return  # no payment left has a share of it: the last one takes what is left
    solved = rounded_instalment(annuity, program.instalment_rounding, program.unit)
    if solved < 0 and isinstance(fold.shape, Lumped) and not (fold.ledger.plans or fold.looking):
        raise InstalmentError(
            "instalment",
            Phrase("lump sums that repay more than the loan"),
            Phrase(
                "lump sums that leave an instalment to solve; without one, they repay all and {} more with each payment",
                show(-solved, program.decimals),
            ),
            "write smaller lump sums, or fewer",
        )
    fold.amount = solved = max(0, solved)
    fold.solved, fold.agreed = annuity, fold.fixed_base
    if isinstance(fold.shape, Stepped):
        exact = max(Fraction(0), Fraction(*level_instalment(annuity)))
        fold.shape = fold.shape._replace(exact=exact, rounded=solved)
    if program.final != "any":
        _fit_last_payment(fold)
    if fold.amount == 0 and program.unit > 1:
        unit = show(program.unit, program.decimals)
        raise InstalmentError(
            "instalment_multiple",
            unit,
            Phrase("a multiple near the instalment, which rounded to a whole {} is nothing", unit),
            'write a smaller one, or instalment_rounding="up"',
        )
    paid_in_advance = fold.scheduled_balance - fold.balance
    plan = InstalmentPlan(
        fold.period, fold.amount, annuity, solved, program.unit, fold.shape, paid_in_advance
    )
    fold.ledger.plans.append(plan)


def _annuity(fold: Fold) -> Annuity:
    """Return the annuity of the payments from the next due date on."""
    program = fold.program
    fold.rejoin()
    low, high = fold.period, max(fold.period, fold.last)
    if program.over is not None:
        high = max(high, fold.over)
    balance, balloon = fold.scheduled_balance, min(program.balloon, fold.scheduled_balance)
    if fold.method in BY_PARTS:
        return Annuity((balance, 1), [0] * (high - low), 1, balloon)
    first, taxed = first_factor(fold), 1 + program.interest_tax if program.tax_included else None
    due = fold.accrual.timetable.accrual_date
    due(high)  # must be a day of the calendar
    seasonal = isinstance(fold.shape, Seasons)
    resting = (
        [rests(fold.shape, due(number)) for number in range(low, high + 1)] if seasonal else []
    )
    idle_first = seasonal and resting[0]
    if idle_first:  # its interest is paid, and nothing else
        first = ZERO
    top, whole = (first if taxed is None else first * taxed).as_integer_ratio()
    bearing = fold.interest_bearing + (balance - fold.balance)
    owed = balance * whole + bearing * top, whole
    if fold.drift:
        owed = (Fraction(*owed) + fold.drift * (1 + Fraction(top, whole))).as_integer_ratio()
    if fold.accrued and not idle_first:
        owed = (Fraction(*owed) + fold.accrued * (taxed or 1)).as_integer_ratio()
    later, den = factors(fold, low + 1, high)
    if seasonal:
        later = [0 if idle else factor for factor, idle in zip(later, resting[1:], strict=True)]
    if taxed is not None:
        later, den = [payment * taxed.numerator for payment in later], den * taxed.denominator
    if fold.fixed_base is not None:  # interest does not fall with the balance: a sum, not a series
        more = Fraction(bearing * sum(later), den)
        later, den = [0] * len(later), 1
        owed = (Fraction(*owed) + more).as_integer_ratio()
    shape = fold.shape
    if any(resting):
        return Annuity(owed, later, den, balloon, [int(not idle) for idle in resting])
    if isinstance(shape, (Grown, Stepped, Lumped)):
        shares, parts = shape.shares(low, high)
        return Annuity(owed, later, den, balloon, shares, parts, shape.additions(low, high))
    return Annuity(owed, later, den, balloon)


def _fit_last_payment(fold: Fold) -> None:
    """Move the instalment so that the last payment is not above it, or as close as can be.

    The larger the instalment, the smaller the last payment: the multiple at which one passes the
    other is found by bisection.
    """
    unit = fold.program.unit
    forborne = sum(deferred.forborne_principal for deferred in fold.deferred_amounts)

    def above(amount: int) -> int:
        """Return by how much the last payment is then above the instalment."""
        lookahead = fork(fold)
        lookahead.amount = amount
        while lookahead.balance and lookahead.period < fold.last:
            advance(lookahead, lookahead.last)
        if lookahead.period < fold.last or not lookahead.balance:
            return -amount  # repaid before
        advance(lookahead, lookahead.last)
        lookahead.close_day()
        last = lookahead.ledger.last
        paid = last.principal + last.interest - fold.program.balloon - forborne
        return paid - lookahead.instalment_of(fold.last)

    low = high = fold.amount
    width = unit
    while above(high) > 0:
        low, high, width = high, high + width, 2 * width
    width = unit
    while low > 0 and above(low) <= 0:
        low, high, width = max(0, low - width), low, 2 * width

    def middle(low: int, high: int) -> int | None:
        return low + (high - low) // (2 * unit) * unit if high - low > unit else None

    low, high = bisect(lambda amount: above(amount) <= 0, low, high, middle)
    if fold.program.final == "closest" and abs(above(low)) < abs(above(high)):
        high = low
    fold.amount = high


def replan(fold: Fold, held: Hold | StepHold, added: int = 0, *, capped: bool = True) -> None:
    """Plan again, holding what `held` names, where `added` more due dates are skipped.

    Where more is lent, the instalment is not `capped`.
    """
    if held == "level":
        return
    if held in ("count", "maturity"):
        resolve_instalment(fold, rises="within_cap" if capped else "freely")
        return
    fold.solved = None  # it is no longer the instalment that was solved for this debt
    if held == "payment":
        find_last_payment(fold, kept=True, added=added)


def hold_until_reset(fold: Fold) -> None:
    """Keep the instalment at a new rate, up to the next reset."""
    fold.solved, fold.awaits_reset = None, True


def fix_instalment(fold: Fold, amount: int, shape: Shape | None = None) -> None:
    """Set the instalment that was agreed."""
    fold.amount, fold.solved, fold.shape, fold.agreed = amount, None, shape, fold.fixed_base
    fold.ledger.plans.append(InstalmentPlan(fold.period, amount, shape=shape))


def check_listed(program: Program, ledger: Ledger) -> None:
    """Refuse instalments that are listed up to the last and do not repay."""
    shape, last = program.shape, ledger.last
    if not isinstance(shape, ListedAmounts) or len(shape.amounts) < program.payments:
        return
    owed = last.principal + (last.interest if program.method in WHOLE else 0)
    listed = shape.of(last.number, 0)
    if last.number == program.payments and owed > listed:
        raise InstalmentError(
            f"instalment[{program.payments - 1}]",
            show(listed, program.decimals),
            Phrase(
                "at least {}, the amount owed with payment {} of payments={}",
                show(owed, program.decimals),
                program.payments,
                program.payments,
            ),
            "write larger instalments, or leave the last one out, which then pays the remainder",
        )


def replan_after_reduction(fold: Fold, hold: PrepaymentHold | ForgivenessHold) -> None:
    """Plan again after the debt became smaller."""
    if hold == "maturity":
        limited = fold.program.resets or fold.program.instalment_cap is not None
        resolve_instalment(fold, rises="never" if limited else "freely")
    elif hold == "payment" and fold.method not in WITHOUT_INSTALMENT:
        fold.last = _last_payment(fold, max(fold.last, fold.period), fold.last)


def resolve_instalment(
    fold: Fold, *, keep_if_same_balance: bool = False, rises: Rises = "within_cap"
) -> None:
    """Solve a new instalment for the payments left, after the due dates to be skipped.

    `rises` is how far it may be above the one before: as far as the cap of the loan allows.
    """
    lookahead = fork(fold)
    while (
        lookahead.balance
        and lookahead.period in lookahead.holidays
        and lookahead.holidays[lookahead.period].skips
    ):
        apply_due_rates(lookahead)
        lookahead.process_due_date()
        lookahead.close_day()
    if keep_if_same_balance and lookahead.balance == fold.balance:
        return
    solve(lookahead)
    fold.awaits_reset = False
    cap = fold.program.instalment_cap
    if rises == "never":
        fold.awaits_reset = _limit(lookahead, fold.amount, Fraction(0))
    elif rises == "freely":
        fold.cap_base = 0, 0
    elif cap is not None:
        if fold.cap_base[0] != fold.period:
            fold.cap_base = fold.period, fold.amount
        fold.awaits_reset = _limit(lookahead, fold.cap_base[1], cap)
    fold.amount, fold.solved, fold.shape = lookahead.amount, lookahead.solved, lookahead.shape
    fold.agreed = lookahead.agreed
    fold.ledger.plans.extend(lookahead.ledger.plans)


def _check_season(fold: Fold) -> None:
    """Refuse a change by which the last payment falls in a month in which only interest is paid."""
    last = fold.accrual.timetable.accrual_date(fold.last)
    if rests(fold.shape, last):
        raise TermsError(
            "instalment",
            Phrase("a last payment on {}", last),
            "a change that ends the loan in a month in which more than interest is paid",
            "write other payments or periods, or keep the final date",
        )


def _limit(lookahead: Fold, base: int, rise: Fraction) -> bool:
    """Lower a solved instalment to the most that it may be; return whether that lowers it.

    A limit is rounded down, to the multiple that instalments have.
    """
    unit, plans = lookahead.program.unit, lookahead.ledger.plans
    most = max(base, unit * floor(base * (1 + rise) / unit))
    if lookahead.method != "level" or not plans or lookahead.amount <= most:
        return False
    lookahead.amount, lookahead.solved = most, None
    plans[-1] = plans[-1]._replace(amount=most, cap_base=base, rise=rise)
    return True


def meets_others(fold: Fold, last: int) -> bool:
    """Whether a deferral leaves other periods than those for which the instalment was solved.

    Regular periods are interchangeable. A first or last period of another length, listed due dates,
    or months in which only interest is paid are not: the same number of payments then repays
    another sum.
    """
    if fold.solved is None or fold.method in BY_PARTS:
        return False
    if isinstance(fold.shape, Seasons):
        return True
    return not fold.accrual.timetable.regular(fold.period, last)


def solve_for_others(fold: Fold, change: int) -> None:
    """Solve the instalment again for the periods that are left, and note it if it changes."""
    before = fold.amount
    resolve_instalment(fold)
    if fold.amount != before:
        fold.ledger.notes.append((change, Note("solved_again")))


def find_last_payment(fold: Fold, *, kept: bool = False, added: int = 0) -> None:
    """Find the number of the last payment if the instalment stays as it is, `kept` by ``hold``."""
    if fold.method in WITHOUT_INSTALMENT or not fold.balance:
        return
    limit, until = fold.period + MOST_PAYMENTS, Phrase("within {} payments", MOST_PAYMENTS)
    try:
        last = _last_payment(fold, limit, fold.last + added)
    except DateError:
        last, until = limit, Phrase("by 9999-12-31, when the calendar ends")
    if last < limit:
        fold.last = last
        return
    shown = show(fold.amount, fold.program.decimals)
    if kept:
        expected = Phrase("an instalment that repays the loan {}; {} does not", until, shown)
        raise InstalmentError("hold", "payment", expected, write(hold="maturity"))
    expected = Phrase("one that repays the loan {}", until)
    raise InstalmentError("instalment", shown, expected, "write a larger instalment")


def _last_payment(fold: Fold, high: int, agreed: int) -> int:
    """Return the number of the last payment if the instalment stays as it is, at most `high`.

    It is the payment that brings the balance down to the balloon. If its amount is less than an
    instalment, and no more than the roundings of the payments before can leave, it is paid with the
    payment before. Where payments repay little beside a balloon, roundings do not move the end that
    was `agreed`.
    """
    balloon = fold.program.balloon
    ends = balloon and fold.period <= agreed <= min(high, MOST_PAYMENTS - 1)
    if ends and abs(_balance_after(fold, agreed) - balloon) <= fold.largest_roundings(agreed):
        return agreed
    number, rest = _run_down(fold, high)
    before = number - 1
    if before < fold.period or before in fold.holidays or rest > fold.instalment_of(number):
        return number
    return before if rest <= fold.largest_roundings(before) else number


def _run_down(fold: Fold, high: int) -> tuple[int, int]:
    """Return the payment that brings the balance down to the balloon, and the debt before it.

    The debt is counted without the balloon. If the debt only grows, it is more than an instalment.
    """
    lookahead, left, before = fork(fold), fold.program.balloon, fold.balance
    lookahead.last = high
    while lookahead.balance > left and lookahead.period <= high:
        if _never_repays(lookahead):
            return high, lookahead.balance + fold.instalment_of(high)
        lookahead.close_day()
        before = lookahead.balance
        advance(lookahead, high)
    piece = (
        lookahead.ledger.entries[-1]
        if lookahead.entry is None and lookahead.ledger.entries
        else None
    )
    if not isinstance(piece, RegularPeriods):
        return max(fold.period, lookahead.period - 1), before - left
    low = (index for index, owed in enumerate(piece.closings) if owed <= left)
    index = next(low, len(piece) - 1)
    owed = piece.closings[index - 1] if index else piece.opening
    return piece.first + index, owed - left


def _balance_after(fold: Fold, number: int) -> int:
    """Return the balance after a payment that is an ordinary instalment."""
    lookahead = fork(fold)
    lookahead.last = number + 1
    while lookahead.period <= number and not lookahead.ended:
        advance(lookahead, number)
    return lookahead.balance


def _never_repays(fold: Fold) -> bool:
    """Whether the instalment is below the least interest that a period to come can have."""
    program = fold.program
    if not program.negative_amortisation or fold.method != "level" or fold.paid_in_advance:
        return False
    if fold.shape is not None or fold.fixed_base is not None:
        return False
    if max(fold.holidays, default=0) >= fold.period or scheduled_rates(fold):
        return False
    least = Fraction(fold.accrual.timetable.least_days, 372)
    return fold.amount < fold.balance * fold.rate * least - 1


def fork(fold: Fold) -> Fold:
    """Return a copy of the state to look ahead with, after the end of this day."""
    lookahead = fold.copy()
    lookahead.looking = True
    lookahead.capitalise()
    lookahead.entry = None
    return lookahead
