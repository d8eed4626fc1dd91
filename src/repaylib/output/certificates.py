"""Certificates: a result with every derivation as canonical JSON, and its hash.

The text has no float: an amount is a string of whole minor units, ``"88849"``, and everything
unrounded a string of a fraction in lowest terms, ``"7611/1"``. Keys are sorted, and nothing stands
between the marks, so that equal content is equal text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from hashlib import sha256
from typing import Any

from repaylib.output.frozen import Frozen

__all__ = ["Certificate", "canonical", "digits", "ratio"]

FORMAT = "repaylib.certificate"
VERSION = "1"
CHUNK = 4_000  # digits at once: Python refuses to print more than 4,300


class Certificate(Frozen):
    """A result with every derivation, which can be checked without repaylib. A frozen value.

    ``print(certificate)`` is its text, canonical JSON; two certificates are equal if their texts are.
    ``repaylib verify FILE`` checks a file, as does the one file of that command by itself.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> certificate = plan.certificate()
    >>> certificate.sha256 == plan.certificate().sha256
    True
    >>> certificate.to_dict()["rows"][3]["amounts"]["interest"]
    '7611'
    """

    __slots__ = ("text",)

    text: str

    def __init__(self, of: str, content: Mapping[str, Any]) -> None:
        whole = {"format": FORMAT, "version": VERSION, "of": of, **content}
        digest = sha256(canonical(whole).encode()).hexdigest()
        self._store(text=canonical({**whole, "sha256": digest}))

    @property
    def sha256(self) -> str:
        """The SHA-256 of its canonical form without this key, as 64 hexadecimal digits."""
        digest: str = self.to_dict()["sha256"]
        return digest

    def to_json(self) -> str:
        """Return its text: canonical JSON, on one line."""
        return self.text

    def to_dict(self) -> dict[str, Any]:
        """Return its text as a dictionary of text, whole numbers and lists."""
        plain: dict[str, Any] = json.loads(self.text)
        return plain

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Certificate: {self.to_dict()['of']}, sha256 {self.sha256}>"

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, Certificate) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)


def canonical(plain: object) -> str:
    """Return JSON text with sorted keys and no spaces.

    Examples
    --------
    >>> canonical({"b": ["1/2"], "a": 1})
    '{"a":1,"b":["1/2"]}'
    """
    return json.dumps(
        plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def ratio(value: Fraction) -> str:
    """Return a fraction as ``"num/den"``, in lowest terms.

    Examples
    --------
    >>> ratio(Fraction(6, 8)), ratio(Fraction(-3))
    ('3/4', '-3/1')
    """
    return f"{digits(value.numerator)}/{digits(value.denominator)}"


def digits(number: int) -> str:
    """Return a whole number as text, however long.

    Examples
    --------
    >>> digits(-120), len(digits(10**9000))
    ('-120', 9001)
    """
    if number < 0:
        return f"-{digits(-number)}"
    parts: list[str] = []
    while number >= 10**CHUNK:
        number, rest = divmod(number, 10**CHUNK)
        parts.append(f"{rest:0{CHUNK}d}")
    return "".join([str(number), *reversed(parts)])
