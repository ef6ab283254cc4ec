"""Pyramids of age and sex: women to the left, men to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FuncFormatter

from pcn_analysis.plots.style import DARK_BLUE, DARK_PINK, GREY, INK, chart, floats, lengths
from pcn_analysis.words import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

SIDES = (("female", -1, DARK_PINK), ("male", 1, DARK_BLUE))
"""The two sexes that are drawn, with their side and colour."""
LEAST_AXIS = 0.01
"""Share that the axis reaches at least, where no bar is shown."""


@chart(height=6.4)
def age_pyramid(table: ReleasedTable, ax: Axes) -> None:
    """Draw shares by age and sex as bars, and the comparator's as an outline."""
    frame = table.frame
    largest = 0.0
    for sex, side, colour in SIDES:
        rows = frame[frame["sex"] == sex]
        share, comparator = floats(rows["share"]), floats(rows["comparator_share"])
        ax.barh(rows["age_band"], side * share, color=colour, height=0.82, label=sex.capitalize())
        edges = [position - 0.5 for position in range(len(rows) + 1)]
        ax.stairs(
            side * comparator,
            edges,
            orientation="horizontal",
            baseline=None,
            color=INK,
            linewidth=1.4,
            label=f"Outline: {table.about.comparator}" if side == 1 else None,
        )
        largest = np.nanmax([largest, *share, *comparator])
    _mirrored(ax, largest * 1.12)
    ax.set_xlabel("Share of all registered patients")
    ax.set_title(f"Age and sex of registered patients\n{table.about.title()}")


@chart(height=4.6)
def people_pyramid(table: ReleasedTable, ax: Axes) -> None:
    """Draw people by broad age group and sex as bars with their number; where no sex is known, everyone to one side.

    Totals are not drawn; nor, beside women and men, are those of no known sex, whose number is written below.
    """
    frame = table.frame
    totals = frame[frame["age_group"] == frame["age_group"].iloc[0]]
    groups = frame[frame["sex"] == frame["sex"].iloc[0]]["age_group"].iloc[1:-1]
    sides = [one for one in SIDES if one[0] in set(frame["sex"])]
    largest = LEAST_AXIS
    for sex, side, colour in sides or [(frame["sex"].iloc[0], 1, GREY)]:
        rows = frame[(frame["sex"] == sex) & frame["age_group"].isin(groups)]
        share = lengths(rows["share"])
        largest = max(largest, *share)
        bars = ax.barh(rows["age_group"], side * share, color=colour, height=0.8, label=sex.capitalize())
        ax.bar_label(bars, [count(value) for value in rows["patients"]], padding=4)
    _mirrored(ax, largest * 1.25)
    ax.set_xlim(left=None if sides else 0)
    rest = totals.iloc[1 + len(sides) :]
    below = [f"not drawn: {row.sex} ({count(row.patients)})" for row in rest.itertuples()] if sides else []
    ax.set_xlabel("; ".join(["Share of everyone; age groups differ in width", *below]))
    ax.set_title(f"People by age and sex\n{table.about.title()}")


def _mirrored(ax: Axes, largest: float) -> None:
    """As much room to the left as to the right, and no sign on either side."""
    ax.set_xlim(-largest, largest)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):.0%}"))
    ax.set_ylabel("Age (years)")
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    ax.grid(axis="x")
