"""Counts, figures and sentences of structured medication reviews. The day is 1 July 2026."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
import review_tables as tables
from handmade import DRAWN, RECORDS, without_rows
from review_people import CODEINE, REVIEW, issues, network, patient
from vignettes import care_event

from pcn_analysis import readings
from pcn_analysis.plots import alt_text, charts
from pcn_analysis.services.structured_medication_reviews.groups import overlap, reviewed

mpl.use("Agg")
pytestmark = pytest.mark.unit

HOME, FRAIL, ADDICTIVE = "Care home resident", "Severe frailty", "Potentially addictive medicines"


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def four():
    """A resident who was reviewed, a frail resident, a frail resident on codeine, and somebody in no group."""
    people = [
        patient("resident", care_home=True),
        patient("frail resident", care_home=True, efi_category="severe"),
        patient("frail resident on codeine", care_home=True, efi_category="severe"),
        patient("well"),
    ]
    medicines = issues("frail resident on codeine", CODEINE)
    return network(*people, medications=medicines, events=[care_event("resident", REVIEW, "2026-01-01")])


def by(frame, column, *values):
    return {row[column]: tuple(row[value] for value in values) for row in frame.to_dict("records")}


# -- counts --------------------------------------------------------------------------------------------------


def test_each_group_is_counted_with_who_was_reviewed(four):
    found = by(reviewed(four, "2026/27").frame, "group", "people", "reviewed")
    assert (found[HOME], found[FRAIL], found[ADDICTIVE]) == ((3, 1), (2, 0), (1, 0))
    assert found["Learning disability"] == (0, 0)


def test_a_group_that_the_contract_year_does_not_know_has_no_row(four):
    assert ADDICTIVE not in by(reviewed(four, "2020/21").frame, "group")
    assert len(reviewed(four, "2020/21").frame) == 5


def test_people_are_counted_by_the_number_of_groups_and_by_each_two(four):
    found = by(overlap(four, "2026/27").frame, "groups", "people")
    assert [found[name] for name in ("1 group", "2 groups", "3 groups or more")] == [(1,), (1,), (1,)]
    assert found["Care home resident and severe frailty"] == (2,)
    assert found["Severe frailty and potentially addictive medicines"] == (1,)
    assert len(found) == 3 + 15


def test_numbers_of_groups_add_up_to_everyone_in_the_cohort(four):
    frame = overlap(four, "2026/27").frame
    assert frame.loc[frame["kind"] == "number of groups", "people"].sum() == frame["of"].iloc[0] == 3


def test_in_2020_21_codeine_is_no_third_group(four):
    found = by(overlap(four, "2020/21").frame, "groups", "people")
    assert (found["2 groups"], found["3 groups or more"]) == ((2,), (0,))


def test_every_count_says_whom_it_counts_and_a_pair_is_in_both_groups(four):
    for made in (reviewed(four, "2026/27"), overlap(four, "2026/27")):
        assert set(made.counted) == set(made.counts)
        for name, counted in made.counted.items():
            assert all(counted.of_row(row) is not None for row in made.frame.to_dict("records")), name
    made = overlap(four, "2026/27")
    pair = made.frame[made.frame["groups"] == "Care home resident and severe frailty"].to_dict("records")[0]
    box = dict(made.counted["people"].box(pair))
    assert box["reason for Structured medication reviews, 2026/27: Care home resident"] == ("yes",)
    assert box["reason for Structured medication reviews, 2026/27: Severe frailty"] == ("yes",)


def test_what_is_not_known_is_not_counted():
    without = network(patient("resident", care_home=True), medications=None)
    rows = reviewed(without, "2026/27").frame.set_index("group")
    assert rows.loc[ADDICTIVE, ["people", "reviewed"]].isna().all()
    assert rows.loc[ADDICTIVE, "status"] == "not assessed"
    pairs = overlap(without, "2026/27").frame.set_index("groups")
    assert pairs.loc["Severe frailty and potentially addictive medicines", ["people", "of"]].isna().all()
    assert pairs.loc["1 group", "status"] == "partly assessed"


# -- sentences -----------------------------------------------------------------------------------------------


def test_groups_are_read_from_the_least_to_the_most_reviewed():
    assert readings.medication_review_groups(tables.groups(), tables.overlap()) == (
        "260 people registered with Harbour PCN are in a priority group on 1 July 2026. Most are in “Severe frailty” "
        "(200). Reviewed in 12 months: from 50.0% of “Care home resident” to 75.0% of “Severe frailty”. 84.6% are in "
        "one group alone. Most often together: care home resident and severe frailty (40). Not known who is in: "
        "medicines linked to harm."
    )


def test_few_are_not_read():
    text = readings.medication_review_groups(tables.groups(RECORDS, last=3), tables.overlap(RECORDS, last=3))
    assert "Reviewed in 12 months: 50.0% of “Care home resident”." in text
    assert "together" not in text


def test_where_nobody_knows_who_is_in_a_group_it_is_said():
    unknown = tables.overlap().followed_by(lambda frame: frame.assign(of=None))
    assert readings.medication_review_groups(tables.groups(), unknown) == (
        "It is not known who registered with Harbour PCN is in a priority group of structured medication reviews."
    )


@pytest.mark.parametrize(
    ("hours", "weeks"),
    [(20, "3 weeks: within"), (60, "1 week: within"), (59, "2 weeks: within"), (1, "60 weeks: not within")],
)
def test_sixty_hours_of_reviews_take_weeks_of_the_hours_that_there_are(hours, weeks):
    text = readings.medication_review_hours(tables.reviews(), hours)
    assert "120 people wait for a review. At 30 minutes each (to verify; the least that one should take)" in text
    assert "that is 60 hours." in text
    assert f"it takes {weeks} the year" in text


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (tables.reviews(RECORDS, last=3), "Fewer than 8 people wait for a review; hours are not shown."),
        (tables.reviews(last=0), "Nobody in a priority group waits for a review."),
        (tables.reviews(minutes=None), "120 people wait for a review; how long one takes is not known."),
    ],
)
def test_hours_that_do_not_follow_are_not_read(table, said):
    assert readings.medication_review_hours(table, 20) == said


def test_without_pharmacists_or_groups_no_week_is_named():
    assert readings.medication_review_hours(tables.reviews(), 0).endswith("so that nobody is seen.")
    unknown = readings.medication_review_hours(tables.reviews(status="not assessed"), 20)
    assert unknown.startswith("How many reviews are due is not known")


# -- figures -------------------------------------------------------------------------------------------------

FIGURES = {"medication_review_groups": tables.groups, "medication_review_overlap": tables.overlap}
EVERY = pytest.mark.parametrize("name", FIGURES)


@EVERY
def test_figures_of_invented_people_say_so_and_few_are_not_drawn(name):
    drawn = getattr(charts, name)(FIGURES[name](DRAWN))
    assert drawn.get_title(loc="left").startswith("SYNTHETIC PEOPLE\n")
    assert getattr(alt_text, name)(FIGURES[name](DRAWN)).startswith("Synthetic people. ")
    few = FIGURES[name](RECORDS, last=3)
    words = " ".join(text.get_text() for text in getattr(charts, name)(few).texts) + getattr(alt_text, name)(few)
    assert "nan" not in words
    assert "NA" not in words


@EVERY
def test_nothing_is_drawn_of_no_rows(name):
    nothing = without_rows(FIGURES[name]())
    assert getattr(charts, name)(nothing) is None
    assert getattr(alt_text, name)(nothing) == ""


def test_a_group_that_is_not_known_is_named_and_not_drawn_as_0():
    words = [text.get_text() for text in charts.medication_review_groups(tables.groups()).texts]
    assert words == ["not assessed", "200, reviewed: 150 (75.0%)", "100, reviewed: 50 (50.0%)"]
    assert "Medicines linked to harm not assessed" in alt_text.medication_review_groups(tables.groups())


def test_two_groups_that_nobody_is_in_or_that_are_not_known_are_not_drawn():
    labels = charts.medication_review_overlap(tables.overlap()).get_yticklabels()
    assert [label.get_text().replace("\n", " ") for label in labels] == [
        "1 group", "2 groups", "3 groups or more", "Care home resident and severe frailty",
    ]  # fmt: skip
    assert alt_text.medication_review_overlap(tables.overlap()).endswith("Care home resident and severe frailty 40.")
