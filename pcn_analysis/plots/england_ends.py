"""Charts of networks at two ends, with those of one place between them, a row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from pcn_analysis.plots.england import short
from pcn_analysis.plots.style import DARK_BLUE, DARK_PINK, INK, TURQUOISE, chart, floats
from pcn_analysis.words import count, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable


def _ends_high(table: ReleasedTable) -> float:
    return 2.3 + 0.3 * len(table)


@chart(height=_ends_high, width=9.4)
def england_ends(table: ReleasedTable, ax: Axes) -> None:
    """Draw both ends of the ranking by localisation, the marked place between them, with networks of like size."""
    frame = table.frame
    rows = _rows(ax, frame, "end")
    local, similar = floats(frame["localisation"]), floats(frame["similar_localisation"])
    ax.hlines(rows, similar, local, color="#C3C9CC", linewidth=2)
    ax.plot(similar, rows, "|", color=INK, markersize=13, markeredgewidth=2)
    colours = np.where(frame["marked"], DARK_PINK, DARK_BLUE)
    ax.scatter(local, rows, color=colours, s=70, zorder=3, clip_on=False)
    for row, line in zip(rows, frame.itertuples(), strict=True):
        words = f"{percent(line.localisation)}; rank {count(line.rank)}; {count(line.patients)} patients"
        ax.annotate(words, (1.02, row), va="center", fontsize=9.5, annotation_clip=False)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel("Localisation")
    ax.grid(axis="x")
    ranked = count(frame["ranked"].iloc[0])
    ax.set_title(f"Both ends of the ranking of {ranked} networks by localisation\n{table.about.title()}")
    keys = [
        Line2D([], [], color=DARK_BLUE, marker="o", linestyle="", markersize=8, label="Localisation"),
        Line2D([], [], color=INK, marker="|", linestyle="", markersize=12, markeredgewidth=2,
               label="Networks of about its size, taken together"),
    ]  # fmt: skip
    ax.legend(handles=keys, loc="upper left", bbox_to_anchor=(0, -1.0 / _ends_high(table)), ncols=2, fontsize=9.5)


@chart(height=_ends_high, width=9.4)
def england_deprivation(table: ReleasedTable, ax: Axes) -> None:
    """Draw deprivation of a network's patients and of its ground as two marks, where they differ most."""
    frame = table.frame
    rows = _rows(ax, frame, "side")
    own, ground = floats(frame["score_registered"]), floats(frame["score_resident"])
    ax.hlines(rows, own, ground, color=np.where(ground > own, DARK_PINK, TURQUOISE), linewidth=2.4)
    ax.plot(own, rows, "o", color="white", markeredgecolor=INK, markersize=8, label="Its patients, wherever they live")
    ax.plot(ground, rows, "s", color=INK, markersize=7, label="Everyone registered who lives on its ground")
    ends = np.fmax(own, ground)
    for row, end, line in zip(rows, ends, frame.itertuples(), strict=True):
        difference = float(line.score_difference)
        ax.annotate(f"{difference:+.1f}".replace("-", "−"), (end, row), xytext=(9, 0), textcoords="offset points",
                    va="center", fontsize=9.5)  # fmt: skip
    ax.set_xlim(0, float(np.nanmax(ends)) * 1.1)
    ax.set_xlabel("Mean score of the Index of Multiple Deprivation; higher is more deprived")
    ax.grid(axis="x")
    ax.set_title(f"Where the ground differs most from the list in deprivation\n{table.about.title()}")
    ax.legend(loc="upper left", bbox_to_anchor=(0, -1.0 / _ends_high(table)), ncols=2, fontsize=9.5)


def _rows(ax: Axes, frame: pd.DataFrame, by: str) -> np.ndarray:
    """Heights of rows in groups one below another, each group with its name above; rows are named on the axis."""
    group = (frame[by] != frame[by].shift()).cumsum().to_numpy()
    rows = -(np.arange(len(frame)) + 1.5 * (group - 1))
    for first in np.flatnonzero(np.diff(group, prepend=0)):
        label = str(frame[by].iloc[first])
        ax.annotate(
            label[:1].upper() + label[1:], (0.005, rows[first] + 0.85), xycoords=("axes fraction", "data"), va="center",
            fontsize=10, fontweight="bold", bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip
    homes = ["" if marked else f" ({home})" for marked, home in zip(frame["marked"], frame["home"], strict=True)]
    ax.set_yticks(rows, [short(name) + home for name, home in zip(frame["pcn_name"], homes, strict=True)], fontsize=9.5)
    ax.set_ylim(rows[-1] - 0.7, 1.4)
    return rows
