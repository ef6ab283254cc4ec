"""Sizes, lines and years of the contract's money: what is known, of when it is, and what lacks."""

from dataclasses import replace

import pandas as pd
import pytest
from paid_places import network_with

from pcn_analysis import codes
from pcn_analysis.budget.assumptions import OF_MONEY, money_assumptions
from pcn_analysis.budget.entitlement import COLUMNS, entitlement
from pcn_analysis.budget.practice_shares import practice_shares
from pcn_analysis.budget.sizes import sizes_of
from pcn_analysis.budget.two_years import two_years
from pcn_analysis.contract import lines as contract_lines
from pcn_analysis.contract.clauses import MONEY, NOT_KNOWN, PUBLISHED, Row, tables
from pcn_analysis.contract.lines import basis_of, lines, lines_in, read_lines
from pcn_analysis.contract.years import COLUMNS as YEAR_COLUMNS
from pcn_analysis.contract.years import YEARS, read_years
from pcn_analysis.exceptions import DisclosureError, PcnAnalysisError
from pcn_analysis.place import network_of
from pcn_analysis.release import release
from pcn_analysis.synthetic.place import invent_place
from tests.unit.vignettes import tiny_place

pytestmark = pytest.mark.unit

SIZES = {"registered": 50_000, "weighted": 52_000, "adjusted": 51_000, "beds": 400}
LAST_YEAR = "2022/23"


@pytest.fixture(scope="module")
def network():
    return network_of(invent_place(), "U00001")


def line_of(table, line, basis=None):
    rows = table.frame[table.frame["line"] == line]
    return (rows if basis is None else rows[rows["basis"] == basis]).iloc[0]


def weighted(lists, paid):
    return sizes_of(network_with(lists, paid)).by_basis["weighted"]


# -- years and lines are data ------------------------------------------------------------------------------


def test_contract_years_follow_each_other():
    text = ",".join(YEAR_COLUMNS) + "\n2019/20,,BMA,\n2021/22,,BMA,\n"
    with pytest.raises(PcnAnalysisError, match=r"2021/22 does not follow the year before it\. Write 2020/21 there"):
        read_years(text)
    with pytest.raises(PcnAnalysisError, match="19 does not follow"):
        read_years(text.replace("2019/20", "19"))


@pytest.mark.parametrize(("text", "told"), [("year\n2019/20", "has other columns"),
                                            (",".join(YEAR_COLUMNS), "there is no contract year in it")])  # fmt: skip
def test_a_file_of_years_with_nothing_to_read_is_refused(text, told):
    with pytest.raises(PcnAnalysisError, match=told):
        read_years(text)


def test_everything_that_is_wrong_with_lines_is_told_at_once():
    text = ",".join(contract_lines.COLUMNS) + "\ncore,,Core,2018/19,,to the network,,\nbeds,a,Beds,2019/20,,us,,BMA"
    with pytest.raises(PcnAnalysisError) as caught:
        read_lines(text + "\nbeds,a,Beds,2020/21,,us,,BMA", {"a": []})
    assert [one.what for one in caught.value.problems] == [
        "it has neither a clause nor a reason",
        "source is empty",
        "2018/19 is no contract year",
        "beds has another row with its clause for some of its years",
    ]
    with pytest.raises(PcnAnalysisError, match="has other columns"):
        read_lines("line\ncore", {})


def test_a_line_is_paid_on_a_size_that_is_known_in_each_of_its_years():
    """A unit that is written otherwise would have been a traceback at the first network."""
    text = ",".join(contract_lines.COLUMNS) + "\ncore,core,Core,2023/24,,to the network,,BMA"
    row = Row(
        "payments", "core", "Core", "1.5", "GBP per registered patient", "2024/25", "2024/25", PUBLISHED, "BMA", ""
    )
    with pytest.raises(PcnAnalysisError) as caught:
        read_lines(text, {"core": [row]})
    assert "clause core has the unit GBP per registered patient, and no size" in str(caught.value)
    assert "Did you mean GBP a registered patient" in str(caught.value)
    assert read_lines(text, {"core": [replace(row, unit="GBP a registered patient")]})
    earlier = text.replace("2023/24,,", "2019/20,2020/21,")
    other = replace(row, unit="GBP a registered patient", from_year="2019/20", to_year="2020/21")
    assert read_lines(earlier, {"core": [other, row]}), "its years alone are looked at"


