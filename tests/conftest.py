"""Hypothesis profiles: a moderate one by default, ``--hypothesis-profile=long`` on demand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings

import repaylib as rp

settings.register_profile(
    "moderate",
    max_examples=200,
    deadline=timedelta(seconds=60),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    derandomize=True,
)
settings.register_profile(
    "long",
    max_examples=5_000,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("moderate")


@pytest.fixture(scope="session")
def plan() -> rp.Schedule:
    """The loan of the documentation: 10,000 at 12 % over 12 months from 2024-01-10."""
    return rp.amortise(rp.Loan(principal="10000", rate="12%", payments=12, start="2024-01-10"))
