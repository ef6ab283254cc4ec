"""Hospital records."""

from __future__ import annotations

from tests.deliveries.people import CONTACTS, DIAGNOSES, PEOPLE, rows_of
from tests.deliveries.sheets import Delivered, filled_sheet


def hospital() -> Delivered:
    """HES-shaped rows: a file of episodes, one of attendances at A&E, one of appointments."""
    people, codes = rows_of(PEOPLE), {one["person"]: one["icd10"] for one in rows_of(DIAGNOSES)}

    def known(person: str) -> tuple[object, ...]:
        one = people[int(person) - 1]
        sex = 2 if one["sex"] == "female" else 1
        return one["person"], sex, f"{int(one['month']):02d}{one['year']}", one["practice"], one["area"]

    rows = {
        kind: [one for one in rows_of(CONTACTS) if kind in one["kind"]] for kind in ("admission", "ed", "outpatient")
    }
    rows["ed"] = [one for one in rows["ed"] if one["kind"] == "ed"]
    who = {"SEX": "word", "MYDOB": "month"}
    before = "PSEUDO_HESID,SEX,MYDOB,GPPRAC,LSOA21"
    sheets = {
        "apc_2025": filled_sheet(
            f"EPIKEY,{before},ADMIDATE,ADMIMETH,DISDATE,EPISTART,EPIORDER,EPISTAT,CLASSPAT,PROCODE3,DIAG_4_01,DIAG_4_02",
            [(f"{index:012d}", *known(one["person"]), one["day"], one["method"], one["end"], one["day"], "1", "3", "1",
              "RBL", "N179", codes.get(one["person"], "")) for index, one in enumerate(rows["admission"], start=1)],
            EPIKEY="key", PSEUDO_HESID="person!", ADMIDATE="day!", ADMIMETH="method!", DISDATE="date", DIAG_4_01="code",
            **who,
        ),
        "ae_2025": filled_sheet(
            f"AEKEY,{before},ARRIVALDATE,AEATTENDCAT,PROCODE3",
            [(f"{index:012d}", *known(one["person"]), one["day"], "1", "RBL")
             for index, one in enumerate(rows["ed"], start=1)],
            AEKEY="key", PSEUDO_HESID="person!", ARRIVALDATE="day!", **who,
        ),
        "op_2025": filled_sheet(
            f"ATTENDKEY,{before},APPTDATE,ATTENDED,PROCODE3",
            [(f"{index:012d}", *known(one["person"]), one["day"], "5", "RBL")
             for index, one in enumerate(rows["outpatient"], start=1)],
            ATTENDKEY="key", PSEUDO_HESID="person!", APPTDATE="day!", ATTENDED="word!", **who,
        ),
    }  # fmt: skip
    return Delivered("hospital", sheets, fills=dict.fromkeys(sheets, ("persons", "encounters", "conditions")), fan=2,
                     means={"disdate": ("visit_end_date", "length_of_stay_days")})  # fmt: skip
