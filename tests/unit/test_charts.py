"""Figures show the values of their tables, and nothing else."""

from dataclasses import replace

import handmade
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from handmade import DRAWN, INVENTED, PUBLISHED, RECORDS

from pcn_analysis.plots import charts, maps, pyramids
from pcn_analysis.plots.cells import APART
from pcn_analysis.plots.style import check_released, source_line
from pcn_analysis.provenance import Provenance, Rate

mpl.use("Agg")


pytestmark = pytest.mark.unit


SHARE = (Rate("share", "patients", "registered"),)


def capacity(table, ax=None):
    """The chart of capacity, at 60 assessments a month."""
    return charts.capacity(table, 60, ax)


CHARTS = {
    charts.practice_lists: handmade.practice_lists,
    charts.network_sizes: handmade.network_sizes,
    charts.age_pyramid: handmade.age_structure,
    charts.deprivation: handmade.deprivation,
    charts.prevalence: handmade.prevalence,
    charts.network_footprints: handmade.network_footprints,
    charts.shared_networks: handmade.shared_networks,
    charts.people_pyramid: handmade.people,
    charts.contacts: handmade.contacts,
    charts.segment_sizes: handmade.segment_sizes,
    charts.segments_by_age: handmade.segments_by_age,
    charts.segments_by_deprivation: handmade.segments_by_deprivation,
    charts.segments_by_practice: handmade.segments_by_practice,
    charts.reasons: handmade.reasons,
    charts.attrition: handmade.attrition,
    charts.eligible_by_practice: handmade.eligible_by_practice,
    charts.eligible_by_deprivation: handmade.eligible_by_deprivation,
    capacity: handmade.severity,
}
FIGURES = {**CHARTS, maps.footprint: handmade.footprint_map}
NAMES = {value: name for module in (charts, maps) for name, value in vars(module).items() if callable(value)} | {
    capacity: "capacity"
}
EVERY = pytest.mark.parametrize("chart", FIGURES, ids=NAMES.get)
EVERY_CHART = pytest.mark.parametrize("chart", CHARTS, ids=NAMES.get)


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
    assert women.get_data()[0].tolist() == pytest.approx([-0.25, -0.25])
    assert men.get_data()[0].tolist() == pytest.approx([0.3, 0.2])
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


# -- figures of people -------------------------------------------------------------------------------------


def test_the_people_of_each_sex_lie_on_their_side_with_their_number_and_totals_are_not_drawn():
    ax = charts.people_pyramid(handmade.people(RECORDS))
    assert widths(ax) == pytest.approx([share / 10600 for share in (-2000, -2400, -600, 2100, 2000, 1300)])
    assert texts(ax) == ["2,000", "2,400", "600", "2,100", "2,000", "1,300"]
    assert ticks(ax.get_yticklabels()) == ["0-19", "20-39", "65-74"]
    assert ax.get_xlabel().endswith("; not drawn: indeterminate or not known (200)")
    few = charts.people_pyramid(handmade.people(RECORDS, unknown=3)).get_xlabel()
    assert few.endswith("; not drawn: indeterminate or not known (not shown)")
    assert "not drawn" not in charts.people_pyramid(handmade.people(unknown=0)).get_xlabel()


def test_a_number_of_people_that_is_not_shown_has_no_bar_and_says_so():
    ax = charts.people_pyramid(handmade.people(RECORDS, last=3))
    assert (widths(ax)[-1], texts(ax)[-1]) == (0, "not shown")


def test_people_of_whom_no_sex_is_known_lie_on_one_side_and_nobody_is_called_a_woman_or_a_man():
    frame = handmade.people().frame
    frame = frame[frame["sex"].isin(["everyone", "indeterminate or not known"])]
    ax = charts.people_pyramid(handmade.released(frame, RECORDS, counts=("patients", "registered"), rates=SHARE))
    assert widths(ax) == pytest.approx([4300 / 10600, 4400 / 10600, 1900 / 10600])
    assert ax.get_xlim()[0] == 0
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["Everyone"]


def test_a_pyramid_of_nobody_who_is_shown_still_has_an_axis():
    few = handmade.people().frame.assign(patients=3)
    ax = charts.people_pyramid(handmade.released(few, RECORDS, counts=("patients", "registered"), rates=SHARE))
    assert ax.get_xlim()[1] > 0
    assert set(texts(ax)) == {"not shown"}


