"""How complete the records of each practice are, and which practices stand out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from pcn_analysis.dates import months_before
from pcn_analysis.extracts.workspace import text
from pcn_analysis.tables.records import NOT_STATED
from pcn_analysis.words import percent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pcn_analysis.extracts.quality.kept import Kept

COUNTS = (
    "present", "sex", "area", "deprivation", "ethnicity", "not_stated", "condition", "medicine", "measurement",
    "contact", "condition_codes", "issues", "seen",
)  # fmt: skip
"""Counts of a practice, in the order of the query."""
MONTHS = 12
"""Months before the extract in which issues and records count as recent."""
FEWEST_PEOPLE = 30
"""A practice with fewer people is not held against the others, and its latest record is not said."""
FEWEST_PRACTICES = 3
"""Among fewer practices none can be said to stand out."""
SHARE = 0.5
"""A figure below this share of the median practice stands out."""
SILENT_MONTHS = 2
"""A practice stands out if its latest record is of an earlier month than so many before the extract."""


@dataclass(frozen=True)
class Practice:
    """One practice, or everyone without one; counts of people unless said otherwise.

    Parameters
    ----------
    practice
        Its code; None for people whose practice is not known.
    people
        Kept people.
    present
        Of those, alive and registered on the day of the extract.
    sex, area, deprivation, ethnicity
        Of kept people, those of whom it is known.
    not_stated
        Of kept people, those who did not state their ethnic category: it is neither known nor not known.
    condition, medicine, measurement, contact
        Of kept people, those with any such record; None where there is no such table.
    condition_codes
        Distinct condition codes of each person, added up; None where there is no such table.
    issues
        Issues of medicines to present people in the last 12 months; None where there is no such table.
    seen
        Present people with any dated record in the last 12 months; None where no table has dated records.
    latest
        Month of the latest record, as ``2026-06``; None where there is none, or too few people.
    remarks
        In which ways it stands out among the practices, in words.
    """

    practice: str | None
    people: int
    present: int
    sex: int
    area: int
    deprivation: int
    ethnicity: int
    not_stated: int
    condition: int | None
    medicine: int | None
    measurement: int | None
    contact: int | None
    condition_codes: int | None
    issues: int | None
    seen: int | None
    latest: str | None
    remarks: tuple[str, ...] = ()

    @property
    def depth(self) -> float | None:
        """Distinct condition codes for each person."""
        return None if self.condition_codes is None else self.condition_codes / self.people

    @property
    def issues_each(self) -> float | None:
        """Issues of the last 12 months for each present person."""
        return None if self.issues is None or not self.present else self.issues / self.present

    @property
    def seen_share(self) -> float | None:
        """Share of present people with a record in the last 12 months."""
        return None if self.seen is None or not self.present else self.seen / self.present


def _of_people(column: str) -> Callable[[Practice], float | None]:
    def share(one: Practice) -> float | None:
        counted = getattr(one, column)
        return None if counted is None else counted / one.people

    return share


def _each(value: float) -> str:
    return f"{value:.1f} a person"


FIGURES: tuple[tuple[str, Callable[[Practice], float | None], Callable[[float], str]], ...] = (
    ("sex known", _of_people("sex"), percent),
    ("area known", _of_people("area"), percent),
    ("deprivation known", _of_people("deprivation"), percent),
    ("ethnicity known", _of_people("ethnicity"), percent),
    ("any condition", _of_people("condition"), percent),
    ("any medicine", _of_people("medicine"), percent),
    ("any measurement", _of_people("measurement"), percent),
    ("any contact", _of_people("contact"), percent),
    ("condition codes", lambda one: one.depth, _each),
    ("issues in the last 12 months", lambda one: one.issues_each, _each),
    ("any record in the last 12 months", lambda one: one.seen_share, percent),
)
"""Figures in which practices are held against their median: what they are called, and how they are written."""


def practices(kept: Kept) -> tuple[Practice, ...]:
    """Count completeness by practice, largest first and people without a practice last.

    Examples
    --------
    A practice of 40 people with 0.4 condition codes each, where the median practice has 4, gets the remark
    ``condition codes 0.4 a person, where the median practice has 4.0 a person``.
    """
    known = [_practice(*row) for row in kept.space.rows(_sql(kept))]
    return tuple(replace(one, remarks=(*_low(one, known), *_silent(one, kept.extract_date))) for one in known)


def _practice(code: str | None, latest: dt.date | None, people: int, *counts: int | None) -> Practice:
    month = f"{latest:%Y-%m}" if latest and people >= FEWEST_PEOPLE else None
    values = dict(zip(COUNTS, (None if one is None else int(one) for one in counts), strict=True))
    return Practice(practice=code, people=people, latest=month, **values)  # type: ignore[arg-type]


def _sql(kept: Kept) -> str:
    """One row a practice: code, latest record, people, and the counts in the order of ``COUNTS``."""
    since = f"DATE '{months_before(kept.extract_date, MONTHS)}'"
    joined, any_row, recent, latest = [], {}, [], []
    for table, relation in kept.dated.items():
        codes = ", count(DISTINCT (code_system, code)) AS codes" if table == "conditions" else ""
        summary = kept.space.write(
            f"SELECT person, count(*) FILTER (day >= {since}) AS recent, max(day) AS latest{codes} FROM {relation} "
            "GROUP BY person",
            f"{table}_by_person",
        )
        joined.append(f"LEFT JOIN {summary} AS {table} USING (person)")
        any_row[table] = f"{table}.recent IS NOT NULL"
        recent.append(f"coalesce({table}.recent, 0)")
        latest.append(f"{table}.latest")
    if kept.flagged:
        joined.append(f"LEFT JOIN (SELECT DISTINCT person, true AS says FROM {kept.flagged}) AS f USING (person)")
        any_row["conditions"] = f"({any_row.get('conditions', 'false')} OR f.says)"
    anyone = [
        f"count(*) FILTER ({any_row[table]})" if table in any_row else "NULL"
        for table in ("conditions", "medications", "measurements", "encounters")
    ]
    unstated = f"ethnicity = {text(NOT_STATED)}"
    known = ("sex <> 'unknown'", "lsoa21 IS NOT NULL", "imd_decile IS NOT NULL", f"NOT ({unstated})", unstated)
    cells = [
        f"max(greatest({', '.join(latest)}))" if latest else "NULL",
        "count(*)",
        "count(*) FILTER (present)",
        *(f"count(*) FILTER ({test})" for test in known),
        *anyone,
        "coalesce(sum(conditions.codes), 0)" if "conditions" in kept.dated else "NULL",
        "coalesce(sum(medications.recent) FILTER (present), 0)" if "medications" in kept.dated else "NULL",
        f"count(*) FILTER (present AND {' + '.join(recent)} > 0)" if recent else "NULL",
    ]
    return (
        f"SELECT practice_code, {', '.join(cells)} FROM {kept.people} {' '.join(joined)} GROUP BY practice_code "
        "ORDER BY practice_code IS NULL, count(*) DESC, practice_code"
    )


def _low(one: Practice, everyone: Sequence[Practice]) -> list[str]:
    """Figures of a practice that are less than half of the median's."""
    judged = [other for other in everyone if other.practice and other.people >= FEWEST_PEOPLE]
    if one not in judged or len(judged) < FEWEST_PRACTICES:
        return []
    remarks = []
    for called, figure, written in FIGURES:
        own, values = figure(one), [value for other in judged if (value := figure(other)) is not None]
        if own is not None and own < SHARE * (usual := median(values)):
            remarks.append(f"{called} {written(own)}, where the median practice has {written(usual)}")
    return remarks


def _silent(one: Practice, extract_date: dt.date) -> list[str]:
    """Say if a practice has no late records."""
    if one.latest is None or one.latest >= f"{months_before(extract_date, SILENT_MONTHS):%Y-%m}":
        return []
    return [f"no record after {dt.date.fromisoformat(one.latest + '-01'):%B %Y}"]
