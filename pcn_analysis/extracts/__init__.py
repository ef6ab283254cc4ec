"""Records of people as they are delivered: every adapter ends at :mod:`pcn_analysis.tables`, through one door."""
