"""What is published of a network, as a sentence and a chart: the invented Harbour PCN."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from handmade import PUBLISHED, released

from pcn_analysis import readings
from pcn_analysis.plots import alt_text, charts
from pcn_analysis.plots.published_measures import drawn_published
from pcn_analysis.provenance import Rate
from pcn_analysis.release import release
from pcn_analysis.services.published import published_measures

mpl.use("Agg")

pytestmark = pytest.mark.unit
RATES = (
    Rate("comparator_value", "comparator_numerator", "comparator_denominator"),
    Rate("place_value", "place_numerator", "place_denominator"),
    Rate("value", "numerator", "denominator", interval=True, against="comparator_value"),
)


def one(numerator, status="published", direction="neither"):
    frame = pd.DataFrame(
        {
            "name": ["Dementia, recorded prevalence"],
            "clause": ["QOF register DEM"],
            "year": ["2024/25"],
            "direction": [direction],
            "status": [status],
            "numerator": [numerator],
            "denominator": [10_000],
            "place_numerator": [90],
            "place_denominator": [10_000],
            "comparator_numerator": [8_000],
            "comparator_denominator": [1_000_000],
        }
    )
    counts = tuple(name for name in frame if "nator" in name)
    return released(frame.astype(dict.fromkeys(counts, "Int64")), PUBLISHED, counts=counts, rates=RATES)


def test_a_share_is_clearly_higher_only_if_its_whole_interval_is():
    assert "1 lies clearly higher than in England: dementia (1.2%, there 0.8%)." in readings.published_measures(
        one(120)
    )
    assert "none differs clearly from England." in readings.published_measures(one(85))


def test_what_is_not_published_is_said_and_not_drawn():
    table = one(None, "not published")
    assert "No published share of people" in readings.published_measures(table)
    assert charts.published_measures(table) is None


def test_a_measure_of_which_nobody_says_which_way_is_better_is_named():
    said = readings.published_measures(one(120, direction="not known"))
    assert "Whether more is better is not known for QOF register DEM" in said


def test_the_chart_shows_every_share_that_can_be_held_against_the_country(harbour):
    table = release(published_measures(harbour), profile="open_data")
    axes = charts.published_measures(table)
    assert len(axes.get_yticks()) == len(drawn_published(table.frame)) > 10
    assert "Hypertension, recorded prevalence" in alt_text.published_measures(table)
    plt.close("all")
