"""What the admission model sees of a person, and that it sees nothing of what was still to come."""

import datetime as dt
from dataclasses import replace

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from admitted import TEST_ORIGIN, drawn
from vignettes import by_person, condition, contact, issue, person, plain, population_of, resolved

from pcn_analysis.anticipatory.admission import FEATURES, check_leakage, people_at
from pcn_analysis.anticipatory.admission.features import PREDICTORS, groups, matrix
from pcn_analysis.anticipatory.admission.leakage import as_it_stood
from pcn_analysis.engine import lazy
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.tables import CONDITION_NAMES, PERSON_TABLE

pytestmark = pytest.mark.unit

ORIGIN = TEST_ORIGIN


@pytest.fixture(scope="module")
def many():
    return drawn(60)


@pytest.fixture(scope="module")
def then(many):
    return people_at(many, on=ORIGIN)


def test_what_the_model_sees_of_a_woman_of_82():
    """She has heart failure and had a depression; was admitted twice in the year before, and is admitted after."""
    woman = population_of(
        [person("p1", born="1943-03-10", imd_decile=2, death_date="2026-02-01", housebound=True)],
        conditions=[
            condition("p1", "heart_failure", "2019-05-01"),
            condition("p1", "depression", "2001-05-01"),
            resolved("p1", "depression", "2003-05-01"),
            condition("p1", "dementia", "2025-11-01"),
        ],
        medications=[issue("p1", "2025-06-01"), issue("p1", "2025-05-01", bnf="0205051R0", name="Ramipril")],
        encounters=[
            contact("p1", "emergency_admission", "2024-08-01"),
            contact("p1", "emergency_admission", "2025-06-30"),
            contact("p1", "emergency_admission", "2025-07-01"),
            contact("p1", "ed", "2025-06-30"),
            contact("p1", "gp_contact", "2025-02-01", attended=False),
        ],
        covered={"heart_failure", "depression", "dementia"},
    )
    people = people_at(woman, on=ORIGIN)
    seen = people.iloc[0]
    known = {name: plain(seen[name]) for name in PREDICTORS if name in seen}
    expected = {"age": 82, "sex": "female", "imd_decile": 2, "n_ltc": 1, "n_medications_12m": 2}
    expected |= {"has_heart_failure": True, "has_depression": False, "has_dementia": False}
    expected |= {"nel_12m": 2, "ae_12m": 1, "gp_12m": 0, "efi_deficits": known["efi_deficits"]}
    assert known == expected
    assert "housebound" not in seen
    numbers = matrix(people, ["age", "sex", "has_heart_failure", "nel_12m"])
    assert numbers.iloc[0].to_list() == [82, 1, 1, pytest.approx(np.log(3))]


def test_every_column_is_declared_with_a_reason_and_is_one_of_the_person_table():
    columns = {*PERSON_TABLE.column_names(), "charlson_quan_2011"}
    assert set(FEATURES) <= columns
    assert {f"has_{slug}" for slug in CONDITION_NAMES} <= set(PREDICTORS)
    assert all(one.why and one.name for one in FEATURES.values())


def test_what_is_recorded_without_a_date_is_not_read():
    assert {"care_home", "housebound", "carer"}.isdisjoint(PREDICTORS)


def test_what_could_not_be_assessed_is_not_there():
    people = population_of([person("p1")], encounters=[contact("p1", "ed", "2025-03-01")], covered=set())
    columns = people_at(people, on=ORIGIN).columns
    assert "ae_12m" in columns
    assert {"nel_12m", "has_dementia", "efi_deficits", "charlson_quan_2011"}.isdisjoint(columns)


def test_what_a_source_says_as_at_the_index_date_is_not_read_on_another_day():
    people = population_of(
        [person("p1")],
        conditions=[condition("p1", "copd", "2020-01-01")],
        covered={"copd", "dementia"},
    )
    said = pd.DataFrame({"person_id": ["p1"], "attribute_date": pd.Timestamp("2026-07-01"), "has_dementia": [True]})
    people = replace(people, tables=people.tables | {"attributes": lazy(said)})
    seen = people_at(people, on=ORIGIN)
    assert by_person(seen, "has_copd") == {"p1": True}
    assert "has_dementia" not in seen


