"""The page of a check: what a delivery of records is worth, in exact counts, for those who may see the records.

It is never published: it is written below the restricted folder, and only its owner can read it.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader

from pcn_analysis.display.header import INVENTED_RECORDS
from pcn_analysis.reports import quality_arrival as arrival
from pcn_analysis.reports import quality_content as content
from pcn_analysis.reports.pages import TEMPLATES, check_page, style
from pcn_analysis.stored import replacing
from pcn_analysis.words import count, listed

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.extracts.quality import Quality
    from pcn_analysis.extracts.quality.timing import Period
    from pcn_analysis.reports.quality_parts import Bars

FOLDER = TEMPLATES / "quality"
PAGE, FIGURES = "check.html", "check.json"
NOT_TO_BE_PUBLISHED = "Not to be published: exact counts of people."
SECTIONS = {
    "came": ("What came", arrival.came),
    "found": ("What was left out or changed, and why", arrival.found),
    "practices": ("How complete each practice is", arrival.practices),
    "time": ("Records over time", arrival.time),
    "codes": ("Codes", content.codes),
    "conditions": ("Conditions", content.conditions),
    "units": ("Units of measurements", content.units),
    "dates": ("Dates", content.dates),
    "codelists": ("Codelists that you brought", content.codelists),
    "cannot": ("What cannot be assessed with these records", content.cannot),
}
"""Title and parts of each section by its anchor, as an analyst asks; sentences say their numbers."""
WIDTH, HEIGHT, ABOVE, BESIDE = 510, 110, 22, 6
"""Size of the bars, and the space above and beside them, in pixels: a year is wider than its bar."""


def write_quality(quality: Quality, folder: Path, *, synthetic: bool) -> Path:
    """Write the page of a check and its figures.

    Parameters
    ----------
    quality
        The figures.
    folder
        Where ``check.html`` and ``check.json`` are put, in place of those of an earlier check: a folder of
        ``checks`` in the restricted folder, never of the published reports. Both are written or neither is. Only the
        owner can read the folder, the one that it lies in, and what they hold.
    synthetic
        Whether the records are known to be of nobody; page and figures say so.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    PcnAnalysisError
        If another run writes the same, or a file is open or may not be written.
    """
    made_with = f"pcn_analysis {version('pcn-analysis')}"
    about = {
        "note": f"{NOT_TO_BE_PUBLISHED} null: no table, or not known.",
        "synthetic": synthetic,
        "made_with": made_with,
    }
    figures = json.dumps(about | quality.to_dict(), indent=1, ensure_ascii=False)
    html = quality_html(quality, synthetic=synthetic)
    with replacing(folder, close="Close the earlier check.", private=folder.parent) as aside:
        (aside / PAGE).write_text(html, encoding="utf-8", newline="\n")
        (aside / FIGURES).write_text(figures + "\n", encoding="utf-8", newline="\n")
    return folder / PAGE


def quality_html(quality: Quality, *, synthetic: bool) -> str:
    """Render the page of a check, which stands alone.

    Parameters
    ----------
    quality
        The figures.
    synthetic
        Whether the records are known to be of nobody.
    """
    own = (FOLDER / "quality.css").read_text(encoding="utf-8")
    title = f"Check of records: {listed([one.name for one in quality.deliveries])}"
    html = _environment().get_template("check.html.j2").render(
        title=title,
        version=version("pcn-analysis"),
        style=style(),
        own_style=own,
        private=NOT_TO_BE_PUBLISHED,
        synthetic=INVENTED_RECORDS if synthetic else "",
        quality=quality,
        extract_date=f"{quality.extract_date.day} {quality.extract_date:%B %Y}",
        sections=[
            {"anchor": anchor, "title": f"{position}. {heading}", "parts": list(parts(quality))}
            for position, (anchor, (heading, parts)) in enumerate(SECTIONS.items(), start=1)
        ],
        figures=FIGURES,
    )  # fmt: skip
    check_page(html.replace(f"<style>{own}</style>\n", ""), title)
    return html


def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FileSystemLoader(FOLDER),
        keep_trailing_newline=True,
    )
    environment.filters["count"] = count
    environment.globals["picture"] = _picture
    environment.globals["alternative"] = _alternative
    return environment


def _picture(bars: Bars) -> str:
    """Bars as an image that is part of the page."""
    highest = max(1, *(one.rows for one in bars.periods))
    step = (WIDTH - 2 * BESIDE) / len(bars.periods)
    drawn = [_bar(one, BESIDE + at * step, step, highest) for at, one in enumerate(bars.periods)]
    svg = _environment().get_template("bars.svg.j2").render(
        bars=drawn, width=WIDTH, height=HEIGHT, above=ABOVE, highest=count(highest)
    )  # fmt: skip
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _bar(one: Period, left: float, step: float, highest: int) -> dict[str, Any]:
    """One bar: at least a line where there are rows, so that few are told from none."""
    tall = max(round(one.rows / highest * HEIGHT, 1), 1.5) if one.rows else 0
    return {
        "x": round(left + step * 0.1, 1),
        "middle": round(left + step / 2, 1),
        "y": round(ABOVE + HEIGHT - tall, 1),
        "width": round(step * 0.8, 1),
        "tall": tall,
        "kind": "low" if one.low else "whole" if one.whole else "begun",
        "label": _label(one.period),
    }


def _label(period: str) -> tuple[str, str]:
    """What stands under a bar: a year; or a month's first letter, and in January the year."""
    if "-" not in period:
        return period, ""
    month = dt.date.fromisoformat(f"{period}-01")
    return f"{month:%b}"[0], str(month.year) if month.month == 1 else ""


def _alternative(bars: Bars) -> str:
    """Say what bars show, for those who do not see them."""
    rows = [one.rows for one in bars.periods]
    low = [one.period for one in bars.periods if one.low]
    said = f"low in {listed(low)}" if low else "none low"
    return (
        f"Bars: {bars.title}, {bars.periods[0].period} to {bars.periods[-1].period}, from {count(min(rows))} to "
        f"{count(max(rows))} rows; {said if '-' in bars.periods[0].period else 'numbers are in the table below'}."
    )
