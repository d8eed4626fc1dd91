"""The ten typical readings of a deferral, and what the others are called."""

from __future__ import annotations

from typing import Any

from repaylib.changes.deferral import Deferral
from repaylib.wording.sentence import Sentence

__all__ = ["READINGS", "TYPICAL", "deferral_group", "deferral_name"]

#: The typical ways to read "defer by one month", by the key of their name, and the options of each.
TYPICAL: dict[str, dict[str, Any]] = {
    "reading.free": {"interest": "waive"},
    "reading.moved.principal": {"scope": "instalment", "base": "principal"},
    "reading.moved.instalment": {"scope": "instalment"},
    "reading.capitalised.maturity": {"repay": "capitalise", "hold": "maturity"},
    "reading.now": {"repay": "now"},
    "reading.next": {"repay": "next"},
    "reading.spread": {"repay": "spread"},
    "reading.last": {"repay": "last"},
    "reading.capitalised.count": {"repay": "capitalise"},
    "reading.capitalised.payment": {"repay": "capitalise", "hold": "payment"},
}

#: The same by name.
READINGS: dict[str, dict[str, Any]] = {
    str(Sentence(key)): options for key, options in TYPICAL.items()
}


def deferral_group(deferral: Deferral) -> str:
    """Return the key of what stops: the whole payment, a part of it, or one payment that moves."""
    if deferral.scope == "instalment":
        return "reading.group.moved"
    return f"reading.group.{deferral.stops}"


def deferral_name(deferral: Deferral) -> list[object]:
    """Return what a reading of a deferral is called: what stops, where the gap goes, what stays.

    Examples
    --------
    >>> print(*deferral_name(Deferral(4, repay="spread", hold="maturity")), sep=", ")
    interest spread, same end
    """
    parts: list[object] = []
    waived, repay = deferral.interest == "waive", deferral.repay
    if deferral.interest_paid_now:
        repay = "now"
    if deferral.scope == "instalment":
        parts.append(Sentence(f"reading.stops.moved_{repay}"))
        if waived:
            parts.append(Sentence("reading.stops.waive"))
        elif repay != "now":
            parts.append(Sentence(f"reading.on.{deferral.base}"))
    elif deferral.pause == "interest":
        parts += [Sentence("reading.stops.interest"), _gap("reading.gap", repay, deferral)]
    elif waived:
        parts.append(Sentence("reading.stops.waive"))
        if repay != "next":
            parts.append(Sentence("reading.accrued", gap=_gap("reading.gap", repay, deferral)))
    else:
        parts.append(_gap("reading.stops", repay, deferral))
    if deferral.hold != "count":
        parts.append(Sentence(f"reading.hold.{deferral.hold}"))
    return parts


def _gap(key: str, repay: str, deferral: Deferral) -> Sentence:
    """Return where the interest of the due dates goes."""
    every = deferral.capitalise_every
    if repay != "capitalise" or every == 1:
        return Sentence(f"{key}.{repay}")
    if every is None:
        return Sentence(f"{key}.capitalise_end")
    return Sentence(f"{key}.capitalise_every", count=every)
