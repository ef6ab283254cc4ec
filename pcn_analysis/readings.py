"""Sentences that read a released table aloud: the finding beside each figure.

Every number comes from the table that is passed, so a sentence can never disagree with it, and changes with
the network.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.codes import NO_NETWORK_NAME
from pcn_analysis.release import check_released
from pcn_analysis.thresholds import FRAILTY_DEFICITS, SERVED_SHARE, SIZE_BANDS, size_band
from pcn_analysis.words import NOT_ASSESSED, NOT_KNOWN, NOT_SHOWN, count, listed, number, percent, ranked

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcn_analysis.provenance import About
    from pcn_analysis.release import ReleasedTable


def _who(about: About) -> str:
    """Which people a table is about: those of a network, those in none, or all of a place of records alone."""
    if about.network == NO_NETWORK_NAME:
        return f"in the records of {about.place} whose practice is not known or in no network"
    return f"registered with {about.network}" if about.network else f"in the records of {about.place}"


def _of_released(read: Callable[..., str]) -> Callable[..., str]:
    """Refuse to read out a table that has not passed the gate."""

    @wraps(read)
    def checked(table: ReleasedTable, *more: Any) -> str:
        for one in (table, *(other for other in more if not isinstance(other, (str, int)))):
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
        f"{about.place} as a whole these are {share(young, 'place_')} and {share(old, 'place_')}, and in "
        f"{about.comparator} {share(young, 'comparator_')} and {share(old, 'comparator_')}."
    )


@_of_released
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


@_of_released
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


@_of_released
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


@_of_released
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


@_of_released
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


@_of_released
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


@_of_released
def networks_compared(table: ReleasedTable, network: str) -> str:
    """Read one network's localisation against the middle of the networks of the place."""
    about, frame = table.about, table.frame.dropna(subset=["localisation"])
    own = frame.set_index("pcn_name")["localisation"].get(network)
    return (
        f"Localisation of {network} is {percent(own)}; the median of {number(len(frame), 'network')} of "
        f"{about.place} is {percent(frame['localisation'].median() if len(frame) else None)}. A bigger network has "
        f"higher localisation for its size alone, so this is no ranking."
    )


@_of_released
def segments(sizes: ReleasedTable, coverage: ReleasedTable) -> str:
    """Read how many people the largest and the first segments hold, and what those in none are called."""
    frame, about = sizes.frame, sizes.about
    if frame.empty and len(coverage):
        return (
            f"No segment could be assessed for the people {_who(about)} on {about.day()}: nothing that the model asks "
            f"for is coded in their records. Nobody is called healthy for want of data."
        )
    if frame["registered"].eq(0).fillna(False).all():
        return f"Nobody is {_who(about)} on {about.day()}."
    named, rest = frame.iloc[:-1], frame.iloc[-1]
    everyone = "the" if pd.isna(rest["registered"]) else count(rest["registered"])
    text = f"Of {everyone} people {_who(about)} on {about.day()}, "
    shown = named[named["patients"].fillna(0) > 0].sort_values("patients", ascending=False)
    if shown.empty:
        text += "no segment holds enough to be shown"
    else:
        largest = shown.iloc[0]
        text += (
            f"the largest segment is {largest['segment']} ({count(largest['patients'])}, {percent(largest['share'])})"
        )
    text = f"{text}; {listed([_held(row) for row in named.head(2).itertuples()])}. "
    if not len(coverage):
        return f"{text}{percent(rest['share'])} are in none: {rest['segment']}."
    by_status = coverage.frame["status"].value_counts()
    parts = [f"{number(int(n), 'element')} {'was' if n == 1 else 'were'} {status}" for status, n in by_status.items()]
    return (
        f"{text}{percent(rest['share'])} are in none of the segments that could be assessed. They are not called "
        f"healthy, because {listed(parts)}."
    )


def _held(row: Any) -> str:
    """What one segment holds, or why that cannot be said."""
    if row.status == NOT_ASSESSED:
        return f"{row.segment} was {NOT_ASSESSED}"
    return f"{row.segment} is {NOT_SHOWN}" if pd.isna(row.patients) else f"{row.segment} has {count(row.patients)}"


