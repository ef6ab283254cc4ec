"""System P: who is in each segment and why, one patient at a time; as published, and mended.

The index date is 1 July 2026. Where nothing else is said, both answer alike.
"""

from collections import ChainMap
from itertools import combinations

import pytest
from model_patients import DAY_BEFORE_TWO_YEARS_AGO as LONG_AGO
from model_patients import TWO_YEARS_AGO as RECENT
from model_patients import Patients, had, has

from pcn_analysis import rules, tables
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.rules import NONE_ASSESSED
from pcn_analysis.segmentation.models import MODELS, find_model

pytestmark = pytest.mark.unit

MENDED, PUBLISHED = Patients("system_p"), Patients("system_p_published")
SYSTEM_P = MENDED.model
ELEMENTS = {element.name: element for _, element in SYSTEM_P.elements()}
PHYSICAL_CONDITION = ELEMENTS["Complex Lives: a long-term physical condition"]
TRIGGERS = [one for name, one in ELEMENTS.items() if name.startswith("Complex Lives") and "condition" not in name]
SOCIAL_CARE, MENTAL_HEALTH_TEAMS = "adult social care records", "mental health team contacts (MHSDS)"

both = pytest.mark.parametrize("patients", [MENDED, PUBLISHED], ids=["mended", "as published"])


LTC = [
    "crohns_disease", "coeliac_disease", "ulcerative_colitis", "inflammatory_bowel_disease", "diverticular_disease",
    "barretts_oesophagus", "coronary_heart_disease", "stroke", "tia", "peripheral_arterial_disease",
    "myocardial_infarction", "angina", "atrial_fibrillation", "heart_failure", "epilepsy", "asthma", "copd",
    "schizophrenia", "bipolar_disorder", "other_psychosis", "osteoporosis", "osteoarthritis", "rheumatoid_arthritis",
    "ankylosing_spondylitis", "spondylosis", "lupus", "fibromyalgia", "gout", "reactive_arthritis",
    "psoriatic_arthritis", "osteomalacia", "polymyositis", "polymyalgia_rheumatica", "sjogrens_syndrome",
    "scleroderma", "tendonitis", "parkinsons_disease", "multiple_sclerosis", "motor_neurone_disease",
]  # fmt: skip
RAISED = "non_diabetic_hyperglycaemia"

VIGNETTES = [
    # what is recorded, the segment, the element that says why
    (has("palliative_care", date=RECENT), "End of Life", "End-of-life care in the last two years"),
    ({"efi_category": "moderate"}, "Frailty/Dementia", "Moderate or severe frailty"),
    ({"efi_category": "severe"}, "Frailty/Dementia", "Moderate or severe frailty"),
    (has("dementia"), "Frailty/Dementia", "Dementia"),
    (has("cancer", date=RECENT), "Cancer", "Cancer in the last two years"),
    (has("diabetes"), "LTCs", "Diabetes"),
    (has("diabetes") | has(RAISED, date="2009-01-01"), "LTCs", "Diabetes"),
    (has("diabetes") | has(RAISED), "LTCs", "Diabetes"),
    (has("ckd"), "LTCs", "Chronic kidney disease"),
    (has("ckd") | has("ckd_1_2"), "LTCs", "Chronic kidney disease"),
    (has("depression", date=RECENT), "LTCs", "Depression in the last two years"),
    (has("anxiety", date=RECENT), "LTCs", "Anxiety in the last two years"),
    (has(RAISED), "Pre-conditions", "Non-diabetic hyperglycaemia"),
    (has("diabetes") | has(RAISED, date="2010-01-02"), "Pre-conditions", "Non-diabetic hyperglycaemia"),
    (has("hypertension"), "Pre-conditions", "Hypertension"),
    (has("learning_disability"), "Learning Disabilities", "Learning disability"),
    (has("blindness"), "Physical Disabilities", "Blindness"),
    (has("low_vision"), "Physical Disabilities", "Partial sight"),
    (has("hearing_loss"), "Physical Disabilities", "Hearing loss"),
    (has("physical_disability"), "Physical Disabilities", "Physical disability"),
    *((has(slug), "LTCs", tables.CONDITION_NAMES[slug]) for slug in LTC),
]

NOT_IN = [
    # just outside: what is recorded, and nothing follows from it
    has("palliative_care", date=LONG_AGO),
    {"efi_category": "mild"},
    {"efi_category": None},
    has("cancer", date=LONG_AGO),
    has("ckd") | has("ckd_1_2", date="2010-01-02"),
    has("depression", date=LONG_AGO),
    has("anxiety", date=LONG_AGO),
    has("homelessness", date=RECENT),
    {"ae_24m": 40},
    has("kidney_failure"),
]


