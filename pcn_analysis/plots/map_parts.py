"""What the maps of one network are put together from: keys, outlines with names, and the window around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely
from matplotlib.patches import Patch
from matplotlib_scalebar.scalebar import ScaleBar

from pcn_analysis.plots.style import GREY, INK

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd
    from matplotlib.axes import Axes

MARGIN = 900
"""Metres shown around what a map is about."""
ROOM = 1_500_000
"""Square metres that a part of a footprint needs to carry its name."""
DASHES = (0, (5, 3))
TALLEST = 9.0
"""Height of a map, in inches, where what it shows is long from north to south."""


def key(edge: str, width: float, label: str, **look: Any) -> Patch:
    """Make an entry of a legend."""
    return Patch(**{"facecolor": "white", "edgecolor": edge, "linewidth": width, "label": label, **look})


def dissolved(rows: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Join areas into one shape."""
    return gpd.GeoSeries([shapely.coverage_union_all(rows.geometry.to_numpy())], crs=rows.crs)


def own_outline(rows: gpd.GeoDataFrame, ax: Axes) -> None:
    """Outline a network's footprint, with a white edge by which it stands out from dark areas."""
    if len(rows):
        edge = dissolved(rows).boundary
        edge.plot(ax=ax, color="white", linewidth=4.2)
        edge.plot(ax=ax, color=INK, linewidth=2.2)


def outlines(frame: gpd.GeoDataFrame, networks: Collection[Any], ax: Axes) -> None:
    """Draw the footprints of other networks, thin and named, and local authorities, dashed."""
    for name, rows in frame[frame["largest_network"].isin(networks)].groupby("largest_network"):
        shape = dissolved(rows)
        shape.boundary.plot(ax=ax, color=GREY, linewidth=0.9)
        part = max(shapely.get_parts(shape.iloc[0]), key=shapely.area)
        if shapely.area(part) > ROOM:
            _name(str(name), shapely.point_on_surface(part), ax, colour=GREY)
    for _, rows in frame.dropna(subset=["local_authority_name"]).groupby("local_authority_name"):
        dissolved(rows).boundary.plot(ax=ax, color=INK, linewidth=0.9, linestyle=DASHES)


def _name(name: str, point: shapely.Point, ax: Axes, colour: str) -> None:
    words = name.removesuffix(" PCN").split()
    middle = (len(words) + 1) // 2
    lines = " ".join(words[:middle]) + ("\n" + " ".join(words[middle:]) if words[middle:] else "")
    ax.annotate(
        lines, (point.x, point.y), ha="center", va="center", fontsize=8, color=colour, clip_on=True,
        annotation_clip=True, bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1},
    )  # fmt: skip


def windowed(frame: gpd.GeoDataFrame, about: pd.Series, ax: Axes, tallest: float = TALLEST) -> gpd.GeoDataFrame:
    """Set a map to the rows that it is about, or to all where there are none; return what it shows."""
    rows = frame[about]
    west, south, east, north = (rows if len(rows) else frame).total_bounds
    window = shapely.box(west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    ax.set_xlim(west - MARGIN, east + MARGIN)
    ax.set_ylim(south - MARGIN, north + MARGIN)
    ax.set_aspect("equal")
    ax.figure.set_size_inches(8.6, min(max(6.2 * (north - south) / (east - west), 3.5), tallest) + 1.1)  # type: ignore[union-attr]
    return frame[frame.intersects(window)]


def scaled(ax: Axes) -> None:
    """Add a scale bar, and take the axes away."""
    ax.add_artist(ScaleBar(1, location="lower left", box_alpha=0.8, color=INK, font_properties={"size": 9}))
    ax.set_axis_off()
