"""Records that have come in, by hand: what the steps before a check would have made of a delivery.

::

    with arrived(tmp_path, persons=[{"person_id": "p1"}], conditions=[{"person_id": "p1", "code": "I10"}]) as incoming:
        assert quality(incoming).people.kept == 1

The extract was taken on 30 June 2026, ``TAKEN``. A row says only what matters to its test. A table given as ``[]`` is
there and empty; one that is not given is not there. Codes, units and observation go through the real steps.
"""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis import tables
from pcn_analysis.clinical_codes.folder import shipped
from pcn_analysis.extracts.coding import CODED, coded, find_meanings
from pcn_analysis.extracts.exclusions import People
from pcn_analysis.extracts.feeds import Extract
from pcn_analysis.extracts.findings import Findings
from pcn_analysis.extracts.incoming import Incoming
from pcn_analysis.extracts.measured import in_units
from pcn_analysis.extracts.typed import SQL_KINDS
from pcn_analysis.extracts.workspace import Workspace, name, workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pcn_analysis.clinical_codes.contract import Codelist
    from pcn_analysis.extracts.linkage import Link

TAKEN = dt.date(2026, 6, 30)
USUAL: dict[str, dict[str, Any]] = {
    "persons": {
        "sex": "female", "birth_date": "1960-05-20", "birth_precision": "day", "practice_code": "A00001",
        "lsoa21": "E01000001", "imd_decile": 5, "ethnicity": "White",
    },
    "conditions": {"condition_start_date": "2026-05-11", "code_system": "icd10", "code": "I10", "status": "active",
                   "source": "gp"},
    "medications": {"drug_exposure_start_date": "2026-05-01", "code_system": "bnf", "code": "0301011R0",
                    "drug_name": "a medicine"},
    "measurements": {"measurement_date": "2026-03-12", "measurement": "bmi", "value_as_number": 25, "unit": "kg/m2",
                     "operator": "="},
    "encounters": {"visit_type": "gp_contact", "visit_start_date": "2026-04-07", "attended": True},
    "care_events": {"event_date": "2026-04-21", "event": "structured_medication_review", "outcome": "done"},
    "care_home_stays": {"care_home_code": "1-0000000001", "start_date": "2026-02-03", "arrived_from": "home"},
    "attributes": {"attribute_date": "2026-06-30"},
}  # fmt: skip
"""What a row holds that does not say otherwise."""
EXTRACT = Extract("gp_extract", "delivery", "GP extract", (), lists_everyone=True, lists_every_condition=True)

Row = dict[str, Any]


@contextmanager
def arrived(
    folder: Path,
    *,
    left_out: Sequence[str] = (),
    covered: Sequence[str] = (),
    codelists: Sequence[Codelist] = (),
    findings: Findings | None = None,
    extracts: Sequence[Extract] = (EXTRACT,),
    links: Sequence[Link] = (),
    read: dict[str, int] | None = None,
    elsewhere: Sequence[str] = (),
    **rows: Sequence[Row] | pd.DataFrame,
) -> Iterator[Incoming]:
    """Put rows into a workspace as records that have come in.

    Parameters
    ----------
    folder
        Where the workspace is made.
    left_out
        person_id of people with a row who were left out.
    elsewhere
        person_id of people who stay and whose practice is not of the place.
    covered, codelists, findings, extracts, links, read
        As in ``Incoming``; the package's own lists are used for conditions that are covered. ``read`` is the number of
        rows given, unless said otherwise.
    rows
        Rows of each table, by its name; ``persons`` are those who stay.
    """
    found = findings or Findings()
    with workspace(folder) as space:
        given = {table: relation(space, table, content) for table, content in rows.items()}
        persons, records = given["persons"], {table: one for table, one in given.items() if table != "persons"}
        known = space.small(pd.DataFrame({"person_id": pd.Series([*left_out], dtype="str"), "stays": False}), "left")
        known = f"(SELECT person_id, true AS stays FROM {persons} UNION ALL SELECT person_id, stays FROM {known})"
        people = People(persons, known, len(rows["persons"]))
        lists = [one for one in _shipped() if one.stands_for.name in covered]
        meanings = find_meanings(space, records, codelists, lists)
        for table in CODED:
            if table in records:
                records[table] = coded(space, table, records[table], meanings, found)
        if "measurements" in records:
            records["measurements"] = in_units(space, records["measurements"], found)
        away = ", ".join(f"'{one}'" for one in elsewhere) or "NULL"
        yield Incoming(
            space=space, extracts=[*extracts], extract_date=TAKEN, people=people,
            persons=f"(SELECT *, 'U' AS pcn_code FROM {persons} WHERE coalesce(person_id NOT IN ({away}), true))",
            records=records, covered=frozenset(covered), meanings=meanings, links=[*links],
            codelists=[*codelists], findings=found,
            read={table: len(content) for table, content in rows.items()} | (read or {}),
        )  # fmt: skip


@cache
def _shipped() -> list[Codelist]:
    return shipped()


def relation(space: Workspace, table: str, rows: Sequence[Row] | pd.DataFrame) -> str:
    """Rows of a table as its description says, with ``_row``."""
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame([USUAL[table] | row for row in rows])
    if table == "encounters" and "visit_id" not in frame:
        frame = frame.assign(visit_id=[f"v{at}" for at in range(len(frame))])
    columns = tables.NAMED[table].columns
    text = frame.reindex(columns=[one.name for one in columns]).astype("str")
    source = space.small(text.assign(_row=[str(at) for at in range(len(text))]), table)
    cells = ", ".join(f"CAST({name(one.name)} AS {SQL_KINDS[one.kind]}) AS {name(one.name)}" for one in columns)
    return space.write(f"SELECT {cells}, _row FROM {source}", f"{table}_given")
