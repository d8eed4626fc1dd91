"""What a lender wrote, read: rows of figures, or an instalment and a count."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple, cast, get_args

from repaylib.audit.column_names import LISTED, column_of
from repaylib.audit.text_parsing import (
    amount_of,
    day_of,
    is_comma_decimal,
    order_of,
    signs_of,
    table_of_text,
)
from repaylib.errors import (
    AmountError,
    DateError,
    Phrase,
    TermsError,
    check_text,
    check_word,
    enumerated,
    parse_items,
)
from repaylib.measures.cash_flows import schedule_of
from repaylib.money.amounts import decimals_of, minor_of, parse_amount
from repaylib.money.counts import parse_count
from repaylib.money.rounding import as_integer
from repaylib.portfolio.book.column_sources import is_table, listed, read_table
from repaylib.portfolio.book.columns import is_null
from repaylib.schedule.rows import MONEY
from repaylib.typing import DateOrder

__all__ = ["SUMMED", "Offer", "OfferRow", "parse_offer"]

NAMES = ("number", "date", "currency", *MONEY)
#: What a payment is the sum of.
SUMMED = ("interest", "deferred_interest", "principal", "fee", "penalty", "tax")
MOST_ROWS = 1200


class OfferRow(NamedTuple):
    """One line of an offer.

    Attributes
    ----------
    number
        The number that stands in it, if one does.
    day
        Its date, if one is given.
    figures
        Minor units by column, for the columns that are given.
    """

    number: int | None
    day: date | None
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Offer:
    """The figures of a lender.

    Attributes
    ----------
    rows
        In order of their days.
    decimals
        Of the amounts.
    currency
        Of the amounts; ``"XXX"`` if it is not known.
    principal, start
        The principal, in minor units, and when it is lent, as far as the rows or the text around them say it.
    told
        All that the rows say was lent, the likeliest first: a slip makes them say several amounts.
    skipped
        How many lines stood before the first row.
    unit
        Minor units to which the figures are rounded for show; 1 where they are exact.
    whole
        Whether all are written in whole units, though the currency has smaller ones.
    """

    rows: tuple[OfferRow, ...]
    decimals: int
    currency: str
    principal: int | None = None
    start: date | None = None
    told: tuple[int, ...] = ()
    skipped: int = 0
    unit: int = 1
    whole: bool = False

    @property
    def dated(self) -> bool:
        """Whether every row has its date."""
        return all(row.day is not None for row in self.rows)

    @property
    def days(self) -> list[date]:
        """The dates, where every row has one."""
        return [row.day for row in self.rows if row.day is not None]

    @property
    def numbers(self) -> list[int]:
        """The numbers of the rows that fall due, where every one has its own and they grow."""
        found = [row.number for row in self.rows if row.number != 0]
        known = [number for number in found if number is not None]
        grow = all(low < high for low, high in pairwise(known))
        return known if len(known) == len(found) and grow and min(known, default=0) > 0 else []

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in which an amount is given, in the order of a row of a schedule."""
        given = {name for row in self.rows for name in row.figures}
        return tuple(name for name in MONEY if name in given)

    def scaled(self, places: int) -> Offer:
        """Return the same figures with so many decimals more, or fewer, which must be zeros."""

        def moved(minor: int) -> int:
            factor = int(10 ** abs(places))
            return minor * factor if places > 0 else minor // factor

        rows = tuple(
            row._replace(figures={name: moved(amount) for name, amount in row.figures.items()})
            for row in self.rows
        )
        lent = None if self.principal is None else moved(self.principal)
        told = tuple(moved(amount) for amount in self.told)
        return replace(self, rows=rows, decimals=self.decimals + places, principal=lent, told=told)

    def renumbered(self, less: int) -> Offer:
        """Return the same rows with numbers that are lower by so many."""
        rows = tuple(
            row._replace(number=row.number - less if row.number else row.number)
            for row in self.rows
        )
        return replace(self, rows=rows)

    @property
    def figures(self) -> int:
        """How many amounts are given."""
        return sum(len(row.figures) for row in self.rows)


