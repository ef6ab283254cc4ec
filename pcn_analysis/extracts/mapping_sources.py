"""Where the values of one of our columns come from, and what may be said of that in a mapping file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pcn_analysis import codelists, tables
from pcn_analysis.exceptions import Problem, nearest
from pcn_analysis.extracts import values
from pcn_analysis.words import folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pcn_analysis.schema import Column

DIRECTIONS = ("most deprived", "least deprived")
"""What decile 1 may be."""
KINDS = ("flag", "date", "latest_date")
"""What the column of a condition may hold: yes or no; the date of first diagnosis; the date of the latest record."""
TO_FILL = "?"
"""Stands in a suggested mapping where a person has to decide."""
_COLUMNS = ("column", "date", "year", "month", "day", "age")
_LISTS = ("yes", "no")


@dataclass(frozen=True)
class Source:
    """Where the values of one of our columns come from.

    Parameters
    ----------
    at
        Where in the mapping file it stands.
    column
        The source's column.
    value
        The same value for every row, instead of a column.
    values
        Our word for each word of the source, which is in lower case.
    yes, no
        Words for yes and no, in lower case; none stands for the usual ones.
    blank
        What a blank means: ``no``, or ``0``; otherwise it is not known.
    kind
        One of ``KINDS``.
    one_is
        One of ``DIRECTIONS``.
    unit
        Unit of a measured value.
    date
        Column with its date.
    precision
        ``month`` or ``year``, where only that much of a date is true.
    year, month, day
        Columns with the parts of a date.
    age
        Column with completed years on the date of the extract.
    optional
        Whether the column may be missing from the file.
    """

    at: str
    column: str = ""
    value: str = ""
    values: dict[str, str] = field(default_factory=dict)
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    blank: str = ""
    kind: str = "flag"
    one_is: str = ""
    unit: str = ""
    date: str = ""
    precision: str = ""
    year: str = ""
    month: str = ""
    day: str = ""
    age: str = ""
    optional: bool = False

    def columns(self) -> tuple[str, ...]:
        """The source's columns that it names."""
        return tuple(name for key in _COLUMNS if (name := getattr(self, key)))

    def words_for_yes(self) -> tuple[str, ...]:
        """Words for yes, in lower case."""
        return self.yes or tuple(word for word in values.YES if word not in self.no)

    def words_for_no(self) -> tuple[str, ...]:
        """Words for no, in lower case."""
        return self.no or tuple(word for word in values.NO if word not in self.yes)


Sources = dict[str, Source]
"""Sources by the name of our column."""

FLAG = ("column", "yes", "no", "blank", "optional")
MARK = ("column", "yes", "no", "optional")
CONDITION = ("column", "kind", "yes", "no", "blank")
COUNT = ("column", "blank")
LATEST = ("column", "date", "unit")
_OF_KIND = {
    "string": ("column", "value", "values", "optional"),
    "category": ("column", "value", "values", "optional"),
    "boolean": ("value", *FLAG),
    "date": ("column", "value", "year", "month", "day", "optional"),
    "integer": ("column", "value", "optional"),
    "number": ("column", "value", "optional"),
}
_OF_COLUMN = {
    "birth_date": ("column", "year", "month", "day", "age", "precision"),
    "imd_decile": ("column", "one_is"),
    "person_id": ("column",),
}


def keys_of(column: Column) -> tuple[str, ...]:
    """What may be said of the source of one of our columns."""
    return _OF_COLUMN.get(column.name, _OF_KIND[column.kind])


def conversion(measurement: str, unit: str) -> tuple[float, float] | None:
    """How a value becomes one in the unit of the person table: times what, plus what.

    Parameters
    ----------
    measurement
        One of ``tables.LATEST_MEASUREMENTS``.
    unit
        Its unit, as ``codelists/unit_names.csv`` knows it.

    Returns
    -------
    tuple or None
        None where there is no way from this unit.

    Examples
    --------
    >>> conversion("bmi", "kg/m²"), conversion("hba1c", "%"), conversion("bmi", "stone")
    ((1.0, 0.0), (10.929, -23.49735), None)
    """
    _, wanted = tables.LATEST_MEASUREMENTS[measurement]
    known = codelists.names("unit_names", "written", "unit").get(unit.lower(), unit)
    if known == wanted:
        return 1.0, 0.0
    for row in codelists.rows("unit_conversions"):
        if (row["measurement"], row["unit_from"], row["unit_to"]) == (measurement, known, wanted):
            return float(row["times"]), float(row["plus"])
    return None


