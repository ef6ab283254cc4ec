"""Who lives in a network by need: published models as data, and how many people each of their segments holds."""

from pcn_analysis.segmentation import segments

__all__ = ["segments"]
