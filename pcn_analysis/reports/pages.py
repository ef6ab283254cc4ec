"""Turn an executed notebook into a page that stands alone and everyone can read."""

from __future__ import annotations

import copy
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcn_analysis.display.output import MARK
from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Collection

TEMPLATES = Path(__file__).parent / "templates"


def page_html(notebook: Any, title: str, home: str, notebook_name: str, table_names: Collection[str] = ()) -> str:
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
    table_names
        Relative addresses of the files of all its tables; none if it shows no table.

    Raises
    ------
    PcnAnalysisError
        If an output was not shown by this package, a figure has no alt text, or anything would be loaded from
        outside the page.
    """
    resources: dict[str, Any] = {"page_title": title, "home": home, "notebook_name": notebook_name, "style": style()}
    resources["tables"] = [(name, "CSV" if name.endswith(".csv") else "spreadsheet") for name in table_names]
    check_outputs(notebook, title)
    body, _ = _exporter().from_notebook_node(_titled(notebook, title), resources=resources)
    check_page(body, title)
    return str(body)


def style() -> str:
    """Style sheet of every page."""
    return (TEMPLATES / "page.css").read_text(encoding="utf-8")


@cache
def _exporter() -> Any:
    from nbconvert import HTMLExporter, TemplateExporter

    class Exporter(HTMLExporter):
        """Leaves a page as its template writes it: HTMLExporter reads it once more to add texts that ours have."""

        from_notebook_node = TemplateExporter.from_notebook_node

    return Exporter(
        template_name="report",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )


def _titled(notebook: Any, title: str) -> Any:
    """A copy whose first-level heading is the title of the page, with the network's name."""
    titled = copy.deepcopy(notebook)
    first = next(cell for cell in titled.cells if cell.cell_type == "markdown")
    first.source = re.sub(r"^# .*$", lambda _: f"# {title}", first.source, count=1, flags=re.MULTILINE)
    return titled


def check_outputs(notebook: Any, title: str) -> None:
    """Raise unless every output was shown by this package: nothing printed, warned or displayed otherwise.

    A bare value at the end of a cell, a print or a warning has passed no release gate and may hold anything.
    """
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    strange = sum(MARK not in output.get("metadata", {}) for output in outputs)
    if strange:
        raise problem(
            title,
            f"{number(strange, 'output')} of its notebook not shown by show_table, show_figure or their like",
            "Take out prints and bare values; release tables and show them.",
        )


_TAGS = """
html head meta title style body a header main footer section p h1 h2 h3 h4 div span strong em code pre br ul ol li
dl dt dd table caption thead tbody tr th td figure img details summary form label input select option button script
"""
_ATTRIBUTES = """
lang charset name content http-equiv class href id tabindex role src alt scope download hidden for type
autocomplete value data-search data-network data-place data-icb aria-label aria-labelledby aria-describedby aria-live
"""
TAGS, ATTRIBUTES = frozenset(_TAGS.split()), frozenset(_ATTRIBUTES.split())
"""All that a page of ours is made of; anything else might load or run something."""
POLICY = "content-security-policy"


class _Reader(HTMLParser):
    """Collects what a page would load or run, and figures without alt text."""

    def __init__(self) -> None:
        super().__init__()
        self.strange: list[str] = []
        self.figures = self.without_alt = self.scripts = 0
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: (value or "").strip().lower() for name, value in attrs}
        self.in_style = tag == "style"
        self.scripts += tag == "script"
        self.figures += tag == "img"
        self.without_alt += tag == "img" and not values.get("alt")
        wrong = {
            tag: tag not in TAGS,
            "src": not values.get("src", "data:image/").startswith("data:image/"),
            "href": "href" in values and not _is_followed(tag, values["href"]),
            "http-equiv": values.get("http-equiv", POLICY) != POLICY,
            **{name: True for name in values if name not in ATTRIBUTES},
        }
        self.strange += [name for name, is_wrong in wrong.items() if is_wrong]

    def handle_data(self, data: str) -> None:
        if self.in_style and data.strip() != style().strip():
            self.strange.append("style")
        self.in_style = False


def _is_followed(tag: str, address: str) -> bool:
    """Whether an address is of a link that a reader follows, and runs nothing."""
    return tag == "a" and not address.startswith(("javascript:", "vbscript:", "data:text/html"))


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
    if reader.strange:
        kinds = ", ".join(sorted(set(reader.strange)))
        problems.append(
            Problem(title, f"parts that might load or run something from outside the page ({kinds})", "Take them out.")
        )
    if reader.scripts > scripts:
        problems.append(Problem(title, f"{reader.scripts} scripts, more than {scripts}", "Take them out."))
    if problems:
        raise PcnAnalysisError(*problems)
