"""What conditions, registers and groups of medicines are called: small tables of names beside their source.

They hold names and links, never SNOMED codes: those may not be redistributed, and a user brings them.
"""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Read one list, a mapping for each row; every value is a string.

    Parameters
    ----------
    name
        File name without ``.csv``.

    Examples
    --------
    >>> rows("qof_registers")[0]["condition"]
    'Atrial fibrillation'
    """
    text = files("pcn_analysis").joinpath(f"codelists/{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text, newline="")))


def names(table: str, key: str, name: str = "name") -> dict[str, str]:
    """Names by key, in the order of the file.

    Examples
    --------
    >>> names("conditions", "condition")["copd"]
    'Chronic obstructive pulmonary disease'
    """
    return {row[key]: row[name] for row in rows(table)}
