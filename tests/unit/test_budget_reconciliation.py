"""Published payments beside what the rates give: each reason on a payment that it gives, with the arithmetic.

The network of most examples has two practices with 6,000 and 4,000 registered patients, and 6,600 and 4,400 weighted.
Six months of core funding are 6 x 0.125 x 10,000 = 7,500, of extended hours 0.72 x 10,000 = 7,200.
"""

import pandas as pd
import pytest

from pcn_analysis import codes
from pcn_analysis.budget.held_payments import hold_lines
from pcn_analysis.budget.payment_reasons import FEWEST, REASONS
from pcn_analysis.budget.published_lines import COLUMNS, by_line, lists_of_networks, parts, read_parts
from pcn_analysis.budget.reconciliation import OF_NETWORK, lines_held, networks_held, reasons_found, reconciled
from pcn_analysis.contract.clauses import clause
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.place import network_of
from pcn_analysis.release import release
from pcn_analysis.sources.practice_payments import LINES, network_lines, read_practice_payments
from pcn_analysis.synthetic.place import invent_place
from tests.unit.reconciled_places import TWO_PRACTICES, YEAR, paid_place, paid_tables
from tests.unit.vignettes import NETWORK, tiny_place

pytestmark = pytest.mark.unit


def held(paid, practices=None):
    frame, _ = hold_lines(*paid_tables({NETWORK: (paid, practices or TWO_PRACTICES)}))
    return frame.set_index("line")


REASON_EXAMPLES = [
    ("support", {"support": None}, "none_shown", "0 for every practice"),
    ("support", {"support": -20.0}, "taken_back", "below 0"),
    ("support", {"support": 0.0}, "taken_back", "paid and taken back whole"),
    ("support", {"support": 7_500.0}, "as_computed", "0.75 x 10,000"),
    ("support", {"support": 7_426.0}, "as_computed", "0.99 x 7,500 = 7,425: within 1 per cent"),
    ("participation", {"participation": 19_371.0}, "as_computed", "1.761 x 11,000 weighted"),
    ("support", {"support": 7_050.0, "extended_access": 6_768.0}, "list_of_another_date",
     "7,050 / 0.75 = 6,768 / 0.72 = 9,400, within a tenth of 10,000"),
    ("support", {"support": 7_050.0, "extended_access": 6_800.0}, "unexplained", "9,400 and 9,444: no one list"),
    ("support", {"support": 7_300.0}, "smaller_list", "9,733 patients: 2.7 per cent fewer"),
    ("support", {"support": 7_650.0}, "unexplained", "10,200: lists of earlier dates are not larger"),
    ("leadership", {"leadership": 3_660.0}, "director_alone", "0.061 x 6 x 10,000; 0.736 / 12 x 6 gives 3,680"),
    ("leadership", {"leadership": 7_175.0}, "adjusted_population", "3,680 and 0.3495 x 10,000 adjusted patients"),
    ("leadership", {"leadership": 5_979.0, "support": 6_250.0, "extended_access": 6_000.0}, "adjusted_other_months",
     "5 / 6 of 7,175, and five months of both other lines"),
    ("leadership", {"leadership": 12_000.0}, "unexplained", "an adjusted population of 23,800 may not be"),
    ("extended_access", {"extended_access": 37_640.0}, "enhanced_access_here", "3.764 x 10,000"),
    ("support", {"support": 37_640.0}, "unexplained", "core funding is not where enhanced access may stand"),
    ("support", {"support": 3_750.0}, "half", "7,500 / 2"),
    ("support", {"support": 15_000.0}, "twice", "7,500 x 2"),
    ("support", {"support": 6_150.0, "extended_access": 5_904.0}, "other_months_together",
     "five months of 9,840 patients: 0.625 and 0.6"),
    ("support", {"support": 6_250.0}, "other_months", "five months: 0.625 x 10,000"),
    ("support", {"support": 8_750.0}, "other_months", "seven months: 0.875 x 10,000"),
    ("support", {"support": 4_500.0}, "one_practice", "0.75 x 6,000"),
    ("support", {"support": 10_700.0}, "unexplained", "neither 8 months (10,000) nor 9 (11,250)"),
    ("care_home_premium", {"care_home_premium": 2_400.0}, "whole_beds", "40 beds x 60"),
    ("care_home_premium", {"care_home_premium": 2_450.0}, "bed_months", "245 beds and months of 10"),
    ("care_home_premium", {"care_home_premium": 2_451.37}, "unexplained", "no whole bed and month"),
    ("additional_roles", {"additional_roles": 90_000.0}, "within_maximum", "16.70 x 11,000 = 183,700 at most"),
    ("additional_roles", {"additional_roles": 200_000.0}, "unexplained", "above 183,700"),
    ("investment_and_impact", {"investment_and_impact": 500.0}, "by_points", "no rate"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "paid", "reason", "why"), REASON_EXAMPLES,
                         ids=[f"{line} {reason}: {why}" for line, _, reason, why in REASON_EXAMPLES])  # fmt: skip
