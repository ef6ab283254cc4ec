"""Every network, or any other group of practices, measured at once.

One row a group and everything that the inputs allow: sizes and bands, three kinds of catchment, localisation and
commitment, mixing, borders, deprivation. All of it comes from one sparse matrix, so that all of England takes about
as long as one place.
"""

from __future__ import annotations

import pandas as pd

from pcn_analysis import codes
from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.network import bands, catchments, mixing, residence
from pcn_analysis.network.measures import coherence
from pcn_analysis.network.registered import Patients, Registered, check_practices_once, registered
from pcn_analysis.words import number

CONTAINED = 0.75
"""Reference line of localisation and of commitment (NHS Commissioning Board, 2012).

It was written for clinical commissioning groups of 200,000 people and more, and is too strict for a network.
"""

BORDERS = {"local_authority": "local_authority_name", "sub_icb": "sub_icb_code", "icb": "icb_code"}
"""Columns of areas that are borders, and what columns of the result call them."""

MEANS = {
    "score": ("imd_score", pd.to_numeric),
    "core20": ("imd_decile", residence.core20),
    "rural": ("rural_urban", residence.rural),
}
"""Means over patients: their name, the column of areas that they come from, and the number that each area gets."""

OF_GROUPS = ["band", "rural_waiver", "single_practice"]
"""What is said of a group as an organisation: not of the practices in none."""

TOLERANCE = 0.5
"""Patients by which a practice's counts may differ from its list: estimates are fractions."""


def footprints(
    counts: pd.DataFrame | Registered,
    groups: pd.Series,
    *,
    areas: pd.DataFrame | None = None,
    lists: pd.Series | None = None,
) -> pd.DataFrame:
    """Measure the footprint of every group of practices.

    Parameters
    ----------
    counts
        practice_code, area_code, patients, complete in every area; or what
        :func:`pcn_analysis.network.registered.registered` made of them.
    groups
        Group by practice code: network, neighbourhood, locality, ICB; null where a practice is in none. It should be
        of the month of the counts.
    areas
        What is known of areas, of the vintage of the counts: area_code and any of local_authority_name,
        sub_icb_code, icb_code, imd_score, imd_decile, rural_urban (Rural Urban Classification of 2021), residents, and
        easting with northing (metres), which settle ties.
    lists
        Published list by practice code, of the date of the counts; every one must be the sum of the counts. A practice
        without counts has its whole list as ``unknown``.

    Returns
    -------
    DataFrame
        Indexed by group, in order of code, with ``codes.NO_NETWORK`` last if some practice is in none; the sum of
        ``registered`` is that of all lists. Columns, patients unless said otherwise:

        - practices (number), registered, located (with an English area), unknown, not_english;
        - band, rural_waiver, single_practice (null for the practices in none, which are no organisation);
        - areas_any, areas_served, areas_footprint, areas_core, areas_main, areas_wide (numbers of areas);
        - inside, footprint_registered, localisation (inside ÷ registered), commitment (inside ÷
          footprint_registered), contained (both above 75%), net_flow (footprint_registered - registered);
        - unmixed, unmixed_share (of located), effective_networks (mean over its patients);
        - with areas, for each border: home_, away_ and effective_ (:func:`residence.across_borders`);
          score, core20 and rural, each as _registered and _resident; footprint_residents and registered_per_resident.

        What has no denominator is null: localisation of a group without patients, commitment of one that wins no area.

    Raises
    ------
    PcnAnalysisError
        If counts are damaged, areas are missing or of another vintage, or lists and counts differ: all told together.

    Examples
    --------
    >>> counts = pd.DataFrame({"practice_code": ["A1", "B1", "A1"], "patients": [60, 40, 25],
    ...                        "area_code": ["E01000001", "E01000001", "unknown"]})
    >>> table = footprints(counts, pd.Series({"A1": "North", "B1": "South"}))
    >>> table[["registered", "inside", "commitment"]].to_numpy().tolist()
    [[85.0, 60.0, 0.6], [40.0, 0.0, nan]]
    """
    people = counts if isinstance(counts, Registered) else registered(counts)
    people = _checked(people, areas, lists)
    patients = people.grouped(groups)
    known = None if areas is None else areas.set_index("area_code").reindex(patients.areas)
    points = known if known is not None and {"easting", "northing"} <= set(known) else None
    won = catchments.plurality(patients, points)
    rows = people.sizes(groups)
    rows = rows.join(_sizes(rows)).join(coherence(patients, won)).join(catchments.cumulative_areas(patients))
    rows = _shares(rows.assign(unmixed=mixing.unmixed(patients)))
    rows["effective_networks"] = mixing.mean_over_patients(patients, mixing.effective_networks(patients))
    if known is not None:
        rows = rows.join(_surroundings(patients, won, known, rows["not_english"]))
        if "rural_registered" in rows:
            rows["rural_waiver"] = bands.bands(rows["registered"], rows["rural_registered"])["rural_waiver"]
    last = rows.index == codes.NO_NETWORK
    rows[OF_GROUPS] = rows[OF_GROUPS].mask(pd.Series(last, rows.index))
    return pd.concat([rows[~last], rows[last]]).rename_axis("group")


