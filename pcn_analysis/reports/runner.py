"""Execute notebooks for networks and publish their pages, one failure never stopping the others.

A page is made again only when something that it depends on has changed: the notebook, the package, the data
of its place, its people, its parameters or the libraries. It is published by renaming, after everything about it has
succeeded and its files have been searched for what must not leave; what failed goes to ``data/restricted/failed/``,
because a traceback may hold values, and an earlier good page stays.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import time
from dataclasses import replace
from importlib.metadata import version
from itertools import chain
from typing import TYPE_CHECKING, Any

from pcn_analysis.codes import WHOLE_PLACE
from pcn_analysis.provenance import file_sha256
from pcn_analysis.release.egress import check_words, known_people, readable_people, refuse_leaks
from pcn_analysis.release.handed_over import handed_over
from pcn_analysis.reports import ledger
from pcn_analysis.reports.failures import said_safely, work_folder
from pcn_analysis.reports.jobs import sealed
from pcn_analysis.reports.people import draw_missing
from pcn_analysis.reports.publishing import Made, enter, register_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from pcn_analysis.reports.jobs import Job
    from pcn_analysis.settings import Settings


def run(
    jobs: Sequence[Job],
    settings: Settings,
    *,
    force: bool = False,
    done: Callable[[ledger.Entry], None] = lambda _: None,
    say: Callable[[str], None] = lambda _: None,
) -> list[ledger.Entry]:
    """Draw the synthetic people that are needed, then make every page that is not up to date.

    Parameters
    ----------
    jobs
        The pages.
    settings
        Where things are, how many run at once and how long a cell may take.
    force
        Make pages that are up to date as well.
    done
        Called with the ledger entry of each page as it is finished.
    say
        Called with a line for each network whose people are drawn.

    Returns
    -------
    list of Entry
        One a page; failures are entries, not exceptions.
    """
    good = ledger.latest(ledger.read(settings.reports), ledger.OK)
    run_id = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%f}"
    jobs, undrawn = _with_people(jobs, settings, run_id, say)
    current = {job for job in jobs if not force and _up_to_date(job, good, settings.reports)}
    entries = []
    for job in (job for job in jobs if job in current):
        entry = replace(good[job.page], run=run_id, status=ledger.UP_TO_DATE, seconds=0.0)
        entries.append(entry)
        done(entry)
    made = _made([job for job in jobs if job not in current], settings, run_id)
    for entry in chain(undrawn, made):
        ledger.record(settings.reports, entry)
        entries.append(entry)
        done(entry)
    return entries


def _with_people(
    jobs: Sequence[Job], settings: Settings, run_id: str, say: Callable[[str], None]
) -> tuple[Sequence[Job], list[ledger.Entry]]:
    """Draw synthetic people; return the jobs that can be done, and failures for the others."""
    needed = {job.network: job.name for job in jobs if job.people == "synthetic"}
    if not needed:
        return jobs, []
    started, errors = dt.datetime.now(dt.UTC), draw_missing(needed, settings, say)
    without = [job for job in jobs if job.people == "synthetic" and job.network in errors]
    failures = [_entry(job, run_id, started, error=_told(errors[job.network], job, settings)) for job in without]
    return sealed([job for job in jobs if job not in without], settings), failures


def _made(jobs: Sequence[Job], settings: Settings, run_id: str) -> Iterable[ledger.Entry]:
    workers = min(settings.jobs, len(jobs))
    if workers <= 1:
        return (make_page(job, settings, run_id) for job in jobs)
    from joblib import Parallel, delayed

    parallel = Parallel(n_jobs=workers, return_as="generator_unordered")
    return parallel(delayed(make_page)(job, settings, run_id) for job in jobs)


def make_page(job: Job, settings: Settings, run_id: str) -> ledger.Entry:
    """Execute one notebook and publish its page; whatever goes wrong is in the entry."""
    started, clock = dt.datetime.now(dt.UTC), time.perf_counter()
    page, error = "", ""
    try:
        with work_folder(settings.restricted, "_".join(job.page)) as work:
            page = _publish(job, settings, work, run_id)
    except Exception as exception:  # one page's failure, of any kind, must not stop the others
        error = _told(said_safely(exception), job, settings)
    return _entry(job, run_id, started, page=page, seconds=time.perf_counter() - clock, error=error)


def _entry(
    job: Job, run_id: str, started: dt.datetime, *, page: str = "", seconds: float = 0.0, error: str = ""
) -> ledger.Entry:
    return ledger.Entry(
        run=run_id,
        place=job.place,
        pcn_code=job.pcn_code,
        report=job.stem,
        status=ledger.FAILED if error else ledger.OK,
        made_from=job.made_from,
        page_sha256=page,
        started=f"{started:%Y-%m-%dT%H:%M:%SZ}",
        seconds=round(seconds, 2),
        version=version("pcn-analysis"),
        error=error,
    )


def _publish(job: Job, settings: Settings, work: Path, run_id: str) -> str:
    """Make a page, enter what it tells into the release register and put it out; returns the hash of the page."""
    made, target = _made_page(job, settings, work), job.target(settings.reports)
    released = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    enter(register_path(settings, job.place, job.pcn_code), made, run=run_id, released=released)
    target.parent.mkdir(parents=True, exist_ok=True)
    for path in made.files:
        aside = target.with_name(f".{path.name}.{os.getpid()}")
        shutil.copyfile(path, aside)
        aside.replace(target.with_name(path.name))
    return file_sha256(target)


def _made_page(job: Job, settings: Settings, work: Path) -> Made:
    """Execute a notebook and make its page; its files are searched for what must not leave."""
    import nbformat

    from pcn_analysis.reports.kernel import executed
    from pcn_analysis.reports.pages import page_html

    kept, declared = work / f"{job.stem}.ipynb", job.report.defaults(settings.notebooks)
    source = job.report.notebook(settings.notebooks)
    with handed_over(work) as handed:
        notebook = executed(source, kept, job.parameters(settings, declared), settings)
    nbformat.write(_without_machine(notebook), kept)
    html = page_html(notebook, job.title, home="../../index.html", notebook_name=kept.name)
    page = work / f"{job.stem}.html"
    page.write_text(html, encoding="utf-8", newline="\n")
    refuse_leaks([kept, page], known_people(settings.processed, job.place, _networks(job)))
    return Made((kept, page), tuple(handed.tables(job.stem)))


def _networks(job: Job) -> set[str] | None:
    """The networks whose people a page could show; None is all of its place."""
    everyone = job.report.compares_networks or job.pcn_code == WHOLE_PLACE
    return None if everyone else {job.pcn_code}


def _told(error: str, job: Job, settings: Settings) -> str:
    """What went wrong as the ledger, the index and the screen say it: not in words that hold what must not leave."""
    held = check_words(error, readable_people(settings.processed, job.place, _networks(job)))
    return f"{error.split(':', 1)[0]}: its words are not repeated, as they hold {held}" if held else error


_FOLDER = re.compile(r"""(?m)(^model_name = ["'])(?:/|\w:).*[/\\](?=[^/\\]+$)""")
"""The folder, from the root of a drive, of a model's file in the parameters of a notebook."""


def _without_machine(notebook: Any) -> Any:
    """Take out what papermill notes of this machine, paths, times and versions, and the folder of a model's file."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.source = _FOLDER.sub(r"\1", cell.source)
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
    return notebook


def _up_to_date(job: Job, good: dict[tuple[str, str, str], ledger.Entry], reports: Path) -> bool:
    entry, target = good.get(job.page), job.target(reports)
    return (
        entry is not None
        and entry.made_from == job.made_from
        and target.exists()
        and target.with_suffix(".ipynb").exists()
        and file_sha256(target) == entry.page_sha256
    )
