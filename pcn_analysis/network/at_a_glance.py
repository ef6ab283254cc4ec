"""One network at a glance: everything that is measured of it, in words, beside the range of the place's networks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.network import bands, measured
from pcn_analysis.network.of_place import groups_of, patients_of, registered_of
from pcn_analysis.network.own_ground import area_points, grounds
from pcn_analysis.network.points import practice_points
from pcn_analysis.network.spread import distances, spread
from pcn_analysis.provenance import SourcedTable, derive
from pcn_analysis.words import NOT_KNOWN, count, percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcn_analysis.place import Network, Place

NO_GROUND = "wins no area"
"""What is said of the ground of a network that has none."""


def _one_decimal(value: float) -> str:
    return f"{value:.1f}"


def _km(value: float) -> str:
    return f"{value / 1_000:.1f} km"


@dataclass(frozen=True)
class Measure:
    """A measure of the table.

    Parameters
    ----------
    column
        By which code finds it.
    about
        What it is about, in a word.
    words
        Its name; ``{home}`` stands for the home of the network's patients, of ``column`` without ``away_share_``.
    write
        How a value is written.
    of_ground
        Whether a network without ground has none of it.
    """

    column: str
    about: str
    words: str
    write: Callable[[float], str] = count
    of_ground: bool = False


MEASURES = (
    Measure("patients", "Size", "Registered patients"),
    Measure("located_share", "Size", "Patients whose English area is known", percent),
    Measure("areas_footprint", "Ground", "Areas that it wins: its footprint"),
    Measure("localisation", "Ground", "Localisation: its patients who live there (larger networks have more)", percent),
    Measure("commitment", "Ground", "Commitment: of everyone registered there, its patients", percent, of_ground=True),
    Measure("effective_networks", "Ground", "Effective number of networks where its patients live", _one_decimal),
    Measure("areas_served", "Catchment", "Areas where it has at least 5% of registered patients"),
    Measure("areas_core", "Catchment", "Areas that hold 50% of its patients: core"),
    Measure("areas_main", "Catchment", "Areas that hold 80%: main"),
    Measure("areas_wide", "Catchment", "Areas that hold 95%: wide"),
    Measure("parts", "Shape", "Parts of its ground"),
    Measure("main_part_share", "Shape", "Its patients there who live in the main part", percent, of_ground=True),
    Measure("holes", "Shape", "Holes in its ground"),
    Measure("enclaves", "Shape", "Parts that lie within one other network"),
    Measure("compactness", "Shape", "Rank by compactness of its ground (1 the most compact)", of_ground=True),
    Measure("far_m", "Distance", "Distance from their middle within which 90% of its patients live", _km),
    Measure("own_m", "Distance", "Mean distance of its patients to their own practice", _km),
    Measure("nearest_m", "Distance", "Mean distance of its patients to the nearest practice", _km),
    Measure("away_share_local_authority", "Borders", "Patients outside its local authority{home}", percent),
    Measure("away_share_sub_icb", "Borders", "Patients outside its sub-ICB location{home}", percent),
    Measure("away_share_icb", "Borders", "Patients outside its integrated care board{home}", percent),
    Measure("score_registered", "People", "Mean deprivation score where its patients live", _one_decimal),
    Measure("score_resident", "People", "Mean deprivation score on its ground", _one_decimal, of_ground=True),
    Measure("rural_registered", "People", "Patients in rural areas", percent),
)  # fmt: skip
"""What the table holds, in its order."""


def at_a_glance(network: Network) -> SourcedTable:
    """Measure one network and the other networks of its place, and write what is found in words.

    Returns
    -------
    SourcedTable
        One row a measure of :data:`MEASURES`, after the second one the band of sizes: column, about, measure (its name
        in words), value (of this network, in words), lowest and highest (of the place's networks, this one among them;
        ``not known`` where nobody's is known), networks (that have a value).

    Notes
    -----
    Localisation and numbers of areas grow with the size of a network: the range is no ranking. Deprivation on its
    ground is of everyone registered who lives there, whichever network serves them.
    """
    place = network.place
    values = measures_of_networks(place)
    rows = [_row(measure, values, network.pcn_code) for measure in MEASURES]
    rows.insert(1, _band(values, network.pcn_code))
    frame = pd.DataFrame(rows, columns=["column", "about", "measure", "value", "lowest", "highest", "networks"])
    parents = [network.table(name) for name in ("registrations_by_area", "practices", "areas")]
    return derive(frame, *parents, numbers=("networks",), about=network.about)


def measures_of_networks(place: Place) -> pd.DataFrame:
    """Every measure of every network of a place, as numbers.

    Returns
    -------
    DataFrame
        Indexed by pcn_code, networks by name: the columns of :data:`MEASURES`, band, rural_waiver, and home_ of each
        border. What is not known is null.
    """
    people, groups = registered_of(place), groups_of(place)
    areas = place.tables["areas"].frame
    own = pd.Index(place.networks()["pcn_code"])
    rows = measured.footprints(people, groups, areas=areas).reindex(own)
    rows["patients"] = place.tables["practices"].frame.groupby("pcn_code")["list_size"].sum().reindex(own)
    rows["band"] = bands.bands(rows["patients"])["band"]
    rows["located_share"] = rows["located"] / rows["registered"].where(rows["registered"] > 0)
    rows["localisation"] = rows["inside"] / rows["patients"].where(rows["patients"] > 0)
    rows = rows.join(grounds(place).drop(columns="areas"))
    points = area_points(place)
    rows["far_m"] = spread(patients_of(place), points)["far_m"].reindex(own)
    at = practice_points(place.tables["practices"].frame)
    known = at.notna().all(axis=1).any()
    away = distances(people, groups, points, at).reindex(own)
    rows[["own_m", "nearest_m"]] = away[["own_m", "nearest_m"]] if known else np.nan
    return rows.reindex(columns=dict.fromkeys([*rows.columns, *(measure.column for measure in MEASURES)]))


def _row(measure: Measure, values: pd.DataFrame, code: str) -> tuple:
    """One measure in words; what a network without ground has none of is said so, and in no range."""
    of = pd.to_numeric(values[measure.column]).astype("Float64")
    known = of.dropna()
    ends = [measure.write(float(end)) for end in (known.min(), known.max())] if len(known) else [NOT_KNOWN] * 2
    groundless = measure.of_ground and values.loc[code, "areas_footprint"] == 0
    missing = NO_GROUND if groundless else NOT_KNOWN
    value = missing if pd.isna(of[code]) else measure.write(float(of[code]))
    home = values.loc[code].get(measure.column.replace("away_share_", "home_"), None)
    words = measure.words.format(home="" if pd.isna(home) else f", {home}")
    return measure.column, measure.about, words, value, *ends, len(known)


def _band(values: pd.DataFrame, code: str) -> tuple:
    """The band of sizes of the network, with what is known of the rural waiver, and the bands of the others."""
    row, band = values.loc[code], values["band"].dropna()
    rural = row["rural_waiver"] if row["band"] == band.cat.categories[0] else False
    said = "; rurality not known" if pd.isna(rural) else "; rural, the floor may be waived" if rural else ""
    return "band", "Size", "Band of sizes", f"{row['band']}{said}", str(band.min()), str(band.max()), len(band)
