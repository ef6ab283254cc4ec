"""Maps of all networks or groups of a place: on whose ground each area is, today and in plans."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib_scalebar.scalebar import ScaleBar

from pcn_analysis.plots.area_shapes import draw_areas
from pcn_analysis.plots.networks import TODAY
from pcn_analysis.plots.style import DARK_BLUE, DARK_PINK, GREY, INK, ORANGE, TURQUOISE, WIDE, chart, lay_out
from pcn_analysis.words import number, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

PALETTE = (DARK_BLUE, TURQUOISE, DARK_PINK, ORANGE, "#3D3D3D", "#A285D1")
"""All six categorical colours of the Government Analysis Function, in its order."""
LIGHTER = 0.25
"""Share of white in the colours of areas, so that outlines and hatching stand out."""


def _lighter(colour: str) -> str:
    red, green, blue = (part * (1 - LIGHTER) + LIGHTER for part in to_rgb(colour))
    return to_hex((red, green, blue))


FILLS = tuple(map(_lighter, PALETTE))
SURROUNDINGS = "#EEF1F2"
MARGIN = 0.03
"""Room around a place, as a share of its longer side."""
AROUND = 0.15
"""How far around a place areas of its networks are shown."""
MOST_NAMED = 12
"""Most networks whose names stand on the map; more have numbers, and the names stand below."""
KEY_LINE, KEY_COLUMNS = 0.19, 3
IN_A_ROW = 3
"""Small maps beside one another."""
TITLES = 0.55
"""Height of the two lines above a small map, in inches."""
DOUBTFUL: Any = {"facecolor": "none", "edgecolor": "white", "hatch": "////", "linewidth": 0}
NOT_WON: Any = {"facecolor": SURROUNDINGS, "edgecolor": GREY, "linewidth": 0.5}
OUTLINE: Any = {"color": INK, "linewidth": 1.8}
AUTHORITY: Any = {"color": INK, "linewidth": 1.1, "linestyle": (0, (5, 3))}
FRESH = "a network that continues none of today's"
DOTS = "..."
"""How areas of networks are marked that continue none of today's."""


@chart(height=8.8, width=WIDE)
def place_areas(table: ReleasedTable, ax: Axes) -> None:
    """Draw every area in the colour of the network that most registered people there are with."""
    draw_won(table, ax, "network", ("pcn_code", "pcn_name"), "in none")


