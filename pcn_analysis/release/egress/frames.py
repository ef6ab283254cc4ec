"""Whether a table has a row for each person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pcn_analysis.extracts.identifier_kinds import kind_of
from pcn_analysis.release.egress.identifiers import DATE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pcn_analysis.release.egress.contents import Frame

FEWEST_ROWS = 20
"""Fewer values that are all different prove nothing."""
AS_MANY = 100
"""From so many rows on, as many as a network has people are no coincidence."""
_PERSON = re.compile(r"personid|visitid|nhsnumber|nhsno|patientid|pseudo|hesid|subjectid|clientid|visitoccurrenceid")
_AGE_IN_DAYS = re.compile(r"age.{0,3}days|days.?(old|ofage)")
_PUBLISHED_CODE = re.compile(
    r"[EWSNKLMJ]\d{8}|[A-Z]{1,3}\d{4,6}|\d{4}-\d\d-\d\d.*|-?\d+\.\d+(?:e-?\d+)?", re.IGNORECASE
)
"""Codes of areas and of organisations, dates and numbers: what tables of published counts hold one of a row."""
_HEADING, _FIGURES = 60, 4
"""A longer heading is a sentence; an identifier has so many figures."""
_IDENTIFIER = re.compile(r"[0-9A-Za-z][0-9A-Za-z_:-]{7,}")


def rows_of_people(frame: Frame, sizes: Collection[int]) -> int:
    """How many rows a table has that seem to be of one person each; 0 where it is none of people.

    Parameters
    ----------
    frame
        The table.
    sizes
        How many people each network has.
    """
    rows = len(frame.rows)
    named = any(_names_people(one) for one in frame.columns)
    if named or (rows >= AS_MANY and rows in sizes) or any(_identifies(one) for one in _columns(frame)):
        return max(rows, 1)
    return 0


def _names_people(column: str) -> bool:
    letters = re.sub(r"[^a-z0-9]", "", column.lower())
    return bool(_PERSON.search(letters)) or (len(column) <= _HEADING and kind_of(column) is not None)


def births_in(frame: Frame) -> int:
    """How many cells hold a date of birth or an age in days, by the name of their column."""
    cells = 0
    for name, values in zip(frame.columns, _columns(frame), strict=False):
        letters = re.sub(r"[^a-z0-9]", "", name.lower())
        if _AGE_IN_DAYS.search(letters):
            cells += sum(bool(re.fullmatch(r"\d{1,5}(?:\.0+)?", value)) for value in values)
        elif re.search(r"birth|^dob|dob$|^born", letters):
            cells += sum(bool(re.match(DATE, value.lower())) for value in values)
    return cells


def _columns(frame: Frame) -> list[Sequence[str]]:
    width = len(frame.columns)
    whole = [row for row in frame.rows if len(row) == width]
    return [[row[at].strip() for row in whole] for at in range(width)]


def _identifies(values: Sequence[str]) -> bool:
    """Whether a column has a code for each row that is of nothing published."""
    if len(values) < FEWEST_ROWS or len(set(values)) < len(values):
        return False
    return all(
        _IDENTIFIER.fullmatch(one) and sum(map(str.isdigit, one)) >= _FIGURES and not _PUBLISHED_CODE.fullmatch(one)
        for one in values
    )
