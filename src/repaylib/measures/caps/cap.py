"""Legal limits on what a credit may cost, as dated values, and whether a credit keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

from repaylib.dates.days import parse_date
from repaylib.errors import (
    DateError,
    Phrase,
    RateError,
    TermsError,
    check_name,
    check_text,
    check_word,
    parse_pairs,
    write,
)
from repaylib.measures.caps.cap_grounds import Burden, Rated
from repaylib.money.counts import place_of
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table, TableOf, heads
from repaylib.rates.rate import Share, parse_share, rounded_percent
from repaylib.schedule.figures import Derivation
from repaylib.typing import CapIncludes, CapMeasure, DateLike
from repaylib.wording.sentence import NOTHING, Name, Sentence, Worded

__all__ = ["Cap", "CapReport", "CapTest"]


@dataclass(frozen=True, slots=True, init=False)
class Cap(Worded):
    """A limit on what a credit may cost.

    Parameters
    ----------
    name
        What it is called.
    limit
        The most that is allowed, as a share: ``"24%"``; or pairs of a day and a share, each from
        that day on: ``[("2024-07-22", "13.4%"), ("2024-10-21", "12.4%")]`` are four times a rate
        that is announced. The day is that of the contract.
    measure
        What is limited.

        ``"nominal"``
            the rate of a period times the periods of a year.
        ``"effective"``
            the rate per year with interest on interest.
        ``"simple"``
            all costs over the principal in use, per year: 1,000 on 10,000 in use for a year is
            10 %.
        ``"daily"``
            what is charged in a period, over its days and the balance: 0.8 % a day.
        ``"total"``
            all costs over the amount lent: 100 %.
    includes
        ``"all-in"`` (interest, fees, taxes) or ``"interest"`` alone.
    since, until
        For contracts from and to that day, both included; ``None`` without an end.
    country
        Of ISO 3166 or a union: ``"CN"``, ``"GB"``, ``"US"``, ``"EU"``.
    whom
        Which lenders or credits it is for.
    source
        Where it is written.
    name_zh
        What it is called in Chinese documents; by default as its `name`.

    Examples
    --------
    >>> import repaylib as rp
    >>> own = rp.measures.Cap("house limit", "18%", measure="effective", source="credit policy 7")
    >>> print(own)
    house limit: 18% a year, effective, all-in (credit policy 7)
    """

    name: str
    limits: tuple[tuple[date, Fraction], ...]
    measure: CapMeasure
    includes: CapIncludes
    since: date | None
    until: date | None
    country: str
    whom: str
    source: str
    name_zh: str

    def __init__(
        self,
        name: str,
        limit: str | Decimal | Fraction | Iterable[tuple[DateLike, str | Decimal | Fraction]],
        *,
        measure: CapMeasure = "nominal",
        includes: CapIncludes = "all-in",
        since: DateLike | None = None,
        until: DateLike | None = None,
        country: str = "",
        whom: str = "",
        source: str = "",
        name_zh: str = "",
    ) -> None:
        store = object.__setattr__
        for word, text in (
            ("country", country),
            ("whom", whom),
            ("source", source),
            ("name_zh", name_zh),
        ):
            store(self, word, check_text(text, word))
        store(self, "name", check_name(name, "name"))
        store(self, "measure", check_word("measure", measure, get_args(CapMeasure)))
        store(self, "includes", check_word("includes", includes, get_args(CapIncludes)))
        for word, day in (("since", since), ("until", until)):
            store(self, word, None if day is None else parse_date(day, word))
        if self.since and self.until and self.until < self.since:
            raise DateError(
                "until",
                self.until.isoformat(),
                Phrase("a day from since={} on", self.since),
                "swap",
            )
        store(self, "limits", _limits(limit, self.since))

    @property
    def called(self) -> Name:
        """What it is called, in each language."""
        return Name(self.name, {"zh": self.name_zh})

    def limit_on(self, day: DateLike) -> Fraction:
        """Return the limit, as a share, for a contract made on `day`.

        Raises
        ------
        DateError
            If it holds for no contract of that day.
        """
        day = parse_date(day, "day")
        if not self.holds(day):
            ends = Phrase("{} to {}", self._first, self.until or Phrase("now"))
            raise DateError(
                "on", day.isoformat(), Phrase("a day of this cap, {}", ends), "write another on"
            )
        return next(limit for start, limit in reversed(self.limits) if start <= day)

    def holds(self, day: DateLike) -> bool:
        """Return whether it applies to a contract made on `day`."""
        day = parse_date(day, "day")
        return self._first <= day and (self.until is None or day <= self.until)

    @property
    def _first(self) -> date:
        """The first day on which it holds: it has a limit, and is in force."""
        return max(self.since or date.min, self.limits[0][0])

    def _worded(self) -> Sentence:
        known = Share(self.limits[-1][1]) if len(self.limits) == 1 else Sentence("cap.by_date")
        per = self.measure if self.measure in ("daily", "total") else "year"
        return Sentence(
            "cap",
            name=self.called,
            limit=known,
            per=Sentence(f"cap.per.{per}"),
            measure=Sentence(f"cap_measure.{self.measure}"),
            includes=Sentence(f"cap_includes.{self.includes}"),
            source=Sentence("cap.source", source=self.source) if self.source else NOTHING,
        )


def _limits(limit: Any, since: date | None) -> tuple[tuple[date, Fraction], ...]:
    if isinstance(limit, (str, Decimal, Fraction)):
        return ((since or date.min, parse_share(limit, "limit")),)
    if isinstance(limit, bytes) or not isinstance(limit, Iterable):
        raise RateError("limit", limit, 'a share such as "24%"', write("24%"))
    pairs = [
        (parse_date(day, "limit"), parse_share(share, "limit"))
        for day, share in parse_pairs(limit, "limit", "a day and a share")
    ]
    if not pairs or [day for day, _ in pairs] != sorted({day for day, _ in pairs}):
        raise TermsError("limit", limit, "days in order, none twice", "sort them")
    return tuple(pairs)


@dataclass(frozen=True, slots=True)
class CapTest:
    """A credit held against one cap.

    Attributes
    ----------
    cap
        The cap.
    value
        What the credit has, as a share, to 12 digits.
    limit
        The limit on the day of the contract, as a share.
    measure, includes
        What was measured.
    ok
        Whether the cap is kept, but for cents.
    excess
        What is charged too much, in major units; zero if the cap is kept.
    """

    cap: Cap
    value: Decimal
    limit: Decimal
    measure: CapMeasure
    includes: CapIncludes
    ok: bool
    excess: Decimal
    _grounds: Rated | Burden = field(repr=False, compare=False)

    def explain(self) -> Derivation:
        """Derive what the credit has, and what is charged beyond the limit."""
        figures = self._grounds.figures(self.value, Fraction(self.limit), self.excess)
        return Derivation(self.cap, tuple(figures))


class CapReport(Tabular, TableOf[CapTest]):
    """A credit held against caps; prints as a table, and shows as HTML in notebooks.

    Attributes
    ----------
    on
        The day of the contract.
    """

    rows: tuple[CapTest, ...]
    on: date

    def __init__(self, tests: Sequence[CapTest], on: date) -> None:
        self._store(rows=tuple(tests), on=on)

    def explain(self, which: str | int = 0) -> Derivation:
        """Derive what the credit has under a cap, and what is charged beyond the limit.

        Parameters
        ----------
        which
            A cap, by name or by place from 0; by default the first.

        Examples
        --------
        >>> import repaylib as rp
        >>> cap = rp.measures.Cap("house limit", "6%", measure="total")
        >>> print(rp.measures.cap_report(rp.Loan("10000", "12%", 12, "2024-01-10"), cap).explain())
        house limit: 6% of the amount lent, total, all-in
        value: 6.6186%
            cost 661.86 / amount lent 10,000.00
        above the limit: 61.86
            cost 661.86 - 6% x amount lent 10,000.00
            = 61.86000000 unrounded, ceiling
        excess: 61.86
            = above the limit 61.86
        """
        return self.rows[place_of(which, "which", [test.cap.name for test in self])].explain()

    @property
    def ok(self) -> bool:
        """Whether all caps are kept."""
        return all(test.ok for test in self)

    @property
    def broken(self) -> tuple[CapTest, ...]:
        """The caps that are not kept."""
        return tuple(test for test in self if not test.ok)

    def _table(self) -> Table:
        header = heads(["cap", "measure", "includes", "value", "limit", "kept", "excess"])
        rows = [
            [
                test.cap.called,
                Sentence(f"cap_measure.{test.measure}"),
                Sentence(f"cap_includes.{test.includes}"),
                rounded_percent(test.value, 2),
                rounded_percent(test.limit, 2),
                Sentence("answer.yes" if test.ok else "answer.no"),
                f"{test.excess:,f}",
            ]
            for test in self
        ]
        caption = self._caption
        return Table(header, rows, None, 3, caption, below=[Sentence("in_brackets", text=caption)])

    @property
    def caption(self) -> str:
        """What the table says, in a line."""
        return str(self._caption)

    @property
    def _caption(self) -> Sentence:
        return Sentence("caps", day=self.on)

    def __repr__(self) -> str:
        return f"<CapReport: {len(self)} caps on {self.on}, {len(self.broken)} broken>"

    def _data(self) -> dict[str, list[Any]]:
        """Return a row for each cap."""
        names = [each.name for each in fields(CapTest) if not each.name.startswith("_")]
        data: dict[str, list[Any]] = {
            name: [getattr(test, name) for test in self] for name in names
        }
        data["cap"] = [test.cap.name for test in self]
        data["source"] = [test.cap.source for test in self]
        return data