def test_a_bar_for_each_kind_of_contact_and_words_for_one_that_is_in_no_record():
    ax = charts.contacts(handmade.contacts(RECORDS))
    assert widths(ax) == pytest.approx([0.6, 0, 0.2])
    assert ticks(ax.get_yticklabels()) == ["GP contact", "Planned admission", "A&E attendance"]
    assert texts(ax) == [
        "60.0%  (3,500 per 1,000 people)",
        "not in these records",
        "20.0%  (250 per 1,000 people)",
    ]
    assert texts(charts.contacts(handmade.contacts(RECORDS, last=3)))[0] == "not shown  (3,500 per 1,000 people)"


@pytest.mark.parametrize("largest", [100, 9999])
def test_the_words_beside_a_bar_of_contacts_lie_inside_the_figure(largest):
    ax = charts.contacts(handmade.contacts(DRAWN, last=largest))
    ax.figure.canvas.draw()
    edge = ax.figure.get_window_extent().x1
    assert all(text.get_window_extent().x1 < edge for text in ax.texts)


def test_a_bar_for_each_segment_with_the_first_priority_on_top_and_those_in_none_grey():
    ax = charts.segment_sizes(handmade.segment_sizes())
    assert widths(ax) == pytest.approx([0.5, 0.4, 0.1])
    assert ticks(ax.get_yticklabels()) == ["None of those assessed", "LTCs", "Frailty/Dementia"]
    assert texts(ax) == ["50.0%  (5,000)", "40.0%  (4,000)", "10.0%  (1,000)"]
    colours = [bar.get_facecolor() for bar in ax.patches]
    assert colours[0] != colours[1] == colours[2]
    assert ax.get_title(loc="left") == "People by segment\nHarbour PCN, 1 July 2026"


def test_a_segment_that_was_not_assessed_has_no_bar_and_says_so():
    ax = charts.segment_sizes(handmade.segment_sizes(RECORDS, first=None))
    assert widths(ax) == pytest.approx([0.5, 0.4, 0])
    assert texts(ax) == ["50.0%  (5,000)", "40.0%  (4,000)", "not assessed"]
    assert ax.texts[2].xy[0] == 0, "the words begin where the bar would"


SEGMENT_CHARTS = {
    charts.segments_by_age: ("Segments by age (years)", ["65-74", "75-84", "85+"]),
    charts.segments_by_deprivation: (
        "Segments by national fifth of deprivation",
        ["most deprived", "least deprived", "not known"],
    ),
    charts.segments_by_practice: (
        "Segments by practice",
        ["Quayside Surgery", "Rope Walk Practice", "Tide Row Surgery"],
    ),
}


@pytest.mark.parametrize("chart", SEGMENT_CHARTS, ids=NAMES.get)
def test_a_row_for_each_segment_with_everyone_first_and_a_column_for_each_group(chart):
    title, groups = SEGMENT_CHARTS[chart]
    ax = chart(FIGURES[chart]())
    cells = {text.get_position(): text.get_text() for text in ax.texts}
    assert cells == {
        (0, 0): "20.0%", (1, 0): "10.0%", (2, 0): "20.0%", (3, 0): "30.0%",
        (0, 1): "40.0%", (1, 1): "30.0%", (2, 1): "40.0%", (3, 1): "50.0%",
        (0, 2): "40.0%", (1, 2): "60.0%", (2, 2): "40.0%", (3, 2): "20.0%",
    }  # fmt: skip
    assert [label.replace("\n", " ") for label in ticks(ax.get_xticklabels())] == ["Everyone", *groups]
    assert ticks(ax.get_yticklabels()) == ["Frailty/Dementia", "LTCs", "None of those assessed"]
    assert ax.get_title(loc="left") == f"{title}\nHarbour PCN, 1 July 2026"


def colours(ax) -> np.ndarray:
    """The colour of every cell, by row and column."""
    (image,) = ax.images
    return np.asarray(image.get_array())


CELL_GREY = mpl.colors.to_rgba("#D8DDE0")


def luminance(colour) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_a_cell_is_coloured_where_its_whole_interval_is_above_or_below_everyones_share():
    """Of 1,000: 100, 200 and 300, against 200; 300, 400 and 500, against 400; what is alike is white."""
    cells = colours(charts.segments_by_age(handmade.segments_by_age()))
    lower, white, higher = APART(0.0), APART(0.5), APART(1.0)
    np.testing.assert_allclose(cells[:, 0], [white] * 3, atol=0.02)
    np.testing.assert_allclose(cells[0, 1], lower, atol=0.02)
    np.testing.assert_allclose(cells[0, 2], white, atol=0.02)
    assert luminance(cells[1, 1]) > luminance(lower), "less far below"
    assert cells[1, 1][2] > cells[1, 1][0], "blue"
    assert cells[1, 3][0] > cells[1, 3][2], "pink"
    assert luminance(cells[0, 3]) > luminance(higher), "half as many again, not twice"


