"""SNEE: who is in each segment and why, one patient at a time; as published, and mended.

The index date is 1 July 2026.
"""

from itertools import combinations

import pytest
from model_patients import (
    DAY_BEFORE_A_YEAR_AGO,
    YEAR_AGO,
    Patients,
    had,
    has,
    in_hospital,
)
from vignettes import ON, by_person, condition, person, population_of, resolved, rows_of

from pcn_analysis import rules
from pcn_analysis.person_table import person_table
from pcn_analysis.rules import NONE_ASSESSED

pytestmark = pytest.mark.unit

PUBLISHED, MENDED = Patients("snee_published"), Patients("snee")
YESTERDAY = "2026-06-30"


def weighed(value, date=YESTERDAY):
    """A body mass index, measured on a date."""
    return {"bmi": value, "bmi_date": date}


CURRENT = [
    "asthma", "atrial_fibrillation", "ckd", "copd", "diabetes", "epilepsy", "heart_failure", "hypertension",
]  # fmt: skip
EVER = ["learning_disability", "osteoporosis", "peripheral_arterial_disease", "stroke", "tia"]
THREE = has("asthma", "copd", "diabetes")
FOUR = has("asthma", "copd", "diabetes", "stroke")

# -- as published ------------------------------------------------------------------------------------------

AS_PUBLISHED = [
    # what is recorded, the segment, the element that says why
    (has("palliative_care"), "Die well", "Palliative care"),
    (had("palliative_care"), "Die well", "Palliative care"),
    (has("dementia"), "Age well", "Dementia"),
    (had("dementia"), "Age well", "Dementia"),
    (FOUR, "Age well", "Four or more LTCs"),
    (THREE | had("stroke"), "Age well", "Four or more LTCs"),
    (THREE | had("anxiety"), "Age well", "Four or more LTCs"),
    (THREE, "Stay well", "One to three LTCs"),
    (THREE | had("depression"), "Stay well", "One to three LTCs"),
    (has("depression"), "Stay well", "One to three LTCs"),
    (has("anxiety"), "Stay well", "One to three LTCs"),
    (had("anxiety"), "Stay well", "One to three LTCs"),
    *((has(slug), "Stay well", "One to three LTCs") for slug in [*CURRENT, *EVER]),
    *((had(slug), "Stay well", "One to three LTCs") for slug in EVER),
    (has("cancer"), "Stay well", "Cancer"),
    (had("cancer"), "Stay well", "Cancer"),
    (has("schizophrenia"), "Feel well", "Serious mental illness"),
    (has("bipolar_disorder"), "Feel well", "Serious mental illness"),
    (had("other_psychosis"), "Feel well", "Serious mental illness"),
    (had("depression"), "Feel well", "Depression"),
    (weighed(30.1), "Be well", "Obese"),
    (weighed(30.1, YEAR_AGO), "Be well", "Obese"),
]

NEVER_THE_REASON = {"Anxiety"}
"""Met by patients, and never what puts them where they are."""
NOT_PUBLISHED = {
    "End of life", "End stage liver disease", "End stage heart disease", "End stage renal disease", "End stage COPD",
    "Hospitalised for hip fracture", "Hospitalised for stroke", "Hospitalised for a fall", "Hospitalised for frailty",
    "Housebound", "Has a carer", "Hospitalised for mental health", "Hospitalised for alcohol",
    "Hospitalised for drugs", "Hospitalised for self-harm", "Hospitalised for homelessness",
    "Hospitalised for emergency dentistry", "Increased alcohol risk", "High alcohol risk",
}  # fmt: skip
"""Elements whose list of codes was announced as forthcoming."""
NOT_HELD = {"Severe frailty", "Moderate frailty", "Care contact for mental health", "Smoker"}
"""Elements whose codes are published, and whose records we do not hold."""

