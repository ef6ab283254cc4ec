"""Sentences on who is there: staff by role, on whom roles rest, networks alike, competition for staff, joint posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.readings.names import first_of
from pcn_analysis.readings.released import of_released
from pcn_analysis.words import NOT_IN_THE_FILE, NOT_KNOWN, count, listed, number, percent, several, within_sentence

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

NONE_RECORDED = "none recorded"
LONE, KEY, SERVICE = "one person alone", "one person for more than half", "contracted service"
BESIDE_SERVICE = "one person beside a contracted service"
FEW = 3
"""Roles that are named."""


def absent(table: ReleasedTable) -> str:
    """Say that nothing is known of a network's staff; empty where something is."""
    frame, network = table.frame, table.about.network
    if frame.empty:
        return f"Nothing is published of the staff of {network or table.about.place}."
    if (frame["status"] == NOT_IN_THE_FILE).any():
        return f"{network} is not in the published file of staff: how many it has is not known, and is not 0."
    if (frame["status"] == NOT_KNOWN).all():
        return f"How many staff {network} has is not known: the place was made without the published file of staff."
    return ""


def _day(frame: pd.DataFrame) -> str:
    day = frame["counted_on"].iloc[0]
    return f"on {day}" if day else "on the day of the file"


@of_released
def staff_by_role(table: ReleasedTable) -> str:
    """Read the roles with most staff, where the network has much or little of a role, and what is not known."""
    frame = table.frame
    if nothing := absent(table):
        return nothing
    known = frame[frame["fte"].notna()].sort_values("fte", ascending=False, kind="stable")
    first = [f"{row.fte:.1f} {several(row.name)}" for row in known[known["fte"] > 0].head(FEW).itertuples()]
    text = f"The file of staff {_day(frame)} has no additional roles of {table.about.network}. "
    if first:
        more = " and others" if (known["fte"] > 0).sum() > FEW else ""
        text = f"{table.about.network} had, in whole-time equivalents {_day(frame)}, {', '.join(first)}{more}. "
    much = known[(known["per_10_000"] > known["country_upper_quartile"]).fillna(False)]
    much = much.sort_values("percentile", ascending=False, kind="stable")
    little = known[(known["per_10_000"] < known["country_lower_quartile"]).fillna(False)]
    little = little.sort_values("percentile", kind="stable")
    for rows, what in ((much, "more"), (little, "less")):
        each = first_of([_held(row, first=not at) for at, row in enumerate(rows.itertuples())]) if len(rows) else ""
        text += f"For its patients it has {what} than three in four networks of {each}. " if each else ""
    lacking = frame.loc[frame["status"] == NOT_KNOWN, "name"].map(several).to_list()
    text += f"Not known, as the file does not tell them apart: {first_of(lacking)}. " if lacking else ""
    networks = number(frame["country_networks"].max(), "network")
    return f"{text}The file holds {networks}. What others have says nothing of what is needed, nor who pays for it."


def _held(row: Any, *, first: bool) -> str:
    own = f"{row.per_10_000:.2f} for 10,000" if first else f"{row.per_10_000:.2f}"
    return f"{several(row.name)} ({own}, median {row.country_median:.2f})"


@of_released
def role_reliance(table: ReleasedTable) -> str:
    """Read which roles rest on one person, and which on a contracted service."""
    frame = table.frame
    if absent(table):
        return f"On whom roles rest is not known of {table.about.network}, as its staff are not."
    names = {kind: rows["name"].map(several).to_list() for kind, rows in frame.groupby("rests_on", sort=False)}
    lone = frame[frame["rests_on"] == LONE]
    each = [f"{several(row.name)}{_elsewhere(row)}" for row in lone.itertuples()]
    text = f"One person alone is all that there is of {listed(each)}. " if each else "No role is one person alone. "
    if KEY in names:
        text += f"One of several people holds more than half of {listed(names[KEY])}. "
    if BESIDE_SERVICE in names:
        text += f"One person beside a contracted service is all that there is of {listed(names[BESIDE_SERVICE])}. "
    if SERVICE in names:
        text += f"{sentence(listed(names[SERVICE]))} are contracted services; how many people they are is not known. "
    return f"{text}Where one person holds a role, an absence takes all or most of it away."


