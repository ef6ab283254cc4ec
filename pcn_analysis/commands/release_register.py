"""``pcn-analysis release list | audit | explain``: what has been released, and what an attacker makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pcn_analysis.commands.project import settings_of_project
from pcn_analysis.commands.release import FOUND
from pcn_analysis.exceptions import problem
from pcn_analysis.words import WITHHELD, count, number

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.release.audit import Audit, Finding, Seen
    from pcn_analysis.release.register import Told
    from pcn_analysis.settings import Settings

Place = Annotated[str | None, typer.Option(help="Folder of a place in data/processed/. Default: all.")]
Networks = Annotated[list[str] | None, typer.Option("--pcn", help="ODS code of a network; may be repeated.")]
MOST = 20
"""So many numbers are told at once."""


def list_released(*, place: Place = None, pcn: Networks = None) -> None:
    """Say which tables have been released, when, and how many of their numbers are not shown."""
    for path, tables in _registers(settings_of_project(), place, pcn).items():
        typer.echo(f"{path.parent.name} {path.stem}: {number(len(tables), 'table')}")
        for one in tables:
            hidden = sum(each.kind == "suppressed" for each in one.seen)
            held = sum(each.kind == WITHHELD for each in one.seen)
            numbers = f"{number(len(one.seen), 'number')}, {count(hidden)} not shown, {count(held)} withheld"
            typer.echo(f"  {one.released}  {one.profile}  {one.table}: {numbers}  {one.sha256[:12]}")


def audit_released(
    *,
    place: Place = None,
    pcn: Networks = None,
) -> None:
    """Work out what an attacker can who has everything that was released of a place, of all its networks and months.

    With ``--pcn``, who has that of some networks alone. Ends with exit code 1 where a number that is not shown can be
    worked out, or nearly so.
    """
    from pcn_analysis.release.audit import Attacker, audit

    clean = True
    for name, seen in _weighed(_registers(settings_of_project(), place, pcn), together=True).items():
        found = audit(seen)
        clean = clean and found.clean
        typer.echo(f"{name}: {_said(found)}")
        for one in found.breaches[:MOST]:
            typer.echo(f"  {one}: {_left(one)}. {one.remedy} [{_tables(one)}]")
        if len(found.breaches) > MOST:
            typer.echo(f"  … and {count(len(found.breaches) - MOST)} more.")
    typer.echo("What is assumed of an attacker:")
    for sentence in Attacker().knows:
        typer.echo(f"  {sentence}")
    if not clean:
        raise typer.Exit(FOUND)


def explain(
    words: Annotated[str, typer.Argument(help="Part of what a number counts, such as “Cancer”.")],
    *,
    place: Place = None,
    pcn: Networks = None,
) -> None:
    """Say of numbers that were released where they stand, and which values they can still have."""
    from pcn_analysis.release.audit import audit

    said = 0
    for name, seen in _weighed(_registers(settings_of_project(), place, pcn)).items():
        asked = {one.cell for one in seen if words.casefold() in str(one.cell).casefold()}
        if not asked:
            continue
        findings = {one.cell: one for one in audit(seen).findings if one.less is None}
        for cell in sorted(asked)[: MOST - said]:
            typer.echo(f"{name}: {cell}")
            for one in (one for one in seen if one.cell == cell):
                typer.echo(f"  {one.table}, row {one.row + 1}, {one.column}: {_range(one.low, one.high)} ({one.kind})")
            if cell in findings:
                typer.echo(f"  All tables of the network together: {findings[cell].status}, {_left(findings[cell])}.")
            said += 1
    if not said:
        raise problem("release explain", f"no released number is of “{words}”", "See `pcn-analysis release list`.")


def _registers(settings: Settings, place: str | None, networks: list[str] | None) -> dict[Path, list[Told]]:
    """The registers that are asked for, by file."""
    from pcn_analysis.release.register import read
    from pcn_analysis.reports.publishing import FOLDER

    paths = sorted((settings.restricted / FOLDER).glob(f"{place or '*'}/*.jsonl"))
    wanted = {code.upper() for code in networks or []}
    chosen = [path for path in paths if not wanted or path.stem in wanted]
    if not chosen:
        what = "nothing has been released" + (" that is asked for" if paths or place or networks else "")
        raise problem("release", what, "Make reports on people first: `pcn-analysis report`.")
    return {path: read(path) for path in chosen}


def _weighed(registers: dict[Path, list[Told]], *, together: bool = False) -> dict[str, list[Seen]]:
    """What is weighed in one: the numbers of a network, or of all networks and months of a place."""
    from pcn_analysis.reports.publishing import series_of

    found: dict[str, list[Seen]] = {}
    for path, tables in registers.items():
        name = series_of(path.parent.name) if together else f"{path.parent.name} {path.stem}"
        found.setdefault(name, []).extend(one for table in tables for one in table.seen)
    return found


def _said(found: Audit) -> str:
    """The outcome of an audit in a line."""
    kinds = [one.status for one in found.breaches]
    outcome = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)) or "nothing can be worked out"
    return f"{number(found.cells, 'number')}, {count(found.suppressed)} not shown: {outcome} ({found.seconds:.0f} s)"


def _left(one: Finding) -> str:
    return f"{number(one.values, 'value')} left, {_range(one.low, one.high)}"


def _range(low: int, high: int | None) -> str:
    if high is None:
        return f"{count(low)} or more"
    return count(low) if low == high else f"{count(low)} to {count(high)}"


def _tables(one: Finding) -> str:
    shown = ", ".join(one.tables[:4])
    return shown if len(one.tables) <= 4 else f"{shown} and {count(len(one.tables) - 4)} more"  # noqa: PLR2004
