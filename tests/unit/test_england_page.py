"""What the page of all networks draws, describes and says, of many networks, of few and of invented ones."""

import json
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from england_places import country, many
from handmade import INVENTED, PUBLISHED

from pcn_analysis import readings
from pcn_analysis.network import england_ground, footprint
from pcn_analysis.plots import alt_text, charts, england_map, maps
from pcn_analysis.release import release

mpl.use("Agg")
pytestmark = pytest.mark.unit
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "09_england_networks.ipynb"
OF_NETWORKS = {
    "england_sizes": lambda table: table,
    "england_coherence": lambda table: table,
    "england_spread": lambda table: table,
    "england_ends": footprint.england_ends,
    "england_deprivation": footprint.england_deprivation,
    "england_borders": footprint.england_borders,
}
"""Figures made from the table of networks."""


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def opened(table):
    return release(table, profile="open_data")


def words(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


@pytest.mark.parametrize("name", OF_NETWORKS)
@pytest.mark.parametrize("number", [30, 1])
def test_every_figure_is_drawn_and_described_of_many_networks_and_of_one(name, number):
    for marked in (0, 1):
        table = opened(OF_NETWORKS[name](many(number, marked)))
        charts.__dict__[name](table).figure.canvas.draw()
        text = alt_text.__dict__[name](table)
        assert "Marlhaven, 1 July 2026" in text or "Harbour PCN" in text
        assert "nan" not in text


@pytest.mark.parametrize("name", OF_NETWORKS)
def test_invented_networks_are_called_so(name):
    table = opened(OF_NETWORKS[name](many(30, 2, INVENTED)))
    assert alt_text.__dict__[name](table).startswith("Synthetic data. ")


def test_networks_of_the_marked_place_are_named_on_sizes_and_coherence():
    table = opened(many(30, 2))
    assert words(charts.england_sizes(table)) == ["Number 1, 22,000", "Number 0, 20,000"]
    assert words(charts.england_coherence(table)) == ["Number 1 87.3%", "Number 0 90.0%"]
    assert "Marked, the networks of Westshire: Number 0 PCN 20,000; Number 1 PCN 22,000." in alt_text.england_sizes(
        table
    )


def test_no_two_names_beside_the_axes_meet():
    ax = charts.england_coherence(opened(many(30, 12)))
    ax.figure.canvas.draw()
    boxes = sorted((mpl.text.Text.get_window_extent(text) for text in ax.texts), key=lambda box: box.y0)
    assert len(boxes) == 12
    assert all(low.y1 <= high.y0 + 2 for low, high in pairwise(boxes))


def test_of_a_place_with_very_many_networks_the_largest_are_named():
    assert len(words(charts.england_sizes(opened(many(30, 25))))) == 12


def test_the_ends_have_a_heading_each_and_a_row_for_each_network():
    ax = charts.england_ends(opened(footprint.england_ends(many(30, 2), most=3)))
    assert [text for text in words(ax) if "rank" not in text] == ["Highest", "Westshire", "Lowest"]
    assert len(ax.get_yticklabels()) == 8
    assert words(ax)[-1] == "12.7%; rank 30; 78,000 patients"


def test_the_map_and_its_legend_have_the_same_classes_as_the_table():
    assert tuple(england_ground.CLASSES) == england_map.CLASSES
    shown = opened(footprint.england_map(country(), "Westshire"))
    ax = maps.england_map(shown)
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["under 40% (0 areas)", "40% to 50% (1 area)", "50% to 70% (3 areas)", "70% to 90% (2 areas)",
                      "90% or more (0 areas)"]  # fmt: skip
    assert "under 40% in 0 areas, 40% to 50% in 1 area, 50% to 70% in 3 areas" in alt_text.england_map(shown)


def test_a_small_part_of_the_map_is_drawn_larger_and_a_large_one_is_not(monkeypatch):
    shown = opened(footprint.england_map(country(), "Westshire"))
    assert maps.england_map(shown).child_axes == [], "both are half of the map"
    monkeypatch.setattr(england_map, "SMALL", 0.6)
    assert [inset.get_title(loc="left") for inset in maps.england_map(shown).child_axes] == ["Westshire", "London"]


def test_changes_are_drawn_since_the_earliest_map_and_not_at_all_without_one():
    table = opened(footprint.england_changes(country()))
    assert "2 (180 patients)" in words(charts.england_changes(table))
    none = opened(footprint.england_changes(country(earlier=False)))
    assert charts.england_changes(none) is None
    assert alt_text.england_changes(none) == ""


# -- sentences ---------------------------------------------------------------------------------------------------


def test_sizes_are_read_with_what_was_published_of_another_date():
    sizes = opened(footprint.england_sizes(many(30, 6)))
    said = readings.england_sizes(sizes, "Westshire")
    assert "11 of 30 networks (36.7%) have the 30,000 to 50,000 patients that networks were planned for" in said
    assert "In April 2021 it was 56.1% of 1,251 networks (Beaney and others, 2022): another date" in said
    assert said.endswith("Westshire has 6 networks: 5 under 30,000 and 1 with 30,000 to 50,000.")


def test_what_was_published_of_england_is_not_held_against_an_invented_place():
    sizes = opened(footprint.england_sizes(many(30, 0, INVENTED)))
    said = readings.england_sizes(sizes, "Wirral")
    assert "2021" not in said
    assert said.endswith("No network here has most of its patients in Wirral: none is marked.")


def test_practices_in_no_network_are_read():
    assert readings.england_outside(opened(footprint.england_outside(country()))) == (
        "1 practice is in no network, with 50 patients (8.2% of all registered). At 1 of them at least half of "
        "patients live on the ground of one network, at 0 they are spread over more or have no area. Whether that "
        "network serves them is not published."
    )


def test_localisation_is_never_read_without_what_size_does_to_it():
    assert "no other reason than its size" in readings.england_coherence(opened(footprint.england_coherence(many())))
    said = readings.england_ends(opened(footprint.england_ends(many(30, 1))))
    assert "A rank is no grade" in said
    assert said.endswith("and among those of about the same size, are 98 and 50 for Number 0 PCN.")


def test_the_middle_half_of_networks_is_read_and_how_many_have_ground_in_parts():
    table = footprint.england_networks(country(), "Westshire")
    assert readings.england_spread(opened(table)) == (
        "Half of networks have a localisation between 55.4% and 64.6%; the median is 55.8%. Where their patients live, "
        "people are registered as if with 2.0 to 2.2 networks of equal size (median 2.1). The ground of 1 network "
        "falls into several parts; of 1 the main part holds less than 90% of their patients there."
    )


def test_rural_networks_are_read_beside_urban_ones_where_both_are_known():
    table = footprint.england_networks(country(), "Westshire")
    said = readings.england_rurality(opened(footprint.england_rurality(table)))
    assert said.startswith("Of 1 network with 10% to 50% rural patients, 73.5% of patients live on their network's")
    assert "of 2 with under 10% rural, 55.6%." in said
    unknown = type(table)(table.frame.assign(rural_share=None), table.provenance)
    assert "is not known here" in readings.england_rurality(opened(footprint.england_rurality(unknown)))


def test_the_map_is_read_with_the_areas_where_no_network_has_half():
    areas = footprint.england_map(country(), "Westshire")
    said = readings.england_map(opened(areas), opened(footprint.england_map_classes(areas)))
    assert said.startswith("In 5 of 6 areas (83.3%) one network has at least half of registered patients")
    assert "In 1 none has half, 33.3% of areas of London and 0.0% of areas of Westshire among them" in said
    assert said.endswith("100 registered people live in such areas.")


def test_borders_are_read_with_the_network_furthest_across():
    networks = footprint.england_networks(country(), "Westshire")
    said = readings.england_borders(opened(footprint.england_borders(networks)), opened(networks))
    assert said.startswith(
        "Of patients with a known area, 175 (31.5%) live outside the local authority that is their network's home and "
    )
    assert "East PCN has most (46.5%). In Westshire, the largest share outside it is 25.0% (West PCN)." in said


def test_deprivation_is_read_both_ways():
    table = many(30, 0)
    said = readings.england_deprivation(opened(footprint.england_deprivation(table)), opened(table))
    assert said.startswith("In 10 of 30 networks, people who live on the network's ground")
    assert "in 11, at least 5 below" in said


def test_changes_are_read_with_those_of_the_place():
    networks = footprint.england_networks(country(), "Eastham")
    named = opened(footprint.england_networks_changed(country(), networks))
    said = readings.england_changes(opened(footprint.england_changes(country())), named)
    assert said.startswith("Since October 2024, 2 practices of 5 moved to another network, with 180 patients; of 3")
    assert "In Eastham, Far PCN is new (100 patients of practices that came from elsewhere) and East PCN has" in said
    alone = country(earlier=False)
    assert readings.england_changes(
        opened(footprint.england_changes(alone)), opened(footprint.england_networks_changed(alone, networks))
    ) == "There is no earlier map of these networks."  # fmt: skip


def test_the_page_folds_its_long_table_and_marks_wirral_unless_told_otherwise():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    source = "\n".join("".join(cell["source"]) for cell in cells)
    assert 'highlight: str = "Wirral"' in source
    assert 'show_table(networks, columns, caption="Every network, largest first", most=20, folded=True)' in source
    assert PUBLISHED.people is False
