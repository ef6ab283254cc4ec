"""What was done month by month: whole months, what is done and not what is offered, and control charts of it."""

import datetime as dt

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from handmade import DRAWN, released
from vignettes import care_event, person, population_of

from pcn_analysis import readings
from pcn_analysis.plots import alt_text, charts
from pcn_analysis.services.over_time import EVENTS, MONTHS, by_month, control_charts

mpl.use("Agg")

pytestmark = pytest.mark.unit
SMR, REFERRAL = "structured_medication_review", "social_prescribing_referral"
MONTH_NAMES = [f"{month:%Y-%m}" for month in pd.date_range("2024-07-01", periods=MONTHS, freq="MS")]


def months_of(*events, on=dt.date(2026, 7, 1)):
    frame = by_month(population_of([person("p1"), person("p2")], care_events=list(events), index_date=on)).frame
    return {(row.event, row.month): row.events for row in frame.itertuples() if row.events}


def charted(values, event="Reviews"):
    frame = pd.DataFrame(
        {
            "event": event,
            "month": pd.Series(MONTH_NAMES[: len(values)], dtype="str"),
            "events": pd.array(values, "Int64"),
        }
    )
    return released(frame, DRAWN, counts=("events",)).followed_by(control_charts)


def test_a_month_holds_what_was_done_from_its_first_to_its_last_day():
    found = months_of(*(care_event("p1", SMR, day) for day in ("2026-05-31", "2026-06-01", "2026-06-30")))
    assert found == {(EVENTS[SMR], "2026-05"): 1, (EVENTS[SMR], "2026-06"): 2}


def test_a_month_that_is_not_over_is_not_shown():
    assert months_of(
        care_event("p1", SMR, "2026-07-02"), care_event("p1", SMR, "2026-06-02"), on=dt.date(2026, 7, 15)
    ) == {(EVENTS[SMR], "2026-06"): 1}


def test_two_years_are_shown_and_no_day_more():
    found = months_of(care_event("p1", SMR, "2024-06-30"), care_event("p1", SMR, "2024-07-01"))
    assert found == {(EVENTS[SMR], "2024-07"): 1}


def test_an_offer_and_a_refusal_are_no_referral():
    found = months_of(*(care_event("p1", REFERRAL, "2026-06-01", how) for how in ("done", "offered", "declined")))
    assert found == {(EVENTS[REFERRAL], "2026-06"): 1}


def test_months_without_an_event_that_is_recorded_at_all_are_true_zeros():
    frame = by_month(population_of([person("p1")], care_events=[care_event("p1", SMR, "2026-06-01")])).frame
    assert len(frame) == MONTHS
    assert frame["events"].sum() == 1
    assert frame["events"].notna().all()


def test_events_that_are_not_recorded_have_no_rows():
    assert by_month(population_of([person("p1")])).frame.empty
    assert by_month(population_of([person("p1")], care_events=[])).frame.empty


def test_a_jump_stands_out_and_ups_and_downs_do_not():
    steady, jump = charted([20, 30] * 12), charted([20, 30] * 11 + [20, 95])
    assert "no month stands out" in readings.control_charts(steady)
    assert "25 a month on average" in readings.control_charts(steady)
    assert "outside the limits (2026-06)" in readings.control_charts(jump)
    assert "1 month standing out" in alt_text.control_charts(jump)
    orange = [line for line in charts.control_charts(jump).child_axes[0].lines if line.get_label() == "stands out"]
    assert len(orange[0].get_xdata()) == 1
    plt.close("all")


def test_limits_follow_from_released_numbers_and_not_from_true_ones():
    """Eleven reviews leave as ten, and so does their mean."""
    assert charted([11] * 24).frame["mean"].unique().tolist() == [10]


def test_months_with_too_few_are_said_to_be_so_and_end_a_run():
    said = readings.control_charts(charted([20, 3] * 12))
    assert "12 months with too few to show" in said
    assert readings.control_charts(charted([3] * 24)) == "Reviews: too few a month to show."


def test_without_events_nothing_is_said_of_them():
    assert "is not known" in readings.control_charts(charted([]))
    assert charts.control_charts(charted([])) is None
