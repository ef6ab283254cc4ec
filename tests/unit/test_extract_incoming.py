"""Several deliveries at once: an opt-out in one of them is one in all."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts.incoming import Asked, bring_in
from pcn_analysis.extracts.workspace import workspace

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit

DAY = dt.date(2026, 7, 1)
MAPPING = """
extract_date: 2026-07-01
persons:
  person_id: who
  birth_date: {year: born}
  national_data_opt_out: {column: nds, yes: [Y], no: [N]}
conditions:
  diabetes: dm
"""


def deliveries(folder: Path, opted_out: str) -> Asked:
    """Three people in tables of ours, and a wide file that knows who of them has opted out."""
    (folder / "tables").mkdir()
    rows = "".join(f"00{number},female,1950-07-01,year\n" for number in range(3))
    (folder / "tables/persons.csv").write_text("person_id,sex,birth_date,birth_precision\n" + rows, encoding="utf-8")
    wide = "".join(f"00{number},1950,{'Y' if f'00{number}' == opted_out else 'N'},1\n" for number in range(4))
    (folder / "wide.csv").write_text("who,born,nds,dm\n" + wide, encoding="utf-8")
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    kinds = {"tables": folder / "tables", "wide": folder / "wide.csv"}
    return Asked(kinds, mapping=folder / "mapping.yaml", extract_date=DAY)


def test_an_opt_out_in_any_delivery_takes_the_person_out_of_all(tmp_path):
    with workspace(tmp_path / "people") as space:
        came = bring_in(deliveries(tmp_path, "001"), None, space)
        kept = space.rows(f"SELECT person_id FROM {came.persons} ORDER BY 1")
        assert kept == [("000",), ("002",)]
        assert [str(one) for one in came.findings.rows if one.where == "persons" and one.action == "left out"] == [
            "persons: national data opt-out: 1 (left out)"
        ]


def test_the_first_delivery_says_who_there_is_and_links_are_counted(tmp_path):
    with workspace(tmp_path / "people") as space:
        came = bring_in(deliveries(tmp_path, ""), None, space)
        assert came.people.rows == 3
        [link] = came.links
        assert (link.both, link.only_first, link.only_second) == (3, 0, 1)
        assert came.covered == {"diabetes"}


def test_nobody_left_is_an_error_that_says_why(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables/persons.csv").write_text("person_id,sex,birth_date\np1,male,2099-01-15\n", encoding="utf-8")
    asked = Asked({"tables": tmp_path / "tables"}, extract_date=DAY)
    with workspace(tmp_path / "people") as space, pytest.raises(PcnAnalysisError) as error:
        bring_in(asked, None, space)
    assert "born after the extract was taken: 1, left out" in str(error.value)
    assert "p1" not in str(error.value)


def own(folder: Path, name: str, **files: str) -> Asked:
    """Tables of ours, as text."""
    where = folder / name
    where.mkdir()
    for table, content in files.items():
        (where / f"{table}.csv").write_text(content, encoding="utf-8")
    return Asked({"tables": where}, extract_date=DAY)


PERSONS = "person_id,sex,birth_date,birth_precision\n001,female,1950-07-01,year\n002,male,1960-07-01,year\n"


def test_a_stray_code_of_another_system_covers_nothing(tmp_path):
    codes = "".join(f"00{1 + number % 2},2020-01-0{1 + number},73211009,snomed,active,gp\n" for number in range(3))
    header = "person_id,condition_start_date,code,code_system,status,source\n"
    asked = own(tmp_path, "own", persons=PERSONS, conditions=f"{header}{codes}001,2020-02-01,J449,icd10,active,gp\n")
    with workspace(tmp_path / "people") as space:
        assert bring_in(asked, None, space).covered == frozenset()


def test_a_death_that_another_delivery_knows_of_is_a_death(tmp_path):
    asked = deliveries(tmp_path, "")
    (tmp_path / "wide.csv").write_text("who,born,died,dm\n001,1950,2024-05-05,1\n002,1950,,1\n", encoding="utf-8")
    mapping = MAPPING.replace("  national_data_opt_out: {column: nds, yes: [Y], no: [N]}", "  death_date: died")
    (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
    with workspace(tmp_path / "people") as space:
        came = bring_in(asked, None, space)
        assert space.rows(f"SELECT person_id FROM {came.persons} WHERE death_date IS NOT NULL") == [("001",)]
    assert [one.rows for one in came.findings.rows if one.what == "death known from another delivery only"] == [1]


def test_dates_of_birth_with_their_day_are_refused_whatever_their_column_is_called(tmp_path):
    (tmp_path / "wide.csv").write_text("who,geboren,dm\n001,1950-03-22,1\n002,1951-04-23,1\n", encoding="utf-8")
    mapping = (
        "extract_date: 2026-07-01\npersons:\n  person_id: who\n  birth_date: geboren\nconditions:\n  diabetes: dm\n"
    )
    (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
    asked = Asked({"wide": tmp_path / "wide.csv"}, mapping=tmp_path / "mapping.yaml")
    with workspace(tmp_path / "people") as space, pytest.raises(PcnAnalysisError, match="2 dates of birth with their"):
        bring_in(asked, None, space)


def test_listed_opt_outs_that_are_nobody_here_are_counted(tmp_path):
    asked = own(tmp_path, "own", persons=PERSONS)
    (tmp_path / "listed.csv").write_text("person_id\n1\n002\n", encoding="utf-8")
    with workspace(tmp_path / "people") as space:
        came = bring_in(replace(asked, opt_outs=tmp_path / "listed.csv"), None, space)
        assert space.rows(f"SELECT person_id FROM {came.persons}") == [("001",)]
    said = {one.what: one.rows for one in came.findings.rows if one.where == "listed.csv"}
    assert said == {"people listed as opted out": 2, "people listed as opted out who are in no delivery": 1}


def test_a_contact_that_two_deliveries_hold_is_counted_as_such(tmp_path):
    header = "visit_id,person_id,visit_type,visit_start_date,attended\n"
    asked = own(tmp_path, "own", persons=PERSONS, encounters=f"{header}v1,001,emergency_admission,2025-06-01,true\n")
    (tmp_path / "apc.csv").write_text(
        "PSEUDO_HESID,EPIKEY,ADMIDATE,ADMIMETH,EPISTART,EPIEND,EPIORDER,EPISTAT,DISDATE,PROCODE3,CLASSPAT,MYDOB,SEX\n"
        "001,1,2025-06-01,21,2025-06-01,2025-06-03,1,3,2025-06-03,RBL,1,071950,2\n",
        encoding="utf-8",
    )
    both = replace(asked, deliveries={**asked.deliveries, "hospital": tmp_path / "apc.csv"})
    with workspace(tmp_path / "people") as space:
        came = bring_in(both, None, space)
    assert [one.rows for one in came.findings.rows if "two deliveries" in one.what] == [1]
