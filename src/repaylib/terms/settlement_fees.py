"""What early settlement may cost by contract or by law: a fee by share, by table, by months."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from repaylib.dates.months import add_months
from repaylib.errors import (
    AmountError,
    Phrase,
    RepayError,
    TermsError,
    check_word,
    parse_flag,
    parse_pairs,
    write,
)
from repaylib.money.amounts import minor_of, parse_amount
from repaylib.money.counts import MOST_PAYMENTS, parse_count
from repaylib.money.rounding import round_fraction
from repaylib.rates.rate import Share
from repaylib.terms.fees import parse_fee
from repaylib.typing import Amount, FeeCap, Rounding
from repaylib.wording.sentence import Listed, Money, Sentence, Worded

__all__ = [
    "LATER_FEES",
    "Basis",
    "Months",
    "SettlementFee",
    "SettlementFeeLike",
    "fee_on",
    "parse_settlement_fee",
    "settlement_fee_sentence",
]

FEE_CAPS: tuple[FeeCap, ...] = ("eu",)
#: The whole months of the years 1 to 9999.
MOST_MONTHS = 12 * 9999
#: The name of what is charged of the fees of instalments that are not paid any more.
LATER_FEES = "fees of instalments left"


@dataclass(frozen=True, slots=True)
class Months:
    """A fee of so many months' interest on the principal repaid: 3 months of 12 % are 3 %."""

    count: int

    def __str__(self) -> str:
        return f"{self.count} month{'s' * (self.count != 1)}"


#: One fee: an amount in major units, a share of the principal repaid, or months of interest.
Cell = Decimal | Fraction | Months
CellLike = Amount | Fraction | Months
Table = Mapping[int, CellLike] | Iterable[tuple[int, CellLike]]


@dataclass(frozen=True, slots=True, init=False)
class SettlementFee(Worded):
    """A fee for settling early that depends on when, or has a cap.

    Parameters
    ----------
    amount
        An amount in major units, ``"50"``; a share of the principal repaid, ``"1%"``; or months
        of interest on it, ``"3 months"``. Or a table of these by the whole months since the
        start, each from then on: ``{0: "3%", 12: "2%", 24: "1%", 36: "0"}`` is 3 % in the first
        year. Before the first month named there is no fee.
    less_elapsed
        Whether months of interest are fewer by the months elapsed: ``"12 months"`` after 7 are 5.
    at_least
        The smallest amount of the fee, unless it is zero.
    at_most
        An amount, or a share of the principal repaid, that it is not above.
    cap
        ``"eu"``
            at most 1 % of the principal repaid, or 0.5 % if no more than a year is left to the
            agreed end, and never more than the interest saved: 5,149.20 half a year before the
            end may cost 25.75.

    Raises
    ------
    RepayError
        For an amount that cannot be read, or terms that contradict each other.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> fee = rp.terms.SettlementFee({0: "3 months", 12: "1 month"})
    >>> print(fee)
    3 months' interest, from month 12 on 1 month's interest
    >>> rp.settle(plan, on="2024-07-10", fee=fee).fee
    Decimal('154.48')
    >>> rp.settle(plan, on="2024-07-10", fee=rp.terms.SettlementFee("3%", cap="eu")).fee
    Decimal('25.75')
    """

    amount: Cell | tuple[tuple[int, Cell], ...]
    less_elapsed: bool
    at_least: Decimal | None
    at_most: Decimal | Fraction | None
    cap: FeeCap | None

    def __init__(
        self,
        amount: CellLike | Table,
        *,
        less_elapsed: bool = False,
        at_least: Amount | None = None,
        at_most: Amount | Fraction | None = None,
        cap: FeeCap | None = None,
    ) -> None:
        store = object.__setattr__
        store(self, "amount", _read_amount(amount))
        store(self, "less_elapsed", parse_flag(less_elapsed, "less_elapsed"))
        least = None if at_least is None else parse_amount(at_least, "at_least")
        store(self, "at_least", least)
        store(self, "at_most", None if at_most is None else parse_fee(at_most, "at_most"))
        store(self, "cap", None if cap is None else check_word("cap", cap, FEE_CAPS))
        if less_elapsed and not all(isinstance(count, Months) for _, count in self.steps):
            raise TermsError(
                "less_elapsed",
                less_elapsed,
                "a fee of months of interest, which alone become fewer as they elapse",
                Phrase("write such as {}", 'SettlementFee("12 months", less_elapsed=True)'),
            )

    @property
    def steps(self) -> tuple[tuple[int, Cell], ...]:
        """From how many months elapsed on, how much."""
        return self.amount if isinstance(self.amount, tuple) else ((0, self.amount),)

    def after(self, elapsed: int) -> Cell:
        """Return the fee after `elapsed` whole months, before any cap.

        Examples
        --------
        >>> SettlementFee({0: "3%", 12: "2%"}).after(11)
        Fraction(3, 100)
        """
        elapsed = parse_count(elapsed, "elapsed", least=0, most=MOST_MONTHS)
        found: Cell = Decimal(0)
        for month, cell in self.steps:
            found = cell if month <= elapsed else found
        if isinstance(found, Months) and self.less_elapsed:
            return Months(max(0, found.count - elapsed))
        return found

    @property
    def asks_for_interest(self) -> bool:
        """Whether any of it is months of interest."""
        cells = [*(cell for _, cell in self.steps), self.at_most]
        return any(isinstance(cell, Months) for cell in cells)

    def sentence(self, money: Callable[[Decimal], Money] = Money) -> Listed:
        """Return the fee as parts of a sentence; `money` writes an amount."""
        parts: list[object] = []
        for month, cell in self.steps:
            fee = _cell_sentence(cell, money, less=self.less_elapsed)
            parts.append(Sentence("settlement_fee.since", month=month, fee=fee) if month else fee)
        if self.at_least is not None:
            parts.append(Sentence("settlement_fee.at_least", amount=money(self.at_least)))
        if self.at_most is not None:
            most = _cell_sentence(self.at_most, money)
            parts.append(Sentence("settlement_fee.at_most", fee=most))
        if self.cap == "eu":
            parts.append(Sentence("settlement_fee.eu"))
        return Listed(parts)

    def _worded(self) -> object:
        return self.sentence()


