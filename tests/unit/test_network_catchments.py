"""Three kinds of catchment, restricted plurality and gaps, on a table that can be worked by hand."""

import pandas as pd
import pytest
from scipy import sparse

from pcn_analysis.network.catchments import (
    cumulative,
    cumulative_areas,
    disagreements,
    gaps,
    minimum_share,
    plurality,
    restricted,
)
from pcn_analysis.network.registered import Patients, registered
from tests.unit.network_people import AREAS, COUNTS, GROUPS, ONE, THREE, TWO

pytestmark = pytest.mark.unit


@pytest.fixture
def patients():
    return registered(COUNTS).grouped(GROUPS)


def points(east: dict[str, float]) -> pd.DataFrame:
    return pd.DataFrame({"easting": east, "northing": 0.0})


def test_a_tie_goes_to_the_network_whose_patients_live_nearer(patients):
    """A's patients are on average at 42, drawn away by the 4 who live far off; B's are at 6."""
    assert plurality(patients)["winner"].to_list() == ["A", "A", "C"]
    won = plurality(patients, points({ONE: 0, TWO: 10, THREE: 1_000}))
    assert won["winner"].to_list() == ["A", "B", "C"]
    assert won.loc[TWO, "runner_up"] == "A"
    assert won["tied"].to_list() == [False, True, False]


def test_where_points_are_not_known_or_as_near_the_code_decides(patients):
    assert plurality(patients, points({ONE: 0}))["winner"].to_list() == ["A", "A", "C"]
    assert plurality(patients, points({ONE: 5, TWO: 5, THREE: 5}))["winner"].to_list() == ["A", "A", "C"]


def test_points_decide_nothing_but_ties(patients):
    far = plurality(patients, points({ONE: 0, TWO: 10, THREE: -9_000}))
    assert far.loc[[ONE, THREE], "winner"].to_list() == ["A", "C"]


def test_a_minimum_share_keeps_every_network_that_has_it(patients):
    rows = minimum_share(patients, 0.2)
    assert list(zip(rows["network"], rows["area_code"], rows["share"], strict=True)) == [
        ("A", ONE, 0.6),
        ("A", TWO, 0.4),
        ("B", ONE, 0.3),
        ("B", TWO, 0.4),
        ("C", TWO, 0.2),
        ("C", THREE, 0.76),
        ("no network", THREE, 0.2),
    ]
    assert rows["registered"].unique().tolist() == [100]


def test_areas_are_taken_by_patients_until_the_share_is_reached_and_that_area_is_in(patients):
    rows = cumulative(patients, 0.8)
    of = rows.groupby("network")["area_code"].agg(list).to_dict()
    assert of == {"A": [ONE, TWO], "B": [TWO, ONE], "C": [THREE, TWO], "no network": [THREE]}
    assert rows.loc[rows["network"] == "C", "before"].to_list() == pytest.approx([0, 76 / 106])
    assert rows.loc[rows["network"] == "C", "reached"].to_list() == pytest.approx([76 / 106, 96 / 106])


def test_core_main_and_wide_catchments(patients):
    """A: 60, 40 and 4 of 104. B: 40 and 30 of 70. C: 76, 20 and 10 of 106."""
    assert cumulative_areas(patients).T.to_dict("list") == {
        "A": [1, 2, 2],
        "B": [1, 2, 2],
        "C": [1, 2, 3],
        "no network": [1, 1, 1],
    }


def test_a_share_that_is_reached_exactly_needs_no_further_area():
    quarters = Patients(sparse.csr_array([[25.0]] * 4), pd.Index([*AREAS, "E01000004"]), pd.Index(["A"]))
    assert [len(cumulative(quarters, share)) for share in (0.25, 0.5, 0.51, 0.75, 1.0)] == [1, 2, 3, 3, 4]


def test_areas_with_as_many_patients_are_taken_in_order_of_code():
    same = Patients(sparse.csr_array([[25.0]] * 3), pd.Index(AREAS), pd.Index(["A"]))
    assert cumulative(same, 0.5)["area_code"].to_list() == [ONE, TWO]


def test_only_networks_of_an_areas_own_label_compete(patients):
    network_label = pd.Series({"A": "North", "B": "South", "C": "South", "no network": None})
    won = restricted(patients, network_label, pd.Series({ONE: "South", TWO: "North", THREE: "North"}))
    assert won["winner"].to_list() == ["B", "A", "A"]
    assert won["winner_patients"].to_list() == [30, 40, 4]
    assert won["share"].to_list() == pytest.approx([0.3, 0.4, 0.04])  # of everyone registered there
    assert won.loc[ONE, "runner_up"] == "C"
    assert pd.isna(won.loc[TWO, "runner_up"])


def test_an_area_where_nobody_may_compete_has_no_winner(patients):
    won = restricted(patients, pd.Series({"A": "North"}), pd.Series({ONE: "North", TWO: "South"}))
    assert won["winner"].fillna("nobody").to_list() == ["A", "nobody", "nobody"]
    assert won.loc[THREE, ["registered", "winner_patients", "tied"]].to_list() == [100, 0, False]


def test_what_two_rules_give_to_different_networks(patients):
    within = restricted(patients, pd.Series({"B": "here", "C": "here"}), pd.Series("here", pd.Index(AREAS)))
    rows = disagreements(plurality(patients), within)
    assert rows[["winner", "other_winner"]].to_numpy().tolist() == [["A", "B"], ["A", "B"]]
    assert rows["other_patients"].to_list() == [30, 40]
    assert disagreements(plurality(patients), plurality(patients)).empty


def test_a_gap_is_an_area_where_no_network_has_the_share(patients):
    assert gaps(patients, 0.5).index.to_list() == [TWO]
    assert gaps(patients, 0.8)["largest_share"].to_list() == [0.6, 0.4, 0.76]
    empty = gaps(patients, 0.1, every_area=pd.Index([*AREAS, "E01000009"]))
    assert (empty.index.to_list(), empty["registered"].to_list()) == (["E01000009"], [0])


def test_practices_in_no_network_close_no_gap():
    counts = pd.DataFrame({"practice_code": ["N1", "A1"], "area_code": ONE, "patients": [97, 3]})
    assert gaps(registered(counts).grouped(GROUPS), 0.05)["largest_share"].to_list() == [0.03]
