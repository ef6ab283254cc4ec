"""Reference outputs: the notebooks executed on the synthetic place, as committed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.exceptions import problem
from pcn_analysis.prepared import save_place
from pcn_analysis.reports.catalogue import CATALOGUE, Report
from pcn_analysis.reports.kernel import QUIET, STRICT, EncryptedKernelManager, kernel_environment
from pcn_analysis.reports.people import draw_missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pcn_analysis.settings import Settings

KEPT_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def refresh_notebooks(settings: Settings) -> Iterator[Path]:
    """Execute every notebook with its default parameters, the synthetic place, and keep the outputs.

    Yields
    ------
    Path
        Each notebook, once written. Nothing of the machine is kept: no times, paths or versions of Python.
    """
    import nbformat
    from nbclient import NotebookClient

    from pcn_analysis.network.place_null import held_against_random, keep_held
    from pcn_analysis.synthetic.place import invent_place

    place = invent_place()
    save_place(place, settings.processed)
    keep_held(place, held_against_random(place), settings.processed)
    for report in CATALOGUE:
        path = report.notebook(settings.notebooks)
        _draw_default_people(report, settings)
        notebook = nbformat.read(path, as_version=4)
        with kernel_environment(settings.root, STRICT):
            NotebookClient(
                notebook,
                timeout=round(settings.cell_minutes * 60),
                kernel_name="python3",
                kernel_manager_class=EncryptedKernelManager,
                extra_arguments=QUIET,
                record_timing=False,
                resources={"metadata": {"path": str(settings.root)}},
            ).execute()
        notebook.metadata = nbformat.from_dict(KEPT_METADATA)
        nbformat.write(notebook, path)
        yield path


def _draw_default_people(report: Report, settings: Settings) -> None:
    """Draw the people whom a notebook on people is about by default."""
    if not report.needs_people:
        return
    defaults = report.defaults(settings.notebooks)
    network = str(defaults["place"]), str(defaults["pcn_code"])
    for error in draw_missing({network: network[1]}, settings).values():
        raise problem(report.name, error, f"The traceback is in {settings.restricted.name}/failed.")
