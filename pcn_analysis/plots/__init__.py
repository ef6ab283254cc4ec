"""Figures of released tables: a table in, Axes out; nothing is computed and nothing else is accepted."""

from pcn_analysis.plots import alt_text, charts, maps

__all__ = ["alt_text", "charts", "maps"]
