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

from repaylib.errors import ChoiceError, CountError, Phrase, TermsError, check_text, parse_items
from repaylib.measures.break_even import break_even, divergence_of
from repaylib.measures.cash_flows import schedule_of
from repaylib.measures.comparison import Comparison
from repaylib.measures.credit_costs import costs as costs_of
from repaylib.measures.reading.named_readings import Readings
from repaylib.money.rounding import as_integer
from repaylib.plots.instalments import instalments
from repaylib.plots.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    VERMILION,
    axes_for,
    crown,
    dress,
    key,
    label_lines,
    limit_line,
    list_beside,
    looks,
    shown,
)
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.settlement import Settlement
from repaylib.terms.loan import Loan

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["balances", "costs", "difference", "instalments", "payments"]

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

#: Parts of a payment, bottom to top: the columns, and the colour.
PARTS: dict[str, tuple[tuple[str, ...], str]] = {
    "principal": (("principal",), BLUE),
    "interest": (("interest",), ORANGE),
    "deferred interest": (("deferred_interest",), PURPLE),
    "fees": (("fee", "penalty"), GREEN),
    "tax": (("tax",), GREY),
}
MOST_LABELLED = 6  # lines that are labelled where they run; more have a list beside them


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
    axes = axes_for(ax)
    curves = {name: _owed(plan) for name, plan in drawn.items()}
    for (name, (days, owed)), colour, style in zip(
        curves.items(), *looks(len(curves)), strict=True
    ):
        axes.step(
            shown(days), owed, where="post", color=colour, linestyle=style, lw=1.8, label=name
        )
    dress(axes, drawn, "What is still owed")
    axes.set_ylim(bottom=0)
    if 1 < len(drawn) <= MOST_LABELLED:
        label_lines(axes, curves)
    elif len(drawn) > 1:
        list_beside(axes)
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
    name, last = list(drawn.items())[-1]
    axes = axes_for(ax)
    days, scale = last.columns["date"], 10.0**-last.loan.decimals
    paid = last.columns["out_of_pocket"] != 0
    gaps = np.diff(np.unique(days).astype("int64"))
    width = 0.72 * (float(np.median(gaps)) if len(gaps) else 30.0)
    base = np.zeros(len(days))
    used: list[tuple[str, str]] = []
    for part, (columns, colour) in PARTS.items():
        tall = np.sum([last.columns[column] for column in columns], axis=0).astype(float) * scale
        if part == "fees":
            no_money = last.columns["refund"] + last.columns["non_cash"]
            tall = np.maximum(tall - no_money.astype(float) * scale, 0)
        if not tall.any():
            continue
        axes.bar(
            shown(days[paid]), tall[paid], width, bottom=base[paid], color=colour, edgecolor="white",
            linewidth=0.4,
        )  # fmt: skip
        base += tall
        used.append((part, colour))
    title = "What is paid" if len(drawn) == 1 else f"What is paid: {name}"
    dress(axes, {name: last}, title, pad=22)
    key(axes, used)
    limit = affordable
    if limit is None and isinstance(plan, Comparison):
        limit = plan.affordable
    if limit is not None:
        limit_line(axes, last.loan.minor(limit, "affordable", least=0) * scale)
    crown(axes, days, base)
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
    axes = axes_for(ax, tall=max(2.0, 0.9 + 0.48 * len(drawn)))
    sums = [_costs(plan) for plan in drawn.values()]
    left = np.zeros(len(drawn))
    used: list[tuple[str, str]] = []
    places = np.arange(len(drawn))
    for part, colour in (("interest", ORANGE), ("fees", GREEN), ("tax", GREY)):
        wide = np.array([total[part] for total in sums])
        if not wide.any() and part != "interest":
            continue
        axes.barh(places, wide, 0.62, left=left, color=colour, edgecolor="white", linewidth=0.6)
        left += wide
        used.append((part, colour))
    dress(axes, drawn, "What it costs", money="x", pad=22)
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
    key(axes, used)
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
        raise CountError(
            "plans", len(drawn), "two plans or more", Phrase("write {}", "rp.compare(plan, other)")
        )
    axes = axes_for(ax)
    first, second = _which(drawn, one, "one"), _which(drawn, other, "other")
    divergence = divergence_of(list(drawn.values()))
    paid = [divergence.paid(drawn[name]) for name in (first, second)]
    days, ahead = _ahead(*paid)
    scale = 10.0 ** -drawn[first].loan.decimals
    more = ahead * scale
    # The last payment is a step, too: it is drawn on for a while.
    beyond = days[-1] + (days[-1] - days[0]) // 16 + np.timedelta64(1, "D")
    days, more = np.append(days, beyond), np.append(more, more[-1])
    for sign, colour in ((1, VERMILION), (-1, BLUE)):
        axes.fill_between(
            shown(days), 0, np.where(more * sign > 0, more, 0), step="post", color=colour, alpha=0.28,
            linewidth=0,
        )  # fmt: skip
    axes.step(shown(days), more, where="post", color=BLACK, lw=1.4)
    axes.axhline(0, color=BLACK, lw=0.8)
    dress(axes, drawn, f"{second}: paid so far, more or less than {first}")
    axes.margins(y=0.18)
    for edge, colour, word in ((1, VERMILION, "more"), (-1, BLUE, "less")):
        peak = int(np.argmax(more * edge))
        if more[peak] * edge > 0:
            axes.annotate(
                f"{abs(more[peak]):,.{drawn[first].loan.decimals}f} {word}",
                (shown(days)[peak], float(more[peak])),
                xytext=(0, 6 * edge),
                textcoords="offset points",
                color=colour,
                fontsize=9,
                ha="right" if peak > 0.7 * len(days) else "left",
                va="bottom" if edge > 0 else "top",
            )
    if (turn := break_even(*paid)) is not None:
        axes.axvline(shown(turn[0]), color=GREY, lw=0.9, ls=":")
        axes.annotate(
            f"even on {turn[0]}",
            (shown(turn[0]), 0.03),
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
            found = {plan.name: plan.schedule for plan in plans}
        case Readings() | Mapping():
            found = {check_text(name, "plans"): _meant(plan) for name, plan in plans.items()}
        case Schedule() | Loan() | Settlement():
            found = {"plan": _meant(plans)}
        case list() | tuple() if plans:
            found = {str(k): _meant(plan) for k, plan in enumerate(plans)}
        case _:
            found = {"plan": _meant(plans)}
    if not found:
        raise CountError("plans", 0, "one plan or more", Phrase("write {}", "plots.balances(plan)"))
    if names is None:
        return found
    hint = Phrase("write {}", 'names=["now", "new"]')
    given = parse_items(names, "names", "names, one a plan", hint)
    if len(given) != len(found):
        raise CountError("names", len(given), Phrase("{} names, one a plan", len(found)), hint)
    return dict(zip((check_text(name, "names") for name in given), found.values(), strict=True))


def _meant(plan: object) -> Schedule:
    if (schedule := schedule_of(plan)) is not None:
        return schedule
    raise TermsError(
        "plans", plan, "plans, or a comparison of them", Phrase("write {}", "plots.balances(plan)")
    )


def _which(drawn: Mapping[str, Schedule], wanted: str | int, parameter: str) -> str:
    names = list(drawn)
    if isinstance(wanted, str) and wanted in drawn:
        return wanted
    place = as_integer(wanted)
    if place is not None and -len(names) <= place < len(names):
        return names[place]
    listed = ", ".join(f'"{name}"' for name in names)
    raise ChoiceError(
        parameter,
        wanted,
        Phrase("one of {}", listed),
        Phrase("write {}", f'{parameter}="{names[0]}"'),
    )


def _owed(plan: Schedule) -> tuple[npt.NDArray[Any], npt.NDArray[np.float64]]:
    scale = 10.0**plan.loan.decimals
    start = np.array([plan.loan.start], dtype="datetime64[D]")
    owed = np.concatenate([[plan.program.principal], plan.columns["closing"].astype(float)])
    return np.concatenate([start, plan.columns["date"]]), owed / scale


def _costs(plan: Schedule) -> dict[str, float]:
    found = costs_of(plan)
    return {name: float(getattr(found, name)) for name in ("interest", "fees", "tax")}


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
