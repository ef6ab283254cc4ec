"""Profiles of segments of a few people whom a reader can count on fingers. The index date is 1 July 2026."""

from dataclasses import replace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from vignettes import condition, contact, person, population_of

from pcn_analysis import readings
from pcn_analysis.display.method import method_html
from pcn_analysis.person_table import stages
from pcn_analysis.plots import alt_text, charts
from pcn_analysis.plots import segments as segment_charts
from pcn_analysis.provenance import file_sha256
from pcn_analysis.release import release
from pcn_analysis.rules import AtLeast, Below, Element, Model, Recorded, Segment, all_of
from pcn_analysis.segmentation import profiles, segments
from pcn_analysis.segmentation.models import MODELS, PUBLISHED, find_model
from pcn_analysis.statistics.means import mean_limits

mpl.use("Agg")

pytestmark = pytest.mark.unit

LUNGS = Element("COPD", Recorded("copd"), "example")
MODEL = Model(
    "lungs",
    "Lungs",
    (Segment("Lungs", 1, (LUNGS,), "COPD."),),
    "Well",
    "example",
    variant="reconstructed",
    assumptions=("COPD stands for every disease of the lungs.",),
    whom=AtLeast("age", 18),
    others="Under 18",
)
"""One segment for adults, reconstructed."""

COVERED = ("copd", "asthma", "hypertension")
ASIAN, BLACK = "Asian, Asian British or Asian Welsh: Chinese", "Black, Black British, Caribbean or African: African"


def staged(persons, **records):
    """People with their person table."""
    population = population_of(persons, covered=set(COVERED), **{"conditions": []} | records)
    return replace(population, tables=population.tables | stages(population))


def crowd(ill, well, children=0, old="1940-01-01", prefix=""):
    """So many old people with COPD, and so many young ones and children without."""
    made = [person(f"{prefix}ill {n}", born=old, sex="female") for n in range(ill)]
    made += [person(f"{prefix}well {n}", born="1990-01-01", sex="male") for n in range(well)]
    return made + [person(f"{prefix}child {n}", born="2015-01-01", sex="male") for n in range(children)]


def of_lungs(ill, prefix=""):
    return [condition(f"{prefix}ill {n}", "copd", "2020-01-01") for n in range(ill)]


@pytest.fixture(scope="module")
def people():
    """120 old women with COPD, of whom 60 have asthma; 280 men of 36, of whom 7 have; 100 boys of 11."""
    both = [condition(f"ill {n}", "asthma", "2020-01-01") for n in range(60)]
    some = [condition(f"well {n}", "asthma", "2020-01-01") for n in range(7)]
    seen = [contact(f"ill {n}", "emergency_admission", "2026-01-01", cost_gbp=1000.0) for n in range(40)]
    seen += [contact(f"ill {n}", "emergency_admission", "2026-02-01") for n in range(20)]
    seen += [contact(f"well {n}", "emergency_admission", "2026-02-01", cost_gbp=500.0) for n in range(20)]
    seen += [contact(f"child {n}", "emergency_admission", "2026-02-01", cost_gbp=100.0) for n in range(10)]
    seen += [contact("ill 0", "emergency_admission", "2026-02-01", attended=False, cost_gbp=9000.0)]
    seen += [contact("ill 0", "emergency_admission", "2025-06-30", cost_gbp=9000.0)]
    return staged(crowd(120, 280, 100), conditions=[*of_lungs(120), *both, *some], encounters=seen)


def rows(table, *columns):
    return list(table.frame[[*columns]].itertuples(index=False, name=None))


# -- whom the model is for -----------------------------------------------------------------------------------


def test_people_whom_the_model_is_not_for_are_a_row_of_their_own_and_not_the_remainder(people):
    assert rows(segments.sizes(people, MODEL), "segment", "kind", "patients") == [
        ("Lungs", "segment", 120),
        ("Well", "remainder", 280),
        ("Under 18", "others", 100),
    ]
    text = readings.segments(release(segments.sizes(people, MODEL)), release(segments.not_assessed(people, MODEL)))
    assert text == (
        "Of 400 people of 18 or over registered with Harbour PCN on 1 July 2026, the largest segment is Lungs (120, "
        "30.0%). 70.0% fit none: “Well”. The model is not made for another 100 people (under 18), who are in no share "
        "below."
    )
    assert rows(segments.sizes(people, MODEL), "registered") == [(400,), (400,), (500,)]
    assert rows(segments.rule_table(people, MODEL), "segment")[-1] == ("Under 18",)


