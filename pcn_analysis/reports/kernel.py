"""Execute notebooks in kernels that are private and the same everywhere: forked ones where they can be had."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pcn_analysis.kernels import SOCKET_VARIABLE, KernelFacts
from pcn_analysis.kernels.limits import LIMIT_VARIABLE
from pcn_analysis.kernels.manager import EncryptedKernelManager, PageKernelManager
from pcn_analysis.kernels.starting import SAME_EVERYWHERE
from pcn_analysis.settings import ROOT_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pcn_analysis.settings import Settings

__all__ = [
    "LENIENT",
    "QUIET",
    "STRICT",
    "EncryptedKernelManager",
    "Executed",
    "cell_of",
    "executed",
    "kernel_environment",
    "kernel_of",
]

STRICT = {"PYTHONWARNINGS": "default"}
"""For reference outputs: a warning shows, and the notebook rules refuse it."""
LENIENT = {"PYTHONWARNINGS": "ignore"}
"""For pages: a library's warning must not fail a page on the day, nor reach it."""

QUIET = ["--IPKernelApp.log_level=50", "--HistoryManager.enabled=False"]
"""Kernels report a normal shutdown as an error; what goes wrong in a cell comes back without their log. They keep no
history: nobody recalls what a report typed."""


@dataclass(frozen=True)
class Executed:
    """What came of a notebook.

    Parameters
    ----------
    notebook
        As executed, with its outputs.
    kernel
        Of the kernel that it ran in.
    """

    notebook: Any
    kernel: KernelFacts


@contextmanager
def kernel_environment(root: Path, more: Mapping[str, str]) -> Iterator[None]:
    """Let kernels started inside find the project, give the same answers on every machine and know what more is set."""
    wanted = {**SAME_EVERYWHERE, **more, ROOT_VARIABLE: str(root)}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def executed(
    source: Path,
    target: Path,
    parameters: Mapping[str, Any],
    settings: Settings,
    environment: Mapping[str, str] | None = None,
    *,
    parent: str = "",
) -> Executed:
    """Execute a notebook with parameters, as every page is, and return what came of it; it is kept at ``target``.

    Parameters
    ----------
    source, target
        The notebook, and where its executed copy goes.
    parameters
        To set in it.
    settings
        Where the project is, how long a cell may take and how much memory a kernel may have.
    environment
        Further variables for the kernel.
    parent
        Socket of a fork parent (:func:`pcn_analysis.kernels.fork_parent`); empty for an ordinary kernel.

    Raises
    ------
    Exception
        Whatever stopped it: an error in a cell, a cell that took too long, or a kernel that died.
        :func:`kernel_of` tells the facts of its kernel, and :func:`cell_of` which cell it was at.
    """
    import nbformat
    import papermill

    started: list[PageKernelManager] = []
    begun: list[int] = []

    class Manager(PageKernelManager):
        def __init__(self, **options: object):
            super().__init__(**options)
            started.append(self)

    told = {SOCKET_VARIABLE: parent, LIMIT_VARIABLE: str(settings.kernel_gigabytes)}
    try:
        with kernel_environment(settings.root, {**LENIENT, **told, **(environment or {})}):
            papermill.execute_notebook(
                source,
                target,
                parameters=dict(parameters),
                kernel_name="pcn-analysis",
                cwd=str(settings.root),
                progress_bar=False,
                request_save_on_cell_execute=False,
                execution_timeout=round(settings.cell_minutes * 60),
                kernel_manager_class=Manager,
                shutdown_kernel="immediate",
                on_cell_execute=lambda cell_index, **_: begun.append(cell_index),
                extra_arguments=QUIET,
            )
    except Exception as error:
        error.kernel = started[0].facts if started else None  # type: ignore[attr-defined]
        error.cell = len(begun) or None  # type: ignore[attr-defined]
        raise
    return Executed(nbformat.read(target, as_version=4), started[0].facts)


def kernel_of(error: BaseException) -> KernelFacts | None:
    """Facts of the kernel of a notebook that failed; None where it had none."""
    return getattr(error, "kernel", None)


def cell_of(error: BaseException) -> int | None:
    """Number of the code cell that a notebook was at when it was stopped or failed; None where it was at none."""
    return getattr(error, "exec_count", None) or getattr(error, "cell", None)
