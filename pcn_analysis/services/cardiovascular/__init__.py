"""Cardiovascular disease prevention and diagnosis: the columns that its specification asks for.

Raised readings and their follow-up are in :mod:`.raised_blood_pressure`, CHA2DS2-VASc in :mod:`.stroke_risk`, total
cholesterol in :mod:`.high_cholesterol`. QRISK3 is that of :mod:`pcn_analysis.scores.qrisk3`: wherever anything of it is
shown, its disclaimer is shown with it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import lazy_loader
import narwhals as nw

from pcn_analysis import tables
from pcn_analysis.engine import lazy, like, to_pandas
from pcn_analysis.person_table import registered_people, table_of
from pcn_analysis.schema import Column
from pcn_analysis.scores.qrisk3 import DISCLAIMER, qrisk3_of
from pcn_analysis.services.cardiovascular import raised_blood_pressure as blood_pressure
from pcn_analysis.services.cardiovascular.blood_pressure_readings import LAST_READING, last_readings
from pcn_analysis.services.cardiovascular.blood_pressure_readings import UNITS as OF_PRESSURE
from pcn_analysis.services.cardiovascular.high_cholesterol import HIGH, high_cholesterol
from pcn_analysis.services.cardiovascular.high_cholesterol import UNITS as OF_CHOLESTEROL
from pcn_analysis.services.cardiovascular.stroke_risk import NEEDED, SCORES, stroke_risk
from pcn_analysis.services.columns import (
    MEDICINES,
    events_on_record,
    medicines_coded,
    of_events,
    of_medicines,
    of_values,
    readable_values,
    with_events,
    with_medicines,
    with_values,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population
    from pcn_analysis.scores.qrisk3 import Scored

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules={"counts", "treated_by_risk"})

EVENTS = (*blood_pressure.EVENTS, "familial_hypercholesterolaemia_referral", "statin", "anticoagulant")
GROUPS = ("statins", "oral_anticoagulants")
ANTIHYPERTENSIVES = "antihypertensives"
LIPIDS = {
    "ldl_cholesterol": ("LDL cholesterol", "mmol/L"),
    "non_hdl_cholesterol": ("Non-HDL cholesterol", "mmol/L"),
}
QRISK3 = (
    Column("qrisk3", "number", f"QRISK3: chance of a first heart attack or stroke within ten years. {DISCLAIMER}",
           nullable=True, minimum=0, maximum=1),
)  # fmt: skip
COLUMNS = (
    *of_events(*EVENTS),
    *of_medicines(*GROUPS),
    *of_values(LIPIDS),
    *LAST_READING,
    *blood_pressure.FOLLOW_UP,
    *SCORES,
    *HIGH,
    *QRISK3,
)
"""Columns that this service adds to the person table."""
READ = ("age", "on_af_register", "on_pc_register")
"""Columns of the person table that these are held against, beside person_id."""
WHEN_REGISTERED = "when people came on the hypertension register"


def with_columns(people: Lazy, population: Population, year: str) -> Lazy:
    """Add what is known of each person's blood pressure, stroke risk, cholesterol, QRISK3 and their treatment.

    Parameters
    ----------
    people
        Rows of the person table, lazy.
    population
        The people of a network, with their records.
    year
        The contract year, which says what CVD-01 asks.
    """
    people = with_values(with_events(people, population, *EVENTS), population, LIPIDS)
    people = with_medicines(people, population, *GROUPS)
    for columns in _found(population, year):
        people = people.join(like(columns, people), on="person_id", how="left")
    return people


def incomplete(population: Population) -> dict[str, list[str]]:
    """Which of these columns rest on less than they should, with what is missing.

    Returns
    -------
    dict
        What is missing, by column: routes of follow-up of which nobody has a record, and inputs of QRISK3.
    """
    events = events_on_record(population)
    missing = [tables.CARE_EVENT_NAMES[one] for one in blood_pressure.EVENTS if f"{one}_date" not in events]
    missing += [] if medicines_coded(population) else [MEDICINES[ANTIHYPERTENSIVES]]
    missing += [] if _dated(population) else [WHEN_REGISTERED]
    found = {"blood_pressure_follow_up": missing, "qrisk3": list(_scored(population).unassessed)}
    return {column: names for column, names in found.items() if names}


def _found(population: Population, year: str) -> list[pd.DataFrame]:
    """The columns that take long to find; each is found once and kept."""
    asked = population.once("whom cardiovascular disease asks about", lambda: _asked(population))
    on, people = population.index_date, lazy(asked)
    measured, events, issues, conditions = (
        _records(population, name) for name in ("measurements", "care_events", "medications", "conditions")
    )
    rule = blood_pressure.rule_of(year)
    made: dict[str, Callable[[], Lazy]] = {}
    if set(NEEDED) <= set(asked):
        made["stroke risk"] = lambda: stroke_risk(people)
    if set(readable_values(population, OF_PRESSURE)) == set(OF_PRESSURE):
        made["last blood pressures"] = lambda: last_readings(measured, people, on=on)
        if "on_hyp_register" in asked:
            made[f"follow-up of blood pressure {year}"] = lambda: blood_pressure.blood_pressure_follow_up(
                measured, events, issues, conditions, people, on=on, rule=rule
            )
    if set(readable_values(population, OF_CHOLESTEROL)) == set(OF_CHOLESTEROL):
        made[f"high cholesterol {year}"] = lambda: high_cholesterol(measured, people, on=on, year=year)
    scores = _scored(population).scores
    if scores is not None:
        made["chances by QRISK3"] = lambda: scores.select("person_id", "qrisk3")
    return [population.once(what, partial(_kept, find)) for what, find in made.items()]


def _asked(population: Population) -> pd.DataFrame:
    """Everyone registered with what the columns rest on; the person table is a long chain, and is run once for all."""
    table = table_of(population)
    there = [name for name in ("birth_date", "on_hyp_register", *NEEDED) if name in table.collect_schema().names()]
    return to_pandas(table.select("person_id", *there))


def _kept(find: Callable[[], Lazy]) -> pd.DataFrame:
    found = find()
    dates = [name for name in found.collect_schema().names() if name.endswith("_date")]
    return to_pandas(found.with_columns(nw.col(name).cast(nw.Date) for name in dates) if dates else found)


def _scored(population: Population) -> Scored:
    """QRISK3 of everyone registered; worked out once."""

    def find() -> Scored:
        return qrisk3_of(population, registered_people(population.tables["persons"], on=population.index_date))

    return population.once("QRISK3 of everyone registered", find)


def _records(population: Population, name: str) -> Lazy:
    """A table of records; an empty one where there is none."""
    return population.tables.get(name, lazy(tables.NAMED[name].empty()))


def _dated(population: Population) -> bool:
    """Whether records say when hypertension was first recorded."""
    dated = "hypertension_date" in table_of(population).collect_schema().names()
    return dated and "conditions" in population.tables
