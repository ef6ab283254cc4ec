"""People of a network: stored whole or not at all, and loaded only as they were stored."""

import datetime as dt
import json
import os

import pandas as pd
import pytest
from vignettes import (
    NETWORK,
    ON,
    SOURCE,
    by_person,
    condition,
    contact,
    frame,
    issue,
    person,
    population_of,
    reading,
    tiny_place,
)

from pcn_analysis import population as population_module
from pcn_analysis.display.header import header_html
from pcn_analysis.engine import to_pandas, write_stage
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person_table import stages
from pcn_analysis.population import FACTS, load_population, population_folder, prepared_people, store_population
from pcn_analysis.prepared import save_place
from pcn_analysis.provenance import Provenance
from pcn_analysis.stored import BEFORE

pytestmark = pytest.mark.unit

STORED = {"person_table": "person_id", "frailty_reasons": ["person_id", "element"]}
INVENTED = Provenance((SOURCE,), people=True, synthetic=True)


@pytest.fixture
def processed(project):
    """The folder of a project in which the tiny place has been prepared."""
    save_place(tiny_place(), project.processed)
    return project.processed


def two_people(folder):
    write_stage(frame("persons", [person("p1"), person("p2")]), folder / "persons.parquet")
    write_stage(frame("conditions", [condition("p1", "asthma", "2012-03-01")]), folder / "conditions.parquet")


def one_stage(population):
    return {"person_table": population.tables["persons"].select("person_id", "sex")}


def store(processed, write=two_people, people="synthetic", **changed):
    options = {
        "covered": {"asthma", "copd"},
        "provenance": INVENTED,
        "extract_date": ON,
        "made_from": "two people",
        "write": write,
        "stages": one_stage,
    }
    return store_population(processed, tiny_place(), people, NETWORK, **(options | changed))


# -- stored and loaded -------------------------------------------------------------------------------------


def test_what_is_stored_is_loaded(processed):
    store(processed)
    population = load_population("tiny", NETWORK, "synthetic")
    assert by_person(population.tables["persons"], "birth_date") == {"p1": "1960-05-20", "p2": "1960-05-20"}
    assert by_person(population.tables["person_table"], "sex") == {"p1": "female", "p2": "female"}
    assert set(population.tables) == {"persons", "conditions", "person_table"}
    assert (population.index_date, population.extract_date) == (ON, ON)
    assert (population.covered, population.provenance) == ({"asthma", "copd"}, INVENTED)


def test_a_population_is_about_its_network(processed):
    store(processed)
    population = load_population("tiny", NETWORK, "synthetic")
    assert (population.name, population.about) == ("Harbour PCN", population.network.about)


def test_what_people_were_made_from_is_known_without_loading_them(processed):
    assert prepared_people(processed, "tiny", "synthetic", NETWORK) == {}
    store(processed)
    assert prepared_people(processed, "tiny", "synthetic", NETWORK)["made_from"] == "two people"


def test_the_same_records_have_the_same_fingerprint_and_others_another(processed):
    prints = []
    for who in (["p1"], ["p1"], ["p2"]):
        store(
            processed,
            lambda folder, who=who: write_stage(
                frame("persons", [person(one) for one in who]), folder / "persons.parquet"
            ),
        )
        prints.append(prepared_people(processed, "tiny", "synthetic", NETWORK)["fingerprint"])
    assert prints[0] == prints[1] != prints[2]


@pytest.mark.skipif(os.name == "nt", reason="folders have no such permissions there")
def test_only_the_owner_may_look_into_the_folder(processed):
    assert store(processed).stat().st_mode & 0o777 == 0o700


def test_records_and_invented_people_lie_apart(processed):
    store(processed)
    with pytest.raises(PcnAnalysisError, match="no patient records have been prepared"):
        load_population("tiny", NETWORK)


# -- the index date ----------------------------------------------------------------------------------------


