"""What errors say in Chinese, by the English text: a file for each package that raises them.

The text follows the name of the parameter and the value that was given, so that what was expected
is a clause of its own: 应为…, 不能…. ``{0}`` and ``{1}`` take the slots in another order. Start
reading in `general`.
"""

from repaylib.wording.zh_errors.arrears import ARREARS
from repaylib.wording.zh_errors.audit import AUDIT
from repaylib.wording.zh_errors.changes import CHANGES
from repaylib.wording.zh_errors.cli import CLI
from repaylib.wording.zh_errors.dates import DATES
from repaylib.wording.zh_errors.documents import DOCUMENTS
from repaylib.wording.zh_errors.engine import ENGINE
from repaylib.wording.zh_errors.general import GENERAL
from repaylib.wording.zh_errors.interop import INTEROP
from repaylib.wording.zh_errors.measures import MEASURES
from repaylib.wording.zh_errors.money import MONEY
from repaylib.wording.zh_errors.negotiation import NEGOTIATION
from repaylib.wording.zh_errors.output import OUTPUT
from repaylib.wording.zh_errors.portfolio import PORTFOLIO
from repaylib.wording.zh_errors.rates import RATES
from repaylib.wording.zh_errors.schedule import SCHEDULE
from repaylib.wording.zh_errors.terms import TERMS

ERRORS = {
    **ARREARS,
    **AUDIT,
    **CHANGES,
    **CLI,
    **DATES,
    **DOCUMENTS,
    **ENGINE,
    **GENERAL,
    **INTEROP,
    **MEASURES,
    **MONEY,
    **NEGOTIATION,
    **OUTPUT,
    **PORTFOLIO,
    **RATES,
    **SCHEDULE,
    **TERMS,
}

__all__ = ("ERRORS",)
