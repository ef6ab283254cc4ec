"""Where patients live now, estimated from an earlier count: small examples worked by hand."""

import pandas as pd
import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.sources.nowcast import add_predecessors, scale_to_lists, to_lsoa21

pytestmark = pytest.mark.unit

# E01000001 stays; E01000002 is split in two; E01000003 and E01000004 are merged.
LINKS = pd.DataFrame(
    [
        ("E01000001", "E01000001"),
        ("E01000002", "E01033001"),
        ("E01000002", "E01033002"),
        ("E01000003", "E01033003"),
        ("E01000004", "E01033003"),
    ],
    columns=["lsoa11_code", "lsoa21_code"],
)
RESIDENTS = pd.Series({"E01000001": 1500, "E01033001": 1000, "E01033002": 3000, "E01033003": 2000})


def counted(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["practice_code", "area_code", "patients"])


def by_area(counts: pd.DataFrame) -> dict[str, float]:
    assert not counts.duplicated(["practice_code", "area_code"]).any()
    return counts.set_index("area_code")["patients"].to_dict()


# -- from areas of 2011 to areas of 2021 -------------------------------------------------------------------


def test_an_unchanged_area_keeps_its_patients():
    assert by_area(to_lsoa21(counted(("A1", "E01000001", 30)), LINKS, RESIDENTS)) == {"E01000001": 30}


def test_a_split_area_is_shared_out_by_residents():
    found = by_area(to_lsoa21(counted(("A1", "E01000002", 200)), LINKS, RESIDENTS))
    assert found == {"E01033001": 50, "E01033002": 150}


def test_a_split_area_without_known_residents_is_shared_out_equally():
    found = by_area(to_lsoa21(counted(("A1", "E01000002", 200)), LINKS, RESIDENTS.iloc[:1]))
    assert found == {"E01033001": 100, "E01033002": 100}


def test_a_part_without_residents_gets_no_patients():
    residents = RESIDENTS.drop("E01033001")
    found = by_area(to_lsoa21(counted(("A1", "E01000002", 200)), LINKS, residents))
    assert found == {"E01033001": 0, "E01033002": 200}


def test_merged_areas_add_up():
    found = by_area(to_lsoa21(counted(("A1", "E01000003", 20), ("A1", "E01000004", 5)), LINKS, RESIDENTS))
    assert found == {"E01033003": 25}


def test_residuals_are_not_touched():
    counts = counted(("A1", "unknown", 7), ("A1", "outside_england", 3), ("A1", "E01000001", 1))
    assert by_area(to_lsoa21(counts, LINKS, RESIDENTS)) == {"unknown": 7, "outside_england": 3, "E01000001": 1}


def test_every_practice_keeps_its_total():
    counts = counted(("A1", "E01000002", 33), ("A1", "E01000003", 10), ("A2", "E01000002", 1), ("A2", "unknown", 2))
    totals = to_lsoa21(counts, LINKS, RESIDENTS).groupby("practice_code")["patients"].sum()
    assert totals.to_dict() == pytest.approx({"A1": 43, "A2": 3}, abs=1e-9)


def test_areas_missing_from_the_lookup_are_counted_in_one_error():
    counts = counted(("A1", "E01999998", 1), ("A1", "E01999999", 1), ("A2", "E01999999", 1))
    with pytest.raises(PcnAnalysisError, match="2 LSOA codes of the counts are not in it"):
        to_lsoa21(counts, LINKS, RESIDENTS)


# -- merged practices --------------------------------------------------------------------------------------


def test_a_survivor_is_given_the_patients_of_the_practice_that_it_absorbed():
    counts = counted(("A1", "E01000001", 10), ("A2", "E01000001", 5), ("A2", "unknown", 1), ("A3", "E01000001", 9))
    mergers = pd.DataFrame({"closed_practice": ["A2"], "survivor": ["A1"]})
    moved = add_predecessors(counts, mergers).set_index(["practice_code", "area_code"])["patients"].to_dict()
    assert moved == {("A1", "E01000001"): 15, ("A1", "unknown"): 1, ("A3", "E01000001"): 9}


def test_without_mergers_the_counts_stay_as_they_were():
    counts = counted(("A1", "E01000001", 10), ("A2", "unknown", 5))
    mergers = pd.DataFrame(columns=["closed_practice", "survivor"])
    pd.testing.assert_frame_equal(add_predecessors(counts, mergers), counts)


# -- the list of today -------------------------------------------------------------------------------------


def test_a_distribution_is_scaled_to_the_list_of_today():
    counts = counted(("A1", "E01000001", 30.0), ("A1", "unknown", 10.0))
    assert by_area(scale_to_lists(counts, pd.Series({"A1": 80}))) == {"E01000001": 60, "unknown": 20}


def test_a_practice_that_closed_is_left_out():
    counts = counted(("A1", "E01000001", 30.0), ("A2", "E01000001", 9.0))
    assert scale_to_lists(counts, pd.Series({"A1": 30}))["practice_code"].to_list() == ["A1"]


def test_a_new_practice_has_its_whole_list_in_unknown():
    found = scale_to_lists(counted(("A1", "E01000001", 30.0)), pd.Series({"A1": 30, "A9": 700}))
    assert found.to_numpy().tolist() == [["A1", "E01000001", 30], ["A9", "unknown", 700]]


def test_a_practice_whose_earlier_counts_are_all_zero_loses_no_patient():
    found = scale_to_lists(counted(("A1", "E01000001", 0.0)), pd.Series({"A1": 500}))
    assert found["patients"].sum() == 500
