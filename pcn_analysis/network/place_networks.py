"""Networks of a place side by side: how large, of how many parts, on whose ground, and who shares people with whom.

Each function returns a table with its provenance, ready for release. Everything is counted from registrations by
practice and area (:mod:`pcn_analysis.network.measured`), with the shapes of areas for parts and compactness.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from pcn_analysis import codes
from pcn_analysis.network import bands, measured, mixing
from pcn_analysis.network.borders import Borders
from pcn_analysis.network.colouring import coloured
from pcn_analysis.network.of_place import OUTSIDE_NETWORKS, groups_of, names_of, patients_of, registered_of
from pcn_analysis.network.own_ground import area_points, grounds, won_of
from pcn_analysis.network.points import practice_points
from pcn_analysis.network.spread import distances
from pcn_analysis.place import Place
from pcn_analysis.provenance import Rate, SourcedTable, derive
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import NOT_KNOWN

OTHERS = "Others"
"""Networks without a practice in the place, together, and practices in no network where they are next to nobody."""
NEXT_TO_NOBODY = 0.001
"""Share of every network's neighbours below which practices in no network are among the others; our choice."""
METRES = 1_000


def side_by_side(place: Place) -> SourcedTable:
    """Measure every network of a place, as one row of a table to compare.

    Returns
    -------
    SourcedTable
        One row a network, most patients first: pcn_code, pcn_name, practices, patients (all registered), band, rural
        (whether it is below the floor with half of its patients in rural areas; null where not known), localisation
        (inside ÷ patients), commitment (inside ÷ footprint_registered), above_lines (both above 75%),
        effective_networks (in words, with one decimal), home (its local authority), away_share (away ÷ living:
        patients who live outside it, of those whose local authority is known), parts (of its footprint; 0 where it
        wins no area), main_part_share (main_part ÷ inside), compactness (rank by Polsby–Popper, 1 the most compact;
        null where it wins no area), own_km (mean distance to its patients' own practice, in words).

    Notes
    -----
    Distances are of patients and practices whose points are known; with none of them they are not known.
    """
    areas = place.tables["areas"].frame
    found = measured.footprints(registered_of(place), groups_of(place), areas=areas)
    practices = place.tables["practices"].frame
    of = practices.groupby("pcn_code").agg(practices=("practice_code", "size"), patients=("list_size", "sum"))
    rows = place.networks().join(of, on="pcn_code").set_index("pcn_code")
    found = found.reindex(rows.index)
    rows = rows.join(found[["inside", "footprint_registered", "effective_networks"]]).join(_grounds(place))
    rows["band"] = bands.bands(rows["patients"])["band"].astype("str")
    rows["rural"] = found["rural_waiver"].astype("boolean")
    rows["home"], rows["away"] = found["home_local_authority"], found["away_local_authority"]
    rows["living"] = rows["away"] / found["away_share_local_authority"].where(rows["away"] > 0)
    rows["living"] = rows["living"].fillna(found["located"] + found["not_english"])
    rows["effective_networks"] = _in_words(rows["effective_networks"])
    rows["own_km"] = _in_words(_own_metres(place).reindex(rows.index) / METRES)
    rates = (
        Rate("localisation", "inside", "patients"),
        Rate("commitment", "inside", "footprint_registered"),
        Rate("away_share", "away", "living"),
        Rate("main_part_share", "main_part", "inside"),
    )
    frame = with_rates(rows.reset_index(), rates)
    above = (frame[["localisation", "commitment"]].astype("Float64") > measured.CONTAINED).fillna(False).all(axis=1)
    frame = frame.assign(above_lines=above).sort_values(
        ["patients", "pcn_code"], ascending=[False, True], ignore_index=True
    )
    parents = [place.tables[name] for name in ("practices", "registrations_by_area", "areas")]
    counts = tuple(dict.fromkeys(["patients", *(name for one in rates for name in (one.numerator, one.denominator))]))
    numbers = ("practices", "parts", "compactness")
    return derive(frame, *parents, counts=counts, rates=rates, numbers=numbers, about=place.about())


