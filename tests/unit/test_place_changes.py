"""What changed in the networks of a place: practices that moved, merged, closed and opened, from map to map."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from pcn_analysis.network.place_changes import EARLIER, GONE, NEW, changed, memberships
from pcn_analysis.provenance import SourcedTable
from pcn_analysis.release import release

pytestmark = pytest.mark.unit
FIRST, SECOND = "1 January 2022 to 1 October 2024", "1 October 2024 to 1 July 2026"


def with_maps(place, change):
    """The place with other earlier maps: the invented ones, changed."""
    rows = change(place.tables[EARLIER].frame.copy())
    return replace(place, tables=place.tables | {EARLIER: SourcedTable(rows, place.tables[EARLIER].provenance)})


def rows(place):
    return changed(place).frame.set_index("practice_name")


def test_a_change_is_told_once_between_the_maps_that_it_lies_between(marlhaven):
    found = rows(marlhaven)
    assert list(found["between"]) == [FIRST] * 3 + [SECOND] * 2
    moved = found.loc["Marl Street Medical Centre"]
    assert moved[["change", "from_network", "to_network"]].to_list() == [
        "moved network", "Harbour PCN", "North Sands PCN"
    ]  # fmt: skip
    assert moved["list"] == "9,764 on 1 July 2026"


def test_a_merged_practice_has_its_list_of_july_2023_and_the_name_of_its_survivor(marlhaven):
    merged = rows(marlhaven).loc["Ferry Lane Surgery"]
    assert merged[["change", "into", "patients", "list"]].to_list() == [
        "merged", "Beacon Medical Centre", 2400, "2,400 on 1 July 2023"
    ]  # fmt: skip


def test_the_practices_of_a_new_network_came_from_those_beside_it(marlhaven):
    first = changed(marlhaven).frame.query("step == 1")
    assert set(first["to_network"]) == {"Old Priory PCN"}
    assert first["patients"].sum() == 17_129


def test_a_practice_without_a_survivor_closed_and_one_on_no_earlier_map_opened(marlhaven):
    def change(maps):
        maps["survivor"] = None
        maps.loc[maps["practice_code"] == "X90099", "earlier_list_size"] = pd.NA
        return maps[maps["practice_code"] != "X90001"]

    found = rows(with_maps(marlhaven, change))
    assert found.loc["Ferry Lane Surgery", ["change", "list"]].to_list() == ["closed", "not known"]
    assert pd.isna(found.loc["Ferry Lane Surgery", "patients"])
    assert found.loc["Quayside Surgery", ["change", "to_network"]].to_list() == ["opened", "Harbour PCN"]


def test_a_practice_that_moved_and_is_gone_since_has_its_earlier_list(marlhaven):
    def change(maps):
        first = (maps["practice_code"] == "X90099") & (maps["as_at"] == maps["as_at"].min())
        maps.loc[first, ["pcn_code", "pcn_name"]] = ["U00001", "Harbour PCN"]
        return maps

    found = changed(with_maps(marlhaven, change)).frame
    twice = found[found["practice_name"] == "Ferry Lane Surgery"]
    assert list(twice["change"]) == ["moved network", "merged"]
    assert set(twice["list"]) == {"2,400 on 1 July 2023"}


def test_practices_elsewhere_that_never_were_the_places_are_left_out(marlhaven):
    def change(maps):
        far = maps[maps["practice_code"] == "X90001"].assign(practice_code="Z90001", practice_name="Far Surgery")
        away = [far.assign(pcn_code="U00009", pcn_name="Far PCN", practice_code=f"Z9000{n}") for n in (1, 2)]
        own = far.assign(practice_code="X90002", pcn_code="U00009", pcn_name="Far PCN")
        return pd.concat([maps[maps["practice_code"] != "X90002"], *away, own], ignore_index=True)

    found = changed(with_maps(marlhaven, change)).frame
    assert "Far Surgery" not in set(found["practice_name"]), "nobody knows what became of it"
    assert "Far PCN" in set(found["from_network"]), "one of its practices is the place's now"


def test_practices_of_an_ended_network_that_was_mostly_the_places_are_in(marlhaven):
    def change(maps):
        old = maps["practice_code"].isin(["X90022", "X90023"]) & (maps["as_at"] == maps["as_at"].min())
        maps.loc[old, ["pcn_code", "pcn_name"]] = ["U00009", "Ended PCN"]
        gone = maps[old & (maps["practice_code"] == "X90022")]
        return pd.concat([maps, gone.assign(practice_code="Z90001", practice_name="Shut Surgery")], ignore_index=True)

    assert rows(with_maps(marlhaven, change)).loc["Shut Surgery", "change"] == "closed"


def test_every_practice_is_counted_once_in_each_step(marlhaven):
    frame = memberships(marlhaven).frame
    today = marlhaven.tables["practices"].frame
    last = frame[(frame["step"] == 2) & (frame["to_network"] != GONE)]
    assert last["practices"].sum() == today["in_place"].sum()
    assert frame[frame["step"] == 1]["practices"].sum() == 26
    assert frame.loc[frame["stayed"], "from_network"].equals(frame.loc[frame["stayed"], "to_network"])


def test_what_came_and_what_went_has_an_end_of_its_own(marlhaven):
    found = memberships(with_maps(marlhaven, lambda maps: maps[maps["practice_code"] != "X90001"])).frame
    crossed = found[~found["stayed"]].set_index("from_network")
    assert crossed.loc[NEW, "to_network"] == "Harbour PCN"
    assert crossed.loc["Lighthouse PCN", "to_network"] == GONE
    assert "No network" in set(found["from_network"]), "a practice in none stayed so"


def test_a_place_without_earlier_maps_has_empty_tables_that_can_be_released(marlhaven):
    tables = {name: table for name, table in marlhaven.tables.items() if name != EARLIER}
    place = replace(marlhaven, tables=tables)
    for table in (changed(place), memberships(place)):
        assert len(release(table, profile="open_data")) == 0


def test_the_last_date_is_that_of_the_place(marlhaven):
    later = replace(marlhaven, index_date=dt.date(2027, 1, 1))
    assert set(memberships(later).frame["after"]) == {"1 October 2024", "1 January 2027"}
