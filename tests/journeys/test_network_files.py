"""The optional files of workforce and payments, as a person meets them: there, damaged, doubled, or not there."""

from __future__ import annotations

import json

import pytest

from pcn_analysis.place import network_of
from pcn_analysis.prepared import load_place
from pcn_analysis.workforce.supply import fte_by_role
from tests import miniature as mini
from tests import network_files as files
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


def stored(project):
    return load_place(project / "data" / "processed" / PLACE)


def test_with_the_files_a_network_has_staff_and_no_identifier_is_stored(project, open_folder):
    files.write_workforce(open_folder)
    files.write_payments(open_folder)
    ended = prepare(project, open_folder)
    assert (ended.code, ended.err) == (0, "")
    rows = fte_by_role(network_of(stored(project), "U90001")).frame.set_index("role")
    # 0.6 + 0.3 of one pharmacist, 0.25 and 0.25 of two more; 6,900 patients
    assert rows.loc["clinical_pharmacist", "per_10_000"] == pytest.approx(1.4 / 6_900 * 10_000)
    identifiers = set(files.workforce()["UNIQUE_IDENTIFIER"]) - {""}
    for name, table in stored(project).tables.items():
        assert not table.frame.astype("str").isin(identifiers).any(axis=None), name


def test_the_csv_file_of_the_zip_will_do(project, open_folder):
    (open_folder / files.MEMBER).write_text("\ufeff" + files.workforce().to_csv(index=False), encoding="utf-8")
    ended = prepare(project, open_folder)
    assert (ended.code, ended.err) == (0, "")
    assert "network_workforce" in stored(project).tables


def test_without_them_a_place_is_stored_and_says_that_they_are_not_known(project, open_folder):
    ended = prepare(project, open_folder)
    assert (ended.code, ended.err) == (0, "")
    facts = json.loads((project / "data" / "processed" / PLACE / "place.json").read_text(encoding="utf-8"))
    assert {name: facts["missing"][name] for name in ("network_workforce", "network_payments")} == {
        "network_workforce": "Not known: no file PCNWFIndividualCSV*062026* was given.",
        "network_payments": "Not known: no file nhs_payments_gp_2022-23* was given.",
    }


def test_a_zip_that_is_cut_short_is_refused(project, open_folder):
    path = files.write_workforce(open_folder)
    path.write_bytes(path.read_bytes()[:-40])
    [line] = refused(project, open_folder)
    assert line.startswith(f"Error: {files.WORKFORCE}: the zip file is damaged or cut short.")


def test_workforce_of_another_month_is_refused(project, open_folder):
    files.write_workforce(open_folder, files.workforce().assign(CENSUS_MONTH="2"))
    [line] = refused(project, open_folder)
    assert line == (
        f"Error: {files.WORKFORCE}: is not of June 2026 in {len(files.STAFF_ROWS)} rows. "
        "Use the publisher's file of June 2026, unchanged."
    )


def test_two_such_files_are_not_chosen_between(project, open_folder):
    path = files.write_payments(open_folder)
    path.with_name("nhs_payments_gp_2022-23 (1).csv").write_bytes(path.read_bytes())
    [line] = refused(project, open_folder)
    assert "both fit" in line


def test_payments_that_lack_columns_name_all_of_them(project, open_folder):
    files.write_payments(open_folder, files.payments().drop(columns=["Code", "PCN Support"]))
    [line] = refused(project, open_folder)
    assert line.startswith(f"Error: {files.PAYMENTS}: lacks columns code, pcn support.")
