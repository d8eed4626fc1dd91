"""A dossier: debts, a budget and wishes, read from a TOML file."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from inspect import Parameter, signature
from pathlib import Path
from typing import Any, TypeVar, get_args

from repaylib.arrears.breach import Breach
from repaylib.arrears.events import Receipt
from repaylib.arrears.penalty_terms import PenaltyTerms
from repaylib.arrears.statements import Statement, statement
from repaylib.dates.business_days import Calendar
from repaylib.dates.days import LATEST_DAY, parse_date
from repaylib.documents.document import parse_text
from repaylib.documents.parties import Party
from repaylib.errors import (
    ChoiceError,
    Phrase,
    RepayError,
    StorageError,
    TermsError,
    check_text,
    check_word,
)
from repaylib.measures.caps import Cap
from repaylib.negotiation.budget import Budget
from repaylib.negotiation.debts import Debt
from repaylib.negotiation.limits import Limits
from repaylib.schedule.rows import rows_in_money
from repaylib.schedule.verbs import amortise
from repaylib.terms.cost_caps import CostCap
from repaylib.terms.fees import Fee
from repaylib.terms.loan import Loan
from repaylib.typing import LimitsPreset
from repaylib.wording.sentence import parse_language

__all__ = [
    *("Dossier", "DossierDebt", "build", "dossier_of", "parse_toml", "placed", "read_dossier"),
    "read_text",
]

_Value = TypeVar("_Value")

#: The most bytes that a dossier has, which is some 5,000 receipts.
MOST_BYTES = 250_000
#: The most parts that a key has, as ``agreement.breach.days`` has three.
MOST_PARTS = 200

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
CHOICES = ("cheapest", "lightest", "soonest", "mildest")
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
LOAN_TERMS = tuple(signature(Loan).parameters)
#: Keys whose values are tables, and of these those that have a list of them.
TABLES_OF: dict[str, Callable[..., Any]] = {
    "calendar": Calendar,
    "cost_cap": CostCap,
    "fees": Fee,
    "caps": Cap,
}
LISTED = ("fees", "caps")


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
        If it is no TOML, or longer than a dossier can be.
    RepayError
        If something in it is unknown, missing or contradicts itself; the parameter says where.
    """
    return dossier_of(read_text(path), lang=lang, today=today)


def read_text(path: str | Path) -> str:
    """Read the text of a TOML file.

    Raises
    ------
    StorageError
        If it is not in UTF-8, or longer than such a file can be.
    """
    with Path(path).open("rb") as opened:
        data = opened.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        expected = Phrase("at most {:,} bytes", MOST_BYTES)
        raise StorageError("file", str(path), expected, "leave out what is paid, and sum receipts")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StorageError(
            "file", str(path), Phrase("UTF-8; {}", error), "save it in UTF-8"
        ) from error


def dossier_of(text: str, *, lang: str | None = None, today: str | None = None) -> Dossier:
    """Read a dossier from the text of a file, as :func:`read_dossier` does."""
    given = parse_toml(text, "see python -m repaylib negotiate --example")
    return _dossier(given, lang, today)


def parse_toml(text: str, hint: str) -> dict[str, Any]:
    """Read TOML; the time that takes grows with the square of the parts of a key."""
    parts = max(piece.count(".") for piece in re.split(r"[=,{}\[\]\n]", text)) + 1
    if parts > MOST_PARTS:
        raise StorageError(
            "file", Phrase("{} parts", parts), Phrase("at most {} parts of a key", MOST_PARTS), hint
        )
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise StorageError(
            "file", Phrase("lists in lists"), "fewer lists in each other", hint
        ) from None
    except (ValueError, ArithmeticError) as error:  # and numbers that Python does not read
        raise StorageError("file", text, Phrase("TOML; {}", error), hint) from error


def _dossier(given: dict[str, Any], lang: str | None, today: str | None) -> Dossier:
    _known(given, (*PLAIN, *TABLES), "")
    day = today or given.get("today")
    if day is None:
        raise TermsError("today", None, "the day of the figures", "write today = 2024-04-20")
    day = parse_date(day, "today", LATEST_DAY)
    language = lang or given.get("lang", "en")
    parse_language(language)
    currency = check_text(given.get("currency", "XXX"), "currency")
    tables = given.get("debts")
    if not isinstance(tables, list) or not tables:
        raise TermsError("debts", tables, "at least one debt", "write a table [[debts]]")
    debts = [_debt(f"debts[{number}]", table, day, currency) for number, table in enumerate(tables)]
    wish = _table(given, "wish", WISHES)
    who = _table(given, "borrower", ("name", "id_number", "address", "contact"))
    writing = _table(given, "agreement", AGREEMENT_OPTIONS)
    if "breach" in writing:
        writing["breach"] = build("agreement.breach", Breach, writing["breach"])
    budget = _table(given, "budget", _parameters(Budget))
    return Dossier(
        today=day,
        lang=language,
        borrower=build("borrower", Party, {"role": "borrower", **who}) if who else None,
        circumstances=parse_text(given.get("circumstances", ""), "circumstances"),
        budget=build("budget", Budget, {"currency": currency, **budget}),
        debts=tuple(debts),
        wished=_wished(debts, wish.pop("debt", None)),
        choose=wish.pop("choose", "cheapest"),
        policy=wish.pop("policy", "avalanche"),
        arrears=wish.pop("arrears", "capitalise"),
        wish=wish,
        limits=_limits(_table(given, "limits", (*_parameters(Limits), "preset"))),
        rates=_table(given, "rates"),
        writing=writing,
    )


