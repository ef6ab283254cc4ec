"""Both ends of the ranking of networks, where a place stands between them, and how measures are spread."""

from __future__ import annotations

import pandas as pd

from pcn_analysis.network.england import ALL, COUNTS, NUMBERS, RATES
from pcn_analysis.provenance import SourcedTable, derive
from pcn_analysis.words import count, percent

LOWEST, HIGHEST = "lowest", "highest"
"""The two ends of the ranking by localisation."""
SPREAD = {
    "patients": "Registered patients",
    "localisation": "Localisation",
    "commitment": "Commitment",
    "main_part_share": "In the main part of its ground",
    "unmixed_share": "Unmixed share",
    "effective_networks": "Effective number of networks",
}
"""Measures of which quartiles are told, by column."""
QUARTILES = {"lowest": 0.0, "lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75, "highest": 1.0}


def england_ends(networks: SourcedTable, most: int = 6) -> SourcedTable:
    """The two ends of the ranking by localisation, and the networks of the marked place between them.

    Returns
    -------
    SourcedTable
        Rows of ``networks``, highest localisation first within each part, and ``end``: ``highest``, the name of the
        marked place, ``lowest``; and ranked (how many networks have a rank). Of few networks, all of them once.
    """
    ordered = networks.frame.dropna(subset=["localisation"]).sort_values(["rank", "pcn_code"])
    rows = both_ends(ordered, "end", (HIGHEST, LOWEST), most).assign(ranked=len(ordered))
    return derive(rows, networks, counts=COUNTS, rates=RATES, numbers=(*NUMBERS, "ranked"), about=networks.about)


def england_marked(networks: SourcedTable) -> SourcedTable:
    """The networks of the marked place: rows of ``networks``, highest localisation first; none where none is marked."""
    rows = networks.frame[networks.frame["marked"]].sort_values(["rank", "pcn_code"], ignore_index=True)
    return derive(rows, networks, counts=COUNTS, rates=RATES, numbers=NUMBERS, about=networks.about)


def both_ends(ordered: pd.DataFrame, column: str, names: tuple[str, str], most: int) -> pd.DataFrame:
    """The first and last networks, the marked ones between them, named in a column; of few networks, all of them."""
    if len(ordered) <= 3 * most:
        return ordered.assign(**{column: ALL}).reset_index(drop=True)
    marked = ordered[ordered["marked"]]
    pieces = [(ordered.head(most), names[0]), (marked, marked["home"]), (ordered.tail(most), names[1])]
    return pd.concat([rows.assign(**{column: name}) for rows, name in pieces], ignore_index=True)


def england_quartiles(networks: SourcedTable) -> SourcedTable:
    """Quartiles of measures over networks, each network counted once, written as on a page.

    Returns
    -------
    SourcedTable
        One row a measure: measure, networks (that have it), and lowest, lower_quartile, median, upper_quartile and
        highest, in words: patients, percent, or a number with one decimal.
    """
    rows = []
    for column, name in SPREAD.items():
        values = networks.frame[column].astype("Float64").dropna().astype(float)
        written = {quartile: _written(values.quantile(at), column) for quartile, at in QUARTILES.items()}
        rows.append({"measure": name, "networks": len(values), **written})
    return derive(pd.DataFrame(rows), networks, numbers=("networks",), about=networks.about)


def _written(value: float, column: str) -> str:
    if column == "patients":
        return count(value)
    return f"{value:.1f}" if column == "effective_networks" else percent(value)
