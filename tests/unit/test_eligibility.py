"""Proactive care, step by step, for people a clinician would know. The index date is 1 July 2026."""

import pandas as pd
import pytest
from vignettes import ON, by_person, person_rows, rows_of

from pcn_analysis.anticipatory.cohorts import START, Cohort, Step, find_cohort
from pcn_analysis.anticipatory.eligibility import PROACTIVE_CARE, eligible, reasons, steps
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.rules import AtLeast, Below, Element, Holds, Not, NotAvailable, Several, all_of, any_of

pytestmark = pytest.mark.unit

FRAIL = {"age": 80, "efi_category": "moderate", "care_home": False, "palliative_care_date": None}


def patient(who, **differs):
    return {"person_id": who, **FRAIL, **differs}


PATIENTS = [
    patient("moderate"),
    patient("severe", efi_category="severe"),
    patient("just 65", age=65),
    patient("64", age=64, care_home=None),
    patient("mild", efi_category="mild"),
    patient("fit", efi_category="fit"),
    patient("frailty not known", efi_category=None),
    patient("care home", care_home=True),
    patient("home not known", care_home=None),
    patient("end of life", palliative_care_date="2024-07-01"),
    patient("end of life long ago", palliative_care_date="2024-06-30"),
]
REMAIN = {"moderate": 2, "severe": 1, "just 65": 2, "home not known": 2, "end of life long ago": 2}
END_OF_LIFE = "No end-of-life care recorded in the last 24 months"
DECLINED = "Has not declined the offer"


def lacking(*names):
    return person_rows(*({name: value for name, value in row.items() if name not in names} for row in PATIENTS))


def table(people, cohort=PROACTIVE_CARE):
    counts = steps(people, cohort, on=ON).drop(columns="goes_to").astype(object)
    return {row[0]: tuple(row[1:]) for row in counts.itertuples(index=False)}


def one_step(criterion, *elements):
    """A cohort of a single step that asks this."""
    return Cohort("one", "One", "example", (Step("Asked", criterion, "example", elements=elements),))


def test_who_remains_and_in_which_order_of_priority():
    assert by_person(eligible(person_rows(*PATIENTS), PROACTIVE_CARE, on=ON), "priority") == REMAIN


def test_each_step_says_how_many_it_took_out():
    assert table(person_rows(*PATIENTS)) == {
        # status, remaining, taken out, not known
        "Registered and alive": ("assessed", 11, 0, 0),
        "Aged 65 or over": ("assessed", 10, 1, 0),
        "Moderate or severe frailty": ("assessed", 7, 3, 1),
        "Lives at home": ("assessed", 6, 1, 1),
        END_OF_LIFE: ("assessed", 5, 1, 0),
        DECLINED: ("not assessed", 5, pd.NA, pd.NA),
    }


def test_the_last_step_leaves_as_many_as_are_listed():
    people = person_rows(*PATIENTS)
    assert steps(people, PROACTIVE_CARE, on=ON)["remaining"].iloc[-1] == len(REMAIN)


def test_a_step_that_cannot_be_assessed_is_said_and_takes_nobody_out():
    people = lacking("palliative_care_date")
    counts = steps(people, PROACTIVE_CARE, on=ON).set_index("step").loc[END_OF_LIFE]
    assert (counts["status"], counts["remaining"]) == ("not assessed", 6)
    assert counts[["taken_out", "not_known"]].isna().all()
    assert set(by_person(eligible(people, PROACTIVE_CARE, on=ON), "priority")) == set(REMAIN) | {"end of life"}


def test_palliative_care_of_2009_that_was_never_withdrawn_excludes_nobody():
    of_2009 = person_rows(patient("of 2009", palliative_care_date="2009-05-01", on_pc_register=True))
    assert by_person(eligible(of_2009, PROACTIVE_CARE, on=ON), "priority") == {"of 2009": 2}


def test_who_has_no_record_of_palliative_care_is_not_among_those_not_known():
    assert table(person_rows(*PATIENTS))[END_OF_LIFE][3] == 0


