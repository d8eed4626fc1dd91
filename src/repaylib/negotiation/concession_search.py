"""The concessions of a waterfall, made on a schedule until its target is met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from repaylib.errors import Phrase, RepayError, TermsError, check_kind, check_word
from repaylib.measures.modification import modification_test
from repaylib.money.amounts import parse_amount, subtract
from repaylib.money.counts import parse_count
from repaylib.money.rounding import negated
from repaylib.negotiation.concessions import Target, Waterfall
from repaylib.negotiation.search_problem import schedule_meant
from repaylib.negotiation.waterfall_steps import PARTS, Agreed, ConcededLine, WaterfallCourse
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.typing import Amount, DateLike

__all__ = ["Conceded", "concede"]

#: Concessions that are not made where they lower no payment.
LOWERING = ("rate", "term", "forbear", "forgive")


@dataclass(frozen=True, slots=True)
class Conceded(Tabular):
    """The concessions of a waterfall; amounts are in major units.

    Attributes
    ----------
    schedule
        The schedule with all concessions.
    before
        The schedule before.
    day
        The day from which it applies.
    waterfall
        The concessions in their order.
    target
        The target, as text.
    most
        The largest payment that meets the target.
    payment_before
        The payment before: the instalment, where the loan has one; otherwise the largest payment
        without forborne principal.
    payment
        The payment after.
    path
        The concessions, line by line.
    forborne
        Forborne principal, without interest.
    forgiven
        Principal forgiven.
    waived
        The part of the arrears that is waived.
    capitalised
        The part of the arrears that joined the principal.
    """

    schedule: Schedule
    before: Schedule
    day: date
    waterfall: Waterfall
    target: str
    most: Decimal
    payment_before: Decimal
    payment: Decimal
    path: tuple[ConcededLine, ...]
    forborne: Decimal
    forgiven: Decimal
    waived: Decimal
    capitalised: Decimal

    @property
    def met(self) -> bool:
        """Whether the target is met."""
        return self.payment <= self.most

    @property
    def short(self) -> Decimal:
        """By how much the payment is still above the target; zero if it is met."""
        return max(subtract(self.payment, self.most), self.schedule.loan.money(0))

    @property
    def loss(self) -> Decimal:
        """The loss of the lender, as a share of the present value at the original effective rate.

        Arrears that joined the principal count as disbursed on the day.
        """
        return negated(modification_test(self.before, self.schedule, as_of=self.day).change)

    def _table(self) -> Table:
        header = ["concession", "from", "to", "payment"]
        rows = [["as it is", "", "", f"{self.payment_before:,f}"]]
        rows += [[*line[:3], f"{line.payment:,f}"] for line in self.path]
        title = f"{self.waterfall.name}, from {self.day} on"
        caption = f"{title}\n{self._verdict}"
        return Table(header, rows, caption=caption, above=[title], below=[self._verdict])

    def _data(self) -> dict[str, list[Any]]:
        """Return the concessions, one a line."""
        names = ConcededLine._fields
        return {name: [getattr(line, name) for line in self.path] for name in names}

    @property
    def _verdict(self) -> str:
        most = f"target {self.most:,f} ({self.target})"
        return f"{most}: met" if self.met else f"{most}: missed by {self.short:,f}"

    def __repr__(self) -> str:
        return f"<Conceded: {self.waterfall.name}, {self._verdict}>"


def concede(
    schedule: Schedule | Loan,
    waterfall: Waterfall,
    *,
    target: Target | Amount | None = None,
    income: Amount | None = None,
    other: Amount = 0,
    payment: int | None = None,
    on: DateLike | None = None,
    arrears: Mapping[str, Amount] | Amount | None = None,
) -> Conceded:
    """Make concessions in their order, only as far as necessary, until the target is met.

    Parameters
    ----------
    schedule
        The present schedule, a loan, or a value with a ``schedule``.
    waterfall
        The concessions: ready-made ones of :class:`~repaylib.negotiation.Waterfall`, or your own.
    target
        The target of the payment: an amount, or a :class:`~repaylib.negotiation.Target`; by default the
        waterfall's own.
    income, other
        Gross income and other housing costs a month, for a target that is a share of income.
    payment, on
        From when, as for the verbs; by default from the first instalment.
    arrears
        What is in arrears on that day and not in the schedule: an amount, which counts as
        principal, or amounts of ``"principal"``, ``"interest"``, ``"fees"``, ``"penalty"``.

    Returns
    -------
    Conceded
        The path line by line, and the schedule. If all concessions are not enough, it says by how
        much the target is missed.

    Raises
    ------
    RepayError
        For options that cannot be read; for arrears that no step capitalises.

    Notes
    -----
    A payment falls with each step of a concession, so the fewest steps are found by bisection. The
    forborne amount is the one that makes the unrounded level instalment the target, to the step.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan("200000", "6.5%", 300, "2024-01-01")
    >>> print(rp.negotiation.concede(loan, rp.negotiation.Waterfall.hamp(), target="550"))
    HAMP, from 2024-01-01 on
    concession                  from            to   payment
    ------------------  ------------  ------------  --------
    as it is                                        1,350.41
    rate cut                    6.5%            2%    847.71
    term extended       300 payments  480 payments    605.65
    principal forborne          0.00     18,377.33    550.00
    target 550.00 (payment at most 550): met
    """
    before = schedule_meant(schedule)
    check_kind(
        waterfall, "waterfall", Waterfall, Phrase("write {}", "rp.negotiation.Waterfall.hamp()")
    )
    if payment is not None:
        payment = parse_count(payment, "payment", example=4)
    elif on is None:
        payment = 1
    place = {"payment": payment} if on is None else {"on": on, "payment": payment}
    aim = _aim(waterfall, target, income, other)
    course = WaterfallCourse(before, place, lambda now: aim.minor(before.loan, now))
    agreed = Agreed(_arrears(before.loan, arrears))
    if sum(agreed.arrears) and not any(step.kind == "capitalise" for step in waterfall.steps):
        raise TermsError(
            "arrears",
            arrears,
            Phrase(
                'a step that takes them, rp.negotiation.Concession("capitalise"), in the waterfall {}',
                waterfall.name,
            ),
            "put it first",
        )
    path, reached = list[ConcededLine](), course.now
    for step in waterfall.steps:
        if reached <= course.most and step.kind != "capitalise":
            continue
        new = course.conceded(agreed, step)
        if new == agreed or (step.kind == "capitalise" and not new.capitalised):
            agreed = new
            continue
        payment_now = course.payment(course.plan(new), new.forborne)
        if payment_now >= reached and step.kind in LOWERING:
            continue
        reached = payment_now
        path.append(course.line(agreed, new, step, reached))
        agreed = new
    money, given = before.loan.money, sum(_arrears(before.loan, arrears))
    return Conceded(
        schedule=before.then(*course.changes(agreed)),
        before=before,
        day=course.day,
        waterfall=waterfall,
        target=str(aim),
        most=money(course.most),
        payment_before=money(course.now),
        payment=money(reached),
        path=tuple(path),
        forborne=money(agreed.forborne),
        forgiven=money(agreed.forgiven),
        waived=money(given - sum(agreed.arrears)),
        capitalised=money(agreed.capitalised),
    )


def _aim(waterfall: Waterfall, target: Any, income: Any, other: Any) -> Target:
    aim = waterfall.target if target is None else target
    if aim is None:
        raise TermsError(
            "target",
            None,
            Phrase("one, as the waterfall {} has none", waterfall.name),
            Phrase(
                "write {} or {}", 'target="700"', 'target=rp.negotiation.Target(reduction="20%")'
            ),
        )
    if not isinstance(aim, Target):
        try:
            aim = Target(aim)
        except RepayError as error:
            raise error.about("target") from None
    if income is None and not parse_amount(other, "other"):
        return aim
    if aim.share is None:
        raise TermsError(
            "income",
            income,
            Phrase("a target that is a share of it, not {}", aim),
            Phrase("leave {} out", "income"),
        )
    return Target(share=aim.share, income=income, other=other)


def _arrears(loan: Loan, arrears: Any) -> tuple[int, ...]:
    if arrears is None:
        return (0,) * len(PARTS)
    if not isinstance(arrears, Mapping):
        return (loan.minor(arrears, "arrears", least=0), 0, 0, 0)
    for name in arrears:
        check_word("arrears", name, PARTS)
    return tuple(loan.minor(arrears.get(name, 0), f"arrears[{name!r}]", least=0) for name in PARTS)
