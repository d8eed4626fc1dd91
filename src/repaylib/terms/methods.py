"""Reading the terms of a loan: the words of its method, and what contradicts what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

from repaylib.dates.due_dates import to_date
from repaylib.errors import AmountError, DateError, Hint, TermsError, write
from repaylib.rates.step_schedule import Steps
from repaylib.terms.fees import Fee, read_fee
from repaylib.terms.instalments import Graduated, Instalment, is_solved, read_steps
from repaylib.typing import DateLike, Method

__all__ = [
    "BY_PARTS",
    "METHODS",
    "SPELLINGS",
    "WHOLE",
    "WITHOUT_INSTALMENT",
    "check_method",
    "manner",
    "to_balloon",
    "to_base",
    "to_draws",
    "to_fees",
    "to_flag",
    "to_instalment",
]

METHODS: tuple[Method, ...] = get_args(Method)

#: Other names of the methods.
SPELLINGS = {
    "annuity": "level",
    "amortising": "level",
    "french": "level",
    "linear": "equal_principal",
    "decliningbalance": "equal_principal",
    "german": "equal_principal",
    "american": "interest_only",
    "interestonly": "interest_only",
    "add-on": "flat",
    "addon": "flat",
    "等额本息": "level",
    "等额本金": "equal_principal",
    "先息后本": "interest_only",
    "按期付息、到期还本": "interest_only",
    "按期付息到期还本": "interest_only",
    "到期一次还本付息": "bullet",
    "利随本清": "bullet",
    "等本等息": "flat",
}

#: Methods with nothing before the end that could be fixed.
WITHOUT_INSTALMENT = ("interest_only", "bullet")

#: Methods whose instalment is a part of the principal, with the interest on top.
BY_PARTS = ("equal_principal",)

#: Methods whose instalment is the whole payment, interest and principal.
WHOLE = ("level", "flat")


#: Reads an amount in the loan's currency, under the name of a parameter.
ReadAmount = Callable[[object, str], Decimal]


def to_flag(value: object, parameter: str) -> bool:
    """Read ``True`` or ``False``."""
    if isinstance(value, bool):
        return value
    raise TermsError(parameter, value, "True or False", write(**{parameter: True}))


def to_negative(value: object) -> bool | Literal["without_interest"]:
    """Read what becomes of interest above an instalment: refused, principal, or owed without interest."""
    if value == "without_interest":
        return "without_interest"
    if isinstance(value, bool):
        return value
    name, mend = "negative_amortisation", write(negative_amortisation=True)
    raise TermsError(name, value, 'True, False or "without_interest"', mend)


def to_instalment(value: object, read: ReadAmount, payments: int | None) -> Instalment | None:
    """Read an instalment that is given: an amount, a list of them, or a rule of growth."""
    if value is None:
        return None
    if isinstance(value, Graduated):
        if isinstance(value.by, Decimal) and value.by:
            read(value.by.copy_abs(), "instalment")
        return value
    if isinstance(value, Steps):
        return read_steps(value, read)
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        amounts = tuple(read(each, f"instalment[{place}]") for place, each in enumerate(value))
        if not amounts or (payments is not None and len(amounts) not in (payments, payments - 1)):
            raise TermsError(
                "instalment",
                f"{len(amounts)} amounts",
                f"as many as payments={payments}, or one less for the last to be what is left",
                "write one amount for each payment",
            )
        return amounts
    return read(value, "instalment")


def to_balloon(value: object, read: ReadAmount) -> Decimal | Fraction | None:
    """Read a balloon: an amount, or a share of the principal as a ``Fraction``."""
    if value is None:
        return None
    balloon = read_fee(value, "balloon")
    if isinstance(balloon, Decimal):
        return read(balloon, "balloon")
    if not balloon:
        raise AmountError("balloon", value, "a share above zero", "leave balloon out")
    return balloon


def to_base(value: object, start: date) -> str | tuple[date, ...]:
    """Read what bears interest: a word, or the days from which it is the balance of that day."""
    if value in ("balance", "original") and isinstance(value, str):
        return value
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)) and value:
        days = tuple(to_date(each, f"interest_base[{place}]") for place, each in enumerate(value))
        if list(days) == sorted(set(days)) and days[0] > start:
            return days
        raise DateError(
            "interest_base",
            [day.isoformat() for day in days],
            f"days after start={start}, each later than the one before",
            "sort them",
        )
    raise TermsError(
        "interest_base",
        value,
        'one of "balance", "original", or a list of days',
        'write interest_base="balance"',
    )


def to_draws(
    value: Iterable[tuple[DateLike, object]], read: ReadAmount, start: date
) -> tuple[tuple[date, Decimal], ...]:
    """Read further amounts lent, as pairs of a day after the start and an amount."""
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise TermsError(
            "draws", value, "pairs of a day and an amount", 'write draws=[("2024-06-10", "5000")]'
        )
    draws = []
    for place, pair in enumerate(value):
        name = f"draws[{place}]"
        if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
            raise TermsError(name, pair, "a day and an amount", 'write ("2024-06-10", "5000")')
        day = to_date(pair[0], name)
        if day <= start:
            raise DateError(
                name,
                day.isoformat(),
                f"a day after start={start}; what is lent then is principal",
                "add it to principal, or write a later day",
            )
        draws.append((day, read(pair[1], name)))
    return tuple(sorted(draws))


def to_fees(value: Iterable[Fee], read: ReadAmount) -> tuple[Fee, ...]:
    """Read fees; each amount must be one of the loan's currency."""
    fees = (value,) if isinstance(value, Fee) else value
    if isinstance(fees, (str, bytes)) or not isinstance(fees, Iterable):
        raise TermsError("fees", fees, "Fee values", 'write fees=[rp.Fee("1%")]')
    found = tuple(fees)
    for place, fee in enumerate(found):
        if not isinstance(fee, Fee):
            raise TermsError(f"fees[{place}]", fee, "a Fee", 'write rp.Fee("1%")')
        if isinstance(fee.amount, Decimal) and fee.amount:
            read(fee.amount, f"fees[{place}].amount")
    return found


