"""How results leave: frozen values that print as tables, their formats, and files.

A result is `Frozen`, prints as a `Table`, and gives CSV, pandas and Arrow by the same few bases.
Start reading in `tables`, then in `formats`; `files` writes a file whole or not at all.
"""

__all__ = ()
