"""Whether a number of networks can fit is said in one line, before any search."""

import numpy as np
import pandas as pd
import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network.design import Wanted
from pcn_analysis.network.design.feasibility import check_fits, numbers_that_fit, said_of_numbers, said_of_tightness
from tests.unit.small_places import area, in_a_row, practice, prepared

pytestmark = pytest.mark.unit
BAND = (30_000, 50_000)


def refused(place, wanted: Wanted) -> str:
    with pytest.raises(PcnAnalysisError) as caught:
        check_fits(prepared(place, wanted)[1], wanted)
    return str(caught.value)


def test_six_networks_of_wirral_do_not_fit() -> None:
    expected = "6 × 50,000 is less than 346,146 registered patients: 7 to 11 networks fit"
    assert said_of_numbers(346_146, 6, BAND) == expected


@pytest.mark.parametrize(
    ("total", "fit"),
    [(29_999, []), (30_000, [1]), (50_000, [1]), (50_001, []), (60_000, [2]), (100_001, [3]), (229_762, [5, 6, 7])],
)
def test_numbers_that_fit_are_those_between_total_over_ceiling_and_total_over_floor(total: int, fit: list[int]) -> None:
    assert list(numbers_that_fit(total, BAND)) == fit


def test_one_number_that_fits_and_none_are_said_so() -> None:
    assert said_of_numbers(60_000, 3, BAND).endswith("registered patients: only 2 fits")
    assert said_of_numbers(40_000, 2, BAND).endswith("registered patients: only 1 network fits")
    assert said_of_numbers(55_000, 2, BAND).endswith("registered patients: no number of networks fits")


def test_a_list_above_the_ceiling_is_named() -> None:
    said = refused(in_a_row([60_000, 20_000, 20_000]), Wanted(2))
    assert "A00000 has 60,000 registered patients, more than 50,000" in said


def test_practices_kept_together_that_are_too_large_are_named() -> None:
    said = refused(in_a_row([30_000, 30_000, 20_000]), Wanted(2, keep=[(practice(0), practice(1))]))
    assert "A00000 with A00001 has 60,000 registered patients, more than 50,000" in said


def test_a_part_that_is_too_small_is_named() -> None:
    everyone, lists, neighbours = in_a_row([20_000, 40_000, 30_000], spread=0.0)
    cut_off = neighbours[neighbours["area_code"] != area(0)]
    said = refused((everyone, lists, cut_off), Wanted(2))
    assert "A00000 with 20,000 registered patients touches no other practice, and no number of networks fits" in said


def test_parts_are_each_divided_into_whole_networks() -> None:
    everyone, lists, neighbours = in_a_row([40_000, 40_000, 35_000, 35_000], spread=0.0)
    cut = neighbours.drop(index=1)
    wanted = Wanted(3)
    assert "practices lie in 2 parts that do not touch: only 4 fits" in refused((everyone, lists, cut), wanted)
    check_fits(prepared((everyone, lists, neighbours), wanted)[1], wanted)


def test_a_border_that_may_not_be_crossed_makes_parts() -> None:
    place = in_a_row([20_000, 20_000, 20_000, 20_000])
    sides = pd.Series(["West", "East", "East", "East"], place[1].index)
    assert "A00000 with 20,000 registered patients" in refused(place, Wanted(2, within=sides))


def test_little_room_is_said() -> None:
    lists = [25_000] * 4
    tight, roomy = Wanted(2), Wanted(2, (30_000, 60_000))
    assert said_of_tightness(prepared(in_a_row(lists), tight)[1], tight).startswith(
        "2 networks of at most 50,000 would be 100% full"
    )
    assert said_of_tightness(prepared(in_a_row(lists), roomy)[1], roomy) == ""
    floor = Wanted(3, (33_000, 50_000))
    assert "need 99% of all" in said_of_tightness(prepared(in_a_row(lists), floor)[1], floor)


def test_practices_that_stay_together_are_one_unit() -> None:
    ground, units = prepared(in_a_row([1_000, 2_000, 3_000]), Wanted(1, keep=[(practice(0), practice(2))]))
    assert units.names == (("A00000", "A00002"), ("A00001",))
    assert units.lists.tolist() == [4_000, 2_000]
    assert units.of.tolist() == [0, 1, 0]
    np.testing.assert_array_equal(units.patients.sum(axis=0), ground.patients.sum(axis=1))
