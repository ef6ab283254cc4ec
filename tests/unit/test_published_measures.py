"""Measures that are published of a network's services: read from the file, taken to a place, added up and compared."""

from __future__ import annotations

import pandas as pd
import pytest

from pcn_analysis import codelists, profile
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.place import network_of
from pcn_analysis.release import release
from pcn_analysis.services.published import published_by_practice, published_measures
from pcn_analysis.sources.local_authority import prepare_place
from pcn_analysis.sources.published_measures import read_published_measures
from pcn_analysis.statistics.rates import wilson
from tests import contract_measures as iif
from tests import miniature as mini

pytestmark = pytest.mark.unit

CODELIST = codelists.rows("published_measures")


def read(folder, frame=None):
    return read_published_measures(iif.write_contract_measures(folder, frame) / iif.NAME)


@pytest.fixture(scope="module")
def northfield(tmp_path_factory):
    folder = iif.write_contract_measures(mini.write_open_data(tmp_path_factory.mktemp("with")))
    return prepare_place("Northfield", folder)


@pytest.fixture(scope="module")
def without(tmp_path_factory):
    return prepare_place("Northfield", mini.write_open_data(tmp_path_factory.mktemp("without")))


@pytest.fixture(scope="module")
def central(northfield):
    return network_of(northfield, "U90001")


def of(table):
    return table.frame.set_index("measure")


# -- what there is -----------------------------------------------------------------------------------------


def test_each_measure_is_named_once_with_service_year_and_source():
    assert len({row["measure"] for row in CODELIST}) == len(CODELIST)
    for row in CODELIST:
        assert all(row[name] for name in ("service", "service_name", "name", "clause", "contract_year", "source"))
        assert row["level"] in ("network", "practice"), row["measure"]
        assert row["kind"] in ("people", "appointments", "events"), row["measure"]
        assert row["direction"] in ("higher is better", "neither", "not known"), row["measure"]


def test_what_acc_10_counts_is_not_known_and_nowhere_guessed():
    of_acc_10 = [row for row in CODELIST if row["measure"].startswith("acc_10")]
    assert len(of_acc_10) == 4
    assert all("What it counts is not known" in row["note"] for row in of_acc_10)
    assert {row["direction"] for row in of_acc_10} == {"not known"}


def test_registers_are_those_of_the_qof():
    known = {row["register"] for row in codelists.rows("qof_registers")}
    listed = {row["code"] for row in CODELIST if row["published_in"] == "QOF 2024/25"}
    assert listed <= known
    assert {"HYP", "AF", "CHD", "STIA", "HF", "DM", "CKD", "LD", "MH", "DEM", "PC", "CAN", "OB", "NDH"} == listed


# -- the file ----------------------------------------------------------------------------------------------


def test_numerator_and_denominator_of_an_organisation_stand_in_one_row(tmp_path):
    rows = read(tmp_path).set_index(["organisation_code", "measure"])
    alder = rows.loc[("A90001", "acc_08")]
    assert (alder["numerator"], alder["denominator"], alder["contract_year"]) == (8_000, 10_000, "2023/24")
    assert (alder["organisation_type"], alder["organisation_name"]) == ("practice", "Alder Surgery")
    assert rows.loc[("U90002", "acc_10"), ["numerator", "denominator"]].to_list() == [120, 8_000]
    assert pd.isna(rows.loc[("A90001", "ehch_04"), "denominator"]), "none is published"


@pytest.mark.parametrize("cell", ["", "*"])
def test_a_value_that_is_withheld_or_blank_is_null_and_no_nought(tmp_path, cell):
    frame = iif.with_value(iif.contract_measures(), "A90001", "ACC-08 Numerator", cell)
    rows = read(tmp_path, frame).set_index(["organisation_code", "measure"])
    assert pd.isna(rows.loc[("A90001", "acc_08"), "numerator"])
    assert rows.loc[("A90001", "acc_08"), "denominator"] == 10_000
    assert rows.loc[("A90002", "ehch_04"), "numerator"] == 0, "a nought that is published stays one"


