"""Every QOF register: who is on it, and who only just is not. The index date is 1 July 2026."""

import pytest
from vignettes import ON, by_person, columns_without, person_rows

from pcn_analysis import rules, tables
from pcn_analysis.person.registers import LOWER_BMI_ETHNICITIES, REGISTERS, criteria, unassessable

pytestmark = pytest.mark.unit

INDIAN, WHITE = "Asian or Asian British: Indian", "White: English, Welsh, Scottish, Northern Irish or British"
NDH, RA = "non_diabetic_hyperglycaemia_first_date", "rheumatoid_arthritis_first_date"
OBESE = {"age": 40, "birth_date": "1986-01-01", "bmi": 30.0, "bmi_date": "2025-07-01", "ethnicity": None}
ASTHMA = {"age": 6, "has_asthma": True, "asthma_medicines_date": "2025-07-01"}
EPILEPSY = {"age": 18, "has_epilepsy": True, "antiepileptics_date": "2026-01-01"}
KIDNEYS = {"age": 18, "has_ckd": True, "ckd_date": "2020-05-01", "ckd_1_2_date": None}
LOW_MOOD = {"age": 18, "depression_date": "2006-04-01"}
FRACTURE = {"age": 50, "has_osteoporosis": True, "fragility_fracture_date": "2012-04-01"}
RAISED_GLUCOSE = {"birth_date": "1990-03-01", NDH: "2008-03-01", "has_diabetes": False}
PSYCHOSIS = {
    "has_schizophrenia": False,
    "has_bipolar_disorder": False,
    "has_other_psychosis": False,
    "lithium_date": None,
}
HEART = {"has_coronary_heart_disease": False, "has_angina": False, "has_myocardial_infarction": False}
ARTHRITIS = {"birth_date": "2000-03-01", "has_rheumatoid_arthritis": True, RA: "2016-03-01"}
CANCER = {"cancer_date": "2003-04-01", "cancer_ever_date": "2003-04-01"}
RESOLVED_CANCER = {"cancer_date": None, "cancer_ever_date": "2003-04-01"}
STROKE = {"has_stroke": False, "stroke_ever_date": None, "has_tia": False, "tia_ever_date": None}
DEMENTIA = {"has_dementia": False, "dementia_ever_date": "2010-01-01"}

