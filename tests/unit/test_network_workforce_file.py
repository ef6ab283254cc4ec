"""The workforce of networks: people are counted and left behind, and a role that nobody knows is not lost."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from pcn_analysis import codelists, tables
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.sources.local_authority import prepare_place
from pcn_analysis.sources.network_workforce import read_network_workforce, unlisted_roles
from pcn_analysis.validation import table_problems
from tests import miniature as mini
from tests import network_files as files

pytestmark = pytest.mark.unit

JUNE = dt.date(2026, 6, 30)


def read(folder, frame=None):
    return read_network_workforce(files.write_workforce(folder, frame), JUNE)


def row(frame, code, detailed):
    [found] = frame[(frame["pcn_code"] == code) & (frame["detailed_role"] == detailed)].to_dict("records")
    return found


def with_cell(column, value, rows):
    frame = files.workforce()
    frame.loc[rows, column] = value
    return frame


# -- what is counted ---------------------------------------------------------------------------------------


def test_a_person_with_two_rows_is_one_person_and_identifiers_stay_behind(tmp_path):
    frame = read(tmp_path)
    pharmacists = row(frame, "U90001", "Pharmacist")
    assert pharmacists["people"] == 3
    assert pharmacists["fte"] == pytest.approx(0.6 + 0.3 + 0.25 + 0.25)
    assert pharmacists["largest_fte"] == pytest.approx(0.6 + 0.3), "of one person, over both rows"
    assert pharmacists["role"] == "clinical_pharmacist"
    assert pharmacists["pcn_name"] == "Northfield Central PCN"
    assert set(frame["counted_on"]) == {pd.Timestamp(JUNE)}
    assert set(frame) == set(tables.NETWORK_WORKFORCE.column_names())
    assert not frame.astype("str").isin(set(files.workforce()["UNIQUE_IDENTIFIER"]) - {""}).any(axis=None)
    assert table_problems(tables.NETWORK_WORKFORCE, tables.NETWORK_WORKFORCE.conform(frame)) == []


def test_of_contracted_services_the_work_is_known_and_the_people_are_not(tmp_path):
    service = row(read(tmp_path), "U90001", "Physiotherapist")
    assert (service["source"], service["fte"]) == ("contracted services", 2.5)
    assert pd.isna(service["people"])
    assert pd.isna(service["largest_fte"])


def test_staff_of_whom_one_has_no_identifier_are_not_counted_as_people(tmp_path):
    frame = read(tmp_path, with_cell("UNIQUE_IDENTIFIER", "", [2]))
    pharmacists = row(frame, "U90001", "Pharmacist")
    assert pd.isna(pharmacists["people"])
    assert pharmacists["fte"] == pytest.approx(1.4)


def test_a_blank_fte_makes_the_sum_not_known_and_no_nought(tmp_path):
    frame = read(tmp_path, with_cell("FTE", "", [2]))
    pharmacists = row(frame, "U90001", "Pharmacist")
    assert pd.isna(pharmacists["fte"])
    assert pd.isna(pharmacists["largest_fte"])
    assert pharmacists["people"] == 3


def test_a_network_that_is_not_in_the_file_has_no_row(tmp_path):
    assert set(read(tmp_path)["pcn_code"]) == {"U90001", "U90002"}


# -- roles -------------------------------------------------------------------------------------------------


def test_a_role_that_the_codelist_does_not_have_is_kept_and_told(tmp_path):
    frame = read(tmp_path, with_cell(["STAFF_ROLE", "DETAILED_STAFF_ROLE"], ["Astronauts", "Astronaut"], [4]))
    kept = row(frame, "U90001", "Astronaut")
    assert (kept["fte"], kept["staff_role"]) == (1.0, "Astronauts")
    assert pd.isna(kept["role"])
    assert unlisted_roles(frame)["detailed_role"].to_list() == ["Astronaut"]
    assert pd.isna(row(frame, "U90001", "Manager")["role"]), "a manager is known, and of no role of the scheme"


def test_dashes_capitals_and_spaces_do_not_make_another_role(tmp_path):
    named = ["paramedics ", "PARAMEDIC"]
    frame = read(tmp_path, with_cell(["STAFF_ROLE", "DETAILED_STAFF_ROLE"], named, [4]))
    assert row(frame, "U90001", "PARAMEDIC")["role"] == "paramedic"
    hyphen = with_cell(
        ["STAFF_ROLE", "DETAILED_STAFF_ROLE"], ["Clinical Director (Nurse)", "Clinical Director - Nurse"], [4]
    )
    assert unlisted_roles(read(tmp_path, hyphen)).empty


def test_the_codelist_has_each_published_role_once_and_only_roles_of_the_scheme():
    rows = codelists.rows("workforce_roles")
    assert len({(one["staff_role"], one["detailed_role"]) for one in rows}) == len(rows) == 78
    assert len({one["detailed_role"] for one in rows}) == 76, "Other stands under three staff roles"
    scheme = set(codelists.names("additional_roles", "role"))
    mapped = {one["role"] for one in rows if one["role"]}
    assert mapped <= scheme
    assert scheme - mapped == {
        *("new_general_practice_nurse", "experienced_general_practice_nurse", "consultant_nurse"),
    }, "the file does not tell them from other nurses"


def test_directors_managers_and_receptionists_are_of_no_role_of_the_scheme():
    of_none = {"Clinical Director – Medical", "Finance Director", "Manager", "Receptionist", "Other"}
    assert {one["role"] for one in codelists.rows("workforce_roles") if one["detailed_role"] in of_none} == {""}


# -- what is wrong -----------------------------------------------------------------------------------------


def test_everything_that_is_wrong_inside_is_told_at_once_and_no_cell_is_shown(tmp_path):
    frame = files.workforce()
    frame.loc[0, "FTE"] = "plenty"
    frame.loc[1, "FTE"] = "-0.2"
    frame.loc[2, "FTE"] = "37.5"
    frame.loc[3, "PCN_CODE"] = "Z1"
    frame.loc[4, "CENSUS_MONTH"] = "5"
    frame.loc[5, "Data_source"] = "heard of it"
    frame.loc[6, "DETAILED_STAFF_ROLE"] = " "
    with pytest.raises(PcnAnalysisError) as error:
        read(tmp_path, frame)
    told = str(error.value)
    for what in (
        "is not of June 2026 in 1 row",
        "column data_source is neither staff nor contracted services in 1 row",
        "column pcn_code holds no code of a network in 1 row",
        "no role is named in 1 row",
        "column fte holds no whole-time equivalent in 2 rows",
        "column fte is over 20 in 1 row",
    ):
        assert what in told, told
    assert len(error.value.problems) == 6
    for cell in ("plenty", "37.5", "Z1", "heard", "90000"):
        assert cell not in told


def test_a_file_without_a_column_is_refused_by_its_name(tmp_path):
    with pytest.raises(PcnAnalysisError, match="lacks column unique_identifier"):
        read(tmp_path, files.workforce().drop(columns="UNIQUE_IDENTIFIER"))


# -- the place ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def northfield(tmp_path_factory):
    folder = mini.write_area_facts(mini.write_open_data(tmp_path_factory.mktemp("networks")))
    files.write_workforce(folder)
    files.write_payments(folder)
    return prepare_place("Northfield", folder)


def test_a_place_holds_the_workforce_of_every_network_of_the_country(northfield):
    table = northfield.tables["network_workforce"]
    assert set(table.frame["pcn_code"]) == {"U90001", "U90002"}
    assert [source.period for source in table.provenance.sources] == ["30 June 2026"]
    assert not table.provenance.people


def test_the_country_has_a_row_for_each_network_and_says_which_are_the_places(northfield):
    rows = northfield.tables["country_networks"].frame.set_index("pcn_code")
    assert rows["in_place"].to_dict() == {"U90001": True, "U90002": True, "U90003": False}
    assert rows["patients"].to_dict() == {"U90001": 6_900, "U90002": 4_500, "U90003": 3_100}
    assert rows.loc["U90001", ["practices", "icb_code", "icb_name"]].to_list() == [
        *(2, "QZZ", "NHS Invented Integrated Care Board"),
    ]
    assert rows.loc["U90003", "rural_share"] == pytest.approx(1.0), "all its patients live in Southmere"
    assert rows.loc["U90001", "rural_share"] == pytest.approx(0.0)
    # Southmere PCN: one practice; 1,000 patients in 203, 900 in 204, 1,100 in 303 (205 and 206 merged), then scaled
    expected = (1_000 * 15.7 + 900 * 9.9 + 1_100 * 3.2) / 3_000
    assert rows.loc["U90003", "deprivation_score"] == pytest.approx(expected)
    of_100 = sum(sum(parts[15:]) for parts in mini.OF_100_PATIENTS.values())
    assert rows["aged_75_share"].astype(float).round(3).to_list() == pytest.approx([of_100 / 100] * 3, abs=0.002)
    assert northfield.tables["country_networks"].provenance.modelled.startswith("Where patients live is part modelled")


def test_a_reader_is_told_what_the_files_do_not_say(northfield, tmp_path):
    assert any(note.startswith("Staff of networks are of 30 June 2026") for note in northfield.notes)
    folder = mini.write_open_data(tmp_path)
    strange = with_cell(["STAFF_ROLE", "DETAILED_STAFF_ROLE"], ["Astronauts", "Astronaut"], [4])
    files.write_workforce(folder, strange[strange["PCN_CODE"] == "U90001"])
    notes = prepare_place("Northfield", folder).notes
    assert "1 network has no row in the workforce file: U90002." in notes
    assert any(note.startswith("1 role of the workforce file is not known to be of the scheme") for note in notes)
    assert not any("Astronaut" in note for note in notes)


def test_without_the_files_a_place_is_made_and_they_are_not_known(tmp_path):
    place = prepare_place("Northfield", mini.write_open_data(tmp_path))
    assert place.missing["network_workforce"] == "Not known: no file PCNWFIndividualCSV*062026* was given."
    assert set(place.missing) >= {"practice_payments", "network_payments"}
    assert "country_networks" in place.tables
    assert place.tables["country_networks"].frame["rural_share"].isna().all()
    assert not any("Staff of networks" in note or "Payments" in note for note in place.notes)


# -- the published file ------------------------------------------------------------------------------------


def test_the_published_file_is_read_whole(open_data):
    frame = read_network_workforce(open_data / "PCNWFIndividualCSV.062026.zip", JUNE)
    assert frame["pcn_code"].nunique() == 1_271
    assert "U91030" not in set(frame["pcn_code"])
    assert frame["fte"].sum() == pytest.approx(31_253.3, abs=0.1)
    assert unlisted_roles(frame).empty
    assert frame.loc[frame["role"].notna(), "fte"].sum() == pytest.approx(27_125.7, abs=0.1)
    assert frame.loc[frame["source"] == "contracted services", "people"].isna().all()
    assert frame.loc[frame["source"] == "staff", "people"].notna().all()
