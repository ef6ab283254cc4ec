"""What a recorded code stands for, by lists. All identifiers are invented."""

import pandas as pd
import pytest

from pcn_analysis.clinical_codes.contract import Codelist, StandsFor
from pcn_analysis.clinical_codes.folder import shipped
from pcn_analysis.clinical_codes.matching import check_against, code_map, meanings

pytestmark = pytest.mark.unit

A, B, DMD = "12345009", "1234567000001105", "12345678900001109"


def a_list(name, meant, system, *codes, without=(), bnf=None):
    kind, _, slug = meant.partition(":")
    rows = [(code, None, True, bnf) for code in codes] + [(code, None, False, bnf) for code in without]
    frame = pd.DataFrame(rows, columns=["code", "term", "include", "bnf_code"]).astype({"bnf_code": "str"})
    return Codelist(name, "1", system, StandsFor(kind, slug), "", None, frame, where="lists.csv")


def said(lists, system, *codes):
    found = meanings(pd.DataFrame({"code_system": system, "code": list(codes)}), code_map(lists))
    return [(row.code, f"{row.stands_for_kind}:{row.stands_for}") for row in found.itertuples()]


@pytest.mark.parametrize("recorded", ["I48", "I480", "I48.0", "I48X", "I48.91", "i489", "I480D"])
def test_a_prefix_of_icd10_stands_for_every_code_below_it(recorded):
    assert said([a_list("af", "condition:atrial_fibrillation", "icd10", "I48")], "icd10", recorded) == [
        (recorded, "condition:atrial_fibrillation")
    ]


@pytest.mark.parametrize("recorded", ["I4", "I47", "I490", "X48", "AI48"])
def test_a_prefix_of_icd10_stands_for_no_other_code(recorded):
    assert said([a_list("af", "condition:atrial_fibrillation", "icd10", "I48")], "icd10", recorded) == []


def test_a_longer_code_of_a_list_does_not_stand_for_a_shorter_one_recorded():
    assert said([a_list("tia", "condition:tia", "icd10", "G459")], "icd10", "G45") == []


def test_within_a_list_the_longest_prefix_decides():
    lists = [a_list("tia", "condition:tia", "icd10", "G45", "G4541", without=["G454"])]
    assert [code for code, _ in said(lists, "icd10", "G451", "G454", "G4540", "G4541")] == ["G451", "G4541"]


def test_what_one_list_excludes_another_may_include():
    lists = [
        a_list("first", "condition:tia", "icd10", "G45", without=["G454"]),
        a_list("second", "condition:memory_problem", "icd10", "G454"),
        a_list("third", "condition:tia", "icd10", "G454"),
    ]
    assert said(lists, "icd10", "G454") == [("G454", "condition:memory_problem"), ("G454", "condition:tia")]
    assert said(lists[:2], "icd10", "G454") == [("G454", "condition:memory_problem")]


def test_what_one_list_excludes_is_not_taken_out_of_another_of_the_same_condition():
    lists = [
        a_list("whole", "condition:tia", "icd10", "G45"),
        a_list("part", "condition:tia", "icd10", "G45", without=["G454"]),
    ]
    assert said(lists, "icd10", "G454") == said(lists[::-1], "icd10", "G454") == [("G454", "condition:tia")]


@pytest.mark.parametrize("system", ["snomed", "ctv3", "read2", "local"])
def test_elsewhere_a_code_stands_for_itself_alone(system):
    lists = [a_list("x", "condition:asthma", system, "H33..")]
    assert said(lists, system, "H33..", "H33", "H33..00", "h33..", "H33..X") == [("H33..", "condition:asthma")]


def test_an_excluded_code_is_in_no_map_of_exact_codes():
    lists = [a_list("x", "condition:asthma", "snomed", A, without=[B])]
    assert code_map(lists)["code"].to_list() == [A]
    assert said(lists, "snomed", A, B) == [(A, "condition:asthma")]


def test_a_code_is_of_its_own_system_only():
    assert said([a_list("x", "condition:asthma", "local", A)], "snomed", A) == []


def test_one_code_may_stand_for_several_things_and_two_lists_for_one():
    lists = [
        a_list("one", "condition:asthma", "local", "c"),
        a_list("two", "resolved:copd", "local", "c"),
        a_list("three", "condition:asthma", "local", "c"),
    ]
    assert said(lists, "local", "c") == [("c", "condition:asthma"), ("c", "resolved:copd")]


def test_a_map_of_medicines_gives_bnf_codes():
    lists = [a_list("map", "bnf", "dmd", DMD, bnf="0402030K0"), a_list("all", "bnf:0408", "dmd", A)]
    assert said(lists, "dmd", DMD, A) == [(A, "bnf:0408"), (DMD, "bnf:0402030K0")]


def test_the_map_says_how_long_each_code_is_and_where_it_is_from():
    (row,) = code_map([a_list("af", "condition:atrial_fibrillation", "icd10", "I48.0")]).to_dict("records")
    assert row == {
        "codelist_id": "af", "code_system": "icd10", "code": "I480", "length": 4, "include": True,
        "stands_for_kind": "condition", "stands_for": "atrial_fibrillation",
    }  # fmt: skip


def test_without_lists_or_records_nothing_stands_for_anything():
    assert said([], "snomed", A) == []
    assert said(shipped(), "icd10") == []
    assert said(shipped(), "icd10", None) == []


@pytest.mark.parametrize(
    ("recorded", "conditions"),
    [
        ("G45.4", []),
        ("G45.9", ["tia"]),
        ("N39.3", ["urinary_incontinence"]),
        ("N39.0", ["urinary_system_disease"]),
        ("C44.9", []),
        ("C50.9", ["cancer"]),
        ("E11.9", ["diabetes", "type_2_diabetes"]),
        ("E23.2", []),
        ("I45.6", []),
        ("G20X", ["parkinsons_disease"]),
        ("I252", ["coronary_heart_disease", "myocardial_infarction"]),
        ("N183", ["ckd"]),
        ("N189", []),
        ("I110", ["heart_failure", "hypertension"]),
        ("W19.9", ["fall"]),
    ],
)
def test_the_lists_that_are_shipped_read_codes_as_a_person_would(recorded, conditions):
    """Not diabetes: E23.2 is diabetes insipidus. Not Parkinson's disease: I45.6 is Wolff-Parkinson-White."""
    assert [meant for _, meant in said(shipped(), "icd10", recorded)] == [f"condition:{name}" for name in conditions]


def test_a_list_of_a_system_that_no_record_has_is_an_error_and_not_zero_matches():
    lists = [a_list("old", "condition:asthma", "ctv3", "H33.."), a_list("new", "condition:asthma", "snomed", A)]
    assert [str(one) for one in check_against(lists, {"snomed": 12345, "icd10": 1, "ctv3": 0})] == [
        "lists.csv, list old: of ctv3; the records hold snomed (12,345 codes) and icd10 (1 code). Bring the list in a "
        "system that the records are coded in, or take it out of the manifest."
    ]


def test_records_without_any_code_match_no_list():
    (found,) = check_against([a_list("new", "condition:asthma", "snomed", A)], {})
    assert found.what == "of snomed; the records hold no codes"
