"""Figures of a check: what came, who is left out, and what the records cannot say; counts, and never of whom."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pcn_analysis import tables
from pcn_analysis.clinical_codes.contract import Codelist, StandsFor
from pcn_analysis.extracts.feeds import Extract
from pcn_analysis.extracts.findings import Findings
from pcn_analysis.extracts.linkage import Link
from pcn_analysis.extracts.quality import Quality, quality
from pcn_analysis.extracts.quality.practices import Practice
from pcn_analysis.extracts.quality.timing import Period
from tests.arrivals import EXTRACT, Row, arrived

pytestmark = pytest.mark.unit

ONE: list[Row] = [{"person_id": "p1"}]


def checked(folder: Path, **content: Any) -> Quality:
    """The figures of a check of hand-made records."""
    with arrived(folder, **content) as incoming:
        return quality(incoming)


def people(many: int, practice: str | None = "A00001", start: int = 0, **columns: Any) -> list[Row]:
    return [{"person_id": f"{practice}-{at}", "practice_code": practice} | columns for at in range(start, start + many)]


def months(quality: Quality, table: str) -> dict[str, Period]:
    coverage = next(one for one in quality.coverage if one.table == table)
    return {one.period: one for one in coverage.months}


def practice(quality: Quality, code: str | None) -> Practice:
    return next(one for one in quality.practices if one.practice == code)


# -- what came ---------------------------------------------------------------------------------------------


def test_people_are_read_left_out_and_kept(tmp_path: Path) -> None:
    found = checked(tmp_path, persons=people(3), left_out=["x1", "x2"])
    assert (found.people.read, found.people.left_out, found.people.kept) == (5, 2, 3)
    assert found.verdict[0] == "3 of 5 people are kept, and 2 are left out."


def test_rows_of_a_table_add_up(tmp_path: Path) -> None:
    findings = Findings()
    findings.add("conditions", "dated before birth", 4, "left out")
    rows = [{"person_id": "p1", "code": "I10"}, {"person_id": "p1", "code": "J45"}]
    found = checked(tmp_path, persons=ONE, conditions=rows, findings=findings, read={"conditions": 6})
    its = next(one for one in found.rows if one.table == "conditions")
    assert (its.read, its.left_out, its.elsewhere, its.kept, its.difference) == (6, 4, 0, 2, 0)
    assert "Of 6 rows of records 4 (66.7%) are left out; the commonest reason: dated before birth" in found.verdict[1]


def test_records_of_people_of_practices_elsewhere_are_in_no_figure(tmp_path: Path) -> None:
    rows = [{"person_id": "p1"}, {"person_id": "p2"}, {"person_id": "p2", "code": "J45"}]
    persons = [*ONE, {"person_id": "p2", "practice_code": "Z00009"}]
    found = checked(tmp_path, persons=persons, conditions=rows, covered=["hypertension", "asthma"], elsewhere=["p2"])
    assert found.people.kept == 1
    assert [(one.elsewhere, one.kept) for one in found.rows if one.table == "conditions"] == [(2, 1)]
    assert {one.condition: one.people for one in found.conditions} == {"hypertension": 1, "asthma": 0}
    assert found.coverage[0].years[-1].rows == 1
    assert [one.practice for one in found.practices] == ["A00001"]


def test_findings_are_of_people_first_and_then_most_first(tmp_path: Path) -> None:
    findings = Findings()
    findings.add("conditions", "repeated rows", 900, "left out")
    findings.add("persons", "older than 125 years", 1, "left out")
    findings.add("medications", "repeated rows", 1_000, "left out")
    findings.add("persons.birth_date", "no date of birth", 3, "left out")
    found = checked(tmp_path, persons=ONE, findings=findings).found
    assert [one.rows for one in found["left out"]] == [3, 1, 1_000, 900]
    assert found["changed"] == ()


def test_deliveries_and_who_is_in_both_are_named(tmp_path: Path) -> None:
    hospital = Extract("hospital", "sus", "Hospital extract", (), lists_everyone=False, lists_every_condition=False)
    link = Link("GP extract", "Hospital extract", 5, 3, 2)
    found = checked(tmp_path, persons=ONE, extracts=[EXTRACT, hospital], links=[link])
    assert [one.name for one in found.deliveries] == ["delivery", "sus"]
    assert found.to_dict()["links"] == [
        {"first": "GP extract", "second": "Hospital extract", "both": 5, "only_first": 3, "only_second": 2}
    ]


# -- what is not there is not 0 ----------------------------------------------------------------------------


def test_a_table_that_did_not_come_is_never_0(tmp_path: Path) -> None:
    found = checked(tmp_path, persons=ONE)
    one = found.practices[0]
    assert (one.condition, one.medicine, one.measurement, one.contact) == (None, None, None, None)
    assert (one.condition_codes, one.issues, one.seen, one.latest) == (None, None, None, None)
    assert (found.units, found.contacts, found.medicines_without_bnf) == (None, None, None)
    assert found.verdict[1] == "No records came with them."
    assert sum(sentence.startswith("There is no table of") for sentence in found.not_assessed) == 6


def test_a_table_that_came_empty_is_0(tmp_path: Path) -> None:
    records = ("conditions", "medications", "measurements", "encounters", "care_events", "care_home_stays")
    found = checked(tmp_path, persons=ONE, **{table: [] for table in records})
    one = found.practices[0]
    assert (one.condition, one.medicine, one.measurement, one.contact) == (0, 0, 0, 0)
    assert (one.condition_codes, one.issues, one.seen) == (0, 0, 0)
    assert found.dates[0].remarks == ("the table is there, and no row of it is kept",)
    assert not [sentence for sentence in found.not_assessed if sentence.startswith("There is no table of")]


def test_a_category_that_was_not_stated_is_neither_known_nor_missing(tmp_path: Path) -> None:
    told = ["White: Irish", "Not stated", "Not stated", None]
    found = checked(tmp_path, persons=[{"person_id": f"p{at}", "ethnicity": one} for at, one in enumerate(told)])
    one = found.practices[0]
    assert (one.people, one.ethnicity, one.not_stated) == (4, 1, 2)


def test_what_is_known_of_nobody_is_said(tmp_path: Path) -> None:
    nothing = {"practice_code": None, "lsoa21": None, "imd_decile": None, "ethnicity": None, "sex": "unknown"}
    found = checked(tmp_path, persons=[ONE[0] | nothing, {"person_id": "p2"} | nothing])
    assert "No practice is known: nobody can be placed in a network." in found.not_assessed
    for what in ("Sex", "Area of residence", "Deprivation", "Ethnicity"):
        assert f"{what} is known for nobody: there is no result by it." in found.not_assessed
    assert "No practice is known for anybody, so that nothing can be shown by practice or network." in found.verdict


def test_without_codelists_no_condition_can_be_assessed(tmp_path: Path) -> None:
    rows = [{"person_id": "p1", "code_system": "snomed", "code": "73211009"}]
    found = checked(tmp_path, persons=ONE, conditions=rows)
    assert "No condition can be assessed: no codelist covers the codes." in found.verdict
    assert len(found.not_covered) == len(tables.CONDITION_NAMES)
    assert found.conditions == ()
    assert found.registers == ()


def test_people_who_were_only_seen_are_not_a_population(tmp_path: Path) -> None:
    seen = Extract("hospital", "sus", "Hospital extract", (), lists_everyone=False, lists_every_condition=False)
    assert "not everyone registered" in checked(tmp_path, persons=ONE, extracts=[seen]).not_assessed[0]


def test_records_that_do_not_list_every_condition_are_not_said_to_lack_codelists(tmp_path: Path) -> None:
    seen = Extract("hospital", "sus", "Hospital extract", (), lists_everyone=False, lists_every_condition=False)
    found = checked(tmp_path, persons=ONE, conditions=[{"person_id": "p1"}], extracts=[seen])
    assert "No condition can be assessed: no delivery lists every condition of a person." in found.verdict
    assert not [sentence for sentence in (*found.verdict, *found.not_assessed) if "codelist" in sentence]


def test_contacts_of_kinds_that_do_not_occur_are_named(tmp_path: Path) -> None:
    found = checked(tmp_path, persons=ONE, encounters=[{"person_id": "p1"}, {"person_id": "p1", "visit_type": "ed"}])
    assert found.contacts["gp_contact"] == found.contacts["ed"] == 1
    assert "The contacts are GP contacts and emergency department visits." in found.not_assessed
    assert found.not_assessed[-1].startswith("There are no emergency admissions, elective admissions,")


# -- practices ---------------------------------------------------------------------------------------------


def test_completeness_is_counted_by_practice_and_people_without_one_come_last(tmp_path: Path) -> None:
    persons = [*people(1), *people(2, "A00002", sex="unknown", ethnicity=None), *people(3, None)]
    conditions = [{"person_id": "A00002-0", "code": code} for code in ("I10", "I10", "J45")]
    found = checked(tmp_path, persons=persons, conditions=conditions)
    assert [(one.practice, one.people) for one in found.practices] == [("A00002", 2), ("A00001", 1), (None, 3)]
    second = practice(found, "A00002")
    assert (second.sex, second.ethnicity, second.area, second.condition) == (0, 0, 2, 1)
    assert second.condition_codes == 2
    assert "No practice is known for 3 people." in found.verdict


def test_issues_and_recent_records_are_of_people_alive_and_registered(tmp_path: Path) -> None:
    persons = [
        {"person_id": "here"},
        {"person_id": "quiet"},
        {"person_id": "died", "death_date": "2026-05-15"},
        {"person_id": "left", "registration_end_date": "2026-06-30"},
    ]
    issues = [{"person_id": one["person_id"]} for one in persons if one["person_id"] != "quiet"]
    old = [{"person_id": "quiet", "drug_exposure_start_date": "2025-06-29"}]
    edge = [{"person_id": "here", "drug_exposure_start_date": "2025-06-30"}]
    one = checked(tmp_path, persons=persons, medications=[*issues, *old, *edge]).practices[0]
    assert (one.people, one.present, one.medicine) == (4, 2, 4)
    assert (one.issues, one.seen) == (2, 1)


def test_a_practice_with_less_than_half_of_the_median_stands_out(tmp_path: Path) -> None:
    persons = [row for at in range(1, 5) for row in people(30, f"A0000{at}")]
    deep = [
        {"person_id": f"A0000{at}-{one}", "code": code}
        for at in (1, 2, 3)
        for one in range(30)
        for code in ("I10", "J45")
    ]
    shallow = [{"person_id": f"A00004-{one}"} for one in range(29)]
    found = checked(tmp_path, persons=persons, conditions=[*deep, *shallow])
    assert practice(found, "A00004").remarks == (
        "condition codes 1.0 a person, where the median practice has 2.0 a person",
    )
    assert [one.practice for one in found.practices if one.remarks] == ["A00004"]
    assert "1 of 4 practices stands out (section 3): A00004." in found.verdict


def test_a_small_practice_is_not_held_against_others(tmp_path: Path) -> None:
    persons = [row for at in range(1, 4) for row in people(30, f"A0000{at}")] + people(29, "A00009", ethnicity=None)
    found = checked(tmp_path, persons=persons, conditions=[{"person_id": "A00009-0"}])
    assert practice(found, "A00009").remarks == ()
    assert practice(found, "A00009").latest is None


def test_where_no_practice_stands_out_it_is_said_how_many_were_compared(tmp_path: Path) -> None:
    small = people(29, "A00009")
    three = [row for at in range(1, 4) for row in people(30, f"A0000{at}")]
    few = checked(tmp_path / "few", persons=[*three[:60], *small]).verdict
    assert "Fewer than 3 practices have 30 people or more: none can be compared." in few
    enough = checked(tmp_path / "enough", persons=[*three, *small]).verdict
    assert "None of 3 practices that can be compared stands out." in enough


def test_a_practice_whose_records_end_early_stands_out(tmp_path: Path) -> None:
    persons = [*people(30), *people(30, "A00002")]
    late = [{"person_id": "A00001-0", "visit_start_date": "2026-04-30"}]
    early = [{"person_id": "A00002-0", "visit_start_date": "2026-03-31"}]
    found = checked(tmp_path, persons=persons, encounters=[*late, *early])
    assert practice(found, "A00001").remarks == ()
    assert practice(found, "A00002").remarks == ("no record after March 2026",)


# -- time --------------------------------------------------------------------------------------------------


USUAL_MONTHS = [f"{start:%Y-%m}" for start in pd.date_range("2024-07-01", "2026-06-01", freq="MS")]


def monthly(counts: dict[str, int]) -> list[Row]:
    """Contacts in the middle of each month: 40, or as said."""
    return [
        {"person_id": "p1", "visit_start_date": f"{month}-15"}
        for month in USUAL_MONTHS
        for _ in range(counts.get(month, 40))
    ]


def test_a_month_with_less_than_half_of_those_around_it_is_low(tmp_path: Path) -> None:
    found = checked(tmp_path, persons=ONE, encounters=monthly({"2025-03": 19, "2025-10": 20, "2025-12": 0}))
    low = [one.period for one in months(found, "encounters").values() if one.low]
    assert low == ["2025-03", "2025-12"]
    assert months(found, "encounters")["2025-12"].rows == 0
    assert len(months(found, "encounters")) == 24
    assert any("March 2025 and December 2025" in sentence for sentence in found.verdict)


def test_a_month_of_a_table_with_few_rows_is_never_low(tmp_path: Path) -> None:
    rows = monthly(dict.fromkeys(USUAL_MONTHS, 19) | {"2025-03": 0})
    assert not [
        one for one in months(checked(tmp_path, persons=ONE, encounters=rows), "encounters").values() if one.low
    ]


def test_years_and_what_is_earlier_add_up_to_all_rows(tmp_path: Path) -> None:
    days = ("1999-05-05", "2011-12-31", "2012-01-01", "2026-06-30")
    rows = [{"person_id": "p1", "condition_start_date": day} for day in days]
    coverage = checked(tmp_path, persons=ONE, conditions=rows).coverage[0]
    assert coverage.earlier == 2
    assert (coverage.years[0].period, coverage.years[0].rows) == ("2012", 1)
    assert (coverage.years[-1].period, coverage.years[-1].whole) == ("2026", False)
    assert coverage.earlier + sum(one.rows for one in coverage.years) == len(days)


def test_dates_on_1_january_far_above_expectation_are_remarked_on(tmp_path: Path) -> None:
    spread = [f"2020-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(2, 12)]
    as_expected = [{"person_id": "p1", "condition_start_date": day} for day in [*spread, "2020-01-01"]]
    assert checked(tmp_path / "a", persons=ONE, conditions=as_expected).dates[0].remarks == (
        "no record in the last 2,027 days before the extract was taken",
    )
    many = [{"person_id": "p1", "condition_start_date": f"{year}-01-01"} for year in range(2000, 2020)]
    dates = checked(tmp_path / "b", persons=ONE, conditions=[*as_expected, *many]).dates[0]
    assert (dates.rows, dates.new_year, dates.first_of_month) == (141, 21, 21)
    assert (dates.earliest, dates.latest) == (dt.date(2000, 1, 1), dt.date(2020, 12, 11))
    assert dates.remarks[1] == "14.9% are dated 1 January, where 0.3% of days are: often only the year was known"


def test_what_is_known_of_dates_of_birth_is_counted(tmp_path: Path) -> None:
    persons = [*people(2), *people(1, start=2, birth_precision="year")]
    found = checked(tmp_path, persons=persons)
    assert found.birth_precision == {"day": 2, "month": 0, "year": 1}
    assert "Only the year of birth is known for 1 person: their ages can be a year out." in found.not_assessed


# -- codes -------------------------------------------------------------------------------------------------


def coded_rows(system: str, code: str, many: int = 5) -> list[Row]:
    day = pd.Timestamp("2020-01-15")
    return [
        {
            "person_id": "p1",
            "code_system": system,
            "code": code,
            "condition_start_date": f"{day + pd.Timedelta(days=at):%Y-%m-%d}",
        }
        for at in range(many)
    ]


def test_only_well_formed_codes_of_named_systems_with_several_rows_are_named(tmp_path: Path) -> None:
    rows = [
        *coded_rows("snomed", "73211009", 7),
        *coded_rows("snomed", "73211008", 9),
        *coded_rows("icd10", "Z720", 6),
        *coded_rows("icd10", "Z731", 4),
        *coded_rows("icd10", "I10", 8),
        *coded_rows("local", "Mary Smith", 50),
    ]
    found = checked(tmp_path, persons=ONE, conditions=rows, covered=["hypertension"])
    assert [(one.code, one.system, one.rows) for one in found.unmapped] == [
        ("73211009", "SNOMED CT", 7),
        ("Z720", "ICD-10", 6),
    ]
    systems = {one.system: one for one in found.systems}
    assert (systems["SNOMED CT"].codes, systems["SNOMED CT"].ill_formed, systems["SNOMED CT"].ill_formed_rows) == (
        2,
        1,
        9,
    )
    assert (systems["ICD-10"].rows, systems["ICD-10"].mapped_rows, systems["ICD-10"].mapped_codes) == (18, 8, 1)
    assert systems["local codes"].ill_formed is None
    assert "Mary" not in json.dumps(found.to_dict())


def test_a_bnf_code_says_itself_which_medicine_it_is(tmp_path: Path) -> None:
    found = checked(tmp_path, persons=ONE, medications=[{"person_id": "p1"}] * 1)
    assert [(one.system, one.mapped_rows, one.rows) for one in found.systems] == [("BNF", 1, 1)]
    assert found.medicines_without_bnf == 0


def test_a_name_or_system_that_the_package_does_not_know_is_not_shown(tmp_path: Path) -> None:
    rows = [{"person_id": "p1", "measurement": "Mary Smith", "code": "x", "code_system": "Jane Doe"}]
    found = checked(tmp_path, persons=ONE, measurements=rows)
    assert [one.system for one in found.systems] == ["another system"]
    assert [(one.measurement, one.name) for one in found.units] == [("other", "of another name")]
    shown = json.dumps(found.to_dict())
    assert "Mary" not in shown
    assert "Jane" not in shown


def test_measurements_are_counted_by_unit(tmp_path: Path) -> None:
    rows = [
        {"person_id": "p1", "measurement": "hba1c", "unit": "%", "value_as_number": 7},
        {"person_id": "p1", "measurement": "hba1c", "unit": "mmol/mol", "value_as_number": 53},
        {"person_id": "p1", "measurement": "hba1c", "unit": None, "value_as_number": 60},
        {"person_id": "p1", "measurement": "bmi", "unit": "kg/m2", "value_as_number": None},
        {"person_id": "p1", "measurement": None, "code": "123", "code_system": "local"},
    ]
    found = checked(tmp_path, persons=ONE, measurements=rows)
    assert [(one.name, one.unit, one.rows, one.without_value) for one in found.units] == [
        ("HbA1c", "mmol/mol", 2, 0),
        ("HbA1c", None, 1, 0),
        ("Body mass index", "kg/m2", 1, 1),
        ("not known which", "kg/m2", 1, 0),
    ]
    assert "What was measured is not known for 1 measurement." in found.not_assessed
    assert "No result reads 1 measurement without a unit, or in one that is not converted." in found.not_assessed


def test_codelists_are_listed_with_members_to_look_at(tmp_path: Path) -> None:
    terms = ["Parkinson's disease", "Wolff-Parkinson-White syndrome", "Parkinsonism"]
    codes = pd.DataFrame({"code": ["l1", "l2", "l3"], "term": terms, "include": True, "bnf_code": None})
    brought = Codelist("pd", "1", "local", StandsFor("condition", "parkinsons_disease"), "free", None, codes)
    rows = coded_rows("local", "l1", 1)
    found = checked(tmp_path, persons=ONE, conditions=rows, codelists=[brought], covered=["parkinsons_disease"])
    one = found.codelists[0]
    assert (one.codelist, one.system, one.codes, one.review) == ("pd", "local codes", 3, "not reviewed")
    assert [(member.code, member.why) for member in one.suspicious] == [
        ("l2", "Wolff-Parkinson-White is a heart rhythm condition")
    ]
    assert found.conditions[0].people == 1
    assert "Of 1 codelist that you brought 1 is not reviewed; 1 entry should be looked at (section 9)." in found.verdict


# -- conditions --------------------------------------------------------------------------------------------


def test_people_with_a_condition_are_counted_once_from_records_and_flags(tmp_path: Path) -> None:
    persons = [{"person_id": f"p{at}"} for at in range(1, 5)]
    records = [{"person_id": "p1"}, {"person_id": "p1", "code": "I11"}, {"person_id": "p2", "status": "resolved"}]
    flags = [{"person_id": "p1", "has_hypertension": True}, {"person_id": "p3", "has_hypertension": True},
             {"person_id": "p4", "has_hypertension": False}]  # fmt: skip
    found = checked(tmp_path, persons=persons, conditions=records, attributes=flags, covered=["hypertension"])
    assert [(one.name, one.people) for one in found.conditions] == [("Hypertension", 2)]
    assert found.practices[0].condition == 3


def test_flags_alone_say_who_has_a_condition_and_nothing_of_depth(tmp_path: Path) -> None:
    flags = [{"person_id": "p1", "has_asthma": True}]
    found = checked(tmp_path, persons=ONE, attributes=flags, covered=["asthma"])
    assert [(one.condition, one.people) for one in found.conditions] == [("asthma", 1)]
    assert (found.practices[0].condition, found.practices[0].condition_codes) == (1, None)


def test_a_share_far_from_englands_register_is_said_with_people_of_its_ages(tmp_path: Path) -> None:
    persons = [*people(200), *people(50, start=200, birth_date="2023-06-30")]
    rows = [{"person_id": f"A00001-{at}", "code": "J45"} for at in range(40)]
    found = checked(tmp_path, persons=persons, conditions=rows, covered=["asthma", "dementia", "hypertension"])
    compared = {one.register: one for one in found.registers}
    assert set(compared) == {"AST", "DEM", "HYP"}
    assert (compared["AST"].people, compared["AST"].of, compared["AST"].far) == (40, 200, "over three times")
    assert (compared["HYP"].people, compared["HYP"].of, compared["HYP"].far) == (0, 250, "under a third")
    assert compared["DEM"].far is None


# -- what is never in it -----------------------------------------------------------------------------------


def test_the_figures_are_plain_values_without_identifiers(tmp_path: Path) -> None:
    found = checked(
        tmp_path,
        persons=[{"person_id": "PSEUDONYM7", "lsoa21": "E01077777", "ethnicity": "a value"}],
        conditions=[{"person_id": "PSEUDONYM7"}],
        medications=[{"person_id": "PSEUDONYM7", "drug_name": "a value", "code_system": "text", "code": "a value"}],
        covered=["hypertension"],
    )
    plain = json.dumps(found.to_dict())
    assert json.loads(plain)["extract_date"] == "2026-06-30"
    for value in ("PSEUDONYM7", "E01077777", "a value"):
        assert value not in plain


def test_no_sentence_judges_without_a_number(tmp_path: Path) -> None:
    found = checked(tmp_path, persons=people(3), conditions=[{"person_id": "A00001-0"}], covered=["hypertension"])
    said = " ".join([*found.verdict, *found.not_assessed]).lower()
    assert not {"good", "bad", "poor", "excellent"} & set(said.replace(".", " ").split())
    assert all(any(letter.isdigit() for letter in sentence) for sentence in found.verdict)
