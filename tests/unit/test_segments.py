"""Segments of a few people whom a reader can count on fingers. The index date is 1 July 2026."""

from dataclasses import replace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from vignettes import condition, person, population_of

from pcn_analysis import engine, readings, rules, tables
from pcn_analysis.exceptions import DisclosureError
from pcn_analysis.person_table import stages
from pcn_analysis.plots import alt_text, charts
from pcn_analysis.provenance import SourcedTable
from pcn_analysis.release import release
from pcn_analysis.rules import NONE_ASSESSED, Element, Model, NotAvailable, Recorded, Segment, any_of
from pcn_analysis.segmentation import segments
from pcn_analysis.segmentation.models import find_model

mpl.use("Agg")

pytestmark = pytest.mark.unit

SYSTEM_P = find_model("system_p")

COPD, ASTHMA = Element("COPD", Recorded("copd"), "example"), Element("Asthma", Recorded("asthma"), "example")
PRESSURE = Element("High blood pressure", Recorded("hypertension"), "example")
MODEL = Model(
    "lungs_first",
    "Lungs first",
    (
        Segment("Blood pressure", 2, (PRESSURE,), "High blood pressure."),
        Segment("Lungs", 1, (COPD, ASTHMA), "COPD or asthma."),
    ),
    "Well",
    "example",
)
"""Two segments, declared in the wrong order: lungs go first."""

PERSONS = [
    person("copd", born="1956-01-01", imd_decile=1),
    person("copd, asthma and blood pressure", born="1955-01-01", imd_decile=2),
    person("asthma", born="1996-01-01", imd_decile=5, practice_code="A00002"),
    person("blood pressure", born="1976-01-01", imd_decile=10, practice_code="A00002"),
    person("nothing", born="1996-01-01", imd_decile=None, lsoa21=None, practice_code="A00002"),
    person("a child", born="2020-01-01", imd_decile=5),
    person("died", born="1940-01-01", death_date="2026-01-01"),
]
CONDITIONS = [
    condition("copd", "copd", "2015-03-01"),
    condition("copd, asthma and blood pressure", "copd", "2015-03-01"),
    condition("copd, asthma and blood pressure", "asthma", "1980-03-01"),
    condition("copd, asthma and blood pressure", "hypertension", "2010-03-01"),
    condition("asthma", "asthma", "2010-03-01"),
    condition("blood pressure", "hypertension", "2020-03-01"),
    condition("died", "copd", "2015-03-01"),
]


def staged(persons, conditions, *, covered=("copd", "asthma", "hypertension"), second="Rope Walk Practice"):
    """People with their person table, and two practices in their place."""
    population = population_of(persons, covered=set(covered), conditions=conditions)
    practices = population.place.tables["practices"]
    other = practices.frame.assign(practice_code="A00002", practice_name=second)
    both = replace(practices, frame=pd.concat([practices.frame, other], ignore_index=True))
    place = replace(population.place, tables=population.place.tables | {"practices": both})
    population = replace(population, place=place)
    return replace(population, tables=population.tables | stages(population))


@pytest.fixture(scope="module")
def six():
    """Six people and one who died."""
    return staged(PERSONS, CONDITIONS)


def rows(table, *columns):
    return list(table.frame[[*columns]].itertuples(index=False, name=None))


# -- how many ----------------------------------------------------------------------------------------------


def test_everyone_is_in_one_segment_in_the_order_of_priority(six):
    assert rows(segments.sizes(six, MODEL), "segment", "patients", "registered", "status") == [
        ("Lungs", 3, 6, "assessed"),
        ("Blood pressure", 1, 6, "assessed"),
        ("Well", 2, 6, "assessed"),
    ]


def test_the_share_is_of_everyone_registered_with_its_interval(six):
    lungs = segments.sizes(six, MODEL).frame.iloc[0]
    assert lungs["share"] == 0.5
    assert lungs["share_lower"] == pytest.approx(1 - lungs["share_upper"])
    assert 0.18 < lungs["share_lower"] < 0.19


