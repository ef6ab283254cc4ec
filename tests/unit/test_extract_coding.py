"""What recorded codes stand for: by lists, where the source did not say so itself."""

import pandas as pd
import pytest

from pcn_analysis.clinical_codes.contract import Codelist, stands_for
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts.coding import coded, covered, find_meanings
from tests.unit.extract_rooms import condition, reading, room

pytestmark = pytest.mark.unit


@pytest.fixture
def here(tmp_path):
    with room(tmp_path) as opened:
        yield opened


def codelist(means: str, system: str, *codes: str, bnf: tuple[str, ...] = ()) -> Codelist:
    frame = pd.DataFrame({"code": codes, "term": None, "include": True, "bnf_code": bnf or None}, dtype=object)
    frame = frame.astype({"include": bool})
    return Codelist(f"{means}-{system}", "1", system, stands_for(means, where="x"), "none", None, frame, where="x.csv")


def in_full(here, table, lists, *rows, shipped=()):
    relation = here.ready(table, *rows)
    found = find_meanings(here.space, {table: relation}, list(lists), list(shipped))
    return here.dictionaries(coded(here.space, table, relation, found, here.findings))


def conditions(here, lists, *rows, **options):
    filled = in_full(here, "conditions", lists, *rows, **options)
    return [(row["code"], row.get("condition"), row["status"]) for row in filled]


ASTHMA = codelist("condition:asthma", "snomed", "195967001")


def test_a_code_of_a_list_stands_for_its_condition_and_any_other_for_nothing(here):
    rows = [condition("a", "2020-01-01", code="195967001"), condition("a", "2020-01-01", code="44054006")]
    assert conditions(here, [ASTHMA], *rows) == [("195967001", "asthma", "active"), ("44054006", None, "active")]
    assert here.found() == {"in no codelist, so that its condition is not known": 1}


def test_the_same_code_of_another_system_is_another_code(here):
    rows = [condition("a", "2020-01-01", code="195967001"),
            condition("a", "2020-01-01", code="195967001", code_system="local")]  # fmt: skip
    assert [row[1] for row in conditions(here, [ASTHMA], *rows)] == [None, "asthma"]  # local comes first


def test_what_the_source_says_itself_is_kept(here):
    row = condition("a", "2020-01-01", code="195967001", condition="copd")
    assert conditions(here, [ASTHMA], row) == [("195967001", "copd", "active")]
    assert here.found() == {}


def test_a_code_in_two_lists_makes_two_rows(here):
    lists = [ASTHMA, codelist("condition:copd", "snomed", "195967001")]
    rows = conditions(here, lists, condition("a", "2020-01-01", code="195967001"))
    assert [row[1] for row in rows] == ["asthma", "copd"]


def test_a_code_in_two_lists_of_one_condition_makes_one_row(here):
    again = codelist("condition:asthma", "snomed", "195967001", "1")
    assert len(conditions(here, [ASTHMA, again], condition("a", "2020-01-01", code="195967001"))) == 1


def test_a_list_of_resolution_sets_the_status(here):
    lists = [ASTHMA, codelist("resolved:asthma", "snomed", "162660004")]
    rows = [condition("a", "2020-01-01", code="195967001"), condition("a", "2021-01-01", code="162660004"),
            condition("b", "2021-01-01", code="162660004", condition="asthma"),
            condition("c", "2021-01-01", code="162660004", condition="copd")]  # fmt: skip
    assert conditions(here, lists, *rows) == [
        ("195967001", "asthma", "active"), ("162660004", "asthma", "resolved"), ("162660004", "asthma", "resolved"),
        ("162660004", "copd", "active"),
    ]  # fmt: skip


def test_a_code_of_icd10_stands_for_all_below_it_however_it_is_written(here):
    lists = [codelist("condition:atrial_fibrillation", "icd10", "I48")]
    written = ["I48", "I48X", "i48.0", "I489", "I49"]
    rows = [condition("a", "2020-01-01", code=code, code_system="icd10") for code in written]
    assert [row[:2] for row in sorted(conditions(here, lists, *rows))] == [
        ("I48", "atrial_fibrillation"), ("I489", "atrial_fibrillation"), ("I48X", "atrial_fibrillation"),
        ("I49", None), ("i48.0", "atrial_fibrillation"),
    ]  # fmt: skip


def test_codes_that_a_spreadsheet_has_rounded_are_left_out(here):
    rows = [condition("a", "2020-01-01", code=code) for code in ("1.23E+17", "195967001", "12345678900001100")]
    assert [row[0] for row in conditions(here, [ASTHMA], *rows)] == ["195967001"]
    assert here.found() == {"a code that a spreadsheet has rounded": 2}
    assert here.findings.left_out("conditions") == 2


def test_rounded_codes_of_no_system_are_left_out_too(here):
    rows = [reading("a", "2020-01-01", "5", code=code) for code in ("1.23E+17", "195967001")]
    kept = in_full(here, "measurements", [], *rows)
    assert [row["code"] for row in kept] == ["195967001"]
    assert here.found()["a code that a spreadsheet has rounded"] == 1


def test_a_list_of_a_system_that_no_record_is_coded_in_is_an_error(here):
    with pytest.raises(PcnAnalysisError, match=r"of ctv3; the records hold snomed \(1 code\)"):
        conditions(here, [codelist("condition:asthma", "ctv3", "H33..")], condition("a", "2020-01-01"))


def test_a_list_of_ours_of_another_system_is_none(here):
    icd = codelist("condition:asthma", "icd10", "J45")
    assert conditions(here, [ASTHMA], condition("a", "2020-01-01"), shipped=[icd])


def test_medicines_have_their_bnf_code_from_a_list_or_from_themselves(here):
    lists = [codelist("bnf", "dmd", "319775004", bnf=("0209000A0",))]
    rows = [{"person_id": "a", "drug_exposure_start_date": "2020-01-01", "drug_name": "x", "code": code,
             "code_system": system, "bnf_code": bnf}
            for code, system, bnf in (("319775004", "dmd", None), ("0212000B0", "bnf", None),
                                      ("999", "dmd", "0301011R0"), ("888", "dmd", None))]  # fmt: skip
    assert {row["code"]: row.get("bnf_code") for row in in_full(here, "medications", lists, *rows)} == {
        "319775004": "0209000A0", "0212000B0": "0212000B0", "999": "0301011R0", "888": None,
    }  # fmt: skip
    assert here.found() == {"in no codelist, so that its bnf_code is not known": 1}


def test_a_list_of_conditions_says_nothing_of_measurements(here):
    row = reading("a", "2020-01-01", "5", code="195967001", code_system="snomed")
    assert "measurement" not in in_full(here, "measurements", [ASTHMA], row)[0]
    there = codelist("measurement:hba1c", "snomed", "195967001")
    assert in_full(here, "measurements", [there], row)[0]["measurement"] == "hba1c"


def test_nothing_coded_is_nothing_wrong(here):
    found = find_meanings(here.space, {}, [], [ASTHMA])
    assert (found.present(), len(found.codes)) == ({}, 0)


def test_a_condition_is_covered_by_a_list_of_a_system_that_is_there():
    lists = [ASTHMA, codelist("condition:copd", "icd10", "J44"), codelist("resolved:gout", "snomed", "1")]
    assert covered({"snomed": 5}, lists) == {"asthma"}
