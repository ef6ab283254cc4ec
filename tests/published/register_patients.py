"""Patients for every clause of the QOF registers: what is recorded of someone, and whether the register holds them.

The index date is 1 July 2026; the patient was born in 1960 unless said. A clause is quoted from
``qof_registers_v50.csv``, the summary of the business rules that the registers are held against. ``differs`` marks a
patient of whom the rule says the opposite of us, in words that the note of our register has.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tests.unit import vignettes as literal

INHALER, MONTELUKAST, ROFLUMILAST = "0301011R0", "0303020G0", "0303030B0"
VALPROATE, LITHIUM, STATIN = "0408010W0", "0402030K0", "0212000B0"

Fact = tuple[str, dict]
"""A table and a row of it."""


@dataclass(frozen=True)
class Patient:
    """Someone on one side of one clause."""

    clause: str
    story: str
    facts: tuple[Fact, ...]
    on: bool
    differs: str = ""


# -- what can be recorded ----------------------------------------------------------------------------------


def had(what, *dates, ended=None):
    return [("conditions", literal.condition("", what, date, ended=ended)) for date in dates]


def resolved(what, date):
    return [("conditions", literal.resolved("", what, date))]


def given(bnf, *dates):
    return [("medications", literal.issue("", date, bnf=bnf)) for date in dates]


def measured(what, value, date):
    return [("measurements", literal.reading("", what, date, value))]


def born(date, **columns):
    return [("persons", {"birth_date": date} | columns)]


def yes(clause, story, *facts, differs=""):
    return Patient(clause, story, tuple(fact for some in facts for fact in some), True, differs)


def no(clause, story, *facts, differs=""):
    return Patient(clause, story, tuple(fact for some in facts for fact in some), False, differs)


def days_around(day):
    """The day before, the day, the day after."""
    middle = dt.date.fromisoformat(day)
    return [(middle + dt.timedelta(days=days)).isoformat() for days in (-1, 0, 1)]


# -- clauses that many registers share ---------------------------------------------------------------------


def recorded(clause, what, *also):
    return [
        no(clause, f"{what}: never recorded", *also),
        yes(clause, f"{what}: recorded the day before the index date", had(what, "2026-06-30"), *also),
        no(clause, f"{what}: recorded on the index date, which is not read", had(what, "2026-07-01"), *also),
    ]


def resolvable(clause, what, *also, same_day):
    """Recorded in 2012 and on 1 March 2020; resolved then or not; ``same_day`` is who stays if both are of one day."""
    before, on_it, after = days_around("2020-03-01")
    twice = had(what, "2012-05-04", "2020-03-01")
    stays = yes if same_day else no
    return [
        *recorded(clause, what, *also),
        yes(clause, f"{what}: resolved the day before it was recorded again", twice, resolved(what, before), *also),
        stays(clause, f"{what}: recorded and resolved on one day", twice, resolved(what, on_it), *also),
        no(clause, f"{what}: resolved the day after", twice, resolved(what, after), *also),
        no(clause, f"{what}: resolved the day before the index date", twice, resolved(what, "2026-06-30"), *also),
        yes(clause, f"{what}: resolved on the index date, not read", twice, resolved(what, "2026-07-01"), *also),
        yes(
            clause, f"{what}: back after it was resolved", twice, resolved(what, after), had(what, "2020-03-03"), *also
        ),
    ]


def lifelong(clause, what, *also, differs=""):
    stays = no if differs else yes
    once = had(what, "2020-03-01")
    return [
        *recorded(clause, what, *also),
        stays(clause, f"{what}: resolved later", once, resolved(what, "2024-03-01"), *also, differs=differs),
        stays(clause, f"{what}: an end date", had(what, "2020-03-01", ended="2020-03-09"), *also, differs=differs),
    ]


def any_age(clause, what, *also):
    return [
        yes(clause, f"{what}: an infant", born("2026-05-01"), had(what, "2026-06-01"), *also),
        yes(clause, f"{what}: at 103", born("1923-05-01"), had(what, "2020-06-01"), *also),
    ]


def aged(clause, years, birthday, *facts):
    """Who turns so many years on the index date, and whose birthday is a day earlier or later."""
    before, on_it, after = days_around(birthday)
    return [
        yes(clause, f"{years} since the day before", born(before), *facts),
        yes(clause, f"{years} on the index date", born(on_it), *facts),
        no(clause, f"{years} the day after", born(after), *facts),
    ]


def issued_since(clause, bnf, first_day, *facts):
    before, on_it, after = days_around(first_day)
    return [
        no(clause, f"issued on {before}, a day too early", given(bnf, before), *facts),
        yes(clause, f"issued on {on_it}, the first day of the window", given(bnf, on_it), *facts),
        yes(clause, f"issued on {after}", given(bnf, after), *facts),
        yes(clause, "issued the day before the index date", given(bnf, "2026-06-30"), *facts),
        no(clause, "issued on the index date, which is not read", given(bnf, "2026-07-01"), *facts),
        no(clause, "another medicine", given(STATIN, on_it), *facts),
        no(clause, "no medicine", *facts),
    ]


def dated_since(clause, what, first_day, *also):
    before, on_it, after = days_around(first_day)
    return [
        no(clause, f"{what}: recorded on {before}, a day too early", had(what, before), *also),
        yes(clause, f"{what}: recorded on {on_it}", had(what, on_it), *also),
        yes(clause, f"{what}: recorded on {after}", had(what, after), *also),
    ]


# -- the registers, as the file names them -----------------------------------------------------------------

CURRENT, UNRESOLVED = (
    "(latest diagnosis > latest resolution)",
    "(latest diagnosis > latest resolution OR no resolution)",
)
FOR_LIFE, NO_LIMIT, LIMIT_18 = "(lifelong condition, no resolution)", "No age restrictions", "Age ≥18 at reference date"
ASTHMA, EPILEPSY, KIDNEYS = had("asthma", "2015-01-01"), had("epilepsy", "2015-01-01"), had("ckd", "2020-03-01")
TREATED = "Recent asthma medication (within 12 months prior to reference date)"
SIX_MONTHS = "Recent medication within 6 months from reference date"
DOWNSTAGED = "NOT downstaged: no CKD Stage 1-2 code (CKD1AND2_COD) after latest Stage 3-5"
EPISODE = "Latest first/new episode of depression on/after 2006-04-01"
HIGH = had("hypertension", "2015-01-01")
RAISED, RAISED_AT_18 = had("non_diabetic_hyperglycaemia", "2020-01-01"), "Age ≥18 at first NDH diagnosis"
DIABETES_OF_2022 = had("diabetes", "2022-01-01")
NO_DIABETES = "Never had diabetes OR diabetes is resolved"
BMI, BY_ETHNICITY = "BMI ≥30 OR (BAME + BMI ≥27.5)", "Uses ethnicity-adjusted BMI thresholds"
INDIAN, MIXED = "Asian or Asian British: Indian", "Mixed or multiple ethnic groups: White and Asian"
THIN_BONES, FRACTURE = had("osteoporosis", "2015-01-01"), had("fragility_fracture", "2016-01-01")
AT_60, AT_80 = born("1966-01-01"), born("1946-01-01")
NEEDED = "Palliative care diagnosis on/after 1 April 2008"
NO_LONGER = 'Not excluded by "no longer indicated" code (must be before/equal to diagnosis)'
SPIROMETRY = "all remaining patients included (no spirometry code required per QOF v50)"
LITHIUM_6 = "MH2_REG: Lithium therapy in last 6 months, not subsequently stopped"
ARTHRITIS_AT_16 = "Age ≥16 at first RA diagnosis"
PSYCHOSES = ("schizophrenia", "bipolar_disorder", "other_psychosis")
NOT_HELD = "does not hold when"

PATIENTS: dict[str, list[Patient]] = {
    "asthma": [
        *aged("Age ≥6 at reference date", 6, "2020-07-01", had("asthma", "2025-10-01"), given(INHALER, "2026-05-01")),
        *resolvable(CURRENT, "asthma", given(INHALER, "2026-05-01"), same_day=False),
        *issued_since(TREATED, INHALER, "2025-07-01", ASTHMA),
        yes(TREATED, "montelukast", ASTHMA, given(MONTELUKAST, "2026-05-01")),
        yes(TREATED, "roflumilast, which is for COPD", ASTHMA, given(ROFLUMILAST, "2026-05-01"), differs="wider group"),
    ],
    "atrial_fibrillation": [
        *resolvable(UNRESOLVED, "atrial_fibrillation", same_day=False),
        *any_age(NO_LIMIT, "atrial_fibrillation"),
    ],
    "cancer": [
        *dated_since("Cancer diagnosis on/after 1 April 2003", "cancer", "2003-04-01"),
        yes("Cancer diagnosis on/after 1 April 2003", "before and since", had("cancer", "1995-06-01", "2003-04-01")),
        *lifelong("Lifelong condition, no resolution", "cancer"),
        *any_age(NO_LIMIT, "cancer"),
    ],
    "chd": [
        *(one for what in ("coronary_heart_disease", "angina", "myocardial_infarction")
          for one in lifelong(FOR_LIFE, what)),
        *any_age(NO_LIMIT, "coronary_heart_disease"),
    ],
    "ckd": [
        *aged(LIMIT_18, 18, "2008-07-01", had("ckd", "2020-03-01")),
        no("Has CKD Stage 3-5 diagnosis", "stage 1 or 2 alone", had("ckd_1_2", "2020-03-01")),
        yes(DOWNSTAGED, "stage 1 or 2 the day before", KIDNEYS, had("ckd_1_2", "2020-02-29")),
        yes(DOWNSTAGED, "both stages on one day", KIDNEYS, had("ckd_1_2", "2020-03-01")),
        no(DOWNSTAGED, "stage 1 or 2 the day after", KIDNEYS, had("ckd_1_2", "2020-03-02")),
        yes(DOWNSTAGED, "stage 3 again", KIDNEYS, had("ckd_1_2", "2021-01-01"), had("ckd", "2022-01-01")),
        yes(DOWNSTAGED, "stage 1 or 2 that ended", KIDNEYS, had("ckd_1_2", "2021-01-01", ended="2022-01-01"),
            differs="has itself ended"),
        *resolvable("NOT resolved: no resolved code (CKDRES_COD) after latest Stage 3-5", "ckd", same_day=True),
    ],
    "copd": [
        *dated_since("Rule 1: EUNRESCOPD_DAT < 01/04/2023 → automatic inclusion", "copd", "2023-03-31")[1:],
        yes("Rule 2: EUNRESCOPD_DAT >= 01/04/2023", "no spirometry", had("copd", "2024-01-01")),
        yes("Rule 3: EUNRESCOPD_DAT >= 01/04/2023 + newly registered (last 12 months)", "no spirometry, newly here",
            born("1960-05-20", registration_start_date="2026-03-01"), had("copd", "2024-01-01")),
        *dated_since(SPIROMETRY, "copd", "2023-04-01")[1:],
        *recorded("If no resolved codes → COPD_DAT (earliest diagnosis)", "copd"),
        *resolvable("Else → COPD1_DAT (earliest diagnosis after latest resolved)", "copd", same_day=False),
    ],
    "dementia": [*lifelong(FOR_LIFE, "dementia"), *any_age(NO_LIMIT, "dementia")],
    "depression": [
        *aged(LIMIT_18, 18, "2008-07-01", had("depression", "2025-01-01")),
        *dated_since(EPISODE, "depression", "2006-04-01"),
        yes(EPISODE, "an episode of 2004, mentioned in 2010", had("depression", "2004-01-01", "2010-01-01"),
            differs="any record of depression counts"),
        *resolvable("Unresolved (no DEPRES_COD after latest first/new episode)", "depression", same_day=True),
    ],
    "diabetes": [
        *aged("Age ≥17 at reference date", 17, "2009-07-01", had("diabetes", "2020-01-01")),
        *resolvable(CURRENT, "diabetes", same_day=False),
        yes("Type classification (Type 1 vs Type 2 vs Unknown)", "of either type", had("diabetes", "2020-01-01")),
    ],
    "epilepsy": [
        *aged(LIMIT_18, 18, "2008-07-01", EPILEPSY, given(VALPROATE, "2026-05-01")),
        *resolvable(CURRENT, "epilepsy", given(VALPROATE, "2026-05-01"), same_day=False),
        *issued_since(SIX_MONTHS, VALPROATE, "2026-01-01", EPILEPSY),
    ],
    "heart_failure": [
        *resolvable(UNRESOLVED, "heart_failure", same_day=False),
        *any_age(NO_LIMIT, "heart_failure"),
    ],
    "hypertension": [
        *aged(LIMIT_18, 18, "2008-07-01", HIGH),
        *resolvable(CURRENT, "hypertension", same_day=False),
    ],
    "learning_disability": [
        *recorded("Has learning disability diagnosis (LD_COD)", "learning_disability"),
        *resolvable("NOT excluded: no exclusion code (LDREM_COD) after latest diagnosis", "learning_disability",
                    same_day=True),
        *any_age("No age restriction in QOF spec (includes all ages)", "learning_disability"),
    ],
    "ndh": [
        *dated_since(RAISED_AT_18, "non_diabetic_hyperglycaemia", "2008-03-01", born("1990-03-01")),
        no(RAISED_AT_18, "first at 17, again at 30", born("1990-03-01"),
           had("non_diabetic_hyperglycaemia", "2007-03-01", "2020-03-01")),
        *lifelong("Has NDH/IGT/PRD diagnosis", "non_diabetic_hyperglycaemia", differs=NOT_HELD),
        no(NO_DIABETES, "diabetes as well", RAISED, DIABETES_OF_2022),
        yes(NO_DIABETES, "diabetes, resolved", RAISED, DIABETES_OF_2022, resolved("diabetes", "2022-01-02")),
        yes(NO_DIABETES, "resolved that day", RAISED, DIABETES_OF_2022, resolved("diabetes", "2022-01-01")),
        no(NO_DIABETES, "resolved the day before", RAISED, DIABETES_OF_2022, resolved("diabetes", "2021-12-31")),
        no(NO_DIABETES, "resolved and back", RAISED, had("diabetes", "2022-01-01", "2024-01-01"),
           resolved("diabetes", "2023-01-01")),
        yes(NO_DIABETES, "diabetes recorded on the index date, not read", RAISED, had("diabetes", "2026-07-01")),
    ],
    "obesity": [
        yes(LIMIT_18, "18 since yesterday, weighed yesterday", born("2008-06-30"), measured("bmi", 30.0, "2026-06-30")),
        no(LIMIT_18, "18 today, weighed yesterday at 17", born("2008-07-01"), measured("bmi", 30.0, "2026-06-30"),
           differs="age when measured"),
        no(LIMIT_18, "18 tomorrow", born("2008-07-02"), measured("bmi", 30.0, "2026-06-30")),
        yes(BMI, "30", measured("bmi", 30.0, "2026-01-01")),
        no(BMI, "29.9", measured("bmi", 29.9, "2026-01-01")),
        no(BMI, "never weighed"),
        no(BMI, "the latest decides: lighter since", measured("bmi", 33.0, "2025-09-01"),
           measured("bmi", 29.0, "2026-02-01")),
        yes(BMI, "the latest decides: heavier since", measured("bmi", 29.0, "2025-09-01"),
            measured("bmi", 33.0, "2026-02-01")),
        no(BMI, "weighed on the index date, not read", measured("bmi", 33.0, "2026-07-01")),
        no(BMI, "weighed a day more than 12 months ago", measured("bmi", 33.0, "2025-06-30"), differs="12 months"),
        yes(BMI, "weighed 12 months ago", measured("bmi", 33.0, "2025-07-01")),
        yes(BMI, "weighed a day less than 12 months ago", measured("bmi", 33.0, "2025-07-02")),
        yes(BY_ETHNICITY, "Indian, 27.5", born("1960-05-20", ethnicity=INDIAN), measured("bmi", 27.5, "2026-01-01")),
        no(BY_ETHNICITY, "Indian, 27.4", born("1960-05-20", ethnicity=INDIAN), measured("bmi", 27.4, "2026-01-01")),
        no(BY_ETHNICITY, "White British, 29.9", measured("bmi", 29.9, "2026-01-01")),
        no(BY_ETHNICITY, "not recorded, 29.9", born("1960-05-20", ethnicity=None), measured("bmi", 29.9, "2026-01-01")),
        no(BY_ETHNICITY, "mixed background, 28", born("1960-05-20", ethnicity=MIXED),
           measured("bmi", 28.0, "2026-01-01"), differs="is mixed"),
    ],
    "osteoporosis": [
        *aged("OSTEO1_REG (Age 50-74)", 50, "1976-07-01", THIN_BONES, FRACTURE),
        *dated_since("Fragility fracture on/after 1 April 2012", "fragility_fracture", "2012-04-01", AT_60, THIN_BONES),
        *lifelong("Osteoporosis diagnosis", "osteoporosis", AT_60, FRACTURE),
        yes("DXA confirmation (scan OR T-score ≤ -2.5)", "never scanned", AT_60, THIN_BONES, FRACTURE, differs="DXA"),
        yes("OSTEO2_REG (Age 75+)", "75 tomorrow", born("1951-07-02"), THIN_BONES,
            had("fragility_fracture", "2014-03-31")),
        no("OSTEO2_REG (Age 75+)", "75 today", born("1951-07-01"), THIN_BONES,
           had("fragility_fracture", "2014-03-31")),
        yes("OSTEO2_REG (Age 75+)", "75 today, broken two years later", born("1951-07-01"), THIN_BONES, FRACTURE),
        no("OSTEO2_REG (Age 75+)", "75 since yesterday", born("1951-06-30"), THIN_BONES,
           had("fragility_fracture", "2014-03-31")),
        *dated_since("Fragility fracture on/after 1 April 2014", "fragility_fracture", "2014-04-01", AT_80, THIN_BONES),
        yes("Fragility fracture on/after 1 April 2014", "a fracture that has ended", AT_80, THIN_BONES,
            had("fragility_fracture", "2016-01-01", ended="2016-03-01")),
        yes("NO DXA requirement", "never scanned, at 80", AT_80, THIN_BONES, FRACTURE),
    ],
    "pad": [*lifelong(FOR_LIFE, "peripheral_arterial_disease"), *any_age(NO_LIMIT, "peripheral_arterial_disease")],
    "palliative_care": [
        *dated_since(NEEDED, "palliative_care", "2008-04-01"),
        *resolvable(NO_LONGER, "palliative_care", same_day=True),
        *any_age(NO_LIMIT, "palliative_care"),
    ],
    "rheumatoid_arthritis": [
        *dated_since(ARTHRITIS_AT_16, "rheumatoid_arthritis", "2016-03-01", born("2000-03-01")),
        no(ARTHRITIS_AT_16, "first at 12, again at 20", born("2000-03-01"),
           had("rheumatoid_arthritis", "2012-03-01", "2020-03-01")),
        *lifelong("Active RA diagnosis (no resolution codes in RA)", "rheumatoid_arthritis", differs=NOT_HELD),
    ],
    "smi": [
        *(one for what in PSYCHOSES
          for one in lifelong("MH1_REG: Ever diagnosed with MH_COD (no remission exclusion)", what)),
        *issued_since(LITHIUM_6, LITHIUM, "2026-01-01"),
        yes(LITHIUM_6, "stopped since", given(LITHIUM, "2026-03-01"), had(None, "2026-05-01"),
            differs="lithium was stopped"),
        *any_age(NO_LIMIT, "other_psychosis"),
    ],
    "stroke_tia": [
        *lifelong(FOR_LIFE, "stroke"),
        *lifelong(FOR_LIFE, "tia"),
        *any_age(NO_LIMIT, "stroke"),
    ],
}  # fmt: skip
"""Patients of each register, under the name that the file has for it."""
