"""Charts of segments held against another model and against time."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis.plots.cells import HIDDEN, draw_cells
from pcn_analysis.plots.style import DARK_BLUE, DARK_PINK, GREY, INK, PALE, TURQUOISE, chart, floats, lengths
from pcn_analysis.words import count, number, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

COLOURS = (PALE, DARK_PINK, TURQUOISE, GREY, INK)
"""Of those who stayed, moved up, moved down, left and died."""
LIGHT = (PALE, TURQUOISE)
"""Colours that are written on in dark type."""
LEAST_WRITTEN = 0.045
"""Least share that is written into its part of a bar."""
IN_A_ROW = 3
"""Projected segments beside one another."""
WIDE, HIGH = 1.26, 1.72
"""From one projected segment to the next, where each is 1 wide and 1 high."""


def models_crossed(table: ReleasedTable, one: str, other: str, ax: Axes | None = None) -> Axes | None:
    """Draw where the people of each segment of one model are in another, a cell for each pair.

    Parameters
    ----------
    table
        People by the segment of both.
    one, other
        Titles of the models.
    ax
        Where to draw.
    """

    @chart(height=lambda table: 2.9 + 0.42 * table.frame["segment"].nunique(), width=9.8)
    def drawn(table: ReleasedTable, ax: Axes) -> None:
        _draw_pairs(table, ax, "segment", "other_segment")
        words = f"Rows: {one}. Columns: {other}. Share of the people of each row; {HIDDEN} is not shown"
        ax.set_xlabel(textwrap.fill(words, 84))
        ax.set_title(f"Where another model has the people of each segment\n{table.about.title()}")

    return drawn(table, ax)


def _draw_pairs(table: ReleasedTable, ax: Axes, row: str, column: str) -> None:
    """Draw shares of the people of each row as cells."""
    frame = table.frame
    rows, columns = (list(dict.fromkeys(frame[name])) for name in (row, column))
    shares = floats(frame["share"]).reshape(len(rows), len(columns))
    people = frame["segment_patients"].to_list()[:: len(columns)]
    labels = [f"{textwrap.fill(name, 34)} ({count(n)})" for name, n in zip(rows, people, strict=True)]
    draw_cells(ax, shares, np.nan_to_num(shares), labels, columns)


def segment_outcomes(table: ReleasedTable, years: int, ax: Axes | None = None) -> Axes | None:
    """Draw what became of the people of each segment as parts of a bar.

    Parameters
    ----------
    table
        People by segment and outcome.
    years
        How many years before the index date they were in it.
    ax
        Where to draw.
    """

    @chart(height=lambda table: 2.1 + 0.42 * table.frame["segment"].nunique(), width=9.8)
    def drawn(table: ReleasedTable, ax: Axes) -> None:
        frame = table.frame
        names = list(dict.fromkeys(frame["segment"]))
        begin = np.zeros(len(names))
        for outcome, colour in zip(dict.fromkeys(frame["outcome"]), COLOURS, strict=True):
            share = lengths(frame.loc[frame["outcome"] == outcome, "share"])
            bars = ax.barh(range(len(names)), share, left=begin, color=colour, height=0.72, label=outcome)
            words = [percent(one) if one >= LEAST_WRITTEN else "" for one in share]
            ax.bar_label(bars, words, label_type="center", fontsize=9, color=INK if colour in LIGHT else "white")
            begin += share
        people = frame["segment_patients"].to_list()[:: len(COLOURS)]
        labels = [f"{name} ({count(n)})" for name, n in zip(names, people, strict=True)]
        ax.set_yticks(range(len(names)), labels)
        ax.invert_yaxis()
        ax.set_xlim(0, max(float(begin.max()), 1))
        ax.set_xticks([])
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)
        when = "a year" if years == 1 else number(years, "year")
        ax.set_xlabel(f"Share of those who were in the segment {when} before; what is not shown leaves a gap")
        ax.set_title(f"What became of the people of each segment in {when}\n{table.about.title()}")
        ax.legend(loc="upper center", bbox_to_anchor=(0.4, -0.08), ncols=3)

    return drawn(table, ax)


def _panel_rows(table: ReleasedTable) -> int:
    return -(-table.frame["segment"].nunique() // IN_A_ROW)


def segment_projection(table: ReleasedTable, rates: str, ax: Axes | None = None) -> Axes | None:
    """Draw the expected size of each segment by year with its 95% limits, each on a scale of its own from 0.

    Parameters
    ----------
    table
        People by year and segment, with limits.
    rates
        What they were projected with, as the title says it.
    ax
        Where to draw.
    """

    @chart(height=lambda table: 1.5 + 1.95 * _panel_rows(table), width=9.8)
    def drawn(table: ReleasedTable, ax: Axes) -> None:
        frame = table.frame
        names = list(dict.fromkeys(frame["segment"]))
        for place, name in enumerate(names):
            at = place % IN_A_ROW * WIDE, -(place // IN_A_ROW) * HIGH
            _draw_panel(ax, name, frame[frame["segment"] == name], at)
        ax.set_xlim(-0.06, WIDE * IN_A_ROW - 0.2)
        ax.set_ylim(-(_panel_rows(table) - 1) * HIGH - 0.2, 1.4)
        ax.set_xticks([])
        ax.set_yticks([])
        ax.spines[:].set_visible(False)
        first, last = frame["year"].iloc[[0, -1]]
        ax.set_xlabel("Expected people, with 95% limits; each segment on a scale of its own that begins at 0")
        ax.set_title(f"Expected people, {first:.0f} to {last:.0f}, by {rates}\n{table.about.title()}")

    return drawn(table, ax)


def _draw_panel(ax: Axes, name: str, rows: pd.DataFrame, at: tuple[float, float]) -> None:
    """Draw one segment in a box of height 1 and width 1 whose lower left corner is given."""
    left, bottom = at
    expected, low, high = (floats(rows[column]) for column in ("patients", "patients_lower", "patients_upper"))
    scale = max(float(np.nan_to_num(np.fmax(high, expected)).max()), 1)
    across = left + np.linspace(0, 1, len(rows))
    ax.hlines(bottom, left, left + 1, color=GREY, linewidth=1)
    ax.fill_between(across, bottom + low / scale, bottom + high / scale, color=DARK_BLUE, alpha=0.2, linewidth=0)
    ax.plot(across, bottom + expected / scale, color=DARK_BLUE, linewidth=2, marker="o", markersize=4)
    ax.text(left, bottom + 1.22, textwrap.shorten(name, 32), fontsize=10.5, weight="bold")
    start, end = np.nan_to_num(expected[0]) / scale, np.nan_to_num(high[len(high) // 2 :]).max() / scale
    ax.text(left, bottom + max(start - 0.07, 0.12), count(expected[0]), va="top", fontsize=9.5)
    limits = "" if np.isnan(expected[-1]) else f" ({count(low[-1])} to {count(high[-1])})"
    ax.text(left + 1, bottom + end + 0.04, f"{count(expected[-1])}{limits}", ha="right", va="bottom", fontsize=9.5)
    for edge, side, year in ((left, "left", rows["year"].iloc[0]), (left + 1, "right", rows["year"].iloc[-1])):
        ax.text(edge, bottom - 0.03, f"{year:.0f}", ha=side, va="top", fontsize=8.5, color=GREY)
