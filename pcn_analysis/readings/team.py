"""Sentences on two plans of a team: what they cost and cover, what each sum buys, and which assumption matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.readings.released import of_released
from pcn_analysis.words import NOT_KNOWN, count, listed, number, percent, pounds, within_sentence

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

OPTIMAL, LIMITED, INFEASIBLE = "optimal", "time limit: best found", "infeasible"
SOLVED = (OPTIMAL, "within the gap asked for", LIMITED)
WITHOUT = {
    INFEASIBLE: "no team keeps all that is asked; the table says why.",
    "time limit: no team found": "no team was found in time. That does not say that there is none.",
    "no sum is known": "no plan, as what the contract pays for additional roles in this year is not known. Give a sum "
    "(parameter budget of the scenario).",
    "no cost is known": "no plan, as what a post costs is known of no role in this year. Give it (parameter salaries).",
    "no work is known": "no plan, as no hours of work are known.",
}
"""What is said of a scenario without a plan."""
OUTSIDE, HIDDEN = "no role that is planned can do it", "hours not shown"
NEARLY_ALL = 0.9995
"""Share that is written as 100%."""


@of_released
def team_plans(table: ReleasedTable, posts: ReleasedTable) -> str:
    """Read what each scenario asks for, what its plan costs and covers, how sure it is, and who is left out."""
    told = [_plan(row) for row in table.frame.itertuples()]
    frame = posts.frame
    left_out = frame.loc[frame["cost_of"].eq(NOT_KNOWN), "now"].sum()
    if left_out > 0 and table.frame["status"].isin(SOLVED).any():
        told.append(
            f"No plan holds the {left_out:.1f} whole-time equivalents who are there and whose cost is not known: the "
            f"sum pays them as well, and they do some of this work."
        )
    return (
        f"{' '.join(told)} A plan is arithmetic on what is assumed: a question for a clinical director, not an answer."
    )


def _plan(row: Any) -> str:
    text = f"Scenario {row.scenario} ({row.asked}): "
    if row.status not in SOLVED:
        return f"{text}{WITHOUT[row.status]}"
    text += (
        f"the team costs {pounds(row.cost)} of {pounds(row.budget)} a year and covers {percent(row.coverage)} of "
        f"{count(row.hours)} hours a month"
    )
    if row.outside > 0:
        text += f"; {percent(row.outside / row.hours)} can be done by no role that is planned"
    if row.contact - row.used >= 1:
        text += f"; {count(row.contact - row.used)} of its {count(row.contact)} contact hours are left over"
    return f"{text}. {_sure(row)}"


def _sure(row: Any) -> str:
    if row.status == OPTIMAL:
        return "It is proven that no team within the sum covers more."
    stopped = "The search stopped at its time limit: " if row.status == LIMITED else ""
    bound = f"no team within the sum covers more than {percent(row.bound)} (gap {percent(row.gap)})."
    return stopped + (bound if stopped else bound.capitalize())


@of_released
def team_cover(table: ReleasedTable) -> str:
    """Read which work is covered by nobody, which is covered in full, and which is not shown."""
    frame = table.frame
    if frame.empty:
        return "Which work would be covered is not known: there is no plan."
    told = [_covered(frame, name, prefix) for name, prefix in (("A", ""), ("B", "other_"))]
    hidden = frame.loc[
        frame["status"].eq(HIDDEN).fillna(False) | frame["other_status"].eq(HIDDEN).fillna(False), "task"
    ]
    told.append(f"Not shown, and so not planned: {listed(hidden.to_list())}." if len(hidden) else "")
    return " ".join(one for one in told if one)


def _covered(frame: pd.DataFrame, name: str, prefix: str) -> str:
    share, status = frame[f"{prefix}share"], frame[f"{prefix}status"]
    if share.isna().all():
        return ""
    full, known = int(share.ge(NEARLY_ALL).sum()), int(share.notna().sum())
    text = f"In scenario {name} {full} of {number(known, 'task')} {'is' if full == 1 else 'are'} covered in full"
    none = share.eq(0).fillna(False)
    for rows, words in (
        (none & status.eq(OUTSIDE).fillna(False), "no role that is planned can do"),
        (none & status.ne(OUTSIDE).fillna(False), "nobody does, though somebody could:"),
    ):
        names = [within_sentence(one) for one in frame.loc[rows, "task"]]
        text += f"; {words} {listed(names)}" if names else ""
    return f"{text}."


@of_released
def team_trade_off(table: ReleasedTable) -> str:
    """Read where each scenario's curve begins and ends, and how much of it the first half of the money buys."""
    frame = table.frame
    if frame.empty:
        return "What each sum would buy is not known: there is no plan."
    return " ".join(_curve(str(name), rows) for name, rows in frame.groupby("scenario"))


def _curve(name: str, rows: pd.DataFrame) -> str:
    first, last = rows.iloc[0], rows.iloc[-1]
    text = f"In scenario {name} the cheapest team that is possible costs {pounds(first['cost'])} and covers "
    text += f"{percent(first['coverage'])}"
    if len(rows) == 1:
        return f"{text}; a larger sum buys no more."
    text += f"; {pounds(last['cost'])} cover {percent(last['coverage'])}."
    half = rows[rows["cost"].le((first["cost"] + last["cost"]) / 2)].iloc[-1]
    text += (
        f" Of the {_points(last, first)} percentage points that further money adds, {_points(half, first)} come with "
        f"the first {pounds(half['cost'] - first['cost'])} of {pounds(last['cost'] - first['cost'])}."
    )
    unsure = int(rows["status"].ne(OPTIMAL).sum())
    return text + (f" {unsure} of {number(len(rows), 'team')} may not be the best." if unsure else "")


def _points(of: pd.Series, before: pd.Series) -> str:
    return f"{(of['coverage'] - before['coverage']) * 100:.1f}"


@of_released
def team_sensitivity(table: ReleasedTable) -> str:
    """Read which assumption moves the cover most in each scenario; or, where none does, the cost."""
    frame = table.frame
    if frame.empty:
        return "Which assumption matters is not known: there is no plan."
    return " ".join(_matters(str(name), rows) for name, rows in frame.groupby("scenario"))


def _matters(name: str, rows: pd.DataFrame) -> str:
    changed = rows[rows["change"].ne(0)]
    by = percent(changed["change"].abs().max())
    none = changed[changed["coverage"].isna()]
    text = "".join(
        f"In scenario {name} there is no team if {row.assumption} is {by} {_direction(row.change)}. "
        for row in none.itertuples()
    )
    moved = changed[changed["difference"].abs().gt(0.0005).fillna(False)]
    if len(moved):
        far = moved.loc[moved["difference"].astype(float).abs().idxmax()]
        return (
            f"{text}In scenario {name} what matters most is {far['assumption']}: {by} {_direction(far['change'])}, the "
            f"team covers {percent(far['coverage'])} in place of {percent(_planned(rows, 'coverage'))}."
        )
    known = changed.dropna(subset=["cost"])
    if known.empty:
        return text.rstrip()
    away = (known["cost"] - _planned(rows, "cost")).astype(float).abs()
    far = known.loc[away.idxmax()]
    return (
        f"{text}In scenario {name} no assumption changes what is covered; what it costs rests most on "
        f"{far['assumption']}: {by} {_direction(far['change'])}, {pounds(far['cost'])} in place of "
        f"{pounds(_planned(rows, 'cost'))}."
    )


def _planned(rows: pd.DataFrame, column: str) -> Any:
    return rows.loc[rows["change"].eq(0), column].iloc[0]


def _direction(change: Any) -> str:
    return "lower" if change < 0 else "higher"
