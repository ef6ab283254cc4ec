"""The Investment and Impact Fund: points between two thresholds, payments, and what a network earned as published."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pcn_analysis import codes
from pcn_analysis.budget.impact_points import DOWNWARDS, adjustment, payment, points, reached
from pcn_analysis.budget.investment_and_impact import achieved
from pcn_analysis.contract.clauses import clause
from pcn_analysis.contract.investment_and_impact import find_indicator, indicators_in, value_of_point
from pcn_analysis.contract.years import YEARS
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.place import network_of
from pcn_analysis.provenance import SourcedTable
from pcn_analysis.release import release
from pcn_analysis.sources.local_authority import prepare_place
from tests import contract_measures as iif
from tests import miniature as mini

pytestmark = pytest.mark.unit

YEAR = "2023/24"
SHARES = st.floats(0, 1)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = iif.write_contract_measures(mini.write_open_data(tmp_path_factory.mktemp("fund")))
    return prepare_place("Northfield", folder)


@pytest.fixture(scope="module")
def central(place):
    return network_of(place, "U90001")


def of(network, year=YEAR):
    return achieved(network, year).frame.set_index("indicator")


# -- points and payments -----------------------------------------------------------------------------------


def test_half_way_between_the_thresholds_half_of_the_points_are_earned():
    """VI-01 of 2021/22: 80% to 86% and 40 points. 83% is half way: 40 x (0.83 - 0.80) / (0.86 - 0.80) = 20."""
    assert points(0.83, 0.80, 0.86, 40) == 20
    assert points(0.80, 0.80, 0.86, 40) == 0
    assert points(0.86, 0.80, 0.86, 40) == 40
    assert (points(0.10, 0.80, 0.86, 40), points(1.0, 0.80, 0.86, 40)) == (0, 40)


def test_birkenhead_would_have_earned_38_points_of_71_for_appointments():
    """As published for 2023/24: 306,916 of 349,925 are 87.709%; 71 x (0.87709 - 0.85) / 0.05 = 38.47."""
    assert points(reached(306_916, 349_925), 0.85, 0.90, 71) == pytest.approx(38.469, abs=0.001)


def test_where_less_is_better_the_upper_threshold_is_the_smaller():
    assert points(0.44, 0.44, 0.38, 27, DOWNWARDS) == 0
    assert points(0.41, 0.44, 0.38, 27, DOWNWARDS) == 13.5
    assert points(0.30, 0.44, 0.38, 27, DOWNWARDS) == 27


@pytest.mark.parametrize(
    ("lower", "upper", "direction"), [(0.4, 0.2, "upwards"), (0.2, 0.4, DOWNWARDS), (0.4, 0.4, "upwards")]
)
def test_thresholds_that_go_the_other_way_are_a_mistake(lower, upper, direction):
    with pytest.raises(ValueError, match="do not go"):
        points(0.3, lower, upper, 10, direction)


def test_who_has_a_personalised_care_adjustment_leaves_the_denominator():
    """600 of 1,000 are 60%; 200 of the 400 others have an adjustment: 600 of 800 are 75%."""
    assert reached(600, 1_000) == 0.6
    assert reached(600, 1_000, 200) == 0.75
    assert reached(0, 50, 50) is None
    with pytest.raises(PcnAnalysisError, match="more people have an adjustment"):
        reached(600, 1_000, 401)
    with pytest.raises(PcnAnalysisError, match="numerator: it is above the denominator"):
        reached(11, 10)


def test_a_payment_is_points_times_their_value_times_adjustments():
    """35.5 points of GBP 198 with a list of 60,000 where the mean is 50,000: 35.5 x 198 x 1.2 = 8,434.80."""
    assert adjustment(60_000, 50_000) == 1.2
    assert payment(35.5, 198, list_adjustment=1.2) == pytest.approx(8_434.80)
    assert payment(35.5, 198, list_adjustment=1.2, prevalence_adjustment=0.5) == pytest.approx(4_217.40)
    with pytest.raises(PcnAnalysisError, match="not above 0"):
        adjustment(60_000, 0)


@given(SHARES, SHARES, SHARES, SHARES, st.floats(0, 300))
def test_points_never_fall_as_more_is_reached_and_stay_between_none_and_all(one, other, lower, upper, most):
    assume(upper - lower > 1e-6)
    less, more = sorted((one, other))
    assert 0 <= points(less, lower, upper, most) <= points(more, lower, upper, most) <= most
    down = [points(value, upper, lower, most, DOWNWARDS) for value in (more, less)]
    assert 0 <= down[0] <= down[1] <= most


@given(st.integers(0, 1_000), st.integers(1, 1_000), st.integers(0, 1_000))
def test_an_adjustment_never_lowers_what_is_reached(numerator, others, adjusted):
    assume(adjusted <= others)
    before, after = reached(numerator, numerator + others), reached(numerator, numerator + others, adjusted)
    assert after is None or before <= after <= 1


# -- the table of clauses ----------------------------------------------------------------------------------


def test_totals_and_the_value_of_a_point_are_those_of_the_year_alone():
    said = {year: (clause("iif_points", year).value, value_of_point(year).value) for year in YEARS}
    assert said["2020/21"] == ("194", "111")
    assert said["2021/22"] == ("225", "200")
    assert said[YEAR] == ("262", "198")
    assert said["2024/25"] == said["2026/27"] == ("", ""), "two indicators are left; nothing was read of their value"


def test_points_of_2023_24_that_were_read_add_up_to_all_but_those_of_influenza():
    """36 of HI-03, 22 of CAN-02 and 71 of ACC-08 are 129; 133 of VI-02 and VI-03 together make 262."""
    known = sum(one.points.number for one in indicators_in(YEAR) if one.points.value)
    assert known + 133 == clause("iif_points", YEAR).number


def test_thresholds_of_one_year_say_nothing_of_the_next():
    assert (find_indicator("vi_02", "2022/23").lower.number, find_indicator("vi_02", YEAR).lower.value) == (0.57, "")
    assert (
        find_indicator("vi_02", YEAR).standing
        == "points not known; lower threshold not known; upper threshold not known"
    )
    with pytest.raises(PcnAnalysisError, match="nothing was read of it in 2025/26"):
        find_indicator("vi_01", "2025/26")


def test_sources_that_disagree_are_to_be_verified():
    one = find_indicator("pc_01", "2022/23")
    assert (one.lower.number, one.upper.number, one.lower.standing) == (0.012, 0.016, "to verify")
    assert "0.8% to 1.2%" in one.note


@pytest.mark.parametrize("year", YEARS)
def test_thresholds_are_shares_and_points_are_not_more_than_all(year):
    for one in indicators_in(year):
        shares = [float(said.value) for said in (one.lower, one.upper) if said.value]
        assert all(0 <= share <= 1 for share in shares)
        assert len(set(shares)) == len(shares)
        assert not one.points.value or one.points.number <= float(clause("iif_points", year).value or "inf")


# -- what a network earned ---------------------------------------------------------------------------------


def test_every_network_was_given_the_points_of_acc_08_whatever_was_measured(central):
    """Alder and Birch: 13,000 of 16,000 appointments within two weeks, 81.25% and below 85%. By the rule: nothing."""
    found = of(central).loc["acc_08"]
    assert found[["numerator", "denominator", "value"]].tolist() == [13_000, 16_000, 0.8125]
    assert (found["earned"], found["given"]) == (0, 71)
    assert found["amount_before"] == 71 * 198
    assert "appointments data were found to be flawed" in found["note"]


def test_what_is_not_published_is_null_and_named_and_never_0(central):
    frame = of(central)
    assert frame.loc["hi_03", "missing"] == "lower threshold, upper threshold, what was reached"
    assert frame.loc["can_02", "missing"] == "what was reached"
    assert (
        frame.loc[["vi_02", "vi_03", "hi_03", "can_02"], ["value", "earned", "amount_before", "amount"]]
        .isna()
        .all(axis=None)
    )


def test_a_measure_of_one_year_is_not_held_against_thresholds_of_another(central):
    found = of(central, "2022/23").loc["acc_08"]
    assert pd.isna(found["value"])
    assert found["given"] == 0, "it was deferred within the year"


def without_lists(place, network):
    """The network in a place that was made without the lists of all networks."""
    bare = {name: one for name, one in place.tables.items() if name != "country_networks"}
    return network_of(replace(place, tables=bare), network.pcn_code)


def with_lists(place, patients):
    """U90001 in a country of as many networks as there are numbers, each with so many patients."""
    lists = pd.DataFrame({"pcn_code": [f"U9000{number}" for number in range(1, len(patients) + 1)],
                          "patients": pd.array(patients, "Int64")})  # fmt: skip
    country = SourcedTable(lists, place.tables["practices"].provenance)
    return network_of(replace(place, tables=dict(place.tables) | {"country_networks": country}), "U90001")


def test_the_list_adjustment_needs_the_lists_of_all_networks(place, central):
    """A list of 30,000 where the mean of three is 20,000: 71 x 198 x 1.5 = 21,087."""
    assert pd.isna(of(without_lists(place, central)).loc["acc_08", "amount"])
    found = of(with_lists(place, [30_000, 20_000, 10_000, None])).loc["acc_08"]
    assert (found["list_adjustment"], found["amount"]) == (1.5, pytest.approx(21_087))


def test_an_amount_says_what_it_rests_on_and_of_when_the_lists_are(place, central):
    """The points are published, the adjustment is not sure, and lists of July 2026 are not those of 2023/24."""
    found = of(with_lists(place, [30_000, 20_000, 10_000, None])).loc["acc_08"]
    assert found["standing"] == "list adjustment to verify"
    assert found["lists_of"] == "lists of 1 July 2026"
    assert "nor of which day the lists are" in found["note"]
    assert "Doncaster LMC" in found["source"]
    assert found["source"].count("Suvera, GP contract changes for 2023/24") == 1, "who gives points and their value"
    bare = of(without_lists(place, central)).loc["acc_08"]
    assert (bare["standing"], bare["lists_of"]) == ("published", "")
    assert of(central, "2022/23").loc["acc_08", "value_of_point"] == 200


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_a_measure_with_more_reached_than_there_are_is_not_known_and_stops_no_table(place, central):
    tables = dict(place.tables)
    frame = tables["published_measures"].frame
    own = frame["pcn_code"].eq(central.pcn_code) if "pcn_code" in frame else frame["measure"].notna()
    raised = frame.assign(numerator=frame["numerator"].where(~own, frame["denominator"] + 1))
    tables["published_measures"] = replace(tables["published_measures"], frame=raised)
    rows = of(network_of(replace(place, tables=tables), central.pcn_code))
    assert pd.isna(rows.loc["acc_08", "value"])
    assert rows.loc["acc_08", "missing"] == "what was reached (its numerator is above its denominator)"
    assert rows.loc["acc_08", "given"] == 71, "what was given to all rests on nothing that was measured"


@pytest.mark.parametrize("year", YEARS)
def test_it_is_released_as_open_data_in_every_year(central, year):
    table = achieved(central, year)
    assert len(release(table, profile="open_data").frame) == len(indicators_in(year))


def test_a_place_without_the_file_knows_of_no_measure(tmp_path):
    network = network_of(prepare_place("Northfield", mini.write_open_data(tmp_path)), "U90001")
    assert of(network).loc["acc_08", "missing"] == "what was reached"


def test_only_networks_earn_points(place):
    assert achieved(network_of(place, codes.WHOLE_PLACE), YEAR).frame.empty
