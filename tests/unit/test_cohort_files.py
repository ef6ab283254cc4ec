"""Cohorts in files of one's own: what they may say, and everything that is wrong with one told at once."""

import hashlib
from pathlib import Path

import pytest

from pcn_analysis.anticipatory.cohorts import START, find_cohort
from pcn_analysis.anticipatory.cohorts.cohort_files import EXAMPLE, cohort_of
from pcn_analysis.anticipatory.cohorts.faults import faults
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.rules import AtLeast, Holds, Not, OneOf, Recorded, all_of, any_of

pytestmark = pytest.mark.unit

EXAMPLE_FILE = Path(__file__).parents[2] / EXAMPLE
HEAD = "cohort: ours\ntitle: Ours\nwhom: Us\nsource: here\n"
ASTHMA = "  - step: Asthma\n    elements: [{element: Asthma, when: {recorded: asthma}}]\n"


def problems(text):
    with pytest.raises(PcnAnalysisError) as caught:
        cohort_of(text, "ours.yaml")
    return [(one.where, one.what) for one in caught.value.problems]


def test_the_example_reads_as_it_says():
    example = find_cohort(str(EXAMPLE_FILE))
    failure, admitted = Recorded("heart_failure"), AtLeast("nel_12m", 1)
    start, adult, failing, home, declined = example.steps
    assert start == START
    assert (adult.criterion, failing.criterion, home.criterion) == (
        AtLeast("age", 18), all_of(failure, admitted), Not(Holds("care_home")),
    )  # fmt: skip
    assert [step.name for step in example.steps if step.defines] == ["Heart failure, lately worse"]
    assert (home.goes_to, declined.goes_to) == ("Enhanced Health in Care Homes", "")
    assert [(one.name, one.when) for one in example.first] == [
        ("Very frail", OneOf("efi_category", ("severe",))), ("Admitted", admitted),
    ]  # fmt: skip
    assert example.from_age == 18


def test_a_file_of_ones_own_says_which_it_was():
    example = find_cohort(str(EXAMPLE_FILE))
    assert (example.file, example.sha256) == (EXAMPLE_FILE.name, hashlib.sha256(EXAMPLE_FILE.read_bytes()).hexdigest())
    assert find_cohort(example) is example


def test_any_one_of_the_elements_is_enough_where_a_step_does_not_say_otherwise():
    two = (
        "  - step: Ill\n    elements: [{element: A, when: {recorded: asthma}}, {element: B, when: {recorded: copd}}]\n"
    )
    assert cohort_of(f"{HEAD}steps:\n{two}", "ours.yaml").steps[1].criterion == any_of(
        Recorded("asthma"), Recorded("copd")
    )


def test_a_source_that_is_not_named_is_that_of_the_cohort_and_else_that_of_the_step():
    text = f"{HEAD}steps:\n{ASTHMA}    source: there\n  - step: Old\n    when: {{number: age, at_least: 70}}\n"
    asthma, old = cohort_of(text, "ours.yaml").steps[1:]
    assert (asthma.source, asthma.elements[0].source, old.source) == ("there", "there", "here")


@pytest.mark.parametrize(
    ("age", "from_age"),
    [("{number: age, at_least: 65}", 65), ("{number: age, more_than: 64}", 0), ("{number: n_ltc, at_least: 5}", 0),
     ("{any: [{number: age, at_least: 65}, {recorded: copd}]}", 0)],
)  # fmt: skip
def test_the_age_of_a_cohort_is_that_which_a_step_asks_by_itself(age, from_age):
    assert cohort_of(f"{HEAD}steps:\n{ASTHMA}  - step: Of age\n    when: {age}\n", "ours.yaml").from_age == from_age


