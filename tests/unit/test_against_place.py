"""Which networks of a place are compared: those of whom the same is known, element for element, counted once."""

import datetime as dt
import json
import os
import stat
from collections.abc import Callable
from dataclasses import replace

import handmade
import pytest
from vignettes import condition, frame, person, population_of

from pcn_analysis.engine import write_stage
from pcn_analysis.person_table import stages
from pcn_analysis.place import Place
from pcn_analysis.population import load_population, population_folder, prepared_people, store_population
from pcn_analysis.prepared import save_place
from pcn_analysis.release import release
from pcn_analysis.rules import Element, Model, Recorded, Segment, any_of
from pcn_analysis.segmentation import profiles
from pcn_analysis.settings import Settings

pytestmark = pytest.mark.unit

POISON = "POISON-NHS-9434765919-"

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


def test_where_no_segment_was_assessed_no_other_network_is_looked_at():
    found = profiles.against_place(network("gout"), MODEL)
    assert found.about.comparator.startswith("the only network of ")
    assert len(found.frame) == 0


def test_networks_that_know_differently_whom_the_model_is_for_are_not_compared():
    whom = any_of(Recorded("copd"), Recorded("gout"))
    model = replace(MODEL, whom=whom, others="Others")
    here = network("copd", "gout")
    assert len(profiles.against_place(here, model, others=[network("copd")]).frame) == 0
    assert len(profiles.against_place(here, model, others=[network("copd", "gout")]).frame) > 0


# -- networks that are stored ---------------------------------------------------------------------------------


@pytest.fixture
def stored(project: Settings, marlhaven: Place) -> Callable[..., None]:
    """Stores so many people with COPD and so many without as those of a network of the invented place."""
    save_place(marlhaven, project.processed)

    def store(code, ill=100, well=100, covered=("copd",), **changed):
        persons = [person(f"{POISON}{n}") for n in range(ill + well)]
        rows = {"persons": persons, "conditions": [condition(f"{POISON}{n}", "copd", "2020-01-01") for n in range(ill)]}

        def write(folder):
            for name, some in rows.items():
                write_stage(frame(name, some), folder / f"{name}.parquet")

        kept = {"covered": covered, "provenance": handmade.DRAWN, "extract_date": marlhaven.index_date}
        kept |= {"made_from": "a test", "write": write, "stages": stages, **changed}
        store_population(project.processed, marlhaven, "synthetic", code, **kept)

    return store


def compared(marlhaven):
    return profiles.against_place(load_population(marlhaven.slug, "U00001", "synthetic"), MODEL)


def folder_of(project, code):
    return population_folder(project.processed, "synthetic", "synthetic", code)


def damage(project, code):
    path = folder_of(project, code) / "person_table.parquet"
    path.write_bytes(path.read_bytes()[:-40] + POISON.encode())


def test_every_network_of_the_place_is_compared_or_counted_with_why_it_is_not(stored, project, marlhaven):
    for code in ("U00001", "U00002", "U00004"):
        stored(code, covered=("copd", "asthma") if code == "U00004" else ("copd",))
    stored("U00003")
    stored("U00005", index_date=dt.date(2026, 6, 1))
    damage(project, "U00003")
    found = compared(marlhaven)
    said = ["networks", "place_networks", "not_prepared", "another_day", "not_read", "not_alike"]
    assert found.frame[said].drop_duplicates().to_numpy().tolist() == [[2, 5, 0, 1, 1, 1]]
    words = (
        "2 of the 5 networks of Marlhaven (1 prepared for another index date; 1 could not be read: damaged, or stored "
        "before the place or the package changed; 1 not assessed alike)"
    )
    assert release(found).about.comparator == words
    assert POISON not in str(found)


def test_where_no_network_can_be_compared_it_is_said_why_of_each(stored, project, marlhaven):
    for code in ("U00001", "U00002", "U00003"):
        stored(code)
    for code in ("U00002", "U00003"):
        damage(project, code)
    found = release(compared(marlhaven))
    assert len(found) == 0
    assert found.about.comparator == (
        "1 of the 5 networks of Marlhaven (2 without people prepared; 2 could not be read: damaged, or stored before "
        "the place or the package changed)"
    )


# -- counted once --------------------------------------------------------------------------------------------


def kept(project, code="U00002"):
    return folder_of(project, code) / "segments_by_age_lungs.json"


def place_patients(found):
    return found.frame["place_patients"].to_list()


def test_a_network_is_counted_once_for_all_pages_and_again_when_its_people_change(stored, project, marlhaven):
    stored("U00001")
    stored("U00002")
    first = compared(marlhaven)
    assert compared(marlhaven).frame.equals(first.frame)
    facts = json.loads(kept(project).read_text(encoding="utf-8"))
    for row in facts["people"]["data"]:
        row[-1] += 1000
    kept(project).write_text(json.dumps(facts), encoding="utf-8")
    assert place_patients(compared(marlhaven)) == [1200, 1200], "what was counted is taken"
    stored("U00002", ill=150)
    assert place_patients(compared(marlhaven)) == [250, 200]
    stored("U00002")
    assert compared(marlhaven).frame.equals(first.frame)


def test_what_was_counted_of_other_people_is_not_taken(stored, project, marlhaven):
    stored("U00001")
    stored("U00002")
    compared(marlhaven)
    counts = kept(project).read_bytes()
    stored("U00002", ill=150)
    kept(project).write_bytes(counts)
    assert place_patients(compared(marlhaven)) == [250, 200]


def test_what_was_counted_by_another_model_of_the_name_is_not_taken(stored, project, marlhaven):
    stored("U00001")
    stored("U00002")
    compared(marlhaven)
    gout = Element("Lungs", any_of(Recorded("copd"), Recorded("gout")), "example")
    other = replace(MODEL, segments=(replace(MODEL.segments[0], elements=(gout,)),))
    here = load_population(marlhaven.slug, "U00001", "synthetic")
    assert profiles.against_place(here, other).frame["not_alike"].to_list() == [0, 0]


def test_what_was_counted_is_for_its_owner_alone_names_nobody_and_does_not_change_the_people(
    stored, project, marlhaven
):
    stored("U00001")
    stored("U00002")
    before = prepared_people(project.processed, "synthetic", "synthetic", "U00002")
    compared(marlhaven)
    assert stat.S_IMODE(kept(project).stat().st_mode) == 0o600 or os.name != "posix"
    assert POISON not in kept(project).read_text(encoding="utf-8")
    assert not [path for path in folder_of(project, "U00002").iterdir() if path.name.startswith(".")]
    assert load_population("synthetic", "U00002", "synthetic").registered == 200
    assert prepared_people(project.processed, "synthetic", "synthetic", "U00002") == before


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"key": 1', "\x00"])
def test_a_file_of_counts_that_cannot_be_used_is_made_again(stored, project, marlhaven, text):
    stored("U00001")
    stored("U00002")
    kept(project).write_text(text, encoding="utf-8")
    assert compared(marlhaven).frame["networks"].to_list() == [2, 2]
    assert json.loads(kept(project).read_text(encoding="utf-8"))["key"]
