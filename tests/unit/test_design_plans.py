"""Plans are named after today's networks, measured as these are, and told apart."""

import numpy as np
import pandas as pd
import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network.design import Design, Wanted, design
from pcn_analysis.network.design import designed as designed_module
from pcn_analysis.network.design.exact import INFEASIBLE, Assigned
from pcn_analysis.network.design.plans import TODAY, chosen, different, efficient, measured, named
from pcn_analysis.network.measures import coherence
from tests.unit.small_places import in_a_row, of_today, on_a_grid, practice, prepared, short_searches

pytestmark = pytest.mark.unit
BAND = (20_000, 40_000)
SIZES = [9_000, 11_000, 10_000, 8_000, 12_000, 10_000, 9_500, 10_500, 7_000, 13_000, 10_000, 10_000]


@pytest.fixture(scope="module", autouse=True)
def short():
    with pytest.MonkeyPatch.context() as patch:
        short_searches(patch)
        yield


@pytest.fixture(scope="module")
def place():
    return on_a_grid(SIZES, 4, seed=1)


@pytest.fixture(scope="module")
def today(place) -> pd.Series:
    return of_today(place[1], 6, 5)


@pytest.fixture(scope="module")
def designed(place, today) -> Design:
    everyone, lists, neighbours = place
    return design(everyone, lists, neighbours, Wanted(4, BAND), today=today)


def test_a_network_has_the_name_of_the_one_that_it_continues() -> None:
    lists = [10, 10, 10, 10, 10]
    ground, _ = prepared(in_a_row(lists), Wanted(3, (1, 50)), of_today(in_a_row(lists)[1], 2, 2))
    assert named(ground, np.array([2, 2, 0, 0, 1])).tolist() == ["U00001", "U00001", "U00002", "U00002", "new 1"]
    assert named(ground, np.array([0, 1, 1, 1, 2])).tolist() == ["U00001", *["U00002"] * 3, "new 1"]


def test_the_fewest_patients_move_among_the_fewest_practices() -> None:
    lists = [10, 30]
    ground, _ = prepared(in_a_row(lists), Wanted(2, (1, 50)), of_today(in_a_row(lists)[1], 2))
    assert named(ground, np.array([0, 1])).tolist() == ["new 1", "U00001"]


def test_plans_that_differ_by_one_practice_are_shown_only_where_there_are_few() -> None:
    base = np.array([0, 0, 0, 1, 1, 1])
    one, two, other = np.array([0, 0, 1, 1, 1, 1]), np.array([0, 1, 1, 1, 1, 1]), np.array([0, 1, 0, 1, 0, 1])
    assert (different(base, 1 - base), different(base, one), different(base, two)) == (0, 1, 2)
    assert list(chosen({"a": base, "same": 1 - base, "one": one, "two": two})) == ["a", "one", "two"]
    assert list(chosen({"a": base, "one": one, "two": two, "other": other})) == ["a", "two", "other"]
    assert list(chosen({"a": base, "same": 1 - base})) == ["a"]


def test_a_plan_is_efficient_unless_another_is_as_good_in_everything_and_better_in_something() -> None:
    rows = pd.DataFrame({"moves": [5, 5, 2, 5], "localisation": [0.6, 0.7, 0.5, 0.7], "worst": [0.4, 0.4, 0.1, 0.4]})
    assert efficient(rows).tolist() == [False, True, True, True]


def test_a_plan_is_measured_as_networks_are(place, designed: Design) -> None:
    everyone, lists, _ = place
    for row in designed.table[designed.table["plan"] != TODAY].itertuples():
        plan = designed.plans[row.plan]
        measures = coherence(everyone.grouped(plan))
        sizes = lists.groupby(plan).sum()
        each = measures["inside"] / sizes
        assert row.localisation == pytest.approx(measures["inside"].sum() / lists.sum())
        assert row.worst_localisation == pytest.approx(each.min())
        assert row.worst_commitment == pytest.approx((measures["inside"] / measures["footprint_registered"]).min())
        assert (row.smallest, row.largest) == (sizes.min(), sizes.max())
        assert row.in_band == sizes.between(*BAND).sum() == row.networks


def test_today_is_the_first_row_and_measures_only_practices_in_a_network(place, today, designed: Design) -> None:
    first = designed.table.iloc[0]
    members = place[1][today.index]
    assert (first["plan"], first["networks"], first["moves"], first["patients_moved"]) == (TODAY, 2, 0, 0)
    assert (first["smallest"], first["largest"]) == tuple(sorted(members.groupby(today).sum()))
    assert first["in_band"] == 0
    assert pd.isna(first["efficient"])
    assert designed.plans[TODAY].isna().sum() == 1
    assert any("1 practice in no network today" in note for note in designed.notes)


