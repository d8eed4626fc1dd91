"""How thoroughly the tests run, and what a skipped test means.

Hypothesis profiles: ``quick`` by default, ``--hypothesis-profile=moderate`` in CI and
``--hypothesis-profile=long`` on demand.

A test that needs something a machine may lack (a Java runtime, a large package of the extra
``test-full``) is skipped with the reason. With ``REPAYLIB_NO_SKIPS=1`` such a test fails.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings

import repaylib as rp

NO_SKIPS = "REPAYLIB_NO_SKIPS"

settings.register_profile(
    "moderate",
    max_examples=200,
    deadline=timedelta(seconds=60),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    derandomize=True,
)
settings.register_profile("quick", settings.get_profile("moderate"), max_examples=40)
settings.register_profile(
    "long",
    max_examples=5_000,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("quick")


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure where none is allowed; an expected failure is no skip."""
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(NO_SKIPS):
        report.outcome = "failed"
        report.longrepr = f"skipped, but {NO_SKIPS} is set: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.fixture(scope="session")
def plan() -> rp.Schedule:
    """The loan of the documentation: 10,000 at 12 % over 12 months from 2024-01-10."""
    return rp.amortise(rp.Loan(principal="10000", rate="12%", payments=12, start="2024-01-10"))
