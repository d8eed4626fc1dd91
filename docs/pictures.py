"""The pictures of the pages, drawn by repaylib itself when a page is built.

``.. picture:: name`` puts one into a page as SVG, with the page's own colours for ink, ground and
palette, so that it is right in light and dark.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import matplotlib
from docutils import nodes
from docutils.parsers.rst import directives
from matplotlib import pyplot
from matplotlib.axes import Axes
from sphinx.util.docutils import SphinxDirective

matplotlib.use("Agg")

import prosper_study

import repaylib as rp
from repaylib import plots

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["READINGS", "readings_table", "setup"]

#: What a colour of the drawings is called in the style sheet, which has one for light and one for
#: dark. All that is black follows the ink of the page.
COLOURS = {
    "#0072b2": "var(--picture-blue)",
    "#d55e00": "var(--picture-vermilion)",
    "#009e73": "var(--picture-green)",
    "#cc79a7": "var(--picture-purple)",
    "#e69f00": "var(--picture-orange)",
    "#56b4e9": "var(--picture-sky)",
    "#7f7f7f": "var(--picture-grey)",
    "#d9d9d9": "var(--picture-grid)",
    "#ffffff": "var(--color-background-primary)",
    "#000000": "currentColor",
    "#444444": "currentColor",
}
LOOK: Any = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
}


def _plan(currency: str = "XXX") -> rp.Schedule:
    return rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", currency=currency))


def _euros() -> rp.Schedule:
    return _plan(currency="EUR")


READINGS = rp.readings(_plan(), payment=4)


def readings_table() -> list[list[str]]:
    """Return the readings of the landing page as they print, cell by cell, the header first."""
    lines = [re.split(r"  +", line.strip()) for line in str(READINGS).splitlines()]
    return [lines[0], *(line for line in lines[2:] if len(line) == len(lines[0]))]


def readings_costs() -> Axes:
    """Draw what each reading costs more than the agreed schedule."""
    header, *rows = readings_table()
    extra = [float(row[header.index("extra")].replace(",", "")) for row in rows]
    kinds = [READINGS[row[0]] for row in rows]
    axes = pyplot.subplots(figsize=(5.0, 3.3), layout="constrained")[1]
    palette = {"waive": "#009e73", "instalment": "#56b4e9", "capitalise": "#d55e00"}
    for place, (cost, plan) in enumerate(zip(extra, kinds, strict=True)):
        change = plan.changes[-1]
        words = (getattr(change, name, "") for name in ("interest", "scope", "repay"))
        colour = next((palette[word] for word in words if word in palette), "#0072b2")
        axes.barh(place, cost, 0.68, color=colour)
        axes.text(cost + 1, place, f"{cost:,.2f}", va="center", fontsize=10)
    axes.set_yticks(range(len(rows)), [row[0] for row in rows], fontsize=10)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, 100)
    axes.set_xticks(range(0, 100, 20))
    axes.tick_params(length=0, labelsize=10)
    axes.set_xlabel("extra cost", fontsize=10)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.grid(visible=True, axis="x", color="#d9d9d9", linewidth=0.6)
    axes.set_axisbelow(True)
    return axes


def _compared() -> rp.measures.Comparison:
    plan = _euros()
    return rp.compare(
        plan,
        rp.defer(plan, payment=4),
        rp.reschedule(plan, 18, payment=4),
        rp.settle(plan, on="2024-07-10", fee="1%"),
    )


def _paid() -> rp.arrears.Statement:
    """A loan paid in time, late, in part, and not at all."""
    money = [("2024-02-10", "888.49"), ("2024-03-28", "888.49"), ("2024-04-05", "888.49")]
    money += [("2024-05-10", "500"), ("2024-07-01", "300")]
    receipts = [rp.Receipt(day, amount) for day, amount in money]
    return rp.statement(_euros(), receipts, as_of="2024-07-20", penalty=rp.PenaltyTerms("1.5"))


def _late() -> rp.arrears.Statement:
    """Three instalments paid, a part of the fourth, nothing of the fifth."""
    plan = _euros()
    receipts = [rp.Receipt(row.date, row.payment) for row in plan[:3]]
    receipts.append(rp.Receipt("2024-05-24", "300"))
    terms = rp.PenaltyTerms("1.5", on_interest=True, day_count="actual/360")
    return rp.statement(plan, receipts, as_of="2024-06-24", penalty=terms)


def payments(plans: Mapping[str, rp.Schedule]) -> Axes:
    """Draw the payments of each plan in a panel of its own, on common axes."""
    figure, panels = pyplot.subplots(
        len(plans),
        1,
        figsize=(7.6, 2.3 * len(plans)),
        layout="constrained",
        sharex=True,
        sharey=True,
    )
    for axes, (name, plan) in zip(panels, plans.items(), strict=True):
        plots.payments(plan, ax=axes)
        axes.set_title(
            f"{name}: {plan.total_paid:,f} in all, largest {plan.largest_payment:,f}, "
            f"until {plan.maturity}",
            loc="left",
            fontsize=10,
            pad=24,
        )
    top: Axes = panels[0]
    assert figure is not None
    return top


def _prepaid() -> dict[str, rp.Schedule]:
    return {
        hold: rp.prepay(_plan(), "2000", with_payment=3, hold=hold)
        for hold in ("payment", "maturity", "last", "next")
    }


DRAWINGS: dict[str, Callable[[], Axes]] = {
    "readings": readings_costs,
    "balances": lambda: plots.balances(_compared()),
    "affordable": lambda: plots.payments(rp.defer(_euros(), 4, 2), affordable="950"),
    "costs": lambda: plots.costs(_compared()),
    "costs_of_readings": lambda: plots.costs(rp.readings(_euros(), payment=4)),
    "paid_instalments": lambda: plots.instalments(_paid()),
    "late_instalments": lambda: plots.instalments(_late()),
    "prosper_difference": prosper_study.draw,
    "difference": lambda: plots.difference(
        rp.compare(_euros(), rp.reschedule(_euros(), 18, payment=4))
    ),
    "methods": lambda: payments(
        {
            method: rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", method=method))
            for method in ("level", "equal_principal")
        }
    ),
    "longer": lambda: payments(
        {"as agreed": _plan(), "12 new instalments": rp.reschedule(_plan(), 12, payment=4)}
    ),
    "deferral": lambda: payments(
        {
            "with the next instalment": rp.defer(_plan(), payment=4),
            "spread": rp.defer(_plan(), payment=4, repay="spread"),
            "this instalment only": rp.defer(_plan(), payment=4, scope="instalment"),
        }
    ),
    "rate_cut": lambda: payments(
        {"as agreed": _plan(), "8% from payment 4": rp.change_rate(_plan(), "8%", payment=4)}
    ),
    "interest_free": lambda: payments(
        {"as agreed": _plan(), "interest-free": rp.defer(_plan(), payment=4, interest="waive")}
    ),
    "settlement": lambda: payments(
        {
            "as agreed": _plan(),
            "settled": rp.settle(_plan(), on="2024-07-25", fee="1%").schedule,
        }
    ),
    "prepayment": lambda: payments(_prepaid()),
}


@cache
def drawn(name: str) -> str:
    """Draw a picture, and return its SVG with the colours of the page."""
    file = io.StringIO()
    with matplotlib.rc_context({**LOOK, "svg.hashsalt": name}):
        figure = DRAWINGS[name]().get_figure(root=True)
        assert figure is not None, "axes stand on a figure"
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
        pyplot.close("all")
    text = file.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"#[0-9a-f]{6}\b", lambda found: COLOURS.get(found[0], found[0]), text)
    return re.sub(r'(<svg[^>]*?) height="[^"]*"|', r"\1", text, count=1)


class Picture(SphinxDirective):
    """``.. picture:: name`` with ``:alt:``, what is to be seen, with a figure."""

    required_arguments = 1
    option_spec: ClassVar = {"alt": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return the picture, to be scrolled in its frame where the page is narrow."""
        name, alt = self.arguments[0], self.options.get("alt")
        if name not in DRAWINGS:
            raise self.error(f"no picture {name!r}; there are {', '.join(DRAWINGS)}")
        if not alt:
            raise self.error("write :alt:, what is to be seen, with a figure")
        self.env.note_dependency(__file__)
        svg = drawn(name).replace(
            "<svg", f'<svg class="picture-{name}" role="img" aria-label="{escape(alt)}"', 1
        )
        return [nodes.raw("", f'<div class="picture">{svg}</div>', format="html")]


class ReadingsTable(SphinxDirective):
    """``.. readings-table::`` writes what the landing page's code prints, as a table."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        header, *rows = readings_table()
        cells = [
            "".join(f"<{kind}>{escape(cell)}</{kind}>" for cell in row)
            for kind, row in [("th", header), *(("td", row) for row in rows)]
        ]
        body = "".join(f"<tr>{row}</tr>" for row in cells[1:])
        html = f"<table class='docutils readings'><thead><tr>{cells[0]}</tr></thead><tbody>{body}"
        return [nodes.raw("", f"{html}</tbody></table>", format="html")]


def setup(app: Sphinx) -> None:
    """Add the directives."""
    app.add_directive("picture", Picture)
    app.add_directive("readings-table", ReadingsTable)
