"""The text that stands for each figure: never empty, with the highest and the lowest."""

import handmade
import pytest
from handmade import DRAWN, INVENTED, PUBLISHED, RECORDS, sourced

from pcn_analysis.plots import alt_text, charts, maps, pyramids

pytestmark = pytest.mark.unit


def capacity(table):
    """The description of capacity, at 60 assessments a month."""
    return alt_text.capacity(table, 60)


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
    alt_text.people_pyramid: (handmade.people, "female 47.2%, male 50.9%", "65-74 17.9%"),
    alt_text.contacts: (handmade.contacts, "GP contact 60.0%", "Planned admission not in these records"),
    alt_text.segment_sizes: (handmade.segment_sizes, "Frailty/Dementia 10.0%", "None of those assessed 50.0%"),
    alt_text.segments_by_age: (handmade.segments_by_age, "Frailty/Dementia 85+ (30.0%)", "LTCs 85+ (50.0%)"),
    alt_text.segments_by_deprivation: (
        handmade.segments_by_deprivation,
        "share of each segment among people by fifth of deprivation",
        "None of those assessed most deprived (60.0%)",
    ),
    alt_text.segments_by_practice: (
        handmade.segments_by_practice,
        "LTCs Tide Row Surgery (50.0%)",
        "None of those assessed Quayside Surgery (60.0%)",
    ),
    alt_text.attrition: (handmade.attrition, "Registered and alive 10,000", "Moderate or severe frailty 240"),
    capacity: (handmade.severity, "at 60 assessments a month", "severe frailty 60 people, 1 month; moderate frailty"),
    alt_text.eligible_by_practice: (
        handmade.eligible_by_practice,
        "highest Rope Walk Practice (16.0%)",
        "lowest Quayside Surgery (4.0%)",
    ),
    alt_text.eligible_by_deprivation: (
        handmade.eligible_by_deprivation,
        "highest most deprived (20.0%)",
        "lowest not known (3.0%)",
    ),
    alt_text.reasons: (handmade.reasons, "Falls 75.0%", "Anaemia 25.0%"),
    alt_text.footprint: (handmade.footprint_map, "from 10.0% (E01000003)", "to 90.0% (E01000001)"),
}
NAMES = {value: name for name, value in vars(alt_text).items() if callable(value)} | {capacity: "capacity"}
EVERY = pytest.mark.parametrize("describe", FIGURES, ids=NAMES.get)


def public(*modules):
    """Names of the functions that modules offer; some are made by others and have another name of their own."""
    return {
        name
        for module in modules
        for name, value in vars(module).items()
        if callable(value) and value.__module__ == module.__name__ and not name.startswith("_")
    }


def test_every_chart_and_map_has_a_description():
    assert public(charts, pyramids, maps) == public(alt_text) == {NAMES[describe] for describe in FIGURES}


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


@EVERY
def test_invented_people_are_described_as_such(describe):
    make = FIGURES[describe][0]
    assert describe(make(DRAWN)).startswith("Synthetic people. ")
    assert not describe(make(RECORDS)).startswith("Synthetic")


@pytest.mark.parametrize(
    "describe",
    [describe for describe in FIGURES if describe is not alt_text.footprint],
    ids=NAMES.get,
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


# -- descriptions of people ----------------------------------------------------------------------------------


def test_segments_that_are_not_shown_are_said_or_left_out():
    assert alt_text.segment_sizes(handmade.segment_sizes(RECORDS, last=3)).endswith(
        "LTCs 40.0%; None of those assessed not shown."
    )
    frame = handmade.segments_by_age().frame.assign(patients=[3, 997, 0, 4, 996, 0, 7, 993, 0])
    assert alt_text.segments_by_age(handmade.of_groups(frame, RECORDS)).endswith(
        "Where each segment has its highest share: LTCs 65-74 (99.5%)."
    )


def test_a_segment_that_was_not_assessed_is_described_as_such():
    assert alt_text.segment_sizes(handmade.segment_sizes(RECORDS, first=None)).endswith(
        "first priority first: Frailty/Dementia not assessed; LTCs 40.0%; None of those assessed 50.0%."
    )


def test_practices_of_which_none_is_shown_have_no_extremes():
    table = handmade.eligible_by_practice()
    frame = table.frame.assign(patients=3)
    few = handmade.released(frame, RECORDS, counts=("patients", "registered"), rates=table.rates)
    assert alt_text.eligible_by_practice(few) == (
        "Dot plot of the share of people of 65 and over who would be offered proactive care by practice, Harbour PCN, "
        "1 July 2026: none is shown."
    )


def test_the_description_of_reasons_names_five():
    table = handmade.reasons()
    frame = table.frame.iloc[[0] * 7].assign(element=[f"Deficit {number}" for number in range(7)])
    text = alt_text.reasons(handmade.released(frame, PUBLISHED, rates=table.rates))
    assert "Deficit 4 75.0%." in text
    assert "Deficit 5" not in text


def test_the_description_of_capacity_says_what_is_not_shown():
    assert capacity(handmade.severity(RECORDS, last=3)).endswith(
        "1 July 2026: severe frailty 60 people, 1 month; moderate frailty not shown."
    )


@pytest.mark.parametrize(
    ("monthly", "words"),
    [
        (1200, "at 1,200 assessments a month, Harbour PCN, 1 July 2026: severe frailty 60 people, 1 month; "
               "moderate frailty 180 people, 1 month."),
        (59, "severe frailty 60 people, 2 months; moderate frailty 180 people, 4 months."),
        (60, "severe frailty 60 people, 1 month; moderate frailty 180 people, 3 months."),
    ],
)  # fmt: skip
def test_the_description_of_capacity_says_how_many_months_each_takes(monthly, words):
    assert alt_text.capacity(handmade.severity(), monthly).endswith(words)


def test_the_description_of_capacity_of_one_and_of_nobody():
    assert capacity(handmade.severity(last=1)).endswith("moderate frailty 1 person, 1 month.")
    assert capacity(handmade.severity(last=0)).endswith("moderate frailty 0 people, 0 months.")


@pytest.mark.parametrize(
    "describe",
    [alt_text.segments_by_age, alt_text.segments_by_deprivation, alt_text.segments_by_practice],
    ids=NAMES.get,
)
def test_segments_of_which_none_is_shown_are_said_to_be_so(describe):
    few = handmade.of_groups(FIGURES[describe][0]().frame.assign(patients=3), RECORDS)
    assert describe(few).endswith("Where each segment has its highest share: none is shown.")
