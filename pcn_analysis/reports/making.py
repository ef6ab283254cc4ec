"""Make one page: execute its notebook, and search what came of it for what must not leave."""

from __future__ import annotations

import atexit
import gc
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pcn_analysis.codes import WHOLE_PLACE
from pcn_analysis.release.egress import check_words, known_people, readable_people, refuse_leaks
from pcn_analysis.release.handed_over import hand_over
from pcn_analysis.reports.failures import said_safely

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from pcn_analysis.release.audit import Cell
    from pcn_analysis.release.register import Told
    from pcn_analysis.reports.jobs import Job
    from pcn_analysis.reports.kernel import KernelFacts
    from pcn_analysis.settings import Settings


@dataclass(frozen=True)
class Made:
    """What came of a notebook: the files of its page, what its tables tell of people, and the kernel that ran it."""

    files: list[Path]
    tables: list[Told]
    kernel: KernelFacts


def made_page(job: Job, settings: Settings, work: Path, withheld: Collection[Cell] = (), parent: str = "") -> Made:
    """Execute a notebook and make its page.

    Parameters
    ----------
    job
        Which page.
    settings
        Where things are, and how long a cell may take.
    work
        A folder that nobody else can read.
    withheld
        Cells that none of its tables shows.
    parent
        The socket of a process that forks kernels; empty for a kernel of its own.

    Returns
    -------
    Made
        The executed notebook, the page and the files of its tables, in the folder; what its tables tell of people, each
        named as no other of its place; and the kernel.

    Raises
    ------
    DisclosureError
        If a file holds what must not leave.
    """
    import nbformat

    from pcn_analysis.reports.kernel import executed
    from pcn_analysis.reports.pages import page_html
    from pcn_analysis.reports.shown_tables import table_files

    _settle()
    kept, declared = work / f"{job.stem}.ipynb", job.report.defaults(settings.notebooks)
    source, handed = job.report.notebook(settings.notebooks), hand_over(work, withheld)
    done = executed(source, kept, job.parameters(settings, declared), settings, handed.environment, parent=parent)
    notebook = _without_machine(done.notebook)
    nbformat.write(notebook, kept)
    tables = table_files(notebook, job.title, job.stem, work)
    beside = [path.name for path in tables]
    html = page_html(notebook, job.title, home="../../index.html", notebook_name=kept.name, table_names=beside)
    page = work / f"{job.stem}.html"
    page.write_text(html, encoding="utf-8", newline="\n")
    files = [kept, page, *tables]
    refuse_leaks(files, known_people(settings.processed, job.place, _networks(job)))
    return Made(files, handed.tables(f"{job.pcn_code} {job.stem}"), done.kernel)


@cache
def _settle() -> None:
    """Have Python pass over what has been imported whenever it looks for what is no longer used: all of it stays."""
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # what is still frozen at the end is taken for a leak, and told to the user


def told(error: Exception | str, job: Job, settings: Settings, cell: int | None = None) -> str:
    """What went wrong as the ledger, the index and the screen say it: not in words that hold what must not leave."""
    said = error if isinstance(error, str) else said_safely(error, cell)
    held = check_words(said, readable_people(settings.processed, job.place, _networks(job)))
    return f"{said.split(':', 1)[0]}: its words are not repeated, as they hold {held}" if held else said


def _networks(job: Job) -> set[str] | None:
    """The networks whose people a page could show; None is all of its place."""
    everyone = job.report.compares_networks or job.pcn_code == WHOLE_PLACE
    return None if everyone else {job.pcn_code}


_FOLDER = re.compile(r"""(?m)(^model_name = ["'])(?:/|\w:).*[/\\](?=[^/\\]+$)""")
"""The folder, from the root of a drive, of a model's file in the parameters of a notebook."""


def _without_machine(notebook: Any) -> Any:
    """Take out what papermill notes of this machine, paths, times and versions, and the folder of a model's file.

    The cell that it adds is given a name that is not drawn at random, so that the same page is the same file.
    """
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.source, cell.id = _FOLDER.sub(r"\1", cell.source), "injected-parameters"
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
    return notebook
