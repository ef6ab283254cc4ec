"""Catchments of networks: by plurality, by a minimum share of an area, and by a share of a network's patients.

They answer different questions. Under plurality every area has one network, which suits a map. A minimum share
keeps every network that matters to an area. Cumulative catchments ask where a network's own people live, however
few of the area they are: its core holds half of them, its main catchment 80% and its wide one 95%.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
from scipy import sparse

from pcn_analysis import codes
from pcn_analysis.network.measures import Patients, footprints
from pcn_analysis.thresholds import SERVED_SHARE

CORE, MAIN, WIDE = 0.50, 0.80, 0.95
"""Shares of a network's patients that its catchments hold; the core is that of Lewis 2013, the others our choice."""

plurality = footprints
"""The network with most patients of each area: :func:`pcn_analysis.network.measures.footprints`."""


def minimum_share(patients: Patients, share: float = SERVED_SHARE) -> pd.DataFrame:
    """Every network with at least a share of an area's registered patients; catchments overlap.

    Returns
    -------
    DataFrame
        One row a network and area, in order of code: network, area_code, patients, registered (of every network),
        share.

    Examples
    --------
    >>> both = Patients(sparse.csr_array([[30.0, 9.0, 1.0]]), pd.Index(["E01000001"]), pd.Index(["A", "B", "C"]))
    >>> minimum_share(both)[["network", "share"]].to_numpy().tolist()
    [['A', 0.75], ['B', 0.225]]
    """
    row, column, here = patients.cells()
    everyone = patients.by_area()[row]
    kept = here / everyone >= share
    kept = np.flatnonzero(kept)[np.lexsort((row[kept], column[kept]))]
    rows = _named(patients, row[kept], column[kept], here[kept])
    return rows.assign(registered=everyone[kept], share=here[kept] / everyone[kept])


def cumulative(patients: Patients, share: float = MAIN) -> pd.DataFrame:
    """The fewest areas that hold a share of each network's patients, taken by the number who live there.

    The area in which the share is reached is in. Areas with as many patients are taken in order of code. Patients
    without an English area are not counted.

    Returns
    -------
    DataFrame
        One row a network and area, most patients first: network, area_code, patients, before (share of the
        network's patients in areas taken earlier), reached (share with this area).

    References
    ----------
    Lewis DJ. Locality-based catchment areas of general practices. J Epidemiol Community Health 2013;67:A56.

    Examples
    --------
    >>> areas = pd.Index(["E01000001", "E01000002", "E01000003"])
    >>> one = Patients(sparse.csr_array([[50.0], [30.0], [20.0]]), areas, pd.Index(["A"]))
    >>> [len(cumulative(one, share)) for share in (0.5, 0.51, 0.8, 0.95)]
    [1, 2, 2, 3]
    """
    row, column, here, before = _by_patients(patients)
    kept = before < share
    rows = _named(patients, row[kept], column[kept], here[kept])
    total = patients.by_network()[column[kept]]
    return rows.assign(before=before[kept], reached=before[kept] + here[kept] / total)


def cumulative_areas(patients: Patients) -> pd.DataFrame:
    """Areas in the core, main and wide catchment of each network: areas_core, areas_main, areas_wide, by network."""
    _, column, _, before = _by_patients(patients)
    networks = len(patients.networks)
    return pd.DataFrame(
        {
            name: np.bincount(column[before < share], minlength=networks)
            for name, share in (("areas_core", CORE), ("areas_main", MAIN), ("areas_wide", WIDE))
        },
        index=patients.networks,
    )


def restricted(patients: Patients, network_label: pd.Series, area_label: pd.Series) -> pd.DataFrame:
    """Plurality among the networks of an area's own label only: those of its integrated care board, or of its place.

    Shares are still of everyone registered in the area.

    Parameters
    ----------
    patients
        Patients by area and network.
    network_label, area_label
        Label of each network and of each area, such as an ICB. Where it is null, the network competes nowhere
        and the area has no winner.

    Returns
    -------
    DataFrame
        As :func:`footprints`.
    """
    row, column, here = patients.cells()
    of_network = network_label.reindex(patients.networks).to_numpy(object)[column]
    of_area = area_label.reindex(patients.areas).to_numpy(object)[row]
    own = ~pd.isna(of_network) & (of_network == of_area)
    matrix = sparse.csr_array((here[own], (row[own], column[own])), shape=patients.matrix.shape)
    return footprints(dataclasses.replace(patients, matrix=matrix), everyone=patients.by_area())


def disagreements(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Areas that two rules of plurality give to different networks.

    Parameters
    ----------
    one, other
        As from :func:`footprints` or :func:`restricted`, for the same patients.

    Returns
    -------
    DataFrame
        Indexed by area, most patients first: registered, winner, winner_patients, other_winner (null where no
        network was allowed), other_patients.
    """
    both = one[["registered", "winner", "winner_patients"]].join(
        other[["winner", "winner_patients"]].set_axis(["other_winner", "other_patients"], axis=1), how="outer"
    )
    differ = both["winner"].fillna("") != both["other_winner"].fillna("")
    return both[differ].sort_values("registered", ascending=False, kind="stable")


def gaps(patients: Patients, share: float = SERVED_SHARE, every_area: pd.Index | None = None) -> pd.DataFrame:
    """Areas that no network serves: none has the share of registered patients there, or nobody is registered.

    Practices outside every network count as registered and as no network.

    Parameters
    ----------
    patients
        Patients by area and network.
    share
        From which share of an area's registered patients a network serves it.
    every_area
        Codes of all areas, also of those where nobody is registered.

    Returns
    -------
    DataFrame
        Indexed by area: registered, largest_share (of the largest network there; null where nobody is registered).
    """
    row, column, here = patients.cells()
    registered = patients.by_area()
    network = np.asarray(patients.networks != codes.NO_NETWORK)[column]
    most = np.zeros(len(patients.areas))
    np.maximum.at(most, row[network], here[network])
    largest = np.divide(most, registered, out=np.full(len(most), np.nan), where=registered > 0)
    rows = pd.DataFrame({"registered": registered, "largest_share": largest}, index=patients.areas)
    if every_area is not None:
        rows = rows.reindex(rows.index.union(every_area)).fillna({"registered": 0.0})
    return rows[~(rows["largest_share"] >= share)]


def _by_patients(patients: Patients) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Cells of each network, most patients first: area, network, patients, share of the network's in cells before."""
    row, column, here = patients.cells()
    order = np.lexsort((row, -here, column))
    row, column, here = row[order], column[order], here[order]
    earlier = np.cumsum(here) - here
    first = np.searchsorted(column, np.arange(len(patients.networks)))
    starts = earlier[np.minimum(first, len(earlier) - 1)] if len(earlier) else earlier
    before = (earlier - starts[column]) / patients.by_network()[column]
    return row, column, here, before


def _named(patients: Patients, row: np.ndarray, column: np.ndarray, here: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {"network": patients.networks.take(column), "area_code": patients.areas.take(row), "patients": here}
    )
