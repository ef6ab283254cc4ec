"""Designs of other networks as the page of a place shows them: those that are kept, beside today's."""

from dataclasses import replace

import pandas as pd
import pytest

from pcn_analysis.network.design import Design, Wanted
from pcn_analysis.network.place_networks import area_map
from pcn_analysis.network.place_options import asked, plan_areas, plans
from pcn_analysis.network.place_plans import design_place, keep_design, kept_designs
from pcn_analysis.release import release
from pcn_analysis.settings import ROOT_VARIABLE, Settings, load_settings

pytestmark = pytest.mark.unit
BAND = (25_000, 50_000)


@pytest.fixture(scope="module")
def designed(marlhaven, tmp_path_factory):
    """A project with two designs of the invented place: six networks, and five with wishes."""
    settings = Settings(tmp_path_factory.mktemp("designed"))
    five = Wanted(5, (30_000, 50_000), keep=[["X90001", "X90002"]], max_moves=12, time_limit=1)
    for wanted in (Wanted(6, BAND, time_limit=1), five):
        keep_design(marlhaven, wanted, design_place(marlhaven, wanted), settings.processed)
    return settings


@pytest.fixture
def in_project(designed, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(designed.root))
    return designed


@pytest.fixture
def nothing_kept(tmp_path, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))


def test_today_is_the_first_row_and_there_once(marlhaven, in_project):
    frame = release(plans(marlhaven), profile="open_data").frame
    assert list(frame["plan"]).index("today") == 0
    assert list(frame["plan"]).count("today") == 1
    assert frame["networks"].iloc[1:].is_monotonic_increasing, "plans by number of networks"
    assert frame["share_moved"].iloc[0] == 0


def test_every_plan_of_every_design_has_a_row_with_what_was_asked(marlhaven, in_project):
    frame = plans(marlhaven).frame
    kept = kept_designs(marlhaven, in_project.processed)
    assert len(frame) == 1 + sum(len(one.table) - 1 for one in kept)
    five, six = kept
    assert asked(five) == "5 networks of 30,000 to 50,000, 1 kept together, at most 12 moves"
    assert list(dict.fromkeys(frame["design"])) == ["today", asked(five), asked(six)]


def test_numbers_of_plans_are_said_as_percentages_beside_the_numbers_themselves(marlhaven, in_project):
    row = plans(marlhaven).frame.iloc[1]
    assert row["localisation_said"] == f"{row['localisation']:.1%}"
    assert row["percentile_said"] == f"{row['percentile']:.1%}"


def test_the_range_of_random_plans_and_what_is_proven_are_of_the_design_and_not_of_today(marlhaven, in_project):
    frame = plans(marlhaven).frame
    aside = ["random_low", "random_high", "proven", "notes"]
    assert frame.loc[0, aside].isna().all()
    six = kept_designs(marlhaven, in_project.processed)[1]
    of_six = frame[frame["design"] == asked(six)].iloc[0]
    assert of_six["random_low"] == min(six.random_localisation)
    assert of_six["random_high"] == max(six.random_localisation)
    assert of_six["proven"] == "proven best for its aim"
    assert "1 practice in no network today" in of_six["notes"]


def test_maps_are_of_the_design_nearest_to_todays_number(marlhaven, in_project):
    frame = release(plan_areas(marlhaven), profile="open_data").frame
    five = kept_designs(marlhaven, in_project.processed)[0]
    assert frame["design"].iloc[0] == asked(five)
    assert list(dict.fromkeys(frame["plan"])) == list(five.table["plan"])
    assert frame.groupby("plan")["area_code"].nunique().eq(len(marlhaven.boundaries)).all()


def test_todays_map_among_them_is_that_of_today_in_the_same_colours(marlhaven, in_project):
    shown = plan_areas(marlhaven).frame
    shown = shown[shown["plan"] == "today"].set_index("area_code")[["pcn_code", "colour"]]
    today = area_map(marlhaven).frame.set_index("area_code").loc[shown.index]
    own = today["own"]
    assert (shown.loc[own, "pcn_code"] == today.loc[own, "pcn_code"]).all()
    assert (shown.loc[own, "colour"] == today.loc[own, "colour"]).all()
    assert shown.loc[~own, "pcn_code"].isna().all()


def test_the_areas_of_a_plan_are_as_many_as_the_design_counts_parts_of(marlhaven, in_project):
    """Localisation worked out from the map's winners is that of the design's table."""
    from pcn_analysis.network.of_place import registered_of

    five = kept_designs(marlhaven, in_project.processed)[0]
    people = registered_of(marlhaven)
    for row in five.table[five.table["plan"] != "today"].itertuples():
        shown = plan_areas(marlhaven).frame.query("plan == @row.plan").set_index("area_code")["pcn_code"]
        plan = five.plans[row.plan].dropna()
        patients = people.grouped(plan)
        inside = sum(
            patients.matrix[area, patients.networks.get_loc(code)]
            for area, code in enumerate(shown.reindex(patients.areas))
            if isinstance(code, str)
        )
        registered = people.sizes(plan).drop("no network")
        total = registered[["located", "unknown", "not_english"]].to_numpy().sum()
        assert inside / total == pytest.approx(row.localisation)


def test_practices_elsewhere_of_a_network_compete_with_it_in_plans_as_they_do_in_designs(marlhaven, nothing_kept):
    """All of Oldmoor East is made part of Marl Valley; it is not designed, and its ground is nobody's in a plan."""
    table = marlhaven.tables["practices"]
    joined = table.frame["pcn_code"].eq("U00006")
    practices = table.frame.assign(pcn_code=table.frame["pcn_code"].mask(joined, "U00004"))
    place = replace(marlhaven, tables=marlhaven.tables | {"practices": replace(table, frame=practices)})
    designed = practices[practices["in_place"]].set_index("practice_code")["pcn_code"]
    made = Design(
        plans=pd.DataFrame({"today": designed}),
        table=pd.DataFrame({"plan": ["today"], "moves": [0], "worst": [0.3], "efficient": [None]}),
        status="optimal", gap=0.0, bound=0.0, cost=0.0, seconds=0.0,
    )  # fmt: skip
    keep_design(place, Wanted(5, BAND), made, load_settings().processed)
    winner = area_map(marlhaven).frame.set_index("area_code")["pcn_code"]
    shown = plan_areas(place).frame.set_index("area_code")["pcn_code"]
    oldmoor, valley = winner.index[winner == "U00006"], winner.index[winner == "U00004"]
    assert len(oldmoor) > 5
    assert shown[oldmoor].isna().all()
    assert shown[valley].eq("U00004").all()


def test_where_no_design_is_kept_both_tables_are_empty_and_can_be_released(marlhaven, nothing_kept):
    assert len(release(plans(marlhaven), profile="open_data")) == 0
    assert len(release(plan_areas(marlhaven), profile="open_data")) == 0


def test_a_design_of_the_place_as_it_was_before_is_not_shown(marlhaven, in_project):
    practices = marlhaven.tables["practices"]
    later = replace(practices, frame=practices.frame.assign(list_size=practices.frame["list_size"] + 1))
    assert plans(replace(marlhaven, tables=marlhaven.tables | {"practices": later})).frame.empty
