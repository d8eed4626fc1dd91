"""Inventories of other projects' documentation, from short lists, without a fetch.

Each file in ``inventories/`` lists the few names that the pages link to, in the plain form of a
Sphinx inventory; here they are packed as Sphinx expects them.
"""

from __future__ import annotations

import zlib
from pathlib import Path

__all__ = ["mapping"]

HOMES = {
    "python": "https://docs.python.org/3/",
    "numpy": "https://numpy.org/doc/stable/",
    "pandas": "https://pandas.pydata.org/docs/",
    "pyarrow": "https://arrow.apache.org/docs/",
    "dateutil": "https://dateutil.readthedocs.io/en/stable/",
}


def mapping(lists: Path, packed: Path) -> dict[str, tuple[str, str]]:
    """Pack every list in `lists` into `packed`; return what ``intersphinx_mapping`` takes."""
    found = {}
    for name, home in HOMES.items():
        head = f"# Sphinx inventory version 2\n# Project: {name}\n# Version: \n"
        head += "# The remainder of this file is compressed using zlib.\n"
        lines = (lists / f"{name}.txt").read_bytes()
        target = packed / f"{name}.inv"
        target.write_bytes(head.encode() + zlib.compress(lines))
        found[name] = (home, str(target))
    return found
