"""The result: a schedule with its rows, totals, tables and derivations, and the verbs that make it.

A `Schedule` shows the ledger of the engine as rows of `Decimal` and as numpy columns. A verb
such as `defer` gives a new schedule and leaves the old one as it is.
Start reading in `schedule` and `verbs`; `conservation` proves that the rows balance.
"""
