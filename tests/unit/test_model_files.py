"""Models in files: what can be written, and what is said of a file in which something is wrong."""

import datetime as dt
from pathlib import Path

import pytest

from pcn_analysis import tables
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.rules import (
    AtLeast,
    FirstRecordedFromAge,
    FirstRecordedWithin,
    Holds,
    LaterThan,
    Not,
    NotAvailable,
    OneOf,
    Recorded,
    RecordedFromAge,
    RecordedSince,
    RecordedWithin,
    Several,
    all_of,
    any_of,
    needed_columns,
)
from pcn_analysis.rules.criteria import Below, EverRecorded, InHospitalWithin, MoreThan, leaves
from pcn_analysis.rules.model_files import VARIANTS, model_of, read_model
from pcn_analysis.segmentation.models import MODELS, find_model

pytestmark = pytest.mark.unit

EXAMPLE = Path(__file__).parents[2] / "config" / "model_example.yaml"
MODEL = """
model: ours
title: Ours
source: We
variant: own
remainder: Well
segments:
  - segment: Ill
    priority: 1
    rule: Asthma.
    elements:
      - {element: Asthma, when: {recorded: asthma}}
"""


def changed(old, new):
    """The file with one thing changed."""
    assert MODEL.count(old) == 1
    return MODEL.replace(old, new)


def asking(criterion):
    """The file with another criterion."""
    return changed("{recorded: asthma}", criterion)


def criterion_of(written):
    """The criterion that something written makes."""
    return model_of(asking(written), "ours.yaml").segments[0].elements[0].when


def problems(text):
    """What is said of a file that cannot be taken."""
    with pytest.raises(PcnAnalysisError) as error:
        model_of(text, "ours.yaml")
    return [str(one) for one in error.value.problems]


# -- what can be written -----------------------------------------------------------------------------------

ASTHMA, COPD = Recorded("asthma"), Recorded("copd")
KINDS = [
    ("{recorded: asthma}", ASTHMA),
    ("{recorded: cancer, within_months: 24}", RecordedWithin("cancer", 24)),
    ("{recorded: lithium, within_months: 6}", RecordedWithin("lithium", 6)),
    ("{recorded: bmi, within_months: 12}", RecordedWithin("bmi", 12)),
    ("{recorded: depression, since: 2006-04-01}", RecordedSince("depression", dt.date(2006, 4, 1))),
    ("{recorded: asthma, from_age: 6}", RecordedFromAge("asthma", 6)),
    ("{first_recorded: cancer, within_months: 60}", FirstRecordedWithin("cancer", 60)),
    ("{first_recorded: rheumatoid_arthritis, from_age: 16}", FirstRecordedFromAge("rheumatoid_arthritis", 16)),
    ("{ever_recorded: dementia}", EverRecorded("dementia")),
    ("{recorded_in_hospital: fall, within_months: 12}", InHospitalWithin("fall", 12)),
    ("{date: diabetes_date, later_than: ckd_date}", LaterThan("diabetes_date", "ckd_date")),
    ("{number: bmi, at_least: 27.5}", AtLeast("bmi", 27.5)),
    ("{number: bmi, more_than: 30}", MoreThan("bmi", 30)),
    ("{number: age, below: 065}", Below("age", 65)),
    ("{word: efi_category, one_of: [moderate, severe]}", OneOf("efi_category", ("moderate", "severe"))),
    ("{word: practice_code, one_of: [NO, 010]}", OneOf("practice_code", ("NO", "010"))),
    ("{flag: care_home}", Holds("care_home")),
    ("{not_available: smoking}", NotAvailable("smoking")),
    ("{any: [{recorded: asthma}, {recorded: copd}]}", any_of(ASTHMA, COPD)),
    ("{all: [{recorded: asthma}, {recorded: copd}]}", all_of(ASTHMA, COPD)),
    ("{at_least: 1, of: [{recorded: asthma}, {recorded: copd}]}", Several((ASTHMA, COPD), 1)),
    ("{not: {recorded: asthma}}", Not(ASTHMA)),
]


