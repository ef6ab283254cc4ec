"""How cells become unknowns: boxes, bands, cliques, and what can be left out."""

from __future__ import annotations

import datetime as dt
from math import prod

import pandas as pd
import pytest

from pcn_analysis.counted import Counted
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.provenance import About, Provenance, SourcedTable
from pcn_analysis.release import release
from pcn_analysis.release.audit import Cell, Structure, cells_of
from pcn_analysis.release.audit import atoms as unknowns
from pcn_analysis.release.audit.atoms import Atoms
from pcn_analysis.release.audit.dimensions import Dimensions
from pcn_analysis.release.audit.junction_tree import cliques, separators

pytestmark = pytest.mark.unit

ABOUT = About("Harbour PCN", "Marlhaven", "", dt.date(2026, 7, 1), "synthetic")
PEOPLE = "Marlhaven|Harbour PCN|2026-07-01"
YES_NO = ("no", "yes")


def box(**conditions: str):
    return tuple((dimension, (name,)) for dimension, name in sorted(conditions.items()))


def test_every_number_of_a_released_table_becomes_a_cell_with_the_range_that_its_rule_allows():
    frame = pd.DataFrame({"sex": ["everyone", "female", "male"], "patients": [103, 98, 5], "not_known": [0, 0, None]})
    counted = {"patients": Counted(by=("sex",)), "not_known": Counted(by=("sex",), where=(("frail", ("(other)",)),))}
    frame["not_known"] = frame["not_known"].astype("Int64")
    table = SourcedTable(frame, Provenance((), people=True), tuple(counted), about=ABOUT, counted=counted)
    seen = cells_of(release(table), "by sex")
    told = [(one.cell.box, one.low, one.high, one.kind) for one in seen if one.column == "patients"]
    assert told == [
        ((), 103, 107, "rounded"),
        (box(sex="female"), 98, 102, "rounded"),
        (box(sex="male"), 1, 7, "suppressed"),
    ]
    assert {one.cell.populations for one in seen} == {(PEOPLE,)}
    assert {(one.table, one.by) for one in seen} == {("by sex", ("sex",))}
    assert [one.row for one in seen if one.column == "not_known"] == [0, 1], "what was not known before says nothing"


def test_a_count_of_the_place_is_of_all_networks_or_of_those_that_it_names():
    frame = pd.DataFrame({"patients": [300], "some": [200]})
    some = Counted(whole_place=True, networks=("Lighthouse PCN", "Harbour PCN"))
    counted = {"patients": Counted(whole_place=True), "some": some}
    table = SourcedTable(frame, Provenance((), people=True), ("patients", "some"), about=ABOUT, counted=counted)
    populations = [one.cell.populations for one in cells_of(release(table), "place")]
    assert populations == [
        ("Marlhaven|*|2026-07-01",),
        ("Marlhaven|Harbour PCN|2026-07-01", "Marlhaven|Lighthouse PCN|2026-07-01"),
    ]


def test_bands_are_cut_where_any_begins_and_left_alone_where_none_overlap():
    overlapping = [box(age="65 or over"), box(age="under 65"), box(age="70+"), box(age="not known")]
    assert Dimensions(overlapping, {"age"}, Structure()).classes == {"age": ("0-64", "65-69", "70+", "not known")}
    apart = [box(age="0-19"), box(age="20+")]
    assert Dimensions(apart, {"age"}, Structure()).classes == {"age": ("0-19", "20+")}


def test_a_dimension_that_no_table_is_broken_down_by_has_a_class_for_the_others():
    assert Dimensions([box(segment="a")], set(), Structure()).classes == {"segment": ("(other)", "a")}
    assert Dimensions([box(frail="yes")], set(), Structure()).classes == {"frail": YES_NO}


def test_what_impossible_boxes_leave_no_way_around_is_met_as_well():
    never = (box(cohort="no", listed="yes"), box(age="0-64", cohort="yes"))
    boxes = [box(listed="yes"), box(age="65+"), box(cohort="yes")]
    dimensions = Dimensions(boxes, {"age"}, Structure(impossible=never))
    met = dimensions.implied(box(listed="yes"))
    assert met == {"listed": {"yes"}, "cohort": {"yes"}, "age": {"65+"}}


@pytest.mark.parametrize("links", [["ab", "bc", "ca"], ["ab", "bc", "cd", "de", "ea"], ["abc", "cd", "e"]])
def test_cliques_hold_every_set_of_dimensions_and_form_a_tree_that_each_dimension_runs_through_unbroken(links):
    together = [frozenset(one) for one in links]
    found = cliques(together, dict.fromkeys(sorted(frozenset().union(*together)), 2))
    assert all(any(one <= set(bag) for bag in found) for one in together)
    edges = separators(found)
    assert len(edges) == len(found) - 1
    for dimension in frozenset().union(*together):
        holding = sum(dimension in bag for bag in found)
        assert sum(dimension in shared for _, _, shared in edges) == holding - 1


def test_a_star_of_many_dimensions_needs_tables_of_two_alone():
    points = [frozenset({"segment", f"condition {i}"}) for i in range(30)]
    found = cliques(points, {"segment": 9} | {f"condition {i}": 2 for i in range(30)})
    assert {len(bag) for bag in found} == {2}


def test_classes_that_no_box_tells_apart_are_one():
    boxes = [(("age", ("65-74", "75-84")),), box(age="85+")]
    atoms = Atoms(boxes, {"age": ("0-19", "20-64", "65-74", "75-84", "85+")})
    assert len(atoms) == 3
    assert len(atoms.of(boxes[0])) == 1


def test_what_is_told_of_people_in_a_part_alone_needs_no_unknowns_outside_of_it():
    boxes = [box(step="in the cohort", listed="yes"), box(step="in the cohort"), box(step="seen")]
    atoms = Atoms(boxes, {"step": ("in the cohort", "seen", "others"), "listed": YES_NO})
    assert len(atoms) == prod((3, 2))
    assert len(atoms.idle()) == 2


def test_more_unknowns_than_can_be_written_down_are_refused_in_words(monkeypatch):
    monkeypatch.setattr(unknowns, "MOST_ATOMS", 3)
    with pytest.raises(PcnAnalysisError, match=r"4 unknown numbers would have to be weighed\. Show fewer"):
        Atoms([box(a="yes", b="yes")], {"a": YES_NO, "b": YES_NO})


def test_a_cell_names_itself():
    assert str(Cell((PEOPLE,), box(frail="yes"), "contacts")) == "Harbour PCN: frail (contacts)"
