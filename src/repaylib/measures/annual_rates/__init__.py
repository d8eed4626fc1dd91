"""Annual percentage rates: the rule of each law as data, the kinds of equations, and their proofs.

A rule says how its law counts time, which charges count, and how the rate is rounded.
Start reading in `known_rules`, then `rule_kinds` and `apr_value`.
"""

from repaylib.measures.annual_rates.apr_value import Apr, apr
from repaylib.measures.annual_rates.book_rates import PortfolioApr
from repaylib.measures.annual_rates.proofs import AprFlow, AprProof
from repaylib.measures.annual_rates.rule_table import AprLaw, AprLaws, apr_rules

__all__ = ["Apr", "AprFlow", "AprLaw", "AprLaws", "AprProof", "PortfolioApr", "apr", "apr_rules"]
