"""Care of synthetic people: within their records, for whom it is meant, and in the shares that are invented."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from pcn_analysis import engine, tables
from pcn_analysis.synthetic.cancer_paths import PROGRAMMES, STAGES
from pcn_analysis.synthetic.care_homes import ARRIVALS, Homes, _after_moves
from pcn_analysis.synthetic.checks import MEDICATION_REVIEWS
from pcn_analysis.synthetic.happened import Happened, yearly_days
from pcn_analysis.synthetic.people import draw, write_people
from pcn_analysis.synthetic.pressure import last_pressures
from pcn_analysis.synthetic.records import Files
from pcn_analysis.validation import check_tables

pytestmark = pytest.mark.unit

PCN = "U00005"
INDEX, WINDOW = pd.Timestamp("2026-07-01"), pd.Timestamp("2023-07-01")
A_YEAR = INDEX - pd.DateOffset(years=1)
BROUGHT = ("cervical_screening", "bowel_screening", "breast_screening", "pneumococcal_vaccination")
"""Events that are told of the time before somebody came, as diagnoses are."""


@pytest.fixture(scope="module")
def held(old_priory):
    frames = {name: engine.to_pandas(table) for name, table in old_priory.tables.items()}
    return {name: tables.NAMED[name].conform(one) for name, one in frames.items() if name in tables.NAMED}


@pytest.fixture(scope="module")
def people(held):
    return held["person_table"].set_index("person_id")


@pytest.fixture(scope="module")
def events(held):
    """Events with when their person's records begin and end."""
    persons = held["persons"][["person_id", "birth_date", "registration_start_date", "registration_end_date"]]
    rows = held["care_events"].merge(persons, on="person_id")
    first = rows["registration_start_date"].clip(lower=WINDOW)
    return rows.assign(first=first, end=rows["registration_end_date"].fillna(INDEX))


def with_event(events, event, outcome="done", since=WINDOW):
    rows = events[(events["event"] == event) & (events["outcome"] == outcome) & (events["event_date"] >= since)]
    return set(rows["person_id"])


def share(some, of):
    return len(some & set(of)) / len(of)


def values(held, kind):
    return held["measurements"].query("measurement == @kind")


# -- the tables --------------------------------------------------------------------------------------------


def test_the_tables_are_as_declared_and_small(held):
    check_tables({name: held[name] for name in ("care_events", "care_home_stays", "care_homes")})
    assert len(held["care_events"]) < 3 * len(held["person_table"])


def test_every_event_that_has_a_name_happens_to_somebody(events):
    assert set(events["event"]) == set(tables.CARE_EVENT_NAMES)
    assert set(events["outcome"]) == set(tables.CARE_OUTCOMES)
    only_refused = events[events["event"].isin(["statin", "anticoagulant"])]
    assert set(only_refused["outcome"]) == {"declined", "unsuitable"}


def test_every_event_is_within_the_records_of_its_person_but_those_that_are_brought_along(events):
    assert (events["event_date"] < events["end"]).all()
    assert (events["event_date"] >= events["birth_date"]).all()
    own = events[~events["event"].isin(BROUGHT)]
    assert (own["event_date"] >= own["first"]).all()
    brought = events[events["event"].isin(BROUGHT)]
    assert (brought["event_date"] < brought["first"]).any()


def test_a_network_drawn_twice_has_the_same_care(marlhaven, held, tmp_path):
    with Files(tmp_path) as files:
        write_people(marlhaven, PCN, files)
    for name in ("care_events", "care_home_stays", "care_homes"):
        again = tables.NAMED[name].conform(pd.read_parquet(tmp_path / f"{name}.parquet"))
        order = list(again.columns)
        pd.testing.assert_frame_equal(
            held[name].sort_values(order, ignore_index=True), again.sort_values(order, ignore_index=True)
        )


# -- whom it is for ----------------------------------------------------------------------------------------


def test_screening_is_of_those_who_are_invited_and_rarer_where_deprivation_is_greater(events, people):
    for programme in PROGRAMMES:
        came = people.loc[people.index.isin(with_event(events, programme.event, since=INDEX - pd.DateOffset(years=6)))]
        assert came["age"].between(25, 74).all(), programme.event
        assert not programme.women or (came["sex"] == "female").all(), programme.event
    invited = people[people["age"].between(50, 74)]
    deprived = invited["imd_decile"] <= invited["imd_decile"].median()
    done = with_event(events, "bowel_screening", since=INDEX - pd.DateOffset(years=2))
    assert share(done, invited.index[deprived]) < share(done, invited.index[~deprived])
    assert 0.6 < share(done, invited.index) < 0.75


