"""What a page says and draws of a network's payments beside what the contract's rates give."""

import matplotlib.pyplot as plt
import pytest
from reconciled_places import TWO_PRACTICES, paid_place
from vignettes import NETWORK

from pcn_analysis import readings
from pcn_analysis.budget.reconciliation import beside_networks, networks_held, reconciled
from pcn_analysis.place import network_of
from pcn_analysis.plots import alt_text, charts
from pcn_analysis.release import release
from pcn_analysis.synthetic.place import invent_place

pytestmark = pytest.mark.unit
CORE, EXTENDED = 7_500.0, 7_200.0
"""Six months of 0.125 and of 0.120 a registered patient, of 10,000."""


def shown_of(place, code=NETWORK):
    own = release(reconciled(network_of(place, code)), profile="open_data")
    return own.followed_by(beside_networks, release(networks_held(place), profile="open_data"))


@pytest.fixture(scope="module")
def held():
    """Three networks: as the rates give, a fifth above them, and one that shows nothing."""
    return shown_of(paid_place({
        NETWORK: ({"support": 1.2 * CORE, "extended_access": EXTENDED, "additional_roles": 18_370.0}, TWO_PRACTICES),
        "U90002": ({"support": CORE, "extended_access": EXTENDED}, TWO_PRACTICES),
        "U90003": ({}, TWO_PRACTICES),
    }))  # fmt: skip


def test_each_line_stands_beside_the_networks_that_show_one(held):
    support = held.frame.set_index("line").loc["support"]
    assert support[["ratio", "networks", "median"]].tolist() == pytest.approx([1.2, 2, 1.1])
    assert support[["lower_quartile", "upper_quartile"]].tolist() == pytest.approx([1.05, 1.15])


def test_the_sentence_says_how_near_each_payment_is_and_whether_it_is_explained(held):
    said = readings.payments_held(held)
    assert "PCN Support 120.0% (not explained)" in said
    assert "PCN Extended Hours Access 100.0% (explained: " in said
    assert "PCN Workforce 10.0% of the most that can be claimed" in said, "18,370 of 16.70 x 11,000"
    assert said.endswith("A difference is a question, not money that is owed.")


def test_what_is_not_shown_is_said_not_to_be_nothing(held):
    said = readings.payments_held(held)
    assert "None is shown as PCN Leadership" in said
    assert "does not say that none was paid" in said


def test_the_middle_of_all_networks_is_told_of_the_line_that_most_of_them_show(held):
    assert "Of 2 networks with a PCN Support, the middle one shows 110.0% of what its rate gives" in (
        readings.payments_held(held)
    )


def test_a_network_without_published_payments_has_a_sentence_and_no_figure():
    place = paid_place({"U90002": ({"support": CORE}, TWO_PRACTICES)})
    nothing = shown_of(place)
    assert readings.payments_held(nothing).startswith("No payments are published of ")
    assert charts.payments_held(nothing) is None
    assert alt_text.payments_held(nothing) == ""


def test_the_figure_marks_the_network_and_its_description_says_the_same(held):
    ax = charts.payments_held(held)
    names = [label.get_text() for label in ax.get_yticklabels()]
    said = alt_text.payments_held(held)
    assert names == ["PCN Workforce", "PCN Extended Hours Access", "PCN Support"]
    assert all(name in said for name in names)
    assert "PCN Support 120.0%; 2 networks, median 1.10" in said
    assert {text.get_text() for text in ax.texts} >= {"120.0%; 2 networks", "10.0%; 1 network"}
    plt.close(ax.figure)


def test_invented_payments_are_called_so():
    table = shown_of(invent_place(), "U00003")
    said = alt_text.payments_held(table)
    assert said.startswith("Synthetic data. ")
    assert "none shown" in said