def test_those_whom_the_model_is_not_for_are_in_no_other_count_and_not_in_everyone(people):
    for table, column in (
        (segments.by_age(people, MODEL), "everyone_registered"), (segments.by_practice(people, MODEL), "registered"),
        (segments.by_deprivation(people, MODEL), "registered"), (profiles.activity(people, MODEL), "all_people"),
        (profiles.cost(people, MODEL), "all_people"), (profiles.conditions(people, MODEL), "everyone_registered"),
    ):  # fmt: skip
        assert "Under 18" not in set(table.frame["segment"])
        assert set(table.frame[column]) == {400}
    figure = charts.segment_sizes(release(segments.sizes(people, MODEL)))
    assert [label.get_text() for label in figure.get_yticklabels()] == ["Well", "Lungs"]
    assert figure.texts[-1].get_text() == "Shares of people of 18 or over; not drawn: Under 18 (100)"


# -- what a model is -----------------------------------------------------------------------------------------


def test_a_model_from_a_file_of_ones_own_is_said_to_be_one_by_its_name_and_fingerprint(people, tmp_path):
    file = tmp_path / "mine.yaml"
    text = (PUBLISHED / "bnssg.yaml").read_text(encoding="utf-8")
    file.write_text(text.replace("variant: published", "variant: own"), encoding="utf-8")
    model = find_model(str(file))
    fingerprint = file_sha256(file)[:12]
    said = readings.about_model(release(segments.rule_table(people, model)))
    assert said.startswith(
        f"The model on this page is from a file of one's own, mine.yaml (SHA-256 begins {fingerprint}), and is none of "
        f"those that come with this package: Bristol, North Somerset and South Gloucestershire, core segments (own), "
        f"variant own. "
    )
    foot = method_html(people, model=model)
    assert "Model of segments: mine.yaml</th><td>one&#x27;s own file</td>" in foot
    assert f"<code>{fingerprint}</code>" in foot
    assert str(tmp_path) not in f"{said}{foot}"
    assert "mine.yaml" not in method_html(people, model=find_model("bnssg"))


def test_bands_of_a_score_are_said_to_be_so_with_the_highest_and_the_lowest(people):
    assert readings.about_model(release(segments.rule_table(people, find_model("bnssg")))) == (
        "The model on this page is Bristol, North Somerset and South Gloucestershire, core segments (published). Its "
        "segments are bands of one number, the Cambridge Multimorbidity Score, as BNSSG reckon it: Core segment 5 is "
        "the highest, with the greatest need, and Core segment 1 the lowest. What the number is counted from is more "
        "common in the higher bands by definition."
    )
    said = readings.about_model(release(segments.rule_table(people, MODEL)))
    assert said.endswith("Each person is in the first segment whose rule they meet, starting with Lungs.")


@pytest.mark.parametrize(("name", "faulty"), [("bnssg", False), ("system_p_published", True)])
def test_a_published_model_has_faults_only_where_the_linter_finds_them(people, name, faulty):
    said = readings.assumptions(release(segments.assumptions(people, find_model(name))))
    assert ("faults that a check of the rules finds" in said) is faulty
    assert "the rules as they were published" in said


def test_deprivation_and_ethnicity_that_a_rule_reads_are_by_definition_from_there_on(people):
    core20, lungs = find_model("core20plus5_adults"), find_model("system_p")
    fifths = segments.by_deprivation(people, core20).frame
    assert fifths["by_definition"].all()
    assert not segments.by_deprivation(people, lungs).frame["by_definition"].any()
    second = replace(MODEL.segments[0], name="Core20", priority=2, when=Below("imd_decile", 3))
    two = segments.by_deprivation(people, replace(MODEL, segments=(*MODEL.segments, second))).frame
    assert two.drop_duplicates("segment").set_index("segment")["by_definition"].to_dict() == {
        "Lungs": False, "Core20": True, "Well": True,
    }  # fmt: skip


def test_nothing_is_counted_where_only_those_whom_the_model_is_not_for_are_known(people):
    unknown = replace(MODEL, segments=(Segment("Ill", 1, (Element("D", Recorded("dementia"), "example"),), "D."),))
    assert segments.sizes(people, unknown).frame.empty
    for count in (segments.by_age, *(getattr(profiles, name) for name in profiles.__all__)):
        assert count(people, unknown).frame.empty