def sentence(words: str) -> str:
    """Words at the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def _elsewhere(row: Any) -> str:
    if pd.isna(row.country_lone_share):
        return ""
    return f" (so it is in {percent(row.country_lone_share)} of {number(row.country_networks, 'network')} with any)"


@of_released
def networks_alike(near: ReleasedTable, table: ReleasedTable) -> str:
    """Read which networks are most alike, by what, and of which roles the network has more or less than they."""
    own, others = near.frame[near.frame["nearness"] == 0], near.frame[near.frame["nearness"] > 0]
    if own.empty or others.empty:
        return "Which networks are like it is not known: nothing is known of its need, size or rurality."
    first = own.iloc[0]
    left = f" ({first['left_out']} is not known of it and was left out)" if first["left_out"] else ""
    text = (
        f"Of {number(first['compared'], 'network')} that can be compared, those most like {first['pcn_name']} in "
        f"{first['compared_by']}{left} are {first_of(others['pcn_name'].to_list())}. "
    )
    if absent(table):
        return f"{text}How its staff stand beside theirs is not known."
    known = table.frame[table.frame["from_median"].notna()]
    more = known[known["from_median"] > 0].sort_values("from_median", ascending=False, kind="stable")
    less = known[known["from_median"] < 0].sort_values("from_median", kind="stable")
    for rows, what in ((more, "more"), (less, "less")):
        each = [_beside(row, first=not at) for at, row in enumerate(rows.head(FEW).itertuples())]
        text += f"For its patients it has {what} than their median of {listed(each)}. " if each else ""
    return f"{text}That others have more is no reason to have more."


def _beside(row: Any, *, first: bool) -> str:
    own = f"{row.per_10_000:.2f} for 10,000" if first else f"{row.per_10_000:.2f}"
    return f"{several(row.name)} ({own}, theirs {row.peers_median:.2f})"


@of_released
def role_competition(table: ReleasedTable) -> str:
    """Read what networks of the area would look for if all had a target: of paramedics first, then of the most."""
    frame = table.frame
    if frame.empty:
        return "What networks of the area would look for is not known: nothing is known of their staff."
    area, target = frame["area"].iloc[0], frame["target_of"].iloc[0]
    unknown = int(frame["networks_not_known"].max())
    wanted = frame[frame["shortfall"] > 0]
    first = wanted[wanted["role"] == "paramedic"]
    most = wanted[wanted["role"] != "paramedic"].sort_values("shortfall", ascending=False, kind="stable").head(FEW)
    each = [_wanted(row) for row in pd.concat([first, most]).itertuples()]
    text = f"If every network of {area} that has less of a role were to have {_of(target)}, "
    text += f"they would look for {listed(each)}, in whole-time equivalents. " if each else "none would seek anybody. "
    own = wanted[wanted["own_shortfall"].gt(0).fillna(False)].sort_values("own_shortfall", ascending=False)
    if len(own):
        short = [f"{row.own_shortfall:.1f} {several(row.name)}" for row in own.head(FEW).itertuples()]
        text += f"{table.about.network} itself would look for {listed(short)}. "
    text += f"What {number(unknown, 'network has', 'networks have')} there is not known. " if unknown else ""
    return f"{text}How many there are to be had, in trusts and ambulance services, no open file says."


def _of(target: str) -> str:
    return f"the {target}" if target.startswith("median") else "as much as was given for it"


def _wanted(row: Any) -> str:
    return f"{row.shortfall:.1f} {several(row.name)} beside {row.fte:.1f} there ({count(row.networks_short)} have less)"


def _and(names: str) -> str:
    return listed(names.split(", "))


@of_released
def joint_posts(table: ReleasedTable, wanted: ReleasedTable) -> str:
    """Read which part posts of neighbours come to a whole one; of a network whose staff are not known, that."""
    frame = table.frame
    if wanted.frame["own_fte"].isna().all():
        return "Which posts it could share with neighbours is not known, as its staff are not."
    if frame.empty:
        return (
            "No part post that the network is short of makes a whole one with those of one or two neighbours, as far "
            "as is known what they have."
        )
    first = frame.drop_duplicates("role")
    each = [
        f"{within_sentence(row.name)} with {_and(row.pcn_names)} ({row.parts} = {row.together:.2f})"
        for row in first.itertuples()
    ]
    return (
        f"Part posts that come to about a whole one with neighbours, if all were to have the median: "
        f"{first_of(each)}. {'Groups are alternatives; a' if len(frame) > len(first) else 'A'} part can be given once."
    )
