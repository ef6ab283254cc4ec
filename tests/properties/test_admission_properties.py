"""What holds of every follow-up, however people left, died or were admitted."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_analysis.anticipatory.admission import censor_weights, followed
from pcn_analysis.anticipatory.admission.origins import ENDED
from tests.unit.vignettes import contact, person, population_of

pytestmark = pytest.mark.properties

ORIGIN = dt.date(2025, 7, 1)
exits = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(["admitted", "died", "left"])), max_size=60)


def frame(found, last):
    rows = [*found, *[(21, "followed")] * last]
    return pd.DataFrame({"days": [day for day, _ in rows], "ended": [how for _, how in rows]})


@given(exits, st.integers(1, 10))
def test_those_who_did_not_leave_stand_for_everyone(found, last):
    people = frame(found, last)
    assert censor_weights(people).sum() == pytest.approx(len(people))


@given(exits, st.integers(1, 10))
def test_no_weight_is_below_1_but_that_of_who_left_and_none_falls_with_time(found, last):
    people = frame(found, last)
    weight = censor_weights(people).to_numpy()
    left = (people["ended"] == "left").to_numpy()
    assert (weight[left] == 0).all()
    assert (weight[~left] >= 1 - 1e-12).all()
    order = np.argsort(people["days"].to_numpy()[~left], kind="stable")
    assert (np.diff(weight[~left][order]) >= -1e-12).all()


@given(exits, st.integers(1, 10), st.randoms())
def test_the_order_of_rows_changes_nothing(found, last, random):
    people = frame(found, last)
    order = list(range(len(people)))
    random.shuffle(order)
    assert censor_weights(people.iloc[order]).sort_index().equals(censor_weights(people))


day = st.dates(dt.date(2025, 5, 1), dt.date(2026, 9, 1))
end = st.one_of(st.none(), day)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(end, end, st.lists(day, max_size=3)), min_size=1, max_size=8))
def test_everyone_ends_once_on_the_first_day_that_can_end_it(lives):
    persons = [
        person(f"p{i}", death_date=death, registration_end_date=left) for i, (death, left, _) in enumerate(lives)
    ]
    seen = [contact(f"p{i}", "emergency_admission", one) for i, (*_, days) in enumerate(lives) for one in days]
    found = followed(population_of(persons, encounters=seen), origin=ORIGIN).set_index("person_id")
    assert found.index.is_unique
    assert set(found["ended"]) <= set(ENDED)
    assert found["days"].between(0, 365).all()
    assert (found["admitted"] == (found["ended"] == "admitted")).all()
    for i, (death, left, days) in enumerate(lives):
        there = (death is None or death >= ORIGIN) and (left is None or left > ORIGIN)
        assert (f"p{i}" in found.index) == there
        if there:
            assert (found.loc[f"p{i}", "ended"], found.loc[f"p{i}", "days"]) == one_by_one(death, left, days)


def one_by_one(death, left, days):
    """What came, as one would work it out day by day."""
    for number in range(365):
        today = ORIGIN + dt.timedelta(days=number)
        if today == left and death != today:
            return "left", number
        if today in days:
            return "admitted", number
        if today == death:
            return "died", number
    return "followed", 365
