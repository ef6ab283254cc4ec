"""Where a table came from is carried to everything made from it."""

import datetime as dt
import json
from dataclasses import replace

import pandas as pd
import pytest

from pcn_analysis.provenance import About, Counted, Provenance, Rate, Source, SourcedTable, derive

pytestmark = pytest.mark.unit

LISTS = Source("Patients registered", "NHS England", "1 July 2026", "OGL v3.0", "Contains…", "lists.csv", "ab12")
SCORES = Source("Indices of deprivation", "MHCLG", "2025", "OGL v3.0", "Contains…")
EMPTY = pd.DataFrame()
PLAIN = {"people": False, "synthetic": False}


def test_joined_provenance_names_each_source_once_in_order():
    joined = Provenance((LISTS, SCORES), people=False).joined(Provenance((SCORES, LISTS), people=False))
    assert joined.sources == (LISTS, SCORES)


@pytest.mark.parametrize("fact", ["people", "synthetic"])
@pytest.mark.parametrize(("left", "right"), [(True, False), (False, True), (True, True)])
def test_one_parent_of_people_or_invented_is_enough(fact, left, right):
    joined = Provenance((), **{**PLAIN, fact: left}).joined(Provenance((), **{**PLAIN, fact: right}))
    assert getattr(joined, fact)
    assert not getattr(Provenance((), people=False).joined(Provenance((), people=False)), fact)


def test_what_was_modelled_is_said_once():
    estimated, scaled = (
        Provenance((), people=False, modelled="Estimated."),
        Provenance((), people=False, modelled="Scaled."),
    )
    assert estimated.joined(estimated).modelled == "Estimated."
    assert estimated.joined(scaled).joined(Provenance((), people=False)).modelled == "Estimated. Scaled."


def test_a_derived_table_inherits_from_every_parent():
    lists = SourcedTable(EMPTY, Provenance((LISTS,), people=False))
    scores = SourcedTable(EMPTY, Provenance((SCORES,), people=False, modelled="Estimated."))
    records = SourcedTable(EMPTY, Provenance((), people=True))
    made = derive(EMPTY, lists, scores, records, counts=("patients",))
    assert made.provenance == Provenance((LISTS, SCORES), people=True, modelled="Estimated.")
    assert made.counts == ("patients",)


def test_a_derived_table_says_whom_it_counts():
    adults = Counted(where=(("adult", ("yes",)),))
    lists = SourcedTable(EMPTY, Provenance((LISTS,), people=False))
    assert derive(EMPTY, lists, counts=("patients",), counted={"patients": adults}).counted == {"patients": adults}
    assert derive(EMPTY, lists).counted == {}


# -- whom a row counts ---------------------------------------------------------------------------------------


def test_conditions_on_one_dimension_must_all_hold():
    both = Counted(by=("age_group",), where=(("age_group", ("65-74", "75-84")),))
    assert both.box({"age_group": "75-84"}) == (("age_group", ("75-84",)),)
    assert both.box({"age_group": "0-19"}) == (("age_group", ()),)


def test_a_group_is_a_dimension_of_its_own_with_what_stands_before_it():
    assert Counted(groups=("condition",)).box({"condition": "Asthma"}) == (("Asthma", ("yes",)),)
    seen = Counted(groups=("contact=seen",))
    assert seen.box({"contact": "GP contact"}) == (("seen: GP contact", ("yes",)),)


def test_several_columns_together_may_say_whom_a_row_counts():
    counted = Counted(by=("segment", "outcome"), means={("segment", "outcome"): {("Well", "died"): None}})
    assert counted.box({"segment": "Well", "outcome": "died"}) is None
    assert counted.box({"segment": "Well", "outcome": "left"}) == (("outcome", ("left",)), ("segment", ("Well",)))


def test_rows_of_which_nothing_is_said_are_left_to_the_next_declaration():
    gone = Counted(of="gone", means={"outcome": {"died": ()}})
    counted = Counted(means={"outcome": {"died": None}}, otherwise=gone)
    assert counted.of_row({"outcome": "died"}) == (gone, ())
    assert counted.of_row({"outcome": "stayed"}) == (counted, ())


def test_a_class_that_is_null_is_held_against_nothing():
    assert Counted(by=("age_group",)).of_row({"age_group": None}) is None


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


def test_whether_it_is_of_people_must_be_said():
    with pytest.raises(TypeError, match="people"):
        Provenance((LISTS,))
    stored = Provenance((LISTS,), people=True).to_dict()
    del stored["people"]
    with pytest.raises(KeyError, match="people"):
        Provenance.from_dict(stored)


def test_a_source_is_of_records_unless_it_is_said_to_be_published():
    assert LISTS.kind == "records"
    published = Provenance((replace(LISTS, kind="published"),), people=False)
    assert Provenance.from_dict(published.to_dict()) == published


def test_a_date_is_written_as_in_a_sentence():
    about = About("", "Marlhaven", "England", dt.date(2026, 7, 1), "2026-07")
    assert about.day() == "1 July 2026"
    assert about.title() == "Marlhaven, 1 July 2026"


@pytest.mark.parametrize(
    ("people", "synthetic", "label"),
    [(False, False, ""), (True, False, ""), (False, True, "SYNTHETIC"), (True, True, "SYNTHETIC PEOPLE")],
)
def test_what_is_invented_is_labelled_and_nothing_else(people, synthetic, label):
    assert Provenance((), people=people, synthetic=synthetic).label == label


def test_published_counts_beside_invented_people_are_labelled_as_invented_people():
    published, drawn = Provenance((LISTS,), people=False), Provenance((), people=True, synthetic=True)
    assert derive(EMPTY, SourcedTable(EMPTY, published), SourcedTable(EMPTY, drawn)).provenance.label == (
        "SYNTHETIC PEOPLE"
    )
