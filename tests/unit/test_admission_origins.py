"""Who is followed from a day on, what came of them, and whom those stand for who did not leave."""

import datetime as dt
from dataclasses import replace

import pytest
from admitted import outcomes
from vignettes import by_person, contact, person, population_of, table

from pcn_analysis.anticipatory.admission import censor_weights, followed
from pcn_analysis.anticipatory.admission.origins import check_classes
from pcn_analysis.exceptions import PcnAnalysisError

pytestmark = pytest.mark.unit

ORIGIN = dt.date(2025, 7, 1)


def admission(who, date, **columns):
    return contact(who, "emergency_admission", date, **columns)


def ended(persons, encounters, **more):
    people = population_of(persons, encounters=encounters, **more)
    return by_person(followed(people, origin=ORIGIN), "ended", "days")


def test_the_first_admission_from_the_origin_on_ends_the_follow_up():
    found = ended(
        [person(who) for who in ("before", "first_day", "twice", "last_day", "after")],
        [
            admission("before", "2025-06-30"),
            admission("first_day", "2025-07-01"),
            admission("twice", "2026-03-01"),
            admission("twice", "2025-08-01"),
            admission("last_day", "2026-06-30"),
            admission("after", "2026-07-01"),
        ],
    )
    assert found == {
        "before": ("followed", 365),
        "first_day": ("admitted", 0),
        "twice": ("admitted", 31),
        "last_day": ("admitted", 364),
        "after": ("followed", 365),
    }


def test_no_other_kind_of_contact_and_none_that_was_missed_is_an_admission():
    kinds = ("ed", "elective_admission", "maternity_admission")
    persons = [person(kind) for kind in (*kinds, "missed", "real")]
    seen = [contact(kind, kind, "2025-09-01") for kind in kinds]
    seen += [admission("missed", "2025-09-01", attended=False), admission("real", "2026-06-01")]
    found = ended(persons, seen)
    assert {who for who, (how, _) in found.items() if how == "admitted"} == {"real"}


def test_adults_who_were_alive_and_registered_at_the_origin_are_followed_and_nobody_else():
    found = ended(
        [
            person("child", born="2007-07-02"),
            person("adult", born="2007-07-01"),
            person("dead", death_date="2025-06-30"),
            person("gone", registration_end_date="2025-07-01"),
            person("later", registration_start_date="2025-07-02"),
            person("unknown", registration_start_date=None),
        ],
        [],
    )
    assert set(found) == {"adult", "unknown"}


def test_who_dies_without_an_admission_is_kept_as_someone_who_was_not_admitted():
    people = population_of([person("died", death_date="2025-09-01"), person("lives")], encounters=[])
    found = followed(people, origin=ORIGIN)
    assert by_person(found, "ended", "admitted", "days")["died"] == ("died", False, 62)
    assert found.assign(weight=censor_weights(found))["weight"].to_list() == [1.0, 1.0]


def test_of_one_day_a_death_is_no_leaving_and_an_admission_is_before_the_death():
    day = "2025-09-01"
    both = {"death_date": day, "registration_end_date": day}
    found = ended(
        [person("died", **both), person("admitted", **both), person("left", registration_end_date=day)],
        [admission("admitted", day), admission("left", day)],
    )
    assert {who: how for who, (how, _) in found.items()} == {"died": "died", "admitted": "admitted", "left": "left"}


def test_what_is_recorded_after_someone_left_or_died_is_not_read():
    found = ended(
        [person("left", registration_end_date="2025-08-01"), person("dead", death_date="2025-08-01")],
        [admission("left", "2025-10-01"), admission("dead", "2025-10-01")],
    )
    assert {who: how for who, (how, _) in found.items()} == {"left": "left", "dead": "died"}


def test_who_is_no_longer_observed_has_left_and_who_is_not_observed_at_the_origin_is_not_followed():
    people = population_of([person(who) for who in ("until", "not_yet", "no_more", "through")], encounters=[])
    periods = [
        {"person_id": "until", "start_date": "2020-01-01", "end_date": "2025-12-31"},
        {"person_id": "no_more", "start_date": "2020-01-01", "end_date": "2025-06-30"},
        {"person_id": "not_yet", "start_date": "2025-07-02", "end_date": "2026-07-01"},
        {"person_id": "through", "start_date": "2020-01-01", "end_date": "2026-07-01"},
    ]
    people = replace(people, tables=people.tables | {"observation_period": table("observation_period", periods)})
    found = by_person(followed(people, origin=ORIGIN), "ended", "days")
    assert found == {"until": ("left", 184), "through": ("followed", 365)}


# -- records that do not reach ------------------------------------------------------------------------------


def test_a_follow_up_longer_than_the_records_is_refused_and_a_shorter_one_can_be_asked_for():
    people = population_of([person("p1")], encounters=[])
    with pytest.raises(PcnAnalysisError, match="longer than the records, which were taken on 2026-07-01"):
        followed(people, origin=dt.date(2025, 7, 3))
    assert followed(people, origin=dt.date(2025, 7, 3), months=6)["days"].to_list() == [184]


def test_admissions_that_stop_long_before_the_end_are_no_year_without_admissions():
    persons = [person(f"p{i}") for i in range(40)]
    seen = [admission(f"p{i}", f"2025-{7 + i % 3:02d}-{1 + i % 28:02d}") for i in range(40)]
    with pytest.raises(PcnAnalysisError, match=r"recorded until 2025-09-2.* lasts until 2026-07-01"):
        ended(persons, seen)


def test_records_without_contacts_say_nothing_of_admissions():
    with pytest.raises(PcnAnalysisError, match="hold no contacts"):
        followed(population_of([person("p1")]), origin=ORIGIN)


@pytest.mark.parametrize(("how", "who"), [("followed", "nobody"), ("admitted", "everybody")])
def test_one_kind_of_outcome_is_refused(how, who):
    people = outcomes([how, how, "left"], [10, 20, 30])
    with pytest.raises(PcnAnalysisError, match=f"{who} of 2 people whose outcome is known"):
        check_classes(people, "follow-up")


# -- weights -------------------------------------------------------------------------------------------------


def test_weights_as_worked_out_by_hand():
    """Of ten, one leaves on day 10 (9/10 stay), one dies on day 20, one leaves on day 30, when eight are there."""
    people = outcomes(
        ["left", "died", "left", "admitted", *["followed"] * 6],
        [10, 20, 30, 30, *[365] * 6],
    )
    stay_10, stay_30 = 9 / 10, 9 / 10 * 7 / 8
    expected = [0, 1 / stay_10, 0, 1 / stay_30, *[1 / stay_30] * 6]
    assert censor_weights(people).to_list() == pytest.approx(expected)
    assert censor_weights(people).sum() == pytest.approx(10)


def test_nobody_left_and_everyone_counts_for_one():
    assert censor_weights(outcomes(["admitted", "died", "followed"], [1, 2, 3])).to_list() == [1, 1, 1]


def test_nobody_has_no_weights():
    assert censor_weights(outcomes([], [])).to_list() == []
