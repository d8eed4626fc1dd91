"""The audit of a lender's own figures: which conventions reproduce them, or where they depart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from repaylib.audit.date_hypotheses import KnownTerms, completed, shares_of
from repaylib.audit.discrepancies import Discrepancy, aligned, discrepancies_of, matching
from repaylib.audit.offer import SUMMED, Offer, parse_offer
from repaylib.audit.offer_costs import cost_today, costs_of
from repaylib.audit.offer_objections import held_against
from repaylib.audit.rate_inference import BIASES, Bias, InterestRow, cumulative, rate_interval
from repaylib.audit.report import Convention, Departure, OfferCheck, in_what, said
from repaylib.audit.search_plan import SearchOutcome, search_offer
from repaylib.audit.trials import MOST_WORK
from repaylib.dates.days import parse_date
from repaylib.dates.frequency import parse_every
from repaylib.errors import Phrase, RepayError, TermsError, parse_list
from repaylib.measures.caps.cap import Cap
from repaylib.measures.cash_flows import schedule_of
from repaylib.money.amounts import decimals_of, show, to_decimal, to_minor
from repaylib.rates.rate import Rate, RateLike, parse_rate
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.typing import Amount, DateLike, DateOrder

__all__ = ["check_offer"]

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
    date_order: DateOrder | None = None,
    caps: Cap | Iterable[Cap] = (),
) -> OfferCheck:
    """Audit a lender's own figures: find the conventions that reproduce them, or where they depart.

    Parameters
    ----------
    rows
        The lender's schedule, or a part of it: a list of dictionaries, of
        :class:`~repaylib.Row`, or of tuples under `columns`; columns by name; a pandas, polars or
        Arrow table; a :class:`~repaylib.Schedule`; or text pasted with its line of column names.
        Amounts may be written ``"9,211.51"`` or ``"¥888.49"``. Any of the columns ``"number"``, ``"date"``,
        ``"payment"``, ``"interest"``, ``"principal"``, ``"fee"``, ``"balance"`` (owed after the
        payment), and the others of a row; what is empty is not checked. A first line
        of a balance alone is the disbursement.
    loan
        What the borrower believes was agreed: a loan, or a schedule with its changes. It is tried
        first, and what is found is said as a difference from it.
    instalment, payments
        Instead of rows: an instalment in major units, and how many there are.
    columns
        The names of the values, where rows are tuples or text; ``""`` leaves a column out. Pairs are a
        day and a payment.
    principal, start, rate, every
        What is known where no loan is stated: the amount lent in major units, the day of
        disbursement, the rate a year, how often an instalment falls due; as a
        :class:`~repaylib.Loan` takes them. The principal is read from the rows, if they say it; the
        start is by default one period before the first date; the rate is found. Where the figures
        follow from another rate or frequency than the one that is known, the check says so.
    currency
        ISO 4217 code, where no loan is stated; by default amounts have the decimals they are
        written with.
    date_order
        The order of dates of three numbers: ``"dmy"`` (10/02/2024 is 10 February), ``"mdy"``
        (2 October) or ``"ymd"``. By default it is read from the column, if one of its numbers is
        above 12; ISO dates do not need it.
    caps
        :class:`~repaylib.measures.Cap` values that what is offered is held against, your own or of
        :func:`~repaylib.measures.known_caps`; none by default. A cap on the rate is measured on what is
        lent and paid by the figures, whether terms are found or not.

    Returns
    -------
    OfferCheck
        With `conventions` if every figure follows from some, else with `departures` from the
        nearest, and with :meth:`~repaylib.audit.OfferCheck.objections`; it prints as a short report.

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
    The work is limited by the rows that are folded.

    Examples
    --------
    A lender counts actual days over 360, and the borrower thought of months:

    >>> import repaylib as rp
    >>> loan = rp.Loan("10000", "12%", 12, "2024-01-10")
    >>> theirs = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", day_count="actual/360"))
    >>> print(rp.check_offer(theirs.rows, loan))
    12 lines with 216 figures: every figure follows from terms that are not those stated; 5 such terms were found, of which the first is
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
    begun = own.start if own is not None else None if start is None else parse_date(start, "start")
    every = None if every is None else parse_every(every)
    offer = parse_offer(
        rows,
        columns=columns,
        currency=currency if own is None else (None if own.currency == "XXX" else own.currency),
        decimals=None if own is None else own.decimals,
        instalment=instalment,
        payments=payments,
        start=begun,
        lent=own.principal if own is not None else principal,
        date_order=date_order,
    )
    asked = None if rate is None else parse_rate(rate)
    limits = parse_list(caps, "caps", Cap, Phrase("write {}", 'rp.measures.Cap("...", "24%")'))
    best: OfferCheck | None = None
    left = MOST_WORK
    for written, believed in _variants(offer, stated):
        for told in written.told[:MOST_TOLD] or (None,):
            meant = replace(written, principal=told)
            terms = None if believed is None else believed.loan
            meant, known, assumed = _known(meant, terms, principal, begun, every)
            searched = search_offer(meant, believed, known, asked, left)
            left = max(left - searched.work, MOST_WORK // 8)  # what is told otherwise gets a look
            found = _checked(meant, believed, searched, assumed, stated)
            found = held_against(found, meant, limits)
            found = replace(found, assumed=(*found.assumed, *_otherwise(found.loan, asked, every)))
            if best is None or _better(found, best):
                best = found
            if found.agrees or own is not None or principal is not None:
                break  # otherwise the rows may say several amounts, one of them by a slip
        if best is not None and best.agrees:
            break
    assert best is not None, "one amount at least is tried"
    return best


def _otherwise(loan: Loan, rate: Rate | None, every: Any) -> Iterator[str]:
    """Say in what the terms that were found are not what was known of them."""
    known = {"rate": rate, "every": None if every is None else parse_every(every)}
    for name, given in known.items():
        found = getattr(loan, name)
        if given is not None and found != given:
            yield f"{name} as the figures have it, {said(found)}, and not {said(given)}"


def _better(found: OfferCheck, best: OfferCheck) -> bool:
    """Whether a check explains more: all figures, or all but fewer."""
    if found.agrees or best.agrees:
        return found.agrees and not best.agrees
    return len(found.departures) < len(best.departures)


def _variants(offer: Offer, stated: Schedule | None) -> Iterator[tuple[Offer, Schedule | None]]:
    """Yield ways to read the figures: exact, kept in whole units, or rounded to them for show.

    Rows without dates and numbers, fewer than the schedule stated has, are first numbered by what
    stands in them, then taken as they are.
    """
    exact = [offer]
    if stated is not None and (numbered := aligned(offer, stated)) is not None:
        exact.insert(0, numbered)
    ways: list[tuple[Offer, Schedule | None]] = [(reading, stated) for reading in exact]
    if offer.whole:
        unit = 10**offer.decimals
        shown = [(replace(reading, unit=unit), stated) for reading in exact]
        kept = [(reading.scaled(-offer.decimals), _kept(stated)) for reading in exact]
        kept = [reading for reading in kept if stated is None or reading[1] is not None]
        if stated is not None and not discrepancies_of(exact[0], stated):
            yield from ways
        elif stated is not None and not discrepancies_of(shown[0][0], stated):
            yield from shown
        else:
            yield from [*kept, *ways, *shown]
        return
    yield from ways
    if stated is None and not offer.decimals and decimals_of(offer.currency):
        places = decimals_of(offer.currency)
        yield replace(offer.scaled(places), unit=10**places), None


def _kept(stated: Schedule | None) -> Schedule | None:
    """Return a schedule of the same terms kept in whole units, if it can be."""
    if stated is None:
        return None
    try:
        return Schedule(replace(stated.loan, decimals=0), stated.changes)
    except RepayError:
        return None


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
            hint = Phrase("leave {} out, or write it in the loan", name)
            raise TermsError(
                name, value, Phrase("none with loan=..., which says the {}", name), hint
            )


def _known(
    offer: Offer, loan: Loan | None, principal: object, start: object, every: object
) -> tuple[Offer, KnownTerms, tuple[str, ...]]:
    """Gather what is known of the loan, and what has to be taken for granted."""
    lent = offer.principal
    if loan is not None:
        lent = loan.minor(loan.principal, "principal")
        start = loan.start
    elif principal is not None:
        lent = to_minor(principal, "principal", offer.currency, decimals=offer.decimals)
    if lent is None or lent <= 0:
        hint = 'write principal="10000", or add the column "balance" or "principal"'
        raise TermsError("principal", None, "the amount lent, which the rows do not say", hint)
    begun: date | None = offer.start
    if start is not None:
        begun = parse_date(cast(DateLike, start), "start")
    if begun is not None and offer.dated and offer.days[0] < begun:
        hint = "write an earlier start, or correct the first date"
        expected = Phrase("a day not after the first row, {}", offer.days[0])
        raise TermsError("start", begun.isoformat(), expected, hint)
    assumed = []
    if loan is None and not offer.dated and every is None:
        assumed.append("equal months, as no dates are given")
    elif loan is None and begun is None:
        assumed.append("the loan starts one period before the first date")
    numbers = [] if offer.dated else offer.numbers
    if loan is None and principal is None and numbers and numbers[0] > 1:
        assumed.append(f"the loan begins with line number {numbers[0]}")
        offer = offer.renumbered(numbers[0] - 1)
    return (
        replace(offer, principal=lent, start=begun),
        KnownTerms(lent, begun, every),
        tuple(assumed),
    )


def _checked(
    offer: Offer,
    believed: Schedule | None,
    found: SearchOutcome,
    assumed: tuple[str, ...],
    stated: Schedule | None,
) -> OfferCheck:
    """Put together what was found.

    `believed` are the terms stated as the figures were read, which may be in whole units.
    """
    conventions = tuple(
        Convention(
            match.trial.schedule,
            () if stated is None else in_what(match.trial.schedule, stated, as_paid=match.as_paid),
            match.equivalents,
            match.as_paid,
        )
        for match in found.matches
    )
    if conventions:
        best, as_paid = conventions[0].schedule, conventions[0].as_paid
    elif found.nearest is not None:
        best, as_paid = found.nearest.schedule, found.as_paid
    else:
        hint = "state the loan, or give every row its date or number"
        expected = "figures that some loan comes near to"
        raise TermsError("rows", Phrase("{} rows", len(offer.rows)), expected, hint)
    plan = best if believed is None or as_paid else believed
    so_far = costs_of(offer, best, best)
    costs = so_far if plan is best else costs_of(offer, best, plan)
    money = best.loan.money
    if offer.unit > 1:
        assumed = (*assumed, "the figures are rounded to whole units for show")
    left_out = len(matching(offer, best)[1])
    if left_out:
        lines = "line is" if left_out == 1 else "lines are"
        assumed = (*assumed, f"{left_out} {lines} left out between the first and the last")
    return OfferCheck(
        conventions,
        stated,
        best,
        tuple(_departure(offer, discrepancy, so_far) for discrepancy in found.missed),
        () if conventions or offer.unit > 1 else tuple(_sums(offer, best)),
        None if costs is None else money(sum(costs)),
        None if costs is None else cost_today(offer, plan, costs),
        _rates(offer, best),
        assumed,
        len(offer.rows),
        offer.figures,
        found.trials,
        not found.exhausted,
        as_paid,
    )


def _departure(offer: Offer, discrepancy: Discrepancy, costs: Sequence[int] | None) -> Departure:
    def money(minor: int) -> Decimal:
        return to_decimal(minor, offer.decimals)

    return Departure(
        discrepancy.row + 1 + offer.skipped,
        discrepancy.day,
        discrepancy.column,
        None if discrepancy.theirs is None else money(discrepancy.theirs),
        None if discrepancy.ours is None else money(discrepancy.ours),
        money((discrepancy.theirs or 0) - (discrepancy.ours or 0)),
        money(sum(costs[: discrepancy.row + 1]) if costs is not None else 0),
    )


def _sums(offer: Offer, plan: Schedule) -> list[str]:
    """Return in words where a line, or the principal of all, does not add up by itself."""
    found, before = [], offer.principal
    _, _, gaps = completed(offer, plan.loan)

    def said(minor: int) -> str:
        return show(minor, offer.decimals)

    for place, row in enumerate(offer.rows, 1 + offer.skipped):
        get = row.figures
        if place - 1 - offer.skipped in gaps:
            before = None
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
                text = f"{said(opening)} less principal {said(get['principal'])} is {said(left)}"
                found.append(f"line {place}, balance {said(get['closing'])}: {text}")
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
    if plan.changes or not isinstance(loan.rate, Rate) or not isinstance(loan.interest_base, str):
        return None
    if offer.unit > 1:
        return None
    sides: dict[str, Bias] = {"ceiling": "up", "floor": "down"}
    bias: Bias = sides.get(loan.rounding, cast(Bias, loan.rounding))
    if bias not in BIASES:
        bias = "half_up"
    original = loan.method == "flat" or loan.interest_base == "original"
    rows, due, _ = completed(offer, loan)
    shares, spans = shares_of(loan), []
    charged = cumulative(rows, offer.principal or 0) if loan.method == "flat" else []
    for place, k in due.items():
        row, share = rows[place], shares[k - 1]
        base = offer.principal if original else row.opening
        if base is not None and row.interest is not None:
            bearing = InterestRow(place, base, row.interest)
            if place < len(charged):  # what was charged since the start
                bearing, share = charged[place], sum(shares[:k], Fraction(0))
            span = rate_interval(bearing, share, bias)
            if span is not None:
                spans.append(span)
    if not spans:
        return None
    low, high = max(span[0] for span in spans), min(span[1] for span in spans)
    return (low, high) if low <= high else None
