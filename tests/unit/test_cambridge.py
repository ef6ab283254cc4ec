"""The Cambridge Multimorbidity Score, one patient at a time. The index date is 1 July 2026."""

import csv
from itertools import combinations
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcn_analysis import codelists, tables
from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person.filtration import best_filtration_rate
from pcn_analysis.person_table import person_table
from pcn_analysis.rules import NONE_ASSESSED, needed_columns
from pcn_analysis.scores.cambridge import (
    VARIANTS,
    cambridge_reasons,
    cambridge_scores,
    core_segments,
    find_variant,
    unassessable,
)
from pcn_analysis.scores.cambridge.conditions import AS_IN_BNSSG, PUBLISHED
from pcn_analysis.scores.long_term_conditions import LONG_TERM_CONDITIONS
from tests.conftest import ROOT, need
from tests.unit.vignettes import (
    ON,
    by_person,
    columns_without,
    condition,
    issue,
    person,
    person_rows,
    population_of,
    reading,
    rows_of,
    table,
)

pytestmark = pytest.mark.unit

GENERAL_20, GENERAL_35, MORTALITY, MODIFIED, BNSSG = VARIANTS
GOLDEN = Path(__file__).parents[1] / "published" / "cambridge_bands.csv"
REFERENCE = ROOT.parent / "shared" / "reference"
NEW = {"egfr_best_of_2": "number", "prostate_medicines_12m": "integer", "thyroid_medicines_12m": "integer"}
"""Columns that the person table may have, and their kinds."""


def score(variant, **columns):
    """Score of one patient, and how many conditions were assessed."""
    scored = cambridge_scores(person_rows({"person_id": "p1", **columns}, **NEW), on=ON, variants=[variant])
    return by_person(scored, f"cms_{variant}", f"cms_{variant}_assessed")["p1"]


# -- patients as their records tell of them ------------------------------------------------------------------

PATIENTS = {
    # patient: conditions, medicines, filtration rates
    "healthy": ([], [], []),
    "dementia and hypertension": ([("dementia", "2022-03-01"), ("hypertension", "2009-05-01")], [], []),
    "hypertension and hearing loss": ([("hypertension", "2009-05-01"), ("hearing_loss", "2019-05-01")], [], []),
    "asthma, inhaler a year ago": ([("asthma", "1990-01-01")], [("0301011R0", "2025-07-01")], []),
    "asthma, inhaler before that": ([("asthma", "1990-01-01")], [("0301011R0", "2025-06-30")], []),
    "cancer five years ago": ([("cancer", "2021-07-01")], [], []),
    "cancer before that": ([("cancer", "2021-06-30")], [], []),
    "cancer recorded again": ([("cancer", "2015-01-01"), ("cancer", "2026-01-01")], [], []),
    "four painkillers": ([], [("0407010H0", f"2026-0{month}-01") for month in range(1, 5)], []),
    "three painkillers": ([], [("0407010H0", f"2026-0{month}-01") for month in range(1, 4)], []),
    "dementia yesterday": ([("dementia", "2026-06-30")], [], []),
    "dementia today": ([("dementia", "2026-07-01")], [], []),
    "two low rates": ([], [], [("2025-01-01", 59.9), ("2026-01-01", 48.0)]),
    "one low rate after another": ([], [], [("2025-01-01", 60.0), ("2026-01-01", 48.0)]),
    "stroke and dementia": (
        [("dementia", "2022-03-01"), ("stroke", "2015-01-01"), ("tia", "2019-01-01")],
        [],
        [("2024-05-05", 41.0), ("2025-05-05", 44.0)],
    ),
}
"""People of 76, of whom their practice records everything."""


