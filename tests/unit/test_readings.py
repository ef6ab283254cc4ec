"""Every sentence, word for word, on a table small enough to check by eye."""

import re
from dataclasses import replace
from pathlib import Path

import handmade
import pandas as pd
import pytest
from handmade import DRAWN, PUBLISHED, RECORDS, sourced

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


# -- who people are ----------------------------------------------------------------------------------------


def test_people():
    assert readings.people(handmade.people(RECORDS)) == (
        "10,600 people are registered with Harbour PCN on 1 July 2026: 47.2% female and 50.9% male; sex is "
        "indeterminate or not known of 200 (1.9%). 17.9% are 65 or over; the largest age group is 20-39 (41.5%)."
    )


def test_people_whose_sex_is_known_of_everyone_or_of_all_but_a_few():
    assert "48.1% female and 51.9% male. 18.3% are 65" in readings.people(handmade.people(RECORDS, unknown=0))
    few = readings.people(handmade.people(RECORDS, unknown=3))
    assert "; sex is indeterminate or not known of a few, too few to show. " in few


def test_people_of_whom_no_sex_is_known_are_neither_women_nor_men():
    frame = handmade.people().frame
    frame = frame[frame["sex"].isin(["everyone", "indeterminate or not known"])]
    text = readings.people(handmade.released(frame, RECORDS, counts=("patients", "registered"), rates=PEOPLE))
    assert "1 July 2026: the records do not say who is female and who is male. 17.9% are 65 or over" in text


def test_people_who_are_too_few_are_not_numbered():
    few = handmade.people().frame.assign(patients=3, registered=3)
    table = handmade.released(few, RECORDS, counts=("patients", "registered"), rates=PEOPLE)
    assert readings.people(table) == (
        "How many people are registered with Harbour PCN on 1 July 2026 is not shown: too few."
    )
    hidden = handmade.people().frame
    hidden.loc[hidden.index[1:], "patients"] = 3
    table = handmade.released(hidden, RECORDS, counts=("patients", "registered"), rates=PEOPLE)
    assert readings.people(table).endswith(" not shown are 65 or over.")


def test_people_of_whom_there_are_none():
    nobody = handmade.without_rows(handmade.people())
    assert readings.people(nobody) == "Nobody is registered with Harbour PCN on 1 July 2026."


PEOPLE = handmade.people().rates


def test_contacts():
    assert readings.contacts(handmade.contacts(RECORDS)) == (
        "In the 12 months before 1 July 2026, 20.0% of these people had an A&E attendance (250 per 1,000 people) and "
        "60.0% a GP contact (3,500). Not in these records, and so not known: planned admission."
    )


def test_contacts_that_are_all_in_the_records_lack_nothing():
    frame = handmade.contacts().frame
    rest = {"counts": ("patients", "registered", "contacts", "not_known"), "rates": handmade.contacts().rates}
    text = readings.contacts(handmade.released(frame[frame["recorded"]], RECORDS, **rest))
    assert text.endswith("60.0% a GP contact (3,500).")


def test_contacts_of_a_few_are_not_shown_and_not_none():
    assert "and not shown a GP contact (3,500)" in readings.contacts(handmade.contacts(RECORDS, last=3))


@pytest.mark.parametrize("people", [3, 400])
def test_contacts_that_are_not_known_of_everyone_are_said_to_be(people):
    text = readings.contacts(handmade.contacts(RECORDS, not_known=people))
    assert "(3,500). Known of some people only, of whom these are shares: GP contact. Not in these" in text


def test_contacts_that_no_record_holds():
    assert readings.contacts(handmade.without_rows(handmade.contacts())) == (
        "How often people were seen before 1 July 2026 is not in these records."
    )


# -- segments ----------------------------------------------------------------------------------------------

SIZES = (
    "Of 10,000 people registered with Harbour PCN on 1 July 2026, the largest segment is LTCs (4,000, 40.0%); "
    "Frailty/Dementia has 1,000. "
)


