"""Early cancer diagnosis: who is screened in time, who is referred, what came of it. The day is 1 July 2026.

All patients are in one network, each by a name that says what matters.
"""

from dataclasses import replace

import pandas as pd
import pytest
from vignettes import care_event, person, person_rows, population_of, reading, table

from pcn_analysis.contract.clauses import clause
from pcn_analysis.contract.years import YEARS
from pcn_analysis.services.catalogue import find_service
from pcn_analysis.services.early_cancer_diagnosis.by_practice import REFERRED, funnels, screened_and_referred
from pcn_analysis.services.service_table import GAP, MEASURE, REASON, service_table

pytestmark = pytest.mark.unit

SERVICE = "early_cancer_diagnosis"
YOUNG, OLDER, BREAST, BOWEL = (
    "Cervical screening, women of 25 to 49, within 3.5 years",
    "Cervical screening, women of 50 to 64, within 5.5 years",
    "Breast screening, women of 50 to 70, within 3 years",
    "Bowel screening within 2.5 years",
)
CONVERSION = "Conversion: a first cancer within 6 months of an urgent referral"
DETECTION = "Detection: of first cancers of 12 months, after an urgent referral"
FIT, STAGED, EARLY = (
    "Lower gastrointestinal urgent referral with a FIT",
    "Stage recorded, of first cancers of 12 months",
    "Stage 1 or 2, of first cancers of 12 months with a stage",
)
YOUNG_OVERDUE, OLDER_OVERDUE, BREAST_OVERDUE, BOWEL_OVERDUE, NO_FIT = (
    "Cervical screening overdue, women of 25 to 49",
    "Cervical screening overdue, women of 50 to 64",
    "Breast screening overdue, women of 53 to 70",
    "Bowel screening overdue",
    "Lower gastrointestinal urgent referral without a FIT",
)
URGENT, LOWER_GI = "urgent_suspected_cancer_referral", "lower_gi_urgent_referral"
USUAL = {"age": 80, "sex": "male", "imd_decile": 5, "ethnicity": None, "practice_code": "A00001",
         "has_cancer": False, "cancer_date": None, "cancer_first_date": None}  # fmt: skip
"""A man of 80, whom no screening programme invites."""


def patient(who, **differs):
    return {"person_id": who, **USUAL, **differs}


def woman(age, what=""):
    return patient(f"woman of {age}{what and f', {what}'}", age=age, sex="female")


def man(age, what=""):
    return patient(f"man of {age}{what and f', {what}'}", age=age)


def found_with(date, what):
    return patient(what, has_cancer=True, cancer_date=date, cancer_first_date=date)


SCREENED = [
    (woman(30, "screened 2022-12-31"), "cervical_screening", "2022-12-31", "done"),
    (woman(30, "screened 2023-01-01"), "cervical_screening", "2023-01-01", "done"),
    (woman(30, "declined"), "cervical_screening", "2024-01-01", "declined"),
    (woman(30, "declined long ago"), "cervical_screening", "2022-12-31", "declined"),
    (woman(60, "smear 2020-12-31"), "cervical_screening", "2020-12-31", "done"),
    (woman(60, "smear 2021-01-01"), "cervical_screening", "2021-01-01", "done"),
    (woman(60, "mammogram 2023-06-30"), "breast_screening", "2023-06-30", "done"),
    (woman(60, "mammogram 2023-07-01"), "breast_screening", "2023-07-01", "done"),
    (man(60, "kit 2023-12-31"), "bowel_screening", "2023-12-31", "done"),
    (man(60, "kit 2024-01-01"), "bowel_screening", "2024-01-01", "done"),
    (man(60, "declined"), "bowel_screening", "2025-01-01", "declined"),
    (woman(60, "no breast screening wanted"), "breast_screening", "2025-01-01", "declined"),
]
AGED = [*(woman(age) for age in (24, 25, 49, 50, 52, 53, 64, 65, 70, 71)),
        *(man(age) for age in (30, 49, 50, 53, 54, 55, 56, 59, 60, 74, 75)),
        patient("sex not known, 55", age=55, sex="unknown")]  # fmt: skip
