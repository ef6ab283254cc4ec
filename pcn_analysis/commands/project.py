"""The project that a command works on, and what commands have alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pcn_analysis.settings import Settings, load_settings

if TYPE_CHECKING:
    from pathlib import Path

SOME_FAILED = 1
"""Exit code where some pages or lists failed, and the others were made."""
WithSyntheticPeople = Annotated[
    bool,
    typer.Option(
        "--with-synthetic-people",
        help="Where there are no patient records: show people invented to fit the place, labelled so.",
    ),
]


def settings_of_project() -> Settings:
    """Load the settings, and clear away what runs that were killed left behind."""
    from pcn_analysis.reports.failures import clear_leftovers

    settings = load_settings()
    clear_leftovers(settings)
    return settings


def shown(path: Path, settings: Settings) -> str:
    """A path as a command says it: within the project where it lies there."""
    return path.relative_to(settings.root).as_posix() if path.is_relative_to(settings.root) else str(path)


def say(text: str) -> None:
    """Say something of the progress, beside what a command answers."""
    typer.echo(text, err=True)
