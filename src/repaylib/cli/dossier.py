"""A dossier: debts, a budget and wishes, read from a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any, TypeVar

from repaylib.arrears.breach import Breach
from repaylib.arrears.events import Receipt
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.arrears.statements import Statement, statement
from repaylib.dates.due_dates import parse_date
from repaylib.documents.parties import Party
from repaylib.errors import ChoiceError, RepayError, StorageError, TermsError
from repaylib.negotiation.budget import Budget
from repaylib.negotiation.debts import Debt
from repaylib.negotiation.limits import Limits
from repaylib.schedule.rows import rows_in_money
from repaylib.schedule.verbs import amortise
from repaylib.terms.loan import Loan

__all__ = ["Dossier", "DossierDebt", "dossier_of", "read_dossier"]

_Value = TypeVar("_Value")

#: The tables of a dossier.
TABLES = ("borrower", "budget", "debts", "wish", "limits", "rates", "agreement")
PLAIN = ("today", "lang", "currency", "circumstances")
WISHES = (
    "debt",
    "affordable",
    "by",
    "end",
    "last_payment",
    "total",
    "choose",
    "arrears",
    "policy",
)
#: Options of a debt, besides the terms of its loan or its balance.
DEBT_OPTIONS = ("lender", "name", "secured", "consequences", "minimum", "balance")
PAYMENT_OPTIONS = ("paid_until", "receipts", "penalty")
AGREEMENT_OPTIONS = (
    "breach",
    "card",
    "dated",
    "no_new_credit",
    "other",
    "pay_to",
    "reporting",
    "settlement_fee",
)


@dataclass(frozen=True, slots=True)
class DossierDebt:
    """A debt of a dossier, and its statement on the day of the dossier.

    Attributes
    ----------
    debt
        The debt, with its overdue amount.
    statement
        The statement of the day; ``None`` for a bare balance.
    penalty
        The penalty terms, if given.
    """

    debt: Debt
    statement: Statement | None
    penalty: PenaltyTerms | None = None

    @property
    def overdue(self) -> bool:
        """Whether something of it was not paid in time."""
        return bool(self.debt.arrears)


@dataclass(frozen=True, slots=True)
class Dossier:
    """The content of a file.

    Attributes
    ----------
    today
        The day of the figures.
    lang
        The language of the documents.
    borrower
        The borrower, if given.
    circumstances
        Why it cannot be paid as agreed.
    budget
        The affordable budget.
    debts
        The debts, in order.
    wished
        The debt to be negotiated.
    wish
        The other options of the wish, for :func:`~repaylib.negotiate`.
    choose, policy, arrears
        The plan to write down; how the other debts are paid; the treatment of overdue
        amounts.
    limits
        The limits of the lender.
    rates
        The exchange rates of other currencies.
    writing
        Further options of the agreement.
    """

    today: date
    lang: Any
    borrower: Party | None
    circumstances: str
    budget: Budget
    debts: tuple[DossierDebt, ...]
    wished: DossierDebt
    wish: Mapping[str, Any]
    choose: str | int
    policy: Any
    arrears: Any
    limits: Limits | None
    rates: Mapping[str, Any]
    writing: Mapping[str, Any] = field(default_factory=dict)

    @property
    def others(self) -> tuple[Debt, ...]:
        """The debts that stay as they are."""
        return tuple(owed.debt for owed in self.debts if owed is not self.wished)


def read_dossier(path: str | Path, *, lang: str | None = None, today: str | None = None) -> Dossier:
    """Read a dossier.

    Parameters
    ----------
    path
        The file.
    lang, today
        Replaces the value in the file.

    Raises
    ------
    StorageError
        If it is no TOML.
    RepayError
        If something in it is unknown, missing or contradicts itself; the parameter says where.
    """
    return _dossier(_read(Path(path)), lang, today)


def dossier_of(text: str, *, lang: str | None = None, today: str | None = None) -> Dossier:
    """Read a dossier from the text of a file, as :func:`read_dossier` does."""
    return _dossier(tomllib.loads(text, parse_float=Decimal), lang, today)


def _dossier(given: dict[str, Any], lang: str | None, today: str | None) -> Dossier:
    _known(given, (*PLAIN, *TABLES), "")
    day = _day(given, today)
    currency = given.get("currency", "XXX")
    tables = _table(given, "debts", list)
    if not tables:
        raise TermsError("debts", None, "at least one debt", "write a table [[debts]]")
    debts = [
        _placed(f"debts[{number}]", partial(_debt, table, day, currency))
        for number, table in enumerate(tables)
    ]
    wish = dict(_table(given, "wish", dict))
    _known(wish, WISHES, "wish")
    budget = _table(given, "budget", dict)
    _known(budget, ("income", "essentials", "reserve", "currency"), "budget")
    for name in ("income", "essentials"):
        if name not in budget:
            raise TermsError(f"budget.{name}", None, "an amount, or one a month", 'write "4200"')
    who = _table(given, "borrower", dict)
    _known(who, ("name", "id_number", "address", "contact"), "borrower")
    writing = dict(_table(given, "agreement", dict))
    _known(writing, AGREEMENT_OPTIONS, "agreement")
    if "breach" in writing:
        breach = _table(writing, "breach", dict)
        _known(breach, tuple(signature(Breach).parameters), "agreement.breach")
        writing["breach"] = _placed("agreement.breach", partial(Breach, **breach))
    return Dossier(
        today=day,
        lang=lang or given.get("lang", "en"),
        borrower=_placed("borrower", lambda: Party(**{"role": "borrower", **who})) if who else None,
        circumstances=given.get("circumstances", ""),
        budget=_placed("budget", lambda: Budget(**{"currency": currency, **budget})),
        debts=tuple(debts),
        wished=_wished(debts, wish.pop("debt", None)),
        choose=wish.pop("choose", "cheapest"),
        policy=wish.pop("policy", "avalanche"),
        arrears=wish.pop("arrears", "capitalise"),
        wish=wish,
        limits=_limits(_table(given, "limits", dict)),
        rates=_table(given, "rates", dict),
        writing=writing,
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StorageError(
            "file", str(path), f"TOML; {error}", "see python -m repaylib negotiate --example"
        ) from error


def _day(given: Mapping[str, Any], today: str | None) -> date:
    day = today or given.get("today")
    if day is None:
        raise TermsError("today", None, "the day of the figures", "write today = 2024-04-20")
    return parse_date(day, "today")


def _table(given: Mapping[str, Any], name: str, kind: type) -> Any:
    value = given.get(name, kind())
    brackets = f"[[{name}]]" if kind is list else f"[{name}]"
    if not isinstance(value, kind):
        raise TermsError(name, value, f"a table {brackets}", f"write {brackets} above its keys")
    return value


def _known(given: Mapping[str, Any], options: tuple[str, ...], where: str) -> None:
    for name in given:
        if name not in options:
            close = get_close_matches(name, options, 1)
            hint = f"write {close[0]}" if close else f"write one of {', '.join(options)}"
            raise ChoiceError(f"{where}.{name}".lstrip("."), name, "an option of a dossier", hint)


def _placed(where: str, make: Callable[[], _Value]) -> _Value:
    """Build a value; an error names its place in the file."""
    try:
        return make()
    except RepayError as error:
        raise error.within(where) from error


def _debt(given: Mapping[str, Any], today: date, currency: str) -> DossierDebt:
    terms = tuple(signature(Loan).parameters)
    _known(given, (*DEBT_OPTIONS, *PAYMENT_OPTIONS, *terms), "")
    options = {name: given[name] for name in DEBT_OPTIONS if name in given and name != "balance"}
    if isinstance(options.get("minimum"), list):
        options["minimum"] = tuple(options["minimum"])
    if "balance" in given:
        for name in (*terms, *PAYMENT_OPTIONS):
            if name in given and name not in ("rate", "currency"):
                raise TermsError(name, given[name], "none beside balance", f"leave {name} out")
        rate = given.get("rate")
        debt = Debt(
            given["balance"], rate=rate, currency=given.get("currency", currency), **options
        )
        return DossierDebt(debt, None)
    loan = Loan(**{"currency": currency, **{n: v for n, v in given.items() if n in terms}})
    plan = amortise(loan)
    if "receipts" in given and "paid_until" in given:
        raise TermsError(
            "paid_until", given["paid_until"], "either this or receipts", "leave one of them out"
        )
    until = parse_date(given.get("paid_until", today), "paid_until")
    received = [Receipt(**fields) for fields in given.get("receipts", ())] or [
        Receipt(row.date, row.payment)
        for row, _ in rows_in_money(plan)
        if row.date <= until and row.payment
    ]
    late = None if "penalty" not in given else PenaltyTerms(given["penalty"])
    account = statement(plan, received, as_of=today, penalty=late)
    return DossierDebt(Debt(account, **options), account, late)


def _wished(debts: list[DossierDebt], name: str | None) -> DossierDebt:
    if name is None:
        return debts[0]
    for owed in debts:
        if name in (owed.debt.name, owed.debt.lender):
            return owed
    names = ", ".join(owed.debt.name for owed in debts)
    raise ChoiceError("wish.debt", name, f"one of the debts, {names}", "write its name or lender")


def _limits(given: Mapping[str, Any]) -> Limits | None:
    if not given:
        return None
    options = dict(given)
    preset = options.pop("preset", None)
    _known(options, tuple(signature(Limits).parameters), "limits")
    if preset is None:
        return _placed("limits", lambda: Limits(**options))
    return _placed("limits", lambda: Limits.preset(preset, **options))