@pytest.fixture(scope="module")
def patients():
    """Their person table, without the scores that it holds."""
    people = [person(who, born="1950-06-15") for who in PATIENTS]
    measured = [reading(who, "egfr", *rate) for who, (_, _, rates) in PATIENTS.items() for rate in rates]
    population = population_of(
        people,
        conditions=[condition(who, *one) for who, (conditions, _, _) in PATIENTS.items() for one in conditions],
        medications=[issue(who, date, bnf=bnf) for who, (_, issues, _) in PATIENTS.items() for bnf, date in issues],
        measurements=measured,
    )
    made = to_pandas(person_table(population, on=ON))
    return lazy(made[[name for name in made if not name.startswith("cms_")]])


@pytest.fixture(scope="module")
def scores(patients):
    """Score of each variant, by patient."""
    found = by_person(cambridge_scores(patients, on=ON), *(f"cms_{variant}" for variant in VARIANTS))
    return {who: dict(zip(VARIANTS, row, strict=True)) for who, row in found.items()}


def test_dementia_and_high_blood_pressure_in_each_variant(scores):
    found = scores["dementia and hypertension"]
    assert found[GENERAL_20] == 2.58, "2.50 and 0.08"
    assert found[GENERAL_35] == found[BNSSG] == 2.55, "2.46 and 0.09"
    assert found[MORTALITY] == 122.33, "124.42 less 2.09"
    assert found[MODIFIED] == 0.938001, "hypertension has no weight there"


def test_where_weights_are_negative_a_score_can_be_below_0(scores):
    found = scores["hypertension and hearing loss"]
    assert (found[MORTALITY], found[GENERAL_20]) == (-6.03, 0.17)


def test_a_healthy_person_of_whom_everything_is_recorded_has_0(scores):
    assert set(scores["healthy"].values()) == {0.0}


@pytest.mark.parametrize(
    ("who", "variant", "expected"),
    [
        ("asthma, inhaler a year ago", GENERAL_20, 0.19),
        ("asthma, inhaler before that", GENERAL_20, 0.0),
        ("asthma, inhaler before that", BNSSG, 0.0),
        ("cancer five years ago", GENERAL_20, 1.53),
        ("cancer before that", GENERAL_20, 0.0),
        ("cancer recorded again", GENERAL_35, 0.0),
        ("four painkillers", GENERAL_20, 0.92),
        ("three painkillers", GENERAL_20, 0.0),
        ("dementia yesterday", GENERAL_20, 2.50),
        ("dementia today", GENERAL_20, 0.0),
        ("two low rates", GENERAL_35, 0.51),
        ("two low rates", BNSSG, 0.51),
        ("one low rate after another", GENERAL_35, 0.0),
        ("one low rate after another", BNSSG, 0.0),
    ],
)
def test_what_is_treated_recent_or_repeated_counts_and_what_only_just_is_not_does_not(scores, who, variant, expected):
    assert scores[who][variant] == expected


def rate_of(*measurements):
    rows = [reading("p1", "egfr", date, value) for date, value in measurements]
    return best_filtration_rate(table("measurements", rows), table("persons", [person("p1")]), on=ON)


# -- kidney disease: the better of the last two filtration rates ----------------------------------------------

RATES = [
    # rates by date, the better of the last two
    ([("2025-01-01", 52.0), ("2026-01-01", 48.0)], 52.0),
    ([("2020-01-01", 75.0), ("2025-01-01", 52.0), ("2026-01-01", 48.0)], 52.0),
    ([("2025-01-01", 75.0), ("2026-01-01", 48.0)], 75.0),
    ([("2026-01-01", 48.0), ("2025-01-01", 75.0), ("2024-01-01", 90.0)], 75.0),
    ([("2026-01-01", 48.0)], 48.0),
    ([("2025-01-01", 40.0), ("2026-01-01", 48.0), ("2026-01-01", 61.0)], 61.0),
    ([("2024-01-01", 70.0), ("2026-01-01", 48.0), ("2026-01-01", 48.0)], 70.0),
    ([("2026-06-30", 48.0), ("2026-07-01", 90.0)], 48.0),
    ([], None),
]


@pytest.mark.parametrize(("rates", "best"), RATES)
def test_the_rate_that_counts_is_the_better_of_those_of_the_last_two_days(rates, best):
    assert by_person(rate_of(*rates), "egfr_best_of_2") == {"p1": best}


