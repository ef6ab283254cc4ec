"""The index of everything published: searchable, honest about what failed, standing alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment

from pcn_analysis import profile
from pcn_analysis.codes import COUNTRY, NO_NETWORK_NAME, UNALLOCATED, WHOLE_PLACE
from pcn_analysis.display.header import INVENTED_RECORDS, SYNTHETIC
from pcn_analysis.display.tables import NOT_APPLICABLE
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.place import Place, load_place, prepared_places
from pcn_analysis.provenance import SYNTHETIC_PEOPLE
from pcn_analysis.release import release
from pcn_analysis.release.egress import readable_people, refuse_leaks
from pcn_analysis.reports import ledger, network_map
from pcn_analysis.reports.absence import IN_NO_NETWORK, absences, has_group, is_invented, people_of
from pcn_analysis.reports.catalogue import CATALOGUE, MARK, Report, of_networks
from pcn_analysis.reports.pages import TEMPLATES, check_page, style
from pcn_analysis.thresholds import size_band
from pcn_analysis.words import count, listed, number

if TYPE_CHECKING:
    from pcn_analysis.settings import Settings


MARKED = f"{SYNTHETIC_PEOPLE}. Nobody on the pages marked so exists: people were drawn at random to fit the place."
"""Said above the networks of a real place some of whose pages are on invented people."""


@dataclass(frozen=True)
class _Published:
    """Which pages there are and which could not be made in the last run; and what the index is asked to list."""

    settings: Settings
    reports: list[Report]
    good: dict[tuple[str, str, str], ledger.Entry]
    failed: dict[tuple[str, str, str], ledger.Entry]
    invented: frozenset[str]

    def kind(self, place: Place, pcn_code: str, report: Report) -> str | None:
        """From which people a page is listed, empty for one that needs none; None where it is not listed."""
        if not report.is_of(place.name, pcn_code):
            return None
        if not report.needs_people:
            return "" if place.is_published and pcn_code != UNALLOCATED else None
        invented = place.slug in self.invented
        return people_of(self.settings.processed, place, pcn_code, report, synthetic_people=invented)[0] or None


def write_index(
    settings: Settings, entries: list[ledger.Entry], asked: set[str], *, synthetic_people: bool = False
) -> Path:
    """Write ``reports/index.html`` over every page that has been published.

    Every place that has been reported on is listed, real ones first; the invented place last, below its banner, while
    it has a page or the run was about it. Invented people of a real place are listed only when the run asked for
    them; of pages on them that were made before it is said how to list them.

    Parameters
    ----------
    settings
        Where things are.
    entries
        What this run did.
    asked
        Which places it was about.
    synthetic_people
        Whether it asked for invented people.

    Raises
    ------
    DisclosureError
        If the index would hold what must not leave; the one before stays.
    """
    history = ledger.read(settings.reports)
    good, last = ledger.latest(history, ledger.OK), ledger.latest(history)
    places = _loaded(settings.processed, {entry.place for entry in last.values()} | asked)
    there = {page[0] for page in good if _target(page, settings).exists()}
    places = [place for place in places if place.slug in asked | there or not place.provenance.synthetic]
    failed = {page: entry for page, entry in last.items() if entry.status == ledger.FAILED}
    invented = frozenset(asked if synthetic_people else ())
    published = _Published(settings, list(CATALOGUE), good, failed, invented)
    rows = [_place(place, published) for place in places]
    listed_pages = {page["key"] for row in rows for network in row["rows"] for page in network["pages"]}
    attributions = dict.fromkeys(source.attribution for place in places for source in place.provenance.sources)
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    html = environment.from_string((TEMPLATES / "index.html.j2").read_text(encoding="utf-8")).render(
        style=style(),
        version=version("pcn-analysis"),
        summary=_summary(rows, published.reports),
        places=rows,
        total=sum(not network.get("of_all") for row in rows for network in row["rows"]),
        failures=[_failure(entry) for page, entry in failed.items() if page in listed_pages],
        attributions=attributions,
        made=(
            f"Each page is a notebook, executed for one network. Last run: {_counted(entries)}. "
            f"The ledger ({ledger.FILE}) in this folder lists every attempt."
        ),
    )
    check_page(html, "index.html", scripts=1)
    return _put_out(html, settings, [place.slug for place in places] or [""])


def _put_out(html: str, settings: Settings, slugs: list[str]) -> Path:
    """Search the index for what must not leave, and put it in the place of the one before."""
    settings.reports.mkdir(parents=True, exist_ok=True)
    target = settings.reports / "index.html"
    aside = target.with_name(".new.index.html")
    try:
        aside.write_text(html, encoding="utf-8", newline="\n")
        for slug in slugs:
            refuse_leaks([aside], readable_people(settings.processed, slug))
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
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
    parts = (_whole, _networks, _group) if place.is_published else (_group,)
    rows = [row for part in parts for row in part(place, published)]
    return {
        "slug": place.slug,
        "heading": f"{place.name}, {place.index_date.day} {place.index_date:%B %Y}",
        "published": place.is_published,
        "synthetic": _banner(place, rows),
        "modelled": place.provenance.modelled,
        "sentence": _sentence(place, rows),
        "rows": rows,
        "absent": [
            *_absent(place, [row["code"] for row in rows if row["code"] != WHOLE_PLACE], published),
            *_not_listed(place, rows, published),
        ],
    }


def _whole(place: Place, published: _Published) -> list[dict[str, Any]]:
    """All networks of a place together, where there are pages on them."""
    pages = [*_pages(place, WHOLE_PLACE, published), *_map(place, published)]
    practices = place.tables["practices"].frame
    row = {
        "name": f"{place.name}: all networks",
        "code": WHOLE_PLACE,
        "of_all": True,
        "practices": int(practices["in_place"].sum()),
        "patients": count(release(profile.network_sizes(place), profile="open_data").frame["patients"].sum()),
        "band": NOT_APPLICABLE,
        "search": f"{place.name} all networks {place.vintage}".lower(),
        "pages": pages,
    }
    return [row] if pages else []


def _map(place: Place, published: _Published) -> list[dict[str, Any]]:
    """The map to search in, where one has been written."""
    address = f"{place.slug}/{WHOLE_PLACE}/{network_map.STEM}.html"
    path = published.settings.reports / address
    if not path.exists():
        return []
    note = "" if network_map.is_of(path, place) else "of counts that have changed since; run pcn-analysis network map"
    key = (place.slug, WHOLE_PLACE, network_map.STEM)
    return [{"key": key, "title": network_map.TITLE, "href": address, "note": note}]


def _networks(place: Place, published: _Published) -> list[dict[str, Any]]:
    practices = place.tables["practices"].frame
    sizes = release(profile.network_sizes(place), profile="open_data").frame
    rows = [
        {
            "name": row.pcn_name,
            "code": row.pcn_code,
            "practices": row.practices,
            "patients": count(row.patients),
            "band": size_band(row.patients),
            "search": _search(place, str(row.pcn_code), str(row.pcn_name), practices),
            "pages": _pages(place, str(row.pcn_code), published),
        }
        for row in sizes.dropna(subset=["pcn_code"]).itertuples()
    ]
    return [row for row in rows if place.name != COUNTRY or any(page["href"] for page in row["pages"])]


def _group(place: Place, published: _Published) -> list[dict[str, Any]]:
    """Those in no network, where their records have been prepared; no count of them is published."""
    if not has_group(published.settings.processed, place):
        return []
    row = {
        "name": NO_NETWORK_NAME,
        "note": IN_NO_NETWORK,
        "code": UNALLOCATED,
        "practices": NOT_APPLICABLE,
        "patients": NOT_APPLICABLE,
        "band": NOT_APPLICABLE,
        "search": f"{NO_NETWORK_NAME} {UNALLOCATED} {place.name} {place.vintage}".lower(),
        "pages": _pages(place, UNALLOCATED, published),
    }
    return [row]


def _sentence(place: Place, rows: list[dict[str, Any]]) -> str:
    """Say how many networks and patients a place has, and who has no page."""
    if not place.is_published:
        return "Records of people, to which no published counts belong."
    sizes = release(profile.network_sizes(place), profile="open_data").frame
    alone = sizes[sizes["pcn_code"].isna()]
    networks = [row for row in rows if row["code"] not in (UNALLOCATED, WHOLE_PLACE)]
    grouped = any(row["code"] == UNALLOCATED for row in rows)
    rest = (
        f" {number(int(alone['practices'].sum()), 'practice')} of {place.name} with "
        f"{count(alone['patients'].sum())} patients belong to no network"
        f"{'' if grouped else ' and have no page'}."
        if len(alone)
        else ""
    )
    return (
        f"{number(len(networks), 'network')} with {count(sizes['patients'].sum() - alone['patients'].sum())} "
        f"registered patients. Data vintage: {place.vintage}.{rest}"
    )


def _banner(place: Place, rows: list[dict[str, Any]]) -> str:
    """Say above the networks of a place what of it is invented."""
    if place.provenance.synthetic:
        return SYNTHETIC if place.is_published else INVENTED_RECORDS
    marked = any(SYNTHETIC_PEOPLE in page["title"] for row in rows for page in row["pages"])
    return MARKED if marked else ""


def _absent(place: Place, codes: list[str], published: _Published) -> list[str]:
    """Say which reports on people the place goes without, and why."""
    asked = place.slug in published.invented
    networks = [(place, code) for code in codes]
    reports = of_networks(published.reports)
    return [f"{one.what[0].upper()}{one.what[1:]}." for one in absences(published.settings, networks, reports, asked)]


def _not_listed(place: Place, rows: list[dict[str, Any]], published: _Published) -> list[str]:
    """Say of pages on invented people of a real place that they are there, and how they come to be listed."""
    shown = {page["key"] for row in rows for page in row["pages"]}
    left = [
        page
        for page in published.good
        if page[0] == place.slug and page[2].endswith(MARK) and _target(page, published.settings).exists()
        if shown.isdisjoint({page, (*page[:2], page[2].removesuffix(MARK))})
    ]
    if not left:
        return []
    run = f"pcn-analysis report --place {place.slug} --with-synthetic-people"
    return [f"Not listed: {number(len(left), 'page')} on invented people, made before. To list them, run {run}."]


def _target(page: tuple[str, str, str], settings: Settings) -> Path:
    """The file of a published page."""
    return settings.reports / page[0] / page[1] / f"{page[2]}.html"


def _pages(place: Place, pcn_code: str, published: _Published) -> list[dict[str, Any]]:
    """Pages of a network, each with the title of its link."""
    pages = []
    for report in published.reports:
        kind = published.kind(place, pcn_code, report)
        if kind is not None:
            invented = is_invented(published.settings.processed, place, pcn_code, kind)
            title = f"{report.title} ({SYNTHETIC_PEOPLE})" if invented else report.title
            key = (place.slug, pcn_code, report.stem(kind, invented=invented))
            pages.append(_page(key, title + _as_at(place, pcn_code, kind, published), published))
    return pages


def _as_at(place: Place, pcn_code: str, kind: str, published: _Published) -> str:
    """Say of which day people are reported on, where it is not that of the place's counts."""
    from pcn_analysis.population import prepared_people

    if not kind:
        return ""
    facts = prepared_people(published.settings.processed, place.slug, kind, pcn_code)
    on = dt.date.fromisoformat(facts.get("index_date", place.index_date.isoformat()))
    return "" if on == place.index_date else f", {on.day} {on:%B %Y}"


