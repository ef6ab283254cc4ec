"""The count of long-term conditions on a date: from the records of each patient to ``n_ltc``.

The index date is 1 July 2026. The conditions are the 37 of the Cambridge list, not the QOF registers; the clauses are
its own (``cambridge_condition_rules.csv``), with our departure that a resolved condition does not count.
"""

from __future__ import annotations

import csv

import pytest

from pcn_analysis import codelists, tables
from pcn_analysis.engine import to_pandas
from pcn_analysis.person_table import person_table
from pcn_analysis.scores import long_term_conditions
from tests.conftest import ROOT, need
from tests.published.register_patients import (
    INHALER,
    LITHIUM,
    VALPROATE,
    born,
    days_around,
    given,
    had,
    measured,
    resolved,
)
from tests.published.test_qof_registers import population
from tests.unit.vignettes import ON, by_person

pytestmark = pytest.mark.published

RULES = ROOT.parent / "shared" / "reference" / "cambridge_condition_rules.csv"
SERTRALINE, DIAZEPAM, SENNA, MEBEVERINE = "0403030Q0", "0401020K0", "0106020M0", "0102000Q0"
SUMATRIPTAN, CODEINE, HYDROCORTISONE = "0407040S0", "0407020C0", "1304000M0"
FIRST_DAY = "2025-07-01"
"""First day of the 12 months before the index date."""
YEAR_BEGINS = days_around(FIRST_DAY)
FIVE_YEARS_BEGIN = days_around("2021-07-01")
DECIDED_OTHERWISE = {"asthma", "epilepsy", "cancer", "ckd", "depression", "anxiety", "psoriasis", "eczema"}
ONE_RECORD = sorted(
    {row["condition"] for row in codelists.rows("conditions") if row["long_term_condition"]} - DECIDED_OTHERWISE
)
"""Conditions of the list of which one record is enough."""


def four(bnf, first, *, last="2026-06-30"):
    """Four issues, on the first day, the last, and between."""
    return given(bnf, first, "2025-10-01", "2026-02-01", last)


def facts(*some):
    return [fact for one in some for fact in one]


def within_12_months(story, *also, on):
    """One record or issue, made by a function of its date, around the first day of the 12 months and at their end."""
    before, first, after = YEAR_BEGINS
    return [
        (f"{story} on {before}, a day too early", facts(on(before), *also), 0),
        (f"{story} on {first}", facts(on(first), *also), 1),
        (f"{story} on {after}", facts(on(after), *also), 1),
        (f"{story} on the index date, not read", facts(on("2026-07-01"), *also), 0),
    ]


def four_issues(story, bnf, *also):
    """Four issues count, three do not; one a day too early, or on the index date, is not of the four."""
    before, first, _ = YEAR_BEGINS
    return [
        (f"{story}: four issues in 12 months", facts(four(bnf, first), *also), 1),
        (f"{story}: the first a day too early", facts(four(bnf, before), *also), 0),
        (f"{story}: the last on the index date", facts(four(bnf, first, last="2026-07-01"), *also), 0),
        (f"{story}: three issues", facts(given(bnf, first, "2025-10-01", "2026-02-01"), *also), 0),
    ]


def resolvable(what, *also, same_day=0):
    before, on_it, after = days_around("2026-03-01")
    twice = had(what, "2025-09-01", "2026-03-01")
    return [
        (f"{what}: never", facts(*also), 0),
        (f"{what}: recorded", facts(had(what, "2026-03-01"), *also), 1),
        (f"{what}: resolved the day before the latest record", facts(twice, resolved(what, before), *also), 1),
        (f"{what}: resolved that day", facts(twice, resolved(what, on_it), *also), same_day),
        (f"{what}: resolved the day after", facts(twice, resolved(what, after), *also), 0),
        (f"{what}: back", facts(twice, resolved(what, after), had(what, "2026-03-03"), *also), 1),
        (f"{what}: resolved on the index date, not read", facts(twice, resolved(what, "2026-07-01"), *also), 1),
        (f"{what}: recorded on the index date, not read", facts(had(what, "2026-07-01"), *also), 0),
    ]


ASTHMA, EPILEPSY, ECZEMA = (had(what, "2001-01-01") for what in ("asthma", "epilepsy", "eczema"))
LOW_THIS_YEAR = measured("egfr", 50.0, "2026-01-01")
FOUR = facts(*(had(what, "2020-01-01") for what in ("stroke", "dementia", "copd", "diabetes")))

