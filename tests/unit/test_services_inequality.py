"""Inequality of measures: indices that follow from released fifths alone, ethnicity, and what charts and sentences say.

The index date is 1 July 2026.
"""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from handmade import ABOUT, DRAWN, RECORDS
from kept_people import kept
from vignettes import care_event, condition, person, population_of

from pcn_analysis import alt_text, charts, readings
from pcn_analysis.contract.years import YEARS
from pcn_analysis.counted import Counted
from pcn_analysis.provenance import Rate, SourcedTable
from pcn_analysis.release import release
from pcn_analysis.services.catalogue import find_service
from pcn_analysis.services.counts import by_deprivation
from pcn_analysis.services.ethnic_groups import NOT_STATED, ORDER, ethnic_group
from pcn_analysis.services.neighbourhood_inequalities.ethnicity import BROAD, EQUITY, by_ethnicity, ethnicity_recording
from pcn_analysis.services.neighbourhood_inequalities.indices import KNOWN, inequalities, worse_for
from pcn_analysis.statistics.concentration import concentration_index
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import NOT_KNOWN

pytestmark = pytest.mark.unit

SHARE = (Rate("share", "people", "of", interval=True),)
PLAN, HARM, SEEN = "Has a plan", "Comes to harm", "Is seen"
BRITISH = "White: English, Welsh, Scottish, Northern Irish or British"


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def table(people, of=1000, *, better="higher", measure=PLAN, provenance=RECORDS):
    """A released table of one measure by fifth, and of people of no known area."""
    rows = pd.DataFrame(
        {"service": "Ours", "measure": measure, "deprivation_fifth": [*KNOWN, NOT_KNOWN], "better": better,
         "people": [*people, 10], "of": [of] * 5 + [10] if isinstance(of, int) else [*of, 10]}
    ).astype({"people": "Int64", "of": "Int64"})  # fmt: skip
    filled = with_rates(rows, SHARE)
    return release(SourcedTable(filled, provenance, about=ABOUT, counts=("people", "of"), rates=SHARE))


def index_of(people, of=1000, **more):
    return table(people, of, **more).followed_by(inequalities).frame.iloc[0]


# -- indices -----------------------------------------------------------------------------------------------


def test_the_slope_is_the_difference_between_the_ends_of_the_line_and_the_ratio_that_of_its_ends():
    """From 10% to 50% in equal steps the line runs from 5% to 55%."""
    row = index_of([100, 200, 300, 400, 500])
    assert row["sii"] == pytest.approx(50)
    assert row["rii"] == pytest.approx(11)
    assert row["gap"] == pytest.approx(-40)
    assert (row["most_deprived"], row["least_deprived"]) == (0.1, 0.5)
    assert row["sii_lower"] < 50 < row["sii_upper"]
    assert row["concentration_said"] == "0.267", "2 (0.1×0.1 + 0.2×0.3 + 0.3×0.5 + 0.4×0.7 + 0.5×0.9) ÷ (5 × 0.3) - 1"
    assert row["worse_for"] == "the most deprived"


def test_fifths_count_by_their_people():
    few = index_of([100, 200, 300, 40, 50], [1000, 1000, 1000, 100, 100])
    assert few["concentration_index"] == pytest.approx(
        concentration_index(pd.Series([0.1, 0.2, 0.3, 0.4, 0.5]), pd.Series(range(5)),
                            weight=pd.Series([1000.0, 1000, 1000, 100, 100]))
    )  # fmt: skip
    assert few["concentration_index"] != pytest.approx(index_of([100, 200, 300, 400, 500])["concentration_index"])


def test_of_a_harm_more_among_the_most_deprived_is_worse_for_them():
    falls = [500, 400, 300, 200, 100]
    assert index_of(falls, better="lower")["worse_for"] == "the most deprived"
    assert index_of(falls, better="higher")["worse_for"] == "the least deprived"
    assert index_of(falls, better="neither")["worse_for"] == "higher in the most deprived"
    assert index_of([300] * 5)["worse_for"] == "no difference can be told"
    assert worse_for("higher", 0.0, 5.0) == "no difference can be told", "limits that touch 0 tell nothing"