@pytest.mark.parametrize(("written", "meant"), KINDS, ids=[written for written, _ in KINDS])
def test_each_kind_of_criterion_is_read(written, meant):
    assert criterion_of(written) == meant


def test_criteria_and_elements_are_found_wherever_they_stand_in_the_file():
    text = asking("{any: [{criterion: airways}, {element: Diabetes}]}") + (
        "      - {element: Diabetes, when: {recorded: diabetes}}\ncriteria:\n  airways: {recorded: copd}\n"
    )
    asthma, diabetes = model_of(text, "ours.yaml").segments[0].elements
    assert asthma.when == any_of(COPD, Recorded("diabetes"))
    assert diabetes.when == Recorded("diabetes")


def test_a_list_of_conditions_makes_an_element_of_each_with_its_usual_name():
    text = MODEL + "      - each_recorded: [copd, tia]\n"
    names = {one.name: one.when for one in model_of(text, "ours.yaml").segments[0].elements[1:]}
    assert names == {
        "Chronic obstructive pulmonary disease": COPD,
        "Transient ischaemic attack": Recorded("tia"),
    }


def test_an_element_says_its_source_note_codes_and_words_and_has_the_source_of_the_model_otherwise():
    text = MODEL + "      - {element: B, when: {flag: carer}, source: x, note: y, codelist: NO, words: z}\n"
    first, second = model_of(text, "ours.yaml").segments[0].elements
    assert (first.source, first.note, first.codelist, first.words) == ("We", "", "", "")
    assert (second.source, second.note, second.codelist, second.words) == ("x", "y", "NO", "z")


def test_segments_are_ordered_by_priority_and_not_by_their_place_in_the_file():
    second = "  - {segment: First, priority: 2, rule: x, elements: [{element: COPD, when: {recorded: copd}}]}\n"
    model = model_of(changed("priority: 1", "priority: 10") + second, "ours.yaml")
    assert [one.name for one in model.ordered()] == ["First", "Ill"]


def test_a_file_is_read_with_the_mark_that_editors_on_windows_leave(tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + MODEL.replace("\n", "\r\n").encode())
    assert read_model(path) == find_model(str(path)) == model_of(MODEL, "ours.yaml")


def test_the_example_is_a_model_that_uses_every_kind_it_lists():
    model = read_model(EXAMPLE)
    assert model.variant == "own"
    assert model.whom == AtLeast("age", 18)
    assert len(model.elements()) == 9
    listed = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if line.startswith("#   {")]
    kinds = [part.split("{")[1] for line in listed for part in line.split("    {") if "{" in part]
    assert len(kinds) >= len({written.partition(":")[0] for written, _ in KINDS})


# -- the published ones ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODELS)
def test_a_published_model_has_the_name_of_its_file_and_says_what_it_is(name):
    model = find_model(name)
    assert model.name == name
    assert model.variant in VARIANTS
    assert model.variant != "own"
    assert model.title
    assert all(element.source for _, element in model.elements())
    assert [one.priority for one in model.ordered()] == list(range(1, len(model.segments) + 1))
    assert all(one.rule.endswith(".") for one in model.segments)
    assert model.assumptions, "a reading of a publication takes something for granted"


def test_every_published_model_is_explained():
    explained = (EXAMPLE.parents[1] / "docs" / "models.md").read_text(encoding="utf-8")
    assert [name for name in MODELS if f"| `{name}` |" not in explained] == []


def test_names_of_reconstructed_and_faithful_models_say_so():
    assert {name for name in MODELS if name.startswith("reconstructed_")} <= {
        name for name in MODELS if find_model(name).variant == "reconstructed"
    }
    faithful = {name for name in MODELS if find_model(name).variant == "published"}
    assert {name for name in MODELS if name.endswith("_published")} <= faithful


