"""Charts of early cancer diagnosis: screening and what came of referrals in funnel limits, and urgent referrals."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.ticker import PercentFormatter

from pcn_analysis.plots.style import DARK_BLUE, DARK_PINK, GREY, INK, PALE, TURQUOISE, WIDE, chart, floats
from pcn_analysis.release import check_released
from pcn_analysis.words import NOT_SHOWN, count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

TITLES = {"screening": "Screening by practice", "urgent referrals": "What came of urgent referrals, by practice"}
"""What a figure is called, by the part of the table of funnels that it draws."""
MIDDLE = "#C9D2D8"
"""Colour of 95% limits."""
LOOK = {"above": (DARK_PINK, "^"), "below": (TURQUOISE, "v"), "": (DARK_BLUE, "o")}
"""Colour and marker of a practice beyond a limit, on either side, and within the limits."""
MOST_ACROSS, INTERVALS = 3, 5
"""Panels in one row, and intervals between the ticks of each where there are so many."""
LETTERS = {1: 88, 2: 44, 3: 36}
"""Letters in a line of the title of a panel, by how many are beside each other."""


def screening_of(table: ReleasedTable) -> ReleasedTable:
    """Funnels of screening."""
    check_released(table)
    return table.followed_by(lambda frame: frame[frame["part"] == "screening"])


def pathways_of(table: ReleasedTable) -> ReleasedTable:
    """Funnels of what came of urgent referrals."""
    check_released(table)
    return table.followed_by(lambda frame: frame[frame["part"] == "urgent referrals"])


def panels(frame: pd.DataFrame) -> list[str]:
    """Measures that have a panel, in order."""
    return list(dict.fromkeys(frame["measure"]))


def _across(names: list[str]) -> int:
    """Panels beside each other: all of up to three, else two."""
    return len(names) if len(names) <= MOST_ACROSS else 2


def side(position: Any) -> str:
    """On which side of its limits a practice lies: above, below, or neither.

    Examples
    --------
    >>> side("above the 95% limit"), side("within the limits"), side(None)
    ('above', '', '')
    """
    first = "" if pd.isna(position) else str(position).split(maxsplit=1)[0]
    return first if first in LOOK else ""


BETWEEN = 1.1
"""Inches between the bars of a panel and those below, for its title and axis."""


def cancer_screening(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw the uptake of each practice as a mark on its funnel limits, a panel for each screening programme.

    A practice beyond its limits by chance alone has another shape and colour.
    """
    return _funnels(screening_of(table), ax)


def cancer_pathway_funnels(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw conversion, detection and FIT of each practice as :func:`cancer_screening`, a panel for each of them."""
    return _funnels(pathways_of(table), ax)


def _high(table: ReleasedTable) -> float:
    names = panels(table.frame)
    rows = -(-len(names) // _across(names))
    return 1.9 + rows * (BETWEEN + 0.3 * table.frame["practice_name"].nunique())


@chart(height=_high, width=WIDE + 1)
def _funnels(table: ReleasedTable, ax: Axes) -> None:
    frame, names = table.frame, panels(table.frame)
    practices = list(dict.fromkeys(frame["practice_name"]))
    across = _across(names)
    down, wide = -(-len(names) // across), 1.02 / across
    ax.set_axis_off()
    ax.set_title(f"{TITLES[frame['part'].iloc[0]]}, within funnel limits around the network\n{table.about.title()}")
    for number, name in enumerate(names):
        row, column = divmod(number, across)
        high = 0.3 * len(practices) / (BETWEEN + 0.3 * len(practices)) / down
        place = (0.02 + column * wide, 1 - row / down - 0.5 * (1 / down - high) - high, wide - 0.06, high)
        panel = ax.inset_axes(place)
        rows = frame[frame["measure"] == name].set_index("practice_name").reindex(practices)
        _panel(panel, rows, textwrap.fill(name, LETTERS[across]))
        if across == MOST_ACROSS:
            panel.locator_params(axis="x", nbins=INTERVALS)
        panel.set_yticks(range(len(practices)), practices if not column else [""] * len(practices), fontsize=9)
    together = "the network" if frame["share"].notna().all() else "all practices with a number"
    limits = f"Grey: 95% and, paler, 99.8% limits by chance alone; line: {together}."
    ax.text(0, -0.03, f"{limits} ▲ above, ▼ below its limits.",
            transform=ax.transAxes, va="top", fontsize=9, color=GREY)  # fmt: skip


def _panel(panel: Axes, rows: pd.DataFrame, title: str) -> None:
    """One measure: limits as bars behind, shares as marks, the network as a line; no limits where there is no share."""
    at, share, known = np.arange(len(rows)), floats(rows["share"]), rows["share"].notna()
    for limits, colour in (("998", PALE), ("95", MIDDLE)):
        lower, upper = (floats(rows[f"{end}_{limits}"].where(known)) for end in ("lower", "upper"))
        panel.barh(at, upper - lower, left=lower, color=colour, height=0.8)
    panel.axvline(float(rows["baseline"].dropna().iloc[0]) if rows["baseline"].notna().any() else np.nan,
                  color=INK, linewidth=1)  # fmt: skip
    for which, (colour, marker) in LOOK.items():
        chosen = np.array([side(position) == which for position in rows["position"]])
        panel.plot(share[chosen], at[chosen], marker, color=colour, markersize=7)
    for place in at[np.isnan(share)]:
        panel.text(0.02, place, rows["percentage"].iloc[place], va="center", fontsize=8.5, color=GREY,
                   transform=panel.get_yaxis_transform())  # fmt: skip
    panel.set_title(title, fontsize=10, fontweight="normal", pad=5)
    panel.set_ylim(len(rows) - 0.4, -0.6)
    panel.xaxis.set_major_formatter(PercentFormatter(1))
    panel.tick_params(axis="x", labelsize=8.5)
    panel.tick_params(axis="y", length=0)
    panel.spines["left"].set_visible(False)
    panel.grid(axis="x")


def cancer_referrals(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw people referred urgently for each 100,000 by practice, with 95% limits and the network as a line.

    There is no figure where no practice has a number.
    """
    check_released(table)
    return _referrals(table, ax) if len(table) and table.frame["rate"].notna().any() else None


@chart(height=lambda table: 1.9 + 0.36 * len(table), width=WIDE)
def _referrals(table: ReleasedTable, ax: Axes) -> None:
    together, frame = table.frame.iloc[0], table.frame.iloc[1:].reset_index(drop=True)
    at, rate = np.arange(len(frame)), floats(frame["rate"])
    lower, upper = (floats(frame[name]) for name in ("lower_95", "upper_95"))
    ax.axvline(float(together["rate"]), color=INK, linewidth=1)
    for which, (colour, marker) in LOOK.items():
        chosen = np.array([side(position) == which for position in frame["position"]], dtype=bool)
        error = np.clip([(rate - lower)[chosen], (upper - rate)[chosen]], 0, None)
        ax.errorbar(rate[chosen], at[chosen], xerr=error, fmt=marker, color=colour, markersize=7)
    for place in at[np.isnan(rate)]:
        ax.text(0.01, place, NOT_SHOWN, va="center", fontsize=9, color=GREY, transform=ax.get_yaxis_transform())
    ax.set_yticks(at, frame["practice_name"])
    ax.set_ylim(len(frame) - 0.4, -0.6)
    ax.set_xlim(left=0)
    ax.xaxis.set_major_formatter(lambda value, _: count(value))
    ax.set_xlabel("People referred for each 100,000 registered, crude, with 95% limits; line: all practices")
    ax.set_title(f"Urgently referred with suspected cancer in 12 months\n{table.about.title()}")
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
