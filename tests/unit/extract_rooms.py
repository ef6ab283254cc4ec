"""A room for what comes in: a workspace with a few literal rows in it, for tests that a reader can follow.

::

    with room(tmp_path) as here:
        raw = here.read("person_id,sex\np1,male\n")
        assert here.rows(raw.relation) == [("p1", "male")]
        assert here.found() == {}

Rows of feeds are given as dictionaries of text, as an adapter would give them; ``_row`` and the other marks too. What
an adapter itself makes of files::

    done = here.adapted(omop.read, person="person_id,gender_concept_id,year_of_birth\\n1,8507,1950\\n")
    assert done.rows("persons", "sex") == ["male"]
"""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.extracts.delivery import Delivery, open_delivery
from pcn_analysis.extracts.exclusions import People, screened_people, screened_records
from pcn_analysis.extracts.feeds import Feed
from pcn_analysis.extracts.findings import Findings
from pcn_analysis.extracts.identifiers import Door
from pcn_analysis.extracts.text_files import Raw, read_text
from pcn_analysis.extracts.typed import Typed, typed
from pcn_analysis.extracts.workspace import Workspace, workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pcn_analysis.extracts.feeds import Extract

DAY = dt.date(2026, 7, 1)
"""The day that every extract of these tests was taken."""
Row = dict[str, Any]


@dataclass
class Room:
    """A workspace, a folder for what is delivered, and what was found."""

    space: Workspace
    folder: Path
    findings: Findings = field(default_factory=Findings)

    # -- what is delivered ---------------------------------------------------------------------------------

    def file(self, content: str | bytes, name: str = "table.csv") -> Path:
        """Put a file into the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def read(self, content: str | bytes, **options: Any) -> Raw:
        """Read a text file of this content."""
        return read_text(self.space, self.file(content), self.findings, **options)

    def opened(self, path: Path, **options: Any) -> Delivery:
        """Open a delivery behind a door that refuses identifiers."""
        return open_delivery(path, self.space, self.findings, Door(), **options)

    def recorded(self, *rows: Row) -> str:
        """Rows as an adapter selects them: text, but for what is given as a date, number or truth."""
        columns = list(dict.fromkeys(column for row in rows for column in row))
        frame = pd.DataFrame({one: pd.Series([row.get(one) for row in rows], dtype=object) for one in columns})
        empty = [one for one in columns if frame[one].isna().all()]
        return self.space.small(frame.astype(dict.fromkeys(empty, "str")), "recorded")

    def adapted(self, adapter: Callable[[Delivery], Extract], path: Path | None = None, **tables: str) -> Adapted:
        """What an adapter makes of a delivery, or else of files of these names with these contents."""
        for table, content in tables.items():
            self.file(content, f"{table}.csv")
        findings = Findings()
        return Adapted(self.space, findings, adapter(open_delivery(path or self.folder, self.space, findings, Door())))

    # -- the steps -----------------------------------------------------------------------------------------

    def typed(self, table: str, *rows: Row) -> Typed:
        """Rows of a table, read as what its columns are."""
        return typed(self.space, Feed(table, f"SELECT * FROM {self.recorded(*rows)}", "table.csv"), self.findings)

    def ready(self, table: str, *rows: Row) -> str:
        """Rows of a table of ours, already of their kinds, with marks; what is not given is missing."""
        return self.typed(table, *rows).relation

    def people(self, *rows: Row, opted_out: str | None = None) -> People:
        """Everyone who stays of some persons; a date of birth is filled in where none is named."""
        usual = {"birth_date": "1960-05-20", "birth_precision": "day", "sex": "female"}
        persons = self.ready("persons", *({**usual, **row} for row in rows))
        return screened_people(self.space, persons, extract_date=DAY, opted_out=opted_out, findings=self.findings)

    def screened(self, table: str, people: People, *rows: Row) -> list[Row]:
        """Rows of a table that stay."""
        ready = self.ready(table, *rows)
        relation = screened_records(self.space, table, ready, people, extract_date=DAY, findings=self.findings)
        return self.dictionaries(relation)

    # -- what came of it -----------------------------------------------------------------------------------

    def rows(self, relation: str) -> list[tuple[Any, ...]]:
        """All rows, in order of their columns."""
        return self.space.rows(f"SELECT * FROM {relation} ORDER BY ALL")

    def dictionaries(self, relation: str) -> list[Row]:
        """All rows with the names of their columns, in order; what is missing is not named."""
        names = [str(one) for one, *_ in self.space.rows(f"DESCRIBE SELECT * FROM {relation}")]
        return [
            {name: value for name, value in zip(names, row, strict=True) if value is not None}
            for row in self.rows(relation)
        ]

    def found(self) -> dict[str, int]:
        """How often each thing was found, by its words."""
        return {one.what: one.rows for one in self.findings.rows}


@dataclass
class Adapted:
    """A delivery that an adapter has read, and what it found."""

    space: Workspace
    findings: Findings
    extract: Extract

    def rows(self, table: str, *columns: str) -> list[Any]:
        """Columns of all feeds of a table; of one column its values."""
        feeds = " UNION ALL BY NAME ".join(f"({feed.select})" for feed in self.extract.feeds if feed.table == table)
        rows = self.space.rows(f"SELECT {', '.join(columns)} FROM ({feeds}) ORDER BY ALL")
        return [row[0] for row in rows] if len(columns) == 1 else rows

    def found(self, part: str) -> int:
        """How many rows the findings that say something are of."""
        return sum(one.rows for one in self.findings.rows if part in one.what)


@contextmanager
def room(folder: Path) -> Iterator[Room]:
    """Open a room in a folder, and close it again."""
    with workspace(folder / "work") as space:
        yield Room(space, folder / "delivered")


def contact(who: str, visit: str, date: str, **columns: Any) -> Row:
    """One contact with a GP."""
    return {"person_id": who, "visit_id": visit, "visit_start_date": date, "visit_type": "gp_contact",
            "attended": "yes"} | columns  # fmt: skip


def condition(who: str, date: str, **columns: Any) -> Row:
    """One record of a condition."""
    return {"person_id": who, "condition_start_date": date, "code": "44054006", "code_system": "snomed",
            "status": "active", "source": "gp"} | columns  # fmt: skip


def reading(who: str, date: str, value: str, **columns: Any) -> Row:
    """One measurement."""
    return {"person_id": who, "measurement_date": date, "value_as_number": value} | columns
