"""What measurements are in: units by one name, values in the unit that the person table reads, within what is possible.

A unit is never assumed: a value without one keeps none, and nothing later reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codelists, tables
from pcn_analysis.extracts.workspace import name

if TYPE_CHECKING:
    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.workspace import Workspace


def in_units(space: Workspace, measurements: str, findings: Findings) -> str:
    """Write units in UCUM, convert what has another unit, and leave out values that nobody can have.

    Parameters
    ----------
    space
        The workspace.
    measurements
        How to read ``tables.MEASUREMENTS``, with units as recorded.
    findings
        Takes the counts.

    Returns
    -------
    str
        How to read them. A unit that ``codelists/unit_names.csv`` does not know is null. Conversions are those of
        ``unit_conversions.csv``, limits those of ``measurement_units.csv``; both are inclusive.
    """
    known = space.small(pd.DataFrame(codelists.rows("unit_names")).astype("str"), "unit_names")
    conversions = space.small(_numbers("unit_conversions", "times", "plus"), "unit_conversions")
    limits = space.small(_numbers("measurement_units", "minimum", "maximum"), "measurement_units")
    named = (
        f"SELECT records.*, known.unit AS named FROM {measurements} AS records "
        f"LEFT JOIN {known} AS known ON lower(records.unit) = known.written"
    )
    judged = space.write(
        "SELECT records.* REPLACE (coalesce(value_as_number * times + plus, value_as_number) AS value_as_number, "
        "coalesce(unit_to, named) AS unit), records.unit IS NULL AND value_as_number IS NOT NULL AS without_unit, "
        "records.unit IS NOT NULL AND named IS NULL AS unknown_unit, unit_to IS NOT NULL AS converted, "
        "coalesce(coalesce(unit_to, named) = limits.unit AND NOT coalesce(value_as_number * times + plus, "
        "value_as_number) BETWEEN coalesce(minimum, '-inf'::DOUBLE) AND coalesce(maximum, 'inf'::DOUBLE), false) "
        f"AS impossible FROM ({named}) AS records "
        f"LEFT JOIN {conversions} AS conversions ON records.measurement = conversions.measurement "
        "AND records.named = conversions.unit_from "
        f"LEFT JOIN {limits} AS limits ON records.measurement = limits.measurement",
        "measurements_judged",
    )
    marks = ("without_unit", "unknown_unit", "converted", "impossible")
    counts = space.row(f"SELECT {', '.join(f'count(*) FILTER ({mark})' for mark in marks)} FROM {judged}")
    said = (
        ("measurements.unit", "a value without a unit, which nothing reads", "noted"),
        ("measurements.unit", "a unit that is not known here", "set to missing"),
        ("measurements.value_as_number", "a value in another unit, converted", "changed"),
        ("measurements.value_as_number", "a value that nobody can have", "left out"),
    )
    for (where, what, action), rows in zip(said, counts, strict=True):
        findings.add(where, what, rows, action)
    columns = ", ".join(name(one) for one in (*tables.MEASUREMENTS.column_names(), "_row"))
    return f"(SELECT {columns} FROM {judged} WHERE NOT impossible)"


def _numbers(codelist: str, *columns: str) -> pd.DataFrame:
    """A package list of which some columns are numbers."""
    frame = pd.DataFrame(codelists.rows(codelist))
    return frame.assign(**{column: pd.to_numeric(frame[column].replace("", None)) for column in columns})
