"""What would move a person to another segment, tried on their own records."""

import datetime as dt
import json
from dataclasses import replace

import pandas as pd
import pytest
from vignettes import (
    ON,
    by_person,
    condition,
    contact,
    issue,
    lazy,
    person,
    population_of,
    reading,
    resolved,
)

from pcn_analysis import rules
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person_table import person_table, stages
from pcn_analysis.rules import (
    NONE_ASSESSED,
    AtLeast,
    Below,
    Element,
    Holds,
    InHospitalWithin,
    LaterThan,
    Model,
    MoreThan,
    Not,
    NotAvailable,
    OneOf,
    Recorded,
    RecordedWithin,
    Segment,
    Several,
    all_of,
)
from pcn_analysis.segmentation import asking
from pcn_analysis.segmentation.lapses import lapses
from pcn_analysis.segmentation.models import find_model
from pcn_analysis.segmentation.moves import moves

pytestmark = pytest.mark.unit

PEOPLE = [person("well"), person("ill"), person("dying"), person("poor"), person("seen")]
CONDITIONS = [
    condition("ill", "dementia", "2012-03-01"),
    condition("dying", "palliative_care", "2026-03-01"),
    condition("dying", "cancer", "2026-03-01"),
    condition("poor", "homelessness", "2025-09-01"),
    condition("poor", "copd", "2019-09-01"),
    condition("poor", "anxiety", "2010-09-01"),
    condition("poor", "stroke", "2026-01-01", source="apc"),
]
SEEN = [contact("seen", "ed", "2026-01-15"), contact("seen", "ed", "2025-01-15"), contact("seen", "ed", "2025-02-15")]
TABLES = {
    "conditions": CONDITIONS,
    "medications": [issue("seen", "2026-01-01", bnf="0403010B0")],
    "measurements": [reading("seen", "bmi", "2020-01-01", 31.0), reading("ill", "egfr", "2026-01-01", 50.0)],
    "encounters": SEEN,
}


@pytest.fixture(scope="module")
def population():
    return population_of(PEOPLE, **TABLES)


@pytest.fixture(scope="module")
def system_p(population):
    return moves(population, "system_p", ["poor", "ill", "well", "dying", "seen"])


def model(*segments, **columns) -> Model:
    """Segments of one element each, in order: a criterion by itself, or with what its segment asks."""
    made = []
    for place, when in enumerate(segments, start=1):
        element = Element(f"E{place}", when, "test")
        made.append(Segment(f"S{place}", place, (element,), ""))
    return Model("own", "Own", tuple(made), "Rest", "test", **columns)


def changes(found: pd.DataFrame, who: str) -> dict[str, str]:
    """What would move one person up, by the element."""
    rows = found[(found["person_id"] == who) & (found["direction"] == "up")]
    return dict(zip(rows["element"], rows["change"], strict=True))


# -- of System P -------------------------------------------------------------------------------------------


def test_a_person_in_the_first_segment_can_only_go_down(system_p):
    rows = system_p[system_p["person_id"] == "dying"]
    assert rows[["segment", "direction", "to_segment", "element", "change"]].to_numpy().tolist() == [
        ["End of Life", "down", "Cancer", "End-of-life care in the last two years",
         "no longer: End-of-life care in the last two years"],
    ]  # fmt: skip
    assert rows[["records", "rows"]].isna().all(axis=None)


def test_a_condition_that_is_not_there_is_one_record(system_p):
    assert changes(system_p, "well")["Dementia"] == "a record of dementia"
    assert changes(system_p, "ill") == {
        "End-of-life care in the last two years": "a record of palliative or end-of-life care"
    }


def test_what_the_segment_asks_for_beside_the_element_is_added_to_it(system_p):
    prefix = "Complex Lives: "
    well, poor = (
        {name: words for name, words in changes(system_p, who).items() if prefix in name} for who in ("well", "poor")
    )
    assert well[f"{prefix}homeless"].startswith("a record of homelessness; and for example a record of")
    assert poor[f"{prefix}a mental health condition"] == "for example a record of schizophrenia"
    assert f"{prefix}homeless" not in poor, "it is met"
    assert poor[f"{prefix}looked-after child"].startswith(
        "a record of looked-after child (admission codes); and for example"
    )


def test_contacts_are_counted_from_those_that_there_are(system_p):
    assert changes(system_p, "seen")["Complex Lives: frequent A&E attendance"].startswith(
        "17 more A&E attendances within 24 months; and for example"
    )
    row = system_p[(system_p["person_id"] == "seen") & system_p["element"].str.contains("A&E")].iloc[0]
    added = json.loads(row["rows"])
    assert {
        "table": "encounters",
        "times": 17,
        "visit_type": "ed",
        "visit_start_date": "2026-06-30",
        "attended": True,
    } in added
    assert row["records"] == sum(one["times"] for one in added) == 19


