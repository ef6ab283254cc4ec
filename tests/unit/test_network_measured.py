"""One row a group with everything that the inputs allow, on a table that can be worked by hand."""

import pandas as pd
import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network.measured import footprints
from pcn_analysis.network.registered import registered
from tests.unit.network_people import COUNTS, GROUPS, KNOWN, LISTS, ONE, THREE, TWO

pytestmark = pytest.mark.unit


@pytest.fixture
def table():
    return footprints(COUNTS, GROUPS, areas=KNOWN, lists=LISTS)


def test_the_practices_in_none_come_last_and_all_lists_are_there(table):
    assert table.index.to_list() == ["A", "B", "C", "no network"]
    assert table["registered"].sum() == LISTS.sum()
    assert (table[["located", "unknown", "not_english"]].sum(axis=1) == table["registered"]).all()


def test_localisation_is_of_all_its_patients_and_commitment_of_all_in_its_footprint(table):
    assert table["localisation"].to_list() == pytest.approx([100 / 111, 0, 76 / 106, 0])
    assert table["commitment"].fillna(-1).to_list() == pytest.approx([0.5, -1, 0.76, -1])
    assert table["net_flow"].to_list() == [200 - 111, -75, 100 - 106, -20]


def test_both_reference_lines_have_to_be_passed():
    counts = pd.DataFrame({"practice_code": ["A1", "B1"], "area_code": [ONE, ONE], "patients": [76, 24]})
    assert footprints(counts, GROUPS)["contained"].to_dict() == {"A": True, "B": False, "C": False}
    one_only = footprints(COUNTS, GROUPS).loc["C"]
    assert (one_only["commitment"] > 0.75, one_only["localisation"] > 0.75) == (True, False)
    assert not one_only["contained"]


def test_what_the_areas_say(table):
    row = table.loc["A"]
    assert row["home_local_authority"] == "West"
    assert row["away_share_local_authority"] == pytest.approx(4 / 104)
    assert table.loc["B", "away_share_local_authority"] == pytest.approx(5 / 75)  # they live in Wales
    assert row["score_registered"] == pytest.approx((60 * 40 + 40 * 20 + 4 * 10) / 104)
    assert row["score_resident"] == pytest.approx(30)
    assert row["core20_registered"] == pytest.approx(60 / 104)
    assert row["rural_registered"] == pytest.approx(4 / 104)
    assert (row["footprint_residents"], row["registered_per_resident"]) == (190, pytest.approx(200 / 190))


def test_the_other_measures_are_there(table):
    row = table.loc["A"]
    assert row["unmixed"] == pytest.approx(60 * 0.6 + 40 * 0.4 + 4 * 0.04)
    assert row["unmixed_share"] == pytest.approx(row["unmixed"] / 104)
    assert row[["areas_core", "areas_main", "areas_wide"]].to_list() == [1, 2, 2]
    assert row[["areas_any", "areas_served", "areas_footprint"]].to_list() == [3, 2, 2]


def test_the_practices_in_none_are_no_organisation(table):
    assert table["single_practice"].drop("no network").to_dict() == {"A": False, "B": True, "C": True}
    assert table["rural_waiver"].drop("no network").to_dict() == {"A": False, "B": False, "C": True}
    assert table["band"].drop("no network").to_list() == ["under 30,000"] * 3
    assert table.loc["no network", ["band", "rural_waiver", "single_practice"]].isna().all()


def test_without_areas_and_lists_there_is_what_counts_alone_can_say():
    bare = footprints(COUNTS, GROUPS)
    full = footprints(COUNTS, GROUPS, areas=KNOWN, lists=LISTS)
    assert bare["rural_waiver"].isna().all()
    same = [column for column in bare if column != "rural_waiver"]
    pd.testing.assert_frame_equal(bare[same], full[same])
    assert not [column for column in bare if column.startswith(("home", "away", "score", "core20", "footprint_res"))]


def test_counts_that_are_arranged_already_give_the_same(table):
    pd.testing.assert_frame_equal(footprints(registered(COUNTS), GROUPS, areas=KNOWN, lists=LISTS), table)


def test_points_of_areas_settle_ties():
    points = KNOWN.assign(easting=[0, 10, 1_000], northing=0)
    assert footprints(COUNTS, GROUPS, areas=points)["areas_footprint"].to_dict()["B"] == 1
    assert footprints(COUNTS, GROUPS, areas=KNOWN)["areas_footprint"].to_dict()["B"] == 0


def test_a_network_whose_practices_have_no_counts_is_there_with_its_list():
    lists = pd.concat([LISTS, pd.Series({"Z1": 40})])
    row = footprints(COUNTS, pd.concat([GROUPS, pd.Series({"Z1": "Z"})]), areas=KNOWN, lists=lists).loc["Z"]
    assert row[["practices", "registered", "unknown", "areas_any"]].to_list() == [1, 40, 40, 0]
    assert row["localisation"] == 0
    assert row[["commitment", "unmixed_share", "effective_networks", "score_registered"]].isna().all()


def test_a_network_without_any_patient_is_there_and_has_no_rates():
    row = footprints(COUNTS, pd.concat([GROUPS, pd.Series({"Z1": "Z"})]), areas=KNOWN).loc["Z"]
    assert row[["practices", "registered"]].to_list() == [0, 0]
    assert row[["localisation", "commitment", "home_local_authority"]].isna().all()


def test_every_grouping_is_measured_alike():
    whole = footprints(COUNTS, GROUPS.fillna("all").replace({"A": "all", "B": "all", "C": "all"}), areas=KNOWN)
    assert whole.index.to_list() == ["all"]
    assert whole.loc["all", ["areas_footprint", "commitment", "effective_networks"]].to_list() == [3, 1, 1]
    assert whole.loc["all", "localisation"] == pytest.approx(300 / 312)  # the rest have no English area


def test_areas_of_another_vintage_and_lists_of_another_date_are_told_together():
    with pytest.raises(PcnAnalysisError) as caught:
        footprints(COUNTS, GROUPS, areas=KNOWN[KNOWN["area_code"] != TWO], lists=LISTS.drop("B1") + 2)
    assert [problem.what for problem in caught.value.problems] == [
        "1 area of the counts not among them",
        "5 practices with a list that is not the sum of the counts",
    ]


def test_an_area_named_twice_is_refused():
    with pytest.raises(PcnAnalysisError, match="1 area named more than once"):
        footprints(COUNTS, GROUPS, areas=pd.concat([KNOWN, KNOWN[KNOWN["area_code"] == THREE]]))