@_of_released
def at_older_ages(by_age: ReleasedTable, segment: str) -> str:
    """Read the share of one segment in the three oldest age groups that are shown."""
    frame = by_age.frame
    if why := _unread(by_age, segment):
        return why
    rows = frame[frame["segment"] == segment].dropna(subset=["share"]).tail(3)
    if rows.empty:
        return f"{segment}: not shown at any age."
    parts = [f"{percent(row.share)} of those aged {row.age_group}" for row in rows.itertuples()]
    return f"{segment} holds {listed(parts)}."


@_of_released
def by_deprivation(table: ReleasedTable, segment: str) -> str:
    """Read the most against the least deprived fifth for one segment, with whether their intervals are apart."""
    if why := _unread(table, segment, ", and records that say where people live"):
        return why
    rows = table.frame[table.frame["segment"] == segment].set_index("deprivation_fifth")
    return _ends(rows, "people", f"are in {segment}")


@_of_released
def by_practice(table: ReleasedTable, segment: str) -> str:
    """Read the practices with the highest and the lowest share of one segment."""
    if why := _unread(table, segment, ", and records that say where people are registered"):
        return why
    return _practices(table.frame[table.frame["segment"] == segment], f"in {segment}")


def _unread(table: ReleasedTable, segment: str, more: str = "") -> str:
    """Say why nothing can be read of a segment; empty where something can."""
    if not len(table):
        return f"Not shown: this takes segments that could be assessed{more}."
    return "" if segment in set(table.frame["segment"]) else f"{segment} was {NOT_ASSESSED}."


@_of_released
def elements(met: ReleasedTable) -> str:
    """Read the elements that most people meet, one for a segment, of the three segments where they are commonest."""
    frame = met.frame.dropna(subset=["patients"])
    first = frame.drop_duplicates("segment").nlargest(3, "patients")
    parts = [f"{row.element} in {row.segment} ({percent(row.share)} of its people)" for row in first.itertuples()]
    if not len(met):
        return "No reasons: no segment that could be assessed holds anyone."
    return f"The commonest reasons: {listed(parts)}." if parts else "No reason is shown."


@_of_released
def proactive_care(attrition: ReleasedTable, severity: ReleasedTable, monthly_capacity: int) -> str:
    """Read how many would be offered proactive care, and how long a team of stated capacity would need."""
    frame, first, about = attrition.frame, severity.frame.iloc[0], attrition.about
    last = frame.iloc[-1]
    if pd.isna(last["patients"]):
        return f"How many people {_who(about)} would be offered proactive care is not shown: too few."
    severe = f"those with {first['frailty']} frailty"
    text = f"{number(last['patients'], 'person', 'people')} {_who(about)} {OFFERED} on {about.day()}"
    text += f"; how many have {first['frailty']} frailty is not shown. " if pd.isna(first["patients"]) else (
        f", {count(first['patients'])} of them with {first['frailty']} frailty. "
    )  # fmt: skip
    unknown = frame.loc[frame["step"].str.contains("frailty"), "not_known"].max()
    if pd.notna(unknown) and unknown > 0:
        text += f"Of {number(unknown, 'person', 'people')} who came to that step frailty is not recorded. "
    months = [_months(value, monthly_capacity) for value in (first["patients"], last["patients"])]
    parts = [f"{severe} take {months[0]}"] if months[0] else []
    parts += [f"all of them {'' if parts else 'take '}{months[1]}"]
    return (
        f"{text}At {count(monthly_capacity)} assessments a month, {listed(parts)}, if each is assessed once, all "
        f"accept and nobody becomes frail meanwhile."
    )