def test_frailty_is_told_as_deficits_with_those_that_were_tried(system_p):
    words = changes(system_p, "well")["Moderate or severe frailty"]
    assert words.startswith("9 more deficits of the frailty index, such as ")
    assert changes(system_p, "poor")["Moderate or severe frailty"].startswith("7 more deficits"), (
        "stroke and COPD are there"
    )


def test_people_are_in_the_order_asked_for_and_the_higher_segments_first(system_p):
    assert list(dict.fromkeys(system_p["person_id"])) == ["poor", "ill", "well", "dying", "seen"]
    well = system_p[system_p["person_id"] == "well"]
    assert list(dict.fromkeys(well["to_segment"])) == [
        "End of Life", "Frailty/Dementia", "Complex Lives", "Cancer", "LTCs", "Pre-conditions",
        "Learning Disabilities", "Physical Disabilities",
    ]  # fmt: skip


# -- each kind of change -----------------------------------------------------------------------------------


def test_each_kind_of_record_is_added_as_its_criterion_asks(population):
    every = model(
        InHospitalWithin("stroke", 12),
        AtLeast("antidepressants_12m", 4),
        MoreThan("bmi", 30),
        Below("egfr", 30),
        Holds("housebound"),
        AtLeast("n_ltc", 2),
        Holds("on_copd_register"),
        AtLeast("gp_12m", 1),
    )
    assert changes(moves(population, every, ["seen"]), "seen") == {
        "E1": "a record of stroke at an admission",
        "E2": "3 issues of antidepressants",
    }
    found = changes(moves(population, every, ["well"]), "well")
    lists = found.pop("E6")
    assert found == {
        "E1": "a record of stroke at an admission",
        "E2": "4 issues of antidepressants",
        "E3": "body mass index measured at 30.1",
        "E4": "estimated glomerular filtration rate measured at 29.9",
        "E5": "a record that the person is housebound",
        "E7": "a record of chronic obstructive pulmonary disease",
    }
    assert lists.startswith("2 more long-term conditions of the list of 37, such as ")


def test_a_reading_that_is_too_old_is_made_again(population):
    recent = model(all_of(AtLeast("bmi", 30), RecordedWithin("bmi", 12)))
    found = moves(population, recent, ["seen", "well"])
    assert changes(found, "seen") == {"E1": "body mass index measured again"}
    assert changes(found, "well") == {"E1": "body mass index measured at 30"}
    values = [json.loads(rows)[0]["value_as_number"] for rows in found["rows"]]
    assert values == [31.0, 30]


def test_a_number_of_things_counts_those_that_are_there(population):
    lists = Several(tuple(map(Recorded, ("copd", "asthma", "gout", "epilepsy"))), 3)
    words = changes(moves(population, model(lists), ["poor", "well"]), "poor")["E1"]
    assert words == "2 more of 4 things that count, such as a record of asthma and a record of gout"


def test_one_more_of_a_number_of_things_is_told_as_an_example_of_itself(population):
    lists = Several(tuple(map(Recorded, ("copd", "asthma", "gout"))), 2)
    words = changes(moves(population, model(lists), ["poor", "well"]), "poor")["E1"]
    assert words == "for example a record of asthma"


def test_a_later_record_takes_back_what_came_after(population):
    people = population_of(
        [person("p1"), person("p2")],
        conditions=[condition("p1", "diabetes", "2012-03-01"),
                    condition("p1", "non_diabetic_hyperglycaemia", "2020-01-01"),
                    condition("p2", "asthma", "2020-01-01"), resolved("p2", "asthma", "2021-01-01")],
    )  # fmt: skip
    diabetes = all_of(Recorded("diabetes"), Not(LaterThan("non_diabetic_hyperglycaemia_date", "diabetes_date")))
    found = moves(people, model(diabetes, Recorded("asthma")), ["p1", "p2"])
    assert changes(found, "p1") == {"E1": "a new record of diabetes mellitus", "E2": "a record of asthma"}
    assert changes(found, "p2") == {"E1": "a record of diabetes mellitus", "E2": "a record of asthma"}


