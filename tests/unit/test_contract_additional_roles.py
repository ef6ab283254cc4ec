"""Roles of the Additional Roles Reimbursement Scheme by contract year: who is eligible, bands, ceilings and shares."""

import datetime as dt

import pytest

from pcn_analysis import codelists
from pcn_analysis.contract.additional_roles import find_role, role_names, roles_in
from pcn_analysis.contract.clauses import tables
from pcn_analysis.contract.years import YEARS
from pcn_analysis.exceptions import PcnAnalysisError

pytestmark = pytest.mark.unit


def of(year):
    return {one.role: one for one in roles_in(year)}


def test_roles_come_in_year_by_year_and_none_is_there_before_its_time():
    counts = {year: len(roles_in(year)) for year in YEARS}
    assert counts == {
        "2019/20": 2,  # a pharmacist and a link worker
        "2020/21": 12,  # with eight from April and two nursing associates from October 2020
        "2021/22": 16,  # with paramedics, advanced practitioners and mental health practitioners of two kinds
        "2022/23": 18,  # with general practice assistants and digital leads from October 2022
        "2023/24": 19,  # with apprentice physician associates
        "2024/25": 21,  # with enhanced practice nurses, and general practitioners from October 2024
        "2025/26": 25,  # with four more of nursing
        "2026/27": 25,
    }
    assert "paramedic" not in of("2020/21")
    assert of("2024/25")["gp"].eligible_from == dt.date(2024, 10, 1)


def test_article_2_and_article_4_are_both_right_each_in_its_year():
    first, later = of("2019/20"), of("2020/21")
    assert first["clinical_pharmacist"].reimbursed.number == 0.7
    assert first["social_prescribing_link_worker"].reimbursed.number == 1
    assert {one.reimbursed.number for one in later.values()} == {1}


def test_half_of_a_mental_health_practitioner_is_paid_by_the_provider_of_mental_health_services():
    one = find_role("mental_health_practitioner_adult", "2022/23")
    assert (one.reimbursed.number, one.rest_paid_by) == (0.5, "mental health provider")
    assert find_role("clinical_pharmacist", "2019/20").rest_paid_by == "network"


def test_a_ceiling_is_never_carried_over_and_a_band_is_said_to_be():
    last = find_role("clinical_pharmacist", "2026/27")
    assert (last.ceiling.value, last.ceiling.standing) == ("", "not known")
    assert (last.band.value, last.band.standing) == ("7-8a", "carried over from 2025/26")
    assert find_role("dietitian", "2025/26").ceiling.standing == "not known"


def test_a_ceiling_that_was_changed_within_the_year_is_that_of_the_month():
    one = find_role("care_coordinator", "2023/24")
    assert one.ceiling_in(dt.date(2023, 6, 30)) == 31_746
    assert one.ceiling_in(dt.date(2023, 7, 1)) == 33_396
    earlier = find_role("clinical_pharmacist", "2022/23")
    assert [earlier.ceiling_in(dt.date(2022, month, 1)) for month in (9, 10)] == [57_318, 59_312]
    assert find_role("clinical_pharmacist", "2025/26").changed is None, "they were raised for the whole year"
    pharmacist = find_role("clinical_pharmacist", "2024/25")
    assert pharmacist.ceiling_in(dt.date(2024, 9, 1)) is None, "no source gives that of April to September 2024"
    assert pharmacist.ceiling_in(dt.date(2024, 10, 1), "inner_london") == 76_313
    assert pharmacist.ceiling_in(dt.date(2024, 9, 1), "inner_london") is None


def test_ceilings_of_2025_26_are_to_be_verified_as_they_were_raised_afterwards():
    known = [one for one in roles_in("2025/26") if one.ceiling.value]
    assert {one.ceiling.standing for one in known} == {"to verify"}
    assert len(known) == 9
    assert "backdated to 1 April 2025" in known[0].note


