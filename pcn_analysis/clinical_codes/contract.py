"""What a list of codes must state before it is used, and the checks of one list.

A list says what it is called, its version, its system, its licence, when it was last reviewed, and what its codes stand
for. Codes of lists are no people: messages may show them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis.clinical_codes.systems import SYSTEMS, looks_like, mangled, normalised, well_formed
from pcn_analysis.codelists import names
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest, problem
from pcn_analysis.words import number

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

NOT_REVIEWED = "not reviewed"
KINDS = {
    "condition": ("snomed", "icd10", "ctv3", "read2", "local"),
    "resolved": ("snomed", "icd10", "ctv3", "read2", "local"),
    "measurement": ("snomed", "ctv3", "read2", "local"),
    "event": ("snomed", "ctv3", "read2", "local"),
    "bnf": ("dmd", "rxnorm", "text"),
}
"""What a list can stand for, and the systems that such records are coded in."""
OUTCOMES = ("done", "offered", "declined", "unsuitable")
"""What can become of an event of care; a list that names none is of events that were done."""
SHOWN = 3
"""Codes shown in a message as examples."""

_BNF = re.compile(r"[0-9]{2}[0-9A-Z]{2,13}")
_MEASUREMENT = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class StandsFor:
    """What the codes of a list stand for.

    Parameters
    ----------
    kind
        A key of :data:`KINDS`: a condition; the resolution of one; a measurement; an event of care; or medicines.
    name
        Slug of the condition or measurement; slug of the event and what became of it, with a colon between; or BNF code
        of the medicines, empty where each code of the list has a BNF code of its own.
    """

    kind: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind


@dataclass(frozen=True)
class Codelist:
    """A list of codes, with what it states of itself.

    Parameters
    ----------
    codelist_id, version
        What the list and its edition are called.
    code_system
        A key of :data:`~pcn_analysis.clinical_codes.systems.SYSTEMS`.
    stands_for
        What its codes stand for.
    licence
        Under which it is used.
    reviewed_on
        Date of its last clinical review; none where it is not reviewed.
    reviewed_by
        Who reviewed it.
    codes
        A row for each code: code (normalised), term (null where the source has none), include (false takes a code
        out), bnf_code (null but for a list that maps each medicine).
    where
        File that it was read from, for messages.
    """

    codelist_id: str
    version: str
    code_system: str
    stands_for: StandsFor
    licence: str
    reviewed_on: dt.date | None
    codes: pd.DataFrame
    reviewed_by: str = ""
    where: str = ""

    @property
    def review(self) -> str:
        """When and by whom it was reviewed, in words."""
        if self.reviewed_on is None:
            return NOT_REVIEWED
        return f"reviewed on {self.reviewed_on.isoformat()}" + (f" by {self.reviewed_by}" if self.reviewed_by else "")


def stands_for(text: str, *, where: str) -> StandsFor:
    """Read what a list stands for: ``condition:asthma``, ``resolved:asthma``, ``measurement:hba1c``, ``bnf``.

    ``event:structured_medication_review`` is for codes that say that it was done, and with ``:offered``, ``:declined``
    or ``:unsuitable`` behind it for those that say that. ``bnf`` is for a list in which each code has its own BNF code;
    ``bnf:0408`` gives all its codes that one.

    Raises
    ------
    PcnAnalysisError
        If it is none of these, or names a condition or event that is not known.

    Examples
    --------
    >>> stands_for("condition:asthma", where="codelists.csv").name
    'asthma'
    >>> stands_for("event:health_action_plan", where="codelists.csv").name
    'health_action_plan:done'
    >>> stands_for("condition:astma", where="codelists.csv, row 1")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: codelists.csv, row 1: stands_for names no condition that is known. Did you
    mean asthma?
    """
    kind, _, name = (part.strip() for part in text.partition(":"))
    if kind not in KINDS or (not name and kind != "bnf"):
        raise problem(
            where,
            "stands_for is not understood",
            "Write condition:SLUG, resolved:SLUG, measurement:SLUG, event:SLUG, bnf or bnf:CODE.",
        )
    if kind == "event":
        return StandsFor(kind, _event(name, where))
    slugs = names("conditions", "condition")
    if kind in ("condition", "resolved") and name not in slugs:
        raise problem(where, "stands_for names no condition that is known", nearest(name, slugs))
    if kind == "measurement" and not _MEASUREMENT.fullmatch(name):
        raise problem(where, "stands_for names no measurement", "Write small letters, digits and _: measurement:hba1c.")
    if kind == "bnf" and name and not _BNF.fullmatch(name):
        raise problem(where, "stands_for names no BNF code", "Write 4 to 15 capitals and digits: bnf:0408.")
    return StandsFor(kind, name)


def _event(name: str, where: str) -> str:
    """Slug of an event and what became of it."""
    slug, _, outcome = (part.strip() for part in name.partition(":"))
    slugs = names("care_events", "event")
    if slug not in slugs:
        raise problem(where, "stands_for names no event of care that is known", nearest(slug, slugs))
    if outcome and outcome not in OUTCOMES:
        what = "stands_for names nothing that can become of an event"
        raise problem(where, what, f"Write {', '.join(OUTCOMES[:-1])} or {OUTCOMES[-1]}, or nothing: that is done.")
    return f"{slug}:{outcome or OUTCOMES[0]}"


def check(codelist: Codelist) -> list[Problem]:
    """List everything that stops a list from being used.

    A list whose codes are not of its system is an error: it would match nothing and look like a condition that nobody
    has. So are codes that a spreadsheet has damaged, a code both included and excluded, and, of a list of medicines, a
    code without a BNF code or with two.
    """
    where = f"{codelist.where}, list {codelist.codelist_id}"
    allowed = KINDS[codelist.stands_for.kind]
    found = []
    if codelist.code_system not in allowed:
        found.append(
            Problem(
                where,
                f"stands for a {codelist.stands_for.kind} and is of {codelist.code_system}; such records are coded in "
                f"{', '.join(allowed)}",
                "Correct code_system or stands_for.",
            )
        )
    rows = codelist.codes.assign(code=normalised(codelist.codes["code"], codelist.code_system))
    if not rows["include"].any():
        return [*found, Problem(where, "holds no code that is included", "Check that the file is whole.")]
    found += _of_codes(codelist, rows, where) + _of_pairs(codelist, rows, where)
    return found


def _of_codes(codelist: Codelist, rows: pd.DataFrame, where: str) -> list[Problem]:
    """Find codes that are missing, damaged, or not of the system."""
    found = []
    if empty := int(rows["code"].isna().sum()):
        found.append(Problem(where, f"{number(empty, 'row')} without a code", "Fill in the code or remove the row."))
    given = rows.loc[rows["code"].notna(), "code"]
    broken = mangled(given) if codelist.code_system not in ("text", "local") else given.str.len() < 0
    if broken.any():
        what = f"{number(int(broken.sum()), 'code')} damaged by a spreadsheet ({examples(given[broken])})"
        found.append(Problem(where, what, "Download the list again, and do not open it in a spreadsheet."))
    wrong = given[~broken & ~well_formed(given, codelist.code_system)]
    if not wrong.empty:
        title = SYSTEMS[codelist.code_system].title
        seems = looks_like(given, other_than=codelist.code_system)
        what = (
            f"looks like {seems}, says {codelist.code_system}"
            if seems
            else f"{number(len(wrong), 'code')} of {len(given):,} not of {title} ({examples(wrong)})"
        )
        found.append(Problem(where, what, "Correct code_system, or the codes."))
    return found


def _of_pairs(codelist: Codelist, rows: pd.DataFrame, where: str) -> list[Problem]:
    """Find codes that are said to be two things."""
    found = []
    both = rows.groupby("code")["include"].nunique()
    if (both > 1).any():
        shown = examples(both[both > 1].index.to_series())
        found.append(Problem(where, f"includes and excludes the same code ({shown})", "Keep one of the two rows."))
    if codelist.stands_for == StandsFor("bnf"):
        fits = rows["bnf_code"].str.fullmatch(_BNF).fillna(False).astype(bool) | ~rows["include"].astype(bool)
        if not fits.all():
            what = f"{number(int((~fits).sum()), 'row')} without a BNF code of 4 to 15 capitals and digits"
            found.append(Problem(f"{where}, column bnf_code", what, "Fill it in, or remove the row."))
        several = rows.groupby("code")["bnf_code"].nunique()
        if (several > 1).any():
            shown = examples(several[several > 1].index.to_series())
            found.append(Problem(where, f"gives one code two BNF codes ({shown})", "Keep one of them."))
    return found


def examples(codes: pd.Series) -> str:
    """Write a few codes for a message.

    Examples
    --------
    >>> import pandas as pd
    >>> examples(pd.Series(["a", "b", "c", "d"]))
    'a, b, c, …'
    """
    distinct = codes.drop_duplicates()
    return ", ".join(distinct.head(SHOWN)) + (", …" if len(distinct) > SHOWN else "")


def demand(problems: list[Problem]) -> None:
    """Raise everything that was found, together; pass where nothing was.

    Raises
    ------
    PcnAnalysisError
        With all problems.
    """
    if problems:
        raise PcnAnalysisError(*problems)
