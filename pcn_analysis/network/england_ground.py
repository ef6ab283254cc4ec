"""Whose ground the areas of a country are: a map, borders that networks cross, and who lives on their ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from pcn_analysis.network.england import ALL, SHARES, ground
from pcn_analysis.network.england_standing import both_ends
from pcn_analysis.network.of_place import names_of
from pcn_analysis.provenance import Rate, SourcedTable, derive
from pcn_analysis.statistics.rates import with_rates

if TYPE_CHECKING:
    from pcn_analysis.place import Network

CLASSES = {
    "under 40%": 0.0,
    "40% to 50%": 0.40,
    "50% to 70%": 0.50,
    "70% to 90%": 0.70,
    "90% or more": 0.90,
}
"""Classes of the largest network's share of an area, each with its lower limit; below half its network is uncertain."""
LONDON, OF_LONDON = "London", "E09"
"""Name of an inset of the map, and what the codes of its local authorities begin with."""
BORDERS = {"local_authority": "local authority", "sub_icb": "sub-ICB", "icb": "integrated care board"}
AWAY = {"under 1%": 0.0, "1% to 5%": 0.01, "5% to 10%": 0.05, "10% to 25%": 0.10, "25% or more": 0.25}
"""Classes of the share of a network's patients who live away from its home, each with its lower limit."""
RURAL = {"under 10% rural": 0.0, "10% to 50% rural": 0.10, "50% or more rural": 0.50}
"""Classes of the share of a network's patients who live in rural areas, each with its lower limit."""
MORE, LESS = "ground more deprived than patients", "ground less deprived than patients"


def england_map(country: Network, highlight: str = "") -> SourcedTable:
    """Every area with its shape and the share of the network that has most of its registered patients.

    Returns
    -------
    SourcedTable
        One row an area, a GeoDataFrame in EPSG:27700, in order of code: area_code, local_authority_name, network (name
        of the one with most patients, practices in none among them), most (its patients), registered (of every
        network), share, level and share_class (of ``CLASSES``, counting from 0; null where nobody is registered),
        inset (the part of the map that is drawn larger as well: London, or the local authority named; null elsewhere).
    """
    place = country.place
    areas, practices = place.tables["areas"], place.tables["practices"]
    won = ground(place)[1]
    rows = place.boundaries.merge(
        areas.frame[["area_code", "local_authority_code", "local_authority_name"]], how="left"
    )
    here = won.reindex(rows["area_code"])
    rows["network"] = pd.Series(here["winner"].map(names_of(place)).to_numpy(), dtype="str")
    rows["most"], rows["registered"] = here["winner_patients"].to_numpy(), here["registered"].to_numpy()
    rates = (Rate("share", "most", "registered"),)
    rows = with_rates(rows, rates)
    rows["level"], rows["share_class"] = _class(rows["share"], CLASSES)
    inset = rows["local_authority_name"].where(rows["local_authority_name"] == highlight)
    rows["inset"] = inset.mask(rows["local_authority_code"].str.startswith(OF_LONDON), LONDON)
    rows = rows.drop(columns="local_authority_code").sort_values("area_code", ignore_index=True)
    rows = gpd.GeoDataFrame(rows, geometry="geometry", crs=place.boundaries.crs)
    parents = (place.tables["registrations_by_area"], practices, areas)
    counts = ("most", "registered")
    return derive(rows, *parents, counts=counts, rates=rates, numbers=("level",), about=place.about())


def england_map_classes(shown: SourcedTable) -> SourcedTable:
    """Count the areas of the map, and everyone registered there, by class, lowest first.

    Returns
    -------
    SourcedTable
        share_class, areas, all_areas, areas_share, registered, all_registered, registered_share.
    """
    frame = pd.DataFrame(shown.frame.drop(columns="geometry"))
    by_class = frame.groupby("share_class")["registered"]
    rows = pd.DataFrame({"areas": by_class.size(), "registered": by_class.sum()}).reindex(list(CLASSES), fill_value=0)
    rows = rows.assign(all_areas=rows["areas"].sum(), all_registered=rows["registered"].sum())
    rates = (Rate("areas_share", "areas", "all_areas"), Rate("registered_share", "registered", "all_registered"))
    rows = with_rates(rows.rename_axis("share_class").reset_index(), rates)
    counts = ("registered", "all_registered")
    return derive(rows, shown, counts=counts, rates=rates, numbers=("areas", "all_areas"), about=shown.about)


