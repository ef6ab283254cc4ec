"""What came of urgent referrals is the same on DuckDB, on Polars and on pandas, and as one reads it by hand."""

import datetime as dt
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pcn_analysis.dates import months_before
from pcn_analysis.engine import lazy, scan, to_pandas, write_stage
from pcn_analysis.services.early_cancer_diagnosis.pathways import (
    FIT,
    LOWER_GI,
    URGENT,
    YEAR,
    converted_referrals,
    referrals_with_fit,
)
from tests.properties.test_engines_agree import compared, plain_dates
from tests.unit.vignettes import care_event, frame, person_rows, reading

pytestmark = pytest.mark.properties

LEAP_DAY, USUAL = dt.date(2024, 2, 29), dt.date(2026, 7, 1)
WITHIN, BEFORE, AFTER = 6, 7, 14
NAMES = [f"p{number}" for number in range(6)]


def edges(on):
    """The days around the index date, and around the first and last day of every window before it."""
    starts = [on, *(months_before(on, many) for many in (WITHIN, YEAR, YEAR + WITHIN, YEAR + 2 * WITHIN))]
    shifts = (-AFTER - 1, -BEFORE - 1, -BEFORE, -1, 0, 1, AFTER)
    return [(day + dt.timedelta(days=shift)).isoformat() for day in starts for shift in shifts]


@st.composite
def worlds(draw):
    on = draw(st.sampled_from([USUAL, LEAP_DAY]))
    who, day = st.sampled_from([*NAMES, "stranger"]), st.sampled_from(edges(on))
    event = st.builds(care_event, who, st.sampled_from([*URGENT, FIT, "bowel_screening"]), day,
                      st.sampled_from(["done", "declined", "offered", None]))  # fmt: skip
    tested = st.builds(lambda one, when, value: reading(one, "fit", when, value, unit="ug/g"), who, day,
                       st.sampled_from([4.0, None]))  # fmt: skip
    people = [{"person_id": name, "cancer_first_date": draw(st.one_of(st.none(), day))} for name in NAMES]
    return on, people, draw(st.lists(event, max_size=40)), draw(st.lists(tested, max_size=10))


def every_edge(on):
    people = [{"person_id": name, "cancer_first_date": day} for name, day in zip(NAMES, edges(on)[::6], strict=False)]
    events = [care_event(name, what, day) for name in NAMES for what in (*URGENT, FIT) for day in edges(on)[::5]]
    return on, people, events, [reading("p0", "fit", edges(on)[0], 4.0, unit="ug/g")]


def answers(events, tests, people, on):
    came = converted_referrals(events, people, on=on, within=WITHIN)
    return compared(came), compared(
        referrals_with_fit(events, tests, people, on=on, before=BEFORE, after=AFTER)
    )  # fmt: skip


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(world=worlds())
@example(world=every_edge(LEAP_DAY))
@example(world=every_edge(USUAL))
def test_referrals_are_followed_alike_on_every_engine(world):
    on, rows, events, tests = world
    people = to_pandas(person_rows(*rows, cancer_first_date="date"))
    held = [frame("care_events", events), frame("measurements", tests), people]
    with tempfile.TemporaryDirectory() as folder:
        on_parquet = [
            scan(write_stage(plain_dates(lazy(values)), Path(folder) / f"{number}.parquet"))
            for number, values in enumerate(held)
        ]
        expected = answers(*on_parquet, on)
    on_polars = (lazy(pl.from_pandas(values).lazy()) for values in held)
    assert answers(*on_polars, on) == expected
    assert answers(*held, on) == expected


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(world=worlds())
@example(world=every_edge(LEAP_DAY))
def test_a_fit_goes_with_a_referral_by_counting_days(world):
    """The same by hand: days between two dates, for every referral and every test."""
    on, rows, events, tests = world
    people = to_pandas(person_rows(*rows, cancer_first_date="date"))
    found = referrals_with_fit(
        frame("care_events", events), frame("measurements", tests), people, on=on, before=BEFORE, after=AFTER
    )
    done = [(one["person_id"], one["event"], dt.date.fromisoformat(one["event_date"])) for one in events
            if one["outcome"] == "done"]  # fmt: skip
    fits = [(who, day) for who, what, day in done if what == FIT and day < on]
    fits += [(one["person_id"], dt.date.fromisoformat(one["measurement_date"])) for one in tests
             if one["value_as_number"] is not None and dt.date.fromisoformat(one["measurement_date"]) < on]  # fmt: skip
    referred = [(who, day) for who, what, day in done if what == LOWER_GI and months_before(on, YEAR) <= day < on]
    expected = {
        who for who, day in referred for one, fit in fits if one == who and -AFTER <= (day - fit).days <= BEFORE
    }
    assert set(found.loc[found["lower_gi_with_fit"], "person_id"]) == expected - {"stranger"}