class SourceReader:
    """Reads what a mapping file says of columns, and collects what is wrong with it.

    Parameters
    ----------
    name
        Name of the file, for messages.
    """

    def __init__(self, name: str):
        self.name = name
        self.problems: list[Problem] = []

    def say(self, at: str, what: str, remedy: str) -> None:
        """Note something wrong at a place in the file."""
        self.problems.append(Problem(f"{self.name}, {at}" if at else self.name, what, remedy))

    def section(self, node: Any, at: str, known: Collection[str] | None = None) -> dict[str, Any]:
        """Names and what stands under them; names that are not known are noted and left out."""
        if not isinstance(node, dict):
            self.say(at, "does not hold names with something under each", "Write name: column, one a line.")
            return {}
        if known is None:
            return node
        for key in node:
            if key not in known:
                self.say(f"{at}.{key}".lstrip("."), "there is nothing of this name", nearest(str(key), known))
        return {key: one for key, one in node.items() if key in known}

    def word(self, node: Any, at: str, allowed: Collection[str] = ()) -> str:
        """A text; one of some words where these are given."""
        if not isinstance(node, str) or not node.strip():
            self.say(at, "is empty, or no single text", "Write one text, in quotes if it has other signs in it.")
            return ""
        word = " ".join(node.split())
        if word == TO_FILL:
            self.say(
                at, "has to be filled in", f"Write {' or '.join(allowed)}." if allowed else "Ask who made the file."
            )
            return ""
        if allowed and word.lower() not in allowed:
            self.say(at, "is none of the words that can stand here", nearest(word, allowed))
            return ""
        return word.lower() if allowed else word

    def words(self, node: Any, at: str) -> tuple[str, ...]:
        """One text or several."""
        several = node if isinstance(node, list) else [node]
        return tuple(word for one in several if (word := self.word(one, at)))

    def yes(self, node: Any, at: str) -> bool:
        """True or false."""
        return self.word(node, at, ("true", "false")) == "true"

    def source(self, node: Any, at: str, keys: Iterable[str], allowed: tuple[str, ...] = ()) -> Source:
        """Where one of our columns comes from.

        Parameters
        ----------
        node
            The name of a column, or what is said of it under the names of ``keys``.
        at
            Where it stands.
        keys
            What may be said of it.
        allowed
            The only values of our column; none stands for any.
        """
        keys = tuple(keys)
        if isinstance(node, str):
            node = {"column": node}
        said: dict[str, Any] = {}
        for key, one in self.section(node, at, keys).items():
            said[key] = self._said(key, one, f"{at}.{key}", allowed)
        if not any(said.get(key) for key in ("column", "value", "year", "age")) and not self._already(at):
            self.say(at, "names no column", _how(keys))
        if sum(bool(said.get(key)) for key in ("column", "value", "year", "age")) > 1:
            self.say(at, "names two sources", f"Keep one. {_how(keys)}")
        if both := set(said.get("yes", ())) & set(said.get("no", ())):
            self.say(at, f"{len(both)} words stand for yes and for no", "Let each word stand for one.")
        if said.get("day") and not said.get("month"):
            self.say(at, "has a day without a month", "Name the column with the month.")
        return Source(at, **said)

    def _said(self, key: str, node: Any, at: str, allowed: tuple[str, ...]) -> Any:
        if key in _COLUMNS:
            return folded(self.word(node, at))
        if key in _LISTS:
            return tuple(word.lower() for word in self.words(node, at))
        if key == "values":
            return self._values(node, at, allowed)
        if key == "optional":
            return self.yes(node, at)
        choices = {
            "value": allowed, "kind": KINDS, "one_is": DIRECTIONS, "blank": ("no", "0"), "precision": ("month", "year"),
        }.get(key, ())  # fmt: skip
        return self.word(node, at, choices) or ("flag" if key == "kind" else "")

    def _values(self, node: Any, at: str, allowed: tuple[str, ...]) -> dict[str, str]:
        found: dict[str, str] = {}
        for theirs, ours in self.section(node, at).items():
            word = " ".join(theirs.lower().split())
            if word in found:
                self.say(f"{at}.{theirs}", "stands twice, but for case", "Keep one.")
            found[word] = self.word(ours, f"{at}.{theirs}", allowed)
        return found

    def _already(self, at: str) -> bool:
        """Whether something wrong was noted at this place or under it."""
        inside = f"{self.name}, {at}"
        return any(one.where == inside or one.where.startswith(f"{inside}.") for one in self.problems)


def _how(keys: Collection[str]) -> str:
    ways = ["the name of a column"]
    ways += ["{value: …} for the same in every row"] if "value" in keys else []
    ways += ["{year: …, month: …}"] if "year" in keys else []
    ways += ["{age: …}"] if "age" in keys else []
    return f"Write {', or '.join(ways)}."
