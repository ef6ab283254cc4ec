"""A map of a place to point at and to search in, which needs no network: everything is in the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from pcn_analysis.plots.network_maps import FILLS
from pcn_analysis.plots.style import INK, PALE
from pcn_analysis.release import check_released
from pcn_analysis.words import count, percent

if TYPE_CHECKING:
    import geopandas as gpd
    from bokeh.models.ui import UIElement
    from bokeh.plotting import figure as Figure  # noqa: N812 - a class, whatever Bokeh calls it

    from pcn_analysis.release import ReleasedTable

WIDTH, HEIGHT = 960, 820
"""Pixels of the map."""
FIND = """
const rows = areas.data; const asked = this.value.toLowerCase();
const found = rows.said.map((one, row) => one.toLowerCase().includes(asked) ? row : -1).filter(row => row >= 0);
areas.selected.indices = asked ? found : [];
const first = found[0];
told.text = !asked ? "" : found.length === 0 ? "Nothing on this map is called so." :
  found.length + (found.length === 1 ? " area" : " areas") + " found. " + rows.said[first];
"""
"""What the browser does when something is searched for: selects the areas and says the first of them in words."""


def interactive_map(table: ReleasedTable) -> tuple[str, str, str]:
    """Draw the areas of a place by network, to point at and to search in.

    Parameters
    ----------
    table
        As :func:`pcn_analysis.network.place_networks.area_map` has it, released.

    Returns
    -------
    tuple of str
        Scripts for the head of a page, the map's own script, and where it stands; nothing is loaded from outside.
    """
    from bokeh.embed import components
    from bokeh.resources import Resources

    check_released(table)
    script, where = components(_layout(shown_areas(table)))
    return Resources(mode="inline", components=["bokeh", "bokeh-widgets"]).render(), script, where


def shown_areas(table: ReleasedTable) -> gpd.GeoDataFrame:
    """Areas of the place, and those elsewhere that are in the footprint of one of its networks."""
    frame = table.frame
    return frame[frame["in_place"] | frame["own"]].reset_index(drop=True)


def _layout(rows: gpd.GeoDataFrame) -> UIElement:
    """A field to search in, what was found in words, and the map."""
    from bokeh.layouts import column
    from bokeh.models import ColumnDataSource, CustomJS
    from bokeh.models.widgets import AutocompleteInput, Div

    said = [_said(row) for row in rows.to_dict("records")]
    data = {"said": said, "colour": _fill(rows), "hatch": ["/" if one else " " for one in rows["uncertain"]]}
    data |= dict(zip(("xs", "ys"), _rings(rows), strict=True))
    areas, told = ColumnDataSource(data), Div(text="", render_as_text=True, styles={"font-size": "1rem"})
    names = sorted({*rows["area_name"].dropna(), *rows["area_code"], *rows["pcn_name"].dropna()})
    search = AutocompleteInput(
        title="Find an area or a network", completions=names, min_characters=2, case_sensitive=False,
        search_strategy="includes", restrict=False, width=420,
    )  # fmt: skip
    search.js_on_change("value", CustomJS(args={"areas": areas, "told": told}, code=FIND))
    return column(search, told, _map(areas), sizing_mode="stretch_width")


def _fill(rows: gpd.GeoDataFrame) -> list[str]:
    return [PALE if pd.isna(colour) else FILLS[int(colour)] for colour in rows["colour"]]


def _map(areas: Any) -> Figure:
    from bokeh.models import HoverTool
    from bokeh.plotting import figure

    plot = figure(
        match_aspect=True, width=WIDTH, height=HEIGHT, tools="pan,wheel_zoom,box_zoom,reset,tap",
        toolbar_location="above", sizing_mode="scale_width",
    )  # fmt: skip
    plot.axis.visible = plot.grid.visible = False
    plot.outline_line_color = None
    shapes = plot.multi_polygons(
        xs="xs", ys="ys", source=areas, fill_color="colour", line_color="white", line_width=0.6,
        hatch_pattern="hatch", hatch_color="white", hatch_alpha=0.7, hatch_scale=8,
        selection_line_color=INK, nonselection_fill_alpha=0.35, hover_line_color=INK,
    )  # fmt: skip
    plot.add_tools(HoverTool(renderers=[shapes], tooltips=f'<div style="max-width:22em;color:{INK}">@said</div>'))
    plot.toolbar.logo = None
    plot.background_fill_color = "white"
    plot.border_fill_color = "white"
    return plot


def _rings(rows: gpd.GeoDataFrame) -> list[list]:
    """Easting and northing, to the metre, of the rings of every part of every area, as Bokeh nests them."""
    parts = [[[part.exterior, *part.interiors] for part in shapely.get_parts(shape)] for shape in rows.geometry]
    return [
        [[[np.rint(shapely.get_coordinates(ring)[:, axis]).astype(int).tolist() for ring in part] for part in area]
         for area in parts]
        for axis in (0, 1)
    ]  # fmt: skip


def _said(row: dict[str, Any]) -> str:
    """One area in words, for the pointer and for the search."""
    who = f"{row['area_name']} ({row['area_code']}), {row['local_authority_name']}"
    if pd.isna(row["pcn_name"]):
        return f"{who}: nobody registered."
    doubt = " Won narrowly." if row["uncertain"] else ""
    return (
        f"{who}: most with {row['pcn_name']}, {percent(row['share'])} of {count(row['registered'])} registered.{doubt}"
    )