def _page(key: tuple[str, str, str], title: str, published: _Published) -> dict[str, Any]:
    address = f"{key[0]}/{key[1]}/{key[2]}.html"
    exists = key in published.good and _target(key, published.settings).exists()
    note = ""
    if key in published.failed:
        note = f"failed since; this page is of {published.good[key].started[:10]}" if exists else "failed"
    return {"key": key, "title": title, "href": address if exists else "", "note": note}


def _search(place: Place, code: str, name: str, practices: Any) -> str:
    own = practices[practices["pcn_code"] == code]
    words = [name, code, place.name, place.vintage, *own["practice_name"], *own["practice_code"]]
    return " ".join(" ".join(words).lower().split())


def _summary(rows: list[dict[str, Any]], reports: list[Report]) -> str:
    if not rows:
        return "Nothing has been published yet."
    titles = listed([report.title.lower() for report in of_networks(reports) if not report.needs_people])
    on_people = [report.title for report in reports if report.needs_people]
    more = f"{listed(on_people).capitalize()} where there are people to make them from." if on_people else ""
    counted = "; ".join(row["heading"] for row in rows if row["published"])
    return " ".join(filter(None, [f"A {titles} for each network of {counted}." if counted else "", more]))


def _failure(entry: ledger.Entry) -> str:
    return f"{entry.place}, {entry.pcn_code}, {entry.report}: {entry.error}"


def _counted(entries: list[ledger.Entry]) -> str:
    made, kept, failed = (
        sum(entry.status == status for entry in entries) for status in (ledger.OK, ledger.UP_TO_DATE, ledger.FAILED)
    )
    return f"{made} pages made, {kept} up to date, {failed} failed"
