"""Start the fork parent, and end it with its kernels."""

from __future__ import annotations

import logging
import os
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcn_analysis.settings import Settings

SAME_EVERYWHERE = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
}
"""What makes kernels give the same answers on every machine. Python and libraries read it at their start, so the fork
parent has it too."""
OF_PARENT = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""What a kernel sets before its first import; and pyarrow is to start no thread as it is imported."""
NOT_OF_PARENT = ("PYTHONWARNINGS", "JPY_PARENT_PID", "JPY_INTERRUPT_EVENT")
"""What is of one kernel."""
READY = "ready"
WITH_STARTER = "--with-starter"
"""Has the fork parent end with the thread that started it; only for one that lasts as long as its process."""
FOLDER_PREFIX = "pcn-"
"""How folders with sockets are named."""
READY_WITHIN = 120.0
"""Seconds to wait for the imports."""
LONGEST_PATH = 90
"""Bytes of the path of a folder with sockets; systems take about 100 for that of a socket."""
LOG = logging.getLogger("pcn_analysis.kernels")


class ForkParent:
    """A process that kernels are forked from.

    It imports in the background; whoever asks for its socket waits for that.
    """

    def __init__(self, path: str):
        self._path = path
        self._process: subprocess.Popen[bytes] | None = None
        self._ready: bool | None = False
        if path:
            self._start()

    @property
    def socket(self) -> str:
        """Path of its socket; empty where kernels are to be ordinary ones."""
        return self._path if self._path and self._wait_until_ready() else ""

    @property
    def socket_to_come(self) -> str:
        """Path of its socket, which may not be there yet: until it is, kernels are ordinary ones."""
        return self._path

    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def restart(self) -> None:
        """End it with its kernels, and start another at the same socket; nothing where there was none to be."""
        if self._path:
            self.end()
            self._start()

    def end(self) -> None:
        """End it with its kernels."""
        if self._process is None:
            return
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()  # its kernels end with it
            self._process.wait()
        self._process = None

    def _start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if name not in NOT_OF_PARENT}
        options = [WITH_STARTER] if threading.current_thread() is threading.main_thread() else []
        Path(self._path).parent.mkdir(mode=0o700, exist_ok=True)
        Path(self._path).unlink(missing_ok=True)
        self._ready = None
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pcn_analysis.kernels.parent", self._path, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment, **SAME_EVERYWHERE, **OF_PARENT},
            start_new_session=True,
        )

    def _wait_until_ready(self) -> bool:
        if self._ready is None:
            assert self._process is not None
            assert self._process.stdout is not None
            said, until = b"", time.monotonic() + READY_WITHIN
            while (
                not said.endswith(b"\n") and select.select([self._process.stdout], [], [], until - time.monotonic())[0]
            ):
                more = os.read(self._process.stdout.fileno(), 4096)
                said += more or b"it ended\n"
            self._ready = said == f"{READY}\n".encode()
            if not self._ready:
                why = said.decode(errors="replace").strip() or f"not ready after {READY_WITHIN:.0f} seconds"
                LOG.warning("Kernels start as ordinary ones, which takes a few seconds longer: %s.", why)
                self.end()
        return bool(self._ready)


@contextmanager
def fork_parent(settings: Settings) -> Iterator[ForkParent]:
    """Have a fork parent, from which the kernels of reports or of JupyterLab are forked.

    Parameters
    ----------
    settings
        Whether kernels are forked (``kernels``).

    Yields
    ------
    ForkParent
        Its ``socket`` is empty, and kernels are ordinary ones, where the settings or the system do not allow it, or it
        cannot be started. At the end, or when the process that called this dies, it ends with all of its kernels.
    """
    if not may_fork(settings.kernels):
        yield ForkParent("")
        return
    folder = short_folder()
    if not folder:
        LOG.warning("Kernels start as ordinary ones: no folder for temporary files has a short path.")
    parent = ForkParent(str(Path(folder) / "kernels") if folder else "")
    try:
        yield parent
    finally:
        parent.end()
        shutil.rmtree(folder, ignore_errors=True)


def may_fork(kernels: str) -> bool:
    """Whether kernels may be forked: never on Windows, and on macOS, where libraries take it less well, if asked for.

    Parameters
    ----------
    kernels
        ``auto``, ``forked`` or ``ordinary``.
    """
    if kernels == "ordinary" or not hasattr(os, "fork"):
        return False
    return sys.platform == "linux" or kernels == "forked"


def short_folder(above: str = "") -> str:
    """Make a private folder whose path leaves room for the name of a socket.

    Parameters
    ----------
    above
        Where to make it; by default where temporary files go.

    Returns
    -------
    str
        Its path; empty where every path is too long, or none can be made.
    """
    for one in [above] if above else dict.fromkeys([tempfile.gettempdir(), "/tmp"]):
        with suppress(OSError):
            folder = tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=one)
            if len(os.fsencode(folder)) < LONGEST_PATH:
                return folder
            Path(folder).rmdir()
    return ""
