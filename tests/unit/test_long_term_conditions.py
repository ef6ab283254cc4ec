"""The 37 long-term conditions, each by someone who has it and someone who only just does not."""

import pytest
from vignettes import ON, by_person, columns_without, person_rows

from pcn_analysis import codelists, rules, tables
from pcn_analysis.scores.long_term_conditions import LONG_TERM_CONDITIONS, n_ltc, unassessable

pytestmark = pytest.mark.unit

KINDS = {element.name: element.when for element in LONG_TERM_CONDITIONS}

EVER = {
    "Alcohol problems": ["alcohol_misuse"],
    "Anorexia or bulimia": ["eating_disorder"],
    "Atrial fibrillation": ["atrial_fibrillation"],
    "Blindness and low vision": ["blindness", "low_vision"],
    "Bronchiectasis": ["bronchiectasis"],
    "Chronic liver disease and viral hepatitis": ["chronic_liver_disease"],
    "Chronic sinusitis": ["chronic_sinusitis"],
    "Connective tissue disorders and inflammatory arthritis": [
        "rheumatoid_arthritis", "psoriatic_arthritis", "ankylosing_spondylitis", "lupus", "sjogrens_syndrome",
        "scleroderma", "polymyositis", "polymyalgia_rheumatica",
    ],
    "Chronic obstructive pulmonary disease": ["copd"],
    "Coronary heart disease": ["coronary_heart_disease", "angina", "myocardial_infarction"],
    "Dementia": ["dementia"],
    "Diabetes": ["diabetes"],
    "Diverticular disease": ["diverticular_disease"],
    "Hearing loss": ["hearing_loss"],
    "Heart failure": ["heart_failure"],
    "Hypertension": ["hypertension"],
    "Inflammatory bowel disease": ["crohns_disease", "ulcerative_colitis", "inflammatory_bowel_disease"],
    "Irritable bowel syndrome": ["irritable_bowel_syndrome"],
    "Learning disability": ["learning_disability"],
    "Multiple sclerosis": ["multiple_sclerosis"],
    "Parkinson's disease": ["parkinsons_disease"],
    "Peptic ulcer": ["peptic_ulcer"],
    "Peripheral vascular disease": ["peripheral_arterial_disease"],
    "Prostate disorders": ["prostate_disorder"],
    "Psychoactive substance misuse": ["substance_misuse"],
    "Schizophrenia or bipolar disorder": ["schizophrenia", "bipolar_disorder", "other_psychosis"],
    "Stroke or transient ischaemic attack": ["stroke", "tia"],
    "Thyroid disorders": ["thyroid_disorder"],
}  # fmt: skip
"""Conditions for which one record is enough, and the records that are."""

ASTHMA, EPILEPSY, ECZEMA, PSORIASIS, PAIN, LOW = (
    "Asthma, treated", "Epilepsy, treated", "Psoriasis or eczema, treated", "Psoriasis or eczema, treated",
    "Painful condition", "Anxiety or depression",
)  # fmt: skip
TIMED = [
    # condition, what is recorded, whether it is there
    (LOW, {"depression_date": "2025-07-01"}, True),
    (LOW, {"depression_date": "2025-06-30"}, False),
    (LOW, {"anxiety_date": "2025-07-01"}, True),
    (LOW, {"anxiety_date": "2025-06-30"}, False),
    (LOW, {"antidepressants_12m": 4}, True),
    (LOW, {"antidepressants_12m": 3}, False),
    (LOW, {"anxiolytics_hypnotics_12m": 4}, True),
    (LOW, {"anxiolytics_hypnotics_12m": 3}, False),
    (ASTHMA, {"has_asthma": True, "asthma_medicines_date": "2025-07-01"}, True),
    (ASTHMA, {"has_asthma": True, "asthma_medicines_date": "2025-06-30"}, False),
    (ASTHMA, {"has_asthma": False, "asthma_medicines_date": "2026-01-01"}, False),
    ("Cancer first recorded within five years", {"cancer_first_date": "2021-07-01"}, True),
    ("Cancer first recorded within five years", {"cancer_first_date": "2021-06-30"}, False),
    ("Chronic kidney disease", {"egfr_best_of_2": 59.9}, True),
    ("Chronic kidney disease", {"egfr_best_of_2": 60.0}, False),
    ("Chronic kidney disease", {"egfr_best_of_2": None}, False),
    ("Constipation, treated", {"laxatives_12m": 4}, True),
    ("Constipation, treated", {"laxatives_12m": 3}, False),
    (EPILEPSY, {"has_epilepsy": True, "antiepileptics_date": "2025-07-01"}, True),
    (EPILEPSY, {"has_epilepsy": True, "antiepileptics_date": "2025-06-30"}, False),
    ("Irritable bowel syndrome", {"antispasmodics_12m": 4}, True),
    ("Irritable bowel syndrome", {"antispasmodics_12m": 3}, False),
    ("Migraine, treated", {"antimigraine_12m": 4}, True),
    ("Migraine, treated", {"antimigraine_12m": 3}, False),
    (PAIN, {"analgesics_12m": 4}, True),
    (PAIN, {"analgesics_12m": 3}, False),
    (PAIN, {"antiepileptics_12m": 4, "has_epilepsy": False}, True),
    (PAIN, {"antiepileptics_12m": 4, "has_epilepsy": True}, False),
    (PAIN, {"antiepileptics_12m": 3, "has_epilepsy": False}, False),
    (PSORIASIS, {"has_psoriasis": True, "skin_medicines_12m": 4}, True),
    (ECZEMA, {"has_eczema": True, "skin_medicines_12m": 4}, True),
    (ECZEMA, {"has_eczema": True, "skin_medicines_12m": 3}, False),
    (ECZEMA, {"has_eczema": False, "skin_medicines_12m": 9}, False),
    ("Schizophrenia or bipolar disorder", {"lithium_date": "1999-01-01"}, True),
    ("Schizophrenia or bipolar disorder", {"lithium_date": None}, False),
]