NOBODY = [
    # just outside, or of what no list of codes was published: nothing follows from it
    {},
    weighed(30.0),
    weighed(30.1, DAY_BEFORE_A_YEAR_AGO),
    {"bmi": None, "bmi_date": YESTERDAY},
    has("osteoarthritis", "gout", "eczema"),
    has("kidney_failure"),
    in_hospital("stroke", date=YESTERDAY),
    in_hospital("fall", date=YESTERDAY),
    {"efi_category": "severe"},
    {"housebound": True},
    {"carer": True},
    has("homelessness", "alcohol_misuse", date=YESTERDAY),
]


def test_each_element_as_published_puts_a_person_in_its_segment():
    cases = [recorded for recorded, *_ in AS_PUBLISHED]
    assert dict(enumerate(PUBLISHED.segments(*cases))) == {i: case[1] for i, case in enumerate(AS_PUBLISHED)}
    for (recorded, _, because), met in zip(AS_PUBLISHED, PUBLISHED.elements(*cases), strict=True):
        assert because in met, recorded


def test_who_is_just_outside_as_published_is_in_none():
    assert PUBLISHED.segments(*NOBODY) == [NONE_ASSESSED] * len(NOBODY)
    assert PUBLISHED.elements(*NOBODY) == [set()] * len(NOBODY)


def test_every_element_as_published_has_a_vignette_or_cannot_be_assessed():
    tested = {because for *_, because in AS_PUBLISHED} | NEVER_THE_REASON
    assert tested | NOT_PUBLISHED | NOT_HELD == set(PUBLISHED.names())
    assert {name for name, one in PUBLISHED.status().items() if one == "assessed"} == tested
    assert {name for name, one in PUBLISHED.status().items() if one == "not assessed"} == NOT_PUBLISHED | NOT_HELD


def test_19_of_32_lists_of_codes_were_never_published_and_every_element_says_its_list():
    elements = [element for _, element in PUBLISHED.model.elements()]
    assert {element.name for element in elements if element.codelist == "Forthcoming"} == NOT_PUBLISHED
    assert (len(NOT_PUBLISHED), len(elements)) == (19, 32)
    assert all(element.codelist and element.words for element in elements)


def test_anxiety_is_met_and_never_the_reason_as_published():
    others = [(), *combinations(["asthma", "copd", "diabetes", "stroke"], 2), tuple(CURRENT)]
    cases = [has("anxiety", *beside) for beside in others]
    assert all("Anxiety" in met for met in PUBLISHED.elements(*cases))
    assert set(PUBLISHED.segments(*cases)) == {"Stay well", "Age well"}


def test_four_conditions_are_four_or_more_and_not_one_to_three_as_well():
    four, three = PUBLISHED.elements(FOUR, THREE)
    assert "Four or more LTCs" in four
    assert "One to three LTCs" not in four
    assert "One to three LTCs" in three
    assert "Four or more LTCs" not in three


def test_a_resolved_condition_of_a_list_with_resolutions_does_not_count():
    assert PUBLISHED.segments(*[had(slug) | {f"{slug}_date": None} for slug in CURRENT]) == [NONE_ASSESSED] * 8


# -- mended ------------------------------------------------------------------------------------------------

AS_MENDED = [
    (has("palliative_care"), "Die well", "Palliative care"),
    (has("kidney_failure"), "Die well", "End stage renal disease"),
    (in_hospital("fragility_fracture", date=YEAR_AGO), "Age well", "Hospitalised for hip fracture"),
    (in_hospital("stroke", date=YEAR_AGO), "Age well", "Hospitalised for stroke"),
    (in_hospital("fall", date=YEAR_AGO), "Age well", "Hospitalised for a fall"),
    (had("dementia"), "Age well", "Dementia"),
    (FOUR, "Age well", "Four or more LTCs"),
    (has("anxiety", "depression", "asthma", "copd"), "Age well", "Four or more LTCs"),
    ({"efi_category": "severe"}, "Age well", "Severe frailty"),
    ({"housebound": True}, "Age well", "Housebound"),
    (has("housebound"), "Age well", "Housebound"),
    (THREE, "Stay well", "One to three LTCs"),
    (has("anxiety", "depression", "asthma"), "Stay well", "One to three LTCs"),
    *((has(slug), "Stay well", "One to three LTCs") for slug in [*CURRENT, *EVER]),
    *((had(slug), "Stay well", "One to three LTCs") for slug in EVER),
    (had("cancer"), "Stay well", "Cancer"),
    ({"efi_category": "moderate"}, "Stay well", "Moderate frailty"),
    (has("schizophrenia"), "Feel well", "Serious mental illness"),
    (had("bipolar_disorder"), "Feel well", "Serious mental illness"),
    (has("other_psychosis"), "Feel well", "Serious mental illness"),
    (has("depression"), "Feel well", "Depression"),
    (has("anxiety"), "Feel well", "Anxiety"),
    (has("anxiety", "depression"), "Feel well", "Anxiety"),
    (in_hospital("alcohol_misuse", date=YEAR_AGO), "Feel well", "Hospitalised for alcohol"),
    (in_hospital("substance_misuse", date=YEAR_AGO), "Feel well", "Hospitalised for drugs"),
    (in_hospital("homelessness", date=YEAR_AGO), "Feel well", "Hospitalised for homelessness"),
    (weighed(30.0), "Be well", "Obese"),
    (weighed(41.0, YEAR_AGO), "Be well", "Obese"),
]

