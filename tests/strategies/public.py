"""The public names: those at the top, and those on the faces of the packages."""

from __future__ import annotations

from importlib import import_module

import repaylib as rp

__all__ = ["PUBLIC"]

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
