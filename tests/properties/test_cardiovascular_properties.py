"""Statements on the follow-up of raised blood pressure that hold for every set of records, on every engine."""

import datetime as dt
import random

import narwhals as nw
import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.services.cardiovascular.blood_pressure_readings import last_readings
from pcn_analysis.services.cardiovascular.high_cholesterol import high_cholesterol
from pcn_analysis.services.cardiovascular.raised_blood_pressure import (
    EVENTS,
    NONE_RECORDED,
    NOT_ASKED,
    blood_pressure_follow_up,
    rule_of,
)
from pcn_analysis.services.cardiovascular.stroke_risk import NEEDED, stroke_risk
from tests.unit.vignettes import by_person, care_event, condition, frame, issue, person, reading, rows_of

pytestmark = pytest.mark.properties

ON, YEAR = dt.date(2026, 7, 1), "2026/27"
RULE = rule_of(YEAR)
NAMES = ("measurements", "care_events", "medications", "conditions")
LAST_DAY = "2026-06-30"
DAYS = ("2024-03-31", "2024-04-01", "2025-10-30", "2026-03-31", "2026-04-01", "2026-04-30", "2026-06-29", "2026-07-01")
WHO = ("p1", "p2", "p3")
FEW = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

who, day = st.sampled_from(WHO), st.sampled_from(DAYS)
pressure = st.builds(
    reading,
    who,
    st.sampled_from(["sbp", "dbp"]),
    day,
    st.sampled_from([80.0, 89.9, 90.0, 139.9, 140.0, 185.0, None]),
    unit=st.sampled_from(["", None]),
)
event = st.builds(
    care_event, who, st.sampled_from(EVENTS), day, st.sampled_from(["done", "offered", "declined", "unsuitable"])
)
medicine = st.builds(issue, who, day, bnf=st.sampled_from(["0206020A0", "0212000B0", None]))
hypertension = st.builds(condition, who, st.just("hypertension"), day, status=st.sampled_from(["active", "resolved"]))
records = st.tuples(
    st.lists(pressure, max_size=25),
    st.lists(event, max_size=10),
    st.lists(medicine, max_size=8),
    st.lists(hypertension, max_size=4),
)
EVERYTHING = (
    [
        reading(one, what, date, value)
        for one in WHO
        for date in DAYS
        for what, value in (("sbp", 150.0), ("dbp", 85.0))
    ],
    [care_event(one, what, date) for one, what in zip(WHO, EVENTS, strict=False) for date in DAYS[2:]],
    [issue("p1", "2026-04-30", bnf="0206020A0")],
    [condition("p1", "hypertension", "2026-04-01")],
)
"""Something of every kind."""
PERSONS = [person(one, born=born) for one, born in zip(WHO, ("1950-01-01", "1996-07-01", "2008-02-29"), strict=True)]


def followed_up(held):
    people = pd.DataFrame({"person_id": list(WHO), "on_hyp_register": False})
    found = blood_pressure_follow_up(*map(frame, NAMES, held), people, on=ON, rule=RULE)
    return by_person(found, "blood_pressure_follow_up", "raised_blood_pressure_date", "blood_pressure_follow_up_date")


@FEW
@given(records)
@example(EVERYTHING)
def test_a_later_normal_reading_leaves_nobody_without_follow_up(held):
    normal = [reading(one, what, LAST_DAY, value) for one in WHO for what, value in (("sbp", 120.0), ("dbp", 70.0))]
    after = followed_up((held[0] + normal, *held[1:]))
    assert all(route != NONE_RECORDED for route, _, _ in after.values())


@FEW
@given(records, st.randoms())
def test_the_order_of_records_does_not_matter(held, shuffler: random.Random):
    shuffled = tuple(shuffler.sample(rows, len(rows)) for rows in held)
    assert followed_up(shuffled) == followed_up(held)


@FEW
@given(records)
@example(EVERYTHING)
def test_follow_up_is_never_before_the_raised_reading_nor_without_one(held):
    for route, raised, followed in followed_up(held).values():
        assert (route == NOT_ASKED) == (raised is None)
        assert (route in {NOT_ASKED, NONE_RECORDED}) == (followed is None)
        assert followed is None or raised <= followed < ON.isoformat()


@FEW
@given(records)
def test_what_is_recorded_from_the_index_date_on_changes_nothing(held):
    later = [reading(one, what, "2026-07-01", 250.0) for one in WHO for what in ("sbp", "dbp")]
    events = [care_event(one, what, "2026-07-01") for one in WHO for what in EVENTS]
    assert followed_up((held[0] + later, held[1] + events, *held[2:])) == followed_up(held)


# -- the engines -------------------------------------------------------------------------------------------


def answers(held, persons, people):
    """What every function of this service says of the same records."""
    measured = held[0]
    return {
        "blood_pressure_follow_up": blood_pressure_follow_up(*held, people, on=ON, rule=RULE),
        "last_readings": last_readings(measured, people, on=ON),
        "high_cholesterol": high_cholesterol(measured, persons, on=ON, year=YEAR),
        "stroke_risk": stroke_risk(people),
    }


def of_the_person_table():
    """Rows with every column that CHA2DS2-VASc asks for, and gaps in some."""
    never = {column: pd.Series([pd.NaT] * 3, dtype="datetime64[us]") for column in NEEDED if column.endswith("_date")}
    flags = {column: pd.Series([True, False, None], dtype="boolean") for column in NEEDED if column.startswith("has_")}
    rows = {"person_id": list(WHO), "age": pd.Series([76, 30, 18], dtype="Int64"), "sex": ["female", "male", "unknown"]}
    return pd.DataFrame({**rows, "on_hyp_register": pd.Series([False, None, True], dtype="boolean"), **flags, **never})


def collected(answer):
    found = answer if isinstance(answer, pd.DataFrame) else to_pandas(answer)
    return list(found.columns), rows_of(found)


@FEW
@given(records)
@example(EVERYTHING)
def test_every_engine_gives_the_same_answer(held):
    cholesterol = [reading(one, "cholesterol", date, 8.0, unit="mmol/L") for one in WHO for date in DAYS[:3]]
    frames = [*map(frame, NAMES, (held[0] + cholesterol, *held[1:])), frame("persons", PERSONS), of_the_person_table()]

    def on_polars(values):
        found = lazy(pl.from_pandas(values).lazy())
        stamped = [name for name, kind in found.collect_schema().items() if isinstance(kind, nw.Datetime)]
        return found.with_columns(*(nw.col(name).cast(nw.Date) for name in stamped))

    engines = {"duckdb": lazy, "polars": on_polars, "pandas": lambda values: values}
    found = {}
    for name, door in engines.items():
        *held_there, persons, people = map(door, frames)
        found[name] = {what: collected(answer) for what, answer in answers(held_there, persons, people).items()}
    for what, expected in found["duckdb"].items():
        assert found["polars"][what] == expected, what
        assert found["pandas"][what] == expected, what
