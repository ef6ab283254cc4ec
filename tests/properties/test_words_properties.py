"""Numbers are written so that they can be read back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcn_analysis.words import count, listed, percent, ranked

pytestmark = pytest.mark.properties

few = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@few
@given(st.integers(0, 10**9))
def test_a_count_can_be_read_back(value):
    assert int(count(value).replace(",", "")) == value


@few
@given(st.floats(0, 1))
def test_a_percentage_can_be_read_back_to_a_twentieth_of_a_point(value):
    written = percent(value).removeprefix("<").removesuffix("%")
    assert float(written) == pytest.approx(100 * value, abs=0.1 if percent(value).startswith("<") else 0.05 + 1e-9)
    assert (percent(value) == "0.0%") == (value == 0), "nobody is never said of somebody"


@few
@given(st.integers(1, 40))
def test_no_two_ranks_among_as_many_are_said_alike(total):
    assert len({ranked(rank, total) for rank in range(1, total + 1)}) == total


@few
@given(st.lists(st.sampled_from("pqrs"), min_size=1, max_size=6))
def test_a_list_names_everything_in_order_with_one_and(names):
    text = listed(names)
    assert text.replace(" and ", ", ").split(", ") == names
    assert text.count(" and ") == (len(names) > 1)
