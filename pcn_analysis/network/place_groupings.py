"""Any grouping of a place's practices measured as its networks are, and held against another.

Each function takes what :func:`pcn_analysis.network.grouped.groupings` found and returns a table with its provenance,
ready for release. Where the place has no such grouping the tables have no rows. Practices elsewhere that share an area
with the place compete under their networks, whatever the grouping.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from pcn_analysis import codes
from pcn_analysis.network import measured, mixing
from pcn_analysis.network.borders import Borders
from pcn_analysis.network.colouring import coloured
from pcn_analysis.network.contiguity import BRIDGES, parts
from pcn_analysis.network.grouped import IN_NONE
from pcn_analysis.network.groupings import own_practices
from pcn_analysis.network.of_place import registered_of
from pcn_analysis.provenance import Rate
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from pcn_analysis.network.grouped import Grouped
    from pcn_analysis.provenance import SourcedTable

OTHERS = "Others"
"""Networks of practices elsewhere, together."""
AREAS_OF = ("registrations_by_area", "practices", "areas")


def groups_measured(found: Grouped) -> SourcedTable:
    """Measure every group, as one row of a table to compare.

    Returns
    -------
    SourcedTable
        One row a group, most patients first, practices in none last: group, group_name, practices, patients (all
        registered), band (in words; null where no size is said), localisation (inside ÷ patients), commitment
        (inside ÷ footprint_registered), effective_groups (in words, with one decimal), parts (of its footprint; 0 where
        it wins no area), main_part_share (main_part ÷ inside), home (its local authority), away_share (away ÷ living,
        patients whose local authority is known); size_low and size_high (what a group is meant to have; null where
        nobody says).
    """
    grouping = found.grouping
    if grouping is None:
        return found.empty("group", *AREAS_OF)
    areas = found.place.tables["areas"].frame
    table = measured.footprints(registered_of(found.place), found.groups, areas=areas)
    of = grouping.of.fillna(codes.NO_NETWORK)
    lists = own_practices(found.place)["list_size"].groupby(of).agg(["size", "sum"]).set_axis(
        ["practices", "patients"], axis="columns"
    )  # fmt: skip
    rows = lists.join(table[["inside", "footprint_registered", "effective_networks"]]).join(_grounds(found))
    away = table.loc[rows.index, ["away_local_authority", "away_share_local_authority"]]
    rows["home"], rows["away"] = table["home_local_authority"], away["away_local_authority"]
    living = rows["away"] / away["away_share_local_authority"].where(rows["away"] > 0)
    rows["living"] = living.fillna(table["located"] + table["not_english"])
    rows["effective_groups"] = rows.pop("effective_networks").map(_in_words).astype("str")
    in_none = pd.Series(rows.index == codes.NO_NETWORK, rows.index)
    low, high = grouping.size or (pd.NA, pd.NA)
    rows["band"] = rows["patients"].map(lambda size: _band(size, grouping.size)).astype("str").mask(in_none)
    rows = rows.assign(group_name=rows.index.map(found.names), size_low=low, size_high=high, last=in_none)
    rows = rows.astype({"size_low": "Int64", "size_high": "Int64"}).rename_axis("group").reset_index()
    rows = rows.sort_values(["last", "patients", "group"], ascending=[True, False, True], ignore_index=True)
    rates = (
        Rate("localisation", "inside", "patients"),
        Rate("commitment", "inside", "footprint_registered"),
        Rate("main_part_share", "main_part", "inside"),
        Rate("away_share", "away", "living"),
    )
    counts = tuple(dict.fromkeys(name for one in rates for name in (one.numerator, one.denominator)))
    numbers = ("practices", "parts", "effective_groups", "size_low", "size_high")
    frame = with_rates(rows.drop(columns="last"), rates)
    return found.sourced(frame, *AREAS_OF, counts=counts, rates=rates, numbers=numbers)


def group_areas(found: Grouped) -> SourcedTable:
    """Every area of a place and around it, with the group that most registered people are with.

    Returns
    -------
    SourcedTable
        One row an area with a shape, weak ones of the groups first, a GeoDataFrame in EPSG:27700: area_code, area_name,
        local_authority_name, in_place, group and group_name (with most; that of a network elsewhere; null where nobody
        is registered), own (whether it is one of the groups), patients (its, there), registered (of everyone), share,
        uncertain (most, but less than half, or by less than 5 points), colour (0 to 5, of the groups; neighbours
        differ).
    """
    if found.grouping is None:
        return found.empty("group", *AREAS_OF)
    shapes = found.place.boundaries
    known = found.place.tables["areas"].frame[["area_code", "area_name", "local_authority_name", "in_place"]]
    won = found.won.rename(columns={"winner": "group", "winner_patients": "patients"})
    rows = shapes.merge(known, on="area_code", how="left").join(
        won[["group", "patients", "registered", "uncertain"]], on="area_code"
    )
    own = sorted(found.grouping.names, key=found.names.__getitem__)
    colour = coloured(Borders.of(shapes).between(rows.set_index("area_code")["group"]), own)
    rows["group_name"], rows["own"] = rows["group"].map(found.names), rows["group"].isin(own)
    rows["colour"], rows["group"] = rows["group"].map(colour).astype("Int64"), rows["group"].str.strip()
    flags = ["in_place", "uncertain"]
    rows[flags] = rows[flags].astype("boolean").fillna(False).astype(bool)
    rates = (Rate("share", "patients", "registered"),)
    frame = with_rates(gpd.GeoDataFrame(rows, geometry="geometry", crs=shapes.crs), rates)
    frame = frame.sort_values(["own", "uncertain", "share", "area_code"], ascending=[False, False, True, True])
    return found.sourced(frame, *AREAS_OF, counts=("patients", "registered"), rates=rates, numbers=("colour",))


def group_sharing(found: Grouped) -> SourcedTable:
    """Who shares people with whom: with which groups the neighbours of each group's patients are registered.

    Returns
    -------
    SourcedTable
        One row a group and another, both largest first, then :data:`IN_NONE` where a practice of the place is, and
        :data:`OTHERS`: group_name, other_name, neighbours (expected number of the group's patients whose neighbour in
        the same area is registered there), located (its patients with an English area), share.
    """
    if found.grouping is None:
        return found.empty("group_name", *AREAS_OF[:2])
    overlap = mixing.overlap_matrix(found.patients)
    sizes = pd.Series(found.patients.by_network(), found.patients.networks)[list(found.grouping.names)]
    own = sizes.sort_values(ascending=False, kind="stable").index
    names = own.map(found.names)
    columns = overlap.loc[own, own].set_axis(names, axis="columns")
    if codes.NO_NETWORK in overlap:
        columns[IN_NONE] = overlap.loc[own, codes.NO_NETWORK]
    columns[OTHERS] = overlap.loc[own].drop(columns=[*own, codes.NO_NETWORK], errors="ignore").sum(axis=1)
    frame = pd.DataFrame(
        {
            "group_name": np.repeat(names.to_numpy(), columns.shape[1]),
            "other_name": np.tile(columns.columns, len(own)),
            "neighbours": columns.to_numpy().ravel(),
        }
    )
    frame["located"] = frame.groupby("group_name", sort=False)["neighbours"].transform("sum")
    rates = (Rate("share", "neighbours", "located"),)
    return found.sourced(with_rates(frame, rates), *AREAS_OF[:2], counts=("neighbours", "located"), rates=rates)


# -- shared by the functions above -------------------------------------------------------------------------


def _grounds(found: Grouped) -> pd.DataFrame:
    """Parts of each group's footprint, and patients in the main one."""
    own = pd.Index([*found.grouping.names, codes.NO_NETWORK]) if found.grouping else pd.Index([])
    groups = found.won["winner"].where(found.won["winner"].isin(own))
    shared = Borders.of(found.place.boundaries).shared()
    pieces = parts(groups, shared, found.won["winner_patients"], BRIDGES).by_group
    main = pieces["main_part_share"] * found.won.groupby(groups)["winner_patients"].sum()
    rows = pd.DataFrame({"parts": pieces["parts"], "main_part": main}).reindex(own)
    return rows.assign(parts=rows["parts"].fillna(0).astype(int))


def _band(patients: float, size: tuple[int, int] | None) -> str | None:
    """In which of three bands a list is: below, of and above the size that a group is meant to have.

    Examples
    --------
    >>> [_band(n, (30_000, 50_000)) for n in (29_999, 50_000, 50_001)]
    ['under 30,000', '30,000 to 50,000', 'over 50,000']
    """
    if size is None:
        return None
    low, high = size
    return f"under {low:,}" if patients < low else f"over {high:,}" if patients > high else f"{low:,} to {high:,}"


def _in_words(value: float) -> str:
    """A number with one decimal."""
    return NOT_KNOWN if pd.isna(value) else f"{value:.1f}"
