"""Coded events of general practice, and the codelists that belong to them."""

from __future__ import annotations

from tests.deliveries.people import DIAGNOSES, ISSUES, PEOPLE, READINGS, born, person_of, rows_of
from tests.deliveries.sheets import Delivered, filled_sheet

LISTS = {
    "codelists.csv": (
        "file,codelist_id,version,code_system,stands_for,licence,reviewed_on\n"
        "diabetes.csv,invented-diabetes,1,snomed,condition:diabetes,Invented,\n"
        "copd.csv,invented-copd,1,snomed,condition:copd,Invented,\n"
        "asthma.csv,invented-asthma,1,snomed,condition:asthma,Invented,\n"
        "bmi.csv,invented-bmi,1,snomed,measurement:bmi,Invented,\n"
    ),
    "diabetes.csv": "code,term\n44054006,Type 2 diabetes mellitus\n",
    "copd.csv": "code,term\n13645005,Chronic obstructive lung disease\n",
    "asthma.csv": "code,term\n195967001,Asthma\n",
    "bmi.csv": "code,term\n60621009,Body mass index\n",
}


DIED: dict[str, tuple[str, ...]] = {"dateofdeath": ("death_date",), "date_of_death": ("death_date",)}


def emis() -> Delivered:
    """Files of the EMIS IM1 bulk extract: events name codes by a number that stands in a file of its own."""
    concepts = {"44054006": "11", "13645005": "12", "195967001": "13", "900000000000207008": "14", "60621009": "15"}
    products = {one["product"]: (str(21 + index), one["name"]) for index, one in enumerate(rows_of(ISSUES)[1:3])}
    events = [(one, concepts[one["snomed"]], "", "") for one in rows_of(DIAGNOSES)]
    events += [(one, concepts["60621009"], one["value"], "kg/m2") for one in rows_of(READINGS)]
    sheets = {
        "Admin_Patient": filled_sheet(
            "PatientGuid,Sex,DateOfBirth,DateOfDeath,Deleted",
            [(one["person"], one["sex"][0].upper(), born(one), one["died"], "false") for one in rows_of(PEOPLE)],
            PatientGuid="person!", Sex="word!", DateOfBirth="birth!", DateOfDeath="death", Deleted="mark!",
        ),
        "CareRecord_Observation": filled_sheet(
            "ObservationGuid,PatientGuid,EffectiveDate,CodeId,Value,NumericUnit,Deleted",
            [(f"OBS-{index:04d}", person_of(one["person"]), one["day"], code, value, unit, "false")
             for index, (one, code, value, unit) in enumerate(events, start=1)],
            ObservationGuid="key!", PatientGuid="person!", EffectiveDate="day!", CodeId="link!", Value="number!",
            NumericUnit="unit!", Deleted="mark!",
        ),
        "Coding_ClinicalCode": filled_sheet(
            "CodeId,Term,SnomedCTConceptId",
            [(number, f"Term {number}", code) for code, number in concepts.items()],
            CodeId="link!", SnomedCTConceptId="code!",
        ),
        "Prescribing_IssueRecord": filled_sheet(
            "IssueRecordGuid,PatientGuid,EffectiveDate,CodeId,Quantity,Deleted",
            [(f"ISS-{index:04d}", person_of(one["person"]), one["day"], products[one["product"]][0], one["quantity"],
              "false") for index, one in enumerate(rows_of(ISSUES), start=1)],
            PatientGuid="person!", EffectiveDate="day!", CodeId="link!", Deleted="mark",
        ),
        "Coding_DrugCode": filled_sheet(
            "CodeId,Term,DmdProductCodeId",
            [(number, term, code) for code, (number, term) in products.items()],
            CodeId="link!", DmdProductCodeId="code!", Term="text!",
        ),
    }  # fmt: skip
    feeds: dict[str, dict[str, tuple[str, ...]]] = {
        "coding_clinicalcode": {"measurements": ("code", "measurement")},
        "coding_drugcode": {"medications": ("code", "bnf_code")},
    }
    fills = {
        "admin_patient": ("persons",),
        "carerecord_observation": ("conditions", "measurements"),
        "prescribing_issuerecord": ("medications",),
    }
    return Delivered("gp_extract", sheets, feeds, codelists=LISTS, fills=fills, means=DIED)


def tpp() -> Delivered:
    """Tables as OpenSAFELY-TPP names them: codes stand in the events themselves."""
    events = [(one, one["snomed"], "") for one in rows_of(DIAGNOSES)]
    events += [(one, "60621009", one["value"]) for one in rows_of(READINGS)]
    sheets = {
        "patients": filled_sheet(
            "patient_id,sex,date_of_birth,date_of_death",
            [(one["person"], one["sex"][0].upper(), born(one, "01"), one["died"]) for one in rows_of(PEOPLE)],
            patient_id="person!", sex="word!", date_of_birth="birth!", date_of_death="death",
        ),
        "clinical_events": filled_sheet(
            "patient_id,date,ctv3_code,snomedct_code,numeric_value",
            [(person_of(one["person"]), one["day"], "", code, value) for one, code, value in events],
            patient_id="person!", date="day!", ctv3_code="text!", snomedct_code="code!", numeric_value="reading!",
        ),
        "medications": filled_sheet(
            "patient_id,date,dmd_code",
            [(person_of(one["person"]), one["day"], one["product"]) for one in rows_of(ISSUES)],
            patient_id="person!", date="day!", dmd_code="code!",
        ),
    }  # fmt: skip
    fills = {"patients": ("persons",), "clinical_events": ("conditions", "measurements")}
    return Delivered("gp_extract", sheets, codelists=LISTS, fills=fills, means=DIED)
