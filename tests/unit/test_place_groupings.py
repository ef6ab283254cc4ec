"""Any grouping measured as networks are, held against another, and shown; or said to be absent."""

from dataclasses import replace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from pcn_analysis import readings
from pcn_analysis.network import footprint, grouping_agreement
from pcn_analysis.network.grouped import IN_NONE, Grouped
from pcn_analysis.network.groupings import Grouping, find_grouping, own_practices
from pcn_analysis.network.of_place import registered_of
from pcn_analysis.network.place_networks import area_map, sharing, side_by_side
from pcn_analysis.place import Place
from pcn_analysis.plots import alt_text, charts, maps
from pcn_analysis.provenance import Provenance, Source, SourcedTable
from pcn_analysis.release import release

mpl.use("Agg")
pytestmark = pytest.mark.unit

SOURCE = Source("Local areas", "Marlhaven Council", "July 2026", "OGL", "Council.", "local.csv", kind="published")
TABLES = ("grouping_facts", "groups_measured", "group_areas", "group_sharing", "agreement", "made_of", "would_change")


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def grouped_by(place: Place, of: pd.Series, **other) -> Grouping:
    """A grouping of the practices of a place, as a file would make it."""
    of = of.reindex(own_practices(place).index).astype("str").rename("group")
    facts = {"names": {one: one for one in of.dropna().unique()}, "size": None, "notes": ()} | other
    return Grouping("local", "Local areas", of, provenance=Provenance((SOURCE,), people=False), **facts)


@pytest.fixture(scope="module")
def networks(marlhaven, tmp_path_factory) -> Grouping:
    return find_grouping(marlhaven, "pcn", tmp_path_factory.mktemp("raw"))


@pytest.fixture(scope="module")
def pairs(marlhaven) -> Grouping:
    """Several networks at once: two, two and one."""
    codes = list(marlhaven.networks()["pcn_code"])
    area = dict(zip(codes, ["North", "North", "South", "South", "Old Priory"], strict=True))
    return grouped_by(marlhaven, own_practices(marlhaven)["pcn_code"].map(area), size=(37_500, 62_500))


@pytest.fixture(scope="module")
def mixed(marlhaven) -> Grouping:
    """Practices in turn into three groups, and the first into none."""
    codes = own_practices(marlhaven).index
    of = pd.Series([f"Group {at % 3}" for at in range(len(codes))], codes)
    return grouped_by(marlhaven, of.mask(codes == codes[0]))


def out(table):
    return release(table, profile="open_data")


# -- measures ----------------------------------------------------------------------------------------------


def test_networks_as_a_grouping_are_measured_as_the_page_of_networks_measures_them(marlhaven, networks):
    found = footprint.groups_measured(Grouped(marlhaven, networks, None)).frame.set_index("group")
    known = side_by_side(marlhaven).frame.set_index("pcn_code")
    found = found.drop(index="no network", errors="ignore")
    assert found.index.to_list() == known.index.to_list()
    for name in ("patients", "practices", "inside", "footprint_registered", "parts", "main_part", "away", "living"):
        np.testing.assert_allclose(found[name].astype(float), known[name].astype(float), err_msg=name)
    assert found["effective_groups"].to_dict() == known["effective_networks"].to_dict()
    assert found["band"].to_dict() == known["band"].to_dict()


def test_networks_as_a_grouping_have_the_map_and_the_neighbours_of_the_page_of_networks(marlhaven, networks):
    grouped = Grouped(marlhaven, networks, None)
    areas = footprint.group_areas(grouped).frame.set_index("area_code")
    known = area_map(marlhaven).frame.set_index("area_code")
    own = known["own"]
    assert areas["own"].to_dict() == own.to_dict()
    assert areas.loc[own, "group_name"].to_dict() == known.loc[own, "pcn_name"].to_dict()
    assert areas["patients"].sum() == pytest.approx(known["patients"].sum())
    shared = footprint.group_sharing(grouped).frame.set_index(["group_name", "other_name"])["neighbours"]
    told = sharing(marlhaven).frame.set_index(["pcn_name", "other_name"])["neighbours"]
    both = shared.index.intersection(told.index).drop("Others", level=1)
    assert len(both) >= 25
    np.testing.assert_allclose(shared[both], told[both])


