"""Who would be offered proactive care: steps as data, and how many people they leave."""

from pcn_analysis.anticipatory import caseload

__all__ = ["caseload"]
