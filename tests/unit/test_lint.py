"""The linter finds each kind of fault in a model made to have it, and none in one that is made well."""

import datetime as dt

import pytest

from pcn_analysis.rules import (
    AtLeast,
    Below,
    Element,
    EverRecorded,
    Model,
    MoreThan,
    NotAvailable,
    OneOf,
    Recorded,
    RecordedSince,
    RecordedWithin,
    Segment,
    Several,
    all_of,
    any_of,
)
from pcn_analysis.rules.lint import KINDS, lint, summary

pytestmark = pytest.mark.unit


def element(name, when, **more):
    return Element(name, when, "example", **more)


def model(*segments):
    """Segments from the first priority down, each with its elements."""
    made = [Segment(f"Segment {n}", n, tuple(elements), "A rule.") for n, elements in enumerate(segments, 1)]
    return Model("example", "Example", tuple(made), "The rest", "example")


def faults(*segments):
    return {(one.element, one.kind) for one in lint(model(*segments))}


LUNGS = Several((Recorded("asthma"), Recorded("copd")), 1)


def test_a_model_without_faults_has_none():
    sound = [[element("Cancer lately", RecordedWithin("cancer", 24))], [element("Cancer", Recorded("cancer"))]]
    assert lint(model(*sound)) == []
    assert summary([]) == "No fault found."


@pytest.mark.parametrize(
    "when",
    [
        pytest.param(Recorded("asthma"), id="the same condition"),
        pytest.param(RecordedWithin("asthma", 12), id="the same, lately"),
        pytest.param(all_of(Recorded("copd"), Recorded("ckd")), id="one of the higher ones and more"),
        pytest.param(any_of(Recorded("asthma"), Recorded("copd")), id="either of them"),
    ],
)
def test_what_a_higher_segment_takes_first_can_never_fire(when):
    assert ("Asthma", "unreachable") in faults([element("Lungs", LUNGS)], [element("Asthma", when)])


@pytest.mark.parametrize(
    "when",
    [
        pytest.param(Recorded("ckd"), id="another condition"),
        pytest.param(any_of(Recorded("asthma"), Recorded("ckd")), id="another condition beside it"),
        pytest.param(EverRecorded("cancer"), id="ever, of another"),
    ],
)
def test_what_a_higher_segment_does_not_take_can_fire(when):
    assert faults([element("Lungs", LUNGS)], [element("Other", when)]) == set()


def test_a_list_of_conditions_takes_each_of_them_only_as_often_as_it_asks():
    conditions = tuple(Recorded(slug) for slug in ("asthma", "copd", "ckd"))
    one, two = element("Any", Several(conditions, 1)), element("Two", Several(conditions, 2))
    asthma = element("Asthma", Recorded("asthma"))
    assert faults([two], [asthma]) == set()
    assert faults([one], [asthma], [two]) == {("Asthma", "unreachable"), ("Two", "unreachable")}


def test_what_fires_only_when_it_is_resolved_is_named():
    found = faults([element("Now", Recorded("depression"))], [element("Ever", EverRecorded("depression"))])
    assert found == {("Ever", "resolved only")}


def test_an_element_that_another_of_its_segment_takes_is_repeated_once():
    asthma, twice = element("Asthma", Recorded("asthma")), element("Asthma again", Recorded("asthma"))
    assert faults([asthma, twice]) == {("Asthma again", "repeated")}
    assert faults([asthma, element("Lungs", LUNGS)]) == {("Asthma", "repeated")}


def test_codes_that_nobody_has_are_named():
    held = element("Liver", Recorded("chronic_liver_disease"), codelist="Forthcoming")
    assert faults([element("Housing", NotAvailable("housing records")), held]) == {
        ("Housing", "no codelist"),
        ("Liver", "no codelist"),
    }


def test_names_of_clusters_are_looked_at():
    found = faults(
        [
            element("Low mood", Recorded("depression"), codelist="DEPR_COD; resolved DEPRRES_COD"),
            element("Smoker", Recorded("asthma"), codelist="SMOK_COD"),
        ]
    )
    assert found == {("Low mood", "unknown cluster"), ("Smoker", "cluster")}


def test_the_same_codes_behind_two_elements_are_named():
    found = faults(
        [element("Abuse", Recorded("maltreatment"), codelist="ICD-10 T74, Z62.2")],
        [element("Looked after", Recorded("looked_after"), codelist="ICD-10 Z61.1, Z62.2")],
    )
    assert found == {("Abuse", "same codes")}


def test_a_window_that_stands_still_is_named():
    assert faults([element("Since", RecordedSince("stroke", dt.date(2012, 10, 31)))]) == {("Since", "fixed date")}


def test_a_limit_that_leaves_out_its_own_value_is_named_where_the_usual_one_does_not():
    assert faults([element("Obese", MoreThan("bmi", 30))]) == {("Obese", "threshold")}
    assert faults([element("Obese", AtLeast("bmi", 30))]) == set()
    assert faults([element("Heavy", MoreThan("bmi", 33))]) == set()


@pytest.mark.parametrize(
    ("upper", "lower", "kinds"),
    [(0.69, 0.69, set()), (0.6, 0.69, {"gap"}), (0.7, 0.69, {"overlap"})],
)
def test_bands_of_one_number_leave_no_gap_and_share_nothing(upper, lower, kinds):
    low = element("Low", all_of(AtLeast("efi_score", 0.09), Below("efi_score", upper)))
    high = element("High", AtLeast("efi_score", lower))
    assert {kind for _, kind in faults([low], [high])} == kinds
    assert {kind for _, kind in faults([high], [low])} == kinds


@pytest.mark.parametrize(
    ("words", "when", "agrees"),
    [
        ("Attendances in the last year", AtLeast("ae_12m", 20), True),
        ("Attendances in the last year", AtLeast("ae_24m", 20), False),
        ("Cancer in the last two years", RecordedWithin("cancer", 24), True),
        ("Cancer within the last 12 months", RecordedWithin("cancer", 24), False),
        ("Within two years", RecordedSince("cancer", dt.date(2012, 1, 1)), False),
        ("Severe frailty", OneOf("efi_category", ("severe",)), True),
        ("Severe frailty", OneOf("efi_category", ("moderate", "severe")), False),
        ("BMI over 30", MoreThan("bmi", 30), True),
        ("BMI over 30", AtLeast("bmi", 30), False),
        ("BMI of 30 or more", MoreThan("bmi", 30), False),
        ("", OneOf("efi_category", ("moderate", "severe")), True),
    ],
)
def test_words_and_rule_are_held_against_each_other(words, when, agrees):
    found = {kind for _, kind in faults([element("One", when, words=words)])} & {"text"}
    assert found == (set() if agrees else {"text"})


def test_a_resolved_rule_without_a_list_of_resolved_codes_is_named():
    stroke = element(
        "Stroke",
        Recorded("stroke"),
        words="Any code that postdates any resolved code",
        codelist="STRK_COD; resolved NA",
    )
    assert faults([stroke]) == {("Stroke", "text")}


def test_faults_are_counted_by_kind():
    found = lint(
        model([element("A", NotAvailable("x")), element("B", NotAvailable("y")), element("C", MoreThan("bmi", 30))])
    )
    assert summary(found) == "3 faults: 2 no codelist and 1 threshold."
    assert {one.kind for one in found} <= set(KINDS)
