"""Models compared on a few people whom a reader can count on fingers. The index date is 1 July 2026."""

from dataclasses import replace

import pandas as pd
import pytest
from vignettes import condition, person, population_of

from pcn_analysis.person_table import stages
from pcn_analysis.release import release
from pcn_analysis.rules import AtLeast, Element, Model, NotAvailable, Recorded, Segment, all_of, any_of
from pcn_analysis.segmentation import comparison
from pcn_analysis.segmentation.models import MODELS, find_model

pytestmark = pytest.mark.unit

COPD, ASTHMA = Element("COPD", Recorded("copd"), "example"), Element("Asthma", Recorded("asthma"), "example")
PRESSURE = Element("High blood pressure", Recorded("hypertension"), "example")


def lungs_first(*lungs, pressure=(PRESSURE,), priorities=(1, 2), **more):
    """Lungs, then blood pressure, then those who are well."""
    segments = (
        Segment("Lungs", priorities[0], lungs, "Lungs."),
        Segment("Pressure", priorities[1], pressure, "Blood pressure."),
    )
    return Model("lungs", "Lungs first", segments, "Well", "example", **more)


NARROW, WIDE = lungs_first(COPD), lungs_first(COPD, ASTHMA)

ILL = {
    "copd": ["copd"],
    "copd and pressure": ["copd", "hypertension"],
    "asthma": ["asthma"],
    "asthma and pressure": ["asthma", "hypertension"],
    "pressure": ["hypertension"],
    "well": [],
}


def staged(ill, **born):
    """People with what each has, and their person table."""
    persons = [person(name, born=born.get(name, "1970-01-01")) for name in ill]
    conditions = [condition(name, what, "2015-03-01") for name, found in ill.items() for what in found]
    population = population_of(persons, covered={"copd", "asthma", "hypertension"}, conditions=conditions)
    return replace(population, tables=population.tables | stages(population))


def many(ill, times=20):
    """As many people of each kind."""
    return {f"{name} {n}": found for name, found in ill.items() for n in range(times)}


@pytest.fixture(scope="module")
def six():
    return staged(ILL)


def rows(table, *columns):
    return list(table.frame[[*columns]].itertuples(index=False, name=None))


MOVE = ("segment", "next_segment", "movers", "change", "home", "element", "patients")


# -- who is where ------------------------------------------------------------------------------------------


def test_the_cross_table_has_every_pair_of_segments_in_the_order_of_both_models(six):
    found = comparison.cross_table(six, NARROW, WIDE)
    assert rows(found, "segment", "other_segment", "patients", "segment_patients") == [
        ("Lungs", "Lungs", 2, 2), ("Lungs", "Pressure", 0, 2), ("Lungs", "Well", 0, 2),
        ("Pressure", "Lungs", 1, 2), ("Pressure", "Pressure", 1, 2), ("Pressure", "Well", 0, 2),
        ("Well", "Lungs", 1, 2), ("Well", "Pressure", 0, 2), ("Well", "Well", 1, 2),
    ]  # fmt: skip
    assert found.frame["share"].to_list()[:5] == [1, 0, 0, 0.5, 0.5]


def test_a_segment_that_could_not_be_assessed_is_not_in_the_cross_table(six):
    unknown = lungs_first(Element("Sleep apnoea", NotAvailable("sleep studies"), "example"))
    names = comparison.cross_table(six, NARROW, unknown).frame["other_segment"]
    assert list(names.unique()) == ["Pressure", "None of those assessed"]


def test_small_counts_do_not_leave(six):
    released = release(comparison.cross_table(six, NARROW, WIDE)).frame
    assert set(released["patients"].dropna()) == {0}
    moves = release(comparison.movers(six, NARROW, WIDE)).frame
    assert moves[["movers", "patients", "share"]].isna().all(axis=None)
    assert release(comparison.moved(six, NARROW, WIDE)).frame["patients"].isna().all()
    assert release(comparison.agreement(six, [NARROW, WIDE])).frame["patients"].isna().all()


def some_young(ill):
    return staged(ill, **{name: "2020-01-01" for name in ill if name.startswith("well")})


def test_models_for_different_people_are_compared_among_those_whom_both_are_for():
    people, adults = some_young(many(ILL, 2)), replace(NARROW, whom=AtLeast("age", 18), others="Under 18")
    for one, other in ((NARROW, adults), (adults, NARROW)):
        found = comparison.cross_table(people, one, other, in_both=True)
        assert "Under 18" not in {*found.frame["segment"], *found.frame["other_segment"]}
        assert found.frame["patients"].sum() == 10
        assert rows(comparison.compared(people, one, other), "patients", "left_out", "who") == [
            (10, 2, "under 18 in Lungs first")
        ]
    assert rows(comparison.compared(people, adults, adults), "who") == [("under 18",)]
    assert rows(comparison.compared(people, NARROW, WIDE), "patients", "left_out", "who") == [(12, 0, "")]


