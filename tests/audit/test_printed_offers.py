"""What the library prints of a loan is read back by `check_offer`, and found to agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from tests.strategies.loans import examples

#: A search within bounds finds most loans, not every one: its examples stay the same.
SEARCHES = settings(max_examples=examples(30), derandomize=True)

FEES: list[tuple[rp.Fee, ...]] = [
    (),
    (rp.Fee("100"),),
    (rp.Fee("1%"),),
    (rp.Fee("150", collected="financed"),),
    (rp.Fee("1%"), rp.Fee("5", when="instalment")),
    (rp.Fee("80"), rp.Fee("20", when="end")),
]
EXTRAS: list[dict[str, Any] | None] = [
    None,
    None,
    {"with_payment": 3, "every": 3},
    {"with_payment": 2, "every": 4},
    {"with_payment": 6, "every": 6},
]
WORDS: list[dict[str, Any]] = [
    {},
    {"method": "equal_principal"},
    {"instalment": rp.terms.lumps("300", every=6)},
    {"interest_remainder": "last"},
    {"interest_remainder": "carried"},
    {"day_count": "actual/365"},
    {"method": "flat", "interest_split": "rule_of_78"},
    {"fee_tax": "20%"},
    {"interest_tax": "10%", "fee_tax": "20%"},
]


@st.composite
def printed_plans(draw: st.DrawFn) -> rp.Schedule:
    """Loans as people have them, with a fee at the start, extra payments, lump sums, remainders."""
    words = draw(st.sampled_from(WORDS))
    loan = rp.Loan(
        draw(st.integers(20, 500)) * 100,
        Fraction(draw(st.integers(8, 96)), 400),
        draw(st.sampled_from([12, 18, 24])),
        draw(st.dates(date(2023, 1, 1), date(2025, 12, 28)).filter(lambda day: day.day < 29)),
        fees=draw(st.sampled_from(FEES)),
        **words,
    )
    extra = draw(st.sampled_from(EXTRAS))
    if extra is None or words:
        return rp.amortise(loan)
    return rp.prepay(loan, loan.principal / 50, **extra)


@SEARCHES
@given(printed_plans(), st.sampled_from(["rows", "text", "csv", "markdown", "zh"]), st.booleans())
def test_what_is_printed_agrees(plan: rp.Schedule, form: str, stated: bool) -> None:
    forms: dict[str, Any] = {
        "rows": lambda: plan.rows,
        "text": plan.to_text,
        "csv": plan.to_csv,
        "markdown": plan.to_markdown,
        "zh": lambda: plan.to_text(lang="zh"),
    }
    silent: dict[str, Any] = {"fees": (), "instalment": None, "interest_remainder": None}
    bare = replace(plan.loan, **silent, interest_split="equal")
    known: dict[str, Any] = {"loan": bare} if stated else {"start": plan.loan.start}
    check = rp.check_offer(forms[form](), **known)
    assert check.agrees, f"{plan}\n{check}"
    for row, ours in zip(plan, check.schedule, strict=True):
        assert (row.date, row.payment, row.interest) == (ours.date, ours.payment, ours.interest)
        assert (row.principal, row.fee, row.closing) == (ours.principal, ours.fee, ours.closing)
    if plan.changes and len([row for row in plan if row.prepaid]) > 1:
        (change,) = check.schedule.changes
        assert isinstance(change, rp.changes.Prepayment)
        assert change.every is not None