def test_a_limit_by_number_says_nothing_of_another_year():
    numbers = {year: of(year)["advanced_practitioner"].limits for year in YEARS[2:]}
    said = {year: tuple(one.value if one else None for one in limits) for year, limits in numbers.items()}
    assert said["2021/22"] == (None, None)
    assert said["2022/23"] == ("2", "3")
    assert said["2023/24"] == ("3", "6")
    assert said["2024/25"] == ("none", "none")
    assert said["2026/27"] == (None, None)


@pytest.mark.parametrize(
    ("role", "year", "told"),
    [
        ("clinical_farmacist", "2025/26", "Did you mean clinical_pharmacist"),
        ("paramedic", "2019/20", "it is not reimbursed in 2019/20. It is from 2021-04-01 on."),
        ("paramedic", "2025-26", "Did you mean 2025/26"),
    ],
)
def test_an_unknown_role_or_year_is_told_with_the_nearest(role, year, told):
    with pytest.raises(PcnAnalysisError, match=told):
        find_role(role, year)


def test_the_codelist_and_the_clauses_are_of_the_same_roles_and_names():
    listed = codelists.names("additional_roles", "role")
    assert tuple(listed) == role_names()
    assert {one.role: one.name for one in roles_in("2025/26")} == listed
    early = [row["role"] for row in codelists.rows("additional_roles") if row["early_contract"] == "yes"]
    assert len(early) == 16, "fifteen roles, of which mental health practitioners are two here"
    assert set(early) == set(of("2021/22"))


def test_no_ceiling_is_higher_than_that_of_a_higher_band():
    """A slip of a digit in the table would break it."""
    for year in ("2024/25", "2025/26"):
        known = {one.band.value: one.ceiling.number for one in roles_in(year) if one.ceiling.value and one.role != "gp"}
        order = [known[band] for band in ("3", "5", "6", "7", "7-8a", "8a", "8c") if band in known]
        assert order == sorted(order)


def test_every_ceiling_in_london_is_no_lower_than_that_of_the_rest_of_england():
    for year in YEARS:
        for one in roles_in(year):
            rest, outer, inner = (float(clause.value or "nan") for clause in one.ceilings.values())
            pairs = ((rest, outer), (rest, inner), (outer, inner))
            assert not any(higher < lower for lower, higher in pairs), one.role


def test_every_row_of_the_table_says_who_says_so():
    assert all(row.source for row in tables()["additional_roles"])


def test_everything_that_a_role_rests_on_is_in_its_standing_its_source_and_its_note():
    """Limits, who pays the rest, ceilings in London and those until a change: not the four main clauses alone."""
    limited = find_role("mental_health_practitioner_adult", "2022/23")
    assert limited.standing == "band, ceiling not known; limit, limit of a large network to verify"
    assert "Advanced nurse practitioners" in limited.source
    assert "of each kind or of both together" in limited.note
    assert "share, who pays the rest to verify" in find_role("mental_health_practitioner_young", "2024/25").standing
    assert find_role("enhanced_practice_nurse", "2024/25").standing.endswith("ceiling until the change to verify")
    london = find_role("clinical_pharmacist", "2025/26")
    assert london.standing == "ceiling, ceiling in outer London, ceiling in inner London to verify"
    first = find_role("clinical_pharmacist", "2019/20")
    assert "patients of a large network to verify" in first.standing
    assert "The source says more than 100,000" in first.note


def test_the_limit_of_a_small_network_says_nothing_of_a_large_one():
    link_worker = find_role("social_prescribing_link_worker", "2019/20")
    assert link_worker.limit(large=False).value == "1"
    assert link_worker.limit(large=True) is None
    assert link_worker.limit(large=None) is None, "its size is not known"
    lead = find_role("digital_and_transformation_lead", "2022/23")
    assert [lead.limit(large=large).value for large in (False, True, None)] == ["1", "1", "1"], "one a network"
    nurse = find_role("enhanced_practice_nurse", "2024/25")
    assert [nurse.limit(large=large).value for large in (False, True)] == ["1", "2"]
    assert nurse.limit(large=None) is None