def test_the_rate_is_dated_by_the_last_reading():
    found = by_person(rate_of(("2025-01-01", 75.0), ("2026-01-01", 48.0)), "egfr_best_of_2_date")
    assert found == {"p1": "2026-01-01"}


@pytest.mark.parametrize(
    ("operator", "value", "unit", "best"),
    [
        (">", 90, "", 90.0), (">=", 60, "", 60.0), (">", 45, "", 52.0), ("<", 15, "", 48.0), ("<", 60, "", 52.0),
        ("<", 90, "", 52.0), (None, 90, "", 52.0), ("=", 90, None, 52.0), ("=", 90, "mL/min", 52.0),
        ("=", None, "", 52.0),
    ],
)  # fmt: skip
def test_a_bound_counts_where_it_settles_whether_the_rate_is_low(operator, value, unit, best):
    rows = [
        reading("p1", "egfr", "2026-01-01", value, unit=unit, operator=operator),
        reading("p1", "egfr", "2025-01-01", 48.0),
        reading("p1", "egfr", "2024-01-01", 52.0),
        reading("p1", "sbp", "2026-02-01", 140.0),
    ]
    rates = best_filtration_rate(table("measurements", rows), table("persons", [person("p1")]), on=ON)
    assert by_person(rates, "egfr_best_of_2") == {"p1": best}


def test_without_the_column_of_two_rates_kidney_disease_is_not_assessed_and_one_rate_does_not_stand_in_for_it():
    assert score(GENERAL_20, has_dementia=True, egfr=30.0) == (2.5, 1)
    assert score(GENERAL_20, has_dementia=True, egfr_best_of_2=30.0) == (3.03, 2)
    columns = set(tables.PERSON_TABLE.column_names()) - {"egfr_best_of_2"}
    assert unassessable(GENERAL_20, columns) == ["Chronic kidney disease"]


# -- the variants -------------------------------------------------------------------------------------------


def test_there_are_five_and_each_says_how_many_conditions_it_has():
    assert {name: len(one.weights) for name, one in VARIANTS.items()} == {
        "payne2020_general_20": 20,
        "payne2020_general_35of37": 35,
        "payne2020_mortality_20": 20,
        "tsang2023_modified_21": 21,
        "bnssg2023_general_35of37": 35,
    }


def test_the_two_conditions_without_a_public_weight_are_named_and_never_count():
    assert find_variant(GENERAL_35).not_public == ("Diverticular disease", "Chronic sinusitis")
    assert score(GENERAL_35, has_diverticular_disease=True, has_chronic_sinusitis=True) == (None, 0)
    for one in VARIANTS.values():
        assert len(one.weights) + len(one.not_public) in {20, 21, 37}


def test_the_modified_score_says_that_age_and_sex_are_left_out_and_which_weights_are_below_0():
    modified = find_variant(MODIFIED)
    assert "without age and sex" in modified.title
    assert {slug for slug, weight in modified.weights.items() if weight < 0} == {
        "irritable_bowel_syndrome",
        "prostate_disorders",
    }


def test_every_weight_and_variant_names_its_source():
    for file in ("cambridge_weights", "cambridge_short_weights", "cambridge_conditions", "cambridge_bands"):
        assert all(row["source"] for row in codelists.rows(file)), file
    assert all("doi:10." in row["source"] for row in codelists.rows("cambridge_short_weights"))
    assert all(one.source and one.title for one in VARIANTS.values())


def test_a_variant_that_does_not_exist_is_an_error_with_the_nearest():
    with pytest.raises(PcnAnalysisError, match="Did you mean payne2020_general_35of37"):
        cambridge_scores(person_rows({"person_id": "p1"}), on=ON, variants=["payne2020_general_37"])


