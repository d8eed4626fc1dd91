"""A household budget: what it can pay every month, month by month if months are uneven."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from repaylib.errors import (
    AmountError,
    CountError,
    Hint,
    Phrase,
    TermsError,
    check_text,
    parse_items,
)
from repaylib.money.amounts import add, decimals_of, subtract, to_decimal, to_minor
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table
from repaylib.phrases.phrase import InPython
from repaylib.typing import MonthlyAmounts

__all__ = ["Budget"]


@dataclass(frozen=True, slots=True, init=False)
class Budget(Tabular):
    """Income a month, and what it must be spent on before any debt.

    Each of the three is one amount for every month, a list of uneven months (``["4200", "3900",
    "4200"]``) or a mapping from their names (``{"May": "4200", "June": "3900"}``).

    Parameters
    ----------
    income
        What comes in, in major units.
    essentials
        Essential spending: rent, food, heating, fares, insurance.
    reserve
        The monthly reserve for unforeseen expenses.
    currency
        ISO 4217 code; ``"XXX"`` is that of the debts.

    Raises
    ------
    AmountError
        If an amount is below zero, or no month has an income.
    CountError
        If lists are of different lengths.
    TermsError
        If mappings name different months, or a list is combined with a mapping.

    Examples
    --------
    In May 4,200 less 3,150 and 250 leave 800, in June 400: the weak month decides, not the mean.

    >>> print(Budget({"May": "4200", "June": "3900"}, {"May": "3150", "June": "3250"}, "250"))
    month    income  essentials  reserve  affordable
    -----  --------  ----------  -------  ----------
    May    4,200.00    3,150.00   250.00      800.00
    June   3,900.00    3,250.00   250.00      400.00
    affordable: 400.00 a month, which is what June leaves
    """

    income: tuple[Decimal, ...]
    essentials: tuple[Decimal, ...]
    reserve: tuple[Decimal, ...]
    months: tuple[str, ...]
    currency: str

    def __init__(
        self,
        income: MonthlyAmounts,
        essentials: MonthlyAmounts,
        reserve: MonthlyAmounts = 0,
        *,
        currency: str = "XXX",
    ) -> None:
        given = {"income": income, "essentials": essentials, "reserve": reserve}
        read = {name: _uneven(value, name) for name, value in given.items()}
        months = _months({name: column for name, column in read.items() if column is not None})
        decimals = decimals_of(currency)
        for name, value in given.items():
            uneven = read[name]
            amounts: Iterable[object] = (
                uneven.values() if isinstance(uneven, dict) else uneven or ()
            )
            amounts = [value] * len(months) if uneven is None else amounts
            minors = [to_minor(one, name, currency, least=0) for one in amounts]
            object.__setattr__(self, name, tuple(to_decimal(one, decimals) for one in minors))
        if not any(self.income):
            raise AmountError(
                "income",
                income,
                "an income in some month; out of none, no debt can be paid",
                Hint(
                    "write {1}, or ask the lenders for a deferral{0}",
                    InPython(": rp.defer(...)"),
                    income="4200",
                ),
            )
        object.__setattr__(self, "months", months)
        object.__setattr__(self, "currency", currency)

    @property
    def by_month(self) -> dict[str, Decimal]:
        """The surplus of every month; below zero, the deficit."""
        sums = zip(self.income, self.essentials, self.reserve, strict=True)
        return {
            month: subtract(income, add(essentials, reserve))
            for month, (income, essentials, reserve) in zip(self.months, sums, strict=True)
        }

    @property
    def affordable(self) -> Decimal:
        """The smallest surplus, which can be paid in every month.

        Examples
        --------
        >>> Budget(["4200", "3900", "4500"], "3250", "250").affordable
        Decimal('400.00')
        """
        return min(self.by_month.values())

    @property
    def weakest(self) -> str:
        """The month with the smallest surplus; the first of several."""
        return min(self.by_month.items(), key=lambda item: item[1])[0]

    @property
    def verdict(self) -> Phrase:
        """The affordable amount and the month that limits it, in a line."""
        left = self.affordable
        if left < 0:
            lacking = left.copy_abs()
            return Phrase(
                "nothing is affordable: in {}, {:,f} is lacking already", self.weakest, lacking
            )
        if not left:
            return Phrase("nothing is affordable: {} leaves nothing", self.weakest)
        if len(set(self.by_month.values())) == 1:
            return Phrase("affordable: {:,f} a month", left)
        return Phrase("affordable: {:,f} a month, which is what {} leaves", left, self.weakest)

    def _table(self) -> Table:
        columns = (self.income, self.essentials, self.reserve, self.by_month.values())
        rows = [
            [month, *(f"{amount:,f}" for amount in row)]
            for month, row in zip(self.months, zip(*columns, strict=True), strict=True)
        ]
        header = ["month", "income", "essentials", "reserve", "affordable"]
        return Table(header, rows, caption=self.verdict, below=[self.verdict])

    def _data(self) -> dict[str, list[Any]]:
        """Return the months, one a line."""
        amounts = {name: list(getattr(self, name)) for name in ("income", "essentials", "reserve")}
        return {"month": list(self.months), **amounts, "affordable": list(self.by_month.values())}


#: The amounts of uneven months, by name or in a list.
Uneven = dict[str, object] | tuple[object, ...]


def _uneven(value: object, name: str) -> Uneven | None:
    """Read the amounts of uneven months; ``None`` for one amount."""
    if isinstance(value, Mapping):
        return {check_text(month, name): amount for month, amount in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return parse_items(value, name, "an amount a month", Phrase("write {}", '["4200", "3900"]'))
    return None


def _months(given: Mapping[str, Uneven]) -> tuple[str, ...]:
    """Return the names of the months that the statements share."""
    named = {name: tuple(column) for name, column in given.items() if isinstance(column, dict)}
    listed = {name: len(column) for name, column in given.items() if not isinstance(column, dict)}
    if named and listed:
        one, other = next(iter(named)), next(iter(listed))
        raise TermsError(
            other,
            Phrase("amounts without names"),
            Phrase("months by name, as {} has them, or lists for both", one),
            Phrase("write {} with the names of {}, or as one amount", other, one),
        )
    if named:
        first, months = next(iter(named.items()))
        for name, column in named.items():
            if column != months:
                raise TermsError(
                    name,
                    ", ".join(column),
                    Phrase("the months of {}, in its order: {}", first, ", ".join(months)),
                    "name the same months",
                )
    elif listed:
        first, length = next(iter(listed.items()))
        for name, count in listed.items():
            if count != length:
                raise CountError(
                    name,
                    count,
                    Phrase("as many months as {} has, {}", first, length),
                    "write one amount a month, or one for all",
                )
        months = tuple(f"month {number}" for number in range(1, length + 1))
    else:
        months = ("every month",)
    if not months:
        raise CountError(next(iter(given)), 0, "a month or more", Phrase("write {}", '"4200"'))
    return months
