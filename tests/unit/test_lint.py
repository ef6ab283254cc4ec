"""The linter finds each kind of fault in a model made to have it, and none in one that is made well."""

import datetime as dt
from dataclasses import replace

import pytest

from pcn_analysis.rules import (
    AtLeast,
    Below,
    Element,
    EverRecorded,
    FirstRecordedWithin,
    InHospitalWithin,
    Model,
    MoreThan,
    Not,
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


def test_what_can_never_fire_is_not_said_to_be_repeated_as_well():
    asthma, twice = element("Asthma", Recorded("asthma")), element("Asthma again", Recorded("asthma"))
    found = faults([element("Lungs", LUNGS)], [asthma, twice])
    assert found == {("Asthma", "unreachable"), ("Asthma again", "unreachable")}


def test_where_a_segment_asks_for_its_elements_together_none_is_repeated():
    both = (element("Asthma", Recorded("asthma")), element("Asthma lately", RecordedWithin("asthma", 12)))
    segment = Segment("Both", 1, both, "Both.", all_of(*(one.when for one in both)))
    assert lint(replace(model(), segments=(segment,))) == []


def test_priority_says_which_segment_is_higher_and_not_the_order_in_the_file():
    made = model([element("Lungs", LUNGS)], [element("Asthma", Recorded("asthma"))])
    assert lint(replace(made, segments=made.segments[::-1])) == lint(made)


def test_faults_are_in_order_of_segments_whatever_their_kind_and_each_is_told_once():
    day = dt.date(2012, 10, 31)
    since = element("Since", any_of(RecordedSince("stroke", day), RecordedSince("cancer", day)))
    one, other = (element(slug, Recorded(slug), codelist="ICD-10 T74") for slug in ("asthma", "copd"))
    assert [fault.element for fault in lint(model([one], [other], [since]))] == ["asthma", "Since"]


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


def test_a_cluster_that_is_like_no_other_is_not_taken_for_a_slip_nor_one_code_for_its_neighbour():
    assert faults([element("Asthma", Recorded("asthma"), codelist="ASTHMATICS_COD")]) == set()
    neighbours = [element(code, Recorded(slug), codelist=f"ICD-10 {code}") for code, slug in
                  (("Z62.1", "asthma"), ("Z62.2", "copd"))]  # fmt: skip
    assert faults(neighbours) == set()


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


def test_a_band_of_which_only_some_parts_are_asked_is_no_range():
    some = Several((AtLeast("age", 10), AtLeast("age", 60), Below("age", 70)), 2)
    assert faults([element("some", some)], [element("young", Below("age", 5))]) == set()


def test_of_bands_only_those_count_that_leave_something_out_between_segments():
    def band(lower, upper):
        return element(f"{lower}", all_of(AtLeast("age", lower), Below("age", upper)))

    assert faults([band(10, 20), band(50, 60)]) == set(), "one segment"
    assert faults([element("Old", AtLeast("age", 80))], [element("Older", AtLeast("age", 65))]) == set(), "no end"
    assert ("10", "gap") not in faults([band(10, 20)], [band(50, 60)], [band(0, 100)]), "a wide one is around both"
    either = element("Either", any_of(Below("age", 5), AtLeast("age", 75)))
    assert faults([either], [band(18, 65)]) == set(), "not one range"
    not_over = element("Not over", all_of(AtLeast("age", 18), Not(AtLeast("age", 40))))
    assert faults([not_over], [band(50, 60)]) == {("Not over", "gap")}


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
        ("BMI of 30 or over", MoreThan("bmi", 30), False),
        ("BMI of at least 30", MoreThan("bmi", 30), False),
        ("BMI above 30", AtLeast("bmi", 30), False),
        ("BMI more than 30", AtLeast("bmi", 30), False),
        ("Cancer in the last year, or the last two years", RecordedWithin("cancer", 24), False),
        ("Cancer in the last year", FirstRecordedWithin("cancer", 24), False),
        ("A fall in the last year", InHospitalWithin("fall", 24), False),
        ("Often in the last year", MoreThan("ae_24m", 20), False),
        ("In two years", all_of(RecordedWithin("cancer", 24), RecordedSince("cancer", dt.date(2012, 1, 1))), True),
        ("Severe asthma", OneOf("asthma_level", ("moderate",)), True),
        ("", OneOf("efi_category", ("moderate", "severe")), True),
    ],
)
def test_words_and_rule_are_held_against_each_other(words, when, agrees):
    found = {kind for _, kind in faults([element("One", when, words=words)])} & {"text"}
    assert found == (set() if agrees else {"text"})


@pytest.mark.parametrize("none", ["NA", "none"])
def test_a_resolved_rule_without_a_list_of_resolved_codes_is_named(none):
    stroke = element(
        "Stroke",
        Recorded("stroke"),
        words="Any code that postdates any resolved code",
        codelist=f"STRK_COD; resolved {none}",
    )
    assert faults([stroke]) == {("Stroke", "text")}


def test_faults_are_counted_by_kind():
    found = lint(
        model([element("A", NotAvailable("x")), element("B", NotAvailable("y")), element("C", MoreThan("bmi", 30))])
    )
    assert summary(found) == "3 faults: 2 no codelist and 1 threshold."
    assert summary(found[:1]) == f"1 fault: 1 {found[0].kind}."
    assert {one.kind for one in found} <= set(KINDS)
