"""The person table: who is in it, which columns it has, and what the records put into them."""

import datetime as dt

import pytest
from vignettes import (
    NETWORK,
    ON,
    PRACTICE,
    by_person,
    condition,
    contact,
    issue,
    person,
    population_of,
    reading,
    resolved,
    rows_of,
    table,
)

from pcn_analysis import tables
from pcn_analysis.engine import to_pandas
from pcn_analysis.person_table import frailty_reasons, person_table, registered_people, stages
from pcn_analysis.population import RECORDS, STAGES
from pcn_analysis.validation import table_problems

pytestmark = pytest.mark.unit


def registered(**columns):
    rows = [person("p1", **columns)]
    return bool(rows_of(registered_people(table("persons", rows), on=ON).select("person_id")))


def few(persons, **records):
    """People whose records were coded for three conditions, so that a test takes little time."""
    return population_of(persons, **{"covered": {"dementia", "hypertension", "copd"}} | records)


def made(persons, *columns, on=ON, **records):
    return by_person(person_table(few(persons, **records), on=on), *columns)


def column_names(**records):
    return person_table(few([person("p1")], **records), on=ON).collect_schema().names()


EVERYTHING = {
    "conditions": [condition("p1", "dementia", "2020-03-01"), condition("p1", "hypertension", "2005-03-01"),
                   condition("p9", "fall", "2019-03-01", source="apc")],
    "medications": [issue("p1", "2026-06-01", bnf="0403010B0")],
    "measurements": [reading("p1", "bmi", "2026-05-01", 31.5), *(reading("p9", one, "2010-05-01", 50.0) for one in
                     ("sbp", "dbp", "egfr", "hba1c"))],
    "encounters": [contact("p1", "emergency_admission", "2026-02-01"), *(contact("p9", one, day) for one in
                   ("gp_contact", "ed", "emergency_admission", "elective_admission", "outpatient")
                   for day in ("2018-06-01", "2026-02-02"))],
}  # fmt: skip
"""Records of one person; and of someone else, so that every kind of record is there, in the windows of two dates."""


# -- who is in it ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "is_in"),
    [
        pytest.param({}, True, id="alive and registered"),
        pytest.param({"death_date": "2026-06-30"}, False, id="died the day before"),
        pytest.param({"death_date": "2026-07-01"}, True, id="dies on the index date"),
        pytest.param({"death_date": "2026-12-31"}, True, id="dies later"),
        pytest.param({"registration_start_date": "2026-07-01"}, True, id="registered on the index date"),
        pytest.param({"registration_start_date": "2026-07-02"}, False, id="registered the day after"),
        pytest.param({"registration_start_date": None}, True, id="start of registration not known"),
        pytest.param({"registration_end_date": "2026-07-01"}, False, id="first day no longer registered"),
        pytest.param({"registration_end_date": "2026-07-02"}, True, id="last day registered"),
        pytest.param({"born": "2026-07-01"}, True, id="born on the index date"),
        pytest.param({"born": "2026-07-02"}, False, id="born the day after"),
    ],
)
def test_everyone_alive_and_registered_at_the_start_of_the_index_date_is_in(columns, is_in):
    assert registered(**columns) is is_in


def test_people_who_are_out_are_in_no_stage():
    population = few(
        [person("p1"), person("p2", death_date="2026-01-01")],
        conditions=[condition(who, "dementia", "2020-01-01") for who in ("p1", "p2", "p9")],
    )
    assert {row[0] for stage in stages(population).values() for row in rows_of(stage.select("person_id"))} == {"p1"}


# -- what a row says ---------------------------------------------------------------------------------------


def test_a_row_says_whose_it_is_and_when():
    assert made([person("p1", care_home=True)], "index_date", "pcn_code", "practice_code", "sex", "care_home") == {
        "p1": ("2026-07-01", NETWORK, PRACTICE, "female", True)
    }


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2008-02-29", "2028-02-29", 20),
        ("1950-12-31", "2026-12-30", 75),
        ("1950-12-31", "2026-12-31", 76),
        ("2026-07-01", "2026-07-01", 0),
    ],
)
def test_age_is_in_completed_years(born, on, age):
    rows = [person("p1", born=born)]
    assert made(rows, "age", on=dt.date.fromisoformat(on)) == {"p1": age}


def test_each_kind_of_record_fills_its_columns():
    names = ("has_dementia", "dementia_date", "n_medications", "antidepressants_12m", "bmi", "nel_12m")
    assert made([person("p1")], *names, **EVERYTHING) == {"p1": (True, "2020-03-01", 1, 1, 31.5, 1)}


def test_people_without_records_are_in_with_nothing_found():
    names = ("has_dementia", "dementia_date", "n_medications", "bmi", "nel_12m", "n_ltc", "efi_category")
    answer = made([person("p1"), person("p2")], *names, **EVERYTHING)
    assert answer["p2"] == (False, None, 0, None, 0, 0, "fit")


