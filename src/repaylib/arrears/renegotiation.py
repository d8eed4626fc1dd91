"""Renegotiation: what is owed on the day of a statement becomes a new schedule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from repaylib.arrears.arrangement import (
    PARTS_OF_ARREARS,
    Arrangement,
    ArrangementRound,
    parse_treatment,
)
from repaylib.arrears.balances import Balances, balances_of
from repaylib.arrears.breach import Breach
from repaylib.arrears.due_amounts import PARTS, Kind
from repaylib.arrears.servicing_state import ServicingState
from repaylib.arrears.statements import Statement
from repaylib.changes.arrears import Arrears
from repaylib.changes.base import Change, list_of
from repaylib.dates.due_dates import parse_date
from repaylib.errors import (
    AmountError,
    DateError,
    Phrase,
    TermsError,
    check_kind,
    check_mapping,
    check_word,
)
from repaylib.rates.rate import RateLike
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.typing import (
    Amount,
    ArrearsPart,
    ArrearsRepay,
    Component,
    DateLike,
    Method,
    Treatment,
)

if TYPE_CHECKING:
    from repaylib.dates.frequency import EveryLike


#: Terms that the new loan keeps from the old one.
KEPT = (
    "every",
    "due_days",
    "month_end",
    "missing_day",
    "calendar",
    "roll",
    "accrual_dates",
    "method",
    "instalment_multiple",
    "instalment_cap",
    "instalment_resets",
    "last",
    "interest_tax",
    "fee_tax",
    "tax_included",
    "day_count",
    "odd_days",
    "counted_days",
    "currency",
    "rounding",
    "instalment_rounding",
    "fee_rounding",
    "interest_remainder",
    "decimals",
    "negative_amortisation",
)


def renegotiate(
    owed: Statement,
    payments: int | None = None,
    *,
    instalment: Amount | None = None,
    rate: RateLike | None = None,
    every: EveryLike | None = None,
    method: Method | None = None,
    first_payment: DateLike | None = None,
    arrears: Treatment | Mapping[str, Treatment] = "capitalise",
    changes: Iterable[Change] = (),
    breach: Breach | None = None,
    agreed: DateLike | None = None,
    terms: Mapping[str, Any] | None = None,
    **options: Any,
) -> Arrangement:
    """Make a new agreement on what is owed on a day.

    The amount owed becomes a new loan from the day of the statement, with the conventions of the
    old one. All rounds are kept.

    Parameters
    ----------
    owed
        The statement; one made under an :class:`~repaylib.arrears.Arrangement` adds a round to it.
    payments, instalment
        Number of new instalments, or the amount of an instalment; by default as many as the old
        schedule has left.
    rate, every, method
        New terms; by default those of the old loan, the rate as it is on the day.
    first_payment
        The first due date; by default the next one of the old schedule.
    arrears
        The treatment of the debt other than the undue principal: one treatment for all, or by
        part, ``{"interest": "spread", "penalty": "forgive"}``; the parts are ``"principal"``
        (what is overdue of it), ``"interest"``, ``"penalty"``, ``"fee"`` and ``"costs"``. 90.00 of
        penalties, over 9 instalments:

        ``"capitalise"``
            it joins the principal, and accrues interest (default).
        ``"next"``, ``"spread"``, ``"last"``
            it is paid with the first instalment, 10.00 with every one, or with the last, and
            accrues no interest.
        ``"forgive"``
            it is forgiven.
        ``"apart"``
            it stays owed outside the schedule, accrues no interest, and is paid after all else.
    changes
        Changes to the new schedule, such as a :class:`~repaylib.changes.Deferral`.
    breach
        When it counts as breached, and what follows.
    agreed
        The day on which it was agreed; ``None`` proposes it, and
        :meth:`Arrangement.agree <repaylib.arrears.Arrangement.agree>` makes it binding.
    terms
        More terms of the new loan, as a :class:`~repaylib.Loan` takes them.
    **options
        Another `penalty`, `allocation`, `interest` or `rest` for statements under it, as
        :func:`~repaylib.statement` takes them.

    Raises
    ------
    RepayError
        If nothing is owed, a choice is unknown, or the day is before that of the last agreement.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> paid = [rp.Receipt(row.date, row.payment) for row in plan[:3]]
    >>> owed = rp.statement(plan, paid, as_of="2024-06-10", penalty=rp.PenaltyTerms("1.5"))
    >>> new = rp.renegotiate(owed, payments=18, arrears={"penalty": "forgive"})
    >>> new.schedule.loan.principal, new.schedule.instalment, new.latest.forgiven.penalty
    (Decimal('7754.89'), Decimal('472.91'), Decimal('12.19'))
    """
    if not isinstance(owed, Statement):
        hint = Phrase("write {}", "renegotiate(rp.statement(plan, receipts, as_of=...), ...)")
        raise TermsError("owed", owed, "a Statement", hint)
    earlier: tuple[ArrangementRound, ...] = ()
    if isinstance(owed.arrangement, Arrangement):
        earlier = owed.arrangement.rounds
        if owed.as_of < earlier[-1].on:
            raise DateError(
                "owed",
                owed.as_of.isoformat(),
                Phrase("a day from that of the last agreement, {}", earlier[-1].on),
                "take a statement of a later day",
            )
    day, state, old = owed.as_of, owed.servicing, owed.terms.schedule.loan
    treatment = parse_treatment(arrears)
    if breach is not None:
        check_kind(
            breach, "breach", Breach, Phrase("write {}", "breach=rp.arrears.Breach(days=30)")
        )
    parts = _split_arrears(state, day, treatment)
    lent = parts["lent"]
    if lent <= 0:
        raise AmountError(
            "owed",
            str(owed.payoff),
            "a debt of which something is to be repaid in instalments",
            'leave something to capitalise, arrears={"principal": "capitalise"}',
        )
    loan = _loan(owed, lent, payments, instalment, rate, every, method, first_payment, terms)
    carried = [
        Arrears(
            old.money(amount),
            of=_arrears_part(part),
            repay=_arrears_repay(treatment[part]),
            payment=1,
        )
        for part in PARTS_OF_ARREARS
        if treatment[part] in ("next", "spread", "last") and (amount := parts[part])
    ]
    schedule = Schedule(loan, (*carried, *list_of(changes)))
    signed = None if agreed is None else parse_date(agreed, "agreed")
    made = ArrangementRound(
        on=day,
        agreed=None,
        before=owed,
        arrears=treatment,
        schedule=schedule,
        capitalised=old.money(parts["capitalised"]),
        carried=old.money(sum(old.signed(amount.amount) for amount in carried)),
        forgiven=_owed(parts, treatment, "forgive", old),
        apart=_owed(parts, treatment, "apart", old),
        breach=breach,
        options=_options(owed, _checked(options)),
    )
    chain = Arrangement((*earlier, made))
    return chain if signed is None else chain.agree(signed)


def _options(owed: Statement, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of statements under the agreement: as before, except for those given.

    A rest belongs to interest on the balance, and is dropped with it.
    """
    old = owed.terms.options
    if given.get("interest", "balance") != "balance":
        old.pop("rest")
    return {**old, **given}