def test_people_may_be_of_another_day_than_the_counts_of_their_place(processed):
    store(processed, index_date=dt.date(2026, 3, 31), extract_date=dt.date(2026, 4, 1))
    population = load_population("tiny", NETWORK, "synthetic")
    assert population.index_date == population.about.date == dt.date(2026, 3, 31)
    assert population.network.about.date == ON
    assert "<dt>Index date</dt><dd>31 March 2026</dd>" in header_html(population)
    assert prepared_people(processed, "tiny", "synthetic", NETWORK)["index_date"] == "2026-03-31"


def test_the_stages_are_made_for_the_day_of_the_people(processed):
    found = []

    def dated(population):
        found.append(population.index_date)
        return one_stage(population)

    store(processed, index_date=dt.date(2026, 3, 31), stages=dated)
    assert found == [dt.date(2026, 3, 31)]


def seven_people(folder):
    """Only the first has a reading and a visit, only the last a condition, and the fourth left long ago."""
    people = [person(f"p{number}") for number in range(7)]
    people[3]["registration_end_date"] = "2020-01-01"
    rows = {
        "persons": people,
        "conditions": [condition("p6", "asthma", "2012-03-01")],
        "medications": [issue("p5", "2026-05-01", bnf="0301011R0"), issue("p6", "2026-05-01", bnf="0301011R0")],
        "measurements": [reading("p0", "sbp", "2026-01-15", 141)],
        "encounters": [contact("p0", "ed", "2026-01-15")],
    }
    for table, of in rows.items():
        write_stage(frame(table, of), folder / f"{table}.parquet")


@pytest.mark.parametrize("at_once", [2, 4])
def test_stages_made_some_people_at_a_time_are_those_made_at_once(processed, monkeypatch, at_once):
    def stored_stages():
        store(processed, seven_people, stages=stages)
        tables = load_population("tiny", NETWORK, "synthetic").tables
        return [to_pandas(tables[name]).sort_values(key, ignore_index=True) for name, key in STORED.items()]

    at_a_time = stored_stages()
    monkeypatch.setattr(population_module, "PEOPLE_AT_ONCE", at_once)
    in_parts = stored_stages()
    assert len(at_a_time[0]) == 6
    assert not at_a_time[1].empty
    for whole, parts in zip(at_a_time, in_parts, strict=True):
        pd.testing.assert_frame_equal(whole, parts)


@pytest.mark.parametrize(("taken", "reaches"), [("2026-07-01", True), ("2026-06-30", True), ("2026-06-29", False)])
def test_an_index_date_is_at_most_the_day_after_the_records_were_taken(processed, taken, reaches):
    extract_date = dt.date.fromisoformat(taken)
    if reaches:
        assert store(processed, extract_date=extract_date).exists()
        return
    says = r"the index date 2026-07-01 is later than the day after .* 2026-06-29\."
    with pytest.raises(PcnAnalysisError, match=says):
        store(processed, extract_date=extract_date)
    assert not population_folder(processed, "tiny", "synthetic", NETWORK).exists()


# -- whole or not at all -----------------------------------------------------------------------------------


def failing(folder):
    two_people(folder)
    raise RuntimeError


def failing_stage(population):
    raise RuntimeError


@pytest.mark.parametrize("changed", [{"write": failing}, {"stages": failing_stage}])
def test_a_failure_leaves_what_was_stored_before_and_nothing_else(processed, changed):
    folder = store(processed)
    before = sorted(path.name for path in folder.parent.iterdir())
    with pytest.raises(RuntimeError):
        store(processed, **changed)
    assert sorted(path.name for path in folder.parent.iterdir()) == before == [folder.name]
    assert set(load_population("tiny", NETWORK, "synthetic").tables) == {"persons", "conditions", "person_table"}


def test_people_put_aside_by_a_stop_halfway_are_found_again(processed):
    folder = store(processed)
    folder.replace(folder.with_name(f".{folder.name}{BEFORE}"))
    assert by_person(load_population("tiny", NETWORK, "synthetic").tables["persons"], "sex").keys() == {"p1", "p2"}


