"""Programmes with a known effect, drawn many times: how often it is found, how often one is claimed that is none."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_analysis.anticipatory.programme import differences, matched, matching, series
from pcn_analysis.anticipatory.programme.verdict import FEWER, VERDICTS, Estimate, decide

pytestmark = pytest.mark.properties

DRAWS = 100
LEAST_COVERED = 88
"""Of 100 intervals of 95%: with a true coverage of 95%, fewer than these hold the truth once in 800 times."""
MOST_CLAIMED = 8
"""Of 100 programmes without effect: of 2.5 expected to be called "fewer", more than these come once in 1,000 times."""


def matched_people(draws, effect: float, *, often: bool) -> pd.DataFrame:
    """Some hundred people whose rates vary, and who got a programme because of earlier contacts, or of age."""
    people = pd.DataFrame({"person_id": np.arange(600).astype(str), "start": 0, "age": draws.integers(18, 90, 600)})
    rate = draws.gamma(2, 0.6, 600) * np.exp((people["age"] - 50) / 60)
    people["earlier"] = draws.poisson(rate)
    chance = np.where(people["earlier"] >= 3, 0.5, 0.02) if often else 0.1 + 0.2 * (people["age"] > 60)
    people["treated"] = draws.random(600) < chance
    people["years"] = np.minimum(draws.exponential(4, 600), 1)
    people["events"] = draws.poisson(rate * people["years"] * np.where(people["treated"], effect, 1))
    return people


def by_matching(draws, effect: float, *, often: bool = False) -> tuple[Estimate, list[str]]:
    rows, _, against = matched.match(matched_people(draws, effect, often=often), ["age", "earlier"], [])
    ratio, few = matched.compare(rows, ["age", "earlier"])
    return ratio, against + few


def by_practices(draws, effect: float) -> tuple[Estimate, list[str]]:
    """Fourteen practices of different size, each with ups and downs of its own, and everybody's fall by a tenth."""
    got, level = np.arange(14) < 6, draws.gamma(4, 20, 14)
    after = level * 0.9 * np.exp(draws.normal(0, 0.15, 14)) * np.where(got, effect, 1)
    half = draws.poisson(np.column_stack([level, level]) / 2)
    rows = pd.DataFrame({"unit": np.arange(14).astype(str), "start": 0, "treated": got})
    rows[["early_events", "late_events"]] = half
    rows["before_events"], rows["after_events"] = half.sum(axis=1), draws.poisson(after)
    rows[["early_years", "late_years", "before_years", "after_years"]] = 1.0
    estimate, _, against = differences.compare(rows, unit="practices")
    return estimate, against


def by_series(draws, effect: float, *, beside: bool) -> tuple[Estimate, list[str]]:
    """Two years before and one after, with a trend, a season, and months that resemble the one before."""
    number = np.arange(-24, 12)
    noise = draws.normal(0, 0.1, 36)
    for i in range(1, 36):
        noise[i] += 0.3 * (noise[i - 1] - noise[i])
    rate = 100 * np.exp(0.002 * number + 0.15 * np.cos(2 * np.pi * number / 12) + noise)
    months = pd.DataFrame({"number": number, "calendar": number % 12 + 1, "programme_years": 50.0})
    months["programme_events"] = draws.poisson(rate * np.where(number >= 0, effect, 1))
    if beside:
        months["comparison_events"], months["comparison_years"] = draws.poisson(3 * rate), 150.0
    found = series.interruption(months)
    return found.effect, list(found.against)


DESIGNS = {
    "matched": by_matching,
    "matched, chosen for many contacts": lambda draws, effect: by_matching(draws, effect, often=True),
    "practices": by_practices,
    "series": lambda draws, effect: by_series(draws, effect, beside=False),
    "series with comparison": lambda draws, effect: by_series(draws, effect, beside=True),
}


@pytest.mark.parametrize("name", DESIGNS)
def test_about_95_of_100_intervals_hold_a_true_effect(name):
    draws = np.random.default_rng(11)
    found = [DESIGNS[name](draws, 0.7)[0] for _ in range(DRAWS)]
    assert sum(one.lower <= 0.7 <= one.upper for one in found) >= LEAST_COVERED
    assert math.exp(np.mean([math.log(one.value) for one in found])) == pytest.approx(0.7, abs=0.04)


