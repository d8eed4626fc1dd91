"""The derivation of every number of a row: base, rate, days, unrounded value, rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from repaylib.engine.entries import Origin, Segment, TakenInterest
from repaylib.engine.ledger import InstalmentPlan, Ledger
from repaylib.errors import CountError
from repaylib.money.amounts import add
from repaylib.money.rounding import as_integer, round_fraction
from repaylib.rates.annuity import Annuity, level_instalment
from repaylib.rates.rate import percent
from repaylib.schedule.figures import AccrualSegment, Explanation, Figure, short, to_eight
from repaylib.schedule.row_equations import BEFORE, EQUATIONS
from repaylib.schedule.rows import Row
from repaylib.terms.instalments import Grown, Stepped
from repaylib.terms.loan import Loan
from repaylib.terms.methods import BY_PARTS
from repaylib.typing import CountedDays

__all__ = ["explain_row", "index_of"]

WANTED = {"lower": "not above it", "closest": "as close to it as can be", "any": "as it comes"}


def explain_row(loan: Loan, ledger: Ledger, index: int, row: Row, before: Decimal) -> Explanation:
    """Derive row `index` of a traced ledger; `before` is the deferred interest before it."""
    entry = ledger.traced(index)
    figures = [_taken_figure(loan, taken) for taken in entry.taken if taken.segments]
    figures += _interest_figures(loan, entry.segments, entry.before)
    if entry.has_instalment:
        figures += _instalment_figure(loan, ledger, row.number)
    figures += _origin_figures(loan, entry.origins)
    figures += _interest_paid(loan, row, entry.origins, figures)
    figures += _sums(row, before)
    return Explanation(row, tuple(figures), ledger.remarks.get(row.number, ""))


def index_of(row: int | Row, rows: Sequence[Row]) -> int:
    """Return the index of a row, given as itself or as the number of its due date."""
    if isinstance(row, Row):
        if row in rows:
            return rows.index(row)
    elif (number := as_integer(row)) is not None and number > 0:
        found = next((index for index, one in enumerate(rows) if one.number == number), None)
        if found is not None:
            return found
    raise CountError(
        "row",
        row,
        f"a row of this schedule, or the number of a due date, 1 to {max(one.number for one in rows)}",
        f"write schedule.explain({row.strip()})"
        if isinstance(row, str) and row.strip().isdigit()
        else "write such as schedule.explain(4)",
    )


def _interest_paid(
    loan: Loan, row: Row, origins: Sequence[Origin], figures: Sequence[Figure]
) -> list[Figure]:
    """Return the interest paid, where it is not all the interest accrued."""
    deferred, waived, completed, by_method = (
        loan.money(sum(origin.amount for origin in origins if origin.column == column))
        for column in (
            *("interest deferred", "waived", "interest completed", "interest by the method"),
        )
    )
    if not (deferred or waived or completed or by_method):
        return []
    values = [figure.value for figure in figures if figure.name == "interest accrued"]
    parts = [
        ("accrued", add(loan.money(0), *values)),
        ("deferred", deferred.copy_negate()),
        ("waived", waived.copy_negate()),
        ("completed", completed),
        ("by the method of settlement", by_method),
    ]
    return [_sum("interest", row.interest, parts)]


def _origin_figures(loan: Loan, origins: Sequence[Origin]) -> list[Figure]:
    figures: list[Figure] = []
    groups: dict[str, list[Origin]] = {}
    for origin in origins:
        groups.setdefault(origin.column, []).append(origin)
    for column, group in groups.items():
        name = column.replace("_", " ")
        if len(group) == 1:
            figures.append(_origin_figure(loan, name, group[0]))
            continue
        figures += [
            _origin_figure(loan, f"{name} ({number})", origin)
            for number, origin in enumerate(group, 1)
            if origin.share is not None or origin.terms
        ]
        parts = " + ".join(f"{loan.show(origin.amount)} {origin.text}" for origin in group)
        terms = tuple((origin.text, loan.money(origin.amount)) for origin in group)
        value = loan.money(sum(origin.amount for origin in group))
        figures.append(Figure(name, value, f"= {parts}", terms=terms))
    return figures


def _origin_figure(loan: Loan, name: str, origin: Origin) -> Figure:
    value = loan.money(origin.amount)
    if origin.terms:
        return _sum(name, value, [(text, loan.money(part)) for text, part in origin.terms])
    if origin.share is None:
        text = f"{value:,f} {origin.text}"
        return Figure(name, value, f"= {text}", terms=((origin.text, value),))
    base = loan.money(origin.base)
    formula = f"{_share_text(origin.share)} x {base:,f}"
    if origin.column in ("deferred_interest", "principal"):
        formula = f"{base:,f} / {origin.share.denominator} payments, {origin.text}"
    return Figure(
        name,
        value,
        formula,
        exact=Fraction(base) * origin.share,
        rounding=(loan.fee_rounding if origin.column in ("fee", "refund") else None)
        or loan.rounding,
        base=Fraction(base),
        share=origin.share,
    )


def _share_text(share: Fraction) -> str:
    """Return a share as per cent or, where that has no end, as a fraction."""
    text = percent(share)
    return str(share) if "/" in text else text


def _sum(name: str, value: Decimal, terms: Sequence[tuple[str, Decimal]]) -> Figure:
    """Return a figure that is a sum, without its zero terms."""
    kept = [(text, amount) for text, amount in terms if amount]
    text = "".join(
        f" {'-' if amount < 0 else '+'} {text} {amount.copy_abs():,f}" for text, amount in kept
    )
    return Figure(name, value, f"= {text[3:] or 'nothing'}", terms=tuple(kept))


#: The days a segment counts, if not the first day and not the last.
_COUNTED: dict[CountedDays, str] = {
    "first": "",
    "last": "the last day counted and not the first",
    "both": "the last day counted, and the day of disbursement",
}


def _interest_figures(
    loan: Loan, segments: Sequence[Segment], agreed: tuple[Fraction, int] | None
) -> list[Figure]:
    figures: list[Figure] = []
    groups: dict[tuple[str, int], list[Segment]] = {}
    for segment in segments:
        groups.setdefault((segment.kind, segment.account), []).append(segment)
    names = {
        "interest": "interest accrued",
        "waived": "interest waived",
        "moved": "interest on the moved instalment",
    }
    for (kind, account), group in groups.items():
        exact = sum((accrual.interest for accrual in group), Fraction(0))
        before, charged = agreed if agreed is not None and kind == "interest" else (Fraction(0), 0)
        exact += before
        figures.append(
            Figure(
                names[kind] + (f" {account}" if account > 1 else ""),
                loan.money(round_fraction(exact, loan.rounding) - charged),
                _COUNTED[loan.counted_days] or _drift_text(before, charged, loan.decimals),
                _accrual_segments(loan, group),
                exact / 10**loan.decimals,
                loan.rounding,
                before=before / 10**loan.decimals,
                charged=loan.money(charged),
            )
        )
    return figures


def _drift_text(before: Fraction, charged: int, decimals: int) -> str:
    """Return the interest on what the balance would be more, or less, without roundings."""
    if not before or charged:
        return ""
    return f"and {to_eight(before / 10**decimals)} on what roundings have left in the balance"


def _accrual_segments(loan: Loan, segments: Sequence[Segment]) -> tuple[AccrualSegment, ...]:
    return tuple(
        AccrualSegment(
            loan.money(accrual.base), accrual.rate, accrual.start, accrual.end, accrual.share
        )
        for accrual in segments
    )


def _taken_figure(loan: Loan, taken: TakenInterest) -> Figure:
    """Return the interest paid with a prepayment, between due dates."""
    scale = 10**loan.decimals
    exact = sum((accrual.interest for accrual in taken.segments), taken.before)
    value = round_fraction(exact * taken.share, loan.rounding) - taken.charged
    formula = ""
    if taken.share != 1:
        less = f", less {loan.show(-int(taken.before))} charged before," if taken.before else ""
        formula = f"x {_share_text(taken.share)}, the part of the principal that is prepaid{less}"
    return Figure(
        "interest accrued",
        loan.money(value),
        formula,
        _accrual_segments(loan, taken.segments),
        exact * taken.share / scale,
        loan.rounding,
        share=taken.share if taken.share != 1 else None,
        before=taken.before / scale,
        charged=loan.money(taken.charged),
    )


def _instalment_figure(loan: Loan, ledger: Ledger, number: int) -> list[Figure]:
    plans = [plan for plan in ledger.plans if plan.number <= number]
    if not plans:
        return []
    plan = plans[-1]
    method = ledger.method_of(number) or loan.method
    name = "part of principal" if method in BY_PARTS else "instalment"
    value = loan.money(plan.amount)
    if plan.annuity is None:
        if plan.shape is not None:
            value = loan.money(plan.shape.of(number, plan.amount))
        return [Figure(name, value, f"as agreed, from due date {plan.number} on")]
    figure = _solved_figure(loan, plan, plan.annuity, name)
    figures = [figure]
    if plan.cap_base is not None:
        figures = [replace(figure, name=f"{name}, solved"), _capped_figure(loan, plan, name)]
    elif plan.amount != plan.solved:
        moved = plan.amount - plan.solved
        sign = "+" if moved > 0 else "-"
        text = f"so that the last payment is {WANTED[loan.last]}"
        formula = f"= {figure.value:,f} {sign} {loan.show(abs(moved))} {text}"
        figures = [replace(figure, name=f"{name}, solved"), Figure(name, value, formula)]
    if isinstance(plan.shape, (Grown, Stepped)):
        value = loan.money(plan.shape.of(number, plan.amount))
        figures[-1] = replace(figures[-1], name=f"{name} at first")
        formula = f"= {figures[-1].value:,f}, stepped as agreed"
        if isinstance(plan.shape, Grown):
            steps = (number - plan.shape.first) // plan.shape.every
            after = f"after {steps} step{'s' * (steps != 1)} ({loan.instalment})"
            formula = f"= {figures[-1].value:,f}, {after}"
        figures.append(Figure(name, value, formula))
    return figures


def _counted(count: int, what: str, *, equal: bool) -> str:
    """Return a number of things, of which several may be equal."""
    return f"1 {what}" if count == 1 else f"{count} {'equal ' if equal else ''}{what}s"


def _solved_figure(loan: Loan, plan: InstalmentPlan, annuity: Annuity, name: str) -> Figure:
    scale = 10**loan.decimals
    owed = Fraction(*annuity.owed) / scale
    factors = tuple(Fraction(factor, annuity.den) for factor in annuity.factors)
    ahead = f", as if {loan.show(plan.ahead)} had not been paid ahead" if plan.ahead else ""
    if not any(factors):
        less = ", less any balloon," if annuity.balloon else ""
        parts = _counted(annuity.payments, "part", equal=not annuity.balloon)
        formula = f"{to_eight(owed)}{less} in {parts}{ahead}"
    else:
        payments = _counted(annuity.payments, "payment", equal=annuity.level)
        formula = (
            f"{to_eight(owed)} owed on due date {plan.number}, its interest included{ahead}, "
            f"repaid in {payments} from then on, at {_spread(factors)} a period"
        )
    if annuity.balloon:
        formula += f", and {loan.show(annuity.balloon)} with the last"
    return Figure(
        name,
        loan.money(plan.solved),
        formula,
        exact=Fraction(*level_instalment(annuity)) / scale,
        rounding=loan.instalment_rounding or loan.rounding,
        base=owed,
        factors=factors,
        balloon=Fraction(annuity.balloon, scale),
        shares=tuple(Fraction(share, annuity.parts) for share in annuity.shares),
        additions=tuple(Fraction(addition, scale) for addition in annuity.additions),
        unit=Fraction(plan.unit, scale),
    )


def _capped_figure(loan: Loan, plan: InstalmentPlan, name: str) -> Figure:
    """Return the most that an instalment may be, which is less than was solved."""
    base = plan.cap_base or 0
    share, unit = 1 + plan.rise, plan.unit
    if plan.amount == base:
        share, unit = Fraction(1), 1
    scale = 10**loan.decimals
    capped = plan.rise == loan.instalment_cap
    why = "the cap on the instalment" if capped else "which a smaller debt does not raise"
    return Figure(
        name,
        loan.money(plan.amount),
        f"{loan.show(base)} before x {percent(share)}, {why}",
        exact=base * share / scale,
        rounding="down",
        base=Fraction(base, scale),
        share=share,
        unit=Fraction(unit, scale),
    )


def _spread(factors: Sequence[Fraction]) -> str:
    """Return interest factors as text: the one, or the least and the largest."""
    low, high = min(factors), max(factors)
    return (
        short(percent(low)) if low == high else f"{short(percent(low))} to {short(percent(high))}"
    )


def _sums(row: Row, before: Decimal) -> list[Figure]:
    """Return the equations of a row, with its amounts."""
    figures = []
    for total, signs in EQUATIONS.items():
        if total == "deferred" and not (before or row.deferred):
            continue
        amounts = {name: before if name == BEFORE else getattr(row, name) for name in signs}
        parts = [
            (name.replace("_", " "), amount if signs[name] > 0 else amount.copy_negate())
            for name, amount in amounts.items()
        ]
        figures.append(_sum(total, getattr(row, total), parts))
    return figures