def test_by_age_has_every_segment_of_every_age_that_there_is(six):
    assert rows(segments.by_age(six, MODEL), "age_group", "segment", "patients", "registered") == [
        ("0-19", "Lungs", 0, 1), ("0-19", "Blood pressure", 0, 1), ("0-19", "Well", 1, 1),
        ("20-39", "Lungs", 1, 2), ("20-39", "Blood pressure", 0, 2), ("20-39", "Well", 1, 2),
        ("40-64", "Lungs", 0, 1), ("40-64", "Blood pressure", 1, 1), ("40-64", "Well", 0, 1),
        ("65-74", "Lungs", 2, 2), ("65-74", "Blood pressure", 0, 2), ("65-74", "Well", 0, 2),
    ]  # fmt: skip


def test_by_deprivation_has_the_most_deprived_first_and_those_without_an_area_last(six):
    assert rows(segments.by_deprivation(six, MODEL), "deprivation_fifth", "segment", "patients", "registered") == [
        ("most deprived", "Lungs", 2, 2), ("most deprived", "Blood pressure", 0, 2), ("most deprived", "Well", 0, 2),
        ("third", "Lungs", 1, 2), ("third", "Blood pressure", 0, 2), ("third", "Well", 1, 2),
        ("least deprived", "Lungs", 0, 1), ("least deprived", "Blood pressure", 1, 1), ("least deprived", "Well", 0, 1),
        ("not known", "Lungs", 0, 1), ("not known", "Blood pressure", 0, 1), ("not known", "Well", 1, 1),
    ]  # fmt: skip


def test_by_practice_has_the_name_of_each(six):
    assert rows(segments.by_practice(six, MODEL), "practice_name", "segment", "patients", "registered") == [
        ("Quayside Surgery", "Lungs", 2, 3),
        ("Quayside Surgery", "Blood pressure", 0, 3),
        ("Quayside Surgery", "Well", 1, 3),
        ("Rope Walk Practice", "Lungs", 1, 3),
        ("Rope Walk Practice", "Blood pressure", 1, 3),
        ("Rope Walk Practice", "Well", 1, 3),
    ]
    assert "practice_code" not in segments.by_practice(six, MODEL).frame


def test_by_practice_those_of_no_known_practice_come_last():
    strangers = [person("at none", practice_code=None), person("elsewhere", practice_code="A00099")]
    found = segments.by_practice(staged([*PERSONS, *strangers], CONDITIONS), MODEL)
    assert rows(found, "practice_name", "segment", "patients", "registered")[-3:] == [
        ("not known", "Lungs", 0, 2),
        ("not known", "Blood pressure", 0, 2),
        ("not known", "Well", 2, 2),
    ]
    assert list(dict.fromkeys(found.frame["practice_name"])) == ["Quayside Surgery", "Rope Walk Practice", "not known"]


def test_practices_that_share_a_name_are_told_apart_by_their_codes():
    found = segments.by_practice(staged(PERSONS, CONDITIONS, second="Quayside Surgery"), MODEL)
    lungs = found.frame[found.frame["segment"] == "Lungs"]
    assert list(lungs[["practice_name", "patients"]].itertuples(index=False, name=None)) == [
        ("Quayside Surgery (A00001)", 2),
        ("Quayside Surgery (A00002)", 1),
    ]


GROUPED = {
    segments.by_age: "age_group",
    segments.by_deprivation: "deprivation_fifth",
    segments.by_practice: "practice_name",
}
EVERY_GROUP = pytest.mark.parametrize("count", GROUPED, ids=lambda count: count.__name__)


@EVERY_GROUP
@pytest.mark.parametrize("model", [MODEL, SYSTEM_P], ids=lambda model: model.name)
def test_groups_sum_to_the_sizes(six, count, model):
    assert_sums(six, count, model, 6)


