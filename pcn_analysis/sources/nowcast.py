"""Estimate where a practice's patients live now from where they lived at an earlier count.

Three steps, each of which keeps totals: add the patients of merged predecessors, carry 2011 areas to 2021
areas, scale to the list of today. What comes out is part modelled and is labelled so wherever it shows.
"""

from __future__ import annotations

import pandas as pd

from pcn_analysis import codes
from pcn_analysis.exceptions import problem


def add_predecessors(counts: pd.DataFrame, mergers: pd.DataFrame) -> pd.DataFrame:
    """Give a survivor the patients of the practices that it absorbed.

    Parameters
    ----------
    counts
        practice_code, area_code, patients.
    mergers
        closed_practice and survivor, as from :func:`pcn_analysis.sources.mergers.find_mergers`.
    """
    heir = dict(zip(mergers["closed_practice"], mergers["survivor"], strict=True))
    moved = counts.assign(practice_code=counts["practice_code"].replace(heir))
    return moved.groupby(["practice_code", "area_code"], as_index=False)["patients"].sum()


def to_lsoa21(counts: pd.DataFrame, links: pd.DataFrame, residents: pd.Series) -> pd.DataFrame:
    """Carry counts from LSOA 2011 to LSOA 2021, sharing a split area out by residents.

    Parameters
    ----------
    counts
        practice_code, area_code (LSOA 2011 or a residual), patients.
    links
        lsoa11_code and lsoa21_code: every pair of areas that overlap.
    residents
        Usual residents by LSOA 2021 code, Census 2021.

    Returns
    -------
    DataFrame
        The same columns on LSOA 2021. Residuals are unchanged and totals are kept exactly.

    Raises
    ------
    PcnAnalysisError
        If an area of the counts has no link.

    Examples
    --------
    >>> counts = pd.DataFrame({"practice_code": ["A00001"], "area_code": ["E01000001"], "patients": [30]})
    >>> links = pd.DataFrame({"lsoa11_code": ["E01000001"] * 2, "lsoa21_code": ["E01000001", "E01033333"]})
    >>> to_lsoa21(counts, links, pd.Series({"E01000001": 100, "E01033333": 200}))["patients"].to_list()
    [10.0, 20.0]
    """
    residual = counts["area_code"].isin([codes.UNKNOWN_AREA, codes.OUTSIDE_ENGLAND])
    unlinked = set(counts.loc[~residual, "area_code"]) - set(links["lsoa11_code"])
    if unlinked:
        raise problem(
            "LSOA lookup",
            f"{len(unlinked):,} LSOA codes of the counts are not in it",
            "Check that the counts are on LSOA 2011 and that the lookup is complete.",
        )
    weights = links.assign(weight=links["lsoa21_code"].map(residents).astype(float).fillna(0.0))
    total = weights.groupby("lsoa11_code")["weight"].transform("sum")
    equal = 1 / weights.groupby("lsoa11_code")["weight"].transform("size")
    weights["share"] = (weights["weight"] / total).where(total > 0, equal)
    split = counts[~residual].merge(
        weights[["lsoa11_code", "lsoa21_code", "share"]], left_on="area_code", right_on="lsoa11_code"
    )
    split = split.assign(area_code=split["lsoa21_code"], patients=split["patients"] * split["share"])
    columns = ["practice_code", "area_code", "patients"]
    together = pd.concat([split[columns], counts.loc[residual, columns]])
    return together.astype({"patients": float}).groupby(columns[:2], as_index=False)["patients"].sum()


def scale_to_lists(counts: pd.DataFrame, list_sizes: pd.Series) -> pd.DataFrame:
    """Scale each practice's distribution to its list of today.

    Practices that are not in ``list_sizes`` have closed and are left out. A practice that has no
    distribution has its whole list in the residual ``unknown``, so that no patient is lost.
    """
    before = counts.groupby("practice_code")["patients"].transform("sum")
    kept = counts[counts["practice_code"].isin(list_sizes.index) & (before > 0)]
    before = before[kept.index]
    scaled = kept["patients"] / before * kept["practice_code"].map(list_sizes).astype(float)
    new = list_sizes.index.difference(kept["practice_code"])
    unknown = pd.DataFrame(
        {
            "practice_code": new,
            "area_code": codes.UNKNOWN_AREA,
            "patients": list_sizes[new].to_numpy(dtype=float),
        }
    )
    return pd.concat([kept.assign(patients=scaled), unknown], ignore_index=True)