@both
def test_each_element_puts_a_person_in_its_segment(patients):
    cases = [recorded for recorded, *_ in VIGNETTES]
    assert dict(enumerate(patients.segments(*cases))) == {number: case[1] for number, case in enumerate(VIGNETTES)}
    for (recorded, _, because), met in zip(VIGNETTES, patients.elements(*cases), strict=True):
        assert because in met, recorded


@both
def test_who_is_just_outside_is_in_none(patients):
    assert dict(enumerate(patients.segments(*NOT_IN))) == dict.fromkeys(range(len(NOT_IN)), NONE_ASSESSED)


@both
def test_a_well_person_is_in_none_and_not_called_healthy_while_social_care_is_not_held(patients):
    assert patients.segments({}) == [NONE_ASSESSED]
    assert patients.elements({}) == [set()]


@both
def test_every_element_has_a_vignette_and_says_its_codes(patients):
    tested = {because for *_, because in VIGNETTES} | set(COMPLEX)
    assert set(patients.names()) == tested
    assert all(element.codelist for _, element in patients.model.elements())


# -- Complex Lives -----------------------------------------------------------------------------------------

PHYSICAL, MENTAL = has("asthma"), has("anxiety", date=RECENT)
COMPLEX = {
    "Complex Lives: homeless": has("homelessness", date=RECENT),
    "Complex Lives: abuse or maltreatment": has("maltreatment", date=RECENT),
    "Complex Lives: offender": has("imprisonment", date=RECENT),
    "Complex Lives: substance or alcohol misuse": has("alcohol_misuse", date=RECENT),
    "Complex Lives: frequent A&E attendance": {"ae_24m": 20},
    "Complex Lives: looked-after child": has("looked_after", date=RECENT),
    "Complex Lives: a long-term physical condition": PHYSICAL,
    "Complex Lives: a mental health condition": MENTAL,
}
SOCIAL = [recorded for name, recorded in COMPLEX.items() if name in {trigger.name for trigger in TRIGGERS}]


@both
def test_each_part_of_complex_lives_is_named(patients):
    for name, met in zip(COMPLEX, patients.elements(*COMPLEX.values()), strict=True):
        assert name in met


@both
def test_a_physical_and_a_mental_condition_and_any_one_trigger_are_a_complex_life(patients):
    for name, trigger in zip(COMPLEX, SOCIAL, strict=False):
        two = PHYSICAL | MENTAL
        found = patients.segments(two | trigger, PHYSICAL | trigger, MENTAL | trigger, two)
        assert found == ["Complex Lives", "LTCs", "LTCs", "LTCs"], name


@both
def test_three_of_the_six_triggers_are_a_complex_life_and_two_are_not(patients):
    threes = [one | two | other for one, two, other in combinations(SOCIAL, 3)]
    twos = [one | two for one, two in combinations(SOCIAL, 2)]
    assert set(patients.segments(*threes)) == {"Complex Lives"}
    assert set(patients.segments(*(three | PHYSICAL | MENTAL for three in threes))) == {"Complex Lives"}
    assert set(patients.segments(*twos)) == {NONE_ASSESSED}


TOO_OLD = [
    ("Complex Lives: homeless", has("homelessness", date=LONG_AGO)),
    ("Complex Lives: abuse or maltreatment", has("maltreatment", date=LONG_AGO)),
    ("Complex Lives: offender", has("imprisonment", date=LONG_AGO)),
    ("Complex Lives: substance or alcohol misuse", has("alcohol_misuse", "substance_misuse", date=LONG_AGO)),
    ("Complex Lives: substance or alcohol misuse", {"opioid_dependence_medicines_date": LONG_AGO}),
    ("Complex Lives: frequent A&E attendance", {"ae_24m": 19}),
    ("Complex Lives: looked-after child", has("looked_after", date=LONG_AGO)),
    ("Complex Lives: a mental health condition", has("depression", "anxiety", date=LONG_AGO)),
    ("Complex Lives: a long-term physical condition", has("cancer", date=LONG_AGO)),
]


def test_what_is_too_old_too_few_or_not_listed_is_no_part_of_it():
    for (name, _), met in zip(TOO_OLD, MENDED.elements(*(recorded for _, recorded in TOO_OLD)), strict=True):
        assert name not in met


@both
def test_substance_misuse_is_told_by_records_and_by_medicines(patients):
    told = [
        has("substance_misuse", date=RECENT),
        {"alcohol_dependence_medicines_date": RECENT},
        {"opioid_dependence_medicines_date": RECENT},
    ]
    assert patients.elements(*told) == [{"Complex Lives: substance or alcohol misuse"}] * 3


