"""Tables of all networks of a place: side by side, on the map, who shares people with whom, and their colours."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

from pcn_analysis import codes
from pcn_analysis.network import footprint
from pcn_analysis.network.borders import Borders
from pcn_analysis.network.colouring import COLOURS, coloured
from pcn_analysis.network.place_networks import OTHERS, area_map, sharing, side_by_side
from pcn_analysis.provenance import SourcedTable
from pcn_analysis.release import release

pytestmark = pytest.mark.unit


def changed(place, **tables):
    """The place with other tables."""
    made = {name: SourcedTable(frame, place.tables[name].provenance) for name, frame in tables.items()}
    return replace(place, tables=place.tables | made)


@pytest.fixture(scope="module")
def beside(marlhaven):
    return side_by_side(marlhaven).frame.set_index("pcn_code")


# -- side by side ------------------------------------------------------------------------------------------


def test_every_network_of_the_place_has_a_row_largest_first(marlhaven, beside):
    assert set(beside.index) == set(marlhaven.networks()["pcn_code"])
    assert beside["patients"].is_monotonic_decreasing
    lists = marlhaven.tables["practices"].frame.groupby("pcn_code")["list_size"].sum()
    assert beside["patients"].to_dict() == lists[beside.index].to_dict()


def test_localisation_and_commitment_are_those_of_the_page_on_a_network(marlhaven, beside):
    one = footprint.network_footprints(marlhaven).frame.set_index("pcn_code").loc[beside.index]
    for name in ("inside", "footprint_registered", "localisation", "commitment"):
        np.testing.assert_allclose(beside[name].astype(float), one[name].astype(float))
    assert beside["above_lines"].to_dict() == ((one[["localisation", "commitment"]] > 0.75).all(axis=1)).to_dict()


def test_bands_say_who_is_below_the_floor_and_rurality_is_not_known_of_an_invented_place(beside):
    assert beside.loc["U00005", "band"] == "under 30,000"
    assert beside.loc["U00001", "band"] == "over 50,000"
    assert pd.isna(beside.loc["U00005", "rural"]), "nobody knows whether its areas are rural"
    assert not beside.loc["U00001", "rural"], "it is not below the floor, wherever its people live"


def test_a_small_network_of_a_rural_place_is_said_to_be_rural(marlhaven):
    areas = marlhaven.tables["areas"].frame.assign(rural_urban="RLN1")
    assert side_by_side(changed(marlhaven, areas=areas)).frame.set_index("pcn_code").loc["U00005", "rural"]


def test_those_who_live_outside_are_a_share_of_those_whose_local_authority_is_known(marlhaven, beside):
    row = beside.loc["U00004"]
    assert row["home"] == "Marlhaven"
    assert row["away_share"] == pytest.approx(row["away"] / row["living"])
    counts, areas = (marlhaven.tables[name].frame for name in ("registrations_by_area", "areas"))
    own = footprint.registered_of(marlhaven).group_of(footprint.groups_of(marlhaven)).eq("U00004")
    mine = counts[counts["practice_code"].isin(own.index[own])].merge(areas, on="area_code")
    assert row["away"] == mine.loc[mine["local_authority_name"] != "Marlhaven", "patients"].sum()


def test_distances_are_not_known_where_no_practice_has_a_point(beside):
    assert set(beside["own_km"]) == {"not known"}


def test_distances_are_of_straight_lines_in_kilometres(marlhaven):
    areas = marlhaven.tables["areas"].frame.assign(easting=333_000.0, northing=389_000.0)
    practices = marlhaven.tables["practices"].frame.assign(latitude=53.3935, longitude=-3.0090)
    found = side_by_side(changed(marlhaven, areas=areas, practices=practices)).frame
    assert len(set(found["own_km"])) == 1, "everyone lives at one point and every practice is at another"
    assert float(found["own_km"].iloc[0]) < 1


def test_a_network_in_two_parts_is_counted_with_the_share_of_the_main_one(marlhaven, beside):
    """Areas of Lighthouse PCN, in the south, are taken by patients of North Sands PCN, in the north."""
    won = area_map(marlhaven).frame
    south = won[won["pcn_code"] == "U00003"].sort_values("area_code").iloc[0]["area_code"]
    counts = marlhaven.tables["registrations_by_area"].frame.copy()
    here = counts["area_code"].eq(south) & counts["practice_code"].eq("X90008")
    assert here.any()
    counts.loc[here, "patients"] += 50_000
    practices = marlhaven.tables["practices"].frame.copy()
    practices.loc[practices["practice_code"] == "X90008", "list_size"] += 50_000
    found = side_by_side(changed(marlhaven, registrations_by_area=counts, practices=practices)).frame
    row = found.set_index("pcn_code").loc["U00002"]
    assert beside.loc["U00002", "parts"] == 1
    assert row["parts"] == 2
    assert 0.5 < row["main_part_share"] < 1
    assert row["main_part_share"] == pytest.approx(row["main_part"] / row["inside"])


def test_a_network_that_wins_no_area_has_no_parts_and_no_rank(marlhaven):
    practices = marlhaven.tables["practices"].frame
    own = practices.loc[practices["pcn_code"] == "U00001", "practice_code"]
    counts = marlhaven.tables["registrations_by_area"].frame.copy()
    counts.loc[counts["practice_code"].isin(own), "area_code"] = codes.UNKNOWN_AREA
    counts = counts.groupby(["practice_code", "area_code"], as_index=False)["patients"].sum()
    place = changed(marlhaven, registrations_by_area=counts)
    row = release(side_by_side(place), profile="open_data").frame.set_index("pcn_code").loc["U00001"]
    assert (row["parts"], row["localisation"]) == (0, 0)
    assert row[["compactness", "main_part_share", "commitment", "away_share"]].isna().all()
    mixed = sharing(place).frame.set_index(["pcn_name", "other_name"])["share"]
    assert mixed["Harbour PCN"].isna().all()


def test_the_rank_by_compactness_is_that_of_the_shapes_themselves(marlhaven, beside):
    areas = area_map(marlhaven).frame
    shapes = areas[areas["own"]].groupby("pcn_code")["geometry"].agg(lambda some: shapely.union_all(some.to_numpy()))
    polsby = {code: 4 * np.pi * one.area / one.length**2 for code, one in shapes.items()}
    expected = sorted(polsby, key=lambda code: -polsby[code])
    assert list(beside.sort_values("compactness").index) == expected


# -- on the map --------------------------------------------------------------------------------------------


def test_every_area_with_a_shape_is_on_the_map_with_one_network(marlhaven):
    frame = area_map(marlhaven).frame
    assert sorted(frame["area_code"]) == sorted(marlhaven.boundaries["area_code"])
    assert frame["own"].eq(frame["colour"].notna()).all()
    assert set(frame.loc[~frame["own"], "pcn_name"]) <= {"Oldmoor East PCN", "Oldmoor West PCN", "No network"}


def test_neighbours_on_the_map_differ_in_colour(marlhaven):
    frame = area_map(marlhaven).frame
    colour = frame.dropna(subset="colour").drop_duplicates("pcn_code").set_index("pcn_code")["colour"].astype(int)
    between = Borders.of(marlhaven.boundaries).between(frame.set_index("area_code")["pcn_code"])
    beside = between[between["group"].isin(colour.index) & between["other_group"].isin(colour.index)]
    assert len(beside) > 3
    assert (colour[beside["group"]].to_numpy() != colour[beside["other_group"]].to_numpy()).all()


def grid(wide: int) -> pd.DataFrame:
    """Networks on a square grid, each beside four others."""
    cells = [(row, column) for row in range(wide) for column in range(wide)]
    pairs = [((r, c), (r + down, c + right)) for r, c in cells for down, right in ((0, 1), (1, 0))]
    rows = [(f"N{a}{b}", f"N{c}{d}", 1.0) for (a, b), (c, d) in pairs if c < wide and d < wide]
    return pd.DataFrame(rows, columns=["group", "other_group", "border_km"])


def test_many_networks_have_six_colours_and_no_neighbour_has_the_same():
    between = grid(7)
    names = sorted({*between["group"], *between["other_group"]})
    colour = coloured(between, names)
    assert len(names) == 49
    assert set(colour.values()) == set(range(COLOURS)), "all are used, so that none is on every other network"
    assert all(colour[one] != colour[other] for one, other, _ in between.itertuples(index=False))


def test_where_seven_networks_all_touch_the_shortest_border_has_one_colour():
    names = list("ABCDEFG")
    rows = [(one, other, 1.0 if one + other == "CG" else 9.0) for one in names for other in names if one < other]
    colour = coloured(pd.DataFrame(rows, columns=["group", "other_group", "border_km"]), names)
    assert colour["C"] == colour["G"]
    assert len(set(colour.values())) == COLOURS


def test_a_network_keeps_its_colour_from_map_to_map_unless_a_neighbour_has_it():
    between = grid(2)
    kept = coloured(between, ["N00", "N01", "N10", "N11"], kept={"N00": 3, "N11": 3, "N01": 5})
    assert (kept["N00"], kept["N11"], kept["N01"]) == (3, 3, 5)
    clash = coloured(between, ["N00", "N01"], kept={"N00": 3, "N01": 3})
    assert clash["N00"] == 3
    assert clash["N01"] != 3


# -- who shares people with whom ---------------------------------------------------------------------------


def test_shares_of_each_network_add_up_to_one_and_sharing_goes_both_ways(marlhaven):
    frame = sharing(marlhaven).frame
    assert frame.groupby("pcn_name")["share"].sum().to_list() == pytest.approx([1] * 5)
    numbers = frame.set_index(["pcn_name", "other_name"])["neighbours"]
    assert numbers["Harbour PCN", "Lighthouse PCN"] == pytest.approx(numbers["Lighthouse PCN", "Harbour PCN"])


def test_practices_in_no_network_have_a_column_where_they_are_next_to_anybody(marlhaven):
    names = list(dict.fromkeys(sharing(marlhaven).frame["other_name"]))
    assert names[-2:] == [OTHERS, "No network"]
    practices = marlhaven.tables["practices"].frame
    filled = {name: practices[name].fillna(value) for name, value in (("pcn_code", "U00006"), ("pcn_name", "Oldmoor"))}
    frame = sharing(changed(marlhaven, practices=practices.assign(**filled))).frame
    assert frame["other_name"].iloc[-1] != "No network"
    assert set(frame.groupby("pcn_name")["share"].sum().round(9)) == {1.0}


def test_few_people_in_no_network_are_among_the_others_and_nobody_is_lost(marlhaven):
    counts = marlhaven.tables["registrations_by_area"].frame.copy()
    counts.loc[counts["practice_code"] == "X90032", "patients"] = 1
    place = changed(marlhaven, registrations_by_area=counts)
    frame = sharing(place).frame
    assert "No network" not in set(frame["other_name"])
    located = side_by_side(place).frame.set_index("pcn_name")["living"]
    assert frame.groupby("pcn_name")["located"].first().to_dict() == pytest.approx(located.to_dict())


def test_the_diagonal_is_the_unmixed_share(marlhaven, harbour):
    frame = sharing(marlhaven).frame
    own = frame[frame["pcn_name"] == frame["other_name"]].set_index("pcn_name")["share"]
    assert own["Harbour PCN"] == pytest.approx(footprint.shared_networks(harbour).frame.iloc[0]["share"])
