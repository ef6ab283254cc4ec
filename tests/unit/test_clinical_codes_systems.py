"""The form of codes, how they are written, and what a spreadsheet does to them. All identifiers are invented."""

import pandas as pd
import pytest

from pcn_analysis import tables
from pcn_analysis.clinical_codes.contract import KINDS
from pcn_analysis.clinical_codes.systems import SYSTEMS, looks_like, mangled, normalised, well_formed

pytestmark = pytest.mark.unit

SNOMED, LONG, DMD = "12345009", "123456789000001104", "12345678900001109"


def one(function, code, *system):
    return function(pd.Series([code], dtype="str"), *system).iloc[0]


def allowed(table, column="code_system"):
    return set(next(each.allowed for each in table.columns if each.name == column))


@pytest.mark.parametrize(("kind", "table"), [("condition", tables.CONDITIONS), ("resolved", tables.CONDITIONS)])
def test_lists_of_conditions_are_of_the_systems_that_conditions_are_recorded_in(kind, table):
    assert set(KINDS[kind]) == allowed(table)


def test_medicines_are_recorded_in_the_systems_of_maps_or_in_the_bnf_itself():
    assert set(KINDS["bnf"]) | {"bnf"} == allowed(tables.MEDICATIONS)


def test_every_system_that_a_list_can_be_of_is_described():
    assert {system for systems in KINDS.values() for system in systems} <= set(SYSTEMS)


@pytest.mark.parametrize(
    ("code", "system"),
    [
        (SNOMED, "snomed"), (LONG, "snomed"), (DMD, "dmd"), (f" {SNOMED}\t", "snomed"),
        ("I48", "icd10"), ("I48.0", "icd10"), ("I10X", "icd10"), ("E113D", "icd10"), ("T08X0", "icd10"),
        ("XE0Uc", "ctv3"), ("C10..", "ctv3"), ("C10..", "read2"), ("C10..00", "read2"),
        ("0401010", "bnf"), ("0402030K0AAAIAI", "bnf"), ("161", "rxnorm"), ("anything", "local"), ("a b", "text"),
    ],
)  # fmt: skip
def test_a_code_has_the_form_of_its_system(code, system):
    assert one(well_formed, code, system)


@pytest.mark.parametrize(
    ("code", "system"),
    [
        ("12345008", "snomed"), ("12345", "snomed"), ("0" + SNOMED, "snomed"), ("I48", "snomed"), ("", "snomed"),
        ("1234567890000011040", "snomed"), (SNOMED + ".0", "snomed"), ("١٢٣٤٥٠٠٩", "snomed"), (None, "snomed"),
        ("48", "icd10"), ("I4", "icd10"), ("II8", "icd10"), (SNOMED, "icd10"), ("I48-I49", "icd10"),
        ("XE0U", "ctv3"), ("I48.0", "ctv3"), ("XE0Uc0", "ctv3"), ("C.10.", "read2"), ("C10..0", "read2"),
        ("040101", "bnf"), ("0401010aa", "bnf"), ("", "local"),
    ],
)  # fmt: skip
def test_a_code_of_another_form_is_not_of_the_system(code, system):
    assert not one(well_formed, code, system)


@pytest.mark.parametrize(
    ("recorded", "written"),
    [
        ("I48.0", "I480"), ("i48", "I48"), ("I10X", "I10"), ("I10X-", "I10"), ("I10-", "I10"), ("I10.-", "I10"),
        ("F03X", "F03"), ("N18.3 ", "N183"), ("E11.3D", "E113"), ("H36.0A", "H360"), ("H36.0*", "H360"),
        ("A39.0†", "A390"), ("G01XA", "G01"), ("G01A", "G01"), ("M45X9", "M45X9"), ("T08X0", "T08X0"),
        ("S72.00", "S7200"),
        ("S72.00D", "S7200"),
    ],
)  # fmt: skip
def test_a_code_of_icd10_is_written_in_one_way(recorded, written):
    assert one(normalised, recorded, "icd10") == written


@pytest.mark.parametrize("system", [name for name in SYSTEMS if name != "icd10"])
def test_other_codes_are_only_trimmed(system):
    assert one(normalised, " XaI.c- ", system) == "XaI.c-"


def test_an_empty_code_is_missing():
    assert normalised(pd.Series(["", "  ", None]), "snomed").isna().all()


@pytest.mark.parametrize(
    "code",
    ["1.23E+17", "1.23e+17", "1E+17", "1.234567E17", "12345009.0", "12345678900001100", "123456789000001000"],
)
def test_what_a_spreadsheet_has_damaged_is_found(code):
    assert one(mangled, code)


@pytest.mark.parametrize(
    "code", [SNOMED, LONG, DMD, "I48.0", "1E17.", "9E12.", "0402030K0AAAIAI", "XE0Uc", "1000", "", None]
)
def test_what_is_whole_is_not_called_damaged(code):
    assert not one(mangled, code)


def test_a_long_identifier_that_truly_ends_in_zeros_is_whole():
    rightly = "1234567890000100"
    assert one(well_formed, rightly, "snomed") != one(mangled, rightly), "the check digit decides"


@pytest.mark.parametrize(
    ("codes", "said", "seems"),
    [
        (["I48", "I10"], "snomed", "icd10"),
        ([SNOMED, LONG], "icd10", "snomed"),
        ([SNOMED, LONG], "dmd", None),
        (["C10..", "XE0Uc"], "icd10", "ctv3"),
        (["C10..", "XE0Uc"], "read2", None),
        (["0402030K0AAAIAI"], "snomed", "bnf"),
        (["12345008"], "snomed", None),
        (["I48.0", "I10.0"], "ctv3", "icd10"),
        ([], "snomed", None),
        (["I48"] * 19 + ["?"], "snomed", "icd10"),
        (["I48"] * 18 + ["?"] * 2, "snomed", None),
    ],
)
def test_codes_of_another_system_are_recognised(codes, said, seems):
    assert looks_like(pd.Series(codes, dtype="str"), other_than=said) == seems