@both
def test_physical_conditions_are_wider_than_the_long_term_list(patients):
    wider = ["hypertension", RAISED, "dementia", "learning_disability", "kidney_failure", "respiratory_failure", "ckd"]
    for slug, met in zip(wider, patients.elements(*(has(slug) for slug in wider)), strict=True):
        assert "Complex Lives: a long-term physical condition" in met, slug


PSYCHOSES = ["schizophrenia", "bipolar_disorder", "other_psychosis"]


@both
def test_every_long_term_physical_condition_counts_and_heart_failure_only_when_mended(patients):
    physical = [slug for slug in LTC if slug not in PSYCHOSES]
    found = patients.elements(*(has(slug) for slug in physical))
    not_counted = {slug for slug, met in zip(physical, found, strict=True) if PHYSICAL_CONDITION.name not in met}
    assert not_counted == ({"heart_failure"} if patients is PUBLISHED else set())


def test_heart_failure_anxiety_and_no_home_are_a_complex_life():
    lives = has("heart_failure") | has("anxiety", "homelessness", date=RECENT)
    assert MENDED.segments(lives, has("heart_failure")) == ["Complex Lives", "LTCs"]
    assert PUBLISHED.segments(lives, has("heart_failure")) == ["LTCs", "LTCs"], "its organs are lungs and kidneys"


def test_a_kidney_disease_that_was_downstaged_gives_complex_lives_no_date():
    raised = has("hypertension", date="2015-01-01")
    downstaged = has("ckd", date="2020-01-01") | has("ckd_1_2", date="2024-01-01")
    assert MENDED.reasons(raised | downstaged)[0][PHYSICAL_CONDITION.name] == "2015-01-01"


def test_where_deficits_lack_codelists_frailty_is_assessed_in_part():
    every_column = tables.PERSON_TABLE.column_names()
    status = SYSTEM_P.status(every_column, {"efi_category": ["Falls"]})
    assert status["Frailty/Dementia"] == "partly assessed"
    assert status["Complex Lives"] == "partly assessed", "social care records are not held"
    assert {name for name, one in status.items() if one == "assessed"} == {
        "End of Life", "Cancer", "LTCs", "Pre-conditions", "Learning Disabilities", "Physical Disabilities",
    }  # fmt: skip
    assert status[NONE_ASSESSED] == "partly assessed", "someone of a segment above may be among them"
    without = [name for name in every_column if name != "palliative_care_date"]
    assert SYSTEM_P.status(without)["End of Life"] == "not assessed"


@both
def test_psychosis_ever_is_a_mental_condition(patients):
    for met in patients.elements(has("schizophrenia"), has("bipolar_disorder"), has("other_psychosis")):
        assert "Complex Lives: a mental health condition" in met


# -- priority ------------------------------------------------------------------------------------


@both
def test_the_first_segment_that_is_met_is_taken_and_the_next_is_named(patients):
    one_of_each = [
        has("palliative_care", date=RECENT), has("dementia"), has("anxiety", "homelessness", date=RECENT),
        has("cancer", date=RECENT), has("copd"), has("hypertension"), has("learning_disability"), has("hearing_loss"),
    ]  # fmt: skip
    rest = [dict(ChainMap(*one_of_each[number:])) for number in range(len(one_of_each))]
    order = [one.name for one in patients.model.ordered()]
    assert patients.segments(*rest) == order
    assert patients.next_segments(*rest) == [*order[1:], NONE_ASSESSED]


@both
def test_a_person_with_a_learning_disability_and_asthma_is_among_the_long_term_conditions(patients):
    assert patients.segments(has("learning_disability", "asthma")) == ["LTCs"]


# -- as published and mended -------------------------------------------------------------------------------

FIXED = [
    # the part of Complex Lives, from which day it counts as published, and what is recorded on a day
    ("Complex Lives: abuse or maltreatment", "2012-10-31", "2012-10-30", lambda day: has("maltreatment", date=day)),
    ("Complex Lives: offender", "2012-10-31", "2012-10-30", lambda day: has("imprisonment", date=day)),
    ("Complex Lives: looked-after child", "2011-10-31", "2011-10-30", lambda day: has("looked_after", date=day)),
    (
        "Complex Lives: substance or alcohol misuse",
        "2016-01-01",
        "2015-12-31",
        lambda day: {"opioid_dependence_medicines_date": day},
    ),
    (
        "Complex Lives: substance or alcohol misuse",
        "2016-01-01",
        "2015-12-31",
        lambda day: {"alcohol_dependence_medicines_date": day},
    ),
]


