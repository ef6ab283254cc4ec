"""Sentences on cardiovascular disease prevention: follow-up, treatment by risk, and hypertension not known of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.readings.released import of_released, who
from pcn_analysis.words import NOT_ASSESSED, count, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

PARTLY = "partly assessed"
NONE_RECORDED = "none recorded"
OFFERED = "offered"


@of_released
def follow_up_routes(table: ReleasedTable) -> str:
    """Read of how many raised readings no follow-up is recorded, and the commonest way of following one up."""
    frame = table.frame
    if frame["status"].eq(NOT_ASSESSED).all():
        return (
            f"Whether raised blood pressure is followed up could not be assessed of anybody {who(table.about)}. "
            f"Records lack: {frame['missing'].iloc[0]}."
        )
    none = frame[frame["route"].eq(NONE_RECORDED)].iloc[0]
    text = (
        f"{count(none['of'])} adults {who(table.about)} have a raised blood pressure that CVD-01 asks about and were "
        f"not on the hypertension register before it; of {_of(none['people'], none['share'])} no follow-up is recorded."
    )
    routes = frame[frame["route"].ne(NONE_RECORDED) & frame["people"].gt(0).fillna(False)]
    if len(routes):
        first = routes.loc[routes["people"].astype(float).idxmax()]
        text += f" Most often it was followed up by: {first['route']}, {_of(first['people'], first['share'])}."
    if frame["status"].eq(PARTLY).all():
        text += f" Nobody has a record of: {'; '.join(frame['missing'].unique())}. What was done so is not seen here."
    return f"{text} No record is no proof that nothing was done."


@of_released
def stroke_risk(table: ReleasedTable) -> str:
    """Read how many of those to whom NICE offers an anticoagulant have one, declined it, or neither."""
    frame = table.frame
    if frame["status"].eq(NOT_ASSESSED).all():
        return (
            f"Treatment of atrial fibrillation by risk of stroke could not be assessed of anybody {who(table.about)}. "
            f"Records lack: {frame['missing'].iloc[0]}."
        )
    offered = frame[frame["advice"].eq(OFFERED)]
    parts = [_band(row, "have one") for row in offered.to_dict("records")]
    considered = frame[frame["advice"].eq("considered")].iloc[0]
    return (
        f"NICE NG196 offers an anticoagulant in atrial fibrillation from a CHA2DS2-VASc of 2. {'. '.join(parts)}. "
        f"Of {count(considered['people'])} men with 1 point, for whom it is considered, {count(considered['treated'])} "
        f"have one. Points are reckoned from records; the risk of bleeding is not known."
    )


def _band(row: dict[str, Any], has: str) -> str:
    """What is known of one band of risk."""
    if pd.notna(row["people"]) and row["people"] == 0:
        return f"With {row['band']} points: nobody"
    return (
        f"With {row['band']} points: {_of(row['treated'], row['share'])} of {count(row['people'])} {has}, "
        f"{count(row['declined'])} declined or may not have it, and of {count(row['neither'])} there is no record of "
        "either"
    )


@of_released
def statin_by_risk(table: ReleasedTable) -> str:
    """Read of how many with a high QRISK3 there is neither a statin nor a record that it was declined."""
    frame = table.frame
    if frame["status"].eq(NOT_ASSESSED).all():
        return (
            f"Who {who(table.about)} has a high risk by QRISK3 and no statin could not be assessed. "
            f"Records lack: {frame['missing'].iloc[0]}."
        )
    parts = [
        f"{row.band}: {_of(row.neither, row.share)} of {count(row.people)}, and {count(row.declined)} declined or may "
        "not have it"
        for row in frame.itertuples()
    ]
    assumed = f" Not recorded in full: {frame['missing'].iloc[0]}." if frame["status"].eq(PARTLY).all() else ""
    return (
        f"Of adults {who(table.about)} without a statin, these have a high chance by QRISK3 and no record that one was "
        f"declined: {'; '.join(parts)}. Whoever takes a statin has no score, so that a share of those treated is not "
        f"known.{assumed}"
    )


@of_released
def hypertension_gap(table: ReleasedTable) -> str:
    """Read how many people more would be expected to have hypertension than are on the register, with the interval.

    The table is what follows by ``expected`` from the released one.
    """
    frame = table.frame
    known = frame.dropna(subset=["not_known_of", "not_known_of_lower", "not_known_of_upper"])
    if known.empty:
        return (
            "How many people have hypertension that nobody knows of is not known: the ages on the practices' lists or "
            "the register are missing."
        )
    parts = [
        f"{row['register']}: {count(row['on_register'])} ({percent(row['prevalence'])}, 95% interval "
        f"{percent(row['prevalence_lower'])} to {percent(row['prevalence_upper'])}), {_apart(row)}"
        for row in known.to_dict("records")
    ]
    return (
        f"People {who(table.about)} who are on the hypertension register, against what is expected of their ages and "
        f"sexes: {'; '.join(parts)}. Expected is what the Health Survey for England of 2003 found: treated, or 140/90 "
        "or more at one visit, which is more than would be diagnosed. It is old, and knows nothing of deprivation or "
        "ethnicity. The intervals tell what chance makes of the register alone: the expected number is taken as it is, "
        "as its source gives no interval, so that less is known of the gap than they say."
    )


def _apart(row: dict[str, Any]) -> str:
    """How many fewer than expected, or more, are on a register, with the interval."""
    gap, low, high = (row[f"not_known_of{end}"] for end in ("", "_lower", "_upper"))
    limits = " to ".join(count(end) for end in sorted((abs(low), abs(high))))
    if low < 0 < high:
        limits = f"{count(-low)} more to {count(high)} fewer"
    way = "more" if gap < 0 else "fewer"
    return f"{count(abs(gap))} {way} than the {count(row['expected'])} expected (95% interval {limits})"


def _of(people: Any, share: Any) -> str:
    return count(people) if pd.isna(people) or pd.isna(share) else f"{count(people)} ({percent(share)})"