def assert_sums(population, count, model, everyone):
    """The groups sum to the segments that could be assessed, and these to everyone."""
    sizes, frame = segments.sizes(population, model).frame, count(population, model).frame
    assessed = sizes[sizes["status"] != rules.NOT_ASSESSED].set_index("segment")["patients"]
    assert frame.groupby("segment")["patients"].sum().to_dict() == assessed.to_dict()
    assert frame.drop_duplicates(GROUPED[count])["registered"].sum() == sizes["patients"].sum() == everyone
    assert set(sizes["registered"]) == {everyone}


STRANGERS = [
    person("no practice", practice_code=None, sex="unknown"),
    person("another practice", practice_code="A00099", imd_decile=None, sex="indeterminate"),
    person("no area", imd_decile=None, lsoa21=None, born="1930-01-01"),
]


@EVERY_GROUP
@pytest.mark.parametrize("model", [MODEL, SYSTEM_P], ids=lambda model: model.name)
@pytest.mark.parametrize("known", [PERSONS, []], ids=["some known", "all unknown"])
def test_groups_sum_to_the_sizes_with_people_of_whom_something_is_not_known(count, model, known):
    ill = [condition("no practice", "copd", "2015-03-01"), condition("no area", "hypertension", "2015-03-01")]
    some = staged([*known, *STRANGERS], [*(CONDITIONS if known else []), *ill])
    assert_sums(some, count, model, 9 if known else 3)


@EVERY_GROUP
def test_groups_by_what_is_known_of_nobody_have_no_rows(count):
    unknown = [row | {"practice_code": None, "sex": "unknown", "imd_decile": None} for row in PERSONS]
    if count is segments.by_age:
        assert_sums(staged(unknown, CONDITIONS), count, MODEL, 6)
    else:
        assert count(staged(unknown, CONDITIONS), MODEL).frame.empty


@EVERY_GROUP
def test_groups_have_no_rows_where_no_segment_could_be_assessed(count):
    assert count(staged(PERSONS, [], covered=()), MODEL).frame.empty


@EVERY_GROUP
@pytest.mark.parametrize("model", [MODEL, SYSTEM_P], ids=lambda model: model.name)
def test_groups_have_no_rows_of_segments_that_could_not_be_assessed(count, model):
    some = staged(PERSONS, CONDITIONS, covered=("copd", "asthma"))
    sizes, frame = segments.sizes(some, model).frame, count(some, model).frame
    assert (sizes["status"] == rules.NOT_ASSESSED).any()
    groups = frame[GROUPED[count]].nunique()
    assert frame["segment"].to_list() == groups * sizes.loc[sizes["patients"].notna(), "segment"].to_list()


@EVERY_GROUP
def test_the_groups_of_synthetic_people_sum_to_the_sizes(old_priory, count):
    practices = old_priory.place.tables["practices"].frame
    everyone = practices.loc[practices["pcn_code"] == "U00005", "list_size"].sum()
    assert_sums(old_priory, count, SYSTEM_P, everyone)


# -- what those in none are called -------------------------------------------------------------------------


def test_those_in_none_have_the_published_name_where_everything_was_assessed(six):
    assert segments.sizes(six, MODEL).frame["segment"].iloc[-1] == "Well"
    assert len(segments.not_assessed(six, MODEL).frame) == 0


def test_those_in_none_are_not_called_well_where_something_was_not_assessed():
    some = staged(PERSONS, CONDITIONS, covered=("copd", "asthma"))
    table = segments.sizes(some, MODEL)
    assert rows(table, "segment", "patients", "registered", "status") == [
        ("Lungs", 3, 6, "assessed"),
        ("Blood pressure", pd.NA, 6, "not assessed"),
        (NONE_ASSESSED, 3, 6, "partly assessed"),
    ]
    assert table.frame.loc[1, ["share", "share_lower", "share_upper"]].isna().all()
    assert len(table.frame) == len(release(table).frame)