def parse_offer(
    rows: object,
    *,
    columns: Sequence[str] | None = None,
    currency: str | None = None,
    decimals: int | None = None,
    instalment: object = None,
    payments: object = None,
    start: date | None = None,
    lent: object = None,
    date_order: DateOrder | None = None,
) -> Offer:
    """Read rows, or a quote of `instalment` and `payments`.

    Raises
    ------
    RepayError
        If there are no rows or no amounts, an amount is a float, dates are out of order, or
        currencies are mixed.
    """
    if rows is not None and _is_quote(rows):
        quote = cast(Mapping[str, Any], rows)
        instalment = quote.get("instalment", quote.get("payment"))
        payments, rows = quote["payments"], None
    if rows is None:
        if columns is not None:
            raise _no_tuples(columns)
        count = parse_count(payments, "payments", most=MOST_ROWS)
        if instalment is None:
            hint = Phrase("write {}", 'instalment="888.49", payments=12')
            raise TermsError("instalment", None, "an instalment with the number of payments", hint)
        every = [instalment] * max(1, count - 1) + [None] * (count > 1)
        lines = [_line({"payment": payment}, place, None) for place, payment in enumerate(every)]
    else:
        if instalment is not None or payments is not None:
            hint = Phrase("leave both out, as the rows contain them")
            raise TermsError("instalment", instalment, "rows, or instalment and payments", hint)
        lines = _lines(rows, columns)
    if not lines:
        hint = Phrase("write {}", '[{"date": ..., "payment": ...}]')
        raise TermsError("rows", rows, "at least one row", hint)
    if len(lines) > MOST_ROWS:
        raise TermsError(
            "rows", Phrase("{} rows", len(lines)), Phrase("at most {}", MOST_ROWS), "check a part"
        )
    currency = _currency(lines, currency)
    heads = {name: head for line in lines for name, head in line.pop("").items()}
    texts = [value for line in lines for name, value in line.items() if name in MONEY]
    signs = signs_of(texts)
    if len(signs) > 1:
        hint = Phrase("check the rows of one currency at a time")
        raise TermsError("rows", enumerated("{} and {}", signs), "one currency", hint)
    comma = is_comma_decimal(texts)
    amounts = [_amounts(line, place, heads, comma=comma) for place, line in enumerate(lines)]
    days = [line.get("date") for line in lines]
    if date_order is not None:
        check_word("date_order", date_order, get_args(DateOrder))
    order = date_order or order_of(days)
    own = max((_places(amount) for row in amounts for amount in row.values()), default=0)
    if decimals is None:
        decimals = own if currency is None else decimals_of(currency)
    read = []
    for place, (line, row) in enumerate(zip(lines, amounts, strict=True)):
        number, given = _number(line.get("number")), line.get("date")
        minors = {
            name: _minor(amount, decimals, f"rows[{place}].{heads.get(name, name)}")
            for name, amount in row.items()
        }
        where = f"rows[{place}].{heads.get('date', 'date')}"
        day = None if given is None else day_of(given, where, order)
        read.append(OfferRow(number, day, minors))
    if not any(row.figures for row in read):
        names = ", ".join(dict.fromkeys(name for line in lines for name in line)) or "nothing"
        raise TermsError(
            "rows",
            names,
            "a column of amounts",
            Phrase("write such as {}", '{"payment": "888.49"}'),
        )
    _check_order(read)
    whole = decimals > own == 0
    known = None
    if lent is not None:
        known = minor_of(parse_amount(lent, "principal"), decimals)
    return _opened(Offer(tuple(read), decimals, currency or "XXX", whole=whole), start, known)


def _is_quote(rows: object) -> bool:
    """Whether it is one instalment and one count, and no columns."""
    return (
        isinstance(rows, Mapping)
        and "payments" in rows
        and as_integer(rows["payments"]) is not None
    )


