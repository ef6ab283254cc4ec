"""What an evaluation of a programme will do, said before its outcomes are seen.

A design is fixed by a person, with a reason, and hashed: a result carries the SHA-256 of the design that it came from,
so that a question or an outcome that was changed afterwards does not go unseen.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from pcn_analysis import tables
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest
from pcn_analysis.words import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.rules import Criterion

MATCHED, DIFFERENCES, SERIES = "matched_comparison", "difference_in_differences", "interrupted_time_series"
DESIGNS = (MATCHED, DIFFERENCES, SERIES)
"""The designs that can show an effect."""
BEFORE_AFTER = ("before_after", "before_and_after", "pre_post", "uncontrolled_before_after")
OTHERS, NOBODY = "others", "nobody"
"""Whom those who got the programme are compared with, where no practices are named."""
EXACT, NEXT_MONTH = "exact", "next_month"
"""From when people are followed: from their start, or from the first day of a month on or after it."""
BANDED = ("practice_code", "age_group", "earlier")
"""What can be matched exactly beside words of the person table: age_group and earlier are bands of numbers."""
REGRESSION = (
    "people chosen when they are seen often are seen less afterwards, whatever is done (regression to the mean): "
    "a fall in the same people shows nothing"
)
LONGEST = 60
"""Most months on either side."""
_KINDS = {kind for column in tables.ENCOUNTERS.columns if column.name == "visit_type" for kind in column.allowed}
OUTCOMES = {kind: kind.replace("_", " ") + "s" for kind in sorted(_KINDS)} | {
    "ed": "A&E attendances",
    "gp_contact": "GP contacts",
    "outpatient": "outpatient attendances",
    "community": "community contacts",
    "mental_health": "mental health contacts",
    "nhs111": "NHS 111 contacts",
    "ambulance": "ambulance contacts",
    "other": "other contacts",
}
"""Kinds of contact that a programme can be held against, in words."""


@dataclass(frozen=True)
class Design:
    """A pre-specified evaluation.

    Parameters
    ----------
    name
        Short name.
    question
        The question, as a sentence.
    outcome
        Kind of contact, one of ``OUTCOMES``; each that was attended counts.
    design
        One of ``DESIGNS``.
    months_before, months_after
        Length of the two periods, counted from each start.
    smallest_difference
        Smallest change of the rate that matters, as a proportion: with 0.1, a rate ratio between 0.9 and 1/0.9 is no
        difference that matters.
    agreed_on
        The day on which this was agreed.
    comparison
        ``others`` (everyone else in the records), ``nobody`` (in a time series of whole practices only), or codes of
        practices.
    covariates
        Columns of the person table at the start that people are matched on. Earlier contacts of the kind of the outcome
        are always matched on as well.
    exact
        What pairs agree in exactly: ``practice_code``, ``age_group``, ``earlier`` (0, 1, 2, 3 or more contacts before)
        or a column of words or flags.
    whom
        What everyone compared must meet at the start, those who got the programme and those who did not.
    starts
        ``exact``, or ``next_month``: people are followed from the first day of a month on or after their start, which
        makes few days of many. Their pairs are followed from the same day, and both are alive on it.
    treated
        File of those who got it and since when (:func:`read_treated`), beside the design; empty if it is handed over.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong, also where the design could show nothing: before and after in the same people.

    Examples
    --------
    >>> design = Design("calls", "Do calls after discharge keep people out of hospital?", "emergency_admission",
    ...     "matched_comparison", 12, 12, 0.1, dt.date(2025, 1, 6), covariates=("age", "sex"))
    >>> len(design.sha256)
    64
    >>> Design("calls", "Do they?", "ed", "before_after", 12, 12, 0.1, dt.date(2025, 1, 6))
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: calls, design: before and after alone is no evaluation: people chosen ...
    """

    name: str
    question: str
    outcome: str
    design: str
    months_before: int
    months_after: int
    smallest_difference: float
    agreed_on: dt.date
    comparison: str | tuple[str, ...] = OTHERS
    covariates: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    whom: Criterion | None = None
    starts: str = EXACT
    treated: str = ""

    def __post_init__(self) -> None:
        if problems := design_problems({field.name: getattr(self, field.name) for field in fields(self)}):
            raise PcnAnalysisError(*problems)

    @property
    def sha256(self) -> str:
        """SHA-256 of all that was pre-specified, however its file was laid out; not of where its list of starts is."""
        values = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "treated"}
        return hashlib.sha256(json.dumps(values, default=repr, sort_keys=True).encode()).hexdigest()

    @property
    def what(self) -> str:
        """The outcome in words."""
        return OUTCOMES[self.outcome]


def design_problems(values: Mapping[str, Any]) -> list[Problem]:
    """Find everything that is wrong with a design.

    Parameters
    ----------
    values
        What it says, by the names of :class:`Design`; a number or date that could not be read is still a text.
    """
    name = values["name"] if isinstance(values["name"], str) and values["name"].strip() else "design"
    problems = [
        Problem(f"{name}, {key}", "is empty", "Say it in words.")
        for key in ("name", "question")
        if not isinstance(values[key], str) or not values[key].strip()
    ]
    problems += _unknown_words(values, name)
    for key in ("months_before", "months_after"):
        if type(values[key]) is not int or not 1 <= values[key] <= LONGEST:
            what = f"is a whole number of months from 1 to {LONGEST}"
            problems.append(Problem(f"{name}, {key}", what, "Count months from the start."))
    smallest = values["smallest_difference"]
    if not isinstance(smallest, float) or not 0 < smallest < 1:
        remedy = "Write 0.1 where a tenth fewer or more would matter."
        problems.append(Problem(f"{name}, smallest_difference", "is a proportion above 0 and below 1", remedy))
    if not isinstance(values["agreed_on"], dt.date):
        problems.append(Problem(f"{name}, agreed_on", "is a date, as 2026-07-01", "Say when this was agreed."))
    return problems + _senseless(values, name)


def _unknown_words(values: Mapping[str, Any], name: str) -> list[Problem]:
    if values["design"] in BEFORE_AFTER:
        remedy = f"Choose {listed(DESIGNS[:-1])} or {DESIGNS[-1]}."
        found = [Problem(f"{name}, design", f"before and after alone is no evaluation: {REGRESSION}", remedy)]
    else:
        found = _not_one_of(values, name, "design", DESIGNS)
    found += _not_one_of(values, name, "outcome", OUTCOMES)
    found += _not_one_of(values, name, "starts", (EXACT, NEXT_MONTH))
    if isinstance(values["comparison"], str):
        found += _not_one_of(values, name, "comparison", (OTHERS, NOBODY))
    elif not values["comparison"]:
        found.append(Problem(f"{name}, comparison", "names no practice", f"Name practices, or write {OTHERS}."))
    columns = tables.PERSON_TABLE.column_names()
    for key, known in (("covariates", columns), ("exact", (*columns, *BANDED))):
        unknown = [one for one in values[key] if one not in known]
        found += [
            Problem(f"{name}, {key}", f"the person table has no column {one}", nearest(one, known)) for one in unknown
        ]
    return found


def _not_one_of(values: Mapping[str, Any], name: str, key: str, known: Any) -> list[Problem]:
    word = str(values[key])
    return [] if word in known else [Problem(f"{name}, {key}", "is none that there is", nearest(word, known))]


def _senseless(values: Mapping[str, Any], name: str) -> list[Problem]:
    """What is well written and could still not be evaluated."""
    found, design = [], values["design"]
    if values["comparison"] == NOBODY and design in (MATCHED, DIFFERENCES):
        remedy = f"Compare with {OTHERS}, or with practices."
        found.append(Problem(f"{name}, comparison", f"nobody is compared with: {REGRESSION}", remedy))
    for key in ("covariates", "exact"):
        if values[key] and design in (DIFFERENCES, SERIES):
            found.append(Problem(f"{name}, {key}", f"{design} matches nobody", f"Leave it out, or choose {MATCHED}."))
    if values["whom"] is not None and design == SERIES:
        what = f"a series is of everyone registered with whole practices; of people picked at its start, {REGRESSION}"
        found.append(Problem(f"{name}, whom", what, "Leave it out, or choose another design."))
    if values["starts"] == NEXT_MONTH and design != MATCHED:
        found.append(Problem(f"{name}, starts", f"{design} follows from the start itself", f"Write {EXACT}."))
    return found
