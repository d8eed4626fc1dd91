"""The ways to read a change: all combinations of its words, computed, named and compared.

Start reading in `change_readings`; `change_words` has the combinations, `named_readings` the result.
"""

__all__ = ()
