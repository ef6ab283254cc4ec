"""Hospital diagnoses of synthetic people, and what QRISK3 asks of them: Old Priory PCN, drawn once."""

from dataclasses import replace

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from pcn_analysis import codelists, engine, tables
from pcn_analysis.person_table import person_table, registered_people
from pcn_analysis.scores import charlson, hospital_frailty
from pcn_analysis.scores.qrisk3 import BANDS, qrisk3_of
from pcn_analysis.synthetic import hospital
from pcn_analysis.synthetic.cardiovascular import FAMILY_HISTORY, IN_FAMILY
from pcn_analysis.synthetic.histories import ALSO, covered
from pcn_analysis.synthetic.people import draw

pytestmark = pytest.mark.unit

ALSO_HAS = {
    "type_1_diabetes": "diabetes",
    "type_2_diabetes": "diabetes",
    "myocardial_infarction": "coronary_heart_disease",
}
"""Conditions that nobody has without another, recorded on the same day."""


@pytest.fixture(scope="module")
def conditions(old_priory):
    return engine.to_pandas(old_priory.tables["conditions"])


@pytest.fixture(scope="module")
def coded(conditions):
    """Diagnoses of admissions."""
    return conditions[conditions["source"] == "apc"]


@pytest.fixture(scope="module")
def admissions(old_priory):
    seen = engine.to_pandas(old_priory.tables["encounters"])
    return seen[seen["visit_type"] == "emergency_admission"].set_index("visit_id")


@pytest.fixture(scope="module")
def people(old_priory):
    return registered_people(old_priory.tables["persons"], on=old_priory.index_date)


# -- the list of codes ---------------------------------------------------------------------------------------


def test_every_code_of_the_list_stands_for_nothing_but_what_it_needs():
    needed = {one.code: {one.needs, ALSO_HAS.get(one.needs)} for one in hospital.diagnoses()}
    meant = {code: set(slugs) for code, slugs in hospital.conditions_of().items()}
    assert {code: slugs - needed[code] for code, slugs in meant.items() if slugs - needed[code]} == {}
    assert {one.needs for one in hospital.diagnoses()} - {""} <= covered()
    assert ("myocardial_infarction", 0.30) in ALSO["coronary_heart_disease"]


def test_no_code_is_of_a_condition_of_which_it_matters_how_recent_it_is():
    recent = {"depression", "anxiety", "palliative_care"}
    assert not recent & {one.needs for one in hospital.diagnoses()}


def test_every_row_of_the_list_says_that_it_is_invented():
    assert {row["basis"] for row in codelists.rows("synthetic_hospital_diagnoses")} == {"invented"}


# -- what is recorded ----------------------------------------------------------------------------------------


def test_every_emergency_admission_has_its_main_diagnosis_among_the_records_on_its_first_day(coded, admissions):
    visits = coded.groupby("visit_id")
    assert set(visits.groups) == set(admissions.index)
    main = coded.merge(admissions, left_on=["visit_id", "code"], right_on=["visit_id", "primary_diagnosis"])
    assert set(main["visit_id"]) == set(admissions.index)
    same = coded.merge(admissions, on="visit_id", suffixes=("", "_of_visit"))
    assert (same["person_id"] == same["person_id_of_visit"]).all()
    assert (same["condition_start_date"] == same["visit_start_date"]).all()


def test_records_are_like_those_of_a_hospital_extract(coded):
    assert set(coded["code_system"]) == {"icd10"}
    assert set(coded["status"]) == {"active"}
    assert 1.5 < coded.drop_duplicates(["visit_id", "code"]).groupby("visit_id").size().mean() < 4
    assert coded["condition"].isna().any(), "codes that stand for no condition"


def test_a_code_has_the_conditions_that_the_shipped_lists_say(coded):
    found = coded.dropna(subset=["condition"]).groupby("code")["condition"].agg(set)
    assert {code: tuple(sorted(slugs)) for code, slugs in found.items()} == {
        code: tuple(sorted(slugs)) for code, slugs in hospital.conditions_of().items() if code in found
    }
    twice = coded[coded["code"] == "E109"].groupby("visit_id")["condition"].agg(set)
    assert set(map(frozenset, twice)) == {frozenset({"diabetes", "type_1_diabetes"})}


def test_hospitals_code_nothing_that_general_practice_had_not_recorded_by_then(conditions, coded):
    first = conditions[conditions["source"] == "gp"].groupby(["person_id", "condition"])["condition_start_date"].min()
    known = coded.dropna(subset=["condition"]).merge(first.rename("known_from"), on=["person_id", "condition"])
    assert len(known) == coded["condition"].notna().sum()
    assert (known["known_from"] <= known["condition_start_date"]).all()


def test_cancer_of_the_prostate_is_of_men_and_of_the_breast_is_of_women(old_priory, coded):
    sex = engine.to_pandas(old_priory.tables["persons"].select("person_id", "sex")).set_index("person_id")["sex"]
    found = coded["person_id"].map(sex).groupby(coded["code"]).agg(set)
    assert (found["C61"], found["C509"]) == ({"male"}, {"female"})