def test_a_difference_that_may_be_chance_has_no_colour():
    frame = handmade.segments_by_age().frame.assign(patients=[10, 15, 25, 11, 15, 24, 13, 14, 23], registered=50)
    cells = colours(charts.segments_by_age(handmade.of_groups(frame)))
    np.testing.assert_allclose(cells, np.broadcast_to(APART(0.5), cells.shape), atol=0.02)


def test_the_words_of_a_cell_stand_out_from_every_colour_that_it_can_have():
    rows = 400
    names = [f"Practice {number}" for number in range(rows) for _ in range(2)]
    patients = [100 * n for number in range(rows) for n in (number, rows - 1 - number)]
    frame = handmade.segments_by_practice().frame.iloc[[0] * 2 * rows]
    frame = frame.assign(practice_name=names, segment=["A", "B"] * rows, patients=patients)
    ax = charts.segments_by_practice(handmade.of_groups(frame.assign(registered=100 * (rows - 1))))
    cells = colours(ax)
    assert len(np.unique(cells.reshape(-1, 4), axis=0)) > 100, "most of both colours"
    assert {text.get_color() for text in ax.texts} == {"black", "white"}
    least = min(contrast(mpl.colors.to_rgba(text.get_color()), cells[text.get_position()[::-1]]) for text in ax.texts)
    assert least >= 4.5


def test_the_cross_of_a_cell_that_is_not_shown_stands_out_and_its_grey_is_no_share():
    ax = charts.segments_by_practice(handmade.segments_by_practice(RECORDS, last=3))
    (cross,) = (text for text in ax.texts if text.get_text() == "×")
    assert colours(ax)[cross.get_position()[::-1]] == pytest.approx(CELL_GREY)
    assert contrast(mpl.colors.to_rgba(cross.get_color()), CELL_GREY) >= 4.5
    assert "× is not shown" in ax.get_xlabel()
    assert np.abs(APART(np.linspace(0, 1, APART.N)) - CELL_GREY).max(axis=1).min() > 0.02


def test_a_segment_that_nobody_is_in_is_not_drawn_and_one_of_few_has_a_cross():
    frame = handmade.segments_by_age().frame.assign(patients=[3, 997, 0, 500, 500, 0, 7, 993, 0])
    ax = charts.segments_by_age(handmade.of_groups(frame, RECORDS))
    assert ticks(ax.get_yticklabels()) == ["Frailty/Dementia", "LTCs"]
    assert texts(ax) == ["17.0%", "×", "50.0%", "×", "83.0%", "99.5%", "50.0%", "99.5%"]


def test_a_segment_that_nobody_is_in_has_no_bar_and_is_said_below():
    frame = handmade.segment_sizes().frame.assign(patients=[1000, 0, 9000])
    counts = ("patients", "registered")
    ax = charts.segment_sizes(handmade.released(frame, RECORDS, counts=counts, rates=(handmade.SHARE,)))
    assert ticks(ax.get_yticklabels()) == ["None of those assessed", "Frailty/Dementia"]
    assert texts(ax)[-1] == "nobody is in: LTCs"


@pytest.mark.parametrize(("registered", "drawn"), [(10, False), (1000, True)])
def test_those_of_whom_it_is_not_known_are_the_last_column_where_they_are_not_few(registered, drawn):
    table = handmade.segments_by_deprivation()
    unknown = table.frame["deprivation_fifth"].eq("not known")
    frame = table.frame.assign(registered=table.frame["registered"].mask(unknown, registered))
    frame["patients"] = frame["patients"].mask(unknown, 0)
    ax = charts.segments_by_deprivation(handmade.of_groups(frame))
    assert ("not known" in ticks(ax.get_xticklabels())) is drawn


def test_names_of_many_groups_slant_and_do_not_cover_each_other():
    frame = handmade.segments_by_practice().frame
    frame = pd.concat([frame.assign(practice_name=f"The Medical Practice of Street {n}") for n in range(5)])
    ax = charts.segments_by_practice(handmade.of_groups(frame))
    assert {label.get_rotation() for label in ax.get_xticklabels()} == {60.0}


def test_cells_can_all_be_not_shown():
    few = handmade.of_groups(handmade.segments_by_age().frame.assign(patients=3), RECORDS)
    ax = charts.segments_by_age(few)
    assert texts(ax).count("×") == 9, "of everyone there are enough"
    np.testing.assert_allclose(colours(ax)[:, 1:], np.full((3, 3, 4), CELL_GREY))