@pytest.mark.parametrize("name", MODELS)
def test_every_column_that_a_published_model_reads_is_declared(name):

    model = find_model(name)
    asked = [one.criterion() for one in model.segments] + [element.when for _, element in model.elements()]
    read = {
        column
        for criterion in asked
        for leaf in leaves(criterion)
        if not isinstance(leaf, NotAvailable)
        for column in needed_columns(leaf)
    }
    assert read <= set(tables.PERSON_TABLE.column_names())


# -- what is wrong -----------------------------------------------------------------------------------------

COMPARE = "Compare with config/model_example.yaml."
ELEMENT = "{element: Asthma, when: {recorded: asthma}}"
WRONG = [
    # the file, what is said of it
    (changed("title: Ours\n", ""), f"ours.yaml: does not say its title. {COMPARE}"),
    (changed("source: We\n", "source:\n"), f"ours.yaml: does not say its source. {COMPARE}"),
    (changed("model: ours\n", ""), f"ours.yaml: does not say its model. {COMPARE}"),
    (changed("remainder: Well\n", ""), f"ours.yaml: does not say its remainder. {COMPARE}"),
    (MODEL + "crteria: {}\n", "ours.yaml: crteria says nothing here. Did you mean criteria?"),
    (changed("variant: own", "variant: mine"), "ours.yaml: variant is published, corrected and reconstructed or own."),
    (MODEL + "whom: {flag: carer}\n", "ours.yaml: whom and others go together."),
    (MODEL + "others: Others\n", "ours.yaml: whom and others go together."),
    (MODEL + "whom: {flag: caring}\nothers: O\n", "ours.yaml, whom: the person table has no column caring."),
    (MODEL + "whom: {flag: carer}\nothers: Ill\n", "ours.yaml: name of a segment, the remainder and others Ill stands"),
    (changed("remainder: Well", "remainder: Ill"), "name of a segment, the remainder and others Ill stands more than"),
    (MODEL + "assumptions: One.\n", "ours.yaml: assumptions is a list of sentences."),
    (MODEL.partition("segments:")[0] + "segments: Ill\n", "ours.yaml: segments is a list."),
    (MODEL.partition("segments:")[0] + "segments: [Ill]\n", "ours.yaml: segments is a list."),
    (MODEL.partition("segments:")[0], f"ours.yaml: does not say its segments. {COMPARE}"),
    (changed("    rule: Asthma.\n", ""), f"ours.yaml, segment Ill: does not say its rule. {COMPARE}"),
    (changed("rule: Asthma.", "rule: Asthma.\n    wenn: x"), "ours.yaml, segment Ill: wenn says nothing here."),
    (changed("priority: 1", "priority: first"), "ours.yaml, segment Ill: priority is a whole number."),
    (changed("priority: 1", "priority: -1"), "ours.yaml, segment Ill: priority is a whole number."),
    (changed(f"\n      - {ELEMENT}", " Asthma"), "ours.yaml, segment Ill: elements is a list."),
    (changed(ELEMENT, "Asthma"), "ours.yaml, segment Ill: elements is a list."),
    (changed(", when: {recorded: asthma}", ""), "ours.yaml, segment Ill, element Asthma: does not say its when."),
    (
        changed("element: Asthma,", "element: Asthma, nte: x,"),
        "element Asthma: nte says nothing here. Did you mean note",
    ),
    (changed(ELEMENT, "each_recorded: [astma]"), "there is no condition astma. Did you mean asthma"),
    (
        MODEL + f"      - {ELEMENT}\n",
        "ours.yaml: element Asthma stands more than once. Names and priorities are of one each.",
    ),
    (asking("{criterion: airways}"), "ours.yaml, criterion airways: is asked for and does not stand in the file."),
    (
        asking("{element: Asthmma}"),
        "element Asthmma: is asked for and does not stand in the file. Did you mean Asthma?",
    ),
    (asking("{element: Asthma}"), "ours.yaml, element Asthma: asks for itself. Write out what it asks."),
    (
        asking("{not: {criterion: a}}") + "criteria: {a: {criterion: b}, b: {criterion: a}}\n",
        "criterion a: asks for its",
    ),
    (asking("asthma"), "ours.yaml, element Asthma: a criterion is words with what they ask, as {recorded: asthma}."),
    (asking("[{recorded: asthma}]"), "a criterion is words with what they ask"),
    (asking("{not: asthma}"), "a criterion is words with what they ask"),
    (asking("{has: asthma}"), "no kind of criterion has the words has. Kinds: recorded; recorded + within_months"),
    (asking("{recorded: asthma, below: 3}"), "no kind of criterion has the words below and recorded"),
    (asking("{any: {recorded: asthma}}"), "any, all and of need a list of criteria"),
    (asking("{all: []}"), "any, all and of need a list of criteria"),
    (asking("{at_least: 2, of: [{recorded: asthma}]}"), "at_least is a whole number from 1 to 1"),
    (asking("{at_least: 0, of: [{recorded: asthma}]}"), "at_least is a whole number from 1 to 1"),
    (asking("{at_least: most, of: [{recorded: asthma}]}"), "at_least is a whole number from 1 to 1"),
    (asking("{recorded: [asthma]}"), "recorded needs one word"),
    (asking("{recorded: cancer, within_months: 0}"), "within_months needs a whole number above 0"),
    (asking("{recorded: cancer, within_months: 1.5}"), "within_months needs a whole number above 0"),
    (asking("{recorded: cancer, from_age: -6}"), "from_age needs a whole number above 0"),
    (asking("{recorded: cancer, since: 2026-02-30}"), "since needs a date, as 2006-04-01"),
    (asking("{number: age, at_least: old}"), "at_least needs a number"),
    (asking("{number: age, below: }"), "below needs a number"),
    (asking("{number: age, more_than: [1]}"), "more_than needs a number"),
    (asking("{word: efi_category, one_of: severe}"), "one_of needs a list of words, as [moderate, severe]"),
    (asking("{recorded: astma}"), "the person table has no column has_astma. Did you mean has_asthma"),
    (asking("{ever_recorded: gout}"), "the person table has no column gout_ever_date"),
    (asking("{recorded_in_hospital: asthma, within_months: 3}"), "the person table has no column asthma_hospital_date"),
    (asking("{date: asthma_date, later_than: dates}"), "the person table has no column dates"),
    (asking("{number: efi_category, at_least: 3}"), "efi_category is a category. Ask for a integer or number."),
    (asking("{flag: age}"), "age is a integer. Ask for a boolean."),
    (asking("{word: age, one_of: [old]}"), "age is a integer. Ask for a category or string."),
    (asking("{word: efi_category, one_of: [frail]}"), "efi_category is never frail. It is one of fit, mild, moderate"),
]


