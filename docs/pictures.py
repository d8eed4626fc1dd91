"""Pictures of payments, drawn as SVG from real schedules when the pages are built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from html import escape
from pathlib import Path

import repaylib as rp

__all__ = ["draw_all", "payment_bars"]

#: Parts of a payment, bottom to top, in colours that remain apart for the colour-blind
#: (Okabe and Ito's palette).
PARTS = {
    "principal": "#0072b2",
    "interest": "#e69f00",
    "deferred_interest": "#cc79a7",
    "fee": "#009e73",
}
WIDTH, PANEL, TOP, LEFT = 720, 130, 26, 64
FONT = 'font-family="sans-serif" font-size="12"'


def payment_bars(title: str, plans: Mapping[str, rp.Schedule]) -> str:
    """Return stacked bars, a panel for each plan and a bar for each row, on common axes."""
    rows = max(len(plan) for plan in plans.values())
    top = max(plan.largest_payment for plan in plans.values())
    height = TOP + len(plans) * (PANEL + 34) + 24
    step = (WIDTH - LEFT - 12) / max(rows, 6)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
    ]
    base = TOP
    for name, plan in plans.items():
        base += PANEL
        summary = (
            f"{name}: {plan.total_paid:,f} in all, largest {plan.largest_payment:,f}, "
            f"until {plan.maturity}"
        )
        out.append(f'<text x="{LEFT}" y="{base - PANEL + 2}" {FONT}>{escape(summary)}</text>')
        out += _bars(plan, base, step, top)
        base += 34
    x = float(LEFT)
    for part, colour in PARTS.items():
        if any(plan.columns[part].any() for plan in plans.values()):
            label = part.replace("_", " ")
            out.append(f'<rect x="{x}" y="{height - 20}" width="12" height="12" fill="{colour}"/>')
            out.append(f'<text x="{x + 17}" y="{height - 10}" {FONT}>{label}</text>')
            x += 40 + 8 * len(label)
    return "\n".join([*out, "</svg>", ""])


def _bars(plan: rp.Schedule, base: float, step: float, top: Decimal) -> list[str]:
    scale = float(PANEL - 22) / float(top)
    out = [
        f'<line x1="{LEFT}" x2="{WIDTH - 12}" y1="{base}" y2="{base}" stroke="#444444"/>',
        f'<text x="{LEFT - 6}" y="{base}" text-anchor="end" {FONT}>0</text>',
        f'<text x="{LEFT - 6}" y="{base - float(top) * scale + 8:.1f}" text-anchor="end" {FONT}>'
        f"{top:,.0f}</text>",
    ]
    for place, row in enumerate(plan):
        x, y = LEFT + 4 + place * step, base
        for part, colour in PARTS.items():
            tall = float(getattr(row, part)) * scale
            if tall:
                y -= tall
                out.append(
                    f'<rect x="{x:.1f}" y="{y:.1f}" width="{step * 0.8:.1f}" '
                    f'height="{tall:.1f}" fill="{colour}"/>'
                )
        label = str(row.number or "·")
        middle = x + step * 0.4
        out.append(
            f'<text x="{middle:.1f}" y="{base + 14}" text-anchor="middle" {FONT}>{label}</text>'
        )
    return out


def _instalments() -> dict[str, rp.Schedule]:
    plan = _plan()
    return {"as agreed": plan, "12 new instalments": rp.reschedule(plan, 12, payment=4)}


def _deferral() -> dict[str, rp.Schedule]:
    plan = _plan()
    return {
        "with the next instalment": rp.defer(plan, payment=4),
        "spread": rp.defer(plan, payment=4, repay="spread"),
        "this instalment only": rp.defer(plan, payment=4, scope="instalment"),
    }


def _rate_cut() -> dict[str, rp.Schedule]:
    plan = _plan()
    return {"as agreed": plan, "8% from instalment 4": rp.change_rate(plan, "8%", payment=4)}


def _interest_free() -> dict[str, rp.Schedule]:
    plan = _plan()
    return {"as agreed": plan, "interest-free": rp.defer(plan, payment=4, interest="waive")}


def _settlement() -> dict[str, rp.Schedule]:
    plan = _plan()
    return {"as agreed": plan, "settled": rp.settle(plan, on="2024-07-25", fee="1%").schedule}


def _prepayment() -> dict[str, rp.Schedule]:
    plan = _plan()
    return {
        hold: rp.prepay(plan, "2000", with_payment=3, hold=hold)
        for hold in ("payment", "maturity", "last", "next")
    }


def _methods() -> dict[str, rp.Schedule]:
    return {
        method: rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", method=method))
        for method in ("level", "equal_principal")
    }


def _plan() -> rp.Schedule:
    return rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))


DRAWINGS: dict[str, tuple[str, Callable[[], dict[str, rp.Schedule]]]] = {
    "methods": ("Payments by method", _methods),
    "instalments": ("Nine instalments left become twelve", _instalments),
    "deferral": ("Three readings of one month's deferral", _deferral),
    "rate_cut": ("A rate cut", _rate_cut),
    "interest_free": ("An interest-free deferral", _interest_free),
    "settlement": ("An early settlement", _settlement),
    "prepayment": ("A prepayment, by what is held", _prepayment),
}


def draw_all(folder: Path) -> None:
    """Write all pictures as SVG files into `folder`."""
    folder.mkdir(exist_ok=True)
    for name, (title, plans) in DRAWINGS.items():
        (folder / f"{name}.svg").write_text(payment_bars(title, plans()), encoding="utf-8")