def test_nothing_is_told_of_a_measure_where_a_fifth_is_not_shown_and_it_says_which():
    row = index_of([100, 200, 300, 400, 3])
    assert row["why"] == "not shown: least deprived"
    assert pd.isna(row["sii"])
    assert pd.isna(row["concentration_index"])
    assert (row["sii_said"], row["concentration_said"], row["worse_for"]) == ("", "", "")


def test_a_measure_that_concerns_nobody_of_a_fifth_has_no_index():
    assert index_of([100, 200, 300, 400, 0], [1000, 1000, 1000, 1000, 0])["why"] == "it concerns nobody: least deprived"


def test_where_everybody_of_a_fifth_meets_it_there_is_an_index_without_limits():
    row = index_of([500, 600, 700, 800, 1000])
    assert row["why"] == "no limits: nobody, or everybody, of a fifth meets it"
    assert row["sii_said"] == "60.0"
    assert pd.isna(row["sii_lower"])


def test_indices_follow_from_released_counts_and_from_nothing_else():
    """Counts that are rounded to the same give the same indices."""
    one, other = index_of([101, 202, 299, 401, 499]), index_of([99, 198, 301, 402, 502])
    pd.testing.assert_series_equal(one, other)


def test_a_table_without_measures_has_no_indices():
    nothing = by_deprivation(kept(population_of([person("p", ethnicity=None, imd_decile=None)], covered=set())))
    assert release(nothing).followed_by(inequalities).frame.empty


# -- ethnicity ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recorded", "group"),
    [
        (BRITISH, "White British"),
        ("White: Irish", "Other White"),
        ("White: Gypsy or Irish Traveller", "Other White"),
        ("Mixed or multiple ethnic groups: White and Asian", "Mixed or multiple"),
        ("Asian, Asian British or Asian Welsh: Indian", "Asian"),
        ("Black, Black British, Caribbean or African: African", "Black"),
        ("Other ethnic group: Arab", "Other"),
        ("Not stated", NOT_STATED),
        ("Z", NOT_STATED),
        ("99", NOT_KNOWN),
        (None, NOT_KNOWN),
    ],
)
def test_a_category_is_in_one_of_six_groups_and_not_stated_is_not_not_known(recorded, group):
    assert ethnic_group(pd.Series([recorded], dtype="str")).to_list() == [group]


@pytest.fixture(scope="module")
def people():
    """Forty people of one practice: half of them British, ten Irish, eight who did not state it and two unasked."""
    said = [BRITISH] * 20 + ["White: Irish"] * 10 + ["Not stated"] * 8 + [None] * 2
    rows = [person(f"p{number}", ethnicity=one) for number, one in enumerate(said)]
    ill = [condition(f"p{number}", "learning_disability", "2010-01-01") for number in range(40)]
    events = [care_event(f"p{number}", "learning_disability_health_check", "2026-03-01") for number in range(0, 40, 2)]
    return kept(population_of(rows, conditions=ill, care_events=events))


def test_recording_keeps_not_stated_and_not_known_apart(people):
    frame = ethnicity_recording(people).frame
    assert dict(zip(frame["ethnicity_recorded"], frame["people"], strict=True)) == {
        "recorded": 30, "not stated": 8, "not known": 2,
    }  # fmt: skip
    assert set(frame["of"]) == {40}


def test_without_any_ethnic_group_how_it_is_recorded_is_not_known():
    nobody = ethnicity_recording(kept(population_of([person("p", ethnicity=None)])))
    assert nobody.frame.empty
    assert readings.ethnicity_recording(release(nobody)).endswith("how they are recorded is not known.")


CHECKS = {
    "neighbourhood_inequalities": (
        "Learning disability: annual health check in 12 months",
        "Severe mental illness: physical health check in 12 months",
    )
}


def test_a_measure_by_group_adds_up_to_everyone_whom_it_concerns(people):
    frame = by_ethnicity(people, measures=CHECKS).frame
    of_check = frame[frame["measure"] == "Learning disability: annual health check in 12 months"]
    assert of_check["ethnic_group"].to_list() == list(ORDER)
    assert (of_check["people"].sum(), of_check["of"].sum()) == (20, 40)
    assert of_check.set_index("ethnic_group")["of"].to_dict() == dict.fromkeys(ORDER, 0) | {
        "White British": 20, "Other White": 10, NOT_STATED: 8, NOT_KNOWN: 2,
    }  # fmt: skip