def test_segments_of_a_model_that_could_be_assessed():
    assert readings.segments(handmade.segment_sizes(), handmade.not_assessed(elements=0)) == (
        f"{SIZES}50.0% fit none: “None of those assessed”."
    )


@pytest.mark.parametrize(
    ("elements", "partly", "words"),
    [
        (1, 0, "1 element was not assessed"),
        (12, 0, "12 elements were not assessed"),
        (0, 1, "1 element was partly assessed"),
        (2, 1, "2 elements were not assessed and 1 element was partly assessed"),
        (1, 2, "2 elements were partly assessed and 1 element was not assessed"),
    ],
)
def test_segments_of_a_model_that_could_not_be_assessed_in_full_call_nobody_healthy(elements, partly, words):
    coverage = handmade.not_assessed(elements=elements, partly=partly)
    assert readings.segments(handmade.segment_sizes(), coverage) == (
        f"{SIZES}50.0% fit none that could be assessed. They are not called healthy, because {words}."
    )


def test_a_segment_that_was_not_assessed_has_no_number_and_is_not_the_largest():
    for provenance in (PUBLISHED, RECORDS):
        text = readings.segments(handmade.segment_sizes(provenance, first=None), handmade.not_assessed())
        assert "the largest segment is LTCs (4,000, 40.0%); Frailty/Dementia was not assessed." in text
        assert "not shown" not in text


def few_in(table, patients):
    """The same table of records with other counts of people, released."""
    counts = tuple({name for rate in table.rates for name in (rate.numerator, rate.denominator)})
    frame, numbers = table.frame.assign(patients=patients), tuple({"elements"} & set(table.frame))
    return handmade.released(frame, RECORDS, counts=counts, rates=table.rates, numbers=numbers)


def test_a_segment_that_is_not_shown_is_not_the_largest():
    text = readings.segments(few_in(handmade.segment_sizes(), [3, 1000, 8997]), handmade.not_assessed())
    assert "the largest segment is LTCs (1,000, 10.0%); Frailty/Dementia is not shown." in text


def test_segments_of_which_none_is_shown():
    text = readings.segments(few_in(handmade.segment_sizes(), [3, 4, 9990]), handmade.not_assessed(elements=0))
    assert text == (
        "Of 10,000 people registered with Harbour PCN on 1 July 2026, no segment holds enough to be shown; "
        "Frailty/Dementia is not shown and LTCs is not shown. 99.9% fit none: “None of those assessed”."
    )


def segments_of(patients, registered):
    frame = handmade.segment_sizes().frame.assign(patients=patients, registered=registered)
    counts = ("patients", "registered")
    sizes = handmade.released(frame, RECORDS, counts=counts, rates=(handmade.SHARE,))
    return readings.segments(sizes, handmade.not_assessed())


def test_segments_of_a_network_without_anyone():
    assert segments_of(0, 0) == "Nobody is registered with Harbour PCN on 1 July 2026."


def test_where_no_segment_could_be_assessed_nobody_is_counted_or_called_healthy():
    empty = readings.segments(handmade.without_rows(handmade.segment_sizes()), handmade.not_assessed())
    assert empty == (
        "No segment could be assessed for the people registered with Harbour PCN on 1 July 2026: nothing that the "
        "model asks for is coded in their records. Nobody is called healthy for want of data."
    )


def test_those_of_whom_frailty_is_not_recorded_are_counted_beside_those_who_are_frail():
    frame = handmade.attrition().frame.assign(not_known=[0, 0, 95])
    steps = handmade.released(frame, counts=("patients", "before", "not_known"), rates=handmade.attrition().rates)
    said = readings.proactive_care(steps, handmade.severity(), 60)
    assert "Of 95 people who came to that step frailty is not recorded. At 60" in said
    assert "not recorded" not in readings.proactive_care(handmade.attrition(), handmade.severity(), 60)


def test_a_score_without_deficits_gives_no_reasons():
    deficits = handmade.deficits_not_assessed(*(f"Deficit {number}" for number in range(36)))
    assert readings.commonest_reasons(handmade.without_rows(handmade.reasons()), deficits) == (
        "Reasons not known: the source gives a score only."
    )


