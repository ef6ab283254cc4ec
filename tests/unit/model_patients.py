"""Patients of segmentation models in literal words: well but for what is recorded of them.

::

    SNEE = Patients("snee")
    assert SNEE.segments(has("asthma"), has("dementia")) == ["Stay well", "Age well"]

The index date is 1 July 2026. ``has`` records a condition that is current, ``had`` one that is resolved since,
``in_hospital`` one that an admission or an A&E attendance left; cases are joined with ``|``.
"""

from typing import Any

from vignettes import ON, by_person, person_rows, rows_of

from pcn_analysis import rules, tables
from pcn_analysis.engine import to_pandas
from pcn_analysis.rules import Model
from pcn_analysis.segmentation.models import find_model

Case = dict[str, Any]

LONG_AGO = "2010-01-01"
YEAR_AGO, DAY_BEFORE_A_YEAR_AGO = "2025-07-01", "2025-06-30"
TWO_YEARS_AGO, DAY_BEFORE_TWO_YEARS_AGO = "2024-07-01", "2024-06-30"

_KINDS = {column.name: column.kind for column in tables.PERSON_TABLE.columns}
_KNOWN = {"boolean": False, "integer": 0}
WELL: Case = {
    name: None if name.startswith("on_") else _KNOWN.get(kind)
    for name, kind in _KINDS.items()
    if name not in ("person_id", "index_date", "pcn_code", "practice_code", "lsoa21", "birth_date", "sex")
} | {
    "age": 45,
    "imd_decile": 5,
    "ethnicity": "White: English, Welsh, Scottish, Northern Irish or British",
    "efi_category": "fit",
}
"""Someone of 45 of whom everything is known and nothing is wrong; nothing was measured."""


def has(*slugs: str, date: str = LONG_AGO) -> Case:
    """Conditions that are current, each with its latest record on a date."""
    current = {f"has_{slug}": True for slug in slugs} | {f"{slug}_date": date for slug in slugs}
    return current | {f"{slug}_ever_date": date for slug in slugs if slug in tables.EVER_DATES}


def had(*slugs: str, date: str = LONG_AGO) -> Case:
    """Conditions that were recorded on a date and are resolved since."""
    return {f"{slug}_ever_date": date for slug in slugs if slug in tables.EVER_DATES}


def in_hospital(slug: str, *, date: str) -> Case:
    """A condition that was recorded at an admission or an A&E attendance, and nowhere else."""
    return {f"{slug}_hospital_date": date}


class Patients:
    """Patients put to one model, in the order that they are given."""

    def __init__(self, model: str | Model, without: tuple[str, ...] = (), kinds: dict[str, str] | None = None) -> None:
        self.model = find_model(model) if isinstance(model, str) else model
        self.kinds = kinds or {}
        asked = [segment.criterion() for segment in self.model.segments]
        asked += [element.when for _, element in self.model.elements()] + ([self.model.whom] if self.model.whom else [])
        read = {name for criterion in asked for name in rules.needed_columns(criterion)}
        read |= {f"{name.removeprefix('has_')}_date" for name in read}
        self.read = [name for name in (*WELL, *self.kinds) if name in read and name not in without]

    def _table(self, cases: tuple[Case, ...]) -> Any:
        """The person table of the columns that the model reads."""
        known = dict.fromkeys(self.kinds) | WELL
        rows = [known | case for case in cases]
        kept = [
            {"person_id": f"{number:03}"} | {name: row[name] for name in self.read} for number, row in enumerate(rows)
        ]
        return person_rows(*kept, **self.kinds)

    def segments(self, *cases: Case) -> list[str]:
        """The segment of each patient."""
        return list(by_person(rules.label(self._table(cases), self.model, on=ON), "segment").values())

    def next_segments(self, *cases: Case) -> list[str | None]:
        """Where each patient would be if nothing put them in their own segment."""
        return list(by_person(rules.label(self._table(cases), self.model, on=ON), "next_segment").values())

    def elements(self, *cases: Case) -> list[set[str]]:
        """For each patient the elements that are met."""
        columns = {f"element_{number}": element for number, (_, element) in enumerate(self.model.elements())}
        flagged = rules.flags(self._table(cases), {name: one.when for name, one in columns.items()}, on=ON)
        assessed = [name for name in columns if name in flagged.collect_schema().names()]
        met = to_pandas(flagged.select("person_id", *assessed)).sort_values("person_id").to_dict("records")
        return [{columns[name].name for name in assessed if row[name]} for row in met]

    def reasons(self, *cases: Case) -> list[dict[str, str | None]]:
        """For each patient the elements that are met, with the date of the latest record behind each."""
        found = rows_of(rules.reasons(self._table(cases), [one for _, one in self.model.elements()], on=ON))
        named: list[dict[str, str | None]] = [{} for _ in cases]
        for who, element, date, _ in found:
            named[int(who)][element] = date
        return named

    def status(self) -> dict[str, str]:
        """Of each element whether it can be assessed where every column of the person table is there."""
        columns = [*_KINDS, *self.kinds]
        covered = rules.coverage([one for _, one in self.model.elements()], columns)
        return dict(zip(covered["element"], covered["status"], strict=True))

    def names(self) -> list[str]:
        """Names of the elements."""
        return [element.name for _, element in self.model.elements()]
