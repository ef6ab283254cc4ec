"""What is published of each practice of a network: held against the network, drawn as cells and read out."""

from __future__ import annotations

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from handmade import PUBLISHED, released

from pcn_analysis import readings
from pcn_analysis.place import network_of
from pcn_analysis.plots import alt_text, charts
from pcn_analysis.release import release
from pcn_analysis.services.published import BY_PRACTICE, published_by_practice
from pcn_analysis.services.published_funnel import around_network
from pcn_analysis.sources.local_authority import prepare_place
from pcn_analysis.statistics.rates import wilson
from tests import contract_measures as iif
from tests import miniature as mini

mpl.use("Agg")
pytestmark = pytest.mark.unit

DEMENTIA, SOON = "Dementia, recorded prevalence", "Appointments within two weeks of booking"
MEASURES = {"qof_dem": (DEMENTIA, "2024/25", "people"), "acc_08": (SOON, "2023/24", "appointments")}
ALIKE = {"qof_dem": [100, 100, 100], "acc_08": [9_000, 8_000, 7_000]}
ABBEY = {**ALIKE, "qof_dem": [200, 100, 60]}
"""Abbey Surgery has far more people with dementia on its register than chance explains, Coast Practice far fewer."""


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def table(numerators=ABBEY, practices=("Abbey Surgery", "Bridge Practice", "Coast Practice")):
    """Three practices of 10,000 people and appointments each, and one that the first has absorbed."""
    rows = [
        (measure, *MEASURES[measure], practice, None, numerator, 10_000, sum(n for n in each if n), 30_000)
        for measure, each in numerators.items()
        for practice, numerator in zip(practices, each, strict=True)
    ]
    rows += [("acc_08", *MEASURES["acc_08"], "Gone Surgery", practices[0], 1_000, 10_000, 24_000, 30_000)]
    columns = ["measure", "name", "year", "kind", "practice_name", "absorbed_by", "numerator", "denominator"]
    frame = pd.DataFrame(rows, columns=[*columns, "network_numerator", "network_denominator"])
    frame = frame.assign(practice_code=frame["practice_name"], status="published", direction="neither")
    frame = frame.assign(comparator_numerator=8_000, comparator_denominator=1_000_000)
    counts = tuple(name for name in frame if name.endswith(("numerator", "denominator")))
    return released(frame.astype(dict.fromkeys(counts, "Int64")), PUBLISHED, counts=counts, rates=BY_PRACTICE)


def held(numerators=ABBEY):
    return table(numerators).followed_by(around_network)


def without_file(folder):
    return network_of(prepare_place("Northfield", mini.write_open_data(folder)), "U90001")


# -- all measures of all practices -------------------------------------------------------------------------


def test_without_the_name_of_a_measure_all_that_are_published_of_practices_are_shown(harbour):
    every = published_by_practice(harbour).frame
    assert every["measure"].nunique() == 16
    assert "acc_10" not in set(every["measure"]), "which is published of networks"
    for measure in ("qof_dem", "acc_08", "ehch_04"):
        alone = published_by_practice(harbour, measure).frame
        of_it = every[every["measure"] == measure].reset_index(drop=True)
        pd.testing.assert_frame_equal(of_it, alone, check_dtype=False)


def test_the_network_is_the_sum_of_its_practices_of_today(tmp_path):
    folder = iif.write_contract_measures(mini.write_open_data(tmp_path))
    rows = published_by_practice(network_of(prepare_place("Northfield", folder), "U90001"), "acc_08").frame
    assert set(rows["network_numerator"]) == {13_000}, "without the 700 of Gorse Surgery"
    assert set(rows["network_value"]) == {13_000 / 16_000}


# -- held against the network ------------------------------------------------------------------------------


def test_a_practice_is_beyond_limits_as_its_wilson_interval_leaves_the_network_out():
    frame = held().frame.set_index(["measure", "practice_name"])
    assert frame.loc["qof_dem", "position"].to_list() == [
        "above the 99.8% limit", "within the limits", "below the 99.8% limit",
    ]  # fmt: skip
    low, _ = wilson(pd.Series([200]), pd.Series([10_000]), 0.998)
    assert low[0] > frame.loc[("qof_dem", "Abbey Surgery"), "network_value"] == 360 / 30_000
    assert frame.loc[("qof_dem", "Abbey Surgery"), ["limits", "wider"]].to_list() == [
        "1.0% to 1.4%", "0.9% to 1.5%",
    ]  # fmt: skip


