"""The text that stands for each figure: never empty, with the highest and the lowest."""

import handmade
import pytest
from handmade import INVENTED, PUBLISHED, RECORDS, sourced

from pcn_analysis.plots import alt_text, charts, maps

pytestmark = pytest.mark.unit

FIGURES = {
    alt_text.practice_lists: (handmade.practice_lists, "Quayside Surgery (24,000)", "Tide Row Surgery (4,000)"),
    alt_text.network_sizes: (
        handmade.network_sizes,
        "highest North Sands PCN (60,000)",
        "lowest Old Priory PCN (20,000)",
    ),
    alt_text.age_pyramid: (handmade.age_structure, "largest group is female, 5-9 years: 37.5%", "against 25.0%"),
    alt_text.deprivation: (handmade.deprivation, "decile 1 25.0%", "decile 10 2.5%"),
    alt_text.prevalence: (handmade.prevalence, "highest Asthma (2.00 times)", "lowest Dementia (0.50 times)"),
    alt_text.network_footprints: (
        handmade.network_footprints,
        "North Sands PCN 90.0% and 72.0%",
        "Old Priory PCN 0.0% and not shown",
    ),
    alt_text.shared_networks: (handmade.shared_networks, "Harbour PCN 60.0%", "2 other networks 5.0%"),
    alt_text.footprint: (handmade.footprint_map, "from 10.0% (E01000003)", "to 90.0% (E01000001)"),
}
EVERY = pytest.mark.parametrize("describe", FIGURES, ids=lambda describe: describe.__name__)


def test_every_chart_and_map_has_a_description():
    drawn = {name for module in (charts, maps) for name, value in vars(module).items() if hasattr(value, "__wrapped__")}
    described = {describe.__name__ for describe in FIGURES}
    assert drawn == described


@EVERY
def test_a_description_says_what_is_highest_and_lowest_and_where(describe):
    make, highest, lowest = FIGURES[describe]
    text = describe(make())
    assert highest in text
    assert lowest in text
    assert "Harbour PCN" in text
    assert text.endswith(".")


def test_the_map_says_how_much_of_the_footprint_is_uncertain():
    text = alt_text.footprint(handmade.footprint_map())
    assert "in 3 areas where it is at least 5% or the area is in its footprint" in text
    assert text.endswith("The footprint, outlined, has 2 areas, 1 of them uncertain (hatched).")


def test_the_dots_of_networks_say_how_many_are_within_the_planned_size():
    text = alt_text.network_sizes(handmade.network_sizes())
    assert "1 of 3 within 30,000 to 50,000" in text
    assert "no network" not in text, "practices in no network are no network and have no dot"


def test_a_map_of_a_network_that_serves_nowhere_says_so():
    frame = handmade.footprint_map().frame.assign(in_footprint=False, uncertain=False, patients=[40.0, 30.0, 0.0, None])
    table = handmade.released(frame, PUBLISHED, rates=handmade.footprint_map().rates)
    assert alt_text.footprint(table) == (
        "Map of areas around Harbour PCN, 1 July 2026; it serves at least 5% of patients in none."
    )


@EVERY
def test_a_table_without_rows_has_no_figure_to_describe(describe):
    assert describe(handmade.without_rows(FIGURES[describe][0]())) == ""


@EVERY
def test_invented_values_are_described_as_invented(describe):
    make = FIGURES[describe][0]
    assert describe(make(INVENTED)) == f"Synthetic data. {describe(make())}"


@pytest.mark.parametrize(
    "describe",
    [describe for describe in FIGURES if describe is not alt_text.footprint],
    ids=lambda describe: describe.__name__,
)
def test_a_number_that_is_not_shown_is_described_as_such(describe):
    text = describe(FIGURES[describe][0](RECORDS, last=3))
    assert "NA" not in text, text
    assert "nan" not in text, text


def test_a_condition_that_is_not_shown_is_not_the_highest():
    assert "highest Asthma" in alt_text.prevalence(handmade.prevalence(RECORDS, last=3))


@EVERY
def test_descriptions_refuse_tables_that_were_not_released(describe):
    with pytest.raises(TypeError):
        describe(sourced(FIGURES[describe][0]().frame))
