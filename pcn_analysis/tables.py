"""Every table of the project, described once.

Validation, the data dictionary (``docs/data_dictionary.md``), adapters and synthetic data derive from these
descriptions. The published tables are filled by ``pcn-analysis prepare``; records of people are held by a
:class:`pcn_analysis.population.Population`, and one row for each of them by the person table.

Names follow OMOP where it has one. Identifiers are strings. Dates are plain dates. Missing is null.
"""

from __future__ import annotations

from dataclasses import replace

from pcn_analysis import codelists, codes
from pcn_analysis.schema import Column, Table

# -- columns that several tables share ---------------------------------------------------------------------

PRACTICE_CODE = Column("practice_code", "string", "ODS code of the practice.", pattern=codes.PRACTICE)
AREA_CODE = Column(
    "area_code",
    "string",
    "English LSOA, or the residual that the patients belong to.",
    pattern=rf"{codes.ENGLISH_LSOA}|^{codes.OUTSIDE_ENGLAND}$|^{codes.UNKNOWN_AREA}$",
)
ORGANISATION = (
    Column(
        "organisation_type",
        "category",
        "Whether the row is of one practice or of the country that the place is compared with.",
        allowed=("practice", "comparator"),
    ),
    Column("organisation_code", "string", "Practice code, or the name of the comparator."),
)
PERSON_ID = Column("person_id", "string", "Pseudonym of the person.")
CODE = Column("code", "string", "Code as recorded.")


def _deciles(nullable: bool = True) -> Column:
    return Column(
        "imd_decile",
        "integer",
        "Decile of the Index of Multiple Deprivation among England's LSOAs; 1 is the most deprived.",
        nullable=nullable,
        minimum=1,
        maximum=10,
    )


# -- published tables --------------------------------------------------------------------------------------

PRACTICES = Table(
    "practices",
    "one practice of the place, or one elsewhere that shares an area with it",
    ("practice_code",),
    (
        PRACTICE_CODE,
        Column("practice_name", "string", "Name of the practice."),
        Column(
            "pcn_code",
            "string",
            "ODS code of its Primary Care Network; null where it is in none.",
            nullable=True,
            pattern=codes.NETWORK,
        ),
        Column("pcn_name", "string", "Name of its Primary Care Network.", nullable=True),
        Column("sub_icb_code", "string", "ODS code of its sub-ICB location.", nullable=True),
        Column("icb_code", "string", "ODS code of its integrated care board.", nullable=True),
        Column("list_size", "integer", "Registered patients, of all ages and areas.", unit="patients", minimum=0),
        Column(
            "local_authority_name",
            "string",
            "Local authority where more of its patients live than in any other.",
            nullable=True,
        ),
        Column("in_place", "boolean", "Whether that local authority is the place."),
        Column("latitude", "number", "Latitude of the main site (WGS 84).", nullable=True, unit="degrees"),
        Column("longitude", "number", "Longitude of the main site (WGS 84).", nullable=True, unit="degrees"),
        Column("neighbourhood", "string", "Local neighbourhood team, where one is named.", nullable=True),
    ),
)

AREAS = Table(
    "areas",
    "one English LSOA where patients of the place live, or that its maps show",
    ("area_code",),
    (
        Column("area_code", "string", "LSOA code, of the vintage of the place.", pattern=codes.ENGLISH_LSOA),
        Column("area_name", "string", "LSOA name.", nullable=True),
        Column("local_authority_code", "string", "Local authority that holds it.", nullable=True),
        Column("local_authority_name", "string", "Name of that local authority.", nullable=True),
        _deciles(),
        Column("imd_score", "number", "IMD score, where published.", nullable=True, minimum=0, maximum=100),
        Column("in_place", "boolean", "Whether it lies in the place."),
    ),
)

REGISTRATIONS_BY_AREA = Table(
    "registrations_by_area",
    "one practice and one area where patients of it live",
    ("practice_code", "area_code"),
    (
        PRACTICE_CODE,
        AREA_CODE,
        Column(
            "patients",
            "number",
            "Registered patients; whole numbers where published, fractions where modelled.",
            unit="patients",
            minimum=0,
        ),
    ),
)

REGISTRATIONS_BY_AGE = Table(
    "registrations_by_age",
    "one organisation, sex and five-year age band",
    ("organisation_type", "organisation_code", "sex", "age_band"),
    (
        *ORGANISATION,
        Column("sex", "category", "Sex on the registration.", allowed=("female", "male")),
        Column("age_band", "category", "Age in years.", allowed=codes.AGE_BANDS, unit="years"),
        Column("patients", "integer", "Registered patients.", unit="patients", minimum=0),
    ),
)

