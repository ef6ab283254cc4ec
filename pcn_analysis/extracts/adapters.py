"""The kinds of delivery, each with the adapter that reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.exceptions import problem
from pcn_analysis.extracts import canonical, gp_extract, hospital, omop, wide
from pcn_analysis.extracts.delivery import open_delivery
from pcn_analysis.extracts.mapping import load

if TYPE_CHECKING:
    from pcn_analysis.extracts.feeds import Extract
    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.identifiers import Door
    from pcn_analysis.extracts.incoming import Asked
    from pcn_analysis.extracts.workspace import Workspace

ORDER = ("tables", "gp_extract", "wide", "omop", "hospital")
"""Of several deliveries the first in this order says who there is."""

NEVER_READ = {"omop": ("day_of_birth", "birth_datetime")}
"""Columns of a kind that are named like identifiers, and that its adapter does not read: the month of birth is kept."""


def read(kind: str, asked: Asked, space: Workspace, findings: Findings, door: Door) -> Extract:
    """Read one delivery with the adapter of its kind.

    Raises
    ------
    PcnAnalysisError
        If it is not of the kind, or its mapping is missing or wrong.
    """
    path, several = asked.deliveries[kind], kind if len(asked.deliveries) > 1 else ""
    door.allow(*NEVER_READ.get(kind, ()))
    match kind:
        case "wide":
            if asked.mapping is None:
                remedy = "Give --mapping; `pcn-analysis mapping suggest FILE` writes a first one."
                raise problem(path.name, "nothing says which column is which", remedy)
            mapping = load(asked.mapping)
            delivery = open_delivery(path, space, findings, door, skip_lines=mapping.skip_lines, kind=several)
            return wide.read(delivery, mapping, asked.extract_date)
        case "gp_extract":
            layout = load(asked.layout) if asked.layout else None
            skip_lines = layout.skip_lines if layout else 0
            delivery = open_delivery(path, space, findings, door, skip_lines=skip_lines, kind=several)
            return gp_extract.read(delivery, layout, asked.extract_date)
    delivery = open_delivery(path, space, findings, door, kind=several)
    return {"omop": omop, "hospital": hospital, "tables": canonical}[kind].read(delivery)
