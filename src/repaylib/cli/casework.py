"""From a dossier to what can be signed: what is affordable, which plans there are, the papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from repaylib.arrears.arrangement import Arrangement
from repaylib.arrears.renegotiation import renegotiate
from repaylib.arrears.statements import Statement
from repaylib.cli.dossier import Dossier
from repaylib.documents.agreement_inputs import agreement
from repaylib.documents.agreements import Agreement
from repaylib.documents.letters import Letter, letter
from repaylib.documents.parties import Party
from repaylib.errors import AmountError, ChoiceError
from repaylib.money.amounts import minor_of, to_decimal, to_minor
from repaylib.negotiation.budget import Budget
from repaylib.negotiation.budget_allocation import allocate_budget
from repaylib.negotiation.budget_plan import BudgetPlan
from repaylib.negotiation.budget_problem import BudgetProblem, read_problem
from repaylib.negotiation.debts import Debt
from repaylib.negotiation.negotiations import negotiate
from repaylib.negotiation.options import Negotiation, Option
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.verbs import amortise
from repaylib.terms.loan import Loan

__all__ = ["Outcome", "work_out"]

#: What the borrower asked, and would have to give up; anything else is the lender's.
ASKED = ("payment", "last", "total", "end")
CHOICES = ("cheapest", "lightest", "soonest", "mildest")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of a dossier.

    Attributes
    ----------
    dossier
        What was asked.
    as_agreed
        The budget over all debts as they are; it may fall short.
    others_ask
        The most that the other debts ask for in a month, in the currency of the budget.
    affordable
        What is left for the debt that is negotiated, in its currency; of wishes by month, the
        least.
    found
        The plans that can be agreed, or the nearest.
    option
        The one that is written down, if there is any.
    proposal
        What the lender is asked for: the schedule of that plan, or one that would do if the lender
        gave more than its limits; ``None`` if none would.
    arrangement
        The same as a new agreement over what is owed, where something is overdue.
    together
        The budget over all debts with that plan; ``None`` without a plan, or if it falls short.
    letter, agreement
        The papers; no agreement without a plan.
    """

    dossier: Dossier
    as_agreed: BudgetPlan
    others_ask: Decimal
    affordable: Decimal
    found: Negotiation
    option: Option | None
    proposal: Schedule | None
    arrangement: Arrangement | None
    together: BudgetPlan | None
    letter: Letter
    agreement: Agreement | None


def work_out(dossier: Dossier) -> Outcome:
    """Work out a dossier.

    Raises
    ------
    RepayError
        If nothing is affordable, or something contradicts itself.
    """
    wished, today = dossier.wished, dossier.today
    as_agreed = _allocated(dossier, [owing.debt for owing in dossier.debts])
    others_ask, affordable = _affordable(dossier)
    stands = wished.stands
    overdue = stands if wished.overdue else None
    base = _base(dossier, overdue)
    place: dict[str, Any] = {"payment": 1} if base is not None or stands is None else {}
    ground = base.schedule if base is not None else _schedule(dossier)
    found = negotiate(
        ground,
        **{"affordable": affordable, **dossier.wish},
        **(place or {"today": today}),
        limits=dossier.limits,
    )
    option = _chosen(dossier, found)
    proposal = _proposal(found, option)
    final = None
    if overdue is not None and proposal is not None:
        changes = proposal.changes[len(ground.changes) :]
        breach = dossier.writing.get("breach")
        final = renegotiate(overdue, arrears=dossier.arrears, changes=changes, breach=breach)
    together = None
    if option is not None:
        debt = Debt(option.schedule, lender=wished.debt.lender, name=wished.debt.name)
        plan = _allocated(dossier, [*dossier.others, debt])
        together = plan if plan.feasible else None
    return Outcome(
        dossier=dossier,
        as_agreed=as_agreed,
        others_ask=others_ask,
        affordable=affordable,
        found=found,
        option=option,
        proposal=proposal,
        arrangement=final,
        together=together,
        letter=_letter(dossier, affordable, option, proposal, final),
        agreement=None if option is None else _agreement(dossier, option, final),
    )


def _allocated(dossier: Dossier, debts: list[Debt]) -> BudgetPlan:
    words: dict[str, Any] = {"rates": dossier.rates} if dossier.rates else {}
    return allocate_budget(debts, dossier.budget, on=dossier.today, policy=dossier.policy, **words)


