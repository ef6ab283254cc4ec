"""Social prescribing: who may benefit, who is referred, and two readings of wellbeing. The day is 1 July 2026."""

from dataclasses import replace

import pandas as pd
import pytest
from vignettes import care_event, person, person_rows, population_of, reading, table

from pcn_analysis import alt_text, charts, readings
from pcn_analysis.contract.years import YEARS
from pcn_analysis.release import release
from pcn_analysis.services.catalogue import find_service
from pcn_analysis.services.counts import measures, reasons
from pcn_analysis.services.personalised_care import referrals as counts
from pcn_analysis.services.personalised_care.wellbeing import differences, wellbeing
from pcn_analysis.services.service_table import service_table
from tests.declared_counts import problems_of

pytestmark = pytest.mark.unit

SERVICE = "personalised_care"
REFERRAL, PLAN = "social_prescribing_referral", "care_and_support_plan"
LOW_MOOD, NEEDS, OFTEN, CARER = (
    "A long-term condition, and anxiety or depression",
    "Social vulnerability or homelessness",
    "Sees the practice very often",
    "Unpaid carer",
)
PLANNED = "Personalised care and support plan in 12 months, of those who may benefit"
OPEN = "May benefit from social prescribing, and neither referred, offered nor declined in 12 months"
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


@pytest.mark.parametrize(
    ("differs", "why"),
    [
        (LOW, {LOW_MOOD}),
        ({"n_ltc": 2, "has_anxiety": True, "anxiety_date": "2026-01-01"}, {LOW_MOOD}),
        (LOW | {"n_ltc": 1}, set()),
        (LOW | {"n_ltc": None}, set()),
        (LOW | {"on_mh_register": True}, set()),
        ({"has_social_vulnerability": True, "social_vulnerability_date": "2024-01-01"}, {NEEDS}),
        ({"has_homelessness": True, "homelessness_date": "2024-01-01"}, {NEEDS}),
        ({"gp_12m": 20}, {OFTEN}),
        ({"gp_12m": 19}, set()),
        ({"carer": True}, {CARER}),
        (LOW | {"gp_12m": 30, "carer": True}, {LOW_MOOD, OFTEN, CARER}),
    ],
)
def test_why_somebody_may_benefit(differs, why):
    found = service_table(network(patient("p", **differs)), SERVICE, "2026/27")
    assert {name for name in found.reasons if found.reasons[name].iloc[0]} == why
    assert found.cohort.to_list() == [bool(why)]


def test_complex_social_needs_go_first_then_low_mood_then_the_others():
    needs = {"has_social_vulnerability": True, "social_vulnerability_date": "2024-01-01"}
    people = [
        patient("needs and low mood", **LOW | needs),
        patient("low mood, and a carer", **LOW, carer=True),
        patient("carer", carer=True),
        patient("twenty contacts", gp_12m=20),
    ]
    found = service_table(network(*people), SERVICE, "2026/27").people
    assert dict(zip(found["person_id"], found["priority"], strict=True)) == {
        "needs and low mood": 1, "low mood, and a carer": 2, "carer": 3, "twenty contacts": 3,
    }  # fmt: skip


def test_who_was_referred_offered_or_declined_is_not_asked_again():
    events = [referred("sent", "2026-01-01"), referred("offered", "2026-01-01", "offered"),
              referred("declined", "2026-01-01", "declined"), referred("long ago", "2025-06-30"),
              referred("a year ago", "2025-07-01"), referred("declined long ago", "2025-06-30", "declined"),
              referred("may not benefit", "2020-01-01")]  # fmt: skip
    who = ("sent", "offered", "declined", "long ago", "a year ago", "declined long ago", "never")
    people = [*(patient(one, carer=True) for one in who), patient("may not benefit")]
    found = service_table(network(*people, events=events), SERVICE, "2026/27")
    assert set(found.people["person_id"][found.gaps[OPEN]]) == {"long ago", "declined long ago", "never"}


def test_referrals_are_measured_of_everyone_and_plans_of_those_who_may_benefit():
    events = [referred("sent", "2025-07-01"), referred("long ago", "2025-06-30"), referred("not named", "2026-01-01"),
              referred("offered", "2026-01-01", "offered"), care_event("sent", PLAN, "2025-06-30"),
              care_event("offered", PLAN, "2025-07-01"), care_event("not named", PLAN, "2026-01-01"),
              care_event("long ago", PLAN, "2026-01-01", "declined")]  # fmt: skip
    people = [patient(one, carer=True) for one in ("sent", "long ago", "offered")] + [patient("not named")]
    found = service_table(network(*people, events=events), SERVICE, "2026/27")

    def who(measure, answer):
        return set(found.people["person_id"][found.measures[measure].eq(answer).fillna(False)])

    met = {
        measure: (who(measure, True), who(measure, False)) for measure in (counts.OF_LIST, counts.OF_COHORT, PLANNED)
    }
    assert met == {
        counts.OF_LIST: ({"sent", "not named"}, {"long ago", "offered"}),
        counts.OF_COHORT: ({"sent"}, {"long ago", "offered"}),
        PLANNED: ({"offered"}, {"sent", "long ago"}),
    }


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


