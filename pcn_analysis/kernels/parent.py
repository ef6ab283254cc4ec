"""The process that kernels are forked from: it imports, listens, forks and reaps, and does nothing else.

``python -m pcn_analysis.kernels.parent SOCKET`` is started by :func:`pcn_analysis.kernels.fork_parent`. It says
``ready``, or why it is not, in a line on its output. It ends, and its kernels with it, when its input closes: whoever
started it holds the other end.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import shutil
import signal
import socket
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from pcn_analysis.kernels.asking import LONGEST_LINE
from pcn_analysis.kernels.child import become_kernel, die_with
from pcn_analysis.kernels.identity import Unchanged
from pcn_analysis.kernels.preloading import preload, threads
from pcn_analysis.kernels.starting import FOLDER_PREFIX, READY, WITH_STARTER

_MAXRSS_IN_MB = 1024**2 if sys.platform == "darwin" else 1024


class Asker:
    """Whoever asked for a kernel, at the other end of a connection."""

    def __init__(self, connection: socket.socket):
        self.connection, self.received, self.pid = connection, b"", 0

    def say(self, **words: Any) -> None:
        """Say a line; one who has gone does not hear it."""
        with suppress(OSError):
            self.connection.sendall(json.dumps(words).encode() + b"\n")


class Parent:
    """Forks a kernel for each request, and tells how it ended.

    Parameters
    ----------
    listener
        The socket on which requests come.
    unchanged
        Whether the package is still the one that was imported.
    """

    def __init__(self, listener: socket.socket, unchanged: Unchanged):
        self.listener, self.unchanged, self.ending = listener, unchanged, False
        self.kernels: dict[int, Asker] = {}
        self.woken, self.wakes = socket.socketpair()
        self.selector = selectors.DefaultSelector()

    def serve(self) -> None:
        """Fork and reap until whoever started this process is gone, or it is told to end."""
        for one in (self.listener, self.woken, self.wakes):
            one.setblocking(False)
        signal.set_wakeup_fd(self.wakes.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.selector.register(self.listener, selectors.EVENT_READ, self._called)
        self.selector.register(self.woken, selectors.EVENT_READ, self._woken)
        self.selector.register(0, selectors.EVENT_READ, self._starter_spoke)
        while not self.ending:
            for key, _ in self.selector.select():
                key.data()
        for pid in self.kernels:
            _signal(pid, signal.SIGKILL)

    def _end(self, *_: object) -> None:
        self.ending = True

    def _starter_spoke(self) -> None:
        self.ending = not os.read(0, 4096)

    def _called(self) -> None:
        with suppress(BlockingIOError):
            asker = Asker(self.listener.accept()[0])
            asker.connection.setblocking(False)
            self.selector.register(asker.connection, selectors.EVENT_READ, partial(self._heard, asker))

    def _heard(self, asker: Asker) -> None:
        """Take in what an asker says: first what it wants, then signals; one who hangs up has its kernel killed."""
        try:
            more = asker.connection.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            more = b""
        asker.received += more
        if not more or len(asker.received) > LONGEST_LINE:
            self._hang_up(asker)
            return
        *lines, asker.received = asker.received.split(b"\n")
        for line in lines:
            try:
                self._do(asker, json.loads(line))
            except (ValueError, KeyError, TypeError):
                self._hang_up(asker)
                return

    def _do(self, asker: Asker, words: dict[str, Any]) -> None:
        if asker.pid:
            _signal(asker.pid, int(words["signal"]))
        elif words["identity"] != self.unchanged.identity:
            asker.say(refused="it has imported another package or other libraries")
        elif not self.unchanged:
            asker.say(refused="the package or its libraries have changed since it started")
        else:
            self._fork(asker, words)

    def _fork(self, asker: Asker, request: dict[str, Any]) -> None:
        own = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            asker.say(refused=error.strerror)
            return
        if pid == 0:
            become_kernel(request, own, self._let_go)
        asker.pid = pid
        self.kernels[pid] = asker
        asker.say(pid=pid)

    def _let_go(self) -> None:
        """In the child: close what is the parent's."""
        for key in list(self.selector.get_map().values()):
            if key.fileobj != 0:
                key.fileobj.close()  # type: ignore[union-attr]
        self.selector.close()
        self.wakes.close()

    def _woken(self) -> None:
        """A kernel has ended: tell how, and clear away what it left running."""
        with suppress(BlockingIOError):
            self.woken.recv(4096)
        for pid, asker in list(self.kernels.items()):
            ended, status, used = os.wait4(pid, os.WNOHANG)
            if not ended:
                continue
            _signal(pid, signal.SIGKILL)
            del self.kernels[pid]
            code, peak = os.waitstatus_to_exitcode(status), used.ru_maxrss / _MAXRSS_IN_MB
            asker.say(returncode=code, peak_mb=round(peak, 1), cpu_seconds=round(used.ru_utime + used.ru_stime, 2))
            self._hang_up(asker)

    def _hang_up(self, asker: Asker) -> None:
        with suppress(KeyError, ValueError):
            self.selector.unregister(asker.connection)
        asker.connection.close()
        if asker.pid in self.kernels:
            _signal(asker.pid, signal.SIGKILL)


def _signal(pid: int, number: int) -> None:
    """Signal a kernel and what it has started."""
    with suppress(OSError):
        os.killpg(pid, number)


def _listening(path: str) -> socket.socket:
    """Bind a socket that nobody else may use, in a folder that is private already."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(path)
    finally:
        os.umask(before)
    listener.listen(64)
    return listener


def main(path: str, *options: str) -> None:
    """Import, say ``ready``, and serve until the end; then remove the socket."""
    if WITH_STARTER in options:
        die_with(os.getppid(), signal.SIGTERM)
    unchanged = Unchanged()
    preload()
    if sys.path[0] in ("", str(Path.cwd())):
        del sys.path[0]  # as the launcher of ordinary kernels does; IPython puts the folder of the kernel there
    if others := threads():
        say(f"importing has started threads: {', '.join(others)}")
        return
    listener = _listening(path)
    gc.collect()
    gc.freeze()
    say(READY)
    try:
        Parent(listener, unchanged).serve()
    finally:
        _clear_away(Path(path))
        os._exit(0)


def _clear_away(path: Path) -> None:
    """Remove the socket, those of its kernels and their folder, as the starter may be gone."""
    with suppress(OSError):
        path.unlink()
        for folder in path.parent.glob(f"{FOLDER_PREFIX}*"):
            shutil.rmtree(folder, ignore_errors=True)
        path.parent.rmdir()


def say(line: str) -> None:
    """Tell the starter, who reads one line only."""
    os.write(1, line.encode() + b"\n")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (1, 2):
        os.dup2(nothing, number)
    os.close(nothing)


if __name__ == "__main__":
    main(*sys.argv[1:])
