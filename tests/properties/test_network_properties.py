"""What holds for the measures of any groups of practices: nobody is lost, and no name or order matters."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcn_analysis import codes
from pcn_analysis.network import catchments, measured, mixing
from pcn_analysis.network.changes import changes
from pcn_analysis.network.concordance import concordance
from pcn_analysis.network.registered import registered
from pcn_analysis.network.residence import across_borders, footprint_people

pytestmark = pytest.mark.properties

few = settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

PRACTICES = [f"A0000{i}" for i in range(7)]
AREAS = [f"E0100000{i}" for i in range(6)]
ELSEWHERE = [codes.UNKNOWN_AREA, "W01000001"]
NETWORKS = ["U1", "U2", "U3", "U4"]
SHARES = st.sampled_from([0.05, 0.25, 0.5, 0.8, 0.95, 1.0])


@st.composite
def counts(draw: st.DrawFn, most: int = 3_000) -> pd.DataFrame:
    """Draw patients by practice and area; somebody lives in England."""
    cells = st.tuples(st.sampled_from(PRACTICES), st.sampled_from(AREAS + ELSEWHERE))
    drawn = draw(st.dictionaries(cells, st.one_of(st.integers(0, 9), st.integers(1, most)), max_size=30))
    drawn[PRACTICES[0], AREAS[0]] = draw(st.integers(1, 500))
    rows = [(*cell, patients) for cell, patients in drawn.items()]
    return pd.DataFrame(rows, columns=["practice_code", "area_code", "patients"])


@st.composite
def groups(draw: st.DrawFn, none: bool = True) -> pd.Series:
    """Draw a network of each practice, or none."""
    names = st.sampled_from([*NETWORKS, None] if none else NETWORKS)
    return pd.Series(draw(st.lists(names, min_size=7, max_size=7)), PRACTICES, dtype="str")


@few
@given(counts(), groups())
def test_every_patient_is_in_one_group_whether_or_not_they_have_an_area(rows, of):
    sizes = registered(rows).sizes(of)
    assert sizes["registered"].sum() == rows["patients"].sum()
    assert (sizes[["located", "unknown", "not_english"]].sum(axis=1) == sizes["registered"]).all()
    own = rows["practice_code"].map(of).fillna(codes.NO_NETWORK)
    by_hand = rows["patients"].groupby(own).sum().reindex(sizes.index, fill_value=0)
    assert sizes["registered"].to_list() == by_hand.to_list()


@few
@given(counts(), groups())
def test_over_all_groups_localised_patients_are_committed_patients(rows, of):
    """The plurality identity: Σ LI·S = Σ CI·R(F) = Σ over areas of the largest count."""
    table, patients = measured.footprints(rows, of), registered(rows).grouped(of)
    largest = patients.matrix.toarray().max(axis=1).sum()
    assert (table["localisation"] * table["registered"]).sum() == pytest.approx(largest)
    assert (table["commitment"] * table["footprint_registered"]).sum() == pytest.approx(largest)
    assert table["footprint_registered"].sum() == table["located"].sum()
    assert table["net_flow"].sum() == pytest.approx(-table[["unknown", "not_english"]].to_numpy().sum())


@few
@given(counts(), groups())
def test_expected_neighbours_add_up_to_the_patients_of_a_group_and_are_shared_both_ways(rows, of):
    patients = registered(rows).grouped(of)
    table = mixing.overlap_matrix(patients).to_numpy()
    np.testing.assert_allclose(table.sum(axis=1), patients.by_network(), rtol=1e-9)
    np.testing.assert_allclose(table, table.T, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(np.diag(table), mixing.unmixed(patients), rtol=1e-9)


@few
@given(counts(), groups())
def test_as_many_networks_are_effective_as_are_there_at_most(rows, of):
    patients = registered(rows).grouped(of)
    present = (patients.matrix.toarray() > 0).sum(axis=1)
    each = mixing.effective_networks(patients).to_numpy()
    assert ((each >= 1 - 1e-9) & (each <= present + 1e-9)).all()
    means = mixing.mean_over_patients(patients, pd.Series(each, patients.areas)).dropna()
    assert means.between(each.min() - 1e-9, each.max() + 1e-9).all()


@few
@given(counts(), groups(), SHARES)
def test_cumulative_catchments_hold_their_share_and_would_not_with_an_area_less(rows, of, share):
    patients = registered(rows).grouped(of)
    dense = pd.DataFrame(patients.matrix.toarray(), patients.areas, patients.networks)
    for network, taken in catchments.cumulative(patients, share).groupby("network"):
        own = dense[network]
        total, within = own.sum(), own[taken["area_code"]]
        assert within.sum() / total >= share - 1e-12
        assert own.nlargest(len(within) - 1).sum() / total < share
        assert taken["reached"].iloc[-1] == pytest.approx(within.sum() / total)
        assert within.is_monotonic_decreasing


@few
@given(counts(), groups())
def test_the_core_is_in_the_main_catchment_and_that_in_the_wide_one(rows, of):
    patients = registered(rows).grouped(of)
    core, main, wide, all_of_it = (
        set(zip(*catchments.cumulative(patients, share)[["network", "area_code"]].to_numpy().T, strict=True))
        for share in (catchments.CORE, catchments.MAIN, catchments.WIDE, 2.0)
    )
    assert core <= main <= wide <= all_of_it
    assert len(all_of_it) == len(patients.cells()[0])
    counted = catchments.cumulative_areas(patients).sum()
    assert counted.to_list() == [len(core), len(main), len(wide)]


@few
@given(counts(), groups(), SHARES)
def test_a_minimum_share_is_what_it_says(rows, of, share):
    patients = registered(rows).grouped(of)
    dense = patients.matrix.toarray()
    expected = (dense > 0) & (dense / dense.sum(axis=1, keepdims=True) >= share)
    found = catchments.minimum_share(patients, share)
    assert len(found) == expected.sum()
    assert found["patients"].sum() == dense[expected].sum()


@few
@given(counts(), groups())
def test_where_every_network_may_compete_everywhere_nothing_is_restricted(rows, of):
    patients = registered(rows).grouped(of)
    within = catchments.restricted(patients, pd.Series(1, patients.networks), pd.Series(1, patients.areas))
    pd.testing.assert_frame_equal(within, catchments.plurality(patients))


@few
@given(counts(), groups())
def test_flows_add_up_to_the_patients_of_groups_and_to_the_people_of_footprints(rows, of):
    patients = registered(rows).grouped(of)
    table = mixing.flows(patients)
    by_network = table.groupby("network")["patients"].sum().reindex(patients.networks, fill_value=0)
    by_footprint = table.groupby("footprint")["patients"].sum().reindex(patients.networks, fill_value=0)
    assert by_network.to_list() == patients.by_network().tolist()
    assert by_footprint.to_list() == footprint_people(patients).by_network().tolist()


@few
@given(counts(), groups(), st.lists(st.sampled_from(["East", "West", None]), min_size=6, max_size=6))
def test_at_home_and_away_are_all_patients_of_areas_with_a_label(rows, of, labels):
    patients = registered(rows).grouped(of)
    label = pd.Series(labels, AREAS, dtype="str")
    table = across_borders(patients, label)
    labelled = label.reindex(patients.areas).notna().to_numpy()
    expected = patients.matrix.toarray()[labelled].sum(axis=0)
    assert (table["at_home"] + table["away"]).to_list() == expected.tolist()
    assert table["effective"].dropna().between(1 - 1e-9, 2 + 1e-9).all()


@few
@given(counts(), groups(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, of, random):
    turned = rows.iloc[random.sample(range(len(rows)), len(rows))]
    pd.testing.assert_frame_equal(
        measured.footprints(turned, of.sample(frac=1, random_state=1)), measured.footprints(rows, of)
    )


@few
@given(counts(), groups(none=False), st.permutations(NETWORKS))
def test_the_names_of_groups_do_not_matter_where_nothing_is_tied(rows, of, names):
    renamed = dict(zip(NETWORKS, names, strict=True))
    before, after = (measured.footprints(rows, one) for one in (of, of.map(renamed)))
    after = after.rename(index={new: old for old, new in renamed.items()}).sort_index()
    of_ties = [
        "areas_footprint",
        "inside",
        "footprint_registered",
        "localisation",
        "commitment",
        "contained",
        "net_flow",
    ]
    if not catchments.plurality(registered(rows).grouped(of))["tied"].any():
        of_ties = []
    pd.testing.assert_frame_equal(after.drop(columns=of_ties), before.drop(columns=of_ties))


@few
@given(counts(), groups(none=False))
def test_a_single_group_is_wholly_its_own(rows, of):
    people = registered(rows)
    row = measured.footprints(people, of.where(of.isna(), "all")).loc["all"]
    assert row["inside"] == row["footprint_registered"] == row["located"]
    assert row["commitment"] == row["effective_networks"] == row["unmixed_share"] == 1
    assert row["areas_footprint"] == len(people.areas)


@few
@given(counts(), groups())
def test_putting_two_groups_together_never_lowers_overall_localisation(rows, of):
    """Why localisation is never compared between plans with different numbers of networks."""
    apart, together = (measured.footprints(rows, one) for one in (of, of.replace("U2", "U1")))
    assert together["inside"].sum() >= apart["inside"].sum()


@few
@given(groups(), groups(), st.lists(st.integers(0, 9_000), min_size=7, max_size=7))
def test_concordance_is_that_of_the_best_of_all_matchings_and_the_same_both_ways(one, other, sizes):
    lists = pd.Series(sizes, PRACTICES)
    found, back = concordance(one, other, lists), concordance(other, one, lists)
    both = one.notna() & other.notna()
    kept = [
        lists[both & (other == one.map(dict(zip(NETWORKS, names, strict=True))))].sum()
        for names in permutations(NETWORKS)
    ]
    assert found.moved_patients == lists[both].sum() - max(kept) == back.moved_patients
    for name in ("adjusted_rand", "adjusted_mutual_information", "adjusted_rand_patients"):
        np.testing.assert_allclose(getattr(found, name), getattr(back, name), atol=1e-9)
    assert found.practices + found.left_out == (one.notna() | other.notna()).sum()


@few
@given(groups(), st.permutations(NETWORKS), st.lists(st.integers(1, 9_000), min_size=7, max_size=7))
def test_a_grouping_agrees_wholly_with_itself_under_any_names(one, names, sizes):
    found = concordance(one, one.map(dict(zip(NETWORKS, names, strict=True))), pd.Series(sizes, PRACTICES))
    assert (found.moved_practices, found.moved_patients, found.left_out) == (0, 0, 0)
    assert found.practices == one.notna().sum()
    if found.practices > 1:
        assert found.adjusted_rand == found.adjusted_rand_patients == 1
        assert found.mutual_information_patients == pytest.approx(1)


@few
@given(groups(), groups(), st.sets(st.sampled_from(PRACTICES)), st.sets(st.sampled_from(PRACTICES)))
def test_what_arrived_and_departed_is_the_difference_between_two_maps(one, other, closed, opened):
    maps = [
        pd.DataFrame({"practice_code": of.index, "pcn_code": of.to_numpy(), "pcn_name": "any"})
        for of in (one.drop(sorted(opened)), other.drop(sorted(closed)))
    ]
    lists = pd.Series(range(1, 8), PRACTICES) ** 2
    found = changes(*maps, lists, lists_before=lists)
    before, after = (part.groupby("pcn_code")["practice_code"].agg(lambda own: lists[own].sum()) for part in maps)
    for row in found.networks.itertuples():
        assert before.get(row.network, 0) + row.arrived - row.departed == after.get(row.network, 0)
    assert found.counted()["practices"].sum() == len(set(PRACTICES) - (closed & opened))
