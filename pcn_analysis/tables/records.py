"""Tables of records of people, one row for each person or record."""

from __future__ import annotations

from pcn_analysis import codelists, codes
from pcn_analysis.clinical_codes.contract import OUTCOMES
from pcn_analysis.schema import Column, Table
from pcn_analysis.tables.shared import CODE, PERSON_ID, deciles

CARE_EVENT_NAMES = codelists.names("care_events", "event")
CARE_OUTCOMES = OUTCOMES
"""What can become of an event of care. An offer is no event that took place, and neither is a refusal."""
NOT_STATED = "Not stated"
"""Ethnic category of somebody who was asked and did not state it; null is one that is not known."""
CARE_HOME_CODE = Column(
    "care_home_code", "string", "Location of the care home (Care Quality Commission).", pattern=codes.CARE_HOME
)

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
        Column(
            "ethnicity",
            "string",
            "Ethnic category (ONS 18 categories), or `Not stated`; null where not known.",
            nullable=True,
        ),
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

CARE_EVENTS = Table(
    "care_events",
    "one dated event of care of one person, which was done, offered, declined or not suitable",
    (),
    (
        PERSON_ID,
        Column("event_date", "date", "Date that the record applies to."),
        Column("event", "string", "What it was (`codelists/care_events.csv`); null where no codelist says.",
               nullable=True),
        Column("outcome", "category", "What became of it; null where neither source nor codelist says.", nullable=True,
               allowed=CARE_OUTCOMES),
        Column("code", "string", "Code as recorded.", nullable=True),
        Column("code_system", "category", "Coding system.", nullable=True,
               allowed=("snomed", "ctv3", "read2", "local")),
    ),
    people=True,
)  # fmt: skip

CARE_HOME_STAYS = Table(
    "care_home_stays",
    "one stay of one person in one care home",
    (),
    (
        PERSON_ID,
        CARE_HOME_CODE,
        Column("start_date", "date", "First day there; a return from hospital begins another stay."),
        Column("end_date", "date", "First day no longer there; null while the stay lasts.", nullable=True),
        Column("arrived_from", "category", "Where the person came from.",
               allowed=("home", "hospital", "other_care_home", "not_known")),
    ),
    people=True,
)  # fmt: skip

CARE_HOMES = Table(
    "care_homes",
    "one care home, as delivered with the records",
    ("care_home_code",),
    (
        CARE_HOME_CODE,
        Column("care_home_name", "string", "Name of the home."),
        Column("beds", "integer", "Beds that it is registered for.", minimum=0),
        Column("nursing", "boolean", "Whether it is registered to give nursing."),
        Column("pcn_code", "string", "Network that the home is aligned to; null where to none.", nullable=True,
               pattern=codes.NETWORK),
    ),
)  # fmt: skip