def test_groups_of_adults_are_named_in_words():
    old, unknown = person("p1", born="1940-01-01", imd_decile=1), person("p2", sex="unknown", imd_decile=None)
    child = person("p4", born="2010-01-01")
    people = population_of([old, unknown, person("p3", born="2007-01-01", sex="male"), child])
    found = groups(people, people_at(people, on=ORIGIN))
    assert found[["sex", "age_group", "deprivation_fifth", "practice_name"]].to_numpy().tolist() == [
        ["female", "85+", "most deprived", "Quayside Surgery"],
        ["indeterminate or not known", "65-74", "not known", "Quayside Surgery"],
        ["male", "18-19", "third", "Quayside Surgery"],
    ]


# -- leakage -------------------------------------------------------------------------------------------------


def test_columns_of_the_person_table_of_the_origin_leak_nothing(many, then):
    check_leakage(many, then, origin=ORIGIN)


def test_columns_made_on_a_later_day_are_named_with_how_many_people_differ(many, then):
    later = people_at(many, on=many.index_date).set_index("person_id")
    leaked = then.assign(nel_12m=then["person_id"].map(later["nel_12m"]).fillna(0))
    differ = int((leaked["nel_12m"] != then["nel_12m"]).sum())
    with pytest.raises(PcnAnalysisError, match=rf"nel_12m: it differs for {differ} of \d+ people") as caught:
        check_leakage(many, leaked, origin=ORIGIN)
    assert len(caught.value.problems) == 1


def test_a_planted_column_of_the_future_is_refused_as_not_declared(many, then):
    planted = then.assign(admitted_next_year=1)
    with pytest.raises(PcnAnalysisError, match="admitted_next_year: it is not declared"):
        check_leakage(many, planted, origin=ORIGIN)


def test_a_column_that_is_declared_not_to_be_used_is_refused_with_the_reason(many, then):
    with pytest.raises(PcnAnalysisError, match="care_home: it is declared not to be used: recorded without a date"):
        check_leakage(many, then.assign(care_home=False), origin=ORIGIN)


def test_everything_that_leaks_is_named_at_once(many, then):
    leaked = then.assign(age=99, gp_12m=99, secret=1)
    with pytest.raises(PcnAnalysisError) as caught:
        check_leakage(many, leaked, origin=ORIGIN)
    assert {one.where for one in caught.value.problems} == {"age", "gp_12m", "column secret"}


def test_someone_who_registered_after_the_origin_could_not_have_been_known():
    people = population_of([person("p1"), person("new", registration_start_date="2025-09-01")])
    frame = people_at(people, on=people.index_date)[["person_id"]]
    with pytest.raises(PcnAnalysisError, match="1 of 2 people could not have been known on 2025-07-01"):
        check_leakage(people, frame, origin=ORIGIN)


def test_records_as_they_stood_hold_no_later_day():
    people = population_of(
        [
            person("p1", death_date="2025-09-01", registration_end_date="2025-09-01"),
            person("p2", death_date="2025-01-01"),
        ],
        conditions=[
            condition("p1", "copd", "2020-01-01", ended="2025-10-01"),
            condition("p1", "asthma", "2020-01-01", ended="2024-10-01"),
            condition("p1", "dementia", "2025-07-01"),
        ],
    )
    then = as_it_stood(people, ORIGIN)
    deaths = then.tables["persons"].select("person_id", "death_date", "registration_end_date")
    assert by_person(lazy(deaths).collect().to_native().to_pandas(), "death_date", "registration_end_date") == {
        "p1": (None, None),
        "p2": ("2025-01-01", None),
    }
    ends = then.tables["conditions"].select("condition", nw.col("condition_end_date").cast(nw.Date))
    found = ends.collect("pyarrow").to_native().to_pylist()
    assert sorted((row["condition"], row["condition_end_date"]) for row in found if row["condition"] != "copd") == [
        ("asthma", dt.date(2024, 10, 1))
    ]
    assert {"condition": "copd", "condition_end_date": None} in found
