"""Legal limits on what a credit may cost: caps, whether a credit keeps them, and an account rebuilt at one.

Start reading in `cap`, then `cap_reports`.
"""

from repaylib.measures.caps.cap import Cap, CapReport, CapTest
from repaylib.measures.caps.cap_reports import cap_report
from repaylib.measures.caps.known_caps import known_caps
from repaylib.measures.caps.legal_rate import RebuiltAccount, rebuild

__all__ = ["Cap", "CapReport", "CapTest", "RebuiltAccount", "cap_report", "known_caps", "rebuild"]
