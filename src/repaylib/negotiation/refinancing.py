"""Refinancing: a new loan pays off one or more debts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from inspect import signature
from typing import Any

from repaylib.changes.early_settlement import EarlySettlement
from repaylib.dates.days import parse_date
from repaylib.errors import (
    AmountError,
    CountError,
    DateError,
    Hint,
    Phrase,
    RepayError,
    TermsError,
    parse_items,
    write,
)
from repaylib.measures.break_even import distinct
from repaylib.negotiation.debt_course import schedule_alone
from repaylib.negotiation.debts import Debt
from repaylib.negotiation.refinancing_flows import owed_on, paid_out_by
from repaylib.negotiation.refinancing_plan import Refinancing
from repaylib.schedule.book import ONE_OF_A_BOOK, Book
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.settlement import Settlement, settle
from repaylib.schedule.verbs import as_schedule
from repaylib.terms.fees import Fee
from repaylib.terms.loan import Loan
from repaylib.typing import Amount, DateLike

__all__ = ["refinance"]

#: Steps in which the principal is raised by the fees that are kept back from it.
MOST_STEPS = 200
SETTLE = Phrase("write {}", 'rp.settle(plan, on="...")')

#: What is paid off: a loan or a debt, or the quote of a settlement.
Old = Schedule | Loan | Settlement | Debt
OLD = (Schedule, Loan, Settlement, Debt)


def refinance(
    plans: Old | Iterable[Old],
    new: Loan | Schedule | None = None,
    *,
    on: DateLike | None = None,
    fees: Fee | Amount | Fraction | Iterable[Fee | Amount | Fraction] = (),
    cash: Amount = 0,
    **terms: Any,
) -> Refinancing:
    """Pay off one or more loans with a new one, and say what staying and switching cost.

    Parameters
    ----------
    plans
        What is paid off, one or a list: schedules, loans, :class:`~repaylib.Debt` values, whose names the
        result shows, or quotes of :func:`~repaylib.settle`, which then say the charge, the arrears
        and the day.
    new
        The new loan, or its schedule. Leave it out, and give its `terms` instead.
    on
        The day on which the old loans are paid off and the new one is paid out. By default that of
        the quotes, or the start of the new loan.
    fees
        What the new loan charges besides its own fees: an amount (``"200"``) or a share of its
        principal (``"1%"``), paid at the start, or :class:`~repaylib.Fee` values; one or a list.
    cash
        How much of what is owed the borrower pays in cash. Without it, a loan that pays out too
        little is refused.
    **terms
        The terms of the new loan as :class:`~repaylib.Loan` takes them: ``rate="8%", payments=9``. The
        principal can be left out. It is then what is owed, less `cash`, with the fees that are kept
        back from it.

    Returns
    -------
    Refinancing
        The quotes, the new schedule, what is paid month by month, the saving, the break-even fee
        and month.

    Raises
    ------
    RepayError
        If there is no loan, one is given twice, or the day is before the start of one or not before
        its end; if currencies differ; if the new loan starts on another day, or pays out less than is
        owed.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> print(rp.refinance(plan, on="2024-04-10", rate="8%", payments=9))
    paid off on 2024-04-10  principal  interest     total
    ----------------------  ---------  --------  --------
    loan 1                   7,610.80      0.00  7,610.80
    ----------------------  ---------  --------  --------
    in all                   7,610.80      0.00  7,610.80
    <BLANKLINE>
    to pay                      stay      switch  difference
    --------------------  ----------  ----------  ----------
    in the first month        888.49      874.08      -14.41
    in the largest month      888.49      874.10      -14.39
    last payment          2025-01-10  2025-01-10
    in all                  7,996.39    7,866.74     -129.65
    <BLANKLINE>
    Switching saves 129.65: 7,866.74 instead of 7,996.39.
    Break-even fee at the start: 129.65.
    """
    listed = _listed(plans)
    day = _day(listed, new, terms, on)
    names = distinct([_name(plan, place) for place, plan in enumerate(listed, 1)])
    quotes = [_quoted(plan, name, day) for plan, name in zip(listed, names, strict=True)]
    first = quotes[0].before.loan
    for place, quote in enumerate(quotes):
        _check_currency(quote.before.loan, first, f"plans[{place}]")
    _refuse_twice(listed, quotes)
    owed, own = owed_on(quotes), first.minor(cash, "cash", least=0)
    if owed <= own:
        raise AmountError(
            "cash" if own else "plans",
            cash if own else first.show(owed),
            Phrase("a rest to borrow, and {} is owed on {}", first.show(owed), day),
            Phrase("{}, and pay all of it in cash", SETTLE),
        )
    charges = _fees(fees)
    schedule = (
        _lent(terms, first, day, charges, owed - own)
        if new is None
        else _given(new, terms, charges)
    )
    _check_currency(schedule.loan, first, "new")
    if schedule.loan.start != day:
        raise DateError(
            "start" if new is None else "new",
            schedule.loan.start.isoformat(),
            Phrase("a loan that starts on {}, when the old loans are paid off", day),
            Hint("write {}, or quote the old loans for another day", start=day.isoformat()),
        )
    lacking = owed - paid_out_by(schedule)
    if lacking > own:
        raise AmountError(
            "new",
            first.show(paid_out_by(schedule)),
            Phrase(
                "{} paid out, to pay off the old loans on {}; {} is missing",
                first.show(owed - own),
                day,
                first.show(lacking - own),
            ),
            Hint(
                "lend more, or write {} if the rest is paid in cash", cash=str(first.money(lacking))
            ),
        )
    return Refinancing(day, tuple(names), tuple(quotes), schedule)


# -- reading ------------------------------------------------------------------------------


def _listed(plans: object) -> tuple[Old, ...]:
    """Read what is paid off."""
    alone = isinstance(plans, (*OLD, Book))
    if isinstance(getattr(plans, "schedules", None), tuple):
        hint = Phrase("write {}", "combined.schedules")
        raise TermsError("plans", plans, "a Schedule or a list", hint)
    listed = (plans,) if alone else parse_items(plans, "plans", "a Schedule or a list", SETTLE)
    if not listed:
        raise CountError(
            "plans", 0, "one loan or more", Phrase("write {}", "rp.refinance([plan, other], ...)")
        )
    for place, plan in enumerate(listed):
        if not isinstance(plan, OLD):
            expected = "a Schedule, a Loan, a Debt or a Settlement"
            hint = ONE_OF_A_BOOK if isinstance(plan, Book) else SETTLE
            raise TermsError("plans" if alone else f"plans[{place}]", plan, expected, hint)
    return listed


def _name(plan: Old, place: int) -> str:
    return plan.name if isinstance(plan, Debt) and plan.name != "debt" else f"loan {place}"


def _day(listed: Sequence[Old], new: object, terms: Mapping[str, Any], on: object) -> date:
    """Return the day: as given, or that of the quotes, or the start of the new loan."""
    if on is not None:
        return parse_date(on, "on")
    for plan in listed:
        if isinstance(plan, Settlement):
            return plan.on
    if isinstance(new, (Loan, Schedule)):
        return (new if isinstance(new, Loan) else new.loan).start
    if terms.get("start") is not None:
        return parse_date(terms["start"], "start")
    raise TermsError(
        "on", None, "the day on which the old loans are paid off", write(on="2024-04-10")
    )


def _quoted(plan: Old, name: str, day: date) -> Settlement:
    """Return what pays a loan off on the day."""
    if not isinstance(plan, Settlement):
        whole, arrears = plan, Decimal(0)
        if isinstance(plan, Debt):
            whole = schedule_alone(plan, day) if plan.by_share else plan.schedule(day)
            arrears = plan.arrears
        old = as_schedule(whole)
        try:
            return settle(old, on=day, arrears=arrears)
        except DateError as error:
            runs = Phrase(
                "a day from {} to before {}, while {} runs", old.loan.start, old.maturity, name
            )
            raise error.about("on", runs) from None
    if plan.on != day:
        raise DateError(
            "plans",
            plan.on.isoformat(),
            Phrase("a quote of {} for {}, when all are paid off", name, day),
            Hint("write {}, or quote it for that day", on=plan.on.isoformat()),
        )
    if not isinstance(plan.schedule.changes[-1], EarlySettlement):
        raise TermsError(
            "plans",
            Phrase("a part of {}", name),
            "a quote of all that is owed",
            "leave amount out of settle()",
        )
    return plan


def _check_currency(loan: Loan, first: Loan, parameter: str) -> None:
    if (loan.currency, loan.decimals) != (first.currency, first.decimals):
        raise TermsError(
            parameter,
            Phrase("{} with {} decimals", loan.currency, loan.decimals),
            Phrase("{} with {} decimals, as the first loan", first.currency, first.decimals),
            "refinance the loans of one currency at a time",
        )


def _refuse_twice(listed: Sequence[Old], quotes: Sequence[Settlement]) -> None:
    """Refuse a loan that is given twice; two debts of different names may have the same terms."""
    for place, (plan, quote) in enumerate(zip(listed, quotes, strict=True)):
        for other, earlier in zip(listed[:place], quotes, strict=False):
            named = isinstance(plan, Debt) and isinstance(other, Debt) and plan.name != other.name
            if quote.before == earlier.before and not named:
                raise TermsError(
                    f"plans[{place}]",
                    Phrase("{}", quote.before.loan),
                    "each loan once",
                    "leave it out; of two loans with the same terms, write "
                    'rp.Debt(loan, name="first") and rp.Debt(loan, name="second")',
                )


def _fees(fees: object) -> tuple[Fee, ...]:
    """Read fees; an amount or a share is a fee paid at the start."""
    alone = isinstance(fees, (Fee, str, int, float, Decimal, Fraction))
    example = Phrase("write {} or {}", 'fees="200"', 'fees=[rp.Fee("1%")]')
    listed = (fees,) if alone else parse_items(fees, "fees", "fees, amounts or shares", example)
    charges = []
    for place, fee in enumerate(listed):
        try:
            charges.append(fee if isinstance(fee, Fee) else Fee(fee))
        except RepayError as error:
            raise error.about("fees" if alone else f"fees[{place}]") from None
    return tuple(charges)


def _given(new: object, terms: Mapping[str, Any], charges: tuple[Fee, ...]) -> Schedule:
    """Return the schedule of a loan that is given, with further fees."""
    schedule = as_schedule(new, "new")
    for name, value in terms.items():
        raise TermsError(
            name, value, "none beside new, which says it", Phrase("leave {} or new out", name)
        )
    if not charges:
        return schedule
    loan = replace(schedule.loan, fees=(*schedule.loan.fees, *charges))
    return Schedule(loan, schedule.changes)


def _lent(
    terms: Mapping[str, Any], first: Loan, day: date, charges: tuple[Fee, ...], owed: int
) -> Schedule:
    """Return the schedule of a loan by its terms; without a principal, it pays out what is owed."""
    for name, value in terms.items():
        known = [*signature(Loan).parameters, "cash"]
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = (
                Phrase("write {}", f"{near[0]}=...")
                if near
                else Phrase("write {}", 'rate="8%", payments=9')
            )
            raise TermsError(name, value, "a term of rp.Loan", hint)
    if "rate" not in terms:
        raise TermsError(
            "new", None, "a loan, or the rate of one", Phrase("write {}", 'rate="8%", payments=9')
        )
    usual = {"start": day, "currency": first.currency, "decimals": first.decimals}
    if "principal" in terms:
        return _given(Loan(**{**usual, **terms}), {}, charges)
    principal = owed
    for _ in range(MOST_STEPS):  # until the fees kept back are lent as well
        schedule = _given(Loan(first.money(principal), **{**usual, **terms}), {}, charges)
        lacking = owed - paid_out_by(schedule)
        if lacking <= 0:
            return schedule
        principal += lacking
    raise AmountError(
        "fees",
        first.show(principal - owed),
        "fees that leave most of the principal to be paid out",
        Phrase("write {}", 'collected="financed"'),
    )