# register, what is recorded of someone, what differs, whether this person is on the register
VIGNETTES = [
    ("AF", {"has_atrial_fibrillation": True}, {}, True),
    ("AF", {"has_atrial_fibrillation": True}, {"has_atrial_fibrillation": False}, False),
    ("AST", ASTHMA, {}, True),
    ("AST", ASTHMA, {"age": 5}, False),
    ("AST", ASTHMA, {"asthma_medicines_date": "2025-06-30"}, False),
    ("AST", ASTHMA, {"asthma_medicines_date": None}, False),
    ("AST", ASTHMA, {"has_asthma": False}, False),
    ("CAN", CANCER, {}, True),
    ("CAN", CANCER, {"cancer_date": "2003-03-31", "cancer_ever_date": "2003-03-31"}, False),
    ("CAN", RESOLVED_CANCER, {}, True),
    ("CAN", RESOLVED_CANCER, {"cancer_ever_date": "2003-03-31"}, False),
    ("CHD", HEART, {}, False),
    ("CHD", HEART, {"has_coronary_heart_disease": True}, True),
    ("CHD", HEART, {"has_angina": True}, True),
    ("CHD", HEART, {"has_myocardial_infarction": True}, True),
    ("CKD", KIDNEYS, {}, True),
    ("CKD", KIDNEYS, {"age": 17}, False),
    ("CKD", KIDNEYS, {"ckd_1_2_date": "2020-05-02"}, False),
    ("CKD", KIDNEYS, {"ckd_1_2_date": "2020-05-01"}, True),
    ("CKD", KIDNEYS, {"has_ckd": False, "ckd_date": None}, False),
    ("COPD", {"has_copd": True}, {}, True),
    ("COPD", {"has_copd": True}, {"has_copd": False}, False),
    ("DEM", {"has_dementia": True}, {}, True),
    ("DEM", {"has_dementia": True}, {"has_dementia": False}, False),
    ("DEM", DEMENTIA, {}, True),
    ("DEM", DEMENTIA, {"dementia_ever_date": None}, False),
    ("DEP", LOW_MOOD, {}, True),
    ("DEP", LOW_MOOD, {"age": 17}, False),
    ("DEP", LOW_MOOD, {"depression_date": "2006-03-31"}, False),
    ("DM", {"age": 17, "has_diabetes": True}, {}, True),
    ("DM", {"age": 17, "has_diabetes": True}, {"age": 16}, False),
    ("DM", {"age": 17, "has_diabetes": True}, {"has_diabetes": False}, False),
    ("EP", EPILEPSY, {}, True),
    ("EP", EPILEPSY, {"age": 17}, False),
    ("EP", EPILEPSY, {"antiepileptics_date": "2025-12-31"}, False),
    ("EP", EPILEPSY, {"has_epilepsy": False}, False),
    ("HF", {"has_heart_failure": True}, {}, True),
    ("HF", {"has_heart_failure": True}, {"has_heart_failure": False}, False),
    ("HYP", {"age": 18, "has_hypertension": True}, {}, True),
    ("HYP", {"age": 18, "has_hypertension": True}, {"age": 17}, False),
    ("HYP", {"age": 18, "has_hypertension": True}, {"has_hypertension": False}, False),
    ("LD", {"has_learning_disability": True}, {}, True),
    ("LD", {"has_learning_disability": True}, {"has_learning_disability": False}, False),
    ("MH", PSYCHOSIS, {}, False),
    ("MH", PSYCHOSIS, {"has_schizophrenia": True}, True),
    ("MH", PSYCHOSIS, {"has_bipolar_disorder": True}, True),
    ("MH", PSYCHOSIS, {"has_other_psychosis": True}, True),
    ("MH", PSYCHOSIS, {"lithium_date": "2026-01-01"}, True),
    ("MH", PSYCHOSIS, {"lithium_date": "2025-12-31"}, False),
    ("NDH", RAISED_GLUCOSE, {}, True),
    ("NDH", RAISED_GLUCOSE, {NDH: "2008-02-29"}, False),
    ("NDH", RAISED_GLUCOSE, {"has_diabetes": True}, False),
    ("OB", OBESE, {}, True),
    ("OB", OBESE, {"bmi": 29.9}, False),
    ("OB", OBESE, {"bmi": 27.5, "ethnicity": INDIAN}, True),
    ("OB", OBESE, {"bmi": 27.4, "ethnicity": INDIAN}, False),
    ("OB", OBESE, {"bmi": 29.9, "ethnicity": WHITE}, False),
    ("OB", OBESE, {"bmi_date": "2025-06-30"}, False),
    ("OB", OBESE, {"age": 17, "birth_date": "2008-07-02"}, False),
    ("OB", OBESE, {"age": 18, "birth_date": "2008-01-01", "bmi_date": "2025-12-31"}, False),
    ("OB", OBESE, {"age": 18, "birth_date": "2008-01-01", "bmi_date": "2026-01-01"}, True),
    ("OST", FRACTURE, {}, True),
    ("OST", FRACTURE, {"age": 49}, False),
    ("OST", FRACTURE, {"age": 74}, True),
    ("OST", FRACTURE, {"age": 75}, False),
    ("OST", FRACTURE, {"age": 75, "fragility_fracture_date": "2014-04-01"}, True),
    ("OST", FRACTURE, {"age": 75, "fragility_fracture_date": "2014-03-31"}, False),
    ("OST", FRACTURE, {"fragility_fracture_date": "2012-03-31"}, False),
    ("OST", FRACTURE, {"has_osteoporosis": False}, False),
    ("PAD", {"has_peripheral_arterial_disease": True}, {}, True),
    ("PAD", {"has_peripheral_arterial_disease": True}, {"has_peripheral_arterial_disease": False}, False),
    ("PC", {"palliative_care_date": "2008-04-01"}, {}, True),
    ("PC", {"palliative_care_date": "2008-04-01"}, {"palliative_care_date": "2008-03-31"}, False),
    ("RA", ARTHRITIS, {}, True),
    ("RA", ARTHRITIS, {RA: "2016-02-29"}, False),
    ("RA", ARTHRITIS, {"has_rheumatoid_arthritis": False, RA: None}, False),
    ("STIA", STROKE, {}, False),
    ("STIA", STROKE, {"has_stroke": True}, True),
    ("STIA", STROKE, {"has_tia": True}, True),
    ("STIA", STROKE, {"stroke_ever_date": "2010-01-01"}, True),
    ("STIA", STROKE, {"tia_ever_date": "2010-01-01"}, True),
]


