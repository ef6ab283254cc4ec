"""Who shares people with whom, worked by hand."""

import pandas as pd
import pytest

from pcn_analysis.network.measures import overlap
from pcn_analysis.network.mixing import effective_networks, flows, mean_over_patients, overlap_matrix, unmixed
from pcn_analysis.network.registered import registered
from tests.unit.network_people import COUNTS, GROUPS, ONE, THREE, TWO

pytestmark = pytest.mark.unit


@pytest.fixture
def patients():
    return registered(COUNTS).grouped(GROUPS)


def test_expected_neighbours_of_each_network(patients):
    table = overlap_matrix(patients)
    assert table.loc["A", "A"] == pytest.approx(60 * 0.6 + 40 * 0.4 + 4 * 0.04)
    assert table.loc["A", "B"] == table.loc["B", "A"] == pytest.approx(60 * 0.3 + 40 * 0.4)
    assert table.loc["C", "no network"] == pytest.approx(76 * 0.2)
    assert table.sum(axis=1).to_dict() == pytest.approx({"A": 104, "B": 70, "C": 106, "no network": 20})


def test_the_whole_matrix_agrees_with_one_row_of_it(patients):
    for network in patients.networks:
        assert overlap_matrix(patients).loc[network].to_dict() == pytest.approx(overlap(patients, network).to_dict())


def test_unmixed_patients_are_the_diagonal(patients):
    table = overlap_matrix(patients)
    assert unmixed(patients).to_dict() == pytest.approx({name: table.loc[name, name] for name in table.index})


def test_effective_networks_of_an_area_and_over_the_patients_of_networks_and_practices(patients):
    each = effective_networks(patients)
    by_hand = {ONE: 1 / 0.46, TWO: 1 / 0.36, THREE: 1 / (0.04**2 + 0.76**2 + 0.2**2)}
    assert each.to_dict() == pytest.approx(by_hand)
    assert mean_over_patients(patients, each)["B"] == pytest.approx((30 * by_hand[ONE] + 40 * by_hand[TWO]) / 70)
    assert mean_over_patients(registered(COUNTS), each)["A2"] == pytest.approx(
        (10 * by_hand[ONE] + 4 * by_hand[THREE]) / 14
    )


def test_patients_of_areas_without_a_value_are_left_out_of_a_mean(patients):
    scores = pd.Series({ONE: 10.0, TWO: None})
    assert mean_over_patients(patients, scores).fillna(-1).to_dict() == {"A": 10, "B": 10, "C": 10, "no network": -1}


def test_who_lives_on_whose_ground(patients):
    assert flows(patients).to_numpy().tolist() == [
        ["A", "A", 100],
        ["A", "C", 4],
        ["B", "A", 70],
        ["C", "A", 30],
        ["C", "C", 76],
        ["no network", "C", 20],
    ]
