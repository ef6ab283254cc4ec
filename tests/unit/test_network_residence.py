"""What kind of area patients live in, and on which side of a border."""

import pandas as pd
import pytest

from pcn_analysis.network.registered import registered
from pcn_analysis.network.residence import across_borders, core20, footprint_people, registered_and_resident, rural
from tests.unit.network_people import COUNTS, GROUPS, KNOWN, ONE, THREE, TWO

pytestmark = pytest.mark.unit
AREAS = KNOWN.set_index("area_code")


@pytest.fixture
def patients():
    return registered(COUNTS).grouped(GROUPS)


def test_everyone_of_a_footprint_is_counted_whichever_network_serves_them(patients):
    everyone = footprint_people(patients)
    assert everyone.by_network().tolist() == [200, 0, 100, 0]
    assert everyone.by_area().tolist() == [100, 100, 100]


def test_mean_score_of_patients_and_of_those_who_live_in_the_footprint(patients):
    table = registered_and_resident(patients, AREAS["imd_score"])
    assert table.loc["A"].to_list() == pytest.approx([(60 * 40 + 40 * 20 + 4 * 10) / 104, 30])
    assert table.loc["B", "registered"] == pytest.approx((30 * 40 + 40 * 20) / 70)
    assert pd.isna(table.loc["B", "resident"])  # it wins no area


def test_share_in_the_most_deprived_fifth(patients):
    table = registered_and_resident(patients, core20(AREAS["imd_decile"]))
    assert table["registered"].to_dict() == pytest.approx({"A": 60 / 104, "B": 30 / 70, "C": 10 / 106, "no network": 0})


def test_the_most_deprived_fifth_is_deciles_one_and_two():
    assert core20(pd.Series([1, 2, 3, 10, None], dtype="Int64")).fillna(-1).to_list() == [1, 1, 0, 0, -1]


def test_two_classes_are_urban():
    classes = pd.Series(["UN1", "UF1", "RLN1", "RLF1", "RSN1", "RSF1"])
    assert rural(classes).to_list() == [0, 0, 1, 1, 1, 1]
    assert rural(pd.Series(["UN1", None])).isna().to_list() == [False, True]


def test_home_is_where_most_patients_live_and_the_rest_are_away(patients):
    table = across_borders(patients, AREAS["local_authority_name"])
    assert table["home"].to_dict() == {"A": "West", "B": "West", "C": "East", "no network": "East"}
    assert table["away"].to_dict() == {"A": 4, "B": 0, "C": 30, "no network": 0}
    assert table.loc["C", "away_share"] == pytest.approx(30 / 106)
    assert table.loc["C", "effective"] == pytest.approx(106**2 / (76**2 + 30**2))
    assert table.loc["B", "effective"] == 1


def test_patients_in_wales_are_away_from_every_home(patients):
    welsh = registered(COUNTS).sizes(GROUPS)["not_english"]
    table = across_borders(patients, AREAS["local_authority_name"], welsh)
    assert table.loc["B", ["home", "at_home", "away"]].to_list() == ["West", 70, 5]
    assert table.loc["B", "effective"] == pytest.approx(75**2 / (70**2 + 5**2))
    assert table.loc["A", "away"] == 4  # nobody knows where the 7 without an area live


def test_home_is_in_england_even_where_most_patients_are_not(patients):
    table = across_borders(patients, AREAS["local_authority_name"], pd.Series({"B": 500}))
    assert table.loc["B", ["home", "away"]].to_list() == ["West", 500]


def test_areas_without_a_label_are_left_out(patients):
    table = across_borders(patients, pd.Series({ONE: "West", TWO: None, THREE: None}))
    assert table.loc["A", ["at_home", "away", "away_share"]].to_list() == [60, 0, 0]
    assert table.loc["no network", ["home", "away_share", "effective"]].isna().all()


def test_a_tie_of_homes_goes_to_the_first_name(patients):
    table = across_borders(patients, pd.Series({ONE: "West", TWO: "East", THREE: "East"}))
    assert table.loc["A", "home"] == "West"
    even = registered(pd.DataFrame({"practice_code": "A1", "area_code": [ONE, TWO], "patients": 5})).grouped(GROUPS)
    assert across_borders(even, pd.Series({ONE: "West", TWO: "East"})).loc["A", "home"] == "East"
