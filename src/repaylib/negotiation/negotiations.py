"""Negotiation: from the affordable amount to the plans that both sides can sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, get_args, overload

import numpy as np

from repaylib.arrears.statements import Statement
from repaylib.dates.days import LATEST_DAY, parse_date
from repaylib.errors import (
    DateError,
    Phrase,
    RepayError,
    TermsError,
    check_kind,
    parse_words,
    write,
)
from repaylib.measures.cash_flows import HasSchedule
from repaylib.negotiation.limits import Constraint, Limits
from repaylib.negotiation.options import Negotiation, Negotiations, option_of
from repaylib.negotiation.search import in_the_way, nearest, search
from repaylib.negotiation.search_problem import SearchProblem, schedule_meant
from repaylib.negotiation.shortfalls import required_concessions
from repaylib.output.progress import refuse_progress, reporter
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.typing import Amount, DateLike, NegotiateBy, Progress
from repaylib.wording.sentence import Bare, Listed, Sentence, WordedText

__all__ = ["negotiate"]


class HasAffordable(Protocol):
    """A value with an affordable amount, such as a budget."""

    @property
    def affordable(self) -> Decimal: ...


Negotiable = Schedule | Loan | HasSchedule
Affordable = Amount | Sequence[Amount] | HasAffordable | None


@overload
def negotiate(
    schedule: Negotiable,
    *,
    affordable: Affordable = None,
    payment: int | None = None,
    on: DateLike | None = None,
    today: DateLike | None = None,
    by: NegotiateBy | Sequence[NegotiateBy] = ("term", "rate", "deferral"),
    limits: Limits | None = None,
    end: DateLike | None = None,
    last_payment: Amount | None = None,
    total: Amount | None = None,
) -> Negotiation: ...
@overload
def negotiate(
    schedule: Sequence[Negotiable],
    *,
    affordable: Affordable | Sequence[Affordable] = None,
    payment: int | Sequence[int] | None = None,
    on: DateLike | None = None,
    today: DateLike | None = None,
    by: NegotiateBy | Sequence[NegotiateBy] = ("term", "rate", "deferral"),
    limits: Limits | None = None,
    end: DateLike | None = None,
    last_payment: Amount | None = None,
    total: Amount | None = None,
    progress: Progress = None,
) -> Negotiations: ...
def negotiate(
    schedule: Any,
    *,
    affordable: Any = None,
    payment: Any = None,
    on: DateLike | None = None,
    today: DateLike | None = None,
    by: NegotiateBy | Sequence[NegotiateBy] = ("term", "rate", "deferral"),
    limits: Limits | None = None,
    end: DateLike | None = None,
    last_payment: Amount | None = None,
    total: Amount | None = None,
    progress: Progress = None,
) -> Negotiation | Negotiations:
    """Find the plans that can be agreed.

    Parameters
    ----------
    schedule
        The present schedule, a loan, or a value with a ``schedule``; or a list of these, which
        gives :class:`~repaylib.negotiation.Negotiations`. Arrears are negotiated only if a
        schedule includes them: with arrears, write the arrangement of
        :func:`~repaylib.renegotiate`, and not the statement.
    affordable
        The most that can be paid in a month, in major units: one amount, or one for each month
        from that of the first instalment with new terms on, the last of them for good; or what has an
        ``affordable``, as a budget. With many loans, one for all, or a list with one for each.
        Where several instalments fall due in a month, their sum counts.
    payment, on
        From when new terms may hold, as for the verbs.
    today
        In place of both: from the first instalment after this day. Without any, from the first;
        of a statement, from the first after its day.
    by
        Which concessions are free.

        ``"term"``
            the number of instalments.
        ``"rate"``
            a lower rate, for good.
        ``"haircut"``
            principal is forgiven.
        ``"subsidy"``
            someone else pays points of the rate; the borrower pays less, the lender gets the same.
        ``"lump"``
            the borrower prepays a lump sum when the new terms begin, which counts in the total and
            not in a month.
        ``"instalment_cap"``
            a cap on the rise of the instalment, of a loan whose rate floats.
        ``"deferral"``
            due dates are skipped; their interest joins the principal.
        ``"interest_only"``
            on some due dates only interest is paid.
        ``"interest_free"``
            due dates are skipped; their interest is waived.
        ``"start"``
            the new terms begin some instalments later.
    limits
        What the lender will agree to, a :class:`~repaylib.Limits`.
    end
        The last payment is on this day at the latest.
    last_payment
        It is at most this.
    total
        All payments after the day from which new terms may hold are at most this.
    progress
        For many loans: ``True`` shows a bar, a function is called with the loans done and their total.

    Returns
    -------
    Negotiation
        ``options``: the plans that can be agreed, and that no other plan tried is better than in
        total, monthly payment, end and the lender's loss. If there is none, ``nearest``,
        ``binding`` and ``reliefs`` say what stands in the way, and what would have to give.

    Raises
    ------
    RepayError
        For options that cannot be read, or if there is no constraint.

    Notes
    -----
    Everything that is tried is something a contract can say: whole payments, rates and amounts in
    the steps of `limits`; and is made by the engine, which alone decides whether it keeps a
    constraint. Of the first free one of term, rate, haircut, subsidy, lump and instalment cap, the least that will do and the
    greatest that is allowed are found by bisection, and up to 7 steps between them are tried; so for
    each of about 24 combinations of the others (the steps of a deferral and of a start are
    all combined). Dominance is exact: the measures are compared as whole numbers and fractions.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> found = rp.negotiate(plan, affordable="700", payment=4, by="term",
    ...                      limits=rp.Limits(months=15))
    >>> print(found)
    at most 700.00 a month, from 2024-04-10 on; free: term
    plan              to pay  a month         end  lender loses
    --------------  --------  -------  ----------  ------------
    12 instalments  8,114.54   676.23  2025-04-10       0.000 %
    13 instalments  8,154.16   627.28  2025-05-10       0.000 %
    14 instalments  8,193.91   585.28  2025-06-10       0.000 %
    15 instalments  8,233.78   548.92  2025-07-10       0.000 %
    4 plans can be agreed; 8 tried: 1 to 15 payments
    >>> tight = rp.negotiate(plan, affordable="500", payment=4, by="term",
    ...                      limits=rp.Limits(months=15))
    >>> tight.binding
    ('payment', 'months')
    >>> print(tight.reliefs[0])
    548.92 affordable a month instead of 500.00
    """
    options: dict[str, Any] = {
        "on": on,
        "today": today,
        "by": by,
        "limits": limits,
        "end": end,
        "last_payment": last_payment,
        "total": total,
    }
    if isinstance(schedule, (list, tuple)):
        return _each(schedule, affordable, payment, progress, options)
    refuse_progress(progress)
    return _negotiate(schedule, affordable=affordable, payment=payment, **options)


def _each(
    schedules: Sequence[Any],
    affordable: Any,
    payment: Any,
    progress: Progress,
    options: dict[str, Any],
) -> Negotiations:
    tell, total = reporter(progress), len(schedules)
    amounts, payments = (
        _for_each(value, total, name)
        for name, value in (("affordable", affordable), ("payment", payment))
    )
    found = []
    for row, (schedule, amount, number) in enumerate(
        zip(schedules, amounts, payments, strict=True)
    ):
        try:
            found.append(_negotiate(schedule, affordable=amount, payment=number, **options))
        except RepayError as error:
            raise error.in_row(row) from error
        tell(row + 1, total)
    return Negotiations(found)


def _for_each(value: Any, total: int, name: str) -> Sequence[Any]:
    if not isinstance(value, (list, tuple)):
        return [value] * total
    if len(value) != total:
        raise TermsError(
            name,
            Phrase("{} values", len(value)),
            Phrase("one for all, or one for each of {} loans", total),
            Phrase("write {}=[...] with {} of them", name, total),
        )
    return value


def _negotiate(
    schedule: Any,
    *,
    affordable: Any,
    payment: int | None,
    on: DateLike | None,
    today: DateLike | None,
    by: NegotiateBy | Sequence[NegotiateBy],
    limits: Limits | None,
    end: DateLike | None,
    last_payment: Amount | None,
    total: Amount | None,
) -> Negotiation:
    plan = _meant(schedule)
    free = _free(by)
    if limits is not None:
        check_kind(limits, "limits", Limits, Phrase("write {}", 'rp.Limits(rate="6%")'))
    loan, wishes = plan.loan, list[Constraint]()
    if affordable is not None:
        wishes.append(Constraint("payment", _by_month(loan, affordable)))
    if last_payment is not None:
        wishes.append(Constraint("last", loan.minor(last_payment, "last_payment", least=0)))
    if total is not None:
        wishes.append(Constraint("total", loan.minor(total, "total", least=0)))
    if end is not None:
        wishes.append(Constraint("end", parse_date(end, "end", LATEST_DAY).toordinal()))
    if not wishes:
        raise TermsError(
            "affordable",
            None,
            "at least one of affordable, end, last_payment and total",
            Phrase("write {}", 'affordable="700"'),
        )
    if payment is None and on is None and today is None and isinstance(schedule, Statement):
        today = schedule.as_of
    problem = SearchProblem(plan, _place(plan, payment, on, today), wishes, limits or Limits())
    found = search(problem, free)
    near = None if found.agreeable else nearest(problem, found.tried)
    return Negotiation(
        schedule=plan,
        day=problem.day,
        options=tuple(option_of(problem, candidate) for candidate in found.agreeable),
        nearest=None if near is None else option_of(problem, near),
        binding=() if near is None else in_the_way(problem, free, near),
        reliefs=()
        if near is None
        else tuple(required_concessions(problem, free, found.tried, near)),
        asked=_asked(problem, wishes, free),
        searched=found.grid,
        tried=len(found.tried),
    )


def _meant(schedule: Any) -> Schedule:
    if isinstance(schedule, Statement) and schedule.arrears.total:
        raise TermsError(
            "schedule",
            Phrase("a Statement with {:,f} in arrears", schedule.arrears.total),
            "a schedule in which they have their place",
            "write negotiate(rp.renegotiate(statement), payment=1, ...)",
        )
    return schedule_meant(schedule)


def _free(by: NegotiateBy | Sequence[NegotiateBy]) -> tuple[NegotiateBy, ...]:
    return tuple(dict.fromkeys(parse_words(by, "by", get_args(NegotiateBy), write(by="term"))))


def _by_month(loan: Loan, affordable: Any) -> tuple[int, ...]:
    if not isinstance(affordable, (str, int, Decimal, float)):
        affordable = getattr(affordable, "affordable", affordable)
    if not isinstance(affordable, (list, tuple)):
        return (loan.minor(affordable, "affordable", least=0),)
    if not affordable:
        raise TermsError(
            "affordable", affordable, "an amount for each month", Phrase("write {}", '["700"]')
        )
    return tuple(
        loan.minor(amount, f"affordable[{month}]", least=0)
        for month, amount in enumerate(affordable)
    )


def _place(
    plan: Schedule, payment: int | None, on: DateLike | None, today: DateLike | None
) -> dict[str, Any]:
    given = {"payment": payment, "on": on, "today": today}
    named = [name for name, value in given.items() if value is not None]
    if len(named) > 1:
        raise TermsError(
            named[1],
            given[named[1]],
            Phrase("no {} with {}", named[1], named[0]),
            Phrase("leave {} out", named[1]),
        )
    if payment is not None:
        return {"payment": payment}
    if on is not None:
        return {"on": on}
    columns = plan.columns
    later = columns["number"] > 0
    day: date | None = None
    if today is not None:
        day = parse_date(today, "today")
        later &= plan.accrual_dates > np.datetime64(day, "D")
    if not later.any():
        raise DateError(
            "today", str(day), Phrase("a day before the end, {}", plan.maturity), "write another"
        )
    return {"payment": int(columns["number"][later][0])}


def _asked(problem: SearchProblem, wishes: Sequence[Constraint], free: Sequence[str]) -> WordedText:
    loan, texts = problem.schedule.loan, []

    def money(minor: int) -> Bare:
        return Bare(loan.money(minor), loan.currency)

    for name, limit in wishes:
        match name:
            case "payment" if len(limit) > 1:
                amounts = Listed(list(map(money, limit)), "names")
                texts.append(Sentence("asked.by_month", amounts=amounts))
            case "payment":
                texts.append(Sentence("asked.payment", amount=money(limit[0])))
            case "last" | "total":
                texts.append(Sentence(f"asked.{name}", amount=money(limit)))
            case _:
                texts.append(Sentence("asked.end", day=date.fromordinal(limit)))
    named = Listed([Sentence(f"free.{name}") for name in free], "names")
    asked = Listed(texts, "comma")
    return WordedText(Sentence("negotiation.asked", asked=asked, day=problem.day, free=named))
