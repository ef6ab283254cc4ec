"""Who is there: a network's staff by role, beside those of its place's networks and of all networks of the country.

Whole-time equivalents are given for 10,000 registered patients, and every network counts once. Networks that have none
recorded of a role count as 0, as the file shows none; networks that are not in the file count for nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codelists
from pcn_analysis.network.standing import percentile
from pcn_analysis.provenance import SourcedTable, derive
from pcn_analysis.words import NOT_KNOWN
from pcn_analysis.workforce.staffing import NOT_IN_THE_FILE, NUMBERS, PUBLISHED, every_network, known

if TYPE_CHECKING:
    from pcn_analysis.place import Network

__all__ = ["every_network", "fte_by_role", "fte_in_all", "spread"]
QUANTILES = {"lowest": 0.0, "lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75, "highest": 1.0}
"""Quantiles of whole-time equivalents for 10,000 patients over networks; between two networks in proportion."""
OF_GROUP = ("networks", *QUANTILES, "mean")


def fte_by_role(network: Network) -> SourcedTable:
    """A network's staff by role, and how much of it other networks have.

    Parameters
    ----------
    network
        One network of a place.

    Returns
    -------
    SourcedTable
        One row a role of the scheme, in the order of the codelist: pcn_code, pcn_name, icb_code, icb_name, role, name,
        status, patients, fte, staff_fte, contracted_fte, people, largest_fte, per_10_000 and counted_on as
        :func:`pcn_analysis.workforce.staffing.every_network`; with ``place_`` and ``country_`` before them, networks
        (of which it is known) and lowest, lower_quartile, median, upper_quartile, highest and mean of their
        per_10_000; rank among the country's networks (1: most; equal ones share the better rank) and percentile (100:
        most). Both are null where the network's own is not known. No rows of a place of records alone.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> frame = fte_by_role(network_of(invent_place(), "U00001")).frame.set_index("role")
    >>> frame.loc["paramedic", ["place_networks", "country_networks"]].to_list()
    [5, 6]
    """
    every = every_network(network)
    return _beside_others(every, every.frame)


def fte_in_all(network: Network) -> SourcedTable:
    """A network's staff in all roles of the scheme together, and how much other networks have.

    Returns
    -------
    SourcedTable
        One row, with the columns of :func:`fte_by_role`; role is ``all``, and people and largest_fte are null, as one
        person may have several roles. Not known of a network of which one role is not, but for roles that the file does
        not tell apart. No row of a whole place, of those in no network, or of a place of records alone.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> network = network_of(invent_place(), "U00001")
    >>> bool(abs(fte_in_all(network).frame["fte"].item() - fte_by_role(network).frame["fte"].sum()) < 1e-9)
    True
    """
    every = every_network(network)
    told_apart = {one["role"] for one in codelists.rows("workforce_roles")}
    rows = every.frame[every.frame["role"].isin(told_apart)]
    groups = rows.groupby("pcn_code", sort=False)
    parts = ["fte", "staff_fte", "contracted_fte", "per_10_000"]
    sums = groups[parts].sum().mask(rows["fte"].isna().groupby(rows["pcn_code"], sort=False).any())
    first = groups[["pcn_name", "icb_code", "icb_name", "in_place", "marked", "status", "patients"]].first()
    status = first["status"].where(first["status"] == NOT_IN_THE_FILE, NOT_KNOWN)
    status = status.mask(sums["fte"].notna(), PUBLISHED)
    whole = first.join(sums).assign(status=status, role="all", name="All roles", people=pd.NA, largest_fte=pd.NA)
    whole = whole.astype({"people": "Int64", "largest_fte": "Float64"}).reset_index()
    return _beside_others(every, whole[every.frame.columns])


def _beside_others(every: SourcedTable, rows: pd.DataFrame) -> SourcedTable:
    """Rows of the marked network, with what is known of the others."""
    of_known = known(rows)
    by_role = of_known.groupby("role")["per_10_000"]
    ranks = pd.DataFrame(
        {
            "rank": by_role.rank(method="min", ascending=False).astype("Int64"),
            "percentile": by_role.transform(percentile).astype("Float64"),
        }
    )
    own = rows.join(ranks)[rows["marked"]]
    own = own.join(spread(of_known[of_known["in_place"]], "place_"), on="role")
    own = own.join(spread(of_known, "country_"), on="role").drop(columns=["marked", "in_place"])
    numbers = tuple(f"{group}_{name}" for group in ("place", "country") for name in OF_GROUP)
    for name in ("place_networks", "country_networks"):
        own[name] = own[name].fillna(0).astype("Int64")
    return derive(
        own.reset_index(drop=True), every, numbers=(*NUMBERS, *numbers, "rank", "percentile"), about=every.about
    )


def spread(rows: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Quantiles and mean of whole-time equivalents for 10,000 patients over networks, by role.

    Parameters
    ----------
    rows
        One row a network and role whose per_10_000 is known.
    prefix
        What columns begin with.

    Examples
    --------
    >>> rows = pd.DataFrame({"role": ["paramedic"] * 3, "per_10_000": [0.0, 0.2, 0.7]})
    >>> spread(rows, "")[["networks", "lower_quartile", "median", "mean"]].round(2).values.tolist()
    [[3, 0.1, 0.2, 0.3]]
    """
    groups = rows.groupby("role")["per_10_000"]
    frame = pd.DataFrame({name: groups.quantile(at) for name, at in QUANTILES.items()})
    frame.insert(0, "networks", groups.size().astype("Int64"))
    return frame.assign(mean=groups.mean()).add_prefix(prefix)