def test_checks_and_vaccinations_are_of_those_whom_they_are_for(events, people):
    disabled = people.index[people["has_learning_disability"] & (people["age"] >= 14)]
    checked = with_event(events, "learning_disability_health_check", since=A_YEAR)
    assert 0.55 < share(checked, disabled) < 0.9
    assert share(with_event(events, "health_action_plan", since=A_YEAR), checked & set(disabled)) > 0.75
    smi = people[["has_schizophrenia", "has_bipolar_disorder", "has_other_psychosis"]].any(axis=1)
    assert 0.4 < share(with_event(events, "smi_physical_health_check", since=A_YEAR), people.index[smi]) < 0.75
    copd = people.index[people["has_copd"]]
    assert 0.6 < share(with_event(events, "influenza_vaccination", since=A_YEAR), copd) < 0.85
    assert with_event(events, "influenza_vaccination", since=A_YEAR) & set(people.index[people["age"] < 60]) <= set(
        copd
    )
    months = set(events.loc[events["event"] == "influenza_vaccination", "event_date"].dt.month)
    assert months <= {9, 10, 11, 12}


def test_medication_reviews_are_likelier_for_the_frail_and_in_care_homes(events, people):
    done = with_event(events, "structured_medication_review", since=A_YEAR)
    lives_in = people.index[people["care_home"].fillna(False)]
    severe = people.index[people["efi_category"] == "severe"]
    everyone = people.index[people["age"] >= 18]
    assert share(done, everyone) < share(done, severe) < share(done, lives_in) < MEDICATION_REVIEWS["care home"]
    assert with_event(events, "structured_medication_review", "declined")


# -- pressure and cholesterol ------------------------------------------------------------------------------


def last_raised(held, people):
    """Who was last raised and is not on the hypertension register, and when."""
    rows = held["measurements"]
    both = rows[rows["measurement"].isin(["sbp", "dbp"])].pivot_table(
        index=["person_id", "measurement_date"], columns="measurement", values="value_as_number", aggfunc="last"
    )
    last = both.reset_index().sort_values("measurement_date").groupby("person_id").last()
    raised = last[(last["sbp"] >= 140) | (last["dbp"] >= 90)]
    here = people[~people["has_hypertension"] & (people["age"] >= 18)]
    return raised.loc[raised.index.isin(here.index), "measurement_date"]


def test_raised_pressure_is_followed_up_by_each_route_or_not_at_all(held, events, people):
    raised = last_raised(held, people)
    followed = with_event(events, "home_blood_pressure") | with_event(events, "ambulatory_blood_pressure")
    assert len(raised) > 300
    assert 0.15 < share(followed, raised.index) < 0.35
    here = followed & set(people.index)
    assert share(set(raised.index), here) > 0.95, "nobody else is monitored"
    monitored = events[events["event"].isin(["home_blood_pressure", "ambulatory_blood_pressure"])]
    after = monitored.set_index("person_id")["event_date"].reindex(raised.index).dropna()
    assert (after >= raised[after.index]).mean() > 0.98, "but for readings of one day, of which either may be the last"
    registered = with_event(events, "same_day_hypertension_referral") | with_event(events, "blood_pressure_treatment")
    assert registered & set(people.index) <= set(people.index[people["has_hypertension"]])
    assert with_event(events, "blood_pressure_treatment", "declined")


def test_the_last_pressure_is_the_one_of_the_last_day():
    measured = {
        "person": np.array([0, 0, 1, 0, 0, 1]),
        "day": np.array([5, 9, 3, 5, 9, 3]),
        "value": np.array([150.0, 130.0, 120.0, 80.0, 85.0, 95.0]),
        "kind": np.array(["sbp"] * 3 + ["dbp"] * 3, dtype=object),
    }
    day, raised = last_pressures(measured, 3)
    assert day.tolist() == [9, 3, -1]
    assert raised.tolist() == [False, True, False], "130/85 after 150/80; 120/95; nobody"


def test_about_1_in_250_and_some_more_have_cholesterol_above_the_thresholds(held, people):
    rows = values(held, "cholesterol").merge(people["age"], left_on="person_id", right_index=True)
    limit = np.where(rows["age"] < 30, 7.5, 9.0)
    above = rows.loc[rows["value_as_number"] > limit, "person_id"].nunique()
    assert 1 / 300 < above / len(people) < 1 / 120


# -- cancer ------------------------------------------------------------------------------------------------


