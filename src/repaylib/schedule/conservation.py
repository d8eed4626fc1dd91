"""Conservation: what goes in comes out, in every row and over all of them."""

from __future__ import annotations

from repaylib.errors import ConservationError
from repaylib.money.amounts import show
from repaylib.schedule.rows import Columns

__all__ = ["check_columns"]

#: Columns that a negative rate, or a refund of fees, may bring below nil.
SIGNED = (
    "payment",
    "interest",
    "deferred_interest",
    "tax",
    "accrued",
    "waived",
    "capitalised",
    "deferred",
)


def check_columns(columns: Columns, principal: int, decimals: int) -> None:
    """Prove that the rows balance.

    Parameters
    ----------
    columns
        The rows, in minor units.
    principal
        What was lent, in minor units.

    Raises
    ------
    ConservationError
        With the number of the first row that breaks a rule, and the rule.
    """
    names = list(columns)
    owed, deferred = principal, 0
    for index, values in enumerate(zip(*(columns[name].tolist() for name in names), strict=True)):
        row = dict(zip(names, values, strict=True))
        rules = {
            "opening = closing of the row before": (row["opening"], owed),
            "payment = interest + deferred_interest + principal + fee + penalty + tax - refund": (
                row["payment"],
                row["interest"]
                + row["deferred_interest"]
                + row["principal"]
                + row["fee"]
                + row["penalty"]
                + row["tax"]
                - row["refund"],
            ),
            "closing = opening - principal + capitalised - forgiven + advanced": (
                row["closing"],
                row["opening"]
                - row["principal"]
                + row["capitalised"]
                - row["forgiven"]
                + row["advanced"],
            ),
            "deferred = before + accrued - interest - deferred_interest - waived - capitalised"
            " - forgiven_interest": (
                row["deferred"],
                deferred
                + row["accrued"]
                - row["interest"]
                - row["deferred_interest"]
                - row["waived"]
                - row["capitalised"]
                - row["forgiven_interest"],
            ),
        }
        for rule, (stated, follows) in rules.items():
            if stated != follows:
                raise _broken(index, row["date"], rule, stated, follows, decimals)
        for name in names[2:]:
            if row[name] < 0 and name not in SIGNED:
                raise _broken(index, row["date"], f"{name} is not negative", row[name], 0, decimals)
        owed, deferred = row["closing"], row["deferred"]
    for name, left in (("closing", owed), ("deferred", deferred)):
        if left:
            rule = f"nothing is owed after the last row ({name})"
            raise _broken(len(columns["number"]) - 1, row["date"], rule, left, 0, decimals)


def _broken(
    index: int, day: object, rule: str, stated: int, follows: int, decimals: int
) -> ConservationError:
    return ConservationError(
        f"row {index} on {day}",
        show(stated, decimals),
        f"{show(follows, decimals)}, by {rule}",
        "report this schedule, with schedule.to_dict()",
    )
