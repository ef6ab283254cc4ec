"""The current link on a publication page, where addresses change with every release."""

from __future__ import annotations

import re
from difflib import get_close_matches
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from pcn_analysis.downloads.web import refuse_downgrade
from pcn_analysis.exceptions import problem
from pcn_analysis.words import listed

if TYPE_CHECKING:
    from pcn_analysis.downloads.catalogue import Download
    from pcn_analysis.downloads.web import Web

FILES = (".zip", ".csv", ".xlsx", ".xls", ".ods", ".json", ".geojson", ".parquet")
"""Endings of what a publication page links to as its data."""
PREVIEW = "/csv-preview/"
"""Part of the address of a page of GOV.UK that shows a file under the file's own name."""
SHOWN = 3
"""How many of the links that were found instead are told."""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value.strip() for name, value in attrs if name == "href" and value]


def file_name(address: str) -> str:
    """Name of the file that an address ends in.

    Examples
    --------
    >>> file_name("https://files.digital.nhs.uk/C6/77B386/QOF%202526.zip?download=1")
    'QOF 2526.zip'
    """
    return PurePosixPath(unquote(urlsplit(address).path)).name


def links(page: str, address: str) -> list[str]:
    """Addresses that a page links to, each once, in the order of the page.

    Examples
    --------
    >>> links('<a href="/98/8142DB/map.zip">Map</a> <a href="#top">Top</a>', "https://files.example/july-2026")
    ['https://files.example/98/8142DB/map.zip', 'https://files.example/july-2026#top']
    """
    parser = _Links()
    parser.feed(page)
    return list(dict.fromkeys(urljoin(address, found) for found in parser.found))


def find_link(web: Web, download: Download) -> str:
    """Find the address of a file on its publication page.

    Raises
    ------
    PcnAnalysisError
        If the page is not there, or links to no such file, or to several.
    """
    text, at = web.text(download.saved_as, download.page)
    found = [link for link in links(text, at) if PREVIEW not in link]
    fitting = [link for link in found if re.search(download.link, file_name(link), re.IGNORECASE)]
    put_right = f"put its address into config/downloads.toml, as url under [files.{download.name}]"
    page = download.page if at == download.page else f"{download.page} (now {at})"
    if len(fitting) > 1:
        names = listed([file_name(link) for link in fitting])
        raise problem(download.saved_as, f"{page} links to several such files: {names}", f"Choose one and {put_right}.")
    if not fitting:
        raise problem(
            download.saved_as,
            f"{page} has moved on: no link there is named like {download.original}. {_instead(found, download)}",
            f"Open the page, find the file, and {put_right}.",
        )
    refuse_downgrade(at, fitting[0])
    return fitting[0]


def _instead(found: list[str], download: Download) -> str:
    """Say which files a page links to, those with the nearest names first."""
    names = list(dict.fromkeys(file_name(link) for link in found if file_name(link).lower().endswith(FILES)))
    if not names:
        return "It links to no data file"
    close = get_close_matches(download.original, names, n=SHOWN, cutoff=0)
    more = f" and {len(names) - len(close)} others" if len(names) > len(close) else ""
    return f"Nearest: {', '.join(close)}{more}"
