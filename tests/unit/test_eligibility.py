"""Proactive care, step by step, for people a clinician would know. The index date is 1 July 2026."""

import pytest
from vignettes import ON, by_person, person_rows

from pcn_analysis.anticipatory.eligibility import PROACTIVE_CARE, eligible, steps
from pcn_analysis.exceptions import PcnAnalysisError

pytestmark = pytest.mark.unit

FRAIL = {"age": 80, "efi_category": "moderate", "care_home": False, "on_pc_register": False}


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
    patient("end of life", on_pc_register=True),
]
REMAIN = {"moderate": 2, "severe": 1, "just 65": 2, "home not known": 2}


def lacking(*names):
    return person_rows(*({name: value for name, value in row.items() if name not in names} for row in PATIENTS))


def table(people):
    return {
        row[0]: tuple(row[1:]) for row in steps(people, PROACTIVE_CARE, on=ON).astype(object).itertuples(index=False)
    }


def test_who_remains_and_in_which_order_of_priority():
    assert by_person(eligible(person_rows(*PATIENTS), PROACTIVE_CARE, on=ON), "priority") == REMAIN


def test_each_step_says_how_many_it_took_out():
    assert table(person_rows(*PATIENTS)) == {
        # status, remaining, taken out, not known
        "Registered and alive": ("assessed", 10, 0, 0),
        "Aged 65 or over": ("assessed", 9, 1, 0),
        "Moderate or severe frailty": ("assessed", 6, 3, 1),
        "Lives at home": ("assessed", 5, 1, 1),
        "Not on the end-of-life register": ("assessed", 4, 1, 0),
    }


def test_the_last_step_leaves_as_many_as_are_listed():
    people = person_rows(*PATIENTS)
    assert steps(people, PROACTIVE_CARE, on=ON)["remaining"].iloc[-1] == len(REMAIN)


def test_a_step_that_cannot_be_assessed_is_said_and_takes_nobody_out():
    people = lacking("on_pc_register")
    counts = steps(people, PROACTIVE_CARE, on=ON).set_index("step").loc["Not on the end-of-life register"]
    assert (counts["status"], counts["remaining"]) == ("not assessed", 5)
    assert counts[["taken_out", "not_known"]].isna().all()
    assert set(by_person(eligible(people, PROACTIVE_CARE, on=ON), "priority")) == set(REMAIN) | {"end of life"}


def test_without_frailty_there_is_no_cohort():
    with pytest.raises(PcnAnalysisError, match="frailty could not be assessed"):
        eligible(lacking("efi_category"), PROACTIVE_CARE, on=ON)
    assert steps(lacking("efi_category"), PROACTIVE_CARE, on=ON)["status"].to_list().count("not assessed") == 1


def test_nobody_registered_is_counted_as_nobody():
    nobody = person_rows(*PATIENTS).head(0)
    assert set(steps(nobody, PROACTIVE_CARE, on=ON)["remaining"]) == {0}


def test_the_first_step_may_be_a_rule():
    assert table(person_rows(*PATIENTS))["Aged 65 or over"][2] == 1
    first = steps(person_rows(*PATIENTS), PROACTIVE_CARE[1:2], on=ON).iloc[0]
    assert (first["remaining"], first["taken_out"]) == (9, 1)


def test_listed_rows_are_rows_of_the_person_table_with_a_priority():
    found = eligible(person_rows(*PATIENTS), PROACTIVE_CARE, on=ON).collect_schema().names()
    assert found == [*PATIENTS[0], "priority"]


def test_every_step_says_who_asks_for_it():
    assert all(step.source for step in PROACTIVE_CARE)
