"""Tables of all networks, on a country of six areas and three networks that can be reckoned by hand."""

import pandas as pd
import pytest
from england_places import EAST, ENDED, FAR, WEST, country, many

from pcn_analysis.network import england, footprint
from pcn_analysis.network.england import ALL
from pcn_analysis.network.england_standing import HIGHEST, LOWEST
from pcn_analysis.release import release

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def networks():
    return footprint.england_networks(country(), "Eastham")


@pytest.fixture(scope="module")
def rows(networks):
    return networks.frame.set_index("pcn_code")


def test_every_network_has_a_row_the_largest_first_and_every_list_is_there(networks, rows):
    assert rows["patients"].to_dict() == {WEST: 245, EAST: 215, FAR: 100}
    assert networks.frame["pcn_code"].to_list() == [WEST, EAST, FAR]
    assert release(networks, profile="open_data").frame["patients"].sum() == 560
    assert release(networks).frame["patients"].sum() == 560, "every number column is declared"


def test_localisation_is_of_the_published_list_and_commitment_of_everyone_on_its_ground(rows):
    assert rows.loc[WEST, "localisation"] == 180 / 245
    assert rows.loc[WEST, "commitment"] == 180 / 300
    assert rows.loc[FAR, "localisation"] == 55 / 100, "five live in Wales and count in its list"
    assert rows["no_english_area"].to_list() == [5, 0, 5]


def test_the_main_part_is_that_of_the_ground_with_most_of_its_patients(rows):
    assert rows["parts"].to_list() == [2, 1, 1]
    assert rows.loc[WEST, "main_part_share"] == pytest.approx(140 / 180)


def test_home_is_where_most_of_its_patients_live_and_marks_the_networks_of_a_place(rows):
    assert rows["home"].to_dict() == {WEST: "Westshire", EAST: "Eastham", FAR: "Eastham"}
    assert rows["marked"].to_list() == [False, True, True]


def test_wales_is_beyond_every_border_and_areas_without_a_label_are_left_out(rows):
    assert rows.loc[FAR, "away_local_authority_share"] == pytest.approx(15 / 100)
    assert rows.loc[FAR, "known_icb"] == 70, "30 live in the area without an ICB"
    assert rows.loc[FAR, "away_icb_share"] == pytest.approx(5 / 70)
    assert rows["away_sub_icb_share"].isna().all(), "no area has a sub-ICB"


def test_deprivation_of_the_ground_is_of_everyone_registered_there(rows):
    assert rows.loc[WEST, "score_registered"] == pytest.approx(6400 / 240)
    assert rows.loc[WEST, "score_resident"] == pytest.approx(30)
    assert rows.loc[WEST, "score_difference"] == pytest.approx(30 - 6400 / 240)
    assert rows.loc[WEST, "core20_share"] == pytest.approx(40 / 240)
    assert rows.loc[WEST, "core20_ground_share"] == pytest.approx(100 / 300)
    assert rows.loc[WEST, "rural_share"] == pytest.approx(80 / 240)


def test_ranks_are_by_localisation_and_networks_of_like_size_are_taken_together(rows):
    assert rows["rank"].to_dict() == {WEST: 1, EAST: 2, FAR: 3}
    assert rows["similar_localisation"].to_list() == [pytest.approx(355 / 560)] * 3


def test_sizes_add_up_to_all_networks(networks):
    table = footprint.england_sizes(networks).frame.set_index("size_band")
    assert table["networks"].to_list() == [3, 0, 0, 3]
    assert table.loc[ALL, ["patients", "single_practice", "marked"]].to_list() == [560, 2, 2]
    assert table["share"].to_list() == [1, 0, 0, 1]


def test_a_waiver_that_is_not_known_of_a_small_network_is_not_counted_as_none(networks):
    frame = networks.frame.assign(rural_waiver=pd.array([None, False, True], dtype="boolean"))
    counted = footprint.england_sizes(type(networks)(frame, networks.provenance)).frame["rural_waiver"]
    assert counted.isna().to_list() == [True, False, False, True]


def test_practices_in_no_network_and_the_ground_on_which_their_patients_live():
    row = footprint.england_outside(country()).frame.iloc[0]
    assert row[["practice_code", "patients", "all_patients", "covered_by"]].to_list() == [
        "C00001", 50, 610, "West PCN",
    ]  # fmt: skip
    assert row[["there", "share", "networks"]].to_list() == [40, 0.8, 2]


def test_a_network_with_few_of_its_patients_on_its_ground_is_not_counted(monkeypatch):
    monkeypatch.setattr(england, "SERVED_SHARE", 0.3)
    assert footprint.england_outside(country()).frame["networks"].to_list() == [1], "40 and 10 of 50"


def test_coherence_is_of_sums_and_all_networks_are_the_last_row(networks):
    table = footprint.england_coherence(networks).frame
    assert table["networks"].sum() == 2 * 3
    assert table.iloc[-1]["localisation"] == pytest.approx((180 + 120 + 55) / 560)
    assert footprint.england_coherence(many()).frame["networks"].to_list() == [6, 6, 6, 6, 6, 30]


def test_quartiles_are_of_networks_and_written_as_on_a_page():
    table = footprint.england_quartiles(many(5)).frame.set_index("measure")
    assert table.loc["Registered patients", ["lowest", "median", "highest"]].to_list() == ["20,000", "24,000", "28,000"]
    assert table.loc["Effective number of networks", "upper_quartile"] == "1.3"
    assert table.loc["Localisation", "highest"] == "90.0%"


