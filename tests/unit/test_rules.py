"""The kinds of criterion and the evaluation of rules, one patient at a time. The index date is 1 July 2026."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from vignettes import ON, by_person, person_rows, rows_of

from pcn_analysis import rules
from pcn_analysis.engine import lazy
from pcn_analysis.rules import (
    NONE_ASSESSED,
    AtLeast,
    Below,
    Element,
    EverRecorded,
    FirstRecordedFromAge,
    FirstRecordedWithin,
    Holds,
    InHospitalWithin,
    LaterThan,
    Model,
    MoreThan,
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
    label,
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
    (FirstRecordedWithin("cancer", 60), "cancer_first_date", "2021-07-01", "2021-06-30"),
    (AtLeast("age", 18), "age", 18, 17),
    (AtLeast("bmi", 27.5), "bmi", 27.5, 27.4),
    (MoreThan("bmi", 30), "bmi", 30.1, 30.0),
    (Below("bmi", 18.5), "bmi", 18.4, 18.5),
    (EverRecorded("cancer"), "cancer_ever_date", "1990-01-01", None),
    (InHospitalWithin("fall", 24), "fall_hospital_date", "2024-07-01", "2024-06-30"),
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


@pytest.mark.parametrize(
    ("criterion", "date"),
    [
        (RecordedWithin("cancer", 24), "2025-01-01"),
        (FirstRecordedWithin("cancer", 60), "2024-01-01"),
        (EverRecorded("cancer"), "2025-06-01"),
        (InHospitalWithin("cancer", 12), "2026-01-01"),
        (Below("bmi", 30), "2023-01-01"),
        (Not(AtLeast("bmi", 30)), None),
    ],
)
def test_a_reason_has_the_date_of_the_record_that_is_asked_for(criterion, date):
    dates = {"cancer_first_date": "2024-01-01", "cancer_date": "2025-01-01", "cancer_ever_date": "2025-06-01"}
    patient = {"person_id": "p1", **dates, "cancer_hospital_date": "2026-01-01", "bmi": 20.0, "bmi_date": "2023-01-01"}
    element = Element("One", criterion, "example")
    assert [row[2] for row in rows_of(rules.reasons(person_rows(patient), [element], on=ON))] == [date]


HYPERTENSION = {"has_hypertension": True, "hypertension_date": "2015-01-01"}
KIDNEYS = {"has_ckd": True, "ckd_date": "2020-01-01"}
RISK = Element(
    "Risk",
    any_of(Recorded("hypertension"), all_of(Recorded("ckd"), Not(LaterThan("ckd_1_2_date", "ckd_date")))),
    "example",
)


@pytest.mark.parametrize(("stage_1_2", "date"), [("2024-01-01", "2015-01-01"), (None, "2020-01-01")])
def test_a_reason_takes_no_date_from_a_branch_that_is_not_met(stage_1_2, date):
    patient = person_rows({"person_id": "p1", **HYPERTENSION, **KIDNEYS, "ckd_1_2_date": stage_1_2})
    assert rows_of(rules.reasons(patient, [RISK], on=ON)) == [("p1", "Risk", date, "example")]


def test_a_branch_that_cannot_be_assessed_gives_no_date_either():
    patient = person_rows({"person_id": "p1", **HYPERTENSION, **KIDNEYS})
    assert rows_of(rules.reasons(patient, [RISK], on=ON))[0][2] == "2015-01-01"


def test_two_of_three_take_the_later_date_of_those_that_are_met():
    two = Element("Two", Several((Recorded("asthma"), Recorded("copd"), Recorded("gout")), 2), "example")
    either = Element("Either", any_of(two.when, Recorded("hypertension")), "example")
    lungs = {"has_asthma": True, "asthma_date": "2018-01-01", "has_copd": True, "copd_date": "2019-01-01"}
    joints = {"has_gout": False, "gout_date": "2025-01-01"}
    patient = person_rows({"person_id": "p1", **lungs, **joints, **HYPERTENSION})
    assert [row[2] for row in rows_of(rules.reasons(patient, [two, either], on=ON))] == ["2019-01-01", "2019-01-01"]
    one = person_rows({"person_id": "p1", **lungs, **joints, **HYPERTENSION, "has_copd": False})
    assert [row[1:3] for row in rows_of(rules.reasons(one, [two, either], on=ON))] == [("Either", "2015-01-01")]


def test_reasons_of_nothing_assessable_are_an_empty_table():
    found = rules.reasons(person_rows({"person_id": "p1", "age": 40}), [HOMELESS], on=ON)
    assert rows_of(found) == []
    assert found.collect_schema().names() == ["person_id", "element", "date", "source"]


def test_coverage_says_what_is_missing():
    columns = ["asthma_date", "copd_date", "has_homelessness"]
    covered = rules.coverage([LUNGS, GOUT, HOMELESS], columns).set_index("element")
    assert covered["status"].to_dict() == {"Lungs": "assessed", "Gout": "not assessed", "Homeless": "partly assessed"}
    assert covered["missing"].to_dict() == {"Lungs": "", "Gout": "has_gout", "Homeless": "housing records"}


HEART = Element("Heart", Holds("on_chd_register"), "example")
FRAIL = Element("Frail", OneOf("efi_category", ("severe",)), "example")
HELD = ["on_chd_register", "efi_category", "has_gout"]
INCOMPLETE = {"on_chd_register": ["Coronary heart disease", "Heart attack"], "efi_category": ["Falls"], "n_ltc": []}


def test_an_element_that_reads_an_incomplete_column_is_partly_assessed_and_says_what_is_missing_behind_it():
    covered = rules.coverage([HEART, FRAIL, GOUT], HELD, INCOMPLETE).set_index("element")
    assert covered["status"].to_dict() == {"Heart": "partly assessed", "Frail": "partly assessed", "Gout": "assessed"}
    assert covered["missing"].to_dict() == {
        "Heart": "Coronary heart disease; Heart attack",
        "Frail": "Falls",
        "Gout": "",
    }


def test_what_must_not_be_met_is_partly_assessed_from_an_incomplete_column_as_well():
    well = Element("No heart disease", all_of(Not(HEART.when), Recorded("gout")), "example")
    assert rules.coverage([well], HELD, INCOMPLETE)["status"].to_list() == ["partly assessed"]


def test_a_column_of_which_nothing_is_missing_is_complete():
    many = Element("Many conditions", AtLeast("n_ltc", 4), "example")
    assert rules.coverage([many], ["n_ltc"], INCOMPLETE)["status"].to_list() == ["assessed"]


def test_a_column_that_is_absent_is_not_assessed_whatever_is_known_to_be_missing_behind_it():
    covered = rules.coverage([HEART], [], INCOMPLETE).iloc[0]
    assert (covered["status"], covered["missing"]) == ("not assessed", "Coronary heart disease; Heart attack")


def test_the_remainder_is_not_called_healthy_where_a_column_is_incomplete():
    model = replace(MODEL, segments=(Segment("Frail", 1, (FRAIL,), "Frail."), SECOND))
    fit = person_rows({"person_id": "p1", "efi_category": "fit", "has_gout": False})
    assert by_person(rules.label(fit, model, on=ON), "segment") == {"p1": "Healthy"}
    labelled = rules.label(fit, model, on=ON, incomplete=INCOMPLETE)
    assert by_person(labelled, "segment") == {"p1": rules.NONE_ASSESSED}
    assert model.names(HELD, INCOMPLETE) == ["Frail", "Second", rules.NONE_ASSESSED]
    assert model.remainder_name(HELD, {"on_chd_register": ["Heart attack"]}) == "Healthy"


def test_a_segment_is_assessed_in_full_in_part_or_not_at_all():
    model = replace(MODEL, segments=(*MODEL.segments, Segment("Third", 3, (HEART,), "Heart.")))
    columns = ["asthma_date", "on_chd_register"]
    assert model.status(columns, INCOMPLETE) == {
        "First": "partly assessed",
        "Second": "not assessed",
        "Third": "partly assessed",
        rules.NONE_ASSESSED: "partly assessed",
    }
    assert MODEL.status(["asthma_date", "copd_date", "has_gout"]) == {
        "First": "assessed",
        "Second": "assessed",
        "Healthy": "assessed",
    }
    assert list(MODEL.status([])) == MODEL.names([])


def test_a_segment_with_a_rule_of_its_own_has_the_status_of_that_rule():
    both = Segment("Both", 1, (LUNGS, GOUT), "Both.", all_of(LUNGS.when, GOUT.when))
    assert replace(MODEL, segments=(both,)).status(["asthma_date", "copd_date"])["Both"] == "not assessed"


def test_a_column_can_be_treated_as_absent():
    patient = person_rows({"person_id": "p1", "care_home": None, "age": 40})
    found = rules.flags(
        patient, {"home": Holds("care_home"), "adult": AtLeast("age", 18)}, on=ON, without=["care_home"]
    )
    assert found.collect_schema().names() == ["person_id", "care_home", "age", "adult"]


def test_rules_that_cannot_be_assessed_fill_no_column():
    flagged = rules.flags(
        person_rows({"person_id": "p1", "age": 40}), {"adult": AtLeast("age", 18), "x": GOUT.when}, on=ON
    )
    assert flagged.collect_schema().names() == ["person_id", "age", "adult"]


# -- whom a model is for, and names ------------------------------------------------------------------------


def placed(people, *segments, **model):
    """Segment of each person, by a model of some segments."""
    made = tuple(Segment(name, number, (Element(name, when, "example"),), "A rule.") for number, (name, when) in
                 enumerate(segments, 1))  # fmt: skip
    one = Model("example", "Example", made, "Well", "example", **model)
    return by_person(label(lazy(people), one, on=ON), "segment"), one.status(people.columns)


def test_where_it_is_not_known_whom_a_model_is_for_nobody_is_put_anywhere():
    people = pd.DataFrame({"person_id": ["p1", "p2"], "has_asthma": [True, False]})
    ill = ("Ill", Recorded("asthma"))
    for whom in (Recorded("diabetes"), any_of(Recorded("asthma"), Recorded("diabetes"))):
        found, status = placed(people, ill, whom=whom, others="Others")
        assert found == {"p1": NONE_ASSESSED, "p2": NONE_ASSESSED}
        assert status == {"Ill": "not assessed", NONE_ASSESSED: "partly assessed"}
    found, _ = placed(people, ill, whom=Recorded("asthma"), others="Others")
    assert found == {"p1": "Ill", "p2": "Others"}
    adults = replace(MODEL, whom=Recorded("gout"), others="Others")
    in_part = rules.label(person_rows(*PATIENTS), adults, on=ON, incomplete={"has_gout": ["A practice"]})
    assert set(by_person(in_part, "segment").values()) == {NONE_ASSESSED}


def test_those_whom_a_model_is_not_for_have_no_next_segment():
    adults = replace(MODEL, whom=AtLeast("age", 18), others="Under 18")
    people = person_rows(*(PATIENTS[0] | {"person_id": f"of {age}", "age": age} for age in (17, 18)))
    assert by_person(rules.label(people, adults, on=ON), "segment", "next_segment") == {
        "of 17": ("Under 18", None),
        "of 18": ("First", "Second"),
    }


def test_names_of_segments_and_models_may_be_any_words():
    people = pd.DataFrame({"person_id": ["p1", "p2", "p3"], "has_asthma": [True, False, False],
                           "has_copd": [False, True, False]})  # fmt: skip
    found, _ = placed(people, ("has_asthma", Recorded("asthma")), ("HAS_ASTHMA", Recorded("copd")))
    assert found == {"p1": "has_asthma", "p2": "HAS_ASTHMA", "p3": "Well"}
