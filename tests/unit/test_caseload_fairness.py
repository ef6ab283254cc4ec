"""Whether the fifths are reached alike, what floors change, and what the list rests on."""

from pathlib import Path

import pandas as pd
import pytest
from caseload_people import many, people_of, two_fifths

from pcn_analysis.anticipatory.caseload import care_gaps, caseload, counted, fairness
from pcn_analysis.anticipatory.caseload.sensitivity import sensitivity
from pcn_analysis.exceptions import DisclosureError, PcnAnalysisError
from pcn_analysis.provenance import SourcedTable
from pcn_analysis.release import release

pytestmark = pytest.mark.unit

NURSE = {"practice nurse": 10}


@pytest.fixture(scope="module")
def unfair():
    """Ten slots: twenty people of the most deprived fifth with little open, and twenty of the least with more."""
    return caseload(two_fifths([1] * 20, [2] * 20), capacity=NURSE)


@pytest.fixture(scope="module")
def fair(unfair):
    return fairness.fairer(unfair)


def by_fifth(table, name, value):
    frame = table.frame if isinstance(table, SourcedTable) else table
    return dict(zip(frame.loc[frame["list"] == name, "deprivation_fifth"], frame.loc[frame["list"] == name, value],
                    strict=True))  # fmt: skip


def test_as_ranked_the_fifth_with_less_open_is_not_reached_and_with_floors_each_has_its_share(unfair, fair):
    table = fairness.reach_by_deprivation(unfair, fair)
    assert by_fifth(table, "as ranked", "reached") == {"most deprived": 0, "least deprived": 10}
    assert by_fifth(table, "with floors", "reached") == {"most deprived": 5, "least deprived": 5}
    assert by_fifth(table, "as ranked", "floor") == {"most deprived": "not met", "least deprived": "met"}
    assert all(pd.isna(one) for one in by_fifth(table, "with floors", "floor").values()), "five each are not shown"


def test_whether_a_floor_is_met_is_told_where_enough_people_are_reached():
    ranked = caseload(two_fifths([1] * 20, [2] * 20), capacity={"practice nurse": 20})
    table = fairness.reach_by_deprivation(ranked, fairness.fairer(ranked))
    assert by_fifth(table, "with floors", "reached") == {"most deprived": 10, "least deprived": 10}
    assert by_fifth(table, "with floors", "floor") == {"most deprived": "met", "least deprived": "met"}
    assert by_fifth(table, "as ranked", "floor") == {"most deprived": "not met", "least deprived": "met"}


def test_a_floor_that_is_met_does_not_tell_a_count_that_is_not_shown():
    ranked = caseload(two_fifths([1] * 14, [2] * 14), capacity={"practice nurse": 14})
    table = fairness.reach_by_deprivation(ranked, fairness.fairer(ranked))
    assert by_fifth(table, "with floors", "reached") == {"most deprived": 7, "least deprived": 7}
    shown = release(table).frame
    hidden = shown[shown["reached"].isna()]
    assert len(hidden) == 2
    assert hidden["floor"].isna().all(), "the floor is 7, so that met would say seven"


def test_reach_to_need_has_an_interval_and_says_who_is_reached_less(unfair, fair):
    rows = fairness.relative(fairness.reach_by_deprivation(unfair, fair).frame).set_index(["list", "deprivation_fifth"])
    ranked = rows.loc["as ranked"]
    assert ranked["reach_to_need"].to_dict() == {"most deprived": 0.0, "least deprived": 2.0}
    assert ranked["reach_compared"].to_dict() == {"most deprived": "lower", "least deprived": "higher"}
    assert (rows["reach_to_need_lower"] <= rows["reach_to_need"]).all()
    assert (rows["reach_to_need_upper"] >= rows["reach_to_need"]).all()
    assert rows.loc["with floors", "reach_to_need"].to_list() == [1.0, 1.0]


def test_the_people_exchanged_and_the_price_are_told(unfair, fair):
    moved = fairness.people_exchanged(unfair, fair).frame.set_index("deprivation_fifth")
    assert moved["joins"].to_dict() == {"most deprived": 5, "least deprived": 0}
    assert moved["leaves"].to_dict() == {"most deprived": 0, "least deprived": 5}
    [price] = fairness.price_of_floors(unfair, fair).frame.to_dict("records")
    assert (price["on_list"], price["exchanged"], price["on_fair_list"]) == (10, 5, 10)
    assert pd.isna(price["objective_kept"]), "five people are not shown, nor what follows from them"


def test_the_price_is_shown_where_enough_people_are_exchanged():
    ranked = caseload(two_fifths([1] * 20, [2] * 20), capacity={"practice nurse": 20})
    [price] = fairness.price_of_floors(ranked, fairness.fairer(ranked)).frame.to_dict("records")
    assert price["exchanged"] == 10
    assert price["objective_kept"] == pytest.approx((10 * 2 + 10 * 0.75) / (20 * 2), abs=0.005)


