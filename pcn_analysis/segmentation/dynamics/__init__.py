"""Segments of a model in time: who moved between them, and how large they will be, from people's own records.

Each function takes a :class:`pcn_analysis.population.Population` and a model; those that count return a table ready for
:func:`pcn_analysis.release.release` under ``hes``.
"""

from pcn_analysis.segmentation.dynamics.ahead import projection
from pcn_analysis.segmentation.dynamics.days import coverage_on, segments_at
from pcn_analysis.segmentation.dynamics.moved import (
    EVERYONE,
    FLOWS,
    OUTCOMES,
    crossing,
    everyone,
    flows,
    moves,
    outcomes,
)

__all__ = [
    "EVERYONE", "FLOWS", "OUTCOMES", "coverage_on", "crossing", "everyone", "flows", "moves", "outcomes", "projection",
    "segments_at",
]  # fmt: skip
