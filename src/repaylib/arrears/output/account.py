"""The running account of a loan: day by day what happened, how much, of what, and what is owed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args

from repaylib.arrears.daily_simple import accrued_interest, interest_and_principal
from repaylib.arrears.due_amounts import Kind
from repaylib.arrears.events import AccountEvent, Charge, Receipt, Refund, Waiver, WriteOff
from repaylib.arrears.instalment_due import InstalmentDue
from repaylib.arrears.servicing import Step, begin_servicing, steps_of
from repaylib.arrears.servicing_state import ServicingState
from repaylib.money.amounts import add
from repaylib.output.formats import Tabular
from repaylib.output.tables import Cut, Table, TableOf, heads
from repaylib.schedule.schedule import Schedule
from repaylib.wording.sentence import Listed, Sentence, parse_language, word_or_text

__all__ = ["Account", "AccountEntry", "OwedPart", "account_of", "held_used", "parts_owed"]

#: The parts of what is owed: interest that has accrued and is not due is apart.
OwedPart = Literal["principal", "interest", "accrued", "fees", "penalty", "costs", "unallocated"]
#: The column of an account in which each kind of amount is.
COLUMN_OF: dict[Kind, OwedPart] = {
    "principal": "principal",
    "interest": "interest",
    "deferred_interest": "interest",
    "fee": "fees",
    "penalty": "penalty",
    "penalty_interest": "penalty",
    "costs": "costs",
}
COLUMNS: tuple[OwedPart, ...] = ("principal", "interest", "fees", "penalty", "costs")
#: What is owed and not yet due; fees and refunds of an early settlement are not.
UNDUE: tuple[Kind, ...] = ("principal", "interest", "deferred_interest", "penalty")
#: The events of a step of a day, and the key of what they are called.
EVENTS: dict[Step, tuple[type[AccountEvent], str]] = {
    "received": (Receipt, "received"),
    "refunded": (Refund, "given_back"),
    "waived": (Waiver, "waived"),
    "ended": (WriteOff, "written_off"),
}
Parts = dict[str, int]


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One line of a running account. Amounts are in major units.

    What is charged is above zero, what is paid or waived is below zero.

    Attributes
    ----------
    date
        The day.
    event
        What happened: ``"paid out"``, ``"instalment 4 due"``, ``"accrued"``, ``"received"``,
        ``"given back"``, ``"waived"``, ``"money held used"``, ``"written off"``, or what a charge was for.
    amount
        By how much it changes the balance.
    principal
        The part that is principal.
    interest
        The part that is interest, deferred interest included.
    fees
        The part that is fees.
    penalty
        The part that is default interest, with interest on overdue interest.
    costs
        The part that is costs.
    unallocated
        The part that is kept as unallocated money, below zero; above zero when it is used.
    balance
        What is owed afterwards: due or not, with interest accrued to the day, less unallocated money.
    label
        What happened, as sentences.
    """

    date: date
    event: str
    amount: Decimal
    principal: Decimal
    interest: Decimal
    fees: Decimal
    penalty: Decimal
    costs: Decimal
    unallocated: Decimal
    balance: Decimal
    label: object = field(default="", repr=False, compare=False)


class Account(Tabular, TableOf[AccountEntry]):
    """The running account of a loan: each line has a day, an amount and the balance after it.

    It prints fees, penalties, costs and unallocated money as one column, if more than one is there;
    :meth:`to_csv`, :meth:`to_pandas` and :meth:`to_arrow` have them all. The amounts add up to the
    balance. On the day of the statement the balance is the payoff amount,
    without what settling early costs or gives back.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> paid = [rp.Receipt("2024-02-10", "888.49"), rp.Receipt("2024-03-25", "900")]
    >>> owed = rp.statement(plan, paid, as_of="2024-03-31", penalty=rp.PenaltyTerms("1.5"))
    >>> print(owed.account)
    date        event                amount  principal  interest   other    balance
    ----------  ----------------  ---------  ---------  --------  ------  ---------
    2024-01-10  paid out          10,000.00  10,000.00                    10,000.00
    2024-02-10  instalment 1 due     100.00               100.00          10,100.00
    2024-02-10  received            -888.49    -788.49   -100.00           9,211.51
    2024-03-10  instalment 2 due      92.12                92.12           9,303.63
    2024-03-25  accrued               46.50                40.72    5.78   9,350.13
    2024-03-25  received            -900.00    -796.37    -92.12  -11.51   8,450.13
    2024-03-31  accrued               16.29                16.29           8,466.42
    """

    __slots__ = ("rows",)

    rows: tuple[AccountEntry, ...]

    def __init__(self, entries: Sequence[AccountEntry] = ()) -> None:
        self._store(rows=tuple(entries))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Account):
            return NotImplemented
        return self.rows == other.rows

    def __hash__(self) -> int:
        return hash(self.rows)

    def __repr__(self) -> str:
        return f"<Account: {len(self)} entries, {self[-1].balance:,f} owed on {self[-1].date}>"

    def _data(self) -> dict[str, list[Any]]:
        names = [each.name for each in fields(AccountEntry) if each.compare]
        return {name: [getattr(entry, name) for entry in self] for name in names}

    def _table(self) -> Table:
        data = self._data()
        few = [name for name in ("fees", "penalty", "costs", "unallocated") if any(data[name])]
        last = few if len(few) < 2 else ["other"]
        rows = []
        for entry in self:
            parts = [entry.amount, entry.principal, entry.interest]
            if few:
                parts.append(add(*(getattr(entry, name) for name in few)))
            cells = [f"{part:,f}" if part else "" for part in parts]
            rows.append([str(entry.date), Cut(entry.label, 20), *cells, f"{entry.balance:,f}"])
        header = heads(["date", "event", "amount", "principal", "interest", *last, "balance"])
        return Table(header, rows, left=2, caption=Sentence("account"))


