"""Our own tables, as files."""

from __future__ import annotations

from tests.deliveries.people import (
    CONTACTS,
    DIAGNOSES,
    EVENTS,
    HOMES,
    ISSUES,
    PEOPLE,
    READINGS,
    STAYS,
    born,
    person_of,
    rows_of,
)
from tests.deliveries.sheets import Delivered, filled_sheet


def own_tables() -> Delivered:
    """Files named and laid out as ``tables.py`` says."""
    people, sheets = rows_of(PEOPLE), {}
    sheets["persons"] = filled_sheet(
        "person_id,sex,birth_date,birth_precision,death_date,lsoa21,imd_decile,imd_version,practice_code,care_home",
        [
            (one["person"], one["sex"], born(one), "month", one["died"], one["area"], index % 10 + 1, "2025",
             one["practice"], "yes" if index % 5 == 4 else "no")
            for index, one in enumerate(people)
        ],
        person_id="person!", sex="word", birth_date="birth!", birth_precision="word", death_date="death",
        imd_decile="number",
    )  # fmt: skip
    sheets["conditions"] = filled_sheet(
        "person_id,condition_start_date,code,code_system,condition,status,source",
        [(person_of(one["person"]), one["day"], one["snomed"], "snomed", one["slug"], "active", "gp")
         for one in rows_of(DIAGNOSES)],
        person_id="person!", condition_start_date="day!", code="code!", code_system="word!", status="word",
        source="word!",
    )  # fmt: skip
    sheets["measurements"] = filled_sheet(
        "person_id,measurement_date,measurement,value_as_number,operator,unit",
        [(person_of(one["person"]), one["day"], "bmi", one["value"], "=", "kg/m2") for one in rows_of(READINGS)],
        person_id="person!", measurement_date="day!", value_as_number="number", operator="word",
    )  # fmt: skip
    sheets["medications"] = filled_sheet(
        "person_id,drug_exposure_start_date,code,code_system,bnf_code,drug_name,quantity",
        [(person_of(one["person"]), one["day"], one["product"], "dmd", "0601022B0", one["name"], one["quantity"])
         for one in rows_of(ISSUES)],
        person_id="person!", drug_exposure_start_date="day!", code="code!", code_system="word!", drug_name="text!",
    )  # fmt: skip
    sheets["encounters"] = filled_sheet(
        "visit_id,person_id,visit_type,visit_start_date,visit_end_date,admission_method,attended",
        [(f"{index:09d}", person_of(one["person"]), one["kind"], one["day"], one["end"], one["method"], "1")
         for index, one in enumerate(rows_of(CONTACTS), start=1)],
        visit_id="key!", person_id="person!", visit_type="word!", visit_start_date="day!", visit_end_date="date",
        attended="word!",
    )  # fmt: skip
    sheets["care_events"] = filled_sheet(
        "person_id,event_date,event,outcome,code,code_system",
        [(person_of(one["person"]), one["day"], one["event"], one["outcome"], one["code"], "local")
         for one in rows_of(EVENTS)],
        person_id="person!", event_date="day!", outcome="word", code="code", code_system="word",
    )  # fmt: skip
    sheets["care_home_stays"] = filled_sheet(
        "person_id,care_home_code,start_date,end_date,arrived_from",
        [(person_of(one["person"]), one["home"], one["start"], one["end"], one["from"]) for one in rows_of(STAYS)],
        person_id="person!", care_home_code="text!", start_date="day!", end_date="date", arrived_from="word",
    )  # fmt: skip
    sheets["care_homes"] = filled_sheet(
        "care_home_code,care_home_name,beds,nursing,pcn_code",
        [(one["home"], one["name"], one["beds"], one["nursing"], one["network"]) for one in rows_of(HOMES)],
        care_home_code="key!", care_home_name="text!", beds="text!", nursing="text!",
    )  # fmt: skip
    sheets["observation_period"] = filled_sheet(
        "person_id,start_date,end_date",
        [(one["person"], f"2018-0{1 + index % 9}-{14 + index}", one["died"] or "2026-03-31")
         for index, one in enumerate(people)],
        person_id="person!", start_date="date!", end_date="date!",
    )  # fmt: skip
    return Delivered("tables", sheets)
