"""Which long-term conditions adults have, as patterns with the number of people who show each.

There are far fewer patterns than people, and a fit needs no more than these: the likelihood of a pattern is the same
for everyone who shows it.
"""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis import engine
from pcn_analysis.rules import flags, needed_columns
from pcn_analysis.scores.long_term_conditions import LONG_TERM_CONDITIONS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from pcn_analysis.engine import Lazy
    from pcn_analysis.rules import Element

ADULT = 18
"""Years from which someone is described: the studies followed here are of adults (Zhu et al. 2020)."""
NAMES = tuple(sorted(element.name for element in LONG_TERM_CONDITIONS))
"""Names of the 37 conditions, in order of the alphabet, whatever the order of their list."""


def condition_patterns(people: Lazy, *, on: dt.date, by: Sequence[str] = ()) -> pd.DataFrame:
    """Count adults by the pattern of their long-term conditions.

    Parameters
    ----------
    people
        The person table, lazy. All adults are counted, those without any condition too: who leaves out people with
        fewer than two conditions makes conditions seem to avoid each other (docs/found_segments.md).
    on
        The index date.
    by
        Columns of the table by which patterns are counted separately.

    Returns
    -------
    DataFrame
        One row a pattern, in order: the columns of ``by``, a column for each of ``NAMES`` (1 where the condition is
        there, 0 where not, null where not known), and people. A condition that could not be assessed is null in every
        row. For one person it is null where the source says nothing of anything that could show it; a value that was
        never measured, or a date that is not there, is no sign of that.

    Examples
    --------
    >>> import datetime as dt
    >>> from pcn_analysis.engine import lazy
    >>> people = lazy(pd.DataFrame({"age": [70, 81, 9], "has_dementia": [True, True, False]}))
    >>> condition_patterns(people, on=dt.date(2026, 7, 1))[["Dementia", "Epilepsy, treated", "people"]].values.tolist()
    [[1.0, nan, 2.0]]
    """
    adults = people.filter(nw.col("age") >= ADULT)
    flagged = flags(adults, {element.name: element.when for element in LONG_TERM_CONDITIONS}, on=on)
    found = flagged.collect_schema().names()
    assessed = [element for element in LONG_TERM_CONDITIONS if element.name in found]
    known: dict[str, Any] = {element.name: _known(element, found) for element in assessed}
    names = [name for name in NAMES if name in known]
    keys = [*by, *names]
    if not keys:
        return pd.DataFrame(columns=[*NAMES, "people"], dtype="float64").astype({"people": "int64"})
    counted = engine.to_pandas(flagged.select(*by, **known).group_by(*keys).agg(people=nw.len()))
    patterns = pd.DataFrame({name: _numbers(counted, name) for name in NAMES})
    return (
        pd.concat([counted[list(by)], patterns, counted[["people"]].astype("int64")], axis=1)
        .sort_values(keys, ignore_index=True)
        .reindex(columns=[*by, *NAMES, "people"])
    )


def _known(element: Element, columns: Sequence[str]) -> Any:
    """Whether each person has a condition; null where all flags and numbers of medicines that it reads are null."""
    read = {_said_by(name) for name in needed_columns(element.when)} & set(columns)
    flag: Any = nw.col(element.name)
    if not read:
        return flag
    nothing: Any = reduce(and_, [nw.col(name).is_null() for name in sorted(read)])
    return nw.when(nothing).then(None).otherwise(flag)


def _said_by(column: str) -> str:
    """The column that says whether anything is known: of a date, which is null for "never" too, it is the flag."""
    what = column.removesuffix("_date").removesuffix("_first")
    if column.startswith("has_") or column.endswith("_12m"):
        return column
    return f"has_{what}" if column.endswith("_date") else ""


def _numbers(counted: pd.DataFrame, name: str) -> pd.Series:
    values = counted[name] if name in counted else pd.Series(index=counted.index, dtype="object")
    return values.astype("Float64").astype("float64")
