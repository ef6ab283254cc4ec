"""Who lives in a network by need: who its people are, published models as data, and how many each segment holds."""

from pcn_analysis.segmentation import comparison, composition, found, outlook, profiles, segments

__all__ = ["comparison", "composition", "found", "outlook", "profiles", "segments"]
