"""Bands of size, and practices in no network."""

import pandas as pd
import pytest

from pcn_analysis.network.bands import bands, covered, outside, shares_in_bands
from pcn_analysis.network.registered import registered
from pcn_analysis.thresholds import SIZE_BANDS
from tests.unit.network_people import COUNTS, GROUPS, ONE

pytestmark = pytest.mark.unit

SIZES = pd.Series({"A": 29_999, "B": 30_000, "C": 50_000, "D": 50_001, "E": 12_000})


def test_thirty_and_fifty_thousand_are_both_in_the_band():
    assert bands(SIZES)["band"].to_list() == [SIZE_BANDS[n] for n in (0, 1, 1, 2, 0)]


def test_a_waiver_is_possible_below_the_floor_where_half_of_patients_live_in_rural_areas():
    rural = pd.Series({"A": 0.5, "B": 0.9, "C": 0.9, "D": 0.9, "E": 0.49})
    assert bands(SIZES, rural)["rural_waiver"].to_list() == [True, False, False, False, False]


def test_without_rurality_nothing_is_said_of_the_waiver():
    assert bands(SIZES)["rural_waiver"].isna().all()
    some = bands(SIZES, pd.Series({"A": 0.7}))["rural_waiver"]
    assert some.isna().to_list() == [False, False, False, False, True]  # above the floor there is nothing to waive


def test_shares_in_bands_leave_out_the_practices_in_none():
    table = shares_in_bands(pd.concat([SIZES, pd.Series({"no network": 90_000})]))
    assert table["networks"].to_list() == [2, 2, 1]
    assert table["share"].to_list() == pytest.approx([0.4, 0.4, 0.2])


def test_practices_in_no_network_are_listed_with_all_their_patients():
    table = outside(registered(COUNTS), GROUPS.drop("C1"))
    assert table["registered"].to_dict() == {"C1": 106, "N1": 20}
    assert table["listed"].to_dict() == {"C1": False, "N1": True}


def test_patients_of_such_a_practice_live_on_the_ground_of_the_largest_network_there():
    """Where most people are registered with the practice itself, the ground is that of the next network."""
    elsewhere = pd.DataFrame({"area_code": [ONE, "E01000008", "NO2011"], "patients": [90, 5, 5]})
    more = elsewhere.assign(practice_code="N1")
    rows = covered(registered(pd.concat([COUNTS, more])), GROUPS)
    assert rows["network"].fillna("nobody").to_list() == ["A", "C", "nobody"]
    assert rows["patients"].to_list() == [90, 20, 10]
    assert rows["share"].sum() == pytest.approx(1)


def test_where_every_practice_is_in_a_network_nothing_is_outside():
    assert outside(registered(COUNTS), GROUPS.fillna("A")).empty
    assert covered(registered(COUNTS), GROUPS.fillna("A")).empty
