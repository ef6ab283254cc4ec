"""A mapping file: which column of a delivery is which of ours, said in YAML by a person who knows.

A text is the name of a column. The same value for every row is written ``{value: …}``. Everything else about a column
(what its words mean, which way a decile runs, whether a blank is a no) is written beside it, and never guessed.
``docs/mapping.md`` describes the format.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pcn_analysis import tables
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest, problem
from pcn_analysis.extracts.mapping_sources import (
    CONDITION,
    COUNT,
    FLAG,
    LATEST,
    MARK,
    Source,
    SourceReader,
    Sources,
    conversion,
    keys_of,
)  # fmt: skip
from pcn_analysis.words import folded
from pcn_analysis.yaml_text import read_texts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pcn_analysis.extracts.text_files import Raw

WITHHELD = {
    "deleted": "deleted",
    "confidential": "confidential",
    "dummy": "a dummy patient",
    "sensitive": "sensitive",
    "error": "entered in error",
}
"""Marks of a row that may not be used, and how the reason is written."""
OPT_OUTS = {"type_1_opt_out": "Type 1 opt-out", "national_data_opt_out": "national data opt-out"}
"""Marks of a person who is taken out, and how the reason is written."""
MAPPED_TABLES = tuple(
    table for table in tables.PEOPLE if table.people and table.name not in ("attributes", "person_table", "reasons")
)
SCORES = ("efi_deficits", "efi_score", "efi_category")
SECTIONS: dict[str, tuple[str, ...]] = {
    "conditions": tuple(tables.CONDITION_NAMES),
    "counts": tuple(
        column.name for column in tables.ATTRIBUTES.columns if column.kind == "integer" and column.name not in SCORES
    ),
    "scores": SCORES,
    "latest": tuple(tables.LATEST_MEASUREMENTS),
    "registers": tuple(tables.REGISTERS),
}
"""What a source with one row a person can say of them, by section of the mapping file."""
_KEYS = {"conditions": CONDITION, "counts": COUNT, "latest": LATEST, "registers": FLAG}
MOST_SKIPPED = 999
"""Most lines that may stand above a header."""
_DERIVED = ("birth_precision", "operator")
_GENERAL = ("title", "extract_date", "skip_lines")
_WIDE = ("file", "only", "persons", "withheld", *SECTIONS)
_TABLE = (
    "file",
    "columns",
    "join",
    "withheld",
    "opted_out",
    "only",
    "filled",
    "not_filled",
    "row",
    "distinct",
    "optional",
)


@dataclass(frozen=True)
class Join:
    """Another file whose columns stand beside those of a table.

    Parameters
    ----------
    alias
        Its columns are called ``alias.column``.
    files
        Patterns of its name.
    on
        Columns of the table, each with the column of the other file that it must equal.
    """

    alias: str
    files: tuple[str, ...]
    on: dict[str, str]


@dataclass(frozen=True)
class TableMap:
    """One of our tables, and the file that fills it.

    Parameters
    ----------
    at
        Where in the mapping file it stands.
    table
        Name of our table.
    files
        Patterns of the names of its files; none stands for the only file.
    columns
        Where our columns come from.
    withheld
        Marks of rows that may not be used, by name of ``WITHHELD``.
    opted_out
        Marks of persons who are taken out, by name of ``OPT_OUTS``.
    only
        Columns, each with the values that a row must have one of.
    filled, not_filled
        Columns that must, and must not, hold a value.
    joins
        Other files beside it.
    row
        Column that identifies a row in its source.
    distinct
        Whether rows that are equal in all that is mapped are one.
    optional
        Whether the file may be missing.
    """

    at: str
    table: str
    files: tuple[str, ...] = ()
    columns: Sources = field(default_factory=dict)
    withheld: Sources = field(default_factory=dict)
    opted_out: Sources = field(default_factory=dict)
    only: dict[str, tuple[str, ...]] = field(default_factory=dict)
    filled: tuple[str, ...] = ()
    not_filled: tuple[str, ...] = ()
    joins: tuple[Join, ...] = ()
    row: str = ""
    distinct: bool = False
    optional: bool = False

    def sources(self) -> list[Source]:
        """Everything that names a column, or is one value for all."""
        return [*self.columns.values(), *self.withheld.values(), *self.opted_out.values()]

    def references(self) -> dict[str, tuple[str, bool]]:
        """Every column that is named: where in the mapping file, and whether it must be there."""
        named = references(self.sources())
        plain = {"only": tuple(self.only), "filled": self.filled, "not_filled": self.not_filled, "row": (self.row,)}
        more = {
            column: (f"{self.at}.{key}", True) for key, columns in plain.items() for column in columns if column
        }  # fmt: skip
        joined = {column: (f"{self.at}.join.{join.alias}", True) for join in self.joins for column in join.on}
        return named | more | joined


@dataclass(frozen=True)
class Mapping:
    """A mapping file, read and found sound.

    Parameters
    ----------
    name
        Name of the file.
    title
        What pages call the source.
    extract_date
        The day that it describes, if the file says so.
    skip_lines
        Lines above the header of every file.
    persons
        The file with one row a person; None where ``tables`` are mapped.
    attributes
        What is said of each person, by section: ``conditions``, ``counts``, ``scores``, ``latest``, ``registers``.
    tables
        Long tables; a table may be filled from several files.
    """

    name: str
    title: str
    extract_date: dt.date | None
    skip_lines: int = 0
    persons: TableMap | None = None
    attributes: dict[str, Sources] = field(default_factory=dict)
    tables: tuple[TableMap, ...] = ()


def load(path: Path) -> Mapping:
    """Read a mapping file.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong in it, each with its place in the file.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError:
        raise problem(path.name, "there is no such file", "Check the name.") from None
    except UnicodeError:
        raise problem(path.name, "is no text in UTF-8", "Save it as UTF-8.") from None
    return parse(text, path.name)


