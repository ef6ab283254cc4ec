"""What holds of QRISK3 for everybody."""

import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcn_analysis import tables
from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.scores.qrisk3 import INPUTS, qrisk3, qrisk3_inputs
from pcn_analysis.scores.qrisk3.inputs import WORDS
from pcn_analysis.scores.qrisk3.measured import UNITS
from tests.unit.qrisk3_people import inputs
from tests.unit.vignettes import ON, by_person, condition, frame, issue, person, reading, resolved, rows_of

pytestmark = pytest.mark.properties

QUICKLY = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
NEARLY = 1e-9
NOT_OF_WOMEN = "erectile_dysfunction"


def value(column):
    one = INPUTS[column]
    if one.kind == "number":
        return st.integers(25, 84) if column == "age" else st.floats(one.lowest, one.highest, allow_nan=False)
    return st.sampled_from(WORDS[column]) if one.kind == "word" else st.booleans()


FIT = st.fixed_dictionaries({column: value(column) for column in INPUTS}).map(
    lambda one: one | {"cardiovascular_disease": False, "statin": False}
    | ({"type_2_diabetes": False} if one["type_1_diabetes"] else {})
)  # fmt: skip
"""People who can be scored."""
ANYBODY = st.fixed_dictionaries(
    {
        column: st.one_of(
            st.none(), value(column), *([st.sampled_from([-1.0, 0.0, 1e6])] if INPUTS[column].kind == "number" else [])
        )
        for column in INPUTS
    }
).map(lambda one: one | {"age": None if one["age"] is None else float(one["age"])})
"""People as they come."""


def scores(*people):
    return by_person(qrisk3(inputs(*people)), "qrisk3")


@QUICKLY
@given(people=st.lists(FIT, min_size=1, max_size=20))
def test_whoever_can_be_scored_has_a_chance_between_nothing_and_certainty(people):
    assert all(chance is not None and 0 < chance <= 1 for chance in scores(*people).values())


@QUICKLY
@given(people=st.lists(FIT, min_size=1, max_size=20), more=st.floats(0, 140))
def test_more_systolic_pressure_never_means_less_risk(people, more):
    higher = [one | {"systolic": min(one["systolic"] + more, 210.0)} for one in people]
    before, after = scores(*people), scores(*higher)
    assert all(after[who] >= before[who] - 1e-15 for who in before)


@QUICKLY
@given(people=st.lists(FIT, min_size=1, max_size=10), column=st.sampled_from(sorted(INPUTS)))
def test_without_any_one_thing_there_is_no_score_and_it_is_named(people, column):
    lacking = [one | {column: None} for one in people]
    for number, (chance, why) in by_person(qrisk3(inputs(*lacking)), "qrisk3", "qrisk3_missing").items():
        if column == NOT_OF_WOMEN and lacking[int(number[1:])]["sex"] == "female":
            assert why is None
        else:
            assert chance is None
            assert why == f"{INPUTS[column].name} not known"


@QUICKLY
@given(people=st.lists(ANYBODY, min_size=1, max_size=20))
def test_everybody_has_either_a_score_or_a_reason(people):
    found = by_person(qrisk3(inputs(*people)), "qrisk3", "qrisk3_missing").values()
    assert all((chance is None) != (why is None) for chance, why in found)


@QUICKLY
@given(people=st.lists(ANYBODY, min_size=2, max_size=20), data=st.data())
def test_the_order_of_rows_does_not_matter(people, data):
    rows = inputs(*people)
    order = data.draw(st.permutations(range(len(rows))))
    assert rows_of(qrisk3(rows)) == rows_of(qrisk3(rows.iloc[order]))


def alike(one, other):
    """Whether two tables say the same of the same people, numbers to 1e-9."""
    one, other = (table.sort_values("person_id").reset_index(drop=True) for table in (one, other))
    pd.testing.assert_frame_equal(one, other, check_exact=False, rtol=0, atol=NEARLY)


@QUICKLY
@given(people=st.lists(ANYBODY, min_size=1, max_size=20))
def test_duckdb_and_polars_agree_on_scores_and_reasons(people):
    rows = inputs(*people)
    alike(qrisk3(rows), to_pandas(qrisk3(lazy(pl.from_pandas(rows).lazy()))))


# -- from records ----------------------------------------------------------------------------------------------

DAYS = st.sampled_from(
    ["2021-06-30", "2021-07-01", "2025-07-01", "2026-04-08", "2026-06-02", "2026-06-03", "2026-06-30", "2026-07-01"]
)
WHO = st.sampled_from(["p1", "p2", "p3"])
RECORDS = st.tuples(
    st.lists(
        st.one_of(
            st.builds(condition, WHO, st.sampled_from(["stroke", "hypertension", "diabetes", "lupus", None]), DAYS),
            st.builds(resolved, WHO, st.sampled_from(["stroke", "lupus"]), DAYS),
        ),
        max_size=10,
    ),
    st.lists(
        st.builds(
            lambda who, day, bnf: issue(who, day, bnf=bnf),
            WHO,
            DAYS,
            st.sampled_from(["0603020T0AA", "0402010AB", "0212000B0AAAAAA", "0205", "070405", None]),
        ),
        max_size=15,
    ),
    st.lists(
        st.builds(
            lambda who, what, day, number: reading(who, what, day, number, unit=UNITS[what]),
            WHO,
            st.sampled_from(sorted(UNITS)),
            DAYS,
            st.sampled_from([None, -1.0, 0.0, 1.2, 4.1, 24.9, 80.0, 120.3, 151.7, 178.0]),
        ),
        max_size=25,
    ),
)


@settings(QUICKLY, max_examples=4)
@given(records=RECORDS, covered=st.sampled_from([tuple(tables.CONDITION_NAMES), ("stroke", "lupus")]))
def test_duckdb_and_polars_agree_on_what_records_say(records, covered):
    names = ("conditions", "medications", "measurements", "persons")
    people = [person("p1", born="1962-07-01"), person("p2", ethnicity=None, sex="male"), person("p3", sex="unknown")]
    frames = [frame(name, list(rows)) for name, rows in zip(names, (*records, people), strict=True)]
    told = {"on": ON, "covered": covered, "assume": ["smoking", "migraine"]}
    on_polars = [lazy(pl.from_pandas(one).lazy()) for one in frames]
    first, second = qrisk3_inputs(*frames, **told), qrisk3_inputs(*on_polars, **told)
    alike(first, to_pandas(second))
    alike(qrisk3(first), to_pandas(qrisk3(second)))
