"""One network at a glance, its catchments, and whom no network covers: of the invented place, and of changed ones."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pcn_analysis import codes
from pcn_analysis.network import catchments, footprint
from pcn_analysis.network.at_a_glance import MEASURES, NO_GROUND, at_a_glance
from pcn_analysis.network.of_place import patients_of
from pcn_analysis.network.own_catchments import catchment_map, outside_networks, uncovered
from pcn_analysis.network.own_ground import grounds, won_of
from pcn_analysis.place import network_of
from pcn_analysis.provenance import SourcedTable
from pcn_analysis.release import release

pytestmark = pytest.mark.unit
HARBOUR, OLD_PRIORY = "U00001", "U00005"
IN_NONE = "X90032"


def changed(place, **tables):
    """The place with other tables."""
    made = {name: SourcedTable(frame, place.tables[name].provenance) for name, frame in tables.items()}
    return replace(place, tables=place.tables | made)


def counts_of(place) -> pd.DataFrame:
    return place.tables["registrations_by_area"].frame.copy()


def moved(place, code: str, to: str):
    """The place with all patients of one network in one area."""
    practices = place.tables["practices"].frame
    own = practices.loc[practices["pcn_code"] == code, "practice_code"]
    counts = counts_of(place)
    counts.loc[counts["practice_code"].isin(own), "area_code"] = to
    counts = counts.groupby(["practice_code", "area_code"], as_index=False)["patients"].sum()
    return changed(place, registrations_by_area=counts)


def said(place, code: str = HARBOUR) -> pd.DataFrame:
    return release(at_a_glance(network_of(place, code)), profile="open_data").frame.set_index("column")


@pytest.fixture(scope="module")
def glance(marlhaven):
    return said(marlhaven)


# -- at a glance -------------------------------------------------------------------------------------------


def test_every_measure_has_a_row_in_words_and_the_band_stands_below_the_size(glance):
    assert list(glance.index) == ["patients", "band", *(measure.column for measure in MEASURES[1:])]
    assert glance.loc["band", ["value", "lowest", "highest"]].to_list() == [
        "over 50,000", "under 30,000", "over 50,000",
    ]  # fmt: skip


def test_values_are_those_of_the_other_tables_of_the_page(marlhaven, glance):
    page = footprint.network_footprints(marlhaven).frame.set_index("pcn_code")
    assert glance.loc["localisation", "value"] == f"{page.loc[HARBOUR, 'localisation']:.1%}"
    assert glance.loc["localisation", "lowest"] == f"{page['localisation'].min():.1%}"
    assert glance.loc["commitment", "highest"] == f"{page['commitment'].max():.1%}"
    assert glance.loc["areas_footprint", "value"] == str(page.loc[HARBOUR, "areas_footprint"])
    beside = footprint.side_by_side(marlhaven).frame.set_index("pcn_code")
    assert glance.loc["effective_networks", "value"] == beside.loc[HARBOUR, "effective_networks"]
    assert glance.loc["compactness", "value"] == str(beside.loc[HARBOUR, "compactness"])
    drawn = catchment_map(network_of(marlhaven, HARBOUR)).frame["catchment"].value_counts()
    assert glance.loc["areas_main", "value"] == str(drawn["core"] + drawn["main"])


def test_what_nobody_knows_of_a_place_is_said_not_to_be_known(glance):
    unknown = ["far_m", "own_m", "nearest_m", "away_share_sub_icb", "rural_registered"]
    assert (glance.loc[unknown, ["value", "lowest", "highest"]] == "not known").all(axis=None)
    assert (glance.loc[unknown, "networks"] == 0).all()
    assert glance.loc["away_share_sub_icb", "measure"] == "Patients outside its sub-ICB location"


def test_distances_are_measured_where_points_are_known(marlhaven):
    """Everyone 3 km east and 4 km north of every practice, but that of one network's practices nobody knows where."""
    areas = marlhaven.tables["areas"].frame.assign(easting=333_000.0, northing=394_000.0)
    practices = marlhaven.tables["practices"].frame.assign(latitude=53.400, longitude=-3.0)
    practices.loc[practices["pcn_code"] == OLD_PRIORY, ["latitude", "longitude"]] = np.nan
    here = said(changed(marlhaven, areas=areas, practices=practices))
    assert here.loc["own_m", "value"] == here.loc["nearest_m", "value"] != "not known"
    assert here.loc["own_m", "networks"] == 4
    assert here.loc["far_m", "value"] == "0.0 km", "they all live in one point"
    assert said(changed(marlhaven, areas=areas, practices=practices), OLD_PRIORY).loc["own_m", "value"] == "not known"