@pytest.mark.parametrize("kind", ["networks", "pairs", "mixed"])
def test_everybody_is_in_one_row_whatever_the_grouping(marlhaven, kind, request):
    grouped = Grouped(marlhaven, request.getfixturevalue(kind), None)
    rows = footprint.groups_measured(grouped).frame
    assert rows["patients"].sum() == own_practices(marlhaven)["list_size"].sum()
    assert rows["practices"].sum() == len(own_practices(marlhaven))
    everyone = registered_of(marlhaven)
    assert grouped.patients.matrix.sum() == pytest.approx(everyone.matrix.sum()), "those elsewhere included"
    assert grouped.won["registered"].sum() == pytest.approx(everyone.matrix.sum())
    shared = footprint.group_sharing(grouped).frame
    np.testing.assert_allclose(shared.groupby("group_name")["share"].sum().astype(float), 1)


def test_several_networks_together_hold_at_least_what_each_of_them_held(marlhaven, networks, pairs):
    """Patients inside: an area of two networks of one group is the group's, unless another has more."""
    alone = footprint.groups_measured(Grouped(marlhaven, networks, None)).frame
    together = footprint.groups_measured(Grouped(marlhaven, pairs, None)).frame
    assert together["inside"].sum() >= alone["inside"].sum()


def test_names_of_groups_change_nothing_that_is_measured(marlhaven, mixed):
    renamed = grouped_by(marlhaven, mixed.of.map({"Group 0": "Zed", "Group 1": "Why", "Group 2": "Ex"}))
    numbers = ["patients", "inside", "footprint_registered", "main_part", "away"]
    one, other = (
        footprint.groups_measured(Grouped(marlhaven, each, None)).frame[numbers].sort_values("patients").to_numpy(float)
        for each in (mixed, renamed)
    )
    np.testing.assert_allclose(one, other)


def test_practices_in_no_group_are_the_last_row_and_have_no_size_band(marlhaven, mixed):
    rows = footprint.groups_measured(Grouped(marlhaven, mixed, None)).frame
    assert rows["group_name"].iloc[-1] == IN_NONE
    assert rows["practices"].iloc[-1] == 1
    assert pd.isna(rows["band"].iloc[-1])


def test_practices_elsewhere_in_no_network_are_not_those_of_the_place_in_no_group(marlhaven, networks):
    practices = marlhaven.tables["practices"].frame
    own = practices["practice_code"].isin(own_practices(marlhaven).index)
    frame = practices.assign(pcn_code=practices["pcn_code"].where(own), pcn_name=practices["pcn_name"].where(own))
    alone = SourcedTable(frame, marlhaven.tables["practices"].provenance)
    place = replace(marlhaven, tables=marlhaven.tables | {"practices": alone})
    assert not own.all()
    in_none = networks.of.index[networks.of.isna()]
    patients = Grouped(place, networks, None).patients
    located = registered_of(place).totals().loc[in_none, "located"].sum()
    assert pd.Series(patients.by_network(), patients.networks)["no network"] == located


def test_bands_are_those_of_the_size_that_a_group_is_meant_to_have(marlhaven, pairs):
    rows = footprint.groups_measured(Grouped(marlhaven, pairs, None)).frame
    rows = rows[rows["group_name"] != IN_NONE]
    low, high = pairs.size
    said = rows["band"].map({"under 37,500": -1, "37,500 to 62,500": 0, "over 62,500": 1})
    assert said.to_list() == [int(n > high) - int(n < low) for n in rows["patients"]]
    facts = footprint.grouping_facts(Grouped(marlhaven, pairs, None)).frame
    assert facts["in_size"].to_list() == [f"{(said == 0).sum()} of 3"]