def test_a_step_that_reads_an_incomplete_column_is_partly_assessed_and_still_takes_people_out():
    counts = steps(person_rows(*PATIENTS), PROACTIVE_CARE, on=ON, incomplete={"efi_category": ["Falls"]})
    assert dict(zip(counts["step"], counts["status"], strict=True)) == {
        "Registered and alive": "assessed",
        "Aged 65 or over": "assessed",
        "Moderate or severe frailty": "partly assessed",
        "Lives at home": "assessed",
        END_OF_LIFE: "assessed",
        DECLINED: "not assessed",
    }
    assert counts["taken_out"].to_list() == [0, 1, 3, 1, 1, pd.NA]
    assert counts["not_known"].to_list() == [0, 0, 1, 1, 0, pd.NA]


def test_where_nobodys_home_is_known_the_step_is_not_assessed():
    people = person_rows(*(row | {"care_home": None} for row in PATIENTS))
    counts = steps(people, PROACTIVE_CARE, on=ON).set_index("step").loc["Lives at home"]
    assert (counts["status"], counts["remaining"]) == ("not assessed", 7)
    assert counts[["taken_out", "not_known"]].isna().all()
    assert set(by_person(eligible(people, PROACTIVE_CARE, on=ON), "priority")) == set(REMAIN) | {"care home"}


def test_where_one_home_is_known_the_rest_are_not_known():
    people = person_rows(*(row | {"care_home": None if row["person_id"] != "fit" else False} for row in PATIENTS))
    assert table(people)["Lives at home"] == ("assessed", 7, 0, 7)


def test_a_step_that_asks_more_than_an_unknown_column_goes_on_with_the_rest():
    housed = one_step(any_of(Not(Holds("care_home")), Not(AtLeast("age", 70))))
    people = person_rows(*(row | {"care_home": None} for row in PATIENTS))
    counts = steps(people, housed, on=ON).iloc[0]
    assert (counts["status"], counts["remaining"], counts["not_known"]) == ("partly assessed", 2, 0)


def test_where_nobodys_frailty_is_known_there_is_no_cohort():
    people = person_rows(*(row | {"efi_category": None} for row in PATIENTS))
    with pytest.raises(PcnAnalysisError, match="frailty could not be assessed"):
        eligible(people, PROACTIVE_CARE, on=ON)


def test_without_frailty_there_is_no_cohort():
    with pytest.raises(PcnAnalysisError, match="frailty could not be assessed"):
        eligible(lacking("efi_category"), PROACTIVE_CARE, on=ON)
    assert steps(lacking("efi_category"), PROACTIVE_CARE, on=ON)["status"].to_list().count("not assessed") == 2


def test_nobody_registered_is_counted_as_nobody():
    nobody = person_rows(*PATIENTS).head(0)
    assert set(steps(nobody, PROACTIVE_CARE, on=ON)["remaining"]) == {0}
    assert by_person(eligible(nobody, PROACTIVE_CARE, on=ON), "priority") == {}


def test_the_first_step_may_be_a_rule():
    first = steps(person_rows(*PATIENTS), one_step(AtLeast("age", 65)), on=ON).iloc[0]
    assert (first["remaining"], first["taken_out"]) == (10, 1)


def test_listed_rows_are_rows_of_the_person_table_with_a_priority():
    found = eligible(person_rows(*PATIENTS), PROACTIVE_CARE, on=ON).collect_schema().names()
    assert found == [*PATIENTS[0], "priority"]


def test_every_step_says_who_asks_for_it():
    asked = find_cohort(PROACTIVE_CARE).steps
    assert all(step.source for step in asked)
    assert "24 months" in {step.name: step for step in asked}[END_OF_LIFE].source


def test_those_taken_out_are_offered_the_pathway_that_the_step_names():
    counts = steps(person_rows(*PATIENTS), PROACTIVE_CARE, on=ON)
    named = counts[counts["goes_to"] != ""]
    assert list(zip(named["goes_to"], named["taken_out"], strict=True)) == [
        ("Enhanced Health in Care Homes", 1),
        ("End-of-life care", 1),
    ]


