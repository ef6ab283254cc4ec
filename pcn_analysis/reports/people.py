"""Draw the synthetic people that pages and lists need, network by network, before anything is made from them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pcn_analysis.prepared import load_place
from pcn_analysis.reports.failures import said_safely, work_folder
from pcn_analysis.reports.fan_out import fan_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pcn_analysis.settings import Settings

Network = tuple[str, str]
"""Folder of a place, and code of one of its networks."""


def draw_missing(
    networks: Mapping[Network, str], settings: Settings, say: Callable[[str], None] = lambda _: None
) -> dict[Network, str]:
    """Draw synthetic people for every network whose people are not there or not up to date.

    Parameters
    ----------
    networks
        The networks that need them, each with its name.
    settings
        Where things are, and how many networks are drawn at once.
    say
        Called with a line for each network that is drawn.

    Returns
    -------
    dict
        What went wrong, for each network that could not be drawn; the others are ready.
    """
    return draw(missing(networks, settings), settings, say)


def missing(networks: Mapping[Network, str], settings: Settings) -> dict[Network, str]:
    """Networks whose synthetic people are not there or not up to date, each with its name."""
    if not networks:
        return {}
    from pcn_analysis.synthetic.people import up_to_date

    places = {slug: load_place(settings.processed / slug, only=()) for slug in {slug for slug, _ in networks}}
    return {
        (slug, code): name
        for (slug, code), name in networks.items()
        if not up_to_date(places[slug], code, settings.processed)
    }


def draw(
    networks: Mapping[Network, str], settings: Settings, say: Callable[[str], None] = lambda _: None
) -> dict[Network, str]:
    """Draw synthetic people, several networks at once; returns what went wrong, for each that could not be drawn."""

    def announced() -> Iterator[Network]:
        for network, name in networks.items():
            say(f"Drawing synthetic people for {name} …")
            yield network

    workers = min(settings.jobs, len(networks))
    drawn = fan_out(
        partial(_drawn, settings=settings), announced(), workers=workers, lost=_lost, backend=settings.workers
    )
    return {network: error for network, error in drawn if error}


def _lost(network: Network) -> tuple[Network, str]:
    return network, "synthetic people could not be drawn: the process that drew them was ended twice"


def _drawn(network: Network, settings: Settings) -> tuple[Network, str]:
    """Draw one network; whatever goes wrong is in the answer, and its traceback in ``data/restricted/failed/``."""
    from pcn_analysis.synthetic.people import draw_people

    slug, code = network
    try:
        with work_folder(settings.restricted, f"{slug}_{code}_people"):
            draw_people(load_place(settings.processed / slug), code, settings.processed)
    except Exception as exception:  # one network's failure, of any kind, must not stop the others
        return network, f"synthetic people could not be drawn: {said_safely(exception)}"
    return network, ""