REFERRALS = [
    (patient("referred 2025-06-30"), [(URGENT, "2025-06-30")]),
    (patient("referred 2025-07-01"), [(URGENT, "2025-07-01")]),
    (patient("lower GI 2026-06-30"), [(LOWER_GI, "2026-06-30")]),
    (patient("referred on the day"), [(URGENT, "2026-07-01")]),
    (patient("referred 2024-12-31"), [(URGENT, "2024-12-31")]),
    (patient("referred 2025-01-01"), [(URGENT, "2025-01-01")]),
    (patient("referred 2025-12-31"), [(URGENT, "2025-12-31")]),
    (patient("referred 2026-01-01"), [(URGENT, "2026-01-01")]),
    (found_with("2025-06-01", "cancer on the day of referral"), [(URGENT, "2025-06-01")]),
    (found_with("2025-11-30", "cancer in the last day of 6 months"), [(LOWER_GI, "2025-06-01")]),
    (found_with("2025-12-01", "cancer after 6 months"), [(URGENT, "2025-06-01")]),
    (found_with("2015-06-01", "cancer long before"), [(URGENT, "2025-06-01")]),
    (found_with("2026-06-01", "cancer of this year, not referred"), []),
    (found_with("2026-06-01", "cancer of this year, referred twice"), [(URGENT, "2024-01-01"), (URGENT, "2026-05-01")]),
]
FITS = {
    "FIT 21 days before": ("2026-06-01", "2026-05-11"),
    "FIT 22 days before": ("2026-06-01", "2026-05-10"),
    "FIT 7 days before": ("2026-06-01", "2026-05-25"),
    "FIT 8 days before": ("2026-06-01", "2026-05-24"),
    "FIT on the day": ("2026-06-01", "2026-06-01"),
    "FIT 1 day after": ("2026-06-01", "2026-06-02"),
    "FIT 14 days after": ("2026-06-01", "2026-06-15"),
    "FIT 15 days after": ("2026-06-01", "2026-06-16"),
    "no FIT, referred 2026-04-01": ("2026-04-01", None),
    "no FIT, referred 2026-03-31": ("2026-03-31", None),
    "FIT declined": ("2026-06-01", None),
}
"""When somebody was referred, and when they had a FIT."""
STAGED_AS = {1: "stage 1", 2: "stage 2", 3: "stage 3"}


@pytest.fixture(scope="module")
def people():
    staged = [found_with("2026-01-01", name) for name in STAGED_AS.values()]
    resulted = patient("FIT as a result below 4")
    patients = [*AGED, *(one for one, *_ in SCREENED), *(one for one, _ in REFERRALS), *map(patient, FITS), *staged,
                resulted, found_with("2025-06-30", "stage 1 of a year before")]  # fmt: skip
    events = [care_event(one["person_id"], event, date, outcome) for one, event, date, outcome in SCREENED]
    events += [care_event(one["person_id"], what, date) for one, made in REFERRALS for what, date in made]
    events += [care_event(name, LOWER_GI, referred) for name, (referred, _) in FITS.items()]
    events += [care_event(name, "fit_test", done) for name, (_, done) in FITS.items() if done]
    events += [care_event("FIT declined", "fit_test", "2026-06-01", "declined"),
               care_event("FIT 21 days before", "fit_test", "2026-06-10", "declined"),
               care_event(resulted["person_id"], LOWER_GI, "2026-06-01")]  # fmt: skip
    values = [reading(name, "cancer_stage", "2026-01-10", stage, unit="{stage}") for stage, name in STAGED_AS.items()]
    values += [reading("stage 1 of a year before", "cancer_stage", "2025-07-10", 1, unit="{stage}"),
               reading(resulted["person_id"], "fit", "2026-05-20", 4, unit="ug/g", operator="<")]  # fmt: skip
    bare = population_of([person(one["person_id"]) for one in patients], conditions=[], medications=[])
    held = {"person_table": person_rows(*patients), "care_events": table("care_events", events),
            "measurements": table("measurements", values)}  # fmt: skip
    return replace(bare, tables=bare.tables | held)


@pytest.fixture(scope="module")
def now(people):
    return service_table(people, SERVICE, "2026/27")


def of(found, name, values):
    """A value of one patient, null as None."""
    value = values[found.people["person_id"] == name].iloc[0]
    return None if pd.isna(value) else bool(value)


def concerned(found, measure):
    return {name for name, value in zip(found.people["person_id"], found.measures[measure].notna(), strict=True)
            if value}  # fmt: skip


# -- screening -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "ages"),
    [(YOUNG, (25, 49)), (OLDER, (50, 52, 53, 64)), (BREAST, (50, 52, 53, 64, 65, 70))],
)
def test_each_programme_for_women_has_its_ages(now, measure, ages):
    asked = concerned(now, measure)
    assert [age for age in (24, 25, 49, 50, 52, 53, 64, 65, 70, 71) if f"woman of {age}" in asked] == list(ages)
    assert not any(name.startswith(("man", "sex not known")) for name in asked)


