"""Read the people who are to be left out because they have opted out.

The national service (*Check for National Data Opt-outs*, through MESH) takes a file of NHS numbers and gives back
those that may be used: the people who have **not** opted out. That answer is not the list that is read here. Keep
only its people in the extract before it is delivered, or give those who were sent and did not come back.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis.exceptions import problem
from pcn_analysis.extracts.identifier_kinds import kind_of
from pcn_analysis.extracts.identifiers import Door
from pcn_analysis.extracts.text_files import HEADER_BYTES, SEPARATORS, read_text
from pcn_analysis.extracts.workspace import name
from pcn_analysis.words import folded

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.pseudonyms import Pseudonyms
    from pcn_analysis.extracts.workspace import Workspace

HEADINGS = frozenset(
    {"person_id", "patient_id", "id", "pseudonym", "identifier", "pseudo_nhs_number", "nhs_number_deid", "opt_outs"}
)
"""Folded headings of the column beside those named like an identifier; any other first line is a person."""
ENOUGH = 20
"""From so many people on, it is a mistake if most of them are listed."""
CHUNK = 1 << 23
MARK = b"\xef\xbb\xbf"
"""How some programs begin UTF-8."""


@dataclass(frozen=True)
class OptOuts:
    """People to be left out.

    Parameters
    ----------
    name
        Name of the file.
    relation
        How to read them in SQL: one column, ``person_id``, each once.
    people
        How many are listed.
    """

    name: str
    relation: str
    people: int

    def check_share(self, space: Workspace, persons: str) -> None:
        """Refuse a list that most people are on: it is likely to be of those who have not opted out.

        Parameters
        ----------
        space
            The workspace.
        persons
            Those of the extract in SQL, with ``person_id`` as on the list.

        Raises
        ------
        PcnAnalysisError
            If more than half of at least ``ENOUGH`` people are on the list.
        """
        listed, people = space.row(
            f"SELECT count(*) FILTER (person_id IN (SELECT person_id FROM {self.relation})), count(*) "
            f"FROM (SELECT DISTINCT person_id FROM {persons} WHERE person_id IS NOT NULL)"
        )
        if people >= ENOUGH and 2 * listed > people:
            what = f"lists {listed:,} of {people:,} people; the national service gives back who has not opted out"
            raise problem(self.name, what, "Give the list of those who have opted out.")


def read_opt_outs(path: Path, space: Workspace, pseudonyms: Pseudonyms | None, findings: Findings) -> OptOuts:
    """Read the people to be left out: a text file of one column, with a heading or without.

    Parameters
    ----------
    path
        The file; a separator at the end of each line, as MESH has it, does no harm.
    space
        The workspace.
    pseudonyms
        With a key, what makes pseudonyms of the extract's people. Without one the list holds their pseudonyms, and
        is refused as any table is if it holds NHS numbers.
    findings
        Takes what was found.

    Raises
    ------
    PcnAnalysisError
        If there is no such file, or it is empty, no text, has several columns, or holds identifiers without a key.
    """
    if not path.is_file():
        raise problem(path.name, "there is no such file", "Check the name.")
    raw = read_text(space, _with_heading(path, space), findings)
    first, *others = raw.columns
    filled = " OR ".join(f"{name(one)} IS NOT NULL" for one in others) or "false"
    if space.row(f"SELECT count(*) FROM {raw.relation} WHERE {filled}")[0]:
        raise problem(path.name, "has several columns", "Give one column: whom to leave out.")
    if pseudonyms is None:
        door = Door()
        door.examine(space, raw)
        door.check()
    relation = f"(SELECT {name(first)} AS person_id FROM {raw.relation})"
    if pseudonyms:
        relation = pseudonyms.replaced(relation, path.name)
    listed = space.write(f"SELECT DISTINCT person_id FROM {relation} WHERE person_id IS NOT NULL", "opt_outs")
    return OptOuts(path.name, listed, int(space.row(f"SELECT count(*) FROM {listed}")[0]))


def find_opted_out(
    path: Path, persons: str, space: Workspace, pseudonyms: Pseudonyms | None, findings: Findings
) -> str:
    """Read the people to be left out, and hold them against those who were delivered.

    Parameters
    ----------
    path, space, pseudonyms
        As of :func:`read_opt_outs`.
    persons
        How to read the persons of every delivery.
    findings
        Takes how many are listed, and how many of them are in no delivery.

    Returns
    -------
    str
        How to read them in SQL: one column, ``person_id``, each once.

    Raises
    ------
    PcnAnalysisError
        If the list cannot be read, or most people are on it.
    """
    listed = read_opt_outs(path, space, pseudonyms, findings)
    listed.check_share(space, persons)
    among = f"SELECT DISTINCT person_id FROM {persons}"
    found = space.row(f"SELECT count(*) FROM {listed.relation} JOIN ({among}) USING (person_id)")[0]
    absent = listed.people - found
    findings.add(listed.name, "people listed as opted out", listed.people, "noted", prominent=True)
    findings.add(listed.name, "people listed as opted out who are in no delivery", absent, "noted", prominent=True)
    return listed.relation


def _with_heading(path: Path, space: Workspace) -> Path:
    """The same file with a heading of ours, in the place of its own where it has one."""
    with path.open("rb") as source:
        line = source.readline(HEADER_BYTES)
        first = line.removeprefix(MARK).decode("utf-8", errors="replace").strip("\r\n")
        if not first.strip():
            raise problem(path.name, "its first line is empty", "Give one column: whom to leave out.")
        separator = max(SEPARATORS, key=lambda one: len(_cells(first, one)))
        cells = _cells(first, separator)
        heading = folded(cells[0])
        target = space.path("opt_outs")
        target.mkdir()
        with (target / path.name).open("wb") as copy:
            copy.write(("person_id" + separator * (len(cells) - 1) + "\n").encode())
            if heading not in HEADINGS and kind_of(heading) is None:
                copy.write(line.removeprefix(MARK))
            while chunk := source.read(CHUNK):
                copy.write(chunk)
    return target / path.name


def _cells(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [])
