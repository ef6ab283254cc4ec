"""Every sentence, word for word, on a table small enough to check by eye."""

import re
from dataclasses import replace

import handmade
import pandas as pd
import pytest
from handmade import PUBLISHED, RECORDS, sourced

from pcn_analysis import readings
from pcn_analysis.provenance import Provenance
from pcn_analysis.words import count, percent

pytestmark = pytest.mark.unit


def test_list_size():
    assert readings.list_size(handmade.network_sizes(), handmade.practice_lists()) == (
        "Harbour PCN has 40,000 registered patients at 3 practices on 1 July 2026, within the 30,000 to 50,000 that "
        "networks were planned for. Its largest list is Quayside Surgery, with 24,000 patients (60.0%). It is the "
        "second largest of the 3 networks of Marlhaven."
    )


@pytest.mark.parametrize(
    ("patients", "words"), [(29_999, "under"), (30_000, "within"), (50_000, "within"), (50_001, "over")]
)
def test_list_size_says_which_side_of_the_planned_size(patients, words):
    frame = handmade.network_sizes().frame.assign(patients=[patients, 60000, 20000, 900])
    sizes = handmade.released(frame, PUBLISHED, counts=("patients",), numbers=("practices",))
    text = readings.list_size(sizes, handmade.practice_lists())
    assert f"1 July 2026, {words} the 30,000 to 50,000 that networks were planned for." in text


def test_list_size_that_is_not_shown_is_on_no_side():
    frame = handmade.network_sizes().frame.assign(patients=[3, 60000, 20000, 900])
    sizes = handmade.released(frame, RECORDS, counts=("patients",), numbers=("practices",))
    text = readings.list_size(sizes, handmade.practice_lists())
    assert text.startswith("Harbour PCN has not shown registered patients at 3 practices on 1 July 2026. Its largest")


def test_ages():
    assert readings.ages(handmade.age_groups()) == (
        "20.0% of patients of Harbour PCN are under 20 and 20.0% are 65 or over. In Marlhaven as a whole these are "
        "25.0% and 20.0%, and in England 22.0% and 18.0%."
    )


def test_deprivation():
    assert readings.deprivation(handmade.core20(), handmade.deprivation()) == (
        "40.0% of patients of Harbour PCN live in the most deprived fifth of areas of England, against 20.0% in "
        "Marlhaven as a whole. The commonest decile is 1, with 25.0%; 1 is the most deprived and 10 the least."
    )


def test_prevalence():
    assert readings.prevalence(handmade.prevalence()) == (
        "For 1 July 2026, 1 of 3 QOF registers held a larger share of patients in Harbour PCN than in England and 1 a "
        "smaller one (95% intervals, so about 1 in 20 differs by chance alone). Furthest above is asthma: 12.0% "
        "against 6.0%. Furthest below is dementia: 0.5% against 1.0%. A register holds what practices record; these "
        "are not adjusted for age."
    )


def test_prevalence_says_the_period_of_its_registers():
    period = Provenance((replace(handmade.FILE, period="2024-25"), handmade.FILE), people=False)
    assert readings.prevalence(handmade.prevalence(period)).startswith("For 2024-25, 1 of 3 QOF registers")


def test_prevalence_names_no_furthest_among_registers_that_do_not_differ():
    frame = handmade.prevalence().frame.assign(patients=pd.array([2400, 400, 400], dtype="Int64"))
    text = readings.prevalence(handmade.released(frame, PUBLISHED, rates=handmade.prevalence().rates))
    assert "0 of 3 QOF registers held a larger share" in text
    assert "and 0 a smaller one" in text
    assert "Furthest" not in text
    assert "asthma" not in text


def test_footprint():
    assert readings.footprint(handmade.network_footprints(), "Harbour PCN") == (
        "Harbour PCN has more patients than any other network in 20 areas: its footprint. 70.0% of its 40,000 "
        "patients live there, and 80.0% of everyone registered who lives there is its patient. It serves at least 5% "
        "of registered patients in 30 areas."
    )


def test_footprint_of_a_network_that_wins_no_area():
    assert readings.footprint(handmade.network_footprints(), "Old Priory PCN") == (
        "Old Priory PCN has most patients in no area, so it has no footprint of its own. It serves at least 5% of "
        "registered patients in 12 areas."
    )


def test_areas():
    assert readings.areas(handmade.area_footprint()) == (
        "More of its patients live in Marlhaven 001A than in any other area: 900, 90.0% of everyone registered there. "
        "Its footprint has 2 areas, of which 1 is uncertain: "
        "won with less than half of registered patients, or by less "
        "than 5 points."
    )