@pytest.mark.parametrize("name", MODELS)
def test_every_table_says_of_which_model_and_variant_it_is(people, name):
    model = find_model(name)
    for count in (segments.sizes, segments.rule_table, segments.assumptions, profiles.by_age_and_sex):
        words = set(count(people, model).frame["model"])
        assert all(model.variant in one and model.title in one for one in words)


def test_a_reconstructed_model_says_so_in_its_title_and_sentence(people):
    assert readings.assumptions(release(segments.assumptions(people, MODEL))) == (
        "Lungs (reconstructed): reconstructed, as public sources do not give every rule; what they leave open is ours. "
        "It rests on 1 assumption, listed below."
    )
    title = charts.segment_sizes(release(segments.sizes(people, MODEL))).get_title(loc="left")
    assert title.endswith("Lungs (reconstructed)")


def test_the_largest_segment_is_one_of_the_model_and_empty_where_none_is_shown(people):
    assert readings.largest(release(segments.sizes(people, MODEL))) == "Lungs"
    few = staged(crowd(3, 200), conditions=of_lungs(3))
    assert readings.largest(release(segments.sizes(few, MODEL))) == ""
    fifths = release(segments.by_deprivation(few, MODEL))
    assert readings.by_deprivation(fifths, "") == "No segment holds enough people to compare."


# -- ages, ethnicity, conditions -----------------------------------------------------------------------------


def test_ages_and_sexes_have_everyone_first_and_totals(people):
    frame = profiles.by_age_and_sex(people, MODEL).frame.set_index(["segment", "sex", "age_group"])["patients"]
    assert list(frame.index.unique("segment")) == ["Everyone of 18 or over", "Lungs", "Well"]
    assert frame["Everyone of 18 or over", "everyone", "all ages"] == 400
    assert (frame["Lungs", "female", "85+"], frame["Lungs", "everyone", "65 or over"]) == (120, 120)
    assert (frame["Well", "male", "20-39"], frame["Lungs", "male", "all ages"]) == (280, 0)
    assert readings.segment_ages(release(profiles.by_age_and_sex(people, MODEL))) == (
        "People of 65 or over are most common in Lungs: 100.0% of its people, against 30.0% of everyone of 18 or over."
    )


def test_a_segment_whose_rule_asks_for_an_age_is_not_the_oldest(people):
    old = Segment(
        "Old lungs", 1, (Element("COPD, 65 or over", all_of(AtLeast("age", 65), Recorded("copd")), "x"),), "x"
    )
    asthma = Segment("Asthma", 2, (Element("Asthma", Recorded("asthma"), "x"),), "x")
    model = replace(MODEL, segments=(old, asthma))
    frame = profiles.by_age_and_sex(people, model).frame
    assert set(frame.loc[frame["by_definition"], "segment"]) == {"Old lungs"}
    assert readings.segment_ages(release(profiles.by_age_and_sex(people, model))).endswith(
        " Not compared, as the rule itself asks for an age: Old lungs."
    )


def test_ethnic_groups_are_the_broad_ones_and_other_words_are_not_known():
    persons = [
        *(one | {"ethnicity": ASIAN} for one in crowd(10, 10)),
        *(one | {"ethnicity": BLACK} for one in crowd(0, 10, prefix="b ")),
        *(one | {"ethnicity": None} for one in crowd(0, 10, prefix="c ")),
        *(one | {"ethnicity": "Martian"} for one in crowd(0, 5, prefix="d ")),
    ]
    found = segments.by_ethnicity(staged(persons, conditions=of_lungs(10)), MODEL)
    lungs = found.frame[found.frame["segment"] == "Lungs"]
    assert list(lungs[["ethnic_group", "patients", "registered"]].itertuples(index=False, name=None)) == [
        ("Asian or Asian British", 10, 20),
        ("Black, Black British, Caribbean or African", 0, 10),
        ("not known", 0, 15),
    ]
    assert readings.by_ethnicity(release(found), "Lungs") == (
        "The share of people in Lungs runs from 0.0% (Black, Black British, Caribbean or African) to 50.0% (Asian or "
        "Asian British). Ages differ between groups; ethnicity is not known of 15 people."
    )


def test_ethnicity_that_no_record_holds_has_no_rows():
    unknown = staged([one | {"ethnicity": None} for one in crowd(10, 10)], conditions=of_lungs(10))
    found = release(segments.by_ethnicity(unknown, MODEL))
    assert len(found) == 0
    assert readings.by_ethnicity(found, "Lungs").endswith("of which ethnic groups people are.")


