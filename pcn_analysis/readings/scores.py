"""Sentences on scores: whom variants pick, bands, QRISK3, risk tiers, hazardous medicines, what was not assessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.readings.released import of_released, who
from pcn_analysis.release import check_released
from pcn_analysis.words import NOT_ASSESSED, count, listed, number, percent, within_sentence

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

PARTLY = "partly assessed"
FROM_TEN_PERCENT = ("10% to 20%", "20% and over")
"""Bands of QRISK3 from which NICE NG238 offers a statin."""
FIRST_SCORES = 3
"""Scores that a sentence names: those whose variants agree least."""
AS_NO = ("taken as no", "non-smoker")
"""Words of an assumption that somebody is without something."""
FIRST_COMBINATIONS = 3
"""Hazardous combinations that a sentence names."""


@of_released
def score_variants(table: ReleasedTable) -> str:
    """Read, of each score, the variant that agrees least with the usual one, and which could not be assessed."""
    frame = table.frame
    others = frame[frame["is_usual"].eq("no") & frame["status"].ne(NOT_ASSESSED)]
    known = others.dropna(subset=["agreement", "picked", "both"])
    lowest = known.groupby("score", sort=False)["agreement"].min().astype(float).sort_values(kind="stable")
    parts = [_furthest(frame, known[known["score"] == name]) for name in lowest.index[:FIRST_SCORES]]
    first = "Which variant you take changes whom you see." if parts else "No two variants could be compared."
    text = " ".join([first, *parts])
    absent = [name for name, rows in frame.groupby("score", sort=False) if rows["status"].eq(NOT_ASSESSED).all()]
    return f"{text}{_not_assessed(absent, frame)}"


def _furthest(frame: pd.DataFrame, rows: pd.DataFrame) -> str:
    """The variant of a score that agrees least with the usual one."""
    row = rows.loc[rows["agreement"].astype(float).idxmin()]
    name = f"{row['score']} ({row['threshold']})"
    others = frame[frame["score"].eq(row["score"]) & frame["is_usual"].eq("no")]
    if others[["only", "missed"]].astype("Float64").eq(0).fillna(False).all(axis=None):
        return f"{name}: every variant picks as many, and the same people."
    usual = frame[frame["score"].eq(row["score"]) & frame["is_usual"].eq("yes")].iloc[0]
    unscored = f", {count(row['only_unscored'])} of them people to whom the usual one gives no score" if (
        pd.notna(row["only_unscored"]) and row["only_unscored"] > 0) else ""  # fmt: skip
    return (
        f"{name}: {count(usual['picked'])} people by the usual variant, {count(row['picked'])} by "
        f"“{row['variant']}”{unscored}; {count(row['both'])} by both."
    )


def _not_assessed(names: list[str], frame: pd.DataFrame) -> str:
    if not names:
        return ""
    why = dict.fromkeys(frame.loc[frame["score"].isin(names), "lacking"])
    return f" Not assessed: {listed(names)} ({'; '.join(why)})."


@of_released
def score_bands(table: ReleasedTable) -> str:
    """Read how many are in the highest band of each score by its usual variant."""
    frame = table.frame
    parts = []
    for score, rows in frame.groupby("score", sort=False):
        usual = rows[rows["status"].ne(NOT_ASSESSED)]
        if usual.empty:
            continue
        last = usual[usual["variant"].eq(usual["variant"].iloc[0])].iloc[-1]
        parts.append(f"{score}, {last['band']}: {count(last['people'])} ({percent(last['share'])} of {last['among']})")
    if not parts:
        return "Not assessed: no score that has bands could be counted on these people."
    return f"In the highest band by the usual variant of each score: {'; '.join(parts)}."


@of_released
def qrisk3_bands(table: ReleasedTable, without: ReleasedTable) -> str:
    """Read how many have a chance of 10% or more, how many have no score, and what was assumed."""
    frame = table.frame
    lacking = frame["lacking"].iloc[0]
    if frame["status"].eq(NOT_ASSESSED).all():
        return (
            f"QRISK3 could not be assessed of anybody {who(table.about)}. Records do not show: {lacking}. "
            "No score is no low risk."
        )
    by_sex = [_from_ten(sex, rows) for sex, rows in frame.groupby("sex", sort=False)]
    assumed = frame["assumed"].iloc[0]
    low = "; what is taken as “no” makes a chance too low" if any(one in assumed for one in AS_NO) else ""
    taken = f" Assumed: {assumed}{low}." if assumed else ""
    return (
        f"{listed(by_sex)} with a score have a chance of 10% or more of a first heart attack or stroke within ten "
        f"years, from which NICE NG238 offers a statin.{_without(without.frame)}{taken}"
    )


def _without(frame: pd.DataFrame) -> str:
    """How many have no score, and the commonest reason."""
    if frame.empty:
        return ""
    none, reasons = frame.iloc[0], frame.iloc[1:].dropna(subset=["people"]).sort_values("people", ascending=False)
    most = (
        f"; the commonest reason: {reasons['reason'].iloc[0]} ({count(reasons['people'].iloc[0])})"
        if len(reasons)
        else ""
    )
    return f" {count(none['people'])} of {count(none['registered'])} people have no score{most}. That is no low risk."


def _from_ten(sex: Any, rows: pd.DataFrame) -> str:
    people = rows.loc[rows["band"].isin(FROM_TEN_PERCENT), "people"]
    scored = rows["scored"].iloc[0]
    many = pd.NA if people.isna().any() else people.sum()
    share = pd.NA if pd.isna(many) or pd.isna(scored) or not scored else many / scored
    return f"{count(many)} ({percent(share)}) of {count(scored)} {'women' if sex == 'female' else 'men'}"


def qrisk3_disclaimer(table: ReleasedTable) -> str:
    """What has to stand wherever anything of QRISK3 is shown; of real people and of invented ones alike."""
    check_released(table)
    said = [one for one in table.frame["disclaimer"].unique() if one]
    return said[0] if said else "No score of QRISK3 is asked for here."


@of_released
def risk_tiers(table: ReleasedTable) -> str:
    """Read how many on each register are in the highest tier that could be assessed, and what could not."""
    frame = table.frame
    parts, absent = [], []
    for condition, rows in frame.groupby("condition", sort=False):
        known = rows[rows["status"].ne(NOT_ASSESSED) & rows["level"].gt(0)].dropna(subset=["people"])
        if rows["status"].eq(NOT_ASSESSED).all():
            absent.append(within_sentence(str(condition)))
        elif len(known):
            first = known.iloc[0]
            parts.append(f"{condition}: {count(first['people'])} of {count(first['on_register'])}, "
                         f"{within_sentence(first['tier'])}")  # fmt: skip
    text = f"In the highest tier of which a number is shown: {'; '.join(parts)}. " if parts else ""
    text += f"Of {listed(absent)} no tier could be assessed. " if absent else ""
    least = " Every number is the least that it can be: rules ask for what no record shows." if (
        frame["status"].eq(PARTLY).any()) else ""  # fmt: skip
    low = " Nobody is said to be at low risk." if not frame["tier"].str.startswith("Low").any() else ""
    return f"{text.rstrip()}{least}{low}".strip()


@of_released
def hazardous_medicines(table: ReleasedTable) -> str:
    """Read how many have any combination, the commonest of them, and which are known in part only."""
    frame = table.frame
    if frame["status"].eq(NOT_ASSESSED).all():
        return f"Not assessed: {frame['lacking'].iloc[0] or 'issues of medicines with a BNF code are not held'}."
    every = frame[frame["kind"] == "any"].iloc[0]
    single = frame[frame["kind"] != "any"].dropna(subset=["people"])
    first = single[single["people"] > 0].head(FIRST_COMBINATIONS)
    each = [f"“{row.combination}” ({count(row.people)})" for row in first.itertuples()]
    named = f"; the commonest are {listed(each)}" if each else ""
    text = (
        f"{number(every['people'], 'person', 'people')} {who(table.about)} ({percent(every['share'])}) have at least "
        f"one of nine combinations of medicines that are linked to harm{named}."
    )
    partly = frame[frame["status"].eq(PARTLY) & frame["kind"].ne("any")]
    absent = frame[frame["status"].eq(NOT_ASSESSED)]
    text += f" In part only: {_named(partly)}." if len(partly) else ""
    text += f" Not assessed: {_named(absent)}." if len(absent) else ""
    return f"{text} A pharmacist or prescriber looks at each person before any medicine is changed."


def _named(rows: pd.DataFrame) -> str:
    return "; ".join(f"“{row.combination}” (not known: {row.lacking})" for row in rows.itertuples())


@of_released
def scores_not_assessed(table: ReleasedTable) -> str:
    """Read of what nothing could be assessed, and of how many things a part."""
    frame = table.frame
    if frame.empty:
        return "Everything on this page could be assessed in full."
    kinds = (("Not assessed at all", frame["status"].eq(NOT_ASSESSED)), ("In part only", frame["status"].eq(PARTLY)))
    told = [f"{kind}: {_by_score(frame[rows])}." for kind, rows in kinds if rows.any()]
    return f"{' '.join(told)} What was not assessed is not 0; the table says what is not known."


def _by_score(rows: pd.DataFrame) -> str:
    """Scores with the number of their variants, tiers or combinations."""
    return "; ".join(f"{score} ({count(size)})" for score, size in rows.groupby("score", sort=False).size().items())


@of_released
def variants_apart(table: ReleasedTable) -> str:
    """Read which two variants of each score agree least and which most."""
    frame = table.frame
    if frame.empty:
        return "No score has two variants that could be assessed on these people."
    parts = []
    for score, rows in frame.dropna(subset=["agreement"]).groupby("score", sort=False):
        low, high = rows["agreement"].astype(float).min(), rows["agreement"].astype(float).max()
        alike = percent(low) if low == high else f"{percent(low)} to {percent(high)}"
        parts.append(f"{score} {alike} ({number(len(rows), 'pair')})")
    if not parts:
        return "How far variants agree is not shown: they pick too few people."
    return f"Of the people whom either of two variants picks, so many are picked by both: {'; '.join(parts)}."