def test_every_line_that_is_a_sum_is_paid_on_a_size_that_is_known_here():
    units = {row.clause: row.unit for table in tables().values() for row in table}
    for one in lines():
        if one.clause and not one.without_sum:
            assert basis_of(units[one.clause]), one.clause


def test_rates_say_when_they_end_so_that_none_is_taken_for_a_year_that_is_added():
    for row in tables()["network_payments"]:
        assert row.from_year
        assert row.to_year, f"{row.clause} of {row.from_year}"


def test_every_rate_of_the_table_is_of_a_line():
    used = {one.clause for one in lines()}
    assert {row.clause for row in tables()["network_payments"]} <= used


def test_a_line_that_goes_on_without_a_rate_is_there_and_not_known(network):
    last = entitlement(network, YEARS[-1], **SIZES)
    assert set(last.frame["standing"]) == {NOT_KNOWN}
    assert last.frame["amount"].isna().all(), "no payment is carried over, and none is 0"
    assert line_of(last, "total")["missing"] == f"{len(last.frame) - 1} of {len(last.frame) - 1} lines are not known"


def test_lines_begin_and_end_as_the_contract_says():
    by_year = {year: {one.line for one in lines_in(year)} for year in YEARS}
    assert "leadership" not in by_year["2020/21"]
    assert "leadership" in by_year["2023/24"]
    assert {"leadership", "clinical_director"} & by_year["2024/25"] == set(), "within core funding"
    assert {year for year in YEARS if "support" in by_year[year]} == {"2020/21"}
    assert {year for year in YEARS if "additional_roles_gp" in by_year[year]} == {"2024/25"}


# -- sizes -------------------------------------------------------------------------------------------------


def test_the_published_list_is_taken_for_any_year_and_says_of_when_it_is(network):
    row = line_of(entitlement(network, "2020/21"), "core")
    assert (row["size"], row["size_of"]) == (58_640, "list of 1 July 2026")
    assert line_of(entitlement(network, "2020/21", registered=50_000), "core")["size_of"] == "given"


def test_what_nobody_publishes_is_not_known_unless_it_is_given(network):
    without, given = (line_of(entitlement(network, "2023/24", **more), "care_home_premium")
                      for more in ({}, {"beds": 0}))  # fmt: skip
    assert pd.isna(without["amount"])
    assert "not published" in without["missing"]
    assert (given["amount"], given["standing"], given["missing"]) == (0, PUBLISHED, ""), "no bed is no money"


def test_a_place_made_without_payments_has_no_weighted_lists(network):
    tables = {name: table for name, table in network.place.tables.items() if name != "practice_payments"}
    bare = replace(network, place=replace(network.place, tables=tables))
    row = line_of(entitlement(bare, "2023/24"), "additional_roles")
    assert pd.isna(row["size"])
    assert row["missing"] == "weighted lists, which the place was made without"
    assert row["rate"] == 22.671, "its rate is known all the same"


def test_weighted_lists_are_those_of_the_practices_of_today_and_of_whom_they_absorbed():
    rows = [("A1", LAST_YEAR, 1000.5, None), ("A2", LAST_YEAR, 500.0, None), ("A9", LAST_YEAR, 200.25, "A2"),
            ("B1", LAST_YEAR, 7000.0, None), ("A1", "2021/22", 1.0, None)]  # fmt: skip
    size = weighted({"A1": 900, "A2": 650}, rows)
    assert (size.value, size.of) == (1000.5 + 500 + 200.25, "weighted list of 2022/23")
    assert size.by_practice["size"].to_list() == [1000.5, 700.25]


