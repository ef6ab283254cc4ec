"""The one way onto a page: every output is marked, and a page with any other is refused."""

from __future__ import annotations

from typing import Any

MARK = "pcn_analysis"
"""Key in an output's metadata that says which function of this package showed it."""


def show(data: dict[str, Any], shown_by: str, **metadata: Any) -> None:
    """Show one output in a notebook, marked.

    Parameters
    ----------
    data
        What to show, by MIME type.
    shown_by
        Which function shows it.
    **metadata
        Further metadata of the output.
    """
    from IPython.display import display

    display(data, metadata={**metadata, MARK: shown_by}, raw=True)


def show_html(html: str, shown_by: str, text: str, **metadata: Any) -> None:
    """Show HTML, with the text that stands for it where there is no browser."""
    show({"text/html": html, "text/plain": text}, shown_by, **metadata)
