"""The only gate out: a table becomes a released table, or stays in."""

from pcn_analysis.release.disclosure import PROFILES, ReleasedTable, release

__all__ = ["PROFILES", "ReleasedTable", "release"]