def on_register(code, **columns):
    flagged = rules.flags(person_rows({"person_id": "p1", **columns}), {"met": REGISTERS[code].rule}, on=ON)
    return by_person(flagged, "met")["p1"]


@pytest.mark.parametrize(("code", "person", "differs", "expected"), VIGNETTES)
def test_a_register_holds_whom_its_rule_says(code, person, differs, expected):
    assert on_register(code, **(person | differs)) is expected


def test_every_register_has_vignettes_on_and_off_it():
    for expected in (True, False):
        assert {code for code, *_, met in VIGNETTES if met is expected} == set(REGISTERS)


def test_the_registers_are_those_of_the_code_list_and_each_says_its_rule():
    assert list(REGISTERS) == list(tables.REGISTERS)
    assert all(register.words.endswith(".") for register in REGISTERS.values())
    assert REGISTERS["COPD"].name == "Chronic obstructive pulmonary disease"


def test_every_column_that_a_register_reads_is_one_of_the_person_table():
    declared = set(tables.PERSON_TABLE.column_names())
    for column, criterion in criteria().items():
        assert column in declared
        assert set(rules.needed_columns(criterion)) <= declared, column


def test_without_ethnicity_obesity_starts_at_30():
    without = {name: value for name, value in OBESE.items() if name != "ethnicity"}
    assert on_register("OB", **without) is True
    assert on_register("OB", **(without | {"bmi": 29.9})) is False


@pytest.mark.parametrize("ethnicity", LOWER_BMI_ETHNICITIES)
def test_every_background_that_qof_names_lowers_the_limit(ethnicity):
    assert on_register("OB", **(OBESE | {"bmi": 27.5, "ethnicity": ethnicity})) is True


def test_a_register_that_cannot_be_assessed_is_no_column():
    patients = person_rows({"person_id": "p1", "has_atrial_fibrillation": True, "has_asthma": True})
    flagged = rules.flags(patients, criteria(), on=ON).collect_schema().names()
    assert [name for name in flagged if name.startswith("on_")] == ["on_af_register"]


EVERYTHING = set(tables.CONDITION_NAMES)


def test_with_every_codelist_and_table_nothing_is_missing_behind_a_register():
    assert unassessable(columns_without()) == {}


def test_a_register_of_which_only_angina_is_covered_lacks_the_rest():
    lacking = unassessable(columns_without(*(EVERYTHING - {"angina"})))
    assert lacking["on_chd_register"] == ["Coronary heart disease", "Myocardial infarction"]
    assert "on_ob_register" not in lacking, "obesity is read from measurements"


def test_a_register_for_life_of_which_a_source_gives_the_flag_alone_lacks_nothing():
    assert "on_dem_register" not in unassessable(["has_dementia"])
    assert unassessable([])["on_dem_register"] == ["Dementia"], "named once"


def test_a_register_for_life_holds_a_condition_that_was_resolved_and_its_criterion_alone_does_not():
    for_life = {code for code, register in REGISTERS.items() if register.for_life}
    assert for_life == {"CAN", "CHD", "DEM", "MH", "OST", "PAD", "STIA"}
    assert all(one.rule == one.criterion for code, one in REGISTERS.items() if code not in for_life)


def test_without_medicines_lithium_is_missing_behind_severe_mental_illness():
    lacking = unassessable(columns_without(medicines=False))
    assert lacking["on_mh_register"] == ["Lithium"]
    assert set(lacking) == {"on_ast_register", "on_ep_register", "on_mh_register"}


def test_without_measurements_body_mass_index_is_missing_behind_obesity():
    lacking = unassessable(columns_without(measurements=False))
    assert lacking == {"on_ob_register": ["Body mass index"]}


def test_what_is_missing_behind_a_register_makes_an_element_that_reads_it_partly_assessed():
    heart = rules.Element("Heart", rules.Holds("on_chd_register"), "example")
    lacking = unassessable(columns_without("angina"))
    covered = rules.coverage([heart], ["on_chd_register"], lacking).iloc[0]
    assert (covered["status"], covered["missing"]) == ("partly assessed", "Angina")
