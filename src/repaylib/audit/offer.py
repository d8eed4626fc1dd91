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

from repaylib.audit.offer_rows import is_quote, line_of_row, lines_of_rows, no_tuples
from repaylib.audit.text_parsing import amount_of, day_of, is_comma_decimal, order_of, signs_of
from repaylib.errors import (
    AmountError,
    DateError,
    Phrase,
    TermsError,
    check_text,
    check_word,
    enumerated,
)
from repaylib.money.amounts import decimals_of, minor_of, parse_amount
from repaylib.money.counts import parse_count
from repaylib.money.rounding import as_integer
from repaylib.schedule.rows import MONEY
from repaylib.typing import DateOrder

__all__ = ["SUMMED", "Offer", "OfferRow", "parse_offer"]

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
    upfront
        What the first row charges when the loan is paid out, in minor units.
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
    upfront: int = 0

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
        return replace(
            self,
            rows=rows,
            decimals=self.decimals + places,
            principal=lent,
            told=told,
            upfront=moved(self.upfront),
        )

    def renumbered(self, less: int) -> Offer:
        """Return the same rows with numbers that are lower by so many."""
        rows = tuple(
            row._replace(number=row.number - less if row.number else row.number)
            for row in self.rows
        )
        return replace(self, rows=rows)

    @property
    def first_owed(self) -> int:
        """What is owed before the first instalment: the principal, and a fee that joins it at the start."""
        lent, first = self.principal or 0, self.rows[0].figures
        charged = self.upfront + (first.get("tax", 0) if self.upfront else 0)
        joins = charged in (first.get("advanced"), first.get("closing", lent) - lent)
        return lent + charged * joins

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
    if rows is not None and is_quote(rows):
        quote = cast(Mapping[str, Any], rows)
        instalment = quote.get("instalment", quote.get("payment"))
        payments, rows = quote["payments"], None
    if rows is None:
        if columns is not None:
            raise no_tuples(columns)
        count = parse_count(payments, "payments", most=MOST_ROWS)
        if instalment is None:
            hint = Phrase("write {}", 'instalment="888.49", payments=12')
            raise TermsError("instalment", None, "an instalment with the number of payments", hint)
        every = [instalment] * max(1, count - 1) + [None] * (count > 1)
        lines = [
            line_of_row({"payment": payment}, place, None) for place, payment in enumerate(every)
        ]
    else:
        if instalment is not None or payments is not None:
            hint = Phrase("leave both out, as the rows contain them")
            raise TermsError("instalment", instalment, "rows, or instalment and payments", hint)
        lines = lines_of_rows(rows, columns)
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
        names = ", ".join(dict.fromkeys(name for line in lines for name in line))
        raise TermsError(
            "rows",
            names or Phrase("nothing"),
            "a column of amounts",
            Phrase("write such as {}", '{"payment": "888.49"}'),
        )
    _check_order(read)
    if any(row.number is not None for row in read):  # a row without one is no instalment
        read = [row._replace(number=row.number or 0) for row in read]
    whole = decimals > own == 0
    known = None
    if lent is not None:
        known = minor_of(parse_amount(lent, "principal"), decimals)
    return _opened(Offer(tuple(read), decimals, currency or "XXX", whole=whole), start, known)


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
    offer = _charged(offer, start)
    votes = Counter(_told(offer)).most_common()
    told = tuple(amount for amount, count in votes if 4 * count >= votes[0][1])
    return replace(offer, principal=told[0] if told else None, told=told)


def _charged(offer: Offer, start: date | None) -> Offer:
    """Find a fee that the first row charges when the loan is paid out.

    It pays neither interest nor principal. Where no column says so, it is a payment on the `start`
    that is no instalment paid in advance.
    """
    first = offer.rows[0]
    get = first.figures.get
    fee = get("fee", 0)
    told = first.number == 0 or first.number is None
    if not told or len(offer.rows) == 1 or get("interest") or get("principal"):
        return offer
    if not fee and first.day is not None and first.day == start:
        paid = get("payment", 0)
        fee = 0 if paid == offer.rows[1].figures.get("payment") else paid
    if fee <= 0 or get("payment", fee) != fee + get("tax", 0):
        return offer
    rows = (first._replace(number=0), *offer.rows[1:])
    return replace(offer, rows=rows, start=start or first.day, upfront=fee)


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
        if row is offer.rows[0] and offer.upfront:
            rest = 0
        part = figures["principal"] - more if "principal" in figures else None
        parts = None if parts is None or part is None else parts + part
        rests = None if rests is None or rest is None else rests + rest
        if "closing" in figures:
            told += [figures["closing"] + part for part in (parts, rests) if part is not None]
    return told if parts is None else [*told, parts]
