"""What records say of the inputs of QRISK3, one patient at a time. The index date is 1 July 2026."""

import math

import pandas as pd
import pytest

from pcn_analysis import tables
from pcn_analysis.engine import to_pandas
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.scores.qrisk3 import qrisk3, qrisk3_inputs, unassessable
from pcn_analysis.scores.qrisk3.measured import UNITS
from tests.unit.vignettes import ON, by_person, condition, frame, issue, person, reading, resolved, table

pytestmark = pytest.mark.unit

COVERED = frozenset(tables.CONDITION_NAMES)
STEROID, QUETIAPINE, STATIN, RAMIPRIL, SILDENAFIL = "0603020T0", "0402010AB", "0212000B0", "0205051R0", "0704050Z0"


def measure(what, date, value, **other):
    return reading("p1", what, date, value, **{"unit": UNITS[what]} | other)


def said(*columns, conditions=(), medications=(), measurements=(), covered=COVERED, assume=(), elsewhere=None, **about):
    """What is said of one person."""
    people = frame("persons", [person("p1", **about)]).assign(**elsewhere or {})
    held = (table("conditions", conditions), table("medications", medications), table("measurements", measurements))
    made = qrisk3_inputs(*held, people, on=ON, covered=covered, assume=assume)
    return by_person(made, *columns)["p1"]


# -- conditions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["myocardial_infarction", "angina", "stroke", "tia", "peripheral_arterial_disease"])
def test_cardiovascular_disease_counts_even_where_it_was_marked_as_resolved(what):
    records = [condition("p1", what, "2015-03-01"), resolved("p1", what, "2016-03-01")]
    assert said("cardiovascular_disease", conditions=records) is True


def test_a_risk_factor_that_was_resolved_does_not_count():
    records = [condition("p1", "atrial_fibrillation", "2015-03-01")]
    assert said("atrial_fibrillation", conditions=records) is True
    records.append(resolved("p1", "atrial_fibrillation", "2016-03-01"))
    assert said("atrial_fibrillation", conditions=records) is False


def test_what_is_recorded_on_the_index_date_is_not_read():
    assert said("lupus", conditions=[condition("p1", "lupus", "2026-06-30")]) is True
    assert said("lupus", conditions=[condition("p1", "lupus", "2026-07-01")]) is False


def test_nobody_is_free_of_what_was_not_coded():
    assert said("chronic_kidney_disease", covered=COVERED - {"ckd"}) is None
    assert said("severe_mental_illness", covered=COVERED - {"schizophrenia"}) is None
    assert said("cardiovascular_disease", covered=COVERED - {"tia"}) is None


def test_what_was_coded_in_part_is_known_where_it_is_met():
    records = [condition("p1", "bipolar_disorder", "2015-03-01")]
    assert said("severe_mental_illness", conditions=records, covered=COVERED - {"schizophrenia"}) is True


TYPES = ("type_1_diabetes", "type_2_diabetes")


@pytest.mark.parametrize("covered", [COVERED, COVERED - set(TYPES)], ids=["types_coded", "types_not_coded"])
def test_whoever_has_no_diabetes_has_neither_type_and_of_diabetes_without_a_type_none_is_known(covered):
    assert said(*TYPES, covered=covered) == (False, False)
    diabetes = [condition("p1", "diabetes", "2015-03-01")]
    assert said(*TYPES, conditions=diabetes, covered=covered) == (None, None)


def test_of_whoever_has_one_type_the_other_is_ruled_out():
    records = [condition("p1", "diabetes", "2015-03-01"), condition("p1", "type_2_diabetes", "2015-03-01")]
    assert said(*TYPES, conditions=records) == (False, True)
    assert said(*TYPES, conditions=records[1:], covered=COVERED - {"diabetes"}) == (False, True)


def test_both_types_are_told_as_recorded():
    records = [condition("p1", which, "2015-03-01") for which in TYPES]
    assert said(*TYPES, conditions=records) == (True, True)


def test_a_type_of_diabetes_cannot_be_assumed_away():
    with pytest.raises(PcnAnalysisError, match=r"assume\.type_2_diabetes: nothing may be assumed of this"):
        said("type_2_diabetes", assume=["type_2_diabetes"])


