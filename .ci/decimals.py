"""Check that the library computes with ``Decimal`` in its own contexts alone.

An operator on a ``Decimal`` computes in the context that the caller has set. So does a method that
takes a context, where it is left out. Here mypy reads the library against a ``decimal`` that has
neither, and reports what uses them. What mypy knows only as ``Any`` escapes it.
"""

import ast
import os
import shutil
import sys
from pathlib import Path

import mypy
from mypy import api

OPERATORS = "abs add divmod floordiv mod mul neg pos pow round sub truediv".split()
OPERATORS += [f"r{each}" for each in OPERATORS]
#: What a Decimal may not be made of, or compared with: that sets a flag, or is trapped.
FLOATS = {"_DecimalNew", "_ComparableNum"}


def strip(stub: Path) -> None:
    """Take out of the stub of ``decimal`` what depends on the caller's context."""
    tree = ast.parse(stub.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == "Decimal":
            node.body = [each for each in node.body if not _depends(each)]
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) in FLOATS:
            node.value = ast.parse(
                ast.unparse(node.value).replace("float", "int"), mode="eval"
            ).body
    stub.write_text(ast.unparse(tree), encoding="utf-8")


def _depends(node: ast.stmt) -> bool:
    if not isinstance(node, ast.FunctionDef) or node.name in ("__new__", "__format__"):
        return False
    takes = any(each.arg == "context" for each in node.args.args)
    return takes or node.name in {f"__{each}__" for each in OPERATORS}


def main(work: Path) -> int:
    """Run mypy over the library with the stripped stub, and return its exit status."""
    shutil.copytree(Path(mypy.__file__).parent / "typeshed", work)
    strip(work / "stdlib" / "decimal.pyi")
    options = ["--custom-typeshed-dir", str(work), "--cache-dir", os.devnull, "src"]
    report, trouble, status = api.run(options)
    print(report, trouble, end="")
    return status


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
