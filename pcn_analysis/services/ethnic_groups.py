"""Ethnic categories as they are recorded, in six groups; *not stated* and *not known* are never put together."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from pcn_analysis.words import NOT_KNOWN, NOT_STATED

RECORDED = "recorded"
RECORDED_AS = (RECORDED, NOT_STATED, NOT_KNOWN)
"""How an ethnic group is recorded."""
WORDS_OF_NOT_STATED = ("Not stated", "not stated", "Not Stated", "Ethnicity not stated", "Z")
"""How records say that somebody was asked and did not say; Z is the code of the NHS Data Dictionary."""
WORDS_OF_NOT_KNOWN = ("", "99", "Not known", "not known", "Not Known", "Unknown", "unknown")
"""How records say that nothing is known; 99 is the code of the NHS Data Dictionary."""
GROUPS = {
    "White British": r"^White: (?:English|British|Welsh)",
    "Other White": r"^White\b",
    "Mixed or multiple": r"^Mixed\b",
    "Asian": r"^(?:Asian|Chinese)\b",
    "Black": r"^Black\b",
    "Other": r"^Other\b",
}
"""Six groups of the ethnic categories of England and Wales, by how a category begins; the first that fits."""
ORDER = (*GROUPS, NOT_STATED, NOT_KNOWN)
"""Groups in the order of the rows of a table."""


def how_recorded(ethnicity: Any) -> Any:
    """Whether an ethnic group is recorded, as a Narwhals expression: one of :data:`RECORDED_AS`."""
    recorded = nw.when(ethnicity.is_in(WORDS_OF_NOT_STATED)).then(nw.lit(NOT_STATED)).otherwise(nw.lit(RECORDED))
    unknown = ethnicity.is_null() | ethnicity.is_in(WORDS_OF_NOT_KNOWN)
    return nw.when(unknown).then(nw.lit(NOT_KNOWN)).otherwise(recorded)


def ethnic_group(ethnicity: pd.Series) -> pd.Series:
    """The group of each ethnic category: one of :data:`ORDER`; a category in other words is not known.

    Examples
    --------
    >>> ethnic_group(pd.Series(["White: Irish", "Asian or Asian British: Chinese", "Not stated", None])).to_list()
    ['Other White', 'Asian', 'not stated', 'not known']
    """
    words = ethnicity.astype("str")
    group = pd.Series(NOT_KNOWN, index=words.index, dtype="str")
    for name, begins in reversed(GROUPS.items()):
        group = group.mask(words.str.contains(begins, na=False), name)
    return group.mask(words.isin(WORDS_OF_NOT_STATED), NOT_STATED)
