"""What a source says of each person itself, as at one date: flags, counts and scores without records behind them.

Most extracts with one row a person are of this kind. What a source leaves empty is not known: a flag without a value
is no "no", a frailty score that is missing is not "fit".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis import tables
from pcn_analysis.engine import distinct, on_frames, to_pandas
from pcn_analysis.exceptions import problem
from pcn_analysis.person.wide import beside
from pcn_analysis.words import listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from pcn_analysis.engine import Lazy

IN_HOSPITAL = ("apc", "ecds", "op")
"""Sources of records of conditions that were made in hospital, of those alone who were seen there."""
_KINDS: dict[str, Any] = {"integer": nw.Int64, "number": nw.Float64, "boolean": nw.Boolean, "date": nw.Date}
_DECLARED = {column.name: column for column in tables.ATTRIBUTES.columns}


def said_columns(attributes: Lazy) -> list[str]:
    """List the columns in which a source says something of anybody, in the order of ``tables.ATTRIBUTES``.

    Examples
    --------
    >>> import pandas as pd
    >>> from pcn_analysis.engine import lazy
    >>> flags = pd.DataFrame({"person_id": ["p1"], "has_asthma": [True], "n_ltc": pd.array([None], dtype="Int64")})
    >>> said_columns(lazy(flags))
    ['has_asthma']
    """
    present = attributes.collect_schema().names()
    names = [name for name in tables.ATTRIBUTES.column_names()[2:] if name in present]
    if not names:
        return []
    counts = to_pandas(attributes.select(*names).select(nw.all().count())).iloc[0]
    return [name for name in names if counts[name] > 0]


def check_date(attributes: Lazy, on: dt.date) -> None:
    """Raise unless attributes describe the index date: nothing is known of how they were on another.

    Raises
    ------
    PcnAnalysisError
        If they are as at another date.
    """
    found = to_pandas(distinct(attributes.select(nw.col("attribute_date").cast(nw.Date))))["attribute_date"]
    others = sorted({f"{date:%Y-%m-%d}" for date in found.dropna()} - {on.isoformat()})
    if others:
        what = f"attributes describe {listed(others[:3])}, not the index date {on.isoformat()}"
        raise problem("attributes", what, "Choose the date of the attributes as index date.")


def recorded_outside_hospital(conditions: Lazy) -> frozenset[str]:
    """Conditions of which there is any record that was not made in hospital."""
    elsewhere = conditions.filter(~nw.col("source").is_in(IN_HOSPITAL), ~nw.col("condition").is_null())
    return frozenset(to_pandas(distinct(elsewhere.select("condition")))["condition"].astype(str))


@on_frames
def attribute_columns(attributes: Lazy, people: Lazy, *, columns: Collection[str]) -> Lazy:
    """Put what a source says beside each person.

    Parameters
    ----------
    attributes
        ``tables.ATTRIBUTES``, which may lack columns.
    people
        One row a person, with person_id.
    columns
        Which of its columns.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id and the columns, null where the source says nothing of a person.

    Examples
    --------
    >>> import pandas as pd
    >>> said = pd.DataFrame({"person_id": ["p1", "p9"], "has_asthma": [True, False]})
    >>> people = pd.DataFrame({"person_id": ["p1", "p2"]})
    >>> attribute_columns(said, people, columns=["has_asthma"]).sort_values("person_id")["has_asthma"].to_list()
    [True, <NA>]
    """
    made = {name: _of_kind(name) for name in columns}
    return beside(people, attributes.select("person_id", **made))


def partly_said(people: Lazy, columns: Collection[str]) -> dict[str, str]:
    """Say which columns a source filled for some people only, and in words what is not known of the others.

    Parameters
    ----------
    people
        The person table.
    columns
        Columns that the source filled. Dates are left out, and measurements: who was not measured has no value.
    """
    asked = [name for name in columns if _DECLARED[name].kind != "date" and name not in tables.MEASURED]
    if not asked:
        return {}
    counts = to_pandas(people.select("person_id", *asked).select(nw.all().count())).iloc[0]
    return {name: f"{_word(name)}, not known of everyone" for name in asked if counts[name] < counts["person_id"]}


def _word(name: str) -> str:
    condition = tables.CONDITION_NAMES.get(name.removeprefix("has_"))
    return condition or _DECLARED[name].meaning.rstrip(".")


def unknown(columns: Collection[str], present: Collection[str]) -> list[Any]:
    """Say of each of some columns that a source filled when it tells nothing of a person.

    Parameters
    ----------
    columns
        Columns that the source filled.
    present
        Columns of the person table. A date that is missing says "never" of whom its flag is false, or its count 0.

    Returns
    -------
    list
        An expression for each column, true where nothing is known.
    """
    return [_is_unknown(name, present) for name in columns]


def _is_unknown(name: str, present: Collection[str]) -> Any:
    missing: Any = nw.col(name).is_null()
    if _DECLARED[name].kind != "date":
        return missing
    slug = name.removesuffix("_date").removesuffix("_first")
    for flag, no in ((f"has_{slug}", nw.lit(False)), (f"{slug}_12m", nw.lit(0))):
        if flag in present:
            is_no = nw.when(nw.col(flag) == no).then(nw.lit(True)).otherwise(nw.lit(False))
            missing = missing & ~is_no
    return missing


def _of_kind(name: str) -> Any:
    kind = _KINDS.get(_DECLARED[name].kind)
    return nw.col(name).cast(kind) if kind else nw.col(name)