def test_plans_differ_keep_the_band_and_count_their_moves(place, today, designed: Design) -> None:
    _, lists, _ = place
    assert 3 <= len(designed.plans.columns) - 1 <= 5
    assert designed.plans.columns.to_list() == designed.table["plan"].to_list()
    assert designed.plans.index.to_list() == lists.index.to_list()
    for row in designed.table.iloc[1:].itertuples():
        plan = designed.plans[row.plan]
        assert lists.groupby(plan).sum().between(*BAND).all()
        moved = plan[today.index] != today
        assert (row.moves, row.patients_moved) == (moved.sum(), lists[today.index][moved].sum())
        assert 0 <= row.percentile <= 1
        assert row.parts >= row.networks
    assert (designed.status, designed.gap) == ("optimal", 0.0)
    assert designed.bound == pytest.approx(designed.cost)


def test_a_number_that_cannot_fit_is_said_in_one_line(place, today) -> None:
    everyone, lists, neighbours = place
    with pytest.raises(PcnAnalysisError) as caught:
        design(everyone, lists, neighbours, Wanted(2, BAND), today=today)
    assert str(caught.value) == (
        "--networks: 2 × 40,000 is less than 120,000 registered patients: 3 to 6 networks fit. "
        "Give one of these numbers, or another --band."
    )


def test_that_no_plan_keeps_every_wish_is_said_with_the_wishes(today) -> None:
    everyone, lists, neighbours = in_a_row([15_000, 10_000, 15_000])
    wanted = Wanted(2, (20_000, 20_000), keep=[(practice(0), practice(1))], separate=[(practice(1), practice(2))])
    wide = Wanted(2, (15_000, 25_000), keep=wanted.keep, separate=wanted.separate, max_moves=0)
    with pytest.raises(PcnAnalysisError, match=r"loosen one of --band, --keep, --separate, --max-moves"):
        design(everyone, lists, neighbours, wide, today=of_today(lists, 3))


def test_a_time_limit_always_returns_a_plan_with_its_gap() -> None:
    sizes = np.random.default_rng(0).integers(4_000, 12_000, 42).tolist()
    everyone, lists, neighbours = on_a_grid(sizes, 7)
    wanted = Wanted(7, (40_000, 60_000), time_limit=0.02)
    found = design(everyone, lists, neighbours, wanted, today=of_today(lists, 21, 21))
    assert len(found.table) > 1
    assert found.gap > 0
    assert found.status in {"time limit", "none found in time"}
    assert not any("No plan was found" in note for note in found.notes)
    if found.status == "none found in time":
        assert any("The exact assignment found none in 0.02 seconds" in note for note in found.notes)


def test_a_plan_that_the_exact_model_does_not_consider_is_looked_for_otherwise(
    place, today, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is proven of the model is not proven of every contiguous plan."""
    none = Assigned(None, INFEASIBLE, np.nan, np.nan, np.inf, 0.0)
    monkeypatch.setattr(designed_module, "assign", lambda *_: none)
    found = design(*place, Wanted(4, BAND), today=today)
    assert found.table["plan"][1] == "any that fits"
    assert any("The exact assignment has none" in note for note in found.notes)


def test_where_nothing_is_found_in_time_today_is_still_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = np.random.default_rng(0).integers(4_000, 12_000, 42).tolist()
    everyone, lists, neighbours = on_a_grid(sizes, 7)
    size = int(lists.sum() / 7)
    wanted = Wanted(7, (size - 20, size + 20), time_limit=0.02)
    found = design(everyone, lists, neighbours, wanted, today=of_today(lists, 21, 21))
    assert (found.status, found.gap, found.table["plan"].to_list()) == ("none found in time", np.inf, [TODAY])
    assert any("No plan was found in 0.02 seconds" in note for note in found.notes)


def test_a_single_network_is_wholly_local_and_has_no_percentile(today) -> None:
    everyone, lists, neighbours = in_a_row([10_000, 10_000, 10_000])
    found = design(everyone, lists, neighbours, Wanted(1, (1, 50_000)), today=of_today(lists, 3))
    assert found.table["localisation"].tolist() == [1.0, 1.0]
    assert found.table["percentile"].isna().all()
    assert found.table["plan"].tolist() == [TODAY, "shared ground"]


def test_practices_at_one_point_are_in_one_network(place, today) -> None:
    everyone, lists, neighbours = place
    at = pd.DataFrame({"easting": 330_000.0 + 1_000 * np.arange(12), "northing": 390_000.0}, index=lists.index)
    at.loc[practice(11)] = at.loc[practice(0)]
    found = design(everyone, lists, neighbours, Wanted(4, BAND), today=today, points=at)
    for name in found.plans.columns[1:]:
        assert found.plans.loc[practice(0), name] == found.plans.loc[practice(11), name]
    assert not any("Where practices stand" in note for note in found.notes)


def test_a_network_with_practices_elsewhere_is_named(place, today) -> None:
    everyone, lists, neighbours = place
    inside = lists.drop(practice(0))
    found = design(everyone, inside, neighbours, Wanted(4, BAND), today=today)
    assert "These also have practices elsewhere, which count as rivals: U00001." in found.notes


def test_parts_and_main_part_by_hand() -> None:
    """The patients of one network live on either side of the other: its footprint has two parts."""
    ground, _ = prepared(in_a_row([30, 10, 30], spread=0.0), Wanted(2, (1, 100)))
    row = measured(ground, np.array([0, 1, 0]), (1, 100))
    assert row["parts"] == 3
    assert row["main_part"] == pytest.approx(0.5)
