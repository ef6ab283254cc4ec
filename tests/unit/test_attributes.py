"""What a source says of each person itself: it fills what records do not, and what it leaves empty stays not known."""

import datetime as dt

import pandas as pd
import pytest
from vignettes import ON, by_person, condition, issue, person, person_rows, population_of, reading

from pcn_analysis import tables
from pcn_analysis.anticipatory import reach
from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person_table import incomplete_columns, person_table, stages
from pcn_analysis.population import RECORDS, Population
from pcn_analysis.readings import commonest_reasons
from pcn_analysis.release import release
from pcn_analysis.scores.frailty import completed_index
from pcn_analysis.segmentation import segments
from pcn_analysis.segmentation.models import find_model
from pcn_analysis.validation import table_problems

pytestmark = pytest.mark.unit

SYSTEM_P = find_model("system_p")


def said(who: str, **columns: object) -> dict:
    """What a source says of one person on the index date."""
    return {"person_id": who, "attribute_date": "2026-07-01"} | columns


def told(*rows: dict, persons: list[dict] | None = None, covered: set[str] = frozenset(), **records) -> Population:
    """People of whom a source says something, by default of everyone of whom it does."""
    everyone = persons or [person(row["person_id"], born="1940-01-01") for row in rows]
    return population_of(everyone, attributes=list(rows), covered=covered, **records)


def made(population: Population, *columns: str) -> dict:
    return by_person(person_table(population, on=ON), *columns)


def names(population: Population) -> list[str]:
    return person_table(population, on=ON).collect_schema().names()


# -- the table ---------------------------------------------------------------------------------------------


def test_attributes_are_records_with_every_column_that_is_not_of_the_person_or_the_index():
    assert "attributes" in RECORDS
    columns = set(tables.ATTRIBUTES.column_names()) - {"person_id", "attribute_date"}
    own = {"person_id", "index_date", "pcn_code", "age"} | set(tables.PERSONS.column_names())
    assert columns == set(tables.PERSON_TABLE.column_names()) - own
    assert all(column.nullable for column in tables.ATTRIBUTES.columns[2:])


# -- what fills a column -----------------------------------------------------------------------------------


def test_what_a_source_says_fills_the_columns_of_which_it_says_anything():
    population = told(said("p1", has_diabetes=True, bmi=31.5, ae_12m=2), said("p2", has_diabetes=False))
    assert made(population, "has_diabetes", "bmi", "ae_12m") == {"p1": (True, 31.5, 2), "p2": (False, None, None)}
    assert not {"has_copd", "sbp", "gp_12m", "efi_score"} & set(names(population))
    answer = to_pandas(person_table(population, on=ON))
    described = tables.PERSON_TABLE.conform(answer)
    assert table_problems(tables.PERSON_TABLE, described[tables.PERSON_TABLE.column_names()]) == []


def test_what_a_source_leaves_empty_or_does_not_mention_is_not_known_and_never_no():
    persons = [person(who, born="1940-01-01") for who in ("p1", "p2", "p3")]
    population = told(said("p1", has_diabetes=True), said("p2"), persons=persons)
    assert made(population, "has_diabetes", "on_dm_register", "n_ltc")["p2"] == (None, None, None)
    assert made(population, "has_diabetes", "on_dm_register")["p3"] == (None, None)


def test_a_table_that_holds_few_columns_will_do():
    population = told(said("p1", has_diabetes=True))
    few = pd.DataFrame({"person_id": ["p1"], "attribute_date": [ON], "efi_score": [0.3]})
    population.tables["attributes"] = lazy(few)
    assert made(population, "efi_score", "efi_category") == {"p1": (0.3, "moderate")}


def test_records_win_for_a_column_as_a_whole_and_not_person_by_person():
    population = told(
        said("p1", bmi=20.0, n_medications=9),
        said("p2", bmi=25.0, n_medications=9),
        measurements=[reading("p1", "bmi", "2026-01-01", 40.0)],
        medications=[issue("p1", "2026-06-15")],
    )
    assert made(population, "bmi", "n_medications") == {"p1": (40.0, 1), "p2": (None, 0)}


def test_a_flag_wins_over_records_of_hospital_alone_and_gives_way_to_others():
    flags = [said("p1", has_diabetes=False), said("p2", has_diabetes=True)]
    record = condition("p1", "diabetes", "2020-01-01")
    for where in ("apc", "ecds", "op"):
        of_hospital = told(*flags, covered={"diabetes"}, conditions=[record | {"source": where}])
        assert made(of_hospital, "has_diabetes") == {"p1": False, "p2": True}
    of_the_practice = told(*flags, covered={"diabetes"}, conditions=[record])
    assert made(of_the_practice, "has_diabetes") == {"p1": True, "p2": False}


def test_a_condition_of_which_there_are_flags_only_is_not_denied_by_other_records():
    population = told(
        said("p1", has_diabetes=True), covered={"diabetes", "copd"}, conditions=[condition("p1", "copd", "2020-01-01")]
    )
    assert made(population, "has_diabetes", "has_copd") == {"p1": (True, True)}


def test_attributes_of_another_day_are_refused():
    population = told(said("p1", has_diabetes=True))
    with pytest.raises(PcnAnalysisError, match=r"attributes describe 2026-07-01, not the index date 2026-06-30\."):
        person_table(population, on=dt.date(2026, 6, 30))


# -- registers, conditions counted -------------------------------------------------------------------------


