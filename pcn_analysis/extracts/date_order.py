"""In which order day and month stand in the columns of a delivered table, told from dates that fit one order only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.exceptions import problem
from pcn_analysis.extracts import values
from pcn_analysis.extracts.typed import RARE
from pcn_analysis.extracts.workspace import name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.workspace import Workspace


def in_one_order(space: Workspace, relation: str, columns: Sequence[str], where: str, findings: Findings) -> str:
    """Write dates that have the month first as ISO, for adapters that reckon with dates before they are read.

    Parameters
    ----------
    space
        The workspace.
    relation
        A delivered table, all text.
    columns
        Its columns of dates. One in which nothing decides is read as the others are.
    where
        The file, for messages.
    findings
        Counts dates with the month first.

    Returns
    -------
    str
        How to read the table.

    Raises
    ------
    PcnAnalysisError
        If a column holds dates in both orders.
    """
    if not columns:
        return relation
    parts = []
    for column in columns:
        one, two = (
            f"TRY_CAST(regexp_extract({name(column)}, '{values.SLASHED}', {group}) AS INTEGER)" for group in (1, 2)
        )
        parts.append(f"count(*) FILTER ({one} BETWEEN 13 AND 31 AND {two} <= 12)")
        parts.append(f"count(*) FILTER ({two} BETWEEN 13 AND 31 AND {one} <= 12)")
    counts = space.row(f"SELECT {', '.join(parts)} FROM {relation}")
    month_first = []
    for column, british, american in zip(columns, counts[::2], counts[1::2], strict=True):
        if min(british, american) > RARE * max(british, american):
            what = f"{british:,} dates with the day first and {american:,} with the month first"
            raise problem(f"{where}, {column}", what, "Export dates as 2026-07-01.")
        usual = sum(counts[1::2]) > sum(counts[::2])
        if american > british or (american == british and usual):
            month_first.append(column)
            what = "dates with the month first, as no other order fits"
            findings.add(f"{where}, {column}", what, american, "noted")
    if not month_first:
        return relation
    iso = ", ".join(f"{_iso(name(column))} AS {name(column)}" for column in month_first)
    return f"(SELECT * REPLACE ({iso}) FROM {relation})"


def _iso(column: str) -> str:
    read = f"coalesce(CAST({values.date(column, 'mdy')} AS VARCHAR), {column})"
    return f"CASE WHEN regexp_matches({column}, '{values.SLASHED}') THEN {read} ELSE {column} END"