def test_of_those_in_both_models_a_segment_that_nobody_is_in_is_not_compared(six):
    sick = staged({name: found for name, found in ILL.items() if name != "well"})
    assert set(comparison.cross_table(sick, WIDE, WIDE, in_both=True).frame["segment"]) == {"Lungs", "Pressure"}
    assert "Well" in set(comparison.cross_table(sick, WIDE, WIDE).frame["segment"])


@pytest.mark.parametrize("wanted", ["", "snee", "bnssg"])
@pytest.mark.parametrize("name", MODELS)
def test_no_model_is_held_against_itself(name, wanted):
    model = find_model(name)
    assert comparison.held_against(model, wanted).segments != model.segments


def test_a_copy_of_a_model_under_another_name_is_not_held_against_it():
    copied = replace(find_model("snee"), name="ours", title="Ours", variant="own")
    assert comparison.held_against(copied).name == "system_p"
    assert comparison.held_against(copied, "snee").name == "system_p"


# -- how far they agree ------------------------------------------------------------------------------------


def test_how_far_models_agree_on_few_people_does_not_leave(six):
    for population, known in ((six, False), (staged(many(ILL, 16)), False), (staged(many(ILL, 17)), True)):
        released = release(comparison.agreement(population, [NARROW, WIDE])).frame
        assert released["adjusted_rand"].notna().to_list() == [known]


def test_models_that_divide_people_alike_agree_whatever_segments_are_called():
    renamed = replace(
        NARROW, segments=tuple(replace(one, name=f"Our {one.name}") for one in NARROW.segments), remainder="Fine"
    )
    assert rows(comparison.agreement(staged(many(ILL)), [NARROW, renamed]), "patients", "adjusted_rand") == [(120, 1.0)]


def test_the_adjusted_rand_index_is_that_of_a_hand_count():
    """Of 4,950 pairs of 100 people 2,550 are together in one model, as many in the other, and 1,750 in both.

    By chance it were 2,550² / 4,950, or 1,313.6: (1,750 − 1,313.6) / (2,550 − 1,313.6).
    """
    five = staged(many(dict(zip("abcde", (["copd"], ["copd"], ["asthma"], [], []), strict=True))))
    one = lungs_first(COPD, pressure=(PRESSURE,))
    other = lungs_first(COPD, ASTHMA)
    assert rows(comparison.agreement(five, [one, other]), "adjusted_rand") == [(0.35,)]


def test_agreement_is_of_every_pair_of_models_by_title(six):
    models = [replace(NARROW, title=title) for title in "ABC"]
    pairs = rows(comparison.agreement(six, models), "model", "other_model", "versions")
    assert pairs == [("A", "B", "yes"), ("A", "C", "yes"), ("B", "C", "yes")]
    assert rows(comparison.agreement(six, [NARROW, find_model("snee")]), "versions") == [("no",)]


def test_agreement_leaves_out_whom_a_model_is_not_for(six):
    adults = replace(NARROW, whom=AtLeast("age", 18), others="Under 18")
    ill = many(ILL, 30)
    children = staged(
        ill, **{name: "2020-01-01" for name in ill if name.startswith(("copd ", "well")) and "and" not in name}
    )
    for models in ([NARROW, adults], [adults, NARROW]):
        assert rows(comparison.agreement(children, models), "patients", "adjusted_rand") == [(120, 1.0)]
    nobody = replace(NARROW, whom=AtLeast("age", 120), others="Under 120")
    [(patients, index)] = rows(comparison.agreement(six, [NARROW, nobody]), "patients", "adjusted_rand")
    assert patients == 0
    assert pd.isna(index)


# -- who moves and why -------------------------------------------------------------------------------------


def test_movers_are_told_with_the_element_that_they_meet_now(six):
    assert rows(comparison.movers(six, NARROW, WIDE), *MOVE) == [
        ("Pressure", "Lungs", 1, "met now", "Lungs", "Asthma", 1),
        ("Well", "Lungs", 1, "met now", "Lungs", "Asthma", 1),
    ]
    assert rows(comparison.moved(six, NARROW, WIDE), "patients", "registered") == [(2, 6)]


def test_movers_are_told_with_the_element_that_they_meet_no_longer(six):
    assert rows(comparison.movers(six, WIDE, NARROW), *MOVE) == [
        ("Lungs", "Pressure", 1, "no longer met", "Lungs", "Asthma", 1),
        ("Lungs", "Well", 1, "no longer met", "Lungs", "Asthma", 1),
    ]


def test_a_changed_threshold_is_told_by_the_name_of_its_element():
    two = staged({"young": [], "old": []}, young="2000-01-01", old="1950-01-01")
    versions = [lungs_first(Element("Old", AtLeast("age", age), "example")) for age in (80, 70)]
    assert rows(comparison.movers(two, *versions), *MOVE) == [("Well", "Lungs", 1, "met now", "Lungs", "Old", 1)]


