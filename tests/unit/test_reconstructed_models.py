"""North West London and Bridges to Health, as far as public sources tell: one patient at a time.

The index date is 1 July 2026.
"""

import pytest
from model_patients import Patients, had, has

from pcn_analysis import tables
from pcn_analysis.rules import NONE_ASSESSED

pytestmark = pytest.mark.unit

NORTH_WEST_LONDON = Patients("reconstructed_nwl")
BRIDGES = Patients("reconstructed_bridges_to_health")
FIVE_YEARS_AGO, DAY_BEFORE_FIVE_YEARS_AGO = "2021-07-01", "2021-06-30"


def aged(age, case=None):
    """A patient of some age."""
    return {"age": age} | (case or {})


RECENT_CANCER = has("cancer", date=FIVE_YEARS_AGO)
OLD_CANCER = has("cancer", date=DAY_BEFORE_FIVE_YEARS_AGO)
ONE_CONDITION = {"n_ltc": 1}

# -- North West London -------------------------------------------------------------------------------------

OF_CHILDREN = "Children with intensive continuing care needs (9)"
OF_YOUNG_PEOPLE = "Young people with intensive continuing care needs (10)"
YOUNG_CONDITIONS = "Children and young people with long-term conditions (5)"
ADULT_CONDITIONS, OLD_CONDITIONS = "Adults with long-term conditions (6)", "Older people with long-term conditions (7)"
HEALTHY = "Mostly healthy (1 to 4)"

GROUPS = [
    # what is recorded, the group, the element that says why
    (aged(3, has("homelessness")), "Socially excluded (15)", "Homelessness"),
    (aged(45, has("alcohol_misuse")), "Socially excluded (15)", "Alcohol misuse"),
    (aged(80, has("substance_misuse")), "Socially excluded (15)", "Substance misuse"),
    (aged(18, has("dementia")), "Advanced dementia (14)", "Dementia, 18 or over"),
    (aged(18, has("schizophrenia")), "Serious mental illness (11)", "Serious mental illness, 18 or over"),
    (aged(45, has("bipolar_disorder")), "Serious mental illness (11)", "Serious mental illness, 18 or over"),
    (aged(90, has("other_psychosis")), "Serious mental illness (11)", "Serious mental illness, 18 or over"),
    (aged(18, has("learning_disability")), "Learning disability (12)", "Learning disability, 18 or over"),
    (aged(18, has("physical_disability")), "Physical disability (13)", "Physical disability, 18 or over"),
    (aged(12, has("learning_disability")), OF_CHILDREN, "Intensive continuing care needs, 0 to 12"),
    (aged(0, has("physical_disability")), OF_CHILDREN, "Intensive continuing care needs, 0 to 12"),
    (aged(13, has("physical_disability")), OF_YOUNG_PEOPLE, "Intensive continuing care needs, 13 to 17"),
    (aged(17, has("other_psychosis")), OF_YOUNG_PEOPLE, "Intensive continuing care needs, 13 to 17"),
    (aged(18, RECENT_CANCER), "Cancer (8)", "Cancer in the last five years, 18 or over"),
    (aged(65, ONE_CONDITION), OLD_CONDITIONS, "Long-term condition, 65 or over"),
    (aged(64, ONE_CONDITION), ADULT_CONDITIONS, "Long-term condition, 18 to 64"),
    (aged(18, ONE_CONDITION), ADULT_CONDITIONS, "Long-term condition, 18 to 64"),
    (aged(17, ONE_CONDITION), YOUNG_CONDITIONS, "Long-term condition or cancer, 0 to 17"),
    (aged(0, RECENT_CANCER), YOUNG_CONDITIONS, "Long-term condition or cancer, 0 to 17"),
]
MOSTLY_HEALTHY = [
    *(aged(age) for age in (0, 12, 13, 17, 18, 64, 65, 99)),
    aged(45, OLD_CANCER),
    aged(9, OLD_CANCER),
    aged(17, has("dementia")),
    aged(45, {"n_ltc": 0}),
    aged(45, had("schizophrenia")),
    aged(45, has("depression")),
]


def test_each_element_puts_a_person_in_its_group_of_north_west_london():
    cases = [recorded for recorded, *_ in GROUPS]
    assert dict(enumerate(NORTH_WEST_LONDON.segments(*cases))) == {i: case[1] for i, case in enumerate(GROUPS)}
    for (recorded, _, because), met in zip(GROUPS, NORTH_WEST_LONDON.elements(*cases), strict=True):
        assert because in met, recorded


def test_who_has_none_of_it_is_mostly_healthy_in_north_west_london():
    assert NORTH_WEST_LONDON.segments(*MOSTLY_HEALTHY) == [HEALTHY] * len(MOSTLY_HEALTHY)
    assert NORTH_WEST_LONDON.elements(*MOSTLY_HEALTHY) == [set()] * len(MOSTLY_HEALTHY)


@pytest.mark.parametrize("unknown", ["has_homelessness", "has_physical_disability", "n_ltc", "cancer_date"])
def test_nobody_is_called_mostly_healthy_where_something_is_not_known(unknown):
    lacking = Patients("reconstructed_nwl", without=(unknown,))
    assert lacking.segments(aged(45)) == [NONE_ASSESSED]


def test_every_group_and_element_of_north_west_london_has_a_vignette():
    assert {because for *_, because in GROUPS} == set(NORTH_WEST_LONDON.names())
    assert {group for _, group, _ in GROUPS} == {one.name for one in NORTH_WEST_LONDON.model.segments}


