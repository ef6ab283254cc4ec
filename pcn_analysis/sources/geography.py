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
    from collections.abc import Collection, Iterable
    from pathlib import Path

BRITISH_NATIONAL_GRID = 27700
GRID = shapely.box(-100_000, -100_000, 800_000, 1_400_000)
"""Great Britain in metres of the National Grid, with a margin."""
GLOBE = np.array([180, 90, 180, 90])
"""Largest degrees east and north; in metres of the National Grid it is a patch of sea."""
MOST_MOVED = 0.05
"""Share of an area by which cleaning may change it; more is no generalisation but a damaged file. Our choice."""
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
        of Great Britain, or degrees where it says that they are metres.
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
    degrees = int((frame.bounds.abs() <= GLOBE).all(axis=1).sum())
    if degrees:
        what = f"coordinates of {number(degrees, 'area')} look like degrees, and the file says that they are metres"
        raise problem(path.name, what, "Download it again, unchanged, or set its coordinate system right.")
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


def check_vintage(boundaries: gpd.GeoDataFrame, shown: Collection[str], known: Iterable[str], path: Path) -> None:
    """Hold boundaries around a place against the areas of the counts.

    Parameters
    ----------
    boundaries
        Those around the place.
    shown
        Codes of areas that need a boundary.
    known
        Codes of all areas of the vintage.
    path
        The file that they were read from.

    Raises
    ------
    PcnAnalysisError
        If an area has no boundary, or a boundary is of an area that there is not: it would hide another one.
    """
    mapped = set(boundaries["area_code"])
    without, strange = len(set(shown) - mapped), len(mapped - set(known))
    remedy = "Use boundaries of the same LSOA vintage."
    if without:
        raise problem(path.name, f"{without:,} areas of the place have no boundary", remedy)
    if strange:
        raise problem(path.name, f"{number(strange, 'area')} around the place that no lookup of areas names", remedy)


def mended(boundaries: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Say how many boundaries were no valid shapes as published; nothing where all were."""
    invalid = int((~boundaries.is_valid).sum())
    if not invalid:
        return ()
    what = "area crosses itself as published; it was" if invalid == 1 else "areas cross themselves; they were"
    return (f"The boundary of {invalid} {what} mended, and may differ a little from the true one on maps.",)


def clean_coverage(boundaries: gpd.GeoDataFrame, where: str = "boundaries") -> gpd.GeoDataFrame:
    """Make neighbours share their edges point for point.

    Parameters
    ----------
    boundaries
        area_code and geometry.
    where
        What they were read from, for an error.

    Raises
    ------
    PcnAnalysisError
        If areas overlap by more than generalised boundaries do, so that one of them would be drawn in a wrong shape,
        an area is lost, or the result is still no valid coverage.
    """
    shapes = boundaries.geometry.to_numpy()
    valid = shapely.is_valid(shapes)
    if not (valid.all() and shapely.coverage_is_valid(shapes)):
        mended = np.where(valid, shapes, shapely.make_valid(shapes, method="structure", keep_collapsed=False))
        shapes = shapely.coverage_clean(mended)
        _check_moved(mended, shapes, where)
    cleaned = boundaries.set_geometry(gpd.GeoSeries(shapes, index=boundaries.index, crs=boundaries.crs))
    check_coverage(cleaned)
    return cleaned


def _check_moved(before: np.ndarray, after: np.ndarray, where: str) -> None:
    """Raise where cleaning would take much of an area away, or give it much of another."""
    size = shapely.area(before)
    moved = shapely.area(shapely.symmetric_difference(before, after))
    far = int((moved > MOST_MOVED * size).sum())
    if far:
        what = f"{number(far, 'area')} overlap others by more than {MOST_MOVED:.0%} of their size"
        raise problem(where, what, "Download the boundaries again, unchanged: no map can be drawn of these.")


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
