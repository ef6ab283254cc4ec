"""A place as lists show it: one row for all its networks together, one for each, one for those in none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pcn_analysis import profile
from pcn_analysis.codes import COUNTRY, NO_NETWORK_NAME, UNALLOCATED, WHOLE_PLACE
from pcn_analysis.display.tables import NOT_APPLICABLE
from pcn_analysis.release import release
from pcn_analysis.reports.absence import IN_NO_NETWORK, has_group
from pcn_analysis.reports.site.boards import Board, boards_of
from pcn_analysis.thresholds import size_band
from pcn_analysis.words import count

if TYPE_CHECKING:
    import pandas as pd

    from pcn_analysis.place import Place
    from pcn_analysis.reports.site.published import ListedPage, Published


@dataclass(frozen=True)
class Row:
    """A network of a place.

    Parameters
    ----------
    place
        Folder of its place.
    code, name
        Its code and name.
    pages
        Its pages, made or not.
    search
        What it is found by, in small letters.
    practices, patients, band
        How many it has, and its size band, in words.
    board
        Its integrated care board; None where there is none, or more than one.
    """

    place: str
    code: str
    name: str
    pages: tuple[ListedPage, ...]
    search: str
    practices: str = NOT_APPLICABLE
    patients: str = NOT_APPLICABLE
    band: str = NOT_APPLICABLE
    board: Board | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is of all networks of its place together."""
        return self.code == WHOLE_PLACE

    @property
    def is_network(self) -> bool:
        """Whether it is of one network, and not of all or of people in none."""
        return self.code not in (WHOLE_PLACE, UNALLOCATED)

    @property
    def counted_as(self) -> str:
        """What it is counted by: a network of several places is one; whoever is in none belongs to a place."""
        return self.code if self.is_network else f"{self.place} {self.code}"


@dataclass(frozen=True)
class ListedPlace:
    """A place with its rows.

    Parameters
    ----------
    place
        The place; of its tables only those of practices and networks have been read.
    rows
        Its rows: all networks, each, those in none.
    sizes
        Released sizes of its networks, with a last row for practices in none; None where nothing is published of it.
    """

    place: Place
    rows: tuple[Row, ...]
    sizes: pd.DataFrame | None

    @property
    def pages(self) -> list[ListedPage]:
        """All pages of its rows."""
        return [page for row in self.rows for page in row.pages]


def listed_place(place: Place, published: Published) -> ListedPlace:
    """List a place: its networks by name, as large as published, each with its pages."""
    group = _group(place, published)
    if not place.is_published:
        return ListedPlace(place, tuple(group), None)
    sizes = release(profile.network_sizes(place), profile="open_data").frame
    networks = _networks(place, published, sizes)
    return ListedPlace(place, (*_whole(place, published, sizes, networks), *networks, *group), sizes)


def _whole(place: Place, published: Published, sizes: pd.DataFrame, networks: list[Row]) -> list[Row]:
    """All networks of a place together, where there are pages on them; of a board if all are of the same."""
    pages = published.pages(place, WHOLE_PLACE)
    boards = {row.board for row in networks}
    row = Row(
        place.slug,
        WHOLE_PLACE,
        f"{place.name}: all networks",
        tuple(pages),
        _search(place.name, "all networks", place.vintage),
        practices=count(place.tables["practices"].frame["in_place"].sum()),
        patients=count(sizes["patients"].sum()),
        board=boards.pop() if len(boards) == 1 else None,
    )
    return [row] if pages else []


def _networks(place: Place, published: Published, sizes: pd.DataFrame) -> list[Row]:
    boards, words = boards_of(place), _practices(place)
    rows = [
        _network(place, published, row, words[row.pcn_code], boards.get(row.pcn_code, Board()))
        for row in sizes.dropna(subset=["pcn_code"]).itertuples()
    ]
    return [row for row in rows if place.name != COUNTRY or any(page.is_there or page.failed for page in row.pages)]


def _practices(place: Place) -> dict[str, str]:
    """Names and codes of the practices of each network, by its code."""
    found: dict[str, list[str]] = {}
    frame = place.tables["practices"].frame.dropna(subset=["pcn_code"])
    for network, name, code in frame[["pcn_code", "practice_name", "practice_code"]].to_numpy():
        found.setdefault(network, []).extend((name, code))
    return {network: " ".join(words) for network, words in found.items()}


def _network(place: Place, published: Published, size: Any, words: str, board: Board) -> Row:
    code, name = str(size.pcn_code), str(size.pcn_name)
    return Row(
        place.slug,
        code,
        name,
        tuple(published.pages(place, code)),
        _search(name, code, place.name, place.vintage, board.name, board.code, words),
        practices=count(size.practices),
        patients=count(size.patients),
        band=size_band(size.patients),
        board=board,
    )


def _group(place: Place, published: Published) -> list[Row]:
    """Those in no network, where their records have been prepared; no count of them is published."""
    if not has_group(published.settings.processed, place):
        return []
    pages = published.pages(place, UNALLOCATED)
    search = _search(NO_NETWORK_NAME, UNALLOCATED, place.name, place.vintage)
    return [Row(place.slug, UNALLOCATED, f"{NO_NETWORK_NAME}: {IN_NO_NETWORK}", tuple(pages), search)]


def _search(*words: str) -> str:
    return " ".join(" ".join(words).lower().split())
