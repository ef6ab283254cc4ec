"""Part posts of neighbouring networks that add up to a whole one.

A network that is short of 1.4 whole-time equivalents of a role can fill one post alone, and is left with 0.4 of one,
which is hard to fill; a neighbour left with 0.6 of the same role makes it whole. Networks are neighbours where both
serve the same area: at least 5% of its registered patients each.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.provenance import SourcedTable, derive
from pcn_analysis.thresholds import SERVED_SHARE
from pcn_analysis.workforce.competition import wishes
from pcn_analysis.workforce.staffing import optional

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pcn_analysis.place import Network

SMALLEST = 0.1
"""Part of a post below which it is none, and above 1 less which it is a whole one; our choice."""
WITHIN = 0.1
"""How far a sum of parts may be from one whole post; our choice."""
MOST_PARTNERS = 2
"""With how many neighbours a post may be shared; our choice."""
COLUMNS = ["role", "name", "pcn_codes", "pcn_names", "own_part", "parts", "together", "apart"]


def joint_posts(network: Network, targets: Mapping[str, float] | None = None, *, level: str = "median") -> SourcedTable:
    """Posts that a network could share with one or two neighbours of its place.

    Parameters
    ----------
    network
        One network of a place.
    targets, level
        As in :func:`pcn_analysis.workforce.competition.competition`.

    Returns
    -------
    SourcedTable
        One row a role and group of networks, roles in the order of the codelist, within each those nearest to a whole
        post first, then fewer partners, then by code: role, name, pcn_codes and pcn_names (of the partners, joined by
        a comma), own_part, parts (of the network and its partners, as written), together (their sum) and apart (from
        1). Groups are alternatives: a part can be given once. Networks of which it is not known what they have take
        no part.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> frame = joint_posts(network_of(invent_place(), "U00001"), {"podiatrist": 0.4}).frame
    >>> frame[["role", "pcn_codes", "parts"]]
             role pcn_codes        parts
    0  podiatrist    U00005  0.35 + 0.69
    1  podiatrist    U00003  0.35 + 0.62
    2  podiatrist    U00002  0.35 + 0.72
    """
    short = wishes(network, targets, level=level)
    near = neighbours(network)
    rows = short.frame[short.frame["in_place"] & short.frame["shortfall"].notna()]
    rows = rows.assign(part=part_posts(rows["shortfall"]))
    own = rows[rows["marked"] & (rows["part"] > 0)]
    others = rows[rows["pcn_code"].isin(near) & (rows["part"] > 0)]
    found = [one for row in own.itertuples() for one in _shared(row, others[others["role"] == row.role])]
    frame = pd.DataFrame(found, columns=COLUMNS)
    numbers = ("own_part", "together", "apart")
    frame = frame.astype(dict.fromkeys(numbers, "Float64"))
    parents = (short, optional(network, "registrations_by_area"), optional(network, "practices"))
    return derive(frame, *parents, numbers=numbers, about=network.about)


def part_posts(shortfall: pd.Series) -> pd.Series:
    """What is left of a shortfall once whole posts are filled; 0 where it is next to nothing or next to a whole one.

    Examples
    --------
    >>> part_posts(pd.Series([1.4, 0.05, 0.95, 2.0])).round(2).to_list()
    [0.4, 0.0, 0.0, 0.0]
    """
    part = (shortfall.astype("Float64").astype(float) % 1).round(9)
    return part.where((part >= SMALLEST) & (part <= 1 - SMALLEST), 0.0)


def neighbours(network: Network) -> set[str]:
    """Codes of the networks of a place that serve an area together with a network.

    Parameters
    ----------
    network
        One network of a place.
    """
    practices, counts = (optional(network, name).frame for name in ("practices", "registrations_by_area"))
    codes_of = practices.set_index("practice_code")["pcn_code"]
    english = counts[counts["area_code"].str.startswith("E")]
    sums = english.assign(pcn_code=english["practice_code"].map(codes_of).fillna("")).groupby(["area_code", "pcn_code"])
    patients = sums["patients"].sum().rename("patients").reset_index()
    whole = patients.groupby("area_code")["patients"].transform("sum")
    served = patients[(patients["patients"] >= SERVED_SHARE * whole) & (patients["pcn_code"] != "")]
    ground = set(served.loc[served["pcn_code"] == network.pcn_code, "area_code"])
    there = set(served.loc[served["area_code"].isin(ground), "pcn_code"])
    return (there & set(network.place.networks()["pcn_code"])) - {network.pcn_code}


def _shared(own: Any, others: pd.DataFrame) -> Iterator[tuple]:
    """Groups of partners whose parts make a whole post with one's own, nearest to it first."""
    partners = sorted(others[["pcn_code", "pcn_name", "part"]].itertuples(index=False), key=lambda one: one.pcn_code)
    groups = [group for size in range(1, MOST_PARTNERS + 1) for group in combinations(partners, size)]
    made = []
    for group in groups:
        parts = [own.part, *(one.part for one in group)]
        together = sum(parts)
        apart = round(abs(together - 1), 9)
        if apart <= WITHIN:
            codes_of = ", ".join(one.pcn_code for one in group)
            names = ", ".join(one.pcn_name for one in group)
            written = " + ".join(f"{part:.2f}" for part in parts)
            made.append((own.role, own.name, codes_of, names, own.part, written, together, apart))
    yield from sorted(made, key=lambda one: (one[7], one[2].count(","), one[2]))
