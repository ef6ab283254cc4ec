"""What holds for every release of numbers of people, whatever the numbers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcn_analysis.provenance import Provenance, Rate, SourcedTable
from pcn_analysis.release import release
from pcn_analysis.statistics.rates import wilson, with_rates

pytestmark = pytest.mark.properties

RECORDS = Provenance((), people=True)
COUNTS = ("patients", "registered", "all_patients", "all_registered")
RATES = (
    Rate("overall", "all_patients", "all_registered"),
    Rate("share", "patients", "registered", interval=True, against="overall"),
)
FILLED = [name for rate in RATES for name in rate.columns()]

few = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def tables(draw: st.DrawFn) -> SourcedTable:
    """Draw a table of people: every numerator at most its denominator, small counts and nulls often."""
    rows = []
    for _ in range(draw(st.integers(1, 12))):
        row = []
        for _ in range(2):
            whole = draw(st.one_of(st.integers(0, 20), st.integers(0, 100_000)))
            part = draw(st.integers(0, whole))
            row += [draw(st.sampled_from([part] * 9 + [None])), whole]
        rows.append(row)
    frame = pd.DataFrame(rows, columns=list(COUNTS)).astype("Int64")
    frame.insert(0, "segment", [f"s{i}" for i in range(len(frame))])
    return SourcedTable(with_rates(frame, RATES), RECORDS, COUNTS, RATES)


def shown(table: SourcedTable) -> pd.DataFrame:
    return release(table).frame


def flags(frame: pd.DataFrame) -> np.ndarray:
    """Return flags with missing as false."""
    return frame.astype("boolean").fillna(False).to_numpy(dtype=bool)


@few
@given(tables())
def test_no_number_of_people_from_1_to_7_leaves(table):
    counts = shown(table)[list(COUNTS)]
    assert not flags(counts.ge(1) & counts.le(7)).any()


@few
@given(tables())
def test_every_number_of_people_that_leaves_is_a_multiple_of_five_near_the_truth(table):
    before, after = table.frame[list(COUNTS)], shown(table)[list(COUNTS)]
    assert (after % 5).fillna(0).eq(0).to_numpy().all()
    assert ((after - before).abs().fillna(0) <= 2).to_numpy().all()
    assert (flags(after.eq(0)) == flags(before.eq(0))).all()


@few
@given(tables())
def test_what_is_missing_or_too_small_is_null_and_nothing_else_is(table):
    before, after = table.frame[list(COUNTS)], shown(table)[list(COUNTS)]
    expected = flags(before.isna()) | flags(before.ge(1) & before.le(7))
    assert (flags(after.isna()) == expected).all()


@few
@given(tables())
def test_rates_and_limits_are_functions_of_the_released_counts(table):
    frame = shown(table)
    x, n = frame["patients"].astype("Float64"), frame["registered"].astype("Float64")
    pd.testing.assert_series_equal(frame["share"], x / n.where(n > 0), check_names=False)
    low, high = wilson(x, n)
    pd.testing.assert_series_equal(frame["share_lower"], low, check_names=False)
    pd.testing.assert_series_equal(frame["share_upper"], high, check_names=False)


@few
@given(tables())
def test_rows_with_the_same_released_counts_are_the_same(table):
    """Nothing else of the truth shows: what leaves is one row for each set of released counts."""
    frame = shown(table)[[*COUNTS, *FILLED]].astype(object)
    frame = frame.where(frame.notna(), "null")
    assert len(frame.drop_duplicates()) == len(frame.drop_duplicates(list(COUNTS)))


@few
@given(tables(), st.integers(1, 7), st.integers(1, 7))
def test_counts_that_are_not_shown_cannot_be_told_apart(table, one, other):
    def with_first(value: int) -> SourcedTable:
        frame = table.frame.copy()
        frame.loc[0, ["patients", "registered"]] = [value, 212]
        return SourcedTable(with_rates(frame, RATES), RECORDS, COUNTS, RATES)

    pd.testing.assert_frame_equal(shown(with_first(one)), shown(with_first(other)))


@few
@given(tables())
def test_releasing_twice_changes_nothing_more(table):
    once = shown(table)
    pd.testing.assert_frame_equal(shown(SourcedTable(once, RECORDS, COUNTS, RATES)), once)


@few
@given(tables(), st.randoms(use_true_random=False))
def test_releasing_rows_in_another_order_releases_the_same_rows_in_that_order(table, random):
    order = random.sample(range(len(table.frame)), len(table.frame))
    turned = SourcedTable(table.frame.iloc[order], RECORDS, COUNTS, RATES)
    pd.testing.assert_frame_equal(shown(turned), shown(table).iloc[order].reset_index(drop=True))