def test_groups_are_tied_to_the_broad_groups_of_other_tables(people):
    counted = by_ethnicity(people).counted["people"]
    assert isinstance(counted, Counted)
    never = [one for one in counted.never if one[0][0] == "ethnic_group_of_six"]
    assert {one[0][1][0] for one in never} == set(BROAD) == set(ORDER)
    assert all(BROAD[group[0]] not in others for (_, group), (_, others) in never)


@pytest.mark.parametrize("year", YEARS)
def test_the_measures_that_are_shown_by_group_are_those_of_their_services(year):
    for name, measures in EQUITY.items():
        assert set(measures) <= {one.name for one in find_service(name, year).measures}, name
    assert sum(map(len, EQUITY.values())) == 2, "each number is weighed with all others: a longer list is a decision"


# -- charts and sentences ----------------------------------------------------------------------------------


def test_a_sentence_says_how_many_measures_are_worse_for_whom():
    said = readings.inequality(table([100, 200, 300, 400, 500]).followed_by(inequalities))
    assert said.startswith(
        "Of 1 measure with limits, 1 are worse for the most deprived: Has a plan (50 percentage points"
    )
    assert said.endswith("shares are not standardised.")
    assert "For no measure" in readings.inequality(table([100, 200, 300, 400, 3]).followed_by(inequalities))


def test_the_sentence_on_recording_says_which_is_an_answer(people):
    said = readings.ethnicity_recording(release(ethnicity_recording(people)))
    assert said.startswith("How often it is not known is not shown; the ethnic group is not stated of 25.0%")
    assert said.endswith("not known is a question that is still to be asked.")


def test_the_sentence_on_groups_compares_groups_and_not_what_is_not_known(people):
    said = readings.measures_by_ethnicity(release(by_ethnicity(people, measures=CHECKS)))
    assert said.startswith("Too few people are shown to compare groups: Learning disability: annual health check")
    assert NOT_KNOWN not in said.split("Ages differ")[0]


def test_the_sentence_on_core20_names_groups_and_what_is_not_assessed(people):
    from pcn_analysis.services.counts import reasons

    groups = release(reasons(people, "neighbourhood_inequalities"))
    said = readings.core20plus(groups)
    assert said.startswith("40 adults registered with Harbour PCN on 1 July 2026 are in Core20 or a PLUS group: ")
    assert "PLUS: learning disability or autism (autism)" in said
    assert charts.core20plus(groups) is not None
    assert "PLUS: learning disability or autism 40" in alt_text.core20plus(groups)


def test_charts_are_of_what_is_shown_and_there_is_none_of_nothing():
    shown, hidden = table([100, 200, 300, 400, 500], provenance=DRAWN), table([3, 2, 1, 4, 3])
    for name, made in (("measures_by_fifth", shown), ("inequality_forest", shown.followed_by(inequalities))):
        title = getattr(charts, name)(made).get_title(loc="left")
        assert title.startswith("SYNTHETIC PEOPLE\n")
        assert PLAN in getattr(alt_text, name)(made)
    assert charts.measures_by_fifth(hidden) is None
    assert charts.inequality_forest(hidden.followed_by(inequalities)) is None


def test_a_measure_that_is_worse_for_the_most_deprived_has_a_colour_of_its_own():
    def colours(people):
        drawn = charts.inequality_forest(table(people).followed_by(inequalities))
        return {line.get_color() for line in drawn.child_axes[0].get_lines() if len(line.get_xdata()) == 2}

    assert colours([100, 200, 300, 400, 500]) - colours([300] * 5) == {"#F46A25"}


def test_charts_of_ethnicity_say_what_is_not_shown(people):
    recorded, by_group = release(ethnicity_recording(people)), release(by_ethnicity(people, measures=CHECKS))
    assert charts.ethnicity_recording(recorded) is not None
    assert "not shown and 25.0%" in alt_text.ethnicity_recording(recorded)
    drawn = charts.measures_by_ethnicity(by_group)
    assert any(text.get_text() == "not shown" for panel in drawn.child_axes for text in panel.texts)
    assert "annual health check" in alt_text.measures_by_ethnicity(by_group)
