"""Tables of OMOP."""

from __future__ import annotations

from tests.deliveries.gp_extracts import LISTS
from tests.deliveries.people import CONTACTS, DIAGNOSES, ISSUES, PEOPLE, READINGS, person_of, rows_of
from tests.deliveries.sheets import Delivered, filled_sheet


def omop(form: str = "csv") -> Delivered:
    """Tables of the OMOP Common Data Model 5.4; concepts have numbers that ``concept`` explains."""
    concepts = {"44054006": 201826, "13645005": 255573, "195967001": 317009, "900000000000207008": 900001,
                "60621009": 3038553}  # fmt: skip
    products = {"39113611000001102": 800001, "999999011000001102": 800002}
    kinds = {"ed": 9203, "outpatient": 9202, "emergency_admission": 9201, "elective_admission": 9201}
    areas = sorted({one["area"] for one in rows_of(PEOPLE)})
    practices = sorted({one["practice"] for one in rows_of(PEOPLE)})
    names = {one["product"]: one["name"] for one in rows_of(ISSUES)}
    sheets = {
        "person": filled_sheet(
            "person_id,gender_concept_id,year_of_birth,month_of_birth,location_id,care_site_id",
            [(one["person"], 8532 if one["sex"] == "female" else 8507, one["year"], one["month"],
              501 + areas.index(one["area"]), 601 + practices.index(one["practice"])) for one in rows_of(PEOPLE)],
            person_id="person!", gender_concept_id="word!", year_of_birth="year!", location_id="link",
            care_site_id="link",
        ),
        "observation_period": filled_sheet(
            "observation_period_id,person_id,observation_period_start_date,observation_period_end_date",
            [(index, one["person"], f"2018-0{1 + index % 9}-{14 + index}", one["died"] or "2026-03-31")
             for index, one in enumerate(rows_of(PEOPLE))],
            person_id="person!", observation_period_start_date="date!", observation_period_end_date="date!",
        ),
        "death": filled_sheet(
            "person_id,death_date", [(one["person"], one["died"]) for one in rows_of(PEOPLE) if one["died"]],
            person_id="person!", death_date="death!",
        ),
        "location": filled_sheet(
            "location_id,location_source_value", [(501 + index, one) for index, one in enumerate(areas)],
            location_id="link!", location_source_value="place!",
        ),
        "care_site": filled_sheet(
            "care_site_id,care_site_source_value", [(601 + index, one) for index, one in enumerate(practices)],
            care_site_id="link!", care_site_source_value="place!",
        ),
        "condition_occurrence": filled_sheet(
            "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_source_value",
            [(index, person_of(one["person"]), concepts[one["snomed"]], one["day"], one["snomed"])
             for index, one in enumerate(rows_of(DIAGNOSES), start=1)],
            condition_occurrence_id="key!", person_id="person!", condition_concept_id="link!",
            condition_start_date="day!", condition_source_value="code",
        ),
        "drug_exposure": filled_sheet(
            "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,quantity,drug_source_value",
            [(index, person_of(one["person"]), products[one["product"]], one["day"], one["quantity"], one["product"])
             for index, one in enumerate(rows_of(ISSUES), start=1)],
            drug_exposure_id="key!", person_id="person!", drug_concept_id="link!", drug_exposure_start_date="day!",
            drug_source_value="code",
        ),
        "measurement": filled_sheet(
            "measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number,unit_source_value",
            [(index, person_of(one["person"]), concepts["60621009"], one["day"], one["value"], "kg/m2")
             for index, one in enumerate(rows_of(READINGS), start=1)],
            measurement_id="key!", person_id="person!", measurement_concept_id="link!", measurement_date="day!",
            value_as_number="number", unit_source_value="unit",
        ),
        "visit_occurrence": filled_sheet(
            "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_end_date,visit_source_value",
            [(index, person_of(one["person"]), kinds[one["kind"]], one["day"], one["end"], one["method"])
             for index, one in enumerate(rows_of(CONTACTS), start=1)],
            visit_occurrence_id="key!", person_id="person!", visit_concept_id="word!", visit_start_date="day!",
            visit_end_date="date",
        ),
        "concept": filled_sheet(
            "concept_id,concept_name,domain_id,vocabulary_id,concept_code",
            [*((number, f"Concept {code}", "Measurement" if code == "60621009" else "Condition", "SNOMED", code)
               for code, number in concepts.items()),
             *((number, names[code], "Drug", "dm+d", code) for code, number in products.items())],
            concept_id="link!", concept_code="code!", concept_name="text!", domain_id="text!", vocabulary_id="text!",
        ),
        "cdm_source": filled_sheet("cdm_source_name,source_release_date", [("Invented", "2026-03-31")]),
    }  # fmt: skip
    feeds: dict[str, dict[str, tuple[str, ...]]] = {
        "concept": {
            "conditions": ("code", "code_system", "condition"),
            "medications": ("code", "code_system", "drug_name", "bnf_code"),
            "measurements": ("code", "code_system", "measurement", "unit"),
        },
        "location": {"persons": ("lsoa21",)},
        "care_site": {"persons": ("practice_code",), "encounters": ("provider_code", "visit_type")},
        "death": {"persons": ("death_date",)},
        "visit_occurrence": {"conditions": ("visit_id", "source")},
    }
    fills = {
        "person": ("persons",),
        "condition_occurrence": ("conditions",),
        "drug_exposure": ("medications",),
        "measurement": ("measurements",),
        "visit_occurrence": ("encounters",),
    }
    means = {"visit_end_date": ("visit_end_date", "length_of_stay_days")}
    return Delivered("omop", sheets, feeds, form=form, codelists=LISTS, fills=fills, means=means)
