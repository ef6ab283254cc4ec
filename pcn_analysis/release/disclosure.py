"""Release a table under a disclosure profile.

``hes``, the default, follows the rule for counts in the Hospital Episode Statistics analysis guide: 0 stays 0,
1 to 7 is not shown, everything else, totals included, goes to the nearest 5; rates and their limits are
computed again from the released counts, because true limits beside a rounded count give the count back. It
applies to anything that derives from a person's record, synthetic people included.

``open_data`` changes nothing, and is refused for any table that is not made solely from published files whose
publisher and period are known.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import InitVar, dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.exceptions import DisclosureError, Problem
from pcn_analysis.provenance import About
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.thresholds import ROUNDED_TO, SMALLEST_SHOWN

if TYPE_CHECKING:
    from pcn_analysis.provenance import Provenance, Rate, SourcedTable

PROFILES = ("hes", "open_data")

UNNAMED = About("", "unnamed place", "", dt.date(1, 1, 1), "")
_GATE = object()
_PERSON_KEYS = ("personid", "visitid", "nhsnumber", "nhsno", "patientid", "pseudo", "hesid")
"""What the name of a column that identifies a person holds, once folded to letters and figures."""


@dataclass(frozen=True)
class ReleasedTable:
    """A table that may leave: what figures, sentences, pages and CSV files are made from.

    Made by :func:`release` alone. Suppressed values are null, never 0.

    Parameters
    ----------
    provenance
        Where the values came from.
    profile
        The disclosure profile that it passed.
    rates
        How its rate columns follow from its counts.
    about
        What it is about.
    """

    _frame: pd.DataFrame
    provenance: Provenance
    profile: str
    rates: tuple[Rate, ...] = ()
    about: About = UNNAMED
    gate: InitVar[object] = None

    def __post_init__(self, gate: object) -> None:
        if gate is not _GATE:
            message = "a released table is made by release() alone"
            raise TypeError(message)

    @property
    def frame(self) -> pd.DataFrame:
        """A copy of the released values."""
        return self._frame.copy()

    def period(self) -> str:
        """Date or period of the file that the values themselves come from, as its publisher says it."""
        sources = self.provenance.sources
        return sources[0].period if sources else self.about.day()

    def __len__(self) -> int:
        return len(self._frame)


def release(table: SourcedTable, *, profile: str = "hes") -> ReleasedTable:
    """Pass a table through the gate.

    Parameters
    ----------
    table
        What to release, with its provenance and what its number columns are.
    profile
        ``hes`` or ``open_data``.

    Raises
    ------
    DisclosureError
        If the table lists people, if the profile is not for it, or if a number column is declared neither as
        a count, nor as a rate, nor as a number that concerns no person. All problems are named at once.

    Examples
    --------
    >>> from pcn_analysis.provenance import Provenance, SourcedTable
    >>> people = SourcedTable(
    ...     pd.DataFrame({"segment": ["a", "b", "c"], "patients": [3, 0, 212]}),
    ...     Provenance(sources=(), people=True), counts=("patients",))
    >>> release(people).frame["patients"].to_list()
    [<NA>, 0, 210]
    """
    problems = [
        *_lists_people(table),
        *(_PROBLEMS[profile](table) if profile in _PROBLEMS else _unknown(profile)),
    ]
    if problems:
        raise DisclosureError(*problems)
    frame = table.frame.reset_index(drop=True)
    if profile == "hes":
        frame = with_rates(frame.assign(**{name: rounded(frame[name]) for name in table.counts}), table.rates)
    if table.ranked_by:
        frame = _ranked(frame, *table.ranked_by)
    return ReleasedTable(frame.copy(), table.provenance, profile, table.rates, table.about or UNNAMED, _GATE)


def _ranked(frame: pd.DataFrame, *by: str) -> pd.DataFrame:
    """Largest released count first, within the values of a column if one is given; ties stay in their order."""
    *within, released = by
    place = {name: frame[name].map({value: i for i, value in enumerate(frame[name].unique())}) for name in within}
    keys = pd.DataFrame({**place, released: -frame[released].fillna(0).astype(float)})
    return frame.loc[keys.sort_values(list(keys), kind="stable").index].reset_index(drop=True)


def rounded(counts: pd.Series) -> pd.Series:
    """Round counts of people as the ``hes`` profile does.

    Parameters
    ----------
    counts
        Whole numbers; null stays null.

    Returns
    -------
    Series of Int64
        0 as 0, 1 to 7 as null, anything else to the nearest 5.

    Examples
    --------
    >>> rounded(pd.Series([0, 1, 7, 8, 12, 13])).to_list()
    [0, <NA>, <NA>, 10, 10, 15]
    """
    whole = counts.astype("Float64")
    nearest = ((whole + ROUNDED_TO / 2) // ROUNDED_TO * ROUNDED_TO).astype("Int64")
    return nearest.mask(((whole > 0) & (whole < SMALLEST_SHOWN)).fillna(False))


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


def _unknown(profile: str) -> list[Problem]:
    return [Problem("profile", f"there is no profile {profile!r}", f"Choose one of {', '.join(PROFILES)}.")]


def _open_data_problems(table: SourcedTable) -> list[Problem]:
    provenance, problems = table.provenance, []
    if provenance.people:
        problems.append(
            Problem("profile open_data", "the table derives from records of people", "Release it as 'hes'.")
        )
    if not provenance.sources:
        problems.append(Problem("profile open_data", "no published source is known", "Release it as 'hes'."))
    unpublished = sum(source.kind not in ("published", "invented") for source in provenance.sources)
    unnamed = sum(not (source.publisher and source.period) for source in provenance.sources)
    for count, what in ((unpublished, "not published"), (unnamed, "without publisher or period")):
        if count:
            problems.append(Problem("profile open_data", f"{count} sources are {what}", "Release it as 'hes'."))
    return problems


def _hes_problems(table: SourcedTable) -> list[Problem]:
    declared = {*table.counts, *table.numbers, *(name for rate in table.rates for name in rate.columns())}
    undeclared = [
        str(name)
        for name in table.frame.columns
        if name not in declared and name != "geometry" and _holds_numbers(table.frame[name])
    ]
    uncounted = sorted(
        {name for rate in table.rates for name in (rate.numerator, rate.denominator)} - set(table.counts)
    )
    return [
        Problem(
            f"column {name}",
            "its numbers are of no declared kind",
            "Declare it as a count, a rate or a number.",
        )
        for name in undeclared
    ] + [
        Problem(f"column {name}", "a rate is made from it and it is no declared count", "Declare it as a count.")
        for name in uncounted
    ]


def _holds_numbers(values: pd.Series) -> bool:
    """Whether a column holds numbers or times, also where its type hides them; only words and flags do not."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return _holds_numbers(pd.Series(values.cat.categories))
    if pd.api.types.is_bool_dtype(values):
        return False
    if isinstance(values.dtype, pd.StringDtype) or pd.api.types.is_object_dtype(values):
        known = values.dropna()
        words, flags = (
            known.map(lambda value, kind=kind: isinstance(value, kind)).astype(bool) for kind in (str, bool)
        )
        return not (words | flags).all() or bool(pd.to_numeric(known[words], errors="coerce").notna().any())
    return True


_PROBLEMS = {"hes": _hes_problems, "open_data": _open_data_problems}


def check_released(table: object) -> None:
    """Raise unless the table has passed the gate."""
    if not isinstance(table, ReleasedTable):
        message = f"what is shown comes from a released table, not from {type(table).__name__}: call release() first"
        raise TypeError(message)