def areas_with(**changed):
    table = handmade.area_footprint()
    return readings.areas(handmade.released(table.frame.assign(**changed), PUBLISHED, rates=table.rates))


def test_areas_where_none_is_uncertain():
    assert "Its footprint has 2 areas, of which none is uncertain: won with" in areas_with(uncertain=False)


def test_areas_where_all_are_uncertain():
    text = areas_with(uncertain=[True, True, False])
    assert "Its footprint has 2 areas, of which 2 are uncertain: won with" in text


def test_areas_that_another_network_won_count_in_no_sentence_on_the_footprint():
    assert areas_with(uncertain=[False, True, True], tied=[False, False, True]) == areas_with()


@pytest.mark.parametrize(
    ("tied", "end"),
    [([True, False, False], "1 area tied with another network."), ([True] * 3, "2 areas tied with another network.")],
)
def test_areas_that_are_tied(tied, end):
    assert areas_with(tied=tied).endswith(f"by less than 5 points. {end}")
    assert "tied" not in areas_with()


def test_areas_of_a_network_without_a_footprint():
    assert areas_with(in_footprint=False) == (
        "More of its patients live in Marlhaven 001A than in any other area: 900, 90.0% of everyone registered there."
    )


def test_areas_of_a_network_that_serves_nowhere():
    assert readings.areas(handmade.without_rows(handmade.area_footprint())) == (
        "Harbour PCN serves at least 5% of registered patients in no area."
    )


def test_local_authorities():
    assert readings.local_authorities(handmade.local_authorities()) == (
        "97.5% of its patients live in Marlhaven, 2.0% in Oldmoor and 0.5% where no English area is known."
    )


def test_one_local_authority():
    table = handmade.local_authorities()
    one = handmade.released(table.frame.head(1), PUBLISHED, rates=table.rates)
    assert readings.local_authorities(one) == "97.5% of its patients live in Marlhaven."


def test_local_authorities_with_less_than_one_in_a_thousand_are_left_out():
    table = handmade.local_authorities()
    few = handmade.released(
        table.frame.assign(patients=[39921.0, 40.0, 39.0]), PUBLISHED, counts=("patients",), rates=table.rates
    )
    assert readings.local_authorities(few) == "99.8% of its patients live in Marlhaven, 0.1% in Oldmoor."


def test_shared():
    assert readings.shared(handmade.shared_networks()) == (
        "Among people registered in the areas where patients of Harbour PCN live, on average 60.0% are with it too; "
        "of the others, more are with North Sands PCN than with any other network (22.5%)."
    )


def test_shared_with_practices_in_no_network_and_with_no_one():
    table = handmade.shared_networks()
    none = handmade.released(table.frame.iloc[[0, 2]], PUBLISHED, rates=table.rates)
    alone = handmade.released(table.frame.iloc[[0]], PUBLISHED, rates=table.rates)
    assert readings.shared(none).endswith(
        "of the others, more are with practices in no network than with any other network (12.5%)."
    )
    assert readings.shared(alone).endswith("live, on average 60.0% are with it too.")


def test_shared_says_most_of_a_majority_only():
    """24,000 of 40,000 are its own; of the other 16,000, 7,000 are more than with any other and not most."""
    table = handmade.shared_networks()
    frame = table.frame.assign(neighbours=[24000.0, 7000.0, 5000.0, 4000.0])
    text = readings.shared(handmade.released(frame, PUBLISHED, counts=("neighbours", "located"), rates=table.rates))
    assert "North Sands PCN than with any other network (17.5%)" in text
    assert "most of the others" not in text, text


def test_networks_compared():
    assert readings.networks_compared(handmade.network_footprints(), "North Sands PCN") == (
        "Localisation of North Sands PCN is 90.0%; the median of 3 networks of Marlhaven is 70.0%. A bigger "
        "network has higher localisation for its size alone, so this is no ranking."
    )


MODELLED = Provenance(PUBLISHED.sources, people=False, modelled="Estimated.")


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        (lambda of: readings.deprivation(handmade.core20(of), handmade.deprivation(of)), "{}40.0% of patients of"),
        (lambda of: readings.footprint(handmade.network_footprints(of), "Harbour PCN"), "{}70.0% of its 40,000"),
        (lambda of: readings.local_authorities(handmade.local_authorities(of)), "{}97.5% of its patients live"),
        (lambda of: readings.shared(handmade.shared_networks(of)), "on average {}60.0% are with it too"),
    ],
    ids=["deprivation", "footprint", "local_authorities", "shared"],
)
def test_what_is_modelled_is_called_estimated(reading, said):
    inside = said.startswith("on")
    assert said.format("an estimated " if inside else "An estimated ") in reading(MODELLED)
    assert said.format("") in reading(PUBLISHED)
    assert "estimated" not in reading(PUBLISHED).lower()


