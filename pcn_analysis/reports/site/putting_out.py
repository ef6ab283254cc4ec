"""Write pages of the index: each stands alone, is searched for what must not leave, and takes its place whole."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader

from pcn_analysis.release.egress import NOBODY, readable_people, refuse_leaks
from pcn_analysis.reports.pages import TEMPLATES, check_page, style

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pcn_analysis.settings import Settings


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(TEMPLATES, encoding="utf-8")
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, loader=loader)


def rendered(template: str, **values: Any) -> str:
    """Fill a template of a page with what it shows."""
    filled = _templates().get_template(template)
    return filled.render(style=style(), version=version("pcn-analysis"), **values)


def put_out(pages: Mapping[str, str], settings: Settings) -> None:
    """Put pages in the place of those before: all that have changed, or none if one holds what must not leave.

    What the index says of a place stands on that place's page as well, which is searched for the people of the place.

    Parameters
    ----------
    pages
        Pages by their address in the folder of reports: the index, and that of each place in its folder.
    settings
        Where reports go.

    Raises
    ------
    PcnAnalysisError
        If something would be loaded from outside a page, or any but the index has a script.
    DisclosureError
        With everything found in a page.
    """
    settings.reports.mkdir(parents=True, exist_ok=True)
    changed = {address: html for address, html in pages.items() if _is_new(settings.reports / address, html)}
    asides = {address: _aside(settings.reports / address) for address in changed}
    try:
        for address, html in changed.items():
            aside = asides[address]
            aside.parent.mkdir(exist_ok=True)
            aside.write_text(html, encoding="utf-8", newline="\n")
            place = PurePosixPath(address).parent.name
            check_page(html, address, scripts=0 if place else 1)
            refuse_leaks([aside], readable_people(settings.processed, place) if place else NOBODY)
        for address, aside in asides.items():
            aside.replace(settings.reports / address)
    finally:
        for aside in asides.values():
            aside.unlink(missing_ok=True)


def _is_new(target: Path, html: str) -> bool:
    return not target.exists() or target.read_bytes() != html.encode("utf-8")


def _aside(target: Path) -> Path:
    return target.with_name(f".new.{target.name}")
