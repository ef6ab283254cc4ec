"""What the page on all networks of a place shows and says, on few networks, on many and where nothing is kept."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import networks_shown as shown
import numpy as np
import pandas as pd
import pytest
from handmade import INVENTED
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch

from pcn_analysis import readings
from pcn_analysis.plots import alt_text, charts, maps
from pcn_analysis.plots.network_changes import FEW, drawn_networks
from pcn_analysis.plots.network_maps import FILLS, SURROUNDINGS
from pcn_analysis.plots.sharing import MOST_CELLS, drawn_sharing

mpl.use("Agg")
pytestmark = pytest.mark.unit

FIGURES = {
    "place_networks": (charts, shown.side_by_side, "Harbour PCN 60,000, 80.0% and 80.0%, 1.0%, 2 parts; North Sands"),
    "place_against_random": (
        charts,
        shown.against_random,
        "all networks together 66.0%, random 45.0% to 60.0%, 97.0% with less;",
    ),
    "place_areas": (maps, shown.area_map, "Harbour PCN 1; North Sands PCN 1. Hatched, where the lead is weak: 1 area."),
    "place_sharing": (charts, shown.sharing, "Harbour PCN 50.0%, most of the others with North Sands PCN (49.0%)"),
    "place_changes": (charts, shown.memberships, "1 October 2024, Harbour PCN to North Sands PCN: 2 practices;"),
    "place_plans": (charts, shown.plans, "today 66.0% and 25.0%; balanced of 3 networks of 20,000 to 40,000 60.0%"),
    "plan_maps": (maps, shown.plan_areas, "balanced: 2 networks in 2 areas, 4 practices would move"),
}
EVERY = pytest.mark.parametrize("name", FIGURES)


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def words(ax) -> list[str]:
    """Everything that is written in axes and in the panels inside them."""
    return [text.get_text() for one in (ax, *ax.child_axes) for text in one.texts if text.get_text()]


@EVERY
def test_descriptions_hold_what_the_figure_shows(name):
    module, make, said = FIGURES[name]
    assert said in getattr(alt_text, name)(make())
    assert getattr(alt_text, name)(make(INVENTED)).startswith("Synthetic data. ")
    assert getattr(module, name)(make()).get_title(loc="left").endswith("1 July 2026")


@EVERY
def test_every_figure_names_its_source(name):
    module, make, _ = FIGURES[name]
    ax = getattr(module, name)(make(INVENTED))
    assert "SYNTHETIC: an invented place" in ax.figure.get_supxlabel()


@EVERY
def test_what_was_not_released_is_neither_drawn_nor_described(name):
    for draw in (getattr(FIGURES[name][0], name), getattr(alt_text, name)):
        with pytest.raises(TypeError, match="released"):
            draw(object())


# -- side by side ------------------------------------------------------------------------------------------


def test_sizes_and_both_shares_stand_in_the_row_of_their_network():
    ax = charts.place_networks(shown.side_by_side())
    sizes, coherence, outside = ax.child_axes
    names = [label.get_text().replace("\u00a0", " ") for label in sizes.get_yticklabels()]
    assert [name.strip() for name in names] == ["North Sands PCN", "Harbour PCN (2 parts)"]
    assert list(sizes.lines[0].get_xdata()) == [20_000, 60_000]
    assert [list(line.get_xdata()) for line in coherence.lines[:2]] == [[0.25, 0.8], [0.25, 0.8]]
    assert [bar.get_width() for bar in outside.patches] == pytest.approx([0.2, 0.01])
    assert "75%, set for 200,000+" in words(ax), "the line is never shown without whom it was written for"


def test_the_reading_tells_sizes_localisation_and_what_the_lines_were_set_for():
    assert readings.place_networks(shown.side_by_side()) == (
        "Practices of Marlhaven belong to 2 networks, with 80,000 patients on 1 July 2026: 1 under 30,000 and 1 "
        "over 50,000 (1 of those below mostly rural, where the floor may have been waived). Localisation, the share "
        "of a network's patients who live on its own ground, runs from 25.0% (North Sands PCN) to 80.0% (Harbour "
        "PCN); larger networks have more of it for no other reason. Harbour PCN passes 75% of both localisation and "
        "commitment; that line was set for commissioning groups of 200,000 people and more, and to miss it is no "
        "finding about a network."
    )
    one = shown.side_by_side(inside=pd.array([48_000, pd.NA], dtype="Int64"))
    assert "on its own ground, is 80.0% (Harbour PCN); larger networks" in readings.place_networks(one)
    assert "None passes 75%" in readings.place_networks(shown.side_by_side(above_lines=[False, False]))


def test_parts_are_told_with_the_share_of_the_main_one():
    assert readings.place_shapes(shown.side_by_side()) == (
        "The ground of 1 of 2 networks is of one piece; in parts is that of Harbour PCN (2 parts, 75.0% of those "
        "inside in the main one). The most compact is that of North Sands PCN."
    )
    whole = readings.place_shapes(shown.side_by_side(parts=[1, 1]))
    assert whole.startswith("The ground of each network is of one piece.")
    assert "; North Sands PCN wins no area." in readings.place_shapes(shown.side_by_side(parts=[2, 0]))


# -- beside random ones ------------------------------------------------------------------------------------


def test_today_is_a_mark_on_the_range_of_random_ones_with_the_share_that_has_less():
    ax = charts.place_against_random(shown.against_random())
    names = [label.get_text() for label in ax.get_yticklabels()][::-1]
    assert names == ["All networks together", "Worst-off network", "Harbour PCN", "North Sands PCN", "Old Priory PCN"]
    [today] = [line for line in ax.lines if line.get_label() == "today"]
    assert list(today.get_xdata())[::-1] == [0.66, 0.25, 0.80, 0.25, 0.30]
    nine_in_ten = next(one for one in ax.collections if one.get_label() == "nine in ten")
    assert [tuple(line[:, 0]) for line in nine_in_ten.get_segments()][-1] == (0.45, 0.60)
    assert words(ax)[:5][::-1] == ["97.0%", "60.0%", "99.0%", "20.0%", "not shown"]


def test_the_reading_tells_where_today_stands_among_random_plans_and_each_network_among_those_of_its_size():
    assert readings.place_against_random(shown.random_drawn(notes="A note."), shown.against_random()) == (
        "Larger networks have more localisation for no other reason, so today's are held against random ones: 500 "
        "plans (480 different) of 2 contiguous networks with 20,000 to 60,000 patients each, the range of today's. All "
        "networks together have a localisation of 66.0%; 97.0% of random plans have less, and nine in ten have 45.0% "
        "to 60.0%. The worst-off network, by the smaller of its localisation and commitment, has 25.0%; in 60.0% of "
        "random plans it has less. Held against the 200 random networks nearest to it in size, Harbour PCN stands "
        "highest (99.0% have less), and North Sands PCN lowest (20.0%). A note. This tells how today's map stands "
        "among other maps, and nothing about care."
    )
    assert "(all different)" in readings.place_against_random(shown.random_drawn(different=500), shown.against_random())


def test_where_nothing_is_held_against_today_the_reason_is_told_and_there_is_no_figure():
    none = shown.against_random(empty=True)
    assert charts.place_against_random(none) is None
    assert alt_text.place_against_random(none) == ""
    assert readings.place_against_random(shown.random_drawn(why="it has one network"), none) == (
        "Larger networks have more localisation for no other reason, so today's are held against random ones. For "
        "Marlhaven there is no such comparison: it has one network."
    )


# -- the map -----------------------------------------------------------------------------------------------


def test_areas_have_the_colour_of_their_network_and_what_is_won_from_elsewhere_has_none():
    ax = maps.place_areas(shown.area_map())
    drawn = ax.collections[0].get_facecolor()
    assert [to_hex(colour) for colour in drawn] == [FILLS[0].lower(), FILLS[1].lower(), SURROUNDINGS.lower()]
    assert {"Harbour", "North Sands", "Oldmoor East"} <= set(words(ax))
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend[0] == "weak: less than half, or ahead by less than 5 points (1 area)"


def test_many_networks_have_numbers_on_the_map_and_their_names_below():
    ax = maps.place_areas(shown.area_map(networks=20))
    written = words(ax)
    assert {"1", "20"} <= set(written)
    assert "20  Network 20" in written
    assert "Network 20" not in written


def test_the_reading_of_the_map_tells_where_it_says_little():
    assert readings.place_areas(shown.area_map()) == (
        "In 2 of 3 areas of Marlhaven more people are registered with one of its networks than with any other. In 1 of "
        "them, where 2,000 registered people live, that network has less than half, or leads by less than 5 points "
        "(hatched): there the map says little. 1 area goes to Oldmoor East PCN."
    )


# -- who shares people with whom ---------------------------------------------------------------------------


def test_each_share_stands_in_its_cell():
    ax = charts.place_sharing(shown.sharing())
    assert words(ax) == ["50.0%", "49.0%", "1.0%", "29.0%", "70.0%", "1.0%"]


def test_of_many_networks_those_that_share_most_are_drawn_and_each_row_still_adds_up():
    table = shown.sharing(networks=MOST_CELLS + 5)
    shares, networks = drawn_sharing(table.frame, "pcn_name")
    assert networks == MOST_CELLS + 5
    assert list(shares.index) == [f"Network {number:02d} PCN" for number in range(MOST_CELLS)], "the most mixed ones"
    assert shares.sum(axis=1).to_numpy(dtype=float) == pytest.approx(np.ones(MOST_CELLS))
    assert f"the {MOST_CELLS} of {networks} networks" in charts.place_sharing(table).get_title(loc="left")
    assert f"the {MOST_CELLS} of {networks} networks" in alt_text.place_sharing(table)


def test_the_reading_tells_the_least_mixed_the_most_mixed_and_the_largest_share_both_ways():
    assert readings.place_sharing(shown.sharing()) == (
        "Of the people registered in the areas where patients of North Sands PCN live, 70.0% are on average with it "
        "too, more than of any other network; least are 50.0% for Harbour PCN. Of the neighbours of Harbour PCN's "
        "patients 49.0% are with North Sands PCN, the largest share of one network in another; the other way round it "
        "is 29.0%."
    )


# -- what changed ------------------------------------------------------------------------------------------


def test_a_band_is_as_wide_as_it_has_practices_and_what_changed_has_its_number():
    ax = charts.place_changes(shown.memberships())
    assert words(ax)[:2] == ["2", "1"]
    ribbons = [patch for patch in ax.patches if isinstance(patch, PathPatch)]
    assert len(ribbons) == len(shown.FLOWS)
    heights = sorted(one.get_path().vertices[6, 1] - one.get_path().vertices[0, 1] for one in ribbons)
    assert heights == pytest.approx([1, 2, 2, 4, 4])
    assert "Harbour\n7 practices" in words(ax)
    assert "Harbour\n4 practices" in words(ax)
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["stayed", "moved to another network", "merged or closed"], "nothing is keyed that is not drawn"


def test_bands_that_come_to_one_bar_lie_below_each_other():
    rows = [
        (1, "a", "b", shown.HARBOUR, "Zebra PCN", False, 2, 1),
        (1, "a", "b", shown.SANDS, "Zebra PCN", False, 3, 1),
        (1, "a", "b", "Zebra PCN", "Zebra PCN", True, 4, 1),
    ]
    ax = charts.place_changes(shown.memberships(rows=rows))
    ends = [one.get_path().vertices[[3, 4], 1] for one in ax.patches if isinstance(one, PathPatch)]
    tops, bottoms = zip(*sorted(map(tuple, ends)), strict=True)
    assert tops[1:] == pytest.approx(bottoms[:-1]), "stayed first, then by where they come from, without a gap"


def test_of_many_networks_those_that_changed_are_drawn_and_of_few_all():
    still = [(1, "a", "b", f"Network {n}", f"Network {n}", True, 3, 9_000) for n in range(FEW + 1)]
    moved = (1, "a", "b", "Network 0", "Network 1", False, 1, 9_000)
    assert drawn_networks(shown.memberships(rows=[*still, moved]).frame) == ["Network 0", "Network 1"]
    assert len(drawn_networks(shown.memberships(rows=[*still[:3], moved]).frame)) == 3
    assert len(drawn_networks(shown.memberships(rows=still).frame)) == FEW + 1, "nothing changed: all stand still"
    assert charts.place_changes(shown.memberships(rows=still)) is not None


def test_the_reading_tells_each_kind_of_change_and_since_when_there_is_none():
    assert readings.place_changes(shown.changed(), shown.memberships()) == (
        "From 1 January 2022 to 1 October 2024 2 practices moved to another network (5,000 patients, of 1 not known) "
        "and 1 practice closed (5,000 patients). North Sands PCN is new. Nothing has changed from 1 October 2024 to 1 "
        "July 2026."
    )
    assert "(patients not known)" in readings.place_changes(shown.changed(kinds=("closed",)), shown.memberships())


def test_a_place_without_earlier_maps_says_so_and_has_no_figure():
    none = shown.memberships(rows=[])
    assert charts.place_changes(none) is None
    assert alt_text.place_changes(none) == ""
    assert readings.place_changes(shown.changed(kinds=()), none) == (
        "No earlier map of networks is kept with Marlhaven: what has changed is not known."
    )


# -- what could be -----------------------------------------------------------------------------------------


def test_each_plan_is_a_dot_beside_today_and_the_range_of_random_plans():
    ax = charts.place_plans(shown.plans())
    [panel] = ax.child_axes
    dots = [(line.get_xdata()[0], line.get_ydata()[0]) for line in panel.lines]
    assert dots == [(0.66, 0.25), (0.60, 0.50), (0.58, 0.30)]
    [band] = panel.patches
    assert (band.get_x(), band.get_width()) == pytest.approx((0.4, 0.19))
    assert {"today", "balanced: 4 practices would move (100.0%)", "2 networks (50.0%)"} <= set(words(ax))
    assert {"fewer moves: 1 practice would move", "range of random\ncontiguous plans"} <= set(words(ax))


def test_a_new_network_is_dotted_on_the_small_map_of_its_plan():
    today, balanced = maps.plan_maps(shown.plan_areas()).child_axes
    assert not [one for one in today.collections if one.get_hatch()]
    assert [one.get_hatch() for one in balanced.collections if one.get_hatch()] == ["..."]
    assert "4 practices would move; worst-off 50.0%" in words(balanced)


def test_the_reading_of_plans_tells_what_they_cost_and_gain_and_what_a_reader_must_know():
    assert readings.place_plans(shown.plans(), shown.side_by_side()) == (
        "Today the worst-off network, by the smallest localisation or commitment of any, has 25.0%, and 0 of 2 "
        "networks have the size asked for. Of 2 plans for 3 networks of 20,000 to 40,000, “balanced” does most for "
        "the worst-off network (50.0%, localisation 60.0%, above 100.0% of random plans; 4 practices with 20,000 "
        "patients would move, 25.0%); "
        "“fewer moves” moves fewest practices (30.0%, localisation 58.0%; 1 practice with 4,000 patients would move, "
        "5.0%). The exact assignment from which they were searched is proven best for its aim. A note."
    )


def test_plans_are_called_options_and_held_against_random_ones_only():
    said = readings.plans_limits(shown.plans())
    assert said.startswith("These are options for discussion, and none is advice")
    assert "larger networks have higher localisation mechanically" in said
    assert said.endswith(
        "“balanced” 100.0%; today's networks, held against plans of their own number and range of sizes, 50.0%."
    )


def test_where_no_design_is_kept_the_command_is_told_with_a_number_that_fits():
    none = shown.plans(empty=True)
    assert charts.place_plans(none) is None
    assert readings.plans_limits(none) == ""
    assert readings.place_plans(none, shown.side_by_side()).endswith(
        "pcn-analysis network design --place Marlhaven --networks 2"
    )
    large = readings.place_plans(none, shown.side_by_side(patients=[300_000, 20_000]))
    assert large.endswith("--networks 7"), "320,000 people are too many for six networks of 50,000"
