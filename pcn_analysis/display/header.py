"""The head of every page: what it is about, of which date and data, and what a reader must know first."""

from __future__ import annotations

from html import escape
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from pcn_analysis.display.output import show

if TYPE_CHECKING:
    from pcn_analysis.place import Network

MIME = "application/vnd.pcn-analysis.page+json"
"""Carries what the page is made from, for the checks of reference outputs."""

SYNTHETIC = "SYNTHETIC DATA. This place is invented: nothing here is a finding about anyone or anywhere."


def show_header(network: Network, title: str) -> None:
    """Show title, place, index date, data vintage and package version, with banners where they are due.

    Parameters
    ----------
    network
        The network that the page is about.
    title
        What the page is about it.
    """
    page = {
        "title": title,
        "network": network.name,
        "place": network.place.name,
        "synthetic": network.place.provenance.synthetic,
        "people": network.place.provenance.people,
        "fingerprint": network.place.fingerprint,
    }
    show({"text/html": header_html(network), MIME: page, "text/plain": title}, "show_header")


def header_html(network: Network) -> str:
    """Return the head of a page as HTML."""
    facts = "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in _facts(network).items())
    banners = "".join(f'<p class="banner {kind}">{escape(text)}</p>' for kind, text in _banners(network))
    return f'<div class="page-head">{banners}<dl>{facts}</dl></div>'


def _facts(network: Network) -> dict[str, Any]:
    place = network.place
    return {
        "Network": f"{network.name} ({network.pcn_code})",
        "Place": place.name,
        "Index date": f"{place.index_date.day} {place.index_date:%B %Y}",
        "Data vintage": place.vintage,
        "Made with": f"pcn_analysis {version('pcn-analysis')}",
    }


def _banners(network: Network) -> list[tuple[str, str]]:
    provenance = network.place.provenance
    banners = [("synthetic", SYNTHETIC)] if provenance.synthetic else []
    return banners + ([("modelled", f"Part modelled. {provenance.modelled}")] if provenance.modelled else [])
