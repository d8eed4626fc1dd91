"""Pictures, drawn for real without a screen."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from typing import Any

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")

from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

import repaylib as rp
from repaylib import plots
from repaylib.plots.style import LINES


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    pyplot.close("all")


@pytest.fixture
def table(plan: rp.Schedule) -> rp.measures.Comparison:
    return rp.compare(
        plan,
        rp.defer(plan, 4),
        rp.reschedule(plan, 18, payment=4),
        rp.settle(plan, on="2024-07-10", fee="1%"),
        affordable="700",
    )


def rendered(axes: Axes) -> bytes:
    out = io.BytesIO()
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.savefig(out, format="png")
    return out.getvalue()


def test_all_kinds_of_plans_are_drawn(plan: rp.Schedule, table: rp.measures.Comparison) -> None:
    draws: list[Callable[[Any], Axes]] = [plots.balances, plots.payments, plots.costs]
    quote = rp.settle(plan, on="2024-07-10")
    read = rp.readings(plan, 4)
    for shown in (plan, plan.loan, quote, table, read, {"now": plan}, [plan, quote]):
        for draw in draws:
            assert rendered(draw(shown)).startswith(b"\x89PNG")
            pyplot.close("all")


def test_axes_in_and_out(table: rp.measures.Comparison) -> None:
    _, axes = pyplot.subplots(2, 2)
    draws: list[Callable[..., Axes]] = [plots.balances, plots.payments, plots.costs]
    for ax, draw in zip(axes.flat, [*draws, plots.difference], strict=True):
        assert draw(table, ax) is ax
    assert len(pyplot.get_fignums()) == 1


def test_balances_are_those_of_the_schedule(plan: rp.Schedule) -> None:
    line = plots.balances(plan).get_lines()[0]
    owed = [float(plan.loan.principal), *(float(row.closing) for row in plan)]
    assert np.array_equal(line.get_ydata(), owed)


def test_amounts_are_in_the_currency_with_separators(table: rp.measures.Comparison) -> None:
    axes = plots.balances(rp.Loan("5000000", "3%", 120, "2024-01-10", currency="JPY"))
    rendered(axes)
    assert axes.get_ylabel() == "JPY"
    assert "5,000,000" in [label.get_text() for label in axes.get_yticklabels()]
    costs = plots.costs(rp.Loan("5000", "3%", 12, "2024-01-10", currency="EUR"))
    assert costs.get_xlabel() == "EUR"
    assert plots.costs(table).get_xlabel() == ""


def test_lines_are_labelled_where_they_run(
    table: rp.measures.Comparison, plan: rp.Schedule
) -> None:
    axes = plots.balances(table)
    assert [text.get_text() for text in axes.texts] == [each.name for each in table]
    colours = [to_hex(line.get_color()) for line in axes.get_lines()]
    assert colours == list(LINES[:4])
    assert [to_hex(text.get_color()) for text in axes.texts] == colours
    many = plots.balances(rp.readings(plan, 4))
    legend = many.get_legend()
    assert legend is not None
    assert len(legend.get_texts()) == 10


def test_bars_add_up_to_the_payments(plan: rp.Schedule) -> None:
    later = rp.defer(plan, 4)
    axes = plots.payments(later, affordable="700")
    total = sum(bar.get_height() for bar in axes.patches if isinstance(bar, Rectangle))
    assert total == pytest.approx(float(later.total_paid))
    told = [text.get_text() for text in axes.texts]
    assert "affordable 700" in told
    assert "964.6" in told[-1]


def test_costs_are_written_beside_the_bars(table: rp.measures.Comparison) -> None:
    told = [text.get_text() for text in plots.costs(table).texts]
    assert told == ["661.86", "737.97", "1,019.70", "531.63"]


def test_the_difference_and_its_break_even(plan: rp.Schedule) -> None:
    compared = rp.compare(plan, rp.reschedule(plan, 18, payment=4))
    told = [text.get_text() for text in plots.difference(compared).texts]
    assert told == ["357.84 more", "3,819.31 less", "even on 2025-10-10"]
    never = rp.compare(plan, rp.change_rate(plan, "8%", payment=4))
    told = [text.get_text() for text in plots.difference(never).texts]
    assert told == ["129.65 less"]
    back = plots.difference(compared, one="18 instalments", other="as agreed")
    assert "357.84 less" in [text.get_text() for text in back.texts]


def test_names(plan: rp.Schedule) -> None:
    axes = plots.costs([plan, rp.defer(plan, 4)], names=["now", "later"])
    assert [label.get_text() for label in axes.get_yticklabels()] == ["now", "later"]


def test_refused(plan: rp.Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(rp.errors.TermsError, match="plans"):
        plots.balances(3)  # type: ignore[arg-type]  # is refused
    with pytest.raises(rp.errors.CountError, match="plans"):
        plots.balances({})
    with pytest.raises(rp.errors.CountError, match="two plans or more"):
        plots.difference(plan)
    with pytest.raises(rp.errors.CountError, match="names"):
        plots.balances(plan, names=["now", "later"])
    with pytest.raises(rp.errors.ChoiceError, match="other"):
        plots.difference([plan, plan], other="none")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(rp.errors.ExtraError, match=r"repaylib\[plot\]"):
        plots.balances(plan)


def test_instalments_are_drawn_by_status() -> None:
    plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    receipts = [rp.Receipt("2024-02-10", "888.49"), rp.Receipt("2024-03-28", "888.49")]
    owed = rp.statement(plan, receipts, as_of="2024-05-20")
    axes = plots.instalments(owed)
    heights: dict[object, float] = {}
    for bar in axes.patches:
        height = float(bar.get_path().transformed(bar.get_patch_transform()).get_extents().height)
        heights[bar.get_facecolor()] = heights.get(bar.get_facecolor(), 0.0) + height
    assert sorted(round(each, 2) for each in heights.values()) == sorted(
        [888.49, 888.49, float(owed.arrears.total), round(8 * 888.49 - 0.02, 2)]
    )
    with pytest.raises(rp.errors.TermsError, match="a Statement"):
        plots.instalments(plan)  # type: ignore[arg-type]  # is refused