PATIENTS = [
    # what is recorded, and how many conditions it makes
    *(one for what in ONE_RECORD
      for one in resolvable(what, same_day=1 if what == "learning_disability" else 0)),
    *resolvable("asthma", given(INHALER, "2026-05-01")),
    *within_12_months("asthma, an inhaler", ASTHMA, on=lambda date: given(INHALER, date)),
    ("asthma at 5, treated: no limit of age", facts(born("2021-06-01"), ASTHMA, given(INHALER, "2026-05-01")), 1),
    *resolvable("epilepsy", given(VALPROATE, "2026-05-01")),
    *within_12_months("epilepsy, valproate", EPILEPSY, on=lambda date: given(VALPROATE, date)),
    ("epilepsy at 17, treated: no limit of age",
     facts(born("2009-06-01"), EPILEPSY, given(VALPROATE, "2026-05-01")), 1),
    *resolvable("depression", same_day=1),
    *resolvable("anxiety"),
    *within_12_months("depression", on=lambda date: had("depression", date)),
    *within_12_months("anxiety", on=lambda date: had("anxiety", date)),
    ("depression and anxiety are one", facts(had("depression", "2026-01-01"), had("anxiety", "2026-01-01")), 1),
    *four_issues("antidepressant", SERTRALINE),
    *four_issues("anxiolytic", DIAZEPAM),
    *resolvable("cancer"),
    *((f"cancer first recorded on {date}", had("cancer", date), number)
      for date, number in zip(FIVE_YEARS_BEGIN, (0, 1, 1), strict=True)),
    ("cancer of 2015, recorded again last month: first more than five years ago",
     had("cancer", "2015-01-01", "2026-06-01"), 0),
    ("two low filtration rates", facts(measured("egfr", 59.9, "2025-01-01"), LOW_THIS_YEAR), 1),
    ("the better of the last two at 60", facts(measured("egfr", 60.0, "2025-01-01"), LOW_THIS_YEAR), 0),
    ("two low ones after a good one",
     facts(measured("egfr", 90.0, "2020-01-01"), measured("egfr", 59.9, "2025-01-01"), LOW_THIS_YEAR), 1),
    ("one low filtration rate only", measured("egfr", 59.0, "2026-01-01"), 1),
    ("a good one on the index date is not read", facts(LOW_THIS_YEAR, measured("egfr", 90.0, "2026-07-01")), 1),
    ("kidney disease by its code alone", had("ckd", "2020-01-01"), 0),
    *four_issues("laxative", SENNA),
    *four_issues("antispasmodic", MEBEVERINE),
    *four_issues("triptan", SUMATRIPTAN),
    *four_issues("opioid", CODEINE),
    *four_issues("valproate without epilepsy", VALPROATE),
    ("valproate with epilepsy: one condition, not pain as well", facts(EPILEPSY, four(VALPROATE, FIRST_DAY)), 1),
    ("valproate, epilepsy resolved: a painful condition",
     facts(EPILEPSY, resolved("epilepsy", "2010-01-01"), four(VALPROATE, FIRST_DAY)), 1),
    *four_issues("steroid cream for eczema", HYDROCORTISONE, ECZEMA),
    ("steroid cream without eczema", four(HYDROCORTISONE, FIRST_DAY), 0),
    *resolvable("psoriasis", four(HYDROCORTISONE, FIRST_DAY)),
    ("lithium, long ago", given(LITHIUM, "1999-01-01"), 1),
    ("lithium from the index date on, not read", given(LITHIUM, "2026-07-01"), 0),
    ("lithium and psychosis are one", facts(given(LITHIUM, "2026-01-01"), had("other_psychosis", "2020-01-01")), 1),
    ("angina, heart attack and heart disease are one",
     facts(*(had(what, "2020-01-01") for what in ("angina", "myocardial_infarction", "coronary_heart_disease"))), 1),
    ("four conditions", FOUR, 4),
    ("four, one of them resolved", facts(FOUR, resolved("copd", "2021-01-01")), 3),
]  # fmt: skip

