"""The rules of annual percentage rates as a table for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from repaylib.errors import ChoiceError, Phrase
from repaylib.measures.annual_rates.known_rules import RULES
from repaylib.measures.annual_rates.rate_rule import RateRule
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table, TableOf, heads
from repaylib.typing import AprRule, RateMeasure, Rounding
from repaylib.wording.sentence import Sentence

__all__ = ["AprLaw", "AprLaws", "apr_rules"]


@dataclass(frozen=True, slots=True)
class AprLaw:
    """What a law says of its annual percentage rate.

    Attributes
    ----------
    rule
        The word for ``rp.apr(loan, rule=...)``.
    country
        Of ISO 3166 or a union: ``"CA"``, ``"EU"``.
    label
        What the law calls the rate.
    measure
        ``"nominal"``, ``"effective"`` or ``"simple"``.
    time
        In what time is counted.
    decimals, rounding
        Of the per cent shown.
    step
        The figure shown is a multiple of so many units of its last decimal: 125 of three decimals
        are an eighth.
    taxes
        Whether taxes are part of the price.
    apart
        Charges that the law leaves out, which are to be named by ``without=``.
    until
        The last day of contracts for which it holds, if the law has ended it.
    source
        Where it is written.
    """

    rule: AprRule
    country: str
    label: str
    measure: RateMeasure
    time: str
    decimals: int
    rounding: Rounding
    step: int
    taxes: bool
    apart: str
    until: date | None
    source: str


class AprLaws(Tabular, TableOf[AprLaw]):
    """Rules of annual percentage rates; prints as a table."""

    rows: tuple[AprLaw, ...]

    def __init__(self, rows: Sequence[AprLaw]) -> None:
        self._store(rows=tuple(rows))

    def _table(self) -> Table:
        header = heads(["apr_rule", "country", "measure", "decimals", "rounding", "source"])
        rows = [
            [
                row.rule,
                row.country,
                Sentence(f"cap_measure.{row.measure}"),
                str(row.decimals),
                Sentence(f"rounding.{row.rounding}"),
                row.source,
            ]
            for row in self.rows
        ]
        return Table(header, rows, None, 6)

    def __repr__(self) -> str:
        return f"<AprLaws: {len(self)} rules>"

    def _data(self) -> dict[str, list[Any]]:
        names = [each.name for each in fields(AprLaw)]
        return {name: [getattr(row, name) for row in self.rows] for name in names}


def apr_rules(country: str | None = None) -> AprLaws:
    """Return the rules of annual percentage rates that are known here, each with its source.

    Parameters
    ----------
    country
        Only those of a country or union: ``"AU"``, ``"BR"``, ``"CA"``, ``"CN"``, ``"EU"``, ``"GB"``,
        ``"HK"``, ``"IN"``, ``"JP"``, ``"MX"``, ``"RU"``, ``"SG"`` or ``"US"``. By default all.

    Raises
    ------
    ChoiceError
        If there are none of a country.

    Examples
    --------
    >>> import repaylib as rp
    >>> for found in rp.measures.apr_rules("CA"):
    ...     print(found.rule, found.label, found.measure, found.decimals)
    ca_cost APR nominal 3
    ca_criminal annual percentage rate nominal 2
    ca_criminal_2024 effective annual rate effective 2
    """
    countries = sorted({rule.country for rule in RULES.values()})
    if country is not None and not (isinstance(country, str) and country in countries):
        listed = ", ".join(f'"{word}"' for word in countries)
        raise ChoiceError("country", country, Phrase("one of {}", listed), "write one of them")
    chosen = [rule for rule in RULES.values() if country in (None, rule.country)]
    return AprLaws([_row(rule) for rule in chosen])


def _row(rule: RateRule) -> AprLaw:
    return AprLaw(
        rule=rule.word,
        country=rule.country,
        label=rule.label,
        measure=rule.measure,
        time=rule.counts,
        decimals=rule.decimals,
        rounding=rule.rounding,
        step=rule.step,
        taxes=rule.taxes,
        apart=rule.apart,
        until=rule.until,
        source=rule.text,
    )