THEIRS = {
    "chd": "coronary_heart_disease", "ckd": "chronic_kidney_disease", "ibs": "irritable_bowel_syndrome",
    "ibd": "inflammatory_bowel_disease", "connective_tissue_disorder": "connective_tissue_disorders",
    "liver_disease_viral_hepatitis": "chronic_liver_disease", "parkinsons": "parkinsons_disease",
    "alcoholproblems": "alcohol_problems", "anxietyordepression": "anxiety_depression",
    "atrialfibrillation": "atrial_fibrillation", "cancerinthelast5years": "cancer",
    "chronickidneydisease": "chronic_kidney_disease", "chronicliverdiseaseandviralhepatitis": "chronic_liver_disease",
    "disorderofprostate": "prostate_disorders", "heartfailure": "heart_failure",
    "irritablebowelsyndrome": "irritable_bowel_syndrome", "learningdisability": "learning_disability",
    "multiplesclerosis": "multiple_sclerosis", "painfulcondition": "painful_conditions",
    "parkinsonism": "parkinsons_disease", "periphvascdiseaseleg": "peripheral_vascular_disease",
    "psychoactivesubstancemisuse": "psychoactive_substance_misuse",
    "schizophreniaorbipolardisorder": "psychosis_bipolar",
}  # fmt: skip
"""Names of conditions in the published files that are not ours."""


@pytest.mark.published
@pytest.mark.parametrize(
    ("variant", "model"),
    [
        (GENERAL_20, "payne2020_general_20"), (GENERAL_35, "payne2020_general_37"), (BNSSG, "payne2020_general_37"),
        (MORTALITY, "payne2020_mortality_20"), (MODIFIED, "tsang2023_modified_21"),
    ],
)  # fmt: skip
def test_weights_are_those_that_were_published(variant, model):
    path = REFERENCE / "cambridge_multimorbidity_weights.csv"
    need(path.exists(), "the published weights, ../shared/reference/cambridge_multimorbidity_weights.csv,")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["model"].startswith(model)]
    published = {THEIRS.get(row["condition"], row["condition"]): float(row["weight"]) for row in rows}
    assert {slug: float(weight) for slug, weight in find_variant(variant).weights.items()} == published


@pytest.mark.published
def test_the_37_conditions_are_those_of_the_38_published_code_lists():
    path = REFERENCE / "cambridge_condition_rules.csv"
    need(path.exists(), "the published rules, ../shared/reference/cambridge_condition_rules.csv,")
    with path.open(encoding="utf-8", newline="") as stream:
        published = {row["CONDITION CODE"] for row in csv.DictReader(stream)}
    rows = codelists.rows("cambridge_conditions")
    codes = [code for row in rows for code in row["cprd_codes"].split(";")]
    assert (len(rows), len(codes), set(codes)) == (37, 38, published)


# -- each condition, and its weight --------------------------------------------------------------------------

HAS = {
    "alcohol_problems": "alcohol_misuse", "anorexia_bulimia": "eating_disorder",
    "atrial_fibrillation": "atrial_fibrillation", "blindness_low_vision": "low_vision",
    "bronchiectasis": "bronchiectasis", "chronic_liver_disease": "chronic_liver_disease",
    "chronic_sinusitis": "chronic_sinusitis", "connective_tissue_disorders": "lupus", "copd": "copd",
    "coronary_heart_disease": "angina", "dementia": "dementia", "diabetes": "diabetes",
    "diverticular_disease": "diverticular_disease", "hearing_loss": "hearing_loss", "heart_failure": "heart_failure",
    "hypertension": "hypertension", "inflammatory_bowel_disease": "crohns_disease",
    "irritable_bowel_syndrome": "irritable_bowel_syndrome", "learning_disability": "learning_disability",
    "multiple_sclerosis": "multiple_sclerosis", "parkinsons_disease": "parkinsons_disease",
    "peptic_ulcer": "peptic_ulcer", "peripheral_vascular_disease": "peripheral_arterial_disease",
    "prostate_disorders": "prostate_disorder", "psychoactive_substance_misuse": "substance_misuse",
    "psychosis_bipolar": "bipolar_disorder", "stroke_tia": "tia", "thyroid_disorders": "thyroid_disorder",
}  # fmt: skip
MEETS = {slug: {f"has_{what}": True} for slug, what in HAS.items()} | {
    "anxiety_depression": {"antidepressants_12m": 4},
    "asthma": {"has_asthma": True, "asthma_medicines_date": "2026-01-01"},
    "cancer": {"cancer_first_date": "2024-01-01"},
    "chronic_kidney_disease": {"egfr_best_of_2": 45.0},
    "constipation": {"laxatives_12m": 4},
    "epilepsy": {"has_epilepsy": True, "antiepileptics_date": "2026-05-01"},
    "migraine": {"antimigraine_12m": 4},
    "painful_conditions": {"analgesics_12m": 4},
    "psoriasis_eczema": {"has_eczema": True, "skin_medicines_12m": 4},
}
"""For each of the 37, columns of someone who has it and nothing else."""
BY_BNSSG = MEETS | {"prostate_disorders": {"prostate_medicines_12m": 4}}


