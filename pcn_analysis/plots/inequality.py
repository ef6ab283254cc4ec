"""Charts of inequality: whom to reach, measures by fifth of deprivation, indices, ethnicity and how it is recorded."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from pcn_analysis.plots.style import (
    DARK_BLUE,
    GREY,
    INK,
    ORANGE,
    PALE,
    TURQUOISE,
    WIDE,
    bare,
    chart,
    floats,
    lay_out,
    lengths,
    name_rows,
)
from pcn_analysis.release import check_released
from pcn_analysis.words import NOT_ASSESSED, NOT_KNOWN, NOT_SHOWN, NOT_STATED, count, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

ACROSS, PANEL_HIGH, WRAPPED, ROW_WRAPPED = 4, 1.95, 31, 50
"""Panels in a row, height of one in inches, and letters in a line of the name of a panel and of a row."""
ACROSS_ALL = 112
"""Letters of the names of all panels side by side, in one line of each."""
ENOUGH = 3
"""How many fifths must be shown for a line to be drawn."""
WORSE = {"the most deprived": ORANGE, "the least deprived": TURQUOISE}
"""Colour of an index by whom the measure is worse for; grey where nothing can be told."""
NEAREST, FARTHEST = 2.0, 8.0
"""Ratios between which the axis of the relative index ends, as its limits need it; it begins at the inverse."""
CARE_HOMES = "Enhanced health in care homes"
"""A service with a measure that another has under the same name."""


@chart(height=lambda table: 1.5 + 0.5 * len(table), width=WIDE)
def core20plus(table: ReleasedTable, ax: Axes) -> None:
    """Draw how many people of the cohort are in Core20 and in each PLUS group; one person can be in several."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    bars = ax.barh(frame.index, lengths(frame["people"]), color=DARK_BLUE, height=0.6)
    ax.bar_label(bars, [_people(row) for row in frame.itertuples()], padding=4)
    name_rows(ax, frame.index, frame["reason"])
    ax.set_title(f"Core20 and PLUS groups of adults\n{table.about.title()}")
    bare(ax)
    ax.margins(x=0.3)


def _people(row: Any) -> str:
    if row.status == NOT_ASSESSED:
        return NOT_ASSESSED
    return NOT_SHOWN if pd.isna(row.people) else f"{count(row.people)} ({percent(row.share)} of the cohort)"


