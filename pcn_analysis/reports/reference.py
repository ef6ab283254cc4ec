"""Reference outputs: the notebooks executed on the synthetic place, as committed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.place import save_place
from pcn_analysis.reports.catalogue import CATALOGUE
from pcn_analysis.reports.kernel import QUIET, STRICT, EncryptedKernelManager, kernel_environment

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

    from pcn_analysis.synthetic.place import invent_place

    save_place(invent_place(), settings.processed)
    for report in CATALOGUE:
        path = report.notebook(settings.notebooks)
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
