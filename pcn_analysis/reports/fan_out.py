"""Several things at once: joblib hands them to workers, and what was lost with a worker is done again.

A worker can be killed from outside, or by the system when memory runs out. joblib then gives up all that was on its
way. What was not on its way is done by new workers; what was is done again one at a time, so that what kills its worker
takes nothing else with it.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from pcn_analysis.exceptions import problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Given = TypeVar("Given")
Made = TypeVar("Made")

BACKEND = "loky"
"""joblib's processes on this machine; ``dask`` and ``spark`` are those of a cluster."""


WATCHED = 0.5
"""Seconds between two looks whether the runner is still there."""


def fan_out(
    work: Callable[[Given], Made],
    things: Iterable[Given],
    *,
    workers: int,
    lost: Callable[[Given], Made],
    backend: str = BACKEND,
) -> Iterator[Made]:
    """Do something for each of some things, several at once, and yield what came of each as it is done.

    Parameters
    ----------
    work
        What is done; it raises nothing that it can help.
    things
        What it is done for. The next is asked for when a worker is free.
    workers
        How many at once; with one, everything is done here.
    lost
        What is yielded for one whose worker was ended twice.
    backend
        A backend of joblib, registered where it is not one of its own.

    Raises
    ------
    PcnAnalysisError
        If joblib does not know the backend.
    """
    if workers <= 1:
        yield from map(work, things)
        return
    left = iter(things)
    while True:
        round_ = _Round(left)
        try:
            yield from round_.done(work, workers, backend)
            return
        except BrokenProcessPool:
            for thing in round_.on_their_way():
                yield _alone(work, thing, lost, backend)


class _Round:
    """What one pool of workers was given, until it is done or breaks."""

    def __init__(self, things: Iterator[Any]):
        self.things = things
        self.given: dict[int, Any] = {}

    def done(self, work: Callable[[Any], Made], workers: int, backend: str) -> Iterator[Made]:
        for number, made in _parallel(self._tasks(work), workers, backend):
            del self.given[number]
            yield made

    def _tasks(self, work: Callable[[Any], Any]) -> Iterator[Any]:
        from joblib import delayed

        for number, thing in enumerate(self.things):
            self.given[number] = thing
            yield delayed(_numbered)(number, work, thing)

    def on_their_way(self) -> Iterator[Any]:
        """What had been given to a worker and is not known to be done."""
        yield from deque(self.given.values())


def _numbered(number: int, work: Callable[[Given], Made], thing: Given) -> tuple[int, Made]:
    _end_with_parent()
    return number, work(thing)


@cache
def _end_with_parent() -> None:
    """End this worker, once, when whoever started it is gone, and with it all that it has started itself.

    joblib's workers outlive one that is killed, and would go on with what nobody waits for. Windows does not say that
    a parent is gone: there they do.
    """
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCHED)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def _alone(work: Callable[[Given], Made], thing: Given, lost: Callable[[Given], Made], backend: str) -> Made:
    """Do one thing in a worker that does nothing else."""
    try:
        [made] = _Round(iter([thing])).done(work, 2, backend)
    except BrokenProcessPool:
        return lost(thing)
    return made


def _parallel(tasks: Iterator[Any], workers: int, backend: str) -> Iterable[Any]:
    from joblib import Parallel, parallel_config

    try:
        with parallel_config(backend=backend):
            parallel = Parallel(n_jobs=workers, return_as="generator_unordered", pre_dispatch="n_jobs", batch_size=1)
    except (ValueError, KeyError, ImportError) as error:
        what = f"joblib has no backend {backend!r} here"
        raise problem("workers", what, "Use loky, or install and register what it needs.") from error
    return parallel(tasks)