def test_a_segment_that_could_be_assessed_in_part_has_a_number_and_says_so():
    """Hypertension is one of 36 deficits: nobody can be called frail by it, and none of the others well."""
    some = staged(PERSONS, CONDITIONS, covered=("hypertension",))
    found = {name: (patients, status) for name, patients, status in rows(
        segments.sizes(some, SYSTEM_P), "segment", "patients", "status")}  # fmt: skip
    assert found["Frailty/Dementia"] == (0, "partly assessed")
    assert found["End of Life"] == (pd.NA, "not assessed")
    assert list(found)[-1] == NONE_ASSESSED
    assert segments.rule_table(some, SYSTEM_P).frame["segment"].iloc[-1] == NONE_ASSESSED
    missing = segments.not_assessed(some, SYSTEM_P).frame.set_index("element")
    frailty = missing.loc["Moderate or severe frailty"]
    assert (frailty["segment"], frailty["status"]) == ("Frailty/Dementia", "partly assessed")
    assert len(frailty["missing"].split("; ")) == 35
    assert "Hypertension" not in frailty["missing"].split("; ")
    assert missing.loc["Dementia", "status"] == "not assessed"


def test_incomplete_columns_alone_keep_those_in_none_from_their_published_name():
    """Every column that the model reads is there; one rests on less than it should."""
    frail = Model("frail", "Frail", (Segment("Frail", 1, (
        Element("Moderate or severe frailty", rules.OneOf("efi_category", ("moderate", "severe")), "example"),
    ), "Frail."),), "Fit", "example")  # fmt: skip
    some = staged(PERSONS, CONDITIONS, covered=("hypertension",))
    assert rows(segments.sizes(some, frail), "segment", "patients", "status") == [
        ("Frail", 0, "partly assessed"),
        (NONE_ASSESSED, 6, "partly assessed"),
    ]
    assert segments.not_assessed(some, frail).frame["status"].to_list() == ["partly assessed"]


def test_nobody_is_called_healthy_by_system_p(six):
    assert segments.sizes(six, SYSTEM_P).frame["segment"].iloc[-1] == NONE_ASSESSED
    assert "Healthy" not in segments.by_age(six, SYSTEM_P).frame["segment"].to_list()


CAUTIOUS = replace(
    MODEL,
    segments=(
        *MODEL.segments,
        Segment(
            "Care",
            3,
            (
                Element("Social care", NotAvailable("social care records"), "example"),
                Element("Housebound", any_of(Recorded("housebound"), Recorded("copd")), "example"),
                Element("Dementia", Recorded("dementia"), "example"),
            ),
            "Care.",
        ),
    ),
)


def test_what_was_not_assessed_is_said_in_words(six):
    assert rows(segments.not_assessed(six, CAUTIOUS), "segment", "element", "status", "missing") == [
        ("Care", "Social care", "not assessed", "social care records"),
        ("Care", "Housebound", "partly assessed", tables.CONDITION_NAMES["housebound"]),
        ("Care", "Dementia", "not assessed", tables.CONDITION_NAMES["dementia"]),
    ]


def test_what_system_p_could_not_assess_of_synthetic_people_names_no_condition_that_they_have(old_priory):
    missing = segments.not_assessed(old_priory, SYSTEM_P).frame
    assert 0 < len(missing) < len(SYSTEM_P.elements())
    names = {name for words in missing["missing"] for name in words.split("; ")}
    assert not names & {tables.CONDITION_NAMES[slug] for slug in old_priory.covered}
    assert not [name for name in names if name.startswith("has_") or name.endswith("_date")]


def test_the_model_is_shown_as_it_decides(six):
    assert rows(segments.rule_table(six, MODEL), "priority", "segment", "rule") == [
        (1, "Lungs", "COPD or asthma."),
        (2, "Blood pressure", "High blood pressure."),
        (3, "Well", "Everyone who fits none of the above."),
    ]


