"""The terms of a case of published figures: what its tables stand for, and what it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from inspect import signature
from typing import Any

from repaylib.arrears.allocation import Allocation
from repaylib.arrears.balances import Balances
from repaylib.arrears.events import Charge, Receipt
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.arrears.statements import statement
from repaylib.cli.dossier import TABLES_OF, build, placed
from repaylib.errors import ChoiceError, Phrase, TermsError, check_word
from repaylib.measures.annual_rates.apr_value import apr
from repaylib.measures.credit_costs import flat_to_effective
from repaylib.measures.yields import irr, xirr
from repaylib.rates import level_payments
from repaylib.rates.index_rate import indexed
from repaylib.rates.rate import compounded, daily, effective, monthly
from repaylib.rates.step_schedule import steps
from repaylib.schedule import verbs
from repaylib.schedule.settlement import settle
from repaylib.terms.instalments import graduated, lumps
from repaylib.terms.loan import Loan
from repaylib.terms.seasons import seasonal
from repaylib.terms.settlement_fees import SettlementFee

__all__ = ["CHANGES", "QUESTIONS", "build_loan", "call", "check_keys", "figure_of", "values_of"]

#: What a figure is, or what holds figures.
FIGURES = (Decimal, Fraction, int, date, str, Balances)
CHANGES: dict[str, Callable[..., Any]] = {
    name: getattr(verbs, name)
    for name in ("defer", "change_rate", "prepay", "reschedule", "forgive", "forbear", "advance")
}
#: What can be asked of a schedule, or without one: the functions of ``repaylib`` by name.
QUESTIONS: dict[str, Callable[..., Any]] = {
    "settle": settle,
    "statement": statement,
    "apr": apr,
    "xirr": xirr,
    "irr": irr,
    "flat_to_effective": flat_to_effective,
    **{name: getattr(level_payments, name) for name in level_payments.__all__},
}
#: What a table with one key is, such as ``{compounded = {rate = "5%", times = 2}}``.
MADE: dict[str, Callable[..., Any]] = {
    "compounded": compounded,
    "daily": daily,
    "effective": effective,
    "monthly": monthly,
    "steps": steps,
    "indexed": indexed,
    "graduated": graduated,
    "lumps": lumps,
    "seasonal": seasonal,
    "receipt": Receipt,
    "charge": Charge,
    "penalty_terms": PenaltyTerms,
    "allocation": Allocation,
    "settlement_fee": SettlementFee,
}
#: Parameters of questions that hold flows: pairs of a day and an amount, or, of a regular series,
#: the first day, the amount, how many, and how often.
FLOWS = ("flows", "advances", "payments")


def build_loan(where: str, given: Mapping[str, Any]) -> Loan:
    """Return the loan of a table."""
    return build(where, Loan, values_of(where, given))


def call(
    where: str, functions: Mapping[str, Callable[..., Any]], given: Mapping[str, Any], plan: Any
) -> Any:
    """Call the function that a table with one key names."""
    if len(given) != 1:
        hint = Phrase("write {}", "{settle = {...}}")
        raise TermsError(where, given, "a table with one key", hint)
    ((name, options),) = given.items()
    check_word(where, name, tuple(functions))
    if not isinstance(options, dict):
        form = f"{name} = {{...}}"
        raise TermsError(f"{where}.{name}", options, Phrase("a table {}", form),
                         Phrase("write {}", form))  # fmt: skip
    function, place = functions[name], f"{where}.{name}"
    parameters = tuple(signature(function).parameters)
    check_keys(options, parameters, place)
    values = values_of(place, options)
    if plan is not None:
        values = {parameters[0]: plan, **values}
    for needed, each in signature(function).parameters.items():
        if each.default is each.empty:
            values.setdefault(needed, None)
    with placed(place):
        return function(**values)


def values_of(where: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters with what their tables stand for."""
    found = {}
    for name, value in options.items():
        if name in FLOWS and isinstance(value, list):
            found[name] = list(_flows(value))
        elif name in TABLES_OF:
            make, place = TABLES_OF[name], f"{where}.{name}"
            rows = value if isinstance(value, list) else [value]
            built = [build(place, make, each) for each in rows]
            found[name] = built if isinstance(value, list) else built[0]
        else:
            found[name] = _made(f"{where}.{name}", value)
    return found


def _made(where: str, value: Any) -> Any:
    """Return what a value of a file stands for."""
    if isinstance(value, list):
        return [_made(f"{where}[{index}]", each) for index, each in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and next(iter(value)) in MADE:
        ((name, options),) = value.items()
        make, place = MADE[name], f"{where}.{name}"
        if not isinstance(options, dict):  # the first parameter alone, as in {monthly = "1%"}
            options = {next(iter(signature(make).parameters)): options}
        return build(place, make, values_of(place, options))
    return {
        int(key) if key.isdecimal() else key: _made(f"{where}.{key}", each)
        for key, each in value.items()
    }


def _flows(lines: list[Any]) -> Iterator[Any]:
    """Yield flows, with each regular series as its flows."""
    for line in lines:
        if isinstance(line, list) and len(line) == 4:
            first, amount, count, every = line
            series = Loan("1", "0%", count, first, every=every, in_advance=True)
            for day in series.timetable.accrual_dates(1, count):
                yield day, amount
        else:
            yield tuple(line) if isinstance(line, list) else line


def figure_of(where: str, answer: Any, path: str) -> Any:
    """Return a figure of an answer by its name, such as ``balances.penalty``."""
    if path == "value":
        return answer
    for name in path.split("."):
        found = None if name.startswith("_") else getattr(answer, name, None)
        if found is None or callable(found):
            known = [each for each in dir(answer) if not each.startswith("_")]
            data = [each for each in known if isinstance(getattr(answer, each, None), FIGURES)]
            raise ChoiceError(
                f"{where}.{path}", name, Phrase("a figure of {}", type(answer).__name__),
                Phrase("write one of {}", ", ".join(data)),
            )  # fmt: skip
        answer = found
    return answer


def check_keys(given: Mapping[str, Any], options: Iterable[str], where: str) -> None:
    """Refuse a key that is not one of the options."""
    for name in given:
        if name not in options:
            hint = Phrase("write one of {}", ", ".join(options))
            raise ChoiceError(f"{where}.{name}".lstrip("."), name, "a key of a case", hint)