def england_borders(networks: SourcedTable) -> SourcedTable:
    """Count networks by the share of their patients who live away from the network's home, for each border.

    Returns
    -------
    SourcedTable
        One row a border and class: border, away_class, networks, all_networks (with a home), share, away and known
        (patients of all these networks together), away_share. Borders that no area says have no row.
    """
    parts = []
    for name, border in BORDERS.items():
        rows = networks.frame.dropna(subset=[f"away_{name}_share"])
        label = _class(rows[f"away_{name}_share"], AWAY)[1]
        by_class = rows.groupby(label)[[f"away_{name}", f"known_{name}"]].agg("sum").reindex(list(AWAY), fill_value=0.0)
        by_class = by_class.set_axis(["away", "known"], axis=1)
        by_class["networks"] = label.value_counts().reindex(list(AWAY), fill_value=0)
        by_class = by_class.rename_axis("away_class").reset_index().assign(border=border, all_networks=len(rows))
        parts += [by_class] if len(rows) else []
    columns = ["border", "away_class", "networks", "all_networks", "away", "known"]
    frame = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
    rates = (Rate("share", "networks", "all_networks"), Rate("away_share", "away", "known"))
    numbers = ("networks", "all_networks")
    return derive(
        with_rates(frame, rates), networks, counts=("away", "known"), rates=rates, numbers=numbers, about=networks.about
    )


def england_deprivation(networks: SourcedTable, most: int = 6) -> SourcedTable:
    """Networks whose ground differs most in deprivation from their patients, both ways, and those of the marked place.

    Returns
    -------
    SourcedTable
        Rows of ``networks``, ground more deprived than patients first, and ``side``: which of the two, or the name of
        the marked place. Of few networks, all of them once.
    """
    ordered = networks.frame.dropna(subset=["score_difference"])
    ordered = ordered.sort_values(["score_difference", "pcn_code"], ascending=[False, True])
    rows = both_ends(ordered, "side", (MORE, LESS), most)
    return derive(
        rows,
        networks,
        counts=networks.counts,
        rates=networks.rates,
        numbers=networks.numbers,
        about=networks.about,
    )


def england_rurality(networks: SourcedTable) -> SourcedTable:
    """Coherence of networks by the share of their patients in rural areas, and of all: sums first, then shares.

    Returns
    -------
    SourcedTable
        rural_class, networks, and counts with the rates of localisation and others. Where rurality is not known there
        is the row of all networks alone.
    """
    frame = networks.frame
    label = _class(frame["rural_share"], RURAL)[1]
    counts = tuple(dict.fromkeys(name for rate in SHARES for name in (rate.numerator, rate.denominator)))
    groups = [(name, frame[label == name]) for name in RURAL] + [(ALL, frame)]
    rows = pd.DataFrame(
        [{"rural_class": name, "networks": len(some), **some[list(counts)].sum()} for name, some in groups if len(some)]
    )
    return derive(
        with_rates(rows, SHARES), networks, counts=counts, rates=SHARES, numbers=("networks",), about=networks.about
    )


def _class(share: pd.Series, classes: dict[str, float]) -> tuple[pd.Series, pd.Series]:
    """Number of the class of each share, from 0, and its name; null where the share is."""
    known = share.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    level = np.searchsorted(list(classes.values()), known, side="right") - 1
    number = pd.Series(level, share.index, dtype="Int64").mask(np.isnan(known))
    return number, number.map(dict(enumerate(classes))).astype("str")
