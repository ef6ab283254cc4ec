"""All networks of a country on one page: how large, how coherent and how mixed each is, and where one place stands.

One table has a row a network and every measure; what else a page shows is counted from it. A place is marked by the
name of its local authority: its networks are those most of whose patients live there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis import codes
from pcn_analysis.network import bands, catchments, measured, standing
from pcn_analysis.network.borders import Borders
from pcn_analysis.network.contiguity import BRIDGES, parts
from pcn_analysis.network.of_place import groups_of, names_of, patients_of, registered_of
from pcn_analysis.provenance import Rate, SourcedTable, derive
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.thresholds import SERVED_SHARE, SIZE_BANDS

if TYPE_CHECKING:
    from pcn_analysis.network.registered import Patients
    from pcn_analysis.place import Network, Place

ALL = "all networks"
"""Name of the row that adds up the rows above it."""
FIFTHS = ("smallest fifth", "second fifth", "middle fifth", "fourth fifth", "largest fifth")
SHARES = (
    Rate("localisation", "inside", "patients"),
    Rate("commitment", "inside", "footprint_registered"),
    Rate("main_part_share", "main_part", "inside"),
    Rate("unmixed_share", "unmixed", "located"),
)
"""How coherent networks are; sums over networks come first."""
RATES = (
    *SHARES,
    Rate("similar_localisation", "similar_inside", "similar_patients"),
    *(Rate(f"away_{name}_share", f"away_{name}", f"known_{name}") for name in measured.BORDERS),
    Rate("core20_share", "core20", "located"),
    Rate("core20_ground_share", "core20_ground", "footprint_registered"),
    Rate("rural_share", "rural", "located"),
)
COUNTS = ("no_english_area", *dict.fromkeys(name for rate in RATES for name in (rate.numerator, rate.denominator)))
NUMBERS = (
    *("practices", "areas_footprint", "parts", "effective_networks", "score_registered", "score_resident"),
    *("score_difference", "size_percentile", "percentile", "similar_percentile", "rank"),
)


def england_networks(country: Network, highlight: str = "") -> SourcedTable:
    """Measure every network, each with its standing among all.

    Parameters
    ----------
    country
        All networks of a place that holds everyone registered in its areas: England, or an invented place.
    highlight
        Name of a local authority whose networks are marked.

    Returns
    -------
    SourcedTable
        One row a network of the place, largest first: pcn_code, pcn_name, home (the local authority where most of its
        patients live), marked, practices, patients (the published lists), size_band, rural_waiver and single_practice
        (:mod:`pcn_analysis.network.bands`), counts with the rates of ``RATES``, areas_footprint, parts (of its
        footprint), main_part (its patients in the part with most of them), effective_networks (mean over its
        patients), similar_ (the networks of about its size taken together, :func:`standing.similar`), away_ (patients
        who live outside its home) and known_ (patients whose area has a label) for each border, core20 and rural
        (patients in such areas), core20_ground (everyone registered on its ground in such areas), score_registered and
        score_resident (mean deprivation), score_difference (ground less list), rank (1: highest localisation),
        size_percentile, percentile and similar_percentile (of localisation). Null where a place does not say it.
    """
    place = country.place
    patients, won = ground(place)
    rows = _measured(place).reindex(place.networks()["pcn_code"])
    rows["pcn_name"] = place.networks().set_index("pcn_code")["pcn_name"]
    found = parts(won["winner"], Borders.of(place.boundaries).shared(), won["winner_patients"], BRIDGES).by_group
    rows["parts"], rows["main_part"] = found["parts"], found["main_part_share"] * rows["inside"]
    rows = _with_known(rows, place, patients)
    lists = place.tables["practices"].frame.groupby("pcn_code")["list_size"].sum()
    rows = rows.assign(patients=lists.reindex(rows.index), home=rows["home_local_authority"])
    rows = rows.assign(
        no_english_area=rows["patients"] - rows["located"],
        marked=rows["home"] == highlight,
        size_band=rows["band"].astype("str"),
        core20=rows["core20_registered"] * rows["located"],
        core20_ground=rows["core20_resident"] * rows["footprint_registered"],
        rural=rows["rural_registered"] * rows["located"],
        score_difference=rows["score_resident"] - rows["score_registered"],
    )
    rows = _standing(rows.rename_axis("pcn_code").reset_index())
    words = ["pcn_code", "pcn_name", "home", "marked", "size_band", "rural_waiver", "single_practice"]
    rates = [name for rate in RATES for name in rate.columns()]
    rows = with_rates(rows, RATES)[[*words, *COUNTS, *NUMBERS, *rates]]
    rows = rows.sort_values(["patients", "pcn_code"], ascending=[False, True], ignore_index=True)
    parents = [place.tables[name] for name in ("practices", "registrations_by_area", "areas")]
    return derive(rows, *parents, counts=COUNTS, rates=RATES, numbers=NUMBERS, about=place.about())


def ground(place: Place) -> tuple[Patients, pd.DataFrame]:
    """Patients by area and network, and the network with most patients of each area."""
    patients = patients_of(place)
    points = place.tables["areas"].frame.set_index("area_code")[["easting", "northing"]].astype(float)
    return patients, catchments.plurality(patients, points)


def england_sizes(networks: SourcedTable) -> SourcedTable:
    """Count networks by size.

    Returns
    -------
    SourcedTable
        One row a band, smallest first, and one of all networks: size_band, networks, all_networks, share, patients,
        all_patients, patients_share, rural_waiver (networks for which a waiver would be no surprise; null where
        rurality is not known), single_practice (networks that are one practice), marked (networks of the place that is
        marked).
    """
    frame = networks.frame
    groups = [(band, frame[frame["size_band"] == band]) for band in SIZE_BANDS] + [(ALL, frame)]
    rows = pd.DataFrame(
        [
            {
                "size_band": name,
                "networks": len(some),
                "all_networks": len(frame),
                "patients": some["patients"].sum(),
                "all_patients": frame["patients"].sum(),
                "rural_waiver": some["rural_waiver"].astype("Int64").sum(skipna=False),
                "single_practice": int(some["single_practice"].sum()),
                "marked": int(some["marked"].sum()),
            }
            for name, some in groups
        ]
    ).astype({"rural_waiver": "Int64"})
    rates = (Rate("share", "networks", "all_networks"), Rate("patients_share", "patients", "all_patients"))
    return derive(
        with_rates(rows, rates),
        networks,
        counts=("patients", "all_patients"),
        rates=rates,
        numbers=("networks", "all_networks", "rural_waiver", "single_practice", "marked"),
        about=networks.about,
    )


def england_outside(country: Network) -> SourcedTable:
    """Practices in no network, and the network on whose ground most of their patients live.

    Returns
    -------
    SourcedTable
        One row a practice, largest first: practice_code, practice_name, local_authority_name, patients (its list),
        all_patients (of all practices), share_of_all, covered_by (a network's name; null where no patient has an
        English area), there (its patients on that ground), share, networks (on whose ground at least 5% of its patients
        live).
    """
    place = country.place
    practices, registrations = place.tables["practices"], place.tables["registrations_by_area"]
    frame = practices.frame[practices.frame["in_place"].astype(bool)]
    cover = bands.covered(registered_of(place), groups_of(place)).dropna(subset=["network"])
    first = cover.drop_duplicates("practice_code").set_index("practice_code")
    several = cover[cover["share"] >= SERVED_SHARE].groupby("practice_code").size()
    rows = frame.loc[frame["pcn_code"].isna(), ["practice_code", "practice_name", "local_authority_name", "list_size"]]
    rows = rows.rename(columns={"list_size": "patients"}).assign(all_patients=frame["list_size"].sum())
    code = rows["practice_code"]
    rows["covered_by"] = code.map(first["network"]).map(names_of(place))
    rows["there"] = code.map(first["patients"]).fillna(0.0)
    rows["networks"] = code.map(several).fillna(0).astype(int)
    rows = rows.sort_values(["patients", "practice_code"], ascending=[False, True], ignore_index=True)
    rates = (Rate("share_of_all", "patients", "all_patients"), Rate("share", "there", "patients"))
    counts = ("patients", "all_patients", "there")
    frame = with_rates(rows, rates)
    return derive(
        frame, practices, registrations, counts=counts, rates=rates, numbers=("networks",), about=place.about()
    )


def england_coherence(networks: SourcedTable) -> SourcedTable:
    """Coherence of networks by fifth of size, smallest first, and of all: sums over networks first, then shares.

    Returns
    -------
    SourcedTable
        size_group, networks, smallest and largest (patients), and counts with the rates of ``SHARES``.
    """
    frame = networks.frame.sort_values(["patients", "pcn_code"], ignore_index=True)
    fifth = np.arange(len(frame)) * len(FIFTHS) // max(len(frame), 1)
    groups = [(name, frame[fifth == number]) for number, name in enumerate(FIFTHS)] + [(ALL, frame)]
    counts = tuple(dict.fromkeys(name for rate in SHARES for name in (rate.numerator, rate.denominator)))
    rows = pd.DataFrame(
        [
            {
                "size_group": name,
                "networks": len(some),
                "smallest": some["patients"].min(),
                "largest": some["patients"].max(),
                **some[list(counts)].sum(),
            }
            for name, some in groups
            if len(some)
        ]
    )
    counts = ("smallest", "largest", *counts)
    return derive(
        with_rates(rows, SHARES), networks, counts=counts, rates=SHARES, numbers=("networks",), about=networks.about
    )


def _measured(place: Place) -> pd.DataFrame:
    """Every measure of every network, with what the areas of the place say."""
    areas = place.tables["areas"].frame.assign(
        easting=lambda frame: frame["easting"].astype(float), northing=lambda frame: frame["northing"].astype(float)
    )
    rows = measured.footprints(registered_of(place), groups_of(place), areas=areas)
    return rows.drop(index=codes.NO_NETWORK, errors="ignore")


def _with_known(rows: pd.DataFrame, place: Place, patients: Patients) -> pd.DataFrame:
    """Add patients whose area has a label of each border; those outside England are away from every home."""
    areas = place.tables["areas"].frame.set_index("area_code").reindex(patients.areas)
    for name, column in measured.BORDERS.items():
        labelled = pd.Series(patients.matrix.T @ areas[column].notna().to_numpy(float), patients.networks)
        known = labelled.reindex(rows.index)
        rows[f"known_{name}"] = (known + rows["not_english"]).where(known > 0)
        rows[f"away_{name}"] = rows[f"away_{name}"].where(known > 0)
    return rows


def _standing(rows: pd.DataFrame) -> pd.DataFrame:
    """Rank and percentiles of localisation and size, and what networks of about the same size have together."""
    local = (rows["inside"] / rows["patients"].where(rows["patients"] > 0)).astype(float)
    alike = standing.similar(rows["patients"])
    return rows.assign(
        rank=local.rank(ascending=False, method="min").astype("Int64"),
        size_percentile=standing.percentile(rows["patients"]),
        percentile=standing.percentile(local),
        similar_percentile=standing.among_similar(local, rows["patients"]),
        similar_inside=rows["inside"].to_numpy(float)[alike].sum(axis=1),
        similar_patients=rows["patients"].to_numpy(float)[alike].sum(axis=1),
    )
