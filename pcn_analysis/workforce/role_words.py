"""Roles in words, as services write them, and their short names; whether the scheme pays for them.

Roles of the scheme are named in ``codelists/additional_roles.csv``. ``role_words.csv`` beside this module has the words
of services that are no such name, and the three roles that are outside the scheme, with their names.
"""

from __future__ import annotations

import csv
import io
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from pcn_analysis import codelists
from pcn_analysis.exceptions import nearest, problem

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT = (files("pcn_analysis") / "workforce" / "role_words.csv").read_text(encoding="utf-8")
_ROWS = tuple(csv.DictReader(io.StringIO(_TEXT, newline="")))
_SCHEME = codelists.names("additional_roles", "role")
NAMES: Mapping[str, str] = MappingProxyType(_SCHEME | {row["role"]: row["name"] for row in _ROWS if row["name"]})
"""Full names by short name: the roles of the scheme first, then those that it does not pay for."""
OF_SCHEME = frozenset(_SCHEME)
"""Short names of the roles of the Additional Roles Reimbursement Scheme."""
_BY_WORDS = {
    **{role.replace("_", " ").casefold(): role for role in NAMES},
    **{name.casefold(): role for role, name in NAMES.items()},
    **{row["words"].casefold(): row["role"] for row in _ROWS},
}


def role_of(words: str) -> str:
    """Short name of a role from the words of a service.

    A GP or practice nurse in a service is one of the practices: the scheme does not pay for them. So ``GP`` and ``gp``
    are both the GP of a practice here, although ``gp`` is the short name of the GP whom the scheme pays for; that one
    is ``GP of the scheme``.

    Parameters
    ----------
    words
        Such as ``clinical pharmacist``, in any capitals, with spaces or underscores between.

    Raises
    ------
    PcnAnalysisError
        If there is no such role.

    Examples
    --------
    >>> role_of("Clinical pharmacist"), role_of("practice nurse"), role_of("care_coordinator")
    ('clinical_pharmacist', 'practice_nurse', 'care_coordinator')
    >>> role_of("GP"), role_of("gp"), role_of("GP of the scheme")
    ('practice_gp', 'practice_gp', 'gp')
    >>> role_of("dietician")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: role: there is none called dietician. Did you mean dietitian?
    """
    found = _BY_WORDS.get(words.replace("_", " ").casefold())
    if found is None:
        raise problem("role", f"there is none called {words}", nearest(words, _BY_WORDS))
    return found