def test_newer_people_take_the_place_of_older_ones(processed):
    store(processed)
    store(processed, lambda folder: write_stage(frame("persons", [person("p3")]), folder / "persons.parquet"))
    population = load_population("tiny", NETWORK, "synthetic")
    assert by_person(population.tables["persons"], "sex") == {"p3": "female"}
    assert "conditions" not in population.tables


# -- refused ------------------------------------------------------------------------------------------------


def load_error(place="tiny", pcn_code=NETWORK, people="synthetic"):
    with pytest.raises(PcnAnalysisError) as error:
        load_population(place, pcn_code, people)
    return str(error.value)


def test_a_network_without_people_says_how_to_get_some(processed):
    assert load_error(people="records") == (
        "Harbour PCN: no patient records have been prepared for this network. "
        "Prepare its records; `pcn-analysis report --with-synthetic-people` shows reports on invented people."
    )
    synthetic = load_error()
    assert "no synthetic people have been prepared" in synthetic
    assert synthetic.endswith("Run `pcn-analysis report --with-synthetic-people`.")


def test_a_network_kind_or_place_that_there_is_not_is_named(processed):
    assert "no network with the code 'U00009'" in load_error(pcn_code="U00009")
    assert "there is no kind 'sinthetic'. Did you mean synthetic?" in load_error(people="sinthetic")
    assert "has not been prepared" in load_error(place="tinny")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda folder: (folder / "persons.parquet").unlink(), id="a table is gone"),
        pytest.param(lambda folder: (folder / "persons.parquet").write_bytes(b"PAR1"), id="a table is cut short"),
        pytest.param(lambda folder: (folder / "medications.parquet").write_bytes(b""), id="a table is new"),
        pytest.param(lambda folder: (folder / FACTS).unlink(), id="the facts are gone"),
        pytest.param(lambda folder: (folder / FACTS).write_text("{"), id="the facts are cut short"),
        pytest.param(lambda folder: edit(folder, covered=["copd"]), id="what is covered was edited"),
        pytest.param(lambda folder: edit(folder, provenance=None), id="the provenance was edited"),
    ],
)
def test_damage_is_noticed(processed, damage):
    damage(store(processed))
    assert "its stored people are damaged" in load_error()


def edit(folder, **changed):
    facts = json.loads((folder / FACTS).read_text())
    (folder / FACTS).write_text(json.dumps(facts | changed))


def test_invented_people_cannot_be_moved_among_records(processed):
    folder = store(processed)
    target = population_folder(processed, "tiny", "records", NETWORK)
    target.parent.mkdir()
    folder.replace(target)
    assert "its stored people are damaged" in load_error(people="records")


def test_people_of_a_place_that_has_changed_since_are_refused(processed):
    store(processed)
    place = tiny_place()
    practices = place.tables["practices"].frame
    practices["list_size"] = pd.array([101], dtype="Int64")
    save_place(place, processed)
    assert "Marlhaven has changed since its people were prepared" in load_error()


def test_an_error_holds_no_person(processed):
    folder = store(processed)
    (folder / "persons.parquet").unlink()
    assert not any(word in load_error() for word in ("p1", "p2", "1960"))


def test_a_provenance_that_hides_people_or_invention_is_refused(processed):
    for provenance in (Provenance((), people=False, synthetic=True), Provenance((), people=True)):
        with pytest.raises(ValueError, match="the provenance does not say"):
            store(processed, provenance=provenance)
    store(processed, people="records", provenance=Provenance((), people=True))


def test_what_is_no_table_or_no_condition_is_refused(processed):
    with pytest.raises(ValueError, match="not tables of people: notes"):
        store(processed, lambda folder: write_stage(pd.DataFrame({"x": [1]}), folder / "notes.parquet"))
    with pytest.raises(ValueError, match="needs its table persons"):
        store(processed, lambda _: None)
    with pytest.raises(ValueError, match="not conditions"):
        store(processed, covered={"asthma", "astma"})


def test_vignettes_are_a_population():
    population = population_of([person("p1")], conditions=[])
    assert (population.name, set(population.tables)) == ("Harbour PCN", {"persons", "conditions"})
