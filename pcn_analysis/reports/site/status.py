"""How the pages of a network stand, in words, and when they were made: by day, so that no run leaves its own mark."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.reports.site.published import ListedPage

ALL_MADE, NOT_MADE = "all made", "not made"


def status(pages: Sequence[ListedPage]) -> str:
    """Say how many pages of a network failed when last tried; else how many have been made.

    Examples
    --------
    >>> from pcn_analysis.reports.site.published import ListedPage
    >>> made = ListedPage(("a", "U1", "01"), "One", {".html": "01.html"}, made="2026-07-01T10:00:00Z")
    >>> absent = ListedPage(("a", "U1", "02"), "Two", {})
    >>> failed = ListedPage(("a", "U1", "03"), "Three", {}, failed=True)
    >>> [status(pages) for pages in ([made], [made, absent], [absent], [made, failed], [failed])]
    ['all made', '1 of 2 made', 'not made', '1 of 2 failed', '1 of 1 failed']
    """
    failed, made = sum(page.failed for page in pages), sum(page.is_there for page in pages)
    if failed:
        return f"{failed} of {len(pages)} failed"
    if not made:
        return NOT_MADE
    return ALL_MADE if made == len(pages) else f"{made} of {len(pages)} made"


def page_status(page: ListedPage) -> str:
    """Say how one page stands.

    Examples
    --------
    >>> from pcn_analysis.reports.site.published import ListedPage
    >>> page_status(ListedPage(("a", "U1", "01"), "One", {}, failed=True, error="KeyError"))
    'failed: KeyError'
    """
    if page.failed:
        kept = f"failed since; this page is of {day(page.made) or 'before'}" if page.is_there else "failed"
        said = f"{kept}: {page.error}" if page.error else kept
    else:
        said = "made" if page.is_there else NOT_MADE
    return f"{said}; {page.note}" if page.note else said


def last_made(pages: Sequence[ListedPage]) -> str:
    """The day on which the newest of some pages was made; empty where none has been."""
    return day(max((page.made for page in pages), default=""))


def day(stamp: str) -> str:
    """Write the day of a time in UTC as people read it, short enough for a column.

    Examples
    --------
    >>> day("2026-07-01T23:59:00Z"), day("")
    ('1 Jul 2026', '')
    """
    if not stamp:
        return ""
    on = dt.date.fromisoformat(stamp[:10])
    return f"{on.day} {on:%b %Y}"
