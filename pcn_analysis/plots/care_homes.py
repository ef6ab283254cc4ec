"""Charts of care homes: what became of plans that were due, and who lives in which home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Patch

from pcn_analysis.plots.style import (
    DARK_BLUE,
    DARK_PINK,
    GREY,
    ORANGE,
    PALE,
    bare,
    chart,
    floats,
    lengths,
    name_rows,
)
from pcn_analysis.words import NOT_SHOWN, count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

STATES = {
    "in_time": ("in time", DARK_BLUE, "white"),
    "late": ("late", "#8FA9BF", "black"),
    "overdue": ("due, and not recorded", DARK_PINK, "white"),
    "not_yet_due": ("not yet due", PALE, "black"),
    "left_before": ("died or left before", GREY, "white"),
}
"""Columns of the table of timeliness as they are drawn: words, colour, and that of the number in it."""
ALIGNED = {"this network": DARK_BLUE, "another network": ORANGE, "no network": DARK_PINK, "not known": GREY}
ENOUGH = 0.04
"""Least share of the widest bar in which a number is written."""


@chart(height=lambda table: 2.4 + 0.7 * len(table), width=9.8)
def care_home_timeliness(table: ReleasedTable, ax: Axes) -> None:
    """Draw what became of the plan and the assessment of each stay, a bar each; what is not shown has no part."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    left, widest = np.zeros(len(frame)), float(sum(lengths(frame[name]) for name in STATES).max())
    for name, (words, colour, ink) in STATES.items():
        wide = lengths(frame[name])
        label = f"{words}{f' ({NOT_SHOWN})' if frame[name].isna().all() else ''}"
        ax.barh(frame.index, wide, left=left, color=colour, edgecolor="white", height=0.62, label=label)
        for row, value in enumerate(wide):
            if value > ENOUGH * widest:
                ax.text(left[row] + value / 2, row, count(value), ha="center", va="center", color=ink, fontsize=10)
        left = left + wide
    name_rows(ax, frame.index, frame["thing"])
    days = int(frame["working_days"].iloc[0])
    ax.set_title(f"Due within {days} working days of coming to a care home\n{table.about.title()}")
    bare(ax)
    ax.legend(loc="upper left", bbox_to_anchor=(-0.02, -0.02), ncols=5, fontsize=8.5, handlelength=1, columnspacing=1)


@chart(height=lambda table: 2.2 + 0.42 * len(table), width=9.8)
def care_home_residents(table: ReleasedTable, ax: Axes) -> None:
    """Draw the residents registered with the network by home, coloured by the network that the home is aligned to."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    colours = [ALIGNED[name] for name in frame["aligned"]]
    bars = ax.barh(frame.index, lengths(frame["people"]), color=colours, height=0.66)
    beds = ["" if np.isnan(one) else f", {one:.0f} beds" for one in floats(frame["beds"])]
    people = [count(value) for value in frame["people"]]
    words = [f"residents {NOT_SHOWN}" if value == NOT_SHOWN else value for value in people]
    ax.bar_label(bars, [f"{value}{more}" for value, more in zip(words, beds, strict=True)], padding=4, fontsize=9.5)
    names = frame["home"].where(frame["home"] != "not known", "home not known")
    name_rows(ax, frame.index, names)
    ax.set_title(f"Residents registered with the network, by care home\n{table.about.title()}")
    bare(ax)
    ax.margins(x=0.25)
    there = [name for name in ALIGNED if (frame["aligned"] == name).any()]
    handles = [Patch(facecolor=ALIGNED[name], label=f"aligned to {name}" if name != "not known" else "home not known")
               for name in there]  # fmt: skip
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(-0.02, -0.01), ncols=4, fontsize=9, handlelength=1.2)