def test_a_practice_that_came_of_a_merger_has_the_lists_of_those_that_it_absorbed():
    rows = [("A8", LAST_YEAR, 300.0, "A1"), ("A9", LAST_YEAR, 200.0, "A1")]
    assert weighted({"A1": 480}, rows).value == 500


@pytest.mark.parametrize("row", [("A2", LAST_YEAR, None, None), ("A2", LAST_YEAR, 0.0, None),
                                 ("C1", LAST_YEAR, 5.0, None)],
                         ids=["null", "a list of 0", "no row"])  # fmt: skip
def test_one_practice_without_a_weighted_list_leaves_the_network_without(row):
    size = weighted({"A1": 900, "A2": 650}, [("A1", LAST_YEAR, 1000.0, None), row])
    assert (size.value, size.missing) == (None, "the weighted list of 1 practice of 2")


def test_a_practice_that_closed_with_nobody_takes_nothing_away():
    rows = [("A1", LAST_YEAR, 1000.0, None), ("A9", LAST_YEAR, 0.0, "A1")]
    assert weighted({"A1": 900}, rows).value == 1000


def test_sizes_that_are_none_are_told_together(network):
    with pytest.raises(PcnAnalysisError) as caught:
        entitlement(network, "2023/24", registered=-1, beds=float("nan"), adjusted=5)
    assert [one.where for one in caught.value.problems] == ["registered", "beds"]


def test_a_whole_place_is_its_networks_together():
    place = invent_place()
    each = [entitlement(network_of(place, code), "2023/24").frame for code in place.networks()["pcn_code"]]
    whole = entitlement(network_of(place, codes.WHOLE_PLACE), "2023/24").frame
    cores = [frame.loc[frame["line"] == "core", "amount"].item() for frame in each]
    assert whole.loc[whole["line"] == "core", "amount"].item() == pytest.approx(sum(cores))


def test_practices_in_no_network_are_entitled_to_nothing_and_are_no_row():
    alone = network_of(tiny_place(), codes.UNALLOCATED)
    assert len(entitlement(alone, "2023/24").frame) == 0
    assert len(practice_shares(alone, "2023/24").frame) == 0
    assert len(two_years(alone, "2023/24", "2025/26").frame) == 0


# -- what is said of it ------------------------------------------------------------------------------------


def test_core_funding_of_the_revised_year_is_not_known_and_says_why(network):
    frame = entitlement(network, "2024/25", **SIZES).frame
    core = frame[frame["line"] == "core"]
    assert core["amount"].isna().all()
    assert core["note"].str.contains("2.967 a patient in all").all()


def test_additional_roles_of_the_first_year_are_posts_and_no_sum(network):
    row = line_of(entitlement(network, "2019/20", **SIZES), "additional_roles")
    assert pd.isna(row["amount"])
    assert row["formula"] == "one clinical pharmacist at 70% and one social prescribing link worker at 100%"
    assert row["missing"] == "it is a number of posts in this year and no sum"


def test_a_total_names_the_maxima_in_it(network):
    note = line_of(entitlement(network, "2023/24", **SIZES), "total")["note"]
    assert note == "With maxima: Capacity and access improvement; Additional roles"


def test_tables_of_published_sizes_are_open_data_and_given_ones_are_not(network):
    for table in (entitlement(network, "2023/24"), practice_shares(network, "2023/24"),
                  two_years(network, "2020/21", "2023/24")):  # fmt: skip
        assert len(release(table, profile="open_data"))
    given = entitlement(network, "2023/24", beds=400)
    with pytest.raises(DisclosureError, match="not published"):
        release(given, profile="open_data")
    assert list(release(given).frame.columns) == list(COLUMNS)


@pytest.mark.parametrize("year", YEARS)
def test_assumptions_of_money_are_every_clause_on_it_that_is_not_published(year):
    frame = money_assumptions(year).frame
    assert PUBLISHED not in set(frame["standing"])
    others = {row.clause for name, rows in tables().items() if name not in OF_MONEY for row in rows}
    assert set(frame["clause"]) & others <= {"access_payment", "ehch_premium"}
    payments = [row for row in tables()["network_payments"] if row.covers(year) and row.unit.startswith(MONEY)]
    assert {row.clause for row in payments if row.standing != PUBLISHED} <= set(frame["clause"])


