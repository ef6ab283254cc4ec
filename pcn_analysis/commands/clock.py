"""What day it is: the one place where the command line asks, and from where it is handed on."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """The moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The day, where the computer is."""
    return now().astimezone().date()
