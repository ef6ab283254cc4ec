"""Every function of single persons gives the same rows on DuckDB over Parquet, on Polars and on pandas at the door."""

import datetime as dt
import tempfile
from dataclasses import replace
from pathlib import Path

import narwhals as nw
import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pcn_analysis import rules, tables
from pcn_analysis.dates import age_on, months_before
from pcn_analysis.engine import lazy, on_frames, scan, to_pandas, write_stage
from pcn_analysis.person.activity import activity_columns
from pcn_analysis.person.attributes import attribute_columns
from pcn_analysis.person.conditions import condition_columns, recorded_conditions
from pcn_analysis.person.measurements import latest_measurements
from pcn_analysis.person.medicines import medicine_columns
from pcn_analysis.person_table import frailty_reasons, person_table, registered_people
from pcn_analysis.scores.frailty import completed_index
from tests.unit.vignettes import condition, contact, frame, issue, person, population_of, reading, rows_of

pytestmark = pytest.mark.properties

COVERED = ("cancer", "dementia", "heart_failure", "non_diabetic_hyperglycaemia")
RECORDS = ("persons", "conditions", "medications", "measurements", "encounters", "attributes")
SAID = ("has_diabetes", "has_copd", "copd_date", "efi_deficits")
LEAP_DAY, USUAL = dt.date(2024, 2, 29), dt.date(2026, 7, 1)


# -- the functions -----------------------------------------------------------------------------------------

MODEL = rules.Model(
    "model",
    "A model of every kind of criterion",
    (
        rules.Segment(
            "ill",
            2,
            (
                rules.Element("dementia", rules.Recorded("dementia"), "test"),
                rules.Element("recent", rules.RecordedWithin("antidepressants", 12), "test"),
                rules.Element("since", rules.RecordedSince("heart_failure", dt.date(2024, 2, 29)), "test"),
                rules.Element("cancer", rules.RecordedSince("cancer", dt.date(2003, 4, 1)), "test"),
                rules.Element("new", rules.FirstRecordedWithin("cancer", 12), "test"),
                rules.Element("adult", rules.FirstRecordedFromAge("non_diabetic_hyperglycaemia", 18), "test"),
                rules.Element("grown", rules.RecordedFromAge("bmi", 18), "test"),
                rules.Element("later", rules.LaterThan("cancer_date", "dementia_date"), "test"),
            ),
            "any",
        ),
        rules.Segment(
            "busy",
            1,
            (
                rules.Element("heavy", rules.AtLeast("bmi", 30), "test"),
                rules.Element("home", rules.Holds("care_home"), "test"),
                rules.Element("female", rules.OneOf("sex", ("female",)), "test"),
                rules.Element("unseen", rules.Not(rules.AtLeast("gp_12m", 1)), "test"),
                rules.Element("records", rules.NotAvailable("housing records"), "test"),
            ),
            "two of them",
            rules.Several(
                (
                    rules.AtLeast("bmi", 30),
                    rules.Holds("care_home"),
                    rules.OneOf("sex", ("female",)),
                    rules.Not(rules.AtLeast("gp_12m", 1)),
                ),
                2,
            ),
        ),
    ),
    "Well",
    "test",
)
ELEMENTS = [element for _, element in MODEL.elements()]


@on_frames
def ages(people, *, on):
    birth = nw.col("birth_date")
    return people.select("person_id", age=age_on(birth, on), at_death=age_on(birth, nw.col("death_date")))


@on_frames
def rows_for_everyone(*held, on):
    return person_table(population(held, on), on=on)


@on_frames
def deficits(*held, on):
    return frailty_reasons(population(held, on), on=on)


def population(held, on):
    empty = population_of([], covered=frozenset(COVERED), index_date=on)
    return replace(empty, tables=dict(zip(RECORDS, held, strict=True)))


def answers(held, table, on):
    """What every function says of the same records and the same person table."""
    persons, conditions, medications, measurements, encounters, attributes = held
    named = {element.name: element.when for element in ELEMENTS}
    return {
        "recorded_conditions": recorded_conditions(conditions, on=on),
        "condition_columns": condition_columns(conditions, persons, on=on, covered=COVERED),
        "medicine_columns": medicine_columns(medications, persons, on=on),
        "latest_measurements": latest_measurements(measurements, persons, on=on),
        "activity_columns": activity_columns(encounters, persons, on=on),
        "attribute_columns": attribute_columns(attributes, persons, columns=SAID),
        "completed_index": on_frames(completed_index)(attributes),
        "registered_people": registered_people(persons, on=on),
        "age_on": ages(persons, on=on),
        "person_table": rows_for_everyone(*held, on=on),
        "frailty_reasons": deficits(*held, on=on),
        "flags": on_frames(rules.flags)(table, rules=named, on=on),
        "label": on_frames(rules.label)(table, model=MODEL, on=on),
        "reasons": on_frames(rules.reasons)(table, elements=ELEMENTS, on=on),
    }


# -- the engines -------------------------------------------------------------------------------------------


def engines(folder):
    """Ways of holding a frame: dates are timestamps in pandas and plain dates in Parquet."""

    def on_parquet(name, values):
        return scan(write_stage(plain_dates(lazy(values)), folder / f"{name}.parquet"))

    return {
        "parquet": on_parquet,
        "polars": lambda _, values: lazy(pl.from_pandas(values).lazy()),
        "pandas": lambda _, values: values,
    }


def plain_dates(held):
    stamped = [name for name, kind in held.collect_schema().items() if isinstance(kind, nw.Datetime)]
    return held.with_columns(*(nw.col(name).cast(nw.Date) for name in stamped)) if stamped else held


