"""Social prescribing: who may benefit, who is referred, and two readings of wellbeing. The day is 1 July 2026."""

from dataclasses import replace

import pandas as pd
import pytest
from vignettes import care_event, person, person_rows, population_of, reading, table

from pcn_analysis import alt_text, charts, readings
from pcn_analysis.release import release
from pcn_analysis.services.catalogue import find_service
from pcn_analysis.services.contract_years import YEARS
from pcn_analysis.services.counts import measures, reasons
from pcn_analysis.services.personalised_care import referrals as counts
from pcn_analysis.services.personalised_care.wellbeing import wellbeing
from pcn_analysis.services.service_table import service_table
from tests.declared_counts import problems_of

pytestmark = pytest.mark.unit

SERVICE = "personalised_care"
REFERRAL = "social_prescribing_referral"
WELL = {
    "age": 50, "sex": "female", "practice_code": "A00001", "imd_decile": 5, "ethnicity": "White: Irish", "carer": False,
    "n_ltc": 0, "gp_12m": 2, "on_mh_register": False, "palliative_care_date": None,
    "has_anxiety": False, "anxiety_date": None, "has_depression": False, "depression_date": None,
    "has_social_vulnerability": False, "social_vulnerability_date": None, "has_homelessness": False,
    "homelessness_date": None,
}  # fmt: skip
"""Somebody whom the rule does not name."""
LOW = {"n_ltc": 2, "has_depression": True, "depression_date": "2025-01-01"}


def patient(who, **differs):
    return {"person_id": who, **WELL, **differs}


def network(*patients, events=(), measurements=()):
    population = population_of([person("somebody")], conditions=[], medications=[])
    held = {
        "person_table": person_rows(*patients), "care_events": table("care_events", list(events)),
        "measurements": table("measurements", list(measurements)),
    }  # fmt: skip
    return replace(population, tables=population.tables | held)


def cohort(*patients, events=()):
    found = service_table(network(*patients, events=events), SERVICE, "2026/27")
    return set(found.people["person_id"][found.cohort])


def referred(who, date, outcome="done"):
    return care_event(who, REFERRAL, date, outcome)


# -- who may benefit ---------------------------------------------------------------------------------------


def test_anxiety_or_depression_counts_with_another_condition_and_without_severe_mental_illness():
    assert cohort(
        patient("both", **LOW),
        patient("anxious", n_ltc=2, has_anxiety=True, anxiety_date="2026-01-01"),
        patient("depressed alone", **LOW | {"n_ltc": 1}),
        patient("ill alone", n_ltc=5),
        patient("severe", **LOW, on_mh_register=True),
    ) == {"both", "anxious"}


def test_complex_social_needs_carers_and_very_frequent_attenders_may_benefit():
    assert cohort(
        patient("vulnerable", has_social_vulnerability=True, social_vulnerability_date="2024-01-01"),
        patient("homeless", has_homelessness=True, homelessness_date="2024-01-01"),
        patient("carer", carer=True),
        patient("twenty", gp_12m=20),
        patient("nineteen", gp_12m=19),
        patient("not known", carer=None),
    ) == {"vulnerable", "homeless", "carer", "twenty"}


def test_adults_without_end_of_life_care():
    assert cohort(
        patient("eighteen", carer=True, age=18),
        patient("seventeen", carer=True, age=17),
        patient("dying", carer=True, palliative_care_date="2024-07-01"),
        patient("long ago", carer=True, palliative_care_date="2024-06-30"),
    ) == {"eighteen", "long ago"}


def test_who_was_referred_offered_or_declined_is_not_asked_again():
    events = [referred("sent", "2026-01-01"), referred("offered", "2026-01-01", "offered"),
              referred("declined", "2026-01-01", "declined"), referred("long ago", "2025-06-30")]  # fmt: skip
    who = ("sent", "offered", "declined", "long ago", "never")
    found = service_table(network(*(patient(one, carer=True) for one in who), events=events), SERVICE, "2026/27")
    (gap,) = (one.name for one in find_service(SERVICE, "2026/27").gaps)
    assert set(found.people["person_id"][found.gaps[gap]]) == {"long ago", "never"}


# -- referrals ---------------------------------------------------------------------------------------------


def test_an_offer_is_no_referral_and_everybody_is_in_one_row():
    events = [
        referred("sent", "2025-07-01"),
        referred("sent", "2026-01-01", "offered"),
        referred("too early", "2025-06-30"),
        referred("declined", "2026-01-01", "offered"),
        referred("declined", "2026-02-01", "declined"),
        referred("offered", "2026-01-01", "offered"),
        referred("today", "2026-07-01"),
    ]
    who = ("sent", "too early", "declined", "offered", "today")
    frame = counts.referrals(network(*map(patient, who), events=events)).frame
    assert dict(zip(frame["outcome"], frame["people"], strict=True)) == {
        "referred": 1, "declined or unsuitable": 1, "offered, and nothing more": 1, "none of these": 2,
    }  # fmt: skip
    assert frame["of"].to_list() == [5] * 4


