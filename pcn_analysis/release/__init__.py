"""The only gate out: a table becomes a released table, or stays in."""

from pcn_analysis.release.disclosure import PROFILES, ReleasedTable, check_released, release

__all__ = ["PROFILES", "ReleasedTable", "check_released", "release"]
