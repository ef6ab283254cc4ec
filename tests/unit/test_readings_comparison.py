"""Sentences on segments compared, in time and found, word for word."""

import outlook_tables as tables
import pytest
from handmade import DRAWN, RECORDS
from outlook_tables import none_of, words_only

from pcn_analysis import readings
from pcn_analysis.readings.dynamics import HEALTHY_PAST, TOO_FAST

pytestmark = pytest.mark.unit


# -- two models --------------------------------------------------------------------------------------------


def test_where_another_model_has_the_people_of_the_first_segments():
    assert readings.models_crossed(tables.crossed(), "Model B") == (
        "Held against Model B: of 200 people in Frailty, 75.0% in Old and 25.0% in Ill; of 1,000 people in Healthy, "
        "90.0% in Well and 8.0% in Ill."
    )


def test_models_of_which_nothing_could_be_assessed_are_not_compared():
    empty = words_only([], ["segment", "other_segment", "patients", "share"])
    assert readings.models_crossed(empty, "Model B").startswith("Not shown: no segment of one of the models")


def test_who_is_in_the_first_segments_of_both_models_and_of_one_alone():
    assert readings.first_segments(tables.first_segments()) == (
        "Each model has segments that go first: End and Frailty in the one, Old and Ill in the other. 150 people are "
        "in these in both, of 1,000 whom both are for; 60 people in the one alone, and 40 people in the other alone. "
        "Which model is chosen decides whether they come first."
    )
    assert "too few people to show in the other alone" in readings.first_segments(
        tables.first_segments(RECORDS, last=3)
    )


@pytest.mark.parametrize(
    ("index", "called"), [(1.0, "excellent"), (0.9, "excellent"), (0.8, "good"), (0.65, "moderate"), (0.64, "poor"),
                          (-0.02, "poor")]
)  # fmt: skip
def test_agreement_is_called_what_steinley_calls_it(index, called):
    text = readings.agreement(tables.agreement(index=index))
    assert f"index of {index:.2f}, where 0 is what chance gives and 1 the same groups" in text
    assert f"counts as {called} agreement" in text


def test_agreement_of_nobody_is_not_said():
    assert readings.agreement(tables.agreement(index=None)).endswith("there are too few people whom both are for.")


# -- time --------------------------------------------------------------------------------------------------


def moved(provenance, **changes):
    return readings.moved(tables.outcomes(provenance, **changes), tables.moves(provenance), tables.all_shown())


def test_who_stayed_died_left_and_moved():
    assert moved(RECORDS) == (
        "Of about 1,200 people, 75.0% were in the same segment on 1 July 2026 as before; about 50 had died and 110 had "
        "left. Most moved from Healthy to Frailty (110) and from Frailty to Healthy (30)."
    )


def test_invented_people_are_said_to_have_too_healthy_a_past():
    assert moved(DRAWN).endswith(HEALTHY_PAST)
    assert readings.projected(tables.projection(DRAWN), tables.all_shown()).endswith(TOO_FAST)


def test_records_in_which_nobody_died_or_left_are_told():
    outcomes = tables.outcomes(RECORDS, left=0, died=0, last=0)
    frame = outcomes.frame.assign(patients=lambda f: f["patients"].where(f["outcome"] != "left", 0))
    nobody = tables.released(frame, RECORDS, counts=("patients", "segment_patients"), rates=(tables.SHARE,))
    text = readings.moved(nobody, tables.moves(RECORDS), tables.all_shown())
    assert "Nobody left or died: these records seem to hold only those still registered" in text
    assert "Nobody left" not in moved(RECORDS)


def test_nobody_is_never_said_where_numbers_are_too_small_to_show():
    frame = tables.outcomes(RECORDS).frame
    small = frame.assign(patients=frame["patients"].mask(frame["outcome"].isin(["left", "died"]), 3))
    few = tables.released(small, RECORDS, counts=("patients", "segment_patients"), rates=(tables.SHARE,))
    text = readings.moved(few, tables.moves(RECORDS), tables.all_shown())
    assert "Nobody" not in text
    assert "about 0" not in text
    assert "too few of any segment to show had died and too few of any segment to show had left. " in text


def test_sums_without_the_numbers_too_small_to_show_are_at_least():
    assert "at least 40 had died and 110 had left. " in moved(RECORDS, last=3)