# -- medicines -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("column", "bnf"), [("corticosteroids", STEROID), ("atypical_antipsychotics", QUETIAPINE)])
@pytest.mark.parametrize(
    ("dates", "regular"),
    [
        (["2024-01-01", "2026-06-03"], True),
        (["2024-01-01", "2026-06-02"], False),
        (["2026-06-20"], False),
        (["2026-06-20", "2026-06-20"], False),
        (["2026-06-20", "2026-07-01"], False),
    ],
    ids=["28_days_ago", "29_days_ago", "once", "twice_on_one_day", "again_on_the_index_date"],
)
def test_regular_is_issued_on_two_days_and_lately(column, bnf, dates, regular):
    assert said(column, medications=[issue("p1", date, bnf=bnf) for date in dates]) is regular


def test_an_antipsychotic_of_the_first_generation_is_no_atypical_one():
    assert said(
        "atypical_antipsychotics", medications=[issue("p1", f"2026-06-{d}", bnf="0402010J0") for d in (1, 20)]
    ) is (False)


@pytest.mark.parametrize(("date", "taken"), [("2025-07-01", True), ("2025-06-30", False), ("2026-07-01", False)])
def test_a_statin_counts_for_twelve_months(date, taken):
    other = issue("p1", "2026-01-01", bnf=RAMIPRIL)
    assert said("statin", medications=[other, issue("p1", date, bnf=STATIN)]) is taken


def test_ezetimibe_is_no_statin():
    assert said("statin", medications=[issue("p1", "2026-06-01", bnf="0212000L0")]) is False


@pytest.mark.parametrize(("date", "treated"), [("2026-04-08", True), ("2026-04-07", False)])
def test_hypertension_is_treated_if_there_was_a_medicine_within_84_days(date, treated):
    medicine = [issue("p1", date, bnf=RAMIPRIL)]
    assert said("treated_hypertension", conditions=[condition("p1", "hypertension", "2010-01-01")],
                medications=medicine) is treated  # fmt: skip
    assert said("treated_hypertension", medications=medicine) is False


def test_a_medicine_for_erectile_dysfunction_shows_it_and_its_absence_shows_nothing():
    medicine, uncoded = [issue("p1", "2011-01-01", bnf=SILDENAFIL)], COVERED - {"erectile_dysfunction"}
    assert said("erectile_dysfunction", medications=medicine, covered=uncoded, sex="male") is True
    assert said("erectile_dysfunction", medications=[issue("p1", "2026-01-01")], covered=uncoded, sex="male") is None


def test_a_diagnosis_of_erectile_dysfunction_shows_it_and_its_absence_too_where_it_is_coded():
    coded = [condition("p1", "erectile_dysfunction", "2011-01-01")]
    assert said("erectile_dysfunction", conditions=coded, medications=[issue("p1", "2026-01-01")], sex="male") is True
    assert said("erectile_dysfunction", medications=[issue("p1", "2026-01-01")], sex="male") is False


def test_without_bnf_codes_nothing_is_known_of_medicines():
    assert said("statin", "corticosteroids", medications=[issue("p1", "2026-06-01", bnf=None)]) == (None, None)


# -- measurements ----------------------------------------------------------------------------------------------


def test_body_mass_index_is_that_of_the_latest_weight_and_height():
    readings = [measure("bmi", "2026-06-01", 33.0), measure("weight", "2020-01-01", 90.0)]
    readings += [measure("weight", "2026-01-01", 80.0), measure("height", "1999-01-01", 178.0)]
    assert said("bmi", measurements=readings) == pytest.approx(80 / 1.78**2)


def test_body_mass_index_is_that_recorded_where_weight_or_height_is_missing():
    assert said("bmi", measurements=[measure("bmi", "2026-06-01", 33.0), measure("weight", "2026-01-01", 80.0)]) == 33.0


def test_a_height_of_nothing_makes_no_body_mass_index():
    assert (
        said("bmi", measurements=[measure("height", "2026-01-01", 0.0), measure("weight", "2026-01-01", 80.0)]) is None
    )


def test_systolic_pressure_is_the_latest_and_its_variation_that_of_five_years():
    dates = ["2021-06-30", "2021-07-01", "2024-01-01", "2026-06-30", "2026-07-01"]
    readings = [measure("sbp", date, value) for date, value in zip(dates, [200.0, 140, 150, 130, 90], strict=True)]
    assert said("systolic", "systolic_sd", measurements=readings) == (130, 10)


def test_two_readings_of_one_day_are_one():
    readings = [measure("sbp", "2026-06-01", 150.0), measure("sbp", "2026-06-01", 130.0)]
    assert said("systolic", "systolic_sd", "qrisk3_assumed", measurements=readings) == (
        150,
        0,
        "Townsend score taken as 0; variation of systolic blood pressure taken as 0",
    )