def test_a_payment_has_the_first_reason_that_gives_it(line, paid, reason, why):
    assert held(paid).loc[line, "reason"] == reason, why


def test_all_practices_but_one_is_a_reason():
    three = [("A00001", 5_300.0, 5_000.0, False), ("A00002", 3_400.0, 3_000.0, False), ("A3", 1_300.0, 1_000.0, False)]
    assert held({"support": 0.75 * 8_700}, three).loc["support", "reason"] == "without_one"


def test_each_reason_has_an_example():
    shown = {reason for _, _, reason, _ in REASON_EXAMPLES} | {"without_one", "no_list"}
    assert {one.reason for one in REASONS} <= shown


def test_numbers_of_a_line_are_those_of_the_arithmetic():
    row = held({"support": 6_250.0}).loc["support"]
    assert row[["published", "computed", "difference"]].tolist() == [6_250.0, 7_500.0, -1_250.0]
    assert row["ratio"] == pytest.approx(5 / 6)


# -- lists -------------------------------------------------------------------------------------------------


def test_an_open_practice_without_a_list_leaves_its_network_without_a_sum():
    frame = held({"support": 7_500.0}, [*TWO_PRACTICES, ("A00003", None, None, False)])
    assert frame.loc["support", "reason"] == "no_list"
    assert pd.isna(frame.loc["support", "computed"]), "not known is no smaller list"


def test_a_closed_practice_without_a_list_adds_nothing():
    frame = held({"support": 7_500.0}, [*TWO_PRACTICES, ("A00003", None, None, True)])
    assert frame.loc["support", "reason"] == "as_computed"


def test_practices_in_no_network_are_in_no_list():
    _, rows = paid_tables({NETWORK: ({}, TWO_PRACTICES)})
    alone = rows.assign(pcn_code=rows["pcn_code"].where(rows["practice_code"] == "A00001"))
    assert lists_of_networks(alone)["registered"].to_dict() == {NETWORK: 6_000.0}


# -- what columns were taken for ---------------------------------------------------------------------------


def test_every_published_column_was_taken_for_something_and_says_why():
    assert set(by_line(YEAR)) == set(LINES)
    assert {one.line: one.column.lower() for one in parts()} == LINES
    for one in parts():
        assert one.why
        assert not one.clause or clause(one.clause, YEAR).value


@pytest.mark.parametrize("row", [",,,,a sum,so", "a,6,12,beds,no sum,so", "a,6,12,beds,a sum,"])
def test_a_column_taken_for_half_a_thing_is_refused(row):
    with pytest.raises(PcnAnalysisError, match="row 2 is not complete"):
        read_parts(",".join(COLUMNS) + f"\nsupport,PCN Support,2022/23,{row}")
    with pytest.raises(PcnAnalysisError, match="has other columns"):
        read_parts("line\nsupport")


# -- chance ------------------------------------------------------------------------------------------------


def country(amount, networks=3 * FEWEST):
    """Networks of 10,000, 10,130, 10,260 ... patients, each paid what ``amount`` says of its place and list."""
    lists = {f"U{place + 1:05}": 10_000.0 + 130 * place for place in range(networks)}
    return paid_place({code: ({"support": amount(place, size)}, [(f"A{place + 1:05}", size, size, False)])
                       for place, (code, size) in enumerate(lists.items())})  # fmt: skip


