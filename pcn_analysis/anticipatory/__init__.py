"""Who would be offered care ahead of need: cohorts as data, and how many people their steps leave."""

from pcn_analysis.anticipatory import reach

__all__ = ["reach"]