def test_a_reading_that_nobody_can_have_makes_no_variation():
    readings = [measure("sbp", f"2026-0{month}-01", value) for month, value in ((1, 120.0), (2, -80.0), (3, 130.0))]
    assert said("systolic_sd", measurements=readings) == pytest.approx(math.sqrt(50))


def test_cholesterol_is_divided_by_hdl_of_the_same_day():
    readings = [measure("cholesterol", "2025-01-01", 6.0), measure("hdl_cholesterol", "2025-01-01", 1.5)]
    readings += [measure("cholesterol", "2026-01-01", 9.0), measure("hdl_cholesterol", "2026-02-01", 1.0)]
    assert said("cholesterol_ratio", measurements=readings) == 4.0


def test_a_ratio_that_was_recorded_goes_first():
    readings = [measure("cholesterol", "2025-01-01", 6.0), measure("hdl_cholesterol", "2025-01-01", 1.5)]
    readings.append(measure("cholesterol_hdl_ratio", "2024-01-01", 3.5, unit=None))
    assert said("cholesterol_ratio", measurements=readings) == 3.5


@pytest.mark.parametrize("hdl", [0.0, -1.0])
def test_hdl_of_nothing_or_less_makes_no_ratio(hdl):
    readings = [measure("cholesterol", "2025-01-01", 6.0), measure("hdl_cholesterol", "2025-01-01", hdl)]
    assert said("cholesterol_ratio", measurements=readings) is None


def test_a_ratio_in_its_unit_is_read_like_one_without():
    assert said("cholesterol_ratio", measurements=[measure("cholesterol_hdl_ratio", "2024-01-01", 3.5)]) == 3.5


@pytest.mark.parametrize(
    ("cigarettes", "word"),
    [
        ([0], "non-smoker"),
        ([0, 0], "non-smoker"),
        ([15, 0], "ex-smoker"),
        ([0, 9], "light smoker"),
        ([40, 10], "moderate smoker"),
        ([0, 19], "moderate smoker"),
        ([0, 20], "heavy smoker"),
        ([], None),
        ([-1], None),
    ],
)
def test_smoking_is_that_of_the_cigarettes_recorded_last(cigarettes, word):
    readings = [measure("cigarettes", f"202{year}-01-01", float(value)) for year, value in enumerate(cigarettes)]
    assert said("smoking", measurements=readings) == word


def test_a_value_in_another_unit_or_without_one_or_a_bound_is_not_read():
    readings = [measure("sbp", "2026-06-01", 18.0, unit="kPa"), measure("sbp", "2026-06-01", 140.0, unit=None)]
    assert said("systolic", measurements=[*readings, measure("sbp", "2026-06-01", 140.0, operator=">")]) is None


# -- people, and what is assumed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ethnicity", "group", "assumed"),
    [
        ("Asian or Asian British: Bangladeshi", "Bangladeshi", False),
        ("Black, Black British, Black Welsh, Caribbean or African: African", "Black African", False),
        ("Mixed or multiple ethnic groups: White and Asian", "Other ethnic group", False),
        ("White: Irish", "White or not stated", False),
        (None, "White or not stated", True),
        ("Martian", "White or not stated", True),
    ],
)
def test_the_ethnic_group_is_that_of_qrisk3_and_said_where_it_is_assumed(ethnicity, group, assumed):
    found, words = said("ethnicity_group", "qrisk3_assumed", ethnicity=ethnicity)
    assert found == group
    assert ("ethnic group taken as White or not stated" in words) is assumed


def test_age_is_in_completed_years_on_the_index_date():
    assert said("age", born="1962-07-01") == 64
    assert said("age", born="1962-07-02") == 63


def test_what_is_known_from_elsewhere_is_taken_as_it_is():
    given = {"townsend": [3.2], "smoking": ["light smoker"], "type_2_diabetes": [True], "type_1_diabetes": [False]}
    columns = ("townsend", "smoking", "type_2_diabetes", "qrisk3_assumed")
    assert said(*columns, elsewhere=given, measurements=two_readings()) == (3.2, "light smoker", True, None)


def two_readings():
    return [measure("sbp", "2026-01-01", 128.0), measure("sbp", "2026-06-01", 132.0)]