DISEASE_REGISTERS = Table(
    "disease_registers",
    "one organisation and one QOF disease register",
    ("organisation_type", "organisation_code", "register"),
    (
        *ORGANISATION,
        Column("register", "string", "QOF code of the register, as in codelists/qof_registers.csv."),
        Column("register_size", "integer", "Patients on the register.", nullable=True, unit="patients", minimum=0),
        Column("list_type", "string", "Ages that the register is counted among, as QOF names them."),
        Column(
            "list_size",
            "integer",
            "Registered patients of those ages at the practice.",
            nullable=True,
            unit="patients",
            minimum=0,
        ),
    ),
)

PUBLISHED: tuple[Table, ...] = (
    PRACTICES,
    AREAS,
    REGISTRATIONS_BY_AREA,
    REGISTRATIONS_BY_AGE,
    DISEASE_REGISTERS,
)

# -- person tables -----------------------------------------------------------------------------------------

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
        _deciles(),
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

CONDITION_NAMES = codelists.names("conditions", "condition")
MEDICINE_GROUPS = codelists.names("medicine_groups", "group")
REGISTERS = codelists.names("qof_registers", "register", "condition")
LATEST_MEASUREMENTS = {
    "bmi": ("Body mass index", "kg/m2"),
    "sbp": ("Systolic blood pressure", "mm[Hg]"),
    "dbp": ("Diastolic blood pressure", "mm[Hg]"),
    "egfr": ("Estimated glomerular filtration rate", "mL/min/{1.73_m2}"),
    "hba1c": ("HbA1c", "mmol/mol"),
}
"""Measurements whose latest value the person table holds, each with its name and unit."""
BEST_FILTRATION_RATE = "egfr_best_of_2"
"""Column of the better of the last two filtration rates, by which kidney disease is judged."""
MEASURED = (*LATEST_MEASUREMENTS, BEST_FILTRATION_RATE)
"""Columns of values: who was not measured has none."""
MULTIMORBIDITY_SCORES = {
    "bnssg2023_general_35of37": "as BNSSG reckon it",
    "payne2020_general_35of37": "35 of the 37 conditions of the list",
    "payne2020_general_20": "the short list of 20 conditions",
}
"""Variants of the Cambridge Multimorbidity Score that the person table holds, and which each is."""
FIRST_DATES = ("cancer", "non_diabetic_hyperglycaemia", "rheumatoid_arthritis")
"""Conditions of which a rule asks when they were first recorded."""
EVER_DATES = (
    "anxiety", "bipolar_disorder", "cancer", "dementia", "depression", "learning_disability", "osteoporosis",
    "other_psychosis", "palliative_care", "peripheral_arterial_disease", "schizophrenia", "stroke", "tia",
)  # fmt: skip
"""Conditions of which a rule asks whether they were ever recorded, resolved since or not."""
HOSPITAL_DATES = ("alcohol_misuse", "fall", "fragility_fracture", "homelessness", "stroke", "substance_misuse")
"""Conditions of which a rule asks whether they were recorded in hospital."""
FRAILTY_BANDS = ("fit", "mild", "moderate", "severe")


def register_column(register: str) -> str:
    """Column of the person table that says whether a person is on a QOF register.

    Examples
    --------
    >>> register_column("AF")
    'on_af_register'
    """
    return f"on_{register.lower()}_register"


def _condition_columns() -> tuple[Column, ...]:
    recorded = (
        column
        for slug, name in CONDITION_NAMES.items()
        for column in (
            Column(
                f"has_{slug}",
                "boolean",
                f"{name}: recorded before the index date, and not resolved since.",
                nullable=True,
            ),
            Column(f"{slug}_date", "date", f"{name}: latest record of it, where it is current.", nullable=True),
        )
    )
    first = (
        Column(f"{slug}_first_date", "date", f"{CONDITION_NAMES[slug]}: first record.", nullable=True)
        for slug in FIRST_DATES
    )
    ever = (
        Column(f"{slug}_ever_date", "date", f"{CONDITION_NAMES[slug]}: latest record, resolved since or not.",
               nullable=True)
        for slug in EVER_DATES
    )  # fmt: skip
    hospital = (
        Column(f"{slug}_hospital_date", "date", f"{CONDITION_NAMES[slug]}: latest record made in hospital.",
               nullable=True)
        for slug in HOSPITAL_DATES
    )  # fmt: skip
    return (*recorded, *first, *ever, *hospital)


def _medicine_columns() -> tuple[Column, ...]:
    window = "in the 12 months before the index date"
    by_group = (
        column
        for group, name in MEDICINE_GROUPS.items()
        for column in (
            Column(f"{group}_12m", "integer", f"{name}: issues {window}.", nullable=True, minimum=0),
            Column(f"{group}_date", "date", f"{name}: latest issue before the index date.", nullable=True),
        )
    )
    return (
        Column(
            "n_medications",
            "integer",
            "Different medicines issued in the 84 days before the index date.",
            nullable=True,
            minimum=0,
        ),
        Column("n_medications_12m", "integer", f"Different medicines issued {window}.", nullable=True, minimum=0),
        *by_group,
    )


