"""What is known of the twelve people, said as our tables would: each delivery must come to it, as it is.

Held against the text in :mod:`tests.deliveries.people`, never against what the package made of a delivery.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.deliveries.people import (
    CONTACTS,
    DIAGNOSES,
    EVENTS,
    HOMES,
    ISSUES,
    PEOPLE,
    READINGS,
    STAYS,
    person_of,
    rows_of,
)
from tests.deliveries.sheets import EXTRACT_DATE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.deliveries.sheets import Delivered

    Known = dict[str, tuple[tuple[str, ...], Counter[tuple[str | None, ...]]]]

BMI = "60621009"


def known(one: Delivered, without: str | None = None) -> Known:
    """Some columns of each table that a delivery fills, and their rows as text.

    Parameters
    ----------
    one
        Whole, or some of its files.
    without
        person_id of somebody who is left out.
    """
    held = {key.lower() for key in one.sheets}
    made = {"hospital": _hospital, "wide": _wide}.get(one.kind, _recorded)(held, one)
    made.setdefault("observation_period", _derived(made))
    return {
        table: (columns, Counter(row for row in rows if row[0] != without)) for table, (columns, rows) in made.items()
    }


def _persons(columns: str, who: Iterable[dict[str, str]]) -> tuple[tuple[str, ...], list[tuple[str | None, ...]]]:
    """Columns of persons, of some people; of a birth only year and month are true."""
    names = tuple(columns.split())
    return names, [
        tuple({
            "person_id": one["person"], "sex": one["sex"], "birth_date": f"{one['year']}-{int(one['month']):02d}",
            "death_date": one["died"] or None, "practice_code": one["practice"], "lsoa21": one["area"],
        }[column] for column in names)
        for one in who
    ]  # fmt: skip


def _recorded(held: set[str], one: Delivered) -> dict:
    """Our own tables, a GP extract or OMOP."""
    gp = one.kind == "gp_extract"
    columns = "person_id sex birth_date"
    columns += " death_date" if gp or held & {"death", "persons"} else ""
    columns += " practice_code" if held & {"persons", "care_site"} else ""
    columns += " lsoa21" if held & {"persons", "location"} else ""
    found: dict = {"persons": _persons(columns, rows_of(PEOPLE))}
    rows: list[tuple[str | None, ...]]
    if held & {"conditions", "condition_occurrence"} or gp:
        rows = [(person_of(it["person"]), it["day"], it["snomed"], it["slug"] or None) for it in rows_of(DIAGNOSES)]
        rows += [(person_of(it["person"]), it["day"], BMI, None) for it in rows_of(READINGS) if gp]
        found["conditions"] = (("person_id", "condition_start_date", "code", "condition"), rows)
    if held & {"measurements", "measurement"} or gp:
        rows = [(person_of(it["person"]), it["day"], "bmi", str(float(it["value"])),
                 None if "clinical_events" in held else "kg/m2") for it in rows_of(READINGS)]  # fmt: skip
        found["measurements"] = (("person_id", "measurement_date", "measurement", "value_as_number", "unit"), rows)
    if held & {"medications", "drug_exposure", "prescribing_issuerecord"}:
        rows = [(person_of(it["person"]), it["day"], it["product"],
                 None if "patients" in held else str(float(it["quantity"]))) for it in rows_of(ISSUES)]  # fmt: skip
        found["medications"] = (("person_id", "drug_exposure_start_date", "code", "quantity"), rows)
    if held & {"encounters", "visit_occurrence"}:
        found["encounters"] = _contacts(rows_of(CONTACTS))
    if "care_events" in held:
        rows = [(person_of(it["person"]), it["day"], it["event"], it["outcome"]) for it in rows_of(EVENTS)]
        found["care_events"] = (("person_id", "event_date", "event", "outcome"), rows)
    if "care_home_stays" in held:
        rows = [(person_of(it["person"]), it["home"], it["start"], it["end"] or None, it["from"])
                for it in rows_of(STAYS)]  # fmt: skip
        columns_of_stays = ("person_id", "care_home_code", "start_date", "end_date", "arrived_from")
        found["care_home_stays"] = (columns_of_stays, rows)
    if "care_homes" in held:
        rows = [(it["home"], it["name"], it["beds"], it["network"] or None) for it in rows_of(HOMES)]
        found["care_homes"] = (("care_home_code", "care_home_name", "beds", "pcn_code"), rows)
    if "observation_period" in held:
        rows = [(it["person"], f"2018-0{1 + index % 9}-{14 + index}", it["died"] or str(EXTRACT_DATE))
                for index, it in enumerate(rows_of(PEOPLE))]  # fmt: skip
        found["observation_period"] = (("person_id", "start_date", "end_date"), rows)
    return found


def _contacts(rows: list[dict[str, str]]) -> tuple[tuple[str, ...], list[tuple[str | None, ...]]]:
    columns = ("person_id", "visit_type", "visit_start_date", "visit_end_date", "admission_method")
    return columns, [
        (person_of(it["person"]), it["kind"], it["day"], it["end"] or None, it["method"] or None) for it in rows
    ]


def _derived(made: dict) -> tuple[tuple[str, ...], list[tuple[str | None, ...]]]:
    """Periods that nothing gives: from the first record to death, or to the day of the extract."""
    columns, people = made["persons"]
    first: dict[str | None, str] = {}
    for names, rows in (it for table, it in made.items() if table not in ("persons", "attributes", "care_homes")):
        at = next(index for index, one in enumerate(names) if one.endswith("_date"))
        for row in rows:
            first[row[0]] = min(first.get(row[0], row[at]), row[at])
    died = {row[0]: row[columns.index("death_date")] if "death_date" in columns else None for row in people}
    ends = {who: day or str(EXTRACT_DATE) for who, day in died.items()}
    return ("person_id", "start_date", "end_date"), [(who, first.get(who, end), end) for who, end in ends.items()]


def _hospital(held: set[str], _one: Delivered) -> dict:
    kinds = {"apc_2025": "admission", "ae_2025": "ed", "op_2025": "outpatient"}
    seen = [it for it in rows_of(CONTACTS) for file, kind in kinds.items() if file in held and
            (it["kind"] == kind or it["kind"].endswith(f"_{kind}"))]  # fmt: skip
    who = {person_of(it["person"]) for it in seen}
    codes = {it["person"]: (it["icd10"], it["slug"] or None) for it in rows_of(DIAGNOSES)}
    stays = [it for it in seen if it["end"]]
    rows = [(person_of(it["person"]), it["day"], code, slug) for it in stays
            for code, slug in (("N179", None), codes[it["person"]])]  # fmt: skip
    people = [it for it in rows_of(PEOPLE) if it["person"] in who]
    return {
        "persons": _persons("person_id sex birth_date practice_code lsoa21", people),
        "conditions": (("person_id", "condition_start_date", "code", "condition"), rows),
        "encounters": _contacts(seen),
    }


def _wide(_held: set[str], _one: Delivered) -> dict:
    """Flags and numbers of those who live; what a file says of the dead as at a later day is left out."""
    had = {(it["person"], it["slug"]): it["day"] for it in rows_of(DIAGNOSES)}
    bmi = {it["person"]: (str(float(it["value"])), it["day"]) for it in rows_of(READINGS)}
    came = {it["person"]: it["kind"] for it in rows_of(CONTACTS)}

    def has(mine: str, slug: str) -> str:
        return str((mine, slug) in had).lower()

    rows = [
        (one["person"], has(mine, "diabetes"), has(mine, "copd"), had.get((mine, "copd")), has(mine, "asthma"),
         str(int(came[mine] == "ed")), str(int(came[mine] == "emergency_admission")), *bmi.get(mine, (None, None)))
        for mine, one in ((str(at), one) for at, one in enumerate(rows_of(PEOPLE), start=1)) if not one["died"]
    ]  # fmt: skip
    columns = ("person_id", "has_diabetes", "has_copd", "copd_date", "has_asthma", "ae_12m", "nel_12m", "bmi",
               "bmi_date")  # fmt: skip
    return {
        "persons": _persons("person_id sex birth_date death_date practice_code lsoa21", rows_of(PEOPLE)),
        "attributes": (columns, rows),
    }
