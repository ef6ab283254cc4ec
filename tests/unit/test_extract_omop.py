"""What of an OMOP extract becomes which row of our tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import duckdb
import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts import omop
from tests.unit.extract_rooms import Adapted, Room, room

pytestmark = pytest.mark.unit

PERSON = "person_id,gender_concept_id,year_of_birth,month_of_birth,location_id,care_site_id\n"
ONE = PERSON + "1,8507,1950,3,,\n"
CONCEPT = "concept_id,concept_name,domain_id,vocabulary_id,concept_class_id,concept_code\n"
VISIT = (
    "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_end_date,care_site_id,visit_source_value\n"
)
CONDITION = (
    "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_source_value,"
    "condition_source_concept_id,visit_occurrence_id\n"
)
DRUG = (
    "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,quantity,days_supply,drug_source_value,"
    "drug_source_concept_id\n"
)
MEASUREMENT = (
    "measurement_id,person_id,measurement_concept_id,measurement_date,operator_concept_id,value_as_number,"
    "unit_concept_id,unit_source_value,measurement_source_value\n"
)


Reader = Callable[..., Adapted]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path) as opened:
        yield opened


@pytest.fixture
def read(here: Room) -> Reader:
    return partial(here.adapted, omop.read)


# -- the delivery ------------------------------------------------------------------------------------------


def test_a_delivery_needs_persons_and_nothing_else(read: Reader) -> None:
    done = read(person=ONE)
    assert [feed.table for feed in done.extract.feeds] == ["persons"]
    assert done.extract.lists_everyone
    assert not done.extract.lists_every_condition, "no table of conditions: nobody can be said to have none"
    assert done.found("no table condition_occurrence, so that nothing is known of conditions") == 1


def test_a_delivery_without_persons_is_refused(read: Reader) -> None:
    with pytest.raises(PcnAnalysisError, match=r"holds no table person. Did you mean persons\?"):
        read(persons=ONE)


def test_all_missing_columns_are_told_at_once(read: Reader) -> None:
    with pytest.raises(PcnAnalysisError) as error:
        read(person="person_id,gender_concept_id,birth_year\n1,8507,1950\n", death="person_id,day\n1,2020-01-01\n")
    assert [one.what for one in error.value.problems] == ["no column year_of_birth", "no column death_date"]


def test_tables_that_are_not_used_are_named(read: Reader) -> None:
    assert read(person=ONE, SPECIMEN="specimen_id\n1\n", DRUG_ERA="x\n1\n").found("specimen and drug_era") == 2


def test_names_of_files_and_columns_may_be_in_capitals_and_padded(read: Reader) -> None:
    assert read(PERSON="PERSON_ID , Gender_Concept_Id,YEAR_OF_BIRTH\n1,8532,1950\n").rows("persons", "sex") == [
        "female"
    ]


def test_a_duckdb_file_and_a_folder_of_parquet_give_the_same(tmp_path: Path, read: Reader) -> None:
    (tmp_path / "parquet").mkdir()
    with duckdb.connect(str(tmp_path / "cdm.duckdb")) as database:
        database.execute(
            "CREATE TABLE person AS SELECT 7::BIGINT AS person_id, 8507 AS gender_concept_id, 1950 AS year_of_birth, "
            "3.0::DOUBLE AS month_of_birth"
        )
        database.execute(f"COPY person TO '{tmp_path}/parquet/person.parquet' (FORMAT parquet)")
    for path in (tmp_path / "cdm.duckdb", tmp_path / "parquet"):
        rows = read(path).rows("persons", "person_id", "birth_date")
        assert rows == [("7", dt.date(1950, 3, 15))]


def test_the_extract_was_taken_on_the_last_day_observed(read: Reader) -> None:
    period = "person_id,observation_period_start_date,observation_period_end_date\n1,2010-01-01,2019-01-09\n"
    assert read(person=ONE, observation_period=period).extract.extract_date == dt.date(2019, 1, 9)


def test_the_release_of_the_source_comes_before_the_last_day_observed(read: Reader) -> None:
    period = "person_id,observation_period_start_date,observation_period_end_date\n1,2010-01-01,2019-01-09\n"
    done = read(person=ONE, observation_period=period, cdm_source="source_release_date\n2019-02-01\n")
    assert done.extract.extract_date == dt.date(2019, 2, 1)


# -- persons -----------------------------------------------------------------------------------------------


def test_sex_is_a_concept_and_anything_else_is_unknown(read: Reader) -> None:
    rows = read(person=PERSON + "a,8507,1950,1,,\nb,8532,1950,1,,\nc,8521,1950,1,,\nd,,1950,1,,\n")
    assert rows.rows("persons", "person_id", "sex") == [
        ("a", "male"), ("b", "female"), ("c", "unknown"), ("d", "unknown"),
    ]  # fmt: skip


def test_the_day_of_birth_is_never_read(read: Reader) -> None:
    header = "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,birth_datetime\n"
    done = read(person=header + "a,8507,1950,3,28,1950-03-28\nb,8507,1950,,,\nc,8507,1950,13,1,\nd,8507,,3,1,\n")
    assert done.rows("persons", "person_id", "birth_date", "birth_precision") == [
        ("a", dt.date(1950, 3, 15), "month"),
        ("b", dt.date(1950, 7, 1), "year"),
        ("c", dt.date(1950, 7, 1), "year"),
        ("d", None, "month"),
    ]


def test_a_year_of_birth_in_the_future_is_left_to_the_common_rules(read: Reader) -> None:
    assert read(person=PERSON + "a,8507,2099,1,,\n").rows("persons", "birth_date") == [dt.date(2099, 1, 15)]


def test_identifiers_lose_a_trailing_zero_fraction_and_keep_leading_zeros(read: Reader) -> None:
    done = read(
        person=PERSON + "12.0,8507.0,1950.0,3.0,5.0,\n007,8507,1950,3,5,\n",
        location="location_id,location_source_value\n5,E01000001\n",
    )
    assert done.rows("persons", "person_id", "sex", "lsoa21") == [
        ("007", "male", "E01000001"), ("12", "male", "E01000001"),
    ]  # fmt: skip


def test_only_english_and_welsh_areas_are_read_and_others_are_counted_by_kind(read: Reader) -> None:
    done = read(
        person=PERSON + "a,8507,1950,1,1,\nb,8507,1950,1,2,\nc,8507,1950,1,3,\nd,8507,1950,1,4,\ne,8507,1950,1,,\n",
        location="location_id,location_source_value,zip\n1,E01000001,\n2,W01000001,\n3,S01013490,\n4,DK00001,\n",
    )
    assert done.rows("persons", "person_id", "lsoa21") == [
        ("a", "E01000001"), ("b", "W01000001"), ("c", None), ("d", None), ("e", None),
    ]  # fmt: skip
    assert (done.found("Scottish"), done.found("no area of the United"), done.found("without a location")) == (1, 1, 1)


def test_the_practice_is_a_care_site_with_the_code_of_one(read: Reader) -> None:
    done = read(
        person=PERSON + "a,8507,1950,1,,1\nb,8507,1950,1,,2\nc,8507,1950,1,,3\n",
        care_site="care_site_id,care_site_source_value\n1,n85001\n2,RBL\n3,V81999\n",
    )
    assert done.rows("persons", "person_id", "practice_code") == [("a", "N85001"), ("b", None), ("c", None)]
    assert done.found("care sites that are no GP practice") == 2


def test_a_location_that_is_listed_twice_makes_no_second_person(read: Reader) -> None:
    location = "location_id,location_source_value\n1,E01000001\n1,E01000002\n"
    done = read(person=PERSON + "a,8507,1950,1,1,\n", location=location)
    assert done.rows("persons", "lsoa21") == ["E01000001"]


def test_of_several_deaths_the_earliest_is_used_and_counted(read: Reader) -> None:
    done = read(person=ONE, death="person_id,death_date\n1,2026-12-22\n1,2024-05-01\n")
    assert done.rows("persons", "death_date") == [dt.date(2024, 5, 1)]
    assert done.found("several dates of death") == 1


# -- conditions --------------------------------------------------------------------------------------------

CONCEPTS = (
    CONCEPT + "0,No matching concept,Metadata,None,Undefined,No matching concept\n"
    "10,Asthma,Condition,SNOMED,Disorder,195967001\n"
    "11,Asthma unspecified,Condition,ICD10,ICD10 code,J45.9\n"
    "12,Asthma (US),Condition,ICD10CM,Code,J45.909\n"
    "13,Asthma (Read),Condition,Read,Read,H33..00\n"
)


@pytest.mark.parametrize(
    ("standard", "source_value", "source", "expected"),
    [
        ("10", "J45.9", "11", ("J45.9", "icd10")),
        ("10", "H33..00", "13", ("H33..00", "read2")),
        ("10", "J45.909", "12", ("195967001", "snomed")),
        ("10", "asthma", "", ("195967001", "snomed")),
        ("0", "asthma", "0", ("asthma", "local")),
        ("99", "asthma", "98", ("asthma", "local")),
        ("10.0", "", "0", ("195967001", "snomed")),
    ],
    ids=["ICD-10", "Read", "American", "no source", "concept 0", "no such concept", "float"],
)
def test_the_code_is_that_of_the_source_else_the_standard_concept_else_as_written(
    read: Reader, standard: str, source_value: str, source: str, expected: tuple[str, str]
) -> None:
    row = f"1,1,{standard},2015-01-01,{source_value},{source},\n"
    done = read(person=ONE, concept=CONCEPTS, condition_occurrence=CONDITION + row)
    assert done.rows("conditions", "code", "code_system") == [expected]


def test_the_share_without_a_standard_concept_is_noted(read: Reader) -> None:
    rows = "1,1,0,2015-01-01,x,,\n2,1,10,2015-01-01,x,,\n"
    done = read(person=ONE, concept=CONCEPTS, condition_occurrence=CONDITION + rows)
    assert done.found("concept_id 0, 50% of condition_occurrence") == 1
    assert done.extract.lists_every_condition


def test_without_concepts_codes_are_local(read: Reader) -> None:
    done = read(person=ONE, condition_occurrence=CONDITION + "1,1,10,2015-01-01,195967001,10,\n")
    assert done.rows("conditions", "code", "code_system", "_row") == [("195967001", "local", "1")]


def test_a_condition_knows_its_visit_and_where_it_was_recorded(read: Reader) -> None:
    visits = "".join(f"{i},1,{concept},2015-01-01,,,\n" for i, concept in enumerate((9201, 9203, 262, 9202)))
    rows = "".join(f"{i},1,10,2015-01-01,,,{i}\n" for i in range(5))
    done = read(person=ONE, concept=CONCEPTS, visit_occurrence=VISIT + visits, condition_occurrence=CONDITION + rows)
    assert done.rows("conditions", "_row", "visit_id", "source") == [
        ("0", "0", "apc"), ("1", "1", "ecds"), ("2", "2-admission", "apc"), ("3", "3", "other"), ("4", None, "other"),
    ]  # fmt: skip
    assert {"0", "1", "2-admission", "3"} <= set(done.rows("encounters", "visit_id"))


# -- medicines ---------------------------------------------------------------------------------------------

DRUG_CONCEPTS = (
    CONCEPT + "0,No matching concept,Metadata,None,Undefined,No matching concept\n"
    "20,Ramipril 5 MG Oral Capsule,Drug,RxNorm,Clinical Drug,261962\n"
    "21,Ramipril 5mg capsules,Drug,dm+d,VMP,42373811000001107\n"
    '22,"Influenza, split virus",Drug,CVX,CVX,140\n'
    "23,Fluad vaccine suspension,Drug,dm+d,AMP,38973211000001108\n"
    "24,Asthma,Condition,SNOMED,Disorder,195967001\n"
    "25,Glucose test strips,Device,dm+d,VMP,5291511000001102\n"
    "26,Finding,Observation,SNOMED,Clinical Finding,271737000\n"
)


@pytest.mark.parametrize(
    ("standard", "source_value", "source", "expected"),
    [
        ("20", "x", "21", ("42373811000001107", "dmd", "Ramipril 5mg capsules", None)),
        ("20", "x", "0", ("261962", "rxnorm", "Ramipril 5 MG Oral Capsule", None)),
        ("0", "ramipril 5mg", "0", ("ramipril 5mg", "text", "ramipril 5mg", None)),
        ("22", "140", "22", ("140", "text", "Influenza, split virus", "a vaccine")),
        ("0", "x", "23", ("38973211000001108", "dmd", "Fluad vaccine suspension", "a vaccine")),
        ("0", "x", "24", ("x", "text", "Asthma", "not a medicine: coded as a condition")),
        ("0", "x", "26", ("x", "text", "Finding", "not a medicine: coded as a condition")),
        ("20", "x", "24", ("261962", "rxnorm", "Asthma", None)),
        ("0", "x", "25", ("5291511000001102", "dmd", "Glucose test strips", "not a medicine: coded as something else")),
        ("0", "asthma", "99", ("asthma", "text", "asthma", "not a medicine: its code is recorded as a condition")),
    ],
)  # fmt: skip
def test_rows_of_drugs_that_are_no_medicines_are_withheld_with_the_reason(
    read: Reader, standard: str, source_value: str, source: str, expected: tuple[str | None, ...]
) -> None:
    done = read(
        person=ONE,
        concept=DRUG_CONCEPTS,
        condition_occurrence=CONDITION + "1,1,0,2015-01-01,asthma,,\n",
        drug_exposure=DRUG + f"1,1,{standard},2015-01-01,28,28,{source_value},{source}\n",
    )
    assert done.rows("medications", "code", "code_system", "drug_name", "_withheld") == [expected]


def test_no_quantity_and_no_days_of_supply_are_0(read: Reader) -> None:
    rows = "1,1,20,2015-01-01,0,0,,\n2,1,20,2015-01-01,0.0,28,,\n3,1,20,2015-01-01,1.5,,,\n"
    done = read(person=ONE, concept=DRUG_CONCEPTS, drug_exposure=DRUG + rows)
    assert done.rows("medications", "_row", "quantity", "days_supply") == [
        ("1", None, None), ("2", None, "28"), ("3", "1.5", None),
    ]  # fmt: skip
    assert done.found("0, which stands for not recorded") == 3


# -- measurements ------------------------------------------------------------------------------------------

UNITS = CONCEPT + "30,millimeter mercury,Unit,UCUM,Unit,mm[Hg]\n31,Systolic,Measurement,LOINC,Lab,8480-6\n"


def test_a_unit_is_as_written_else_of_its_concept_and_never_assumed(read: Reader) -> None:
    rows = "1,1,31,2015-01-01,,120,30,mmHg,\n2,1,31,2015-01-01,,120,30,,\n3,1,31,2015-01-01,,120,0,,\n"
    done = read(person=ONE, concept=UNITS, measurement=MEASUREMENT + rows)
    assert done.rows("measurements", "_row", "code", "code_system", "unit") == [
        ("1", "8480-6", "loinc", "mmHg"), ("2", "8480-6", "loinc", "mm[Hg]"), ("3", "8480-6", "loinc", None),
    ]  # fmt: skip


def test_the_sign_is_a_concept_or_stands_in_the_value(read: Reader) -> None:
    concepts = ("4172703", "4171754", "4171755", "4172704", "4171756", "0", "")
    rows = "".join(f"{i},1,31,2015-01-01,{concept},5,,,\n" for i, concept in enumerate(concepts))
    done = read(person=ONE, concept=UNITS, measurement=MEASUREMENT + rows + "7,1,31,2015-01-01,0,<5,,,\n")
    assert [sign for _, sign in done.rows("measurements", "_row", "operator")] == [
        "=", "<=", ">=", ">", "<", "=", "=", "<",
    ]  # fmt: skip


# -- visits ------------------------------------------------------------------------------------------------


def test_kinds_of_visit(read: Reader) -> None:
    concepts = (9203, 9202, 581476, 581478, 8971, "")
    rows = "".join(f"{i},1,{concept},2015-01-01,,,\n" for i, concept in enumerate(concepts))
    done = read(person=ONE, visit_occurrence=VISIT + rows)
    kinds = [kind for _, kind in done.rows("encounters", "visit_id", "visit_type")]
    assert kinds == ["ed", "outpatient", "community", "ambulance", "other", "other"]
    assert done.found("a kind that is not known here") == 2


def test_an_attendance_that_ended_in_a_stay_is_two_contacts(read: Reader) -> None:
    done = read(person=ONE, visit_occurrence=VISIT + "5,1,262,2015-01-01,2015-01-04,,\n")
    columns = ("visit_id", "visit_type", "visit_end_date", "length_of_stay_days")
    assert done.rows("encounters", *columns) == [
        ("5-admission", "emergency_admission", "2015-01-04", 3), ("5-ed", "ed", None, None),
    ]  # fmt: skip


def test_an_inpatient_visit_is_of_the_kind_of_its_admission_method(read: Reader) -> None:
    rows = "".join(f"{i},1,9201,2015-01-01,2015-01-0{i},,{method}\n" for i, method in enumerate(("2a", "11", "31"), 1))
    done = read(person=ONE, visit_occurrence=VISIT + rows + "4,1,9201,2015-01-01,,,\n")
    assert done.rows("encounters", "visit_id", "visit_type", "admission_method", "length_of_stay_days") == [
        ("1", "emergency_admission", "2A", 0), ("2", "elective_admission", "11", 1),
        ("3", "maternity_admission", "31", 2), ("4", "other", None, None),
    ]  # fmt: skip
    assert done.found("without an admission method: not counted as emergency or elective") == 1


def test_numbers_that_only_look_like_admission_methods_are_not_used(read: Reader) -> None:
    rows = "".join(f"{i},1,9201,2015-01-01,,,{number}\n" for i, number in enumerate((19, 20, 21, 77)))
    done = read(person=ONE, visit_occurrence=VISIT + rows)
    assert set(done.rows("encounters", "visit_type")) == {"other"}
    assert done.found("looks like an admission method") == 1


def test_a_visit_to_a_practice_is_a_contact_with_a_gp(read: Reader) -> None:
    site = "care_site_id,care_site_source_value,care_site_name\n1,N85001,\n2,RBL14,\n3,,Village GP surgery\n"
    rows = (
        "1,1,9202,2015-01-01,,1,\n2,1,9202,2015-01-01,,2,\n3,1,9202,2015-01-01,,3,\n4,1,581477,2015-01-01,,,GP visit\n"
    )
    done = read(person=ONE, care_site=site, visit_occurrence=VISIT + rows + "5,1,9203,2015-01-01,,1,\n")
    assert done.rows("encounters", "visit_id", "visit_type", "provider_code") == [
        ("1", "gp_contact", "N85001"), ("2", "outpatient", "RBL14"), ("3", "gp_contact", None),
        ("4", "gp_contact", None), ("5", "ed", "N85001"),
    ]  # fmt: skip


def test_tables_without_rows_give_no_rows(read: Reader) -> None:
    done = read(person=PERSON, condition_occurrence=CONDITION, drug_exposure=DRUG, visit_occurrence=VISIT)
    assert [done.rows(feed.table, "*") for feed in done.extract.feeds] == [[]] * 4
    assert done.extract.extract_date is None
