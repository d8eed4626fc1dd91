"""The verbs: each applies one change to a schedule, a loan or a portfolio."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import wraps
from inspect import Parameter, cleandoc
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, cast, overload

import numpy as np

from repaylib.changes.advance import Advance
from repaylib.changes.base import Change, check_place
from repaylib.changes.deferral import Deferral
from repaylib.changes.forbearance import Forbearance
from repaylib.changes.forgiveness import Forgiveness
from repaylib.changes.prepayment import Prepayment
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.errors import Hint, Phrase, TermsError
from repaylib.output.progress import refuse_progress
from repaylib.schedule.book import ONE_OF_A_BOOK, Book
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan

if TYPE_CHECKING:
    from repaylib.portfolio.book.changes import PortfolioChange
    from repaylib.portfolio.book.portfolio import Portfolio
    from repaylib.portfolio.schedule import PortfolioSchedule
    from repaylib.typing import Progress

__all__ = [
    "advance",
    "amortise",
    "amortize",
    "as_schedule",
    "change_rate",
    "concerns",
    "defer",
    "forbear",
    "forgive",
    "prepay",
    "reschedule",
]

Options = ParamSpec("Options")


@overload
def amortise(loan: Loan, *changes: Change) -> Schedule: ...
@overload
def amortise(
    loan: Portfolio, *changes: Change | PortfolioChange, progress: Progress = ...
) -> PortfolioSchedule: ...
def amortise(
    loan: Loan | Portfolio, *changes: Any, progress: Any = None
) -> Schedule | PortfolioSchedule:
    """Return the schedule of a loan, with any changes applied in the order given.

    Parameters
    ----------
    loan
        The terms; or a book of loans, which gives a :class:`~repaylib.portfolio.PortfolioSchedule`.
    changes
        Changes, each on the schedule that the former ones left.
    progress
        For a book: ``True`` for a bar, or what is called with the loans done and all of them.
        The whole book is then folded at once, however large.

    Raises
    ------
    RepayError
        If the terms or a change cannot be carried out.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan(principal="10000", rate="12%", payments=12, start="2024-01-10")
    >>> plan = rp.amortise(loan)
    >>> plan.instalment, plan.total_interest, plan.final_payment
    (Decimal('888.49'), Decimal('661.86'), Decimal('888.47'))
    >>> rp.amortise(loan, rp.changes.Deferral(payment=4)) == rp.defer(plan, payment=4)
    True
    """
    if not isinstance(loan, Loan) and isinstance(loan, Book):
        return loan.amortised(changes, progress)
    refuse_progress(progress)
    return Schedule(loan, changes)


def as_schedule(schedule: object, parameter: str = "schedule") -> Schedule:
    """Return a schedule; a loan means its schedule as agreed."""
    if isinstance(schedule, Schedule):
        return schedule
    if isinstance(schedule, Loan):
        return Schedule(schedule)
    hint = Phrase("write {}", "rp.amortise(loan)")
    if isinstance(getattr(schedule, "schedule", None), Schedule):
        hint = Phrase("write {}", "quote.schedule")
    elif isinstance(schedule, (list, tuple)):
        hint = Phrase("write {} or {}", "rp.compare(*plans)", "rp.schedule.combine(plans)")
    elif isinstance(getattr(schedule, "schedules", None), tuple):
        hint = Phrase("write {}", "combined.part(0)")
    if isinstance(schedule, Book):
        hint = ONE_OF_A_BOOK
    raise TermsError(parameter, schedule, "a Schedule or a Loan", hint)


def concerns(where: object) -> bool:
    """Return whether a change concerns a single loan."""
    if isinstance(where, (bool, np.bool_)):
        return bool(where)
    expected = "True or False for one loan"
    raise TermsError(
        "where", where, expected, Hint("write {}, or take a book of loans", where=True)
    )


class Verb(Protocol[Options]):
    """A verb as a type checker sees it: one loan takes the options of the change, a book columns."""

    @overload
    def __call__(
        self, schedule: Schedule | Loan, *args: Options.args, **options: Options.kwargs
    ) -> Schedule: ...
    @overload
    def __call__(
        self, schedule: Schedule | Loan, *args: Any, where: bool, **options: Any
    ) -> Schedule: ...
    @overload
    def __call__(
        self, schedule: Portfolio | PortfolioSchedule, *args: Any, **options: Any
    ) -> PortfolioSchedule: ...


def verb(change: Callable[Options, Change]) -> Callable[[Callable[[], None]], Verb[Options]]:
    """Make a verb of a change: it takes a schedule, and then the parameters of the change.

    The signature of the verb and its ``help()`` show these parameters.
    """
    kind = cast("type[Change]", change)
    own = inspect.signature(kind)
    shown = own.replace(
        parameters=[
            Parameter("schedule", Parameter.POSITIONAL_OR_KEYWORD, annotation=_TAKES),
            *own.parameters.values(),
            Parameter("where", Parameter.KEYWORD_ONLY, default=True, annotation="Any"),
        ],
        return_annotation="Schedule | PortfolioSchedule",
    )

    def decorate(described: Callable[[], None]) -> Verb[Options]:
        def named(*args: Any, **options: Any) -> dict[str, Any]:
            check_place(kind, options)
            try:
                bound = own.bind(*args, **options)
            except TypeError as error:
                raise TypeError(f"{described.__name__}() {error}") from None
            bound.apply_defaults()
            return bound.arguments

        @wraps(described)
        def call(
            schedule: Any, *args: Any, where: Any = True, **options: Any
        ) -> Schedule | PortfolioSchedule:
            if isinstance(schedule, Book):
                return schedule.changed(kind, {**named(*args, **options), "where": where})
            plan = as_schedule(schedule)
            try:
                changed = change(*args, **options)
            except TypeError:
                named(*args, **options)  # an error of its own, which names the verb
                raise
            return plan.then(changed) if concerns(where) else plan

        call.__dict__["__signature__"] = shown
        call.__annotations__ = {
            name: parameter.annotation for name, parameter in shown.parameters.items()
        }
        call.__annotations__["return"] = shown.return_annotation
        call.__doc__ = _with_parameters(described.__doc__ or "", kind.__doc__ or "")
        return cast("Verb[Options]", call)

    return decorate


_TAKES = "Schedule | Loan | Portfolio | PortfolioSchedule"
_SECTION = re.compile(r"^(?=\w+\n-+$)", re.MULTILINE)
_SCHEDULE = """\
schedule
    A schedule; or a loan, which stands for its schedule as agreed; or a portfolio. For a portfolio,
    an option is one value for all loans, or a column with one value for each loan.