APART = [
    # what is recorded, the register, whether it holds the patient, how many conditions are counted
    ("asthma at 5", facts(born("2021-06-01"), ASTHMA, given(INHALER, "2026-05-01")), "AST", False, 1),
    ("epilepsy treated eight months ago", facts(EPILEPSY, given(VALPROATE, "2025-11-01")), "EP", False, 1),
    ("hypertension at 17", facts(born("2009-06-01"), had("hypertension", "2025-01-01")), "HYP", False, 1),
    ("lithium long ago", given(LITHIUM, "2020-01-01"), "MH", False, 1),
    (
        "low filtration rates, no code",
        facts(measured("egfr", 50.0, "2025-01-01"), measured("egfr", 50.0, "2026-01-01")),
        "CKD",
        False,
        1,
    ),
    ("kidney disease by code, no rate", had("ckd", "2020-01-01"), "CKD", True, 0),
    ("depression of 2010", had("depression", "2010-01-01"), "DEP", True, 0),
    ("cancer of 2010", had("cancer", "2010-01-01"), "CAN", True, 0),
    (
        "a stroke that was resolved",
        facts(had("stroke", "2010-01-01"), resolved("stroke", "2012-01-01")),
        "STIA",
        True,
        0,
    ),
    ("palliative care", had("palliative_care", "2026-01-01"), "PC", True, 0),
    ("raised glucose", had("non_diabetic_hyperglycaemia", "2020-01-01"), "NDH", True, 0),
    ("obesity", measured("bmi", 33.0, "2026-01-01"), "OB", True, 0),
]


@pytest.fixture(scope="module")
def found():
    everyone = {f"p{number}": known for number, (_, known, _) in enumerate(PATIENTS)}
    everyone |= {f"q{number}": known for number, (_, known, *_) in enumerate(APART)}
    return to_pandas(person_table(population(everyone.items()), on=ON))


@pytest.mark.parametrize(
    ("who", "expected"),
    [pytest.param(f"p{number}", expected, id=story) for number, (story, _, expected) in enumerate(PATIENTS)],
)
def test_a_condition_counts_while_its_clauses_are_met(found, who, expected):
    assert by_person(found, "n_ltc")[who] == expected


@pytest.mark.parametrize(
    ("who", "register", "on", "expected"),
    [pytest.param(f"q{number}", *one[2:], id=one[0]) for number, one in enumerate(APART)],
)
def test_the_count_goes_by_its_own_list_and_not_by_the_registers(found, who, register, on, expected):
    assert by_person(found, tables.register_column(register), "n_ltc")[who] == (on, expected)


def test_the_documents_say_which_conditions_count_and_that_a_resolved_one_does_not():
    said = " ".join(long_term_conditions.__doc__.split())
    assert "These are not the QOF registers" in said
    assert "They have no limits of age" in said
    assert "ours leave out those whose record was marked as resolved" in said


def test_what_the_list_asks_of_time_and_treatment_is_what_is_tried_here():
    need(RULES.is_file(), "the rules of the Cambridge list, ../shared/reference/cambridge_condition_rules.csv,")
    with RULES.open(encoding="utf-8") as stream:
        asked = {row["CONDITION CODE"]: row["USAGE DEFINITION"] for row in csv.DictReader(stream)}
    plain = {code for code, words in asked.items() if words == "Read code ever recorded"}
    assert set(asked) - plain == {
        "ANX", "AST", "CAN", "CKD", "CON", "DEP", "EPI", "IBS", "MIG", "PNC", "PSO", "SCZ",
    }  # fmt: skip
    assert "ever recorded AND any prescription in the last 12 months" in asked["AST"]
    assert "antiepileptic prescription in last 12 months" in asked["EPI"]
    assert "[first] recorded in last 5 years" in asked["CAN"]
    assert "best (highest value) of the last 2 eGFR readings is < 60" in asked["CKD"]
    assert "Lithium ever recorded" in asked["SCZ"]


def test_the_number_falls_and_rises_with_the_date():
    """Asthma treated until 2024, stroke from 2025: which of them counts depends on the day asked about."""
    one = population([("p1", facts(ASTHMA, given(INHALER, "2023-07-01"), had("stroke", "2025-01-01")))])
    on = [ON.replace(year=year) for year in (2023, 2024, 2025)]
    assert [by_person(person_table(one, on=date), "n_ltc")["p1"] for date in on] == [0, 1, 1]
    assert by_person(person_table(one, on=ON.replace(year=2024, day=2)), "n_ltc")["p1"] == 0
