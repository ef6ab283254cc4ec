"""Network footprints: where the patients of a Primary Care Network live, and who else serves them."""

from pcn_analysis.network import footprint

__all__ = ["footprint"]
