"""The index of everything published: searchable, honest about what failed, standing alone."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment

from pcn_analysis import profile
from pcn_analysis.display.header import SYNTHETIC
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.place import Place, load_place, prepared_places
from pcn_analysis.release import release
from pcn_analysis.reports import ledger
from pcn_analysis.reports.catalogue import CATALOGUE
from pcn_analysis.reports.pages import TEMPLATES, check_page, style
from pcn_analysis.thresholds import size_band
from pcn_analysis.words import count, listed, number

if TYPE_CHECKING:
    from pcn_analysis.settings import Settings


@dataclass(frozen=True)
class _Published:
    """Which pages there are, and which could not be made in the last run."""

    reports: Path
    good: dict[tuple[str, str, str], ledger.Entry]
    failed: dict[tuple[str, str, str], ledger.Entry]


def write_index(settings: Settings, entries: list[ledger.Entry], asked: set[str]) -> Path:
    """Write ``reports/index.html`` over every page that has been published.

    The invented place is listed only when the run was about it.

    Parameters
    ----------
    settings
        Where things are.
    entries
        What this run did.
    asked
        Which places it was about.
    """
    history = ledger.read(settings.reports)
    good, last = ledger.latest(history, ledger.OK), ledger.latest(history)
    places = _loaded(settings.processed, {entry.place for entry in last.values()} | asked)
    places = [place for place in places if place.slug in asked or not place.provenance.synthetic]
    shown = {place.slug for place in places}
    failed = {page: entry for page, entry in last.items() if entry.status == ledger.FAILED and entry.place in shown}
    published = _Published(settings.reports, good, failed)
    rows = [_place(place, published) for place in places]
    attributions = dict.fromkeys(source.attribution for place in places for source in place.provenance.sources)
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    html = environment.from_string((TEMPLATES / "index.html.j2").read_text(encoding="utf-8")).render(
        style=style(),
        version=version("pcn-analysis"),
        summary=_summary(rows),
        places=rows,
        total=sum(len(row["rows"]) for row in rows),
        failures=[_failure(entry) for entry in failed.values()],
        attributions=attributions,
        made=(
            f"Each page is a notebook, executed for one network. Last run: {_counted(entries)}. "
            f"The ledger ({ledger.FILE}) in this folder lists every attempt."
        ),
    )
    check_page(html, "index.html", scripts=1)
    settings.reports.mkdir(parents=True, exist_ok=True)
    target = settings.reports / "index.html"
    aside = target.with_name(".index.html.new")
    aside.write_text(html, encoding="utf-8", newline="\n")
    aside.replace(target)
    return target


def _loaded(processed: Path, slugs: set[str]) -> list[Place]:
    """Published places that are still prepared and sound; real ones first."""
    places = []
    for slug in sorted(slugs & set(prepared_places(processed))):
        try:
            places.append(load_place(processed / slug))
        except PcnAnalysisError:
            continue
    return sorted(places, key=lambda place: (place.provenance.synthetic, place.name, place.slug))


def _place(place: Place, published: _Published) -> dict[str, Any]:
    sizes = release(profile.network_sizes(place), profile="open_data").frame
    alone = sizes[sizes["pcn_code"].isna()]
    practices = place.tables["practices"].frame
    rows = [
        {
            "name": row.pcn_name,
            "code": row.pcn_code,
            "practices": row.practices,
            "patients": count(row.patients),
            "band": size_band(row.patients),
            "search": _search(place, str(row.pcn_code), str(row.pcn_name), practices),
            "pages": [_page((place.slug, str(row.pcn_code), one.name), one.title, published) for one in CATALOGUE],
        }
        for row in sizes.dropna(subset=["pcn_code"]).itertuples()
    ]
    rest = (
        f" {number(int(alone['practices'].sum()), 'practice')} of {place.name} with "
        f"{count(alone['patients'].sum())} patients belong to no network and have no page."
        if len(alone)
        else ""
    )
    return {
        "slug": place.slug,
        "heading": f"{place.name}, {place.index_date.day} {place.index_date:%B %Y}",
        "synthetic": SYNTHETIC if place.provenance.synthetic else "",
        "modelled": place.provenance.modelled,
        "sentence": f"{number(len(rows), 'network')} with {count(sizes['patients'].sum() - alone['patients'].sum())} "
        f"registered patients. Data vintage: {place.vintage}.{rest}",
        "rows": rows,
    }


def _page(key: tuple[str, str, str], title: str, published: _Published) -> dict[str, str]:
    address = f"{key[0]}/{key[1]}/{key[2]}.html"
    exists = key in published.good and (published.reports / address).exists()
    note = ""
    if key in published.failed:
        note = f"failed since; this page is of {published.good[key].started[:10]}" if exists else "failed"
    return {"title": title, "href": address if exists else "", "note": note}


def _search(place: Place, code: str, name: str, practices: Any) -> str:
    own = practices[practices["pcn_code"] == code]
    words = [name, code, place.name, place.vintage, *own["practice_name"], *own["practice_code"]]
    return " ".join(" ".join(words).lower().split())


def _summary(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "Nothing has been published yet."
    titles = listed([report.title.lower() for report in CATALOGUE])
    return f"A {titles} for each network of {'; '.join(row['heading'] for row in rows)}."


def _failure(entry: ledger.Entry) -> str:
    return f"{entry.place}, {entry.pcn_code}, {entry.report}: {entry.error}"


def _counted(entries: list[ledger.Entry]) -> str:
    made, kept, failed = (
        sum(entry.status == status for entry in entries) for status in (ledger.OK, ledger.UP_TO_DATE, ledger.FAILED)
    )
    return f"{made} pages made, {kept} up to date, {failed} failed"
