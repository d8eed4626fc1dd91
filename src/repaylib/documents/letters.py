"""The request to the lender, with the figures that support it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Literal

from repaylib.arrears.arrangement import Arrangement
from repaylib.arrears.statements import Statement
from repaylib.dates.due_dates import parse_date
from repaylib.documents.agreed_figures import AgreedFigures, begins_on, rows_from
from repaylib.documents.clause import Clause
from repaylib.documents.document import Document, parse_text, parse_texts
from repaylib.documents.layout import Block, Heading, Paper, Paragraph
from repaylib.documents.letter_sections import PARTS, Asked, greeting, signed_by
from repaylib.documents.parties import PartiesLike, Party, parse_parties, party_of
from repaylib.errors import DateError, Phrase, TermsError
from repaylib.negotiation.budget import Budget
from repaylib.negotiation.debts import Debt
from repaylib.negotiation.options import Option
from repaylib.rates.rate import parse_share
from repaylib.schedule.change_log import amount_of
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.verbs import as_schedule
from repaylib.terms.loan import Loan
from repaylib.typing import Amount, DateLike, Lang
from repaylib.wording.sentence import parse_language

__all__ = ["Letter", "letter"]

#: What is attached if nothing else is content.
USUAL = ("doc_income", "doc_debts", "doc_circumstances", "doc_plan")


@dataclass(frozen=True, slots=True)
class Letter(Document):
    """A request to the lender; :func:`~repaylib.letter` makes one.

    It prints as text, and shows as HTML in notebooks.

    Attributes
    ----------
    lang
        The language it is written in.
    items
        Its parts in order: situation, what is asked for, what the lender gets, documents, plan.
    """

    FORMAT: ClassVar = "repaylib.letter"

    lang: Lang
    items: tuple[Clause, ...]
    _asked: Asked

    @property
    def schedule(self) -> Schedule | None:
        """The schedule that is asked for; ``None`` if none is."""
        return None if self._asked.new is None else self._asked.new.schedule

    @property
    def parties(self) -> tuple[Party, ...]:
        """From whom to whom it is."""
        return self._asked.parties

    @property
    def paper(self) -> Paper:
        """The document as blocks."""
        asked, language, blocks = self._asked, self._asked.language, list[Block]()
        lender = party_of(asked.parties, "lender")
        borrower = party_of(asked.parties, "borrower")
        key = "opening_unnamed" if borrower is None else "opening"
        name = "" if borrower is None else borrower.name
        texts = [*greeting(language, lender), language.say(key, name=name)]
        blocks += map(Paragraph, texts)
        last: list[Block] = []
        for item in self.items:
            if not item.blocks:
                continue
            made = [Heading(item.title), *item.blocks]
            if item.key == "plan":
                last = made
            else:
                blocks += made
        places = [
            (language.say("applicant" if party.role == "borrower" else party.role), party.name)
            for party in asked.parties
            if party.role != "lender"
        ]
        if borrower is None:
            places.insert(0, (language.say("applicant"), ""))
        blocks += [Paragraph(language.say("ask_written")), Paragraph(language.say("closing_line"))]
        blocks.append(signed_by(language, places))
        return Paper(language.say("letter"), self.lang, (*blocks, *last))

    def _rewritten(self, lang: Lang) -> Letter:
        return _made(self._asked.in_language(lang))

    def _facts(self) -> dict[str, Any]:
        return {"on": self._asked.old.on, "currency": self._asked.old.currency}

    def __repr__(self) -> str:
        count = len(self.missing())
        return f"<Letter ({self.lang}) of {self._asked.old.on}; {count} item{'s' * (count != 1)} missing>"


def letter(
    debt: Debt | Schedule | Loan | Statement | Arrangement,
    *,
    option: Option | None = None,
    proposal: Schedule | Arrangement | None = None,
    budget: Budget | Amount | None = None,
    parties: PartiesLike = (),
    lang: Lang = "en",
    on: DateLike | None = None,
    circumstances: str = "",
    documents: Iterable[str] | None = None,
    recovery: str | Decimal | Fraction | None = None,
) -> Letter:
    """Write the request to the lender: the situation, what is asked for, and what the lender gets.

    What is not known is left open in the letter, and listed by ``missing()``.

    Parameters
    ----------
    debt
        What is owed: a :class:`~repaylib.Debt`, whose lender is then the addressee (a bare balance
        states its minimum payment, and takes any schedule over it as the proposal); a schedule, a loan, a
        :class:`~repaylib.arrears.Statement`, or an :class:`~repaylib.arrears.Arrangement` that is asked to be
        changed.
    option
        An :class:`~repaylib.negotiation.Option` of a negotiation that is asked for.
    proposal
        A schedule that is asked for, the one owed with further changes; or a new
        :class:`~repaylib.arrears.Arrangement` over a statement. Instead of `option`.
    budget
        What can be paid: a :class:`~repaylib.Budget`, or an amount a month.
    parties
        From whom to whom: :class:`~repaylib.Party` values, or names by role.
    lang
        ``"en"`` or ``"zh"``.
    on
        The day of the figures; by default that of the statement, or from which the proposal holds.
    circumstances
        Why it cannot be paid as agreed.
    documents
        What is attached; by default proof of income, a list of all debts, proof of the
        circumstances and, if one is asked for, the plan.
    recovery
        What share of its worth the lender would recover without a plan, ``"40%"``; the letter
        then says by how much the plan is worth more.

    Returns
    -------
    Letter
        With ``items`` and ``missing()``; as text, Markdown, HTML and JSON.

    Raises
    ------
    RepayError
        For a language, party, debt or proposal that cannot be taken.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY"))
    >>> asks = rp.letter(
    ...     plan,
    ...     proposal=rp.reschedule(plan, payments=18, payment=4),
    ...     budget=rp.Budget("4200", "3450", "250"),
    ...     parties={"lender": "Bank", "borrower": "Chen Yu"},
    ... )
    >>> print(asks["asked"].text)
    I ask you to agree to this:
    From instalment 4 on, what is owed is repaid in 18 new instalments.
    In figures: 18 payments from 2024-05-10 to 2025-10-10, the largest 464.19 CNY, the last exactly 464.19 CNY; 8,354.23 CNY in all.
    Every one of these payments is within what I can pay.
    """
    language = parse_language(lang)
    plan, stands, source = _owed(debt, on)
    new = _proposed(plan, stands, option, proposal, source)
    saved = None if recovery is None else parse_share(recovery, "recovery", 1, "share")
    if saved is not None and new is None:
        raise TermsError(
            "recovery",
            recovery,
            "a plan with it, whose worth is held against what would be recovered",
            "write proposal=... or option=..., or leave recovery out",
        )
    day = _day(plan, stands, new, on)
    old = AgreedFigures(plan, plan, day, rows_from(plan, plan, day), stands, None)
    bare = source is not None and not isinstance(source.of, Schedule)
    if new is not None and new.arrangement is None and not bare:
        begun = begins_on(new.schedule, plan)
        rows = rows_from(new.schedule, plan, begun)
        new = AgreedFigures(new.schedule, plan, begun, rows, None, None)
    given = None if documents is None else parse_texts(documents, "documents")
    asked = Asked(
        lang=language.code,
        old=old,
        new=new,
        debt=source,
        budget=budget if isinstance(budget, Budget) else None,
        affordable=_affordable(plan, budget),
        parties=_parties(parties, source),
        circumstances=parse_text(circumstances, "circumstances"),
        documents=given,
        usual=USUAL,
        recovery=saved,
    )
    return _made(asked)


# -- inside ---------------------------------------------------------------------------------


def _made(asked: Asked) -> Letter:
    items = []
    for key, make in PARTS.items():
        blocks, figures, needs = make(asked)
        items.append(Clause(key, asked.language.say(key), "", tuple(blocks), figures, tuple(needs)))
    return Letter(asked.lang, tuple(items), asked)


def _owed(debt: object, on: DateLike | None) -> tuple[Schedule, Statement | None, Debt | None]:
    """Return the schedule of what is owed, the statement if there is one, and the debt."""
    match debt:
        case Statement():
            return debt.terms.schedule, debt, None
        case Arrangement():
            return debt.schedule, None, None
        case Debt():
            if on is None and not isinstance(debt.of, Schedule):
                hint = Phrase("write {}", 'on="YYYY-MM-DD"')
                raise DateError("on", on, "the day of the letter, for a bare balance", hint)
            return debt.schedule(parse_date(on, "on") if on is not None else date.min), None, debt
        case Schedule() | Loan():
            return as_schedule(debt), None, None
    if isinstance(debt, (list, tuple)):
        raise TermsError("debt", debt, "one debt; each lender gets a letter", "write one call each")
    return as_schedule(debt, "debt"), None, None  # which says what is wrong


def _proposed(
    plan: Schedule,
    stands: Statement | None,
    option: object,
    proposal: object,
    debt: Debt | None,
) -> AgreedFigures | None:
    """Read what is asked for."""
    if option is not None and proposal is not None:
        raise TermsError(
            "proposal",
            type(proposal).__name__,
            "option or proposal, not both",
            "leave one out",
        )
    if option is None and proposal is None:
        return None
    if option is not None:
        if not isinstance(option, Option):
            hint = Phrase(
                "write {}, or {}", "option=rp.negotiate(...).cheapest", "proposal=schedule"
            )
            raise TermsError("option", option, "an Option of a negotiation", hint)
        return _changed(plan, option.schedule, "option", debt)
    if isinstance(proposal, Arrangement):
        latest = proposal.latest
        loan = latest.schedule.loan
        if (loan.currency, loan.decimals) != (plan.loan.currency, plan.loan.decimals):
            raise TermsError(
                "proposal", loan.currency, Phrase("one in {}, that of the debt", plan.loan.currency),
                "renegotiate the statement of this debt",
            )  # fmt: skip
        new = latest.schedule
        return AgreedFigures(
            new, new, latest.on, rows_from(new, new, latest.on), latest.before, proposal
        )
    if isinstance(proposal, Schedule):
        return _changed(plan, proposal, "proposal", debt)
    hint = Phrase("write {}", "proposal=rp.reschedule(plan, payments=18, payment=4)")
    raise TermsError("proposal", proposal, "a Schedule or an Arrangement", hint)


def _changed(
    plan: Schedule, new: Schedule, parameter: Literal["option", "proposal"], debt: Debt | None
) -> AgreedFigures:
    if debt is not None and not isinstance(debt.of, Schedule):
        return _over(plan.loan, new, parameter)
    kept = len(plan.changes)
    if new.loan != plan.loan or new.changes[:kept] != plan.changes or new == plan:
        raise TermsError(
            parameter,
            Phrase("{}", new.loan) if new != plan else Phrase("the schedule that is owed"),
            Phrase("the schedule that is owed, {}, with further changes", plan.loan),
            "write proposal=rp.defer(plan, payment=4), with the same plan",
        )
    return AgreedFigures(new, plan, new.loan.start, new.rows, None, None)


def _over(balance: Loan, new: Schedule, parameter: str) -> AgreedFigures:
    """Return what is asked for over a bare balance: any schedule of it from the day on."""
    terms = (balance.principal, balance.currency, balance.decimals, balance.start)
    other = new.loan
    if (other.principal, other.currency, other.decimals, other.start) != terms:
        raise TermsError(
            parameter,
            Phrase("{:,f} {} from {}", other.principal, other.currency, other.start),
            Phrase(
                "a schedule of the balance, {:,f} {} from {}",
                balance.principal,
                balance.currency,
                balance.start,
            ),
            Phrase(
                "write {}",
                f'rp.amortise(rp.Loan("{balance.principal}", "12%", 24, "{balance.start}"))',
            ),
        )
    return AgreedFigures(new, Schedule(other), other.start, new.rows, None, None)


def _parties(given: PartiesLike, debt: Debt | None) -> tuple[Party, ...]:
    """Read the parties; the lender of the debt is the addressee, if no other is named."""
    parties = parse_parties(given)
    if debt is None or not debt.lender or party_of(parties, "lender") is not None:
        return parties
    return parse_parties((Party(debt.lender, "lender"), *parties))


def _day(
    plan: Schedule, stands: Statement | None, new: AgreedFigures | None, on: DateLike | None
) -> date:
    if on is not None:
        day = parse_date(on, "on")
        if day < plan.loan.start:
            hint = Phrase("write {} or later", f'on="{plan.loan.start}"')
            raise DateError(
                "on", day.isoformat(), Phrase("a day from the start, {}", plan.loan.start), hint
            )
        if stands is not None and day != stands.as_of:
            hint = Phrase("leave on out, or take a statement of that day")
            raise DateError(
                "on", day.isoformat(), Phrase("the day of the statement, {}", stands.as_of), hint
            )
        return day
    if stands is not None:
        return stands.as_of
    if new is None:
        return plan.loan.start
    return new.on if new.arrangement is not None else begins_on(new.schedule, plan)


def _affordable(plan: Schedule, budget: object) -> Decimal | None:
    """Return what can be paid each month."""
    if budget is None:
        return None
    if isinstance(budget, Budget):
        if "XXX" not in (budget.currency, plan.loan.currency) and (
            budget.currency != plan.loan.currency
        ):
            raise TermsError(
                "budget", budget.currency, Phrase("{}, the currency of the debt", plan.loan.currency),
                Phrase("write {}", f'Budget(..., currency="{plan.loan.currency}")'),
            )  # fmt: skip
        if budget.affordable < 0:
            return amount_of(plan.loan, budget.affordable).amount
        budget = budget.affordable
    return plan.loan.money(plan.loan.minor(budget, "budget", least=0))