def _table(
    given: Mapping[str, Any], name: str, options: tuple[str, ...] | None = None
) -> dict[str, Any]:
    """Return a copy of a table of a dossier, which may be missing."""
    return _checked(given.get(name, {}), name, options)


def _checked(value: object, where: str, options: tuple[str, ...] | None) -> dict[str, Any]:
    if not isinstance(value, dict):
        name, plain = re.sub(r"\[\d+\]", "", where), where.endswith("]")
        brackets = f"[[{name}]]" if plain else f"[{name}]"
        raise TermsError(
            where,
            value,
            Phrase("a table {}", brackets),
            Phrase("write {} above its keys", brackets),
        )
    if options is not None:
        _known(value, options, where)
    return dict(value)


def _known(given: Mapping[str, Any], options: tuple[str, ...], where: str) -> None:
    for name in given:
        if name not in options:
            close = get_close_matches(name[:40].lower(), options, 1)
            hint = (
                Phrase("write {}", close[0])
                if close
                else Phrase("write one of {}", ", ".join(options))
            )
            key = name if re.fullmatch(r"[\w-]{1,40}", name, re.ASCII) else json.dumps(name)[:40]
            raise ChoiceError(f"{where}.{key}".lstrip("."), name, "an option of a dossier", hint)


def _parameters(make: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(signature(make).parameters)


@contextmanager
def placed(where: str, **named: str) -> Iterator[None]:
    """Let an error name its place in the file: its table, or for some parameters where they stand."""
    try:
        yield
    except RepayError as error:
        inside = re.sub(r"\[([a-z]\w*)\]", r".\1", error.parameter)  # a key, not a number
        raise error.about(named.get(error.parameter, f"{where}.{inside}")) from error


def build(where: str, make: Callable[..., _Value], given: object, **named: str) -> _Value:
    """Build a value from a table, whose keys are its parameters; what is missing is ``None``."""
    options = _checked(given, where, _parameters(make))
    needed = [
        name for name, each in signature(make).parameters.items() if each.default is Parameter.empty
    ]
    with placed(where, **named):
        return make(**{**dict.fromkeys(needed), **options})


def _nested(where: str, name: str, given: object) -> object:
    """Build what a key has as tables: the fees of a loan, say."""
    make = TABLES_OF.get(name)
    if make is None or given is None:
        return given
    if name not in LISTED:
        return build(f"{where}.{name}", make, given)
    rows = given if isinstance(given, list) else [given]
    return [build(f"{where}.{name}[{row}]", make, each) for row, each in enumerate(rows)]


def _debt(where: str, given: object, today: date, currency: str) -> DossierDebt:
    table = _checked(given, where, (*DEBT_OPTIONS, *PAYMENT_OPTIONS, *LOAN_TERMS))
    options = {name: table[name] for name in DEBT_OPTIONS if name in table and name != "balance"}
    if isinstance(options.get("minimum"), list):
        options["minimum"] = tuple(options["minimum"])
    with placed(where, of=f"{where}.balance", as_of="today"):
        if "balance" in table:
            for name in (*LOAN_TERMS, *PAYMENT_OPTIONS):
                if name in table and name not in ("rate", "currency"):
                    raise TermsError(
                        name, table[name], "none beside balance", Phrase("leave {} out", name)
                    )
            options |= {"rate": table.get("rate"), "currency": table.get("currency", currency)}
            return DossierDebt(Debt(table["balance"], **options), None)
        if "receipts" in table and "paid_until" in table:
            expected = "either this or receipts"
            raise TermsError(
                "paid_until", str(table["paid_until"]), expected, "leave one of them out"
            )
        until = parse_date(table.get("paid_until", today), "paid_until")
        rows = table.get("receipts", [])
        if not isinstance(rows, list):
            hint = "write receipts = [{on = 2024-02-10, amount = 888.49}]"
            raise TermsError("receipts", rows, "a list of receipts", hint)
        received = [build(f"receipts[{row}]", Receipt, each) for row, each in enumerate(rows)]
    terms = {name: _nested(where, name, table[name]) for name in LOAN_TERMS if name in table}
    loan = build(where, Loan, {"currency": currency, **terms})
    late = None
    if "penalty" in table:
        rule = table["penalty"]  # a number by itself is the multiplier
        given_rule = rule if isinstance(rule, dict) else {"multiplier": rule}
        late = build(f"{where}.penalty", PenaltyTerms, given_rule)
    with placed(where, as_of="today"):
        plan = amortise(loan)
        if "receipts" not in table:
            received = [
                Receipt(row.date, row.payment)
                for row, _ in rows_in_money(plan)
                if row.date <= until and row.payment
            ]
    rules = {name: f"{where}.penalty.{name}" for name in _parameters(PenaltyTerms)}
    with placed(f"{where}.receipts", as_of="today", **rules):
        account = statement(plan, received, as_of=today, penalty=late)
    with placed(where):
        return DossierDebt(Debt(account, **options), account, late)


def _wished(debts: list[DossierDebt], name: str | None) -> DossierDebt:
    if name is None:
        return debts[0]
    for owed in debts:
        if name in (owed.debt.name, owed.debt.lender):
            return owed
    names = ", ".join(owed.debt.name for owed in debts)
    raise ChoiceError(
        "wish.debt", name, Phrase("one of the debts, {}", names), "write its name or lender"
    )


def _limits(given: dict[str, Any]) -> Limits | None:
    if not given:
        return None
    preset = given.pop("preset", None)
    if "caps" in given:
        given["caps"] = _nested("limits", "caps", given["caps"])
    with placed("limits"):
        if preset is None:
            return Limits(**given)
        return Limits.preset(check_word("preset", preset, get_args(LimitsPreset)), **given)