def test_part_of_a_floor_leaves_more_to_the_ranking(unfair):
    made = fairness.fairer(unfair, least=0.5)
    table = fairness.reach_by_deprivation(unfair, made, least=0.5)
    assert by_fifth(table, "with floors", "reached") == {"most deprived": 2, "least deprived": 8}
    assert by_fifth(table, "with floors", "floor")["least deprived"] == "met"
    for wrong in (0, 1.1):
        with pytest.raises(PcnAnalysisError, match="not above 0 and at most 1"):
            fairness.fairer(unfair, least=wrong)


def test_floors_look_past_people_whose_professionals_have_no_slot_left():
    nobody_there = [5] * 4
    capacity = {"physiotherapist": 4, "practice nurse": 2}
    ranked = caseload(two_fifths([*nobody_there, 1], [2] * 5), capacity=capacity)
    assert set(ranked.people["person_id"].str[0]) == {"q"}
    made = fairness.fairer(ranked)
    assert by_fifth(fairness.reach_by_deprivation(ranked, made), "with floors", "reached")["most deprived"] == 1


def test_each_rule_is_told_by_fifth(unfair):
    rows = fairness.rules_by_deprivation(unfair).frame
    last = rows[rows["rule"] == "Has a slot"].set_index("deprivation_fifth")
    assert last["patients"].to_dict() == {"most deprived": 0, "least deprived": 10}
    assert last["before"].to_dict() == {"most deprived": 20, "least deprived": 20}
    assert rows["rule"].drop_duplicates().to_list()[0] == "Aged 65 or over"


# -- sensitivity and counts --------------------------------------------------------------------------------


def test_a_number_on_which_the_list_rests_changes_it_and_one_that_nobody_meets_does_not():
    ranked = caseload(two_fifths([1] * 20, [2] * 20), capacity=NURSE)
    rows = sensitivity(ranked).frame.set_index(["name", "change"])
    assert rows.loc[("A fall in 12 months", "doubled"), "stays"] == 10
    pressure = "Blood pressure above target, on the hypertension register"
    assert rows.loc[(pressure, "halved"), "stays"] == 10, "1 is still more than 0.75"
    close = caseload(two_fifths([1] * 20, [4] * 20), capacity=NURSE)
    rows = sensitivity(close).frame.set_index(["name", "change"])
    diabetes = "HbA1c not measured in 12 months, on the diabetes register"
    assert rows.loc[(diabetes, "doubled"), "stays"] == 0
    assert rows.loc[(diabetes, "halved"), "stays"] == 10
    assert set(rows["on_list"]) == {10}


def test_every_table_passes_the_release_gate_and_hides_small_numbers(unfair, fair):
    tables = [
        counted.from_cohort_to_slots(unfair), counted.by_professional(unfair), counted.by_month(unfair),
        counted.by_gap(unfair), counted.by_age(unfair), counted.by_deprivation(unfair), counted.by_practice(unfair),
        fairness.reach_by_deprivation(unfair, fair), fairness.people_exchanged(unfair, fair),
        fairness.price_of_floors(unfair, fair), fairness.rules_by_deprivation(unfair), sensitivity(unfair),
    ]  # fmt: skip
    for table in tables:
        shown = release(table).frame
        for name in table.counts:
            assert not shown[name].dropna().between(1, 7).any()
    with pytest.raises(DisclosureError):
        release(unfair.population.sourced(unfair.people))


def test_counts_add_up_to_the_cohort_the_line_and_the_list():
    made = caseload(people_of(*many(0, 1, 2, 3, 0)), capacity={"practice nurse": 1, "clinical pharmacist": 1})
    [whole] = counted.from_cohort_to_slots(made).frame.to_dict("records")
    assert [whole[name] for name in ("in_cohort", "without_gap", "in_line", "reached", "not_reached")] == [
        5,
        2,
        3,
        2,
        1,
    ]
    for one in (counted.by_age, counted.by_deprivation, counted.by_practice):
        assert one(made).frame[list(counted.COUNTS)].sum().to_list() == [5, 3, 2]
    gaps = counted.by_gap(made).frame.set_index("gap")
    assert gaps.loc["Blood pressure above target, on the hypertension register", "in_line"] == 2
    assert pd.isna(gaps.loc["No personalised care and support plan", "in_line"])
    assert counted.by_practice(made).frame["practice_name"].to_list() == ["Quayside Surgery"]


def test_the_document_names_every_gap_with_its_weight_and_what_is_known():
    text = (Path(__file__).parents[2] / "docs" / "caseload.md").read_text(encoding="utf-8")
    for gap in care_gaps().gaps:
        assert f"| {gap.name} | {', '.join(gap.closes)} | {gap.weight:g} | {gap.evidence} |" in text


@pytest.mark.parametrize(
    "people", [many(0, 0), [many(0)[0] | {"age": 40}]], ids=["no open gap", "nobody in the cohort"]
)
def test_a_line_without_anybody_gives_tables_without_fifths_and_no_error(people):
    made = caseload(people_of(*people), capacity=NURSE)
    fair = fairness.fairer(made)
    assert fairness.reach_by_deprivation(made, fair).frame.empty
    assert fairness.people_exchanged(made, fair).frame.empty
    assert fairness.price_of_floors(made, fair).frame["on_list"].to_list() == [0]
    assert set(sensitivity(made).frame["stays"]) == {0}
