"""The tables of a plan: posts, what they cover, who does what, and what keeps more from being covered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.workforce.team_checks import UNIT
from pcn_analysis.workforce.team_inputs import pounds
from pcn_analysis.workforce.team_model import cost_of

if TYPE_CHECKING:
    from pcn_analysis.workforce.team_inputs import Case
    from pcn_analysis.workforce.team_model import Team

NEARLY = 1e-6
"""Hours, or share of the bound, below which a difference is the precision of the solver."""
POSTS = ("role", "name", "now", "planned", "added", "cost", "hours", "used")
COVER = ("task", "weight", "hours", "covered", "share", "by")
SPLIT = ("task", "role", "name", "hours")


def outside(case: Case) -> float:
    """Hours a month of work that no role can do."""
    return sum(one.hours for one in case.work if not one.roles)


def posts_of(case: Case, team: Team) -> pd.DataFrame:
    """One row a role: who is there, who is planned, what they cost and do."""
    rows = []
    for at, (role, parts) in enumerate(zip(case.roles, team.parts, strict=True)):
        planned = role.base + parts * case.part
        rows.append(
            {"role": role.slug, "name": role.name, "now": role.now / UNIT, "planned": planned / UNIT,
             "added": (planned - role.now) / UNIT, "cost": pounds(role.base_cost + role.part_cost * parts),
             "hours": round(role.hours * planned / UNIT, 6), "used": round(float(team.split[:, at].sum()), 6)}
        )  # fmt: skip
    found = pd.DataFrame(rows, columns=list(POSTS))
    return found.astype(dict.fromkeys(POSTS[2:], "Float64"))


def cover_of(case: Case, team: Team) -> pd.DataFrame:
    """One row a task: how much of it is covered, and by whom."""
    rows = []
    for at, one in enumerate(case.work):
        hours = team.split[at]
        order = sorted((place for place in one.roles if hours[place] > NEARLY), key=lambda place: -hours[place])
        covered = min(float(hours.sum()), one.hours)
        rows.append(
            {"task": one.task, "weight": one.weight, "hours": one.hours, "covered": round(covered, 6),
             "share": round(covered / one.hours, 9) if one.hours else pd.NA,
             "by": ", ".join(case.roles[place].name for place in order)}
        )  # fmt: skip
    rows += [{"task": task, "by": ""} for task in case.not_shown]
    found = pd.DataFrame(rows, columns=list(COVER)).astype(dict.fromkeys(COVER[1:5], "Float64"))
    return found.sort_values("task", ignore_index=True)


def split_of(case: Case, team: Team) -> pd.DataFrame:
    """One row a task and role that does any of it."""
    rows = [
        {"task": one.task, "role": case.roles[place].slug, "name": case.roles[place].name,
         "hours": float(team.split[at, place])}
        for at, one in enumerate(case.work)
        for place in one.roles
        if team.split[at, place] > NEARLY
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(SPLIT)).astype({"hours": "Float64"})


def binding(case: Case, team: Team) -> tuple[str, ...]:
    """What keeps the team from covering more: read off the team, so that it is so whatever the solver did."""
    open_to = {
        place
        for at, one in enumerate(case.work)
        if one.weight and one.hours - team.split[at].sum() > NEARLY
        for place in one.roles
    }
    said = []
    cheapest: list[int] = []
    for at in sorted(open_to):
        role = case.roles[at]
        held = role.base + team.parts[at] * case.part
        if role.available is not None and held + case.part > role.available:
            said.append(f"{role.name}: no more than {role.available / UNIT:.2f} WTE can be had")
        elif role.hours:
            cheapest.append(role.part_cost)
    spent = cost_of(case, team.parts)
    if cheapest and case.budget is not None and spent + min(cheapest) > case.budget:
        left = pounds(case.budget - spent)
        said.append(f"the sum: £{left:,.2f} are left, and the cheapest part that would help costs more")
    for group, smallest in sorted(case.smallest.items()):
        members = case.members(group)
        held = sum(case.roles[at].base + team.parts[at] * case.part for at in members)
        if open_to & set(members) and not held:
            names = ", ".join(case.roles[at].name for at in members)
            said.append(f"a team of at least {smallest / UNIT:.2f} WTE of {names} was not to be had within the rest")
    if outside(case):
        said.append("some work can be done by no role of this plan")
    return tuple(said)