#: Terms of the new loan that have no parameter of their own here.
_FURTHER_TERMS = tuple(
    field.name
    for field in fields(Loan)
    if field.name not in ("principal", "rate", "payments", "start", "every", "method", "instalment")
)


def _loan(
    owed: Statement,
    lent: int,
    payments: int | None,
    instalment: Amount | None,
    rate: RateLike | None,
    every: EveryLike | None,
    method: Method | None,
    first_payment: DateLike | None,
    terms: Mapping[str, Any] | None,
) -> Loan:
    """Return the new loan: the conventions of the old one, with the new terms."""
    old, state, day = owed.terms.schedule.loan, owed.servicing, owed.as_of
    given: dict[str, Any] = {name: getattr(old, name) for name in KEPT}
    given["fees"] = tuple(
        fee for fee in old.fees if fee.when in ("instalment", "due_date", "calendar")
    )
    rows = state.due_amounts.all() if state.ended is None else []
    coming = [row.day for row in rows if row.day > day and row.number]
    if payments is None and instalment is None:
        if not coming:
            hint = Phrase("write {}", "payments=12")
            raise TermsError("payments", None, "how many new instalments, as none are left", hint)
        payments = len(coming)
    if every is not None:
        given |= {"every": every, "due_days": None, "day_count": None}
    elif first_payment is None and coming and old.timetable.grid.share is not None:
        first_payment = coming[0]
    if method is not None:
        given["method"] = method
    if instalment is not None:
        given |= {"instalment": instalment, "instalment_multiple": None, "last": "any"}
    plain = rate if rate is not None else _rate_now(owed)
    given |= {"first_payment": first_payment}
    if old.cost_cap is not None and "cost_cap" not in (terms or {}):
        raise TermsError(
            "terms",
            terms,
            "the cost_cap of the new loan, as the old loan has one",
            'write terms={"cost_cap": rp.terms.CostCap(...)}, or None for none',
        )
    if terms is not None:
        example = Phrase("write {}", 'terms={"rounding": "down"}')
        for name, value in check_mapping(terms, "terms", example).items():
            given[check_word("terms", name, _FURTHER_TERMS)] = value
    return Loan(old.money(lent), plain, payments, day, **given)


