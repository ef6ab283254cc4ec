"""Ask the fork parent for a kernel, over its socket, and hold on to that kernel as to a process.

The two sides talk in lines of JSON. The asker says what kernel it wants, and later which signals it is to have. The
fork parent says ``pid`` or ``refused``, and when the kernel has ended ``returncode``, ``peak_mb`` and ``cpu_seconds``.
The kernel is killed when the connection closes, so it does not outlive whoever asked for it.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcn_analysis.kernels.facts import FORKED, KernelFacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SOCKET_VARIABLE = "PCN_ANALYSIS_KERNELS"
"""Names the socket of a fork parent; without it kernels are ordinary ones."""
ANSWER_WITHIN = 5.0
"""Seconds to wait for the fork parent. It answers in a few hundredths, or something is wrong with it."""
LONGEST_LINE = 4 * 1024 * 1024
"""Bytes of a request: an environment can be large, but not so large."""


class NoKernelError(Exception):
    """The fork parent gives none, for the reason said."""


def ask(path: str, arguments: Sequence[str], folder: str, environment: Mapping[str, str], who: str) -> ForkedKernel:
    """Have a kernel forked.

    Parameters
    ----------
    path
        The socket.
    arguments
        Those of ``ipykernel``.
    folder, environment
        What the kernel starts in and with.
    who
        Identity of whoever asks (:mod:`pcn_analysis.kernels.identity`).

    Raises
    ------
    NoKernelError
        If there is no socket, nobody answers in time, or the fork parent refuses.
    """
    wanted = {"arguments": list(arguments), "folder": folder, "environment": dict(environment), "identity": who}
    line = json.dumps(wanted).encode() + b"\n"
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _check_ours(path)
        connection.settimeout(ANSWER_WITHIN)
        connection.connect(path)
        connection.sendall(line)
        answer, rest = _line(connection)
        if "pid" not in answer:
            raise NoKernelError(str(answer.get("refused", "it answered without a kernel")))
        connection.setblocking(False)
        return ForkedKernel(connection, int(answer["pid"]), rest)
    except (OSError, ValueError) as error:
        connection.close()
        raise NoKernelError(getattr(error, "strerror", None) or str(error)) from error
    except BaseException:
        connection.close()
        raise


def _check_ours(path: str) -> None:
    """Talk to nobody's socket but that of this user: a request holds the whole environment."""
    found = Path(path).stat()
    if not stat.S_ISSOCK(found.st_mode) or found.st_uid != os.getuid():
        raise NoKernelError("it is no socket of this user")


def _line(connection: socket.socket) -> tuple[dict[str, Any], bytes]:
    """The first line that comes within the time, and what came after it."""
    received, until = b"", time.monotonic() + ANSWER_WITHIN
    while b"\n" not in received:
        connection.settimeout(max(until - time.monotonic(), 0.001))
        more = connection.recv(65536)
        if not more:
            raise NoKernelError("it closed the connection")
        received += more
    line, rest = received.split(b"\n", 1)
    return json.loads(line), rest


class ForkedKernel:
    """A kernel that is the child of the fork parent, held as Jupyter holds a process of its own (``Popen``)."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, pid: int, received: bytes = b""):
        self._connection, self._received = connection, received
        self.pid = pid
        self.returncode: int | None = None
        self.facts = KernelFacts(FORKED)

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        while self.returncode is None and b"\n" not in self._received:
            try:
                more = self._connection.recv(65536)
            except BlockingIOError:
                return None
            except OSError:
                more = b""
            if not more:
                self._lost()
            self._received += more
        if self.returncode is None:
            self._ended(json.loads(self._received.split(b"\n", 1)[0]))
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended, at most so many seconds."""
        until = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                raise TimeoutError(f"the kernel runs on after {timeout} seconds")
            select.select([self._connection], [], [], left)
        return self.returncode or 0

    def send_signal(self, number: int) -> None:
        """Have its process group signalled by the fork parent, who knows whether it is still there."""
        if self.poll() is None:
            with suppress(OSError):
                self._connection.sendall(json.dumps({"signal": int(number)}).encode() + b"\n")

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, said: dict[str, Any]) -> None:
        self.returncode = int(said["returncode"])
        self.facts = KernelFacts(FORKED, said["peak_mb"], said["cpu_seconds"])
        self._connection.close()

    def _lost(self) -> None:
        """The fork parent has died, and its kernels with it."""
        with suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)
        self.returncode = -signal.SIGKILL
        self._connection.close()
