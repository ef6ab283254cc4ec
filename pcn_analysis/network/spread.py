"""How far a network's people live from each other, and from their own and the nearest practice.

Distances are straight lines in metres of the National Grid, from the point that stands for the people of an area
to the postcode of a practice. Branch surgeries are not known. Nobody's journey is measured.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from pcn_analysis import codes
from pcn_analysis.network.points import coordinates
from pcn_analysis.network.registered import Patients, Registered

NEAR = 0.90
"""Share of patients within the distance that is called far; our choice."""
AS_NEAR = 1.0
"""Metres by which a practice must be nearer to count as nearer: practices in one building are as near."""


def spread(patients: Patients, points: pd.DataFrame) -> pd.DataFrame:
    """Measure how widely the patients of each network are spread, wherever they live.

    Parameters
    ----------
    patients
        Patients by area and network.
    points
        easting and northing of each area, by area code, in metres: the weighted centroid of its residents.

    Returns
    -------
    DataFrame
        Indexed by network: easting, northing (mean point of its patients), gyration_m (root of the mean squared
        distance from it), far_m (the least distance from it within which 90% of them live), patients_placed, and
        patients_without_point (whose area has none; they are not in what is measured here). Null where no patient
        has a point.

    Raises
    ------
    PcnAnalysisError
        If an area has two points, or points are not metres of the National Grid.

    Examples
    --------
    >>> from scipy import sparse
    >>> areas = pd.Index(["E01000001", "E01000002"])
    >>> points = pd.DataFrame({"easting": [330_000, 334_000], "northing": 390_000}, index=areas)
    >>> one = spread(Patients(sparse.csr_array([[50.0], [50.0]]), areas, pd.Index(["A"])), points).loc["A"]
    >>> one[["easting", "gyration_m"]].to_list()
    [332000.0, 2000.0]
    """
    row, column, here = patients.cells()
    at = coordinates(points, patients.areas)[row]
    known = np.isfinite(at).all(axis=1)
    everyone = patients.by_network()
    at, column, here = at[known], column[known], here[known]
    placed = np.bincount(column, here, len(patients.networks))
    with np.errstate(invalid="ignore"):
        centre = np.column_stack([np.bincount(column, here * axis, len(placed)) / placed for axis in at.T])
        away = np.hypot(*(at - centre[column]).T)
        gyration = np.sqrt(np.bincount(column, here * away**2, len(placed)) / placed)
    return pd.DataFrame(
        {
            "easting": centre[:, 0],
            "northing": centre[:, 1],
            "gyration_m": gyration,
            "far_m": _within(column, away, here, placed),
            "patients_placed": placed,
            "patients_without_point": np.maximum(everyone - placed, 0),
        },
        index=patients.networks,
    )


def _within(column: np.ndarray, away: np.ndarray, here: np.ndarray, placed: np.ndarray) -> np.ndarray:
    """Least distance within which a share of the patients of each network live; null where there are none."""
    order = np.lexsort((away, column))
    column, away, here = column[order], away[order], here[order]
    starts = np.searchsorted(column, np.arange(len(placed)))
    before = np.concatenate([[0.0], np.cumsum(here)])
    so_far = before[1:] - before[starts][column]
    reached = np.flatnonzero(so_far >= NEAR * placed[column] * (1 - 1e-12))
    distance = np.full(len(placed), np.nan)
    which, first = np.unique(column[reached], return_index=True)
    distance[which] = away[reached[first]]
    return distance


def distances(
    registered: Registered, groups: pd.Series, area_points: pd.DataFrame, practice_points: pd.DataFrame
) -> pd.DataFrame:
    """Measure how far patients live from their own practice, and from the nearest.

    Parameters
    ----------
    registered
        Patients by area and practice.
    groups
        Group by practice code; practices in none are ``codes.NO_NETWORK``.
    area_points, practice_points
        easting and northing by area code and by practice code, in metres; null where not known.

    Returns
    -------
    DataFrame
        Indexed by group, in order: own_m (mean distance to the own practice), nearest_m (mean distance of the same
        patients to the nearest practice of any group), bypass_ratio (the first ÷ the second), patients_measured,
        patients_not_measured (whose area or practice has no point), nearer_to_another (patients who live nearer to a
        practice of another group than to any of their own), patients_compared (whose area has a point, in a group
        with a point), nearer_share (of them), practices_without_point. Null where nothing can be measured.

    Raises
    ------
    PcnAnalysisError
        If something has two points, or points are not metres of the National Grid.

    Notes
    -----
    The nearest practice is found among all that have patients and a point. Practices in no group are nobody's
    "another group".
    """
    group = registered.group_of(groups)
    names = registered.sizes(groups).index
    of = names.get_indexer(group)
    area_at = coordinates(area_points, registered.areas)
    at = coordinates(practice_points, registered.practices)
    pointed = np.isfinite(at).all(axis=1)
    open_to = pointed & (registered.totals()["registered"] > 0).to_numpy()
    cells = registered.matrix.tocoo()
    row, practice, here = cells.row, cells.col, cells.data
    known = np.isfinite(area_at).all(axis=1)[row] & pointed[practice]
    nearest = _nearest(area_at, at[open_to])
    own = np.hypot(*(area_at[row[known]] - at[practice[known]]).T)
    measured, total = (np.bincount(of[practice[kept]], here[kept], len(names)) for kept in (known, here > 0))
    rows = pd.DataFrame(index=names)
    with np.errstate(invalid="ignore"):
        rows["own_m"] = np.bincount(of[practice[known]], here[known] * own, len(names)) / measured
        rows["nearest_m"] = np.bincount(of[practice[known]], here[known] * nearest[row[known]], len(names)) / measured
        rows["bypass_ratio"] = rows["own_m"] / rows["nearest_m"].where(rows["nearest_m"] > 0)
    rows["patients_measured"] = measured
    rows["patients_not_measured"] = np.maximum(total - measured, 0)
    grouped = open_to & (group != codes.NO_NETWORK).to_numpy()
    rows = rows.join(_nearer(registered.grouped(groups), area_at, at[grouped], of[grouped]))
    return rows.assign(practices_without_point=np.bincount(of[~pointed], minlength=len(names)))


def _nearer(patients: Patients, area_at: np.ndarray, at: np.ndarray, of: np.ndarray) -> pd.DataFrame:
    """Patients who live nearer to a practice of another group than to any of their own."""
    row, column, here = patients.cells()
    own = np.full(len(here), np.nan)
    order = np.argsort(column, kind="stable")
    bounds = np.searchsorted(column[order], np.arange(len(patients.networks) + 1))
    for group in np.unique(of):
        members = order[bounds[group] : bounds[group + 1]]
        own[members] = _nearest(area_at[row[members]], at[of == group])
    compared = np.isfinite(own)
    nearer = compared & (_nearest(area_at, at)[row] < own - AS_NEAR)
    sums = {
        name: np.bincount(column[kept], here[kept], len(patients.networks))
        for name, kept in (("nearer_to_another", nearer), ("patients_compared", compared))
    }
    rows = pd.DataFrame(sums, index=patients.networks)
    rows["nearer_share"] = rows["nearer_to_another"] / rows["patients_compared"]
    return rows.assign(nearer_to_another=rows["nearer_to_another"].where(rows["patients_compared"] > 0))


def _nearest(from_: np.ndarray, to: np.ndarray) -> np.ndarray:
    """Distance from each point to the nearest of others; null where a point is not known, or there are no others."""
    away = np.full(len(from_), np.nan)
    known = np.isfinite(from_).all(axis=1)
    if len(to) and known.any():
        away[known] = KDTree(to).query(from_[known])[0]
    return away
