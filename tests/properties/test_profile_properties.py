"""What holds for every rule for counts, whatever the counts."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_analysis.release.profiles import PROFILES

pytestmark = pytest.mark.properties

few = settings(max_examples=30, deadline=None, derandomize=True)
some_counts = st.lists(st.one_of(st.integers(0, 30), st.integers(0, 100_000)), min_size=1, max_size=30)
LARGER = replace(PROFILES["hes"], name="of_one's_own", smallest=9)
"""A profile whose smallest count shown lies within the range of its first rounded one."""
every_profile = pytest.mark.parametrize("profile", [*PROFILES.values(), LARGER], ids=lambda profile: profile.name)


@every_profile
@few
@given(some_counts)
def test_a_count_is_within_what_is_seen_of_it(profile, counts):
    exact = pd.Series(counts, dtype="Int64")
    seen = profile.seen_of(profile.protect(exact))
    assert (seen["low"] <= exact).all()
    assert (seen["high"] >= exact).all()


@every_profile
def test_the_range_seen_is_every_count_that_is_shown_alike_and_no_other(profile):
    exact = pd.Series(range(120), dtype="Int64")
    shown = profile.protect(exact)
    alike = exact.groupby(shown.fillna(-1))
    seen = profile.seen_of(shown)
    whole = exact < 114  # the last range goes on beyond the counts tried
    assert (seen["low"] == alike.transform("min"))[whole].all()
    assert (seen["high"] == alike.transform("max"))[whole].all()


@every_profile
@few
@given(some_counts)
def test_a_larger_count_is_never_shown_as_a_smaller_one(profile, counts):
    exact = pd.Series(sorted(counts), dtype="Int64")
    shown = profile.protect(exact)
    assert shown.dropna().is_monotonic_increasing
    assert profile.seen_of(shown)["low"].is_monotonic_increasing


@every_profile
@few
@given(some_counts)
def test_protecting_twice_changes_nothing_more(profile, counts):
    once = profile.protect(pd.Series(counts, dtype="Int64"))
    pd.testing.assert_series_equal(profile.protect(once), once)


@every_profile
def test_nobody_is_always_shown_as_nobody_and_no_one_else_is(profile):
    shown = profile.protect(pd.Series(range(50), dtype="Int64"))
    assert shown.index[shown.eq(0).fillna(False)].to_list() == [0]


@every_profile
def test_one_value_says_as_much_alone_as_among_others(profile):
    shown = profile.protect(pd.Series([0, 1, 8, 33, 100_000], dtype="Int64"))
    rows = profile.seen_of(shown).itertuples(index=False)
    assert [profile.seen(value) for value in shown] == [tuple(row) for row in rows]
