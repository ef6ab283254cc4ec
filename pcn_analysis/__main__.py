"""Run the command line as ``python -m pcn_analysis``."""

from pcn_analysis.cli import run

run()
