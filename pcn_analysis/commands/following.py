"""Say what a long calculation is doing while it does it."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pcn_analysis.commands.project import say

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def following(progress: logging.Logger) -> Iterator[None]:
    """Say each line that a calculation logs of its progress, for as long as this lasts."""
    listener = _Listener()
    level = progress.level
    progress.addHandler(listener)
    progress.setLevel(logging.INFO)
    try:
        yield
    finally:
        progress.removeHandler(listener)
        progress.setLevel(level)


class _Listener(logging.Handler):
    """Says each line as it comes."""

    def emit(self, record: logging.LogRecord) -> None:
        say(record.getMessage())
