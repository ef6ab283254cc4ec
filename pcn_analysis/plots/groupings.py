"""Charts and a map of any grouping of a place's practices: side by side, on whose ground, sharing, made of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FuncFormatter, PercentFormatter
from matplotlib_scalebar.scalebar import ScaleBar

from pcn_analysis.plots.cells import draw_cells
from pcn_analysis.plots.network_maps import (
    KEY_COLUMNS,
    KEY_LINE,
    MOST_NAMED,
    SURROUNDINGS,
    WIDE,
    _draw,
    _key,
    _name_networks,
    _outlines,
    _windowed,
)
from pcn_analysis.plots.networks import MOST_CELLS, _head, drawn_sharing, lay_out
from pcn_analysis.plots.style import DARK_BLUE, GREY, INK, ORANGE, PALE, chart, floats, name_rows
from pcn_analysis.words import count, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

PANELS = (
    ("Registered\npatients", 0.0, 0.34),
    ("Localisation and\ncommitment", 0.40, 0.37),
    ("Effective\ngroups", 0.83, 0.17),
)
"""Title, left side and width of each panel."""
NO_BREAK = "\u00a0"
TO_NETWORKS = {"group": "pcn_code", "group_name": "pcn_name"}
IN_NONE = "In no group"
"""What is no group, and has no parts."""


# -- side by side ------------------------------------------------------------------------------------------


@chart(height=lambda table: 2.7 + 0.44 * len(table), width=9.8)
def groups_measured(table: ReleasedTable, ax: Axes) -> None:
    """Draw size, localisation and commitment, and effective groups, a panel each and a row a group."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    rows = np.arange(len(frame))
    lay_out(ax, left=2.5, top=1.45, bottom=1.25)
    ax.set_title(f"Groups side by side\n{table.about.title()}", pad=62, x=-0.336)
    panels = [ax.inset_axes((left, 0, width, 1)) for _, left, width in PANELS]
    for panel, (title, _, _) in zip(panels, PANELS, strict=True):
        panel.set_title(title, fontsize=10.5, pad=20)
        panel.set_ylim(-0.6, len(frame) - 0.4)
        panel.set_yticks(rows, [])
        panel.grid(axis="y")
        panel.tick_params(axis="y", length=0)
    names = [
        row.group_name if row.parts == 1 or row.group_name == IN_NONE else f"{row.group_name} ({_parts(row.parts)})"
        for row in frame.itertuples()
    ]
    name_rows(panels[0], rows, names)
    panels[0].tick_params(axis="y", labelsize=9.5)
    _sizes(panels[0], frame, rows)
    _coherence(panels[1], frame, rows)
    _mixing(panels[2], frame, rows)


def _parts(parts: int) -> str:
    return number(parts, "part").replace(" ", NO_BREAK)


def _sizes(ax: Axes, frame: pd.DataFrame, rows: np.ndarray) -> None:
    sizes = floats(frame["patients"])
    most = np.nanmax(sizes, initial=1.0)
    meant = frame[["size_low", "size_high"]].dropna()
    if len(meant):
        low, high = (float(one) for one in meant.iloc[0])
        most = max(most, high)
        ax.axvspan(low, high, color=PALE, zorder=0)
        ax.text((low + high) / 2, len(rows) - 0.3, f"{low:,.0f} to {high:,.0f}", ha="center", va="bottom", fontsize=8.5,
                color=GREY)  # fmt: skip
    ax.plot(sizes, rows, "o", color=DARK_BLUE, markersize=8)
    for row, size in zip(rows, frame["patients"], strict=True):
        _beside(ax, 0.0 if pd.isna(size) else float(size), row, count(size))
    ax.set_xlim(0, most * 1.4)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / 1000:,.0f}k" if value else "0"))


def _coherence(ax: Axes, frame: pd.DataFrame, rows: np.ndarray) -> None:
    local, committed = floats(frame["localisation"]), floats(frame["commitment"])
    ax.hlines(rows, np.fmin(local, committed), np.fmax(local, committed), color="#B9C2C7", linewidth=2.5, zorder=1)
    ax.plot(local, rows, "o", color=DARK_BLUE, markersize=8, label="localisation")
    ax.plot(committed, rows, "D", color=ORANGE, markeredgecolor=INK, markersize=7, label="commitment")
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.legend(ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.8 / len(rows)), fontsize=9, handletextpad=0.2,
              columnspacing=1.0)  # fmt: skip


def _mixing(ax: Axes, frame: pd.DataFrame, rows: np.ndarray) -> None:
    effective = pd.to_numeric(frame["effective_groups"], errors="coerce").to_numpy(dtype=float)
    ax.barh(rows, np.nan_to_num(effective), color="#8FA9BF", height=0.5)
    for row, value, said in zip(rows, effective, frame["effective_groups"], strict=True):
        _beside(ax, 0.0 if np.isnan(value) else value, row, said)
    ax.set_xlim(0, np.nanmax(np.append(effective, 2)) * 1.35)


def _beside(ax: Axes, value: float, row: float, text: str) -> None:
    ax.annotate(text, (value, row), xytext=(8, 0), textcoords="offset points", va="center", fontsize=9)


# -- whose ground is where ---------------------------------------------------------------------------------