def test_thresholds_are_of_2022_23_and_carried_over_is_said():
    population = network(patient("a"), events=[referred("a", "2026-01-01")])
    row = counts.referrals(population).frame.iloc[0]
    assert row[["lower", "upper", "standing"]].to_list() == [0.012, 0.016, "carried over from 2022/23"]
    assert counts.referrals(population, "2022/23").frame["standing"].iloc[0] == "published"
    assert pd.isna(counts.referrals(population, "2021/22").frame["lower"].iloc[0])


def test_without_any_referral_nothing_is_known():
    population = network(patient("a", carer=True), events=[care_event("a", "care_and_support_plan", "2026-01-01")])
    assert counts.referrals(population).frame.empty
    assert counts.equity(population).frame.empty
    assert service_table(population, SERVICE, "2026/27").status["measure", counts.OF_LIST] == "not assessed"


def test_equity_keeps_not_stated_and_not_known_apart_and_adds_up():
    people = [
        patient("a", ethnicity="Not stated", imd_decile=1),
        patient("b", ethnicity=None, imd_decile=None, sex="male", age=80),
        patient("c", ethnicity="Asian or Asian British: Indian", imd_decile=10),
        patient("d"),
    ]
    both = network(*people, events=[referred("a", "2026-01-01"), referred("b", "2026-01-01")])
    frame = counts.equity(both).frame
    groups = frame.set_index(["by", "group"])[["people", "of"]]
    assert groups.loc[("ethnicity", "not stated")].to_list() == [1, 1]
    assert groups.loc[("ethnicity", "not known")].to_list() == [1, 1]
    assert groups.loc[("deprivation", "most deprived")].to_list() == [1, 1]
    assert groups.loc[("age", "75-84")].to_list() == [1, 1]
    sums = groups.groupby("by").sum()
    assert sums["people"].to_list() == [2] * 4
    assert sums["of"].to_list() == [4] * 4
    assert "indeterminate or not known" not in frame["group"].to_list(), "there is nobody"


def test_equity_can_be_asked_of_those_who_may_benefit():
    people = [patient("a", carer=True), patient("b", carer=True), patient("c")]
    frame = counts.equity(network(*people, events=[referred("a", "2026-01-01")]), measure=counts.OF_COHORT).frame
    assert frame[["everyone_people", "everyone_of"]].iloc[0].to_list() == [1, 2]


# -- wellbeing ---------------------------------------------------------------------------------------------


def happy(who, date, value, what="ons4_happiness", **more):
    return reading(who, what, date, value, unit="{score}", **more)


def changes(measurements, events):
    people = pd.unique(pd.Series([one["person_id"] for one in measurements]))
    frame = wellbeing(network(*map(patient, people), events=events, measurements=measurements)).frame
    return frame.set_index(["reading", "group"])[["better", "worse", "paired"]]


SENT = [referred("a", "2026-01-10"), referred("nobody", "2020-01-01")]


@pytest.mark.parametrize(
    ("before", "after", "paired"),
    [
        ("2026-01-10", "2026-02-10", True),  # of the day of the referral; a month later
        ("2026-01-11", "2026-02-10", False),  # after the referral: no first reading
        ("2025-07-10", "2026-02-10", True),  # six months before
        ("2025-07-09", "2026-02-10", False),
        ("2026-01-10", "2026-02-09", False),  # less than a month later
    ],
)
def test_two_readings_lie_around_the_referral(before, after, paired):
    found = changes([happy("a", before, 4), happy("a", after, 6)], SENT)
    assert (len(found) == 1) is paired


def test_the_second_reading_is_the_latest_within_a_year_of_the_referral():
    sent = [referred("a", "2025-01-10")]
    read = [
        happy("a", "2025-01-01", 4),
        happy("a", "2025-06-01", 6),
        happy("a", "2026-01-09", 3),
        happy("a", "2026-01-10", 9),
    ]
    assert changes(read, sent).iloc[0].to_list() == [0, 1, 1]


def test_less_anxiety_is_better_and_more_happiness_is():
    read = [happy("a", "2026-01-01", 4), happy("a", "2026-04-01", 5), happy("a", "2026-01-01", 5, "ons4_anxiety"),
            happy("a", "2026-04-01", 4, "ons4_anxiety"), happy("a", "2026-01-01", 5, "ons4_worthwhile"),
            happy("a", "2026-04-01", 5, "ons4_worthwhile")]  # fmt: skip
    found = changes(read, SENT).droplevel("group")
    assert found["better"].to_dict() == {
        "Things done are worthwhile (ONS4)": 0, "Happiness yesterday (ONS4)": 1, "Anxiety yesterday (ONS4)": 1,
    }  # fmt: skip
    assert found["worse"].sum() == 0