def test_an_element_of_a_third_segment_is_behind_no_move(six):
    """All are 20 or older now, which is asked below Lungs and Pressure: nobody enters these for it."""
    versions = [
        replace(
            model, segments=(*model.segments, Segment("Old", 3, (Element("Old", AtLeast("age", age), ""),), "Old."))
        )
        for model, age in ((NARROW, 80), (WIDE, 20))
    ]
    assert rows(comparison.movers(six, *versions), *MOVE) == [
        ("Pressure", "Lungs", 1, "met now", "Lungs", "Asthma", 1),
        ("Well", "Lungs", 1, "met now", "Lungs", "Asthma", 1),
        ("Well", "Old", 1, "met now", "Old", "Old", 1),
    ]


def test_an_element_that_asks_for_something_else_and_is_met_all_the_same_is_behind_no_move(six):
    either = replace(COPD, when=any_of(COPD.when, ASTHMA.when))
    moves = comparison.movers(six, NARROW, lungs_first(either, priorities=(2, 1)))
    assert rows(moves, *MOVE) == [
        ("Lungs", "Pressure", 1, "", "", comparison.NO_ELEMENT, 1),
        ("Well", "Lungs", 1, "met now", "Lungs", "COPD", 1),
    ]


def test_an_element_that_goes_to_another_segment_is_met_there_and_no_longer_here(six):
    before, after = lungs_first(COPD, ASTHMA), lungs_first(COPD, pressure=(PRESSURE, ASTHMA))
    assert rows(comparison.movers(six, before, after), *MOVE) == [
        ("Lungs", "Pressure", 2, "no longer met", "Lungs", "Asthma", 2),
        ("Lungs", "Pressure", 2, "met now", "Pressure", "Asthma", 2),
    ]


def test_where_only_the_order_changes_no_element_is_behind_it(six):
    assert rows(comparison.movers(six, NARROW, lungs_first(COPD, priorities=(2, 1))), *MOVE) == [
        ("Lungs", "Pressure", 1, "", "", comparison.NO_ELEMENT, 1)
    ]


def test_where_only_the_rule_of_a_segment_changes_no_element_is_behind_it(six):
    both = replace(NARROW.segments[0], when=all_of(COPD.when, PRESSURE.when))
    changed = replace(NARROW, segments=(both, NARROW.segments[1]))
    assert rows(comparison.movers(six, NARROW, changed), *MOVE) == [
        ("Lungs", "Well", 1, "", "", comparison.NO_ELEMENT, 1)
    ]


def test_who_is_in_the_remainder_of_both_has_not_moved_whatever_it_is_called(six):
    unknown = Element("Sleep apnoea", any_of(NotAvailable("sleep studies"), Recorded("copd")), "example")
    other = lungs_first(COPD, unknown)
    names = set(comparison.cross_table(six, NARROW, other).frame["other_segment"])
    assert "None of those assessed" in names
    assert rows(comparison.moved(six, NARROW, other), "patients") == [(0,)]
    assert len(comparison.movers(six, NARROW, other).frame) == 0


def test_whom_neither_version_is_for_has_not_moved(six):
    versions = [replace(NARROW, whom=AtLeast("age", 120), others=name) for name in ("Under 120", "Not that old")]
    assert rows(comparison.moved(six, *versions), "patients") == [(0,)]


def test_elements_that_differ_and_cannot_be_assessed_are_named(six):
    heard = Element("Hearing aid", NotAvailable("audiology records"), "example")
    found = comparison.not_assessed(six, NARROW, lungs_first(COPD, heard))
    assert rows(found, "segment", "element", "status", "missing") == [
        ("Lungs", "Hearing aid", "not assessed", "audiology records")
    ]
    elsewhere = replace(lungs_first(COPD, pressure=(heard,)), title="Another")
    assert rows(comparison.not_assessed(six, lungs_first(COPD, heard), elsewhere), "segment") == [
        ("Lungs",),
        ("Pressure",),
    ]
    same = any_of(NotAvailable("audiology records"), Recorded("copd"))
    wider = replace(lungs_first(COPD, replace(heard, when=same)), title="Another")
    narrower = lungs_first(COPD, replace(heard, when=any_of(*reversed(same.criteria))))
    assert len(comparison.not_assessed(six, narrower, wider).frame) == 1
    both = lungs_first(COPD, heard), lungs_first(COPD, ASTHMA, heard)
    assert rows(comparison.not_assessed(six, *both), "element") == []


def test_models_are_versions_of_one_if_most_segments_have_the_same_names():
    assert comparison.are_versions(NARROW, WIDE)
    renamed = replace(NARROW, segments=(NARROW.segments[0], replace(NARROW.segments[1], name="Heart")))
    assert not comparison.are_versions(NARROW, renamed)


def test_a_comparison_changes_nothing_that_it_is_given(six):
    first = comparison.movers(six, NARROW, WIDE).frame
    comparison.cross_table(six, WIDE, NARROW)
    pd.testing.assert_frame_equal(comparison.movers(six, NARROW, WIDE).frame, first)
