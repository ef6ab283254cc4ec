"""The one kind of error that users see.

::

    PcnAnalysisError        something that the person at the keyboard can put right
    └── DisclosureError     a table was about to leave that must not

Each carries :class:`Problem` s: what is wrong, where, and what to do. They never carry a person's
identifier: counts, columns, files, practices, networks and areas only.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Parameters
    ----------
    where
        The file, table, column or option concerned.
    what
        What is wrong, with a count where there is one.
    remedy
        What to do about it, in the imperative.

    Examples
    --------
    >>> print(Problem("practices.pcn_code", "2 rows hold no value", "Fill the column."))
    practices.pcn_code: 2 rows hold no value. Fill the column.
    """

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.remedy}"


class PcnAnalysisError(Exception):
    """Something that the user can put right; the command line prints it and exits with code 2.

    Parameters
    ----------
    *problems
        Everything found wrong, reported together.
    """

    def __init__(self, *problems: Problem):
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class DisclosureError(PcnAnalysisError):
    """A table may not be released as asked."""


def problem(where: str, what: str, remedy: str) -> PcnAnalysisError:
    """Make an error of a single problem.

    Examples
    --------
    >>> raise problem("practices.csv", "the file is empty", "Download it again.")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: practices.csv: the file is empty. Download it again.
    """
    return PcnAnalysisError(Problem(where, what, remedy))


def nearest(word: str, known: Iterable[str]) -> str:
    """Say which known names are nearest to a mistaken one.

    Examples
    --------
    >>> nearest("Wirrall", ["Wirral", "Warrington", "Wigan"])
    'Did you mean Wirral?'
    >>> nearest("Atlantis", ["Wirral"])
    'Known: Wirral.'
    """
    names = sorted(set(known))
    by_folded = {name.casefold(): name for name in names}
    close = get_close_matches(word.casefold(), by_folded, n=3, cutoff=0.6)
    if close:
        return f"Did you mean {' or '.join(by_folded[name] for name in close)}?"
    shown = ", ".join(names[:8])
    return f"Known: {shown}{' …' if len(names) > 8 else '.'}"  # noqa: PLR2004