def test_everything_that_is_wrong_inside_is_told_at_once(tmp_path):
    frame = iif.with_value(iif.contract_measures(), "A90001", "ACC-08 Numerator", "many")
    frame = iif.with_value(frame, "A90003", "ACC-08 Numerator", "-5")
    frame.loc[frame["ORGANISATION_CODE"] == "U90009", "ACH_DATE"] = "31/03/2023"
    frame.loc[frame["ORGANISATION_CODE"] == "A90006", "ORGANISATION_CODE"] = "6"
    frame = frame[frame["IND_CODE"] != "NCDMI191"]
    strange = frame.iloc[[0]].assign(MEASURE="ACC-11 numerator")
    with pytest.raises(PcnAnalysisError) as error:
        read(tmp_path, pd.concat([frame, frame.iloc[[0]], strange]))
    told = str(error.value)
    for what in (
        "column ach_date is not 31/03/2024 in 4 rows",
        "column value holds no number in 2 rows",
        "1 row repeated, by organisation, indicator and measure",
        "1 row of measures that the file of 2023/24 does not have",
        "lacks ACC-10b non-standardised numerator, ACC-10b baseline non-standardised numerator",
        "column organisation_code holds no code of a network or practice in 3 rows",
    ):
        assert what in told, told
    assert len(error.value.problems) == 6
    assert "many" not in told


def test_a_part_that_is_larger_than_the_whole_is_refused(tmp_path):
    frame = iif.with_value(iif.contract_measures(), "A90001", "ACC-08 Numerator", "10001")
    with pytest.raises(PcnAnalysisError, match="a part is larger than the whole in 1 row"):
        read(tmp_path, frame)


def test_a_measure_of_networks_is_refused_of_a_practice(tmp_path):
    frame = iif.contract_measures()
    frame.loc[frame["ORGANISATION_CODE"] == "U90009", "ORGANISATION_TYPE"] = "GP practice"
    with pytest.raises(PcnAnalysisError, match="6 rows of measures that the file of 2023/24 does not have"):
        read(tmp_path, frame)


# -- the place ---------------------------------------------------------------------------------------------


def test_the_place_holds_its_networks_its_practices_and_those_that_they_absorbed(northfield):
    frame = northfield.tables["published_measures"].frame
    assert set(frame["organisation_code"]) == {
        *("U90001", "U90002", "A90001", "A90002", "A90003", "A90005", "A90007", "England"),
    }
    assert set(frame.loc[frame["survivor"].notna(), "organisation_code"]) == {"A90007"}
    assert set(frame.loc[frame["organisation_code"] == "A90007", "survivor"]) == {"A90002"}


def test_the_country_is_the_sum_of_all_that_is_published(northfield):
    frame = northfield.tables["published_measures"].frame
    england = frame[frame["organisation_type"] == "comparator"].set_index("measure")
    assert england.loc["acc_08", ["numerator", "denominator"]].to_list() == [31_700, 40_000]
    assert england.loc["acc_10", ["numerator", "denominator"]].to_list() == [280, 20_000]
    assert england.loc["ehch_04", "numerator"] == 110
    assert pd.isna(england.loc["ehch_04", "denominator"])


def test_a_reader_is_told_how_organisations_differ_from_those_of_today(northfield):
    told = northfield.notes
    assert "1 practice has no measures published for 2023/24: A90004." in told
    assert "1 network had another name in 2023/24: U90002, then Coast PCN." in told
    assert (
        "1 network was of another size in 2023/24, and may have had other practices: U90002, 8,000 then and 4,500 now."
        in told
    )
    assert (
        "1 practice with measures published for 2023/24 was absorbed since and not added to the successor: "
        "A90007 in A90002." in told
    )


def test_a_network_that_was_not_published_is_named(tmp_path):
    place = prepare_place("England", iif.write_contract_measures(mini.write_open_data(tmp_path)))
    assert "1 network has no measures published for 2023/24: U90003." in place.notes
    southmere = of(published_measures(network_of(place, "U90003")))
    assert southmere.loc["acc_10", "status"] == "not published"
    assert southmere.loc["acc_08", "status"] == "published", "its practice was"


# -- a network ---------------------------------------------------------------------------------------------


def test_practices_of_today_are_added_up_and_what_they_absorbed_is_not(central):
    row = of(published_measures(central)).loc["acc_08"]
    assert (row["numerator"], row["denominator"]) == (13_000, 16_000), "without the 700 of 1,000 of Gorse Surgery"
    assert (row["practices"], row["practices_published"]) == (2, 2)
    assert row["value"] == 13_000 / 16_000
    assert row["comparator_value"] == 31_700 / 40_000


def test_a_network_is_shown_as_published_and_never_added_up_from_practices(central):
    row = of(published_measures(central)).loc["acc_10"]
    assert (row["numerator"], row["denominator"], row["level"]) == (100, 7_000, "network")
    assert pd.isna(row["practices"])
    assert row["place_numerator"] == 220


def test_only_measures_of_people_have_limits_and_are_compared(central):
    rows = published_measures(central).frame
    people = rows["kind"] == "people"
    assert rows.loc[people, ["value_lower", "value_upper", "value_compared"]].notna().all(axis=None)
    assert rows.loc[~people, ["value_lower", "value_upper", "value_compared"]].isna().all(axis=None)
    low, high = wilson(rows["numerator"], rows["denominator"])
    assert rows.loc[people, "value_lower"].to_list() == low[people].to_list()
    assert rows.loc[people, "value_upper"].to_list() == high[people].to_list()