def _checked(people: Registered, areas: pd.DataFrame | None, lists: pd.Series | None) -> Registered:
    """Hold the counts against areas and lists; practices without counts are added with their lists."""
    found = []
    if areas is not None:
        twice = int(areas["area_code"].duplicated().sum())
        if twice:
            found.append(Problem("areas", f"{number(twice, 'area')} named more than once", "Keep one row an area."))
        lost = int((pd.Index(areas["area_code"].unique()).get_indexer(people.areas) < 0).sum())
        if lost:
            what = f"{number(lost, 'area')} of the counts not among them"
            found.append(Problem("areas", what, "Use areas of the same LSOA vintage as the counts, complete."))
    if lists is not None:
        check_practices_once(lists, "lists")
        people = people.with_lists(lists)
        gap = (people.totals()["registered"] - lists.astype(float).reindex(people.practices).fillna(0)).abs()
        differ = int((gap > TOLERANCE).sum())
        if differ:
            what = f"{number(differ, 'practice')} with a list that is not the sum of the counts"
            found.append(Problem("lists", what, "Use lists and counts of one date, or scale the counts to the lists."))
    if found:
        raise PcnAnalysisError(*found)
    return people


def _sizes(rows: pd.DataFrame) -> pd.DataFrame:
    """Band and whether a group is a single practice."""
    return bands.bands(rows["registered"]).assign(single_practice=(rows["practices"] == 1).astype("boolean"))


def _shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Proportions of the counts; null where there is no denominator."""
    shares = {
        "localisation": ("inside", "registered"),
        "commitment": ("inside", "footprint_registered"),
        "unmixed_share": ("unmixed", "located"),
    }
    for name, (part, whole) in shares.items():
        rows[name] = rows[part] / rows[whole].where(rows[whole] > 0)
    contained = (rows["localisation"] > CONTAINED) & (rows["commitment"] > CONTAINED)
    return rows.assign(contained=contained, net_flow=rows["footprint_registered"] - rows["registered"])


def _surroundings(patients: Patients, won: pd.DataFrame, areas: pd.DataFrame, not_english: pd.Series) -> pd.DataFrame:
    """What the areas say of each group's patients and footprint."""
    parts = []
    for name, column in BORDERS.items():
        if column in areas:
            crossed = residence.across_borders(patients, areas[column], not_english)
            crossed = crossed[["home", "away", "away_share", "effective"]]
            parts.append(crossed.rename(columns=lambda part, name=name: f"{part}_{name}"))
    for name, (column, of_area) in MEANS.items():
        if column in areas:
            means = residence.registered_and_resident(patients, of_area(areas[column]), won)
            parts.append(means.add_prefix(f"{name}_"))
    if "residents" in areas:
        parts.append(_residents(patients, won, areas["residents"]))
    return pd.concat(parts, axis=1) if parts else pd.DataFrame(index=patients.networks)


def _residents(patients: Patients, won: pd.DataFrame, residents: pd.Series) -> pd.DataFrame:
    """Residents of each footprint, and registered patients for each of them."""
    living = residents.astype(float).groupby(won["winner"]).sum().reindex(patients.networks, fill_value=0.0)
    serving = won.groupby("winner")["registered"].sum().reindex(patients.networks, fill_value=0.0)
    return pd.DataFrame(
        {
            "footprint_residents": living,
            "registered_per_resident": serving / living.where(living > 0),
        }
    )
