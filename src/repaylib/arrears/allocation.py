"""The waterfall: the order in which money received pays what is owed, and how it is allocated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, takewhile
from typing import Any, get_args

from repaylib.arrears.due_amounts import CONTRACTUAL, KINDS, PARTS, Kind
from repaylib.arrears.events import Receipt
from repaylib.arrears.instalment_due import InstalmentDue
from repaylib.arrears.open_instalments import OpenInstalments
from repaylib.errors import Phrase, TermsError, check_word, parse_items, parse_pairs
from repaylib.money.counts import parse_count
from repaylib.money.rounding import round_ratio
from repaylib.typing import Across, Age, Among, Component, PrepaymentHold, Rounding
from repaylib.wording.sentence import Listed, Sentence, Worded

__all__ = ["AGES", "COMPONENTS", "Allocation", "Cell"]

#: One step of a waterfall: how old, and which component.
Cell = tuple[Age, Component]

AGES: tuple[Age, ...] = get_args(Age)
COMPONENTS: tuple[Component, ...] = get_args(Component)


@dataclass(frozen=True, slots=True, init=False)
class Allocation(Worded):
    """The order in which money received pays what is owed.

    Parameters
    ----------
    order
        The five components, ``"costs"``, ``"fee"``, ``"penalty"``, ``"interest"`` and
        ``"principal"``, in the order in which they are paid; past due before due before in
        advance. Or all fifteen steps as pairs, ``("past due", "interest")``. Deferred
        interest is ``"interest"``, and paid before that of the instalment; interest on overdue
        interest is ``"penalty"``, as is the penalty, and paid before it; taxes are ``"fee"``.
    across
        ``"instalment"``
            the oldest instalment first, with all its components: of 888.49 overdue twice, 888.49
            received pay the first of them.
        ``"component"``
            the first component of all instalments first: the interest of both, 76.11 + 67.98,
            and then 744.40 of principal.
        ``"pro_rata"``
            the components of an instalment in proportion to what is open: 100.00 over interest of
            76.11 and principal of 812.38 is 8.56 and 91.44. `order` then decides between ages.
    among
        ``"age"``
            within one step the oldest instalment first.
        ``"pro_rata"``
            in proportion to what is open: 50.00 over 60.00 and 40.00 is 30.00 and 20.00.
    switch
        Another order from a number of days past due on: ``{91: ("principal", "interest", ...)}``.
    ahead
        The use of money paid ahead, when nothing is due:

        ``"next"``
            it pays the next instalments, as they fall due.
        ``"last"``
            it lowers the principal; the instalments are kept, and the last ones fall away.
        ``"payment"``
            it lowers the principal; the instalment is kept, and the term becomes shorter.
        ``"maturity"``
            it lowers the principal; the end is kept, and the instalments become lower.

    Raises
    ------
    TermsError
        If a component is missing or named twice.

    Examples
    --------
    >>> print(Allocation())
    Money received pays enforcement costs first, then fees, penalties, interest and principal,
    the oldest instalment first. Money paid ahead pays the next instalments as they fall due.
    >>> Allocation.chinese_card().order_at(91)[0]
    ('past due', 'principal')
    """

    order: tuple[Cell, ...]
    across: Across
    among: Among
    switch: tuple[tuple[int, tuple[Cell, ...]], ...]
    ahead: PrepaymentHold

    def __init__(
        self,
        order: Iterable[Any] = COMPONENTS,
        *,
        across: Across = "instalment",
        among: Among = "age",
        switch: Mapping[int, Iterable[Any]] | Iterable[tuple[int, Iterable[Any]]] = (),
        ahead: PrepaymentHold = "next",
    ) -> None:
        store = object.__setattr__
        store(self, "order", _cells(order, "order"))
        store(self, "across", check_word("across", across, get_args(Across)))
        store(self, "among", check_word("among", among, get_args(Among)))
        store(self, "switch", _switches(switch))
        store(self, "ahead", check_word("ahead", ahead, get_args(PrepaymentHold)))

    def order_at(self, days_past_due: int) -> tuple[Cell, ...]:
        """Return the order that applies at `days_past_due` days past due, 0 or more."""
        most = date.max.toordinal()
        late = parse_count(days_past_due, "days_past_due", least=0, most=most, example=91)
        order = self.order
        for days, other in self.switch:
            if late >= days:
                order = other
        return order

    def with_ahead(self, ahead: PrepaymentHold) -> Allocation:
        """Return the same order with another use of money paid `ahead`, such as ``"maturity"``."""
        return Allocation(
            self.order, across=self.across, among=self.among, switch=self.switch, ahead=ahead
        )

    # -- ready-made -------------------------------------------------------------------

    @classmethod
    def civil_code(cls) -> Allocation:
        """Civil Code of China, art. 561: costs of enforcement, then interest, then principal.

        Fees and penalties, which it does not name, stand with the interest, before it.
        """
        return cls(across="component")

    @classmethod
    def chinese_card(cls) -> Allocation:
        """Credit cards in China: to 90 days past due interest and fees first, from 91 principal."""
        return cls(
            ("costs", "fee", "penalty", "interest", "principal"),
            across="component",
            switch={91: ("principal", "interest", "fee", "penalty", "costs")},
        )

    @classmethod
    def us(cls) -> Allocation:
        """Usual in the United States: the oldest instalment, interest, principal, then late charges."""
        return cls(("interest", "principal", "fee", "penalty", "costs"))

    @classmethod
    def uk(cls) -> Allocation:
        """Usual in the United Kingdom: what was missed, before interest and charges on it.

        After the rule for mortgages, MCOB 12.4.1B, that a payment leaves as little of a shortfall as can be:
        all instalments missed, by age, and then what was charged for missing them.
        """
        cells = [("past due", kind) for kind in ("interest", "principal")]
        cells += [("due", kind) for kind in ("interest", "principal")]
        cells += [(age, kind) for age in AGES[:2] for kind in ("fee", "penalty", "costs")]
        cells += [("in advance", component) for component in COMPONENTS]
        return cls(cells)

    @classmethod
    def oldest_first(cls) -> Allocation:
        """Pay the oldest instalment with all its components, then the next."""
        return cls()

    @classmethod
    def component_first(cls) -> Allocation:
        """Pay the costs of all instalments, then fees of all, penalties, interest, principal."""
        return cls(across="component")

    # -- text -------------------------------------------------------------------------

    def sentence(self) -> Sentence:
        """Return in which order money received pays."""
        together = self.across == "pro_rata"
        how = Sentence("order.instalment" if together else f"order.{self.across}")
        if self.among == "pro_rata":
            how = Sentence("order.over_all" if together else "order.pro_rata", how=how)
        switch = [
            Sentence("order.switch", days=days, order=_order_sentence(order, together))
            for days, order in self.switch
        ]
        return Sentence(
            "order",
            order=_order_sentence(self.order, together),
            how=how,
            switch=Listed(switch, "nothing"),
            ahead=Sentence(f"order.ahead.{self.ahead}"),
        )

    def _worded(self) -> object:
        return self.sentence()


def _order_sentence(order: tuple[Cell, ...], together: bool) -> Sentence:
    names = [component for age, component in order if age == "past due"]
    if together:
        parts = Listed([Sentence(f"order.{name}") for name in names], "items")
        return Sentence("order.together", parts=parts)
    if order == tuple((age, name) for age in AGES for name in names):
        first, *rest = [Sentence(f"order.{name}") for name in names]
        return Sentence("order.plain", first=first, rest=Listed(rest, "items"))
    runs = [
        Sentence(
            "order.run",
            age=Sentence(f"order.age.{age}"),
            parts=Listed([Sentence(f"order.{name}") for _, name in cells], "names"),
        )
        for age, cells in groupby(order, key=lambda cell: cell[0])
    ]
    return Sentence("order.runs", runs=Listed(runs, "then"))


def _switches(given: Any) -> tuple[tuple[int, tuple[Cell, ...]], ...]:
    found = {}
    for days, order in parse_pairs(given, "switch", "days past due and an order"):
        number = parse_count(days, "switch")
        if number in found:
            raise TermsError("switch", number, "each number of days once", "take one of them out")
        found[number] = _cells(order, f"switch[{number}]")
    return tuple(sorted(found.items()))


def _cells(order: Any, parameter: str) -> tuple[Cell, ...]:
    """Read an order, and refuse one that does not name every step once."""
    hint = Phrase("write {}", 'order=("interest", "principal", ...)')
    one = isinstance(order, str)
    given = [order] if one else list(parse_items(order, parameter, "components, in order", hint))
    if all(isinstance(item, str) for item in given):
        names = [check_word(parameter, item, COMPONENTS) for item in given]
        _check_each_once(parameter, names, COMPONENTS)
        given = [(age, name) for age in AGES for name in names]
    cells: list[Cell] = []
    for item in given:
        if not isinstance(item, (tuple, list)) or len(item) != 2:
            hint = Phrase("write {}", '("past due", "interest")')
            raise TermsError(parameter, item, "components, or pairs of age and component", hint)
        cells.append(
            (check_word(parameter, item[0], AGES), check_word(parameter, item[1], COMPONENTS))
        )
    steps = [f"{age} {name}" for age, name in cells]
    _check_each_once(parameter, steps, [f"{age} {name}" for age in AGES for name in COMPONENTS])
    return tuple(cells)


def _check_each_once(parameter: str, given: Sequence[str], wanted: Sequence[str]) -> None:
    for name in wanted:
        times = given.count(name)
        if times != 1:
            raise TermsError(
                parameter,
                Phrase("{}, {} times", name, times) if times else Phrase("no {}", name),
                "every component once",
                Phrase("write such as {}", ", ".join(f'"{component}"' for component in COMPONENTS)),
            )


# -- paying in that order -----------------------------------------------------------------


def pay_due(
    dues: OpenInstalments, money: int, day: date, allocation: Allocation, days_past_due: int
) -> int:
    """Allocate money received on a day to past-due and due items; return the rest of it."""
    order = allocation.order_at(days_past_due)
    for age, run in groupby(order, key=lambda cell: cell[0]):
        if age == "in advance" or not money:
            continue
        kinds = _kinds(run)
        across = [[kind] for kind in kinds] if allocation.across == "component" else [kinds]
        for step in across:
            found = _open_items(dues, step, day, past=age == "past due")
            money = _pay(found, step, money, day, dues.penalties.rounding, allocation)
    return money


def pay_named(
    dues: OpenInstalments, money: int, day: date, allocation: Allocation, receipt: Receipt
) -> int:
    """Pay what a receipt names of what is due on a day; return the rest of it."""
    number, component = receipt.instalment, receipt.component
    if number is None and component is None:
        return money
    named = [item for item in dues.open_items if number in (None, item.number)]
    kinds = _kinds(allocation.order if component is None else [("due", component)])
    due = [item for item in named if item.due <= day and not item.set_apart]
    return _pay(due, list(dict.fromkeys(kinds)), money, day, dues.penalties.rounding, allocation)


def _open_items(
    dues: OpenInstalments, kinds: Sequence[Kind], day: date, *, past: bool
) -> Iterable[InstalmentDue]:
    """Return the items that may owe some kinds, past due or due on a day, the oldest first."""
    if not past:
        on_day = takewhile(lambda item: item.due == day, reversed(dues.open_items))
        return [item for item in on_day if not item.set_apart][::-1]
    only = all(kind in CONTRACTUAL and kind != "fee" for kind in kinds)
    items = dues.missing() if only else dues.open_items
    return (item for item in items if item.due < day and not item.set_apart)


def pay_apart(items: Sequence[InstalmentDue], money: int, day: date, rounding: Rounding) -> int:
    """Pay items set apart, after all others; return the rest."""
    apart = [item for item in items if item.set_apart]
    return _pay(apart, KINDS, money, day, rounding, Allocation())


def pay_ahead(
    item: InstalmentDue,
    money: int,
    received: date,
    day: date,
    allocation: Allocation,
    rounding: Rounding,
) -> int:
    """Pay an instalment out of money received before it fell due; return the rest."""
    kinds = _kinds(cell for cell in allocation.order if cell[0] == "in advance")
    opens = [max(0, item.open(kind, day, rounding)) for kind in kinds]
    for kind, amount in zip(kinds, _dealt(money, opens, allocation), strict=True):
        item.pay(kind, amount, received)
        money -= amount
    return money


def _kinds(cells: Iterable[Cell]) -> list[Kind]:
    return [kind for _, component in cells for kind in PARTS[component]]


def _pay(
    items: Iterable[InstalmentDue],
    kinds: Sequence[Kind],
    money: int,
    day: date,
    rounding: Rounding,
    allocation: Allocation,
) -> int:
    """Pay some kinds of some items, the oldest first or in proportion; return the rest."""
    if allocation.among == "pro_rata":
        owing = [(item, _open(item, kinds, day, rounding)) for item in items]
        shares = _in_proportion(money, [sum(opens) for _, opens in owing])
    else:
        owing, shares = [], []
        left = money
        for item in items:
            if not left:
                break
            opens = _open(item, kinds, day, rounding)
            owing.append((item, opens))
            shares.append(min(left, sum(opens)))
            left -= shares[-1]
    for (item, opens), share in zip(owing, shares, strict=True):
        for kind, part in zip(kinds, _dealt(share, opens, allocation), strict=True):
            item.pay(kind, part, day)
    return money - sum(shares)


def _open(item: InstalmentDue, kinds: Sequence[Kind], day: date, rounding: Rounding) -> list[int]:
    return [max(0, item.open(kind, day, rounding)) for kind in kinds]


def _dealt(money: int, opens: Sequence[int], allocation: Allocation) -> list[int]:
    """Deal money out over the components of one item, in their order or in proportion."""
    if allocation.across == "pro_rata":
        return _in_proportion(money, opens)
    parts = []
    for amount in opens:
        parts.append(min(amount, money))
        money -= parts[-1]
    return parts


def _in_proportion(money: int, opens: Sequence[int]) -> list[int]:
    """Deal money out in proportion to open amounts, none of which gets more than is open."""
    whole = sum(opens)
    spent, before, given = min(money, whole), 0, 0
    shares = []
    for amount in opens:
        before += amount  # the share of all so far, less what they were given: no unit is lost
        shares.append(round_ratio(spent * before, whole, "down") - given if whole else 0)
        given += shares[-1]
    return shares
