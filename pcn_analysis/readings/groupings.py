"""Sentences on any grouping of a place's practices, and on how far it agrees with another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.readings.names import first_of
from pcn_analysis.readings.networks import areas_won, least_and_most_mixed
from pcn_analysis.readings.released import of_released
from pcn_analysis.words import count, listed, number, percent, slug

if TYPE_CHECKING:
    import pandas as pd

    from pcn_analysis.release import ReleasedTable

IN_NONE = "In no group"
NONE = {IN_NONE: "practices in no group", "No network": "practices elsewhere in no network"}
"""Practices in none, as they stand in a sentence."""
CHANGES = {
    "leaves most of its group": "leave most of their group",
    "joins others with most of its group": "join others with most of their group",
    "enters a group": "enter a group",
    "is in no group then": "be in no group",
}
"""What would become of practices, as it stands after “3 practices would”."""


@of_released
def grouping_facts(table: ReleasedTable, grouping: str) -> str:
    """Read what the grouping is and who says so, or where its file is to be put.

    Parameters
    ----------
    table
        The grouping and the one that it is held against.
    grouping
        The name that was asked for.
    """
    frame, place = table.frame, table.about.place
    if frame.empty:
        name = slug(grouping).replace("-", "_")
        return (
            f"{place} has no grouping “{grouping}”. Put a CSV file with the columns practice_code and group (or "
            f"pcn_code and group) into data/raw/groupings/{slug(place)}/{name}.csv, below two lines that say whose it "
            "is and of when: “# publisher: …” and “# period: …”. Then have the page made again."
        )
    row = frame.iloc[0]
    meant = f"; {row['in_size']} have the size meant, {row['size']}" if isinstance(row["size"], str) else ""
    text = (
        f"{row['title']} ({row['source']}): {number(row['practices'], 'practice')} of {place} in "
        f"{number(row['groups'], 'group')} of {count(row['smallest'])} to {count(row['largest'])} patients{meant}."
    )
    return f"{text} {row['notes']}".rstrip()


@of_released
def groups_measured(table: ReleasedTable) -> str:
    """Read how far patients live on their own group's ground, and what not to compare."""
    frame = table.frame
    if frame.empty:
        return "Without such a grouping there is nothing to measure."
    groups = frame[frame["group_name"] != IN_NONE]
    local = groups.dropna(subset=["localisation"]).sort_values("localisation", kind="stable")
    if local.empty:
        return f"Where patients of the groups of {table.about.place} live is not known."
    low, high = local.iloc[0], local.iloc[-1]
    text = (
        f"Localisation, the share of a group's patients who live on its own ground, runs from "
        f"{percent(low['localisation'])} ({low['group_name']}) to {percent(high['localisation'])} "
        f"({high['group_name']})."
        if len(groups) > 1
        else f"Of the patients of {low['group_name']} {percent(low['localisation'])} live on its own ground."
    )
    return f"{text} Larger groups have more localisation for no other reason: compare only groups of about one size."


@of_released
def group_shapes(table: ReleasedTable) -> str:
    """Read which groups' ground is in several parts, and which have none; nothing where there is no grouping."""
    if table.frame.empty:
        return ""
    groups = table.frame[table.frame["group_name"] != IN_NONE]
    broken = [
        f"{row.group_name} ({number(row.parts, 'part')}, {percent(row.main_part_share)} of those inside in the main)"
        for row in groups[groups["parts"] > 1].itertuples()
    ]
    none = list(groups.loc[groups["parts"] == 0, "group_name"])
    text = f"In several parts is the ground of {first_of(broken)}." if broken else "No group has its ground in parts."
    return f"{text} {first_of(none)} {'wins' if len(none) == 1 else 'win'} no area." if none else text


@of_released
def group_areas(table: ReleasedTable) -> str:
    """Read how many areas of the place go to the groups, and in how many the lead is weak."""
    if table.frame.empty:
        return "Without it there is nothing to map."
    whom = "one of the groups than with any other, or with any network from elsewhere"
    return areas_won(table, "group", "group_name", whom, NONE)


@of_released
def group_sharing(table: ReleasedTable) -> str:
    """Read the least and the most mixed group, and the pair that shares most."""
    if table.frame.empty:
        return "Without it there are no groups that could share people."
    text, pairs = least_and_most_mixed(table, "group", "group_name")
    if pairs.empty:
        return text
    most = pairs.loc[pairs["share"].astype(float).idxmax()]
    return (
        f"{text} Of the neighbours of the patients of {most['group_name']} {percent(most['share'])} are with "
        f"{most['other_name']}, the largest share of one group in another."
    )


@of_released
def groupings_agree(table: ReleasedTable) -> str:
    """Read how far the two groupings agree, and who would change groups."""
    if table.frame.empty:
        return "There are no two groupings to hold against each other."
    row = table.frame.iloc[0]
    text = (
        f"{row['grouping']} ({number(row['groups'], 'group')}) against {row['other']} "
        f"({number(row['other_groups'], 'group')}), over {number(row['practices'], 'practice')}: adjusted Rand index "
        f"{row['rand_said']}, adjusted mutual information {row['information_said']}; 1 is the same grouping, 0 what "
        "chance would give."
    )
    if row["left_out"]:
        practices, patients = number(row["left_out"], "practice"), count(row["left_out_patients"])
        text += f" Left out of this: {practices} with {patients} patients in a group of one of them only."
    return f"{text} {_moved(row)}"


def _moved(row: pd.Series) -> str:
    if row["moved_practices"] == 0:
        return "Group for group both hold the same practices: nobody would change groups."
    matched = (
        f"With groups matched one to one so that most patients stay, {number(row['moved_practices'], 'practice')} with "
        f"{count(row['moved_patients'])} patients ({percent(row['moved_share'])}) would change groups."
    )
    if row["groups"] >= row["other_groups"]:
        return matched
    whole = f"{count(row['whole'])} of {number(row['other_groups'], 'group')}"
    parted = (
        "nobody would be parted from most of their group"
        if row["parted_practices"] == 0
        else f"{number(row['parted_practices'], 'practice')} with {count(row['parted_patients'])} patients "
        f"({percent(row['parted_share'])}) would be parted from most of theirs"
    )
    lie = "lies" if row["whole"] == 1 else "lie"
    return f"The fewer groups join others: {whole} of {row['other']} {lie} whole in one, and {parted}. {matched}"


@of_released
def would_change(table: ReleasedTable) -> str:
    """Read how many practices would leave their group, join others with it, come in or drop out; nothing of none."""
    frame = table.frame
    if frame.empty:
        return ""
    said = [
        f"{number(len(rows), 'practice')} with {count(rows['patients'].sum())} patients would {CHANGES[str(change)]}"
        for change, rows in frame.groupby("change", sort=False)
    ]
    return f"If the other grouping became this one, {listed(said)}."
