"""Sentences on the caseload of a month and on the admission model."""

import care_tables as tables
import pytest
from handmade import DRAWN, PUBLISHED, RECORDS, sourced

from pcn_analysis import readings

pytestmark = pytest.mark.unit

NOTHING = tables.absent()
WITHOUT = "Not shown: there is no model, as said above."


def none(make):
    return tables.none_of(make())


# -- the caseload ------------------------------------------------------------------------------------------------


def test_the_caseload_goes_from_the_cohort_to_the_slots():
    assert readings.slots_of_month(tables.slots(), tables.professionals()).startswith(
        "Of 240 people registered with Harbour PCN who are in the cohort “Proactive care” on 1 July 2026, 200 have an "
        "open care gap; 60 of them (30.0%) would have one of the 60 slots of the month. Every slot is used, and people "
        "with open care gaps wait. Risk is no part of the order: in PRISMATIC,"
    )
    assert "Nobody would see: practice nurse. " in readings.slots_of_month(tables.slots(), tables.professionals(last=0))


def test_few_who_have_a_slot_are_not_shown():
    text = readings.slots_of_month(tables.slots(RECORDS, last=3), tables.professionals(RECORDS, last=3))
    assert "fewer than 8 of them would have one of the 60 slots" in text
    assert "Nobody would see" not in text


def test_care_gaps_are_told_the_commonest_first_and_those_not_assessed_are_named():
    assert readings.care_gaps(tables.gaps()) == (
        "The commonest open care gaps are “High pressure” (100, with a slot: 50.0%) and “A fall” (40, with a slot: "
        "50.0%). Not assessed: “No plan” (missing: a record of a plan)."
    )
    assert "“A fall” (40, with a slot: not shown)" in readings.care_gaps(tables.gaps(RECORDS, last=3))


def test_where_nobody_is_in_the_cohort_no_share_and_no_professional_is_told():
    nobody = tables.slots(RECORDS, last=0, in_cohort=0, without_gap=0, in_line=0, not_reached=0)
    assert readings.slots_of_month(nobody, tables.professionals(last=0)) == (
        "Nobody registered with Harbour PCN was found for the cohort “Proactive care” on 1 July 2026: no slot is used."
    )
    assert readings.rests_on(tables.changed(last=0, on_list=0)).endswith("is not shown: nobody has a slot.")
    assert readings.reached_fairly(none(tables.reach), tables.price(on_list=0)).endswith("shown: nobody has a slot.")


def test_people_of_no_known_practice_are_told_in_a_count_that_may_be_shown():
    of = {number: tables.slots(RECORDS, without_practice=number) for number in (0, 3, 20)}
    said = {number: readings.slots_of_month(table, tables.professionals()) for number, table in of.items()}
    assert "known practice" not in said[0]
    assert "Fewer than 8 people in line, of no known practice, can be on no list. " in said[3]
    assert "20 people in line, of no known practice, can be on no list. " in said[20]


def test_of_many_care_gaps_that_were_not_assessed_it_is_said_how_many():
    assert readings.care_gaps(tables.gaps(unknown=4)).endswith(
        "5 of 7 care gaps could not be assessed, and are open for nobody here; the table says what these records lack "
        "for each."
    )


def test_reach_by_deprivation_says_that_nobody_knows_where_people_live():
    assert readings.reached_fairly(tables.reach(fifth="not known"), tables.price()).endswith(
        "is not shown: the records do not say where people live."
    )


def test_what_the_list_rests_on_most_is_named():
    assert readings.rests_on(tables.changed()) == (
        "Each number of ours halved or doubled alone, 75.0% to 100.0% of those with a slot keep it. Most rests on: "
        "need, “Severe frailty” (doubled)."
    )
    assert readings.rests_on(tables.changed(last=60)).endswith("the same number of people stay on the list.")


def test_reach_to_need_of_the_ends_and_who_is_apart():
    assert readings.reached_fairly(tables.reach(), tables.price()) == (
        "Reach ÷ need as ranked (1 is as often as everyone in line): the most deprived fifth 0.33 (0.18 to 0.58) and "
        "the least deprived fifth 1.67 (1.35 to 1.99). Clearly apart from everyone: the most deprived (lower) and the "
        "least deprived (higher). Floors, which give each fifth its share of the slots, would exchange 20 people of "
        "60; 97% of the scores on the list would stay."
    )


def test_few_or_none_who_would_be_exchanged_are_said_to_be():
    few = readings.reached_fairly(tables.reach(RECORDS), tables.price(RECORDS, exchanged=3, kept=None))
    assert few.endswith("would exchange fewer than 8 people of 60.")
    assert readings.reached_fairly(tables.reach(), tables.price(exchanged=0)).endswith("would exchange nobody.")


# -- the model ---------------------------------------------------------------------------------------------------


def test_a_place_without_a_model_says_why_and_how_to_fit_one():
    text = readings.admission_model(none(tables.about_model), tables.absent(model="no admission model has been fitted"))
    assert text.startswith("No model is shown: no admission model has been fitted. An analyst can fit one, with the ")
    assert text.endswith("Never rank people by risk alone.")


def test_where_no_model_can_be_fitted_nobody_is_told_to_fit_one():
    absent = tables.absent(model="no admission model has been fitted", fit="nobody was admitted")
    text = readings.admission_model(none(tables.about_model), absent)
    assert text.startswith(
        "No model is shown: no admission model has been fitted. None can be fitted: nobody was admit"
    )
    assert "An analyst" not in text