def crowd(patients, meets=MEETS):
    """Someone for each set of conditions, in columns that everybody has: false, 0 or missing where not met."""
    names = sorted({name for columns in meets.values() for name in columns})
    blank = {name: False if name.startswith("has_") else 0 if name.endswith("_12m") else None for name in names}
    rows = []
    for who, conditions in patients.items():
        met = {name: value for slug in conditions for name, value in meets[slug].items()}
        rows.append({"person_id": who, "age": 70} | blank | met)
    return person_rows(*rows, **NEW)


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_condition_alone_gives_its_weight_and_one_without_a_weight_gives_0(variant):
    meets = BY_BNSSG if variant == BNSSG else MEETS
    found = by_person(cambridge_scores(crowd({slug: [slug] for slug in meets}, meets), on=ON), f"cms_{variant}")
    weights = find_variant(variant).weights
    assert found == {slug: float(weights.get(slug, 0)) for slug in meets}


@pytest.mark.parametrize("variant", VARIANTS)
def test_conditions_add_up(variant):
    meets = BY_BNSSG if variant == BNSSG else MEETS
    pairs = {f"{one} {other}": (one, other) for one, other in combinations(sorted(meets), 2)}
    scored = cambridge_scores(crowd(pairs, meets), on=ON, variants=[variant])
    weights = find_variant(variant).weights
    assert by_person(scored, f"cms_{variant}") == {
        who: float(sum(weights.get(slug, 0) for slug in pair)) for who, pair in pairs.items()
    }


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sets(st.sampled_from(sorted(MEETS))), st.sampled_from(sorted(MEETS))), min_size=5))
def test_one_more_condition_of_a_positive_weight_never_lowers_the_score(drawn):
    people = {f"{number}": conditions for number, (conditions, _) in enumerate(drawn)}
    people |= {f"{number} and one more": {*conditions, more} for number, (conditions, more) in enumerate(drawn)}
    scored = to_pandas(cambridge_scores(crowd(people), on=ON)).set_index("person_id")
    for variant, one in VARIANTS.items():
        for number, (_, more) in enumerate(drawn):
            before, after = (scored.loc[f"{number}{end}", f"cms_{variant}"] for end in ("", " and one more"))
            assert after >= before if one.weights.get(more, 0) >= 0 else after <= before


def test_the_rules_are_those_by_which_long_term_conditions_are_counted_but_for_kidney_disease():
    counted = {element.name: element for element in LONG_TERM_CONDITIONS}
    weighed = {element.name: element for element in PUBLISHED.values()}
    assert set(weighed) == set(counted)
    assert {name for name in counted if weighed[name].when != counted[name].when} <= {"Chronic kidney disease"}


# -- the rules of BNSSG ---------------------------------------------------------------------------------------

