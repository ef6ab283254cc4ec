"""Parts of the command line; :mod:`pcn_analysis.cli` puts them together."""
