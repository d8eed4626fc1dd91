"""The annual percentage rates of a book of loans: many equations of value solved side by side.

Loans that pay on the same days share the times that the rule counts, which it counts once, of one of
them. Then the rates of all follow at once, each with a bracket that encloses it. What a bracket does not
decide, and what a rule solves by another equation, is computed loan by loan.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.changes.rescheduling import Rescheduling
from repaylib.errors import Phrase, RepayError, TermsError
from repaylib.measures.annual_rates.apr_value import Apr, apr_of
from repaylib.measures.annual_rates.known_rules import RULES, rule_for
from repaylib.measures.annual_rates.periods import APR_DIGITS
from repaylib.measures.annual_rates.rate_rule import RateRule
from repaylib.measures.credit import parse_credit
from repaylib.measures.yield_arrays import DiscountedLines
from repaylib.money.rounding import round_significant
from repaylib.money.rounding_arrays import round_ratios, undisturbed
from repaylib.portfolio.book.rejects import reasons_of
from repaylib.portfolio.cash_flows import BookFlows, flows_of_book
from repaylib.portfolio.schedule import PortfolioSchedule
from repaylib.portfolio.summary import LoanTable
from repaylib.schedule.fee_charges import check_known, fees_known, is_meant, parse_fees
from repaylib.schedule.schedule import Schedule
from repaylib.terms.fees import Fee
from repaylib.typing import AprRule, Bools, Floats, Ints, Progress

__all__ = ["PortfolioApr", "aprs_of_book"]

#: The options of a loan from which its due dates follow, beside its days and the number of payments.
ON_DAYS = (
    *("every", "due_days", "month_end", "missing_day", "calendar", "roll", "accrual_dates"),
    *("first_payment", "last_regular", "maturity", "stub", "in_advance", "day_count"),
)
#: To how many digits a rate is a float; and by how much its ends are moved apart, so that it is the same
#: whether it is rounded to 12 digits before or not.
DIGITS = 9
AROUND = 1e-12
#: Arguments that concern all loans alike.
OF_ALL = ("rule", "period", "year_days")


class PortfolioApr(LoanTable):
    """The annual percentage rates of a book, one line a loan. A frozen value.

    ``loan`` (its row); ``rate``, what :func:`~repaylib.apr` returns, to 9 digits as ``float64``, NaN where there is
    none; ``disclosed``, what the rule has shown, a ``Decimal``, and ``None`` where there is none; and
    ``reason``: why there is none.

    Attributes
    ----------
    rule
        The rule that the rates follow.
    schedule
        The schedules.
    fallback_loans
        How many loans were computed one by one, with the same result, but more slowly.
    """

    __slots__ = ("fallback_loans", "rule")

    rule: AprRule
    fallback_loans: int


class _Rates(NamedTuple):
    rate: Floats
    disclosed: npt.NDArray[np.object_]
    sure: Bools


class _Counted(NamedTuple):
    """The times that a rule counts for all loans that pay on the same days.

    Attributes
    ----------
    places
        Which flow of the equation the amount of each row belongs to; -1 for one that is always zero.
    times, parts
        Of those flows, in periods, and parts of one.
    per_year
        How many periods a year has.
    """

    places: Ints
    times: Floats
    parts: Floats
    per_year: float

    @property
    def plain(self) -> bool:
        """Whether each row is a flow of its own."""
        return len(self.places) == len(self.times) and bool((np.diff(self.places) == 1).all())


def aprs_of_book(
    plan: PortfolioSchedule,
    rule: AprRule | None,
    period: str | None,
    year_days: object,
    without: object,
    progress: Progress = None,
) -> PortfolioApr:
    """Return the rates of the loans of a book; see :func:`~repaylib.apr`."""
    word = _rule_of_all(plan, rule)
    apart = parse_fees(without)
    single = partial(_single, rule=word, period=period, year_days=year_days, without=apart)
    fees: set[Fee] = set()
    count = len(plan)
    rate, disclosed = np.full(count, np.nan), np.full(count, None, dtype=object)
    reason = np.full(count, "", dtype=object)
    alone, rates = 0, _BookRates(plan, RULES[word], period, year_days)
    for block in plan.folded_blocks(progress):
        part = slice(block.first - plan.first, block.first - plan.first + len(block))
        for row, text in reasons_of(block.row_arrays.rejects).items():
            reason[row - plan.first] = text
        sure = np.zeros(len(block), dtype=bool)
        if not apart:
            rate[part], disclosed[part], sure = rates.of_block(block)
        rest = np.flatnonzero(~sure & (block.counts > 0))
        alone += len(rest)
        for row in rest.tolist():
            schedule = block.row(row)
            fees |= set(fees_known(schedule)) if apart else set()
            try:
                one: Apr = single(schedule)
            except RepayError as error:
                if error.parameter in OF_ALL:
                    raise
                reason[part.start + row] = str(error)
                continue
            rate[part.start + row] = float(round_significant(Fraction(one), DIGITS))
            disclosed[part.start + row] = one.disclosed
    check_known(fees, apart)
    columns = {"loan": np.arange(count), "rate": rate, "disclosed": disclosed, "reason": reason}
    return PortfolioApr(
        columns,
        (),
        plan.book.decimals[plan.first : plan.first + count],
        single=False,
        schedule=plan,
        _of_one=single,
        rule=word,
        fallback_loans=alone,
    )


def _rule_of_all(plan: PortfolioSchedule, rule: AprRule | None) -> AprRule:
    """Return the rule that is given or, if none is, the one that all currencies of the book mean."""
    words = {rule_for(rule, name) for name, _ in plan.book.currencies()}
    if len(words) > 1:
        expected = Phrase("one for the book, whose currencies mean {}", ", ".join(sorted(words)))
        raise TermsError(
            "rule", rule, expected, 'write such as rule="eu", or take a part, book.where(mask)'
        )
    return words.pop() if words else rule_for(rule)


def _single(
    schedule: Schedule,
    *,
    rule: AprRule,
    period: str | None,
    year_days: Any,
    without: Sequence[str | Fee],
) -> Apr:
    """Return the rate of one loan, without those of some fees that it has."""
    own = fees_known(schedule) if without else ()
    apart = [one for one in without if any(is_meant(one, fee) for fee in own)]
    return apr_of(parse_credit(schedule, without=apart), rule, period, year_days)


class _BookRates:
    """Finds the rates of loans of a book side by side, as far as they can be."""

    def __init__(
        self, plan: PortfolioSchedule, law: RateRule, period: str | None, year_days: object
    ) -> None:
        self.plan, self.law = plan, law
        self.words = period, year_days
        self.counted: dict[bytes, _Counted | None] = {}
        kinds: dict[object, int] = {}
        coded = [
            kinds.setdefault(tuple(_key(given.get(name)) for name in ON_DAYS), len(kinds))
            for given in plan.book.options
        ]
        self.kind = np.array([*coded, -1])[plan.book.option_codes]

    @undisturbed
    def of_block(self, block: PortfolioSchedule) -> _Rates:
        """Return the rates of some of the loans, and which of them are certain."""
        flows = flows_of_book(block)
        if not self.law.taxes and not block.row_arrays.is_zero("tax"):
            flows.amounts[:, 1:] -= block.row_arrays.column("tax").T
        count, width = flows.amounts.shape
        lines = np.zeros((count, width), dtype=np.int64)
        times, parts = np.zeros((2, count, width))
        per_year = np.zeros(count)
        for rows, counted in self._alike(block, flows):
            long, moved = len(counted.times), flows.amounts[rows]
            kept = np.ones(len(rows), dtype=bool)
            if counted.plain:
                lines[rows, :long] = moved[:, :long]
            else:
                for column, place in enumerate(counted.places.tolist()):
                    if place < 0:
                        kept &= moved[:, column] == 0
                    else:
                        lines[rows, place] += moved[:, column]
                kept &= lines[rows, :long].all(axis=1)
            rows = rows[kept]
            times[rows, :long] = counted.times
            times[rows, long:] = counted.times[-1]
            parts[rows, :long] = counted.parts
            per_year[rows] = counted.per_year
        found = _Rates(
            np.full(count, np.nan), np.full(count, None, dtype=object), np.zeros(count, dtype=bool)
        )
        rows = np.flatnonzero((per_year > 0) & (lines[:, 0] < 0))
        if len(rows):
            part = slice(1 + int(np.flatnonzero(lines[rows].any(axis=0)).max()))
            odd = parts[rows, part] if parts.any() else None
            lanes = DiscountedLines(lines[rows, part], times[rows, part], odd)
            _, low, high, sure = lanes.rates(APR_DIGITS)
            solved = _as_stated(low * per_year[rows], high * per_year[rows], sure, self.law)
            found.rate[rows], found.disclosed[rows], found.sure[rows] = solved
        return found

    def _alike(self, block: PortfolioSchedule, flows: BookFlows) -> Iterator[tuple[Ints, _Counted]]:
        """Yield the loans that are paid on the same days, by the same timetable, with its times."""
        book = block.book
        window = slice(block.first, block.first + len(block))
        first, start = (
            days[window].astype("datetime64[D]").astype(np.int64)
            for days in (book.first_payment, book.start)
        )
        terms = [self.kind[window], start, first, block.counts]
        there = flows.days.astype(np.int64) * 2 + (flows.amounts != 0)
        table = np.concatenate(
            [np.stack(terms, axis=1), there, block.row_arrays.numbers().T], axis=1
        )
        alone = block.counts == 0
        for change in block.changes:
            if change.kind is Rescheduling:  # which may lay the due dates out anew
                alone |= change.touches(len(book))[window]
        left = np.flatnonzero(~alone)
        factors = np.random.default_rng(1).integers(1, 2**62, table.shape[1]) | 1
        hashes = (table[left] * factors).sum(axis=1)
        _, places, codes = np.unique(hashes, return_index=True, return_inverse=True)
        heads = left[places][codes]
        same = (table[left] == table[heads]).all(axis=1)  # but for loans that only hash alike
        order = np.argsort(codes[same], kind="stable")
        ends = np.flatnonzero(np.diff(codes[same][order])) + 1
        rows = block.row_arrays.rows
        for group in np.split(left[same][order], ends):
            if not len(group):
                continue
            head = int(group[0])
            there_are = int(block.counts[head])
            line = table[head]
            named = [line[: 5 + there_are], line[5 + rows : 5 + rows + there_are]]
            key = np.concatenate(named).tobytes()
            if key not in self.counted:
                self.counted[key] = self._count(block, head)
            counted = self.counted[key]
            if counted is not None:
                yield group, counted

    def _count(self, block: PortfolioSchedule, row: int) -> _Counted | None:
        """Let the rule count the times of one loan, if it solves an equation of powers."""
        try:
            schedule = block.row(row)
            credit = parse_credit(schedule)
            credit = credit if self.law.taxes else credit.untaxed()
            if not any(amount > 0 for amount in credit.amounts):  # it has none, or 0
                return None
            powers = self.law.powers(credit, *self.words)
        except RepayError as error:
            if error.parameter in OF_ALL:
                raise
            return None
        if powers is None:
            return None
        known = {day: place for place, day in enumerate(credit.days)}
        days = [schedule.loan.start, *schedule.accrual_dates.tolist()]
        places = np.array([known.get(day, -1) for day in days])
        times = np.array(powers.times, dtype=float)
        parts = np.array(powers.parts or np.zeros(len(times)), dtype=float)
        return _Counted(places, times, parts, float(powers.per_year))


def _key(option: object) -> object:
    """Return what two options have alike only if they mean the same."""
    return option if option is None or isinstance(option, (str, int)) else id(option)


def _as_stated(low: Floats, high: Floats, sure: Bools, law: RateRule) -> _Rates:
    """Return the rates to 9 digits and as they are shown, where both ends of a bracket agree.

    So they do where the rate is first rounded to 12 digits, as that of a single loan is.
    """
    sure = sure & ((low > 0) | ((low == 0) & (high == 0)))
    low, high = np.where(sure, low, 0.0) * (1 - AROUND), np.where(sure, high, 0.0) * (1 + AROUND)
    places = DIGITS - 1 - np.floor(np.log10(np.where(high > 0, high, 1.0)))
    sure &= (places >= max(law.decimals + 2, 6)) & (places <= 17)
    scale = 10.0 ** np.where(sure, places, DIGITS)
    digits = np.rint(low * scale)
    sure &= (digits == np.rint(high * scale)) & ((digits >= 10.0 ** (DIGITS - 1)) | (high == 0))
    finest = scale / 10.0 ** (law.decimals + 2)
    shown = np.zeros((2, len(low)), dtype=np.int64)
    finer = np.where(sure, 10.0 ** (15 - places), 1.0)  # so that ends are rounded, not their digits
    for row, end in enumerate((np.floor(low * scale * finer), np.ceil(high * scale * finer))):
        num, den = np.where(sure, end, 0.0), np.where(sure, finest * finer, 1.0) * law.step
        shown[row] = law.step * round_ratios(
            num.astype(np.int64), den.astype(np.int64), law.rounding
        )
    sure &= shown[0] == shown[1]
    units, codes = np.unique(shown[0], return_inverse=True)
    written = np.array([law.written(one) for one in units.tolist()], dtype=object)
    found = _Rates(digits / scale, written[codes], sure)
    found.rate[~sure], found.disclosed[~sure] = np.nan, None
    return found
