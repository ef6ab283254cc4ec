"""Cells: a row for each group, a column for each segment, a number in each, darker where it stands out."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgba

from pcn_analysis.plots.style import SHARES, floats, subject
from pcn_analysis.words import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

HIDDEN, HIDDEN_GREY = "×", "#D8DDE0"
"""How a value that is not shown is marked in a cell."""
ROOMY = 10
"""Most columns that are written in type of full size."""


def draw_groups(table: ReleasedTable, ax: Axes, by: str, title: str) -> None:
    """Draw the share of each segment in each group, the darker the higher it is within its segment."""
    frame = table.frame
    segments = list(dict.fromkeys(frame["segment"]))
    groups = frame[by].to_list()[:: len(segments)]  # by place, as two practices may share a name
    shares = floats(frame["share"]).reshape(len(groups), len(segments))
    largest = np.max(np.nan_to_num(shares), axis=0, keepdims=True)
    darkness = np.divide(np.nan_to_num(shares), largest, out=np.zeros_like(shares), where=largest > 0)
    draw_cells(ax, shares, darkness, groups, segments)
    ax.set_xlabel(f"Share of everyone in the row; darker where higher in its column; {HIDDEN} is not shown")
    ax.set_title(f"{title}\n{subject(table)}")


def draw_cells(ax: Axes, shares: np.ndarray, darkness: np.ndarray, rows: Sequence[str], columns: Sequence[str]) -> None:
    """Draw shares as cells.

    Parameters
    ----------
    ax
        Where to draw.
    shares
        By row and column; not a number where it is not shown.
    darkness
        From 0 to 1, in the same shape.
    rows, columns
        Their names.
    """
    colours = LinearSegmentedColormap.from_list("shares", SHARES)(darkness)
    colours[np.isnan(shares)] = to_rgba(HIDDEN_GREY)
    ax.imshow(colours, aspect="auto")
    crowded = len(columns) > ROOMY
    size = 7.5 if crowded else 9.5
    for (row, column), share in np.ndenumerate(shares):
        text = HIDDEN if np.isnan(share) else percent(share)
        ax.text(column, row, text, ha="center", va="center", fontsize=size, color=_readable(colours[row, column]))
    ax.set_yticks(range(len(rows)), rows)
    names = [textwrap.fill(name.replace("/", "/ "), 10 if crowded else 12) for name in columns]
    ax.set_xticks(range(len(columns)), names, fontsize=7 if crowded else 9)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.spines[:].set_visible(False)


def _readable(colour: np.ndarray) -> str:
    """Black or white, whichever stands out more: always at least 4.5 to 1 (WCAG 2.2, relative luminance)."""
    linear = np.where(colour[:3] <= 0.04045, colour[:3] / 12.92, ((colour[:3] + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004
    luminance = float(linear @ [0.2126, 0.7152, 0.0722])
    return "black" if (luminance + 0.05) ** 2 > 0.05 * 1.05 else "white"
