"""Ages, sexes and contacts of a few people whom a reader can count on fingers. The index date is 1 July 2026."""

from dataclasses import replace

import pandas as pd
import pytest
from vignettes import contact, person, person_rows, population_of

from pcn_analysis.person_table import stages
from pcn_analysis.release import release
from pcn_analysis.segmentation import composition

pytestmark = pytest.mark.unit

UNKNOWN = dict.fromkeys(("practice_code", "lsoa21", "imd_decile", "imd_version", "ethnicity"))
PERSONS = [
    person("a girl", born="2010-01-01", **UNKNOWN),
    person("a woman of 64", born="1961-07-02", **UNKNOWN),
    person("a woman of 65", born="1961-07-01", **UNKNOWN),
    person("a man of 90", born="1936-01-01", sex="male", **UNKNOWN),
    person("of no known sex", born="1950-01-01", sex="unknown", **UNKNOWN),
    person("of indeterminate sex", born="1950-01-01", sex="indeterminate", **UNKNOWN),
    person("died", born="1940-01-01", death_date="2026-01-01", **UNKNOWN),
]
NOT_KNOWN = "indeterminate or not known"


def staged(persons=PERSONS, **records):
    """People with their person table; nothing is coded and no practice or area is known."""
    population = population_of(persons, covered=set(), **records)
    return replace(population, tables=population.tables | stages(population))


def with_rows(*rows, **columns):
    """People of a person table of which only some columns are there."""
    return replace(staged(), tables={"person_table": person_rows(*rows, **columns)})


def rows(table, *columns):
    return list(table.frame[[*columns]].itertuples(index=False, name=None))


def of(table, contact):
    (row,) = table.frame[table.frame["contact"] == contact].to_dict("records")
    return row


# -- ages and sexes ----------------------------------------------------------------------------------------


def test_everyone_alive_is_counted_by_age_and_sex_with_totals():
    assert rows(composition.by_age_and_sex(staged(PERSONS[:4])), "sex", "age_group", "patients", "registered") == [
        ("everyone", "all ages", 4, 4), ("everyone", "0-19", 1, 4), ("everyone", "40-64", 1, 4),
        ("everyone", "65-74", 1, 4), ("everyone", "85+", 1, 4), ("everyone", "65 or over", 2, 4),
        ("female", "all ages", 3, 4), ("female", "0-19", 1, 4), ("female", "40-64", 1, 4),
        ("female", "65-74", 1, 4), ("female", "85+", 0, 4), ("female", "65 or over", 1, 4),
        ("male", "all ages", 1, 4), ("male", "0-19", 0, 4), ("male", "40-64", 0, 4),
        ("male", "65-74", 0, 4), ("male", "85+", 1, 4), ("male", "65 or over", 1, 4),
    ]  # fmt: skip


def test_those_of_no_known_sex_are_a_group_of_their_own_and_in_the_total():
    table = composition.by_age_and_sex(staged()).frame
    assert dict(table[table["age_group"] == "all ages"][["sex", "patients"]].to_numpy()) == {
        "everyone": 6, "female": 3, "male": 1, NOT_KNOWN: 2,
    }  # fmt: skip


def test_a_sex_that_is_missing_is_not_known():
    population = with_rows({"person_id": "p1", "age": 30, "sex": None}, {"person_id": "p2", "age": 30, "sex": "male"})
    assert list(composition.by_age_and_sex(population).frame["sex"].unique()) == ["everyone", "male", NOT_KNOWN]


def test_where_no_sex_is_known_there_are_no_women_and_men():
    table = composition.by_age_and_sex(staged([PERSONS[4]])).frame
    assert set(table["sex"]) == {"everyone", NOT_KNOWN}


def test_totals_are_those_of_their_parts():
    table = composition.by_age_and_sex(staged()).frame
    sums = table[~table["age_group"].isin(["all ages", "65 or over"])].groupby("sex")["patients"].sum()
    totals = table[table["age_group"] == "all ages"].set_index("sex")["patients"]
    assert sums.to_dict() == totals.to_dict()


def test_of_nobody_there_are_no_rows():
    nobody = staged([PERSONS[-1]], encounters=[contact("died", "ed", "2025-12-01")])
    assert len(release(composition.by_age_and_sex(nobody))) == 0
    assert len(release(composition.contacts(nobody))) == 0


# -- contacts ----------------------------------------------------------------------------------------------

SEEN = [
    contact("a girl", "ed", "2025-07-01"),
    contact("a girl", "ed", "2026-06-30"),
    contact("a man of 90", "ed", "2026-01-01"),
    contact("a woman of 64", "ed", "2025-06-30"),
    contact("a woman of 64", "ed", "2026-01-01", attended=False),
    contact("a woman of 65", "ed", "2026-07-01"),
    contact("died", "ed", "2025-12-01"),
    contact("a girl", "gp_contact", "2020-01-01"),
    contact("a girl", "other", "2026-01-01"),
]