DRIFT = [
    # condition, what is recorded, by the published rules, by those of BNSSG
    ("anxiety_depression", {"depression_date": "2010-01-01", "age": 40}, False, True),
    ("anxiety_depression", {"depression_date": "2006-03-31", "age": 40}, False, False),
    ("anxiety_depression", {"depression_date": "2026-05-01", "age": 17}, True, False),
    ("anxiety_depression", {"anxiety_date": "2026-05-01", "antidepressants_12m": 0, "age": 40}, True, False),
    ("anxiety_depression", {"anxiolytics_hypnotics_12m": 4, "age": 40}, True, True),
    ("epilepsy", {"has_epilepsy": True, "antiepileptics_date": "2026-01-01", "age": 40}, True, True),
    ("epilepsy", {"has_epilepsy": True, "antiepileptics_date": "2025-12-31", "age": 40}, True, False),
    ("epilepsy", {"has_epilepsy": True, "antiepileptics_date": "2026-01-01", "age": 17}, True, False),
    ("prostate_disorders", {"has_prostate_disorder": True, "prostate_medicines_12m": 3}, True, False),
    ("prostate_disorders", {"has_prostate_disorder": False, "prostate_medicines_12m": 4}, False, True),
    ("psychoactive_substance_misuse", {"has_substance_misuse": False, "opioid_dependence_medicines_12m": 4},
     False, True),
    ("psychosis_bipolar", {"lithium_date": "1999-01-01"}, True, False),
    ("psychosis_bipolar", {"lithium_date": "2026-01-01"}, True, True),
    ("thyroid_disorders", {"has_thyroid_disorder": False, "thyroid_medicines_12m": 4}, False, True),
    ("thyroid_disorders", {"has_thyroid_disorder": False, "thyroid_medicines_12m": 3}, False, False),
    ("asthma", {"has_asthma": True, "asthma_medicines_date": "2025-06-30"}, False, False),
    ("chronic_kidney_disease", {"egfr_best_of_2": 60.0}, False, False),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "columns", "published", "bnssg"), DRIFT)
def test_bnssg_counts_six_conditions_otherwise(slug, columns, published, bnssg):
    weight = float(find_variant(BNSSG).weights[slug])
    assert score(BNSSG, **columns)[0] == (weight if bnssg else 0.0)
    if set(needed_columns(PUBLISHED[slug].when)) & set(columns):
        assert (score(GENERAL_35, **columns)[0] or 0.0) == (weight if published else 0.0)


def test_the_six_that_differ_say_so_and_no_others():
    differ = {slug for slug, element in AS_IN_BNSSG.items() if element != PUBLISHED[slug]}
    tested = {slug for slug, _, published, bnssg in DRIFT if published != bnssg}
    assert differ == tested
    assert all(AS_IN_BNSSG[slug].note for slug in differ)


# -- what is not assessed ----------------------------------------------------------------------------------------


def test_a_score_says_how_many_of_its_conditions_were_assessed():
    assert score(GENERAL_20, has_dementia=True) == (2.5, 1)
    assert score(GENERAL_20, has_dementia=False) == (0.0, 1)
    two_of_five = {"has_dementia": True, "has_copd": False, "has_stroke": False, "egfr": 50.0, "laxatives_12m": None}
    assert score(GENERAL_20, **two_of_five) == (2.5, 2)


def test_with_every_column_all_conditions_are_assessed():
    for variant in VARIANTS:
        assert unassessable(variant, {*tables.PERSON_TABLE.column_names(), *NEW}) == []


def test_a_condition_of_which_one_codelist_is_missing_counts_and_is_not_assessed():
    assert score(GENERAL_20, has_stroke=True) == (0.8, 0)
    assert score(GENERAL_20, has_stroke=True, has_tia=False) == (0.8, 1)
    lacking = unassessable(GENERAL_20, columns_without("tia") | set(NEW))
    assert lacking == ["Stroke or transient ischaemic attack"]


def test_without_medicines_treated_conditions_are_not_assessed():
    assert unassessable(GENERAL_20, columns_without(medicines=False) | set(NEW)) == [
        "Anxiety or depression", "Painful condition", "Irritable bowel syndrome", "Asthma, treated",
        "Constipation, treated", "Schizophrenia or bipolar disorder", "Epilepsy, treated",
    ]  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
