"""Changes to the records of one person: what is added or said anew, in words, as rows, and how much it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pcn_analysis import codelists, tables
from pcn_analysis.words import number, within_sentence

HELD_ONCE = ("persons", "attributes")
"""Tables with one row a person: a change there is another value of a column."""
AND = "; and "
"""Joins what has to be done together."""
CONTACTS = {
    "gp_contact": "GP contact",
    "ed": "A&E attendance",
    "emergency_admission": "emergency admission",
    "elective_admission": "planned admission",
    "outpatient": "outpatient attendance",
}
"""What a contact of a kind is called, for the kinds that the person table counts."""


@dataclass(frozen=True)
class Step:
    """Some equal new rows of one table, or another value in the one row that a person has there.

    Parameters
    ----------
    table
        A table of records.
    what
        Condition, group of medicines, measurement or kind of contact; the column where a person has one row.
    value
        Of a measurement or a column; None for a measurement means any.
    times
        How many rows.
    in_hospital
        Whether an admission makes the record of a condition.
    """

    table: str
    what: str
    value: Any = None
    times: int = 1
    in_hospital: bool = False

    def covers(self, other: Step) -> bool:
        """Whether another step is nothing more beside this one."""
        same = (self.table, self.what) == (other.table, other.what) and other.value in (None, self.value)
        return same and self.times >= other.times and self.in_hospital >= other.in_hospital

    def reads(self) -> bool:
        """Whether it is a measurement."""
        return self.table == "measurements"

    def row(self, on: dt.date) -> dict[str, Any]:
        """The row, without the person: dated the day before the index date; or the column with its new value."""
        day = on - dt.timedelta(days=1)
        match self.table:
            case "conditions":
                made_by = "apc" if self.in_hospital else "gp"
                recorded = {"condition": self.what, "condition_start_date": day, "status": "active", "source": made_by}
                return recorded | {"code": self.what, "code_system": "local"}
            case "medications":
                code, name = _bnf_code(self.what), tables.MEDICINE_GROUPS[self.what]
                issued = {"drug_exposure_start_date": day, "bnf_code": code, "drug_name": name}
                return issued | {"code": code, "code_system": "bnf"}
            case "measurements":
                measured = {"measurement": self.what, "measurement_date": day, "value_as_number": self.value}
                return measured | {"operator": "=", "unit": tables.LATEST_MEASUREMENTS[self.what][1]}
            case "encounters":
                return {"visit_type": self.what, "visit_start_date": day, "attended": True}
        return {self.what: self.value}


@dataclass(frozen=True)
class Part:
    """Steps that are told together.

    Parameters
    ----------
    words
        What they are.
    steps
        The steps.
    example
        Whether something else would do as well.
    """

    words: str
    steps: tuple[Step, ...]
    example: bool = False


@dataclass(frozen=True)
class Change:
    """Everything that is changed of one person, part by part; nothing where there are no parts."""

    parts: tuple[Part, ...] = ()

    def __or__(self, other: Change) -> Change:
        """Both changes; a part that is nothing more beside the rest is left out.

        Examples
        --------
        >>> few, many = (Change((Part(f"{n} more", (Step("encounters", "ed", times=n),)),)) for n in (3, 17))
        >>> (few | many).words()
        '17 more'
        """
        kept: list[Part] = []
        parts = (*self.parts, *other.parts)
        for place, part in enumerate(parts):
            rest = Change((*kept, *parts[place + 1 :]))
            if not rest.holds(Change((part,))):
                kept.append(part)
        return Change(tuple(kept))

    def holds(self, other: Change) -> bool:
        """Whether another change is nothing more beside this one."""
        mine = [step for part in self.parts for step in part.steps]
        return all(any(one.covers(step) for one in mine) for part in other.parts for step in part.steps)

    def steps(self) -> tuple[Step, ...]:
        """What is changed, each once."""
        kept: list[Step] = []
        every = [step for part in self.parts for step in part.steps]
        for place, step in enumerate(every):
            if not any(one.covers(step) for one in (*kept, *every[place + 1 :])):
                kept.append(step)
        return tuple(kept)

    def with_readings(self, values: Mapping[str, float | None]) -> Change:
        """The change with readings of any value replaced by those of given values, by measurement."""
        return Change(
            tuple(
                replace(
                    part,
                    steps=tuple(
                        replace(step, value=values[step.what]) if step.reads() and step.value is None else step
                        for step in part.steps
                    ),
                )
                for part in self.parts
            )
        )

    def records(self) -> int:
        """How many rows are new or other."""
        return sum(step.times for step in self.steps())

    def words(self) -> str:
        """What is changed, as a clinician reads it: first what has to be, then examples of what has to be beside it."""
        needed, examples = ([part.words for part in self.parts if part.example is is_one] for is_one in (False, True))
        if examples:
            needed.append(f"for example {AND.join(examples)}")
        return AND.join(needed)

    def as_example(self) -> Change:
        """The change, as one of several that would do."""
        return Change(tuple(replace(part, example=True) for part in self.parts))

    def rows(self, on: dt.date) -> list[dict[str, Any]]:
        """What is changed as rows: the table, how many times, and the columns of the row, dates as text."""
        return [
            {"table": step.table, "times": step.times}
            | {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in step.row(on).items()}
            for step in self.steps()
        ]


def one(words: str, step: Step) -> Change:
    """A change of one step."""
    return Change((Part(words, (step,)),))


def a_record(condition: str, *, again: bool = False, in_hospital: bool = False) -> Change:
    """A record of a condition, made the day before the index date.

    Examples
    --------
    >>> a_record("dementia").words(), a_record("fall", in_hospital=True).words()
    ('a record of dementia', 'a record of fall at an admission')
    """
    words = f"a {'new ' if again else ''}record of {within_sentence(tables.CONDITION_NAMES[condition])}"
    step = Step("conditions", condition, in_hospital=in_hospital)
    return one(f"{words} at an admission" if in_hospital else words, step)


def issues(group: str, times: int = 1) -> Change:
    """Issues of a group of medicines.

    Examples
    --------
    >>> issues("lithium").words(), issues("antidepressants", 4).words()
    ('1 issue of lithium', '4 issues of antidepressants')
    """
    words = f"{number(times, 'issue')} of {within_sentence(tables.MEDICINE_GROUPS[group])}"
    return one(words, Step("medications", group, times=times))


def a_reading(what: str, value: float | None) -> Change:
    """A measurement; of any value where none is given.

    Examples
    --------
    >>> a_reading("bmi", 30).words(), a_reading("bmi", None).words()
    ('body mass index measured at 30', 'body mass index measured again')
    """
    name = within_sentence(tables.LATEST_MEASUREMENTS[what][0])
    words = f"{name} measured again" if value is None else f"{name} measured at {value:g}"
    return one(words, Step("measurements", what, value))


def contacts(kind: str, times: int, months: int) -> Change:
    """More contacts of a kind.

    Examples
    --------
    >>> contacts("ed", 17, 24).words()
    '17 more A&E attendances within 24 months'
    """
    words = f"{number(times, f'more {CONTACTS[kind]}')} within {months} months"
    return one(words, Step("encounters", kind, times=times))


def said(table: str, column: str, value: Any) -> Change:
    """Another value of a column of which a person has one.

    Examples
    --------
    >>> said("persons", "housebound", True).words(), said("attributes", "has_asthma", True).words()
    ('a record that the person is housebound', 'a record of asthma')
    >>> said("attributes", "n_ltc", 2).words()
    "2 as the source's value for: long-term conditions, of the Cambridge score's 37"
    """
    slug = column.removeprefix("has_").removesuffix("_date").removesuffix("_first").removesuffix("_ever")
    meaning = within_sentence(_MEANINGS[column])
    if table == "persons":
        words = f"a record that the person {meaning}"
    elif slug in tables.CONDITION_NAMES:
        words = f"a record of {within_sentence(tables.CONDITION_NAMES[slug])}"
    else:
        words = f"{value} as the source's value for: {meaning}"
    return one(words, Step(table, column, value))


def _bnf_code(group: str) -> str:
    """A code that is of the group, and of no other."""
    prefix = next(row["bnf_prefix"] for row in codelists.rows("medicine_groups") if row["group"] == group)
    return f"{prefix:0<9}"


_MEANINGS = {
    column.name: column.meaning.rstrip(".") for column in (*tables.PERSONS.columns, *tables.PERSON_TABLE.columns)
}
