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
    assert readings.models_crossed(tables.crossed(), tables.compared(), "Model B") == (
        "In Model B, of 200 people in Frailty, 75.0% are in Old and 25.0% are in Ill; of 1,000 people in Healthy, "
        "90.0% are in Well and 8.0% are in Ill."
    )


@pytest.mark.parametrize(("left_out", "said"), [(300, "300"), (3, "fewer than 8")])
def test_who_is_left_out_of_a_comparison_is_said_first(left_out, said):
    compared = tables.compared(RECORDS, left_out, "under 18 in Model B")
    assert readings.models_crossed(tables.crossed(RECORDS), compared, "Model B").startswith(
        f"The 1,200 people that both models cover are compared; the other {said} are left out (under 18 in Model B). "
        f"In Model B, of 200"
    )


def test_models_of_which_nothing_could_be_assessed_are_not_compared():
    empty = words_only([], ["segment", "other_segment", "patients", "share"])
    assert readings.models_crossed(empty, tables.compared(), "Model B").startswith(
        "Not shown: no segment of one of the models"
    )


def test_who_is_in_the_first_segments_of_both_models_and_of_one_alone():
    assert readings.first_segments(tables.first_segments()) == (
        "Model A puts End and Frailty first; Model B puts Old and Ill first. Of 1,000 people that both models cover, "
        "150 are in the first segments of both. Another 60 come first only in Model A, and 40 only in Model B: for "
        "them, the choice of model decides."
    )
    assert "and fewer than 8 only in Model B" in readings.first_segments(tables.first_segments(RECORDS, last=3))


@pytest.mark.parametrize(
    ("index", "called"), [(1.0, "excellent"), (0.9, "excellent"), (0.8, "good"), (0.65, "moderate"), (0.64, "poor"),
                          (-0.02, "poor")]
)  # fmt: skip
def test_agreement_of_versions_of_one_model_is_called_what_steinley_calls_it(index, called):
    text = readings.agreement(tables.agreement(index=index, versions="yes"))
    assert f"where 1 means the same groups and 0 means no more than chance, they score {index:.2f} " in text
    assert text.endswith(f"Between two versions of one model, that counts as {called} agreement.")


@pytest.mark.parametrize("index", [0.95, 0.3])
def test_models_that_ask_different_questions_are_not_judged_by_their_agreement(index):
    text = readings.agreement(tables.agreement(index=index))
    assert text.endswith("The models ask different questions, so that a low score is no fault of either.")
    assert not {"excellent", "poor", "good", "moderate"} & set(text.replace(".", "").split())


def test_agreement_of_nobody_is_not_said():
    assert readings.agreement(tables.agreement(index=None)).endswith("they have too few people in common.")


# -- time --------------------------------------------------------------------------------------------------


def moved(provenance, moves=None, **changes):
    moves = tables.moves(provenance) if moves is None else moves
    return readings.moved(tables.everyone(provenance, **changes), moves, tables.all_shown())


def test_who_stayed_moved_left_and_died_adds_up():
    assert moved(RECORDS) == (
        "Of 1,200 people registered on 1 July 2025, 900 (75.0%) were in the same segment on 1 July 2026, 140 had moved "
        "to another segment, 110 had left the network and 50 had died. Another 270 were born or joined, so that 1,310 "
        "were registered on 1 July 2026. Most moved from Healthy to Frailty (110) and from Frailty to Healthy (30)."
    )


def test_a_part_that_is_too_small_to_show_is_said_to_be_and_not_dropped():
    assert "110 had left the network and fewer than 8 had died. " in moved(RECORDS, died=3)
    assert "fewer than 8 had left the network and fewer than 8 had died. " in moved(RECORDS, died=3, left=2)


def test_a_birthday_is_told_apart_from_a_move():
    text = moved(RECORDS, crossing="turned 18", crossed=25)
    assert "140 had moved to another segment, 25 had turned 18 (a birthday, not a move), 110 had left" in text
    assert "turned" not in moved(RECORDS)
    assert "25 had come under" in moved(RECORDS, crossing="come under the model, or left it", crossed=25)


def test_segments_of_fewer_than_a_hundred_people_are_named_and_not_told():
    assert "What became of the people of Dementia is not shown: fewer than 100 were in it." in moved(
        RECORDS, tables.moves(RECORDS, small=95)
    )
    assert "is not shown" not in moved(RECORDS, tables.moves(RECORDS, small=100))


def test_invented_people_are_said_to_have_too_healthy_a_past():
    assert moved(DRAWN).endswith(HEALTHY_PAST)
    assert readings.projected(tables.projection(DRAWN), tables.all_shown()).endswith(TOO_FAST)


def test_what_the_earlier_day_cannot_show_is_said_in_words_with_dates_in_words():
    unchanged = "The records give no date for being a carer: it is taken that people were then as they are now."
    begins = (
        "The model looks back over 5 years, but for half of the people records begin on 1 July 2023 or later: some who "
        "were ill before that seem well on 1 July 2025."
    )
    assert moved(RECORDS, taken_as_unchanged="being a carer").endswith(f"(30). {unchanged}")
    assert moved(RECORDS, records_begin="1 July 2023", looks_back="5 years").endswith(f"(30). {begins}")
    both = moved(RECORDS, taken_as_unchanged="being a carer", records_begin="1 July 2023", looks_back="5 years")
    assert both.endswith(f"{begins} {unchanged}")


def test_records_in_which_nobody_died_or_left_are_told():
    text = moved(RECORDS, left=0, died=0)
    assert "Nobody left or died: these records seem to hold only those still registered" in text
    for some in ({}, {"left": 0}, {"died": 0}, {"left": 0, "died": 3}, {"left": 3, "died": 0}):
        assert "Nobody left" not in moved(RECORDS, **some)


