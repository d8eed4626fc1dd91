"""The command line: ``python -m repaylib``.

`main` computes one loan, `book` a loan tape, `negotiate` the options of a case described in a
file.
Start reading in `main`.
"""

from repaylib.cli.main import main

__all__ = ["main"]
