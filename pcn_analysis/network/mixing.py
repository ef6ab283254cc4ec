"""How networks share people: who their patients' neighbours are registered with, and who lives on whose ground.

Neighbours are people registered in the same area. Two networks that share an area share the people of it, however
the area is drawn on a map.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from pcn_analysis.network.measures import footprints
from pcn_analysis.network.registered import Patients, Registered


def overlap_matrix(patients: Patients) -> pd.DataFrame:
    """Expected number of each network's patients whose neighbour is registered with each network.

    A neighbour is anyone drawn at random from those registered and living in the same area; a patient may be their
    own. The table is symmetric, and each row adds up to the network's patients with an English area.

    Returns
    -------
    DataFrame
        Networks × networks.

    Examples
    --------
    >>> both = Patients(sparse.csr_array([[30.0, 10.0]]), pd.Index(["E01000001"]), pd.Index(["A", "B"]))
    >>> overlap_matrix(both).to_numpy().tolist()
    [[22.5, 7.5], [7.5, 2.5]]
    """
    expected = patients.matrix.T @ (sparse.diags_array(_inverse(patients.by_area())) @ patients.matrix)
    return pd.DataFrame(expected.toarray(), patients.networks, patients.networks)


def unmixed(patients: Patients) -> pd.Series:
    """Expected number of each network's patients whose neighbour is registered with the same network.

    It is the diagonal of :func:`overlap_matrix`; over the network's patients with an English area it is the unmixed
    share.
    """
    row, column, here = patients.cells()
    values = np.bincount(column, here**2 / patients.by_area()[row], len(patients.networks))
    return pd.Series(values, patients.networks)


def effective_networks(patients: Patients) -> pd.Series:
    """Effective number of networks of each area: how many of equal size would be as mixed (inverse Simpson index).

    Examples
    --------
    >>> areas = pd.Index(["E01000001", "E01000002"])
    >>> both = Patients(sparse.csr_array([[20.0, 20.0], [40.0, 0.0]]), areas, pd.Index(["A", "B"]))
    >>> effective_networks(both).to_list()
    [2.0, 1.0]
    """
    row, _, here = patients.cells()
    everyone = patients.by_area()
    squares = np.bincount(row, here**2, len(everyone))
    values = np.divide(everyone**2, squares, out=np.full(len(everyone), np.nan), where=squares > 0)
    return pd.Series(values, patients.areas)


def mean_over_patients(people: Patients | Registered, by_area: pd.Series) -> pd.Series:
    """Mean of something said of areas over the patients of each network, or of each practice.

    Parameters
    ----------
    people
        Patients by area and network, or by area and practice.
    by_area
        A number of each area. Patients of areas that have none are left out of the mean.

    Returns
    -------
    Series
        By network or practice; null where no patient has a value.

    Examples
    --------
    >>> areas = pd.Index(["E01000001", "E01000002"])
    >>> both = Patients(sparse.csr_array([[30.0, 0.0], [10.0, 5.0]]), areas, pd.Index(["A", "B"]))
    >>> mean_over_patients(both, pd.Series({"E01000001": 10.0, "E01000002": 50.0})).to_list()
    [20.0, 50.0]
    """
    columns = people.networks if isinstance(people, Patients) else people.practices
    values = by_area.reindex(people.areas).to_numpy(dtype=float, na_value=np.nan)
    known = np.isfinite(values)
    total = people.matrix.T @ known.astype(float)
    sums = people.matrix.T @ np.where(known, values, 0.0)
    return pd.Series(np.divide(sums, total, out=np.full(len(sums), np.nan), where=total > 0), columns)


def flows(patients: Patients, won: pd.DataFrame | None = None) -> pd.DataFrame:
    """Who lives on whose ground: patients of each network by the network whose footprint they live in.

    Rows of one network add up to its patients with an English area; rows of one footprint add up to everyone
    registered who lives there. A network's own row is its patients inside its footprint; its other rows are
    those who live elsewhere, and the other rows of its footprint those whom others serve there.

    Parameters
    ----------
    patients
        Patients by area and network.
    won
        Their footprints, where these are at hand.

    Returns
    -------
    DataFrame
        One row a network and a footprint, in order of code: network, footprint, patients.

    Examples
    --------
    >>> areas = pd.Index(["E01000001", "E01000002"])
    >>> both = Patients(sparse.csr_array([[30.0, 10.0], [2.0, 8.0]]), areas, pd.Index(["A", "B"]))
    >>> flows(both).to_numpy().tolist()
    [['A', 'A', 30.0], ['A', 'B', 2.0], ['B', 'A', 10.0], ['B', 'B', 8.0]]
    """
    won = footprints(patients) if won is None else won
    winner = patients.networks.get_indexer(won["winner"])
    row, column, here = patients.cells()
    shape = (len(patients.networks),) * 2
    table = sparse.csr_array((here, (column, winner[row])), shape=shape).tocoo()
    table.sum_duplicates()
    order = np.lexsort((table.col, table.row))
    return pd.DataFrame(
        {
            "network": patients.networks.take(table.row[order]),
            "footprint": patients.networks.take(table.col[order]),
            "patients": table.data[order],
        }
    )


def _inverse(values: np.ndarray) -> np.ndarray:
    return np.divide(1.0, values, out=np.zeros(len(values)), where=values > 0)
