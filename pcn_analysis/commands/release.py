"""``pcn-analysis release``: what has left, what can be worked out from it, and what is about to leave."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcn_analysis.commands.project import shown
from pcn_analysis.exceptions import problem
from pcn_analysis.settings import load_settings
from pcn_analysis.words import number

if TYPE_CHECKING:
    from pcn_analysis.release.egress import Finding
    from pcn_analysis.settings import Settings

FOUND = 1
"""Exit code where something was found that must not leave."""


def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files and folders. Default: all of reports/.")] = None,
) -> None:
    """Search finished files for identifiers, rows of people, tables not released, paths and tracebacks.

    Pages are searched before they are published; this searches again, whatever has come into the folder since.
    Pseudonyms are those of the people who are stored. What is found is counted, never quoted.
    """
    settings = load_settings()
    files = _files(paths or [settings.reports])
    found = [(path, finding) for path in files for finding in _findings(path, settings)]
    for path, finding in found:
        typer.echo(f"{shown(path.parent, settings)}/{finding}")
    for note in _not_looked_for(settings):
        typer.echo(note)
    if found:
        typer.echo(f"{number(len({path for path, _ in found}), 'file')} of {len(files):,} must not leave.", err=True)
        raise typer.Exit(FOUND)
    typer.echo(f"{number(len(files), 'file')} searched; nothing found that must not leave.")


def _files(paths: list[Path]) -> list[Path]:
    """Every file that is named or lies under a named folder, hidden ones included."""
    files: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise problem("release check", f"there is no {path}", "Name files or folders that are there.")
        under = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        files |= dict.fromkeys(one.resolve() for one in under)
    return list(files)


def _findings(path: Path, settings: Settings) -> list[Finding]:
    """What is found in one file: of a place's folder with its people, of any other with those of every place."""
    from pcn_analysis.release.egress import check_files, known_people
    from pcn_analysis.reports.network_map import library_scripts

    reports, everyone = settings.reports.resolve(), _with_people(settings)
    place = path.relative_to(reports).parts[0] if path.is_relative_to(reports) else ""
    found: dict[str, Finding] = {}
    for slug in [place] if place in everyone else everyone or [""]:
        for one in check_files([path], known=known_people(settings.processed, slug), libraries=library_scripts()):
            found[one.kind] = max(one, found.get(one.kind, one))
    return list(found.values())


def _with_people(settings: Settings) -> list[str]:
    return sorted(one.name for one in (settings.processed / "people").glob("[!.]*") if one.is_dir())


def _not_looked_for(settings: Settings) -> list[str]:
    """Say where pseudonyms are so short that they look like counts."""
    from pcn_analysis.release.egress import known_people

    short = {slug: known_people(settings.processed, slug).too_short for slug in _with_people(settings)}
    return [
        f"{slug}: {number(times, 'pseudonym')} too short to be told from a count, so not looked for."
        for slug, times in short.items()
        if times
    ]
