"""Who is there: a network's staff by role, beside those of its place's networks and of all networks of the country.

Whole-time equivalents are given for 10,000 registered patients, and every network counts once. Networks that have none
recorded of a role count as 0, as the file shows none; networks that are not in the file count for nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.network.standing import percentile
from pcn_analysis.provenance import SourcedTable, derive
from pcn_analysis.workforce.staffing import NUMBERS, every_network, known

if TYPE_CHECKING:
    from pcn_analysis.place import Network

__all__ = ["every_network", "fte_by_role", "spread"]
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
    rows = every.frame
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
