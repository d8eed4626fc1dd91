"""The texts of results in each language: budgets, negotiations, costs, audits, portfolios.

A file for each subject and language, with the same keys and slots. Start reading in `en_negotiation`.
"""

__all__ = ()
