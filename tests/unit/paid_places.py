"""Places with lists and payments of practices in a few literal rows, for tests of the contract's money."""

from __future__ import annotations

import dataclasses

import pandas as pd

from pcn_analysis import tables
from pcn_analysis.place import Network, network_of
from pcn_analysis.provenance import SourcedTable
from tests.unit.vignettes import NETWORK, tiny_place

PAYMENT_COLUMNS = ("practice_code", "contract_year", "weighted", "survivor")


def network_with(lists: dict[str, int], paid: list[tuple[str, str, float | None, str | None]] | None = None) -> Network:
    """A network of practices with lists; rows of payments are practice, contract year, weighted list and survivor."""
    place = tiny_place()
    origin = place.tables["practices"].provenance
    practices = pd.DataFrame([
        {"practice_code": code, "practice_name": f"{code} Surgery", "pcn_code": NETWORK, "pcn_name": "Harbour PCN",
         "list_size": size, "in_place": True}
        for code, size in lists.items()
    ])  # fmt: skip
    held = place.tables | {"practices": SourcedTable(tables.PRACTICES.conform(practices), origin)}
    if paid is not None:
        rows = pd.DataFrame(paid, columns=list(PAYMENT_COLUMNS))
        held["practice_payments"] = SourcedTable(rows.astype({"weighted": "Float64"}), origin)
    return network_of(dataclasses.replace(place, tables=held), NETWORK)
