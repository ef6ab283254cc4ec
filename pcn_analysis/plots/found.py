"""Charts of segments found in the data: how large they are, what stands out, where the rules put their people."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pcn_analysis.plots.cells import HIDDEN, draw_cells
from pcn_analysis.plots.style import DARK_BLUE, bare, chart, floats, lengths
from pcn_analysis.words import NOT_SHOWN, count, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

WRAPPED = 34
"""Letters in a line of a name: names of found segments are lists of conditions."""
DARKEST_RATIO = 5
"""How many times the share of all adults is drawn darkest."""


@chart(height=lambda table: 1.6 + 0.62 * len(table), width=9.8)
def found_sizes(table: ReleasedTable, ax: Axes) -> None:
    """Draw each found segment as a bar, the largest of the place on top."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    bars = ax.barh(range(len(frame)), lengths(frame["share"]), color=DARK_BLUE, height=0.7)
    ax.bar_label(bars, [_share_and_count(row) for row in frame.itertuples()], padding=4)
    ax.set_yticks(range(len(frame)), [textwrap.fill(name, WRAPPED) for name in frame["segment"]])
    ax.set_title(f"Adults by segment found in {table.about.place}\n{table.about.title()}")
    bare(ax)
    ax.margins(x=0.28)


def _share_and_count(row: Any) -> str:
    return NOT_SHOWN if pd.isna(row.patients) else f"{percent(row.share)}  ({count(row.patients)})"


@chart(height=lambda table: 3.1 + 0.33 * table.frame["condition"].nunique(), width=9.8)
def found_conditions(table: ReleasedTable, ax: Axes) -> None:
    """Draw the share of each found segment with each condition as a cell, darker where it is more common than in all.

    The commonest condition of all adults is on top.
    """
    frame = table.frame
    segments = list(dict.fromkeys(frame["segment"]))
    of_adults = frame.drop_duplicates("condition").set_index("condition")["share_of_adults"]
    conditions = of_adults.sort_values(ascending=False, kind="stable").index.to_list()
    by = frame.set_index(["condition", "segment"])["share"].reindex(pd.MultiIndex.from_product([conditions, segments]))
    shares = floats(by).reshape(len(conditions), len(segments))
    everyone = np.nan_to_num(floats(of_adults.loc[conditions]))[:, None]
    ratio = np.divide(np.nan_to_num(shares), everyone, out=np.zeros(shares.shape), where=everyone > 0)
    darkness = np.clip(np.log(np.maximum(ratio, 1)) / np.log(DARKEST_RATIO), 0, 1)
    labels = [textwrap.fill(f"{name} ({percent(of_adults[name])})", WRAPPED + 10) for name in conditions]
    headings = [name.replace("; and", " and").replace(";", " +") for name in segments]
    draw_cells(ax, shares, darkness, labels, headings)
    ax.set_xlabel(
        f"Share of the column's adults with the condition (of all adults in brackets);\n"
        f"darker: more common than among all, darkest: {DARKEST_RATIO} times or more; {HIDDEN} is not shown"
    )
    ax.set_title(f"Conditions of each segment found in {table.about.place}\n{table.about.title()}")


@chart(height=lambda table: 2.9 + 0.62 * table.frame["found_segment"].nunique(), width=9.8)
def found_across(table: ReleasedTable, ax: Axes) -> None:
    """Draw where the rules of a model put the adults of each found segment, a cell for each pair."""
    frame = table.frame
    rows, columns = list(dict.fromkeys(frame["found_segment"])), list(dict.fromkeys(frame["segment"]))
    shares = floats(frame["share"]).reshape(len(rows), len(columns))
    draw_cells(ax, shares, np.nan_to_num(shares), [textwrap.fill(name, WRAPPED) for name in rows], columns)
    ax.set_xlabel(f"Columns: segments by rule. Share of the adults of each row; {HIDDEN} is not shown")
    ax.set_title(f"Where the rules put the adults of each found segment\n{table.about.title()}")
