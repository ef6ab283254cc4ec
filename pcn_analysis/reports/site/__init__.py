"""The way into everything published: an index of all networks, and a page for each place; files alone, no server."""

from pcn_analysis.reports.site.index import write_index

__all__ = ["write_index"]
