"""Every table of the project, described once.

Validation, the data dictionary (``docs/data_dictionary.md``), adapters and synthetic data derive from these
descriptions. The published tables are filled by ``pcn-analysis prepare``; records of people are held by a
:class:`pcn_analysis.population.Population`, and one row for each of them by the person table.

Names follow OMOP where it has one. Identifiers are strings. Dates are plain dates. Missing is null.
"""

from __future__ import annotations

from pcn_analysis.schema import Table
from pcn_analysis.tables.person import (
    ACTIVITY,
    ATTRIBUTES,
    BEST_FILTRATION_RATE,
    CONDITION_NAMES,
    EVER_DATES,
    FIRST_DATES,
    FRAILTY_BANDS,
    HOSPITAL_DATES,
    LATEST_MEASUREMENTS,
    MEASURED,
    MEDICINE_GROUPS,
    MULTIMORBIDITY_SCORES,
    PERSON_TABLE,
    REASONS,
    REGISTERS,
    register_column,
)
from pcn_analysis.tables.published import (
    AREAS,
    COUNTRY_NETWORKS,
    DISEASE_REGISTERS,
    EARLIER_MEMBERSHIPS,
    NETWORK_PAYMENTS,
    NETWORK_WORKFORCE,
    PRACTICE_PAYMENTS,
    PRACTICES,
    PUBLISHED,
    PUBLISHED_MEASURES,
    REGISTRATIONS_BY_AGE,
    REGISTRATIONS_BY_AREA,
)
from pcn_analysis.tables.records import (
    CARE_EVENT_NAMES,
    CARE_EVENTS,
    CARE_HOME_STAYS,
    CARE_HOMES,
    CARE_OUTCOMES,
    CONDITIONS,
    ENCOUNTERS,
    MEASUREMENTS,
    MEDICATIONS,
    OBSERVATION_PERIOD,
    PERSONS,
)
from pcn_analysis.tables.shared import (
    AREA_CODE,
    CODE,
    ORGANISATION,
    PERSON_ID,
    PRACTICE_CODE,
)

__all__ = [
    "ACTIVITY",
    "ALL",
    "AREAS",
    "AREA_CODE",
    "ATTRIBUTES",
    "BEST_FILTRATION_RATE",
    "CARE_EVENTS",
    "CARE_EVENT_NAMES",
    "CARE_HOMES",
    "CARE_HOME_STAYS",
    "CARE_OUTCOMES",
    "CODE",
    "CONDITIONS",
    "CONDITION_NAMES",
    "COUNTRY_NETWORKS",
    "DISEASE_REGISTERS",
    "EARLIER_MEMBERSHIPS",
    "ENCOUNTERS",
    "EVER_DATES",
    "FIRST_DATES",
    "FRAILTY_BANDS",
    "HOSPITAL_DATES",
    "LATEST_MEASUREMENTS",
    "MEASURED",
    "MEASUREMENTS",
    "MEDICATIONS",
    "MEDICINE_GROUPS",
    "MULTIMORBIDITY_SCORES",
    "NAMED",
    "NETWORK_PAYMENTS",
    "NETWORK_WORKFORCE",
    "OBSERVATION_PERIOD",
    "ORGANISATION",
    "PEOPLE",
    "PERSONS",
    "PERSON_ID",
    "PERSON_TABLE",
    "PRACTICES",
    "PRACTICE_CODE",
    "PRACTICE_PAYMENTS",
    "PUBLISHED",
    "PUBLISHED_MEASURES",
    "REASONS",
    "REGISTERS",
    "REGISTRATIONS_BY_AGE",
    "REGISTRATIONS_BY_AREA",
    "register_column",
]

PEOPLE: tuple[Table, ...] = (
    PERSONS,
    CONDITIONS,
    MEDICATIONS,
    MEASUREMENTS,
    ENCOUNTERS,
    CARE_EVENTS,
    CARE_HOME_STAYS,
    CARE_HOMES,
    OBSERVATION_PERIOD,
    ATTRIBUTES,
    PERSON_TABLE,
    REASONS,
)

ALL: tuple[Table, ...] = PUBLISHED + PEOPLE

NAMED: dict[str, Table] = {table.name: table for table in ALL}