STILL_NOT_ASSESSED = {
    "End of life", "End stage liver disease", "End stage heart disease", "End stage COPD", "Hospitalised for frailty",
    "Has a carer", "Care contact for mental health", "Hospitalised for mental health", "Hospitalised for self-harm",
    "Hospitalised for emergency dentistry", "Smoker", "Increased alcohol risk", "High alcohol risk",
}  # fmt: skip

NOBODY_MENDED = [
    {},
    had("palliative_care"),
    *(
        in_hospital(slug, date=DAY_BEFORE_A_YEAR_AGO)
        for slug in ("fragility_fracture", "stroke", "fall", "alcohol_misuse", "substance_misuse", "homelessness")
    ),
    has("fall", "fragility_fracture", "alcohol_misuse", "substance_misuse", "homelessness", date=YESTERDAY),
    {"efi_category": "mild"},
    had("depression"),
    had("anxiety"),
    weighed(29.9),
    weighed(30.0, DAY_BEFORE_A_YEAR_AGO),
    {"carer": True},
    has("requirement_for_care", "chronic_liver_disease", "respiratory_failure"),
]


def test_each_mended_element_puts_a_person_in_its_segment():
    cases = [recorded for recorded, *_ in AS_MENDED]
    assert dict(enumerate(MENDED.segments(*cases))) == {i: case[1] for i, case in enumerate(AS_MENDED)}
    for (recorded, _, because), met in zip(AS_MENDED, MENDED.elements(*cases), strict=True):
        assert because in met, recorded


def test_who_is_just_outside_when_mended_is_in_none():
    assert MENDED.segments(*NOBODY_MENDED) == [NONE_ASSESSED] * len(NOBODY_MENDED)
    assert MENDED.elements(*NOBODY_MENDED) == [set()] * len(NOBODY_MENDED)


def test_every_mended_element_has_a_vignette_or_cannot_be_assessed():
    tested = {because for *_, because in AS_MENDED}
    assert tested | STILL_NOT_ASSESSED == set(MENDED.names()) == set(PUBLISHED.names())
    assert {name for name, one in MENDED.status().items() if one == "assessed"} == tested


def test_severe_frailty_is_not_moderate_as_well():
    assert MENDED.elements({"efi_category": "severe"}, {"efi_category": "moderate"}) == [
        {"Severe frailty"},
        {"Moderate frailty"},
    ]


def test_what_was_mended_says_so():
    published = {element.name: element.when for _, element in PUBLISHED.model.elements()}
    mended = [element for _, element in MENDED.model.elements() if element.when != published[element.name]]
    silent = {element.name for element in mended if not element.note}
    assert silent <= STILL_NOT_ASSESSED


def test_three_conditions_of_which_two_are_of_the_mind_stay_well_and_two_of_the_mind_alone_feel_well():
    assert MENDED.segments(has("anxiety", "depression", "asthma"), has("anxiety", "depression")) == [
        "Stay well",
        "Feel well",
    ]