def account_of(state: ServicingState) -> Account:
    """Return the running account of a loan up to the day that its state has reached."""
    return Account(tuple(_entries(begin_servicing(state.terms), state)))


def _entries(state: ServicingState, reached: ServicingState) -> Iterator[AccountEntry]:
    """Process the events of a state once more, and yield what each step of a day changes."""
    loan = state.loan
    nothing: Parts = dict.fromkeys((*COLUMNS, "unallocated"), 0)
    balance = seen = received = 0

    def entry(label: object, parts: Parts) -> AccountEntry:
        nonlocal balance
        amount = sum(parts.values())
        balance += amount
        shown = {name: loan.money(part) for name, part in parts.items()}
        return AccountEntry(
            date=state.today,
            event=parse_language("en").render(label),
            amount=loan.money(amount),
            balance=loan.money(balance),
            label=label,
            **shown,
        )

    before: Parts = {**nothing, "principal": reached.terms.schedule.opening_balance}
    yield entry(Sentence("account.paid_out"), before)
    for step, events in steps_of(state, reached.events, reached.today):
        kind, called = EVENTS.get(step, (Charge, ""))
        happened = [event for event in events if isinstance(event, kind)]
        if step in ("received", "refunded", "waived") and not happened:
            continue  # what changes is seen in the last step of the day
        now = _balances(state)
        change = {name: now[name] - before[name] for name in now}
        items, seen, before = state.all_items[seen:], len(state.all_items), now
        if step == "received":
            charged = sum(change.values()) + state.received - received
            received = state.received
            if charged:  # a settlement has its fee, or gives fees back
                yield entry(Sentence("account.settlement"), {**nothing, "fees": charged})
                change["fees"] -= charged
        in_between = step in ("charged", "ended")  # no receipt or refund happens here
        used = {**nothing, **(held_used(state, items) if in_between else {})}
        if any(used.values()):
            used["unallocated"] = -change["unallocated"]
            used["principal"] -= sum(used.values())  # with daily simple interest it had paid some
        change = {name: change[name] + used[name] for name in change}
        names = _names(items, change) if in_between else []
        names += [_called(called, happened)] if called and happened else []
        if names or any(change.values()):
            label = Listed(names, "clause") if names else Sentence("account.accrued")
            yield entry(label, change)
        if any(used.values()):
            yield entry(Sentence("account.held_used"), {name: -part for name, part in used.items()})


def parts_owed(state: ServicingState, quote: Schedule | None) -> dict[OwedPart, int]:
    """Return what is owed by part, with interest accrued to the day, without fees of a settlement.

    `unallocated` is above zero if money is held. `quote` is the schedule with a settlement on the day.
    """
    day = state.today
    found = dict.fromkeys(get_args(OwedPart), 0)
    for item in state.open_items:
        for kind in item.kinds:
            if _separate(state, item.planned, kind):
                found[COLUMN_OF[kind]] += item.open(kind, day, state.rounding)
    if quote is not None:
        for kind in UNDUE:
            if _separate(state, True, kind):
                part = "accrued" if kind == "interest" else COLUMN_OF[kind]
                found[part] += getattr(quote.ledger.settled, kind)
    if state.daily_simple:
        interest, principal = interest_and_principal(state, day)
        accrued = accrued_interest(state, day) if state.goes_on(day) else 0
        found["interest"] += interest - accrued
        found["accrued"] += accrued
        found["principal"] += principal
    found["unallocated"] = state.credit
    return found


def _balances(state: ServicingState) -> Parts:
    """Return what is owed by column."""
    parts = parts_owed(state, state.quote(state.today, fee=False))
    found: Parts = {name: parts[name] for name in COLUMNS}
    found["interest"] += parts["accrued"]
    return {**found, "unallocated": -parts["unallocated"]}


def held_used(state: ServicingState, items: Sequence[InstalmentDue]) -> Parts:
    """Return what unallocated money has paid of items that have just fallen due."""
    found: Parts = {}
    for item in items:
        for kind, amount in item.paid.items():
            if amount and _separate(state, item.planned, kind):
                found[COLUMN_OF[kind]] = found.get(COLUMN_OF[kind], 0) + amount
    return found


def _separate(state: ServicingState, planned: bool, kind: Kind) -> bool:
    """Whether a kind is known by itself; not where interest and principal of the loan change places."""
    return not (state.daily_simple and planned and kind in ("interest", "principal"))


def _called(name: str, events: Sequence[AccountEvent]) -> Sentence:
    """Return what events of one kind are called, with the ids of receipts."""
    ids = [event.id for event in events if isinstance(event, Receipt) and event.id]
    called = Sentence(f"account.{name}")
    return Sentence("account.ids", event=called, ids=Listed(ids, "names")) if ids else called


def _names(items: Sequence[InstalmentDue], change: Parts) -> list[object]:
    """Return what has fallen due, and what happened to the principal."""
    names: list[object] = [_due(item) for item in items]
    if change["principal"] > 0:
        key = "account.capitalised" if change["interest"] < 0 else "account.paid_out"
        names.append(Sentence(key))
    elif change["principal"] < 0:
        names.append(Sentence("account.forgiven"))
    return names


def _due(item: InstalmentDue) -> Sentence | str:
    """Return what has fallen due."""
    if item.number:
        return Sentence("account.instalment", number=item.number)
    return word_or_text("item", item.name) if item.name else Sentence("account.payment")
