"""Print the data dictionary from the table descriptions: ``python -m pcn_analysis.dictionary``."""

from __future__ import annotations

import sys

from pcn_analysis import tables
from pcn_analysis.schema import Column, Table

HEADER = """# Data dictionary

Generated from `pcn_analysis/tables/` by `make docs`; a test keeps it current. Identifiers are strings, dates
are plain dates, missing is null.
"""


def data_dictionary() -> str:
    """Return the data dictionary as Markdown."""
    parts = [HEADER, "## Published tables\n", *map(_section, tables.PUBLISHED)]
    parts += ["## Person tables\n\nDeclared; nothing fills them yet.\n", *map(_section, tables.PEOPLE)]
    return "\n".join(parts)


def _section(table: Table) -> str:
    key = ", ".join(f"`{name}`" for name in table.key) or "none: rows may repeat"
    rows = "\n".join(map(_row, table.columns))
    return (
        f"### `{table.name}`\n\nOne row is {table.grain}. Key: {key}.\n\n"
        f"| column | kind | unit | allowed | may be missing | meaning |\n|---|---|---|---|---|---|\n{rows}\n"
    )


def _row(column: Column) -> str:
    allowed = column.constraint().replace("|", "\\|")
    missing = "yes" if column.nullable else "no"
    return f"| `{column.name}` | {column.kind} | {column.unit} | {allowed} | {missing} | {column.meaning} |"


if __name__ == "__main__":
    sys.stdout.write(data_dictionary())