def test_everything_that_is_wrong_is_told_at_once():
    text = """
cohort: ours
title: [Ours]
steps:
  - step: Old
    when: {number: aeg, at_least: 65}
  - step: Old
    goes_too: Elsewhere
  - step: Asthma
    elements:
      - {element: Asthma, when: {recorded: asthma}}
      - {element: Asthma, when: {recorded: athsma}}
first: [Asthma, Astma, {element: Copd, when: {element: Bronchitis}}]
"""
    assert problems(text) == [
        ("ours.yaml", "does not say its whom"),
        ("ours.yaml", "does not say its source"),
        ("ours.yaml, step Old", "the person table has no column aeg"),
        ("ours.yaml, step Old", "goes_too says nothing here"),
        ("ours.yaml, step Old", "asks for nothing"),
        ("ours.yaml, step Asthma, element Asthma", "the person table has no column has_athsma"),
        ("ours.yaml, step Asthma, element Asthma", "stands more than once"),
        ("ours.yaml", "step Old stands more than once"),
        ("ours.yaml", "title is words"),
        ("ours.yaml, first", "there is no element Astma"),
        ("ours.yaml", "element Bronchitis is asked for, and no such element stands above"),
    ]


@pytest.mark.parametrize(
    ("rest", "where", "what"),
    [
        ("steps: Asthma\n", "ours.yaml", "steps is a list"),
        ("steps: [Asthma]\n", "ours.yaml", "steps is a list"),
        ("steps:\n  - step: Registered and alive\n    when: {flag: carer}\n", "ours.yaml",
         "step Registered and alive stands more than once"),
        ("steps:\n  - step: Old\n    when: {number: age, at_least: 70}\n", "ours.yaml",
         "no step has elements, so nobody is in it for a reason"),
        (f"steps:\n{ASTHMA}assumptions: None\n", "ours.yaml", "assumptions is a list of sentences"),
        (f"steps:\n{ASTHMA}first: Asthma\n", "ours.yaml, first", "first is a list"),
        (f"steps:\n{ASTHMA}first: [Asthma, Asthma]\n", "ours.yaml", "priority Asthma stands more than once"),
        (f"steps:\n{ASTHMA}  - step: Lungs\n    when: {{criterion: lungs}}\n", "ours.yaml",
         "criterion lungs is asked for, and no such element stands above"),
        ("steps:\n", "ours.yaml", "does not say its steps"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_stands(rest, where, what):
    assert (where, what) in problems(HEAD + rest)


def test_steps_without_a_name_are_told_each_and_not_as_one_name_that_stands_twice():
    found = problems(f"{HEAD}steps:\n{ASTHMA}" + "  - when: {flag: carer}\n" * 2)
    assert found == [("ours.yaml, step ?", "does not say its step")]


def test_a_file_that_is_not_there_is_told():
    with pytest.raises(PcnAnalysisError, match=r"absent\.yaml: cannot be read as a text in UTF-8"):
        find_cohort("absent.yaml")


# -- faults ------------------------------------------------------------------------------------------------


def found(rest):
    return [(one.kind, one.segment, one.element) for one in faults(cohort_of(HEAD + rest, "ours.yaml"))]


def test_a_step_that_the_steps_above_already_ask_takes_nobody_out():
    text = f"steps:\n{ASTHMA}  - step: Of 70\n    when: {{number: age, at_least: 70}}\n"
    assert found(f"{text}  - step: Of 65\n    when: {{number: age, at_least: 65}}\n") == [
        ("takes nobody out", "Of 65", "Of 65")
    ]
    assert found(text) == []


def test_a_step_that_asks_the_contrary_of_those_above_leaves_nobody():
    assert found(f"steps:\n{ASTHMA}  - step: Well\n    when: {{not: {{recorded: asthma}}}}\n") == [
        ("leaves nobody", "Well", "Well")
    ]


def test_who_is_always_first_for_something_else_is_never_first_for_this():
    of_age = "{{element: Of {0}, when: {{number: age, at_least: {0}}}}}"
    assert found(f"steps:\n{ASTHMA}first: [{of_age.format(60)}, {of_age.format(70)}]\n") == [
        ("never first", "first", "Of 70")
    ]
    assert found(f"steps:\n{ASTHMA}first: [{of_age.format(70)}, {of_age.format(60)}]\n") == []


def test_a_reason_that_another_of_the_step_takes_in_is_repeated():
    two = "{element: Now, when: {recorded: asthma, within_months: 12}}, {element: Ever, when: {recorded: asthma}}"
    assert found(f"steps:\n  - step: Asthma\n    elements: [{two}]\n") == [("repeated", "Asthma", "Now")]
