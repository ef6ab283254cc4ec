"""Sentences and charts of all service specifications together, from small tables written by hand."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from handmade import DRAWN, INVENTED, released

from pcn_analysis import readings
from pcn_analysis.plots import alt_text, charts
from pcn_analysis.provenance import Rate
from pcn_analysis.services.work import hours

mpl.use("Agg")

pytestmark = pytest.mark.unit
SHARE = (Rate("share", "people", "of", interval=True),)
NUMBERS = {"people": "Int64", "of": "Int64"}


def cohorts(people=(1200, 300, 80), status=("assessed",) * 3, in_force="published"):
    frame = pd.DataFrame(
        {
            "service": ["Cardiovascular", "Care homes", "Cancer"],
            "contract_year": "2026/27",
            "in_force": [in_force, "published", "published"],
            "people": people,
            "of": 40_000,
            "status": status,
        }
    ).astype(NUMBERS)
    return released(frame, DRAWN, counts=("people", "of"), rates=SHARE)


def measures(people=(300, 50), target=(0.8, None), status="assessed", standing="published"):
    frame = pd.DataFrame(
        {
            "service": ["Cardiovascular", "Care homes"],
            "measure": ["Followed up", "Planned in time"],
            "people": people,
            "of": 500,
            "target": target,
            "target_standing": (standing, None),
            "status": status,
        }
    ).astype(NUMBERS | {"target": "Float64"})
    return released(frame, DRAWN, counts=("people", "of"), rates=SHARE, numbers=("target",))


def gaps(people=(90, 3)):
    frame = pd.DataFrame({"service": "Homes", "gap": ["No plan", "No review"], "people": people, "of": 200}).astype(
        NUMBERS
    )
    return released(frame, DRAWN, counts=("people", "of"), rates=SHARE)


def work(people=(90, 3), minutes=(30.0, 60.0)):
    frame = pd.DataFrame(
        {
            "service": "Homes",
            "task": ["Plan", "Review"],
            "role": ["nurse", "GP"],
            "people": people,
            "minutes": minutes,
            "status": "assessed",
        }
    ).astype({"people": "Int64", "minutes": "Float64"})
    return released(frame, DRAWN, counts=("people",), numbers=("minutes",)).followed_by(hours)


def test_the_largest_services_are_named_with_their_share_and_year():
    said = readings.services(cohorts())
    assert "contract year 2026/27: cardiovascular is for 1,200 (3.0%), care homes is for 300 (0.8%)" in said
    assert "assumed" not in said


def test_a_specification_that_is_only_assumed_to_hold_is_named():
    said = readings.services(cohorts(in_force="carried over from 2025/26"))
    assert said.endswith("That the specification held in 2026/27 is assumed for cardiovascular.")


def test_a_cohort_that_is_not_known_is_said_to_be_so_and_is_no_zero():
    table = cohorts((1200, None, 80), ("assessed", "not assessed", "assessed"))
    assert "Not known from these records: Care homes." in readings.services(table)
    assert "Care homes not known" in alt_text.services(table)
    assert "not known" in labels(charts.services(table))
    plt.close("all")


def test_few_people_are_not_shown_in_sentence_or_chart():
    table = cohorts((1200, 300, 3))
    assert "cancer" not in readings.services(table)
    assert "not shown" in labels(charts.services(table))
    plt.close("all")


def test_a_measure_is_clearly_short_only_if_its_whole_interval_is():
    assert "Clearly below what is asked for: Followed up (60.0% of 80.0%)." in readings.service_measures(measures())
    near = readings.service_measures(measures((390, 50)))
    assert "None of the 1 measure with a number to reach is clearly below it." in near


def test_a_number_to_reach_that_is_only_carried_over_says_so_where_it_is_read():
    said = readings.service_measures(measures(standing="carried over from 2022/23, to verify"))
    assert "Followed up (60.0% of 80.0%, carried over from 2022/23, to verify)" in said


def test_where_no_number_is_asked_for_none_is_held_against():
    said = readings.service_measures(measures(target=(None, None)))
    assert "For no measure that could be shown is a number asked for." in said

    plt.close("all")


def test_measures_that_could_not_be_assessed_are_counted_and_not_drawn():
    table = measures((300, None), status=("assessed", "not assessed"))
    assert "1 of 2 measures could not be assessed" in readings.service_measures(table)
    assert [tick.get_text() for tick in charts.service_measures(table).get_yticklabels()] == [
        "Cardiovascular",
        "Followed up",
    ]
    assert charts.service_measures(measures((None, None), status="not assessed")) is None
    plt.close("all")


def test_hours_are_told_by_role_and_of_few_people_none():
    said = readings.service_work(gaps(), work())
    assert "“No plan” (90 people)" in said
    assert "would take 45 hours: nurse 45 hours." in said
    assert "Without hours (fewer than 8 people, or minutes not known): Review." in said
    assert "45 hours, 90 people" in labels(charts.service_work(work()))
    assert alt_text.service_work(work()).endswith("Plan 45 hours; Review not shown.")
    plt.close("all")


def test_work_that_nobody_needs_is_not_drawn():
    assert charts.service_work(work((0, 0))) is None
    assert "Of no gap is a number shown." in readings.service_work(gaps((3, 3)), work((3, 3)))


def test_assumptions_are_counted_by_what_they_are():
    frame = pd.DataFrame(
        {"clause": ["a", "b", "c"], "standing": ["our choice", "to verify", "carried over from 2023/24"]}
    )
    said = readings.service_assumptions(released(frame, INVENTED))
    assert said.startswith("3 clauses of these services are an assumption for this contract year:")
    assert "1 carried over from an earlier year" in said
    assert "is published" in readings.service_assumptions(released(frame[:0], INVENTED))


def labels(ax):
    return " ".join(text.get_text() for text in ax.texts)