def crowd(number=80, never_read_again=0):
    """So many people, half of them referred; those feel better, the others, but for some, feel the same."""
    names = [f"p{one:03}" for one in range(number)]
    sent = [referred(who, "2026-01-10") for who in names[::2]]
    read = [happy(who, date, value) for place, who in enumerate(names)
            for date, value in (("2026-01-01", 4), ("2026-04-01", 4 + (place + 1) % 2))
            if who not in names[1 : 2 * never_read_again : 2]]  # fmt: skip
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


def compared(population):
    return release(wellbeing(population)).followed_by(differences)


def counted(*rows):
    """What is released of people better of those with two readings, by group."""
    names = ["reading", "group", "better", "paired"]
    return differences(pd.DataFrame(rows, columns=names).astype({"better": "Int64", "paired": "Int64"}))


def test_the_difference_of_referred_and_never_referred_has_newcombes_limits_and_stands_beside_the_referred():
    """56 of 70 less 48 of 80 is the first example of Newcombe 1998: 0.0524 to 0.3339. The other way the signs turn."""
    rows = counted(
        ("Happiness", "referred", 56, 70),
        ("Happiness", "never referred", 48, 80),
        ("Anxiety", "referred", 48, 80),
        ("Anxiety", "never referred", 56, 70),
    )
    assert rows["apart"].to_list() == ["20.0 (5.2 to 33.4)", "", "-20.0 (-33.4 to -5.2)", ""]
    limits = rows.loc[0, ["difference", "difference_lower", "difference_upper"]].to_list()
    assert limits == pytest.approx([20.0, 5.24, 33.39], abs=0.005)
    assert rows["difference"].isna().to_list() == [False, True, False, True]


@pytest.mark.parametrize(
    "never",
    [
        pytest.param(("Activation", "never referred", None, 80), id="too few are better to show"),
        pytest.param(("Activation", "never referred", None, None), id="too few have two readings"),
        pytest.param(("Happiness", "never referred", 48, 80), id="nobody of them has two readings of it"),
    ],
)
def test_without_a_share_of_those_never_referred_there_is_no_difference(never):
    rows = counted(("Activation", "referred", 56, 70), never)
    assert rows["apart"].to_list() == ["", ""]
    assert rows["difference_upper"].isna().all()


def test_no_difference_at_all_has_no_sign():
    """49,999 of 100,000 is 0.001 percentage points less than 50,000: written 0.0, and not -0.0."""
    rows = counted(("Happiness", "referred", 49_999, 100_000), ("Happiness", "never referred", 50_000, 100_000))
    assert rows["apart"].iloc[0] == "0.0 (-0.4 to 0.4)"


def test_two_readings_are_read_with_what_they_cannot_tell(eighty):
    table = compared(eighty)
    told = readings.wellbeing_changes(table)
    assert (
        "with 95% intervals: Happiness yesterday (ONS4) 100.0% (91.2% to 100.0%) of 40 referred, 0.0% of those never "
        "referred, a difference of 100.0 (87.6 to 100.0) percentage points."
    ) in told
    assert "the groups were not matched" in told
    assert "regression to the mean" in told
    few = readings.wellbeing_changes(compared(crowd(6)))
    assert "regression to the mean" in few
    assert "difference" not in few
    three_others, no_others = (readings.wellbeing_changes(compared(crowd(80, without))) for without in (37, 40))
    assert "of 40 referred, not shown of those never referred. This does not tell" in three_others
    assert "of 40 referred, of nobody who was never referred are there two readings. This" in no_others
    assert "nobody has two readings" in readings.wellbeing_changes(compared(network(patient("a"))))
    assert charts.wellbeing_changes(table).get_xlim() == (0, 1)
    assert "referred 100.0% of 40" in alt_text.wellbeing_changes(table)


def test_it_reads_in_every_contract_year_and_no_measure_claims_an_effect():
    for year in YEARS:
        found = find_service(SERVICE, year)
        assert {"personalised_pc01_lower", "personalised_pc01_upper"} <= {one.row.clause for one in found.clauses}
    assert "Whether anybody is better for it cannot be told from these records." in found.assumptions
