"""Map of where a network's own people live: its core, main and wide catchment, with its footprint outlined."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

from pcn_analysis.plots.map_parts import key, outlines, own_outline, scaled, windowed
from pcn_analysis.plots.style import GREY, INK, PALE, SHARES, chart
from pcn_analysis.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

TALL = 6.5
"""Height of the map, in inches, where it is long from north to south: less than that of the footprint above it."""
FILLS = {"core": SHARES[5], "main": SHARES[3], "wide": SHARES[1]}
HELD = {"core": "Core: the first 50%", "main": "Main: up to 80%", "wide": "Wide: up to 95%"}


@chart(height=8.6, width=8.6)
def catchments(table: ReleasedTable, ax: Axes) -> None:
    """Draw the nested catchments of a network, the darker the fewer areas, and the outline of its footprint.

    The map is set to the main catchment and the footprint; the legend says how many areas of each catchment lie
    beyond it.
    """
    every = gpd.GeoDataFrame(table.frame, geometry="geometry")
    shaped = every[every["mapped"]]
    frame = windowed(shaped, shaped["in_footprint"] | shaped["catchment"].isin(["core", "main"]), ax, TALL)
    frame.plot(ax=ax, color=PALE, edgecolor="white", linewidth=0.4)
    keys = []
    for catchment, colour in FILLS.items():
        rows = frame[frame["catchment"] == catchment]
        if len(rows):
            rows.plot(ax=ax, color=colour, edgecolor="white", linewidth=0.4)
        beyond = int((every["catchment"] == catchment).sum()) - len(rows)
        more = f", {beyond} beyond the map" if beyond else ""
        keys.append(key(GREY, 0.5, f"{HELD[catchment]}\n({number(len(rows), 'area')}{more})", facecolor=colour))
    own = frame[frame["in_footprint"]]
    sharing = frame.loc[frame["catchment"].isin(["core", "main"]) & ~frame["in_footprint"], "largest_network"]
    outlines(frame, set(sharing.dropna()), ax)
    own_outline(own, ax)
    keys += [
        key(GREY, 0.5, "Fewer of its patients, or none", facecolor=PALE),
        key(INK, 2.2, f"Its footprint ({number(len(own), 'area')})"),
        key(GREY, 0.9, "Footprints of other networks"),
        key(INK, 0.9, "Local authorities", linestyle="--"),
    ]
    scaled(ax)
    title = "Areas with most of\nits patients first"
    ax.figure.legend(handles=keys, title=title, loc="outside right upper", alignment="left", fontsize=9.5)
    ax.set_title(f"Where the network's own patients live\n{table.about.title()}")