def parse(text: str, name: str = "mapping.yaml") -> Mapping:
    """Read the text of a mapping file.

    Examples
    --------
    >>> parse("persons: {person_id: ID, birth_date: DOB, imd_decile: IMD}", "m.yaml")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: m.yaml, persons.imd_decile: does not say which end decile 1 is. Write
    {column: …, one_is: most deprived}, or least deprived.
    """
    node = read_texts(text, name, example="config/mapping_example.yaml")
    reader = _Reader(name)
    found = reader.mapping(node)
    if reader.problems:
        raise PcnAnalysisError(*reader.problems)
    return found


def references(sources: Iterable[Source]) -> dict[str, tuple[str, bool]]:
    """Columns that some sources name: where in the mapping file, and whether they must be there."""
    found: dict[str, tuple[str, bool]] = {}
    for one in sources:
        for column in one.columns():
            at, is_needed = found.get(column, (one.at, False))
            found[column] = (at, is_needed or not one.optional)
    return found


def absent(mapping: str, references: dict[str, tuple[str, bool]], table: Raw) -> list[Problem]:
    """Say which columns a mapping needs and a delivered table does not have.

    Parameters
    ----------
    mapping
        Name of the mapping file.
    references
        As of :meth:`TableMap.references`.
    table
        The delivered table.
    """
    return [
        Problem(f"{mapping}, {at}", f"{table.name} has no column {column}", nearest(column, table.header))
        for column, (at, is_needed) in references.items()
        if is_needed and column not in table.header
    ]