def test_stages_are_of_cancers_first_recorded_on_that_day(held):
    staged = values(held, "cancer_stage")
    first = held["conditions"].query("condition == 'cancer' and source == 'gp'").groupby("person_id")
    first = first["condition_start_date"].min()
    assert len(staged) > 100
    assert (staged["measurement_date"].to_numpy() == first.loc[staged["person_id"]].to_numpy()).all()
    early = staged["value_as_number"].le(2).mean()
    assert abs(early - sum(STAGES[:2])) < 0.15


def test_a_faecal_test_is_an_event_with_a_value_and_most_referrals_for_the_bowel_had_one(held, events):
    tests = events[events["event"] == "fit_test"]
    measured = values(held, "fit")
    assert sorted(tests["person_id"]) == sorted(measured["person_id"])
    referred = events[events["event"] == "lower_gi_urgent_referral"]
    pairs = referred.merge(tests, on="person_id", suffixes=("", "_test"))
    before = (pairs["event_date"] - pairs["event_date_test"]).dt.days.between(1, 21)
    assert 0.65 < pairs[before]["person_id"].nunique() / referred["person_id"].nunique() < 0.95
    assert with_event(events, "lower_gi_urgent_referral") <= with_event(events, "urgent_suspected_cancer_referral")


# -- social prescribing ------------------------------------------------------------------------------------


def test_between_1_and_2_in_100_are_referred_to_social_prescribing_in_a_year(events, people):
    referred = share(with_event(events, "social_prescribing_referral", since=A_YEAR), people.index)
    assert 0.010 < referred < 0.018
    assert with_event(events, "social_prescribing_referral", "offered")
    assert with_event(events, "social_prescribing_referral", "declined")


def test_wellbeing_is_asked_again_about_12_weeks_later_of_those_referred_and_of_some_others(held, events):
    asked = values(held, "ons4_life_satisfaction")
    assert asked["value_as_number"].between(0, 10).all()
    referred = with_event(events, "social_prescribing_referral")
    assert set(asked["person_id"]) - referred, "some who were not referred"
    twice = asked.sort_values("measurement_date").groupby("person_id")["measurement_date"]
    between = (twice.last() - twice.first())[twice.size() == 2].dt.days
    assert between.between(70, 98).mean() > 0.8
    of_referred = asked[asked["person_id"].isin(referred)].sort_values("measurement_date").groupby("person_id")
    changed = (of_referred["value_as_number"].last() - of_referred["value_as_number"].first())[of_referred.size() == 2]
    assert changed.mean() > 0.3
    assert values(held, "pam")["value_as_number"].between(0, 100).all()


# -- care homes --------------------------------------------------------------------------------------------


def test_some_homes_are_aligned_elsewhere_or_nowhere_and_one_has_no_resident(held):
    homes, stays = held["care_homes"], held["care_home_stays"]
    own = homes["pcn_code"] == PCN
    assert 3 <= own.sum() <= 6
    assert (homes["pcn_code"].isna().sum(), (homes["pcn_code"].notna() & ~own).sum()) == (1, 1)
    empty = set(homes["care_home_code"]) - set(stays["care_home_code"])
    assert len(empty) == 1
    assert empty <= set(homes.loc[own, "care_home_code"])
    assert homes["care_home_name"].str.startswith("Synthetic care home").all()
    now = stays[stays["end_date"].isna()].groupby("care_home_code").size()
    assert (homes.set_index("care_home_code")["beds"].reindex(now.index) >= now).all()


def test_who_lives_in_a_care_home_is_in_one_now_and_nobody_else(held, people):
    stays = held["care_home_stays"]
    now = stays[stays["end_date"].isna()]
    assert now["person_id"].is_unique
    assert set(now["person_id"]) == set(people.index[people["care_home"].fillna(False)])


def test_stays_follow_one_another_and_a_return_from_hospital_is_of_an_admission(held):
    stays = held["care_home_stays"].sort_values(["person_id", "start_date"])
    before = stays.groupby("person_id").shift()
    assert not (stays["start_date"] < before["end_date"]).any()
    assert (before["end_date"].notna() == before["care_home_code"].notna()).all()
    assert (stays["end_date"].isna() | (stays["end_date"] > stays["start_date"])).all()
    later = before["care_home_code"].notna()
    moved = later & (stays["arrived_from"] == "other_care_home")
    assert (stays["care_home_code"] != before["care_home_code"])[moved].all()
    assert (stays["care_home_code"] == before["care_home_code"])[later & ~moved].all()
    back = stays[later & ~moved].assign(left=before["end_date"])
    admissions = held["encounters"].query("visit_type == 'emergency_admission'")
    found = back.merge(
        admissions, left_on=["person_id", "left", "start_date"],
        right_on=["person_id", "visit_start_date", "visit_end_date"],
    )  # fmt: skip
    assert len(back) > 20
    assert set(zip(found["person_id"], found["start_date"], strict=True)) == set(
        zip(back["person_id"], back["start_date"], strict=True)
    )