@pytest.mark.parametrize(
    ("network", "who"),
    [
        ("No network", "in the records of Marlhaven whose practice is not known or in no network"),
        ("", "in the records of Marlhaven"),
    ],
    ids=["those in no network", "a place of records alone"],
)
def test_people_who_are_no_network_are_not_said_to_be_registered_with_one(monkeypatch, network, who):
    monkeypatch.setattr(handmade, "ABOUT", replace(handmade.ABOUT, network=network))
    assert f"people {who} on 1 July 2026, " in readings.segments(handmade.segment_sizes(), handmade.not_assessed())
    offered = readings.proactive_care(handmade.attrition(), handmade.severity(), 60)
    assert f" people {who} would be offered proactive care on 1 July 2026" in offered


def test_segments_of_a_network_of_so_few_that_they_are_not_shown():
    assert "Nobody" not in segments_of([0, 0, 5], 5)


def test_shares_of_a_model_for_adults_are_said_to_be_of_adults_and_the_others_are_left_out():
    frame = handmade.segment_sizes().frame.assign(whom="of 18 or over")
    children = {"segment": "Under 18", "kind": "others", "patients": 2500, "registered": 12500, "status": "assessed"}
    frame = pd.concat([frame, pd.DataFrame([children])], ignore_index=True)
    text = readings.segments(handmade.released(frame), handmade.not_assessed(elements=0))
    assert text.startswith("Of 10,000 people of 18 or over registered with Harbour PCN on 1 July 2026, ")
    assert text.endswith("The model is not made for another 2,500 people (under 18), who are in no share below.")
    frame.loc[3, "patients"] = 0
    assert "not made for" not in readings.segments(handmade.released(frame), handmade.not_assessed(elements=0))


def test_where_nobody_fits_no_segment_no_share_of_nought_is_read():
    text = readings.segments(few_in(handmade.segment_sizes(), [6000, 4000, 0]), handmade.not_assessed(elements=0))
    assert text.endswith("LTCs has 4,000. Each of them fits one.")


def test_what_a_rule_decides_is_said_to_be_by_definition():
    frame = handmade.segments_by_deprivation().frame
    frame["by_definition"] = frame["segment"].eq("LTCs")
    assert readings.by_deprivation(handmade.of_groups(frame.assign(model="Core20")), "LTCs") == (
        "By definition, who is in LTCs depends on where people live: the differences below follow from the rules of "
        "Core20 and are no finding."
    )


OF_INVENTED_PLACE = Provenance((replace(handmade.FILE, kind="invented"),), people=True, synthetic=True)


@pytest.mark.parametrize(("provenance", "named"), [(DRAWN, False), (OF_INVENTED_PLACE, True), (RECORDS, True)])
def test_no_real_practice_is_named_with_numbers_of_invented_people(provenance, named):
    """DRAWN is of invented people in a published place."""
    for read, table, more in (
        (readings.by_practice, handmade.segments_by_practice(provenance), ("LTCs",)),
        (readings.reach_by_practice, handmade.eligible_by_practice(provenance), ()),
    ):
        text = read(table, *more)
        assert ("Quayside Surgery" in text or "Rope Walk Practice" in text) is named
        assert text.endswith("Practices are not named here, as nobody counted exists.") is not named


@pytest.mark.parametrize(("provenance", "label"), [(DRAWN, "SYNTHETIC PEOPLE"), (RECORDS, ""), (PUBLISHED, "")])
def test_a_sentence_of_invented_people_knows_its_label(provenance, label):
    assert readings.segments(handmade.segment_sizes(provenance), handmade.not_assessed()).label == label
    assert readings.segments(handmade.segment_sizes(), handmade.not_assessed(provenance)).label == label


def test_at_older_ages():
    assert readings.at_older_ages(handmade.segments_by_age(), "LTCs") == (
        "LTCs holds 30.0% of those aged 65-74, 40.0% of those aged 75-84 and 50.0% of those aged 85+."
    )


