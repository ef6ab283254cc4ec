"""The head of every page: what it is about, of which date and data, and what a reader must know first."""

from __future__ import annotations

from html import escape
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from pcn_analysis.codes import UNALLOCATED, WHOLE_PLACE
from pcn_analysis.counted import Counted
from pcn_analysis.display.output import show
from pcn_analysis.provenance import SYNTHETIC_PEOPLE
from pcn_analysis.release import release
from pcn_analysis.words import count

if TYPE_CHECKING:
    from pcn_analysis.place import Network, Place
    from pcn_analysis.population import Population

MIME = "application/vnd.pcn-analysis.page+json"
"""Carries what the page is made from, for the checks of reference outputs."""

SYNTHETIC = "SYNTHETIC DATA. This place is invented: nothing here is a finding about anyone or anywhere."
ALL_SYNTHETIC = (
    "SYNTHETIC DATA, SYNTHETIC PEOPLE. This place and everyone on this page are invented: nothing here is a finding "
    "about anyone or anywhere."
)
INVENTED_RECORDS = (
    f"{SYNTHETIC_PEOPLE}. Nobody in these records exists: they were invented, by whoever published them or for a test. "
    "They show what a report looks like; nothing here is a finding."
)


def show_header(subject: Network | Population, title: str) -> None:
    """Show title, place, index date, data vintage and package version, with banners where they are due.

    Parameters
    ----------
    subject
        The network that the page is about, or its people.
    title
        What the page is about it.
    """
    facts, banners = _facts(subject), _banners(subject)
    page = {
        "title": title,
        "network": subject.name,
        "pcn_code": subject.pcn_code,
        "place": subject.place.name,
        "synthetic": subject.provenance.synthetic,
        "people": subject.provenance.people,
        "fingerprint": subject.place.fingerprint,
        "index_date": subject.about.date.isoformat(),
        "vintage": subject.place.vintage,
        "facts": [list(one) for one in facts.items()],
        "banners": [text for _, text in banners],
    }
    show({"text/html": _html(facts, banners), MIME: page, "text/plain": title}, "show_header")


def header_html(subject: Network | Population) -> str:
    """Return the head of a page as HTML."""
    return _html(_facts(subject), _banners(subject))


def _html(facts: dict[str, str], banners: list[tuple[str, str]]) -> str:
    told = "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in facts.items())
    above = "".join(f'<p class="banner {kind}">{escape(text)}</p>' for kind, text in banners)
    return f'<div class="page-head">{above}<dl>{told}</dl></div>'


def people_banner(place: Place) -> str:
    """Say of a page on invented people that nobody on it exists."""
    if place.provenance.synthetic and not place.is_published:
        return INVENTED_RECORDS
    if place.provenance.synthetic:
        return ALL_SYNTHETIC
    return (
        f"{SYNTHETIC_PEOPLE}. Nobody on this page exists: people were drawn at random to fit published counts of "
        f"{place.name}. It shows what a report looks like; it is not a finding."
    )


def _facts(subject: Network | Population) -> dict[str, str]:
    place, provenance = subject.place, subject.provenance
    recorded = getattr(subject, "people", "") == "records"
    invented = "records that were invented" if recorded else "invented, drawn at random"
    kind = invented if provenance.synthetic else "from patient records"
    registered = getattr(subject, "registered", None)
    if registered is not None:
        shown = _released(cast("Population", subject), registered)
        kind = f"{count(shown)}, {kind}"
    who = ": people whose practice is not known or in no network" if subject.pcn_code == UNALLOCATED else ""
    network = f"{subject.name} ({subject.pcn_code}){who}"
    return {
        "Network": f"all {count(len(place.networks()))}" if subject.pcn_code == WHOLE_PLACE else network,
        "Place": place.name,
        "Index date": subject.about.day(),
        **({"Data vintage": place.vintage} if place.is_published else {}),
        **({"People": kind} if provenance.people else {}),
        "Made with": f"pcn_analysis {version('pcn-analysis')}",
    }


def _released(people: Population, registered: int) -> Any:
    """How many people there are, as it may be shown."""
    frame = pd.DataFrame({"registered": pd.array([registered], dtype="Int64")})
    table = people.sourced(frame, counts=("registered",), counted={"registered": Counted()})
    return release(table).frame["registered"].iloc[0]


def _banners(subject: Network | Population) -> list[tuple[str, str]]:
    provenance = subject.provenance
    invented = people_banner(subject.place) if provenance.people else SYNTHETIC
    banners = [("synthetic", invented)] if provenance.synthetic else []
    return banners + ([("modelled", f"Part modelled. {provenance.modelled}")] if provenance.modelled else [])