def _lines(rows: object, columns: Sequence[str] | None) -> list[dict[str, Any]]:
    """Return the rows as dictionaries by the names of a schedule's columns, without what is empty."""
    if (plan := schedule_of(rows)) is not None:
        rows = plan.rows
    if columns is not None:
        example = Phrase("write {}", 'columns=("date", "interest", "principal", "balance")')
        given = parse_items(columns, "columns", "names of columns", example)
        columns = [check_text(name, "columns") for name in given]
    if isinstance(rows, str):
        rows, columns = table_of_text(rows, columns), None
    if is_table(rows):
        table = read_table(rows, "rows")
        rows = {name: listed(column) or [] for name, column in table.items()}
    if isinstance(rows, Mapping):
        hint = Phrase(
            "write {}, or {}",
            '{"date": [...], "payment": [...]}',
            'instalment="888.49", payments=12',
        )
        expected = "columns of one length"
        cells = [parse_items(column, "rows", expected, hint) for column in rows.values()]
        if len(set(map(len, cells))) != 1:
            raise TermsError("rows", rows, expected, hint)
        rows = [dict(zip(rows, line, strict=True)) for line in zip(*cells, strict=True)]
    hint = Phrase("write {}", '[{"date": "2024-02-10", "payment": "888.49"}, ...]')
    found = parse_items(rows, "rows", "rows, columns, a table or a Schedule", hint)
    if columns is not None and all(isinstance(row, Mapping) or _is_named(row) for row in found):
        raise _no_tuples(columns)
    return [_line(row, place, columns) for place, row in enumerate(found)]


def _no_tuples(columns: object) -> TermsError:
    hint = Phrase("leave {} out", "columns")
    return TermsError(
        "columns", columns, "rows that are tuples; all others name their values", hint
    )


def _is_named(row: object) -> bool:
    """Whether it is a named tuple, or a row of a database that is like one."""
    return hasattr(row, "_asdict") and not isinstance(row, type)


def _line(row: object, place: int, columns: Sequence[str] | None) -> dict[str, Any]:
    named: Mapping[Any, Any]
    if isinstance(row, Mapping):
        named = row
    elif _is_named(row):
        named = cast(Any, row)._asdict()
    elif isinstance(row, Sequence) and not isinstance(row, (str, bytes)):
        names = ("date", "payment") if columns is None and len(row) == 2 else columns or ()
        if len(names) != len(row):
            hint = Phrase("write {}", 'columns=("date", "interest", "principal", "balance")')
            raise TermsError(
                f"rows[{place}]",
                row,
                Phrase("{} values, or the names of them", len(names) or 2),
                hint,
            )
        named = dict(zip(names, row, strict=True))
    else:
        named = {name: getattr(row, name) for name in NAMES if hasattr(row, name)}
        if not named:
            hint = Phrase("write {}", '{"date": "2024-02-10", "payment": "888.49"}')
            raise TermsError(f"rows[{place}]", row, "a row with names", hint)
    line: dict[str, Any] = {}
    heads: dict[str, str] = {}
    for given, value in named.items():
        name = column_of(given)
        if name is None:
            hint = Phrase("write one of {}, or leave it out", ", ".join(LISTED))
            raise TermsError(f"rows[{place}]", given, "a column of a schedule", hint)
        if name in heads:
            raise TermsError(
                f"rows[{place}]",
                given,
                Phrase("one column for {}", name),
                "leave one out",
            )
        heads[name] = given.strip()
        if not _is_empty(value):
            line[name] = value
    line[""] = heads
    return line


def _is_empty(value: object) -> bool:
    """Whether nothing is given: none, an empty text, NaN or NaT."""
    if isinstance(value, Decimal):
        return value.is_nan()
    return not value if isinstance(value, str) else is_null(value)


def _currency(lines: Sequence[Mapping[str, Any]], currency: str | None) -> str | None:
    found = dict.fromkeys(
        check_text(line["currency"], "rows") for line in lines if "currency" in line
    )
    if currency is not None:
        decimals_of(currency)
        found.setdefault(currency)
    if len(found) > 1:
        hint = Phrase("check the rows of one currency at a time")
        raise TermsError("rows", enumerated("{} and {}", found), "one currency", hint)
    return next(iter(found), None)


