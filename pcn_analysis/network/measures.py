"""What one sparse matrix of patients by area and network says of every network.

``M[l, k]`` is the number of patients living in area ``l`` who are registered with network ``k``; practices
outside every network compete as one group. Patients without an English area have no row, but stay in a
network's registered total (:mod:`pcn_analysis.network.registered`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pcn_analysis.network.registered import Patients, registered
from pcn_analysis.thresholds import SERVED_SHARE, UNCERTAIN_MARGIN, UNCERTAIN_SHARE

__all__ = ["Patients", "coherence", "footprints", "overlap", "patients_by_network"]


def patients_by_network(registrations: pd.DataFrame, practices: pd.DataFrame) -> Patients:
    """Add practices up to networks.

    Parameters
    ----------
    registrations
        practice_code, area_code, patients.
    practices
        practice_code and pcn_code (null: no network).

    Returns
    -------
    Patients
        A column for every network that has a patient with an English area.
    """
    everyone = registered(registrations).grouped(practices.set_index("practice_code")["pcn_code"])
    present = everyone.by_network() > 0
    return Patients(everyone.matrix[:, np.flatnonzero(present)], everyone.areas, everyone.networks[present])


def footprints(
    patients: Patients, points: pd.DataFrame | None = None, everyone: np.ndarray | None = None
) -> pd.DataFrame:
    """Assign each area to the network with most of its registered patients (plurality).

    Ties are marked. They go to the network whose patients live nearer on average, if points are given; else, or
    where these are as near, to the network whose code comes first.

    Parameters
    ----------
    patients
        Patients by area and network.
    points
        easting and northing of each area, in metres, by area code: a point that stands for its people.
    everyone
        Everyone registered in each area, where ``patients`` are only those of networks that may win it.

    Returns
    -------
    DataFrame
        Indexed by area: registered, winner, winner_patients, share, runner_up (null where there is only one
        network), margin (first minus second, as a share), tied, uncertain. An area without patients has no winner.
    """
    cells = patients.cells()
    away = np.zeros(len(cells[0])) if points is None else _distances(patients, points)
    first = _largest(*cells, away, len(patients.areas))
    kept = np.ones(len(cells[0]), dtype=bool)
    kept[first[first >= 0]] = False
    second = _largest(cells[0], cells[1], np.where(kept, cells[2], 0.0), away, len(patients.areas))
    winner, most = _taken(first, cells)
    runner_up, next_most = _taken(second, cells)
    registered_here = patients.by_area() if everyone is None else everyone
    with np.errstate(invalid="ignore"):
        share, margin = most / registered_here, (most - next_most) / registered_here
    return pd.DataFrame(
        {
            "registered": registered_here,
            "winner": patients.networks.take(winner, allow_fill=True, fill_value=np.nan),
            "winner_patients": most,
            "share": share,
            "runner_up": patients.networks.take(runner_up, allow_fill=True, fill_value=np.nan),
            "margin": margin,
            "tied": (second >= 0) & (most == next_most),
            "uncertain": (share < UNCERTAIN_SHARE) | (margin < UNCERTAIN_MARGIN),
        },
        index=patients.areas,
    )


def _largest(row: np.ndarray, column: np.ndarray, here: np.ndarray, away: np.ndarray, areas: int) -> np.ndarray:
    """Which cell of each area has most patients: of equals the nearer, then the first by code; -1 for none."""
    most = np.zeros(areas)
    np.maximum.at(most, row, here)
    ahead = np.flatnonzero((here == most[row]) & (here > 0))
    ahead = ahead[np.lexsort((column[ahead], away[ahead], row[ahead]))]
    area, at = np.unique(row[ahead], return_index=True)
    found = np.full(areas, -1)
    found[area] = ahead[at]
    return found


def _taken(found: np.ndarray, cells: tuple[np.ndarray, np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Network and patients of one cell of each area; -1 and 0 where there is none."""
    network, patients = np.full(len(found), -1), np.zeros(len(found))
    present = found >= 0
    network[present], patients[present] = cells[1][found[present]], cells[2][found[present]]
    return network, patients


def _distances(patients: Patients, points: pd.DataFrame) -> np.ndarray:
    """Distance of each cell's area from the mean point of its network's patients; infinite where not known."""
    row, column, here = patients.cells()
    at = points[["easting", "northing"]].reindex(patients.areas).to_numpy(float, na_value=np.nan)[row]
    known = np.isfinite(at).all(axis=1)
    kept = (column[known], here[known], len(patients.networks))
    with np.errstate(invalid="ignore"):
        weights = np.bincount(kept[0], kept[1], kept[2])
        sums = [np.bincount(kept[0], kept[1] * at[known, axis], kept[2]) for axis in (0, 1)]
        centre = np.column_stack(sums) / weights[:, None]
    return np.nan_to_num(np.hypot(*(at - centre[column]).T), nan=np.inf)


def coherence(patients: Patients, won: pd.DataFrame | None = None) -> pd.DataFrame:
    """Measure how far each network and its footprint coincide.

    Parameters
    ----------
    patients
        Patients by area and network.
    won
        Their :func:`footprints`, where these are at hand.

    Returns
    -------
    DataFrame
        Indexed by network: areas_any, areas_served (at least 5% of registered patients), areas_footprint,
        inside (its patients living in its footprint), footprint_registered (everyone registered and living
        there).

    Notes
    -----
    Localisation is inside ÷ the network's registered patients; commitment is inside ÷ footprint_registered.
    Bigger networks have higher localisation for no other reason than size.
    """
    won = footprints(patients) if won is None else won
    row, column, here = patients.cells()
    served = here / patients.by_area()[row] >= SERVED_SHARE
    networks = len(patients.networks)
    winner = patients.networks.get_indexer(won["winner"])
    kept = winner >= 0
    winner, of = winner[kept], won[kept]
    return pd.DataFrame(
        {
            "areas_any": np.bincount(column, minlength=networks),
            "areas_served": np.bincount(column[served], minlength=networks),
            "areas_footprint": np.bincount(winner, minlength=networks),
            "inside": np.bincount(winner, of["winner_patients"], networks),
            "footprint_registered": np.bincount(winner, of["registered"], networks),
        },
        index=patients.networks,
    )


def overlap(patients: Patients, network: str) -> pd.Series:
    """Expected number of a network's patients whose neighbour is registered with each network.

    A neighbour is anyone drawn at random from those registered and living in the same area. The values sum
    to the network's patients with an English area; its own value over that sum is the unmixed share. All
    networks at once: :func:`pcn_analysis.network.mixing.overlap_matrix`.

    Parameters
    ----------
    patients
        Patients by area and network, complete in every area where the network has patients.
    network
        Code of one network.

    Examples
    --------
    >>> from scipy import sparse
    >>> both = Patients(sparse.csr_array([[30.0, 10.0]]), pd.Index(["E01000001"]), pd.Index(["A", "B"]))
    >>> overlap(both, "A").to_dict()
    {'A': 22.5, 'B': 7.5}
    """
    own = patients.matrix[:, [patients.networks.get_loc(network)]].toarray().ravel()
    weights = np.divide(own, patients.by_area())
    return pd.Series(patients.matrix.T @ weights, index=patients.networks)
