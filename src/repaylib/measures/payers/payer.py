"""A payer, as a value: who pays which part of the payments of a loan, with caps and conditions."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

from repaylib.dates.days import parse_date
from repaylib.errors import (
    CountError,
    DateError,
    Phrase,
    RepayError,
    TermsError,
    check_name,
    check_word,
    enumerated,
    parse_flag,
    write,
)
from repaylib.money.amounts import decimals_of, parse_positive_amount
from repaylib.money.counts import parse_count
from repaylib.rates.rate import Share, parse_share
from repaylib.schedule.serialization import (
    Stored,
    check_format,
    fields_from,
    mapping_of,
    plain_of,
)
from repaylib.typing import Amount, DateLike, PaidPart, ShareLike
from repaylib.wording.sentence import Bare, Listed, Sentence, Worded, word_or_text

__all__ = ["Payer"]

FORMAT = "repaylib.payer"
VERSION = 1
#: Names that a column of the table has already.
COLUMNS = ("number", "date", "payment", "borrower")


@dataclass(frozen=True, slots=True, init=False)
class Payer(Stored, Worded):
    """Someone who pays a part of the payments of a loan in the place of the borrower.

    A payer changes no debt: the lender receives the same. One of `share`, `amount`, and `points`
    says how much is paid. Figures are those of 10,000 at 12% over 12 months from 10 January 2024,
    whose first payment is 888.49, of it 100.00 interest.

    Parameters
    ----------
    name
        The payer: ``"state"``, ``"employer"``. Several payers of one name share a column.
    of
        The part of a payment that is paid:

        ``"interest"``
            interest, deferred interest included: 100.00.
        ``"principal"``
            principal, without prepayments: 788.49.
        ``"prepayment"``
            what is prepaid.
        ``"fees"``
            fees, penalties and taxes that are paid in money, less fees given back.
        ``"payment"``
            all of it but prepayments, 888.49; fees are paid first, then interest and principal.
    share
        A share of the part: ``"50%"`` pays 50.00 of the interest. If other payers come before, a
        share of what they leave.
    amount
        A fixed amount for each due date, in major units; of prepayments, for each of them.
    points
        Of interest alone: a rate a year. The payer pays what it costs on the same balance and the
        same days: ``"1%"`` pays 8.33.
    cap_share
        At most this share of the part, as it is before anyone else pays of it: ``"50%"`` is at
        most half the interest, and so at most half the rate. ``"100%"`` pays all of the part where
        it is less than `amount` or `points` ask for, which is refused otherwise.
    cap_payment
        At most this amount on one day, in major units.
    cap_year
        At most this amount in a calendar year.
    cap
        At most this amount in all.
    from_payment, to_payment
        The first and the last payment of which a part is paid. What is paid between due dates counts
        with the payment after it.
    since, until
        The first and the last day on which a part is paid. The day of the payment counts, whatever
        the days of its interest.
    on_time
        Whether the payer pays only with payments that the borrower makes on time. Receipts decide,
        so a :class:`~repaylib.arrears.Statement` is needed; in a schedule, all payments are on time.
    grace_days
        Up to how many days late a payment counts as made on time.

    Raises
    ------
    TermsError
        If none or several of share, amount and points are given.
    RepayError
        For a value that cannot be read, such as a cap below zero.

    Examples
    --------
    >>> import repaylib as rp
    >>> print(rp.measures.Payer("state", points="1%", cap_share="50%", cap="3000"))
    state pays what 1% a year comes to of the interest, at most 50% of it, at most 3,000 in all
    """

    name: str
    of: PaidPart
    share: Fraction | None
    amount: Decimal | None
    points: Fraction | None
    cap_share: Fraction | None
    cap_payment: Decimal | None
    cap_year: Decimal | None
    cap: Decimal | None
    from_payment: int | None
    to_payment: int | None
    since: date | None
    until: date | None
    on_time: bool
    grace_days: int

    def __init__(
        self,
        name: str,
        *,
        of: PaidPart = "interest",
        share: ShareLike | None = None,
        amount: Amount | None = None,
        points: ShareLike | None = None,
        cap_share: ShareLike | None = None,
        cap_payment: Amount | None = None,
        cap_year: Amount | None = None,
        cap: Amount | None = None,
        from_payment: int | None = None,
        to_payment: int | None = None,
        since: DateLike | None = None,
        until: DateLike | None = None,
        on_time: bool = False,
        grace_days: int = 0,
    ) -> None:
        values: dict[str, Any] = {
            "name": _name(name),
            "of": check_word("of", of, get_args(PaidPart)),
            **_how_much(share, amount, points),
            "cap_share": None if cap_share is None else parse_share(cap_share, "cap_share", 1),
            "on_time": parse_flag(on_time, "on_time"),
            "grace_days": parse_count(grace_days, "grace_days", least=0, most=366, example=3),
        }
        for name_, limit in (("cap_payment", cap_payment), ("cap_year", cap_year), ("cap", cap)):
            values[name_] = None if limit is None else parse_positive_amount(limit, name_)
        for name_, number in (("from_payment", from_payment), ("to_payment", to_payment)):
            values[name_] = None if number is None else parse_count(number, name_)
        for name_, day in (("since", since), ("until", until)):
            values[name_] = None if day is None else parse_date(day, name_)
        for name_, value in values.items():
            object.__setattr__(self, name_, value)
        self._check()

    def _check(self) -> None:
        if self.points is not None and self.of != "interest":
            expected = 'of="interest" with points, which are points of the rate'
            raise TermsError("of", self.of, expected, "leave of out, or write a share or an amount")
        if self.grace_days and not self.on_time:
            expected = "on_time=True with it, as it says up to when a payment is on time"
            raise TermsError("grace_days", self.grace_days, expected, write(on_time=True))
        if self.from_payment and self.to_payment and self.to_payment < self.from_payment:
            expected = Phrase("a payment from from_payment={} on", self.from_payment)
            raise CountError("to_payment", self.to_payment, expected, "swap them")
        if self.since and self.until and self.until < self.since:
            expected = Phrase("a day from since={} on", self.since)
            raise DateError("until", self.until.isoformat(), expected, "swap them")

    def pays(self, number: int, day: date) -> bool:
        """Return whether a payment is one of those of which a part is paid.

        Parameters
        ----------
        number
            The number of the payment, from 1.
        day
            The day on which it is paid.
        """
        number = parse_count(number, "number")
        day = parse_date(day, "day")
        return (
            (self.from_payment or 1) <= number <= (self.to_payment or number)
            and (self.since or day) <= day <= (self.until or day)
        )  # fmt: skip

    def sentence(self, currency: str = "") -> Listed:
        """Return the sentence for what is paid, in amounts of a currency."""
        if currency != "":
            decimals_of(currency)  # refuses one that is unknown

        def money(amount: Decimal) -> Bare:
            return Bare(amount, currency)

        part, named = Sentence(f"payer.of.{self.of}"), word_or_text("payer_name", self.name)
        if self.share is not None:
            first = Sentence("payer.share", name=named, share=Share(self.share), part=part)
        elif self.amount is not None:
            amount = money(self.amount)
            first = Sentence("payer.amount", name=named, amount=amount, part=part)
        else:
            points = Share(self.points or Fraction(0))
            first = Sentence("payer.points", name=named, points=points)
        parts: list[Sentence] = [first]
        if self.cap_share is not None:
            parts.append(Sentence("payer.cap_share", share=Share(self.cap_share)))
        for name in ("cap_payment", "cap_year", "cap"):
            if (limit := getattr(self, name)) is not None:
                parts.append(Sentence(f"payer.{name}", amount=money(limit)))
        if self.from_payment is not None:
            parts.append(Sentence("from.instalment", number=self.from_payment))
        if self.to_payment is not None:
            parts.append(Sentence("payer.to_payment", number=self.to_payment))
        if self.since is not None:
            parts.append(Sentence("from.day", day=self.since))
        if self.until is not None:
            parts.append(Sentence("payer.until", day=self.until))
        if self.on_time:
            key = "payer.grace" if self.grace_days else "payer.on_time"
            parts.append(Sentence(key, days=self.grace_days))
        return Listed(parts, "comma")

    def _worded(self) -> Listed:
        return self.sentence()

    def to_dict(self) -> dict[str, Any]:
        """Return the payer as a dictionary that JSON takes, without loss.

        Examples
        --------
        >>> import repaylib as rp
        >>> state = rp.measures.Payer("state", points="1%", cap="3000")
        >>> rp.measures.Payer.from_dict(state.to_dict()) == state
        True
        """
        plain = {field.name: plain_of(getattr(self, field.name)) for field in fields(self)}
        return {"format": FORMAT, "version": VERSION, **plain}

    @classmethod
    def _read(cls, plain: object) -> Payer:
        names = {field.name for field in fields(cls)}
        whole = mapping_of(plain, "", {"format", "version", *names}, "Payer")
        check_format(whole, FORMAT, VERSION, "Payer")
        try:
            return cls(**fields_from("payer", {name: whole[name] for name in names}))
        except RepayError as error:
            raise error.within("payer") from error


def _name(given: object) -> str:
    name = check_name(given, "name")
    if name.casefold() in COLUMNS:
        listed = ", ".join(f'"{column}"' for column in COLUMNS)
        expected = Phrase("another name than {}, which are columns of the table", listed)
        raise TermsError("name", given, expected, write(name="state"))
    return name


def _how_much(share: Any, amount: Any, points: Any) -> dict[str, Any]:
    """Read which of the three says how much is paid."""
    given = {"share": share, "amount": amount, "points": points}
    named = [name for name, value in given.items() if value is not None]
    if len(named) != 1:
        shown = (
            enumerated("{} and {}", named) if named else Phrase("neither share, amount nor points")
        )
        expected = "exactly one of share, amount and points"
        raise TermsError("share", shown, expected, write(share="50%"))
    values: dict[str, Any] = dict.fromkeys(given)
    if share is not None:
        values["share"] = parse_share(share, "share", 1, "share")
    elif amount is not None:
        values["amount"] = parse_positive_amount(amount, "amount")
    else:
        values["points"] = parse_share(points, "points", 1)
    return values
