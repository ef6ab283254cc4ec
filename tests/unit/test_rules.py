"""The kinds of criterion and the evaluation of rules, one patient at a time. The index date is 1 July 2026."""

import datetime as dt
from dataclasses import replace

import pytest
from vignettes import ON, by_person, person_rows, rows_of

from pcn_analysis import rules
from pcn_analysis.rules import (
    AtLeast,
    Element,
    FirstRecordedFromAge,
    FirstRecordedSince,
    FirstRecordedWithin,
    Holds,
    LaterThan,
    Model,
    Not,
    NotAvailable,
    OneOf,
    Recorded,
    RecordedFromAge,
    RecordedSince,
    RecordedWithin,
    Segment,
    Several,
    all_of,
    any_of,
)

pytestmark = pytest.mark.unit

MILLENNIUM = dt.date(2000, 1, 1)


def meets(criterion, **columns):
    """Whether one patient of whom only these columns are known meets a criterion; None if it cannot be assessed."""
    patient = person_rows({"person_id": "p1", **columns})
    return (
        by_person(rules.flags(patient, {"met": criterion}, on=ON), "met")["p1"]
        if assessable(patient, criterion)
        else None
    )


def assessable(patient, criterion):
    return "met" in rules.flags(patient, {"met": criterion}, on=ON).collect_schema().names()


KINDS = [
    # criterion, the one column that differs, a value that meets it, the nearest that does not
    (Recorded("copd"), "has_copd", True, False),
    (RecordedWithin("cancer", 24), "cancer_date", "2024-07-01", "2024-06-30"),
    (RecordedWithin("lithium", 6), "lithium_date", "2026-01-01", "2025-12-31"),
    (RecordedSince("depression", dt.date(2006, 4, 1)), "depression_date", "2006-04-01", "2006-03-31"),
    (FirstRecordedSince("cancer", dt.date(2003, 4, 1)), "cancer_first_date", "2003-04-01", "2003-03-31"),
    (FirstRecordedWithin("cancer", 60), "cancer_first_date", "2021-07-01", "2021-06-30"),
    (AtLeast("age", 18), "age", 18, 17),
    (AtLeast("bmi", 27.5), "bmi", 27.5, 27.4),
    (OneOf("efi_category", ("moderate", "severe")), "efi_category", "moderate", "mild"),
    (Holds("care_home"), "care_home", True, False),
    (Not(Recorded("diabetes")), "has_diabetes", False, True),
]


@pytest.mark.parametrize(("criterion", "column", "met", "not_met"), KINDS)
def test_each_kind_at_its_boundary(criterion, column, met, not_met):
    assert meets(criterion, **{column: met}) is True
    assert meets(criterion, **{column: not_met}) is False


@pytest.mark.parametrize(("criterion", "column"), [kind[:2] for kind in KINDS])
def test_a_missing_value_is_not_met_and_a_missing_column_cannot_be_assessed(criterion, column):
    assert meets(criterion, **{column: None}) is isinstance(criterion, Not)
    assert meets(criterion, age=50) is None or column == "age"


@pytest.mark.parametrize(
    ("criterion", "date"),
    [
        (FirstRecordedFromAge("rheumatoid_arthritis", 16), "rheumatoid_arthritis_first_date"),
        (RecordedFromAge("bmi", 16), "bmi_date"),
    ],
)
def test_the_age_on_a_record_is_of_completed_years(criterion, date):
    assert meets(criterion, **{"birth_date": "2000-02-29", date: "2016-02-29"}) is True
    assert meets(criterion, **{"birth_date": "2000-02-29", date: "2016-02-28"}) is False
    assert meets(criterion, **{"birth_date": "2000-02-29", date: None}) is False
    assert meets(criterion, **{date: "2016-02-29"}) is None


@pytest.mark.parametrize(
    ("stage_1_2", "stage_3_5", "later"),
    [
        ("2025-01-02", "2025-01-01", True),
        ("2025-01-01", "2025-01-01", False),
        ("2024-12-31", "2025-01-01", False),
        (None, "2025-01-01", False),
        ("2025-01-01", None, False),
    ],
)
def test_later_is_strictly_later_and_nothing_is_later_than_a_missing_date(stage_1_2, stage_3_5, later):
    criterion = LaterThan("ckd_1_2_date", "ckd_date")
    assert meets(criterion, ckd_1_2_date=stage_1_2, ckd_date=stage_3_5) is later
    assert meets(Not(criterion), ckd_1_2_date=stage_1_2, ckd_date=stage_3_5) is not later


def test_what_no_table_holds_is_never_assessed():
    assert meets(NotAvailable("adult social care records"), age=50) is None
    assert meets(Not(NotAvailable("adult social care records")), age=50) is None


def test_any_of_goes_on_without_what_is_missing_and_all_of_does_not():
    asthma, unknown = Recorded("asthma"), Recorded("copd")
    assert meets(any_of(asthma, unknown), has_asthma=True) is True
    assert meets(any_of(asthma, unknown), has_asthma=False) is False
    assert meets(all_of(asthma, unknown), has_asthma=True) is None
    assert meets(any_of(unknown), has_asthma=True) is None