def test_plans_come_after_an_arrival_some_late_and_rounds_only_while_there(held, events):
    stays = held["care_home_stays"].assign(until=lambda rows: rows["end_date"].fillna(INDEX))
    for event in ("care_home_assessment", "care_and_support_plan", "care_home_round"):
        rows = events[events["event"] == event].reset_index().merge(stays, on="person_id")
        there = (rows["event_date"] >= rows["start_date"]) & (rows["event_date"] < rows["until"])
        assert set(rows.loc[there, "index"]) == set(rows["index"]), event
    plans = events[events["event"] == "care_and_support_plan"].merge(stays, on="person_id")
    plans = plans[(plans["event_date"] >= plans["start_date"]) & (plans["event_date"] < plans["until"])]
    days = np.busday_count(
        plans["start_date"].to_numpy().astype("datetime64[D]"), plans["event_date"].to_numpy().astype("datetime64[D]")
    )
    assert 0.4 < (days <= 7).mean() < 0.9
    nowhere = held["care_homes"].loc[held["care_homes"]["pcn_code"].isna(), "care_home_code"]
    rounds = events[events["event"] == "care_home_round"].merge(stays, on="person_id")
    rounds = rounds[(rounds["event_date"] >= rounds["start_date"]) & (rounds["event_date"] < rounds["until"])]
    assert not rounds["care_home_code"].isin(nowhere).any(), "no round in a home that no network has"


def test_a_person_is_in_another_home_after_a_move_and_stays_there():
    homes = Homes([], [], [], [], [], np.array([0, 0, 0, 1, 2]), np.array([]))
    person, came_over = np.array([4, 4, 4, 7, 9]), np.array([False, True, False, False, True])
    assert ARRIVALS[2] == "other_care_home"
    assert _after_moves(homes, np.array([1, 1, 1, 3, 3]), person, came_over).tolist() == [1, 0, 0, 3, 1]


# -- by hand -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn(marlhaven):
    return draw(marlhaven, PCN, np.random.default_rng(7)).chosen(slice(0, 2000))


def test_what_falls_outside_the_records_of_its_person_is_not_kept(drawn):
    found, who = Happened(drawn), np.arange(len(drawn))
    for day in (drawn.first - 1, drawn.first, drawn.people.end - 1, drawn.people.end):
        found.add("mdt_review", "done", who, day)
    assert len(found.events) == 2
    assert all((day >= drawn.first[who]).all() and (day < drawn.people.end[who]).all() for *_, who, day in found.events)


def test_outcomes_have_their_shares_and_the_rest_is_not_recorded(drawn):
    found, who = Happened(drawn), np.repeat(np.arange(len(drawn)), 10)
    done = found.add_by_chance("mdt_review", (0.5, 0.2, 0.1, 0.0), who, drawn.first[who], np.random.default_rng(1))
    sizes = {outcome: len(people) / len(who) for _, outcome, people, _ in found.events}
    assert set(sizes) == {"done", "offered", "declined"}
    assert sizes == pytest.approx({"done": 0.5, "offered": 0.2, "declined": 0.1}, abs=0.02)
    assert done.mean() == pytest.approx(sizes["done"])


def test_a_yearly_event_comes_at_most_once_in_a_year_and_to_nobody_who_cannot(drawn):
    some = np.arange(len(drawn)) % 2 == 0
    who, day = yearly_days(drawn, some.astype(float), np.random.default_rng(1))
    assert set(who) == set(np.flatnonzero(some))
    most = np.ceil(drawn.days / 365.25)
    assert (np.bincount(who, minlength=len(drawn)) == np.where(some, most, 0)).all()
    back = pd.Series(drawn.people.end[who] - 1 - day)
    assert (back.groupby(who).max() >= (most[some] - 1) * 365).all(), "one in each year, back to the first"


def test_with_nobody_drawn_nothing_happens(drawn):
    nobody = drawn.chosen(slice(0, 0))
    who, day = yearly_days(nobody, np.zeros(0), np.random.default_rng(1))
    assert (len(who), len(day)) == (0, 0)
    assert dataclasses.is_dataclass(Happened(nobody))
