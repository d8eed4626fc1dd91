"""A statement as tables: its instalments and its summary for people, its columns for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from repaylib.arrears.balances import Balances, InstalmentStatus
from repaylib.output.certificates import Certificate
from repaylib.output.formats import Tabular
from repaylib.output.tables import Printed, Table, heads
from repaylib.schedule.serialization import Stored
from repaylib.wording.sentence import Sentence

if TYPE_CHECKING:
    from repaylib.arrears.statements import Statement

__all__ = ["StatementOutput"]

HEADER = heads(["no", "due", "amount", "paid", "paid_on", "late", "open", "status"])
#: The columns that are attributes of an instalment, before and after its balances by kind.
FIRST = ("number", "due", "name", "status", "amount", "outstanding")
LAST = ("waived", "paid_in_advance", "paid_late", "paid_on", "days_late")


def _columns(rows: Sequence[InstalmentStatus]) -> dict[str, list[Any]]:
    """Return the instalments as columns by name."""
    found = {name: [getattr(row, name) for row in rows] for name in FIRST}
    for side in ("asked", "paid", "open"):
        for kind in Balances.__slots__:
            found[f"{side}_{kind}"] = [getattr(getattr(row, side), kind) for row in rows]
    return found | {name: [getattr(row, name) for row in rows] for name in LAST}


def _summary(statement: Statement) -> list[list[object]]:
    balances = {name: getattr(statement.balances, name) for name in Balances.__slots__}
    rows: list[list[object]] = [
        [Sentence(f"balance.{name}"), f"{amount:,f}"] for name, amount in balances.items() if amount
    ]

    def add(name: str, figure: str, **slots: object) -> None:
        rows.append([Sentence(f"statement.{name}", **slots), figure])

    add("overdue", f"{statement.arrears.total:,f}")
    if statement.credit:
        add("held", f"-{statement.credit:,f}")
    add("payoff", f"{statement.payoff:,f}")
    add("days", f"{statement.days_past_due}")
    if (coming := statement.next_due) is not None:
        add("next", f"{coming.outstanding:,f}", day=coming.due)
    if statement.written_off:
        add("written_off", f"{statement.written_off:,f}")
        add("recovered", f"{statement.recovered:,f}")
    return rows


class StatementOutput(Tabular, Stored, Printed):
    """What leaves Python of a statement: tables with a row for each instalment, and JSON."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def instalments(self) -> tuple[InstalmentStatus, ...]:
            """The status of every instalment."""

    @property
    def rows(self) -> tuple[InstalmentStatus, ...]:
        """The instalments, which are the rows of its tables; its `account` has rows of its own."""
        return self.instalments

    def _data(self) -> dict[str, list[Any]]:
        return _columns(self.instalments)

    def _tables(self) -> tuple[Table, Table]:
        this = cast("Statement", self)
        above = Sentence("statement", day=this.as_of)
        rows = [row.cells() for row in this.instalments]
        head = [Sentence("statement.as_of", day=this.as_of), Sentence(f"bucket.{this.bucket}")]
        summary = Table(head, _summary(this))
        return Table(HEADER, rows, left=2, caption=above), summary

    def to_dict(self) -> dict[str, Any]:
        """Return what it follows from as a dictionary that JSON takes, without loss.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
        >>> owed = rp.statement(plan, [rp.Receipt("2024-02-10", "888.49")], as_of="2024-02-20")
        >>> rp.arrears.Statement.from_dict(owed.to_dict()) == owed
        True
        """
        from repaylib.arrears.output.storage import to_plain  # which makes statements

        return to_plain(cast("Statement", self))

    def certificate(self) -> Certificate:
        """Return every figure with its derivation, to be checked without repaylib.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
        >>> owed = rp.statement(plan, [rp.Receipt("2024-02-10", "888.49")], as_of="2024-02-20")
        >>> certificate = owed.certificate().to_dict()
        >>> certificate["payoff"], owed.payoff
        ('924327', Decimal('9243.27'))
        """
        from repaylib.arrears.output.certificate import certify  # seldom needed

        return certify(cast("Statement", self))

    @classmethod
    def _read(cls, plain: object) -> Any:
        from repaylib.arrears.output.storage import from_plain

        return from_plain(plain)