@pytest.mark.parametrize("name", DESIGNS)
def test_fewer_is_seldom_claimed_of_a_programme_that_does_nothing(name):
    draws = np.random.default_rng(12)
    found = [decide(*_held(DESIGNS[name](draws, 1.0)))[0] for _ in range(DRAWS)]
    assert found.count(FEWER) <= MOST_CLAIMED


def _held(found: tuple[Estimate, list[str]]) -> tuple[Estimate, float, list[str]]:
    return found[0], 0.1, found[1]


def test_people_chosen_for_many_contacts_fall_by_a_quarter_without_any_programme_and_so_do_their_pairs():
    draws = np.random.default_rng(13)
    naive, paired = [], []
    for _ in range(20):
        people = matched_people(draws, 1.0, often=True)
        got = people[people["treated"]]
        naive.append(got["events"].sum() / got["years"].sum() / got["earlier"].mean())
        rows, _, _ = matched.match(people, ["age", "earlier"], [])
        paired.append(math.log(matched.compare(rows, ["age", "earlier"])[0].value))
    assert np.mean(naive) < 0.75
    assert max(naive) < 1
    assert abs(np.mean(paired)) < 0.05


@given(
    st.lists(st.tuples(st.booleans(), st.floats(-5, 5), st.sampled_from("ab")), min_size=2, max_size=60),
    st.integers(0, 5),
)
@settings(max_examples=80, deadline=None)
def test_pairs_are_of_both_groups_used_once_near_and_alike(rows, seed):
    people = pd.DataFrame(rows, columns=["treated", "logit", "sex"]).assign(
        person_id=lambda frame: frame.index.astype(str)
    )
    found = matching.pairs(people, by=["sex"], seed=seed)
    one, other = people.loc[found["treated_row"]], people.loc[found["comparison_row"]]
    assert one["treated"].all()
    assert not other["treated"].any()
    assert found.to_numpy().ravel().tolist() == list(dict.fromkeys(found.to_numpy().ravel()))
    assert (one["sex"].to_numpy() == other["sex"].to_numpy()).all()
    apart = np.abs(one["logit"].to_numpy() - other["logit"].to_numpy())
    assert (apart <= matching.CALIPER * people["logit"].std(ddof=0) + 1e-6).all()
    left = people[~people.index.isin(found.to_numpy().ravel())]
    for _, group in left.groupby("sex"):
        apart = np.abs(
            np.subtract.outer(*(group.loc[group["treated"] == got, "logit"].to_numpy() for got in (True, False)))
        )
        assert not (apart < matching.CALIPER * people["logit"].std(ddof=0) - 1e-6).any()


@given(st.floats(0.05, 20), st.floats(0, 2), st.floats(0.01, 0.9))
def test_the_verdict_says_fewer_only_below_1_and_turns_round_with_the_ratio(value, half, smallest):
    estimate = Estimate.of_log(math.log(value), half)
    turned = Estimate.of_log(-math.log(value), half)
    verdict, reasons = decide(estimate, smallest)
    other = {"fewer": "more", "more": "fewer"}.get(verdict, verdict)
    assert verdict in VERDICTS
    assert reasons
    assert verdict != FEWER or estimate.upper < 1
    near = 1 - smallest
    edges = (1, near, 1 / near)
    if all(abs(limit - edge) > 1e-9 for limit in (estimate.lower, estimate.upper) for edge in edges):
        assert decide(turned, smallest)[0] == other


@given(st.floats(0.2, 5), st.integers(2, 6))
@settings(max_examples=25, deadline=None)
def test_what_multiplies_everybodys_contacts_or_time_changes_no_difference_in_differences(factor, times):
    before = np.array([50, 60, 70, 55, 65, 40, 80, 52, 61, 73])
    after = np.array([40, 50, 55, 45, 50, 42, 79, 50, 60, 70])
    rows = pd.DataFrame({"unit": list("abcdefghij"), "start": 0, "treated": [True] * 5 + [False] * 5})
    rows = rows.assign(before_events=before, after_events=after, before_years=1.0, after_years=1.0)
    one = differences.change(rows, "before", "after")
    other = differences.change(
        rows.assign(after_events=after * times, after_years=rows["after_years"] * factor), "before", "after"
    )
    assert other.value == pytest.approx(one.value, rel=0.02)
