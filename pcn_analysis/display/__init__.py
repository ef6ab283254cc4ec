"""Show a report in a notebook: header, sentences, figures with their alt text, tables, method.

Only released tables are shown. What is shown is plain HTML and PNG, the same on every run.
"""

from pcn_analysis.display.figures import show_figure, show_reading
from pcn_analysis.display.header import show_header
from pcn_analysis.display.method import show_method
from pcn_analysis.display.tables import show_table

__all__ = ["show_figure", "show_header", "show_method", "show_reading", "show_table"]