def test_a_register_follows_from_a_flag_and_age():
    persons = [person("p1", born="1940-01-01"), person("p2", born="2015-01-01"), person("p3", born="1940-01-01")]
    flags = [said("p1", has_diabetes=True), said("p2", has_diabetes=True), said("p3", has_diabetes=False)]
    assert made(told(*flags, persons=persons), "on_dm_register") == {"p1": True, "p2": False, "p3": False}


def test_nobody_is_on_a_register_because_it_is_not_known_whether_they_have_what_must_not_be_there():
    found = {"non_diabetic_hyperglycaemia_first_date": "2020-01-01"}
    rows = [said("p1", has_diabetes=False, **found), said("p2", **found), said("p3", has_diabetes=True, **found)]
    told_of = made(told(*rows), "on_ndh_register")
    assert told_of == {"p1": True, "p2": None, "p3": False}


def test_a_register_that_a_source_gives_stands_where_records_cannot_tell_it_in_full():
    given = said("p1", on_chd_register=True, has_angina=False)
    assert made(told(given), "on_chd_register") == {"p1": True}
    everything = {"coronary_heart_disease", "angina", "myocardial_infarction"}
    own = told(said("p1", on_chd_register=True), covered=everything, conditions=[])
    assert made(own, "on_chd_register") == {"p1": False}


def test_a_date_that_is_missing_is_no_doubt_where_the_flag_says_no():
    population = told(
        said("p1", has_cancer=True, cancer_date="2020-01-01"),
        said("p2", has_cancer=False),
        said("p3", has_cancer=True),
        said("p4"),
    )
    assert made(population, "on_can_register") == {"p1": True, "p2": False, "p3": None, "p4": None}


def test_a_count_that_is_given_stands_and_else_follows_from_the_flags():
    flags = {"has_copd": True, "has_dementia": True}
    assert made(told(said("p1", n_ltc=7, **flags)), "n_ltc") == {"p1": 7}
    counted = told(said("p1", **flags))
    assert made(counted, "n_ltc") == {"p1": 2}
    assert "Heart failure" in incomplete_columns(counted)["n_ltc"]
    assert "Chronic obstructive pulmonary disease" not in incomplete_columns(counted)["n_ltc"]


def test_what_is_not_known_of_some_people_is_incomplete_and_makes_nobody_healthy():
    population = told(said("p1", has_copd=True), said("p2"))
    population.tables["person_table"] = person_table(population, on=ON)
    lacking = "Chronic obstructive pulmonary disease, not known of everyone"
    assert incomplete_columns(population)["has_copd"] == [lacking]
    assert lacking in incomplete_columns(population)["on_copd_register"]
    frame = segments.not_assessed(population, SYSTEM_P).frame.set_index("element")
    assert frame.loc["Chronic obstructive pulmonary disease", ["status", "missing"]].to_list() == [
        "partly assessed", lacking,
    ]  # fmt: skip
    assert segments.sizes(population, SYSTEM_P).frame["segment"].iloc[-1] == "None of those assessed"


def test_what_is_known_of_everyone_is_complete():
    population = told(said("p1", has_copd=True), said("p2", has_copd=False))
    assert "has_copd" not in incomplete_columns(population)


# -- frailty -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "band"),
    [(0.0, "fit"), (0.12, "fit"), (0.13, "mild"), (0.24, "mild"), (0.25, "moderate"), (0.35, "moderate"),
     (0.36, "severe"), (13 / 36, "severe"), (1.0, "severe"), (None, None)],
)  # fmt: skip
def test_a_band_follows_from_the_score(score, band):
    assert by_person(completed_index(person_rows({"person_id": "p1", "efi_score": score})), "efi_category") == {
        "p1": band
    }


def test_score_and_band_follow_from_deficits_and_what_is_given_stays():
    rows = person_rows(
        {"person_id": "p1", "efi_deficits": 12, "efi_category": None},
        {"person_id": "p2", "efi_deficits": None, "efi_category": None},
        {"person_id": "p3", "efi_deficits": 12, "efi_category": "mild"},
    )
    assert by_person(completed_index(rows), "efi_score", "efi_category") == {
        "p1": (12 / 36, "moderate"),
        "p2": (None, None),
        "p3": (12 / 36, "mild"),
    }


GIVEN = [said("p1", efi_score=0.5), said("p2", efi_score=0.3), said("p3", efi_score=0.05), said("p4")]


def staged(*rows, **records):
    population = told(*rows, **records)
    population.tables.update(stages(population))
    return population


def test_a_given_score_has_no_reasons_and_the_report_on_it_works():
    population = staged(*GIVEN)
    assert "frailty_reasons" not in population.tables
    assert reach.eligible_by_severity(population).frame["patients"].to_list() == [1, 1]
    steps = reach.attrition(population).frame
    assert steps.loc[2, ["patients", "not_known", "status"]].to_list() == [2, 1, "partly assessed"]
    reasons, missing = (release(one(population)) for one in (reach.reasons_for_frailty, reach.deficits_not_assessed))
    assert (len(reasons), len(missing)) == (0, 36)
    assert commonest_reasons(reasons, missing) == "Reasons not known: the source gives a score only."


def test_a_score_that_is_given_stands_beside_records_of_hospital_and_gives_way_to_others():
    record = condition("p1", "dementia", "2020-01-01")
    of_hospital = staged(*GIVEN, covered={"dementia"}, conditions=[record | {"source": "apc"}])
    assert made(of_hospital, "efi_category")["p1"] == "severe"
    of_the_practice = staged(*GIVEN, covered={"dementia"}, conditions=[record])
    assert made(of_the_practice, "efi_category")["p1"] == "fit"
    assert "frailty_reasons" in of_the_practice.tables