def test_at_older_ages_leaves_out_ages_that_are_not_shown():
    few = few_in(handmade.segments_by_age(), [3, 397, 600, 200, 400, 400, 300, 500, 200])
    assert readings.at_older_ages(few, "Frailty/Dementia") == (
        "Frailty/Dementia holds 20.0% of those aged 75-84 and 30.0% of those aged 85+."
    )
    none = few_in(handmade.segments_by_age(), [3, 397, 600, 3, 597, 400, 3, 797, 200])
    assert readings.at_older_ages(none, "Frailty/Dementia") == "Frailty/Dementia: not shown at any age."


def test_what_was_not_assessed_or_not_recorded_of_anyone_is_said_to_be_so():
    ages, fifths, practices = (
        make() for make in (handmade.segments_by_age, handmade.segments_by_deprivation, handmade.segments_by_practice)
    )
    for read, table in ((readings.at_older_ages, ages), (readings.by_deprivation, fifths),
                        (readings.by_practice, practices)):  # fmt: skip
        assert read(table, "Homeless") == "Homeless was not assessed."
    without = handmade.without_rows
    assert readings.at_older_ages(without(ages), "LTCs") == "Not shown: the records do not say how old people are."
    takes = "Not shown: the records do not say where people"
    assert readings.by_deprivation(without(fifths), "LTCs") == f"{takes} live."
    assert readings.by_practice(without(practices), "LTCs") == f"{takes} are registered."
    assert readings.by_practice(without(practices), "") == (
        "Not shown: no segment could be assessed, or the records do not say where people are registered."
    )


def test_by_deprivation():
    """Those whose area is not known, 50.0%, are neither end."""
    assert readings.by_deprivation(handmade.segments_by_deprivation(), "LTCs") == (
        "Of people in areas of the most deprived fifth, 30.0% are in LTCs, against 40.0% in the least deprived fifth; "
        "the intervals do not overlap. Ages differ between areas."
    )


def test_by_deprivation_says_where_intervals_overlap():
    """300 and 320 of 1,000: 27.2 to 32.9% and 29.2 to 35.0%."""
    near = few_in(handmade.segments_by_deprivation(), [100, 300, 600, 200, 320, 480, 300, 500, 200])
    assert "30.0% are in LTCs, against 32.0% in the least deprived fifth; the intervals overlap." in (
        readings.by_deprivation(near, "LTCs")
    )


@pytest.mark.parametrize("patients", [[3] * 9, [100, 3, 600, 200, 400, 400, 300, 500, 200]])
def test_one_fifth_alone_is_compared_with_none(patients):
    few = few_in(handmade.segments_by_deprivation(), patients)
    assert readings.by_deprivation(few, "LTCs") == "Too few people are shown to compare areas."


def test_by_practice():
    assert readings.by_practice(handmade.segments_by_practice(), "LTCs") == (
        "Over 3 practices, the share of people in LTCs runs from 30.0% at Quayside Surgery to 50.0% at Tide Row "
        "Surgery. Some of that is chance, and some of it age, for which it is not adjusted."
    )


def test_people_of_no_known_practice_are_no_practice():
    table = handmade.segments_by_practice()
    frame = table.frame.assign(practice_name=table.frame["practice_name"].replace("Tide Row Surgery", "not known"))
    text = readings.by_practice(handmade.of_groups(frame), "LTCs")
    assert text.startswith("Over 2 practices, ")
    assert "not known" not in text


def test_by_practice_leaves_out_practices_that_are_not_shown():
    few = few_in(handmade.segments_by_practice(), [100, 3, 600, 200, 400, 400, 300, 500, 200])
    text = readings.by_practice(few, "LTCs")
    assert text.startswith(
        "Over 2 practices, the share of people in LTCs runs from 40.0% at Rope Walk Practice to 50.0%"
    )
    none = few_in(handmade.segments_by_practice(), 3)
    assert readings.by_practice(none, "LTCs") == "Too few people are shown to compare practices."


