"""The Charlson comorbidity index, one patient at a time. The index date is 1 July 2026."""

import pandas as pd
import pytest

from pcn_analysis import codelists, tables
from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person.diagnoses import CodedElement, resolved_codes
from pcn_analysis.scores.charlson import (
    VARIANTS,
    charlson,
    charlson_reasons,
    find_variant,
    score_column,
    unassessable,
)
from tests.unit.vignettes import ON, by_person, people, rows_of, table

pytestmark = pytest.mark.unit


def diagnosis(code, date="2025-03-01", who="p1", **columns):
    """One diagnosis of an admission."""
    usual = {"code_system": "icd10", "source": "apc", "status": "active"}
    return {"person_id": who, "code": code, "condition_start_date": date} | usual | columns


def records(*rows):
    return table("conditions", [row if isinstance(row, dict) else diagnosis(row) for row in rows])


def score(*rows, variant="quan_2011", **options):
    """Index of one patient; another patient was in hospital too, so that it can be assessed."""
    found = charlson(records(*rows, diagnosis("Z00", who="other")), people("p1"), on=ON, variant=variant, **options)
    return by_person(found, score_column(variant))["p1"]


# -- patients ------------------------------------------------------------------------------------------------

OLD_HEART_ATTACK, KIDNEYS, DELIRIUM = "I25.2", "N18.3", "F05.9"


def test_a_woman_of_81_with_an_old_heart_attack_kidney_disease_and_delirium_in_each_variant():
    codes = (OLD_HEART_ATTACK, KIDNEYS, DELIRIUM)
    assert score(*codes, variant="charlson_1987") == 3, "1 and 2; delirium is no category, and 81 years add nothing"
    assert score(*codes, variant="quan_2011") == 1, "an old heart attack has no points any more"
    assert score(*codes, variant="shmi_uk") == 15, "5 and 10"
    assert score(*codes, variant="rcs_2010") == 2, "two categories"


def test_delirium_superimposed_on_dementia_is_dementia():
    assert (score("F05.1"), score("F05.0")) == (2, 0)


def test_her_reasons_name_each_category_with_its_latest_day_and_its_points():
    rows = [diagnosis("I25.2", "2019-01-01"), diagnosis("I21.9", "2018-12-01"), diagnosis("N18.3")]
    found = to_pandas(charlson_reasons(records(*rows), people("p1"), on=ON))
    assert list(found) == [*tables.REASONS.column_names(), "variant", "points"]
    source = "Charlson comorbidity index with the weights of Quan 2011: a hospital diagnosis"
    assert rows_of(found) == [
        ("p1", "Myocardial infarction", "2019-01-01", source, "quan_2011", 0),
        ("p1", "Renal disease", "2025-03-01", source, "quan_2011", 1),
    ]


@pytest.mark.parametrize(
    ("variant", "mild", "severe", "both"),
    [
        ("charlson_1987", 1, 3, 3),
        ("quan_2011", 2, 4, 4),
        ("shmi_uk", 8, 18, 18),
        ("rcs_2010", 0, 1, 1),
    ],
)
def test_mild_liver_disease_does_not_count_beside_severe(variant, mild, severe, both):
    codes = (["K73.9"], ["K72.1"], ["K73.9", "K72.1"], ["K72.1", "K73.9"])
    assert [score(*one, variant=variant) for one in codes] == [mild, severe, both, both]


def test_cancer_does_not_count_beside_metastases_in_any_variant():
    found = {variant: score("C50.9", "C78.0", variant=variant) for variant in VARIANTS}
    assert found == {"charlson_1987": 6, "quan_2011": 6, "shmi_uk": 14, "rcs_2010": 1}


def test_the_reason_is_the_severe_form_alone():
    found = charlson_reasons(records("E11.9", diagnosis("E11.2", "2020-01-01")), people("p1"), on=ON)
    assert by_person(found, "element", "date") == {"p1": ("Diabetes with chronic complication", "2020-01-01")}


def test_by_shmi_diabetes_with_complications_takes_the_place_of_diabetes_and_a_sum_below_0_is_0():
    assert [score(*codes, variant="shmi_uk") for codes in (["E11.9"], ["E11.9", "E11.2"], ["E11.2"])] == [3, 0, 0]
    assert score("E11.2", "I50.0", variant="shmi_uk") == 12, "13 less 1"


def test_one_code_of_several_categories_sets_each_of_them():
    assert score("I13.0", variant="rcs_2010") == 2, "heart failure, and renal disease"
    assert score("I13.0", "R02", variant="rcs_2010") == 3


def test_aids_has_4_points_in_quan_2011_and_6_in_1987():
    assert (score("B24"), score("B24", variant="charlson_1987")) == (4, 6)


# -- what is read --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["I500", "I50.0", "i50.0", "I50", "I50X", "I500D", "I50.0-", " I500 "])
def test_a_code_counts_however_it_is_written(written):
    assert score(written) == 2


@pytest.mark.parametrize("written", ["I5", "I", "", "50", "XI50"])
def test_what_is_no_such_code_counts_nothing(written):
    assert score(written) == 0