def test_as_published_admissions_and_medicines_count_from_a_fixed_day_and_mended_for_two_years():
    for name, first, before, recorded in FIXED:
        cases = [recorded(day) for day in (before, first, LONG_AGO, RECENT)]
        assert [name in met for met in PUBLISHED.elements(*cases)] == [False, True, True, True], name
        assert [name in met for met in MENDED.elements(*cases)] == [False, False, False, True], name


def test_homelessness_misuse_and_attendances_are_of_two_years_in_both():
    name = "Complex Lives: homeless"
    cases = [has("homelessness", date=LONG_AGO), has("homelessness", date=RECENT)]
    assert [name in met for met in PUBLISHED.elements(*cases)] == [False, True]
    name = "Complex Lives: substance or alcohol misuse"
    cases = [has("alcohol_misuse", "substance_misuse", date=LONG_AGO), has("alcohol_misuse", date=RECENT)]
    assert [name in met for met in PUBLISHED.elements(*cases)] == [False, True]
    name = "Complex Lives: frequent A&E attendance"
    assert [name in met for met in PUBLISHED.elements({"ae_24m": 19}, {"ae_24m": 20})] == [False, True]


def test_as_published_a_condition_that_was_ever_recorded_counts_where_we_hold_it():
    ever = ["dementia", "stroke", "tia", "peripheral_arterial_disease", "schizophrenia", "bipolar_disorder",
            "other_psychosis", "osteoporosis", "learning_disability"]  # fmt: skip
    cases = [had(slug) for slug in ever]
    assert PUBLISHED.segments(*cases) == ["Frailty/Dementia", *["LTCs"] * 7, "Learning Disabilities"]
    assert MENDED.segments(*cases) == [NONE_ASSESSED] * len(ever)
    of_mind = [slug in PSYCHOSES for slug in ever]
    found = PUBLISHED.elements(*cases)
    assert ["Complex Lives: a mental health condition" in met for met in found] == of_mind
    assert [PHYSICAL_CONDITION.name in met for met in found] == [not one for one in of_mind]


def test_as_published_the_words_of_the_specification_stand_beside_the_rule_of_the_code():
    words = {element.name: element.words for _, element in PUBLISHED.model.elements() if element.words}
    assert words == {
        "Moderate or severe frailty": "Severe frailty",
        "Complex Lives: frequent A&E attendance": "20 or more attendances at A&E in the last year",
    }
    assert PUBLISHED.segments({"efi_category": "moderate"}) == ["Frailty/Dementia"]


def test_institutional_upbringing_raises_two_triggers():
    codes = {name: element.codelist for name, element in ELEMENTS.items() if "Z62.2" in element.codelist}
    assert set(codes) == {"Complex Lives: abuse or maltreatment", "Complex Lives: looked-after child"}
    upbringing = has("maltreatment", "looked_after", date=RECENT)
    assert MENDED.segments(upbringing, upbringing | has("homelessness", date=RECENT)) == [
        NONE_ASSESSED,
        "Complex Lives",
    ]


# -- what is assessed --------------------------------------------------------------------------------------


def test_what_no_table_holds_is_named():
    every_column = tables.PERSON_TABLE.column_names()
    covered = rules.coverage([element for _, element in SYSTEM_P.elements()], every_column)
    lacking = covered[covered["status"] != "assessed"].set_index("element")["missing"].to_dict()
    both = "adult social care records; mental health team contacts (MHSDS)"
    assert lacking == {
        "Complex Lives: a long-term physical condition": both,
        "Complex Lives: a mental health condition": both,
        "Complex Lives: offender": "mental health team contacts (MHSDS)",
        "Complex Lives: substance or alcohol misuse": both,
    }


def test_every_column_read_is_one_of_the_person_table_or_said_to_be_unavailable():
    declared = {*tables.PERSON_TABLE.column_names(), SOCIAL_CARE, MENTAL_HEALTH_TEAMS}
    for _, element in SYSTEM_P.elements():
        assert set(rules.needed_columns(element.when)) <= declared, element.name


def test_names_of_elements_are_unique_and_priorities_run_from_1_to_8():
    names = [element.name for _, element in SYSTEM_P.elements()]
    assert len(names) == len(set(names))
    assert [one.priority for one in SYSTEM_P.ordered()] == list(range(1, 9))


def test_models_are_found_by_name():
    assert {name: find_model(name).name for name in MODELS} == {name: name for name in MODELS}
    with pytest.raises(PcnAnalysisError, match="Did you mean system_p"):
        find_model("systemp")
