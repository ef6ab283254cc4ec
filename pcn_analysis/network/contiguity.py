"""Whether groups of areas hang together, and the parts into which they fall.

Areas are neighbours where they share an edge; touching at a corner is not enough. Islands hang together with the
mainland only through bridges that are named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from pcn_analysis.exceptions import problem
from pcn_analysis.network.borders import positions
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Iterable

Edges = tuple[np.ndarray, np.ndarray]
BRIDGES = (("E01022937", "E01022954"), ("E01022943", "E01022954"))
"""The road bridge from Langstone to Hayling Island (A3023), at whose end two areas of the island meet (LSOA 2011 and
2021). In the boundaries of July 2026 only the Isle of Wight and the Isles of Scilly are cut off as well; no road leads
there.
"""


@dataclass(frozen=True)
class Parts:
    """The parts of groups of areas.

    Parameters
    ----------
    by_group
        Indexed by group, in order: areas, parts, main_part_areas, main_part_share (of the group's weight; null where
        it has none), areas_without_weight.
    by_area
        Indexed by area_code, in order: group, part. Parts count from 1, the heaviest first.
    """

    by_group: pd.DataFrame
    by_area: pd.DataFrame


def parts(
    groups: pd.Series, neighbours: pd.DataFrame, weights: pd.Series, bridges: Iterable[tuple[str, str]] = ()
) -> Parts:
    """Find the parts that each group of areas falls into.

    The main part is the one with most weight; of parts that weigh the same the one with more areas, then the one
    with the first code.

    Parameters
    ----------
    groups
        Group by area code; null where an area is in none. An area without a neighbour is a part of its own: of an
        area without a shape nobody knows, so leave such areas out.
    neighbours
        area_code and neighbour_code, each pair once or both ways round (:meth:`Borders.shared`).
    weights
        Weight of each area by area code: the patients of its group who live there. Missing counts as nothing.
    bridges
        Pairs of areas that are neighbours though they share no edge, such as :data:`BRIDGES`.

    Raises
    ------
    PcnAnalysisError
        If an area is named twice in ``groups`` or ``weights``, or a weight is negative.

    Examples
    --------
    >>> row = pd.DataFrame({"area_code": ["A", "B", "C"], "neighbour_code": ["B", "C", "D"]})
    >>> one = pd.Series({"A": "U1", "B": "U1", "C": "U2", "D": "U1"})
    >>> found = parts(one, row, pd.Series({"A": 20, "B": 40, "C": 9, "D": 40}))
    >>> found.by_group["main_part_share"].to_dict(), found.by_area["part"].to_dict()
    ({'U1': 0.6, 'U2': 1.0}, {'A': 1, 'B': 1, 'C': 1, 'D': 2})
    """
    areas = pd.Index(np.sort(groups.dropna().index), name="area_code")
    of, names = positions(groups, areas)
    weight = weights_of(weights, areas)
    one, other = edges(neighbours, bridges, areas)
    within = of[one] == of[other]
    count, label = connected(one[within], other[within], len(areas))
    first = np.unique(label, return_index=True)[1]
    size, heavy = np.bincount(label, minlength=count), np.bincount(label, weight.fillna(0), count)
    order = np.lexsort((first, -size, -heavy, of[first]))
    group = of[first][order]
    starts = np.searchsorted(group, np.arange(len(names)))
    rank = np.empty(count, dtype=int)
    rank[order] = np.arange(count) - starts[group] + 1
    total = np.bincount(group, heavy[order], len(names))
    main = order[starts]
    by_group = pd.DataFrame(
        {
            "areas": np.bincount(of, minlength=len(names)),
            "parts": np.bincount(group, minlength=len(names)),
            "main_part_areas": size[main],
            "main_part_share": np.divide(heavy[main], total, out=np.full(len(names), np.nan), where=total > 0),
            "areas_without_weight": np.bincount(of[weight.isna()], minlength=len(names)),
        },
        index=names,
    )
    return Parts(by_group, pd.DataFrame({"group": names.take(of), "part": rank[label]}, index=areas))


def weights_of(weights: pd.Series, areas: pd.Index) -> pd.Series:
    """Weight of each area; missing where it has none."""
    twice, below = int(weights.index.duplicated().sum()), int((weights < 0).sum())
    if twice or below:
        what = f"{number(twice, 'area')} named more than once, {number(below, 'weight')} below 0"
        raise problem("weights of areas", what, "Give one number of people an area.")
    return pd.to_numeric(weights).astype(float).reindex(areas)


def edges(neighbours: pd.DataFrame, bridges: Iterable[tuple[str, str]], areas: pd.Index) -> Edges:
    """Positions of areas that are neighbours; pairs of which either area is not asked for are left out."""
    joined = pd.DataFrame(list(bridges), columns=["area_code", "neighbour_code"], dtype="str")
    pairs = pd.concat([neighbours[["area_code", "neighbour_code"]], joined])
    one, other = (areas.get_indexer(pairs[side]) for side in ("area_code", "neighbour_code"))
    known = (one >= 0) & (other >= 0)
    return one[known], other[known]


def connected(one: np.ndarray, other: np.ndarray, size: int) -> tuple[int, np.ndarray]:
    """Connected components: how many, and the one of each node."""
    links = sparse.coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
    return csgraph.connected_components(links, directed=False)
