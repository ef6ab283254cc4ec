"""The command line: prepare places and records, make reports, write lists for clinicians, open a notebook.

Exit codes: 0 all well, 1 some pages failed or were left by a deadline, 2 nothing was done because something has to be
put right first, 130 stopped with Ctrl+C.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from typing import Annotated

import typer

from pcn_analysis.commands import data, fit, lists, network, prepare, release, release_register, report, rules
from pcn_analysis.commands.project import WithSyntheticPeople, say, settings_of_project, shown
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.settings import load_settings

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__.split("\n", 1)[0]
)
release_app = typer.Typer(no_args_is_help=True, help="What has left, what follows from it, what is about to leave.")
notebooks_app = typer.Typer(no_args_is_help=True, help="Check and regenerate the notebooks themselves.")
app.add_typer(notebooks_app, name="notebooks")
app.add_typer(data.data_app, name="data")
app.add_typer(prepare.mapping_app, name="mapping")
app.add_typer(rules.rules_app, name="rules")
app.add_typer(network.network_app, name="network")
app.add_typer(release_app, name="release")
release_app.command()(release.check)
release_app.command(name="list")(release_register.list_released)
release_app.command(name="audit")(release_register.audit_released)
release_app.command()(release_register.explain)
app.command()(report.report)
app.command()(prepare.prepare)
app.command()(prepare.check)
app.command()(prepare.key)
app.command()(fit.fit)
app.command(name="list")(lists.list_people)

PUT_RIGHT, INTERRUPTED = 2, 130


def run() -> None:
    """Run the command line; a user's mistake is told in a line, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except PcnAnalysisError as error:
        for one in error.problems:
            typer.echo(f"Error: {one}", err=True)
        raise SystemExit(PUT_RIGHT) from None
    except OSError as error:
        where, why = error.filename or "the disk", error.strerror or "cannot be used"
        typer.echo(f"Error: {where}: {why}. Check that it exists, may be written to and has room.", err=True)
        raise SystemExit(PUT_RIGHT) from None
    except (KeyboardInterrupt, SystemExit) as end:  # typer makes an exit of Ctrl+C
        if isinstance(end, SystemExit) and end.code != INTERRUPTED:
            raise
        _clear_after_stop()
        typer.echo("Stopped. What was finished is kept.", err=True)
        raise SystemExit(INTERRUPTED) from None


@app.command(name="open", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def open_notebook(
    context: typer.Context,
    notebook: Annotated[str, typer.Argument(help="Number or name of a notebook, such as 01.")],
    place: Annotated[str | None, typer.Option(help="A prepared place.")] = None,
    pcn: Annotated[str | None, typer.Option(help="Network code; default: the first of the place.")] = None,
    with_synthetic_people: WithSyntheticPeople = False,
) -> None:
    """Open a notebook in JupyterLab with its parameters set; further options go to JupyterLab."""
    from pcn_analysis.kernels import SOCKET_VARIABLE, fork_parent
    from pcn_analysis.kernels.limits import LIMIT_VARIABLE
    from pcn_analysis.reports.working import working_copy

    settings = settings_of_project()
    path = working_copy(settings, notebook, place, pcn, synthetic_people=with_synthetic_people, say=say)
    typer.echo(f"Opening {shown(path, settings)}; your changes to it stay there. Stop with Ctrl+C.")
    address = f"/lab/tree/{path.relative_to(settings.notebooks.parent).as_posix()}"
    command = [sys.executable, "-m", "jupyterlab", f"--LabApp.default_url={address}"]
    command += [f"--ServerApp.root_dir={settings.notebooks.parent}", *context.args]
    with fork_parent(settings) as parent:
        told = {SOCKET_VARIABLE: parent.socket_to_come, LIMIT_VARIABLE: str(settings.kernel_gigabytes)}
        lab = subprocess.Popen(command, cwd=settings.root, env={**os.environ, **told})
        raise SystemExit(_until_it_ends(lab))


def _until_it_ends(process: subprocess.Popen[bytes]) -> int:
    """Wait for JupyterLab, which is stopped with Ctrl+C and asks before it ends."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


@notebooks_app.command()
def lint() -> None:
    """Check that the notebooks keep the house rules and hold synthetic outputs only."""
    from pcn_analysis.reports.lint import notebook_problems

    settings = load_settings()
    problems = notebook_problems(settings.notebooks)
    if problems:
        raise PcnAnalysisError(*problems)
    typer.echo("Notebooks keep the house rules.")


@notebooks_app.command()
def refresh() -> None:
    """Execute the notebooks on the synthetic place and keep the outputs as references."""
    from pcn_analysis.reports.reference import refresh_notebooks

    for path in refresh_notebooks(load_settings()):
        typer.echo(f"Refreshed {path.name}")


def _clear_after_stop() -> None:
    """Clear away what workers left that were stopped in the middle; the next run does where this cannot."""
    with suppress(PcnAnalysisError, OSError):
        settings_of_project()
