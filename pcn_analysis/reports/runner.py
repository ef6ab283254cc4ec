"""Execute notebooks for networks and publish their pages, one failure never stopping the others.

A page is made again only when something that it depends on has changed: the notebook, the package, the data
of its place, its parameters or the libraries. It is published by renaming, after everything about it has
succeeded; what failed goes to ``data/restricted/failed/``, because a traceback may hold values, and an
earlier good page stays.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import distributions, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest
from pcn_analysis.place import FACTS, Place, load_place, prepared_facts, prepared_places
from pcn_analysis.provenance import file_sha256
from pcn_analysis.reports import ledger
from pcn_analysis.reports.catalogue import CATALOGUE, Report, find_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pcn_analysis.settings import Settings

PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True)
class Job:
    """One page to make.

    Parameters
    ----------
    place, pcn_code, name
        The network: its place's folder, its code and its name.
    report
        Which report.
    made_from
        Hash of everything that the page depends on.
    """

    place: str
    pcn_code: str
    name: str
    report: Report
    made_from: str

    @property
    def page(self) -> tuple[str, str, str]:
        """Which page it is."""
        return self.place, self.pcn_code, self.report.name

    def target(self, reports: Path, suffix: str = ".html") -> Path:
        """Where its page goes."""
        return reports / self.place / self.pcn_code / f"{self.report.name}{suffix}"


def choose_places(processed: Path, name: str | None) -> list[Place]:
    """Choose what to report on.

    A named place: every vintage of it that has been prepared. No name: every real place; the synthetic one
    only when nothing else has been prepared, so that it is never published beside a real one unasked.

    Raises
    ------
    PcnAnalysisError
        If nothing has been prepared, or not the named place.
    """
    facts = {slug: prepared_facts(processed / slug) for slug in prepared_places(processed)}
    names = {slug: str(facts[slug].get("name", slug)) for slug in facts}
    if name is None:
        real = [slug for slug in facts if not facts[slug].get("synthetic")]
        chosen = real or list(facts)
    else:
        chosen = [slug for slug in facts if name.casefold() in (slug, names[slug].casefold())]
    if not chosen:
        hint = nearest(name, {*facts, *names.values()}) if name and facts else "Run `pcn-analysis prepare` first."
        what = f"the place {name!r} has not been prepared" if name else "no place has been prepared"
        raise PcnAnalysisError(Problem("--place" if name else str(processed.name), what, hint))
    return [load_place(processed / slug) for slug in chosen]


def plan(settings: Settings, places: Iterable[Place], pcns: Sequence[str], notebooks: Sequence[str]) -> list[Job]:
    """List the pages to make, refusing unknown networks and notebooks before anything runs.

    Parameters
    ----------
    settings
        Where the notebooks are.
    places
        Places to report on.
    pcns
        Network codes; empty means all.
    notebooks
        Report names; empty means all.
    """
    reports = [find_report(name) for name in notebooks] or list(CATALOGUE)
    notebook_of = {report.name: report.notebook(settings.notebooks) for report in reports}
    places = list(places)
    networks = {
        (place.slug, str(row.pcn_code)): str(row.pcn_name) for place in places for row in place.networks().itertuples()
    }
    known = {code for _, code in networks}
    problems = [
        Problem("--pcn", f"no prepared place has a network {code!r}", nearest(code, known))
        for code in pcns
        if known and code not in known
    ]
    if not known:
        names = ", ".join(place.name for place in places)
        problems.append(Problem("report", f"{names} has no network", "Prepare a place whose practices have one."))
    if problems:
        raise PcnAnalysisError(*problems)
    facts = {place.slug: (settings.processed / place.slug / FACTS).read_text(encoding="utf-8") for place in places}
    return [
        Job(slug, code, name, report, _made_from(notebook_of[report.name], facts[slug], code))
        for (slug, code), name in networks.items()
        for report in reports
        if not pcns or code in pcns
    ]


def run(
    jobs: Sequence[Job],
    settings: Settings,
    *,
    force: bool = False,
    done: Callable[[ledger.Entry], None] = lambda _: None,
) -> list[ledger.Entry]:
    """Make every page that is not up to date.

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

    Returns
    -------
    list of Entry
        One a page; failures are entries, not exceptions.
    """
    good = ledger.latest(ledger.read(settings.reports), ledger.OK)
    run_id = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%f}"
    current = {job for job in jobs if not force and _up_to_date(job, good, settings.reports)}
    entries = []
    for job in (job for job in jobs if job in current):
        entry = replace(good[job.page], run=run_id, status=ledger.UP_TO_DATE, seconds=0.0)
        entries.append(entry)
        done(entry)
    for entry in _made([job for job in jobs if job not in current], settings, run_id):
        ledger.record(settings.reports, entry)
        entries.append(entry)
        done(entry)
    return entries


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
        page = _in_a_work_folder(job, settings)
    except Exception as exception:  # one page's failure, of any kind, must not stop the others
        error = _said_safely(exception)
    return ledger.Entry(
        run=run_id,
        place=job.place,
        pcn_code=job.pcn_code,
        report=job.report.name,
        status=ledger.FAILED if error else ledger.OK,
        made_from=job.made_from,
        page_sha256=page,
        started=f"{started:%Y-%m-%dT%H:%M:%SZ}",
        seconds=round(time.perf_counter() - clock, 2),
        version=version("pcn-analysis"),
        error=error,
    )


def _in_a_work_folder(job: Job, settings: Settings) -> str:
    """Make the page in a fresh folder that nobody else can read; keep the folder only when that fails."""
    failed = settings.restricted / "failed"
    failed.mkdir(parents=True, exist_ok=True, mode=0o700)
    stem = "_".join(job.page)
    for earlier in failed.glob(f"{stem}.*"):
        shutil.rmtree(earlier, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=f"{stem}.", dir=failed))
    try:
        page = _execute_and_publish(job, settings, work)
    except Exception:
        (work / "traceback.txt").write_text(traceback.format_exc(), encoding="utf-8")
        raise
    shutil.rmtree(work, ignore_errors=True)
    return page


def _execute_and_publish(job: Job, settings: Settings, work: Path) -> str:
    import nbformat
    import papermill

    from pcn_analysis.reports.kernel import LENIENT, QUIET, EncryptedKernelManager, kernel_environment
    from pcn_analysis.reports.pages import page_html

    executed = work / f"{job.report.name}.ipynb"
    with kernel_environment(settings.root, LENIENT):
        papermill.execute_notebook(
            job.report.notebook(settings.notebooks),
            executed,
            parameters={"place": job.place, "pcn_code": job.pcn_code},
            kernel_name="python3",
            cwd=str(settings.root),
            progress_bar=False,
            request_save_on_cell_execute=False,
            execution_timeout=round(settings.cell_minutes * 60),
            kernel_manager_class=EncryptedKernelManager,
            extra_arguments=QUIET,
        )
    notebook = nbformat.read(executed, as_version=4)
    nbformat.write(_without_machine(notebook), executed)
    html = page_html(notebook, f"{job.report.title}: {job.name}", home="../../index.html", notebook_name=executed.name)
    page = work / f"{job.report.name}.html"
    page.write_text(html, encoding="utf-8", newline="\n")
    target = job.target(settings.reports)
    target.parent.mkdir(parents=True, exist_ok=True)
    for path in (executed, page):
        aside = target.with_name(f".{path.name}.{os.getpid()}")
        shutil.copyfile(path, aside)
        aside.replace(target.with_name(path.name))
    return file_sha256(target)


def _without_machine(notebook: Any) -> Any:
    """Take out what papermill notes of this machine: paths, times and versions."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
    return notebook


