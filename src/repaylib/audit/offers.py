"""The audit of a lender's own figures: which conventions reproduce them, or where they depart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any, cast

from repaylib.audit.compare import Miss, matching
from repaylib.audit.course import Searched, search_offer
from repaylib.audit.departures import fewest
from repaylib.audit.fit import BIASES, Bearing, Bias, complete, in_all, interval
from repaylib.audit.frames import Known, rows_by_due, shares_of
from repaylib.audit.report import Convention, Departure, OfferCheck, in_what
from repaylib.audit.rows import SUMMED, Offer, read_offer
from repaylib.days import DateLike, to_date
from repaylib.errors import TermsError
from repaylib.exact import round_fraction
from repaylib.flows import schedule_of
from repaylib.loan import Loan
from repaylib.money import Amount, show, to_decimal, to_minor
from repaylib.rates import Rate, RateLike, parse_rate
from repaylib.schedule import Schedule

__all__ = ["check_offer"]

WIDE = Context(prec=50)
MOST_TOLD = 3  # amounts lent that are tried, where the rows contradict each other


def check_offer(
    rows: object = None,
    loan: Loan | Schedule | None = None,
    *,
    instalment: Amount | None = None,
    payments: int | None = None,
    columns: Sequence[str] | None = None,
    principal: Amount | None = None,
    start: DateLike | None = None,
    rate: RateLike | None = None,
    every: Any = None,
    currency: str | None = None,
) -> OfferCheck:
    """Audit a lender's own figures: find the conventions that reproduce them, or where they depart.

    Parameters
    ----------
    rows
        The lender's schedule, or a part of it: a list of dictionaries, of
        :class:`~repaylib.Row`, or of tuples under `columns`; columns by name; a pandas or Arrow
        table; a :class:`~repaylib.Schedule`. Any of the columns ``"number"``, ``"date"``,
        ``"payment"``, ``"interest"``, ``"principal"``, ``"fee"``, ``"balance"`` (owed after the
        payment), and the others of a row; what is empty is not checked. A first line
        of a balance alone is the disbursement.
    loan
        What the borrower believes was agreed: a loan, or a schedule with its changes. It is tried
        first, and what is found is said as a difference from it.
    instalment, payments
        Instead of rows: an instalment in major units, and how many there are.
    columns
        The names of the values, where rows are tuples. Pairs are a day and a payment.
    principal, start, rate, every
        What is known where no loan is stated: the amount lent in major units, the day of
        disbursement, the rate a year, how often an instalment falls due; as a
        :class:`~repaylib.Loan` takes them. The principal is read from the rows, if they say it; the
        start is by default one period before the first date; the rate is found.
    currency
        ISO 4217 code, where no loan is stated; by default amounts have the decimals they are
        written with.

    Returns
    -------
    OfferCheck
        With `conventions` if every figure follows from some, else with `departures` from the
        nearest; it prints as a short report.

    Raises
    ------
    RepayError
        If there are no rows or no amounts, an amount is a ``float``, dates are out of order,
        currencies are mixed, or the principal cannot be known.

    Notes
    -----
    The interest ``I`` of a line on a base ``B`` over a share ``s`` of a year, rounded to the
    nearest, allows the rates from ``(I - 1/2) / (B s)`` to ``(I + 1/2) / (B s)``. For each way to
    count days and to round, all lines together leave an interval, or none; the rate stated must lie
    in it, or the plainest rate within is taken, as contracts write one. What is left is folded by
    the engine and held against every figure: nothing is called reproduced that was not folded.
    At most 2,000 schedules are.

    Examples
    --------
    A lender counts actual days over 360, and the borrower thought of months:

    >>> import repaylib as rp
    >>> loan = rp.Loan("10000", "12%", 12, "2024-01-10")
    >>> theirs = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", day_count="actual/360"))
    >>> print(rp.check_offer(theirs.rows, loan))
    12 lines with 216 figures: every figure follows from terms that are not those stated; 6 such terms were found, of which the first is
    10,000.00 at 12% a year from 2024-01-10, 12 monthly level instalments from 2024-02-10, actual/360
      not as stated: day count actual/360, not periodic
      the same here: rounding half even, half down
      the same here: rounding of the instalment half up, half even, half down, down and 1 more
      the same here: last payment lower, closest
    by their figures 9.73 more is paid than by the terms stated, 9.13 on 2024-01-10

    One figure is wrong by a cent, and nothing else is known than the rows:

    >>> names = ("date", "payment", "interest", "principal", "closing")
    >>> rows = [{name: getattr(row, name) for name in names} for row in rp.amortise(loan)]
    >>> rows[4]["interest"] = "67.99"
    >>> print(rp.check_offer(rows))
    12 lines with 48 figures: 1 figure does not follow; the nearest terms found are
    10,000.00 at 12% a year from 2024-01-10, 12 monthly level instalments from 2024-02-10
    <BLANKLINE>
    line  date        figure    theirs  follows  difference  cost so far
    ----  ----------  --------  ------  -------  ----------  -----------
    5     2024-06-10  interest   67.99    67.98       +0.01        +0.00
    by their figures nothing more or less is paid than by what follows
    taken for granted: the loan starts one period before the first date
    """
    stated = _stated(loan)
    if stated is not None:
        _refuse_known(principal=principal, start=start, rate=rate, every=every, currency=currency)
    own = None if stated is None else stated.loan
    begun = own.start if own is not None else None if start is None else to_date(start, "start")
    offer = read_offer(
        rows,
        columns=columns,
        currency=currency if own is None else (None if own.currency == "XXX" else own.currency),
        decimals=None if own is None else own.decimals,
        instalment=instalment,
        payments=payments,
        start=begun,
    )
    asked = None if rate is None else parse_rate(rate)
    best: OfferCheck | None = None
    for told in offer.told[:MOST_TOLD] or (None,):
        meant = replace(offer, principal=told)
        meant, known, assumed = _known(meant, own, principal, begun, every)
        found = _checked(meant, stated, search_offer(meant, stated, known, asked), assumed)
        if best is None or len(found.departures) < len(best.departures):
            best = found
        if found.agrees or own is not None or principal is not None:
            break  # otherwise the rows may say several amounts, one of them by a slip
    assert best is not None, "one amount at least is tried"
    return best


def _stated(loan: object) -> Schedule | None:
    if loan is None:
        return None
    stated = schedule_of(loan)
    if stated is None:
        raise TermsError("loan", loan, "a Loan or a Schedule", "write rp.Loan(...) or leave it out")
    return stated


def _refuse_known(**given: object) -> None:
    for name, value in given.items():
        if value is not None:
            mend = f"leave {name} out, or write it in the loan"
            raise TermsError(name, value, f"none with loan=..., which says the {name}", mend)


def _known(
    offer: Offer, loan: Loan | None, principal: object, start: object, every: object
) -> tuple[Offer, Known, tuple[str, ...]]:
    """Gather what is known of the loan, and what has to be taken for granted."""
    lent = offer.principal
    if loan is not None:
        lent = loan.minor(loan.principal, "principal")
        start = loan.start
    elif principal is not None:
        lent = to_minor(principal, "principal", offer.currency, decimals=offer.decimals)
    if lent is None or lent <= 0:
        mend = 'write principal="10000", or add the column "balance" or "principal"'
        raise TermsError("principal", None, "the amount lent, which the rows do not say", mend)
    begun: date | None = offer.start
    if start is not None:
        begun = to_date(cast(DateLike, start), "start")
    if begun is not None and offer.dated and offer.days[0] < begun:
        mend = "write an earlier start, or mend the first date"
        expected = f"a day not after the first row, {offer.days[0]}"
        raise TermsError("start", begun.isoformat(), expected, mend)
    assumed = []
    if loan is None and not offer.dated and every is None:
        assumed.append("equal months, as no dates are given")
    elif loan is None and begun is None:
        assumed.append("the loan starts one period before the first date")
    return replace(offer, principal=lent, start=begun), Known(lent, begun, every), tuple(assumed)


def _checked(
    offer: Offer, stated: Schedule | None, found: Searched, assumed: tuple[str, ...]
) -> OfferCheck:
    """Put together what was found."""
    conventions = tuple(
        Convention(
            box.trial.schedule,
            () if stated is None else in_what(box.trial.schedule, stated),
            box.alike,
        )
        for box in found.boxes
    )
    if conventions:
        best = conventions[0].schedule
        missed: list[Miss] = []
    elif found.nearest is not None:
        best = found.nearest.schedule
        missed = fewest(offer, best)
    else:
        raise TermsError(
            "rows", f"{len(offer.rows)} rows", "figures that some loan comes near to", "check them"
        )
    costs = _costs(offer, stated or best)
    so_far = _costs(offer, best)
    total = None if costs is None else sum(costs)
    today = None if costs is None else _today(offer, stated or best, costs)
    money = best.loan.money
    return OfferCheck(
        conventions,
        stated,
        best,
        tuple(_departure(offer, each, so_far) for each in missed),
        () if conventions else tuple(_sums(offer)),
        None if total is None else money(total),
        today,
        _rates(offer, best),
        assumed,
        len(offer.rows),
        offer.figures,
        found.trials,
        not found.spent,
    )


def _costs(offer: Offer, plan: Schedule) -> list[int] | None:
    """Return what is paid more by each line than by a schedule; nothing if it is not known."""
    rows = complete(offer)
    matched, lacking = matching(offer, plan)
    ours = plan.columns["payment"].tolist()
    if any(row.payment is None for row in rows):
        return None
    costs = [
        (row.payment or 0) - (0 if place is None else ours[place])
        for row, place in zip(rows, matched, strict=True)
    ]
    days = plan.columns["date"].tolist()
    for place in lacking:
        after = [
            k for k, row in enumerate(offer.rows) if row.day is not None and row.day >= days[place]
        ]
        costs[after[0] if after else -1] -= ours[place]
    if rows[-1].closing == 0:  # all of it, so that what ours still asks for counts
        last = max((place for place in matched if place is not None), default=len(ours) - 1)
        costs[-1] -= sum(ours[last + 1 :]) - sum(ours[place] for place in lacking if place > last)
    return costs


def _today(offer: Offer, plan: Schedule, costs: Sequence[int]) -> Decimal | None:
    """Discount costs to the start of a loan, at its rate, period by period."""
    loan = plan.loan
    if not isinstance(loan.rate, Rate) or loan.method == "bullet":
        return None
    shares = shares_of(loan)
    rate = loan.rate.nominal(loan.timetable.pace)
    worths = [Decimal(1)]
    for share in shares:
        grow = 1 + rate * share
        factor = WIDE.divide(Decimal(grow.numerator), grow.denominator)
        worths.append(WIDE.divide(worths[-1], factor))
    due = dict(rows_by_due(offer, loan))
    k, total = 0, Decimal(0)
    for place, cost in enumerate(costs):
        k = due.get(place, k)
        total = WIDE.add(total, WIDE.multiply(worths[min(k, len(shares))], cost))
    return loan.money(round_fraction(Fraction(total), "half_up"))


def _departure(offer: Offer, miss: Miss, costs: Sequence[int] | None) -> Departure:
    def money(minor: int) -> Decimal:
        return to_decimal(minor, offer.decimals)

    return Departure(
        miss.row + 1 + offer.skipped,
        miss.day,
        miss.column,
        None if miss.theirs is None else money(miss.theirs),
        None if miss.ours is None else money(miss.ours),
        money((miss.theirs or 0) - (miss.ours or 0)),
        money(sum(costs[: miss.row + 1]) if costs is not None else 0),
    )


def _sums(offer: Offer) -> list[str]:
    """Return in words where a line, or the principal of all, does not add up by itself."""
    found, before = [], offer.principal

    def said(minor: int) -> str:
        return show(minor, offer.decimals)

    for place, row in enumerate(offer.rows, 1 + offer.skipped):
        get = row.figures
        if {"payment", "interest", "principal"} <= set(get) and ("fee" in offer.columns):
            total = sum(get.get(name, 0) for name in SUMMED) - get.get("refund", 0)
            if total != get["payment"]:
                found.append(
                    f"line {place}, payment {said(get['payment'])}: its parts come to {said(total)}"
                )
        opening = get.get("opening", before)
        if opening is not None and {"principal", "closing"} <= set(get):
            left = opening - get["principal"] + get.get("advanced", 0) + get.get("capitalised", 0)
            left -= get.get("forgiven", 0)
            if left != get["closing"]:
                words = f"{said(opening)} less principal {said(get['principal'])} is {said(left)}"
                found.append(f"line {place}, balance {said(get['closing'])}: {words}")
        if (
            "opening" in get
            and before is not None
            and place > 1 + offer.skipped
            and get["opening"] != before
        ):
            found.append(
                f"line {place}, opening {said(get['opening'])}: the line above closes with {said(before)}"
            )
        before = get.get("closing")
    return found


def _rates(offer: Offer, plan: Schedule) -> tuple[Fraction, Fraction] | None:
    """Return the rates that the interest of every line allows, under the terms of a schedule."""
    loan = plan.loan
    if plan.changes or not isinstance(loan.rate, Rate) or isinstance(loan.interest_base, tuple):
        return None
    sides: dict[str, Bias] = {"ceiling": "up", "floor": "down"}
    bias: Bias = sides.get(loan.rounding, cast(Bias, loan.rounding))
    if bias not in BIASES:
        bias = "half_up"
    original = loan.method == "flat" or loan.interest_base == "original"
    rows, shares = complete(offer), shares_of(loan)
    spans = []
    by_due = dict(rows_by_due(offer, loan))
    charged = {each.row: each for each in in_all(rows, offer.principal or 0)}
    for place, k in by_due.items():
        row, share = rows[place], shares[k - 1]
        base = offer.principal if original else row.opening
        bearing = None
        if loan.method == "flat":
            bearing, share = charged.get(place), sum(shares[:k], Fraction(0))
        elif base is not None and row.interest is not None:
            bearing = Bearing(place, base, row.interest)
        if bearing is not None:
            span = interval(bearing, share, bias)
            if span is not None:
                spans.append(span)
    if not spans:
        return None
    low, high = max(each[0] for each in spans), min(each[1] for each in spans)
    return (low, high) if low <= high else None
