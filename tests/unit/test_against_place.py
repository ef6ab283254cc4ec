"""Which networks of a place are compared: those of whom the same is known, element for element."""

from dataclasses import replace

import pytest
from vignettes import condition, person, population_of

from pcn_analysis.person_table import stages
from pcn_analysis.rules import Element, Model, Recorded, Segment, any_of
from pcn_analysis.segmentation import profiles

pytestmark = pytest.mark.unit

LUNGS = Element("Lungs", any_of(Recorded("copd"), Recorded("asthma"), Recorded("bronchiectasis")), "example")
MODEL = Model("lungs", "Lungs", (Segment("Lungs", 1, (LUNGS,), "Lungs."),), "Well", "example")


def network(*covered):
    """A hundred people with COPD and a hundred without, of whom some conditions are coded."""
    persons = [person(f"p{n}") for n in range(200)]
    records = [condition(f"p{n}", "copd", "2020-01-01") for n in range(100)]
    population = population_of(persons, covered=set(covered), conditions=records)
    return replace(population, tables=population.tables | stages(population))


def test_networks_of_whom_the_same_is_missing_are_compared():
    assert len(profiles.against_place(network("copd"), MODEL, others=[network("copd")]).frame) > 0


def test_networks_assessed_in_part_of_whom_different_things_are_missing_are_not_compared():
    found = profiles.against_place(network("copd"), MODEL, others=[network("copd", "asthma")])
    assert len(found.frame) == 0


def test_networks_that_know_differently_whom_the_model_is_for_are_not_compared():
    whom = any_of(Recorded("copd"), Recorded("gout"))
    model = replace(MODEL, whom=whom, others="Others")
    here = network("copd", "gout")
    assert len(profiles.against_place(here, model, others=[network("copd")]).frame) == 0
    assert len(profiles.against_place(here, model, others=[network("copd", "gout")]).frame) > 0