def test_people_with_a_contact_in_the_twelve_months_are_counted_once_and_their_contacts_each():
    persons, seen = (
        [one | {"person_id": f"{one['person_id']} {n}"} for one in some for n in range(10)] for some in (PERSONS, SEEN)
    )
    seen = of(composition.contacts(staged(persons, encounters=seen)), "A&E attendance")
    assert (seen["patients"], seen["contacts"], seen["registered"], seen["not_known"]) == (20, 30, 60, 0)
    assert (seen["share"], seen["contacts_each"]) == (pytest.approx(2 / 6), 0.5)


def test_a_kind_that_nobody_had_in_the_window_has_no_number():
    table = composition.contacts(staged(encounters=SEEN))
    assert rows(table, "contact", "recorded", "status") == [
        ("A&E attendance", True, "assessed"),
        ("Emergency admission", False, "not assessed"),
        ("Planned admission", False, "not assessed"),
        ("Outpatient attendance", False, "not assessed"),
        ("GP contact", False, "not assessed"),
    ]
    numbers = ["patients", "registered", "share", "contacts", "contacts_each", "not_known"]
    assert table.frame.loc[1:4, numbers].isna().all().all()


@pytest.mark.parametrize("encounters", [{}, {"encounters": [contact("a girl", "other", "2026-01-01")]}])
def test_records_without_any_of_the_kinds_have_no_rows(encounters):
    assert len(release(composition.contacts(staged(**encounters)))) == 0


def test_a_number_that_a_source_does_not_say_of_someone_is_not_known_and_not_none():
    population = with_rows(
        *({"person_id": f"a{n}", "ae_12m": 3, "gp_12m": None} for n in range(10)),
        *({"person_id": f"b{n}", "ae_12m": None, "gp_12m": None} for n in range(10)),
        *({"person_id": f"c{n}", "ae_12m": 0, "gp_12m": None} for n in range(10)),
    )
    table = composition.contacts(population)
    seen = of(table, "A&E attendance")
    assert (seen["patients"], seen["registered"], seen["not_known"], seen["contacts_each"]) == (10, 20, 10, 1.5)
    assert not of(table, "GP contact")["recorded"], "a number of nobody is no number"


# -- release -----------------------------------------------------------------------------------------------


def test_few_people_are_not_shown_and_the_rates_follow_from_what_is():
    persons = [person(f"p{n}", sex="female" if n < 14 else "male") for n in range(17)]
    seen = [contact(f"p{n % 3}", "ed", "2026-01-01") for n in range(11)]
    population = staged(persons, encounters=seen)
    table = release(composition.by_age_and_sex(population)).frame
    assert table[table["age_group"] == "all ages"]["patients"].fillna(-1).to_list() == [15, 15, -1]
    visits = of(release(composition.contacts(population)), "A&E attendance")
    assert [pd.isna(visits[name]) for name in ("patients", "contacts", "contacts_each")] == [True] * 3


def test_how_often_one_person_was_seen_does_not_leave():
    seen = [contact("p0", "outpatient", f"2026-{1 + n % 6:02}-{1 + n // 6:02}") for n in range(83)]
    population = staged([person(f"p{n}") for n in range(100)], encounters=seen)
    visits = of(release(composition.contacts(population)), "Outpatient attendance")
    assert visits["registered"] == 100
    assert [pd.isna(visits[name]) for name in ("patients", "share", "contacts", "contacts_each")] == [True] * 4


def test_what_a_few_people_had_cannot_be_worked_out_from_the_whole():
    """The one in a group alone, and then the 3 and 4 of two groups together, would be left of the whole."""
    for few in ([1, 20, 30, 40], [3, 4, 30, 40], [3, 5, 30, 40], [1, 1, 0, 40]):
        seen = pd.Series([sum(few), *few], index=["whole", *"abcd"]).astype("Int64")
        frame = pd.DataFrame({"seen": seen, "contacts": 10 * seen})
        left = composition.without_few(frame, ["seen"], ["contacts"], whole="whole")["contacts"]
        hidden = frame.loc[left.isna(), "seen"]
        assert hidden.sum() >= 8
        assert "whole" not in hidden
        assert len(hidden) == (3 if few[1] == 4 else 2 if few[1] != 1 else 3)


def test_what_eight_people_had_is_told_and_where_nobody_is_few_all_of_it():
    frame = pd.DataFrame({"seen": [48, 8, 40], "contacts": [480, 80, 400]}, index=["whole", "a", "b"]).astype("Int64")
    for whole in (None, "whole"):
        assert composition.without_few(frame, ["seen"], ["contacts"], whole=whole).equals(frame)


def test_what_few_are_costed_for_is_hidden_among_eight_who_are():
    """Many were seen in both groups; of three of them a cost is known, and it would be the whole's less the others'."""
    groups = ["whole", "a", "b", "c"]
    frame = pd.DataFrame({"seen": [120, 40, 50, 30], "costed": [65, 3, 22, 40], "cost": [650, 30, 220, 400]}, groups)
    left = composition.without_few(frame.astype("Int64"), ["seen", "costed"], ["cost"], whole="whole")["cost"]
    assert left.isna().to_list() == [False, True, True, False]
