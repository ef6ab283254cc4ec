"""Rows of work, of open gaps and of segments alike: a task, who does it, and its hours in a month."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pcn_analysis.workforce.role_words import NAMES, OF_SCHEME
from pcn_analysis.workforce.team_checks import SEPARATOR, named

COLUMNS = (
    "task", "group", "basis", "role", "name", "of_scheme", "roles", "people", "minutes", "a_month", "hours", "status",
)  # fmt: skip


def can_do(task_roles: pd.DataFrame) -> dict[str, list[str]]:
    """Who can do each task, the usual role first."""
    return {row["task"]: named(row["roles"]) for row in task_roles.to_dict("records")}


def hours_of(roles: list[str], people: Any, minutes: Any, a_month: float) -> dict[str, Any]:
    """Who does it, and the hours of a month; null where people or minutes are not known."""
    known = pd.notna(people) and pd.notna(minutes)
    return {
        "role": roles[0], "name": NAMES[roles[0]], "of_scheme": roles[0] in OF_SCHEME,
        "roles": f"{SEPARATOR} ".join(roles), "people": people, "minutes": minutes, "a_month": a_month,
        "hours": float(people) * float(minutes) / 60 * a_month if known else pd.NA,
    }  # fmt: skip


def rows_of(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows of tasks as a frame, what is not known null."""
    words = dict.fromkeys(("task", "group", "basis", "role", "name", "roles", "status"), "string")
    numbers = dict.fromkeys(("minutes", "a_month", "hours"), "Float64")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(
        {**words, **numbers, "people": "Int64", "of_scheme": "boolean"}
    )
