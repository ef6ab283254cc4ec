"""Core20PLUS5: who is in each segment and why, one patient at a time, of adults and of children.

The index date is 1 July 2026.
"""

import pytest
from model_patients import DAY_BEFORE_A_YEAR_AGO, YEAR_AGO, Patients, had, has

from pcn_analysis import codelists
from pcn_analysis.rules import NONE_ASSESSED

pytestmark = pytest.mark.unit

ADULTS, CHILDREN = Patients("core20plus5_adults"), Patients("core20plus5_children")
BOTH, REACHED, CLINICAL = "Core20 or PLUS, with a clinical priority", "Core20 or PLUS", "Clinical priority only"
CHILD = {"age": 9}
PLACES = {"imd_decile": 2}


def pressure(systolic, diastolic, date=YEAR_AGO):
    """A blood pressure, taken on a date."""
    return {"sbp": systolic, "sbp_date": date, "dbp": diastolic, "dbp_date": date}


# -- adults ------------------------------------------------------------------------------------------------

GROUPS = [
    # what is recorded, the element that says why
    ({"imd_decile": 1}, "Core20"),
    ({"imd_decile": 2}, "Core20"),
    ({"ethnicity": "Asian or Asian British: Bangladeshi"}, "PLUS: ethnic minority"),
    ({"ethnicity": "White: Irish"}, "PLUS: ethnic minority"),
    (has("learning_disability"), "PLUS: learning disability or autism"),
    ({"n_ltc": 2}, "PLUS: multimorbidity"),
    (has("homelessness"), "PLUS: inclusion health"),
    (has("alcohol_misuse"), "PLUS: inclusion health"),
    (has("substance_misuse"), "PLUS: inclusion health"),
    (has("imprisonment"), "PLUS: inclusion health"),
    ({"ethnicity": "White: Gypsy or Irish Traveller"}, "PLUS: inclusion health"),
    ({"ethnicity": "White: Roma"}, "PLUS: inclusion health"),
]
AREAS = [
    (has("schizophrenia"), "Severe mental illness: recorded"),
    (has("bipolar_disorder"), "Severe mental illness: recorded"),
    (has("other_psychosis"), "Severe mental illness: recorded"),
    (has("copd"), "COPD: recorded"),
    (has("hypertension"), "High blood pressure: recorded, or a reading of 140/90 or more"),
    (pressure(140, 80), "High blood pressure: recorded, or a reading of 140/90 or more"),
    (pressure(120, 90), "High blood pressure: recorded, or a reading of 140/90 or more"),
]
JOINED = "Core20 or PLUS, and a clinical priority"
NOT_HELD = {
    "PLUS: protected characteristics and coastal communities", "Pregnancy or a recent birth",
    "Cancer: stage at diagnosis, or screening",
}  # fmt: skip
NEITHER = [
    {},
    {"imd_decile": 3},
    {"imd_decile": None},
    {"ethnicity": None},
    {"n_ltc": 1},
    {"n_ltc": None},
    pressure(139, 89),
    pressure(180, 110, DAY_BEFORE_A_YEAR_AGO),
    had("schizophrenia"),
    has("cancer", "asthma", "diabetes", "epilepsy", "depression"),
]


def test_each_group_of_adults_is_reached_and_each_clinical_area_is_one():
    cases = [recorded for recorded, _ in (*GROUPS, *AREAS)]
    assert ADULTS.segments(*cases) == [REACHED] * len(GROUPS) + [CLINICAL] * len(AREAS)
    for (recorded, because), met in zip((*GROUPS, *AREAS), ADULTS.elements(*cases), strict=True):
        assert because in met, recorded
        assert JOINED not in met


def test_an_adult_of_any_group_in_any_area_is_in_both():
    cases = [group | area for group, _ in GROUPS for area, _ in AREAS]
    assert set(ADULTS.segments(*cases)) == {BOTH}
    assert all(JOINED in met for met in ADULTS.elements(*cases))
    assert ADULTS.next_segments(PLACES | has("copd"), PLACES, has("copd")) == [REACHED, NONE_ASSESSED, NONE_ASSESSED]


def test_who_is_just_outside_is_in_neither():
    assert ADULTS.segments(*NEITHER) == [NONE_ASSESSED] * len(NEITHER)
    assert ADULTS.elements(*NEITHER) == [set()] * len(NEITHER)


def test_every_element_of_adults_has_a_vignette_or_cannot_be_assessed():
    tested = {because for _, because in (*GROUPS, *AREAS)} | {JOINED}
    assert tested | NOT_HELD == set(ADULTS.names())
    assert {name for name, one in ADULTS.status().items() if one == "not assessed"} == NOT_HELD


