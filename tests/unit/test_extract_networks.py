"""Which network each person belongs to, and how deprived the area is where they live."""

from dataclasses import replace

import pytest

from pcn_analysis import codes
from pcn_analysis.extracts.networks import in_networks
from pcn_analysis.words import number
from tests.unit.extract_rooms import room

pytestmark = pytest.mark.unit


@pytest.fixture
def here(tmp_path):
    with room(tmp_path) as opened:
        yield opened


def grouped(here, place, *rows):
    people = here.people(*({"person_id": str(number), **row} for number, row in enumerate(rows)))
    return here.dictionaries(in_networks(here.space, people, place, here.findings))


@pytest.fixture(scope="module")
def practices(marlhaven):
    return marlhaven.tables["practices"].frame


def test_a_person_belongs_to_the_network_of_their_practice(here, marlhaven, practices):
    rows = practices[practices["pcn_code"].isin(marlhaven.networks()["pcn_code"])]
    found = grouped(here, marlhaven, *({"practice_code": code} for code in rows["practice_code"]))
    assert {row["practice_code"]: row["pcn_code"] for row in found} == dict(
        zip(rows["practice_code"], rows["pcn_code"], strict=True)
    )
    assert here.found() == {}


def test_without_a_known_practice_a_person_is_in_the_group_without_a_network(here, marlhaven):
    assert [row["pcn_code"] for row in grouped(here, marlhaven, {"practice_code": None})] == ["U"]
    assert here.found() == {"practice not known: in the group without a network": 1}


@pytest.mark.parametrize("code", codes.NO_PRACTICE)
def test_a_code_that_says_that_there_is_no_practice_is_no_practice_elsewhere(here, marlhaven, code):
    [row] = grouped(here, marlhaven, {"practice_code": code})
    assert row["pcn_code"] == "U"
    assert "practice_code" not in row
    assert here.found() == {"practice not known: in the group without a network": 1}


def test_people_of_practices_elsewhere_are_left_out_and_their_practices_counted(here, marlhaven, practices):
    elsewhere = practices[~practices["in_place"] & ~practices["pcn_code"].isin(marlhaven.networks()["pcn_code"])]
    known = [{"practice_code": code} for code in elsewhere["practice_code"].head(1)]
    rows = [{"practice_code": "Z99999"}, {"practice_code": "Z99999"}, {"practice_code": None}, *known]
    assert len(grouped(here, marlhaven, *rows)) == 1
    what = f"people of {number(1 + len(known), 'practice')} elsewhere than in {marlhaven.name}"
    assert here.found()[what] == 2 + len(known)
    assert here.findings.left_out("persons") == 2 + len(known)


def test_a_practice_of_the_place_in_no_network_is_in_the_group_without_one(here, marlhaven, practices):
    own = practices[practices["in_place"]].iloc[0]["practice_code"]
    frame = practices.assign(pcn_code=practices["pcn_code"].mask(practices["practice_code"] == own))
    marlhaven = _with_practices(marlhaven, frame)
    assert [row["pcn_code"] for row in grouped(here, marlhaven, {"practice_code": own})] == ["U"]
    assert here.found() == {"practice in no network: in the group without a network": 1}


def _with_practices(place, frame):
    table = place.tables["practices"]
    return replace(place, tables={**place.tables, "practices": replace(table, frame=frame)})


def test_a_missing_decile_is_that_of_the_area_and_a_given_one_stays(here, marlhaven):
    marlhaven = replace(marlhaven, vintage="2026-07")
    areas = marlhaven.tables["areas"].frame
    area = areas[areas["imd_decile"].notna()].iloc[0]
    other = 1 + int(area["imd_decile"]) % 10
    there = {"lsoa21": area["area_code"]}
    given = {"imd_decile": str(other), "imd_version": "2019"}
    rows = [there, there | given, {"lsoa21": "E01999999"}, {"lsoa21": None}]
    found = grouped(here, marlhaven, *rows)
    assert [(row.get("imd_decile"), row.get("imd_version")) for row in found] == [
        (int(area["imd_decile"]), "2025"), (other, "2019"), (None, None), (None, None)
    ]  # fmt: skip
    assert here.found()["not given, and taken from the area of residence"] == 1


def test_without_a_place_nobody_has_a_network_and_nobody_is_left_out(here):
    found = grouped(here, None, {"practice_code": "Z99999"}, {"practice_code": None})
    assert [row["pcn_code"] for row in found] == ["U", "U"]
    assert here.found() == {"network not known: no place was named": 2}
