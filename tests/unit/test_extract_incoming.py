"""Everything that a user brings, brought in: several deliveries held against each other, and who is left."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts import gp_extract
from pcn_analysis.extracts.incoming import Asked, bring_in
from pcn_analysis.extracts.storing import store
from pcn_analysis.extracts.workspace import workspace
from tests import deliveries as examples

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


def test_nobody_left_names_what_is_wrong_with_people_and_nothing_else(tmp_path):
    asked = own(
        tmp_path, "own", persons="person_id,sex,birth_date,nickname\np1,male,2099-01-15,x\n",
        conditions="person_id,condition_start_date,code,code_system,status,source\np1,2020-01-01,1,snomed,active,gp\n",
    )  # fmt: skip
    with workspace(tmp_path / "people") as space, pytest.raises(PcnAnalysisError) as error:
        bring_in(asked, None, space)
    assert [one.where for one in error.value.problems] == ["own", "persons"]


def own(folder: Path, name: str, **files: str) -> Asked:
    """Tables of ours, as text."""
    where = folder / name
    where.mkdir()
    for table, content in files.items():
        (where / f"{table}.csv").write_text(content, encoding="utf-8")
    return Asked({"tables": where}, extract_date=DAY)


PERSONS = "person_id,sex,birth_date,birth_precision\n001,female,1950-07-01,year\n002,male,1960-07-01,year\n"
CONDITIONS = "person_id,condition_start_date,code,code_system,status,source\n"
ENCOUNTERS = "visit_id,person_id,visit_type,visit_start_date,attended\n"
ADMITTED = (
    "PSEUDO_HESID,EPIKEY,ADMIDATE,ADMIMETH,EPISTART,EPIEND,EPIORDER,EPISTAT,DISDATE,PROCODE3,CLASSPAT,MYDOB,SEX\n"
    "001,1,2025-06-01,21,2025-06-01,2025-06-03,1,3,2025-06-03,RBL,1,071950,2\n"
)


def test_a_stray_code_of_another_system_covers_nothing(tmp_path):
    codes = "".join(f"00{1 + number % 2},2020-01-0{1 + number},73211009,snomed,active,gp\n" for number in range(3))
    asked = own(
        tmp_path, "own", persons=PERSONS, conditions=f"{CONDITIONS}{codes}001,2020-02-01,J449,icd10,active,gp\n"
    )
    with workspace(tmp_path / "people") as space:
        assert bring_in(asked, None, space).covered == frozenset()


def test_a_shipped_list_covers_where_most_codes_are_of_its_system(tmp_path):
    codes = "".join(f"001,2020-01-0{day},J449,icd10,active,gp\n" for day in (1, 2))
    asked = own(tmp_path, "own", persons=PERSONS, conditions=f"{CONDITIONS}{codes}002,2020-01-03,7,snomed,active,gp\n")
    with workspace(tmp_path / "people") as space:
        assert "copd" in bring_in(asked, None, space).covered


@pytest.mark.parametrize("gone", ["003,2020-01-01", "001,2030-01-01", "001,1940-01-01", "001,", ",2020-01-01"])
def test_rows_that_are_left_out_cover_nothing(tmp_path, gone):
    asked = own(tmp_path, "own", persons=PERSONS, conditions=f"{CONDITIONS}{gone},J449,icd10,active,gp\n")
    with workspace(tmp_path / "people") as space:
        came = bring_in(asked, None, space)
        assert came.covered == frozenset()
        assert came.findings.left_out("conditions") == 1


def test_a_code_that_a_spreadsheet_has_rounded_covers_nothing(tmp_path):
    rows = "001,2020-01-01,J449,icd10,active,gp\n002,2020-01-01,1.23E+17,snomed,active,gp\n"
    asked = own(tmp_path, "own", persons=PERSONS, conditions=CONDITIONS + rows)
    with workspace(tmp_path / "people") as space:
        assert "copd" in bring_in(asked, None, space).covered, "it is not half of the rows either"


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


@pytest.mark.parametrize("day", ["01", "15"])
def test_dates_of_birth_that_stand_for_their_month_are_let_in_without_a_key(tmp_path, day):
    asked = own(tmp_path, "own", persons=f"person_id,sex,birth_date\n001,male,1950-03-{day}\n")
    with workspace(tmp_path / "people") as space:
        assert bring_in(asked, None, space).people.rows == 1


# -- what two deliveries hold --------------------------------------------------------------------------------


def with_hospital(asked: Asked, folder: Path, rows: str = ADMITTED) -> Asked:
    """The same with admitted care beside it."""
    (folder / "apc.csv").write_text(rows, encoding="utf-8")
    return replace(asked, deliveries={**asked.deliveries, "hospital": folder / "apc.csv"})


def contacts(space, came) -> list[tuple[str, str]]:
    return space.rows(f"SELECT visit_id, visit_type FROM {came.records['encounters']} ORDER BY ALL")


def test_a_stay_that_two_deliveries_hold_is_counted_once_as_the_hospital_has_it(tmp_path):
    rows = "v1,001,emergency_admission,2025-06-01,true\nv2,001,gp_contact,2025-06-01,true\n"
    asked = with_hospital(own(tmp_path, "own", persons=PERSONS, encounters=ENCOUNTERS + rows), tmp_path)
    with workspace(tmp_path / "people") as space:
        came = bring_in(asked, None, space)
        assert contacts(space, came) == [("hospital-apc-1", "emergency_admission"), ("v2", "gp_contact")]
        [left_out] = [one for one in came.findings.rows if one.where == "encounters" and one.action == "left out"]
        assert left_out.what == "emergency_admission in Tables, taken from Hospital records " \
            "(admitted care, A&E, outpatients) instead"  # fmt: skip
        assert left_out.rows == 1
        assert came.read["encounters"] == len(contacts(space, came)) + came.findings.left_out("encounters")


def test_hospital_rows_that_cannot_be_used_take_no_contact_from_another_delivery(tmp_path):
    of_nobody = ADMITTED.replace("\n001,", "\n999,")
    rows = "v1,001,emergency_admission,2025-06-01,true\n"
    asked = own(tmp_path, "own", persons=PERSONS, encounters=ENCOUNTERS + rows)
    with workspace(tmp_path / "people") as space:
        came = bring_in(with_hospital(asked, tmp_path, of_nobody), None, space)
        assert contacts(space, came) == [("v1", "emergency_admission")]


def test_contacts_that_two_deliveries_number_alike_are_two_contacts(tmp_path):
    asked = own(tmp_path, "own", persons=PERSONS, encounters=f"{ENCOUNTERS}apc-1,002,gp_contact,2025-01-01,true\n")
    with workspace(tmp_path / "people") as space:
        came = bring_in(with_hospital(asked, tmp_path), None, space)
        assert contacts(space, came) == [("apc-1", "gp_contact"), ("hospital-apc-1", "emergency_admission")]


def test_what_two_deliveries_say_of_a_person_as_at_a_day_is_what_the_first_says(tmp_path):
    asked = deliveries(tmp_path, "")
    said = "".join(f"00{number},2026-07-01,false\n" for number in range(3))
    table = "person_id,attribute_date,has_diabetes\n" + said
    (tmp_path / "tables/attributes.csv").write_text(table, encoding="utf-8")
    with workspace(tmp_path / "people") as space:
        came = bring_in(asked, None, space)
        flags = space.rows(f"SELECT has_diabetes FROM {came.records['attributes']}")
        assert flags == [(False,)] * 3
    assert came.findings.left_out("attributes") == 4


def test_messages_say_of_which_delivery_a_file_is_where_there_are_several(tmp_path):
    asked = deliveries(tmp_path, "")
    (tmp_path / "wide.csv").rename(tmp_path / "persons.csv")
    people = (tmp_path / "persons.csv").read_text(encoding="utf-8").replace("born,", "nhs_number,born,")
    (tmp_path / "persons.csv").write_text(people.replace(",1950", ",9434765919,1950"), encoding="utf-8")
    tables = "person_id,sex,birth_date,birth_precision,nhs_number\n000,female,1950-07-01,year,9434765870\n"
    (tmp_path / "tables/persons.csv").write_text(tables, encoding="utf-8")
    both = replace(asked, deliveries={**asked.deliveries, "wide": tmp_path / "persons.csv"})
    with workspace(tmp_path / "people") as space, pytest.raises(PcnAnalysisError) as error:
        bring_in(both, None, space)
    assert [(one.where, one.what) for one in error.value.problems] == [
        ("tables/persons.csv, nhs_number", "holds 1 NHS number"),
        ("wide/persons.csv, nhs_number", "holds 4 NHS numbers"),
    ]


def test_deliveries_of_one_title_are_told_apart(tmp_path):
    asked = deliveries(tmp_path, "")
    mapping = "title: Tables\n" + (tmp_path / "mapping.yaml").read_text(encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
    with workspace(tmp_path / "people") as space:
        [link] = bring_in(asked, None, space).links
        assert (link.first, link.second) == ("Tables (tables)", "Tables (wide)")


# -- the last day that is known of ---------------------------------------------------------------------------


def of_two_days(folder: Path) -> Asked:
    """OMOP tables of 31 March 2026, and a GP extract whose layout says 1 March."""
    omop, gp = examples.omop(), examples.emis()
    asked = omop.asked(omop.write(folder / "omop"), folder / "beside")
    layout = folder / "layout.yaml"
    shipped = Path(gp_extract.__file__).parent / "layouts" / "emis_im1.yaml"
    layout.write_text(f"extract_date: 2026-03-01\n{shipped.read_text(encoding='utf-8')}", encoding="utf-8")
    both = {**asked.deliveries, "gp_extract": gp.write(folder / "gp")}
    return replace(asked, deliveries=both, layout=layout, extract_date=None)


def test_deliveries_of_different_days_are_refused(tmp_path):
    days = "--extract-date: the deliveries are of different days: 2026-03-01, 2026-03-31"
    with workspace(tmp_path / "people") as space, pytest.raises(PcnAnalysisError, match=days):
        bring_in(of_two_days(tmp_path), None, space)


def test_deliveries_of_different_days_are_one_where_the_user_says_up_to_when_they_know(tmp_path):
    asked = replace(of_two_days(tmp_path), extract_date=dt.date(2026, 3, 1))
    with workspace(tmp_path / "people") as space:
        assert bring_in(asked, None, space).extract_date == dt.date(2026, 3, 1)


def test_the_day_that_a_delivery_says_is_that_of_one_that_says_none(tmp_path):
    asked = replace(deliveries(tmp_path, ""), extract_date=None)
    with workspace(tmp_path / "people") as space:
        assert bring_in(asked, None, space).extract_date == DAY


# -- stored --------------------------------------------------------------------------------------------------


def test_storing_says_how_many_people_go_where(tmp_path):
    said: list[str] = []
    with workspace(tmp_path / "people") as space:
        came = bring_in(own(tmp_path, "own", persons=PERSONS), None, space)
        store(came, None, tmp_path / "data", name_of_records="study", on=DAY, synthetic=True, say=said.append)
    assert said == ["Storing 2 people of study: No network"]
