"""The pictures of the gallery, drawn by repaylib itself when the pages are built."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes

matplotlib.use("Agg")

import prosper_study

import repaylib as rp
from repaylib import plots

__all__ = ["draw_all"]


def _plan() -> rp.Schedule:
    return rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", currency="EUR"))


def _compared() -> rp.measures.Comparison:
    plan = _plan()
    return rp.compare(
        plan,
        rp.defer(plan, payment=4),
        rp.reschedule(plan, 18, payment=4),
        rp.settle(plan, on="2024-07-10", fee="1%"),
    )


def _longer() -> rp.measures.Comparison:
    plan = _plan()
    return rp.compare(plan, rp.reschedule(plan, 18, payment=4))


def _paid() -> rp.arrears.Statement:
    """A loan paid in time, late, in part, and not at all."""
    plan = _plan()
    money = [("2024-02-10", "888.49"), ("2024-03-28", "888.49"), ("2024-04-05", "888.49")]
    money += [("2024-05-10", "500"), ("2024-07-01", "300")]
    receipts = [rp.Receipt(day, amount) for day, amount in money]
    return rp.statement(plan, receipts, as_of="2024-07-20", penalty=rp.PenaltyTerms())


def _late() -> rp.arrears.Statement:
    """Three instalments paid, a part of the fourth, nothing of the fifth."""
    plan = _plan()
    receipts = [rp.Receipt(row.date, row.payment) for row in plan[:3]]
    receipts.append(rp.Receipt("2024-05-24", "300"))
    terms = rp.PenaltyTerms("1.5", on_interest=True, day_count="actual/360")
    return rp.statement(plan, receipts, as_of="2024-06-24", penalty=terms)


DRAWINGS: dict[str, Callable[[], Axes]] = {
    "gallery_balances": lambda: plots.balances(_compared()),
    "gallery_payments": lambda: plots.payments(rp.defer(_plan(), 4, 2), affordable="950"),
    "gallery_costs": lambda: plots.costs(_compared()),
    "gallery_readings": lambda: plots.costs(rp.readings(_plan(), payment=4)),
    "gallery_instalments": lambda: plots.instalments(_paid()),
    "statement_instalments": lambda: plots.instalments(_late()),
    "prosper_difference": prosper_study.draw,
    "gallery_difference": lambda: plots.difference(_longer()),
}


def draw_all(folder: Path) -> None:
    """Write all pictures as SVG files into `folder`."""
    from matplotlib import pyplot

    folder.mkdir(exist_ok=True)
    with matplotlib.rc_context({"svg.hashsalt": "repaylib", "svg.fonttype": "none"}):
        for name, draw in DRAWINGS.items():
            figure = draw().get_figure(root=True)
            assert figure is not None, "axes stand on a figure"
            figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
            pyplot.close("all")