def _affordable(dossier: Dossier) -> tuple[Decimal, Decimal]:
    """Return what the other debts ask for at most in a month, and what is left for this one.

    The first is in the currency of the budget, the second in that of the debt.
    """
    debt, others = dossier.wished.debt, dossier.others
    problem = read_problem([debt, *others], dossier.budget, dossier.today, dossier.rates)
    asks = 0
    if others:
        plan = _allocated(dossier, list(others))
        months = [[course.required for course in month.debts] for month in plan.months]
        months += [
            [shortfall.required for shortfall in plan.shortfalls if shortfall.number == number]
            for number in {shortfall.number for shortfall in plan.shortfalls}
        ]
        asks = max((_cost(problem, others, month) for month in months), default=0)
    if "affordable" in dossier.wish:
        given = dossier.wish["affordable"]
        wished = given if isinstance(given, list) else [given]
        minor = min(
            to_minor(amount, "wish.affordable", debt.currency, least=0) for amount in wished
        )
        return problem.money(asks), to_decimal(minor, debt.decimals)
    left = problem.affordable - asks
    if left <= 0:
        first = f' or negotiate the others first: debt = "{others[0].name}"' if others else ""
        raise AmountError(
            "affordable",
            f"{problem.money(left):,f}",
            f"something left for {debt.name} of {dossier.budget.affordable:,f} a month, after "
            f"{problem.money(asks):,f} for the other debts",
            f"lower the essentials or the reserve,{first}" if first else "lower the essentials",
        )
    return problem.money(asks), to_decimal(problem.buys(0, left), debt.decimals)


def _cost(problem: BudgetProblem, others: tuple[Debt, ...], required: Sequence[Decimal]) -> int:
    """Return what the other debts ask for in a month, in minor units of the budget."""
    return sum(
        problem.cost(place, minor_of(amount, debt.decimals))
        for place, (debt, amount) in enumerate(zip(others, required, strict=True), 1)
    )


def _schedule(dossier: Dossier) -> Schedule:
    """Return what is owed as agreed; of a bare balance, all of it in a month."""
    stands, debt = dossier.wished.stands, dossier.wished.debt
    if stands is not None:
        return stands.schedule
    assert isinstance(debt.of, Decimal), "a bare balance"
    assert debt.rate is not None, "a bare balance has its rate"
    return amortise(Loan(debt.of, debt.rate, 1, dossier.today, currency=debt.currency))


def _base(dossier: Dossier, overdue: Statement | None) -> Arrangement | None:
    """Return what is owed as a new loan of the day, if something is overdue."""
    return None if overdue is None else renegotiate(overdue, arrears=dossier.arrears)


def _chosen(dossier: Dossier, found: Negotiation) -> Option | None:
    choose = dossier.choose
    if not found.feasible:
        return None
    if choose in CHOICES:
        option: Option = getattr(found, str(choose))
        return option
    if isinstance(choose, int) and not isinstance(choose, bool) and 1 <= choose <= len(found):
        return found[choose - 1]
    raise ChoiceError(
        "wish.choose",
        choose,
        f"{', '.join(CHOICES)}, or the number of a plan, 1 to {len(found)}",
        'write choose = "cheapest"',
    )


def _proposal(found: Negotiation, option: Option | None) -> Schedule | None:
    """Return what to ask for: of what would have to give, the first that the lender can give."""
    if option is not None:
        return option.schedule
    gives = (relief.schedule for relief in found.reliefs if relief.what not in ASKED)
    return next(gives, None)


def _parties(dossier: Dossier) -> list[Party]:
    found = [Party(dossier.wished.debt.lender, "lender")] if dossier.wished.debt.lender else []
    return found + ([dossier.borrower] if dossier.borrower else [])


def _letter(
    dossier: Dossier,
    affordable: Decimal,
    option: Option | None,
    proposal: Schedule | None,
    final: Arrangement | None,
) -> Letter:
    stands = dossier.wished.stands
    words: dict[str, Any] = {"proposal": final or proposal}
    if final is None and option is not None:
        words = {"option": option}
    about: Any = stands if final is not None else _schedule(dossier)
    if stands is None:
        about, words["on"] = dossier.wished.debt, dossier.today
    budget: Budget | Decimal = dossier.budget
    if dossier.budget.currency != dossier.wished.debt.currency:
        budget = affordable
    return letter(
        about,
        budget=budget,
        parties=_parties(dossier),
        lang=dossier.lang,
        circumstances=dossier.circumstances,
        **words,
    )


def _agreement(dossier: Dossier, option: Option, final: Arrangement | None) -> Agreement:
    words = dict(dossier.writing)
    if final is None:
        words["penalty"] = dossier.wished.penalty
        if dossier.wished.stands is None:  # no schedule of a bare balance was agreed before
            words["before"] = option.schedule
    else:
        words.pop("breach", None)  # which the arrangement has
    return agreement(
        option if final is None else final,
        parties=_parties(dossier),
        lang=dossier.lang,
        circumstances=dossier.circumstances,
        **words,
    )
