"""Bad input is refused by name, with the value, what was expected and what to write."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import repaylib as rp
from repaylib.schedule.serialization import ADDED, ADDED_TO


def wrong(value: object) -> Any:
    """Return a value that is of a wrong type, or of none that mypy knows to be right, on purpose."""
    return value


GOOD: dict[str, Any] = {
    "principal": "10000",
    "rate": "12%",
    "payments": 12,
    "start": "2024-01-10",
}


@pytest.mark.parametrize(
    ("parameter", "value", "kind", "hint"),
    [
        ("principal", 10000.0, rp.errors.AmountError, 'write "10000.00"'),
        ("principal", 0.1 + 0.2, rp.errors.AmountError, 'write "0.30000000000000004"'),
        ("principal", float("nan"), rp.errors.AmountError, "write"),
        ("principal", float("inf"), rp.errors.AmountError, "write"),
        ("principal", np.float64(5), rp.errors.AmountError, 'write "5.00"'),
        ("principal", "0", rp.errors.AmountError, "write"),
        ("principal", "-1", rp.errors.AmountError, "write"),
        ("principal", Decimal("NaN"), rp.errors.AmountError, "write"),
        ("principal", Decimal("sNaN"), rp.errors.AmountError, "write"),
        ("principal", Decimal("Infinity"), rp.errors.AmountError, "write"),
        ("principal", "NaN", rp.errors.AmountError, "write"),
        ("principal", Decimal("1E+1000000"), rp.errors.AmountError, "write"),
        ("principal", "1e999999999", rp.errors.AmountError, "write"),
        ("principal", Decimal("1E-1000000"), rp.errors.AmountError, "write"),
        ("principal", "10,000", rp.errors.AmountError, 'write "10000"'),
        ("principal", "10_000", rp.errors.AmountError, 'write "10000"'),
        ("principal", "ten", rp.errors.AmountError, "write"),
        ("principal", "", rp.errors.AmountError, "write"),
        ("principal", None, rp.errors.AmountError, "write"),
        ("principal", True, rp.errors.AmountError, "write"),
        ("principal", Fraction(1, 3), rp.errors.AmountError, "write"),
        ("principal", "100.005", rp.errors.AmountError, 'write "100.01"'),
        ("rate", 12, rp.errors.RateError, 'write "12%"'),
        (
            "rate",
            12.0,
            rp.errors.RateError,
            'write "12%" if it is per cent, "1200%" if it is a share',
        ),
        (
            "rate",
            0.5,
            rp.errors.RateError,
            'write "50%" if it is a share, "0.5%" if it is per cent',
        ),
        ("rate", 5000.0, rp.errors.RateError, 'write "5000%"'),
        ("rate", "5000", rp.errors.RateError, 'write "5000%"'),
        ("rate", 1, rp.errors.RateError, 'write "1%"'),
        ("rate", 0.12, rp.errors.RateError, 'write "12%"'),
        ("rate", "12", rp.errors.RateError, 'write "12%"'),
        ("rate", "-1%", rp.errors.RateError, "write"),
        ("rate", "NaN%", rp.errors.RateError, "write"),
        ("rate", "1/0%", rp.errors.RateError, "write"),
        ("rate", Decimal("Infinity"), rp.errors.RateError, "write"),
        ("rate", Decimal("1E-999999"), rp.errors.RateError, "write"),
        ("rate", "1e9999999%", rp.errors.RateError, "write"),
        ("rate", "200000%", rp.errors.RateError, "write"),
        ("rate", True, rp.errors.RateError, "write"),
        ("rate", None, rp.errors.RateError, "write"),
        ("payments", 0, rp.errors.CountError, "write"),
        ("payments", -3, rp.errors.CountError, "write"),
        ("payments", 12.0, rp.errors.CountError, "write"),
        ("payments", 1.5, rp.errors.CountError, "write"),
        ("payments", "12", rp.errors.CountError, "write"),
        ("payments", True, rp.errors.CountError, "write"),
        ("payments", 10**9, rp.errors.CountError, "write"),
        ("start", "10.01.2024", rp.errors.DateError, 'write start="2024-01-10"'),
        ("start", "2024-02-30", rp.errors.DateError, "write"),
        ("start", datetime(2024, 1, 10, 9, 30), rp.errors.DateError, 'write start="2024-01-10"'),
        ("start", np.datetime64("NaT", "D"), rp.errors.DateError, "write"),
        ("start", 20240110, rp.errors.DateError, "write"),
        ("start", "9999-12-01", rp.errors.DateError, "take fewer payments"),
        ("start", "9999-06-10", rp.errors.DateError, "take fewer payments"),
        ("first_payment", "2024-01-10", rp.errors.TermsError, "write a later first due date"),
        ("first_payment", "2023-12-10", rp.errors.TermsError, "write a later first due date"),
        ("method", "annuity", rp.errors.ChoiceError, 'write method="level"'),
        ("method", "spiral", rp.errors.ChoiceError, "write one of them"),
        ("every", "weekly", rp.errors.ChoiceError, 'write every="week"'),
        ("day_count", "365", rp.errors.ChoiceError, "write one of them"),
        ("odd_days", "none", rp.errors.ChoiceError, "write one of them"),
        ("rounding", "bankers", rp.errors.ChoiceError, "write one of them"),
        ("every", "fortnight", rp.errors.ChoiceError, 'write every="month"'),
        ("every", "0 months", rp.errors.ChoiceError, 'write every="month"'),
        ("currency", "RMB", rp.errors.ChoiceError, 'write currency="CNY"'),
        ("currency", None, rp.errors.ChoiceError, 'write currency="CNY"'),
        ("instalment", "0", rp.errors.AmountError, "write"),
        ("negative_amortisation", 1, rp.errors.TermsError, "write negative_amortisation=True"),
    ],
)
def test_bad_terms(parameter: str, value: object, kind: type[rp.RepayError], hint: str) -> None:
    with pytest.raises(kind) as caught:
        rp.Loan(**{**GOOD, parameter: value})
    error = caught.value
    assert parameter in str(error)
    assert hint in error.hint
    assert error.expected
    assert "\n" not in str(error)
    assert isinstance(error, rp.RepayError)
    assert isinstance(error, ValueError)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_date_that_is_refused_is_the_one_given() -> None:
    """The calendar ends with 9999; the error does not blame a date that nobody wrote."""
    for terms, parameter, value in (
        ({"start": "9999-06-10"}, "start", "9999-06-10"),
        ({"start": "9998-06-10", "first_payment": "9999-03-20"}, "first_payment", "9999-03-20"),
        ({"start": "9999-06-10", "in_advance": True}, "start", "9999-06-10"),
        ({"start": "0001-01-05", "first_payment": "0001-01-20"}, "first_payment", "0001-01-20"),
    ):
        with pytest.raises(rp.errors.DateError) as caught:
            rp.Loan(**{**GOOD, **terms})
        assert (caught.value.parameter, caught.value.value) == (parameter, value)


LATE = rp.Loan(**{**GOOD, "start": "9998-06-10"})


@pytest.mark.parametrize(
    ("change", "parameter", "value"),
    [
        (rp.changes.Deferral(4, 10), "periods", "10"),
        (rp.changes.Deferral(12, 9, scope="instalment"), "periods", "9"),
        (rp.changes.Rescheduling(100, payment=4), "payments", "100"),
        (rp.changes.Rescheduling(3, payment=12, every="year"), "payments", "3, yearly"),
        (rp.changes.Rescheduling(instalment="200", payment=4), "instalment", "200.00"),
        (rp.changes.Rescheduling(instalment="200", payment=12, every="year"), "every", "year"),
        (rp.changes.RateChange("100%", payment=4, hold="payment"), "hold", "payment"),
        (rp.changes.Advance("9000", with_payment=3, hold="payment"), "hold", "payment"),
    ],
)
def test_a_change_beyond_the_calendar(
    change: rp.changes.Change, parameter: str, value: str
) -> None:
    with pytest.raises(rp.RepayError, match="9999-12-31, when the calendar ends") as caught:
        rp.amortise(LATE, change)
    assert (caught.value.parameter, caught.value.value) == (parameter, value)


def test_an_earlier_change_beyond_the_calendar_is_named() -> None:
    agreed = rp.amortise(LATE, rp.changes.Deferral(6, 6))
    with pytest.raises(
        rp.errors.TermsError, match=r"number 1, .*, then fails: periods: got '6'"
    ) as caught:
        rp.defer(agreed, 2, 3)
    assert caught.value.change == 2


def test_nothing_put_off_is_said_of_the_part(plan: rp.Schedule) -> None:
    much: list[dict[str, Any]] = [{"share": "10%"}, {"amount": "10"}]
    for words in much:
        with pytest.raises(rp.errors.AmountError) as caught:
            rp.forgive(plan, of="deferred_interest", with_payment=3, **words)
        assert (caught.value.parameter, caught.value.value) == ("of", "deferred_interest")


def test_which_of_several_changes_failed(plan: rp.Schedule) -> None:
    good, bad = rp.changes.Deferral(4), rp.changes.RateChange("8%", payment=99)
    calls: list[Callable[[], object]] = [
        lambda: rp.amortise(plan.loan, good, bad),
        lambda: rp.Schedule(plan.loan, [good, bad]),
        lambda: plan.then(good).then(good, bad),
    ]
    for call in calls:
        with pytest.raises(rp.errors.CountError) as caught:
            call()
        number = caught.value.change
        assert number in (2, 3)
        assert caught.value.__notes__ == [f"change {number}: {bad}"]
        again = pickle.loads(pickle.dumps(caught.value))
        assert (again.change, again.__notes__) == (number, caught.value.__notes__)
    with pytest.raises(rp.errors.CountError) as caught:
        plan.then(bad)
    assert caught.value.change == 1
    assert not hasattr(caught.value, "__notes__")


def test_decimals_of_the_currency() -> None:
    with pytest.raises(rp.errors.AmountError, match="whole JPY"):
        rp.Loan(**{**GOOD, "principal": "100.5", "currency": "JPY"})
    assert rp.Loan(**{**GOOD, "principal": "100.125", "currency": "KWD"})
    assert rp.Loan(**{**GOOD, "principal": "100.500"})


def test_words_are_listed() -> None:
    with pytest.raises(rp.errors.ChoiceError) as caught:
        rp.changes.Deferral(4, repay=wrong("later"))
    for word in ("next", "now", "spread", "last", "capitalise"):
        assert f'"{word}"' in str(caught.value)


@pytest.mark.parametrize(
    ("make", "kind", "parameter"),
    [
        (lambda: rp.changes.Deferral(), rp.errors.TermsError, "payment"),
        (lambda: rp.changes.Deferral(4, on="2024-04-10"), rp.errors.TermsError, "payment"),
        (lambda: rp.changes.Deferral(0), rp.errors.CountError, "payment"),
        (lambda: rp.changes.Deferral(4, -1), rp.errors.CountError, "periods"),
        (lambda: rp.changes.Deferral(4, wrong(1.0)), rp.errors.CountError, "periods"),
        (
            lambda: rp.changes.Deferral(4, capitalise_every=0, repay="capitalise"),
            rp.errors.CountError,
            "capitalise_every",
        ),
        (
            lambda: rp.changes.Deferral(4, capitalise_every=3),
            rp.errors.TermsError,
            "capitalise_every",
        ),
        (lambda: rp.changes.Deferral(4, base="principal"), rp.errors.TermsError, "base"),
        (lambda: rp.changes.Deferral(4, rate="9%"), rp.errors.TermsError, "rate"),
        (
            lambda: rp.changes.Deferral(4, pause="principal", repay="last"),
            rp.errors.TermsError,
            "repay",
        ),
        (
            lambda: rp.changes.Deferral(4, scope="instalment", repay="capitalise"),
            rp.errors.TermsError,
            "repay",
        ),
        (lambda: rp.changes.Deferral(4, hold=wrong("term")), rp.errors.ChoiceError, "hold"),
        (lambda: rp.changes.RateChange(wrong(8), payment=4), rp.errors.RateError, "rate"),
        (lambda: rp.changes.RateChange("8%"), rp.errors.TermsError, "payment"),
        (lambda: rp.changes.RateChange("8%", payment=4, until=4), rp.errors.TermsError, "until"),
        (
            lambda: rp.changes.RateChange("8%", payment=4, until="0001-01-01"),
            rp.errors.TermsError,
            "until",
        ),
        (
            lambda: rp.changes.RateChange("8%", on="2024-04-10", until="2024-04-10"),
            rp.errors.TermsError,
            "until",
        ),
        (lambda: rp.changes.Prepayment("0", with_payment=3), rp.errors.AmountError, "amount"),
        (
            lambda: rp.changes.Prepayment(wrong(5.0), with_payment=3),
            rp.errors.AmountError,
            "amount",
        ),
        (
            lambda: rp.changes.Prepayment("5", with_payment=3, hold=wrong("count")),
            rp.errors.ChoiceError,
            "hold",
        ),
        (lambda: rp.changes.Rescheduling(payment=4), rp.errors.TermsError, "payments"),
        (
            lambda: rp.changes.Rescheduling(12, instalment="700", payment=4),
            rp.errors.TermsError,
            "payments",
        ),
        (lambda: rp.changes.Rescheduling(0, payment=4), rp.errors.CountError, "payments"),
        (lambda: rp.changes.Forgiveness(with_payment=3), rp.errors.TermsError, "amount"),
        (
            lambda: rp.changes.Forgiveness("5", share="5%", with_payment=3),
            rp.errors.TermsError,
            "amount",
        ),
        (
            lambda: rp.changes.Forgiveness(share="101%", with_payment=3),
            rp.errors.RateError,
            "share",
        ),
        (
            lambda: rp.changes.Forgiveness("5", of=wrong("fees"), with_payment=3),
            rp.errors.ChoiceError,
            "of",
        ),
        (
            lambda: rp.changes.EarlySettlement(on="2024-04-10", fee="-1"),
            rp.errors.AmountError,
            "fee",
        ),
        (
            lambda: rp.changes.EarlySettlement(on="2024-04-10", fee="200%"),
            rp.errors.RateError,
            "fee",
        ),
        (lambda: rp.daily("0.05%", basis=250), rp.errors.ChoiceError, "basis"),
        (lambda: rp.daily(wrong(0.05)), rp.errors.RateError, "rate"),
    ],
)
def test_bad_changes(make: Callable[[], object], kind: type[rp.RepayError], parameter: str) -> None:
    with pytest.raises(kind) as caught:
        make()
    assert caught.value.parameter == parameter


@pytest.mark.parametrize(
    ("change", "kind", "parameter"),
    [
        (rp.changes.Deferral(13), rp.errors.CountError, "payment"),
        (rp.changes.Deferral(on="2024-01-09"), rp.errors.DateError, "on"),
        (rp.changes.Deferral(on="2025-01-10"), rp.errors.DateError, "on"),
        (rp.changes.Prepayment("1", on="2025-06-01"), rp.errors.DateError, "on"),
        (rp.changes.Deferral(10, 3, hold="maturity"), rp.errors.TermsError, "periods"),
        (rp.changes.Deferral(12, hold="last"), rp.errors.TermsError, "periods"),
        (
            rp.changes.Deferral(12, scope="instalment", hold="maturity"),
            rp.errors.TermsError,
            "periods",
        ),
        (
            rp.changes.Deferral(12, scope="instalment", repay="spread"),
            rp.errors.TermsError,
            "periods",
        ),
        (rp.changes.Prepayment("7610.81", with_payment=3), rp.errors.AmountError, "amount"),
        (rp.changes.Prepayment("1.001", with_payment=3), rp.errors.AmountError, "amount"),
        (rp.changes.Forgiveness("7610.81", with_payment=3), rp.errors.AmountError, "amount"),
        (
            rp.changes.Forgiveness("1", of="deferred_interest", with_payment=3),
            rp.errors.AmountError,
            "of",
        ),
        (
            rp.changes.Rescheduling(instalment="76.10", payment=4),
            rp.errors.InstalmentError,
            "instalment",
        ),
        (
            rp.changes.Rescheduling(instalment="76.11", payment=4),
            rp.errors.InstalmentError,
            "instalment",
        ),
        (
            rp.changes.RateChange("500%", payment=2, hold="payment"),
            rp.errors.InstalmentError,
            "instalment",
        ),
        (
            rp.changes.RateChange("500%", payment=2, hold="last"),
            rp.errors.InstalmentError,
            "instalment",
        ),
        (rp.changes.RateChange("8%", payment=4, until="2024-04-01"), rp.errors.TermsError, "until"),
        (rp.changes.RateChange("8%", payment=4, until=99), rp.errors.CountError, "until"),
    ],
)
def test_changes_that_a_schedule_does_not_allow(
    plan: rp.Schedule, change: rp.changes.Change, kind: type[rp.RepayError], parameter: str
) -> None:
    rows = list(plan)
    with pytest.raises(kind) as caught:
        plan.then(change)
    assert caught.value.parameter == parameter
    assert list(plan) == rows
    assert plan.changes == ()


def test_a_payment_below_the_interest_is_allowed_where_the_loan_says_so() -> None:
    low = {"instalment": "50", "payments": 12}
    with pytest.raises(rp.errors.InstalmentError, match=r"100\.00") as caught:
        rp.amortise(rp.Loan(**{**GOOD, **low}))
    assert "negative_amortisation=True" in caught.value.hint
    schedule = rp.amortise(rp.Loan(**{**GOOD, **low}, negative_amortisation=True))
    assert schedule[0].closing == Decimal("10050.00")
    assert schedule[0].capitalised == Decimal("50.00")
    assert schedule[0].interest == Decimal("50.00")
    schedule.check()


def test_no_change_on_a_loan_that_is_over(plan: rp.Schedule) -> None:
    over = rp.forgive(plan, share="100%", on="2024-01-10")
    assert len(over) == 1
    over.check()
    with pytest.raises(rp.errors.DateError, match="ended on 2024-01-10"):
        rp.defer(over, payment=1)


@pytest.mark.parametrize(
    ("edit", "where"),
    [
        ({"version": 3}, "version"),
        ({"version": True}, "version"),
        ({"format": "other"}, "format"),
        ({"extra": 1}, "extra"),
        ({"changes": {}}, "changes"),
        ({"changes": [{"kind": "magic"}]}, "kind"),
        ({"changes": [{}]}, "kind"),
        ({"changes": ["deferral"]}, "changes[0]"),
        ({"changes": [{"kind": "deferral", "payment": 4, "colour": "red"}]}, "colour"),
        ({"loan": {"principal": "1"}}, "loan."),
        ({"loan": []}, "loan"),
    ],
)
def test_bad_stored_schedules(plan: rp.Schedule, edit: dict[str, Any], where: str) -> None:
    with pytest.raises(rp.errors.StorageError) as caught:
        rp.Schedule.from_dict({**plan.to_dict(), **edit})
    assert where in caught.value.parameter


def fields_of(fee: rp.Fee) -> dict[str, Any]:
    """Return a fee as :meth:`to_dict` writes it."""
    loan = rp.Loan(**GOOD, fees=[fee])
    written: dict[str, Any] = rp.amortise(loan).to_dict()["loan"]["fees"][0]["fee"]
    return written


def test_stored_schedules_with_missing_keys(plan: rp.Schedule) -> None:
    for key in plan.to_dict():
        short = {name: value for name, value in plan.to_dict().items() if name != key}
        with pytest.raises(rp.errors.StorageError, match=key):
            rp.Schedule.from_dict(short)
    whole = plan.then(rp.changes.Deferral(4), rp.changes.Advance("100", with_payment=5)).to_dict()
    whole["loan"]["fees"] = [{"fee": fields_of(rp.Fee("1%"))}]
    rp.Schedule.from_dict(whole)
    for where in (whole["loan"], *whole["changes"], whole["loan"]["fees"][0]["fee"]):
        for key in list(where):
            value = where.pop(key)
            added = ADDED | (ADDED_TO["Fee"] if "refund" in {key, *where} else set())
            if key in added:  # without one, its default holds
                rp.Schedule.from_dict(whole)
            else:
                with pytest.raises(rp.errors.StorageError, match=key):
                    rp.Schedule.from_dict(whole)
            where[key] = value
    plain = plan.to_dict()
    plain["loan"]["principal"] = 10000.0
    with pytest.raises(rp.errors.AmountError):
        rp.Schedule.from_dict(plain)
    with pytest.raises(rp.errors.StorageError):
        rp.Schedule.from_dict(wrong("{}"))


NONSENSE = wrong(None)


def deep() -> dict[str, Any]:
    """Return the terms of a loan with lists in lists in place of its fees."""
    fees: list[Any] = []
    for _ in range(20_000):
        fees = [fees]
    terms: dict[str, Any] = rp.amortise(rp.Loan(**GOOD)).to_dict()["loan"]
    return {**terms, "fees": fees}


@pytest.mark.parametrize(
    "call",
    [
        lambda: rp.amortise(wrong("loan")),
        lambda: rp.defer(wrong("loan"), 4),
        lambda: rp.amortise(rp.Loan(**GOOD), wrong("change")),
        lambda: rp.compare(),
        lambda: rp.compare(rp.amortise(rp.Loan(**GOOD)), affordable=wrong(700.0)),
        lambda: rp.compare(rp.amortise(rp.Loan(**GOOD)), names=["a", "b"]),
        lambda: rp.compare(rp.Loan(**GOOD), rp.Loan(**GOOD, currency="EUR")),
        lambda: rp.readings(rp.Loan(**GOOD)),
        lambda: rp.readings(rp.Loan(**GOOD), payment=13),
        lambda: rp.amortise(rp.Loan(**GOOD)).explain(13),
        lambda: rp.amortise(rp.Loan(**GOOD)).explain(0),
        lambda: rp.settle(rp.Loan(**GOOD), on="2025-01-10"),
        lambda: rp.settle(rp.Loan(**GOOD), on="2023-01-10"),
        lambda: rp.Schedule(NONSENSE),
        lambda: rp.Schedule(rp.Loan(**GOOD), NONSENSE),
        lambda: rp.Schedule(rp.Loan(**GOOD), wrong(True)),
        lambda: rp.Schedule(rp.Loan(**GOOD), wrong(rp.changes.Deferral(4))),
        lambda: rp.Schedule.from_json(NONSENSE),
        lambda: rp.Schedule.from_json("[" * 100_000 + "]" * 100_000),
        lambda: rp.Schedule.from_json("{" * 100_000),
        lambda: rp.Schedule.from_dict({**rp.amortise(rp.Loan(**GOOD)).to_dict(), "loan": deep()}),
        lambda: rp.amortise(rp.Loan(**GOOD)).effective_date(NONSENSE),
        lambda: rp.daily("0.05%", basis=wrong(np.array([360, 365]))),
        lambda: rp.daily("0.05%", basis=NONSENSE),
        lambda: rp.daily("0.05%", basis=wrong(360.0)),
        lambda: rp.settle(rp.Loan(**GOOD), on="2024-03-10", method=wrong("rule")),
    ],
)
def test_bad_calls(call: Callable[[], object]) -> None:
    with pytest.raises(rp.RepayError):
        call()


def test_values_are_frozen(plan: rp.Schedule) -> None:
    for value, name in (
        (plan.loan, "principal"),
        (plan, "loan"),
        (plan[0], "payment"),
        (rp.changes.Deferral(4), "periods"),
        (plan.loan.rate, "value"),
    ):
        with pytest.raises((AttributeError, TypeError)):
            setattr(value, name, None)
    with pytest.raises(ValueError, match="read-only"):
        plan.columns["payment"][0] = 0


FOUND: dict[str, Callable[[rp.Schedule], Any]] = {
    "CostSheet": lambda plan: rp.measures.cost_sheet(plan, rule="eu"),
    "CapReport": lambda plan: rp.measures.cap_report(plan, rp.measures.Cap("house", "18%")),
    "Comparison": lambda plan: rp.compare(plan, rp.reschedule(plan, 18, payment=4)),
    "Readings": lambda plan: rp.readings(plan, payment=4, periods=2),
    "Negotiation": lambda plan: rp.negotiate(plan, affordable="700", payment=4, by="term"),
    "Negotiations": lambda plan: rp.negotiate([plan, plan], affordable="700", payment=4),
    "BudgetComparison": lambda _: rp.negotiation.compare_policies(
        [rp.Debt("900", rate="24%", minimum="45", lender="card")], "400", on="2024-04-10"
    ),
    "Rejects": lambda _: (
        rp.Portfolio(
            principal=["1000", "2000"],
            rate=["12%", "high"],
            payments=12,
            start="2024-01-10",
            errors="collect",
        ).rejects
    ),
    "PortfolioSettlement": lambda plan: rp.settle(
        rp.Portfolio(principal=["1000", "2000"], rate="12%", payments=12, start="2024-01-10"),
        on="2024-06-20",
    ),
    "Apr": lambda plan: rp.apr(plan, rule="eu"),
    "Yield": rp.xirr,
}


@pytest.mark.parametrize("name", FOUND)
def test_what_is_found_is_frozen_copied_and_pickled(name: str, plan: rp.Schedule) -> None:
    value = FOUND[name](plan)
    assert type(value).__name__ == name
    names = [
        each for each in ("rows", "on", "rate", "rule", "per", "before") if hasattr(value, each)
    ]
    assert names
    for each in [*names, "colour"]:
        with pytest.raises((AttributeError, TypeError)):
            setattr(value, each, None)
        with pytest.raises((AttributeError, TypeError)):
            delattr(value, each)
    for again in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert str(again) == str(value)
        for each in names:
            assert repr(getattr(again, each)) == repr(getattr(value, each))


@pytest.mark.parametrize(
    "given",
    [
        date(2024, 1, 10),
        datetime(2024, 1, 10),
        np.datetime64("2024-01-10"),
        np.datetime64("2024-01-10T00:00:00"),
        "2024-01-10",
        " 2024-01-10 ",
    ],
)
def test_dates_in_many_forms(given: Any) -> None:
    assert rp.Loan(**{**GOOD, "start": given}) == rp.Loan(**GOOD)


@pytest.mark.parametrize(
    "given", ["10000", 10000, Decimal(10000), "10000.00", np.int64(10000), "1e4"]
)
def test_amounts_in_many_forms(given: Any) -> None:
    assert rp.Loan(**{**GOOD, "principal": given}) == rp.Loan(**GOOD)
    assert str(rp.Loan(**{**GOOD, "principal": given}).principal) == "10000.00"


@pytest.mark.parametrize(
    "given",
    [
        "12%",
        " 12.0 % ",
        Decimal("0.12"),
        Fraction(3, 25),
        rp.monthly("1%"),
        rp.daily("1/30%", basis=360),
        rp.monthly(Decimal("0.01")),
    ],
)
def test_rates_in_many_forms(given: Any) -> None:
    assert rp.Loan(**{**GOOD, "rate": given}) == rp.Loan(**GOOD)