def test_at_most_fifteen_reasons_with_the_commonest_on_top():
    table = handmade.reasons()
    assert texts(charts.reasons(table)) == ["25.0%", "50.0%", "75.0%"]
    assert ticks(charts.reasons(table).get_yticklabels()) == ["Anaemia", "Hypertension", "Falls"]
    frame = table.frame.iloc[[0] * 20].assign(element=[f"Deficit {number}" for number in range(20)])
    many = handmade.released(frame.assign(patients=range(200, 180, -1)), PUBLISHED, rates=table.rates)
    ax = charts.reasons(many)
    assert len(ax.patches) == 15
    assert ticks(ax.get_yticklabels())[-1] == "Deficit 0"
    assert "the 15 commonest deficits" in ax.get_title(loc="left")


def test_a_bar_for_what_each_step_leaves_with_everyone_on_top():
    ax = charts.attrition(handmade.attrition())
    assert widths(ax) == [240, 2000, 10000]
    assert ticks(ax.get_yticklabels()) == ["Moderate or severe frailty", "Aged 65 or over", "Registered and alive"]
    assert texts(ax) == ["240  (12.0% of the step above)", "2,000  (20.0% of the step above)", "10,000"]


def test_a_step_that_was_not_assessed_says_so_and_one_that_was_in_part_has_its_share():
    ax = charts.attrition(handmade.attrition(middle=(10000, "not assessed")))
    assert texts(ax) == ["240  (2.4% of the step above)", "10,000  (not assessed)", "10,000"]
    part = charts.attrition(handmade.attrition(middle=(2000, "partly assessed")))
    assert texts(part)[1] == "2,000  (20.0% of the step above)"


def test_a_step_that_leaves_nobody_has_a_step_below_it_without_a_share():
    ax = charts.attrition(handmade.attrition(RECORDS, last=0, middle=(0, "assessed")))
    assert texts(ax) == ["0", "0  (0.0% of the step above)", "10,000"]
    assert widths(ax) == [0, 0, 10000]


def test_capacity_is_one_bar_of_months_with_the_severe_first():
    ax = charts.capacity(handmade.severity(), 60)
    assert [(bar.get_x(), bar.get_width()) for bar in ax.patches] == [(0, 1), (1, 3)]
    assert ticks(ax.get_legend().get_texts()) == ["Severe frailty: 60 people", "Moderate frailty: 180 people"]
    assert ax.get_xlabel() == "Months at 60 assessments a month, severe frailty first"
    assert ax.get_xlim() == (0, 13), "a year is always in sight"
    assert charts.capacity(handmade.severity(last=3600), 60).get_xlim()[1] == pytest.approx(61 * 1.08)


def test_capacity_that_is_not_shown_takes_no_room():
    ax = charts.capacity(handmade.severity(RECORDS, last=3), 60)
    assert [bar.get_width() for bar in ax.patches] == [1, 0]
    assert ticks(ax.get_legend().get_texts())[1] == "Moderate frailty: not shown"


def test_a_dot_for_each_practice_with_the_highest_on_top_and_its_interval():
    table = handmade.eligible_by_practice()
    ax = charts.eligible_by_practice(table)
    assert ticks(ax.get_yticklabels()) == ["Quayside Surgery", "Tide Row Surgery", "Rope Walk Practice"]
    (bars,) = ax.containers
    assert list(bars[0].get_xdata()) == pytest.approx([0.04, 0.10, 0.16])
    low, high = bars[2][0].get_segments()[2][:, 0]
    most = table.frame.iloc[1]
    assert (low, high) == pytest.approx((most["share_lower"], most["share_upper"]))


def test_a_dot_for_each_fifth_with_the_most_deprived_on_top():
    ax = charts.eligible_by_deprivation(handmade.eligible_by_deprivation())
    assert ticks(ax.get_yticklabels()) == [
        "not known", "least deprived", "fourth", "third", "second", "most deprived",
    ]  # fmt: skip
    assert list(ax.containers[0][0].get_xdata()) == pytest.approx([0.03, 0.10, 0.11, 0.12, 0.15, 0.20])


def test_practices_that_are_not_shown_are_at_the_bottom():
    table = handmade.eligible_by_practice()
    frame = table.frame.assign(patients=[40, 3, 100])
    ax = charts.eligible_by_practice(
        handmade.released(frame, RECORDS, counts=("patients", "registered"), rates=table.rates)
    )
    assert ticks(ax.get_yticklabels()) == ["Rope Walk Practice", "Quayside Surgery", "Tide Row Surgery"]
    np.testing.assert_allclose(ax.containers[0][0].get_xdata(), [np.nan, 0.04, 0.1])
    assert [(text.get_text(), text.get_position()[1]) for text in ax.texts] == [("not shown", 0)]


