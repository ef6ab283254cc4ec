"""Who would be on each QOF disease register, as rules on the person table.

The rules are those of the QOF business rules, version 50, as far as the columns of the person table can follow
them; every register says in its note where they cannot. A register is no proof of care given: QOF's own counts are
published (``codelists/qof_registers.csv``), and the two differ where practices' coding and ours do.

A condition counts where it is current: recorded before the index date, and not resolved since. On a register that is
for life one that was resolved counts as well; QOF has no code that takes a person off. Records of the index date are
not read, where QOF reads those of its last day: our index date is the day after. Missing values count as not met.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis import tables
from pcn_analysis.rules import (
    AtLeast,
    Criterion,
    EverRecorded,
    FirstRecordedFromAge,
    LaterThan,
    Not,
    OneOf,
    Recorded,
    RecordedFromAge,
    RecordedSince,
    RecordedWithin,
    all_of,
    any_of,
    needed_columns,
)

if TYPE_CHECKING:
    from collections.abc import Collection

SOURCE = "NHS England, QOF business rules, version 50"

NOT_FOR_LIFE = (
    "QOF never takes a person off this register; we do where the condition is marked as resolved or ended, as the "
    "person table does not hold when {} then."
)
FIRST_AGE = (
    "Age is that at the first record, as our source has the rule; its authors have since read the same rule as age on "
    "the index date."
)

_ASIAN = ("Asian or Asian British", "Asian, Asian British or Asian Welsh")
_BLACK = ("Black, Black British, Caribbean or African", "Black, Black British, Black Welsh, Caribbean or African")
LOWER_BMI_ETHNICITIES = (
    *(
        f"{group}: {background}"
        for group in _ASIAN
        for background in ("Indian", "Pakistani", "Bangladeshi", "Chinese", "Any other Asian background", "Other Asian")
    ),
    *(
        f"{group}: {background}"
        for group in _BLACK
        for background in (
            "Caribbean",
            "African",
            "Any other Black, Black British or Caribbean background",
            "Other Black",
        )
    ),
    "Other ethnic group: Arab",
)
"""Family backgrounds for which QOF counts obesity from a body mass index of 27.5: South Asian, Chinese, other
Asian, Middle Eastern, Black African and African-Caribbean; in the words of GOV.UK and of the Census of 2021. Mixed
backgrounds are not among those that QOF names."""


@dataclass(frozen=True)
class Register:
    """One QOF disease register.

    Parameters
    ----------
    code
        Its QOF code, as in codelists/qof_registers.csv.
    criterion
        What puts a person on it.
    words
        The rule in plain words.
    note
        Where our rule departs from the published one; else empty.
    for_life
        What puts a person on it as well though the condition was resolved since, where the register is for life.
    """

    code: str
    criterion: Criterion
    words: str
    note: str = ""
    for_life: Criterion | None = None

    @property
    def rule(self) -> Criterion:
        """What puts a person on it, a condition that was resolved included where the register is for life."""
        return self.criterion if self.for_life is None else any_of(self.criterion, self.for_life)

    @property
    def name(self) -> str:
        """The condition, as QOF names the register."""
        return tables.REGISTERS[self.code]


def _aged(years: int) -> AtLeast:
    return AtLeast("age", years)


def _ever(*conditions: str) -> Criterion:
    return any_of(*(EverRecorded(condition) for condition in conditions))


def _broken_since(date: dt.date) -> Criterion:
    return any_of(RecordedSince("fragility_fracture", date), RecordedSince("fragility_fracture_ever", date))


_FRACTURE = any_of(
    all_of(_aged(50), Not(_aged(75)), _broken_since(dt.date(2012, 4, 1))),
    all_of(_aged(75), _broken_since(dt.date(2014, 4, 1))),
)

_OBESE = any_of(AtLeast("bmi", 30), all_of(AtLeast("bmi", 27.5), OneOf("ethnicity", LOWER_BMI_ETHNICITIES)))
_SEVERE_MENTAL_ILLNESS = ("schizophrenia", "bipolar_disorder", "other_psychosis")
_HEART_DISEASE = ("coronary_heart_disease", "angina", "myocardial_infarction")

_ALL: tuple[Register, ...] = (
    Register("AF", Recorded("atrial_fibrillation"), "Atrial fibrillation, not resolved."),
    Register(
        "AST",
        all_of(_aged(6), Recorded("asthma"), RecordedWithin("asthma_medicines", 12)),
        "Aged 6 or over; asthma, not resolved; a medicine for asthma issued in the last 12 months.",
        "Medicines are those of BNF 3.1 to 3.3, a wider group than QOF's.",
    ),
    Register(
        "CAN",
        RecordedSince("cancer", dt.date(2003, 4, 1)),
        "Cancer other than non-melanoma skin cancer, recorded on or after 1 April 2003.",
        "An earlier cancer that was recorded again since counts as well.",
        for_life=RecordedSince("cancer_ever", dt.date(2003, 4, 1)),
    ),
    Register(
        "CHD",
        any_of(*(Recorded(condition) for condition in _HEART_DISEASE)),
        "Coronary heart disease, angina or heart attack, ever.",
        for_life=_ever(*_HEART_DISEASE),
    ),
    Register(
        "CKD",
        all_of(_aged(18), Recorded("ckd"), Not(LaterThan("ckd_1_2_date", "ckd_date"))),
        "Aged 18 or over; chronic kidney disease of stages 3 to 5, neither resolved nor recorded as stage 1 or 2 on a "
        "later day.",
        "A record of stage 1 or 2 that has itself ended is not held against anybody.",
    ),
    Register(
        "COPD",
        Recorded("copd"),
        "Chronic obstructive pulmonary disease, not resolved.",
        "Version 50 asks for spirometry of some diagnoses since April 2023, then admits the rest without it: "
        "everyone with a diagnosis is on the register.",
    ),
    Register("DEM", Recorded("dementia"), "Dementia, ever.", for_life=_ever("dementia")),
    Register(
        "DEP",
        all_of(_aged(18), RecordedSince("depression", dt.date(2006, 4, 1))),
        "Aged 18 or over; depression recorded on or after 1 April 2006, not resolved on a later day.",
        "QOF asks for a first or new episode; any record of depression counts here.",
    ),
    Register(
        "DM",
        all_of(_aged(17), Recorded("diabetes")),
        "Aged 17 or over; diabetes, not resolved.",
        "QOF also tells the types apart; we do not.",
    ),
    Register(
        "EP",
        all_of(_aged(18), Recorded("epilepsy"), RecordedWithin("antiepileptics", 6)),
        "Aged 18 or over; epilepsy, not resolved; an antiepileptic issued in the last 6 months.",
        "Medicines are those of BNF 4.8, those for status epilepticus among them; QOF has a list of its own.",
    ),
    Register("HF", Recorded("heart_failure"), "Heart failure, not resolved."),
    Register(
        "HYP",
        all_of(_aged(18), Recorded("hypertension")),
        "Aged 18 or over; hypertension, not resolved.",
        "The published prevalence sets this register against patients of all ages.",
    ),
    Register("LD", Recorded("learning_disability"), "Learning disability at any age, not withdrawn on a later day."),
    Register(
        "MH",
        any_of(*(Recorded(condition) for condition in _SEVERE_MENTAL_ILLNESS), RecordedWithin("lithium", 6)),
        "Schizophrenia, bipolar disorder or another psychosis, ever; or lithium issued in the last 6 months.",
        "QOF leaves out those whose lithium was stopped since; a record of that is not held.",
        for_life=_ever(*_SEVERE_MENTAL_ILLNESS),
    ),
    Register(
        "NDH",
        all_of(FirstRecordedFromAge("non_diabetic_hyperglycaemia", 18), Not(Recorded("diabetes"))),
        "Non-diabetic hyperglycaemia first recorded at 18 or over, and no diabetes, or diabetes resolved.",
        f"{FIRST_AGE} {NOT_FOR_LIFE.format('it was first recorded')}",
    ),
    Register(
        "OB",
        all_of(_aged(18), _OBESE, RecordedFromAge("bmi", 18), RecordedWithin("bmi", 12)),
        "Aged 18 or over; latest body mass index in the last 12 months, measured at 18 or over, 30 or more; 27.5 or "
        "more with a South Asian, Chinese, other Asian, Middle Eastern, Black African or African-Caribbean background.",
        "Our source names neither the 12 months nor the age when measured: the published indicator asks for the first, "
        "and a child's index has another meaning. Where ethnicity is not recorded, is mixed, or in other words than "
        "those of LOWER_BMI_ETHNICITIES, 30 applies. Codes for obesity without a value are not read.",
    ),
    Register(
        "OST",
        all_of(Recorded("osteoporosis"), _FRACTURE),
        "Osteoporosis, and a fragility fracture on or after 1 April 2012 at ages 50 to 74, or on or after 1 April 2014 "
        "at 75 or over.",
        "At 50 to 74 QOF also asks for a DXA scan, which is not held: some are here who are not on QOF's.",
        for_life=all_of(EverRecorded("osteoporosis"), _FRACTURE),
    ),
    Register(
        "PAD",
        Recorded("peripheral_arterial_disease"),
        "Peripheral arterial disease, ever.",
        for_life=_ever("peripheral_arterial_disease"),
    ),
    Register(
        "PC",
        RecordedSince("palliative_care", dt.date(2008, 4, 1)),
        "Palliative care recorded on or after 1 April 2008, and not said on a later day to be no longer needed.",
    ),
    Register(
        "RA",
        all_of(Recorded("rheumatoid_arthritis"), FirstRecordedFromAge("rheumatoid_arthritis", 16)),
        "Rheumatoid arthritis first recorded at 16 or over.",
        f"{FIRST_AGE} {NOT_FOR_LIFE.format('it was first recorded')}",
    ),
    Register(
        "STIA",
        any_of(Recorded("stroke"), Recorded("tia")),
        "Stroke or transient ischaemic attack, ever.",
        for_life=_ever("stroke", "tia"),
    ),
)

REGISTERS: dict[str, Register] = {register.code: register for register in _ALL}
"""The registers by QOF code, in the order of codelists/qof_registers.csv."""


def criteria() -> dict[str, Criterion]:
    """Rules of the registers by the column of the person table that each fills, for :func:`rules.flags`.

    Examples
    --------
    >>> criteria()["on_af_register"]
    Recorded(condition='atrial_fibrillation')
    """
    return {tables.register_column(code): register.rule for code, register in REGISTERS.items()}


def unassessable(columns: Collection[str]) -> dict[str, list[str]]:
    """Name what is missing behind each register, given the columns of a person table.

    Parameters
    ----------
    columns
        Columns that the person table has.

    Returns
    -------
    dict
        By column of the person table, as in :func:`criteria`, the names of the conditions, groups of medicines and
        measurements that it reads and that are missing; only registers that lack any. One that can be assessed in
        part all the same is a column of the person table, and too small; one that cannot is no column at all.

    Examples
    --------
    >>> everything = set(tables.PERSON_TABLE.column_names())
    >>> unassessable(everything - {"has_tia"})
    {'on_stia_register': ['Transient ischaemic attack']}
    """
    found = {column: missing_columns(criterion, columns) for column, criterion in criteria().items()}
    return {column: missing for column, missing in found.items() if missing}


def missing_columns(criterion: Criterion, columns: Collection[str]) -> list[str]:
    """Name the conditions, groups of medicines and measurements that a criterion reads and a person table lacks.

    A flag that a source gives stands for the condition, resolved since or not: no further date of it is missing.

    Examples
    --------
    >>> recent = all_of(Recorded("asthma"), RecordedWithin("asthma_medicines", 12))
    >>> missing_columns(recent, ["has_asthma"])
    ['Medicines for asthma']
    """
    absent = [column for column in needed_columns(criterion) if column not in columns]
    return list(dict.fromkeys(_name(column) for column in absent if _flag_of(column) not in columns))


_MEASURED = {slug: name for slug, (name, _) in tables.LATEST_MEASUREMENTS.items()}
_NAMES = tables.CONDITION_NAMES | tables.MEDICINE_GROUPS | _MEASURED


def _flag_of(column: str) -> str:
    """The flag that stands for the date of a condition resolved or not; empty for another column."""
    return f"has_{column.removesuffix('_ever_date')}" if column.endswith("_ever_date") else ""


def _name(column: str) -> str:
    """What a column of the person table is about, in words."""
    slug = column.removeprefix("has_").removesuffix("_12m").removesuffix("_date")
    return _NAMES.get(slug.removesuffix("_first").removesuffix("_ever"), column)