def area_map(place: Place) -> SourcedTable:
    """Every area of a place and around it, with the network that most registered people are with.

    Returns
    -------
    SourcedTable
        One row an area with a shape, weak ones of its networks first, a GeoDataFrame in EPSG:27700: area_code,
        area_name, local_authority_name, in_place, pcn_code and pcn_name (of the network with most; null where nobody is
        registered), own (whether that network is one of the place), patients (its, there), registered (of every
        network), share, uncertain (most, but less than half, or by less than 5 points), colour (0 to 5, of the place's
        own networks; neighbours differ).
    """
    shapes, names = place.boundaries, names_of(place)
    known = place.tables["areas"].frame[["area_code", "area_name", "local_authority_name", "in_place"]]
    won = won_of(place)
    won = won.rename(columns={"winner": "pcn_code", "winner_patients": "patients"})
    rows = shapes.merge(known, on="area_code", how="left").join(
        won[["pcn_code", "patients", "registered", "uncertain"]], on="area_code"
    )
    own = place.networks()["pcn_code"].to_list()
    colour = coloured(Borders.of(shapes).between(rows.set_index("area_code")["pcn_code"]), own)
    rows["pcn_name"], rows["own"] = rows["pcn_code"].map(names), rows["pcn_code"].isin(own)
    rows["colour"] = rows["pcn_code"].map(colour).astype("Int64")
    flags = ["in_place", "uncertain"]
    rows[flags] = rows[flags].astype("boolean").fillna(False).astype(bool)
    rates = (Rate("share", "patients", "registered"),)
    frame = with_rates(gpd.GeoDataFrame(rows, geometry="geometry", crs=shapes.crs), rates)
    frame = frame.sort_values(["own", "uncertain", "share", "area_code"], ascending=[False, False, True, True])
    parents = [place.tables[name] for name in ("registrations_by_area", "practices", "areas")]
    counts = ("patients", "registered")
    return derive(frame, *parents, counts=counts, rates=rates, numbers=("colour",), about=place.about())


def sharing(place: Place) -> SourcedTable:
    """Who shares people with whom: with which networks the neighbours of each network's patients are registered.

    Returns
    -------
    SourcedTable
        One row a network of the place and another, both largest first, then :data:`OTHERS`, and practices in no network
        where they are next to anybody: pcn_name, other_name, neighbours (expected number of the network's patients
        whose neighbour in the same area is registered there), located (its patients with an English area), share. The
        share of a network with itself is its unmixed share.
    """
    patients = patients_of(place)
    overlap = mixing.overlap_matrix(patients)
    own = place.networks().set_index("pcn_code")["pcn_name"]
    sizes = pd.Series(patients.by_network(), patients.networks).reindex(own.index, fill_value=0)
    own = own.loc[sizes.sort_values(ascending=False, kind="stable").index]
    overlap = overlap.reindex(own.index, fill_value=0.0)
    columns = overlap.reindex(columns=own.index, fill_value=0.0).set_axis(own.to_numpy(), axis="columns")
    columns[OTHERS] = overlap.drop(columns=[*own.index, codes.NO_NETWORK], errors="ignore").sum(axis=1)
    in_none = overlap.get(codes.NO_NETWORK, pd.Series(0.0, own.index))
    if (in_none < NEXT_TO_NOBODY * overlap.sum(axis=1)).all():
        columns[OTHERS] += in_none
    else:
        columns[OUTSIDE_NETWORKS] = in_none
    names = np.repeat(own.to_numpy(), columns.shape[1]), np.tile(columns.columns, len(own))
    frame = pd.DataFrame({"pcn_name": names[0], "other_name": names[1], "neighbours": columns.to_numpy().ravel()})
    frame["located"] = frame.groupby("pcn_name", sort=False)["neighbours"].transform("sum")
    rates = (Rate("share", "neighbours", "located"),)
    parents = (place.tables["registrations_by_area"], place.tables["practices"])
    counts = ("neighbours", "located")
    return derive(with_rates(frame, rates), *parents, counts=counts, rates=rates, about=place.about())


# -- shared by the functions above -------------------------------------------------------------------------


def _grounds(place: Place) -> pd.DataFrame:
    """Parts, patients in the main one, and rank by compactness of each network's footprint."""
    found, won = grounds(place), won_of(place)
    inside = won.groupby("winner")["winner_patients"].sum()
    return found[["parts", "compactness"]].assign(main_part=found["main_part_share"] * inside.reindex(found.index))


def _own_metres(place: Place) -> pd.Series:
    """Mean distance of each network's patients to their own practice; null where no point is known."""
    groups = groups_of(place)
    points = practice_points(place.tables["practices"].frame)
    if points.isna().any(axis=1).all():
        return pd.Series(np.nan, groups.dropna().unique())
    return distances(registered_of(place), groups, area_points(place), points)["own_m"]


def _in_words(values: pd.Series) -> pd.Series:
    """Numbers with one decimal, as text."""
    return values.map(lambda value: NOT_KNOWN if pd.isna(value) else f"{value:.1f}").astype("str")
