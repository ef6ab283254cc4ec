"""Charts of social prescribing: who is referred, and how wellbeing changed of those with two readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import PercentFormatter

from pcn_analysis.plots.style import DARK_BLUE, GREY, INK, ORANGE, chart, floats, name_rows
from pcn_analysis.words import NOT_SHOWN

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

HEADINGS = {"sex": "Sex", "age": "Age", "deprivation": "Deprivation of the area", "ethnicity": "Ethnic group"}
GROUPS = {"referred": (DARK_BLUE, "o", 0.14), "never referred": (ORANGE, "s", -0.14)}
"""Colour, marker and place within its row of each group."""


@chart(height=lambda table: 2.6 + 0.3 * (len(table) + table.frame["by"].nunique()), width=9.2)
def social_prescribing_equity(table: ReleasedTable, ax: Axes) -> None:
    """Draw the share referred of each group as a dot with its interval, beside a line at everyone's share.

    A dot is filled where its whole interval lies above or below everyone's share.
    """
    frame, at, heads, row = table.frame, [], [], 0.0
    for place, by in enumerate(frame["by"]):
        if place == 0 or by != frame["by"].iloc[place - 1]:
            heads.append((row, HEADINGS[by]))
            row += 1
        at.append(row)
        row += 1
    share, low, high = (floats(frame[name]) for name in ("share", "share_lower", "share_upper"))
    apart = frame["share_compared"].isin(["higher", "lower"]).to_numpy()
    ax.hlines(at, low, high, color=DARK_BLUE, linewidth=1.6)
    ax.scatter(share, at, s=52, facecolor=np.where(apart, DARK_BLUE, "white"), edgecolor=DARK_BLUE, zorder=3)
    for line, value in zip(at, share, strict=True):
        if np.isnan(value):
            ax.text(0.001, line, NOT_SHOWN, va="center", fontsize=8.5, color=GREY)
    everyone = floats(frame["everyone_share"])[0]
    if not np.isnan(everyone):
        ax.axvline(everyone, color=INK, linewidth=1)
    ticks = sorted([*zip(at, frame["group"], strict=True), *heads])
    ax.set_yticks([one for one, _ in ticks], [words for _, words in ticks], fontsize=9)
    for label in ax.get_yticklabels():
        label.set_fontweight("bold" if label.get_text() in HEADINGS.values() else "normal")
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(row - 0.4, -0.6)
    ax.set_xlim(left=0)
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.set_xlabel("Referred in 12 months, of everyone registered, with 95% interval; filled: clearly apart")
    ax.set_title(f"Who is referred to social prescribing (line: everyone)\n{table.about.title()}")
    ax.grid(axis="x")


@chart(height=lambda table: 2.4 + 0.62 * table.frame["reading"].nunique(), width=9.8)
def wellbeing_changes(table: ReleasedTable, ax: Axes) -> None:
    """Draw the share who are better at a second reading, of those referred and of those never referred."""
    frame = table.frame
    readings = list(dict.fromkeys(frame["reading"]))[::-1]
    for name, (colour, marker, place) in GROUPS.items():
        rows = frame[frame["group"] == name].set_index("reading").reindex(readings)
        share, low, high = (floats(rows[f"better_share{end}"]) for end in ("", "_lower", "_upper"))
        at = np.arange(len(readings)) + place
        error = np.clip([share - low, high - share], 0, None)
        ax.errorbar(share, at, xerr=error, fmt=marker, color=colour, markersize=7, label=name)
        for row in np.flatnonzero(np.isnan(share) & rows["points"].notna().to_numpy()):
            ax.text(0.01, at[row], f"{name}: {NOT_SHOWN}", va="center", fontsize=8.5, color=GREY)
    name_rows(ax, range(len(readings)), readings)
    ax.set_ylim(-0.6, len(readings) - 0.4)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel("Better at the second reading, of people with two, with 95% interval.\n"
                  "The two groups differ in more than the referral: no effect can be read from this.")  # fmt: skip
    ax.set_title(f"Wellbeing at a second reading\n{table.about.title()}")
    ax.legend(loc="upper right", ncols=2, bbox_to_anchor=(1.0, 1.12))
    ax.grid(axis="x")
