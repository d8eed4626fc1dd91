"""The search for the conventions of an offer: one by one, pruned by the rows before a schedule is folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from repaylib.audit.convention_fits import ALSO, RateFit, is_fanciful
from repaylib.audit.date_hypotheses import DayCountHypothesis
from repaylib.audit.offer import Offer
from repaylib.audit.rate_inference import Bias, steady
from repaylib.audit.repayment_hypotheses import RepaymentHypothesis
from repaylib.audit.trials import Trial, Trials
from repaylib.changes.base import Change
from repaylib.errors import RepayError
from repaylib.money.counts import MOST_PAYMENTS
from repaylib.money.rounding import ROUNDINGS
from repaylib.rates.rate import Rate
from repaylib.terms.instalments import Lumps, is_solved
from repaylib.terms.loan import Loan
from repaylib.terms.methods import WITHOUT_INSTALMENT
from repaylib.terms.seasons import Seasonal
from repaylib.typing import InterestRemainder, LastPayment, Method, Rounding

__all__ = [
    *("SAME_SIDE", "equivalents", "try_fit", "try_fits", "try_paid", "try_remainders"),
    "instalment_variants",
]

#: The most payments that a loan is taken to have where its rows are only the first.
MOST_COUNT = 1200
LASTS: tuple[LastPayment, ...] = ("any", "lower", "closest")
#: The most fits that are folded with one way to treat the remainders of roundings.
MOST_FITS = 60
SAME_SIDE: dict[Bias, tuple[Rounding, ...]] = {
    "half_up": ("half_up", "half_even", "half_down"),
    "up": ("up", "ceiling"),
    "down": ("down", "floor"),
}


def try_fits(
    trials: Trials, base_loan: Loan, found: Sequence[RateFit], *, ended: bool = True
) -> None:
    """Fold the fits of all rows; where none of them is exact, the fits of most rows."""
    solved: dict[tuple[Method, str, int], Rate] = {}
    tried = 0
    for fit in found:
        if trials.exhausted or not fit.whole:
            break
        kind = fit.repayment.method, fit.repayment.base
        key = *kind, id(fit.day_count)
        other = fit.rate not in solved.values()
        if solved.get(key, fit.rate) != fit.rate or (solved and other and is_fanciful(fit.rate)):
            continue  # another rate that comes to the same
        if not fit.rate.value and any(done[:2] == kind for done in solved):
            continue  # without interest no day count is told from another
        if fit.gap > 3 or (not fit.repayment.interest_rows and not fit.repayment.payments):
            tried += 1
            if tried > ALSO and (solved or not fit.repayment.payments):
                continue
        trial = try_fit(trials, base_loan, fit, ended=ended)
        if trial is not None and trial.exact:
            solved[key] = fit.rate
    if trials.exact:
        return
    likely: dict[tuple[int, Rate, str], RateFit] = {}
    for fit in found:
        if not fit.whole and fit.repayment.base == "balance":
            likely.setdefault((id(fit.day_count), fit.rate, fit.repayment.method), fit)
    for fit in list(likely.values())[:ALSO]:
        if trials.exhausted:
            return
        try_fit(trials, base_loan, fit, bare=True, ended=ended)


def try_remainders(
    trials: Trials,
    base_loan: Loan,
    found: Sequence[RateFit],
    remainders: Sequence[InterestRemainder],
) -> None:
    """Fold the fits with the remainders of the roundings of interest treated as few loans do."""
    for remainder in remainders:
        try:
            loan = replace(base_loan, interest_remainder=remainder)
        except RepayError:
            continue
        for fit in found[:MOST_FITS]:
            trial = try_fit(trials, loan, fit, bare=True)
            if trial is not None and trial.exact:
                return


def try_paid(trials: Trials, base_loan: Loan, found: Sequence[RateFit]) -> None:
    """Fold the fits of payments that were really made, whose amounts are known."""
    for fit in found[:ALSO]:
        day_count, counted_days, odd_days = fit.day_count.conventions[0]
        rounding = base_loan.rounding if base_loan.rounding in SAME_SIDE[fit.bias] else fit.bias
        for mode in dict.fromkeys((rounding, *(SAME_SIDE[fit.bias] if fit.whole else ()))):
            terms: dict[str, Any] = {"day_count": day_count, "counted_days": counted_days}
            terms["odd_days"] = odd_days
            trial = trials.evaluate(base_loan, rate=fit.rate, rounding=mode, **terms)
            if trial is not None and trial.exact:
                return


def try_fit(
    trials: Trials, base_loan: Loan, fit: RateFit, *, bare: bool = False, ended: bool = True
) -> Trial | None:
    """Fold one fit: as it is, and with other roundings and last payments until one is exact.

    `bare` leaves it at an instalment that is solved, or given; `ended` is whether the last payment
    of the frame is that of the loan.
    """
    day_count, counted_days, odd_days = fit.day_count.conventions[0]
    repayment = fit.repayment
    plain: dict[str, Any] = {"last": "any", "instalment_multiple": None, "instalment": None}
    if repayment.method in WITHOUT_INSTALMENT or repayment.method != base_loan.method:
        plain |= {"balloon": None, "amortise_over": None}
    elif is_solved(base_loan.instalment) or base_loan.instalment is None:
        plain = {
            "instalment_multiple": base_loan.instalment_multiple,
            "instalment": base_loan.instalment,
        }
        plain["last"] = base_loan.last
    try:
        loan = replace(
            base_loan,
            rate=fit.rate,
            method=repayment.method,
            interest_base=repayment.base,
            day_count=day_count,
            counted_days=counted_days,
            odd_days=odd_days,
            rounding=base_loan.rounding if base_loan.rounding in SAME_SIDE[fit.bias] else fit.bias,
            tax_included=base_loan.tax_included and repayment.method == "level",
            **plain,
        )
    except RepayError:
        return None
    if not ended and repayment.method != "bullet":
        choices = list(_open_ended(trials.offer, loan, fit))
    elif bare:
        paid = None if repayment.paid is None else loan.money(repayment.paid)
        choices = [{}, *([{"instalment": paid}] if paid and loan.instalment is None else [])]
    else:
        choices = list(
            instalment_variants(loan, repayment, fit.bias, fit.gap, whole=trials.offer.whole)
        )
    best: Trial | None = None
    for terms in choices:
        trial = trials.evaluate(loan, **terms)
        if trial is None:
            continue
        if trial.exact:
            return trial
        if best is None or trial.apart < best.apart:
            best = trial
        if (
            not terms
            and not bare
            and trial.missed[0].row > 0
            and _says_payment(trials.offer)
            and len(repayment.interest_rows) == len(trials.offer.rows)
        ):
            sides = [mode for mode in SAME_SIDE[fit.bias] if mode != loan.rounding]
            more = [
                trials.evaluate(loan, rounding=side) for side in sides
            ]  # the instalment is right
            exact = next((match for match in more if match is not None and match.exact), None)
            if exact is not None:
                return exact
    return best


def _open_ended(offer: Offer, loan: Loan, fit: RateFit) -> Iterator[dict[str, Any]]:
    """Yield the ways in which a loan goes on after its first rows, the plainest first.

    With as many payments as the instalment takes, if it is solved for so many; with the instalment
    given, as long as it takes; or with a last payment of all that is left.
    """
    repayment, lent = fit.repayment, offer.first_owed
    if repayment.method == "interest_only" or not repayment.paid or not isinstance(loan.rate, Rate):
        yield {}
        return
    paid = loan.money(repayment.paid)
    step = float(loan.rate.nominal(loan.timetable.period_length)) * float(
        np.mean(fit.day_count.floats)
    )
    number = lent / repayment.paid
    if repayment.method == "level" and repayment.base == "balance" and step > 0:
        rest = 1 - lent * step / repayment.paid
        number = -float(np.log(rest) / np.log1p(step)) if rest > 0 else 0.0
    elif repayment.method == "level":
        number = lent / (repayment.paid - lent * step) if repayment.paid > lent * step else 0.0
    near = round(number) if number < MOST_COUNT else 0
    for count in (near, near - 1, near + 1):
        if count >= loan.payments:
            for rounding in (None, "up", "down") if count == near else (None,):
                yield {"payments": count, "instalment_rounding": rounding}
    if near >= loan.payments and repayment.base == "balance":
        yield {"instalment": paid, "payments": MOST_PAYMENTS}
    yield {"instalment": paid}
    yield {"instalment": paid, "negative_amortisation": True}
    listed = repayment.listed if not steady(repayment.listed) else ()
    if len(listed) == loan.payments - 1 and min(listed, default=0) > 0:
        amounts = tuple(loan.money(amount) for amount in listed)
        yield {"instalment": amounts, "negative_amortisation": True}


def _says_payment(offer: Offer) -> bool:
    """Whether an offer has, on every line, the payment or the balance after it."""
    return bool({"payment", "principal", "closing"} & set(offer.rows[0].figures))


def instalment_variants(
    loan: Loan, repayment: RepaymentHypothesis, bias: Bias, gap: float, *, whole: bool = False
) -> Iterator[dict[str, Any]]:
    """Yield other terms of the instalment, the plainest first.

    Where the instalment paid is less than a minor unit from the exact one, it is rounded;
    elsewhere it may be moved for the last payment, brought to a round amount, or given. `whole` is
    whether all amounts paid are whole units; then an instalment of whole units comes first.
    """
    yield {}
    plain = loan.instalment is None and loan.instalment_multiple is None
    if whole and plain and loan.decimals and repayment.method not in WITHOUT_INSTALMENT:
        for rounding in (None, "up", "down"):
            yield {
                "instalment_multiple": loan.money(10**loan.decimals),
                "instalment_rounding": rounding,
            }
    sides = [mode for mode in SAME_SIDE[bias] if mode != loan.rounding]
    if repayment.method in WITHOUT_INSTALMENT:
        yield from ({"rounding": side} for side in sides[:2])
        return
    if loan.instalment is None and loan.instalment_multiple is None:
        for last in LASTS if 1 <= gap <= 3 else LASTS[:1]:
            for rounding in (None, "up", "down", "half_up"):
                yield {"last": last, "instalment_rounding": rounding}
        yield from ({"rounding": side} for side in sides)
        if gap >= 1:
            yield from _multiples(loan, repayment.paid or 0)
    without = {"last": "any", "instalment_multiple": None, "balloon": None, "amortise_over": None}
    if repayment.paid and 2 * repayment.last > 3 * repayment.paid and loan.instalment is None:
        yield from _balloons(loan, repayment.last - repayment.paid)
    if repayment.paid and gap >= 1:
        paid = loan.money(repayment.paid)
        yield {"instalment": paid, **without}
        yield {"instalment": paid, "negative_amortisation": True, **without}
    if months := _resting(loan, repayment):
        yield {"instalment": Seasonal(months), **without}
    if len(repayment.listed) == loan.payments and min(repayment.listed[:-1], default=0) > 0:
        if lumps := _lumps(repayment.listed, repayment.paid):
            every = lumps[0][0]
            alike = len({lump for _, lump in lumps}) == 1
            if alike and [k for k, _ in lumps] == [*range(every, loan.payments + 1, every)]:
                yield {"instalment": Lumps(loan.money(lumps[0][1]), every), **without}
            yield {"instalment": Lumps({k: loan.money(lump) for k, lump in lumps}), **without}
        if not steady(repayment.listed):
            amounts = tuple(loan.money(amount) for amount in repayment.listed[:-1])
            yield {"instalment": amounts, "negative_amortisation": True, **without}


def _resting(loan: Loan, repayment: RepaymentHypothesis) -> list[int]:
    """Return the months in which only interest is paid each time, if the rows show some."""
    listed, table = repayment.listed, loan.timetable
    interest = [row.interest for row in repayment.interest_rows]
    if repayment.method != "level" or not len(listed) == len(interest) == loan.payments:
        return []
    found: dict[int, set[bool]] = {}
    for number, (paid, charged) in enumerate(zip(listed, interest, strict=True), 1):
        month = table.accrual_date(number).month
        found.setdefault(month, set()).add(charged == paid)
    alike = all(len(kinds) == 1 for kinds in found.values())
    return [month for month, kinds in found.items() if True in kinds] if alike else []


def _lumps(listed: Sequence[int], paid: int | None) -> list[tuple[int, int]]:
    """Return the lump sums on top of equal payments, if there are any, and the payment of each.

    The last payment takes the roundings, so that its lump sum is one that others have.
    """
    over = [(number, amount - (paid or 0)) for number, amount in enumerate(listed, 1)]
    found = [(number, lump) for number, lump in over[:-1] if lump]
    few = 0 < 2 * len(found) <= len(over)
    if not paid or not few or any(20 * lump < paid for _, lump in found):
        return []
    number, last = over[-1]
    alike = [lump for _, lump in found if 50 * abs(last - lump) < lump]
    return [*found, (number, alike[0])] if alike else found


def _balloons(loan: Loan, over: int) -> Iterator[dict[str, Any]]:
    """Yield balloons near the excess of the last payment: whole shares, round amounts."""
    lent = loan.minor(loan.principal, "principal")
    share = Fraction(over * 100 // lent + 1, 100), Fraction(over * 100 // lent, 100)
    yield from ({"balloon": balloon} for balloon in share if 0 < balloon <= 1)
    for unit in (1000_00, 100_00, 10_00, 100):
        amount = (2 * over + unit) // (2 * unit) * unit
        if 0 < amount <= lent and abs(amount - over) <= loan.payments:
            yield {"balloon": loan.money(amount)}


def _multiples(loan: Loan, paid: int) -> Iterator[dict[str, Any]]:
    """Yield the multiples to which the instalment may have been rounded."""
    for unit in (1000_00, 500_00, 100_00, 50_00, 10_00, 5_00, 100, 50, 10, 5):
        if paid and paid % unit == 0:
            for rounding in (None, "up", "down"):
                multiple = loan.money(unit)
                yield {"instalment_multiple": multiple, "instalment_rounding": rounding}


def equivalents(
    trials: Trials, trial: Trial, same: DayCountHypothesis | None
) -> dict[str, tuple[str, ...]]:
    """Return, by convention, the choices that give the same figures with all else as it is."""
    loan, changes = trial.loan, trial.schedule.changes
    found: dict[str, tuple[str, ...]] = {}
    axes: dict[str, Sequence[Any]] = {"rounding": ROUNDINGS}
    if loan.method not in WITHOUT_INSTALMENT and is_solved_loan(loan):
        axes["instalment_rounding"] = (None, *ROUNDINGS)
        if loan.balloon is None and loan.amortise_over is None:
            axes["last"] = LASTS
    for name, choices in axes.items():
        own = getattr(loan, name)
        ordered = [own, *(word for word in choices if word != own)]
        found[name] = tuple(
            word for word in ordered if word == own or _same(trials, loan, changes, {name: word})
        )
    ways = [] if same is None else same.conventions
    own_way = (loan.day_count, loan.counted_days, loan.odd_days)
    kept = [own_way]
    for way in ways:
        in_words = dict(zip(("day_count", "counted_days", "odd_days"), way, strict=True))
        if way != own_way and _same(trials, loan, changes, in_words):
            kept.append(way)
    found["day_count"] = tuple(dict.fromkeys(way[0] for way in kept))
    found["counted_days"] = tuple(dict.fromkeys(way[1] for way in kept if way[0] == loan.day_count))
    found["odd_days"] = tuple(dict.fromkeys(way[2] for way in kept if way[0] == loan.day_count))
    return found


def is_solved_loan(loan: Loan) -> bool:
    """Whether the instalment of a loan is solved, and not given."""
    return loan.instalment is None or is_solved(loan.instalment)


def _same(trials: Trials, loan: Loan, changes: Sequence[Change], terms: dict[str, Any]) -> bool:
    trial = trials.evaluate(loan, changes, **terms)
    return trial is not None and trial.exact
