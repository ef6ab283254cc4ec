"""Clauses, thresholds and payments of each service, a table each, with their sources and contract years."""
