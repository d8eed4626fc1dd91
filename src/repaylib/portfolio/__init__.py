"""Many loans at once: a portfolio as columns, its schedules, statements and sums.

`portfolio.book` reads loans and changes as columns, `portfolio.vectorised` folds them over
arrays, and the modules here show the results. Each figure equals that of the loan alone.
Start reading in `schedule` and `book.portfolio`.
"""

from repaylib.portfolio.ageing import Ageing, RollRates
from repaylib.portfolio.book.changes import PortfolioChange
from repaylib.portfolio.book.portfolio import Portfolio
from repaylib.portfolio.book.receipts import Receipts
from repaylib.portfolio.book.rejects import Reject, Rejects
from repaylib.portfolio.schedule import PortfolioSchedule
from repaylib.portfolio.settlement import PortfolioSettlement
from repaylib.portfolio.statements import PortfolioStatement
from repaylib.portfolio.summary import PortfolioTotals, Summary

__all__ = [
    "Ageing",
    "Portfolio",
    "PortfolioChange",
    "PortfolioSchedule",
    "PortfolioSettlement",
    "PortfolioStatement",
    "PortfolioTotals",
    "Receipts",
    "Reject",
    "Rejects",
    "RollRates",
    "Summary",
]
