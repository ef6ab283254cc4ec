"""Files that a place can do without: where areas and practices lie, rural or urban, and of which health board."""

from __future__ import annotations

import pandas as pd
import pytest

from pcn_analysis.codes import COUNTRY
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.sources import area_facts
from pcn_analysis.sources.local_authority import prepare_place
from tests import miniature as mini

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """Every file that a place needs, and no other."""
    return mini.write_open_data(tmp_path_factory.mktemp("bare"))


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """The files that a place can do without as well."""
    return mini.write_area_facts(mini.write_open_data(tmp_path_factory.mktemp("full")))


def areas_of(folder, place="Northfield"):
    return prepare_place(place, folder).tables["areas"].frame.set_index("area_code")


def test_without_the_files_a_place_is_made_and_what_rests_on_them_is_not_known(bare):
    areas = areas_of(bare)
    for column in ("easting", "northing", "rural_urban", "sub_icb_code", "icb_code"):
        assert areas[column].isna().all(), column
    assert areas["residents"].to_dict() == {code: mini.RESIDENTS[code] for code in areas.index}
    place = prepare_place("Northfield", bare)
    assert place.tables["practices"].frame["latitude"].isna().all()
    assert not any("main site" in note for note in place.notes)


def test_with_the_files_each_area_has_its_centre_its_kind_and_its_board(full):
    areas = areas_of(full)
    first = areas.loc["E01000101"]
    assert (first["easting"], first["northing"]) == mini.CENTRES["E01000101"]
    assert (first["rural_urban"], first["sub_icb_code"]) == ("UN1", "99Z")
    assert first["icb_code"] == "QZZ", "of the board that holds the location now, not of the lookup's old one"


def test_a_point_on_another_continent_is_no_point_and_its_practice_is_named(full):
    place = prepare_place("Northfield", full)
    practices = place.tables["practices"].frame.set_index("practice_code")
    assert practices.loc["A90001", "latitude"] == pytest.approx(53.97)
    assert pd.isna(practices.loc["A90002", "latitude"])
    [note] = [note for note in place.notes if "main site" in note]
    assert note.startswith("1 practice of which no file says where in Great Britain its main site is: A90002")


def test_nothing_but_the_point_is_read_of_a_practice(full):
    points = area_facts.read_practice_points(full / mini.POINTS)
    assert list(points.columns) == ["practice_code", "latitude", "longitude"]


def test_centroids_in_degrees_are_refused(tmp_path):
    path = tmp_path / "lsoa21_pwc.csv"
    pd.DataFrame({"LSOA21CD": ["E01000101"], "x": [-1.9], "y": [53.9]}).to_csv(path, index=False)
    with pytest.raises(PcnAnalysisError, match=r"centroids of \d+ areas? are not in metres"):
        area_facts.read_centroids(path)


def test_two_files_of_one_kind_are_refused_though_none_is_needed(full, tmp_path):
    folder = mini.write_area_facts(mini.write_open_data(tmp_path / "two"))
    (folder / "lsoa21_pwc_again.csv").write_bytes((folder / mini.CENTROIDS).read_bytes())
    with pytest.raises(PcnAnalysisError, match="both fit"):
        prepare_place("Northfield", folder)


def test_england_holds_every_practice_network_and_area(full):
    place = prepare_place("england", full)
    practices, areas = place.tables["practices"].frame, place.tables["areas"].frame
    assert (place.name, place.slug) == (COUNTRY, "england-2026-07")
    assert set(practices["practice_code"]) == set(mini.LISTS_2026)
    assert practices["in_place"].all()
    assert areas["in_place"].all()
    assert set(areas["area_code"]) == set(mini.AREAS_2021)
    assert set(place.networks()["pcn_code"]) == {"U90001", "U90002", "U90003"}
    counted = place.tables["registrations_by_area"].frame["patients"].sum()
    assert counted == pytest.approx(sum(mini.LISTS_2026.values()))


def test_earlier_maps_are_kept_of_every_practice_that_has_to_do_with_the_place(full, bare):
    earlier = prepare_place("Northfield", full).tables["earlier_memberships"].frame.set_index("practice_code")
    assert set(earlier.index) == set(mini.PRACTICES), "Southmere's too: one of its network of then is of Northfield now"
    assert (earlier["as_at"] == "2022-01-01").all()
    assert earlier.loc["A90002", "pcn_code"] == "U90003"
    assert pd.isna(earlier.loc["A90004", "pcn_code"]), "in no network"
    assert earlier.loc["A90007", "survivor"] == "A90002"
    assert earlier["earlier_list_size"].to_dict() == {
        practice: sum(areas.values()) for practice, areas in mini.COUNTS_2023.items()
    }
    without = prepare_place("Northfield", bare)
    assert "earlier_memberships" not in without.tables
    assert "earlier_memberships" not in without.missing, "no page needs to be told"


def test_many_practices_are_counted_in_a_note_and_not_named(full, monkeypatch):
    monkeypatch.setattr("pcn_analysis.sources.local_authority.MOST_NAMED", 0)
    notes = prepare_place("england", full).notes
    [note] = [note for note in notes if "main site" in note]
    assert note == "1 practice of which no file says where in Great Britain its main site is (4,300 patients)."
    assert not any("A9000" in note for note in notes)
