"""What holds for every projection and every pair of days."""

import datetime as dt
import string

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_analysis.segmentation.projection import project, project_with_limits
from pcn_analysis.segmentation.transitions import moves_between
from pcn_analysis.segmentation.yearly_rates import AGES, PUBLISHED_SEGMENTS, published_rates, shares_of

pytestmark = pytest.mark.properties

STILL = {"leaving": 0, "joining": 0, "entering": 0}
SOME = st.lists(
    st.tuples(st.integers(17, 99), st.sampled_from(PUBLISHED_SEGMENTS), st.integers(1, 500)), min_size=1, max_size=12
).map(lambda rows: pd.DataFrame(rows, columns=["age", "segment", "people"]))


def totals(found):
    return found.groupby("year")["people"].sum()


@given(SOME, st.integers(1, 6))
@settings(max_examples=15, deadline=None)
def test_nobody_appears_where_nobody_comes(initial, years):
    sizes = totals(project(initial, published_rates(), years, totals=STILL))
    assert sizes.iloc[0] == initial["people"].sum()
    assert (sizes.diff().dropna() <= 1e-9).all()


@given(SOME, SOME)
@settings(max_examples=15, deadline=None)
def test_two_groups_of_people_go_the_way_that_each_goes_alone_where_no_number_is_set(one, other):
    alone, also, both = (
        totals(project(group, published_rates(), 4, totals={"entering": 0}))
        for group in (one, other, pd.concat([one, other]))
    )
    assert np.allclose(alone + also, both)


@given(SOME, st.integers(0, 9))
@settings(max_examples=15, deadline=None)
def test_limits_are_in_order_and_never_below_nobody(initial, seed):
    found = project_with_limits(initial, published_rates(), 3, draws=40, seed=seed)
    assert len(found) == 4 * len(PUBLISHED_SEGMENTS)
    assert (found["people_lower"] >= 0).all()
    assert (found["people_lower"] <= found["people_upper"]).all()


@given(st.lists(st.integers(0, 200), min_size=24, max_size=24))
def test_shares_sum_to_one_whatever_was_counted(counts):
    shares = shares_of(np.array(counts).reshape(4, 2, 3))
    assert np.allclose(shares.sum(-1), 1)
    assert (shares >= 0).all()


ON_TWO_DAYS = st.dictionaries(
    st.sampled_from(string.ascii_lowercase),
    st.tuples(st.sampled_from([None, "A", "B"]), st.sampled_from([None, "A", "B"]), st.booleans()),
    max_size=10,
)


@given(ON_TWO_DAYS)
@settings(max_examples=15, deadline=None)
def test_everyone_of_either_day_is_counted_once_and_margins_agree(people):
    def on_day(day):
        there = {who: days[day] for who, days in people.items() if days[day]}
        return pd.DataFrame({"person_id": list(there), "segment": list(there.values())}, dtype="str")

    deaths = [pd.Timestamp("2026-01-01") if gone and not after else pd.NaT for _, after, gone in people.values()]
    persons = pd.DataFrame(
        {"person_id": list(people), "birth_date": pd.Timestamp("1950-01-01"), "death_date": deaths}
    ).astype({"person_id": "str", "birth_date": "datetime64[us]", "death_date": "datetime64[us]"})
    found = moves_between(on_day(0), on_day(1), persons, since=dt.date(2025, 7, 1), until=dt.date(2026, 7, 1))
    before = found[found["segment"] != "joined"].groupby("segment")["people"].sum().to_dict()
    after = found[~found["next_segment"].isin(["left", "died"])].groupby("next_segment")["people"].sum().to_dict()
    assert before == on_day(0)["segment"].value_counts().to_dict()
    assert after == on_day(1)["segment"].value_counts().to_dict()
    assert found["age"].max() < AGES if len(found) else True