# -- both --------------------------------------------------------------------------------------------------

LADDER = [
    has("palliative_care"), FOUR | has("dementia"), has("cancer"), has("schizophrenia"), weighed(35.0),
]  # fmt: skip


@pytest.mark.parametrize("patients", [PUBLISHED, MENDED])
def test_the_first_segment_that_is_met_is_taken_and_the_next_is_named(patients):
    everything = {name: value for case in reversed(LADDER) for name, value in case.items()}
    rest = [everything]
    for case in LADDER[:-1]:
        cleared = {name: None if name.endswith("_date") else False for name in case}
        rest.append(rest[-1] | cleared)
    order = ["Die well", "Age well", "Stay well", "Feel well", "Be well"]
    assert patients.segments(*rest) == order
    assert patients.next_segments(*rest) == [*order[1:], NONE_ASSESSED]


@pytest.mark.parametrize("patients", [PUBLISHED, MENDED])
def test_who_is_under_18_is_in_no_segment_of_adults(patients):
    ill = has("palliative_care", "asthma")
    assert patients.segments(ill | {"age": 17}, ill | {"age": 18}, {"age": 17}) == ["Under 18", "Die well", "Under 18"]
    assert patients.next_segments(ill | {"age": 17}) == [None]


@pytest.mark.parametrize("patients", [PUBLISHED, MENDED])
def test_nobody_is_called_live_well_while_elements_cannot_be_assessed(patients):
    assert patients.model.remainder == "Live well"
    assert patients.segments({}) == [NONE_ASSESSED]


@pytest.mark.parametrize("patients", [PUBLISHED, MENDED])
def test_a_reason_has_the_date_of_the_latest_record_behind_it(patients):
    case = has("asthma", date="2015-02-03") | has("copd", date="2020-04-05")
    assert patients.reasons(case) == [{"One to three LTCs": "2020-04-05"}]


# -- from records ------------------------------------------------------------------------------------------

RECORDS = [
    condition("asthma again", "asthma", "2012-03-01"),
    resolved("asthma again", "asthma", "2020-03-01"),
    condition("asthma again", "asthma", "2021-05-01"),
    condition("asthma and its resolution on one day", "asthma", "2020-03-01"),
    resolved("asthma and its resolution on one day", "asthma", "2020-03-01"),
    condition("stroke marked as resolved", "stroke", "2019-01-01"),
    resolved("stroke marked as resolved", "stroke", "2020-01-01"),
    condition("fall seen in hospital", "fall", "2025-07-01", source="ecds"),
    condition("fall told to the practice", "fall", "2025-07-01"),
    condition("asthma recorded on the index date", "asthma", "2026-07-01"),
    condition("child with asthma", "asthma", "2024-01-01"),
    condition("asthma at 18", "asthma", "2024-01-01"),
]


def test_the_same_rules_answer_from_records():
    born = {"child with asthma": "2008-07-02", "asthma at 18": "2008-07-01"}
    who = dict.fromkeys(row["person_id"] for row in RECORDS)
    persons = [person(one, born=born.get(one, "1960-05-20")) for one in who]
    table = person_table(population_of(persons, conditions=RECORDS), on=ON)
    assert by_person(rules.label(table, MENDED.model, on=ON), "segment") == {
        "asthma again": "Stay well",
        "asthma and its resolution on one day": NONE_ASSESSED,
        "stroke marked as resolved": "Stay well",
        "fall seen in hospital": "Age well",
        "fall told to the practice": NONE_ASSESSED,
        "asthma recorded on the index date": NONE_ASSESSED,
        "child with asthma": "Under 18",
        "asthma at 18": "Stay well",
    }
    found = rules.reasons(table, [one for _, one in MENDED.model.elements()], on=ON)
    dates = {who: (element, date) for who, element, date, _ in rows_of(found)}
    assert dates["asthma again"] == ("One to three LTCs", "2021-05-01")
    assert dates["stroke marked as resolved"] == ("One to three LTCs", "2019-01-01")
    assert dates["fall seen in hospital"] == ("Hospitalised for a fall", "2025-07-01")