@pytest.mark.parametrize(
    ("year", "lowest"),
    [("2019/20", 60), ("2020/21", 60), ("2021/22", 56), ("2022/23", 56), ("2023/24", 54), ("2024/25", 50),
     ("2026/27", 50)],
)  # fmt: skip
def test_bowel_screening_began_at_60_and_was_extended_to_50(people, year, lowest):
    found = service_table(people, SERVICE, year)
    asked = {name for name in concerned(found, BOWEL) if name in {f"man of {age}" for age in range(100)}}
    assert asked == {f"man of {age}" for age in (50, 53, 54, 55, 56, 59, 60, 74) if age >= lowest}


def test_bowel_screening_is_for_everybody_whatever_their_sex(now):
    assert "sex not known, 55" in concerned(now, BOWEL)


@pytest.mark.parametrize(
    ("name", "measure", "gap", "met"),
    [
        ("woman of 30, screened 2022-12-31", YOUNG, YOUNG_OVERDUE, False),
        ("woman of 30, screened 2023-01-01", YOUNG, YOUNG_OVERDUE, True),
        ("woman of 60, smear 2020-12-31", OLDER, OLDER_OVERDUE, False),
        ("woman of 60, smear 2021-01-01", OLDER, OLDER_OVERDUE, True),
        ("woman of 60, mammogram 2023-06-30", BREAST, BREAST_OVERDUE, False),
        ("woman of 60, mammogram 2023-07-01", BREAST, BREAST_OVERDUE, True),
        ("man of 60, kit 2023-12-31", BOWEL, BOWEL_OVERDUE, False),
        ("man of 60, kit 2024-01-01", BOWEL, BOWEL_OVERDUE, True),
    ],
)
def test_screening_covers_until_its_interval_is_over_and_is_overdue_from_then(now, name, measure, gap, met):
    assert of(now, name, now.measures[measure]) == met
    assert of(now, name, now.gaps[gap]) == (not met)


@pytest.mark.parametrize(
    ("name", "measure", "gap"),
    [
        ("woman of 30, declined", YOUNG, YOUNG_OVERDUE),
        ("man of 60, declined", BOWEL, BOWEL_OVERDUE),
        ("woman of 60, no breast screening wanted", BREAST, BREAST_OVERDUE),
    ],
)
def test_who_declined_is_not_screened_and_is_not_chased(now, name, measure, gap):
    assert of(now, name, now.measures[measure]) is False
    assert of(now, name, now.gaps[gap]) is False


def test_who_declined_before_the_interval_is_asked_again(now):
    assert of(now, "woman of 30, declined long ago", now.gaps[YOUNG_OVERDUE])


def test_breast_screening_is_overdue_from_53_as_a_first_invitation_may_come_so_late(now):
    assert [of(now, f"woman of {age}", now.gaps[BREAST_OVERDUE]) for age in (52, 53, 70, 71)] == [
        False, True, True, False
    ]  # fmt: skip


# -- referrals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "met"),
    [
        ("referred 2025-06-30", False),
        ("referred 2025-07-01", True),
        ("lower GI 2026-06-30", True),
        ("referred on the day", False),
        ("man of 30", False),
    ],
)
def test_a_referral_of_either_kind_counts_for_12_months(now, name, met):
    assert of(now, name, now.measures[REFERRED]) == met


@pytest.mark.parametrize(
    ("name", "converted"),
    [
        ("referred 2024-12-31", None),
        ("referred 2025-01-01", False),
        ("referred 2025-12-31", False),
        ("referred 2026-01-01", None),
        ("cancer on the day of referral", True),
        ("cancer in the last day of 6 months", True),
        ("cancer after 6 months", False),
        ("cancer long before", None),
        ("man of 30", None),
    ],
)
def test_conversion_asks_of_referrals_whose_6_months_are_over_and_of_people_without_an_earlier_cancer(
    now, name, converted
):
    assert of(now, name, now.measures[CONVERSION]) == converted


@pytest.mark.parametrize(
    ("name", "detected"),
    [
        ("cancer in the last day of 6 months", True),
        ("cancer after 6 months", False),
        ("cancer of this year, not referred", False),
        ("cancer of this year, referred twice", True),
        ("cancer on the day of referral", None),
        ("cancer long before", None),
    ],
)
def test_detection_asks_of_first_cancers_of_12_months_whether_a_referral_came_before(now, name, detected):
    assert of(now, name, now.measures[DETECTION]) == detected


