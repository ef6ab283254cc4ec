"""What a reviewer is told of two versions of a model."""

import datetime as dt
from dataclasses import replace

import pytest

from pcn_analysis.rules import (
    AtLeast,
    Element,
    Model,
    Not,
    Recorded,
    RecordedSince,
    RecordedWithin,
    Segment,
    Several,
    all_of,
    any_of,
)
from pcn_analysis.rules.difference import differences
from pcn_analysis.rules.segment_words import segment_in_words
from pcn_analysis.segmentation.models import MODELS, find_model

pytestmark = pytest.mark.unit

BUSY = Element("Often in A&E", AtLeast("ae_24m", 20), "a paper", note="As published.")
CANCER = Element("Cancer", RecordedWithin("cancer", 24), "a paper")
LUNGS = Element("Lungs", any_of(Recorded("copd"), Recorded("asthma")), "a paper")
COMPLEX, ILL = Segment("Complex", 1, (BUSY, CANCER), "Either."), Segment("Ill", 2, (LUNGS,), "Lungs.")
MODEL = Model("ours", "Ours", (COMPLEX, ILL), "Well", "a paper")


def told(other, one=MODEL):
    return [str(difference) for difference in differences(one, other)]


def with_elements(*elements, segment=COMPLEX, **more):
    return replace(MODEL, segments=(replace(segment, elements=elements, **more), ILL))


def asking(criterion):
    """The model with another criterion of the element Lungs."""
    return replace(MODEL, segments=(COMPLEX, replace(ILL, elements=(replace(LUNGS, when=criterion),))))


@pytest.mark.parametrize("name", MODELS)
def test_a_model_does_not_differ_from_itself(name):
    assert differences(find_model(name), find_model(name)) == []


def test_a_changed_threshold_is_told_before_and_after():
    [one] = told(with_elements(replace(BUSY, when=AtLeast("ae_24m", 10)), CANCER))
    assert one.startswith("Complex, Often in A&E: asks: ")
    before, after = one.split(" → ")
    assert before.endswith("20 or more")
    assert after.endswith("10 or more")


def test_a_changed_window_is_told_in_months():
    assert told(with_elements(BUSY, replace(CANCER, when=RecordedWithin("cancer", 12)))) == [
        "Complex, Cancer: asks: cancer other than non-melanoma skin cancer, in the 24 months before the index date → "
        "cancer other than non-melanoma skin cancer, in the 12 months before the index date"
    ]


def test_of_a_long_criterion_only_what_differs_is_told():
    more = any_of(Recorded("copd"), Recorded("asthma"), Recorded("gout"))
    assert told(asking(more)) == ["Ill, Lungs: asks: nothing → or gout, recorded and not resolved"]
    assert told(asking(any_of(Recorded("copd"), Recorded("gout")))) == [
        "Ill, Lungs: asks: asthma, recorded and not resolved → gout, recorded and not resolved"
    ]


def test_any_and_all_are_told_apart():
    assert told(asking(all_of(Recorded("copd"), Recorded("asthma")))) == [
        "Ill, Lungs: asks: any of chronic obstructive pulmonary disease, asthma, recorded and not resolved → "
        "all of chronic obstructive pulmonary disease, asthma, recorded and not resolved"
    ]


def test_where_any_becomes_all_and_the_parts_change_too_the_whole_is_told():
    assert told(asking(all_of(Recorded("copd"), Recorded("gout")))) == [
        "Ill, Lungs: asks: any of chronic obstructive pulmonary disease, asthma, recorded and not resolved → "
        "all of chronic obstructive pulmonary disease, gout, recorded and not resolved"
    ]


def test_where_several_parts_go_and_come_all_of_them_are_told():
    assert told(asking(any_of(Recorded("gout"), Recorded("ckd")))) == [
        "Ill, Lungs: asks: or chronic obstructive pulmonary disease, recorded and not resolved; or asthma, recorded "
        "and not resolved → or gout, recorded and not resolved; or chronic kidney disease, stages 3 to 5, recorded "
        "and not resolved"
    ]


def test_a_number_of_several_is_told():
    three = tuple(map(Recorded, ("copd", "asthma", "gout")))
    [one] = told(asking(Several(three, 3)), asking(Several(three, 2)))
    assert "at least 2 of" in one
    assert "→ all of" in one


def test_what_must_not_be_met_is_told_as_such():
    before, after = (asking(all_of(Recorded("copd"), Not(Recorded(name)))) for name in ("asthma", "gout"))
    assert told(after, before) == [
        "Ill, Lungs: asks: not: asthma, recorded and not resolved → not: gout, recorded and not resolved"
    ]


def test_of_several_things_that_must_not_be_met_only_what_differs_is_told():
    before, after = (asking(Not(any_of(Recorded("copd"), Recorded(name)))) for name in ("asthma", "gout"))
    assert told(after, before) == [
        "Ill, Lungs: asks: not: asthma, recorded and not resolved → not: gout, recorded and not resolved"
    ]


