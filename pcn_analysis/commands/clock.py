"""What day it is: the one place where the command line asks, and from where it is handed on."""

from __future__ import annotations

import datetime as dt

from pcn_analysis.exceptions import problem


def now() -> dt.datetime:
    """The moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The day, where the computer is."""
    return now().astimezone().date()


def next_at(time: str) -> dt.datetime:
    """When the clock on the wall next shows a time, such as ``07:00``.

    Raises
    ------
    PcnAnalysisError
        If it is no time of day.
    """
    try:
        wanted = dt.datetime.strptime(time, "%H:%M").time()
    except ValueError:
        raise problem("--deadline", f"{time!r} is no time of day", "Write it as 07:00.") from None
    here = now().astimezone()
    at = here.replace(hour=wanted.hour, minute=wanted.minute, second=0, microsecond=0)
    return at if at > here else at + dt.timedelta(days=1)