def test_where_nothing_is_assessed_or_known_there_is_no_score(variant):
    assert score(variant, age=70) == (None, 0)
    assert score(variant, has_dementia=None, has_copd=None, depression_date=None, age=70) == (None, 0), "but an age"


def test_a_flag_that_the_source_leaves_empty_is_not_assessed_of_that_person_and_never_a_no():
    assert score(GENERAL_20, has_dementia=False, has_copd=None) == (0.0, 1)
    assert score(GENERAL_20, has_dementia=None, has_copd=True) == (1.46, 1)
    assert score(GENERAL_20, has_cancer=True, cancer_first_date=None) == (None, 0), "it has, and nobody says when"
    assert score(GENERAL_20, has_cancer=False, cancer_first_date=None, has_copd=False) == (0.0, 2)


def test_one_of_two_codelists_that_says_yes_settles_a_condition():
    assert score(GENERAL_20, has_stroke=True, has_tia=None) == (0.8, 1)
    assert score(GENERAL_20, has_stroke=False, has_tia=None) == (0.0, 0)


def test_who_was_never_measured_is_assessed_for_kidney_disease_and_does_not_have_it():
    assert score(GENERAL_20, has_dementia=False, egfr_best_of_2=None) == (0.0, 2)


# -- the core segments of BNSSG -------------------------------------------------------------------------------

with GOLDEN.open(encoding="utf-8", newline="") as stream:
    PUBLISHED_BANDS = [(row["variant"], float(row["score"]), row["band"]) for row in csv.DictReader(stream)]


def segment(variant, value, assessed=35):
    kinds = {f"cms_{variant}": "number", f"cms_{variant}_assessed": "integer"}
    rows = person_rows(dict(zip(["person_id", *kinds], ["p1", value, assessed], strict=True)), **kinds)
    return by_person(core_segments(rows, variant=variant), f"core_segment_{variant}")["p1"]


@pytest.mark.parametrize(("variant", "value", "band"), PUBLISHED_BANDS)
def test_bands_start_and_end_where_they_are_published(variant, value, band):
    assert segment(variant, value) == band
    assert segment(GENERAL_35, value) == band


def test_the_bands_leave_no_score_out():
    rows = codelists.rows("cambridge_bands")
    assert [row["band"] for row in rows] == ["CS1", "CS2", "CS3", "CS4", "CS5"]
    assert (rows[0]["lower_inclusive"], rows[-1]["upper_exclusive"]) == ("", "")
    assert [row["upper_exclusive"] for row in rows[:-1]] == [row["lower_inclusive"] for row in rows[1:]]


ON_A_LIMIT = {
    "CS2": ("hypertension",),
    "CS3": ("chronic_kidney_disease", "irritable_bowel_syndrome"),
    "CS4": ("heart_failure", "coronary_heart_disease"),
    "CS5": ("dementia", "coronary_heart_disease", "connective_tissue_disorders", "hearing_loss", "prostate_disorders"),
}
"""Patients whose weights add up to the lower limit of a band, or just above it."""


def test_patients_on_the_limits_are_in_the_band_that_begins_there():
    scored = core_segments(cambridge_scores(crowd(ON_A_LIMIT, BY_BNSSG), on=ON, variants=[BNSSG]))
    assert by_person(scored, f"core_segment_{BNSSG}") == {band: band for band in ON_A_LIMIT}


def test_weights_are_added_whole_so_that_no_fraction_is_lost_at_a_limit():
    parts = ("psoriasis_eczema", "inflammatory_bowel_disease")
    assert 0.25 + 0.44 == 0.69, "this pair adds up either way"
    limits = {0.69, 1.58, 2.96}
    weights = {slug: float(weight) for slug, weight in find_variant(BNSSG).weights.items()}
    off = {
        " ".join(chosen): chosen
        for chosen in combinations(sorted(weights), 3)
        if any(abs(sum(weights[slug] for slug in chosen) - limit) < 1e-9 for limit in limits)
        and sum(weights[slug] for slug in chosen) not in limits
    } | {"pair": parts}
    assert len(off) > 1, "some sums of fractions miss a limit"
    found = by_person(cambridge_scores(crowd(off, BY_BNSSG), on=ON, variants=[BNSSG]), f"cms_{BNSSG}")
    assert set(found.values()) <= limits


