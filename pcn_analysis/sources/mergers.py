"""Which practice took over the patients of one that closed.

A merged practice's patients include those of the practice that it absorbed, so a distribution of an earlier
date has to be added up over both. No published file says who absorbed whom; this rule finds the clear cases
from the counts alone. Checked against practice-level deprivation published independently
(``docs/decisions/0004-mergers.md``).
"""

from __future__ import annotations

import pandas as pd
from scipy import sparse

from pcn_analysis import codes

MIN_GROWTH = 0.20
"""The survivor's list grew by more than this share."""
MIN_CLOSED_LIST = 2_000
"""Smaller closures are often dispersed, and change little."""
MIN_SIMILARITY = 0.02
"""Cosine of the two practices' area counts: they share some ground."""
MIN_ARRIVED = 0.75
"""The survivor grew by at least this share of the closed lists credited to it."""
MIN_EXPLAINED = 0.50
"""The closed lists credited to it are at least this share of its growth."""


def find_mergers(counts: pd.DataFrame, list_sizes: pd.Series) -> pd.DataFrame:
    """Match each practice that closed to the practice that its patients most likely went to.

    Parameters
    ----------
    counts
        practice_code, area_code (residuals included), patients, of the earlier date.
    list_sizes
        Published list by practice code, of the later date.

    Returns
    -------
    DataFrame
        One row a closed practice that has a clear survivor: closed_practice, survivor, closed_list,
        growth, similarity. Other closures count as dispersed and are not listed.

    Examples
    --------
    >>> counts = pd.DataFrame({
    ...     "practice_code": ["A00001", "A00002", "A00003"],
    ...     "area_code": ["E01000001", "E01000001", "E01000002"],
    ...     "patients": [4000, 3000, 5000]})
    >>> lists = pd.Series({"A00001": 7000, "A00003": 5000})
    >>> find_mergers(counts, lists)[["closed_practice", "survivor"]].values.tolist()
    [['A00002', 'A00001']]
    """
    earlier = counts.groupby("practice_code")["patients"].sum().astype(float)
    growth = (list_sizes.astype(float) - earlier).dropna()
    located = counts[~counts["area_code"].isin([codes.UNKNOWN_AREA, codes.OUTSIDE_ENGLAND])]
    somewhere = pd.Index(located["practice_code"].unique())
    closed = earlier.index[earlier >= MIN_CLOSED_LIST].intersection(somewhere).difference(list_sizes.index)
    growing = growth.index[growth > MIN_GROWTH * earlier[growth.index]].intersection(somewhere)
    pairs = _similar_pairs(located, closed, growing)
    pairs["closed_list"] = pairs["closed_practice"].map(earlier).astype(float)
    pairs["growth"] = pairs["survivor"].map(growth).astype(float)
    return _matched(pairs)


def _similar_pairs(located: pd.DataFrame, closed: pd.Index, growing: pd.Index) -> pd.DataFrame:
    """Pairs of a closed and a growing practice whose patients live in some of the same areas."""
    order = closed.append(growing)
    located = located[located["practice_code"].isin(order)]
    area, areas = pd.factorize(located["area_code"])
    rows = order.get_indexer(located["practice_code"])
    matrix = sparse.csr_array((located["patients"].to_numpy(float), (rows, area)), shape=(len(order), len(areas)))
    if not len(closed) or not len(growing):
        return pd.DataFrame(columns=["closed_practice", "survivor", "similarity"])
    matrix = sparse.diags_array(1 / sparse.linalg.norm(matrix, axis=1)) @ matrix
    cosine = (matrix[: len(closed)] @ matrix[len(closed) :].T).tocoo()
    pairs = pd.DataFrame(
        {
            "closed_practice": closed[cosine.row],
            "survivor": growing[cosine.col],
            "similarity": cosine.data.round(6),
        }
    )
    return pairs[pairs["similarity"] >= MIN_SIMILARITY].reset_index(drop=True)


def _matched(pairs: pd.DataFrame) -> pd.DataFrame:
    """Take pairs most similar first, while the survivor grew enough to have room for the closed list."""
    pairs = pairs.sort_values(
        ["similarity", "closed_practice", "survivor"], ascending=[False, True, True], ignore_index=True
    )
    room = (pairs.groupby("survivor")["growth"].first() / MIN_ARRIVED).to_dict()
    taken: set[str] = set()
    kept = []
    for pair in pairs.itertuples():
        if pair.closed_practice not in taken and pair.closed_list <= room[pair.survivor]:
            room[pair.survivor] -= pair.closed_list
            taken.add(str(pair.closed_practice))
            kept.append(pair.Index)
    found = pairs.loc[kept]
    absorbed = found.groupby("survivor")["closed_list"].transform("sum")
    found = found[absorbed >= MIN_EXPLAINED * found["growth"]]
    columns = ["closed_practice", "survivor", "closed_list", "growth", "similarity"]
    return found.sort_values("closed_practice", ignore_index=True)[columns]