def test_one_row_a_person_however_many_records():
    records = {name: rows * 3 for name, rows in EVERYTHING.items()}
    population = few([person("p1"), person("p2")], **records)
    assert rows_of(person_table(population, on=ON).select("person_id")) == [("p1",), ("p2",)]


# -- which columns there are -------------------------------------------------------------------------------


def test_with_every_record_the_table_is_as_declared():
    population = population_of([person("p1"), person("p2", born="2026-07-01")], **EVERYTHING)
    answer = to_pandas(person_table(population, on=ON))
    assert list(answer.columns) == tables.PERSON_TABLE.column_names()
    assert table_problems(tables.PERSON_TABLE, tables.PERSON_TABLE.conform(answer)) == []


def test_a_table_of_records_that_is_not_there_has_no_columns():
    held = set(column_names(conditions=[], covered={"dementia"}))
    assert {"has_dementia", "dementia_date", "on_dem_register", "efi_score", "n_ltc"} <= held
    assert not {"n_medications", "bmi", "nel_12m", "has_asthma", "on_ast_register"} & held


def test_what_a_source_says_of_nobody_is_no_column_of_no():
    population = few([person("p1", carer=None), person("p2", carer=None, ethnicity=None)])
    names = person_table(population, on=ON).collect_schema().names()
    assert {"ethnicity", "carer", "housebound"} & set(names) == {"ethnicity", "housebound"}


def test_a_condition_that_is_not_covered_leaves_out_what_rests_on_it():
    assert "on_dem_register" not in column_names(covered={"asthma"}, **EVERYTHING)
    assert not {"n_ltc", "efi_score"} & set(column_names(covered={"homelessness"}, **EVERYTHING))


def test_values_and_medicines_alone_make_nobody_fit_or_without_conditions():
    without_conditions = {name: rows for name, rows in EVERYTHING.items() if name != "conditions"}
    assert not {"n_ltc", "efi_score", "efi_category"} & set(column_names(**without_conditions))


def test_with_persons_alone_there_is_a_table_of_what_is_known_of_them():
    assert column_names() == [
        "person_id", "index_date", "pcn_code", "sex", "birth_date", "ethnicity", "lsoa21", "imd_decile",
        "practice_code", "care_home", "housebound", "carer", "age",
    ]  # fmt: skip


# -- registers, conditions counted, frailty ----------------------------------------------------------------


def test_a_register_follows_from_the_row():
    persons = [person("p1"), person("p2"), person("p3", born="2010-01-01")]
    diagnoses = [condition(who, "hypertension", "2020-03-01") for who in ("p1", "p2", "p3")]
    records = [*diagnoses, resolved("p2", "hypertension", "2024-03-01")]
    assert made(persons, "has_hypertension", "on_hyp_register", conditions=records) == {
        "p1": (True, True),
        "p2": (False, False),
        "p3": (True, False),
    }


def test_long_term_conditions_and_deficits_are_counted():
    assert made([person("p1")], "n_ltc", "efi_deficits", "efi_category", **EVERYTHING) == {"p1": (2, 2, "fit")}


def test_the_reasons_of_frailty_are_those_that_were_counted():
    population = few([person("p1")], **EVERYTHING)
    answer = to_pandas(frailty_reasons(population, on=ON))
    assert len(answer) == by_person(person_table(population, on=ON), "efi_deficits")["p1"] == 2
    assert table_problems(tables.REASONS, tables.REASONS.conform(answer)) == []


# -- the index date ----------------------------------------------------------------------------------------


def test_nothing_on_or_after_the_index_date_changes_a_row():
    later = {
        "conditions": [condition("p1", "copd", "2026-07-01"), resolved("p1", "dementia", "2026-07-01")],
        "medications": [issue("p1", "2026-07-01", bnf="0402030K0")],
        "measurements": [reading("p1", "bmi", "2026-07-01", 50.0), reading("p1", "egfr", "2026-07-02", 20.0)],
        "encounters": [contact("p1", "ed", "2026-07-01")],
    }
    with_later = {name: rows + later[name] for name, rows in EVERYTHING.items()}
    before, after = (person_table(few([person("p1")], **one), on=ON) for one in (EVERYTHING, with_later))
    assert rows_of(before) == rows_of(after)


def test_an_earlier_index_date_sees_what_was_known_then():
    population = few([person("p1")], **EVERYTHING)
    answer = person_table(population, on=dt.date(2019, 1, 1))
    assert by_person(answer, "age", "has_dementia", "has_hypertension", "nel_12m") == {"p1": (58, False, True, 0)}


# -- stages ------------------------------------------------------------------------------------------------


def test_the_stages_are_those_that_a_population_stores():
    assert tuple(stages(few([person("p1")], **EVERYTHING))) == STAGES
    assert tuple(stages(few([person("p1")]))) == STAGES[:1]
    assert not set(RECORDS) & set(STAGES)
