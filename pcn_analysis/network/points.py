"""Points that stand for areas and practices: easting and northing in metres of the National Grid (EPSG:27700).

A point that is not known is null, and so is whatever rests on it alone.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.sources.geography import BRITISH_NATIONAL_GRID, GRID
from pcn_analysis.words import number

POINT = ("easting", "northing")
DEGREES = 4326
LARGEST_DEGREES = (180, 90)


def practice_points(practices: pd.DataFrame) -> pd.DataFrame:
    """Where practices are, in metres.

    Parameters
    ----------
    practices
        practice_code, latitude, longitude (degrees; null where not known).

    Returns
    -------
    DataFrame
        Indexed by practice_code, in the order given: easting, northing; null where either degree is.

    Raises
    ------
    PcnAnalysisError
        If a practice is named twice, or a point does not lie in Great Britain.

    Examples
    --------
    >>> rows = {"practice_code": ["A1", "A2"], "latitude": [53.39, None], "longitude": [-3.02, None]}
    >>> practice_points(pd.DataFrame(rows)).round(-3).to_numpy().tolist()
    [[332000.0, 389000.0], [nan, nan]]
    """
    degrees = practices[["longitude", "latitude"]].to_numpy(float, na_value=np.nan)
    known = np.isfinite(degrees).all(axis=1)
    metres = gpd.GeoSeries(shapely.points(degrees[known]), crs=DEGREES).to_crs(BRITISH_NATIONAL_GRID)
    at = np.full(degrees.shape, np.nan)
    at[known] = shapely.get_coordinates(metres.to_numpy())
    points = pd.DataFrame(at, pd.Index(practices["practice_code"], name="practice_code"), list(POINT))
    check_points(points, "practices")
    return points


def coordinates(points: pd.DataFrame, index: pd.Index) -> np.ndarray:
    """Easting and northing of each label of an index, in its order; both missing where either is.

    Raises
    ------
    PcnAnalysisError
        As :func:`check_points`.
    """
    check_points(points)
    at = points[list(POINT)].reindex(index).to_numpy(float, na_value=np.nan, copy=True)
    at[~np.isfinite(at).all(axis=1)] = np.nan
    return at


def check_points(points: pd.DataFrame, where: str = "points") -> None:
    """Raise if something has two points, or points are not metres of the National Grid.

    Examples
    --------
    >>> check_points(pd.DataFrame({"easting": [-3.02], "northing": [53.39]}, index=["E01000001"]))
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: points: coordinates look like degrees, where metres are needed. ...
    """
    found = []
    twice = int(points.index.duplicated().sum())
    if twice:
        found.append(Problem(where, f"{number(twice, 'row')} repeat an area or practice", "Keep one point of each."))
    at = points[list(POINT)].to_numpy(float, na_value=np.nan)
    at = at[~np.isnan(at).any(axis=1)]
    west, south, east, north = GRID.bounds
    astray = int((~((at >= (west, south)) & (at <= (east, north))).all(axis=1)).sum())
    if len(at) and (np.abs(at) <= LARGEST_DEGREES).all():
        what = "coordinates look like degrees, where metres are needed"
        found.append(Problem(where, what, f"Project them to EPSG:{BRITISH_NATIONAL_GRID} first."))
    elif astray:
        what = f"{number(astray, 'point')} not in Great Britain"
        found.append(Problem(where, what, "Check that they are metres east and north of the National Grid."))
    if found:
        raise PcnAnalysisError(*found)