# -- why ---------------------------------------------------------------------------------------------------


def test_elements_count_the_people_of_their_own_segment_who_meet_them(six):
    """The second person has all three: both lung elements count for Lungs, and high blood pressure for nobody."""
    met = segments.elements_met(six, MODEL)
    assert rows(met, "segment", "element", "patients", "segment_patients") == [
        ("Lungs", "Asthma", 2, 3),
        ("Lungs", "COPD", 2, 3),
        ("Blood pressure", "High blood pressure", 1, 1),
    ]
    assert met.frame["share"].to_list() == pytest.approx([2 / 3, 2 / 3, 1])
    assert met.frame["elements"].to_list() == [2, 2, 1]


def test_no_more_people_meet_an_element_than_are_in_its_segment(old_priory):
    frame = segments.elements_met(old_priory, SYSTEM_P).frame
    sizes = segments.sizes(old_priory, SYSTEM_P).frame.set_index("segment")["patients"]
    assert len(frame) > 20
    assert (frame["patients"] <= frame["segment_patients"]).all()
    assert (frame["patients"] > 0).all()
    assert frame.drop_duplicates("segment").set_index("segment")["segment_patients"].to_dict() == {
        name: sizes[name] for name in frame["segment"].unique()
    }
    known = frame.set_index("segment")
    assert (known.groupby("segment")["patients"].sum() >= known.groupby("segment")["segment_patients"].first()).all()


def wheezing(counts):
    """Twenty people with COPD, the first so many of whom have each other condition of the lungs."""
    names = [f"p{number:02}" for number in range(20)]
    ill = [condition(who, "copd", "2015-01-01") for who in names]
    ill += [condition(who, slug, "2015-01-01") for slug, number in counts.items() for who in names[:number]]
    return staged([person(who) for who in names], ill, covered=("copd", *LUNGS))


LUNGS = ("asthma", "dementia", "gout", "hypertension", "angina", "epilepsy", "cancer")
MANY = Model("many", "Many", (Segment("Many", 1, (
    Element("COPD", Recorded("copd"), "example"),
    *(Element(tables.CONDITION_NAMES[slug], Recorded(slug), "example") for slug in LUNGS),
), "Any of them."),), "None", "example")  # fmt: skip


@pytest.mark.parametrize("order", [(7, 6, 5, 4, 3, 2, 1), (4, 1, 7, 2, 6, 3, 5)], ids=str)
def test_the_order_of_released_elements_says_nothing_of_counts_that_are_not_shown(order):
    """Which of 1 to 7 people has which condition changes nothing that is released."""
    first, second = (
        release(segments.elements_met(wheezing(dict(zip(LUNGS, one, strict=True))), MANY)).frame
        for one in (range(1, 8), order)
    )
    pd.testing.assert_frame_equal(first, second)
    assert first["element"].to_list() == ["COPD", *sorted(tables.CONDITION_NAMES[slug] for slug in LUNGS)]
    assert first["patients"].to_list() == [20, *[pd.NA] * 7]


def test_released_elements_have_the_commonest_first_within_each_segment_in_order():
    names = [f"p{number:02}" for number in range(40)]
    ill = [condition(who, "copd", "2015-01-01") for who in names[:10]]
    ill += [condition(who, "asthma", "2015-01-01") for who in names[:20]]
    ill += [condition(who, "hypertension", "2015-01-01") for who in names[10:]]
    table = segments.elements_met(staged([person(who) for who in names], ill), MODEL)
    assert rows(table, "segment", "element", "patients") == [
        ("Lungs", "Asthma", 20), ("Lungs", "COPD", 10), ("Blood pressure", "High blood pressure", 20),
    ]  # fmt: skip
    fewer = replace(table, frame=table.frame.assign(patients=pd.array([10, 20, 30], dtype="Int64")))
    assert rows(release(fewer), "segment", "element", "patients") == [
        ("Lungs", "COPD", 20), ("Lungs", "Asthma", 10), ("Blood pressure", "High blood pressure", 30),
    ]  # fmt: skip


