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
from repaylib.wording.zh_errors.general import GENERAL
from repaylib.wording.zh_errors.money import MONEY

ERRORS = {**ARREARS, **AUDIT, **CHANGES, **CLI, **DATES, **GENERAL, **MONEY}

__all__ = ("ERRORS",)
