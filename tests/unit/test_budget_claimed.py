"""Claims of a network against the sum that it is entitled to, from its own file, invented, or not there."""

import warnings

import pytest
from handmade import PUBLISHED
from paid_places import network_with

from pcn_analysis.budget.claimed import claimed
from pcn_analysis.budget.claims import FOLDER
from pcn_analysis.budget.given_files import path_of
from pcn_analysis.exceptions import DisclosureError, PcnAnalysisError
from pcn_analysis.place import network_of
from pcn_analysis.provenance import SourcedTable
from pcn_analysis.release import release
from pcn_analysis.synthetic.place import invent_place

pytestmark = pytest.mark.unit


def real_network():
    """50,000 patients, whom nobody invented."""
    network = network_with({"A00001": 50_000})
    tables = network.place.tables
    for name, table in list(tables.items()):
        tables[name] = SourcedTable(table.frame, PUBLISHED)
    return network


def put(folder, network, text):
    path = path_of(network, FOLDER, folder)
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


def total_of(table):
    return table.frame[table.frame["level"] == "sum"].iloc[0]


def test_a_file_is_held_against_the_entitlement_and_goes_on_from_its_last_month(tmp_path):
    """Six months at 5,000 and six more like the last come to 60,000 of 26.631 x 10,000 = 266,310."""
    network = real_network()
    warnings.simplefilter("error")  # a warning would stand on the page
    months = "".join(f"2025-{month:02d},clinical_pharmacist,1,5000\n" for month in range(4, 10))
    put(tmp_path, network, "month,role,wte,amount\n" + months)
    table = claimed(network, "2025/26", weighted=10_000, raw=tmp_path)
    row = total_of(table)
    assert [float(row[name]) for name in ("claimed", "going_on", "forecast")] == [30_000, 30_000, 60_000]
    assert float(row["sum"]) == pytest.approx(266_310)
    assert float(row["lapses"]) == pytest.approx(206_310)
    assert row["last_claimed"] == "September 2025"


def test_a_row_says_how_sure_the_sum_and_the_ceilings_are_that_it_rests_on(tmp_path):
    """2023/24: 22.671 is published, as its ceilings are; 2022/23: 16.70 is to verify, and what lapses is published."""
    network = real_network()
    put(tmp_path, network, "month,role,wte,amount\n2023-08,clinical_pharmacist,1,5000\n2023-08,paramedic,1,5000\n")
    frame = claimed(network, "2023/24", weighted=10_000, raw=tmp_path).frame.set_index("name")
    assert frame["ceiling_standing"].to_list() == ["published", "not known", "published"]
    assert frame["sum_standing"].to_list() == ["", "", "published"]
    assert frame["standing"].to_list() == ["published", "not known", "published"]
    path_of(network, FOLDER, tmp_path).write_text("month,role,wte,amount\n2022-11,clinical_pharmacist,1,5000\n")
    row = total_of(claimed(network, "2022/23", weighted=10_000, raw=tmp_path))
    assert row[["ceiling_standing", "sum_standing", "standing"]].to_list() == ["published", "to verify", "to verify"]
    path_of(network, FOLDER, tmp_path).write_text("month,role,wte,amount\n2025-11,clinical_pharmacist,1,5000\n")
    row = total_of(claimed(network, "2025/26", weighted=10_000, raw=tmp_path))
    assert row[["ceiling_standing", "sum_standing", "standing"]].to_list() == ["to verify", "published", "to verify"]


def test_claims_of_more_than_a_limit_by_number_are_flagged_by_the_size_of_the_network(tmp_path):
    """One enhanced practice nurse in 2024/25 for 50,000 patients, two for 100,000."""
    text = "month,role,wte,amount\n2024-11,enhanced_practice_nurse,1.5,5000\n2024-11,paramedic,1,4000\n"
    flags = []
    for patients in (50_000, 100_000):
        network, folder = network_with({"A00001": patients}), tmp_path / str(patients)
        put(folder, network, text)
        flags.append(claimed(network, "2024/25", raw=folder).frame.set_index("name")["above_limit"])
    assert [of["Enhanced practice nurse"] for of in flags] == ["yes", "no"]
    assert [of["Paramedic"] for of in flags] == ["not known", "not known"]
    assert [of["All roles but general practitioners"] for of in flags] == ["yes", "not known"]


def test_what_claims_are_held_against_is_among_their_sources(tmp_path):
    network = real_network()
    put(tmp_path, network, "month,role,wte,amount\n2025-04,paramedic,1,4000\n")
    titles = {one.title for one in claimed(network, "2025/26", weighted=10_000, raw=tmp_path).provenance.sources}
    assert {"Claims for additional roles", "Clauses of the Network Contract by contract year",
            "Weighted patients of the network"} <= titles  # fmt: skip


def test_a_file_of_a_network_is_not_released_as_open_data(tmp_path):
    network = real_network()
    put(tmp_path, network, "month,role,wte,amount\n2025-04,paramedic,1,4000\n")
    table = claimed(network, "2025/26", raw=tmp_path)
    with pytest.raises(DisclosureError, match="not published"):
        release(table, profile="open_data")
    assert len(release(table)) == 2


def test_the_sum_of_a_network_without_weighted_lists_is_not_known(tmp_path):
    network = real_network()
    put(tmp_path, network, "month,role,wte,amount\n2025-04,paramedic,1,4000\n")
    row = total_of(claimed(network, "2025/26", raw=tmp_path))
    assert row[["sum", "lapses"]].isna().all()
    assert row["standing"] == "not known"


def test_a_real_network_without_a_file_has_no_claims_and_none_are_invented(tmp_path):
    table = claimed(real_network(), "2025/26", raw=tmp_path)
    assert table.frame.empty
    assert len(release(table)) == 0
    assert "contract_year" in table.frame


def test_what_is_wrong_with_a_file_is_told(tmp_path):
    network = real_network()
    put(tmp_path, network, "month,role,wte,amount\n2024-04,paramedic,1,4000\n")
    with pytest.raises(PcnAnalysisError, match="a month outside 2025/26"):
        claimed(network, "2025/26", raw=tmp_path)


@pytest.mark.parametrize("year", ["2019/20", "2022/23", "2025/26", "2026/27"])
def test_claims_of_the_invented_place_end_with_december_whatever_the_year(year, tmp_path):
    table = claimed(network_of(invent_place(), "U00001"), year, raw=tmp_path)
    assert table.provenance.synthetic
    assert total_of(table)["last_claimed"] == f"December {year[:4]}"


def test_general_practitioners_have_a_sum_of_their_own_in_2024_25(tmp_path):
    frame = claimed(network_of(invent_place(), "U00001"), "2024/25", raw=tmp_path).frame
    sums = frame[frame["level"] == "sum"].set_index("name")["sum"]
    assert sums.index.to_list() == ["All roles but general practitioners", "General practitioners"]
    assert sums.notna().all()
