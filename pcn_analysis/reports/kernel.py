"""Start notebook kernels: quiet, encrypted and the same everywhere."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_client.manager import AsyncKernelManager

from pcn_analysis.settings import ROOT_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pcn_analysis.settings import Settings

STRICT = {"PYTHONWARNINGS": "default"}
"""For reference outputs: a warning shows, and the notebook rules refuse it."""
LENIENT = {"PYTHONWARNINGS": "ignore"}
"""For pages: a library's warning must not fail a page on the day, nor reach it."""

QUIET = ["--IPKernelApp.log_level=50"]
"""Kernels report a normal shutdown as an error; what goes wrong in a cell comes back without their log."""

SAME_EVERYWHERE = {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "TZ": "UTC"}


@dataclass(frozen=True)
class KernelFacts:
    """How a kernel ran: its kind, the most memory that it held and the time that it computed, where they are known."""

    kind: str
    peak_mb: float | None = None
    cpu_seconds: float | None = None


@dataclass(frozen=True)
class Executed:
    """A notebook that was executed, and the kernel that did it."""

    notebook: Any
    kernel: KernelFacts


class EncryptedKernelManager(AsyncKernelManager):
    """Talks to its kernel over an encrypted connection."""

    def __init__(self, **options: object):
        super().__init__(**options)
        self.transport_encryption = "auto"


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
    parent: str = "",  # noqa: ARG001
) -> Executed:
    """Execute a notebook with parameters, as every page is, and return what came of it; it is kept at ``target``."""
    import nbformat
    import papermill

    with kernel_environment(settings.root, {**LENIENT, **(environment or {})}):
        papermill.execute_notebook(
            source,
            target,
            parameters=dict(parameters),
            kernel_name="python3",
            cwd=str(settings.root),
            progress_bar=False,
            request_save_on_cell_execute=False,
            execution_timeout=round(settings.cell_minutes * 60),
            kernel_manager_class=EncryptedKernelManager,
            extra_arguments=QUIET,
        )
    return Executed(nbformat.read(target, as_version=4), KernelFacts("ordinary"))
