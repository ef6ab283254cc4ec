"""Sentences, charts and descriptions of a network's staff, from small tables written by hand."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
import staff_shown
from handmade import PUBLISHED, released

from pcn_analysis import readings, workforce
from pcn_analysis.place import network_of
from pcn_analysis.plots import alt_text, charts
from pcn_analysis.plots.workforce import spread_of
from pcn_analysis.release import release
from pcn_analysis.synthetic.place import invent_place

mpl.use("Agg")

pytestmark = pytest.mark.unit
NOT_IN_IT = "Harbour PCN is not in the published file of staff: how many it has is not known, and is not 0."


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def words_in(ax):
    return " | ".join(text.get_text() for text in ax.texts)


def names_on(ax):
    return [tick.get_text().replace("\n", " ") for tick in ax.get_yticklabels()]


def keys_of(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


# -- staff by role ------------------------------------------------------------------------------------------


def test_staff_are_told_with_where_there_is_more_or_less_than_in_three_quarters_of_networks():
    assert readings.staff_by_role(staff_shown.staff()) == (
        "Harbour PCN had, in whole-time equivalents on 30 June 2026, 6.0 clinical pharmacists, 1.0 care "
        "co-ordinators. For its patients it has more than three in four networks of clinical pharmacists (1.20 for "
        "10,000, median 0.50). For its patients it has less than three in four networks of care co-ordinators (0.20 "
        "for 10,000, median 0.60). Not known, as the file does not tell them apart: consultant nurses in primary "
        "care. The file holds 1,271 networks. What others have says nothing of what is needed, nor who pays for it."
    )


def test_a_share_equal_to_that_of_many_networks_is_neither_much_nor_little():
    said = readings.staff_by_role(
        staff_shown.staff(per_10_000=0.5, country_lower_quartile=0.5, country_upper_quartile=0.5)
    )
    assert "three in four" not in said


def test_a_network_with_no_additional_roles_in_the_file_is_said_to_have_none_there():
    said = readings.staff_by_role(staff_shown.staff([2, 3]))
    assert said.startswith("The file of staff on 30 June 2026 has no additional roles of Harbour PCN.")


def test_a_network_that_is_not_in_the_file_is_not_one_without_staff():
    assert readings.staff_by_role(staff_shown.absent()) == NOT_IN_IT


def test_a_place_without_the_file_says_so():
    table = staff_shown.staff([3])
    assert "made without the published file of staff" in readings.staff_by_role(table)
    empty = released(table.frame.iloc[:0], PUBLISHED)
    assert readings.staff_by_role(empty) == "Nothing is published of the staff of Harbour PCN."


def test_networks_are_drawn_as_bands_with_the_network_its_rank_and_how_many_have_none():
    ax = charts.staff_by_role(staff_shown.every())
    assert names_on(ax) == ["Paramedic", "Clinical pharmacist"]
    assert "0.80; 1 of 5" in words_in(ax)
    assert "none, as in 2" in words_in(ax)
    assert "Harbour PCN" in keys_of(ax)
    assert ax.get_title(loc="left").endswith("Harbour PCN, 30 June 2026")


def test_bands_are_quantiles_of_all_networks_and_the_place_has_its_own():
    row = spread_of(staff_shown.every()).loc["clinical_pharmacist"]
    assert row[[0.25, 0.5, 0.75]].astype(float).round(3).to_list() == [0.4, 0.4, 0.6]  # of 0.2, 0.4, 0.4, 0.6 and 0.8
    assert [round(float(row[name]), 3) for name in ("place_low", "place_high")] == [0.3, 0.6]  # of 0.8, 0.2 and 0.4


def test_an_absent_network_is_drawn_with_no_mark_and_never_at_0():
    ax = charts.staff_by_role(staff_shown.every((None, None), ("not in the file",) * 2))
    assert words_in(ax).count("not in the file") == 2
    assert "Harbour PCN" not in keys_of(ax)
    said = alt_text.staff_by_role(staff_shown.every((None, None), ("not in the file",) * 2))
    assert "Clinical pharmacist not in the file (median 0.40)" in said


def test_staff_of_nobody_are_not_drawn():
    frame = staff_shown.every().frame.assign(per_10_000=pd.array([pd.NA] * 10, dtype="Float64"))
    assert charts.staff_by_role(released(frame, PUBLISHED)) is None
    assert charts.staff_by_role(released(frame.iloc[:0], PUBLISHED)) is None


def test_the_description_of_staff_has_the_median_of_each_role():
    said = alt_text.staff_by_role(staff_shown.every())
    assert said.endswith("Clinical pharmacist 0.80 (median 0.40); Paramedic 0.00 (median 0.10).")


# -- reliance -----------------------------------------------------------------------------------------------


def test_roles_are_told_by_whom_they_rest_on():
    assert readings.role_reliance(staff_shown.rests()) == (
        "One person alone is all that there is of paramedics (so it is in 25.0% of 400 networks with any). One of "
        "several people holds more than half of pharmacy technicians. One person beside a contracted service is all "
        "that there is of care co-ordinators. Physician associates are contracted services; how many people they are "
        "is not known. Where one person holds a role, an absence takes all or most of it away."
    )
    assert readings.role_reliance(staff_shown.rests([4])).startswith("No role is one person alone. Where")


def test_on_whom_roles_rest_is_not_known_of_an_absent_network():
    frame = staff_shown.rests().frame.assign(status="not in the file", rests_on="not in the file")
    assert readings.role_reliance(released(frame, PUBLISHED)) == (
        "On whom roles rest is not known of Harbour PCN, as its staff are not."
    )


def test_roles_are_drawn_by_their_parts_and_those_without_anybody_are_not():
    ax = charts.role_reliance(staff_shown.rests())
    assert names_on(ax)[::-1] == [
        "Clinical pharmacist", "Physician associate", "Care co-ordinator", "Pharmacy technician", "Paramedic",
    ]  # fmt: skip
    assert keys_of(ax) == ["the one person with most", "other staff", "contracted services"]
    [lone] = [text for text in ax.texts if "alone" in text.get_text()]
    assert lone.get_weight() == "bold"
    assert charts.role_reliance(staff_shown.rests([5, 6])) is None
    assert alt_text.role_reliance(staff_shown.rests([0])).endswith("Paramedic 1.0, one person alone.")
    assert alt_text.role_reliance(staff_shown.rests([5])).endswith("Harbour PCN: none recorded.")


# -- networks alike -----------------------------------------------------------------------------------------


def test_networks_alike_are_named_and_staff_held_against_their_median():
    assert readings.networks_alike(staff_shown.alike(), staff_shown.beside()) == (
        "Of 1,297 networks that can be compared, those most like Harbour PCN in deprivation, age, size and rurality "
        "are Lighthouse PCN and Marl Valley PCN. For its patients it has more than their median of clinical "
        "pharmacists (1.20 for 10,000, theirs 0.50). For its patients it has less than their median of care "
        "co-ordinators (0.20 for 10,000, theirs 0.90). That others have more is no reason to have more."
    )


def test_what_was_left_out_of_the_comparison_is_said():
    said = readings.networks_alike(staff_shown.alike("rurality"), staff_shown.beside())
    assert "in deprivation, age and size (rurality is not known of it and was left out) are Lighthouse PCN" in said


def test_networks_alike_of_an_absent_network_are_named_without_its_staff():
    said = readings.networks_alike(staff_shown.alike(), staff_shown.beside("not in the file"))
    assert said.endswith("How its staff stand beside theirs is not known.")
    none = readings.networks_alike(staff_shown.alike(rows=[]), staff_shown.beside())
    assert none.startswith("Which networks are like it is not known")


def test_components_that_were_left_out_are_not_drawn():
    assert names_on(charts.networks_alike(staff_shown.alike())) == [
        "Rurality", "Size", "Aged 75 and over", "Deprivation",
    ]  # fmt: skip
    assert "Rurality" not in names_on(charts.networks_alike(staff_shown.alike("rurality")))
    said = alt_text.networks_alike(staff_shown.alike("rurality"))
    assert said.endswith("deprivation -0.2 to +0.5, aged 75 and over +0.1 to +0.3 and size -1.0 to +0.4.")
    assert charts.networks_alike(staff_shown.alike(rows=[])) is None


def test_staff_are_drawn_beside_the_range_of_networks_alike_and_roles_of_nobody_are_not():
    ax = charts.alike_by_role(staff_shown.beside())
    assert names_on(ax) == ["Clinical pharmacist", "Care co-ordinator"]
    assert "Harbour PCN" in keys_of(ax)
    gone = charts.alike_by_role(staff_shown.beside("not in the file"))
    assert "Harbour PCN" not in keys_of(gone)
    said = alt_text.alike_by_role(staff_shown.beside("not in the file"))
    assert "Care co-ordinator not in the file (median 0.90)" in said
    nobody = released(staff_shown.beside().frame.iloc[[2]], PUBLISHED)
    assert charts.alike_by_role(nobody) is None
    assert alt_text.alike_by_role(nobody).endswith("not known.")


# -- competition and joint posts ----------------------------------------------------------------------------


def test_what_an_area_would_look_for_begins_with_paramedics():
    assert readings.role_competition(staff_shown.wanted()) == (
        "If every network of Invented Integrated Care Board that has less of a role were to have the median of the "
        "country's networks, they would look for 1.5 paramedics beside 20.0 there (4 have less), 12.0 care "
        "co-ordinators beside 90.0 there (12 have less) and 9.0 clinical pharmacists beside 80.0 there (10 have "
        "less), in whole-time equivalents. Harbour PCN itself would look for 2.0 clinical pharmacists and 0.5 "
        "paramedics. What 2 networks have there is not known. How many there are to be had, in trusts and ambulance "
        "services, no open file says."
    )


def test_an_area_that_lacks_nobody_or_of_which_nothing_is_known():
    assert "none would seek anybody." in readings.role_competition(staff_shown.wanted(rows=[3]))
    assert charts.role_competition(staff_shown.wanted(rows=[3])) is None
    none = staff_shown.wanted(rows=[])
    assert readings.role_competition(none).startswith("What networks of the area would look for is not known")
    assert charts.role_competition(none) is None


def test_targets_that_were_given_are_no_median():
    frame = staff_shown.wanted().frame.assign(target_of="given")
    assert "were to have as much as was given for it," in readings.role_competition(released(frame, PUBLISHED))


def test_what_is_looked_for_is_drawn_with_the_networks_own_part():
    ax = charts.role_competition(staff_shown.wanted())
    assert names_on(ax)[::-1] == ["Paramedic", "Care co-ordinator", "Clinical pharmacist"]
    assert keys_of(ax) == ["Harbour PCN", "other networks of Marlhaven", "other networks of the board"]
    assert "12.0, beside 90.0 there" in words_in(ax)
    assert alt_text.role_competition(staff_shown.wanted()).endswith(
        "Paramedic 1.5; Care co-ordinator 12.0; Clinical pharmacist 9.0."
    )


def test_part_posts_are_told_with_the_nearest_group_of_each_role():
    said = readings.joint_posts(staff_shown.joint(), staff_shown.wanted())
    assert said == (
        "Part posts that come to about a whole one with neighbours, if all were to have the median: paramedic with "
        "Lighthouse PCN (0.40 + 0.60 = 1.00). Groups are alternatives; a part can be given once."
    )
    two = readings.joint_posts(staff_shown.joint([1]), staff_shown.wanted())
    assert "with Marl Valley PCN and Old Priory PCN (0.40 + 0.30 + 0.35 = 1.05). A part can be given once." in two


def test_no_part_posts_are_another_thing_than_staff_that_are_not_known():
    assert readings.joint_posts(staff_shown.joint([]), staff_shown.wanted()).startswith("No part post")
    unknown = readings.joint_posts(staff_shown.joint([]), staff_shown.wanted(own=None))
    assert unknown == "Which posts it could share with neighbours is not known, as its staff are not."


# -- the invented place -------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["U00001", "U00005"])
def test_every_sentence_and_description_is_made_of_a_network_of_the_invented_place(code):
    network = network_of(invent_place(), code)
    every, staff, rests, near, beside, wanted, joint = (
        release(make(network), profile="open_data")
        for make in (
            workforce.staffing.every_network, workforce.supply.fte_by_role, workforce.reliance.reliance,
            workforce.peers.peers, workforce.peers.fte_among_peers, workforce.competition.competition,
            workforce.joint_posts.joint_posts,
        )
    )  # fmt: skip
    assert network.name in readings.staff_by_role(staff)
    assert charts.staff_by_role(every) is not None
    assert network.name in alt_text.staff_by_role(every)
    assert readings.role_reliance(rests).endswith("an absence takes all or most of it away.")
    assert network.name in readings.networks_alike(near, beside)
    assert "paramedics" in readings.role_competition(wanted)
    assert readings.joint_posts(joint, wanted)
