"""A folder of lists is read by its manifest; what is wrong is said at once. All identifiers are invented."""

import csv
import datetime as dt
import re

import pytest

from pcn_analysis import codelists
from pcn_analysis.clinical_codes.contract import StandsFor, check, stands_for
from pcn_analysis.clinical_codes.folder import FILLED, OPTIONAL, REQUIRED, read_codelists, shipped
from pcn_analysis.exceptions import PcnAnalysisError
from tests.conftest import ROOT

pytestmark = pytest.mark.unit

A, B, DMD = "12345009", "1234567000001105", "12345678900001109"
ROW = {
    "file": "asthma.csv", "codelist_id": "my-asthma", "version": "2026-03", "code_system": "snomed",
    "stands_for": "condition:asthma", "licence": "as downloaded", "reviewed_on": "2026-03-31", "reviewed_by": "Dr A",
    "layout": "", "cluster": "",
}  # fmt: skip
ASTHMA = f"code,term\n{A},One\n{B},Two\n"
OURS = "codelist_id,version,code_system,code,term,condition,include\n"


@pytest.fixture
def folder(tmp_path):
    """Write a manifest and files; without rows, the one list of asthma."""

    def write(*rows, columns=(*REQUIRED, *OPTIONAL), **files):
        with (tmp_path / "codelists.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(ROW | row for row in rows or ({},))
        for name, text in ({"asthma": ASTHMA} | files).items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def complaints(folder):
    with pytest.raises(PcnAnalysisError) as raised:
        read_codelists(folder)
    return [str(one) for one in raised.value.problems]


def test_a_list_says_all_that_the_manifest_says_of_it(folder):
    (asthma,) = read_codelists(folder())
    assert (asthma.codelist_id, asthma.version, asthma.code_system) == ("my-asthma", "2026-03", "snomed")
    assert asthma.stands_for == StandsFor("condition", "asthma")
    assert (asthma.licence, asthma.reviewed_on, asthma.where) == ("as downloaded", dt.date(2026, 3, 31), "asthma.csv")
    assert asthma.review == "reviewed on 2026-03-31 by Dr A"
    assert asthma.codes["code"].to_list() == [A, B]


def test_optional_columns_may_be_absent(folder):
    (asthma,) = read_codelists(folder(columns=REQUIRED))
    assert asthma.review == "reviewed on 2026-03-31"


def test_a_list_that_nobody_has_reviewed_says_so(folder):
    (asthma,) = read_codelists(folder({"reviewed_on": ""}))
    assert (asthma.reviewed_on, asthma.review) == (None, "not reviewed")


def test_one_file_can_hold_several_lists(folder):
    clusters = f"Cluster_ID,SNOMED_code,SNOMED_code_description\nAST_COD,{A},One\nASTRES_COD,{B},Two\n"
    rows = [
        {"file": "pcd.csv", "cluster": "AST_COD"},
        {"file": "pcd.csv", "cluster": "ASTRES_COD", "codelist_id": "my-asthma-res", "stands_for": "resolved:asthma"},
    ]
    first, second = read_codelists(folder(*rows, pcd=clusters))
    assert first.codes["code"].to_list() == [A]
    assert (second.codes["code"].to_list(), str(second.stands_for)) == ([B], "resolved:asthma")


def test_a_map_of_medicines_gives_each_code_its_own_bnf_code(folder):
    row = {"file": "map.csv", "code_system": "dmd", "stands_for": "bnf"}
    (found,) = read_codelists(folder(row, map=f"code,bnf_code\n{DMD},0402030K0AAAIAI\n"))
    assert found.codes[["code", "bnf_code"]].to_numpy().tolist() == [[DMD, "0402030K0AAAIAI"]]


def test_the_example_in_config_can_be_read():
    lists = read_codelists(ROOT / "config" / "codelists_example")
    assert {one.stands_for.kind for one in lists} == {"condition", "resolved", "measurement", "bnf"}
    assert not {one.code_system for one in lists} & {"snomed", "dmd", "ctv3"}, "nothing that may not be shipped"


def test_the_manifest_in_the_documents_is_one(folder):
    (block,) = re.findall(r"```csv\n(.*?)```", (ROOT / "docs" / "codelists.md").read_text(encoding="utf-8"), re.DOTALL)
    rows = list(csv.DictReader(block.splitlines()))
    assert tuple(rows[0]) == (*REQUIRED, *OPTIONAL)
    assert all(str(stands_for(row["stands_for"], where="docs")) == row["stands_for"] for row in rows)


# -- what is wrong with a manifest -------------------------------------------------------------------------


def test_a_folder_without_a_manifest_says_which_columns_one_has(tmp_path):
    (said,) = complaints(tmp_path)
    assert said.startswith(f"{tmp_path}: there is no codelists.csv. Write one with the columns file, codelist_id,")


@pytest.mark.parametrize("column", REQUIRED)
def test_a_manifest_without_a_column_says_which(folder, column):
    (said,) = complaints(folder(columns=[name for name in REQUIRED if name != column]))
    assert said.startswith(f"codelists.csv: lacks the column {column}.")


@pytest.mark.parametrize("column", FILLED)
def test_a_field_that_is_empty_is_named_with_its_list(folder, column):
    said = complaints(folder({column: ""}))
    name = "(unnamed)" if column == "codelist_id" else "my-asthma"
    assert said == [f"codelists.csv, list {name}: {column} is empty. Fill in {column}."]


def test_a_misspelt_optional_column_is_not_passed_over(folder):
    (said,) = complaints(folder(columns=(*REQUIRED, "clusters")))
    assert said == "codelists.csv: has columns that mean nothing: clusters. Did you mean cluster?"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("code_system", "snomedct", "code_system is not known. Did you mean snomed?"),
        ("stands_for", "asthma", "stands_for is not understood. Write condition:SLUG"),
        ("stands_for", "condition:", "stands_for is not understood."),
        ("stands_for", "condition:astma", "stands_for names no condition that is known. Did you mean asthma?"),
        ("stands_for", "resolved:x1", "stands_for names no condition that is known."),
        ("stands_for", "measurement:HbA1c!", "stands_for names no measurement."),
        ("stands_for", "bnf:4", "stands_for names no BNF code."),
        ("reviewed_on", "31/03/2026", "reviewed_on is no date. Write it as 2026-03-31"),
        ("file", "../asthma.csv", "file is not the name of a file in the folder."),
        ("file", "/etc/hosts", "file is not the name of a file in the folder."),
        ("file", "..", "file is not the name of a file in the folder."),
    ],
)
def test_a_field_that_means_nothing_is_named_with_its_list(folder, field, value, says):
    (said,) = complaints(folder({field: value}))
    assert said.startswith(f"codelists.csv, list my-asthma: {says}")