def test_a_missing_code_sets_no_category():
    rows = pd.DataFrame([diagnosis(None), diagnosis("Z00")]).assign(condition_start_date=pd.Timestamp("2025-03-01"))
    found = charlson(rows, pd.DataFrame({"person_id": ["p1"]}), on=ON)
    assert found["charlson_quan_2011"].to_list() == [0]


def test_a_category_counts_once_however_often_it_is_recorded():
    assert score("I50.0", "I50.1", "I50.0", "I42.0") == 2


@pytest.mark.parametrize(("date", "expected"), [("2026-06-30", 2), ("2026-07-01", 0), ("2026-07-02", 0)])
def test_the_index_date_itself_is_not_read(date, expected):
    assert score(diagnosis("I50", date)) == expected


@pytest.mark.parametrize(("date", "expected"), [("2025-07-01", 2), ("2025-06-30", 0)])
def test_a_window_of_12_months_holds_its_first_day(date, expected):
    assert score(diagnosis("I50", date), diagnosis("Z00", "2026-01-01"), months=12) == expected


@pytest.mark.parametrize(
    "other", [{"source": "gp"}, {"status": "resolved"}, {"code_system": "local"}, {"code_system": "ctv3"}]
)
def test_general_practice_resolutions_and_other_systems_are_not_read(other):
    assert score(diagnosis("I50", **other)) == 0


def test_who_has_no_diagnosis_has_0_and_who_is_not_asked_about_is_left_out():
    found = charlson(records("I50", diagnosis("I50", who="stranger")), people("p1", "p2"), on=ON)
    assert by_person(found, "charlson_quan_2011") == {"p1": 2, "p2": 0}
    assert rows_of(charlson_reasons(records(diagnosis("I50", who="stranger")), people("p1"), on=ON)) == []


# -- what cannot be assessed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("held", [[], [diagnosis("I50", source="gp")], [diagnosis("I50", "2026-07-01")]])
def test_without_hospital_diagnoses_of_anybody_there_is_no_index_rather_than_0(held):
    assert list(to_pandas(charlson(records(*held), people("p1"), on=ON))) == ["person_id"]
    assert len(unassessable(records(*held), on=ON)) == 1
    empty = to_pandas(charlson_reasons(records(*held), people("p1"), on=ON))
    assert (list(empty), len(empty)) == ([*tables.REASONS.column_names(), "variant", "points"], 0)


def test_one_diagnosis_of_anybody_makes_it_assessable():
    assert unassessable(records(diagnosis("Z00", who="other")), on=ON) == []
    assert unassessable(records(diagnosis("Z00", "2020-01-01")), on=ON, months=12) != []


def test_an_unknown_variant_is_refused_with_the_nearest():
    with pytest.raises(PcnAnalysisError, match="no variant called quan_2012"):
        charlson(records("I50"), people("p1"), on=ON, variant="quan_2012")


# -- the tables ----------------------------------------------------------------------------------------------


def test_every_row_of_the_tables_names_a_source_with_its_publication():
    for name in ("charlson_icd10", "charlson_weights", "charlson_variants"):
        assert all("doi:10." in row["source"] or "NHS England" in row["source"] for row in codelists.rows(name))


def test_every_category_of_a_mapping_has_points_in_the_weights_that_are_used_with_it():
    assert {name: len(variant.categories) for name, variant in VARIANTS.items()} == {
        "charlson_1987": 17,
        "quan_2011": 17,
        "shmi_uk": 17,
        "rcs_2010": 14,
    }


def test_mild_comes_before_severe_so_that_the_later_of_a_family_is_the_severer():
    for variant in VARIANTS.values():
        order = list(variant.categories)
        for mild, severe in (
            ("mild_liver_disease", "severe_liver_disease"),
            ("diabetes", "diabetes_with_complications"),
            ("malignancy", "metastatic_tumour"),
        ):
            if severe in order:
                assert order.index(mild) < order.index(severe)
                assert variant.categories[mild].family == variant.categories[severe].family


def test_the_categories_of_a_family_are_told_apart_from_all_others():
    families = [element.family for element in find_variant("quan_2011").elements()]
    assert (len(families), len(set(families))) == (17, 14)


def test_a_code_stands_for_an_element_once_however_many_prefixes_fit():
    elements = (CodedElement("One", ("E1", "E11", "E112"), 1, "one"), CodedElement("Two", ("E112",), 1, "two"))
    assert resolved_codes(pd.Series(["E112"]), elements)["place"].to_list() == [0, 1]
    assert resolved_codes(pd.Series([], dtype="str"), elements).empty


def test_pandas_comes_back_as_pandas_with_whole_numbers():
    rows = pd.DataFrame([diagnosis("I50")]).assign(condition_start_date=pd.Timestamp("2025-03-01"))
    found = charlson(rows, pd.DataFrame({"person_id": ["p1"]}), on=ON)
    assert str(found["charlson_quan_2011"].dtype) == "Int64"
    assert lazy(found).collect_schema().names() == ["person_id", "charlson_quan_2011"]