def test_one_more_to_count_among_is_not_one_more_that_has_to_be_met():
    three = tuple(map(Recorded, ("copd", "asthma", "gout")))
    assert told(asking(Several((*three, Recorded("epilepsy")), 2)), asking(Several(three, 2))) == [
        "Ill, Lungs: asks: nothing → of at least 2: epilepsy, recorded and not resolved"
    ]


def test_elements_are_added_removed_and_moved():
    gout = Element("Gout", Recorded("gout"), "a paper")
    assert told(with_elements(BUSY, CANCER, gout)) == ["Complex, Gout: added: gout, recorded and not resolved"]
    assert told(MODEL, with_elements(BUSY, CANCER, gout)) == ["Complex, Gout: removed: gout, recorded and not resolved"]
    elsewhere = replace(MODEL, segments=(replace(COMPLEX, elements=(BUSY,)), replace(ILL, elements=(LUNGS, CANCER))))
    assert told(elsewhere) == ["Ill, Cancer: segment: Complex → Ill"]


def test_segments_are_added_removed_and_reordered():
    alone = replace(MODEL, segments=(COMPLEX,))
    assert told(alone)[0] == "Ill: removed: priority 2, any one of the elements"
    assert told(MODEL, alone)[0] == "Ill: added: priority 2, any one of the elements"
    last = replace(MODEL, segments=(replace(COMPLEX, priority=3), ILL))
    assert told(last) == ["Complex: priority: 1 → 3"]


def test_segments_are_told_in_order_of_priority_and_not_of_the_file():
    reworded = tuple(replace(one, rule="Otherwise.") for one in (ILL, COMPLEX))
    found = differences(MODEL, replace(MODEL, segments=reworded))
    assert [one.segment for one in found] == ["Complex", "Ill"]


def test_how_the_elements_of_a_segment_go_together_is_told_by_their_names():
    both = replace(MODEL, segments=(replace(COMPLEX, when=all_of(BUSY.when, CANCER.when)), ILL))
    assert told(both) == ["Complex: asks: any one of the elements → “Often in A&E”; and “Cancer”"]


def test_a_changed_element_is_told_once_and_not_again_of_the_segment_that_asks_for_it():
    def together(busy):
        return with_elements(busy, CANCER, when=all_of(busy.when, CANCER.when))

    found = differences(together(BUSY), together(replace(BUSY, when=AtLeast("ae_24m", 10))))
    assert [(one.segment, one.element, one.what) for one in found] == [("Complex", "Often in A&E", "asks")]


def test_whom_it_is_for_and_the_remainder_are_of_the_model():
    adults = replace(MODEL, whom=AtLeast("age", 18), others="Under 18", remainder="Fine")
    assert told(adults) == [
        "the model: remainder: Well → Fine",
        "the model: others: nothing → Under 18",
        "the model: whom: nothing → age 18 or more",
    ]


def test_words_that_put_nobody_elsewhere_are_told_apart():
    busy = replace(BUSY, codelist="X_COD", source="a book", note="Ours.", words="20 or more")
    other = with_elements(busy, CANCER, rule="One of the two.")
    other = replace(other, title="Theirs", source="a book", variant="corrected", assumptions=("Nothing.",))
    found = differences(MODEL, other)
    of_model, of_segment = ["title", "source", "variant", "assumptions"], ["rule in words"]
    assert [one.what for one in found] == [*of_model, *of_segment, "codelist", "source", "note", "words"]
    assert all(one.is_wording for one in found)


def test_what_puts_someone_elsewhere_or_calls_it_otherwise_is_no_wording():
    other = with_elements(replace(BUSY, when=AtLeast("ae_24m", 10)), segment=replace(COMPLEX, priority=3))
    other = replace(other, remainder="Fine", others="Under 18", whom=AtLeast("age", 18))
    found = differences(MODEL, other)
    assert [one.what for one in found] == ["remainder", "others", "whom", "priority", "asks", "removed"]
    assert not any(one.is_wording for one in found)


def test_a_fixed_date_in_place_of_a_window_is_told():
    since = replace(CANCER, when=RecordedSince("cancer", dt.date(2024, 7, 1)))
    [one] = told(with_elements(BUSY, since))
    assert one.endswith("→ cancer other than non-melanoma skin cancer, on or after 1 July 2024")


# -- how elements go together ------------------------------------------------------------------------------


def test_a_rule_names_its_elements_and_writes_out_what_is_none():
    when = any_of(BUSY.when, all_of(CANCER.when, Not(LUNGS.when), Recorded("gout")))
    segment = replace(COMPLEX, when=when)
    model = replace(MODEL, segments=(segment, ILL))
    assert segment_in_words(segment, model) == (
        "“Often in A&E”; or (“Cancer”; and not: “Lungs”; and gout, recorded and not resolved)"
    )


def test_so_many_of_some_elements_are_counted():
    segment = replace(COMPLEX, when=Several((BUSY.when, CANCER.when, LUNGS.when), 2))
    model = replace(MODEL, segments=(segment, ILL))
    assert segment_in_words(segment, model) == "at least 2 of 3: “Often in A&E”; “Cancer”; “Lungs”"
