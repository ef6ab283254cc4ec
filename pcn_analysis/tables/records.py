"""Tables of records of people, one row for each person or record."""

from __future__ import annotations

from pcn_analysis import codes
from pcn_analysis.schema import Column, Table
from pcn_analysis.tables.shared import CODE, PERSON_ID, deciles

PERSONS = Table(
    "persons",
    "one person",
    ("person_id",),
    (
        PERSON_ID,
        Column("sex", "category", "Sex.", allowed=("female", "male", "indeterminate", "unknown")),
        Column("birth_date", "date", "Date of birth; day 15 if only the month is known, 1 July if only the year."),
        Column(
            "birth_precision",
            "category",
            "What of the date of birth is known.",
            allowed=("day", "month", "year"),
        ),
        Column("death_date", "date", "Date of death.", nullable=True),
        Column("ethnicity", "string", "Ethnic category (ONS 18 categories).", nullable=True),
        Column("lsoa21", "string", "LSOA 2021 of residence.", nullable=True, pattern=codes.LSOA),
        deciles(),
        Column("imd_version", "category", "Edition of the Index.", nullable=True, allowed=("2019", "2025")),
        Column("practice_code", "string", "Practice of registration.", nullable=True, pattern=codes.PRACTICE),
        Column("registration_start_date", "date", "First day registered there.", nullable=True),
        Column("registration_end_date", "date", "First day no longer registered there.", nullable=True),
        Column("care_home", "boolean", "Lives in a care home.", nullable=True),
        Column("housebound", "boolean", "Is housebound.", nullable=True),
        Column("carer", "boolean", "Is an unpaid carer.", nullable=True),
        Column("language", "string", "Main language.", nullable=True),
        Column("interpreter_needed", "boolean", "Needs an interpreter.", nullable=True),
    ),
    people=True,
)

CONDITIONS = Table(
    "conditions",
    "one recorded condition of one person",
    (),
    (
        PERSON_ID,
        Column("condition_start_date", "date", "Date that the record applies to."),
        Column("condition_end_date", "date", "Date that it was resolved.", nullable=True),
        CODE,
        Column("code_system", "category", "Coding system.", allowed=("snomed", "icd10", "ctv3", "read2", "local")),
        Column("condition", "string", "Condition that the code stands for.", nullable=True),
        Column("status", "category", "Whether it is current.", allowed=("active", "resolved", "unknown")),
        Column("source", "category", "Where it was recorded.", allowed=("gp", "apc", "ecds", "op", "other")),
        Column("visit_id", "string", "Contact or spell that it belongs to.", nullable=True),
    ),
    people=True,
)

MEDICATIONS = Table(
    "medications",
    "one issue of one medicine to one person",
    (),
    (
        PERSON_ID,
        Column("drug_exposure_start_date", "date", "Date of issue."),
        Column("drug_exposure_end_date", "date", "Last day covered.", nullable=True),
        Column("days_supply", "integer", "Days covered.", nullable=True, unit="d", minimum=0),
        CODE,
        Column("code_system", "category", "Coding system.", allowed=("dmd", "bnf", "rxnorm", "text")),
        Column("bnf_code", "string", "BNF code.", nullable=True),
        Column("drug_name", "string", "Name as prescribed."),
        Column("quantity", "number", "Quantity issued.", nullable=True, minimum=0),
        Column("quantity_unit", "string", "Unit of the quantity.", nullable=True),
        Column("repeat", "boolean", "Issued as a repeat.", nullable=True),
    ),
    people=True,
)

MEASUREMENTS = Table(
    "measurements",
    "one measurement of one person",
    (),
    (
        PERSON_ID,
        Column("measurement_date", "date", "Date measured."),
        Column("measurement", "string", "What was measured; null where no codelist says.", nullable=True),
        Column("code", "string", "Code as recorded.", nullable=True),
        Column("code_system", "string", "Coding system.", nullable=True),
        Column("value_as_number", "number", "The value.", nullable=True),
        Column("operator", "category", "How the value bounds the truth.", allowed=("=", "<", ">", "<=", ">=")),
        Column("unit", "string", "Unit (UCUM); null where none was recorded.", nullable=True),
    ),
    people=True,
)

ENCOUNTERS = Table(
    "encounters",
    "one contact or hospital spell of one person",
    ("visit_id",),
    (
        Column("visit_id", "string", "Identifier of the contact or spell."),
        PERSON_ID,
        Column(
            "visit_type",
            "category",
            "Kind of contact.",
            allowed=(
                "gp_contact",
                "ed",
                "emergency_admission",
                "elective_admission",
                "maternity_admission",
                "outpatient",
                "community",
                "mental_health",
                "nhs111",
                "ambulance",
                "other",
            ),
        ),
        Column("visit_start_date", "date", "First day."),
        Column("visit_end_date", "date", "Last day.", nullable=True),
        Column("admission_method", "string", "NHS admission method code.", nullable=True),
        Column(
            "length_of_stay_days",
            "integer",
            "Nights stayed; 0 is the same day.",
            nullable=True,
            unit="d",
            minimum=0,
        ),
        Column("primary_diagnosis", "string", "ICD-10 code without a dot.", nullable=True),
        Column("attended", "boolean", "Whether the person came."),
        Column("provider_code", "string", "ODS code of the provider.", nullable=True),
        Column("cost_gbp", "number", "Cost.", nullable=True, unit="GBP", minimum=0),
        Column("care_professional", "string", "Kind of professional seen.", nullable=True),
    ),
    people=True,
)

OBSERVATION_PERIOD = Table(
    "observation_period",
    "one person's time under observation",
    ("person_id",),
    (
        PERSON_ID,
        Column("start_date", "date", "First day observed."),
        Column(
            "end_date", "date", "Last day observed: the earliest of death, de-registration and the date of the extract."
        ),
    ),
    people=True,
)
