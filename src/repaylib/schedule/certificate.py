"""Certificates of schedules and quotes: terms, rows, and the derivation of every figure, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from repaylib.engine.entries import Entry, Origin
from repaylib.engine.ledger import InstalmentPlan
from repaylib.money.amounts import minor_of
from repaylib.output.certificates import Certificate, digits, ratio
from repaylib.schedule.explanation import accrual_figures, instalment_figures, interest_paid
from repaylib.schedule.figures import AccrualSegment, Figure
from repaylib.schedule.row_equations import EQUATIONS, equation_in_words
from repaylib.schedule.rows import MONEY, Row
from repaylib.terms.instalments import Grown, Stepped
from repaylib.terms.loan import Loan
from repaylib.terms.seasons import Seasons
from repaylib.wording.sentence import Sentence

if TYPE_CHECKING:
    from repaylib.schedule.schedule import Schedule
    from repaylib.schedule.settlement import Settlement

__all__ = [
    "CHANGES",
    "apart",
    "certify",
    "certify_quote",
    "change_to",
    "content_of",
    "texts",
    "total_of",
]

Plain = dict[str, Any]
#: The columns that a certificate adds up.
SUMMED = tuple(name for name in MONEY if name not in ("opening", "closing", "deferred"))


def certify(schedule: Schedule) -> Certificate:
    """Return the certificate of a schedule."""
    return Certificate("schedule", content_of(schedule))


def content_of(schedule: Schedule) -> Plain:
    """Return what the certificate of a schedule says, without format and hash."""
    loan, ledger = schedule.loan, schedule.traced
    rows, accrued_to = schedule.rows, schedule.accrual_dates.tolist()
    principal = schedule.program.principal
    closings = [principal, *(minor_of(row.closing, loan.decimals) for row in rows)]
    balances = BearingBalances(loan, accrued_to, closings, _on_balance(schedule))
    plans = Plans(schedule)
    written = []
    for index, row in enumerate(rows):
        entry = ledger.traced(index)
        plain: Plain = {
            "number": str(row.number),
            "date": str(row.date),
            "accrued_to": str(accrued_to[index]),
            "amounts": {name: _minor(loan, getattr(row, name)) for name in MONEY},
        }
        if entry.instalment is not None:
            plain["instalment"] = plans.of(row.number, *entry.instalment)
        plain["figures"] = _figures(loan, row, entry, balances.before(index), plain)
        written.append(plain)
    plans.anchor(written, closings)
    return {
        "currency": loan.currency,
        "decimals": str(loan.decimals),
        "principal": digits(principal),
        "start": str(loan.start),
        "terms": schedule.to_dict(),
        "identities": {
            "opening": "closing of the row before",
            **{name: equation_in_words(name).partition(" = ")[2] for name in EQUATIONS},
        },
        "instalments": plans.written,
        "rows": written,
        "totals": {name: digits(sum(schedule.columns[name].tolist())) for name in SUMMED},
    }


class BearingBalances:
    """The balance after each row, to say which one a segment of interest bears on."""

    def __init__(self, loan: Loan, days: Sequence[date], closings: Sequence[int], on: bool) -> None:
        self.days = [loan.start, *days]
        self.closings = closings
        self.on_balance = on
        self.index = 0

    def before(self, index: int) -> BearingBalances:
        """Say it for the row of this index."""
        self.index = index
        return self

    def base(self, base: int, start: date) -> Plain:
        """Return which balance a base is: after the last row up to the day, or, if agreed, at first."""
        known = self.days[: self.index + 1]
        row = max(place for place, day in enumerate(known) if not place or day <= start)
        if base == self.closings[row]:
            return {"balance_after": str(row)}
        if base == self.closings[0] and not self.on_balance:
            return {"balance_after": "0"}
        return {"balance_after": str(row), "apart": digits(self.closings[row] - base)}


def _minor(loan: Loan, amount: Decimal) -> str:
    return digits(minor_of(amount, loan.decimals))


def _named(sentence: Sentence) -> str:
    """Return the word for what a figure or a part is: the last part of the key of its sentence."""
    return sentence.key.rpartition(".")[2]


#: Under which names a term of a sum can stand in its row, if it has another one.
ELSEWHERE = {
    "balance": "opening",
    "part_of_principal": "instalment",
    "deferred_part": "interest_deferred",
    "completed": "interest_completed",
    "by_the_method_of_settlement": "interest_by_the_method",
}


def _figures(
    loan: Loan, row: Row, entry: Entry, balances: BearingBalances, plain: Plain
) -> list[Plain]:
    """Return the figures of a row: its interest, then its columns."""
    accruals = accrual_figures(loan, entry)
    found = [_accrual(loan, figure, balances) for figure in accruals]
    for taken in found[: len(entry.taken)]:
        taken["figure"] = "interest_taken"
    known = {name: int(text) for name, text in plain["amounts"].items()}
    if "instalment" in plain:
        known["instalment"] = int(plain["instalment"]["value"])
    known |= _sums(found)
    groups: dict[str, list[Origin]] = {}
    for origin in entry.origins:
        groups.setdefault(origin.column.replace(" ", "_"), []).append(origin)
    for column, group in groups.items():
        value = sum(origin.amount for origin in group)
        parts = [part for origin in group for part in _parts(loan, origin, known)]
        found.append({"figure": column, "parts": parts, "value": digits(value)})
        known[column] = value
    for figure in interest_paid(loan, row.interest, entry.origins, accruals):
        terms = []
        for name, amount in figure.parts:
            terms += [(_named(name), minor_of(amount, loan.decimals))]
            if _named(name) == "accrued":
                terms[-1:] = [*_sums(found, "interest_accrued", "interest_taken").items()]
        parts = [_term(name, amount, known) for name, amount in terms]
        found.append({"figure": "interest", "parts": parts, "value": _minor(loan, figure.value)})
    return found


def _sums(figures: Iterable[Plain], *names: str) -> dict[str, int]:
    """Return the values of figures of interest by name."""
    sums: dict[str, int] = {}
    for figure in figures:
        name = figure["figure"]
        if "segments" in figure and (not names or name in names):
            sums[name] = sums.get(name, 0) + int(figure["value"])
    return sums


def _accrual(loan: Loan, figure: Figure, balances: BearingBalances) -> Plain:
    """Return a figure of interest: what each segment bears on, the sum, and its rounding."""
    label = figure.label
    if label.key == "figure.account":
        label = cast(Sentence, label.slots["name"])
    scale = 10**loan.decimals
    name = WORDS.get(_named(label), _named(label))
    plain: Plain = {
        "figure": name,
        "segments": [_segment(loan, each, balances, name) for each in figure.segments],
        "unrounded": ratio((figure.exact or Fraction(0)) * scale),
        "rounding": figure.rounding,
        "value": _minor(loan, figure.value),
    }
    if figure.before:
        plain["before"] = ratio(figure.before * scale)
    if figure.share is not None:
        plain["share"] = ratio(figure.share)
    if figure.charged:
        plain["charged"] = _minor(loan, figure.charged)
    return plain


#: Figures that a certificate calls otherwise.
WORDS = {"interest_on_the_moved_instalment": "interest_moved"}


def _segment(loan: Loan, segment: AccrualSegment, balances: BearingBalances, name: str) -> Plain:
    base = minor_of(segment.base, loan.decimals)
    plain = {
        "base": digits(base),
        "rate": ratio(segment.rate),
        "start": str(segment.start),
        "end": str(segment.end),
        "days": str(segment.days),
        "share": ratio(segment.share),
        "interest": ratio(base * segment.rate * segment.share),
    }
    return plain | (balances.base(base, segment.start) if name == "interest_accrued" else {})


def _parts(loan: Loan, origin: Origin, known: Mapping[str, int]) -> list[Plain]:
    """Return what an amount of a column is: terms of a sum, a share of a base, or as stated."""
    if origin.terms:
        return [_term(_named(text), part, known) for text, part in origin.terms]
    name = _named(origin.text)
    if origin.share is None:
        return [_term(name, origin.amount, known if name in ("balance", "prepaid") else {})]
    plain: Plain = {"name": name, "amount": digits(origin.amount)}
    share = {
        "base": digits(origin.base),
        "share": ratio(origin.share),
        "unrounded": ratio(origin.base * origin.share),
        "rounding": origin.rounding or loan.rounding,
    }
    return [plain | share]


def _term(name: str, amount: int, known: Mapping[str, int]) -> Plain:
    """Return a term of a sum, with where else in the row its amount stands, if it does."""
    place = ELSEWHERE.get(name, name)
    if known.get(place) in (amount, -amount):
        return {"is": place, "amount": digits(amount)}
    return {"name": name, "amount": digits(amount)}


class Plans:
    """How instalments were set, each once, and which of them a row pays."""

    def __init__(self, schedule: Schedule) -> None:
        self.loan = schedule.loan
        self.ledger = schedule.traced
        self.places: dict[int, int] = {}
        self.written: list[Plain] = []

    def of(self, number: int, place: int, value: int) -> Plain:
        """Return the instalment of a due date: the place of its plan, and the amount."""
        plan = self.ledger.plans[place]
        if place not in self.places:
            self.places[place] = len(self.written)
            self.written.append(self._set(place, number))
        held: Plain = {"plan": str(self.places[place]), "value": digits(value)}
        payment = number - plan.number
        if plan.annuity is None or plan.shape is None or isinstance(plan.shape, Seasons):
            return held if value == plan.amount else {**held, "stated": "as agreed"}
        solved = 0 <= payment < plan.annuity.payments
        return {**held, **({"payment": str(payment)} if solved else {"stated": "as agreed"})}

    def _set(self, place: int, number: int) -> Plain:
        """Return how a plan was set: agreed, or solved, and then perhaps capped or moved."""
        plan = self.ledger.plans[place]
        loan, amount = self.loan, digits(plan.amount)
        if plan.annuity is None:
            return {"from": str(plan.number), "amount": amount}
        scale = 10**loan.decimals
        found = instalment_figures(loan, self.ledger, number, place)
        figure = found[0]
        plain: Plain = {
            "from": str(plan.number),
            "owed": ratio(figure.base * scale),
            "factors": [ratio(factor) for factor in figure.factors],
            "balloon": digits(plan.annuity.balloon),
            "unit": digits(plan.unit),
            "unrounded": ratio((figure.exact or Fraction(0)) * scale),
            "rounding": figure.rounding,
            "solved": digits(plan.solved),
            "amount": amount,
        }
        if figure.shares:
            plain["shares"] = [ratio(share) for share in figure.shares]
        if figure.additions:
            plain["additions"] = [digits(int(each * scale)) for each in figure.additions]
        if plan.cap_base is not None:
            cap = found[1]
            plain["cap"] = {
                "base": digits(plan.cap_base),
                "share": ratio(cap.share or Fraction(1)),
                "unit": digits(int(cap.unit * scale)),
            }
        elif plan.amount != plan.solved:
            plain["moved"] = loan.last
        if figure.shares and isinstance(plan.shape, (Grown, Stepped)):
            plain["growth"] = _growth(plan.shape, plan)
        return plain

    def anchor(self, rows: Sequence[Plain], closings: Sequence[int]) -> None:
        """Say of each plan which balance it repays, and for which due dates its factors came true."""
        taxed = 1 + self.loan.interest_tax if self.loan.tax_included else Fraction(1)
        dues = {int(row["number"]): (index, *_bearing(row)) for index, row in enumerate(rows)}
        for plan in self.written:
            first = int(plan["from"])
            if "owed" not in plan or first not in dues:
                continue
            balance, owed = dues[first][0], Fraction(plan["owed"])
            interest = Fraction(0)
            for periods in range(len(plan["factors"]) + 2):
                if owed == closings[balance] + taxed * interest:
                    plan |= {"balance_after": str(balance), "periods": str(periods)}
                    break
                if first + periods not in dues:
                    break
                interest += dues[first + periods][2]
            factors = enumerate(plan["factors"], first + 1)
            came = (n in dues and Fraction(factor) == taxed * dues[n][1] for n, factor in factors)
            held = next((k for k, true in enumerate(came) if not true), len(plan["factors"]))
            plan["held"] = str(held)


def _bearing(row: Plain) -> tuple[Fraction, Fraction]:
    """Return the interest of a row as a factor, and in minor units, unrounded."""
    segments = [
        segment
        for figure in row["figures"]
        if figure["figure"] == "interest_accrued"
        for segment in figure["segments"]
    ]
    factor = sum(
        (Fraction(each["rate"]) * Fraction(each["share"]) for each in segments), Fraction(0)
    )
    return factor, sum((Fraction(each["interest"]) for each in segments), Fraction(0))


def _on_balance(schedule: Schedule) -> bool:
    """Whether interest is on the balance throughout, and never on the original principal."""
    orders = (schedule.loan, *schedule.changes)
    flat = any(getattr(order, "method", None) == "flat" for order in orders)
    return schedule.loan.interest_base == "balance" and not flat


def _growth(shape: Grown | Stepped, plan: InstalmentPlan) -> Plain:
    """Return what the payments of a plan are shares of, and how those are rounded."""
    base, unit = Fraction(plan.amount), 1
    if isinstance(shape, Stepped):
        base, unit = shape.exact if plan.amount == shape.rounded else base, shape.unit
    return {"base": ratio(base), "unit": digits(unit), "rounding": shape.rounding}


# -- results that stand on two schedules, such as a quote ----------------------------------------

#: The figures of a quote, and those of them that are the change of a column.
FIGURES = (
    *("principal", "interest", "deferred_interest", "arrears", "fee", "penalty", "later_fees"),
    *("tax", "refund", "rebate", "total"),
)
CHANGES = ("principal", "interest", "deferred_interest", "fee", "penalty", "tax", "refund")


def total_of(plan: Schedule, column: str, *, first: date = date.min, last: date = date.max) -> int:
    """Return the sum of a column, in minor units, over rows whose interest runs up to some days."""
    values = zip(plan.accrual_dates.tolist(), plan.columns[column].tolist(), strict=True)
    return sum(value for day, value in values if first <= day <= last)


def change_to(before: Schedule, after: Schedule, last: date) -> dict[str, int]:
    """Return how much more the columns of one schedule are than those of another, up to a day."""
    return {
        name: total_of(after, name, last=last) - total_of(before, name, last=last)
        for name in CHANGES
    }


def texts(amounts: Mapping[str, int]) -> dict[str, str]:
    """Return amounts other than 0 as text."""
    return {name: digits(amount) for name, amount in amounts.items() if amount}


def apart(amounts: Mapping[str, int], follow: Mapping[str, int]) -> dict[str, str]:
    """Return by how much amounts are more than what follows from rows: they are only stated."""
    return texts({name: amounts.get(name, 0) - follow[name] for name in follow})


def certify_quote(quote: Settlement) -> Certificate:
    """Return the certificate of a settlement quote."""
    before, after, on = quote.before, quote.schedule, quote.on
    amounts = {name: minor_of(getattr(quote, name), before.loan.decimals) for name in FIGURES}
    follow = change_to(before, after, on)
    paid = amounts | {"fee": amounts["fee"] + amounts["later_fees"]}
    later = on + timedelta(days=1)
    signs = {"payment": 1, "tax": -1, "penalty": -1, "fee": -(quote.method != "uk_2004")}
    follow["rebate"] = sum(
        sign * (total_of(before, name, first=later) - total_of(after, name, first=later))
        for name, sign in signs.items()
    ) - sum(amounts[name] for name in ("principal", "interest", "deferred_interest"))
    content: dict[str, Any] = {
        "on": str(on),
        "requested": str(quote.requested),
        "method": quote.method,
        "before": content_of(before),
        "after": content_of(after),
        "amounts": {name: digits(amount) for name, amount in amounts.items()},
        "apart": apart(paid, follow),
    }
    return Certificate("quote", content)
