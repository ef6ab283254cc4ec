"""A copy of a notebook with its parameters set, for an analyst to work in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.exceptions import problem
from pcn_analysis.place import network_of
from pcn_analysis.reports.catalogue import find_report
from pcn_analysis.reports.runner import choose_places

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.settings import Settings

FOLDER = "working"


def working_copy(settings: Settings, notebook: str, place: str | None, pcn: str | None) -> Path:
    """Write a notebook with its parameters set to ``notebooks/working/``, without outputs.

    Parameters
    ----------
    settings
        Where things are.
    notebook
        Number or name of the notebook.
    place, pcn
        What to set; by default the first prepared place and its first network. A copy that exists is kept
        as it is, because an analyst may have worked in it.

    Raises
    ------
    PcnAnalysisError
        If the notebook, the place or the network is not known.
    """
    import nbformat
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    report = find_report(notebook)
    chosen = choose_places(settings.processed, place)[0]
    if chosen.networks().empty:
        raise problem("open", f"{chosen.name} has no network", "Prepare a place whose practices have one.")
    network = network_of(chosen, pcn or str(chosen.networks()["pcn_code"].iloc[0]))
    target = settings.notebooks / FOLDER / f"{report.name}_{chosen.slug}_{network.pcn_code}.ipynb"
    if target.exists():
        return target
    source = load_notebook_node(str(report.notebook(settings.notebooks)))
    set_ = parameterize_notebook(source, {"place": chosen.slug, "pcn_code": network.pcn_code}, kernel_name="python3")
    for cell in set_.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cell.metadata.pop("papermill", None)
    set_.metadata.pop("papermill", None)
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(set_, target)
    return target