def has(name, **columns):
    flagged = rules.flags(person_rows({"person_id": "p1", **columns}), {"met": KINDS[name]}, on=ON)
    return by_person(flagged, "met")["p1"]


def number(*rows):
    return by_person(n_ltc(person_rows(*rows), on=ON), "n_ltc")


@pytest.mark.parametrize(("name", "slug"), [(name, slug) for name, slugs in EVER.items() for slug in slugs])
def test_one_record_is_enough_for_most(name, slug):
    assert has(name, **{f"has_{slug}": True}) is True
    assert has(name, **{f"has_{slug}": False}) is False


@pytest.mark.parametrize(("name", "columns", "expected"), TIMED)
def test_others_ask_for_a_recent_record_or_for_treatment(name, columns, expected):
    assert has(name, **columns) is expected


def test_there_are_37_and_each_has_its_vignettes():
    assert len(LONG_TERM_CONDITIONS) == len(KINDS) == 37
    assert set(EVER) | {name for name, *_ in TIMED} == set(KINDS)


def test_the_conditions_read_are_those_that_the_code_list_names():
    columns = {name for criterion in KINDS.values() for name in rules.needed_columns(criterion)}
    assert columns <= set(tables.PERSON_TABLE.column_names())
    slugs = set(tables.CONDITION_NAMES)
    read = {slug for slug in slugs if columns & {f"has_{slug}", f"{slug}_date", f"{slug}_first_date"}}
    named = {row["condition"] for row in codelists.rows("conditions") if row["long_term_condition"]}
    assert named - read == {"ckd"}, "kidney disease is read from the filtration rate"
    assert read <= named


def test_depression_and_anxiety_are_one_condition():
    assert number({"person_id": "p1", "depression_date": "2026-05-01", "anxiety_date": "2026-05-01"}) == {"p1": 1}


def test_the_number_counts_what_is_met_among_what_can_be_assessed():
    found = number(
        {"person_id": "p1", "has_copd": True, "has_stroke": True, "has_tia": True, "laxatives_12m": 12},
        {"person_id": "p2", "has_copd": None, "has_stroke": None, "has_tia": None, "laxatives_12m": None},
    )
    assert found == {"p1": 3, "p2": None}, "of whom nothing is known"


def test_the_number_is_missing_where_nothing_can_be_assessed():
    assert number({"person_id": "p1", "age": 70}) == {"p1": None}


def test_counting_adds_one_column():
    counted = n_ltc(person_rows({"person_id": "p1", "has_copd": True}), on=ON)
    assert counted.collect_schema().names() == ["person_id", "has_copd", "n_ltc"]


EVERYTHING = set(tables.CONDITION_NAMES)


def test_with_every_codelist_and_table_all_37_can_be_assessed():
    assert unassessable(columns_without()) == []


def test_a_condition_of_which_one_codelist_is_missing_cannot_be_assessed_in_full():
    lacking = unassessable(columns_without("angina", "copd"))
    assert lacking == ["Chronic obstructive pulmonary disease", "Coronary heart disease"]


def test_kidney_disease_needs_measurements_and_treated_conditions_need_medicines():
    assert unassessable(columns_without(measurements=False)) == ["Chronic kidney disease"]
    assert unassessable(columns_without(medicines=False)) == [
        "Anxiety or depression",
        "Asthma, treated",
        "Constipation, treated",
        "Epilepsy, treated",
        "Irritable bowel syndrome",
        "Migraine, treated",
        "Painful condition",
        "Psoriasis or eczema, treated",
        "Schizophrenia or bipolar disorder",
    ]


def test_with_nothing_none_of_the_37_can_be_assessed():
    names = [element.name for element in LONG_TERM_CONDITIONS]
    assert unassessable(columns_without(*EVERYTHING, medicines=False, measurements=False)) == names
