"""The public names: those at the top, and those on the faces of the packages."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import repaylib as rp

__all__ = ["PUBLIC", "REFERENCE", "left_out"]

API = Path(__file__).parents[2] / "docs" / "reference" / "api"
REFERENCE = "\n".join(page.read_text(encoding="utf-8") for page in sorted(API.glob("*.rst")))

#: Packages of which every public name can be called, or is made by a call.
FACES = (
    *("arrears", "audit", "changes", "dates", "documents", "errors", "measures", "negotiation"),
    *("portfolio", "rates", "schedule", "terms"),
)
#: Every public name, and what it names; what serves the library's own files has small letters
#: in ``errors``.
PUBLIC: dict[str, object] = {name: getattr(rp, name) for name in rp.__all__} | {
    name: getattr(face, name)
    for face in (import_module(f"repaylib.{each}") for each in FACES)
    for name in face.__all__
    if face.__name__ != "repaylib.errors" or name.endswith("Error")
}


def left_out(name: str) -> set[str]:
    """Return the members of a class that serve the library's own files: no page shows them."""
    found = {"rendered"}
    for of in getattr(PUBLIC[name], "__mro__", ()):
        options = re.search(rf"autoclass:: {of.__name__}(?:\(\))?\n((?:   .*\n)*)", REFERENCE)
        for members in re.findall(":exclude-members: (.*)", options[1] if options else ""):
            found |= set(members.split(", "))
    return found
