"""Turn an executed notebook into a page that stands alone and everyone can read."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from pcn_analysis.exceptions import PcnAnalysisError, Problem

TEMPLATES = Path(__file__).parent / "templates"


def page_html(notebook: Any, title: str, home: str, notebook_name: str) -> str:
    """Render an executed notebook as one self-contained HTML page.

    Parameters
    ----------
    notebook
        The executed notebook.
    title
        Title of the page.
    home
        Relative address of the index.
    notebook_name
        Relative address of the executed notebook.

    Raises
    ------
    PcnAnalysisError
        If a figure has no alt text, or anything would be loaded from outside the page.
    """
    resources = {"page_title": title, "home": home, "notebook_name": notebook_name, "style": style()}
    body, _ = _exporter().from_notebook_node(notebook, resources=resources)
    check_page(body, title)
    return str(body)


def style() -> str:
    """Style sheet of every page."""
    return (TEMPLATES / "page.css").read_text(encoding="utf-8")


@cache
def _exporter() -> Any:
    from nbconvert import HTMLExporter

    return HTMLExporter(
        template_name="report",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )


class _Reader(HTMLParser):
    """Collects what a page would load, and figures without alt text."""

    def __init__(self) -> None:
        super().__init__()
        self.outside: list[str] = []
        self.figures = 0
        self.scripts = 0
        self.in_style = False
        self.without_alt = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.figures += 1
            self.without_alt += not values.get("alt", "").strip()
        if tag == "svg" and not values.get("aria-label", "").strip():
            self.without_alt += values.get("aria-hidden") != "true"
        loads = [
            values.get("src", ""),
            values.get("srcset", ""),
            values.get("data", "") if tag == "object" else "",
        ]
        if tag == "link":
            loads.append(values.get("href", ""))
        self.scripts += tag == "script"
        self.in_style = tag == "style"
        self.outside += [address for address in loads if address and not address.startswith(("data:", "#"))]

    def handle_data(self, data: str) -> None:
        if self.in_style:
            self.outside += re.findall(r"@import|url\((?!['\"]?data:)", data)
            self.in_style = False


def check_page(html: str, title: str, scripts: int = 0) -> None:
    """Raise unless every figure has alt text and the page stands alone.

    Parameters
    ----------
    html
        The page.
    title
        Its title, for the message.
    scripts
        How many inlined scripts it may have.

    Raises
    ------
    PcnAnalysisError
        If a figure has no alt text, something would be loaded from outside, or there are more scripts.
    """
    reader = _Reader()
    reader.feed(html)
    problems = []
    if reader.without_alt:
        problems.append(
            Problem(
                title,
                f"{reader.without_alt} of {reader.figures} figures have no alt text",
                "Show figures with show_figure(…, alt=…).",
            )
        )
    if reader.outside:
        problems.append(
            Problem(title, f"{len(reader.outside)} things would be loaded from outside the page", "Embed them.")
        )
    if reader.scripts > scripts:
        problems.append(Problem(title, f"{reader.scripts} scripts, more than {scripts}", "Take them out."))
    if problems:
        raise PcnAnalysisError(*problems)