def test_appointments_have_no_limits_and_what_was_absorbed_is_not_held_against_anything():
    frame = held().frame
    assert frame.loc[frame["measure"] == "acc_08", ["limits", "position"]].isna().all(axis=None)
    assert "Gone Surgery" not in set(frame["practice_name"])


def test_a_practice_without_a_value_has_no_position():
    frame = held({**ABBEY, "qof_dem": [200, None, 60]}).frame
    assert frame.loc[1, ["limits", "position"]].isna().all()


def test_a_measure_without_a_share_is_left_out(harbour):
    frame = release(published_by_practice(harbour), profile="open_data").followed_by(around_network).frame
    assert "ehch_04" not in set(frame["measure"]), "no denominator is published"
    assert frame["measure"].nunique() == 15


# -- read out ----------------------------------------------------------------------------------------------


def test_it_is_read_how_many_lie_beyond_in_what_and_who():
    said = readings.published_by_practice(held())
    assert "In 1 published measure of people (2024/25), 2 of the 3 shares of the 3 practices of Harbour PCN" in said
    assert "both ends beyond the limits, in dementia (0.6% at Coast Practice to 2.0% at Abbey Surgery)." in said
    assert "Most often above the limits: Abbey Surgery (1 of 1); most often below the limits: Coast" in said
    assert f"{SOON} (2023/24): 70.0% at Coast Practice to 90.0% at Abbey Surgery, without limits" in said


def test_of_practices_that_are_alike_nobody_is_named_as_standing_out():
    said = readings.published_by_practice(held(ALIKE))
    assert "0 of the 3 shares" in said
    assert "Most often" not in said
    assert "differ most" not in said


def test_where_nothing_is_published_one_sentence_says_so(tmp_path):
    nothing = release(published_by_practice(without_file(tmp_path), "acc_08"), profile="open_data")
    nothing = nothing.followed_by(around_network)
    said = readings.published_by_practice(nothing)
    assert said == "How practices differ is not shown: no share of any of them is published."
    assert {"limits", "wider", "position"} <= set(nothing.frame)
    assert charts.published_by_practice(nothing) is None
    assert alt_text.published_by_practice(nothing) == ""


def test_one_practice_is_held_against_none():
    one = table().followed_by(lambda rows: around_network(rows[rows["practice_name"] == "Abbey Surgery"]))
    assert "has one practice" in readings.published_by_practice(one)
    assert charts.published_by_practice(one) is None


# -- drawn -------------------------------------------------------------------------------------------------


def words(ax):
    return [text.get_text() for text in ax.texts]


def test_a_cell_is_drawn_for_the_network_and_each_practice_and_coloured_beyond_limits():
    ax = charts.published_by_practice(held())
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "Harbour PCN", "Abbey Surgery", "Bridge Practice", "Coast Practice",
    ]  # fmt: skip
    assert ax.get_xticklabels()[0].get_text() == "Dementia"
    assert words(ax) == ["1.2%", "80.0%", "2.0%", "90.0%", "1.0%", "80.0%", "0.6%", "70.0%"]
    white = [[bool((cell[:3] > 0.99).all()) for cell in row] for row in ax.images[0].get_array()]
    assert white == [[True, True], [False, True], [True, True], [False, True]]


def test_what_is_not_published_has_a_cross_that_is_explained():
    ax = charts.published_by_practice(held({**ABBEY, "qof_dem": [200, None, 60]}))
    assert "×" in words(ax)
    assert "× is not published" in ax.get_xlabel()
    assert "×" not in charts.published_by_practice(held()).get_xlabel()


def test_the_description_says_the_range_and_who_lies_beyond():
    assert "Dementia, recorded prevalence 1.2%, practices 0.6% to 2.0%, 1 above and 1 below" in (
        alt_text.published_by_practice(held())
    )
