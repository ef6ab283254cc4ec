"""Write lists of people for every network asked for, whatever they are of."""

from __future__ import annotations

import datetime as dt
import getpass
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import narwhals as nw

from pcn_analysis.exceptions import PcnAnalysisError, problem
from pcn_analysis.reports.absence import Absent, absences, people_of
from pcn_analysis.reports.failures import said_safely, work_folder
from pcn_analysis.reports.people import Network, draw_missing
from pcn_analysis.reports.planning import choose_places, networks_of
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population
    from pcn_analysis.release.list_kinds import Kind
    from pcn_analysis.release.lists import Lists
    from pcn_analysis.settings import Settings


@dataclass(frozen=True)
class Rows:
    """What the lists of a network are written from, as :func:`pcn_analysis.release.lists.write_lists` takes it."""

    kind: Kind
    people: pd.DataFrame | Lazy
    reasons: pd.DataFrame | Lazy
    about: str = ""


@dataclass(frozen=True)
class Listing:
    """What is listed.

    Parameters
    ----------
    title
        What is said to be absent where a network has no lists.
    stem
        What the folder of a failure is called.
    rows
        Makes the rows of a network.
    needs_frailty
        Whether there are none where frailty could not be assessed at all.
    asked
        Pseudonyms of people of whom more is told than of the others, if there are any.
    """

    title: str
    stem: str
    rows: Callable[[Population], Rows]
    needs_frailty: bool = False
    asked: frozenset[str] = frozenset()

    @property
    def needs_people(self) -> bool:
        """Lists are of people."""
        return True


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
    not_found
        People of whom something was asked, and who are in no network that was listed.
    """

    files: int = 0
    without_practice: int = 0
    failed: dict[Network, str] = field(default_factory=dict)
    absent: list[Absent] = field(default_factory=list)
    not_found: int = 0


def write_listing(
    listing: Listing,
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
    listing
        What is listed.
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
        If the place or a network is not known, nobody has people to list, or nobody of those asked for is among them.
    """
    networks = networks_of(choose_places(settings.processed, place), pcns, settings.processed)
    kinds = {
        (one.slug, code): people_of(settings.processed, one, code, listing, synthetic_people=synthetic_people)[0]
        for one, code, _ in networks
    }
    names = {(one.slug, code): name for one, code, name in networks if kinds[one.slug, code]}
    absent = absences(settings, [network[:2] for network in networks], [listing], synthetic_people)
    if not names:
        raise PcnAnalysisError(*(one.problem() for one in absent))
    invented = {network: name for network, name in names.items() if kinds[network] == "synthetic"}
    made = Written(failed=draw_missing(invented, settings, say), absent=absent)
    _check_asked(listing.asked, {network: kinds[network] for network in names if network not in made.failed})
    for network in names:
        if network in made.failed:
            continue
        try:
            with work_folder(settings.restricted, f"{'_'.join(network)}_{listing.stem}"):
                lists = _lists(*network, kinds[network], listing, settings)
            made.files += len(lists.paths)
            made.without_practice += lists.without_practice
        except Exception as exception:  # one network's failure, of any kind, must not stop the others
            made.failed[network] = said_safely(exception)
    return made


def _check_asked(asked: frozenset[str], kinds: Mapping[Network, str]) -> None:
    """Refuse to write anything where nobody who is asked for is there: the lists before would be moved for nothing."""
    if asked and not any(_holds(asked, *network, kind) for network, kind in kinds.items()):
        what = f"nobody of the {number(len(asked), 'person', 'people')} asked for is registered in these networks"
        raise problem("--what-would-move", what, "Give person_id as it stands in their lists. Nothing was written.")


def _holds(asked: frozenset[str], place: str, pcn_code: str, people: str) -> bool:
    """Whether a network has any of some people; so it may where its people cannot be read, which is told later."""
    from pcn_analysis.engine import to_pandas
    from pcn_analysis.person_table import table_of
    from pcn_analysis.population import load_population

    try:
        table = table_of(load_population(place, pcn_code, people))
    except PcnAnalysisError:
        return True
    return not to_pandas(table.filter(nw.col("person_id").is_in(sorted(asked))).select("person_id").head(1)).empty


def _lists(place: str, pcn_code: str, people: str, listing: Listing, settings: Settings) -> Lists:
    from pcn_analysis.population import load_population
    from pcn_analysis.release.lists import write_lists

    population = load_population(place, pcn_code, people)
    rows = listing.rows(population)
    return write_lists(
        population,
        rows.people,
        rows.reasons,
        kind=rows.kind,
        about=rows.about,
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