def test_conditions_are_held_against_everyone(people):
    found = profiles.conditions(people, MODEL).frame.set_index(["condition", "segment"])
    asthma = found.loc[("Asthma", "Lungs")]
    assert (asthma["patients"], asthma["segment_patients"], asthma["everyone_patients"]) == (60, 120, 67)
    assert (asthma["everyone_registered"], asthma["share"], asthma["share_compared"]) == (400, 0.5, "higher")
    assert found.loc[("Asthma", "Well"), "share_compared"] == "lower"
    assert found["by_definition"].to_dict() == {
        (condition, segment): "obstructive" in condition and segment == "Lungs" for condition, segment in found.index
    }
    assert "Hypertension" not in found.index.unique("condition"), "nobody has it"


def test_conditions_that_too_few_have_are_not_shown(people):
    released = release(profiles.conditions(people, MODEL))
    hidden = released.frame.set_index(["condition", "segment"]).loc[("Asthma", "Well")]
    assert pd.isna(hidden["patients"])
    assert pd.isna(hidden["share"])
    assert "×" in [text.get_text() for text in charts.segment_conditions(released).texts]


def test_the_sentence_on_conditions_leads_with_what_is_more_common_and_leaves_out_what_the_rule_asks(people):
    assert readings.segment_conditions(release(profiles.conditions(people, MODEL))) == (
        "More common than among everyone of 18 or over, the first segments first: in Lungs, asthma (50.0%, 3.1 times "
        "as common). What a segment's own rule names is left out of this."
    )


def test_a_segment_of_few_people_brings_no_condition():
    few = staged(crowd(99, 200), conditions=of_lungs(99))
    assert profiles.conditions(few, MODEL).frame.empty


# -- activity and cost ---------------------------------------------------------------------------------------


def test_activity_has_each_segments_share_of_people_and_of_contacts(people):
    found = profiles.activity(people, MODEL).frame.set_index(["contact", "segment"]).loc["Emergency admission"]
    assert found.loc["Everyone of 18 or over", ["seen", "people", "contacts"]].to_list() == [60, 400, 80]
    assert found.loc["Lungs", ["seen", "people", "contacts"]].to_list() == [40, 120, 60]
    assert found.loc["Lungs", "contacts_each_margin"] == pytest.approx(0.14)
    assert found.loc["Lungs", ["people_share", "contacts_share", "contacts_each"]].to_list() == pytest.approx(
        [0.3, 60 / 80, 0.5]
    )
    assert readings.segment_admissions(release(profiles.activity(people, MODEL))).startswith(
        "Lungs holds 30.0% of people of 18 or over and had 75.0% of emergency admissions in the 12 months before 1 "
        "July 2026: 500 for each 1,000 people (95% interval 360 to 640), against 200 for everyone of 18 or over."
    )


def test_contacts_of_a_few_people_are_left_out_also_before_release(people):
    few = [contact(f"ill {n}", "ed", "2026-01-01") for n in range(40)]
    few += [contact(f"well {n}", "ed", "2026-01-01") for n in range(5)]
    some = staged(crowd(120, 280), conditions=of_lungs(120), encounters=few)
    well = profiles.activity(some, MODEL).frame.set_index("segment").loc["Well"]
    assert well[["contacts", "contacts_each_margin"]].isna().all()
    assert well["seen"] == 5


HOW_MUCH = ["contacts", "contacts_costed", "cost_gbp", "costed_share", "cost_each", "cost_share"]


def test_how_much_care_a_few_people_had_does_not_leave_and_cannot_be_worked_out():
    """One child with 61 contacts: they are those of everyone of all ages, which the page holds, less the adults'."""
    seen = [contact(f"{who} {n}", "ed", "2026-01-01", cost_gbp=1000.0) for who in ("ill", "well") for n in range(40)]
    seen += [contact("child 0", "ed", f"2026-{1 + n % 6:02}-{1 + n // 6:02}", cost_gbp=1200.0) for n in range(61)]
    some = staged(crowd(120, 280, 100), conditions=of_lungs(120), encounters=seen)
    cost = release(profiles.cost(some, MODEL)).frame.set_index("segment")
    activity = release(profiles.activity(some, MODEL)).frame.set_index("segment")
    for frame, columns in ((cost, HOW_MUCH[:3]), (activity, ["contacts", "contacts_each_margin"])):
        assert "Under 18" not in frame.index
        assert frame.loc[["Everyone of 18 or over", "Lungs"], columns].isna().all(axis=None)
        assert frame.loc["Well", columns].notna().all()
        assert "contacts_squared" not in frame