def _months(people: Any, monthly_capacity: int) -> str:
    return "" if pd.isna(people) else number(-(-int(people) // monthly_capacity), "month")


OFFERED = "would be offered proactive care"


@_of_released
def reach_by_age(by_age: ReleasedTable) -> str:
    """Read the oldest women and men, the age at which most would be offered care."""
    named = by_age.frame[by_age.frame["sex"].isin(list(_SEXES))]
    if named.empty:
        return "Not shown for women and men: the records do not say who is which."
    oldest = named[named["age_group"] == named["age_group"].iloc[-1]]
    known = oldest[oldest["registered"].fillna(1) > 0]
    parts = [f"{percent(row.share)} of {_SEXES[row.sex]}" for row in known.itertuples()]
    age = oldest["age_group"].iloc[0]
    return f"Of people aged {age}, {listed(parts)} {OFFERED}." if parts else f"Nobody aged {age} is registered."


_SEXES = {"female": "women", "male": "men"}


@_of_released
def reach_by_deprivation(by_deprivation: ReleasedTable) -> str:
    """Read the share of older people who would be offered care in the most against the least deprived fifth."""
    return _ends(by_deprivation.frame.set_index("deprivation_fifth"), "people of 65 and over", OFFERED)


@_of_released
def reach_by_practice(by_practice: ReleasedTable) -> str:
    """Read the practices where the highest and the lowest share of older people would be offered care."""
    return _practices(by_practice.frame, f"of 65 and over who {OFFERED}")


def _ends(rows: pd.DataFrame, who: str, what: str) -> str:
    """The first and the last fifth that are shown, and whether their intervals overlap."""
    if rows.empty:
        return "Not shown: the records do not say where people live."
    known = rows.drop(index="not known", errors="ignore").dropna(subset=["share"])
    if len(known) < 2:  # noqa: PLR2004 - nothing to compare
        return "Too few people are shown to compare areas."
    first, last = known.iloc[0], known.iloc[-1]
    return (
        f"Of {who} in areas of the {known.index[0]} fifth, {percent(first['share'])} {what}, against "
        f"{percent(last['share'])} in the {known.index[-1]} fifth; {_overlap(first, last)}. Ages differ between areas."
    )


def _practices(frame: pd.DataFrame, who: str) -> str:
    if frame.empty:
        return "Not shown: the records do not say where people are registered."
    named = frame[frame["practice_name"] != NOT_KNOWN]
    known = named.dropna(subset=["share"]).sort_values("share", ignore_index=True)
    if len(known) < 2:  # noqa: PLR2004 - nothing to compare
        return "Too few people are shown to compare practices."
    low, high = known.iloc[0], known.iloc[-1]
    return (
        f"Over {number(len(known), 'practice')}, the share of people {who} runs from {percent(low['share'])} at "
        f"{low['practice_name']} to {percent(high['share'])} at {high['practice_name']}. Some of that is chance, and "
        f"some of it age, for which it is not adjusted."
    )


def _overlap(one: pd.Series, other: pd.Series) -> str:
    apart = one["share_lower"] > other["share_upper"] or one["share_upper"] < other["share_lower"]
    return "the intervals do not overlap" if apart else "the intervals overlap"


@_of_released
def commonest_reasons(table: ReleasedTable, not_assessed: ReleasedTable) -> str:
    """Read the three commonest deficits, and which of the 36 could not be assessed."""
    parts = [f"{row.element.lower()} ({percent(row.share)})" for row in table.frame.head(3).itertuples()]
    text = f"The commonest deficits of those who would be offered care are {listed(parts)}. " if parts else ""
    missing = not_assessed.frame["deficit"].str.lower().to_list()
    if len(missing) == FRAILTY_DEFICITS:
        return "Reasons not known: the source gives a score only."
    if not missing:
        return f"{text}All {FRAILTY_DEFICITS} deficits of the index could be assessed."
    return (
        f"{text}{number(len(missing), 'deficit')} of {FRAILTY_DEFICITS} could not be assessed ({listed(missing)}), so "
        f"fewer people are found frail than are."
    )


LEAST_SAID = 0.001
"""Smallest share worth a place in a sentence."""


def _estimated(table: ReleasedTable, value: Any) -> str:
    return "An estimated " if table.provenance.modelled and not pd.isna(value) else ""


def _absent(table: ReleasedTable, what: str) -> str:
    about = table.about
    return f"Not shown for {about.network}: the published files of {about.vintage} hold no {what} of the same date."
