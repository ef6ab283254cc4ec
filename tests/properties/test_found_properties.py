"""Statements about found segments that hold for every order of people and conditions."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_analysis.segmentation.found import FoundSegments
from pcn_analysis.segmentation.found.choosing import adjusted_rand, jaccard

pytestmark = pytest.mark.properties

few = settings(max_examples=5, deadline=None, derandomize=True)
many = settings(max_examples=50, deadline=None, derandomize=True)


def two_kinds(seed):
    draws = np.random.default_rng(seed)
    ill = draws.random((200, 1)) < 0.3
    common = np.where(ill, [0.8, 0.7, 0.1, 0.6, 0.2], [0.1, 0.05, 0.1, 0.05, 0.2])
    return pd.DataFrame(draws.random((200, 5)) < common, columns=list("bdace"))


@pytest.mark.parametrize("method", ["latent_classes", "correspondence"])
@few
@given(seed=st.integers(0, 10_000), order=st.permutations(list("abcde")))
def test_the_order_of_people_and_of_conditions_changes_nobody(method, seed, order):
    people = two_kinds(seed)
    shuffled = people.sample(frac=1, random_state=seed)[order]
    plain = FoundSegments(method, n_segments=2, starts=2, bootstraps=1).fit(people)
    mixed = FoundSegments(method, n_segments=2, starts=2, bootstraps=1).fit(shuffled)
    assert np.array_equal(plain.predict(shuffled), mixed.predict(shuffled))
    assert plain.segment_names_ == mixed.segment_names_
    assert plain.why_ == mixed.why_


partitions = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 50)), min_size=2, max_size=30)


@many
@given(rows=partitions)
def test_similarity_is_1_to_itself_under_any_names_and_never_above(rows):
    first, second, people = (np.array(values) for values in zip(*rows, strict=True))
    renamed = np.array([2, 0, 3, 1])[first]
    here = np.unique(first)
    assert (jaccard(first, renamed, people.astype(float))[here] == 1).all()
    assert adjusted_rand(first, renamed, people.astype(float)) == pytest.approx(1)
    assert (jaccard(first, second, people.astype(float)) <= 1).all()
    assert adjusted_rand(first, second, people.astype(float)) == pytest.approx(
        adjusted_rand(second, first, people.astype(float))
    )
