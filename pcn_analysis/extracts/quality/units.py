"""What measurements are in: rows by unit, and which of them anything reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis import codelists
from pcn_analysis.extracts.workspace import texts

if TYPE_CHECKING:
    from pcn_analysis.extracts.incoming import Incoming
    from pcn_analysis.extracts.quality.kept import Kept

OTHER = "other"


@dataclass(frozen=True)
class Measured:
    """Rows of one measurement in one unit, after conversion.

    Parameters
    ----------
    measurement
        Its slug; None where no codelist says what was measured; ``other`` for any that the package does not name.
    name
        What it is called.
    unit
        The unit in UCUM; None where none is known.
    rows
        How many rows.
    without_value
        Of those, how many have no number.
    wanted
        The unit that results read; None where none is set.
    """

    measurement: str | None
    name: str
    unit: str | None
    rows: int
    without_value: int
    wanted: str | None


def units(incoming: Incoming, kept: Kept) -> tuple[Measured, ...] | None:
    """Count the rows of measurements by unit, commonest measurement first; None where there is no such table."""
    if "measurements" not in kept.dated:
        return None
    about = {row["measurement"]: row for row in codelists.rows("measurement_units")}
    listed = {one.stands_for.name for one in incoming.codelists if one.stands_for.kind == "measurement"}
    names = {slug: slug.replace("_", " ") for slug in sorted(listed)} | {
        slug: row["name"] for slug, row in about.items()
    }
    written = sorted({row["unit"] for row in (*codelists.rows("unit_names"), *about.values())})
    rows = kept.space.rows(
        "SELECT *, sum(rows) OVER (PARTITION BY measurement) AS together FROM (SELECT "
        f"CASE WHEN measurement IS NULL OR measurement IN {texts(names)} THEN measurement ELSE '{OTHER}' END "
        f"AS measurement, CASE WHEN unit IS NULL OR unit IN {texts(written)} THEN unit ELSE '{OTHER}' END AS unit, "
        "count(*) AS rows, count(*) FILTER (value_as_number IS NULL) AS without_value "
        f"FROM {kept.dated['measurements']} "
        "GROUP BY 1, 2) ORDER BY measurement IS NULL, together DESC, measurement, rows DESC, unit"
    )
    called = names | {OTHER: "of another name"}
    return tuple(
        Measured(
            slug,
            called[slug] if slug else "not known which",
            unit,
            int(many),
            int(empty),
            about[slug]["unit"] if slug in about else None,
        )
        for slug, unit, many, empty, _ in rows
    )
