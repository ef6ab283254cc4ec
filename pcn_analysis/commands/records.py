"""Options on records of people, which ``prepare`` and ``check`` have alike, and what both say in the end."""

from __future__ import annotations

import datetime as dt
import inspect
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from pcn_analysis.exceptions import Problem
from pcn_analysis.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcn_analysis.extracts.incoming import Asked
    from pcn_analysis.reports.extracts import Outcome

KINDS = ("gp_extract", "wide", "omop", "hospital", "tables")
"""Options that bring records."""
USED_WITH = {
    "mapping": ("wide",),
    "layout": ("gp_extract",),
    "codelists": ("gp_extract", "omop", "hospital", "tables"),
}
"""Options that only some kinds of delivery have a use for: one row a patient holds flags, and no codes."""
FILES = ("mapping", "layout", "pseudonymise", "opt_outs")
"""Options that name a file, and never a folder."""
DAYS = ("extract_date", "index_date")

Wrong = tuple[str, str]
"""What is wrong, and what to do."""


def _day(written: str) -> dt.date:
    try:
        return dt.datetime.strptime(written, "%Y-%m-%d").date()
    except ValueError:
        message = f"{written!r} is no day. Write it as 2026-07-01."
        raise typer.BadParameter(message) from None


def _option(metavar: str, said: str, **more: Any) -> Any:
    return typer.Option(metavar=metavar, help=said, rich_help_panel="Records of people", **more)


@dataclass(frozen=True, kw_only=True)
class Records:
    """Options on records, as they were given; what was not given is None."""

    gp_extract: Annotated[Path | None, _option("DIR", "Coded events of GP records.")] = None
    wide: Annotated[Path | None, _option("FILE", "One row a patient; with --mapping.")] = None
    omop: Annotated[Path | None, _option("DIR_OR_DUCKDB", "OMOP CDM 5.4: CSV, Parquet or DuckDB.")] = None
    hospital: Annotated[Path | None, _option("DIR", "Admitted care, A&E and outpatient rows (HES, SUS, ECDS).")] = None
    tables: Annotated[Path | None, _option("DIR", "Tables as the data dictionary describes them.")] = None
    mapping: Annotated[Path | None, _option("YAML", "With --wide: which of its columns is which.")] = None
    layout: Annotated[Path | None, _option("YAML", "With --gp-extract: its layout, if it is not known here.")] = None
    codelists: Annotated[Path | None, _option("DIR", "Your codelists, with their manifest.")] = None
    extract_date: Annotated[
        dt.date | None,
        _option("YYYY-MM-DD", "The last day that the records know of, where they do not say.", parser=_day),
    ] = None
    index_date: Annotated[
        dt.date | None,
        _option("YYYY-MM-DD", "The day that results describe; default: the place's, or the last known.", parser=_day),
    ] = None
    pseudonymise: Annotated[
        Path | None, _option("KEYFILE", "Pseudonymise with the key in this file; else identifiers are refused.")
    ] = None
    opt_outs: Annotated[Path | None, _option("FILE", "Identifiers of people to leave out.")] = None
    name: Annotated[str | None, _option("NAME", "Without --place: what the records are called.")] = None

    @property
    def deliveries(self) -> dict[str, Path]:
        """What was delivered, by kind."""
        return {kind: getattr(self, kind) for kind in KINDS if getattr(self, kind)}

    def asked(self) -> Asked:
        """What was delivered and how it is to be read."""
        from pcn_analysis.extracts.incoming import Asked

        return Asked(
            self.deliveries,
            mapping=self.mapping,
            layout=self.layout,
            codelists=self.codelists,
            extract_date=self.extract_date,
            key=self.pseudonymise,
            opt_outs=self.opt_outs,
        )

    def problems(self, *, place: str | None, today: dt.date) -> list[Problem]:
        """Say which options are a mistake: one has no effect, names nothing, or names a day to come.

        Examples
        --------
        >>> given = Records(tables=Path("."), layout=Path("our.yaml"), index_date=dt.date(2999, 1, 1))
        >>> for one in given.problems(place=None, today=dt.date(2026, 7, 1)):
        ...     print(one)
        --layout: has no effect without --gp-extract. Give --gp-extract as well, or leave it out.
        --index-date: 2999-01-01 has not come yet. Give a day up to today.
        """
        given = {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) is not None}
        found = []
        for name, value in given.items():
            wrong = self._without_effect(name, place) or _not_there(name, value) or _to_come(name, value, today)
            found += [Problem(option(name), *wrong)] if wrong else []
        if self.wide and not self.mapping:
            remedy = "Give --mapping; `pcn-analysis mapping suggest FILE` writes a first one."
            found.append(Problem("--wide", "nothing says which column is which", remedy))
        return found

    def _without_effect(self, name: str, place: str | None) -> Wrong | None:
        """Say what an option lacks to have an effect."""
        kinds = USED_WITH.get(name, KINDS)
        if not any(kind in self.deliveries for kind in kinds):
            lacking = _either(kinds) if self.deliveries else "records"
            return f"has no effect without {lacking}", f"Give {_either(kinds)} as well, or leave it out."
        if name == "name" and place:
            return "has no effect with --place, whose name is used", "Leave one of them out."
        return None


def _not_there(name: str, value: Any) -> Wrong | None:
    """Say that a path leads nowhere; that of a key is not repeated: it may be the key itself."""
    if not isinstance(value, Path):
        return None
    with suppress(OSError):  # such as of a name that is too long
        if value.exists() and not (name in FILES and value.is_dir()):
            return None
    written = "of that name" if name == "pseudonymise" else str(value)
    kinds = "file" if name in FILES else "file or folder"
    return f"there is no {kinds} {written}", "Check how it is written, and that you may read it."


def _to_come(name: str, value: Any, today: dt.date) -> Wrong | None:
    if name in DAYS and value > today:
        return f"{value} has not come yet", "Give a day up to today."
    return None


def option(name: str) -> str:
    """Write the name of an option as a user types it.

    Examples
    --------
    >>> option("gp_extract")
    '--gp-extract'
    """
    return f"--{name.replace('_', '-')}"


def _either(names: tuple[str, ...]) -> str:
    return listed([option(one) for one in names]).replace(" and ", " or ")


def with_records(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of :class:`Records`, which it takes as its argument ``records``."""
    hints = get_type_hints(Records, include_extras=True)
    shared = [
        inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, default=one.default, annotation=hints[one.name])
        for one in fields(Records)
    ]
    own = [one for one in inspect.signature(command, eval_str=True).parameters.values() if one.name != "records"]

    @wraps(command)
    def run(**options: Any) -> None:
        records = Records(**{one.name: options.pop(one.name) for one in shared})
        command(records=records, **options)

    run.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in (*own, *shared)}
    return run


def tell(outcome: Outcome) -> None:
    """Say what was found, and where the report is."""
    for sentence in outcome.verdict:
        typer.echo(sentence)
    for link in outcome.links:
        typer.echo(f"{link}.")
    for one in outcome.findings:
        if one.prominent:
            typer.echo(f"{one.action.capitalize()}: {one.where}: {one.what}: {one.rows:,}")
    typer.echo(f"Open {outcome.page}; it holds exact counts of people and is not to be published.")
