"""Members of lists that somebody should look at. Terms and codes are invented."""

import re
from pathlib import Path

import pandas as pd
import pytest

from pcn_analysis import codelists
from pcn_analysis.clinical_codes.contract import Codelist, StandsFor
from pcn_analysis.clinical_codes.folder import read_codelists, shipped
from pcn_analysis.clinical_codes.suspicion import EVERY, EXCLUSIVE, FEWEST, MOST, suspicious_members

pytestmark = pytest.mark.unit

A, B = "12345009", "1234567000001105"
PLAIN = ("p1", "p2", "p3")


def a_list(condition, *terms, kind="condition", system="local", name=None, codes=None, include=True):
    codes = codes or [f"c{position}" for position in range(len(terms))]
    frame = pd.DataFrame({"code": codes, "term": list(terms), "include": include, "bnf_code": None})
    return Codelist(name or condition, "1", system, StandsFor(kind, condition), "", None, frame.astype({"term": "str"}))


def why(*lists):
    return suspicious_members(lists)["why"].to_list()


def test_a_list_of_parkinsons_disease_that_holds_wolff_parkinson_white_is_found():
    terms = ("Parkinson's disease", "Parkinson's disease, NOS", "Wolff-Parkinson-White syndrome")
    found = suspicious_members([a_list("parkinsons_disease", *terms)])
    assert found.to_numpy().tolist() == [
        [
            "parkinsons_disease",
            "c2",
            "Wolff-Parkinson-White syndrome",
            "Wolff-Parkinson-White is a heart rhythm condition",
        ]
    ]


@pytest.mark.parametrize(
    ("condition", "term"),
    [
        ("diabetes", "Diabetes insipidus"),
        ("hypertension", "Primary pulmonary hypertension"),
        ("hypertension", "Portal hypertension"),
        ("angina", "Ludwig's angina"),
        ("stroke", "Heat stroke"),
        ("lupus", "Lupus vulgaris"),
        ("fall", "Tetralogy of Fallot"),
        ("fall", "Pregnancy in fallopian tube"),
        ("coeliac_disease", "Coeliac artery compression"),
        ("gout", "Pseudogout of knee"),
        ("thyroid_disorder", "Hyperparathyroidism"),
        ("blindness", "Colour blindness"),
        ("multiple_sclerosis", "Amyotrophic lateral sclerosis"),
        ("dementia", "Dementia praecox"),
        ("asthma", "Cardiac asthma"),
        ("heart_failure", "Acute renal failure"),
        ("cancer", "Basal cell carcinoma of nose"),
        ("depression", "Respiratory depression"),
        ("alcohol_misuse", "Non-alcoholic fatty liver"),
        ("weight_loss", "Anorexia nervosa"),
    ],
)  # fmt: skip
def test_a_look_alike_of_a_condition_is_found_in_its_list_alone(condition, term):
    assert len(why(a_list(condition, term, "Plain", "Plainer"))) == 1
    assert why(a_list("eczema", term, "Plain", "Plainer")) == []


@pytest.mark.parametrize(
    ("term", "says"),
    [
        ("Family history of asthma", "the family's history"),
        ("FH: Asthma", "the family's history"),
        ("No history of asthma", "it is not there"),
        ("Asthma excluded", "it is not there"),
        ("Asthma screening", "screening"),
        ("Suspected asthma", "suspected"),
        ("At risk of asthma", "a risk"),
        ("Fear of asthma", "a worry"),
        ("Asthma resolved", "resolved:SLUG"),
        ("Carer of person with asthma", "somebody who cares for another"),
        ("Vaccination for people with asthma", "a vaccination"),
        ("Asthma blood test", "a laboratory test"),
        ("Asthma monitoring declined", "care given or offered"),
        ("?Asthma", "a question"),
    ],
)
def test_what_is_no_diagnosis_is_found_in_the_list_of_any_condition(term, says):
    for condition in ("asthma", "eczema"):
        (found,) = why(a_list(condition, "Asthma", term, "Asthma, mild"))
        assert says in found


