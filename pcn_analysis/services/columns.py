"""Columns that services ask for beside the person table: latest events of care, issues of medicines, values.

A column is made only if the records say something of it of anybody; one that is not there could not be assessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from pcn_analysis import codelists, tables
from pcn_analysis.person.care_events import event_columns, latest_events, recorded_events
from pcn_analysis.person.measurements import latest_values, readable_measurements
from pcn_analysis.person.medicine_lists import issues_on_lists
from pcn_analysis.person.medicines import has_bnf_codes
from pcn_analysis.person.wide import beside, set_wide
from pcn_analysis.schema import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population

MEDICINES: dict[str, str] = codelists.names("service_medicine_groups", "group")
"""Groups of medicines that services ask for, by their short names."""
_SAID = {"": "latest record of it", "_declined": "latest record that it was declined or unsuitable",
         "_offered": "latest record of an offer"}  # fmt: skip


def of_events(*events: str) -> tuple[Column, ...]:
    """Describe the columns of some events of care, as :func:`with_events` makes them.

    Examples
    --------
    >>> [column.name for column in of_events("fit_test")][:2]
    ['fit_test_date', 'fit_test_declined_date']
    """
    return tuple(
        Column(f"{event}{suffix}_date", "date", f"{tables.CARE_EVENT_NAMES[event]}: {said}.", nullable=True)
        for event in events
        for suffix, said in _SAID.items()
    )


def of_medicines(*groups: str) -> tuple[Column, ...]:
    """Describe the columns of some groups of medicines, as :func:`with_medicines` makes them."""
    return tuple(
        Column(f"{group}_date", "date", f"{MEDICINES[group]}: latest issue before the index date.", nullable=True)
        for group in groups
    )


def of_values(measurements: Mapping[str, tuple[str, str]]) -> tuple[Column, ...]:
    """Describe the columns of some measurements, given by name and unit, as :func:`with_values` makes them."""
    return tuple(
        column
        for slug, (name, unit) in measurements.items()
        for column in (
            Column(slug, "number", f"{name}: latest value before the index date.", nullable=True, unit=unit),
            Column(f"{slug}_date", "date", f"{name}: date of that value.", nullable=True),
        )
    )


def events_on_record(population: Population) -> set[str]:
    """Columns of events of care of which anyone has a record before the index date; found once."""
    records, on = population.tables.get("care_events"), population.index_date
    if records is None:
        return set()
    return population.once("recorded care events", lambda: recorded_events(records, on=on))


def medicines_coded(population: Population) -> bool:
    """Whether issues of medicines have BNF codes; looked up once."""
    issues, on = population.tables.get("medications"), population.index_date
    return issues is not None and population.once("medicines are coded", lambda: has_bnf_codes(issues, on=on))


def readable_values(population: Population, units: Mapping[str, str]) -> list[str]:
    """Measurements, of those named with their units, of which anyone has a value that can be read; looked up once."""
    records, on = population.tables.get("measurements"), population.index_date
    if records is None:
        return []
    return population.once(f"readable {sorted(units)}", lambda: readable_measurements(records, on=on, units=units))


def with_events(people: Lazy, population: Population, *events: str) -> Lazy:
    """Add when each person last had, declined or was offered some events of care before the index date."""
    records, on = population.tables.get("care_events"), population.index_date
    recorded = events_on_record(population)
    columns = [name for event in events for name in event_columns(event) if name in recorded]
    if records is None or not columns:
        return people
    return people.join(latest_events(records, people, on=on, columns=columns), on="person_id", how="left")


def with_medicines(people: Lazy, population: Population, *groups: str) -> Lazy:
    """Add the latest issue before the index date of some groups of codelists/service_medicine_groups.csv."""
    issues, on = population.tables.get("medications"), population.index_date
    if issues is None or not medicines_coded(population):
        return people
    rows = [row for row in codelists.rows("service_medicine_groups") if row["group"] in groups]
    date = nw.col("drug_exposure_start_date").cast(nw.Date)
    dated = issues.select("person_id", "bnf_code", _date=date).filter(nw.col("_date") < on)
    latest = issues_on_lists(dated, rows, name="group").group_by("person_id", "group").agg(nw.col("_date").max())
    wide = set_wide(latest, "group", {f"{group}_date": (group, "_date") for group in groups})
    return people.join(beside(people, wide), on="person_id", how="left")


def with_values(people: Lazy, population: Population, measurements: Mapping[str, tuple[str, str]]) -> Lazy:
    """Add the latest values of some measurements, given by name and unit, with their dates."""
    records, on = population.tables.get("measurements"), population.index_date
    units = {slug: unit for slug, (_, unit) in measurements.items()}
    known = readable_values(population, units)
    if records is None or not known:
        return people
    found = latest_values(records, people, {slug: units[slug] for slug in known}, on=on)
    return people.join(found, on="person_id", how="left")


def by_name(columns: Iterable[Column]) -> dict[str, Column]:
    """Columns of the service table, by name: those of the person table and those that a service adds."""
    return {column.name: column for column in (*tables.PERSON_TABLE.columns, *columns)}
