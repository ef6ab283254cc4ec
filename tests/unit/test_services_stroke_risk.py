"""CHA2DS2-VASc point by point, and total cholesterol by age, as a clinician reads them."""

import pytest
from vignettes import ON, by_person, person, person_rows, reading, table

from pcn_analysis.services.cardiovascular.high_cholesterol import high_cholesterol
from pcn_analysis.services.cardiovascular.stroke_risk import NEEDED, stroke_risk

pytestmark = pytest.mark.unit
NEVER = {column: None for column in NEEDED if column.endswith("_date")}
MAN_OF_64 = {
    "age": 64,
    "sex": "male",
    "has_heart_failure": False,
    "has_hypertension": False,
    "has_diabetes": False,
} | NEVER
ONCE = "2010-05-01"
POINTS = {
    "a man of 64 with nothing else": ({}, 0, 0),
    "a woman of 64 with nothing else: the point for sex alone": ({"sex": "female"}, 0, 1),
    "a man of 65": ({"age": 65}, 1, 1),
    "a man of 74": ({"age": 74}, 1, 1),
    "a man of 75": ({"age": 75}, 2, 2),
    "a woman of 75": ({"age": 75, "sex": "female"}, 2, 3),
    "heart failure": ({"has_heart_failure": True}, 1, 1),
    "hypertension": ({"has_hypertension": True}, 1, 1),
    "diabetes": ({"has_diabetes": True}, 1, 1),
    "a stroke, ever": ({"stroke_ever_date": ONCE}, 2, 2),
    "a transient ischaemic attack, ever": ({"tia_ever_date": ONCE}, 2, 2),
    "a stroke and a transient ischaemic attack count once": ({"stroke_ever_date": ONCE, "tia_ever_date": ONCE}, 2, 2),
    "a heart attack, ever": ({"myocardial_infarction_ever_date": ONCE}, 1, 1),
    "peripheral arterial disease, ever": ({"peripheral_arterial_disease_ever_date": ONCE}, 1, 1),
    "both count once": (
        {"myocardial_infarction_ever_date": ONCE, "peripheral_arterial_disease_ever_date": ONCE}, 1, 1),
    "what is not known is no point": ({"has_diabetes": None}, 0, 0),
    "sex not known: only the score without it": ({"sex": "unknown", "age": 70}, 1, None),
    "everything": (
        {"age": 80, "sex": "female", "has_heart_failure": True, "has_hypertension": True, "has_diabetes": True}
        | dict.fromkeys(NEVER, ONCE), 8, 9),
}  # fmt: skip


@pytest.fixture(scope="module")
def scored():
    rows = [{"person_id": who} | MAN_OF_64 | own for who, (own, _, _) in POINTS.items()]
    return by_person(stroke_risk(person_rows(*rows)), "cha2ds2_va", "cha2ds2_vasc")


@pytest.mark.parametrize("patient", POINTS)
def test_each_point_of_cha2ds2_vasc(scored, patient):
    assert scored[patient] == POINTS[patient][1:]


def cholesterol(born, *values, **columns):
    """Whether one person has a total cholesterol above the limit for the age on that day, and when."""
    people = table("persons", [person("p1", born=born)])
    rows = [reading("p1", "cholesterol", day, value, **{"unit": "mmol/L"} | columns) for day, value in values]
    return by_person(high_cholesterol(table("measurements", rows), people, on=ON, year="2026/27"),
                     "high_cholesterol_date")["p1"]  # fmt: skip


@pytest.mark.parametrize(
    ("born", "value", "high"),
    [
        ("1996-01-02", 7.5, False),  # 29 on the day of the value
        ("1996-01-02", 7.6, True),
        ("1996-01-01", 7.6, False),  # 30 on that day
        ("1996-01-01", 9.0, False),
        ("1996-01-01", 9.1, True),
    ],
)
def test_the_limit_of_total_cholesterol_is_higher_from_30(born, value, high):
    assert cholesterol(born, ("2026-01-01", value)) == ("2026-01-01" if high else None)


def test_the_age_is_that_on_the_day_of_the_value():
    """8.0 at 29 stays a question at 35."""
    assert cholesterol("1991-05-01", ("2020-04-30", 8.0)) == "2020-04-30"
    assert cholesterol("1991-05-01", ("2021-05-01", 8.0)) is None


def test_a_lower_value_later_on_treatment_does_not_close_the_question():
    assert cholesterol("1960-05-01", ("2015-01-01", 9.8), ("2025-01-01", 4.1)) == "2015-01-01"


def test_a_value_without_a_unit_or_with_a_bound_is_not_read():
    assert cholesterol("1960-05-01", ("2025-01-01", 12.0), unit=None) is None
    assert cholesterol("1960-05-01", ("2025-01-01", 12.0), operator=">") is None
    assert cholesterol("1960-05-01", ("2026-07-01", 12.0)) is None
