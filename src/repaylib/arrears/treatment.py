"""What becomes of arrears in a new agreement: each part by its own word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from repaylib.errors import TermsError, check_word
from repaylib.typing import Component, Treatment

__all__ = ["PARTS_OF_ARREARS", "to_treatment"]


PARTS_OF_ARREARS: tuple[Component, ...] = ("principal", "interest", "penalty", "fee", "costs")
FOR_PRINCIPAL: tuple[Treatment, ...] = ("capitalise", "forgive", "apart")


def to_treatment(given: object) -> dict[Component, Treatment]:
    """Read what becomes of each part: one word for all, or a word by part.

    Examples
    --------
    >>> to_treatment({"penalty": "forgive"})["penalty"], to_treatment("spread")["principal"]
    ('forgive', 'capitalise')
    """
    words: dict[Component, Treatment] = dict.fromkeys(PARTS_OF_ARREARS, "capitalise")
    if isinstance(given, str):
        word: Treatment = check_word("arrears", given, get_args(Treatment))
        words = dict.fromkeys(PARTS_OF_ARREARS, word)
        if word not in FOR_PRINCIPAL:
            words["principal"] = "capitalise"
        return words
    if not isinstance(given, Mapping):
        mend = 'write arrears={"interest": "spread", "penalty": "forgive"}'
        raise TermsError("arrears", given, "a word, or a word by part", mend)
    for part, word in given.items():
        name: Component = check_word("arrears", part, PARTS_OF_ARREARS)
        allowed = FOR_PRINCIPAL if name == "principal" else get_args(Treatment)
        words[name] = cast("Treatment", check_word(f"arrears[{name}]", word, allowed))
    return words