# -- FIT and stage -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "accepted"),
    [
        ("2022/23", {"7 days before", "on the day", "1 day after", "14 days after"}),
        ("2023/24", {"7 days before", "8 days before", "21 days before", "on the day"}),
        ("2026/27", {"7 days before", "8 days before", "21 days before", "on the day"}),
    ],
)
def test_a_fit_goes_with_a_referral_in_the_days_of_the_contract_year(people, year, accepted):
    found = service_table(people, SERVICE, year)
    with_fit = {name.removeprefix("FIT ") for name, (_, done) in FITS.items()
                if done and of(found, name, found.measures[FIT])}  # fmt: skip
    assert with_fit == accepted


def test_a_result_is_a_fit_even_if_it_is_below_what_can_be_measured(now):
    assert of(now, "FIT as a result below 4", now.measures[FIT])


def test_who_declined_a_fit_is_left_out_unless_there_is_one(now):
    assert of(now, "FIT declined", now.measures[FIT]) is None
    assert of(now, "FIT 21 days before", now.measures[FIT])


def test_a_referral_without_a_fit_is_a_gap_for_3_months(now):
    names = ("no FIT, referred 2026-04-01", "no FIT, referred 2026-03-31", "FIT on the day", "FIT declined")
    assert [of(now, name, now.gaps[NO_FIT]) for name in names] == [True, False, False, False]
    assert now.people.set_index("person_id")["priority"][names[0]] == 1


def test_stages_1_and_2_are_early_and_of_no_stage_nothing_is_said(now):
    assert [of(now, name, now.measures[EARLY]) for name in STAGED_AS.values()] == [True, True, False]
    unstaged = "cancer of this year, not referred"
    assert (of(now, unstaged, now.measures[STAGED]), of(now, unstaged, now.measures[EARLY])) == (False, None)
    assert of(now, "stage 1 of a year before", now.measures[EARLY]) is None


# -- by practice ---------------------------------------------------------------------------------------------


def test_screening_referrals_and_what_came_of_them_are_counted_by_practice(people, now):
    frame = screened_and_referred(people, "2026/27").frame
    measures = [YOUNG, OLDER, BREAST, BOWEL, REFERRED, CONVERSION, DETECTION, FIT]
    assert list(dict.fromkeys(frame["measure"])) == measures
    assert frame.groupby("measure", sort=False)["people"].sum().to_list() == now.measures[measures].sum().to_list()


def test_every_share_by_practice_has_a_funnel_and_referrals_have_none(people):
    held = funnels(screened_and_referred(people, "2026/27").frame)
    parts = held.drop_duplicates("measure").set_index("measure")["part"]
    assert parts[parts == "screening"].index.to_list() == [YOUNG, OLDER, BREAST, BOWEL]
    assert parts[parts == "urgent referrals"].index.to_list() == [CONVERSION, DETECTION, FIT]
    assert len(parts) == 7


# -- the specification ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", YEARS)
def test_it_reads_in_every_year_and_names_what_its_columns_rest_on(year):
    service = find_service(SERVICE, year)
    assert {"cancer_window_months", "cancer_fit_days_before"} <= {one.row.clause for one in service.clauses}
    target = next(one.target for one in service.measures if one.name == FIT)
    assert target.value == ("" if year < "2022/23" else "0.8")


def test_the_ambition_of_75_percent_is_that_of_the_long_term_plan():
    assert (clause("cancer_early_share", "2026/27").number, clause("cancer_early_share", "2026/27").standing) == (
        0.75,
        "published",
    )


def test_what_the_records_lack_is_not_assessed(people):
    """Without a first date of cancer nobody knows what came of a referral; without referrals nobody was referred."""
    rows = [{name: value for name, value in woman(60).items() if not name.startswith(("cancer", "has_cancer"))}]
    events = [care_event("woman of 60", "cervical_screening", "2026-01-01")]
    held = {"person_table": person_rows(*rows), "care_events": table("care_events", events)}
    without = replace(people, tables=people.tables | held)
    without.tables.pop("measurements")
    found = service_table(without, SERVICE, "2026/27")
    lacking = {measure for measure in (YOUNG, OLDER, BREAST, BOWEL, REFERRED, CONVERSION, DETECTION, FIT, EARLY)
               if found.status[MEASURE, measure] == "not assessed"}  # fmt: skip
    assert lacking == {BREAST, BOWEL, REFERRED, CONVERSION, DETECTION, FIT, EARLY}
    assert found.status[GAP, OLDER_OVERDUE] == "partly assessed", "nobody is known to have declined"
    assert found.status[REASON, REFERRED] == "not assessed"