def test_elements():
    assert readings.elements(handmade.elements_met()) == (
        "The commonest reasons: Asthma in LTCs (50.0% of its people) and Moderate or severe frailty in "
        "Frailty/Dementia (90.0% of its people)."
    )


def test_the_one_element_of_a_segment_is_its_definition_and_no_reason():
    frame = handmade.elements_met().frame
    of_one = handmade.released(frame.assign(elements=[1, 1, 43, 43]))
    assert "Frailty/Dementia" not in readings.elements(of_one)
    whole = frame.assign(patients=[1000, 400, 2000, 100])
    assert "Moderate or severe frailty" not in readings.elements(handmade.released(whole)), "everyone there has it"
    assert readings.elements(handmade.released(frame.assign(elements=1))) == (
        "Each segment has one rule alone, so that its rule is the reason why anyone is in it."
    )


def test_elements_that_are_not_shown_are_not_read():
    some = few_in(handmade.elements_met(), [3, 2, 2000, 100])
    assert readings.elements(some) == "The commonest reasons: Asthma in LTCs (50.0% of its people)."
    assert readings.elements(few_in(handmade.elements_met(), 3)) == "No reason is shown."
    assert readings.elements(handmade.without_rows(some)) == (
        "No reasons: no segment that could be assessed holds anyone."
    )


# -- proactive care ----------------------------------------------------------------------------------------


IF = "if each is assessed once, all accept and nobody becomes frail meanwhile"


def test_proactive_care():
    assert readings.proactive_care(handmade.attrition(), handmade.severity(), 60) == (
        "240 people registered with Harbour PCN would be offered proactive care on 1 July 2026, 60 of them with severe "
        f"frailty. At 60 assessments a month, those with severe frailty take 1 month and all of them 4 months, {IF}."
    )


def test_proactive_care_of_one():
    text = readings.proactive_care(handmade.attrition(last=1), handmade.severity(), 60)
    assert text.startswith("1 person registered with Harbour PCN would be offered proactive care on 1 July 2026, ")


@pytest.mark.parametrize(
    ("capacity", "words"),
    [
        (240, "take 1 month and all of them 1 month"),
        (239, "take 1 month and all of them 2 months"),
        (59, "take 2 months and all of them 5 months"),
        (1_000, "At 1,000 assessments a month, those with severe frailty take 1 month and all of them 1 month"),
    ],
)
def test_a_month_that_is_begun_is_counted(capacity, words):
    text = readings.proactive_care(handmade.attrition(), handmade.severity(), capacity)
    assert text.endswith(f"{words}, {IF}.")


def test_proactive_care_of_so_few_that_they_are_not_shown_says_no_months():
    assert readings.proactive_care(handmade.attrition(RECORDS, last=3), handmade.severity(RECORDS, last=3), 60) == (
        "How many people registered with Harbour PCN would be offered proactive care is not shown: too few."
    )


def test_proactive_care_of_few_with_severe_frailty_says_the_months_of_all():
    severity = handmade.released(handmade.severity().frame.assign(patients=[3, 235]), RECORDS, counts=("patients",))
    assert readings.proactive_care(handmade.attrition(RECORDS), severity, 60) == (
        "240 people registered with Harbour PCN would be offered proactive care on 1 July 2026; how many have severe "
        f"frailty is not shown. At 60 assessments a month, all of them take 4 months, {IF}."
    )


def test_proactive_care_of_nobody_takes_no_month():
    nobody = handmade.severity().frame.assign(patients=0)
    severity = handmade.released(nobody, RECORDS, counts=("patients",))
    text = readings.proactive_care(handmade.attrition(RECORDS, last=0), severity, 60)
    assert text == "Nobody registered with Harbour PCN was found who would be offered proactive care on 1 July 2026."


def test_steps_assessed_in_part_or_not_at_all_are_named_with_what_follows():
    partly = readings.proactive_care(
        handmade.attrition(middle=(2000, "partly assessed"), last=0), handmade.severity(), 60
    )
    assert partly.endswith(" Assessed in part only: aged 65 or over; there may be more such people than are found.")
    never = readings.proactive_care(handmade.attrition(middle=(10000, "not assessed")), handmade.severity(), 60)
    assert never.endswith(f"{IF}. Not assessed, so that nobody is left out for it: aged 65 or over.")


