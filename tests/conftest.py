"""How thoroughly the tests run, and what a skipped test means.

Hypothesis profiles: ``quick`` by default, ``--hypothesis-profile=moderate`` in CI and
``--hypothesis-profile=long`` on demand. Each run draws new examples from one seed, which it prints
first and, where a test fails, last. ``--hypothesis-seed=N`` with the same profile draws the same
examples again (``PYTEST_ADDOPTS=--hypothesis-seed=N`` where another command runs pytest). A failing
example is shown as drawn, so that no failure takes long; ``REPAYLIB_SHRINK=1`` looks for its
smallest form, as the profile ``long`` always does: a thousand examples, run for each file by itself.
No test has a limit of time.

A test that needs something a machine may lack (a Java runtime, a large package of the extra
``test-full``) is skipped with the reason. With ``REPAYLIB_NO_SKIPS=1`` such a test fails.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pkgutil
import secrets
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, Phase, settings

import repaylib as rp

#: What a test records so that the sum of it is printed in the end.
CALLS_MADE = "calls with bad values"
NO_SKIPS = "REPAYLIB_NO_SKIPS"

settings.register_profile(
    "long",
    max_examples=1_000,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
    report_multiple_bugs=False,
)
settings.register_profile(
    "moderate",
    settings.get_profile("long"),
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=tuple(Phase) if os.environ.get("REPAYLIB_SHRINK") else (Phase.explicit, Phase.generate),
)
settings.register_profile("quick", settings.get_profile("moderate"), max_examples=40)
settings.load_profile("quick")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed of this run, before Hypothesis reads it and pytest-xdist passes it on."""
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = str(secrets.randbelow(10**9))


def _tell_seed(config: pytest.Config) -> None:
    writer = config.get_terminal_writer()
    writer.line(f"examples drawn with --hypothesis-seed={config.option.hypothesis_seed}")


def pytest_sessionstart(session: pytest.Session) -> None:
    # Hypothesis also draws the constants of the modules imported so far: a module that a test imports
    # first would make the examples depend on which tests a worker ran before.
    for module in pkgutil.walk_packages(rp.__path__, "repaylib."):
        with contextlib.suppress(ImportError):  # of an optional library that the machine lacks
            importlib.import_module(module.name)
    if not hasattr(session.config, "workerinput"):
        _tell_seed(session.config)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    counts = [
        count
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for name, count in report.user_properties
        if name == CALLS_MADE
    ]
    if counts:
        terminalreporter.write_line(f"{sum(map(int, map(str, counts))):,} {CALLS_MADE}")
    if exitstatus:
        _tell_seed(config)


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