def test_every_ethnic_group_that_hospitals_record_is_a_minority_but_white_british():
    recorded = [row["ethnicity"] for row in codelists.rows("hospital_ethnic_categories")]
    found = ADULTS.elements(*({"ethnicity": one} for one in recorded))
    majority = [one for one, met in zip(recorded, found, strict=True) if "PLUS: ethnic minority" not in met]
    assert majority == ["White: English, Welsh, Scottish, Northern Irish or British"]


# -- children ----------------------------------------------------------------------------------------------

GROUPS_OF_CHILDREN = [
    *GROUPS,
    (has("looked_after"), "PLUS: looked-after child"),
    ({"carer": True}, "PLUS: young carer"),
]
AREAS_OF_CHILDREN = [
    (has("asthma"), "Asthma: recorded"),
    (has("diabetes"), "Diabetes: recorded"),
    (has("epilepsy"), "Epilepsy: recorded"),
    (has("anxiety"), "Anxiety, depression or an eating disorder: recorded"),
    (has("depression"), "Anxiety, depression or an eating disorder: recorded"),
    (has("eating_disorder"), "Anxiety, depression or an eating disorder: recorded"),
]
NOT_HELD_OF_CHILDREN = {
    "PLUS: protected characteristics and coastal communities",
    "Oral health: a tooth taken out in hospital",
}
NO_PRIORITY_OF_CHILDREN = [{}, has("copd", "hypertension", "schizophrenia"), had("anxiety"), {"imd_decile": 3}]


def test_each_group_of_children_is_reached_and_each_clinical_area_is_one():
    named = (*GROUPS_OF_CHILDREN, *AREAS_OF_CHILDREN)
    cases = [recorded | CHILD for recorded, _ in named]
    expected = [REACHED] * len(GROUPS_OF_CHILDREN) + [CLINICAL] * len(AREAS_OF_CHILDREN)
    assert CHILDREN.segments(*cases) == expected
    for (recorded, because), met in zip(named, CHILDREN.elements(*cases), strict=True):
        assert because in met, recorded


def test_a_child_of_any_group_in_any_area_is_in_both():
    cases = [group | area | CHILD for group, _ in GROUPS_OF_CHILDREN for area, _ in AREAS_OF_CHILDREN]
    assert set(CHILDREN.segments(*cases)) == {BOTH}
    assert all(JOINED in met for met in CHILDREN.elements(*cases))


def test_what_is_of_adults_only_is_no_priority_of_children():
    cases = [one | CHILD for one in NO_PRIORITY_OF_CHILDREN]
    assert CHILDREN.segments(*cases) == [NONE_ASSESSED] * len(cases)


def test_every_element_of_children_has_a_vignette_or_cannot_be_assessed():
    tested = {because for _, because in (*GROUPS_OF_CHILDREN, *AREAS_OF_CHILDREN)} | {JOINED}
    assert tested | NOT_HELD_OF_CHILDREN == set(CHILDREN.names())
    assert {name for name, one in CHILDREN.status().items() if one == "not assessed"} == NOT_HELD_OF_CHILDREN


# -- both --------------------------------------------------------------------------------------------------


def test_everyone_is_of_one_of_the_two_by_age():
    cases = [PLACES | {"age": age} for age in (0, 17, 18, 100)]
    assert ADULTS.segments(*cases) == ["Under 18", "Under 18", REACHED, REACHED]
    assert CHILDREN.segments(*cases) == [REACHED, REACHED, "18 and over", "18 and over"]


@pytest.mark.parametrize("patients", [ADULTS, CHILDREN])
def test_they_say_that_segments_and_groups_are_ours(patients):
    assert patients.model.variant == "reconstructed"
    said = " ".join(patients.model.assumptions)
    assert "has no segments" in said
    assert "local choice" in said


@pytest.mark.parametrize("patients", [ADULTS, CHILDREN])
def test_nobody_is_in_neither_while_parts_cannot_be_assessed(patients):
    assert patients.model.remainder == "Neither"
    assert patients.model.remainder_name(patients.read) == NONE_ASSESSED


@pytest.mark.parametrize("patients", [ADULTS, CHILDREN])
def test_without_deprivation_the_groups_are_still_assessed_in_part(patients):
    columns = [name for name in patients.read if name != "imd_decile"]
    assert patients.model.status(columns)[REACHED] == "partly assessed"
