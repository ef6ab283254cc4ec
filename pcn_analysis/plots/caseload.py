"""Charts of the caseload of a month: slots, open care gaps, and whether fifths of deprivation are reached alike."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pcn_analysis.plots.style import DARK_BLUE, GREY, INK, ORANGE, bare, chart, floats, lengths
from pcn_analysis.release import check_released
from pcn_analysis.words import NOT_SHOWN, count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

PALE_BLUE = "#8FA9BF"
WRAPPED = 40
"""Letters in a line of the name of a care gap."""
ROOM = 0.13
"""From the middle of a row to that of each of its two dots."""
LISTS = {"as ranked": (DARK_BLUE, "o", ROOM), "with floors": (ORANGE, "s", -ROOM)}
"""Colour, marker and place within its row of each list."""


def drawn_gaps(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of care gaps that are drawn: those that were assessed and are open for somebody."""
    return frame[frame["status"].ne("not assessed") & ~frame["in_line"].eq(0).fillna(False)]


def slots_by_professional(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw the slots of each professional as a pale bar, and the people who would have them within it.

    There is no figure where nobody would have a slot.
    """
    check_released(table)
    nobody = not len(table) or table.frame["patients"].eq(0).fillna(False).all()
    return None if nobody else _slots(table, ax)


@chart(height=lambda table: 1.9 + 0.42 * len(table))
def _slots(table: ReleasedTable, ax: Axes) -> None:
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    slots = ax.barh(frame.index, lengths(frame["slots"]), color=PALE_BLUE, height=0.7, label="slots")
    ax.barh(frame.index, lengths(frame["patients"]), color=DARK_BLUE, height=0.42, label="people who would have one")
    ax.bar_label(slots, [f"{count(row.patients)} of {count(row.slots)}" for row in frame.itertuples()], padding=4)
    ax.set_yticks(frame.index, frame["professional"])
    ax.set_title(f"Slots of the month and who has them\n{table.about.title()}")
    bare(ax)
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.01), ncols=2)


def care_gaps(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw the people in line with each open care gap as a pale bar, and those with a slot within it.

    What was not assessed, or is open for nobody, is not drawn; there is no figure where that is everything.
    """
    check_released(table)
    return _care_gaps(table, ax) if len(table) and len(drawn_gaps(table.frame)) else None


@chart(height=lambda table: 1.9 + 0.5 * len(drawn_gaps(table.frame)), width=9.8)
def _care_gaps(table: ReleasedTable, ax: Axes) -> None:
    frame = drawn_gaps(table.frame).iloc[::-1].reset_index(drop=True)
    bars = ax.barh(frame.index, lengths(frame["in_line"]), color=PALE_BLUE, height=0.7, label="in line")
    ax.barh(frame.index, lengths(frame["reached"]), color=DARK_BLUE, height=0.42, label="with a slot")
    ax.bar_label(bars, [_of_each(row) for row in frame.itertuples()], padding=4)
    ax.set_yticks(frame.index, [textwrap.fill(name, WRAPPED) for name in frame["gap"]], fontsize=9)
    ax.set_title(f"Open care gaps of the people in line\n{table.about.title()}")
    bare(ax)
    ax.margins(x=0.25)
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.01), ncols=2)


def _of_each(row: Any) -> str:
    return NOT_SHOWN if pd.isna(row.in_line) else f"{count(row.in_line)}, a slot: {count(row.reached)}"


@chart(height=lambda table: 2.2 + 0.5 * table.frame["deprivation_fifth"].nunique())
def reach_to_need(table: ReleasedTable, ax: Axes) -> None:
    """Draw reach ÷ need of each fifth with its interval, as ranked and with floors; 1 is as often as everyone.

    An interval of very few people would make those of all others too short to see: it ends in an arrow at the edge.
    """
    frame = table.frame
    fifths = list(dict.fromkeys(frame["deprivation_fifth"]))[::-1]
    ax.axvline(1, color=INK, linewidth=1)
    most = _most(frame)
    for name, (colour, marker, place) in LISTS.items():
        rows = frame[frame["list"] == name].set_index("deprivation_fifth").reindex(fifths)
        overall = np.where(floats(rows["overall"]) > 0, floats(rows["overall"]), np.nan)
        value, lower, upper = (floats(rows[f"reach{end}"]) / overall for end in ("", "_lower", "_upper"))
        at = np.arange(len(fifths)) + place
        error = np.clip([value - lower, upper - value], 0, None)
        ax.errorbar(value, at, xerr=error, fmt=marker, color=colour, markersize=7, label=name)
        for row in np.flatnonzero(upper > most):
            ax.annotate("", (most, at[row]), (0.97 * most, at[row]), arrowprops={"arrowstyle": "->", "color": colour})
        for row in np.flatnonzero(np.isnan(value)):
            ax.text(1.02, at[row], f"{name}: {NOT_SHOWN}", va="center", fontsize=8.5, color=GREY)
    ax.set_yticks(range(len(fifths)), fifths)
    ax.set_ylim(-0.6, len(fifths) - 0.4)
    ax.set_xlim(0, most)
    on = "; → goes on" if (floats(frame["reach_upper"]) > most * floats(frame["overall"])).any() else ""
    ax.set_xlabel(f"Reach ÷ need: share with a slot against that of everyone in line, with 95% interval{on}")
    ax.set_title(f"Are fifths of deprivation reached alike?\n{table.about.title()}")
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.2), ncols=2)
    ax.grid(axis="x")


def _most(frame: pd.DataFrame) -> float:
    """Where the axis of reach ÷ need ends: a little beyond the largest value, and every interval up to twice that."""
    overall = np.where(floats(frame["overall"]) > 0, floats(frame["overall"]), np.nan)
    largest, upper = (np.nan_to_num(floats(frame[name]) / overall) for name in ("reach", "reach_upper"))
    edge = 2 * max(1.0, *largest)
    return float(1.03 * max([1.0, *upper[upper <= edge], *([edge] if (upper > edge).any() else [])]))
