"""Check user code with four checkers of types, each of which must find the lines marked wrong, and no other.

Run with the python of an environment that has the extra ``lint`` and the library.
"""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FOLDER = Path("tests/typing")
RIGHT, WRONG = FOLDER / "user_code.py", FOLDER / "wrong_code.py"
BIN = Path(sys.executable).parent
#: How each is called, and what a line of its report looks like.
CHECKERS = {
    "mypy": ["mypy", "--strict", "--cache-dir", os.devnull, "--hide-error-context", "--no-pretty"],
    "pyright": ["pyright", "--pythonpath", sys.executable],
    "ty": ["ty", "check", "--python", sys.prefix, "--output-format", "concise"],
    "pyrefly": [
        *("pyrefly", "check", "--python-interpreter-path", sys.executable),
        *("--output-format", "min-text"),
    ],
}


def found_by(name: str) -> tuple[dict[str, set[int]], str]:
    """Return the lines that a checker refuses, by file, and its report."""
    command = [str(BIN / CHECKERS[name][0]), *CHECKERS[name][1:], str(RIGHT), str(WRONG)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report = done.stdout + done.stderr
    found: dict[str, set[int]] = {}
    for line in report.splitlines():
        place = re.search(r"(user_code|wrong_code)\.py:(\d+)", line)
        if place and "error" in line.lower():
            found.setdefault(place[1], set()).add(int(place[2]))
    return found, report


def main() -> int:
    """Compare what each checker finds with the marks; return the exit status."""
    lines = WRONG.read_text(encoding="utf-8").splitlines()
    marked = {number for number, line in enumerate(lines, 1) if "# wrong:" in line}
    status = 0
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(found_by, CHECKERS))
    for name, (found, report) in zip(CHECKERS, reports, strict=True):
        wrong, right = found.get("wrong_code", set()), found.get("user_code", set())
        agrees = wrong == marked and not right
        print(f"{name}: {len(wrong & marked)} of {len(marked)} lines marked wrong", end="")
        print(", no other" if agrees else f"; missed {sorted(marked - wrong)}, ", end="")
        print("" if agrees else f"besides {sorted(wrong - marked)}, of right code {sorted(right)}")
        if not agrees:
            print(report)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
