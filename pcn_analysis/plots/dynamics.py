"""Charts of segments held against another model and against time."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from pcn_analysis.plots.cells import HIDDEN, draw_cells
from pcn_analysis.plots.style import DARK_BLUE, DARK_PINK, GREY, INK, ORANGE, PALE, TURQUOISE, chart, floats, lengths
from pcn_analysis.words import count, number, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

COLOURS = {
    "stayed": PALE,
    "moved to one of higher priority": DARK_PINK,
    "moved to one of lower priority": TURQUOISE,
    "left": GREY,
    "died": INK,
}
"""Of what became of people; whatever else did, such as a birthday, is orange."""
LIGHT = (PALE, TURQUOISE, ORANGE)
"""Colours that are written on in dark type."""
LEAST_WRITTEN = 0.07
"""Least part of a bar that its share is written into."""
LEAST_DRAWN = 0.006
"""Least part of a bar that is hatched for what is not shown."""
LEAST_BASE = 100
"""Least people, once released, of a segment of which it is drawn what became of them."""
WRAPPED = 34
"""Letters in a line of a name beside a bar."""
IN_A_ROW, PANEL_WRAPPED = 3, 28
"""Projected segments beside one another, and letters in a line of the name of each."""
WIDE, HIGH = 1.26, 1.9
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
        hidden = f"; {HIDDEN} is not shown" if table.frame["share"].isna().any() else ""
        ax.set_xlabel(textwrap.fill(f"Rows: {one}. Columns: {other}. Share of the people of each row{hidden}", 74))
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


def drawn_outcomes(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of segments of enough people: of the others it is not drawn what became of them."""
    return frame[(frame["segment_patients"] >= LEAST_BASE).fillna(False)]


def segment_outcomes(table: ReleasedTable, years: int, ax: Axes | None = None) -> Axes | None:
    """Draw what became of the people of each segment as parts of a bar; hatched what is not shown.

    Parameters
    ----------
    table
        People by segment and outcome.
    years
        How many years before the index date they were in it.
    ax
        Where to draw.
    """

    @chart(height=lambda table: 2.4 + 0.46 * drawn_outcomes(table.frame)["segment"].nunique(), width=9.8)
    def drawn(table: ReleasedTable, ax: Axes) -> None:
        frame = drawn_outcomes(table.frame)
        names = list(dict.fromkeys(frame["segment"]))
        outcomes = [name for name, some in frame.groupby("outcome", sort=False)["patients"] if not some.eq(0).all()]
        begin = _draw_parts(ax, frame, outcomes)
        gap = np.where(begin < 1, 1 - begin, 0)
        if frame["patients"].isna().any():
            style: Any = {"color": "white", "edgecolor": GREY, "linewidth": 0.6, "hatch": "////"}
            ax.barh(range(len(names)), gap, left=begin, height=0.72, label="not shown (1 to 7 people)", **style)
        people = frame.drop_duplicates("segment")["segment_patients"]
        labels = [textwrap.fill(f"{name} ({count(n)})", WRAPPED) for name, n in zip(names, people, strict=True)]
        ax.set_yticks(range(len(names)), labels, fontsize=10)
        ax.invert_yaxis()
        ax.set_xlim(0, 1)
        ax.set_xticks([])
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)
        when = "a year" if years == 1 else number(years, "year")
        small = "" if len(frame) == len(table.frame) else f"; segments of fewer than {LEAST_BASE} people are left out"
        words = textwrap.fill(f"Share of those who were in the segment {when} before{small}", 64)
        ax.set_title(f"What became of the people of each segment in {when}\n{table.about.title()}")
        ax.legend(title=words, alignment="left", loc="upper left", bbox_to_anchor=(-0.01, 0), ncols=2, fontsize=10)

    return drawn(table, ax)


def _draw_parts(ax: Axes, frame: pd.DataFrame, outcomes: list[str]) -> np.ndarray:
    """Draw the known parts of each bar, no longer than the whole, and return where they end."""
    shares = {name: lengths(frame.loc[frame["outcome"] == name, "share"]) for name in outcomes}
    hidden = frame["patients"].isna().groupby(frame["segment"], sort=False).any().to_numpy()
    whole = np.sum(list(shares.values()), axis=0)
    most = np.where(hidden, 1 - LEAST_DRAWN, 1)
    scale = np.where(hidden & (whole <= most), 1, most / np.where(whole > 0, whole, 1))
    begin = np.zeros(len(hidden))
    for outcome, share in shares.items():
        colour = COLOURS.get(outcome, ORANGE)
        bars = ax.barh(range(len(share)), share * scale, left=begin, color=colour, height=0.72, label=outcome)
        words = [percent(one) if one >= LEAST_WRITTEN else "" for one in share]
        ax.bar_label(bars, words, label_type="center", fontsize=9, color=INK if colour in LIGHT else "white")
        begin += share * scale
    return begin


def drawn_projection(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of the segments of a model: those whom it is not for are not drawn."""
    return frame[frame["kind"] != "others"]


def _panel_rows(table: ReleasedTable) -> int:
    return -(-drawn_projection(table.frame)["segment"].nunique() // IN_A_ROW)


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

    @chart(height=lambda table: 1.5 + 2.15 * _panel_rows(table), width=9.8)
    def drawn(table: ReleasedTable, ax: Axes) -> None:
        frame = drawn_projection(table.frame)
        names = list(dict.fromkeys(frame["segment"]))
        for place, name in enumerate(names):
            at = place % IN_A_ROW * WIDE, -(place // IN_A_ROW) * HIGH
            _draw_panel(ax, name, frame[frame["segment"] == name], at)
        ax.set_xlim(-0.06, WIDE * IN_A_ROW - 0.2)
        first_row = max(len(textwrap.wrap(name, PANEL_WRAPPED)) for name in names[:IN_A_ROW])
        ax.set_ylim(-(_panel_rows(table) - 1) * HIGH - 0.2, 1.24 + 0.18 * first_row)
        ax.set_xticks([])
        ax.set_yticks([])
        ax.spines[:].set_visible(False)
        first, last = frame["year"].iloc[[0, -1]]
        ax.set_xlabel("Expected people, with 95% limits; each segment on a scale of its own that begins at 0")
        ax.set_title(f"Expected people, {first} to {last}, by {rates}\n{table.about.title()}")

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
    ax.text(left, bottom + 1.22, textwrap.fill(name, PANEL_WRAPPED), fontsize=10.5, weight="bold", va="bottom")
    start, end = np.nan_to_num(expected[0]) / scale, np.nan_to_num(high[len(high) // 2 :]).max() / scale
    ax.text(left, bottom + max(start - 0.07, 0.12), count(expected[0]), va="top", fontsize=9.5)
    limits = "" if np.isnan(expected[-1]) else f" ({count(low[-1])} to {count(high[-1])})"
    ax.text(left + 1, bottom + end + 0.04, f"{count(expected[-1])}{limits}", ha="right", va="bottom", fontsize=9.5)
    for edge, side, year in ((left, "left", rows["year"].iloc[0]), (left + 1, "right", rows["year"].iloc[-1])):
        ax.text(edge, bottom - 0.03, year, ha=side, va="top", fontsize=8.5, color=GREY)
