"""Lists of open gaps of a service: who is on one, in which order, when what is due, and that counts are the same.

The index date is 1 July 2026.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from kept_people import kept
from vignettes import ON, care_event, condition, person, population_of, reading

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.release.list_kinds import SERVICE
from pcn_analysis.reports.service_lists import service_rows
from pcn_analysis.services.neighbourhood_inequalities import EVENTS
from pcn_analysis.services.open_gaps import COLUMNS, NOW, open_gaps
from pcn_analysis.services.work import gaps, work

pytestmark = pytest.mark.unit

NAME = "neighbourhood_inequalities"
CHECK, PLAN, SMI, FLU, PNEUMO, STOP = EVENTS
NO_CHECK = "Learning disability, and no annual health check in 12 months"
NO_FLU = "COPD, and no influenza vaccination in the latest season"
NO_PNEUMO = "COPD, and no pneumococcal vaccination at any time"


@pytest.fixture(scope="module")
def population():
    """Six people: four with something open, one with nothing, and one of whom every event is recorded."""
    people = [
        person("overdue", born="1970-01-01", imd_decile=1),
        person("never", born="1970-01-01", imd_decile=9),
        person("boy of 15", born="2011-01-01"),
        person("breathless", born="1950-01-01", imd_decile=1),
        person("well", born="1980-01-01"),
        person("recorded", born="2015-01-01"),
    ]
    conditions = [condition(who, "learning_disability", "2015-01-01") for who in ("overdue", "never", "boy of 15")]
    conditions.append(condition("breathless", "copd", "2020-05-01"))
    events = [
        care_event("recorded", event, "2020-01-01", outcome) for event in EVENTS for outcome in ("done", "declined")
    ]
    events += [care_event("overdue", CHECK, "2024-02-29"), care_event("overdue", PLAN, "2024-02-29")]
    cigarettes = reading("recorded", "cigarettes", "2020-01-01", 0, unit="{cigarettes}/d")
    rows = {"conditions": conditions, "care_events": events, "measurements": [cigarettes], "encounters": []}
    return kept(population_of(people, **rows))


@pytest.fixture(scope="module")
def listed(population):
    return open_gaps(population, NAME)


def of_person(listed, who):
    return listed.people.set_index("person_id").loc[who]


def test_those_with_an_open_gap_are_listed_once_in_order(listed):
    """Core20 and PLUS goes before Core20 alone, PLUS alone after both, and whoever is outside the cohort last."""
    assert list(listed.people.columns) == list(COLUMNS)
    assert listed.people["person_id"].to_list() == ["overdue", "breathless", "never", "boy of 15"]
    assert listed.people["priority"].to_list() == [1, 2, 3, 4]


def test_a_gap_is_due_a_year_after_the_last_check_and_at_once_where_there_was_none(listed):
    assert of_person(listed, "overdue")["due"] == "2025-02-28"
    assert of_person(listed, "never")["due"] == NOW


def test_the_earliest_of_two_gaps_says_when(listed):
    """A missed influenza vaccination is due in September, and a pneumococcal one at once."""
    row = of_person(listed, "breathless")
    assert row["open_gaps"] == f"{NO_FLU}; {NO_PNEUMO}"
    assert row["due"] == NOW
    assert (row["tasks"], row["roles"], row["minutes"]) == ("Vaccination", "practice nurse", "10")


def test_reasons_say_why_somebody_is_in_the_cohort_and_nothing_of_others(listed):
    why = listed.reasons.groupby("person_id")["element"].agg(set).to_dict()
    assert why["overdue"] == {"Core20", "PLUS: learning disability or autism"}
    assert "boy of 15" not in why
    assert "well" not in why
    dated = listed.reasons.set_index(["person_id", "element"])["date"]
    assert dated["never", "PLUS: learning disability or autism"] == pd.Timestamp("2015-01-01")


def test_counts_of_gaps_and_of_work_are_the_rows_of_the_list(population, listed):
    counted = gaps(population, services=[NAME]).frame.dropna(subset=["people"])
    assert counted["people"].sum() > 0
    for row in counted.itertuples():
        assert (
            listed.people["open_gaps"].str.split("; ").map(lambda names, gap=row.gap: gap in names).sum() == row.people
        )
    needed = work(population, services=[NAME]).frame.dropna(subset=["people"])
    for row in needed.itertuples():
        assert (
            listed.people["tasks"].str.split("; ").map(lambda names, task=row.task: task in names).sum() == row.people
        )
    assert len(listed.people) == counted["people"].sum() - 1, "breathless has two"


def test_the_rows_are_those_of_the_kind_and_the_readme_says_what_it_rests_on(population):
    rows = service_rows(population, NAME)
    assert rows.kind.where.as_posix() == f"services/{NAME}"
    assert set(SERVICE.needed) <= set(rows.people)
    for said in (
        "contract year 2026/27. Source: NHS England, Core20PLUS5",
        "- Core20 and a PLUS group\n- Core20\n",
        f"- {NO_CHECK}: Learning disability health check, practice nurse, 45 minutes (our choice).",
        "- PLUS: learning disability or autism (partly assessed; missing: autism)",
    ):
        assert said in rows.about
    assert service_rows(population, NAME, "2025/26").kind.where.as_posix() == f"services/{NAME}_2025_26"


def test_nobody_is_listed_where_nobody_knows_whom_the_service_is_for():
    nobody_knows = kept(population_of([person("p", imd_decile=None, ethnicity=None)], covered=set()))
    with pytest.raises(PcnAnalysisError, match="core20 or PLUS could not be assessed, and"):
        open_gaps(nobody_knows, NAME)


def test_without_any_gap_that_could_be_assessed_there_is_no_list():
    nothing_asked = kept(population_of([person("p", ethnicity=None)], covered=set()))
    with pytest.raises(PcnAnalysisError, match="none of the gaps of “Tackling neighbourhood health inequalities”"):
        open_gaps(nothing_asked, NAME)
    assert dt.date(2026, 7, 1) == ON
