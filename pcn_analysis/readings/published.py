"""Sentences on published counts: lists, ages, deprivation, registers, footprints and neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.readings.released import of_released
from pcn_analysis.thresholds import SERVED_SHARE, SIZE_BANDS, size_band
from pcn_analysis.words import count, listed, number, percent, ranked

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

LEAST_SAID = 0.001
"""Smallest share worth a place in a sentence."""


@of_released
def list_size(sizes: ReleasedTable, practices: ReleasedTable) -> str:
    """Read the size of the network, its band, its largest practice and its rank in the place."""
    about, lists = practices.about, practices.frame
    networks = sizes.frame.dropna(subset=["pcn_code"]).sort_values("patients", ascending=False, ignore_index=True)
    rank = int(networks.index[networks["pcn_name"] == about.network][0])
    own, largest = networks.loc[rank], lists.iloc[0]
    return (
        f"{about.network} has {count(own['patients'])} registered patients at {number(len(lists), 'practice')} on "
        f"{about.day()}{_band(own['patients'])}. Its largest list is {largest['practice_name']}, with "
        f"{count(largest['patients'])} patients ({percent(largest['share'])}). It is "
        f"{ranked(rank + 1, len(networks))} the {number(len(networks), 'network')} of {about.place}."
    )


def _band(patients: Any) -> str:
    if pd.isna(patients):
        return ""
    relation = dict(zip(SIZE_BANDS, ("under", "within", "over"), strict=True))
    return f", {relation[size_band(patients)]} the {SIZE_BANDS[1]} that networks were planned for"


@of_released
def ages(groups: ReleasedTable) -> str:
    """Read the youngest and oldest shares against the place and the comparator."""
    about, frame = groups.about, groups.frame
    if frame.empty:
        return _absent(groups, "ages")
    young, old = frame.iloc[[0]], frame.iloc[-3:]

    def share(rows: pd.DataFrame, prefix: str = "") -> str:
        return percent(rows[f"{prefix}patients"].sum(skipna=False) / rows[f"{prefix}registered"].iloc[0])

    return (
        f"{share(young)} of patients of {about.network} are under 20 and {share(old)} are 65 or over. In "
        f"{about.place} as a whole these are {share(young, 'place_')} and {share(old, 'place_')}, and in "
        f"{about.comparator} {share(young, 'comparator_')} and {share(old, 'comparator_')}."
    )


@of_released
def deprivation(fifth: ReleasedTable, deciles: ReleasedTable) -> str:
    """Read the share in the most deprived fifth, against the place, and the commonest decile."""
    about = fifth.about
    (_, network), (_, place) = fifth.frame.iterrows()
    commonest = deciles.frame.loc[deciles.frame["share"].astype(float).idxmax()]
    return (
        f"{_estimated(fifth, network['share'])}{percent(network['share'])} of patients of {about.network} live in "
        f"the most deprived fifth of areas of {about.comparator}, against {percent(place['share'])} in {about.place} "
        f"as a whole. The commonest decile is {int(commonest['imd_decile'])}, with {percent(commonest['share'])}; "
        f"1 is the most deprived and 10 the least."
    )


@of_released
def prevalence(table: ReleasedTable) -> str:
    """Read how many registers differ from the comparator's, and the furthest of those that do."""
    about, frame = table.about, table.frame
    if frame.empty:
        return _absent(table, "disease registers")
    relative = (frame["prevalence"] / frame["comparator_prevalence"]).astype(float)
    compared = frame["prevalence_compared"]
    text = (
        f"For {table.period()}, {(compared == 'higher').sum()} of {number(len(frame), 'QOF register')} held a larger "
        f"share of patients in {about.network} than in {about.comparator} and {(compared == 'lower').sum()} a "
        f"smaller one (95% intervals, so about 1 in 20 differs by chance alone)."
    )
    for kind, words in (("higher", "Furthest above"), ("lower", "Furthest below")):
        differing = relative[compared == kind]
        if len(differing):
            row = frame.loc[differing.idxmax() if kind == "higher" else differing.idxmin()]
            text += (
                f" {words} is {row['condition'][0].lower()}{row['condition'][1:]}: {percent(row['prevalence'])} "
                f"against {percent(row['comparator_prevalence'])}."
            )
    return f"{text} A register holds what practices record; these are not adjusted for age."


