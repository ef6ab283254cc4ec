"""What holds for all synthetic people, whatever they are fitted to."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pcn_analysis.deprivation import FIFTHS, deprivation_fifth
from pcn_analysis.synthetic import frailty, medicines
from pcn_analysis.synthetic.conditions import Health, level_for
from pcn_analysis.synthetic.leavers import _deaths_a_year, core_segment
from pcn_analysis.synthetic.medicines import ranks_within
from pcn_analysis.synthetic.residents import Residents, ages_from, whole_people, yearly

pytestmark = pytest.mark.properties

few = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

counts = st.lists(st.one_of(st.just(0.0), st.floats(0.001, 5_000)), min_size=1, max_size=30)
seeds = st.integers(0, 2**32 - 1)


# -- whole people ------------------------------------------------------------------------------------------


@few
@given(counts, st.integers(0, 20_000))
def test_whole_people_sum_to_the_total_and_are_within_one_of_their_share(values, total):
    assume(sum(values) > 0)
    whole = whole_people(pd.Series(values), total)
    exact = np.array(values) * total / sum(values)
    assert whole.sum() == total
    assert (np.abs(whole - exact) < 1 + 1e-9 * total).all()
    assert (whole >= 0).all()
    assert whole.dtype.kind == "i"


@few
@given(st.lists(st.integers(0, 500), min_size=1, max_size=30))
def test_whole_counts_stay_as_they_are(values):
    assert whole_people(pd.Series(values), sum(values)).tolist() == values


@few
@given(counts, st.integers(1, 2_000))
def test_nobody_goes_where_nobody_lives_and_more_live_where_more_do(values, total):
    assume(sum(values) > 0)
    whole = whole_people(pd.Series(values), total)
    order = np.argsort(values, kind="stable")
    assert (np.diff(whole[order]) >= -1).all()
    nearly = np.array(values) * total / sum(values) < 1e-12
    assert (whole[nearly] == 0).all()


# -- levels ------------------------------------------------------------------------------------------------


@few
@given(seeds, st.integers(1, 400), st.floats(0.001, 0.97), st.floats(0.0, 3.0))
def test_the_level_gives_the_expected_number_of_people(seed, number, share, spread):
    lean = spread * np.random.default_rng(seed).standard_normal(number)
    assume(share * number > 0.01)
    level = level_for(lean, share * number)
    assert (1 / (1 + np.exp(-lean - level))).sum() == pytest.approx(share * number, rel=1e-4)


@few
@given(seeds, st.integers(2, 200), st.floats(0.01, 0.5), st.floats(-3, 3))
def test_leaning_further_alike_lowers_the_level_as_far(seed, number, share, shift):
    lean = np.random.default_rng(seed).standard_normal(number)
    first, second = (level_for(values, share * number) for values in (lean, lean + shift))
    assert first - second == pytest.approx(shift, abs=1e-3)


@few
@given(st.integers(1, 300), st.floats(0.98, 5.0))
def test_no_more_than_nearly_everyone_can_be_asked_for(number, share):
    level = level_for(np.zeros(number), share * number)
    assert number / (1 + np.exp(-level)) == pytest.approx(0.98 * number, rel=1e-4)


# -- ranks and shares --------------------------------------------------------------------------------------


@st.composite
def grouped(draw):
    """Values of people in a few groups, some of them counted; no two values alike."""
    number = draw(st.integers(1, 60))
    values = np.array(draw(st.lists(st.integers(-10_000, 10_000), min_size=number, max_size=number, unique=True)))
    group = np.array(draw(st.lists(st.integers(0, 3), min_size=number, max_size=number)))
    counted = np.array(draw(st.lists(st.booleans(), min_size=number, max_size=number)))
    return values.astype(float), group, counted


@few
@given(grouped())
def test_ranks_of_those_counted_lie_between_0_and_1_and_are_even(case):
    values, group, counted = case
    place = ranks_within(values, group, counted)
    for one in np.unique(group[counted]):
        found = np.sort(place[counted & (group == one)])
        np.testing.assert_allclose(found, (np.arange(len(found)) + 0.5) / len(found))
        assert (found > 0).all()
        assert (found < 1).all()


@few
@given(grouped())
def test_who_has_more_has_a_lower_rank_and_others_rank_among_those_counted(case):
    values, group, counted = case
    place = ranks_within(values, group, counted)
    for one in np.unique(group):
        members = group == one
        order = np.argsort(-values[members])
        assert (np.diff(place[members][order]) >= 0).all()
        for value, rank in zip(values[members], place[members], strict=True):
            above = (values[members & counted] > value).sum()
            assert rank == pytest.approx((above + 0.5) / max((members & counted).sum(), 1))


@few
@given(grouped(), st.floats(0.1, 10), st.floats(-100, 100))
def test_ranks_depend_on_order_alone(case, times, more):
    values, group, counted = case
    place = ranks_within(values, group, counted)
    np.testing.assert_array_equal(ranks_within(values * times + more, group, counted), place)


def aged(number, age):
    words, zeros = np.full(number, "A00001", dtype=object), np.zeros(number, dtype=int)
    end = np.full(number, 20_000)
    birth = end - np.floor(age * 365.25).astype(int)
    return Residents(words, words, zeros, zeros > 0, birth, birth, end, zeros > 0, zeros > 0)


@few
@given(seeds, st.sampled_from([(20, 2, 1), (45, 3, 3), (65.5, 5, 5), (85, 7, 7)]), st.integers(200, 600))
def test_medicines_have_the_shares_of_an_age_exactly_and_go_to_those_in_most_need(seed, of_age, number):
    age, *_ = of_age
    rng = np.random.default_rng(seed)
    need = rng.standard_normal(number)
    wanted = medicines._numbers(aged(number, age), need, rng)
    group = np.searchsorted(medicines.AGES, age, side="right") - 1
    for least, shares in ((10, medicines.TEN_OR_MORE), (5, medicines.FIVE_OR_MORE), (1, medicines.ONE_OR_MORE)):
        assert abs((wanted >= least).sum() - shares[group] * number) <= 1, least
        assert need[wanted >= least].min(initial=np.inf) >= need[wanted < least].max(initial=-np.inf)
    assert wanted.max() <= medicines.MOST


@few
@given(seeds, st.sampled_from([55, 68, 78, 88]), st.integers(200, 600))
def test_deficits_have_the_shares_of_an_age_exactly_and_go_to_those_leaning_most(seed, age, number):
    rng = np.random.default_rng(seed)
    leaning = rng.standard_normal(number)
    wanted = frailty._numbers(aged(number, age), leaning, rng)
    group = np.searchsorted(frailty.AGES, age, side="right") - 1
    for least, shares in ((13, frailty.SEVERE), (9, frailty.MODERATE_OR_MORE), (5, frailty.MILD_OR_MORE)):
        assert abs((wanted >= least).sum() - shares[group] * number) <= 1, least
        assert leaning[wanted >= least].min(initial=np.inf) >= leaning[wanted < least].max(initial=-np.inf)
    assert wanted.min() >= 0


# -- deaths ------------------------------------------------------------------------------------------------


@few
@given(seeds, st.integers(1, 400), st.floats(0.05, 0.95))
def test_deaths_at_each_age_are_the_published_rate_in_the_ratio_of_segments(seed, number, ill):
    """Unless someone would die for certain, or nobody of the segments that are there is known to die."""
    rng = np.random.default_rng(seed)
    people, draws = aged(number, rng.uniform(0, 105, number)), rng.random((3, number)) < ill
    health = Health(np.zeros(number), dict(zip(("hypertension", "dementia", "epilepsy"), draws, strict=True)))
    chance, ratio = _deaths_a_year(people, health), yearly("death", people.age, core_segment(health))
    assert ((chance >= 0) & (chance <= 1)).all()
    band = np.searchsorted(ages_from("death"), people.age, side="right")
    for one in np.unique(band):
        here = band == one
        if one == 0 or not ratio[here].any():
            assert (chance[here] == 0).all()
        elif chance[here].max() < 1:
            assert chance[here].sum() == pytest.approx(yearly("death", people.age)[here].sum())
            factor = chance[here].sum() / ratio[here].sum()
            np.testing.assert_allclose(chance[here], factor * ratio[here])


# -- deprivation -------------------------------------------------------------------------------------------


@few
@given(st.lists(st.one_of(st.integers(1, 10), st.none()), min_size=1, max_size=40))
def test_every_decile_has_a_fifth_and_two_deciles_share_one(deciles):
    fifths = deprivation_fifth(pd.Series(deciles, dtype="Int64"))
    expected = {1: 0, 2: 0, 3: 1, 4: 1, 5: 2, 6: 2, 7: 3, 8: 3, 9: 4, 10: 4, None: 5}
    assert fifths.to_list() == [FIFTHS[expected[decile]] for decile in deciles]


def test_all_ten_deciles_fill_five_fifths():
    fifths = deprivation_fifth(pd.Series(range(1, 11), dtype="Int64"))
    assert fifths.value_counts().to_dict() == dict.fromkeys(FIFTHS[:5], 2)