def test_everything_wrong_is_said_at_once(folder):
    rows = [
        {"licence": "", "reviewed_on": "soon"},
        {"codelist_id": "b", "file": "absent.csv"},
        {"codelist_id": "c", "file": "absent.csv"},
        {"codelist_id": "d", "code_system": "icd10"},
        {"codelist_id": "e"},
        {"codelist_id": "e"},
    ]
    assert complaints(folder(*rows)) == [
        "codelists.csv, list e: named in 2 rows. Give every list a name of its own.",
        "codelists.csv, list my-asthma: licence is empty. Fill in licence.",
        "codelists.csv, list my-asthma: reviewed_on is no date. Write it as 2026-03-31, or leave it empty.",
        "absent.csv: there is no such file beside the manifest. Put it there, or correct its name.",
        "asthma.csv, list d: looks like snomed, says icd10. Correct code_system, or the codes.",
    ]


# -- what is wrong with a list -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "row", "says"),
    [
        ("code,term\nI48,One\nI10,Two\n", {}, "looks like icd10, says snomed"),
        (f"code,term\n{A},One\n12345008,Two\n", {}, "1 code of 2 not of SNOMED CT (12345008)"),
        (f"code,term\n{A},One\n1.23E+17,Two\n", {}, "1 code damaged by a spreadsheet (1.23E+17)"),
        (f"code,term\n{A},One\n12345678900001100,Two\n", {}, "1 code damaged by a spreadsheet (12345678900001100)"),
        (f"code,term\n{A},One\n,Two\n", {}, "1 row without a code"),
        (f"{OURS}my-asthma,2026-03,snomed,{A},One,asthma,no\n", {}, "holds no code that is included"),
        (
            f"{OURS}my-asthma,2026-03,snomed,{A},One,asthma,no\nmy-asthma,2026-03,snomed,{A},One,asthma,yes\n",
            {},
            f"includes and excludes the same code ({A})",
        ),
        (ASTHMA, {"code_system": "dmd"}, "stands for a condition and is of dmd; such records are coded in snomed,"),
        (ASTHMA, {"stands_for": "bnf"}, "stands for a bnf and is of snomed; such records are coded in dmd, rxnorm"),
    ],
)  # fmt: skip
def test_a_list_that_would_match_wrongly_is_an_error(folder, text, row, says):
    said = complaints(folder(row, asthma=text))
    assert said[0].startswith(f"asthma.csv, list my-asthma: {says}")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"code,term\n{DMD},One\n", "1 row without a BNF code"),
        (f"code,bnf_code\n{DMD},\n", "1 row without a BNF code"),
        (f"code,bnf_code\n{DMD},4.2.3\n", "1 row without a BNF code"),
        (f"code,bnf_code\n{DMD},0408\n{DMD},0403\n", f"gives one code two BNF codes ({DMD})"),
    ],
)
def test_a_map_of_medicines_needs_one_bnf_code_for_each(folder, text, says):
    (said,) = complaints(folder({"code_system": "dmd", "stands_for": "bnf"}, asthma=text))
    assert says in said