def test_reach_by_age():
    assert readings.reach_by_age(handmade.eligible_by_age()) == (
        "Of people aged 85+, 40.0% of women and 30.0% of men would be offered proactive care."
    )
    assert "40.0% of women and not shown of men" in readings.reach_by_age(handmade.eligible_by_age(RECORDS, last=3))


def reach_of(registered, patients=None):
    """The sentence of records with other numbers registered: women and men of 75-84, then of 85 and over."""
    table = handmade.eligible_by_age()
    frame = table.frame.assign(registered=registered, patients=patients or [50, 0, 40, 0])
    counts = ("patients", "registered")
    return readings.reach_by_age(handmade.released(frame, RECORDS, counts=counts, rates=table.rates))


def test_reach_by_age_leaves_out_a_sex_with_nobody_registered():
    assert reach_of([500, 0, 500, 500], [50, 0, 40, 150]) == (
        "Of people aged 85+, 30.0% of men would be offered proactive care."
    )
    assert reach_of([500, 0, 500, 0]) == "Nobody aged 85+ is registered."


def test_reach_by_age_says_what_is_not_shown_of_few_who_are_registered():
    assert reach_of([500, 5, 500, 500], [50, 3, 40, 150]) == (
        "Of people aged 85+, not shown of women and 30.0% of men would be offered proactive care."
    )


def test_reach_by_age_reads_women_and_men_also_where_there_are_others():
    table = handmade.eligible_by_age()
    other = table.frame.tail(1).assign(sex="indeterminate or not known", patients=10)
    both = handmade.released(pd.concat([table.frame, other]), PUBLISHED, rates=table.rates)
    assert readings.reach_by_age(both) == readings.reach_by_age(table)


def test_reach_by_deprivation():
    assert readings.reach_by_deprivation(handmade.eligible_by_deprivation()) == (
        "Of people of 65 and over in areas of the most deprived fifth, 20.0% would be offered proactive care, against "
        "10.0% in the least deprived fifth; the intervals do not overlap. Ages differ between areas."
    )


def test_reach_by_deprivation_compares_the_ends_that_are_shown():
    few = few_in(handmade.eligible_by_deprivation(), [3, 150, 120, 110, 5, 30])
    text = readings.reach_by_deprivation(few)
    assert "in areas of the second fifth, 15.0% would" in text
    assert "against 11.0% in the fourth fifth; the intervals overlap." in text
    none = few_in(handmade.eligible_by_deprivation(), [3, 150, 3, 3, 3, 30])
    assert readings.reach_by_deprivation(none) == "Too few people are shown to compare areas."


def test_reach_by_practice():
    assert readings.reach_by_practice(handmade.eligible_by_practice()) == (
        "Over 3 practices, the share of people of 65 and over who would be offered proactive care runs from 4.0% at "
        "Quayside Surgery to 16.0% at Rope Walk Practice. Some of that is chance, and some of it age, for which it is "
        "not adjusted."
    )
    none = few_in(handmade.eligible_by_practice(), [40, 3, 3])
    assert readings.reach_by_practice(none) == "Too few people are shown to compare practices."


REASONS = "The commonest deficits of those who would be offered care are falls (75.0%), hypertension (50.0%) and "


def test_commonest_reasons():
    assert readings.commonest_reasons(handmade.reasons(), handmade.deficits_not_assessed()) == (
        f"{REASONS}anaemia (25.0%). All 36 deficits of the index could be assessed."
    )


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["Tremor"], "1 deficit of 36 could not be assessed (tremor)"),
        (["Falls", "Tremor"], "2 deficits of 36 could not be assessed (falls and tremor)"),
    ],
)
def test_commonest_reasons_name_what_could_not_be_assessed(names, words):
    text = readings.commonest_reasons(handmade.reasons(RECORDS, last=3), handmade.deficits_not_assessed(*names))
    assert text == f"{REASONS}anaemia (not shown). {words}, so fewer people are found frail than are."


