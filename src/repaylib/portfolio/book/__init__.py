"""A portfolio as columns: one value for each loan, read from lists, numpy, pandas or Arrow.

What can't be read becomes a reject with its reason.
Start reading in `portfolio`; `columns` holds the kinds of column.
"""
