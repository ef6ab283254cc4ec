"""Figures show the values of their tables, and nothing else."""

from dataclasses import replace

import handmade
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from handmade import INVENTED, PUBLISHED, RECORDS

from pcn_analysis.plots import charts, maps
from pcn_analysis.plots.style import check_released, source_line
from pcn_analysis.provenance import Provenance

mpl.use("Agg")


pytestmark = pytest.mark.unit

CHARTS = {
    charts.practice_lists: handmade.practice_lists,
    charts.network_sizes: handmade.network_sizes,
    charts.age_pyramid: handmade.age_structure,
    charts.deprivation: handmade.deprivation,
    charts.prevalence: handmade.prevalence,
    charts.network_footprints: handmade.network_footprints,
    charts.shared_networks: handmade.shared_networks,
}
FIGURES = {**CHARTS, maps.footprint: handmade.footprint_map}
EVERY = pytest.mark.parametrize("chart", FIGURES, ids=lambda chart: chart.__name__)
EVERY_CHART = pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.__name__)


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def widths(ax) -> list[float]:
    return [bar.get_width() for bar in ax.patches]


def texts(ax) -> list[str]:
    return [text.get_text() for text in ax.texts]


def ticks(labels) -> list[str]:
    return [label.get_text() for label in labels]


def line(ax, label: str):
    (found,) = (one for one in ax.lines if one.get_label() == label)
    return found


def values(table, name: str) -> list[float]:
    return table.frame[name].astype(float).to_list()


# -- values ------------------------------------------------------------------------------------------------


def test_a_bar_for_each_practice_with_the_largest_on_top():
    table = handmade.practice_lists()
    ax = charts.practice_lists(table)
    assert widths(ax) == values(table, "patients")[::-1]
    assert ticks(ax.get_yticklabels()) == table.frame["practice_name"].to_list()[::-1]
    assert texts(ax) == ["4,000", "12,000", "24,000"]
    assert ax.get_title(loc="left") == "Registered patients by practice\nHarbour PCN, 1 July 2026"


def test_a_dot_for_each_network_and_none_for_practices_in_no_network():
    table = handmade.network_sizes()
    ax = charts.network_sizes(table)
    (dots,) = ax.lines
    assert table.frame["pcn_code"].isna().to_list() == [False, False, False, True]
    assert list(dots.get_xdata()) == values(table, "patients")[2::-1]
    assert list(dots.get_ydata()) == table.frame["pcn_name"].to_list()[2::-1]
    assert [text for text in texts(ax) if text != "30,000 to 50,000"] == ["20,000", "60,000", "40,000"]
    assert "30,000 to 50,000" in texts(ax)


def test_women_to_the_left_men_to_the_right_and_the_country_as_outline():
    table = handmade.age_structure()
    ax = charts.age_pyramid(table)
    bars = [bar.get_width() for bars in ax.containers for bar in bars]
    assert bars == pytest.approx([-0.25, -0.375, 0.25, 0.125])
    women, men = (patch for patch in ax.patches if hasattr(patch, "get_data"))
    assert women.get_data().values.tolist() == pytest.approx([-0.25, -0.25])
    assert men.get_data().values.tolist() == pytest.approx([0.3, 0.2])
    low, high = ax.get_xlim()
    assert low == -high
    assert high > 0.375


def test_a_bar_and_a_marker_for_each_decile():
    table = handmade.deprivation()
    ax = charts.deprivation(table)
    assert [bar.get_height() for bar in ax.patches] == pytest.approx(values(table, "share"))
    assert list(line(ax, "Marlhaven").get_ydata()) == pytest.approx(values(table, "place_share"))
    assert texts(ax) == [f"{share:.0%}" for share in values(table, "share")]


def test_a_marker_for_each_condition_by_how_it_compares():
    ax = charts.prevalence(handmade.prevalence())
    markers = {bars.get_label(): list(bars[0].get_xdata()) for bars in ax.containers}
    assert markers == {
        "Harbour PCN: higher": pytest.approx([2.0]),
        "Harbour PCN: lower": pytest.approx([0.5]),
        "Harbour PCN: similar": pytest.approx([1.0]),
    }
    assert ticks(ax.get_yticklabels()) == ["Dementia", "Epilepsy", "Asthma"]
    assert list(line(ax, "Marlhaven").get_xdata()) == pytest.approx([1.0, 1.1, 8 / 6])


def test_the_intervals_of_conditions_are_those_of_the_table():
    table = handmade.prevalence()
    ax = charts.prevalence(table)
    asthma = table.frame.iloc[0]
    (bars,) = (bars for bars in ax.containers if bars.get_label() == "Harbour PCN: higher")
    low, high = bars[2][0].get_segments()[0][:, 0]
    assert low == pytest.approx(asthma["prevalence_lower"] / asthma["comparator_prevalence"])
    assert high == pytest.approx(asthma["prevalence_upper"] / asthma["comparator_prevalence"])


