"""How good predictions are, for whom, and what time does to lists: figures of a model, never of a person."""

from pcn_analysis.anticipatory.evaluation import for_release
from pcn_analysis.anticipatory.evaluation.evaluated import BOOTSTRAPS, TOPS, Evaluation, evaluate
from pcn_analysis.anticipatory.evaluation.in_time import (
    persistence,
    persistence_table,
    regression_table,
    regression_to_the_mean,
)

__all__ = [
    "BOOTSTRAPS",
    "TOPS",
    "Evaluation",
    "evaluate",
    "for_release",
    "persistence",
    "persistence_table",
    "regression_table",
    "regression_to_the_mean",
]