def test_no_segment_grew_is_said_of_those_shown():
    frame = tables.flows(RECORDS).frame.assign(before=[300, 3], after=[250, 3])
    counts = tuple(frame.columns[1:])
    assert "No segment that is shown grew. " in readings.came_and_went(tables.released(frame, RECORDS, counts=counts))


def test_what_grew_and_what_shrank():
    assert readings.came_and_went(tables.flows(last=950)) == (
        "Grew most: Frailty from 200 to 250 (110 moved in, 20 joined, 80 went or died). "
        "Shrank most: Healthy from 1,000 to 950 (30 moved in, 250 joined, 220 went or died)."
    )


def test_the_segments_that_change_by_most_people_are_projected():
    assert readings.projected(tables.projection(RECORDS), tables.all_shown()).startswith(
        "If every year went like the last one: by 2031, Healthy from 1,060 to 900 (810 to 990) and Frailty from 250 to "
        "400 (350 to 450). The limits hold the chance in each person's year and in the rates"
    )


def test_published_rates_are_said_to_have_limits_that_are_too_narrow():
    text = readings.projected_as_published(tables.projection(RECORDS, not_placed=0), tables.all_shown())
    assert text.startswith("About 1,310 people of 17 or over by core segment, if the moves, deaths and removals of")
    assert text.endswith(
        "The limits are of chance alone and too narrow: how sure the published rates are is not published."
    )
    some = readings.projected_as_published(tables.projection(RECORDS, not_placed=30), tables.all_shown())
    assert "30 people whose score is not known are left out." in some
    few = readings.projected_as_published(tables.projection(RECORDS, not_placed=3), tables.all_shown())
    assert "A few people, too few to show, whose score is not known are left out." in few


@pytest.mark.parametrize(
    ("read", "what", "title"),
    [
        (lambda empty, why: readings.moved(empty, empty, why), "moves", "Who moved"),
        (readings.projected, "projection", "A projection"),
        (readings.projected_as_published, "projection with published rates", "A projection with published rates"),
    ],
)
def test_what_cannot_be_shown_says_why(read, what, title):
    why = words_only([(what, "the records begin on 2026-01-01"), ("other", "no")], ["what", "why"])
    assert read(none_of(why), why) == f"{title} cannot be shown: the records begin on 2026-01-01."
    assert readings.came_and_went(none_of(why)) == ""


def test_people_too_few_to_show_are_no_number():
    few = readings.projected(tables.projection(RECORDS, last=3), tables.all_shown())
    assert "Healthy" not in few
    assert "nan" not in few + moved(RECORDS, last=3) + readings.came_and_went(tables.flows(RECORDS, last=3))


# -- segments found in the data ----------------------------------------------------------------------------


def test_found_segments_say_how_sure_they_are_and_what_was_left_out():
    assert readings.found_segments(tables.found_outcome(RECORDS), tables.found_sizes(RECORDS)) == (
        "2 segments have the lowest BIC. They were found by latent class analysis from 25 conditions of 5,000 adults "
        "of 3 networks of Marlhaven. Of 1,000 adults of Harbour PCN, 90.0% are in the largest here, “Few long-term "
        "conditions”. Left out, as unknown or rare: Dementia; Epilepsy, treated."
    )
    drawn = readings.found_segments(tables.found_outcome(DRAWN), tables.found_sizes(DRAWN))
    assert drawn.endswith("these segments say nothing of the place.")


@pytest.mark.parametrize("why", ["No stable solution was found.", "Segments have not been looked for yet."])
def test_where_there_are_none_the_reason_is_all_that_is_said(why):
    outcome = tables.found_outcome(DRAWN, why=why)
    assert readings.found_segments(outcome, none_of(outcome)) == why


def test_what_stands_out_most_is_by_ratio():
    assert readings.found_conditions(tables.found_conditions()).startswith(
        "What stands out most: Gout in “Gout; Asthma” (70.0%, against 8.8% of all adults)."
    )
    assert readings.found_conditions(none_of(tables.found_conditions())).startswith("Without found segments there is")


def test_where_the_rules_put_most_of_each_found_segment():
    assert readings.found_across(tables.found_across()) == (
        "Where the rules put most of each: of “Few long-term conditions”, 90.0% are in Healthy; of “Gout; Asthma”, "
        "80.0% are in Frailty."
    )
    nobody = words_only([], ["found_segment", "segment", "patients", "share"])
    assert readings.found_across(nobody) == ""