# -- agreement ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["networks", "pairs", "mixed"])
def test_a_grouping_agrees_wholly_with_itself_and_nobody_moves(marlhaven, kind, request):
    one = request.getfixturevalue(kind)
    grouped = Grouped(marlhaven, one, one)
    row = footprint.agreement(grouped).frame.iloc[0]
    assert (row["adjusted_rand"], row["adjusted_mutual_information"]) == (pytest.approx(1), pytest.approx(1))
    assert (row["moved_patients"], row["parted_patients"], row["left_out"]) == (0, 0, 0)
    assert footprint.would_change(grouped).frame.empty
    assert footprint.made_of(grouped).frame["matched"].all()
    assert "nobody would change groups" in readings.groupings_agree(out(footprint.agreement(grouped)))


def test_networks_that_join_are_not_parted_though_the_matching_counts_them(marlhaven, networks, pairs):
    grouped = Grouped(marlhaven, pairs, networks)
    row = footprint.agreement(grouped).frame.iloc[0]
    assert (row["parted_practices"], row["whole"], row["other_groups"]) == (0, 5, 5)
    lists = own_practices(marlhaven).groupby("pcn_code")["list_size"].sum()
    codes = list(marlhaven.networks()["pcn_code"])
    smaller = lists[codes[:2]].min() + lists[codes[2:4]].min()
    assert row["moved_patients"] == smaller
    changes = footprint.would_change(grouped).frame
    assert set(changes["change"]) == {grouping_agreement.JOINS}
    assert changes["patients"].sum() == smaller
    assert changes["matched_name"].isna().all(), "each of the two is matched with the larger"
    said = readings.groupings_agree(out(footprint.agreement(grouped)))
    assert "5 of 5 groups of Primary Care Networks lie whole in one, and nobody would be parted" in said


def test_who_goes_another_way_than_most_of_its_network_leaves_it(marlhaven, networks, pairs):
    lists = own_practices(marlhaven)
    moved = lists.index[lists["pcn_code"] == marlhaven.networks()["pcn_code"].iloc[0]][-1]
    area = grouped_by(marlhaven, pairs.of.where(pairs.of.index != moved, "South"))
    grouped = Grouped(marlhaven, area, networks)
    row, changes = footprint.agreement(grouped).frame.iloc[0], footprint.would_change(grouped).frame
    assert (row["parted_practices"], row["parted_patients"], row["whole"]) == (1, lists["list_size"][moved], 4)
    left = changes.loc[changes["change"] == grouping_agreement.PARTS]
    assert left["practice_code"].to_list() == [moved]
    assert left["group_name"].to_list() == ["South"]


def test_who_would_change_is_who_is_not_in_the_matched_group(marlhaven, networks, mixed):
    grouped = Grouped(marlhaven, mixed, networks)
    row, changes = footprint.agreement(grouped).frame.iloc[0], footprint.would_change(grouped).frame
    outside = changes["change"].isin([grouping_agreement.ENTERS, grouping_agreement.LEAVES])
    moved = changes[~outside]
    assert (len(moved), moved["patients"].sum()) == (row["moved_practices"], row["moved_patients"])
    assert outside.sum() == row["left_out"] == 2
    made = footprint.made_of(grouped).frame
    assert made["patients"].sum() == row["patients"]
    assert made.loc[made["matched"], "patients"].sum() == row["patients"] - row["moved_patients"]
    assert made.groupby("group_name")["share"].sum().astype(float).to_list() == pytest.approx([1.0] * 3)


# -- on the page -------------------------------------------------------------------------------------------


