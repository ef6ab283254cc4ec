"""Which practices are neighbours: those whose ground touches.

A practice's ground is every area where it has more patients than any other practice of the design (plurality).
Only areas count where practices of the design together hold at least 5% of everyone registered, so that single
patients far away make no neighbours. A practice that wins no area, as many in town centres, has as its ground
the smallest set of areas with half of its patients (its core), which others may hold as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from pcn_analysis.thresholds import SERVED_SHARE

if TYPE_CHECKING:
    import pandas as pd

CORE_SHARE = 0.5
"""Share of a practice's patients that live in its core."""


def grounds(patients: np.ndarray, everyone: np.ndarray) -> np.ndarray:
    """Find the ground of every practice.

    Parameters
    ----------
    patients
        Areas × practices.
    everyone
        Everyone registered in each area, with any practice.

    Returns
    -------
    ndarray
        Areas × practices, true where an area is ground of a practice. A practice without located patients has
        none.

    Examples
    --------
    >>> grounds(np.array([[9.0, 5.0], [1.0, 4.0], [1.0, 0.0]]), np.array([14.0, 5.0, 100.0])).astype(int).tolist()
    [[1, 0], [0, 1], [0, 0]]
    """
    together = patients.sum(axis=1)
    served = np.flatnonzero((together > 0) & (together >= SERVED_SHARE * everyone))
    ground = np.zeros(patients.shape, dtype=bool)
    ground[served, patients[served].argmax(axis=1)] = True
    for practice in np.flatnonzero(~ground.any(axis=0) & (patients.sum(axis=0) > 0)):
        ground[core(patients[:, practice]), practice] = True
    return ground


def core(patients: np.ndarray, share: float = CORE_SHARE) -> np.ndarray:
    """Find the fewest areas that hold a share of a practice's patients; the area that crosses it is in.

    Examples
    --------
    >>> core(np.array([10.0, 60.0, 30.0])).tolist()
    [1]
    """
    order = np.argsort(-patients, kind="stable")
    before = np.cumsum(patients[order]) - patients[order]
    return order[(before < share * patients.sum()) & (patients[order] > 0)]


def touching(ground: np.ndarray, areas: pd.Index, neighbours: pd.DataFrame) -> np.ndarray:
    """Find which practices are neighbours: they share an area, or an area of one borders an area of the other.

    Parameters
    ----------
    ground
        Areas × practices, as from :func:`grounds`.
    areas
        Codes of the areas.
    neighbours
        area_code and neighbour_code of areas with a common border, each pair in either order or both. Areas that
        are in no row border nothing; rows of other areas are not used.

    Returns
    -------
    ndarray
        Practices × practices, symmetric; no practice is its own neighbour.
    """
    wide = sparse.csr_array(ground.astype(float))
    reached = wide.T @ (area_graph(areas, neighbours) + sparse.eye_array(len(areas))) @ wide
    touch = reached.toarray() > 0
    np.fill_diagonal(touch, False)
    return touch


def area_graph(areas: pd.Index, neighbours: pd.DataFrame) -> sparse.csr_array:
    """Arrange borders of areas as a symmetric matrix."""
    one, other = (areas.get_indexer(neighbours[name]) for name in ("area_code", "neighbour_code"))
    known = (one >= 0) & (other >= 0) & (one != other)
    size = (len(areas), len(areas))
    borders = sparse.csr_array((np.ones(known.sum()), (one[known], other[known])), shape=size)
    return borders + borders.T
