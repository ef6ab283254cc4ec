"""Charts of structured medication reviews: priority groups with who was reviewed, and how the groups overlap."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.plots.style import DARK_BLUE, GREY, WIDE, bare, chart, lengths
from pcn_analysis.release import check_released
from pcn_analysis.words import NOT_ASSESSED, NOT_SHOWN, count, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

PALE_BLUE = "#8FA9BF"
PAIR = "pair"
WRAPPED = 38
"""Letters in a line of the names of two groups."""
PAIRS = 6
"""How many of the commonest two groups are drawn."""


def drawn_overlap(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows that are drawn: people by their number of groups, then the two groups that most people are in at once."""
    known = frame[frame["status"].ne(NOT_ASSESSED)]
    pairs = known[known["kind"].eq(PAIR) & (known["people"] > 0).fillna(False)]
    pairs = pairs.sort_values("people", ascending=False, kind="stable").head(PAIRS)
    return pd.concat([known[known["kind"].ne(PAIR)], pairs], ignore_index=True)


@chart(height=lambda table: 2.0 + 0.5 * len(table), width=WIDE)
def medication_review_groups(table: ReleasedTable, ax: Axes) -> None:
    """Draw the people of each priority group as a pale bar, and those reviewed in 12 months within it."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    bars = ax.barh(frame.index, lengths(frame["people"]), color=PALE_BLUE, height=0.7, label="in the group")
    ax.barh(frame.index, lengths(frame["reviewed"]), color=DARK_BLUE, height=0.42, label="reviewed in 12 months")
    ax.bar_label(bars, [of_group(row) for row in frame.itertuples()], padding=4)
    ax.set_yticks(frame.index, frame["group"])
    ax.set_title(f"Priority groups of structured medication reviews\n{table.about.title()}")
    bare(ax)
    ax.margins(x=0.6)
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.01), ncols=2)


def of_group(row: Any) -> str:
    """What is said of the people of a group."""
    if row.status == NOT_ASSESSED:
        return NOT_ASSESSED
    if pd.isna(row.people):
        return NOT_SHOWN
    done = f"{count(row.reviewed)} ({percent(row.share)})" if pd.notna(row.share) else NOT_SHOWN
    return f"{count(row.people)}, reviewed: {done}"


def medication_review_overlap(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw people by the number of groups that they are in, and below the two groups that most are in at once.

    There is no figure where it is not known who is in any.
    """
    check_released(table)
    return _overlap(table, ax) if len(table) and len(drawn_overlap(table.frame)) else None


@chart(height=lambda table: 1.9 + 0.46 * len(drawn_overlap(table.frame)), width=WIDE)
def _overlap(table: ReleasedTable, ax: Axes) -> None:
    frame = drawn_overlap(table.frame)
    pairs = frame["kind"].eq(PAIR)
    at = -(frame.index.to_numpy() + 0.6 * pairs.to_numpy())
    colours = [PALE_BLUE if pair else DARK_BLUE for pair in pairs]
    bars = ax.barh(at, lengths(frame["people"]), color=colours, height=0.7)
    shown = [f"{count(row.people)} ({percent(row.share)})" for row in frame.itertuples()]
    ax.bar_label(bars, [NOT_SHOWN if NOT_SHOWN in text else text for text in shown], padding=4)
    ax.set_yticks(at, [textwrap.fill(name, WRAPPED) for name in frame["groups"]], fontsize=9.5)
    ax.set_title(f"How many groups people are in\n{table.about.title()}")
    bare(ax)
    ax.margins(x=0.2)
    if pairs.any():
        note = "Pale: in both groups, whatever else; the commonest.\nShares of everyone in a group."
        ax.text(0, -0.02, note, transform=ax.transAxes, va="top", fontsize=9, color=GREY)
