"""The fields of a loan: a default stands for what is read from it."""

from __future__ import annotations

import inspect

import pytest

import repaylib as rp
from repaylib.terms.loan_fields import FOLLOWING, READERS

LOANS = [
    rp.Loan("10000", "12%", 12, "2024-01-10"),
    rp.Loan("10000", "12%", 26, "2024-01-31", every="2 weeks", currency="JPY", month_end=True),
    rp.Loan("10000", "12%", start="2024-01-10", maturity="2025-01-10", method="flat"),
]


@pytest.mark.parametrize("loan", LOANS)
def test_a_default_is_what_is_read_from_it(loan: rp.Loan) -> None:
    """A loan keeps a default without reading it."""
    defaults = {
        name: parameter.default
        for name, parameter in inspect.signature(rp.Loan).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY and name not in FOLLOWING
    }
    assert len(defaults) > 30
    for name, default in defaults.items():
        read = READERS[name](default, name, loan)
        assert (type(read), read) == (type(default), default), name


def test_what_follows_from_others_is_read() -> None:
    monthly, weekly = LOANS[0], LOANS[1]
    assert (monthly.decimals, monthly.day_count, monthly.roll) == (2, "periodic", "none")
    assert (weekly.decimals, weekly.day_count, weekly.roll) == (0, "actual/365", "none")
    assert set(READERS) >= FOLLOWING
