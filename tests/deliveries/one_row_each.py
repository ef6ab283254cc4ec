"""One row a patient, and its mapping."""

from __future__ import annotations

from tests.deliveries.people import CONTACTS, DIAGNOSES, PEOPLE, READINGS, born, rows_of
from tests.deliveries.sheets import Delivered, filled_sheet

MAPPING = """
title: Invented system-wide dataset
persons:
  person_id: PATIENT_PSEUDO
  sex: {column: GENDER, values: {M: male, F: female}}
  birth_date: {column: DOB_MONTH, precision: month}
  death_date: DIED
  practice_code: PRACTICE
  lsoa21: LSOA
  imd_decile: {column: DECILE, one_is: most deprived}
conditions:
  diabetes: DM_FLAG
  copd: {column: COPD_DATE, kind: date, blank: no}
  asthma: {column: ASTHMA, yes: Y, no: N}
counts:
  ae_12m: AE_ATTENDANCES
  nel_12m: {column: NEL, blank: 0}
latest:
  bmi: {column: BMI, date: BMI_DATE, unit: kg/m2}
"""


def wide() -> Delivered:
    """One row a patient, columns of any names, and a mapping file."""
    found = {(one["person"], one["slug"]): one["day"] for one in rows_of(DIAGNOSES)}
    bmi = {one["person"]: (one["value"], one["day"]) for one in rows_of(READINGS)}
    came = {one["person"]: one["kind"] for one in rows_of(CONTACTS)}
    rows = []
    for number, one in enumerate(rows_of(PEOPLE), start=1):
        mine = str(number)
        value, day = bmi.get(mine, ("", ""))
        rows.append(
            (one["person"], one["sex"][0].upper(), born(one), one["died"], one["practice"], one["area"],
             1 + number % 10, int((mine, "diabetes") in found), found.get((mine, "copd"), ""),
             "NY"[(mine, "asthma") in found], int(came[mine] == "ed"),
             int(came[mine] == "emergency_admission"), value, day)
        )  # fmt: skip
    columns = (
        "PATIENT_PSEUDO,GENDER,DOB_MONTH,DIED,PRACTICE,LSOA,DECILE,DM_FLAG,COPD_DATE,ASTHMA,AE_ATTENDANCES,NEL,BMI,"
        "BMI_DATE"
    )
    everyone = filled_sheet(
        columns, rows, PATIENT_PSEUDO="person!", GENDER="word!", DOB_MONTH="birth!", DIED="death!",
        PRACTICE="place!", LSOA="place!", DECILE="number!", DM_FLAG="flag!", COPD_DATE="date!", ASTHMA="flag!",
        AE_ATTENDANCES="count!", NEL="count!",
        BMI="number!", BMI_DATE="date!",
    )  # fmt: skip
    return Delivered("wide", {"everyone": everyone}, mapping=MAPPING, fills={"everyone": ("persons", "attributes")})
