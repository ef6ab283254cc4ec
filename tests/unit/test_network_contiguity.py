"""Parts, holes and enclaves of groups of areas."""

import pandas as pd
import pytest
from test_network_borders import squares

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network.borders import Borders
from pcn_analysis.network.contiguity import BRIDGES, parts
from pcn_analysis.network.enclosure import Enclosed, holes_and_enclaves

pytestmark = pytest.mark.unit


def drawn(*rows: str) -> tuple[Borders, pd.Series]:
    """Squares of a kilometre, each letter a group; areas are named a, b, c … from the north-west. A dot is nothing."""
    letters = "".join(rows)
    named = {place: chr(ord("a") + place) for place in range(len(letters))}
    width = len(rows[0])
    codes = "".join("." if letter == "." else named[place] for place, letter in enumerate(letters))
    boundaries = squares(*(codes[start : start + width] for start in range(0, len(codes), width)))
    groups = {named[place]: letter for place, letter in enumerate(letters) if letter not in ".-"}
    return Borders.of(boundaries), pd.Series(groups, dtype="str")


def enclosed(*rows: str, weight: float = 10) -> Enclosed:
    borders, groups = drawn(*rows)
    weights = pd.Series(weight, index=groups.index)
    return holes_and_enclaves(groups, borders.shared(), borders.outer().index, weights)


def test_parts_are_counted_and_the_main_one_has_most_people():
    borders, groups = drawn("XXY", "YYX", "YXX")
    weights = pd.Series({"a": 1, "b": 1, "f": 6, "h": 1, "i": 1, "c": 2, "d": 3, "e": 3, "g": 2})
    found = parts(groups, borders.shared(), weights)
    assert found.by_group["parts"].to_dict() == {"X": 2, "Y": 2}
    assert found.by_group["main_part_share"].to_dict() == {"X": 0.8, "Y": 0.8}
    assert found.by_group["main_part_areas"].to_dict() == {"X": 3, "Y": 3}
    assert found.by_area.loc[["a", "f"], "part"].to_list() == [2, 1]


def test_touching_at_a_corner_does_not_hold_a_group_together():
    borders, groups = drawn("XY", "YX")
    assert parts(groups, borders.shared(), pd.Series(1, groups.index)).by_group["parts"].to_list() == [2, 2]


def test_of_parts_that_weigh_the_same_the_one_with_more_areas_is_the_main_one():
    borders, groups = drawn("X.XX")
    found = parts(groups, borders.shared(), pd.Series({"a": 2, "c": 1, "d": 1}))
    assert found.by_area["part"].to_dict() == {"a": 2, "c": 1, "d": 1}


def test_people_make_the_main_part_and_not_the_number_of_areas():
    borders, groups = drawn("X.XX")
    found = parts(groups, borders.shared(), pd.Series({"a": 5, "c": 1, "d": 1}))
    assert found.by_area["part"].to_dict() == {"a": 1, "c": 2, "d": 2}


def test_an_island_is_a_part_of_its_own_unless_a_bridge_is_named():
    borders, groups = drawn("XX.X")
    weights = pd.Series(1, groups.index)
    assert parts(groups, borders.shared(), weights).by_group.loc["X", "parts"] == 2
    assert parts(groups, borders.shared(), weights, bridges=[("b", "d")]).by_group.loc["X", "parts"] == 1


def test_a_bridge_to_another_group_holds_nothing_together():
    borders, groups = drawn("XY.X")
    found = parts(groups, borders.shared(), pd.Series(1, groups.index), bridges=[("b", "d"), ("b", "nowhere")])
    assert found.by_group.loc["X", "parts"] == 2


def test_neighbours_may_be_given_both_ways_round():
    borders, groups = drawn("XXY", "YYX")
    once = borders.shared()
    back = once.rename(columns={"area_code": "neighbour_code", "neighbour_code": "area_code"})
    weights = pd.Series(1, groups.index)
    both = parts(groups, pd.concat([once, back]), weights)
    pd.testing.assert_frame_equal(both.by_group, parts(groups, once, weights).by_group)


