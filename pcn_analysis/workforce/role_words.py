"""Roles in words, as services write them, and their short names; whether the scheme pays for them."""

from __future__ import annotations

import csv
import io
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from pcn_analysis.exceptions import nearest, problem

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT = (files("pcn_analysis") / "workforce" / "role_words.csv").read_text(encoding="utf-8")
_ROWS = tuple(csv.DictReader(io.StringIO(_TEXT, newline="")))
NAMES: Mapping[str, str] = MappingProxyType({row["role"]: row["name"] for row in _ROWS})
"""Full names by short name: the roles of the scheme first, then those that it does not pay for."""
OF_SCHEME = frozenset(row["role"] for row in _ROWS if row["of_scheme"] == "yes")
"""Short names of the roles of the Additional Roles Reimbursement Scheme."""
_BY_WORDS = {row["words"].casefold(): row["role"] for row in _ROWS}


def role_of(words: str) -> str:
    """Short name of a role from the words of a service.

    A GP or practice nurse in a service is one of the practices: the scheme does not pay for them.

    Parameters
    ----------
    words
        Such as ``clinical pharmacist``, in any capitals; or the short name itself.

    Raises
    ------
    PcnAnalysisError
        If there is no such role.

    Examples
    --------
    >>> role_of("Clinical pharmacist"), role_of("practice nurse"), role_of("care_coordinator")
    ('clinical_pharmacist', 'practice_nurse', 'care_coordinator')
    >>> role_of("dietician")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: role: there is none called dietician. Did you mean dietitian?
    """
    if words in NAMES:
        return words
    if words.casefold() not in _BY_WORDS:
        raise problem("role", f"there is none called {words}", nearest(words, [row["words"] for row in _ROWS]))
    return _BY_WORDS[words.casefold()]
