"""Have Gappa check the proofs of the docs, and refuse each with a bound that is a little looser.

Needs the program ``gappa`` (a Debian package).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROOFS = Path(__file__).parent.parent / "docs/explanation/proofs"

#: What each proof assumes, and what no proof may follow from.
LOOSENED = {
    "interest": ("bound in [1, 0x1p49]", "bound in [1, 0x1.00001p49]"),
    "bound": ("tested in [1, 0x1p48]", "tested in [1, 0x1p49]"),
}

#: What Gappa says of a script that is wrong in itself: two sides of a hint that are not equal.
FLAWS = ("syntax error", "not trivially equal", "undefined")


def proves(script: str) -> bool:
    """Return whether Gappa finds a proof of every property of a script."""
    done = subprocess.run(["gappa"], input=script, capture_output=True, text=True, check=False)
    if any(flaw in done.stderr for flaw in FLAWS) or done.returncode < 0:
        sys.exit(done.stderr)
    return done.returncode == 0 and "can be proved" not in done.stderr


for name, (bound, looser) in LOOSENED.items():
    script = (PROOFS / f"{name}.gappa").read_text()
    if not proves(script):
        sys.exit(f"{name}: not proved")
    if script.count(bound) != 1 or proves(script.replace(bound, looser)):
        sys.exit(f"{name}: {looser} should not prove it")
    print(f"{name}: proved with {bound}, and not with {looser}")
