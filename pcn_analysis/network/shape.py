"""Shapes of groups of areas: dissolved, simplified, and held against the hull and the circle around them.

Areas are joined by coverage operations only: they keep the edges that neighbours share, so that what is dissolved or
simplified still fits together.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pcn_analysis.exceptions import problem
from pcn_analysis.network.borders import NOTHING, check_shapes, positions
from pcn_analysis.network.points import coordinates
from pcn_analysis.sources.geography import check_coverage
from pcn_analysis.words import number


def dissolved(boundaries: gpd.GeoDataFrame, groups: pd.Series) -> gpd.GeoDataFrame:
    """Join the areas of each group into one shape.

    Parameters
    ----------
    boundaries
        area_code and geometry, EPSG:27700: a valid coverage, as those of a place are.
    groups
        Group by area code; null where an area is in none.

    Returns
    -------
    GeoDataFrame
        Indexed by group, in order: areas (with a shape), geometry. Holes stay holes. A group none of whose areas has
        a shape has no row.

    Raises
    ------
    PcnAnalysisError
        If ``groups`` or ``boundaries`` name an area twice, coordinates are not metres of the National Grid, or a
        group cannot be joined without a fault: its areas overlap or do not share their edges.

    Examples
    --------
    >>> squares = [shapely.box(west, 0, west + 1000, 1000) for west in (0, 1000, 2000)]
    >>> areas = gpd.GeoDataFrame({"area_code": ["A", "B", "C"]}, geometry=squares, crs=27700)
    >>> joined = dissolved(areas, pd.Series({"A": "West", "B": "West", "C": "East"}))
    >>> (joined.area / 1e6).to_dict()
    {'East': 1.0, 'West': 2.0}
    """
    check_shapes(boundaries)
    shapes, starts, names = _by_group(boundaries, groups)
    try:
        joined = [shapely.coverage_union_all(some) for some in np.split(shapes, starts[1:])] if len(names) else []
    except shapely.GEOSException as error:
        raise _faulty() from error
    faults = int((~shapely.is_valid(joined)).sum())
    if faults:
        raise _faulty(faults)
    areas = np.diff(starts, append=len(shapes))
    return gpd.GeoDataFrame({"areas": areas}, geometry=joined, index=names, crs=boundaries.crs)


def _faulty(groups: int = 0) -> Exception:
    which = number(groups, "group") if groups else "groups"
    what = f"{which} cannot be joined: areas overlap, or neighbours do not share their edges"
    return problem("boundaries", what, "Clean them together once: pcn_analysis.sources.geography.clean_coverage.")


def _by_group(boundaries: gpd.GeoDataFrame, groups: pd.Series) -> tuple[np.ndarray, np.ndarray, pd.Index]:
    """Shapes in order of group, where each group starts, and the groups that have any."""
    of, names = positions(groups, pd.Index(boundaries["area_code"]))
    order = np.argsort(of, kind="stable")[np.count_nonzero(of == NOTHING) :]
    present, starts = np.unique(of[order], return_index=True)
    return boundaries.geometry.to_numpy()[order], starts, names.take(present)


def simplified(boundaries: gpd.GeoDataFrame, tolerance: float) -> gpd.GeoDataFrame:
    """Draw areas with fewer points, for a map; neighbours still share their edges.

    Parameters
    ----------
    boundaries
        area_code and geometry, EPSG:27700, with whatever other columns.
    tolerance
        Metres: a corner goes where the triangle that it makes is smaller than the square of it (Visvalingam and
        Whyatt). Areas do not vanish.

    Raises
    ------
    PcnAnalysisError
        If boundaries are no valid coverage in metres of the National Grid, or the tolerance is negative.
    """
    if not tolerance >= 0:
        raise problem("tolerance", "it is negative or no number", "Give metres, such as 50.")
    check_shapes(boundaries)
    check_coverage(boundaries)
    shapes = shapely.coverage_simplify(boundaries.geometry.to_numpy(), tolerance)
    drawn = boundaries.set_geometry(gpd.GeoSeries(shapes, index=boundaries.index, crs=boundaries.crs))
    check_coverage(drawn)
    return drawn


def hulls(
    boundaries: gpd.GeoDataFrame,
    groups: pd.Series,
    people: pd.Series | None = None,
    points: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Measure how compact groups are: against their convex hull, and the smallest circle around them.

    Parameters
    ----------
    boundaries
        area_code and geometry, EPSG:27700: a valid coverage.
    groups
        Group by area code; null where an area is in none.
    people
        People of each area by area code, in whatever group: residents, or everyone registered.
    points
        easting and northing of the people of each area, by area code.

    Returns
    -------
    DataFrame
        Indexed by group, in order: hull_ratio (its size ÷ that of its convex hull), reock (÷ that of the smallest
        circle around it), people_in_group, people_in_hull (of its own areas, and of all others whose point lies in
        its hull), people_ratio (the first ÷ the second). The three are null without ``people`` and ``points`` and
        where an area concerned has no number of people; the last two also where another area that touches the hull
        has no point. Everything is null of a group none of whose areas has a shape.

    Raises
    ------
    PcnAnalysisError
        If an area is named twice, or coordinates are not metres of the National Grid.

    Notes
    -----
    1 is the most compact. All three depend on the coast; the ratio of people does so least, as nobody lives at sea.
    """
    check_shapes(boundaries)
    codes = pd.Index(boundaries["area_code"])
    of, names = positions(groups, codes)
    shapes, starts, present = _by_group(boundaries, groups)
    member = names.get_indexer(present)[np.repeat(np.arange(len(present)), np.diff(starts, append=len(shapes)))]
    together = np.full(len(names), shapely.GeometryCollection())
    if len(shapes):
        shapely.geometrycollections(shapes, indices=member, out=together)
    hull = shapely.convex_hull(together)
    size = np.bincount(member, shapely.area(shapes), len(names))
    circle = np.pi * shapely.minimum_bounding_radius(together) ** 2
    people_in = np.full((2, len(names)), np.nan)
    if people is not None and points is not None:
        here = people.reindex(codes).to_numpy(float, na_value=np.nan)
        people_in = _people(hull, of, boundaries.geometry.to_numpy(), here, coordinates(points, codes))
        people_in[:, shapely.is_empty(together)] = np.nan
    columns = {"people_in_group": people_in[0], "people_in_hull": people_in[1]}
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = {"hull_ratio": size / shapely.area(hull), "reock": size / circle}
        return pd.DataFrame(ratios | columns | {"people_ratio": people_in[0] / people_in[1]}, index=names)


def _people(hull: np.ndarray, of: np.ndarray, shapes: np.ndarray, here: np.ndarray, at: np.ndarray) -> np.ndarray:
    """People of each group, and of it and everyone else whose point lies in its hull."""
    own = np.bincount(of[of != NOTHING], here[of != NOTHING], len(hull))
    pointed = np.isfinite(at).all(axis=1)
    group, which = shapely.STRtree(shapely.points(at[pointed])).query(hull, predicate="intersects")
    area = np.flatnonzero(pointed)[which]
    others = of[area] != group
    inside = (own + np.bincount(group[others], here[area[others]], len(hull))).astype(float)
    group, which = shapely.STRtree(shapes[~pointed]).query(hull, predicate="intersects")
    inside[np.unique(group[of[~pointed][which] != group])] = np.nan
    return np.array([own, inside])
