"""Sizes of networks and the bands they fall in, and practices that are in no network."""

from __future__ import annotations

import pandas as pd

from pcn_analysis import codes
from pcn_analysis.network.catchments import restricted
from pcn_analysis.network.registered import Registered
from pcn_analysis.thresholds import NETWORK_SIZE, SIZE_BANDS, size_band

RURAL_SHARE = 0.50
"""From this share of patients in rural areas, a network below the floor may have the rural waiver; our choice."""


def bands(sizes: pd.Series, rural_share: pd.Series | None = None) -> pd.DataFrame:
    """Size band of each network.

    Parameters
    ----------
    sizes
        Registered patients by network: the published lists, wherever their people live.
    rural_share
        Share of each network's patients who live in rural areas, if known.

    Returns
    -------
    DataFrame
        Indexed by network: band (a category, smallest first), rural_waiver (below 30,000 with at least half of its
        patients in rural areas: the floor may have been waived; null where rurality is not known).

    Notes
    -----
    The floor may be waived for a large and sparsely populated area (House of Commons, 2019). Who has a waiver is not
    published; ``rural_waiver`` says for whom it would be no surprise.

    Examples
    --------
    >>> bands(pd.Series({"A": 29_999, "B": 50_000}), pd.Series({"A": 0.8, "B": 0.1})).to_numpy().tolist()
    [['under 30,000', True], ['30,000 to 50,000', False]]
    """
    band = pd.Categorical(sizes.map(size_band), SIZE_BANDS, ordered=True)
    rows = pd.DataFrame({"band": band}, index=sizes.index)
    if rural_share is None:
        return rows.assign(rural_waiver=pd.array([pd.NA] * len(rows), dtype="boolean"))
    share = rural_share.reindex(sizes.index)
    small = sizes < NETWORK_SIZE[0]
    return rows.assign(rural_waiver=(small & (share >= RURAL_SHARE)).astype("boolean").mask(small & share.isna()))


def shares_in_bands(sizes: pd.Series) -> pd.DataFrame:
    """How many networks are in each band: networks and share, by band; the practices in none are no network."""
    band = bands(sizes.drop(codes.NO_NETWORK, errors="ignore"))["band"]
    networks = band.value_counts().reindex(SIZE_BANDS, fill_value=0)
    return pd.DataFrame({"networks": networks, "share": networks / networks.sum()})


def outside(people: Registered, groups: pd.Series) -> pd.DataFrame:
    """Practices in no group, with their patients.

    Returns
    -------
    DataFrame
        Indexed by practice: registered, located, unknown, not_english, listed (whether ``groups`` knows the practice,
        and says that it is in none).
    """
    group = people.group_of(groups)
    rows = people.totals()[group == codes.NO_NETWORK]
    return rows.assign(listed=rows.index.isin(groups.index))


def covered(people: Registered, groups: pd.Series) -> pd.DataFrame:
    """On which groups' ground the patients of practices in no group live.

    Each area belongs to the group with most of its patients, whoever else is registered there; practices in no group
    do not compete. Groups without a patient of these practices in their footprint have no row.

    Returns
    -------
    DataFrame
        One row a practice and group, most patients first: practice_code, network (null for patients without an
        English area or in an area where no group has a patient), patients, share of the practice's list.
    """
    patients = people.grouped(groups)
    competing = pd.Series("group", patients.networks.drop(codes.NO_NETWORK, errors="ignore"))
    won = restricted(patients, competing, pd.Series("group", patients.areas))["winner"]
    lost = people.practices.get_indexer(outside(people, groups).index)
    cells = people.matrix[:, lost].tocoo()
    known = pd.DataFrame(
        {
            "practice_code": people.practices.take(lost).take(cells.col),
            "network": won.to_numpy()[cells.row],
            "patients": cells.data,
        }
    )
    elsewhere = people.elsewhere.iloc[lost].sum(axis=1)
    elsewhere = pd.DataFrame({"practice_code": elsewhere.index, "network": None, "patients": elsewhere.to_numpy()})
    rows = pd.concat([known, elsewhere[elsewhere["patients"] > 0]], ignore_index=True)
    rows = rows.groupby(["practice_code", "network"], dropna=False, as_index=False)["patients"].sum()
    rows["share"] = rows["patients"] / rows.groupby("practice_code")["patients"].transform("sum")
    return rows.sort_values(["practice_code", "patients", "network"], ascending=[True, False, True], ignore_index=True)
