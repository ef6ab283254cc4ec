"""Every sentence, word for word, on a table small enough to check by eye."""

import re

import handmade
import pandas as pd
import pytest
from handmade import PUBLISHED, RECORDS, sourced

from pcn_analysis import readings
from pcn_analysis.words import count, percent

pytestmark = pytest.mark.unit


def test_list_size():
    assert readings.list_size(handmade.network_sizes(), handmade.practice_lists()) == (
        "Harbour PCN has 40,000 registered patients at 3 practices on 1 July 2026: within the 30,000 to 50,000 that "
        "networks were planned for. Its largest list is Quayside Surgery, with 24,000 patients (60.0%). It is the "
        "second largest of the 3 networks of Marlhaven."
    )


@pytest.mark.parametrize(("band", "words"), [("under 30,000", "under the 30,000"), ("over 50,000", "over the 30,000")])
def test_list_size_says_which_side_of_the_planned_size(band, words):
    frame = handmade.network_sizes().frame.assign(size_band=band)
    sizes = handmade.released(frame, PUBLISHED, counts=("patients",), numbers=("practices",))
    assert f"1 July 2026: {words} to 50,000 that" in readings.list_size(sizes, handmade.practice_lists())


def test_ages():
    assert readings.ages(handmade.age_groups()) == (
        "20.0% of patients of Harbour PCN are under 20 and 20.0% are 65 or over. In Marlhaven these are 25.0% and "
        "20.0%, and in England 22.0% and 18.0%."
    )


def test_deprivation():
    assert readings.deprivation(handmade.core20(), handmade.deprivation()) == (
        "40.0% of patients of Harbour PCN live in the most deprived fifth of areas of England, against 20.0% in "
        "Marlhaven. More live in decile 1 than in any other (25.0%)."
    )


def test_prevalence():
    assert readings.prevalence(handmade.prevalence()) == (
        "Of 3 recorded conditions, 1 are recorded more often in Harbour PCN than in England and 1 less often (95% "
        "intervals). Furthest above is asthma (12.0% against 6.0%); at the other end is dementia (0.5% against 1.0%). "
        "These are crude: an older network has more of most, and a condition that is not recorded is not counted."
    )


def test_footprint():
    assert readings.footprint(handmade.network_footprints(), "Harbour PCN") == (
        "Harbour PCN has more patients than any other network in 20 areas: its footprint. 70.0% of its 40,000 "
        "patients live there, and 80.0% of everyone registered who lives there is its patient. It serves at least 5% "
        "of registered patients in 30 areas."
    )


def test_footprint_of_a_network_that_wins_no_area():
    assert readings.footprint(handmade.network_footprints(), "Old Priory PCN") == (
        "Old Priory PCN has more patients than any other network in no area, so it has no footprint of its own; it "
        "serves at least 5% of registered patients in 12 areas."
    )


def test_areas():
    assert readings.areas(handmade.area_footprint()) == (
        "More of its patients live in Marlhaven 001A than in any other area: 900, 90.0% of everyone registered there. "
        "1 of the 2 areas in the footprint of Harbour PCN is uncertain (won with less than half of registered "
        "patients, or by less than 5 points)."
    )


def test_areas_where_none_is_uncertain():
    table = handmade.area_footprint()
    certain = handmade.released(table.frame.assign(uncertain=False), PUBLISHED, rates=table.rates)
    assert "No area of the footprint of Harbour PCN is uncertain" in readings.areas(certain)


def test_local_authorities():
    assert readings.local_authorities(handmade.local_authorities()) == (
        "97.5% of its patients live in Marlhaven, 2.0% in Oldmoor and 0.5% where no English area is known."
    )


def test_one_local_authority():
    table = handmade.local_authorities()
    one = handmade.released(table.frame.head(1), PUBLISHED, rates=table.rates)
    assert readings.local_authorities(one) == "97.5% of its patients live in Marlhaven."


def test_shared():
    assert readings.shared(handmade.shared_networks()) == (
        "Take a patient of Harbour PCN and anyone registered who lives in the same area: 60.0% of the time both are "
        "with Harbour PCN. It shares most with North Sands PCN (22.5%)."
    )


def test_shared_with_practices_in_no_network_and_with_no_one():
    table = handmade.shared_networks()
    none = handmade.released(table.frame.iloc[[0, 2]], PUBLISHED, rates=table.rates)
    alone = handmade.released(table.frame.iloc[[0]], PUBLISHED, rates=table.rates)
    assert readings.shared(none).endswith("It shares most with practices in no network (12.5%).")
    assert readings.shared(alone).endswith("60.0% of the time both are with Harbour PCN.")


def test_networks_compared():
    assert readings.networks_compared(handmade.network_footprints()) == (
        "Among the 3 networks of Marlhaven, localisation runs from 0.0% (Old Priory PCN) to 90.0% (North Sands PCN). "
        "A bigger network scores higher for its size alone, so these are not to be ranked."
    )


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
        (readings.prevalence, (handmade.prevalence,), (), {"1", "95%"}),
        (readings.footprint, (handmade.network_footprints,), ("Harbour PCN",), {"5%"}),
        (readings.areas, (handmade.area_footprint,), (), {"1", "2", "5"}),
        (readings.local_authorities, (handmade.local_authorities,), (), set()),
        (readings.shared, (handmade.shared_networks,), (), set()),
        (readings.networks_compared, (handmade.network_footprints,), (), set()),
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


def test_no_localisation_that_is_not_shown_ends_the_range():
    text = readings.networks_compared(handmade.network_footprints(RECORDS, last=3))
    assert "to 90.0% (North Sands PCN)" in text, text


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
        (readings.networks_compared, ()),
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
