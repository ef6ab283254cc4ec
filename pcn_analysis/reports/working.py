"""A copy of a notebook with its parameters set, for an analyst to work in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.exceptions import problem
from pcn_analysis.place import network_of
from pcn_analysis.reports.catalogue import find_report
from pcn_analysis.reports.people import draw_missing
from pcn_analysis.reports.planning import choose_places, networks_of, plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pcn_analysis.reports.jobs import Job
    from pcn_analysis.settings import Settings

FOLDER = "working"
KERNELSPEC = {"display_name": "Python 3 (pcn_analysis)", "language": "python", "name": "pcn-analysis"}
"""In a working copy, whose kernels then start at once; notebooks as committed keep ``python3``."""


def working_copy(
    settings: Settings,
    notebook: str,
    place: str | None,
    pcn: str | None,
    *,
    synthetic_people: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Path:
    """Write a notebook with its parameters set to ``notebooks/working/``, without outputs.

    Synthetic people that it needs are drawn first.

    Parameters
    ----------
    settings
        Where things are.
    notebook
        Number or name of the notebook.
    place, pcn
        What to set; by default the first prepared place and its first network. A copy that exists is kept
        as it is, because an analyst may have worked in it.
    synthetic_people
        Whether a network without patient records is shown on invented people.
    say
        Called with a line where people are drawn.

    Raises
    ------
    PcnAnalysisError
        If the notebook, the place or the network is not known, or there are no people for it.
    """
    import nbformat
    from jupyter_client.kernelspec import KernelSpecManager
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    report = find_report(notebook)
    chosen = choose_places(settings.processed, place)[0]
    if not pcn:
        _, pcn, _ = networks_of([chosen], [], settings.processed)[0]
    network = network_of(chosen, pcn)
    [job] = plan(settings, [chosen], [network.pcn_code], [report.name], synthetic_people=synthetic_people).jobs
    _draw_people(job, settings, say)
    target = settings.notebooks / FOLDER / f"{job.stem}_{chosen.slug}_{job.pcn_code}.ipynb"
    if target.exists():
        return target
    source = load_notebook_node(str(report.notebook(settings.notebooks)))
    parameters = job.parameters(settings, report.defaults(settings.notebooks))
    set_ = parameterize_notebook(source, parameters, kernel_name="python3")
    for cell in set_.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cell.metadata.pop("papermill", None)
    set_.metadata.pop("papermill", None)
    if "pcn-analysis" in KernelSpecManager().find_kernel_specs():  # not where the package was never installed
        set_.metadata.kernelspec = nbformat.from_dict(KERNELSPEC)
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(set_, target)
    return target


def _draw_people(job: Job, settings: Settings, say: Callable[[str], None]) -> None:
    if job.people != "synthetic":
        return
    for error in draw_missing({job.network: job.name}, settings, say).values():
        raise problem(job.name, error, f"The traceback is in {(settings.restricted / 'failed').as_posix()}.")
