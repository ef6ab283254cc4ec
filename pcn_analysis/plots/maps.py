"""Maps of released tables, in EPSG:27700."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely
from matplotlib.patches import Patch
from matplotlib_scalebar.scalebar import ScaleBar

from pcn_analysis.plots.england_map import england_map  # noqa: F401 - a map like the others
from pcn_analysis.plots.network_maps import place_areas, plan_maps  # noqa: F401 - maps like the others
from pcn_analysis.plots.style import DARK_PINK, GREY, INK, SHARES, chart
from pcn_analysis.thresholds import SERVED_SHARE
from pcn_analysis.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

BREAKS = (SERVED_SHARE, 0.20, 0.40, 0.60, 0.80)
"""Shares between the classes of the map."""
LABELS = ("under 5%", "5 to 20%", "20 to 40%", "40 to 60%", "60 to 80%", "80% or more")
MARGIN = 900
"""Metres shown around what the map is about."""


@chart(height=8.6, width=8.6)
def footprint(table: ReleasedTable, ax: Axes) -> None:
    """Draw the share of registered patients whom a network serves in each area, and its footprint."""
    frame = _windowed(gpd.GeoDataFrame(table.frame, geometry="geometry"), ax)
    keys = _draw_shares(frame, ax)
    own = frame[frame["in_footprint"]]
    doubtful = own[own["uncertain"]]
    if len(doubtful):
        doubtful.plot(ax=ax, facecolor="none", edgecolor=DARK_PINK, hatch="////", linewidth=0)
    _outlines(frame, ax)
    if len(own):
        _dissolved(own).boundary.plot(ax=ax, color=INK, linewidth=2.2)
    keys += [
        _key(INK, 2.2, f"Its footprint ({number(len(own), 'area')})"),
        _key(DARK_PINK, 0.4, f"Uncertain part of it ({number(len(doubtful), 'area')})", hatch="////"),
        _key(GREY, 0.9, "Footprints of other networks"),
        _key(INK, 0.9, "Local authorities", linestyle="--"),
    ]
    ax.add_artist(ScaleBar(1, location="lower left", box_alpha=0.8, color=INK, font_properties={"size": 9}))
    title = "Share of registered\npatients"
    ax.figure.legend(handles=keys, title=title, loc="outside right upper", alignment="left", fontsize=9.5)
    ax.set_axis_off()
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
        _key(GREY, 0.5, f"{label} ({number(len(rows), 'area')})", facecolor=colour) for colour, label, rows in groups
    ]


def _key(edge: str, width: float, label: str, **look: Any) -> Patch:
    return Patch(**{"facecolor": "white", "edgecolor": edge, "linewidth": width, "label": label, **look})


def _dissolved(rows: gpd.GeoDataFrame) -> gpd.GeoSeries:
    return gpd.GeoSeries([shapely.coverage_union_all(rows.geometry.to_numpy())], crs=rows.crs)


def _outlines(frame: gpd.GeoDataFrame, ax: Axes) -> None:
    """Footprints of the networks that it shares areas with, thin and named; local authorities, dashed."""
    sharing = set(frame.loc[_served(frame) & ~frame["in_footprint"], "largest_network"])
    for name, rows in frame[frame["largest_network"].isin(sharing)].groupby("largest_network"):
        shape = _dissolved(rows)
        shape.boundary.plot(ax=ax, color=GREY, linewidth=0.9)
        part = max(shapely.get_parts(shape.iloc[0]), key=shapely.area)
        point = shapely.point_on_surface(part)
        if shapely.area(part) > 1_500_000:  # noqa: PLR2004 - square metres; a name needs room
            _name(str(name), point, ax, colour=GREY)
    for _, rows in frame.dropna(subset=["local_authority_name"]).groupby("local_authority_name"):
        _dissolved(rows).boundary.plot(ax=ax, color=INK, linewidth=0.9, linestyle=(0, (5, 3)))


def _name(name: str, point: shapely.Point, ax: Axes, colour: str) -> None:
    words = name.removesuffix(" PCN").split()
    middle = (len(words) + 1) // 2
    lines = " ".join(words[:middle]) + ("\n" + " ".join(words[middle:]) if words[middle:] else "")
    ax.annotate(
        lines, (point.x, point.y), ha="center", va="center", fontsize=8, color=colour, clip_on=True,
        annotation_clip=True, bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1},
    )  # fmt: skip


def _windowed(frame: gpd.GeoDataFrame, ax: Axes) -> gpd.GeoDataFrame:
    """Set the map to the footprint and every area where at least 5% are served; return what it shows."""
    served = frame[_served(frame)]
    west, south, east, north = (served if len(served) else frame).total_bounds
    window = shapely.box(west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    ax.set_xlim(west - MARGIN, east + MARGIN)
    ax.set_ylim(south - MARGIN, north + MARGIN)
    ax.set_aspect("equal")
    ax.figure.set_size_inches(8.6, min(max(6.2 * (north - south) / (east - west), 3.5), 9.0) + 1.1)  # type: ignore[union-attr]
    return frame[frame.intersects(window)]


def _served(frame: gpd.GeoDataFrame) -> pd.Series:
    return frame["in_footprint"] | (frame["share"].astype("Float64") >= BREAKS[0]).fillna(False)
