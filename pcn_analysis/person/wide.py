"""Long rows of a person set side by side, and put beside people who have none.

Lazy tables have no pivot: each column is made first, then aggregated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pcn_analysis.engine import Lazy


def set_wide(rows: Lazy, key: str, columns: Mapping[str, tuple[str, str]]) -> Lazy:
    """Set the rows of each person side by side.

    Parameters
    ----------
    rows
        At most one row for each person_id and key.
    key
        The column that says what a row is about.
    columns
        For each new column, which key it is filled from, and with which column of that row.

    Returns
    -------
    LazyFrame
        One row a person who has any: person_id and the new columns, null where the person has no such row.
    """
    made = {
        name: nw.when(nw.col(key) == nw.lit(word)).then(nw.col(value)).otherwise(None)
        for name, (word, value) in columns.items()
    }
    return rows.select("person_id", **made).group_by("person_id").agg(*(nw.col(name).max() for name in made))


def beside(people: Lazy, columns: Lazy, *, counts: Collection[str] = ()) -> Lazy:
    """Put columns beside every person: person_id and the columns, a row for each person.

    Parameters
    ----------
    people
        One row a person; only person_id is read.
    columns
        At most one row a person.
    counts
        Columns in which a person without a row has 0; in the others nothing is known of that person.
    """
    joined = people.select("person_id").join(columns, on="person_id", how="left")
    zeros: dict[str, Any] = {
        name: nw.when(nw.col(name).is_null()).then(nw.lit(0)).otherwise(nw.col(name)).cast(nw.Int64) for name in counts
    }
    return joined.with_columns(**zeros) if zeros else joined
