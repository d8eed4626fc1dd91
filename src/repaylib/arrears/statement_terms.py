"""What a statement goes by: the schedule, and what was agreed for what is paid late or ahead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from repaylib.arrears.allocation import Allocation
from repaylib.arrears.events import Happening
from repaylib.arrears.penalty_terms import PenaltyTerms, to_penalty
from repaylib.arrears.servicing import InterestOn, Rest, Servicing
from repaylib.errors import TermsError, check_word
from repaylib.rates.step_schedule import Steps
from repaylib.schedule.schedule import Schedule

__all__ = ["StatementTerms", "terms_of", "words_of"]


@dataclass(frozen=True, slots=True)
class StatementTerms:
    """What a statement goes by."""

    schedule: Schedule
    penalty: Steps[PenaltyTerms] | None
    allocation: Allocation
    interest: InterestOn
    rest: Rest

    def start(self) -> Servicing:
        """Return the life of the loan on its first day."""
        return Servicing(
            self.schedule,
            penalty=self.penalty,
            allocation=self.allocation,
            interest=self.interest,
            rest=self.rest,
        )

    def lived(self, events: Iterable[Happening], day: date) -> Servicing:
        """Return the life of the loan up to a day."""
        life = self.start()
        life.run(tuple(events), day)
        return life


def terms_of(
    schedule: Schedule,
    penalty: object = None,
    allocation: object = None,
    interest: object = "schedule",
    rest: object = "day",
) -> StatementTerms:
    """Read what a statement goes by, and refuse what contradicts the loan."""
    terms = StatementTerms(schedule, **words_of(penalty, allocation, interest, rest))
    _check(terms)
    return terms


def words_of(penalty: object, allocation: object, interest: object, rest: object) -> dict[str, Any]:
    """Read what a statement goes by, and refuse what contradicts itself, whatever the loan."""
    words = {
        "penalty": to_penalty(penalty),
        "allocation": _allocation(allocation),
        "interest": check_word("interest", interest, get_args(InterestOn)),
        "rest": check_word("rest", rest, get_args(Rest)),
    }
    if rest == "due_date" and interest != "balance":
        why = {
            "schedule": "the interest of the schedule does not ask when money came",
            "daily_simple": "daily simple interest counts a receipt from its own day",
        }
        raise TermsError(
            "rest",
            rest,
            f'rest="day", as {why[words["interest"]]}',
            'leave rest out, or write interest="balance"',
        )
    return words


def _allocation(given: object) -> Allocation:
    if given is None:
        return Allocation()
    if not isinstance(given, Allocation):
        raise TermsError("allocation", given, "an Allocation", "write rp.Allocation.us()")
    return given


def _check(terms: StatementTerms) -> None:
    """Refuse what contradicts the loan."""
    loan = terms.schedule.loan
    if terms.interest != "schedule" and (loan.method == "flat" or loan.interest_base != "balance"):
        raise TermsError(
            "interest",
            terms.interest,
            "a loan whose interest is on its balance; this one has it on what was lent",
            'write interest="schedule"',
        )
    if terms.penalty is None:
        return
    penalties = (terms.penalty.initial, *(value for _, value in terms.penalty.changes))
    grace_days = max(each.grace_days for each in penalties)
    if not grace_days:
        return
    shortest = _shortest_period(terms.schedule)
    if grace_days >= shortest:
        raise TermsError(
            "grace_days",
            grace_days,
            f"fewer days than a period has, {shortest}",
            f"write grace_days={shortest - 1} or less",
        )


def _shortest_period(schedule: Schedule) -> int:
    """Return the fewest days of a period, whichever due dates it has in its turn."""
    ledger = schedule.ledger
    tables = ledger.timetables
    last = max(ledger.last_number, tables[-1].before + 1)
    ends = [*(table.before for table in tables[1:]), last]
    return min(
        table.shortest(end - table.before)
        for table, end in zip(tables, ends, strict=True)
        if end > table.before
    )
