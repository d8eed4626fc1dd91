"""Loans and changes as plain dictionaries, for JSON, and back without loss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from repaylib.changes.base import KINDS, Change
from repaylib.dates.business_days import Calendar
from repaylib.engine.ledger import Ledger
from repaylib.errors import Hint, Phrase, RepayError, StorageError, enumerated
from repaylib.money.rounding import as_integer
from repaylib.output.plain import Plain
from repaylib.rates.index_rate import Indexed
from repaylib.rates.rate import Rate, percent
from repaylib.rates.step_schedule import Steps
from repaylib.schedule.version_1 import upgraded, upgraded_loan
from repaylib.terms.cost_caps import CostCap
from repaylib.terms.fees import Fee
from repaylib.terms.instalments import Graduated, Lumps
from repaylib.terms.loan import Loan
from repaylib.terms.seasons import Seasonal
from repaylib.terms.settlement_fees import Months, SettlementFee

__all__ = [
    *(
        "FORMAT",
        "NESTED",
        "VERSION",
        "Stored",
        "check_format",
        "fields_from",
        "from_plain",
        "from_text",
    ),
    *("located", "mapping_of", "plain_of", "to_plain", "value_from"),
]

FORMAT = "repaylib.schedule"
VERSION = 2
#: The most changes of a stored schedule.
MOST_CHANGES = 10_000

#: Options that were added since the first schedules were stored; without one, its default holds.
ADDED = {
    "cost_cap",
    "recast",
    "years",
    "instalment_cap",
    "instalment_day_count",
    "instalment_resets",
    "interest_remainder",
    "interest_split",
}
#: The same for the options of one kind, which others have as well.
ADDED_TO: dict[str, set[str]] = {
    "Fee": {"above", "every", "first", "max_days", "until"},
    "Prepayment": {"every", "in_hand", "interest", "until"},
    "Rescheduling": {"repay"},
    "Receipt": {"component", "instalment"},
}
#: Values inside a loan or a change that are written with the word for what they are.
NESTED: dict[str, type[Any]] = {
    "costcap": CostCap,
    "fee": Fee,
    "graduated": Graduated,
    "lumps": Lumps,
    "seasonal": Seasonal,
    "settlementfee": SettlementFee,
}
#: Fractions that are plain numbers, and no shares.
NUMBERS = {"multiplier"}
_T = TypeVar("_T")
Known = Mapping[str, type[Any]]
LedgerOf = Callable[[Loan, tuple[Change, ...]], Ledger]


class Stored(Plain):
    """What is stored as a dictionary or as JSON, and read back without loss."""

    __slots__ = ()

    if TYPE_CHECKING:

        def to_dict(self) -> dict[str, Any]:
            """Return it as a dictionary that JSON takes, without loss."""

        @classmethod
        def _read(cls, plain: object) -> Self:
            """Return what a dictionary stores."""

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Read what :meth:`to_dict` wrote, and compute it again.

        Raises
        ------
        StorageError
            For another version, and for keys that are unknown or missing.
        RepayError
            For a value that was not written so. The error names its path, such as
            ``changes[0].rate``.
        """
        return cls._read(plain)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what :meth:`to_json` wrote, and compute it again.

        Raises
        ------
        StorageError
            If it is not JSON, not what :meth:`to_json` writes, or a key stands twice in it.
        RepayError
            As :meth:`from_dict`.
        """
        return cls._read(from_text(text, cls.__name__))


def to_plain(loan: Loan, changes: Sequence[Change]) -> dict[str, Any]:
    """Return a loan and its changes as a dictionary of text, whole numbers and lists."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "loan": _fields(loan),
        "changes": [{"kind": change.kind, **_fields(change)} for change in changes],
    }


def from_plain(plain: object, ledger_of: LedgerOf) -> tuple[Loan, tuple[Change, ...]]:
    """Read back what :func:`to_plain` wrote.

    `ledger_of` returns the ledger of a loan with changes.

    Raises
    ------
    StorageError
        For another format or version, for keys that are unknown, missing or there twice, and for
        ``None`` where a value was written.
    RepayError
        For values that no loan or change takes. The error names the path of the value, such as
        ``changes[0].rate``.
    """
    try:
        return _whole(plain, ledger_of)
    except RecursionError as error:
        raise _too_deep("schedule") from error


