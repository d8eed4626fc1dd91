"""The search for the conventions of an offer: axis by axis, each pruned by the rows before it is folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from repaylib.audit.fit import (
    BIASES,
    Bearing,
    Bias,
    Completed,
    ends,
    in_all,
    level_rates,
    paid_rates,
    shared,
    simplest,
    steady,
    usual,
)
from repaylib.audit.frames import Counting, completed, countings
from repaylib.audit.rows import Offer
from repaylib.audit.trials import Trial, Trials
from repaylib.change import Change
from repaylib.counts import MOST_PAYMENTS
from repaylib.errors import RepayError
from repaylib.exact import ROUNDINGS, Rounding
from repaylib.instalments import is_solved
from repaylib.loan import Loan
from repaylib.rates import Rate
from repaylib.terms import BY_PARTS, WITHOUT_INSTALMENT, LastPayment, Method

__all__ = [
    "SAME_SIDE",
    "Fit",
    "Shape",
    "alike",
    "fits",
    "shapes",
    "try_fit",
    "try_fits",
    "try_paid",
    "vary",
]

#: How many of the ways that fit only some rows are folded as well.
ALSO = 12
#: A rate that is as small, or as long to write, is taken only where three rows bear it out.
SMALLEST = Fraction(1, 1_000)
DIGITS = 5
#: The most payments that a loan is taken to have where its rows are only the first.
MOST_COUNT = 1200
LASTS: tuple[LastPayment, ...] = ("any", "lower", "closest")
SAME_SIDE: dict[Bias, tuple[Rounding, ...]] = {
    "half_up": ("half_up", "half_even", "half_down"),
    "up": ("up", "ceiling"),
    "down": ("down", "floor"),
}


class Shape(NamedTuple):
    """One way to see how principal is repaid, with the rows as it completes them.

    Attributes
    ----------
    method, base
        As a loan has them: the method, and what bears interest.
    bearings
        What bore interest in each row, as far as it is known.
    paid
        The usual instalment in minor units: of all, or of the principal, as the method has it.
    listed
        All instalments, where no usual one stands in most rows.
    last
        What is paid last, as `paid` counts it.
    slack
        How many minor units further off the interest of `bearings` may be, as it was derived.
    apart
        Whether interest is known only as the difference from that of the first of `bearings`.
    payments
        What is paid in each row, where nothing else is known of it and every row says it.
    in_all
        Whether the interest of each of `bearings` is what was charged since the start.
    """

    method: Method
    base: str
    bearings: tuple[Bearing, ...]
    paid: int | None
    listed: tuple[int, ...] = ()
    last: int = 0
    slack: float = 0.0
    apart: bool = False
    payments: tuple[int, ...] = ()
    in_all: bool = False


class Fit(NamedTuple):
    """One rate with one way to count days and to round, and how many rows it fits.

    Attributes
    ----------
    rows
        How many rows it fits.
    whole
        Whether these are all rows of which something is known, so that it may be exact.
    gap
        How far what is paid is from the exact instalment, in minor units.
    """

    shape: Shape
    counting: Counting
    bias: Bias
    rate: Rate
    rows: int
    whole: bool
    gap: float


def shapes(offer: Offer, rows: Sequence[Completed], *, stated: Method | None) -> list[Shape]:
    """Return the ways to see how principal is repaid that the rows allow, the likeliest first."""
    lent = offer.principal or 0
    parts = [row.principal for row in rows if row.principal is not None]
    payments = [row.payment - (row.fee or 0) for row in rows if row.payment is not None]
    known = len(parts) == len(rows)
    methods: list[Method] = []
    if len(rows) == 1:
        methods = ["level", "bullet"]
    elif known:
        slips = max(len(parts) // 10, 1 if len(parts) > 3 else 0)
        if sum(part != 0 for part in parts[:-1]) <= slips:
            methods.append("interest_only")
        elif steady(parts):
            methods.append("equal_principal")
        even = steady(payments) and _even([row.interest for row in rows])
        if even and "interest_only" not in methods:
            methods.append("flat")
        if steady(payments) or not methods:
            methods.append("level")
    else:
        methods = ["level", "equal_principal", "flat", "interest_only"]
    if stated is not None and stated not in methods:
        methods.append(stated)
    methods.sort(key=lambda each: each != stated)
    found = []
    for method in methods:
        seen = list(rows) if known or method == "bullet" else _seen(rows, method, lent)
        if not seen and method != stated:
            continue
        own = payments
        if method in BY_PARTS:
            own = [row.principal for row in seen if row.principal is not None]
        paid = None if method in WITHOUT_INSTALMENT else usual(own[:-1] or own)
        odd = paid is not None and len(own) == len(rows) and not steady(own)
        listed, last = tuple(own) if odd else (), own[-1] if own else 0
        slack = float(offer.unit > 1) * offer.unit
        if seen != list(rows) and method == "level":
            slack += 1.0  # the principal is derived from an instalment that may be a minor unit off
        if method == "flat":
            slack += 1.0  # the charge is rounded as a whole, not row by row
        bases = ["original"] if method == "flat" else ["balance"]
        if method in ("level", "equal_principal"):
            bases = ["balance", "original"]
        for base in bases:
            bearings = tuple(
                Bearing(place, lent if base == "original" else row.opening or 0, row.interest)
                for place, row in enumerate(seen)
                if row.interest is not None and row.opening is not None
            )
            apart = not bearings and known and not payments and method == "level"
            if apart:
                bearings = tuple(
                    Bearing(place, row.opening, -row.principal)
                    for place, row in enumerate(seen[:-1])
                    if row.opening is not None and row.principal is not None
                )
            alone = tuple(payments) if not known and len(payments) == len(rows) else ()
            named = "balance" if method == "flat" else base
            if method == "flat" and len(charged := in_all(seen, lent)) == len(rows):
                whole = Shape(method, named, tuple(charged), paid, listed, last, in_all=True)
                derived = float(seen != list(rows))
                found.append(whole._replace(slack=slack - 1.0 + derived))
            found.append(Shape(method, named, bearings, paid, listed, last, slack, apart, alone))
    return found


def _even(interests: Sequence[int | None]) -> bool:
    """Whether the interest of rows is about the same from first to last, as in an agreed charge."""
    known = [each for each in interests if each is not None][1:]
    return bool(known) and (max(known) - min(known) <= 1 or 2 * min(known) > max(known))


def _seen(rows: Sequence[Completed], method: Method, lent: int) -> list[Completed]:
    """Return rows of which only payments or interest is known, split as a method would; else none."""
    count, owed, seen = len(rows), lent, []
    part = 0 if method == "interest_only" else (2 * lent + count) // (2 * count)
    level: int | None = None
    if method == "level":
        interests = [row.interest for row in rows if row.interest is not None]
        if len(interests) < count:
            return list(rows)
        level = (2 * (lent + sum(interests)) + count) // (2 * count)
    paid = [row.payment - (row.fee or 0) for row in rows if row.payment is not None]
    charge = sum(paid) - lent if method == "flat" and len(paid) == count else -1
    for place, row in enumerate(rows):
        if level is not None:
            part = level - (row.interest or 0)
        elif charge >= 0:  # equal parts of the charge, as far as whole units allow
            part = paid[place] - (charge * (place + 1) // count - charge * place // count)
        principal = owed if place == count - 1 else part
        interest = row.interest
        if interest is None and row.payment is not None:
            interest = row.payment - (row.fee or 0) - principal
        if interest is not None and interest < 0:
            if -interest > count:
                return []  # so much principal was not paid
            interest = None
        seen.append(Completed(owed, interest, principal, row.fee, row.payment, owed - principal))
        owed -= principal
    return seen


class _Seen(NamedTuple):
    """A shape under one way to count days and to round: the rates that each row allows."""

    shape: Shape
    place: int
    bias: Bias
    limits: npt.NDArray[np.float64]
    best: int
    span: tuple[Any, Any] | None

    def lacks(self) -> tuple[int, bool]:
        """Return how many rows do not share a rate."""
        return len(self.limits) - self.best, self.shape.base != "balance"


class _Spans(NamedTuple):
    """The rows of a shape under one way to count days: what bears, and the interest on it."""

    whole: npt.NDArray[np.float64]
    interest: npt.NDArray[np.float64]

    @classmethod
    def of(cls, shape: Shape, shares: npt.NDArray[np.float64], due: dict[int, int]) -> _Spans:
        kept = [each for each in shape.bearings if each.row in due]
        along = np.cumsum(shares) if shape.in_all else shares
        part = along[[due[each.row] - 1 for each in kept]] if kept else np.empty(0)
        whole = np.array([float(each.base) for each in kept]) * part
        interest = np.array([float(each.interest) for each in kept])
        if shape.apart and len(whole):
            whole, interest = whole[0] - whole[1:], interest[0] - interest[1:]
        bears = whole > 0
        return cls(whole[bears], interest[bears])

    def ends(self, shape: Shape, bias: Bias) -> npt.NDArray[np.float64]:
        """Return the lowest and the highest rate of each row, to the accuracy of a float."""
        slack = shape.slack
        if shape.apart:
            bias, slack = "half_up", slack + 0.5  # two amounts were rounded
        low, high = ends(self.interest, self.whole, bias, slack)
        room = 1e-15 * high
        return np.stack([np.maximum(low - room, 0.0), np.minimum(high + room, 1000.0)], axis=1)


def fits(
    offer: Offer,
    frame: Loan,
    *,
    stated: Rate | None,
    undated: bool,
    ended: bool = True,
    paid: bool = False,
) -> list[Fit]:
    """Return the rates that the rows allow under each way to count days and to round, best first.

    `ended` is whether the last payment of the frame is that of the loan; `paid` whether its
    instalments are what was really paid.
    """
    rows, due, _ = completed(offer, frame)
    method: Method | None = None if frame.instalment is not None else frame.method
    every = countings(frame, undated=undated)
    floats = [counting.floats for counting in every]
    pace = frame.timetable.pace
    found = []
    ways = (
        [_as_paid(rows, offer)] if paid else shapes(offer, rows, stated=method if stated else None)
    )
    full = len(due) == len(rows) == frame.payments
    seen: list[_Seen] = []
    for shape in ways:
        if (shape.method == "bullet") != (frame.method == "bullet") and len(rows) == 1:
            continue
        for place, shares in enumerate(floats):
            spans = _Spans.of(shape, shares, due)
            for bias in BIASES:
                limits = spans.ends(shape, bias)
                best, span = shared(limits)
                seen.append(_Seen(shape, place, bias, limits, best, span))
    partly = sorted((each for each in seen if each.best < len(each.limits)), key=_Seen.lacks)
    closely = {id(each) for each in partly[:ALSO]}
    for each in seen:
        shape, place, bias, limits, best, _ = each
        counting, shares, count = every[place], floats[place], len(limits)
        rates: Iterator[Rate] | list[Rate] = [] if stated is None else [stated]
        if best == count or id(each) in closely:
            rates = _rates(offer, frame, each, shares, stated, full=full, ended=ended)
        for rate in rates:
            value = float(rate.nominal(pace))
            fitted = int(np.sum((limits[:, 0] <= value) & (value <= limits[:, 1])))
            whole = fitted == count
            if shape.payments and not count and full:
                left = _left(offer, shape, counting, bias, rate, pace)
                whole = left < offer.unit
                fitted = len(rows) - (0 if whole else 1) if left <= (shape.paid or 0) else 0
            elif fitted < 3 and stated != rate and len(rows) > 1 and _fanciful(rate):
                continue
            gap = _gap(offer, shape, shares, value) if ended and not paid else 0.0
            found.append((place, Fit(shape, counting, bias, rate, fitted, whole, gap)))
    sides = list(BIASES)

    def order(each: tuple[int, Fit]) -> tuple[Any, ...]:
        place, fit = each
        near = 0 if fit.gap <= 3 else 1
        other = stated is not None and fit.rate != stated
        fanciful = not other and _fanciful(fit.rate)
        return (
            *(not fit.whole, -fit.rows, near, other, fanciful),
            *(place, sides.index(fit.bias)),
        )

    return [fit for _, fit in sorted(found, key=order)]


def limits_of(fit: Fit, due: dict[int, int]) -> tuple[list[int], npt.NDArray[np.float64]]:
    """Return the rows that bear interest, and the lowest and the highest rate of each."""
    kept = [each for each in fit.shape.bearings if each.row in due and each.base > 0]
    shape = fit.shape._replace(bearings=tuple(kept), apart=False)
    limits = _Spans.of(shape, fit.counting.floats, due).ends(shape, fit.bias)
    return [each.row for each in kept], limits


def _as_paid(rows: Sequence[Completed], offer: Offer) -> Shape:
    """Return rows as what was really paid: interest on the balance, whatever the payment was."""
    bearings = tuple(
        Bearing(place, row.opening, row.interest)
        for place, row in enumerate(rows)
        if row.interest is not None and row.opening is not None
    )
    return Shape("level", "balance", bearings, None, slack=float(offer.unit - 1))


def _fanciful(rate: Rate) -> bool:
    """Whether a rate is none that contracts have, so that it takes more than a row to claim it."""
    percent = abs(rate.value * 100)
    digits = len(str(percent.numerator * 10**12 // percent.denominator).strip("0"))
    return bool(rate.value) and (rate.value < SMALLEST or digits > DIGITS)


def _left(
    offer: Offer, shape: Shape, counting: Counting, bias: Bias, rate: Rate, pace: Fraction
) -> int:
    """Return how much the payments of all rows leave of the loan, or repay too much.

    Interest is rounded in each period, and the last payment is what is then left.
    """
    yearly, owed = rate.nominal(pace), offer.principal or 0
    lent = owed if shape.base == "original" else None
    steps: dict[int, tuple[int, int]] = {}  # equal shares are mostly one object
    for share, paid in zip(counting.shares, shape.payments, strict=True):
        if id(share) not in steps:
            steps[id(share)] = (yearly * share).as_integer_ratio()
        num, den = steps[id(share)]
        exact = (owed if lent is None else lent) * num
        if bias == "half_up":
            interest = (2 * exact + den) // (2 * den)
        else:
            interest = -(-exact // den) if bias == "up" else exact // den
        owed += interest - paid
    return abs(owed)


def _rates(
    offer: Offer,
    frame: Loan,
    seen: _Seen,
    shares: npt.NDArray[np.float64],
    stated: Rate | None,
    *,
    full: bool,
    ended: bool,
) -> Iterator[Rate]:
    """Yield rates to try."""
    shape, _, bias, limits, best, found = seen
    pace = frame.timetable.pace
    if stated is not None:
        yield stated
    spans: list[tuple[Any, Any]] = []
    lent, half = offer.principal or 0, offer.unit / 2 if offer.unit > 1 else 0.0
    if shape.base == "balance" and shape.method == "level" and lent:
        narrow = None
        if shape.paid and frame.amortise_over is None and ended:
            narrow = level_rates(lent, shares, shape.paid, bias, half)
        if shape.payments and full and not best:
            found = paid_rates(lent, shares, shape.payments, bias)
        if narrow is not None and found is not None:
            both = max(found[0], narrow[0]), min(found[1], narrow[1])
            narrow = both if both[0] <= both[1] else None
        if narrow is not None:
            spans.append(narrow)
    elif shape.payments and full and not best and lent:
        years = lent * float(shares.sum())
        below, above = (float(each) * len(shares) for each in BIASES[bias])
        over = sum(shape.payments) - lent
        found = max(0.0, (over - below) / years), max(0.0, (over + above) / years)
    if found is not None:
        spans.append(found)
    if best == 1 < len(limits):
        spans += [(float(low), float(high)) for low, high in limits[:3]]
    if best:
        spans += _without_some(limits)
    elif not spans and stated is None:
        yield Rate(Fraction(0))  # nothing tells the rate
    given = {stated}
    for low, high in dict.fromkeys(spans):
        for rate in simplest(Fraction(low), Fraction(high), pace):
            if rate not in given:
                given.add(rate)
                yield rate


def _without_some(limits: npt.NDArray[np.float64]) -> list[tuple[float, float]]:
    """Return the intervals that are left without the rows that bound them, up to three on a side.

    A few altered cents may still leave an interval, though none with a plain rate in it.
    """
    if len(limits) < 4:
        return []
    low, high = np.sort(limits[:, 0])[::-1], np.sort(limits[:, 1])
    found = [(low[1], high[0]), (low[0], high[1])]
    found += [(low[k], high[k]) for k in range(1, min(4, len(limits) // 4))]
    return [(float(a), float(b)) for a, b in found if a <= b]


def _gap(offer: Offer, shape: Shape, shares: npt.NDArray[np.float64], yearly: float) -> float:
    """Return how far what is paid is from the exact instalment, in minor units."""
    lent = offer.principal or 0
    if not shape.paid:
        return 0.0
    if shape.method in BY_PARTS:
        return abs(lent / len(shares) - shape.paid)
    if shape.base == "original" or shape.method == "flat":
        owed, total = lent + lent * yearly * float(shares.sum()), float(len(shares))
    else:
        owed, total = float(lent), float((1 / np.cumprod(1 + yearly * shares)).sum())
    return max(0.0, abs(owed / total - shape.paid) - offer.unit // 2) if total else 0.0


def try_fits(trials: Trials, frame: Loan, found: Sequence[Fit], *, ended: bool = True) -> None:
    """Fold what fits all rows; where nothing of it is exact, what fits most of them."""
    solved: dict[tuple[Method, str, int], Rate] = {}
    tried = 0
    for fit in found:
        if trials.spent or not fit.whole:
            break
        kind = fit.shape.method, fit.shape.base
        key = *kind, id(fit.counting)
        other = fit.rate not in solved.values()
        if solved.get(key, fit.rate) != fit.rate or (solved and other and _fanciful(fit.rate)):
            continue  # another rate that comes to the same
        if not fit.rate.value and any(done[:2] == kind for done in solved):
            continue  # without interest no day count is told from another
        if fit.gap > 3 or (not fit.shape.bearings and not fit.shape.payments):
            tried += 1
            if tried > ALSO and (solved or not fit.shape.payments):
                continue
        trial = try_fit(trials, frame, fit, ended=ended)
        if trial is not None and trial.exact:
            solved[key] = fit.rate
    if trials.exact:
        return
    likely: dict[tuple[int, Rate, str], Fit] = {}
    for fit in found:
        if not fit.whole and fit.shape.base == "balance":
            likely.setdefault((id(fit.counting), fit.rate, fit.shape.method), fit)
    for fit in list(likely.values())[:ALSO]:
        if trials.spent:
            return
        try_fit(trials, frame, fit, bare=True, ended=ended)


def try_paid(trials: Trials, frame: Loan, found: Sequence[Fit]) -> None:
    """Fold what fits payments that were really made, whose amounts the frame has."""
    for fit in found[:ALSO]:
        day_count, counted, odd_days = fit.counting.words[0]
        rounding = frame.rounding if frame.rounding in SAME_SIDE[fit.bias] else fit.bias
        for each in dict.fromkeys((rounding, *(SAME_SIDE[fit.bias] if fit.whole else ()))):
            words: dict[str, Any] = {"day_count": day_count, "counted": counted}
            words["odd_days"] = odd_days
            trial = trials.hold(frame, rate=fit.rate, rounding=each, **words)
            if trial is not None and trial.exact:
                return


def try_fit(
    trials: Trials, frame: Loan, fit: Fit, *, bare: bool = False, ended: bool = True
) -> Trial | None:
    """Fold one fit: as it is, and with other roundings and last payments until one is exact.

    `bare` leaves it at an instalment that is solved, or given; `ended` is whether the last payment
    of the frame is that of the loan.
    """
    day_count, counted, odd_days = fit.counting.words[0]
    shape = fit.shape
    plain: dict[str, Any] = {"last": "any", "instalment_multiple": None, "instalment": None}
    if shape.method in WITHOUT_INSTALMENT or shape.method != frame.method:
        plain |= {"balloon": None, "amortise_over": None}
    elif is_solved(frame.instalment) or frame.instalment is None:
        plain = {"instalment_multiple": frame.instalment_multiple, "instalment": frame.instalment}
        plain["last"] = frame.last
    try:
        loan = replace(
            frame,
            rate=fit.rate,
            method=shape.method,
            interest_base=shape.base,
            day_count=day_count,
            counted=counted,
            odd_days=odd_days,
            rounding=frame.rounding if frame.rounding in SAME_SIDE[fit.bias] else fit.bias,
            tax_included=frame.tax_included and shape.method == "level",
            **plain,
        )
    except RepayError:
        return None
    if not ended and shape.method != "bullet":
        choices = list(_open_ended(trials.offer, loan, fit))
    elif bare:
        paid = None if shape.paid is None else loan.money(shape.paid)
        choices = [{}, *([{"instalment": paid}] if paid and loan.instalment is None else [])]
    else:
        choices = list(vary(loan, shape, fit.bias, fit.gap, whole=trials.offer.whole))
    best: Trial | None = None
    for words in choices:
        trial = trials.hold(loan, **words)
        if trial is None:
            continue
        if trial.exact:
            return trial
        if best is None or trial.apart < best.apart:
            best = trial
        if (
            not words
            and not bare
            and trial.missed[0].row > 0
            and _says_payment(trials.offer)
            and len(shape.bearings) == len(trials.offer.rows)
        ):
            sides = [each for each in SAME_SIDE[fit.bias] if each != loan.rounding]
            more = [trials.hold(loan, rounding=each) for each in sides]  # the instalment is right
            exact = next((each for each in more if each is not None and each.exact), None)
            if exact is not None:
                return exact
    return best


def _open_ended(offer: Offer, loan: Loan, fit: Fit) -> Iterator[dict[str, Any]]:
    """Yield how a loan goes on of which the rows are the first part, the plainest first.

    With as many payments as the instalment takes, if it is solved for so many; with the instalment
    given, as long as it takes; or with a last payment of all that is left.
    """
    shape, lent = fit.shape, offer.principal or 0
    if shape.method == "interest_only" or not shape.paid or not isinstance(loan.rate, Rate):
        yield {}
        return
    paid = loan.money(shape.paid)
    step = float(loan.rate.nominal(loan.timetable.pace)) * float(np.mean(fit.counting.floats))
    number = lent / shape.paid
    if shape.method == "level" and shape.base == "balance" and step > 0:
        rest = 1 - lent * step / shape.paid
        number = -float(np.log(rest) / np.log1p(step)) if rest > 0 else 0.0
    elif shape.method == "level":
        number = lent / (shape.paid - lent * step) if shape.paid > lent * step else 0.0
    near = round(number) if number < MOST_COUNT else 0
    for count in (near, near - 1, near + 1):
        if count >= loan.payments:
            for rounding in (None, "up", "down") if count == near else (None,):
                yield {"payments": count, "instalment_rounding": rounding}
    if near >= loan.payments and shape.base == "balance":
        yield {"instalment": paid, "payments": MOST_PAYMENTS}
    yield {"instalment": paid}
    yield {"instalment": paid, "negative_amortisation": True}
    if len(shape.listed) == loan.payments - 1 and min(shape.listed, default=0) > 0:
        amounts = tuple(loan.money(each) for each in shape.listed)
        yield {"instalment": amounts, "negative_amortisation": True}


def _says_payment(offer: Offer) -> bool:
    """Whether an offer says of each line what was paid or what is owed after it."""
    return bool({"payment", "principal", "closing"} & set(offer.rows[0].figures))


def vary(
    loan: Loan, shape: Shape, bias: Bias, gap: float, *, whole: bool = False
) -> Iterator[dict[str, Any]]:
    """Yield what else may be agreed on the instalment, the plainest first.

    Where the instalment paid is less than a minor unit from the exact one, it is rounded;
    elsewhere it may be moved for the last payment, brought to a round amount, or given. `whole` is
    whether all amounts paid are whole units; then an instalment of whole units comes first.
    """
    yield {}
    plain = loan.instalment is None and loan.instalment_multiple is None
    if whole and plain and loan.decimals and shape.method not in WITHOUT_INSTALMENT:
        for rounding in (None, "up", "down"):
            yield {
                "instalment_multiple": loan.money(10**loan.decimals),
                "instalment_rounding": rounding,
            }
    sides = [each for each in SAME_SIDE[bias] if each != loan.rounding]
    if shape.method in WITHOUT_INSTALMENT:
        yield from ({"rounding": each} for each in sides[:2])
        return
    if loan.instalment is None and loan.instalment_multiple is None:
        for last in LASTS if 1 <= gap <= 3 else LASTS[:1]:
            for rounding in (None, "up", "down", "half_up"):
                yield {"last": last, "instalment_rounding": rounding}
        yield from ({"rounding": each} for each in sides)
        if gap >= 1:
            yield from _multiples(loan, shape.paid or 0)
    without = {"last": "any", "instalment_multiple": None, "balloon": None, "amortise_over": None}
    if shape.paid and 2 * shape.last > 3 * shape.paid and loan.instalment is None:
        yield from _balloons(loan, shape.last - shape.paid)
    if shape.paid and gap >= 1:
        paid = loan.money(shape.paid)
        yield {"instalment": paid, **without}
        yield {"instalment": paid, "negative_amortisation": True, **without}
    if len(shape.listed) == loan.payments and min(shape.listed[:-1], default=0) > 0:
        amounts = tuple(loan.money(each) for each in shape.listed[:-1])
        yield {"instalment": amounts, "negative_amortisation": True, **without}


def _balloons(loan: Loan, over: int) -> Iterator[dict[str, Any]]:
    """Yield balloons near to what the last payment is above the others: whole shares, round amounts."""
    lent = loan.minor(loan.principal, "principal")
    share = Fraction(over * 100 // lent + 1, 100), Fraction(over * 100 // lent, 100)
    yield from ({"balloon": each} for each in share if 0 < each <= 1)
    for unit in (1000_00, 100_00, 10_00, 100):
        amount = (2 * over + unit) // (2 * unit) * unit
        if 0 < amount <= lent and abs(amount - over) <= loan.payments:
            yield {"balloon": loan.money(amount)}


def _multiples(loan: Loan, paid: int) -> Iterator[dict[str, Any]]:
    """Yield the round amounts that the instalment may have been brought to."""
    for unit in (1000_00, 500_00, 100_00, 50_00, 10_00, 5_00, 100, 50, 10, 5):
        if paid and paid % unit == 0:
            for rounding in (None, "up", "down"):
                multiple = loan.money(unit)
                yield {"instalment_multiple": multiple, "instalment_rounding": rounding}


def alike(trials: Trials, trial: Trial, same: Counting | None) -> dict[str, tuple[str, ...]]:
    """Return, for each axis, the words that come to the same figures with all else as it is."""
    loan, changes = trial.loan, trial.schedule.changes
    found: dict[str, tuple[str, ...]] = {}
    axes: dict[str, Sequence[Any]] = {"rounding": ROUNDINGS}
    if loan.method not in WITHOUT_INSTALMENT and is_solved_loan(loan):
        axes["instalment_rounding"] = (None, *ROUNDINGS)
        if loan.balloon is None and loan.amortise_over is None:
            axes["last"] = LASTS
    for name, words in axes.items():
        own = getattr(loan, name)
        ordered = [own, *(word for word in words if word != own)]
        found[name] = tuple(
            word for word in ordered if word == own or _same(trials, loan, changes, {name: word})
        )
    ways = [] if same is None else same.words
    own_way = (loan.day_count, loan.counted, loan.odd_days)
    kept = [own_way]
    for way in ways:
        in_words = dict(zip(("day_count", "counted", "odd_days"), way, strict=True))
        if way != own_way and _same(trials, loan, changes, in_words):
            kept.append(way)
    found["day_count"] = tuple(dict.fromkeys(way[0] for way in kept))
    found["counted"] = tuple(dict.fromkeys(way[1] for way in kept if way[0] == loan.day_count))
    found["odd_days"] = tuple(dict.fromkeys(way[2] for way in kept if way[0] == loan.day_count))
    return found


def is_solved_loan(loan: Loan) -> bool:
    """Whether the instalment of a loan is solved, and not given."""
    return loan.instalment is None or is_solved(loan.instalment)


def _same(trials: Trials, loan: Loan, changes: Sequence[Change], words: dict[str, Any]) -> bool:
    trial = trials.hold(loan, changes, **words)
    return trial is not None and trial.exact