def drawn_fifths(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of measures that are drawn by fifth: those of which enough fifths are shown."""
    known = frame[frame["deprivation_fifth"] != NOT_KNOWN]
    shown = known.groupby(["service", "measure"], sort=False)["share"].transform("count")
    return known[shown >= ENOUGH]


def measures_by_fifth(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw each measure from the most to the least deprived fifth, with its interval; a panel a measure.

    Each panel has an axis of its own that begins at 0. There is none of a measure of which fewer than three fifths are
    shown, and no figure where that is all.
    """
    check_released(table)
    return _by_fifth(table, ax) if len(table) and len(drawn_fifths(table.frame)) else None


def _panels_high(table: ReleasedTable) -> float:
    panels = len(drawn_fifths(table.frame).drop_duplicates(["service", "measure"]))
    return 1.6 + PANEL_HIGH * -(-panels // ACROSS)


@chart(height=_panels_high, width=WIDE)
def _by_fifth(table: ReleasedTable, ax: Axes) -> None:
    measures = [rows for _, rows in drawn_fifths(table.frame).groupby(["service", "measure"], sort=False)]
    down = -(-len(measures) // ACROSS)
    lay_out(ax, left=0.6, right=0.0, top=0.95, bottom=0.75)
    ax.set_title(f"Measures from the most (left) to the least deprived fifth (right)\n{table.about.title()}", pad=14)
    wide, high = 1 / ACROSS, 1 / down
    for place, rows in enumerate(measures):
        across, below = place % ACROSS, place // ACROSS
        panel = ax.inset_axes((across * wide, 1 - (below + 0.82) * high, 0.8 * wide, 0.46 * high))
        _one_measure(panel, rows)


def _one_measure(panel: Axes, rows: pd.DataFrame) -> None:
    at = np.arange(len(rows))
    share, lower, upper = (floats(rows[name]) for name in ("share", "share_lower", "share_upper"))
    panel.fill_between(at, lower, upper, color="#C6DBEC", linewidth=0)
    panel.plot(at, share, "-o", color=DARK_BLUE, markersize=4, linewidth=1.8, clip_on=False)
    top = min(1.0, 1.1 * float(np.nanmax(upper))) or 0.01
    panel.set_ylim(0, top)
    panel.set_xlim(-0.4, len(rows) - 0.6)
    panel.set_xticks([])
    panel.set_yticks([0, top], ["0", percent(top)], fontsize=7.5)
    panel.tick_params(axis="y", length=2)
    for end in (0, len(rows) - 1):
        said = NOT_SHOWN if np.isnan(share[end]) else percent(share[end])
        panel.annotate(said, (end, 0), xytext=(0, -3), textcoords="offset points", ha="center", va="top", fontsize=8)
    panel.set_title(textwrap.fill(_names(rows).iloc[0], WRAPPED), fontsize=8, pad=5, fontweight="bold")


def drawn_indices(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of measures with an index."""
    return frame.dropna(subset=["sii"])


def inequality_forest(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw the slope and the relative index of each measure with 95% limits; there is no figure where there is none.

    Orange is worse for the most deprived, turquoise for the least; where limits hold no difference it is grey.
    """
    check_released(table)
    return _forest(table, ax) if len(table) and len(drawn_indices(table.frame)) else None


@chart(height=lambda table: 2.4 + 0.42 * len(drawn_indices(table.frame)), width=WIDE)
def _forest(table: ReleasedTable, ax: Axes) -> None:
    frame = drawn_indices(table.frame).iloc[::-1].reset_index(drop=True)
    rows = np.arange(len(frame))
    lay_out(ax, left=3.35, right=0.2, top=0.75, bottom=1.0)
    below = _below_titles(ax, 0.4)
    ax.set_title(f"How far measures differ by deprivation\n{table.about.title()}", x=-0.53)
    slope, ratio = (ax.inset_axes((left, 0, 0.46, below)) for left in (0, 0.54))
    slope.set_title("Slope index, percentage points", fontsize=10.5, pad=8)
    ratio.set_title("Relative index, least ÷ most", fontsize=10.5, pad=8)
    colours = [WORSE.get(worse, GREY) for worse in frame["worse_for"]]
    for panel, of, nothing in ((slope, "sii", 0.0), (ratio, "rii", 1.0)):
        _indices(panel, [floats(frame[f"{of}{end}"]) for end in ("", "_lower", "_upper")], rows, colours)
        panel.axvline(nothing, color=INK, linewidth=1)
        panel.set_ylim(-0.6, len(frame) - 0.4)
        panel.set_yticks(rows, [])
        panel.tick_params(axis="y", length=0)
        panel.grid(axis="x")
    ratio.set_xscale("log")
    ends = np.concatenate([floats(frame["rii_upper"]), 1 / floats(frame["rii_lower"]).clip(min=1 / FARTHEST)])
    far = 1.1 * float(np.clip(np.nanmax(ends, initial=NEAREST), NEAREST, FARTHEST))
    ratio.set_xlim(1 / far, far)
    ticks = {0.25: "¼", 0.5: "½", 1: "1", 2: "2", 4: "4"}
    ratio.set_xticks([at for at in ticks if 1 / far <= at <= far], [ticks[at] for at in ticks if 1 / far <= at <= far])
    ratio.minorticks_off()
    slope.set_yticks(rows, [textwrap.fill(name, ROW_WRAPPED) for name in _names(frame)], fontsize=8.5)
    told = {"worse for the most deprived": ORANGE, "for the least deprived": TURQUOISE, "not to be told": GREY}
    for name, colour in told.items():
        slope.plot([], [], "o", color=colour, label=name)
    slope.legend(loc="upper left", bbox_to_anchor=(-0.3, -0.4 / len(frame) - 0.02), ncols=3, fontsize=9)


def _below_titles(ax: Axes, inches: float) -> float:
    """Share of the height of axes that is left for panels below their titles."""
    return 1 - inches / (ax.get_position().height * ax.figure.get_figheight())  # type: ignore[union-attr]


def _names(frame: pd.DataFrame) -> pd.Series:
    """Names of measures; those of care homes say so, as one of them is that of another service as well."""
    return frame["measure"].where(frame["service"] != CARE_HOMES, "Care homes: " + frame["measure"])


def _indices(panel: Axes, limits: list[np.ndarray], rows: np.ndarray, colours: list[str]) -> None:
    """Draw an index of each row with its limits; what has none is a hollow dot."""
    value, lower, upper = limits
    for place, colour in zip(rows, colours, strict=True):
        known = not np.isnan(lower[place])
        if known:
            panel.plot([lower[place], upper[place]], [place, place], color=colour, linewidth=2)
        panel.plot(value[place], place, "o", color=colour if known else "white", markeredgecolor=colour, markersize=7)


@chart(height=lambda table: 1.9 + 0.5 * table.frame["practice_name"].nunique(), width=WIDE)
def ethnicity_recording(table: ReleasedTable, ax: Axes) -> None:
    """Draw the share of each practice's people whose ethnic group is not known, and of those who did not state it."""
    names = list(dict.fromkeys(table.frame["practice_name"]))[::-1]
    rows = np.arange(len(names))
    start = np.zeros(len(names))
    for how, colour in ((NOT_KNOWN, ORANGE), (NOT_STATED, "#8FA9BF")):
        of = table.frame[table.frame["ethnicity_recorded"] == how].set_index("practice_name").reindex(names)
        bars = ax.barh(rows, lengths(of["share"]), left=start, color=colour, height=0.6, label=how)
        said = [f"{percent(share)}" if pd.notna(share) and share >= 0.02 else "" for share in of["share"]]  # noqa: PLR2004 - room for words
        ax.bar_label(bars, said, label_type="center", fontsize=9, color=INK)
        start = start + lengths(of["share"])
    name_rows(ax, rows, names)
    ax.set_xlim(0, max(0.05, 1.1 * float(start.max(initial=0))))
    ax.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    ax.set_title(f"Ethnic group not known, and not stated, by practice\n{table.about.title()}")
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.32 / len(names) - 0.06), ncols=2)


def measures_by_ethnicity(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw some measures by ethnic group with their intervals, a panel a measure; none where no group is shown."""
    check_released(table)
    return _by_ethnicity(table, ax) if len(table) and table.frame["share"].notna().any() else None


@chart(height=5.6, width=WIDE)
def _by_ethnicity(table: ReleasedTable, ax: Axes) -> None:
    frame = table.frame
    groups = list(dict.fromkeys(frame["ethnic_group"]))[::-1]
    measures = [rows for _, rows in frame.groupby(["service", "measure"], sort=False)]
    lay_out(ax, left=1.45, right=0.2, top=0.75, bottom=0.85)
    below = _below_titles(ax, 1.0)
    ax.set_title(f"Measures by ethnic group, with 95% intervals\n{table.about.title()}", x=-0.16)
    rows_at, wide = np.arange(len(groups)), 1 / len(measures)
    for place, rows in enumerate(measures):
        panel = ax.inset_axes((place * wide, 0, 0.84 * wide, below))
        of = rows.set_index("ethnic_group").reindex(groups)
        share, lower, upper = (floats(of[name]) for name in ("share", "share_lower", "share_upper"))
        panel.errorbar(share, rows_at, xerr=np.clip([share - lower, upper - share], 0, None), fmt="o", color=DARK_BLUE)
        for row in np.flatnonzero(np.isnan(share)):
            panel.text(
                0.03,
                float(row),
                NOT_SHOWN,
                fontsize=7.5,
                color=GREY,
                va="center",
                transform=panel.get_yaxis_transform(),
            )
        panel.axhspan(-0.5, 1.5, color=PALE, zorder=0)
        panel.set_ylim(-0.6, len(groups) - 0.4)
        panel.set_yticks(rows_at, groups if not place else [], fontsize=9.5)
        panel.set_xlim(0, min(1.06, 1.15 * float(np.nanmax(upper, initial=0.01))))
        panel.xaxis.set_major_locator(MaxNLocator(3))
        panel.xaxis.set_major_formatter(lambda at, _: f"{at:.0%}")
        panel.tick_params(axis="x", labelsize=8.5)
        panel.tick_params(axis="y", length=0)
        panel.grid(axis="x")
        panel.set_title(textwrap.fill(rows["measure"].iloc[0], ACROSS_ALL // len(measures)), fontsize=8.5, pad=6)
