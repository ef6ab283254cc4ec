"""Cohorts count and choose the same people on DuckDB and Polars, and what is not known is what could be either."""

import datetime as dt
import itertools

import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcn_analysis.anticipatory.cohorts import COHORTS, Cohort, Step, find_cohort
from pcn_analysis.anticipatory.eligibility import eligible, reasons, steps
from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.rules import AtLeast, Holds, Not, Several
from pcn_analysis.rules.criteria import leaves
from tests.unit.vignettes import person_rows, rows_of

pytestmark = pytest.mark.properties

ON = dt.date(2026, 7, 1)
DAYS = ["2024-06-30", "2024-07-01", "2025-06-30", "2025-07-01", "2026-06-30", None]
FLAG = st.sampled_from([True, False, None])


@st.composite
def people(draw):
    """People on every edge that a cohort asks of, of whom anything may not be known."""
    row = {
        "age": st.sampled_from([17, 18, 64, 65, 90]),
        "efi_category": st.sampled_from(["fit", "mild", "moderate", "severe", None]),
        "n_ltc": st.sampled_from([1, 2, None]),
        "nel_12m": st.sampled_from([0, 1, None]),
        "ae_12m": st.sampled_from([1, 2, 4, 5, 9, 10, 20, 21, None]),
        "fall_date": st.sampled_from(DAYS),
        "palliative_care_date": st.sampled_from(DAYS),
        **dict.fromkeys(("care_home", "housebound", "carer", "has_housebound", "has_palliative_care"), FLAG),
    }
    rows = draw(st.lists(st.fixed_dictionaries(row), min_size=1, max_size=12))
    return [{"person_id": f"p{number}"} | one | {"housebound_date": None} for number, one in enumerate(rows)]


def answers(table, cohort):
    """What a cohort says of some people, or that it says nothing."""
    counted = steps(table, cohort, on=ON).astype(object).where(lambda frame: frame.notna(), None).to_numpy().tolist()
    try:
        chosen = rows_of(eligible(table, cohort, on=ON).select("person_id", "priority"))
        return counted, chosen, rows_of(reasons(table, cohort, on=ON))
    except PcnAnalysisError as refused:
        return counted, str(refused)


@given(rows=people())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_cohort_is_the_same_on_both_engines(rows):
    table = person_rows(*rows)
    on_polars = lazy(pl.from_pandas(to_pandas(table)).lazy())
    for name in COHORTS:
        assert answers(table, name) == answers(on_polars, name)


@given(rows=people())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_steps_only_take_people_out_and_the_last_leaves_those_who_are_listed(rows):
    table = person_rows(*rows)
    for name in COHORTS:
        counts = steps(table, name, on=ON)
        assert counts["remaining"].is_monotonic_decreasing
        assert (counts["not_known"].fillna(0) <= counts["remaining"].shift(fill_value=len(rows))).all()
        try:
            listed = to_pandas(eligible(table, name, on=ON).select("person_id", "priority"))
        except PcnAnalysisError:
            continue
        assert len(listed) == counts["remaining"].iloc[-1]
        assert listed["priority"].between(1, len(find_cohort(name).first) + 1).all()
        told = to_pandas(reasons(table, name, on=ON))
        assert set(told["person_id"]) == set(listed["person_id"]), "everyone has a reason, and nobody else"


# -- what is not known -------------------------------------------------------------------------------------

LEAVES = st.sampled_from([AtLeast("n_ltc", 2), Holds("care_home"), Holds("housebound"), Holds("carer")])


def _joined(inner):
    lists = st.lists(inner, min_size=1, max_size=3, unique=True)
    several = lists.flatmap(lambda some: st.builds(Several, st.just(tuple(some)), st.integers(1, len(some))))
    return st.one_of(several, st.builds(Not, inner))


def _each_once(criterion):
    """What is asked for and against at once is not told apart."""
    found = leaves(criterion)
    return len(set(found)) == len(found)


@given(
    criterion=st.recursive(LEAVES, _joined, max_leaves=4).filter(_each_once),
    known=st.tuples(st.sampled_from([1, 2, None]), FLAG, FLAG, FLAG),
)
@settings(max_examples=60, deadline=None)
def test_a_person_is_not_known_where_filling_the_gaps_could_decide_either_way(criterion, known):
    names = ("n_ltc", "care_home", "housebound", "carer")
    either = {"n_ltc": (0, 5)}
    filled = itertools.product(
        *(
            either.get(name, (True, False)) if value is None else (value,)
            for name, value in zip(names, known, strict=True)
        )
    )
    everyone = [dict(zip(names, known, strict=True)), *(dict(zip(names, one, strict=True)) for one in filled)]
    cohort = Cohort("one", "One", "here", (Step("Asked", criterion, "here"),))

    def counted(*rows):
        anyone = {"person_id": "other", "n_ltc": 1, "care_home": True, "housebound": True, "carer": True}
        table = person_rows(anyone, *({"person_id": f"p{number}"} | row for number, row in enumerate(rows)))
        return steps(table, cohort, on=ON).iloc[0], to_pandas(eligible(table, cohort, on=ON))["person_id"].to_list()

    (gap, _), (_, whole) = counted(everyone[0]), counted(*everyone[1:])
    met = sum(who != "other" for who in whole)
    assert gap["not_known"] == int(0 < met < len(everyone) - 1)
    assert pd.notna(gap["remaining"])
