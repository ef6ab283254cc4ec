"""What the page on one network's ground shows and says."""

from dataclasses import replace

import footprints_shown as shown
import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from handmade import INVENTED, PUBLISHED, released
from matplotlib.colors import to_hex

from pcn_analysis import readings
from pcn_analysis.plots import alt_text, maps
from pcn_analysis.plots.catchments_map import FILLS

mpl.use("Agg")
pytestmark = pytest.mark.unit
ESTIMATED = replace(PUBLISHED, modelled="Where patients live is estimated.")


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


# -- at a glance -------------------------------------------------------------------------------------------

BIGGER = "Larger networks have more areas and higher localisation for their size alone."


def test_at_a_glance():
    assert readings.at_a_glance(shown.at_a_glance()) == (
        "The ground of Harbour PCN is in 3 parts; of its patients there 54.6% live in the main one. 2.3% of its "
        "patients live outside Marlhaven. As the crow flies they live 2.0 km from their own practice on average, and "
        "1.0 km from the nearest of any network. The mean deprivation score, higher where people are more deprived, is "
        f"17.1 where its own patients live, and 11.2 for everyone registered on its ground. {BIGGER}"
    )


def test_at_a_glance_leaves_out_what_is_not_known():
    unknown = dict.fromkeys(["away_share_local_authority", "own_m", "nearest_m", "score_registered"], "not known")
    assert readings.at_a_glance(shown.at_a_glance(parts="1", **unknown)) == (
        f"The ground of Harbour PCN is of one piece. {BIGGER}"
    )


def test_at_a_glance_of_a_network_that_wins_no_area():
    said = readings.at_a_glance(shown.at_a_glance(areas_footprint="0", parts="0", score_resident="wins no area"))
    assert said.startswith("Harbour PCN wins no area, so there is no ground of its own. 2.3% of")
    assert "deprivation" not in said
    assert "beyond the map" in readings.at_a_glance(shown.at_a_glance(parts="0"))


def test_what_is_estimated_is_said_to_be():
    assert "An estimated 2.3% of its patients" in readings.at_a_glance(shown.at_a_glance(ESTIMATED))
    assert "known, by estimate, half live" in readings.catchments(shown.catchments(ESTIMATED))
    said = readings.coverage(shown.uncovered(ESTIMATED), shown.outside_networks(ESTIMATED, practices=1))
    assert "live an estimated 3,000 patients" in said


# -- catchments --------------------------------------------------------------------------------------------


def test_catchments():
    assert readings.catchments(shown.catchments()) == (
        "Of the 100 patients of Harbour PCN whose English area is known, half live in 2 areas (core), 80% in 3 (main) "
        "and 95% in 5 (wide). Others have most people in 1 of the 3 areas of the main catchment; 1 of the 3 areas of "
        "its footprint lies outside it."
    )
    assert readings.catchments(shown.catchments(nobody=True)) == "Where patients of Harbour PCN live is not known."


@pytest.mark.parametrize(
    ("in_footprint", "said"),
    [
        (
            [True, True, True, False, False, False],
            "It has most people in each of the main catchment; its whole footprint",
        ),
        (
            [True, True, True, True, True, False],
            "It has most people in each of the main catchment; 2 of the 5 areas of",
        ),
        ([False] * 6, "Others have most people in 3 of the 3 areas of the main catchment."),
    ],
)
def test_catchments_that_are_the_footprint_and_catchments_of_a_network_without_one(in_footprint, said):
    table = shown.catchments()
    frame = table.frame.assign(in_footprint=in_footprint)
    kinds = {"counts": ("patients", "located", "so_far"), "rates": table.rates}
    assert said in readings.catchments(released(frame, PUBLISHED, **kinds))


def test_the_map_draws_each_catchment_in_its_colour_and_counts_what_lies_beyond_it():
    ax = maps.catchments(shown.catchments())
    keys = [text.get_text() for text in ax.figure.legends[0].get_texts()]
    assert keys[:3] == [
        "Core: the first 50%\n(2 areas)",
        "Main: up to 80%\n(1 area)",
        "Wide: up to 95%\n(1 area, 1 beyond the map)",
    ]
    assert "Its footprint (3 areas)" in keys
    drawn = {to_hex(colour).upper() for drawn in ax.collections for colour in drawn.get_facecolor()}
    assert {colour.upper() for colour in FILLS.values()} <= drawn


def test_the_map_of_a_network_whose_patients_nobody_can_place_shows_nothing_of_it():
    ax = maps.catchments(shown.catchments(nobody=True))
    ax.figure.canvas.draw()
    keys = [text.get_text() for text in ax.figure.legends[0].get_texts()]
    assert keys[0] == "Core: the first 50%\n(0 areas)"
    assert "Its footprint (0 areas)" in keys
    drawn = {to_hex(colour).upper() for drawn in ax.collections for colour in drawn.get_facecolor()}
    assert not drawn & {colour.upper() for colour in FILLS.values()}


def test_the_map_is_described_and_names_its_source():
    assert alt_text.catchments(shown.catchments()) == (
        "Map of where the patients of Harbour PCN, 1 July 2026 live: half of them in 2 areas (core, darkest), 80% in 3 "
        "(main) and 95% in 5 (wide, palest); most in Marlhaven 000A (30.0%). The footprint, outlined, has 3 areas, 2 "
        "of them in the main catchment. Beyond the map: 1 area."
    )
    assert alt_text.catchments(shown.catchments(nobody=True)).endswith("no English area of them is known.")
    assert alt_text.catchments(shown.catchments(INVENTED)).startswith("Synthetic data. Map of")
    assert "SYNTHETIC: an invented place" in maps.catchments(shown.catchments(INVENTED)).figure.get_supxlabel()


def test_what_was_not_released_is_neither_drawn_nor_described():
    for draw in (maps.catchments, alt_text.catchments, readings.catchments, readings.at_a_glance):
        with pytest.raises(TypeError, match="from a released table"):
            draw(shown.catchments().frame)


# -- whom no network covers --------------------------------------------------------------------------------


def test_coverage():
    assert readings.coverage(shown.uncovered(), shown.outside_networks()) == (
        "In every area of Marlhaven some network has at least 5% of registered patients. No patient of a practice in "
        "no network lives on the ground of Harbour PCN."
    )
    assert readings.coverage(shown.uncovered(areas=2), shown.outside_networks(practices=1)) == (
        "In 2 areas of Marlhaven, with 2,400 people registered, no network has 5% of registered patients. On the "
        "ground of Harbour PCN live 3,000 patients of 1 practice in no network; it is Cutter Lane Practice, 37.5% of "
        "its list."
    )
    assert readings.coverage(shown.uncovered(), shown.outside_networks(practices=2)).endswith(
        "live 3,100 patients of 2 practices in no network; most are with Cutter Lane Practice, 37.5% of its list."
    )


def test_a_practice_in_no_network_with_few_patients_there_is_counted_and_not_named():
    table = shown.outside_networks(practices=1)
    few = released(table.frame.assign(patients=0.9), PUBLISHED, counts=("patients", "registered"), rates=table.rates)
    said = readings.coverage(shown.uncovered(), few)
    assert said.endswith("On the ground of Harbour PCN live 1 patient of 1 practice in no network.")
