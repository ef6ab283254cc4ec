"""Which care gaps are open in each service, and how much work it is to close them: counts only.

A gap is a question for whoever opens the notes, never a finding. How long a piece of work takes is a clause like any
other, and says where it comes from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.anticipatory.whom import YES
from pcn_analysis.counted import Counted
from pcn_analysis.rules import ASSESSED, NOT_ASSESSED, PARTLY
from pcn_analysis.services.catalogue import SERVICES
from pcn_analysis.services.counts import never_of, shares, standing, tables_of
from pcn_analysis.services.service_table import GAP
from pcn_analysis.services.specification import COHORT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcn_analysis.counted import Conditions
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable
    from pcn_analysis.services.service_table import ServiceTable
    from pcn_analysis.services.specification import Task


def gaps(population: Population, year: str = "", services: Iterable[str] = SERVICES) -> SourcedTable:
    """How many people have each gap open; one person can have several.

    Returns
    -------
    SourcedTable
        One row a service and gap: service, gap, task, people, of (the cohort, or everyone registered), share with
        limits, status, missing, source, not_assessed.
    """
    rows: list[dict[str, Any]] = []
    means: dict[str, dict[Any, Conditions | None]] = {"people": {}, "of": {}}
    tables = tables_of(population, year, services)
    for table in tables:
        for one in table.service.gaps:
            known = one.name in table.gaps
            among = table.whom.cohort if one.among == COHORT else ()
            name = f"gap: {table.service.counted_as}: {one.name}"
            means["people"][table.service.title, one.name] = (*among, (name, YES)) if known else None
            means["of"][table.service.title, one.name] = among if known else None
            rows.append(
                {
                    "service": table.service.title,
                    "gap": one.name,
                    "task": one.task,
                    "people": int(table.gaps[one.name].sum()) if known else pd.NA,
                    "of": (int(table.cohort.sum()) if one.among == COHORT else len(table.people)) if known else pd.NA,
                    **standing(table, GAP, one.name),
                    "source": one.source,
                    "not_assessed": one.not_assessed,
                }
            )
    never = never_of(tables)
    counted = {name: Counted(means={("service", "gap"): said}, never=never) for name, said in means.items()}
    return shares(population, rows, counted)


def work(population: Population, year: str = "", services: Iterable[str] = SERVICES) -> SourcedTable:
    """How many people need each piece of work, and how many minutes one takes.

    Returns
    -------
    SourcedTable
        One row a service and task: service, task, role, people (with an open gap that the task closes), minutes (of
        one), standing (of the minutes), status. Hours follow once it is released (:func:`hours`).
    """
    tasks = [(table, task) for table in tables_of(population, year, services) for task in table.service.tasks]
    rows = [_of_task(table, task) for table, task in tasks]
    means: dict[Any, Conditions | None] = {
        (row["service"], row["task"]): None
        if row["status"] == NOT_ASSESSED
        else ((f"needs {row['task']} ({table.service.counted_as})", YES),)
        for (table, _), row in zip(tasks, rows, strict=True)
    }
    frame = pd.DataFrame(rows).astype({"people": "Int64", "minutes": "Float64"})
    counted = {"people": Counted(means={("service", "task"): means})}
    return population.sourced(frame, counts=("people",), numbers=("minutes",), counted=counted)


def _of_task(table: ServiceTable, task: Task) -> dict[str, Any]:
    """A piece of work with those who have an open gap that it closes."""
    closed = [one.name for one in table.service.gaps if one.task == task.name]
    held = [name for name in closed if name in table.gaps]
    return {
        "service": table.service.title,
        "task": task.name,
        "role": task.role,
        "people": int(table.gaps[held].any(axis=1).sum()) if held else pd.NA,
        "minutes": float(task.minutes.value) if task.minutes.value else pd.NA,
        "standing": task.minutes.standing,
        "status": ASSESSED if held == closed else PARTLY if held else NOT_ASSESSED,
    }


def hours(released: pd.DataFrame) -> pd.DataFrame:
    """Add hours to what is released of :func:`work`: people, times the minutes of one; null where either is not known.

    Examples
    --------
    >>> hours(pd.DataFrame({"people": pd.array([20, None], "Int64"), "minutes": pd.array([30.0, 30.0], "Float64")}))
       people  minutes  hours
    0      20     30.0   10.0
    1    <NA>     30.0   <NA>
    """
    return released.assign(hours=released["people"].astype("Float64") * released["minutes"] / 60)
