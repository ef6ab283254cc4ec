"""What a process that was just forked does to become a kernel like any other."""

from __future__ import annotations

import atexit
import ctypes
import os
import random
import signal
import sys
import time
import warnings
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NoReturn

from pcn_analysis.kernels.limits import limit_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PR_SET_PDEATHSIG = 1
OF_INTERPRETER = tuple(warnings.filters)
"""Filters of warnings as Python starts with them; libraries put theirs before these."""


def die_with(parent: int, number: int) -> None:
    """Have the kernel of Linux signal this process when its parent, which has that number, dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:
            os.kill(os.getpid(), number)


def become_kernel(request: Mapping[str, Any], parent: int, let_go: Callable[[], None]) -> NoReturn:
    """Run a kernel in this process, and leave with it; never returns to where it was forked.

    Parameters
    ----------
    request
        What was asked for.
    parent
        Number of the fork parent.
    let_go
        Closes the sockets that are the fork parent's.
    """
    code = 1
    try:
        os.setsid()
        die_with(parent, signal.SIGKILL)
        _default_signals()
        let_go()
        _silent()
        _settle(request["folder"], request["environment"])
        _run(request["arguments"])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        os._exit(code)


def _default_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _silent() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.close(nothing)


def _settle(folder: str, environment: Mapping[str, str]) -> None:
    """Folder, environment and chance: what the fork parent's were is forgotten."""
    import numpy as np

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    limit_memory(environment)
    random.seed()
    np.random.seed()  # noqa: NPY002 - the global state of the library is what must not be shared
    _warn_as(environment.get("PYTHONWARNINGS", ""))


def _warn_as(wanted: str) -> None:
    """Put the filters that Python would have read at its start where it puts them: after those of libraries."""
    options = [one for one in wanted.split(",") if one]
    of_libraries = [one for one in warnings.filters if one not in OF_INTERPRETER]
    sys.warnoptions[:] = options
    warnings.filters[:] = list(OF_INTERPRETER)  # type: ignore[index]
    warnings._processoptions(options)  # type: ignore[attr-defined]
    warnings.filters[:0] = of_libraries  # type: ignore[index]


def _run(arguments: Sequence[str]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    launcher = find_spec("ipykernel_launcher")
    sys.argv[:] = [launcher.origin or "" if launcher else "", *arguments]
    IPKernelApp.launch_instance(argv=list(arguments))
    atexit._run_exitfuncs()  # messages on their way, history, processes of libraries: as Python does when it ends
