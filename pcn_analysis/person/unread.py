"""Columns of which a source says nothing of anybody before the index date: they are left out of the person table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from pcn_analysis import tables
from pcn_analysis.engine import to_pandas
from pcn_analysis.person.activity import recorded_activity
from pcn_analysis.person.conditions import hospital_conditions
from pcn_analysis.person.measurements import readable_measurements
from pcn_analysis.person.medicines import has_bnf_codes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population

SOMETIMES_TOLD = ("ethnicity", "care_home", "housebound", "carer")
"""Columns of persons that a source may leave empty for everyone."""


def untold_columns(population: Population) -> list[str]:
    """List the columns of persons that are empty for everyone; of nobody, none is."""

    def find() -> list[str]:
        persons = population.tables["persons"]
        held = [name for name in SOMETIMES_TOLD if name in persons.collect_schema().names()]
        known = to_pandas(persons.select("person_id", *held).select(nw.all().count())).iloc[0]
        return [name for name in held if known["person_id"] and not known[name]]

    return population.once("untold", find)


def unread_columns(population: Population, name: str, on: dt.date) -> list[str]:
    """List the columns that a table of records, by name, would fill and says nothing for before the index date."""
    return population.once(f"unread {name} {on}", lambda: _UNREAD[name](population.tables[name], on))


def _medicines(records: Lazy, on: dt.date) -> list[str]:
    groups = [] if has_bnf_codes(records, on=on) else tables.MEDICINE_GROUPS
    return [column for group in groups for column in (f"{group}_12m", f"{group}_date")]


def _measurements(records: Lazy, on: dt.date) -> list[str]:
    readable = readable_measurements(records, on=on)
    unread = [slug for slug in tables.LATEST_MEASUREMENTS if slug not in readable]
    unread += [tables.BEST_FILTRATION_RATE] if "egfr" in unread else []
    return [column for slug in unread for column in (slug, f"{slug}_date")]


def _activity(records: Lazy, on: dt.date) -> list[str]:
    recorded = recorded_activity(records, on=on)
    return [column for column in tables.ACTIVITY if column not in recorded]


def _conditions(records: Lazy, on: dt.date) -> list[str]:
    known = hospital_conditions(records, on=on)
    return [] if known else [f"{slug}_hospital_date" for slug in tables.HOSPITAL_DATES]


_UNREAD: dict[str, Callable[[Lazy, dt.date], list[str]]] = {
    "conditions": _conditions,
    "medications": _medicines,
    "measurements": _measurements,
    "encounters": _activity,
}
