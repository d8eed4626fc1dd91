"""Sphinx configuration: pages, API from the docstrings, examples run, nothing fetched.

English: ``sphinx-build docs OUT``. Chinese, after it: ``sphinx-build -c docs -t zh docs/zh OUT/zh``;
it links to the reference of the English pages, by their inventory in the folder above.
"""

from __future__ import annotations

import doctest
import logging
import os
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

import glossary  # noqa: E402 - stands beside this file, as the others do
import inventories  # noqa: E402

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.tags import Tags

    tags: Tags  # Sphinx gives it to this file

project = "repaylib"
author = "the repaylib developers"
project_copyright = "the repaylib developers"
release = version = repaylib.__version__

CHINESE = tags.has("zh")  # noqa: F821
#: Where the pages are published, and where their sources are edited, each with a last slash: for
#: social cards and edit links.
ADDRESS, SOURCE = os.environ.get("DOCS_URL", ""), os.environ.get("SOURCE_URL", "")
extensions = [
    *(["sphinxext.opengraph"] if ADDRESS else []),
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.doctest",
    "sphinx.ext.intersphinx",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
    *([] if CHINESE else ["sphinx.ext.viewcode"]),
    "chinese",
    "formulas",
    "glossary",
    "pictures",
    "published_cases",
]
exclude_patterns = ["_build", "inventories", *([] if CHINESE else ["zh"])]
language = "zh_CN" if CHINESE else "en"
html_theme = "furo"
html_title = f"repaylib {release}"
html_static_path = [str(HERE / "_static")]
html_css_files = ["repaylib.css"]
html_favicon = str(HERE / "_static" / "favicon.svg")
html_math_renderer = "mathml"
html_show_copyright = False
html_copy_source = False
html_theme_options: dict[str, object] = {"navigation_with_keys": True}
if SOURCE:
    html_theme_options["source_edit_link"] = f"{SOURCE}docs/{'zh/' * CHINESE}{{filename}}"
html_baseurl = ogp_site_url = ADDRESS + "zh/" * (CHINESE and bool(ADDRESS))
ogp_site_name, ogp_description_length = "repaylib", 160
ogp_social_cards = {"line_color": "#2f6f9f", "enable": not CHINESE}  # its font has no Chinese
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = True
if CHINESE:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    words = Path(tempfile.mkdtemp()) / "words.txt"
    words.write_text("\n".join(glossary.chinese_words()), encoding="utf-8")
    html_search_options = {"dict": str(words)}

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
#: The parameters of a loan stand in groups.
napoleon_custom_sections = [
    (group, "params_style")
    for group in (
        *("Amounts", "Dates", "Rate and interest", "Instalments", "Fees and taxes", "Rounding"),
    )
]

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
    "repaylib.wording.sentence.Listed",
    "repaylib.wording.sentence.Sentence",
    "AprRule",
    "ColumnLike",
    "PrepaymentHold",
    "PrepaymentInterest",
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
for module in (loan, prepayment, rescheduling, verbs, accrual, renegotiation):
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
doctest_default_flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS

# -- names of other projects, from lists kept here -----------------------------------------

PACKED = (
    Path(tempfile.gettempdir()) / "repaylib-inventories"
)  # one place: a new one would read all anew
PACKED.mkdir(exist_ok=True)
intersphinx_mapping = inventories.mapping(HERE / "inventories", PACKED)
intersphinx_timeout = 1
intersphinx_disabled_reftypes: list[str] = []  # a Chinese page names English pages


def english_names(app: Sphinx, config: Config) -> None:
    """Let the Chinese pages link to the English ones, in the folder above."""
    inventory = Path(app.outdir).parent / "objects.inv"
    config.intersphinx_mapping["repaylib"] = ("..", str(inventory))


def setup(app: Sphinx) -> None:
    """Connect the two languages."""
    if CHINESE:
        app.connect("config-inited", english_names, priority=1)