def _said_safely(exception: Exception) -> str:
    """Say what went wrong without anything that a cell printed or held.

    Our own errors never carry values of a person and are quoted; of any other only the kind is named.
    """
    kind = getattr(exception, "ename", type(exception).__name__)
    cell = getattr(exception, "exec_count", None)
    where = f" in cell {cell}" if cell else ""
    if isinstance(exception, PcnAnalysisError):
        return f"{kind}: {exception}"
    if kind in ("PcnAnalysisError", "DisclosureError"):
        return f"{kind}{where}: {getattr(exception, 'evalue', '')}"
    return f"{kind}{where}"


def _up_to_date(job: Job, good: dict[tuple[str, str, str], ledger.Entry], reports: Path) -> bool:
    entry, target = good.get(job.page), job.target(reports)
    return (
        entry is not None
        and entry.made_from == job.made_from
        and target.exists()
        and target.with_suffix(".ipynb").exists()
        and file_sha256(target) == entry.page_sha256
    )


def _made_from(notebook: Path, facts: str, pcn_code: str) -> str:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    parts = [*sources, facts, pcn_code, _package_hash(), *_libraries()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@cache
def _package_hash() -> str:
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and path.suffix in (".py", ".csv", ".j2", ".css", ".json"):
            digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


@cache
def _libraries() -> tuple[str, ...]:
    """Python and every installed library, with their versions."""
    installed = {f"{one.name}={one.version}" for one in distributions() if one.name}
    return (sys.version, *sorted(installed))