def test_a_reason_that_fits_as_often_as_by_chance_explains_nothing():
    """Every payment is 8,000, whoever's: some are near five or six months, as they would be if they were moved."""
    place = country(lambda *_: 8_000.0)
    found = reasons_found(place).frame.query("line == 'support'").set_index("reason")
    assert found.loc["other_months", "fits"] > 0
    assert found.loc["other_months", "believed"] == "no"
    assert found.loc["other_months", "networks"] == 0
    frame = networks_held(place).frame.query("line == 'support'")
    assert set(frame["reason"]) == {"unexplained"}


def test_a_reason_that_fits_more_often_is_believed():
    place = country(lambda number, size: size * (0.625 if number % 2 else 0.75))
    found = reasons_found(place).frame.query("line == 'support'").set_index("reason")
    assert found.loc[["as_computed", "other_months"], "believed"].tolist() == ["yes", "yes"]
    assert found.loc[["as_computed", "other_months"], "networks"].tolist() == [30, 30]
    assert found.loc["as_computed", "by_chance"] < 10


def test_of_few_payments_chance_is_not_told():
    found = reasons_found(country(lambda _, size: size * 0.75, FEWEST - 1)).frame
    row = found[(found["line"] == "support") & (found["reason"] == "as_computed")].iloc[0]
    assert (row["networks"], row["believed"]) == (FEWEST - 1, "not judged")
    assert pd.isna(row["by_chance"])


# -- tables ------------------------------------------------------------------------------------------------


def two_networks():
    return paid_place({NETWORK: ({"support": 6_250.0, "care_home_premium": 600.0}, TWO_PRACTICES),
                       "U00009": ({"participation": 8_805.0}, [("A00009", 4_800.0, 5_000.0, False)])})  # fmt: skip


def test_lines_count_who_is_shown_compared_and_near():
    lines = lines_held(two_networks()).frame.set_index("line")
    support = lines.loc["support"]
    assert support[["networks", "none_shown", "compared", "published", "computed"]].tolist() == [2, 1, 1, 6_250, 7_500]
    assert support[["within_2", "within_5", "within_10", "explained"]].tolist() == [0, 0, 0, 1]
    assert pd.isna(lines.loc["leadership", "median"]), "nothing to compare is no 0"
    assert lines.loc["care_home_premium", ["compared", "published"]].tolist() == [0, 600]
    assert lines.loc["leadership", "standing"] == "to verify", "one of its rates is"


def test_kinds_of_a_line_sum_to_the_networks_that_show_a_payment():
    lines = lines_held(invent_place()).frame
    kinds = lines[["explained", "cannot_be_told", "unexplained"]].sum(axis=1)
    assert kinds.tolist() == (lines["networks"] - lines["none_shown"]).tolist()


def test_a_network_has_a_row_a_line_with_its_reason_in_words():
    frame = reconciled(network_of(two_networks(), NETWORK)).frame.set_index("line")
    assert list(frame.index) == list(LINES)
    assert frame.loc["support", ["reason", "explained"]].tolist() == ["other_months", "explained"]
    assert frame.loc["support", "means"].startswith("another whole number of months")
    assert pd.isna(frame.loc["care_home_premium", "computed"])
    assert frame.loc["leadership", "explained"] == "not shown"


def test_of_a_whole_place_the_lines_of_its_own_networks_are_summed():
    place = two_networks()
    frame = reconciled(network_of(place, codes.WHOLE_PLACE)).frame.set_index("line")
    assert frame.loc["support", ["published", "computed", "reason"]].tolist() == [6_250, 7_500, ""]
    assert frame.loc["support", "means"] == "Sums of 1 of 1 network", "U00009 is of the country, not of the place"


def test_a_place_made_without_the_file_and_a_group_that_is_no_network_have_no_rows():
    for network in (network_of(tiny_place(), NETWORK), network_of(two_networks(), codes.UNALLOCATED)):
        table = reconciled(network)
        assert list(table.frame.columns) == list(OF_NETWORK)
        assert table.frame.empty
    for table in (lines_held(tiny_place()), networks_held(tiny_place()), reasons_found(tiny_place())):
        assert table.frame.empty