def test_no_segment_grew_is_said_of_those_shown():
    frame = tables.flows(RECORDS).frame.assign(before=[300, 3], after=[250, 3])
    flows = tables.released(frame, RECORDS, counts=tuple(frame.columns[3:]))
    assert "No segment that is shown grew. " in readings.came_and_went(flows, tables.all_shown())


def came_and_went(*given, **changes):
    return readings.came_and_went(tables.flows(*given, **changes), tables.all_shown())


def test_what_grew_and_what_shrank_says_apart_who_moved_left_and_died():
    assert came_and_went(last=950) == (
        "Grew most: Frailty, from 200 to 250: 110 moved in and 20 were born or joined; 30 moved to another segment, 10 "
        "left the network and 40 died. Shrank most: Healthy, from 1,000 to 950: 30 moved in and 250 were born or "
        "joined; 110 moved to another segment, 100 left the network and 10 died."
    )
    assert "100 left the network and fewer than 8 died." in came_and_went(RECORDS, last=950, died=3)


def test_those_whom_a_model_is_not_for_are_not_among_the_segments_that_grew():
    text = came_and_went(RECORDS, crossing="turned 18")
    assert "Under 18" not in text
    assert "30 moved in, 230 were born or joined and 20 turned 18;" in text


def test_of_a_segment_of_few_only_the_size_is_said():
    frame = tables.flows(RECORDS).frame.assign(before=[60, 1000], stayed=None, moved_in=None)
    flows = tables.released(frame, RECORDS, counts=tuple(frame.columns[3:]))
    assert "Frailty, from 60 to 250. " in readings.came_and_went(flows, tables.all_shown())


def test_the_segments_that_change_by_most_people_are_projected():
    assert readings.projected(tables.projection(RECORDS), tables.all_shown()).startswith(
        "If every year went like the last one, by 2031 Healthy would go from 1,060 to 900 (810 to 990) and Frailty "
        "would go from 250 to 400 (350 to 450). The limits allow for chance, in each person's year and in rates"
    )
    assert "Under 18" not in readings.projected(tables.projection(RECORDS, others="Under 18"), tables.all_shown())


def test_published_rates_are_said_to_have_limits_that_are_too_narrow():
    text = readings.projected_as_published(tables.projection(RECORDS, not_placed=0), tables.all_shown())
    assert text.startswith(
        "Core segments run from 1 (lowest need) to 5 (highest need), by a score of each person's long-term conditions. "
        "About 1,310 people of 17 or over are in them here. If people arrive, leave, die and move between segments as "
        "in Bristol, North Somerset and South Gloucestershire (BNSSG), by 2031 Healthy would go"
    )
    assert text.endswith(
        "The limits allow for chance alone and are too narrow, as BNSSG does not publish how sure its rates are."
    )
    some = readings.projected_as_published(tables.projection(RECORDS, not_placed=30), tables.all_shown())
    assert "30 people whose score is not known are left out." in some
    few = readings.projected_as_published(tables.projection(RECORDS, not_placed=3), tables.all_shown())
    assert "A few people, too few to show, whose score is not known are left out." in few


def test_two_projections_of_the_same_segments_say_which_to_believe_for_what():
    text = readings.own_or_published(tables.both_projections(RECORDS))
    assert (
        "differ, most for Core segment 5 in 2031: 2,380 (2,160 to 2,585) by these people's own moves, 1,780 (1,695 to "
        "1,865) by the rates of BNSSG."
    ) in text
    assert "believe them for the next year or two" in text
    assert "believe them for the direction over five years" in text
    assert readings.own_or_published(tables.both_projections(DRAWN)).endswith("counted among real ones.")
    assert readings.own_or_published(none_of(tables.both_projections(RECORDS))) == ""


@pytest.mark.parametrize(
    ("read", "what", "title"),
    [
        (lambda empty, why: readings.moved(empty, empty, why), "moves", "Who moved"),
        (readings.came_and_went, "moves", "How segments came to their size"),
        (readings.projected, "projection", "A projection"),
        (readings.projected_as_published, "projection with published rates", "A projection with published rates"),
    ],
)
def test_what_cannot_be_shown_says_why(read, what, title):
    why = words_only([(what, "the records begin on 2026-01-01"), ("other", "no")], ["what", "why"])
    assert read(none_of(why), why) == f"{title} cannot be shown: the records begin on 2026-01-01."


def test_people_too_few_to_show_are_no_number():
    few = readings.projected(tables.projection(RECORDS, last=3), tables.all_shown())
    assert "Healthy" not in few
    assert "nan" not in few + moved(RECORDS, died=3, moved=3) + came_and_went(RECORDS, last=3)


# -- segments found in the data ----------------------------------------------------------------------------


def test_found_segments_say_how_sure_they_are_and_what_was_left_out():
    assert readings.found_segments(tables.found_outcome(RECORDS), tables.found_sizes(RECORDS)) == (
        "2 segments have the lowest BIC. They were found by latent class analysis from 25 conditions of 5,000 adults "
        "of 3 networks of Marlhaven. Of 1,000 adults of Harbour PCN, 90.0% are in the largest here, “Few long-term "
        "conditions”. Left out: Dementia; Epilepsy, treated."
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
    assert readings.found_conditions(none_of(tables.found_conditions())).startswith("So there are none")


def test_where_the_rules_put_most_of_each_found_segment():
    assert readings.found_across(tables.found_across()) == (
        "Where the rules put most of each: of “Few long-term conditions”, 90.0% are in Healthy; of “Gout; Asthma”, "
        "80.0% are in Frailty."
    )
    nobody = words_only([], ["found_segment", "segment", "patients", "share"])
    assert readings.found_across(nobody) == ""
