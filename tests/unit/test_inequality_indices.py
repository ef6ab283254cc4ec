"""Slope, relative and concentration index on lines and orders that a reader can follow."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from statsmodels.api import WLS, add_constant

from pcn_analysis.statistics.concentration import concentration_index, fractional_rank
from pcn_analysis.statistics.inequality import error_on_scale, slope_index

pytestmark = pytest.mark.unit

FIFTHS = pd.DataFrame(
    {
        "place": "Marlhaven",
        "fifth": range(1, 6),
        "people": [3_000, 2_500, 2_000, 1_500, 1_000],
        "rate": [9.0, 8.0, 6.5, 6.0, 5.0],
        "share": [0.30, 0.28, 0.22, 0.20, 0.15],
        "years": [76.0, 77.5, 79.0, 80.0, 82.0],
        "error": [0.05, 0.06, 0.05, 0.07, 0.08],
    }
)
KINDS = [
    ("rate", "rate", np.log, np.exp),
    ("share", "proportion", logit, expit),
    ("years", "level", np.array, np.array),
]


def index(frame=FIFTHS, value="rate", **options) -> pd.Series:
    columns = (frame[name] for name in (value, "people", "fifth", "place"))
    return slope_index(*columns, **{"standard_error": frame["error"], "kind": "rate", **options}).iloc[0]


def test_on_a_straight_line_the_indices_are_its_ends():
    middle = (FIFTHS["people"].cumsum() - FIFTHS["people"] / 2) / FIFTHS["people"].sum()
    found = index(FIFTHS.assign(rate=10 - 4 * middle))
    assert found[["sii", "rii", "at_most_deprived"]].to_list() == pytest.approx([-4, 0.6, 10])


def test_the_line_is_the_weighted_regression_on_the_middle_of_each_group():
    share = FIFTHS["people"] / FIFTHS["people"].sum()
    fit = WLS(FIFTHS["rate"], add_constant(share.cumsum() - share / 2), weights=share).fit()
    start, slope = fit.params
    found = index()
    assert found[["sii", "rii"]].to_list() == pytest.approx([slope, (start + slope) / start])


@pytest.mark.parametrize("transform", [False, True])
@pytest.mark.parametrize(("value", "kind", "to", "back"), KINDS, ids=[kind for _, kind, *_ in KINDS])
def test_limits_are_what_a_simulation_tends_to(value, kind, to, back, transform):
    """400,000 draws of every value on its scale, as PHEindicatormethods does with 100,000: within 2% of the width."""
    found = index(value=value, kind=kind, transform=transform)
    drawn = to(FIFTHS[value].to_numpy()) + FIFTHS["error"].to_numpy() * np.random.default_rng(7).standard_normal(
        (400_000, 5)
    )
    a = (FIFTHS["people"] / FIFTHS["people"].sum()).to_numpy()
    design = np.column_stack([np.ones(5), a.cumsum() - a / 2])
    solve = np.linalg.solve(design.T @ (design * a[:, None]), (design * a[:, None]).T)
    start, slope = (drawn if transform else back(drawn)) @ solve[0], (drawn if transform else back(drawn)) @ solve[1]
    ends = [back(start), back(start + slope)] if transform else [start, start + slope]
    for of, draws in (("sii", ends[1] - ends[0]), ("rii", ends[1] / ends[0])):
        limits = found[[f"{of}_lower_95", f"{of}_upper_95"]].to_numpy(dtype=float)
        assert np.quantile(draws, [0.025, 0.975]) == pytest.approx(limits, abs=0.02 * (limits[1] - limits[0]))


def test_the_error_on_the_scale_of_a_kind_comes_from_the_limits():
    limits = (pd.Series([np.exp(1 - 1.959964)]), pd.Series([np.exp(1 + 1.959964)]))
    assert error_on_scale(*limits, "rate")[0] == pytest.approx(1, abs=1e-6)


def test_a_harm_that_falls_with_wealth_is_told_as_excess_of_the_most_deprived_when_asked():
    plain, turned = index(), index(negative=True)
    assert turned["sii"] == -plain["sii"]
    assert turned["sii_lower_95"] == -plain["sii_upper_95"]
    assert turned["rii"] == pytest.approx(1 / plain["rii"])
    assert turned["rii_upper_95"] == pytest.approx(1 / plain["rii_lower_95"])


def test_a_multiplier_is_of_the_slope_index_only():
    plain, percent = index(value="share", kind="proportion"), index(value="share", kind="proportion", multiplier=100)
    assert percent["sii_upper_95"] == pytest.approx(100 * plain["sii_upper_95"])
    assert percent["rii"] == plain["rii"]


def test_each_place_has_a_line_of_its_own():
    other = FIFTHS.assign(place="Coast", rate=FIFTHS["rate"].to_numpy()[::-1])
    both = pd.concat([FIFTHS, other], ignore_index=True)
    columns = (both[name] for name in ("rate", "people", "fifth", "place"))
    found = slope_index(*columns, standard_error=both["error"], kind="rate")
    assert found.index.to_list() == ["Coast", "Marlhaven"]
    assert found.loc["Marlhaven"].to_list() == index().to_list()


@pytest.mark.parametrize("name", ["rate", "people", "fifth"])
def test_a_group_without_a_number_gives_no_index(name):
    gap = FIFTHS.astype({name: "Float64"})
    gap.loc[2, name] = pd.NA
    found = index(gap)
    assert found[["sii", "rii", "sii_lower_95", "rii_upper_95"]].isna().all()


def test_without_standard_errors_there_are_indices_without_limits():
    found = index(FIFTHS.assign(error=pd.array([pd.NA] * 5, dtype="Float64")))
    assert found[["sii", "rii"]].notna().all()
    assert found[["sii_lower_95", "rii_upper_95"]].isna().all()


def test_a_ratio_to_what_may_be_nothing_has_no_limits():
    found = index(FIFTHS.assign(years=[0.1, 1.0, 2.0, 3.0, 4.0], error=3.0), value="years", kind="level")
    assert pd.isna(found["rii_lower_95"])
    assert pd.notna(found["sii_lower_95"])


def test_fewer_than_five_groups_or_two_of_the_same_order_are_refused():
    with pytest.raises(ValueError, match="1 of 1 have fewer than 5"):
        index(FIFTHS[:4])
    with pytest.raises(ValueError, match=r"1 group\(s\) stand where another"):
        index(FIFTHS.assign(fifth=[1, 2, 2, 4, 5]))


def test_ranks_are_the_middles_of_what_each_row_takes_up():
    assert fractional_rank(pd.Series([1, 2, 3]), pd.Series([50, 30, 20])).to_list() == pytest.approx([0.25, 0.65, 0.9])
    assert fractional_rank(pd.Series([2, 1, 2])).to_list() == pytest.approx([2 / 3, 1 / 6, 2 / 3])


def test_all_health_with_the_richest_of_many_is_nearly_1_and_with_the_poorest_nearly_minus_1():
    order, one = pd.Series(range(1_000)), pd.Series([0.0] * 999 + [1.0])
    assert concentration_index(one, order) == pytest.approx(0.999)
    assert concentration_index(one[::-1].reset_index(drop=True), order) == pytest.approx(-0.999)
    assert concentration_index(pd.Series([0.3] * 1_000), order) == pytest.approx(0)


def test_people_and_their_groups_have_the_same_index_where_groups_are_alike_within():
    groups = pd.DataFrame({"order": [1, 2, 3], "health": [0.2, 0.5, 0.6], "people": [5, 3, 2]})
    people = groups.loc[groups.index.repeat(groups["people"])]
    of_groups = concentration_index(groups["health"], groups["order"], weight=groups["people"])
    assert concentration_index(people["health"], people["order"]) == pytest.approx(of_groups)


def test_variants_for_bounded_health_follow_from_the_standard_index():
    health, order = pd.Series([0, 0, 1, 1, 1]), pd.Series(range(5))
    standard = concentration_index(health, order)
    assert concentration_index(health, order, variant="erreygers") == pytest.approx(4 * 0.6 * standard)
    assert concentration_index(health, order, variant="wagstaff") == pytest.approx(standard / 0.4)
    assert concentration_index(health, order, variant="wagstaff") == pytest.approx(1)  # none could be further apart


def test_the_mirror_of_health_has_the_opposite_index_in_both_variants():
    health, order = pd.Series([0.1, 0.3, 0.2, 0.9]), pd.Series(range(4))
    for variant in ("erreygers", "wagstaff"):
        index = concentration_index(health, order, variant=variant)
        assert concentration_index(1 - health, order, variant=variant) == pytest.approx(-index)


def test_no_index_without_health_people_or_a_number():
    order = pd.Series([1, 2])
    assert concentration_index(pd.Series([0, 0]), order) is None
    assert concentration_index(pd.Series([1, None], dtype="Float64"), order) is None
    assert concentration_index(pd.Series([1, 2]), order, weight=pd.Series([0, 0])) is None
    assert concentration_index(pd.Series([1, 1]), order, variant="wagstaff") is None


def test_a_variant_that_is_not_known_and_health_beyond_its_bounds_are_refused():
    with pytest.raises(ValueError, match="variant is one of"):
        concentration_index(pd.Series([1]), pd.Series([1]), variant="gini")
    with pytest.raises(ValueError, match="1 values are not from 0 to 1"):
        concentration_index(pd.Series([1, 2]), pd.Series([1, 2]), variant="erreygers")
