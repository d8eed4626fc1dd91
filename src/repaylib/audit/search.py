"""The search for the conventions of an offer: axis by axis, each pruned by the rows before it is folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

from repaylib.audit.fit import (
    BIASES,
    Bearing,
    Bias,
    Completed,
    Span,
    complete,
    in_all,
    interval,
    level_rates,
    shared,
    simplest,
    steady,
    usual,
)
from repaylib.audit.frames import Counting, countings, rows_by_due
from repaylib.audit.rows import Offer
from repaylib.audit.trials import Trial, Trials
from repaylib.change import Change
from repaylib.errors import RepayError
from repaylib.exact import ROUNDINGS, Rounding
from repaylib.instalments import is_solved
from repaylib.loan import Loan
from repaylib.rates import Rate
from repaylib.terms import BY_PARTS, WITHOUT_INSTALMENT, LastPayment, Method

__all__ = ["SAME_SIDE", "Fit", "Shape", "alike", "fits", "shapes", "try_fit", "try_fits", "vary"]

#: How many of the ways that fit only some rows are folded as well.
ALSO = 12
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
    """

    method: Method
    base: str
    bearings: tuple[Bearing, ...]
    paid: int | None
    listed: tuple[int, ...] = ()
    last: int = 0


class Fit(NamedTuple):
    """One rate with one way to count days and to round, and how many rows it fits."""

    shape: Shape
    counting: Counting
    bias: Bias
    rate: Rate
    rows: int
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
        if steady(payments) and _even([row.interest for row in rows]):
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
        seen = list(rows) if known or method in ("level", "bullet") else _seen(rows, method, lent)
        own = payments
        if method in BY_PARTS:
            own = [row.principal for row in seen if row.principal is not None]
        paid = None if method in WITHOUT_INSTALMENT else usual(own[:-1] or own)
        odd = paid is not None and len(own) == len(rows) and not steady(own)
        listed, last = tuple(own) if odd else (), own[-1] if own else 0
        if method == "flat":
            charged = in_all(seen, lent)
            found.append(
                Shape(method, "balance", tuple(charged[0 if known else -1 :]), paid, listed, last)
            )
            continue
        bases = ["balance", "original"] if method in ("level", "equal_principal") else ["balance"]
        for base in bases:
            bearings = tuple(
                Bearing(place, lent if base == "original" else row.opening or 0, row.interest)
                for place, row in enumerate(seen)
                if row.interest is not None and row.opening is not None
            )
            found.append(Shape(method, base, bearings, paid, listed, last))
    return found


def _even(interests: Sequence[int | None]) -> bool:
    """Whether the interest of rows is about the same from first to last, as in an agreed charge."""
    known = [each for each in interests if each is not None][1:]
    return bool(known) and 2 * min(known) > max(known)


def _seen(rows: Sequence[Completed], method: Method, lent: int) -> list[Completed]:
    """Return rows of which only payments are known, split as a method would."""
    count, owed, seen = len(rows), lent, []
    part = 0 if method == "interest_only" else (2 * lent + count) // (2 * count)
    for place, row in enumerate(rows):
        principal = owed if place == count - 1 else part
        interest = row.interest
        if interest is None and row.payment is not None:
            interest = row.payment - (row.fee or 0) - principal
        if interest is not None and interest < 0:
            interest = None
        seen.append(Completed(owed, interest, principal, row.fee, row.payment, owed - principal))
        owed -= principal
    return seen


def fits(offer: Offer, frame: Loan, *, stated: Rate | None, undated: bool) -> list[Fit]:
    """Return the rates that the rows allow under each way to count days and to round, best first."""
    rows = complete(offer)
    by_row = dict(rows_by_due(offer, frame))
    method: Method | None = None if frame.instalment is not None else frame.method
    every = countings(frame, undated=undated)
    found = []
    for shape in shapes(offer, rows, stated=method if stated else None):
        if (shape.method == "bullet") != (frame.method == "bullet") and len(rows) == 1:
            continue
        for place, counting in enumerate(every):
            for bias in BIASES:
                for rate, fitted in _rates(offer, frame, shape, counting, bias, by_row, stated):
                    gap = _gap(offer, frame, shape, counting, rate)
                    found.append((place, Fit(shape, counting, bias, rate, fitted, gap)))
    sides = list(BIASES)

    def order(each: tuple[int, Fit]) -> tuple[Any, ...]:
        place, fit = each
        near = 0 if fit.gap <= 3 else 1
        other = stated is not None and fit.rate != stated
        return -fit.rows, near, other, place, sides.index(fit.bias)

    return [fit for _, fit in sorted(found, key=order)]


