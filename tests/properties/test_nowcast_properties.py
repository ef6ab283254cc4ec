"""No step of the nowcast loses or invents a patient."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcn_analysis.sources.nowcast import add_predecessors, scale_to_lists, to_lsoa21

pytestmark = pytest.mark.properties

few = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

PRACTICES = [f"A0000{i}" for i in range(6)]
OLD = [f"E0100000{i}" for i in range(6)]
NEW = [f"E0103300{i}" for i in range(8)]
RESIDUALS = ["unknown", "outside_england"]


@st.composite
def counts(draw: st.DrawFn, areas: tuple[str, ...] = (*OLD, *RESIDUALS)) -> pd.DataFrame:
    cells = st.tuples(st.sampled_from(PRACTICES), st.sampled_from(areas))
    drawn = draw(st.dictionaries(cells, st.integers(1, 5_000), min_size=1, max_size=25))
    return pd.DataFrame([(*cell, n) for cell, n in drawn.items()], columns=["practice_code", "area_code", "patients"])


@st.composite
def links(draw: st.DrawFn) -> pd.DataFrame:
    """Draw which areas of 2021 each area of 2011 became: at least one."""
    became = {old: draw(st.sets(st.sampled_from(NEW), min_size=1, max_size=3)) for old in OLD}
    rows = [(old, new) for old, parts in became.items() for new in sorted(parts)]
    return pd.DataFrame(rows, columns=["lsoa11_code", "lsoa21_code"])


residents = st.dictionaries(st.sampled_from(NEW), st.integers(0, 4_000)).map(lambda one: pd.Series(one, dtype=float))
mergers = st.dictionaries(st.sampled_from(PRACTICES[:3]), st.sampled_from(PRACTICES[3:])).map(
    lambda one: pd.DataFrame({"closed_practice": list(one), "survivor": list(one.values())}, dtype=object)
)


def totals(frame: pd.DataFrame, *keys: str) -> dict:
    return frame.groupby(list(keys))["patients"].sum().to_dict()


@few
@given(counts(), mergers)
def test_adding_predecessors_keeps_every_areas_total_and_leaves_no_closed_practice(before, merged):
    after = add_predecessors(before, merged)
    assert totals(after, "area_code") == totals(before, "area_code")
    assert not set(after["practice_code"]) & set(merged["closed_practice"])
    assert not after.duplicated(["practice_code", "area_code"]).any()


@few
@given(counts(), links(), residents)
def test_carrying_to_the_areas_of_2021_keeps_every_practices_total_and_its_residuals(before, linked, people):
    after = to_lsoa21(before, linked, people)
    assert totals(after, "practice_code") == pytest.approx(totals(before, "practice_code"), rel=1e-12)
    kept = [frame[frame["area_code"].isin(RESIDUALS)] for frame in (before, after)]
    assert totals(kept[0], "practice_code", "area_code") == totals(kept[1], "practice_code", "area_code")
    assert (after["patients"] >= 0).all()
    assert set(after["area_code"]) <= {*NEW, *RESIDUALS}


@few
@given(counts(), links(), residents)
def test_patients_go_only_where_their_area_went(before, linked, people):
    after = to_lsoa21(before, linked, people)
    allowed = before.merge(linked, left_on="area_code", right_on="lsoa11_code")
    went = after[~after["area_code"].isin(RESIDUALS)]
    pairs = set(zip(allowed["practice_code"], allowed["lsoa21_code"], strict=True))
    assert set(zip(went["practice_code"], went["area_code"], strict=True)) <= pairs


@few
@given(counts(), st.dictionaries(st.sampled_from(PRACTICES), st.integers(1, 30_000), min_size=1))
def test_scaling_gives_every_practice_of_today_its_list(before, lists):
    after = scale_to_lists(before, pd.Series(lists))
    assert totals(after, "practice_code") == pytest.approx(lists)
    assert not after.duplicated(["practice_code", "area_code"]).any()


@few
@given(counts(), st.integers(2, 9))
def test_scaling_keeps_the_distribution_of_a_practice(before, times):
    today = before.groupby("practice_code")["patients"].sum() * times
    after = scale_to_lists(before, today)
    expected = {key: times * n for key, n in totals(before, "practice_code", "area_code").items()}
    assert totals(after, "practice_code", "area_code") == pytest.approx(expected)


@few
@given(counts(), mergers, links(), residents, st.integers(1, 30_000))
def test_all_three_steps_end_at_the_lists_of_today(before, merged, linked, people, size):
    today = pd.Series(size, index=PRACTICES[3:])
    after = scale_to_lists(to_lsoa21(add_predecessors(before, merged), linked, people), today)
    assert totals(after, "practice_code") == pytest.approx(today.to_dict())