# -- shares of practices -----------------------------------------------------------------------------------


def test_registered_lines_are_shared_by_lists_and_weighted_ones_by_weighted_lists():
    paid = [("A1", LAST_YEAR, 3000.0, None), ("A2", LAST_YEAR, 1000.0, None)]
    frame = practice_shares(network_with({"A1": 1000, "A2": 1000}, paid), "2023/24").frame
    by_line = {line: rows["share"].to_list() for line, rows in frame.groupby("line")}
    assert by_line["core"] == [0.5, 0.5]
    assert by_line["additional_roles"] == [0.75, 0.25]
    assert frame.loc[frame["line"] == "additional_roles", "amount"].to_list() == [68_013, 22_671]


def test_adjusted_populations_and_beds_are_not_known_by_practice(network):
    frame = practice_shares(network, "2023/24", **SIZES).frame
    for line in ("leadership", "care_home_premium"):
        rows = frame[frame["line"] == line]
        assert rows["amount"].isna().all()
        assert set(rows["missing"]) == {"its size, which is not known by practice"}


def test_a_network_whose_lists_are_all_empty_has_nothing_to_share_by():
    frame = practice_shares(network_with({"A1": 0, "A2": 0}), "2023/24", registered=10).frame
    assert frame["amount"].isna().all()
    assert frame["missing"].ne("").all()
    assert set(frame["standing"]) == {NOT_KNOWN}


# -- two years ---------------------------------------------------------------------------------------------


def test_a_difference_is_one_of_rate_and_one_of_size(network):
    before, after = {"registered": 50_000}, {"registered": 52_000}
    row = line_of(two_years(network, "2020/21", "2025/26", before, after), "core", "registered")
    assert row["difference"] == pytest.approx(2.266 * 52_000 - 1.50 * 50_000)
    assert row["of_rate"] == pytest.approx(0.766 * 50_000)
    assert row["of_size"] == pytest.approx(2_000 * 2.266)
    assert row["explained"] == "rate from 1.5 to 2.266: +38,300.00; size from 50,000 to 52,000: +4,532.00"


def test_lines_that_began_or_ended_explain_their_own_difference(network):
    table = two_years(network, "2023/24", "2025/26", SIZES, SIZES)
    began, ended = line_of(table, "core", "adjusted"), line_of(table, "clinical_director")
    assert (began["change"], began["difference"]) == ("began", pytest.approx(37_383))
    assert (ended["change"], ended["difference"]) == ("ended", pytest.approx(-36_450))
    total = line_of(table, "total")
    parts = total[["of_rate", "of_size", "of_beginning_or_end"]].sum()
    assert total["difference"] == pytest.approx(parts)
    assert total["missing"] == "2 of 11 lines are not known"


def test_a_line_that_is_no_sum_in_one_year_is_held_against_its_sum_in_another(network):
    row = line_of(two_years(network, "2019/20", "2021/22", SIZES, SIZES), "additional_roles")
    assert (row["change"], row["basis"]) == ("not known", "weighted")
    assert pd.isna(row["difference"])


def test_a_year_held_against_itself_is_the_same(network):
    frame = two_years(network, "2023/24", "2023/24", SIZES, SIZES).frame
    assert set(frame["change"]) == {"the same", "not known"}
    assert frame["difference"].fillna(0).eq(0).all()


def test_two_years_given_the_other_way_round_change_places_with_their_sizes(network):
    before, after = {"registered": 50_000}, {"registered": 52_000}
    one = two_years(network, "2023/24", "2025/26", before, after).frame
    other = two_years(network, "2025/26", "2023/24", after, before).frame
    pd.testing.assert_frame_equal(one, other)
    assert set(one["earlier"]) == {"2023/24"}
    assert set(one["later"]) == {"2025/26"}
