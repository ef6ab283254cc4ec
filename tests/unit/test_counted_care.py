"""Whom the counts of cohorts, caseloads and scores count: the same people by the same name, in every table."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from caseload_people import patient, people_of
from test_score_agreement import diagnosis, medicines, stored
from vignettes import person

from pcn_analysis import engine
from pcn_analysis.anticipatory import reach, score_agreement
from pcn_analysis.anticipatory import whom as care
from pcn_analysis.anticipatory.caseload import caseload, counted, fairness, find_objective, on_page, sensitivity
from pcn_analysis.anticipatory.caseload.whom import on_list
from pcn_analysis.anticipatory.cohorts import COHORTS, find_cohort
from pcn_analysis.anticipatory.score_agreement.found import scores_of
from pcn_analysis.counted import Counted
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.release.audit.dimensions import OTHER
from pcn_analysis.rules import Below, Holds
from tests.declared_counts import cells, problems_of, undeclared

pytestmark = pytest.mark.unit

SLOTS = {"GP": 12, "clinical pharmacist": 10, "practice nurse": 14}
REACHED = ("attrition", "other_pathways", "eligible_by_severity", "eligible_by_priority", "eligible_by_practice",
           "eligible_by_age", "eligible_by_deprivation", "reasons_met", "reasons_for_frailty")  # fmt: skip
AGED = ("age_group", ("65-74", "75-84", "85+"))


def somebody(number, draw):
    """One of many people, some of whom are old and frail, at one of two practices or at none that is known."""
    one = draw.random
    return patient(
        f"p{number:04}",
        age=int(draw.integers(10, 97)),
        sex=str(draw.choice(["female", "male", "indeterminate"], p=[0.5, 0.45, 0.05])),
        imd_decile=draw.choice([1, 4, 7, 10, None], p=[0.4, 0.2, 0.2, 0.15, 0.05]),
        practice_code=draw.choice(["A00001", "A00002", None], p=[0.6, 0.35, 0.05]),
        efi_category=draw.choice(["fit", "mild", "moderate", "severe", None], p=[0.1, 0.1, 0.4, 0.3, 0.1]),
        care_home=draw.choice([True, False, None], p=[0.1, 0.8, 0.1]),
        palliative_care_date="2026-01-01" if one() < 0.1 else None,
        n_medications=int(draw.integers(0, 14)), n_ltc=int(draw.integers(0, 5)),
        on_hyp_register=one() < 0.5, sbp=float(draw.integers(110, 190)), on_dm_register=one() < 0.3,
        hba1c=float(draw.integers(35, 100)), ae_12m=int(draw.integers(0, 12)), nel_12m=int(draw.integers(0, 3)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def people():
    draw = np.random.default_rng(8)
    rows = [somebody(number, draw) for number in range(900)]
    found = people_of(*rows)
    deficits = [(row["person_id"], what) for row in rows for what in ("Falls", "Anaemia") if draw.random() < 0.5]
    reasons = pd.DataFrame(deficits, columns=["person_id", "element"], dtype="str")
    practices = found.place.tables["practices"]
    other = practices.frame.assign(practice_code="A00002", practice_name="Anchor Practice")
    both = replace(practices, frame=pd.concat([practices.frame, other], ignore_index=True))
    place = replace(found.place, tables=found.place.tables | {"practices": both})
    return replace(found, place=place, tables=found.tables | {"frailty_reasons": engine.lazy(reasons)})


@pytest.fixture(scope="module")
def ranked(people):
    return caseload(people, capacity=SLOTS, months=2)


def of_caseload(ranked):
    """Every table of a caseload, and of the same with floors."""
    fair = fairness.fairer(ranked)
    made = (on_page.slots_of_month, counted.by_professional, counted.by_month, counted.by_gap, counted.by_age,
            counted.by_deprivation, counted.by_practice, sensitivity, fairness.rules_by_deprivation)  # fmt: skip
    beside = (fairness.reach_by_deprivation, fairness.people_exchanged, fairness.price_of_floors)
    return {one.__name__: one(ranked) for one in made} | {one.__name__: one(ranked, fair) for one in beside}


def of_cohort(people, cohort):
    return {f"{name} of {cohort}": getattr(reach, name)(people, cohort) for name in REACHED}


def problems(tables):
    """Problems of tables that need not show all classes of a dimension, unless they are broken down by it."""
    columns = [one for table in tables.values() for one in table.counted.values()]
    whole = {one.dimension(name.partition("=")[0]) for one in columns for name in one.by}
    named = {
        dimension for name, table in tables.items() for _, cell, _, _ in cells(name, table) for dimension, _ in cell.box
    }
    some = {name: Counted(where=((name, (OTHER,)),)) for name in named - whole}
    first = next(iter(tables.values()))
    others = replace(first, frame=pd.DataFrame([dict.fromkeys(some)]), counts=tuple(some), counted=some)
    return problems_of(tables | {"people of no class that is named": others})


def box(table, column, row=0):
    return dict(table.counted[column].box(table.frame.iloc[row].to_dict()))


# -- everything is declared, and numbers agree with it -------------------------------------------------------------


def test_what_is_counted_of_a_cohort_and_its_caseload_agrees_in_all_tables(people, ranked):
    tables = of_cohort(people, "proactive_care") | of_caseload(ranked)
    assert undeclared(tables) == []
    assert problems(tables) == []


def test_cohorts_are_held_against_each_other_where_they_ask_for_the_same(people):
    tables = {}
    for cohort in COHORTS:
        try:
            tables |= of_cohort(people, cohort)
        except PcnAnalysisError:
            tables[cohort] = reach.attrition(people, cohort)
    assert undeclared(tables) == []
    assert problems(tables) == []
    adults = box(tables["attrition of rising_risk"], "patients", 1)
    assert adults == box(tables["attrition of high_intensity_use"], "patients", 1) == {"adult": ("yes",)}


@pytest.mark.parametrize("column", ["patients", "before"])
def test_a_number_that_is_wrong_is_noticed(people, ranked, column):
    tables = of_cohort(people, "proactive_care") | of_caseload(ranked)
    wrong = tables["attrition of proactive_care"]
    frame = wrong.frame.assign(**{column: wrong.frame[column].where(wrong.frame.index != 3, 1)})
    assert problems(tables | {"attrition of proactive_care": replace(wrong, frame=frame)})


@pytest.fixture(scope="module")
def scored():
    """Sixty people of two ages, some frail in hospital, some with many medicines now or half a year ago."""
    who = [f"p{number:02}" for number in range(60)]
    coded = [diagnosis(one, code) for one in who[:20] for code in ("I21", "I70", "J44")]
    coded += [diagnosis(one, "C78") for one in who[20:30]]
    frail = ("F00", "G81", "G30", "I69", "R29", "N39", "F05", "W19", "S00", "R31")
    coded += [diagnosis(one, code) for one in (*who[:10], *who[20:30]) for code in frail]
    taken = [row for one in who[:10] for row in medicines(one, "2026-06-01")]
    taken += [row for one in who[10:20] for row in medicines(one, "2025-12-01")]
    born = [("1940-01-01", "1956-01-01", "2015-01-01")[number // 5 % 3] for number in range(60)]
    return stored(
        [person(one, born=day) for one, day in zip(who, born, strict=True)], conditions=coded, medications=taken
    )


def test_what_is_counted_of_scores_agrees_in_all_tables(scored):
    tables = {name: getattr(score_agreement, name)(scored) for name in score_agreement.__all__}
    assert undeclared(tables) == []
    assert problems(tables) == []
    assert sum(len(table.frame) for table in tables.values()) > 50


def test_frailty_of_scores_is_that_of_cohorts(people):
    bands, steps = score_agreement.bands(people), reach.attrition(people)
    assert problems({"bands": bands, "steps": steps, "severity": reach.eligible_by_severity(people)}) == []
    usual = bands.frame[bands.frame["variant"] == "Severe from 13 of 36 deficits (above 0.36)"].set_index("band")
    frail = usual.loc[["moderate", "severe"], "people"].sum()
    assert frail == steps.frame["patients"][2]
    place = int(bands.frame.index[(bands.frame["band"] == "severe")][0])
    assert box(bands, "people", place) == {"age_group": AGED[1], "frailty": ("severe",)}


def test_no_two_variants_share_a_title(scored):
    titles = [one.title for score in scores_of(scored) for one in score.variants]
    assert len(titles) == len(set(titles)), "tables say by the title alone whom a variant picks"


# -- in which words ------------------------------------------------------------------------------------------------


def test_steps_are_nested_and_end_in_the_cohort(people):
    steps, cohort = reach.attrition(people), reach.eligible_by_priority(people)
    found = [box(steps, "patients", row) for row in range(len(steps.frame))]
    assert found[:2] == [{}, dict([AGED])]
    dimension = "steps of Proactive care"
    frail, home, last = (
        (name, "Lives at home", "No end-of-life care recorded in the last 24 months")[place:]
        for place, name in enumerate(["Moderate or severe frailty"] * 3)
    )
    assert [set(one[dimension]) for one in found[2:]] == [set(frail), set(home), set(last), set(last)]
    assert {name: classes for name, classes in box(cohort, "patients").items() if "priority" not in name} == found[-1]


def test_whom_a_step_takes_out_came_to_it_and_does_not_meet_it(people):
    table = reach.other_pathways(people)
    assert table.frame["step"][0] == "Lives at home"
    assert box(table, "patients") == dict([AGED]) | {"steps of Proactive care": ("Moderate or severe frailty",)}


def test_what_was_not_assessed_is_held_against_nothing(people):
    last = reach.attrition(people).counted
    row = reach.attrition(people).frame.iloc[-1].to_dict()
    assert row["status"] == "not assessed"
    assert (last["before"].box(row), last["not_known"].box(row)) == (None, None)


def test_lists_of_other_slots_floors_cohorts_or_weights_are_other_lists(people, ranked):
    others = [
        ranked,
        fairness.fairer(ranked),
        fairness.fairer(ranked, least=0.8),
        caseload(people, capacity=SLOTS | {"GP": 11}, months=2),
        caseload(people, capacity=SLOTS),
        caseload(people, capacity=SLOTS, months=2, cohort="high_intensity_use"),
        caseload(people, capacity=SLOTS, months=2, objective=find_objective("default").with_grade("strong", 2.0)),
    ]
    names = [{name for name in box(counted.by_professional(one), "patients") if name.startswith("on the list")}
             for one in others]  # fmt: skip
    assert [len(one) for one in names] == [1] * len(others)
    assert len(set.union(*names)) == len(others)


def test_people_exchanged_are_on_one_list_and_not_on_the_other(ranked):
    fair = fairness.fairer(ranked)
    table = fairness.people_exchanged(ranked, fair)
    joins, leaves = (
        {name: classes for name, classes in box(table, column).items() if name.startswith("on the list")}
        for column in ("joins", "leaves")
    )
    assert sorted(joins) == sorted(leaves)
    assert sorted(joins.values()) == sorted(leaves.values()) == [("no",), ("yes",)]
    assert joins != leaves
    assert {name: classes for name, classes in leaves.items() if classes == ("yes",)} == {on_list(ranked): ("yes",)}


def test_whoever_is_in_no_class_is_where_the_audit_looks_for_them():
    assert care.OTHER == OTHER


def test_an_age_that_begins_no_age_group_is_tied_to_those_about_it():
    assert care.aged(70) == (("70 or over", ("yes",)),)
    assert care.never_aged(70) == (
        (("70 or over", ("yes",)), ("age_group", ("0-19", "20-39", "40-64"))),
        (("70 or over", ("no",)), ("age_group", ("75-84", "85+"))),
        (("adult", ("no",)), ("70 or over", ("yes",))),
    )
    assert care.never_aged(65) == care.never_aged(0) == ()


def test_a_step_that_asks_for_a_band_of_frailty_is_tied_to_it():
    steps = find_cohort("rising_risk").steps
    found = care.of_steps("Rising risk", [(one.name, one.criterion) for one in steps])
    bands = [dict(one)["frailty"] for one in found.never if dict(one).get("frailty")]
    assert bands == [("severe",), ("fit", "mild", "moderate", OTHER)]


def test_a_cohort_of_a_file_of_ones_own_is_named_by_its_content():
    own = replace(find_cohort("carers"), file="carers.yaml", sha256="0123456789ab")
    assert (care.named(own), care.named(find_cohort("carers"))) == ("Carers (01234567)", "Carers")


def test_a_number_that_is_no_age_is_no_age_group():
    found = care.of_steps("Any", [("Seldom seen", Below("age", 30)), ("Carer", Holds("carer"))])
    assert found.cohort == (("steps of Any", ("Seldom seen", "Carer")), ("steps of Any", ("Carer",)))
