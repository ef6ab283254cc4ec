"""What groups of areas enclose: holes of other areas in them, and enclaves of theirs in another group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from pcn_analysis.network.borders import NOTHING, positions
from pcn_analysis.network.contiguity import connected, edges, parts, weights_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


@dataclass(frozen=True)
class Enclosed:
    """What is enclosed in a group of areas without belonging to it.

    Parameters
    ----------
    by_group
        Indexed by group, in order: holes (in it), areas_in_holes, weight_in_holes, enclaves (its parts that lie in one
        other group), areas_in_enclaves, weight_in_enclaves.
    holes
        One row an area in a hole: group (that has the hole), hole (number, from 1), area_code. An area may lie in
        holes of several groups, one within the other.
    enclaves
        One row a part of a group all of whose neighbours are of one other group: group, part, within, areas, weight.
    """

    by_group: pd.DataFrame
    holes: pd.DataFrame
    enclaves: pd.DataFrame


def holes_and_enclaves(
    groups: pd.Series,
    neighbours: pd.DataFrame,
    outer: Collection[str],
    weights: pd.Series,
    bridges: Iterable[tuple[str, str]] = (),
) -> Enclosed:
    """Find the holes in groups of areas, and the parts of groups that lie within one other group.

    A hole is a set of other areas that hang together, have no border with nothing, and cannot be left except through
    the group. One hole may hold parts of several groups, and areas in none.

    Parameters
    ----------
    groups, neighbours, weights, bridges
        As for :func:`parts`.
    outer
        Areas that have a border with nothing (the index of :meth:`Borders.outer`). What lies on a lake that no area
        holds is among them, and is never in a hole.

    Raises
    ------
    PcnAnalysisError
        As :func:`parts`.
    """
    found = parts(groups, neighbours, weights, bridges)
    beside = pd.unique(neighbours[["area_code", "neighbour_code"]].to_numpy().ravel())
    areas = pd.Index(sorted({*found.by_area.index, *beside, *outer}), name="area_code")
    of, names = positions(groups, areas)
    weight = weights_of(weights, areas).fillna(0)
    one, other = edges(neighbours, bridges, areas)
    within = of[one] == of[other]
    count, node = connected(one[within], other[within], len(areas))
    on_edge = np.zeros(count, dtype=bool)
    on_edge[node[areas.isin(list(outer))]] = True
    ends = np.sort(np.column_stack([node[one], node[other]])[~within], axis=1)
    links = np.unique(ends, axis=0)
    of_node = of[np.unique(node, return_index=True)[1]]
    in_hole = _holes(links, of_node, on_edge)
    holes = _named(in_hole, node, areas, names)
    own = areas.get_indexer(found.by_area.index)
    here = {"weight": weight.to_numpy()[own], "within": _within_one(links, of_node, on_edge)[node[own]]}
    enclaves = _enclaves(found.by_area.assign(**here), names)
    return Enclosed(_summed(names, holes.assign(weight=holes["area_code"].map(weight)), enclaves), holes, enclaves)


def _holes(links: np.ndarray, of_node: np.ndarray, on_edge: np.ndarray) -> pd.DataFrame:
    """Nodes in the holes of each group: group, hole, node.

    One way from every node to the edge is found first. Only nodes whose way leads through a group can lie in a hole
    of it; they do unless, without passing through the group, they hang together with a node whose way does not.
    """
    size = len(of_node)
    behind = _behind(links, of_node, on_edge)
    group, node = np.divmod(behind, size)
    both = np.concatenate([links, links[:, ::-1]])
    beside = sparse.csr_array((np.ones(len(both), dtype=np.int8), both.T), shape=(size, size))
    each = np.diff(beside.indptr)[node]
    pair = np.repeat(np.arange(len(behind)), each)
    step = np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)
    next_node = beside.indices[beside.indptr[node[pair]] + step]
    key = group[pair] * size + next_node
    at = np.minimum(np.searchsorted(behind, key), max(len(behind) - 1, 0))
    joined = behind[at] == key
    count, label = connected(pair[joined], at[joined], len(behind))
    leaves = np.zeros(count, dtype=bool)
    leaves[label[pair[~joined & (of_node[next_node] != group[pair])]]] = True
    shut = ~leaves[label]
    rows = pd.DataFrame({"group": group[shut], "label": label[shut], "node": node[shut]})
    rows["hole"] = rows.groupby("group")["label"].rank("dense").astype(int)
    return rows[["group", "hole", "node"]]


def _behind(links: np.ndarray, of_node: np.ndarray, on_edge: np.ndarray) -> np.ndarray:
    """Group × nodes + node wherever the way found from a node to the edge leads through another group, in order."""
    size = len(of_node)
    edge = np.flatnonzero(on_edge)
    every = np.concatenate([links, np.column_stack([np.full(len(edge), size), edge])])
    graph = sparse.csr_array((np.ones(len(every), dtype=np.int8), every.T), shape=(size + 1, size + 1))
    ahead = csgraph.breadth_first_order(graph, size, directed=False)[1][:size]
    node, at = np.arange(size), ahead
    found = [np.zeros(0, dtype=np.int64)]
    while len(node):
        going = (at >= 0) & (at < size)
        node, at = node[going], at[going]
        through = (of_node[at] != NOTHING) & (of_node[at] != of_node[node])
        found.append(of_node[at[through]] * size + node[through])
        at = ahead[at]
    return np.unique(np.concatenate(found))


def _named(in_hole: pd.DataFrame, node: np.ndarray, areas: pd.Index, names: pd.Index) -> pd.DataFrame:
    """Areas in the holes of each group, in order."""
    rows = in_hole.merge(pd.DataFrame({"node": node, "area_code": areas}), on="node")
    rows = rows.sort_values(["group", "hole", "area_code"], ignore_index=True)
    return rows.assign(group=names.take(rows["group"]))[["group", "hole", "area_code"]]


def _within_one(links: np.ndarray, of_node: np.ndarray, on_edge: np.ndarray) -> np.ndarray:
    """For each node the group that all its neighbours are of; -1 where there is none, or it is on the edge."""
    both = np.concatenate([links, links[:, ::-1]])
    node, beside = both[:, 0], of_node[both[:, 1]]
    least, most = np.full(len(of_node), np.iinfo(int).max), np.full(len(of_node), NOTHING)
    np.minimum.at(least, node, beside)
    np.maximum.at(most, node, beside)
    return np.where((least == most) & ~on_edge, most, NOTHING)


def _enclaves(rows: pd.DataFrame, names: pd.Index) -> pd.DataFrame:
    """Parts that lie within one other group, in order."""
    rows = rows[rows["within"] != NOTHING]
    rows = rows.assign(within=names.take(rows["within"]))
    sums = rows.groupby(["group", "part", "within"])["weight"].agg(areas="size", weight="sum")
    return sums.reset_index()


def _summed(names: pd.Index, holes: pd.DataFrame, enclaves: pd.DataFrame) -> pd.DataFrame:
    """Holes and enclaves of each group, counted."""

    def by_group(rows: pd.DataFrame, what: pd.Series) -> np.ndarray:
        return np.bincount(names.get_indexer(rows["group"]), what.to_numpy(float), len(names))

    columns = {
        "holes": by_group(holes, ~holes.duplicated(["group", "hole"])).astype(int),
        "areas_in_holes": by_group(holes, holes["hole"] > 0).astype(int),
        "weight_in_holes": by_group(holes, holes["weight"]),
        "enclaves": by_group(enclaves, enclaves["part"] > 0).astype(int),
        "areas_in_enclaves": by_group(enclaves, enclaves["areas"]).astype(int),
        "weight_in_enclaves": by_group(enclaves, enclaves["weight"]),
    }
    return pd.DataFrame(columns, index=names)
