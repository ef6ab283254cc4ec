"""Chart of a rota of enhanced access: minutes offered by day and half hour, and where somebody lacks."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from pcn_analysis.plots.style import DARK_PINK, INK, ORANGE, SHARES, WIDE, chart, floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

PALE_TO_DARK = LinearSegmentedColormap.from_list("minutes", SHARES[:5])
HALF_HOUR, GAP = 30, 0.6
"""Minutes of a row, and the room, in rows, where some are left out."""
DARK = 0.55
"""Darkness from which a number is written in white."""


@chart(height=lambda table: 2.3 + 0.32 * table.frame["time"].nunique(), width=WIDE)
def enhanced_access_week(table: ReleasedTable, ax: Axes) -> None:
    """Draw the minutes offered a week as cells, a column a day and a row a half hour.

    Half hours outside Network Standard Hours are hatched; one of these is marked where in some week nobody works, or no
    GP does.
    """
    frame = table.frame
    days, times = list(dict.fromkeys(frame["day"])), sorted(set(frame["time"]))
    rows = _rows(times)
    minutes, most = floats(frame["minutes"]), max(1.0, float(floats(frame["minutes"]).max()))
    for one, value in zip(frame.itertuples(index=False), minutes, strict=True):
        x, y, depth = days.index(one.day), rows[times.index(one.time)], value / most
        standard = one.standard == "yes"
        ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=PALE_TO_DARK(depth), edgecolor="white", linewidth=1))
        ink = "white" if depth > DARK else "black"
        ax.text(x, y, f"{value:,.0f}", ha="center", va="center", fontsize=9, color=ink)
        if standard and one.weeks_covered < one.weeks:
            ax.plot(x + 0.36, y, marker="X", color=DARK_PINK, markeredgecolor="white", markersize=9)
        elif standard and one.weeks_with_gp < one.weeks:
            ax.plot(x + 0.36, y, marker="D", color=ORANGE, markeredgecolor="white", markersize=8)
        if not standard:
            ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, hatch="//", edgecolor="#9AA5AA", linewidth=0))
    ax.set_xlim(-0.5, len(days) - 0.5)
    ax.set_ylim(rows[-1] + 0.5, -0.5)
    ax.set_xticks(range(len(days)), days)
    ax.set_yticks(rows, times, fontsize=9)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.spines[:].set_visible(False)
    _keys(ax, hatched=bool((frame["standard"] != "yes").any()))
    ax.set_title(f"Minutes offered a week outside core hours, by half hour\n{table.about.title()}")


def _rows(times: list[str]) -> list[float]:
    """Where each half hour is drawn, with room where the half hours between two are left out."""
    minutes = [int(one[:2]) * 60 + int(one[3:]) for one in times]
    gaps = [0.0, *(float(later - earlier > HALF_HOUR) for earlier, later in itertools.pairwise(minutes))]
    return [place + GAP * room for place, room in enumerate(itertools.accumulate(gaps))]


def _keys(ax: Axes, *, hatched: bool) -> None:
    marks = [("X", DARK_PINK, "in some week nobody works"), ("D", ORANGE, "in some week no GP works")]
    handles: list = [
        Line2D([], [], marker=marker, color=colour, linestyle="", markersize=9, label=words)
        for marker, colour, words in marks
    ]
    if hatched:
        words = "not known, or outside Network Standard Hours"
        handles.append(Rectangle((0, 0), 1, 1, fill=False, hatch="//", edgecolor=INK, linewidth=0, label=words))
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(-0.02, -0.01), ncols=3, fontsize=9, handlelength=1.2)
