"""Sentences, charts and descriptions of a network's money, from small tables written by hand."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import money_shown
import pandas as pd
import pytest
from handmade import INVENTED, PUBLISHED, released

from pcn_analysis import readings
from pcn_analysis.plots import alt_text, charts

mpl.use("Agg")

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def words_in(ax):
    return " | ".join(text.get_text() for text in ax.texts)


def names_on(ax):
    return [tick.get_text().replace("\n", " ") for tick in ax.get_yticklabels()]


def keys_of(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()] if ax.get_legend() else []


# -- the entitlement ----------------------------------------------------------------------------------------


def test_lines_that_are_known_are_told_with_their_sizes_and_the_others_with_what_lacks():
    assert readings.entitlement(money_shown.lines()) == (
        "In 2025/26, 2 of the 4 lines of the Network Contract are known for Harbour PCN; together they come to "
        "£250,000: additional roles £150,000 and core funding £100,000. They are reckoned on the weighted list of "
        "2022/23 and the list of 1 July 2026. Of additional roles it is the most that can be claimed or achieved. "
        "Not known: enhanced access, for want of the adjusted population, which is not published: the commissioner "
        "tells it to the network; the Investment and Impact Fund, which is paid by points that are achieved: no rate "
        "times a size gives it. To be verified before they are relied on: the rates of additional roles."
    )


def test_a_size_that_was_given_is_said_to_be_so():
    said = readings.entitlement(money_shown.lines([0, 4], size_of="given"))
    assert "They are reckoned on registered patients that were given." in said


def test_where_no_line_is_known_no_sum_is_told():
    said = readings.entitlement(money_shown.lines([2, 3, 4]))
    assert said.startswith("Of no line of the Network Contract in 2025/26 is it known what Harbour PCN may spend. Not")
    assert "£" not in said


def test_of_records_alone_nothing_is_known():
    assert readings.entitlement(money_shown.lines([])).startswith("What may be spent is not known.")
    assert charts.entitlement(money_shown.lines([])) is None
    assert alt_text.entitlement(money_shown.lines([])) == ""


def test_a_part_of_a_line_stands_in_brackets_so_that_a_list_of_lines_can_be_read():
    said = readings.entitlement(money_shown.lines([0, 2, 4], name="Core funding, part of the adjusted population"))
    assert "core funding (part of the adjusted population), for want of the adjusted population" in said


def test_lines_that_are_not_known_are_drawn_without_a_bar_and_with_what_lacks():
    ax = charts.entitlement(money_shown.lines())
    assert names_on(ax)[::-1] == ["Additional roles", "Core funding", "Enhanced access", "Investment and Impact Fund"]
    assert [bar.get_width() for bar in ax.patches[:4]][::-1] == [150_000, 100_000, 0, 0]
    assert "not known: the adjusted population" in words_in(ax)
    assert "not known: it is paid by points that are achieved" in words_in(ax)
    assert "the commissioner" not in words_in(ax)


def test_a_maximum_and_a_rate_to_be_verified_look_and_read_otherwise():
    ax = charts.entitlement(money_shown.lines())
    assert keys_of(ax) == ["£ a year", "£ a year at most", "to verify"]
    assert "£150,000 (to verify)" in words_in(ax)
    assert ax.patches[3].get_hatch()
    assert not ax.patches[2].get_hatch()
    plain = charts.entitlement(money_shown.lines([0, 4]))
    assert keys_of(plain) == ["£ a year"]


def test_a_year_of_which_no_rate_is_known_is_drawn_without_keys():
    ax = charts.entitlement(money_shown.lines([2, 3, 4]))
    assert keys_of(ax) == []
    assert words_in(ax).count("not known") == 2


def test_the_description_of_lines_says_maximum_verify_and_not_known():
    said = alt_text.entitlement(money_shown.lines())
    assert said.startswith(
        "Bar chart of the lines of the Network Contract in 2025/26, £ a year, Harbour PCN, 1 July 2026:"
    )
    assert "Additional roles £150,000 at most, to verify; Core funding £100,000;" in said
    assert "Enhanced access not known (the adjusted population)" in said


# -- practices ----------------------------------------------------------------------------------------------


def test_the_largest_line_is_told_from_its_smallest_to_its_largest_practice():
    assert readings.practice_shares(money_shown.shares()) == (
        "Shared over its 3 practices by the size that it is paid on, the largest line that is known (core funding) has "
        "from Tide Row Surgery £20,000 (20.0%) to Quayside Surgery £50,000 (50.0%). This is no rule of the contract: "
        "how a network spends its money is for its own agreement."
    )


def test_one_practice_brings_every_line_whole():
    said = readings.practice_shares(money_shown.shares(1))
    assert said == "Quayside Surgery is the one practice of the network, and brings every line whole."


def test_lines_that_are_not_known_are_not_shared():
    table = money_shown.shares()
    unknown = released(table.frame.assign(amount=pd.NA), PUBLISHED)
    assert readings.practice_shares(unknown).startswith("No line of which the size is known by practice is known")


# -- two years ----------------------------------------------------------------------------------------------


def test_two_years_are_told_with_what_explains_the_difference_largest_first():
    assert readings.two_years(money_shown.years()) == (
        "From 2023/24 to 2025/26, the lines of Harbour PCN that are known in both years, or began or ended, come to "
        "£110,000 after £105,000: £5,000 more. Most of it: clinical director £30,000 less (it ended), core funding "
        "£25,000 more (its rate) and support payment £10,000 more (it began). Both years are reckoned on the same "
        "sizes, so that no difference is one of size. What changed is not known for network participation. To be "
        "verified before they are relied on: the rates of core funding."
    )


def test_a_line_that_is_paid_on_another_size_neither_began_nor_ended():
    frame = money_shown.years().frame
    frame.loc[frame["line"] == "support", ["line", "name"]] = ["clinical_director", "Director, on another size"]
    said = readings.two_years(released(frame, PUBLISHED))
    assert "clinical director £30,000 less (paid on another size since)" in said
    assert "director (on another size) £10,000 more (paid on another size before)" in said


def test_a_difference_of_size_is_told_as_one():
    frame = money_shown.years().frame
    frame.loc[0, ["of_rate", "of_size"]] = [20_000, 5_000]
    said = readings.two_years(released(frame, PUBLISHED))
    assert "core funding £25,000 more (its rate and its size)" in said
    assert "same sizes" not in said


def test_two_years_of_which_nothing_can_be_compared():
    assert readings.two_years(money_shown.years([3, 4])) == (
        "Of no line is it known what changed for Harbour PCN from 2023/24 to 2025/26."
    )
    assert readings.two_years(money_shown.years([])).startswith("Two years cannot be compared.")
    assert charts.two_years(money_shown.years([])) is None
    assert charts.two_years(money_shown.years([4])) is None


def test_both_years_are_drawn_with_the_difference():
    ax = charts.two_years(money_shown.years())
    assert keys_of(ax) == ["2023/24", "2025/26"]
    said = words_in(ax)
    assert "+£25,000 (to verify)" in said
    assert "-£30,000, ended" in said
    assert "+£10,000, began" in said
    assert "£80,000; the later year is not known" in said
    assert "Harbour PCN" in ax.get_title(loc="left")


def test_no_difference_is_called_no_change():
    frame = money_shown.years().frame
    frame.loc[0, ["later_amount", "difference"]] = [75_000, 0]
    assert "no change (to verify)" in words_in(charts.two_years(released(frame, PUBLISHED)))


def test_the_description_of_two_years_has_both_amounts():
    said = alt_text.two_years(money_shown.years())
    assert "in 2023/24 and in 2025/26" in said
    assert "Core funding £75,000 and £100,000 (+£25,000 (to verify))" in said
    assert "Clinical director £30,000 and nothing known (-£30,000, ended)" in said
    assert alt_text.two_years(money_shown.years([4])).endswith("none is known.")


# -- additional roles ---------------------------------------------------------------------------------------


def test_roles_are_told_with_the_range_of_ceilings_and_what_is_left_to_the_network():
    assert readings.additional_roles(money_shown.roles(), "2025/26") == (
        "In 2025/26 the scheme reimburses 3 roles. Ceilings for a whole-time equivalent and year are known of 2, from "
        "£35,000 (care co-ordinators) to £60,000 (clinical pharmacists). At the ceiling, and for each whole-time "
        "equivalent, the network is left to pay £15,000 for care co-ordinators. Of 1 role the ceiling is not known. "
        "Something of 1 role is to be verified and something of 1 role is carried over from an earlier year; the table "
        "says what."
    )


def test_roles_without_any_ceiling_are_counted_and_nothing_is_said_of_what_is_left():
    said = readings.additional_roles(
        money_shown.roles(ceiling=None, cost_to_network=None, standing="published"), "2026/27"
    )
    assert said == "In 2026/27 the scheme reimburses 3 roles. Of 3 roles the ceiling is not known."


def test_a_year_without_roles_says_so():
    empty = released(money_shown.roles().frame.iloc[:0], PUBLISHED)
    assert readings.additional_roles(empty, "2026/27") == "No role that is reimbursed in 2026/27 is known."


# -- claims -------------------------------------------------------------------------------------------------


def test_claims_are_told_with_what_would_lapse():
    said = readings.role_claims(money_shown.claims(whole=150_000.0))
    assert said.startswith(
        "All roles: £81,000 is claimed to the end of December 2025, which comes to £111,000 by 31 March. Of the sum of "
        "£150,000, £39,000 would then be left and lapse."
    )
    assert said.endswith("it knows nothing of leavers or awards.")


def test_claims_above_the_sum_above_ceilings_and_months_that_were_left_out_are_told():
    said = readings.role_claims(money_shown.claims(above=820.0, skipped=2))
    assert "by 31 March, £11,000 more than the sum of £100,000." in said
    assert "£820 of what is claimed is above ceilings that are known." in said
    assert "In 2 months before the last nothing is claimed." in said


def test_ceilings_that_are_to_be_verified_and_roles_above_their_limit_are_told():
    frame = money_shown.claims(above=820.0).frame
    frame = frame.assign(ceiling_standing="to verify", above_limit=["no", "yes", "yes"])
    said = readings.role_claims(released(frame, PUBLISHED))
    assert "£820 of what is claimed is above ceilings that are known, which are to verify." in said
    assert "More than the limit by number is claimed for or planned of care co-ordinators." in said
    assert "limit by number" not in readings.role_claims(money_shown.claims())


def test_a_sum_that_is_not_known_leaves_nothing_to_lapse():
    said = readings.role_claims(money_shown.claims(whole=None))
    assert "by 31 March; the sum of the year is not known." in said
    assert "lapse" not in said
    verify = readings.role_claims(money_shown.claims(whole=150_000.0, standing="to verify"))
    assert "would then be left and lapse (to verify)." in verify


def test_general_practitioners_of_whom_nothing_is_claimed_have_a_sentence_of_their_own():
    frame = money_shown.claims(whole=150_000.0).frame
    gp = frame.iloc[[2]].assign(name="General practitioners", claimed=pd.NA, forecast=pd.NA, sum=20_000.0)
    said = readings.role_claims(released(pd.concat([frame, gp], ignore_index=True), PUBLISHED))
    assert "General practitioners: nothing is claimed of £20,000." in said
    drawn = charts.role_claims(released(pd.concat([frame, gp], ignore_index=True), PUBLISHED))
    assert "nothing claimed; sum £20,000" in words_in(drawn)


def test_without_a_file_claims_are_not_known():
    none = money_shown.claims(rows=[])
    assert "no file of claims of Harbour PCN was given" in readings.role_claims(none)
    assert charts.role_claims(none) is None
    assert alt_text.role_claims(none) == ""


def test_claims_are_drawn_as_parts_of_a_bar_with_what_is_left():
    ax = charts.role_claims(money_shown.claims(whole=150_000.0))
    assert names_on(ax)[::-1] == ["Clinical pharmacist", "Care co-ordinator", "All roles"]
    assert keys_of(ax) == ["claimed", "going on as in the last month", "planned starts", "left of the sum on 31 March"]
    assert "£111,000; sum £150,000" in words_in(ax)
    assert "left of the sum on 31 March" not in keys_of(charts.role_claims(money_shown.claims(whole=None)))
    assert alt_text.role_claims(money_shown.claims(whole=None)).endswith("All roles £111,000; sum not known.")


# -- the fund -----------------------------------------------------------------------------------------------


def test_indicators_are_told_with_what_is_known_of_each():
    assert readings.impact_fund(money_shown.fund(), "2023/24") == (
        "3 indicators of the Investment and Impact Fund in 2023/24 are known: ACC-08 (71 points, from 85.0% to "
        "90.0%, 87.5% was reached, 35.5 were earned, £7,029 after the adjustment for its list, by lists of 1 July "
        "2026); CAN-04 (22 points, from 65.0% to 80.0%); HI-03 (points not known). Something is to be verified of 2 "
        "indicators. What the network reached is not published of 2 of 3: what it earned by the rule is not known."
    )


def test_points_that_every_network_was_given_are_told_instead_of_those_earned():
    frame = money_shown.fund([0]).frame.assign(given=71.0)
    said = readings.impact_fund(released(frame, PUBLISHED), "2023/24")
    assert "71 were given to every network" in said
    assert "were earned" not in said


def test_a_year_of_which_no_indicator_is_known():
    said = readings.impact_fund(money_shown.fund([]), "2026/27")
    assert said == "No indicator of the Investment and Impact Fund in 2026/27 is known."


# -- assumptions --------------------------------------------------------------------------------------------


def test_assumptions_on_money_are_counted_by_what_they_are_and_of_what():
    frame = pd.DataFrame(
        {
            "service": ["Additional roles", "Additional roles", "Network payments"],
            "clause": ["a", "b", "c"],
            "standing": ["not known", "carried over from 2024/25", "not known"],
        }
    )
    said = readings.money_assumptions(released(frame, INVENTED), "2025/26")
    assert said.startswith(
        "Of the clauses on money, 3 are not published for 2025/26: 2 not known and 1 carried over from an earlier year "
        "(additional roles 2 and network payments 1)."
    )
    none = readings.money_assumptions(released(frame[:0], INVENTED), "2025/26")
    assert none == "Every clause on money is published for 2025/26."
