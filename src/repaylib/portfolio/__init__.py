"""Many loans at once: a portfolio as columns, its schedules, statements and sums.

`portfolio.book` reads loans and changes as columns, `portfolio.vectorised` folds them over
arrays, and the modules here show the results. Each figure equals that of the loan alone.
Start reading in `schedule` and `book.portfolio`.
"""
