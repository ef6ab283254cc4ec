"""The index of everything published: searchable, honest about what failed, standing alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.prepared import load_place, prepared_places
from pcn_analysis.reports import ledger
from pcn_analysis.reports.site.boards import LIST_OF_NETWORKS, Board
from pcn_analysis.reports.site.place_page import MARKED, TEMPLATE, attributions, banner, heading, place_page
from pcn_analysis.reports.site.published import PAGE, Published
from pcn_analysis.reports.site.putting_out import put_out, rendered
from pcn_analysis.reports.site.rows import ListedPlace, listed_place
from pcn_analysis.reports.site.status import last_made, status
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pcn_analysis.place import Place
    from pcn_analysis.reports.site.published import ListedPage
    from pcn_analysis.reports.site.rows import Row
    from pcn_analysis.settings import Settings

INDEX = "index.html"
SHOWN_FAILURES = 10
"""More failures than that are folded away below these."""
NOTHING_YET = "Nothing has been published yet."
BOARD_NOT_KNOWN = "unknown"
"""Stands in an address for networks whose integrated care board is not known."""


def write_index(
    settings: Settings, entries: list[ledger.Entry], asked: set[str], *, synthetic_people: bool = False
) -> Path:
    """Write ``reports/index.html`` over every page that has been published, and ``reports/<place>/index.html``.

    Every place that has been reported on is listed, real ones first; the invented place last while it has a page or
    the run was about it. Invented people of a real place are listed only when the run asked for them; of pages on them
    that were made before, the page of the place says how to list them. What is written depends on the ledger, the
    files and the last two parameters alone; pages that would be the same are left as they are.

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
        If a page would hold what must not leave; those before stay.
    """
    published = Published(settings, asked, synthetic_people=synthetic_people)
    slugs = {entry.place for entry in (*published.last.values(), *entries)} | asked
    places = [listed_place(place, published) for place in _loaded(settings.processed, slugs, published)]
    pages = {
        f"{one.place.slug}/{INDEX}": rendered(TEMPLATE, place=place_page(one, published), title=heading(one.place))
        for one in places
    }
    pages[INDEX] = index_html(places)
    put_out(pages, settings)
    return settings.reports / INDEX


def index_html(places: Sequence[ListedPlace]) -> str:
    """The index over some places, in their order."""
    names = _names(places)
    rows = [_row(row, names[row.place], one) for one in places for row in one.rows]
    failures = [_failure(row, page, names) for one in places for row in one.rows for page in row.pages if page.failed]
    return rendered(
        "index.html.j2",
        title="Reports on Primary Care Networks",
        summary=_summary(places),
        banners=_banners(places, names),
        modelled=list(dict.fromkeys(one.place.provenance.modelled for one in places if one.place.provenance.modelled)),
        failures=failures[:SHOWN_FAILURES],
        more_failures=failures[SHOWN_FAILURES:],
        boards=_choices([(row["board_key"], row["board"]) for row in rows if row["board_key"]]),
        places=[(one.place.slug, names[one.place.slug]) for one in places],
        found=_found(places),
        rows=rows,
        attributions=list(dict.fromkeys(text for one in places for text in attributions(one.place))),
    )


def _loaded(processed: Path, slugs: set[str], published: Published) -> list[Place]:
    """Places that are still prepared and sound, real ones first; an invented one if it is asked for or has a page."""
    places = []
    for slug in sorted(slugs & set(prepared_places(processed))):
        try:
            place = load_place(processed / slug, only=("practices", LIST_OF_NETWORKS))
        except PcnAnalysisError:
            continue
        if slug in published.asked | published.slugs or not place.provenance.synthetic:
            places.append(place)
    return sorted(places, key=lambda place: (place.provenance.synthetic, place.name, place.slug))


def _names(places: Sequence[ListedPlace]) -> dict[str, str]:
    """The name of each place, with the vintage where two have the same."""
    times = Counter(one.place.name for one in places)
    return {
        one.place.slug: one.place.name if times[one.place.name] == 1 else f"{one.place.name} ({one.place.vintage})"
        for one in places
    }


def _row(row: Row, place: str, listed: ListedPlace) -> dict[str, Any]:
    there = [page for page in row.pages if page.is_there]
    return {
        "row": row,
        "place": place,
        "vintage": listed.place.vintage,
        "board": row.board.label if row.board else "",
        "board_key": (row.board.code or BOARD_NOT_KNOWN) if row.board else "",
        "links": [_link(page) for page in there if not page.invented],
        "invented": [_link(page) for page in there if page.invented],
        "status": status(row.pages),
        "failed": any(page.failed for page in row.pages),
        "made": last_made(row.pages),
    }


def _link(page: ListedPage) -> tuple[str, str, str]:
    return f"{page.key[0]}/{page.key[1]}/{page.files[PAGE]}", page.title, page.full_title


def _failure(row: Row, page: ListedPage, names: dict[str, str]) -> dict[str, str]:
    return {
        "slug": row.place,
        "place": names[row.place],
        "network": f"{row.name} ({row.code})" if row.is_network else row.name,
        "report": page.full_title,
        "error": page.error or "no reason is known",
    }


def _banners(places: Sequence[ListedPlace], names: dict[str, str]) -> list[str]:
    """What is invented, each said once, with the places that it is true of where there are others."""
    of: dict[str, list[str]] = {}
    for one in places:
        if said := banner(one):
            of.setdefault(said, []).append(names[one.place.slug])
    return [
        text if text == MARKED or len(those) == len(places) else f"{'; '.join(those)}: {text}"
        for text, those in of.items()
    ]


def _choices(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What can be chosen, once each, by name; a name goes before a code where both are known."""
    found: dict[str, str] = {}
    for key, label in pairs:
        if found.get(key, key) == key:
            found[key] = label
    return sorted(found.items(), key=lambda pair: (pair[0] == BOARD_NOT_KNOWN, pair[1].casefold(), pair[0]))


def _found(places: Sequence[ListedPlace]) -> str:
    """How many networks are listed, in how many rows where some stand in several places."""
    counted = [row.counted_as for one in places for row in one.rows if not row.is_whole]
    networks = number(len(set(counted)), "network")
    return networks if len(set(counted)) == len(counted) else f"{networks} in {number(len(counted), 'row')}"


def _summary(places: Sequence[ListedPlace]) -> str:
    rows = [row for one in places for row in one.rows if row.is_network]
    boards = {row.board.code for row in rows if row.board} - {Board().code}
    if not places:
        return NOTHING_YET
    if not rows:
        return f"Reports made from records of people, of {number(len(places), 'place')}."
    within = f" of {number(len(boards), 'integrated care board')}" if len(boards) > 1 else ""
    if len(places) == 1:
        what = f"{number(len(rows), 'network')} of {heading(places[0].place)}"
    else:
        what = f"{number(len({row.code for row in rows}), 'network')} in {number(len(places), 'place')}{within}"
    return f"Reports on {what}: who is registered, where they live, who needs care, and who is there to give it."
