"""The projection held against the counts that BNSSG's dynamic population model expects of itself.

nhs-bnssg-analytics/dpm 0.2.22 (MIT), ``inst/extdata/tests_data/01_NSom``: see ``projection_document.py``.
"""

from __future__ import annotations

import csv

import numpy as np
import pandas as pd
import pytest

from pcn_analysis import codelists
from pcn_analysis.segmentation.yearly_rates import published_rates, published_totals
from tests.conftest import ROOT, need
from tests.published import projection_document as page

pytestmark = pytest.mark.published

REFERENCE = ROOT.parent / "shared" / "reference"


@pytest.fixture(scope="module")
def reference():
    """A reader of published tables, as they were transcribed."""
    need(REFERENCE.is_dir(), "the folder of reference tables, ../shared/reference,")

    def read(name):
        with (REFERENCE / f"{name}.csv").open(encoding="utf-8") as stream:
            return list(csv.DictReader(stream))

    return read


def test_the_first_year_is_the_initial_population_without_those_of_100_and_over():
    assert np.array_equal(page.projected(None)[0], page.expected()[0])
    assert page.expected()[0].sum() == 181_211


def test_with_the_official_numbers_of_each_year_read_back_every_cell_of_20_years_agrees():
    found = page.projected(page.totals_read_back())
    assert found.shape == (20, 8, 5)
    assert np.abs(found - page.expected()).max() < 1e-6


def test_37_counts_a_year_are_left_over_to_disagree_with_the_numbers_read_back_and_none_does():
    totals, largest = page.read_back()
    assert largest < 1e-6
    stored = pd.DataFrame(page.totals_read_back())
    assert np.abs(totals[list(page.EVENTS)] - stored).to_numpy().max() < 1e-6


def test_the_numbers_read_back_have_the_decimals_of_official_tables():
    stored = pd.DataFrame(page.totals_read_back())
    tenths = stored[["leaving", "joining"]] * 10
    fifths_of_tenths = stored["entering"] * 50
    assert np.allclose(tenths, tenths.round(), atol=1e-6)
    assert np.allclose(fifths_of_tenths, fifths_of_tenths.round(), atol=1e-6)


def test_no_other_order_of_the_steps_agrees():
    known, *others = page.other_orders().values()
    assert np.abs(known - page.expected()).max() < 1e-6
    assert all(np.abs(other - page.expected()).max() > 300 for other in others)


def test_from_what_is_published_alone_the_gap_is_a_fortieth_of_all_people_and_mostly_of_those_who_enter():
    gap = page.projected(published_totals()) - page.expected()
    assert np.abs(gap).sum() / page.expected().sum() < 0.025
    assert np.abs(gap[1, 1:]).max() < 15
    assert -500 < gap[1, 0].sum() < -300


def test_the_package_carries_none_of_the_numbers_read_back():
    lists = [codelists.rows(name) for name in ("bnssg_transitions", "bnssg_yearly_events")]
    carried = {value for rows in lists for row in rows for value in row.values()}
    assert not carried & {f"{value:g}" for values in page.totals_read_back().values() for value in values}


def test_the_page_is_what_the_package_gives():
    assert (ROOT / "docs" / "projection.md").read_text(encoding="utf-8") == page.document()


def test_the_rates_carried_are_those_published(reference):
    rates = published_rates()
    states = [*rates.segments, "Died"]
    for row in reference("dpm_transition_probs"):
        age, start, end = int(row["age_group"][:2]), row["core_seg_prev_name"], row["core_seg_orig_name"]
        carried = rates.moves[rates.ages_from.index(age), states.index(start), states.index(end)]
        assert carried == float(row["prop"])
    names = {"births": "entering", "emigrations": "leaving", "immigrations": "joining"}
    for row in reference("dpm_event_rates"):
        if row["event"] in names:
            carried = getattr(rates, names[row["event"]])[int(float(row["age"])), states.index(row["state_name"])]
            assert carried == pytest.approx(float(row["prob_of_event_to_individual"] or 0), abs=1e-12)


def test_the_counts_held_against_are_those_published(reference):
    people = {(int(row["age"]), row["state_name"]): int(row["n"]) for row in reference("dpm_initial_population")}
    ours = pd.read_csv(page.HERE / "bnssg_initial_population.csv")
    assert {(row.age, row.segment): row.people for row in ours.itertuples()} == people
    groups = list(page.GROUPS.values())
    for row in reference("dpm_expected_out"):
        cell = int(row["year"]) - page.FIRST, groups.index(row["age_group"]), page.SEGMENTS.index(row["state_name"])
        assert page.expected()[cell] == float(row["population"])