@chart(height=8.8, width=WIDE)
def group_areas(table: ReleasedTable, ax: Axes) -> None:
    """Draw every area in the colour of the group that most registered people there are with."""
    every = gpd.GeoDataFrame(table.frame, geometry="geometry")
    names = sorted(every.loc[every["own"], "group_name"].unique())
    numbered = len(names) > MOST_NAMED
    frame = _windowed(every, ax, KEY_LINE * (1 - len(names) // -KEY_COLUMNS) if numbered else 0.0)
    own = frame[frame["own"]]
    _draw(ax, frame, 0.6)
    doubtful = own[own["uncertain"]]
    if len(doubtful):
        doubtful.plot(ax=ax, facecolor="none", edgecolor="white", hatch="////", linewidth=0)
    _outlines(ax, own, "group", colors=INK, linewidths=1.8)
    dashes = (0, (5, 3))
    authorities = frame.dropna(subset=["local_authority_name"])
    _outlines(ax, authorities, "local_authority_name", colors=INK, linewidths=1.1, linestyles=dashes)
    marks = {name: str(place) if numbered else name for place, name in enumerate(names, start=1)}
    _name_networks(ax, own.rename(columns=TO_NETWORKS), marks, fontsize=9.5, weight="bold", color=INK)
    if numbered:
        _key(ax, marks)
    else:
        strange = frame[frame["in_place"] & ~frame["own"]].dropna(subset=["group_name"])
        _name_networks(ax, strange.rename(columns=TO_NETWORKS), {}, fontsize=8, style="italic", color=GREY)
    ax.add_artist(ScaleBar(1, location="lower left", box_alpha=0.8, color=INK, font_properties={"size": 9}))
    doubt = f"weak: less than half, or ahead by less than 5 points ({number(len(doubtful), 'area')})"
    others = "most are with a network from elsewhere, or in no group"
    keys = [
        Patch(facecolor=GREY, edgecolor="white", hatch="////", linewidth=0, label=doubt),
        Patch(facecolor=SURROUNDINGS, edgecolor=GREY, linewidth=0.5, label=others),
        Line2D([], [], color=INK, linewidth=1.8, label="outline of a group"),
        Line2D([], [], color=INK, linewidth=1.1, linestyle=dashes, label="local authority"),
    ]
    ax.legend(handles=keys, loc="upper left", bbox_to_anchor=(-0.01, 0.0), ncols=2, fontsize=9.5)
    ax.set_title(f"Group that most registered people are with, by area\n{table.about.title()}")


# -- cells: who shares, and what groups are made of --------------------------------------------------------


def sharing_of(table: ReleasedTable) -> tuple[pd.DataFrame, int]:
    """Shares by group and other group as they are drawn, and how many groups there are."""
    return drawn_sharing(table.frame.rename(columns={"group_name": "pcn_name"}))


def _cells_high(table: ReleasedTable) -> float:
    return 2.7 + 0.48 * min(table.frame["group_name"].nunique(), MOST_CELLS)


@chart(height=_cells_high, width=9.8)
def group_sharing(table: ReleasedTable, ax: Axes) -> None:
    """Draw with which groups the neighbours of each group's patients are: a row a group, its own cell framed."""
    shares, groups = sharing_of(table)
    framed = {(row, int(shares.columns.get_loc(name))) for row, name in enumerate(shares.index)}
    _cells(ax, shares, framed)
    ax.set_xlabel("Each row adds up to 100%; framed: with the same group", labelpad=8)
    which = f": the {len(shares)} of {groups} groups that share most" if groups > len(shares) else ""
    ax.set_title(f"With which group are the neighbours of each group's patients?\n{table.about.title()}{which}")


@chart(height=lambda table: 2.9 + 0.48 * table.frame["group_name"].nunique(), width=9.8)
def made_of(table: ReleasedTable, ax: Axes) -> None:
    """Draw of which groups of the other grouping each group is made: a row a group, the matched cell framed."""
    frame = table.frame
    names, others = frame["group_name"].unique(), frame["other_name"].unique()
    shares = frame.pivot_table("share", "group_name", "other_name", "first").reindex(index=names, columns=others)
    shares = shares.astype("Float64").fillna(0.0)
    pairs = frame.loc[frame["matched"], ["group_name", "other_name"]].itertuples(index=False, name=None)
    framed = {(int(shares.index.get_loc(one)), int(shares.columns.get_loc(other))) for one, other in pairs}
    _cells(ax, shares, framed)
    ax.set_xlabel("Patients; each row adds up to 100%; framed: matched so that most patients stay", labelpad=8)
    ax.set_title(f"Of which groups of the other grouping is each group made?\n{table.about.title()}")


def _cells(ax: Axes, shares: pd.DataFrame, framed: set[tuple[int, int]]) -> None:
    values = shares.to_numpy(dtype=float, na_value=np.nan)
    draw_cells(ax, values, np.sqrt(np.clip(np.nan_to_num(values), 0, 1)), list(shares.index), list(shares.columns))
    name_rows(ax, range(len(shares)), shares.index)
    _head(ax, shares.columns)
    for row, at in framed:
        ax.add_patch(Rectangle((at - 0.47, row - 0.47), 0.94, 0.94, fill=False, edgecolor=ORANGE, linewidth=2.4))