def draw_won(table: ReleasedTable, ax: Axes, noun: str, by: tuple[str, str], none: str) -> None:
    """Draw every area in the colour of the one that most registered people there are with, of networks or groups.

    The noun is what wins areas, ``by`` are the columns of its code and name, and ``none`` says where people are who are
    with none. Where many have areas they are numbered, and their names stand below.
    """
    code, name = by
    every = gpd.GeoDataFrame(table.frame, geometry="geometry")
    names = sorted(every.loc[every["own"], name].unique())
    numbered = len(names) > MOST_NAMED
    frame = _windowed(every, ax, KEY_LINE * (1 - len(names) // -KEY_COLUMNS) if numbered else 0.0)
    own = frame[frame["own"]]
    _draw(ax, frame, 0.6)
    doubtful = own[own["uncertain"]]
    if len(doubtful):
        doubtful.plot(ax=ax, **DOUBTFUL)
    _outlines(ax, own, code, **OUTLINE)
    _outlines(ax, frame.dropna(subset=["local_authority_name"]), "local_authority_name", **AUTHORITY)
    marks = {known: str(place) if numbered else known for place, known in enumerate(names, start=1)}
    _name(ax, own, by, marks, fontsize=9.5, weight="bold", color=INK)
    if numbered:
        _key(ax, marks)
    else:
        strange = frame[frame["in_place"] & ~frame["own"]].dropna(subset=[name])
        _name(ax, strange, by, {}, fontsize=8, style="italic", color=GREY)
    ax.add_artist(ScaleBar(1, location="lower left", box_alpha=0.8, color=INK, font_properties={"size": 9}))
    doubt = f"weak: less than half, or ahead by less than 5 points ({number(len(doubtful), 'area')})"
    elsewhere = f"most are with a network from elsewhere, or {none}"
    _legend(ax, [
        Patch(**DOUBTFUL | {"facecolor": GREY}, label=doubt),
        Patch(**NOT_WON, label=elsewhere),
        Line2D([], [], **OUTLINE, label=f"outline of a {noun}"),
        Line2D([], [], **AUTHORITY, label="local authority"),
    ])  # fmt: skip
    ax.set_title(f"{noun.capitalize()} that most registered people are with, by area\n{table.about.title()}")


def _small(table: ReleasedTable) -> float:
    """Height of all small maps together with what stands above and below."""
    frame = gpd.GeoDataFrame(table.frame, geometry="geometry")
    return 1.75 + _row_high(frame) * -(-frame["plan"].nunique() // IN_A_ROW)


def _row_high(frame: gpd.GeoDataFrame) -> float:
    """Height of a row of small maps with its titles, in inches."""
    west, south, east, north = _bounds(frame[frame["pcn_code"].notna()])
    return min(WIDE / IN_A_ROW * 0.95 * (north - south) / (east - west), 5.0) + TITLES


@chart(height=_small, width=WIDE)
def plan_maps(table: ReleasedTable, ax: Axes) -> None:
    """Draw a small map of today's networks and one of each plan of a design, a network in the same colour on each."""
    frame = gpd.GeoDataFrame(table.frame, geometry="geometry")
    plans = list(dict.fromkeys(frame["plan"]))
    bounds = _bounds(frame[frame["pcn_code"].notna()])
    high, down = _row_high(frame), -(-len(plans) // IN_A_ROW)
    lay_out(ax, top=0.75, bottom=1.0)
    title = f"Today, and {number(len(plans) - 1, 'plan')} for {frame['design'].iloc[0]}"
    ax.set_title(f"{textwrap.fill(title, 90)}\n{table.about.title()}")
    for place, plan in enumerate(plans):
        bottom = 1 - (place // IN_A_ROW + 1) / down
        inset = ax.inset_axes((place % IN_A_ROW / IN_A_ROW, bottom, 0.97 / IN_A_ROW, (high - TITLES) / high / down))
        inset.set_axis_off()
        _window(inset, bounds)
        rows = frame[frame["plan"] == plan]
        _draw_plan(inset, rows[rows.intersects(shapely.box(*bounds))])
    fresh = Patch(facecolor=GREY, edgecolor="white", hatch=DOTS, linewidth=0, label=FRESH)
    _legend(ax, [Patch(**NOT_WON, label="not won by any of them"), fresh])


def _draw_plan(ax: Axes, rows: gpd.GeoDataFrame) -> None:
    _draw(ax, rows, 0.25)
    fresh = rows[rows["pcn_code"].str.startswith("new").fillna(False)]
    if len(fresh):
        fresh.plot(ax=ax, facecolor="none", edgecolor="white", hatch=DOTS, linewidth=0, aspect=None)
    _outlines(ax, rows.dropna(subset=["pcn_code"]), "pcn_code", color=INK, linewidth=1.0)
    one = rows.iloc[0]
    said = f"{number(one['moves'], 'practice')} would move"
    ax.set_title(f"{str(one['plan']).capitalize()}", fontsize=10.5, loc="left", pad=19)
    ax.text(0, 1.02, f"{said if one['plan'] != TODAY else 'as they are'}; worst-off {percent(one['worst'])}",
            transform=ax.transAxes, fontsize=9, va="bottom")  # fmt: skip


# -- shared by the maps above ------------------------------------------------------------------------------


def _bounds(rows: gpd.GeoDataFrame, margin: float = MARGIN) -> tuple[float, ...]:
    west, south, east, north = rows.total_bounds
    room = margin * max(east - west, north - south)
    return west - room, south - room, east + room, north + room


def _window(ax: Axes, bounds: tuple[float, ...]) -> None:
    west, south, east, north = bounds
    ax.set(xlim=(west, east), ylim=(south, north), aspect="equal")


def _windowed(frame: gpd.GeoDataFrame, ax: Axes, key: float) -> gpd.GeoDataFrame:
    """Set the map to the place and areas of its networks near it, with room for a key below; return what it shows."""
    place = _bounds(frame[frame["in_place"]], AROUND)
    bounds = _bounds(frame[(frame["own"] & frame.intersects(shapely.box(*place))) | frame["in_place"]])
    bounds = (*np.maximum(bounds[:2], place[:2]), *np.minimum(bounds[2:], place[2:]))
    west, south, east, north = bounds
    high = min(max((WIDE - 0.25) * (north - south) / (east - west), 4.5), 9.5)
    ax.figure.set_size_inches(WIDE, high + 1.95 + key)  # type: ignore[union-attr]
    lay_out(ax, top=0.75, bottom=1.2 + key)
    frame = frame[frame.intersects(shapely.box(*bounds))]
    _window(ax, bounds)
    return frame


def _draw(ax: Axes, frame: gpd.GeoDataFrame, border: float) -> None:
    limits = ax.get_xlim(), ax.get_ylim()
    values = pd.Series(0.0, frame["area_code"])
    drawn = draw_areas(ax, frame, values, edgecolor="white", linewidth=border)
    order = np.argsort(-shapely.area(frame.geometry.to_numpy()), kind="stable")
    drawn.set_array(None)
    fills = [SURROUNDINGS if pd.isna(colour) else FILLS[int(colour)] for colour in frame["colour"]]
    drawn.set_facecolor(np.array(fills, dtype=object)[order].tolist())
    ax.set(xlim=limits[0], ylim=limits[1], aspect="equal")


def _outlines(ax: Axes, rows: gpd.GeoDataFrame, by: str, **look: Any) -> None:
    """Draw the borders of groups of areas, each once where two meet, so that dashes stay dashes."""
    joined = [shapely.coverage_union_all(some.geometry.to_numpy()) for _, some in rows.groupby(by)]
    lines = shapely.get_parts(shapely.line_merge(shapely.union_all(shapely.boundary(joined))))
    ax.add_collection(LineCollection([shapely.get_coordinates(line) for line in lines], **look))


def _name(ax: Axes, rows: gpd.GeoDataFrame, by: tuple[str, str], marks: dict[str, str], **look: Any) -> None:
    """Write each name, or the mark that stands for it, on the largest part of its ground."""
    for (_, name), some in rows.groupby(list(by)):
        joined = shapely.coverage_union_all(some.geometry.to_numpy())
        part = max(shapely.get_parts(joined), key=shapely.area)
        spot = shapely.get_coordinates(shapely.maximum_inscribed_circle(part))[0]
        ax.annotate(
            textwrap.fill(marks.get(str(name), str(name)).removesuffix(" PCN"), 16), spot, ha="center", va="center",
            annotation_clip=True, bbox={"facecolor": "white", "alpha": 0.86, "edgecolor": "none", "pad": 2}, **look,
        )  # fmt: skip


def _legend(ax: Axes, keys: list[Any]) -> None:
    ax.legend(handles=keys, loc="upper left", bbox_to_anchor=(-0.01, 0.0), ncols=2, fontsize=9.5)


def _key(ax: Axes, marks: dict[str, str]) -> None:
    """Write below the map and its legend which name has which number."""
    high = ax.figure.get_size_inches()[1] * ax.get_position().height  # type: ignore[union-attr]
    lines = -(-len(marks) // KEY_COLUMNS)
    for place, (name, mark) in enumerate(marks.items()):
        column, line = divmod(place, lines)
        ax.text(column / KEY_COLUMNS, -(0.62 + KEY_LINE * line) / high, f"{mark}  {name.removesuffix(' PCN')}",
                transform=ax.transAxes, fontsize=9, va="top")  # fmt: skip
