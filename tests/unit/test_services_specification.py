"""Service specifications in files: what they may say, whose number a number is, and what is wrong with one."""

import re
from pathlib import Path

import pytest

import pcn_analysis.services
from pcn_analysis.contract.years import YEARS
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.rules import AtLeast, Not, RecordedWithin
from pcn_analysis.services.catalogue import SERVICES, every_service, find_service, module_of
from pcn_analysis.services.columns import by_name, of_events
from pcn_analysis.services.specification import Due
from pcn_analysis.services.specification_files import specification_of

pytestmark = pytest.mark.unit

FOLDER = Path(pcn_analysis.services.__file__).parent / "specifications"
COLUMNS = by_name(of_events("care_and_support_plan"))
HEAD = """\
service: ours
title: Ours
whom: Us
source: here
in_force: proactive_care_in_force
cohort:
  steps:
    - step: Old
      elements: [{element: From 80, when: {number: age, at_least: 80}}]
  first: [From 80]
measures:
  - measure: Has a plan
    met: {recorded: care_and_support_plan, within_months: {clause: proactive_care_plan_months}}
    better: higher
    source: here
"""
GAPS = """\
gaps:
  - gap: No plan
    when: {not: {recorded: care_and_support_plan, within_months: {clause: proactive_care_plan_months}}}
    due: {date: care_and_support_plan_date, months: {clause: proactive_care_plan_months}}
    task: Plan
    source: here
"""
TASKS = "tasks: [{task: Plan, role: nurse, minutes: {clause: proactive_care_assessment_minutes}}]\n"
NUMBERS = re.compile(r"(at_least|more_than|below|within_months|from_age|months|minutes|target): *([0-9.]+)")


def read(text, year="2026/27"):
    return specification_of(text, "ours.yaml", year, COLUMNS)


def problems(text):
    with pytest.raises(PcnAnalysisError) as caught:
        read(text)
    return [(one.where, one.what) for one in caught.value.problems]


def test_a_specification_reads_as_it_says():
    ours = read(HEAD + GAPS + TASKS)
    assert ours.cohort.steps[1].elements[0].when == AtLeast("age", 80)
    assert [one.name for one in ours.cohort.first] == ["From 80"]
    assert ours.measures[0].met == RecordedWithin("care_and_support_plan", 12)
    assert ours.gaps[0].when == Not(RecordedWithin("care_and_support_plan", 12))
    assert ours.gaps[0].due == Due("care_and_support_plan_date", 12)
    assert ours.task("Plan").minutes.number == 60


def test_it_names_every_clause_that_it_rests_on_and_which_of_them_are_assumed():
    ours = read(HEAD + GAPS + TASKS)
    assert {one.row.clause for one in ours.clauses} == {
        "proactive_care_in_force", "proactive_care_plan_months", "proactive_care_assessment_minutes",
    }  # fmt: skip
    assert set(ours.assumed) == set(ours.clauses), "none of them is published for 2026/27"


def test_everything_that_is_wrong_is_told_at_once():
    wrong = (HEAD + GAPS + TASKS).replace("better: higher", "better: more").replace("task: Plan\n", "task: Plans\n")
    assert problems(wrong.replace("due: {date: care", "due: {date: scare")) == [
        ("ours.yaml, measure Has a plan", "more is none of its words"),
        ("ours.yaml, gap No plan", "scare_and_support_plan_date is no date of the service table"),
        ("ours.yaml, gap No plan", "Plans is no task of the file"),
    ]


def test_minutes_and_targets_are_clauses_and_not_numbers():
    assert problems(
        (HEAD + GAPS + TASKS).replace("minutes: {clause: proactive_care_assessment_minutes}", "minutes: 60")
    ) == [
        ("ours.yaml, task Plan", "minutes names a clause"),
        ("ours.yaml, gap No plan", "Plan is no task of the file"),
    ]


def test_a_column_that_the_service_does_not_make_is_refused():
    [(where, what)] = problems(
        (HEAD + GAPS + TASKS).replace("recorded: care_and_support_plan, within", "recorded: mdt_review, within", 1)
    )
    assert (where, what) == ("ours.yaml, measure Has a plan, met", "the person table has no column mdt_review_date")


@pytest.mark.parametrize("year", YEARS)
def test_every_service_reads_in_every_contract_year(year):
    for service in every_service(year):
        assert service.contract_year == year
        assert service.cohort.elements(), service.name
        assert {gap.task for gap in service.gaps} == {task.name for task in service.tasks}, service.name
        assert service.in_force in service.clauses


@pytest.mark.parametrize("name", SERVICES)
def test_no_number_of_a_rule_stands_outside_the_tables_of_clauses(name):
    """A number that means “any at all” is none: at least 1, more than 0."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    typed = [
        found.groups()
        for found in NUMBERS.finditer(text)
        if found.groups() not in {("at_least", "1"), ("more_than", "0")}
    ]
    assert typed in ([], [("within_months", "24")] * len(typed)), (
        "end-of-life care in 24 months is that of the other cohorts"
    )


@pytest.mark.parametrize("name", SERVICES)
def test_every_column_that_a_service_declares_is_read_by_its_rules_or_tells_a_date(name):
    assert len({column.name for column in module_of(name).COLUMNS}) == len(module_of(name).COLUMNS)


def test_the_proactive_care_of_services_is_that_of_the_caseload():
    from pcn_analysis.anticipatory.cohorts import find_cohort

    assert find_service("proactive_care", "2026/27").cohort is find_cohort("proactive_care")


def test_a_draft_that_was_never_enacted_says_so():
    then, now = (find_service("proactive_care", year).in_force for year in ("2019/20", "2023/24"))
    assert (then.value, then.standing) == ("draft", "to verify")
    assert (now.value, now.standing) == ("guidance", "published")
