"""Places of two or more networks with lists and published payments in a few literal rows."""

from __future__ import annotations

import dataclasses

import pandas as pd

from pcn_analysis import tables
from pcn_analysis.budget.published_lines import by_line
from pcn_analysis.provenance import SourcedTable
from tests.unit.vignettes import tiny_place

YEAR = "2022/23"
Practice = tuple[str, float | None, float | None, bool]
"""Code, registered and weighted list, and whether it is closed."""
TWO_PRACTICES: list[Practice] = [("A00001", 6_000.0, 6_600.0, False), ("A00002", 4_000.0, 4_400.0, False)]
"""10,000 registered and 11,000 weighted patients."""


def network_rows(code: str, paid: dict[str, float | None], year: str = YEAR) -> list[dict]:
    """A row for each published line of a network; none is shown of a line that is not named."""
    shown = {line: paid.get(line) for line in by_line(YEAR)}
    return [{"pcn_code": code, "pcn_name": f"{code} PCN", "contract_year": year, "line": line, "amount": amount,
             "practices": int(amount is not None)} for line, amount in shown.items()]  # fmt: skip


def practice_rows(code: str, practices: list[Practice]) -> list[dict]:
    """Rows of the practices of a network."""
    return [{"practice_code": practice, "practice_name": practice, "pcn_code": code, "pcn_name": f"{code} PCN",
             "contract_year": YEAR, "registered": registered, "weighted": weighted, "closed": closed,
             "participation": 0.0, "survivor": None}
            for practice, registered, weighted, closed in practices]  # fmt: skip


def paid_tables(
    networks: dict[str, tuple[dict[str, float | None], list[Practice]]],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables ``network_payments`` and ``practice_payments``."""
    lines = [row for code, (paid, _) in networks.items() for row in network_rows(code, paid)]
    rows = [row for code, (_, practices) in networks.items() for row in practice_rows(code, practices)]
    return (tables.NETWORK_PAYMENTS.conform(pd.DataFrame(lines)), tables.PRACTICE_PAYMENTS.conform(pd.DataFrame(rows)))


def paid_place(networks: dict[str, tuple[dict[str, float | None], list[Practice]]]):
    """A place whose country has these networks."""
    place = tiny_place()
    origin = place.tables["practices"].provenance
    lines, rows = paid_tables(networks)
    held = {"network_payments": SourcedTable(lines, origin), "practice_payments": SourcedTable(rows, origin)}
    return dataclasses.replace(place, tables=place.tables | held)
