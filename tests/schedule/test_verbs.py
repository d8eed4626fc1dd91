"""A verb takes the parameters of its change: in its signature, its help, its types, its errors."""

from __future__ import annotations

import inspect
import pickle
from typing import assert_type

import pytest

import repaylib as rp
from repaylib.schedule import verbs
from tests.strategies.parameters import VERBS

PLAN = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
BOOK = rp.Portfolio(principal=["1000", "2000"], rate="12%", payments=12, start="2024-01-10")


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_has_the_parameters_of_its_change(name: str) -> None:
    made, change, _, _ = VERBS[name]
    schedule, *own, where = inspect.signature(made).parameters.values()
    assert own == list(inspect.signature(change).parameters.values())
    assert (schedule.name, where.name, where.default) == ("schedule", "where", True)
    names = [*inspect.signature(made).parameters, "return"]
    assert list(inspect.get_annotations(made)) == names


def test_a_verb_is_made_of_a_change() -> None:
    @verbs.verb(rp.changes.Prepayment)
    def overpay() -> None:
        """Pay more than is due.

        Examples
        --------
        >>> "see prepay"
        """

    assert overpay(PLAN, "100", with_payment=3) == rp.prepay(PLAN, "100", with_payment=3)
    assert getattr(overpay, "__name__", None) == "overpay"
    assert (inspect.getdoc(overpay) or "").startswith("Pay more than is due.\n\nParameters\n")


@pytest.mark.parametrize("name", VERBS)
def test_the_help_of_a_verb_describes_every_parameter(name: str) -> None:
    made, change, _, _ = VERBS[name]
    text = inspect.getdoc(made) or ""
    parameters = text.partition("Parameters\n----------\n")[2].partition("\nExamples\n")[0]
    described = {
        word for line in parameters.splitlines() if line[:1].strip() for word in line.split(", ")
    }
    assert described == set(inspect.signature(made).parameters)
    assert ":class:`" not in text.partition("\n")[0], "the summary stands for itself"
    assert (inspect.getdoc(change) or "").partition("Parameters\n----------\n")[2][:200] in text


def test_types_are_known_of_one_loan_and_of_a_book() -> None:
    assert_type(rp.defer(PLAN, 4, 2, repay="last"), rp.Schedule)
    assert_type(rp.defer(PLAN.loan, payment=4, where=False), rp.Schedule)
    assert_type(rp.defer(BOOK, payment=[4, None]), rp.portfolio.PortfolioSchedule)
    with pytest.raises(rp.RepayError):
        rp.defer(PLAN, payment="four")  # type: ignore[call-overload]  # is refused
    with pytest.raises(rp.RepayError):
        rp.prepay(PLAN, "100", with_payment=3, hold="rate")  # type: ignore[call-overload]  # is refused


@pytest.mark.parametrize("loans", [PLAN, PLAN.loan, BOOK])
def test_a_call_that_does_not_fit_names_the_verb(loans: object) -> None:
    with pytest.raises(TypeError, match=r"^defer\(\) got an unexpected keyword argument 'paymnet'"):
        rp.defer(loans, paymnet=4)  # type: ignore[call-overload]  # is refused
    with pytest.raises(TypeError, match=r"^prepay\(\) missing a required argument: 'amount'"):
        rp.prepay(loans, with_payment=3)  # type: ignore[call-overload]  # is refused
    with pytest.raises(TypeError, match=r"^defer\(\) too many positional arguments"):
        rp.defer(loans, 4, 1, "schedule")  # type: ignore[call-overload]  # is refused
    with pytest.raises(TypeError, match=r"^defer\(\) multiple values for argument 'payment'"):
        rp.defer(loans, 4, payment=4)  # type: ignore[call-overload]  # is refused
    with pytest.raises(TypeError, match="schedule"):
        rp.defer(payment=4)  # type: ignore[call-overload]  # is refused


def test_a_verb_is_a_function_of_its_name() -> None:
    for name, (verb, *_) in VERBS.items():
        assert inspect.isfunction(verb)
        assert verb.__name__ == name
        assert pickle.loads(pickle.dumps(verb)) is verb