@pytest.mark.parametrize("term", ["Asthma", "Persistent asthma", "History of asthma", "Refractory asthma", "Asthmatic"])
def test_a_plain_diagnosis_is_left_alone(term):
    assert why(a_list("asthma", term, "Asthma, mild", "Asthma, severe")) == []


def test_resolved_is_what_a_list_of_resolution_is_about():
    assert why(a_list("asthma", "Asthma resolved", "Asthma in remission", "Asthma cured", kind="resolved")) == []


def test_tests_are_what_a_list_of_measurements_is_about():
    assert why(a_list("hba1c", "HbA1c blood test", "Serum level", "Plasma", kind="measurement")) == []


def test_an_excluded_member_is_not_looked_at():
    terms = ("Family history of asthma", *PLAIN)
    assert why(a_list("asthma", *terms, include=[False, True, True, True])) == []


def test_a_list_that_is_very_short_or_very_long_is_found():
    assert why(a_list("asthma", "Asthma")) == ["only one code"]
    assert why(a_list("asthma", *PLAIN[: FEWEST - 1])) == ["only 2 codes: is the list whole?"]
    assert why(a_list("asthma", *(["Asthma"] * MOST))) == []
    assert why(a_list("asthma", *(["Asthma"] * (MOST + 1)))) == ["3,001 codes: does the list hold more than it says?"]


def test_one_prefix_of_icd10_is_no_short_list():
    assert why(a_list("asthma", "Asthma", system="icd10", codes=["J45"])) == []


def test_a_code_that_is_there_twice_is_found():
    assert why(a_list("asthma", *PLAIN, "again", codes=["a", "b", "c", "a"])) == ["the code is in the list twice"]


def test_a_missing_term_is_found_and_a_list_without_any_once():
    assert why(a_list("asthma", *PLAIN, None)) == ["the code has no term"]
    assert why(a_list("asthma", None, None, None)) == [
        "the list has no terms, so that its members could not be looked at"
    ]


def test_an_identifier_of_a_term_is_found_among_those_of_concepts():
    found = suspicious_members([a_list("asthma", *PLAIN, system="snomed", codes=["1234500014", A, B])])
    assert found[["code", "why"]].to_numpy().tolist() == [
        ["1234500014", "identifies a description: records hold concepts"]
    ]


def test_a_code_in_the_lists_of_two_conditions_that_exclude_each_other_is_found_in_both():
    lists = [a_list("stroke", *PLAIN, codes=["a", "b", "c"]), a_list("tia", *PLAIN, codes=["c", "d", "e"])]
    found = suspicious_members(lists)
    assert found[["codelist_id", "code"]].to_numpy().tolist() == [["stroke", "c"], ["tia", "c"]]
    assert set(found["why"]) == {"stands for both Stroke and Transient ischaemic attack"}


def test_a_prefix_under_another_conditions_prefix_is_found():
    lists = [
        a_list("ckd", "Chronic kidney disease", system="icd10", codes=["N18"]),
        a_list("ckd_1_2", "Mild", system="icd10", codes=["N181"]),
    ]
    assert suspicious_members(lists)[["codelist_id", "code"]].to_numpy().tolist() == [["ckd_1_2", "N181"]]


def test_conditions_that_can_share_a_code_may():
    assert why(a_list("osteoporosis", *PLAIN), a_list("fragility_fracture", *PLAIN)) == []


def test_the_lists_that_are_shipped_and_the_example_hold_nothing_suspicious():
    example = Path(__file__).parents[2] / "config" / "codelists_example"
    assert why(*shipped()) == []
    assert why(*read_codelists(example)) == []


def test_without_lists_there_is_nothing_to_find():
    assert suspicious_members([]).empty


def test_every_look_alike_is_of_a_known_condition_and_can_be_searched_for():
    slugs = set(codelists.names("conditions", "condition"))
    for row in codelists.rows("lookalike_terms"):
        assert row["condition"] in slugs | {EVERY}
        assert row["why"]
        assert re.compile(row["pattern"], re.IGNORECASE).search("") is None


def test_conditions_that_exclude_each_other_are_known():
    assert frozenset().union(*EXCLUSIVE) <= set(codelists.names("conditions", "condition"))
