"""``pcn-analysis fit``: find segments in the records of a place, once for all its networks.

What is stored describes segments and not people, and is for the owner alone; pages show what passes release.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from pcn_analysis.commands.project import say, settings_of_project, shown
from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pcn_analysis.place import Place
    from pcn_analysis.settings import Settings

FOLDER = "pcn_code="
"""What the folder of the people of a network begins with."""


class Kind(StrEnum):
    """Whose records are read."""

    RECORDS = "records"
    SYNTHETIC = "synthetic"


_WHOSE = {Kind.RECORDS: "records", Kind.SYNTHETIC: "synthetic people"}
_PREPARE, _DRAW = "Prepare its records", "Run `pcn-analysis report --with-synthetic-people`"
_REMEDIES = {
    None: f"{_PREPARE}. {_DRAW} for invented people.",
    Kind.RECORDS: f"{_PREPARE}.",
    Kind.SYNTHETIC: f"{_DRAW}.",
}


class Method(StrEnum):
    """How segments are found."""

    LATENT_CLASSES = "latent_classes"
    CORRESPONDENCE = "correspondence"


def fit(
    place: Annotated[str, typer.Option(help="A prepared place.")],
    people: Annotated[
        Kind | None, typer.Option(help="Whose records; default: those that there are, real ones first.")
    ] = None,
    method: Annotated[Method, typer.Option(help="How segments are found.")] = Method.LATENT_CLASSES,
) -> None:
    """Find segments in the conditions of all adults of a place whose people are stored; minutes, not seconds.

    Records are stored by `prepare`, invented people by `report`. Run `report` again to see the segments.
    """
    from pcn_analysis.reports.planning import choose_places

    settings = settings_of_project()
    chosen = [(one, _kind(settings, one, people)) for one in choose_places(settings.processed, place)]
    found = [(one, kind) for one, kind in chosen if kind]
    if not found:
        what = f"no {_WHOSE[people] if people else 'people'} of any of its networks are stored"
        raise PcnAnalysisError(*(Problem(one.name, what, _REMEDIES[people]) for one, _ in chosen))
    for one, kind in found:
        _fit(settings, one, kind, method.value)


def _fit(settings: Settings, place: Place, kind: str, method: str) -> None:
    from pcn_analysis.population import load_population
    from pcn_analysis.segmentation.found import fit_place, made_from, store_found

    codes = stored_networks(settings.processed, place.slug, kind)
    say(f"Reading the {_WHOSE[Kind(kind)]} of {number(len(codes), 'network')} of {place.name} …")
    print_of = made_from(settings.processed, place.slug, kind, codes)
    populations = [load_population(place.slug, code, kind) for code in codes]
    with _told():
        fitted = fit_place(populations, made_from=print_of, method=method)
    folder = store_found(fitted, settings.processed)
    typer.echo(f"{place.name}: {fitted.found.why_}")
    for name in fitted.found.segment_names_:
        typer.echo(f"  {name}")
    if fitted.provenance.synthetic:
        typer.echo("These people are invented: segments found in them say nothing of the place.")
    typer.echo(f"Stored for you alone in {shown(folder, settings)}")
    typer.echo(f"Next: pcn-analysis report --place {place.slug} --notebook 05")


@contextmanager
def _told() -> Iterator[None]:
    """Say what is being tried while it is."""
    from pcn_analysis.segmentation.found.choosing import PROGRESS

    listener = _Listener()
    level = PROGRESS.level
    PROGRESS.addHandler(listener)
    PROGRESS.setLevel(logging.INFO)
    try:
        yield
    finally:
        PROGRESS.removeHandler(listener)
        PROGRESS.setLevel(level)


class _Listener(logging.Handler):
    """Says each line as it comes."""

    def emit(self, record: logging.LogRecord) -> None:
        say(record.getMessage())


def stored_networks(processed: Path, slug: str, kind: str) -> list[str]:
    """Codes of the networks of a place whose people are stored, those in no network among them."""
    folder = processed / "people" / slug / kind
    return sorted(path.name.removeprefix(FOLDER) for path in folder.glob(f"{FOLDER}*") if path.is_dir())


def _kind(settings: Settings, place: Place, asked: Kind | None) -> str:
    """Whose records there are, of those that were asked for; empty where none are."""
    for kind in [asked] if asked else list(Kind):
        if stored_networks(settings.processed, place.slug, kind.value):
            return kind.value
    return ""
