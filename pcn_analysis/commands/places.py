"""What ``pcn-analysis prepare`` makes of published files: one place, or every local authority of England.

For every place England is read once. Places are then taken out of it several at once; those that are up to date are
left as they are, so that a run that was stopped goes on where it was; and one place's failure stops no other.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typer

from pcn_analysis.codes import COUNTRY
from pcn_analysis.commands.project import SOME_FAILED, say, shown
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.words import number, slug

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geopandas import GeoDataFrame

    from pcn_analysis.place import Place
    from pcn_analysis.settings import Settings
    from pcn_analysis.sources.england import England


LOST = "the process that prepared it was ended, twice"


@dataclass(frozen=True)
class Published:
    """What is made of published files, and how.

    Parameters
    ----------
    folder
        Where the files are.
    vintage
        ``2023-07`` or ``2026-07``.
    allow_unmapped
        Whether practices missing from the map are grouped as in no network.
    """

    folder: Path
    vintage: str
    allow_unmapped: bool = False

    def files(self) -> dict[str, Path]:
        """Its files; all that are missing are told together."""
        from pcn_analysis.sources.local_authority import files_of

        return files_of(self.folder, self.vintage)


@dataclass(frozen=True)
class Outcome:
    """What became of one place.

    Parameters
    ----------
    name
        Its name.
    status
        ``prepared``, ``up to date`` or ``failed``.
    said
        More of it, in words.
    """

    name: str
    status: str
    said: str = ""


def store(place: Place, settings: Settings) -> str:
    """Store a place, and say what it holds."""
    from pcn_analysis.prepared import save_place

    folder = save_place(place, settings.processed)
    practices = place.tables["practices"].frame
    own = practices[practices["in_place"]]
    return (
        f"{number(len(place.networks()), 'network')}, {number(len(own), 'practice')}, "
        f"{own['list_size'].sum():,} patients, in {shown(folder, settings)}"
    )


def hold_against_random(place: Place, settings: Settings) -> str:
    """Hold today's networks against random plans, for the page of the place, and say so; England's are not."""
    from pcn_analysis.network.place_null import can_be_held, held_against_random, keep_held

    if place.name == COUNTRY:
        return ""
    if not can_be_held(place):
        return "No counts of patients by area: its networks are not held against random ones."
    held = held_against_random(place)
    keep_held(place, held, settings.processed)
    if held.why:
        return f"Its networks are not held against random ones: {held.why}."
    drawn = f"{held.plans} random plans ({held.different} different) of {held.networks} contiguous networks"
    return f"Held today's networks against {drawn} of {held.smallest:,} to {held.largest:,} patients."


def prepare_every_place(published: Published, settings: Settings, jobs: int) -> None:
    """Make validated tables of every local authority of England, and say how it went.

    Parameters
    ----------
    published
        What they are made of.
    settings
        Where they go.
    jobs
        How many are made at once.

    Raises
    ------
    PcnAnalysisError
        If a file is missing or damaged: nothing is prepared then.
    typer.Exit
        With code 1 if some places failed; the others were prepared.
    """
    begun, outcomes = time.monotonic(), []
    for done, total, outcome in _outcomes(published, settings, jobs):
        outcomes.append(outcome)
        say(f"{done:>{len(str(total))}}/{total} {outcome.name}: {outcome.status}{outcome.said and f', {outcome.said}'}")
    kinds = [sum(one.status == kind for one in outcomes) for kind in ("prepared", "up to date", "failed")]
    minutes, seconds = divmod(round(time.monotonic() - begun), 60)
    typer.echo(
        f"{number(kinds[0], 'place')} prepared, {kinds[1]} up to date, {kinds[2]} failed, in {minutes} min {seconds} s."
    )
    if failed := [one for one in outcomes if one.status == "failed"]:
        for one in sorted(failed, key=lambda outcome: outcome.name):
            typer.echo(f"Failed: {one.name}: {one.said}", err=True)
        raise typer.Exit(SOME_FAILED)
    typer.echo("Next: pcn-analysis report --all")


def _outcomes(published: Published, settings: Settings, jobs: int) -> Iterator[tuple[int, int, Outcome]]:
    """Prepare every place; yields how many are done, of how many, and the last of them."""
    from joblib import dump

    from pcn_analysis.reports.fan_out import fan_out
    from pcn_analysis.sources.local_authority import local_authorities, read_country

    country = read_country(published.files(), published.vintage, lambda step: say(f"{step} …"))
    names = local_authorities(country[0].areas)
    with TemporaryDirectory() as folder:
        read = str(Path(folder) / "country")
        dump(country, read)
        del country
        work = partial(_outcome, read=read, published=published, settings=settings)
        made = fan_out(work, names, workers=jobs, lost=lambda name: Outcome(name, "failed", LOST))
        for done, outcome in enumerate(made, start=1):
            yield done, len(names), outcome


@cache
def _country(read: str) -> tuple[England, GeoDataFrame]:
    """What was read of England, loaded once by each worker."""
    from joblib import load

    loaded: tuple[England, GeoDataFrame] = load(read)
    return loaded


def _outcome(name: str, read: str, published: Published, settings: Settings) -> Outcome:
    """Prepare one place; whatever goes wrong is in the outcome."""
    from pcn_analysis.reports.failures import said_safely, work_folder

    try:
        with work_folder(settings.restricted, f"prepare_{slug(name)}"):
            return _prepared(name, read, published, settings)
    except Exception as exception:  # one place's failure, of any kind, must not stop the others
        told = exception if isinstance(exception, PcnAnalysisError) else said_safely(exception)
        return Outcome(name, "failed", str(told))


def _prepared(name: str, read: str, published: Published, settings: Settings) -> Outcome:
    from pcn_analysis.sources.local_authority import take_out

    begun, files = time.monotonic(), published.files()
    if _up_to_date(name, files, published, settings):
        return Outcome(name, "up to date")
    england, boundaries = _country(read)
    place = take_out(name, england, boundaries, files, published.vintage, allow_unmapped=published.allow_unmapped)
    said = store(place, settings)
    held = time.monotonic()
    hold_against_random(place, settings)
    now = time.monotonic()
    return Outcome(name, "prepared", f"{said} ({now - begun:.1f} s, of which random plans {now - held:.1f})")


def _up_to_date(name: str, files: dict[str, Path], published: Published, settings: Settings) -> bool:
    """Whether a place is stored, sound and made from the same, and its networks are held against random plans."""
    from pcn_analysis.network.place_null import can_be_held, kept_held
    from pcn_analysis.prepared import load_place, prepared_facts
    from pcn_analysis.sources.local_authority import made_from

    folder = settings.processed / f"{slug(name)}-{published.vintage}"
    wanted = made_from(name, files, published.vintage, allow_unmapped=published.allow_unmapped)
    if prepared_facts(folder).get("made_from") != wanted:
        return False
    try:
        place = load_place(folder)
        return not can_be_held(place) or kept_held(place, settings.processed) is not None
    except PcnAnalysisError:  # damaged since: it is made again
        return False