def test_a_small_network_of_rural_patients_may_have_the_waiver(marlhaven):
    areas = marlhaven.tables["areas"].frame.assign(rural_urban="RLN1")
    assert said(marlhaven, OLD_PRIORY).loc["band", "value"] == "under 30,000; rurality not known"
    rural = changed(marlhaven, areas=areas)
    assert said(rural, OLD_PRIORY).loc["band", "value"] == "under 30,000; rural, the floor may be waived"
    assert said(rural).loc["band", "value"] == "over 50,000", "it is not below the floor"
    urban = changed(marlhaven, areas=areas.assign(rural_urban="UN1"))
    assert said(urban, OLD_PRIORY).loc["band", "value"] == "under 30,000"


def test_a_network_that_wins_no_area_has_no_ground_and_is_in_no_range_of_grounds(marlhaven):
    lost = said(moved(marlhaven, HARBOUR, codes.UNKNOWN_AREA))
    for column in ("commitment", "main_part_share", "compactness", "score_resident"):
        assert lost.loc[column, "value"] == NO_GROUND, column
        assert lost.loc[column, "networks"] == 4, column
    assert lost.loc[["areas_footprint", "parts", "holes", "localisation"], "value"].to_list() == ["0", "0", "0", "0.0%"]
    assert lost.loc[["areas_core", "areas_wide", "located_share"], "value"].to_list() == ["0", "0", "0.0%"]
    assert lost.loc["effective_networks", "value"] == "not known"


# -- ground ------------------------------------------------------------------------------------------------


def test_a_tie_goes_to_the_network_whose_patients_live_nearer_on_every_table_of_the_page(marlhaven):
    """One area has as many of two networks; all others of the later code live in the same point."""
    practices, areas = marlhaven.tables["practices"].frame, marlhaven.tables["areas"].frame
    first = practices.drop_duplicates("pcn_code").set_index("pcn_code")["practice_code"]
    one, *others = areas.loc[areas["in_place"], "area_code"].head(3)
    rows = [(HARBOUR, one, 10), (HARBOUR, others[0], 90), (OLD_PRIORY, one, 10), (OLD_PRIORY, others[1], 9)]
    counts = pd.DataFrame([(first[code], area, here) for code, area, here in rows])
    counts.columns = ["practice_code", "area_code", "patients"]
    points = {one: 330_000.0, others[0]: 390_000.0, others[1]: 331_000.0}
    areas = areas.assign(easting=areas["area_code"].map(points), northing=390_000.0)
    tied = changed(marlhaven, registrations_by_area=counts, areas=areas)
    assert won_of(tied).loc[one, "tied"]
    assert won_of(tied).loc[one, "winner"] == OLD_PRIORY
    page = footprint.network_footprints(tied).frame.set_index("pcn_code")["areas_footprint"]
    for code, won in ((HARBOUR, 1), (OLD_PRIORY, 2)):
        network = network_of(tied, code)
        assert page[code] == won
        assert footprint.area_footprint(network).frame["in_footprint"].sum() == won
        assert footprint.footprint_map(network).frame["in_footprint"].sum() == won
        assert catchment_map(network).frame["in_footprint"].sum() == won
        assert said(tied, code).loc["areas_footprint", "value"] == str(won)


def test_ground_without_a_shape_is_counted_and_in_no_part(marlhaven):
    whole = grounds(marlhaven)
    own = won_of(marlhaven)["winner"]
    off = own.index[own == HARBOUR][0]
    bare = replace(marlhaven, boundaries=marlhaven.boundaries[marlhaven.boundaries["area_code"] != off])
    rows = grounds(bare)
    assert rows["areas"].to_list() == whole["areas"].to_list()
    assert rows.loc[HARBOUR, "areas_without_shape"] == 1
    assert (rows["areas_without_shape"].sum(), whole["areas_without_shape"].sum()) == (1, 0)
    assert rows["parts"].to_list() == whole["parts"].to_list(), "nobody knows whether it is a part of its own"