@pytest.mark.parametrize(("text", "said"), WRONG, ids=[said.partition(". ")[0][-60:] for _, said in WRONG])
def test_what_is_wrong_is_said_with_its_place_and_what_to_do(text, said):
    found = problems(text)
    assert any(said in one for one in found), found


def test_everything_that_is_wrong_is_said_at_once():
    text = (
        changed("variant: own", "variant: mine").replace("priority: 1", "priority: first")
        + "      - {element: Asthma, when: {recorded: copd}}\n"
        + "      - {element: Old, when: {number: age, at_least: old}}\n"
        + "      - {element: Airways, when: {recorded: astma}}\nnote: x\n"
    )
    found = problems(text)
    for said in ("variant is", "priority is", "has_astma", "at_least needs", "note says nothing", "Asthma stands more"):
        assert any(said in one for one in found), said
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "ours.yaml: holds no sections. Start from config/model_example.yaml."),
        ("- a\n- b\n", "ours.yaml: holds no sections."),
        ("model: {", "ours.yaml, line 1: cannot be read as YAML."),
        ("model: x\n\tb: c", "ours.yaml, line 2: cannot be read as YAML."),
        (MODEL + "model: again\n", "model stands twice. Keep one."),
        (MODEL + "---\nmodel: two\n", "cannot be read as YAML."),
        (asking("{not: " * 400 + "{recorded: asthma}" + "}" * 400), "cannot be read as YAML."),
        (asking("{any: &x [*x]}"), "cannot be read as YAML."),
    ],
)
def test_what_is_no_such_file_at_all_is_refused(text, said):
    assert any(said in one for one in problems(text))


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(PcnAnalysisError, match="cannot be read as a text in UTF-8"):
        read_model(tmp_path / "none.yaml")
    (tmp_path / "ours.yaml").write_bytes(MODEL.replace("We", "Wé").encode("cp1252"))
    with pytest.raises(PcnAnalysisError, match=r"^ours\.yaml: cannot be read as a text in UTF-8"):
        read_model(tmp_path / "ours.yaml")


