"""The only gate out: a table becomes a released table, or stays in."""

from pcn_analysis.release.disclosure import ReleasedTable, check_released, release
from pcn_analysis.release.profiles import PROFILES

__all__ = ["PROFILES", "ReleasedTable", "check_released", "release"]
