"""What is known of a kernel when it has ended: its kind, its memory and its work."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FORKED, ORDINARY = "forked", "ordinary"


@dataclass(frozen=True)
class KernelFacts:
    """One kernel.

    Parameters
    ----------
    kind
        ``forked`` or ``ordinary``.
    peak_mb
        Most memory that it held at one time, in MiB, what it shares with the fork parent included; None where that
        cannot be read, as of an ordinary kernel that died.
    cpu_seconds
        Processor time of it and of the processes that it waited for; None where that cannot be read.
    """

    kind: str
    peak_mb: float | None = None
    cpu_seconds: float | None = None


def facts_of_process(pid: int) -> KernelFacts | None:
    """Read the facts of an ordinary kernel that runs; None where it does not, or there is no ``/proc``."""
    folder = Path("/proc") / str(pid)
    with suppress(OSError, LookupError, ValueError):
        status = dict(line.split(":", 1) for line in (folder / "status").read_text(encoding="utf-8").splitlines())
        # after the name of the command, which may hold anything: user and system time, its own and its children's
        ticks = map(int, (folder / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[11:15])
        seconds = sum(ticks) / os.sysconf("SC_CLK_TCK")
        return KernelFacts(ORDINARY, round(int(status["VmHWM"].split()[0]) / 1024, 1), round(seconds, 2))
    return None