def test_areas_without_a_weight_are_counted_and_a_group_without_any_has_no_share():
    borders, groups = drawn("XXY")
    row = parts(groups, borders.shared(), pd.Series({"a": 5.0})).by_group
    assert row["areas_without_weight"].to_dict() == {"X": 1, "Y": 1}
    assert row.loc["X", "main_part_share"] == 1
    assert pd.isna(row.loc["Y", "main_part_share"])


@pytest.mark.parametrize(
    ("weights", "said"),
    [(pd.Series([1, 2], index=["a", "a"]), "1 area named more than once"), (pd.Series({"a": -1}), "1 weight below 0")],
)
def test_weights_that_cannot_be_are_refused(weights, said):
    borders, groups = drawn("XY")
    with pytest.raises(PcnAnalysisError, match=said):
        parts(groups, borders.shared(), weights)


def test_no_groups_give_no_rows():
    borders, groups = drawn("--")
    assert parts(groups, borders.shared(), pd.Series(dtype=float)).by_group.empty
    assert enclosed("--").by_group.empty


def test_an_area_within_one_other_group_is_an_enclave_and_a_hole():
    found = enclosed("XXXY", "XYXY", "XXXY")
    assert found.holes.to_numpy().tolist() == [["X", 1, "f"]]
    assert found.enclaves.to_numpy().tolist() == [["Y", 2, "X", 1, 10.0]]
    assert found.by_group[["holes", "enclaves"]].to_dict("index") == {
        "X": {"holes": 1, "enclaves": 0},
        "Y": {"holes": 0, "enclaves": 1},
    }


def test_a_hole_may_hold_several_groups_and_is_then_nobodys_enclave():
    found = enclosed("XXXX", "XYZX", "XXXX")
    assert found.by_group.loc["X", ["holes", "areas_in_holes", "weight_in_holes"]].to_list() == [1, 2, 20]
    assert found.enclaves.empty


def test_two_holes_of_a_group_are_two():
    assert enclosed("XXXXX", "XYXYX", "XXXXX").by_group.loc["X", "holes"] == 2


def test_a_hole_within_a_hole_belongs_to_both_groups_around_it():
    found = enclosed("XXXXX", "XYYYX", "XYZYX", "XYYYX", "XXXXX")
    assert found.by_group.loc["X", ["holes", "areas_in_holes"]].to_list() == [1, 9]
    assert found.by_group.loc["Y", ["holes", "areas_in_holes"]].to_list() == [1, 1]


def test_a_hole_may_be_closed_by_parts_that_touch_only_at_corners():
    found = enclosed("-X-", "XYX", "-X-")
    assert found.holes.to_numpy().tolist() == [["X", 1, "e"]]


def test_what_reaches_the_sea_or_nothing_is_no_hole():
    assert enclosed("XXX", "XYX").by_group["holes"].sum() == 0
    assert enclosed("XXXX", "XY.X", "XXXX").by_group["holes"].sum() == 0


def test_areas_in_no_group_lie_in_holes_and_let_through():
    assert enclosed("XXX", "X-X", "XXX").by_group.loc["X", ["holes", "weight_in_holes"]].to_list() == [1, 0]
    assert enclosed("X-X", "XYX", "XXX").by_group.loc["X", "holes"] == 0


def test_what_lies_among_areas_in_no_group_is_in_nobodys_hole():
    found = enclosed("-----", "-X-Y-", "-----")
    assert found.holes.empty
    assert found.enclaves.empty
    assert found.by_group["holes"].to_dict() == {"X": 0, "Y": 0}


def test_a_bridge_lets_through():
    borders, groups = drawn("XXX.Y", "XYX.Y", "XXX.Y")
    weights = pd.Series(1, groups.index)
    found = holes_and_enclaves(groups, borders.shared(), borders.outer().index, weights, bridges=[("g", "e")])
    assert found.by_group["holes"].sum() == 0
    assert found.enclaves.empty


def test_each_bridge_joins_two_english_areas():
    assert all(pd.Series(pair).str.match(r"^E01[0-9]{6}$").all() and len(set(pair)) == 2 for pair in BRIDGES)
