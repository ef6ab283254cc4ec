"""Who has a care gap open in a service: rows of people, which go to their practices as lists and nowhere else.

The people of a gap are those that :func:`pcn_analysis.services.work.gaps` counts: both follow from one table of the
service. A gap is a question for whoever opens the notes, never a finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from pcn_analysis.anticipatory.eligibility import not_known, reasons
from pcn_analysis.contract.years import asked_year
from pcn_analysis.engine import to_pandas
from pcn_analysis.exceptions import PcnAnalysisError, problem
from pcn_analysis.services.catalogue import find_service
from pcn_analysis.services.service_table import PRIORITY, service_table, with_service_columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcn_analysis.exceptions import Problem
    from pcn_analysis.population import Population
    from pcn_analysis.services.service_table import ServiceTable
    from pcn_analysis.services.specification import Due, ServiceSpecification, Task

NOW = "now"
JOINED = "; "
COLUMNS = ("person_id", "practice_code", "priority", "open_gaps", "due", "tasks", "roles", "minutes")


@dataclass(frozen=True)
class OpenGaps:
    """Who has a gap open in a service, and why they are in its cohort.

    Parameters
    ----------
    service
        The specification.
    people
        One row a person with an open gap, the first in order first: person_id; practice_code; priority, their place in
        that order, from 1; open_gaps; due (the earliest day on which one was or will be due, or "now" where it is due
        at once and none before); tasks, roles and minutes (of all tasks together; empty where they are not known of
        one). The order is by priority in the cohort, those outside it last, then by when the first gap is due, then by
        how many are open.
    reasons
        One row a person and reason for being in the cohort: person_id, element, date (of the latest record behind it;
        null for a count or a state). Whoever is outside the cohort has none.
    """

    service: ServiceSpecification
    people: pd.DataFrame
    reasons: pd.DataFrame


def why_no_list(population: Population, service: str, year: str) -> list[Problem]:
    """Why nobody knows whom a service is for; empty where it is known."""
    specification = find_service(service, year)
    return not_known(with_service_columns(population, service, year), specification.cohort)


def open_gaps(population: Population, service: str, year: str = "") -> OpenGaps:
    """Find everyone of a network who has a gap open in a service on the index date.

    Parameters
    ----------
    population
        The people of a network.
    service
        One of :data:`pcn_analysis.services.catalogue.SERVICES`.
    year
        The contract year; that of the index date if none is given.

    Raises
    ------
    PcnAnalysisError
        If there is no such service or year, nobody knows whom the service is for, or none of its gaps could be
        assessed.
    """
    year = asked_year(year, population.index_date)
    specification = find_service(service, year)
    if problems := why_no_list(population, service, year):
        raise PcnAnalysisError(*problems)
    table = service_table(population, service, year)
    if table.gaps.empty and not len(table.gaps.columns):
        what = f"none of the gaps of “{specification.title}” could be assessed"
        raise problem("records", what, "Bring records of the care that it asks for.")
    people = _ordered(_rows(table, _dates(population, table, year), pd.Timestamp(population.index_date)))
    return OpenGaps(specification, people, _reasons(population, specification, set(people["person_id"])))


def _dates(population: Population, table: ServiceTable, year: str) -> pd.DataFrame:
    """The dates after which gaps are due, of the same people in the same order."""
    asked = sorted({gap.due.column for gap in table.service.gaps if gap.name in table.gaps and gap.due.column})
    people = with_service_columns(population, table.service.name, year)
    held = [name for name in asked if name in people.collect_schema().names()]
    dates = to_pandas(people.select("person_id", *(nw.col(name).cast(nw.Datetime) for name in held)))
    dates = dates.set_index("person_id").reindex(table.people["person_id"]).reset_index(drop=True)
    return dates.reindex(columns=asked).astype("datetime64[us]")


def _rows(table: ServiceTable, dates: pd.DataFrame, on: pd.Timestamp) -> pd.DataFrame:
    """A row for each person with an open gap, with everything but the order."""
    gaps = [gap for gap in table.service.gaps if gap.name in table.gaps]
    tasks = [task for task in table.service.tasks if task.name in {gap.task for gap in gaps}]
    open_ = table.gaps[[gap.name for gap in gaps]]
    needed = pd.DataFrame(
        {task.name: open_[[gap.name for gap in gaps if gap.task == task.name]].any(axis=1) for task in tasks}
    )
    due = pd.DataFrame({gap.name: _due(gap.due, dates, on).where(open_[gap.name]) for gap in gaps}).min(axis=1)
    nothing = pd.Series(pd.NA, index=open_.index)
    rows = pd.DataFrame(
        {
            "person_id": table.people["person_id"],
            "practice_code": table.people.get("practice_code", nothing).astype("str"),
            PRIORITY: table.people[PRIORITY].astype("Float64"),
            "open_gaps": _together(open_),
            "first_due": due,
            "due": due.dt.strftime("%Y-%m-%d").mask(due.eq(on), NOW).astype("str"),
            "tasks": _together(needed),
            "roles": _together(_by_role(tasks, needed)),
            "minutes": _minutes(tasks, needed),
            "how_many": open_.sum(axis=1),
        }
    )
    return rows[rows["how_many"] > 0]


def _due(due: Due, dates: pd.DataFrame, on: pd.Timestamp) -> pd.Series:
    """When a gap is due: on the index date where nothing says when."""
    if not due.column:
        return pd.Series(on, index=dates.index)
    return (dates[due.column] + pd.DateOffset(months=due.months)).astype("datetime64[us]").fillna(on)


def _by_role(tasks: Iterable[Task], needed: pd.DataFrame) -> pd.DataFrame:
    """Whether each person needs any task of each role."""
    of_role = {task.name: task.role for task in tasks}
    roles = dict.fromkeys(of_role.values())
    return pd.DataFrame(
        {role: needed[[name for name in of_role if of_role[name] == role]].any(axis=1) for role in roles}
    )


def _minutes(tasks: Iterable[Task], needed: pd.DataFrame) -> pd.Series:
    """Minutes of all tasks that each person needs, in words; empty where they are not known of one."""
    takes = pd.Series({task.name: float(task.minutes.value or "nan") for task in tasks})
    total = needed[takes.index[takes.notna()]].mul(takes.dropna()).sum(axis=1)
    return total.map("{:g}".format).mask(needed[takes.index[takes.isna()]].any(axis=1), "").astype("str")


def _together(holds: pd.DataFrame) -> pd.Series:
    """Names of the columns that hold of each person, in one text."""
    text = pd.Series("", index=holds.index, dtype="str")
    for name in holds:
        text = text.mask(holds[name], text.where(text.eq(""), text + JOINED) + str(name))
    return text


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in the order in which they are to be looked at, with the place of each."""
    by = [PRIORITY, "first_due", "how_many", "person_id"]
    ordered = rows.sort_values(by, ascending=[True, True, False, True], na_position="last", ignore_index=True)
    return ordered.assign(priority=range(1, len(ordered) + 1))[list(COLUMNS)]


def _reasons(population: Population, service: ServiceSpecification, listed: set[str]) -> pd.DataFrame:
    """Why those who are listed are in the cohort."""
    table = with_service_columns(population, service.name, service.contract_year)
    why = reasons(table, service.cohort, on=population.index_date).select(
        "person_id", "element", date=nw.col("date").cast(nw.Datetime)
    )
    found = to_pandas(why)
    return found[found["person_id"].isin(listed)].reset_index(drop=True)