# -- what is not known -------------------------------------------------------------------------------------

HALF_KNOWN = person_rows(
    {"person_id": "old, home not known", "age": 80, "n_ltc": 1, "care_home": None},
    {"person_id": "young, home not known", "age": 30, "n_ltc": 1, "care_home": None},
    {"person_id": "young, at home", "age": 30, "n_ltc": None, "care_home": False},
    {"person_id": "old, in a care home", "age": 80, "n_ltc": None, "care_home": True},
)


@pytest.mark.parametrize(
    ("criterion", "remaining", "not_known"),
    [
        (any_of(AtLeast("age", 70), Holds("care_home")), 2, 1),  # of the old one it does not matter
        (all_of(AtLeast("age", 70), Holds("care_home")), 1, 1),  # of the young one it does not matter
        (any_of(AtLeast("age", 70), Not(Holds("care_home"))), 4, 1),
        (all_of(Below("age", 70), Not(Holds("care_home"))), 2, 1),
        (Not(all_of(AtLeast("age", 70), Holds("care_home"))), 3, 1),
        (Several((AtLeast("age", 70), Holds("care_home"), AtLeast("n_ltc", 1)), 2), 2, 1),
        (all_of(AtLeast("n_ltc", 1), Not(AtLeast("n_ltc", 4))), 2, 2),
    ],
)
def test_only_what_would_decide_is_not_known(criterion, remaining, not_known):
    """Who meets one of several reasons meets the step, whatever is not recorded beside it."""
    assert table(HALF_KNOWN, one_step(criterion))["Asked"] == ("assessed", remaining, 4 - remaining, not_known)


# -- order and reasons -------------------------------------------------------------------------------------

OLD, HOMED = Element("Old", AtLeast("age", 70), "a paper"), Element("In a care home", Holds("care_home"), "b paper")
ANYBODY = Cohort("all", "Anybody", "example", (START,), first=(HOMED, OLD))


def test_the_first_that_is_met_gives_the_priority_and_who_meets_none_comes_last():
    assert by_person(eligible(HALF_KNOWN, ANYBODY, on=ON), "priority") == {
        "old, in a care home": 1,
        "old, home not known": 2,
        "young, at home": 3,
        "young, home not known": 3,
    }


def test_what_cannot_be_assessed_puts_nobody_first():
    unknown = Element("Housing", NotAvailable("housing records"), "example")
    cohort = Cohort("all", "Anybody", "example", (START,), first=(unknown, OLD))
    assert set(by_person(eligible(HALF_KNOWN, cohort, on=ON), "priority").values()) == {2, 3}


def test_without_an_order_nobody_goes_before_another():
    cohort = Cohort("all", "Anybody", "example", (START,))
    assert set(by_person(eligible(HALF_KNOWN, cohort, on=ON), "priority").values()) == {1}


def test_reasons_are_the_elements_met_by_those_who_remain():
    cohort = one_step(any_of(OLD.when, HOMED.when), OLD, HOMED)
    found = reasons(HALF_KNOWN, cohort, on=ON)
    assert rows_of(found) == [
        ("old, home not known", "Old", None, "a paper"),
        ("old, in a care home", "In a care home", None, "b paper"),
        ("old, in a care home", "Old", None, "a paper"),
    ]


def test_every_step_that_a_cohort_rests_on_and_that_cannot_be_assessed_is_named():
    two = (Step(name, NotAvailable(name), "example", elements=(OLD,)) for name in ("Housing records", "Debts"))
    with pytest.raises(PcnAnalysisError) as caught:
        eligible(HALF_KNOWN, Cohort("two", "Two things", "example", tuple(two)), on=ON)
    assert [str(one) for one in caught.value.problems] == [
        "person table: housing records could not be assessed, and “Two things” rests on it. Bring records or codelists "
        "for Housing records.",
        "person table: debts could not be assessed, and “Two things” rests on it. "
        "Bring records or codelists for Debts.",
    ]
