"""The terms of a statement: the schedule, and what was agreed on late and advance payments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from repaylib.arrears.allocation import Allocation
from repaylib.arrears.events import AccountEvent, Receipt
from repaylib.arrears.penalty_terms import PenaltyTerms, parse_penalty
from repaylib.errors import CountError, Hint, Phrase, TermsError, check_word
from repaylib.rates.step_schedule import Steps
from repaylib.schedule.schedule import Schedule
from repaylib.typing import InterestOn, Rest


@dataclass(frozen=True, slots=True)
class StatementTerms:
    """The terms of a statement, as :func:`~repaylib.statement` takes them."""

    schedule: Schedule
    penalty: Steps[PenaltyTerms] | None
    allocation: Allocation
    interest: InterestOn
    rest: Rest

    @property
    def options(self) -> dict[str, Any]:
        """The terms without the schedule, by parameter."""
        return {
            "penalty": self.penalty,
            "allocation": self.allocation,
            "interest": self.interest,
            "rest": self.rest,
        }


def terms_of(
    schedule: Schedule,
    penalty: object = None,
    allocation: object = None,
    interest: object = "schedule",
    rest: object = "day",
) -> StatementTerms:
    """Read the terms of a statement, and refuse what contradicts the loan."""
    terms = StatementTerms(schedule, **options_of(penalty, allocation, interest, rest))
    _check(terms)
    return terms


def options_of(
    penalty: object, allocation: object, interest: object, rest: object
) -> dict[str, Any]:
    """Read the options of a statement, and refuse contradictions, whatever the loan."""
    options = {
        "penalty": parse_penalty(penalty),
        "allocation": _allocation(allocation),
        "interest": check_word("interest", interest, get_args(InterestOn)),
        "rest": check_word("rest", rest, get_args(Rest)),
    }
    if rest == "due_date" and interest != "balance":
        why = {
            "schedule": Phrase("the interest of the schedule does not ask when money came"),
            "daily_simple": Phrase("daily simple interest counts a receipt from its own day"),
        }
        raise TermsError(
            "rest",
            rest,
            Phrase('rest="day", as {}', why[options["interest"]]),
            'leave rest out, or write interest="balance"',
        )
    return options


def _allocation(given: object) -> Allocation:
    if given is None:
        return Allocation()
    if not isinstance(given, Allocation):
        raise TermsError(
            "allocation", given, "an Allocation", Phrase("write {}", "rp.Allocation.us()")
        )
    return given


def _check(terms: StatementTerms) -> None:
    """Refuse what contradicts the loan."""
    loan = terms.schedule.loan
    if terms.interest != "schedule" and (loan.method == "flat" or loan.interest_base != "balance"):
        raise TermsError(
            "interest",
            terms.interest,
            "a loan whose interest is on its balance; interest of this loan is on the original principal",
            Phrase("write {}", 'interest="schedule"'),
        )
    if terms.interest != "schedule" and loan.cost_cap is not None:
        raise TermsError(
            "interest",
            terms.interest,
            "a loan without cost_cap, which counts the interest of the schedule",
            Phrase("write {}", 'interest="schedule"'),
        )
    if terms.penalty is None:
        return
    penalties = (terms.penalty.initial, *(value for _, value in terms.penalty.changes))
    grace_days = max(penalty.grace_days for penalty in penalties)
    if not grace_days:
        return
    shortest = _shortest_period(terms.schedule)
    if grace_days >= shortest:
        raise TermsError(
            "grace_days",
            grace_days,
            Phrase("fewer days than a period has, {}", shortest),
            Phrase("write {} or less", f"grace_days={shortest - 1}"),
        )


def named_events(
    terms: StatementTerms, events: tuple[AccountEvent, ...]
) -> tuple[AccountEvent, ...]:
    """Return events; refuse a receipt for an instalment that the schedule does not have."""
    last = terms.schedule.ledger.last_number
    for event in events:
        number = event.instalment if isinstance(event, Receipt) else None
        if number is not None and number > last and terms.interest == "schedule":
            raise CountError(
                "instalment",
                number,
                Phrase("the number of an instalment, 1 to {}", last),
                Hint("write {} or less, or leave it out", instalment=last),
            )
    return events


def _shortest_period(schedule: Schedule) -> int:
    """Return the fewest days of a period, over all sets of due dates of the loan."""
    ledger = schedule.ledger
    tables = ledger.timetables
    last = max(ledger.last_number, tables[-1].before + 1)
    ends = [*(table.before for table in tables[1:]), last]
    return min(
        table.shortest(end - table.before)
        for table, end in zip(tables, ends, strict=True)
        if end > table.before
    )
