"""Pictures of plans: what is owed, what is paid, what it costs, and when one overtakes another.

Every function takes a schedule, a loan, a settlement, a comparison, the readings of a deferral, or
schedules by name, draws on the ``Axes`` given or on new ones, and returns them. Needs the extra
``plot``.

Colours are those of Okabe and Ito, which remain apart for the colour-blind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from repaylib.comparison import Comparison, Readings
from repaylib.errors import ChoiceError, CountError, ExtraError, TermsError
from repaylib.flows import schedule_of
from repaylib.loan import Loan
from repaylib.parting import break_even, paid_since, parting
from repaylib.schedule import Schedule
from repaylib.settlement import Settlement

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["balances", "costs", "difference", "payments"]

#: What is drawn: one plan, or several by name.
Drawn = (
    Schedule
    | Loan
    | Settlement
    | Comparison
    | Readings
    | Mapping[str, Schedule]
    | Sequence[Schedule | Settlement]
)

BLUE, VERMILION, GREEN, PURPLE = "#0072b2", "#d55e00", "#009e73", "#cc79a7"
ORANGE, SKY, BLACK, GREY = "#e69f00", "#56b4e9", "#000000", "#7f7f7f"
LINES = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)
STYLES = ("-", "--", "-.")

#: Parts of a payment, bottom to top: the columns, and the colour.
PARTS: dict[str, tuple[tuple[str, ...], str]] = {
    "principal": (("principal",), BLUE),
    "interest": (("interest",), ORANGE),
    "deferred interest": (("deferred_interest",), PURPLE),
    "fees": (("fee", "penalty"), GREEN),
    "tax": (("tax",), GREY),
}
MOST_LABELLED = 6  # lines that are labelled where they run; more have a list beside them
FIGURE = (7.6, 4.2)


def balances(plans: Drawn, ax: Axes | None = None, *, names: Sequence[str] | None = None) -> Axes:
    """Draw what is owed over time, a line a plan.

    Parameters
    ----------
    plans
        What to draw.
    ax
        Where; by default on a new figure.
    names
        Names of the plans, if they have none of their own.

    Returns
    -------
    matplotlib.axes.Axes
        The axes.

    Raises
    ------
    RepayError
        If matplotlib is not installed, or there is nothing to draw.

    Examples
    --------
    >>> import repaylib as rp
    >>> from repaylib import plots
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", currency="EUR"))
    >>> plots.balances(plan).get_ylabel()
    'EUR'
    """
    drawn = _named(plans, names)
    axes = _axes(ax)
    curves = {name: _owed(plan) for name, plan in drawn.items()}
    for (name, (days, owed)), colour, style in zip(
        curves.items(), *_looks(len(curves)), strict=True
    ):
        axes.step(
            _shown(days), owed, where="post", color=colour, linestyle=style, lw=1.8, label=name
        )
    _dress(axes, drawn, "What is still owed")
    axes.set_ylim(bottom=0)
    if 1 < len(drawn) <= MOST_LABELLED:
        _label_lines(axes, curves)
    elif len(drawn) > 1:
        _list_beside(axes)
    return axes


def payments(
    plan: Drawn,
    ax: Axes | None = None,
    *,
    affordable: Any = None,
    names: Sequence[str] | None = None,
) -> Axes:
    """Draw each payment as a bar, by its parts.

    Parameters
    ----------
    plan
        One plan; of several, the last is drawn.
    ax
        Where; by default on a new figure.
    affordable
        What can be paid on one day, drawn as a line; by default that of a comparison.
    names
        Names of the plans, if they have none of their own.

    Returns
    -------
    matplotlib.axes.Axes
        The axes.

    Examples
    --------
    >>> import repaylib as rp
    >>> from repaylib import plots
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> plots.payments(rp.defer(plan, payment=4)).get_title(loc="left")
    'What is paid'
    """
    drawn = _named(plan, names)
    name, shown = list(drawn.items())[-1]
    axes = _axes(ax)
    days, scale = shown.columns["date"], 10.0**-shown.loan.decimals
    paid = shown.columns["payment"] != 0
    gaps = np.diff(np.unique(days).astype("int64"))
    width = 0.72 * (float(np.median(gaps)) if len(gaps) else 30.0)
    base = np.zeros(len(days))
    used: list[tuple[str, str]] = []
    for part, (columns, colour) in PARTS.items():
        tall = np.sum([shown.columns[each] for each in columns], axis=0).astype(float) * scale
        if part == "fees":
            tall = np.maximum(tall - shown.columns["refund"].astype(float) * scale, 0)
        if not tall.any():
            continue
        axes.bar(
            _shown(days[paid]), tall[paid], width, bottom=base[paid], color=colour, edgecolor="white",
            linewidth=0.4,
        )  # fmt: skip
        base += tall
        used.append((part, colour))
    title = "What is paid" if len(drawn) == 1 else f"What is paid: {name}"
    _dress(axes, {name: shown}, title, pad=22)
    _key(axes, used)
    limit = affordable
    if limit is None and isinstance(plan, Comparison):
        limit = plan.affordable
    if limit is not None:
        _limit(axes, shown.loan.minor(limit, "affordable", least=0) * scale)
    _crown(axes, days, base)
    return axes


def costs(plans: Drawn, ax: Axes | None = None, *, names: Sequence[str] | None = None) -> Axes:
    """Draw what each plan costs in all, a bar a plan, by its parts.

    Parameters
    ----------
    plans, ax, names
        As for :func:`balances`.

    Returns
    -------
    matplotlib.axes.Axes
        The axes.

    Examples
    --------
    >>> import repaylib as rp
    >>> from repaylib import plots
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> axes = plots.costs(rp.compare(plan, rp.reschedule(plan, 12, payment=4)))
    >>> [label.get_text() for label in axes.get_yticklabels()]
    ['as agreed', '12 instalments']
    """
    drawn = _named(plans, names)
    axes = _axes(ax, tall=max(2.0, 0.9 + 0.48 * len(drawn)))
    sums = [_costs(plan) for plan in drawn.values()]
    left = np.zeros(len(drawn))
    used: list[tuple[str, str]] = []
    places = np.arange(len(drawn))
    for part, colour in (("interest", ORANGE), ("fees", GREEN), ("tax", GREY)):
        wide = np.array([each[part] for each in sums])
        if not wide.any() and part != "interest":
            continue
        axes.barh(places, wide, 0.62, left=left, color=colour, edgecolor="white", linewidth=0.6)
        left += wide
        used.append((part, colour))
    _dress(axes, drawn, "What it costs", money="x", pad=22)
    axes.set_yticks(places, list(drawn))
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.14)
    axes.set_xlim(left=min(0.0, float(left.min())))
    decimals = next(iter(drawn.values())).loan.decimals
    for place, total in zip(places, left, strict=True):
        axes.annotate(
            f"{total:,.{decimals}f}",
            (float(total), float(place)),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
    _key(axes, used)
    return axes


def difference(
    plans: Drawn,
    ax: Axes | None = None,
    *,
    one: str | int = 0,
    other: str | int = -1,
    names: Sequence[str] | None = None,
) -> Axes:
    """Draw how much more one plan has paid than another, over time, and when that turns.

    Parameters
    ----------
    plans, ax, names
        As for :func:`balances`; two plans or more.
    one, other
        Which two, by name or by place: above the line, `other` has paid more than `one`.

    Returns
    -------
    matplotlib.axes.Axes
        The axes.

    Examples
    --------
    >>> import repaylib as rp
    >>> from repaylib import plots
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> axes = plots.difference(rp.compare(plan, rp.reschedule(plan, 12, payment=4)))
    >>> [text.get_text().split()[0] for text in axes.texts if "even" in text.get_text()]
    ['even']
    """
    drawn = _named(plans, names)
    if len(drawn) < 2:
        raise CountError("plans", len(drawn), "two plans or more", "write rp.compare(plan, other)")
    axes = _axes(ax)
    first, second = _which(drawn, one, "one"), _which(drawn, other, "other")
    base = next(iter(drawn.values()))
    since = parting(list(drawn.values()))
    paid = [paid_since(drawn[name], base, since) for name in (first, second)]
    days, ahead = _ahead(*paid)
    scale = 10.0 ** -drawn[first].loan.decimals
    more = ahead * scale
    # The last payment is a step, too: it is drawn on for a while.
    beyond = days[-1] + (days[-1] - days[0]) // 16 + np.timedelta64(1, "D")
    days, more = np.append(days, beyond), np.append(more, more[-1])
    for sign, colour in ((1, VERMILION), (-1, BLUE)):
        axes.fill_between(
            _shown(days), 0, np.where(more * sign > 0, more, 0), step="post", color=colour, alpha=0.28,
            linewidth=0,
        )  # fmt: skip
    axes.step(_shown(days), more, where="post", color=BLACK, lw=1.4)
    axes.axhline(0, color=BLACK, lw=0.8)
    _dress(axes, drawn, f"{second}: paid so far, more or less than {first}")
    axes.margins(y=0.18)
    for edge, colour, word in ((1, VERMILION, "more"), (-1, BLUE, "less")):
        peak = int(np.argmax(more * edge))
        if more[peak] * edge > 0:
            axes.annotate(
                f"{abs(more[peak]):,.{drawn[first].loan.decimals}f} {word}",
                (_shown(days)[peak], float(more[peak])),
                xytext=(0, 6 * edge),
                textcoords="offset points",
                color=colour,
                fontsize=9,
                ha="right" if peak > 0.7 * len(days) else "left",
                va="bottom" if edge > 0 else "top",
            )
    if (turn := break_even(*paid)) is not None:
        axes.axvline(_shown(turn[0]), color=GREY, lw=0.9, ls=":")
        axes.annotate(
            f"even on {turn[0]}",
            (_shown(turn[0]), 0.03),
            xycoords=("data", "axes fraction"),
            xytext=(-5, 0),
            textcoords="offset points",
            ha="right",
            va="bottom",
            fontsize=9,
            color="#444444",
        )
    return axes


# -- what is drawn --------------------------------------------------------------------------


def _named(plans: object, names: Sequence[str] | None) -> dict[str, Schedule]:
    """Return schedules by name."""
    found: dict[str, Schedule] = {}
    match plans:
        case Comparison():
            found = {each.name: each.schedule for each in plans}
        case Readings() | Mapping():
            found = {str(name): _meant(plan) for name, plan in plans.items()}
        case Schedule() | Loan() | Settlement():
            found = {"plan": _meant(plans)}
        case list() | tuple():
            compared = Comparison({str(k): _meant(plan) for k, plan in enumerate(plans)}, None)
            found = {each.name: each.schedule for each in compared}
        case _:
            found = {"plan": _meant(plans)}
    if not found:
        raise CountError("plans", 0, "one plan or more", "write plots.balances(plan)")
    if names is None:
        return found
    if isinstance(names, str) or len(names) != len(found):
        count = 1 if isinstance(names, str) else len(names)
        raise CountError(
            "names", count, f"{len(found)} names, one a plan", 'write names=["now", "new"]'
        )
    return dict(zip(map(str, names), found.values(), strict=True))


def _meant(plan: object) -> Schedule:
    if (schedule := schedule_of(plan)) is not None:
        return schedule
    raise TermsError("plans", plan, "plans, or a comparison of them", "write plots.balances(plan)")


def _which(drawn: Mapping[str, Schedule], wanted: str | int, parameter: str) -> str:
    names = list(drawn)
    if isinstance(wanted, str) and wanted in drawn:
        return wanted
    if isinstance(wanted, int) and -len(names) <= wanted < len(names):
        return names[wanted]
    listed = ", ".join(f'"{name}"' for name in names)
    raise ChoiceError(parameter, wanted, f"one of {listed}", f'write {parameter}="{names[0]}"')


def _owed(plan: Schedule) -> tuple[npt.NDArray[Any], npt.NDArray[np.float64]]:
    scale = 10.0**-plan.loan.decimals
    start = np.array([plan.loan.start], dtype="datetime64[D]")
    owed = np.concatenate([[plan._program.principal], plan.columns["closing"].astype(float)])
    return np.concatenate([start, plan.columns["date"]]), owed * scale


def _costs(plan: Schedule) -> dict[str, float]:
    return {
        "interest": float(plan.total_interest),
        "fees": float(plan.total_fees - plan.total_refunded),
        "tax": float(plan.total_tax),
    }


def _ahead(
    one: Sequence[tuple[date, int]], other: Sequence[tuple[date, int]]
) -> tuple[npt.NDArray[Any], npt.NDArray[np.float64]]:
    """Return by day how much more the other has paid so far."""
    steps: dict[date, int] = {}
    for sign, paid in ((-1, one), (1, other)):
        for day, amount in paid:
            steps[day] = steps.get(day, 0) + sign * amount
    days = sorted(steps)
    total = np.cumsum([float(steps[day]) for day in days])
    return np.array(days, dtype="datetime64[D]"), total


# -- how it looks ---------------------------------------------------------------------------


def _axes(ax: Axes | None, tall: float = FIGURE[1]) -> Axes:
    if ax is not None:
        return ax
    try:
        from matplotlib import pyplot
    except ModuleNotFoundError as error:
        raise ExtraError(
            "plots",
            "no matplotlib",
            "matplotlib to be installed",
            "pip install 'repaylib[plot]'",
        ) from error
    _, axes = pyplot.subplots(figsize=(FIGURE[0], tall), layout="constrained")
    return axes


def _looks(count: int) -> tuple[list[str], list[str]]:
    colours = [LINES[k % len(LINES)] for k in range(count)]
    return colours, [STYLES[k // len(LINES) % len(STYLES)] for k in range(count)]


def _dress(
    axes: Axes, drawn: Mapping[str, Schedule], title: str, *, money: str = "y", pad: int = 10
) -> None:
    """Set title, grid, currency and thousands separators; `money` is the axis of amounts."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    currency = next(iter(drawn.values())).loan.currency
    label = "" if currency == "XXX" else currency
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", pad=pad)
    amounts = axes.yaxis if money == "y" else axes.xaxis
    amounts.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    amounts.set_major_locator(MaxNLocator(6))
    if money == "y":
        axes.set_ylabel(label)
        locator = AutoDateLocator(minticks=3, maxticks=8)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    else:
        axes.set_xlabel(label)
    axes.grid(visible=True, axis="y" if money == "y" else "x", color="#d9d9d9", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", *(("left",) if money == "y" else ("bottom",))):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, labelsize=9)


def _key(axes: Axes, used: Sequence[tuple[str, str]]) -> None:
    """Write the parts in their colours in a line above the axes, instead of a legend."""
    from matplotlib.offsetbox import AnchoredOffsetbox, HPacker, TextArea

    if not used:
        return
    words = [
        TextArea(f"■ {part}", textprops={"color": colour, "fontsize": 9}) for part, colour in used
    ]
    packed = HPacker(children=words, align="baseline", pad=0, sep=12)
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


def _limit(axes: Axes, amount: float) -> None:
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


def _crown(axes: Axes, days: npt.NDArray[Any], tops: npt.NDArray[np.float64]) -> None:
    """Write the amount on the largest bar."""
    place = int(np.argmax(tops))
    axes.annotate(
        f"{tops[place]:,.2f}".removesuffix(".00"),
        (_shown(days)[place], float(tops[place])),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        fontsize=9,
    )
    axes.margins(y=0.12)


def _label_lines(
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
                (_shown(days[-1]), 0.12 * span),
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
            (_shown(np.datetime64(int(grid[place]), "D")), float(heights[row][place])),
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


def _list_beside(axes: Axes) -> None:
    axes.legend(
        loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=8, handlelength=1.6
    )


def _shown(days: object) -> Any:
    """Return days as they are, which matplotlib takes though its types do not say so."""
    return days
