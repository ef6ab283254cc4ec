"""The project that a command works on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pcn_analysis.settings import Settings, load_settings

if TYPE_CHECKING:
    from pathlib import Path


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