def test_the_first_band_is_named_of_those_only_of_whom_everything_was_assessed():
    assert segment(BNSSG, 0.0, assessed=34) == NONE_ASSESSED
    assert segment(BNSSG, 0.09, assessed=34) == "CS2"
    assert segment(BNSSG, None, assessed=0) is None


def test_a_score_without_published_bands_has_no_segments():
    with pytest.raises(PcnAnalysisError, match="Choose one of bnssg2023_general_35of37 and payne2020_general_35of37"):
        segment(GENERAL_20, 1.0)


# -- reasons ------------------------------------------------------------------------------------------------------


def test_reasons_name_condition_weight_and_latest_record(patients):
    found = to_pandas(cambridge_reasons(patients, on=ON, variant=GENERAL_20))
    found = found[found["person_id"] == "stroke and dementia"]
    assert rows_of(found[["element", "date", "variant", "weight"]]) == [
        ("Chronic kidney disease", "2025-05-05", GENERAL_20, 0.53),
        ("Dementia", "2022-03-01", GENERAL_20, 2.5),
        ("Stroke or transient ischaemic attack", "2019-01-01", GENERAL_20, 0.8),
    ]
    assert list(found.columns) == [*tables.REASONS.column_names(), "variant", "weight"]
    assert found["source"].str.contains("Payne").all()


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_weights_of_the_reasons_add_up_to_the_score(variant):
    people = crowd({"all": list(BY_BNSSG), "two": ["dementia", "asthma"], "none": []}, BY_BNSSG)
    reasons = to_pandas(cambridge_reasons(people, on=ON, variant=variant))
    summed = reasons.groupby("person_id")["weight"].sum().to_dict() | {"none": 0.0}
    assert by_person(cambridge_scores(people, on=ON), f"cms_{variant}") == pytest.approx(summed)


def test_where_nothing_can_be_assessed_there_are_no_reasons():
    nobody = cambridge_reasons(person_rows({"person_id": "p1", "age": 70}), on=ON, variant=GENERAL_20)
    assert rows_of(nobody) == []


# -- engines ------------------------------------------------------------------------------------------------------


def test_polars_and_pandas_give_the_same_rows():
    held = to_pandas(crowd({slug: [slug] for slug in BY_BNSSG} | {"all": list(BY_BNSSG)}, BY_BNSSG))
    rates = [reading(who, "egfr", f"202{year}-01-01", 50.0 + year) for who in ("p1", "p2") for year in (3, 4, 5)]
    people, measured = (
        to_pandas(table("persons", [person("p1"), person("p2")])),
        to_pandas(table("measurements", rates)),
    )

    def answers(door):
        everyone = door(held)
        scored = cambridge_scores(everyone, on=ON)
        return [
            rows_of(scored),
            rows_of(core_segments(scored)),
            rows_of(cambridge_reasons(everyone, on=ON, variant=MORTALITY)),
            rows_of(best_filtration_rate(door(measured), door(people), on=ON)),
        ]

    on_duckdb = answers(lazy)
    assert answers(lambda frame: lazy(pl.from_pandas(frame).lazy())) == on_duckdb
    assert answers(lambda frame: frame) == on_duckdb


def test_scores_stand_beside_the_columns_that_were_there_and_the_table_given_is_unchanged():
    people = pd.DataFrame({"person_id": ["p1"], "has_dementia": pd.array([True], dtype="boolean")})
    scored = cambridge_scores(people, on=ON, variants=[GENERAL_20])
    assert list(scored.columns) == [*people.columns, f"cms_{GENERAL_20}", f"cms_{GENERAL_20}_assessed"]
    assert list(people.columns) == ["person_id", "has_dementia"]
