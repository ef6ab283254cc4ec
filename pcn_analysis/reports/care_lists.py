"""Lists of people for proactive care, network by network, for the clinicians of each practice."""

from __future__ import annotations

import datetime as dt
import getpass
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import narwhals as nw

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.reports.absence import Absent, absences, people_of
from pcn_analysis.reports.catalogue import find_report
from pcn_analysis.reports.failures import said_safely, work_folder
from pcn_analysis.reports.people import Network, draw_missing
from pcn_analysis.reports.planning import choose_places, networks_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pcn_analysis.release.lists import Lists
    from pcn_analysis.settings import Settings

REPORT = "03_anticipatory_care"
"""The report whose people are listed; a network has lists where it could have this report."""


@dataclass
class Written:
    """What became of the lists.

    Parameters
    ----------
    files
        How many lists were written.
    without_practice
        People who would be listed, but whose practice is not known.
    failed
        What went wrong, for each place and network without lists.
    absent
        What has no people to list.
    """

    files: int = 0
    without_practice: int = 0
    failed: dict[Network, str] = field(default_factory=dict)
    absent: list[Absent] = field(default_factory=list)


def write_care_lists(
    settings: Settings,
    place: str | None,
    pcns: Sequence[str],
    *,
    synthetic_people: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Written:
    """Write the lists of every network asked for; one network's failure does not stop the others.

    Parameters
    ----------
    settings
        Where things are.
    place
        A prepared place; by default every real one.
    pcns
        Network codes; empty means all.
    synthetic_people
        Whether networks without patient records have lists of invented people.
    say
        Called with a line for each network whose people are drawn.

    Raises
    ------
    PcnAnalysisError
        If the place or a network is not known, or nobody has people to list.
    """
    networks = networks_of(choose_places(settings.processed, place), pcns, settings.processed)
    report = find_report(REPORT)
    kinds = {
        (one.slug, code): people_of(settings.processed, one, code, report, synthetic_people=synthetic_people)[0]
        for one, code, _ in networks
    }
    names = {(one.slug, code): name for one, code, name in networks if kinds[one.slug, code]}
    absent = absences(settings, [network[:2] for network in networks], [report], synthetic_people)
    if not names:
        raise PcnAnalysisError(*(one.problem() for one in absent))
    invented = {network: name for network, name in names.items() if kinds[network] == "synthetic"}
    made = Written(failed=draw_missing(invented, settings, say), absent=absent)
    for network in names:
        if network in made.failed:
            continue
        try:
            with work_folder(settings.restricted, f"{'_'.join(network)}_lists"):
                lists = _lists(*network, kinds[network], settings)
            made.files += len(lists.paths)
            made.without_practice += lists.without_practice
        except Exception as exception:  # one network's failure, of any kind, must not stop the others
            made.failed[network] = said_safely(exception)
    return made


def _lists(place: str, pcn_code: str, people: str, settings: Settings) -> Lists:
    from pcn_analysis.anticipatory.eligibility import PROACTIVE_CARE, eligible
    from pcn_analysis.population import load_population
    from pcn_analysis.release.lists import write_lists
    from pcn_analysis.scores.frailty import REASONS_NOT_KNOWN

    population = load_population(place, pcn_code, people)
    listed = eligible(population.tables["person_table"], PROACTIVE_CARE, on=population.index_date)
    reasons = population.tables.get("frailty_reasons")
    if reasons is None:
        why = listed.select("person_id", element=nw.lit(REASONS_NOT_KNOWN))
    else:
        why = reasons.join(listed.select("person_id"), on="person_id", how="semi")
    return write_lists(
        population,
        listed,
        why,
        restricted=settings.restricted,
        published=(settings.reports, settings.notebooks),
        written_at=dt.datetime.now(dt.UTC),
        by=_user(),
    )


def _user() -> str:
    """Name of whoever is at the keyboard, as the system knows it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