def test_contacts_are_left_out_where_few_people_had_them_and_nobodys_are_a_true_nought():
    seen = [contact(f"ill {n}", "ed", "2026-01-01", cost_gbp=1000.0) for n in range(40)]
    seen += [contact(f"well {n}", "ed", "2026-01-01") for n in range(3) for _ in range(20)]
    some = staged(crowd(120, 280, 100), conditions=of_lungs(120), encounters=seen)
    cost = release(profiles.cost(some, MODEL)).frame.set_index("segment")
    assert cost.loc["Well", ["seen", "contacts", "contacts_costed"]].isna().all()
    assert pd.isna(cost.loc["Lungs", "contacts"])
    none = staged(crowd(120, 280, 100), conditions=of_lungs(120), encounters=seen[:40])
    cost = release(profiles.cost(none, MODEL)).frame.set_index("segment")
    assert cost.loc["Well", ["seen", "contacts", "cost_gbp"]].to_list() == [0, 0, 0]


def test_contacts_that_no_record_holds_are_no_rows_and_are_said_to_be(people):
    assert set(profiles.activity(people, MODEL).frame["contact"]) == {"Emergency admission"}
    none = release(profiles.activity(staged(crowd(120, 20), conditions=of_lungs(120)), MODEL))
    assert len(none) == 0
    assert readings.segment_admissions(none).startswith("Not shown")


def test_the_interval_of_a_mean_is_from_the_variance_between_people():
    counts = np.array([0, 0, 0, 1, 1, 2, 9, 3])
    sums = (pd.Series([values]) for values in (counts.sum(), (counts**2).sum(), len(counts)))
    low, high = mean_limits(*sums)
    half = 1.959964 * counts.std(ddof=1) / np.sqrt(8)
    assert (low[0], high[0]) == pytest.approx((max(counts.mean() - half, 0), counts.mean() + half), abs=1e-6)
    alone = mean_limits(pd.Series([3]), pd.Series([9]), pd.Series([1]))
    assert alone[0].isna().all()


def test_cost_is_of_attended_contacts_in_the_window_that_have_one(people):
    found = profiles.cost(people, MODEL).frame.set_index("segment")
    assert found.loc["Lungs", ["people", "costed", "contacts", "contacts_costed", "cost_gbp"]].to_list() == [
        120, 40, 60, 40, 40_000,
    ]  # fmt: skip
    assert found["cost_gbp"].to_list() == [50_000, 40_000, 10_000]
    assert readings.segment_cost(release(profiles.cost(people, MODEL))) == (
        "Contacts with a cost (75.0% of all) came to £50,000, or £125 for each person. Lungs, with 30.0% of people of "
        "18 or over, took 80.0% of it (£333 each)."
    )


def test_cost_that_no_record_holds_is_not_known_and_never_nothing():
    seen = [contact(f"ill {n}", "ed", "2026-01-01") for n in range(20)]
    free = staged(crowd(120, 20), conditions=of_lungs(120), encounters=seen)
    for some in (free, staged(crowd(120, 20), conditions=of_lungs(120))):
        found = release(profiles.cost(some, MODEL))
        assert len(found) == 0
        assert readings.segment_cost(found).startswith("Cost is not known: no contact of the last 12 months has a cost")


# -- against the place ---------------------------------------------------------------------------------------


def test_expected_people_are_the_places_rates_at_the_networks_ages():
    """Of the old, 60 of 100 are ill here and 140 of 400 there: 200 of 500 together, so 40 are expected here."""
    here = staged([*crowd(60, 300), *crowd(40, 0, prefix="a ")], conditions=of_lungs(60))
    there = staged([*crowd(140, 100), *crowd(260, 0, prefix="a ")], conditions=of_lungs(140))
    found = profiles.against_place(here, MODEL, others=[there])
    lungs = found.frame.iloc[0]
    assert lungs[["segment", "patients", "registered", "expected", "place_patients", "networks"]].to_list() == [
        "Lungs", 60, 400, 40, 200, 2,
    ]  # fmt: skip
    assert lungs["share_compared"] == "higher"
    assert found.frame["expected"].sum() == 400
    assert readings.segments_against_place(release(found)) == (
        "Against all 2 networks of Marlhaven together, this one among them, at the ages and sexes of Harbour PCN: more "
        "people than expected are in Lungs (60; expected 40). Recording differs too, and about 1 in 20 would "
        "differ by chance."
    )


