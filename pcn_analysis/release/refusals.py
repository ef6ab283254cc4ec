"""Why a table may not leave: whom it lists, what it does not declare, which profile is not for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.exceptions import Problem
from pcn_analysis.release.profiles import PROFILES

if TYPE_CHECKING:
    from pcn_analysis.provenance import SourcedTable

_PERSON_KEYS = ("personid", "visitid", "nhsnumber", "nhsno", "patientid", "pseudo", "hesid")
"""What the name of a column that identifies a person holds, once folded to letters and figures."""


def refusals(table: SourcedTable, profile: str) -> list[Problem]:
    """Everything that keeps a table from leaving under a profile, an audit aside.

    A table that has a row for each person never leaves. ``open_data`` is for published files alone; under any other
    profile every number is declared, and no count is below 0.

    Examples
    --------
    >>> from pcn_analysis.provenance import Provenance, SourcedTable
    >>> ages = SourcedTable(pd.DataFrame({"person_id": ["p1"], "age": [80]}), Provenance((), people=True))
    >>> [one.where for one in refusals(ages, "hes")]
    ['column person_id', 'column age']
    """
    if profile not in PROFILES:
        unknown = Problem("profile", f"there is no profile {profile!r}", f"Choose one of {', '.join(PROFILES)}.")
        return [*_lists_people(table), unknown]
    of_profile = _not_published if profile == "open_data" else _undeclared_numbers
    return [*_lists_people(table), *of_profile(table)]


def undeclared(table: SourcedTable) -> list[Problem]:
    """Find counts of people of which it is not said whom they count: no audit could tell what follows from them.

    Returns
    -------
    list of Problem
        One for each count column without a declaration in ``counted``, each declared column that is no count, and each
        column that a declaration names and the table does not have. None for a table that derives from no person.

    Examples
    --------
    >>> from pcn_analysis.provenance import Counted, Provenance, SourcedTable
    >>> frame, people = pd.DataFrame({"segment": ["a"], "patients": [12]}), Provenance((), people=True)
    >>> [one.where for one in undeclared(SourcedTable(frame, people, counts=("patients",)))]
    ['column patients']
    >>> undeclared(SourcedTable(frame, people, ("patients",), counted={"patients": Counted(by=("segment",))}))
    []
    """
    if not table.provenance.people:
        return []
    whom, drop = "Say in `counted` whom it counts.", "Declare it as a count, or take it out of `counted`."
    silent = [name for name in table.counts if name not in table.counted]
    no_count = [name for name in table.counted if name not in table.counts]
    absent = {
        (name, column.split("=", 1)[0])
        for name, counted in table.counted.items()
        for column in (*counted.by, *counted.groups)
        if column.split("=", 1)[0] not in table.frame
    }
    return [
        *(Problem(f"column {name}", "it is not said whom it counts", whom) for name in silent),
        *(Problem(f"column {name}", "it is said whom it counts, and it is no count", drop) for name in no_count),
        *(
            Problem(f"column {name}", f"whom it counts is said by column {column}, which is not there", whom)
            for name, column in sorted(absent)
        ),
    ]


def _lists_people(table: SourcedTable) -> list[Problem]:
    folded = {name: "".join(filter(str.isalnum, str(name).lower())) for name in table.frame.columns}
    keys = [name for name, plain in folded.items() if any(key in plain for key in _PERSON_KEYS)]
    return [
        Problem(
            f"column {key}",
            "a table with a row for a person never leaves through release()",
            "Count people first.",
        )
        for key in keys
    ]


def _not_published(table: SourcedTable) -> list[Problem]:
    provenance, problems = table.provenance, []
    if provenance.people:
        problems.append(
            Problem("profile open_data", "the table derives from records of people", "Release it as 'hes'.")
        )
    if not provenance.sources:
        problems.append(Problem("profile open_data", "no published source is known", "Release it as 'hes'."))
    unpublished = sum(source.kind not in ("published", "invented", "grouping") for source in provenance.sources)
    unnamed = sum(not (source.publisher and source.period) for source in provenance.sources)
    for count, what in ((unpublished, "not published"), (unnamed, "without publisher or period")):
        if count:
            problems.append(Problem("profile open_data", f"{count} sources are {what}", "Release it as 'hes'."))
    return problems


def _undeclared_numbers(table: SourcedTable) -> list[Problem]:
    declared = {*table.counts, *table.numbers, *(name for rate in table.rates for name in rate.columns())}
    undeclared = [
        str(name)
        for name in table.frame.columns
        if name not in declared and name != "geometry" and holds_numbers(table.frame[name])
    ]
    uncounted = sorted(
        {name for rate in table.rates for name in (rate.numerator, rate.denominator)} - set(table.counts)
    )
    return (
        [
            Problem(
                f"column {name}",
                "its numbers are of no declared kind",
                "Declare it as a count, a rate or a number.",
            )
            for name in undeclared
        ]
        + [
            Problem(f"column {name}", "a rate is made from it and it is no declared count", "Declare it as a count.")
            for name in uncounted
        ]
        + [
            Problem(f"column {name}", f"{number} counts are below 0", "Give both counts, not their difference.")
            for name in table.counts
            if (number := int((pd.to_numeric(table.frame[name], errors="coerce") < 0).fillna(False).sum()))
        ]
    )


def holds_numbers(values: pd.Series) -> bool:
    """Whether a column holds numbers or times, also where its type hides them; only words and flags do not."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return holds_numbers(pd.Series(values.cat.categories))
    if pd.api.types.is_bool_dtype(values):
        return False
    if isinstance(values.dtype, pd.StringDtype) or pd.api.types.is_object_dtype(values):
        known = values.dropna()
        words, flags = (
            known.map(lambda value, kind=kind: isinstance(value, kind)).astype(bool) for kind in (str, bool)
        )
        return not (words | flags).all() or bool(pd.to_numeric(known[words], errors="coerce").notna().any())
    return True
