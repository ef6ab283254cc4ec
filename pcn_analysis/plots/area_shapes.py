"""Areas drawn by value: many thousand of them as one collection, holes kept."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from matplotlib.collections import PathCollection
from matplotlib.path import Path

from pcn_analysis.plots.style import PALE

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes


def draw_areas(
    ax: Axes,
    boundaries: gpd.GeoDataFrame,
    values: pd.Series,
    *,
    cmap: Any = "cividis",
    missing: str = PALE,
    **look: Any,
) -> PathCollection:
    """Draw areas, each in the colour of its value.

    Parameters
    ----------
    ax
        Axes to draw on; its limits are set to the areas, and a metre is as long both ways.
    boundaries
        area_code and geometry, EPSG:27700.
    values
        Number of each area by area code: a measure, or the number of a class. An area without one is drawn as
        ``missing``.
    cmap
        Colours.
    missing
        Colour of an area without a value.
    **look
        Passed on to matplotlib: ``norm`` or ``clim``, ``edgecolor``, ``linewidth``.

    Returns
    -------
    PathCollection
        What was drawn, largest areas first, for a colour bar.
    """
    shapes = boundaries.geometry.to_numpy()
    order = np.argsort(-shapely.area(shapes), kind="stable")
    here = values.reindex(boundaries["area_code"]).to_numpy(dtype=float, na_value=np.nan)[order]
    appearance: dict[str, Any] = {"edgecolor": "face", "linewidth": 0.2} | look
    drawn = PathCollection(_paths(shapes[order]), None, cmap=cmap, **appearance)
    drawn.set_array(np.ma.masked_invalid(here))
    drawn.set_cmap(drawn.get_cmap().with_extremes(bad=missing))
    ax.add_collection(drawn, autolim=False)
    west, south, east, north = boundaries.total_bounds
    ax.set(xlim=(west, east), ylim=(south, north), aspect="equal")
    return drawn


def _paths(shapes: np.ndarray) -> list[Path]:
    """One path a shape; holes run against the ring around them, so that they stay empty."""
    _, points, (rings, *larger) = shapely.to_ragged_array(shapely.orient_polygons(shapes))
    kinds = np.full(len(points), Path.LINETO, dtype=Path.code_type)
    kinds[rings[1:] - 1] = Path.CLOSEPOLY
    kinds[rings[:-1]] = Path.MOVETO
    limits = rings
    for step in larger:
        limits = limits[step]
    return [Path(points[start:end], kinds[start:end]) for start, end in pairwise(limits.tolist())]
