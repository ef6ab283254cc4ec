"""QRISK3 of one person at a time: who has a score, and why someone has none."""

import pandas as pd
import pytest

from pcn_analysis import codelists, tables
from pcn_analysis.clinical_codes.contract import stands_for
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.scores.qrisk3 import CITATION, DISCLAIMER, INPUTS, qrisk3
from pcn_analysis.scores.qrisk3.inputs import BOTH_DIABETES, WORDS
from pcn_analysis.scores.qrisk3.measured import UNITS
from tests.unit.qrisk3_people import WOMAN, chance, inputs, reasons
from tests.unit.vignettes import by_person

pytestmark = pytest.mark.unit


# -- who has a score -----------------------------------------------------------------------------------------


def test_a_score_is_a_chance_and_not_per_cent():
    assert 0.05 < chance() < 0.15
    assert reasons() is None


@pytest.mark.parametrize(
    "what",
    [
        {"smoking": "heavy smoker"},
        {"type_2_diabetes": True},
        {"treated_hypertension": True},
        {"atrial_fibrillation": True},
        {"chronic_kidney_disease": True},
        {"family_history": True},
        {"ethnicity_group": "Pakistani"},
        {"townsend": 6.0},
        {"cholesterol_ratio": 6.0},
        {"systolic": 160.0},
        {"systolic_sd": 20.0},
        {"age": 74},
        {"sex": "male"},
    ],
    ids=lambda what: "_".join(f"{name}_{value}" for name, value in what.items()),
)
def test_a_woman_of_64_is_at_more_risk_with(what):
    assert chance(**what) > chance()


def test_erectile_dysfunction_is_asked_of_men_only():
    assert chance(erectile_dysfunction=None) == chance(erectile_dysfunction=True) == chance()
    assert reasons(sex="male", erectile_dysfunction=None) == "erectile dysfunction not known"
    assert chance(sex="male", erectile_dysfunction=True) > chance(sex="male")


# -- who has none --------------------------------------------------------------------------------------------


def test_whoever_has_cardiovascular_disease_has_no_score():
    assert reasons(cardiovascular_disease=True) == "has cardiovascular disease"
    assert chance(cardiovascular_disease=True) is None


def test_whoever_takes_a_statin_has_no_score():
    assert reasons(statin=True) == "takes a statin"


@pytest.mark.parametrize(
    ("column", "lowest", "highest", "words"),
    [
        ("age", 25, 84, "age out of range (25–84)"),
        ("cholesterol_ratio", 1, 11, "cholesterol ratio out of range (1–11)"),
        ("systolic", 70, 210, "systolic blood pressure out of range (70–210)"),
        ("systolic_sd", 0, 99, "variation of systolic blood pressure out of range (0–99)"),
        ("bmi", 20, 40, "body mass index out of range (20–40)"),
        ("townsend", -7, 11, "Townsend score out of range (-7–11)"),
    ],
)
def test_both_bounds_are_in_and_beyond_them_there_is_no_score(column, lowest, highest, words):
    assert reasons(**{column: lowest}) is None
    assert reasons(**{column: highest}) is None
    assert reasons(**{column: lowest - 0.01 if column != "age" else lowest - 1}) == words
    assert reasons(**{column: highest + 0.01 if column != "age" else highest + 1}) == words


def test_a_body_mass_index_beyond_40_is_not_taken_as_40():
    assert chance(bmi=45.0) is None
    assert chance(bmi=40.0) is not None


@pytest.mark.parametrize("impossible", [-1, 0, 150, 10_000])
def test_an_impossible_age_is_out_of_range(impossible):
    assert reasons(age=impossible) == "age out of range (25–84)"


@pytest.mark.parametrize("column", ["bmi", "systolic", "systolic_sd", "cholesterol_ratio"])
def test_a_negative_value_is_out_of_range_and_stops_nobody_else(column):
    scored = by_person(qrisk3(inputs({column: -5.0}, {})), "qrisk3", "qrisk3_missing")
    assert scored["p0"][0] is None
    assert "out of range" in scored["p0"][1]
    assert scored["p1"][0] == chance()


def test_infinity_is_out_of_range():
    assert "out of range" in reasons(systolic_sd=float("inf"))


