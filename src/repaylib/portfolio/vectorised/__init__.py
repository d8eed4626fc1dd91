"""The engine over arrays: many loans, row by row, exact to the cent.

Each file has the name of its counterpart in `repaylib.engine` or `repaylib.arrears` where there is
one. Loans that arrays can't express are computed one by one.
Start reading in `book_fold`, then `fold`.
"""