def test_a_medicine_that_is_taken_out_needs_no_bnf_code(folder):
    text = f"{OURS[:-1]},bnf_code\nx,1,dmd,{DMD},One,bnf,true,0408\nx,1,dmd,{A},Two,bnf,false,\n"
    row = {"codelist_id": "x", "version": "1", "code_system": "dmd", "stands_for": "bnf"}
    assert len(read_codelists(folder(row, asthma=text))[0].codes) == 2


@pytest.mark.parametrize(
    ("system", "first", "second", "things"),
    [("dmd", "bnf:0408", "bnf:0403", "BNF codes"), ("snomed", "measurement:sbp", "measurement:dbp", "measurements")],
)
def test_two_lists_cannot_give_one_record_two_meanings(folder, system, first, second, things):
    rows = [
        {"code_system": system, "codelist_id": name, "stands_for": meant}
        for name, meant in (("a", first), ("b", second))
    ]
    (said,) = complaints(folder(*rows))
    assert said == f"lists a and b: give one code of {system} two {things} ({A}, {B}). Keep it in one list."


def test_two_lists_may_say_the_same_and_a_code_may_stand_for_two_conditions(folder):
    same = [{"code_system": "dmd", "codelist_id": name, "stands_for": "bnf:0408"} for name in "ab"]
    two = [{"codelist_id": slug, "stands_for": f"condition:{slug}"} for slug in ("osteoporosis", "fragility_fracture")]
    assert len(read_codelists(folder(*same, *two))) == 4


@pytest.mark.parametrize(
    ("column", "line"),
    [
        ("version", f"my-asthma,9,snomed,{A},One,asthma,yes"),
        ("code_system", f"my-asthma,2026-03,icd10,{A},One,asthma,yes"),
        ("condition", f"my-asthma,2026-03,snomed,{A},One,copd,yes"),
    ],
)
def test_a_file_that_says_something_else_of_itself_than_its_manifest_is_an_error(folder, column, line):
    assert complaints(folder(asthma=f"{OURS}{line}\n")) == [
        f"asthma.csv, list my-asthma, column {column}: 1 row not as the manifest says. Correct one of the two."
    ]


def test_a_file_that_does_not_hold_the_list_is_an_error(folder):
    (said,) = complaints(folder(asthma=f"{OURS}other,2026-03,snomed,{A},One,asthma,yes\n"))
    assert said == "asthma.csv, list my-asthma: the file holds no list my-asthma. Known: other."


def test_what_a_list_stands_for_is_written_as_it_is_read():
    for text in ("condition:asthma", "resolved:asthma", "measurement:hba1c", "bnf", "bnf:0408"):
        assert str(stands_for(text, where="here")) == text


# -- what is shipped ---------------------------------------------------------------------------------------


def test_the_lists_that_are_shipped_are_of_icd10_alone_and_free_of_errors():
    assert {one.code_system for one in shipped()} == {"icd10"}
    assert [problem for one in shipped() for problem in check(one)] == []


def test_the_documents_count_what_is_shipped():
    rows, conditions = codelists.rows("icd10_conditions"), codelists.rows("conditions")
    said = f"{len(shipped())} lists for {len(shipped())} of the {len(conditions)} conditions, {len(rows)} rows."
    assert said in (ROOT / "docs" / "codelists.md").read_text(encoding="utf-8")


def test_no_list_that_is_shipped_claims_to_be_reviewed():
    assert {one.review for one in shipped()} == {"not reviewed"}


def test_the_lists_that_are_shipped_are_named_for_conditions_that_are_known_one_each():
    conditions = [one.stands_for.name for one in shipped()]
    assert set(conditions) <= set(codelists.names("conditions", "condition"))
    assert len(set(conditions)) == len(conditions)
    assert [f"icd10-{name.replace('_', '-')}" for name in conditions] == [one.codelist_id for one in shipped()]


def test_every_code_that_is_shipped_has_a_term_and_a_source():
    assert all(
        row["term"] and row["source"].startswith("ICD-10 chapter ") for row in codelists.rows("icd10_conditions")
    )


def test_every_register_names_its_clusters_with_their_source_and_what_they_stand_for():
    rows = codelists.rows("qof_clusters")
    assert {row["register"] for row in rows} == {row["register"] for row in codelists.rows("qof_registers")}
    assert all(row["cluster"].endswith("_COD") and row["source"] for row in rows)
    assert all(row["note"] for row in rows if not row["stands_for"]), (
        "where it stands for nothing of ours it is said why"
    )
    assert all(str(stands_for(row["stands_for"], where="qof_clusters")) for row in rows if row["stands_for"])
