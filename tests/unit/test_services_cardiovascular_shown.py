"""Figures of cardiovascular disease prevention, the text that stands for each, and the sentences beside them."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from handmade import DRAWN, PUBLISHED, RECORDS, released

from pcn_analysis import readings
from pcn_analysis.plots import alt_text, charts
from pcn_analysis.provenance import Rate
from pcn_analysis.services.cardiovascular.counts import PREVALENCE, expected

mpl.use("Agg")
pytestmark = pytest.mark.unit
ROUTES = ["a later reading that is not raised", "home monitoring", "none recorded"]


def routes(provenance=PUBLISHED, last=80, status="assessed", missing=""):
    frame = pd.DataFrame({"route": ROUTES, "people": pd.array([90, 30, last], "Int64")})
    frame = frame.assign(of=200, status=status, missing=missing)
    if status == "not assessed":
        frame[["people", "of"]] = pd.NA
        frame = frame.astype({"people": "Int64", "of": "Int64"})
    counts = ("people", "of")
    return released(frame, provenance, counts=counts, rates=(Rate("share", *counts, interval=True),))


BANDS = {
    "band": ["0, or 1 for sex alone", "1, in a man", "2 to 3", "4 or more"],
    "advice": ["not offered", "considered", "offered", "offered"],
    "people": [20, 30, 100, 60],
    "treated": [10, 15, 70, 45],
    "declined": [0, 0, 10, 5],
    "neither": [10, 15, 20, 10],
}


def risks(provenance=PUBLISHED, last=10, status="assessed", missing=""):
    frame = pd.DataFrame(BANDS).assign(status=status, missing=missing)
    frame.loc[3, ["neither", "people"]] = [last, 50 + last]
    counts = ("people", "treated", "declined", "neither")
    if status == "not assessed":
        frame[list(counts)] = pd.NA
    frame = frame.astype(dict.fromkeys(counts, "Int64"))
    return released(frame, provenance, counts=counts, rates=(Rate("share", "treated", "people", interval=True),))


def chances(provenance=PUBLISHED, last=40, status="partly assessed", missing="Smoking"):
    frame = pd.DataFrame({"band": ["10% to 20%", "20% and over"], "people": [300, 20 + last]})
    frame = frame.assign(declined=[60, 20], neither=[240, last], status=status, missing=missing, disclaimer="ClinRisk")
    counts = ("people", "declined", "neither")
    if status == "not assessed":
        frame[list(counts)] = pd.NA
    frame = frame.astype(dict.fromkeys(counts, "Int64"))
    return released(frame, provenance, counts=counts, rates=(Rate("share", "neither", "people", interval=True),))


FIGURES = {
    "follow_up_routes": (routes, "home monitoring 30 (15.0%); none recorded 80 (40.0%)"),
    "stroke_risk": (risks, "2 to 3: 100 people, 70 with an anticoagulant, 10 declined or not suitable, 20 neither"),
    "statin_by_risk": (chances, "20% and over: 60 people, 20 declined or not suitable, 40 neither"),
}
EVERY = pytest.mark.parametrize("name", FIGURES)


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


@EVERY
def test_descriptions_hold_what_the_figure_shows(name):
    make, said = FIGURES[name]
    assert said in getattr(alt_text, name)(make())
    assert getattr(alt_text, name)(make(DRAWN)).startswith("Synthetic people. ")


@EVERY
def test_figures_say_whom_they_are_of(name):
    title = getattr(charts, name)(FIGURES[name][0](DRAWN)).get_title(loc="left")
    assert title.startswith("SYNTHETIC PEOPLE\n")
    assert title.endswith("Harbour PCN, 1 July 2026")


@EVERY
def test_a_number_that_is_not_shown_is_neither_drawn_nor_described(name):
    table = FIGURES[name][0](RECORDS, last=3)
    drawn = [text.get_text() for text in getattr(charts, name)(table).texts]
    words = " ".join([*drawn, getattr(alt_text, name)(table), getattr(readings, name)(table)])
    assert "not shown" in words
    assert "nan" not in words
    assert "NA" not in words


@EVERY
def test_what_could_not_be_assessed_has_no_figure(name):
    table = FIGURES[name][0](status="not assessed", missing="sbp")
    assert getattr(charts, name)(table) is None
    assert getattr(alt_text, name)(table) == ""
    said = getattr(readings, name)(table)
    assert "could not be assessed" in said
    assert "sbp" in said


def test_the_sentence_on_follow_up_names_what_is_open_and_the_commonest_route():
    assert readings.follow_up_routes(routes()) == (
        "200 adults registered with Harbour PCN have a raised blood pressure that CVD-01 asks about and were not on "
        "the hypertension register before it; of 80 (40.0%) no follow-up is recorded. Most often it was followed up "
        "by: a later reading that is not raised, 90 (45.0%). No record is no proof that nothing was done."
    )
    partly = readings.follow_up_routes(routes(status="partly assessed", missing="Home blood pressure monitoring"))
    assert "Nobody has a record of: Home blood pressure monitoring." in partly


def test_the_sentence_on_stroke_risk_reads_each_band_to_whom_treatment_is_offered():
    assert readings.stroke_risk(risks()) == (
        "NICE NG196 offers an anticoagulant in atrial fibrillation from a CHA2DS2-VASc of 2. With 2 to 3 points: 70 "
        "(70.0%) of 100 have one, 10 declined or may not have it, and of 20 there is no record of either. With 4 or "
        "more points: 45 (75.0%) of 60 have one, 5 declined or may not have it, and of 10 there is no record of "
        "either. Of 30 men with 1 point, for whom it is considered, 15 have one. Points are reckoned from records; the "
        "risk of bleeding is not known."
    )


def test_the_sentence_on_statins_says_what_qrisk3_cannot_tell():
    said = readings.statin_by_risk(chances())
    assert "20% and over: 40 (66.7%) of 60, and 20 declined or may not have it" in said
    assert "Whoever takes a statin has no score" in said
    assert "Not recorded in full: Smoking." in said


def gap(provenance=PUBLISHED, **changed):
    frame = pd.DataFrame([{"register": "QOF, as published", "on_register": 6000, "registered": 40000,
                           "expected_prevalence": 0.25, "status": "assessed"} | changed])  # fmt: skip
    frame = frame.astype({"on_register": "Int64", "registered": "Int64", "expected_prevalence": "Float64"})
    counts = ("on_register", "registered")
    table = released(frame, provenance, counts=counts, rates=(PREVALENCE,), numbers=("expected_prevalence",))
    return table.followed_by(expected)


def test_the_sentence_on_hypertension_says_how_old_the_survey_is():
    said = readings.hypertension_gap(gap())
    assert "Health Survey for England of 2003" in said
    assert "the expected number is taken as it is, as its source gives no interval" in said


def test_the_gap_has_the_interval_that_the_register_leaves():
    """Wilson limits of 6,000 of 40,000 are 14.653% and 15.353%: 5,861.4 and 6,141.3 people, of 10,000 expected."""
    row = gap().frame.iloc[0]
    assert row["not_known_of"] == 4000
    assert (row["not_known_of_lower"], row["not_known_of_upper"]) == pytest.approx((3858.7, 4138.6), abs=0.05)
    assert (
        "QOF, as published: 6,000 (15.0%, 95% interval 14.7% to 15.4%), 4,000 fewer than the 10,000 expected "
        "(95% interval 3,859 to 4,139)."
    ) in readings.hypertension_gap(gap())


@pytest.mark.parametrize(
    ("expected_prevalence", "said"),
    [
        (0.151, "40 fewer than the 6,040 expected (95% interval 101 more to 179 fewer)"),
        (0.149, "40 more than the 5,960 expected (95% interval 181 more to 99 fewer)"),
        (0.125, "1,000 more than the 5,000 expected (95% interval 861 to 1,141)"),
    ],
)
def test_where_as_many_or_more_are_on_the_register_as_expected_the_sentence_says_so(expected_prevalence, said):
    assert said in readings.hypertension_gap(gap(expected_prevalence=expected_prevalence))


def test_the_gap_of_records_follows_from_the_rounded_number_that_is_shown():
    frame = gap(RECORDS, on_register=6003).frame.iloc[0]
    assert (frame["on_register"], frame["not_known_of"]) == (6005, 3995)
    assert frame["not_known_of_upper"] == pytest.approx(10_000 - frame["prevalence_lower"] * 40_000)
    few = readings.hypertension_gap(gap(RECORDS, on_register=3))
    assert few.startswith("How many people have hypertension that nobody knows of is not known")


def test_without_ages_or_a_register_the_gap_is_not_known():
    assert "is not known" in readings.hypertension_gap(gap(expected_prevalence=pd.NA))
    assert "expected to" not in readings.hypertension_gap(gap(on_register=pd.NA))
