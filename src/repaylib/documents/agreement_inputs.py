"""Drafting an agreement: what is given is read, and what contradicts itself refused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args, overload

from repaylib.arrears.allocation import Allocation
from repaylib.arrears.arrangement import Arrangement
from repaylib.arrears.breach import Breach, BreachOutcome
from repaylib.arrears.penalty_terms import PenaltyLike, parse_penalty
from repaylib.arrears.statements import Statement
from repaylib.dates.due_dates import parse_date
from repaylib.documents.agreed_figures import AgreedFigures, begins_on, rows_from
from repaylib.documents.agreement_storage import check_same, parties_from, terms_from_plain
from repaylib.documents.agreements import Agreement, made
from repaylib.documents.clause import AgreementContent
from repaylib.documents.combined_agreements import CombinedAgreement, joined
from repaylib.documents.document import parse_text, parse_texts
from repaylib.documents.parties import PartiesLike, parse_parties
from repaylib.errors import (
    DateError,
    Phrase,
    RepayError,
    StorageError,
    TermsError,
    check_word,
    parse_flag,
    parse_list,
)
from repaylib.measures.annual_rates.known_rules import rule_for
from repaylib.negotiation.limits import Limits
from repaylib.negotiation.options import Option
from repaylib.schedule.combination import CombinedSchedule
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.serialization import check_format, mapping_of
from repaylib.schedule.verbs import as_schedule
from repaylib.terms.loan import Loan
from repaylib.terms.settlement_fees import SettlementFee, SettlementFeeLike, parse_settlement_fee
from repaylib.typing import AprRule, DateLike, Lang, LimitsPreset
from repaylib.wording.sentence import parse_language

__all__ = ["agreement", "agreement_from_plain"]

#: The keys of a stored agreement of version 1.
STORED = (
    *("format", "version", "lang", "title", "parties", "dated", "on", "currency", "decimals"),
    *("instalments", "totals", "objections", "items", "missing", "schedule"),
)


@overload
def agreement(
    schedule: CombinedSchedule,
    *,
    parties: PartiesLike = (),
    lang: Lang = "en",
    before: CombinedSchedule | None = None,
    on: DateLike | None = None,
    dated: DateLike | None = None,
    circumstances: str = "",
    penalty: PenaltyLike | None = None,
    allocation: Allocation | None = None,
    breach: Breach | None = None,
    settlement_fee: SettlementFeeLike | None = None,
    no_new_credit: bool | None = None,
    pay_to: str = "",
    reporting: str = "",
    other: str | Iterable[str] = (),
    card: bool = False,
    limits: Limits | LimitsPreset | None = None,
    rule: AprRule | None = None,
) -> CombinedAgreement: ...
@overload
def agreement(
    schedule: Schedule | Loan | Arrangement | Option,
    *,
    parties: PartiesLike = (),
    lang: Lang = "en",
    before: Schedule | None = None,
    on: DateLike | None = None,
    statement: Statement | None = None,
    dated: DateLike | None = None,
    circumstances: str = "",
    penalty: PenaltyLike | None = None,
    allocation: Allocation | None = None,
    breach: Breach | None = None,
    if_breached: BreachOutcome | Iterable[BreachOutcome] = (),
    settlement_fee: SettlementFeeLike | None = None,
    no_new_credit: bool | None = None,
    pay_to: str = "",
    reporting: str = "",
    other: str | Iterable[str] = (),
    card: bool = False,
    limits: Limits | LimitsPreset | None = None,
    rule: AprRule | None = None,
) -> Agreement: ...
def agreement(
    schedule: Schedule | Loan | Arrangement | Option | CombinedSchedule,
    *,
    parties: PartiesLike = (),
    lang: Lang = "en",
    before: Schedule | CombinedSchedule | None = None,
    on: DateLike | None = None,
    statement: Statement | None = None,
    dated: DateLike | None = None,
    circumstances: str = "",
    penalty: PenaltyLike | None = None,
    allocation: Allocation | None = None,
    breach: Breach | None = None,
    if_breached: BreachOutcome | Iterable[BreachOutcome] = (),
    settlement_fee: SettlementFeeLike | None = None,
    no_new_credit: bool | None = None,
    pay_to: str = "",
    reporting: str = "",
    other: str | Iterable[str] = (),
    card: bool = False,
    limits: Limits | LimitsPreset | None = None,
    rule: AprRule | None = None,
) -> Agreement | CombinedAgreement:
    """Write down what was agreed, item by item, ready to be signed.

    What is not known is left open in the document, and listed by :meth:`Agreement.missing <repaylib.documents.Agreement.missing>`.

    Parameters
    ----------
    schedule
        What is agreed: a :class:`~repaylib.Schedule` with its changes, a loan, an
        :class:`~repaylib.negotiation.Option` of a negotiation; or an :class:`~repaylib.arrears.Arrangement`, whose
        latest agreement then says the statement, penalty, allocation, breach and day as well. A
        :class:`~repaylib.schedule.CombinedSchedule` gives one paper over several debts.
    parties
        Who signs: :class:`~repaylib.Party` values, or names by role,
        ``{"lender": "...", "borrower": "..."}``.
    lang
        ``"en"`` or ``"zh"``.
    before
        The schedule that it replaces; by default the loan as agreed at first. Its changes are the
        first of those of `schedule`. Of a combination, a combination of the same debts.
    on
        The day from which it holds; by default that of the statement, or of the first new change.
        What falls due on it is paid before. Of a combination, by default the day of the first new
        change, or the start of the last loan.
    statement
        What is owed before it, with arrears; by default what `before` leaves if it was kept. Not for
        a combination.
    dated
        The day on which it was agreed.
    circumstances
        Why it cannot be paid as agreed.
    penalty, allocation
        What being late costs, and in which order money received pays, as for
        :func:`~repaylib.statement`.
    breach
        When it counts as broken, and what follows.
    if_breached
        What a breach costs, if that is known from elsewhere; by default it is computed, for a
        breach at once and one half-way. Not for a combination.
    settlement_fee
        What early settlement costs, as for :func:`~repaylib.settle`; ``"0"`` for nothing. By
        default what the loan's own fees say.
    no_new_credit
        Whether the borrower promises not to apply for any bank's credit card until all is paid.
    pay_to
        To which account, or by which means, it is paid.
    reporting
        How it is reported to the credit register while it is kept.
    other
        Other matters, a sentence each.
    card
        Whether it is about the account of a credit card. Then the document has the title, and
        asks for the promise, of art. 70 of the measures on bank credit cards.
    limits
        What :meth:`Agreement.objections <repaylib.documents.Agreement.objections>` holds it against: a :class:`~repaylib.Limits`, of which
        rate, months, extension, latest, npv_loss and caps count; or the name of a preset:
        ``"art_70"`` (60 months, of Chinese credit cards), ``"general_rules"``, ``"personal"``,
        ``"eba"``. By default ``"art_70"`` for a `card`, and no limit for anything else.
    rule
        How the annual rate is measured, as for :func:`~repaylib.measures.cost_sheet`; by default as the currency
        means it. Where none is meant, the rate is left open.

    Returns
    -------
    Agreement
        With ``items``, ``missing()``, ``objections()``; as text, Markdown, HTML and JSON. Of a
        combination, a :class:`~repaylib.documents.CombinedAgreement`.

    Raises
    ------
    RepayError
        For a language, a party or a schedule that cannot be taken, and options that contradict one
        another.

    Notes
    -----
    The items are those that art. 70 of the measures on bank credit cards
    (商业银行信用卡业务监督管理办法) asks for: balance by kind and currency; cycle, method, dates and
    amount of each instalment; whether fees and interest accrue; the promise on new cards; rights,
    duties and breach; other matters. And those of the sheet of the comprehensive financing cost
    (个人贷款业务明示综合融资成本规定): each cost, how it is collected, its standard, its annualised
    level, its payee, normal or contingent.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY"))
    >>> paper = rp.agreement(
    ...     rp.defer(plan, payment=4),
    ...     parties={"lender": "Bank", "borrower": "Chen Yu"},
    ...     breach=rp.arrears.Breach(days=30),
    ... )
    >>> print(paper["breach"].text)
    This agreement is broken if a payment is 30 days late. What was forgiven stays forgiven.
    What a breach costs, if so many instalments are paid on their days and then none:
    >>> paper["instalments"].figures["final_payment"], paper["balance"].figures["total"]
    (Decimal('888.47'), Decimal('7610.80'))
    >>> print(paper.translated("zh")["reading"].text.split(chr(10))[1])
    1. （2024年4月10日）第4期（2024年5月10日）暂停还款；期间利息照常计收，与下一期还款一并支付；剩余期数不变，自第4期起的各期还款日依次推后1个月，到期日相应推后。
    """
    given = locals()
    language = parse_language(lang)
    if isinstance(schedule, CombinedSchedule):
        return _over_several(schedule, given)
    if isinstance(before, CombinedSchedule):
        raise TermsError(
            "before", before, "one schedule", Phrase("write {}", "before=combined.part(0)")
        )
    chain: Arrangement | None = None
    if isinstance(schedule, Arrangement):
        chain = schedule
        _refuse_beside(chain, before=before, on=on, statement=statement, breach=breach)
        latest = chain.latest
        plan = old = latest.schedule
        statement, day = latest.before, latest.on
        breach = latest.breach
        dated = latest.agreed if dated is None else dated
        penalty = latest.options.get("penalty") if penalty is None else penalty
        allocation = latest.options.get("allocation") if allocation is None else allocation
    else:
        plan, old = _plans(schedule, before)
        day = _day(plan, old, on, statement)
    _check_kinds(plan, statement, allocation, breach, no_new_credit)
    late = parse_penalty(penalty)
    agreed = AgreedFigures(plan, old, day, rows_from(plan, old, day), statement, chain)
    example = Phrase("write {}", "if_breached=arrangement.if_breached(2)")
    prices = parse_list(if_breached, "if_breached", BreachOutcome, example)
    if prices and breach is None:
        raise TermsError(
            "if_breached",
            prices[0],
            "breach with it, which says when the agreement is broken",
            Phrase("write {}, or leave {} out", "breach=rp.arrears.Breach(days=30)", "if_breached"),
        )
    if breach is not None and not prices:
        prices = agreed.prices(breach, late, allocation)
    content = AgreementContent(
        lang=language.code,
        agreed=agreed,
        parties=parse_parties(parties),
        dated=None if dated is None else parse_date(dated, "dated"),
        circumstances=parse_text(circumstances, "circumstances"),
        penalty=late,
        allocation=allocation,
        breach=breach,
        prices=prices,
        settlement_fee=_settlement_fee(plan, settlement_fee),
        no_new_credit=no_new_credit,
        rule=None if rule is None else rule_for(rule),
        pay_to=parse_text(pay_to, "pay_to"),
        reporting=parse_text(reporting, "reporting"),
        other=parse_texts(other, "other"),
        card=parse_flag(card, "card"),
    )
    return made(content, _limits("art_70" if card and limits is None else limits))


def agreement_from_plain(plain: object) -> Agreement:
    """Read what :meth:`Agreement.to_dict <repaylib.documents.Agreement.to_dict>` wrote.

    It is written again from its terms; the figures that are stored must be the same.

    Raises
    ------
    StorageError
        For another version, unknown or missing keys, and figures that do not follow from the terms.
    RepayError
        For terms that cannot be taken.
    """
    whole = mapping_of(plain, "", {*STORED, "terms"}, "Agreement", added={"terms"})
    if check_format(whole, Agreement.FORMAT, Agreement.VERSION, "Agreement") == 1:
        raise StorageError(
            "version",
            1,
            "2, as version 1 has no terms",
            Phrase("write {}", 'rp.Schedule.from_dict(stored["schedule"])'),
        )
    try:
        plan = Schedule.from_dict(whole["schedule"])
    except RepayError as error:
        raise error.within("schedule") from error
    terms = terms_from_plain(whole.get("terms"), plan)
    parties, lang = parties_from(whole["parties"]), parse_language(whole["lang"]).code
    try:
        found: Agreement = agreement(parties=parties, lang=lang, **terms)
    except RepayError as error:
        raise error.within("terms") from error
    made = found.to_dict()
    check_same({**whole, "schedule": made["schedule"], "terms": made["terms"]}, made)
    if found.schedule != plan:
        raise StorageError("schedule", plan, "that of the terms", "store the agreement again")
    return found


def _over_several(combined: CombinedSchedule, given: dict[str, Any]) -> CombinedAgreement:
    """Write down what was agreed about several debts, on one day for all."""
    for word in ("statement", "if_breached"):
        if given[word] not in (None, ()):
            raise TermsError(
                word,
                type(given[word]).__name__,
                "none over several debts, of which each has its own",
                Phrase("write rp.agreement(combined.part(0), {}=...) for each", word),
            )
    given |= {
        "parties": parse_parties(given["parties"]),
        "other": parse_texts(given["other"], "other"),
    }
    before = given["before"]
    if before is not None and not (
        isinstance(before, CombinedSchedule) and before.names == combined.names
    ):
        raise TermsError(
            "before",
            before,
            Phrase("a combination of the same debts: {}", ", ".join(combined.names)),
            Phrase("write {}", "before=rp.schedule.combine([...], names=[...])"),
        )
    olds = [None] * len(combined.names) if before is None else before.schedules
    plans = [_plans(plan, old) for plan, old in zip(combined.schedules, olds, strict=True)]
    if given["on"] is None:
        changed = [begins_on(plan, old) for plan, old in plans if plan != old]
        starts = [plan.loan.start for plan, _ in plans]
        given["on"] = min(changed, default=max(starts))
    options = {name: value for name, value in given.items() if name not in ("schedule", "before")}
    parts = []
    for name, (plan, old) in zip(combined.names, plans, strict=True):
        try:
            parts.append(agreement(plan, before=old, **options))
        except RepayError as error:
            error.add_note(Phrase("of {}", name))
            raise
    return joined(combined.names, parts)


def _plans(
    schedule: Schedule | Loan | Option, before: Schedule | None
) -> tuple[Schedule, Schedule]:
    """Return the schedule that is agreed, and the one that it replaces."""
    if isinstance(schedule, Option):
        plan = schedule.schedule
        kept = len(plan.changes) - len(schedule.changes)
        before = Schedule(plan.loan, plan.changes[:kept]) if before is None else before
    else:
        plan = as_schedule(schedule)
    old = Schedule(plan.loan) if before is None else as_schedule(before, "before")
    if old.loan != plan.loan or plan.changes[: len(old.changes)] != old.changes:
        raise TermsError(
            "before",
            Phrase("{}", old.loan),
            "the schedule that was changed into this one, whose first changes it has",
            "write before=plan, where schedule=rp.defer(plan, ...)",
        )
    return plan, old


def _day(plan: Schedule, old: Schedule, on: DateLike | None, statement: Statement | None) -> date:
    if on is None:
        return statement.as_of if isinstance(statement, Statement) else begins_on(plan, old)
    day = parse_date(on, "on")
    if not plan.loan.start <= day <= plan.maturity:
        raise DateError(
            "on",
            day.isoformat(),
            Phrase("a day from the start, {}, to the end, {}", plan.loan.start, plan.maturity),
            Phrase("write {}", f'on="{begins_on(plan, old)}"'),
        )
    return day


def _refuse_beside(chain: Arrangement, **options: object) -> None:
    for word, value in options.items():
        if value is not None:
            raise TermsError(
                word,
                value if isinstance(value, (str, int)) else type(value).__name__,
                Phrase("none beside the arrangement, which says it from {} on", chain.latest.on),
                Phrase(
                    "leave {} out, or write agreement(arrangement.schedule, {}=...)", word, word
                ),
            )


def _check_kinds(
    plan: Schedule, statement: object, allocation: object, breach: object, promise: object
) -> None:
    for word, value, kind, right in (
        ("statement", statement, Statement, "rp.statement(plan, receipts, as_of=...)"),
        ("allocation", allocation, Allocation, "rp.Allocation.civil_code()"),
        ("breach", breach, Breach, "rp.arrears.Breach(days=30)"),
    ):
        if value is not None and not isinstance(value, kind):
            raise TermsError(word, value, Phrase("a {}", kind.__name__), Phrase("write {}", right))
    if promise is not None:
        parse_flag(promise, "no_new_credit")
    if isinstance(statement, Statement):
        other, own = statement.terms.schedule.loan, plan.loan
        if (other.currency, other.decimals) != (own.currency, own.decimals):
            raise TermsError(
                "statement",
                Phrase("{} with {} decimals", other.currency, other.decimals),
                Phrase(
                    "one in the currency of the schedule, {} with {} decimals",
                    own.currency,
                    own.decimals,
                ),
                "take the statement of the same debt",
            )


def _settlement_fee(
    plan: Schedule, given: SettlementFeeLike | None
) -> Decimal | Fraction | SettlementFee | None:
    """Read what early settlement costs; by default as the loan's own fees say."""
    if given is not None:
        return parse_settlement_fee(given, "settlement_fee")
    own = [fee.amount for fee in plan.loan.fees if fee.when == "settlement"]
    return own[0] if len(own) == 1 else None


def _limits(given: object) -> Limits | None:
    if given is None or isinstance(given, Limits):
        return given
    if isinstance(given, str):
        return Limits.preset(check_word("limits", given, get_args(LimitsPreset)))
    raise TermsError(
        "limits", given, "Limits, or the name of a preset", Phrase("write {}", 'limits="eba"')
    )