def test_two_markers_for_each_network_in_the_order_of_the_table():
    ax = charts.network_footprints(handmade.network_footprints())
    local = line(ax, "Localisation: its patients living there")
    commitment = line(ax, "Commitment: people registered there who are its patients")
    assert list(local.get_ydata()) == ["Old Priory PCN", "North Sands PCN", "Harbour PCN"]
    assert list(local.get_xdata()) == pytest.approx([0, 0.9, 0.7])
    np.testing.assert_allclose(commitment.get_xdata(), [np.nan, 0.72, 0.8])


def test_a_bar_for_each_network_of_neighbours():
    table = handmade.shared_networks()
    ax = charts.shared_networks(table)
    assert widths(ax) == pytest.approx(values(table, "share")[::-1])
    assert texts(ax) == ["5.0%", "12.5%", "22.5%", "60.0%"]


def test_the_key_of_the_map_counts_the_areas_of_each_class():
    ax = maps.footprint(handmade.footprint_map())
    (key,) = ax.figure.legends
    assert ticks(key.get_texts()) == [
        "under 5% (0 areas)",
        "5 to 20% (1 area)",
        "20 to 40% (0 areas)",
        "40 to 60% (1 area)",
        "60 to 80% (0 areas)",
        "80% or more (1 area)",
        "Its footprint (2 areas)",
        "Uncertain part of it (1 area)",
        "Footprints of other networks",
        "Local authorities",
    ]
    assert ax.get_aspect() == 1


def test_a_map_of_a_network_that_serves_nowhere_shows_every_area():
    frame = handmade.footprint_map().frame.assign(in_footprint=False, uncertain=False, patients=[40.0, 30.0, 0.0, None])
    ax = maps.footprint(handmade.released(frame, PUBLISHED, rates=handmade.footprint_map().rates))
    ax.figure.canvas.draw()
    (key,) = ax.figure.legends
    assert {"under 5% (3 areas)", "Its footprint (0 areas)", "Uncertain part of it (0 areas)"} <= {
        *ticks(key.get_texts())
    }
    west, east = ax.get_xlim()
    assert west < 0
    assert east > 4000


# -- every figure ------------------------------------------------------------------------------------------


@EVERY
def test_a_table_without_rows_gives_no_figure(chart):
    assert chart(handmade.without_rows(FIGURES[chart]())) is None
    assert plt.get_fignums() == []


@EVERY_CHART
def test_a_chart_can_be_drawn_on_given_axes(chart):
    _, ax = plt.subplots()
    assert chart(CHARTS[chart](), ax) is ax
    assert len(plt.get_fignums()) == 1


@EVERY
def test_a_figure_says_where_its_data_come_from(chart):
    below = chart(FIGURES[chart]()).figure.get_supxlabel()
    assert below == "Source: NHS England; Open Government Licence v3.0. Made with pcn_analysis."


@EVERY
def test_a_figure_of_invented_data_says_that_it_is_synthetic(chart):
    below = chart(FIGURES[chart](INVENTED)).figure.get_supxlabel()
    assert below.startswith("SYNTHETIC")


def test_the_source_line_says_what_is_part_modelled():
    modelled = Provenance(PUBLISHED.sources, people=False, modelled="Estimated.")
    assert "Part modelled." in source_line(handmade.core20(modelled))
    assert "modelled" not in source_line(handmade.core20())


def test_the_source_line_has_the_line_of_the_ordnance_survey_once_where_a_source_asks_for_it():
    crown = "Contains OS data © Crown copyright and database right 2024."
    shapes = [
        replace(handmade.FILE, title=title, publisher="ONS", attribution=f"Source: ONS, OGL v3.0. {crown}")
        for title in ("Boundaries", "Wards")
    ]
    mapped = Provenance((handmade.FILE, *shapes), people=False, modelled="Estimated.")
    assert " ".join(source_line(handmade.core20(mapped)).split()) == (
        f"Source: NHS England, ONS; Open Government Licence v3.0. {crown} Part modelled. Made with pcn_analysis."
    )
    assert "OS data" not in source_line(handmade.core20())


@EVERY_CHART
def test_a_number_that_is_not_shown_is_left_blank(chart):
    ax = chart(CHARTS[chart](RECORDS, last=3))
    ax.figure.canvas.draw()
    assert not [text for text in texts(ax) if "nan" in text or "NA" in text]


def test_a_list_too_small_to_show_has_no_bar_and_no_number():
    ax = charts.practice_lists(handmade.practice_lists(RECORDS, last=3))
    assert np.isnan(widths(ax)[0])
    assert texts(ax)[0] in ("", "not shown")


def test_a_pyramid_has_room_for_every_bar_beside_one_that_is_not_shown():
    frame = handmade.age_structure().frame.assign(patients=[10000, 9990, 20000, 3])
    counts = ("patients", "registered", "comparator_patients", "comparator_registered")
    table = handmade.released(frame, RECORDS, counts=counts, rates=handmade.age_structure().rates)
    assert charts.age_pyramid(table).get_xlim()[1] > 0.5


def test_only_a_released_table_is_a_released_table():
    check_released(handmade.core20())
    with pytest.raises(TypeError, match="not from DataFrame"):
        check_released(handmade.core20().frame)