def test_activation_is_better_from_three_points():
    for after, better in ((50.1, 1), (50.0, 0)):
        found = changes([happy("a", "2026-01-01", 47.1, "pam"), happy("a", "2026-04-01", after, "pam")], SENT)
        assert found["better"].to_list() == [better]


def test_who_was_never_referred_is_followed_from_the_first_reading_and_who_only_declined_is_one_of_them():
    events = [*SENT, referred("b", "2026-01-01", "declined")]
    read = [
        happy("b", "2025-01-01", 4),
        happy("b", "2025-03-01", 5),
        happy("b", "2025-12-31", 6),
        happy("b", "2026-01-01", 1),
    ]
    assert changes(read, events).loc[("Happiness yesterday (ONS4)", "never referred")].to_list() == [1, 0, 1]


def test_readings_that_are_bounds_or_in_other_units_are_not_read():
    read = [happy("a", "2026-01-01", 4), happy("a", "2026-04-01", 6, operator="<"),
            reading("a", "ons4_happiness", "2026-04-02", 6, unit=None)]  # fmt: skip
    assert changes(read, SENT).empty


def test_nothing_of_the_index_date_is_read():
    assert changes([happy("a", "2026-01-01", 4), happy("a", "2026-07-01", 6)], SENT).empty


# -- what is shown -----------------------------------------------------------------------------------------


def crowd(number=80):
    """So many people, half of them referred; those feel better, the others feel the same."""
    names = [f"p{one:03}" for one in range(number)]
    sent = [referred(who, "2026-01-10") for who in names[::2]]
    read = [happy(who, date, value) for place, who in enumerate(names)
            for date, value in (("2026-01-01", 4), ("2026-04-01", 4 + (place + 1) % 2))]  # fmt: skip
    people = [patient(who, carer=True, sex="male" if place % 2 else "female") for place, who in enumerate(names)]
    return network(*people, events=sent, measurements=read)


@pytest.fixture(scope="module")
def eighty():
    return crowd()


def test_what_the_tables_say_that_they_count_is_true_of_their_numbers(eighty):
    tables = {one.__name__: one(eighty) for one in (counts.referrals, counts.equity, wellbeing)}
    tables |= {"every kind of group": counts.equity(eighty)}
    tables |= {"measures": measures(eighty, services=[SERVICE]), "reasons": reasons(eighty, SERVICE)}
    assert not problems_of(tables | {"may benefit": counts.equity(eighty, measure=counts.OF_COHORT)})


def test_referrals_are_read_against_the_thresholds(eighty):
    told = readings.social_prescribing_referrals(release(counts.referrals(eighty)))
    assert "40 of 80 people registered with Harbour PCN were referred" in told
    assert "at or above the upper threshold" in told
    assert "carried over from 2022/23" in told
    few = readings.social_prescribing_referrals(release(counts.referrals(crowd(6))))
    assert "is not shown: too few" in few
    none = network(patient("a"))
    assert "not known" in readings.social_prescribing_referrals(release(counts.referrals(none)))


def test_who_is_referred_is_read_drawn_and_described(eighty):
    table = release(counts.equity(eighty))
    told = readings.social_prescribing_equity(table)
    assert "sex female 100.0% (higher)" in told
    assert "sex male 0.0% (lower)" in told
    ax = charts.social_prescribing_equity(table)
    assert {"Sex", "female", "Ethnic group", "not stated"} <= {one.get_text() for one in ax.get_yticklabels()}
    assert "lowest sex male 0.0%, highest sex female 100.0%" in alt_text.social_prescribing_equity(table)
    few = release(counts.equity(crowd(6)))
    assert "not shown by group: too few" in readings.social_prescribing_equity(few)
    charts.social_prescribing_equity(few)
    assert "none is shown" not in alt_text.social_prescribing_equity(table)


def test_two_readings_are_read_with_what_they_cannot_tell(eighty):
    table = release(wellbeing(eighty))
    told = readings.wellbeing_changes(table)
    assert "Happiness yesterday (ONS4) 100.0% (91.2% to 100.0%) of 40 referred, 0.0% of those never referred" in told
    assert "regression to the mean" in told
    assert "regression to the mean" in readings.wellbeing_changes(release(wellbeing(crowd(6))))
    assert "nobody has two readings" in readings.wellbeing_changes(release(wellbeing(network(patient("a")))))
    assert charts.wellbeing_changes(table).get_xlim() == (0, 1)
    assert "referred 100.0% of 40" in alt_text.wellbeing_changes(table)


def test_it_reads_in_every_contract_year_and_no_measure_claims_an_effect():
    for year in YEARS:
        found = find_service(SERVICE, year)
        assert {"personalised_pc01_lower", "personalised_pc01_upper"} <= {one.row.clause for one in found.clauses}
    assert "Whether anybody is better for it cannot be told from these records." in found.assumptions