# -- catchments --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "kept"), [(0.5, ["core"]), (0.8, ["core", "main"]), (0.95, ["core", "main", "wide"])]
)
def test_catchments_of_the_map_are_the_cumulative_ones(marlhaven, share, kept):
    frame = catchment_map(network_of(marlhaven, OLD_PRIORY)).frame
    rows = catchments.cumulative(patients_of(marlhaven), share)
    assert frame.loc[frame["catchment"].isin(kept), "area_code"].to_list() == (
        rows.loc[rows["network"] == OLD_PRIORY, "area_code"].to_list()
    )


def test_every_area_of_the_map_and_of_the_catchments_has_a_row_with_or_without_a_shape(marlhaven):
    network = network_of(marlhaven, HARBOUR)
    whole = catchment_map(network).frame
    assert set(whole["area_code"]) >= set(marlhaven.boundaries["area_code"])
    assert whole["mapped"].all()
    first = whole["area_code"][0]
    bare = replace(marlhaven, boundaries=marlhaven.boundaries[marlhaven.boundaries["area_code"] != first])
    rows = catchment_map(network_of(bare, HARBOUR)).frame
    assert rows.loc[~rows["mapped"], "area_code"].to_list() == [first]
    assert rows.loc[0, "geometry"] is None
    assert rows["catchment"].value_counts().to_dict() == whole["catchment"].value_counts().to_dict()


def test_a_network_whose_patients_areas_nobody_knows_has_no_catchment(marlhaven):
    lost = moved(marlhaven, HARBOUR, codes.UNKNOWN_AREA)
    frame = catchment_map(network_of(lost, HARBOUR)).frame
    assert frame["catchment"].isna().all()
    assert frame["share"].isna().all(), "nobody is located: there is no share"
    assert len(frame) == len(marlhaven.boundaries)


# -- whom no network covers --------------------------------------------------------------------------------


def test_areas_without_anybody_and_areas_where_networks_have_less_than_5_percent_are_gaps(marlhaven):
    assert uncovered(network_of(marlhaven, HARBOUR)).frame.empty
    areas = marlhaven.tables["areas"].frame
    empty, thin = areas.loc[areas["in_place"], "area_code"].head(2)
    counts = counts_of(marlhaven)
    counts = counts[~counts["area_code"].isin([empty, thin])]
    here = [(IN_NONE, thin, 970), ("X90001", thin, 30)]
    counts = pd.concat([counts, pd.DataFrame(here, columns=counts.columns[:3])], ignore_index=True)
    rows = uncovered(network_of(changed(marlhaven, registrations_by_area=counts), HARBOUR)).frame
    assert rows[["area_code", "registered", "largest"]].to_numpy().tolist() == [[thin, 1000, 30], [empty, 0, 0]]
    assert rows["share"].to_list() == [0.03, pd.NA]


def test_practices_in_no_network_stand_on_the_ground_of_the_largest_network_there(marlhaven):
    practices = marlhaven.tables["practices"].frame.set_index("practice_code")
    counts = counts_of(marlhaven)
    counts = counts[counts["area_code"].str.startswith("E")]
    counts["network"] = counts["practice_code"].map(practices["pcn_code"])
    by_network = counts.pivot_table(index="area_code", columns="network", values="patients", aggfunc="sum")
    there = counts[counts["practice_code"] == IN_NONE].set_index("area_code")["patients"]
    expected = there.groupby(by_network.idxmax(axis=1)).sum()
    for code in marlhaven.networks()["pcn_code"]:
        row = outside_networks(network_of(marlhaven, code)).frame
        assert row["patients"].sum() == expected.get(code, 0)
        assert set(row["practice_code"]) <= {IN_NONE}
        assert (row["registered"] == practices.loc[IN_NONE, "list_size"]).all()
    assert expected[HARBOUR] > 0
