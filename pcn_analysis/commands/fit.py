"""``pcn-analysis fit``: what is fitted once for all networks of a place, and only read by pages."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from pcn_analysis.commands.project import settings_of_project
from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem

if TYPE_CHECKING:
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


class Of(StrEnum):
    """What is fitted."""

    SEGMENTS = "segments"
    ADMISSION = "admission"


class Method(StrEnum):
    """How segments are found."""

    LATENT_CLASSES = "latent_classes"
    CORRESPONDENCE = "correspondence"


def fit(
    place: Annotated[str, typer.Option(help="A prepared place.")],
    of: Annotated[
        Of, typer.Option(help="Segments found in the records, or the risk of an unplanned admission.")
    ] = Of.SEGMENTS,
    people: Annotated[
        Kind | None, typer.Option(help="Whose records; default: those that there are, real ones first.")
    ] = None,
    method: Annotated[
        Method | None, typer.Option(help="With --of segments: how they are found; default: latent_classes.")
    ] = None,
) -> None:
    """Fit what is fitted once for all adults of a place whose people are stored; minutes, not seconds.

    Records are stored by `prepare`, invented people by `report`. Run `report` again to see the segments. A model of
    admission comes with its card; it is no reason to see or not to see anyone.
    """
    from pcn_analysis.commands.fit_admission import fit_admission
    from pcn_analysis.commands.fit_segments import fit_segments
    from pcn_analysis.reports.planning import choose_places

    if method and of != Of.SEGMENTS:
        raise problem("--method", f"has no effect with --of {of.value}", "Leave one of them out.")
    settings = settings_of_project()
    chosen = [(one, _kind(settings, one, people)) for one in choose_places(settings.processed, place)]
    found = [(one, kind) for one, kind in chosen if kind]
    if not found:
        what = f"no {_WHOSE[people] if people else 'people'} of any of its networks are stored"
        raise PcnAnalysisError(*(Problem(one.name, what, _REMEDIES[people]) for one, _ in chosen))
    for one, kind in found:
        codes = stored_networks(settings.processed, one.slug, kind)
        if of == Of.ADMISSION:
            fit_admission(settings, one, kind, codes)
        else:
            fit_segments(settings, one, kind, codes, (method or Method.LATENT_CLASSES).value)


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
