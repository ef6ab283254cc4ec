"""Where a table came from is carried to everything made from it."""

import json

import pandas as pd
import pytest

from pcn_analysis.provenance import About, Provenance, Rate, Source, SourcedTable, derive

pytestmark = pytest.mark.unit

LISTS = Source("Patients registered", "NHS England", "1 July 2026", "OGL v3.0", "Contains…", "lists.csv", "ab12")
SCORES = Source("Indices of deprivation", "MHCLG", "2025", "OGL v3.0", "Contains…")
EMPTY = pd.DataFrame()


def test_joined_provenance_names_each_source_once_in_order():
    joined = Provenance((LISTS, SCORES)).joined(Provenance((SCORES, LISTS)))
    assert joined.sources == (LISTS, SCORES)


@pytest.mark.parametrize("fact", ["people", "synthetic"])
@pytest.mark.parametrize(("left", "right"), [(True, False), (False, True), (True, True)])
def test_one_parent_of_people_or_invented_is_enough(fact, left, right):
    joined = Provenance((), **{fact: left}).joined(Provenance((), **{fact: right}))
    assert getattr(joined, fact)
    assert not getattr(Provenance(()).joined(Provenance(())), fact)


def test_what_was_modelled_is_said_once():
    estimated, scaled = Provenance((), modelled="Estimated."), Provenance((), modelled="Scaled.")
    assert estimated.joined(estimated).modelled == "Estimated."
    assert estimated.joined(scaled).joined(Provenance(())).modelled == "Estimated. Scaled."


def test_a_derived_table_inherits_from_every_parent():
    lists = SourcedTable(EMPTY, Provenance((LISTS,)))
    scores = SourcedTable(EMPTY, Provenance((SCORES,), modelled="Estimated."))
    records = SourcedTable(EMPTY, Provenance((), people=True))
    made = derive(EMPTY, lists, scores, records, counts=("patients",))
    assert made.provenance == Provenance((LISTS, SCORES), people=True, modelled="Estimated.")
    assert made.counts == ("patients",)


def test_a_derived_table_needs_a_parent():
    with pytest.raises(ValueError, match="needs the tables"):
        derive(EMPTY)


def test_provenance_survives_a_json_file():
    provenance = Provenance((LISTS, SCORES), people=True, synthetic=True, modelled="Estimated.")
    assert Provenance.from_dict(json.loads(json.dumps(provenance.to_dict()))) == provenance


@pytest.mark.parametrize(
    ("rate", "columns"),
    [
        (Rate("p", "x", "n"), ["p"]),
        (Rate("p", "x", "n", interval=True), ["p", "p_lower", "p_upper"]),
        (Rate("p", "x", "n", interval=True, against="q"), ["p", "p_lower", "p_upper", "p_compared"]),
    ],
)
def test_a_rate_names_the_columns_that_it_fills(rate, columns):
    assert rate.columns() == columns


def test_a_title_names_the_network_or_else_the_place():
    about = About("", "Marlhaven", "England", pd.Timestamp("2026-07-01").date(), "2026-07")
    assert about.title() == "Marlhaven, 1 July 2026"
