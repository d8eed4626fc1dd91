"""The derivation of every number of a row: base, rate, days, unrounded value, rounding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from repaylib.engine.entries import Entry, Origin, Segment, TakenInterest
from repaylib.engine.ledger import InstalmentPlan, Ledger
from repaylib.errors import CountError, Phrase
from repaylib.money.amounts import add
from repaylib.money.rounding import as_integer, round_fraction
from repaylib.rates.annuity import Annuity, level_instalment
from repaylib.rates.rate import percent
from repaylib.schedule.figures import (
    AccrualSegment,
    Explanation,
    Figure,
    quotient,
    short,
    sum_figure,
    to_eight,
)
from repaylib.schedule.row_equations import BEFORE, EQUATIONS
from repaylib.schedule.rows import Row
from repaylib.terms.instalments import Grown, Lumped, Stepped
from repaylib.terms.loan import Loan
from repaylib.terms.methods import BY_PARTS
from repaylib.wording.sentence import Listed, Sentence

__all__ = [
    *("accrual_figures", "explain_row", "index_of", "instalment_figures", "interest_paid"),
    *("quote_sums", "settlement_figures"),
]


def explain_row(loan: Loan, ledger: Ledger, index: int, row: Row, before: Decimal) -> Explanation:
    """Derive row `index` of a traced ledger; `before` is the deferred interest before it."""
    entry = ledger.traced(index)
    figures = accrual_figures(loan, entry)
    if entry.instalment is not None:
        figures += instalment_figures(loan, ledger, row.number, entry.instalment[0])
    figures += _origin_figures(loan, entry.origins)
    figures += interest_paid(loan, row.interest, entry.origins, figures)
    figures += _sums(row, before)
    what = (
        Sentence("instalment", number=row.number) if row.number else Sentence("explained.between")
    )
    title, remark = (
        Sentence("explained", day=row.date, what=what),
        ledger.remarks.get(row.number),
    )
    if remark is not None:
        title = Sentence("explained.remark", day=row.date, what=what, remark=remark)
    return Explanation(title, tuple(figures), row, remark)


def settlement_figures(loan: Loan, ledger: Ledger, interest: Decimal) -> list[Figure]:
    """Derive what a settlement is made of, by a traced ledger, without what falls due on its day."""
    origins, segments, taken = ledger.settled.known
    entry = ledger.traced(len(ledger) - 1).duplicate()
    entry.origins, entry.segments = entry.origins[origins:], entry.segments[segments:]
    entry.taken = entry.taken[taken:]
    figures = accrual_figures(loan, entry) + _origin_figures(loan, entry.origins)
    return figures + interest_paid(loan, interest, entry.origins, figures)


def quote_sums(amounts: Mapping[str, Decimal], left: Sequence[Decimal]) -> list[Figure]:
    """Return the sums of a quote; `left` is what is to be paid after it, before it and with it."""
    said = {name: Sentence(f"quote.{name}") for name in amounts}
    owed = ("principal", "interest", "deferred_interest")
    charged = ("arrears", "fee", "penalty", "later_fees", "tax")
    parts = [(said[name], amounts[name]) for name in (*owed, *charged)]
    refund = (said["refund"], amounts["refund"].copy_negate())
    saved = (said["interest_saved"], amounts["interest_saved"])
    replaced = [(Sentence("quote.replaced"), left[0])]
    replaced += [(Sentence("quote.still_paid"), left[1].copy_negate())]
    replaced += [(said[name], amounts[name].copy_negate()) for name in owed]
    fee = (said["fee"], amounts["fee"].copy_negate())
    figures = [
        sum_figure(said["total"], amounts["total"], [*parts, refund]),
        sum_figure(*saved, replaced),
        sum_figure(
            said["saving_after_fee"],
            amounts["saving_after_fee"],
            [saved, (said["refund"], amounts["refund"]), fee],
        ),
    ]
    if amounts["principal"]:
        shares = Fraction(amounts["interest_saved"]), Fraction(amounts["principal"])
        of = said["interest_saved"], said["principal"]
        name, value = said["break_even_fee"], amounts["break_even_fee"]
        figures.append(quotient(name, value, shares, of))
    return figures


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
        Phrase(
            "a row of this schedule, or the number of a due date, 1 to {}",
            max(one.number for one in rows),
        ),
        Phrase("write {}", f"schedule.explain({row.strip()})")
        if isinstance(row, str) and row.strip().isdigit()
        else Phrase("write such as {}", "schedule.explain(4)"),
    )


def interest_paid(
    loan: Loan, interest: Decimal, origins: Sequence[Origin], figures: Sequence[Figure]
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
    accrued = _named("interest accrued")
    values = [figure.value for figure in figures if figure.label == accrued]
    parts = [
        (_named("accrued"), add(loan.money(0), *values)),
        (_named("deferred part"), deferred.copy_negate()),
        (_named("waived"), waived.copy_negate()),
        (_named("completed"), completed),
        (_named("by the method of settlement"), by_method),
    ]
    return [sum_figure(_named("interest"), interest, parts)]


def _named(name: str, number: int | None = None) -> Sentence:
    """Return what a figure is called; one of several is numbered."""
    label = Sentence(f"figure.{name.replace(' ', '_')}")
    return label if number is None else Sentence("figure.numbered", name=label, number=number)


def _origin_figures(loan: Loan, origins: Sequence[Origin]) -> list[Figure]:
    figures: list[Figure] = []
    groups: dict[str, list[Origin]] = {}
    for origin in origins:
        groups.setdefault(origin.column, []).append(origin)
    for column, group in groups.items():
        if len(group) == 1:
            figures.append(_origin_figure(loan, _named(column), group[0]))
            continue
        figures += [
            _origin_figure(loan, _named(column, number), origin)
            for number, origin in enumerate(group, 1)
            if origin.share is not None or origin.terms
        ]
        shown = [_of_origin(loan.show(origin.amount), origin) for origin in group]
        parts = tuple((origin.text, loan.money(origin.amount)) for origin in group)
        value = loan.money(sum(origin.amount for origin in group))
        sum_of = Sentence("equals", what=Listed(shown, "plus"))
        figures.append(Figure(_named(column), value, sum_of, parts=parts))
    return figures


def _of_origin(amount: str, origin: Origin) -> Sentence:
    return Sentence("origin", amount=amount, what=origin.text)


def _origin_figure(loan: Loan, label: Sentence, origin: Origin) -> Figure:
    value = loan.money(origin.amount)
    if origin.terms:
        return sum_figure(label, value, [(text, loan.money(part)) for text, part in origin.terms])
    if origin.share is None:
        derived = Sentence("equals", what=_of_origin(f"{value:,f}", origin))
        return Figure(label, value, derived, parts=((origin.text, value),))
    base = loan.money(origin.base)
    key = "share_of.balance_days" if origin.each_day else "share_of"
    derived = Sentence(key, share=_share_text(origin.share), base=f"{base:,f}")
    if origin.column in ("deferred_interest", "principal"):
        count = origin.share.denominator
        derived = Sentence("spread_over", base=f"{base:,f}", count=count, what=origin.text)
    return Figure(
        label,
        value,
        derived,
        exact=Fraction(base) * origin.share,
        rounding=origin.rounding or loan.rounding,
        base=Fraction(base),
        share=origin.share,
    )


def _share_text(share: Fraction) -> str:
    """Return a share as per cent or, where that has no end, as a fraction."""
    text = percent(share)
    return str(share) if "/" in text else text


def accrual_figures(loan: Loan, entry: Entry) -> list[Figure]:
    """Return the interest of a day of a traced ledger: paid between due dates, then posted."""
    taken = [_taken_figure(loan, taken) for taken in entry.taken if taken.segments]
    return taken + _interest_figures(loan, entry.segments, entry.before)


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
    counted = loan.counted_days
    days = "" if counted == "first" else Sentence(f"figure_days.{counted}")
    for (kind, account), group in groups.items():
        exact = sum((accrual.interest for accrual in group), Fraction(0))
        before, charged = agreed if agreed is not None and kind == "interest" else (Fraction(0), 0)
        exact += before
        figures.append(
            Figure(
                Sentence("figure.account", name=_named(names[kind]), number=account)
                if account > 1
                else _named(names[kind]),
                loan.money(round_fraction(exact, loan.rounding) - charged),
                days or _drift_sentence(before, charged, loan.decimals),
                _accrual_segments(loan, group),
                exact / 10**loan.decimals,
                loan.rounding,
                before=before / 10**loan.decimals,
                charged=loan.money(charged),
            )
        )
    return figures


def _drift_sentence(before: Fraction, charged: int, decimals: int) -> Sentence | str:
    """Return the interest on what the balance would be more, or less, without roundings."""
    if not before or charged:
        return ""
    return Sentence("drift", amount=to_eight(before / 10**decimals))


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
    derived: Sentence | str = ""
    if taken.share != 1:
        key = "prepaid_part.less" if taken.before else "prepaid_part"
        charged = loan.show(-int(taken.before))
        derived = Sentence(key, share=_share_text(taken.share), charged=charged)
    return Figure(
        _named("interest accrued"),
        loan.money(value),
        derived,
        _accrual_segments(loan, taken.segments),
        exact * taken.share / scale,
        loan.rounding,
        share=taken.share if taken.share != 1 else None,
        before=taken.before / scale,
        charged=loan.money(taken.charged),
    )


def instalment_figures(loan: Loan, ledger: Ledger, number: int, place: int) -> list[Figure]:
    """Return how the instalment of a due date was set: solved, capped, in steps, or agreed.

    `place` is that of its plan among those of the ledger.
    """
    plan = ledger.plans[place]
    method = ledger.method_of(number) or loan.method
    name = _named("part of principal" if method in BY_PARTS else "instalment")
    solved = Sentence("figure.solved", name=name)
    value = loan.money(plan.amount)
    if plan.annuity is None:
        if plan.shape is not None:
            value = loan.money(plan.shape.of(number, plan.amount))
        return [Figure(name, value, Sentence("agreed_from", number=plan.number))]
    figure = _solved_figure(loan, plan, plan.annuity, name)
    figures = [figure]
    if plan.cap_base is not None:
        figures = [replace(figure, label=solved), _capped_figure(loan, plan, name)]
    elif plan.amount != plan.solved:
        moved = plan.amount - plan.solved
        derived = Sentence(
            f"last_wanted.{loan.last}",
            solved=f"{figure.value:,f}",
            sign="+" if moved > 0 else "-",
            moved=loan.show(abs(moved)),
        )
        figures = [replace(figure, label=solved), Figure(name, value, derived)]
    if isinstance(plan.shape, Lumped) and (lump := plan.shape.lump(number)):
        value = loan.money(plan.shape.of(number, plan.amount))
        figures[-1] = replace(figures[-1], label=Sentence("figure.without_lump", name=name))
        terms = [(name, figures[-1].value), (_named("lump sum"), loan.money(lump))]
        figures.append(sum_figure(name, value, terms))
    if isinstance(plan.shape, (Grown, Stepped)):
        value = loan.money(plan.shape.of(number, plan.amount))
        figures[-1] = replace(figures[-1], label=Sentence("figure.at_first", name=name))
        first = f"{figures[-1].value:,f}"
        derived = Sentence("stepped", first=first)
        if isinstance(plan.shape, Grown):
            count = (number - plan.shape.first) // plan.shape.every
            derived = Sentence("stepped.after", first=first, count=count, steps=loan.instalment)
        figures.append(Figure(name, value, derived))
    return figures


def _counted(count: int, what: str, *, equal: bool) -> Sentence:
    """Return a number of parts or payments, of which several may be equal."""
    return Sentence(
        f"counted.{what}_equal" if equal and count > 1 else f"counted.{what}", count=count
    )


def _solved_figure(loan: Loan, plan: InstalmentPlan, annuity: Annuity, name: Sentence) -> Figure:
    scale = 10**loan.decimals
    owed = Fraction(*annuity.owed) / scale
    factors = tuple(Fraction(factor, annuity.den) for factor in annuity.factors)
    ahead: Sentence | str = ""
    if plan.ahead:
        ahead = Sentence("solved.ahead", amount=loan.show(plan.ahead))
    if not any(factors):
        key = "solved.parts_balloon" if annuity.balloon else "solved.parts"
        parts = _counted(annuity.payments, "part", equal=not annuity.balloon)
        derived = Sentence(key, owed=to_eight(owed), parts=parts, ahead=ahead)
    else:
        low, high = short(percent(min(factors))), short(percent(max(factors)))
        derived = Sentence(
            "solved",
            owed=to_eight(owed),
            number=plan.number,
            ahead=ahead,
            payments=_counted(annuity.payments, "payment", equal=annuity.level),
            rates=low if low == high else Sentence("from_to", low=low, high=high),
        )
    if isinstance(plan.shape, Lumped):
        derived = Sentence("solved.lumps", solved=derived, lumps=loan.instalment)
    if annuity.balloon:
        derived = Sentence("solved.balloon", solved=derived, balloon=loan.show(annuity.balloon))
    return Figure(
        name,
        loan.money(plan.solved),
        derived,
        exact=Fraction(*level_instalment(annuity)) / scale,
        rounding=loan.instalment_rounding or loan.rounding,
        base=owed,
        factors=factors,
        balloon=Fraction(annuity.balloon, scale),
        shares=tuple(Fraction(share, annuity.parts) for share in annuity.shares),
        additions=tuple(Fraction(addition, scale) for addition in annuity.additions),
        unit=Fraction(plan.unit, scale),
    )


def _capped_figure(loan: Loan, plan: InstalmentPlan, name: Sentence) -> Figure:
    """Return the most that an instalment may be, which is less than was solved."""
    base = plan.cap_base or 0
    share, unit = 1 + plan.rise, plan.unit
    if plan.amount == base:
        share, unit = Fraction(1), 1
    scale = 10**loan.decimals
    capped = plan.rise == loan.instalment_cap
    key = "capped.cap" if capped else "capped.debt"
    return Figure(
        name,
        loan.money(plan.amount),
        Sentence(key, base=loan.show(base), share=percent(share)),
        exact=base * share / scale,
        rounding="down",
        base=Fraction(base, scale),
        share=share,
        unit=Fraction(unit, scale),
    )


def _sums(row: Row, before: Decimal) -> list[Figure]:
    """Return the equations of a row, with its amounts."""
    figures = []
    for total, signs in EQUATIONS.items():
        if total == "deferred" and not (before or row.deferred):
            continue
        amounts = {name: before if name == BEFORE else getattr(row, name) for name in signs}
        parts = [
            (_named(name), amount if signs[name] > 0 else amount.copy_negate())
            for name, amount in amounts.items()
        ]
        figures.append(sum_figure(_named(total), getattr(row, total), parts))
    return figures