@of_released
def footprint(networks: ReleasedTable, network: str) -> str:
    """Read one network's footprint, localisation and commitment."""
    row = networks.frame.set_index("pcn_name").loc[network]
    where = number(row["areas_served"], "area") if row["areas_served"] else "no area"
    served = f"It serves at least {SERVED_SHARE:.0%} of registered patients in {where}."
    if not row["areas_footprint"]:
        return f"{network} has most patients in no area, so it has no footprint of its own. {served}"
    return (
        f"{network} has more patients than any other network in {number(row['areas_footprint'], 'area')}: its "
        f"footprint. {_estimated(networks, row['localisation'])}{percent(row['localisation'])} of its "
        f"{count(row['patients'])} patients live there, and {percent(row['commitment'])} of everyone registered who "
        f"lives there is its patient. {served}"
    )


@of_released
def areas(table: ReleasedTable) -> str:
    """Read the area with most patients and how much of the footprint is uncertain or tied."""
    about, frame = table.about, table.frame
    if frame.empty:
        return f"{about.network} serves at least {SERVED_SHARE:.0%} of registered patients in no area."
    own, first = frame[frame["in_footprint"]], frame.iloc[0]
    text = (
        f"More of its patients live in {first['area_name']} than in any other area: {count(first['patients'])}, "
        f"{percent(first['share'])} of everyone registered there."
    )
    if own.empty:
        return text
    doubtful, tied = int(own["uncertain"].sum()), int(own["tied"].sum())
    text += (
        f" Its footprint has {number(len(own), 'area')}, of which {doubtful or 'none'} "
        f"{'are' if doubtful > 1 else 'is'} uncertain: won with less than half of registered patients, or by less "
        f"than 5 points."
    )
    return f"{text} {number(tied, 'area')} tied with another network." if tied else text


@of_released
def local_authorities(table: ReleasedTable) -> str:
    """Read how many patients live in the main local authority and in the next ones that hold at least 0.1%."""
    frame = table.frame
    first, rest = frame.iloc[0], frame.iloc[1:3]
    rest = rest[(rest["share"] >= LEAST_SAID).fillna(False)]
    where = [f"{percent(row['share'])} in {row['local_authority_name']}" for _, row in rest.iterrows()]
    others = f", {listed(where)}" if where else ""
    main = f"{percent(first['share'])} of its patients live in {first['local_authority_name']}"
    text = f"{_estimated(table, first['share'])}{main}{others}."
    return text.replace("in no English area", "where no English area is known")


@of_released
def shared(table: ReleasedTable) -> str:
    """Read the unmixed share and the network that most people are shared with."""
    frame = table.frame
    own, others = frame.iloc[0], frame.iloc[1:].dropna(subset=["pcn_code"])
    text = (
        f"Among people registered in the areas where patients of {own['pcn_name']} live, on average "
        f"{_estimated(table, own['share']).lower()}{percent(own['share'])} are with it too"
    )
    if others.empty:
        return f"{text}."
    first = others.iloc[0]
    name = first["pcn_name"].replace("No network", "practices in no network")
    return f"{text}; of the others, more are with {name} than with any other network ({percent(first['share'])})."


@of_released
def networks_compared(table: ReleasedTable, network: str) -> str:
    """Read one network's localisation against the middle of the networks of the place."""
    about, frame = table.about, table.frame.dropna(subset=["localisation"])
    own = frame.set_index("pcn_name")["localisation"].get(network)
    return (
        f"Localisation of {network} is {percent(own)}; the median of {number(len(frame), 'network')} of "
        f"{about.place} is {percent(frame['localisation'].median() if len(frame) else None)}. A bigger network has "
        f"higher localisation for its size alone, so this is no ranking."
    )


def _estimated(table: ReleasedTable, value: Any) -> str:
    return "An estimated " if table.provenance.modelled and not pd.isna(value) else ""


def _absent(table: ReleasedTable, what: str) -> str:
    about = table.about
    return f"Not shown for {about.network}: the published files of {about.vintage} hold no {what} of the same date."
