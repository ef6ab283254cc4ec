"""The optional file of measures of the Network Contract, as a person meets it: there, damaged, or not there."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from pcn_analysis.prepared import load_place
from tests import contract_measures as iif
from tests import miniature as mini
from tests.journeys.test_bad_input import new_project, run

pytestmark = pytest.mark.journey

PLACE = "northfield-2026-07"


@pytest.fixture
def project(tmp_path):
    return new_project(tmp_path / "root")


@pytest.fixture
def open_folder(tmp_path):
    return mini.write_open_data(tmp_path / "open")


def prepare(project, folder):
    return run(project, "prepare", "--place", "Northfield", "--open-data", folder)


def refused(project, folder):
    """Lines of errors; the command ends with 2, says nothing else, and nothing is stored."""
    ended = prepare(project, folder)
    assert ended.code == 2, ended.err
    assert "Traceback" not in ended.err
    assert list((project / "data" / "processed").iterdir()) == []
    return ended.err.splitlines()


def test_with_the_file_a_place_is_stored_with_its_measures(project, open_folder):
    ended = prepare(project, iif.write_contract_measures(open_folder))
    assert (ended.code, ended.err) == (0, "")
    place = load_place(project / "data" / "processed" / PLACE)
    table = place.tables["published_measures"]
    assert len(table.frame) > 0
    assert table.provenance.sources[0].file == iif.NAME
    assert "published_measures" not in place.missing


def test_without_the_file_a_place_is_stored_and_says_that_they_are_not_known(project, open_folder):
    ended = prepare(project, open_folder)
    assert (ended.code, ended.err) == (0, "")
    facts = json.loads((project / "data" / "processed" / PLACE / "place.json").read_text(encoding="utf-8"))
    assert "published_measures" not in facts["tables"]
    assert facts["missing"]["published_measures"] == (
        "Not known: no file IIF_indicators_annual_pub_2023_24* was given."
    )


def test_a_file_that_lacks_columns_names_all_of_them(project, open_folder):
    frame = iif.contract_measures().drop(columns=["IND_CODE", "VALUE"])
    [line] = refused(project, iif.write_contract_measures(open_folder, frame))
    assert line.startswith(f"Error: {iif.NAME}: lacks columns ind_code, value.")


def test_a_file_with_several_faults_tells_them_at_once(project, open_folder):
    frame = iif.with_value(iif.contract_measures(), "A90001", "EHCH-04 Numerator", "about forty")
    frame = pd.concat([frame, frame.iloc[[0]]]).assign(ACH_DATE="31/03/2025")
    lines = refused(project, iif.write_contract_measures(open_folder, frame))
    assert lines == [
        f"Error: {iif.NAME}: column ach_date is not 31/03/2024 in {len(frame)} rows. "
        "Use the publisher's file of 2023/24, unchanged.",
        f"Error: {iif.NAME}: column value holds no number in 1 row. Download it again from the publisher.",
        f"Error: {iif.NAME}: 1 row repeated, by organisation, indicator and measure. "
        "Download it again from the publisher.",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        ("ORGANISATION_TYPE\n", "lacks columns"),
        (",".join(iif.contract_measures().columns) + "\n", "the file has a header and no rows"),
    ],
)
def test_a_file_with_nothing_in_it_is_no_file_without_measures(project, open_folder, text, says):
    (open_folder / iif.NAME).write_text(text, encoding="utf-8")
    [line] = refused(project, open_folder)
    assert says in line


def test_two_such_files_are_not_chosen_between(project, open_folder):
    iif.write_contract_measures(open_folder)
    (open_folder / iif.NAME.replace(".csv", " (1).csv")).write_bytes((open_folder / iif.NAME).read_bytes())
    [line] = refused(project, open_folder)
    assert "both fit" in line
