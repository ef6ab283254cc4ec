"""Care, cost and conditions of segments at their limits, on people counted out. The index date is 1 July 2026."""

from dataclasses import replace

import narwhals as nw
import pandas as pd
import pytest
from vignettes import condition, contact, person, population_of

from pcn_analysis.person_table import stages
from pcn_analysis.rules import Element, Model, Recorded, Segment
from pcn_analysis.segmentation import profiles

pytestmark = pytest.mark.unit

LUNGS = Segment("Lungs", 1, (Element("COPD", Recorded("copd"), "example"),), "COPD.")
MODEL = Model("lungs", "Lungs", (LUNGS,), "Well", "example")
COMMON = {"copd": 100, "asthma": 60, "hypertension": 50, "gout": 40, "epilepsy": 30, "dementia": 20}
"""How many of the ill have each condition."""


def staged(ill, well, conditions=(), encounters=()):
    """So many people with COPD, and so many without, with their person table."""
    who = [*(f"ill {n}" for n in range(ill)), *(f"well {n}" for n in range(well))]
    lungs = [condition(f"ill {n}", "copd", "2020-01-01") for n in range(ill)]
    records = {"conditions": [*lungs, *conditions], "encounters": list(encounters)}
    population = population_of([person(one) for one in who], covered={*COMMON, "diabetes"}, **records)
    return replace(population, tables=population.tables | stages(population))


def with_columns(population, **columns):
    table = population.tables["person_table"].with_columns(**columns)
    return replace(population, tables=population.tables | {"person_table": table})


def visits(kind, number, day="2026-01-01", **more):
    return [contact(f"{kind} {n}", "ed", day, **more) for n in range(number)]


def of_segments(table):
    return table.frame.set_index("segment")


# -- cost --------------------------------------------------------------------------------------------------


def test_cost_is_of_twelve_months_that_end_the_day_before_the_index_date():
    days = ("2025-06-30", "2025-07-01", "2026-06-30", "2026-07-01")
    seen = [one for day in days for one in visits("ill", 20, day, cost_gbp=100.0)]
    lungs = of_segments(profiles.cost(staged(20, 20, encounters=seen), MODEL)).loc["Lungs"]
    assert (lungs["contacts"], lungs["cost_gbp"]) == (40, 4000)


def test_who_was_seen_without_a_cost_is_not_costed():
    seen = [*visits("ill", 20, cost_gbp=100.0), *visits("ill", 40)]
    lungs = of_segments(profiles.cost(staged(40, 20, encounters=seen), MODEL)).loc["Lungs"]
    assert lungs[["seen", "costed", "contacts", "contacts_costed"]].to_list() == [40, 20, 60, 20]


def test_what_a_few_of_many_who_were_seen_cost_is_left_out():
    seen = [*visits("ill", 40), *visits("ill", 3, cost_gbp=9000.0), *visits("well", 30, cost_gbp=100.0)]
    cost = of_segments(profiles.cost(staged(40, 40, encounters=seen), MODEL))
    assert cost.loc["Lungs", ["contacts", "contacts_costed", "cost_gbp"]].isna().all()
    assert cost.loc["Everyone", "cost_gbp"] == 30_000


def test_a_cost_of_less_than_half_a_thousand_pounds_is_not_shown_as_nothing():
    seen = [*visits("ill", 40, cost_gbp=10.0), *visits("well", 30, cost_gbp=100.0)]
    cost = of_segments(profiles.cost(staged(40, 40, encounters=seen), MODEL))["cost_gbp"]
    assert cost.isna().to_dict() == {"Everyone": False, "Lungs": True, "Well": False}
    pence = [*visits("ill", 20, cost_gbp=0.01), *visits("well", 30, cost_gbp=100.0)]
    assert of_segments(profiles.cost(staged(40, 40, encounters=pence), MODEL))["cost_gbp"].isna()["Lungs"], "pence"


# -- activity ----------------------------------------------------------------------------------------------


def test_people_of_whom_the_number_of_contacts_is_not_known_are_not_counted_as_having_none():
    some = staged(40, 40, encounters=[*visits("ill", 20), *visits("well", 10)])
    number = nw.col("ae_12m")
    some = with_columns(some, ae_12m=nw.when(number > 0).then(number))
    activity = of_segments(profiles.activity(some, MODEL))
    assert activity.loc["Lungs", ["seen", "people", "contacts_each"]].to_list() == [20, 20, 1.0]
    assert activity.loc["Everyone", "people"] == 30
    assert profiles.activity(with_columns(some, ae_12m=nw.lit(None).cast(nw.Int64)), MODEL).frame.empty


# -- conditions --------------------------------------------------------------------------------------------


def shown_conditions(population):
    return list(profiles.conditions(population, MODEL).frame["condition"].unique())


def test_a_segment_of_a_hundred_brings_its_five_commonest_and_the_remainder_none():
    records = [condition(f"ill {n}", what, "2020-01-01") for what, many in COMMON.items() for n in range(many)]
    records += [condition(f"well {n}", "diabetes", "2020-01-01") for n in range(150)]
    records += [condition(f"well {n}", "epilepsy", "2020-01-01") for n in range(120)]
    assert shown_conditions(staged(100, 200, records)) == [
        "Epilepsy", "Chronic obstructive pulmonary disease", "Asthma", "Hypertension", "Gout",
    ]  # fmt: skip


def test_people_of_whom_a_condition_is_not_known_are_in_neither_number():
    some = staged(240, 80, [condition(f"ill {n}", "asthma", "2020-01-01") for n in range(120)])
    has = nw.col("has_asthma")
    found = profiles.conditions(
        with_columns(some, has_asthma=nw.when(has | ~nw.col("has_copd")).then(has)), MODEL
    ).frame
    lungs = found.set_index(["condition", "segment"]).loc[("Asthma", "Lungs")]
    counts = ["patients", "segment_patients", "everyone_patients", "everyone_registered"]
    assert lungs[counts].to_list() == [120, 120, 120, 200]
    assert not pd.isna(lungs["share"])
