"""A code comes out of every layout of list as it went in: no digit is lost, no leading zero, no capital."""

import csv
import io
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum import verhoeff

from pcn_analysis.clinical_codes.folder import read_codelists
from pcn_analysis.clinical_codes.layouts import LAYOUTS
from pcn_analysis.clinical_codes.matching import code_map, meanings
from pcn_analysis.clinical_codes.systems import mangled, well_formed
from pcn_analysis.exceptions import PcnAnalysisError

pytestmark = pytest.mark.properties

few = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

HEADERS = {
    "codelist": ["codelist_id", "version", "code_system", "code", "term", "condition", "include"],
    "cluster": [
        "Cluster_ID",
        "Cluster_Description",
        "SNOMED_concept_ID",
        "SNOMED_concept_description",
        "PCD_Refset_ID",
    ],
    "refset": ["id", "effectiveTime", "active", "moduleId", "refsetId", "referencedComponentId"],
    "caliber": ["Disease", "ICD10code", "ICD10codeDescr", "Category"],
    "bnf_map": ["dmd_type", "dmd_id", "dmd_name", "bnf_code"],
    "opencodelists": ["code", "term"],
}
CODE_COLUMN = dict(
    zip(HEADERS, ("code", "SNOMED_concept_ID", "referencedComponentId", "ICD10code", "dmd_id", "code"), strict=True)
)
OTHER = {
    "codelist_id": "x", "version": "1", "condition": "asthma", "include": "true", "active": "1", "bnf_code": "0408",
    "Cluster_ID": "X_COD", "effectiveTime": "20260101",
}  # fmt: skip


def identifier(stem: str) -> str:
    return stem + verhoeff.calc_check_digit(stem)


snomed = st.from_regex(r"[1-9][0-9]{2,11}(00|10)|[1-9][0-9]{12,14}10", fullmatch=True).map(identifier)
of_18_digits = st.from_regex(r"[1-9][0-9]{14}10", fullmatch=True).map(identifier)
with_leading_zeros = st.from_regex(r"0{1,6}[0-9]{1,12}", fullmatch=True)
ctv3 = st.from_regex(r"[A-Za-z0-9]{3}(\.\.|[A-Za-z0-9]\.|[A-Za-z0-9]{2})", fullmatch=True)
codes_of = {
    "snomed": st.lists(snomed | of_18_digits, min_size=1, max_size=6, unique=True),
    "local": st.lists(with_leading_zeros, min_size=1, max_size=6, unique=True),
    "ctv3": st.lists(ctv3, min_size=1, max_size=6, unique=True),
}


def written(layout: str, system: str, codes: list[str], separator: str, mark: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(HEADERS[layout])
    for position, code in enumerate(codes):
        known = OTHER | {CODE_COLUMN[layout]: code, "code_system": system, "id": f"u{position}"}
        writer.writerow([known.get(name, "") for name in HEADERS[layout]])
    return (mark + text.getvalue()).encode()


def loaded(layout: str, system: str, codes: list[str], separator: str = ",", mark: str = ""):
    """Read codes through a folder of lists, as a user would."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "list.txt").write_bytes(written(layout, system, codes, separator, mark))
        (folder / "codelists.csv").write_text(
            "file,codelist_id,version,code_system,stands_for,licence,reviewed_on\n"
            f"list.txt,x,1,{system},condition:asthma,example,\n"
        )
        return read_codelists(folder)


def test_every_layout_is_tried():
    assert set(HEADERS) == {layout.name for layout in LAYOUTS}


@pytest.mark.parametrize("layout", HEADERS)
@pytest.mark.parametrize("system", codes_of)
@few
@given(data=st.data(), separator=st.sampled_from(",\t;"), mark=st.sampled_from(["", "\ufeff"]))
def test_every_code_survives_every_layout(layout, system, data, separator, mark):
    codes = data.draw(codes_of[system])
    lists = loaded(layout, system, codes, separator, mark)
    assert lists[0].codes["code"].to_list() == codes
    mapping = code_map(lists)
    assert mapping["code"].to_list() == codes
    recorded = pd.DataFrame({"code_system": system, "code": codes})
    assert sorted(meanings(recorded, mapping)["code"]) == sorted(codes)


@few
@given(of_18_digits, st.integers(0, 10))
def test_a_code_that_differs_in_one_place_is_matched_by_nothing(code, place):
    other = code[:place] + str((int(code[place]) + 1) % 10) + code[place + 1 :]
    mapping = code_map(loaded("opencodelists", "snomed", [code]))
    recorded = pd.DataFrame({"code_system": "snomed", "code": [other, code[:-1], "0" + code, code]})
    assert meanings(recorded, mapping)["code"].to_list() == [code]


@few
@given(of_18_digits)
def test_18_digits_that_went_through_a_number_are_refused(code):
    by_spreadsheet = str(round(int(code), 15 - len(code)))
    by_scientific = f"{int(code):.2E}"
    assert mangled(pd.Series([by_spreadsheet, by_scientific])).all()
    for damaged in (by_spreadsheet, by_scientific):
        with pytest.raises(PcnAnalysisError, match="damaged by a spreadsheet"):
            loaded("opencodelists", "snomed", [damaged])


@few
@given(st.from_regex(r"[1-9][0-9]{13}10", fullmatch=True).map(identifier))
def test_17_digits_that_a_spreadsheet_has_rounded_are_found_unless_nothing_was_lost(code):
    rounded = str(round(int(code), 15 - len(code)))
    assert mangled(pd.Series([rounded])).iloc[0] == (rounded != code)


@few
@given(snomed)
def test_one_wrong_digit_never_passes_the_check(code):
    for place in range(len(code)):
        wrong = code[:place] + str((int(code[place]) + 1) % 10) + code[place + 1 :]
        assert not well_formed(pd.Series([wrong]), "snomed").iloc[0]