def test_main_needs_of_an_adult_are_taken_in_the_order_that_is_assumed():
    needs = [
        has("homelessness"), has("dementia"), has("schizophrenia"), has("learning_disability"),
        has("physical_disability"), RECENT_CANCER, ONE_CONDITION,
    ]  # fmt: skip
    cases = [{name: value for case in needs[start:] for name, value in case.items()} for start in range(len(needs))]
    order = [
        "Socially excluded (15)", "Advanced dementia (14)", "Serious mental illness (11)", "Learning disability (12)",
        "Physical disability (13)", "Cancer (8)", ADULT_CONDITIONS,
    ]  # fmt: skip
    assert NORTH_WEST_LONDON.segments(*cases) == order
    assert NORTH_WEST_LONDON.next_segments(*cases) == [*order[1:], HEALTHY]


# -- Bridges to Health -------------------------------------------------------------------------------------


def filtration(value, *, admissions):
    """Kidney disease with a latest filtration rate, and a number of emergency admissions in 12 months."""
    return has("ckd") | {"egfr": value, "nel_12m": admissions}


SEGMENTS = [
    (aged(65, {"efi_category": "moderate"}), "Frailty and dementia (8)", "Frailty, 65 or over"),
    (aged(90, {"efi_category": "severe"}), "Frailty and dementia (8)", "Frailty, 65 or over"),
    (has("dementia"), "Frailty and dementia (8)", "Dementia"),
    (has("kidney_failure"), "Organ failure (7)", "End stage renal failure"),
    (filtration(29.9, admissions=4), "Organ failure (7)", "End stage renal failure"),
    (has("heart_failure"), "Organ failure (7)", "Heart failure"),
    (has("respiratory_failure"), "Organ failure (7)", "Respiratory failure"),
    (has("cancer", "palliative_care"), "Incurable cancer (6)", "Cancer with palliative care"),
    (has("learning_disability"), "Disability (5)", "Learning disability"),
    (has("physical_disability"), "Disability (5)", "Physical disability"),
    (has("blindness"), "Disability (5)", "Blindness"),
    (ONE_CONDITION, "Long term conditions (4)", "Long-term condition"),
    ({"nel_12m": 1}, "Acutely ill (3)", "Emergency admission in the last year"),
    (aged(0), "Maternal and infant health (2)", "Infant"),
]
NOT_HELD = {"Liver failure", "Maternity"}
NO_SEGMENT = [
    {},
    aged(1),
    aged(64, {"efi_category": "severe"}),
    aged(65, {"efi_category": "mild"}),
    has("palliative_care"),
    has("cancer"),
    {"nel_12m": 0},
    {"n_ltc": 0},
    has("ckd") | {"egfr": 20.0, "nel_12m": 0},
]


def test_each_element_puts_a_person_in_its_segment_of_bridges_to_health():
    cases = [recorded for recorded, *_ in SEGMENTS]
    assert dict(enumerate(BRIDGES.segments(*cases))) == {i: case[1] for i, case in enumerate(SEGMENTS)}
    for (recorded, _, because), met in zip(SEGMENTS, BRIDGES.elements(*cases), strict=True):
        assert because in met, recorded


def test_who_is_just_outside_bridges_to_health_is_in_none():
    assert BRIDGES.segments(*NO_SEGMENT) == [NONE_ASSESSED] * len(NO_SEGMENT)
    assert BRIDGES.elements(*NO_SEGMENT) == [set()] * len(NO_SEGMENT)


def test_kidney_disease_of_stage_4_is_organ_failure_from_the_fourth_emergency_admission():
    cases = [filtration(29.9, admissions=3), filtration(29.9, admissions=4), filtration(30.0, admissions=4)]
    assert BRIDGES.segments(*cases) == ["Acutely ill (3)", "Organ failure (7)", "Acutely ill (3)"]


def test_every_segment_and_element_of_bridges_to_health_has_a_vignette_or_cannot_be_assessed():
    tested = {because for *_, because in SEGMENTS}
    assert tested | NOT_HELD == set(BRIDGES.names())
    assert {name for name, one in BRIDGES.status().items() if one == "not assessed"} == NOT_HELD
    assert {segment for _, segment, _ in SEGMENTS} == {one.name for one in BRIDGES.model.segments}


def test_the_highest_number_of_bridges_to_health_goes_first():
    numbers = [int(one.name.rpartition("(")[2].rstrip(")")) for one in BRIDGES.model.ordered()]
    assert numbers == [8, 7, 6, 5, 4, 3, 2]
    everything = has("dementia", "heart_failure", "cancer", "palliative_care", "blindness") | ONE_CONDITION
    assert BRIDGES.segments(everything) == ["Frailty and dementia (8)"]
    assert BRIDGES.next_segments(everything) == ["Organ failure (7)"]


# -- both --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("patients", [NORTH_WEST_LONDON, BRIDGES])
def test_they_say_that_they_are_reconstructed_and_list_what_is_assumed(patients):
    assert patients.model.variant == "reconstructed"
    assert patients.model.title.endswith(", reconstructed")
    assert len(patients.model.assumptions) >= len(patients.model.segments) - 3
    assert any("order" in one.lower() for one in patients.model.assumptions)


@pytest.mark.parametrize("patients", [NORTH_WEST_LONDON, BRIDGES])
def test_they_are_for_everyone(patients):
    assert patients.model.whom is None
    assert set(patients.read) <= set(tables.PERSON_TABLE.column_names())