def test_both_ends_of_the_ranking_have_the_place_between_them():
    table = footprint.england_ends(many(30, marked=2), most=3).frame
    assert table["end"].to_list() == [HIGHEST] * 3 + ["Westshire"] * 2 + [LOWEST] * 3
    assert table["rank"].to_list() == [1, 2, 3, 1, 2, 28, 29, 30]
    assert table["ranked"].to_list() == [30] * 8


def test_of_few_networks_all_are_ranked_once(networks):
    assert footprint.england_ends(networks).frame["end"].to_list() == [ALL] * 3
    assert footprint.england_deprivation(networks).frame["side"].to_list() == [ALL] * 3


def test_a_network_without_patients_has_no_rank(networks):
    frame = networks.frame.assign(localisation=pd.array([0.5, None, 0.4], dtype="Float64"))
    assert len(footprint.england_ends(type(networks)(frame, networks.provenance)).frame) == 2


def test_the_marked_networks_are_those_of_the_place_alone(networks):
    assert footprint.england_marked(networks).frame["pcn_code"].to_list() == [EAST, FAR]
    assert footprint.england_marked(footprint.england_networks(country(), "Nowhere")).frame.empty


def test_the_map_has_every_area_with_the_share_of_its_largest_network():
    shown = footprint.england_map(country(), "Westshire").frame
    assert shown["network"].to_list() == ["West PCN", "West PCN", "East PCN", "East PCN", "Far PCN", "West PCN"]
    assert shown["share_class"].to_list() == [
        "70% to 90%", "50% to 70%", "50% to 70%", "70% to 90%", "50% to 70%", "40% to 50%",
    ]  # fmt: skip
    assert shown["inset"].to_list() == ["Westshire"] * 3 + ["London"] * 3


def test_an_area_of_practices_in_no_network_says_so_and_one_without_patients_has_no_class():
    made = country()
    table = made.place.tables["registrations_by_area"]
    frame = table.frame[table.frame["area_code"] != "E01000005"]
    frame.loc[(frame["practice_code"] == "C00001") & (frame["area_code"] == "E01000006"), "patients"] = 300.0
    made.place.tables["registrations_by_area"] = type(table)(frame, table.provenance)
    shown = footprint.england_map(made).frame.set_index("area_code")
    assert shown.loc["E01000006", "network"] == "No network"
    assert pd.isna(shown.loc["E01000005", "level"])
    assert footprint.england_map_classes(footprint.england_map(made)).frame["areas"].sum() == 5


def test_classes_of_areas_add_up_to_the_map():
    classes = footprint.england_map_classes(footprint.england_map(country())).frame.set_index("share_class")
    assert classes["areas"].to_list() == [0, 1, 3, 2, 0]
    assert classes["registered"].sum() == 600
    assert classes.loc["40% to 50%", "registered_share"] == pytest.approx(100 / 600)


def test_borders_count_networks_by_class_and_add_patients_up(networks):
    table = footprint.england_borders(networks).frame
    assert list(dict.fromkeys(table["border"])) == ["local authority", "integrated care board"]
    first = table[table["border"] == "local authority"].set_index("away_class")
    assert first["networks"].to_dict() == {
        "under 1%": 0, "1% to 5%": 0, "5% to 10%": 0, "10% to 25%": 1, "25% or more": 2,
    }  # fmt: skip
    assert (first["away"].sum(), first["known"].sum()) == (60 + 100 + 15, 240 + 215 + 100)


def test_the_ground_that_is_more_deprived_than_the_list_comes_first():
    table = footprint.england_deprivation(many(30, marked=0), most=2).frame
    assert table["score_difference"].to_list() == [14, 13, -14, -15]


def test_rurality_is_by_share_of_patients_and_all_networks_are_the_last_row(networks):
    table = footprint.england_rurality(networks).frame.set_index("rural_class")
    assert table["networks"].to_dict() == {"under 10% rural": 2, "10% to 50% rural": 1, ALL: 3}


def test_changes_are_counted_from_each_earlier_map():
    table = footprint.england_changes(country()).frame.set_index("change")
    assert set(table["since"]) == {"October 2024"}
    counted = table["number"].to_dict()
    assert counted["practices that moved to another network"] == 2
    assert counted["practices that merged into another"] == 1
    assert counted["practices that opened"] == 1, "the practice in no network"
    assert [counted[f"networks that {what}"] for what in ("are new", "ended", "were renamed")] == [1, 1, 1]
    assert table.loc["practices that moved to another network", "patients"] == 80 + 100
    assert table.loc["practices that merged into another", "patients"] == 90, "its last list"


def test_networks_that_changed_are_named_with_what_became_of_them(networks):
    table = footprint.england_networks_changed(country(), networks).frame
    assert table["pcn_code"].to_list() == [FAR, EAST, ENDED], "those of the marked place come first"
    ended = table.set_index("pcn_code").loc[ENDED]
    assert ended[["name_before", "successor", "home", "marked"]].to_list() == [
        "Old PCN",
        "West PCN",
        "Westshire",
        False,
    ]


def test_a_place_without_an_earlier_map_has_no_changes(networks):
    alone = country(earlier=False)
    assert footprint.england_changes(alone).frame.empty
    assert footprint.england_networks_changed(alone, networks).frame.empty
