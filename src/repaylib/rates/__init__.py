"""Rates of interest, and the mathematics of payments over time.

A rate is a fixed number, a value that steps on known days, or an index with a margin. The level
payment, its inverses and the equation of value are here too, each with its proof.
Start reading in `rate` and `level_payments`.
"""
