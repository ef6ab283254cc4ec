"""Hospital diagnoses in ICD-10: what each code stands for in a score, and the points that add up.

There are many records and few different codes. Each different code is resolved once, and the records are joined to the
answer by their code as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from pcn_analysis.clinical_codes.systems import normalised
from pcn_analysis.engine import like, to_pandas
from pcn_analysis.person.wide import beside

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from pcn_analysis.engine import Lazy

NO_DIAGNOSES = "no diagnosis in ICD-10 from a hospital is held for the time that is asked about"
"""Why a score of hospital diagnoses cannot be assessed of anybody."""


@dataclass(frozen=True)
class CodedElement:
    """One element of a score that some codes of ICD-10 stand for.

    Parameters
    ----------
    name
        What it is called.
    prefixes
        Codes without dot. Every code that begins with one of them stands for the element.
    points
        What it adds to the score, as a whole number.
    family
        Elements of one family are degrees of one illness, mild before severe: of a person only the severest counts.
    """

    name: str
    prefixes: tuple[str, ...]
    points: int
    family: str


def hospital_diagnoses(conditions: Lazy, *, on: dt.date, since: dt.date | None = None) -> Lazy:
    """Pick the diagnoses in ICD-10 that hospitals recorded in a window.

    Parameters
    ----------
    conditions
        ``tables.CONDITIONS``. Records of general practice are not read, nor those with the status resolved, nor codes
        of other systems.
    on
        The index date; records from it on are not read.
    since
        First day of the window; by default there is none.

    Returns
    -------
    LazyFrame
        A row for each record: person_id, code (as recorded), date.
    """
    date = nw.col("condition_start_date").cast(nw.Date)
    wanted = [nw.col("code_system") == "icd10", nw.col("source") != "gp", nw.col("status") != "resolved", date < on]
    wanted += [date >= since] if since else []
    return conditions.filter(*wanted, ~nw.col("code").is_null()).select("person_id", "code", date=date)


def lacking(diagnoses: Lazy) -> list[str]:
    """Say why a score of hospital diagnoses cannot be assessed; nothing where it can.

    Parameters
    ----------
    diagnoses
        Rows of :func:`hospital_diagnoses`.
    """
    return [NO_DIAGNOSES] if to_pandas(diagnoses.head(1).select("person_id")).empty else []


def resolved_codes(codes: pd.Series, elements: Sequence[CodedElement]) -> pd.DataFrame:
    """Say which elements each code stands for.

    Parameters
    ----------
    codes
        Different codes, as recorded: with or without dot, dagger, asterisk, or an X or ``-`` that fills places. A
        missing code stands for nothing, and so does one that is shorter than the prefix.
    elements
        Elements of a score.

    Returns
    -------
    DataFrame
        A row for each code and element that it stands for, once however many prefixes fit: code (as recorded), place
        (of the element) and family (place of the first element of its family). A code may stand for several.

    Examples
    --------
    >>> elements = [CodedElement("Diabetes", ("E10", "E109"), 1, "diabetes"), CodedElement("Any", ("E1",), 1, "any")]
    >>> resolved_codes(pd.Series(["E10.9", "E14X", "E", None]), elements).to_numpy().tolist()
    [['E10.9', 0, 0], ['E10.9', 1, 1], ['E14X', 1, 1]]
    """
    first: dict[str, int] = {}
    rows = [
        (prefix, place, first.setdefault(element.family, place))
        for place, element in enumerate(elements)
        for prefix in element.prefixes
    ]
    prefixes = pd.DataFrame(rows, columns=["prefix", "place", "family"]).astype({"prefix": "str"})
    written = normalised(codes, "icd10")
    found = [
        pd.DataFrame({"code": codes, "prefix": written.str.slice(0, length)}).merge(
            prefixes[prefixes["prefix"].str.len() == length], on="prefix"
        )
        for length in sorted(prefixes["prefix"].str.len().unique())
    ]
    matched = pd.concat(found).drop(columns="prefix").drop_duplicates().sort_values(["code", "place"])
    return matched.reset_index(drop=True).astype({"code": "str", "place": "int16", "family": "int16"})


def elements_recorded(diagnoses: Lazy, elements: Sequence[CodedElement]) -> Lazy | None:
    """List the elements that each person's diagnoses stand for.

    Parameters
    ----------
    diagnoses
        Rows of :func:`hospital_diagnoses`.
    elements
        Elements of a score.

    Returns
    -------
    LazyFrame or None
        A row for each record and element: person_id, date, place and family as in :func:`resolved_codes`. None where
        there is no diagnosis of anybody: then nothing is known, and nobody has a score of 0.
    """
    codes = to_pandas(diagnoses.group_by("code").agg(nw.len().alias("records")).select("code"))["code"]
    if codes.empty:
        return None
    return diagnoses.join(like(resolved_codes(codes, elements), diagnoses), on="code", how="inner").drop("code")


def points_of_people(people: Lazy, recorded: Lazy, elements: Sequence[CodedElement]) -> Lazy:
    """Add up each person's points: every family once, by the severest of it.

    Parameters
    ----------
    people
        One row a person; only person_id is read. Others are left out.
    recorded
        Rows of :func:`elements_recorded`.
    elements
        The same elements.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id, points (0 where nothing is recorded).
    """
    severest = recorded.group_by("person_id", "family").agg(nw.col("place").max())
    points = severest.join(_points(elements, recorded), on="place", how="inner")
    return beside(people, points.group_by("person_id").agg(nw.col("points").sum()), counts=["points"])


def reasons_of_people(people: Lazy, recorded: Lazy | None, elements: Sequence[CodedElement], *, source: str) -> Lazy:
    """List the elements that count of each person.

    Parameters
    ----------
    people
        One row a person; only person_id is read. Others are left out.
    recorded
        Rows of :func:`elements_recorded`, or its None.
    elements
        The same elements.
    source
        Where the elements come from.

    Returns
    -------
    LazyFrame
        One row a person and element: the columns of ``tables.REASONS`` (date is that of the latest record), then
        points. Of a family only the severest is there; an element that adds no points is there, with 0. No rows where
        nothing is known.
    """
    if recorded is None:
        nothing, date = nw.lit(None).cast(nw.Int16), nw.lit(None).cast(nw.Date)
        recorded = people.head(0).select("person_id", date=date, place=nothing, family=nothing)
    counted = recorded.unique(subset=["person_id", "family"], keep="last", order_by=["place", "date"])
    named = counted.join(_points(elements, recorded), on="place", how="inner")
    return named.join(people.select("person_id"), on="person_id", how="semi").select(
        "person_id", "element", "date", source=nw.lit(source), points=nw.col("points").cast(nw.Int64)
    )


def _points(elements: Sequence[CodedElement], beside_what: Lazy) -> Lazy:
    rows = [(place, element.name, element.points) for place, element in enumerate(elements)]
    table = pd.DataFrame(rows, columns=["place", "element", "points"])
    return like(table.astype({"place": "int16", "element": "str", "points": "int32"}), beside_what)
