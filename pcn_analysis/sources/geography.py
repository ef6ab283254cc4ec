"""Area boundaries, cleaned once into a valid coverage.

Generalised boundary files need not fit together: neighbours may share an edge with different points along
it, and dissolving such areas fails or, worse, returns invalid shapes without a word. So areas are projected
to EPSG:27700 (metres), cleaned together once, checked, and kept; everything later relies on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from pcn_analysis.exceptions import problem
from pcn_analysis.sources.published_files import check_once

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

BRITISH_NATIONAL_GRID = 27700
MARGIN = 2_000
"""Metres of surroundings shown on a map beyond what it is about."""


def read_boundaries(path: Path) -> gpd.GeoDataFrame:
    """Read area boundaries: area_code and geometry in EPSG:27700, as published.

    Raises
    ------
    PcnAnalysisError
        If the file holds no LSOA boundaries.
    """
    try:
        frame = gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)
        column = next(name for name in frame.columns if name.lower() in ("lsoa11_code", "lsoa21_code"))
    except (OSError, ValueError, StopIteration, RuntimeError, KeyError) as error:
        raise problem(path.name, "is no file of LSOA boundaries", "Download it again, unchanged.") from error
    frame = frame[[column, "geometry"]].rename(columns={column: "area_code"})
    if frame.crs is None:
        raise problem(path.name, "does not say which coordinate system it is in", "Download it again, unchanged.")
    check_once(frame, ["area_code"], path)
    return frame.to_crs(BRITISH_NATIONAL_GRID)


def around(boundaries: gpd.GeoDataFrame, area_codes: Collection[str]) -> gpd.GeoDataFrame:
    """Areas that touch the rectangle around the named ones, with a margin."""
    named = boundaries[boundaries["area_code"].isin(set(area_codes))]
    west, south, east, north = named.total_bounds
    window = (west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    return boundaries.iloc[sorted(boundaries.sindex.intersection(window))].reset_index(drop=True)


def clean_coverage(boundaries: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make neighbours share their edges point for point.

    Raises
    ------
    PcnAnalysisError
        If an area is lost or the result is still no valid coverage.
    """
    shapes = boundaries.geometry.to_numpy()
    valid = shapely.is_valid(shapes)
    if not (valid.all() and shapely.coverage_is_valid(shapes)):
        mended = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
        shapes = shapely.coverage_clean(np.where(valid, shapes, mended))
    cleaned = boundaries.set_geometry(gpd.GeoSeries(shapes, index=boundaries.index, crs=boundaries.crs))
    check_coverage(cleaned)
    return cleaned


def check_coverage(boundaries: gpd.GeoDataFrame) -> None:
    """Raise unless every area is a valid shape, none is empty and neighbours share their edges."""
    shapes = boundaries.geometry.to_numpy()
    faults = int((~shapely.is_valid(shapes) | shapely.is_empty(shapes)).sum())
    if faults or not shapely.coverage_is_valid(shapes):
        raise problem(
            "boundaries",
            f"{faults} areas are invalid or empty, or neighbours do not share their edges",
            "Run `pcn-analysis prepare` again with the publisher's boundary file.",
        )