# -- release -----------------------------------------------------------------------------------------------

COUNTS = (segments.sizes, *GROUPED, segments.elements_met, segments.not_assessed, segments.rule_table)


@pytest.mark.parametrize("count", COUNTS, ids=lambda count: count.__name__)
def test_every_table_can_be_released_and_names_nobody(six, count):
    table = count(six, MODEL)
    shown = release(table)
    assert isinstance(table, SourcedTable)
    assert shown.profile == "hes"
    assert shown.provenance.people
    shown_words = set(shown.frame.select_dtypes("str").to_numpy().ravel())
    assert not shown_words & {"copd, asthma and blood pressure", "nothing", "a child", "died", "person_id"}


def test_the_person_table_and_the_labels_of_people_cannot_be_released(six):
    labels = rules.label(six.tables["person_table"], MODEL, on=six.index_date)
    for lazy in (six.tables["person_table"], labels):
        with pytest.raises(DisclosureError, match="never leaves through release"):
            release(six.sourced(engine.to_pandas(lazy)))


def test_nothing_of_people_is_released_as_open_data(six):
    with pytest.raises(DisclosureError, match="derives from records of people"):
        release(segments.sizes(six, MODEL), profile="open_data")


@pytest.fixture(scope="module")
def forty():
    """Forty people: 30 with COPD, 3 with high blood pressure, 7 with neither."""
    names = [f"p{number}" for number in range(40)]
    sick = [condition(name, "copd" if number < 30 else "hypertension", "2015-01-01")
            for number, name in enumerate(names[:33])]  # fmt: skip
    return staged([person(name) for name in names], sick)


def test_few_people_are_not_shown_in_any_form(forty):
    """3 and 7 are not shown: not in the table, the bars, their labels, the description or the sentence."""
    sizes, missing = release(segments.sizes(forty, MODEL)), release(segments.not_assessed(forty, MODEL))
    frame = sizes.frame
    assert frame["patients"].to_list() == [30, pd.NA, pd.NA]
    assert frame["share"].to_list() == [0.75, pd.NA, pd.NA]
    assert frame[["share_lower", "share_upper"]].isna().sum().to_list() == [2, 2]
    ax = charts.segment_sizes(sizes)
    np.testing.assert_allclose([bar.get_width() for bar in ax.patches], [0, 0, 0.75])
    said = {
        "labels": " ".join(text.get_text() for text in ax.texts),
        "description": alt_text.segment_sizes(sizes),
        "sentence": readings.segments(sizes, missing),
    }
    plt.close("all")
    assert said["labels"].split("  ")[-1] == "(30)"
    assert "Lungs 75.0%; Blood pressure not shown; Well not shown." in said["description"]
    assert said["sentence"] == (
        "Of 40 people registered with Harbour PCN on 1 July 2026, the largest segment is Lungs (30, 75.0%); Blood "
        "pressure is not shown. A few people, too few to show, fit none: “Well”."
    )
    for form, text in said.items():
        assert not {"3", "7", "7.5%", "17.5%"} & set(text.replace(",", " ").replace(";", " ").split()), form


def test_few_people_of_an_age_are_not_shown_in_its_cells(forty):
    ages = release(segments.by_age(forty, MODEL))
    ax = charts.segments_by_age(ages)
    assert [text.get_text() for text in ax.texts] == ["75.0%", "75.0%", "×", "×", "×", "×"]
    assert "Lungs 65-74 (75.0%)." in alt_text.segments_by_age(ages)
    assert readings.at_older_ages(ages, "Blood pressure") == "Blood pressure: not shown at any age."
    plt.close("all")