@pytest.mark.parametrize("chart", [charts.eligible_by_practice, charts.eligible_by_deprivation], ids=NAMES.get)
def test_a_share_that_is_not_shown_has_words_in_place_of_its_dot(chart):
    ax = chart(FIGURES[chart](RECORDS, last=3))
    dots = list(ax.containers[0][0].get_xdata())
    assert texts(ax) == ["not shown"]
    (row,) = (round(text.get_position()[1]) for text in ax.texts)
    assert np.isnan(dots[row])
    assert np.isnan(dots).sum() == 1


def test_a_practice_with_the_name_of_another_keeps_its_column():
    table = handmade.segments_by_practice()
    frame = table.frame.assign(practice_code=["A1"] * 3 + ["A2"] * 3 + ["A3"] * 3)
    frame["practice_name"] = frame["practice_name"].replace("Tide Row Surgery", "Quayside Surgery")
    ax = charts.segments_by_practice(handmade.of_groups(frame))
    assert len(texts(ax)) == 12
    assert len(ax.get_xticks()) == 4


# -- every figure ------------------------------------------------------------------------------------------


def test_every_chart_is_tested():
    public = {
        name
        for module in (charts, pyramids)
        for name, value in vars(module).items()
        if getattr(value, "__module__", "") == module.__name__ and callable(value) and not name.startswith("_")
    }
    assert public == {NAMES[chart] for chart in CHARTS}


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


@EVERY
def test_a_figure_of_invented_people_says_so_in_its_title_and_below(chart):
    ax, plain = chart(FIGURES[chart](DRAWN)), chart(FIGURES[chart](RECORDS))
    assert ax.get_title(loc="left") == f"SYNTHETIC PEOPLE\n{plain.get_title(loc='left')}"
    below = " ".join(ax.figure.get_supxlabel().split())
    assert below.startswith("SYNTHETIC PEOPLE: nobody shown exists; not a finding. Fitted to counts of NHS England;")
    assert "invented)" not in below
    assert ax.figure.get_figheight() > plain.figure.get_figheight()


@EVERY_CHART
def test_given_axes_keep_their_size_and_have_the_label(chart):
    figure, ax = plt.subplots()
    before = figure.get_figheight()
    assert chart(CHARTS[chart](DRAWN), ax).get_title(loc="left").startswith("SYNTHETIC PEOPLE\n")
    assert figure.get_figheight() == before


def test_a_figure_of_an_invented_place_or_of_records_has_a_plain_title():
    for provenance in (INVENTED, RECORDS, PUBLISHED):
        title = charts.practice_lists(handmade.practice_lists(provenance)).get_title(loc="left")
        assert title.startswith("Registered patients by practice\n")


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


BARS = {
    charts.practice_lists: "not shown",
    charts.shared_networks: "not shown",
    charts.segment_sizes: "not shown",
    charts.reasons: "not shown",
    charts.attrition: "not shown",
}


@pytest.mark.parametrize("chart", BARS, ids=NAMES.get)
def test_a_bar_that_is_not_shown_has_no_length_and_keeps_its_words(chart):
    ax = chart(CHARTS[chart](RECORDS, last=3))
    ax.figure.canvas.draw()
    assert widths(ax)[0] == 0
    assert min(widths(ax)[1:]) > 0
    assert texts(ax)[0] == BARS[chart]
    assert ax.texts[0].xy == pytest.approx((0, 0)), "where its bar would begin"
    inside = ax.figure.get_window_extent()
    box = ax.texts[0].get_window_extent()
    assert box.width > 0
    assert inside.contains(box.x0, box.y0)
    assert inside.contains(box.x1, box.y1)


def test_a_pyramid_has_room_for_every_bar_beside_one_that_is_not_shown():
    frame = handmade.age_structure().frame.assign(patients=[10000, 9990, 20000, 3])
    counts = ("patients", "registered", "comparator_patients", "comparator_registered")
    table = handmade.released(frame, RECORDS, counts=counts, rates=handmade.age_structure().rates)
    assert charts.age_pyramid(table).get_xlim()[1] > 0.5


def test_only_a_released_table_is_a_released_table():
    check_released(handmade.core20())
    with pytest.raises(TypeError, match="not from DataFrame"):
        check_released(handmade.core20().frame)