def _latest_measurements() -> tuple[Column, ...]:
    latest = (
        column
        for slug, (name, unit) in LATEST_MEASUREMENTS.items()
        for column in (
            Column(slug, "number", f"{name}: latest value before the index date.", nullable=True, unit=unit),
            Column(f"{slug}_date", "date", f"{name}: date of that value.", nullable=True),
        )
    )
    return (
        *latest,
        Column(BEST_FILTRATION_RATE, "number", "Estimated glomerular filtration rate: the better of the last two.",
               nullable=True, unit=LATEST_MEASUREMENTS["egfr"][1]),
        Column(f"{BEST_FILTRATION_RATE}_date", "date", "Date of the last of those two.", nullable=True),
    )  # fmt: skip


def _multimorbidity_scores() -> tuple[Column, ...]:
    return tuple(
        column
        for variant, which in MULTIMORBIDITY_SCORES.items()
        for column in (
            Column(f"cms_{variant}", "number", f"Cambridge Multimorbidity Score, {which}.", nullable=True),
            Column(f"cms_{variant}_assessed", "integer", "Conditions of it of which everything asked is known.",
                   nullable=True, minimum=0),
        )
    )  # fmt: skip


ACTIVITY = {
    "gp_12m": ("gp_contact", 12),
    "ae_12m": ("ed", 12),
    "ae_24m": ("ed", 24),
    "nel_12m": ("emergency_admission", 12),
    "el_12m": ("elective_admission", 12),
    "op_12m": ("outpatient", 12),
}
"""Columns that count attended contacts: the kind of contact, and the months before the index date."""

PERSON_TABLE = Table(
    "person_table",
    "one person who is alive and registered on the index date; a column that cannot be assessed is not there",
    ("person_id", "index_date"),
    (
        PERSON_ID,
        Column("index_date", "date", "The date that the row describes."),
        Column("pcn_code", "string", "Network of the practice.", nullable=True, pattern=codes.NETWORK),
        *(
            column
            for column in PERSONS.columns
            if column.name
            in ("practice_code", "sex", "birth_date", "ethnicity", "lsoa21", "imd_decile", "care_home", "housebound",
                "carer")
        ),
        Column("age", "integer", "Completed years on the index date.", unit="a", minimum=0),
        *_condition_columns(),
        *_medicine_columns(),
        *_latest_measurements(),
        *(
            Column(name, "integer", f"Contacts of kind {kind}, attended, in the {months} months before the index date.",
                   nullable=True, minimum=0)
            for name, (kind, months) in ACTIVITY.items()
        ),
        Column("n_ltc", "integer", "Long-term conditions, of the Cambridge score's 37.", nullable=True, minimum=0),
        *_multimorbidity_scores(),
        Column("efi_deficits", "integer", "Deficits of the electronic frailty index.", nullable=True, minimum=0,
               maximum=36),
        Column("efi_score", "number", "Deficits divided by 36.", nullable=True, minimum=0, maximum=1),
        Column("efi_category", "category", "Band of the electronic frailty index.", nullable=True,
               allowed=FRAILTY_BANDS),
        *(
            Column(register_column(code), "boolean", f"On the QOF register: {name}.", nullable=True)
            for code, name in REGISTERS.items()
        ),
    ),
    people=True,
)  # fmt: skip

_OF_A_SOURCE = ("person_id", "index_date", "pcn_code", "age", *PERSONS.column_names())

ATTRIBUTES = Table(
    "attributes",
    "what a source says of one person as at one date; a source that says nothing of a column leaves it out",
    ("person_id",),
    (
        PERSON_ID,
        Column("attribute_date", "date", "The date that the source describes; one for the whole table."),
        *(replace(column, nullable=True) for column in PERSON_TABLE.columns if column.name not in _OF_A_SOURCE),
    ),
    people=True,
)
"""Flags, counts and scores without dated records behind them: what an extract with one row a person brings."""

REASONS = Table(
    "reasons",
    "one element of a model or score that one person meets",
    ("person_id", "element"),
    (
        PERSON_ID,
        Column("element", "string", "The element that is met."),
        Column("date", "date", "Date of the latest record behind it; null where it is a count or a state.",
               nullable=True),
        Column("source", "string", "Where the element comes from."),
    ),
    people=True,
)  # fmt: skip

PEOPLE: tuple[Table, ...] = (
    PERSONS,
    CONDITIONS,
    MEDICATIONS,
    MEASUREMENTS,
    ENCOUNTERS,
    OBSERVATION_PERIOD,
    ATTRIBUTES,
    PERSON_TABLE,
    REASONS,
)

ALL: tuple[Table, ...] = PUBLISHED + PEOPLE

NAMED: dict[str, Table] = {table.name: table for table in ALL}
