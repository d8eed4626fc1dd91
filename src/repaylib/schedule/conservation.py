"""Conservation: the proof that the rows of one loan, or of many, balance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.errors import ConservationError, Phrase
from repaylib.money.amounts import show
from repaylib.schedule.row_equations import (
    BEFORE,
    EQUATIONS,
    SIGNED,
    equation_in_words,
    signed_sum,
)
from repaylib.schedule.rows import MONEY, Columns

__all__ = ["check_columns", "check_balance"]

Array = npt.NDArray[Any]
#: Gives a column, ``[rows, loans]``, by its name.
ColumnOf = Callable[[str], Array]


class Rule(NamedTuple):
    """What holds in every row: a column as it stands, and what it should be."""

    text: str
    stated: Array
    follows: Array


def check_columns(columns: Columns, principal: int, decimals: int) -> None:
    """Prove that the rows of one loan balance.

    Parameters
    ----------
    columns
        The rows, in minor units.
    principal
        The amount disbursed, in minor units.

    Raises
    ------
    ConservationError
        With the number of the first row that breaks a rule, and the rule.
    """
    principals, counts = np.array([principal], dtype=object), np.array([len(columns["number"])])
    check_balance(
        lambda name: columns[name].astype(object)[:, None], principals, counts, np.array([decimals])
    )


def check_balance(
    column: ColumnOf,
    principal: Array,
    counts: Array,
    decimals: Array,
    first_loan: int | None = None,
) -> None:
    """Prove that the rows of loans balance.

    Parameters
    ----------
    column
        Gives a column by its name: ``[rows, loans]``, in minor units.
    principal, counts, decimals
        The amount disbursed, the number of rows and the decimals of each loan.
    first_loan
        The row of the first loan in its portfolio; ``None`` for a single loan.

    Raises
    ------
    ConservationError
        With the first loan that breaks a rule, its row, and the rule.
    """
    inside = np.arange(len(column("closing")))[:, None] < counts
    for rules in (
        _equations(column, principal, counts),
        _bounds(column),
        _after_the_end(column, inside),
        _at_the_end(column, inside),
    ):
        if broken := [place for rule in rules for place in _broken(rule)]:
            loan, row, rule = min(broken, key=lambda place: place[:2])
            digits = int(decimals[loan])
            where, hint = f"row {row}", "report this schedule, with schedule.to_dict()"
            if first_loan is not None:
                where = f"loan {first_loan + loan}, {where}"
                hint = Phrase("report plan.row({}), with to_dict()", first_loan + loan)
            raise ConservationError(
                f"{where} on {column('date')[row, loan]}",
                show(int(rule.stated[row, loan]), digits),
                Phrase("{}, by {}", show(int(rule.follows[row, loan]), digits), rule.text),
                hint,
            )


def _broken(rule: Rule) -> Iterator[tuple[int, int, Rule]]:
    """Return the first place where a rule does not hold: the loan, and its row."""
    wrong = rule.stated != rule.follows
    if wrong.any():
        loan, row = np.argwhere(wrong.T)[0].tolist()
        yield loan, row, rule


def _equations(column: ColumnOf, principal: Array, counts: Array) -> Iterator[Rule]:
    """Return the equations of a row, and that the balance is the one before."""
    principals = np.where(counts > 0, principal, 0)
    opening = _after(column("closing"), principals)
    yield Rule("opening = closing of the row before", column("opening"), opening)
    for total, signs in EQUATIONS.items():
        follows = signed_sum({name: signs[name] for name in signs if name != BEFORE}, column)
        if BEFORE in signs:
            follows = follows + _after(column(total), 0)
        yield Rule(equation_in_words(total), column(total), follows)


def _after(column: Array, first: Array | int) -> Array:
    """Return the values of the rows before, and `first` for the first row."""
    shifted = np.empty_like(column)
    shifted[:1], shifted[1:] = first, column[:-1]
    return shifted


def _bounds(column: ColumnOf) -> Iterator[Rule]:
    """Return which columns are not negative."""
    for name in MONEY:
        if name not in SIGNED:
            values = column(name)
            yield Rule(f"{name} is not negative", values, np.maximum(values, 0))


def _after_the_end(column: ColumnOf, inside: Array) -> Iterator[Rule]:
    """Return the amounts that must be zero after the last row."""
    for name in MONEY:
        values = column(name)
        yield Rule(f"{name} is zero after the end", values, np.where(inside, values, 0))


def _at_the_end(column: ColumnOf, inside: Array) -> Iterator[Rule]:
    """Return the amounts that must be zero in the last row."""
    last = inside.copy()
    last[:-1] &= ~inside[1:]
    for name in ("closing", "deferred"):
        values = column(name)
        rule = f"nothing is owed after the last row ({name})"
        yield Rule(rule, values, np.where(last, 0, values))