TAKEN_FOR_SOMETHING_ELSE = [
    # taken today, or a crash: the file, what it should be refused for
    (changed("element: Asthma", "element: {a: b}"), "element"),
    (changed("segment: Ill", "segment: [Ill]"), "segment"),
    (changed("title: Ours", "title: {a: b}"), "title"),
    (changed(ELEMENT, "{element: Asthma, when: {recorded: asthma}, note: [x]}"), "note"),
    (changed(ELEMENT, "{each_recorded: asthma}"), "each_recorded"),
    (changed(ELEMENT, "{each_recorded: []}"), "each_recorded"),
    (changed(ELEMENT, "{each_recorded: [[asthma]]}"), "each_recorded"),
    (changed(ELEMENT, "{each_recorded: [asthma], note: x}"), "note"),
    (asking("{criterion: a}") + "criteria: [a]\n", "criteria"),
    (asking("{criterion: a}") + "criteria: a\n", "criteria"),
    (MODEL + "criteria: {a: {recorded: astma}}\n", "has_astma"),
    (MODEL + "whom: {flag: carer}\nothers:\n", "others"),
    (changed("priority: 1", f"priority: {'9' * 5000}"), "priority"),
    (changed("remainder: Well", "remainder: None of those assessed"), "None of those assessed"),
    (changed("segment: Ill", "segment: None of those assessed"), "None of those assessed"),
    (changed("segment: Ill", "segment: everyone"), "everyone"),
    (changed("segment: Ill", "segment: WELL"), "WELL"),
    (asking("{any: [{recorded: asthma}, {recorded: asthma}]}"), "twice"),
    (asking("{number: age, at_least: nan}"), "at_least"),
    (asking("{number: age, at_least: 1e400}"), "at_least"),
    (asking("{number: age, at_least: 1_8.0}"), "at_least"),
    (asking(f"{{recorded: cancer, within_months: {'9' * 20}}}"), "within_months"),
    (asking("{date: age, later_than: has_asthma}"), "age"),
]


@pytest.mark.parametrize(
    ("text", "said"), TAKEN_FOR_SOMETHING_ELSE, ids=[str(number) for number in range(len(TAKEN_FOR_SOMETHING_ELSE))]
)
def test_what_could_be_taken_for_something_else_is_refused(text, said):
    assert any(said in one for one in problems(text))


def test_aliases_of_aliases_do_not_hang_the_reader():
    doubled = "\n".join(f"  a{n}: &a{n} {{any: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 40))
    text = MODEL + "criteria:\n  a0: &a0 {recorded: asthma}\n" + doubled + "\n"
    assert any("holds more than" in one for one in problems(text))


def test_names_of_models_that_are_near_are_suggested():
    with pytest.raises(PcnAnalysisError, match="Did you mean snee"):
        find_model("sneee")
