"""What one sparse matrix of patients by area and network says of every network.

``M[l, k]`` is the number of patients living in area ``l`` who are registered with network ``k``; practices
outside every network compete as one group. Patients without an English area have no row, but stay in a
network's registered total.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from pcn_analysis import codes
from pcn_analysis.thresholds import SERVED_SHARE, UNCERTAIN_MARGIN, UNCERTAIN_SHARE


@dataclass(frozen=True)
class Patients:
    """Patients by area and network.

    Parameters
    ----------
    matrix
        Areas × networks.
    areas, networks
        Labels of its rows and columns, each in order of code.
    """

    matrix: sparse.csr_array
    areas: pd.Index
    networks: pd.Index

    def by_area(self) -> np.ndarray:
        """Registered patients of each area, R."""
        return np.asarray(self.matrix.sum(axis=1)).ravel()


def patients_by_network(registrations: pd.DataFrame, practices: pd.DataFrame) -> Patients:
    """Add practices up to networks.

    Parameters
    ----------
    registrations
        practice_code, area_code, patients.
    practices
        practice_code and pcn_code (null: no network).
    """
    network = practices.set_index("practice_code")["pcn_code"]
    located = registrations[registrations["area_code"].str.match(codes.ENGLISH_LSOA)]
    located = located[located["patients"] > 0]
    group = located["practice_code"].map(network).fillna(codes.NO_NETWORK)
    area, areas = pd.factorize(located["area_code"], sort=True)
    column, networks = pd.factorize(group, sort=True)
    values = located["patients"].to_numpy(dtype=float)
    matrix = sparse.csr_array((values, (area, column)), shape=(len(areas), len(networks)))
    matrix.sum_duplicates()
    return Patients(matrix, pd.Index(areas), pd.Index(networks))


def footprints(patients: Patients) -> pd.DataFrame:
    """Assign each area to the network with most of its registered patients (plurality).

    Ties go to the network whose code comes first and are marked.

    Returns
    -------
    DataFrame
        Indexed by area: registered, winner, winner_patients, share, runner_up (null where there is only one
        network), margin (first minus second, as a share), tied, uncertain.
    """
    dense = patients.matrix.toarray()
    registered = dense.sum(axis=1)
    order = np.argsort(-dense, axis=1, kind="stable")
    rows = np.arange(len(dense))
    first = dense[rows, order[:, 0]]
    if dense.shape[1] > 1:
        second, runner_up = dense[rows, order[:, 1]], patients.networks[order[:, 1]]
    else:
        second, runner_up = np.zeros(len(dense)), pd.Index([None] * len(dense))
    share, margin = first / registered, (first - second) / registered
    return pd.DataFrame(
        {
            "registered": registered,
            "winner": patients.networks[order[:, 0]],
            "winner_patients": first,
            "share": share,
            "runner_up": pd.Series(runner_up).where(second > 0).to_numpy(),
            "margin": margin,
            "tied": first == second,
            "uncertain": (share < UNCERTAIN_SHARE) | (margin < UNCERTAIN_MARGIN),
        },
        index=patients.areas,
    )


def coherence(patients: Patients) -> pd.DataFrame:
    """Measure how far each network and its footprint coincide.

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
    print_ = footprints(patients)
    by_area = patients.by_area()
    cells = patients.matrix.tocoo()
    served = sparse.csr_array(
        (cells.data / by_area[cells.row] >= SERVED_SHARE, (cells.row, cells.col)), shape=cells.shape, dtype=int
    )
    won = print_.groupby("winner").agg(
        areas_footprint=("winner_patients", "size"),
        inside=("winner_patients", "sum"),
        footprint_registered=("registered", "sum"),
    )
    frame = pd.DataFrame(
        {
            "areas_any": np.asarray((patients.matrix > 0).sum(axis=0)).ravel(),
            "areas_served": np.asarray(served.sum(axis=0)).ravel(),
        },
        index=patients.networks,
    )
    return frame.join(won).fillna(0).astype({"areas_footprint": int})


def overlap(patients: Patients, network: str) -> pd.Series:
    """Expected number of a network's patients whose neighbour is registered with each network.

    A neighbour is anyone drawn at random from those registered and living in the same area. The values sum
    to the network's patients with an English area; its own value over that sum is the unmixed share.

    Parameters
    ----------
    patients
        Patients by area and network, complete in every area where the network has patients.
    network
        Code of one network.

    Examples
    --------
    >>> both = Patients(sparse.csr_array([[30.0, 10.0]]), pd.Index(["E01000001"]), pd.Index(["A", "B"]))
    >>> overlap(both, "A").to_dict()
    {'A': 22.5, 'B': 7.5}
    """
    own = patients.matrix[:, [patients.networks.get_loc(network)]].toarray().ravel()
    weights = np.divide(own, patients.by_area())
    return pd.Series(patients.matrix.T @ weights, index=patients.networks)
