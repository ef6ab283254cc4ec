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

from pcn_analysis.codes import ENGLISH_LSOA
from pcn_analysis.exceptions import problem
from pcn_analysis.sources.open_data import AREA_CODE
from pcn_analysis.sources.published_files import check_once, check_zip, find_column
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

BRITISH_NATIONAL_GRID = 27700
GRID = shapely.box(-100_000, -100_000, 800_000, 1_400_000)
"""Great Britain in metres of the National Grid, with a margin."""
MARGIN = 2_000
"""Metres of surroundings shown on a map beyond what it is about."""


def read_boundaries(path: Path) -> gpd.GeoDataFrame:
    """Read area boundaries: area_code and geometry in EPSG:27700, as published, of England alone.

    Parameters
    ----------
    path
        A GeoParquet, GeoJSON or GeoPackage file, or a zip of any that holds one layer.

    Raises
    ------
    PcnAnalysisError
        If the file holds no LSOA boundaries, holds an area twice or without a shape, or its coordinates are not
        of Great Britain.
    """
    if path.suffix.lower() == ".zip":
        check_zip(path)
    try:
        frame = gpd.read_parquet(path) if path.suffix.lower() == ".parquet" else gpd.read_file(path)
        code = find_column(frame.columns, (*AREA_CODE[2021], *AREA_CODE[2011]))
        frame = gpd.GeoDataFrame({"area_code": frame[code]}, geometry=frame.geometry)
    except (OSError, ValueError, RuntimeError, KeyError, AttributeError) as error:
        raise problem(path.name, "is no file of LSOA boundaries", "Download it again, unchanged.") from error
    if frame.crs is None:
        raise problem(path.name, "does not say which coordinate system it is in", "Download it again, unchanged.")
    frame = frame[frame["area_code"].astype("str").str.match(ENGLISH_LSOA)].reset_index(drop=True)
    check_once(frame, ["area_code"], path)
    _check_shapes(frame, path)
    frame = frame.to_crs(BRITISH_NATIONAL_GRID)
    if len(frame) and not shapely.box(*frame.total_bounds).within(GRID):
        raise problem(path.name, "its coordinates are not of Great Britain", "Download it again, unchanged.")
    return frame


def _check_shapes(frame: gpd.GeoDataFrame, path: Path) -> None:
    bare = int((~frame.geom_type.isin(["Polygon", "MultiPolygon"]) | frame.is_empty).sum())
    if bare:
        raise problem(path.name, f"{number(bare, 'area')} without a shape", "Download the boundaries again, unchanged.")


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