#: What a fee for settling may be given as.
SettlementFeeLike = CellLike | Mapping[int, CellLike] | SettlementFee


class Basis(NamedTuple):
    """What a fee for settling depends on; money in minor units.

    `rate` is the nominal rate per year on the day, `saved` the interest that is not paid.
    """

    principal: int
    rate: Fraction
    elapsed: int
    day: date
    end: date
    saved: int


def fee_on(fee: SettlementFee, basis: Basis, decimals: int, rounding: Rounding) -> int:
    """Return a fee for settling in minor units."""
    cell = fee.after(basis.elapsed)
    due = _minor(cell, basis, decimals)
    if due and fee.at_least is not None:
        due = max(due, Fraction(minor_of(fee.at_least, decimals)))
    if fee.at_most is not None:
        due = min(due, _minor(fee.at_most, basis, decimals))
    if fee.cap == "eu":
        share = Fraction(1, 100) if add_months(basis.day, 12) < basis.end else Fraction(1, 200)
        due = min(due, basis.principal * share, Fraction(max(0, basis.saved)))
    return round_fraction(due, rounding)


def _minor(cell: Cell, basis: Basis, decimals: int) -> Fraction:
    match cell:
        case Months(count=count):
            return basis.principal * max(Fraction(0), basis.rate) * count / 12
        case Fraction():
            return basis.principal * cell
        case Decimal():
            return Fraction(minor_of(cell, decimals))


def parse_settlement_fee(fee: object, parameter: str = "fee") -> Decimal | Fraction | SettlementFee:
    """Read a fee for settling; months of interest, and tables, become a :class:`~repaylib.terms.SettlementFee`."""
    if isinstance(fee, SettlementFee):
        return fee
    if isinstance(fee, (Mapping, Months)) or (isinstance(fee, str) and "month" in fee):
        try:
            return SettlementFee(fee)
        except RepayError as error:
            raise error.about(parameter) from None
    return parse_fee(fee, parameter)


def _read_amount(amount: object) -> Cell | tuple[tuple[int, Cell], ...]:
    if not isinstance(amount, (Mapping, list, tuple)):
        return _read_cell(amount)
    steps: dict[int, Cell] = {}
    hint = write({"0": "3%", "12": "2%"})
    for begun, fee in parse_pairs(amount, "amount", "a month and a fee", hint, MOST_PAYMENTS):
        month = parse_count(begun, "amount", least=0, example=12)
        if month in steps:
            raise TermsError("amount", month, "each month once", hint)
        steps[month] = _read_cell(fee)
    if not steps:
        raise TermsError("amount", amount, "a month and a fee at least", hint)
    return tuple(sorted(steps.items(), key=lambda step: step[0]))


def _read_cell(value: object) -> Cell:
    if isinstance(value, Months):
        return Months(parse_count(value.count, "amount", least=0))
    if isinstance(value, str) and "month" in value:
        number, _, word = value.strip().partition(" ")
        if number.isdigit() and number.isascii() and word.strip() in ("month", "months"):
            return Months(parse_count(int(number), "amount", least=0))
        raise AmountError("amount", value, "a number of months of interest", write("3 months"))
    return parse_fee(value, "amount")


def settlement_fee_sentence(
    fee: Decimal | Fraction | SettlementFee, money: Callable[[Decimal], Money] = Money
) -> tuple[Literal["amount", "share", "rule"], object]:
    """Return of which kind a fee for settling is, and the fee as it stands in a sentence."""
    if isinstance(fee, SettlementFee):
        return "rule", fee.sentence(money)
    kind: Literal["amount", "share"] = "amount" if isinstance(fee, Decimal) else "share"
    return kind, _cell_sentence(fee, money)


def _cell_sentence(
    cell: Cell, money: Callable[[Decimal], Money], *, less: bool = False
) -> Sentence | Money:
    match cell:
        case Months(count=count):
            key = "settlement_fee.months_less" if less else "settlement_fee.months"
            return Sentence(key, count=count)
        case Fraction():
            return Sentence("settlement_fee.share", share=Share(cell))
    return money(cell)