def test_a_network_that_has_more_for_its_ages_alone_has_as_many_as_expected():
    """Everyone who is old is ill, here and there; here there are more of them."""
    here = staged(crowd(100, 100), conditions=of_lungs(100))
    there = staged(crowd(100, 900), conditions=of_lungs(100))
    found = profiles.against_place(here, MODEL, others=[there])
    assert rows(found, "segment", "patients", "expected", "share_compared")[0] == ("Lungs", 100, 100, "similar")
    assert found.frame["place_share"].iloc[0] < 0.2 < found.frame["share"].iloc[0]
    assert "as many people as expected are in each segment" in readings.segments_against_place(release(found))


def test_a_network_that_could_not_be_assessed_alike_is_not_compared():
    here = staged(crowd(100, 100), conditions=of_lungs(100))
    other = population_of(crowd(100, 100), covered={"asthma"}, conditions=[])
    other = replace(other, tables=other.tables | stages(other))
    found = release(profiles.against_place(here, MODEL, others=[other]))
    assert len(found) == 0
    assert readings.segments_against_place(found).endswith(f"and there is {found.about.comparator}.")


# -- figures -------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def made(people):
    there = staged(crowd(140, 100), conditions=of_lungs(140))
    return {
        "segment_pyramids": profiles.by_age_and_sex(people, MODEL),
        "segments_by_ethnicity": segments.by_ethnicity(people, MODEL),
        "segment_conditions": profiles.conditions(people, MODEL),
        "segment_admissions": profiles.activity(people, MODEL),
        "segment_contacts": profiles.activity(people, MODEL),
        "segments_against_place": profiles.against_place(people, MODEL, others=[there]),
    }


def test_every_figure_of_a_profile_is_drawn_and_described(people):
    drawn = made(people)
    own = [name for name in vars(segment_charts) if name.startswith("segment") and callable(vars(segment_charts)[name])]
    assert sorted(own) == sorted(drawn)
    for name, table in drawn.items():
        released = release(table)
        ax = getattr(charts, name)(released)
        ax.figure.canvas.draw()
        words = getattr(alt_text, name)(released)
        assert words.startswith("Synthetic people. ")
        assert "reconstructed" in words
        assert "reconstructed" in ax.get_title(loc="left")
        assert not [text for text in ax.texts if text.get_text() in ("nan", "<NA>")]
        empty = release(replace(table, frame=table.frame.head(0)))
        assert getattr(charts, name)(empty) is None
        assert getattr(alt_text, name)(empty) == ""


def test_a_figure_of_admissions_says_both_shares_and_what_is_not_shown(people):
    ax = charts.segment_admissions(release(profiles.activity(people, MODEL)))
    assert [text.get_text() for text in ax.texts][::-1] == [
        "30.0% of people, 75.0% of emergency admissions",
        "70.0% of people, 25.0% of emergency admissions",
    ]


def test_a_long_name_of_a_segment_takes_two_lines(people):
    long = replace(MODEL, segments=(replace(MODEL.segments[0], name="Older people with long-term conditions (7)"),))
    ax = charts.segment_sizes(release(segments.sizes(people, long)))
    assert "\n" in ax.get_yticklabels()[-1].get_text()


def test_sentences_are_of_segments_and_never_of_those_whom_the_model_is_not_for():
    """Whoever is 18 or over is older, more ill and more often seen than the children whom this model is for."""
    of_children = replace(MODEL, whom=Below("age", 18), others="18 and over")
    ill = [*of_lungs(100), *(condition(f"child {n}", "copd", "2020-01-01") for n in range(120))]
    seen = [contact(f"ill {n}", "emergency_admission", "2026-01-01") for n in range(90)]
    ill += [condition(f"ill {n}", "asthma", "2020-01-01") for n in range(100)]
    ill += [condition(f"child {n}", "asthma", "2020-01-01") for n in range(10)]
    some = staged(crowd(100, 0, 300), conditions=ill, encounters=seen)
    sentences = [
        readings.segment_ages(release(profiles.by_age_and_sex(some, of_children))),
        readings.segment_conditions(release(profiles.conditions(some, of_children))),
        readings.segment_admissions(release(profiles.activity(some, of_children))),
    ]
    assert not [text for text in sentences if "18 and over" in text]
    assert "Lungs: 0.0% of its people, against 0.0% of everyone under 18" in sentences[0]
    assert "asthma (8.3%, 2.5 times as common)" in sentences[1], "of children alone, and not of everyone"
