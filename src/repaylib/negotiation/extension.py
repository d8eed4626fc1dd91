"""How far a loan may be extended by rule, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple, get_args

from repaylib.dates.days import add_months, months_elapsed
from repaylib.errors import check_word
from repaylib.money.counts import to_count
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.verbs import as_schedule
from repaylib.terms.loan import Loan
from repaylib.typing import ExtensionRule

__all__ = ["EXTENSION_RULES", "ExtensionBand", "ExtensionLimit", "extension_limit"]


class ExtensionBand(NamedTuple):
    """What holds for loans of a length.

    Attributes
    ----------
    up_to
        For loans of at most so many months; ``None`` for all longer ones.
    share
        All extensions together are at most this share of the term as agreed at first; 1/2 of 36
        months are 18.
    months
        They are at most so many months.
    whole
        The term as agreed and all extensions together are at most the product's longest term.
    """

    up_to: int | None
    share: Fraction | None = None
    months: int | None = None
    whole: bool = False


#: The rules, with their sources.
EXTENSION_RULES: dict[ExtensionRule, tuple[tuple[ExtensionBand, ...], str]] = {
    "general_rules": (
        (
            ExtensionBand(12, share=Fraction(1)),
            ExtensionBand(60, share=Fraction(1, 2)),
            ExtensionBand(None, months=36),
        ),
        "贷款通则 art. 12",
    ),
    "personal": (
        (ExtensionBand(12, share=Fraction(1)), ExtensionBand(None, whole=True)),
        "个人贷款管理暂行办法 art. 39",
    ),
}


@dataclass(frozen=True, slots=True)
class ExtensionLimit:
    """How far a loan may be extended by a rule.

    Attributes
    ----------
    rule
        The word of the rule.
    term
        The term as agreed at first, in months; one that has begun counts.
    months
        How many months all extensions together may be.
    end
        The end as agreed at first.
    latest
        The latest end.
    source
        Where it is written.
    """

    rule: ExtensionRule
    term: int
    months: int
    end: date
    latest: date
    source: str

    def __str__(self) -> str:
        months = f"{self.months} month{'s' * (self.months != 1)}"
        return (
            f"a loan of {self.term} months may be extended by {months} in all, "
            f"to {self.latest} ({self.source})"
        )


def extension_limit(
    schedule: Schedule | Loan, rule: ExtensionRule | None = None, *, longest: int = 60
) -> ExtensionLimit:
    """Return how far a loan may be extended, counted from the end as agreed at first.

    Parameters
    ----------
    schedule
        A loan, or a schedule of it; its own extensions so far are part of what is allowed.
    rule
        Both are Chinese, and one is to be given.

        ``"general_rules"``
            loans of up to a year by as much again, of up to five years by half of it, longer ones
            by three years: 36 months by 18.
        ``"personal"``
            loans of up to a year by as much again, longer ones up to the product's `longest`
            term: 36 months by 24, where that is 60.
    longest
        The product's longest term in months, for ``"personal"``.

    Raises
    ------
    RepayError
        For a rule that is not known.

    Examples
    --------
    >>> import repaylib as rp
    >>> print(rp.extension_limit(rp.Loan("10000", "12%", 12, "2024-01-10"), "general_rules"))
    a loan of 12 months may be extended by 12 months in all, to 2026-01-10 (贷款通则 art. 12)
    >>> rp.extension_limit(rp.Loan("10000", "12%", 36, "2024-01-10"), "personal").months
    24
    """
    word: ExtensionRule = check_word("rule", rule, get_args(ExtensionRule))
    to_count(longest, "longest", such=60)
    plan = as_schedule(schedule)
    first = plan if not plan.changes else Schedule(plan.loan)
    start, end = plan.loan.start, first.maturity
    term = months_elapsed(start, end)
    if term == 0 or add_months(start, term) < end:
        term += 1
    bands, source = EXTENSION_RULES[word]
    band = next(each for each in bands if each.up_to is None or term <= each.up_to)
    months = max(0, longest - term) if band.whole else band.months
    if band.share is not None:
        months = int(term * band.share)
    months = months or 0
    latest = plan.loan.timetable.months_after(end, months)
    return ExtensionLimit(word, term, months, end, latest, source)