def test_several_counts_how_many_are_met():
    two = Several((Recorded("asthma"), Recorded("copd"), Recorded("gout")), 2)
    assert meets(two, has_asthma=True, has_copd=None, has_gout=True) is True
    assert meets(two, has_asthma=True, has_copd=False, has_gout=None) is False
    assert meets(two, has_asthma=True, has_copd=True) is True
    assert meets(two, has_asthma=True) is None, "two cannot be counted among one"


# -- models ------------------------------------------------------------------------------------------------

GOUT = Element("Gout", Recorded("gout"), "example")
LUNGS = Element("Lungs", any_of(RecordedWithin("asthma", 12), RecordedWithin("copd", 12)), "example")
HOMELESS = Element("Homeless", any_of(Recorded("homelessness"), NotAvailable("housing records")), "example")
FIRST, SECOND = Segment("First", 1, (LUNGS,), "Lungs."), Segment("Second", 2, (GOUT,), "Gout.")
MODEL = Model("example", "Example", (SECOND, FIRST), "Healthy", "example")

PATIENTS = (
    {"person_id": "both", "has_gout": True, "gout_date": "2020-01-01", "asthma_date": "2026-01-01",
     "copd_date": "2026-03-01"},
    {"person_id": "gout", "has_gout": True, "gout_date": "2020-01-01", "asthma_date": "2020-01-01", "copd_date": None},
    {"person_id": "neither", "has_gout": None, "gout_date": None, "asthma_date": None, "copd_date": None},
)  # fmt: skip


def test_the_declared_priority_decides_and_not_the_order_in_the_file():
    assert by_person(rules.label(person_rows(*PATIENTS), MODEL, on=ON), "segment") == {
        "both": "First",
        "gout": "Second",
        "neither": "Healthy",
    }
    assert MODEL.names(["has_gout", "asthma_date", "copd_date"]) == ["First", "Second", "Healthy"]
    assert [element.name for _, element in MODEL.elements()] == ["Lungs", "Gout"]


def test_the_remainder_is_called_healthy_only_where_everything_could_be_assessed():
    housed = replace(MODEL, segments=(*MODEL.segments, Segment("Third", 3, (HOMELESS,), "Homeless.")))
    assert by_person(rules.label(person_rows(*PATIENTS), housed, on=ON), "segment")["neither"] == rules.NONE_ASSESSED
    lacking = person_rows(*({"person_id": row["person_id"], "has_gout": row["has_gout"]} for row in PATIENTS))
    labelled = by_person(rules.label(lacking, MODEL, on=ON), "segment")
    assert labelled == {"both": "Second", "gout": "Second", "neither": rules.NONE_ASSESSED}


def test_reasons_name_what_is_met_with_its_latest_record_and_its_source():
    people, elements = person_rows(*PATIENTS), [LUNGS, GOUT, HOMELESS]
    assert rows_of(rules.reasons(people, elements, on=ON)) == [
        ("both", "Gout", "2020-01-01", "example"),
        ("both", "Lungs", "2026-03-01", "example"),
        ("gout", "Gout", "2020-01-01", "example"),
    ]


def test_a_reason_takes_no_date_from_what_must_not_be_met_nor_from_an_unmet_alternative():
    either = Element("Either", any_of(Not(Recorded("diabetes")), Recorded("gout"), Recorded("asthma")), "example")
    gout = {"has_gout": True, "gout_date": "2020-01-01", "has_asthma": False, "asthma_date": "2025-01-01"}
    alone = {"person_id": "p1", "has_diabetes": True, "diabetes_date": "2026-01-01", **gout}
    assert rows_of(rules.reasons(person_rows(alone), [either], on=ON))[0][2] == "2020-01-01"
    count = Element("Often", AtLeast("ae_24m", 20), "example")
    assert rows_of(rules.reasons(person_rows({"person_id": "p1", "ae_24m": 20}), [count], on=ON))[0][2] is None


def test_reasons_of_nothing_assessable_are_an_empty_table():
    found = rules.reasons(person_rows({"person_id": "p1", "age": 40}), [HOMELESS], on=ON)
    assert rows_of(found) == []
    assert found.collect_schema().names() == ["person_id", "element", "date", "source"]


def test_coverage_says_what_is_missing():
    columns = ["asthma_date", "copd_date", "has_homelessness"]
    covered = rules.coverage([LUNGS, GOUT, HOMELESS], columns).set_index("element")
    assert covered["status"].to_dict() == {"Lungs": "assessed", "Gout": "not assessed", "Homeless": "partly assessed"}
    assert covered["missing"].to_dict() == {"Lungs": "", "Gout": "has_gout", "Homeless": "housing records"}


def test_rules_that_cannot_be_assessed_fill_no_column():
    flagged = rules.flags(
        person_rows({"person_id": "p1", "age": 40}), {"adult": AtLeast("age", 18), "x": GOUT.when}, on=ON
    )
    assert flagged.collect_schema().names() == ["person_id", "age", "adult"]