class _Reader(SourceReader):
    """Reads the sections of a mapping file."""

    def mapping(self, node: dict[str, Any]) -> Mapping:
        """The whole file."""
        is_long = "tables" in node
        said = self.section(node, "", (*_GENERAL, *(("tables",) if is_long else _WIDE)))
        if not is_long and "persons" not in said:
            self.say("", "maps neither persons nor tables", "Start from config/mapping_example.yaml.")
        return Mapping(
            self.name,
            self.word(said.get("title", self.name), "title"),
            self._date(said["extract_date"]) if "extract_date" in said else None,
            self._skipped(said["skip_lines"]) if "skip_lines" in said else 0,
            self._wide(said) if "persons" in said else None,
            {section: self._attributes(said[section], section) for section in SECTIONS if section in said},
            tuple(self._tables(said["tables"])) if is_long else (),
        )

    def _date(self, node: Any) -> dt.date | None:
        word = self.word(node, "extract_date")
        try:
            return dt.date.fromisoformat(word) if word else None
        except ValueError:
            self.say("extract_date", "is no date", "Write it as 2026-07-01.")
            return None

    def _skipped(self, node: Any) -> int:
        word = self.word(node, "skip_lines")
        if word and not (word.isascii() and word.isdigit() and int(word) <= MOST_SKIPPED):
            self.say("skip_lines", "is no number of lines", "Write 0, or how many lines stand above the header.")
            return 0
        return int(word or 0)

    def _wide(self, said: dict[str, Any]) -> TableMap:
        """The file with one row a person."""
        persons = self.section(said["persons"], "persons", (*tables.PERSONS.column_names(), *OPT_OUTS))
        columns = {key: one for key, one in persons.items() if key not in OPT_OUTS}
        return TableMap(
            "persons",
            "persons",
            self._files(said, ""),
            self._columns(columns, "persons", tables.PERSONS),
            self._marks(said.get("withheld", {}), "withheld", WITHHELD),
            self._marks({key: one for key, one in persons.items() if key in OPT_OUTS}, "persons", OPT_OUTS),
            self._only(said.get("only", {}), "only"),
        )

    def _attributes(self, node: Any, section: str) -> Sources:
        found = {}
        for key, one in self.section(node, section, SECTIONS[section]).items():
            at = f"{section}.{key}"
            allowed = tables.FRAILTY_BANDS if key == "efi_category" else ()
            keys = _KEYS.get(section) or (("column", "values") if allowed else ("column",))
            found[key] = self.source(one, at, keys, allowed)
            if section == "latest":
                self._check_unit(found[key], key)
        return found

    def _check_unit(self, source: Source, measurement: str) -> None:
        _, unit = tables.LATEST_MEASUREMENTS[measurement]
        if conversion(measurement, source.unit) or f"{self.name}, {source.at}.unit" in [
            one.where for one in self.problems
        ]:
            return
        what = "has a unit that cannot be used here" if source.unit else "has no unit"
        self.say(source.at, what, f'Write unit: "{unit}" if the values are in it; otherwise convert them first.')

    def _tables(self, node: Any) -> Iterable[TableMap]:
        names = {table.name: table for table in MAPPED_TABLES}
        for key, some in self.section(node, "tables", names).items():
            several = some if isinstance(some, list) else [some]
            for number, one in enumerate(several, start=1):
                at = f"tables.{key}" + (f"[{number}]" if len(several) > 1 else "")
                yield self._table(one, at, names[key])

    def _table(self, node: Any, at: str, table: tables.Table) -> TableMap:
        if isinstance(node, dict) and "fill_down" in node:
            remedy = "Repeat the patient in every row of the report, then take fill_down out."
            self.say(f"{at}.fill_down", "cannot be done, as rows are read in no order", remedy)
        keys = [key for key in (*_TABLE, "fill_down") if key != "opted_out" or table.name == "persons"]
        said = self.section(node, at, keys)
        columns = self.section(said.get("columns", {}), f"{at}.columns", table.column_names())
        if "file" not in said:
            self.say(at, "names no file", 'Write file: "*part_of_its_name*".')
        return TableMap(
            at,
            table.name,
            self._files(said, at),
            self._columns(columns, f"{at}.columns", table),
            self._marks(said.get("withheld", {}), f"{at}.withheld", WITHHELD),
            self._marks(said.get("opted_out", {}), f"{at}.opted_out", OPT_OUTS),
            self._only(said.get("only", {}), f"{at}.only"),
            self._named(said, "filled", at),
            self._named(said, "not_filled", at),
            self._joins(said.get("join", {}), f"{at}.join"),
            "".join(self._named(said, "row", at)[:1]),
            "distinct" in said and self.yes(said["distinct"], f"{at}.distinct"),
            "optional" in said and self.yes(said["optional"], f"{at}.optional"),
        )

    def _files(self, said: dict[str, Any], at: str) -> tuple[str, ...]:
        return self.words(said["file"], f"{at}.file".lstrip(".")) if "file" in said else ()

    def _named(self, said: dict[str, Any], key: str, at: str) -> tuple[str, ...]:
        return tuple(folded(one) for one in self.words(said[key], f"{at}.{key}")) if key in said else ()

    def _columns(self, node: dict[str, Any], at: str, table: tables.Table) -> Sources:
        """Where the columns of a table come from; whatever must have a value must be mapped."""
        columns = {column.name: column for column in table.columns}
        found = {}
        for key, one in node.items():
            if key == "imd_decile" and not (isinstance(one, dict) and "one_is" in one):
                remedy = "Write {column: …, one_is: most deprived}, or least deprived."
                self.say(f"{at}.{key}", "does not say which end decile 1 is", remedy)
                continue
            found[key] = self.source(one, f"{at}.{key}", keys_of(columns[key]), columns[key].allowed)
        for column in table.columns:
            must = not column.nullable and not column.unsaid and column.name not in _DERIVED
            if must and column.name not in node:
                self.say(f"{at}.{column.name}", "is not mapped", "Add it: no row can be used without it.")
        return found

    def _marks(self, node: Any, at: str, known: Iterable[str]) -> Sources:
        return {key: self.source(one, f"{at}.{key}", MARK) for key, one in self.section(node, at, tuple(known)).items()}

    def _only(self, node: Any, at: str) -> dict[str, tuple[str, ...]]:
        found = {folded(str(key)): self.words(one, f"{at}.{key}") for key, one in self.section(node, at).items()}
        return {key: tuple(word.lower() for word in words) for key, words in found.items()}

    def _joins(self, node: Any, at: str) -> tuple[Join, ...]:
        return tuple(self._join(one, alias, f"{at}.{alias}") for alias, one in self.section(node, at).items())

    def _join(self, node: Any, alias: str, at: str) -> Join:
        said = self.section(node, at, ("file", "on"))
        for key in ("file", "on"):
            if key not in said:
                self.say(at, f"has no {key}", "Write {file: …, on: {their column: column of the other file}}.")
        pairs = self.section(said.get("on", {}), f"{at}.on").items()
        on = {folded(str(mine)): folded(self.word(theirs, f"{at}.on.{mine}")) for mine, theirs in pairs}
        return Join(folded(alias), self._files(said, at), on)
