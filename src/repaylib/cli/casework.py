"""The negotiation of a dossier: the affordable amount, the plans, and the documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from repaylib.arrears.arrangement import Arrangement
from repaylib.arrears.renegotiation import renegotiate
from repaylib.arrears.statements import Statement
from repaylib.cli.dossier import CHOICES, Dossier, placed
from repaylib.documents.agreement_inputs import agreement
from repaylib.documents.agreements import Agreement
from repaylib.documents.letters import Letter, letter
from repaylib.documents.parties import Party
from repaylib.errors import AmountError, ChoiceError, Phrase, write
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

__all__ = ["Outcome", "negotiate_dossier"]

#: What the borrower asked, and would have to give up; anything else is the lender's.
ASKED = ("payment", "last", "total", "end")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of the negotiation of a dossier.

    Attributes
    ----------
    dossier
        The dossier.
    as_agreed
        The budget over all debts as they are; it may fall short.
    others_ask
        The largest sum due on the other debts in a month, in the currency of the budget.
    affordable
        The amount left for the negotiated debt, in its currency; of wishes by month, the
        least.
    found
        The plans that can be agreed, or the nearest.
    option
        The plan that is written down, if any.
    proposal
        The schedule proposed to the lender: that of the plan, or one beyond the limits of the
        lender; ``None`` if there is none.
    arrangement
        The proposal as a new agreement over the debt, if something is overdue.
    together
        The budget over all debts with that plan; ``None`` without a plan, or if it falls short.
    letter, agreement
        The documents; no agreement without a plan.
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


def negotiate_dossier(dossier: Dossier) -> Outcome:
    """Negotiate a dossier, and write its documents.

    Raises
    ------
    RepayError
        If nothing is affordable, or something contradicts itself.
    """
    wished, today = dossier.wished, dossier.today
    as_agreed = _allocated(dossier, [owed.debt for owed in dossier.debts])
    others_ask, affordable = _affordable(dossier)
    statement = wished.statement
    overdue = statement if wished.overdue else None
    base = None if overdue is None else _renewed(dossier, overdue)
    position: dict[str, Any] = {"payment": 1} if base is not None or statement is None else {}
    agreed = base.schedule if base is not None else _schedule(dossier)
    with placed("wish", today="today"):
        found = negotiate(
            agreed,
            **{"affordable": affordable, **dossier.wish},
            **(position or {"today": today}),
            limits=dossier.limits,
        )
    option = _chosen(dossier, found)
    proposal = _proposal(found, option)
    final = None
    if overdue is not None and proposal is not None:
        changes = proposal.changes[len(agreed.changes) :]
        final = _renewed(dossier, overdue, changes=changes, breach=dossier.writing.get("breach"))
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
    options: dict[str, Any] = {"rates": dossier.rates} if dossier.rates else {}
    with placed("wish", rates="rates", on="today", budget="budget"):
        return allocate_budget(
            debts, dossier.budget, on=dossier.today, policy=dossier.policy, **options
        )


def _affordable(dossier: Dossier) -> tuple[Decimal, Decimal]:
    """Return the largest sum due on the other debts in a month, and the amount left for this one.

    The first is in the currency of the budget, the second in that of the debt.
    """
    debt, others = dossier.wished.debt, dossier.others
    problem = read_problem([debt, *others], dossier.budget, dossier.today, dossier.rates)
    due = 0
    if others:
        plan = _allocated(dossier, list(others))
        months = [[course.required for course in month.debts] for month in plan.months]
        months += [
            [shortfall.required for shortfall in plan.shortfalls if shortfall.number == number]
            for number in {shortfall.number for shortfall in plan.shortfalls}
        ]
        due = max((_cost(problem, others, month) for month in months), default=0)
    if "affordable" in dossier.wish:
        given = dossier.wish["affordable"]
        wished = given if isinstance(given, list) else [given]
        if not wished:
            hint = write(affordable=600)
            raise AmountError("wish.affordable", given, "an amount, or one for each month", hint)
        minor = min(
            to_minor(amount, "wish.affordable", debt.currency, least=0) for amount in wished
        )
        return problem.money(due), to_decimal(minor, debt.decimals)
    left = problem.affordable - due
    if left <= 0:
        raise AmountError(
            "wish.affordable",
            f"{problem.money(left):,f}",
            Phrase(
                "something left for {} of {:,f} a month, after {:,f} for the other debts",
                debt.name,
                dossier.budget.affordable,
                problem.money(due),
            ),
            Phrase(
                'lower the essentials or the reserve, or negotiate the others first: debt = "{}"',
                others[0].name,
            )
            if others
            else "lower the essentials",
        )
    return problem.money(due), to_decimal(problem.buys(0, left), debt.decimals)


def _cost(problem: BudgetProblem, others: tuple[Debt, ...], required: Sequence[Decimal]) -> int:
    """Return the sum due on the other debts in a month, in minor units of the budget."""
    return sum(
        problem.cost(index, minor_of(amount, debt.decimals))
        for index, (debt, amount) in enumerate(zip(others, required, strict=True), 1)
    )


def _schedule(dossier: Dossier) -> Schedule:
    """Return the debt as agreed; a bare balance is due in a month."""
    statement, debt = dossier.wished.statement, dossier.wished.debt
    if statement is not None:
        return statement.schedule
    assert isinstance(debt.of, Decimal), "a bare balance"
    assert debt.rate is not None, "a bare balance has its rate"
    return amortise(Loan(debt.of, debt.rate, 1, dossier.today, currency=debt.currency))


def _renewed(dossier: Dossier, overdue: Statement, **options: Any) -> Arrangement:
    """Return what is owed as a new loan of the day; if no instalment is left, due in a month."""
    payments = None if overdue.next_due is not None else 1
    with placed("wish"):
        return renegotiate(overdue, payments, arrears=dossier.arrears, **options)


def _chosen(dossier: Dossier, found: Negotiation) -> Option | None:
    choose = dossier.choose
    if choose in CHOICES:
        if not found.feasible:
            return None
        option: Option = getattr(found, str(choose))
        return option
    if isinstance(choose, int) and not isinstance(choose, bool) and choose >= 1:
        if not found.feasible:
            return None
        if choose <= len(found):
            return found[choose - 1]
    raise ChoiceError(
        "wish.choose",
        choose,
        Phrase("{}, or the number of a plan, 1 to {}", ", ".join(CHOICES), len(found)),
        Phrase("write {}", 'choose = "cheapest"'),
    )


def _proposal(found: Negotiation, option: Option | None) -> Schedule | None:
    """Return the proposal: the option, or the first required concession that the lender can make."""
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
    statement = dossier.wished.statement
    options: dict[str, Any] = {"proposal": final or proposal}
    if final is None and option is not None:
        options = {"option": option}
    about: Any = statement if final is not None else _schedule(dossier)
    if statement is None:
        about, options["on"] = dossier.wished.debt, dossier.today
    budget: Budget | Decimal = dossier.budget
    if dossier.budget.currency != dossier.wished.debt.currency:
        budget = affordable
    return letter(
        about,
        budget=budget,
        parties=_parties(dossier),
        lang=dossier.lang,
        circumstances=dossier.circumstances,
        **options,
    )


def _agreement(dossier: Dossier, option: Option, final: Arrangement | None) -> Agreement:
    options = dict(dossier.writing)
    if final is None:
        options["penalty"] = dossier.wished.penalty
        if dossier.wished.statement is None:  # no schedule of a bare balance was agreed before
            options["before"] = option.schedule
    else:
        options.pop("breach", None)  # which the arrangement has
    with placed("agreement"):
        return agreement(
            option if final is None else final,
            parties=_parties(dossier),
            lang=dossier.lang,
            circumstances=dossier.circumstances,
            **options,
        )
