"""Which cells of the notebooks change when another version of a model is used: both are executed and compared.

Nothing is published. The executed notebooks lie in a folder that nobody else can read, and are removed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from pcn_analysis.display.output import MARK
from pcn_analysis.exceptions import problem
from pcn_analysis.reports.catalogue import CATALOGUE
from pcn_analysis.reports.failures import said_safely, work_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pcn_analysis.reports.catalogue import Report
    from pcn_analysis.rules import Model
    from pcn_analysis.settings import Settings

PARAMETER = "model_name"
"""What a notebook calls the model that it is of; one that declares no such parameter uses none."""
SHOWN = {"show_reading": "sentence", "show_figure": "figure", "show_table": "table", "show_method": "method"}
TEXT = "text/plain"
"""Kind of an output that stands in for the others where they cannot be shown."""
_OWN_FILE = re.compile(r"<tr>(?:(?!</tr>).)*Model of segments: (?:(?!</tr>).)*</tr>", flags=re.DOTALL)
_DOWNLOAD = re.compile(r'download="[^"]*"')


@dataclass(frozen=True)
class ChangedCell:
    """A cell of a notebook that shows something else.

    Parameters
    ----------
    report
        Name of the notebook.
    number
        Which of its code cells, counted from 1, as Jupyter does when all are run.
    heading
        The heading above it.
    what
        What of it has changed: ``sentence``, ``figure``, ``table`` …
    said
        The first sentence that has changed, as it was and as it is; empty where none has.
    """

    report: str
    number: int
    heading: str
    what: tuple[str, ...]
    said: tuple[str, ...] = ()


def reports_of_models(settings: Settings) -> list[Report]:
    """The reports whose notebooks take a model."""
    return [report for report in CATALOGUE if PARAMETER in report.defaults(settings.notebooks)]


def changed_cells(
    report: Report, models: Sequence[tuple[str, Model]], parameters: Mapping[str, Any], settings: Settings
) -> list[ChangedCell]:
    """Execute a notebook under two models and list the cells that differ.

    Parameters
    ----------
    report
        One of :func:`reports_of_models`.
    models
        Two models, each with what the notebook finds it by.
    parameters
        The place, the network and whose records; those that the notebook does not declare are left out.
    settings
        Where things are, how many run at once and how long a cell may take.

    Returns
    -------
    list
        In order of the cells. A cell that differs in the title of the model only is not listed.

    Raises
    ------
    PcnAnalysisError
        If the notebook fails under either.
    """
    known = {name: value for name, value in parameters.items() if name in report.defaults(settings.notebooks)}
    try:
        with work_folder(settings.restricted, f"models_{report.name}") as work:
            jobs = [(work / f"{number}.ipynb", {**known, PARAMETER: name}) for number, (name, _) in enumerate(models)]
            executed = _executed(report, jobs, settings)
    except Exception as error:
        where = (settings.restricted / "failed").as_posix()
        raise problem(report.name, f"fails: {said_safely(error)}", f"The traceback is in {where}.") from None
    before, after = (_cells(one, model) for one, (_, model) in zip(executed, models, strict=True))
    found = []
    for number, ((heading, was), (_, now)) in enumerate(zip(before, after, strict=True), 1):
        what = tuple(kind for kind in dict.fromkeys([*was, *now]) if was.get(kind) != now.get(kind))
        said = _first_changed(was.get("sentence", []), now.get("sentence", []))
        found += [ChangedCell(report.name, number, heading, what, said)] if what else []
    return found


def _executed(report: Report, jobs: Sequence[tuple[Path, dict[str, Any]]], settings: Settings) -> list[Any]:
    """Execute a notebook with each set of parameters, both at once where the settings allow it."""
    from joblib import Parallel, delayed

    from pcn_analysis.reports.kernel import executed

    source = report.notebook(settings.notebooks)
    workers = min(settings.jobs, len(jobs))
    made = Parallel(n_jobs=workers)(delayed(executed)(source, *job, settings) for job in jobs)
    return [one.notebook for one in made]


def _cells(notebook: Any, model: Model) -> list[tuple[str, dict[str, list[str]]]]:
    """Of each code cell the heading above it, and what it shows, by kind; the cell that sets parameters is none."""
    heading, found = "", []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            titles = re.findall(r"^#+ (.+)$", cell.source, flags=re.MULTILINE)
            heading = titles[-1] if titles else heading
        elif "injected-parameters" not in cell.metadata.get("tags", []):
            shown: dict[str, list[str]] = {}
            for output in cell.get("outputs", []):
                kind = SHOWN.get(output.get("metadata", {}).get(MARK, ""), "output")
                shown.setdefault(kind, []).append(_plain(output, model))
            found.append((heading, shown))
    return found


def _first_changed(was: Sequence[str], now: Sequence[str]) -> tuple[str, ...]:
    """The first sentence of a cell that differs, before and after; none where they are alike, or one has no more."""
    before, after = (
        re.split(r"(?<=[.?!:])\s+", unescape(re.sub(r"<[^>]*>", " ", " ".join(some)))) for some in (was, now)
    )
    pairs = ((" ".join(one.split()), " ".join(other.split())) for one, other in zip(before, after, strict=False))
    return next(((one, other) for one, other in pairs if one != other), ())


def _plain(output: Any, model: Model) -> str:
    """What an output shows, whatever the model is called and wherever it was read from."""
    data = output.get("data", {})
    shown = [str(one) for kind, one in data.items() if kind != TEXT or len(data) == 1] or [str(output.get("text", ""))]
    text = _OWN_FILE.sub("", _DOWNLOAD.sub("", "\n".join(shown)))
    for title in (escape(model.title), model.title, escape(model.source), model.source):
        text = text.replace(title, "")
    return text
