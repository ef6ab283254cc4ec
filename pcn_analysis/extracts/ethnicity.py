"""Who was asked for their ethnic category and did not state it, told from those of whom it is not known.

The NHS Data Dictionary has a code for each: Z for not stated, 99 for not known. The first is an answer and the second
is none; a share of missing categories is of the second alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.extracts.workspace import texts
from pcn_analysis.tables.records import NOT_STATED

if TYPE_CHECKING:
    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.workspace import Workspace

WORDS_NOT_STATED = ("z", "not stated", "ethnic category not stated", "ethnicity not stated", "ethnic group not stated",
                    "refused", "declined", "prefer not to say", "patient refused", "patient declined")  # fmt: skip
"""How extracts write that somebody was asked and did not state it."""
WORDS_NOT_KNOWN = ("99", "x", "not recorded", "ethnicity not known", "ethnic category not known",
                   "ethnicity unknown", "ethnic category unknown", "not asked")  # fmt: skip
"""How they write that it is not known, beside the words that stand for nothing in any column; X is of older HES."""


def told_apart(space: Workspace, persons: str, findings: Findings) -> str:
    """Write one word for a category that was not stated, and none for one that is not known.

    Parameters
    ----------
    space
        The workspace.
    persons
        How to read ``tables.PERSONS``, with marks.
    findings
        Takes how many rows say either, in whatever words.

    Returns
    -------
    str
        How to read the same rows.
    """
    word = "lower(trim(ethnicity))"
    stated, known = (f"{word} IN {texts(words)}" for words in (WORDS_NOT_STATED, WORDS_NOT_KNOWN))
    unstated, unknown = space.row(f"SELECT count(*) FILTER ({stated}), count(*) FILTER ({known}) FROM {persons}")
    findings.add("persons.ethnicity", "asked for, and not stated", unstated, "noted")
    findings.add("persons.ethnicity", "a code or words for a category that is not known", unknown, "set to missing")
    category = f"CASE WHEN {stated} THEN '{NOT_STATED}' WHEN {known} THEN NULL ELSE ethnicity END"
    return f"(SELECT * REPLACE ({category} AS ethnicity) FROM {persons})"
