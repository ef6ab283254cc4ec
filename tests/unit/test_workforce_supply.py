"""Who is there: absent is not none, none is not absent, and every figure beside other networks' can be worked out."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from pcn_analysis import codelists
from pcn_analysis.exceptions import DisclosureError, PcnAnalysisError
from pcn_analysis.place import network_of, place_of_records
from pcn_analysis.prepared import load_place, save_place
from pcn_analysis.provenance import Provenance, Source
from pcn_analysis.release import release
from pcn_analysis.sources.local_authority import prepare_place
from pcn_analysis.workforce.competition import competition
from pcn_analysis.workforce.joint_posts import joint_posts, neighbours, part_posts
from pcn_analysis.workforce.peers import fte_among_peers, on_common_scale, peers
from pcn_analysis.workforce.reliance import reliance
from pcn_analysis.workforce.supply import every_network, fte_by_role, fte_in_all
from tests.unit import staffed_networks as staffed

pytestmark = pytest.mark.unit


def by_role(table):
    return table.frame.set_index("role")


# -- what is known -----------------------------------------------------------------------------------------


def test_staff_and_contracted_services_are_added_up_for_10_000_patients():
    row = by_role(fte_by_role(staffed.network("U00012"))).loc["paramedic"]
    # 2.0 staff + 2.0 contracted = 4.0 of 40,000 patients: 1.0 for 10,000
    assert row[["staff_fte", "contracted_fte", "fte", "per_10_000"]].to_list() == [2.0, 2.0, 4.0, 1.0]
    assert (row["status"], row["people"], row["largest_fte"]) == ("published", 3, 1.2)


def test_a_network_that_is_not_in_the_file_has_no_figure_and_never_0():
    rows = fte_by_role(staffed.network("U00014")).frame
    told = rows[~rows["role"].isin(["new_general_practice_nurse", "experienced_general_practice_nurse"])]
    assert set(told.loc[told["role"] != "consultant_nurse", "status"]) == {"not in the file"}
    assert rows[["fte", "people", "per_10_000", "rank", "percentile"]].isna().all(axis=None)
    assert (rows.loc[rows["role"] == "paramedic", "country_networks"] == 4).all(), "the others are still shown"


def test_a_network_in_the_file_without_a_row_of_a_role_has_none_recorded():
    row = by_role(fte_by_role(staffed.network("U00013"))).loc["paramedic"]
    assert (row["status"], row["fte"], row["people"], row["per_10_000"]) == ("none recorded", 0.0, 0, 0.0)


def test_a_blank_whole_time_equivalent_is_not_known():
    row = by_role(fte_by_role(staffed.network("U00013"))).loc["gp"]
    assert row["status"] == "not known"
    assert pd.isna(row["fte"])
    assert row["country_networks"] == 3, "it counts for nothing; two have some and one has none recorded"


def test_roles_that_the_file_does_not_tell_apart_are_not_known_of_anybody():
    rows = by_role(fte_by_role(staffed.network()))
    assert set(rows.loc[["new_general_practice_nurse", "consultant_nurse"], "status"]) == {"not known"}
    assert rows.loc["consultant_nurse", "country_networks"] == 0


def test_roles_come_in_the_order_of_the_codelist_with_their_names():
    rows = fte_by_role(staffed.network()).frame
    assert rows[["role", "name"]].to_numpy().tolist() == [
        [*one] for one in codelists.names("additional_roles", "role").items()
    ]


def test_without_the_file_a_networks_staff_is_not_known():
    network = network_of(staffed.place_of(file=False), "U00011")
    rows = fte_by_role(network).frame
    assert set(rows["status"]) == {"not known"}
    assert rows["fte"].isna().all()
    assert set(reliance(network).frame["rests_on"]) == {"not known"}
    assert competition(network).frame.empty
    assert joint_posts(network).frame.empty


def test_there_is_no_such_role():
    with pytest.raises(PcnAnalysisError, match=r"there is no such role\. Did you mean paramedic\?"):
        every_network(staffed.network(), "paramedics")


# -- beside others -----------------------------------------------------------------------------------------


def test_quartiles_rank_and_percentile_are_over_networks_of_which_it_is_known():
    row = by_role(fte_by_role(staffed.network("U00011"))).loc["paramedic"]
    # for 10,000: North 1 ÷ 2 = 0.5, South 4 ÷ 4 = 1.0, West 0.0, Far 2.5 ÷ 5 = 0.5; Absent is not known
    assert row["per_10_000"] == 0.5
    assert row["country_networks"] == 4
    assert row[["country_lowest", "country_median", "country_highest", "country_mean"]].to_list() == [0, 0.5, 1, 0.5]
    # of 0, 0.5, 0.5, 1: quarter at 0.75 places above the first, 0 + 0.75 × 0.5; three quarters at 0.5 + 0.25 × 0.5
    assert row[["country_lower_quartile", "country_upper_quartile"]].to_list() == [0.375, 0.625]
    assert row[["place_networks", "place_median"]].to_list() == [3, 0.5]
    assert row["rank"] == 2, "with Far PCN, after South PCN"
    assert by_role(fte_by_role(staffed.network("U00012"))).loc["paramedic", "rank"] == 1
    assert row["percentile"] == (1 + 2 / 2) / 4 * 100, "one below, and half of the two that are equal"


def test_all_roles_together_are_not_known_where_one_of_them_is_not():
    [north] = fte_in_all(staffed.network("U00011")).frame.to_dict("records")
    assert (north["fte"], north["per_10_000"], north["status"]) == (2.0, 1.0, "published")
    # 2.0 ÷ 2; South 4.5 ÷ 4, Far 2.5 ÷ 5; West has a blank, Absent no row
    assert (north["country_networks"], north["country_highest"], north["rank"]) == (3, 1.125, 2)
    [west] = fte_in_all(staffed.network("U00013")).frame.to_dict("records")
    assert west["status"] == "not known"
    assert pd.isna(west["fte"])
    [absent] = fte_in_all(staffed.network("U00014")).frame.to_dict("records")
    assert absent["status"] == "not in the file"


def test_every_network_has_a_row_and_one_is_marked():
    rows = every_network(staffed.network("U00011"), "paramedic").frame
    assert rows["pcn_code"].to_list() == [*staffed.FACTS]
    assert rows.loc[rows["marked"], "pcn_code"].to_list() == ["U00011"]


# -- reliance ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "fte", "largest", "service", "says"),
    [
        (1, 0.8, 0.8, None, "one person alone"),
        (1, 0.8, 0.8, 0.2, "one person beside a contracted service"),
        (2, 1.3, 0.9, None, "one person for more than half"),  # 0.9 ÷ 1.3 = 0.69
        (2, 1.0, 0.5, None, "several people"),  # exactly half is not more than half
        (2, 1.3, 0.9, 1.7, "several people"),  # 0.9 ÷ 3.0 = 0.3
        (3, 1.2, 0.4, None, "several people"),
        (None, 1.2, None, None, "not known"),
    ],
)
def test_on_whom_a_role_rests(people, fte, largest, service, says):
    staff = [("U00011", "podiatrist", "staff", people, fte, largest)]
    staff += [("U00011", "podiatrist", "contracted services", None, service, None)] if service else []
    assert by_role(reliance(staffed.network("U00011", staff=staff))).loc["podiatrist", "rests_on"] == says


def test_of_a_contracted_service_nobody_says_how_many_people_it_is():
    facts = {code: (*one[:2], True, *one[3:]) for code, one in staffed.FACTS.items()}
    row = by_role(reliance(staffed.network("U00015", facts))).loc["paramedic"]
    assert (row["rests_on"], row["contracted_share"], row["fte"]) == ("contracted service", 1.0, 2.5)
    assert row[["people", "largest_fte", "largest_share"]].isna().all()


def test_how_many_networks_have_one_person_alone():
    row = by_role(reliance(staffed.network("U00012"))).loc["paramedic"]
    # North: one alone; South: 1.2 of 4.0, several; Far: contracted; West has none and Absent is not known
    assert row[["country_networks", "country_lone", "rests_on"]].to_list() == [3, 1, "several people"]
    assert row["country_lone_share"] == pytest.approx(1 / 3)
    assert row["largest_share"] == pytest.approx(1.2 / 4.0)


def test_none_recorded_and_not_in_the_file_are_said_as_such():
    assert by_role(reliance(staffed.network("U00013"))).loc["paramedic", "rests_on"] == "none recorded"
    assert by_role(reliance(staffed.network("U00014"))).loc["paramedic", "rests_on"] == "not in the file"


# -- peers -------------------------------------------------------------------------------------------------


def test_the_nearest_network_is_the_one_that_differs_least():
    rows = peers(staffed.network("U00011"), most=3).frame
    assert rows["nearness"].to_list() == [0, 1, 2, 3]
    assert rows.loc[0, "pcn_code"] == "U00011"
    assert rows.loc[0, "distance"] == 0
    assert rows["left_out"].to_list() == [""] * 4
    assert rows["compared_by"].iloc[0] == "deprivation, age, size and rurality"
    parts = rows[[f"{name}_apart" for name in ("deprivation_score", "aged_75_share", "patients", "rural_share")]]
    assert ((parts.astype(float) ** 2).sum(axis=1) ** 0.5).to_list() == pytest.approx(rows["distance"].to_list())


def test_a_component_in_one_place_can_be_worked_out():
    rows = peers(staffed.network("U00011"), most=4).frame.set_index("pcn_code")
    # scores 30, 20, 25, 30, 10: median 25, quartiles 20 and 30, so that 1 is 10 ÷ 1.349; South 20 less North 30
    assert rows.loc["U00012", "deprivation_score_apart"] == pytest.approx((20 - 30) / (10 / 1.349))
    assert rows.loc["U00014", "deprivation_score_apart"] == 0


def test_a_component_that_is_not_known_of_the_network_is_left_out_and_said():
    facts = {code: (*one[:6], None if code == "U00011" else one[6]) for code, one in staffed.FACTS.items()}
    rows = peers(staffed.network("U00011", facts)).frame
    assert set(rows["left_out"]) == {"rurality"}
    assert rows["rural_share_apart"].isna().all()
    assert set(rows["not_compared"]) == {0}


def test_a_network_of_which_a_component_is_not_known_is_not_compared():
    facts = {code: (*one[:5], None if code == "U00012" else one[5], one[6]) for code, one in staffed.FACTS.items()}
    rows = peers(staffed.network("U00011", facts)).frame
    assert "U00012" not in set(rows["pcn_code"])
    assert rows[["compared", "not_compared"]].drop_duplicates().to_numpy().tolist() == [[3, 1]]
    assert set(rows["left_out"]) == {""}


def test_a_list_of_0_has_no_size_to_compare_by():
    """It has no logarithm: size is left out, and the network itself stays first."""
    facts = {code: (*one[:3], 0 if code == "U00011" else one[3], *one[4:]) for code, one in staffed.FACTS.items()}
    rows = peers(staffed.network("U00011", facts)).frame
    assert rows.loc[0, ["pcn_code", "distance"]].to_list() == ["U00011", 0]
    assert set(rows["left_out"]) == {"size"}
    assert rows["patients_apart"].isna().all()
    assert rows[["compared", "not_compared"]].drop_duplicates().to_numpy().tolist() == [[4, 0]]


def test_one_component_never_decides_alone():
    scaled = on_common_scale(pd.Series([0.0] * 6 + [0.001, 0.002, 0.9, 1.0]))
    assert scaled.abs().max() == 3.0


def test_staff_of_the_peers_beside_ones_own():
    row = by_role(fte_among_peers(staffed.network("U00011"), most=2)).loc["paramedic"]
    near = peers(staffed.network("U00011"), most=2).frame["pcn_code"].to_list()[1:]
    values = {"U00012": 1.0, "U00013": 0.0, "U00015": 0.5}
    known = [values[code] for code in near if code in values]
    assert row["peers_networks"] == len(known)
    assert row["peers_mean"] == pytest.approx(sum(known) / len(known))
    assert row["from_median"] == pytest.approx(0.5 - row["peers_median"])


# -- competition -------------------------------------------------------------------------------------------


def test_shortfalls_of_an_area_are_added_up_and_never_set_off():
    rows = by_role(competition(staffed.network("U00011"), {"paramedic": 0.75, "gp": 0.4}))
    row = rows.loc["paramedic"]
    # Board Q01: North wants 1.5 and has 1.0: 0.5 short. South wants 3.0 and has 4.0: 1.0 above. West wants 0.75 and
    # has none: 0.75 short. Absent is not known.
    assert row[["networks", "networks_not_known", "networks_short"]].to_list() == [3, 1, 2]
    assert row[["fte", "shortfall", "above", "own_shortfall"]].to_list() == [5.0, 1.25, 1.0, 0.5]
    assert row["shortfall_share"] == pytest.approx(1.25 / 5.0)
    assert row["place_shortfall"] == 1.25
    assert (row["target_of"], row["area"]) == ("given", "Q01 board")
    # gp: North wants 0.8 and has 1.0; South wants 1.6 and has 0.5; West is not known
    assert rows.loc["gp", ["networks", "networks_not_known", "shortfall"]].to_list() == pytest.approx([2, 2, 1.1])


def test_the_target_is_the_countrys_median_unless_one_is_given():
    rows = competition(staffed.network("U00011")).frame
    assert rows["role"].iloc[0] == "paramedic", "ambulance services need the same people"
    assert rows.loc[0, "target"] == 0.5
    assert set(rows["target_of"]) == {"median of the country's networks"}
    assert "consultant_nurse" not in set(rows["role"])


def test_another_level_of_the_country_may_be_the_target():
    row = by_role(competition(staffed.network("U00013"), level="upper_quartile")).loc["paramedic"]
    assert (row["target"], row["target_of"]) == (0.625, "upper_quartile of the country's networks")
    assert row["own_shortfall"] == 0.625, "of 10,000 patients, with none"
    with pytest.raises(PcnAnalysisError, match="there is no such level"):
        competition(staffed.network(), level="best")


def test_a_target_of_no_role_or_below_0_is_refused():
    with pytest.raises(PcnAnalysisError) as error:
        competition(staffed.network(), {"paramedics": 1.0, "gp": -1.0})
    assert "target of paramedics: there is no such role" in str(error.value)
    assert "target of gp: is below 0" in str(error.value)


@pytest.mark.parametrize("wrong", [None, "0.3", float("inf"), float("nan"), pd.NA, True, [0.3]])
def test_a_target_that_is_no_number_is_told_with_the_rest(wrong):
    for measure in (competition, joint_posts):
        with pytest.raises(PcnAnalysisError) as error:
            measure(staffed.network(), {"paramedic": wrong, None: 1.0}, level=None)
        assert [one.where for one in error.value.problems] == ["level None", "target of paramedic", "target of None"]
    with pytest.raises(PcnAnalysisError, match="targets: they are no numbers by role"):
        competition(staffed.network(), [wrong])


@pytest.mark.parametrize("measure", [competition, joint_posts])
def test_targets_that_somebody_sets_are_no_open_data(measure):
    """As sizes that are given: they leave under the default profile, and not as published figures."""
    table = measure(staffed.network("U00011"), {"paramedic": 0.7})
    pd.testing.assert_frame_equal(release(table).frame, table.frame)
    with pytest.raises(DisclosureError):
        release(table, profile="open_data")


def test_a_team_of_paramedics_is_of_paramedics():
    groups = codelists.names("additional_roles", "role", "peer_group")
    assert [role for role, group in groups.items() if group == groups["paramedic"]] == ["paramedic"]


# -- joint posts -------------------------------------------------------------------------------------------


def test_part_posts_of_neighbours_that_make_a_whole_one():
    # paramedics at 0.7 for 10,000: North wants 1.4, has 1.0, part 0.4; West wants 0.7, has none, part 0.7; South has
    # more. 0.4 + 0.7 = 1.1: a tenth above one post.
    frame = joint_posts(staffed.network("U00011"), {"paramedic": 0.7}).frame
    assert frame[["pcn_codes", "parts"]].to_numpy().tolist() == [["U00013", "0.40 + 0.70"]]
    assert frame.loc[0, "together"] == pytest.approx(1.1)


def test_networks_that_are_not_known_or_do_not_share_an_area_take_no_part():
    assert neighbours(staffed.network("U00011")) == {"U00012", "U00013", "U00014"}
    frame = joint_posts(staffed.network("U00011"), {"paramedic": 0.7}).frame
    assert not frame["pcn_codes"].str.contains("U00014").any()


def test_next_to_nothing_is_no_part_post():
    assert part_posts(pd.Series([0.05, 0.1, 0.9, 0.95, 3.5])).round(2).to_list() == [0.0, 0.1, 0.9, 0.0, 0.5]


# -- release, the invented place and the published files ---------------------------------------------------


MEASURES = [fte_by_role, fte_in_all, every_network, reliance, peers, fte_among_peers, competition, joint_posts]


@pytest.mark.parametrize("measure", MEASURES)
def test_what_is_shown_leaves_as_open_data_unchanged(measure):
    table = measure(staffed.network("U00012"))
    pd.testing.assert_frame_equal(release(table, profile="open_data").frame, table.frame)


@pytest.mark.parametrize("measure", MEASURES)
def test_of_a_place_of_records_alone_nothing_is_shown(measure):
    origin = Provenance((Source("r", "r", "r", "r", "r"),), people=True)
    place = place_of_records("study", index_date=dt.date(2026, 7, 1), provenance=origin)
    table = measure(network_of(place, "U"))
    assert table.frame.empty
    release(table, profile="open_data")


@pytest.mark.parametrize("code", ["U", "ALL"])
@pytest.mark.parametrize("measure", [one for one in MEASURES if one is not every_network])
def test_of_no_single_network_nothing_is_shown(measure, code):
    assert measure(network_of(staffed.place_of(), code)).frame.empty


def test_the_invented_place_is_labelled_and_has_a_network_that_is_not_in_the_file(harbour):
    assert fte_by_role(harbour).provenance.label == "SYNTHETIC"
    rows = every_network(harbour, "paramedic").frame.set_index("pcn_code")["status"]
    assert rows["U00007"] == "not in the file"


def test_wirral_as_published(open_data, tmp_path):
    place = load_place(save_place(prepare_place("Wirral", open_data), tmp_path))
    absent = by_role(fte_by_role(network_of(place, "U91030")))
    assert absent.loc["paramedic", ["status", "country_networks", "place_networks"]].to_list() == [
        *("not in the file", 1_271, 5),
    ]
    assert absent["fte"].isna().all()
    birkenhead = by_role(fte_by_role(network_of(place, "U99194")))
    assert set(birkenhead["status"]) <= {"published", "none recorded", "not known"}
    every = every_network(network_of(place, "U99194"), "clinical_pharmacist").frame
    assert every["fte"].sum() == pytest.approx(5_725.05, abs=0.1), "as the publisher's file adds up"
    near = peers(network_of(place, "U91030")).frame
    assert len(near) == 11
    assert set(near["left_out"]) == {""}
    assert near["distance"].is_monotonic_increasing
    birkenhead = network_of(place, "U99194")
    assert fte_by_role(birkenhead).provenance.modelled == "", "lists and staff are published"
    assert peers(birkenhead).provenance.modelled.startswith("Where patients live is part modelled")
