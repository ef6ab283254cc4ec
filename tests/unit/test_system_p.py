"""System P: who is in each segment and why, one patient at a time. The index date is 1 July 2026."""

from collections import ChainMap
from itertools import combinations

import pytest
from vignettes import ON, by_person, person_rows, rows_of

from pcn_analysis import rules, tables
from pcn_analysis.engine import to_pandas
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.rules import NONE_ASSESSED
from pcn_analysis.segmentation.models import MODELS, find_model

pytestmark = pytest.mark.unit

SYSTEM_P = find_model("system_p")
ELEMENTS = {element.name: element for _, element in SYSTEM_P.elements()}
PHYSICAL_CONDITION = ELEMENTS["Complex Lives: a long-term physical condition"]
TRIGGERS = [one for name, one in ELEMENTS.items() if name.startswith("Complex Lives") and "condition" not in name]
SOCIAL_CARE, MENTAL_HEALTH_TEAMS = "adult social care records", "mental health team contacts (MHSDS)"

WELL = {
    column.name: False if column.name.startswith("has_") else None
    for column in tables.PERSON_TABLE.columns
    if column.name.startswith("has_") or column.name.endswith("_date")
} | {"efi_category": "fit", "ae_24m": 0}
"""Someone of whom everything is known and nothing is wrong."""

RECENT, LONG_AGO = "2024-07-01", "2024-06-30"


def has(*slugs, date="2010-01-01"):
    """A current condition, recorded on a date."""
    return {name: value for slug in slugs for name, value in ((f"has_{slug}", True), (f"{slug}_date", date))}


def patients(*cases):
    """One patient for each case, who is well but for what is recorded there."""
    return person_rows(*({"person_id": f"{number:03}", **WELL, **recorded} for number, recorded in enumerate(cases)))


def segments(*cases):
    return list(by_person(rules.label(patients(*cases), SYSTEM_P, on=ON), "segment").values())


def segment(*parts):
    """The segment of one patient, of whom all the parts are recorded."""
    return segments({name: value for part in parts for name, value in part.items()})[0]


def elements(*cases):
    """For each patient the names of the elements that are met."""
    columns = {f"element_{number}": element for number, (_, element) in enumerate(SYSTEM_P.elements())}
    flagged = rules.flags(patients(*cases), {name: element.when for name, element in columns.items()}, on=ON)
    met = to_pandas(flagged.select("person_id", *columns)).sort_values("person_id").to_dict("records")
    return [{element.name for name, element in columns.items() if row[name]} for row in met]


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


def test_each_element_puts_a_person_in_its_segment():
    cases = [recorded for recorded, *_ in VIGNETTES]
    assert dict(enumerate(segments(*cases))) == {number: case[1] for number, case in enumerate(VIGNETTES)}
    for (recorded, _, because), met in zip(VIGNETTES, elements(*cases), strict=True):
        assert because in met, recorded


def test_who_is_just_outside_is_in_none():
    assert dict(enumerate(segments(*NOT_IN))) == dict.fromkeys(range(len(NOT_IN)), NONE_ASSESSED)


def test_a_well_person_is_in_none_and_not_called_healthy_while_social_care_is_not_held():
    assert segment({}) == NONE_ASSESSED
    assert elements({}) == [set()]


def test_every_element_has_a_vignette():
    tested = {because for *_, because in VIGNETTES} | set(COMPLEX)
    assert {element.name for _, element in SYSTEM_P.elements()} == tested


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


def test_each_part_of_complex_lives_is_named():
    for name, met in zip(COMPLEX, elements(*COMPLEX.values()), strict=True):
        assert name in met


@pytest.mark.parametrize("trigger", SOCIAL)
def test_a_physical_and_a_mental_condition_and_any_one_trigger_are_a_complex_life(trigger):
    both = PHYSICAL | MENTAL
    found = segments(both | trigger, PHYSICAL | trigger, MENTAL | trigger, both)
    assert found == ["Complex Lives", "LTCs", "LTCs", "LTCs"]


@pytest.mark.parametrize("three", list(combinations(SOCIAL, 3)))
def test_three_of_the_six_triggers_are_a_complex_life_and_two_are_not(three):
    one, two, other = three
    found = segments(one | two | other, one | two | other | PHYSICAL | MENTAL, one | two)
    assert found == ["Complex Lives", "Complex Lives", NONE_ASSESSED]


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
    for (name, _), met in zip(TOO_OLD, elements(*(recorded for _, recorded in TOO_OLD)), strict=True):
        assert name not in met


def test_substance_misuse_is_told_by_records_and_by_medicines():
    told = [
        has("substance_misuse", date=RECENT),
        {"alcohol_dependence_medicines_date": RECENT},
        {"opioid_dependence_medicines_date": RECENT},
    ]
    assert elements(*told) == [{"Complex Lives: substance or alcohol misuse"}] * 3


def test_physical_conditions_are_wider_than_the_long_term_list():
    wider = ["hypertension", RAISED, "dementia", "learning_disability", "kidney_failure", "respiratory_failure", "ckd"]
    for slug, met in zip(wider, elements(*(has(slug) for slug in wider)), strict=True):
        assert "Complex Lives: a long-term physical condition" in met, slug


def test_every_long_term_physical_condition_counts_heart_failure_too():
    physical = [slug for slug in LTC if slug not in ("schizophrenia", "bipolar_disorder", "other_psychosis")]
    assert "heart_failure" in physical
    for slug, met in zip(physical, elements(*(has(slug) for slug in physical)), strict=True):
        assert "Complex Lives: a long-term physical condition" in met, slug


def test_heart_failure_anxiety_and_no_home_are_a_complex_life():
    lives = [has("heart_failure"), has("anxiety", "homelessness", date=RECENT)]
    assert segment(*lives) == "Complex Lives"
    assert segment(lives[0]) == "LTCs"


def test_a_kidney_disease_that_was_downstaged_gives_complex_lives_no_date():
    raised = has("hypertension", date="2015-01-01")
    downstaged = has("ckd", date="2020-01-01") | has("ckd_1_2", date="2024-01-01")
    found = rules.reasons(patients(raised | downstaged), [PHYSICAL_CONDITION], on=ON)
    assert [row[2] for row in rows_of(found)] == ["2015-01-01"]


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


def test_psychosis_ever_is_a_mental_condition():
    for met in elements(has("schizophrenia"), has("bipolar_disorder"), has("other_psychosis")):
        assert "Complex Lives: a mental health condition" in met


# -- priority, coverage ------------------------------------------------------------------------------------


def test_the_first_segment_that_is_met_is_taken():
    one_of_each = [
        has("palliative_care", date=RECENT), has("dementia"), has("anxiety", "homelessness", date=RECENT),
        has("cancer", date=RECENT), has("copd"), has("hypertension"), has("learning_disability"), has("hearing_loss"),
    ]  # fmt: skip
    rest = [dict(ChainMap(*one_of_each[number:])) for number in range(len(one_of_each))]
    assert segments(*rest) == [one.name for one in SYSTEM_P.ordered()]


def test_a_person_with_a_learning_disability_and_asthma_is_among_the_long_term_conditions():
    assert segment(has("learning_disability"), has("asthma")) == "LTCs"


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
