"""The figures that a country's sheet asks a lender to state, each sheet a list of figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple, get_args

from repaylib.dates.months import add_months
from repaylib.errors import check_word
from repaylib.measures.annual_rates.apr_value import Apr, apr
from repaylib.measures.cash_flows import HasSchedule, plan_of
from repaylib.measures.credit import Credit, as_repaid, parse_credit
from repaylib.measures.credit_costs import costs
from repaylib.money.amounts import add, subtract
from repaylib.money.rounding import round_fraction, round_significant
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table, TableOf, heads
from repaylib.schedule.schedule import Schedule
from repaylib.terms.loan import Loan
from repaylib.typing import AprRule, DisclosureSheet
from repaylib.wording.sentence import Sentence

__all__ = ["DisclosedFigure", "Disclosure", "disclosure"]


@dataclass(frozen=True, slots=True)
class DisclosedFigure:
    """A figure of a disclosure.

    Attributes
    ----------
    name
        Which one it is: ``"apr"``, ``"amount_financed"``.
    value
        An amount in major units, a share, a number or a day.
    shown
        As the sheet has it shown.
    """

    name: str
    value: Decimal | int | date
    shown: str


class Disclosure(Tabular, TableOf[DisclosedFigure]):
    """The figures of a country's sheet for a credit; prints as a table, and shows as HTML in notebooks.

    Attributes
    ----------
    form
        The word of the sheet.
    source
        The text that asks for it.
    """

    rows: tuple[DisclosedFigure, ...]
    form: DisclosureSheet
    source: str

    def __init__(
        self, figures: Sequence[DisclosedFigure], form: DisclosureSheet, source: str
    ) -> None:
        self._store(rows=tuple(figures), form=form, source=source)

    @property
    def values(self) -> Mapping[str, Any]:
        """The figures by name."""
        return MappingProxyType({row.name: row.value for row in self.rows})

    @property
    def caption(self) -> str:
        """What the sheet is."""
        return str(self._caption)

    @property
    def _caption(self) -> Sentence:
        return Sentence(f"disclosure.{self.form}", source=self.source)

    def _table(self) -> Table:
        rows = [[Sentence(f"disclosed.{row.name}"), row.shown] for row in self.rows]
        header = heads(["disclosed", "disclosed_value"])
        return Table(header, rows, None, 1, self._caption, above=[self._caption, ""])

    def __repr__(self) -> str:
        return f"<Disclosure: {self.form}, {len(self)} figures, {self.values['apr'].percent:f}%>"

    def _data(self) -> dict[str, list[Any]]:
        names = [each.name for each in fields(DisclosedFigure)]
        return {name: [getattr(row, name) for row in self.rows] for name in names}


class Stated(NamedTuple):
    """A credit and its annual rate, from which each figure follows."""

    plan: Schedule
    credit: Credit
    rate: Apr

    @property
    def lent(self) -> Decimal:
        """All that is lent and repaid as principal: drawdowns, advances and financed fees too."""
        columns = self.plan.columns
        later = int(columns["advanced"].sum())
        return add(self.plan.loan.principal, self.plan.loan.money(later))

    @property
    def financed(self) -> Decimal:
        """What the borrower receives: what is lent less the charges of the start."""
        return self.plan.loan.money(-sum(int(each) for each in self.credit.amounts if each < 0))

    @property
    def at_the_start(self) -> Decimal:
        """The charges of the start that are kept back or paid then, and not financed."""
        financed = sum(
            charge.amount + charge.tax
            for charge in self.plan.fee_charges
            if charge.fee.collected == "financed"
        )
        return subtract(self.lent, self.financed, self.plan.loan.money(financed))

    @property
    def paid(self) -> Decimal:
        """What is paid from then on."""
        return self.plan.loan.money(sum(int(each) for each in self.credit.amounts if each > 0))

    @property
    def due(self) -> list[tuple[date, int]]:
        """The due dates, each with what is paid."""
        columns = self.plan.columns
        return [
            (day, paid)
            for day, number, paid in zip(
                self.plan.accrual_dates.tolist(),
                columns["number"].tolist(),
                columns["out_of_pocket"].tolist(),
                strict=True,
            )
            if number and paid
        ]

    def in_5_years(self, column: str) -> Decimal:
        """Return the sum of a column over the 60 months that begin with the first due date."""
        end = add_months(self.due[0][0], 60) if self.due else self.plan.loan.start
        columns, days = self.plan.columns, self.plan.accrual_dates.tolist()
        amounts, numbers = columns[column].tolist(), columns["number"].tolist()
        return self.plan.loan.money(
            sum(
                amount
                for day, amount, number in zip(days, amounts, numbers, strict=True)
                if day < end and (number or day > self.plan.loan.start)
            )
        )

    @property
    def interest_share(self) -> Decimal:
        """The interest of the whole term as a share of the loan amount."""
        return round_significant(Fraction(costs(self.plan).interest) / Fraction(self.lent), 12)


FIGURES: dict[str, Callable[[Stated], Decimal | int | date]] = {
    "loan_amount": lambda it: it.lent,
    "net_disbursed": lambda it: it.financed,
    "amount_financed": lambda it: it.financed,
    "finance_charge": lambda it: subtract(it.paid, it.financed),
    "total_of_payments": lambda it: it.paid,
    "total_payable": lambda it: add(it.at_the_start, it.paid),
    "total_cost": lambda it: subtract(it.paid, it.financed),
    "total_interest": lambda it: costs(it.plan).interest,
    "total_fees": lambda it: add(costs(it.plan).fees, costs(it.plan).tax),
    "payments": lambda it: len(it.due),
    "instalment": lambda it: it.plan.loan.money(it.due[0][1] if it.due else 0),
    "first_due": lambda it: it.due[0][0] if it.due else it.plan.loan.start,
    "last_due": lambda it: it.due[-1][0] if it.due else it.plan.loan.start,
    "paid_in_5_years": lambda it: add(it.at_the_start, it.in_5_years("out_of_pocket")),
    "principal_in_5_years": lambda it: it.in_5_years("principal"),
    "total_interest_percentage": lambda it: it.interest_share,
    "apr": lambda it: it.rate,
}
SCHEDULED = ("payments", "instalment", "first_due", "last_due")
IN_5_YEARS = ("paid_in_5_years", "principal_in_5_years")
IN_ALL = ("total_interest", "total_fees")


class SheetFigures(NamedTuple):
    """A sheet: the rule of its annual rate, its figures in order, and the text that asks for it."""

    rule: AprRule
    figures: tuple[str, ...]
    source: str


SHEETS: dict[DisclosureSheet, SheetFigures] = {
    "us_reg_z": SheetFigures(
        "reg_z",
        ("apr", "finance_charge", "amount_financed", "total_of_payments", *SCHEDULED),
        "Regulation Z, 12 CFR 1026.18",
    ),
    "us_trid": SheetFigures(
        "trid",
        ("loan_amount", *SCHEDULED, *IN_5_YEARS, "apr", "total_interest_percentage"),
        "Regulation Z, 12 CFR 1026.37",
    ),
    "eu_secci": SheetFigures(
        "eu",
        ("loan_amount", *SCHEDULED, "total_payable", "total_cost", "apr"),
        "Directive (EU) 2023/2225, Annex I",
    ),
    "in_kfs": SheetFigures(
        "in_kfs",
        ("loan_amount", *SCHEDULED, *IN_ALL, "net_disbursed", "total_of_payments", "apr"),
        "Reserve Bank of India, RBI/2024-25/18, Annex A and B",
    ),
}


def disclosure(schedule: Schedule | Loan | HasSchedule, form: DisclosureSheet) -> Disclosure:
    """Return the figures that a country's sheet asks a lender to state.

    Parameters
    ----------
    schedule
        A schedule, a loan, or a settlement.
    form
        ``"us_reg_z"``
            United States, the boxes of Regulation Z: for 10,000 at 12 % over 12 months with 200 deducted, an
            APR of 15.85 %.
        ``"us_trid"``
            United States, Loan Estimate: loan terms, and the comparisons with an APR of 15.855 %.
        ``"eu_secci"``
            European Union, Standard European Consumer Credit Information: an APRC of 17.1 %.
        ``"in_kfs"``
            India, Key Facts Statement: an APR of 15.85 %.

    Returns
    -------
    Disclosure
        It prints well; ``values`` has the figures by name.

    Notes
    -----
    The figures of the sheet are those that follow from the loan. The texts of the forms, names and
    addresses are not here. Interest of the total interest percentage is that of the schedule; five
    years are 60 payments by the month.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan("20000", "15%", 24, "2024-01-10", fees=[rp.Fee("400", collected="deducted")])
    >>> print(rp.measures.disclosure(loan, "in_kfs"))
    figures of the Key Facts Statement (Reserve Bank of India, RBI/2024-25/18, Annex A and
      B)
    <BLANKLINE>
    figure                           value
    --------------------------  ----------
    amount lent                  20,000.00
    payments                            24
    first payment                   969.73
    first due date              2024-02-10
    last due date               2026-01-10
    total interest                3,273.58
    fees and charges, with tax      400.00
    net disbursed amount         19,600.00
    total of payments            23,273.58
    annual percentage rate          17.07%
    """
    word = check_word("form", form, get_args(DisclosureSheet))
    plan = plan_of(schedule)
    rule, names, source = SHEETS[word]
    stated = Stated(plan, as_repaid(parse_credit(plan)), apr(plan, rule))
    figures = [_figure(name, FIGURES[name](stated)) for name in names]
    return Disclosure(figures, word, source)


def _figure(name: str, value: Decimal | int | date) -> DisclosedFigure:
    if isinstance(value, Apr):
        return DisclosedFigure(name, value, f"{value.percent:f}%")
    if name == "total_interest_percentage" and isinstance(value, Decimal):
        thousandths = Decimal(f"{round_fraction(Fraction(value) * 10**5, 'half_up')}E-3")
        return DisclosedFigure(name, value, f"{thousandths:f}".rstrip("0").rstrip(".") + "%")
    return DisclosedFigure(name, value, f"{value:,f}" if isinstance(value, Decimal) else f"{value}")
