"""Networks most like one's own, by need, size and rurality, and how they are staffed.

Method. Each network is described by four components: the mean deprivation score of its patients and the share of them
aged 75 and over (need), the logarithm of its list (size), and the share of its patients in rural areas (rurality). Each
is put on one scale over all networks of the country: the difference from the median, divided by the interquartile
range over 1.349, which is the standard deviation where values are normal; by the standard deviation where that range is
0. Values beyond 3 on that scale count as 3, so that no component decides alone: most networks have next to no rural
patients, and some have nothing else. The distance between two networks is the Euclidean one: the root of the sum of the
squared differences, each component counting as much as another. Components, weights and the limit are our choice.

A component that is not known of one's own network is left out for all, as is size where its list is 0, and a network
of which one of the others is not known is not compared: distances are never taken over different components.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.provenance import SourcedTable, derive
from pcn_analysis.words import listed
from pcn_analysis.workforce.staffing import NUMBERS, every_network, known, optional
from pcn_analysis.workforce.supply import OF_GROUP, spread

if TYPE_CHECKING:
    from pcn_analysis.place import Network

COMPONENTS = {
    "deprivation_score": "deprivation",
    "aged_75_share": "age",
    "patients": "size",
    "rural_share": "rurality",
}
"""Columns that networks are compared by, and what each is about."""
MOST = 10
"""How many networks are taken for like one's own; our choice."""
NORMAL = 1.349
"""Interquartile range of the standard normal distribution, in standard deviations."""
LIMIT = 3.0
"""Largest value on the common scale."""


def peers(network: Network, most: int = MOST) -> SourcedTable:
    """The networks of the country that are most like a network, and how far each is in each component.

    Parameters
    ----------
    network
        One network of a place.
    most
        How many.

    Returns
    -------
    SourcedTable
        One row a network, nearest first, its own before them as number 0; of equal distances the first by code:
        nearness (0, 1, 2 …), pcn_code, pcn_name, icb_code, icb_name, in_place, patients, deprivation_score,
        aged_75_share, rural_share, for each of these four ``_apart`` (how much more it has on the common scale; null
        where the component was left out), distance, compared_by (components, in words), left_out (components that are
        not known of the network itself, in words; empty: none), compared and not_compared (how many other networks).
        No rows where nothing is known of the network.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> frame = peers(network_of(invent_place(), "U00001"), most=2).frame
    >>> frame[["nearness", "left_out"]].values.tolist()
    [[0, 'rurality'], [1, 'rurality'], [2, 'rurality']]
    """
    parent = optional(network, "country_networks")
    rows = parent.frame
    own = rows[rows["pcn_code"] == network.pcn_code]
    every = {name: on_common_scale(rows[name], logarithm=name == "patients") for name in COMPONENTS}
    used = [name for name, values in every.items() if len(own) and values[own.index].notna().all()]
    scaled = pd.DataFrame({name: every[name] for name in used}, rows.index)
    compared = scaled.notna().all(axis=1) & (len(used) > 0)
    apart = scaled[compared] - scaled.loc[own.index].iloc[0] if used else scaled[compared]
    found = rows[compared].assign(**{f"{name}_apart": apart.get(name) for name in COMPONENTS})
    found["distance"] = np.sqrt((apart**2).sum(axis=1))
    first = (found["pcn_code"] != network.pcn_code).rename("other")
    found = found.assign(other=first).sort_values(["other", "distance", "pcn_code"]).head(most + 1)
    others = int(compared.sum()) - 1
    found = found.assign(
        nearness=range(len(found)),
        compared_by=_in_words(used),
        left_out=_in_words([name for name in COMPONENTS if name not in used]),
        compared=others,
        not_compared=len(rows) - 1 - others,
    )
    numbers = (*COMPONENTS, *(f"{name}_apart" for name in COMPONENTS), "distance", "compared", "not_compared")
    names = ["nearness", "pcn_code", "pcn_name", "icb_code", "icb_name", "in_place"]
    frame = found[[*names, *numbers, "compared_by", "left_out"]].reset_index(drop=True)
    frame = frame.astype({name: "Float64" for name in numbers if name.endswith(("_apart", "distance"))})
    return derive(frame, parent, optional(network, "practices"), numbers=("nearness", *numbers), about=network.about)


def on_common_scale(values: pd.Series, *, logarithm: bool = False) -> pd.Series:
    """Values less their median, over their spread, and at most :data:`LIMIT` either way; null stays null.

    Parameters
    ----------
    values
        One for each network.
    logarithm
        Whether their logarithms are taken; what is not above 0 has none, and is null.

    Examples
    --------
    >>> on_common_scale(pd.Series([1.0, 2.0, 3.0, 4.0, 500.0])).round(2).to_list()  # quartiles 2 and 4
    [-1.35, -0.67, 0.0, 0.67, 3.0]
    >>> on_common_scale(pd.Series([5.0, 5.0, 5.0])).to_list()
    [0.0, 0.0, 0.0]
    """
    numbers = values.astype("Float64").astype(float)
    if logarithm:
        numbers = np.log(numbers.where(numbers > 0))
    spread_of = (numbers.quantile(0.75) - numbers.quantile(0.25)) / NORMAL or numbers.std(ddof=0)
    centred = numbers - numbers.median()
    return (centred / spread_of if spread_of else centred).clip(-LIMIT, LIMIT)


def fte_among_peers(network: Network, most: int = MOST) -> SourcedTable:
    """A network's staff by role, beside those of the networks that are most like it.

    Returns
    -------
    SourcedTable
        One row a role of the scheme, in the order of the codelist: role, name, status, patients, fte, staff_fte,
        contracted_fte, people, largest_fte and per_10_000 of the network; with ``peers_`` before them, networks (of
        which it is known), lowest, lower_quartile, median, upper_quartile, highest and mean of their per_10_000; and
        from_median (the network's per_10_000 less the median of its peers).
    """
    near, every = peers(network, most), every_network(network)
    others = set(near.frame.loc[near.frame["nearness"] > 0, "pcn_code"])
    rows = every.frame
    of_peers = known(rows)
    own = rows[rows["marked"]].join(spread(of_peers[of_peers["pcn_code"].isin(others)], "peers_"), on="role")
    own["peers_networks"] = own["peers_networks"].fillna(0).astype("Int64")
    own["from_median"] = own["per_10_000"] - own["peers_median"]
    numbers = (*NUMBERS, *(f"peers_{name}" for name in OF_GROUP), "from_median")
    frame = own[["role", "name", "status", *numbers]].reset_index(drop=True)
    return derive(frame, every, near, numbers=numbers, about=network.about)


def _in_words(names: list[str]) -> str:
    return listed([COMPONENTS[name] for name in names]) if names else ""