def _amounts(
    line: Mapping[str, Any], place: int, heads: Mapping[str, str], *, comma: bool
) -> dict[str, Decimal]:
    read = {
        name: amount_of(value, f"rows[{place}].{heads.get(name, name)}", comma=comma)
        for name, value in line.items()
        if name in MONEY
    }
    return {name: amount for name, amount in read.items() if amount is not None}


def _number(value: object) -> int | None:
    """Return the number that stands in a row; nothing if there is none."""
    if isinstance(value, str):
        found = re.search(r"\d+", value)
        return int(found[0]) if found and len(found[0]) < 10 else None
    return as_integer(value)


def _places(amount: Decimal) -> int:
    """Return how many decimals an amount is written with; one alone is taken for two."""
    places = max(0, -int(amount.as_tuple().exponent))
    return 2 if places == 1 else places


def _minor(amount: Decimal, decimals: int, parameter: str) -> int:
    num, den = amount.as_integer_ratio()
    if num * 10**decimals % den:
        hint = "check the figure, or the currency of the loan"
        raise AmountError(parameter, str(amount), Phrase("at most {} decimals", decimals), hint)
    return minor_of(amount, decimals)


def _check_order(rows: Sequence[OfferRow]) -> None:
    with_days = [(place, row.day) for place, row in enumerate(rows) if row.day is not None]
    if with_days and len(with_days) != len(rows):
        place = next(place for place, row in enumerate(rows) if row.day is None)
        hint = "write all dates, or none"
        raise DateError(f"rows[{place}].date", None, "a date, as the other rows have", hint)
    for (_, before), (place, day) in pairwise(with_days):
        if day < before:
            hint = "sort the rows, or correct the date"
            expected = Phrase("a day not before {}, that of the row above", before)
            raise DateError(f"rows[{place}].date", day.isoformat(), expected, hint)


def _opened(offer: Offer, start: date | None, lent: int | None) -> Offer:
    """Take the line of the disbursement off, if there is one, and find the principal.

    It is a line of a balance alone; one with zeros beside it only on the `start`, or with the number
    0. Where all lines are balances alone, the first is that of the disbursement only if it has what
    was lent, or nothing says on which day, or how much, it was.
    """
    first = offer.rows[0]
    held = {name for name, minor in first.figures.items() if minor}
    alone = {"closing", "advanced", "opening"}
    bare = not set(first.figures) - alone
    if bare and not set(offer.columns) - alone:
        bare = first.figures.get("closing") == lent if lent is not None else start is None
    opens = bare or first.number == 0 or (start is not None and first.day == start)
    if opens and len(offer.rows) > 1 and held and held <= {"closing", "advanced"}:
        told_one = first.figures.get("closing", first.figures.get("advanced"))
        one = () if told_one is None else (told_one,)
        return replace(
            offer, rows=offer.rows[1:], principal=told_one, start=first.day, told=one, skipped=1
        )
    votes = Counter(_told(offer)).most_common()
    told = tuple(amount for amount, count in votes if 4 * count >= votes[0][1])
    return replace(offer, principal=told[0] if told else None, told=told)


def _told(offer: Offer) -> list[int]:
    """Return the principal as the rows say it, in as many ways as there are; a slip changes some.

    It is the first opening, the sum of principal, and each balance with what was repaid until then:
    by the principal, and by the payments without what else is in them.
    """
    first = offer.rows[0].figures
    told = [first["opening"]] if "opening" in first else []
    parts: int | None = 0
    rests: int | None = 0
    for row in offer.rows:
        figures, get = row.figures, row.figures.get
        more = get("advanced", 0) + get("capitalised", 0) - get("forgiven", 0)
        rest: int | None = None
        if {"payment", "interest"} <= set(figures):
            others = sum(get(name, 0) for name in SUMMED if name != "principal")
            rest = figures["payment"] - others + get("refund", 0) - more
        part = figures["principal"] - more if "principal" in figures else None
        parts = None if parts is None or part is None else parts + part
        rests = None if rests is None or rest is None else rests + rest
        if "closing" in figures:
            told += [figures["closing"] + part for part in (parts, rests) if part is not None]
    return told if parts is None else [*told, parts]
