"""Stays, rounds and readings of wellbeing: the same on every engine, and what holds of any stays."""

import datetime as dt
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcn_analysis.engine import lazy, scan, write_stage
from pcn_analysis.services.care_homes.stays import STATES, followed_stays, stays_of, weeks_seen
from pcn_analysis.services.care_homes.working_days import bank_holidays, due_dates
from pcn_analysis.services.personalised_care.wellbeing import READINGS, two_readings
from tests.properties.test_engines_agree import compared, plain_dates
from tests.unit.vignettes import ON, care_event, frame, person, reading, stay

pytestmark = pytest.mark.properties

DAYS = [(ON - dt.timedelta(days=days)).isoformat()
        for days in (-1, 0, 1, 7, 8, 9, 10, 12, 27, 28, 29, 60, 182, 365, 366)]  # fmt: skip
HOMES = ("1-100000001", "1-100000002")
PEOPLE = [f"p{number}" for number in range(4)]
day, who = st.sampled_from(DAYS), st.sampled_from(PEOPLE)
maybe = st.one_of(st.none(), day)
stays = st.lists(st.builds(lambda one, home, start, ended: stay(one, home, start, ended=ended),
                           who, st.sampled_from(HOMES), day, maybe), max_size=12)  # fmt: skip
EVENTS = ("care_and_support_plan", "care_home_assessment", "care_home_round", "social_prescribing_referral")
events = st.lists(st.builds(care_event, who, st.sampled_from(EVENTS), day, st.sampled_from(["done", "offered"])),
                  max_size=20)  # fmt: skip
readings = st.lists(
    st.builds(lambda one, what, on, value, unit: reading(one, what, on, value, unit=unit), who,
              st.sampled_from(list(READINGS)[:3]), day, st.sampled_from([0.0, 4.0, 10.0, None]),
              st.sampled_from(["{score}", None])), max_size=25)  # fmt: skip


def world(held_stays, held_events, held_readings, ends):
    persons = [person(one, death_date=died, registration_end_date=gone)
               for one, (died, gone) in zip(PEOPLE, ends, strict=True)]  # fmt: skip
    rows = {"care_home_stays": held_stays, "persons": persons, "care_events": held_events,
            "measurements": held_readings}  # fmt: skip
    return {name: frame(name, one) for name, one in rows.items()}


def answers(held):
    found = stays_of(held["care_home_stays"], held["persons"], on=ON)
    return {
        "stays_of": found,
        "followed_stays": followed_stays(found, held["care_events"], on=ON, working_days=7),
        "weeks_seen": weeks_seen(held["care_events"], held["persons"], on=ON, weeks=4),
        "two_readings": two_readings(held["measurements"], held["care_events"], on=ON, before=6, after=12, apart=1),
    }


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(stays, events, readings, st.lists(st.tuples(maybe, maybe), min_size=4, max_size=4))
def test_every_engine_gives_the_same_answer(held_stays, held_events, held_readings, ends):
    frames = world(held_stays, held_events, held_readings, ends)
    with tempfile.TemporaryDirectory() as folder:
        doors = {
            "parquet": {name: scan(write_stage(plain_dates(lazy(one)), Path(folder) / f"{name}.parquet"))
                        for name, one in frames.items()},
            "polars": {name: lazy(pl.from_pandas(one).lazy()) for name, one in frames.items()},
        }  # fmt: skip
        found = {name: {what: compared(one) for what, one in answers(held).items()} for name, held in doors.items()}
    assert found["parquet"] == found["polars"]


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(stays, events, st.lists(st.tuples(maybe, maybe), min_size=4, max_size=4))
def test_nobody_stays_in_two_homes_and_every_stay_is_in_one_state(held_stays, held_events, ends):
    held = world(held_stays, held_events, [], ends)
    found = answers(held)["followed_stays"]
    lasting = found[found["ended"].isna()]
    ties = lasting.groupby("person_id")["start_date"].nunique()
    assert (ties <= 1).all()
    assert lasting["person_id"].is_unique
    assert found["plan_in_home"].isin(STATES).all()
    assert (found["due_date"] > found["start_date"]).all()
    assert not found.duplicated(["person_id", "care_home_code", "start_date"]).any()


@settings(max_examples=200, deadline=None)
@given(st.dates(dt.date(2019, 1, 1), dt.date(2029, 12, 31)), st.integers(1, 30))
def test_between_a_day_and_the_day_it_is_due_lie_so_many_working_days(first, number):
    due = due_dates(first, first, number)["due_date"][0].date()
    later = pd.date_range(first + dt.timedelta(days=1), due)
    closed = {pd.Timestamp(one) for one in bank_holidays(first.year, due.year)}
    working = [one for one in later if one.weekday() < 5 and one not in closed]
    assert len(working) == number
    assert working[-1].date() == due
    assert np.is_busday(due)