def test_only_what_is_asked_for_is_assumed_and_all_of_it_is_named():
    uncoded = {"covered": COVERED - {"migraine"}, "measurements": two_readings()}
    assert said("migraine", "smoking", **uncoded) == (None, None)
    found = said("migraine", "smoking", "qrisk3_assumed", assume=["migraine", "smoking"], **uncoded)
    assert found == (
        False,
        "non-smoker",
        "smoking taken as non-smoker; Townsend score taken as 0; migraine taken as no",
    )


def test_what_is_known_is_not_assumed():
    found = said("erectile_dysfunction", "qrisk3_assumed", assume=["erectile_dysfunction"], sex="male",
                 medications=[issue("p1", "2011-01-01", bnf=SILDENAFIL)], measurements=two_readings())  # fmt: skip
    assert found == (True, "Townsend score taken as 0")


@pytest.mark.parametrize(
    "name", ["age", "systolic", "cardiovascular_disease", "statin", "treated_hypertension", "luck"]
)
def test_what_may_not_be_assumed_is_refused(name):
    with pytest.raises(PcnAnalysisError, match=f"assume.{name}: nothing may be assumed of this"):
        said("age", assume=[name])


# -- from records to a score -----------------------------------------------------------------------------------

ENOUGH = {
    "conditions": [condition("p1", "hypertension", "2010-01-01")],
    "medications": [issue("p1", "2026-06-01", bnf=RAMIPRIL)],
    "measurements": [
        *two_readings(),
        measure("weight", "2026-01-01", 80.0),
        measure("height", "1999-01-01", 178.0),
        measure("cholesterol_hdl_ratio", "2026-01-01", 4.0),
    ],
}
NOT_HELD = ["smoking", "family_history", "migraine"]


def scored(**given):
    kept = {"covered": COVERED, "assume": ()} | given
    held = [table(name, ENOUGH[name]) for name in ("conditions", "medications", "measurements")]
    made = qrisk3_inputs(*held, table("persons", [person("p1")]), on=ON, **kept)
    return by_person(qrisk3(made), "qrisk3", "qrisk3_missing", "qrisk3_assumed")["p1"]


UNCODED = COVERED - {"migraine", "family_history_heart_disease_under_60"}


def test_what_no_list_of_codes_covers_leaves_everyone_without_a_score():
    number, why, _ = scored(covered=UNCODED)
    assert number is None
    assert why == "smoking not known; family history of heart disease not known; migraine not known"


def test_with_declared_assumptions_there_is_a_score_that_names_them():
    number, why, assumed = scored(assume=NOT_HELD, covered=UNCODED)
    assert 0.05 < number < 0.2
    assert why is None
    assert assumed == (
        "smoking taken as non-smoker; Townsend score taken as 0; family history of heart disease taken as no; "
        "migraine taken as no"
    )


def test_conditions_that_are_coded_need_no_assumption():
    assert scored()[1] == "smoking not known"


def test_records_that_are_not_held_leave_everything_that_rests_on_them_empty():
    people = frame("persons", [person("p1")])
    made = qrisk3_inputs(None, None, None, people, on=ON, covered=())
    assert isinstance(made, pd.DataFrame)
    empty = ("statin", "cardiovascular_disease", "bmi", "lupus")
    assert by_person(made, *empty)["p1"] == (None, None, None, None)


def test_there_is_one_row_for_each_person_and_none_for_a_stranger():
    made = qrisk3_inputs(table("conditions", [condition("stranger", "stroke", "2020-01-01")]), None, None,
                         table("persons", [person("p1"), person("p2")]), on=ON, covered=COVERED)  # fmt: skip
    assert sorted(to_pandas(made)["person_id"]) == ["p1", "p2"]


def test_what_records_cannot_show_is_listed():
    found = unassessable(UNCODED - {*TYPES, "erectile_dysfunction"}, medicines=True, measurements=["cholesterol"])
    assert unassessable(COVERED, medicines=True, measurements=list(UNITS)) == ["Townsend score"]
    assert set(found) - set(BLOOD) == {
        "smoking",
        "Townsend score",
        "family history of heart disease",
        "type 1 diabetes",
        "type 2 diabetes",
        "migraine",
        "erectile dysfunction",
    }
    without = unassessable(COVERED, medicines=False, measurements=[], given=["smoking", "townsend"])
    assert set(without) == {
        *BLOOD,
        "use of a statin",
        "treated hypertension",
        "atypical antipsychotics",
        "corticosteroids",
        "erectile dysfunction",
    }


BLOOD = (
    "body mass index",
    "systolic blood pressure",
    "variation of systolic blood pressure",
    "cholesterol ratio",
)
