"""The comprehensive financing cost sheet: what each item of a credit costs, and who gets it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from repaylib.measures.annual_rates.apr_value import Apr, apr_of
from repaylib.measures.annual_rates.known_rules import rule_for
from repaylib.measures.cash_flows import HasSchedule, plan_of
from repaylib.measures.credit import as_repaid, parse_credit
from repaylib.measures.credit_costs import costs
from repaylib.money.amounts import add, subtract
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table, TableOf, heads
from repaylib.rates.rate import rounded_percent
from repaylib.schedule.fee_charges import fees_by_item
from repaylib.schedule.schedule import Schedule
from repaylib.terms.fees import Fee
from repaylib.terms.loan import Loan
from repaylib.typing import AprRule
from repaylib.wording.sentence import Listed, Sentence, parse_language

__all__ = [
    "CostItem",
    "CostSheet",
    "cost_amounts",
    "cost_items",
    "cost_rule",
    "cost_sheet",
]


@dataclass(frozen=True, slots=True)
class CostItem:
    """One item of a cost sheet.

    Attributes
    ----------
    item
        What it is called.
    collected
        How it is collected: when, and from what.
    standard
        How much is charged, as agreed: ``"12% a year"``, ``"1% of the principal lent"``.
    annualised
        By how much it raises the annual rate, as a share; ``None`` for what is not charged.
    amount
        What it comes to, in major units.
    payee
        Who gets it.
    normal
        Whether it falls due in the normal course, or only if something happens.
    said
        The item, how it is collected, its standard and who gets it, as sentences.
    """

    item: str
    collected: str
    standard: str
    annualised: Decimal | None
    amount: Decimal
    payee: str
    normal: bool
    said: tuple[object, ...] = field(default=(), repr=False, compare=False)


class CostSheet(Tabular, TableOf[CostItem]):
    """The cost of a credit, item by item; prints as a table, and shows as HTML in notebooks.

    Attributes
    ----------
    items
        The items, normal ones first.
    rate
        The annual rate of all that is charged.
    total
        What all items come to, in major units.
    """

    rows: tuple[CostItem, ...]
    rate: Apr
    total: Decimal

    def __init__(self, items: Sequence[CostItem], rate: Apr, total: Decimal) -> None:
        self._store(rows=tuple(items), rate=rate, total=total)

    @property
    def items(self) -> tuple[CostItem, ...]:
        """The items, normal ones first."""
        return self.rows

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CostSheet):
            return NotImplemented
        return (self.items, self.rate, self.total) == (other.items, other.rate, other.total)

    def __hash__(self) -> int:
        return hash((self.items, self.total))

    @property
    def caption(self) -> str:
        """What the sheet is, and how its rate is measured."""
        return str(self._caption)

    @property
    def _caption(self) -> Sentence:
        return Sentence("cost_sheet", rate=self.rate.called)

    def _table(self) -> Table:
        header = heads(["item", "collected", "standard", "payee", "kind", "annualised", "amount"])
        rows = [
            [
                *(item.said or (item.item, item.collected, item.standard, item.payee)),
                Sentence(f"cost_kind.{'normal' if item.normal else 'contingent'}"),
                "" if item.annualised is None else rounded_percent(item.annualised, 2),
                f"{item.amount:,f}",
            ]
            for item in self.items
        ]
        footer = [
            Sentence("column.in_all_costs"),
            "",
            "",
            "",
            "",
            rounded_percent(self.rate, 2),
            f"{self.total:,f}",
        ]
        return Table(header, rows, footer, 5, self._caption, above=[self._caption, ""])

    def __repr__(self) -> str:
        return f"<CostSheet: {len(self)} items, {self.total:,f}, {self.rate.percent:f}%>"

    def _data(self) -> dict[str, list[Any]]:
        names = [each.name for each in fields(CostItem) if each.compare]
        return {name: [getattr(item, name) for item in self.items] for name in names}


def cost_sheet(
    schedule: Schedule | Loan | HasSchedule, *, rule: AprRule | None = None
) -> CostSheet:
    """Return the comprehensive financing cost sheet (综合融资成本明示表) of a credit.

    China's provisions on showing the comprehensive financing cost of personal loans
    (金规〔2026〕2号, in force from 1 August 2026) ask for each cost item, how it is collected, its
    standard, its annualised level and who collects it, normal costs and contingent ones.

    Parameters
    ----------
    schedule
        A schedule, a loan, or a settlement.
    rule
        How the annual rate is measured, as for :func:`~repaylib.apr`; by default as the currency of the loan
        means it, too, but simple, ``"cn_simple"``, for CNY.

    Returns
    -------
    CostSheet
        It prints well; its items are :class:`~repaylib.measures.CostItem` values.

    Notes
    -----
    The annualised level of an item is by how much it raises the annual rate, the items taken in
    their order: interest alone first, then each fee on top. So they add up to the rate of all.
    A fee that nothing has brought about is listed without. Principal that is forgiven counts as
    repaid on its day, so that the rate is that of what is charged.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan("10000", "12%", 12, "2024-01-10", fees=[
    ...     rp.Fee("1%", name="arrangement", collected="deducted"),
    ...     rp.Fee("5", when="instalment", name="guarantee", payee="guarantor"),
    ...     rp.Fee("30", when="late", name="late payment"),
    ... ])
    >>> print(rp.measures.cost_sheet(loan, rule="cn_simple"))  # doctest: +ELLIPSIS
    comprehensive financing cost (综合融资成本明示表): 14.99% annualised rate (simple, 单利)
      , simple, by the month: People's Bank of China announcement 2021 No. 3, simple
    <BLANKLINE>
    item          collected        standard        payee      kind        annualised  amount
    ------------  ---------------  --------------  ---------  ----------  ----------  ------
    interest      level            12% a year      lender     normal          12.00%  661.86
                  instalments
    arrangement   at the start,    1% of the       lender     normal           1.91%  100.00
                  deducted         principal lent
    guarantee     with each        5               guarantor  normal           1.07%   60.00
                  instalment
    late payment  if a payment is  30              lender     contingent                0.00
                  late
    ------------  ---------------  --------------  ---------  ----------  ----------  ------
    in all                                                                    14.99%  821.86
    """
    plan = plan_of(schedule)
    return CostSheet(*cost_items(plan, cost_rule(plan, rule)))


def cost_rule(plan: Schedule, rule: AprRule | None) -> AprRule:
    """Return the rule that is given, or the one that a cost sheet in a currency goes by."""
    if rule is None and plan.loan.currency == "CNY":
        return "cn_simple"
    return rule_for(rule, plan.loan.currency)


def cost_items(plan: Schedule, rule: AprRule) -> tuple[list[CostItem], Apr, Decimal]:
    """Return each item that is or may be charged, the annual rate of all, and what they come to."""
    groups = fees_by_item(plan)
    charged = [item for item, sums in _charged(plan).items() if sums[0]]
    levels = [
        _level(plan, rule, [fee for item in charged[k:] for fee in groups[item]])
        for k in range(len(charged) + 1)
    ]
    raised: dict[tuple[str, str] | None, Decimal] = {None: Decimal(levels[0])}
    for k, item in enumerate(charged):
        raised[item] = subtract(levels[k + 1], levels[k])
    items, total = cost_amounts(plan, raised)
    return items, levels[-1], total


def cost_amounts(
    plan: Schedule, raised: Mapping[tuple[str, str] | None, Decimal]
) -> tuple[list[CostItem], Decimal]:
    """Return each item, and what they come to; `raised` has the annual levels that are known.

    It has them by name and payee, that of the interest by ``None``.
    """
    money = plan.loan.money
    sums = _charged(plan)
    interest = costs(plan).interest
    taxed = subtract(plan.total_tax, money(sum(tax for _, tax in sums.values())))
    rows = [
        _item(
            Sentence("cost_item.interest_taxed" if taxed else "cost_item.interest"),
            Sentence(f"cost_collected.{plan.loan.method}"),
            Sentence("cost_standard.rate", rate=plan.loan.rate),
            Sentence("payee.lender"),
            level=raised.get(None),
            amount=add(interest, taxed),
            normal=True,
        )
    ]
    for item, fees in fees_by_item(plan).items():
        name = fees[0].name_sentence
        amount, tax = sums[item]
        rows.append(
            _item(
                Sentence("cost_item.taxed", name=name) if tax else name,
                _each_once(fee.collected_sentence for fee in fees),
                _each_once(fee.standard_sentence() for fee in fees),
                fees[0].payee_sentence,
                level=raised.get(item),
                amount=money(amount + tax),
                normal=not all(fee.contingent for fee in fees),
            )
        )
    total = add(money(0), *(row.amount for row in rows))
    return rows, subtract(total, plan.total_refunded)


def _item(*said: object, level: Decimal | None, amount: Decimal, normal: bool) -> CostItem:
    """Return an item from what is said of it: its name, collection, standard and payee."""
    item, collected, standard, payee = map(parse_language("en").render, said)
    return CostItem(item, collected, standard, level, amount, payee, normal, said)


def _charged(plan: Schedule) -> dict[tuple[str, str], list[int]]:
    """Return the sum of the fees of each name and payee, and the tax on them."""
    sums = {item: [0, 0] for item in fees_by_item(plan)}
    for charge in plan.fee_charges:
        item = (charge.fee.label, charge.fee.payee)
        sums[item][0] += charge.amount
        sums[item][1] += charge.tax
    return sums


def _level(plan: Schedule, rule: AprRule, without: Sequence[Fee]) -> Apr:
    """Return the annual rate of what is charged, without some fees.

    Principal that is forgiven is no negative charge: it counts as repaid on its day.
    """
    return apr_of(as_repaid(parse_credit(plan, without=without)), rule)


def _each_once(parts: Iterable[object]) -> Listed:
    found: list[object] = []
    for part in parts:
        if part not in found:
            found.append(part)
    return Listed(found, "both")
