"""What kind of area a network's patients live in, beside what kind of area its footprint is.

Deprivation is compared by the mean score and by the share in the most deprived fifth of areas, weighted by
patients; ranks and deciles are never averaged. Borders are those of any label that areas carry: local authority,
sub-ICB, integrated care board.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from pcn_analysis.network.measures import footprints
from pcn_analysis.network.mixing import mean_over_patients
from pcn_analysis.network.registered import Patients
from pcn_analysis.thresholds import CORE20_DECILES

OUTSIDE_ENGLAND = "outside England"

URBAN = ("UN1", "UF1")
"""Urban areas of the Rural Urban Classification of 2021 (Office for National Statistics); all others are rural."""


def footprint_people(patients: Patients, won: pd.DataFrame | None = None) -> Patients:
    """Everyone registered who lives in each network's footprint, whichever network serves them."""
    won = footprints(patients) if won is None else won
    winner = patients.networks.get_indexer(won["winner"])
    area = np.flatnonzero(winner >= 0)
    cells = (patients.by_area()[area], (area, winner[area]))
    return Patients(sparse.csr_array(cells, shape=patients.matrix.shape), patients.areas, patients.networks)


def core20(imd_decile: pd.Series) -> pd.Series:
    """Whether each area is in the most deprived fifth, as 1 and 0; null where its decile is not known."""
    decile = imd_decile.astype("Float64")
    return (decile <= CORE20_DECILES).astype("Float64").mask(decile.isna())


def rural(rural_urban: pd.Series) -> pd.Series:
    """Whether each area is rural, as 1 and 0; null where its class is not known.

    Examples
    --------
    >>> rural(pd.Series(["UN1", "RLN1", None])).to_list()
    [0.0, 1.0, <NA>]
    """
    return (~rural_urban.isin(URBAN)).astype("Float64").mask(rural_urban.isna())


def registered_and_resident(patients: Patients, by_area: pd.Series, won: pd.DataFrame | None = None) -> pd.DataFrame:
    """Mean of something said of areas: over a network's patients, and over those who live in its footprint.

    Parameters
    ----------
    patients
        Patients by area and network.
    by_area
        A number of each area: a deprivation score, or 1 and 0 for a share (:func:`core20`, :func:`rural`). Patients of
        areas without one are left out, on both sides.
    won
        The footprints, where these are at hand.

    Returns
    -------
    DataFrame
        Indexed by network: registered, resident (null where the footprint is empty).
    """
    residents = footprint_people(patients, won)
    return pd.DataFrame(
        {
            "registered": mean_over_patients(patients, by_area),
            "resident": mean_over_patients(residents, by_area),
        }
    )


def across_borders(patients: Patients, label: pd.Series, not_english: pd.Series | None = None) -> pd.DataFrame:
    """How far a network's patients live on both sides of a border.

    Patients whose area is not known, or has no label, are left out. Those who live outside England are away from every
    home, if they are given; without them the shares of a network on the Welsh border are too low.

    Parameters
    ----------
    patients
        Patients by area and network.
    label
        Label of each area, such as its local authority; null where it is not known.
    not_english
        Patients of each network who live outside England.

    Returns
    -------
    DataFrame
        Indexed by network: home (the label where most of its patients live; the first by name of equals), at_home,
        away (patients), away_share, effective (number of labels of equal size that would be as mixed). Home and
        shares are null where nobody has a label.

    Examples
    --------
    >>> areas = pd.Index(["E01000001", "E01000002"])
    >>> one = Patients(sparse.csr_array([[30.0], [10.0]]), areas, pd.Index(["A"]))
    >>> across_borders(one, pd.Series({"E01000001": "Wirral", "E01000002": "Sefton"})).to_numpy().tolist()
    [['Wirral', 30.0, 10.0, 0.25, 1.6]]
    """
    code, names = pd.factorize(label.reindex(patients.areas), sort=True)
    names = pd.Index([*names, OUTSIDE_ENGLAND], dtype="str")
    row, column, here = patients.cells()
    known = code[row] >= 0
    shape = (len(patients.networks), len(names))
    cell = column[known].astype(np.int64) * shape[1] + code[row[known]]
    by_label = np.bincount(cell, here[known], shape[0] * shape[1]).reshape(shape)
    home = by_label.argmax(axis=1)
    if not_english is not None:
        by_label[:, -1] = not_english.reindex(patients.networks).fillna(0).to_numpy(float)
    total, at_home = by_label.sum(axis=1), by_label[np.arange(shape[0]), home]
    empty = at_home == 0
    with np.errstate(invalid="ignore"):
        rows = pd.DataFrame(
            {
                "home": names.take(home),
                "at_home": at_home,
                "away": total - at_home,
                "away_share": (total - at_home) / total,
                "effective": total**2 / (by_label**2).sum(axis=1),
            },
            index=patients.networks,
        )
    return rows.assign(home=rows["home"].mask(empty))