def test_of_many_groups_whose_risks_are_wrong_the_furthest_are_named():
    table = tables.groups(RECORDS, more=(("Age", "40-64", 0.7), ("Age", "85+", 0.5), ("Age", "75-84", 0.85)))
    assert readings.admission_by_group(table).endswith(
        "Risks are too high in 4 groups of 6, the furthest in age: 85+ (0.50); age: 40-64 (0.70); practice: Quayside "
        "Surgery (0.80) (admitted ÷ expected; of many groups, some are apart by chance)."
    )


def test_the_model_is_named_with_its_test_and_with_what_was_not_assessed():
    text = readings.admission_model(tables.about_model(not_assessed="Charlson index"), NOTHING)
    assert "in the 12 months after 1 July 2026 is given by: Splines." in text
    assert (
        "of 5 networks of Marlhaven and tested on another year. Not assessed, and so not read: Charlson index. " in text
    )
    assert "In PRISMATIC" in text
    drawn = readings.admission_model(tables.about_model(DRAWN), NOTHING)
    assert drawn.endswith("nothing here says anything of the place.")


def test_calibration_is_told_of_all_and_of_the_highest_tenth():
    text = readings.admission_calibration(tables.calibration(), tables.compared())
    assert text == (
        "For each admission that the model expected, 0.93 (0.90 to 0.96) came in another year (95% interval in "
        "brackets). Of the tenth of people with the highest risks it expected 32.0% to be admitted; 30.0% were."
    )


def test_the_top_of_the_list_is_told_with_what_it_misses():
    assert readings.admission_top(tables.top()) == (
        "Of the 1% with the highest risks 50.0% were admitted, which is 10.0% of all who were; of the 10% with the "
        "highest risks 20.0% were admitted, which is 40.0% of all who were. Most of those admitted are not at the top "
        "of the list."
    )
    assert "Most" not in readings.admission_top(tables.top(last=60))
    assert "10%" not in readings.admission_top(tables.top(RECORDS, last=3)).removeprefix("Of the 1%").replace(
        "10.0%", ""
    )


def test_net_benefit_names_the_thresholds_at_which_there_is_any():
    assert "at thresholds from 10% to 20%. That is so if what is offered helps" in (
        readings.admission_net_benefit(tables.benefit())
    )
    assert "from 10% to 10%" in readings.admission_net_benefit(tables.benefit(last=None))


def test_models_are_held_against_the_best_single_number_and_the_ceiling():
    assert readings.admission_models(tables.compared()) == (
        "Area under the curve of Splines, in another year: 0.73 (with limits), against 0.68 (with limits) of the best "
        "single number (Age); on practices that it had not seen: 0.75 (with limits). 0.5 is a coin, 1 is never wrong. "
        "No model can be above 0.77 (with limits), but for chance: the true risk."
    )


def test_groups_are_named_where_risks_are_wrong_beyond_chance():
    text = readings.admission_by_group(tables.groups(PUBLISHED))
    assert text.startswith(
        "Risks are too low in 1 group of 3: sex: male (1.30). Risks are too high in 1 group of 3: practice: Quayside "
        "Surgery (0.80)"
    )
    assert "Of 1 group too few were admitted to say." in readings.admission_by_group(tables.groups(last=None))


def test_no_real_practice_is_named_with_figures_of_invented_people():
    assert "Quayside" not in readings.admission_by_group(tables.groups(DRAWN))


def test_regression_to_the_mean_is_no_effect():
    text = readings.admissions_in_time(tables.in_time(), NOTHING)
    assert text.startswith(
        "50 people registered with Harbour PCN had 2 or more emergency admissions in a year, 2.5 each; in the year "
        "after it was 0.6, with nothing done for them because of it (0.20 and 0.20 of everyone)."
    )
    assert "too few" in readings.admissions_in_time(tables.in_time(last=None), NOTHING)
    why = readings.admissions_in_time(none(tables.in_time), tables.absent(admissions_in_time="the records end before"))
    assert why == "What time alone does is not shown: the records end before."


def test_who_stays_on_a_list_is_told():
    text = readings.lists_in_time(tables.lists(), NOTHING)
    assert "so many are on such a list again: 90.0% 1 month later and 80.0% 6 months later." in text
    assert readings.lists_in_time(none(tables.lists), tables.absent(lists_in_time="no")) == (
        "Who stays on a list is not shown: no."
    )


def test_limits_are_counted():
    assert readings.admission_limits(tables.limits()).endswith(
        "The card of the model names 1 limit, and 1 use that it is not for."
    )


@pytest.mark.parametrize(
    ("reading", "made"),
    [
        (readings.admission_calibration, (tables.calibration, tables.compared)),
        (readings.admission_top, (tables.top,)),
        (readings.admission_net_benefit, (tables.benefit,)),
        (readings.admission_models, (tables.compared,)),
        (readings.admission_by_group, (tables.groups,)),
        (readings.lists_in_time, (tables.lists, tables.absent)),
        (readings.admission_limits, (tables.limits,)),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_without_a_model_each_section_says_that_there_is_none(reading, made):
    assert reading(*(none(make) for make in made)).startswith(WITHOUT)


def test_sentences_refuse_tables_that_were_not_released():
    with pytest.raises(TypeError, match="released table"):
        readings.care_gaps(sourced(tables.gaps().frame))
