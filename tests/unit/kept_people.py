"""A population whose person table is made once and kept, as a stored one is; else each question makes it anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.person_table import person_table

if TYPE_CHECKING:
    from pcn_analysis.population import Population


def kept(population: Population) -> Population:
    """The same people with their person table."""
    table = lazy(to_pandas(person_table(population, on=population.index_date)))
    return replace(population, tables=population.tables | {"person_table": table})
