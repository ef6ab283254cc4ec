"""Networks of whole practices, contiguous and within a band of sizes: proposed, measured and held against today."""

from pcn_analysis.network.design.constraints import Wanted
from pcn_analysis.network.design.designed import Design, design

__all__ = ["Design", "Wanted", "design"]
