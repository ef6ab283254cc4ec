"""The person table and what goes with it: one row a person, made from records or said by a source."""

from __future__ import annotations

from dataclasses import replace

from pcn_analysis import codelists, codes
from pcn_analysis.schema import Column, Table
from pcn_analysis.tables.records import PERSONS
from pcn_analysis.tables.shared import PERSON_ID

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
    "angina", "anxiety", "bipolar_disorder", "cancer", "coronary_heart_disease", "dementia", "depression",
    "fragility_fracture", "learning_disability", "myocardial_infarction", "osteoporosis", "other_psychosis",
    "palliative_care", "peptic_ulcer", "peripheral_arterial_disease", "schizophrenia", "stroke", "tia",
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
