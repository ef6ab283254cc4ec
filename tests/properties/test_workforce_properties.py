"""Statements that hold for whatever staff networks have: nothing is lost, counted twice or taken for something else."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_analysis.workforce.competition import competition
from pcn_analysis.workforce.joint_posts import MOST_PARTNERS, WITHIN, joint_posts
from pcn_analysis.workforce.peers import LIMIT, on_common_scale, peers
from pcn_analysis.workforce.reliance import reliance
from pcn_analysis.workforce.supply import every_network, fte_by_role
from tests.unit import staffed_networks as staffed

pytestmark = pytest.mark.properties

CODES = [f"U000{number}" for number in range(11, 18)]
ROLES = ["paramedic", "gp", "podiatrist"]
fte = st.integers(1, 60).map(lambda tenths: tenths / 10)


@st.composite
def countries(draw):
    """Some networks and their staff; some are not in the file."""
    codes = CODES[: draw(st.integers(2, len(CODES)))]
    facts = {
        code: (
            f"{code} PCN",
            draw(st.sampled_from(["Q01", "Q02"])),
            code == CODES[0] or draw(st.booleans()),
            draw(st.integers(1_000, 90_000)),
            *(draw(st.one_of(st.none(), st.floats(0, 1))) for _ in range(2)),
            draw(st.floats(0, 1)),
        )
        for code in codes
    }
    staff = []
    for code, role in draw(st.sets(st.tuples(st.sampled_from(codes), st.sampled_from(ROLES)), min_size=1)):
        people = draw(st.integers(1, 4))
        whole = draw(fte)
        staff.append((code, role, "staff", people, whole, round(whole * draw(st.floats(1 / people, 1)), 4)))
        if draw(st.booleans()):
            staff.append((code, role, "contracted services", None, draw(fte), None))
    return staffed.network(CODES[0], facts, staff), staff


@settings(max_examples=40, deadline=None)
@given(countries())
def test_staff_are_neither_lost_nor_added_up_twice(country):
    network, staff = country
    rows = every_network(network).frame
    assert not rows.duplicated(["pcn_code", "role"]).any()
    assert float(rows["fte"].sum()) == pytest.approx(sum(one[4] for one in staff))
    assert int(rows["people"].sum()) == sum(one[3] for one in staff if one[2] == "staff")
    there = {one[0] for one in staff}
    absent = rows[~rows["pcn_code"].isin(there)]
    assert absent["fte"].isna().all()
    assert (rows.loc[rows["status"] == "none recorded", "fte"] == 0).all()


@settings(max_examples=40, deadline=None)
@given(countries())
def test_quantiles_are_in_order_and_a_network_lies_between_them(country):
    network, _ = country
    rows = fte_by_role(network).frame
    known = rows[rows["per_10_000"].notna()]
    order = [f"country_{name}" for name in ("lowest", "lower_quartile", "median", "upper_quartile", "highest")]
    assert (known[order].astype(float).diff(axis=1).iloc[:, 1:] >= -1e-12).all(axis=None)
    assert known["per_10_000"].between(known["country_lowest"] - 1e-12, known["country_highest"] + 1e-12).all()
    assert known["rank"].between(1, known["country_networks"]).all()
    assert known["percentile"].between(0, 100).all()
    assert rows.loc[rows["per_10_000"].isna(), ["rank", "percentile"]].isna().all(axis=None)


@settings(max_examples=40, deadline=None)
@given(countries())
def test_one_person_alone_is_said_of_one_person_only(country):
    rows = reliance(country[0]).frame
    assert (rows.loc[rows["rests_on"] == "one person alone", "people"] == 1).all()
    assert (rows.loc[rows["rests_on"] == "one person alone", "contracted_fte"] == 0).all()
    key = rows[rows["rests_on"] == "one person for more than half"]
    assert ((key["people"] >= 2) & (key["largest_share"] > 0.5)).all()
    assert (rows["country_lone"] <= rows["country_networks"]).all()


@settings(max_examples=40, deadline=None)
@given(countries(), st.integers(0, 6))
def test_peers_are_nearest_first_and_never_across_something_missing(country, most):
    network, _ = country
    rows = peers(network, most).frame
    assert len(rows) <= most + 1
    assert rows["distance"].is_monotonic_increasing
    used = [name for name in ("deprivation_score", "aged_75_share", "patients", "rural_share")
            if len(rows) and rows[f"{name}_apart"].notna().all()]  # fmt: skip
    for name in used:
        assert rows[name].notna().all()
        assert rows[f"{name}_apart"].abs().max() <= 2 * LIMIT
    assert len(rows) == 0 or (rows["left_out"].iloc[0] == "") == (len(used) == 4)


@settings(max_examples=40, deadline=None)
@given(countries(), st.floats(0, 2), st.floats(0, 2))
def test_a_higher_target_never_makes_a_shortfall_smaller(country, one, other):
    network, _ = country
    low, high = sorted((one, other))
    below, above = (competition(network, {"paramedic": target}).frame for target in (low, high))
    assert len(below) == len(above)
    if len(below):
        assert below["shortfall"].item() <= above["shortfall"].item() + 1e-9
        # what is wanted is what is there, with what is short and without what is above
        first = every_network(network, "paramedic").frame
        board = first.loc[first["marked"], "icb_code"].item()
        area = first[(first["icb_code"] == board) & first["fte"].notna()]
        wanted = float((area["patients"] * high / 10_000).sum())
        row = above.iloc[0]
        assert float(row["fte"] + row["shortfall"] - row["above"]) == pytest.approx(wanted)


@st.composite
def part_posts_of_neighbours(draw):
    """Three networks of 10,000 patients that want one post each, of which tenths are filled."""
    parts = [draw(st.integers(1, 9)), *(draw(st.integers(1, 9)) for _ in range(2))]
    if draw(st.integers(0, 3)):
        parts[1] = min(max(10 - parts[0] + draw(st.integers(-1, 1)), 1), 9)
    facts = {code: (f"{code} PCN", "Q01", True, 10_000, 0.1, 20.0, 0.0) for code in CODES[:3]}
    staff = [
        (code, "paramedic", "staff", 1, (10 - part) / 10, (10 - part) / 10)
        for code, part in zip(CODES, parts, strict=False)
    ]
    return staffed.network(CODES[0], facts, staff), parts


def test_joint_posts_make_a_whole_one_with_few_partners():
    rows = []

    @settings(max_examples=40, deadline=None, derandomize=True, database=None)
    @given(part_posts_of_neighbours())
    def every_group_that_makes_a_whole_post_and_no_other(drawn):
        network, (own, *others) = drawn
        frame = joint_posts(network, {"paramedic": 1.0}).frame
        rows.append(len(frame))
        groups = [{CODES[1]: others[0]}, {CODES[2]: others[1]}, dict(zip(CODES[1:3], others, strict=True))]
        whole = {", ".join(one) for one in groups if 9 <= own + sum(one.values()) <= 11}
        assert set(frame["pcn_codes"]) == whole
        assert (frame["apart"] <= WITHIN).all()
        assert frame["apart"].is_monotonic_increasing
        for row in frame.itertuples():
            parts = [float(part) for part in row.parts.split(" + ")]
            assert sum(parts) == pytest.approx(row.together)
            assert 2 <= len(parts) <= MOST_PARTNERS + 1
            assert network.pcn_code not in row.pcn_codes

    every_group_that_makes_a_whole_post_and_no_other()
    assert sum(one > 0 for one in rows) > len(rows) / 2, "most examples hold a joint post"


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1))
def test_the_common_scale_keeps_order_and_what_is_missing(values):
    series = pd.Series(values, dtype="Float64")
    scaled = on_common_scale(series)
    assert scaled.isna().equals(series.isna())
    assert (scaled.dropna().abs() <= LIMIT).all()
    ordered = scaled[series.sort_values().dropna().index]
    assert ordered.is_monotonic_increasing
