"""A limit on the memory of a kernel, so that one notebook cannot take that of the whole machine.

A cell that asks for more fails with ``MemoryError``, and its page says so. The limit is on the data of a process
(``RLIMIT_DATA``), which counts what it can write to; addresses that are only reserved, as DuckDB and threads do, are
free. It holds on Linux. On Windows there is none, and macOS does not keep to it.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT_VARIABLE = "PCN_ANALYSIS_KERNEL_GIGABYTES"
"""Tells a provisioner how much memory a kernel may have; 0 or nothing is no limit."""


def limit_memory(environment: Mapping[str, str], pid: int = 0) -> None:
    """Limit the memory of a process, by default this one, to what its environment says.

    Parameters
    ----------
    environment
        That of the kernel. What is no number is no limit.
    pid
        Which process. One that has ended is left.
    """
    if sys.platform != "linux":
        return
    import resource

    try:
        wanted = round(float(environment.get(LIMIT_VARIABLE) or 0) * 1024**3)
    except (ValueError, OverflowError):
        return
    if wanted <= 0:
        return
    with suppress(ProcessLookupError):
        _, hard = resource.prlimit(pid, resource.RLIMIT_DATA)
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.prlimit(pid, resource.RLIMIT_DATA, (limit, limit))