def _rate_now(owed: Statement) -> Any:
    """Return the rate on the day: that of the loan, or a changed one."""
    rates = owed.servicing.rates
    nominal = rates.rate(owed.as_of)
    first = owed.terms.schedule.loan.first_rate
    return first if first.nominal(rates.pace) == nominal else nominal


def _owed(
    parts: Mapping[str, int], treatment: Mapping[Component, Treatment], word: Treatment, loan: Loan
) -> Balances:
    kinds: dict[Kind, int] = {
        PARTS[part][-1]: parts[part] for part in PARTS_OF_ARREARS if treatment[part] == word
    }
    return balances_of(kinds, loan.money)


def _checked(options: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in options:
        if name not in ("penalty", "allocation", "interest", "rest"):
            raise TermsError(
                name,
                options[name],
                "one of payments, instalment, rate, every, method, first_payment, arrears, "
                "changes, breach, agreed, terms, penalty, allocation, interest, rest",
                Phrase("write terms={{{!r}: ...}} for a term of the new loan", name),
            )
    return options


def _split_arrears(
    state: ServicingState, day: date, treatment: Mapping[Component, Treatment]
) -> dict[str, int]:
    """Return the debt by part, in minor units, and the principal of the new loan."""
    due = state.open_by_kind(day)
    undue = state.after_receipts(state.undue(day, fee=False))
    amounts: dict[str, int] = {
        part: sum(due.get(kind, 0) for kind in kinds) for part, kinds in PARTS.items()
    }
    for part in ("interest", "penalty", "fee"):
        amounts[part] += sum(undue.get(kind, 0) for kind in PARTS[part])
    lent = undue.get("principal", 0) - state.credit
    capitalised = sum(
        amounts[part]
        for part in PARTS_OF_ARREARS
        if treatment[part] == "capitalise" and part != "principal"
    )
    if treatment["principal"] == "capitalise":
        lent += amounts["principal"]
    return {**amounts, "capitalised": capitalised, "lent": lent + capitalised}


def _arrears_part(part: Component) -> ArrearsPart:
    """Return the part of arrears, as a schedule names it, that a component belongs to."""
    return "fee" if part in ("fee", "costs") else "penalty" if part == "penalty" else "interest"


def _arrears_repay(word: Treatment) -> ArrearsRepay:
    """Return how arrears that do not join the principal are repaid."""
    return "next" if word == "next" else "spread" if word == "spread" else "last"