def test_hospital_diagnoses_move_nobody_into_or_out_of_a_register_or_score(old_priory):
    """They tell of conditions that people have: only the date of the latest record can be a later one."""
    held = old_priory.tables
    alone = {**held, "conditions": held["conditions"].filter(nw.col("source") == "gp")}
    without, both = (
        engine.to_pandas(person_table(one, on=old_priory.index_date)).set_index("person_id").sort_index()
        for one in (replace(old_priory, tables=alone), old_priory)
    )
    assert set(both) - set(without) == {f"{slug}_hospital_date" for slug in tables.HOSPITAL_DATES}
    assert set(without) <= set(both)
    moved = [name for name in without if not both[name].equals(without[name])]
    assert [name for name in moved if not name.endswith("_date") or name.endswith("_first_date")] == []
    for name in moved:
        assert both[name].isna().equals(without[name].isna()), name
        assert not (both[name] < without[name]).any(), name


# -- scores run ----------------------------------------------------------------------------------------------


def test_charlson_and_hospital_frailty_are_of_somebody_in_every_variant(old_priory, people):
    held, on = old_priory.tables, old_priory.index_date
    for name in charlson.VARIANTS:
        points = engine.to_pandas(charlson.charlson(held["conditions"], people, on=on, variant=name))
        assert 0.01 < (points[charlson.score_column(name)] > 0).mean() < 0.15, name
    for name in hospital_frailty.VARIANTS:
        bands = engine.to_pandas(
            hospital_frailty.hospital_frailty(
                held["conditions"], people, on=on, variant=name, encounters=held["encounters"]
            )
        )
        assert set(bands[hospital_frailty.band_column(name)].dropna()) == {"low", "intermediate", "high"}, name


def test_qrisk3_is_of_thousands_and_assumes_only_what_it_always_does(old_priory, people):
    found = qrisk3_of(old_priory, people)
    assert found.unassessed == {"Townsend score": "no record holds it"}
    assert not [words for words in found.assumed if words.endswith("taken as no")]
    scored = engine.to_pandas(found.scores)
    assert set(scored["qrisk3_band"].dropna()) == set(BANDS)
    assert 0.15 < scored["qrisk3"].notna().mean() < 0.40


def test_types_of_diabetes_are_of_people_with_diabetes_and_nobody_has_both(old_priory):
    flags = engine.to_pandas(person_table(old_priory, on=old_priory.index_date))
    one, two, any_ = (flags[f"has_{slug}diabetes"].astype(bool) for slug in ("type_1_", "type_2_", ""))
    assert not (one & two).any()
    assert not ((one | two) & ~any_).any()
    assert 0.04 < one.sum() / any_.sum() < 0.16
    assert 0 < (any_ & ~one & ~two).sum() / any_.sum() < 0.06


def test_family_history_is_of_its_invented_share_of_adults(old_priory):
    flags = engine.to_pandas(person_table(old_priory, on=old_priory.index_date))
    adults = flags[flags["age"] >= 18]
    assert adults[f"has_{FAMILY_HISTORY}"].mean() == pytest.approx(IN_FAMILY, abs=0.01)
    assert not flags.loc[flags["age"] < 17, f"has_{FAMILY_HISTORY}"].any()


def test_who_used_to_smoke_has_an_earlier_record_and_a_later_one_of_none(old_priory):
    readings = engine.to_pandas(old_priory.tables["measurements"].filter(nw.col("measurement") == "cigarettes"))
    by_day = readings.sort_values("measurement_date", kind="stable").groupby("person_id")["value_as_number"]
    twice = by_day.size() == 2
    assert by_day.size().max() == 2
    assert (by_day.last()[twice] == 0).mean() > 0.99, "but for who has been here for a day"
    assert (by_day.first()[twice] > 0).mean() > 0.99
    assert set(readings["unit"]) == {"{cigarettes}/d"}


def test_people_without_admissions_have_no_diagnoses(marlhaven):
    nothing = {name: np.array([], dtype=kind) for name, kind in (("kind", object), ("person", int), ("day", int),
               ("diagnosis", object))}  # fmt: skip
    drawn = draw(marlhaven, "U00005", np.random.default_rng([1, 5])).chosen(slice(0, 10))
    first = hospital.first_records(drawn, [])
    found = hospital.hospital_records(drawn, nothing, first, np.random.default_rng(1))
    assert {len(values) for values in found.values()} == {0}


def test_the_first_record_counts_and_that_of_a_condition_that_is_gone_does_not(marlhaven):
    drawn = draw(marlhaven, "U00005", np.random.default_rng([1, 5])).chosen(slice(0, 3))
    drawn.health.has["ckd"] = np.array([True, False, True])
    who = np.array([0, 1, 0])
    first = hospital.first_records(drawn, [("ckd", who, np.array([500, 600, 400]), "active")])
    assert first["ckd"].tolist() == [400, hospital.NEVER, hospital.NEVER]
    assert pd.Series(first["asthma"]).eq(hospital.NEVER).all()