def test_figures_name_their_source_and_descriptions_hold_what_they_show(marlhaven, networks, mixed):
    grouped = Grouped(marlhaven, mixed, networks)
    for name, module, said in (
        ("groups_measured", charts, "effective groups, and parts of its ground: Group "),
        ("group_areas", maps, "Areas by group: Group 0 "),
        ("group_sharing", charts, "Share with the same group: Group "),
        ("made_of", charts, "Table of cells of the patients of each group by their group in the other grouping"),
    ):
        table = out(getattr(footprint, name)(grouped))
        ax = getattr(module, name)(table)
        assert ax.get_title(loc="left").endswith("Marlhaven, 1 July 2026"), name
        assert "SYNTHETIC" in ax.figure.get_supxlabel()
        described = getattr(alt_text, name)(table)
        assert described.startswith("Synthetic data. ")
        assert said in described


def test_every_table_can_also_leave_with_counts_rounded(marlhaven, networks, mixed):
    for name in TABLES:
        assert len(release(getattr(footprint, name)(Grouped(marlhaven, mixed, networks)))), name


def test_sentences_say_what_the_tables_say(marlhaven, networks, mixed):
    grouped = Grouped(marlhaven, mixed, networks)
    rows = footprint.groups_measured(grouped).frame
    best = rows.loc[rows["localisation"].astype(float).idxmax()]
    said = readings.groups_measured(out(footprint.groups_measured(grouped)))
    assert f"to {best['localisation']:.1%} ({best['group_name']})" in said
    assert "compare only groups of about one size" in said
    facts = readings.grouping_facts(out(footprint.grouping_facts(grouped)), "local")
    assert facts.startswith("Local areas (Marlhaven Council, July 2026, local.csv): ")
    assert " practices of Marlhaven in 3 groups of " in facts
    changes = footprint.would_change(grouped).frame
    left = changes.loc[changes["change"] == grouping_agreement.LEAVES, "patients"].sum()
    said = readings.would_change(out(footprint.would_change(grouped)))
    assert f"1 practice with {left:,} patients would be in no group" in said


def test_the_sentences_on_ground_and_neighbours_read_their_tables(marlhaven, tmp_path):
    grouped = Grouped(marlhaven, find_grouping(marlhaven, "neighbourhood", tmp_path), None)
    areas, shared = footprint.group_areas(grouped), footprint.group_sharing(grouped)
    there = areas.frame[areas.frame["in_place"]]
    won = there["own"].sum()
    said = readings.group_areas(out(areas))
    assert f"In {won} of {len(there)} areas of Marlhaven" in said
    assert f"In {(there['own'] & there['uncertain']).sum()} of them" in said
    same = shared.frame[shared.frame["group_name"] == shared.frame["other_name"]].set_index("group_name")["share"]
    said = readings.group_sharing(out(shared))
    for most in (same.astype(float).idxmax(), same.astype(float).idxmin()):
        assert most in said
        assert f"{same[most]:.1%}" in said
    assert readings.group_shapes(out(footprint.groups_measured(grouped))) == "No group has its ground in parts."


def test_where_there_is_no_grouping_the_page_says_what_to_put_where(marlhaven, project):
    grouped = footprint.groupings(marlhaven, "multi neighbourhood", "pcn")
    assert grouped.grouping is None
    assert grouped.other is not None
    tables = {name: out(getattr(footprint, name)(grouped)) for name in TABLES}
    assert not any(map(len, tables.values()))
    said = readings.grouping_facts(tables["grouping_facts"], "multi neighbourhood")
    assert "data/raw/groupings/marlhaven/multi_neighbourhood.csv" in said
    assert "“# publisher: …” and “# period: …”" in said
    for name, module in (("groups_measured", charts), ("group_areas", maps), ("made_of", charts)):
        assert getattr(module, name)(tables[name]) is None
    for name in ("groups_measured", "group_areas", "group_sharing"):
        assert getattr(readings, name)(tables[name]).startswith("Without "), "no cell is without a word"
    assert readings.groupings_agree(tables["agreement"])
