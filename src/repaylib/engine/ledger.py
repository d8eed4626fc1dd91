"""The ledger that the engine writes: days and regular periods, in whole minor units."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from repaylib.dates.due_dates import Timetable
from repaylib.engine.entries import BESIDE, SPARSE, Entry, apart
from repaylib.engine.fast_path import RegularPeriods
from repaylib.rates.annuity import Annuity
from repaylib.terms.fees import Fee
from repaylib.terms.instalments import Shape
from repaylib.typing import Method
from repaylib.wording.sentence import Sentence

__all__ = [
    "FeeCharge",
    "Ledger",
    "Note",
    "NoteKind",
    "InstalmentPlan",
    "RatePeriod",
    "Settled",
]


class FeeCharge(NamedTuple):
    """A fee charged on a row, and the tax on it, in minor units.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan("10000", "12%", 2, "2024-01-10", fees=[rp.Fee("1%"), rp.Fee("5", when="end")])
    >>> [(charge.row, charge.fee.when, charge.amount) for charge in rp.amortise(loan).fee_charges]
    [(0, 'start', 10000), (2, 'end', 500)]
    """

    row: int
    fee: Fee
    amount: int
    tax: int


class RatePeriod(NamedTuple):
    """A nominal rate a year from a day on; `waived` if its interest is not charged."""

    start: date
    rate: Fraction
    waived: bool = False


class InstalmentPlan(NamedTuple):
    """How an instalment was set: from due date `number` on.

    Attributes
    ----------
    number
        The first due date it is for.
    amount
        The instalment, in minor units; where instalments grow, that from which they do.
    annuity
        The annuity it was solved from; ``None`` if the instalment was agreed.
    solved
        The rounded solution; `amount` may differ, to fit the last payment.
    unit
        The instalment is a whole multiple of this many minor units.
    shape
        How instalments differ from one another, if they do.
    ahead
        The part of the debt it was solved from that was paid in advance, counted as still owed.
    cap_base
        Where a cap limits it: the instalment that it may not exceed by more than the cap.
    rise
        That cap; 0 where a smaller debt may not raise it.
    """

    number: int
    amount: int
    annuity: Annuity | None = None
    solved: int = 0
    unit: int = 1
    shape: Shape | None = None
    ahead: int = 0
    cap_base: int | None = None
    rise: Fraction = Fraction(0)


NoteKind = Literal[
    "superseded",
    "superseded_early",
    "instalments_superseded",
    "deferred_already",
    "moved_instead",
    "ended",
    "lapsed",
    "solved_again",
    "interest_instead",
]


class Note(NamedTuple):
    """The effect of one change on another.

    Attributes
    ----------
    kind
        ``"superseded"``: the change `by` replaces it, on `dates`, from due date `since` on,
        or altogether; ``"superseded_early"``: before its end; ``"instalments_superseded"``: its
        instalments are; ``"deferred_already"``: `dates` were deferred before;
        ``"moved_instead"``: `instalment` is moved, as `dates` are deferred by others;
        ``"ended"``: it ends, from due date `since` on; ``"lapsed"``: the loan had ended before;
        ``"solved_again"``: the instalment is solved again for other periods;
        ``"interest_instead"``: from due date `since` on, the interest is paid where a solved
        instalment falls short of it.
    by
        Numbers of the other changes.
    dates
        Numbers of due dates.
    since
        Number of a due date.
    instalment
        Number of an instalment.
    """

    kind: NoteKind
    by: tuple[int, ...] = ()
    dates: tuple[int, ...] = ()
    since: int | None = None
    instalment: int = 0


class Settled(NamedTuple):
    """The amounts an early settlement paid, in minor units.

    `penalty` was added with arrears; `later_fees` are the fees of the remaining instalments that
    are still charged; `refund` is the part of the fees that was refunded. `known` is how many
    origins, segments and payments of interest the day had before; only in a traced fold.
    """

    principal: int = 0
    interest: int = 0
    deferred_interest: int = 0
    fee: int = 0
    tax: int = 0
    refund: int = 0
    later_fees: int = 0
    penalty: int = 0
    known: tuple[int, int, int] = (0, 0, 0)


class Ledger:
    """All days of a loan, in order.

    Attributes
    ----------
    entries
        Single days, and runs of regular periods.
    timetables
        Due dates in force, each with the number of the first one it gives.
    plans
        How each instalment was set.
    skipped
        Numbers of the due dates that a deferral skipped.
    remarks
        Remarks on due dates whose instalment was not paid as usual, by number.
    reschedulings
        Where the debt was rescheduled: the number of the next due date, and the day.
    lapsed
        Numbers of the changes that came after the loan had ended.
    unchanged_rates
        Numbers of the changes to a rate that was in force already.
    notes
        The number of a change, and the effect of another change on it. Number 0 is the
        contract.
    at_start
        Arrears added on the start date, by column of :data:`~repaylib.engine.entries.BESIDE`.
    deferred_dates
        The due dates that each deferral touched, by its number.
    moved_to
        The due date to which a deferral moved an instalment, by its number.
    resumed
        When a temporary rate ended, and the rate from then on, by the number of its change.
    settled
        The amounts an early settlement paid, besides those due on its day.
    methods
        Where the method was changed: the number of the next due date, and the new one.
    has_silent_due_dates
        Whether there were due dates on which nothing fell due, and so without a row.
    instalment
        The instalment in force at the end.
    rate_periods
        The nominal rate a year from each day on which it changes, the first at the start; also
        after the end, as long as a debt may remain.
    residual
        Interest that had accrued and was not charged at the end, in minor units; below half of one.
    rounded_with
        The interest charged with which it was rounded.
    """

    __slots__ = (
        "at_start",
        "deferred_dates",
        "entries",
        "has_silent_due_dates",
        "instalment",
        "lapsed",
        "methods",
        "moved_to",
        "notes",
        "plans",
        "rate_periods",
        "remarks",
        "reschedulings",
        "residual",
        "resumed",
        "rounded_with",
        "settled",
        "skipped",
        "timetables",
        "unchanged_rates",
    )

    def __init__(self, timetable: Timetable) -> None:
        self.entries: list[Entry | RegularPeriods] = []
        self.timetables: list[Timetable] = [timetable]
        self.plans: list[InstalmentPlan] = []
        self.skipped: set[int] = set()
        self.remarks: dict[int, Sentence] = {}
        self.reschedulings: list[tuple[int, date]] = []
        self.lapsed: list[int] = []
        self.unchanged_rates: list[int] = []
        self.notes: list[tuple[int, Note]] = []
        self.deferred_dates: dict[int, list[int]] = {}
        self.moved_to: dict[int, int] = {}
        self.resumed: dict[int, tuple[date, Fraction]] = {}
        self.methods: list[tuple[int, Method]] = []
        self.at_start: dict[str, int] = {}
        self.settled = Settled()
        self.has_silent_due_dates = False
        self.instalment = 0
        self.rate_periods: list[RatePeriod] = []
        self.residual = Fraction(0)
        self.rounded_with = 0

    def duplicate(self) -> Ledger:
        """Return an independent copy of the ledger."""
        other = apart(self, Ledger.__slots__)
        other.deferred_dates = {change: list(dues) for change, dues in self.deferred_dates.items()}
        return other

    def __len__(self) -> int:
        return sum(map(len, self.entries))

    def total(self, column: str) -> int:
        """Return the sum of a column of amounts that days have by themselves."""
        total = self.at_start.get(column, 0)
        for entry in self.entries:
            if isinstance(entry, RegularPeriods):
                total += entry.total(column)
            elif column in SPARSE or column in BESIDE:
                total += entry.sparse.get(column, 0)
            else:
                total += getattr(entry, column)
        return total

    @property
    def fee_charges(self) -> list[FeeCharge]:
        """Every fee charged, in order. Fees in arrears that the loan took over are not among them."""
        found: list[FeeCharge] = []
        row = 0
        for entry in self.entries:
            if isinstance(entry, Entry) and entry.fees:
                found += [FeeCharge(row, *charged) for charged in entry.fees]
            row += len(entry)
        return found

    @property
    def last(self) -> Entry:
        """The last day; a loan always ends on a day of its own."""
        entry = self.entries[-1]
        assert isinstance(entry, Entry), "a run of regular periods ends before the last payment"
        return entry

    @property
    def last_number(self) -> int:
        """Number of the last due date."""
        for entry in reversed(self.entries):
            if isinstance(entry, RegularPeriods):
                return entry.first + len(entry) - 1
            if entry.number:
                return entry.number
        return 0

    def traced(self, index: int) -> Entry:
        """Return the entry of a row of a traced fold, which does not use the fast path."""
        entry = self.entries[index]
        assert isinstance(entry, Entry), "a traced fold writes an entry for every row"
        return entry

    def method_of(self, number: int) -> Method | None:
        """Return the method of due date `number`, if it is not that of the loan."""
        return next((m for first, m in reversed(self.methods) if first <= number), None)

    def opens(self, number: int) -> date:
        """Return the day from which instalment `number` stands.

        That is the due date before it or, if the loan was rescheduled since, the day of that.
        """
        renewed = (day for next_number, day in self.reschedulings if next_number == number)
        return max([self.accrual_date(number - 1), *renewed])

    @property
    def moved(self) -> bool:
        """Whether a row may be paid on another day than its interest runs to."""
        return any(
            table.conventions.business is not None and not table.moves_interest
            for table in self.timetables
        )

    def accrual_date(self, number: int) -> date:
        """Return the date of due date `number`."""
        return self._in_force(number).accrual_date(number)

    def adjusted(self, number: int) -> date:
        """Return the day on which due date `number` is paid: a business day, if that was agreed."""
        return self._in_force(number).adjusted(number)

    def _in_force(self, number: int) -> Timetable:
        for table in reversed(self.timetables):
            if number > table.before:
                return table
        return self.timetables[0]
