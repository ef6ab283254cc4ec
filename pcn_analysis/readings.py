"""Sentences that read a released table aloud: the finding beside each figure.

Every number comes from the table that is passed, so a sentence can never disagree with it, and changes with
the network.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from pcn_analysis.release import check_released
from pcn_analysis.words import count, listed, number, percent, ranked

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from pcn_analysis.release import ReleasedTable

DAY = "{date.day} {date:%B %Y}"


def _of_released(read: Callable[..., str]) -> Callable[..., str]:
    """Refuse to read out a table that has not passed the gate."""

    @wraps(read)
    def checked(table: ReleasedTable, *more: Any) -> str:
        for one in (table, *(other for other in more if not isinstance(other, str))):
            check_released(one)
        return read(table, *more)

    return checked


@_of_released
def list_size(sizes: ReleasedTable, practices: ReleasedTable) -> str:
    """Read the size of the network, its band, its largest practice and its rank in the place."""
    about, lists = practices.about, practices.frame
    networks = sizes.frame.dropna(subset=["pcn_code"]).sort_values("patients", ascending=False, ignore_index=True)
    rank = int(networks.index[networks["pcn_name"] == about.network][0])
    own, largest = networks.loc[rank], lists.iloc[0]
    band = {
        "under 30,000": "under the 30,000 to 50,000 that networks were planned for",
        "30,000 to 50,000": "within the 30,000 to 50,000 that networks were planned for",
        "over 50,000": "over the 30,000 to 50,000 that networks were planned for",
    }[own["size_band"]]
    return (
        f"{about.network} has {count(own['patients'])} registered patients at "
        f"{number(len(lists), 'practice')} on {DAY.format(date=about.date)}: {band}. Its largest list is "
        f"{largest['practice_name']}, with {count(largest['patients'])} patients ({percent(largest['share'])}). "
        f"It is {ranked(rank + 1, len(networks))} the {number(len(networks), 'network')} of {about.place}."
    )


@_of_released
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
        f"{about.place} these are {share(young, 'place_')} and {share(old, 'place_')}, and in "
        f"{about.comparator} {share(young, 'comparator_')} and {share(old, 'comparator_')}."
    )


@_of_released
def deprivation(fifth: ReleasedTable, deciles: ReleasedTable) -> str:
    """Read the share in the most deprived fifth, against the place, and the commonest decile."""
    about = fifth.about
    (_, network), (_, place) = fifth.frame.iterrows()
    commonest = deciles.frame.loc[deciles.frame["share"].astype(float).idxmax()]
    return (
        f"{percent(network['share'])} of patients of {about.network} live in the most deprived fifth of areas "
        f"of {about.comparator}, against {percent(place['share'])} in {about.place}. More live in decile "
        f"{int(commonest['imd_decile'])} than in any other ({percent(commonest['share'])})."
    )


@_of_released
def prevalence(table: ReleasedTable) -> str:
    """Read how many conditions are recorded more or less often than in the comparator, and the extremes."""
    about, frame = table.about, table.frame
    if frame.empty:
        return _absent(table, "disease registers")
    relative = (frame["prevalence"] / frame["comparator_prevalence"]).astype(float)
    compared = frame["prevalence_compared"].value_counts()
    most, least = frame.loc[relative.idxmax()], frame.loc[relative.idxmin()]

    def both(row: pd.Series) -> str:
        return (
            f"{_in_sentence(row['condition'])} ({percent(row['prevalence'])} against "
            f"{percent(row['comparator_prevalence'])})"
        )

    return (
        f"Of {number(len(frame), 'recorded condition')}, {compared.get('higher', 0)} are recorded more often in "
        f"{about.network} than in {about.comparator} and {compared.get('lower', 0)} less often (95% intervals). "
        f"Furthest above is {both(most)}; at the other end is {both(least)}. These are crude: an older network "
        f"has more of most, and a condition that is not recorded is not counted."
    )


@_of_released
def footprint(networks: ReleasedTable, network: str) -> str:
    """Read one network's footprint, localisation and commitment."""
    row = networks.frame.set_index("pcn_name").loc[network]
    if not row["areas_footprint"]:
        return (
            f"{network} has more patients than any other network in no area, so it has no footprint of its own; "
            f"it serves at least 5% of registered patients in {number(row['areas_served'], 'area')}."
        )
    return (
        f"{network} has more patients than any other network in {number(row['areas_footprint'], 'area')}: its "
        f"footprint. {percent(row['localisation'])} of its {count(row['patients'])} patients live there, and "
        f"{percent(row['commitment'])} of everyone registered who lives there is its patient. It serves at least "
        f"5% of registered patients in {number(row['areas_served'], 'area')}."
    )


@_of_released
def areas(table: ReleasedTable) -> str:
    """Read the area with most patients and how much of the footprint is uncertain."""
    about, frame = table.about, table.frame
    own, first = frame[frame["in_footprint"]], frame.iloc[0]
    doubtful = int(own["uncertain"].sum())
    said = (
        f"no area of the footprint of {about.network} is uncertain"
        if not doubtful
        else f"{doubtful} of the {number(len(own), 'area')} in the footprint of {about.network} "
        f"{'is' if doubtful == 1 else 'are'} uncertain"
    )
    return (
        f"More of its patients live in {first['area_name']} than in any other area: {count(first['patients'])}, "
        f"{percent(first['share'])} of everyone registered there. {said[0].upper()}{said[1:]} (won with less than "
        f"half of registered patients, or by less than 5 points)."
    )


@_of_released
def local_authorities(table: ReleasedTable) -> str:
    """Read how many patients live in the main local authority and in the next."""
    frame = table.frame
    first, rest = frame.iloc[0], frame.iloc[1:3]
    others = [f"{percent(row['share'])} in {row['local_authority_name']}" for _, row in rest.iterrows()]
    tail = f", {listed(others)}" if others else ""
    text = f"{percent(first['share'])} of its patients live in {first['local_authority_name']}{tail}."
    return text.replace("in no English area", "where no English area is known")


@_of_released
def shared(table: ReleasedTable) -> str:
    """Read the unmixed share and the network that most people are shared with."""
    frame = table.frame
    own, others = frame.iloc[0], frame.iloc[1:].dropna(subset=["pcn_code"])
    text = (
        f"Take a patient of {own['pcn_name']} and anyone registered who lives in the same area: "
        f"{percent(own['share'])} of the time both are with {own['pcn_name']}."
    )
    if others.empty:
        return text
    first = others.iloc[0]
    name = first["pcn_name"].replace("No network", "practices in no network")
    return f"{text} It shares most with {name} ({percent(first['share'])})."


@_of_released
def networks_compared(table: ReleasedTable) -> str:
    """Read the range of localisation over the networks of the place."""
    about, frame = (
        table.about,
        table.frame.dropna(subset=["localisation"]).sort_values("localisation", ignore_index=True),
    )
    least, most = frame.iloc[0], frame.iloc[-1]
    return (
        f"Among the {number(len(frame), 'network')} of {about.place}, localisation runs from "
        f"{percent(least['localisation'])} ({least['pcn_name']}) to {percent(most['localisation'])} "
        f"({most['pcn_name']}). A bigger network scores higher for its size alone, so these are not to be ranked."
    )


def _absent(table: ReleasedTable, what: str) -> str:
    about = table.about
    return f"Not shown for {about.network}: the published files of {about.vintage} hold no {what} of the same date."


def _in_sentence(condition: str) -> str:
    return condition[0].lower() + condition[1:]