def _rates(
    offer: Offer,
    frame: Loan,
    shape: Shape,
    counting: Counting,
    bias: Bias,
    by_row: dict[int, int],
    stated: Rate | None,
) -> Iterator[tuple[Rate, int]]:
    """Yield rates to try, each with the number of rows that it fits."""
    spans = []
    for bearing in shape.bearings:
        if bearing.row in by_row:
            k = by_row[bearing.row]
            share = counting.shares[k - 1]
            if shape.method == "flat":  # what was charged since the start
                share = sum(counting.shares[:k], Fraction(0))
            span = interval(bearing, share, bias)
            if span is not None:
                spans.append(span)
    pace = frame.timetable.pace
    if stated is not None:
        value = stated.nominal(pace)
        yield stated, sum(low <= value <= high for low, high in spans)
    best, found = shared(spans)
    if best and found is None:
        return
    narrow = found
    if shape.method == "level" and shape.paid and offer.principal and frame.amortise_over is None:
        shares = [float(share) for share in counting.shares]
        level = level_rates(offer.principal, shares, shape.paid, bias)
        if level is not None and (
            found is None or max(found[0], level[0]) <= min(found[1], level[1])
        ):
            narrow = level if found is None else (max(found[0], level[0]), min(found[1], level[1]))
    given = set()
    for span in (narrow, found, *_without_one(spans)):
        if span is None or span in given:
            continue
        given.add(span)
        for rate in simplest(*span, pace):
            if rate != stated:
                yield rate, best


def _without_one(spans: Sequence[Span]) -> list[Span]:
    """Return the intervals that are left without the row that bounds them from below, or above.

    One altered cent may still leave an interval, though none with a plain rate in it.
    """
    if len(spans) < 4:
        return []
    lowest = sorted(low for low, _ in spans)
    highest = sorted(high for _, high in spans)
    found = [(lowest[-2], highest[0]), (lowest[-1], highest[1])]
    return [(low, high) for low, high in found if low <= high]


def _gap(offer: Offer, frame: Loan, shape: Shape, counting: Counting, rate: Rate) -> float:
    """Return how far what is paid is from the exact instalment, in minor units."""
    lent = offer.principal or 0
    if not shape.paid:
        return 0.0
    if shape.method in BY_PARTS:
        return abs(lent / len(counting.shares) - shape.paid)
    worth, total, yearly = 1.0, 0.0, float(rate.nominal(frame.timetable.pace))
    for share in counting.shares:
        if shape.base == "balance" and shape.method != "flat":
            worth /= 1 + yearly * float(share)
        total += worth
    owed = float(lent)
    if shape.base == "original" or shape.method == "flat":
        owed += lent * yearly * float(sum(counting.shares))
    return abs(owed / total - shape.paid) if total else 0.0


def try_fits(trials: Trials, frame: Loan, found: Sequence[Fit]) -> None:
    """Fold what fits all that the best one fits, and a few more."""
    if not found:
        return
    solved: dict[tuple[Method, str, int], Rate] = {}
    tried: dict[bool, int] = {}
    most: dict[bool, int] = {}
    for fit in found:
        if trials.spent:
            return
        kind = fit.shape.method, fit.shape.base
        key = *kind, id(fit.counting)
        if solved.get(key, fit.rate) != fit.rate:
            continue  # another rate that comes to the same
        if not fit.rate.value and any(done[:2] == kind for done in solved):
            continue  # without interest no day count is told from another
        seen = bool(fit.shape.bearings)  # else only what is paid is known
        if fit.rows < most.setdefault(seen, fit.rows) or fit.gap > 3:
            tried[seen] = tried.get(seen, 0) + 1
            if tried[seen] > ALSO or solved:
                continue
        trial = try_fit(trials, frame, fit)
        if trial is not None and trial.exact:
            solved[key] = fit.rate


def try_fit(trials: Trials, frame: Loan, fit: Fit) -> Trial | None:
    """Fold one fit: as it is, and with other roundings and last payments until one is exact."""
    day_count, counted, odd_days = fit.counting.words[0]
    shape = fit.shape
    bare: dict[str, Any] = {"last": "any", "instalment_multiple": None, "instalment": None}
    if shape.method in WITHOUT_INSTALMENT or shape.method != frame.method:
        bare |= {"balloon": None, "amortise_over": None}
    elif is_solved(frame.instalment) or frame.instalment is None:
        bare = {"instalment_multiple": frame.instalment_multiple, "instalment": frame.instalment}
        bare["last"] = frame.last
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
            **bare,
        )
    except RepayError:
        return None
    best: Trial | None = None
    for words in vary(loan, shape, fit.bias, fit.gap):
        trial = trials.hold(loan, **words)
        if trial is None:
            continue
        if trial.exact:
            return trial
        if best is None or trial.apart < best.apart:
            best = trial
        if not words and trial.missed[0].row > 0 and _says_payment(trials.offer):
            sides = [each for each in SAME_SIDE[fit.bias] if each != loan.rounding]
            more = [trials.hold(loan, rounding=each) for each in sides]  # the instalment is right
            return next((each for each in more if each is not None and each.exact), best)
    return best


def _says_payment(offer: Offer) -> bool:
    """Whether an offer says of each line what was paid or what is owed after it."""
    return bool({"payment", "principal", "closing"} & set(offer.rows[0].figures))


def vary(loan: Loan, shape: Shape, bias: Bias, gap: float) -> Iterator[dict[str, Any]]:
    """Yield what else may be agreed on the instalment, the plainest first.

    Where the instalment paid is less than a minor unit from the exact one, it is rounded;
    elsewhere it may be moved for the last payment, brought to a round amount, or given.
    """
    yield {}
    sides = [each for each in SAME_SIDE[bias] if each != loan.rounding]
    if shape.method in WITHOUT_INSTALMENT:
        yield from ({"rounding": each} for each in sides[:2])
        return
    if loan.instalment is None and loan.instalment_multiple is None:
        for last in LASTS if gap >= 1 else LASTS[:1]:
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