def test_the_invented_place_goes_through_and_everything_is_open_data():
    place = invent_place()
    network = network_of(place, "U00001")
    for table in (lines_held(place), networks_held(place), reasons_found(place), reconciled(network)):
        assert len(release(table, profile="open_data").frame) == len(table.frame) > 0
    frame = networks_held(place).frame
    assert set(frame.loc[frame["line"] == "participation", "reason"]) == {"smaller_list"}, "1.743 for 1.761"


# -- England -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def england(open_data):
    practices = read_practice_payments(open_data / "nhs_payments_gp_2022-23.csv")
    frame, tried = hold_lines(network_lines(practices), practices)
    return frame, tried


@pytest.fixture(scope="module")
def shares(england):
    """Share of networks within 2, 5 and 10 per cent of what was computed."""
    frame, _ = england
    near = {one: frame["ratio"].sub(1).abs().le(one / 100).where(frame["ratio"].notna()) for one in (2, 5, 10)}
    return pd.DataFrame(near).astype(float).groupby(frame["line"]).mean()


def test_support_is_to_extended_hours_as_six_months_of_core_funding(england):
    """0.75 to 0.72; 520 of the 805 networks that show both."""
    frame, _ = england
    paid = frame.pivot_table(index="pcn_code", columns="line", values="published").astype(float)
    ratio = (paid["support"] / paid["extended_access"]).dropna()
    assert ((ratio - 0.75 / 0.72).abs() < 0.0005).sum() >= 500


def test_extended_hours_are_those_of_six_months_in_most_networks(england, shares):
    frame, _ = england
    extended = frame[frame["line"] == "extended_access"]
    assert int(extended["published"].notna().sum()) == 833
    assert shares.loc["extended_access", 5] == pytest.approx(0.651, abs=0.005)
    assert extended["ratio"].median() == pytest.approx(0.992, abs=0.002)
    assert (extended["explained"] == "explained").sum() >= 600


def test_participation_is_that_of_a_whole_year_in_most_networks(england, shares):
    frame, _ = england
    assert shares.loc["participation", 2] == pytest.approx(0.560, abs=0.005)
    assert shares.loc["participation", 10] == pytest.approx(0.912, abs=0.005)
    assert frame.loc[frame["line"] == "participation", "ratio"].median() == pytest.approx(0.990, abs=0.002)


def test_most_leadership_is_what_an_adjusted_population_may_give(england):
    """558 payments of 863, where 151 would be by chance; 37 are a clinical director's alone, where 8 would be."""
    frame, tried = england
    reasons = frame.loc[frame["line"] == "leadership", "reason"].value_counts()
    assert reasons["adjusted_population"] >= 540
    assert reasons["director_alone"] >= 35
    fits, chance = tried["leadership"]["director_alone"]
    assert fits > 4 * chance


def test_care_home_premium_is_whole_beds_and_months(england):
    """565 payments of 795 are a multiple of 60 and 180 more one of 10, where 124 and 19 would be by chance."""
    _, tried = england
    assert tried["care_home_premium"]["whole_beds"][0] == 565
    assert tried["care_home_premium"]["bed_months"][0] == 180
    assert tried["care_home_premium"]["whole_beds"][1] == pytest.approx(124, abs=1)


def test_reasons_that_chance_gives_as_often_explain_nothing_of_england(england):
    frame, tried = england
    explained = frame[frame["explained"] == "explained"]
    for (line, reason), rows in explained.groupby(["line", "reason"]):
        fits, chance = tried[line][reason]
        assert len(rows) == fits
        assert fits > 2 * chance, (line, reason)
    assert tried["support"]["other_months"][0] <= 2 * tried["support"]["other_months"][1]
    assert "other_months" not in set(explained["reason"])


def test_enhanced_access_of_nine_networks_stands_among_extended_hours_at_the_rate_to_verify(england):
    frame, tried = england
    rows = frame[frame["reason"] == "enhanced_access_here"]
    assert len(rows) == 9
    assert tried["extended_access"]["enhanced_access_here"][1] < 2


def test_what_is_unexplained_of_england_is_told(england):
    frame, _ = england
    left = frame[frame["explained"] == "unexplained"].groupby("line").size()
    expected = {"leadership": 197, "support": 306, "extended_access": 173, "enhanced_access": 35,
                "additional_roles": 86, "care_home_premium": 48, "participation": 434}  # fmt: skip
    assert left.to_dict() == pytest.approx(expected, abs=5)