@pytest.mark.parametrize("column", sorted(set(INPUTS) - {"erectile_dysfunction"}))
def test_whatever_is_missing_is_named(column):
    assert reasons(**{column: None}) == f"{INPUTS[column].name} not known"


def test_all_reasons_are_told_at_once():
    told = reasons(statin=True, age=90, sex=None, cholesterol_ratio=0.2, migraine=None)
    assert told == (
        "takes a statin; age out of range (25–84); sex not known; cholesterol ratio out of range (1–11); "
        "migraine not known"
    )


@pytest.mark.parametrize(("column", "word"), [("sex", "indeterminate"), ("smoking", "pipe"), ("ethnicity_group", "A")])
def test_a_word_that_qrisk3_does_not_have_is_not_taken_for_another(column, word):
    told = reasons(**{column: word})
    assert told == f"{INPUTS[column].name} not one that QRISK3 has"
    assert word not in told.split()


def test_nobody_has_both_types_of_diabetes():
    assert reasons(type_1_diabetes=True, type_2_diabetes=True) == BOTH_DIABETES


def test_a_reason_never_holds_a_value():
    assert "24.7" not in reasons(cholesterol_ratio=24.7)


def test_rows_of_nobody_are_scored_as_rows_of_nobody():
    scored = qrisk3(inputs(WOMAN).head(0))
    assert list(scored.columns) == ["person_id", "qrisk3", "qrisk3_missing"]
    assert scored.empty


# -- tables that are not what they should be -------------------------------------------------------------------


def test_all_missing_columns_are_named_at_once():
    with pytest.raises(PcnAnalysisError) as told:
        qrisk3(inputs({}).drop(columns=["migraine", "townsend"]))
    assert [problem.where for problem in told.value.problems] == ["inputs.townsend", "inputs.migraine"]


def test_a_column_of_another_kind_is_named_without_its_values():
    with pytest.raises(PcnAnalysisError, match=r"inputs\.bmi: the column is not a number") as told:
        qrisk3(inputs({}).assign(bmi="twenty-five", statin="no"))
    assert len(told.value.problems) == 2
    assert "twenty" not in str(told.value)


def test_a_column_in_which_nothing_is_known_may_be_of_any_kind():
    nothing = pd.Series([None], dtype="object")
    assert by_person(qrisk3(inputs({}).assign(migraine=nothing)), "qrisk3_missing")["p0"] == "migraine not known"


def test_there_is_no_other_variant():
    with pytest.raises(PcnAnalysisError, match="there is no variant called 2018"):
        qrisk3(inputs({}), variant="2018")


# -- what travels with it --------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["ClinRisk", "https://qrisk.org", "Lesser General Public License", "wrong treatment"])
def test_the_disclaimer_says_whose_it_is_where_it_is_and_what_can_go_wrong(word):
    assert word in DISCLAIMER


def test_the_citation_names_owner_and_publication():
    assert "ClinRisk Ltd" in CITATION
    assert "BMJ 357:j2099" in CITATION


@pytest.mark.parametrize("name", ["inputs", "coefficients", "terms", "conditions", "medicines", "ethnicity"])
def test_every_row_of_every_list_names_its_source(name):
    assert all(row["source"] for row in codelists.rows(f"qrisk3_{name}"))


def test_ethnic_groups_are_of_qrisk3_and_none_is_listed_twice():
    rows = codelists.rows("qrisk3_ethnicity")
    assert {row["ethnicity_group"] for row in rows} == set(WORDS["ethnicity_group"])
    assert len({row["ethnicity"] for row in rows}) == len(rows)


def test_every_ethnic_category_of_hospitals_is_in_a_group():
    known = {row["ethnicity"] for row in codelists.rows("qrisk3_ethnicity")}
    assert {row["ethnicity"] for row in codelists.rows("hospital_ethnic_categories")} <= known


def test_every_unit_that_is_read_is_one_that_an_extract_can_bring():
    assert set(UNITS.values()) <= {row["unit"] for row in codelists.rows("unit_names")}
    assert all(stands_for(f"measurement:{slug}", where="codelists.csv").name == slug for slug in UNITS)


def test_the_package_has_every_condition_that_is_asked_for():
    assert {row["condition"] for row in codelists.rows("qrisk3_conditions")} <= set(tables.CONDITION_NAMES)
