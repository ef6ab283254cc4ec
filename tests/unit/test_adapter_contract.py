"""What every adapter must make of a delivery, whatever it looks like: twelve people, as tables.py says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest

from pcn_analysis import codes, tables
from pcn_analysis.extracts.exclusions import EVENT_DATES
from pcn_analysis.extracts.incoming import Incoming, bring_in
from pcn_analysis.extracts.storing import store
from pcn_analysis.extracts.typed import SQL_KINDS
from pcn_analysis.extracts.workspace import name, workspace
from pcn_analysis.person_table import registered_people
from pcn_analysis.population import Population, load_population
from pcn_analysis.settings import ROOT_VARIABLE
from tests import deliveries
from tests.deliveries import EXAMPLES, EXTRACT_DATE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pcn_analysis.extracts.incoming import Asked

pytestmark = pytest.mark.unit

IDENTIFIERS = [line.split(",")[0] for line in deliveries.PEOPLE.strip().splitlines()[1:]]


@dataclass
class Came:
    """A delivery that has come in, while its workspace is open."""

    kind: str
    incoming: Incoming
    folder: Path

    @cached_property
    def tables(self) -> dict[str, str]:
        """How to read each table that there is."""
        return {"persons": self.incoming.persons, **self.incoming.records}

    def count(self, table: str, test: str = "true") -> int:
        """Rows of a table that pass a test."""
        return int(self.incoming.space.row(f"SELECT count(*) FILTER ({test}) FROM {self.tables[table]}")[0])

    def also_on_other_lists(self, table: str) -> int:
        """Rows beyond the first of a record whose code is on several lists: it is kept once for each."""
        if table != "conditions":
            return 0
        coded = f"FROM {self.tables[table]} WHERE code IS NOT NULL"
        rows = f"SELECT DISTINCT * EXCLUDE condition {coded}"
        return int(self.incoming.space.row(f"SELECT (SELECT count(*) {coded}) - count(*) FROM ({rows})")[0])

    def values(self, table: str, column: str) -> set[Any]:
        """Different values of a column."""
        return {one for (one,) in self.incoming.space.rows(f"SELECT DISTINCT {name(column)} FROM {self.tables[table]}")}


@pytest.fixture(scope="module", params=[*EXAMPLES, "gp_extract and hospital, linked"])
def came(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Came]:
    """Each delivery in turn."""
    folder = tmp_path_factory.mktemp("delivered")
    with workspace(folder / "people") as space:
        yield Came(request.param, bring_in(_asked(request.param, folder), None, space), folder)


def _asked(kind: str, folder: Path) -> Asked:
    if kind in EXAMPLES:
        one = EXAMPLES[kind]()
        return one.asked(one.write(folder / "delivery"), folder / "beside")
    one, other = deliveries.emis(), deliveries.hospital()
    asked = one.asked(one.write(folder / "general practice"), folder / "beside")
    asked.deliveries["hospital"] = other.write(folder / "hospital")  # type: ignore[index]
    return asked


# -- grain, keys, columns ----------------------------------------------------------------------------------


def test_there_is_a_row_for_each_person_under_the_identifier_as_delivered(came: Came) -> None:
    assert came.count("persons") == len(IDENTIFIERS) == came.incoming.people.rows
    assert came.values("persons", "person_id") == set(IDENTIFIERS), "18 digits, zeros in front among them"


def test_every_key_is_there_once(came: Came) -> None:
    for table in came.tables:
        if key := ", ".join(tables.NAMED[table].key):
            assert (
                came.count(table)
                == came.incoming.space.row(f"SELECT count(*) FROM (SELECT DISTINCT {key} FROM {came.tables[table]})")[0]
            ), table


def test_columns_and_their_kinds_are_those_of_the_description(came: Came) -> None:
    for table, relation in came.tables.items():
        described = came.incoming.space.rows(f"DESCRIBE SELECT * FROM {relation}")
        found = {str(column): str(kind) for column, kind, *_ in described if not str(column).startswith("_")}
        expected = {column.name: SQL_KINDS[column.kind] for column in tables.NAMED[table].columns}
        if table == "persons":
            expected["pcn_code"] = "VARCHAR"
        assert found == expected, table


def test_every_record_is_of_somebody_among_the_persons(came: Came) -> None:
    for table in (one for one in came.incoming.records if tables.NAMED[one].people):
        orphans = f"person_id NOT IN (SELECT person_id FROM {came.incoming.persons})"
        assert came.count(table, orphans) == 0, table


# -- values ------------------------------------------------------------------------------------------------


def test_nothing_is_missing_that_must_be_there(came: Came) -> None:
    for table in came.tables:
        for column in tables.NAMED[table].columns:
            if not column.nullable:
                assert came.count(table, f"{name(column.name)} IS NULL") == 0, f"{table}.{column.name}"


def test_values_are_those_allowed_of_their_pattern_and_within_their_limits(came: Came) -> None:
    for table in came.tables:
        for column in tables.NAMED[table].columns:
            found = came.values(table, column.name) - {None}
            if column.allowed:
                assert found <= set(column.allowed), f"{table}.{column.name}"
            if column.pattern:
                assert all(re.search(column.pattern, one) for one in found), f"{table}.{column.name}"
            if column.minimum is not None:
                assert all(one >= column.minimum for one in found), f"{table}.{column.name}"
            if column.maximum is not None:
                assert all(one <= column.maximum for one in found), f"{table}.{column.name}"


def test_no_text_is_empty_or_has_spaces_around_it(came: Came) -> None:
    for table in came.tables:
        for column in tables.NAMED[table].columns:
            if column.kind in ("string", "category"):
                bad = f"{name(column.name)} <> trim({name(column.name)}) OR {name(column.name)} = ''"
                assert came.count(table, bad) == 0, f"{table}.{column.name}"


def test_nothing_is_recorded_before_birth_after_death_or_after_the_extract(came: Came) -> None:
    assert came.incoming.extract_date == EXTRACT_DATE
    for table, day in EVENT_DATES.items():
        if table in came.incoming.records:
            late, early, dead = came.incoming.space.row(
                f"SELECT count(*) FILTER ({day} > DATE '{EXTRACT_DATE}'), count(*) FILTER ({day} < born), "
                f"count(*) FILTER ({day} > died) FROM {came.tables[table]} "
                f"JOIN {came.incoming.people.known} USING (person_id)"
            )
            assert (late, early, dead) == (0, 0, 0), table


def test_everyone_is_observed_once_from_a_start_to_an_end_within_their_life(came: Came) -> None:
    assert came.values("observation_period", "person_id") == set(IDENTIFIERS)
    assert came.count("observation_period", f"start_date > end_date OR end_date > DATE '{EXTRACT_DATE}'") == 0
    after = f"SELECT person_id FROM {came.incoming.persons} JOIN {came.tables['observation_period']} AS observed "
    after += "USING (person_id) WHERE observed.end_date > death_date"
    assert not came.incoming.space.rows(after)


def test_long_codes_are_as_delivered(came: Came) -> None:
    if came.kind.startswith(("gp_extract", "omop", "tables")):
        assert "900000000000207008" in came.values("conditions", "code"), "18 digits"
        assert came.values("medications", "code") == {"39113611000001102", "999999011000001102"}


def test_a_date_without_a_value_is_missing_and_never_one_that_stands_for_none(came: Came) -> None:
    for table in came.tables:
        for column in tables.NAMED[table].columns:
            if column.kind == "date":
                found = {str(one) for one in came.values(table, column.name) - {None}}
                assert not found & {"1800-01-01", "1801-01-01", "1900-01-01", "1970-01-01"}, f"{table}.{column.name}"


# -- counts ------------------------------------------------------------------------------------------------


def test_what_was_read_is_what_was_left_out_and_what_is_kept(came: Came) -> None:
    for table, read in came.incoming.read.items():
        if table != "observation_period" and not came.kind.endswith("linked"):
            kept = came.count(table) - came.also_on_other_lists(table)
            assert read == came.incoming.findings.left_out(table) + kept, table


def test_nothing_of_a_sound_delivery_is_left_out(came: Came) -> None:
    bad = [one for one in came.incoming.findings.rows if one.action in ("left out", "changed", "set to missing")]
    if came.kind.endswith("linked"):
        assert {one.what for one in bad} <= {"other rows, of the same person"}, "who they are the practice says"
    else:
        dead = [one for one in bad if (one.where, one.what) == ("attributes", "dated after death")]
        assert bad == dead, "only what is said of the dead as at a day after their death"


def test_linked_deliveries_are_of_the_same_people(came: Came) -> None:
    if came.kind.endswith("linked"):
        assert came.values("conditions", "source") == {"gp", "apc"}
        assert came.count("encounters") == len(IDENTIFIERS)
        assert [(link.both, link.only_first, link.only_second) for link in came.incoming.links] == [(12, 0, 0)]


# -- what is made of them ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def population(came: Came) -> Population:
    """The people as stored and loaded."""
    processed = came.folder / "data" / "processed"
    processed.mkdir(parents=True)
    day = came.incoming.extract_date
    stored = store(
        came.incoming, None, processed, name_of_records="delivered", on=day, synthetic=True, say=lambda _: None
    )
    assert stored.people == {codes.UNALLOCATED: len(IDENTIFIERS)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ROOT_VARIABLE, str(came.folder))
        return load_population(stored.place.slug, codes.UNALLOCATED, "records")


def test_the_person_table_has_a_row_for_each_registered_person(came: Came, population: Population) -> None:
    registered = registered_people(population.tables["persons"], on=EXTRACT_DATE).collect()
    died = 0 if came.kind == "hospital" else 2
    assert len(registered) == len(IDENTIFIERS) - died, "hospital rows of this kind say nothing of deaths"
    made = population.tables["person_table"].select("person_id").collect()
    assert sorted(made["person_id"].to_list()) == sorted(registered["person_id"].to_list())
