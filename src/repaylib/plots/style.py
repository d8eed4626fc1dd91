"""How pictures look: colours, grid, currency, labels where the lines run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from repaylib.errors import Phrase, check_kind
from repaylib.output.formats import missing_extra
from repaylib.schedule.schedule import Schedule

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "axes_for",
    "crown",
    "dress",
    "key",
    "label_lines",
    "limit_line",
    "list_beside",
    "looks",
    "shown",
]

#: Okabe and Ito's palette.
BLUE, VERMILION, GREEN, PURPLE = "#0072b2", "#d55e00", "#009e73", "#cc79a7"
ORANGE, SKY, BLACK, GREY = "#e69f00", "#56b4e9", "#000000", "#7f7f7f"
LINES = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)
STYLES = ("-", "--", "-.")
FIGURE = (7.6, 4.2)


def axes_for(ax: Axes | None, tall: float = FIGURE[1]) -> Axes:
    """Return the axes given, or new ones on a figure so tall."""
    try:
        from matplotlib import axes as kinds
        from matplotlib import pyplot
    except ModuleNotFoundError as error:
        raise missing_extra("plots", "matplotlib") from error
    if ax is not None:
        return check_kind(ax, "ax", kinds.Axes, Phrase("write {}", "ax=pyplot.subplots()[1]"))
    _, axes = pyplot.subplots(figsize=(FIGURE[0], tall), layout="constrained")
    return axes


def looks(count: int) -> tuple[list[str], list[str]]:
    """Return a colour and a line style for each of so many lines."""
    colours = [LINES[k % len(LINES)] for k in range(count)]
    return colours, [STYLES[k // len(LINES) % len(STYLES)] for k in range(count)]


def dress(
    axes: Axes, drawn: Mapping[str, Schedule], title: str, *, money: str = "y", pad: int = 10
) -> None:
    """Set title, grid, currency and thousands separators; `money` is the axis of amounts."""
    from matplotlib import dates
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    currency = next(iter(drawn.values())).loan.currency
    label = "" if currency == "XXX" else currency
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", pad=pad)
    amounts = axes.yaxis if money == "y" else axes.xaxis
    amounts.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    amounts.set_major_locator(MaxNLocator(6))
    if money == "y":
        axes.set_ylabel(label)
        untyped: Any = dates
        locator = untyped.AutoDateLocator(minticks=3, maxticks=8)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(untyped.ConciseDateFormatter(locator))
    else:
        axes.set_xlabel(label)
    axes.grid(visible=True, axis="y" if money == "y" else "x", color="#d9d9d9", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", *(("left",) if money == "y" else ("bottom",))):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, labelsize=9)


def key(axes: Axes, used: Sequence[tuple[str, str]]) -> None:
    """Write the parts in their colours in a line above the axes, instead of a legend."""
    from matplotlib.artist import Artist
    from matplotlib.offsetbox import AnchoredOffsetbox, HPacker, TextArea

    if not used:
        return
    labels: list[Artist] = [
        TextArea(f"■ {part}", textprops={"color": colour, "fontsize": 9}) for part, colour in used
    ]
    packed = HPacker(children=labels, align="baseline", pad=0, sep=12)
    axes.add_artist(
        AnchoredOffsetbox(
            loc="lower left",
            child=packed,
            pad=0,
            borderpad=0,
            frameon=False,
            bbox_to_anchor=(0, 1.02),
            bbox_transform=axes.transAxes,
        )
    )


def limit_line(axes: Axes, amount: float) -> None:
    """Draw what is affordable as a line."""
    from matplotlib.patheffects import withStroke

    axes.axhline(amount, color=VERMILION, lw=1.1, ls="--")
    axes.annotate(
        f"affordable {amount:,.10g}",
        (1, amount),
        xycoords=("axes fraction", "data"),
        xytext=(0, 3),
        textcoords="offset points",
        ha="right",
        va="bottom",
        fontsize=9,
        color=VERMILION,
        path_effects=[withStroke(linewidth=2.5, foreground="white")],
    )


def crown(axes: Axes, days: npt.NDArray[Any], tops: npt.NDArray[np.float64]) -> None:
    """Write the amount on the largest bar."""
    place = int(np.argmax(tops))
    axes.annotate(
        f"{tops[place]:,.2f}".removesuffix(".00"),
        (shown(days)[place], float(tops[place])),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        fontsize=9,
    )
    axes.margins(y=0.12)


def label_lines(
    axes: Axes, curves: Mapping[str, tuple[npt.NDArray[Any], npt.NDArray[np.float64]]]
) -> None:
    """Write the name of each line where it is farthest from the others."""
    from matplotlib.patheffects import withStroke

    ends = [days[-1] for days, _ in curves.values()]
    starts = [days[0] for days, _ in curves.values()]
    grid = np.linspace(min(starts).astype(float), max(ends).astype(float), 240)[12:-12]
    heights = np.array([_height(days, owed, grid) for days, owed in curves.values()])
    span, taken = float(heights.max()) or 1.0, np.zeros((0, 2))
    halo = [withStroke(linewidth=2.5, foreground="white")]
    lines = axes.get_lines()[-len(curves) :]
    for row, (name, line) in enumerate(zip(curves, lines, strict=True)):
        days, owed = curves[name]
        if (
            len(owed) > 1 and owed[-2] > 0.25 * span
        ):  # it ends with a fall, beside which there is room
            axes.annotate(
                name,
                (shown(days[-1]), 0.12 * span),
                xytext=(-5, 0),
                textcoords="offset points",
                ha="right",
                color=line.get_color(),
                fontsize=9,
                path_effects=halo,
            )
            continue
        others = np.delete(heights, row, axis=0)
        apart = np.min(np.abs(others - heights[row]), axis=0) / span
        apart = np.where(heights[row] > 0.04 * span, apart, -1.0)
        for column, height in taken:
            near = np.abs(np.arange(len(grid)) - column) / len(grid) < 0.22
            low = np.abs(heights[row] / span - height) < 0.08
            apart = np.where(near & low, apart - 1, apart)
        place = int(np.argmax(apart))
        taken = np.vstack([taken, [place, heights[row][place] / span]])
        above = heights[row][place] >= others[:, place].max(initial=0)
        axes.annotate(
            name,
            (shown(np.datetime64(int(grid[place]), "D")), float(heights[row][place])),
            xytext=(4, 5) if above else (-4, -5),
            textcoords="offset points",
            ha="left" if above else "right",
            va="bottom" if above else "top",
            color=line.get_color(),
            fontsize=9,
            path_effects=halo,
        )


def _height(
    days: npt.NDArray[Any], owed: npt.NDArray[np.float64], grid: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    places = np.searchsorted(days.astype("datetime64[D]").astype(float), grid, side="right") - 1
    return np.where(places >= 0, owed[np.clip(places, 0, None)], 0.0)


def list_beside(axes: Axes) -> None:
    """List the lines beside the axes."""
    axes.legend(
        loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=8, handlelength=1.6
    )


def shown(days: object) -> Any:
    """Return days as they are, which matplotlib takes though its types do not say so."""
    return days