def from_text(text: str, of: str = "Schedule") -> object:
    """Return the value of JSON text; `of` is the class that writes it.

    Raises
    ------
    StorageError
        If it is not JSON.
    """
    import json

    try:
        return json.loads(text, object_pairs_hook=_object)
    except RecursionError as error:
        raise _too_deep("text") from error
    except (TypeError, ValueError) as error:
        raise StorageError(
            "text", text, Phrase("JSON; {}", error), Phrase("write what {}.to_json() gives", of)
        ) from error


def located(error: RepayError) -> RepayError:
    """Return an error that a stored loan raises with its changes as one about the stored part."""
    where = "loan" if error.change is None else f"changes[{error.change - 1}]"
    return error.within(where)


class _Repeated(dict[str, Any]):
    """A JSON object in which a key stands twice."""

    key: str


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object as a dictionary; one with a key twice remembers it."""
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    repeated = _Repeated(plain)
    repeated.key = Counter(key for key, _ in pairs).most_common(1)[0][0]
    return repeated


def check_format(whole: Mapping[str, Any], name: str, latest: int, of: str) -> int:
    """Return the version of what was stored; refuse another format, and versions after `latest`."""
    if not isinstance(whole["format"], str) or whole["format"] != name:
        raise StorageError(
            "format", whole["format"], Phrase('"{}"', name), Phrase("write {}", f"{of}.to_dict()")
        )
    version = as_integer(whole["version"])
    if version is None or not 1 <= version <= latest:
        known = enumerated("{} or {}", range(1, latest + 1))
        raise StorageError(
            "version",
            whole["version"],
            Phrase("{}, the version this repaylib reads", known),
            "read it with the repaylib that wrote it",
        )
    return version


def _whole(plain: object, ledger_of: LedgerOf) -> tuple[Loan, tuple[Change, ...]]:
    whole = mapping_of(plain, "", {"format", "version", "loan", "changes"})
    version = check_format(whole, FORMAT, VERSION, "Schedule")
    if not isinstance(whole["changes"], (list, tuple)):
        raise StorageError("changes", whole["changes"], "a list", 'write "changes": []')
    if len(whole["changes"]) > MOST_CHANGES:
        expected, hint = (
            Phrase("at most {:,} changes", MOST_CHANGES),
            "store a new loan of what is left",
        )
        raise StorageError("changes", Phrase("{:,} changes", len(whole["changes"])), expected, hint)
    stored = whole["loan"]
    if version == 1 and isinstance(stored, Mapping) and not isinstance(stored, _Repeated):
        stored = upgraded_loan(stored)
    loan = _build(Loan, "loan", stored)
    changes: tuple[Change, ...] = ()
    for place, change in enumerate(whole["changes"]):
        ledger = partial(ledger_of, loan, changes) if version == 1 else None
        changes += (_change(f"changes[{place}]", change, ledger),)
    return loan, changes


def _change(where: str, plain: object, ledger: Callable[[], Ledger] | None) -> Change:
    """Return a stored change; `ledger` is that of the schedule it changes, if of version 1."""
    if not isinstance(plain, Mapping):
        raise StorageError(where, plain, "a dictionary", 'write such as {"kind": "deferral", ...}')
    kind = plain.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise StorageError(
            f"{where}.kind",
            kind,
            Phrase("one of {}", ", ".join(KINDS)),
            Hint("write such as {}", "deferral"),
        )
    if ledger is not None:
        try:
            plain = upgraded(plain, KINDS[kind], ledger)
        except RepayError as error:
            raise (located(error) if error.change else error.within(where)) from error
    return _build(KINDS[kind], where, plain, "kind")


def _build(kind: type[_T], where: str, plain: object, *more: str, known: Known = NESTED) -> _T:
    """Return a value of a kind from its fields; `more` are keys beside them."""
    names = {*(field.name for field in fields(cast("Any", kind))), *more}
    added = ADDED | ADDED_TO.get(kind.__name__, set())
    given = mapping_of(plain, where, names, added=added)
    arguments = fields_from(where, {n: each for n, each in given.items() if n not in more}, known)
    try:
        built = kind(**arguments)
    except RepayError as error:
        raise error.within(where) from error
    for name, value in arguments.items():
        if value is None and name not in added and getattr(built, name) is not None:
            raise _missing(f"{where}.{name}", None)
    return built


def mapping_of(
    plain: object, where: str, names: set[str], of: str = "Schedule", added: Set[str] = ADDED
) -> Mapping[str, Any]:
    """Return a dictionary with these keys; `where` is its path, ``""`` for all that was stored.

    The keys that were `added` may be missing.
    """
    if not isinstance(plain, Mapping):
        hint = Phrase("write what {}.to_dict() gives", of)
        if isinstance(plain, (str, bytes)):
            hint = Phrase("write {}", f"{of}.from_json(text)")
        raise StorageError(where or of.lower(), plain, "a dictionary", hint)
    inside = f"{where}." if where else ""
    if isinstance(plain, _Repeated):
        raise StorageError(
            f"{inside}{plain.key}", Phrase("two values"), "every key once", "take one of them out"
        )
    for key, value in plain.items():
        if not isinstance(key, str) or key not in names:
            unknown = f"{inside}{key}" if isinstance(key, str) else where or "schedule"
            raise StorageError(
                unknown, value, Phrase("only {}", ", ".join(sorted(names))), "take it out"
            )
    for name in sorted(names - set(plain) - added):
        raise _missing(f"{inside}{name}", Phrase("nothing"))
    return plain


def _missing(where: str, value: object) -> StorageError:
    name = where.rpartition(".")[2]
    return StorageError(where, value, "a value", Phrase('write "{}": ...', name))


def _too_deep(parameter: str) -> StorageError:
    return StorageError(
        parameter,
        Phrase("lists without end"),
        "what to_json() writes",
        Phrase("write {}", "Schedule.to_json()"),
    )


def _fields(value: Any, known: Known = NESTED) -> dict[str, Any]:
    given = {field.name: getattr(value, field.name) for field in fields(value)}
    return {
        name: str(each) if name in NUMBERS and each is not None else plain_of(each, known)
        for name, each in given.items()
    }


def plain_of(value: object, known: Known = NESTED) -> object:
    """Return a value as text, whole numbers, lists and dictionaries; `known` are the kinds inside it."""
    name = type(value).__name__.lower()
    if name in known:
        return {name: _fields(value, known)}
    match value:
        case Rate(kind=kind, times=times) if kind != "nominal" or value.value < 0:
            return {"rate": percent(value.value), "kind": kind, "times": times}
        case Steps():
            return value.to_plain(partial(plain_of, known=known))
        case Indexed():
            return value.to_plain()
        case Rate() | Decimal() | date() | Months():
            return str(value)
        case Fraction():
            return percent(value)
        case Calendar():
            return {name: given for name, given in _fields(value).items() if given is not None}
        case tuple():
            return [plain_of(item, known) for item in value]
        case Mapping():
            return {name: plain_of(item, known) for name, item in value.items()}
    return value


def fields_from(where: str, plain: Mapping[str, Any], known: Known = NESTED) -> dict[str, Any]:
    """Return the stored arguments of a value, by name."""
    return {name: value_from(f"{where}.{name}", each, known) for name, each in plain.items()}


def value_from(where: str, value: Any, known: Known = NESTED) -> Any:
    """Return what :func:`plain_of` wrote; `where` is the path of the stored value."""
    if isinstance(value, list):
        return tuple(
            value_from(f"{where}[{place}]", item, known) for place, item in enumerate(value)
        )
    if not isinstance(value, Mapping):
        return value
    for name, kind in known.items():
        if name in value:
            inner = mapping_of(value, where, {name})[name]
            return _build(kind, f"{where}.{name}", inner, known=known)
    if where.endswith(".calendar"):
        return _build(Calendar, where, value)
    if "fixings" in value:
        return _build(Indexed, where, value)
    if "initial" in value:
        _pairs(f"{where}.changes", value.get("changes", ()))
        return _build(Steps, where, value, known=known)
    parts = mapping_of(value, where, {"rate", "kind", "times"})
    try:
        return Rate(parts["rate"], parts["kind"], parts["times"])
    except RepayError as error:
        raise error.within(where) from error


def _pairs(where: str, plain: object) -> None:
    if not isinstance(plain, (list, tuple)) or any(
        not isinstance(pair, (list, tuple)) or len(pair) != 2 for pair in plain
    ):
        raise StorageError(
            where, plain, "a list of pairs", Phrase("write such as {}", '[["2026-01-10", "5%"]]')
        )
