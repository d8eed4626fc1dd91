"""Sphinx configuration: pages, API from the docstrings, examples run, no fetch at build."""

from __future__ import annotations

import doctest
import re
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas
import pyarrow
from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrule

import repaylib
from repaylib.arrears import renegotiation, statements
from repaylib.changes import (
    advance,
    deferral,
    forgiveness,
    prepayment,
    rate_change,
    rescheduling,
)
from repaylib.dates import accrual
from repaylib.measures import present_values, yields
from repaylib.measures.yield_arrays import Yields
from repaylib.portfolio import ageing, summary
from repaylib.portfolio import schedule as bookplan
from repaylib.portfolio import statements as bookstatements
from repaylib.portfolio.book import rejects
from repaylib.portfolio.book.changes import PortfolioChange
from repaylib.portfolio.book.portfolio import Portfolio
from repaylib.portfolio.settlement import PortfolioSettlement
from repaylib.portfolio.statements import PortfolioStatement
from repaylib.schedule import settlement, verbs
from repaylib.terms import loan
from repaylib.typing import Progress

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import gallery  # noqa: E402 - stands beside this file
import inventories  # noqa: E402 - and so does this
import pictures  # noqa: E402 - and this

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "repaylib"
author = "the repaylib developers"
project_copyright = "the repaylib developers"
release = version = repaylib.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.doctest",
    "sphinx.ext.intersphinx",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_build", "inventories", "zh"]
html_theme = "furo"
html_title = f"repaylib {release}"
html_static_path = ["_static"]
html_css_files = ["wide.css"]

# -- the API, from the docstrings ---------------------------------------------------------

autosummary_generate = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_type_aliases = {"npt.ArrayLike": "numpy.typing.ArrayLike"}
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True

# Variables of types have no page.
nitpick_ignore = [
    ("py:class", f"repaylib.rates.step_schedule.{name}") for name in ("V", "V_co", "W")
]
names = (
    "repaylib.measures.cash_flows.HasSchedule",
    "repaylib.negotiation.negotiations.HasAffordable",
    "repaylib.arrears.events.AccountEvent",
    "AccountEvent",
    "repaylib.schedule.book.Book",
    "repaylib.portfolio.summary.ColumnTable",
    "repaylib.arrears.servicing_state.ServicingState",
    "repaylib.arrears.statement_terms.StatementTerms",
    "repaylib.arrears.statements.Continuation",
    "repaylib.wording.sentence.Language",
    "repaylib.wording.sentence.Sentence",
    "ColumnLike",
    "PrepaymentHold",
    "SettlementDeferral",
    "SettlementFeeLike",
    "SettlementMethod",
    "numpy.int32",
    "Axes",
    "matplotlib.axes.Axes",
    "Drawn",
    "repaylib.terms.settlement_fees.Months",
    *(
        f"repaylib.documents.layout.{name}"
        for name in ("Paper", "Heading", "Paragraph", "Lines", "Sheet")
    ),
    "repaylib.documents.layout.Signatures",
)
nitpick_ignore += [("py:class", name) for name in names]

# Modules import these names for type checkers only; signatures are resolved with them.
for module in (loan, rescheduling, verbs, accrual, renegotiation):
    vars(module)["EveryLike"] = str | relativedelta | rrule | Sequence[date]
# A verb shows the parameters of its change, whose types are known where the change stands.
for module in (deferral, rate_change, rescheduling, prepayment, forgiveness, advance):
    for name, value in vars(module).items():
        vars(verbs).setdefault(name, value)
for module in (verbs, settlement, statements):
    vars(module).update(
        ColumnLike=Any,
        Progress=Progress,
        PortfolioChange=PortfolioChange,
        Portfolio=Portfolio,
        PortfolioSchedule=bookplan.PortfolioSchedule,
        PortfolioSettlement=PortfolioSettlement,
        PortfolioStatement=PortfolioStatement,
    )
Ints = npt.NDArray[np.int64]
Rates = Yields | npt.NDArray[np.float64] | Decimal | Fraction | str
for module in (yields, present_values):
    vars(module).update(np=np, npt=npt, Ints=Ints, Rates=Rates, Schedule=repaylib.Schedule)
vars(bookstatements).update(Statement=repaylib.arrears.Statement)
for module in (ageing, bookplan, rejects, summary):
    vars(module).update(pandas=pandas, pyarrow=pyarrow)

# -- examples are run ---------------------------------------------------------------------

#: Examples in docstrings call what stands on the face of a package by its name alone.
REFERENCE = "".join(
    page.read_text(encoding="utf-8") for page in (HERE / "reference" / "api").glob("*.rst")
)
FACES = sorted(set(re.findall(r"^\.\. module:: repaylib\.(\w+)$", REFERENCE, re.MULTILINE)))
doctest_global_setup = "\n".join(
    [
        "from fractions import Fraction",
        "import repaylib as rp",
        *(f"from repaylib.{face} import *" for face in FACES),
        "from repaylib import *",
    ]
)
doctest_default_flags = doctest.NORMALIZE_WHITESPACE

# -- names of other projects, from lists kept here -----------------------------------------

intersphinx_mapping = inventories.mapping(HERE / "inventories", Path(tempfile.mkdtemp()))
intersphinx_timeout = 1


#: A line break of the source beside a wide character or mark, where Chinese has no blank.
WIDE = "\u2018-\u201d\u2e80-\u9fff\uff00-\uffef"
MARKS = "\u2018-\u201d\u3001-\u303f\uff00-\uffef"
NO_BLANK = re.compile(
    rf"(?<=[{WIDE}])\n *(?=[{WIDE}])|(?<=[{MARKS}])\n *(?=[\w`:])|\n *(?=[{MARKS}])"
)


def join_lines(app: Sphinx, name: str, source: list[str]) -> None:
    """Join the lines of Chinese sentences, where a page would show a blank; examples stay."""
    if name.endswith("_zh"):
        blocks = source[0].split("\n\n")
        source[0] = "\n\n".join(
            each if each.startswith(">>>") else NO_BLANK.sub("", each) for each in blocks
        )


def setup(app: Sphinx) -> None:
    """Draw the pictures before the pages are read; join the lines of Chinese sentences."""
    app.connect("source-read", join_lines)
    for each in (pictures, gallery):
        app.connect("builder-inited", lambda app, each=each: each.draw_all(_pictures(app)))


def _pictures(app: Sphinx) -> Path:
    return Path(app.srcdir) / "_pictures"
