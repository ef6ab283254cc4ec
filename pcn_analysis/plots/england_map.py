"""The map of a country's areas by the share of their largest network, with parts of it drawn larger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch, Rectangle
from matplotlib_scalebar.scalebar import ScaleBar

from pcn_analysis.plots.area_shapes import draw_areas
from pcn_analysis.plots.style import GREY, INK, PALE, SHARES, chart
from pcn_analysis.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

CLASSES = ("under 40%", "40% to 50%", "50% to 70%", "70% to 90%", "90% or more")
COLOURS = ("#D9A300", "#F5D98B", *SHARES[2:5])
"""Below half of an area's people in yellow, from half in blue, darker the further from half."""
INSETS = ((-0.02, 0.33, 0.36, 0.29), (0.775, 0.72, 0.37, 0.27))
"""Where parts are drawn larger: west of Wales's border and over the North Sea, where there are no English areas."""
WIDE, TALL = 9.4, 9.6
"""Inches that the map takes at most."""
MANY, FINE = 40, 0.25
"""From so many networks in an inset, the borders between them are as fine as this."""
SMALL = 0.1
"""A part that takes less of the map than this is drawn larger beside it."""
MARGIN = 0.04
"""Of the width and height of an inset, shown around what it is of."""


@chart(height=TALL, width=WIDE)
def england_map(table: ReleasedTable, ax: Axes) -> None:
    """Draw areas by the share of the network with most of their registered patients; London and a place larger."""
    frame = gpd.GeoDataFrame(table.frame, geometry="geometry")
    west, south, east, north = frame.total_bounds
    # no taller than the map: what is left above and below it is not counted as room for title and legend
    ax.figure.set_figheight(min(TALL, WIDE * (north - south) / (east - west)))  # type: ignore[union-attr]
    _areas(ax, frame)
    areas = frame["share_class"].value_counts().reindex(list(CLASSES), fill_value=0)
    keys = [
        Patch(facecolor=colour, edgecolor=GREY, linewidth=0.4, label=f"{name} ({number(areas[name], 'area')})")
        for name, colour in zip(CLASSES, COLOURS, strict=True)
    ]
    names = sorted((name for name, rows in frame.groupby("inset") if _is_small(rows, frame)), key=_london_last)
    where = INSETS if len(names) > 1 else INSETS[1:]
    for name, place in zip(names, where, strict=False):
        _inset(ax, frame, name, place)
    if names:
        label = "White lines in the parts drawn larger:\nborders between networks"
        keys.append(Patch(facecolor=COLOURS[2], edgecolor="white", linewidth=2, label=label))
    ax.set_axis_off()
    ax.add_artist(ScaleBar(1, location="lower right", box_alpha=0.8, color=INK, font_properties={"size": 9}))
    ax.legend(handles=keys, title="Share of registered patients with the area's largest network", loc="upper left",
              bbox_to_anchor=(-0.02, 0.0), alignment="left", fontsize=9.5, ncols=3)  # fmt: skip
    ax.set_title(f"How far one network serves each area\n{table.about.title()}")


def _areas(ax: Axes, frame: gpd.GeoDataFrame) -> None:
    level = frame.set_index("area_code")["level"].astype("Float64")
    draw_areas(ax, frame, level, cmap=ListedColormap(list(COLOURS)), clim=(-0.5, len(COLOURS) - 0.5), missing=PALE)


def _london_last(name: str) -> bool:
    return name == "London"


def _is_small(rows: gpd.GeoDataFrame, frame: gpd.GeoDataFrame) -> bool:
    """Whether a part of the map is too small to be seen on it."""
    size = np.array([np.subtract(one.total_bounds[2:], one.total_bounds[:2]).prod() for one in (rows, frame)])
    return bool(size[0] < SMALL * size[1])


def _inset(ax: Axes, frame: gpd.GeoDataFrame, name: str, place: tuple[float, float, float, float]) -> None:
    """Draw a part of the map larger, with the borders between the grounds of its networks."""
    own = frame[frame["inset"] == name]
    west, south, east, north = own.total_bounds
    across, up = MARGIN * (east - west), MARGIN * (north - south)
    window = shapely.box(west - across, south - up, east + across, north + up)
    shown = frame[frame.intersects(window)]
    inset = ax.inset_axes(place)
    _areas(inset, shown)
    grounds = [shapely.coverage_union_all(rows.geometry.to_numpy()) for _, rows in shown.groupby("network")]
    _outlines(inset, grounds, "white", FINE if len(grounds) > MANY else 0.9)
    _outlines(inset, [shapely.coverage_union_all(own.geometry.to_numpy())], INK, 1.1)
    bounds = window.bounds
    inset.set(xlim=(bounds[0], bounds[2]), ylim=(bounds[1], bounds[3]), xticks=[], yticks=[])
    inset.spines[:].set(visible=True, color=INK, linewidth=0.8)
    inset.set_title(name, fontsize=10.5, pad=4)
    size = np.subtract(bounds[2:], bounds[:2])
    ax.add_patch(Rectangle(bounds[:2], *size, facecolor="none", edgecolor=INK, linewidth=0.8))


def _outlines(ax: Axes, shapes: list[shapely.Geometry], colour: str, width: float) -> None:
    """Draw the borders of shapes."""
    lines = shapely.get_parts(shapely.boundary(shapes))
    rings = [shapely.get_coordinates(line) for line in lines]
    ax.add_collection(LineCollection(rings, colors=colour, linewidths=width), autolim=False)
