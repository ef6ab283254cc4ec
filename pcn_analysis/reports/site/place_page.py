"""The page of a place: what it holds, what of it is invented or absent, and every file of every network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pcn_analysis.codes import UNALLOCATED
from pcn_analysis.display.header import INVENTED_RECORDS, SYNTHETIC
from pcn_analysis.display.tables import NOT_APPLICABLE
from pcn_analysis.provenance import SYNTHETIC_PEOPLE
from pcn_analysis.reports.absence import absences
from pcn_analysis.reports.catalogue import CATALOGUE, of_networks
from pcn_analysis.reports.site.published import FORMATS, PAGE
from pcn_analysis.reports.site.status import day, last_made, page_status, status
from pcn_analysis.words import count, number

if TYPE_CHECKING:
    from pcn_analysis.place import Place
    from pcn_analysis.reports.site.published import ListedPage, Published
    from pcn_analysis.reports.site.rows import ListedPlace, Row

TEMPLATE = "place.html.j2"
MARKED = f"{SYNTHETIC_PEOPLE}. Nobody on the pages marked so exists: people were drawn at random to fit the place."
"""Said of a real place some of whose pages are on invented people."""


def place_page(listed: ListedPlace, published: Published) -> dict[str, Any]:
    """What the page of a place says, for its template."""
    place = listed.place
    return {
        "heading": heading(place),
        "synthetic": banner(listed),
        "modelled": place.provenance.modelled,
        "sentence": _sentence(listed),
        "absent": [*_absent(listed, published), *_not_listed(listed, published)],
        "networks": [_network(row) for row in listed.rows],
        "attributions": attributions(place),
        "home": "../index.html",
    }


def heading(place: Place) -> str:
    """The name of a place, and the day that its lists describe."""
    return f"{place.name}, {place.index_date.day} {place.index_date:%B %Y}"


def banner(listed: ListedPlace) -> str:
    """Say what of a place is invented; empty where nothing is."""
    place = listed.place
    if place.provenance.synthetic:
        return SYNTHETIC if place.is_published else INVENTED_RECORDS
    return MARKED if any(page.invented for page in listed.pages) else ""


def attributions(place: Place) -> list[str]:
    """The sentences that the licences of a place's sources ask to be shown."""
    return list(dict.fromkeys(source.attribution for source in place.provenance.sources))


def _network(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "code": row.code,
        "is_whole": row.is_whole,
        "board": row.board.label if row.board else NOT_APPLICABLE,
        "practices": row.practices,
        "patients": row.patients,
        "band": row.band,
        "status": status(row.pages),
        "failed": any(page.failed for page in row.pages),
        "made": last_made(row.pages),
        "pages": [_page(page) for page in row.pages],
    }


def _page(page: ListedPage) -> dict[str, Any]:
    folder = page.key[1]
    files = [(FORMATS[end], f"{folder}/{name}") for end, name in page.files.items() if end != PAGE]
    return {
        "title": page.full_title,
        "href": f"{folder}/{page.files[PAGE]}" if page.is_there else "",
        "files": files,
        "status": page_status(page),
        "failed": page.failed,
        "made": day(page.made),
    }


def _sentence(listed: ListedPlace) -> str:
    """Say how many networks and patients a place has, and who has no page."""
    place, sizes = listed.place, listed.sizes
    if sizes is None:
        return "Records of people, to which no published counts belong."
    alone = sizes[sizes["pcn_code"].isna()]
    networks = sum(row.is_network for row in listed.rows)
    grouped = any(row.code == UNALLOCATED for row in listed.rows)
    rest = (
        f" {number(int(alone['practices'].sum()), 'practice')} of {place.name} with "
        f"{count(alone['patients'].sum())} patients belong to no network{'' if grouped else ' and have no page'}."
        if len(alone)
        else ""
    )
    return (
        f"{number(networks, 'network')} with {count(sizes['patients'].sum() - alone['patients'].sum())} "
        f"registered patients. Data vintage: {place.vintage}.{rest}"
    )


def _absent(listed: ListedPlace, published: Published) -> list[str]:
    """Say which reports on people the place goes without, and why."""
    place, asked = listed.place, listed.place.slug in published.invented
    networks = [(place, row.code) for row in listed.rows if not row.is_whole]
    found = absences(published.settings, networks, of_networks(CATALOGUE), asked)
    return [f"{one.what[0].upper()}{one.what[1:]}." for one in found]


def _not_listed(listed: ListedPlace, published: Published) -> list[str]:
    """Say of pages on invented people of a real place that they are there, and how they come to be listed."""
    slug = listed.place.slug
    left = published.not_listed(slug, [page.key for page in listed.pages])
    if not left:
        return []
    run = f"pcn-analysis report --place {slug} --with-synthetic-people"
    return [f"Not listed: {number(left, 'page')} on invented people, made before. To list them, run {run}."]
