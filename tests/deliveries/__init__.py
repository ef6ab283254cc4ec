"""Small deliveries of each kind, of the same twelve invented people: they show what each format looks like.

Identifiers have 18 digits, some of them zeros in front; codes are as long as codes get. Dates of every column have
days after the 12th, so that day and month can be told apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.deliveries.gp_extracts import LISTS, emis, tpp
from tests.deliveries.hospital_rows import hospital
from tests.deliveries.known import known
from tests.deliveries.omop_tables import omop
from tests.deliveries.one_row_each import MAPPING, wide
from tests.deliveries.own import own_tables
from tests.deliveries.people import PEOPLE
from tests.deliveries.sheets import EXTRACT_DATE, Delivered, Sheet, as_csv, frame, sheet

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "EXAMPLES", "EXTRACT_DATE", "LISTS", "MAPPING", "PEOPLE", "Delivered", "Sheet", "as_csv", "emis", "frame",
    "hospital", "known", "omop", "own_tables", "sheet", "tpp", "wide",
]  # fmt: skip

EXAMPLES: dict[str, Callable[[], Delivered]] = {
    "tables": own_tables,
    "gp_extract (EMIS)": emis,
    "gp_extract (TPP)": tpp,
    "wide": wide,
    "omop (CSV)": omop,
    "omop (Parquet)": lambda: omop("parquet"),
    "omop (DuckDB)": lambda: omop("duckdb"),
    "hospital": hospital,
}
"""A delivery of each kind and form."""
