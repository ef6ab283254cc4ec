"""What holds for the footprints of any networks: conservation, symmetry and invariance."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcn_analysis import codes
from pcn_analysis.network.measures import Patients, coherence, footprints, overlap, patients_by_network

pytestmark = pytest.mark.properties

few = settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

PRACTICES = [f"A0000{i}" for i in range(7)]
AREAS = [f"E0100000{i}" for i in range(6)]
RESIDUALS = [codes.UNKNOWN_AREA, codes.OUTSIDE_ENGLAND]


@st.composite
def registrations(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw a sparse matrix of practices by areas, and which network each practice is in."""
    cells = st.tuples(st.sampled_from(PRACTICES), st.sampled_from(AREAS + RESIDUALS))
    counts = draw(st.dictionaries(cells, st.one_of(st.integers(1, 9), st.integers(1, 3_000)), min_size=1, max_size=30))
    counts.setdefault((PRACTICES[0], AREAS[0]), draw(st.integers(1, 500)))
    rows = [(*cell, patients) for cell, patients in counts.items()]
    networks = st.sampled_from(["U00001", "U00002", "U00003", "U00004", None])
    members = draw(st.lists(networks, min_size=len(PRACTICES), max_size=len(PRACTICES)))
    return (
        pd.DataFrame(rows, columns=["practice_code", "area_code", "patients"]),
        pd.DataFrame({"practice_code": PRACTICES, "pcn_code": members}, dtype="str"),
    )


def by_hand(counts: pd.DataFrame, practices: pd.DataFrame) -> pd.DataFrame:
    """Return areas by networks with plain pandas, for the measures to be held against."""
    network = practices.set_index("practice_code")["pcn_code"]
    group = counts["practice_code"].map(network).fillna(codes.NO_NETWORK)
    table = counts.assign(network=group).pivot_table(
        index="area_code", columns="network", values="patients", aggfunc="sum", fill_value=0
    )
    table = table.drop(index=RESIDUALS, errors="ignore")
    return table.loc[:, table.sum() > 0]


@few
@given(registrations())
def test_every_patient_with_an_area_is_counted_once(drawn):
    patients, expected = patients_by_network(*drawn), by_hand(*drawn)
    found = pd.DataFrame(patients.matrix.toarray(), patients.areas, patients.networks)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, check_names=False)


@few
@given(registrations())
def test_localised_and_committed_patients_are_the_same_patients(drawn):
    """The plurality identity: Σ LI·S = Σ CI·R(F) = Σ over areas of the largest count."""
    patients, expected = patients_by_network(*drawn), by_hand(*drawn)
    table = coherence(patients)
    located = expected.sum()
    localisation = table["inside"] / located
    commitment = (table["inside"] / table["footprint_registered"]).fillna(0)
    largest = expected.max(axis=1).sum()
    assert (localisation * located).sum() == pytest.approx(largest)
    assert (commitment * table["footprint_registered"]).sum() == pytest.approx(largest)
    assert localisation.between(0, 1).all()
    assert commitment.between(0, 1).all()


@few
@given(registrations())
def test_every_area_is_in_exactly_one_footprint(drawn):
    patients, expected = patients_by_network(*drawn), by_hand(*drawn)
    table, each = footprints(patients), coherence(patients)
    assert table.index.to_list() == expected.index.to_list()
    assert each["areas_footprint"].sum() == len(expected)
    assert each["footprint_registered"].sum() == pytest.approx(expected.to_numpy().sum())
    won = [expected.loc[area, winner] for area, winner in table["winner"].items()]
    assert won == expected.max(axis=1).to_list()


@few
@given(registrations())
def test_the_margin_is_what_parts_the_first_from_the_second(drawn):
    table, expected = footprints(patients_by_network(*drawn)), by_hand(*drawn)
    for area, row in expected.iterrows():
        first, second = sorted([*row, 0], reverse=True)[:2]
        assert table.loc[area, "margin"] == pytest.approx((first - second) / row.sum())
        assert table.loc[area, "tied"] == (first == second)
        assert pd.isna(table.loc[area, "runner_up"]) == (second == 0)


@few
@given(registrations())
def test_an_area_is_served_from_five_percent(drawn):
    patients, expected = patients_by_network(*drawn), by_hand(*drawn)
    served = (20 * expected).ge(expected.sum(axis=1), axis=0).sum()
    assert coherence(patients)["areas_served"].to_dict() == served.to_dict()


def _overlaps(patients: Patients) -> pd.DataFrame:
    return pd.DataFrame({network: overlap(patients, network) for network in patients.networks}).T


@few
@given(registrations())
def test_neighbours_add_up_to_a_networks_patients_and_are_shared_both_ways(drawn):
    table = _overlaps(patients_by_network(*drawn))
    np.testing.assert_allclose(table.sum(axis=1), by_hand(*drawn).sum(), rtol=1e-9)
    np.testing.assert_allclose(table, table.T, rtol=1e-9, atol=1e-9)
    assert (table >= 0).to_numpy().all()


@few
@given(registrations(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(drawn, random):
    counts, practices = drawn
    turned = counts.iloc[random.sample(range(len(counts)), len(counts))]
    people = practices.iloc[random.sample(range(len(practices)), len(practices))]
    before, after = patients_by_network(counts, practices), patients_by_network(turned, people)
    pd.testing.assert_frame_equal(footprints(after), footprints(before))
    pd.testing.assert_frame_equal(coherence(after), coherence(before))
    pd.testing.assert_frame_equal(_overlaps(after), _overlaps(before))


@few
@given(registrations(), st.permutations(["U00001", "U00002", "U00003", "U00004"]))
def test_the_names_of_networks_do_not_matter_where_there_is_no_tie(drawn, names):
    counts, practices = drawn
    renamed = dict(zip(["U00001", "U00002", "U00003", "U00004"], names, strict=True))
    other = practices.assign(pcn_code=practices["pcn_code"].map(renamed))
    before, after = (footprints(patients_by_network(counts, one)) for one in (practices, other))
    clear = before[~before["tied"]]
    expected = clear["winner"].replace(renamed)
    assert after.loc[clear.index, "winner"].to_list() == expected.to_list()
    pd.testing.assert_frame_equal(
        after[["registered", "share", "margin", "tied", "uncertain"]],
        before[["registered", "share", "margin", "tied", "uncertain"]],
    )


@few
@given(registrations())
def test_a_single_network_is_wholly_local_and_wholly_committed(drawn):
    counts, practices = drawn
    patients = patients_by_network(counts, practices.assign(pcn_code="U00001"))
    row = coherence(patients).loc["U00001"]
    total = by_hand(counts, practices).to_numpy().sum()
    assert row["inside"] == row["footprint_registered"] == total
    assert row["areas_any"] == row["areas_served"] == row["areas_footprint"] == len(patients.areas)
    assert overlap(patients, "U00001")["U00001"] == pytest.approx(total)