def test_registers_are_those_of_the_profile(central):
    shown = of(published_measures(central))
    profiled = profile.prevalence(central).frame.set_index("register")
    for row in CODELIST:
        if row["published_in"] == "QOF 2024/25":
            ours, theirs = shown.loc[row["measure"]], profiled.loc[row["code"]]
            assert ours["value"] == theirs["prevalence"], row["measure"]
            assert ours["place_value"] == theirs["place_prevalence"], row["measure"]
            assert ours["value_compared"] == theirs["prevalence_compared"], row["measure"]


@pytest.mark.parametrize("label", ["ACC-08 Numerator", "ACC-08 Denominator"])
def test_a_practice_whose_value_is_withheld_is_left_out_of_part_and_whole(tmp_path, label):
    frame = iif.with_value(iif.contract_measures(), "A90001", label, "*")
    folder = iif.write_contract_measures(mini.write_open_data(tmp_path), frame)
    network = network_of(prepare_place("Northfield", folder), "U90001")
    row = of(published_measures(network)).loc["acc_08"]
    assert (row["numerator"], row["denominator"]) == (5_000, 6_000)
    assert (row["practices"], row["practices_published"]) == (2, 1)
    assert row["comparator_denominator"] == 30_000
    alder = published_by_practice(network, "acc_08").frame.set_index("practice_code").loc["A90001"]
    assert (alder["status"], pd.isna(alder["value"])) == ("not published", True)


def test_without_the_file_a_place_is_made_and_its_measures_are_not_known(without):
    assert without.missing["published_measures"].startswith("Not known: no file IIF_indicators_annual_pub_2023_24")
    assert not any("Network Contract" in note for note in without.notes)
    table = published_measures(network_of(without, "U90001"))
    status = of(table)["status"]
    assert (status["acc_08"], status["ehch_04"], status["acc_10"]) == ("not known",) * 3
    assert status["qof_hyp"] == "published"
    of_file = table.frame[table.frame["year"] == "2023/24"]
    assert of_file[["numerator", "value", "comparator_value"]].isna().all(axis=None)


def test_a_service_shows_its_own_measures(central):
    frame = published_measures(central, "care_homes").frame
    assert frame[["measure", "service"]].to_numpy().tolist() == [
        ["qof_dem", "Enhanced health in care homes"],
        ["ehch_04", "Enhanced health in care homes"],
    ]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (lambda network: published_measures(network, "care_home"), "Did you mean care_homes?"),
        (lambda network: published_by_practice(network, "acc_80"), "acc_08"),
        (lambda network: published_by_practice(network, "acc_10"), "is not published of practices"),
    ],
)
def test_what_there_is_not_is_refused_in_plain_words(central, asked, says):
    with pytest.raises(PcnAnalysisError, match=says):
        asked(central)


def test_practices_have_a_row_each_and_so_has_one_that_was_absorbed(central):
    rows = published_by_practice(central, "acc_08").frame
    assert rows[["practice_name", "numerator", "denominator"]].to_numpy().tolist() == [
        ["Alder Surgery", 8_000, 10_000],
        ["Birch Practice", 5_000, 6_000],
        ["Gorse Surgery", 700, 1_000],
    ]
    assert rows["absorbed_by"].isna().to_list() == [True, True, False]
    assert rows["absorbed_by"].iloc[2] == "A90002"


def test_what_is_shown_leaves_as_open_data_unchanged(central):
    for table in (published_measures(central), published_by_practice(central, "qof_hyp")):
        released = release(table, profile="open_data")
        pd.testing.assert_frame_equal(released.frame, table.frame)
        titles = [source.title for source in table.provenance.sources]
        assert any("Investment and Impact Fund" in title for title in titles)
        assert any("Quality and Outcomes Framework" in title for title in titles)


def test_the_invented_place_has_invented_measures_and_says_so(harbour):
    table = published_measures(harbour)
    assert table.provenance.label == "SYNTHETIC"
    assert set(table.frame["status"]) == {"published"}
    lighthouse = network_of(harbour.place, "U00003")
    assert published_by_practice(lighthouse, "acc_08").frame["absorbed_by"].dropna().to_list() == ["X90014"]
    alone = harbour.place.tables["practices"].frame.set_index("practice_code")["pcn_code"].isna()
    measured = set(harbour.place.tables["published_measures"].frame["organisation_code"])
    assert measured.isdisjoint(alone.index[alone])