def check_method(
    method: Method,
    instalment: Instalment | None,
    given: dict[str, object],
    principal: Decimal,
    payments: int | None,
) -> None:
    """Refuse statements that contradict the method, or each other.

    Parameters
    ----------
    given
        By name: ``instalment_multiple``, ``balloon``, ``amortise_over``, ``last`` and
        ``interest_base`` where they are not what they are by default.
    """
    stated = dict(given)
    if instalment is not None:
        stated["instalment"] = instalment
    if method in WITHOUT_INSTALMENT:
        for name in ("instalment", "instalment_multiple", "balloon", "amortise_over", "last"):
            if name in stated:
                raise TermsError(
                    name,
                    stated[name],
                    f'none with method="{method}", which pays the principal in the end',
                    f"leave {name} out",
                )
    fixed = not is_solved(instalment)
    solving = ["amortise_over", "last", "balloon"]
    if not isinstance(instalment, Decimal):  # one that is given is solved again after a change
        solving.insert(0, "instalment_multiple")
    for name in solving:
        if fixed and name in stated:
            raise TermsError(
                name,
                stated[name],
                f"an instalment that is solved, and instalment={_shown(instalment)} is given",
                f"leave {name} or instalment out",
            )
    if instalment is not None and not fixed and method != "level":
        raise TermsError(
            "instalment", str(instalment), 'method="level"', f'leave it out with method="{method}"'
        )
    if method == "flat" and "interest_base" in stated:
        raise TermsError(
            "interest_base",
            stated["interest_base"],
            'none with method="flat", whose interest is on what was lent',
            "leave interest_base out",
        )
    if "tax_included" in stated and not (method == "level" and stated["interest_tax"]):
        raise TermsError(
            "tax_included",
            True,
            'method="level" with a tax on interest, which its instalment can include',
            'write interest_tax="16%", or leave tax_included out',
        )
    base = stated.get("interest_base")
    if method == "level" and isinstance(base, tuple) and not fixed:
        raise TermsError(
            "interest_base",
            [str(day) for day in base],
            "a level instalment that is given, as the base of later periods depends on it",
            Hint("write {} or another method", instalment="..."),
        )
    over = stated.get("amortise_over")
    if isinstance(over, int) and payments is not None and over < payments:
        raise TermsError(
            "amortise_over",
            over,
            f"at least payments={payments}",
            f"write amortise_over={payments} or more, or fewer payments",
        )
    if "amortise_over" in stated and "balloon" in stated:
        raise TermsError(
            "amortise_over",
            over,
            f"no balloon={stated['balloon']}: what is left in the end follows from either",
            "leave one of the two out",
        )
    if "amortise_over" in stated and "last" in stated:
        raise TermsError(
            "last",
            stated["last"],
            f"no amortise_over={over}, which leaves the last payment more than an instalment",
            "leave one of the two out",
        )
    balloon = stated.get("balloon")
    if isinstance(balloon, Decimal) and balloon > principal:
        raise TermsError(
            "balloon", str(balloon), f"at most principal={principal}", "write a smaller balloon"
        )


def _shown(instalment: Instalment | None) -> str:
    return f"{len(instalment)} amounts" if isinstance(instalment, tuple) else str(instalment)


def manner(method: Method) -> str:
    """Return how a method repays, in words.

    Examples
    --------
    >>> manner("equal_principal")
    'in equal parts of the principal'
    """
    return {
        "level": "in level instalments",
        "equal_principal": "in equal parts of the principal",
        "interest_only": "with interest on the due dates and the principal with the last",
        "bullet": "all at the end",
        "flat": "in equal payments of the principal and of interest on all of it",
    }[method]