"""
_WHERE = """\
where
    For a portfolio, which loans the change concerns: see :class:`~repaylib.portfolio.PortfolioChange`.
"""


def _with_parameters(verb: str, change: str) -> str:
    """Insert the parameters that a change documents after the summary of its verb."""
    summary, *sections = _SECTION.split(cleandoc(verb))
    for section in _SECTION.split(cleandoc(change)):
        if section.startswith("Parameters\n"):
            title, rule, options = section.split("\n", 2)
            options = f"{_SCHEDULE}{options.rstrip()}\n{_WHERE}"
            sections.insert(0, f"{title}\n{rule}\n{options}\n")
    return summary + "".join(sections)


#: The same function, as American English spells it.
amortize = amortise


@verb(Deferral)
def defer() -> None:
    """Defer one or more payments.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> rp.defer(plan, payment=4).total_interest - plan.total_interest
    Decimal('76.11')
    >>> rp.defer(plan, payment=4, interest="waive").maturity
    datetime.date(2025, 2, 10)
    """


@verb(RateChange)
def change_rate() -> None:
    """Change the interest rate, for good or for a time.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> cheaper = rp.change_rate(plan, "8%", payment=4)
    >>> cheaper.instalment, plan.total_paid - cheaper.total_paid
    (Decimal('874.08'), Decimal('129.65'))
    """


@verb(Rescheduling)
def reschedule() -> None:
    """Repay what is owed in new instalments.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> longer = rp.reschedule(plan, payments=12, payment=4)
    >>> longer.instalment, longer.final_payment, longer.total_paid - plan.total_paid
    (Decimal('676.21'), Decimal('676.23'), Decimal('118.15'))
    """


@verb(Prepayment)
def prepay() -> None:
    """Pay an amount on top of the instalments.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> sooner = rp.prepay(plan, "2000", on="2024-04-10")
    >>> sooner.maturity, plan.total_paid - sooner.total_paid
    (datetime.date(2024, 11, 10), Decimal('170.57'))
    """


@verb(Forgiveness)
def forgive() -> None:
    """Forgive part of what is owed.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> lighter = rp.forgive(plan, share="10%", with_payment=3)
    >>> lighter.total_forgiven, lighter.instalment
    (Decimal('761.08'), Decimal('799.64'))
    """


@verb(Forbearance)
def forbear() -> None:
    """Free part of the principal of interest, and make it due at the end.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> lighter = rp.forbear(plan, "1000", payment=4)
    >>> lighter.instalment, lighter.final_payment, lighter.maturity == plan.maturity
    (Decimal('771.75'), Decimal('1771.73'), True)
    """


@verb(Advance)
def advance() -> None:
    """Lend a further amount.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("100", "9.4822%", 6, "2024-01-01"))
    >>> more = rp.advance(plan, "100", on="2024-03-01")
    >>> more.instalment, more[1].closing, more.final_payment
    (Decimal('42.63'), Decimal('167.19'), Decimal('42.61'))
    """