# -- what a vintage does not have --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reading", "table", "what"),
    [
        (readings.ages, handmade.age_groups(), "ages"),
        (readings.prevalence, handmade.prevalence(), "disease registers"),
    ],
)
def test_a_vintage_without_the_data_is_said_in_a_sentence(reading, table, what):
    assert reading(handmade.without_rows(table)) == (
        f"Not shown for Harbour PCN: the published files of 2026-07 hold no {what} of the same date."
    )


# -- numbers come from the table ---------------------------------------------------------------------------


def written(*tables) -> set[str]:
    """Return every number of the tables, and their numbers of rows, as words writes them."""
    cells = [v for t in tables for name in t.frame.select_dtypes("number") for v in t.frame[name]]
    return {count(v) for v in [*cells, *map(len, tables)]} | {percent(v) for v in cells}


def numbers_in(sentence: str) -> set[str]:
    return set(re.findall(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?%?(?!\w)", sentence))


@pytest.mark.parametrize(
    ("reading", "tables", "others", "fixed"),
    [
        (
            readings.list_size,
            (handmade.network_sizes, handmade.practice_lists),
            (),
            {"1", "2026", "30,000", "50,000"},
        ),
        (readings.deprivation, (handmade.core20, handmade.deprivation), (), set()),
        (readings.prevalence, (handmade.prevalence,), (), {"1", "2026", "95%", "20"}),
        (readings.footprint, (handmade.network_footprints,), ("Harbour PCN",), {"5%"}),
        (readings.areas, (handmade.area_footprint,), (), {"1", "2", "5"}),
        (readings.local_authorities, (handmade.local_authorities,), (), set()),
        (readings.shared, (handmade.shared_networks,), (), set()),
        (readings.networks_compared, (handmade.network_footprints,), ("North Sands PCN",), set()),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_number_of_a_sentence_is_in_its_table(reading, tables, others, fixed):
    made = [make() for make in tables]
    found = numbers_in(reading(*made, *others)) - fixed
    assert found, "a sentence without numbers proves nothing"
    assert found <= written(*made)


# -- numbers that are not shown ----------------------------------------------------------------------------


def test_a_share_that_is_not_shown_is_not_read_as_zero():
    text = readings.ages(handmade.age_groups(RECORDS, first=3))
    assert text.startswith("not shown of patients of Harbour PCN are under 20"), text


def test_a_sum_with_a_part_that_is_not_shown_is_not_shown():
    text = readings.ages(handmade.age_groups(RECORDS, last=3))
    assert "are under 20 and not shown are 65 or over" in text, text


def test_a_condition_that_is_not_shown_is_neither_end_of_the_range():
    text = readings.prevalence(handmade.prevalence(RECORDS, last=3))
    assert "epilepsy" not in text
    assert "Furthest above is asthma" in text


def test_no_localisation_that_is_not_shown_is_in_the_median():
    table = handmade.network_footprints(RECORDS, last=3)
    text = readings.networks_compared(table, "North Sands PCN")
    assert "is 90.0%; the median of 2 networks of Marlhaven is 80.0%." in text, text
    assert readings.networks_compared(table, "Old Priory PCN").startswith("Localisation of Old Priory PCN is not shown")


# -- only released tables are read -------------------------------------------------------------------------

UNRELEASED = sourced(handmade.network_footprints().frame)


@pytest.mark.parametrize(
    ("reading", "others"),
    [
        (readings.list_size, (handmade.practice_lists(),)),
        (readings.ages, ()),
        (readings.deprivation, (handmade.deprivation(),)),
        (readings.prevalence, ()),
        (readings.footprint, ("Harbour PCN",)),
        (readings.areas, ()),
        (readings.local_authorities, ()),
        (readings.shared, ()),
        (readings.networks_compared, ("Harbour PCN",)),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_sentences_refuse_tables_that_were_not_released(reading, others):
    with pytest.raises(TypeError, match="released table"):
        reading(UNRELEASED, *others)


def test_a_sentence_changes_with_its_table():
    one = readings.local_authorities(handmade.local_authorities())
    frame = handmade.local_authorities().frame.assign(patients=pd.Series([30000.0, 9800.0, 200.0]))
    rates = handmade.local_authorities().rates
    other = readings.local_authorities(handmade.released(frame, PUBLISHED, rates=rates))
    assert numbers_in(one) != numbers_in(other)