def compared(answer):
    """Names and rows; on every engine the same once collected."""
    collected = answer if isinstance(answer, pd.DataFrame) else to_pandas(answer)
    return list(collected.columns), rows_of(collected)


# -- the records -------------------------------------------------------------------------------------------


def edges(on):
    """The index date, the days beside it, and the edges of every window that ends on it."""
    starts = [on, on - dt.timedelta(days=84), *(months_before(on, months) for months in (6, 12, 24, 60))]
    days = [day + dt.timedelta(days=shift) for day in starts for shift in (-1, 0, 1)]
    return [day.isoformat() for day in (*days, dt.date(2003, 4, 1), dt.date(2020, 2, 29), dt.date(2019, 12, 31))]


BIRTHS = ("2008-02-29", "1950-12-31", "2006-07-01", "2006-06-30", "1960-05-20")
BNF = ("0403010B0AAAGAG", "0402030K0", "0407", "040702AB", "0212000B0", None)


@st.composite
def worlds(draw):
    """An index date and some records of a few people and a stranger, on the edges, with nulls."""
    on = draw(st.sampled_from([USUAL, LEAP_DAY]))
    source = st.sampled_from(["gp", "apc"])
    day = st.sampled_from(edges(on))
    names = [f"p{number}" for number in range(8)]
    who = st.sampled_from([*names, "stranger"])
    maybe = st.one_of(st.none(), day)

    def some(row):
        return draw(st.lists(row, max_size=30))

    person_row = st.builds(
        person,
        st.just(""),
        born=st.sampled_from([*BIRTHS, on.isoformat()]),
        sex=st.sampled_from(["female", "male", "unknown"]),
        death_date=maybe,
        registration_start_date=maybe,
        registration_end_date=maybe,
        care_home=st.sampled_from([True, False, None]),
        ethnicity=st.none(),
    )
    return on, (
        [draw(person_row) | {"person_id": name} for name in names],
        some(
            st.builds(
                lambda record, source: record | {"source": source},
                st.builds(
                    condition,
                    who,
                    st.sampled_from([*COVERED, "fall", None]),
                    day,
                    ended=maybe,
                    status=st.sampled_from(["active", "resolved", "unknown"]),
                ),
                source,
            )
        ),
        some(st.builds(issue, who, day, bnf=st.sampled_from(BNF), name=st.sampled_from(["One", "Two"]))),
        some(
            st.builds(
                reading,
                who,
                st.sampled_from(["bmi", "sbp", "egfr", "hb"]),
                day,
                st.one_of(st.none(), st.sampled_from([24.9, 30.0, 31.5, 59.0, 140.0])),
                unit=st.sampled_from(["", "g/L", None]),
                operator=st.sampled_from(["=", "<", ">="]),
            )
        ),
        some(
            st.builds(
                contact,
                who,
                st.sampled_from([*{kind for kind, _ in tables.ACTIVITY.values()}, "community"]),
                day,
                attended=st.booleans(),
            )
        ),
        [said(draw, name, on) for name in sorted(draw(st.sets(who)))],
    )


def said(draw, who, on):
    """What a source says of one person, with gaps."""
    flag = st.sampled_from([True, False, None])
    number = st.sampled_from([0, 4, 5, 13, None])
    score = st.sampled_from([0.12, 0.13, 0.36, None])
    flags = {f"has_{slug}": draw(flag) for slug in ("diabetes", "copd", "cancer", "dementia")}
    dates = {"copd_date": draw(st.sampled_from([on.isoformat(), "2003-04-01", None]))}
    scores = {"efi_deficits": draw(number), "efi_score": draw(score), "n_ltc": draw(number), "ae_12m": draw(number)}
    given = {"person_id": who, "attribute_date": on.isoformat(), "on_dm_register": draw(flag)}
    return given | flags | dates | scores


def every_edge(on):
    """One person for each date of birth, with a record of each kind on every edge."""
    names = [f"p{number}" for number in range(len(BIRTHS))]
    pairs = [(name, day) for name in names for day in edges(on)]
    return on, (
        [person(name, born=born) for name, born in zip(names, BIRTHS, strict=True)],
        [condition(who, slug, day) for who, day in pairs[::3] for slug in COVERED],
        [issue(who, day, bnf=bnf) for who, day in pairs for bnf in BNF],
        [reading(who, what, day, value) for who, day in pairs for what in ("bmi", "egfr") for value in (30.0, 59.0)],
        [contact(who, kind, day) for who, day in pairs for kind in ("ed", "gp_contact")],
        [{"person_id": "p0", "attribute_date": on.isoformat(), "has_copd": True, "efi_score": 0.36}],
    )


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(world=worlds())
@example(world=every_edge(LEAP_DAY))
@example(world=every_edge(USUAL))
def test_every_engine_gives_the_same_answer(world):
    on, records = world
    frames = {name: frame(name, rows) for name, rows in zip(RECORDS, records, strict=True)}
    people = to_pandas(rows_for_everyone(*(lazy(values) for values in frames.values()), on=on))
    table = people.assign(**{name: pd.to_datetime(people[name]) for name in people if "date" in name})
    with tempfile.TemporaryDirectory() as folder:
        found = {
            name: {
                function: compared(answer)
                for function, answer in answers(
                    [door(label, values) for label, values in frames.items()], door("person_table", table), on
                ).items()
            }
            for name, door in engines(Path(folder)).items()
        }
    for function, expected in found["parquet"].items():
        assert found["polars"][function] == expected, function
        assert found["pandas"][function] == expected, function