def test_no_age_is_changed_and_nothing_that_no_table_holds_is_recorded(population):
    never = [AtLeast("age", 80), Below("imd_decile", 3), OneOf("ethnicity", ("x",)), NotAvailable("housing records")]
    never += [Not(Holds("housebound")), AtLeast("n_medications", 9)]
    asked = model(*(all_of(Recorded("asthma"), one) for one in never[:4]), all_of(never[0], Recorded("gout")))
    assert moves(population, asked, ["well"]).empty


def test_a_change_that_ends_higher_than_meant_is_not_told(population):
    first = model(Recorded("dementia"), all_of(Recorded("dementia"), Recorded("asthma")), Recorded("asthma"))
    assert changes(moves(population, first, ["well"]), "well") == {
        "E1": "a record of dementia", "E3": "a record of asthma",
    }  # fmt: skip


def test_what_the_source_itself_says_is_said_anew():
    said = pd.DataFrame(
        {"person_id": ["p1", "p2"], "attribute_date": pd.Timestamp(ON), "has_asthma": [False, True],
         "efi_category": ["fit", "severe"], "n_ltc": pd.array([0, 3], dtype="Int64")}
    )  # fmt: skip
    people = population_of([person("p1"), person("p2")], covered={"asthma"})
    people.tables["attributes"] = lazy(said.astype({"has_asthma": "boolean"}))
    found = moves(people, model(OneOf("efi_category", ("severe",)), AtLeast("n_ltc", 2), Recorded("asthma")), ["p1"])
    assert changes(found, "p1") == {
        "E1": "severe as the source's value for: band of the electronic frailty index",
        "E2": "2 as the source's value for: long-term conditions, of the Cambridge score's 37",
        "E3": "a record of asthma",
    }
    assert [json.loads(rows) for rows in found["rows"]] == [
        [{"table": "attributes", "times": 1, "efi_category": "severe"}],
        [{"table": "attributes", "times": 1, "n_ltc": 2}],
        [{"table": "attributes", "times": 1, "has_asthma": True}],
    ]


def test_those_whom_a_model_is_not_for_are_moved_nowhere(population):
    adults = model(Recorded("asthma"), whom=AtLeast("age", 80), others="Under 80")
    assert moves(population, adults, ["well"]).empty


# -- who can be asked for ----------------------------------------------------------------------------------


def test_people_who_are_not_there_are_told_in_a_number_and_not_by_name(population):
    with pytest.raises(PcnAnalysisError, match="1 of the 2 asked for are not registered") as told:
        moves(population, "system_p", ["well", "POISON-9434765919"])
    assert "POISON" not in str(told.value)
    with pytest.raises(PcnAnalysisError, match=r"201 are asked for, and 200 at most"):
        moves(population, "system_p", [f"p{number}" for number in range(asking.MOST_PEOPLE + 1)])


def test_people_are_found_once_for_all_that_is_asked_of_them(population):
    """And again for others, or of another model."""
    first = asking.asked_people(population, find_model("system_p"), ["ill", "dying"])
    assert asking.asked_people(population, find_model("system_p"), ["ill", "dying", "ill"]) is first
    assert asking.asked_people(population, find_model("snee"), ["ill", "dying"]) is not first
    others = asking.asked_people(population, find_model("system_p"), ["dying"])
    assert list(others.known) == ["dying"]
    assert asking.LAST not in others.part.remembered, "what was asked before is let go"


def test_a_column_that_is_there_for_anyone_is_there_for_those_asked_for(population):
    """Nobody asked for attended A&E, was measured or took anything; of the person table it makes no odds if stored."""
    often = model(AtLeast("ae_24m", 1), AtLeast("bmi", 30), AtLeast("antidepressants_12m", 1))
    stored = replace(population, tables=population.tables | stages(population))
    found = moves(stored, often, ["well"])
    assert list(changes(found, "well")) == ["E1", "E2", "E3"]
    pd.testing.assert_frame_equal(found, moves(population, often, ["well"]))


# -- by time alone -----------------------------------------------------------------------------------------


def test_a_window_that_ends_takes_a_person_out_on_its_first_day_without(population):
    found = lapses(population, "system_p", ["dying", "ill", "well"])
    assert found.to_dict("records") == [
        {
            "person_id": "dying",
            "segment": "End of Life",
            "date": pd.Timestamp("2028-03-02"),
            "to_segment": NONE_ASSESSED,
        }
    ]
    people = person_table(population, on=ON)
    ends = {
        day: by_person(rules.label(people, find_model("system_p"), on=day), "segment")["dying"]
        for day in (dt.date(2028, 3, 1), dt.date(2028, 3, 2))
    }
    assert ends == {dt.date(2028, 3, 1): "End of Life", dt.date(2028, 3, 2): NONE_ASSESSED}
