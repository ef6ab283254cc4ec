"""Today's networks of a place against random ones: as a design says it, once for the place, and why it cannot be."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network import footprint
from pcn_analysis.network.design import Wanted
from pcn_analysis.network.place_networks import side_by_side
from pcn_analysis.network.place_null import (
    ALL,
    FILE,
    NOT_COMPUTED,
    QUANTILES,
    WORST,
    can_be_held,
    held_against_random,
    keep_held,
    kept_held,
)
from pcn_analysis.network.place_options import plans
from pcn_analysis.network.place_plans import FOLDER, design_place, keep_design
from pcn_analysis.provenance import SourcedTable
from pcn_analysis.release import release
from pcn_analysis.settings import ROOT_VARIABLE, load_settings
from pcn_analysis.stored import seal

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def held(marlhaven):
    return held_against_random(marlhaven)


@pytest.fixture
def processed(tmp_path, monkeypatch):
    """Prepared data of a project in which nothing is kept."""
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    return load_settings().processed


def with_networks(place, networks: dict[str, str | None]):
    """The place with other networks of some practices."""
    table = place.tables["practices"]
    names = table.frame.dropna(subset=["pcn_code"]).drop_duplicates("pcn_code").set_index("pcn_code")["pcn_name"]
    changed = table.frame["practice_code"].map(networks)
    there = table.frame["practice_code"].isin(list(networks))
    codes = table.frame["pcn_code"].mask(there, changed)
    frame = table.frame.assign(pcn_code=codes, pcn_name=codes.map(names))
    return replace(place, tables=place.tables | {"practices": replace(table, frame=frame)})


def own(place) -> pd.DataFrame:
    practices = place.tables["practices"].frame
    return practices[practices["in_place"] & practices["pcn_code"].notna()]


# -- what is worked out ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 3])
def test_the_percentile_is_the_one_that_a_design_with_the_same_seed_gives_today(marlhaven, seed):
    made = design_place(marlhaven, Wanted(5, (25_000, 60_000), seed=seed, time_limit=1))
    today = made.table[made.table["plan"] == "today"].iloc[0]
    rows = held_against_random(marlhaven, seed).rows
    assert rows[0]["percentile"] == today["percentile"]
    assert (rows[0]["today"], rows[1]["today"]) == (today["localisation"], today["worst"])


def test_the_band_runs_from_the_smallest_to_the_largest_list_of_today(marlhaven, held):
    sizes = own(marlhaven).groupby("pcn_code")["list_size"].sum()
    assert (held.networks, held.smallest, held.largest) == (len(sizes), sizes.min(), sizes.max())
    assert held.contiguous
    assert held.plans == 500
    assert held.different > 400
    assert held.why == ""


def test_each_network_is_held_against_random_ones_nearest_to_it_in_size(marlhaven, held):
    rows = pd.DataFrame(held.rows)
    assert list(rows["measure"]) == [ALL, WORST, *["network"] * 5]
    networks = rows[2:].set_index("pcn_code")
    page = side_by_side(marlhaven).frame.set_index("pcn_code")
    assert list(networks.index) == list(page.index), "most patients first, as everywhere on the page"
    np.testing.assert_allclose(networks["today"], page["localisation"].astype(float))
    assert networks["of"].eq(200).all()
    assert rows["percentile"].between(0, 1).all()
    assert rows["percentile"].gt(0.5).eq(rows["today"] > rows["middle"]).all(), "each among random ones of its kind"
    assert (np.diff(rows[list(QUANTILES)].to_numpy(float), axis=1) >= 0).all(), "least, low, middle, high, most"


def test_larger_random_networks_have_more_localisation_for_no_other_reason(held):
    networks = pd.DataFrame(held.rows)[2:]
    assert networks["middle"].iloc[0] > networks["middle"].iloc[-1] + 0.2


def test_the_same_place_gives_the_same_and_another_seed_gives_other_plans(marlhaven, held):
    assert held_against_random(marlhaven) == held
    assert held_against_random(marlhaven, seed=1).rows != held.rows


def test_networks_that_do_not_hang_together_are_told_and_still_held_against_those_that_do(marlhaven):
    practices = own(marlhaven).sort_values("list_size")
    one, other = (practices[practices["pcn_code"] == code].iloc[0] for code in ("U00002", "U00003"))
    swapped = {one["practice_code"]: "U00003", other["practice_code"]: "U00002"}
    found = held_against_random(with_networks(marlhaven, swapped))
    assert not found.contiguous
    assert found.notes[0].startswith("Not all of today's networks hang together")
    assert 0 <= found.rows[0]["percentile"] <= 1


def test_who_counts_as_a_rival_is_told(marlhaven, held):
    assert held.notes == ("1 practice in no network counts as a rival.",)
    practices = marlhaven.tables["practices"].frame
    elsewhere = practices.loc[~practices["in_place"] & practices["pcn_code"].notna(), "practice_code"].iloc[0]
    straddling = held_against_random(with_networks(marlhaven, {elsewhere: "U00004"}))
    assert straddling.notes[-1] == "Practices elsewhere of Marl Valley PCN count as rivals, as in a design."


# -- where there is nothing to hold against ----------------------------------------------------------------


def test_one_network_can_be_made_in_one_way_only(marlhaven):
    one = with_networks(marlhaven, dict.fromkeys(own(marlhaven)["practice_code"], "U00001"))
    found = held_against_random(one)
    assert found.why == "it has one network, and one can be made in one way only"
    assert (found.networks, found.plans, found.rows) == (1, 0, ())


def test_a_place_without_networks_says_so(marlhaven):
    none = with_networks(marlhaven, dict.fromkeys(own(marlhaven)["practice_code"], None))
    found = held_against_random(none)
    assert found.why == "none of its practices is in a network"
    assert found.smallest is None


def test_a_place_on_no_map_has_no_contiguous_plan(marlhaven):
    found = held_against_random(replace(marlhaven, boundaries=marlhaven.boundaries[:0]))
    assert found.why == "it is on no map, so that no network can be said to be contiguous"


def test_practices_that_touch_nothing_leave_no_plan_to_begin_from(marlhaven):
    found = held_against_random(replace(marlhaven, boundaries=marlhaven.boundaries[:1]))
    assert found.why == "no plan of 5 contiguous networks of their sizes was found to begin from"
    assert (found.plans, found.contiguous) == (0, False)


def test_where_every_random_plan_is_the_same_there_is_no_percentile(marlhaven):
    practices = own(marlhaven)["practice_code"].to_list()
    alone = dict.fromkeys(practices, None) | {practices[0]: "U00001", practices[1]: "U00002"}
    found = held_against_random(with_networks(marlhaven, alone))
    assert found.why == "all of 500 random plans of their number and sizes are one and the same"
    assert (found.different, found.rows) == (1, ())


def test_practices_that_are_not_counted_by_area_are_told(marlhaven):
    table = marlhaven.tables["registrations_by_area"]
    gone = own(marlhaven)["practice_code"].iloc[0]
    counts = SourcedTable(table.frame[table.frame["practice_code"] != gone], table.provenance)
    found = held_against_random(replace(marlhaven, tables=marlhaven.tables | {"registrations_by_area": counts}))
    assert found.why == "1 practice with a list is not in the counts by area"


def test_england_and_a_place_without_counts_are_not_held_against_anything(marlhaven):
    assert can_be_held(marlhaven)
    assert not can_be_held(replace(marlhaven, name="England"))
    tables = {name: table for name, table in marlhaven.tables.items() if name != "registrations_by_area"}
    assert not can_be_held(replace(marlhaven, tables=tables))


# -- what is kept, and what the page reads -----------------------------------------------------------------


def test_what_is_kept_is_read_as_it_was(marlhaven, held, processed):
    path = keep_held(marlhaven, held, processed)
    assert path == processed / FOLDER / "synthetic" / FILE
    assert kept_held(marlhaven, processed) == held


def test_the_page_has_a_row_for_all_networks_the_worst_off_and_each(marlhaven, held, processed):
    keep_held(marlhaven, held, processed)
    frame = release(footprint.against_random(marlhaven), profile="open_data").frame
    assert list(frame["name"][:3]) == [ALL, WORST, "Harbour PCN"]
    assert list(frame["percentile"]) == [row["percentile"] for row in held.rows]
    assert frame["percentile_said"].iloc[0] == f"{held.rows[0]['percentile']:.1%}"
    [drawn] = release(footprint.random_drawn(marlhaven), profile="open_data").frame.to_dict("records")
    assert (drawn["networks"], drawn["plans"], drawn["why"]) == (5, 500, "")
    assert drawn["notes"] == "1 practice in no network counts as a rival."


def test_where_nothing_is_kept_the_page_says_how_it_is_computed(marlhaven, processed):
    assert kept_held(marlhaven, processed) is None
    assert len(release(footprint.against_random(marlhaven), profile="open_data")) == 0
    [drawn] = release(footprint.random_drawn(marlhaven), profile="open_data").frame.to_dict("records")
    assert drawn["why"] == NOT_COMPUTED


def test_what_was_kept_of_the_place_as_it_was_before_is_not_shown(marlhaven, held, processed):
    keep_held(marlhaven, held, processed)
    practices = marlhaven.tables["practices"]
    later = replace(practices, frame=practices.frame.assign(list_size=practices.frame["list_size"] + 1))
    place = replace(marlhaven, tables=marlhaven.tables | {"practices": later})
    assert kept_held(place, processed) is None
    assert footprint.random_drawn(place).frame["why"].iloc[0] == NOT_COMPUTED


@pytest.mark.parametrize("damage", ["changed", "cut short", "of another version"])
def test_what_is_damaged_is_told_with_the_file_and_the_remedy(marlhaven, held, processed, damage):
    path = keep_held(marlhaven, held, processed)
    facts = json.loads(path.read_text(encoding="utf-8"))
    fewer = {name: value for name, value in facts.items() if name not in ("networks", "seal")}
    text = {
        "changed": json.dumps(facts | {"plans": 5_000}),
        "cut short": path.read_text(encoding="utf-8")[:100],
        "of another version": json.dumps(fewer | {"seal": seal(fewer)}),
    }[damage]
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PcnAnalysisError, match=r"today\.json: is damaged\. Run `pcn-analysis prepare` again\."):
        kept_held(marlhaven, processed)


def test_today_has_one_percentile_on_a_page_whatever_a_design_began_from(marlhaven, held, processed):
    wanted = Wanted(6, (25_000, 50_000), time_limit=1, seed=7)
    keep_design(marlhaven, wanted, design_place(marlhaven, wanted), processed)
    kept = replace(held, rows=({**held.rows[0], "percentile": 0.123}, *held.rows[1:]))
    before = plans(marlhaven).frame
    keep_held(marlhaven, kept, processed)
    after = plans(marlhaven).frame
    assert (after["percentile"].iloc[0], after["percentile_said"].iloc[0]) == (0.123, "12.3%")
    assert before["percentile"].iloc[0] != 0.123
    assert list(after["percentile"][1:]) == list(before["percentile"][1:])
