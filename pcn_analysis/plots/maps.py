"""Maps of released tables, in EPSG:27700."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from pcn_analysis.plots.catchments_map import catchments  # noqa: F401 - a map like the others
from pcn_analysis.plots.england_map import england_map  # noqa: F401 - likewise
from pcn_analysis.plots.groupings import group_areas  # noqa: F401 - likewise
from pcn_analysis.plots.map_parts import key, outlines, own_outline, scaled, windowed
from pcn_analysis.plots.network_maps import place_areas, plan_maps  # noqa: F401 - maps like the others
from pcn_analysis.plots.style import DARK_PINK, GREY, INK, SHARES, chart
from pcn_analysis.thresholds import SERVED_SHARE
from pcn_analysis.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

    from pcn_analysis.release import ReleasedTable

BREAKS = (SERVED_SHARE, 0.20, 0.40, 0.60, 0.80)
"""Shares between the classes of the map."""
LABELS = ("under 5%", "5 to 20%", "20 to 40%", "40 to 60%", "60 to 80%", "80% or more")


@chart(height=8.6, width=8.6)
def footprint(table: ReleasedTable, ax: Axes) -> None:
    """Draw the share of registered patients whom a network serves in each area, and its footprint."""
    every = gpd.GeoDataFrame(table.frame, geometry="geometry")
    frame = windowed(every, _served(every), ax)
    keys = _draw_shares(frame, ax)
    own = frame[frame["in_footprint"]]
    doubtful = own[own["uncertain"]]
    if len(doubtful):
        doubtful.plot(ax=ax, facecolor="none", edgecolor=DARK_PINK, hatch="////", linewidth=0)
    outlines(frame, set(frame.loc[_served(frame) & ~frame["in_footprint"], "largest_network"]), ax)
    own_outline(own, ax)
    keys += [
        key(INK, 2.2, f"Its footprint ({number(len(own), 'area')})"),
        key(DARK_PINK, 0.4, f"Uncertain part of it ({number(len(doubtful), 'area')})", hatch="////"),
        key(GREY, 0.9, "Footprints of other networks"),
        key(INK, 0.9, "Local authorities", linestyle="--"),
    ]
    scaled(ax)
    title = "Share of registered\npatients"
    ax.figure.legend(handles=keys, title=title, loc="outside right upper", alignment="left", fontsize=9.5)
    ax.set_title(f"Share of people registered with the network, by area\n{table.about.title()}")


def _draw_shares(frame: gpd.GeoDataFrame, ax: Axes) -> list[Patch]:
    """Colour areas by share and return the keys of the colours, each with its number of areas."""
    known = frame[frame["share"].notna()]
    level = sum((known["share"].astype(float) >= limit).astype(int) for limit in BREAKS)
    groups = [(SHARES[step], label, known[level == step]) for step, label in enumerate(LABELS)]
    for colour, _, rows in groups:
        if len(rows):
            rows.plot(ax=ax, color=colour, edgecolor="white", linewidth=0.4)
    return [
        key(GREY, 0.5, f"{label} ({number(len(rows), 'area')})", facecolor=colour) for colour, label, rows in groups
    ]


def _served(frame: gpd.GeoDataFrame) -> pd.Series:
    return frame["in_footprint"] | (frame["share"].astype("Float64") >= BREAKS[0]).fillna(False)