def test_commonest_reasons_of_nobody():
    nobody = handmade.without_rows(handmade.reasons())
    assert readings.commonest_reasons(nobody, handmade.deficits_not_assessed()) == (
        "All 36 deficits of the index could be assessed."
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
        (readings.people, (handmade.people,), (), {"1", "2026", "65", "20", "39"}),
        (readings.contacts, (handmade.contacts,), (), {"1", "2026", "12", "1,000", "250", "3,500"}),
        (readings.segments, (handmade.segment_sizes, handmade.not_assessed), (), {"1", "2026"}),
        (readings.at_older_ages, (handmade.segments_by_age,), ("LTCs",), {"65", "74", "75", "84", "85"}),
        (readings.by_deprivation, (handmade.segments_by_deprivation,), ("LTCs",), set()),
        (readings.by_practice, (handmade.segments_by_practice,), ("LTCs",), {"3"}),
        (readings.elements, (handmade.elements_met,), (), set()),
        (readings.proactive_care, (handmade.attrition, handmade.severity), (60,), {"1", "2026", "4"}),
        (readings.reach_by_age, (handmade.eligible_by_age,), (), {"85"}),
        (readings.reach_by_deprivation, (handmade.eligible_by_deprivation,), (), {"65"}),
        (readings.reach_by_practice, (handmade.eligible_by_practice,), (), {"65"}),
        (readings.commonest_reasons, (handmade.reasons, handmade.deficits_not_assessed), (), {"36"}),
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
        (readings.people, ()),
        (readings.contacts, ()),
        (readings.segments, (handmade.not_assessed(),)),
        (readings.at_older_ages, ("LTCs",)),
        (readings.by_deprivation, ("LTCs",)),
        (readings.by_practice, ("LTCs",)),
        (readings.by_ethnicity, ("LTCs",)),
        (readings.assumptions, ()),
        (readings.largest, ()),
        (readings.segment_ages, ()),
        (readings.segment_conditions, ()),
        (readings.about_model, ()),
        (readings.segment_admissions, ()),
        (readings.segment_cost, ()),
        (readings.segments_against_place, ()),
        (readings.elements, ()),
        (readings.proactive_care, (handmade.severity(), 60)),
        (readings.reach_by_age, ()),
        (readings.reach_by_deprivation, ()),
        (readings.reach_by_practice, ()),
        (readings.commonest_reasons, (handmade.deficits_not_assessed(),)),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_sentences_refuse_tables_that_were_not_released(reading, others):
    with pytest.raises(TypeError, match="released table"):
        reading(UNRELEASED, *others)


@pytest.mark.parametrize(
    ("reading", "first", "second"),
    [
        (readings.segments, handmade.segment_sizes(), ()),
        (readings.proactive_care, handmade.attrition(), (60,)),
        (readings.commonest_reasons, handmade.reasons(), ()),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_second_table_that_was_not_released_is_refused_too(reading, first, second):
    with pytest.raises(TypeError, match="released table"):
        reading(first, UNRELEASED, *second)


def test_every_sentence_is_tested():
    """Here by name; or in another file, with the tables that it reads, as readings.name(…)."""
    public = {name for name, value in vars(readings).items() if hasattr(value, "__wrapped__")}
    tests = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    others = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    called = {name for name in public if any(f"readings.{name}(" in text for text in others)}
    assert {name for name in public - called if not any(test.startswith(name) for test in tests)} == set()


def test_a_sentence_changes_with_its_table():
    one = readings.local_authorities(handmade.local_authorities())
    frame = handmade.local_authorities().frame.assign(patients=pd.Series([30000.0, 9800.0, 200.0]))
    rates = handmade.local_authorities().rates
    other = readings.local_authorities(handmade.released(frame, PUBLISHED, rates=rates))
    assert numbers_in(one) != numbers_in(other)
