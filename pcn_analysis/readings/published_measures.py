"""Sentences on what is published of a network for the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.readings.released import of_released
from pcn_analysis.words import listed, number, percent, within_sentence

if TYPE_CHECKING:
    import pandas as pd

    from pcn_analysis.release import ReleasedTable

FEW = 4
"""Measures that are named on each side."""
WIDEST = 3
"""Measures that are named as those in which practices differ most."""
FAR = "99.8%"
"""Stands in the position of a practice beyond the wider limits."""


@of_released
def published_measures(table: ReleasedTable) -> str:
    """Read which published shares of a network lie clearly above and below the country's, and what is not known."""
    frame, about = table.frame, table.about
    if frame.empty:
        return "Not shown: nothing is published of a group of people who are known from their records alone."
    known = frame[frame["value_compared"].notna()]
    if known.empty:
        return f"No published share of people of {about.network} can be held against {about.comparator} here."
    years = listed(sorted(known["year"].unique()))
    text = f"Of {number(len(known), 'published share')} of people of {about.network} ({years}), "
    sides = [(side, known[known["value_compared"] == side]) for side in ("higher", "lower")]
    told = [
        f"{len(rows)} {'lie' if len(rows) > 1 else 'lies'} clearly {side} than in {about.comparator}: {_named(rows)}"
        for side, rows in sides
        if len(rows)
    ]
    text += f"{'; '.join(told)}. " if told else f"none differs clearly from {about.comparator}. "
    lacking = frame.loc[frame["status"] != "published", "name"].to_list()
    text += f"Not published or not at hand: {listed(lacking)}. " if lacking else ""
    unknown = frame.loc[frame["direction"] == "not known", "clause"].str.split(",").str[0].unique().tolist()
    text += f"Whether more is better is not known for {listed(unknown)}, shown as published. " if unknown else ""
    return f"{text}A recorded prevalence tells how many are on a register, not how many are ill."


def _named(rows: pd.DataFrame) -> str:
    apart = (rows["value"] / rows["comparator_value"]).astype(float)
    far = rows.loc[(apart - 1).abs().sort_values(ascending=False, kind="stable").index].head(FEW)
    each = [
        f"{name.split(',')[0].lower()} ({percent(value)}, there {percent(country)})"
        for name, value, country in far[["name", "value", "comparator_value"]].itertuples(index=False)
    ]
    return listed(each) + (" among them" if len(rows) > FEW else "")


@of_released
def published_by_practice(table: ReleasedTable) -> str:
    """Read how many published shares of practices lie beyond chance, where they differ most, and who stands out."""
    frame, network = table.frame, table.about.network
    if frame.empty:
        return "How practices differ is not shown: no share of any of them is published."
    if len(set(frame["practice_code"])) == 1:
        return f"{network} has one practice: there is no other to hold its published shares against."
    people = frame[frame["position"].notna()]
    text = _of_people(people, network) if len(people) else ""
    others = frame[(frame["kind"] != "people") & frame["value"].notna()]
    for name, rows in others.groupby("name", sort=False):
        ends = rows.sort_values("value", kind="stable").iloc[[0, -1]]
        text += f"{name} ({rows['year'].iloc[0]}): {_range(ends)}, without limits, as one person can have several. "
    return (
        f"{text}Ages, care homes and how fully a practice records move a recorded prevalence: a value beyond limits is "
        f"a question to that practice and not a finding."
    )


def _of_people(rows: pd.DataFrame, network: str) -> str:
    """How many values lie beyond the wider limits, in which measures practices differ most, and who stands out."""
    far = rows["position"].str.contains(FAR, regex=False)
    measures, practices = rows["measure"].nunique(), rows["practice_code"].nunique()
    text = (
        f"In {number(measures, 'published measure')} of people ({listed(sorted(rows['year'].unique()))}), {far.sum()} "
        f"of the {len(rows)} shares of the {practices} practices of {network} lie beyond the 99.8% limits around the "
        f"network's own share; by chance alone about 1 in 500 would. "
    )
    ranges = [of.sort_values("value", kind="stable").iloc[[0, -1]] for _, of in rows.groupby("measure", sort=False)]
    apart = sorted((ends for ends in ranges if far[ends.index].all()), key=_times, reverse=True)[:WIDEST]
    each = [f"{within_sentence(ends['name'].iloc[0].split(',')[0])} ({_range(ends)})" for ends in apart]
    text += f"Practices differ most, both ends beyond the limits, in {listed(each)}. " if each else ""
    sides = [told for side in ("above", "below") if (told := _most_often(rows[far], side, measures))]
    return f"{text}Most often {'; most often '.join(sides)}. " if sides else text


def _range(ends: pd.DataFrame) -> str:
    """The lowest and the highest practice."""
    return " to ".join(f"{percent(row.value)} at {row.practice_name}" for row in ends.itertuples())


def _times(ends: pd.DataFrame) -> float:
    """How many times the lowest share the highest one is."""
    low, high = ends["value"].astype(float)
    return high / low if low > 0 else float("inf")


def _most_often(far: pd.DataFrame, side: str, measures: int) -> str:
    """Practices that lie most often on one side of the limits."""
    often = far[far["position"].str.startswith(side)].groupby("practice_code")["practice_name"].agg(["size", "first"])
    if often.empty:
        return ""
    first = often[often["size"] == often["size"].max()]
    each = " each" if len(first) > 1 else ""
    return f"{side} the limits: {listed(sorted(first['first']))} ({first['size'].iloc[0]} of {measures}{each})"
